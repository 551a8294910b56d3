"""More of NumPy: functions that are wanted less often, each written with those that have rules."""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import NoRuleError
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.compositions import Axis, from_last, traced
from course_lib.autodiff.rules.forms import BY_VALUE, handles
from course_lib.autodiff.traced import Traced, plain

BY_VALUE |= {
    np.argpartition, np.nanargmax, np.nanargmin, np.lexsort, np.imag, np.angle, np.iscomplex, np.isreal, np.isposinf,
    np.isneginf,
}  # fmt: skip

# --- Choices ---------------------------------------------------------------------------------------------


@handles(np.select)
def _select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    y = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        y = np.where(condition, choice, y)
    kinds = [x if type(x) in (int, float) else traced(x) for x in (*choicelist, default)]
    kind = np.result_type(*kinds)
    return y if y.dtype == kind else y.astype(kind)


@handles(np.nan_to_num)
def _nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    x = traced(x)
    if not copy:
        raise NoRuleError("numpy.nan_to_num with copy=False would write into a traced array. Leave copy out.")
    limits = np.finfo(x.dtype)
    y = np.where(np.isnan(x), nan, x)
    y = np.where(np.logical_and(np.isinf(x), x > 0), limits.max if posinf is None else posinf, y)
    return np.where(np.logical_and(np.isinf(x), x < 0), limits.min if neginf is None else neginf, y)


@handles(np.real_if_close)
def _real_if_close(a: Any, tol: float = 100) -> Any:
    return a


# --- Order -----------------------------------------------------------------------------------------------


@handles(np.partition)
def _partition(a: Any, kth: Any, axis: int | None = -1, kind: str = "introselect", order: None = None) -> Any:
    if axis is None:
        a, axis = np.reshape(a, -1), -1
    return np.take_along_axis(a, np.argpartition(plain(a), kth, axis), axis)


def _quantile_of_fraction(a: Any, q: Any, whole: int, axis: Axis, method: str, keepdims: bool) -> Any:
    if method != "linear":
        raise NoRuleError(f"numpy.quantile has a rule for method='linear', not for {method!r}.")
    a, given = traced(a), traced(q)
    as_of_a = type(q) in (int, float) or (whole == 1 and given.dtype.kind != "f")  # then the precision is that of a
    q = given / whole
    inside = (q >= 0) & (q <= 1)
    if not isinstance(inside, Traced) and not np.all(inside):
        raise ValueError(f"Quantiles must be in the range [0, 1], percentiles in [0, 100]; got {whole * q}.")
    axes = from_last(axis, a.ndim)
    rest = [one for one in range(-a.ndim, 0) if one not in axes]
    y = np.sort(np.reshape(np.transpose(a, [*axes, *rest]), (-1, *(a.shape[one] for one in rest))), axis=0)
    at = q * (len(y) - 1)
    floor = np.clip(np.floor(at), 0, max(len(y) - 2, 0))
    below, part = floor.astype(int), np.reshape(at - floor, at.shape + (1,) * (y.ndim - 1))
    part = part.astype(a.dtype) if as_of_a else part
    low, high = y[below], y[np.minimum(below + 1, len(y) - 1)]
    rise = high - low  # counted from the nearer end, as NumPy does it, where one of both may be infinite
    between = np.where(part >= 0.5, high - rise * (1 - part), low + rise * part)
    exact = whole == 1 and given.dtype.kind != "f"  # then NumPy takes an entry, and computes nothing
    there = ((part == 1) & (exact | np.isfinite(high))) | ((part == 0) & exact)
    between = np.where(np.isnan(between) & there, np.where(part == 1, high, low), between)
    inside = np.reshape(inside, np.shape(inside) + (1,) * (y.ndim - 1))
    found = np.where(np.isnan(y[-1]) | ~inside, np.nan, between)
    if keepdims is True:
        found = np.reshape(found, q.shape + tuple(1 if i - a.ndim in axes else n for i, n in enumerate(a.shape)))
    return found


@handles(np.quantile)
def _quantile(
    a: Any, q: Any, axis: Axis = None, out: None = None, overwrite_input: None = None, method: str = "linear",
    keepdims: bool = False,
) -> Any:  # fmt: skip
    return _quantile_of_fraction(a, q, 1, axis, method, keepdims)


@handles(np.percentile)
def _percentile(
    a: Any, q: Any, axis: Axis = None, out: None = None, overwrite_input: None = None, method: str = "linear",
    keepdims: bool = False,
) -> Any:  # fmt: skip
    return _quantile_of_fraction(a, q, 100, axis, method, keepdims)


# --- Along an axis ---------------------------------------------------------------------------------------


