"""What the commands print: a bar while they work, then results as text that can be read without colour.

Much of it holds words of students: names of files and cells, answers, errors. `console` lets none of them steer the
terminal, wherever they stand in what is printed; `say` does the same beside it.
"""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.runs import called
from autograder.ground.untrusted_text import bounded, visible
from autograder.mark.results import Result

MAX_LINE = 2000  # characters of one refusal
MAX_PLACES, MAX_CODE_LINES, MAX_CODE = 8, 12, 120  # of what two submissions share: places, lines, characters of a line
MAX_WHY = 400  # and of a student's line in the table of a class


class Terminal(Console):
    """A console on which every text that is printed has become `visible`; colours and moves are the console's own."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Turn something into pieces of text; nothing in a piece acts."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else Segment(visible(piece.text), piece.style)

    def print(self, *objects: Any, **how: Any) -> None:
        """Print; into a file or a pipe, each sentence as one line, which `grep` finds whole."""
        if not self.is_terminal and all(isinstance(it, str) for it in objects):
            how.setdefault("soft_wrap", True)
        super().print(*objects, **how)


console = Terminal(highlight=False)


def say_what_can_be_said() -> None:
    """Have letters that this terminal does not know printed as escapes: none of them ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: object) -> None:
    """Print a sentence for the person at the command line, where errors go."""
    click.echo(f"autograder: {visible(bounded(str(text), MAX_LINE))}", err=True)


def what_to_do(error: OSError) -> str:
    """Return in a sentence what a file system refused, and what to do about it.

    Examples
    --------
    >>> what_to_do(OSError(errno.ENOSPC, "No space left on device", "build/roster.csv"))
    'build/roster.csv: No space left on device. Make room, and give the same command again.'
    """
    if error.errno is None:  # raised by us, with a sentence of its own
        return str(error)
    places = " -> ".join(str(path) for path in (error.filename, error.filename2) if path is not None)
    advice = {
        errno.ENOSPC: "Make room, and give the same command again.",
        errno.EDQUOT: "Make room, and give the same command again.",
        errno.EACCES: "Name a file or folder that you may read and write.",
        errno.EPERM: "Name a file or folder that you may read and write.",
        errno.EROFS: "Name a folder that can be written, or make this one so.",
        errno.ENOENT: "Is the name right?",
        errno.ENAMETOOLONG: "Take a shorter name.",
    }.get(error.errno, "Is it the file, or folder, that you meant?" if places else "")
    return " ".join(filter(None, (f"{places}:" if places else "", f"{error.strerror}.", advice)))


class bar:  # noqa: N801 (reads as a function in `with bar(...)`)
    """A progress bar over a known number of things; gives the function that advances it."""

    def __init__(self, text: str, total: int):
        # Here, since few commands show a bar and each would wait for the import.
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=console)
        self.task = self.progress.add_task(text, total=total)

    def __enter__(self) -> Callable[[object], None]:
        self.progress.__enter__()
        return lambda result: self.progress.advance(self.task)

    def __exit__(self, *error: Any) -> None:
        self.progress.__exit__(*error)


def print_result(result: Result, problem_set: ProblemSet, hints: bool = True) -> None:
    """Print one student's result: what stopped, what is right, and for what is not, what was seen.

    With `hints`, the concept and a known mistake follow, as in the feedback; not for parts that are not begun.
    """
    if result.reason:
        console.print(f"[yellow]{escape(result.reason)}[/]", soft_wrap=True)
    for r in result.checks:
        console.print(
            f"{tick(r.passed)} {r.points:g}/{r.max_points:g}  [bold]{r.id}[/]  {escape(r.statement)}", soft_wrap=True
        )
        if said := r.message if hints and r.begun else r.finding:
            console.print(indented(said), soft_wrap=True)  # so that arrays keep their rows
    for notice in result.notices:
        console.print(f"[yellow]Note:[/] {escape(notice)}")
    for name, error in result.cell_errors:
        console.print(f"[yellow]{escape(called(name))} stopped:[/] {escape(error)}")
    console.print(f"[bold]{result.points:g} of {result.max_points:g} points[/] from the checks")
    if by_hand := sum(c.points for c in problem_set.manual_cells):
        console.print(f"{by_hand:g} further points are marked by a person.")


def print_class(results: tuple[Result, ...]) -> None:
    """Print a class: one line a student."""
    table = Table("student", "status", "points", "why", box=None, pad_edge=False)
    table.columns[1].no_wrap = table.columns[2].no_wrap = True
    table.columns[2].justify = "right"
    for column in table.columns:
        column.overflow = "fold"  # no name of a student loses its end, however narrow the terminal is
    for r in results:
        table.add_row(escape(r.student), r.status, f"{r.points:g}/{r.max_points:g}", escape(bounded(r.why, MAX_WHY)))
    console.print(table)


def print_places(pair: Any) -> None:
    """Print where in two submissions the lines stand that both have, and the first of these lines."""
    for student, places in zip(pair.students, pair.places, strict=True):
        said = [f"{called(place.cell)}, lines {place.first} to {place.last}" for place in places[:MAX_PLACES]]
        more = [f"{len(places) - MAX_PLACES} more places"] if len(places) > MAX_PLACES else []
        if said:
            console.print(indented(f"{student}: {'; '.join(said + more)}"), soft_wrap=True)
    lines = [line for place in pair.places[0] for line in place.lines]
    shown = [bounded(line, MAX_CODE) for line in lines[:MAX_CODE_LINES]]
    if shown:
        console.print(indented("\n".join(f"| {line}" for line in shown)), soft_wrap=True)


def print_proofs(proofs: list[Any], problem_set: ProblemSet, seed: int, table: bool = True) -> None:
    """Print the table case x check, if it is wanted, and every promise that was not kept."""
    if table:
        _print_table(proofs, [c.id for c in problem_set.checks.checks])
    for proof in proofs:
        for fault in proof.faults:
            console.print(f"[red]{escape(str(proof.case.path))}[/]: {escape(fault)}")
    kept = sum(not proof.faults for proof in proofs)
    console.print(f"{problem_set.id}: {kept} of {len(proofs)} cases do what their headers say (seed {seed})")


def _print_table(proofs: list[Any], ids: list[str]) -> None:
    table = Table("case", *map(str, range(1, len(ids) + 1)), "", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    console.print("\n".join(f"{number:>3}  {id}" for number, id in enumerate(ids, 1)))
    for proof in proofs:
        failed = {c.id for c in proof.result.checks if not c.passed}
        marks = ("[red]x[/]" if id in failed else "." for id in ids)
        table.add_row(escape(proof.case.name), *marks, "[red]not as its header says[/]" if proof.faults else "")
    console.print(table)


def tick(right: bool) -> str:
    """Return a mark that can be told apart without colour; in letters that this terminal knows."""
    mark, plain = ("[green]\u2713[/]", "+") if right else ("[red]\u2717[/]", "-")
    try:
        mark.encode(console.encoding)
    except UnicodeEncodeError:
        return plain
    return mark


def indented(text: str) -> str:
    """Return the text, set in under its check."""
    return "\n".join("    " + line for line in escape(text).splitlines())
