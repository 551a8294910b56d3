"""A roster names people once: by which numbers each platform knows them, in which section they are, who has more time.

``COURSE/roster.csv`` is a table that an instructor may edit, one line a person:

==========  ===============================================================================================
student     the folder among the submissions, which is the id in the gradebook too
name        as people say it
email       the address
section     or sections
ids         how platforms know this person: ``canvas=101 sis=s7 login=ada moodle=17 moodle=203``
extensions  how much later than the others work is due: ``ps1=+2d ps3=+12h``
==========  ===============================================================================================

`merged` adds what a platform exports: Canvas's gradebook, Moodle's grading worksheet (which numbers people anew for
each assignment, so its worksheet of each assignment is worth adding), or any CSV with columns of these names.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from autograder.ground.untrusted_text import kept_in_csv, listed, out_of_csv, safe_name, table
from autograder.ground.whole_file import write_whole
from autograder.read.collected import NAME as COLLECTED
from autograder.read.collected import Line
from autograder.read.platforms import HandedIn

NAME = "roster.csv"
COLUMNS = ("student", "name", "email", "section", "ids", "extensions")
NUMBERS = {"Canvas": "canvas", "Moodle": "moodle", "Gradescope": "sis", "Brightspace": "brightspace"}
CANVAS_IDS = {"ID": "canvas", "SIS User ID": "sis", "SIS Login ID": "login"}
PLAIN = {
    "student": ("student", "student id", "student_id", "username", "login"),
    "name": ("name", "full name", "student name"),
    "email": ("email", "email address", "e-mail", "e-mail address"),
    "section": ("section", "sections", "group", "groups"),
}
NAMED_TWICE = (("first name", "first_name", "firstname"), ("last name", "last_name", "lastname", "surname"))
UNITS = {"d": "days", "h": "hours", "w": "weeks", "m": "minutes"}


class RosterError(ValueError):
    """A roster cannot be read. The message says what is wrong and what a roster looks like."""


@dataclass(frozen=True)
class Person:
    """One line of a roster."""

    student: str
    name: str = ""
    email: str = ""
    section: str = ""
    ids: frozenset[tuple[str, str]] = frozenset()
    extensions: dict[str, timedelta] = field(default_factory=dict)

    def first_and_last(self) -> tuple[str, str]:
        """Return the name in two parts, as nbgrader's gradebook keeps it.

        Examples
        --------
        >>> Person("al", "Ada King Lovelace").first_and_last(), Person("al", "Lovelace, Ada").first_and_last()
        (('Ada King', 'Lovelace'), ('Ada', 'Lovelace'))
        """
        first, _, last = (_turned(self.name) if "," in self.name else self.name).rpartition(" ")
        return first, last

    def known_as(self, kind: str) -> set[str]:
        """Return the numbers of one kind."""
        return {number for name, number in self.ids if name == kind}


class Index:
    """Who of some people may be meant by what is said of somebody, in as much time for a few as for thousands."""

    def __init__(self, people: Iterable[Person] = ()):
        self._places: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for place, person in enumerate(people):
            self.add(place, person)

    def add(self, place: int, person: Person) -> None:
        """Let a person be found by all that names the person now."""
        for key in (*_telling(person), *(("an id", login.casefold()) for login in person.known_as("login"))):
            self._places[key].add(place)

    def places(self, read: Person) -> list[int]:
        """Return the places of all who have a number, an address, an id or the name in common with somebody."""
        return sorted(set().union(*(self._places.get(key, ()) for key in _telling(read))))


def _telling(person: Person) -> Iterator[tuple[str, str]]:
    """Yield what may tell that two lines name one person."""
    yield from person.ids
    yield "an id", person.student.casefold()
    if person.email:
        yield "an address", person.email.casefold()
    for name in {letters(person.name), letters(_turned(person.name))} - {""}:
        yield "a name", name


class Roster:
    """The people of a course, found by whatever a platform says of them."""

    def __init__(self, people: Iterable[Person] = ()):
        self.people = tuple(people)
        self.by_student = {person.student: person for person in self.people}
        self._index = Index(self.people)

    def folder(self, who: HandedIn) -> str:
        """Return the folder of who handed something in; "" where the roster does not say so without doubt."""
        kinds = NUMBERS.get(who.platform)
        asked = Person(who.login, who.name, who.login, ids=frozenset([(kinds or "", who.id)]))
        maybe = [self.people[place] for place in self._index.places(asked)]
        found = {p.student for p in maybe if kinds and who.id and who.id in p.known_as(kinds)}
        if not found and who.login:
            login = who.login.casefold()
            found = {
                p.student
                for p in maybe
                if login in {p.student.casefold(), p.email.casefold(), *map(str.casefold, p.known_as("login"))}
            }
        if not found and who.name:
            lasting = "" if who.platform == "Moodle" else kinds or ""  # Moodle numbers anew for each assignment
            found = {
                p.student
                for p in maybe
                if _one_name(p.name, who.name)
                if not (who.id and lasting and p.known_as(lasting))  # who has another number there is somebody else
            }
        return found.pop() if len(found) == 1 else ""

    def strangers(self, students: Iterable[str]) -> list[str]:
        """Return who of these is not in the roster; nobody, where there is none."""
        return sorted({*students} - self.by_student.keys()) if self.people else []

    def called(self, words: str) -> set[str]:
        """Return the students whom somebody may mean: by id, name, address, login, or a platform's number."""
        if not (said := words.casefold().strip()):
            return set()
        return {
            p.student
            for p in self.people
            if said in {p.student.casefold(), p.email.casefold(), *(number.casefold() for _, number in p.ids)}
            or _one_name(p.name, words)
        }

    def extensions(self, id: str) -> dict[str, timedelta]:
        """Return who has how much more time for a problem set."""
        return {person.student: person.extensions[id] for person in self.people if id in person.extensions}


