"""Parts that a person marks: which of them are not answered yet, in words for the student before handing in."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.ground.problem_sets import ProblemSet
from autograder.read.submission import SubmittedCell

PLACEHOLDERS = ("YOUR ANSWER HERE", "YOUR CODE HERE")  # as nbgrader's release writes them


def unanswered(cells: Sequence[SubmittedCell], problem_set: ProblemSet) -> list[str]:
    """Say of each part that a person marks and that is empty, missing or still holds the placeholder, what to do.

    Such a part is still shown to the person who marks: an answer may stand in another cell. It is better where it is
    looked for.
    """
    sources = {cell.grade_id: cell.source for cell in reversed(cells) if cell.grade_id}
    said = []
    for id in (cell.grade_id for cell in problem_set.manual_cells):
        source = sources.get(id)
        if source is None:
            said.append(
                f"The cell {id}, which a person marks, is missing. Take it from the notebook that you were given."
            )
        elif placeholder := next((words for words in PLACEHOLDERS if words in source), ""):
            said.append(
                f"The cell {id}, which a person marks, still reads {placeholder}. Write your answer in its place."
            )
        elif not source.strip():
            said.append(f"The cell {id}, which a person marks, is empty. Write your answer there.")
    return said
