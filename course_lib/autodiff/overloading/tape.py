"""The tape: reverse mode. The program runs and writes down what it did; the sweep reads it backwards.

Every operation that meets a traced value appends one line: its rule, its result, its operands, and which
lines those came from. The order of the lines is the order of the program, so every line stands behind those
it depends on, and no graph need be sorted. Constants get no line. The sweep starts with the cotangent of
the result, goes up line by line, and adds what each line contributes to the cotangents of its operands:
added, because a value that is used twice acts on the result along both paths.

A number's line is shorter: where it came from, and the slopes there. A slope is one number, as cheap to write
down as the operands, and then the sweep has nothing to do but to multiply and add.

Lines know their operands by number, and traced values know their tape, but the tape knows no traced value:
without a cycle of references memory is freed at once, and the garbage collector has nothing to do.

Linnainmaa: Taylor expansion of the accumulated rounding error. BIT 16 (1976) 146-160. Griewank and Walther,
chapter 3.
"""

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from course_lib.autodiff.overloading.guard import Guard
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.rules.broadcasting import kept, summed_to
from course_lib.autodiff.rules.forms import UFUNCS, Elementwise, Rule, general
from course_lib.autodiff.rules.table import total
from course_lib.autodiff.traced import Trace, Traced, apply, real

accumulated = Elementwise("add", np.add, (1, 1))  # the sum of two cotangents of the same value

# What the tape makes of log(sum(exp(x - m))) where m is the same all along the sum, as when an author takes the largest
# exponent out: it is logsumexp(x) - m, and E = exp(x - m) and s = sum(E) are there already. That m was itself computed
# from x need not be known; its cotangent -g is cancelled by that of the m which is added back.
log_of_sum = general(
    "log of sum of exp",
    lambda x, m, axes, keepdims, E, s: np.log(s),
    forward=(),
    reverse=(
        lambda g, y, x, m, axes, keepdims, E, s: summed_to(x.shape, kept(g / s, axes, keepdims) * E),
        lambda g, y, x, m, axes, keepdims, E, s: summed_to(m.shape, -kept(g, axes, keepdims)),
    ),
)

# The line of a number: for each operand that is not a constant, the line it came from and the slope there.
Slopes = tuple[tuple[int, Any], ...]


class Line:
    """The line of an array: rule, result, operands, the line that each operand came from or None, parameters.

    What the derivative does not read is not kept, of operands only the shape: its memory is free for what follows.
    """

    __slots__ = ("operands", "parameters", "rule", "sources", "y")

    def __init__(self, rule: Rule, y: Any, operands: Any, sources: Any, parameters: dict[str, Any]) -> None:
        self.rule = rule
        self.y, self.operands = rule.saved(y, operands, sources)
        self.sources = sources
        self.parameters = parameters


