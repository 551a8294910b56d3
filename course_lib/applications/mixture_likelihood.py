"""The log-likelihood of a Gaussian mixture as a plain function of one vector, and its maximum by the gradient.

The weights of a mixture are positive and sum to one, its covariances are positive definite. A step along a gradient
knows nothing of that. So the parameters are written in numbers that are free: the weights are the softmax of logits,
and each covariance is L L^T with a lower triangular L whose diagonal is an exponential. Then every vector of numbers
is a mixture, and the function of this file is differentiated as it stands.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, positive
from course_lib.applications.optimisers.descent import DescentPath, taken
from course_lib.applications.optimisers.lbfgs import lbfgs
from course_lib.autodiff import jit, scan, value_and_grad

Vector = NDArray[np.float64]
NEARLY = 1e-6  # by how much a sum of weights or a symmetry may be off, by rounding of what was printed


@dataclass(frozen=True)
class MixtureFit:
    """A mixture that was fitted by its gradient.

    Attributes
    ----------
    weights : ndarray, shape (k,)
    means : ndarray, shape (k, d)
    covariances : ndarray, shape (k, d, d)
    log_likelihood : float
        Of all points together.
    path : DescentPath
        The free parameters on the way, and -log-likelihood / n there.
    """

    weights: Vector
    means: Vector
    covariances: Vector
    log_likelihood: float
    path: DescentPath


COLLAPSED = (
    "A component has collapsed onto points that do not spread: there the likelihood has no bound. Start elsewhere, "
    "take fewer components, or use course_lib.mixture.GaussianMixture, whose covariances have a floor."
)


def pack(weights: ArrayLike, means: ArrayLike, covariances: ArrayLike) -> Vector:
    """Write a mixture as one vector of free numbers.

    Parameters
    ----------
    weights : array_like, shape (k,)
        Positive, with sum 1.
    means : array_like, shape (k, d)
    covariances : array_like, shape (k, d, d)
        Positive definite.

    Returns
    -------
    ndarray, shape (k + k d + k d (d + 1) / 2,)
        The logits; the means; the lower triangles of the Cholesky factors, row by row, with the logarithms of their
        diagonals. One number more than is needed: the same constant can be added to all logits.

    Raises
    ------
    ValueError
        If shapes do not fit, a weight is not positive, they do not sum to 1, or a covariance is not symmetric.
    numpy.linalg.LinAlgError
        If a covariance is not positive definite.

    Examples
    --------
    >>> parameters = pack([0.5, 0.5], [[0.0], [3.0]], [[[1.0]], [[4.0]]])
    >>> parameters.round(4)
    array([-0.6931, -0.6931,  0.    ,  3.    ,  0.    ,  0.6931])
    """
    pi, mu, sigma = (np.asarray(given, dtype=float) for given in (weights, means, covariances))
    if mu.ndim != 2 or pi.shape != mu.shape[:1] or sigma.shape != (*mu.shape, mu.shape[1]):
        raise ValueError(
            f"The shapes of weights, means and covariances are {pi.shape}, {mu.shape}, {sigma.shape}; expected "
            "(k,), (k, d) and (k, d, d)."
        )
    if not np.all(pi > 0):
        raise ValueError(f"The weights are {pi}; expected positive ones, because their logarithms are taken.")
    if not abs(pi.sum() - 1) <= NEARLY:
        raise ValueError(f"The weights are {pi}, with sum {pi.sum()}; expected the sum 1. Divide by their sum.")
    if not np.all(np.abs(sigma - np.swapaxes(sigma, 1, 2)) <= NEARLY * np.max(np.abs(sigma))):
        raise ValueError(f"A covariance is not symmetric: {sigma.tolist()}.")
    d = mu.shape[1]
    factors = np.linalg.cholesky(sigma)
    triangles = np.where(np.eye(d, dtype=bool), np.log(np.where(np.eye(d), factors, 1.0)), factors)
    return np.concatenate([np.log(pi), mu.ravel(), triangles[:, *np.tril_indices(d)].ravel()])


def unpack(parameters: Any, k: int, d: int) -> tuple[Any, Any, Any]:
    """Return the logarithms of the weights, the means and the Cholesky factors of a vector of free numbers.

    Parameters
    ----------
    parameters : ndarray
        As `pack` writes it; any vector of that length is a mixture.
    k, d : int
        The number of components, and of features.

    Returns
    -------
    log_weights : ndarray, shape (k,)
    means : ndarray, shape (k, d)
    factors : ndarray, shape (k, d, d)
        Lower triangular, with positive diagonals.

    Raises
    ------
    ValueError
        If the length does not fit.

    Examples
    --------
    >>> log_weights, means, factors = unpack(np.zeros(6), k=2, d=1)
    >>> np.exp(log_weights), factors.ravel()
    (array([0.5, 0.5]), array([1., 1.]))
    """
    count = k + k * d + k * d * (d + 1) // 2
    if np.shape(parameters) != (count,):
        raise ValueError(f"The parameters have shape {np.shape(parameters)}; for k = {k}, d = {d} expected ({count},).")
    logits, means = parameters[:k], np.reshape(parameters[k : k + k * d], (k, d))
    place = np.zeros((d, d), dtype=int)  # where each entry of a triangle lies in its row of numbers
    place[np.tril_indices(d)] = np.arange(d * (d + 1) // 2)
    triangles = np.tril(np.reshape(parameters[k + k * d :], (k, -1))[:, place])
    factors = np.where(np.eye(d, dtype=bool), np.exp(triangles), triangles)
    return logits - log_sum_exp(logits, axis=0), means, factors


def log_sum_exp(a: Any, axis: int) -> Any:
    """Return log(sum(exp(a))) along an axis, without overflow.

    Examples
    --------
    >>> log_sum_exp(np.array([1000.0, 1000.0]), axis=0)
    np.float64(1000.6931471805599)
    """
    largest = np.max(a, axis=axis, keepdims=True)
    return np.squeeze(largest, axis) + np.log(np.sum(np.exp(a - largest), axis=axis))


def mixture_log_likelihood(parameters: Any, X: Any, k: int) -> Any:
    """Return the log-likelihood of a mixture of k Gaussians.

    Parameters
    ----------
    parameters : ndarray, shape (k + k d + k d (d + 1) / 2,)
        The mixture, as `pack` writes it.
    X : ndarray, shape (n, d)
        The points.
    k : int
        The number of components.

    Returns
    -------
    float
        The sum over points of log sum_k weight_k N(x; mean_k, L_k L_k^T).

    Raises
    ------
    ValueError
        If X has no rows and columns, or the length of the parameters does not fit.

    References
    ----------
    Salakhutdinov, Roweis and Ghahramani: Optimization with EM and expectation-conjugate-gradient. ICML (2003), for
    mixtures by their gradient.

    Examples
    --------
    >>> standard = pack([1.0], [[0.0]], [[[1.0]]])
    >>> mixture_log_likelihood(standard, np.array([[0.0], [1.0]]), k=1) == -np.log(2 * np.pi) - 0.5
    np.True_
    """
    if np.ndim(X) != 2:
        raise ValueError(f"X has shape {np.shape(X)}; expected one point a row, (n, d).")
    d = X.shape[1]
    log_weights, means, factors = unpack(parameters, k, d)
    centred = np.swapaxes(X - np.expand_dims(means, 1), 1, 2)  # (k, d, n)
    standardised = np.linalg.solve(factors, centred)  # z = L^-1 (x - mu) is standard normal if x has this component
    log_determinants = np.sum(np.log(np.diagonal(factors, axis1=1, axis2=2)), axis=1)
    log_densities = -0.5 * np.sum(standardised**2, axis=1) - np.expand_dims(log_determinants, 1)
    joint = np.expand_dims(log_weights, 1) + log_densities  # (k, n)
    return np.sum(log_sum_exp(joint, axis=0)) - 0.5 * len(X) * d * np.log(2 * np.pi)


def fit_by_gradient_ascent(
    X: ArrayLike, weights: ArrayLike, means: ArrayLike, covariances: ArrayLike, rate: float, iterations: int
) -> MixtureFit:
    """Raise the log-likelihood by steps along its gradient.

    Parameters
    ----------
    X : array_like, shape (n, d)
        The points.
    weights, means, covariances
        The mixture with which the ascent begins, as in `pack`.
    rate : float
        The learning rate, for the gradient of the *mean* log-likelihood of a point.
    iterations : int
        How many steps.

    Returns
    -------
    MixtureFit
        The mixture after the last step.

    Raises
    ------
    ValueError
        If X is not finite and of shape (n, d), or the mixture is none.
    ArithmeticError
        If a component collapses onto a point, where the likelihood has no bound.

    Examples
    --------
    >>> X = np.array([[-2.0], [-1.0], [1.0], [3.0]])
    >>> fit = fit_by_gradient_ascent(X, [1.0], [[0.0]], [[[1.0]]], rate=0.1, iterations=500)
    >>> fit.means.round(4), fit.covariances.round(4)            # the mean and the variance of the points
    (array([[0.25]]), array([[[3.6875]]]))
    """
    X, start = points_of(X), pack(weights, means, covariances)
    k = len(np.asarray(weights))
    loss = negative_mean(X, k)
    positive(rate, "rate")
    count(iterations, "iterations", least=1)
    value_and_gradient = value_and_grad(loss)

    def step(x: Any, _: None) -> tuple[Any, Any]:
        value, gradient = value_and_gradient(x)
        return x - rate * gradient, (x, value)

    climb = jit(lambda start: scan(step, start, length=iterations))  # the whole ascent is one program with one loop
    try:
        last, (points, values) = climb(start)
    except np.linalg.LinAlgError:
        raise ArithmeticError(COLLAPSED) from None
    path = DescentPath(
        np.concatenate([points, last[None]]), np.append(values, loss(last)), iterations, taken(iterations, last)
    )
    return fitted(path, X, k)


def fit_by_lbfgs(
    X: ArrayLike,
    weights: ArrayLike,
    means: ArrayLike,
    covariances: ArrayLike,
    tolerance: float = 1e-6,
    max_iterations: int = 500,
) -> MixtureFit:
    """Raise the log-likelihood to a local maximum by L-BFGS.

    Parameters
    ----------
    X, weights, means, covariances
        As in `fit_by_gradient_ascent`.
    tolerance : float
        The fit ends when no entry of the gradient of the mean log-likelihood is larger.
    max_iterations : int
        How many steps at most.

    Returns
    -------
    MixtureFit
        The mixture at the maximum; ``path.reason`` says whether it was reached.

    Raises
    ------
    ValueError, ArithmeticError
        As in `fit_by_gradient_ascent`.

    Examples
    --------
    >>> from course_lib.datasets import load_old_faithful
    >>> start = [0.5, 0.5], [[2.0, 55.0], [4.5, 80.0]], [[[1.0, 0.0], [0.0, 100.0]]] * 2
    >>> fit = fit_by_lbfgs(load_old_faithful(), *start)
    >>> print(f"{fit.path.reason}: {fit.log_likelihood:.4f}")
    converged: -1130.2640
    """
    X, start = points_of(X), pack(weights, means, covariances)
    k = len(np.asarray(weights))
    try:
        path = lbfgs(negative_mean(X, k), start, 10, tolerance, max_iterations)
    except np.linalg.LinAlgError:
        raise ArithmeticError(COLLAPSED) from None
    return fitted(path, X, k)


def points_of(X: ArrayLike) -> Vector:
    """Return the points as an array, if they are finite and there is one a row."""
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or X.size == 0 or not np.all(np.isfinite(X)):
        raise ValueError(f"X has shape {X.shape}; expected finite numbers, one point a row, (n, d).")
    return X


def negative_mean(X: Vector, k: int) -> Any:
    """Return the function to minimise: minus the mean log-likelihood of a point."""
    return lambda parameters: -mixture_log_likelihood(parameters, X, k) / len(X)


def fitted(path: DescentPath, X: Vector, k: int) -> MixtureFit:
    """Return the mixture at the end of a path."""
    log_weights, means, factors = unpack(path.solution, k, X.shape[1])
    covariances = factors @ np.swapaxes(factors, 1, 2)
    return MixtureFit(np.exp(log_weights), means, covariances, float(-path.values[-1] * len(X)), path)
