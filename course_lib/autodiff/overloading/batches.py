"""Batches: one more trace, on which a function of one row runs once for all rows.

A *batch* is an array with one more, first, axis, which the function does not see: to it, each value has the shape of
one row. The operations do see it. Batches are one more reader of the table, and few lines are needed, for the forms of
rules already say how: an elementwise function does not care; a linear one knows what it makes of a stack of tangents,
and does the same with a stack of rows; matrix functions and reductions count their axes from the last. Only products of
two batches, and places that differ from row to row, need lines of their own.
"""

import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff.errors import ConcreteValueError, NoRuleError
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.broadcasting import aligned
from course_lib.autodiff.rules.forms import (
    BY_VALUE,
    Elementwise,
    General,
    JointlyLinear,
    Linear,
    Multilinear,
    Rule,
    Shape,
    full_name,
)
from course_lib.autodiff.rules.places import gather, indexed_places, scatter
from course_lib.autodiff.structures import leaves_of
from course_lib.autodiff.traced import Trace, Traced, apply, on_batches, plain, real, stacked

OF_SHAPES = {np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj, np.zeros_like, np.ones_like,
             np.empty_like, np.array_repr, np.array_str, np.array2string}  # fmt: skip
OF_NO_SHAPE = {np.nonzero, np.flatnonzero, np.argwhere}
ALONG_AN_AXIS = {np.argmax, np.argmin, np.argsort, np.all, np.any, np.count_nonzero}
BITWISE = {np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert}


class BatchTrace(Trace):
    """One run on batches of so many rows."""

    __slots__ = ("size",)

    def __init__(self, size: int) -> None:
        super().__init__()
        on_batches(1)
        self.size = size

    def close(self) -> None:
        """End the run."""
        on_batches(-1)
        super().close()

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Do an operation on all rows."""
        mine = [isinstance(x, Batched) and x.owner is self for x in operands]
        values = tuple(x.value if own else x for x, own in zip(operands, mine, strict=True))
        shapes = [np.shape(x) for x in operands]
        if rule.over_rows is not None:
            return batched(rule.over_rows(values, mine, self.size), self)
        y = on_all_rows(rule, values, mine, shapes, parameters, self.size)
        if y is None:
            warnings.warn(f"vmap does {rule.name} row by row: there is no line for a batch of them.", stacklevel=2)
            y = row_by_row(lambda *row: apply(rule, row, parameters), values, mine, shapes, self.size)
        real(y, rule)
        return batched(y, self)

    def answer(self, function: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Do a function that has no derivative, such as a comparison, on all rows."""
        arguments = tuple(stacked(a) if isinstance(a, list | tuple) else plain(a) for a in arguments)
        mine = [isinstance(x, Batched) and x.owner is self for x in arguments]
        if any(isinstance(value, Traced) for value in named.values()):
            raise NoRuleError(
                f"{full_name(function)} was given a batch by name ({', '.join(named)}); give it by position."
            )
        values = tuple(x.value if own else x for x, own in zip(arguments, mine, strict=True))
        shapes = [np.shape(x) for x in arguments]
        if isinstance(function, np.ufunc):
            y = function(*beside(values, mine, shapes), **named)
        elif function in ALONG_AN_AXIS and len(arguments) <= 2 and named.keys() <= {"axis"} and shapes[0]:
            axis = named.get("axis", arguments[1] if len(arguments) == 2 else -1 if function is np.argsort else None)
            y = along_axis(function, values[0], axis, len(shapes[0]))
        else:
            y = row_by_row(lambda *row: function(*row, **named), values, mine, shapes, self.size)
        real(y, function)
        return batched(y, self)


