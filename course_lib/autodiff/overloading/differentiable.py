"""What can be differentiated: real numbers. Integers become floats; anything else is refused in words."""

import numbers
from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError
from course_lib.autodiff.traced import Traced, other_meaning, stacked


def differentiable(given: Any) -> Any:
    """Return a number as a NumPy float, a sequence as an array of floats; a traced value of floats as it is.

    Raises
    ------
    InputError
        If what is given is complex, or no number at all.
    """
    if isinstance(given, Traced):
        traced: Any = given
        return traced if traced.dtype.kind == "f" else traced.astype(float)  # of `vmap`, or recorded by `jit`
    try:
        array = stacked(given) if isinstance(given, list | tuple | np.ndarray) else np.asarray(given)
        if isinstance(given, numbers.Rational):
            array = np.asarray(float(given))
    except ValueError as error:  # a ragged list
        raise InputError(
            f"Expected a number or an array of numbers to differentiate; got {given!r}: {error}."
        ) from None
    if isinstance(array, Traced):
        return differentiable(array)
    other_meaning(given)
    if array.dtype.kind == "c":
        raise InputError(
            f"Complex numbers were given ({array.dtype}); expected real ones. Differentiate with respect to the real "
            "and the imaginary part, as two arguments, and write the function with both."
        )
    if array.dtype.kind not in "fiub":
        raise InputError(
            f"Expected a number or an array of numbers to differentiate; got {given!r} ({type(given).__name__}). "
            "Pass what is not differentiated as another argument, and choose by argnums."
        )
    return array[()] if array.dtype.kind == "f" else array.astype(float)[()]
