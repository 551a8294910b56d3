"""Break it: a check that asks for exhibits, each of which exposes one wrong implementation and lets the others pass.

Wrong implementations are told to the student in words. For each the student hands in an exhibit: plain data in a small
grammar (an expression, a graph, a data set), with the right value beside it. Nothing of it is ever evaluated as
Python: it is read here, within bounds of length, depth and size, and run through the right implementation and through
all wrong ones, which are the author's.

An exhibit counts if it is no larger than asked, if the value beside it is right, if its own wrong implementation gives
something else, plainly, and if all others give what is right.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.ground.syntax import NO_PYTHON, parsed

MAX_TEXT, MAX_DEPTH, MAX_NUMBER = 300, 20, 1e9
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
SAME = 1e-7  # how near to the right value who passes must be, relative to it: rounding is far below
PLAINLY = 10  # how many times the tolerance who is exposed must be off
NEAR_ZERO = 1e-9  # what counts as 0 beside a right value that is 0
SAYS = ("breaks", "examples", "reads", "right", "unit")  # what a class says that asks for exhibits
PROBE = """\
def probe(student, exposes):
    exhibits = student.exhibits
    if not isinstance(exhibits, dict):
        kind = type(exhibits).__name__
        promised(False, f"`exhibits` is of type {{kind}}: write a dict, with an entry for each name in the table.")
        return None
    if exposes not in exhibits:
        import difflib

        strays = [name for name in exhibits if isinstance(name, str) and name not in {ids!r}]
        near = "".join(difflib.get_close_matches(exposes, strays, 1))
        promised(not near, f"There is an entry `{{near}}`: is that the same, spelt otherwise?")
    return exhibits.get(exposes)
"""


class NoExhibit(Exception):
    """What was handed in is not in the grammar, or breaks a bound. The message ends a sentence to the student."""


@dataclass(frozen=True)
class Wrong:
    """A wrong implementation.

    Attributes
    ----------
    id : str
        What its exhibit is called.
    words : str
        What it does wrong.
    gives : callable
        ``gives(thing)`` is the value that it gives for what an exhibit says; what it raises exposes it, too.
    at_most : int
        The largest size of an exhibit that exposes it.
    """

    id: str
    words: str
    gives: Callable[[Any], Any]
    at_most: int


@dataclass(frozen=True)
class Exhibit:
    """What a student handed in, read: the thing that is run, the value that is said to be right, and the size."""

    thing: Any
    stated: Any
    size: int


def breaking(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a class that says `breaks` says as a check: one trial for each wrong implementation.

    Beside `breaks`, a sequence of `Wrong`, it says `examples`, a right exhibit for each of their ids;
    ``reads(answer)``, which returns an `Exhibit` or raises `NoExhibit`; ``right(thing)``, the right value; and
    ``unit``, what sizes are counted in: "operations". What students hand in is a dict `exhibits` by ids.

    Raises
    ------
    ValueError
        If the examples do not have the ids of the wrong implementations, in their order, or if it says itself what is
        given here: how inputs are drawn, asked for and judged.
    """
    wrong: Sequence[Wrong] = said["breaks"]
    examples, reads, right, unit = (said[name] for name in SAYS[1:])
    rtol = said.get("rtol", 1e-3)
    ids = [one.id for one in wrong]
    if [*examples] != ids:
        raise ValueError(f"its `examples` are for {', '.join(examples)}; give one for each of {', '.join(ids)}")

    def accepts(answer: Any, exposes: str) -> str:
        return complaint(answer, exposes, wrong, reads, right, rtol, unit)

    asked = {"inputs": lambda rng: {"exposes": ids[0]}, "trials": len(wrong), "partial": True, "accepts": accepts}
    asked |= {"probe": PROBE.format(ids=ids), "expected": lambda exposes: examples[exposes]}
    if twice := sorted(asked.keys() & said.keys()):
        raise ValueError(f"it says {', '.join(twice)}; where exhibits are asked for, that is given")
    return {name: value for name, value in said.items() if name not in SAYS[1:]} | asked


def complaint(
    answer: Any,
    exposes: str,
    wrong: Sequence[Wrong],
    reads: Callable[[Any], Exhibit],
    right: Callable[[Any], Any],
    rtol: float,
    unit: str,
) -> str:
    """Return "" for an exhibit that exposes the wrong implementation of that id and no other, else what is wrong."""
    own = next(one for one in wrong if one.id == exposes)
    if answer is None:
        return "is not there yet."
    try:
        exhibit = reads(answer)
        if exhibit.size > own.at_most:
            return f"is too large: it has {exhibit.size} {unit}, and at most {own.at_most} may be used."
        with np.errstate(all="ignore"):
            value = _finite(right, exhibit.thing)
    except NoExhibit as fault:
        return f"cannot be read: {fault}."
    given = {one.id: _given(one, exhibit.thing) for one in wrong}
    if not _near(exhibit.stated, value, rtol):
        if _near(exhibit.stated, given[own.id], rtol):
            return "states what the wrong implementation gives: state the right value."
        return "does not state the right value. Work it out by hand, or with a right implementation."
    if _near(given[own.id], value, SAME):
        return "does not expose it: this wrong implementation gives the right value here."
    if _near(given[own.id], value, PLAINLY * rtol):
        return "hardly exposes it: the wrong value is too near to the right one. Choose other numbers."
    others = [f"`{one.id}`" for one in wrong if one is not own and not _near(given[one.id], value, SAME)]
    if others:
        return f"exposes it, and {' and '.join(others)} as well, which should give the right value here."
    return ""


