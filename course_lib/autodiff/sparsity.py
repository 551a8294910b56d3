"""Sparse Jacobians: many columns for the price of one.

If no row of J has an entry both in column j and in column k, one tangent with ones at j and k gives both columns
at once: every result shows at most one of them. So the columns are coloured, such that two that share a row have
different colours, and one sweep for each colour gives them all; a tridiagonal Jacobian of any size needs three.
Rows are treated likewise, by reverse sweeps, if that takes fewer colours.

Where entries can be is found by running f on *patterns*: instead of tangents, sets of variables travel through
the program. Zeros that arise by chance, as in x - x, count as entries: that costs time, never digits.

Curtis, Powell and Reid: On the estimation of sparse Jacobian matrices. IMA Journal of Applied Mathematics 13
(1974) 117-119. Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapters 7 and 8.
"""

import functools
import math
import threading
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.errors import ConcreteValueError, InputError, SeedError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.overloading.sweeps import Function, as_result, float_type, pulled, pushed
from course_lib.autodiff.rules.forms import Elementwise, JointlyLinear, Linear, Multilinear, Rule, aligned
from course_lib.autodiff.structures import is_structure
from course_lib.autodiff.traced import RECORDINGS, Trace, Traced, apply, plain, real
from course_lib.autodiff.transforms import vjp


class PatternTrace(Trace):
    """One run on patterns; beside each value stands, along a first axis, which variables it depends on."""

    __slots__ = ()

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Compute the value, and unite the variables that its operands depend on."""
        mine = [isinstance(x, Pattern) and x.owner is self for x in operands]
        values = tuple(x.value if own else x for x, own in zip(operands, mine, strict=True))
        found = tuple(x.depends if own else None for x, own in zip(operands, mine, strict=True))
        y = apply(rule, values, parameters)
        real(y, rule, self.level)
        return pattern(y, united(rule, found, y, values, parameters), self)


def united(rule: Rule, found: tuple[Any, ...], y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
    """Return which variables each entry of y depends on."""
    count = next(len(d) for d in found if d is not None)
    whole = (count, *y.shape)
    if isinstance(rule, Elementwise):
        sets = [aligned(d, np.shape(x), y.ndim) for d, x in zip(found, operands, strict=True) if d is not None]
        return np.broadcast_to(functools.reduce(np.logical_or, sets), whole)
    # The others move, add or multiply: done with ones and zeros, what is not zero depends.
    if isinstance(rule, Linear):
        return rule.forward_many(found, np.ones(y.shape), operands, parameters) != 0
    if isinstance(rule, JointlyLinear):
        known = (
            np.zeros((count, *np.shape(x)), bool) if d is None else d for d, x in zip(found, operands, strict=True)
        )
        return rule.forward_many(tuple(known), np.ones(y.shape), operands, parameters) != 0
    if isinstance(rule, Multilinear):
        ones = tuple(None if d is None else d.astype(float) for d in found)
        sizes = tuple(
            np.abs(plain(x)) if d is None else np.ones(np.shape(x)) for d, x in zip(found, operands, strict=True)
        )
        return rule.forward_many(ones, np.ones(y.shape), sizes, parameters) > 0
    anything = np.any([np.any(d.reshape(len(d), -1), axis=1) for d in found if d is not None], axis=0)
    return np.broadcast_to(anything.reshape(-1, *[1] * y.ndim), whole)


class Pattern(TracedNumber):
    """A traced value that knows the variables it depends on: a boolean array with one more, first, axis."""

    __slots__ = ("depends",)
    depends: Any


class PatternArray(Pattern, TracedArray):
    """A `Pattern` with at least one axis."""

    __slots__ = ("whole",)


def pattern(value: Any, depends: Any, trace: Trace) -> Any:
    """Return a traced value of the class that its number of axes asks for."""
    made: Any = object.__new__(PatternArray if value.ndim else Pattern)
    made.value, made.depends, made.owner = value, depends, trace
    return made


def detect(f: Function, x: Any) -> Any:
    """Return where the Jacobian of f can have entries: a boolean array of shape (y.size, x.size)."""
    trace = PatternTrace()
    try:
        y = as_result(f(pattern(x, np.eye(x.size, dtype=bool).reshape(x.size, *x.shape), trace)), trace)
    except ConcreteValueError as error:
        raise ConcreteValueError(
            f"sparsity='detect' runs f step by step, and f asked for a plain number there that is known in later runs "
            f"only, as the condition of a while_loop under jit does. Give the pattern as a boolean array. ({error})"
        ) from error
    finally:
        trace.close()
    if is_structure(y):
        raise InputError(
            f"f returned a {type(y).__name__}; a sparse Jacobian needs one array. Concatenate the results."
        )
    if not isinstance(y, Pattern):
        return np.zeros((np.size(y), x.size), bool)
    return y.depends.reshape(x.size, y.size).T


def colours(structure: Any) -> Any:
    """Return a colour 0, 1, ... for each column, such that columns that share a row have different ones.

    Columns are taken from the fullest to the emptiest; each gets the first colour that none of its neighbours has.
    """
    rows, columns = structure.shape
    colour = np.full(columns, -1)
    taken: list[Any] = []  # for each colour, the rows in which its columns have entries
    for j in np.argsort(-structure.sum(axis=0), kind="stable"):
        column = structure[:, j]
        number = next((i for i, occupied in enumerate(taken) if not np.any(occupied & column)), len(taken))
        if number == len(taken):
            taken.append(np.zeros(rows, bool))
        colour[j] = number
        taken[number] |= column
    return colour


class Colouring:
    """A pattern with its colours, computed once for many Jacobians.

    Row i of ``columns`` (of ``rows``) is the seed of colour i: it has a 1 at each column (row) of that colour.
    """

    def __init__(self, structure: Any) -> None:
        self.by_column, self.by_row = colours(structure), colours(structure.T)
        self.columns_and_trial, self.rows_and_trial = seeds_of(self.by_column), seeds_of(self.by_row)
        self.columns, self.rows = self.columns_and_trial[:-1], self.rows_and_trial[:-1]
        self.row, self.column = np.nonzero(structure)


def seeds_of(colour: Any) -> Any:
    """Return a row for each colour, at least one, with a 1 at the places of that colour; and one random row more."""
    count = max(np.max(colour, initial=-1) + 1, 1)
    trial = np.random.default_rng(len(colour)).normal(size=len(colour))
    return np.concatenate([colour == np.arange(count)[:, None], trial[None]])


_COLOURINGS: dict[tuple[tuple[int, ...], bytes], Colouring] = {}  # the last few, by pattern
KEPT = 8
_ONE_AT_A_TIME = threading.Lock()


def colouring(structure: Any) -> Colouring:
    """Return the colouring of a pattern, from before if it was among the last few."""
    key = (structure.shape, np.packbits(structure).tobytes())
    with _ONE_AT_A_TIME:
        if key not in _COLOURINGS:
            if len(_COLOURINGS) >= KEPT:
                del _COLOURINGS[next(iter(_COLOURINGS))]
            _COLOURINGS[key] = Colouring(structure)
        return _COLOURINGS[key]


def as_many(results: int, rows: int) -> None:
    """Refuse a pattern that has not a row for each result."""
    if results != rows:
        raise SeedError(f"The sparsity pattern has {rows} rows, and f has {results} results; expected as many.")


def pattern_given(sparsity: Any) -> Any:
    """Return a pattern as a boolean array; SciPy's sparse matrices are patterns too, with their stored entries."""
    if hasattr(sparsity, "tocoo"):
        entries = sparsity.tocoo()
        structure = np.zeros(entries.shape, bool)
        structure[entries.row, entries.col] = True
        return structure
    try:
        return np.asarray(sparsity, bool)
    except ValueError:
        raise InputError(f"The sparsity pattern is {sparsity!r}; expected a boolean array, or lists of rows.") from None


