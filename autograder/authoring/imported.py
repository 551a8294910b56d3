"""An assignment of nbgrader becomes a problem set as it is: its tests stay cells, and run in the sandbox, in place.

The notebook becomes text, with nbgrader's metadata; `checks.py` lists its tests with their points; data that lay beside
it go into ``files``. So a course can move in an afternoon, and its tests become checks one by one, or never.
"""

from __future__ import annotations

import ast
import base64
import importlib.metadata
import itertools
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat

from autograder.authoring.prove import UNDONE
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, source_cell
from autograder.ground.release import RUN_ON, student_notebook
from autograder.ground.syntax import NO_PYTHON, parsed
from autograder.ground.whole_file import write_whole
from autograder.read.ipython_syntax import plain_python

ALWAYS = ("numpy", "matplotlib")
MAX_DATA = 50 * 2**20  # bytes of a file beside the notebook
ATTACHED = re.compile(r"\(attachment:([^)\s]+)\)")
BLANK = re.compile(r"(?m)^\s*raise NotImplementedError\b|YOUR CODE HERE")  # what nbgrader leaves of a solution
SOLUTION = re.compile(r"BEGIN SOLUTION")
ID = re.compile(r"[a-z][a-z0-9]*")

CHECKS = '''"""{title}: the tests of an assignment of nbgrader, which are cells of the notebook and run in their place.

A test that shall be judged outside of the process in which student code runs becomes a check: see CONTRIBUTING.md.
"""

from autograder.checks import cell_test

IMPORTS = {imports!r}

{tests}
'''

NOTHING_DONE = """\
# /// case
# set = "{id}"
# fails = [{fails}]
# ///
# The notebook as it is handed out. A test that passes here is passed by who has done nothing: look at it.
"""


def import_assignment(source: Path, exercises: Path, id: str = "") -> tuple[Path, list[str]]:
    """Write an assignment of nbgrader as the folder of a problem set.

    Parameters
    ----------
    source : Path
        Its folder, ``source/ps1``, or its notebook with solutions and hidden tests.
    exercises : Path
        The folder of problem sets, in which its own is made.
    id : str
        The problem set's id; that of the folder, if not given.

    Returns
    -------
    folder : Path
    remarks : list of str
        What a person should look at.

    Raises
    ------
    ProblemSetError
        If it is no such assignment, or a set of that id is there.
    """
    path = _notebook_in(source)
    id = id or path.parent.name
    if not ID.fullmatch(id):
        raise ProblemSetError(f"{id!r} is no id of a problem set: give one of small letters and digits, --id ps1.")
    if there := sorted(folder for folder in exercises.glob(f"{id}_*") if folder.is_dir()):
        raise ProblemSetError(f"There is a problem set {id} already, {there[0]}; take another id, --id.")
    notebook = _read(path)
    tests = list(_tests(notebook))
    if not tests:
        by_hand = any(source_cell(cell).role == "manual" for cell in notebook.cells)
        why = "all of it is marked by a person, and nbgrader alone serves that" if by_hand else "so it is no assignment"
        raise ProblemSetError(f"{path} has no cell of tests: {why}.")
    _refuse_without_solutions(path, notebook)
    title = next((line[2:].strip() for cell in notebook.cells if cell.cell_type == "markdown"
                  for line in cell.source.splitlines() if line.startswith("# ")), id)  # fmt: skip
    folder = exercises / f"{id}_{'_'.join(re.findall(r'[a-z0-9]+', title.lower())[:6]) or 'set'}"
    imports, remarks = _imports(cell.source for cell in notebook.cells if cell.cell_type == "code")
    said = "\n".join(
        f"test_{number} = cell_test({id!r}, points={points:g}{f', part={part!r}' if part else ''})"
        for number, (id, points, part) in enumerate(tests, 1)
    )
    checks = CHECKS.format(title=_in_a_docstring(title), imports=imports, tests=said)
    compile(checks, "checks.py", "exec")  # before anything is written, and anybody is told that it is done
    for name, content in _attached(notebook, _beside(path, remarks)).items():
        write_whole(folder / "files" / name, content)
    write_whole(folder / "notebook.md", _as_text(notebook))
    write_whole(folder / "checks.py", checks)
    problem_set = ProblemSet(id, folder)
    try:
        released = student_notebook(problem_set)
    except ProblemSetError as error:
        return folder, [*remarks, str(error)]
    fails = ", ".join(f'"{test}"' for test, points, _ in tests if points)
    blanks = [cell for cell in released.cells if source_cell(cell).role == "solution" and cell.cell_type == "code"]
    cells = "".join(f"# %% {cell.metadata.nbgrader.grade_id}\n{cell.source}\n" for cell in blanks)
    if blanks:
        write_whole(folder / f"cases/wrong/{UNDONE}.py", NOTHING_DONE.format(id=id, fails=fails) + cells)
    return folder, remarks