def _finite(right: Callable[[Any], Any], thing: Any) -> Any:
    """Return the right value of an exhibit; refuse one that has none."""
    try:
        value = right(thing)
    except (ArithmeticError, ValueError) as error:  # a division by 0, a logarithm of what is not positive, an overflow
        raise NoExhibit(f"it has no right value ({error})") from None
    numbers = _numbers(value)
    if numbers is None or not np.isfinite(numbers).all():
        raise NoExhibit("its right value is not finite")
    return value


def _given(wrong: Wrong, thing: Any) -> Any:
    """Return what a wrong implementation gives; None where it raises."""
    try:
        with np.errstate(all="ignore"):
            return wrong.gives(thing)
    except Exception:  # who stops is exposed
        return None


def _near(value: Any, right: Any, rtol: float) -> bool:
    """Whether all numbers of a value are the right ones, but for rounding."""
    a, e = _numbers(value), _numbers(right)
    if a is None or e is None or a.shape != e.shape:
        return False
    with np.errstate(all="ignore"):
        return bool((np.abs(a - e) <= rtol * np.abs(e) + NEAR_ZERO).all())


def _numbers(value: Any) -> np.ndarray | None:
    """Return a number, or numbers in lists and tuples, as one array; None for anything else."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None


# --- Small grammars -------------------------------------------------------------------------------------------------


def number(value: Any, what: str = "a number") -> float:
    """Return a finite number of a usual size as a float.

    Examples
    --------
    >>> number(3), number(2.5)
    (3.0, 2.5)
    >>> number(1e300, "x")
    Traceback (most recent call last):
    ...
    autograder.ground.exhibits.NoExhibit: x is 1e+300; numbers are finite, and between -1e+09 and 1e+09
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise NoExhibit(f"{what} is of type {type(value).__name__}; a number is expected")
    if isinstance(value, np.floating):
        value = float(value)  # in half precision the bound is infinite
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        shown = f"a whole number of {len(str(abs(value)))} digits" if isinstance(value, int) else f"{value:.6g}"
        raise NoExhibit(f"{what} is {shown}; numbers are finite, and between -{MAX_NUMBER:g} and {MAX_NUMBER:g}")
    return float(value)


def a_text(value: Any, what: str, example: str) -> str:
    """Return a text that is short enough to be read."""
    if not isinstance(value, str):
        raise NoExhibit(f"{what} is of type {type(value).__name__}; write a text, such as {example!r}")
    if len(value) > MAX_TEXT:
        raise NoExhibit(f"{what} is {len(value)} characters long; {MAX_TEXT} are the most")
    return value


Tree = tuple[Any, ...]  # ("number", 2.0), ("name", "x"), ("+", left, right), ("neg", of), ("sin", argument, ...)


def read_expression(text: Any, names: Collection[str], functions: Mapping[str, int]) -> Tree:
    """Read an expression of numbers, names, ``+ - * / **`` and calls of functions; nothing of it is evaluated.

    Parameters
    ----------
    text : str
    names : collection of str
        The names that may stand in it.
    functions : mapping of str to int
        The functions that may be called, and how many arguments each takes.

    Returns
    -------
    tuple
        The tree: a kind, and what belongs to it.

    Raises
    ------
    NoExhibit
        If it is anything else; the message says what.

    Examples
    --------
    >>> read_expression("2 * sin(x)", {"x"}, {"sin": 1})
    ('*', ('number', 2.0), ('sin', ('name', 'x')))
    >>> read_expression("__import__('os')", {"x"}, {"sin": 1})
    Traceback (most recent call last):
    ...
    autograder.ground.exhibits.NoExhibit: there is no function `__import__`; there are sin
    """
    source = a_text(text, "the expression", "x * x").strip()
    try:
        body = parsed(source, "eval").body
    except NO_PYTHON:
        raise NoExhibit(f"`{source}` is no expression") from None
    return _tree(body, source, names, functions, 0)


def _tree(node: ast.expr, source: str, names: Collection[str], functions: Mapping[str, int], depth: int) -> Tree:
    if depth > MAX_DEPTH:
        raise NoExhibit(f"the expression is nested more than {MAX_DEPTH} deep")

    def of(inner: ast.expr) -> Tree:
        return _tree(inner, source, names, functions, depth + 1)

    match node:
        case ast.Constant(value=value) if type(value) in (int, float):
            return "number", number(value, "a number in the expression")
        case ast.Name(id=name):
            if name not in names:
                raise NoExhibit(f"there is no `{name}`; there are {', '.join(sorted(names))}")
            return "name", name
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = of(operand)
            return ("number", -inner[1]) if inner[0] == "number" else ("neg", inner)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)], of(left), of(right)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name not in functions:
                raise NoExhibit(f"there is no function `{name}`; there are {', '.join(sorted(functions)) or 'none'}")
            if len(arguments) != functions[name]:
                raise NoExhibit(f"`{name}` takes {functions[name]} arguments, and there are {len(arguments)}")
            return name, *map(of, arguments)
    raise NoExhibit(
        f"`{ast.get_source_segment(source, node)}` is not in the grammar: numbers, names, + - * / ** and functions"
    )


def operations(tree: Tree) -> int:
    """Return how many operations and calls there are in a tree; a minus before a number belongs to it.

    Examples
    --------
    >>> operations(read_expression("2 * sin(-x) + -1", {"x"}, {"sin": 1}))
    4
    """
    kind, *parts = tree
    return 0 if kind in ("number", "name") else 1 + sum(operations(part) for part in parts)
