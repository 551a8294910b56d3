"""An answer beside the expected one: by type first, then shape, then value; and how either is shown to a student."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.ground.untrusted_text import bounded

MOST_NUMBERS, MOST_AXES = 1_000_000, 12  # of a list that is taken for an array
MAX_SHOWN, MAX_KEY, MAX_PARTS = 1000, 60, 200  # characters of a value and of a key; numbers and texts within a value
MAX_AXES = 4  # of an array that is shown as one
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def differs(
    answer: Any, expected: Any, rtol: float, atol: float, names: Sequence[str] | None = (), lists: bool = True
) -> str:
    """Return "" if `answer` is the expected one, else how it differs: by type, then shape, then value.

    `names` says what the items of a returned tuple or list are; None: that it is not what was returned, but within it.
    With `lists`, rectangular lists and tuples of numbers count as arrays, and a list of several values as a tuple.

    Examples
    --------
    >>> differs(0.30000000000000004, 0.3, 1e-9, 0.0)
    ''
    >>> differs(2.5, 2.0, 1e-9, 0.0)
    'you returned 2.5; expected 2 (relative error 0.25, allowed 1e-09).'
    >>> differs([1.0, 2.0], np.array([1.0, 2.0]), 1e-9, 0.0)
    ''
    >>> differs([1.0, 2.0], np.array([1.0, 2.0]), 1e-9, 0.0, lists=False)
    'you returned a list, [1, 2]; expected an array of shape (2,), [1. 2.].'
    >>> differs([np.ones(2), "full"], (np.ones(2), "full"), 1e-9, 0.0)
    ''
    >>> differs((1.0, 2.0), (1.0, 3.0), 0.0, 0.0, ["the value", "the gradient"])
    'in the gradient (the second returned value), you returned 2; expected 3.'
    >>> differs([(1.0, 2.0)], [(1.0, 3.0)], 0.0, 0.0)
    'in the item at index 0, in its second value, you returned 2; expected 3.'
    """
    if _same_numbers(answer, expected, rtol, atol):
        return ""
    kinds = kind_of(answer), kind_of(expected)
    if lists and kinds[0] != kinds[1] and (pair := _alike(answer, expected)):
        return differs(*pair, rtol, atol, names)
    if kinds[0] != kinds[1]:
        return f"you returned {introduced(kinds[0], answer)}; expected {introduced(kinds[1], expected)}."
    if isinstance(expected, dict):
        if answer.keys() != expected.keys():
            return f"you returned a dict with the keys {shown([*answer])}; expected {shown([*expected])}."
        pairs = [(f"the entry {key!r}", answer[key], expected[key]) for key in expected]
    elif isinstance(expected, list | tuple):
        if len(answer) != len(expected):
            items = "1 item" if len(answer) == 1 else f"{len(answer)} items"
            return f"you returned {items}, {shown(answer)}; expected {len(expected)}, {shown(expected)}."
        places = _places(expected, names)
        pairs = list(zip(places, answer, expected, strict=True))
    elif isinstance(expected, str | None):
        return "" if answer == expected else f"you returned {shown(answer)}; expected {shown(expected)}."
    else:
        return _values_differ(answer, expected, rtol, atol)
    for where, a, e in pairs:
        if difference := differs(a, e, rtol, atol, None, lists):
            return f"in {where}, {difference}"
    return ""


def _same_numbers(answer: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Whether both are floats, or both ints, that agree, or lists of such: what most answers are, and quickly told."""
    if type(answer) is not type(expected):
        return False
    if isinstance(expected, list | tuple):
        return len(answer) == len(expected) and all(
            _same_numbers(a, e, rtol, atol) for a, e in zip(answer, expected, strict=True)
        )
    if type(expected) is float:
        close = math.isfinite(expected) and abs(answer - expected) <= atol + rtol * abs(expected)
        return close or answer == expected or (math.isnan(answer) and math.isnan(expected))
    return type(expected) is int and answer == expected


def as_array(value: Any) -> np.ndarray | None:
    """Return an array of numbers, or a rectangular list or tuple of numbers, as an array; None for anything else.

    Examples
    --------
    >>> as_array([(1, 2), (3, 4.5)])
    array([[1. , 2. ],
           [3. , 4.5]])
    >>> as_array([1, [2]]), as_array([True, False]), as_array([np.zeros(2)]), as_array("12")
    (None, None, None, None)
    """
    if isinstance(value, np.ndarray):
        return value if value.ndim and value.dtype.kind in "iufc" else None
    shape: list[int] = []
    level: list[Any] = [value]
    while level and isinstance(level[0], list | tuple):
        length = len(level[0])
        if len(level) * length > MOST_NUMBERS or len(shape) == MOST_AXES:
            return None
        if not all(isinstance(row, list | tuple) and len(row) == length for row in level):
            return None
        shape.append(length)
        level = [item for row in level for item in row]
    numbers = all(isinstance(n, int | float | complex | np.number) and not isinstance(n, bool) for n in level)
    array = np.array(level).reshape(shape) if shape and numbers else None
    return array if array is not None and array.dtype.kind in "iufc" else None


