"""Marking: outcomes in, marks and words out. Trusted; sees plain data, never student code.

An answer is held against the expected one by type first, then shape, then value. A wrong one is held against the
answers that known mistakes give, so that the message can name the misconception.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.answers import Outcome
from autograder.checks import Check, raised

# How a check's sentence ends that says what it was tried on, or has a last paragraph on how to read what is shown.
NOTE = re.compile(r"(\s*\(Tried |\n\n\().*\)$", re.DOTALL)
TOO_LONG = "is there a loop that never ends?"  # how `run.worker` asks when it stops code by time
ELSEWHERE = "raised in another cell"  # how `answers.describe` says that what was called was at work
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
NOT_DONE = "This part is not done yet: its cell still raises NotImplementedError."


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    `finding` is "" or says how the answer differs, with the input, and whether the reference's earlier parts stood in
    for the student's; `mistake` is the known mistake that gives the same answers, in words, or None, and `mistake_id`
    its id; `hint` is the concept and its place in the book. `message` says all three.
    """

    id: str
    sentence: str
    points: float
    max_points: float
    passed: bool
    finding: str = ""
    mistake: str | None = None
    hint: str = ""
    stopped: bool = False
    mistake_id: str | None = None

    @property
    def statement(self) -> str:
        r"""The sentence; where the check has passed, without the note behind it, which then helps nobody.

        Examples
        --------
        >>> sentence = "`slope(f, x)` is the slope. (Tried on f(x) = x^2.)"
        >>> CheckResult("slope", sentence, 2, 2, True).statement
        '`slope(f, x)` is the slope.'
        >>> CheckResult("sweep", "All is summed.\n\n(`g` is the adjoint.)", 2, 2, True).statement
        'All is summed.'
        >>> CheckResult("slope", sentence, 0, 2, False).statement == sentence
        True
        """
        return NOTE.sub("", self.sentence) if self.passed else self.sentence

    @property
    def message(self) -> str:
        """All that the student is told, in the order of the hint ladder."""
        likely = f"The likely mistake: {self.mistake}." if self.mistake else ""
        return "\n".join(filter(None, (self.finding, self.hint if not self.passed else "", likely)))


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
            self.known[key] = function(**copy.deepcopy(dict(self.inputs)))
        return self.known[key]


def mark_check(check: Check, trials: Sequence[Asked], cell_error: str = "") -> CheckResult:
    """Judge one check from its trials.

    Parameters
    ----------
    check : Check
    trials : sequence of Asked
        All trials of the check, in order.
    cell_error : str
        What the part's solution cell raised when it ran, or "".

    Returns
    -------
    CheckResult
        All points if every trial came out right; with ``partial``, points in proportion; else none.
    """
    faults = [fault(check, trial) for trial in trials]
    wrong = [(trial, text) for trial, text in zip(trials, faults, strict=True) if text]
    share = (len(trials) - len(wrong)) / len(trials)
    points = check.points if not wrong else round(check.points * share, 2) if check.partial else 0.0
    if not wrong:
        return CheckResult(check.id, check.sentence, points, check.points, True)
    trial, text = wrong[0]
    if cell_error and trial.outcome.kind in ("missing", "raised"):
        text += f" The cell {check.part!r} itself had stopped with {cell_error}."
    not_done = trial.outcome.kind == "raised" and trial.outcome.value == "NotImplementedError"
    if not_done:
        text = NOT_DONE
    id = None if not_done else named_mistake(check, trials)
    mistake = check.mistakes[id].words if id else None
    stopped = any(t.outcome.kind == "stopped" for t in trials)
    return CheckResult(check.id, check.sentence, points, check.points, False, text, mistake, check.hint, stopped, id)


def tells_more(again: CheckResult, first: CheckResult) -> bool:
    """Whether the result with right earlier parts is the better one, or shows the mistake that is this part's own.

    Where both fail, and not alike, what the first shows is mixed up with the earlier parts' mistakes.
    """
    if again.points != first.points:
        return again.points > first.points
    return again.finding != first.finding and not again.stopped


