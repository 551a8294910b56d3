"""What is wrong with one trial: its inputs, what came of it, and the sentence that says so; "" where nothing is."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.ground.answers import Outcome
from autograder.ground.bounded import uncounted
from autograder.ground.check import Check
from autograder.mark.compare import describe_inputs, differs, list_for_array, shown

MOST_TIMES, MOST_BESIDE = 20, 1000  # how much larger than an example an answer may be that `accepts` looks at
CALL = re.compile(r"\(\) (takes|missing|got) .*argument")  # how Python says that a call does not fit a function


TO_ARRAY = "`np.array(values)` makes an array of a list of numbers."
READABLE = "A check can read numbers, texts, truth values, None, arrays of numbers; and lists, tuples, dicts of these."


@dataclass(frozen=True)
class Asked:
    """One trial: its inputs and what came of it.

    `known` keeps what has been computed from these inputs, the right answer and those of mistakes. Whoever asks a
    whole class the same question passes the same dict each time. `faults` keeps what is wrong with this outcome.
    """

    inputs: Mapping[str, Any]
    outcome: Outcome
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    faults: dict[Check, str] = field(default_factory=dict, compare=False, repr=False)

    def answer_of(self, key: Any, function: Callable[..., Any]) -> Any:
        """Return ``function(**inputs)``, computed once under this key, on inputs of its own to change."""
        if key not in self.known:
            with uncounted():  # the author's time, whoever asks first
                self.known[key] = function(**copy.deepcopy(dict(self.inputs)))
        return self.known[key]


def fault(check: Check, trial: Asked) -> str:
    """Return "" if the trial came out right, else what is wrong, with the input."""
    if check not in trial.faults:
        trial.faults[check] = _fault(check, trial)
    return trial.faults[check]


def _fault(check: Check, trial: Asked) -> str:
    outcome = trial.outcome
    if outcome.kind == "answer" and check.accepts is None:
        # These are the check's own, and where they raise, nobody may lose a mark by it.
        expected, tolerance = trial.answer_of("expected", check.expected), check.tolerance(trial.inputs)
        try:
            difference = differs(outcome.value, expected, *tolerance, check.returns, lists=not check.array)
        except Exception as error:  # an answer of which neither the author nor we have thought
            difference = f"you returned {shown(outcome.value)}: {_not_judged(error)}."
        if difference:
            in_its_place = list_for_array(outcome.value, expected) and "you returned a list, " in difference
            array = f" {TO_ARRAY}" if in_its_place else ""
            return f"With {describe_inputs(_in_question(check, trial, expected))}, {difference}{array}"
        return f"With {describe_inputs(trial.inputs)}, {outcome.text}" if outcome.text else ""
    given = describe_inputs(trial.inputs)
    match outcome.kind:
        case "missing":
            near = outcome.value if outcome.value and outcome.value not in check.asked else ""
            spelt = f" It defines `{near}`: is that the same, spelt otherwise?" if near else ""
            return f"Your notebook defines no `{outcome.text}`.{spelt}"
        case "raised":
            return f"With {given}, {_raised(outcome)}"
        case "not-plain":
            return f"With {given}, your code returned {outcome.text}. {READABLE}"
        case "stopped":
            return f"With {given}, your code was stopped: {outcome.text}."
    assert check.accepts is not None
    try:
        example = size_of(trial.answer_of("expected", check.expected))
        if (size := size_of(outcome.value)) > MOST_BESIDE + MOST_TIMES * example:
            return f"With {given}, you returned {shown(outcome.value)}: {_too_large(size, example)}"
        complaint = check.accepts(outcome.value, **copy.deepcopy(dict(trial.inputs)))
    except Exception as error:  # an answer of a shape that the author did not foresee
        complaint = _not_judged(error)
    if complaint and check.breaks:
        shows = "" if outcome.value is None else f", `{shown(outcome.value)}`,"
        return f"{exhibit_for(trial.inputs['exposes'])}{shows} {complaint} {outcome.text}".rstrip()
    if complaint:
        return f"With {given}, you returned {shown(outcome.value)}: {complaint}"
    return f"With {given}, {outcome.text}" if outcome.text else ""


def exhibit_for(*names: str) -> str:
    """Return how a fault of the exhibits of these names begins.

    Examples
    --------
    >>> exhibit_for("sign"), exhibit_for("sign", "late")
    ('Your exhibit for `sign`', 'Your exhibit for each of `sign` and `late`')
    """
    quoted = [f"`{name}`" for name in names]
    return "Your exhibit for " + (f"each of {', '.join(quoted[:-1])} and {quoted[-1]}" if quoted[1:] else quoted[0])


def _in_question(check: Check, trial: Asked, expected: Any) -> Mapping[str, Any]:
    """Return the inputs, of several texts only the one that went wrong: an expression whose value is an entry's key."""
    answer = trial.outcome.value
    if not (isinstance(expected, dict) and isinstance(answer, dict) and answer.keys() == expected.keys()):
        return trial.inputs
    tolerance = check.tolerance(trial.inputs)
    wrong = [key for key in expected if differs(answer[key], expected[key], *tolerance, lists=not check.array)]
    listed = {name for name, texts in trial.inputs.items() if isinstance(texts, list) and [*expected] == texts}
    return {name: wrong[0] if name in listed and wrong else value for name, value in trial.inputs.items()}


def _raised(outcome: Outcome) -> str:
    """Say what raised: the student's code, the call of it, or what was done with what it returned."""
    if outcome.line:
        return f"your code raised {outcome.text}."
    if CALL.search(outcome.text):
        return f"your function could not be called as the check calls it: {outcome.text}."
    nothing = " It was None, as it is after a function without `return`." if "'NoneType'" in outcome.text else ""
    return f"the check could not use what your code returned: {outcome.text}.{nothing}"


def size_of(answer: Any) -> int:
    """Return how many numbers, characters and entries there are in an answer.

    Examples
    --------
    >>> size_of({"weights": [0.5, 0.5], "kind": "full"}), size_of(3.0)
    (19, 1)
    """
    if isinstance(answer, str):
        return len(answer)
    if isinstance(answer, dict):
        return sum(size_of(key) + size_of(item) for key, item in answer.items())
    if isinstance(answer, list | tuple):
        return len(answer) + sum(map(size_of, answer))
    return int(answer.size) if isinstance(answer, np.ndarray) else 1


def _too_large(size: int, example: int) -> str:
    return f"that is {size} numbers and characters in all, where a right answer has about {example}."


def _not_judged(error: Exception) -> str:
    return f"an answer that cannot be judged ({type(error).__name__}: {error})"
