"""Missing entries: EM when not all of a point was seen.

If which entries are missing does not depend on their values, a point with the entries o has the density of
the marginal mixture, N(x_o; mu_o, Sigma_oo): rows and columns struck out. That is all the E step needs. The
M step needs the expectation of what was not seen, under each component: its mean
``mu_m + Sigma_mo Sigma_oo^-1 (x_o - mu_o)``, and, as a mean has no spread, the covariance
``Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om`` added to the scatter. To fill in the mean alone would make
clusters too narrow. Rows with the same entries missing are treated together.

Ghahramani and Jordan: Supervised learning from incomplete data via an EM approach. NIPS 6 (1994) 120-127.
"""

from collections.abc import Iterator

import numpy as np

from course_lib.mixture.covariances import Array, cholesky_factors, full_covariances
from course_lib.mixture.summaries import MStep, Parameters, Summary
from course_lib.mixture.survey import Survey


class Incomplete:
    """Points of which some entries are NaN, ready to be swept over.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        The points.
    w : ndarray, shape (n,), optional
        Their weights.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.

    Raises
    ------
    ValueError
        If a feature was never seen.
    """

    def __init__(self, X: Array, w: Array | None, covariance_type: str):
        self.X, self.covariance_type = X, covariance_type
        self.w = np.ones(len(X)) if w is None else w
        seen = ~np.isnan(X)
        if not seen.any(axis=0).all():
            column = int(np.argmin(seen.any(axis=0)))
            raise ValueError(f"Column {column} of X is missing in every row; expected some entries: leave it out.")
        self.groups = list(_patterns(seen))
        low, high = np.nanmin(X, axis=0), np.nanmax(X, axis=0)
        mean = np.array([np.average(x[s], weights=self.w[s]) for x, s in zip(X.T, seen.T, strict=True)])
        self.filled = np.where(seen, X, mean)  # for starts only
        centred = self.filled - mean
        scatter = (centred * self.w[:, None]).T @ centred
        variances = [np.average((x[s] - m) ** 2, weights=self.w[s]) for x, s, m in zip(X.T, seen.T, mean, strict=True)]
        np.fill_diagonal(scatter, np.array(variances) * self.w.sum())
        self.survey = Survey(len(X), float(self.w.sum()), mean, scatter, low, high)

    def step(self, parameters: Parameters, m_step: MStep) -> tuple[float, Parameters]:
        """One iteration of EM: the log-likelihood of what was seen, and the next mixture."""
        kind = self.covariance_type
        k, d = parameters.means.shape
        matrices = full_covariances(parameters.covariances, kind, k, d)
        cholesky_factors(parameters.covariances, kind)  # says which component is not positive definite
        log_joint = log_joint_of_known(self.X, parameters, kind, self.groups)
        largest = log_joint.max(axis=1, keepdims=True)
        joint = np.exp(log_joint - largest)
        density = joint.sum(axis=1, keepdims=True)
        r = joint / density * self.w[:, None]
        log_likelihood = float(self.w @ (largest + np.log(density))[:, 0])
        origins = parameters.means
        counts, firsts, seconds = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
        for rows, o in self.groups:
            m = ~o
            for j in range(k):
                S = matrices[j]
                away = np.zeros((len(rows), d))
                away[:, o] = self.X[rows][:, o] - origins[j, o]
                slopes = np.linalg.solve(S[np.ix_(o, o)], S[np.ix_(o, m)]) if o.any() else np.zeros((0, m.sum()))
                away[:, m] = away[:, o] @ slopes
                here = r[rows, j]
                counts[j] += here.sum()
                firsts[j] += here @ away
                seconds[j] += (away * here[:, None]).T @ away
                seconds[j][np.ix_(m, m)] += here.sum() * (S[np.ix_(m, m)] - S[np.ix_(m, o)] @ slopes)
        summary = Summary(log_likelihood, counts, firsts, _shaped(seconds, kind), origins)
        return log_likelihood, m_step(summary, parameters)


def log_joint_of_known(
    X: Array, parameters: Parameters, covariance_type: str, groups: list[tuple[np.ndarray, np.ndarray]] | None = None
) -> Array:
    """Return log pi_k N(x_o; mu_k, Sigma_k) of the entries that are not NaN, shape (n, k)."""
    weights, means, covariances = parameters
    k, d = means.shape
    matrices = full_covariances(covariances, covariance_type, k, d)
    found = np.empty((len(X), k))
    with np.errstate(divide="ignore"):
        found[:] = np.log(weights)
    for rows, o in groups if groups is not None else _patterns(~np.isnan(X)):
        for j in range(k):
            if o.any():
                L = np.linalg.cholesky(matrices[j][np.ix_(o, o)])
                z = np.linalg.solve(L, (X[rows][:, o] - means[j, o]).T)
                found[rows, j] -= 0.5 * (o.sum() * np.log(2 * np.pi) + (z**2).sum(axis=0)) + np.log(np.diag(L)).sum()
    return found


def _patterns(seen: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of each pattern of seen entries, and the pattern."""
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel()))
    for pattern, rows in zip(patterns, np.split(order, ends[:-1]), strict=True):
        yield rows, pattern


def _shaped(seconds: Array, covariance_type: str) -> Array:
    """Return the sums of squares in the shape in which a `Summary` keeps them."""
    if covariance_type == "full":
        return seconds
    if covariance_type == "tied":
        return np.asarray(seconds.sum(axis=0))
    diagonals = np.einsum("kii->ki", seconds)
    return diagonals if covariance_type == "diag" else np.asarray(diagonals.sum(axis=1))
