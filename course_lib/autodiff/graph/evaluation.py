"""The evaluation trace: a program taken apart into elementary operations, and its derivative line by line.

Forward: beside each line ``w3 = w1 * w2`` stands the line of the dual program, ẇ3 = w2 * ẇ1 + w1 * ẇ2, from top
to bottom. Reverse: after the program, from its last line up, what each line adds to the adjoints of its operands,
w̄1 += w2 * w̄3. Both are the rules of the table, written with symbols, and computed with numbers.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), tables 3.1 and 3.4.
"""

import html
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_lib.autodiff.errors import InputError
from course_lib.autodiff.graph.symbols import Symbol, added, multiplied, written
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.overloading.sweeps import as_result
from course_lib.autodiff.rules.forms import Elementwise, JointlyLinear, Linear, Multilinear, Rule
from course_lib.autodiff.structures import is_structure
from course_lib.autodiff.traced import Trace, apply

DOT, BAR = "\N{COMBINING DOT ABOVE}", "\N{COMBINING MACRON}"


class TraceStep(NamedTuple):
    """One operation that was done: which, on what (a value, or the number of an earlier line), with which result."""

    rule: Rule | None
    operands: tuple[Any, ...]
    sources: tuple[int | None, ...]
    parameters: dict[str, Any]
    value: Any


class Steps(Trace):
    """The operations of one run, in their order."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[TraceStep] = []

    def take(self, step: TraceStep) -> Any:
        """Give an operation its number, and return its traced value."""
        self.steps.append(step)
        made: Any = object.__new__(StepArray if step.value.ndim else StepNumber)
        made.value, made.owner, made.line = step.value, self, len(self.steps) - 1
        return made

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Compute the value, and keep the step."""
        sources = tuple(x.line if isinstance(x, StepNumber) and x.owner is self else None for x in operands)
        values = tuple(x if s is None else x.value for x, s in zip(operands, sources, strict=True))
        return self.take(TraceStep(rule, values, sources, parameters, apply(rule, values, parameters)))


class StepNumber(TracedNumber):
    """A traced value that knows its line."""

    __slots__ = ("line",)
    line: int


class StepArray(StepNumber, TracedArray):
    """A `StepNumber` with at least one axis."""

    __slots__ = ("whole",)


class Row(NamedTuple):
    """One line of the table: a statement and its value, and beside it the derivative's."""

    statement: str
    value: Any
    derivative: str
    slope: Any