def ends_never(result: CheckResult) -> bool:
    """Whether the check was stopped by its time, in the student's cell for this part and not in one that it calls."""
    return result.stopped and TOO_LONG in result.finding and ELSEWHERE not in result.finding


def tried_with(check: Check, passed: bool) -> str:
    """Say that a check was tried with right earlier parts."""
    yours = "; with yours it does not come out right yet" if passed else ""
    return f"(Tried with a right {' and '.join(check.needs)} in place of yours{yours}.)"


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
            difference = differs(outcome.value, expected, *tolerance, check.returns)
        except Exception as error:  # an answer of which neither the author nor we have thought
            difference = f"you returned {shown(outcome.value)}: {_not_judged(error)}."
        return f"With {describe_inputs(trial.inputs)}, {difference}" if difference else ""
    given = describe_inputs(trial.inputs)
    match outcome.kind:
        case "missing":
            return f"Your notebook defines no `{outcome.text}`."
        case "raised":
            return f"With {given}, your code raised {outcome.text}."
        case "not-plain":
            return f"With {given}, your code returned an object of type {outcome.text}, not a number, text or array."
        case "stopped":
            return f"With {given}, your code was stopped: {outcome.text}."
    assert check.accepts is not None
    try:
        complaint = check.accepts(outcome.value, **copy.deepcopy(dict(trial.inputs)))
    except Exception as error:  # an answer of a shape that the author did not foresee
        complaint = _not_judged(error)
    return f"With {given}, you returned {shown(outcome.value)}: {complaint}" if complaint else ""


def _not_judged(error: Exception) -> str:
    return f"an answer that cannot be judged ({type(error).__name__}: {error})"


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


def differs(answer: Any, expected: Any, rtol: float, atol: float, names: Sequence[str] | None = ()) -> str:
    """Return "" if `answer` is the expected one, else how it differs: by type, then shape, then value.

    `names` says what the items of a returned tuple or list are; None: that it is not what was returned, but within it.

    Examples
    --------
    >>> differs(0.30000000000000004, 0.3, 1e-9, 0.0)
    ''
    >>> differs(2.5, 2.0, 1e-9, 0.0)
    'you returned 2.5; expected 2 (relative error 0.25, allowed 1e-09).'
    >>> differs([1.0, 2.0], np.array([1.0, 2.0]), 1e-9, 0.0)
    'you returned a list, [1, 2]; expected an array of shape (2,), [1. 2.].'
    >>> differs((1.0, 2.0), (1.0, 3.0), 0.0, 0.0, ["the value", "the gradient"])
    'in the gradient (the second returned value), you returned 2; expected 3.'
    >>> differs([(1.0, 2.0)], [(1.0, 3.0)], 0.0, 0.0)
    'in the item at index 0, in its second value, you returned 2; expected 3.'
    """
    kinds = kind_of(answer), kind_of(expected)
    if kinds[0] != kinds[1]:
        return f"you returned {introduced(kinds[0], answer)}; expected {introduced(kinds[1], expected)}."
    if isinstance(expected, dict):
        if answer.keys() != expected.keys():
            return f"you returned a dict with the keys {shown([*answer])}; expected {shown([*expected])}."
        pairs = [(f"the entry {key!r}", answer[key], expected[key]) for key in expected]
    elif isinstance(expected, list | tuple):
        if len(answer) != len(expected):
            items = "1 item" if len(answer) == 1 else f"{len(answer)} items"
            return f"you returned {items}, {shown(answer)}; expected {len(expected)}, {shown(expected)}."
        places = _places(expected, names)
        pairs = list(zip(places, answer, expected, strict=True))
    elif isinstance(expected, str | None):
        return "" if answer == expected else f"you returned {shown(answer)}; expected {shown(expected)}."
    else:
        return _values_differ(answer, expected, rtol, atol)
    for where, a, e in pairs:
        if difference := differs(a, e, rtol, atol, None):
            return f"in {where}, {difference}"
    return ""


