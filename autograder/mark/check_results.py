"""Marking one check: outcomes in, marks and words out. Trusted; sees plain data, never student code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.ground.check import Check
from autograder.ground.runs import called
from autograder.ground.untrusted_text import bounded, visible
from autograder.mark.compare import describe_inputs, list_for_array
from autograder.mark.faults import Asked, exhibit_for, fault
from autograder.mark.mistakes import named_mistakes
from autograder.mark.slips import slip_of
from autograder.mark.work import shows_work

# How a check's sentence ends that says what it was tried on, or has a last paragraph on how to read what is shown.
NOTE = re.compile(r"(\s*\(Tried |\n\n\().*\)$", re.DOTALL)
TOO_LONG = "is there a loop that never ends?"  # how `run.worker` asks when it stops code by its processor time
WAITS = "does it wait for something?"  # and by the clock on the wall
ELSEWHERE = "raised in another cell"  # how `answers.describe` says that what was called was at work
LISTS = (
    "You returned a list where an array is usual, and its numbers count. An array, `np.array(values)`, can do more: "
    "`2 * a` and `a + b` compute with every number, where a list is repeated or made longer."
)
NOT_ASKED = "it was never asked"
# What a finding says of the input, before it says what was seen.
SEEN = re.compile(
    r"^With .*?,\s+(?=you returned |in |your code |your function |the check could |it does not )", re.DOTALL
)
MAX_SEEN = 120  # characters of what was seen, in a table
MAX_FINDING = 3000  # characters
NOT_DONE = "This part is not done yet: its cell still raises NotImplementedError."


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    `finding` is "" or says how the answer differs, with the input, and whether the reference's earlier parts stood in
    for the student's; `mistake` is the known mistake that gives the same answers, in words, or None, and `mistake_ids`
    holds its id: where several mistakes give these answers, both hold them all. `hint` is the concept and its place in
    the book. `message` says all three. `at_odds` are earlier parts that pass their own checks, and in whose place the
    reference's had to stand for this one to pass: they do not fit together. `work` says whether something was worked
    out: see `mark.work`. `seed` is what its inputs were drawn from, where a submission has been run.
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
    mistake_ids: tuple[str, ...] = ()
    at_odds: tuple[str, ...] = ()
    work: bool = True
    seed: int | None = None

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
        return "\n".join(filter(None, (self.finding, self.hint if not self.passed else "", self.recognised)))

    @property
    def begun(self) -> bool:
        """Whether the part's cell is not any more as it was handed out: a part not begun has neither hint nor mistake.

        Examples
        --------
        >>> [CheckResult("area", "...", 0, 2, False, seen).begun for seen in (NOT_DONE, "you returned 4.")]
        [False, True]
        """
        return not self.finding.startswith(NOT_DONE) and "NotImplementedError" not in self.finding

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        if self.passed:
            return "Right"
        if self.points >= self.max_points:
            return "Not right yet, and counted with another check"
        return "Partly right" if self.points else "Stopped" if self.stopped else "Not right yet"

    @property
    def seen(self) -> str:
        r"""What is wrong in one line, for a table: the known mistake, or else what was seen, without its input.

        Examples
        --------
        >>> CheckResult("area", "...", 0, 2, False, "With radius = 3, you returned 4;\n expected 28.3.").seen
        'you returned 4; expected 28.3.'
        """
        said = " ".join((self.mistake or SEEN.sub("", self.finding, count=1)).split())
        return bounded(said, MAX_SEEN)

    @property
    def recognised(self) -> str:
        """The sentence that names the mistake, and says no more than what is known; "" where none was recognised."""
        if not self.mistake:
            return ""
        these = "each of these mistakes would give" if len(self.mistake_ids) > 1 else "this mistake would give"
        return f"What came out is what {these}: {self.mistake}."


def mark_check(check: Check, trials: Sequence[Asked], cell_error: str = "", *, quiet: bool = False) -> CheckResult:
    """Judge one check from its trials.

    Parameters
    ----------
    check : Check
    trials : sequence of Asked
        All trials of the check, in order.
    cell_error : str
        What the part's solution cell raised when it ran, or "".
    quiet : bool
        Whether to say nothing of what the notebook answered, but the input and that it does not come out right.

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
        return CheckResult(check.id, check.sentence, points, check.points, True, _with_lists(check, trials))
    trial, text = min(wrong, key=lambda pair: _size(pair[0], pair[1]))
    if cell_error and trial.outcome.kind in ("missing", "raised"):
        text += f" {called(check.part)} itself had stopped with {cell_error}."
    not_done = trial.outcome.kind == "raised" and trial.outcome.value == "NotImplementedError"
    if not_done:
        text = NOT_DONE
    elif quiet:
        text = f"With {describe_inputs(trial.inputs)}, it does not come out right."
    elif slip := slip_of(check, trials):
        text = f"{text} {slip}"
    elif check.breaks:  # each trial is another exhibit, and each is told
        text = _of_each_exhibit(wrong)
    text = visible(bounded(text, MAX_FINDING))
    ids = () if not_done else named_mistakes(check, trials)
    mistake = "; or ".join(check.mistakes[id].words for id in ids) or None
    stopped = any(t.outcome.kind == "stopped" for t in trials)
    return CheckResult(
        check.id, check.sentence, points, check.points, False, text, mistake, check.hint, stopped, ids,
        work=any(map(shows_work, trials)),
    )  # fmt: skip


