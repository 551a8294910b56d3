"""The tape: reverse mode. The program runs and writes down what it did; the sweep reads it backwards.

Every operation that meets a traced value appends one line: its rule, its result, its operands, and which
lines those came from. The order of the lines is the order of the program, so every line stands behind those
it depends on, and no graph need be sorted. Constants get no line. The sweep starts with the cotangent of
the result, goes up line by line, and adds what each line contributes to the cotangents of its operands:
added, because a value that is used twice acts on the result along both paths.

Lines know their operands by number, and traced values know their tape, but the tape knows no traced value:
without a cycle of references memory is freed at once, and the garbage collector has nothing to do.

Linnainmaa: Taylor expansion of the accumulated rounding error. BIT 16 (1976) 146-160. Griewank and Walther,
chapter 3.
"""

import operator
import sys
from typing import Any

import numpy as np

from course_lib.autodiff.forms import UFUNCS, Rule, Shape
from course_lib.autodiff.guard import Guard
from course_lib.autodiff.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.rules import accumulated, log_of_sum, total
from course_lib.autodiff.traced import Trace, Traced, apply

# One line: rule, result, operands (or their shapes), the line that each operand came from or None, parameters. Few
# objects, since the garbage collector looks at each one of a long program.
Line = tuple[Rule, Any, Any, Any, dict[str, Any]]


class Tape(Trace):
    """The lines of one recorded program."""

    __slots__ = ("guard", "lines")

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line | None] = []
        self.guard = Guard()

    def input(self, value: Any) -> Any:
        """Return a traced value for an independent variable; its line is empty."""
        self.lines.append(None)
        if isinstance(value, np.ndarray):
            self.guard.protect(value)
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
                    self.guard.protect(operand)
            if kind is not np.ndarray and kind is not np.float64 and isinstance(operand, Traced):
                nested = True
            values.append(operand)
        for member in parameters.values() if parameters else ():  # the arrays of an index
            for array in member if type(member) is tuple else (member,):
                if type(array) is np.ndarray:
                    self.guard.protect(array)
        y = apply(rule, tuple(values), parameters) if nested else rule.value(*values, **parameters)
        return self.append(rule, y, tuple(values), tuple(sources), parameters)

    def append(self, rule: Any, y: Any, operands: Any, sources: Any, parameters: dict[str, Any]) -> Any:
        """Write a line, and return the traced value that knows its number."""
        kind = type(y)
        if not rule.needs_values and kind is not np.float64:  # keep no array alive of which only the shape matters
            operands = [Shape(x.shape if type(x) is np.ndarray else np.shape(x)) for x in operands]
        lines = self.lines
        made: Any = new(Node if kind is np.float64 or not y.ndim else NodeArray)
        made.value, made.owner, made.line = y, self, len(lines)
        lines.append((rule, y, operands, sources, parameters))
        return made

    def sweep(self, last: int, cotangent: Any, inputs: int, keep: bool) -> list[Any]:
        """Return the cotangents of the first lines, the inputs; without ``keep``, free each line that was read."""
        lines = self.lines
        cotangents: list[Any] = [None] * (max(last, inputs - 1) + 1)
        cotangents[last] = cotangent
        del cotangent
        for index in range(last, inputs - 1, -1):
            line = lines[index]
            g = cotangents[index]
            if not keep:
                lines[index] = None
            if g is None or line is None:
                continue
            cotangents[index] = None
            rule, y, operands, sources, parameters = line
            if rule.costly and not isinstance(g, Traced) and not g.any():
                continue
            if type(y) is np.float64 and rule.scalar:  # the same as below, without the questions that arrays ask
                for source, partial in zip(sources, rule.partials):  # noqa: B905  (strict costs time here)
                    if source is not None:
                        contribution = g * (partial(*operands, y) if callable(partial) else partial)
                        old = cotangents[source]
                        cotangents[source] = contribution if old is None else old + contribution
                continue
            for k, source in enumerate(sources):
                if source is None:
                    continue
                old = cotangents[source]
                alone = type(old) is np.ndarray and old.base is None and sys.getrefcount(old) == ALONE
                if alone and type(g) is np.ndarray and rule.add_into(old, g, parameters):
                    continue
                contribution = rule.reverse(k, g, y, operands, parameters)
                if old is None:
                    cotangents[source] = contribution
                elif alone and type(contribution) is np.ndarray and contribution.dtype == old.dtype:
                    old += contribution
                else:
                    cotangents[source] = accumulated(old, contribution)
        return cotangents[:inputs]


def _references_of_one_in_a_list() -> int:
    members = [np.zeros(1)]
    old = members[0]
    return sys.getrefcount(old)


# A cotangent may be added to in place only if nobody else holds it: x + y hands the same array to x and to y.
# Nobody does if it has as many references as one that stands in a list and is looked at.
ALONE = _references_of_one_in_a_list()


