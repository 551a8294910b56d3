"""Marking tests that ran in place, as cells of the notebook: what a cell's end says becomes marks and words.

What is told keeps hidden tests hidden: neither their lines nor what was raised by them in words stands in feedback.
"""

from __future__ import annotations

import builtins
import math
import re

from autograder.ground.cell_tests import hidden_lines
from autograder.ground.check import Check
from autograder.ground.runs import NOT_ENDED, CellRun
from autograder.ground.untrusted_text import bounded, visible
from autograder.mark.check_results import MAX_FINDING, NOT_DONE, CheckResult

PLACE = re.compile(
    r" \((?:at )?line (?P<line>\d+): (?P<text>.*?)(?:; raised in another cell, (?P<own>line .*))?\)$", re.DOTALL
)
# What may be named of what a test ends in that is no number: a name of somebody's own could hold what is hidden.
NAMED = {"nan", "inf", "-inf", "ndarray"} | {name for name, value in vars(builtins).items() if isinstance(value, type)}


def result_in_place(check: Check, ran: CellRun, source: str) -> CheckResult:
    """Return what a test cell found.

    Parameters
    ----------
    check : Check
    ran : CellRun
        How the cell ended.
    source : str
        The instructor's cell, hidden tests included.
    """
    if not ran.error:
        return _with_points(check, ran)
    text = _told(ran, source)
    return CheckResult(
        check.id, check.sentence, 0.0, check.points, False, visible(bounded(text, MAX_FINDING)), None, check.hint,
        ran.stopped,
    )  # fmt: skip


def _with_points(check: Check, ran: CellRun) -> CheckResult:
    """Return the points that the cell's last line gives: all if it is None or True, a number between 0 and them."""
    match ran.value:
        case None | True:
            given = check.points
        case bool() | float() as number if math.isfinite(number):
            given = min(max(float(number), 0.0), check.points)
        case what:
            name = f"`{what}`" if what in NAMED else "something"
            said = f"These tests end in {name}, which is no number of points: they give 0 of {check.points:g} points."
            return CheckResult(check.id, check.sentence, 0.0, check.points, False, said, None, check.hint)
    if given >= check.points:
        return CheckResult(check.id, check.sentence, check.points, check.points, True)
    said = f"These tests give {given:g} of {check.points:g} points."
    return CheckResult(check.id, check.sentence, round(given, 2), check.points, False, said, None, check.hint)


def _told(ran: CellRun, source: str) -> str:
    """Return what a student is told of a test that did not pass."""
    if ran.error.startswith(NOT_ENDED):
        return f"The tests were {ran.error}"
    place = PLACE.search(ran.error)
    words = ran.error[: place.start()] if place else ran.error
    kind, _, message = words.partition(": ")
    if kind == "NotImplementedError":
        return NOT_DONE
    hidden = hidden_lines(source)
    own = f" It was raised in your cell, {place['own']}." if place and place["own"] else ""
    if hidden and (place is None or int(place["line"]) in hidden):
        what = "was stopped, since it took too long" if ran.stopped else f"did not pass ({bounded(kind, 60)})"
        return f"A hidden test {what}.{own}"
    if ran.stopped:
        return f"The tests were stopped: {ran.error}"
    line = f"Line {place['line']} of the tests, `{place['text'].strip()}`," if place else "The tests"
    return f"{line} raised {kind}{f': {message}' if message else ''}.{own}"