class EvaluationTable:
    """The table; it displays itself as text and, in a notebook, as HTML.

    Attributes
    ----------
    rows : list of Row
        The lines: (statement, value, derivative, slope). In reverse mode the lines of the program come first, with
        nothing beside them, and then those of the sweep, with nothing on the left.
    value, slope : number or array
        The function's value; its derivative, in reverse mode a tuple with one for each argument.
    """

    def __init__(self, rows: list[Row], mode: str, value: Any, slope: Any) -> None:
        self.rows, self.mode, self.value, self.slope = rows, mode, value, slope

    def first(self, count: int) -> "EvaluationTable":
        """Return the table with its first rows only: one step of filling it."""
        return EvaluationTable(self.rows[:count], self.mode, self.value, self.slope)

    @property
    def heads(self) -> tuple[str, str]:
        """What stands above the two columns."""
        return ("original program", "dual program") if self.mode == "forward" else ("program", "reverse sweep")

    def _cells(self) -> list[tuple[str, str, str, str]]:
        return [(s, shown(v) if s else "", d, shown(slope) if d else "") for s, v, d, slope in self.rows]

    def __str__(self) -> str:
        left, right = self.heads
        cells = [(left, "", right, ""), *self._cells()]
        widths = [max(length(row[k]) for row in cells) for k in range(4)]
        lines = [
            "   ".join(cell + " " * (w - length(cell)) for cell, w in zip(row, widths, strict=True)) for row in cells
        ]
        return "\n".join(line.rstrip() for line in lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells: tuple[str, ...], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        left, right = self.heads
        body = "\n".join(row(cells, "td") for cells in self._cells())
        head = row((left, "value", right, "value"), "th")
        return f'<table class="evaluation-trace">\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def length(text: str) -> int:
    """Return how many places a text takes; a dot above a letter takes none."""
    return len(text) - text.count(DOT) - text.count(BAR)


def shown(value: Any) -> str:
    """Write a value to six digits."""
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ", threshold=6).replace("\n", "")
    return f"{value + 0.0:.6g}"  # -0.0 + 0.0 is 0.0


def statement_of(step: TraceStep) -> Any:
    """Write an operation with the names of its operands."""
    operands = names(step)
    assert step.rule is not None
    if isinstance(step.rule, Elementwise) and isinstance(step.rule.value, np.ufunc):
        return step.rule.value(*operands)
    details = [f"{name}={value}" for name, value in step.parameters.items() if not isinstance(value, np.ndarray)]
    return Symbol(f"{step.rule.name}({', '.join([*map(written, operands), *details])})")


def names(step: TraceStep) -> list[Any]:
    """Return the operands as symbols w1, w2, ...; constants as they are."""
    return [x if s is None else Symbol(f"w{s + 1}") for x, s in zip(step.operands, step.sources, strict=True)]


def term(step: TraceStep, k: int, y: Symbol, change: Symbol, reverse: bool) -> Any:
    """Write what operand k contributes: its partial times the tangent, or times the adjoint."""
    rule, operands = step.rule, names(step)
    assert rule is not None
    if isinstance(rule, Elementwise):
        return multiplied(rule.partial(k, tuple(operands), y), change)
    if reverse:
        return Symbol(f"transpose of {rule.name}({change})")
    if isinstance(rule, Linear | JointlyLinear):
        return Symbol(f"{rule.name}({change})")
    if isinstance(rule, Multilinear):
        return Symbol(f"{rule.name}({', '.join(written(change if i == k else x) for i, x in enumerate(operands))})")
    return Symbol(f"{rule.name}'({change})")


def run_in_steps(f: Callable[..., Any], arguments: tuple[Any, ...]) -> list[TraceStep]:
    """Run f, and return the operations that were done, up to the one that made its result."""
    trace = Steps()
    try:
        inputs = [trace.take(TraceStep(None, (), (), {}, differentiable(x))) for x in arguments]
        y = as_result(f(*inputs))
    finally:
        trace.close()
    if is_structure(y):
        raise InputError(f"f returned a {type(y).__name__}; expected one number or array. Stack the results.")
    if not (isinstance(y, StepNumber) and y.owner is trace):
        raise InputError(
            "f returned a constant: there is nothing to trace. Expected a value that depends on an argument."
        )
    return trace.steps[: y.line + 1]


def evaluation_trace(f: Callable[..., Any], *arguments: Any, mode: str = "forward", wrt: int = 0) -> EvaluationTable:
    """Run f, and return its evaluation trace with the derivative line by line.

    Parameters
    ----------
    f : callable
        A function of numbers (or arrays), whose value is a number (or, in forward mode, an array).
    *arguments
        Where to evaluate it.
    mode : "forward" or "reverse"
        The lecture's two columns, original and dual program; or the program and then the sweep from its end.
    wrt : int
        Forward mode: which argument has the tangent 1; the others have 0.

    Returns
    -------
    EvaluationTable
        Displays itself; has ``rows``, ``value``, ``slope``, and ``first(n)`` for the first n rows.

    Raises
    ------
    ValueError
        If the mode is unknown.
    InputError
        If an argument is not real, there is no argument of that number, or f returns a structure.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), tables 3.1 and 3.4.

    Examples
    --------
    >>> print(evaluation_trace(lambda x1, x2: x1 * x2 + np.sin(x1), 2.0, 5.0, wrt=1))
    original program              dual program
    w1 = x1            2          ẇ1 = 0                   0
    w2 = x2            5          ẇ2 = 1                   1
    w3 = w1 * w2       10         ẇ3 = w2 * ẇ1 + w1 * ẇ2   2
    w4 = sin(w1)       0.909297   ẇ4 = cos(w1) * ẇ1        0
    w5 = w3 + w4       10.9093    ẇ5 = ẇ3 + ẇ4             2
    """
    if mode not in ("forward", "reverse"):
        raise ValueError(f"The mode is {mode!r}; expected 'forward' or 'reverse'.")
    if not 0 <= wrt < len(arguments):
        raise InputError(f"wrt is {wrt}, and there are {len(arguments)} arguments; expected a number from 0.")
    steps = run_in_steps(f, arguments)
    build = _forward if mode == "forward" else _reverse
    return build(steps, len(arguments), wrt)


def _forward(steps: list[TraceStep], count: int, wrt: int) -> EvaluationTable:
    rows, tangents = [], []
    for i, step in enumerate(steps):
        name, dotted = Symbol(f"w{i + 1}"), f"w{DOT}{i + 1}"
        if step.rule is None:
            tangents.append(np.full(step.value.shape, float(i == wrt))[()])
            rows.append(Row(f"{name} = x{i + 1}", step.value, f"{dotted} = {int(i == wrt)}", tangents[i]))
            continue
        along = tuple(None if s is None else tangents[s] for s in step.sources)
        tangents.append(step.rule.forward(along, step.value, step.operands, step.parameters))
        text: Any = None
        for k, s in enumerate(step.sources):
            if s is not None:
                one = term(step, k, name, Symbol(f"w{DOT}{s + 1}"), reverse=False)
                text = one if text is None else added(text, one)
        rows.append(Row(f"{name} = {statement_of(step)}", step.value, f"{dotted} = {text}", tangents[i]))
    return EvaluationTable(rows, "forward", steps[-1].value, tangents[-1])


def adjoints_of(steps: list[TraceStep]) -> list[Any]:
    """Return the adjoint of each step: the derivative of the last with respect to it."""
    adjoints: list[Any] = [np.zeros(step.value.shape)[()] for step in steps]
    adjoints[-1] = np.ones(steps[-1].value.shape)[()]
    for i in range(len(steps) - 1, -1, -1):
        step = steps[i]
        for k, s in enumerate(step.sources):
            if s is not None and step.rule is not None:
                more = step.rule.reverse(k, adjoints[i], step.value, step.operands, step.parameters)
                adjoints[s] = adjoints[s] + more
    return adjoints


def _reverse(steps: list[TraceStep], count: int, wrt: int) -> EvaluationTable:
    rows = [
        Row(f"w{i + 1} = x{i + 1}" if step.rule is None else f"w{i + 1} = {statement_of(step)}", step.value, "", None)
        for i, step in enumerate(steps)
    ]
    adjoints: list[Any] = [np.zeros(step.value.shape)[()] for step in steps]
    last = len(steps) - 1
    adjoints[last] = np.ones(steps[last].value.shape)[()]
    rows.append(Row("", None, f"w{BAR}{last + 1} = 1", adjoints[last]))
    for i in range(last, -1, -1):
        step = steps[i]
        if step.rule is None:
            continue
        for k, s in enumerate(step.sources):
            if s is not None:
                more = step.rule.reverse(k, adjoints[i], step.value, step.operands, step.parameters)
                adjoints[s] = adjoints[s] + more
                text = term(step, k, Symbol(f"w{i + 1}"), Symbol(f"w{BAR}{i + 1}"), reverse=True)
                rows.append(Row("", None, f"w{BAR}{s + 1} += {text}", adjoints[s]))
    return EvaluationTable(rows, "reverse", steps[last].value, tuple(adjoints[:count]))
