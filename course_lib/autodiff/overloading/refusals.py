"""Refusals: a traced value is not written into a plain array, and gives away no plain number; what to write instead.

``y += x``, ``np.add(x, 1, out=y)`` and ``np.copyto(y, x)`` hand the traced value x over, and are refused by name as a
`DestinationError`. ``y[i] = x`` does not: NumPy asks x for a plain number by ``float(x)``, as `math.sin` does, and a
`ConcreteValueError` answers both. A plain number would forget the derivative, and so there is no right answer.

A traced array is not written into either. ``x += y`` makes a new one and gives it the name x. In NumPy every other name
of the array, and the array of which it is a row, would show the new numbers; here they would show the old ones, and so
they must not be used any more: what is left of them refuses. A view that was taken before is not found out.
"""

import functools
import operator
from collections.abc import Callable
from typing import Any, NoReturn, Self

import numpy as np

from course_lib.autodiff.errors import ChangedInPlaceError, ConcreteValueError, DestinationError, NoRuleError
from course_lib.autodiff.rules.forms import full_name
from course_lib.autodiff.traced import Traced

WRITERS = {np.copyto: "np.copyto", np.put: "np.put", np.place: "np.place", np.putmask: "np.putmask",
           np.fill_diagonal: "np.fill_diagonal", np.put_along_axis: "np.put_along_axis"}  # fmt: skip


def refuse_destination(what: str) -> NoReturn:
    """Say what to write in place of writing a traced value into a plain array."""
    raise DestinationError(
        f"{what} would write a traced value into a plain array, which holds numbers and would forget the derivative. "
        "Make a new array in place of writing into an old one: z = z + x for z += x; np.where(mask, x, z), "
        "np.concatenate or np.stack for z[i] = x; x * np.ones_like(z) for np.full_like(z, x)."
    )


def refuse_without_rule(function: Any, arguments: tuple[Any, ...]) -> NoReturn:
    """Name a function that has no entry in the table, and which argument was traced."""
    place = next((i for i, a in enumerate(arguments) if isinstance(a, Traced)), None)
    where = "an argument" if place is None else f"argument {place + 1}"
    raise NoRuleError(
        f"{full_name(function)} was called with a traced value as {where}, and it has no entry in the table of "
        "rules. Write it with operations that have one, or give it a derivative of its own with custom_derivative."
    )


class NeverPlain(Traced):
    """A traced value that gives away no plain number."""

    __slots__ = ()

    def __float__(self) -> NoReturn:
        raise ConcreteValueError(
            f"A plain number was asked of the traced value {self!r}; that would forget the derivative. This happens in "
            "float(x), in math.sin(x) and its like, and when x is written into a plain array. Use np.sin for "
            "math.sin; in place of z[i] = x, collect the values in a list and call np.stack, or use np.where; "
            "in place of z.fill(x), multiply x by np.ones; in place of np.array([x, 1.0]), where NumPy's functions "
            "take it, and of [x, 1.0] in np.mean, write np.stack([x, 1.0]); leave dtype=float out of np.asarray(x)."
        )

    def __int__(self) -> NoReturn:
        raise ConcreteValueError(
            f"An integer was asked of the traced value {self!r}, by int(x), round(x), x.item(), range(x) or an index. "
            "An integer has no derivative: pass it to the function as an argument of its own, which is not "
            "differentiated; for a float use np.floor, np.ceil, np.trunc or np.round."
        )

    __index__ = tolist = __floor__ = __ceil__ = __trunc__ = __int__

    def item(self, *place: Any) -> NoReturn:
        """Refuse an entry as a plain number."""
        self.__int__()

    def __hash__(self) -> int:
        raise ConcreteValueError(
            f"A hash was asked of the traced value {self!r}, by a set, the key of a dict or a cache. Its number may "
            "be another in the next run: put traced values into a list or a tuple, or among the values of a dict."
        )

    def __complex__(self) -> NoReturn:
        raise ConcreteValueError(
            f"A complex number was asked of the traced value {self!r}; the derivative is that of real numbers. Compute "
            "with the real and the imaginary part, each an array of its own."
        )

    def __format__(self, form: str) -> str:
        if form:
            raise ConcreteValueError(
                f"A text in the form {form!r} was asked of the traced value {self!r}; a text has no derivative. To "
                "look at it, print it without a form: f'{x}'; or print what the differentiated function returns."
            )
        return str(self)

    def __copy__(self) -> Self:
        """Return the value itself: nothing is written into it, and a copy would have lost its place in the trace."""
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise ConcreteValueError(
            f"Bytes were asked of the traced value {self!r}, by pickle, another process or a store on disk; its "
            "derivative belongs to the run that made it. Expected a plain value: pickle what the differentiated "
            "function returns, or stop_gradient(x) if only the number is wanted."
        )

    def __reduce__(self) -> NoReturn:
        self.__reduce_ex__(0)


