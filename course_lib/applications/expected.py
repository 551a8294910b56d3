"""What these programs expect of what they are given, asked before anything is computed.

NumPy stretches shapes until they fit, and counts on from a negative index. So a slope of the wrong length, a target
of shape (n,) beside answers of shape (n, 1), or a label of -1 would give a number, and a wrong one.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def count(given: Any, what: str, least: int = 0) -> int:
    """Return a whole number that is not too small.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> count(3, "steps")
    3
    >>> count(-3, "steps", least=1)
    Traceback (most recent call last):
    ...
    ValueError: steps is -3; expected a whole number, 1 or more.
    """
    try:
        number = operator.index(given)
    except TypeError:
        number = least - 1
    if number < least or isinstance(given, bool):
        raise ValueError(f"{what} is {given!r}; expected a whole number, {least} or more.")
    return number


def positive(given: Any, what: str) -> Any:
    """Return a number that is greater than 0 and finite; anything else is a ValueError.

    Examples
    --------
    >>> positive(-0.1, "rate")
    Traceback (most recent call last):
    ...
    ValueError: rate is -0.1; expected a positive number.
    """
    return _number(given, what, lambda number: 0 < number < np.inf, "a positive number")


def fraction(given: Any, what: str) -> Any:
    """Return a number in [0, 1); anything else is a ValueError."""
    return _number(given, what, lambda number: 0 <= number < 1, "a number in [0, 1)")


def tolerated(given: Any, what: str = "tolerance") -> Any:
    """Return a number that is 0 or greater, and finite; anything else is a ValueError."""
    return _number(given, what, lambda number: 0 <= number < np.inf, "a number, 0 or greater")


def _number(given: Any, what: str, holds: Callable[[Any], Any], expected: str) -> Any:
    """Return a number of which a condition holds."""
    try:
        if np.ndim(given) == 0 and holds(given):
            return given
    except TypeError:  # a word, None or a complex number cannot be compared
        pass
    raise ValueError(f"{what} is {given!r}; expected {expected}.")


def floats(given: Any, what: str = "The start") -> NDArray[np.float64]:
    """Return a copy of real numbers as floats.

    Raises
    ------
    ValueError
        If there is anything else among them.

    Examples
    --------
    >>> floats([1, 2])
    array([1., 2.])
    >>> floats(1 + 2j)
    Traceback (most recent call last):
    ...
    ValueError: The start is (1+2j); expected real numbers.
    """
    try:
        array = np.asarray(given)
        if array.dtype.kind in "biufO" and all(number is not None for number in array.flat):
            return np.array(array, dtype=float)
    except (TypeError, ValueError):
        pass
    raise ValueError(f"{what} is {given}; expected real numbers.")


def of_shape(value: Any, shape: tuple[int, ...], what: str) -> Any:
    """Return an array, a traced one too, that has this shape; a list of numbers becomes one.

    Raises
    ------
    ValueError
        If it has another shape, or is None.

    Examples
    --------
    >>> of_shape([1.0, 2.0], (2,), "f(t, y)")
    array([1., 2.])
    >>> of_shape(None, (2,), "f(t, y)")
    Traceback (most recent call last):
    ...
    ValueError: f(t, y) is None; expected shape (2,). Is a return statement missing?
    """
    if value is None:
        raise ValueError(f"{what} is None; expected shape {shape}. Is a return statement missing?")
    if isinstance(value, list | tuple):
        value = np.stack(value)
    if np.shape(value) != shape:
        raise ValueError(f"{what} has shape {np.shape(value)}; expected {shape}.")
    return value
