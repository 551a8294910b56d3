"""Export: the marks of a class as the gradebook has them, manual parts included, in files that other systems read.

``csv`` is one line a student. ``canvas`` is the file that Canvas imports: the five columns by which it knows a
student, copied from a gradebook that was exported from Canvas, then the assignment with its points.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.mark.results import ExportError, harmless

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
NAMES = ("SIS Login ID", "SIS User ID", "ID", "Student")  # where a submission's folder may have its name from


@dataclass(frozen=True)
class Mark:
    """A student's mark: the points of the checks, those that a person gave, and whether a person has yet to mark."""

    student: str
    automatic: float
    manual: float
    waits: bool

    @property
    def total(self) -> float:
        """All points."""
        return round(self.automatic + self.manual, 2)


def marks(url: str, assignment: str) -> tuple[list[Mark], float]:
    """Read a class's marks, and the points that can be had, from a gradebook.

    A manual score counts as it stands, also where it overrides a check's.

    Raises
    ------
    ExportError
        If the gradebook holds no such assignment.
    """
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(url) as gradebook:
        try:
            best = float(gradebook.find_assignment(assignment).max_score)
        except MissingEntry:
            known = ", ".join(a.name for a in gradebook.assignments) or "none"
            raise ExportError(f"The gradebook has no {assignment}; it has {known}. Mark the class first.") from None
        found = []
        for submission in gradebook.assignment_submissions(assignment):
            grades = [g for notebook in submission.notebooks for g in notebook.grades]
            automatic = sum(g.auto_score or 0.0 for g in grades if g.manual_score is None)
            manual = sum((g.manual_score or 0.0) + (g.extra_credit or 0.0) for g in grades)
            found.append(Mark(submission.student.id, automatic, manual, any(g.needs_manual_grade for g in grades)))
    return sorted(found, key=lambda mark: mark.student), best


def write_csv(path: Path, found: Iterable[Mark], best: float) -> None:
    """Write one line a student."""
    rows = [[harmless(m.student), m.automatic, m.manual, m.total, best, "yes" if m.waits else "no"] for m in found]
    header = ["student", "automatic", "manual", "total", "max_points", "waits_for_a_person"]
    write_rows(path, [header, *rows])


def write_canvas(path: Path, found: Iterable[Mark], best: float, title: str, roster: Path) -> list[str]:
    """Write the file that Canvas imports; return the students who are in the gradebook and not in the roster.

    Parameters
    ----------
    path : Path
        The file to write.
    found : iterable of Mark
    best : float
        The points that can be had.
    title : str
        The assignment's column, as Canvas names it: "ps1 (4711)" for one that it has, any other title for a new one.
    roster : Path
        A gradebook exported from Canvas, as CSV.

    Raises
    ------
    ExportError
        If the roster is no such file.
    """
    with roster.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if absent := [column for column in CANVAS_COLUMNS if column not in (reader.fieldnames or ())]:
            raise ExportError(
                f"{roster} lacks the columns {', '.join(absent)}. Give the gradebook that Canvas exports as CSV."
            )
        people = [row for row in reader if (row["ID"] or "").strip().isdigit()]  # not the row of points possible
    by_name = {mark.student: mark for mark in found}
    rows: list[list[object]] = []
    for person in people:
        mark = next((by_name.pop(person[c]) for c in NAMES if person[c] in by_name), None)
        rows.append([*(person[c] for c in CANVAS_COLUMNS), "" if mark is None else mark.total])
    points = ["    Points Possible", "", "", "", "", best]
    write_rows(path, [[*CANVAS_COLUMNS, title], points, *rows])
    return sorted(by_name)


def write_rows(path: Path, rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
        csv.writer(file).writerows(rows)
