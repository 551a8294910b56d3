"""How NumPy hands operations over, and how Python does: what makes plain NumPy code differentiable.

NumPy asks an operand of a foreign class before it computes: elementwise functions call its
``__array_ufunc__``, the others its ``__array_function__``. Both look into the table of rules. Operators
such as ``x * y`` go to the same rules without the detour through NumPy.

Some things NumPy does not hand over. They are settled here:

- ``np.array([x, y])`` asks its members for numbers. A traced value has no ``__array__``, and a traced
  *number* neither length nor index; then NumPy gives up and makes an array of objects, the traced values
  themselves. Such arrays are stacked into one traced array as soon as they meet a rule, or are returned.
  Elementwise functions of an array of objects call methods of that name: hence the methods `sin`, `exp`, ...
- Writing into a plain array asks for a number too, by ``float(x)``, and so does `math.sin`. There is no
  right answer, hence an error: see `refusals.py`.
"""

import functools
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.autodiff.errors import ConcreteValueError, NoRuleError
from course_lib.autodiff.overloading.refusals import (
    WRITERS,
    NeverPlain,
    NeverWritten,
    refuse_destination,
    refuse_without_rule,
)
from course_lib.autodiff.rules.forms import BY_VALUE, HANDLERS, UFUNCS, full_name
from course_lib.autodiff.rules.places import BY_OPERAND, gather, indexed_places
from course_lib.autodiff.rules.special import special_rule
from course_lib.autodiff.rules.table import converted, taken
from course_lib.autodiff.traced import Traced, apply, plain, stacked


def stripped(given: Any) -> Any:
    """Return arguments with every traced value replaced by its plain value."""
    if isinstance(given, Traced):
        return plain(given)
    if isinstance(given, tuple | list):
        return type(given)(map(stripped, given))
    return given


def _operator(ufunc: Any) -> Any:
    rule = UFUNCS[ufunc]
    return lambda self, other: apply(rule, (self, other), {})


def _reflected(ufunc: Any) -> Any:
    rule = UFUNCS[ufunc]
    return lambda self, other: apply(rule, (other, self), {})


def _unary(ufunc: Any) -> Any:
    rule = UFUNCS[ufunc]
    return lambda self: apply(rule, (self,), {})


def _by_value(ufunc: Any) -> Any:
    return lambda self, other: ufunc(plain(self), stripped(other))