class Tape(Trace):
    """The lines of one recorded program."""

    __slots__ = ("guard", "lines")

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line | Slopes | None] = []
        self.guard = Guard()

    def input(self, value: Any) -> Any:
        """Return a traced value for an independent variable; its line is empty."""
        self.lines.append(None)
        if type(value) is np.ndarray:
            value = self.guard.protect(value)
        return node(value, self, len(self.lines) - 1)

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Compute the value, and append the line."""
        sources = []
        values = []
        nested = False
        for operand in operands:
            kind = type(operand)
            if (kind is NodeArray or kind is Node) and operand.owner is self:
                sources.append(operand.line)
                operand = operand.value
                kind = type(operand)
            else:
                sources.append(None)
                if kind is np.ndarray and rule.needs_values:
                    operand = self.guard.protect(operand)
            if kind is not np.ndarray and kind is not np.float64 and isinstance(operand, Traced):
                nested = True
            values.append(operand)
        if parameters:
            parameters = self.guard.protect_all(parameters)
        y = apply(rule, tuple(values), parameters) if nested else rule.value(*values, **parameters)
        if type(y) is not np.float64:
            real(y, rule, self.level)
        elif rule.scalar:
            steps = [(source, rule.partial(k, values, y)) for k, source in enumerate(sources) if source is not None]
            if rule.selects:  # what was not chosen does not take part
                steps = [step for step in steps if step[1] != 0]
            return self.number(y, tuple(steps))
        return self.append(y, Line(rule, y, tuple(values), tuple(sources), parameters))

    def number(self, y: Any, slopes: Slopes) -> Any:
        """Write the line of a number, and return the traced value."""
        lines = self.lines
        made = Node()
        made.value, made.owner, made.line = y, self, len(lines)
        lines.append(slopes)
        return made

    def append(self, y: Any, line: Line) -> Any:
        """Write the line of y, and return the traced value that knows its number."""
        made = Node() if type(y) is np.float64 or not y.ndim else NodeArray()
        made.value, made.owner, made.line = y, self, len(self.lines)
        self.lines.append(line)
        return made

    def takes_many(self) -> bool:
        """Say whether a sweep on dual numbers pays: most lines are of arrays, and no rule is a user's."""
        arrays = [line for line in self.lines if type(line) is Line]
        return 2 * len(arrays) >= len(self.lines) and not any(line.rule.foreign for line in arrays)

    def sweep(self, seeds: list[tuple[int, Any]], inputs: int, keep: bool) -> list[Any]:
        """Return the cotangents of the first lines, the inputs; without ``keep``, free each line that was read.

        A seed is the number of a line, and its cotangent; one line may have several.
        """
        lines = self.lines
        ours: set[int] = set()  # lines whose cotangent is an array of this sweep's own making, to which it may add
        last = max([line for line, _ in seeds], default=-1)
        cotangents: list[Any] = [None] * (max(last, inputs - 1) + 1)
        while seeds:
            at, g = seeds.pop()
            cotangents[at] = g if cotangents[at] is None else accumulated(cotangents[at], g)
        for index in range(last, inputs - 1, -1):
            line = lines[index]
            g = cotangents[index]
            if not keep:
                lines[index] = None
            if g is None or line is None:
                continue
            cotangents[index] = None
            if isinstance(line, tuple):
                for source, slope in line:
                    old = cotangents[source]
                    cotangents[source] = g * slope if old is None else old + g * slope
                continue
            rule, sources, parameters = line.rule, line.sources, line.parameters
            if rule.costly and not isinstance(g, Traced) and not g.any():
                continue
            if rule.together:
                contributions = rule.reverse_all(g, line.y, line.operands, sources, parameters)
                for source, contribution in zip(sources, contributions, strict=True):
                    if source is not None:
                        old = cotangents[source]
                        cotangents[source] = contribution if old is None else accumulated(old, contribution)
                continue
            for k, source in enumerate(sources):
                if source is None:
                    continue
                old = cotangents[source]
                owned = type(old) is np.ndarray and source in ours  # a nested sweep may have put a traced one there
                if owned and type(g) is np.ndarray and rule.add_into(old, g, parameters):
                    continue
                contribution = rule.reverse(k, g, line.y, line.operands, parameters)
                if rule.foreign and isinstance(contribution, Traced) and contribution.owner is self:
                    real(contribution, rule, self.level)
                if old is None:
                    cotangents[source] = contribution
                    if rule.makes_new and type(g) is type(contribution) is np.ndarray:
                        ours.add(source)
                elif owned and type(contribution) is np.ndarray and contribution.dtype == old.dtype:
                    old += contribution
                else:
                    cotangents[source] = accumulated(old, contribution)
                    # The sum of arrays is new; what `jit` knows of one that it records may be anybody's.
                    (ours.add if type(old) is type(contribution) is np.ndarray else ours.discard)(source)
        return cotangents[:inputs]


class Node(TracedNumber):
    """A traced value of reverse mode: the value, the tape, and the number of its line there."""

    __slots__ = ("line",)
    line: int

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        rule = UFUNCS.get(ufunc) if len(inputs) == 1 and method == "__call__" and not named else None
        tape = self.owner
        if rule is None or not tape.open:
            return super().__array_ufunc__(ufunc, method, *inputs, **named)
        x = self.value
        y = ufunc(x)
        if ufunc is np.log and type(tape.lines[self.line]) is Line:
            return tape.append(y, line_of_log(tape.lines, self.line, x, y))
        if type(y) is not np.float64:
            return tape.append(y, Line(rule, y, (x,), (self.line,), _NOTHING))
        slope = rule.partials[0]
        return tape.number(y, ((self.line, slope(x, y) if callable(slope) else slope),))

    def __neg__(self) -> Any:
        return self.__array_ufunc__(np.negative, "__call__", self)

    def __repr__(self) -> str:
        return f"<traced {self.value}>"


