"""How learning platforms name what was handed in: from a name in a download to a person, an attempt and a file.

What a platform wrote stands before what a student chose, so each form is read from the left, and the whole download
has one form, which most of its names say. Each form stands here with the place where it was seen. Google Classroom has
none: no source was found that says how its files are named, so its downloads are read as "a file for each student", or
by a pattern that the instructor gives.

===============  ====================================================================================================
Moodle           ``mod/assign/classes/downloader.php`` of moodle/moodle: FULLNAME_ID_assignsubmission_file/..., with
                 ``_`` behind it before 4.1, and flat, FULLNAME_ID_assignsubmission_file_NAME. ID numbers the hand-in:
                 it is another one in every assignment. With blind marking all are called "Participant". When somebody
                 handed in stands in the grading worksheet alone: ``mod/assign/gradingtable.php`` and, for the form of
                 the time, ``strftimedaydatetime`` of its language files
Canvas           ``lib/content_zipper.rb`` of instructure/canvas-lms: NAME[_LATE]_USER_FILE_filename, and with anonymous
                 marking [LATE_]anon_ID_FILE_filename. A resubmitted file is called ``ps1-1.ipynb``.
Blackboard       README of kwurst/bb-file-cleanup: ASSIGNMENT_LOGIN_attempt_TIME_filename, and a text file an attempt
Brightspace      tests of the package cqc_cpcc, and the script rename_and_move.sh for it: a folder
                 "39786-640693 - Aiden Rodriguez - Oct 10, 2025 1022 AM"; a README calls the first number the student's
Gradescope       otter-grader's ``GradescopeParser``: folders submission_N, and ``submission_metadata.yml`` with
                 ``:submitters:``, each with ``:name:``, ``:sid:`` and ``:email:``
nbgrader         its own ``submitted`` folder, STUDENT/PS/PS.ipynb, and its exchange's ``inbound`` (``exchange/default/
                 submit.py``): STUDENT+PS+TIME+RANDOM/PS.ipynb
===============  ====================================================================================================
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.ground.untrusted_text import table
from autograder.read.submission import Unreadable

MAX_DEPTH = 8  # folders around those of the students

NAMES_ITS_OWN = ("Moodle", "Canvas", "Blackboard", "Brightspace", "Gradescope", "exchange")
FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Moodle",
        (
            r"(?P<name>[^/\\_]+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?/(?P<file>.+)",
            r"(?P<name>[^/\\_]+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_(?P<file>[^/]+)",
        ),
    ),
    (
        "Canvas",
        (
            r"(?:(?P<late>LATE)_)?anon_(?P<id>[A-Za-z0-9]+)_(?P<attempt>\d+)_(?P<file>[^/]+)",
            r"(?P<name>[^/\\]+?)(?:_(?P<late>LATE))?_(?P<id>\d+)_(?P<attempt>\d+)_(?P<file>[^/]+)",
            r"(?P<name>[^/\\]+?)(?:_(?P<late>LATE))?_(?P<id>\d+)_(?P<file>(?:text|link)\.html)",
        ),
    ),
    ("Blackboard", (r"(?P<login>[^/\\]+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>[^/]+)|\.txt)",)),
    (
        "Brightspace",
        (r"(?P<id>\d+)-\d+ - (?P<name>[^/\\]+?) - (?P<time>[A-Z][a-z]{2} \d{1,2}, \d{4} \d{3,4} [AP]M)/(?P<file>.+)",),
    ),
    ("Gradescope", (r"(?P<id>submission_\d+)/(?P<file>.+)",)),
    ("exchange", (r"(?P<login>[^/\\+]+)\+{id}\+(?P<time>[^/\\+]+)(?:\+[^/\\+]+)?/(?P<file>.+)",)),
    ("nbgrader", (r"(?P<login>[^/\\]+)/{id}/(?P<file>.+)",)),
    ("a file for each student", (r"(?P<name>[^/\\]+?)[ _-]+(?P<file>{id}(?: ?\(\d+\))?\.\w+(?:\.txt|\.json)?)",)),
    ("a folder for each student", (r"(?P<name>[^/\\]+)/(?P<file>.+)",)),
    ("a file for each student", (r"(?P<file>(?P<name>[^/\\]+?)\.ipynb(?:\.txt|\.json)?)",)),
)
METADATA = "submission_metadata.yml"  # in which Gradescope says who handed in which folder, several together
WORKSHEET = ("Identifier", "Last modified (submission)")  # columns of Moodle's grading worksheet, in English
TIMES_OF_MOODLE = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%A, %B %d, %Y, %I:%M %p")
TIMES = ("%Y-%m-%d-%H-%M-%S", "%b %d, %Y %I%M %p", "%Y-%m-%d %H:%M:%S.%f %Z", "%Y-%m-%d %H:%M:%S %Z")


@dataclass(frozen=True)
class HandedIn:
    """What the name of a file in a download says: who handed it in, and when.

    Attributes
    ----------
    platform : str
        A form of `FORMS`, or "a pattern".
    name, id, login : str
        The person's name, the platform's number for the person, and the login; "" where the platform does not say.
    attempt : str
        A number that the platform gave the file: later ones are larger.
    time : datetime or None
        When it was handed in, as far as the platform's name says it; without a time zone where that has none.
    late : bool
        Whether the platform calls it late.
    file : str
        The student's own name for the file; "" of one that the platform wrote.
    """

    platform: str
    name: str = ""
    id: str = ""
    login: str = ""
    attempt: str = ""
    time: datetime | None = None
    late: bool = False
    file: str = ""

    @property
    def key(self) -> str:
        """What makes two files those of one person in one download."""
        if self.platform == "Brightspace":  # that its first number is one person's, one source says and another not
            return f"{self.id} {self.name}"
        return self.id or self.login or self.name


def handed_in(names: Iterable[str], id: str, given: re.Pattern[str] | None = None) -> dict[str, HandedIn]:
    """Return for each name in a download what it says, where it has the form that most of the download has.

    Parameters
    ----------
    names : iterable of str
    id : str
        The problem set.
    given : compiled pattern, optional
        In place of the platforms' forms: for the whole name, with a group ``student``, and ``id``, ``login``, ``time``
        and ``attempt`` where there are such.

    Examples
    --------
    >>> names = ["Ada_2_assignsubmission_file_/Bob/ps1/ps1.ipynb", "Bob_3_assignsubmission_file/a.ipynb"]
    >>> found = handed_in(names, "ps1")
    >>> [(who.platform, who.name, who.id, who.file) for who in found.values()]
    [('Moodle', 'Ada', '2', 'Bob/ps1/ps1.ipynb'), ('Moodle', 'Bob', '3', 'a.ipynb')]
    """
    names = list(names)
    if given:
        matches = {name: given.fullmatch(name.replace("\\", "/")) for name in names}
        return {name: _said("a pattern", match, name) for name, match in matches.items() if match}
    for separator in ("/", "\\"):  # the second as some programs of Windows write it
        paths = {name: name.replace(separator, "/") for name in names}
        paths = {name: path for name, path in paths.items() if not {"", ".", ".."} & set(path.split("/"))}
        telling = {name: path for name, path in paths.items() if _may_tell(path)} or paths
        for form, texts in FORMS:
            patterns = [re.compile(text.replace("{id}", re.escape(id))) for text in texts]
            for depth in _depths(form, list(telling.values()), id):
                rest = {name: "/".join(path.split("/")[depth:]) for name, path in paths.items()}
                found = {name: _first(patterns, path) for name, path in rest.items()}
                tops = {rest[name].partition("/")[0] for name in telling}
                fitting = {rest[name].partition("/")[0] for name in telling if found[name]}
                named = form == "a file for each student" and "{id}" in texts[0]  # of one file alone that says little
                if 2 * len(fitting) > len(tops) and not (named and len(tops) == 1):
                    said = {name: _said(form, match, rest[name]) for name, match in found.items() if match}
                    return _without_assignment(said) if form == "Blackboard" else said
    return {}


def _without_assignment(said: Mapping[str, HandedIn]) -> dict[str, HandedIn]:
    """Take the assignment's name away, which Blackboard writes before each login.

    That is all before the last ``_``. Where two logins would then be one, it is what all names begin with.
    """
    heads = {who.login for who in said.values()}
    logins = {head: head.rpartition("_")[2] for head in heads}
    if len(set(logins.values())) < len(heads):
        first, last = min(heads), max(heads)  # what these begin with alike, all between them do too
        alike = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
        logins = {head: head[first[:alike].rfind("_") + 1 :] for head in heads}
    return {name: replace(who, login=logins[who.login]) for name, who in said.items()}


def _may_tell(path: str) -> bool:
    """Whether a name is that of a notebook or of a ZIP with one: the others say little of the form of the whole."""
    return re.search(r"\.(?:ipynb(?:\.\w+)?|zip)$", path, re.IGNORECASE) is not None


def _depths(form: str, paths: Sequence[str], id: str) -> Iterable[int]:
    """Return how many folders around the students' there may be, most first: those that all names have in common."""
    folders = zip(*(path.split("/")[:-1] for path in paths), strict=False)
    shared = [level[0] for level in itertools.takewhile(lambda level: len(set(level)) == 1, folders)][:MAX_DEPTH]
    most = min(1, len(shared)) if form in NAMES_ITS_OWN else len(shared)
    return [depth for depth in range(most, -1, -1) if not (form == "nbgrader" and id in shared[:depth])]


