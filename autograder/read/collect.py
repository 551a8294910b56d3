"""Collecting: what a learning platform lets an instructor download becomes submissions as nbgrader lays them.

Nothing in a download decides where a file is written: names in it are only looked at to find out whose file it is
(`platforms`), and the student's folder gets a safe name. A person is who the platform's own number says, not a name,
which two people may have. Nobody is dropped: each file has its line in the manifest (`collected`), and every notebook
that is not marked is named with the reason.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder.ground.bounded import Exceeded, Nursery, Share
from autograder.ground.untrusted_text import listed, safe_name
from autograder.ground.whole_file import write_whole
from autograder.read.candidates import (
    BESIDE,
    BY_ITSELF,
    CHECKPOINT,
    LAID_BESIDE,
    NO_NOTEBOOK,
    NOT_READ,
    WITHOUT,
    WRITTEN_BESIDE,
    Candidate,
    Own,
    Whole,
    base_name,
    content_of,
    kind_of,
    look,
    right_name,
)
from autograder.read.collected import NAME, TAKEN, Line, doubles, merged, people, read_manifest, write_manifest
from autograder.read.decoding import MAX_BYTES
from autograder.read.download import ARCHIVE, NOTEBOOK, Download, Entry, opened
from autograder.read.platforms import METADATA, HandedIn, handed_in, other_sets, read_time, submitters
from autograder.read.submission import SubmittedCell, Unreadable

ONE_FILE = 0.25  # part of a person's share that looking at one file may take
EMPTY = (NO_NOTEBOOK, CHECKPOINT, LAID_BESIDE, WRITTEN_BESIDE)  # that nobody would mark
NOT_THEIRS = (*BY_ITSELF, WRITTEN_BESIDE)  # what no student wrote
OURS = (NAME, f"{NAME}.new", "source", "release", "submitted", "nbgrader_config.py")  # no person's in SUBMISSIONS
NONE_BESIDE = "and none was handed in beside it"
NOBODYS = "nobody's: its name has not the form of the others"
ANOTHER_SETS = "of another problem set"


@dataclass(frozen=True)
class Collected:
    """What became of a download: each student's notebook by folder, and a line for each file.

    `left` are the files of which a notebook may be lost, each with the reason: notebooks that are not marked, other
    than superseded ones and equal copies, archives that cannot be opened, and all files of who handed in no notebook.
    `untimed` are the folders of whom the times that were given know nothing. `zoneless` says whether a time was written
    without a zone. `doubles` are new folders, each with a number, and the folder of who had that number before.
    """

    notebooks: Mapping[str, Path]
    lines: tuple[Line, ...]
    left: tuple[Line, ...]
    untimed: tuple[str, ...] = ()
    zoneless: bool = False
    doubles: tuple[tuple[str, str, str], ...] = ()


def as_it_is(cells: tuple[SubmittedCell, ...]) -> Sequence[SubmittedCell]:
    """Return the cells of a notebook of which nobody knows what they have lost."""
    return cells


def collect(
    download: Path, id: str, submissions: Path, *, own: Collection[str] = (), pattern: str = "", force: bool = False,
    zone: tzinfo | None = None, known: Callable[[HandedIn], str] = lambda who: "", whole: Whole = as_it_is,
    times: Mapping[str, datetime] | None = None, nursery: Nursery | None = None,
) -> Collected:  # fmt: skip
    r"""Write the notebooks of a download as ``SUBMISSIONS/<student>/<id>/<id>.ipynb``, and the manifest.

    Parameters
    ----------
    download : Path
        The ZIP, or the folder that it became.
    id : str
        The problem set.
    submissions : Path
        Where submissions go; made if it is not there.
    own : collection of str
        The grade_ids of the set's solution and test cells, by which its notebook is known; empty: any notebook is.
    pattern : str
        A regular expression for the whole name of a file, with a group ``(?P<student>...)``, where no platform's form
        fits; groups ``id``, ``login``, ``time`` and ``attempt`` are read too.
    force : bool
        Write over a submission that is there already and differs.
    zone : tzinfo, optional
        The zone of times that the platform writes without one; this machine's if not given.
    known : callable, optional
        Returns the folder of a person whom a roster names, "" for anybody else.
    whole : callable, optional
        Returns the cells of a notebook with the grade_ids that they have lost, as `read_submission` finds them again.
    times : mapping of str to datetime, optional
        When people handed in, by the platform's number, where the download does not say it.
    nursery : Nursery, optional
        Whose children look into the files, each person's within bounds of its own; here, unbounded, if not given.

    Raises
    ------
    Unreadable
        If it is no ZIP and no folder, has too many entries, the pattern names no student, or `times` know nobody.
    """
    try:
        given = re.compile(pattern) if pattern else None
    except re.error as error:
        raise Unreadable(f"The pattern {pattern!r} is no regular expression: {error}.") from None
    if given and "student" not in given.groupindex:
        raise Unreadable(f"The pattern {pattern!r} names no student; it needs a group (?P<student>...).")
    earlier = read_manifest(submissions)
    with opened(download) as files_in_it:
        entries = files_in_it.entries
        said = _said(entries, id, given, times or {}, Share(nursery))
        by_person: dict[str, list[Handed]] = {}
        for number, entry in enumerate(entries):
            for who in said.get(entry.name, ()):
                by_person.setdefault(who.key, []).append(Handed(number, entry, who))
        timed = {key for key, files in by_person.items() if any(file.who.time for file in files)}
        untimed = [key for key in by_person if times is not None and key not in timed]
        if by_person and len(untimed) == len(by_person):
            raise Unreadable(
                f"0 of the {len(by_person)} who handed in stand in this worksheet with a time: is it of another "
                f"assignment, or older than the download? Give the worksheet of {id}. Nothing was written."
            )
        folders = _folders({key: files[0].who for key, files in by_person.items()}, id, earlier, known)
        lines = _nobodys_of([entry.name for entry in entries if entry.name not in said], id, said)
        lines += [_nobodys(name, id, LAID_BESIDE) for name in files_in_it.laid_beside]
        notebooks: dict[str, Path] = {}
        there = {line.folder: line for line in earlier if line.set == id and line.taken}
        by_folder: dict[str, list[Handed]] = {}
        for key, files in by_person.items():  # a roster may know two numbers to be one person's
            by_folder.setdefault(folders[key], []).extend(files)
        for folder, files in by_folder.items():
            names = sorted({file.who.name for file in files if file.who.name})
            if len(names) > 1:  # the platform gives a number to one person alone, so one of the names is made up
                words = f"two names, {listed(names)}, under the number {files[0].who.id}: lay it out by hand"
                lines += [_line(file.entry.name, file.who, id, words, zone) for file in files]
                continue
            path = submissions / folder / id / f"{id}.ipynb"
            desk = Desk(files_in_it, id, Own(own, whole), zone, Share(nursery))
            done, taken = _one(files, desk, path, force, there.get(folder))
            lines += [replace(line, folder=folder) for line in done]
            if taken:
                notebooks[folder] = path
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
    write_manifest(submissions, merged(earlier, lines))
    fine = (TAKEN, *EMPTY, ANOTHER_SETS, "an earlier attempt", "the same as")
    left = [line for line in lines if line.done != WITHOUT and not line.done.startswith(fine)]
    unknown = tuple(sorted(by_folder.keys() - {folders[key] for key in by_person.keys() - set(untimed)}))
    zoneless = any(f.who.time and f.who.time.tzinfo is None for files in by_person.values() for f in files)
    twice = tuple(doubles(lines, earlier))
    return Collected(dict(sorted(notebooks.items())), tuple(lines), tuple(left), unknown, zoneless, twice)


def _nobodys_of(names: Sequence[str], id: str, said: Mapping[str, Sequence[HandedIn]]) -> list[Line]:
    """Return the lines of files that are nobody's: of which work may be lost, and which nobody misses.

    What a platform lays beside the work has another form than that. Where it names nobody's folder, and each file is
    somebody's, so is a file of any kind.
    """
    forms = {who.platform for its in said.values() for who in its}
    others = other_sets(names, id) if forms & {"nbgrader", "exchange"} else set()
    flat = "a file for each student" in forms
    lines = []
    for name in names:
        may_hold = flat or NOTEBOOK.search(name) or ARCHIVE.search(name) or name.lower().endswith(".zip")
        done = kind_of(name, name)
        done = done if done in NOT_THEIRS else ANOTHER_SETS if name in others else NOBODYS if may_hold else NO_NOTEBOOK
        lines.append(_nobodys(name, id, done))
    return lines


def _nobodys(name: str, id: str, done: str) -> Line:
    return Line("", id, "", "", "", "", "", "", "", name, done)


@dataclass(frozen=True)
class Handed:
    """A file of one person: its number in the download, and what its name says."""

    number: int
    entry: Entry
    who: HandedIn


@dataclass(frozen=True)
class Desk:
    """Where one person's files are looked at: what is looked for, and what the looking may cost."""

    download: Download
    id: str
    own: Own
    zone: tzinfo | None
    share: Share


