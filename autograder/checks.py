"""The author's interface: a check is a class that reads as a sentence.

.. code-block:: python

    from autograder.checks import Mistake, check

    @check("product-rule", part="dual-mul", points=3)
    class ProductRule:
        \"\"\"The product of two dual numbers follows the product rule.\"\"\"       # the student reads this

        trials = 5
        def inputs(rng): ...                  # trusted: fresh plain data, a dict
        def probe(student, **inputs): ...     # sent as source to the worker; returns plain data
        def expected(**inputs): ...           # trusted: the reference's answer, or a closed form
        mistakes = {"product-of-tangents": Mistake("the product of the tangents", lambda **inputs: ...)}
        hint = "Chapter 3, section 'Arithmetic': ..."

Its functions take no `self`: the class is a way of writing, and is never instantiated. What it may say is the list
of attributes of `Check`. A probe sees its arguments, `np` and four helpers, nothing else of its file:
``unchanged(f, *arguments)`` calls a student's function that shall leave its arguments as they are, ``integers(answer)``
asks for whole numbers of a whole type, ``slope = called(slope)`` counts, so that ``slope.at_least(1)`` can ask, and
``promised(condition, words)`` holds any other promise.
Such a promise counts where the answer is right, and a mistake that breaks one answers ``Breaks("has changed `old`")``.
It is the student's process that says whether it was kept; the answer alone is judged outside. So little should rest on
a promise; ``offers`` keeps a count outside.

A class that says ``breaks = [Wrong(id, words, gives, at_most), ...]`` asks for exhibits: see
`autograder.ground.exhibits`, whose grammar and classes are here, too.

Beside the checks, a file may declare ``IMPORTS`` (what notebooks of the set may import beside the standard library;
``("numpy", "matplotlib")`` if it says nothing) and ``SECONDS`` (the time a whole submission may take; 60).

What makes the file long stands in files beside it, which it imports: ``from . import formulas, inputs, mistakes``.
Draws that several sets need are in `autograder.drawing`.

Students use this module too: `problem_set("ps1")` gives a notebook its instant checks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from autograder.ground.answers import HELPERS, Promises
from autograder.ground.cell_tests import cell_test
from autograder.ground.check import (
    Breaks,
    Check,
    CheckError,
    CheckFile,
    Mistake,
    Raises,
    answering,
    check,
    load_checks,
    raised,
)
from autograder.ground.exhibits import Exhibit, NoExhibit, Wrong, a_text, number, operations, read_expression

if TYPE_CHECKING:
    from autograder.authoring.instant_checks import InstantChecks

# For whoever reads: a probe has its own.
unchanged, integers, called, promised = (getattr(Promises(), name) for name in HELPERS)

__all__ = [
    "Breaks",
    "Check",
    "CheckError",
    "CheckFile",
    "Exhibit",
    "Mistake",
    "NoExhibit",
    "Raises",
    "Wrong",
    "a_text",
    "answering",
    "called",
    "cell_test",
    "check",
    "integers",
    "load_checks",
    "number",
    "operations",
    "problem_set",
    "promised",
    "raised",
    "read_expression",
    "unchanged",
]


def problem_set(id: str, exercises: str | None = None) -> InstantChecks:
    """Open a problem set's instant checks in a notebook.

    Parameters
    ----------
    id : str
        The problem set, for example "ps1".
    exercises : str, optional
        The folder of problem sets; where it is not given, the working folder's and the installed courses' are searched.

    Examples
    --------
    In a notebook::

        ps1 = problem_set("ps1")
        ps1.check("forward-difference")     # right or wrong, and how it differs
        ps1.hint("forward-difference")      # the concept; called again, a mistake that gives it
    """
    from autograder.authoring.instant_checks import InstantChecks

    return InstantChecks.open(id, exercises, sys._getframe(1).f_globals)
