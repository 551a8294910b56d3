"""Data that come block by block: read anew at each pass, checked at the first, and at the others known again.

EM needs many passes, and its likelihood is that of one data set. What comes at the second pass must be what came at the
first: as many rows, the same weights, the same numbers. A source that draws at random, or a file that still grows,
would give a mixture of something that never was. So each pass is counted, and one that differs is refused.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from course_lib.mixture.arguments import finite, finite_or_missing, real_array
from course_lib.mixture.estimator import ChangedDataError, checked_weights
from course_lib.mixture.one_pass.blocks import Block

ROUNDING = 1e-9  # of a sum: the same rows may come in other blocks, and be added in another order


class Pass(NamedTuple):
    """What one pass over the data has given: rows, columns, and the sums of the weights and of all squares."""

    rows: int
    columns: int
    weight: float
    squares: float

    def refuse_other(self, other: "Pass") -> None:
        """Raise ChangedDataError unless another pass has given the same."""
        for now, before, said in (
            (other.columns, self.columns, "{} columns"),
            (other.rows, self.rows, "{} rows"),
            (other.weight, self.weight, "rows of the total weight {}"),
            (other.squares, self.squares, "entries whose squares sum to {}"),
        ):
            if not (now == before or abs(now - before) <= ROUNDING * abs(before)):
                raise ChangedDataError(
                    f"The blocks gave {said.format(before)} at the first pass and {said.format(now)} at a later one; "
                    "expected the same data at each pass. Give random rows a fixed seed, and read a file that does "
                    "not change."
                )


def reader(blocks: Iterable[Any] | Callable[[], Iterable[Any]]) -> Callable[[], Iterator[Block]]:
    """Return a function that begins a pass over the blocks: arrays (b, d) of numbers, and their weights (b,) or None.

    A pass raises ChangedDataError where it does not give the same data as the first one that came to its end.

    Raises
    ------
    TypeError
        If the iterable can be read only once, as a generator can.
    """
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
    first: list[Pass] = []

    def read() -> Iterator[Block]:
        seen = Pass(0, 0, 0.0, 0.0)
        for block in blocks() if callable(blocks) else blocks:
            weighted = isinstance(block, tuple) and len(block) == 2 and np.ndim(block[0]) == 2
            given, said = block if weighted else (block, None)  # a tuple of two rows is a block of two rows
            X = real_array(given, "a block")
            w = None if said is None else np.asarray(real_array(said, "a block's sample_weight"), dtype=float)
            if X.size:
                seen = _with(seen, X, w)
                if first:
                    first[0].refuse_other(first[0]._replace(columns=seen.columns))
            yield X, w
        if first:
            first[0].refuse_other(seen if seen.rows else seen._replace(columns=first[0].columns))
        else:
            first.append(seen)

    return read


def _with(seen: Pass, X: np.ndarray, w: np.ndarray | None) -> Pass:
    """Return a pass with one block more; a missing entry counts as 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        squares = float(np.einsum("i,i->", X.ravel(), X.ravel(), dtype=float))
        if np.isnan(squares):
            squares = float(np.nansum(np.square(X, dtype=float)))
    weight = len(X) if w is None else float(w.sum())
    return Pass(seen.rows + len(X), X.shape[-1], seen.weight + weight, seen.squares + squares)


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
            raise ValueError(f"Block {number} has shape {rows.shape}; expected (b, {width or 'd'}).")
        width = rows.shape[1]
        (finite_or_missing if missing_allowed else finite)(rows, f"Block {number}")
        if w is not None:
            checked_weights(w, len(rows), f"sample_weight of block {number}")
        if len(rows):
            yield rows, w