def _first(patterns: Sequence[re.Pattern[str]], path: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.fullmatch(path))), None)


def _said(form: str, match: re.Match[str], path: str) -> HandedIn:
    groups = {name: text or "" for name, text in match.groupdict().items()}
    return HandedIn(
        form,
        groups.get("student") or groups.get("name", ""),
        groups.get("id", ""),
        groups.get("login", ""),
        groups.get("attempt", ""),
        read_time(groups.get("time", "")),
        bool(groups.get("late")),
        groups.get("file", "") if form == "Blackboard" else groups.get("file") or path.rpartition("/")[2],
    )


def other_sets(names: Iterable[str], id: str) -> set[str]:
    """Return the names, in nbgrader's own folders, of what was handed in for another assignment than `id`.

    An assignment is known by somebody's notebook of its name. One that differs from `id` in writing alone is none.

    Examples
    --------
    >>> sorted(other_sets(["ada/ps2/ps2.ipynb", "bob/ps2/a/work.zip", "eve/PS1/PS1.ipynb", "eve/x/y.ipynb"], "ps1"))
    ['ada/ps2/ps2.ipynb', 'bob/ps2/a/work.zip']
    """
    folders: dict[str, list[str]] = {}
    for name in names:
        parts = name.replace("\\", "/").split("/")[:-1]
        folders[name] = [part.split("+")[1] if part.count("+") > 1 else part for part in parts]  # the exchange's
    known = {f[-1] for name, f in folders.items() if f and name.replace("\\", "/").endswith(f"/{f[-1]}.ipynb")}
    others = {set for set in known if _plain(set) != _plain(id)}
    return {name for name, its in folders.items() if not others.isdisjoint(its)}


