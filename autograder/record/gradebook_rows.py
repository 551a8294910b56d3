"""The rows of nbgrader's gradebook for one problem set, written for many students in one transaction.

A transaction waits for the disk, and a query for Python: both are asked once a batch, whatever the number of students
and cells. What a person entered is never written here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.untrusted_text import inert_markdown
from autograder.mark.results import Result
from autograder.record.marked_copy import MarkedCopy

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy import Connection

NO_RESPONSE = "No response in this cell."  # almost nbgrader's words; that the answer is nowhere, a person must say


@dataclass(frozen=True)
class Entry:
    """What is written for one student: only the name, where nothing was handed in and `marked` is None.

    `path` is where the copy that a person marks lies, and `earlier` holds the answers in the one that lies there now,
    by cell; `at` is when the work was handed in, where that is known, and `handed_in` the file itself.
    """

    student: str
    result: Result
    path: Path
    marked: MarkedCopy | None = None
    earlier: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    handed_in: Path | None = None


class GradebookRows:
    """Writes entries by SQLAlchemy Core: the session of nbgrader's API would ask the gradebook 60 times a student.

    `names` are first name, last name and address of students, by id.
    """

    def __init__(
        self, gradebook: Gradebook, problem_set: ProblemSet, names: Mapping[str, tuple[str, str, str]] | None = None
    ):
        from nbgrader import api

        self.names = names or {}
        notebook = gradebook.find_notebook(problem_set.id, problem_set.id)
        self.engine = gradebook.engine
        self.parts = {check.id: check.part for check in problem_set.checks.checks}
        self.assignment_id, self.notebook_id = notebook.assignment_id, notebook.id
        graded = [*notebook.grade_cells, *notebook.task_cells]
        self.grade_cells = {cell.name: (cell.id, float(cell.max_score)) for cell in graded}
        self.comment_cells = {cell.name: cell.id for cell in [*notebook.solution_cells, *notebook.task_cells]}
        tables = (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
        self.student, self.submission, self.notebook, self.grade, self.comment = (t.__table__ for t in tables)
        self.new_id = api.new_uuid
        self.new_scores, self.new_comments = _new_scores(self.grade), _new_comments(self.comment)
        gradebook.db.rollback()  # ends the session's reading, which would hold a lock

    def write(self, entries: Sequence[Entry]) -> dict[str, tuple[float, float]]:
        """Write all entries or none; return the old and the new score of those who had one that changed."""
        marked = {entry.student: (entry, entry.marked) for entry in entries if entry.marked is not None}
        with self.engine.begin() as connection:
            self._enrol(connection, [entry.student for entry in entries])
            there = self._submitted(connection, marked)
            old = self._scores(connection, there.values())
            notebooks = there | self._submit(connection, [student for student in marked if student not in there])
            self._complete(connection, there.values(), notebooks.values())
            grades = [row for s, (e, copy) in marked.items() for row in self._grades(notebooks[s], e, copy)]
            words = [row for s, (e, copy) in marked.items() for row in self._comments(notebooks[s], e.result, copy)]
            for statement, rows in ((self.new_scores, grades), (self.new_comments, words)):
                if rows:
                    connection.execute(statement, rows)
            new = {student: entry for student, (entry, _) in marked.items() if student not in there}
            if unread := [s for s, e in new.items() if e.result.status in ("unreadable", "stopped")]:
                mine = self.notebook.c.id.in_([notebooks[student] for student in unread])
                connection.execute(self.notebook.update().where(mine).values(flagged=True))
            now = self._scores(connection, there.values())
        return {s: (old[n], now[n]) for s, n in there.items() if old[n] != now[n]}

    def _enrol(self, connection: Connection, students: Sequence[str]) -> None:
        """Make the students known, by their names where the roster has them; a name that is there already stays."""
        from sqlalchemy import bindparam, func, select

        table = self.student
        rows = connection.execute(select(table.c.id, table.c.last_name).where(table.c.id.in_(students)))
        known = {row.id: row.last_name for row in rows}
        if strangers := [{"id": student} for student in students if student not in known]:
            connection.execute(table.insert(), strangers)
        columns = ("first_name", "last_name", "email")
        named = [
            {"of_student": student, **dict(zip(columns, self.names[student], strict=True))}
            for student in students
            if student in self.names and not known.get(student)
        ]
        if named:
            values = {c: func.coalesce(func.nullif(table.c[c], ""), bindparam(c)) for c in columns}
            connection.execute(table.update().where(table.c.id == bindparam("of_student")).values(values), named)

    def _submitted(self, connection: Connection, students: Collection[str]) -> dict[str, str]:
        """Return the ids of the notebooks that are in the gradebook already, by student."""
        from sqlalchemy import select

        query = (
            select(self.submission.c.student_id, self.notebook.c.id)
            .join(self.notebook, self.notebook.c.assignment_id == self.submission.c.id)
            .where(self.submission.c.assignment_id == self.assignment_id)
            .where(self.notebook.c.notebook_id == self.notebook_id)
            .where(self.submission.c.student_id.in_(students))
        )
        return {student: str(notebook) for student, notebook in connection.execute(query)}

    def _submit(self, connection: Connection, students: Sequence[str]) -> dict[str, str]:
        """Write submissions with their notebooks; return the ids of the notebooks by student."""
        from sqlalchemy import select

        if not students:
            return {}
        table = self.submission
        mine = (table.c.assignment_id == self.assignment_id) & table.c.student_id.in_(students)
        found = connection.execute(select(table.c.student_id, table.c.id).where(mine))
        submissions = {row.student_id: row.id for row in found}
        if new := {student: self.new_id() for student in students if student not in submissions}:
            rows = [{"id": id, "assignment_id": self.assignment_id, "student_id": s} for s, id in new.items()]
            connection.execute(table.insert(), rows)
        submissions |= new
        notebooks = {student: self.new_id() for student in students}
        rows = [
            {"id": id, "assignment_id": submissions[s], "notebook_id": self.notebook_id, "flagged": False}
            for s, id in notebooks.items()
        ]
        connection.execute(self.notebook.insert(), rows)
        return notebooks

    def _complete(self, connection: Connection, there: Collection[str], notebooks: Iterable[str]) -> None:
        """Write an empty grade and comment for each cell of these notebooks that has none."""
        from sqlalchemy import select

        notebooks = list(notebooks)
        for table, cells in (
            (self.grade, [id for id, _ in self.grade_cells.values()]),
            (self.comment, [*self.comment_cells.values()]),
        ):
            query = select(table.c.notebook_id, table.c.cell_id).where(table.c.notebook_id.in_(there))
            known = {(notebook, cell) for notebook, cell in connection.execute(query)}
            wanted = ((notebook, cell) for notebook in notebooks for cell in cells)
            rows = [{"id": self.new_id(), "notebook_id": n, "cell_id": c} for n, c in wanted if (n, c) not in known]
            if rows:
                connection.execute(table.insert(), rows)

    def _grades(self, notebook: str, entry: Entry, marked: MarkedCopy) -> list[dict[str, Any]]:
        """Return the automatic scores, as `new_scores` takes them."""
        earned = {check.id: check.points for check in entry.result.checks}
        rows = []
        for name, (cell, maximum) in self.grade_cells.items():
            # What is not a check's is a person's to give, also where it is blank: the answer may stand elsewhere.
            auto = points(earned[name], maximum) if name in earned else None
            changed = name in marked.answers and marked.answers[name] != entry.earlier.get(name, marked.answers[name])
            row = {"of_cell": cell, "auto": auto, "waits": auto is None, "changed": changed}
            rows.append(row | {"of_notebook": notebook})
        return rows

    def _comments(self, notebook: str, result: Result, marked: MarkedCopy) -> list[dict[str, Any]]:
        """Return the automatic comments, which nbgrader keeps at solution cells: what the checks of each found."""
        said = comments(result, self.parts, [*self.comment_cells], marked.blank)
        cells = self.comment_cells.items()
        return [{"of_notebook": notebook, "of_cell": id, "words": said.get(name)} for name, id in cells]

    def _scores(self, connection: Connection, notebooks: Collection[str]) -> dict[str, float]:
        """Return the scores that stand in the gradebook, by notebook."""
        from sqlalchemy import func, select

        grade = self.grade
        score = func.coalesce(grade.c.manual_score, grade.c.auto_score, 0.0) + func.coalesce(grade.c.extra_credit, 0.0)
        mine = grade.c.notebook_id.in_(notebooks)
        query = select(grade.c.notebook_id, func.sum(score)).where(mine).group_by(grade.c.notebook_id)
        found = {notebook: float(total or 0.0) for notebook, total in connection.execute(query)}
        return {notebook: found.get(notebook, 0.0) for notebook in notebooks}


def points(earned: float, maximum: float) -> float:
    """Return points as they may be recorded: finite, and between 0 and the maximum.

    Examples
    --------
    >>> points(2.5, 3.0), points(float("nan"), 3.0), points(-1.0, 3.0), points(7.0, 3.0)
    (2.5, 0.0, 0.0, 3.0)
    """
    return min(max(float(earned), 0.0), float(maximum)) if math.isfinite(earned) else 0.0


def comments(
    result: Result, parts: Mapping[str, str], cells: Sequence[str], blank: Mapping[str, str]
) -> dict[str, str]:
    """Return what is said at each solution cell: the reason at the first, then what its checks found.

    Parameters
    ----------
    result : Result
    parts : mapping of str to str
        The solution cell that each check judges.
    cells : sequence of str
        The solution cells, in order.
    blank : mapping of str to str
        Those that a person marks and that were left blank, with what stands beside each.
    """
    said: dict[str, list[str]] = {cell: [] for cell in cells}
    if result.reason:
        said[cells[0]].append(f"{result.status}: {result.reason}")
    for check in result.checks if result.status in ("marked", "partly") else ():
        if not check.passed:
            verdict = f"{check.points:g} of {check.max_points:g} points: {check.sentence}"
            said[parts[check.id]].append("  \n".join(filter(None, (verdict, check.message))))
    for cell, beside in blank.items() if result.status != "unreadable" else ():
        said[cell].append(f"{NO_RESPONSE} Beside this cell stands:\n\n{beside}" if beside else NO_RESPONSE)
    return {cell: inert_markdown("\n\n".join(words)) for cell, words in said.items() if words}


def _new_scores(grade: Any) -> Any:
    """Return the statement that updates automatic scores.

    It decides from the row as it is at that moment, so that a score which somebody saves in formgrader just now is
    neither lost nor overlooked.
    """
    from sqlalchemy import Boolean, Float, bindparam, case, or_

    auto_score = bindparam("auto", type_=Float)
    differs = or_(bindparam("changed", type_=Boolean), grade.c.auto_score.is_distinct_from(auto_score))
    waits = case(
        (grade.c.manual_score.is_(None), bindparam("waits", type_=Boolean)),
        (differs, True),
        else_=grade.c.needs_manual_grade,
    )
    row = (grade.c.notebook_id == bindparam("of_notebook")) & (grade.c.cell_id == bindparam("of_cell"))
    return grade.update().where(row).values(auto_score=auto_score, needs_manual_grade=waits)


def _new_comments(comment: Any) -> Any:
    """Return the statement that updates automatic comments; a person's comments stand in another column."""
    from sqlalchemy import bindparam

    row = (comment.c.notebook_id == bindparam("of_notebook")) & (comment.c.cell_id == bindparam("of_cell"))
    return comment.update().where(row).values(auto_comment=bindparam("words"))