def compressed(f: Function, x: Any, sparsity: Any, check: bool = True) -> Any:
    """Return the Jacobian of f at x, of shape ``y.shape + x.shape``, by one sweep for each colour.

    A pattern that was given is checked by one more sweep, unless that is not wanted.
    """
    x = differentiable(x)
    structure = detect(f, x) if isinstance(sparsity, str) else pattern_given(sparsity)
    if structure.shape[1:] != (x.size,) and structure.shape[structure.ndim - x.ndim :] != x.shape:
        raise SeedError(
            f"The sparsity pattern has shape {structure.shape}; expected (y.size, x.size) or y.shape + x.shape, "
            f"with x of shape {x.shape}."
        )
    structure = structure.reshape(structure.size // max(x.size, 1) if structure.size else len(structure), x.size)
    found = colouring(structure)
    row, column = found.row, found.column
    tried = check and not isinstance(sparsity, str)  # one more seed, along a random direction
    if tried and RECORDINGS.open and isinstance(x, Traced):  # but not in each run
        for row_of_batch in in_rows(x):
            compressed(f, row_of_batch, sparsity)
        tried = False
    if len(structure) and len(found.rows) < len(found.columns):
        count = len(found.rows) + tried
        y, pullback = vjp(f, x)
        as_many(np.size(y), len(structure))
        seeds = found.rows_and_trial[:count].reshape(count, *np.shape(y)).astype(float_type(y), copy=False)
        (sums,) = pulled(pullback, y, [seeds], count)
        sums = np.reshape(sums, (count, -1))
        entries = sums[found.by_row[row], column]
        if tried:
            compare(entries, row, column, found.rows_and_trial[-1], sums[-1], "column")
    else:
        count = len(found.columns) + tried
        tangents = found.columns_and_trial[:count].reshape(count, *x.shape).astype(x.dtype, copy=False)
        y, sums = pushed(f, (x,), (tangents,), count)
        as_many(np.size(y), len(structure))
        sums = np.reshape(sums, (count, -1))
        entries = sums[found.by_column[column], row]
        if tried:
            compare(entries, column, row, found.columns_and_trial[-1], sums[-1], "row")
    J = rules.put(entries, index=(row, column), shape=structure.shape)
    return np.reshape(J, np.shape(y) + x.shape)


def compare(entries: Any, summed: Any, kept: Any, direction: Any, along: Any, what: str) -> None:
    """Refuse entries whose sum along a random direction is not the derivative: some were missing in the pattern."""
    count = along.shape[-1]
    entries, along = in_rows(entries), in_rows(along)
    for terms, there in zip(entries * direction[summed], along, strict=True):
        expected, size = (np.bincount(kept, one, count) for one in (terms, np.abs(terms)))
        with np.errstate(invalid="ignore"):
            error = np.abs(expected - there)
            wrong = np.flatnonzero(error > (1e-6 if entries.dtype == float else 1e-2) * (size + np.abs(there)))
        if wrong.size:
            raise SeedError(
                "The sparsity pattern has no place for some entries of the Jacobian, among others in "
                f"{what} {wrong[0]}: along a random direction the derivative there is {there[wrong[0]]:.6g}, and the "
                f"entries of the pattern give {expected[wrong[0]]:.6g}. Complete the pattern, or use sparsity='detect'."
            )


def in_rows(value: Any) -> Any:
    """Return the plain numbers of a traced value, also where `jit` records: a row, or one for each of a batch."""
    shape = value.shape
    while isinstance(value, Traced):
        value = value.value
    return np.reshape(value, (math.prod(value.shape[: value.ndim - len(shape)]), *shape))