def _refuse_without_solutions(path: Path, notebook: Any) -> None:
    """Raise `ProblemSetError` for a notebook as students get it, in which every cell that is asked for is a blank."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    asked = [cell.source for cell in code if source_cell(cell).role == "solution"]
    blank = [source for source in asked if BLANK.search(source) and not SOLUTION.search(source)]
    if asked and len(blank) == len(asked):
        raise ProblemSetError(
            f"{path} holds no solution: each of its {len(asked)} cells for code is a blank, as `nbgrader "
            "generate_assignment` releases it to students. Give the instructor's notebook, in source."
        )


def _in_a_docstring(title: str) -> str:
    r"""Return a title as a docstring's source holds it, whatever formulas stand in it.

    Examples
    --------
    >>> print(_in_a_docstring(r'Solving "$\xi = 1$"'))
    Solving '$\\xi = 1$'
    """
    return title.replace("\\", "\\\\").replace('"', "'").replace("\0", "")


def _notebook_in(source: Path) -> Path:
    """Return the one notebook of an assignment."""
    if source.is_file() and source.suffix == ".ipynb":
        return source
    found = [path for path in sorted(source.glob("*.ipynb")) if not path.name.startswith(".")]
    if len(found) != 1:
        what = f"holds {len(found)} notebooks" if source.is_dir() else "is no folder and no notebook"
        raise ProblemSetError(
            f"{source} {what}. Give the folder of an assignment's source with its one notebook, source/ps1; of several "
            f"notebooks each becomes a set of its own: name one, with --id."
        )
    return found[0]


def _read(path: Path) -> Any:
    """Read the notebook, with nbgrader's metadata in the form of today and no outputs."""
    from nbgrader.nbgraderformat.v1 import MetadataValidatorV1
    from nbgrader.nbgraderformat.v2 import MetadataValidatorV2
    from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises what json, jsonschema and traitlets raise
        raise ProblemSetError(f"{path} cannot be read as a notebook: {str(error).splitlines()[0]}") from None
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise ProblemSetError(f"{path} is in {language}; only notebooks in Python can be marked.")
    for step in (MetadataValidatorV1(), MetadataValidatorV2(), MetadataValidatorV3()):
        notebook = step.upgrade_notebook_metadata(notebook)
    ids = [about["grade_id"] for cell in notebook.cells if (about := cell.metadata.get("nbgrader"))]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise ProblemSetError(f"{path}: several cells have the grade_id {', '.join(twice)}; give each its own.")
    if any("### AUTOTEST" in cell.source or "### HASHED AUTOTEST" in cell.source for cell in notebook.cells):
        raise ProblemSetError(
            f"{path} holds ### AUTOTEST lines, of which nbgrader makes tests when it generates the assignment. Give a "
            f"notebook in which the tests are written out."
        )
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        about.pop("checksum", None)
        if source_cell(cell).role == "test" and cell.cell_type == "code":
            tags = cell.metadata.get("tags", [])
            cell.metadata["tags"] = tags if RUN_ON in tags else [*tags, RUN_ON]
    return notebook


def _tests(notebook: Any) -> Iterator[tuple[str, float, str]]:
    """Yield each cell of tests: its id, its points, and the solution cell that stands before it."""
    part = ""
    for cell in notebook.cells:
        known = source_cell(cell)
        if known.role == "solution" and cell.cell_type == "code":
            part = known.grade_id
        if known.role == "test" and cell.cell_type == "code":
            if not 0 <= known.points < math.inf:
                raise ProblemSetError(f"The cell {known.grade_id!r} gives {known.points} points; expected a number.")
            yield known.grade_id, known.points, part


def _as_text(notebook: Any) -> str:
    import jupytext

    for cell in notebook.cells:
        cell.pop("id", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return str(jupytext.writes(notebook, fmt="md:myst"))


def _imports(sources: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the distributions that a notebook imports, and what is to be said of those that are not installed."""
    modules: set[str] = set()
    for source in sources:
        try:
            tree = parsed(plain_python(source))
        except NO_PYTHON:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    modules -= {*sys.stdlib_module_names, "IPython", "ipywidgets", "autograder"}
    by_module = importlib.metadata.packages_distributions()
    unknown = sorted(modules - by_module.keys())
    found = {by_module[module][0].lower() for module in modules & by_module.keys()}
    remarks = [
        f"It imports {name}, which is not installed here; install it, and add it to IMPORTS." for name in unknown
    ]
    return (*ALWAYS, *sorted(found - {*ALWAYS})), remarks


def _beside(path: Path, remarks: list[str]) -> dict[str, bytes]:
    """Return the data that lie beside the notebook."""
    found = {}
    for file in sorted(path.parent.rglob("*")):
        parts = file.relative_to(path.parent).parts
        if file.is_symlink() or not file.is_file() or any(part.startswith((".", "__pycache__")) for part in parts):
            continue
        if file.suffix == ".ipynb" or file.name in ("timestamp.txt", "nbgrader_config.py"):
            continue
        if file.stat().st_size > MAX_DATA:
            remarks.append(f"{file.name} is larger than {MAX_DATA // 2**20} MB, and was left out.")
            continue
        found["/".join(parts)] = file.read_bytes()
    return found


def _attached(notebook: Any, beside: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return these files and the pictures that are attached to cells, and let the cells show them as files.

    A name may be any text, a path too; and each cell has its own, so that two may hold one name.
    """
    found = dict(beside)
    for cell in notebook.cells:
        files = {}
        for name, forms in cell.pop("attachments", {}).items():
            content = base64.b64decode(next(iter(forms.values()), ""))
            plain = re.sub(r"[^\w.-]", "_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".") or "picture"
            several = (f"{number}-{plain}" if number else plain for number in itertools.count())
            files[name] = next(file for file in several if found.get(file, content) == content)
            found[files[name]] = content
        cell.source = ATTACHED.sub(_named_by(files), cell.source)
    return found


def _named_by(files: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda at: f"({files.get(unquote(at[1]), at[1])})"
