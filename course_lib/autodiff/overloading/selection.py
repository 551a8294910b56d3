"""Selection: zeros that a choice put there are strong, and what was not chosen contributes nothing.

At x = 0, ``np.where(x > 0, np.sqrt(x), 0.0)`` is 0, and has slope 0 on the left. A sweep finds NaN: it multiplies the
cotangent 0, of the root that was not chosen, by the root's slope, which is infinite. But that 0 is no small number. It
says that the root does not take part, and then its slope does not matter, whatever it is. So beside each cotangent
(or tangent) travels a mask of such zeros: they come of np.where, of an index, of a maximum; they pass through
products and sums; and what they meet stays 0. A zero that was computed, as the slope of a square at 0, is no such zero.

To carry masks costs as much as a sweep. They are carried only when a first sweep, without, gave NaN where the function
itself is finite; then it is made again: of a batch for those rows alone, and in a recorded program for those sweeps
alone, which its runs tell. Where the function itself is undefined, so is its derivative, and NaN stays. Nothing else
knows of masks: a cotangent with a mask is a traced value, and the lines of the table, which are NumPy code, run on it
as they are.
"""

import functools
from typing import Any

import numpy as np

from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.rules.forms import Elementwise, JointlyLinear, Linear, Multilinear, Rule
from course_lib.autodiff.rules.places import gather, scatter
from course_lib.autodiff.rules.table import solve, where
from course_lib.autodiff.traced import RECORDINGS, Trace, Traced, apply, plain