def line_of_log(lines: list[Any], line: int, s: Any, y: Any) -> Line:
    """Return the line of y = log(s), or of log(sum(exp(x - m))) if that is what it is; see `log_of_sum`."""
    plain_log = Line(UFUNCS[np.log], y, (s,), (line,), _NOTHING)
    summed = lines[line]
    if type(summed) is not Line or summed.rule is not total:
        return plain_log
    raised = lines[summed.sources[0]]
    if type(raised) is not Line or raised.rule is not UFUNCS[np.exp]:
        return plain_log
    E: Any = raised.y
    difference = lines[raised.sources[0]]
    if type(difference) is not Line or difference.rule is not UFUNCS[np.subtract]:
        return plain_log
    x, m = difference.operands
    shape = (1,) * (E.ndim - np.ndim(m)) + np.shape(m)
    if any(shape[axis] != 1 for axis in summed.parameters["axes"]):
        return plain_log
    return Line(log_of_sum, y, (x, m), difference.sources, {**summed.parameters, "E": E, "s": s})


class NodeArray(Node, TracedArray):
    """A `Node` with at least one axis."""

    __slots__ = ("whole",)


_NOTHING: dict[str, Any] = {}


def node(value: Any, tape: Tape, line: int) -> Any:
    """Return a traced value of the class that its number of axes asks for."""
    made: Any = NodeArray() if value.ndim else Node()
    made.value, made.owner, made.line = value, tape, line
    return made


def _direct(ufunc: Any, operation: Any) -> Any:
    """Return an operator that writes its line at once, if the other operand is a number or of the same tape.

    This is `apply` and `Tape.record` for the most frequent case: a loop over numbers spends its time there.
    """
    rule, square = UFUNCS[ufunc], UFUNCS[np.square]
    left, right = rule.partials
    linear = not callable(left)
    if linear:
        left, right = np.float64(left), np.float64(right)  # its product with a number is the fastest

    def operator_of_nodes(self: Any, other: Any) -> Any:
        tape, kind = self.owner, type(other)
        if tape.open:
            a = self.value
            if (kind is float or kind is int) and (linear or other):  # 1 / 0 is not for Python
                y = operation(a, other)
                if type(y) is np.float64:
                    return tape.number(y, ((self.line, left if linear else left(a, other, y)),))
                return tape.append(y, Line(rule, y, (a, other), (self.line, None), _NOTHING))
            if (kind is Node or kind is NodeArray) and other.owner is tape:
                b = other.value
                y = operation(a, b)
                if type(y) is np.float64:
                    slopes = (left, right) if linear else (left(a, b, y), right(a, b, y))
                    return tape.number(y, ((self.line, slopes[0]), (other.line, slopes[1])))
                if other is self and ufunc is np.multiply:
                    return tape.append(y, Line(square, y, (a,), (self.line,), _NOTHING))
                return tape.append(y, Line(rule, y, (a, b), (self.line, other.line), _NOTHING))
        return apply(rule, (self, other), {})

    return operator_of_nodes


def _direct_reflected(ufunc: Any, operation: Any) -> Any:
    """Return the same for a number on the left."""
    rule: Any = UFUNCS[ufunc]

    def operator_of_nodes(self: Any, other: Any) -> Any:
        tape, kind = self.owner, type(other)
        if tape.open and (kind is float or kind is int):
            b = self.value
            y = operation(other, b)
            if type(y) is np.float64:
                return tape.number(y, ((self.line, rule.partial(1, (other, b), y)),))
            return tape.append(y, Line(rule, y, (other, b), (None, self.line), _NOTHING))
        return apply(rule, (other, self), {})

    return operator_of_nodes


for _ufunc, _name in ((np.add, "add"), (np.subtract, "sub"), (np.multiply, "mul"), (np.divide, "truediv")):
    setattr(Node, f"__{_name}__", _direct(_ufunc, getattr(operator, _name)))
    setattr(Node, f"__r{_name}__", _direct_reflected(_ufunc, getattr(operator, _name)))
Node.__pow__ = _direct(np.power, operator.pow)


def unshared(gradients: list[Any], given: Iterable[Any] = ()) -> list[Any]:
    """Return gradients that share no memory with each other or with anything else, such as what was given."""
    known = set(map(id, given))
    apart = []
    for g in gradients:
        if type(g) is np.ndarray and (g.base is not None or id(g) in known or not g.flags.writeable):
            g = g.copy()
        known.add(id(g))
        apart.append(g if isinstance(g, Traced) else g[()])
    return apart
