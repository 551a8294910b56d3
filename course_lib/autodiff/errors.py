"""What can go wrong, each with a name: the errors of automatic differentiation.

A derivative that is silently wrong is worse than none. Wherever a program leaves what can be followed,
one of these errors says what was given, what was expected, and what to write instead. All of them are
an `AutodiffError`, so that one ``except`` catches them all. None of them is a TypeError or ValueError:
a program that tries ``float(x)`` and takes another branch on TypeError must not go on with a wrong value.
"""


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