@handles(np.linspace)
def _linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: None = None,
    axis: int = 0,
) -> Any:
    given, ends = (start, stop), (traced(start), traced(stop))
    kind = np.result_type(*(x if isinstance(x, int | float) else end for x, end in zip(given, ends, strict=True)), 1.0)
    start, stop = (end if isinstance(end, Traced) else end.astype(kind) for end in ends)
    steps = num - 1 if endpoint else num
    step = (stop - start) / steps if steps else np.nan * (stop - start)
    shape = np.shape(start + stop)
    places = np.reshape(np.arange(num, dtype=kind), (num,) + (1,) * len(shape))
    y = start + (places * step if steps else places * (stop - start))
    if endpoint and num > 1:  # the last one is stop itself
        y = np.concatenate([y[:-1], np.broadcast_to(stop, (1, *shape))])
    y = np.moveaxis(y, 0, axis) if axis else y
    return (y, step) if retstep else y


@handles(np.logspace)
def _logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: None = None, axis: int = 0
) -> Any:
    if np.ndim(base):
        raise NoRuleError(f"numpy.logspace has a rule for one base, not for those of shape {np.shape(base)}.")
    return np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))


@handles(np.vander)
def _vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    x = traced(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    count = len(x) if N is None else N
    ones = np.ones((len(x), min(count, 1)), np.result_type(x.dtype, int))
    if count < 2:
        return ones
    y = np.cumprod(np.concatenate([ones, np.repeat(x[:, None], count - 1, axis=1)], axis=1), axis=1)
    return y if increasing else np.flip(y, axis=1)


@handles(np.gradient)
def _gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    f = traced(f)
    axes = from_last(axis, f.ndim)
    spacings = list(varargs) or [1.0]
    spacings = spacings * len(axes) if len(spacings) == 1 else spacings
    if len(spacings) != len(axes):
        raise TypeError("invalid number of arguments")
    found = [_slopes_along(np.moveaxis(f, one, 0), h, edge_order, one) for one, h in zip(axes, spacings, strict=True)]
    made = [np.moveaxis(y, 0, one) for y, one in zip(found, axes, strict=True)]
    return made[0] if len(made) == 1 else tuple(made)


def _slopes_along(f: Any, spacing: Any, edge_order: int, axis: int) -> Any:
    """Return the slopes along the first axis: central inside, one-sided at both ends."""
    if edge_order not in (1, 2) or len(f) < edge_order + 1:
        raise ValueError(f"Shape of array too small to calculate a numerical gradient along axis {axis}.")
    if np.ndim(spacing) and np.shape(spacing) != (len(f),):
        raise ValueError(f"np.gradient got places of shape {np.shape(spacing)}; expected ({len(f)},) or a number.")
    steps = np.diff(spacing) if np.ndim(spacing) else spacing
    if np.ndim(steps) and not isinstance(steps, Traced) and np.all(steps == steps[0]):
        steps = steps[0]
    if np.ndim(steps):
        before, after = (np.reshape(h, (-1,) + (1,) * (f.ndim - 1)) for h in (steps[:-1], steps[1:]))
        inside = (
            -after / (before * (before + after)) * f[:-2]
            + (after - before) / (before * after) * f[1:-1]
            + before / (after * (before + after)) * f[2:]
        )
        first, second, last_but_one, last = steps[0], steps[edge_order - 1], steps[-edge_order], steps[-1]
    else:
        inside = (f[2:] - f[:-2]) / (2 * steps)
        first = second = last_but_one = last = steps

    def weights(h: Any, k: Any) -> tuple[Any, Any, Any]:
        """Return what an end and its two neighbours count, with steps h and k to them."""
        return -(2 * h + k) / (h * (h + k)), (h + k) / (h * k), -h / (k * (h + k))

    if edge_order == 1:
        left, right = (f[1] - f[0]) / first, (f[-1] - f[-2]) / last
    else:  # added from left to right, as NumPy does it
        a, b, c = weights(first, second)
        left = a * f[0] + b * f[1] + c * f[2]
        a, b, c = weights(-last, -last_but_one)
        right = c * f[-3] + b * f[-2] + a * f[-1]
    slopes = np.concatenate([np.reshape(left, (1, *left.shape)), inside, np.reshape(right, (1, *right.shape))])
    return slopes.astype(f.dtype if f.dtype.kind == "f" else float)  # whatever the places are: NumPy's array is of this


@handles(np.interp)
def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: None = None) -> Any:
    x, xp, fp = map(traced, (x, xp, fp))
    fp = fp if fp.dtype.kind == "c" else fp.astype(float)  # in double precision, as NumPy does it
    x, xp = x.astype(float), xp.astype(float)
    place = np.clip(np.searchsorted(plain(xp), plain(x), side="right") - 1, 0, max(len(fp) - 2, 0))
    flat, following = np.reshape(place, -1), np.reshape(np.minimum(place + 1, len(fp) - 1), -1)

    def at(values: Any, where: Any) -> Any:
        return np.reshape(np.take_along_axis(values, where, 0), np.shape(x))

    x_0, x_1, f_0, f_1 = at(xp, flat), at(xp, following), at(fp, flat), at(fp, following)
    slope = (f_1 - f_0) / np.where(x_1 == x_0, 1.0, x_1 - x_0)
    inner = slope * (x - x_0) + f_0
    inner = np.where(np.isnan(inner), slope * (x - x_1) + f_1, inner)  # from the other end, if this one is infinite
    known = (x == x_0) | (x == x_1) | ((f_0 == f_1) & ~np.isnan(x))
    inner = np.where(np.isnan(inner) & known, np.where(x == x_0, f_0, f_1), inner)
    y = np.where(x > xp[-1], fp[-1] if right is None else right, inner)
    return np.where(x < xp[0], fp[0] if left is None else left, y)


