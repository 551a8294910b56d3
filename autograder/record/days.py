"""The day that a set is due and longer time for a person: what plan and roster say of them, and nbgrader's gradebook.

``term.toml`` and ``roster.csv`` go before the gradebook, in which a person may set both too. What is taken out of them
is taken back: what the gradebook had before we wrote there holds again, unless a person has changed it since then. So
what was there before is kept, in ``COURSE/grading/days-PS.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from autograder.ground.untrusted_text import safe_name
from autograder.ground.whole_file import write_whole
from autograder.mark.results import RecordError
from autograder.read.plan import Planned, read_plan
from autograder.read.roster import read_roster

Said = TypeVar("Said")


class Days:
    r"""When the work of one set is due, for everybody and for each.

    Parameters
    ----------
    course : Path
        The course folder, with ``term.toml`` and ``roster.csv``.
    assignment : str

    Examples
    --------
    >>> import tempfile
    >>> course = Path(tempfile.mkdtemp())
    >>> _ = (course / "term.toml").write_text("[ps1]\ndue = 2027-03-01T12:00:00Z\n")
    >>> days, gradebooks = Days(course, "ps1"), datetime(2027, 1, 1)
    >>> str(days.due(gradebooks)), days.extension("ada", timedelta(days=1))
    ('2027-03-01 12:00:00', datetime.timedelta(days=1))
    """

    def __init__(self, course: Path, assignment: str):
        self._plan = read_plan(course).get(assignment, Planned()).due_in_utc
        more = read_roster(course).extensions(assignment)
        self._more = {safe_name(student): time for student, time in more.items()}  # as the gradebook calls them
        self.path = course / "grading" / f"days-{assignment}.json"
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
            self._due = [at and datetime.fromisoformat(at) for at in said["due"]]
            self._extensions = {who: list(map(_as_time, kept)) for who, kept in said["extensions"].items()}
        except FileNotFoundError:
            self._due, self._extensions = [], {}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordError(
                f"{self.path} says which days the gradebook had before term.toml and roster.csv named others, and "
                f"cannot be read ({error}): take it away, and look in the gradebook whether {assignment} is due when "
                "it should be"
            ) from None

    def due(self, there: datetime | None) -> datetime | None:
        """Return when the work is due, in UTC; `there` is what the gradebook says."""
        return _holds(self._plan, there, self._due)

    def extension(self, student: str, there: timedelta | None) -> timedelta | None:
        """Return how much more time somebody has; `there` is what the gradebook says."""
        return _holds(self._more.get(student), there, self._extensions.get(student, []))

    @contextmanager
    def written(self, assignment: Any, submissions: Sequence[Any]) -> Iterator[None]:
        """Set both in rows of nbgrader's gradebook, which the block makes last.

        What stood there is kept before, with what may stand there until the block is over: a kill loses neither.
        """
        due, new = _kept(self._plan, assignment.duedate, self._due)
        before, after = dict(self._extensions), dict(self._extensions)
        holds = self.due(assignment.duedate)
        longer = {}
        for row in submissions:
            who, kept = row.student_id, self._extensions.get(row.student_id, [])
            more = self._more.get(who) if holds else None  # nbgrader cannot add one to no day
            longer[who] = _holds(more, row.extension, kept)
            before[who], after[who] = _kept(more, row.extension, kept)
        self._keep(due, before)
        assignment.duedate = holds
        for row in submissions:
            row.extension = longer[row.student_id]
        yield
        self._keep(new, after)

    def _keep(self, due: list[datetime | None], extensions: Mapping[str, list[timedelta | None]]) -> None:
        extensions = {who: kept for who, kept in extensions.items() if len(kept) > 1}
        if (due, extensions) == (self._due, self._extensions):
            return
        self._due, self._extensions = due, extensions
        said: dict[str, Any] = {"due": [at and at.isoformat() for at in due]}
        said["extensions"] = {
            who: [None if more is None else more.total_seconds() for more in kept]
            for who, kept in sorted(extensions.items())
        }
        write_whole(self.path, json.dumps(said, indent=1))


def _as_time(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _holds(said: Said | None, there: Said | None, kept: Sequence[Said | None]) -> Said | None:
    """Return what holds: what is said; else what the gradebook has, or had before we wrote what it has.

    `kept` is what it had, and then what we wrote; empty, where we wrote nothing.
    """
    return said if said is not None else kept[0] if there in kept[1:] else there


def _kept(
    said: Said | None, there: Said | None, kept: Sequence[Said | None]
) -> tuple[list[Said | None], list[Said | None]]:
    """Return what is to be kept until that is written which is said, and afterwards."""
    theirs = kept[0] if there in kept[1:] else there
    if said is None:
        return list(kept), []
    until = [theirs, *kept[1:]]
    if said not in kept[1:]:
        until.append(said)
    return until, [theirs, said]
