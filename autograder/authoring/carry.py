"""Carrying: a student's own cells of an earlier problem set take the place of a later one's default.

A later set may build on what students made before: their own tape under their own mixture. Its notebook then has a
cell that works as it is, and says ``carries: {set: ps4, parts: [...]}``. Here the named solution cells of the earlier
notebook are put in its place, with the imports and helpers that they use. Nothing is run: cells are text, and what
they use is read off their syntax.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.problem_sets import ProblemSet, ProblemSetError, SourceCell
from autograder.ground.syntax import NO_PYTHON, parsed, python_lines
from autograder.ground.whole_file import write_whole
from autograder.read.ipython_syntax import plain_python
from autograder.read.submission import SubmittedCell, find_problem_set, read_cells, read_json

BLANK = re.compile(r"YOUR CODE HERE[^\n]*\n\s*raise NotImplementedError\(\)")
CARRIED = "by `autograder carry "  # stands in the first line of a cell that was carried before


class CannotCarry(Exception):
    """Nothing can be carried, and nothing was written. The message says why, and what to do."""


@dataclass(frozen=True)
class Carried:
    """What was carried: the cell that was filled, the cells and the further statements that stand in it now."""

    cell: str
    parts: tuple[str, ...]
    brought: tuple[str, ...]
    changed: bool


def carry(earlier: Path, later: Path, from_set: ProblemSet, to_set: ProblemSet, *, force: bool = False) -> Carried:
    """Fill the cell of the notebook `later` that carries `from_set` with the student's cells of `earlier`.

    Parameters
    ----------
    earlier, later : Path
        The student's notebooks of the two sets; only the second one is written.
    from_set, to_set : ProblemSet
    force : bool
        Write over a cell that the student has changed by hand.

    Raises
    ------
    CannotCarry
        If nothing is carried between the sets, a part is not done or no Python, or the cell was changed by hand.
    autograder.read.submission.Unreadable
        If one of the notebooks cannot be read.
    """
    target = carrying_cell(from_set, to_set)
    text, brought = carried_source(read_cells(earlier), target, from_set, to_set, earlier.name)
    notebook, _ = read_json(later)
    read_cells(later)  # refuses what is no notebook
    cells = [c for c in notebook["cells"] if _grade_id(c) == target.grade_id]
    if len(cells) != 1 or notebook["nbformat"] != 4:
        raise CannotCarry(
            f"{later.name} has {'no cell' if not cells else 'several cells'} {target.grade_id!r}, the one to be "
            f"filled. Take the notebook of {to_set.id} as it was given to you."
        )
    (cell,) = cells
    present = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    done = Carried(target.grade_id, target.carries.parts if target.carries else (), brought, present != text)
    if not done.changed:
        return done
    first = present.partition("\n")[0]
    if not force and present.strip() != target.source.strip() and CARRIED not in first:
        raise CannotCarry(
            f"The cell {target.grade_id!r} of {later.name} was changed by hand. Say --force to write over it, "
            "or copy what you need yourself."
        )
    cell["source"] = text
    cell["outputs"], cell["execution_count"] = [], None
    write_whole(later, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return done


def carrying_cell(from_set: ProblemSet, to_set: ProblemSet) -> SourceCell:
    """Return the cell of `to_set` that carries `from_set`."""
    for cell in to_set.cells:
        if cell.carries and cell.carries.set == from_set.id:
            parts = [c.grade_id for c in from_set.cells if c.role == "solution"]
            if unknown := [part for part in cell.carries.parts if part not in parts]:
                raise ProblemSetError(
                    f"{to_set.id}: the cell {cell.grade_id!r} carries {', '.join(unknown)} of {from_set.id}, which "
                    f"has no such solution cell; it has {', '.join(parts)}."
                )
            return cell
    carries = sorted({cell.carries.set for cell in to_set.cells if cell.carries})
    known = f"only of {', '.join(carries)}" if carries else "of no other set"
    raise CannotCarry(f"No cell of {to_set.id} takes code of {from_set.id}, {known}.")


def carried_source(
    cells: Sequence[SubmittedCell], target: SourceCell, from_set: ProblemSet, to_set: ProblemSet, name: str
) -> tuple[str, tuple[str, ...]]:
    """Return the text for the cell, and the names that were brought along beside its parts."""
    assert target.carries is not None
    parts = target.carries.parts
    code = [cell for cell in cells if cell.cell_type == "code"]
    _require_done(code, parts, name)
    given = {cell.grade_id: cell for cell in from_set.cells if cell.role == "given" and cell.cell_type == "code"}
    tests = {cell.grade_id for cell in from_set.cells if cell.role == "test"}
    pieces: list[_Piece] = []
    for cell in code:
        if cell.grade_id in parts:
            pieces.append(_Piece(cell.source, whole=True))
        elif cell.grade_id not in tests:
            pieces += _statements(given[cell.grade_id].source if cell.grade_id in given else cell.source)
    used = _used(pieces)
    chosen = [piece for piece in pieces if piece.whole or piece in used]
    brought = sorted({name for piece in used for name in piece.binds})
    head = f"# From {name}, {CARRIED}{from_set.id} {to_set.id}`: {', '.join(parts)}, and what they use."
    return "\n\n".join([head, *(piece.text.strip("\n") for piece in chosen)]), tuple(brought)


def notebooks(paths: Sequence[Path], from_set: ProblemSet, to_set: ProblemSet, exercises: Path | None) -> list[Path]:
    """Return the notebooks of both sets.

    One is enough: the other then lies beside it as ``ps4.ipynb``, or in the folder ``../ps4``.
    """
    found = {find_problem_set(path, exercises).id: path for path in paths}
    if strangers := found.keys() - {from_set.id, to_set.id}:
        raise CannotCarry(f"A notebook of {', '.join(strangers)} was given, not of {from_set.id} or {to_set.id}.")
    for own in (from_set.id, to_set.id):
        if own not in found:
            folder = paths[0].resolve().parent
            places = [folder / f"{own}.ipynb", folder.parent / own / f"{own}.ipynb"]
            found[own] = next((place for place in places if place.is_file()), places[0])
            if not found[own].is_file():
                raise CannotCarry(
                    f"There is no {own}.ipynb beside {paths[0].name}; name both: autograder carry {from_set.id} "
                    f"{to_set.id} PATH/{from_set.id}.ipynb PATH/{to_set.id}.ipynb"
                )
    return [found[from_set.id], found[to_set.id]]


def _require_done(code: Sequence[SubmittedCell], parts: Sequence[str], name: str) -> None:
    """Raise `CannotCarry` unless every part is there, done, and Python."""
    sources = {cell.grade_id: cell.source for cell in code if cell.grade_id}
    if absent := [part for part in parts if part not in sources]:
        raise CannotCarry(f"{name} has no cell {', '.join(absent)}, which is to be carried.")
    if blank := [part for part in parts if BLANK.search(sources[part])]:
        raise CannotCarry(
            f"In {name}, {', '.join(blank)} is not done yet. Do it first, or stay with what the later set provides."
        )
    for part in parts:
        try:
            parsed(sources[part])
            symtable.symtable(sources[part], "<cell>", "exec")
        except NO_PYTHON as error:
            why = str(error) or "it is nested too deeply"
            raise CannotCarry(f"In {name}, the cell {part} is no Python: {why}. Mend it there first.") from None


@dataclass(frozen=True, eq=False)
class _Piece:
    """A cell, or one statement of a cell."""

    text: str
    whole: bool = False

    @property
    def tables(self) -> symtable.SymbolTable:
        return symtable.symtable(self.text, "<cell>", "exec")

    @property
    def binds(self) -> set[str]:
        """The global names that it defines."""
        return {s.get_name() for s in self.tables.get_symbols() if s.is_assigned() or s.is_imported()}

    @property
    def uses(self) -> set[str]:
        """The global names that it needs, also inside its functions and classes."""
        return set(_global_names(self.tables, top=True)) - set(dir(builtins))


def _global_names(table: symtable.SymbolTable, top: bool) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global_names(child, top=False)


def _statements(source: str) -> Iterator[_Piece]:
    """Cut a cell into those of its statements that define something; a cell that is no Python gives none."""
    text = plain_python(source)
    lines = python_lines(text)
    defining = (
        ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom,
        ast.Assign, ast.AnnAssign, ast.AugAssign,
    )  # fmt: skip
    try:
        body = parsed(text).body
        symtable.symtable(text, "<cell>", "exec")
    except NO_PYTHON:
        return
    spans: list[list[int]] = []  # first line, last line
    for statement in body:
        if isinstance(statement, defining):
            decorators = getattr(statement, "decorator_list", [])
            first, last = min([statement.lineno, *(d.lineno for d in decorators)]), statement.end_lineno or 0
            if spans and first <= spans[-1][1]:  # several of a line are one piece
                spans[-1][1] = max(last, spans[-1][1])
            else:
                spans.append([first, last])
    for first, last in spans:
        yield _Piece("\n".join(lines[first - 1 : last]))


def _used(pieces: Sequence[_Piece]) -> set[_Piece]:
    """Return the statements that define what the whole cells use, and what those use in turn."""
    whole = [piece for piece in pieces if piece.whole]
    defined = set[str]().union(*(piece.binds for piece in whole))
    wanted = set[str]().union(*(piece.uses for piece in whole)) - defined
    binding: dict[str, list[_Piece]] = {}
    for piece in pieces:
        for name in () if piece.whole else piece.binds:
            binding.setdefault(name, []).append(piece)
    used: set[_Piece] = set()
    seen = set(defined)
    while wanted:
        name = wanted.pop()
        seen.add(name)
        for piece in binding.get(name, ()):
            if piece not in used:
                used.add(piece)
                wanted |= piece.uses - seen
    return used


def _grade_id(cell: object) -> str:
    match cell:
        case {"metadata": {"nbgrader": {"grade_id": str(grade_id)}}}:
            return grade_id
    return ""
