"""What comes from a learning platform, and what goes back to it."""

from __future__ import annotations

import functools
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from autograder.commands.appeals import meant
from autograder.commands.options import COURSE, DB, EXERCISES, OUT, SUBMITTED
from autograder.commands.penalties import refresh
from autograder.ground.bounded import Nursery
from autograder.ground.problem_sets import find
from autograder.ground.untrusted_text import bounded, listed, safe_names
from autograder.mark.results import ExportError
from autograder.read.submission import Unreadable
from autograder.terminal import console

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from autograder.read.collect import Collected


@click.command()
@click.argument("id", metavar="PS")
@click.argument("download", metavar="ZIP", type=click.Path(path_type=Path))
@SUBMITTED
@click.option("--pattern", default="", help="A regular expression for names in the ZIP, with (?P<student>...).")
@click.option("--timezone", "zone", default="", help="Of times that a platform writes without one: Europe/Berlin.")
@click.option(
    "--worksheet", type=click.Path(path_type=Path), help="Moodle's grading worksheet, which says when each handed in."
)
@click.option("--force", is_flag=True, help="Write over submissions that are there and differ.")
@EXERCISES
@COURSE
def collect(
    id: str, download: Path, submissions: Path | None, pattern: str, zone: str, worksheet: Path | None, force: bool,
    exercises: Path | None, course: Path,
) -> None:  # fmt: skip
    """Lay the notebooks of a platform's download, a ZIP or the folder unpacked, out as submissions.

    It writes SUBMISSIONS/collected.csv: a line for every file, with what was done with it. Exits with 1 if a notebook
    is left over that is neither marked, nor an earlier attempt, nor a copy of one that is, if an archive cannot be
    opened or somebody handed in no notebook, if the worksheet does not say when somebody handed in, or if somebody new
    has the number of somebody else.
    """
    from autograder.read.candidates import BY_ITSELF, base_name
    from autograder.read.collect import ANOTHER_SETS
    from autograder.read.collect import collect as collect_notebooks
    from autograder.read.collected import NAME, read_manifest
    from autograder.read.platforms import hand_in_times
    from autograder.read.roster import read_roster
    from autograder.read.submission import own_cells

    problem_set = find(id, exercises)
    folder = submissions or course / "submitted"
    own = {cell.grade_id for cell in problem_set.cells if cell.role in ("solution", "test")}
    people = read_roster(course)
    with Nursery() as nursery:
        found = collect_notebooks(
            download, problem_set.id, folder, own=own, pattern=pattern, force=force, zone=zone_of(zone),
            known=people.folder, whole=functools.partial(own_cells, problem_set=problem_set),
            times=hand_in_times(worksheet) if worksheet else None, nursery=nursery,
        )  # fmt: skip
    for words in _told(found):
        console.print(words)
    if beside := [base_name(line.file) for line in found.lines if line.done in BY_ITSELF]:
        names = escape(listed(sorted(set(beside))))
        console.print(f"{_count(len(beside), 'file')} that nobody wrote passed over, of a system or Jupyter: {names}")
    if others := sum(line.done == ANOTHER_SETS for line in found.lines):
        console.print(f"{_count(others, 'file')} of other problem sets passed over")
    platforms = sorted({line.platform for line in found.lines if line.platform})
    without = sorted({line.folder for line in found.lines if line.folder} - found.notebooks.keys())
    if without:
        console.print(f"[yellow]without a notebook: {escape(bounded(', '.join(without), 400))}[/]")
    folders = {line.folder for line in found.lines if line.folder}
    if strangers := people.strangers(folders):
        console.print(f"[yellow]not in the roster: {escape(bounded(', '.join(strangers), 400))}[/]")
    there = folders | {line.folder for line in read_manifest(folder) if line.set == problem_set.id}
    if absent := sorted(people.by_student.keys() - there):
        console.print(f"[yellow]in the roster, and nothing of them: {escape(bounded(', '.join(absent), 400))}[/]")
    form = f"read as {', '.join(platforms)}" if platforms else "no form was recognised"
    console.print(f"{_count(len(found.notebooks), 'submission')} in {escape(str(folder))}; {form}")
    console.print(f"every file is listed in {escape(str(folder / NAME))}")
    if found.left:
        console.print(f"[red]{_count(len(found.left), 'file')} left over; see above[/]")
    if found.zoneless and not zone:
        here = datetime.now().astimezone().tzname()
        console.print(
            f"[yellow]times are written without a time zone, and were read as this machine's, {here}: "
            "--timezone Europe/Berlin names another[/]"
        )
    if found.untimed:
        console.print(
            f"[red]{len(found.untimed)} of {len(folders)} have no time in {escape(str(worksheet))}, so nobody knows "
            f"whether they are late: {escape(listed(found.untimed, most=200))}. Is it of another assignment?[/]"
        )
    for new, number, old in found.doubles:
        one = f"{new} has the number {number}, under which {old} handed in before"
        remedy = f"move what lies in {folder / new} into {folder / old}, and write {old} for {new} as folder in {NAME}"
        console.print(f"[red]{escape(one)}. If they are one person, {escape(remedy)}[/]")
    sys.exit(1 if found.left or found.untimed or found.doubles or not found.notebooks else 0)