@handles(np.ediff1d)
def _ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    flat = np.reshape(ary, -1)
    parts = [to_begin, flat[1:] - flat[:-1], to_end]
    parts = [part if part is None or isinstance(part, Traced) else np.asarray(part, flat.dtype) for part in parts]
    return np.concatenate([np.ravel(part) for part in parts if part is not None])


@handles(np.convolve)
def _convolve(a: Any, v: Any, mode: str = "full") -> Any:
    a, v = np.atleast_1d(traced(a), traced(v))
    a, v = (v, a) if len(v) > len(a) else (a, v)
    n, m = len(a), len(v)
    places = np.arange(n + m - 1)[:, None] - np.arange(m)
    padded = np.concatenate([a, np.zeros(1, a.dtype)])
    full = padded[np.where((places >= 0) & (places < n), places, n)] @ v
    if mode == "full":
        return full
    if mode not in ("same", "valid"):
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")
    begin, count = ((m - 1) // 2, n) if mode == "same" else (m - 1, n - m + 1)
    return full[begin : begin + count]


@handles(np.correlate)
def _correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    a, v = traced(a), traced(v)
    if len(v) > len(a):  # the shorter one slides along the other; for "same" that matters
        return np.flip(np.correlate(v, a, mode))  # type: ignore[call-overload]
    return np.convolve(a, np.flip(v), mode)  # type: ignore[call-overload]


# --- Statistics ------------------------------------------------------------------------------------------


@handles(np.cov)
def _cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None, fweights: None = None,
    aweights: None = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    given = [traced(x).dtype for x in (m, y) if x is not None]
    kind = np.dtype(np.result_type(*given, np.float64) if dtype is None else dtype)
    if kind.kind != "f" or any(kind.itemsize < one.itemsize for one in given if one.kind == "f"):
        raise NoRuleError(f"numpy.cov was called with dtype={dtype!r}, which would round its arguments. Leave it out.")

    def rows(x: Any) -> Any:
        x = traced(x).astype(kind)  # in double precision if nothing else is said, as NumPy does it
        return np.reshape(x, (1, -1)) if x.ndim < 2 else x if rowvar else np.transpose(x)

    x = rows(m) if y is None else np.concatenate([rows(m), rows(y)])
    ddof = (0 if bias else 1) if ddof is None else ddof
    if int(ddof) != ddof:
        raise ValueError("ddof must be integer")
    x = x - np.mean(x, axis=1, keepdims=True)
    made = x @ np.transpose(x) / max(x.shape[1] - ddof, 0)
    return made[0, 0] if made.shape == (1, 1) else made


@handles(np.corrcoef)
def _corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    made = np.cov(x, y, rowvar, dtype=dtype)
    if not np.ndim(made):
        return made / made
    scale = np.sqrt(np.diagonal(made))
    return np.clip(made / scale[:, None] / scale, -1, 1)


# --- Arrangements ----------------------------------------------------------------------------------------


@handles(np.atleast_3d)
def _atleast_3d(*arys: Any) -> Any:
    def one(a: Any) -> Any:
        shape = np.shape(a)
        new = {0: (1, 1, 1), 1: (1, *shape, 1), 2: (*shape, 1)}.get(len(shape), shape)
        return np.reshape(a, new)

    made = tuple(map(one, arys))
    return made[0] if len(made) == 1 else made


@handles(np.dstack)
def _dstack(tup: Any) -> Any:
    return np.concatenate([np.atleast_3d(a) for a in tup], axis=2)


@handles(np.hsplit)
def _hsplit(ary: Any, indices_or_sections: Any) -> Any:
    return np.split(ary, indices_or_sections, axis=1 if ary.ndim > 1 else 0)


@handles(np.vsplit)
def _vsplit(ary: Any, indices_or_sections: Any) -> Any:
    if ary.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return np.split(ary, indices_or_sections, axis=0)


@handles(np.dsplit)
def _dsplit(ary: Any, indices_or_sections: Any) -> Any:
    if ary.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return np.split(ary, indices_or_sections, axis=2)


@handles(np.diagflat)
def _diagflat(v: Any, k: int = 0) -> Any:
    return np.diag(np.ravel(v), k)


@handles(np.insert)
def _insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    if axis is None:
        arr, axis = np.reshape(arr, -1), 0
    arr, values = traced(arr), traced(values)
    if arr.dtype.kind != "f":
        raise NoRuleError(f"numpy.insert would round what it puts into an array of {arr.dtype}; expected floats.")
    if np.ndim(obj) or not isinstance(obj, int | np.integer):
        raise NoRuleError("numpy.insert has a rule for one place, a whole number. Join the parts with np.concatenate.")
    n = arr.shape[axis]
    if not -n <= obj <= n:
        raise IndexError(f"index {obj} is out of bounds for axis {axis} with size {n}")
    values = values.astype(arr.dtype)
    values = np.reshape(values, (1,) * (arr.ndim - values.ndim) + values.shape)
    values = np.moveaxis(values, 0, axis)  # as NumPy has it: the first axis of what is put in stands along axis
    shape = list(arr.shape)
    shape[axis] = values.shape[axis]
    before, after = np.split(arr, [obj + n if obj < 0 else obj], axis=axis)
    return np.concatenate([before, np.broadcast_to(values, shape), after], axis=axis)


# --- Parts and wholes ------------------------------------------------------------------------------------


@handles(np.compress)
def _compress(condition: Any, a: Any, axis: int | None = None, out: None = None) -> Any:
    return np.take(a, np.flatnonzero(plain(condition)), axis=axis)


@handles(np.lib.stride_tricks.sliding_window_view)
def _sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: None = None, writeable: None = None
) -> Any:
    y = traced(x)
    lengths = window_shape if isinstance(window_shape, tuple | list) else (window_shape,)
    axes = range(y.ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    if len(lengths) != len(axes):
        raise ValueError(f"window_shape has {len(lengths)} lengths, and axis {len(axes)} axes.")
    for length, one in zip(lengths, [one % np.ndim(x) for one in axes], strict=True):
        count = y.shape[one] - length + 1
        if length < 0 or count < 1:
            raise ValueError("window shape cannot be larger than input array shape")
        windows = np.arange(count)[:, None] + np.arange(length)
        y = np.moveaxis(np.take(y, windows, axis=one), one + 1, -1)
    return y


@handles(np.block)
def _block(arrays: Any) -> Any:
    def depth(given: Any) -> int:
        return 1 + max(map(depth, given)) if isinstance(given, list) else 0

    def dimensions(given: Any) -> int:
        return max(map(dimensions, given)) if isinstance(given, list) else int(np.ndim(given))

    deepest = depth(arrays)
    ndim = max(deepest, dimensions(arrays))

    def joined(given: Any, level: int) -> Any:
        if isinstance(given, list):
            return np.concatenate([joined(member, level - 1) for member in given], axis=-level)
        if level:
            raise ValueError("List depths are mismatched.")
        x = traced(given)
        return np.reshape(x, (1,) * (ndim - x.ndim) + x.shape)

    return joined(arrays, deepest)


@handles(np.meshgrid)
def _meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    vectors = [np.reshape(traced(x), -1) for x in xi]
    count = len(vectors)
    order = list(range(count))
    if indexing == "xy" and count > 1:
        order[:2] = [1, 0]
    shape = [len(vectors[k]) for k in order]
    made = []
    for k, x in enumerate(vectors):
        thin = [1] * count
        thin[order.index(k)] = len(x)
        grid = np.reshape(x, thin)
        made.append(grid if sparse else table.broadcast(grid, shape=tuple(shape)))
    return tuple(made)


if hasattr(np, "unstack"):  # younger than NumPy 2.0

    @handles(np.unstack)
    def _unstack(x: Any, /, *, axis: int = 0) -> Any:
        return tuple(np.moveaxis(x, axis, 0))


if hasattr(np, "cumulative_sum"):

    def _running(function: Any, first: float) -> None:
        def ours(
            x: Any, /, *, axis: Any = None, dtype: None = None, out: None = None, include_initial: bool = False
        ) -> Any:
            x = traced(x)
            if axis is None and x.ndim > 1:
                raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
            axis = 0 if axis is None else axis
            y = (np.cumsum if first == 0 else np.cumprod)(x, axis=axis)
            if not include_initial:
                return y
            before = np.full([1 if i == axis % x.ndim else n for i, n in enumerate(x.shape)], first, x.dtype)
            return np.concatenate([before, y], axis=axis)

        handles(function)(ours)

    _running(np.cumulative_sum, 0.0)
    _running(np.cumulative_prod, 1.0)
