"""Refusals: a traced value is not written into a plain array, and gives away no plain number; what to write instead.

``y += x``, ``np.add(x, 1, out=y)`` and ``np.copyto(y, x)`` hand the traced value x over, and are refused by name as a
`DestinationError`. ``y[i] = x`` does not: NumPy asks x for a plain number by ``float(x)``, as `math.sin` does, and a
`ConcreteValueError` answers both. A plain number would forget the derivative, and so there is no right answer.
"""

from typing import Any, NoReturn, Self

import numpy as np

from course_lib.autodiff.errors import ConcreteValueError, DestinationError, NoRuleError
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
            "take it, write np.stack([x, 1.0])."
        )

    def __int__(self) -> NoReturn:
        raise ConcreteValueError(
            f"An integer was asked of the traced value {self!r}, by int(x), round(x), x.item(), range(x) or an index. "
            "An integer has no derivative: pass it to the function as an argument of its own, which is not "
            "differentiated; for a float use np.floor, np.ceil, np.trunc or np.round."
        )

    __index__ = item = tolist = __floor__ = __ceil__ = __trunc__ = __int__

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


class NeverWritten(Traced):
    """A traced array into which nothing is written."""

    __slots__ = ()

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise DestinationError(
            "A traced array cannot be written into: the derivative needs its old values. Make a new array: "
            "np.where(mask, new, x), np.concatenate or np.stack."
        )
