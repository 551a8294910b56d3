"""Incomplete points by precision matrices: what was not seen is taken out again.

Let P = Sigma^-1, and let y be a point less the mean, with zeros where nothing was seen. Of the missing entries
m and the seen ones o, the inverse of a matrix in blocks tells all that EM asks for:

- ``x_o' Sigma_oo^-1 x_o = y' P y - (P y)_m' P_mm^-1 (P y)_m``, and ``|Sigma_oo| = |Sigma| |P_mm|``;
- what is expected in the place of the missing entries: ``y_m = -P_mm^-1 (P y)_m``;
- how much they may still vary: their covariance is ``P_mm^-1``.

So one product serves all points, whatever is missing in them, and the rest is small where little is missing:
patterns with as many entries missing are stacked. The price is a subtraction. Where the components are so thin,
or a point so far out, that it could lose digits, `course_lib.mixture.one_pass.marginals` does the block.

Rue and Held: Gaussian Markov Random Fields (2005), theorem 2.5.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.marginals import completed_sums, responsibilities, sorted_patterns
from course_lib.mixture.one_pass.natural import ERROR_ALLOWED
from course_lib.mixture.one_pass.summaries import Parameters
from course_lib.mixture.one_pass.threads import Sums

STACKED_NUMBERS = 2**20  # of the covariances that are held at a time: 8 MB
_EPS = float(np.finfo(float).eps)
_LOG_2_PI = float(np.log(2 * np.pi))


class Precisions:
    """A mixture of components with the covariances ``matrices`` (k, d, d), ready for sums about its means."""

    def __init__(self, mixture: Parameters, matrices: Array):
        weights, self.means, _ = mixture
        W = np.tril(np.linalg.inv(np.linalg.cholesky(matrices)))
        self.precisions = W.transpose(0, 2, 1) @ W
        self._sizes = np.abs(self.precisions)
        with np.errstate(divide="ignore"):
            self._peaks = np.log(weights) + np.log(np.einsum("kii->ki", W)).sum(axis=1)

    def sums(self, X: Array, w: np.ndarray) -> Sums | None:
        """Return [log-likelihood (1,), counts, firsts, seconds] of points X (b, d) with NaN, of weights w (b,).

        None if the rounding error of a log density could be too large.
        """
        seen, order, ends = sorted_patterns(~np.isnan(X))
        counts, missing = np.diff(ends, prepend=0), (~seen).sum(axis=1)
        X, w = X[order], w[order]
        k, d = self.means.shape
        y = np.where(np.repeat(seen, counts, axis=0), X - self.means[:, None], 0.0)
        reach = np.abs(y).max(axis=1)
        worst = float(np.einsum("ki,kij,kj->k", reach, self._sizes, reach).max())
        if not worst * _EPS < ERROR_ALLOWED:
            return None
        Py = y @ self.precisions
        log_joint = -0.5 * np.einsum("kbi,kbi->kb", y, Py)
        log_joint += self._peaks[:, None] - 0.5 * _LOG_2_PI * np.repeat(d - missing, counts)
        log_likelihood, spread = np.zeros(1), np.zeros((k, d, d))
        for p, q in _stacks(missing, k):
            rows = slice(ends[p] - counts[p], ends[q - 1])
            m = np.nonzero(~seen[p:q])[1].reshape(q - p, missing[p])
            try:
                covariances, half_log_det = _inverses(self.precisions[:, m[:, :, None], m[:, None, :]])
            except np.linalg.LinAlgError:
                return None
            entries = np.repeat(m, counts[p:q], axis=0)
            pulls = np.take_along_axis(Py[:, rows], entries[None], axis=2)
            starts = ends[p:q] - counts[p:q] - rows.start
            expected = _by_pattern(pulls, covariances, starts)
            np.put_along_axis(y[:, rows], entries[None], -expected, axis=2)
            log_joint[:, rows] += 0.5 * np.einsum("kbi,kbi->kb", pulls, expected)
            log_joint[:, rows] -= np.repeat(half_log_det, counts[p:q], axis=1)
            log_likelihood += responsibilities(log_joint[:, rows], w[rows])
            _add_spread(spread, m, covariances, np.add.reduceat(log_joint[:, rows], starts, axis=1))
        number, firsts, seconds = completed_sums(log_joint, y)
        return [log_likelihood, number, firsts, seconds + spread]


def _inverses(precisions: Array) -> tuple[Array, Array]:
    """Return the inverses of stacked matrices, and half the logarithms of their determinants."""
    L = np.linalg.cholesky(precisions)
    W = np.tril(np.linalg.inv(L))
    return W.swapaxes(-1, -2) @ W, np.log(np.einsum("...ii->...i", L)).sum(axis=-1)


def _by_pattern(pulls: Array, covariances: Array, starts: np.ndarray) -> Array:
    """Multiply the points' vectors (k, b, |m|) by the matrices of their patterns (k, p, |m|, |m|)."""
    product = np.empty_like(pulls)
    for p, (start, end) in enumerate(pairwise((*starts, pulls.shape[1]))):
        np.matmul(pulls[:, start:end], covariances[:, p], out=product[:, start:end])
    return product


def _add_spread(spread: Array, m: np.ndarray, covariances: Array, weights: Array) -> None:
    """Add to spread (k, d, d) the covariances of each pattern's missing entries m (p, |m|), times its weight (k, p)."""
    d = spread.shape[1]
    places = (m[:, :, None] * d + m[:, None, :]).ravel()
    for total, weight, covariance in zip(spread.reshape(-1, d * d), weights, covariances, strict=True):
        np.add.at(total, places, (weight[:, None, None] * covariance).ravel())


def _stacks(missing: np.ndarray, k: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of sorted patterns that are done together: as many entries missing, and not too many."""
    p = 0
    while p < len(missing):
        most = max(1, STACKED_NUMBERS // (k * max(1, int(missing[p])) ** 2))
        q = min(p + most, int(np.searchsorted(missing, missing[p], side="right")))
        yield p, q
        p = q
