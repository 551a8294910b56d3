"""Where EM begins. It climbs to the nearest summit, so the start decides which one that is.

Four ways, with scikit-learn's names; a fifth, the default, is `course_lib.mixture.climbing.short_runs`. All of them
look at no more than `START_ROWS` rows, drawn at random, and measure distances in units of each feature's spread: a
start does not depend on whether a length is given in metres or millimetres, nor on how far out an outlier lies.
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.arguments import checked_covariances, of_shape
from course_lib.mixture.climbing.partitions import Spread, spread_of
from course_lib.mixture.covariances import Array, cholesky_factors, inverse_factors, shape_of, variances_of
from course_lib.mixture.em import m_step
from course_lib.mixture.estimator import DegenerateWarning
from course_lib.mixture.kmeans import KMeans
from course_lib.mixture.nearest.seeding import enough_distinct, plus_plus
from course_lib.mixture.one_pass.summaries import MStep, Parameters

NEAR = 0.3  # standard deviations between means of starts that are alike
LIKE = 0.4  # of a weight or a variance: what they may differ by
START_METHODS = ("kmeans", "k-means++", "random", "random_from_data", "short-em")


def start_parameters(method: str, rows: Array, weights: Array | None, k: int, rule: MStep, random: Any) -> Parameters:
    """Choose the mixture of the first E step.

    "kmeans" fits each component to a cluster of k-means (so does "short-em", where no short run has K clusters);
    "random" to all points with random responsibilities.
    "random_from_data" and "k-means++" place the means on points, any or far apart ones;
    the weights are equal and each component is as wide as all the data. (scikit-learn makes them as narrow as
    ``reg_covar``, so that the first E step assigns each point wholly to the nearest.) No two means are placed
    on equal points: EM could never part components that begin the same.

    Raises
    ------
    ValueError
        If there are fewer distinct points than components, but for "random", which places no mean on a point.
    """
    w = np.ones(len(rows)) if weights is None else weights
    if method != "random":
        enough_distinct(rows[w > 0], k)
    kind = rule.covariance_type

    def fitted(r: Array) -> Parameters:
        start = Parameters(*m_step(rows, r, kind))
        return start._replace(covariances=rule.regularised(start.covariances))

    if method in ("kmeans", "short-em", "random"):
        if method != "random":
            found = KMeans(k, random_state=random).fit(standardised(rows, w)[0], sample_weight=w)
            r = np.zeros((len(rows), k))
            r[np.arange(len(rows)), found.labels_] = 1.0
        else:
            r = random.uniform(size=(len(rows), k))
            r /= r.sum(axis=1, keepdims=True)
        return fitted(r * w[:, None])
    if method == "k-means++":
        chosen = plus_plus(standardised(rows, w)[0], w, k, random)
    else:
        chosen = _parted(rows, w, random.choice(len(rows), k, replace=False, p=w / w.sum()), random)
    all_data = fitted(w[:, None]).covariances
    wide = all_data if kind == "tied" else np.repeat(all_data, k, axis=0)
    return Parameters(np.full(k, 1 / k), rows[chosen], wide)


def _parted(rows: Array, w: Array, chosen: np.ndarray, random: Any) -> np.ndarray:
    """Draw again each row that equals an earlier one, until all k are different points."""
    for j in range(1, len(chosen)):
        if (rows[chosen[j]] == rows[chosen[:j]]).all(axis=1).any():
            free = w.copy()
            for row in chosen:
                free[(rows == rows[row]).all(axis=1)] = 0.0
            chosen[j] = random.choice(len(rows), p=free / free.sum())
    return chosen


def standardised(rows: Array, w: Array | None, near: Spread | None = None) -> tuple[Array, Array]:
    """Return rows about their middle in units of each feature's spread, and these units, shape (d,).

    Both are mean and standard deviation of what lies within the feature's fences: one entry far out would else be the
    unit, beside which no other feature counts. ``near`` is how they lie, if that is known.
    """
    counts = np.ones(len(rows)) if w is None else w
    near = near or spread_of(rows if counts.all() else rows[counts > 0])
    far = near.far_out(rows)
    if far is None:
        centred = rows - counts @ rows / counts.sum()
        variances = counts @ np.square(centred) / counts.sum()
    else:
        total = counts @ ~far
        centred = rows - counts @ np.where(far, 0.0, rows) / total
        variances = counts @ np.square(np.where(far, 0.0, centred)) / total
    spread = np.sqrt(variances)
    scale = np.where(spread > 0, spread, 1.0)
    centred /= scale
    return centred, scale


def of_responsibilities(r: Array, rows: Array, w: Array | None, covariance_type: str) -> Parameters:
    """Return the M step of responsibilities (n, K).

    In place of a missing entry stands the mean of what was seen of its component: where the responsibilities are
    shared, that of its components; where a component has nothing of a feature, that of all rows.
    """
    missing = np.isnan(rows)
    counts = r if w is None else r * w[:, None]
    if missing.any():
        seen = np.where(missing, 0.0, rows)
        of_all = seen.sum(axis=0) / np.maximum((~missing).sum(axis=0), 1)
        weights = counts.T @ ~missing
        means = np.where(weights > 0, (counts.T @ seen) / np.where(weights > 0, weights, 1.0), of_all)
        rows = np.where(missing, r @ means, rows)
    return Parameters(*m_step(rows, counts, covariance_type))


def with_given(
    start: Parameters, covariance_type: str, weights: Any, means: Any, precisions: Any, k: int, d: int
) -> Parameters:
    """Return the start with those parts exchanged that were given (not None), checked.

    Raises
    ------
    ValueError
        If a part has another shape, weights are no probabilities, or a precision is not positive definite.

    Warns
    -----
    DegenerateWarning
        If two components start the same: EM gives them the same points for ever.
    """
    if weights is not None:
        start = start._replace(weights=_checked_weights(weights, k))
    if means is not None:
        start = start._replace(means=of_shape(means, "means_init", (k, d)))
    if precisions is not None:
        given = of_shape(precisions, "precisions_init", shape_of(covariance_type, k, d))
        start = start._replace(covariances=_inverse(given, covariance_type))
    _warn_of_twins(start, covariance_type)
    return start


def begin_alike(one: Parameters, other: Parameters, covariance_type: str) -> bool:
    """Whether two starts, but for the order of their components, are so near that EM climbs the same hill from both.

    Each component of one has a partner in the other: its mean within 0.3 standard deviations of each feature,
    its weight and its variances within 0.4 of their own size.
    """
    here, there = (variances_of(mixture.covariances, covariance_type, *mixture.means.shape) for mixture in (one, other))
    away = np.abs(one.means[:, None] - other.means) / np.sqrt(here)[:, None]
    partner = away.max(axis=2).argmin(axis=1)
    if len(set(partner.tolist())) < len(partner):
        return False
    near = away.max(axis=2)[np.arange(len(partner)), partner] < NEAR
    alike = np.abs(other.weights[partner] - one.weights) <= LIKE * one.weights
    return bool((near & alike).all() and (np.abs(there[partner] - here) <= LIKE * here).all())


def check_goes_on(there: Parameters, covariance_type: str, k: int, width: int) -> None:
    """Raise ValueError if the mixture that is there is not one of K components, this width and this type."""
    here, d = there.means.shape
    if (here, d) != (k, width) or there.covariances.shape != shape_of(covariance_type, k, d):
        raise ValueError(
            f"warm_start would go on from {here} components of {d} features with covariances of shape "
            f"{there.covariances.shape}; expected the same, not {k} components of {width} features and "
            f"covariance_type={covariance_type!r}. Set warm_start=False to begin anew."
        )


def _checked_weights(given: ArrayLike, k: int) -> Array:
    weights = of_shape(given, "weights_init", (k,))
    if weights.min() < 0 or weights.max() > 1:
        raise ValueError(f"weights_init is {weights}; expected numbers in the range [0, 1].")
    if abs(weights.sum() - 1) > 1e-6:
        raise ValueError(f"weights_init sums to {weights.sum()}; expected 1: divide the weights by their sum.")
    return weights


def _inverse(precisions: Array, covariance_type: str) -> Array:
    if covariance_type in ("full", "tied"):
        checked_covariances(precisions, "precisions_init", covariance_type)
        try:
            factors = cholesky_factors(precisions, covariance_type)
        except ValueError as error:
            raise ValueError(f"precisions_init must be positive definite: {error}") from None
        inverse = inverse_factors(factors, covariance_type)
        return np.asarray(np.swapaxes(inverse, -1, -2) @ inverse)
    if (precisions <= 0).any():
        raise ValueError(f"precisions_init holds {precisions.min()}; expected positive numbers.")
    return np.asarray(1 / precisions)


def _warn_of_twins(start: Parameters, covariance_type: str) -> None:
    """Say so if two components start the same: EM gives them the same points for ever."""
    for j in range(len(start.means)):
        for i in range(j):
            same = (start.means[i] == start.means[j]).all()
            if same and (covariance_type == "tied" or (start.covariances[i] == start.covariances[j]).all()):
                warnings.warn(
                    f"Components {i} and {j} start with the same mean and covariance: EM can never part them, and "
                    "will end at a saddle. Move one of them.",
                    DegenerateWarning,
                    stacklevel=7,
                )
                return
