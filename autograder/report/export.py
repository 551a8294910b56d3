"""Export: the marks of a class as the gradebook has them, in files that other systems read.

``csv`` is one line a student, with every number by which a platform knew them. ``canvas`` is the file that Canvas
imports: the columns by which it knows a student, copied from a gradebook that was exported from Canvas, then the
assignment with its points. ``moodle`` is the grading worksheet that Moodle exported, with its grades filled in. Beside
either lies a ZIP with a page of feedback for each person, in the form that the platform takes back.

A person is found by the platform's own number, which `collect` has kept; only where it kept none, by login, address or
name. A mark that finds no row, or a row that finds no mark, is never passed over: both are returned as lists.

Sources: ``public/mod/assign/feedback/offline/importgradeslib.php`` and ``mod/assign/feedback/file/importziplib.php`` of
moodle/moodle (columns and names of files); of instructure/canvas-lms ``lib/gradebook_exporter.rb`` and
``lib/gradebook_importer.rb`` (columns, and what an empty field does), ``lib/content_zipper.rb`` (what a name holds) and
``app/models/abstract_assignment.rb`` (``generate_comments_from_files``: whose a file is that comes back).
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.untrusted_text import in_csv, listed, table
from autograder.ground.whole_file import write_whole
from autograder.mark.results import ExportError
from autograder.read.collected import Line
from autograder.read.roster import Person, Roster, canvas_name, is_canvas_person, letters
from autograder.record.marks import Mark

CANVAS_COLUMNS = (
    "Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"
)  # fmt: skip
NAMES = ("Student", "LastName", "FirstName", "Section")  # of these, which Canvas does not read where there is an ID
MOODLE_READS = ("Last modified (grade)", "Feedback comments", "Comments")  # beside who it is and the grade
Row = dict[str, str]
GRADE, MAXIMUM = ("Grade",), ("Maximum Grade", "Maximum grade")


@dataclass(frozen=True)
class Written:
    """What was exported: the file, the marks that found no row in it, and the rows that found no mark.

    `notices` say, in words for the instructor, what may not be meant: another maximum, a new assignment. `nameless`
    says that the file to be filled in names nobody, as a worksheet does with blind marking.
    """

    path: Path
    marks_without_row: tuple[str, ...] = ()
    rows_without_mark: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    nameless: bool = False


@dataclass(frozen=True)
class Known:
    """All that is known of one student: what `collect` kept, and what the roster says."""

    student: str
    lines: tuple[Line, ...] = ()
    person: Person | None = None

    def numbers(self, platform: str, kind: str, id: str = "") -> set[str]:
        """Return the platform's numbers of this student; of one problem set, if one is named."""
        roster = self.person.known_as(kind) if self.person else set()
        certain = self.certain(platform, kind, id)
        return certain or roster if id else certain

    def certain(self, platform: str, kind: str, id: str = "") -> set[str]:
        """Return the numbers of which one must stand in this student's row; none where that is not known.

        Of one problem set, if one is named: a roster says no set, so only what was collected counts then. Numbers of
        an anonymous marking are no numbers of a person.
        """
        found = {line.id for line in self.lines if line.platform == platform and id in ("", line.set)}
        roster = self.person.known_as(kind) if self.person and not id else set()
        return {number for number in found | roster if number.isdecimal()}

    def names(self) -> set[str]:
        """Return everything else by which a row may call this student, small."""
        said = {self.student, *(text for line in self.lines for text in (line.login, line.name))}
        if self.person:
            said |= {self.person.name, self.person.email, *self.person.known_as("login"), *self.person.known_as("sis")}
        return {_small(text) for text in said if text}


def all_known(students: Iterable[str], lines: Sequence[Line], roster: Roster) -> dict[str, Known]:
    """Return what is known of each student of a gradebook."""
    by_folder: dict[str, list[Line]] = {}
    for line in lines:
        by_folder.setdefault(line.folder, []).append(line)
    return {s: Known(s, tuple(by_folder.get(s, ())), roster.by_student.get(s)) for s in students}


