"""A problem set that has changed since it was recorded: its assignment in the gradebook is brought to the new version.

nbgrader refuses to add or remove graded cells once anybody has handed in. Here the cells are compared with those that
will be released; new ones are added, and removed ones, which would still count in the maximum, are written with all
their grades and comments into a file and deleted, all in one transaction. Who asks for it is shown first what goes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

ARCHIVE = "removed_parts.jsonl"


@dataclass(frozen=True)
class Migration:
    """What would change in the gradebook.

    Attributes
    ----------
    added, removed : tuple of str
        Graded cells.
    given : mapping of str to dict
        What stands at each removed cell, by student: scores and a person's comment.
    above : tuple of (str, str, float, float)
        Points by hand above a new maximum: student, cell, points, maximum.
    absent : tuple of str
        Students who have handed in and are not marked now: they would have nothing at an added cell.
    others : tuple of str
        Cells without points that are new or gone.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    above: tuple[tuple[str, str, float, float], ...] = ()
    absent: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.above or self.others)

    def words(self) -> list[str]:
        """Return what a person is asked about, in sentences."""
        said = [f"{cell} is new; it counts in the maximum." for cell in self.added]
        for cell in self.removed:
            earned = {s: g["points"] for s, g in self.given.get(cell, {}).items() if g["points"]}
            who = ", ".join(f"{s} {points:g}" for s, points in sorted(earned.items())) or "nobody has points there"
            said.append(f"{cell} is no longer there; its points go into {ARCHIVE} and count no more: {who}.")
        said += [
            f"{student} has {points:g} points by hand for {cell}, whose maximum is {most:g} now; it waits for a person."
            for student, cell, points, most in self.above
        ]
        if self.others:
            said.append(f"Cells without points are new or gone: {', '.join(self.others)}.")
        if self.added and self.absent:
            said.append(f"These are in the gradebook and not marked now, mark them too: {', '.join(self.absent)}.")
        return said


def needed(gradebook: Gradebook, assignment: str, released: Any, students: Sequence[str]) -> Migration:
    """Compare the gradebook's cells with those of the notebook that is released now."""
    from nbgrader.api import MissingEntry

    try:
        notebook = gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        return Migration()
    if not notebook.submissions:
        return Migration()
    new = _graded(released)
    old = {cell.name: cell for cell in [*notebook.grade_cells, *notebook.task_cells]}
    removed = tuple(name for name in old if name not in new)
    given: dict[str, dict[str, Any]] = {name: {} for name in removed}
    above = []
    for submission in notebook.submissions:
        student = submission.student.id
        comments = {comment.name: comment.manual_comment for comment in submission.comments}
        for grade in submission.grades:
            if grade.name in given:
                given[grade.name][student] = {
                    "points": float(grade.score), "automatic": grade.auto_score, "by_hand": grade.manual_score,
                    "extra": grade.extra_credit, "comment": comments.get(grade.name),
                }  # fmt: skip
            elif grade.manual_score is not None and grade.manual_score > new[grade.name]["points"]:
                above.append((student, grade.name, float(grade.manual_score), float(new[grade.name]["points"])))
    absent = {submission.student.id for submission in notebook.submissions} - set(students)
    wanted = _by_kind(released)
    others = wanted["solution"].keys() ^ {cell.name for cell in notebook.solution_cells}
    others |= wanted["source"].keys() ^ {cell.name for cell in notebook.source_cells}
    return Migration(
        tuple(name for name in new if name not in old),
        removed,
        given,
        tuple(above),
        tuple(sorted(absent)),
        tuple(sorted(others - new.keys() - old.keys())),
    )


def migrate(gradebook: Gradebook, assignment: str, released: Any, migration: Migration, folder: Path) -> None:
    """Bring the gradebook's cells to those of the released notebook; what goes is written into `folder` first."""
    from nbgrader import api

    if migration.removed:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ARCHIVE).open("a", encoding="utf-8", errors="backslashreplace") as file:
            for cell in migration.removed:
                line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "assignment": assignment, "cell": cell}
                file.write(json.dumps(line | {"given": migration.given.get(cell, {})}, ensure_ascii=False) + "\n")
    session = gradebook.db
    notebook = gradebook.find_notebook(assignment, assignment)
    try:
        for cell in [*notebook.grade_cells, *notebook.task_cells]:
            if cell.name in migration.removed:
                for grade in list(cell.grades):
                    session.delete(grade)
                for comment in list(getattr(cell, "comments", ())):
                    session.delete(comment)
                session.delete(cell)
        wanted = _by_kind(released)
        for kind, table, there in (
            ("solution", api.SolutionCell, notebook.solution_cells),
            ("source", api.SourceCell, notebook.source_cells),
        ):
            for cell in there:
                if cell.name not in wanted[kind]:
                    for comment in list(getattr(cell, "comments", ())):
                        session.delete(comment)
                    session.delete(cell)
            for name in wanted[kind].keys() - {cell.name for cell in there}:
                session.add(table(name=name, notebook=notebook, **wanted[kind][name]))
        for name in migration.added:
            about = _graded(released)[name]
            cell_type = api.TaskCell if about["task"] else api.GradeCell
            session.add(
                cell_type(name=name, notebook=notebook, max_score=about["points"], cell_type=about["cell_type"])
            )
        above = {(student, cell) for student, cell, _, _ in migration.above}
        for submission in notebook.submissions:
            for grade in submission.grades:
                if (submission.student.id, grade.name) in above:
                    grade.needs_manual_grade = True
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _graded(released: Any) -> dict[str, dict[str, Any]]:
    """Return the graded cells of a notebook: points, cell type, whether it is a task."""
    found = {}
    for cell in released.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") or about.get("task"):
            points = float(about.get("points") or 0.0)
            found[about["grade_id"]] = {
                "points": points, "cell_type": cell.cell_type, "task": bool(about.get("task"))
            }  # fmt: skip
    return found


def _by_kind(released: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the solution and source cells of a notebook, as nbgrader's `SaveCells` writes them."""
    from nbgrader import utils

    found: dict[str, dict[str, dict[str, Any]]] = {"solution": {}, "source": {}}
    for cell in released.cells:
        if utils.is_solution(cell):
            found["solution"][cell.metadata.nbgrader["grade_id"]] = {}
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell):
            found["source"][cell.metadata.nbgrader["grade_id"]] = {
                "cell_type": cell.cell_type, "locked": utils.is_locked(cell), "source": cell.source,
                "checksum": cell.metadata.nbgrader.get("checksum"),
            }  # fmt: skip
    return found
