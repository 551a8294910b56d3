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

from autograder.problem_sets import ProblemSet, find
from autograder.prove import read_case

Notebook = dict[str, Any]
HERE = Path(__file__).resolve().parent

FROM_CASES = {
    "ada": "",
}

LOOP = """
def central_difference(f, x, h):
    pass

while True:
    pass
"""

PATCHED = """
import numpy.testing

def agree(*args, **kwargs):
    return True

np.allclose = np.isclose = np.array_equal = agree
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = agree
"""


def filled(released: Notebook, problem_set: ProblemSet, cells: Mapping[str, str]) -> Notebook:
    """Return the student's notebook with all solution cells filled in: from `cells`, else by the reference."""
    notebook = copy.deepcopy(released)
    for cell in solution_cells(notebook):
        id = cell["metadata"]["nbgrader"]["grade_id"]
        cell["source"] = cells.get(id, problem_set.cell(id).source)
    return notebook


def solution_cells(notebook: Notebook) -> list[Notebook]:
    """Return the code cells that a student fills in."""
    marked = [c for c in notebook["cells"] if c["cell_type"] == "code" and "nbgrader" in c["metadata"]]
    return [c for c in marked if c["metadata"]["nbgrader"]["solution"] and not c["metadata"]["nbgrader"]["grade"]]


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
        "blank": released,
        "loop": filled(released, ps1, {"central": LOOP}),
        "deleted-tests": without_tests(reference),
        "patched": filled(released, ps1, {"forward": PATCHED}),
    }
    texts = {student: json.dumps(notebook, indent=1) for student, notebook in notebooks.items()}
    whole = json.dumps(reference, indent=1)
    return texts | {"truncated": whole[: len(whole) // 2]}


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
