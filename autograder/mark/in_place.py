"""Marking tests that ran in place, as cells of the notebook: what a cell's end says becomes marks and words.

What is told keeps hidden tests hidden: neither their lines nor what was raised by them in words stands in feedback.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Sequence

from autograder.ground.cell_tests import hidden_lines
from autograder.ground.check import Check
from autograder.ground.runs import CellRun
from autograder.ground.syntax import python_lines
from autograder.ground.untrusted_text import bounded, visible
from autograder.mark.check_results import ELSEWHERE, MAX_FINDING, NOT_DONE, CheckResult

# What may be named of what a test raises: a name of somebody's own could hold what is hidden.
NAMED = {name for name, value in vars(builtins).items() if isinstance(value, type)}


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
    """Return the points that the cell's last line gives: a number between 0 and all; all, where it is no number."""
    match ran.value:
        case None | True:
            given = check.points
        case bool() | float() as number if math.isfinite(number):
            given = min(max(float(number), 0.0), check.points)
        case what:
            said = f"These tests end in {what}, which is no number of points: they give 0 of {check.points:g} points."
            return CheckResult(check.id, check.sentence, 0.0, check.points, False, said, None, check.hint)
    if given >= check.points:
        return CheckResult(check.id, check.sentence, check.points, check.points, True)
    said = f"These tests give {given:g} of {check.points:g} points."
    return CheckResult(check.id, check.sentence, round(given, 2), check.points, False, said, None, check.hint)


def _told(ran: CellRun, source: str) -> str:
    """Return what a student is told of a test that did not pass.

    What hidden lines have to do with is not told in the student's own words, which may repeat them.
    """
    if ran.cut_off:
        return f"The tests were {ran.error}"
    kind, message, place = ran.raised or ("", "", "")
    if kind == "NotImplementedError":
        return NOT_DONE
    lines, hidden = python_lines(source), hidden_lines(source)
    secrets = [text for n in hidden if len(text := _plain(lines[n - 1])) > 3]
    own = place.partition(f"; {ELSEWHERE}, ")[2]
    own = own.partition(":")[0] if _holds(own, secrets) else own
    own = f" It was raised in your cell, {own}." if own else ""
    if hidden and kind not in NAMED:
        kind, message = "an exception", ""
    if hidden and (not ran.lines or not hidden.isdisjoint(ran.lines)):
        what = "was stopped, since it took too long" if ran.stopped else f"did not pass ({kind})"
        return f"A hidden test {what}.{own}"
    if ran.stopped:
        return f"The tests were stopped{'' if _holds(ran.error, secrets) else f': {ran.error}'}"
    message = "" if _holds(message, secrets) else message
    at = ran.lines[-1] if ran.lines else 0
    line = f"Line {at} of the tests, `{lines[at - 1].strip()}`," if 0 < at <= len(lines) else "The tests"
    return f"{line} raised {kind}{f': {message}' if message else ''}.{own}"


def _holds(text: str, secrets: Sequence[str]) -> bool:
    """Whether one of the lines stands in a text."""
    return any(secret in _plain(text) for secret in secrets)


def _plain(text: str) -> str:
    """Return a text without the spaces in it, to find a line however it is laid out."""
    return "".join(text.split())
