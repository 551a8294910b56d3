"""Reading a submission: a file that anyone may have written becomes plain data, and nothing in it is run.

Only the sources of code cells are taken. Test cells and given cells come from the instructor's notebook, whatever the
submission holds under their ids; points, tags and outputs in the file are not looked at.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.ground.problem_sets import ProblemSet, ProblemSetError, SourceCell, available
from autograder.ground.runs import Cell
from autograder.ground.untrusted_text import listed
from autograder.read.decoding import MAX_BYTES, MAX_WITH_OUTPUTS, joined, text_of, without_outputs
from autograder.read.ipython_syntax import plain_python
from autograder.read.lost_cells import found_again
from autograder.read.notices import notices, to_look_at

MAX_CELLS = 1000
CELL_TYPES = ("code", "markdown", "raw")
CONFLICT = re.compile(r"^<{7} .*^={7}$.*^>{7} ", re.DOTALL | re.MULTILINE)
CALLED = re.compile(r"""\bproblem_set\(\s*["']([^"'\n]+)["']""")
MERGED = "<<<<<<< "  # how a file begins in which git could not merge even the first lines
BESIDE_IT = (
    'import os as _os\n_beside = [name for name in _os.listdir("files") if not _os.path.lexists(name)]\n'
    'for _name in _beside:\n    _os.symlink(_os.path.join("files", _name), _name)\n'
)

# What else is handed in under the name of a notebook, by its first bytes.
OTHER_FILES = {
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"<": "a web page, perhaps the login page of your course platform",
}


class Unreadable(ValueError):
    """A submission cannot be read. The message is a sentence for the student: what is wrong and what to do."""


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as it was handed in: what is needed of it to run it, or to show it to a person."""

    grade_id: str
    cell_type: str
    source: str
    id: str = ""


@dataclass(frozen=True)
class Submission:
    """A submission in plain data: its cells, the code to run in order, and what the student should know.

    `look` says why a person should look at it, where its marks may not say what was meant.
    """

    cells: tuple[SubmittedCell, ...]
    code: tuple[Cell, ...]
    notices: tuple[str, ...] = ()
    look: tuple[str, ...] = ()


def read_submission(path: Path, problem_set: ProblemSet) -> Submission:
    """Read the notebook at `path` as a submission of `problem_set`.

    Raises
    ------
    Unreadable
        If it is no notebook, or a notebook of something else.
    """
    cells, odd = read_notebook(path)
    cells, renamed = with_known_ids(cells, [c.grade_id for c in problem_set.cells if c.grade_id])
    if renamed:
        odd.append(f"ids of cells are written otherwise than in the notebook that was given ({listed(renamed)})")
    cells, lost = with_lost_ids(cells, problem_set)
    if lost:
        odd.append(f"the metadata of cells were taken out, and they were known by id, text or place ({listed(lost)})")
    ids = {c.grade_id for c in cells if c.grade_id}
    if not ids & _judged(problem_set):
        raise Unreadable(
            f"{path.name} is not the notebook of {problem_set.id}: none of its cells is in it. "
            f"Hand in the notebook that you were given, with your answers filled in."
        )
    if other := anothers(cells, problem_set):
        raise Unreadable(
            f"{path.name} is the notebook of {other}, not of {problem_set.id}. Hand in the notebook of "
            f"{problem_set.id} that you were given, with your answers filled in."
        )
    code = code_to_run(cells, problem_set)
    said = [f"Your file was read, though {' and '.join(odd)}. Next time hand in what Jupyter saves."] if odd else []
    return Submission(cells, code, (*said, *notices(cells, problem_set)), tuple(to_look_at(cells, problem_set)))


def anothers(cells: Sequence[SubmittedCell], problem_set: ProblemSet) -> str:
    """Return the set of which a notebook is by its own words, where it lies beside `problem_set`; "" if not another's.

    Two sets may have cells of the same ids, as those that `autograder new` writes.
    """
    own, said = (
        {id for cell in its if cell.cell_type == "code" for id in CALLED.findall(cell.source)}
        for its in (problem_set.cells, cells)
    )
    if not own or own & said:
        return ""
    there = {cell.grade_id for cell in cells} & _judged(problem_set)
    for path in sorted(problem_set.folder.parent.glob("*/checks.py")):
        id = path.parent.name.split("_")[0]
        if id in said and there <= _judged(ProblemSet(id, path.parent)):
            return id
    return ""


def _judged(problem_set: ProblemSet) -> set[str]:
    """Return the ids of the cells by which a set's notebook is known."""
    return {cell.grade_id for cell in problem_set.cells if cell.role in ("solution", "test")}


def find_problem_set(path: Path, exercises: str | Path | None = None) -> ProblemSet:
    """Return the problem set to which the notebook at `path` belongs, by the ids of its cells.

    Raises
    ------
    Unreadable
        If it is no notebook.
    ProblemSetError
        If it belongs to none of the problem sets that can be found.
    """
    cells = read_cells(path)
    sets = available(exercises, beside=path.parent)
    shared = {}
    for problem_set in sets.values():
        found = {c.grade_id for c in with_found_ids(cells, problem_set)}
        shared[problem_set.id] = len(found & _judged(problem_set))
    called = {id for cell in cells for id in CALLED.findall(cell.source)}
    best = max(shared, key=lambda id: (shared[id], id in called), default=None)
    if best is None or not shared[best]:
        raise ProblemSetError(
            f"{path} is a notebook, but of no problem set of this course ({', '.join(sets) or 'none was found'}). "
            f"Give the notebook that you were handed, for example ps1.ipynb."
        )
    return sets[best]


def read_cells(path: Path) -> tuple[SubmittedCell, ...]:
    """Read the cells of a notebook file, bounded and without following links."""
    return read_notebook(path)[0]


def read_notebook(path: Path) -> tuple[tuple[SubmittedCell, ...], list[str]]:
    """Read the cells of a notebook file, and what is odd about it, in words."""
    notebook, odd = read_json(path)
    if not isinstance(notebook, dict):
        raise Unreadable(f"{path.name} is JSON but no notebook. Save it in Jupyter and hand it in again.")
    old = notebook.get("nbformat") == 3
    cells = cells_of_format_3(notebook) if old else notebook.get("cells")
    if not (old or notebook.get("nbformat") == 4) or not isinstance(cells, list):
        raise Unreadable(f"{path.name} is no notebook of format 4. Open it in Jupyter, save it, hand it in again.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"{path.name} has {len(cells)} cells; the limit is {MAX_CELLS}.")
    found: list[SubmittedCell] = []
    for cell in cells:
        read, faults = submitted_cell(cell, path)
        found.append(read)
        odd += [fault for fault in faults if fault not in odd]
    return tuple(found), odd


def read_json(path: Path) -> tuple[Any, list[str]]:
    """Read a regular file of at most `MAX_BYTES` as JSON, and say what is odd about it."""
    try:
        found = os.lstat(path)
    except OSError as error:
        raise Unreadable(f"There is no file {path.name} ({error.strerror}).") from None
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(f"{path.name} is not a plain file but a link, folder or device. Hand in the file itself.")
    too_large = Unreadable(
        f"{path.name} has {found.st_size / 2**20:.0f} MB; the limit is {MAX_BYTES // 2**20} MB without its outputs. "
        f"Clear them (Edit, Clear Outputs of All Cells), save it, and hand it in again."
    )
    if found.st_size > MAX_WITH_OUTPUTS:
        raise too_large
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES and len(raw := without_outputs(raw)) > MAX_BYTES:
            raise too_large
        start = raw.lstrip()
        other = next((what for first, what in OTHER_FILES.items() if start.startswith(first)), "")
        if other and not start.startswith(MERGED.encode()):
            raise Unreadable(f"{path.name} is no notebook but {other}. Hand in the file that Jupyter saves.")
        text, odd = text_of(raw)
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not text in UTF-8. Save it in Jupyter and hand it in again.") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read ({error.strerror}).") from None
    if not text.strip():
        raise Unreadable(f"{path.name} is empty. Save your notebook in Jupyter and hand it in again.")
    if not text.lstrip().startswith(("{", "[", MERGED)):
        raise Unreadable(f"{path.name} is text but no notebook. Hand in the file that Jupyter saves.")
    try:
        return json.loads(text), odd
    except (ValueError, RecursionError) as error:
        if CONFLICT.search(text):
            raise Unreadable(
                f"{path.name} holds conflict markers of git (<<<<<<< and >>>>>>>): it is two versions in one file. "
                f"Choose one with `git checkout --ours {path.name}` or `--theirs`, look at it, and hand it in again."
            ) from None
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(
            f"{path.name} is damaged: it stops being a notebook{place}, as when a download or a copy was cut off. "
            f"Open it in Jupyter; if it opens, save it and hand it in again, else go back to your last good copy."
        ) from None


def cells_of_format_3(notebook: dict[str, Any]) -> list[Any]:
    """Return the cells of a notebook as it was saved before 2015: several sheets, and code in `input`."""
    sheets = notebook.get("worksheets")
    found = []
    for sheet in sheets if isinstance(sheets, list) else []:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            code = isinstance(cell, dict) and "input" in cell
            found.append(cell | {"source": cell["input"]} if code else cell)
    return found


def submitted_cell(cell: Any, path: Path) -> tuple[SubmittedCell, list[str]]:
    """Take from a cell what counts, and say what is odd about it; refuse what no notebook has."""
    odd = []
    match cell:
        case {"cell_type": str(cell_type), "source": str() | list() as source}:
            text, lost = (source, False) if isinstance(source, str) else joined(source)
            if lost:
                odd.append("the ends of its lines were lost")
        case {"cell_type": str(cell_type), "metadata": dict(), **rest} if rest.get("source") is None:
            text = ""
        case _:
            raise Unreadable(f"{path.name} has a cell without type or source. Save it in Jupyter and hand it in again.")
    if (plain := cell_type.strip().lower()) != cell_type and plain in CELL_TYPES:
        cell_type = plain
        odd.append("the types of its cells are written in capitals")
    own = cell.get("id")
    id = own if isinstance(own, str) else ""
    match cell:
        case {"metadata": {"nbgrader": {"grade_id": str(grade_id)}}}:
            return SubmittedCell(grade_id, cell_type, text, id), odd
    return SubmittedCell("", cell_type, text, id), odd


def with_found_ids(cells: Sequence[SubmittedCell], problem_set: ProblemSet) -> tuple[SubmittedCell, ...]:
    """Give cells the ids that they should have: those written otherwise, and those taken out."""
    known = [cell.grade_id for cell in problem_set.cells if cell.grade_id]
    return with_lost_ids(with_known_ids(cells, known)[0], problem_set)[0]


def own_cells(cells: Sequence[SubmittedCell], problem_set: ProblemSet) -> tuple[SubmittedCell, ...]:
    """Return the cells with the ids that they should have; none, where the notebook is another set's."""
    found = with_found_ids(cells, problem_set)
    return () if anothers(found, problem_set) else found


def with_lost_ids(
    cells: Sequence[SubmittedCell], problem_set: ProblemSet
) -> tuple[tuple[SubmittedCell, ...], list[str]]:
    """Give cells whose metadata were taken out their ids again, as far as it is certain; say which they are."""
    found = found_again(cells, problem_set.cells)
    whole = tuple(replace(c, grade_id=found[p]) if p in found else c for p, c in enumerate(cells))
    return whole, list(found.values())


def with_known_ids(cells: Sequence[SubmittedCell], known: Sequence[str]) -> tuple[tuple[SubmittedCell, ...], list[str]]:
    """Give cells whose ids differ in capitals or spaces from those of the problem set these ids; say which they are.

    An id that stands in the notebook as it should is given to no other cell.
    """
    there = {cell.grade_id for cell in cells}
    absent = {_plain_id(id): id for id in known if id not in there}
    meant = [absent.get(_plain_id(cell.grade_id), cell.grade_id) for cell in cells]
    renamed = [cell.grade_id for cell, id in zip(cells, meant, strict=True) if id != cell.grade_id]
    return tuple(replace(cell, grade_id=id) for cell, id in zip(cells, meant, strict=True)), renamed


def _plain_id(id: str) -> str:
    return id.strip().casefold()


def code_to_run(cells: Sequence[SubmittedCell], problem_set: ProblemSet) -> tuple[Cell, ...]:
    """Return the code cells in the student's order, with the instructor's given cells and without test cells."""
    instructor = {c.grade_id: c for c in problem_set.cells if c.grade_id}
    code: list[Cell] = []
    taken: set[str] = set()
    for number, cell in enumerate(cells, 1):
        original = instructor.get(cell.grade_id)
        own = original is None or cell.grade_id in taken
        if original is not None and original.role == "test":
            if not own and cell.grade_id in problem_set.in_place:
                taken.add(cell.grade_id)
                code.append(instructors(original))
            continue
        if cell.cell_type != "code":
            continue
        taken.add(cell.grade_id)
        source = original.source if original is not None and original.role == "given" else cell.source
        part = "" if original is None else cell.grade_id
        show = original is not None and original.role == "manual"
        code.append(Cell(f"cell {number}" if own else cell.grade_id, plain_python(source), part, show))
    runs = ("given", "carried", *(("test",) if problem_set.in_place else ()))
    known = [c.grade_id for c in problem_set.cells if c.role in runs and c.cell_type == "code"]
    return (*data_beside(problem_set), *put_back(code, [id for id in known if id not in taken], problem_set))


def instructors(cell: SourceCell) -> Cell:
    """Return a cell of the instructor's as it is run; of a test, what its last line gives is looked at."""
    return Cell(cell.grade_id, plain_python(cell.source), show=cell.role == "test")


def data_beside(problem_set: ProblemSet) -> tuple[Cell, ...]:
    """Return the cell that lays data beside the notebook, as nbgrader has them, where tests are cells."""
    return (Cell("the data beside it", BESIDE_IT),) if problem_set.in_place and problem_set.files.is_dir() else ()


def put_back(code: Sequence[Cell], absent: Sequence[str], problem_set: ProblemSet) -> tuple[Cell, ...]:
    """Return the cells with the instructor's cells named by `absent`, each behind the cell that it follows there."""
    result = list(code)
    before: str | None = None
    for cell in problem_set.cells:
        if cell.cell_type != "code" or not (
            cell.role in ("given", "solution", "carried") or cell.grade_id in problem_set.in_place
        ):
            continue
        if cell.grade_id in absent:
            names = [c.name for c in result]
            place = names.index(before) + 1 if before in names else 0
            result.insert(place, instructors(cell))
        before = cell.grade_id
    return tuple(result)


def with_reference(code: Sequence[Cell], parts: Sequence[str], problem_set: ProblemSet) -> tuple[Cell, ...]:
    """Return the cells with the reference's solutions in the cells named by `parts`, and without their copies."""
    return put_back([cell for cell in code if (cell.part or cell.name) not in parts], parts, problem_set)
