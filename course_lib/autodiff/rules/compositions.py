"""What NumPy's other functions are made of: each written with operations of the table, and so without a rule.

Every function here has the arguments of the NumPy function it stands for, as far as they mean something for
a derivative.
"""

import math
from typing import Any

import numpy as np

from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.forms import handles
from course_lib.autodiff.traced import Traced, plain, stacked

Axis = int | tuple[int, ...] | None


def traced(x: Any) -> Any:
    """Return lists and object arrays as one traced array."""
    return x if isinstance(x, Traced) else stacked(x) if isinstance(x, list | tuple | np.ndarray) else np.asarray(x)


def from_last(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return axes counted from the last: None means all of them; a number may be reduced along 0 or -1, as in NumPy."""
    if axis is None or (ndim == 0 and axis in (0, -1)):
        return tuple(range(-ndim, 0))
    if type(axis) is int and -ndim <= axis < 0:
        return (axis,)
    if type(axis) is int and 0 <= axis < ndim:
        return (axis - ndim,)
    axes = axis if isinstance(axis, tuple) else (axis,)
    for one in axes:
        if not -ndim <= one < ndim:
            raise np.exceptions.AxisError(one, ndim)
    return tuple(int(one) - ndim if one >= 0 else int(one) for one in axes)


# --- Reductions ------------------------------------------------------------------------------------------


def _chosen(a: Any, where: Any, instead: Any) -> Any:
    """Return an array with another number in place of the entries that a reduction leaves out."""
    if where is True:
        return a
    mask = traced(where)
    if mask.dtype != bool:
        raise TypeError(f"where= was given {mask.dtype}; expected truth values, such as those of x > 0.")
    return np.where(np.broadcast_to(mask, a.shape), a, traced(instead).astype(a.dtype))


def _begun(y: Any, initial: Any, join: Any) -> Any:
    """Return a reduced array joined with the number that its reduction begins with."""
    if initial is None or initial is np._NoValue:
        return y
    initial = traced(initial)
    if not np.can_cast(initial.dtype, y.dtype, "same_kind"):
        raise TypeError(f"initial= was given {initial.dtype}, which a result of {y.dtype} cannot hold.")
    return join(y, initial.astype(y.dtype))


def _count(a: Any, axis: Axis, keepdims: bool, where: Any) -> Any:
    """Return of how many entries each mean is taken: one number where none is left out."""
    if where is True:
        return math.prod([a.shape[one] for one in from_last(axis, a.ndim)])
    return np.sum(_chosen(np.ones(a.shape, a.dtype), where, 0), axis=axis, keepdims=keepdims)


@handles(np.sum, np.add.reduce)
def _sum(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False, initial: Any = None,
    where: Any = True,
) -> Any:  # fmt: skip
    a = _chosen(traced(a), where, 0)
    return _begun(table.total(a, axes=from_last(axis, a.ndim), keepdims=keepdims), initial, np.add)


@handles(np.mean)
def _mean(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False, *, where: Any = True
) -> Any:
    a = traced(a)
    return np.sum(a, axis=axis, keepdims=keepdims, where=where) / _count(a, axis, keepdims, where)


@handles(np.average)
def _average(a: Any, axis: Axis = None, weights: Any = None, returned: None = None, *, keepdims: bool = False) -> Any:
    if weights is None:
        return np.mean(a, axis=axis, keepdims=keepdims)
    a, weights = traced(a), traced(weights)
    weights = weights.astype(np.result_type(a, weights, *([] if a.dtype.kind == "f" else [float])))
    if weights.shape != a.shape:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        axes = from_last(axis, a.ndim)
        if weights.shape != tuple(a.shape[one] for one in axes):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        weights = np.transpose(weights, [int(k) for k in np.argsort(axes)])
        weights = np.reshape(weights, [a.shape[one] if one in axes else 1 for one in range(-a.ndim, 0)])
    whole = np.sum(np.broadcast_to(weights, a.shape), axis=axis, keepdims=keepdims)
    return np.sum(a * weights, axis=axis, keepdims=keepdims) / whole


@handles(np.var)
def _var(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True,
) -> Any:  # fmt: skip
    a = _chosen(traced(a), where, 0)
    count = _count(a, axis, keepdims, where) - ddof
    free = max(count, 0) if where is True else np.maximum(count, 0.0)
    squares = np.square(a - np.mean(a, axis=axis, keepdims=True, where=where))
    return np.sum(squares, axis=axis, keepdims=keepdims, where=where) / free


@handles(np.std)
def _std(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True,
) -> Any:  # fmt: skip
    return np.sqrt(np.var(a, axis=axis, ddof=ddof, keepdims=keepdims, where=where))


def _extreme(rule: Any, join: Any, a: Any, axis: Axis, keepdims: bool, initial: Any, where: Any) -> Any:
    initial = None if initial is np._NoValue else initial
    if where is not True and initial is None:
        raise ValueError(f"np.{rule.name} was given where= without initial=, the value where no entry is chosen.")
    a = _chosen(traced(a), where, initial)
    axes = from_last(axis, a.ndim)
    if initial is not None and any(a.shape[one] == 0 for one in axes):  # of no entries: that number alone
        return np.sum(a, axis=axis, keepdims=keepdims, initial=initial)
    return _begun(rule(a, axes=axes, keepdims=keepdims), initial, join)


@handles(np.max, np.amax, np.maximum.reduce)
def _max(
    a: Any, axis: Axis = None, out: None = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    return _extreme(table.largest, np.maximum, a, axis, keepdims, initial, where)


@handles(np.min, np.amin, np.minimum.reduce)
def _min(
    a: Any, axis: Axis = None, out: None = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    return _extreme(table.smallest, np.minimum, a, axis, keepdims, initial, where)


@handles(np.logaddexp.reduce)
def _logsumexp(a: Any, axis: Axis = 0, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    a = a if a.dtype.kind == "f" else a.astype(float)
    return table.logsumexp(a, axes=from_last(axis, a.ndim), keepdims=keepdims)


@handles(np.ptp)
def _ptp(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


@handles(np.prod, np.multiply.reduce)
def _prod(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False, initial: Any = None,
    where: Any = True,
) -> Any:  # fmt: skip
    """Multiply the halves until one is left: no quotient, and so right where entries are 0."""
    a = _chosen(traced(a), where, 1)
    axes = from_last(axis, a.ndim)
    rest = [one for one in range(-a.ndim, 0) if one not in axes]
    x = np.reshape(np.transpose(a, (*axes, *rest)), (-1, *(a.shape[one] for one in rest)))
    while len(x) > 1:
        half = len(x) // 2
        products = x[:half] * x[half : 2 * half]
        x = products if len(x) == 2 * half else np.concatenate((products, x[2 * half :]))
    y = x[0] if len(x) else np.ones(x.shape[1:], x.dtype)
    y = np.reshape(y, [1 if one - a.ndim in axes else n for one, n in enumerate(a.shape)]) if keepdims else y
    return _begun(y, initial, np.multiply)


# --- Reductions without those entries that are NaN -------------------------------------------------------


@handles(np.nansum)
def _nansum(a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    return np.sum(a, axis=axis, keepdims=keepdims is True, where=~np.isnan(traced(a)))


@handles(np.nanprod)
def _nanprod(a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    return np.prod(a, axis=axis, keepdims=keepdims is True, where=~np.isnan(traced(a)))


@handles(np.nanmean)
def _nanmean(a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    return np.mean(a, axis=axis, keepdims=keepdims is True, where=~np.isnan(traced(a)))


@handles(np.nanvar)
def _nanvar(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, ddof: float = 0, keepdims: bool = False
) -> Any:
    there, keepdims = ~np.isnan(traced(a)), keepdims is True
    y = np.var(a, axis=axis, ddof=ddof, keepdims=keepdims, where=there)
    return np.where(
        np.sum(there, axis=axis, keepdims=keepdims) > ddof, y, np.nan
    )  # else var has infinity, and this NaN


@handles(np.nanstd)
def _nanstd(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, ddof: float = 0, keepdims: bool = False
) -> Any:
    return np.sqrt(np.nanvar(a, axis=axis, ddof=ddof, keepdims=keepdims))


def _extreme_of_numbers(function: Any, lowest: float, a: Any, axis: Axis, keepdims: bool) -> Any:
    a, keepdims = traced(a), keepdims is True
    if a.dtype.kind != "f":  # of truth values, which a recorded program may have
        return function(a, axis=axis, keepdims=keepdims)
    there = ~np.isnan(a)
    y = function(a, axis=axis, keepdims=keepdims, initial=lowest, where=there)
    return np.where(np.any(there, axis=axis, keepdims=keepdims), y, np.nan)


@handles(np.nanmax)
def _nanmax(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    return _extreme_of_numbers(np.max, -np.inf, a, axis, keepdims)


@handles(np.nanmin)
def _nanmin(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    return _extreme_of_numbers(np.min, np.inf, a, axis, keepdims)


# --- Running ones, differences, integrals ----------------------------------------------------------------


@handles(np.cumsum, np.add.accumulate)
def _cumsum(a: Any, axis: int | None = None, dtype: None = None, out: None = None) -> Any:
    a = traced(a)
    if axis is None or not a.ndim:
        a, axis = np.reshape(a, -1), axis or 0
    return table.cumulated(a, axis=from_last(axis, a.ndim)[0])


@handles(np.cumprod, np.multiply.accumulate)
def _cumprod(a: Any, axis: int | None = None, dtype: None = None, out: None = None) -> Any:
    """Multiply each entry by the one before, then by the one two before, four before, ...: no quotient."""
    a = traced(a)
    if axis is None or not a.ndim:
        a, axis = np.reshape(a, -1), axis or 0
    y, step = np.moveaxis(a, axis, 0), 1
    while step < len(y):
        y = np.concatenate((y[:step], y[step:] * y[:-step]))
        step *= 2
    return np.moveaxis(y, 0, axis)


def _running_extreme(join: Any) -> Any:
    def ours(a: Any, axis: int | None = None, dtype: None = None, out: None = None) -> Any:
        """Compare each entry with the one before, then with the one two before, four before, ..."""
        a = traced(a)
        y, step = np.moveaxis(a, axis or 0, 0), 1
        while step < len(y):
            y = np.concatenate((y[:step], join(y[step:], y[:-step])))
            step *= 2
        return np.moveaxis(y, 0, axis or 0)

    return ours


handles(np.maximum.accumulate)(_running_extreme(np.maximum))
handles(np.minimum.accumulate)(_running_extreme(np.minimum))


@handles(np.diff)
def _diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    y = np.moveaxis(traced(a), axis, 0)
    for _ in range(n):
        y = y[1:] - y[:-1]
    return np.moveaxis(y, 0, axis)


@handles(np.trapezoid)
def _trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    y = traced(y)
    if x is None:
        step: Any = dx
    elif np.ndim(x) == 1:
        step = np.diff(x)
    else:
        step = np.moveaxis(np.diff(x, axis=axis), axis, -1)
    y = np.moveaxis(y, axis, -1)
    return np.sum((y[..., 1:] + y[..., :-1]) * 0.5 * step, axis=-1)


# --- Elementwise functions that are no ufuncs ------------------------------------------------------------


@handles(np.where)
def _where(condition: Any, x: Any, y: Any) -> Any:
    mask = traced(plain(condition))
    return table.where(mask if mask.dtype == bool else mask.astype(bool), x, y)


@handles(np.clip)
def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: None = None, min: Any = None, max: Any = None) -> Any:
    low, high = a_min if min is None else min, a_max if max is None else max
    a = traced(a)  # as NumPy, for which a number of Python's has a type here
    a = a if low is None else np.maximum(a, low)
    return a if high is None else np.minimum(a, high)


@handles(np.real)
def _real(val: Any) -> Any:
    return val


@handles(np.copy)
def _copy(a: Any, order: str = "K", subok: bool = False) -> Any:
    return np.positive(a)


@handles(np.sinc)
def _sinc(x: Any) -> Any:
    """Return sin(pi x) / (pi x), near 0 its Taylor polynomial, so that every derivative there is right too."""
    z = np.pi * traced(x)
    small = np.abs(z) < 0.05
    square = np.square(np.where(small, z, 0.0))
    near = 1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72)))
    far = np.where(small, 1.0, z)
    return np.where(small, near, np.sin(far) / far)


@handles(np.polyval)
def _polyval(p: Any, x: Any) -> Any:
    p, x = traced(p), traced(x)
    y: Any = np.zeros_like(x)
    for coefficient in p:
        y = y * x + coefficient
    return y
