"""Where the numbers of a recorded program stand: memory is planned before the program runs.

Fresh memory often costs more than the arithmetic that fills it. A result therefore goes, in this order of choice,
over an operand that nobody reads again; into a buffer whose earlier content nobody reads again; into a new buffer.
Buffers belong to the program and serve all its runs. What a run returns is never in one.

Who still reads what is a matter of *roots*: a view, such as a reshaped or transposed array, shows the memory of
another array, its root. Memory is free after the last use of its root and of all that shows it. Arguments,
constants and whatever is returned are never overwritten.

Aho, Lam, Sethi, Ullman: Compilers, 2nd ed. (2006), section 8.4 on next use and liveness.
"""

from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.graph.program import Step
from course_lib.autodiff.rules.forms import Elementwise

# Smaller results are left to NumPy, which hands out small pieces of memory at less cost than we do.
SMALL = 2048

_VIEWS = {rules.reshaped, rules.transposed, rules.broadcast}
_WITH_OUT = {rules.total, rules.largest, rules.smallest, rules.matmul, rules.einsum, rules.concatenated, rules.piled,
             rules.put, rules.cumulated, rules.added_at}  # fmt: skip
FOREVER = float("inf")
_FLOAT = np.dtype(float)


def ufunc_of(step: Step) -> Any:
    """Return the ufunc that a step is, or None."""
    operation = step.operation
    if isinstance(operation, Elementwise):
        operation = operation.value
    return operation if isinstance(operation, np.ufunc) and operation is not np.matmul else None


def is_view(step: Step) -> bool:
    """Say whether a step's result may show the memory of its operand."""
    taken = step.operation is rules.taken and rules.is_basic(step.parameters["index"])
    return bool(step.shape) and (step.operation in _VIEWS or taken)


def takes_out(step: Step) -> bool:
    """Say whether a step can write its result where it is told."""
    if step.operation is rules.piled and not np.ndim(step.operands[0]):
        return False  # of numbers
    return bool(step.shape) and not step.dynamic and (ufunc_of(step) is not None or step.operation in _WITH_OUT)


def is_large(step: Step) -> bool:
    """Say whether it pays to plan where a result goes; to add to some entries, it always does."""
    return step.operation is rules.added_at or step.size * step.dtype.itemsize >= SMALL


class Buffer:
    """A piece of memory of the program, as one shape and type."""

    __slots__ = ("dtype", "name", "place", "shape")

    def __init__(self, place: int, step: Step) -> None:
        self.place, self.shape, self.dtype = place, step.shape, step.dtype
        self.name = ""


