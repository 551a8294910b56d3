"""The command line: one command a task, each a few lines over the module that does it.

Exit codes: 0 when the command did its task, 1 when it did and something is not right (a check that fails, a case that
does not keep its promise), 2 when it could not start; then one sentence says why, and nothing was written.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from autograder import one_thread  # noqa: F401 - first, since it must come before NumPy
from autograder.authoring.carry import CannotCarry
from autograder.commands import appeals, platform
from autograder.commands.options import COURSE, DB, EXERCISES, OUT
from autograder.ground.bounded import Nursery
from autograder.ground.check import CheckError
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, available, find
from autograder.ground.runs import CannotRun
from autograder.ground.untrusted_text import listed, visible
from autograder.mark.results import ExportError, Grading, RecordError, Result
from autograder.read.plan import PlanError
from autograder.read.roster import RosterError
from autograder.read.submission import Unreadable, find_problem_set, read_submission
from autograder.read.written import unanswered
from autograder.terminal import bar, console, indented, print_class, print_places, print_proofs, print_result, say

if TYPE_CHECKING:
    from autograder.record.marks import Mark

# jsonschema, which nbformat brings, would spend over two seconds of every command on a grammar of international web
# addresses. It does without where that cannot be imported, and no notebook has such a field.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# What is raised on purpose, with a sentence for the person at the command line.
REFUSALS = (
    ProblemSetError, CheckError, Unreadable, CannotCarry, CannotRun, RecordError, ExportError, FileNotFoundError,
    RosterError, PlanError,
)  # fmt: skip

SEED = click.option("--seed", type=int, help="Draws the inputs of the checks; secret and fresh if not given.")
JOBS = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Submissions at a time."
)
UNSANDBOXED = click.option(
    "--run-student-code-without-a-sandbox", "unsandboxed", is_flag=True,
    help="Student code then can do on this machine all that you can: read, change and send your files.",
)  # fmt: skip


class Commands(click.Group):
    """Turns the errors that we raise on purpose into one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            say(error)
            ctx.exit(2)
        except click.Abort:
            say("the question was not answered, so nothing was changed. --yes answers it beforehand.")
            ctx.exit(1)
        except click.ClickException as error:
            vars(error)["message"] = visible(error.message)
            raise


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Release, check, grade and report the problem sets of a notebook course."""


@main.command()
@click.argument("ids", metavar="[PS]...", nargs=-1)
@EXERCISES
@COURSE
def release(ids: tuple[str, ...], exercises: Path | None, course: Path) -> None:
    """Make the students' notebooks, COURSE/release/PS/PS.ipynb, without solutions."""
    from autograder.ground.handout import hand_out
    from autograder.ground.release import release as release_set
    from autograder.record.gradebook import database_url, write_config

    for problem_set in chosen(ids, exercises):
        console.print(f"{problem_set.id}  {escape(problem_set.title)}  ->  {release_set(problem_set, course)}")
        if handout := hand_out(problem_set, course):
            console.print(f"{problem_set.id}  to hand out, checks on stored inputs with it  ->  {handout}")
        write_config(course, database_url("", course), problem_set.folder.parent)


@main.command()
@click.argument("id", metavar="PS")
@click.option("--title", default="", help="The notebook's heading; the folder is named after it.")
@EXERCISES
def new(id: str, title: str, exercises: Path | None) -> None:
    """Write the folder of a new problem set, which proves and releases at once; its comments say what to change."""
    from autograder.authoring.new import write_new

    where = exercises or Path("exercises")
    folder = write_new(id, title, where)
    console.print(f"{folder}: notebook.md, checks.py, and two cases. Next:")
    here = "" if exercises is None else f" --exercises {exercises}"
    for command in ("prove", "release"):
        console.print(f"  autograder {command} {id}{escape(here)}", soft_wrap=True)


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@EXERCISES
def check(notebook: Path, exercises: Path | None) -> None:
    """Restart NOTEBOOK clean, run it from top to bottom, and say what an instructor would see.

    It runs on this machine without a sandbox: it is your own code. Exits with 1 if a check is not yet right.
    """
    from autograder.grade import grade_code
    from autograder.run.plain import Plain

    problem_set = find_problem_set(notebook, exercises)
    submission = read_submission(notebook, problem_set)
    with console.status(f"Running {escape(notebook.name)} from top to bottom in a fresh Python..."):
        launcher = Plain(problem_set.checks.imports, problem_set.files)
        result = grade_code("you", submission, problem_set, secrets.randbits(32), launcher)
    print_result(result, problem_set)
    for words in unanswered(submission.cells, problem_set):
        console.print(f"[yellow]Note:[/] {escape(words)}")
    sys.exit(0 if all(c.passed for c in result.checks) else 1)


