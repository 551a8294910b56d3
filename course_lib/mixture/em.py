"""EM for a mixture of Gaussians, as it stands on the blackboard.

A mixture says how a point x came about: first a component k was chosen with probability pi_k, then x was
drawn from its Gaussian N(mu_k, Sigma_k). We see x and not k. If we knew k, each Gaussian would be fitted
to its own points; if we knew the Gaussians, Bayes' rule would tell how probable each k is. EM does the
two in turn. The *E step* computes those probabilities, the responsibilities r_nk. The *M step* fits each
Gaussian to all points, each counted by its responsibility. The log-likelihood never falls.

Four functions, in the order in which they need each other. `course_lib.mixture.one_pass.blocks` computes the same
numbers in one pass over the data and is many times faster; a test holds the two together.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.arguments import (
    checked_floor,
    checked_parameters,
    checked_points,
    checked_responsibilities,
    refuse_overflow,
    refuse_underflow,
)
from course_lib.mixture.covariances import (
    Array,
    add_to_diagonal,
    cholesky_factors,
    factor_of,
    log_determinant,
    shape_of,
    whiten,
)


class MixtureState(NamedTuple):
    """A mixture at one moment of EM: its parameters and their log-likelihood."""

    iteration: int
    weights: Array
    means: Array
    covariances: Array
    log_likelihood: float


def log_gaussian(X: ArrayLike, means: ArrayLike, covariances: ArrayLike, covariance_type: str = "full") -> Array:
    """Log density of each point under each Gaussian, ``log N(x_n; mu_k, Sigma_k)``.

    With a factor L L' = Sigma and z = L^-1 (x - mu) it is ``-(d log 2 pi + z'z) / 2 - log |L|``: neither an
    inverse nor a determinant is formed, so that nothing under- or overflows on the way.

    Parameters
    ----------
    X : array_like, shape (n, d)
        The points x_n, one a row.
    means : array_like, shape (k, d)
        The means mu_k.
    covariances : array_like, shape (k, d, d), (d, d), (k, d) or (k,)
        The covariances Sigma_k: full, tied, diag or spherical.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.

    Returns
    -------
    ndarray, shape (n, k)
        The log densities, in units of 1 over the volume of X's units.

    Raises
    ------
    ValueError
        If shapes do not fit, an entry is not a finite number, or a covariance is not symmetric and positive definite.

    References
    ----------
    Bishop: Pattern Recognition and Machine Learning (2006), equation 2.43.

    Examples
    --------
    >>> log_gaussian([[0.0], [1.0]], means=[[0.0]], covariances=[[[1.0]]]).round(4)
    array([[-0.9189],
           [-1.4189]])
    """
    X = checked_points(X)
    _, means, covariances = checked_parameters(X, None, means, covariances, covariance_type)
    n, d = X.shape
    factors = cholesky_factors(covariances, covariance_type)
    log_density = np.empty((n, len(means)))
    for k, mean in enumerate(means):
        L = factor_of(k, factors, covariance_type)
        z = whiten(X - mean, L)
        with np.errstate(over="ignore"):  # 1e155 standard deviations away, the log density is minus infinity
            log_density[:, k] = -(d * np.log(2 * np.pi) + (z**2).sum(axis=1)) / 2 - log_determinant(L, d)
    return log_density


def e_step(
    X: ArrayLike, weights: ArrayLike, means: ArrayLike, covariances: ArrayLike, covariance_type: str = "full"
) -> tuple[float, Array]:
    """Compute how probable each component is for each point, by Bayes' rule.

    ``r_nk = pi_k N(x_n; mu_k, Sigma_k) / sum_j pi_j N(x_n; mu_j, Sigma_j)``; the sum below the line is the
    density of x_n, and its logarithm, summed over the points, is the log-likelihood.

    Parameters
    ----------
    X : array_like, shape (n, d)
        The points x_n.
    weights : array_like, shape (k,)
        The mixing weights pi_k: not negative, summing to 1.
    means : array_like, shape (k, d)
        The means mu_k.
    covariances : array_like, shape (k, d, d), (d, d), (k, d) or (k,)
        The covariances Sigma_k: full, tied, diag or spherical.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.

    Returns
    -------
    log_likelihood : float
        The sum over n of log p(x_n).
    responsibilities : ndarray, shape (n, k)
        The r_nk; each row sums to 1.

    Raises
    ------
    ValueError
        As `log_gaussian`; if weights are negative or do not sum to 1; if a point is so far from every
        component that its density cannot be told from 0 even by its logarithm.

    References
    ----------
    Bishop: Pattern Recognition and Machine Learning (2006), section 9.2.2, equation 9.23.

    Examples
    --------
    >>> _, r = e_step([[0.0], [1.0], [2.0]], [0.5, 0.5], means=[[0.0], [2.0]], covariances=[[[1.0]], [[1.0]]])
    >>> r.round(3)
    array([[0.881, 0.119],
           [0.5  , 0.5  ],
           [0.119, 0.881]])
    """
    X = checked_points(X)
    weights, means, covariances = checked_parameters(X, weights, means, covariances, covariance_type)
    with np.errstate(divide="ignore"):  # a component of weight 0 is responsible for nothing
        log_joint = np.log(weights) + log_gaussian(X, means, covariances, covariance_type)
    # log sum exp: the largest term is taken out, so that at least one exponential is 1 and none overflows.
    largest = log_joint.max(axis=1, keepdims=True)
    if np.isneginf(largest).any():
        raise ValueError(
            f"Row {int(np.argmin(largest))} of X is more than 1e154 standard deviations from every component; "
            "expected points whose squared distance is a finite number. Look for an outlier or a wrong unit."
        )
    joint = np.exp(log_joint - largest)
    density = joint.sum(axis=1, keepdims=True)
    return float((largest + np.log(density)).sum()), joint / density


def m_step(
    X: ArrayLike, responsibilities: ArrayLike, covariance_type: str = "full", reg_covar: ArrayLike = 0.0
) -> tuple[Array, Array, Array]:
    """Fit each Gaussian to all points, each point counted by its responsibility.

    With ``N_k = sum_n r_nk``, the number of points of component k:
    ``pi_k = N_k / sum_j N_j``, ``mu_k = sum_n r_nk x_n / N_k`` and
    ``Sigma_k = sum_n r_nk (x_n - mu_k)(x_n - mu_k)' / N_k``. Tied: the average of the Sigma_k, weighted by
    pi_k. Diag: the diagonal of Sigma_k. Spherical: the mean of that diagonal.

    Parameters
    ----------
    X : array_like, shape (n, d)
        The points x_n.
    responsibilities : array_like, shape (n, k)
        The r_nk, not negative. Multiply a row by w to count its point w times.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape of covariances to fit.
    reg_covar : float or array_like, shape (d,)
        Added to every variance, in squared units of X.

    Returns
    -------
    weights : ndarray, shape (k,)
        The pi_k.
    means : ndarray, shape (k, d)
        The mu_k.
    covariances : ndarray, shape (k, d, d), (d, d), (k, d) or (k,)
        The Sigma_k.

    Raises
    ------
    ValueError
        If shapes do not fit, an entry is negative or not finite, squares of differences over- or underflow, or a
        component has no points at all.

    References
    ----------
    Bishop: Pattern Recognition and Machine Learning (2006), section 9.2.2, equations 9.24 to 9.26.

    Examples
    --------
    >>> weights, means, covariances = m_step([[0.0], [2.0], [7.0]], [[1, 0], [1, 0], [0, 1]], reg_covar=0.5)
    >>> means.ravel(), covariances.ravel()
    (array([1., 7.]), array([1.5, 0.5]))
    """
    X = checked_points(X)
    r = checked_responsibilities(responsibilities, X)
    floor = checked_floor(reg_covar, X.shape[1])
    refuse_overflow(X.min(axis=0), X.max(axis=0))
    refuse_underflow(X.min(axis=0), X.max(axis=0))
    d = X.shape[1]
    counts = r.sum(axis=0)
    if counts.min() < np.finfo(float).tiny:
        raise ValueError(
            f"Component {int(counts.argmin())} is responsible for no point at all; expected some of each column of "
            "the responsibilities to be positive. Start it nearer to the data, or use fewer components."
        )
    weights = counts / counts.sum()
    means = (r.T @ X) / counts[:, None]
    covariances = np.zeros(shape_of(covariance_type, len(counts), d))
    for k, mean in enumerate(means):
        # About the new mean, which is known by now: E[xx'] - mu mu' would lose the digits in which both agree.
        # The root of r on either side makes the product exactly symmetric.
        centred = np.sqrt(r[:, k, None]) * (X - mean)
        if covariance_type == "full":
            covariances[k] = centred.T @ centred / counts[k]
        elif covariance_type == "tied":
            covariances += centred.T @ centred / counts.sum()
        elif covariance_type == "diag":
            covariances[k] = (centred**2).sum(axis=0) / counts[k]
        else:
            covariances[k] = (centred**2).sum() / (d * counts[k])
    return weights, means, add_to_diagonal(covariances, floor, covariance_type)


def em_iterations(
    X: ArrayLike,
    weights: ArrayLike,
    means: ArrayLike,
    covariances: ArrayLike,
    covariance_type: str = "full",
    *,
    reg_covar: ArrayLike = 0.0,
    max_iter: int = 100,
    tol: float = 1e-10,
) -> Iterator[MixtureState]:
    """Repeat the E step and the M step, and show the mixture after each.

    Parameters
    ----------
    X : array_like, shape (n, d)
        The points x_n.
    weights, means, covariances : array_like
        Where to start; shapes as in `e_step`.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    reg_covar : float or array_like, shape (d,)
        Added to every variance in each M step, in squared units of X.
    max_iter : int
        The largest number of iterations.
    tol : float
        Stop when an iteration has raised the log-likelihood by less than ``tol`` a point.

    Yields
    ------
    MixtureState
        ``(iteration, weights, means, covariances, log_likelihood)``; the first, iteration 0, is the start.

    Raises
    ------
    ValueError
        As `e_step` and `m_step`.

    References
    ----------
    Dempster, Laird and Rubin: Maximum likelihood from incomplete data via the EM algorithm. Journal of the
    Royal Statistical Society B 39 (1977) 1-38.

    Examples
    --------
    >>> X = [[0.0], [1.0], [5.0], [6.0]]
    >>> for state in em_iterations(X, [0.5, 0.5], [[1.0], [2.0]], [[[1.0]], [[1.0]]], max_iter=3):
    ...     print(state.iteration, state.means.ravel().round(2), f"{state.log_likelihood:.2f}")
    0 [1. 2.] -18.73
    1 [0.56 4.43] -8.23
    2 [0.47 4.94] -7.24
    3 [0.49 5.41] -6.05
    """
    X = checked_points(X)
    weights, means, covariances = checked_parameters(X, weights, means, covariances, covariance_type)
    log_likelihood, responsibilities = e_step(X, weights, means, covariances, covariance_type)
    yield MixtureState(0, weights, means, covariances, log_likelihood)
    for iteration in range(1, max_iter + 1):
        weights, means, covariances = m_step(X, responsibilities, covariance_type, reg_covar)
        before = log_likelihood
        log_likelihood, responsibilities = e_step(X, weights, means, covariances, covariance_type)
        yield MixtureState(iteration, weights, means, covariances, log_likelihood)
        if log_likelihood - before < tol * len(X):
            return