def _told(found: Collected) -> Iterator[str]:
    """Yield a line for each file of which somebody should know what became of it."""
    from autograder.read.candidates import BY_ITSELF, WRITTEN_BESIDE

    left = set(found.left)
    for line in found.lines:
        if line in left:
            yield f"[red]left {escape(bounded(line.file, 200))}: {escape(bounded(line.done, 400))}[/]"
        elif line.done not in ("taken", WRITTEN_BESIDE, *BY_ITSELF) and line.folder:
            about = f"{line.folder}, {bounded(line.file, 200)}: {bounded(line.done, 400)}"
            yield f"[yellow]{escape(about)}[/]"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@SUBMITTED
@COURSE
@click.option("--yes", is_flag=True, help="Add people without asking, also where most of FILE are new.")
def roster(file: Path, submissions: Path | None, course: Path, yes: bool) -> None:
    """Name the people of a course once: add those of FILE to COURSE/roster.csv.

    FILE is a gradebook that Canvas exported, a grading worksheet of Moodle, or a CSV with a column student, name or
    email. The roster is a table that you may edit: ids, sections, and extensions such as ps1=+2d. Whose work was
    collected before keeps its folder. If most of FILE are new in a roster that is there, you are asked.
    """
    from autograder.read.collected import read_manifest
    from autograder.read.roster import merged, read_roster, write_roster

    before = read_roster(course)
    found = merged(before, file, read_manifest(submissions or course / "submitted"))
    if before.people and 2 * len(found.new) > found.read and not yes:
        console.print(
            f"{len(found.new)} of the {found.read} people in {escape(str(file))} are not in the roster: "
            f"{escape(listed(found.new))}. Is it of this course?"
        )
        click.confirm("Add them? (--yes says so beforehand)", abort=True)
    path = write_roster(course, found.roster)
    if found.renamed:
        words = f"called otherwise; the roster's name stays: {listed(found.renamed, longest=200)}"
        console.print(f"[yellow]{escape(words)}[/]")
    if found.absent and len(found.absent) < found.read:  # else FILE is of another section
        console.print(f"[yellow]in the roster, and not in {escape(str(file))}: {escape(listed(found.absent))}[/]")
    everybody = _count(len(found.roster.people), "person").replace("persons", "people")
    console.print(f"{everybody} in {escape(str(path))}, {len(found.new)} of them new")


