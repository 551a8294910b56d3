"""Traced values: numbers and arrays that remember how they were made.

A *trace* is one differentiation under way. It hands out traced values, and whenever an operation of the
table meets one, the trace does the operation on the plain values and records what the derivative needs:
forward mode the tangent, reverse mode a line on its tape.

Traces nest: a derivative may be taken inside a function that is itself differentiated. Each trace has a
*level*, greater the later it begins. An operation belongs to the greatest level among its operands;
values of lower levels are constants to it, as x is to d/dy (x + y). Without levels, the perturbations of
x and y would be confused: d/dx [x d/dy (x + y)] is 1, and programs have answered 2.

Siskind and Pearlmutter: Perturbation confusion and referential transparency. IFL 2005.
"""

import itertools
import numbers
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.autodiff.errors import SPARSE, InputError, LeakedTracerError, NoRuleError

_levels = itertools.count(1)


class _Open(threading.local):
    """The levels of the traces that are open in a thread."""

    def __init__(self) -> None:
        self.levels: list[float] = []
        self.carrying = False
        self.batches = 0


_under_way = _Open()
_OBJECT = np.dtype(object)
_NUMBERS = frozenset((float, int, bool, np.float64))


def carrying() -> bool:
    """Say whether sweeps carry along which zeros a selection made; see `overloading.selection`."""
    return _under_way.carrying


@contextmanager
def carry() -> Iterator[None]:
    """Let all sweeps carry it, in this thread."""
    before, _under_way.carrying = _under_way.carrying, True
    try:
        yield
    finally:
        _under_way.carrying = before


def on_batches(more: int = 0) -> bool:
    """Say whether functions of one row run on batches, in this thread; ``more`` of them from now on."""
    _under_way.batches += more
    return _under_way.batches > 0


class _Recordings(threading.local):
    """The programs that are being recorded in this thread, the innermost last."""

    def __init__(self) -> None:
        self.open: list[Any] = []


RECORDINGS = _Recordings()


class Trace:
    """One differentiation under way, from its first operation until it is closed."""

    __slots__ = ("level", "open")

    def __init__(self, level: float | None = None) -> None:
        self.open = True
        if level is None:
            level = next(_levels)
            _under_way.levels.append(level)
        self.level: float = level

    def close(self) -> None:
        """End the differentiation: values that it handed out must not be used any more."""
        self.open = False
        if self.level in _under_way.levels:
            _under_way.levels.remove(self.level)

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Do the operation on the values, and remember what the derivative needs."""
        raise NotImplementedError


class Traced:
    """A value that a trace handed out: ``value`` is what an ordinary run would have here."""

    __slots__ = ("owner", "value")

    value: Any
    owner: Any
    concrete = True  # False if the value may be another in a later run, so that it must decide nothing
    rows = False  # whether it stands for one row, and holds all of them

    def example(self, inner: Any) -> Any:
        """Return a number or array of this value's shape, of the plain one that is inside."""
        return inner

    def constant(self) -> Any:
        """Return the same without derivatives, if it is not concrete."""
        return self


