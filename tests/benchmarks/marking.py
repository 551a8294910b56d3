"""Marking: `autograder grade` and `nbgrader autograde` on the same honest class, in turn, in one run.

    python -m tests.benchmarks.marking          # beside nbgrader
    python -m tests.benchmarks.marking 1000     # a class of a thousand, alone

Start-up, pages and gradebook count for both; nothing is taken from the cache.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDENTS = 20
ROUNDS = 2
GRADE = ("autograder", "grade", "ps1", "--submissions", "submitted", "--course", ".", "--yes", "--again")
EXERCISES = ("--exercises", str(ROOT / "exercises"))


def command(*words: str, cwd: Path) -> float:
    """Run a command to its end; return the seconds that it took."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls `alembic`
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, capture_output=True, text=True, env=os.environ | {"PATH": beside}
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - begun


def honest_class(course: Path, students: int = STUDENTS) -> None:
    """Lay out an nbgrader course whose students all handed in the instructor's own solution."""
    command("autograder", "release", "ps1", "--course", str(course), *EXERCISES, cwd=course)
    solved = course / "source" / "ps1" / "ps1.ipynb"
    for number in range(students):
        folder = course / "submitted" / f"student{number:04}" / "ps1"
        folder.mkdir(parents=True)
        shutil.copy(solved, folder / "ps1.ipynb")


def marks(course: Path) -> dict[str, float]:
    """Return the marks of the checks that stand in the course's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions("ps1")
        return {s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades) for s in submissions}


def measure() -> str:
    """Return the table: seconds a submission, and the ratio."""
    times: dict[str, list[float]] = {"autograder grade": [], "nbgrader autograde": []}
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        for course in (ours, theirs):
            course.mkdir()
            honest_class(course)
        (theirs / "nbgrader_config.py").unlink()  # ours would put the sandbox in place of nbgrader's kernel
        command("nbgrader", "generate_assignment", "ps1", "--create", "--force", cwd=theirs)
        for _ in range(ROUNDS):
            seconds = command(*GRADE, *EXERCISES, cwd=ours)
            times["autograder grade"].append(seconds / STUDENTS)
            seconds = command("nbgrader", "autograde", "ps1", "--force", cwd=theirs)
            times["nbgrader autograde"].append(seconds / STUDENTS)
        same = marks(ours) == marks(theirs)
        points = json.loads((ours / "grading" / "ps1" / "results.json").read_text())["submissions"][0]["points"]
    lines = [f"Marking ps1: {STUDENTS} submissions, {ROUNDS} rounds in turn, {os.cpu_count()} processors"]
    lines += [f"  {name:<20} {statistics.median(t):6.2f} s a submission" for name, t in times.items()]
    ratios = [b / a for a, b in zip(*times.values(), strict=True)]
    lines.append(f"  ratio, median        {statistics.median(ratios):6.1f}")
    lines.append(f"  marks                {'the same' if same else 'DIFFERENT'} ({points:g} points each)")
    return "\n".join(lines)


def measure_alone(students: int) -> str:
    """Return how long a class takes without a peer."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        honest_class(course, students)
        seconds = command(*GRADE, *EXERCISES, cwd=course)
        said = json.loads((course / "grading" / "ps1" / "results.json").read_text())["submissions"]
    marked = sum(s["status"] == "marked" and s["points"] == s["max_points"] for s in said)
    return f"Marking ps1: {marked} of {students} marked in full, {seconds:.0f} s, {seconds / students:.3f} s each"


if __name__ == "__main__":
    print(measure_alone(int(sys.argv[1])) if sys.argv[1:] else measure())
