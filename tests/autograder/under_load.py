"""Honest work on a crowded machine, marked beside 30 processes that spin: `python -m tests.autograder.under_load [30]`.

Each student needs a bit less than half of every limit: of a cell's, of a trial's, of the whole notebook's. All of them
must get full marks, with control groups and without. It takes minutes, so `make hunt` does it, and no test; what the
clocks make of any load is a property in `test_run_clocks.py`. Exits with 1 if somebody has lost a mark.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.grade import grade_class
from autograder.run.sandbox.launcher import Sandbox
from tests.autograder import powers_course

LOAD = 30
STUDENTS = 2
SECONDS, TRIAL = 4.0, 0.5  # of processor time, for the notebook and for a trial
NEEDS = 0.45  # of what may be used
SPIN = """
import time
def spin(seconds):
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass
"""
TRIALS = 10  # of both checks together
CELL = NEEDS * SECONDS / 3
EACH = min(NEEDS * TRIAL, (NEEDS * SECONDS - CELL) / TRIALS)
WORK = {
    "square-cell": f"{SPIN}\nspin({CELL})\ndef square(x):\n    spin({EACH})\n    return x * x",
    "cube-cell": f"def cube(x):\n    spin({EACH})\n    return x**3",
}


def marked(cgroup: bool) -> list[tuple[str, float, str]]:
    """Mark the class; return each student's name, points, and why some are missing."""
    checks = powers_course.CHECKS.replace("    hint =", f"    seconds = {TRIAL}\n    hint =")
    checks += f"\nSECONDS = {SECONDS}\n"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        powers = powers_course.problem_set(folder / "sets", checks=checks)
        paths = {
            f"student{number}": powers_course.submission(folder / "submitted", powers, f"student{number}", WORK)
            for number in range(STUDENTS)
        }
        launcher = Sandbox(("numpy",), hidden=(folder,), cgroup=cgroup)
        grading = grade_class(powers, paths, seed=1, launcher=launcher, jobs=2)
    return [(one.student, one.points, one.why) for one in grading.results]


def main(load: int = LOAD) -> int:
    """Mark the class beside so many processes that spin; return how many students have lost a mark."""
    lost = 0
    # Each in a session of its own: Linux shares processors between sessions first, and 30 in one would count as one.
    spin = [sys.executable, "-c", "while True: pass"]
    spinning = [subprocess.Popen(spin, start_new_session=True) for _ in range(load)]
    try:
        for cgroup in (True, False):
            begun = time.monotonic()
            for student, points, why in marked(cgroup):
                lost += points < 5
                groups = "with control groups   " if cgroup else "without control groups"
                print(f"{load} others, {groups}  {student}: {points:g} of 5 points {why}".rstrip(), flush=True)
            print(f"  after {time.monotonic() - begun:.0f} s", flush=True)
    finally:
        for process in spinning:
            process.kill()
            process.wait()
    return lost


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:]))))
