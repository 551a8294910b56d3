"""Judging: what came back from one sandbox becomes marks, as one piece of work on plain data.

It is done in a child of the grader (`ground.bounded`), one for all submissions in turn. What is drawn and computed from
a seed alone, the inputs of the trials and the right answers to them, a child keeps for the next submission.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from autograder.ground.answers import Outcome
from autograder.ground.bounded import uncounted
from autograder.ground.check import Check
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.runs import Trial
from autograder.mark.check_results import CheckResult, mark_check
from autograder.mark.faults import Asked, fault

Goes = Literal["", "at once", "later"]


@functools.lru_cache(maxsize=1024)
def questions(check: Check, seed: int) -> tuple[Trial, ...]:
    """Draw the inputs of a check's trials from the seed: the same for every student of a class, so drawn once."""
    with uncounted():
        return tuple(
            Trial(check.id, number, check.probe_source, check.draw(seed, number), check.seconds, check.offers)
            for number in range(check.trials)
        )


@functools.lru_cache(maxsize=1024)
def known_answers(check: Check, seed: int) -> tuple[dict[Any, Any], ...]:
    """Return what is known of each question of `questions`: empty at first, filled while a class is marked."""
    return tuple({} for _ in questions(check, seed))


def judged(
    problem_set: ProblemSet,
    seed: int,
    outcomes: Mapping[str, Sequence[Outcome]],
    errors: Mapping[str, str],
    quiet: bool = False,
) -> dict[str, tuple[CheckResult, bool, Goes]]:
    """Judge the checks named by `outcomes`, which holds what came of their questions.

    Parameters
    ----------
    problem_set : ProblemSet
    seed : int
        What their inputs were drawn from.
    outcomes : mapping of str to sequence of Outcome
        For each check its trials' outcomes, in order.
    errors : mapping of str to str
        What the cells raised.
    quiet : bool
        As for `mark_check`.

    Returns
    -------
    dict of str to (CheckResult, bool, str)
        For each check what it found, whether it is `unanswered`, and how it `goes_wrong`.
    """
    found = {}
    for id, said in outcomes.items():
        check = problem_set.checks.by_id[id]
        asked = [
            Asked(trial.inputs, outcome, known)
            for trial, outcome, known in zip(questions(check, seed), said, known_answers(check, seed), strict=True)
        ]
        result = mark_check(check, asked, "" if quiet else errors.get(check.part, ""), quiet=quiet)
        found[id] = result, unanswered(check, asked), goes_wrong(check, asked)
    return found


def unanswered(check: Check, trials: Sequence[Asked]) -> bool:
    """Whether a check fails, and not by an answer: only by what was raised, was stopped or is missing.

    A part that is not done yet says so, and says it again.
    """
    wrong = [trial.outcome for trial in trials if fault(check, trial)]
    if not wrong or not {"raised", "stopped", "missing"}.issuperset(outcome.kind for outcome in wrong):
        return False
    return any(outcome.value != "NotImplementedError" for outcome in wrong)


def goes_wrong(check: Check, trials: Sequence[Asked]) -> Goes:
    """Say whether a series is wrong "at once" or begins right and goes wrong "later"; "" where it does neither.

    By an answer or by what was raised, that is; and in a part that is done.
    """
    wrong = [trial for trial in trials if fault(check, trial)]
    said = {trial.outcome.kind for trial in wrong}
    if not wrong or check.breaks or not said <= {"answer", "raised"}:  # each trial asks for another exhibit
        return ""
    if any(trial.outcome.value == "NotImplementedError" for trial in wrong if trial.outcome.kind == "raised"):
        return ""
    return "at once" if fault(check, trials[0]) else "later"


def not_judged(check: Check, why: str) -> CheckResult:
    """Return the result of a check whose answers could not be judged, since that took too much of something."""
    said = f"What your code returned could not be judged: that took {why}. Return what is asked for, and no more."
    return CheckResult(check.id, check.sentence, 0.0, check.points, False, said, None, check.hint, stopped=True)