class Node(TracedNumber):
    """A traced value of reverse mode: the value, the tape, and the number of its line there."""

    __slots__ = ("line",)
    line: int

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if len(inputs) == 1 and method == "__call__" and not named and self.owner.open and ufunc in UFUNCS:
            value = self.value
            if ufunc is np.log:
                rule, operands, sources, parameters = as_log_of_sum(self.owner.lines, self.line, value)
                return self.owner.append(rule, ufunc(value), operands, sources, parameters)
            return self.owner.append(UFUNCS[ufunc], ufunc(value), (value,), (self.line,), _NOTHING)
        return super().__array_ufunc__(ufunc, method, *inputs, **named)

    def __repr__(self) -> str:
        return f"<traced {self.value}>"


def as_log_of_sum(lines: list[Any], line: int, s: Any) -> tuple[Rule, Any, Any, dict[str, Any]]:
    """Return the line of log(s), or of log(sum(exp(x - m))) if that is what it is; see `rules.log_of_sum`."""
    plain_log = UFUNCS[np.log], (s,), (line,), _NOTHING
    if lines[line] is None or lines[line][0] is not total:
        return plain_log
    _, _, _, (above,), reduction = lines[line]
    if lines[above] is None or lines[above][0] is not UFUNCS[np.exp]:
        return plain_log
    _, E, _, (difference,), _ = lines[above]
    if lines[difference] is None or lines[difference][0] is not UFUNCS[np.subtract]:
        return plain_log
    _, _, (x, m), sources, _ = lines[difference]
    shape = (1,) * (E.ndim - np.ndim(m)) + np.shape(m)
    if any(shape[axis] != 1 for axis in reduction["axes"]):
        return plain_log
    return log_of_sum, (x, m), sources, {**reduction, "E": E, "s": s}


class NodeArray(Node, TracedArray):
    """A `Node` with at least one axis."""

    __slots__ = ()


new = object.__new__
_NOTHING: dict[str, Any] = {}


def node(value: Any, tape: Tape, line: int) -> Any:
    """Return a traced value of the class that its number of axes asks for."""
    made: Any = new(NodeArray if value.ndim else Node)
    made.value, made.owner, made.line = value, tape, line
    return made


def _direct(ufunc: Any, operation: Any) -> Any:
    """Return an operator that writes its line at once, if the other operand is a number or of the same tape.

    This is `apply` and `Tape.record` for the most frequent case: a loop over numbers spends its time there.
    """
    rule, square = UFUNCS[ufunc], UFUNCS[np.square]

    def operator_of_nodes(self: Any, other: Any) -> Any:
        tape, kind = self.owner, type(other)
        if tape.open:
            a = self.value
            if kind is float or kind is int:
                y = operation(a, other)
                if type(y) is np.float64:  # `append`, for a number
                    lines = tape.lines
                    made: Any = new(Node)
                    made.value, made.owner, made.line = y, tape, len(lines)
                    lines.append((rule, y, (a, other), (self.line, None), _NOTHING))
                    return made
                return tape.append(rule, y, (a, other), (self.line, None), _NOTHING)
            if (kind is Node or kind is NodeArray) and other.owner is tape:
                b = other.value
                if other is self and ufunc is np.multiply:
                    return tape.append(square, operation(a, a), (a,), (self.line,), _NOTHING)
                return tape.append(rule, operation(a, b), (a, b), (self.line, other.line), _NOTHING)
        return apply(rule, (self, other), {})

    return operator_of_nodes


def _direct_reflected(ufunc: Any, operation: Any) -> Any:
    """Return the same for a number on the left."""
    rule = UFUNCS[ufunc]

    def operator_of_nodes(self: Any, other: Any) -> Any:
        tape, kind = self.owner, type(other)
        if tape.open and (kind is float or kind is int):
            b = self.value
            return tape.append(rule, operation(other, b), (other, b), (None, self.line), _NOTHING)
        return apply(rule, (other, self), {})

    return operator_of_nodes


for _ufunc, _name in ((np.add, "add"), (np.subtract, "sub"), (np.multiply, "mul"), (np.divide, "truediv")):
    setattr(Node, f"__{_name}__", _direct(_ufunc, getattr(operator, _name)))
    setattr(Node, f"__r{_name}__", _direct_reflected(_ufunc, getattr(operator, _name)))
Node.__pow__ = _direct(np.power, operator.pow)


def unshared(gradients: list[Any]) -> list[Any]:
    """Return gradients that share no memory with each other or with anything else."""
    known: set[int] = set()
    apart = []
    for g in gradients:
        if type(g) is np.ndarray and (g.base is not None or id(g) in known or not g.flags.writeable):
            g = g.copy()
        known.add(id(g))
        apart.append(g if isinstance(g, Traced) else g[()])
    return apart
