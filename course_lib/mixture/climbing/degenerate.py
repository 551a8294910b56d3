"""Components that say nothing about the data: collapsed onto the floor of the variances, or without points."""

import numpy as np

from course_lib.mixture.covariances import MATRICES, Array
from course_lib.mixture.one_pass.summaries import Parameters

FLOORED = 10.0  # a variance below this many times the floor says more about reg_covar than about the data


def degenerate_components(parameters: Parameters, covariance_type: str, floor: Array) -> dict[int, str]:
    """Return what is wrong with each degenerate component, by its number; floor has shape (d,)."""
    weights, _, covariances = parameters
    k = len(weights)
    said = {}
    lowest = _lowest_variances(covariances, covariance_type, floor, k) if (floor > 0).all() else np.full(k, np.inf)
    for j in range(k):
        if weights[j] < np.finfo(float).eps:
            said[j] = f"component {j} has no points (weight {weights[j]:.3g})"
        elif lowest[j] < FLOORED:
            said[j] = f"component {j} has collapsed: its smallest variance is {lowest[j]:.3g} times reg_covar's"
    return said


def _lowest_variances(covariances: Array, covariance_type: str, floor: Array, k: int) -> Array:
    """Return the smallest variance of each component, in any direction, in units of the floor (d,)."""
    if covariance_type in MATRICES:
        unit = np.sqrt(floor)
        return np.broadcast_to(np.linalg.eigvalsh(covariances / np.outer(unit, unit))[..., 0], k)
    return (covariances / floor).min(axis=1) if covariance_type == "diag" else covariances / floor.mean()
