"""Data that come block by block: read anew at each pass, and checked at the first."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from course_lib.mixture.arguments import finite, finite_or_missing, real_array
from course_lib.mixture.estimator import checked_weights
from course_lib.mixture.one_pass.blocks import Block


def reader(blocks: Iterable[Any] | Callable[[], Iterable[Any]]) -> Callable[[], Iterator[Block]]:
    """Return a function that begins a pass over the blocks: arrays (b, d) of numbers, and their weights (b,) or None.

    Raises
    ------
    TypeError
        If the iterable can be read only once, as a generator can.
    """
    if not callable(blocks) and iter(blocks) is blocks:
        raise TypeError(
            f"blocks is a {type(blocks).__name__} that can be read only once; expected an iterable that begins "
            "anew at each pass. Give the function that makes it, or a list."
        )

    def read() -> Iterator[Block]:
        for block in blocks() if callable(blocks) else blocks:
            weighted = isinstance(block, tuple) and len(block) == 2 and np.ndim(block[0]) == 2
            X, w = block if weighted else (block, None)  # a tuple of two rows is a block of two rows
            yield real_array(X, "a block"), None if w is None else np.asarray(w, dtype=float)

    return read


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
