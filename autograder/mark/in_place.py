"""Marking tests that ran in place, as cells of the notebook: what a cell's end says becomes marks and words.

What is told keeps hidden tests hidden: neither their lines nor what was raised by them in words stands in feedback.
"""

from __future__ import annotations

import math
import re

from autograder.ground.cell_tests import gives_points, hidden_lines
from autograder.ground.check import Check
from autograder.ground.runs import NOT_ENDED, CellRun
from autograder.ground.untrusted_text import bounded, visible
from autograder.mark.check_results import MAX_FINDING, NOT_DONE, CheckResult

PLACE = re.compile(
    r" \((?:at )?line (?P<line>\d+): (?P<text>.*?)(?:; raised in another cell, (?P<own>line .*))?\)$", re.DOTALL
)
NUMBER = re.compile(r"(?:np\.\w+\()?(?P<number>[-+]?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+|inf|nan))\)?")


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
        return _with_points(check, ran, source)
    text = _told(ran, source)
    return CheckResult(
        check.id, check.sentence, 0.0, check.points, False, visible(bounded(text, MAX_FINDING)), None, check.hint,
        ran.stopped,
    )  # fmt: skip


def _with_points(check: Check, ran: CellRun, source: str) -> CheckResult:
    """Return full points, or those that the cell's last line gives: a number between 0 and the test's points."""
    found = NUMBER.fullmatch(ran.value.strip()) if gives_points(source) else None
    given = float(found["number"]) if found else check.points
    points = 0.0 if math.isnan(given) else min(max(given, 0.0), check.points)
    if points >= check.points:
        return CheckResult(check.id, check.sentence, check.points, check.points, True)
    said = f"These tests give {points:g} of {check.points:g} points."
    return CheckResult(check.id, check.sentence, round(points, 2), check.points, False, said, None, check.hint)


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