def _said(
    entries: Sequence[Entry], id: str, given: re.Pattern[str] | None, times: Mapping[str, datetime], share: Share
) -> dict[str, list[HandedIn]]:
    """Return whose file each is: of several people, where they handed it in together."""
    told = handed_in([entry.name for entry in entries], id, given)
    found = {name: [replace(who, time=who.time or times.get(who.id))] for name, who in told.items()}
    if any(who.platform == "Gradescope" for said in found.values() for who in said):
        listing = next((e for e in entries if e.name in _listings(found)), None)
        try:
            together = share.do(submitters, listing.read(MAX_BYTES)) if listing else {}
        except Exceeded as error:
            raise Unreadable(
                f"Reading {METADATA} took {error}. Is it as Gradescope wrote it? Take it out, and everybody is "
                "collected by the number of the submission."
            ) from None
        for name, (who, *_) in list(found.items()):
            persons = together.get(who.id) or [{}]
            found[name] = [
                replace(who, id=p.get("id", who.id), login=p.get("login", ""), name=p.get("name", "")) for p in persons
            ]
        if listing:
            found.pop(listing.name, None)
    return found


def _listings(found: Mapping[str, Sequence[HandedIn]]) -> set[str]:
    """Return where Gradescope's listing may lie: beside the folders of the submissions, never in one of them."""
    places = set()
    for name, (who, *_) in found.items():
        above, folder, _ = name.replace("\\", "/").partition(f"{who.id}/")
        if folder and (not above or above.endswith("/")):
            places.add(f"{above}{METADATA}")
    return places


