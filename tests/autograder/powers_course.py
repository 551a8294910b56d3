"""A problem set of two checks and one manual part about nothing in particular, and submissions to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.release import student_notebook
from autograder.mark.check_results import CheckResult
from autograder.mark.results import Grading, Result, Status

NOTEBOOK = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Squares and cubes

Write two functions. Show that $a<b$.

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: setup, locked: true, schema_version: 3, solution: false, task: false}
---
from autograder.checks import problem_set
ps0 = problem_set("ps0")
```

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: square-cell, locked: false, schema_version: 3, solution: true, task: false}
---
def square(x):
    \"\"\"Return x squared.\"\"\"
    ### BEGIN SOLUTION
    return x * x + 0.0
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {grade: true, grade_id: square, locked: true, points: 2, schema_version: 3, solution: false, task: false}
tags: [raises-exception]
---
ps0.check("square")
```

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: cube-cell, locked: false, schema_version: 3, solution: true, task: false}
---
def cube(x):
    ### BEGIN SOLUTION
    squared = x * x
    return squared * x
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {grade: true, grade_id: cube, locked: true, points: 3, schema_version: 3, solution: false, task: false}
tags: [raises-exception]
---
ps0.check("cube")
```

+++ {"nbgrader": {"grade": true, "grade_id": "explain", "locked": false, "points": 4, "schema_version": 3, \
"solution": true, "task": false}, "rubric": {"names the sign": 1, "says why": 3}}

Because the product of two negative numbers is positive.
"""

CHECKS = '''\
from autograder.checks import check


@check("square", part="square-cell", points=2)
class Square:
    """The square of a number is the number times itself."""

    def inputs(rng):
        return {"x": float(rng.integers(3, 9))}

    def probe(student, x):
        return student.square(x)

    def expected(x):
        return x * x

    mistakes = {"twice the number in place of its square": lambda x: 2 * x}
    hint = "Chapter 0, section 'Powers'."


@check("cube", part="cube-cell", points=3)
class Cube:
    """The cube of a number keeps its sign."""

    partial = True

    def inputs(rng):
        return {"x": -float(rng.integers(3, 9))}

    def probe(student, x):
        return student.cube(x)

    def expected(x):
        return x**3

    mistakes = {
        "the cube of the absolute value": lambda x: abs(x) ** 3,
        "a number in place of a function": lambda x: TypeError("is not callable"),
    }
    hint = "Chapter 0, section 'Signs'."
'''


def problem_set(folder: Path, notebook: str = NOTEBOOK, checks: str = CHECKS) -> ProblemSet:
    """Write the problem set into `folder` and return it."""
    home = folder / "ps0_powers"
    home.mkdir(parents=True, exist_ok=True)
    (home / "notebook.md").write_text(notebook, encoding="utf-8")
    (home / "checks.py").write_text(checks, encoding="utf-8")
    return ProblemSet("ps0", home)


def submission(folder: Path, problem_set: ProblemSet, student: str, sources: Mapping[str, str]) -> Path:
    """Write a student's notebook with the given sources in the cells of these grade_ids."""
    notebook = student_notebook(problem_set)
    for cell in notebook.cells:
        cell.source = sources.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    path = folder / student / "ps0" / "ps0.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


SENTENCES = {
    "square": "The square of a number is the number times itself.",
    "cube": "The cube of a number keeps its sign.",
}
MISTAKES = {"square": "twice the number in place of its square", "cube": "the cube of the absolute value"}
MAXIMA = {"square": 2.0, "cube": 3.0}


def result(
    student: str,
    square: float = 2.0,
    cube: float = 3.0,
    status: Status = "marked",
    reason: str = "",
    finding: str = "With x = 3, you returned 6; expected 9.",
    **rest: object,
) -> Result:
    """Return the result of a student who earned these points."""
    checks = tuple(
        CheckResult(id, SENTENCES[id], points, MAXIMA[id], True)
        if points == MAXIMA[id]
        else CheckResult(id, SENTENCES[id], points, MAXIMA[id], False, finding, MISTAKES[id], "Chapter 0.")
        for id, points in (("square", square), ("cube", cube))
    )
    return Result(student, status, reason, checks, **rest)  # type: ignore[arg-type]


def grading(*results: Result) -> Grading:
    """Return a marking run with these results."""
    return Grading("ps0", 7, "checks-1", "environment-1", results)
