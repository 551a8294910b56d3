"""Collecting: a ZIP that a learning platform gives becomes submissions as nbgrader lays them.

Nothing of the ZIP decides where a file is written: names in it are only looked at to find out whose notebook it is,
and the student's folder gets a safe name. Sizes are bounded while reading, whatever the ZIP claims.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.untrusted_text import safe_name
from autograder.ground.whole_file import write_whole
from autograder.read.submission import MAX_BYTES, Unreadable

MAX_ENTRIES = 20_000

# How platforms name the files of a bulk download; the first that fits is taken.
PATTERNS: Mapping[str, str] = {
    "nbgrader": r"(?:.*/)?(?P<student>[^/]+)/{id}/[^/]+\.ipynb",
    "Moodle": r"(?P<student>[^/]+?)_\d+_assignsubmission_file_?/(?:.*/)?[^/]+\.ipynb",
    "Canvas": r"(?:.*/)?(?P<student>[^/_]+)(?:_LATE)?_\d+_\d+_[^/]+\.ipynb",
    "a folder for each student": r"(?:[^/]+/)*?(?P<student>[^/]+)/[^/]+\.ipynb",
    "a file for each student": r"(?P<student>[^/]+)\.ipynb",
}


@dataclass(frozen=True)
class Collected:
    """What was taken from a ZIP: each student's notebook, and what was left and why."""

    notebooks: Mapping[str, Path]
    left: tuple[tuple[str, str], ...]


def collect(archive: Path, id: str, submissions: Path, *, pattern: str = "", force: bool = False) -> Collected:
    r"""Write the notebooks in a ZIP as ``SUBMISSIONS/<student>/<id>/<id>.ipynb``.

    Parameters
    ----------
    archive : Path
        The ZIP.
    id : str
        The problem set.
    submissions : Path
        Where submissions go; made if it is not there.
    pattern : str
        A regular expression for the whole name of an entry, with a group ``(?P<student>...)``, where none of those
        for nbgrader, Moodle and Canvas fits.
    force : bool
        Write over a submission that is there already and differs.

    Raises
    ------
    Unreadable
        If it is no ZIP, has more than `MAX_ENTRIES` entries, or the pattern names no student.
    """
    forms = [pattern] if pattern else [form.replace("{id}", re.escape(id)) for form in PATTERNS.values()]
    try:
        patterns = [re.compile(form) for form in forms]
    except re.error as error:
        raise Unreadable(f"The pattern {pattern!r} is no regular expression: {error}.") from None
    if any("student" not in p.groupindex for p in patterns):
        raise Unreadable(f"The pattern {pattern!r} names no student; it needs a group (?P<student>...).")
    try:
        with zipfile.ZipFile(archive) as opened:
            return _collect(opened, id, submissions, patterns, force)
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable(f"{archive} cannot be read as a ZIP: {error}. Download it again.") from None


def _collect(
    archive: zipfile.ZipFile, id: str, submissions: Path, patterns: list[re.Pattern[str]], force: bool
) -> Collected:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"The ZIP has {len(entries)} entries; the limit is {MAX_ENTRIES}.")
    notebooks: dict[str, Path] = {}
    left: list[tuple[str, str]] = []
    # The notebook of the right name first, then the newest: of several of one student, that one is taken.
    for entry in sorted(entries, key=lambda e: (not e.filename.endswith(f"{id}.ipynb"), [-n for n in e.date_time])):
        student = whose(entry.filename, patterns)
        if entry.is_dir() or entry.filename.startswith("__MACOSX/"):
            continue
        if student is None:
            left.append((entry.filename, "no notebook, or nobody's: its name fits no pattern"))
        elif student in notebooks:
            left.append((entry.filename, f"a further notebook of {student}"))
        elif reason := _write(archive, entry, path := submissions / student / id / f"{id}.ipynb", force):
            left.append((entry.filename, reason))
        else:
            notebooks[student] = path
    return Collected(dict(sorted(notebooks.items())), tuple(left))


def whose(name: str, patterns: list[re.Pattern[str]]) -> str | None:
    """Return the student whose notebook has this name in a ZIP, as a safe folder name; None if it is nobody's."""
    for pattern in patterns:
        if match := pattern.fullmatch(name.replace("\\", "/")):
            return safe_name(match["student"])
    return None


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, force: bool) -> str:
    """Write one notebook; return "" or why not."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link, not a file"
    if entry.flag_bits & 1:
        return "encrypted"
    try:
        with archive.open(entry) as file:
            content = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        return f"damaged: {error}"
    if len(content) > MAX_BYTES:
        return f"larger than {MAX_BYTES // 2**20} MB"
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return f"{path} is there and is no file"
    if path.is_file() and path.read_bytes() != content and not force:
        return f"{path} is there and differs; --force writes over it"
    write_whole(path, content)
    return ""
