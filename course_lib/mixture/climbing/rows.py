"""The rows that a start looks at: not all of them, if there are many."""

from collections.abc import Callable, Iterable

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.blocks import Block

START_ROWS = 20_000


def spread_rows(blocks: Callable[[], Iterable[Block]], n: int) -> tuple[Array, Array | None]:
    """Return at most START_ROWS rows that are spread evenly over the data, as float64, and their weights."""
    step = -(-n // START_ROWS)
    picked, weights, at = [], [], 0
    for rows, w in blocks():
        chosen = slice(-at % step, None, step)
        picked.append(np.asarray(rows[chosen], dtype=float))
        weights.append(None if w is None else w[chosen])
        at += len(rows)
    found = np.concatenate(picked) if len(picked) > 1 else picked[0]
    if all(w is None for w in weights):
        return found, None
    return found, np.concatenate([np.ones(len(p)) if w is None else w for p, w in zip(picked, weights, strict=True)])
