"""Watching: whether a function does the same when it is run again.

`checkpoint` runs a part of a program twice, and its derivative is right only if the second run is the first one again.
So both runs are watched. What a run does with its arguments is a sequence of operations, each with the constants that
it meets; a constant that was changed in place meanwhile, a number drawn at random, or another branch makes another
sequence. Of the sequence only a hash is kept: no array lives longer for being watched.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.overloading.guard import fingerprint
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.traced import Trace, apply


class WatchTrace(Trace):
    """One run that is watched; ``seen`` tells it from other runs."""

    __slots__ = ("seen",)

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Do the operation, and take it and its constants into account."""
        values, constants = [], []
        for x in operands:
            own = isinstance(x, Watched) and x.owner is self
            values.append(x.value if own else x)
            constants.append(None if own else shown(x))
        self.seen = hash((self.seen, rule.name, *constants, *map(shown, parameters.values())))
        return watched(apply(rule, tuple(values), parameters), self)


class Watched(TracedNumber):
    """A value of a watched run."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<traced {self.value}>"


class WatchedArray(Watched, TracedArray):
    """A `Watched` with at least one axis."""

    __slots__ = ("whole",)


def watched(value: Any, trace: Trace) -> Any:
    """Return a value as one that is watched."""
    value = value if hasattr(value, "ndim") else np.asarray(value)[()]
    made: Any = object.__new__(WatchedArray if value.ndim else Watched)
    made.value, made.owner = value, trace
    return made


def unwatched(y: Any, trace: Trace) -> Any:
    """Return a value as it is outside of a watched run."""
    return y.value if isinstance(y, Watched) and y.owner is trace else y


def shown(value: Any) -> Any:
    """Return what tells a constant from others, and can be hashed."""
    if type(value) is np.ndarray:
        return (value.shape, fingerprint(value))
    if isinstance(value, tuple | list):
        return tuple(map(shown, value))
    if isinstance(value, slice):
        return (slice, value.start, value.stop, value.step)
    if isinstance(value, float | int | np.number):
        return repr(value)  # a NaN has its own hash each time
    return type(value).__name__ if value.__hash__ is None or isinstance(value, TracedNumber) else value
