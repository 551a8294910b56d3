"""Whether a function remembers earlier calls: right when it is asked alone, and wrong in a series of calls.

A default argument that is changed, a list or dict outside the function, a number that is kept from call to call: each
answers the first call and spoils a later one. Nothing of it shows in one trial. So a series that begins right and goes
wrong is put again on new inputs, as a series and each trial by itself in a process that has seen none of the others,
and then once more: two pairs, since what is drawn by chance may be right alone once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.ground.answers import Outcome
from autograder.ground.check import Check
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.runs import Trial
from autograder.mark.faults import Asked, fault
from autograder.mark.judging import goes_wrong_later, known_answers, questions

REMEMBERS = (
    "your function remembers earlier calls: each of these questions comes out right where it is the first, and not "
    "after others. Look for a default argument that is changed, like `seen=[]`, and for a name outside of the function "
    "that it writes to; make anew in every call what the call needs"
)


def pair(check: Check, seed: int) -> Iterator[Trial]:
    """Yield the trials of a check as a series, then each as a check of its own: so each in its own process."""
    for trial in questions(check, seed):
        yield replace(trial, check=_series(check.id, seed))
    for trial in questions(check, seed):
        yield replace(trial, check=_alone(check.id, seed, trial.number))


def remembering(
    problem_set: ProblemSet, ids: Sequence[str], seeds: Sequence[int], outcomes: Mapping[tuple[str, int], Outcome]
) -> tuple[str, ...]:
    """Return the ids of the checks of which every pair says that the function remembers earlier calls."""
    return tuple(id for id in ids if all(_says_so(problem_set.checks.by_id[id], seed, outcomes) for seed in seeds))


def _says_so(check: Check, seed: int, outcomes: Mapping[tuple[str, int], Outcome]) -> bool:
    series, alone = [], []
    for trial, known in zip(questions(check, seed), known_answers(check, seed), strict=True):
        series.append(Asked(trial.inputs, outcomes[_series(check.id, seed), trial.number], known))
        alone.append(Asked(trial.inputs, outcomes[_alone(check.id, seed, trial.number), trial.number], known))
    return remembers(check, series, alone)


def remembers(check: Check, series: Sequence[Asked], alone: Sequence[Asked]) -> bool:
    """Whether a series goes wrong though each of its trials is right alone."""
    return goes_wrong_later(check, series) and not any(fault(check, trial) for trial in alone)


def _series(id: str, seed: int) -> str:
    return f"{id} in a series, {seed}"


def _alone(id: str, seed: int, number: int) -> str:
    return f"{id} alone, {seed}, {number}"
