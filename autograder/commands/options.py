"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click


def _not_in_a_course(context: click.Context, parameter: click.Parameter, course: Path) -> Path:
    """Refuse to make a course folder in our own, where somebody stands who has forgotten to leave it."""
    config = Path("nbgrader_config.py")
    within = course == Path("build") and not course.exists() and Path("gradebook.db").is_file() and config.is_file()
    if within and "autograder" in config.read_text(encoding="utf-8", errors="replace"):
        raise FileNotFoundError(
            "This is the course folder, and there would be a second one in it, build. Go up, `cd ..`, and say it "
            "there, or name this one by --course ."
        )
    return course


EXERCISES = click.option(
    "--exercises", type=click.Path(path_type=Path), help="Folder of problem sets, where it is not ./exercises."
)
COURSE = click.option(
    "--course", type=click.Path(path_type=Path), default=Path("build"), show_default=True, callback=_not_in_a_course,
    help="The nbgrader course folder: source, release, autograded and the gradebook lie in it.",
)  # fmt: skip
SUBMITTED = click.option(
    "--submissions", type=click.Path(path_type=Path), help="Folder of submissions; COURSE/submitted if not given."
)
OUT = click.option("--out", type=click.Path(path_type=Path), help="Where results go; COURSE/grading/<PS> if not given.")
DB = click.option("--db", help="The gradebook's URL; sqlite:///COURSE/gradebook.db if not given.")
SEED = click.option(
    "--seed", type=click.IntRange(0), help="Draws the inputs of the checks; secret and fresh if not given."
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Submissions at a time."
)
UNSANDBOXED = click.option(
    "--run-student-code-without-a-sandbox", "unsandboxed", is_flag=True,
    help="Student code then can do on this machine all that you can: read, change and send your files.",
)  # fmt: skip
