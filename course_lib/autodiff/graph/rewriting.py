"""Rewriting: a list of steps made anew from an old one, each step once, and what every such pass asks."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.graph.plan import needed
from course_lib.autodiff.graph.program import Step, frozen
from course_lib.autodiff.overloading.tape import accumulated
from course_lib.autodiff.rules.forms import UFUNCS

ADD, SUBTRACT, MULTIPLY, DIVIDE = (UFUNCS[f] for f in (np.add, np.subtract, np.multiply, np.divide))
NEGATIVE, SQUARE = UFUNCS[np.negative], UFUNCS[np.square]
SUMS = {ADD, SUBTRACT, accumulated}
DOUBLE = np.dtype(float)


class Rewriter:
    """Makes a new list of steps from an old one, each step once."""

    def __init__(self, steps: list[Step], results: list[Any]) -> None:
        self.old, self.results = needed(steps, results), results
        self.steps: list[Step] = []
        self.known: dict[Any, Step] = {}
        self.kept: list[Any] = []  # constants, so that no other object gets their identity
        self.new: dict[Step, Any] = {}
        self.uses: dict[Step, list[Step]] = {step: [] for step in self.old}
        for step in self.old:
            for operand in step.operands:
                if isinstance(operand, Step):
                    self.uses[operand].append(step)
        for result in results:
            if isinstance(result, Step):
                self.uses[result].append(result)

    def only_for(self, operand: Any, step: Step) -> bool:
        """Say whether an operand is computed for this step alone."""
        return isinstance(operand, Step) and len(self.uses[operand]) == 1 and self.uses[operand][0] is step

    def make(self, operation: Any, operands: Any, parameters: dict[str, Any], like: Any) -> Step:
        """Return the step that does an operation on new operands."""
        if operation is accumulated:
            operation = ADD
        same = isinstance(like, Step) and like.parameters is parameters
        key = (operation, tuple(map(mark, operands)), like.frozen if same else frozen(parameters))
        step = self.known.get(key)
        if step is None:
            step = self.known[key] = Step(operation, tuple(operands), parameters, like)
            step.scalar_array = getattr(like, "scalar_array", False)
            self.steps.append(step)
            self.kept.extend(operands)
        return step

    def again(self, step: Step) -> Step:
        """Return the same step on the new operands: itself, if they are the old ones."""
        operands = [self.new.get(o, o) if isinstance(o, Step) else o for o in step.operands]
        if step.operation is not accumulated and all(map(operator.is_, operands, step.operands)):
            key = (step.operation, tuple(map(mark, operands)), step.frozen)
            if key not in self.known:
                self.known[key] = step
                self.steps.append(step)
            return self.known[key]
        return self.make(step.operation, operands, step.parameters, step)

    def run(self, rewrite: Callable[[Step], Any]) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps in their order; ``rewrite`` returns a new step, or None to keep the old one."""
        for step in self.old:
            if step.operation is None:
                self.new[step] = step
                self.steps.append(step)
                continue
            self.new[step] = rewrite(step) or self.again(step)
        return self.steps, [self.new.get(r, r) if isinstance(r, Step) else r for r in self.results]


def mark(operand: Any) -> Any:
    """Return what tells an operand from others: numbers by value and sign, steps and arrays by their identity."""
    if isinstance(operand, Step) or np.ndim(operand):
        return id(operand)
    return (type(operand), repr(operand))


def number(value: Any) -> Any:
    """Return a constant: an array as it is, a number as a float."""
    return value if isinstance(value, np.ndarray) and value.ndim else float(value)


def power_of_two(number: Any) -> bool:
    """Say whether a constant is a number that changes no digit of what it multiplies."""
    plain = not isinstance(number, Step | np.ndarray) and isinstance(number, int | float | np.number)
    return plain and math.isfinite(number) and number != 0 and math.frexp(abs(number))[0] == 0.5
