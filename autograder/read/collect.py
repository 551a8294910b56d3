"""Collecting: a ZIP that a learning platform gives becomes submissions as nbgrader lays them.

Nothing of the ZIP decides where a file is written: names in it are only looked at to find out whose notebook it is,
and the student's folder gets a safe name. The whole ZIP has one form, which most of its folders say; a name that a
student gave to a folder of his or her own is then nobody's name. Where two people would get one folder, neither does.
Sizes are bounded while reading, whatever the ZIP claims.
"""

from __future__ import annotations

import itertools
import re
import stat
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.untrusted_text import safe_name
from autograder.ground.whole_file import write_whole
from autograder.read.submission import MAX_BYTES, Unreadable

MAX_ENTRIES = 20_000
MAX_DEPTH = 8  # folders around those of the students

# How platforms name the files of a bulk download. What a student chose stands behind what the platform wrote.
FORMS: Mapping[str, str] = {
    "Moodle": r"(?P<student>[^/\\]+)_(?P<id>\d+)_assignsubmission_file_?/(?:.*/)?[^/]+\.ipynb",
    "Canvas": r"(?P<student>[^/\\_]+)(?:_LATE)?_(?P<id>\d+)_\d+_[^/]+\.ipynb",
    "nbgrader": r"(?P<student>[^/\\]+)/{id}/[^/]+\.ipynb",
    "a folder for each student": r"(?P<student>[^/\\]+)/(?:.*/)?[^/]+\.ipynb",
    "a file for each student": r"(?P<student>[^/\\]+)\.ipynb",
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
    try:
        given = re.compile(pattern) if pattern else None
    except re.error as error:
        raise Unreadable(f"The pattern {pattern!r} is no regular expression: {error}.") from None
    if given and "student" not in given.groupindex:
        raise Unreadable(f"The pattern {pattern!r} names no student; it needs a group (?P<student>...).")
    try:
        with zipfile.ZipFile(archive) as opened:
            return _collect(opened, id, submissions, given, force)
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable(f"{archive} cannot be read as a ZIP: {error}. Download it again.") from None


def _collect(
    archive: zipfile.ZipFile, id: str, submissions: Path, given: re.Pattern[str] | None, force: bool
) -> Collected:
    entries = [e for e in archive.infolist() if not e.is_dir() and not e.filename.startswith("__MACOSX/")]
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"The ZIP has {len(entries)} entries; the limit is {MAX_ENTRIES}.")
    people = whose([entry.filename for entry in entries], id, given)
    having: dict[str, set[Person]] = {}
    for known in people.values():
        having.setdefault(_folded(known), set()).add(known)
    notebooks: dict[str, Path] = {}
    left: list[tuple[str, str]] = []
    # The notebook of the right name first, then the newest: of several of one student, that one is taken.
    for entry in sorted(entries, key=lambda e: (not e.filename.endswith(f"{id}.ipynb"), [-n for n in e.date_time])):
        person = people.get(entry.filename)
        if person is None:
            left.append((entry.filename, "no notebook, or nobody's: its name has not the form of the others"))
            continue
        student = safe_name(person.name)
        if len(others := having[_folded(person)]) > 1:
            ids = ", ".join(sorted(other.id or other.name for other in others)[:4])
            left.append(
                (entry.filename, f"{student} could be any of {ids}: lay it out by hand, or name it by --pattern")
            )
        elif student in notebooks:
            left.append((entry.filename, f"a further notebook of {student}"))
        elif reason := _write(archive, entry, path := submissions / student / id / f"{id}.ipynb", force):
            left.append((entry.filename, reason))
        else:
            notebooks[student] = path
    return Collected(dict(sorted(notebooks.items())), tuple(left))


@dataclass(frozen=True)
class Person:
    """Who handed something in: the name, and the platform's number for this person where it gives one."""

    name: str
    id: str = ""


def whose(names: Sequence[str], id: str, given: re.Pattern[str] | None = None) -> dict[str, Person]:
    """Return whose notebook each name in a ZIP is, where that is told by the form that most of the ZIP has.

    Examples
    --------
    >>> whose(["Ada_2_assignsubmission_file_/Bob/ps1/ps1.ipynb", "Bob_3_assignsubmission_file_/ps1.ipynb"], "ps1")
    ... # doctest: +NORMALIZE_WHITESPACE
    {'Ada_2_assignsubmission_file_/Bob/ps1/ps1.ipynb': Person(name='Ada', id='2'),
     'Bob_3_assignsubmission_file_/ps1.ipynb': Person(name='Bob', id='3')}
    """
    if given:
        found = {name: given.fullmatch(name.replace("\\", "/")) for name in names}
        return {name: _person(match) for name, match in found.items() if match}
    for separator in ("/", "\\"):  # the second as some programs of Windows write it
        paths = {name: name.replace(separator, "/") for name in names if name.endswith(".ipynb")}
        paths = {name: path for name, path in paths.items() if not {"", ".", ".."} & set(path.split("/"))}
        folders = zip(*(path.split("/")[:-1] for path in paths.values()), strict=False)
        shared = [level[0] for level in itertools.takewhile(lambda level: len(set(level)) == 1, folders)][:MAX_DEPTH]
        for form, text in FORMS.items():
            pattern = re.compile(text.replace("{id}", re.escape(id)))
            for depth in range(len(shared) if form not in ("Moodle", "Canvas") else min(1, len(shared)), -1, -1):
                if form == "nbgrader" and id in shared[:depth]:
                    continue
                rest = {name: "/".join(path.split("/")[depth:]) for name, path in paths.items()}
                found = {name: pattern.fullmatch(path) for name, path in rest.items()}
                tops = {path.partition("/")[0] for path in rest.values()}
                fitting = {rest[name].partition("/")[0] for name, match in found.items() if match}
                if 2 * len(fitting) > len(tops):
                    return {name: _person(match) for name, match in found.items() if match}
    return {}


def _person(match: re.Match[str]) -> Person:
    return Person(match["student"], match.groupdict().get("id") or "")


def _folded(person: Person) -> str:
    """Return what is one folder on any file system."""
    return unicodedata.normalize("NFKC", safe_name(person.name)).casefold()


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
