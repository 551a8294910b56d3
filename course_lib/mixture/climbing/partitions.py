"""Many partitions of few rows at once: K seeds far apart, some of Lloyd's steps, all of it stacked.

One run of k-means is a lottery ticket, and over few rows it is so short that calls cost more than arithmetic. So R runs
draw their seeds side by side, one row of an array each, and take their steps by the same matrix products. What comes of
it are labels, shape (R, n): starts for short climbs (`course_lib.mixture.climbing.short_runs`), and the spread within
clusters (`course_lib.mixture.climbing.floor`). `course_lib.mixture.nearest` runs k-means to its end, one run at a time.
"""

from typing import Any, NamedTuple

import numpy as np

from course_lib.mixture.covariances import Array

STEPS = 4  # of Lloyd's algorithm: most of what they gain is gained
TRIALS = 3  # draws of each seed, of which the one that lowers the sum of squares most is taken
FENCE = 4.0  # distances between the quartiles
TAIL = 0.05  # of the entries
ROUNDING = 1e-13  # of two squared lengths: taken from the squared distance, of which so much is rounding


def partitions(z: Array, w: Array | None, k: int, runs: int, random: Any, steps: int = STEPS) -> np.ndarray:
    """Return labels of R runs of k-means, shape (R, n); a cluster may have lost its rows.

    Parameters
    ----------
    z : ndarray, shape (n, d)
        The rows, about their mean, in units in which distances are to be measured.
    w : ndarray, shape (n,), or None
        Their weights.
    k : int
        The number of clusters.
    runs : int
        The number R of runs.
    random : RandomState or Generator
        Draws the seeds.
    steps : int
        How many of Lloyd's steps each run takes.
    """
    centres = z[_seeds(z, w, k, runs, random)]
    counts = np.ones((runs, k))
    own = np.empty((runs, k, len(z)))  # worked in all the time
    for step in range(steps + 1):
        half = np.where(counts > 0, np.vecdot(centres, centres) / 2, np.inf)
        np.matmul(centres.reshape(-1, z.shape[1]), z.T, out=own.reshape(-1, len(z)))
        own -= half[:, :, None]  # x'c - |c|^2 / 2 is largest for the nearest
        np.equal(own, own.max(axis=1)[:, None], out=own)  # where two centres are as near, a row counts for both
        if step < steps:
            if w is not None:
                own *= w
            counts = own.sum(axis=2)
            centres = sums_of(own, z) / np.where(counts > 0, counts, 1.0)[:, :, None]
    own *= np.arange(k)[:, None]
    return own.max(axis=1).astype(np.int64)  # the same as argmax of the nearest, in a tenth of its time


def _seeds(z: Array, w: Array | None, k: int, runs: int, random: Any) -> np.ndarray:
    """Draw the rows that are K seeds of each run by k-means++, shape (R, K)."""
    n, run = len(z), np.arange(runs)
    squares = np.vecdot(z, z)
    squares *= 1 - ROUNDING  # so that equal rows have no distance, however far out they and others lie
    seeds = np.empty((runs, k), dtype=np.int64)
    nearest = np.ones((runs, n))
    for j in range(k):
        ends = np.cumsum(nearest if w is None else nearest * w)  # of all runs, one after the other
        last = ends[n - 1 :: n]
        first = np.concatenate([[0.0], last[:-1]])
        draws = first[:, None] + random.uniform(size=(runs, TRIALS if j else 1)) * (last - first)[:, None]
        chosen = np.minimum(ends.searchsorted(draws, side="right") - run[:, None] * n, n - 1)
        found = (-2 * z[chosen.ravel()]) @ z.T
        found += squares
        found = found.reshape(runs, -1, n)
        found += squares[chosen][:, :, None]
        np.maximum(found, 0.0, out=found)
        if j:
            np.minimum(found, nearest[:, None], out=found)
        best = (found.sum(axis=2) if w is None else found @ w).argmin(axis=1)
        seeds[:, j], nearest = chosen[run, best], found[run, best]
    return seeds


