"""Whether a function remembers earlier calls: right when it is asked alone, and wrong in a series of calls.

A default argument that is changed, a list or dict outside the function, a number that is kept from call to call: each
answers the first call and spoils a later one. Nothing of it shows in one trial. So a series that begins right and goes
wrong is put again on new inputs, as a series and each trial by itself in a process that has seen none of the others,
and then once more: two pairs, since what is drawn by chance may be right alone once.

Where a cell of the notebook has called the function, the first question is wrong already. Such a check is put to a
notebook of which only definitions and plain starting values have run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.ground.answers import Outcome
from autograder.ground.check import Check
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.runs import Cell, Trial
from autograder.ground.syntax import NO_PYTHON, parsed
from autograder.mark.faults import Asked, fault
from autograder.mark.judging import goes_wrong, known_answers, questions

REMEMBERS = (
    "your function remembers earlier calls: each of these questions comes out right where it is the first, and not "
    "after others. Look for a default argument that is changed, like `seen=[]`, and for a name outside of the function "
    "that it writes to; make anew in every call what the call needs"
)
STARTING_VALUES = {  # calls that make one: an assignment that calls anything else is left out
    "dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "array", "zeros", "ones", "empty", "full",
}  # fmt: skip
DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def starts(statement: ast.stmt) -> bool:
    """Whether a statement defines something or gives a name a plain starting value.

    Examples
    --------
    >>> [starts(ast.parse(text).body[0]) for text in ("kept = {}", "import math", "y = area(2.0)", "print(1)")]
    [True, True, False, False]
    """
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
        return all(getattr(call, "attr", getattr(call, "id", "")) in STARTING_VALUES for call in calls)
    return isinstance(statement, DEFINITIONS)


def before_any_call(code: Sequence[Cell], asked: Mapping[str, Sequence[str]]) -> tuple[list[Cell], tuple[str, ...]]:
    r"""Return the cells with nothing in them but what `starts`, and the ids under which what the rest calls is `asked`.

    Examples
    --------
    >>> code = [Cell("cell 1", "kept = {}\ndef area(r): return 3 * r\nprint(area(2.0))")]
    >>> [cell], ids = before_any_call(code, {"circle": ["area"], "square": ["side"]})
    >>> print(cell.source, ids)
    kept = {}
    def area(r):
        return 3 * r ('circle',)
    """
    left_out: list[str] = []
    cells = []
    for cell in code:
        try:
            body = parsed(cell.source).body
            source = "\n".join(ast.unparse(statement) for statement in body if starts(statement))
            left_out += [ast.unparse(statement) for statement in body if not starts(statement)]
        except NO_PYTHON:
            source = ""  # it runs nowhere
        cells.append(replace(cell, source=source))
    called = set(re.findall(r"\b(\w+)\(", "\n".join(left_out)))
    return cells, tuple(id for id, names in asked.items() if called.intersection(names))


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
    return goes_wrong(check, series) == "later" and not any(fault(check, trial) for trial in alone)


def _series(id: str, seed: int) -> str:
    return f"{id} in a series, {seed}"


def _alone(id: str, seed: int, number: int) -> str:
    return f"{id} alone, {seed}, {number}"