def read_roster(course: Path) -> Roster:
    """Read ``COURSE/roster.csv``; an empty roster, where there is none.

    Raises
    ------
    RosterError
        If it lacks columns, names a student twice, or an extension cannot be read.
    """
    path = course / NAME
    if not path.is_file():
        return Roster()
    rows = _rows(path)
    if rows and (absent := [name for name in COLUMNS if name not in rows[0]]):
        raise RosterError(
            f"{path} lacks the columns {', '.join(absent)}. It has one line a person: {', '.join(COLUMNS)}."
        )
    people = [_person({name: out_of_csv(value) for name, value in row.items()}, path) for row in rows]
    students = [person.student for person in people]
    if twice := sorted(student for student, number in Counter(students).items() if number > 1):
        raise RosterError(f"{path} names {', '.join(twice)} twice; make one line of each.")
    return Roster(people)


def write_roster(course: Path, roster: Roster) -> Path:
    """Write ``COURSE/roster.csv``, in the order of the students; return its path."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for p in sorted(roster.people, key=lambda p: p.student):
        ids = " ".join(f"{kind}={number}" for kind, number in sorted(p.ids))
        more = " ".join(f"{id}=+{_spoken(time)}" for id, time in sorted(p.extensions.items()))
        writer.writerow(map(kept_in_csv, (p.student, p.name, p.email, p.section, ids, more)))
    write_whole(course / NAME, text.getvalue())
    return course / NAME


@dataclass(frozen=True)
class Merged:
    """A roster with the people of a file: who of them is new in it, and how many the file names.

    `renamed` says whom the file calls otherwise than the roster, whose name stays; `absent`, who is not in the file.
    """

    roster: Roster
    new: tuple[str, ...]
    read: int
    renamed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def merged(roster: Roster, path: Path, collected: Iterable[Line] = ()) -> Merged:
    """Return the roster with the people of a file that a platform exported.

    Who is new in it, and had handed in before, is called as the folder in which that work lies: nobody is two people,
    whichever was done first. `collected` are the lines of the manifest.

    Raises
    ------
    RosterError
        If the file is no CSV that names people, or somebody would be two all the same.
    """
    people = list(roster.people)
    new: set[int] = set()
    # Who is known by a number comes first: of two namesakes the other one is left for the other number.
    numbers = {number for person in people for number in person.ids}
    exported = sorted(_exported(path), key=lambda read: not read.ids & numbers)
    index = Index(people)
    taken = {person.student.casefold() for person in people}
    found: set[int] = set()
    renamed = []
    for read in exported:
        same = [i for i in index.places(read) if _same(people[i], read)]
        if len(same) > 1 and not any(_at_odds(people[i], read) for i in same):
            same = [i for i in same if people[i].ids & read.ids] or [i for i in same if i not in found]
        if len(same) > 1:
            students = ", ".join(people[i].student for i in same)
            ids = " ".join(f"{kind}={number}" for kind, number in sorted(read.ids))
            column, what = ("ids", ids) if ids else ("email", read.email or "the address")
            raise RosterError(
                f"{path}: {read.name or read.student}{f', {ids},' if ids else ''} could be any of {students} in the "
                f"roster. Look up who it is, write {what} into the column {column} of {NAME}, in the line of the right "
                "one, and give the same command again."
            )
        found.update(same)
        if same:
            old = people[same[0]]
            if old.name and read.name and not _one_name(old.name, read.name):
                renamed.append(f"{old.student}: {old.name} in the roster, {read.name} in {path}")
            people[same[0]] = replace(
                old, name=old.name or read.name, email=old.email or read.email, section=read.section or old.section,
                ids=old.ids | read.ids,
            )  # fmt: skip
            index.add(same[0], people[same[0]])
        else:
            if read.student.casefold() in taken:
                number = next(iter(sorted(number for _, number in read.ids)), str(len(people)))
                read = replace(read, student=safe_name(f"{read.student} {number}"))
            taken.add(read.student.casefold())
            new.add(len(people))
            index.add(len(people), read)
            people.append(read)
    called = Counter(person.student for person in people)
    for place, folders in _folders_of(people, collected).items():
        person = people[place]
        if folders == {person.student}:
            continue
        if place not in new or any(len(folders) > 1 or called[other] for other in folders - {person.student}):
            raise RosterError(
                f"{person.name or person.student} is {person.student} in the roster, and handed in as "
                f"{listed(sorted(folders))}. Nothing was written. Lay all of this person's work into one folder, "
                f"name it so in {COLLECTED}, and in the column student of {NAME} if it stands there."
            )
        login = set() if person.known_as("login") or " " in person.student else {("login", person.student)}
        people[place] = replace(person, student=folders.pop(), ids=person.ids | login)
        called.subtract([person.student])
        called.update([people[place].student])
    added = tuple(people[place].student for place in sorted(new))
    absent = tuple(p.student for i, p in enumerate(people) if i not in found and i not in new)
    return Merged(Roster(people), added, len(exported), tuple(renamed), absent)


def _folders_of(people: Sequence[Person], collected: Iterable[Line]) -> dict[int, set[str]]:
    """Return by their places in the roster in which folders the work of people lies."""
    roster = Roster(people)
    places = {person.student: place for place, person in enumerate(people)}
    found: dict[int, set[str]] = {}
    for line in collected:
        who = HandedIn(line.platform, line.name, line.id, line.login)
        if line.folder and (student := roster.folder(who)):
            found.setdefault(places[student], set()).add(line.folder)
    return found


def _same(old: Person, read: Person) -> bool:
    """Whether two lines name one person: by a number, the address, the name, or the id where one has no name."""
    for kind in {kind for kind, _ in read.ids} - {"moodle"}:
        if old.known_as(kind) and read.known_as(kind):
            return bool(old.known_as(kind) & read.known_as(kind))
    if old.ids & read.ids:
        return True
    if old.email and read.email:
        return old.email.casefold() == read.email.casefold()
    if not (old.name and read.name):
        return read.student.casefold() in {old.student.casefold(), *map(str.casefold, old.known_as("login"))}
    return _one_name(old.name, read.name)


def _at_odds(old: Person, read: Person) -> bool:
    """Whether both have an address, and it is not one."""
    return bool(old.email and read.email) and old.email.casefold() != read.email.casefold()


def _exported(path: Path) -> list[Person]:
    rows = _rows(path)
    columns = list(rows[0]) if rows else []
    if "ID" in columns and ("Student" in columns or {"LastName", "FirstName"}.issubset(columns)):
        return [_of_canvas(row | {"Student": canvas_name(row)}) for row in rows if is_canvas_person(row)]
    lower = {column.casefold(): column for column in columns}
    found = {kind: next((lower[n] for n in names if n in lower), "") for kind, names in PLAIN.items()}
    first, last = (next((lower[n] for n in names if n in lower), "") for names in NAMED_TWICE)
    if {"id", "first_name", "last_name"}.issubset(lower):  # a list of students as nbgrader imports it
        found["student"] = found["student"] or lower["id"]
    if "identifier" in lower and not found["student"] and not found["name"] and not found["email"]:
        raise RosterError(
            f"{path} is a grading worksheet of Moodle with blind marking, which names nobody, so it adds nothing to a "
            "roster. Leave this step out: `collect` and `export` go by its numbers."
        )
    if not found["student"] and not found["name"] and not found["email"]:
        raise RosterError(
            f"{path} names nobody: it has the columns {', '.join(columns) or 'none'}. Give the gradebook that Canvas "
            f"exports, a grading worksheet of Moodle in English, or a CSV with a column student, name or email."
        )
    people = []
    for row in rows:
        said = {kind: row[column].strip() if column else "" for kind, column in found.items()}
        said["name"] = said["name"] or " ".join(filter(None, (row.get(first), row.get(last))))
        ids = frozenset(
            {("moodle", n[0])}
            if (n := re.findall(r"\d+$", (row.get(lower.get("identifier", "")) or "").strip()))
            else ()
        )
        if "ids" in lower:
            ids |= _ids(row[lower["ids"]] or "")
        student = said["student"] or said["email"].partition("@")[0] or said["name"]
        if student:
            people.append(Person(safe_name(student), said["name"], said["email"], said["section"], ids))
    return people


def canvas_name(row: Mapping[str, str]) -> str:
    """Return a name as Canvas's gradebook sorts it: one column, or two where that was asked for.

    Examples
    --------
    >>> canvas_name({"Student": "L, Ada"}), canvas_name({"LastName": "L", "FirstName": "Ada"})
    ('L, Ada', 'L, Ada')
    """
    return row.get("Student") or ", ".join(filter(None, (row.get("LastName"), row.get("FirstName"))))


def is_canvas_person(row: Mapping[str, str]) -> bool:
    """Whether a line of Canvas's gradebook is a person's: neither a line of points, nor Canvas's own test student."""
    return row["ID"].strip().isdigit() and not canvas_name(row).startswith("Student, Test")