class TracedNumber(NeverPlain):
    """What a traced value does as an operand, whatever its shape; alone, a number: no length, no index."""

    __slots__ = ()
    __hash__ = NeverPlain.__hash__  # a class with __eq__ would have none

    __add__, __radd__ = _operator(np.add), _reflected(np.add)
    __sub__, __rsub__ = _operator(np.subtract), _reflected(np.subtract)
    __mul__, __rmul__ = _operator(np.multiply), _reflected(np.multiply)
    __truediv__, __rtruediv__ = _operator(np.divide), _reflected(np.divide)
    __pow__, __rpow__ = _operator(np.power), _reflected(np.power)
    __mod__, __rmod__ = _operator(np.remainder), _reflected(np.remainder)
    __matmul__, __rmatmul__ = _operator(np.matmul), _reflected(np.matmul)
    __neg__, __pos__, __abs__ = _unary(np.negative), _unary(np.positive), _unary(np.absolute)
    __eq__, __ne__ = _by_value(np.equal), _by_value(np.not_equal)
    __lt__, __le__ = _by_value(np.less), _by_value(np.less_equal)
    __gt__, __ge__ = _by_value(np.greater), _by_value(np.greater_equal)
    __floordiv__ = _by_value(np.floor_divide)

    def __rfloordiv__(self, other: Any) -> Any:
        return np.floor_divide(other, plain(self))

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self

    def __round__(self, digits: int | None = None) -> Any:
        return self.__int__() if digits is None else np.round(self, digits)  # type: ignore[call-overload]

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if named.get("out") is not None:
            refuse_destination(f"numpy.{ufunc.__name__} with out=, or an operator such as +=,")
        if method == "at":
            refuse_destination(f"numpy.{ufunc.__name__}.at")
        if method == "outer" and not named:
            operands: Any = (x if isinstance(x, Traced) else stacked(np.asarray(x)) for x in inputs)
            left, right = operands
            return ufunc(np.reshape(left, np.shape(left) + (1,) * np.ndim(right)), right)
        if method != "__call__":
            function = getattr(ufunc, method)
            if method in ("reduce", "accumulate"):
                named.setdefault("axis", inputs[1] if len(inputs) > 1 else 0)
                inputs = inputs[:1]
            elif function not in HANDLERS:
                raise NoRuleError(
                    f"numpy.{ufunc.__name__}.{method} has no entry in the table of rules. Write it with functions that "
                    "have one, such as np.sum of slices for np.add.reduceat."
                )
            return call_handler(function, inputs, named)
        if ufunc in BY_VALUE:
            return ufunc(*map(stripped, inputs), **stripped_named(named))
        rule = UFUNCS.get(ufunc) or special_rule(ufunc)
        if rule is None:
            return call_handler(ufunc, inputs, named)
        if named:
            raise NoRuleError(
                f"numpy.{ufunc.__name__} was called with {', '.join(named)}, which its rule does not know. "
                "Leave it out; for where=, use np.where(mask, f(x), 0.0)."
            )
        return apply(rule, inputs, {})

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        if function in HANDLERS:
            return call_handler(function, arguments, named)
        if function in BY_VALUE:
            return function(*map(stripped, arguments), **stripped_named(named))
        if function in WRITERS:
            refuse_destination(WRITERS[function])
        return call_handler(function, arguments, named)

    @property
    def shape(self) -> tuple[int, ...]:
        """Length along each axis; () for a number."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.value.ndim

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.value.size

    @property
    def dtype(self) -> Any:
        """Type of the entries."""
        return self.value.dtype

    @property
    def real(self) -> Any:
        """The value itself: traced values are real."""
        return self

    @property
    def imag(self) -> Any:
        """Zeros: traced values are real."""
        return np.imag(self)

    def __bool__(self) -> bool:
        return bool(self.value)

    def astype(self, dtype: Any) -> Any:
        """Return the values in another precision."""
        if np.issubdtype(dtype, np.complexfloating):
            self.__complex__()
        if not np.issubdtype(dtype, np.floating):
            self.__int__()
        return np.positive(self) if self.dtype == dtype else apply(converted, (self,), {"dtype": np.dtype(dtype)})

    @property
    def T(self) -> Any:  # noqa: N802
        """The transpose."""
        return self.transpose()

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """Return the same entries in another shape, given as one tuple or as several numbers."""
        return view_of(self, HANDLERS[np.reshape](self, shape[0] if len(shape) == 1 else shape, order=order))

    def transpose(self, *axes: Any) -> Any:
        """Return the axes in another order, reversed if none is given."""
        return view_of(self, HANDLERS[np.transpose](self, (axes[0] if len(axes) == 1 else axes) or None))

    def conjugate(self) -> Any:
        """Return the value itself: traced values are real."""
        return self


def call_handler(function: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Do a NumPy function by its rule, or say in words why that cannot be."""
    if named.get("out") is not None:
        refuse_destination(f"{full_name(function)}(..., out=...)")
    handler = HANDLERS.get(function)
    if handler is None:
        refuse_without_rule(function, arguments)
    first = without_meaning(handler)
    if first and (named or len(arguments) > min(first.values())):
        arguments, named = meaningful(function, first, arguments, named)
    try:
        y = handler(*arguments, **named)
        return view_of(arguments[0], y) if function in VIEWS and arguments else y
    except TypeError:
        try:
            inspect.signature(handler).bind(*arguments, **named)
        except TypeError as error:
            asked = {name: given for name, given in named.items() if not says_the_default(function, name, given)}
            if len(asked) < len(named):
                return call_handler(function, arguments, asked)
            raise NoRuleError(
                f"{full_name(function)} was called with arguments that its rule does not know: {error}. Leave them "
                "out, or write the function with operations that have a rule."
            ) from None
        raise


def says_the_default(function: Any, name: str, given: Any) -> bool:
    """Whether an argument asks for what NumPy does anyway, so that a rule need not know it."""
    try:
        default = inspect.signature(function).parameters[name].default
    except (KeyError, TypeError, ValueError):  # not all of NumPy's functions tell their arguments
        return name in ("dtype", "like") and given is None
    return given is default or (type(given) is type(default) is str and given == default)


@functools.cache
def without_meaning(handler: Any) -> dict[str, int]:
    """Return the arguments that a handler knows by name and cannot honour, annotated None, with their positions."""
    parameters = inspect.signature(handler).parameters.values()
    return {each.name: place for place, each in enumerate(parameters) if each.annotation is None}


