"""What the source transformation takes, on one page. All of it gives the right derivative; the rest is refused.

A refusal is a `SourceError` that names the line and says what to write instead. It comes when the derivative is made,
not when it is called.

**Functions**: written with ``def`` or as one lambda in its statement, with arguments by position or name. No ``*args``,
no decorator, no ``async``, no ``yield``. A function that is called is transformed too.

**Statements**: assignments to names, also several at once or with ``+=``; ``if``, whose condition does not depend on
the variables of the derivative; ``for`` over what does not depend on them; ``return`` of one value, in forward mode
also of a tuple; docstrings and ``pass``. ``y += x`` is ``y = y + x``: arrays are never overwritten, and so another name
of the same array keeps its value, which in NumPy would change; the other modes refuse that other name. Not taken:
``while``, ``break``, ``try``, ``with``, writing into an array.

**Expressions**: ``+ - * / ** % @ //``, comparisons, ``a if condition else b``, indices and slices, ``x.T`` and methods
that are named after a function below. What does not depend on the variables may be any expression without ``yield``,
``await`` and ``:=``; it is evaluated once, where it stands. Not taken: complex numbers, and `eval`, `vars` and others
that read variables which are not named.

**Functions of NumPy**: every elementwise function that has an entry in the table of rules, and `numpy.where` and
`numpy.matmul`, are written out by their rule. So are the ones in `BY_ONE_RULE`. Those in `COMPOSED` are several
operations; in the text their derivative is a call of `jvp` or `vjp`. Those in `SEVERAL`, and those in `AS_MANY` if they
are given several, return several arrays: take one of them at once, as in ``np.linalg.slogdet(x)[1]``. Comparisons,
`numpy.sign`, `numpy.floor` and others that are constant between their steps have derivative 0. In C there are numbers
only, and so elementwise functions only.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.expressions import Axes, Expression, call
from course_lib.autodiff.rules.forms import HANDLERS, Rule

# The rule of a call, its parameters, and whether its result is one number for certain.
OneRule = tuple[Rule, dict[str, Any], bool]


def reduction(rule: Rule, default: int | None = None) -> Callable[..., OneRule]:
    """Return the reader of a reduction's arguments behind the first; methods of ufuncs reduce axis 0 by default."""

    def read(x: Expression, axis: Any = default, keepdims: bool = False) -> OneRule:
        if not isinstance(keepdims, bool):
            raise TypeError
        counted = type(axis) is int and axis < -1  # from the last; a number may be reduced along 0 or -1
        axes = (axis,) if counted else Axes(call("from_last", axis, x.ndim), everything=axis is None)
        return rule, {"axes": axes, "keepdims": keepdims}, axis is None and not keepdims

    return read


def cumulated(x: Expression, axis: int) -> OneRule:
    """Read a running sum along one axis."""
    if type(axis) is not int or axis >= -1:  # counted from the last in the table's line, and a number has 0 and -1
        raise TypeError
    return table.cumulated, {"axis": axis}, False


def alone(rule: Rule) -> Callable[..., OneRule]:
    """Return the reader of a function that has one argument."""
    return lambda x: (rule, {}, False)


BY_ONE_RULE: dict[Any, Callable[..., OneRule]] = {
    np.sum: reduction(table.total), np.add.reduce: reduction(table.total, 0),
    np.max: reduction(table.largest), np.amax: reduction(table.largest),
    np.maximum.reduce: reduction(table.largest, 0),
    np.min: reduction(table.smallest), np.amin: reduction(table.smallest),
    np.minimum.reduce: reduction(table.smallest, 0),
    np.logaddexp.reduce: reduction(table.logsumexp, 0), np.cumsum: cumulated,
    np.linalg.inv: alone(table.inverse), np.linalg.det: alone(table.determinant),
    np.linalg.cholesky: alone(table.cholesky),
}  # fmt: skip

# They return several arrays.
SEVERAL = {np.linalg.slogdet, np.linalg.eigh, np.split, np.array_split, np.broadcast_arrays}
# They return as many as they are given.
AS_MANY = {np.atleast_1d, np.atleast_2d}

# They return one array, and are several operations.
COMPOSED = {
    np.array, np.asarray,
    np.mean, np.average, np.var, np.std, np.ptp, np.prod, np.multiply.reduce, np.median, np.cumprod, np.diff,
    np.add.accumulate, np.multiply.accumulate, np.trapezoid, np.clip, np.real, np.copy, np.sinc, np.polyval,
    np.reshape, np.ravel, np.transpose, np.permute_dims, np.matrix_transpose, np.swapaxes, np.moveaxis, np.rollaxis,
    np.expand_dims, np.squeeze, np.broadcast_to, np.atleast_1d, np.atleast_2d,
    np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack, np.append,
    np.flip, np.fliplr, np.flipud, np.roll, np.rot90, np.tile, np.repeat, np.take, np.take_along_axis, np.diagonal,
    np.resize, np.delete, np.extract, np.sort, np.diag, np.trace, np.tril, np.triu, np.pad,
    np.dot, np.vdot, np.inner, np.outer, np.tensordot, np.kron, np.cross, np.einsum,
    *(getattr(np, name) for name in ("vecdot", "matvec", "vecmat") if hasattr(np, name)),
    np.linalg.solve, np.linalg.eigvalsh, np.linalg.norm, np.linalg.matrix_power, np.linalg.multi_dot,
}  # fmt: skip


def gives_several(function: Any, given: int) -> bool:
    """Say whether a function of NumPy returns several arrays where it is given so many."""
    return function in SEVERAL or (function in AS_MANY and given != 1)


def is_taken(function: Any) -> bool:
    """Say whether a function of NumPy, none of a number's ufuncs, is taken; `HANDLERS` may have more."""
    return function in COMPOSED or (function in HANDLERS and function in BY_ONE_RULE)
