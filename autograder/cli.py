"""The command line: one command a task, each a few lines over the module that does it.

Exit codes: 0 when the command did its task, 1 when it did and something is not right (a check that fails, a case that
does not keep its promise), 2 when it could not start, and one sentence says why; nothing was written then, unless it
was a full disk, for one, that ended it on its way.
"""

from __future__ import annotations

import contextlib
import errno
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from autograder import one_thread  # noqa: F401 - first, since it must come before NumPy
from autograder.authoring.carry import CannotCarry
from autograder.commands import appeals, marking, platform
from autograder.commands.marking import launcher_for
from autograder.commands.options import COURSE, EXERCISES, JOBS, SEED, UNSANDBOXED
from autograder.ground.bounded import Exceeded, Nursery
from autograder.ground.check import CheckError
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, available, find
from autograder.ground.runs import CannotRun
from autograder.ground.untrusted_text import visible
from autograder.mark.results import ExportError, RecordError
from autograder.read.collected import ManifestError
from autograder.read.notices import unanswered
from autograder.read.plan import PlanError
from autograder.read.roster import RosterError
from autograder.read.submission import Unreadable, find_problem_set, read_submission
from autograder.terminal import (
    bar,
    console,
    indented,
    print_places,
    print_proofs,
    print_result,
    say,
    say_what_can_be_said,
    tick,
    what_to_do,
)

# What is raised on purpose, with a sentence for the person at the command line.
REFUSALS = (
    ProblemSetError, CheckError, Unreadable, CannotCarry, CannotRun, RecordError, ExportError, RosterError,
    PlanError, ManifestError,
)  # fmt: skip


class Commands(click.Group):
    """Turns the errors that we raise on purpose into one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        say_what_can_be_said()
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            say(error)
            ctx.exit(2)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # who read what we print, `head` for one, has gone: click ends quietly
            say(what_to_do(error))
            ctx.exit(2)
        except ModuleNotFoundError as error:
            if (package := (error.name or "").partition(".")[0]) in ("", "autograder"):
                raise
            say(
                f"this needs {package}, which is not installed here. Install what instructors need, pip install "
                f'"FOLDER[grading]", or students, "FOLDER[student]"; FOLDER is where this course lies.'
            )
            ctx.exit(2)
        except KeyboardInterrupt as stop:
            say(str(stop) or "stopped by Ctrl-C. The same command, given again, does what is left.")
            ctx.exit(130)
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
    from autograder.authoring.handout import hand_out
    from autograder.ground.release import release as release_set
    from autograder.record.gradebook import database_url, write_config

    for problem_set in chosen(ids, exercises):
        console.print(f"{problem_set.id}  {escape(problem_set.title)}  ->  {release_set(problem_set, course)}")
        if handout := hand_out(problem_set, course):
            what = "its data with it" if problem_set.in_place else "checks on stored inputs with it"
            console.print(f"{problem_set.id}  to hand out, {what}  ->  {handout}")
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


@main.command("import")
@click.argument("source", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--id", default="", help="The problem set's id; the folder's name, if not given.")
@EXERCISES
def import_(source: Path, id: str, exercises: Path | None) -> None:
    """Make a problem set of an nbgrader assignment, as it is: FOLDER is source/ps1, with solutions and hidden tests.

    Its tests stay cells. They run in the sandbox, but in the process of student code: a student who sets out to can
    make them pass. Exits with 1 if something is to be looked at.
    """
    from autograder.authoring.imported import import_assignment

    folder, remarks = import_assignment(source, exercises or Path("exercises"), id)
    console.print(f"{folder}: notebook.md, checks.py, and the case of who does nothing. Next:", soft_wrap=True)
    here = "" if exercises is None else f" --exercises {exercises}"
    for command in ("prove", "release"):
        console.print(f"  autograder {command} {folder.name.partition('_')[0]}{escape(here)}", soft_wrap=True)
    for remark in remarks:
        console.print(f"[yellow]{escape(remark)}[/]", soft_wrap=True)
    sys.exit(1 if remarks else 0)


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--hints", is_flag=True, help="For what is not right: the idea, and the known mistake that gives it.")
@EXERCISES
def check(notebook: Path, hints: bool, exercises: Path | None) -> None:
    """Restart NOTEBOOK clean, run it from top to bottom, and say what is right, and what was seen where it is not.

    It runs on this machine without a sandbox: it is your own code. Exits with 1 if a check is not yet right.
    """
    import secrets

    from autograder.grade import grade_code
    from autograder.run.plain import Plain

    problem_set = find_problem_set(notebook, exercises)
    submission = read_submission(notebook, problem_set)
    with console.status(f"Running {escape(notebook.name)} from top to bottom in a fresh Python..."):
        launcher = Plain(problem_set.checks.imports, problem_set.files)
        result = grade_code("you", submission, problem_set, secrets.randbits(32), launcher)
    print_result(result, problem_set, hints)
    if not hints and any(not c.passed and c.begun for c in result.checks):
        console.print("With --hints: the idea behind what is not right yet, and the mistake, if it is a known one.")
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


for command in (
    platform.collect, platform.roster, platform.export, platform.term, appeals.appeal,
    marking.grade, marking.feedback, marking.report,
):  # fmt: skip
    main.add_command(command)


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
    import secrets

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
    _ = problem_set.cells, problem_set.checks
    read = {}
    with Nursery() as nursery:
        for student, path in find_submissions(submissions, id).items():
            with contextlib.suppress(Unreadable, Exceeded):
                if path is not None:
                    read[student] = nursery.call(read_submission, path, problem_set)
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
        console.print(f"{tick(finding.there)} {finding.task}: {escape(finding.what)}")
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
