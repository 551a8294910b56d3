"""Data that come block by block: read anew at each pass, checked at the first, and at the others known again.

EM needs many passes, and its likelihood is that of one data set. What comes at the second pass must be what came at the
first: as many rows, the same weights, the same numbers. A source that draws at random, or a file that still grows,
would give a mixture of something that never was. So each pass is counted, and one that differs is refused.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from course_lib.mixture.arguments import LEAST_SQUARES, MARGINALISE, finite, finite_or_missing, real_array
from course_lib.mixture.covariances import Array
from course_lib.mixture.estimator import ChangedDataError, checked_weights, column_names
from course_lib.mixture.one_pass.blocks import Block

ROUNDING = 1e-9  # of a sum: the same rows may come in other blocks, and be added in another order
ROWS = 8192  # that are summed at once


class Pass(NamedTuple):
    """What one pass over the data has given: rows, columns, and sums over the rows, each as often as it counts.

    The sums are of the weights; of each column and of its squares, shape (d,), about the origin (d,), which is the
    first row, so that an offset costs no digit; and of the cubes of one combination (d,) of the columns. Columns that
    have changed places, or of which one was shuffled, change the cubes, if nothing else.
    """

    origin: Array
    combination: Array
    sums: Array
    squares: Array
    rows: int = 0
    columns: int = 0
    weight: float = 0.0
    cubes: float = 0.0

    @classmethod
    def beginning_with(cls, X: np.ndarray) -> "Pass":
        """Return a pass that has given nothing yet; its sums will be in the units of these rows (b, d)."""
        origin = np.where(np.isfinite(X[0]), X[0], 0.0).astype(float)
        with np.errstate(over="ignore", invalid="ignore"):
            apart = np.abs(np.nan_to_num(X[:ROWS] - origin)).max(axis=0)
        units = np.where((apart > LEAST_SQUARES) & np.isfinite(apart), apart, 1.0)
        return cls(origin, np.cos(np.arange(1, len(origin) + 1)) / units, 0 * origin, 0 * origin)

    def anew(self) -> "Pass":
        """Return a pass that has given nothing yet, whose sums will be comparable with those of this one."""
        return Pass(self.origin, self.combination, 0 * self.origin, 0 * self.origin)

    def with_block(self, X: np.ndarray, w: np.ndarray | None) -> "Pass":
        """Return the pass with one block (b, d) more; a missing entry counts as the origin."""
        with np.errstate(over="ignore"):
            weight = self.weight + (len(X) if w is None else float(w.sum()))
        seen = self._replace(rows=self.rows + len(X), columns=X.shape[-1], weight=weight)
        if X.shape[1:] != self.origin.shape or (w is not None and w.shape != X.shape[:1]):
            return seen  # it has no right shape, which is said where blocks are checked, or compared
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            origins = np.tile(self.origin, min(ROWS, len(X)))  # NumPy takes short rows away one by one, slowly
            for start in range(0, len(X), ROWS):
                rows = X[start : start + ROWS]
                rows = (rows.reshape(-1) - origins[: rows.size]).reshape(rows.shape)
                counts = np.ones(len(rows)) if w is None else w[start : start + ROWS]
                sums = counts @ rows
                if np.isnan(sums).any():
                    rows[np.isnan(rows)] = 0.0
                    sums = counts @ rows
                along = rows @ self.combination
                cubes = seen.cubes + float((counts * along) @ (along * np.abs(along)))
                squares = seen.squares + counts @ np.square(rows, out=rows)
                seen = seen._replace(sums=seen.sums + sums, squares=squares, cubes=cubes)
        return seen

    def refuse_other(self, other: "Pass") -> None:
        """Raise ChangedDataError unless another pass has given the same."""
        for now, before, said in (
            (other.columns, self.columns, "{} columns"),
            (other.rows, self.rows, "{} rows"),
            (other.weight, self.weight, "rows of the total weight {}"),
        ):
            if not _same(now, before, before):
                raise _changed(said.format(before), said.format(now))
        with np.errstate(over="ignore"):
            widths = np.sqrt(self.weight) * np.sqrt(self.squares)  # sums of distances are no larger
        same = _same(other.sums, self.sums, widths) & _same(other.squares, self.squares, self.squares)
        if not same.all():
            j = int(np.argmin(same))
            raise _changed(*(f"a column {j} with {one.moments(j)}" for one in (self, other)))
        if not _same(other.cubes, self.cubes, self.cubes):
            said = "rows with the check sum {}"
            raise _changed(said.format(self.cubes), said.format(other.cubes))

    def moments(self, j: int) -> str:
        """Return the mean and the standard deviation of a column in words."""
        mean = self.sums[j] / self.weight
        width = np.sqrt(max(self.squares[j] / self.weight - mean**2, 0.0))
        return f"the mean {self.origin[j] + mean:.9g} and the standard deviation {width:.9g}"


def _same(now: Any, before: Any, size: Any) -> Any:
    """Return whether sums of numbers of this size are equal but for rounding."""
    with np.errstate(invalid="ignore"):
        return (now == before) | (np.abs(np.subtract(now, before)) <= ROUNDING * np.abs(size))


def _changed(before: str, now: str) -> ChangedDataError:
    return ChangedDataError(
        f"The blocks gave {before} at the first pass and {now} at a later one; expected the same data at each pass. "
        "Give random rows a fixed seed, and read a file that does not change."
    )


class Reader:
    """Begins a pass over the blocks when it is called: arrays (b, d) of numbers, and their weights (b,) or None.

    A pass raises ChangedDataError where it does not give the same data as the first one that came to its end, and
    ValueError where two blocks are tables whose columns have other names or another order.

    Attributes
    ----------
    names : ndarray of str, or None
        The columns' names, from the first block that has any.

    Raises
    ------
    TypeError
        If the iterable can be read only once, as a generator can.
    """

    def __init__(self, blocks: Iterable[Any] | Callable[[], Iterable[Any]]):
        if not callable(blocks) and not isinstance(blocks, Iterable):
            raise TypeError(
                f"blocks is a {type(blocks).__name__}; expected arrays of rows: a list of them, or a function that "
                "begins to read them anew."
            )
        if not callable(blocks) and iter(blocks) is blocks:
            raise TypeError(
                f"blocks is a {type(blocks).__name__} that can be read only once; expected an iterable that begins "
                "anew at each pass. Give the function that makes it, or a list."
            )
        self.names: np.ndarray | None = None
        self._blocks = blocks
        self._first: Pass | None = None

    def __call__(self) -> Iterator[Block]:
        """Begin a pass."""
        first = self._first
        seen = first.anew() if first else None
        for number, block in enumerate(self._blocks() if callable(self._blocks) else self._blocks):
            weighted = isinstance(block, tuple) and len(block) == 2 and np.ndim(block[0]) == 2
            given, said = block if weighted else (block, None)  # a tuple of two rows is a block of two rows
            self._compare_names(column_names(given), number)
            X = real_array(given, "a block")
            w = None if said is None else np.asarray(real_array(said, "a block's sample_weight"), dtype=float)
            if X.ndim and X.size:
                seen = (seen or Pass.beginning_with(X.reshape(-1, X.shape[-1]))).with_block(X, w)
                if first:
                    first.refuse_other(first._replace(columns=seen.columns))
            yield X, w
        if first and seen:
            first.refuse_other(seen if seen.rows else seen._replace(columns=first.columns))
        elif seen:
            self._first = seen

    def _compare_names(self, names: np.ndarray | None, number: int) -> None:
        if self.names is None:
            self.names = names
        elif names is not None and names.tolist() != self.names.tolist():
            raise ValueError(
                f"Block {number} has the columns {names.tolist()}; expected {self.names.tolist()}, as before. Write "
                "block[names] with the same names for each block."
            )


def checked(blocks: Iterable[Block], missing_allowed: bool) -> Iterator[Block]:
    """Yield the blocks that have rows, each of them checked.

    Raises
    ------
    ValueError
        If one has another shape than the first, or holds what is not a number: it is named.
    """
    width = None
    for number, (rows, w) in enumerate(blocks):
        if rows.ndim != 2 or rows.shape[1] != (width or rows.shape[1]):
            said = f"Block {number} has shape {rows.shape}; expected (b, {width or 'd'})."
            raise ValueError(
                said
                + (
                    " If this is a row, and its array is all the data, call fit."
                    if rows.ndim == 1 and rows.size
                    else ""
                )
            )
        width = rows.shape[1]
        if missing_allowed:
            finite_or_missing(rows, f"Block {number}")
        else:
            finite(rows, f"Block {number}", MARGINALISE)
        if w is not None:
            checked_weights(w, len(rows), f"sample_weight of block {number}")
        if len(rows):
            yield rows, w
