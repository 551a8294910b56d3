"""Release: one text notebook becomes the instructor's and the student's, in nbgrader's course folder.

``COURSE/source/ps1/ps1.ipynb`` holds the solutions, ``COURSE/release/ps1/ps1.ipynb`` a clear blank in place of each.
nbgrader's own preprocessors do the work, in the order of ``nbgrader generate_assignment``, so that both commands
release the same notebook. What is ours is what a public course needs beside them: the same text gives the same bytes,
and a solution that would slip through stops the release.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.ground.problem_sets import ProblemSet, ProblemSetError, source_cell
from autograder.ground.whole_file import write_whole

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
RUN_ON = "raises-exception"  # the tag with which Run All goes on after a cell that raises
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
LEAK_LINES = 3  # so many lines of a solution in a row, or all of it, give it away


def release(problem_set: ProblemSet, course: Path) -> Path:
    """Write the instructor's and the student's notebook of a problem set into a course folder.

    A file that already holds what would be written is left alone, its time stamp too.

    Parameters
    ----------
    problem_set : ProblemSet
    course : Path
        The root of nbgrader's course folder; made if it is not there.

    Returns
    -------
    Path
        The student's notebook.

    Raises
    ------
    ProblemSetError
        If notebook and checks do not agree, a test cell lacks its tag, or a solution would be released.
    """
    problem_set.validate()
    name = f"{problem_set.id}/{problem_set.id}.ipynb"
    source = instructor_notebook(problem_set)
    released = _released(problem_set, source)  # first: a fault in it must leave both files as they were
    _write_if_changed(course / "source" / name, source)
    _write_if_changed(course / "release" / name, released)
    return course / "release" / name


def instructor_notebook(problem_set: ProblemSet) -> NotebookNode:
    """Return the notebook with solutions, as nbgrader expects it in ``source``."""
    from nbgrader.preprocessors import CheckCellMetadata, ClearOutput

    notebook = copy.deepcopy(problem_set.notebook)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    used: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = _cell_id(source_cell(cell).grade_id or f"cell-{number}", used)
        cell.metadata.pop("rubric", None)  # here already: `nbgrader generate_assignment` releases what it finds
    return _processed(problem_set, notebook, [ClearOutput, CheckCellMetadata])


def student_notebook(problem_set: ProblemSet) -> NotebookNode:
    """Return the notebook as students get it: blanks for solutions, tests locked, checksums computed."""
    return _released(problem_set, instructor_notebook(problem_set))


def _released(problem_set: ProblemSet, source: NotebookNode) -> NotebookNode:
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    faults = list(_source_faults(source))
    if not faults:
        steps = [LockCells, ClearSolutions, ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata]
        released = _processed(problem_set, copy.deepcopy(source), steps)
        faults = list(_leaks(source, released))
    if faults:
        raise ProblemSetError(f"{problem_set.id} cannot be released:\n  " + "\n  ".join(faults))
    return released


def _processed(problem_set: ProblemSet, notebook: NotebookNode, steps: list[type]) -> NotebookNode:
    """Pass a notebook through nbgrader's preprocessors; their errors become ours, said once."""
    quiet = logging.getLogger("autograder.release")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    for step in steps:
        try:
            notebook, _ = step(log=quiet).preprocess(notebook, {})
        except Exception as error:  # nbgrader raises ValueError, RuntimeError and jsonschema's ValidationError
            words = str(error).splitlines()[0] if str(error) else type(error).__name__
            name = step.__name__
            raise ProblemSetError(f"{problem_set.id} cannot be released: nbgrader's {name} says: {words}") from error
    return notebook


def _source_faults(source: NotebookNode) -> Iterator[str]:
    for cell in source.cells:
        known = source_cell(cell)
        name = repr(known.grade_id or cell.id)
        if known.role == "test" and RUN_ON not in cell.metadata.get("tags", []):
            yield f"the test cell {name} lacks the tag {RUN_ON!r}, so Run All would end there; add tags: [{RUN_ON}]."
        markers = [marker for line in cell.source.splitlines() for marker in (BEGIN, END) if marker in line]
        if markers != [BEGIN, END] * (len(markers) // 2):
            yield f"in the cell {name}, each '### {BEGIN}' needs one '### {END}' after it."
        elif markers and known.role not in ("solution", "manual"):
            yield f"the cell {name} holds a solution but is no solution cell; set solution: true."


def _leaks(source: NotebookNode, released: NotebookNode) -> Iterator[str]:
    """Yield a sentence for every solution of which a telling part stands in the released notebook."""
    public = [(cell.id, _lines(cell.source)) for cell in released.cells]
    for cell in source.cells:
        for solution in _solutions(cell):
            runs = [solution[i : i + LEAK_LINES] for i in range(max(1, len(solution) - LEAK_LINES + 1))]
            for place, lines in public:
                if any(_stands_in(run, lines) for run in runs):
                    yield (
                        f"the cell {place!r} gives away the solution of {cell.id!r}, which has the same lines: "
                        f"{' / '.join(next(run for run in runs if _stands_in(run, lines)))}."
                    )
    text = nbformat.writes(released)
    for marker in (BEGIN, END):
        if marker in text:
            yield f"the student's notebook would still say '{marker}'."


def _solutions(cell: NotebookNode) -> Iterator[list[str]]:
    """Yield the lines of each solution in a cell; the whole cell, where a solution cell marks none."""
    if source_cell(cell).role not in ("solution", "manual") or cell.metadata.get("nbgrader", {}).get("task"):
        return
    regions = re.findall(rf"^[^\n]*{BEGIN}[^\n]*\n(.*?)^[^\n]*{END}", cell.source, re.DOTALL | re.MULTILINE)
    for region in regions or [cell.source]:
        lines = _lines(region)
        if len("".join(lines)) >= 12 and not all("YOUR ANSWER" in line for line in lines):  # `return x` tells nothing
            yield lines


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _stands_in(run: list[str], lines: list[str]) -> bool:
    return any(lines[i : i + len(run)] == run for i in range(len(lines) - len(run) + 1))


def _cell_id(wish: str, used: set[str]) -> str:
    """Return a cell id that nbformat allows and no other cell has, the same at every release."""
    stem = re.sub(r"[^A-Za-z0-9_-]", "-", wish)[:56]
    id, number = stem, 1
    while id in used:
        number += 1
        id = f"{stem}-{number}"
    used.add(id)
    return id


def _write_if_changed(path: Path, notebook: NotebookNode) -> None:
    nbformat.validate(notebook)
    text = nbformat.writes(notebook) + "\n"
    if path.is_file() and path.read_bytes() == text.encode("utf-8"):
        return
    write_whole(path, text)