def _folders(
    persons: Mapping[str, HandedIn], id: str, earlier: Sequence[Line], known: Callable[[HandedIn], str]
) -> dict[str, str]:
    """Return each person's folder: the roster's, the one of before, or a safe name that nobody else has."""
    found = {key: known(who) for key, who in persons.items()}
    shared = Counter(found.values())
    for key, who in persons.items():  # a name may be anybody's: of two whom it fits, it tells neither
        if shared[found[key]] > 1 and not known(replace(who, name="")):
            found[key] = ""
    before = {_identity(line, line.set): line.folder for line in earlier if line.folder}
    holders: dict[str, set[tuple[str, ...]]] = {}
    for folder, its in people(earlier).items():
        holders[_folded(folder)] = {_identity(line, line.set) for line in its if line.platform != "Moodle"}
    for key, who in persons.items():
        found[key] = found[key] or before.get(_identity(who, id), "")
    wishes = {key: who.name or who.login or f"anonymous {who.id}" for key, who in persons.items() if not found[key]}
    claims = Counter(map(_folded, [*wishes.values(), *filter(None, found.values())]))
    taken = {_folded(name) for name in (*OURS, id, *filter(None, found.values()))}
    for key, wish in wishes.items():
        who = persons[key]
        others = holders.get(_folded(wish), set()) - {_identity(who, id)}
        number = who.id or who.login
        if number and number != wish and (claims[_folded(wish)] > 1 or (others and who.platform != "Moodle")):
            wish = f"{wish} {number}"
        name = safe_name(wish)
        while _folded(name) in taken:
            name = safe_name(f"{wish}\0{key}\0{name}")  # no name holds \0, so this gains a suffix from the whole
        taken.add(_folded(name))
        found[key] = name
    return found


