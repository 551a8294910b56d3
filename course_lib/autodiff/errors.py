"""What can go wrong, each with a name: the errors of automatic differentiation.

A derivative that is silently wrong is worse than none. Wherever a program leaves what can be followed,
one of these errors says what was given, what was expected, and what to write instead. All of them are
an `AutodiffError`, so that one ``except`` catches them all. None of them is a TypeError or ValueError:
a program that tries ``float(x)`` and takes another branch on TypeError must not go on with a wrong value.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


class AutodiffError(Exception):
    """Any error of this package."""


class NoRuleError(AutodiffError):
    """An operation, or one of its arguments, has no entry in the table of rules."""


class DestinationError(AutodiffError):
    """A plain array was to take in a traced value; it holds numbers and would forget the derivative."""


class ConcreteValueError(AutodiffError):
    """A plain number was asked of a traced value, by ``float``, ``int``, ``.item()`` or a `math` function."""


class ChangedInPlaceError(AutodiffError):
    """An array that the derivative needs was overwritten before the reverse sweep had read it."""


class InputError(AutodiffError):
    """What is to be differentiated is not made of real numbers."""


class NotScalarError(AutodiffError):
    """A function was to have a gradient, and its value is not one number."""


class SeedError(AutodiffError):
    """A tangent or cotangent has not the shape or structure of what it belongs to."""


class NotDifferentiableError(AutodiffError):
    """A function has no derivative at the point where one was asked for."""


class WrongDerivativeError(AutodiffError):
    """A derivative disagrees with divided differences."""


class LoopError(AutodiffError):
    """A loop's carry changed its structure, shape or type, or its lengths do not agree."""


class LeakedTracerError(AutodiffError):
    """A traced value was used after the transform that made it had ended."""


class SourceError(AutodiffError):
    """A statement cannot be transformed into the text of its derivative; ``line`` is its number in its file."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


# --- Where others say it less plainly --------------------------------------------------------------------

SPARSE = (
    "A sparse matrix met a traced value; SciPy's sparse matrices know plain arrays only. Use A.toarray(), or give the "
    "product a derivative of its own: custom_derivative(lambda x: A @ x, forward=lambda t, y, x: A @ t, "
    "reverse=lambda g, y, x: A.T @ g)."
)
MIXED = (
    "An array of traced values and plain numbers, as np.array([x, 1.0]) makes it, met a NumPy function ({error}). "
    "Write np.stack([x, 1.0]) in place of np.array([x, 1.0]), and np.stack([np.stack([x, 1.0]), np.stack([2.0, x])]) "
    "in place of np.array([[x, 1.0], [2.0, x]]); for scipy.special.logsumexp, which makes such an array, "
    "np.logaddexp.reduce."
)
NOT_NUMPY = (
    "A traced value met a function outside of NumPy's ({error}), which takes its numbers apart. Expected functions of "
    "NumPy, such as np.linalg.solve for scipy.linalg.solve, or ufuncs of scipy.special; give others a derivative of "
    "their own with custom_derivative."
)
MISSING = (
    "A traced value was asked for {name!r}, which arrays of NumPy have: it speaks of the memory in which numbers lie, "
    "or changes them there. Expected what has a derivative, such as np.{name}(x) if there is such a function; for what "
    "belongs to the numbers alone, ask the array before it is passed to the function."
)
NUMBER_INDEXED = (
    "A traced number was indexed ({error}). Expected an array; for an axis of length 1, write np.reshape(x, 1) "
    "in place of x[None], and x itself for x[()] and x[...]."
)
# Words of Python, NumPy and SciPy, and ours for them.
_WORDS = {
    "unsupported data types in input": SPARSE,
    "no callable": MIXED,
    "unorderable types": MIXED,
    "dtype('O')": MIXED,
    "could not be safely coerced to any supported types": MIXED,
    "object arrays are not supported": NOT_NUMPY,
    "dtype object cannot be cast": NOT_NUMPY,
    "Unsupported dtype object": NOT_NUMPY,
    "factorial: object": NOT_NUMPY,
    "object is not subscriptable": NUMBER_INDEXED,
}
_NUMBERS = ("'Batched'", "'Dual'", "'Node'", "'RecordedNumber'", "'Series'", "'Pattern'")


@contextmanager
def in_words() -> Iterator[None]:
    """Raise our own error where a traced value made Python, NumPy or SciPy raise one that says too little."""
    try:
        yield
    except (TypeError, ValueError) as error:
        for theirs, ours in _WORDS.items():
            about_us = ours is not NUMBER_INDEXED or any(name in str(error) for name in _NUMBERS)
            if theirs in str(error) and about_us:
                raise NoRuleError(ours.format(error=error)) from error
        raise
    except AttributeError as error:
        if hasattr(error.obj, "owner") and hasattr(np.ndarray, error.name or ""):
            raise NoRuleError(MISSING.format(name=error.name)) from error
        if isinstance(error.obj, int | float) and isinstance(getattr(np, error.name or "", None), np.ufunc):
            raise NoRuleError(MIXED.format(error=error)) from error  # asked for beside a traced value in such an array
        raise