def _plain(id: str) -> str:
    return re.sub(r"[\W_]", "", id).casefold()


def read_time(text: str) -> datetime | None:
    """Return a time as platforms write it; None for any other text.

    Examples
    --------
    >>> read_time("2025-03-01-10-11-12"), read_time("Oct 10, 2025 922 AM"), read_time("soon")
    (datetime.datetime(2025, 3, 1, 10, 11, 12), datetime.datetime(2025, 10, 10, 9, 22), None)
    """
    text = re.sub(r" (\d)(\d\d) ([AP]M)$", r" 0\1\2 \3", " ".join(text.split()))
    for form in (*TIMES, *TIMES_OF_MOODLE):
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found.replace(tzinfo=UTC) if text.endswith("UTC") else found
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def submitters(listing: bytes) -> dict[str, list[dict[str, str]]]:
    r"""Return for each folder of an export the people who handed it in: name, student number and e-mail address.

    What Ruby calls its own types is read as plain data; where that cannot be done, nobody is known.

    Examples
    --------
    >>> submitters(b"submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '7'\n    :email: ada@uni.edu\n")
    {'submission_1': [{'name': 'Ada', 'id': '7', 'login': 'ada@uni.edu'}]}
    """
    import yaml

    class Plain(yaml.SafeLoader):
        """Reads tags of Ruby as what they stand before."""

    def plain(loader: Any, suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else node.value

    Plain.add_multi_constructor("!ruby/", plain)
    try:
        said = yaml.load(listing, Loader=Plain)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    found: dict[str, list[dict[str, str]]] = {}
    for folder, about in said.items() if isinstance(said, dict) else ():
        together = about.get(":submitters", []) if isinstance(about, dict) else []
        persons = [p for p in together if isinstance(p, dict) and (p.get(":sid") or p.get(":email") or p.get(":name"))]
        if persons:
            found[str(folder)] = [
                {key: str(p.get(said) or "") for key, said in (("name", ":name"), ("id", ":sid"), ("login", ":email"))}
                for p in persons
            ]
    return found


def hand_in_times(worksheet: Path) -> dict[str, datetime]:
    """Return when each participant handed in, by number, as Moodle's grading worksheet says it, without a time zone.

    Raises
    ------
    Unreadable
        If it is no worksheet in English, whose names of days and months alone are read.
    """
    in_english = "Set Moodle to English (Preferences, Preferred language), and download the worksheet again."
    number_column, time_column = WORKSHEET
    try:
        columns, rows = table(worksheet)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{worksheet} cannot be read as CSV in UTF-8: {error}.") from None
    if absent := [column for column in WORKSHEET if column not in columns]:
        raise Unreadable(
            f"{worksheet} is no grading worksheet of Moodle in English: it lacks {', '.join(absent)}. {in_english}"
        )
    found = {}
    for row in rows:
        number, said = re.search(r"\d+$", (row[number_column] or "").strip()), (row[time_column] or "").strip()
        if number is None or said in ("", "-"):
            continue
        if (at := read_time(said)) is None:
            raise Unreadable(
                f"{worksheet}: {number[0]} handed in at {said!r}, which is not as Moodle writes it in English: "
                f"Saturday, 1 March 2025, 11:59 PM. {in_english}"
            )
        found[number[0]] = at
    return found
