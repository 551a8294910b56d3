"""Missing entries: EM when not all of a point was seen.

If which entries are missing does not depend on their values, a point with the entries o has the density of
the marginal mixture, N(x_o; mu_o, Sigma_oo): rows and columns struck out. That is all the E step needs. The
M step needs the expectation of what was not seen, under each component: its mean
``mu_m + Sigma_mo Sigma_oo^-1 (x_o - mu_o)``, and, as a mean has no spread, the covariance
``Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om`` added to the scatter. To fill in the mean alone would make
clusters too narrow. Within a block, rows with the same entries missing are treated together.

Ghahramani and Jordan: Supervised learning from incomplete data via an EM approach. NIPS 6 (1994) 120-127.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from course_lib.mixture.blocks import Block, split
from course_lib.mixture.covariances import Array, cholesky_factors, full_covariances
from course_lib.mixture.summaries import MStep, Parameters, Summary
from course_lib.mixture.survey import ROWS, Survey, refuse_large


class Incomplete:
    """Points of which some entries are NaN, ready to be swept over, a block of rows at a time.

    Parameters
    ----------
    blocks : callable
        Gives an iterator over the data anew at each call: pairs of rows of X, shape (b, d), NaN where an
        entry is missing, and their weights, shape (b,), or None.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    """

    def __init__(self, blocks: Callable[[], Iterable[Block]], covariance_type: str):
        self.blocks, self.covariance_type = blocks, covariance_type

    def step(self, parameters: Parameters, m_step: MStep) -> tuple[float, Parameters]:
        """One iteration of EM: the log-likelihood of what was seen, and the next mixture."""
        kind = self.covariance_type
        origins = parameters.means
        k, d = origins.shape
        matrices = full_covariances(parameters.covariances, kind, k, d)
        cholesky_factors(parameters.covariances, kind)  # says which component is not positive definite
        counts, firsts, seconds = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
        log_likelihood = 0.0
        for X, w in self._rows():
            groups = list(_patterns(~np.isnan(X)))
            log_joint = log_joint_of_known(X, parameters, kind, groups)
            largest = log_joint.max(axis=1, keepdims=True)
            joint = np.exp(log_joint - largest)
            density = joint.sum(axis=1, keepdims=True)
            r = joint / density * w[:, None]
            log_likelihood += float(w @ (largest + np.log(density))[:, 0])
            for rows, o in groups:
                m = ~o
                for j in range(k):
                    S = matrices[j]
                    away = np.zeros((len(rows), d))
                    away[:, o] = X[rows][:, o] - origins[j, o]
                    slopes = np.linalg.solve(S[np.ix_(o, o)], S[np.ix_(o, m)]) if o.any() else np.zeros((0, m.sum()))
                    away[:, m] = away[:, o] @ slopes
                    here = r[rows, j]
                    counts[j] += here.sum()
                    firsts[j] += here @ away
                    seconds[j] += (away * here[:, None]).T @ away
                    seconds[j][np.ix_(m, m)] += here.sum() * (S[np.ix_(m, m)] - S[np.ix_(m, o)] @ slopes)
        summary = Summary(log_likelihood, counts, firsts, _shaped(seconds, kind), origins)
        return log_likelihood, m_step(summary, parameters)

    def survey(self) -> Survey:
        """Survey what was seen, in two passes: where and how many, then how wide.

        Each feature has the mean and variance of its own entries. The scatter of two features is that of the
        rows in which both were seen, as if the others lay at the mean: it stays positive semidefinite.

        Raises
        ------
        ValueError
            If a feature was never seen, or squared distances overflow.
        """
        n, total = 0, 0.0
        origin = weight = sums = low = high = np.empty(0)
        for X, w in self._rows():
            seen = ~np.isnan(X) & (w > 0)[:, None]
            here_low, here_high = np.where(seen, X, np.inf).min(axis=0), np.where(seen, X, -np.inf).max(axis=0)
            if n == 0:
                low, high = here_low, here_high
                origin, weight, sums = np.full_like(low, np.nan), np.zeros_like(low), np.zeros_like(low)
            low, high = np.minimum(low, here_low), np.maximum(high, here_high)
            # Means are kept as distances from a number near by, the first smallest one: an offset costs no digit.
            origin = np.where(np.isnan(origin) & np.isfinite(low), low, origin)
            n, total = n + len(X), total + float(w.sum())
            weight = weight + w @ seen
            sums = sums + w @ np.where(seen, X - origin, 0.0)
        if not (weight > 0).all():
            column = int(np.argmin(weight > 0))
            raise ValueError(f"Column {column} of X is missing in every row; expected some entries: leave it out.")
        refuse_large(low, high)
        mean = origin + sums / weight
        scatter = np.zeros((len(mean), len(mean)))
        for X, w in self._rows():
            centred = np.where(np.isnan(X), 0.0, X - mean)
            scatter += (centred * w[:, None]).T @ centred
        np.fill_diagonal(scatter, np.diag(scatter) * (total / weight))
        return Survey(n, total, mean, scatter, low, high)

    def _rows(self) -> Iterator[tuple[Array, Array]]:
        for rows, w in split(self.blocks(), ROWS):
            X = np.asarray(rows, dtype=float)
            yield X, np.ones(len(X)) if w is None else w


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