def apply(rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
    """Do one operation of the table: the trace with the greatest level records it, plain values need none."""
    trace: Trace | None = None
    for position, operand in enumerate(operands):
        kind = type(operand)
        if kind in _NUMBERS:
            continue
        if isinstance(operand, Traced):
            if trace is None or operand.owner.level > trace.level:
                trace = operand.owner
        elif (kind is np.ndarray and operand.dtype is _OBJECT) or kind is list or kind is tuple:
            return apply(rule, (*operands[:position], stacked(operand), *operands[position + 1 :]), parameters)
        elif kind is not np.ndarray and not isinstance(operand, np.generic):
            known = constant(operand, rule)
            if known is not operand:
                return apply(rule, (*operands[:position], known, *operands[position + 1 :]), parameters)
    if trace is None:
        return rule.value(*operands, **parameters)
    if not trace.open:
        raise LeakedTracerError(
            f"{rule.name} was given a traced value whose derivative has already been computed. Expected values of "
            "this call only: return what you need from the differentiated function; do not store it outside."
        )
    return trace.record(rule, operands, parameters)


def constant(given: Any, rule: Any) -> Any:
    """Return a constant that is neither a number nor a plain array as one of these, if it means the same."""
    if isinstance(given, np.ndarray):
        other_meaning(given)
        return np.asarray(given)
    if isinstance(given, complex):
        return given
    if hasattr(given, "toarray"):
        raise NoRuleError(SPARSE)
    if isinstance(given, numbers.Real):  # such as a fraction
        return float(given)
    if isinstance(given, numbers.Number):
        raise InputError(
            f"{rule.name} of a traced value met {given!r} ({type(given).__name__}); expected a real number or an array "
            "of such. Turn it into one first, by float(...)."
        )
    array = np.asarray(given)  # of another library, such as a table's column
    return array if array.dtype.kind in "fiubc" else given  # what is no number, NumPy refuses as in plain code


def other_meaning(given: Any) -> None:
    """Refuse an array of a class whose operations mean something else: * of matrices, sums of masked arrays."""
    if isinstance(given, np.ndarray) and not isinstance(given, _SAME_MEANING) and type(given) is not np.ndarray:
        raise InputError(
            f"An array of the class {type(given).__name__} met a traced value; its operations mean something else than "
            "those of arrays, of which the rules are. Use np.asarray(...), with @ for a product of matrices, or "
            " for masked entries np.where(mask, 0.0, values)."
        )


_SAME_MEANING = (np.memmap, np.recarray)


def real(y: Any, rule: Any, level: float = np.inf) -> None:
    """Refuse an operation whose result is complex, or a traced value of the same or of a later differentiation.

    A derivative with respect to real numbers would end at a complex one; and one with respect to what a function uses
    besides its arguments would be lost.
    """
    if isinstance(y, Traced) and y.owner.level >= level:
        raise InputError(
            f"{rule.name} uses a traced value that is not among its arguments, and so its derivative with respect to "
            "that would be lost. Pass that value as an argument."
        )
    kind = y.dtype.kind
    if kind == "O":
        raise InputError(
            f"{name_of(rule)} of a traced value gave objects, not real numbers. Expected numbers and arrays."
        )
    if kind == "c":
        raise InputError(
            f"{name_of(rule)} of a traced value gave complex numbers, because a constant beside it is complex; "
            "expected real ones. Compute with the real and the imaginary part, each an array of its own: for "
            "x * (a + b i), x * a and x * b; for its absolute value, np.hypot of both."
        )


def name_of(operation: Any) -> str:
    """Return the name of a rule, or of a function that is done by value."""
    return str(getattr(operation, "name", getattr(operation, "__name__", operation)))


def level_by_hand(parts: tuple[Any, ...]) -> float:
    """Return the level of a traced value that is made of these parts by hand, and not by a transform.

    Made by hand at the same place, they belong together: one level, half above that of the transform they are
    made in. Made of one another, each is half the way further to the next transform's.
    """
    here = max(_under_way.levels, default=0) + 0.5
    inner = [part.owner.level for part in parts if isinstance(part, Traced) and part.owner.level >= here]
    return (max(inner) + np.floor(max(inner)) + 1) / 2 if inner else here


def stacked(given: Any) -> Any:
    """Return lists, tuples and object arrays that hold traced values as one traced array; others as arrays."""
    other_meaning(given)
    array = given if type(given) is np.ndarray else _object_array(given)
    if array.dtype is not _OBJECT:
        return array
    if not any(isinstance(entry, Traced) for entry in array.flat):
        return np.asarray(given.tolist() if isinstance(given, np.ndarray) else given)
    if array.ndim == 0:
        return array[()]
    return np.stack([stacked(row) if type(row) is np.ndarray else row for row in array])


def _object_array(members: Any) -> Any:
    """Make an array of a nested list; one that holds traced values becomes an object array, traced rows whole."""
    if not any(isinstance(member, Traced | list | tuple) for member in members):
        return np.asarray(members)
    array = np.empty(len(members), dtype=object)
    for place, member in enumerate(members):
        array[place] = stacked(member) if isinstance(member, list | tuple) else member
    if not any(isinstance(member, Traced) for member in array):
        return np.asarray(members)
    return array


def plain(value: Any) -> Any:
    """Return the number or array under all levels, or a recorded value that stands for one."""
    while isinstance(value, Traced) and value.concrete:
        value = value.value
    return value.constant() if isinstance(value, Traced) else value
