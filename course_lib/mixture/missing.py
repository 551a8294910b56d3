"""Missing entries: EM when not all of a point was seen.

If which entries are missing does not depend on their values, a point with the entries o has the density of
the marginal mixture, N(x_o; mu_o, Sigma_oo): rows and columns struck out. That is all the E step needs. The
M step needs the expectation of what was not seen, under each component: its mean
``mu_m + Sigma_mo Sigma_oo^-1 (x_o - mu_o)``, and, as a mean has no spread, the covariance
``Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om`` added to the scatter. To fill in the mean alone would make
clusters too narrow. Within a block, rows with the same entries missing are treated together, and by all
components at once: the time goes with the number of patterns, not of rows.

Ghahramani and Jordan: Supervised learning from incomplete data via an EM approach. NIPS 6 (1994) 120-127.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from course_lib.mixture.blocks import Block, split
from course_lib.mixture.covariances import Array, cholesky_factors, full_covariances
from course_lib.mixture.summaries import MStep, Parameters, Summary
from course_lib.mixture.survey import ROWS, Survey, refuse_large

FILLED_NUMBERS = 2**20  # of a block's rows, filled in by each component: 8 MB
_LOG_2_PI = float(np.log(2 * np.pi))


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
        for X, w in self._rows(max(256, min(ROWS, FILLED_NUMBERS // (k * d)))):
            filled, r = np.empty((k, len(X), d)), np.empty((k, len(X)))
            for rows, o in _patterns(~np.isnan(X)):
                m = ~o
                log_joint, W, differences = _known(X[np.ix_(rows, o)], o, parameters, matrices)
                largest = log_joint.max(axis=0)
                joint = np.exp(log_joint - largest)
                density = joint.sum(axis=0)
                here = joint * (w[rows] / density)
                log_likelihood += float(w[rows] @ (largest + np.log(density)))
                r[:, rows] = here
                filled[:, rows[:, None], o] = differences
                if m.any():
                    S_om = matrices[:, o][:, :, m]
                    slopes = W.transpose(0, 2, 1) @ (W @ S_om)
                    filled[:, rows[:, None], m] = differences @ slopes
                    left = matrices[:, m][:, :, m] - S_om.transpose(0, 2, 1) @ slopes
                    seconds[:, np.flatnonzero(m)[:, None], m] += here.sum(axis=1)[:, None, None] * left
            counts += r.sum(axis=1)
            firsts += np.matmul(r[:, None, :], filled)[:, 0]
            filled *= np.sqrt(r)[:, :, None]
            seconds += np.matmul(filled.transpose(0, 2, 1), filled)
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

    def _rows(self, length: int = ROWS) -> Iterator[tuple[Array, Array]]:
        for rows, w in split(self.blocks(), length):
            X = np.asarray(rows, dtype=float)
            yield X, np.ones(len(X)) if w is None else w


def log_joint_of_known(X: Array, parameters: Parameters, covariance_type: str) -> Array:
    """Return log pi_k N(x_o; mu_k, Sigma_k) of the entries that are not NaN, shape (n, k)."""
    k, d = parameters.means.shape
    matrices = full_covariances(parameters.covariances, covariance_type, k, d)
    found = np.empty((len(X), k))
    for rows, o in _patterns(~np.isnan(X)):
        found[rows] = _known(X[np.ix_(rows, o)], o, parameters, matrices)[0].T
    return found


def _known(x: Array, o: np.ndarray, parameters: Parameters, matrices: Array) -> tuple[Array, Array, Array]:
    """Whiten points of which the entries o were seen, x (b, |o|), by all components at once.

    Returns log pi_k N(x_o; mu_k, Sigma_k), shape (k, b); L^-1 with L L' = Sigma_oo, shape (k, |o|, |o|); and
    x_o - mu_k, shape (k, b, |o|).
    """
    L = np.linalg.cholesky(matrices[:, o][:, :, o])
    W = np.tril(np.linalg.inv(L))
    differences = x - parameters.means[:, None, o]
    z = differences @ W.transpose(0, 2, 1)
    with np.errstate(divide="ignore"):
        peaks = np.log(parameters.weights) + np.log(np.einsum("kii->ki", W)).sum(axis=1) - 0.5 * o.sum() * _LOG_2_PI
    return peaks[:, None] - 0.5 * np.einsum("kbi,kbi->kb", z, z), W, differences


def _patterns(seen: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of each pattern of seen entries, and the pattern."""
    packed = np.packbits(seen, axis=1)  # a pattern is a few bytes: they are sorted as one item
    _, first, which = np.unique(packed.view(f"V{packed.shape[1]}"), return_index=True, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel()))
    for row, rows in zip(first, np.split(order, ends[:-1]), strict=True):
        yield rows, seen[row]


def _shaped(seconds: Array, covariance_type: str) -> Array:
    """Return the sums of squares in the shape in which a `Summary` keeps them."""
    if covariance_type == "full":
        return seconds
    if covariance_type == "tied":
        return np.asarray(seconds.sum(axis=0))
    diagonals = np.einsum("kii->ki", seconds)
    return diagonals if covariance_type == "diag" else np.asarray(diagonals.sum(axis=1))
