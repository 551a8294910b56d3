"""The marks of a class as nbgrader's gradebook has them at this moment: the one truth behind every page and export.

A mark is what ``nbgrader export`` writes: the automatic scores, the manual ones that stand in their place, extra
credit, less the late penalty. A late penalty depends on the score, so it is computed anew before marks are read
(`autograder.record.late`): points that a person has given since then do not leave an old penalty standing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from autograder.mark.results import ExportError
from autograder.record.opened import opened

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class ByHand:
    """What a person gave for one cell: points, or None where that is still to come; and a comment."""

    points: float | None
    max_points: float
    comment: str = ""


@dataclass(frozen=True)
class Mark:
    """A student's mark.

    Attributes
    ----------
    student : str
        The id in the gradebook.
    automatic, manual : float
        The points of the checks, and those that a person gave, also in place of a check's.
    waits : bool
        Whether a person has yet to mark something.
    penalty : float
        What late work costs.
    late : float
        Seconds after the day that it was due, extensions included.
    by_hand : mapping of str to ByHand
        What a person gave, by cell: what a person marks, and checks whose points a person has changed.
    comments : mapping of str to str
        A person's comments at cells that checks judge.
    """

    student: str
    automatic: float
    manual: float
    waits: bool
    penalty: float = 0.0
    late: float = 0.0
    by_hand: Mapping[str, ByHand] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def hours_late(self) -> float:
        """By how many hours the work is late, rounded up to a tenth: what is late never reads as in time.

        Examples
        --------
        >>> [Mark("ada", 2.0, 0.0, False, late=seconds).hours_late for seconds in (0.0, 1.0, 3600.0, 86401.0)]
        [0.0, 0.1, 1.0, 24.1]
        """
        return math.ceil(self.late / 360) / 10

    @property
    def total(self) -> float:
        """All points, less the penalty; never below 0."""
        return round(max(0.0, self.automatic + self.manual - self.penalty), 2)


def marks(url: str, assignment: str) -> tuple[list[Mark], float]:
    """Read a class's marks, and the points that can be had, from a gradebook.

    Raises
    ------
    ExportError
        If the gradebook holds no such assignment.
    """
    from nbgrader.api import MissingEntry

    with opened(url) as gradebook:
        try:
            best = float(gradebook.find_assignment(assignment).max_score)
        except MissingEntry:
            known = ", ".join(a.name for a in gradebook.assignments) or "none"
            raise ExportError(f"The gradebook has no {assignment}; it has {known}. Mark the class first.") from None
        return marks_in(gradebook, assignment), best


def marks_in(gradebook: Gradebook, assignment: str) -> list[Mark]:
    """Read the marks by three queries, whatever the number of students."""
    from nbgrader import api
    from sqlalchemy import func, select

    of_this = api.Assignment.name == assignment
    work, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    submissions = (
        select(
            work.student_id, work.timestamp, work.extension, api.Assignment.duedate,
            func.sum(func.coalesce(notebook.late_submission_penalty, 0.0)),
        )
        .join(api.Assignment, api.Assignment.id == work.assignment_id)
        .join(notebook, notebook.assignment_id == work.id)
        .where(of_this)
        .group_by(work.student_id, work.timestamp, work.extension, api.Assignment.duedate)
    )  # fmt: skip
    grades = (
        select(work.student_id, api.BaseCell.name, api.Grade)
        .join(notebook, notebook.id == api.Grade.notebook_id)
        .join(work, work.id == notebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == work.assignment_id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .where(of_this)
    )
    comments = (
        select(work.student_id, api.BaseCell.name, api.Comment.manual_comment)
        .join(notebook, notebook.id == api.Comment.notebook_id)
        .join(work, work.id == notebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == work.assignment_id)
        .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
        .where(of_this)
    )
    said: dict[str, dict[str, str]] = {}
    for student, cell, words in gradebook.db.execute(comments):
        said.setdefault(student, {})[cell] = words or ""
    given: dict[str, dict[str, Any]] = {}
    for student, cell, grade in gradebook.db.execute(grades):
        given.setdefault(student, {})[cell] = grade
    found = [
        _mark(student, given.get(student, {}), said.get(student, {}), float(penalty), seconds_late(at, due, more))
        for student, at, more, due, penalty in gradebook.db.execute(submissions)
    ]
    return sorted(found, key=lambda mark: mark.student)


def seconds_late(at: datetime | None, due: datetime | None, more: timedelta | None) -> float:
    """Return by how many seconds work is late, as nbgrader counts them."""
    return 0.0 if at is None or due is None else max(0.0, (at - due - (more or timedelta())).total_seconds())


def _mark(student: str, grades: Mapping[str, Any], said: Mapping[str, str], penalty: float, late: float) -> Mark:
    comments = {cell: words for cell, words in said.items() if words}
    by_hand = {}
    for cell, grade in grades.items():
        if cell in said or grade.manual_score is not None:  # what a person marks has a grade and a comment
            points = None if grade.needs_manual_grade else float(grade.score)
            by_hand[cell] = ByHand(points, float(grade.max_score), comments.pop(cell, ""))
    return Mark(
        student,
        sum(grade.auto_score or 0.0 for grade in grades.values() if grade.manual_score is None),
        sum((grade.manual_score or 0.0) + (grade.extra_credit or 0.0) for grade in grades.values()),
        any(grade.needs_manual_grade for grade in grades.values()),
        penalty,
        late,
        by_hand,
        comments,
    )


def term_marks(
    url: str, before: Callable[[str], object] = lambda assignment: None
) -> tuple[dict[str, tuple[list[Mark], float]], list[str]]:
    """Read the marks of all assignments of a gradebook, and the students that it knows; `before` is called for each."""
    with opened(url) as gradebook:
        names = [assignment.name for assignment in gradebook.assignments]
        students = [student.id for student in gradebook.students]
    for name in names:
        before(name)
    return {name: marks(url, name) for name in sorted(names)}, sorted(students)
