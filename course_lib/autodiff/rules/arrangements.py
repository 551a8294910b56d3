"""Arrangements: NumPy's functions that give numbers other shapes and other places.

Many only move numbers about, such as `roll` or `tile`. For them one idea is enough: move the numbers 0, 1, 2, ... in
the same way, and take the entries at those places.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.autodiff.errors import NoRuleError
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.compositions import Axis, from_last, traced
from course_lib.autodiff.rules.forms import handles
from course_lib.autodiff.rules.places import put
from course_lib.autodiff.traced import Traced, plain

# --- Shapes ----------------------------------------------------------------------------------------------


@handles(np.reshape)
def _reshape(a: Any, /, shape: Any = None, order: str = "C") -> Any:
    a = traced(a)
    if order not in ("C", "F"):
        raise NoRuleError(
            f"numpy.reshape has a rule for order='C' or 'F', not {order!r}: a traced array has no layout."
        )
    sizes = [int(n) for n in (shape if np.ndim(shape) else (shape,))]
    if -1 in sizes:
        known = -int(np.prod(sizes))
        sizes[sizes.index(-1)] = a.size // known if known else 0
    if order == "F":
        return np.transpose(table.reshaped(np.transpose(a), shape=tuple(sizes[::-1])))
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
    members: list[Any] = [a if isinstance(a, Traced) else traced(a) for a in arrays]
    shapes = {a.shape for a in members}
    if len(shapes) != 1:
        raise ValueError(f"np.stack needs arrays of one shape, at least one of them; got {sorted(shapes)}.")
    return table.piled(*members, axis=from_last(axis, len(shapes.pop()) + 1)[0])


@handles(np.vstack)
def _vstack(tup: Any) -> Any:
    return np.concatenate([np.atleast_2d(a) for a in tup])


if hasattr(np, "row_stack"):  # an old name
    handles(np.row_stack)(_vstack)


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
        if not a.size:  # there is nothing to take; np.resize makes zeros of it
            return function(np.zeros(a.shape, a.dtype), *arguments, **named)
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
    places = places if places.size else places.astype(int)  # no place has no type
    if mode != "raise":
        places = np.take(np.arange(a.shape[axis]), places, mode=mode)  # type: ignore[call-overload]
    return a[(slice(None),) * (axis % a.ndim) + (places if isinstance(places, Traced) else places[()],)]


@handles(np.extract)
def _extract(condition: Any, arr: Any) -> Any:
    return np.reshape(arr, -1)[np.ravel(plain(condition)).astype(bool)]


@handles(np.sort)
def _sort(a: Any, axis: int | None = -1, kind: Any = None) -> Any:
    if axis is None:
        a, axis = np.reshape(a, -1), -1
    return np.take_along_axis(a, np.argsort(plain(a), axis=axis, kind="stable"), axis=axis)


@handles(np.median)
def _median(a: Any, axis: Axis = None, out: None = None, overwrite_input: None = None, keepdims: bool = False) -> Any:
    a = traced(a)
    axes = from_last(axis, a.ndim)
    rest = [one for one in range(-a.ndim, 0) if one not in axes]
    y = np.sort(np.reshape(np.transpose(a, [*axes, *rest]), (-1, *(a.shape[one] for one in rest))), axis=0)
    if not len(y):
        return np.mean(a, axis=axis, keepdims=keepdims)  # NaN, and a warning
    y = np.where(np.isnan(y[-1]), np.nan, 0.5 * (y[(len(y) - 1) // 2] + y[len(y) // 2]))
    return np.expand_dims(y, axes) if keepdims else y


@handles(np.diag)
def _diag(v: Any, k: int = 0) -> Any:
    v = traced(v)
    if v.ndim == 2:
        return np.diagonal(v, k)
    n = v.shape[0] + abs(k)
    on = np.arange(v.shape[0])
    return put(v, index=(on + max(-k, 0), on + max(k, 0)), shape=(n, n))


@handles(np.trace)
def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: None = None, out: None = None) -> Any:
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
    frame = np.pad(np.zeros(array.shape, array.dtype), pad_width, constant_values=constant_values)
    widths = np.broadcast_to(np.asarray(pad_width), (array.ndim, 2))
    index = tuple(slice(int(w), int(w) + n) for (w, _), n in zip(widths, array.shape, strict=True))
    return put(array, index=index, shape=moved.shape) + frame
