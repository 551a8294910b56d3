"""What a loop carries: the checks that every step must pass, and who may change what.

A step that returns another shape or type than it was given would be another step the next time. In a Python loop
that often goes well by chance; a loop that is recorded once can only do one thing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff.errors import InputError, LoopError
from course_lib.autodiff.structures import (
    fields_of,
    is_structure,
    leaves_of,
    map_leaves,
    same_structure,
    where_leaves_are,
)
from course_lib.autodiff.traced import Traced, plain, stacked


def holds(answer: Any) -> bool:
    """Return a condition's answer."""
    if not isinstance(answer, Traced) and np.asarray(answer).dtype.kind not in "biuf":
        raise LoopError(
            f"The condition of a while_loop returned {answer!r}; expected a truth value. Does it end without a return "
            "statement?"
        )
    if np.shape(answer) != ():
        raise LoopError(
            f"The condition of a while_loop returned shape {np.shape(answer)}; expected one truth value. Say whether "
            "it holds for all entries or for any: np.all(...), np.any(...)."
        )
    return bool(np.any(of_all_rows(answer)) if on_rows(answer) else answer)


def on_rows(value: Any) -> bool:
    """Say whether a value stands for a row of a batch."""
    while isinstance(value, Traced) and not value.rows:
        value = value.value
    return isinstance(value, Traced)


def of_all_rows(answer: Any) -> Any:
    """Return the answers of all rows."""
    while isinstance(answer, Traced) and answer.rows:
        answer = plain(answer.value)
    return answer


def held_where_done(goes_on: Any, before: Any, after: Any) -> Any:
    """Return the next carry; a row of a batch that has ended keeps what it had, while others go on."""
    return map_leaves(lambda old, new: np.where(goes_on, new, old), before, after) if on_rows(goes_on) else after


@contextmanager
def not_in_place() -> Iterator[None]:
    """Say what to write where a step wrote into its carry."""
    try:
        yield
    except ValueError as error:
        if "read-only" not in str(error):
            raise
        raise LoopError(
            f"The step of a loop wrote into its carry, or into another array that is still needed ({error}). Return a "
            "new array: c = c + x in place of c += x; np.where, np.concatenate or np.stack in place of c[i] = x."
        ) from error


def following(before: Any, after: Any) -> Any:
    """Return the carry that a step returned, if it is built like the one before."""
    if not same_structure(before, after):
        raise LoopError(
            f"A step was given the carry {described(before)} and returned {described(after)}. Expected the same "
            "tuples, lists and dicts, with an array for each array."
        )
    if not is_structure(before):
        after = numeric(after)
        if not alike(before, after):
            refuse("", before, after)
        return after
    after = map_leaves(lambda _, leaf: numeric(leaf), before, after)
    for k, (old, new) in enumerate(zip(leaves_of(before), leaves_of(after), strict=True)):
        if not alike(old, new):
            refuse(list(where_leaves_are(before))[k], old, new)
    return after


def alike(old: Any, new: Any) -> bool:
    """Say whether two leaves have the same shape and type."""
    return bool(old.shape == new.shape and old.dtype == new.dtype)


def refuse(place: str, old: Any, new: Any) -> NoReturn:
    """Say which part of the carry a step changed."""
    raise LoopError(
        f"A step changed the carry{place}: it was {described(old)} before and {described(new)} after. Expected "
        f"the same shape and type at every step. {_advice(old, new)}"
    )


def _advice(old: Any, new: Any) -> str:
    if old.dtype != new.dtype and old.shape == new.shape and new.dtype.kind == "f":
        return "Begin with floats, 0.0 in place of 0, or give back the type that came in."
    return "Begin with what the steps return, such as np.zeros of that shape."


def described(value: Any) -> str:
    """Say of which types and shapes a structure is made."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {described(member)}" for key, member in value.items()) + "}"
    if isinstance(value, tuple | list):
        inner = ", ".join(map(described, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if hasattr(value, "dtype"):
        return f"{value.dtype} of shape {value.shape}"
    if value is not None and is_structure(value):
        inner = ", ".join(f"{name}={described(getattr(value, name))}" for name in fields_of(value))
        return f"{type(value).__name__}({inner})"
    return "None" if value is None else type(value).__name__


def pair(returned: Any) -> tuple[Any, Any]:
    """Return what a step of `scan` returned, if it is a pair."""
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise LoopError(
            f"A step of scan returned {described(returned)}; expected a pair (carry, y). Return (carry, None) if there "
            "is nothing to collect."
        )
    return returned


def shown(carry: Any) -> Any:
    """Return a carry as a step may see it: it must not be changed in place, since it is still needed."""
    return map_leaves(_read_only, carry) if is_structure(carry) else _read_only(carry)


def _read_only(leaf: Any) -> Any:
    if type(leaf) is not np.ndarray:
        return leaf
    seen = leaf.view()
    seen.flags.writeable = False
    return seen


def own(leaf: Any) -> Any:
    """Return an array that nobody else can change; a step may return its argument, or write into the same array."""
    return leaf.copy() if type(leaf) is np.ndarray else leaf


def numeric(leaf: Any) -> Any:
    """Return a leaf as NumPy number, array or traced value."""
    kind = type(leaf)
    if kind is np.float64 or isinstance(leaf, Traced):
        return leaf
    if kind is np.ndarray and leaf.ndim and leaf.dtype != object:
        return leaf
    array = stacked(leaf) if isinstance(leaf, np.ndarray) else np.asarray(leaf)
    if not isinstance(array, Traced) and array.dtype.kind not in "fiub":
        raise InputError(f"Expected numbers or arrays of real numbers; got {leaf!r} ({type(leaf).__name__}).")
    return array if isinstance(array, Traced) else array[()]
