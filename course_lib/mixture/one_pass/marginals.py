"""Densities of what was seen of a point, pattern by pattern: rows and columns struck out.

A point with the entries o has the density N(x_o; mu_o, Sigma_oo) under each component. Rows with the same
entries missing are treated together, and by all components at once. Nothing is subtracted but the mean, so that
no digit is lost, however thin the components are: the form for what `course_lib.mixture.one_pass.precisions` leaves
to it, and for densities without a sweep.
"""

from collections.abc import Iterator

import numpy as np

from course_lib.mixture.covariances import Array, full_covariances
from course_lib.mixture.one_pass.natural import with_own_maximum
from course_lib.mixture.one_pass.summaries import Parameters
from course_lib.mixture.one_pass.threads import Sums

_LOG_2_PI = float(np.log(2 * np.pi))


def log_joint_of_known(X: Array, parameters: Parameters, covariance_type: str) -> Array:
    """Return log pi_k N(x_o; mu_k, Sigma_k) of the entries that are not NaN, shape (n, k), for full or tied."""
    k, d = parameters.means.shape
    matrices = full_covariances(parameters.covariances, covariance_type, k, d)
    found = np.empty((len(X), k))
    for rows, o in _patterns(~np.isnan(X)):
        found[rows] = _known(X[np.ix_(rows, o)], o, parameters, matrices)[0].T
    return found


def marginal_sums(X: Array, w: np.ndarray, parameters: Parameters, matrices: Array) -> Sums:
    """Return [log-likelihood (1,), counts, firsts, seconds] about the means, of points X (b, d) with NaN.

    ``w`` are the points' weights, shape (b,); ``matrices`` the covariances, shape (k, d, d).
    """
    k, d = parameters.means.shape
    log_joint, filled = np.empty((k, len(X))), np.empty((k, len(X), d))
    left = []  # of each pattern: what the spread of the missing entries adds for each point
    for rows, o in _patterns(~np.isnan(X)):
        m = np.flatnonzero(~o)
        log_joint[:, rows], W, differences = _known(X[np.ix_(rows, o)], o, parameters, matrices)
        filled[:, rows[:, None], o] = differences
        if len(m):
            S_om = matrices[:, o][:, :, m]
            slopes = W.transpose(0, 2, 1) @ (W @ S_om)
            filled[:, rows[:, None], m] = differences @ slopes
            left.append((rows, m, matrices[:, m][:, :, m] - S_om.transpose(0, 2, 1) @ slopes))
    log_likelihood = responsibilities(log_joint, w)
    counts, firsts, seconds = completed_sums(log_joint, filled)
    for rows, m, spread in left:
        seconds[:, m[:, None], m] += log_joint[:, rows].sum(axis=1)[:, None, None] * spread
    return [np.array([log_likelihood]), counts, firsts, seconds]


def responsibilities(log_joint: Array, w: np.ndarray) -> float:
    """Turn log_joint (k, b) into responsibilities, times the weights w (b,); return the log-likelihood."""
    density = np.empty(log_joint.shape[1])
    log_likelihood = w @ with_own_maximum(log_joint, density)
    log_joint *= w / density
    return float(log_likelihood)


def completed_sums(r: Array, filled: Array) -> Sums:
    """Return counts (k,), firsts (k, d) and seconds (k, d, d) of points (k, b, d), which are overwritten."""
    firsts = np.matmul(r[:, None, :], filled)[:, 0]
    filled *= np.sqrt(r)[:, :, None]
    return [r.sum(axis=1), firsts, np.matmul(filled.transpose(0, 2, 1), filled)]


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
    patterns, order, ends = sorted_patterns(seen)
    yield from zip(np.split(order, ends[:-1]), patterns, strict=True)


def sorted_patterns(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the distinct rows of seen (b, d), all rows' numbers sorted by them, and where each one's rows end.

    The more is missing, the later it stands.
    """
    bits = np.packbits(seen, axis=1)  # a pattern is a few bytes: they are sorted as one item
    items = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), np.uint8)
    items[:, : bits.shape[1]] = bits
    keys = items.view(np.uint64 if items.shape[1] == 8 else f"V{items.shape[1]}").ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    fullest_first = np.argsort(-seen[first].sum(axis=1), kind="stable")
    which = np.argsort(fullest_first)[which]
    return seen[first[fullest_first]], np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))