def _of_each_exhibit(wrong: Sequence[tuple[Asked, str]]) -> str:
    """Tell the faults of exhibits, a line each; what is the same of several is told once, with all their names."""
    told: dict[str, list[str]] = {}
    for trial, text in wrong:
        name = trial.inputs["exposes"]
        told.setdefault(text.removeprefix(exhibit_for(name)), []).append(name)
    return "\n".join(exhibit_for(*names) + rest if rest[0] in " ," else rest for rest, names in told.items())


def smallest(check: Check, trials: Sequence[Asked]) -> Asked | None:
    """Return the wrong trial that is told in the fewest words, to think through; None if all are right."""
    wrong = [trial for trial in trials if fault(check, trial)]
    return min(wrong, key=lambda trial: _size(trial, fault(check, trial)), default=None)


def _size(trial: Asked, text: str) -> tuple[bool, int]:
    """Return how much there is to think through; last comes what was never asked, since something else was stopped."""
    return trial.outcome.kind == "stopped" and NOT_ASKED in trial.outcome.text, len(text)


def _with_lists(check: Check, trials: Sequence[Asked]) -> str:
    """Return a sentence for who was right, and returned a list where an array is expected; else ""."""
    if check.accepts is None:
        pairs = ((trial.outcome.value, trial.answer_of("expected", check.expected)) for trial in trials)
        if any(list_for_array(*pair) for pair in pairs):
            return LISTS
    return ""


def tells_more(again: CheckResult, first: CheckResult) -> bool:
    """Whether the result with right earlier parts is the better one, or shows the mistake that is this part's own.

    Where both fail, and not alike, what the first shows is mixed up with the earlier parts' mistakes.
    """
    if again.points != first.points:
        return again.points > first.points
    return again.finding != first.finding and not again.stopped


def ends_never(result: CheckResult) -> bool:
    """Whether the check was stopped by its time, in the student's cell for this part and not in one that it calls."""
    by_time = TOO_LONG in result.finding or WAITS in result.finding
    return result.stopped and by_time and ELSEWHERE not in result.finding


def tried_with(check: Check, passed: bool, needs_right: bool = False) -> str:
    """Say that a check was tried with right earlier parts; nothing where it failed and the student's are right."""
    if needs_right and not passed:
        return ""
    yours = "; with yours it does not come out right yet" if passed else ""
    return f"(Tried with a right {' and '.join(check.needs)} in place of yours{yours}.)"


def do_not_fit(check: Check, parts: Sequence[str]) -> str:
    """Say that a part and earlier ones do not fit together, though each passes its own checks."""
    names = " and ".join(f"`{part}`" for part in parts)
    return (
        f"(Your `{check.part}` and your {names} do not fit together, though {names} passes its own checks: with the "
        f"reference's {names} this comes out right. Look at what one hands to the other.)"
    )
