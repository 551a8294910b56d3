"""What is known of the data before the first E step: how many, where, how wide.

One pass over blocks of rows. The mean and the scatter of a block are taken about the block's own mean, and
merged by the formula for the scatter of two groups, so that an offset of 1e8 costs no digits (Chan, Golub
and LeVeque: Algorithms for computing the sample variance. The American Statistician 37 (1983) 242-247).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from course_lib.mixture.arguments import refuse_overflow, refuse_underflow
from course_lib.mixture.covariances import MATRICES, Array
from course_lib.mixture.one_pass.blocks import Block, Sweeps, split

ROWS = 8192  # of a block that is looked at: what is needed beside the data does not grow with them
SIDE_BY_SIDE = 256  # numbers that are compared with as many others at once


class Survey(NamedTuple):
    """Number of rows, of those with a weight, total weight, mean (d,), scatter about it, smallest, largest (d,).

    The scatter is the matrix (d, d) of sums of products, or, for variances along the axes, its diagonal (d,).
    """

    n: int
    counted: int
    total: float
    mean: Array
    scatter: Array
    low: Array
    high: Array

    @property
    def variances(self) -> Array:
        """Variance of each feature, shape (d,)."""
        return (np.diag(self.scatter) if self.scatter.ndim == 2 else self.scatter) / self.total

    @property
    def constant(self) -> np.ndarray:
        """Which features have the same value in every row, shape (d,)."""
        return self.low == self.high


def survey(blocks: Iterable[tuple[np.ndarray, np.ndarray | None]], covariance_type: str = "full") -> Survey:
    """Survey the data in one pass; products of features are summed only where matrices are to be fitted.

    Raises
    ------
    ValueError
        If squared distances between points overflow, or underflow.
    """
    n, counted, total, products = 0, 0, 0.0, covariance_type in MATRICES
    origin = mean = scatter = low = high = np.empty(0)
    for given, w in split(blocks, ROWS):
        rows = np.asarray(given, dtype=float)
        n += len(rows)
        counted += len(rows) if w is None else int(np.count_nonzero(w))
        weight = float(len(rows)) if w is None else float(w.sum())
        if not weight > 0:
            continue
        here_low, here_high = extremes(rows)
        refuse_overflow(here_low, here_high)
        if total == 0:
            origin = rows[0].copy()  # means are kept as distances from the first row: an offset costs no digit
        centred = rows - origin
        here_mean = (np.ones(len(rows)) if w is None else w) @ centred / weight
        centred -= here_mean
        root = centred if w is None else centred * np.sqrt(w)[:, None]
        here_scatter = root.T @ root if products else np.einsum("ni,ni->i", root, root)
        if total == 0:
            mean, scatter, low, high = here_mean, here_scatter, here_low, here_high
        else:
            step = here_mean - mean
            apart = np.outer(step, step) if products else step**2
            scatter = scatter + here_scatter + apart * (total * weight / (total + weight))
            mean = mean + step * (weight / (total + weight))
            low, high = np.minimum(low, here_low), np.maximum(high, here_high)
        total += weight
    refuse_underflow(low, high)
    return Survey(n, counted, total, origin + mean, scatter, low, high)


def extremes(rows: np.ndarray) -> tuple[Array, Array]:
    """Return the smallest and the largest value of each column of rows (n, d), shape (d,); NaN where there is one.

    NumPy compares long rows many numbers at a time, and short ones one by one: short ones are laid side by side.
    """
    n, d = rows.shape
    together = max(1, SIDE_BY_SIDE // d) if rows.flags.c_contiguous else 1
    folded = n - n % together
    found = []
    for least in (np.minimum, np.maximum):
        parts = [rows[folded:]]
        if folded:
            parts.append(least.reduce(rows[:folded].reshape(-1, together * d), axis=0).reshape(together, d))
        found.append(least.reduce(np.concatenate(parts), axis=0))
    return found[0], found[1]


def sweeps_over(blocks: Callable[[], Iterable[Block]], covariance_type: str, known: Survey) -> Sweeps:
    """Return the data, of which this is known, ready to be swept over."""
    return Sweeps(blocks, covariance_type, known.mean, known.low, known.high, known.scatter)
