"""Tests that are cells of the notebook, as nbgrader has them: they run in place, between the student's cells.

A check sends inputs into the sandbox and judges outside of it what comes back. Such a test judges by itself, in the
process in which student code has run: who sets out to can read its hidden lines there, and make it pass. So it is for
courses that move here as they are (`autograder import`), and true of honest work alone.
"""

from __future__ import annotations

from autograder.ground.check import Check, CheckError
from autograder.ground.syntax import python_lines

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


def cell_test(id: str, *, points: float, part: str = "", sentence: str = "", hint: str = "") -> Check:
    """Return the check that passes where the notebook's test cell of that grade_id raises nothing.

    Where the cell ends in an expression that is a number, this is its points, as in nbgrader; True is all of them.
    Where it ends in a table, a figure or anything else that is no number, that is shown and says nothing of points; a
    number that is not finite gives none.

    Parameters
    ----------
    id : str
        The grade_id of the test cell, whose source stands in `notebook.md`, hidden tests included.
    points : float
        As in the notebook.
    part : str
        The grade_id of the solution cell that it is about, if there is one.
    sentence : str
        What must be true, for the student.
    hint : str
        The concept, and where it is explained.

    Raises
    ------
    CheckError
        If it is worth less than nothing.

    Examples
    --------
    >>> cell_test("test-area", points=2, part="area").sentence
    'The tests in the cell `test-area` pass.'
    """
    if points < 0:
        raise CheckError(f"The test {id!r} is worth {points} points; a test is worth 0 or more.")
    return Check(
        id, part, float(points), (), sentence or f"The tests in the cell `{id}` pass.", trials=0,
        inputs=lambda rng: {}, probe_source="", expected=lambda: None, accepts=None, mistakes={}, returns=(), hint=hint,
        picture=None, partial=False, rtol=0.0, atol=0.0, seconds=0.0, home="private", in_place=True,
    )  # fmt: skip


def hidden_lines(source: str) -> frozenset[int]:
    r"""Return the numbers of the lines of a test cell that students do not get.

    Examples
    --------
    >>> sorted(hidden_lines("assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS\n"))
    [2, 3, 4]
    """
    hidden, inside = set(), False
    for number, line in enumerate(python_lines(source), 1):
        inside = inside or BEGIN in line
        if inside:
            hidden.add(number)
        inside = inside and END not in line
    return frozenset(hidden)
