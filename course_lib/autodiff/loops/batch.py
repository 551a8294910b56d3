"""Loops on batches: one loop that carries all rows along, in place of a loop for each row."""

import math
from typing import Any

import numpy as np

from course_lib.autodiff.loops.recorded import Loop, LoopRule, loop_of
from course_lib.autodiff.overloading.batches import Batched, BatchTrace, batched
from course_lib.autodiff.traced import Traced


class OfRows:
    """The loop whose body does the steps of all rows, for operands of which some have rows."""

    def __init__(self, loop: Loop, mine: tuple[bool, ...], size: int) -> None:
        body = loop.body
        self.carries, self.end, self.mine, self.size = body.carries, body.carries + body.rows, mine, size
        with_rows = [k < self.carries or own for k, own in enumerate(mine)]

        def step(*leaves: Any) -> list[Any]:
            trace = BatchTrace(size)  # inside of the program that records this step
            given = [batched(x, trace) if rows else x for x, rows in zip(leaves, with_rows, strict=True)]
            try:
                found = [self.with_rows(y, trace) for y in body(*given)]
            finally:
                trace.close()
            return [np.any(found[0]), *found[1:]] if body.conditional else found

        values = [
            np.broadcast_to(x, (size, *np.shape(x))) if rows else x
            for x, rows in zip(body.values, with_rows, strict=True)
        ]
        self.loop = loop_of(step, values[: self.carries], values[self.carries : self.end], values[self.end :], loop)

    def with_rows(self, y: Any, trace: BatchTrace) -> Any:
        """Return a result of the body with a row for each."""
        if isinstance(y, Batched) and y.owner is trace:
            return y.value
        made = np.broadcast_to(y, (self.size, *np.shape(y)))
        return made if isinstance(made, Traced) else made.copy()

    def run(self, numbers: tuple[int, ...], values: tuple[Any, ...]) -> list[Any]:
        """Return some results of all rows, which are the first axis of each."""
        given = list(values)
        for k, own in enumerate(self.mine):
            if k < self.carries and not own:
                given[k] = np.broadcast_to(values[k], (self.size, *np.shape(values[k])))
            elif self.carries <= k < self.end and own:  # the loop goes over the first axis
                given[k] = np.moveaxis(values[k], 1, 0)
        found = self.loop(numbers, tuple(given))
        return [y if n < self.carries else np.moveaxis(y, 1, 0) for n, y in zip(numbers, found, strict=True)]


def over_rows(rule: LoopRule, values: tuple[Any, ...], mine: list[bool], size: int) -> Any:
    """Do a loop on batches; one with a condition as long as that holds in any row, see `recorded_while`."""
    found = rule.loop.once(OfRows, tuple(mine), size).run(rule.numbers, values)
    return (
        found[0]
        if len(found) == 1
        else np.concatenate([np.reshape(y, (size, math.prod(y.shape[1:]))) for y in found], -1)
    )


LoopRule.over_rows = over_rows