@main.command()
@click.argument("earlier", metavar="FROM")
@click.argument("later", metavar="TO")
@click.argument("notebooks", metavar="NOTEBOOK...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over the cell even where it was changed by hand.")
@EXERCISES
def carry(earlier: str, later: str, notebooks: tuple[Path, ...], force: bool, exercises: Path | None) -> None:
    """Put your own code of the problem set FROM into your notebook of TO, in place of what TO provides.

    NOTEBOOK is your notebook of either set; the other one lies beside it, or is named too.
    """
    from autograder.authoring.carry import carry as carry_cells
    from autograder.authoring.carry import notebooks as find_notebooks

    from_set, to_set = find(earlier, exercises), find(later, exercises)
    source, target = find_notebooks(notebooks, from_set, to_set, exercises)
    done = carry_cells(source, target, from_set, to_set, force=force)
    along = f", with {', '.join(done.brought)}" if done.brought else ""
    console.print(f"The cell {done.cell} of {escape(str(target))} holds your {', '.join(done.parts)}{escape(along)}.")
    console.print("If it is open, reload it." if done.changed else "It did already.")


for command in (platform.collect, platform.roster, platform.export, platform.term, appeals.appeal):
    main.add_command(command)


@main.command()
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
    from autograder.grade import environment, grade_class, version_of
    from autograder.mark.cache import Cache, Unfinished, versions
    from autograder.read.class_folder import find_submissions, why_missing
    from autograder.read.collected import read_manifest
    from autograder.record.as_they_come import AsTheyCome
    from autograder.record.gradebook import Recording, planned_migration, recorded_points
    from autograder.record.regrade import append_to_log, changes, write_changes
    from autograder.reference import examine
    from autograder.report.pages import write_pages

    problem_set = find(id, exercises)
    found = find_submissions(submissions, id)
    problem_set.validate()
    # Forked while there is one thread; what is loaded by now is there in all its children.
    nursery = click.get_current_context().with_resource(Nursery())
    launcher = launcher_for(problem_set, unsandboxed, hidden=(course, submissions, problem_set.folder.parent))
    out = out or course / "grading" / id
    by = (*versions(problem_set, environment(problem_set.checks.imports)), *(["variants"] if variants else []))
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
    examine(problem_set, drawn, launcher, None if again or unsandboxed or dry_run else out, by)
    cache = None if again or unsandboxed or dry_run else Cache(out / "cache", by, same_seed=seed is not None)
    handed_in = {student: path for student, path in found.items() if path is not None}
    before = recorded_points([*found], problem_set, course=course, db=db or "")
    migration = planned_migration([*handed_in], problem_set, course=course, db=db or "")
    # Whose mark is new is recorded at once, unless there may be a question: nothing is written before it is answered.
    at_once = (yes or resumed or not before) and not migration and not dry_run
    run = Grading(id, drawn, version_of(problem_set), environment(problem_set.checks.imports), ())
    held: list[Result] = []

    def recording() -> Recording:
        return Recording(
            problem_set, [*found], course=course, db=db or "", submissions=handed_in, migration=migration,
            nursery=nursery,
        )  # fmt: skip

    def log(written: Sequence[Result], lost: Sequence[str]) -> None:
        these = replace(run, results=tuple(result for result in written if result.student not in lost))
        append_to_log(course, these, changes(these, before))

    with cluster_of(engine, scheduler) as cluster, AsTheyCome(recording, log) as recorder:
        if not resumed and not dry_run:
            unfinished.begin(drawn)
        with bar(f"Marking {id}", len(found)) as advance:

            def finished(result: Result) -> None:
                asks = not yes and any(c.old is not None for c in changes(replace(run, results=(result,)), before))
                (recorder.put if at_once and not asks else held.append)(result)
                advance(result)

            grading = grade_class(
                problem_set, found, seed=drawn, launcher=launcher, jobs=cluster.jobs if cluster else jobs,
                progress=finished, cache=cache, variants=variants, anew=anew,
                mark=cluster.grade_once if cluster else None, nursery=nursery,
            )  # fmt: skip
        manifest = read_manifest(submissions)
        grading = grading.with_reasons(
            {s: why_missing(submissions, s, id, manifest) for s, p in found.items() if p is None}
        )
        regraded = [c for c in changes(grading, before) if c.old is not None]
        for words in [*migration.words(), *(c.words() for c in regraded)]:
            console.print(f"[yellow]{escape(words)}[/]", soft_wrap=True)
        if dry_run:
            print_class(grading.results)
            console.print("This was a dry run: nothing was written.")
            sys.exit(0)
        if (regraded or migration) and not yes and not click.confirm("Write the new marks? (--yes says so beforehand)"):
            say("nothing was written.")
            unfinished.end()
            sys.exit(1)
        for result in held:
            recorder.put(result)
        recorded = recorder.done()
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
    write_pages(grading, problem_set, out, gradebooks_marks(id, db, course))
    unfinished.end()
    print_class(grading.results)
    console.print(f"feedback  {out / 'feedback'}\nreport    {out / 'report.html'}\nresults   {out / 'results.json'}")
    console.print(f"gradebook {escape(recorded.url)}")
    for student, id in recorded.ids.items():
        console.print(f"{escape(repr(student))} is no safe student id; it stands as {escape(id)}.")
    for student, why in recorded.failed.items():
        console.print(f"[red]The marks of {escape(student)} could not be recorded: {escape(why)}[/]")
    sys.exit(1 if recorded.failed else 0)


