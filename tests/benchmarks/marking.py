"""Marking: `autograder grade` and `nbgrader autograde` on the same class, in turn, in one run; then a class of 1,000.

    python -m tests.benchmarks marking                  # both tables
    python -m tests.benchmarks.marking 40 2 1000        # students, rounds, students of the large class (0 for none)

The submissions are the cases of a problem set, right and wrong by turns. What is wrong costs more: it is asked again,
and a second time with the reference's earlier parts. Start-up, pages and gradebook count for both commands; nothing
comes from the cache. Both see all processors: `autograder grade` marks as many submissions at a time, `nbgrader
autograde` marks one after another and has no option for more. Between the two tables stands where the time goes.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STUDENTS, ROUNDS, LARGE = 40, 2, 1000
SET, LARGE_SET = "ps1", "ps2"
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


def grade(id: str, course: Path) -> float:
    """Mark a class by `autograder grade`; return the seconds that it took."""
    options = ("--submissions", "submitted", "--course", ".", "--seed", "7", "--yes", "--again")
    return command("autograder", "grade", id, *options, *EXERCISES, cwd=course)


def lay_out(course: Path, id: str, students: int) -> None:
    """Lay out an nbgrader course whose students handed in the cases of a set, right and wrong ones by turns."""
    from autograder.authoring.prove import find_cases
    from autograder.ground.problem_sets import find

    command("autograder", "release", id, "--course", str(course), *EXERCISES, cwd=course)
    solved = json.loads((course / "source" / id / f"{id}.ipynb").read_text())
    cases = find_cases(find(id, ROOT / "exercises"))
    right, wrong = ([case for case in cases if bool(case.fails) is failing] for failing in (False, True))
    turns = itertools.chain.from_iterable(zip(itertools.cycle(right), itertools.cycle(wrong)))
    for number, case in enumerate(itertools.islice(turns, students)):
        folder = course / "submitted" / f"student{number:04}" / id
        folder.mkdir(parents=True)
        cells = [
            cell | {"source": case.cells.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""), cell["source"])}
            for cell in solved["cells"]
        ]
        (folder / f"{id}.ipynb").write_text(json.dumps(solved | {"cells": cells}))


def marks(course: Path, id: str) -> dict[str, float]:
    """Return the marks of the checks that stand in the course's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions(id)
        return {s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades) for s in submissions}


def measure(students: int = STUDENTS, rounds: int = ROUNDS, large: int = LARGE) -> str:
    """Return both tables."""
    tables = [beside_nbgrader(students, rounds), where_the_time_goes(students)]
    return "\n".join([*tables, *([alone(large)] if large else [])])


STAGES = {
    "start of a sandbox": ("autograder.run.launch", "_Conversation.open"),
    "making it": ("autograder.run.sandbox.launcher", "Sandbox.start"),
    "cells": ("autograder.run.launch", "_Conversation.run_cell"),
    "probes": ("autograder.run.launch", "_Conversation.put"),
    "ending it": ("autograder.run.launch", "_Conversation.close"),
    "reading and judging, in a child": ("autograder.ground.bounded", "Share.do"),
}


def where_the_time_goes(students: int) -> str:
    """Return the table: milliseconds a submission by stage, one submission at a time, everything in this process."""
    import importlib
    from unittest import mock

    from autograder import grade as grading
    from autograder.ground.problem_sets import find
    from autograder.read.class_folder import find_submissions
    from autograder.record.gradebook import BATCH, Recording, import_nbgrader
    from autograder.run.sandbox.launcher import Sandbox

    spent = dict.fromkeys(["first run", "repeated and with right earlier parts", *STAGES], 0.0)

    def clocked(stage: str, function: Any) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*args, **more)
            finally:
                spent[stage] += time.perf_counter() - begun

        return call

    def asked(self: Any, *args: Any, **more: Any) -> Any:
        return clocked("repeated and with right earlier parts" if self.seconds else "first run", ask)(
            self, *args, **more
        )

    ask = grading.Marking.ask
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        course = Path(folder)
        lay_out(course, SET, students)
        problem_set = find(SET, ROOT / "exercises")
        launcher = Sandbox(problem_set.checks.imports, preload=problem_set.preload)
        submissions = find_submissions(course / "submitted", SET)
        grading.grade_class(problem_set, dict(list(submissions.items())[:1]), seed=7, launcher=launcher, jobs=1)
        for stage, (module, name) in STAGES.items():
            owner: Any = importlib.import_module(module)
            *within, last = name.split(".")
            for part in within:
                owner = getattr(owner, part)
            stack.enter_context(mock.patch.object(owner, last, clocked(stage, getattr(owner, last))))
        stack.enter_context(mock.patch.object(grading.Marking, "ask", asked))
        begun = time.perf_counter()
        marked = grading.grade_class(problem_set, submissions, seed=7, launcher=launcher, jobs=1)
        whole = time.perf_counter() - begun
        stack.pop_all().close()
        import_nbgrader()
        begun = time.perf_counter()
        with Recording(problem_set, [*submissions], course=course, submissions=submissions) as recording:
            opened = time.perf_counter() - begun
            for first in range(0, students, BATCH):
                recording.write(marked.results[first : first + BATCH])
            spent["recording, beside the marking of others"] = time.perf_counter() - begun - opened
    lines = [
        f"Where the time goes: {SET}, {students} submissions one after another, {1e3 * whole / students:.0f} ms each"
    ]
    lines += [f"  {stage:<40} {1e3 * seconds / students:6.1f} ms" for stage, seconds in spent.items() if seconds]
    return "\n".join([*lines, f"  once for a class: a new gradebook        {1e3 * opened:6.0f} ms"])


def beside_nbgrader(students: int, rounds: int) -> str:
    """Return the table: seconds a submission, the ratio, and whether the marks agree."""
    times: dict[str, list[float]] = {"autograder grade": [], "nbgrader autograde": []}
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        for course in (ours, theirs):
            course.mkdir()
            lay_out(course, SET, students)
        (theirs / "nbgrader_config.py").unlink()  # ours would put the sandbox in place of nbgrader's kernel
        command("nbgrader", "generate_assignment", SET, "--create", "--force", cwd=theirs)
        for _ in range(rounds):
            times["autograder grade"].append(grade(SET, ours) / students)
            times["nbgrader autograde"].append(command("nbgrader", "autograde", SET, "--force", cwd=theirs) / students)
        found = marks(ours, SET), marks(theirs, SET)
    same = sum(found[0][student] == found[1].get(student) for student in found[0])
    lines = [f"Marking {SET}: {students} submissions, {rounds} rounds in turn, {os.cpu_count()} processors"]
    lines += [f"  {name:<20} {statistics.median(t):6.3f} s a submission" for name, t in times.items()]
    ratios = [b / a for a, b in zip(*times.values(), strict=True)]
    lines.append(f"  ratio, median        {statistics.median(ratios):6.1f}")
    lines.append(f"  marks                the same for {same} of {students}")
    return "\n".join(lines)


def alone(students: int) -> str:
    """Return how long a large class takes."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        lay_out(course, LARGE_SET, students)
        seconds = grade(LARGE_SET, course)
        said = json.loads((course / "grading" / LARGE_SET / "results.json").read_text())["submissions"]
    marked = sum(s["status"] == "marked" for s in said)
    full = sum(s["points"] == s["max_points"] for s in said)
    return (
        f"Marking {LARGE_SET}: {students} submissions in {seconds:.0f} s, {seconds / students:.3f} s each; "
        f"{marked} marked, {full} of them in full"
    )


if __name__ == "__main__":
    print(measure(*map(int, sys.argv[1:])))
