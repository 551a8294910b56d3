"""An appeal: one mark, with all that it follows from, run again."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import click
from rich.markup import escape

from autograder.commands.options import COURSE, EXERCISES, OUT, SUBMITTED
from autograder.ground.answers import Outcome
from autograder.ground.bounded import Exceeded, Nursery, Share
from autograder.ground.problem_sets import ProblemSet, find
from autograder.ground.untrusted_text import listed
from autograder.mark.check_results import CheckResult
from autograder.mark.results import ExportError, Grading
from autograder.read.submission import Unreadable
from autograder.terminal import console, indented


@click.command()
@click.argument("student")
@click.argument("id", metavar="PS")
@SUBMITTED
@OUT
@EXERCISES
@COURSE
def appeal(
    student: str, id: str, submissions: Path | None, out: Path | None, exercises: Path | None, course: Path
) -> None:
    """Show how a mark came about, and run it again: inputs, answers, what was expected, seed and versions.

    The inputs are those of the marking, by their seeds. Exits with 1 if the marks differ now.
    """
    from autograder.grade import environment, grade_code, questions, version_of
    from autograder.read.class_folder import find_submissions, read_handed_in
    from autograder.run.launch import run
    from autograder.run.sandbox.launcher import Sandbox

    problem_set = find(id, exercises)
    out = out or course / "grading" / id
    grading = Grading.read(out)
    results = {result.student: result for result in grading.results}
    folder = submissions or course / "submitted"
    student = meant(student, results, course, folder, out / "results.json")
    then = results[student]
    path = find_submissions(folder, id).get(student)
    console.print(f"[bold]{escape(student)}, {id}[/]: {then.status}, {then.points:g} of {then.max_points:g} points")
    was_run = then.status not in ("unreadable", "missing")
    before = {c.id: c for c in then.checks}
    checks = problem_set.checks.checks
    # Each check has a seed of its own: what was answered before the clock on the wall ended a marking is asked once.
    seeds = {check.id: then.seed for check in checks} | {c.id: c.seed for c in then.checks if c.seed is not None}
    of_each = {seed: [id for id in seeds if seeds[id] == seed] for seed in seeds.values()}
    drawn = "; ".join(f"seed {s}{f' for {listed(ids)}' if len(of_each) > 1 else ''}" for s, ids in of_each.items())
    inputs = drawn if was_run else "nothing was run, so no inputs were drawn"
    console.print(f"{inputs}, checks {grading.checks_version}, {escape(grading.environment)}")
    if not was_run:
        console.print(f"why: {escape(then.reason)}")
    if grading.checks_version != (now := version_of(problem_set)):
        console.print(f"[yellow]The checks have changed since then: they are {now} now.[/]")
    if (today := environment(problem_set.checks.imports)) != grading.environment:
        console.print(f"[yellow]The environment has changed since then: it is {escape(today)} now.[/]")
    if path is None and was_run:
        raise ExportError(
            f"There is no notebook of {student} in {folder}: what was marked is no longer there, or lies in another "
            "folder, which --submissions names."
        )
    _ = problem_set.cells, problem_set.checks  # read before the nursery is made: its children have them
    share = Share(click.get_current_context().with_resource(Nursery()))
    try:
        submission = share.do(read_handed_in, path, problem_set) if path else None
    except (Unreadable, Exceeded) as error:
        if was_run:
            raise Unreadable(f"{path} was marked, and cannot be read any more: {error}") from None
        submission = None
    if not was_run or submission is None:
        there = "It can be read now: mark again." if submission else "Nothing is there that can be run now, either."
        console.print(f"[{'red' if submission else 'green'}]{there}[/]")
        sys.exit(1 if submission else 0)
    launcher = Sandbox(
        problem_set.checks.imports, hidden=(course.resolve(), folder.resolve(), problem_set.folder.parent.resolve()),
        preload=problem_set.preload, files=problem_set.files,
    )  # fmt: skip
    trials = [trial for check in checks for trial in questions(check, seeds[check.id])]
    seconds = problem_set.checks.seconds
    ran = run(submission.code, trials, launcher, seconds=seconds, cell_seconds=seconds / 3, alone=True)
    again: dict[str, CheckResult] = {}
    for seed, ids in of_each.items():
        found = grade_code(student, submission, problem_set, seed, launcher, share)
        again |= {c.id: c for c in found.checks if c.id in ids}
    differ = []
    for check in checks:
        old, new = before.get(check.id), again[check.id]
        was = f"{old.points:g}" if old else "none"
        console.print(f"\n[bold]{check.id}[/]: {was} then, {new.points:g} of {new.max_points:g} now")
        if old is None or abs(old.points - new.points) > 1e-9:
            differ.append(check.id)
        outcomes = {place: outcome for place, outcome in ran.outcomes.items() if place[0] == check.id}
        try:
            told = Share(share.nursery).do(trials_told, problem_set, check.id, seeds[check.id], outcomes)
        except Exceeded as error:
            told = [("", f"What it answered cannot be shown: judging it took {error}.")]
        for number, (inputs, verdict) in enumerate(told, 1):
            console.print(f"  {'wrong' if verdict else 'right'}  trial {number}: {escape(inputs)}")
            if verdict:
                console.print(indented(verdict), soft_wrap=True)
        if new.message:
            console.print(indented(new.message), soft_wrap=True)
    words = f"other points now: {', '.join(differ)}" if differ else "the same points as then"
    console.print(f"\n[{'red' if differ else 'green'}]{words}[/]")
    sys.exit(1 if differ else 0)


def meant(words: str, results: Collection[str], course: Path, submissions: Path, where: object) -> str:
    """Return whose result somebody means: by the folder's name, or by what roster and downloads call a person.

    Raises
    ------
    ExportError
        If it is nobody, or may be several people.
    """
    from autograder.read.collected import read_manifest
    from autograder.read.roster import read_roster

    if words in results:
        return words
    people = read_roster(course)
    found = people.called(words)
    for line in read_manifest(submissions):
        if words and words.casefold() in {line.id.casefold(), line.name.casefold(), line.login.casefold()}:
            found.add(line.folder)
    known = sorted(found & set(results))
    if len(known) == 1:
        return known[0]
    if known:
        ids = {p.student: " ".join(f"{kind}={number}" for kind, number in sorted(p.ids)) for p in people.people}
        said = ", ".join(f"{s} ({ids[s]})" if ids.get(s) else s for s in known)
        raise ExportError(f"{words} may be any of {said}: name one by the first of these.")
    said = "the roster names nobody so either"
    if found - {""}:
        said = f"who is called so, {listed(sorted(found))}, has no result there"
    raise ExportError(f"{where} has nobody called {words}; it has {len(results)} students, and {said}.")


def trials_told(
    problem_set: ProblemSet, id: str, seed: int, outcomes: Mapping[tuple[str, int], Outcome]
) -> list[tuple[str, str]]:
    """Return in words for each trial of a check what was given, and "" or what was expected and why it was wrong."""
    from autograder.grade import NEVER, questions
    from autograder.mark.compare import describe_inputs, shown
    from autograder.mark.faults import Asked, fault

    check = problem_set.checks.by_id[id]
    told = []
    for question in questions(check, seed):
        trial = Asked(question.inputs, outcomes.get((id, question.number), NEVER))
        verdict = fault(check, trial)
        right = shown(trial.answer_of("expected", check.expected)) if verdict else ""
        told.append((describe_inputs(trial.inputs), f"expected {right}\n{verdict}" if verdict else ""))
    return told
