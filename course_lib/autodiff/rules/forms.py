"""The forms that a rule can take, from the one that says least to the one that says most.

*Elementwise*: y_i = f(a_i, b_i, ...). The partial derivatives are all there is to say.
*Linear*: f(x + x') = f(x) + f(x'). The derivative is f itself; reverse mode needs its transpose.
*Multilinear*: linear in each operand, such as a matrix product. One transpose for each operand.
*General*: a forward line, tangent in and tangent out, and a reverse line, cotangent in and out.
*Composed*: nothing to say: written with other operations, whose rules do the rest.

Each form can do two things. ``forward`` carries tangents of the operands to the tangent of the result.
``reverse`` carries the cotangent g of the result to that of operand k. Both are written in NumPy, so
they can themselves be traced, and differentiated again. A stack of many tangents has them along its
*first* axis: NumPy broadcasts from the last, and so most rules need not know that there are many.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course_lib.autodiff.rules.broadcasting import TRUTH, aligned, precise, product, summed_to
from course_lib.autodiff.traced import Traced, apply, carrying, plain

Line = Callable[..., Any]

# NumPy's function -> our function of the same arguments, which does it by rules.
HANDLERS: dict[Any, Callable[..., Any]] = {}
# NumPy's function -> its rule, where nothing need be said about arguments.
UFUNCS: dict[Any, "Rule"] = {}
# Functions whose derivative is zero or has no meaning: done on the plain values.
BY_VALUE: set[Any] = set()


class Rule:
    """One entry of the table. Called like a function, it does its operation on plain or traced operands."""

    needs_values = True  # whether the derivative reads the operands, or only their shapes
    scalar = False  # whether the derivative at a number is a product of numbers
    costly = False  # whether it pays to see if a cotangent is zero
    selects = False  # whether a partial that is 0 says what was not chosen
    linear_first = False  # whether it is linear in its first operand, though it has lines
    makes_new = False  # whether `reverse` returns new memory, which the sweep may add to in place
    foreign = False  # whether its lines are a user's, who may keep or return any array
    together = False  # whether all operands' tangents, or cotangents, are best computed in one go
    partials: tuple[Any, ...] = ()
    recorded: Line | None = None  # how a program records it, if not as one step
    over_rows: Line | None = None  # how `vmap` does it, if not by its form
    stacks = False  # whether its value takes further axes before those of all operands

    def __init__(self, name: str, value: Line) -> None:
        self.name, self.value = name, value

    def __call__(self, *operands: Any, **parameters: Any) -> Any:
        """Do the operation."""
        return apply(self, operands, parameters)

    def __repr__(self) -> str:
        return f"<rule {self.name}>"

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Return the tangent of y from those of the operands; None stands for a constant's."""
        raise NotImplementedError

    def forward_many(
        self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Any:
        """Carry stacks of tangents; where a rule has no better way, one after the other."""
        count = next(len(t) for t in tangents if t is not None)
        each = [tuple(None if t is None else t[i] for t in tangents) for i in range(count)]
        return np.stack([self.forward(one, y, operands, parameters) for one in each])

    def saved(self, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        """Return of result and operands what `reverse` reads, where the operands without a source are constants."""
        return (y, operands) if self.needs_values else (None, tuple([shape_of(x) for x in operands]))

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Return what the cotangent g of y contributes to the cotangent of operand k."""
        raise NotImplementedError

    def push(
        self, tangents: tuple[Any, ...], operands: tuple[Any, ...], parameters: dict[str, Any], many: bool
    ) -> tuple[Any, Any]:
        """Return value and tangent together; for rules that say so by ``together``."""
        y = self(*operands, **parameters)
        return y, (self.forward_many if many else self.forward)(tangents, y, operands, parameters)

    def reverse_all(
        self, g: Any, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Iterable[Any]:
        """Return what g contributes to each operand that has a source; for rules that say so by ``together``."""
        return [None if s is None else self.reverse(k, g, y, operands, parameters) for k, s in enumerate(sources)]

    def add_into(self, cotangent: Any, g: Any, parameters: dict[str, Any]) -> bool:
        """Add what `reverse` would return to an array in place, if that is cheaper; say whether it was done."""
        return False


class Shape:
    """All that is kept of an operand of which only the shape matters."""

    __slots__ = ("ndim", "shape")

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.ndim = shape, len(shape)


_shape = functools.lru_cache(Shape)  # a program has few of them


def shape_of(x: Any) -> Any:
    """Return all that is kept of x; a number is kept itself."""
    if type(x) is np.ndarray:
        return _shape(x.shape)
    return x if isinstance(x, int | float) else _shape(np.shape(x))


class Unread:
    """Stands for an operand that a formula does not read: whatever is done with it raises TypeError."""

    __array_ufunc__ = None

    def __bool__(self) -> bool:
        raise TypeError

    def __eq__(self, other: object) -> bool:
        raise TypeError

    __hash__ = None  # type: ignore[assignment]


def reads(formula: Any, place: int, count: int) -> bool:
    """Say whether a partial reads one of its arguments, by calling it without."""
    if not callable(formula):
        return False
    arguments: list[Any] = [np.float64(2.0)] * count
    arguments[place] = Unread()
    try:
        with np.errstate(all="ignore"):
            return isinstance(formula(*arguments), Unread)
    except TypeError:
        return True


class Elementwise(Rule):
    """y_i = f(a_i, b_i, ...), with broadcasting; a partial is a constant, or a function of operands and result."""

    def __init__(self, name: str, value: Line, partials: tuple[Any, ...]) -> None:
        super().__init__(name, value)
        self.partials = partials
        self.needs_values = any(map(callable, partials))
        self.needed: dict[Any, tuple[bool, ...]] = {}  # by which operands are constants
        self.scalar = value is not np.where

    def partial(self, k: int, operands: tuple[Any, ...], y: Any) -> Any:
        """Return dy/d(operand k), as an array that broadcasts with y or a number."""
        partial = self.partials[k]
        if not callable(partial):
            return partial
        try:
            return partial(*precise(operands, y), y)
        except ZeroDivisionError:  # of numbers of Python's; with NumPy's, 1 / 0 is inf
            return partial(*[np.float64(x) if isinstance(x, int | float) else x for x in operands], y)
        except TypeError:  # truth values, which NumPy neither subtracts nor negates
            if not any(getattr(x, "dtype", None) == TRUTH for x in operands):
                raise
            return partial(*[x.astype(float) if getattr(x, "dtype", None) == TRUTH else x for x in operands], y)

    def saved(self, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        """Return what the partials of those operands read that are no constants."""
        if not self.needs_values:
            return super().saved(y, operands, sources)
        constants = tuple([source is None for source in sources])
        needed = self.needed.get(constants)
        if needed is None:
            partials = [p for p, constant in zip(self.partials, constants, strict=True) if not constant]
            count = len(constants) + 1
            needed = tuple([any(reads(p, place, count) for p in partials) for place in range(count)])
            self.needed[constants] = needed
        operands = precise(operands, y)
        return y if needed[-1] else None, tuple([x if n else shape_of(x) for x, n in zip(operands, needed)])  # noqa: B905

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Add up partial times tangent over the operands."""
        total: Any = None
        for k, t in enumerate(tangents):
            if t is not None:
                term = self.times(t, self.partial(k, operands, y))
                total = term if total is None else total + term
        return total if np.shape(total) == y.shape else np.broadcast_to(total, y.shape)

    def forward_many(
        self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Any:
        """Do the same with stacks, whose tangents must stand beside y's axes."""
        total: Any = None
        for k, t in enumerate(tangents):
            if t is not None:
                term = self.times(aligned(t, np.shape(operands[k]), y.ndim), self.partial(k, operands, y))
                total = term if total is None else total + term
        whole = (total.shape[0], *y.shape)
        return total if total.shape == whole else np.broadcast_to(total, whole)

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Return partial times cotangent, summed over the axes along which the operand was broadcast."""
        partial = self.partial(k, operands, y)
        if isinstance(partial, int | float):  # a number costs less where the cotangent is small
            return product(summed_to(operands[k].shape, g), partial)
        return summed_to(operands[k].shape, self.times(g, partial))

    def times(self, g: Any, partial: Any) -> Any:
        """Multiply by a partial; if it is that of a choice, a zero of it says what was not chosen."""
        if self.selects and carrying():
            return np.where(partial != 0, product(g, partial), 0.0)
        return product(g, partial)


class Squared(Elementwise):
    """The square. The 2 of its partial goes to the cotangent, which a sum spreads from fewer numbers."""

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Return (2 g) x for arrays."""
        if type(g) is np.ndarray and type(operands[0]) is np.ndarray:
            return product(product(g, 2), operands[0])
        return super().reverse(k, g, y, operands, parameters)


class Linear(Rule):
    """y = L x: forward mode applies L to the tangent, reverse mode its transpose to the cotangent.

    ``many`` applies L to a stack of tangents; True says that L itself leaves a first axis alone.
    """

    needs_values = False

    def __init__(self, name: str, value: Line, transpose: Line, many: Line | bool) -> None:
        super().__init__(name, value)
        self.transpose = transpose
        self.many = self if many is True else many

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the function itself to the tangent."""
        return self(tangents[0], **parameters)

    def forward_many(
        self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Any:
        """Apply it to the whole stack, if it can."""
        if callable(self.many):
            return self.many(tangents[0], **parameters)
        return super().forward_many(tangents, y, operands, parameters)

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the transpose to the cotangent."""
        return self.transpose(g, operands[0], **parameters)


class Multilinear(Rule):
    """Linear in each operand: the tangent takes the operand's place; ``transposes(k, g, *operands)`` goes back."""

    def __init__(self, name: str, value: Line, transposes: Line, many: Line | None) -> None:
        super().__init__(name, value)
        self.transposes, self.many = transposes, many

    def saved(self, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        """Return the operands: no transpose reads the result."""
        return None, operands

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Add up the function with each tangent in the place of its operand."""
        total: Any = None
        for k, t in enumerate(tangents):
            if t is not None:
                term = self(*operands[:k], t, *operands[k + 1 :], **parameters)
                total = term if total is None else total + term
        return total

    def forward_many(
        self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Any:
        """Do the same with stacks."""
        if self.many is None:
            return super().forward_many(tangents, y, operands, parameters)
        total: Any = None
        for k, t in enumerate(tangents):
            if t is not None:
                term = self.many(k, t, *operands, **parameters)
                total = term if total is None else total + term
        return total

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the transpose with respect to operand k."""
        return self.transposes(k, g, *operands, **parameters)


class General(Rule):
    """A forward line and a reverse line for each operand, both functions of (t or g, y, operands)."""

    share: Line | None = None  # of a choice among the operand's entries: what each has in the result

    def __init__(self, name: str, value: Line, forward: tuple[Line, ...], reverse: tuple[Line, ...]) -> None:
        super().__init__(name, value)
        self.forward_lines, self.reverse_lines = forward, reverse
        self.constants = {k for k, line in enumerate(reverse) if line is None}

    def __call__(self, *operands: Any, **parameters: Any) -> Any:
        """Do the operation; an operand without lines counts by its value, also where a loop is done again."""
        if self.constants:
            operands = tuple([plain(x) if k in self.constants else x for k, x in enumerate(operands)])
        return apply(self, operands, parameters)

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Add up the forward lines."""
        total: Any = None
        if self.share is not None and carrying():
            chosen = self.share(operands[0], y, **parameters) != 0
            tangents = tuple(None if t is None else np.where(chosen, t, 0.0) for t in tangents)
        for line, t in zip(self.forward_lines, tangents, strict=True):
            if t is not None:
                term = line(t, y, *operands, **parameters)
                total = term if total is None else total + term
        return total

    # Lines of this form are written for any number of leading axes.
    forward_many = forward

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the reverse line of operand k."""
        found = self.reverse_lines[k](g, y, *operands, **parameters)
        if self.share is not None and carrying():
            return np.where(self.share(operands[0], y, **parameters) != 0, found, 0.0)
        return found


def zeros_for(x: Any, *count: int) -> Any:
    """Return the tangent of a constant, or a stack of so many: of its type, since the result's is made of all."""
    return np.zeros((*count, *np.shape(x)), getattr(x, "dtype", float))


class JointlyLinear(Rule):
    """y = L(a, b, ...), linear in all operands together, such as their concatenation: no tangent counts as zero."""

    needs_values = False

    def __init__(self, name: str, value: Line, transposes: Line) -> None:
        super().__init__(name, value)
        self.transposes = transposes

    def forward(self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the function to all tangents together."""
        all_there = (zeros_for(x) if t is None else t for t, x in zip(tangents, operands, strict=True))
        return self(*all_there, **parameters)

    def forward_many(
        self, tangents: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Any:
        """Apply it to all stacks together."""
        count = next(len(t) for t in tangents if t is not None)
        all_there = (zeros_for(x, count) if t is None else t for t, x in zip(tangents, operands, strict=True))
        return self(*all_there, **parameters)

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Apply the transpose with respect to operand k."""
        return self.transposes(k, g, *operands, **parameters)


class Joined(JointlyLinear):
    """Arrays put together; the cotangents of all are cut out at once, since there may be thousands of them."""

    together = True

    def __init__(self, name: str, value: Line, transposes: Line, together: Line) -> None:
        super().__init__(name, value, transposes)
        self.apart = together

    def reverse_all(
        self, g: Any, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Iterable[Any]:
        """Cut g apart."""
        return self.apart(g, operands, **parameters)


def elementwise(ufunc: Any, *partials: Any) -> Elementwise:
    """Enter an elementwise function: its partials, one for each operand, as functions of operands and result."""
    rule = Elementwise(ufunc.__name__, ufunc, partials)
    UFUNCS[ufunc] = rule
    return rule


def linear(name: str, value: Line, transpose: Line, many: Line | bool = False) -> Linear:
    """Enter a linear function of one operand: its value and its transpose, a function of (g, x, parameters)."""
    return Linear(name, value, transpose, many)


def multilinear(name: str, value: Line, transposes: Line, many: Line | None = None) -> Multilinear:
    """Enter a product: its value, and its transposes as one function of (k, g, operands)."""
    rule = Multilinear(name, value, transposes, many)
    if isinstance(value, np.ufunc):
        UFUNCS[value] = rule
    return rule


def general(
    name: str, value: Line, forward: Line | tuple[Any, ...], reverse: Line | tuple[Any, ...], costly: bool = False
) -> General:
    """Enter any other function: a forward and a reverse line for each operand, None for one never differentiated."""
    lines = [line if isinstance(line, tuple) else (line,) for line in (forward, reverse)]
    rule = General(name, value, *lines)
    rule.costly = costly
    return rule


class Constant(Rule):
    """An operation whose derivative is zero wherever it exists: done on what is under all levels, as often as it is."""

    def __call__(self, *operands: Any, **parameters: Any) -> Any:
        """Do the operation on the values."""
        return apply(self, tuple(map(plain, operands)), parameters)


class Held(Constant):
    """The value as a constant.

    Where derivatives are taken while the program runs, nothing need be remembered. The step of a loop is recorded
    first and differentiated afterwards: there it is a step of its own, and whoever does it again holds its operand.
    """

    def __init__(self, name: str, value: Line) -> None:
        super().__init__(name, value)
        self.recorded = self.record
        self.over_rows = self.on_rows

    def __call__(self, x: Any) -> Any:
        """Return the value of x under all levels, as an operation if it is recorded."""
        x = plain(x)
        return super().__call__(x) if isinstance(x, Traced) else x

    def record(self, program: Any, operands: tuple[Any, ...]) -> Any:
        """Append a step to a program that is differentiated after it was recorded; truth values and ints need none."""
        x = program.own(operands[0])
        if not program.differentiated_later or x.dtype.kind != "f":
            return x
        return program.append(self, (program.source(x),), {}, self.value(x.value))

    def on_rows(self, values: tuple[Any, ...], mine: list[bool], size: int) -> Any:
        """Hold all rows."""
        return self(values[0])


def handles(*functions: Any) -> Callable[[Line], Line]:
    """Say which NumPy functions, called with the same arguments, are written so by the rules."""

    def enter(ours: Line) -> Line:
        for function in functions:
            HANDLERS[function] = ours
        return ours

    return enter


def full_name(function: Any) -> str:
    """Return a NumPy function's name as one writes it, such as numpy.linalg.inv or numpy.add.reduce."""
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return f"numpy.{function.__self__.__name__}.{function.__name__}"
    if isinstance(function, np.ufunc) and getattr(np, function.__name__, None) is not function:
        return function.__name__  # of another library, which a ufunc does not tell
    return f"{getattr(function, '__module__', None) or 'numpy'}.{function.__name__}"
