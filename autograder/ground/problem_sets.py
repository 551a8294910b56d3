"""A problem set is a folder: its notebook as text, its checks, its cases. Here they are found, read and held together.

The folder's name begins with the set's id, `ps4_reverse_mode` with `ps4`. Folders of problem sets are looked for in
three places: where the caller says, in `exercises` of the working folder or one above it, and in installed courses,
which name theirs under the entry point `autograder.exercises`. A student has a private set as a file beside the
notebook: see `autograder.ground.stored`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.ground.check import CheckFile, load_checks
from autograder.ground.stored import SUFFIX, read_stored, stored_checks

if TYPE_CHECKING:
    from nbformat import NotebookNode

ENTRY_POINT = "autograder.exercises"
IMPORT = re.compile(r"(?m)^(?:import|from)[ \t]+([\w.]+)")


class ProblemSetError(Exception):
    """A problem set is missing or contradicts itself. The message says which, where, and what to do."""


@dataclass(frozen=True)
class Carries:
    """What a cell may be filled with: solution cells of an earlier problem set, by their grade_ids."""

    set: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class SourceCell:
    """A cell of the instructor's notebook, with the part of nbgrader's metadata that matters here.

    `role` is ``"solution"`` (the student fills it in and checks judge it), ``"test"`` (one line that calls a check),
    ``"manual"`` (the student answers, a person marks), ``"given"`` (locked, from the instructor), ``"carried"`` (the
    instructor's default, in whose place a student may put code of an earlier set) or ``""`` (any other).

    `rubric` says of a part that a person marks what gives how many points; only who marks sees it.
    """

    grade_id: str
    role: str
    cell_type: str
    source: str
    points: float
    carries: Carries | None = None
    rubric: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ProblemSet:
    """A problem set by its id and folder; what the folder holds is read when it is asked for."""

    id: str
    folder: Path

    @cached_property
    def checks(self) -> CheckFile:
        """The checks, in the order in which `checks.py` states them."""
        found = load_checks(self.folder / "checks.py") if self.stored is None else stored_checks(self.stored)
        _in_use[self.id, self.folder] = self
        return found

    @cached_property
    def stored(self) -> dict[str, Any] | None:
        """What a student has of a private set, in a file beside the notebook; None for whoever has the set itself."""
        path = self.folder / f"{self.id}{SUFFIX}"
        if (self.folder / "checks.py").is_file() or not path.is_file():
            return None
        try:
            said = read_stored(path, self.id)
        except ValueError as error:
            raise ProblemSetError(str(error)) from None
        try:
            _ = stored_checks(said), _stored_cells(said)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise ProblemSetError(f"{path} is damaged ({why}). Take it anew from what you were given.") from None
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross to another process as id and folder: what was read from it is read there, once."""
        return _opened, (self.id, self.folder)

    @cached_property
    def notebook(self) -> NotebookNode:
        """The instructor's notebook, with solutions, as nbformat 4."""
        import jupytext

        path = self.folder / "notebook.md"
        if not path.is_file():
            raise ProblemSetError(f"{self.id}: there is no file {path}; write the notebook as MyST text there.")
        return jupytext.read(path, fmt="md:myst")

    @cached_property
    def cells(self) -> tuple[SourceCell, ...]:
        """The cells of the instructor's notebook; as it was handed out, for whoever has no other."""
        if self.stored is not None:
            return _stored_cells(self.stored)
        return tuple(source_cell(cell) for cell in self.notebook.cells)

    def cell(self, grade_id: str) -> SourceCell:
        """Return the cell of that grade_id."""
        for cell in self.cells:
            if cell.grade_id == grade_id:
                return cell
        known = ", ".join(c.grade_id for c in self.cells if c.grade_id)
        raise ProblemSetError(f"{self.id} has no cell {grade_id!r}. It has: {known}.")

    @property
    def title(self) -> str:
        """The notebook's first heading."""
        for cell in self.cells:
            for line in cell.source.splitlines():
                if cell.cell_type == "markdown" and line.startswith("# "):
                    return line[2:].strip()
        return self.id

    @property
    def files(self) -> Path:
        """The folder of data that the notebook reads; it need not be there."""
        return self.folder / "files"

    @cached_property
    def preload(self) -> tuple[str, ...]:
        """The modules that the instructor's notebook imports at the top level of a cell: most students' will too."""
        code = "\n".join(cell.source for cell in self.cells if cell.cell_type == "code" and cell.role != "test")
        tops = set(sys.stdlib_module_names) | {"autograder", "IPython"}
        return tuple(sorted({name for name in IMPORT.findall(code) if name.partition(".")[0] not in tops}))

    @cached_property
    def in_place(self) -> frozenset[str]:
        """The ids of the tests that run as cells of the notebook."""
        return frozenset(check.id for check in self.checks.checks if check.in_place)

    @property
    def manual_cells(self) -> tuple[SourceCell, ...]:
        """The cells that a person marks."""
        return tuple(c for c in self.cells if c.role == "manual")

    @property
    def max_points(self) -> float:
        """What the checks are worth together; manual parts are not counted."""
        return sum(c.points for c in self.checks.checks)

    def validate(self) -> None:
        """Raise `ProblemSetError` naming every place where notebook and checks do not agree."""
        faults = list(self._faults())
        if faults:
            raise ProblemSetError(f"{self.id} ({self.folder}) contradicts itself:\n  " + "\n  ".join(faults))

    def _faults(self) -> Iterator[str]:
        ids = [c.grade_id for c in self.cells if c.grade_id]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            yield f"two cells have the grade_id {twice!r}; give each its own."
        solutions = [c.grade_id for c in self.cells if c.role == "solution"]
        carried = [c.grade_id for c in self.cells if c.role == "carried"]
        tests = {c.grade_id: c for c in self.cells if c.role == "test"}
        for check in self.checks.checks:
            test = tests.pop(check.id, None)
            call = f'{self.id}.check("{check.id}")'
            if test is None:
                yield f"the check {check.id!r} has no test cell; add one of that grade_id with the line {call}."
            elif test.points != check.points:
                yield f"{check.id!r} is worth {check.points:g} in checks.py and {test.points:g} in notebook.md."
            elif test.source.strip() != call and not check.in_place:
                yield f"the test cell {check.id!r} must hold this one line and nothing else: {call}"
            for part in () if check.in_place and not check.part else (check.part, *check.needs):
                if part not in solutions and not (part in check.needs and part in carried):
                    yield f"the check {check.id!r} names the part {part!r}, which is no solution cell."
        for cell in self.notebook.cells:
            if "carries" in cell.metadata and source_cell(cell).role != "carried":
                yield (
                    f"a cell that carries says {dict(cell.metadata.carries)}; it is a plain cell with a grade_id, "
                    "neither locked nor graded nor a solution, and says carries: {set: ps4, parts: [a-solution-cell]}."
                )
        for cell in self.notebook.cells:
            yield from _faults_of_rubric(cell)
        for test_id in tests:
            yield f"the test cell {test_id!r} has no check of that id in checks.py."


_in_use: dict[tuple[str, Path], ProblemSet] = {}


def _opened(id: str, folder: Path) -> ProblemSet:
    """Return a problem set that another process names: the one that is in use here, if there is one."""
    return _in_use.get((id, folder)) or ProblemSet(id, folder)


def _faults_of_rubric(cell: Any) -> Iterator[str]:
    """Yield what is wrong with what a cell says of its points."""
    if "rubric" not in cell.metadata:
        return
    known, said = source_cell(cell), cell.metadata["rubric"]
    form = 'rubric: {"names the rule": 1, "says why it holds": 2}'
    if known.role != "manual":
        yield f"the cell {known.grade_id!r} has a rubric, and no person marks it; take the rubric away."
    elif not isinstance(said, dict) or not all(type(points) in (int, float) for points in said.values()):
        yield f"the rubric of {known.grade_id!r} is {said!r}; write what gives how many points, {form}."
    elif abs(sum(said.values()) - known.points) > 1e-9:
        yield (
            f"the rubric of {known.grade_id!r} gives {sum(said.values()):g} points, and the cell is worth "
            f"{known.points:g}."
        )


def _stored_cells(said: Mapping[str, Any]) -> tuple[SourceCell, ...]:
    told = [(c, c["carries"]) for c in said["cells"]]
    return tuple(
        SourceCell(
            c["grade_id"], c["role"], c["cell_type"], c["source"], c["points"],
            Carries(carries[0], tuple(carries[1])) if carries else None,
        )
        for c, carries in told
    )  # fmt: skip


def source_cell(cell: Any) -> SourceCell:
    """Read a notebook cell's nbgrader metadata."""
    meta = cell.metadata.get("nbgrader", {})
    grade, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    role = {(True, True): "manual", (True, False): "test", (False, True): "solution"}.get((grade, solution), "")
    if not role and meta.get("task"):
        role = "manual"
    if not role and meta.get("locked"):
        role = "given"
    carries = None
    match cell.metadata.get("carries"):
        case {"set": str(id), "parts": [*parts]} if not role and meta.get("grade_id"):
            role, carries = "carried", Carries(id, tuple(map(str, parts)))
    points = float(meta.get("points") or 0)
    said = cell.metadata.get("rubric")
    rubric = tuple(said.items()) if isinstance(said, dict) and role == "manual" else ()
    return SourceCell(meta.get("grade_id", ""), role, cell.cell_type, cell.source, points, carries, rubric)


def folders(exercises: str | Path | None = None) -> list[Path]:
    """Return the folders of problem sets to search, most particular first."""
    if exercises is not None:
        folder = Path(exercises)
        if not folder.is_dir():
            raise ProblemSetError(f"There is no folder {folder}; --exercises names a folder of problem sets.")
        return [folder]
    here = Path.cwd()
    near = [p / "exercises" for p in (here, *here.parents) if any((p / "exercises").glob("*/checks.py"))][:1]
    for folder in near:
        if is_a_strangers((folder, *folder.glob("*"), *folder.glob("*/*.py")), here):
            raise ProblemSetError(
                f"The problem sets in {folder} belong to another user, and their checks would be run as you: none was "
                f"read. If you trust them, say so: --exercises {folder}."
            )
    return near + [folder for folder in installed_folders() if folder not in near]


def is_a_strangers(found: Iterable[Path], here: Path) -> bool:
    """Whether something that was found without being named, and would be run, is of somebody else.

    Ours is trusted, root's, and what is of whoever owns this folder; a link counts as its own owner's.
    """
    trusted = {0, here.stat().st_uid, *([os.geteuid()] if hasattr(os, "geteuid") else [])}
    return not trusted.issuperset(path.lstat().st_uid for path in found)


def installed_folders() -> Iterator[Path]:
    """Yield the folders that installed courses declare under the entry point `autograder.exercises`."""
    import importlib.metadata  # here, since it brings half of `email` along
    import importlib.util

    for entry in importlib.metadata.entry_points(group=ENTRY_POINT):
        spec = importlib.util.find_spec(entry.value)
        for location in (spec.submodule_search_locations or []) if spec else []:
            if Path(location).is_dir():
                yield Path(location)


def available(exercises: str | Path | None = None, beside: Path | None = None) -> dict[str, ProblemSet]:
    """Return the problem sets that can be found, by id, in the order of their names.

    Where no folder is given, a handed-out file of checks is found too, here and in the folder `beside`.
    """
    found: dict[str, ProblemSet] = {}
    for folder in folders(exercises):
        for path in sorted(folder.glob("*/checks.py")):
            id = path.parent.name.split("_")[0]
            found.setdefault(id, ProblemSet(id, path.parent))
    for folder in dict.fromkeys((Path.cwd(), (beside or Path()).resolve())) if exercises is None else ():
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            if is_a_strangers([path], Path.cwd()):
                raise ProblemSetError(
                    f"{path} belongs to another user, and its checks would be run as you: it was not read. Work in a "
                    "folder of your own."
                )
            id = path.name.removesuffix(SUFFIX)
            found.setdefault(id, ProblemSet(id, path.parent))
    return found


def find(id: str, exercises: str | Path | None = None) -> ProblemSet:
    """Return the problem set `id`.

    Raises
    ------
    ProblemSetError
        If there is none; the message lists those that there are, and where they were looked for.
    """
    found = available(exercises)
    if id not in found:
        where = ", ".join(map(str, folders(exercises))) or "no folder of problem sets (give one by --exercises DIR)"
        known = ", ".join(found) or "none"
        raise ProblemSetError(f"There is no problem set {id!r}. There are: {known}. Looked in: {where}.")
    return found[id]
