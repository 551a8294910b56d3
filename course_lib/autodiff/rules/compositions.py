"""What NumPy's other functions are made of: each written with operations of the table, and so without a rule.

Every function here has the arguments of the NumPy function it stands for, as far as they mean something for
a derivative. Many only move numbers about, such as `roll` or `tile`. For them one idea is enough: move the
numbers 0, 1, 2, ... in the same way, and take the entries at those places.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.autodiff.errors import NoRuleError
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


@handles(np.sum, np.add.reduce)
def _sum(a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    return table.total(a, axes=from_last(axis, a.ndim), keepdims=keepdims)


@handles(np.mean)
def _mean(a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    count = np.prod([a.shape[one] for one in from_last(axis, a.ndim)])
    return np.sum(a, axis=axis, keepdims=keepdims) / count


@handles(np.average)
def _average(a: Any, axis: Axis = None, weights: Any = None) -> Any:
    if weights is None:
        return np.mean(a, axis=axis)
    a, weights = traced(a), traced(weights)
    if weights.shape != a.shape:
        shape = [1] * a.ndim
        shape[from_last(axis, a.ndim)[0]] = weights.shape[0]
        weights = np.reshape(weights, shape)
    return np.sum(a * weights, axis=axis) / np.sum(np.broadcast_to(weights, a.shape), axis=axis)


@handles(np.var)
def _var(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, ddof: float = 0, keepdims: bool = False
) -> Any:
    a = traced(a)
    count = np.prod([a.shape[one] for one in from_last(axis, a.ndim)])
    return np.sum(np.square(a - np.mean(a, axis=axis, keepdims=True)), axis=axis, keepdims=keepdims) / (count - ddof)


@handles(np.std)
def _std(
    a: Any, axis: Axis = None, dtype: None = None, out: None = None, ddof: float = 0, keepdims: bool = False
) -> Any:
    return np.sqrt(np.var(a, axis=axis, ddof=ddof, keepdims=keepdims))


@handles(np.max, np.amax, np.maximum.reduce)
def _max(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    return table.largest(a, axes=from_last(axis, a.ndim), keepdims=keepdims)


@handles(np.min, np.amin, np.minimum.reduce)
def _min(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    return table.smallest(a, axes=from_last(axis, a.ndim), keepdims=keepdims)


@handles(np.logaddexp.reduce)
def _logsumexp(a: Any, axis: Axis = 0, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    return table.logsumexp(a, axes=from_last(axis, a.ndim), keepdims=keepdims)


@handles(np.ptp)
def _ptp(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


@handles(np.prod, np.multiply.reduce)
def _prod(a: Any, axis: Axis = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Any:
    """Multiply the halves until one is left: no quotient, and so right where entries are 0."""
    a = traced(a)
    axes = from_last(axis, a.ndim)
    rest = [one for one in range(-a.ndim, 0) if one not in axes]
    x = np.reshape(np.transpose(a, (*axes, *rest)), (-1, *(a.shape[one] for one in rest)))
    while len(x) > 1:
        half = len(x) // 2
        products = x[:half] * x[half : 2 * half]
        x = products if len(x) == 2 * half else np.concatenate((products, x[2 * half :]))
    y = x[0] if len(x) else np.ones(x.shape[1:])
    return np.reshape(y, [1 if one - a.ndim in axes else n for one, n in enumerate(a.shape)]) if keepdims else y


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


@handles(np.diff)
def _diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    y = np.moveaxis(traced(a), axis, 0)
    for _ in range(n):
        y = y[1:] - y[:-1]
    return np.moveaxis(y, 0, axis)


@handles(np.trapezoid)
def _trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    y = np.moveaxis(traced(y), axis, -1)
    step = dx if x is None else np.diff(x)
    return np.sum((y[..., 1:] + y[..., :-1]) * 0.5 * step, axis=-1)


# --- Elementwise functions that are no ufuncs ------------------------------------------------------------


@handles(np.where)
def _where(condition: Any, x: Any, y: Any) -> Any:
    mask = traced(plain(condition))
    return table.where(mask if mask.dtype == bool else mask.astype(bool), x, y)


@handles(np.clip)
def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: None = None, min: Any = None, max: Any = None) -> Any:
    low, high = a_min if min is None else min, a_max if max is None else max
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
    y: Any = 0.0
    for coefficient in p:
        y = y * x + coefficient
    return y


# --- Shapes ----------------------------------------------------------------------------------------------


@handles(np.reshape)
def _reshape(a: Any, /, shape: Any = None, order: str = "C") -> Any:
    a = traced(a)
    if order != "C":
        raise NoRuleError(f"numpy.reshape has a rule for order='C' only, not {order!r}: transpose before and after.")
    sizes = [int(n) for n in (shape if isinstance(shape, tuple | list) else (shape,))]
    if -1 in sizes:
        known = -int(np.prod(sizes))
        sizes[sizes.index(-1)] = a.size // known if known else 0
    return table.reshaped(a, shape=tuple(sizes))


@handles(np.ravel)
def _ravel(a: Any, order: Any = "C") -> Any:
    return np.reshape(a, (-1,), order=order)


@handles(np.transpose, np.permute_dims)
def _transpose(a: Any, axes: Sequence[int] | None = None) -> Any:
    a = traced(a)
    if not a.ndim and not axes:
        return a
    return table.transposed(a, axes=from_last(tuple(range(a.ndim)[::-1] if axes is None else axes), a.ndim))


@handles(np.matrix_transpose)
def _matrix_transpose(x: Any, /) -> Any:
    return np.swapaxes(x, -1, -2)


@handles(np.swapaxes)
def _swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    order = list(range(a.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return np.transpose(a, order)


@handles(np.moveaxis)
def _moveaxis(a: Any, source: Any, destination: Any) -> Any:
    sources = from_last(tuple(source) if isinstance(source, list) else source, a.ndim)
    targets = from_last(tuple(destination) if isinstance(destination, list) else destination, a.ndim)
    order = [axis for axis in range(-a.ndim, 0) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target + a.ndim, axis)
    return np.transpose(a, order)


@handles(np.expand_dims)
def _expand_dims(a: Any, axis: Any) -> Any:
    a = traced(a)
    axes = tuple(axis) if isinstance(axis, tuple | list) else (axis,)
    new = from_last(axes, a.ndim + len(axes))
    rest = iter(a.shape)
    return np.reshape(a, tuple(1 if one in new else next(rest) for one in range(-a.ndim - len(axes), 0)))


@handles(np.squeeze)
def _squeeze(a: Any, axis: Axis = None) -> Any:
    gone = (
        [i for i, n in enumerate(a.shape) if n == 1] if axis is None else [i + a.ndim for i in from_last(axis, a.ndim)]
    )
    if any(a.shape[i] != 1 for i in gone):
        raise ValueError(f"cannot squeeze axis {axis} of shape {a.shape}: its length is not 1.")
    return np.reshape(a, tuple(n for i, n in enumerate(a.shape) if i not in gone))


@handles(np.broadcast_to)
def _broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    return table.broadcast(array, shape=tuple(shape) if isinstance(shape, tuple | list) else (shape,))


@handles(np.broadcast_arrays)
def _broadcast_arrays(*args: Any) -> Any:
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(a, shape) for a in args)


@handles(np.atleast_1d)
def _atleast_1d(*arys: Any) -> Any:
    made = tuple(np.reshape(a, (1,)) if np.ndim(a) == 0 else a for a in arys)
    return made[0] if len(made) == 1 else made


@handles(np.atleast_2d)
def _atleast_2d(*arys: Any) -> Any:
    made = tuple(np.reshape(a, (1, -1)) if np.ndim(a) < 2 else a for a in arys)
    return made[0] if len(made) == 1 else made


@handles(np.concatenate)
def _concatenate(arrays: Any, axis: int | None = 0, out: None = None) -> Any:
    arrays = [traced(a) for a in arrays]
    if axis is None:
        arrays, axis = [np.reshape(a, -1) for a in arrays], 0
    return table.concatenated(*arrays, axis=from_last(axis, arrays[0].ndim)[0])


@handles(np.stack)
def _stack(arrays: Any, axis: int = 0, out: None = None) -> Any:
    return np.concatenate([np.expand_dims(a, axis) for a in arrays], axis=axis)


@handles(np.vstack)
def _vstack(tup: Any) -> Any:
    return np.concatenate([np.atleast_2d(a) for a in tup])


@handles(np.hstack)
def _hstack(tup: Any) -> Any:
    arrays = [np.atleast_1d(a) for a in tup]
    return np.concatenate(arrays, axis=0 if arrays[0].ndim == 1 else 1)


@handles(np.column_stack)
def _column_stack(tup: Any) -> Any:
    return np.concatenate([np.reshape(a, (-1, 1)) if np.ndim(a) < 2 else a for a in tup], axis=1)


@handles(np.append)
def _append(arr: Any, values: Any, axis: int | None = None) -> Any:
    if axis is None:
        return np.concatenate([np.ravel(np.atleast_1d(arr)), np.ravel(np.atleast_1d(values))])
    return np.concatenate([arr, values], axis=axis)


def _pieces(function: Callable[..., Any]) -> None:
    def ours(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
        before = (slice(None),) * (axis % ary.ndim)
        pieces = function(np.arange(ary.shape[axis]), indices_or_sections)
        return [ary[(*before, slice(int(p[0]), int(p[-1]) + 1) if len(p) else slice(0, 0))] for p in pieces]

    handles(function)(ours)


_pieces(np.split)
_pieces(np.array_split)


# --- Moving numbers about --------------------------------------------------------------------------------


def _moved(function: Callable[..., Any]) -> None:
    """Enter a function that only moves numbers: it moves their places, and the entries follow."""

    def ours(a: Any, *arguments: Any, **named: Any) -> Any:
        a = traced(a)
        moved = function(np.arange(a.size).reshape(a.shape), *arguments, **named)
        return np.reshape(a, -1)[moved]

    handles(function)(ours)


for _function in (
    np.flip, np.fliplr, np.flipud, np.roll, np.rot90, np.rollaxis, np.tile, np.repeat, np.take_along_axis,
    np.diagonal, np.resize, np.delete,
):  # fmt: skip
    _moved(_function)


@handles(np.take)
def _take(a: Any, indices: Any, axis: int | None = None, out: None = None, mode: str = "raise") -> Any:
    a = traced(a)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    places = traced(plain(indices))
    if mode != "raise":
        places = np.take(np.arange(a.shape[axis]), places, mode=mode)  # type: ignore[call-overload]
    return a[(slice(None),) * (axis % a.ndim) + (places if isinstance(places, Traced) else places[()],)]


@handles(np.extract)
def _extract(condition: Any, arr: Any) -> Any:
    return np.reshape(arr, -1)[np.ravel(plain(condition)).astype(bool)]


@handles(np.sort)
def _sort(a: Any, axis: int | None = -1, kind: None = None) -> Any:
    if axis is None:
        a, axis = np.reshape(a, -1), -1
    return np.take_along_axis(a, np.argsort(plain(a), axis=axis, kind="stable"), axis=axis)


@handles(np.median)
def _median(a: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    if axis is None:
        y = np.median(np.reshape(a, -1), axis=0)
        return np.reshape(y, (1,) * a.ndim) if keepdims else y
    y = np.moveaxis(np.sort(a, axis=axis), axis, 0)
    y = 0.5 * (y[(len(y) - 1) // 2] + y[len(y) // 2])
    return np.expand_dims(y, axis) if keepdims else y


@handles(np.diag)
def _diag(v: Any, k: int = 0) -> Any:
    v = traced(v)
    if v.ndim == 2:
        return np.diagonal(v, k)
    n = v.shape[0] + abs(k)
    on = np.arange(v.shape[0])
    return table.put(v, index=(on + max(-k, 0), on + max(k, 0)), shape=(n, n))


@handles(np.trace)
def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1)


@handles(np.tril)
def _tril(m: Any, k: int = 0) -> Any:
    return np.where(np.tril(np.ones(m.shape[-2:], bool), k), m, 0.0)


@handles(np.triu)
def _triu(m: Any, k: int = 0) -> Any:
    return np.where(np.triu(np.ones(m.shape[-2:], bool), k), m, 0.0)


@handles(np.pad)
def _pad(array: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Any:
    moved = np.pad(np.arange(array.size).reshape(array.shape), pad_width, mode=mode)  # type: ignore[call-overload]
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return np.reshape(array, -1)[moved]
    if mode != "constant":
        raise NoRuleError(
            f"numpy.pad has a rule for the modes constant, edge, reflect, symmetric and wrap, not for {mode!r}: "
            "join the parts with np.concatenate."
        )
    frame = np.pad(np.zeros(array.shape), pad_width, constant_values=constant_values)
    widths = np.broadcast_to(np.asarray(pad_width), (array.ndim, 2))
    index = tuple(slice(int(w), int(w) + n) for (w, _), n in zip(widths, array.shape, strict=True))
    return table.put(array, index=index, shape=moved.shape) + frame


# --- Products --------------------------------------------------------------------------------------------


@handles(np.dot)
def _dot(a: Any, b: Any, out: None = None) -> Any:
    a, b = traced(a), traced(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return np.matmul(a, b) if b.ndim <= 2 else np.tensordot(a, b, axes=(-1, -2))


@handles(np.vdot)
def _vdot(a: Any, b: Any, /) -> Any:
    return np.matmul(np.ravel(a), np.ravel(b))


@handles(np.inner)
def _inner(a: Any, b: Any, /) -> Any:
    a, b = traced(a), traced(b)
    return a * b if a.ndim == 0 or b.ndim == 0 else np.tensordot(a, b, axes=(-1, -1))


@handles(np.outer)
def _outer(a: Any, b: Any, out: None = None) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


@handles(np.tensordot)
def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    a, b = traced(a), traced(b)
    if isinstance(axes, int):
        axes = (tuple(range(-axes, 0)), tuple(range(axes)))
    over_a, over_b = (
        from_last(tuple(one) if isinstance(one, list) else one, x.ndim) for one, x in zip(axes, (a, b), strict=True)
    )
    rest_a = [i for i in range(-a.ndim, 0) if i not in over_a]
    rest_b = [i for i in range(-b.ndim, 0) if i not in over_b]
    shape_a, shape_b = [a.shape[i] for i in rest_a], [b.shape[i] for i in rest_b]
    inner = int(np.prod([a.shape[i] for i in over_a]))
    rows = np.reshape(np.transpose(a, [*rest_a, *over_a]), (int(np.prod(shape_a)), inner))
    columns = np.reshape(np.transpose(b, [*over_b, *rest_b]), (inner, int(np.prod(shape_b))))
    return np.reshape(rows @ columns, shape_a + shape_b)


@handles(np.kron)
def _kron(a: Any, b: Any) -> Any:
    a, b = traced(a), traced(b)
    ndim = max(a.ndim, b.ndim)
    a, b = (np.reshape(x, (1,) * (ndim - x.ndim) + x.shape) for x in (a, b))
    apart = np.expand_dims(a, tuple(range(1, 2 * ndim, 2))) * np.expand_dims(b, tuple(range(0, 2 * ndim, 2)))
    return np.reshape(apart, tuple(m * n for m, n in zip(a.shape, b.shape, strict=True)))


@handles(np.cross)
def _cross(a: Any, b: Any, axis: int = -1) -> Any:
    (a0, a1, a2), (b0, b1, b2) = np.moveaxis(traced(a), axis, 0), np.moveaxis(traced(b), axis, 0)
    return np.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis=axis)


@handles(np.einsum)
def _einsum(subscripts: str, *operands: Any, optimize: Any = False) -> Any:
    operands = tuple(map(traced, operands))
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    labels = inputs.split(",")
    if "..." in inputs:
        labels, output = _without_ellipsis(labels, output, arrow, operands)
        arrow = "->"
    if not arrow:
        together = "".join(labels)
        output = "".join(sorted(s for s in set(together) if together.count(s) == 1))
    pairs = [_without_repeats(label, x) for label, x in zip(labels, operands, strict=True)]
    sizes: dict[str, int] = {}
    for label, x in pairs:
        for s, n in zip(label, x.shape, strict=True):
            sizes[s] = n if sizes.get(s, 1) == 1 else sizes[s]
    pairs = [(label, np.broadcast_to(x, tuple(sizes[s] for s in label))) for label, x in pairs]  # axes of length 1
    return table.einsum(*(x for _, x in pairs), inputs=tuple(label for label, _ in pairs), output=output)


def _without_ellipsis(labels: list[str], output: str, arrow: str, operands: tuple[Any, ...]) -> tuple[list[str], str]:
    """Give the axes behind ... letters of their own."""
    free = [s for s in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if s not in "".join(labels)]
    hidden = [
        x.ndim - len(label.replace("...", "")) if "..." in label else 0
        for label, x in zip(labels, operands, strict=True)
    ]
    letters = "".join(free[: max(hidden)])
    named = [label.replace("...", letters[len(letters) - n :]) for label, n in zip(labels, hidden, strict=True)]
    if arrow:
        return named, output.replace("...", letters)
    together = "".join(labels).replace("...", "")
    return named, letters + "".join(sorted(s for s in set(together) if together.count(s) == 1))


def _without_repeats(label: str, x: Any) -> tuple[str, Any]:
    """Take the diagonal where an operand has the same index twice."""
    for s in label:
        while label.count(s) > 1:
            i = label.index(s)
            j = label.index(s, i + 1)
            x = np.diagonal(x, 0, i, j)
            label = label[:i] + label[i + 1 : j] + label[j + 1 :] + s
    return label, x


def _vecdot(x1: Any, x2: Any, /) -> Any:
    return np.einsum("...i,...i->...", x1, x2)


def _matvec(x1: Any, x2: Any, /) -> Any:
    return np.einsum("...ij,...j->...i", x1, x2)


def _vecmat(x1: Any, x2: Any, /) -> Any:
    return np.einsum("...i,...ij->...j", x1, x2)


for _name, _ours in (("vecdot", _vecdot), ("matvec", _matvec), ("vecmat", _vecmat)):
    if hasattr(np, _name):  # they are younger than NumPy 2.0
        handles(getattr(np, _name))(_ours)


# --- Linear algebra --------------------------------------------------------------------------------------


@handles(np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    a, b = traced(a), traced(b)
    if b.ndim == 1:
        return np.linalg.solve(a, b[:, None])[..., 0]
    ndim = max(a.ndim, b.ndim)
    a, b = (x if x.ndim == ndim else np.reshape(x, (1,) * (ndim - x.ndim) + x.shape) for x in (a, b))
    return table.solve(a, b)


@handles(np.linalg.inv)
def _inv(a: Any) -> Any:
    return table.inverse(traced(a))


@handles(np.linalg.det)
def _det(a: Any) -> Any:
    return table.determinant(traced(a))


@handles(np.linalg.slogdet)
def _slogdet(a: Any) -> Any:
    sign = table.sign_of_det(plain(traced(a)))
    result: Any = type(np.linalg.slogdet(np.eye(1)))
    return result(sign, table.log_abs_det(traced(a)))


@handles(np.linalg.cholesky)
def _cholesky(a: Any, /) -> Any:
    return table.cholesky(traced(a))


@handles(np.linalg.eigh)
def _eigh(a: Any, UPLO: str = "L") -> Any:
    y = table.eigh(traced(a))
    result: Any = type(np.linalg.eigh(np.eye(1)))
    return result(y[..., 0, :], y[..., 1:, :])


@handles(np.linalg.eigvalsh)
def _eigvalsh(a: Any, UPLO: str = "L") -> Any:
    return np.linalg.eigh(a)[0]


@handles(np.linalg.norm)
def _norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    x = traced(x)
    matrix = (axis is None and x.ndim == 2) or (isinstance(axis, tuple) and len(axis) == 2)
    if ord is None or (ord == 2 and not matrix) or (ord == "fro" and matrix):
        return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))
    if matrix:
        raise NoRuleError(
            f"numpy.linalg.norm of a matrix has a rule for the Frobenius norm, not for ord={ord!r}. Write the norm "
            "with np.sum and np.max, or use np.linalg.eigvalsh(x.T @ x) for the spectral norm."
        )
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    return np.sum(np.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1 / ord)


@handles(np.linalg.matrix_power)
def _matrix_power(a: Any, n: int) -> Any:
    base = np.linalg.inv(a) if n < 0 else a
    y: Any = np.eye(a.shape[-1])
    for digit in bin(abs(n))[2:]:
        y = y @ y @ base if digit == "1" else y @ y
    return np.broadcast_to(y, a.shape)


@handles(np.linalg.multi_dot)
def _multi_dot(arrays: Any, out: None = None) -> Any:
    y = arrays[0]
    for a in arrays[1:]:
        y = np.dot(y, a)
    return y


@handles(np.linalg.svd)
def _svd(*arguments: Any, **named: Any) -> Any:
    raise NoRuleError(
        "numpy.linalg.svd has no rule: its derivative does not exist where singular values meet. For singular "
        "values use np.linalg.eigvalsh(x.T @ x); for least squares np.linalg.solve(x.T @ x, x.T @ y); or give "
        "your function a derivative of its own with custom_derivative."
    )