def _of_canvas(row: dict[str, str]) -> Person:
    ids = frozenset(
        (kind, row[column].strip()) for column, kind in CANVAS_IDS.items() if (row.get(column) or "").strip()
    )
    known = dict(ids)
    student = known.get("login") or known.get("sis") or row["Student"]
    login = known.get("login", "")
    return Person(
        safe_name(student.partition("@")[0] if "@" in student else student), _turned(row["Student"].strip()),
        login if "@" in login else "", row.get("Section", "").strip(), ids,
    )  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        rows = [{name: " ".join(value.split()) for name, value in row.items()} for row in table(path)[1]]
        return [row for row in rows if any(row.values())]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RosterError(
            f'{path} cannot be read as CSV in UTF-8: {error}. A spreadsheet saves so as "CSV UTF-8".'
        ) from None


def _person(row: dict[str, str], path: Path) -> Person:
    if not (student := (row["student"] or "").strip()):
        raise RosterError(f"{path} has a line without a student: {row['name'] or row['email']}.")
    more = {}
    for said in (row["extensions"] or "").split():
        id, _, text = said.partition("=")
        found = re.fullmatch(r"\+?([0-9]{1,4})([dhwm])", text)
        if not found or not id:
            raise RosterError(f"{path}: {student} has the extension {said!r}; write it as ps1=+2d, or 12h, 1w, 30m.")
        if id in more:
            raise RosterError(f"{path}: {student} has two extensions for {id}; leave the one that holds.")
        more[id] = timedelta(**{UNITS[found[2]]: int(found[1])})
    return Person(student, row["name"], row["email"], row["section"], _ids(row["ids"] or ""), more)


def _ids(text: str) -> frozenset[tuple[str, str]]:
    pairs = (said.partition("=") for said in text.split())
    return frozenset((kind, number) for kind, _, number in pairs if kind and number)


def _one_name(name: str, other: str) -> bool:
    """Whether two names are one, in either order and however they are written; a name without a letter is none."""
    said = letters(other)
    return bool(said) and said in {letters(name), letters(_turned(name))}


def letters(name: str) -> str:
    """Return a name as it is compared: its letters and digits, small.

    Marks belong to letters: a system may write them apart, and in many scripts they are the vowels.

    Examples
    --------
    >>> letters("Zoe\u0308 O'Neill") == letters("zo\u00eb oneill")
    True
    >>> letters("\u0928\u0940\u0924\u093e") == letters("\u0928\u0924")
    False
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LMN")


def _turned(name: str) -> str:
    """Return "Ada Lovelace" for "Lovelace, Ada", and the reverse."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else " ".join([*name.split()[-1:], *name.split()[:-1]])


def _spoken(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"