def write_csv(
    path: Path, found: Iterable[Mark], best: float, known: Mapping[str, Known] | None = None, id: str = ""
) -> Written:
    """Write one line a student; where anything was collected, with what platforms called each."""
    header = ["student", "automatic", "manual", "penalty", "total", "max_points", "hours_late", "waits_for_a_person"]
    about = ("platform", "platform_id", "platform_login", "platform_name", "email", "section", "file")
    rows = []
    for m in found:
        row: list[object] = [in_csv(m.student), m.automatic, m.manual, m.penalty, m.total, best]
        row += [m.hours_late, "yes" if m.waits else "no"]
        if known:
            rows.append([*row, *map(in_csv, _about(known.get(m.student, Known(m.student)), id))])
        else:
            rows.append(row)
    write_rows(path, [[*header, *(about if known else ())], *rows])
    return Written(path)


def _about(known: Known, id: str) -> list[str]:
    line = next((line for line in known.lines if line.set == id and line.taken), None)
    line = line or next(iter(known.lines), Line(*[""] * 11))
    person = known.person or Person(known.student)
    return [line.platform, line.id, line.login, line.name or person.name, person.email, person.section, line.file]


def write_canvas(
    path: Path, found: Iterable[Mark], best: float, title: str, gradebook: Path, known: Mapping[str, Known],
    absent: str = "",
) -> Written:  # fmt: skip
    """Write the file that Canvas imports.

    Parameters
    ----------
    path : Path
        The file to write; it is written only if every mark finds its row.
    found : iterable of Mark
    best : float
        The points that can be had.
    title : str
        The assignment's column: "ps1 (4711)" as Canvas names one that it has. A title without such a number is
        completed where the gradebook has one such column, and else makes a new assignment.
    gradebook : Path
        A gradebook exported from Canvas, as CSV.
    known : mapping of str to Known
    absent : str
        What a row without a mark gets, unless it is excused; "" for what Canvas has of it.

    Raises
    ------
    ExportError
        If the gradebook is no such file.
    """
    columns, rows = _table(gradebook)
    rows = [row | {"Student": canvas_name(row)} for row in rows]
    about = [column for column in CANVAS_COLUMNS if column in columns]
    needed = ("LastName" if "LastName" in columns else "Student", "ID", "Section")
    if missing := [column for column in needed if column not in columns]:
        raise ExportError(
            f"{gradebook} lacks the columns {', '.join(missing)}. Give the gradebook that Canvas exports as CSV."
        )
    people = [row for row in rows if is_canvas_person(row)]
    numbered = [column for column in columns if re.fullmatch(rf"{re.escape(title)} \(\d+\)", column)]
    if len(numbered) > 1 and title not in columns:
        raise ExportError(
            f"{gradebook} has {len(numbered)} assignments called {title}: {listed(numbered)}. Nothing was written. "
            f'Name the one that is meant with its number, --title "{numbered[0]}".'
        )
    placed, lost = _placed(
        list(found), known, people, ("Canvas", "canvas", ""), lambda row: row["ID"].strip(),
        lambda row: {_small(row[c]) for c in ("SIS Login ID", "SIS User ID", "ID", "Student") if row.get(c)},
        gradebook, "the gradebook of the course in which they handed in",
    )  # fmt: skip
    without = [row["Student"] for i, row in enumerate(people) if i not in placed]
    column = numbered[0] if numbered and title not in columns else title
    # An empty field would take away what Canvas has, a mark that somebody is excused, or need not hand in.
    excused = {i for i, row in enumerate(people) if row.get(column, "") in ("EX", "N/A")}
    if not lost:
        points = ["    Points Possible", *[""] * (len(about) - 1), best]
        told = [[in_csv(row[c]) if c in NAMES else row[c] for c in about] for row in people]
        filled = [
            [*told[i], row[column] if i in excused else _cell(placed.get(i), row.get(column, ""), absent)]
            for i, row in enumerate(people)
        ]
        write_rows(path, [[*about, column], points, *filled])
    notices: tuple[str, ...]
    if column not in columns:
        notices = (
            f"{gradebook} has no column {title} with a number behind it: Canvas will make a new assignment of that "
            f"name. --title names the column of one that is there.",
        )
    else:
        maxima = [row[column] for row in rows if row["Student"].strip() == "Points Possible"]
        notices = _another_maximum("Canvas", maxima, best)
    if spared := [placed[i].student for i in sorted(excused & placed.keys())]:
        notices += (f"excused in Canvas, and so they stay, though they have a mark here: {listed(spared)}",)
    return Written(path, tuple(lost), tuple(without), notices)


def _cell(mark: Mark | None, there: str, absent: str) -> object:
    """Return what a platform shall have of somebody: the mark; where there is none, `absent`, or what it has."""
    return mark.total if mark else absent or there


