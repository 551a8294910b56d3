"""Whether an answer was worked out, or is what one has without any work: nothing, zeros, or what was given."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.mark.faults import Asked

MOST = 100  # numbers, arrays and texts within an answer that are looked at: who returns more has done something


def shows_work(trial: Asked) -> bool:
    """Whether a trial was answered, and by something that had to be worked out."""
    return trial.outcome.kind == "answer" and not idle(trial.outcome.value, trial.inputs)


def idle(answer: Any, inputs: Mapping[str, Any]) -> bool:
    """Whether an answer is made of nothing but None, zeros, truth values, texts and what was given.

    Examples
    --------
    >>> given = {"x": 3.0, "means": np.array([1.0, 2.0])}
    >>> [idle(answer, given) for answer in (None, 0.0, 3.0, {"slope": np.array([1.0, 2.0]), "at": [0, 0]}, [])]
    [True, True, True, True, True]
    >>> [idle(answer, given) for answer in (6.0, np.array([1.0, 2.5]), {"slope": None, "at": 2.0})]
    [False, False, False]
    """
    parts = list(itertools.islice(_parts(answer), MOST + 1))
    given = list(itertools.islice(_parts(inputs), MOST))
    return len(parts) <= MOST and all(_costs_nothing(part, given) for part in parts)


def _parts(value: Any) -> Iterator[Any]:
    """Yield the numbers, arrays and texts in a value."""
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        yield value
        return
    for item in value:
        yield from _parts(item)


def _costs_nothing(part: Any, given: list[Any]) -> bool:
    if part is None or isinstance(part, bool | str) or not np.any(part):
        return True
    return any(np.shape(part) == np.shape(one) and np.array_equal(part, one) for one in given)
