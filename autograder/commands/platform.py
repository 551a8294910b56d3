"""What comes from a learning platform, and what goes back to it."""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.markup import escape

from autograder.commands.options import COURSE, EXERCISES, SUBMITTED
from autograder.ground.problem_sets import find
from autograder.ground.untrusted_text import bounded
from autograder.read.submission import Unreadable
from autograder.terminal import console


@click.command()
@click.argument("id", metavar="PS")
@click.argument("download", metavar="ZIP", type=click.Path(path_type=Path))
@SUBMITTED
@click.option("--pattern", default="", help="A regular expression for names in the ZIP, with (?P<student>...).")
@click.option("--timezone", "zone", default="", help="Of times that a platform writes without one: Europe/Berlin.")
@click.option("--force", is_flag=True, help="Write over submissions that are there and differ.")
@EXERCISES
@COURSE
def collect(
    id: str, download: Path, submissions: Path | None, pattern: str, zone: str, force: bool, exercises: Path | None,
    course: Path,
) -> None:  # fmt: skip
    """Lay the notebooks of a platform's download, a ZIP or the folder unpacked, out as submissions.

    It writes SUBMISSIONS/collected.csv: a line for every file, with what was done with it. Exits with 1 if a notebook
    is left over that is neither marked, nor an earlier attempt, nor a copy of one that is.
    """
    from autograder.read.collect import collect as collect_notebooks
    from autograder.read.collected import NAME

    problem_set = find(id, exercises)
    folder = submissions or course / "submitted"
    own = {cell.grade_id for cell in problem_set.cells if cell.role in ("solution", "test")}
    found = collect_notebooks(
        download, problem_set.id, folder, own=own, pattern=pattern, force=force, zone=zone_of(zone)
    )  # fmt: skip
    for line in found.lines:
        if line in found.left:
            console.print(f"[red]left {escape(bounded(line.file, 200))}: {escape(bounded(line.done, 400))}[/]")
        elif line.done != "taken" and line.folder:
            about = f"{line.folder}, {bounded(line.file, 200)}: {bounded(line.done, 400)}"
            console.print(f"[yellow]{escape(about)}[/]")
    platforms = sorted({line.platform for line in found.lines if line.platform})
    without = sorted({line.folder for line in found.lines if line.folder} - found.notebooks.keys())
    if without:
        console.print(f"[yellow]without a notebook: {escape(bounded(', '.join(without), 400))}[/]")
    form = f"read as {', '.join(platforms)}" if platforms else "no form was recognised"
    console.print(f"{_count(len(found.notebooks), 'submission')} in {escape(str(folder))}; {form}")
    console.print(f"every file is listed in {escape(str(folder / NAME))}")
    if found.left:
        console.print(f"[red]{_count(len(found.left), 'file')} left over; see above[/]")
    sys.exit(1 if found.left or not found.notebooks else 0)


def zone_of(name: str) -> ZoneInfo | None:
    """Return the time zone of that name; None, this machine's, where none is given."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise Unreadable(f"There is no time zone {name!r}; write it as in Europe/Berlin or UTC.") from None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
