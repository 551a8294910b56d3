"""Explorable 7: how many operations a derivative has, written as one formula and computed line by line.

A function is applied to its own result again and again. Its derivative, as one formula, is made by the very rules of
the table, with each intermediate result replaced by its formula. Line by line, as in an evaluation trace, each
result has a name. The rules are the same. The counts part company: naming what has been computed is all there is to it.

Laue: On the equivalence of automatic and symbolic differentiation (2019), arXiv:1904.02990.
"""

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.autodiff.graph.evaluation import BAR, DOT, evaluation_trace
from course_lib.autodiff.rules.expressions import Expression, added, multiplied, name, tree
from course_lib.autodiff.rules.forms import UFUNCS
from course_lib.explore.frames import Choice, Explorable, Frame, Slider
from course_lib.explore.pictures import BLUE, VERMILION, VERMILION_INK, as_svg, new_picture, power_of_ten

# What is applied again and again, as a function of its own last result.
STEPS: dict[str, Callable[[Any], Any]] = {
    "y = 4 y (1 − y)": lambda y: (4 * y) * (1 - y),
    "y = sin(y)": lambda y: np.sin(y),
}
DEPTHS = list(range(1, 11))


class Pair(NamedTuple):
    """The formula of a value, and that of its derivative."""

    value: Any
    derivative: Any


class Formula:
    """A dual number made of formulas: it differentiates by the table, and names nothing."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, pair: Pair) -> None:
        self.pair = pair

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any) -> "Formula":
        values = [x.pair.value if isinstance(x, Formula) else x for x in inputs]
        y = ufunc(*values)
        total: Any = None
        for k, x in enumerate(inputs):
            if isinstance(x, Formula):
                partial = UFUNCS[ufunc].partials[k]
                term = multiplied(partial(*values, y) if callable(partial) else partial, x.pair.derivative)
                total = term if total is None else added(total, term)
        return Formula(Pair(y, total))

    def __mul__(self, other: Any) -> "Formula":
        return self.__array_ufunc__(np.multiply, "__call__", self, other)

    def __rmul__(self, other: Any) -> "Formula":
        return self.__array_ufunc__(np.multiply, "__call__", other, self)

    def __rsub__(self, other: Any) -> "Formula":
        return self.__array_ufunc__(np.subtract, "__call__", other, self)


def operations(formula: str) -> int:
    """Count the operations of a formula: signs, + - * / **, and calls.

    Examples
    --------
    >>> operations("2 * x + np.sin(-x)")
    4
    """
    return sum(isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call) for node in ast.walk(ast.parse(formula)))


def derivative_as_formula(step: Callable[[Any], Any], depth: int) -> str:
    """Differentiate a step applied ``depth`` times to x, and write the derivative as one formula of x.

    Parameters
    ----------
    step : callable
        One of `STEPS`, or another function made of ufuncs.
    depth : int
        How often it is applied.

    Returns
    -------
    str
        The formula, as Python code.

    Examples
    --------
    >>> derivative_as_formula(np.sin, 2)
    'np.cos(np.sin(x)) * np.cos(x)'
    """
    y = Formula(Pair(Expression(name("x")), 1.0))
    for _ in range(depth):
        y = step(y)
    return ast.unparse(tree(y.pair.derivative))


def operations_line_by_line(step: Callable[[Any], Any], depth: int) -> int:
    """Count the operations of the evaluation trace: the program's lines and those of the derivative beside them.

    Examples
    --------
    >>> operations_line_by_line(np.sin, 1)  # w2 = sin(w1), and beside it cos(w1) times the tangent
    3
    """

    def f(x: Any) -> Any:
        for _ in range(depth):
            x = step(x)
        return x

    rows = evaluation_trace(f, 0.3).rows[1:]
    lines = [text.replace(DOT, "_dot").replace(BAR, "_bar") for row in rows for text in (row.statement, row.derivative)]
    return sum(map(operations, lines))


@lru_cache
def _counts(chosen: str) -> tuple[list[int], list[int], list[str]]:
    formulas = [derivative_as_formula(STEPS[chosen], depth) for depth in DEPTHS]
    as_formula = list(map(operations, formulas))
    return as_formula, [operations_line_by_line(STEPS[chosen], depth) for depth in DEPTHS], formulas


def expression_swell(embed: bool | None = None) -> Explorable:
    """Show how many operations a derivative has against the depth: as one formula, and line by line.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the function, and how often it is applied.

    Examples
    --------
    >>> explorable = expression_swell(embed=False)
    >>> explorable.inputs["depth"].value = 10
    >>> "As one formula" in explorable.picture.value
    True
    """
    controls: list[Any] = [
        Choice("step", "Function", list(STEPS)),
        Slider("depth", "Applied", DEPTHS, start=2, written=lambda depth: f"{depth} times" if depth > 1 else "once"),
    ]
    return Explorable(_frame, controls, embed=embed, paper={"depth": 10})


def _frame(step: str, depth: int) -> Frame:
    as_formula, line_by_line, formulas = _counts(step)
    here = DEPTHS.index(depth)
    figure, axes = new_picture(5.6, 3.6)
    axes.set(yscale="log", xlabel="how often the function is applied", ylabel="operations", ylim=(0.8, 2e5))
    axes.set(xlim=(0.5, 10.5))
    axes.set_yticks([10.0**p for p in range(6)], [power_of_ten(p) for p in range(6)])
    axes.minorticks_off()
    seen = slice(here + 1)  # what comes deeper is not told yet
    axes.plot(DEPTHS[seen], as_formula[seen], "o-", color=VERMILION)
    axes.plot(DEPTHS[seen], line_by_line[seen], "s-", color=BLUE)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # keeps the upright line out of the names
    look: dict[str, Any] = {"va": "center", "weight": "bold", "bbox": paper}
    axes.text(0.8, 7e4, "● one formula", color=VERMILION_INK, **look)
    axes.text(0.8, 2e4, "■ line by line", color=BLUE, **look)
    for counts in (as_formula, line_by_line):
        axes.plot([depth], [counts[here]], "o", markersize=13, markerfacecolor="none", color="black")
    axes.axvline(depth, color="black", linewidth=1, linestyle=(0, (4, 3)))
    formula = formulas[here].replace("np.", "").replace(" ** ", "**")
    shown = formula if len(formula) <= 66 else f"{formula[:63]}..."
    shown = shown.replace("(", "(\u200b")  # where a narrow screen may break the line
    applied = "once" if depth == 1 else f"{depth} times"
    return Frame(
        as_svg(figure),
        f"Operations up to this depth, the vertical axis logarithmic, for {step}. Applied {applied}, the "
        f"derivative as one formula has {as_formula[here]} operations; value and derivative line by line have "
        f"{line_by_line[here]}.",
        [
            ("As one formula", f"{as_formula[here]:,} operations"),
            ("Line by line", f"{line_by_line[here]} operations"),
            ("Length of the formula", f"{len(formula):,} letters"),
            ("It begins", shown),
        ],
    )
