"""Densities by whitening each point, the factors of all components stacked: for many features.

With a factor L L' = Sigma and W = L^-1, the squared distance of a point is |W x - W mu|^2. In d = 128
dimensions, the features of `course_lib.mixture.one_pass.natural` are 8385 numbers a point: to write them down costs as
much as a good part of the arithmetic. Here nothing is written down but the point, and two things keep the
arithmetic as small:

1. *Triangles.* W is lower triangular: its rows i to i + 8 need only the first i + 8 coordinates. These rows of
   all components are stacked to one matrix, with a column -W mu for the bias, so that d / 8 large products do
   it all, and nearly nothing of the upper triangle is multiplied.
2. *Whose are few.* In many dimensions most responsibilities are nearly 0. A component's sums leave out the
   points whose responsibility is less than `SIGNIFICANT` of its largest one: not even all of them together
   could change a digit. The others are picked out, and their squares summed about the component's mean.

Rounding: a coordinate of W x - W mu is wrong by at most about eps times u = |W| max |x| + |W mu|, and half the
squared distance |z|^2 by eps |z| |u|. The form is used while that is less than `ERROR_ALLOWED` at the rim of
a component, |z| = sqrt(d) + `RIM`. Farther out it grows in proportion to |z|, but the log density itself to
|z|^2. (The natural form loses eps |u|^2, which is more.)
"""

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.natural import ERROR_ALLOWED, with_own_maximum
from course_lib.mixture.one_pass.summaries import Parameters, Summary
from course_lib.mixture.one_pass.threads import Sums

SIGNIFICANT = 1e-30  # of a component's largest responsibility; squared distances within a sweep differ by < 1e6
RIM = 8.0  # standard deviations beyond which a component has none of its points
ROWS_OF_FACTORS = 8  # that are multiplied together: few waste little of the triangle, many make long products
WHITENED_NUMBERS = 2**16  # of a product, 0.5 MB: what was multiplied is still in cache when it is squared
_LOG_2_PI = float(np.log(2 * np.pi))


class StackedFactors:
    """The factors of a mixture with full covariances, ready to whiten points about a centre (d,).

    ``accurate`` says whether the form may be used for points that are at most ``reach`` (d,) from the centre.

    Raises
    ------
    numpy.linalg.LinAlgError
        If a covariance is not positive definite.
    """

    def __init__(self, mixture: Parameters, centre: Array, reach: Array):
        weights, self.means, covariances = mixture
        self.k, self.d = k, d = self.means.shape
        self.centre = centre
        L = np.linalg.cholesky(covariances)
        W = np.tril(np.linalg.inv(L))
        with np.errstate(divide="ignore"):
            self._peaks = np.log(weights) - np.log(np.einsum("kii->ki", L)).sum(axis=1) - 0.5 * d * _LOG_2_PI
        bias = -np.matmul(W, (self.means - centre)[:, :, None])
        with np.errstate(over="ignore"):  # a bound that overflows allows nothing
            largest = np.linalg.norm(np.abs(W) @ reach + np.abs(bias[:, :, 0]), axis=1).max()
        self.accurate = bool(np.finfo(float).eps * (np.sqrt(d) + RIM) * largest < ERROR_ALLOWED)
        self._stacks = []
        for i in range(0, d, ROWS_OF_FACTORS):
            end = min(i + ROWS_OF_FACTORS, d)
            factors = np.concatenate([bias[:, i:end], W[:, i:end, :end]], axis=2)
            self._stacks.append(factors.reshape(k * (end - i), 1 + end))

    def sums(self, rows: np.ndarray, w: np.ndarray | None) -> Sums:
        """Return [log-likelihood and number of significant pairs (2,), counts, firsts, seconds] of rows (b, d)."""
        n, k, d = len(rows), self.k, self.d
        points = np.empty((n, 1 + d))
        points[:, 0] = 1.0
        centred = np.subtract(rows, self.centre, out=points[:, 1:])
        A = self._log_joint(points)
        density = np.empty(n)
        log_density = with_own_maximum(A, density)
        A *= (1.0 if w is None else w) / density
        counts, firsts, seconds = A.sum(axis=1), np.empty((k, d)), np.empty((k, d, d))
        significant = significant_pairs(A)
        pairs = 0
        for j in range(k):
            own = np.flatnonzero(significant[j])
            pairs += len(own)
            r, x = A[j, own], centred[own]
            x -= self.means[j] - self.centre
            firsts[j] = r @ x
            x *= np.sqrt(r)[:, None]
            np.matmul(x.T, x, out=seconds[j])
        log_likelihood = log_density.sum() if w is None else log_density @ w
        return [np.array([log_likelihood, pairs], dtype=float), counts, firsts, seconds]

    def _log_joint(self, points: Array) -> Array:
        """Return log pi_k N(x_n; mu_k, Sigma_k), shape (k, n), of points with a first column of ones."""
        n, k = len(points), self.k
        squared = np.zeros((k, n))
        length = max(64, WHITENED_NUMBERS // (k * ROWS_OF_FACTORS) // 64 * 64)
        product = np.empty((k * ROWS_OF_FACTORS, length))
        for start in range(0, n, length):
            piece = points[start : start + length].T
            for factors in self._stacks:
                z = product[: len(factors), : piece.shape[1]]
                np.matmul(factors, piece[: factors.shape[1]], out=z)
                np.multiply(z, z, out=z)
                squared[:, start : start + length] += np.add.reduce(z.reshape(k, -1, z.shape[1]), axis=1)
        squared *= -0.5
        squared += self._peaks[:, None]
        return squared

    def summary(self, sums: Sums) -> Summary:
        """Return what sums over all rows say."""
        return Summary(float(sums[0][0]), sums[1], sums[2], sums[3], self.means)


def significant_pairs(A: Array) -> np.ndarray:
    """Whether a responsibility can change a digit of its component's sums: boolean, the shape of A, (k, b)."""
    least = SIGNIFICANT * A.max(axis=1, keepdims=True)
    return np.asarray(least < A)
