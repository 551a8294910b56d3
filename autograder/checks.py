"""The author's interface; see `autograder.ground.check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from autograder.ground.check import Check, CheckError, CheckFile, check, load_checks, raised

if TYPE_CHECKING:
    from autograder.authoring.instant_checks import InstantChecks

__all__ = ["Check", "CheckError", "CheckFile", "check", "load_checks", "problem_set", "raised"]


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
        ps1.hint("forward-difference")      # the concept; called again, the likely mistake
    """
    from autograder.authoring.instant_checks import InstantChecks

    return InstantChecks.open(id, exercises, sys._getframe(1).f_globals)