class Plan:
    """Where each result goes: ``out`` holds the buffer, or the operand to write over; steps that are not in it are new.

    Arguments are not written over, but for those that are ``owned``, as what a loop carries from step to step.

    Attributes
    ----------
    steps : list of Step
        What has to be done, in order.
    uses : dict of Step to int
        How often each is an operand or a result.
    out : dict of Step to Buffer or Step
        Where to write.
    buffers : list of Buffer
        All buffers; those with the same place share memory.
    sizes : list of int
        How many bytes each place needs.
    """

    def __init__(self, steps: list[Step], results: list[Any], owned: tuple[Step, ...] = ()) -> None:
        self.steps, self.owned = needed(steps, results), owned
        self.uses: dict[Step, int] = dict.fromkeys(self.steps, 0)
        for step in self.steps:
            for operand in step.operands:
                if isinstance(operand, Step):
                    self.uses[operand] += 1
        for result in results:
            if isinstance(result, Step):
                self.uses[result] += 1
        self.roots: dict[Step, Step] = {}
        for step in self.steps:
            self.roots[step] = self.roots[step.operands[0]] if is_view(step) else step
        # Whether all numbers are float64, constants too: then a Python float and NumPy's mean the same.
        types = {getattr(x, "dtype", _FLOAT) for step in self.steps for x in (step, *step.operands)}
        self.all_float = all(dtype.kind != "f" or dtype == _FLOAT for dtype in types)
        self.out: dict[Step, Any] = {}
        self.buffers: list[Buffer] = []
        self.sizes: list[int] = []
        self._place(results)

    def _place(self, results: list[Any]) -> None:
        last: dict[Step, float] = {}
        for now, step in enumerate(self.steps):
            for operand in step.operands:
                if isinstance(operand, Step):
                    last[self.roots[operand]] = now
        for result in results:
            if isinstance(result, Step):
                last[self.roots[result]] = FOREVER
        over: dict[Step, Step] = {}  # step -> the operand that it is written over
        for now, step in enumerate(self.steps):
            if takes_out(step) and is_large(step):
                operand = self._operand_to_write_over(step, now, last)
                if operand is not None:
                    over[step] = operand
        fresh = {step for step in self.steps if last.get(step) == FOREVER}
        for step in reversed(self.steps):  # what becomes a result must not begin in a buffer
            if step in fresh and step in over:
                fresh.add(self.roots[over[step]])
        held: dict[Step, int] = {}  # the place in which a root stands
        free: list[int] = []
        for now, step in enumerate(self.steps):
            if step in over:
                self.out[step] = over[step]
                if self.roots[over[step]] in held:
                    held[step] = held.pop(self.roots[over[step]])
            elif takes_out(step) and is_large(step) and step not in fresh:
                held[step] = self._buffer(step, free)
            for operand in {self.roots[o] for o in step.operands if isinstance(o, Step)}:
                if last[operand] == now and operand in held:
                    free.append(held.pop(operand))

    def _operand_to_write_over(self, step: Step, now: int, last: dict[Step, float]) -> Step | None:
        """Return an operand of an elementwise step whose memory nobody reads after it."""
        candidates = step.operands[:1] if step.operation is rules.added_at else step.operands
        if ufunc_of(step) is None and step.operation is not rules.added_at:
            return None
        for operand in candidates:
            if not isinstance(operand, Step) or (operand.shape, operand.dtype) != (step.shape, step.dtype):
                continue
            root = self.roots[operand]
            ours = root in self.owned if root.operation is None else takes_out(root)
            if ours and last[root] == now and self._is_whole(operand):
                return operand
        return None

    def _is_whole(self, step: Step) -> bool:
        """Say whether a step shows each entry of its root once, in the same order."""
        while is_view(step):
            if step.operation is not rules.reshaped:
                return False
            step = step.operands[0]
        return True

    def _buffer(self, step: Step, free: list[int]) -> int:
        """Find a place for a result: the smallest free one that is large enough, but not far too large."""
        nbytes = step.size * step.dtype.itemsize
        fitting = [place for place in free if nbytes <= self.sizes[place] <= 4 * nbytes]
        if fitting:
            place = min(reversed(fitting), key=lambda p: self.sizes[p])
            free.remove(place)
        else:
            place = len(self.sizes)
            self.sizes.append(nbytes)
        known = (b for b in self.buffers if (b.place, b.shape, b.dtype) == (place, step.shape, step.dtype))
        buffer = next(known, None)
        if buffer is None:
            buffer = Buffer(place, step)
            self.buffers.append(buffer)
        self.out[step] = buffer
        return place

    def contiguous(self, step: Step) -> bool:
        """Say whether a step's result is one piece of memory, in the usual order."""
        return self._is_whole(step)


def workspace(buffers: list[Buffer], sizes: list[int]) -> tuple[Any, ...]:
    """Return memory for one run, as an array for each buffer."""
    places = [np.empty(nbytes, np.uint8) for nbytes in sizes]
    return tuple(
        places[b.place][: int(np.prod(b.shape)) * b.dtype.itemsize].view(b.dtype).reshape(b.shape) for b in buffers
    )


def needed(steps: list[Step], results: list[Any]) -> list[Step]:
    """Return the arguments, and the steps on which a result depends: the others are dead code."""
    alive = {result for result in results if isinstance(result, Step)}
    for step in reversed(steps):
        if step in alive:
            alive.update(operand for operand in step.operands if isinstance(operand, Step))
    return [step for step in steps if step in alive or step.operation is None]
