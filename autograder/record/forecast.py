"""What marks will be once a marking is recorded: points, those of a person, less what late work costs then.

Whether work is late may change without a new point: the day that it was due was moved, somebody was given more time, or
another file was handed in. So the marks that stand are read before anything is written, and those to come computed as
recording will compute them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from autograder.ground.untrusted_text import safe_names
from autograder.record.days import Days
from autograder.record.gradebook import has_own_config
from autograder.record.late import Rule, handed_in_at
from autograder.record.marks import Mark, marks_in, seconds_late
from autograder.record.opened import database_url, is_there, opened


class Forecast:
    """The marks of one set that stand in a gradebook, and what becomes of them.

    Parameters
    ----------
    marks : mapping of str to Mark
        The marks that stand, by student.
    rule : Rule
        What late work costs.
    late : mapping of str to float
        By how many seconds each one's work will be late.
    """

    def __init__(self, marks: Mapping[str, Mark], rule: Rule, late: Mapping[str, float]):
        self.marks, self._rule, self._late = marks, rule, late

    def of(self, student: str, earned: Mapping[str, float] | None = None) -> tuple[Mark, Mark] | None:
        """Return the mark that stands and the one to come, with these points of the checks; None, where none stands.

        With None the points stay as they are. Those that a person gave in place of a check's stay in any case.
        """
        if (mark := self.marks.get(student)) is None:
            return None
        automatic, late = mark.automatic, self._late[student]
        if earned is not None:
            automatic = sum(points for check, points in earned.items() if check not in mark.by_hand)
        cost = self._rule.of(mark.student, automatic + mark.manual, late)
        return mark, replace(mark, automatic=automatic, penalty=cost or 0.0, late=late)


def forecast(found: Mapping[str, Path | None], assignment: str, *, course: Path, db: str = "") -> Forecast:
    """Read the marks that stand, and when each one's work was due and handed in, as recording will see it.

    Parameters
    ----------
    found : mapping of str to Path or None
        The notebook that each student handed in.
    assignment : str
    course : Path
        The root of nbgrader's course folder.
    db : str
        The gradebook, as for `record`.

    Raises
    ------
    RecordError
        If the plugin for late penalties cannot be loaded, or raises: before anybody is marked.
    """
    rule = Rule(course)
    if not is_there(course, db) and not has_own_config(course):
        return Forecast({}, rule, {})  # and nbgrader is not yet imported, which takes as long as a sandbox
    _ = rule.plugin
    ids = safe_names([*found])
    names = {id: name for name, id in ids.items()}
    days, there = Days(course, assignment), None
    marks: dict[str, Mark] = {}
    stored: dict[str, tuple[datetime | None, timedelta | None]] = {}
    with opened(database_url(db, course)) if is_there(course, db) else nullcontext() as gradebook:
        if gradebook and (row := next((a for a in gradebook.assignments if a.name == assignment), None)):
            there = row.duedate
            marks = {names.get(mark.student, mark.student): mark for mark in marks_in(gradebook, assignment)}
            for submission in gradebook.assignment_submissions(assignment):
                name = names.get(submission.student_id, submission.student_id)
                stored[name] = submission.timestamp, submission.extension
    late = {}
    for name in {**found, **stored}:
        then, longer = stored.get(name, (None, None))
        id, path = ids.get(name, name), found.get(name)
        at = handed_in_at(path) if path else None
        late[name] = seconds_late(at or then, days.due(there), days.extension(id, longer))
        rule.of(id, 0.0, late[name])  # what raises for one stops us now, before anybody is marked
    return Forecast(marks, rule, late)
