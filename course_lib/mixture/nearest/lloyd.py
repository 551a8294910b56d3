"""Lloyd's algorithm as it is told: assign each point to the nearest centre, move each centre to the mean, repeat.

Neither half can raise the inertia, the sum of squared distances to the own centre, and there are finitely many
ways to assign, so it ends. Two things have to be said besides. A cluster that has lost all its points takes the
one that is worst served elsewhere. And a tie is no reason to move: a point leaves its cluster only if another
centre is nearer by more than rounding could make it, or two equal distances could be exchanged for ever.

`course_lib.mixture.nearest.bounds` takes the same steps and does less at each of them.

Lloyd: Least squares quantization in PCM. IEEE Transactions on Information Theory 28 (1982) 129-137.
"""

from typing import NamedTuple

import numpy as np

from course_lib.mixture.covariances import Array

_EPS = float(np.finfo(float).eps)


class Clusters(NamedTuple):
    """Where k-means ended: the inertia, centres (k, d), labels (n,), iterations, and whether it ended by itself."""

    inertia: float
    centres: Array
    labels: np.ndarray
    iterations: int
    converged: bool


def lloyd(x: Array, weights: Array, centres: Array, max_iter: int, tolerance: float) -> Clusters:
    """Run until no point changes its cluster, or the centres together move by no more than the tolerance.

    Parameters
    ----------
    x : ndarray, shape (n, d)
        The points.
    weights : ndarray, shape (n,)
        How often each point counts; positive.
    centres : ndarray, shape (k, d)
        Where the centres begin.
    max_iter : int
        The largest number of iterations.
    tolerance : float
        Of the sum of squared distances by which the centres move in one iteration.

    Returns
    -------
    Clusters

    Examples
    --------
    >>> x = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> lloyd(x, np.ones(4), x[:2], max_iter=10, tolerance=0.0).centres
    array([[ 0.5],
           [10.5]])
    """
    labels, own = assigned(x, centres)
    iteration, converged = 0, False
    while iteration < max_iter and not converged:
        iteration += 1
        fill_empty(labels, own, len(centres))
        new = np.array([np.average(x[labels == j], axis=0, weights=weights[labels == j]) for j in range(len(centres))])
        moved = float(((new - centres) ** 2).sum())
        centres, before = new, labels
        labels, own = assigned(x, centres, before)
        converged = moved <= tolerance or bool((labels == before).all())
    return Clusters(float(own @ weights), centres, labels, iteration, converged)


def assigned(x: Array, centres: Array, before: np.ndarray | None = None) -> tuple[np.ndarray, Array]:
    """Return each point's label, and its squared distance from that centre.

    The label is the first of the nearest centres, or, if there is one from before, that one where no other gains.
    """
    distances = np.stack([((x - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    shortest = distances.min(axis=1)
    margin = rounding((x**2).sum(axis=1), shortest, x.shape[1])
    labels = np.argmax(distances <= (shortest + margin)[:, None], axis=1)
    rows = np.arange(len(x))
    if before is not None:
        labels = np.where(distances[rows, before] - shortest > margin, labels, before)
    return labels, distances[rows, labels]


def rounding(squares: Array, distances: Array, d: int) -> Array:
    """Return how much rounding may change squared distances in d dimensions of points with these squared lengths."""
    return np.asarray(4 * _EPS * (d + 8) * (squares + distances))


def fill_empty(labels: np.ndarray, distances: Array, k: int) -> np.ndarray:
    """Give each of the k clusters that has no point the one that is worst served, in place; return those points.

    ``distances``, the squared ones from the own centre, are set to 0 for points that move.
    """
    counts = np.bincount(labels, minlength=k)
    moved = []
    for j in np.flatnonzero(counts == 0):
        free = np.where(counts[labels] > 1, distances, -1.0)  # not the only point of another cluster
        row = int(np.argmax(free))
        counts[labels[row]] -= 1
        counts[j] = 1
        labels[row], distances[row] = j, 0.0
        moved.append(row)
    return np.array(moved, dtype=np.intp)
