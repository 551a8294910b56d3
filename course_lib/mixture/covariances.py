"""The four shapes of a covariance, and the Cholesky factor that stands in for its inverse and determinant.

A mixture of K Gaussians in d dimensions may let each component have a covariance matrix of its own
(*full*), one matrix that all share (*tied*), a variance for each component and feature (*diag*: the axes
of the ellipse are parallel to the coordinates), or one variance for each component (*spherical*). Fewer
numbers have to be learnt from left to right. Whatever the shape, what a Gaussian needs of its covariance
Sigma is a factor L with L L' = Sigma: then z = L^-1 (x - mu) has the squared length
(x - mu)' Sigma^-1 (x - mu), and log |Sigma| is twice the sum of the logarithms of L's diagonal. For
variances, L is the standard deviation.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CovarianceType = Literal["full", "tied", "diag", "spherical"]
COVARIANCE_TYPES = ("full", "tied", "diag", "spherical")
NARROWEST = 1e-11  # of a covariance's largest eigenvalue, relative to the floor: rounding is a part of less that shows
MATRICES = ("full", "tied")  # the others are variances along the axes: no d x d array is ever needed for them


def known_type(covariance_type: str) -> None:
    """Raise ValueError unless the covariance type is one of the four."""
    if covariance_type not in COVARIANCE_TYPES:
        raise ValueError(f"covariance_type is {covariance_type!r}; expected one of {', '.join(COVARIANCE_TYPES)}.")


def shape_of(covariance_type: str, n_components: int, n_features: int) -> tuple[int, ...]:
    """Return the shape of the array that holds all covariances of a mixture."""
    known_type(covariance_type)
    return {
        "full": (n_components, n_features, n_features),
        "tied": (n_features, n_features),
        "diag": (n_components, n_features),
        "spherical": (n_components,),
    }[covariance_type]


def free_parameters(covariance_type: str, n_components: int, n_features: int) -> int:
    """Return how many numbers the covariances, the means and the weights leave free."""
    symmetric = n_features * (n_features + 1) // 2
    covariances = {
        "full": n_components * symmetric,
        "tied": symmetric,
        "diag": n_components * n_features,
        "spherical": n_components,
    }[covariance_type]
    return covariances + n_components * n_features + n_components - 1  # the weights sum to 1


def cholesky_factors(covariances: Array, covariance_type: str) -> Array:
    """Return L with L L' = Sigma for each covariance, in the shape of the covariances.

    Raises
    ------
    ValueError
        If a covariance is not symmetric positive definite: no density exists. The component is named.
    """
    if covariance_type in ("diag", "spherical"):
        low = ~(np.isfinite(covariances) & (covariances > 0))
        if low.any():
            where = np.argwhere(low)[0]
            raise ValueError(
                f"The variance of component {where[0]}{f' in feature {where[1]}' if len(where) > 1 else ''} is "
                f"{covariances[tuple(where)]}; expected a positive number. {_ADVICE}"
            )
        return np.asarray(np.sqrt(covariances))
    try:
        if not np.isfinite(covariances).all():
            raise np.linalg.LinAlgError
        return np.asarray(np.linalg.cholesky(covariances))
    except np.linalg.LinAlgError:
        raise ValueError(_not_definite(covariances, covariance_type)) from None


def factor_of(component: int, factors: Array, covariance_type: str) -> Array:
    """Return one component's factor: a matrix, a row of standard deviations, or one of them."""
    return factors if covariance_type == "tied" else factors[component]


def whiten(differences: Array, factor: Array) -> Array:
    """Return z = L^-1 (x - mu) for each row: differences in units of the component's own spread."""
    if factor.ndim == 2:
        return np.asarray(np.linalg.solve(factor, differences.T).T)
    return differences / factor


def log_determinant(factor: Array, n_features: int) -> float:
    """Return log |L|, half of log |Sigma|."""
    if factor.ndim == 2:
        return float(np.log(np.diag(factor)).sum())
    return float(np.log(np.broadcast_to(factor, n_features)).sum())


def inverse_factors(factors: Array, covariance_type: str) -> Array:
    """Return L^-1 for each factor; its transpose is what scikit-learn calls the Cholesky factor of the precision."""
    if covariance_type in ("diag", "spherical"):
        return np.asarray(1 / factors)
    return np.tril(np.linalg.inv(factors))