def tightest(z: Array, w: Array | None, k: int, labels: np.ndarray) -> tuple[np.ndarray, Array]:
    """Return that of the partitions (R, n) with the least sum of squares, shape (n,), and its clusters' means, (k, d).

    A cluster without rows has the mean 0.
    """
    own = (labels[:, None] == np.arange(k)[:, None]).astype(float)
    if w is not None:
        own *= w
    counts = own.sum(axis=2)[:, :, None]
    sums = sums_of(own, z)
    means = sums / np.where(counts > 0, counts, 1.0)
    best = int(np.argmax((sums * means).sum(axis=(1, 2))))  # what the means explain
    return labels[best], means[best]


def sums_of(own: Array, z: Array) -> Array:
    """Return the sums of rows z (n, d) over clusters, of which each has its share own (R, k, n); shape (R, k, d)."""
    return np.asarray((own.reshape(-1, len(z)) @ z).reshape(*own.shape[:2], z.shape[1]))  # one product reads z once


def mean_of(rows: Array, w: Array | None) -> Array:
    """Return the mean of rows (n, d), shape (d,)."""
    counts = np.ones(len(rows)) if w is None else w
    return np.asarray(counts @ rows / counts.sum())


class Spread(NamedTuple):
    """How the entries of each feature lie; each part has the shape (d,).

    Below ``low`` and above ``high``, its fences, an entry is far out. Parted in two where that leaves the least sum of
    squares, the entries within the fences keep the share ``left`` of their variance about the means of their halves:
    1 - 2 / pi for a normal feature, 0.04 for one that shows two clusters ten standard deviations apart.
    """

    low: Array
    high: Array
    left: Array

    def far_out(self, rows: Array) -> np.ndarray | None:
        """Return which entries of rows (n, d) are far out, or None if none is: then a look at the extremes tells it."""
        if (rows.min(axis=0) >= self.low).all() and (rows.max(axis=0) <= self.high).all():
            return None
        return np.asarray((rows < self.low) | (rows > self.high))


def spread_of(rows: Array, parted: bool = False) -> Spread:
    """Return how the entries of each feature of rows (n, d) lie; ``left`` is 0 where they are not ``parted``.

    The fences stand `FENCE` times the distance between the quartiles outside of these (Tukey: Exploratory Data Analysis
    (1977), section 2C, with 3; beyond that lies one normal number in 400,000, which is too many where there are
    thousands of features). Where the quartiles are equal, the entries with `TAIL` beyond them on each side take their
    place; where these are equal too, there is no fence.
    """
    n, d = rows.shape
    across = rows.T.copy()
    across.sort(axis=1)  # along memory; NumPy's partition at two places takes longer
    low, high = np.full(d, -np.inf), np.full(d, np.inf)
    for share in (TAIL, 0.25):
        lower, upper = across[:, int(share * n)], across[:, int((1 - share) * n)]
        apart = upper > lower
        low[apart] = (lower - FENCE * (upper - lower))[apart]
        high[apart] = (upper + FENCE * (upper - lower))[apart]
    near = Spread(low, high, np.zeros(d))
    if not parted:
        return near
    total, below = np.full((1, 1), n), np.arange(1, n + 1)[None]  # of all, and as far as an entry
    if (far := near.far_out(across.T)) is not None:
        total, below = n - far.sum(axis=0)[:, None], np.cumsum(~far.T, axis=1)
        across[far.T] = 0.0
    across -= across.sum(axis=1)[:, None] / total
    if far is not None:
        across[far.T] = 0.0
    squares = np.vecdot(across, across)
    sums = np.cumsum(across, axis=1, out=across)
    pairs = below * (total - below)
    explained = np.square(sums, out=sums)
    explained *= np.where(pairs > 0, total, 0) / np.maximum(pairs, 1)
    left = np.maximum(squares - explained.max(axis=1), 0.0)
    return near._replace(left=left / np.where(squares > 0, squares, 1.0))
