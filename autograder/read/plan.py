"""The plan of a term, ``COURSE/term.toml``: when each problem set is due, and what it weighs.

    [ps1]
    due = 2025-03-01T23:59:00+01:00
    weight = 2

Both may be left out: a set without a day is never late, unless nbgrader's gradebook has one; one without a weight
weighs 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NAME = "term.toml"


class PlanError(ValueError):
    """A plan cannot be read. The message says what is wrong and what a plan looks like."""


@dataclass(frozen=True)
class Planned:
    """One problem set in a term."""

    due: datetime | None = None
    weight: float = 1.0

    @property
    def due_in_utc(self) -> datetime | None:
        """The day as nbgrader's gradebook keeps it: in UTC, without a zone."""
        return self.due.astimezone(UTC).replace(tzinfo=None) if self.due else None


def read_plan(course: Path) -> dict[str, Planned]:
    """Read ``COURSE/term.toml``; an empty plan, where there is none.

    Raises
    ------
    PlanError
        If it is no TOML, or says of a set what no plan says.
    """
    path = course / NAME
    if not path.is_file():
        return {}
    import tomllib  # here: the commands that read no plan start without it

    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # as Notepad writes it
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(
            f"{path} cannot be read: {error}. A set has a table: [ps1], due = 2025-03-01T23:59:00+01:00."
        ) from None
    plan = {}
    for id, about in said.items():
        if not isinstance(about, dict) or (unknown := sorted(about.keys() - {"due", "weight"})):
            what = f"{id} says {', '.join(unknown)}" if isinstance(about, dict) else f"{id} is no table"
            raise PlanError(f"{path}: {what}. A set has a table [{id}] with due and weight, or one of them.")
        due, weight = about.get("due"), about.get("weight", 1.0)
        if due is not None and not isinstance(due, datetime):
            raise PlanError(f"{path}: {id} is due {due!r}; write day and time as 2025-03-01T23:59:00+01:00.")
        if due is not None and due.tzinfo is None:
            raise PlanError(
                f"{path}: {id} is due {due} in no time zone; write how far it is from UTC, {due.isoformat()}+01:00."
            )
        if due is not None and not 1970 <= due.year < 3000:
            raise PlanError(f"{path}: {id} is due in the year {due.year}; leave `due` out where nobody can be late.")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < math.inf:
            raise PlanError(f"{path}: {id} weighs {weight!r}; a weight is a number, 0 or more.")
        plan[id] = Planned(due, float(weight))
    return plan