class Batched(TracedNumber):
    """A value of each row, all in one array; its shape is that of one row."""

    __slots__ = ()
    concrete = False
    rows = True

    @property
    def shape(self) -> tuple[int, ...]:
        """Length along each axis, for one row."""
        return tuple(self.value.shape[1:])

    @property
    def ndim(self) -> int:
        """Number of axes, for one row."""
        return int(self.value.ndim) - 1

    @property
    def size(self) -> int:
        """Number of entries, for one row."""
        return int(np.prod(self.shape))

    def example(self, inner: Any) -> Any:
        """Return one row of the numbers."""
        return inner[0] if len(inner) else np.zeros(inner.shape[1:], inner.dtype)[()]

    def constant(self) -> Any:
        """Return the same without derivatives."""
        return batched(plain(self.value), self.owner)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if method == "__call__" and (ufunc in BY_VALUE or ufunc in BITWISE) and named.get("out") is None:
            return answered(ufunc, inputs, named)
        return super().__array_ufunc__(ufunc, method, *inputs, **named)

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        if function in OF_SHAPES:
            return function(*map(one_row, arguments), **{name: one_row(value) for name, value in named.items()})
        if function in OF_NO_SHAPE:
            refuse(f"{full_name(function)}, whose result has as many entries as are true,")
        if function is np.take_along_axis and not isinstance(arguments[0], Traced):
            return answered(function, arguments, named)
        if function in BY_VALUE:
            return answered(function, arguments, named)
        return super().__array_function__(function, types, arguments, named)

    def __bool__(self) -> NoReturn:
        refuse("A truth value (by if, while, and, or, not)")

    def __float__(self) -> NoReturn:
        refuse("A plain number (by float or a math function: use np.sin for math.sin)")

    def __int__(self) -> NoReturn:
        refuse("An integer (by int, range, .item() or an index)")

    __index__ = __complex__ = tolist = __floor__ = __ceil__ = __trunc__ = __int__

    def astype(self, dtype: Any) -> Any:
        """Return the values as another type."""
        changed = self.value.astype(dtype)
        real(changed, np.asarray)
        return batched(changed, self.owner)

    def __and__(self, other: Any) -> Any:
        return answered(np.bitwise_and, (self, other), {})

    def __or__(self, other: Any) -> Any:
        return answered(np.bitwise_or, (self, other), {})

    def __xor__(self, other: Any) -> Any:
        return answered(np.bitwise_xor, (self, other), {})

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> Any:
        return self.owner.answer(np.invert, (self,), {})

    def __repr__(self) -> str:
        return f"<batch of {self.owner.size}, each {self.dtype} of shape {self.shape}>"


class BatchedArray(Batched, TracedArray):
    """A `Batched` whose rows have at least one axis."""

    __slots__ = ("whole",)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))


def batched(value: Any, trace: Trace) -> Any:
    """Return an array with a first axis for the rows as a value of each row."""
    made: Any = object.__new__(BatchedArray if value.ndim > 1 else Batched)
    made.value, made.owner = value, trace
    return made


def answered(function: Any, arguments: Any, named: dict[str, Any]) -> Any:
    """Do a function that has no derivative; to the innermost batch, or step of a loop, the others are constants."""
    found = [a for a in leaves_of(tuple(arguments)) if isinstance(a, Traced) and not a.concrete]
    inner = max(found, key=lambda a: a.owner.level)
    return inner.owner.answer(function, arguments, named) if inner.rows else NotImplemented


def one_row(value: Any) -> Any:
    """Return a value of the shape and type of one row."""
    while isinstance(value, Traced):
        inner = value.value
        value = value.example(np.zeros(inner.shape, inner.dtype)[()] if value.rows else inner)
    return type(value)(map(one_row, value)) if isinstance(value, tuple | list) else value


def refuse(what: str) -> NoReturn:
    """Say why a batch cannot decide, and what to do."""
    raise ConcreteValueError(
        f"{what} was asked of a batch while vmap ran the function once for all rows, and each row may give another "
        "answer. Use np.where to choose between two values, np.maximum or np.clip for a bound, "
        "np.take_along_axis for places in a plain array; give what decides by in_axes=None; or write a "
        "Python loop over the rows. For scipy.special.logsumexp, write np.logaddexp.reduce."
    )


# --- One operation, on all rows --------------------------------------------------------------------------


def beside(values: tuple[Any, ...], mine: list[bool], shapes: list[tuple[int, ...]]) -> tuple[Any, ...]:
    """Give batches axes of length 1 behind the first, so that they broadcast as their rows do."""
    ndim = max(map(len, shapes))
    return tuple(aligned(x, shape, ndim) if own else x for x, own, shape in zip(values, mine, shapes, strict=True))


def whole(values: tuple[Any, ...], mine: list[bool], size: int) -> tuple[Any, ...]:
    """Repeat what is the same for all rows, by strides of 0."""
    return tuple(x if own else np.broadcast_to(x, (size, *np.shape(x))) for x, own in zip(values, mine, strict=True))


def on_all_rows(
    rule: Rule, values: Any, mine: list[bool], shapes: list[tuple[int, ...]], parameters: dict[str, Any], size: int
) -> Any:
    """Do an operation on batches, or return None if there is no line for that."""
    if isinstance(rule, Elementwise):
        return apply(rule, beside(values, mine, shapes), parameters)
    if isinstance(rule, Linear):
        return rule.many(values[0], **parameters) if callable(rule.many) else None
    if isinstance(rule, JointlyLinear):
        return apply(rule, whole(values, mine, size), parameters)
    if isinstance(rule, Multilinear):
        return product(rule, values, mine, shapes, parameters)
    if rule is gather:
        return gathered(values, mine, shapes, size)
    if rule is scatter:
        return scattered(values, mine, shapes, size, **parameters)
    if rule is indexed_places:
        return places_of_rows(values, mine, shapes, parameters)
    if rule is table.solve and not mine[0] and len(shapes[0]) == len(shapes[1]) == 2:  # one matrix: factorised once
        n, k = shapes[1]
        columns = np.reshape(np.transpose(values[1], (1, 0, 2)), (n, size * k))
        return np.transpose(np.reshape(np.linalg.solve(values[0], columns), (n, size, k)), (1, 0, 2))
    if (isinstance(rule, General) and not rule.foreign) or rule.stacks:  # they count axes from the last
        ndim = max(map(len, shapes))
        stacks = zip(whole(values, mine, size), shapes, strict=True)
        return apply(rule, tuple(aligned(x, shape, ndim) for x, shape in stacks), parameters)
    return None


