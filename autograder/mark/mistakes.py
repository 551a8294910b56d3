"""Where a wrong answer meets a known mistake: what explains all that was seen is named, and nothing is guessed.

A check's author writes down what each mistake would answer. Here that is held against what the notebook answered, in
all trials. A mistake is named if it explains every wrong trial and does no harm in the others. A false name is worse
than none, so three things are asked beside that:

- *Enough evidence.* Two answers that could have been one of six agree with something by chance. Each answer of the
  wrong trials counts by how much it tells, in bits; an author may say that a mistake's words say no more than what the
  answer shows.
- *More than the class of an exception.* Its message must say the words, and where the author names one, the student's
  line must be the one.
- *All of them.* Where several mistakes give the same answers, each is said.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.ground.answers import Outcome
from autograder.ground.check import Breaks, Check, is_exception, raised
from autograder.mark.compare import differs
from autograder.mark.faults import Asked, fault

ENOUGH = 10.0  # bits: one agreement by chance in a thousand
BITS_OF_A_NUMBER = 20.0  # one that is no whole number agrees to six digits and more
BITS_OF_A_WORD = 2.0  # a text, such as "full", is one of a few
MOST_COUNTED = 200  # numbers and texts of an answer that are looked at


def named_mistakes(check: Check, trials: Sequence[Asked]) -> tuple[str, ...]:
    """Return the ids of the known mistakes that explain every wrong trial, and are right in the others."""
    wrong = [trial for trial in trials if fault(check, trial)]
    answers = [trial for trial in wrong if trial.outcome.kind == "answer"]
    told = sum(bits_of(trial.outcome.value, *check.tolerance(trial.inputs)) for trial in answers)
    enough = told >= ENOUGH or any(trial.outcome.kind == "raised" for trial in wrong)
    return tuple(
        id
        for id, mistake in check.mistakes.items()
        if enough or mistake.seen
        if all((explains if fault(check, trial) else does_no_harm)(id, check, trial) for trial in trials)
    )


def bits_of(answer: Any, rtol: float = 1e-9, atol: float = 0.0) -> float:
    """Return how much an answer tells: about the logarithm of how many others it could have been.

    Examples
    --------
    >>> bits_of(0.7310585786300049), bits_of((2, "full")), bits_of([True, False, False])
    (20.0, 4.0, 3.0)
    """
    return sum(_bits_of_one(one, rtol, atol) for one in itertools.islice(_ones(answer), MOST_COUNTED))


def _ones(answer: Any) -> Iterator[Any]:
    """Yield the numbers, texts and truth values in an answer."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, list | tuple):
        for item in answer:
            yield from _ones(item)
    elif isinstance(answer, np.ndarray) and answer.ndim:
        yield from answer.ravel()[:MOST_COUNTED]
    else:
        yield answer


def _bits_of_one(one: Any, rtol: float, atol: float) -> float:
    match one:
        case None | bool() | np.bool_():
            return 1.0
        case str():
            return BITS_OF_A_WORD
        case int():
            return math.log2(2 + min(abs(one), 10**6))
    number = np.asarray(one)
    if number.dtype.kind == "b":
        return 1.0
    return _bits_of_number(complex(number), rtol, atol) if number.dtype.kind in "iufc" else 0.0


def _bits_of_number(number: complex, rtol: float, atol: float) -> float:
    if not (math.isfinite(number.real) and math.isfinite(number.imag)):
        return 4.0
    size = abs(number)
    if number.imag or number.real != round(number.real):
        return min(math.log2(2 + size / (atol + rtol * size + 1e-300)), BITS_OF_A_NUMBER)
    return min(math.log2(2 + size), BITS_OF_A_NUMBER)


def does_no_harm(id: str, check: Check, trial: Asked) -> bool:
    """Whether who makes the mistake is right in this trial."""
    answer = trial.answer_of(("mistake", id), lambda **inputs: check.mistaken(id, inputs))
    return not is_exception(answer) and not fault(check, Asked(trial.inputs, Outcome("answer", answer), trial.known))


def explains(id: str, check: Check, trial: Asked) -> bool:
    """Whether the mistake gives this trial's outcome."""
    answer, outcome = trial.answer_of(("mistake", id), lambda **inputs: check.mistaken(id, inputs)), trial.outcome
    if isinstance(answer, Breaks):
        right = not fault(check, Asked(trial.inputs, replace(outcome, text=""), trial.known))
        return outcome.kind == "answer" and answer.says in outcome.text and right
    if error := raised(answer):
        words = (error.says,) if isinstance(error.says, str) else error.says
        line = outcome.line
        at_work = not line if error.by_probe else not error.line or re.search(error.line, line) is not None
        same = outcome.kind == "raised" and outcome.value == error.name
        message = outcome.text.removesuffix(f" ({line})")  # what stands in a comment of the line was not said
        return same and at_work and any(said in message for said in words)
    if outcome.kind != "answer" or is_exception(answer):
        return False
    try:
        return not differs(outcome.value, answer, *check.tolerance(trial.inputs), lists=not check.array)
    except Exception:  # a wrong iteration may end in what is no answer
        return False
