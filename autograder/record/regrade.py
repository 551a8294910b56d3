"""A re-grade: whose mark would change, said before anything is written; and a log that keeps the old mark and the new.

The log, ``COURSE/grading/marks.jsonl``, gains one line for every mark that is new or has changed, with all that is
needed to reproduce it: the seed of the inputs, the version of the checks, the environment. Nothing in it is rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.mark.results import Grading


@dataclass(frozen=True)
class Change:
    """A mark that is not what it was: `old` is None where there was none."""

    student: str
    old: float | None
    new: float


def changes(grading: Grading, recorded: Mapping[str, float]) -> list[Change]:
    """Return the marks that differ from those in the gradebook, new ones included.

    A missing submission changes nothing: a mark of an earlier one is left alone.
    """
    marked = [r for r in grading.results if r.status != "missing"]
    found = [Change(r.student, recorded.get(r.student), r.points) for r in marked]
    return [c for c in found if c.old is None or abs(c.old - c.new) > 1e-9]


def append_to_log(course: Path, grading: Grading, changed: list[Change]) -> Path:
    """Add a line for every change to the course's log; return its path."""
    path = course / "grading" / "marks.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    run = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "assignment": grading.assignment,
        "checks_version": grading.checks_version,
        "environment": grading.environment,
    }
    results = {r.student: r for r in grading.results}
    with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
        for c in changed:
            found = results[c.student]
            line = {"student": c.student, "old": c.old, "new": c.new, "status": found.status, "seed": found.seed} | run
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path
