"""First centres far apart: k-means++, block by block.

Each next point is drawn with a probability proportional to its squared distance from those chosen already; of a few
such draws the one that lowers the inertia most is taken. The distances of a block of points from all draws are one
matrix product. Where that leaves few digits, since a point is very near to a draw or the same, they are computed
again from differences: a point that was chosen must have the distance 0, or it may be drawn once more.

Arthur and Vassilvitskii: k-means++: the advantages of careful seeding. SODA (2007) 1027-1035.
"""

from typing import Any

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.estimator import TooFewPoints
from course_lib.mixture.nearest.lloyd import rounding

LENGTH = 4096  # of a block of points
DIGITS = 1e6  # a distance that is not as many times its own rounding error is computed again


def plus_plus(x: Array, weights: Array, k: int, random: Any) -> np.ndarray:
    """Return the rows of k points that lie far apart, by greedy k-means++, shape (k,)."""
    trials = 2 + int(np.log(k))
    squares = np.einsum("ij,ij->i", x, x)
    chosen = [int(np.searchsorted(np.cumsum(weights), random.uniform() * weights.sum(), side="right"))]
    distances = squared_distances(x, squares, x[chosen])[0]
    while len(chosen) < k:
        cumulative = np.cumsum(distances * weights)
        draws = np.searchsorted(cumulative, random.uniform(size=trials) * cumulative[-1], side="right")
        draws = np.minimum(draws, len(x) - 1)
        options = squared_distances(x, squares, x[draws])
        np.minimum(options, distances, out=options)
        best = int(np.argmin(options @ weights))
        chosen.append(int(draws[best]))
        distances = options[best]
    return np.array(chosen)


def squared_distances(x: Array, squares: Array, centres: Array) -> Array:
    """Return the squared distance of each centre (c, d) from each point x (n, d), shape (c, n).

    ``squares`` are the squared lengths of the points, shape (n,).
    """
    found = np.empty((len(centres), len(x)))
    lengths = (centres**2).sum(axis=1)[:, None]
    for start in range(0, len(x), LENGTH):
        rows = slice(start, start + LENGTH)
        block = found[:, rows]
        np.matmul(-2 * centres, x[rows].T, out=block)
        block += lengths
        block += squares[rows]
        few_digits = block < DIGITS * rounding(squares[rows], lengths, x.shape[1])
        if few_digits.any():
            centre, point = np.nonzero(few_digits)
            block[centre, point] = ((x[rows][point] - centres[centre]) ** 2).sum(axis=1)
    return found


def enough_distinct(x: Array, k: int) -> None:
    """Raise TooFewPoints, a ValueError, if fewer than k of the points differ."""
    seen: set[bytes] = set()
    start, length = 0, max(64, 4 * k)
    while start < len(x):
        block = np.ascontiguousarray(x[start : start + length]) + 0.0  # -0.0 is 0.0
        rows = block.view(np.dtype((np.void, block.itemsize * block.shape[1]))).ravel()
        seen.update(row.tobytes() for row in np.unique(rows))
        if len(seen) >= k:
            return  # most often seen at a glance
        start, length = start + length, min(2 * length, LENGTH)
    raise TooFewPoints(f"X has only {len(seen)} distinct points; expected at least {k}, one for each cluster.")
