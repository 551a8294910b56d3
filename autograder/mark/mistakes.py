"""Where a wrong answer meets a known mistake: one is named that explains what is wrong and leaves right what is right.

A check's author writes down what each mistake would answer. Here that is held against what the notebook answered, in
all trials, so that the message can name the misconception.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.ground.answers import Outcome
from autograder.ground.check import Check, raised
from autograder.mark.compare import differs
from autograder.mark.faults import Asked, fault


def named_mistake(check: Check, trials: Sequence[Asked]) -> str | None:
    """Return the id of the first known mistake that explains every wrong trial, and is right in the others; or None."""
    for id in check.mistakes:
        if all((explains if fault(check, trial) else does_no_harm)(id, check, trial) for trial in trials):
            return id
    return None


def does_no_harm(id: str, check: Check, trial: Asked) -> bool:
    """Whether who makes the mistake is right in this trial."""
    answer = trial.answer_of(("mistake", id), lambda **inputs: check.mistaken(id, inputs))
    return not raised(answer) and not fault(check, Asked(trial.inputs, Outcome("answer", answer), trial.known))


def explains(id: str, check: Check, trial: Asked) -> bool:
    """Whether the mistake gives this trial's outcome."""
    answer = trial.answer_of(("mistake", id), lambda **inputs: check.mistaken(id, inputs))
    if error := raised(answer):
        name, words = error
        return trial.outcome.kind == "raised" and trial.outcome.value == name and words in trial.outcome.text
    if trial.outcome.kind != "answer":
        return False
    try:
        return not differs(trial.outcome.value, answer, *check.tolerance(trial.inputs))
    except Exception:  # a wrong iteration may end in what is no answer
        return False
