"""How narrow may a component be? The floor F of ``reg_covar="auto"``, one for all starts of a fit.

The likelihood has no maximum: a component that shrinks onto a point is as likely as one likes. So no
covariance may lie below a floor F, a variance for each feature; see `course_lib.mixture.covariances.raised_to`. It
must be small beside the clusters that are there, and what is small is told by the clusters alone. The variance of all
data will not do: two clusters a thousand apart have a variance of 250,000, however narrow they are, and one wrong
entry of -9999 doubles it. Nor will the median deviation, which is 500 there, and 0 where most entries are equal.

So the data are parted by a few steps of k-means, into as many clusters as there will be components, and the spread is
taken within the clusters, by its lower quartile: as if the quarter of the rows that are nearest to their centres told
the variance of a Gaussian. A wide cluster beside a narrow one does not count, and rows far out are not asked
(`course_lib.mixture.climbing.partitions.spread_of`): one that no cluster of its own has taken would move the centre of
another. Then F is `RELATIVE_FLOOR` of that.
"""

from typing import Any

import numpy as np

from course_lib.mixture.climbing.partitions import partitions, spread_of, tightest
from course_lib.mixture.climbing.rows import filled, some_rows
from course_lib.mixture.climbing.starts import standardised
from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.survey import Survey

RELATIVE_FLOOR = 1e-6  # of a feature's variance within clusters
ROWS_OF_FLOOR = 1000  # that are parted, or fewer, where features are many:
FEWEST_ROWS = 100
NUMBERS = 500_000  # in so many rows: a bound that is this low need not be known better
RUNS = 4  # of k-means, of which the tightest counts
MOST = 0.5  # of the rows: where no more are within the fences, all are asked
QUARTILE = 0.25
SQUARE_OF_QUARTILE = 0.1015310  # below which lie a quarter of the squares of standard normal numbers
ROUNDING = 64 * float(np.finfo(float).eps)  # of the largest entry: a smaller spread cannot be told from rounding


def within_floor(rows: Array, w: Array | None, k: int, known: Survey) -> Array:
    """Return the floor F of each feature, shape (d,), in its squared unit.

    Where a quarter of the entries lie on their cluster's centre, the mean square within clusters takes the quartile's
    place; where all do, the variance of the feature; for a constant feature, the mean of the other floors.

    Parameters
    ----------
    rows : ndarray, shape (n, d)
        Rows of the data; NaN where an entry is missing.
    w : ndarray, shape (n,), or None
        Their weights.
    k : int
        The number of components.
    known : Survey
        Of all data.
    """
    rounding = (ROUNDING * np.maximum(np.abs(known.low), np.abs(known.high))) ** 2
    random = np.random.default_rng(0)  # a source of its own: a bound is no lottery, and starts keep their numbers
    most = min(ROWS_OF_FLOOR, max(FEWEST_ROWS, k, NUMBERS // rows.shape[1]))
    quartile, mean = _squares_within(*some_rows(rows, w, random, most), k, known, random)
    spread = quartile / SQUARE_OF_QUARTILE
    for instead in (mean, known.variances):
        spread = np.where(spread > rounding, spread, instead)
    constant = known.constant | ~(spread > rounding)
    spread[constant] = spread[~constant].mean() if not constant.all() else 1.0
    return np.maximum(RELATIVE_FLOOR * spread, rounding)


def _squares_within(rows: Array, w: Array | None, k: int, known: Survey, random: Any) -> tuple[Array, Array]:
    """Part the rows, and return the lower quartile and the mean of the squared distances from the centres, (d,)."""
    missing = np.isnan(rows)
    holes = bool(missing.any())
    rows = filled(rows, known.mean)
    spread = spread_of(rows)
    far = spread.far_out(rows)
    if far is not None and (near := ~far.any(axis=1)).mean() > MOST:
        rows, missing, w = rows[near], missing[near], None if w is None else w[near]
    points, scale = standardised(rows, w, spread)
    labels, means = tightest(points, w, k, partitions(points, w, k, RUNS, random))
    for j, mean in enumerate(means):  # in place: where features are thousands, all waits for memory
        points[labels == j] -= mean
    squares = np.square(points, out=points)
    squares *= scale**2
    if w is None and not holes:
        least, mean_square = int(np.ceil(QUARTILE * len(rows))) - 1, squares.mean(axis=0)
        across = squares.T.copy()
        across.partition(least, axis=1)
        return across[:, least], mean_square
    counted = np.where(missing, 0.0, (np.ones(len(rows)) if w is None else w)[:, None])
    order = np.argsort(squares, axis=0)
    reached = np.cumsum(np.take_along_axis(counted, order, axis=0), axis=0)
    least = np.argmax(reached >= QUARTILE * reached[-1] * (1 - 1e-12), axis=0)
    quartile = np.take_along_axis(squares, np.take_along_axis(order, least[None], axis=0), axis=0)[0]
    return quartile, (squares * counted).sum(axis=0) / np.maximum(reached[-1], np.finfo(float).tiny)