def meaningful(function: Any, names: dict[str, int], arguments: Any, named: dict[str, Any]) -> Any:
    """Refuse a value for an argument that would be ignored, unless it says what is so anyway."""
    made = list(arguments)
    for name, place in names.items():
        given = named.get(name) if place >= len(made) else made[place]
        if name == "dtype" and given is not None and isinstance(arguments[0], TracedNumber):
            given = None if np.dtype(given) == arguments[0].dtype else given
        if given is not None and given is not np._NoValue and given is not False:
            raise NoRuleError(
                f"{full_name(function)} was called with {name}={given!r}, which its rule does not know. Leave it out, "
                "or write the function with operations that have a rule."
            )
        if place < len(made):
            made[place] = None
    return tuple(made), {name: value for name, value in named.items() if name not in names}


def stripped_named(named: dict[str, Any]) -> dict[str, Any]:
    """Return named arguments with plain values."""
    return {name: stripped(value) for name, value in named.items()}


_BASIC = (int, slice)
# Their result shows the same memory in NumPy, and so does what is taken by slices.
VIEWS = {np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.rollaxis, np.squeeze, np.expand_dims, np.flip,
         np.rot90, np.matrix_transpose, np.permute_dims}  # fmt: skip


class TracedArray(NeverWritten, TracedNumber):
    """A traced value with at least one axis: it has a length, an index, and can be iterated."""

    __slots__ = ()

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, _BASIC):
            return view_of(self, taken(self, index=index))
        index = arrays_of(index)
        members = index if isinstance(index, tuple) else (index,)
        if any(isinstance(member, Traced) for member in members):
            return taken_at_recorded_places(self, members)
        y = taken(self, index=index)
        return y if any(getattr(member, "ndim", 0) for member in members) else view_of(self, y)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self.value)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    @property
    def mT(self) -> Any:  # noqa: N802
        """The transpose of each matrix."""
        return view_of(self, HANDLERS[np.matrix_transpose](self))

    @property
    def flat(self) -> Any:
        """The entries, one after the other."""
        return self.reshape(-1)


def view_of(whole: Any, y: Any) -> Any:
    """Return a view that knows the array of which it shows some entries; see `refusals`."""
    if y is not whole and isinstance(y, TracedArray) and isinstance(whole, TracedArray):
        y.whole = whole
    return y


def arrays_of(index: Any) -> Any:
    """Return an index with lists as arrays, and traced values as what stands for them."""
    if isinstance(index, tuple):
        return tuple(map(arrays_of, index))
    if isinstance(index, list):
        return stacked(stripped(index)) if index else np.zeros(0, int)
    return plain(index)


def taken_at_recorded_places(x: Any, index: tuple[Any, ...]) -> Any:
    """Take entries by an index that a recorded program computes anew in each run."""
    arrays: list[Any] = [member for member in index if isinstance(member, Traced)]
    if any(array.dtype.kind not in "iu" for array in arrays):
        raise ConcreteValueError(
            f"An array was indexed with {arrays[0]!r}, whose numbers jit knows only in each run, and vmap only for "
            "each row; expected whole numbers, for how many entries a mask takes is then not known. Use "
            "np.where(mask, x, 0.0) and keep all entries, or leave out jit or vmap here."
        )
    numbers = iter(range(len(arrays)))
    pattern = tuple((BY_OPERAND, next(numbers)) if isinstance(member, Traced) else member for member in index)
    return gather(x.reshape(-1), indexed_places(*arrays, shape=x.shape, index=pattern))


def _as_method(function: Any) -> Any:
    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        return function(self, *arguments, **named)

    method.__name__ = function.__name__
    method.__doc__ = f"Do what ``numpy.{function.__name__}`` does."
    return method


for _ufunc in UFUNCS:
    if isinstance(_ufunc, np.ufunc):
        setattr(TracedNumber, _ufunc.__name__, _as_method(_ufunc))
_function: Any
for _function in (np.sum, np.mean, np.max, np.min, np.prod, np.copy, np.ravel, np.clip, np.var, np.std, np.squeeze,
                  np.round, np.argmax, np.argmin, np.all, np.any):  # fmt: skip
    setattr(TracedNumber, _function.__name__, _as_method(_function))
for _function in (np.cumsum, np.cumprod, np.dot, np.swapaxes, np.take, np.repeat, np.diagonal, np.trace, np.ptp,
                  np.argsort, np.argpartition, np.nonzero, np.searchsorted):  # fmt: skip
    setattr(TracedArray, _function.__name__, _as_method(_function))
TracedArray.compress = lambda self, condition, axis=None: np.compress(condition, self, axis)  # type: ignore[attr-defined]
TracedNumber.conj = TracedNumber.conjugate  # type: ignore[attr-defined]
TracedNumber.flatten = lambda self, order="C": np.copy(self.ravel(order))  # type: ignore[attr-defined]
