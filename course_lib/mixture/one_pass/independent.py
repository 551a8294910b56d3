"""Incomplete points whose features are independent within each component: diag and spherical covariances.

A Gaussian with variances along the axes is a product over the features, so a missing entry is a missing factor,
and nothing that was seen says anything about it. Its expectation under a component is the component's mean, and
what it may vary by is the component's variance. No matrix is ever needed: the cost grows with the number of
features, where `course_lib.mixture.one_pass.precisions` would take its cube.
"""

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.marginals import responsibilities
from course_lib.mixture.one_pass.summaries import Parameters
from course_lib.mixture.one_pass.threads import Sums

_LOG_2_PI = float(np.log(2 * np.pi))


class Independent:
    """A mixture with the covariance type "diag" or "spherical", ready for points with NaN where nothing was seen."""

    def __init__(self, mixture: Parameters, covariance_type: str):
        weights, self.means, covariances = mixture
        self.spherical = covariance_type == "spherical"
        self.variances = np.broadcast_to(covariances[:, None] if self.spherical else covariances, self.means.shape)
        self._peaks = -0.5 * (_LOG_2_PI + np.log(self.variances))
        with np.errstate(divide="ignore"):
            self._logs = np.log(weights)

    def log_joint(self, X: Array) -> Array:
        """Return log pi_k N(x_o; mu_k, Sigma_k) of the entries that are not NaN of points X (b, d), shape (k, b)."""
        seen = ~np.isnan(X)
        log_joint = self._peaks @ seen.T + self._logs[:, None]
        for j, variances in enumerate(self.variances):
            with np.errstate(over="ignore"):
                log_joint[j] -= 0.5 * (self._away(X, seen, j) ** 2 @ (1 / variances))
        return log_joint

    def sums(self, X: Array, w: np.ndarray) -> Sums:
        """Return [log-likelihood (1,), counts, firsts, seconds] about the means, of X (b, d) of weights w (b,)."""
        seen = ~np.isnan(X)
        r = self.log_joint(X)
        log_likelihood = responsibilities(r, w)
        counts, firsts, seconds = r.sum(axis=1), np.empty_like(self.means), np.empty_like(self.means)
        for j, variances in enumerate(self.variances):
            away = self._away(X, seen, j)
            firsts[j] = r[j] @ away
            seconds[j] = r[j] @ away**2 + (r[j] @ ~seen) * variances
        return [np.array([log_likelihood]), counts, firsts, seconds.sum(axis=1) if self.spherical else seconds]

    def _away(self, X: Array, seen: np.ndarray, j: int) -> Array:
        """Return the points' distances from a mean along each axis: 0, as expected, where nothing was seen."""
        return np.where(seen, X - self.means[j], 0.0)
