"""Dual numbers: forward mode. A value and its tangent travel together through the program.

A dual number is v + v' d with d**2 = 0. Then (a + a' d)(b + b' d) = a b + (a b' + a' b) d: the product rule
comes out by itself, and so does every other rule. With several directions d1, d2, ... at once, d_i d_j = 0,
one run gives the derivative in all of them.

Clifford: Preliminary sketch of biquaternions (1873). Griewank and Walther, chapter 3.
"""

import weakref
from typing import Any

import numpy as np

from course_lib.autodiff.errors import SeedError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.traced import Trace, Traced, apply, level_by_hand, real


class ForwardTrace(Trace):
    """One forward sweep: every operation computes the value, and at once the tangent from the operands' tangents."""

    __slots__ = ("__weakref__",)

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Compute the value, and the tangent beside it."""
        tangents, values, counts, nested = [], [], set(), False
        for x in operands:
            if isinstance(x, Dual) and x.owner is self:
                tangents.append(x.stack)
                counts.add(len(x.stack) if x.stack.ndim > x.value.ndim else None)
                x = x.value
            else:
                tangents.append(None)
            nested = nested or isinstance(x, Traced)
            values.append(x)
        if len(counts) > 1:
            one, other = ("a single tangent" if n is None else f"{n} tangents" for n in list(counts)[:2])
            raise SeedError(
                f"Dual numbers with {one} and with {other} met in {rule.name}. Give each as many tangents as the "
                "others have; those of a constant are zeros."
            )
        if rule.together:
            y, tangent = rule.push(tuple(tangents), tuple(values), parameters, counts.pop() is not None)
            if type(y) is not np.float64:
                real(y, rule, self.level)
            return dual(y, tangent, self)
        y = apply(rule, tuple(values), parameters) if nested else rule.value(*values, **parameters)
        if type(y) is not np.float64:
            real(y, rule, self.level)
        carry = rule.forward_many if counts.pop() is not None else rule.forward
        stack = carry(tuple(tangents), y, tuple(values), parameters)
        if rule.foreign:
            real(stack, rule, self.level)
        if stack.dtype is not y.dtype and y.dtype.kind == "f":  # a slope may be more precise than what it belongs to
            stack = stack.astype(y.dtype)
        return dual(y, stack, self)


def dual(value: Any, stack: Any, trace: Trace) -> Any:
    """Return a dual number of a trace; many tangents stand along the first axis of ``stack``."""
    made: Any = object.__new__(DualArray if value.ndim else Dual)
    made.value, made.stack, made.owner = value, stack, trace
    return made


# Level -> the trace of the dual numbers that were made by hand there, as long as there are any.
_BY_HAND: weakref.WeakValueDictionary[float, ForwardTrace] = weakref.WeakValueDictionary()


class Dual(TracedNumber):
    """A dual number or array: a value, and the tangent that travels with it.

    Parameters
    ----------
    value : array_like of real numbers, shape (...)
        The value v. Integers become floats.
    tangent : array_like, shape (...) or (..., p)
        The tangent v'. With the shape of the value, it is one tangent; with one more, last, axis, p tangents at
        once. The tangents of a constant are zeros.

    Raises
    ------
    SeedError
        If the tangent has another shape.
    InputError
        If value or tangent are not real numbers.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.1.

    Examples
    --------
    >>> x = Dual(3.0, 1.0)
    >>> x * x + 1
    10.0 + 6.0 d
    >>> np.sin(Dual([0.0, np.pi], [1.0, 1.0])).tangent
    array([ 1., -1.])
    >>> x, y = Dual(2.0, [1.0, 0.0]), Dual(5.0, [0.0, 1.0])     # two directions at once
    >>> x * y
    10.0 + 5.0 d1 + 2.0 d2
    """

    __slots__ = ("stack",)
    stack: Any

    def __new__(cls, value: Any, tangent: Any) -> Any:
        """Return a `Dual` for a number, and its subclass for arrays, which has a length and an index."""
        value, tangent = differentiable(value), differentiable(tangent)
        if tangent.shape != value.shape and tangent.shape[:-1] != value.shape:
            raise SeedError(
                f"The tangent has shape {tangent.shape}, and the value {value.shape}. Expected the same shape for one "
                f"tangent, or one more, last, axis for several: {(*value.shape, 'p')}."
            )
        stack = tangent if tangent.shape == value.shape else np.moveaxis(tangent, -1, 0)
        level = level_by_hand((value, tangent))
        return dual(value, stack, _BY_HAND.setdefault(level, ForwardTrace(level)))

    @property
    def tangent(self) -> Any:
        """One tangent, of the value's shape, or several along one more, last, axis."""
        return self.stack if self.stack.ndim == self.value.ndim else np.moveaxis(self.stack, 0, -1)

    def __repr__(self) -> str:
        if self.stack.ndim == self.value.ndim:
            return written(self.value, [("d", self.stack)])
        return written(self.value, [(f"d{i}", t) for i, t in enumerate(self.stack, 1)])


class DualArray(Dual, TracedArray):
    """A dual array: a `Dual` with at least one axis."""

    __slots__ = ("whole",)


def written(value: Any, terms: list[tuple[str, Any]]) -> str:
    """Write v + v' d, with a minus where the tangent is a negative number."""
    text = str(value) if not isinstance(value, Traced) else f"({value})"
    for name, tangent in terms:
        if not isinstance(tangent, Traced) and np.ndim(tangent) == 0 and np.signbit(tangent):
            text += f" - {-tangent} {name}"
        else:
            text += f" + {tangent if not isinstance(tangent, Traced) else f'({tangent})'} {name}"
    return text
