"""Late work: when a submission was handed in, and the penalty that the course's nbgrader plugin gives for it.

nbgrader's exchange lays ``timestamp.txt`` beside a submission, and its gradebook knows when the work was due. The
penalty depends on the score, so it is computed anew whenever the score is written: a re-grade that raises a mark does
not keep the penalty of the old one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.ground.whole_file import write_whole
from autograder.read.roster import read_roster

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from autograder.record.gradebook_rows import Entry

MAX_TIMESTAMP = 100  # characters
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


def refresh_penalties(url: str, assignment: str, course: Path) -> list[str]:
    """Compute the late penalties of an assignment anew in the gradebook; return the students whose has changed."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(url) as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry:
            return []
        return Penalties(gradebook, assignment, course).refresh()


def keep_beside(handed_in: Path, copy: Path, name: str) -> None:
    """Lay beside the copy what nbgrader's exchange laid beside the submission, a small plain file.

    ``nbgrader release_feedback`` needs both for everybody, or hands out nobody's feedback. Where somebody's work did
    not come by the exchange, a secret that nobody has stands in, and when the file was written.
    """
    source, target = handed_in.with_name(name), copy.with_name(name)
    if source.is_file() and not source.is_symlink() and source.stat().st_size <= MAX_BESIDE:
        write_whole(target, source.read_bytes())
    elif name == "submission_secret.txt":
        if not target.is_file():
            write_whole(target, secrets.token_hex(32))
    elif handed_in.is_file():
        written = datetime.fromtimestamp(handed_in.lstat().st_mtime, UTC)
        write_whole(target, written.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))


class Penalties:
    """The late penalties of one assignment, by the plugin that ``COURSE/nbgrader_config.py`` names.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment : str
    course : Path
        The root of nbgrader's course folder.
    """

    def __init__(self, gradebook: Gradebook, assignment: str, course: Path):
        self.gradebook, self.assignment, self.course = gradebook, assignment, course
        self.extensions = read_roster(course).extensions(assignment)
        self._plugin: Any = None

    def assign(self, entries: Sequence[Entry]) -> None:
        """Write when these students handed in, and their penalties, as ``nbgrader autograde`` does, or nothing.

        Where it is not known when somebody handed in, what the gradebook says of it stays.
        """
        timed = [entry for entry in entries if entry.at is not None and entry.marked is not None]
        with self._writing():
            for entry in timed:
                submission = self.gradebook.find_submission(self.assignment, entry.student)
                submission.timestamp = entry.at
                self._assign(submission)

    def refresh(self) -> list[str]:
        """Compute every penalty of the assignment anew, from the scores as they are; return whose has changed.

        A person who has given points since then has changed the score that the penalty depends on.
        """
        with self._writing():
            timed = [s for s in self.gradebook.assignment_submissions(self.assignment) if s.timestamp is not None]
            return [submission.student_id for submission in timed if self._assign(submission)]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        session = self.gradebook.db
        session.expire_all()
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise

    def _assign(self, submission: Any) -> bool:
        """Write the penalties of one submission, and the roster's extension; return whether a penalty has changed."""
        if (more := self.extensions.get(submission.student_id)) is not None:
            submission.extension = more
        changed = False
        for notebook in submission.notebooks:
            penalty = self._penalty(submission.student_id, notebook, submission)
            if abs((penalty or 0.0) - (notebook.late_submission_penalty or 0.0)) > 1e-9:
                notebook.late_submission_penalty = penalty
                changed = True
        return changed

    def _penalty(self, student: str, notebook: Any, submission: Any) -> float | None:
        if submission.total_seconds_late <= 0:
            return None
        asked = self.plugin.late_submission_penalty(student, notebook.score, submission.total_seconds_late)
        return None if asked is None else min(max(float(asked), 0.0), float(notebook.score))

    @property
    def plugin(self) -> Any:
        """The plugin, from the course's configuration."""
        if self._plugin is None:
            from nbgrader.preprocessors import AssignLatePenalties
            from traitlets.config import PyFileConfigLoader

            path = (self.course / "nbgrader_config.py").resolve()
            config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
            assigning = AssignLatePenalties(config=config)
            assigning.init_plugin()
            self._plugin = assigning.plugin_inst
        return self._plugin
