"""Elementary statements: a program in which every statement does one operation of the table.

``y = x1 * x2 + np.sin(x1)`` is three of them: ``w3 = x1 * x2``, ``w4 = np.sin(x1)``, ``y = w3 + w4``. Loops and
conditionals have such statements inside. `source/reading_statements.py` makes them of a function's text; the derivative
of each is then a matter of its rule alone.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_lib.autodiff.rules.forms import Rule
from course_lib.autodiff.source.source_text import Source


@dataclass(frozen=True)
class Value:
    """What an elementary expression is: its tree, whether it is active, depends on the variables, may be an array."""

    node: ast.expr
    active: bool = False
    dependent: bool = False
    array: bool = False

    @property
    def name(self) -> str:
        """The name that an active value has."""
        assert isinstance(self.node, ast.Name)
        return self.node.id

    def reads(self, wanted: str) -> bool:
        """Say whether its tree reads a name."""
        return any(isinstance(part, ast.Name) and part.id == wanted for part in ast.walk(self.node))


@dataclass
class Operation:
    """``target = build(operands)``: one operation with its rule."""

    target: str
    rule: Rule
    operands: list[Value]
    parameters: dict[str, Any]
    build: Callable[[list[ast.expr]], ast.expr]
    array: bool


@dataclass
class Composed:
    """``target = node``, a NumPy function that is several operations; it has a derivative as one."""

    target: str
    node: ast.expr
    operands: list[Value]
    array: bool


@dataclass
class Call:
    """``target = function(arguments)``, a function that is transformed too."""

    target: str
    function: Callable[..., Any]
    arguments: list[Value]
    array: bool


@dataclass
class Plain:
    """``target = node``, copied as it stands; ``zero``: the target is active elsewhere, and here has derivative 0."""

    target: ast.expr
    node: ast.expr
    zero: bool = False
    array: bool = False


@dataclass
class Copies:
    """``t1, t2 = s1, s2``, all at once."""

    pairs: list[tuple[str, Value]]
    active: list[bool]


@dataclass
class Loop:
    """``for target in iterable``; ``last`` are the names of which only the last iteration's value is used."""

    target: ast.expr
    iterable: ast.expr
    body: list[Any]
    last: set[str]


@dataclass
class Choice:
    """``if test: body else: orelse``."""

    test: ast.expr
    body: list[Any]
    orelse: list[Any]


@dataclass
class Elementary:
    """A function as elementary statements; the last of them is followed by ``return`` of the results."""

    source: Source
    name: str
    parameters: list[str]
    active: list[bool]
    arrays: list[bool]
    statements: list[Any]
    results: list[Value]
    one_result: bool
    names: set[str]
    known: dict[str, Value]  # name -> what it holds, where every name is assigned once
    surroundings: dict[str, Any]
    constants: dict[str, Any]
    late: list[str]  # parameters that are not differentiated, and are assigned an active value later


def fresh(wish: str, names: set[str]) -> str:
    """Return a name that is not among these, and add it."""
    found, count = wish, 2
    while found in names:
        found, count = f"{wish}_{count}", count + 1
    names.add(found)
    return found
