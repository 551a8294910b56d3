"""A new problem set, written as a folder that proves and releases at once: its author changes what is there.

One part, one check, one right and one wrong case, and a question that a person marks; comments in the files say what to
change. Nothing here is about a subject: the part is a function that adds up squares.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.ground.problem_sets import ProblemSetError
from autograder.ground.whole_file import write_whole

NOTEBOOK = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# TITLE

<!-- Say what is asked: names, arguments, types, shapes, and one example of a call with its value. -->

Write a function `sum_of_squares(x)`. It gets a list of numbers and returns the sum of their squares, a number:
`sum_of_squares([1.0, 2.0])` is `5.0`.

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: setup, locked: true, schema_version: 3, solution: false, task: false}
---
from autograder.checks import problem_set

SET = problem_set("SET")
```

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: squares, locked: false, schema_version: 3, solution: true, task: false}
---
def sum_of_squares(x):
    ### BEGIN SOLUTION
    return sum(item * item for item in x)
    ### END SOLUTION
```

<!-- One test cell for each check: its grade_id is the check's id, its points are the check's. -->

```{code-cell} ipython3
---
nbgrader: {grade: true, grade_id: sum-of-squares, locked: true, points: 2, schema_version: 3, solution: false, task: false}
tags: [raises-exception]
---
SET.check("sum-of-squares")
```

Why is the result never negative?

<!-- A person marks this one, and sees the rubric beside it: what gives how many points. No student gets the rubric. -->

+++ {"nbgrader": {"grade": true, "grade_id": "why", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}, "rubric": {"a square is never negative": 0.5, "nor is a sum of such": 0.5}}

### BEGIN SOLUTION
No square of a real number is negative, and a sum of such is not either.
### END SOLUTION
"""  # noqa: E501 - metadata stands on one line

CHECKS = '''\
"""TITLE: what must be true. Students read the sentence of each check, and nothing else of this file."""

from autograder.checks import Mistake, check

# Say OPEN = True if anybody may read the solutions. Say IMPORTS = ("numpy", "scipy") if notebooks may import more than
# NumPy and matplotlib.


@check("sum-of-squares", part="squares", points=2)  # the id of the test cell; the solution cell; as in notebook.md
class SumOfSquares:
    """`sum_of_squares(x)` is the sum of the squares of the numbers in x."""

    def inputs(rng):  # fresh plain data, drawn anew for each trial; general: not 0, not 1, not all alike
        return {"x": rng.uniform(2.0, 9.0, size=int(rng.integers(3, 6))).tolist()}

    def probe(student, x):  # sent into the sandbox as text; sees its arguments and `np`, nothing else of this file
        return student.sum_of_squares(x)

    def expected(x):  # the right answer, by another way than the solution's where there is one
        return sum(item**2 for item in x)

    # What each known mistake would answer on the same inputs. Each needs a case in cases/wrong.
    mistakes = {"square-of-sum": Mistake("the sum is squared, in place of each number", lambda x: sum(x) ** 2)}
    rtol = 1e-9  # how far an honest computation may be away, relative to the right answer: say why
    hint = "Square each number first, then add them up."
'''

RIGHT = """\
# /// case
# set = "SET"
# fails = []
# ///
# Another way to solve it, for full marks. `fails = []` must be said. One cell for each solution cell that differs.
# %% squares
def sum_of_squares(x):
    total = 0.0
    for item in x:
        total += item**2
    return total
"""

WRONG = """\
# /// case
# set = "SET"
# fails = ["sum-of-squares"]
# says = "the sum is squared"
# names = ["square-of-sum"]
# ///
# A typical mistake: which checks fail, which words the feedback says, which known mistake is named.
# %% squares
def sum_of_squares(x):
    return sum(x) ** 2
"""


def write_new(id: str, title: str, exercises: Path) -> Path:
    """Write the folder of a new problem set; return it.

    Raises
    ------
    ProblemSetError
        If the id is none, or a set of that id is there.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*", id):
        raise ProblemSetError(f"{id!r} is no id of a problem set; write small letters and digits, as in ps10 or lab1.")
    title = " ".join(title.split()) or id
    if there := sorted(path for path in exercises.glob(f"{id}_*") if path.is_dir()):
        raise ProblemSetError(f"There is a problem set {id} already, {there[0]}; take another id.")
    stem = "_".join(re.findall(r"[a-z0-9]+", title.lower())) or "set"
    folder = exercises / f"{id}_{stem}"
    for name, text in (
        ("notebook.md", NOTEBOOK),
        ("checks.py", CHECKS),
        ("cases/right/another_way.py", RIGHT),
        ("cases/wrong/square_of_sum.py", WRONG),
    ):
        write_whole(folder / name, text.replace("SET", id).replace("TITLE", title.replace('"', "'")))
    return folder