@main.command()
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


@main.command()
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


@main.command()
@click.argument("ids", metavar="[PS]...", nargs=-1)
@click.option("--cases", type=click.Path(path_type=Path), help="Folder of cases, searched recursively.")
@SEED
@click.option("--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="So many, from the seed on.")
@JOBS
@EXERCISES
@UNSANDBOXED
def prove(
    ids: tuple[str, ...],
    cases: Path | None,
    seed: int | None,
    seeds: int,
    jobs: int,
    exercises: Path | None,
    unsandboxed: bool,
) -> None:
    """Run every case and print the table case x check. Exits with 1 if a case does not do what its header says.

    With more seeds than one, each case must do so at every one: a verdict that rests on the inputs is luck.
    """
    from autograder.authoring.prove import Proof, find_cases
    from autograder.authoring.prove import prove as prove_set

    seed = secrets.randbits(32) if seed is None else seed
    broken: list[Proof] = []
    for problem_set in chosen(ids, exercises):
        launcher = launcher_for(problem_set, unsandboxed, hidden=(problem_set.folder.parent,))
        found = find_cases(problem_set, cases)
        if not found:
            raise ProblemSetError(f"{problem_set.id} has no case in {cases or problem_set.folder / 'cases'}.")
        with bar(f"Proving {problem_set.id}", len(found) * seeds) as advance:
            for place in range(seeds):
                at = (seed + place) % 2**32
                proofs = prove_set(problem_set, found, seed=at, launcher=launcher, jobs=jobs, progress=advance)
                print_proofs(proofs, problem_set, at, table=place == 0)
                broken += [proof for proof in proofs if proof.faults]
    sys.exit(1 if broken else 0)


def _changed_since(path: Path, time: float) -> bool:
    """Whether a file was written, or put there, after that time."""
    try:
        return os.lstat(path).st_ctime > time
    except OSError:
        return True


def gradebooks_marks(id: str, db: str | None, course: Path) -> dict[str, Mark]:
    """Return what the gradebook has of each student at this moment; nothing, where it has nothing of this set."""
    from autograder.record.late import refresh_penalties
    from autograder.record.marks import existing_gradebook, marks

    try:
        url = existing_gradebook(db, course)
        refresh_penalties(url, id, course)
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


@main.command()
@click.argument("id", metavar="PS")
@click.option("--submissions", type=click.Path(path_type=Path), required=True, help="Holds <student>/PS/PS.ipynb.")
@click.option("--least", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Share of what is rare.")
@EXERCISES
def similar(id: str, submissions: Path, least: float, exercises: Path | None) -> None:
    """List pairs of submissions that share much that is rare in the class. Nothing is run, and nothing is written.

    It says where to look, and no more: the same lines can have an honest reason.
    """
    from autograder.read.class_folder import find_submissions
    from autograder.report.similar import pairs

    problem_set = find(id, exercises)
    read = {}
    for student, path in find_submissions(submissions, id).items():
        with contextlib.suppress(Unreadable):
            if path is not None:
                read[student] = read_submission(path, problem_set)
    found = pairs(read, problem_set, least)
    for pair in found:
        names = " and ".join(escape(student) for student in pair.students)
        console.print(f"{pair.share:.0%}  {names} share {pair.runs} rare runs of tokens")
        print_places(pair)
    console.print(f"{len(found)} pair{'' if len(found) == 1 else 's'} among {len(read)} submissions that could be read")


@main.command()
@EXERCISES
def doctor(exercises: Path | None) -> None:
    """Say what this machine can do, what is missing, and how to get it. Exits with 1 if something is missing."""
    from autograder.doctor import findings

    missing = 0
    for finding in findings(exercises):
        mark = "[green]\u2713[/]" if finding.there else "[red]\u2717[/]"
        console.print(f"{mark} {finding.task}: {escape(finding.what)}")
        if not finding.there:
            missing += 1
            console.print(indented(finding.advice))
    sys.exit(1 if missing else 0)


def chosen(ids: Iterable[str], exercises: Path | None) -> list[ProblemSet]:
    """Return the problem sets of these ids, or all."""
    sets = [find(id, exercises) for id in ids] or list(available(exercises).values())
    if not sets:
        raise ProblemSetError("No problem set was found here; name their folder by --exercises DIR.")
    return sets


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