def full_covariances(covariances: Array, covariance_type: str, n_components: int, n_features: int) -> Array:
    """Return each component's covariance as a matrix, shape (k, d, d), whatever shape it is kept in."""
    if covariance_type in ("full", "tied"):
        return np.broadcast_to(covariances, (n_components, n_features, n_features))
    variances = covariances if covariance_type == "diag" else covariances[:, None]
    return np.broadcast_to(variances, (n_components, n_features))[:, :, None] * np.eye(n_features)


def variances_of(covariances: Array, covariance_type: str, n_components: int, n_features: int) -> Array:
    """Return the variance of each component along each feature, shape (k, d), in whatever shape they are kept."""
    if covariance_type in MATRICES:
        covariances = np.einsum("...ii->...i", covariances)
    elif covariance_type == "spherical":
        covariances = covariances[:, None]
    return np.broadcast_to(covariances, (n_components, n_features))


def add_to_diagonal(covariances: Array, floor: Array | float, covariance_type: str) -> Array:
    """Return the covariances with a floor, one number or one a feature, added to each variance."""
    if covariance_type == "spherical":
        return covariances + np.mean(floor)
    if covariance_type == "diag":
        return covariances + floor
    raised = covariances.copy()
    d = raised.shape[-1]
    raised.reshape(-1, d * d)[:, :: d + 1] += floor
    return raised


def raised_to(floor: Array, covariances: Array, covariance_type: str) -> Array:
    """Return the covariances Sigma with every eigenvalue relative to the floor F, ``diag(floor)``, at least 1.

    Of all Sigma with Sigma - F positive semidefinite it is the likeliest: where S is the scatter of a
    component, ``log |Sigma| + trace(Sigma^-1 S)`` is least at the eigenvectors of F^-1/2 S F^-1/2, and along
    each of them at its eigenvalue, or at 1 if that is less. So the likelihood of EM under this bound never falls.

    Parameters
    ----------
    floor : ndarray, shape (d,)
        The smallest variance of each feature, positive. For spherical covariances, their mean counts.
    covariances : ndarray, shape (k, d, d), (d, d), (k, d) or (k,)
        Symmetric positive semidefinite, but for rounding.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.

    Returns
    -------
    ndarray, the shape of the covariances
    """
    if covariance_type == "spherical":
        return np.maximum(covariances, np.mean(floor))
    if covariance_type == "diag":
        return np.maximum(covariances, floor)
    if is_definite(add_to_diagonal(covariances, -floor, covariance_type)):
        return covariances  # as nearly always, and no eigenvalue is needed
    unit = np.sqrt(floor)[:, None] * np.sqrt(floor)
    relative = covariances.reshape(-1, *unit.shape) / unit
    if not np.isfinite(relative).all():
        return covariances  # whoever factors them says which one
    values, vectors = np.linalg.eigh(relative)
    least = np.maximum(1.0, NARROWEST * values[:, -1:])  # narrower than that, rounding makes it no covariance
    low = np.flatnonzero(values[:, 0] < least[:, 0])
    raised = (vectors[low] * np.maximum(values[low], least[low])[:, None]) @ np.swapaxes(vectors[low], 1, 2)
    found = covariances.reshape(-1, *unit.shape).copy()
    found[low] = (raised + np.swapaxes(raised, 1, 2)) / 2 * unit
    return found.reshape(covariances.shape)


def is_definite(matrices: Array) -> bool:
    """Whether a matrix, or each of several, is positive definite."""
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        return False
    return True


_ADVICE = (
    "A component with (nearly) all its weight on one point, on equal points or on a line collapses so: "
    "use fewer components, or a larger reg_covar."
)


def _not_definite(covariances: Array, covariance_type: str) -> str:
    matrices = covariances[None] if covariance_type == "tied" else covariances
    lowest_of = [np.linalg.eigvalsh(m)[0] if np.isfinite(m).all() else -np.inf for m in matrices]
    relative = [
        low / max(np.abs(np.trace(m)), np.finfo(float).tiny) for low, m in zip(lowest_of, matrices, strict=True)
    ]
    k = int(np.argmin(relative))
    lowest = lowest_of[k]
    name = "The shared covariance" if covariance_type == "tied" else f"The covariance of component {k}"
    return f"{name} has the smallest eigenvalue {lowest:.3g}; expected a positive definite matrix. {_ADVICE}"