def product(
    rule: Multilinear, values: Any, mine: list[bool], shapes: list[tuple[int, ...]], parameters: dict[str, Any]
) -> Any:
    """Multiply batches: of one factor by the line for stacks, of several side by side."""
    if sum(mine) == 1 and rule.many is not None:
        k = mine.index(True)
        operands: list[Any] = list(values)
        operands[k] = Shape(shapes[k])
        return rule.many(k, values[k], *operands, **parameters)
    if rule is table.einsum:
        labels = parameters["inputs"]
        row = next(s for s in "zyxwvutsrqponmlkjihgfedcba" if s not in "".join(labels))
        inputs = tuple(row + s if own else s for s, own in zip(labels, mine, strict=True))
        return apply(rule, values, {"inputs": inputs, "output": row + parameters["output"]})
    if rule is table.matmul:
        (a, b), (of_a, of_b) = values, shapes
        a = a[:, None, :] if len(of_a) == 1 else a
        b = b[:, :, None] if len(of_b) == 1 else b
        ndim = max(a.ndim, b.ndim) - 1
        y = aligned(a, a.shape[1:], ndim) @ aligned(b, b.shape[1:], ndim)
        y = y[..., 0] if len(of_b) == 1 else y
        return y[..., 0, :] if len(of_a) == 1 and len(of_b) > 1 else y[..., 0] if len(of_a) == 1 else y
    return None


def gathered(values: Any, mine: list[bool], shapes: list[tuple[int, ...]], size: int) -> Any:
    """Take entries of the last axis; where the places differ too, of all rows behind each other."""
    x, where_from = values
    if not mine[1]:
        return gather(x, where_from)
    before = len(shapes[0]) - 1  # axes of a stack of tangents
    if mine[0]:
        x = np.moveaxis(x, 0, before)
        n = shapes[0][-1]
        x = np.reshape(x, (*x.shape[:before], size * n))
        where_from = behind(where_from, n, size)
    return np.moveaxis(gather(x, where_from), before, 0)


def scattered(values: Any, mine: list[bool], shapes: list[tuple[int, ...]], rows: int, size: int) -> Any:
    """Add entries at places; where these differ, in all rows behind each other."""
    g, where_from = values
    if not mine[1]:
        return scatter(g, where_from, size=size)
    before = len(shapes[0]) - len(shapes[1])
    (g,) = whole((g,), mine[:1], rows)
    sums = scatter(np.moveaxis(g, 0, before), behind(where_from, size, rows), size=rows * size)
    return np.moveaxis(np.reshape(sums, (*sums.shape[:before], rows, size)), before, 0)


def places_of_rows(arrays: Any, mine: list[bool], shapes: list[tuple[int, ...]], parameters: dict[str, Any]) -> Any:
    """Return the places that an index takes in each row, if its arrays and integers stand side by side."""
    index = parameters["index"]
    at = [k for k, member in enumerate(index) if not isinstance(member, slice | None)]
    static = max((np.ndim(index[k]) for k in at if not isinstance(index[k], tuple)), default=0)
    if Ellipsis in [index[k] for k in at if not isinstance(index[k], np.ndarray)] or at != list(
        range(at[0], at[-1] + 1)
    ):
        return None
    if static > max(map(len, shapes)):
        return None
    y = apply(indexed_places, beside(arrays, mine, shapes), parameters)
    return np.moveaxis(y, at[0], 0) if at[0] else y


def behind(where_from: Any, length: int, size: int) -> Any:
    """Return the places of each row among those of all rows behind each other."""
    return np.add(where_from, np.reshape(length * np.arange(size), (size, *[1] * (where_from.ndim - 1))))


def along_axis(function: Any, x: Any, axis: Any, ndim: int) -> Any:
    """Do a function along an axis of each row, or on the whole row."""
    if axis is None:
        return function(np.reshape(x, (len(x), int(np.prod(x.shape[1:])))), 1)
    axes = tuple(a - ndim if a >= 0 else a for a in (axis if isinstance(axis, tuple) else (axis,)))
    return function(x, axes if isinstance(axis, tuple) else axes[0])


def row_by_row(
    function: Callable[..., Any], values: Any, mine: list[bool], shapes: list[tuple[int, ...]], size: int
) -> Any:
    """Do a function in a Python loop over the rows."""
    if not size:
        one = function(*(np.ones(s) if own else x for x, own, s in zip(values, mine, shapes, strict=True)))
        return np.zeros((0, *np.shape(one)), getattr(one, "dtype", float))
    return np.stack([function(*(x[i] if own else x for x, own in zip(values, mine, strict=True))) for i in range(size)])
