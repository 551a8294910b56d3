"""The root cause: a cell that stopped, and whose names later cells and checks then lack.

An import that is refused, or a slip in a cell of the student's own, shows itself later as one NameError after another.
So what stopped first is said first, once, with what may be done about it. Student code is looked at as text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from autograder.ground.runs import Cell, CellRun, called
from autograder.mark.check_results import CheckResult

REFUSED = "this problem set may import only"  # the words of `run.worker.DeclaredFinder`
LACKS = re.compile(r"NameError: name '(\w+)' is not defined|Your notebook defines no `(\w+)`")
DEFINING = re.compile(r"\s*(?:import|from|with|for|def|class|async)\s")
TARGET = re.compile(r"[^=([{]*+=(?!=)")
WORD = re.compile(r"\w+")
MAX_SOURCE, MAX_LINE = 20_000, 300  # characters of a cell, and of one of its lines, that are looked at
MEND = "Mend this cell first."
NO_FILE = (
    "No other file comes along with a notebook: when it is marked, there are just the problem set's own files. "
    "Write your data into a cell."
)
MAX_TOLD = 3  # who has more causes mends these first


def root_causes(
    code: Sequence[Cell],
    ran: Sequence[CellRun],
    results: Sequence[CheckResult],
    parts: Iterable[str],
    imports: Sequence[str],
) -> str:
    """Say which cells stopped, with what, what is missing since then, and what to do; "" where nothing follows.

    Parameters
    ----------
    code : sequence of Cell
        The cells that were run.
    ran : sequence of CellRun
        How they ended.
    results : sequence of CheckResult
        What the checks found. Where all passed, no stopped cell did any harm.
    parts : iterable of str
        The solution cells that checks judge: what stops in one of them is told beside its checks, unless an import
        was refused.
    imports : sequence of str
        What the problem set declares.

    Examples
    --------
    >>> cell = Cell("cell 2", "scale = 1 / 0")
    >>> ended = CellRun("cell 2", "ZeroDivisionError: division by zero (line 1: scale = 1 / 0)")
    >>> result = CheckResult("area", "...", 0, 2, False, "your code raised NameError: name 'scale' is not defined.")
    >>> print(root_causes([cell], [ended], [result], ["area"], ["numpy"]))
    Cell 2 stopped with ZeroDivisionError: division by zero (line 1: scale = 1 / 0). What comes after it misses \
`scale`. Mend this cell first.
    """
    failed = [result.finding for result in results if not result.passed]
    if not failed:
        return ""
    errors = {cell.name: cell.error for cell in ran if cell.error and not cell.stopped}
    lacking = _lacking([*errors.values(), *failed])
    judged = set(parts)
    said = []
    for cell in code:
        error = errors.get(cell.name, "")
        missing = sorted(lacking.keys() & defined_in(cell.source), key=lacking.__getitem__) if error else []
        if REFUSED in error:
            allowed = ", ".join(["the standard library", *imports])
            advice = f"This problem set may import: {allowed}. Take the import out, and do the same without it."
            said.append(_told(cell.name, re.sub(rf": {REFUSED} [^(]*", " ", error), missing, advice))
        elif missing and (cell.part or cell.name) not in judged:
            said.append(_told(cell.name, error, missing, NO_FILE if "FileNotFoundError" in error else MEND))
    return "\n".join(said[:MAX_TOLD])


def defined_in(source: str) -> set[str]:
    """Return the names that lines of the source seem to define: by import, `def`, `class`, `for`, `as` or `=`.

    Examples
    --------
    >>> ["pd" in defined_in(line) for line in ("import pandas as pd", "a, pd = 1, 2", "def pd(x):", "for pd in [1]:")]
    [True, True, True, True]
    >>> ["pd" in defined_in(line) for line in ("x = pd.mean()", "f(pd=1)", "pd == 1", "# import pd", "pdf = 1")]
    [False, False, False, False, False]
    """
    found: set[str] = set()
    for line in source[:MAX_SOURCE].splitlines():
        text = line[:MAX_LINE]
        if keyword := DEFINING.match(text):
            found.update(WORD.findall(text, keyword.end()))
        elif target := TARGET.match(text):
            found.update(WORD.findall(target[0].partition("#")[0]))
    return found


def _lacking(texts: Iterable[str]) -> dict[str, int]:
    """Return the names that errors and findings miss, each with its place among them."""
    found = (match[1] or match[2] for text in texts for match in LACKS.finditer(text))
    return {name: place for place, name in enumerate(dict.fromkeys(found))}


def _told(name: str, error: str, missing: Sequence[str], advice: str) -> str:
    names = " and ".join(f"`{name}`" for name in missing[:MAX_TOLD])
    misses = f" What comes after it misses {names}." if names else ""
    return f"{called(name)} stopped with {error.rstrip('.')}.{misses} {advice}"
