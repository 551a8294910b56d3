"""Marginals and conditionals: what a mixture says about some features, and what about the rest given these.

Both are mixtures again. To marginalise a Gaussian, strike out rows and columns. To condition it, move the
mean along the regression line and take from the covariance what the known features explain:
``mu_u + S_uk S_kk^-1 (x_k - mu_k)`` and ``S_uu - S_uk S_kk^-1 S_ku``. In a mixture each component does so by
itself, and its weight becomes its responsibility for what is known. (Bishop 2006, section 2.3.)
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from course_lib.mixture.covariances import Array, full_covariances
from course_lib.mixture.em import e_step
from course_lib.mixture.one_pass.summaries import Parameters


def marginalised(parameters: Parameters, covariance_type: str, columns: Iterable[Any]) -> Parameters:
    """Keep the given columns.

    Raises
    ------
    ValueError
        If a column does not exist, or is named twice.
    """
    kept = _columns(list(columns), parameters.means.shape[1])
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


def numbers_of(columns: Iterable[Any], names: Sequence[str] | None, kept: Sequence[int] = ()) -> list[Any]:
    """Return columns by their place among those of the mixture: names by that of the name, whole numbers as int.

    Where columns of X were left out, numbers count those of X, and ``kept`` are the numbers of those that were not.
    """
    found: list[Any] = []
    for column in columns:
        if isinstance(column, str):
            if names is None or column not in names:
                said = "the columns had no names in fit" if names is None else f"expected one of {list(names)}"
                raise ValueError(f"There is no column {column!r}: {said}.")
            column = list(names).index(column)
        elif kept:
            if isinstance(column, bool) or column not in kept:
                raise ValueError(
                    f"Column {column!r} of X is not in this mixture: columns that say nothing of their own were left "
                    f"out. Expected one of {list(kept)}."
                )
            column = list(kept).index(column)
        found.append(int(column) if isinstance(column, np.integer) else column)
    return found


def _columns(given: list, d: int) -> list[int]:
    whole = all(isinstance(c, int) and not isinstance(c, bool) and 0 <= c < d for c in given)
    if not given or not whole or len(set(given)) != len(given):
        raise ValueError(f"columns are {given}; expected at least one of 0 to {d - 1}, each named once.")
    return given


def imputed(parameters: Parameters, covariance_type: str, X: Array, random: Any | None) -> Array:
    """Fill in the missing entries of X (n, d): their conditional mean, or a draw where there is a random source.

    Given what was seen of a point, its component k has the responsibility r_k, and under it the missing entries are
    normal. Their mean is the average of the components' means, weighted by r_k. A draw chooses a component with
    probability r_k, and then from its normal distribution.
    """
    weights, means, covariances = parameters
    k, d = means.shape
    filled = np.array(X, dtype=float)
    missing = np.isnan(filled)
    rows_of: dict[bytes, list[int]] = {}
    for row in np.flatnonzero(missing.any(axis=1)):
        rows_of.setdefault(missing[row].tobytes(), []).append(int(row))
    for rows in rows_of.values():
        given, rest = np.flatnonzero(~missing[rows[0]]).tolist(), np.flatnonzero(missing[rows[0]]).tolist()
        seen = filled[np.ix_(rows, given)]
        r = np.tile(weights, (len(rows), 1))
        if given:
            r = e_step(seen, *_struck_out(parameters, covariance_type, given), covariance_type)[1]
        expected = np.repeat(means[:, None, rest], len(rows), axis=1)
        if covariance_type in ("diag", "spherical"):
            variances = covariances[:, rest] if covariance_type == "diag" else covariances[:, None]
            spread = np.broadcast_to(variances, (k, len(rest)))[:, :, None] * np.eye(len(rest))
        else:
            matrices = full_covariances(covariances, covariance_type, k, d)
            across = matrices[:, rest][:, :, given]
            slopes = np.linalg.solve(matrices[:, given][:, :, given], across.transpose(0, 2, 1)).transpose(0, 2, 1)
            expected = expected + (seen - means[:, None, given]) @ slopes.transpose(0, 2, 1)
            spread = matrices[:, rest][:, :, rest] - slopes @ across.transpose(0, 2, 1)
        if random is None:
            filled[np.ix_(rows, rest)] = np.einsum("nk,knj->nj", r, expected)
            continue
        chosen = np.minimum((np.cumsum(r, axis=1) < random.uniform(size=(len(rows), 1))).sum(axis=1), k - 1)
        factors = np.linalg.cholesky((spread + spread.transpose(0, 2, 1)) / 2)
        noise = random.normal(size=(len(rows), len(rest), 1))
        filled[np.ix_(rows, rest)] = expected[chosen, np.arange(len(rows))] + (factors[chosen] @ noise)[:, :, 0]
    return filled
