"""Rules of one's own: a derivative that the user knows, and a computation that is done twice to save memory.

`custom_derivative` is for functions that NumPy code cannot express, or whose derivative is known better than
the program's: an iteration that solves an equation, a table, a call of another library. `checkpoint` trades
time for memory: the tape keeps only the operands of a part of the program, and runs that part again when the
reverse sweep gets there.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 12, for checkpoints.
"""

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff.errors import ChangedInPlaceError, InputError, NoRuleError, SeedError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.selection import Selected, selected, unmasked
from course_lib.autodiff.overloading.sweeps import pushed
from course_lib.autodiff.overloading.watch import WatchTrace, unwatched, watched
from course_lib.autodiff.rules.forms import General, Rule
from course_lib.autodiff.structures import Leaves, is_structure, leaves_of, like, map_leaves
from course_lib.autodiff.traced import RECORDINGS, Traced
from course_lib.autodiff.transforms import vjp
from course_lib.autodiff.vmap import vmap

Line = Callable[..., Any]


class OwnRule(General):
    """A rule with lines for one tangent at a time."""

    foreign = True
    forward_many = Rule.forward_many

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Add up the forward lines that are there; they are a user's, and know no masks."""
        masked = next((t for t in tangents if isinstance(t, Selected)), None)
        if masked is None:
            return self.added_up(tangents, y, operands, parameters)
        try:
            return self.added_up(tangents, y, operands, parameters)
        except Exception:  # no NumPy code
            values = tuple(unmasked(t, masked.owner) if t is not None else None for t in tangents)
            found = self.forward(values, y, operands, parameters)
            none = all(np.all(t.dead) for t in tangents if isinstance(t, Selected))
            return selected(found, np.full(found.shape, none), masked.owner)

    def added_up(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Add up the forward lines."""
        total: Any = 0.0
        for k, t in enumerate(tangents):
            if t is None:
                continue
            if k >= len(self.forward_lines):
                raise NoRuleError(missing(self.name, "forward", k))
            term = differentiable(self.forward_lines[k](t, y, *operands, **parameters))
            total = total + fitting(term, np.shape(y), f"The forward line of {self.name}", "the result", k)
        return differentiable(total)

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the reverse line of operand k, if it is there."""
        if isinstance(g, Selected):
            try:
                return self.one(k, g, y, operands, parameters)
            except Exception:  # no NumPy code
                found = self.reverse(k, g.value, y, operands, parameters)
                return selected(found, np.broadcast_to(np.all(g.dead), found.shape), g.owner)
        return self.one(k, g, y, operands, parameters)

    def one(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the reverse line of operand k."""
        if k >= len(self.reverse_lines):
            raise NoRuleError(missing(self.name, "reverse", k))
        found = differentiable(self.reverse_lines[k](g, y, *operands, **parameters))
        return fitting(found, np.shape(operands[k]), f"The reverse line of {self.name}", "the argument", k)


def fitting(found: Any, shape: tuple[int, ...], line: str, whose: str, k: int) -> Any:
    """Return what a user's line returned, if it has the shape that it must have."""
    if found.shape != shape:
        raise SeedError(
            f"{line} for argument {k + 1} returned shape {found.shape}; expected {shape}, that of {whose}. Where the "
            "derivative is the same for all entries, multiply by np.ones; where an argument was spread, sum."
        )
    return found


def missing(name: str, mode: str, k: int) -> str:
    """Say which line of a rule is missing."""
    return (
        f"{name} was differentiated in {mode} mode with respect to argument {k + 1}, and its custom_derivative has no "
        f"line for that. Give {mode}= one function for each argument, as a tuple."
    )


def custom_derivative(
    function: Line, *, forward: Line | tuple[Line, ...] = (), reverse: Line | tuple[Line, ...] = ()
) -> Line:
    """Give a function a derivative of its own: one more entry in the table of rules.

    Parameters
    ----------
    function : callable
        Takes numbers or arrays by position, returns a number or an array. It is called with plain values and may
        do what it likes with them; traced values that it uses must be among them. Arguments by name are not
        differentiated.
    forward : callable or tuple of callables, one for each argument
        ``forward(t, y, *arguments)`` returns the tangent of the result y that the argument's tangent t causes.
    reverse : callable or tuple of callables, one for each argument
        ``reverse(g, y, *arguments)`` returns what the cotangent g of the result y contributes to the argument's
        cotangent. Both are written in NumPy if higher derivatives are wanted. One of them may be left out; its
        mode is then refused.

    Returns
    -------
    callable
        The function, on plain and on traced values.

    Raises
    ------
    InputError
        If the function uses a traced value that is not an argument, or was given one by name.
    NoRuleError
        (when differentiated) If the line for this mode or argument is missing.
    SeedError
        (when differentiated) If a forward line does not return the shape of the result, or a reverse line that of its
        argument.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 6.2.

    Examples
    --------
    >>> import math
    >>> from course_lib.autodiff import grad
    >>> erf = custom_derivative(
    ...     math.erf,
    ...     forward=lambda t, y, x: t * 2 / np.sqrt(np.pi) * np.exp(-x * x),
    ...     reverse=lambda g, y, x: g * 2 / np.sqrt(np.pi) * np.exp(-x * x),
    ... )
    >>> print(f"{grad(erf)(0.0):.6f} {grad(grad(erf))(1.0):.6f}")
    1.128379 -0.830215
    """
    lines = [line if isinstance(line, tuple) else (line,) for line in (forward, reverse)]
    name = getattr(function, "__name__", "function")
    rule = OwnRule(name, lambda *operands, **named: differentiable(function(*operands, **named)), *lines)

    @functools.wraps(function)
    def with_own_derivative(*operands: Any, **named: Any) -> Any:
        traced = [key for key, value in named.items() if isinstance(value, Traced)]
        if traced:
            raise InputError(
                f"{name} has a derivative of its own and was given traced values by name ({', '.join(traced)}), which "
                "are not differentiated. Give them by position, with a line for each."
            )
        return rule(*operands, **named)

    return with_own_derivative


class Checkpoint(Rule):
    """A part of a program as one operation; its derivative runs the part again."""

    foreign = True

    def __init__(self, function: Line, arguments: Any) -> None:
        super().__init__(f"checkpoint of {getattr(function, '__name__', 'function')}", self.run)
        self.function, self.arguments = function, arguments  # by position, and by name
        self.seen: int | None = None  # what the first run did
        self.moving = [is_moving(leaf) for leaf in leaves_of(arguments)]
        self.recorded = self.record
        self.over_rows = self.on_rows
        self.last: tuple[Any, list[Any]] | None = None
        self.result: Leaves | None = None  # how the result is built, if it is not one array
        self.shapes: list[tuple[int, ...]] = []

    def on_leaves(self, *leaves: Any) -> Any:
        """Call the function with its arguments built of these leaves; put the parts of a result into one vector."""
        given = iter(leaves)
        whole = [next(given) if m else x for m, x in zip(self.moving, leaves_of(self.arguments), strict=True)]
        arguments, named = like(self.arguments, whole)
        y = self.function(*arguments, **named)
        if not is_structure(y):
            return differentiable(y)
        parts = [differentiable(leaf) for leaf in leaves_of(y)]
        if not parts:
            raise InputError(f"{self.name} returned no array: {y!r}. Expected an array or a structure of arrays.")
        self.result = Leaves(map_leaves(lambda leaf: 0.0, y))
        self.shapes = [part.shape for part in parts]
        return np.concatenate([np.reshape(part, (-1,)) for part in parts])

    def apart(self, y: Any) -> Any:
        """Build the result of the one vector."""
        if self.result is None:
            return y
        ends = list(itertools.accumulate(math.prod(shape) for shape in self.shapes))
        parts = [y[end - math.prod(shape) : end] for end, shape in zip(ends, self.shapes, strict=True)]
        return self.result.filled(np.reshape(p, shape) for p, shape in zip(parts, self.shapes, strict=True))

    def run(self, *leaves: Any) -> Any:
        """Compute the value; nothing of it is kept."""
        y = self.watched(*leaves)
        if isinstance(y, Traced):
            self.refuse()
        return y

    def watched(self, *leaves: Any) -> Any:
        """Call the function, and compare what it does with what the first run did.

        A program that is recorded has copies of all constants; there a loop is one step, which cannot be watched.
        """
        if RECORDINGS.open and any(map(is_recorded, leaves)):
            return self.on_leaves(*leaves)
        trace = WatchTrace()
        try:
            y = unwatched(self.on_leaves(*[watched(leaf, trace) for leaf in leaves]), trace)
        finally:
            trace.close()
        if self.seen is None:
            self.seen = trace.seen
        elif self.seen != trace.seen:
            raise ChangedInPlaceError(
                f"{self.name} did something else when it was run again for its derivative: a constant that it uses was "
                "changed in place meanwhile, or it draws random numbers. Make a new array in place of changing one, "
                "draw random numbers outside, and pass both as arguments."
            )
        return y

    def record(self, program: Any, operands: tuple[Any, ...]) -> Any:
        """Let a program record what is inside: it plans its memory itself, and loops are done again for the sweep."""
        y = self.on_leaves(*map(program.own, operands))
        if isinstance(y, Traced) and y.owner is not program:
            self.refuse()
        return y

    def on_rows(self, values: tuple[Any, ...], mine: list[bool], size: int) -> Any:
        """Do the function on batches, as one operation again."""
        rows = vmap(self.on_leaves, in_axes=tuple(0 if own else None for own in mine))
        rows.__name__ = getattr(self.function, "__name__", "function")
        return checkpoint(rows)(*values)

    def refuse(self) -> NoReturn:
        """Say that the function uses what it was not given."""
        raise InputError(
            f"{self.name} uses a traced value that is not among its arguments, so running it again would not find "
            "its derivative. Pass that value as an argument."
        )

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Run the function again, with tangents."""
        seeds = tuple(np.zeros(np.shape(x)) if t is None else t for t, x in zip(tangents, operands, strict=True))
        return pushed(self.watched, tuple(map(differentiable, operands)), seeds, None)[1]

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Run the function again, with a tape; all operands get their cotangents from one sweep."""
        last = self.last  # of this thread or another
        if last is None or last[0] is not g:
            last = self.last = (g, list(vjp(self.watched, *operands)[1](g)))
        return last[1][k]


def is_recorded(value: Any) -> bool:
    """Say whether a value, under all levels, is one of a program that is recorded."""
    while isinstance(value, Traced) and value.concrete:
        value = value.value
    return isinstance(value, Traced)


def is_moving(leaf: Any) -> bool:
    """Say whether an argument is differentiated: a float, an array of floats or a traced value; no int, no text."""
    kind = getattr(leaf, "dtype", None)
    return isinstance(leaf, Traced | float) or (kind is not None and kind.kind in "fO")


def checkpoint(f: Line) -> Line:
    """Return f as a function that the tape does not look into: less memory, for running f twice.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays, and so its value. Whatever it computes with traced values
        must be among its arguments. Ints, texts and other arguments that are no floats are passed on.

    Returns
    -------
    callable
        Does what f does. The tape keeps the arguments only; the reverse sweep runs f again to get the rest. A block of
        steps of a `scan`, itself a scan, is checkpointed like any function: then one state a block is kept.

    Raises
    ------
    InputError
        If f returns no array, or uses a traced value that is not an argument.
    ChangedInPlaceError
        (by the reverse sweep) If f does something else when it is run again: an array that it uses besides its
        arguments was changed in place, or it draws random numbers.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 12.

    Examples
    --------
    >>> from course_lib.autodiff import grad
    >>> step = checkpoint(lambda x: np.sin(np.exp(x)) * x)
    >>> bool(np.isclose(grad(lambda x: step(step(x)))(0.5), grad(lambda x: step.__wrapped__(step.__wrapped__(x)))(0.5)))
    True
    """

    def checkpointed(*arguments: Any, **named: Any) -> Any:
        rule = Checkpoint(f, (arguments, named))
        return rule.apart(rule(*filter(is_moving, leaves_of((arguments, named)))))

    checkpointed.__wrapped__ = f  # type: ignore[attr-defined]
    return checkpointed