def _alike(answer: Any, expected: Any) -> tuple[Any, Any] | None:
    """Return both as the same kind of container, where they hold as much; else None."""
    sequences = isinstance(answer, list | tuple), isinstance(expected, list | tuple)
    if isinstance(answer, list) and isinstance(expected, tuple) and len(answer) == len(expected):
        return tuple(answer), expected  # what `return a, b` and `return [a, b]` hand out is taken apart alike
    a, e = as_array(answer), as_array(expected)
    if a is None or e is None or not any(sequences) or a.shape != e.shape:
        return None
    return (type(expected)(answer), expected) if all(sequences) else (a, e)


def list_for_array(answer: Any, expected: Any) -> bool:
    """Whether a list or tuple stands somewhere in the place of an array."""
    if isinstance(expected, np.ndarray):
        return isinstance(answer, list | tuple)
    if isinstance(expected, dict) and isinstance(answer, dict):
        return any(list_for_array(answer.get(key), item) for key, item in expected.items())
    if isinstance(expected, list | tuple) and isinstance(answer, list | tuple):
        return any(map(list_for_array, answer, expected))
    return False


def _places(items: list[Any] | tuple[Any, ...], names: Sequence[str] | None) -> list[str]:
    """Return what to call each item: by its name, or else by its place.

    A tuple is what ``return a, b`` makes, and nobody counts that from 0; an item of a list has an index.
    """
    if names and len(names) == len(items) <= len(ORDINALS):
        return [f"{name} (the {nth} returned value)" for name, nth in zip(names, ORDINALS, strict=False)]
    if isinstance(items, tuple) and len(items) <= len(ORDINALS):
        which = "its {} value" if names is None else "the {} of the returned values"
        return [which.format(nth) for nth in ORDINALS[: len(items)]]
    return [f"the item at index {i}" for i in range(len(items))]


def _values_differ(answer: Any, expected: Any, rtol: float, atol: float) -> str:
    a, e = _array(answer), _array(expected)
    exact = e.dtype.kind in "biu"
    with np.errstate(all="ignore"):
        error = np.abs(a.astype(complex) - e.astype(complex))
        allowed = 0.0 if exact else atol + rtol * np.abs(e)
        same = (np.isfinite(e) & (error <= allowed)) | (a == e) | (np.isnan(a) & np.isnan(e))
    if same.all():
        return ""
    said = f"you returned {shown(answer)}; expected {shown(expected)}"
    place = tuple(int(i) for i in np.argwhere(~same)[0])
    at = f"first at index {list(place)}: {shown(a[place])} for {shown(e[place])}, " if place else ""
    with np.errstate(all="ignore"):
        relative = float(error[place] / np.abs(e[place]))
    if exact:
        return f"{said}."
    size = f"relative error {relative:.2g}, allowed {rtol:.2g}" if math.isfinite(relative) and rtol else ""
    detail = (at + size).rstrip(", ")
    return f"{said} ({detail})." if detail else f"{said}."


def _array(number: Any) -> np.ndarray:
    """Return a number or array as an array; a whole number beyond 64 bits, which no array holds, as infinity."""
    array = np.asarray(number)
    return array if array.dtype.kind != "O" else np.asarray(math.inf if number > 0 else -math.inf)


def introduced(kind: str, value: Any) -> str:
    """Return a kind with its article, and the value."""
    return kind if value is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}, {shown(value)}"


def kind_of(value: Any) -> str:
    """Name what a value is, in a student's words; 0-d arrays and NumPy's numbers are numbers."""
    match value:
        case None:
            return "None"
        case bool() | np.bool_():
            return "truth value"
        case str():
            return "text"
        case dict():
            return "dict"
        case list():
            return "list"
        case tuple():
            return "tuple"
    array = _array(value)
    if array.ndim == 0:
        names = {"b": "truth value", "c": "complex number"}
        return names.get(array.dtype.kind, "number")
    names = {"b": "array of truth values", "c": "complex array"}
    return f"{names.get(array.dtype.kind, 'array')} of shape {array.shape}"


def shown(value: Any) -> str:
    """Return a short text of a plain value: enough digits to see a difference, never a page."""
    return bounded(_text(value, itertools.count()), MAX_SHOWN)


def _text(value: Any, count: Iterator[int]) -> str:
    """Return the text of a value; `count` counts its parts, of which there may be many within few."""
    if next(count) > MAX_PARTS:
        return "..."
    match value:
        case bool() | np.bool_() | None:
            return str(value)
        case str():
            return repr(value if len(value) <= 200 else value[:200] + "...")
        case int():
            return str(value) if abs(value) < 10**20 else f"{str(value)[:20]}... ({len(str(value))} characters)"
        case float() | complex() | np.number():
            return f"{value:.10g}"
        case dict():
            entries = [f"{bounded(str(k), MAX_KEY)}: {_text(v, count)}" for k, v in itertools.islice(value.items(), 12)]
            return "{" + ", ".join(entries) + (", ..." if len(value) > 12 else "") + "}"
        case list() | tuple():
            items = ", ".join(_text(v, count) for v in value[:12]) + (", ..." if len(value) > 12 else "")
            only = "," if len(value) == 1 else ""  # (x) is x, not a tuple of one
            return f"[{items}]" if isinstance(value, list) else f"({items}{only})"
    array, shape = np.asarray(value), ""
    if array.ndim > MAX_AXES:
        array, shape = array.reshape(-1), f" in the shape {array.shape}"
    return np.array2string(array, max_line_width=1000, precision=8, threshold=40, edgeitems=3) + shape


def describe_inputs(inputs: Mapping[str, Any]) -> str:
    """Return inputs as a student would write them."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in inputs.items()) or "no input"