class SelectionTrace(Trace):
    """One sweep that carries masks; all operations it meets are linear in what it carries."""

    __slots__ = ()

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Do the operation, and find the strong zeros of its result."""
        masks = [x.dead if isinstance(x, Selected) and x.owner is self else None for x in operands]
        values = tuple(x.value if mask is not None else x for x, mask in zip(operands, masks, strict=True))
        y = apply(rule, values, parameters)
        if isinstance(rule, Multilinear):
            y = without_unselected(rule, y, values, masks, parameters)
        dead = np.broadcast_to(strong_zeros(rule, y, values, masks, parameters), y.shape)
        return selected(kept_zero(dead, y), dead, self)


class Selected(TracedNumber):
    """A cotangent or tangent, and the mask of its strong zeros."""

    __slots__ = ("dead",)
    dead: Any


class SelectedArray(Selected, TracedArray):
    """A `Selected` with at least one axis."""

    __slots__ = ("whole",)


def selected(value: Any, dead: Any, trace: Trace) -> Any:
    """Return a traced value of the class that its number of axes asks for."""
    made: Any = object.__new__(SelectedArray if value.ndim else Selected)
    made.value, made.dead, made.owner = value, dead, trace
    return made


def seeded(seed: Any, trace: Trace) -> Any:
    """Return a seed with its mask: a plain zero says that this entry does not take part."""
    differentiated = isinstance(seed, Traced) and seed.concrete
    value: Any = seed if hasattr(seed, "dtype") else np.float64(seed)
    dead: Any = np.zeros(np.shape(value), np.bool_) if differentiated else np.equal(value, 0)
    return selected(value, dead, trace)


def unmasked(g: Any, trace: Trace) -> Any:
    """Return what a sweep found, without its mask."""
    return g.value if isinstance(g, Selected) and g.owner is trace else g


def kept_zero(dead: Any, y: Any) -> Any:
    """Return y with 0 where its zeros are strong."""
    if not isinstance(dead, Traced) and not np.any(dead):
        return y
    made = np.where(dead, 0.0, y)
    return made if isinstance(made, Traced) else made[()]


def live(dead: Any) -> Any:
    """Return 1 for what takes part and 0 for a strong zero."""
    made = np.where(dead, 0.0, 1.0)
    return made if isinstance(made, Traced) else made[()]


def strong_zeros(rule: Rule, y: Any, values: tuple[Any, ...], masks: list[Any], parameters: dict[str, Any]) -> Any:
    """Return where the result has strong zeros. A constant that is added or chosen in such a line is a zero."""
    if isinstance(rule, Elementwise):
        return of_elementwise(rule, values, masks)
    ones = [np.ones(np.shape(x)) if m is None else live(m) for x, m in zip(values, masks, strict=True)]
    if isinstance(rule, JointlyLinear):
        ones = [np.zeros(np.shape(x)) if m is None else live(m) for x, m in zip(values, masks, strict=True)]
    if isinstance(rule, Linear | JointlyLinear | Multilinear):
        return apply(rule, tuple(ones), parameters) == 0
    if rule in (gather, scatter):
        return apply(rule, (ones[0], *values[1:]), parameters) == 0
    if rule is solve and masks[0] is None:
        return np.sum(ones[1], axis=-2, keepdims=True) == 0
    return functools.reduce(np.logical_and, [np.all(mask) for mask in masks if mask is not None])


def of_elementwise(rule: Elementwise, values: tuple[Any, ...], masks: list[Any]) -> Any:
    """Return the same for an elementwise operation."""
    if rule is where:
        return np.where(values[0], *(True if mask is None else mask for mask in masks[1:]))
    known = [mask for mask in masks if mask is not None]
    if rule.value in (np.add, np.subtract):
        return known[0] if len(known) == 1 else np.logical_and(*known)
    if rule.value is np.multiply:
        return known[0] if len(known) == 1 else np.logical_or(*known)
    if rule.value in (np.negative, np.positive, np.square) or (rule.value is np.divide and masks[0] is not None):
        return known[0]
    return False


def without_unselected(
    rule: Rule, y: Any, values: tuple[Any, ...], masks: list[Any], parameters: dict[str, Any]
) -> Any:
    """Return a product whose strong zeros met infinite or undefined factors: these take no part in the sums."""
    finite, infinite = list(values), list(values)
    for k, (x, mask) in enumerate(zip(values, masks, strict=True)):
        if mask is not None:
            infinite[k] = live(mask)
            continue
        fine = np.isfinite(plain(x))
        finite[k], infinite[k] = np.where(fine, x, 0.0), np.where(fine, 0.0, 1.0)
    if (
        not any(isinstance(x, Traced) for x in infinite)
        and sum(np.sum(x) for x, m in zip(infinite, masks, strict=True) if m is None) == 0
    ):
        return y
    touched = apply(rule, tuple(infinite), parameters) != 0
    made = np.where(touched, y, apply(rule, tuple(finite), parameters))
    return made if isinstance(made, Traced) else made[()]


# --- Whether to sweep again ------------------------------------------------------------------------------


def spoiled(values: list[Any], derivatives: list[Any]) -> bool:
    """Say whether a derivative is NaN where the function is finite; if `jit` records, its runs tell."""
    if not RECORDINGS.open and not any(map(is_nan, derivatives)):
        return False
    numbers = [[numbers_of(x) for x in side] for side in (values, derivatives)]
    recorded = [x.owner for side in numbers for x in side if isinstance(x, Traced)]
    if not recorded and not any(map(is_nan, numbers[1])):
        return False
    if any(map(in_rows, (*values, *derivatives))):
        rows = numbers_of(spoiled_rows(values, derivatives))
        numbers[0] = [np.where(np.sum(np.where(rows, 1.0, 0.0)) > 0, 0.0, np.inf)]  # finite if there is one
    if recorded:
        return max(recorded, key=lambda owner: owner.level).ask(*numbers)
    return found_spoiled(*numbers)


class SpoiledStepError(Exception):
    """In the step of a recorded loop a sweep is to be made again; each step may need it or not, so none can."""


def found_spoiled(values: list[Any], derivatives: list[Any]) -> bool:
    """Say the same of plain numbers."""
    return any(map(is_nan, derivatives)) and all(bool(np.all(np.isfinite(x))) for x in values)


def refuse_spoiled(values: list[Any], derivatives: list[Any]) -> None:
    """Give the run of a loop up if a sweep in one of its steps is spoiled."""
    if found_spoiled(values, derivatives):
        raise SpoiledStepError


def in_rows(x: Any) -> bool:
    """Say whether a value is a batch, of which each row may be spoiled or not."""
    return isinstance(x, Traced) and plain(x) is not numbers_of(x)


def spoiled_rows(values: list[Any], derivatives: list[Any]) -> Any:
    """Say of each row of a batch whether it is spoiled."""
    infinite = sum(np.sum(np.where(np.isfinite(plain(x)), 0.0, 1.0)) for x in values)
    undefined = sum(np.sum(np.where(np.isnan(plain(x)), 1.0, 0.0)) for x in derivatives)
    return np.where(infinite == 0, undefined, 0.0) > 0


def repaired(values: list[Any], derivatives: list[Any], again: list[Any]) -> list[Any]:
    """Return what the sweep with masks found; of a batch, for its spoiled rows alone."""
    if not any(map(in_rows, (*values, *derivatives))):
        return again
    rows = spoiled_rows(values, derivatives)
    return [np.where(rows, new, old) for new, old in zip(again, derivatives, strict=True)]


def is_nan(given: Any) -> bool:
    """Say whether any entry is NaN."""
    x = numbers_of(given)
    if isinstance(x, Traced):
        return False
    if type(x) is np.ndarray and x.dtype.kind == "f":
        square = np.vdot(x, x)  # infinite, not NaN, where an entry is infinite
        return bool(square != square)
    return bool(x != x) if not np.ndim(x) else False


def numbers_of(given: Any) -> Any:
    """Return the plain numbers, those of all rows of a batch."""
    x = plain(given)
    while isinstance(x, Traced) and x.rows:
        x = plain(x.value)
    return x
