"""Marginals and conditionals: what a mixture says about some features, and what about the rest given these.

Both are mixtures again. To marginalise a Gaussian, strike out rows and columns. To condition it, move the
mean along the regression line and take from the covariance what the known features explain:
``mu_u + S_uk S_kk^-1 (x_k - mu_k)`` and ``S_uu - S_uk S_kk^-1 S_ku``. In a mixture each component does so by
itself, and its weight becomes its responsibility for what is known. (Bishop 2006, section 2.3.)
"""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.covariances import Array, full_covariances
from course_lib.mixture.em import e_step
from course_lib.mixture.one_pass.summaries import Parameters


def marginalised(parameters: Parameters, covariance_type: str, columns: ArrayLike) -> Parameters:
    """Keep the given columns.

    Raises
    ------
    ValueError
        If a column does not exist, or is named twice.
    """
    kept = _columns(np.atleast_1d(np.asarray(columns)).tolist(), parameters.means.shape[1])
    return _struck_out(parameters, covariance_type, kept)


def conditioned(parameters: Parameters, covariance_type: str, known: dict[int, float]) -> Parameters:
    """Fix the values of the known columns.

    Raises
    ------
    ValueError
        If a column does not exist, a value is not finite, or nothing, or everything, is known.
    """
    _, means, covariances = parameters
    k, d = means.shape
    given = _columns(list(known), d)
    rest = [column for column in range(d) if column not in given]
    if not rest:
        raise ValueError(f"All {d} columns are known; expected at least one to be left.")
    values = np.array([float(known[column]) for column in given])
    if not np.isfinite(values).all():
        raise ValueError(f"known holds {values}; expected finite numbers.")
    _, responsibilities = e_step(values[None], *_struck_out(parameters, covariance_type, given), covariance_type)
    left = _struck_out(parameters, covariance_type, rest)
    if covariance_type in ("diag", "spherical"):  # the features of a component say nothing about each other
        return Parameters(responsibilities[0], left.means, left.covariances)
    matrices = full_covariances(covariances, covariance_type, k, d)
    away = values - means[:, given]
    across = matrices[:, rest][:, :, given]
    slopes = np.linalg.solve(matrices[:, given][:, :, given], across.transpose(0, 2, 1)).transpose(0, 2, 1)
    explained = slopes @ across.transpose(0, 2, 1)
    new_means = left.means + (slopes @ away[:, :, None])[:, :, 0]
    new = left.covariances - (explained if covariance_type == "full" else explained[0])
    return Parameters(responsibilities[0], new_means, (new + np.swapaxes(new, -1, -2)) / 2)


def _struck_out(parameters: Parameters, covariance_type: str, kept: list[int]) -> Parameters:
    weights, means, covariances = parameters
    smaller: Array = covariances
    if covariance_type in ("full", "tied"):
        smaller = covariances[..., kept, :][..., kept]
    elif covariance_type == "diag":
        smaller = covariances[:, kept]
    return Parameters(weights.copy(), means[:, kept], smaller.copy())


def _columns(given: list, d: int) -> list[int]:
    if not given or len(set(given)) != len(given) or not all(isinstance(c, int) and 0 <= c < d for c in given):
        raise ValueError(f"columns are {given}; expected at least one of 0 to {d - 1}, each named once.")
    return given
