"""Broadcasting, forth and back: how tangents and cotangents get the shapes of what they belong to, operands a type."""

from typing import Any

import numpy as np


def spread(g: Any, shape: tuple[int, ...]) -> Any:
    """Broadcast g to a shape of as many axes: a view that repeats g by strides of 0."""
    if type(g) is np.ndarray and g.size and g.flags.c_contiguous:  # what np.broadcast_to does, without its questions
        strides = tuple([0 if n == 1 else stride for n, stride in zip(g.shape, g.strides, strict=True)])
        return np.ndarray(shape, g.dtype, g, 0, strides)
    return np.broadcast_to(g, shape)


def times_number(cotangent: Any, number: float) -> Any:
    """Multiply by a number; of a cotangent that repeats few entries by strides of 0, only these."""
    if number == 1:
        return cotangent
    if type(cotangent) is np.ndarray and cotangent.size > MANY and 0 in cotangent.strides:
        few = cotangent[tuple([_FIRST if stride == 0 else _ALL for stride in cotangent.strides])]
        return spread(few * number, cotangent.shape)
    return -cotangent if number == -1 else cotangent * number


MANY = 2000  # entries, from which on arithmetic costs more than asking about strides
_FIRST, _ALL = slice(0, 1), slice(None)


def product(cotangent: Any, partial: Any) -> Any:
    """Multiply; a partial of true and false selects, so that what is not selected cannot bring in inf * 0."""
    if isinstance(partial, int | float):
        return times_number(cotangent, partial)
    if partial.dtype == bool:
        return np.where(partial, cotangent, 0.0)
    return cotangent * partial


def summed_to(shape: tuple[int, ...], g: Any) -> Any:
    """Sum over the axes along which an operand of this shape was broadcast."""
    if g.shape == shape:
        return g
    new = g.ndim - len(shape)
    if new:
        g = np.add.reduce(g, axis=tuple(range(new)))  # np.sum, without its questions
    stretched = tuple([axis for axis, n in enumerate(shape) if n == 1 and g.shape[axis] != 1])
    return np.add.reduce(g, axis=stretched, keepdims=True) if stretched else g


def aligned(t: Any, shape: tuple[int, ...], ndim: int) -> Any:
    """Give a stack of tangents of this shape axes of length 1 behind the first, to stand beside ndim axes."""
    return t if len(shape) == ndim else np.reshape(t, (t.shape[0],) + (1,) * (ndim - len(shape)) + shape)


_PLAIN: Any = (np.ndarray, np.float64)


def kept(g: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Give back to a reduced array the axes of length 1 that the reduction took."""
    if keepdims:
        return g
    if type(g) in _PLAIN:  # by an index, which costs less than np.expand_dims
        return g[tuple([None if axis in axes else _ALL for axis in range(-g.ndim - len(axes), 0)])]
    return np.expand_dims(g, axes)


def share(x: Any, y: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Return 1 where x is the extreme value y, 0 elsewhere; entries that tie share the 1."""
    there = x == kept(y, axes, keepdims)
    return there / np.sum(there, axis=axes, keepdims=True)


TRUTH = np.dtype(bool)


def precise(operands: tuple[Any, ...], y: Any) -> tuple[Any, ...]:
    """Return operands in the precision of the result: whole numbers would overflow, and shorter ones round, in a slope.

    The logarithm of an 8-bit number, to NumPy, is one of 16 bits, and the negative of an unsigned 2 is 254.
    """
    wanted = getattr(y, "dtype", None)
    if wanted is None:  # no partial reads y, and operands were kept so when it was there
        return operands
    for x in operands:
        if getattr(x, "dtype", wanted) is not wanted and wanted.kind == "f":
            return tuple([x.astype(wanted) if getattr(x, "dtype", TRUTH).kind in "fiu" else x for x in operands])
    return operands
