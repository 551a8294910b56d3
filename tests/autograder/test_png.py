"""A picture from the sandbox: what draws is kept, the rest is left out, and what is no whole PNG is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread, imsave

from autograder.run.png import MAX_BYTES, SIGNATURE, BadPicture, plain_png


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def header(width: int = 2, height: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


PIXELS = chunk(b"IDAT", zlib.compress(bytes(14)))
END = chunk(b"IEND")
GOOD = SIGNATURE + header() + PIXELS + END


@pytest.fixture(scope="module")
def drawn() -> bytes:
    file = io.BytesIO()
    imsave(file, np.random.default_rng(0).random((9, 7, 4)), format="png", metadata={"Author": "<script>"})
    return file.getvalue()


def test_a_picture_looks_the_same_afterwards(drawn):
    plain = plain_png(drawn)
    np.testing.assert_array_equal(imread(io.BytesIO(plain)), imread(io.BytesIO(drawn)))
    assert b"<script>" in drawn
    assert b"<script>" not in plain
    assert plain_png(plain) == plain


def test_what_does_not_draw_is_left_out():
    text = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>") + chunk(b"iCCP", b"x") + chunk(b"acTL", b"12345678")
    assert plain_png(SIGNATURE + header() + text + PIXELS + END + b"<script>") == GOOD


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no PNG"),
        (b"<svg onload=alert(1)>", "no PNG"),
        (b"GIF89a", "no PNG"),
        (GOOD[:-5], "cut off"),
        (GOOD[:40], "cut off"),
        (GOOD.replace(b"IDAT", b"IDAX"), "damaged"),
        (SIGNATURE + PIXELS + END, "not in order"),
        (SIGNATURE + header() + END, "not in order"),
        (SIGNATURE + header() + PIXELS, "not in order"),
        (SIGNATURE + header() + header() + PIXELS + END, "not in order"),
        (SIGNATURE + header(2001, 1) + PIXELS + END, "2001 x 1 pixels"),
        (SIGNATURE + header(0, 1) + PIXELS + END, "0 x 1 pixels"),
        (SIGNATURE + chunk(b"IHDR", b"short") + PIXELS + END, "0 x 0 pixels"),
        (SIGNATURE + struct.pack(">I", 2**31) + b"IHDR" + bytes(8), "damaged"),
        (GOOD + bytes(MAX_BYTES), "the limit is"),
    ],
)
def test_what_is_no_whole_picture_is_refused(data, words):
    with pytest.raises(BadPicture, match=words):
        plain_png(data)


@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_any_bytes_are_taken_or_refused(extra, at):
    try:
        assert plain_png(GOOD[:at] + extra + GOOD[at:]).startswith(SIGNATURE)
    except BadPicture:
        pass
