"""A download, whatever holds it: the files in a ZIP, in a folder that a browser has unpacked, or in a ZIP in a ZIP.

Names are only looked at, links are not followed, and every size is bounded while reading, whatever the ZIP claims.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from autograder.ground.untrusted_text import visible
from autograder.read.submission import Unreadable

MAX_ENTRIES = 20_000
UTF_8 = 0x800  # the flag of an entry whose name is UTF-8
SHARP_S = 0xE1  # in the sets of DOS
UNICODE_PATH = 0x7075  # the extra field in which Info-ZIP keeps such a name
NOTEBOOK = re.compile(r"\.ipynb(?:\.txt|\.json)?$", re.IGNORECASE)  # as browsers and mail programs save it too
TEXT = re.compile(r"\.(?:txt|json)$", re.IGNORECASE)  # that may hold one, called otherwise
ARCHIVE = re.compile(r"\.(?:7z|rar|zipx|tar|tgz|tbz2?|txz|gz|bz2|xz|zst)$", re.IGNORECASE)  # that may hold a notebook
MAX_ENTRY_NAME = 1000  # characters: platforms write shorter ones, and a ZIP may hold one of 65,000
BROKEN = (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, struct.error, zlib.error)
JUNK = re.compile(r"(?:^|[/\\])(?:__MACOSX[/\\]|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")


@dataclass(frozen=True)
class Entry:
    """A file of a download: its name, when it was written, and how to read its first bytes.

    The name is looked at and written into tables, and never opened: what would act in it is replaced by signs. Of one
    that is longer than a platform writes the middle is replaced by a digest.
    """

    name: str
    date: tuple[int, ...]
    read: Callable[[int], bytes] = field(repr=False)

    def __post_init__(self) -> None:
        plain = visible(self.name).replace("\n", "\u240a").replace("\t", "\u2409")
        if len(plain) > MAX_ENTRY_NAME:
            digest = hashlib.sha256(plain.encode()).hexdigest()[:16]
            plain = f"{plain[: MAX_ENTRY_NAME // 2]}...{digest}...{plain[-MAX_ENTRY_NAME // 4 :]}"
        object.__setattr__(self, "name", plain)


DAMAGES = (LINK := "a link, not a file", ENCRYPTED := "encrypted", DAMAGED := "damaged")


class Damaged(ValueError):
    """One file of a download cannot be read; the message says why, in a few words."""


class Download:
    """A ZIP or a folder: its files, without what operating systems add. It crosses to another process as its path.

    Parameters
    ----------
    path : Path

    Raises
    ------
    Unreadable
        If it is neither, or has more than `MAX_ENTRIES` files; when its `entries` are asked for.
    """

    def __init__(self, path: Path):
        self.path = path
        self.archive: zipfile.ZipFile | None = None
        self.laid_beside: list[str] = []  # by operating systems; known when the entries are

    @cached_property
    def entries(self) -> list[Entry]:
        """Its files, in the same order in each process."""
        try:
            if not self.path.is_dir():
                self.archive = zipfile.ZipFile(self.path)
            found, beside = _without_laid_beside(_of_zip(self.archive) if self.archive else _of_folder(self.path))
        except FileNotFoundError:
            raise
        except BROKEN as error:
            raise Unreadable(
                f"{self.path} cannot be read as a ZIP: {error}. Give the ZIP as the platform made it, or the folder "
                "unpacked."
            ) from None
        if (most := max(len(found), len(beside))) > MAX_ENTRIES:
            raise Unreadable(f"{self.path} has {most} files; the limit is {MAX_ENTRIES}.")
        self.laid_beside = beside
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross as a path: what is there is read there, once."""
        return _there, (self.path,)


@lru_cache(maxsize=1)
def _there(path: Path) -> Download:
    return Download(path)


@contextmanager
def opened(path: Path) -> Iterator[Download]:
    """Open a download for as long as it is needed."""
    download = Download(path)
    try:
        yield download
    finally:
        if download.archive:
            download.archive.close()


def inside(entry: Entry, most: int) -> list[Entry]:
    """Return the files of a ZIP of at most so many bytes that is itself a file of a download.

    Raises
    ------
    Damaged
        If it is larger, or no whole ZIP, or has more than `MAX_ENTRIES` files.
    """
    content = entry.read(most + 1)
    if len(content) > most:
        raise Damaged(f"larger than {most // 2**20} MB")
    try:
        found, _ = _without_laid_beside(_of_zip(zipfile.ZipFile(io.BytesIO(content))))
    except BROKEN as error:
        raise Damaged(f"damaged or cut off: {error}") from None
    if len(found) > MAX_ENTRIES:
        raise Damaged(f"{len(found)} files in it, and {MAX_ENTRIES} are the most")
    return found


def _without_laid_beside(entries: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
    """Return the entries that may be somebody's work, and the names of those that an operating system has laid."""
    found: list[Entry] = []
    beside: list[str] = []
    for entry in entries:
        if JUNK.search(entry.name):
            beside.append(entry.name)
        else:
            found.append(entry)
    return found, beside


def _of_zip(archive: zipfile.ZipFile) -> Iterator[Entry]:
    for info in archive.infolist():
        if not info.is_dir():
            yield Entry(name_of(info), tuple(info.date_time), _reader(archive, info))


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Damaged(LINK)
        if info.flag_bits & 1:
            raise Damaged(ENCRYPTED)
        try:
            with archive.open(info) as file:
                return file.read(limit)
        except BROKEN as error:
            raise Damaged(f"{DAMAGED}: {error}") from None

    return read


def name_of(info: zipfile.ZipInfo) -> str:
    """Return an entry's name, also where its ZIP does not say that it is UTF-8, as many programs forget to."""
    if info.flag_bits & UTF_8:
        return info.filename
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    try:
        name = info.filename.encode("cp437")
    except UnicodeError:
        return info.filename
    with suppress(UnicodeError):
        return name.decode("utf-8")
    # Letters stand below 0xC0 in the sets of DOS, but for the German sharp s; in Latin-1 they stand above it.
    high = {byte for byte in name if byte > 0x7F}
    return name.decode("latin-1") if min(high) >= 0xC0 and high != {SHARP_S} else info.filename


def _of_folder(folder: Path) -> Iterator[Entry]:
    paths = sorted(Path(place, name) for place, _, names in os.walk(folder) for name in names)
    for path in paths:
        yield Entry(path.relative_to(folder).as_posix(), (int(path.lstat().st_mtime),), _file_reader(path))


def _file_reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Damaged(LINK)
        try:
            with path.open("rb") as file:
                return file.read(limit)
        except OSError as error:
            raise Damaged(f"{DAMAGED}: {error}") from None

    return read
