"""The released notebook: blanks for solutions, what nbgrader itself would release, the same bytes every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import powers_course
import pytest

from autograder.ground.problem_sets import ProblemSetError
from autograder.ground.release import release

SOLUTION_LINES = ("return x * x + 0.0", "squared = x * x", "return squared * x", "product of two negative")


def released(folder: Path, notebook: str = powers_course.NOTEBOOK) -> nbformat.NotebookNode:
    return nbformat.read(release(powers_course.problem_set(folder, notebook), folder / "course"), as_version=4)


def test_solutions_become_clear_blanks(tmp_path: Path) -> None:
    notebook = released(tmp_path)
    cells = {cell.id: cell for cell in notebook.cells}
    blank = "    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert cells["cube-cell"].source == "def cube(x):\n" + blank
    assert cells["square-cell"].source == 'def square(x):\n    """Return x squared."""\n' + blank
    assert cells["explain"].source == "YOUR ANSWER HERE"
    text = (tmp_path / "course/release/ps0/ps0.ipynb").read_text(encoding="utf-8")
    assert not [line for line in (*SOLUTION_LINES, "BEGIN SOLUTION", "END SOLUTION", "rubric") if line in text]


@pytest.mark.parametrize(
    ("rubric", "says"),
    [
        ('{"names the sign": 1, "says why": 2}', "the rubric of 'explain' gives 3 points, and the cell is worth 4"),
        ('["names the sign"]', "write what gives how many points, rubric: {"),
        ('{"names the sign": "4"}', "write what gives how many points, rubric: {"),
    ],
)
def test_a_rubric_that_does_not_add_up_is_refused(tmp_path: Path, rubric: str, says: str) -> None:
    text = powers_course.NOTEBOOK.replace('{"names the sign": 1, "says why": 3}', rubric)
    with pytest.raises(ProblemSetError, match=re.escape(says)):
        released(tmp_path, text)
    other = powers_course.NOTEBOOK.replace("grade_id: cube-cell,", "grade_id: cube-cell, ").replace(
        "nbgrader: {grade: false, grade_id: cube-cell", "rubric: {a: 1}\nnbgrader: {grade: false, grade_id: cube-cell"
    )
    with pytest.raises(ProblemSetError, match="the cell 'cube-cell' has a rubric, and no person marks it"):
        released(tmp_path, other)


def test_the_notebook_is_plain_and_valid(tmp_path: Path) -> None:
    notebook = released(tmp_path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "jupytext" not in json.dumps(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    tests = [cell for cell in notebook.cells if cell.id in ("square", "cube")]
    assert [cell.source for cell in tests] == ['ps0.check("square")', 'ps0.check("cube")']
    assert all("raises-exception" in cell.metadata.tags and cell.metadata.editable is False for cell in tests)


def test_the_instructors_notebook_keeps_the_solutions(tmp_path: Path) -> None:
    released(tmp_path)
    source = (tmp_path / "course/source/ps0/ps0.ipynb").read_text(encoding="utf-8")
    assert all(line in source for line in SOLUTION_LINES)


def test_releasing_twice_changes_nothing(tmp_path: Path) -> None:
    released(tmp_path)
    files = sorted((tmp_path / "course").rglob("*.ipynb"))
    before = [(f.read_bytes(), f.stat().st_mtime_ns) for f in files]
    released(tmp_path)
    assert before == [(f.read_bytes(), f.stat().st_mtime_ns) for f in files]
    assert len(files) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("tags: [raises-exception]\n", "", "lacks the tag 'raises-exception'"),
        ("    ### END SOLUTION\n```", "```", "needs one '### END SOLUTION'"),
        ("    ### BEGIN SOLUTION\n    return x", "    return x", "each '### BEGIN SOLUTION' needs one"),
        ("Write two functions.", "Squares:\n\n    return x * x + 0.0\n\nWrite.", "gives away the solution"),
        ("Write two functions.", "### BEGIN SOLUTION\nhidden\n### END SOLUTION", "is no solution cell"),
        ('ps0.check("cube")', 'ps0.check("cube"); print(1)', "must hold this one line"),
        ("grade_id: cube,", "grade_id: square,", "two cells have the grade_id"),
    ],
)
def test_a_notebook_that_would_go_wrong_is_not_released(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in powers_course.NOTEBOOK
    with pytest.raises(ProblemSetError, match=re.escape(says)):
        released(tmp_path, powers_course.NOTEBOOK.replace(old, new))
    assert not (tmp_path / "course").exists()


def test_a_line_that_tells_nothing_may_stand_elsewhere(tmp_path: Path) -> None:
    notebook = powers_course.NOTEBOOK.replace("Write two functions.", "Write two functions.\n\n    squared = x * x\n")
    assert "squared = x * x" in released(tmp_path, notebook).cells[0].source


@pytest.mark.grading
def test_nbgrader_releases_the_same_notebook(tmp_path: Path) -> None:
    """The oracle is nbgrader's own command, run on our instructor's notebook."""
    ours = released(tmp_path)
    course = tmp_path / "course"
    (course / "release/ps0/ps0.ipynb").unlink()
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "ps0", "--force"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls `alembic` from there
    subprocess.run(command, cwd=course, check=True, capture_output=True, timeout=120, env=os.environ | {"PATH": path})
    theirs = nbformat.read(course / "release/ps0/ps0.ipynb", as_version=4)
    assert theirs.cells == ours.cells
