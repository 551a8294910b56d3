"""A re-grade: whose mark would change, said before anything is written; and a log that keeps the old mark and the new.

The log, ``COURSE/grading/marks.jsonl``, gains one line for every mark that is new or has changed, with all that is
needed to reproduce it: the seed of the inputs, the version of the checks, the environment. Nothing in it is rewritten.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.ground.untrusted_text import in_csv
from autograder.ground.whole_file import write_whole
from autograder.mark.results import Grading, RecordError, Result
from autograder.record.one_grader import wait_for


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
            writer.writerow([in_csv(c.student), c.old, c.new, id, "" if old is None else old, new, in_csv(seen)])
    write_whole(path, text.getvalue())
    return path


class MarksLog:
    """The log of a course's marks, in step with the gradebook also where the grader is killed between the two.

    What is about to be written into the gradebook is noted first (``marks-PS-due.json``), and taken back when it stands
    in the log. Who finds such a note `settles` it: what the gradebook has by then gets its line, the rest was not done.

    Parameters
    ----------
    course : Path
        The course folder.
    run : Grading
        Which checks mark, of what, and where; its results are not looked at.
    before : mapping of str to mapping of str to float
        The points of each check that the gradebook had, by student.
    """

    def __init__(self, course: Path, run: Grading, before: Mapping[str, Mapping[str, float]]):
        self.path, self.run, self.before = course / "grading" / "marks.jsonl", run, before
        self.note = course / "grading" / f"marks-{run.assignment}-due.json"
        self._due: list[dict[str, Any]] = []

    def begin(self, results: Sequence[Result]) -> None:
        """Note what is about to be written."""
        found = {result.student: result for result in results}
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._due = [
            {
                "line": self._line(change, found[change.student], now),
                "points": {check.id: check.points for check in found[change.student].checks},
            }
            for change in changes(replace(self.run, results=tuple(results)), self.before)
        ]
        if self._due:
            write_whole(self.note, json.dumps(self._due))

    def end(self, lost: Collection[str] = ()) -> None:
        """Add a line for each mark that was noted, and is now written but for those of the `lost`."""
        self._append([entry["line"] for entry in self._due if entry["line"]["student"] not in lost])
        self._due = []
        self.note.unlink(missing_ok=True)

    def settle(self, recorded: Callable[[list[str]], Mapping[str, Mapping[str, float]]]) -> None:
        """Bring the log up to what a grader that was killed has written; `recorded` returns the points of students."""
        try:
            due = json.loads(self.note.read_text(encoding="utf-8"))
        except OSError:
            return
        except ValueError as error:
            raise RecordError(
                f"{self.note} says which marks were about to be written when the last marking was ended, and cannot be "
                f"read ({error}): take it away and mark again; {self.path} may then lack a line for each of them"
            ) from None
        there = recorded([entry["line"]["student"] for entry in due])
        known = set(self.path.read_bytes().split(b"\n")) if self.path.is_file() else set()
        lines = [entry["line"] for entry in due if there.get(entry["line"]["student"]) == entry["points"]]
        self._append([line for line in lines if _bytes(line) not in known])
        self.note.unlink()

    def _line(self, change: Change, result: Result, time: str) -> dict[str, Any]:
        about = {"time": time, "assignment": self.run.assignment}
        about |= {"checks_version": self.run.checks_version, "environment": self.run.environment}
        mark = {"student": change.student, "old": change.old, "new": change.new, "status": result.status}
        return mark | {"seed": result.seed} | about

    def _append(self, lines: Sequence[dict[str, Any]]) -> None:
        """Add lines, all or none, after the end of one that was torn."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b", buffering=0) as log:
            wait_for(log)  # graders of other sets write here too
            size = log.seek(0, os.SEEK_END)
            log.seek(max(size - 1, 0))
            rest = b"".join([b"\n" if log.read(1) not in (b"", b"\n") else b"", *(_bytes(li) + b"\n" for li in lines)])
            try:
                while rest:
                    rest = rest[log.write(rest) :]  # it may take a part, as on a disk that is nearly full
            except OSError as error:
                log.truncate(size)
                raise RecordError(
                    f"The gradebook has the last marks, and {self.path} has no lines for them, since nothing can be "
                    f"written there ({error.strerror}): make room and mark again, which adds them"
                ) from None


def _bytes(line: dict[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace")
