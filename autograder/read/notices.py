"""What is to be said of the cells of a submission: to the student, and to the person who looks where marks mislead.

Nothing here changes what is run or marked. What was lost, doubled, turned into text or written where nobody looks for
it is named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.syntax import NO_PYTHON, parsed
from autograder.ground.untrusted_text import listed
from autograder.read.ipython_syntax import plain_python
from autograder.read.lost_cells import Handed

OWN = ("solution", "carried", "manual")  # the roles of cells in which a student writes
BLANK = "raise NotImplementedError"  # stands in a cell that is not done
PLACEHOLDERS = ("YOUR ANSWER HERE", "YOUR CODE HERE")  # as nbgrader's release writes them
ASKS = re.compile(r"(?m)^[^#\n]*(?<![\w.])input[ \t]*\(")


def notices(cells: Sequence[Handed], problem_set: ProblemSet) -> list[str]:
    """Say what is missing or doubled in a submission, and what happens to it."""
    ids = {c.grade_id for c in cells if c.grade_id}
    said = []
    if deleted := [c.grade_id for c in problem_set.cells if c.role == "test" and c.grade_id not in ids]:
        said.append(
            f"Test cells were deleted ({listed(deleted)}). That changes nothing: checks come from the instructor."
        )
    if deleted := [c.grade_id for c in problem_set.cells if c.role == "solution" and c.grade_id not in ids]:
        said.append(
            f"Solution cells are missing ({listed(deleted)}). What other cells define in their place was marked."
        )
    doubled = {c.grade_id for c in _later_copies(cells)}
    if here := sorted(doubled - {c.grade_id for c in problem_set.cells if c.role in OWN}):
        said.append(f"Cells were copied with their ids ({listed(here)}). That changes nothing.")
    if any(c.cell_type == "code" and ASKS.search(c.source) for c in cells):
        said.append("Nobody answers `input()` when your notebook is marked: each question gets the answer 1.")
    return said + to_look_at(cells, problem_set)


def to_look_at(cells: Sequence[Handed], problem_set: ProblemSet) -> list[str]:
    """Say what was done to cells by which the marks may not be what was meant."""
    own = {c.grade_id: c.cell_type for c in problem_set.cells if c.role in OWN}
    code = {id for id, cell_type in own.items() if cell_type == "code"}
    said = []
    if retyped := [c.grade_id for c in cells if c.grade_id in code and c.cell_type != "code"]:
        said.append(
            f"Code cells were turned into text ({listed(retyped)}), so they did not run. "
            f"In Jupyter, select the cell, press Esc and then Y, run it, and save."
        )
    doubled = {c.grade_id for c in _later_copies(cells)}
    copies = {id: [c.source for c in cells if c.grade_id == id and c.cell_type == "code"] for id in doubled & code}
    if here := sorted(copies):
        said.append(f"Cells were copied with their ids ({listed(here)}). All were run, in the order of the file.")
    if over := sorted(id for id, all in copies.items() if len({BLANK in c for c in all}) == 2 and BLANK in all[-1]):
        said.append(
            f"A blank copy of a cell stands behind your answer and takes its place ({listed(over)}). Delete the copy."
        )
    if here := sorted(doubled & set(own) - code):
        said.append(f"Cells were copied with their ids ({listed(here)}). The person who marks them sees all of them.")
    return said + _written_elsewhere(cells, problem_set)


def _written_elsewhere(cells: Sequence[Handed], problem_set: ProblemSet) -> list[str]:
    """Say which given cells were changed, and where text stands that may be the answer to a blank question."""
    given = {cell.grade_id: cell for cell in problem_set.cells if cell.role == "given"}
    first = {cell.grade_id: cell for cell in reversed(cells) if cell.grade_id in given}
    changed = {id: cell.cell_type for id, cell in first.items() if not _alike(cell, given[id].source)}
    said = []
    if code := sorted(id for id in changed if given[id].cell_type == "code"):
        said.append(f"Given cells were changed ({listed(code)}). They were run as they were handed out.")
    if text := sorted(changed.keys() - set(code)):
        said.append(f"Text that was given was changed ({listed(text)}). What was written there is not marked.")
    blank = _blank_parts(cells, problem_set)
    own = {cell.source.strip() for cell in problem_set.cells if cell.cell_type == "markdown" and not cell.grade_id}
    places = [
        f"cell {number}"
        for number, cell in enumerate(cells, 1)
        if not cell.grade_id and cell.cell_type != "code" and cell.source.strip() and cell.source.strip() not in own
    ]
    if blank and places:
        said.append(
            f"Text stands in new cells ({listed(places)}), and parts that a person marks hold no answer "
            f"({listed(blank)}). If it is one, it belongs there."
        )
    return said


def _alike(cell: Handed, given: str) -> bool:
    """Whether a cell says what was given: the same text but for spaces, or the same program."""
    if cell.source.split() == given.split():
        return True
    if cell.cell_type != "code" or len(cell.source) > 10 * (len(given) + 1000):
        return False
    try:
        one, other = (ast.dump(parsed(plain_python(source))) for source in (cell.source, given))
    except NO_PYTHON:
        return False
    return one == other


def _blank_parts(cells: Sequence[Handed], problem_set: ProblemSet) -> dict[str, str]:
    """Return by their ids the parts that a person marks and that are missing, empty or still hold a placeholder."""
    sources = {cell.grade_id: cell.source for cell in reversed(cells) if cell.grade_id}
    found = {}
    for id in (cell.grade_id for cell in problem_set.manual_cells):
        source = sources.get(id)
        if source is None:
            found[id] = "is missing. Take it from the notebook that you were given"
        elif placeholder := next((words for words in PLACEHOLDERS if words in source), ""):
            found[id] = f"still reads {placeholder}. Write your answer in its place"
        elif not source.strip():
            found[id] = "is empty. Write your answer there"
    return found


def _later_copies(cells: Sequence[Handed]) -> list[Handed]:
    """Return the cells whose id stands in an earlier cell too."""
    seen: set[str] = set()
    copies = []
    for cell in cells:
        if cell.grade_id in seen:
            copies.append(cell)
        elif cell.grade_id:
            seen.add(cell.grade_id)
    return copies


def unanswered(cells: Sequence[Handed], problem_set: ProblemSet) -> list[str]:
    """Say of each part that a person marks and that is empty, missing or still holds the placeholder, what to do.

    Such a part is still shown to the person who marks: an answer may stand in another cell. It is better where it is
    looked for.
    """
    blank = _blank_parts(cells, problem_set)
    return [f"The cell {id}, which a person marks, {why}." for id, why in blank.items()]
