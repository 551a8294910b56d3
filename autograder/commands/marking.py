"""Marking a class, and what came of it written again: `grade`, `feedback`, `report`."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from autograder.commands.options import COURSE, DB, EXERCISES, JOBS, OUT, SEED, UNSANDBOXED
from autograder.commands.penalties import refresh
from autograder.ground.bounded import Nursery
from autograder.ground.problem_sets import ProblemSet, find
from autograder.ground.runs import CannotRun
from autograder.ground.untrusted_text import listed
from autograder.mark.results import ExportError, Grading, Result
from autograder.terminal import bar, console, print_class, say

if TYPE_CHECKING:
    from autograder.record.marks import Mark


@click.command()
@click.argument("id", metavar="PS")
@click.option("--submissions", type=click.Path(path_type=Path), required=True, help="Holds <student>/PS/PS.ipynb.")
@DB
@OUT
@SEED
@JOBS
@EXERCISES
@COURSE
@UNSANDBOXED
@click.option("--yes", is_flag=True, help="Write marks that differ from recorded ones without asking.")
@click.option("--again", is_flag=True, help="Run unchanged submissions too, which else keep what was found before.")
@click.option("--dry-run", is_flag=True, help="Mark, and say what would change; write nothing.")
@click.option("--only-these", is_flag=True, help="Drop the results of students who are not in this folder.")
@click.option("--variants", is_flag=True, help="Draw inputs for each student: harder to share, harder to explain.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", default="", help="For dask: the address of a running scheduler, tcp://HOST:8786.")
def grade(
    id: str, submissions: Path, db: str | None, out: Path | None, seed: int | None, jobs: int,
    exercises: Path | None, course: Path, unsandboxed: bool, yes: bool, again: bool,
    dry_run: bool, only_these: bool, variants: bool, engine: str, scheduler: str,
) -> None:  # fmt: skip
    """Mark a class: run every submission in a sandbox, record its marks, write feedback and a report.

    The reference is marked first: if it does not get full marks on these inputs, nobody is marked. Latecomers may lie
    in a folder of their own: report and tables keep what was found for the others. Where marks are recorded already and
    would change, it prints the old and the new ones and asks before it writes.
    """
    import secrets

    from autograder.grade import environment, grade_class, version_of
    from autograder.mark.cache import Cache, Unfinished, versions
    from autograder.read.class_folder import find_submissions, without_notebook
    from autograder.read.collected import known_in, people, read_manifest
    from autograder.read.roster import read_roster
    from autograder.record.as_they_come import AsTheyCome
    from autograder.record.forecast import forecast
    from autograder.record.gradebook import (
        Recording,
        importing_nbgrader,
        missing_settings,
        planned_migration,
        recorded_points,
    )
    from autograder.record.one_grader import alone
    from autograder.record.regrade import MarksLog, changes, moved_by_time, write_changes
    from autograder.reference import examine
    from autograder.report.pages import write_pages

    problem_set = find(id, exercises)
    found = find_submissions(submissions, id)
    problem_set.validate()
    of_each = people(read_manifest(submissions))  # what cannot be read stops us before anybody is marked
    found = {student: path for student, path in found.items() if path or known_in(of_each.get(student, ()), id)}
    # Forked while there is one thread; what is loaded by now is there in all its children.
    nursery = click.get_current_context().with_resource(Nursery())
    launcher = launcher_for(problem_set, unsandboxed, hidden=(course, submissions, problem_set.folder.parent))
    out = out or course / "grading" / id
    if not dry_run:
        folders = sorted({out.resolve(), (course / "grading" / id).resolve()})
        if remark := click.get_current_context().with_resource(alone(*folders)):
            console.print(f"[yellow]{escape(remark)}[/]")
    by = (*versions(problem_set, environment(problem_set.checks.imports)), *(["variants"] if variants else []))
    if lacking := missing_settings(course):
        said = f"{course / 'nbgrader_config.py'} is your own, and lacks {listed(lacking)}: nbgrader's pages would obey "
        console.print(f"[red]{escape(said)}what students wrote. Take it from a new one, in an empty folder.[/]")
    unfinished = Unfinished(out, by)
    anew: set[str] = set()
    left = unfinished.seed() if seed is None else None
    if resumed := left is not None:
        console.print("The last marking was interrupted; this one goes on with the same inputs.")
        drawn = int(left)
        anew = {student for student, path in found.items() if path and _changed_since(path, unfinished.began())}
        if anew:
            console.print(f"Inputs are drawn anew for who has handed in since then: {escape(listed(anew))}.")
    else:
        drawn = secrets.randbits(32) if seed is None else seed
    with importing_nbgrader(course, db or ""):
        examine(problem_set, drawn, launcher, None if again or unsandboxed or dry_run else out, by)
    cache = None if again or unsandboxed or dry_run else Cache(out / "cache", by, same_seed=seed is not None)
    without = {s: without_notebook(submissions, s, id, of_each.get(s, ())) for s, path in found.items() if path is None}
    unreadable = {s: submissions / s / id / f"{id}.ipynb" for s, (ends, _) in without.items() if ends == "unreadable"}
    handed_in = {student: path for student, path in found.items() if path is not None} | unreadable
    before = recorded_points([*found], problem_set, course=course, db=db or "")
    expected = forecast(
        {**found, **handed_in}, id, course=course, db=db or ""
    )  # also what cannot be loaded stops us now
    migration = planned_migration([*handed_in], problem_set, course=course, db=db or "")
    # Whose mark is new is recorded at once, unless there may be a question: nothing is written before it is answered.
    at_once = (yes or ((resumed or not before) and not moved_by_time(expected))) and not migration and not dry_run
    run = Grading(id, drawn, version_of(problem_set), environment(problem_set.checks.imports), ())
    held: list[Result] = []
    marked = 0

    def recording() -> Recording:
        return Recording(
            problem_set, [*found], course=course, db=db or "", submissions=handed_in, migration=migration,
            nursery=nursery,
        )  # fmt: skip

    log = MarksLog(course, run, before, expected)
    if not dry_run:
        log.settle(lambda these: recorded_points([*{*found, *these}], problem_set, course=course, db=db or ""))

    with cluster_of(engine, scheduler) as cluster, AsTheyCome(recording, log) as recorder:
        if not resumed and not dry_run:
            unfinished.begin(drawn)
        with bar(f"Marking {id}", len(found)) as advance:

            def finished(result: Result) -> None:
                nonlocal marked
                marked += 1
                change = changes(replace(run, results=(result,)), before, expected)
                asks = not yes and any(c.old is not None for c in change)
                (recorder.put if at_once and not asks else held.append)(result)
                advance(result)

            try:
                grading = grade_class(
                    problem_set, found, seed=drawn, launcher=launcher, jobs=cluster.jobs if cluster else jobs,
                    progress=finished, cache=cache, variants=variants, anew=anew,
                    mark=cluster.grade_once if cluster else None, nursery=nursery, lean=True, without=without,
                )  # fmt: skip
            except KeyboardInterrupt:
                raise Stopped(_what_is_kept(marked, len(found), len(held), cache is not None, dry_run)) from None
        elsewhere = moved_by_time(expected, but=found)  # of who is not in this folder
        changed = [*changes(grading, before, expected), *elsewhere]
        regraded = [c for c in changed if c.old is not None]
        for words in [*migration.words(), *(c.words() for c in regraded)]:
            console.print(f"[yellow]{escape(words)}[/]", soft_wrap=True)
        if dry_run:
            print_class(grading.results)
            if not regraded and not migration:
                new = len(changed) - len(regraded)
                console.print(f"No mark would change{f', and {new} would be new' if new else ''}.")
            console.print("This was a dry run: nothing was written.")
            sys.exit(0)
        if (regraded or migration) and not yes and not _agreed():
            as_they_came = marked - len(held)  # where a marking that was interrupted had begun to record
            what = (
                f"the other {as_they_came} were recorded as they came, and nothing else" if as_they_came else "nothing"
            )
            say(f"{what} was written.")
            unfinished.end()  # it was done, and refused: the next one draws its own inputs
            sys.exit(1)
        for result in held:
            recorder.put(result)
        recorded = recorder.done()
    log.note_changes(elsewhere, {})
    in_gradebook = gradebooks_marks(id, db, course, said=True)
    log.end()
    if regraded:
        console.print(f"changes   {write_changes(out / 'changes.csv', regraded)}")
    if not only_these:
        grading, kept, others = grading.with_earlier(out)
        if kept:
            console.print(
                f"The results of {len(kept)} students of an earlier marking are kept; --only-these drops them."
            )
        if others:
            console.print(
                f"[yellow]Earlier results of other checks are left out; mark again: {escape(listed(others))}[/]"
            )
    grading.write(out)
    write_pages(grading, problem_set, out, in_gradebook)
    unfinished.end()
    print_class(grading.results)
    if strangers := read_roster(course).strangers(found):
        console.print(f"[yellow]not in the roster: {escape(listed(strangers))}[/]")
    if late := [f"{m.student} by {m.hours_late:g} h (-{m.penalty:g})" for m in in_gradebook.values() if m.late]:
        console.print(f"late, and what it costs: {escape(listed(late))}")
    if waiting := sum(mark.waits for mark in in_gradebook.values()):
        console.print(
            f"[yellow]{waiting} of {len(in_gradebook)} wait for a person, who marks their written parts in formgrader: "
            "until then what has no mark of theirs counts 0 in every table[/]"
        )
    console.print(f"feedback  {out / 'feedback'}\nreport    {out / 'report.html'}\nresults   {out / 'results.json'}")
    console.print(f"gradebook {escape(recorded.url)}")
    for student, id in recorded.ids.items():
        console.print(f"{escape(repr(student))} is no safe student id; it stands as {escape(id)}.")
    for student, why in recorded.failed.items():
        console.print(f"[red]Not all of {escape(student)} could be recorded: {escape(why)}[/]")
    sys.exit(1 if recorded.failed else 0)


@click.command()
@click.argument("id", metavar="PS")
@DB
@OUT
@EXERCISES
@COURSE
def feedback(id: str, db: str | None, out: Path | None, exercises: Path | None, course: Path) -> None:
    """Write the feedback pages of the last marking again, with what a person has marked since then.

    Nothing is run.
    """
    out = out or course / "grading" / id
    last_marking(id, exercises, out, db, course)
    console.print(f"feedback  {out / 'feedback'}")


@click.command()
@click.argument("id", metavar="PS")
@DB
@OUT
@EXERCISES
@COURSE
def report(id: str, db: str | None, out: Path | None, exercises: Path | None, course: Path) -> None:
    """Write the class report of the last marking again, with what a person has marked since then; print it in short.

    Nothing is run.
    """
    out = out or course / "grading" / id
    print_class(last_marking(id, exercises, out, db, course).results)
    console.print(f"report    {out / 'report.html'}")


class Stopped(KeyboardInterrupt):
    """Somebody has pressed Ctrl-C while a class was marked. The message says what is kept, and how to go on."""


def _agreed() -> bool:
    """Ask whether the new marks shall be written; nobody there to answer is a no."""
    try:
        return click.confirm("Write the new marks? (--yes says so beforehand)")
    except click.Abort:
        say("the question was not answered.")
        return False


def _what_is_kept(marked: int, everybody: int, held: int, cached: bool, dry_run: bool) -> str:
    """Say what came of a marking that was stopped.

    Examples
    --------
    >>> _what_is_kept(3, 9, 0, cached=False, dry_run=False)
    'stopped: 3 of 9 submissions were marked, 3 of them recorded. The same command goes on with the same inputs.'
    """
    said = f"stopped: {marked} of {everybody} submissions were marked"
    if dry_run:
        return f"{said}. This was a dry run: nothing was written."
    said += f", {marked - held} of them recorded{', the others wait for your answer' if held else ''}. "
    said += "The same command goes on with the same inputs"
    return f"{said}, and does not run again what was marked whole." if cached else f"{said}."


def _changed_since(path: Path, time: float) -> bool:
    """Whether a file was written, or put there, after that time."""
    try:
        return os.lstat(path).st_ctime > time
    except OSError:
        return True


def gradebooks_marks(id: str, db: str | None, course: Path, *, said: bool = False) -> dict[str, Mark]:
    """Return what the gradebook has of each student at this moment; nothing, where it has nothing of this set.

    Late penalties that are others now are told and logged, unless that was done, `said`.
    """
    from autograder.record.late import refresh_penalties
    from autograder.record.marks import marks
    from autograder.record.opened import existing_gradebook

    try:
        url = existing_gradebook(db, course)
        (refresh_penalties if said else refresh)(url, id, course)
        return {mark.student: mark for mark in marks(url, id)[0]}
    except ExportError:
        return {}


def last_marking(id: str, exercises: Path | None, out: Path, db: str | None, course: Path) -> Grading:
    """Read back what `grade` wrote into `out`, and write its pages again, with what a person has marked since then."""
    from autograder.report.pages import write_pages

    problem_set = find(id, exercises)
    grading = Grading.read(out)
    write_pages(grading, problem_set, out, gradebooks_marks(id, db, course))
    return grading


def launcher_for(problem_set: ProblemSet, unsandboxed: bool, hidden: tuple[Path, ...]) -> Any:
    """Return the sandbox, or the plain launcher where it was asked for in so many words."""
    from autograder.run.launch import run
    from autograder.run.plain import Plain
    from autograder.run.sandbox.launcher import Sandbox

    imports = problem_set.checks.imports
    if unsandboxed:
        return Plain(imports, problem_set.files)
    sandbox = Sandbox(
        imports, hidden=tuple(p.resolve() for p in hidden), preload=problem_set.preload, files=problem_set.files
    )
    run([], [], sandbox)  # raises `CannotRun` now, before anything is written, if this machine cannot
    return sandbox


def cluster_of(engine: str, scheduler: str) -> Any:
    """Return the cluster that marks, to be used in a `with` statement; None in it where this machine does."""
    if engine == "local":
        return contextlib.nullcontext()
    if not scheduler:
        raise CannotRun(
            "The engine dask works on a cluster that is there: give its address, --scheduler tcp://HOST:8786"
        )
    from autograder.cluster import Cluster

    return Cluster(scheduler)