def _identity(person: HandedIn | Line, id: str) -> tuple[str, ...]:
    """Return what makes two hand-ins those of one person; Moodle numbers them anew in each assignment."""
    number = person.id or person.login or person.name
    name = (person.name,) if person.platform == "Brightspace" else ()
    return (person.platform, number, *name, *((id,) if person.platform == "Moodle" else ()))


def _folded(name: str) -> str:
    """Return what is one folder on any file system."""
    return unicodedata.normalize("NFKC", safe_name(name)).casefold()


def _one(files: Sequence[Handed], desk: Desk, path: Path, force: bool, before: Line | None) -> tuple[list[Line], bool]:
    """Choose and write one person's notebook; return a line for each file, and whether one is there to be marked."""
    id, zone = desk.id, desk.zone
    lines: list[Line] = []
    found: list[tuple[Candidate, HandedIn]] = []
    for file in files:
        said = kind_of(file.entry.name, file.who.file) if file.who.file else WRITTEN_BESIDE
        candidates: list[Candidate] = []
        if not said:
            try:
                said, candidates = desk.share.do(
                    look, desk.download, file.number, file.who.file, id, desk.own, part=ONE_FILE
                )
            except Exceeded as error:
                said = f"{NOT_READ}: looking into it took {error}"
        found += [(candidate, replace(file.who, file=candidate.file)) for candidate in candidates]
        if not candidates:
            lines.append(_line(file.entry.name, file.who, id, said, zone))
    found.sort(key=lambda pair: _rank(pair[0], pair[1], id, zone), reverse=True)
    readable = [pair for pair in found if not pair[0].why_not]
    chosen = readable[0] if readable else None
    content = b""
    if chosen:
        try:
            content = desk.share.do(content_of, desk.download, chosen[0].place)
        except Exceeded as error:
            found[found.index(chosen)] = (replace(chosen[0], why_not=f"{NOT_READ}: it took {error}"), chosen[1])
            chosen = None
    rivals = [
        (candidate, who)
        for candidate, who in readable[1:]
        if chosen and candidate.belongs and candidate.digest != chosen[0].digest and who.time == chosen[1].time
    ]
    for candidate, who in found:
        if chosen is None or candidate is not chosen[0]:
            why = candidate.why_not or _why_not_chosen((candidate, who), chosen, id, zone)
            lines.append(_line(candidate.name, who, id, why, zone))
    if chosen is None:
        if not path.is_file():
            none_theirs = all(line.done in NOT_THEIRS for line in lines)
            lines = [
                replace(line, done=_alone(line.done)) if none_theirs or line.done not in NOT_THEIRS else line
                for line in lines
            ]
        return lines, path.is_file()
    taken, who = chosen
    notices = list(taken.notices)
    if taken.damage:
        notices.append(taken.damage)
    elif not taken.belongs:
        notices.append(f"none of its cells is of {id}")
    if rivals:
        notices.append(f"{len(rivals) + 1} notebooks of {id}; this is {_chosen_since(chosen, rivals[0], id, zone)}")
    at = _in_zone(who.time, zone)
    reason = _write(path, content, who, force, before, at)
    done = reason or (f"{TAKEN}: {'; '.join(notices)}" if notices else TAKEN)
    line = _line(taken.name, who, id, done, zone, "" if reason else taken.digest)
    if not reason:
        folder = desk.download.entries[taken.place[0]].name.rpartition("/")[0]  # of the ZIP, where it came in one
        # nbgrader writes these. On any other platform they are what a student calls them: no word on when or by whom.
        trusted = who.platform in ("nbgrader", "exchange")
        beside = [f.entry for f in files if trusted and f.entry.name.rpartition("/")[0] == folder]
        _write_beside(path, beside, at)
    return [*lines, line], True


def _alone(done: str) -> str:
    """Say of a file of who handed in no notebook what was said of it, where it would have been nothing beside one."""
    if done == WITHOUT:
        return f"{done}, {NONE_BESIDE}"
    return f"not a notebook, {NONE_BESIDE}" if done.startswith(EMPTY) else done