@click.command()
@click.argument("id", metavar="PS")
@click.option("--format", "form", type=click.Choice(["csv", "canvas", "moodle"]), default="csv", show_default=True)
@click.option(
    "--roster",
    "sheet",
    type=click.Path(path_type=Path),
    help="For canvas: the gradebook that Canvas exported; for moodle: its grading worksheet.",
)
@click.option("--title", help="The assignment's column, as Canvas names it; the column of grades, as Moodle does.")
@click.option("--absent", default="", help="What a row gets whose student handed in nothing: 0, for example.")
@click.option("--leave-out", multiple=True, help="Who shall not be exported, by any name; again for each.")
@DB
@SUBMITTED
@OUT
@COURSE
def export(
    id: str, form: str, sheet: Path | None, title: str | None, absent: str, leave_out: tuple[str, ...], db: str | None,
    submissions: Path | None, out: Path | None, course: Path,
) -> None:  # fmt: skip
    """Write the marks as the gradebook has them now, manual parts and late penalties included.

    A mark that finds no row in what Canvas or Moodle exported stops it, with a list. A row that finds no mark is
    listed, and the exit status is 1, unless --absent says what such a row gets.
    """
    from autograder.read.collected import read_manifest
    from autograder.read.roster import read_roster
    from autograder.record.marks import marks
    from autograder.record.opened import existing_gradebook
    from autograder.report import export as writing

    if form != "csv" and (sheet is None or not sheet.is_file()):
        what = {"canvas": "the gradebook that Canvas exports", "moodle": "the grading worksheet that Moodle exports"}
        raise ExportError(f"{form.title()} knows students by its own numbers: give {what[form]}, as --roster.")
    if form == "csv" and (sheet or title or absent):
        raise ExportError("--roster, --title and --absent fill in a platform's file: say which, by --format.")
    if absent and not re.fullmatch(r"\d+([.]\d+)?" + ("|EX" if form == "canvas" else ""), absent):
        raise ExportError(
            f"--absent {absent}: a row without a mark gets a number of points, as 0{', or EX' * (form == 'canvas')}."
        )
    url = existing_gradebook(db, course)
    refresh(url, id, course)
    found, best = marks(url, id)
    submissions = submissions or course / "submitted"
    lines, people = read_manifest(submissions), read_roster(course)
    everybody = {*(mark.student for mark in found), *(line.folder for line in lines), *people.by_student} - {""}
    left_out = {meant(words, everybody, course, submissions, "This course") for words in leave_out}
    found = [mark for mark in found if mark.student not in left_out]
    also = sorted({line.folder for line in lines if line.set == id and line.folder} - left_out)
    known = writing.all_known([*(mark.student for mark in found), *also], lines, people)
    folder = course / "grading" / id
    path = out or folder / {"csv": "marks.csv", "canvas": "canvas.csv", "moodle": "moodle.csv"}[form]
    if sheet is None or form == "csv":
        written = writing.write_csv(path, found, best, known, id)
    elif form == "canvas":
        written = writing.write_canvas(path, found, best, title or id, sheet, known, absent)
    else:
        written = writing.write_moodle(path, found, best, id, sheet, known, absent, title or "")
    if written.marks_without_row:
        lost = written.marks_without_row
        remedy = f"Take {sheet} anew if they are in the course"
        if written.nameless:
            remedy = f"With blind marking it names nobody: collect the download of this assignment as {id}"
        elif people.strangers(lost) or not people.people:
            remedy = "Name these people by `autograder roster`"
        without = " ".join(f"--leave-out {shlex.quote(student)}" for student in lost)
        raise ExportError(
            f"{len(lost)} of {len(found)} marks find no row in {sheet}, and nothing was written: "
            f"{listed(lost, most=200)}. {remedy}, or leave them out: {without}"
        )
    if form != "csv":
        names = safe_names(known)
        pages = {s: page for s, name in names.items() if (page := folder / "feedback" / f"{name}.html").is_file()}
        back = path.with_name(f"{form}_feedback.zip")
        write = {"moodle": writing.write_moodle_feedback, "canvas": writing.write_canvas_feedback}[form]
        if lost_pages := write(back, id, known, pages):
            console.print(f"[yellow]no page of feedback for {escape(listed(lost_pages, most=200))}[/]")
        console.print(f"feedback in {escape(str(back))}")
    for notice in written.notices:
        console.print(f"[yellow]{escape(notice)}[/]")
    if waiting := sum(mark.waits for mark in found):
        console.print(f"[yellow]{waiting} of {len(found)} wait for a person's marks; what has none counts 0 here[/]")
    if written.rows_without_mark:
        rows = escape(listed(written.rows_without_mark, most=200))
        get = f"they get {absent!r}, unless they are excused" if absent else "what they have stays"
        number = len(written.rows_without_mark)
        these, verb = _count(number, "row"), "has" if number == 1 else "have"
        console.print(f"[yellow]{these} {verb} no mark, {escape(get)}: {rows}[/]")
    console.print(f"{len(found)} students in {escape(str(path))}")
    sys.exit(1 if written.rows_without_mark and not absent else 0)


@click.command()
@DB
@SUBMITTED
@OUT
@COURSE
def term(db: str | None, submissions: Path | None, out: Path | None, course: Path) -> None:
    """Write the table of a term: students by problem sets, points, late and missing work, the weighted share.

    Weights and days stand in COURSE/term.toml: [ps1], due = 2025-03-01T23:59:00+01:00, weight = 2.
    """
    from autograder.read.collected import read_manifest
    from autograder.read.plan import read_plan
    from autograder.read.roster import read_roster
    from autograder.record.marks import term_marks
    from autograder.record.opened import existing_gradebook
    from autograder.report.export import write_rows
    from autograder.report.term import term_rows

    url = existing_gradebook(db, course)
    sets, students = term_marks(url, lambda id: refresh(url, id, course))
    plan = read_plan(course)
    people = read_roster(course)
    rows = term_rows(sets, students, plan, people, read_manifest(submissions or course / "submitted"))
    path = out or course / "grading" / "term.csv"
    write_rows(path, rows)
    waiting = sum(mark.waits for marks, _ in sets.values() for mark in marks)
    if strangers := people.strangers(str(row[0]) for row in rows[1:]):
        console.print(f"[yellow]not in the roster: {escape(listed(strangers))}[/]")
    if unmarked := sorted(plan.keys() - sets.keys()):
        console.print(f"[yellow]term.toml plans {escape(listed(unmarked))}, of which the gradebook has nothing[/]")
    longer = {set for person in people.people for set in person.extensions}
    if unknown := sorted(longer - sets.keys() - plan.keys()):
        words = f"roster.csv gives more time for {listed(unknown)}, of which the gradebook has nothing"
        console.print(f"[yellow]{escape(words)}[/]")
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        console.print(
            f"[yellow]{_count(waiting, 'submission')} still {verb} for a person's marks; what has none counts 0[/]"
        )
    console.print(f"{_count(len(rows) - 1, 'student')}, {_count(len(sets), 'problem set')} in {escape(str(path))}")


def zone_of(name: str) -> ZoneInfo | None:
    """Return the time zone of that name; None, this machine's, where none is given."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # here, since no other command needs it

    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise Unreadable(f"There is no time zone {name!r}; write it as in Europe/Berlin or UTC.") from None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