def write_moodle(
    path: Path, found: Iterable[Mark], best: float, id: str, worksheet: Path, known: Mapping[str, Known],
    absent: str = "", column: str = "",
) -> Written:  # fmt: skip
    """Write Moodle's grading worksheet with the grades filled in.

    All else that Moodle reads stays as it is; of what it does not read, names and what students wrote, no spreadsheet
    takes a formula and no terminal an order. `column` names the column of grades, where Moodle does not speak English.
    See `write_canvas` for the rest.

    Raises
    ------
    ExportError
        If the worksheet is none, or its maximum is below the points that can be had.
    """
    columns, rows = _table(worksheet)
    identifier = columns[0] if columns else ""
    grade = column or next((c for c in GRADE if c in columns), "")
    if grade not in columns or not all(re.search(r"\d$", row[identifier]) for row in rows):
        raise ExportError(
            f"{worksheet} is no grading worksheet of Moodle: it has the columns {', '.join(columns)}. Export it in the "
            f"assignment (Download grading worksheet); if Moodle does not speak English, name the column of grades by "
            f"--title."
        )
    maximum = next((c for c in MAXIMUM if c in columns), "")
    for row in rows if maximum else ():
        allowed = _number(row[maximum])
        if allowed is not None and allowed < best:
            raise ExportError(
                f"The assignment in Moodle has at most {row[maximum]} points, and {id} has {best:g}. Set the maximum "
                f"grade to {best:g} in Moodle's settings of the assignment, and export the worksheet again."
            )
    email = next((c for c in columns if c.casefold() == "email address"), "")
    name = next((c for c in columns if c.casefold() == "full name"), "")
    placed, lost = _placed(
        list(found), known, rows, ("Moodle", "moodle", id), lambda row: re.findall(r"\d+$", row[identifier])[0],
        lambda row: {_small(row[c]) for c in (email, name) if c and row[c]},
        worksheet, f"the grading worksheet of the assignment in which {id} was handed in",
    )  # fmt: skip
    without = [row[name or identifier] for i, row in enumerate(rows) if i not in placed]
    if not lost:
        read = {identifier, grade, *MOODLE_READS}
        rows = [{c: text if c in read else in_csv(text) for c, text in row.items()} for row in rows]
        filled = [
            [_cell(placed.get(i), row[c], absent) if c == grade else row[c] for c in columns]
            for i, row in enumerate(rows)
        ]
        write_rows(path, [columns, *filled])
    notices = _another_maximum("Moodle", [row[maximum] for row in rows] if maximum else [], best)
    return Written(path, tuple(lost), tuple(without), notices, nameless=not name and not email)


def _another_maximum(platform: str, maxima: Iterable[str], best: float) -> tuple[str, ...]:
    """Say that a platform counts in other points: 2 of 3 here would be 2 of 100 there."""
    others = {text for text in maxima if (said := _number(text)) is not None and abs(said - best) > 1e-9}
    return tuple(
        f"{platform} gives this assignment {text} points, and here it has {best:g}: set it to {best:g} there, or its "
        f"marks mean something else."
        for text in sorted(others)
    )


def _number(text: str) -> float | None:
    plain = text.strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


def write_moodle_feedback(path: Path, id: str, known: Mapping[str, Known], pages: Mapping[str, Path]) -> list[str]:
    """Write the ZIP of feedback that Moodle takes, a page for each participant; return who has none or no number.

    A folder is named as Moodle names that of the submission: by the participant's number the page finds its way.
    """
    content = io.BytesIO()
    lost = []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, person in known.items():
            lines = [line for line in person.lines if line.platform == "Moodle" and line.set == id and line.id]
            if not lines or student not in pages:
                lost.append(student)
                continue
            name = re.sub(r"[^\w .-]", "", lines[0].name.replace("_", " ")) or "Participant"
            archive.write(pages[student], f"{name}_{lines[0].id}_assignsubmission_file/feedback_{id}.html")
    write_whole(path, content.getvalue())
    return lost


