"""Plain slips of every subject, told before any known mistake: what they say can be seen in the answer itself.

Nothing, where `return` was forgotten; the right numbers in another order or shape, turned round, rounded, with the
other sign, all of them the same number of times too large; zeros. One is said if it holds in every wrong trial.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.ground.check import Check
from autograder.mark.compare import as_array, differs
from autograder.mark.faults import Asked, fault

MOST_ORDERED = 4  # items whose every order is tried
DECIMALS = range(1, 9)  # to which somebody may round; whole numbers come of much else
TURNED = "These are the right numbers from the last to the first: turn them round."


def slip_of(check: Check, trials: Sequence[Asked]) -> str:
    """Return a sentence on what all wrong answers have in common with the right ones; "" where they have nothing."""
    wrong = [trial for trial in trials if fault(check, trial)]
    if check.accepts is not None or any(trial.outcome.kind != "answer" for trial in wrong):
        return ""
    if wrong and all(trial.outcome.value is None for trial in wrong):
        return "None is what a function without `return` returns."
    pairs = [(t.outcome.value, t.answer_of("expected", check.expected), *check.tolerance(t.inputs)) for t in wrong]
    try:
        pairs = [entry for pair in pairs for entry in _wrong_entries(*pair)]
        common = set.intersection(*(set(_slips(*pair)) for pair in pairs)) if pairs else set()
        if not common and (factor := _factor(pairs)):
            return f"Each number is {factor:.6g} times the right one."
        if TURNED in common and any(_shows_when_turned(check, trial) for trial in trials if not fault(check, trial)):
            common.remove(TURNED)  # not turned round but sorted, which does no harm where they are in order
    except Exception:  # an answer of which we have not thought: then nothing is said
        return ""
    return max(common, key=len, default="")


def _shows_when_turned(check: Check, trial: Asked) -> bool:
    """Whether the right answer of a trial reads otherwise from the last number to the first."""
    right = _numbers(trial.answer_of("expected", check.expected))
    return right is not None and right.ndim == 1 and bool(differs(right[::-1], right, *check.tolerance(trial.inputs)))


def _wrong_entries(answer: Any, expected: Any, rtol: float, atol: float) -> Iterator[tuple[Any, Any, float, float]]:
    """Yield the entries of a dict that differ, each beside the right one; anything else as it is."""
    if isinstance(answer, dict) and isinstance(expected, dict) and answer.keys() == expected.keys():
        for key in expected:
            if differs(answer[key], expected[key], rtol, atol):
                yield answer[key], expected[key], rtol, atol
    else:
        yield answer, expected, rtol, atol


def _slips(answer: Any, expected: Any, rtol: float, atol: float) -> Iterator[str]:
    def same(a: Any, e: Any = expected) -> bool:
        return not differs(a, e, rtol, atol)

    if answer is None:  # an entry of what a check has gathered: a call's answer, or what stands in an object
        yield "None is what a function without `return` returns, and what stands where nothing was set."
    if isinstance(answer, list | tuple) and isinstance(expected, list | tuple) and as_array(expected) is None:
        few = 1 < len(answer) == len(expected) <= MOST_ORDERED
        orders = itertools.permutations(answer) if few and not same(answer) else ()  # what is right broke a promise
        if any(same(type(expected)(order)) for order in orders):
            yield "These are the right values in another order."
        return
    a, e = _numbers(answer), _numbers(expected)
    if a is None or e is None:
        return
    if a.size and e.size and not a.any() and e.all():
        yield "All of it is 0."
        return
    if a.shape == e.shape and a.any() and (a != e).any():
        for places in DECIMALS:
            if np.allclose(a, np.round(e, places), rtol=1e-12, atol=0):
                yield f"These are the right numbers, rounded to {places} decimals: return them as they are computed."
    if a.ndim == 2 and min(a.shape) > 1 and a.T.shape == e.shape and same(a.T, e):
        yield "These are the right numbers, transposed: rows and columns are exchanged."
    elif a.shape != e.shape and a.size == e.size and same(a.ravel(), e.ravel()):
        yield "These are the right numbers in another shape."  # which may be another one in each trial
        yield f"These are the right numbers in another shape, {a.shape or 'a single number'}."
    elif a.ndim == e.ndim == 1 and len(a) == len(e) - 1 and len(a) > 1:
        if same(a, e[1:]):
            yield "The first number is missing, and the others are right."
        elif same(a, e[:-1]):
            yield "The last number is missing, and the others are right."
    elif a.shape == e.shape and e.size and same(-a, e):
        yield "These are the right numbers with the other sign."
    elif a.shape == e.shape and a.ndim == 1 and len(a) > 1 and same(a[::-1]):
        yield TURNED


def _factor(pairs: Sequence[tuple[Any, Any, float, float]]) -> float | None:
    """Return the one factor by which all numbers of all wrong answers differ from the right ones, or None."""
    answers, rights = [], []
    for answer, expected, *_ in pairs:
        a, e = _numbers(answer), _numbers(expected)
        if a is None or e is None or a.shape != e.shape or e.dtype.kind == "c" or a.dtype.kind == "c":
            return None
        answers.append(a.ravel())
        rights.append(e.ravel())
    a, e = np.concatenate(answers).astype(float), np.concatenate(rights).astype(float)
    if a.size < 3 or not np.isfinite(a).all() or not e.all() or not a.all():
        return None
    with np.errstate(over="ignore"):
        factors = a / e
    alike = np.ptp(factors) <= 1e-9 * abs(factors[0]) and len(set(np.abs(e).tolist())) > 2
    return float(factors[0]) if alike and abs(factors[0] - 1) > 1e-6 else None


def _numbers(value: Any) -> np.ndarray | None:
    """Return a number, an array or a rectangular list of numbers as an array, else None."""
    if isinstance(value, int | float | complex | np.number) and not isinstance(value, bool):
        array = np.asarray(value)
        return array if array.dtype.kind in "iufc" else None
    return as_array(value)
