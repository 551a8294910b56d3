"""Late work: when a submission was handed in, and the penalty that the course's nbgrader plugin gives for it.

nbgrader's exchange lays ``timestamp.txt`` beside a submission, and its gradebook knows when the work was due. The
penalty depends on the score, so it is computed anew whenever the score is written: a re-grade that raises a mark does
not keep the penalty of the old one.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

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

    def assign(self, student: str, at: datetime | None) -> None:
        """Write when the student's submission was handed in, and its penalty, as ``nbgrader autograde`` does.

        Where it is not known when it was handed in, what the gradebook says of it stays.
        """
        if at is None:
            return
        session = self.gradebook.db
        session.expire_all()
        submission = self.gradebook.find_submission(self.assignment, student)
        submission.timestamp = at
        for notebook in submission.notebooks:
            penalty = None
            if submission.total_seconds_late > 0:
                asked = self.plugin.late_submission_penalty(student, notebook.score, submission.total_seconds_late)
                penalty = None if asked is None else min(max(float(asked), 0.0), notebook.score)
            notebook.late_submission_penalty = penalty
        session.commit()

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