def write_canvas_feedback(path: Path, id: str, known: Mapping[str, Known], pages: Mapping[str, Path]) -> list[str]:
    """Write the ZIP that Canvas takes by "Re-Upload Submissions"; return who has no page or no number.

    Canvas finds a file's person by the numbers of user and attachment in its name, and shows it under the name that
    the attachment has: a page becomes a notebook, since what was handed in is called so.
    """
    content = io.BytesIO()
    lost = []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, person in known.items():
            lines = [n for n in person.lines if n.platform == "Canvas" and n.set == id and n.id and n.attempt]
            if not lines or student not in pages:
                lost.append(student)
                continue
            line = next((line for line in lines if line.taken), lines[0])
            who = re.sub(r"\W|_", "", line.name) if line.name else "anon"
            name = f"{who if not who.isdigit() else 'student'}_{line.id}_{line.attempt}_{id}.ipynb"
            archive.writestr(name, as_notebook(pages[student].read_text(encoding="utf-8")))
    write_whole(path, content.getvalue())
    return lost


def as_notebook(page: str) -> str:
    """Return a notebook that shows a page."""
    body = re.search(r"<main>.*</main>", page, re.DOTALL)
    shown = body[0] if body else page
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": shown, "text/plain": words}}
    cell = {"cell_type": "code", "id": "feedback", "metadata": {}, "source": "# What was found in your work:"}
    cells = [cell | {"execution_count": None, "outputs": [output]}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _placed(
    found: Sequence[Mark], known: Mapping[str, Known], rows: Sequence[Row], whose: tuple[str, str, str],
    number_of: Callable[[Row], str], names_of: Callable[[Row], set[str]], sheet: Path, expected: str,
) -> tuple[dict[int, Mark], list[str]]:  # fmt: skip
    """Return the mark of each row by the row's place, and the students whose mark finds no row.

    By number first; a name serves where it leads to one row alone that no number has taken, from one student alone.
    Where a row of that name has another number than the one under which somebody is known for certain, `sheet` is not
    the one that was `expected`, and is refused. `whose` numbers these are is said as `Known.numbers` takes it.
    """
    people = {mark.student: known.get(mark.student, Known(mark.student)) for mark in found}
    by_number = {number_of(row): i for i, row in enumerate(rows)}
    called: dict[str, set[int]] = {}
    for i, row in enumerate(rows):
        for name in (names := names_of(row)) | _both(names):
            called.setdefault(name, set()).add(i)
    named = {s: set().union(*(called.get(name, ()) for name in person.names())) for s, person in people.items()}
    certain = {s: numbers for s, person in people.items() if (numbers := person.certain(*whose))}
    agree = {s: named[s] & {by_number[n] for n in numbers if n in by_number} for s, numbers in certain.items()}
    settled = set().union(*agree.values())
    if others := {s: sorted(named[s] - settled) for s in certain if not agree[s] and named[s] - settled}:
        student, there = next(iter(others.items()))
        raise ExportError(
            f"{sheet} has {len(others)} of {len(found)} people under other numbers than those under which they are "
            f"known: {student} is {listed(sorted(certain[student]), most=5)}, and there "
            f"{listed([number_of(rows[i]) for i in there], most=5)}. Nothing was written. Give {expected}; if it is "
            f"that, and this is somebody of the same name, leave the mark out: --leave-out {student}."
        )
    placed: dict[int, Mark] = {}
    left = []
    for mark in sorted(found, key=lambda mark: mark.student not in certain):
        numbers = people[mark.student].numbers(*whose)
        places = {by_number[n] for n in numbers if n in by_number}
        if len(places) == 1 and not places & placed.keys():
            placed[places.pop()] = mark
        else:
            left.append(mark)
    wishes: dict[int, list[Mark]] = {}
    lost = []
    for mark in left:
        places = set() if mark.student in certain else {i for i in named[mark.student] if i not in placed}
        if len(places) == 1:
            wishes.setdefault(places.pop(), []).append(mark)
        else:
            lost.append(mark.student)
    for i, marks in wishes.items():
        if len(marks) == 1:
            placed[i] = marks[0]
        else:
            lost += [mark.student for mark in marks]
    return placed, sorted(lost)


def _both(names: Collection[str]) -> set[str]:
    """Return "ada lovelace" and "lovelaceada", as Canvas calls files, for "lovelace, ada"."""
    turned = {f"{first.strip()} {last}" for last, comma, first in (n.partition(",") for n in names) if comma}
    return turned | {letters(name) for name in names}


def _small(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _table(path: Path) -> tuple[list[str], list[Row]]:
    try:
        return table(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportError(
            f"{path} cannot be read as CSV in UTF-8: {error}. Give it as the platform made it; a spreadsheet saves so "
            'as "CSV UTF-8".'
        ) from None


def write_rows(path: Path, rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    write_whole(path, text.getvalue().encode("utf-8", "backslashreplace"))
