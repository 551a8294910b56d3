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
from autograder.record.forecast import Forecast
from autograder.record.marks import Mark
from autograder.record.one_grader import wait_for


@dataclass(frozen=True)
class Change:
    """A mark that is not what it was: `old` is None where there was none.

    `old` and `new` are the points of all checks. `checks` says by which of them: id, points then (None where there were
    none) and now, and what is seen now. `marks` are the whole marks that stand and will stand, where there is one: with
    what a person gave, and less what late work costs.
    """

    student: str
    old: float | None
    new: float
    checks: tuple[tuple[str, float | None, float, str], ...] = ()
    marks: tuple[Mark, Mark] | None = None

    @property
    def by_time(self) -> bool:
        """Whether late work costs another number of points."""
        return self.marks is not None and abs(self.marks[0].penalty - self.marks[1].penalty) > 1e-9

    def words(self) -> str:
        """Return one line: the points then and now, by which checks; and the mark, where late work costs another part.

        Examples
        --------
        >>> then, now = Mark("ada", 2.0, 0.5, False, 0.5, 3600.0), Mark("ada", 2.0, 0.5, False)
        >>> Change("ada", 2.0, 2.0, marks=(then, now)).words()
        'ada: in time now; penalty 0.5 -> 0; the mark with it 2 -> 2.5'
        """
        by = ", ".join(f"{id} {'none' if old is None else f'{old:g}'} -> {new:g}" for id, old, new, _ in self.checks)
        said = [f"{self.old or 0:g} points are recorded, {self.new:g} now" + (f" ({by})" if by else "")]
        if self.marks and self.by_time:
            then, now = self.marks
            mark = f"penalty {then.penalty:g} -> {now.penalty:g}; the mark with it {then.total:g} -> {now.total:g}"
            said = [*(said if self.checks else ()), lateness(now), mark]
        return f"{self.student}: {'; '.join(said)}"


def lateness(now: Mark) -> str:
    """Return by how much work is late; what it was when the old penalty was computed, no gradebook keeps."""
    return f"{f'late by {now.hours_late:g} h' if now.late else 'in time'} now"


def changes(
    grading: Grading, recorded: Mapping[str, Mapping[str, float]], expected: Forecast | None = None
) -> list[Change]:
    """Return the marks that differ from those in the gradebook, new ones included.

    A missing submission changes nothing: a mark of an earlier one is left alone, but for what late work costs.
    """
    found = []
    for r in grading.results:
        before = recorded.get(r.student)
        marked = r.status != "missing"
        earned = {check.id: check.points for check in r.checks}
        marks = expected.of(r.student, earned if marked else None) if expected else None
        old = None if before is None else sum(before.values())
        by = [(c.id, (before or {}).get(c.id), c.points, c.message) for c in r.checks] if marked else []
        differ = tuple(entry for entry in by if entry[1] is None or abs(entry[1] - entry[2]) > 1e-9)
        change = Change(
            r.student, old, r.points if marked else old or 0.0, differ if old is not None else (), marks
        )  # fmt: skip
        if (marked and before is None) or differ or change.by_time:
            found.append(change)
    return found


def moved_by_time(expected: Forecast, but: Collection[str] = ()) -> list[Change]:
    """Return the marks, but of some, that change since late work costs another number of points than it did."""
    found = []
    for student in sorted(expected.marks.keys() - set(but)):
        points = expected.marks[student].automatic
        change = Change(student, points, points, (), expected.of(student))
        found += [change] if change.by_time else []
    return found


def write_changes(path: Path, changed: Sequence[Change]) -> Path:
    """Write a table of whose marks have changed by which check and why, ready to be sent; return its path.

    The points of all checks come first, then penalty and mark: the mark holds checks, points by hand and penalty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["student", "checks_then", "checks_now", "penalty_then", "penalty_now", "mark_then", "mark_now", "check",
         "points_then", "points_now", "what_was_seen"]
    )  # fmt: skip
    for c in changed:
        row: list[object] = [in_csv(c.student), "" if c.old is None else c.old, c.new]
        row += [*(mark.penalty for mark in c.marks), *(mark.total for mark in c.marks)] if c.marks else [""] * 4
        for id, old, new, seen in c.checks:
            writer.writerow([*row, id, "" if old is None else old, new, in_csv(seen)])
        if c.marks and c.by_time:
            writer.writerow([*row, "", "", "", lateness(c.marks[1])])
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
    expected : Forecast, optional
        The marks that the gradebook had, and what late work will cost.
    """

    def __init__(
        self, course: Path, run: Grading, before: Mapping[str, Mapping[str, float]], expected: Forecast | None = None
    ):
        self.path, self.run, self.before = course / "grading" / "marks.jsonl", run, before
        self.expected = expected
        self.note = course / "grading" / f"marks-{run.assignment}-due.json"
        self._due: list[dict[str, Any]] = []

    def begin(self, results: Sequence[Result]) -> None:
        """Note what is about to be written."""
        found = {result.student: result for result in results}
        changed = changes(replace(self.run, results=tuple(results)), self.before, self.expected)
        self.note_changes(changed, found)

    def note_changes(self, changed: Sequence[Change], found: Mapping[str, Result]) -> None:
        """Note changes that are about to be written; of who is not `found`, it is the penalty alone that changes."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._due = []
        for change in changed:
            result = found.get(change.student)
            points = self.before.get(change.student, {})
            if result and result.status != "missing":
                points = {check.id: check.points for check in result.checks}
            self._due.append({"line": self._line(change, result, now), "points": points})
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
        lines = [found for line in lines if (found := self._as_written(line))]
        self._append([line for line in lines if _bytes(line) not in known])
        self.note.unlink()

    def _as_written(self, line: dict[str, Any]) -> dict[str, Any]:
        """Return a line whose points are written: without a penalty that is not, or nothing, where that was all."""
        mark = self.expected.marks.get(line["student"]) if self.expected else None
        if mark is None or "penalty_now" not in line or abs(mark.penalty - line["penalty_now"]) < 1e-9:
            return line
        bare = {key: said for key, said in line.items() if not key.startswith(("penalty_", "mark_"))}
        return bare if line["old"] != line["new"] else {}

    def _line(self, change: Change, result: Result | None, time: str) -> dict[str, Any]:
        about = {"time": time, "assignment": self.run.assignment}
        about |= {"checks_version": self.run.checks_version, "environment": self.run.environment}
        mark: dict[str, Any] = {"student": change.student, "old": change.old, "new": change.new}
        if change.marks and change.by_time:
            then, now = change.marks
            mark |= {"penalty_then": then.penalty, "penalty_now": now.penalty}
            mark |= {"mark_then": then.total, "mark_now": now.total}
        if result:
            mark |= {"status": result.status, "seed": result.seed}
        return mark | about

    def _append(self, lines: Sequence[dict[str, Any]]) -> None:
        append(self.path, lines)


def log_penalties(course: Path, assignment: str, moved: Mapping[str, tuple[float, float]]) -> None:
    """Add a line for each late penalty that was computed anew without a marking, the old one and the new."""
    about = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "assignment": assignment}
    lines = [{"student": s, "penalty_then": old, "penalty_now": new, **about} for s, (old, new) in moved.items()]
    if lines:
        append(course / "grading" / "marks.jsonl", lines)


def append(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Add lines, all or none, after the end of one that was torn."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as log:
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
                f"The gradebook has the last marks, and {path} has no lines for them, since nothing can be "
                f"written there ({error.strerror}): make room and mark again, which adds them"
            ) from None


def _bytes(line: dict[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace")
