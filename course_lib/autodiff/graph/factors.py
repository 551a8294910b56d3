"""Factors that are powers of two: they change no digit, and so go along with a value to where they cost least."""

import math
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.graph.program import Step
from course_lib.autodiff.graph.rewriting import (
    ADD,
    DIVIDE,
    MULTIPLY,
    NEGATIVE,
    SQUARE,
    SUBTRACT,
    SUMS,
    Rewriter,
    number,
    power_of_two,
)

FAR = 2.0**32  # a factor beyond is multiplied in: what it keeps within the range of numbers must not leave it


class Factors(Rewriter):
    """Each value is a factor times a step; factors go along with the value, and are multiplied in where they must.

    The 2 of a square and the -1/2 of a Gaussian density each cost a pass over an array. A power of two may as well be
    multiplied to the sum behind, or to the other factor of a product; there it meets others, and often they cancel.

    Examples
    --------
    >>> from course_lib.autodiff.graph.before_and_after import before_and_after
    >>> before_and_after(Factors, lambda x, y: (-x * 2.0) @ (y * -0.5), np.ones(3), np.ones(3))
    w3 = negative(w1)
    w4 = multiply(w3, 2.0)
    w5 = multiply(w2, -0.5)
    w6 = matmul(w4, w5)
    becomes
    w3 = matmul(w1, w2)
    """

    PASSING = frozenset({rules.total, rules.reshaped, rules.transposed, rules.broadcast, rules.cumulated, rules.taken,
                         rules.gather, rules.scatter})  # fmt: skip
    PRODUCTS = frozenset({MULTIPLY, rules.matmul, rules.einsum})

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        self.scaled: dict[Step, tuple[float, Any]] = {}
        for step in self.old:
            if step.operation is None:
                self.steps.append(step)
                self.scaled[step] = (1.0, step)
                continue
            arrays = any(isinstance(o, Step) and o.shape for o in step.operands)
            found = self.with_factor(step) if arrays and step.dtype.kind == "f" else None
            found = found if found and 1 / FAR <= abs(found[0]) <= FAR else None
            self.scaled[step] = found or (1.0, self.make(step.operation, self.whole(step), step.parameters, step))
        return self.steps, [self.multiplied_in(r) if isinstance(r, Step) else r for r in self.results]

    def split(self, operand: Any) -> tuple[float, Any]:
        """Return factor and rest of an operand."""
        return self.scaled[operand] if isinstance(operand, Step) else (1.0, operand)

    def multiplied_in(self, operand: Any) -> Any:
        """Return an operand with its factor."""
        factor, rest = self.split(operand)
        return self.times(factor, rest)

    def times(self, factor: float, x: Step) -> Step:
        """Multiply by a factor."""
        if factor == 1:
            return x
        return self.make(NEGATIVE, (x,), {}, x) if factor == -1 else self.make(MULTIPLY, (x, number(factor)), {}, x)

    def whole(self, step: Step) -> list[Any]:
        """Return all operands with their factors."""
        return [self.multiplied_in(operand) for operand in step.operands]

    def with_factor(self, step: Step) -> tuple[float, Any] | None:
        """Return the step with a factor outside, or None if its operation takes none."""
        operation = step.operation
        parts = [self.split(operand) for operand in step.operands]
        factors, rests = [factor for factor, _ in parts], [rest for _, rest in parts]
        if operation is NEGATIVE:
            return -factors[0], rests[0]
        if operation in self.PASSING:
            if factors[0] == 1:
                return None
            rest = [rests[0], *(self.multiplied_in(o) for o in step.operands[1:])]
            return factors[0], self.make(operation, rest, step.parameters, step)
        if operation is rules.put and step.size < np.size(rests[0]) and factors[0] != 1:  # many are put to few places
            return factors[0], self.make(operation, rests, step.parameters, step)
        if operation is rules.put and factors[0] < 0:
            inner = self.times(-factors[0], rests[0])
            return -1.0, self.make(operation, (inner,), step.parameters, step)
        if operation is SQUARE:
            return factors[0] ** 2, self.make(operation, rests, {}, step)
        if operation in self.PRODUCTS:
            return self.product(step, math.prod(factors), rests)
        if operation is DIVIDE:
            factor = factors[0] / factors[1]
            if isinstance(rests[0], Step):
                return factor, self.make(operation, rests, {}, step)
            return 1.0, self.make(operation, (number(factor * rests[0]), rests[1]), {}, step)
        if operation in SUMS:
            return self.sum(step, factors, rests)
        return None

    def product(self, step: Step, factor: float, rests: list[Any]) -> tuple[float, Any]:
        """Write a product: constants among its operands take the factor in, or are part of it."""
        for k, other in ((0, 1), (1, 0)) if step.operation is MULTIPLY else ():
            constant, x = rests[k], rests[other]
            if isinstance(constant, Step) or not isinstance(x, Step):
                continue
            if power_of_two(constant) and x.shape == step.shape and x.dtype == step.dtype:
                return factor * float(constant), x
            apart = x.operation is MULTIPLY and x.dtype == step.dtype
            if apart and np.ndim(constant) == 0:  # a number times (another number times a step)
                inner = next((o for o in x.operands if not isinstance(o, Step) and np.ndim(o) == 0), None)
                if inner is not None and power_of_two(inner):
                    rest = next(o for o in x.operands if o is not inner)
                    return 1.0, self.make(MULTIPLY, (rest, number(factor * inner * constant)), {}, step)
            return 1.0, self.make(MULTIPLY, (x, number(factor * constant)), {}, step)
        return factor, self.make(step.operation, rests, step.parameters, step)

    def sum(self, step: Step, factors: list[float], rests: list[Any]) -> tuple[float, Any]:
        """Write a sum: a common factor goes outside, signs are joined, other factors are multiplied in."""
        a, b = rests
        first, second = factors[0], factors[1] * (-1 if step.operation is SUBTRACT else 1)
        if not isinstance(b, Step):  # a constant takes the sign in
            b, second = number(b * second / abs(second) * np.sign(first)), abs(second) * np.sign(first)
        elif not isinstance(a, Step) and second > 0 > first:
            a, first = number(-a), -first
        if abs(first) != abs(second):
            a, b = self.times(abs(first), a), self.times(abs(second), b)
            first, second = math.copysign(1.0, first), math.copysign(1.0, second)
        if first == second:
            return first, self.make(ADD, (a, b), {}, step)
        if first < 0:
            return second, self.make(SUBTRACT, (b, a), {}, step)
        return first, self.make(SUBTRACT, (a, b), {}, step)
