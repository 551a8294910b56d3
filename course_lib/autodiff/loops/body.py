"""The step of a loop, recorded: a program within a program.

Its arguments are what changes from step to step: what is carried along, and a row of each array that is gone over.
Whatever else the step reads is found while it is recorded: a traced value from outside, over which the function
closes, becomes one more argument, since the program may run again with another one there.

A body can be called with any values, traced ones too: it then does its steps one after the other. So it can be
differentiated like any function, and the derivative recorded as a body of its own.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.graph.plan import needed
from course_lib.autodiff.graph.program import RecordedProgram, SeveralResults, Step, first_run, part
from course_lib.autodiff.overloading.selection import SpoiledStepError, is_nan, spoiled
from course_lib.autodiff.traced import RECORDINGS, Traced


class SubProgram(RecordedProgram):
    """A program that takes traced values from outside for arguments."""

    __slots__ = ("captured", "found")
    differentiated_later = True

    def __init__(self) -> None:
        super().__init__()
        self.captured: list[Any] = []  # the traced values from outside
        self.found: dict[int, Any] = {}  # by their identity, what stands for them here

    def foreign(self, operand: Traced) -> Any:
        """Return the argument that stands for a traced value from outside."""
        if id(operand) not in self.found:
            self.captured.append(operand)
            self.found[id(operand)] = self.argument(first_run(operand))
        return self.found[id(operand)]

    def ask(self, values: list[Any], derivatives: list[Any]) -> bool:
        """Repeat no sweep: each step might need another answer; a run that finds such a step is given up."""
        repeats_none()
        super().ask(values, derivatives)
        return False


def repeats_none() -> None:
    """Say to whoever records a program that it has sweeps in a loop, which no program repeats."""
    outermost = next((p for p in reversed(RECORDINGS.open) if not isinstance(p, SubProgram)), None)
    if outermost is not None:
        outermost.loop_asks = True


class Body:
    """The recorded step of a loop.

    Attributes
    ----------
    arguments : list of Step
        First what is carried, then the rows, then what is captured from outside.
    carries, rows : int
        How many of these there are of the first two kinds.
    conditional : bool
        Whether the first result says if the step is to be done.
    steps : list of Step
        What is done.
    results : list
        The condition if there is one, what is carried on, and what is given out: steps or constants.
    asked : list of pairs of lists
        What each sweep in the step gave that may have to be made again: values, and derivatives.
    values : list
        What the arguments were when the body was recorded.
    examples : list
        For each result a number or array of its shape and type.
    """

    def __init__(
        self, function: Callable[..., list[Any]], carried: list[Any], rows: list[Any], conditional: bool = False
    ) -> None:
        program = SubProgram()
        try:
            with np.errstate(all="ignore"):  # the numbers are examples
                arguments = [program.argument(first_run(value)) for value in (*carried, *rows)]
                given = [program.own(leaf) for leaf in function(*arguments)]
            self.results = [program.source(leaf) for leaf in given]
            self.examples = [first_run(leaf) for leaf in given]
        finally:
            program.close()
        self.captured = program.captured
        arguments += [program.found[id(outside)] for outside in self.captured]
        self.arguments = [argument.step for argument in arguments]
        self.values = [argument.value for argument in arguments]
        self.carries, self.rows, self.conditional = len(carried), len(rows), conditional
        used = {*needed(program.steps, self.results)}
        self.asked = [
            sides for sides in program.asked if any(x in used if isinstance(x, Step) else is_nan(x) for x in sides[1])
        ]
        self.steps = [s for s in needed(program.steps, self.found()) if s.operation is not None]

    def found(self) -> list[Any]:
        """Return all that is computed for others: results, and what is asked of sweeps."""
        return [*self.results, *(x for sides in self.asked for side in sides for x in side)]

    def reads(self) -> list[bool]:
        """Say of each argument whether any result depends on it."""
        read = {operand for step in self.steps for operand in step.operands if isinstance(operand, Step)}
        read.update(result for result in self.found() if isinstance(result, Step))
        return [argument in read for argument in self.arguments]

    def keep(self, arguments: list[bool]) -> None:
        """Leave out rows and captured arguments that nothing depends on."""
        rows = arguments[self.carries : self.carries + self.rows]
        self.arguments, self.values = (
            [x for x, there in zip(every, arguments, strict=True) if there] for every in (self.arguments, self.values)
        )
        self.rows = sum(rows)

    def __call__(self, *values: Any) -> list[Any]:
        """Do the steps, and return the results."""
        known: dict[Any, Any] = dict(zip(self.arguments, values, strict=True))
        used: dict[Step, list[int]] = {}
        for step in self.steps:
            if step.operation is part:
                used.setdefault(step.operands[0], []).append(step.parameters["number"])
        for step in self.steps:
            operands = tuple([known[o] if isinstance(o, Step) else o for o in step.operands])
            operation: Any = step.operation
            if operation is part:
                known[step] = operands[0][step.parameters["number"]]
            elif isinstance(operation, SeveralResults):
                numbers = tuple(used[step])
                known[step] = dict(zip(numbers, operation(numbers, operands), strict=True))
            elif operation is np.asarray:
                known[step] = operands[0].astype(operands[1])
            else:
                known[step] = operation(*operands, **step.parameters)
        for sides in self.asked:
            if spoiled(*([known[x] if isinstance(x, Step) else x for x in side] for side in sides)):
                raise SpoiledStepError
        return [known[r] if isinstance(r, Step) else r for r in self.results]
