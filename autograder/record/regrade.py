"""A re-grade: whose mark would change, said before anything is written; and a log that keeps the old mark and the new.

The log, ``COURSE/grading/marks.jsonl``, gains one line for every mark that is new or has changed, with all that is
needed to reproduce it: the seed of the inputs, the version of the checks, the environment. Nothing in it is rewritten.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.ground.whole_file import write_whole
from autograder.mark.results import Grading, harmless


@dataclass(frozen=True)
class Change:
    """A mark that is not what it was: `old` is None where there was none.

    `checks` says by which checks: id, points then (None where there were none) and now, and what is seen now.
    """

    student: str
    old: float | None
    new: float
    checks: tuple[tuple[str, float | None, float, str], ...] = ()

    def words(self) -> str:
        """Return one line: the mark then and now, and by which checks."""
        by = ", ".join(f"{id} {'none' if old is None else f'{old:g}'} -> {new:g}" for id, old, new, _ in self.checks)
        return f"{self.student}: {self.old or 0:g} points are recorded, {self.new:g} now" + (f" ({by})" if by else "")


def changes(grading: Grading, recorded: Mapping[str, Mapping[str, float]]) -> list[Change]:
    """Return the marks that differ from those in the gradebook, new ones included.

    A missing submission changes nothing: a mark of an earlier one is left alone.
    """
    marked = [r for r in grading.results if r.status != "missing"]
    found = []
    for r in marked:
        before = recorded.get(r.student)
        old = None if before is None else sum(before.values())
        by = [(c.id, (before or {}).get(c.id), c.points, c.message) for c in r.checks]
        differ = tuple(entry for entry in by if entry[1] is None or abs(entry[1] - entry[2]) > 1e-9)
        if before is None or differ:
            found.append(Change(r.student, old, r.points, differ if before is not None else ()))
    return found


def write_changes(path: Path, changed: Sequence[Change]) -> Path:
    """Write a table of whose marks have changed by which check and why, ready to be sent; return its path."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "mark_then", "mark_now", "check", "points_then", "points_now", "what_was_seen"])
    for c in changed:
        for id, old, new, seen in c.checks:
            writer.writerow([harmless(c.student), c.old, c.new, id, "" if old is None else old, new, harmless(seen)])
    write_whole(path, text.getvalue())
    return path


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
