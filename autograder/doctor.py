"""What this machine can do for a course, what is missing, and how to get it."""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.problem_sets import available
from autograder.run.sandbox.launcher import Sandbox


@dataclass(frozen=True)
class Finding:
    """One thing that a task needs: whether it is there, what was found, and what to do where it is not."""

    task: str
    what: str
    there: bool
    advice: str = ""


def findings(exercises: Path | None = None) -> Iterator[Finding]:
    """Look at this machine and yield what was found, task by task."""
    python = f"Python {platform.python_version()}"
    yield Finding("everything", python, sys.version_info >= (3, 11), "Install Python 3.11 or newer.")
    sets = available(exercises)
    named = ", ".join(sets) or "none"
    yield Finding("everything", f"problem sets: {named}", bool(sets), "Name their folder by --exercises DIR.")
    for module, task in (("jupyterlab", "notebooks"), ("matplotlib", "notebooks"), ("nbgrader", "grading")):
        there = importlib.util.find_spec(module) is not None
        extra = "student" if task == "notebooks" else "grading"
        yield Finding(task, module, there, f'Install this distribution with its extra: pip install ".[{extra}]".')
    obstacle = Sandbox.obstacle([*{problem_set.folder.parent for problem_set in sets.values()}])
    yield Finding("grading", "a sandbox that starts", not obstacle, obstacle)
    for layer, there in Sandbox.layers().items():
        yield Finding("grading", layer, there, "The sandbox works without this layer, and is weaker.")
