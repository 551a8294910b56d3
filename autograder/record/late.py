"""Late work: when a submission was handed in, and the penalty that the course's nbgrader plugin gives for it.

nbgrader's exchange lays ``timestamp.txt`` beside a submission, and its gradebook knows when the work was due. The
penalty depends on the score, so it is computed anew whenever the score is written: a re-grade that raises a mark does
not keep the penalty of the old one.
"""

from __future__ import annotations

import math
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.ground.whole_file import write_whole
from autograder.mark.results import RecordError
from autograder.record.days import Days
from autograder.record.marks import seconds_late
from autograder.record.opened import opened

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from autograder.record.gradebook_rows import Entry

MAX_TIMESTAMP = 100  # characters
URL = "AUTOGRADER_DB"  # of the gradebook, in the environment
BESIDE = ("timestamp.txt", "submission_secret.txt")  # by these `nbgrader release_feedback` finds whose feedback it is
MAX_BESIDE = 1000  # bytes


def handed_in_at(notebook: Path) -> datetime | None:
    """Return when a submission was handed in, in UTC, or None where no readable ``timestamp.txt`` says so."""
    from nbgrader.utils import parse_utc

    path = notebook.with_name("timestamp.txt")
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_TIMESTAMP).strip()
        return parse_utc(text) if text else None
    except (OSError, ValueError, OverflowError):
        return None


def refresh_penalties(url: str, assignment: str, course: Path) -> dict[str, tuple[float, float]]:
    """Compute the late penalties of an assignment anew in the gradebook; return those that have changed, old and new.

    Raises
    ------
    RecordError
        If the plugin for late penalties cannot be loaded, or raises.
    """
    from nbgrader.api import MissingEntry

    with opened(url) as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry:
            return {}
        return Penalties(gradebook, assignment, course).refresh()


def keep_beside(handed_in: Path, copy: Path, name: str) -> None:
    """Lay beside the copy what nbgrader's exchange laid beside the submission, a small plain file.

    ``nbgrader release_feedback`` needs both for everybody, or hands out nobody's feedback. Where somebody's work did
    not come by the exchange, a secret that nobody has stands in, and when the file was written.
    """
    source, target = handed_in.with_name(name), copy.with_name(name)
    linked = source.is_symlink() or source.parent.is_symlink()
    if source.is_file() and not linked and source.stat().st_size <= MAX_BESIDE:
        write_whole(target, source.read_bytes())
    elif name == "submission_secret.txt":
        if not target.is_file():
            write_whole(target, secrets.token_hex(32))
    elif there := next((path for path in (handed_in, handed_in.parent) if path.exists()), None):  # also no notebook
        written = datetime.fromtimestamp(there.lstat().st_mtime, UTC)
        write_whole(target, written.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))


class Rule:
    """What late work costs: the plugin that ``COURSE/nbgrader_config.py`` names, loaded when it is first needed."""

    def __init__(self, course: Path):
        self.course = course
        self._plugin: Any = None

    def of(self, student: str, score: float, seconds_late: float) -> float | None:
        """Return what work costs that is so late, within 0 and its score; None where it is in time, or nothing."""
        if seconds_late <= 0:
            return None
        plugin = self.plugin
        try:
            asked = plugin.late_submission_penalty(student, score, seconds_late)
            if asked is not None and math.isnan(float(asked)):
                raise ValueError("a penalty is a number")
            return None if asked is None else min(max(float(asked), 0.0), score)
        except Exception as error:
            raise RecordError(
                f"The plugin for late penalties, {type(plugin).__name__}, raised {type(error).__name__} ({error}) "
                f"for a score of {score:g}, {seconds_late:g} seconds late. Its late_submission_penalty(student_id, "
                "score, total_seconds_late) returns points, or None."
            ) from error

    @property
    def plugin(self) -> Any:
        """The plugin, from the course's configuration; a module of it may lie beside that, as for nbgrader."""
        if self._plugin is None:
            from nbgrader.preprocessors import AssignLatePenalties
            from traitlets.config import Config, PyFileConfigLoader

            path = (self.course / "nbgrader_config.py").resolve()
            sys.path.insert(0, str(path.parent))
            asked = os.environ.setdefault(URL, "")  # such a file may read the gradebook's address, which is no matter
            try:
                there = path.is_file()
                config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config() if there else Config()
                assigning = AssignLatePenalties(config=config)
                assigning.init_plugin()
            except Exception as error:
                raise RecordError(
                    f"The plugin for late penalties that {path} names cannot be loaded: {type(error).__name__}: "
                    f"{error}. Write its class into that file, or into a module beside it."
                ) from error
            finally:
                sys.path.remove(str(path.parent))
                if not asked:
                    del os.environ[URL]
            self._plugin = assigning.plugin_inst
        return self._plugin


class Penalties:
    """The late penalties of one assignment, by the plugin that ``COURSE/nbgrader_config.py`` names.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment : str
    course : Path
        The root of nbgrader's course folder.
    rule : Rule, optional
        What late work costs, where it was loaded before.
    """

    def __init__(self, gradebook: Gradebook, assignment: str, course: Path, rule: Rule | None = None):
        self.gradebook, self.assignment, self.course = gradebook, assignment, course
        self.days = Days(course, assignment)
        self.rule = rule or Rule(course)

    def assign(self, entries: Sequence[Entry]) -> None:
        """Write when these students handed in, and their penalties, as ``nbgrader autograde`` does, or nothing.

        Where it is not known when somebody handed in, what the gradebook says of it stays.
        """
        self.assign_at({entry.student: entry.at for entry in entries if entry.at and entry.marked is not None})

    def assign_at(self, timed: Mapping[str, datetime]) -> None:
        """Write that these students handed in at these times, in UTC, and their penalties."""
        with self._writing(lambda: [self.gradebook.find_submission(self.assignment, s) for s in timed]) as submissions:
            for submission in submissions:
                submission.timestamp = timed[submission.student_id]
                self._assign(submission)

    def refresh(self) -> dict[str, tuple[float, float]]:
        """Compute every penalty of the assignment anew, from the scores as they are; return those that have changed.

        A person who has given points since then has changed the score that the penalty depends on; who has moved the
        day in ``term.toml``, or an extension in ``roster.csv``, by how much the work is late.
        """
        _ = self.rule.plugin  # one that cannot be loaded is said also where nobody is late yet
        with self._writing(lambda: self.gradebook.assignment_submissions(self.assignment)) as submissions:
            found = {s.student_id: self._assign(s) for s in submissions if s.timestamp is not None}
        return {student: (old, new) for student, (old, new) in found.items() if abs(old - new) > 1e-9}

    @contextmanager
    def _writing(self, submissions: Callable[[], Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Write what the block changes in these submissions, due and extended as plan and roster have it now."""
        session = self.gradebook.db
        session.expire_all()
        try:
            rows = submissions()
            with self.days.written(self.gradebook.find_assignment(self.assignment), rows):
                yield rows
                session.commit()
        except BaseException:
            session.rollback()
            raise

    def _assign(self, submission: Any) -> tuple[float, float]:
        """Write the penalties of one submission; return what they were and are, summed."""
        old = new = 0.0
        late = seconds_late(submission.timestamp, submission.assignment.duedate, submission.extension)
        for notebook in submission.notebooks:
            penalty = self.rule.of(submission.student_id, float(notebook.score), late)
            old, new = old + (notebook.late_submission_penalty or 0.0), new + (penalty or 0.0)
            if abs((penalty or 0.0) - (notebook.late_submission_penalty or 0.0)) > 1e-9:
                notebook.late_submission_penalty = penalty
        return old, new
