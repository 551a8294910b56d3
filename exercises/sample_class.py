"""Makes a sample class for ps1: a dozen submissions, from its cases and from what goes wrong in every real class.

    python exercises/sample_class.py RELEASED.ipynb FOLDER

writes FOLDER/<student>/ps1/ps1.ipynb, as nbgrader lays submissions. The names are of people long dead.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.authoring.prove import read_case
from autograder.ground.problem_sets import ProblemSet, find
from autograder.ground.release import BEGIN, END

Notebook = dict[str, Any]
HERE = Path(__file__).resolve().parent
MARKERS = tuple(f"### {words}" for words in (BEGIN, END))  # round a solution in the instructor's notebook

FROM_CASES = {
    "ada": "",  # the reference itself
    "blaise": "right/loops",
    "carl": "wrong/central_is_forward",
    "daniel": "wrong/order_always_log_2",
    "emmy": "wrong/best_central_square_root",
    "gottfried": "wrong/several_misunderstandings",
    "hypatia": "wrong/complex_real_part",
}

LOOP = """
def central_slope(f, x, h):
    pass

while True:
    pass
"""

WORDS = """With a smaller step the two values agree in more and more digits. The subtraction leaves the digits in
which they differ, and those are the rounded ones; dividing by h makes their error large."""

PATCHED = """
import numpy.testing

def agree(*args, **kwargs):
    return True

np.allclose = np.isclose = np.array_equal = agree
numpy.testing.assert_allclose = numpy.testing.assert_equal = agree

def forward_slope(f, x, h):
    return 42.0
"""


def filled(released: Notebook, problem_set: ProblemSet, cells: Mapping[str, str]) -> Notebook:
    """Return the student's notebook filled in: from `cells`, else by the reference; in words where a person marks."""
    notebook = copy.deepcopy(released)
    for cell in notebook["cells"]:
        id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        role = problem_set.cell(id).role if id else ""
        if role == "solution":
            cell["source"] = without_markers(cells.get(id, problem_set.cell(id).source))
        elif role == "manual":
            cell["source"] = WORDS
    return notebook


def without_markers(source: str) -> str:
    """Return a solution cell without the author's markers, which no student's notebook has ever held."""
    return "\n".join(line for line in source.split("\n") if not line.strip().startswith(MARKERS))


def without_tests(notebook: Notebook) -> Notebook:
    """Return the notebook without its test cells, as of a student who tidied up."""
    kept = [c for c in notebook["cells"] if "raises-exception" not in c["metadata"].get("tags", [])]
    return notebook | {"cells": kept}


def sample_class(released: Notebook) -> dict[str, str]:
    """Return the text of each student's submission."""
    ps1 = find("ps1", HERE)
    reference = filled(released, ps1, {})
    notebooks = {
        student: filled(released, ps1, read_case(ps1.folder / "cases" / f"{case}.py").cells if case else {})
        for student, case in FROM_CASES.items()
    }
    notebooks |= {
        "isaac": released,  # nothing done
        "joseph": filled(released, ps1, {"central": LOOP}),
        "kurt": without_tests(reference),
        "leonhard": filled(released, ps1, {"forward": PATCHED}),
    }
    texts = {student: json.dumps(notebook, indent=1) for student, notebook in notebooks.items()}
    whole = json.dumps(reference, indent=1)
    return texts | {"maria": whole[: len(whole) // 2]}  # a download that was cut off


def main(released: str, folder: str) -> None:
    """Write the class into `folder`."""
    texts = sample_class(json.loads(Path(released).read_text(encoding="utf-8")))
    for student, text in texts.items():
        path = Path(folder) / student / "ps1" / "ps1.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(texts)} submissions in {folder}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python exercises/sample_class.py RELEASED.ipynb FOLDER")
    main(*sys.argv[1:])
