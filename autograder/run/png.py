"""PNG pictures that student code has drawn: looked at chunk by chunk, and kept only as far as a picture needs.

A person who marks sees them in a browser. So only what draws stays: no text, no colour profile, no animation, no chunk
of a kind that is not known, and a size that no browser minds. The pixels themselves are not unpacked here.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
MAX_BYTES = 500_000
MAX_SIDE = 2000  # pixels


class BadPicture(ValueError):
    """What came is no PNG, or breaks a bound."""


def plain_png(data: bytes) -> bytes:
    """Return the PNG with nothing in it but what draws.

    Raises
    ------
    BadPicture
        If it is no whole PNG of at most `MAX_BYTES` and `MAX_SIDE` x `MAX_SIDE` pixels.
    """
    if len(data) > MAX_BYTES:
        raise BadPicture(f"a picture of {len(data)} bytes; the limit is {MAX_BYTES}")
    if not data.startswith(SIGNATURE):
        raise BadPicture("a picture that is no PNG")
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds:
        raise BadPicture("a picture whose parts are not in order")
    header = chunks[0][1]
    sides = struct.unpack(">II", header[:8]) if len(header) == 13 else (0, 0)
    if not all(1 <= side <= MAX_SIDE for side in sides):
        raise BadPicture(f"a picture of {sides[0]} x {sides[1]} pixels; the limit is {MAX_SIDE} x {MAX_SIDE}")
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks if kind in KEPT)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        if at + 12 > len(data):
            raise BadPicture("a picture that is cut off")
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if len(content) != length or data[at + 8 + length : at + 12 + length] != _sum(kind, content):
            raise BadPicture("a picture that is damaged")
        yield kind, content
        if kind == b"IEND":
            return  # what follows is no part of it
        at += 12 + length


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + _sum(kind, content)


def _sum(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(kind + content))