def _rank(
    candidate: Candidate, who: HandedIn, id: str, zone: tzinfo | None
) -> tuple[bool, float, int, int, tuple[int, ...]]:
    """Return what the better of two candidates has more of: this set's cells, then newness, then the right name."""
    at = _in_zone(who.time, zone)
    number = int(who.attempt) if who.attempt.isdecimal() and len(who.attempt) < 20 else 0
    named = min(right_name(base_name(candidate.file), id), 1)
    return candidate.belongs, at.timestamp() if at else 0.0, named, number, candidate.date


def _chosen_since(
    chosen: tuple[Candidate, HandedIn], rival: tuple[Candidate, HandedIn], id: str, zone: tzinfo | None
) -> str:
    """Say by what one of two notebooks was preferred: by the first in which their ranks differ."""
    by = ("the one with cells of it", "the newest", "the one of the right name", "the newest by the platform's number",
          "the newest by the dates in the download")  # fmt: skip
    ranks = zip(by, _rank(*chosen, id, zone), _rank(*rival, id, zone), strict=True)
    first = next((words for words, own, others in ranks if own != others), "")
    return first or f"the first, and nothing says which is meant: lay the right one out as {id}.ipynb"


def _why_not_chosen(
    refused: tuple[Candidate, HandedIn], chosen: tuple[Candidate, HandedIn] | None, id: str, zone: tzinfo | None
) -> str:
    if chosen is None:
        return "not readable"
    candidate, taken = refused[0], chosen[0]
    if candidate.digest == taken.digest:
        return f"the same as {taken.name}"
    at, then = _in_zone(refused[1].time, zone), _in_zone(chosen[1].time, zone)
    if at and then and at < then:
        return f"an earlier attempt than {taken.name}"
    if taken.belongs and not candidate.belongs:
        return f"a notebook, and none of its cells is of {id}"
    return f"a further notebook of {id}, beside {taken.name}"


def _in_zone(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    """Return a time with its zone: the one that the platform wrote, else `zone`, else this machine's."""
    if time is None or time.tzinfo is not None:
        return time
    return time.replace(tzinfo=zone) if zone else time.astimezone()


def _line(name: str, who: HandedIn, id: str, done: str, zone: tzinfo | None, digest: str = "") -> Line:
    at = _in_zone(who.time, zone)
    time, late = at.isoformat(sep=" ") if at else "", "late" if who.late else ""
    return Line("", id, who.platform, who.id, who.name, who.login, who.attempt, time, late, name, done, digest)


def _write(path: Path, content: bytes, who: HandedIn, force: bool, before: Line | None, at: datetime | None) -> str:
    """Write one notebook; return "" or why not."""
    if path.is_symlink() or path.parent.is_symlink() or (path.exists() and not path.is_file()):
        return f"{path} is there and is no file"
    if path.is_file() and (old := path.read_bytes()) != content and not force:
        as_collected = before is not None and hashlib.sha256(old).hexdigest() == before.digest
        order = _order(who, at, before) if before and as_collected else 0
        if order < 0:
            return f"an earlier attempt than {before.file if before else ''}"
        if not order:
            return f"{path} is there and differs; --force writes over it"
    write_whole(path, content)
    return ""


def _order(who: HandedIn, at: datetime | None, before: Line) -> int:
    """Return 1 if a file was handed in after the one that was taken before, -1 if earlier, 0 where nobody knows.

    Where a platform says no time, as Canvas, the number that it gave the file tells: later ones are larger.
    """
    then = read_time(before.time)
    if at and then:
        return (at > then) - (at < then)
    numbers = (who.attempt, before.attempt)
    if who.platform == before.platform and all(n.isdecimal() and len(n) < 20 for n in numbers):
        return (int(who.attempt) > int(before.attempt)) - (int(who.attempt) < int(before.attempt))
    return 0


def _write_beside(path: Path, beside: Sequence[Entry], at: datetime | None) -> None:
    """Write when the work was handed in, as nbgrader does it; and keep what its exchange laid beside the notebook."""
    for name, form in BESIDE.items():
        there = next((entry for entry in beside if entry.name.rpartition("/")[2] == name), None)
        text = there.read(300).decode("ascii", "replace").strip() if there else ""
        if name == "timestamp.txt" and at and not text:
            text = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        if form.fullmatch(text):
            write_whole(path.with_name(name), text)
        else:
            path.with_name(name).unlink(missing_ok=True)