def _places(items: list[Any] | tuple[Any, ...], names: Sequence[str] | None) -> list[str]:
    """Return what to call each item: by its name, or else by its place.

    A tuple is what ``return a, b`` makes, and nobody counts that from 0; an item of a list has an index.
    """
    if names and len(names) == len(items) <= len(ORDINALS):
        return [f"{name} (the {nth} returned value)" for name, nth in zip(names, ORDINALS, strict=False)]
    if isinstance(items, tuple) and len(items) <= len(ORDINALS):
        which = "its {} value" if names is None else "the {} of the returned values"
        return [which.format(nth) for nth in ORDINALS[: len(items)]]
    return [f"the item at index {i}" for i in range(len(items))]


def _values_differ(answer: Any, expected: Any, rtol: float, atol: float) -> str:
    a, e = _array(answer), _array(expected)
    exact = e.dtype.kind in "biu"
    with np.errstate(all="ignore"):
        error = np.abs(a.astype(complex) - e.astype(complex))
        allowed = 0.0 if exact else atol + rtol * np.abs(e)
        same = (np.isfinite(e) & (error <= allowed)) | (a == e) | (np.isnan(a) & np.isnan(e))
    if same.all():
        return ""
    said = f"you returned {shown(answer)}; expected {shown(expected)}"
    place = tuple(int(i) for i in np.argwhere(~same)[0])
    at = f"first at index {list(place)}: {shown(a[place])} for {shown(e[place])}, " if place else ""
    with np.errstate(all="ignore"):
        relative = float(error[place] / np.abs(e[place]))
    if exact:
        return f"{said}."
    size = f"relative error {relative:.2g}, allowed {rtol:.2g}" if math.isfinite(relative) and rtol else ""
    detail = (at + size).rstrip(", ")
    return f"{said} ({detail})." if detail else f"{said}."


def _array(number: Any) -> np.ndarray:
    """Return a number or array as an array; a whole number beyond 64 bits, which no array holds, as infinity."""
    array = np.asarray(number)
    return array if array.dtype.kind != "O" else np.asarray(math.inf if number > 0 else -math.inf)


def introduced(kind: str, value: Any) -> str:
    """Return a kind with its article, and the value."""
    return kind if value is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}, {shown(value)}"


def kind_of(value: Any) -> str:
    """Name what a value is, in a student's words; 0-d arrays and NumPy's numbers are numbers."""
    match value:
        case None:
            return "None"
        case bool() | np.bool_():
            return "truth value"
        case str():
            return "text"
        case dict():
            return "dict"
        case list():
            return "list"
        case tuple():
            return "tuple"
    array = _array(value)
    if array.ndim == 0:
        names = {"b": "truth value", "c": "complex number"}
        return names.get(array.dtype.kind, "number")
    names = {"b": "array of truth values", "c": "complex array"}
    return f"{names.get(array.dtype.kind, 'array')} of shape {array.shape}"


def shown(value: Any) -> str:
    """Return a short text of a plain value: enough digits to see a difference, never a page."""
    match value:
        case bool() | np.bool_() | None:
            return str(value)
        case str():
            return repr(value if len(value) <= 200 else value[:200] + "...")
        case int():
            return str(value) if abs(value) < 10**20 else f"{str(value)[:20]}... ({len(str(value))} characters)"
        case float() | complex() | np.number():
            return f"{value:.10g}"
        case dict():
            return "{" + ", ".join(f"{k}: {shown(v)}" for k, v in list(value.items())[:12]) + "}"
        case list() | tuple():
            items = ", ".join(shown(v) for v in value[:12]) + (", ..." if len(value) > 12 else "")
            only = "," if len(value) == 1 else ""  # (x) is x, not a tuple of one
            return f"[{items}]" if isinstance(value, list) else f"({items}{only})"
    return np.array2string(np.asarray(value), max_line_width=1000, precision=8, threshold=40, edgeitems=3)


def describe_inputs(inputs: Mapping[str, Any]) -> str:
    """Return inputs as a student would write them."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in inputs.items()) or "no input"
