"""Proving checks: every case of a problem set is marked like a submission, and must fail exactly where it says.

A case is a Python file that replaces solution cells of the instructor's notebook, or one function or method of such a
cell, under a header that says which checks fail and which words the feedback uses. This is how a check earns trust: it
is seen to tell right from wrong.
"""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grade import grade_code
from autograder.ground.problem_sets import ProblemSet, ProblemSetError
from autograder.ground.runs import Cell
from autograder.ground.syntax import parsed, python_lines
from autograder.mark.results import Result
from autograder.read.ipython_syntax import plain_python
from autograder.read.submission import Submission, data_beside, instructors
from autograder.run.launch import Launcher

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
UNDONE = "nothing_done"  # the case of who has done nothing
FOR_NOTHING = (
    "{id} is passed by who has done nothing, so its points are for everybody: have it test more, or if that is meant, "
    "take it out of `fails` in this file"
)
HEADER = re.compile(r"\A# /// case\n(.*?)^# ///[ \t]*\n", re.DOTALL | re.MULTILINE)
CELL = re.compile(r"^# %%[ \t]+(\S+)[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A way to solve a problem set, right or wrong: what its header promises, and its cells by grade_id.

    As it is read from a file, a key may be more than a grade_id: ``node.multiply`` names one definition of a cell.
    `find_cases` puts it into its place, so that all keys are grade_ids.

    `fails` are the checks that fail, `says` are words of the feedback, `names` the ids of the mistakes that may be
    named, if the header says which: no other one is, and one of them is. Which of them can depend on the inputs.
    """

    path: Path
    set: str
    fails: tuple[str, ...]
    says: str
    cells: dict[str, str]
    names: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """Its folder and file name, as in ``wrong/forward_sold_as_central``."""
        return f"{self.path.parent.name}/{self.path.stem}"


@dataclass(frozen=True)
class Proof:
    """What came of one case: the result, and every way in which it is not what the header promises."""

    case: Case
    result: Result
    faults: tuple[str, ...]


def read_case(path: Path) -> Case:
    """Read a case file.

    Raises
    ------
    ProblemSetError
        If its header or its cells are not in the form of a case; the message shows the form.
    """
    text = path.read_text(encoding="utf-8")
    match = HEADER.match(text)
    form = '# /// case\n# set = "ps1"\n# fails = []\n# says = ""\n# ///\n# %% grade_id\n...'
    if not match:
        raise ProblemSetError(f"{path} has no case header. It begins like this:\n{form}")
    try:
        header = tomllib.loads(re.sub(r"^# ?", "", match[1], flags=re.MULTILINE))
    except tomllib.TOMLDecodeError as error:
        raise ProblemSetError(f"{path}: its header is no TOML ({error}). It looks like this:\n{form}") from None
    if unknown := (header.keys() - {"set", "fails", "says", "names"}) | ({"set", "fails"} - header.keys()):
        raise ProblemSetError(
            f"{path}: its header says set, fails, says and names; look at {', '.join(sorted(unknown))}."
        )
    pieces = CELL.split(text[match.end() :])
    if len(pieces) < 3:
        raise ProblemSetError(f"{path} replaces no cell. It looks like this:\n{form}")
    cells = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    names = tuple(header["names"]) if "names" in header else None
    return Case(path, header["set"], tuple(header["fails"]), header.get("says", ""), cells, names)


def find_cases(problem_set: ProblemSet, folder: Path | None = None) -> list[Case]:
    """Return the cases of a problem set: its own, or those found below `folder`."""
    paths = sorted((folder or problem_set.folder / "cases").rglob("*.py"))
    return [in_whole_cells(case, problem_set) for case in map(read_case, paths) if case.set == problem_set.id]


def in_whole_cells(case: Case, problem_set: ProblemSet) -> Case:
    """Return the case with whole cells: a definition that it replaces stands in the instructor's cell, in its place."""
    sources = {cell.grade_id: cell.source for cell in problem_set.cells}
    cells: dict[str, str] = {}
    for key, text in case.cells.items():
        id, _, name = key.partition(".")
        if not name:
            cells[id] = text
        elif id not in sources:
            raise ProblemSetError(f"{case.path}: {key!r} names a definition in {id!r}, and there is no such cell.")
        else:
            try:
                cells[id] = with_definition(cells.get(id, sources[id]), name, text)
            except LookupError as error:
                raise ProblemSetError(f"{case.path}: the cell {id!r} {error}.") from None
    return replace(case, cells=cells)


def with_definition(source: str, name: str, text: str) -> str:
    r"""Return a cell in which a text takes the place of a function, a class, or a method, ``Node.__mul__``.

    Raises
    ------
    LookupError
        If the cell defines no such name.

    Examples
    --------
    >>> cell = "class Node:\n    def double(self):\n        return 2\n\nx = 1"
    >>> print(with_definition(cell, "Node.double", "def double(self):\n    return 3"))
    class Node:
        def double(self):
            return 3
    <BLANKLINE>
    x = 1
    """
    node: ast.AST = parsed(source)
    for part in name.split("."):
        body = getattr(node, "body", [])
        found = [one for one in body if isinstance(one, DEFINITIONS) and one.name == part]
        if not found:
            raise LookupError(f"defines no {part!r}, which {name!r} names")
        node = found[-1]
    assert isinstance(node, DEFINITIONS)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = python_lines(source)
    lines[first - 1 : node.end_lineno] = [textwrap.indent(text.strip("\n"), " " * node.col_offset)]
    return "\n".join(lines)


def as_submission(case: Case, problem_set: ProblemSet) -> Submission:
    """Return the instructor's notebook with the case's cells in it."""
    parts = [c.grade_id for c in problem_set.cells if c.role in ("solution", "carried")]
    if unknown := case.cells.keys() - set(parts):
        named = ", ".join(sorted(unknown))
        raise ProblemSetError(f"{case.path}: no solution cell is called {named}; there are {', '.join(parts)}.")
    code = [
        instructors(c)
        if c.role == "test"
        else Cell(c.grade_id or f"cell {number}", plain_python(case.cells.get(c.grade_id, c.source)))
        for number, c in enumerate(problem_set.cells, 1)
        if c.cell_type == "code" and (c.role != "test" or c.grade_id in problem_set.in_place)
    ]
    return Submission((), (*data_beside(problem_set), *code))


def prove_case(case: Case, problem_set: ProblemSet, seed: int, launcher: Launcher) -> Proof:
    """Mark a case and hold the result against its header."""
    result = grade_code(case.name, as_submission(case, problem_set), problem_set, seed, launcher)
    return Proof(case, result, faults(case, result))


def faults(case: Case, result: Result) -> tuple[str, ...]:
    """Return every way in which a result is not what the case's header promises."""
    failed = {c.id: c for c in result.checks if not c.passed}
    known = [c.id for c in result.checks]
    said = [f"it names the check {id!r}, which does not exist" for id in case.fails if id not in known]
    for id in case.fails:
        if id in known and id not in failed:
            said.append(FOR_NOTHING.format(id=id) if case.path.stem == UNDONE else f"{id} should fail and passed")
    said += [f"{id} should pass and failed: {failed[id].finding}" for id in failed if id not in case.fails]
    message = "\n".join(c.message for c in failed.values())
    if case.says not in message:
        said.append(f"the feedback does not say {case.says!r}; it says: {message or 'nothing'}")
    named = dict.fromkeys(id for c in failed.values() for id in c.mistake_ids)
    if case.names is not None and (not set(named) <= set(case.names) or (case.names and not named)):
        said.append(f"the mistakes {[*case.names]} should be named, and {[*named]} are")
    return tuple(said)


def prove(
    problem_set: ProblemSet,
    cases: Sequence[Case],
    *,
    seed: int,
    launcher: Launcher,
    jobs: int,
    progress: Callable[[Proof], None] = lambda proof: None,
) -> list[Proof]:
    """Prove all cases, `jobs` at a time."""
    problem_set.validate()

    def one(case: Case) -> Proof:
        proof = prove_case(case, problem_set, seed, launcher)
        progress(proof)
        return proof

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, cases))
