"""Components that say nothing about the data: collapsed onto the floor of the variances, or without points."""

import numpy as np

from course_lib.mixture.covariances import Array, full_covariances
from course_lib.mixture.one_pass.summaries import Parameters

FLOORED = 10.0  # a variance below this many times the floor says more about reg_covar than about the data


def degenerate_components(parameters: Parameters, covariance_type: str, floor: Array) -> dict[int, str]:
    """Return what is wrong with each degenerate component, by its number; floor has shape (d,)."""
    weights, means, covariances = parameters
    k, d = means.shape
    said = {}
    matrices = full_covariances(covariances, covariance_type, k, d)
    unit = np.sqrt(floor if covariance_type != "spherical" else np.full(d, floor.mean()))
    for j in range(k):
        if weights[j] < np.finfo(float).eps:
            said[j] = f"component {j} has no points (weight {weights[j]:.3g})"
        elif (floor > 0).all():
            lowest = np.linalg.eigvalsh(matrices[j] / np.outer(unit, unit))[0]
            if lowest < FLOORED:
                said[j] = f"component {j} has collapsed: its smallest variance is {lowest:.3g} times reg_covar's"
    return said
