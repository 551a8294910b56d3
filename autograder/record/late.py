"""Late work: when a submission was handed in, and the penalty that the course's nbgrader plugin gives for it.

nbgrader's exchange lays ``timestamp.txt`` beside a submission, and its gradebook knows when the work was due. The
penalty depends on the score, so it is computed anew whenever the score is written: a re-grade that raises a mark does
not keep the penalty of the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from autograder.record.gradebook_rows import Entry

MAX_TIMESTAMP = 100  # characters


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
        self._plugin: Any = None

    def assign(self, entries: Sequence[Entry]) -> None:
        """Write when these students handed in, and their penalties, as ``nbgrader autograde`` does, or nothing.

        Where it is not known when somebody handed in, what the gradebook says of it stays.
        """
        timed = [entry for entry in entries if entry.at is not None and entry.marked is not None]
        session = self.gradebook.db
        session.expire_all()
        try:
            for entry in timed:
                submission = self.gradebook.find_submission(self.assignment, entry.student)
                submission.timestamp = entry.at
                for notebook in submission.notebooks:
                    notebook.late_submission_penalty = self._penalty(entry.student, notebook, submission)
            session.commit()
        except BaseException:
            session.rollback()
            raise

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
