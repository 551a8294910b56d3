"""Densities and sums about each component's own mean: the form that is accurate wherever the points are.

Each point is whitened by each component's own factor after the component's own mean was subtracted, and the
sums of the M step are taken about an origin for each component. No digit is lost by an offset of the
data or by clusters that are thin beside their distance, and nothing is shared between components: this is
some three times slower than the forms that share.
"""

import numpy as np

from course_lib.mixture.covariances import Array, cholesky_factors, factor_of, inverse_factors
from course_lib.mixture.one_pass.natural import with_own_maximum
from course_lib.mixture.one_pass.summaries import Parameters, Summary
from course_lib.mixture.one_pass.threads import Sums


class OwnOrigins:
    """A mixture, ready for sums about an origin (d,) of each component; origins are (k, d).

    Raises
    ------
    ValueError
        If a covariance is not positive definite; the component is named.
    """

    def __init__(self, mixture: Parameters, covariance_type: str, origins: Array):
        weights, self.means, covariances = mixture
        self.covariance_type, self.origins = covariance_type, origins
        self.k, self.d = k, d = self.means.shape
        self._inverse = inverse_factors(cholesky_factors(covariances, covariance_type), covariance_type)
        with np.errstate(divide="ignore"):
            self._constants = np.log(weights) - 0.5 * d * np.log(2 * np.pi)
        for j in range(k):
            W = factor_of(j, self._inverse, covariance_type)
            self._constants[j] += np.log(np.diag(W) if W.ndim == 2 else np.broadcast_to(W, d)).sum()

    def sums(self, rows: np.ndarray, w: np.ndarray | None) -> Sums:
        """Return [log-likelihood (1,), counts, firsts, seconds] of rows (b, d)."""
        k, d, kind = self.k, self.d, self.covariance_type
        A, density = np.empty((k, len(rows))), np.empty(len(rows))
        x = np.array(rows.T, dtype=float)
        for j in range(k):
            W = factor_of(j, self._inverse, kind)
            difference = x - self.means[j][:, None]
            z = W @ difference if W.ndim == 2 else difference * (W[:, None] if W.ndim else W)
            with np.errstate(over="ignore"):
                A[j] = self._constants[j] - 0.5 * np.einsum("ij,ij->j", z, z)
        log_density = with_own_maximum(A, density)
        A *= (1.0 if w is None else w) / density
        counts, firsts = A.sum(axis=1), np.empty((k, d))
        seconds = np.zeros({"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}[kind])
        for j in range(k):
            difference = x - self.origins[j][:, None]
            firsts[j] = difference @ A[j]
            if kind in ("full", "tied"):
                difference *= np.sqrt(A[j])
                seconds[j if kind == "full" else ...] += difference @ difference.T
            elif kind == "diag":
                seconds[j] = (difference**2) @ A[j]
            else:
                seconds[j] = float((difference**2).sum(axis=0) @ A[j])
        log_likelihood = log_density.sum() if w is None else log_density @ w
        return [np.array([log_likelihood]), counts, firsts, seconds]

    def summary(self, sums: Sums) -> Summary:
        """Return what sums over all rows say."""
        return Summary(float(sums[0][0]), sums[1], sums[2], sums[3], self.origins)