def overwriting(sign: str, operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return an operator such as ``+=``: a new array of the old one's shape and precision, and the old one's end."""

    def operator_in_place(self: Any, other: Any) -> Any:
        y = operation(self, other)
        if np.shape(y) != self.shape or not np.can_cast(y.dtype, self.dtype, "same_kind"):
            raise DestinationError(
                f"x {sign} y would give {y.dtype} of shape {np.shape(y)}, and x is {self.dtype} of shape {self.shape}, "
                f"which cannot take that in. Write x = x {sign.removesuffix('=')} y."
            )
        y = y if y.dtype == self.dtype else y.astype(self.dtype)
        old = self
        while isinstance(old, NeverWritten) and not isinstance(old, Overwritten):
            kind: Any = type(old)
            whole = getattr(old, "whole", None)  # the array of which it is a row, which is overwritten there
            old.__class__ = overwritten(kind)
            old = whole
        return y

    return operator_in_place


class NeverWritten(Traced):
    """A traced array into which nothing is written."""

    __slots__ = ()
    whole: Any  # of a view: the array of which it shows some entries

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise DestinationError(
            "A traced array cannot be written into: the derivative needs its old values. Make a new array: "
            "np.where(mask, new, x), np.concatenate or np.stack."
        )

    def _changed(self, *arguments: Any, **named: Any) -> NoReturn:
        raise DestinationError(
            "A traced array cannot be changed by a method: the derivative needs its old values. Make a new array: "
            "x = np.sort(x) for x.sort(), value * np.ones_like(x) for x.fill(value), np.where(mask, new, x) for "
            "x.put(...), np.reshape(x, shape) for x.resize(shape)."
        )

    sort = fill = put = partition = resize = itemset = setfield = _changed


for _name, _sign in {"add": "+=", "sub": "-=", "mul": "*=", "truediv": "/=", "floordiv": "//=", "mod": "%=",
                     "pow": "**=", "matmul": "@=", "and": "&=", "or": "|=", "xor": "^="}.items():  # fmt: skip
    setattr(NeverWritten, f"__i{_name}__", overwriting(_sign, getattr(operator, f"__{_name}__")))


class Overwritten(Traced):
    """What is left of an array that was overwritten under another name: whoever uses it is told."""

    __slots__ = ()

    def _refuse(self) -> NoReturn:
        raise ChangedInPlaceError(
            "An array was used after an operator such as c += x had overwritten it under another name. NumPy changes "
            "the one array that both names have, and also the array of which it is a row; a traced array is never "
            "changed. Write c = c + x in place of c += x if the old values are meant here; else use the new c."
        )

    value = owner = property(_refuse)

    def __repr__(self) -> str:
        return "<traced array that was overwritten>"


@functools.cache
def overwritten(kind: type) -> type:
    """Return the class that arrays of a class have from when they are overwritten on."""
    return type(kind.__name__, (Overwritten, kind), {"__slots__": ()})
