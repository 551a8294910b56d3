"""How the points, kinds and centres of problem set 6 are drawn."""

import numpy as np

from autograder.drawing import all_told_apart, told_apart, until_told_apart

from .formulas import nearest, rounds
from .mistakes_in_clusters import LLOYD, NEAREST

# --- Drawing Gaussians and points -----------------------------------------------------------------------------------


def some_covariance(rng, d, unit=1.0):
    """Draw a covariance with standard deviations between 0.5 and 2.5 units, no two alike, along rotated directions."""
    while True:
        directions = np.linalg.qr(rng.normal(size=(d, d)))[0]
        deviations = unit * rng.permutation(np.linspace(0.5, 2.5, d) * rng.uniform(0.9, 1.1, d))
        covariance = directions * deviations**2 @ directions.T
        correlations = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
        if d == 1 or np.abs(correlations[np.triu_indices(d, 1)]).max() > 0.2:
            return (covariance + covariance.T) / 2


def some_mean(rng, d):
    return rng.uniform(1.0, 6.0, d) * rng.choice([-1, 1], d)


def some_points(rng, n, mean, covariance):
    return mean + rng.normal(size=(n, len(mean))) @ np.linalg.cholesky(covariance).T


# --- The log density ------------------------------------------------------------------------------------------------


def for_log_density_far(rng):
    d = int(rng.integers(2, 4)) if rng.random() < 0.7 else 1
    far_mean, far_covariance = some_mean(rng, d), some_covariance(rng, d) if d > 1 else rng.uniform(2, 5, (1, 1))
    away = rng.normal(size=(4, d))
    away *= rng.uniform(45, 60, (4, 1)) / np.linalg.norm(away, axis=1, keepdims=True)
    unit = float(rng.choice([5e-4, 2e3]))  # 60 variances of about these squares: a determinant beyond 1e+-350
    many_mean, many_covariance = some_mean(rng, 60), some_covariance(rng, 60, unit)
    return {
        "far": far_mean + away @ np.linalg.cholesky(far_covariance).T,
        "far_mean": far_mean,
        "far_covariance": far_covariance,
        "many": some_points(rng, 3, many_mean, many_covariance),
        "many_mean": many_mean,
        "many_covariance": many_covariance,
    }


# --- One Gaussian for each label ------------------------------------------------------------------------------------


def some_labelled_points(rng, trial):
    """Draw K kinds of unequal size, each with a Gaussian of its own, in d dimensions; K and d differ."""
    K, d = [(2, 3), (3, 2), (4, 2), (3, 4), (2, 4)][rng.integers(5)] if trial < 4 else (3, 1)
    sizes = rng.permutation(np.arange(K)) * 2 + d + rng.integers(2, 5)
    means = [some_mean(rng, d) for _ in range(K)]
    points = np.concatenate(
        [some_points(rng, n, mean, some_covariance(rng, d)) for n, mean in zip(sizes, means, strict=True)]
    )
    labels = np.repeat(np.arange(K), sizes)
    order = rng.permutation(len(labels))
    while np.all(np.diff(labels[order]) >= 0):  # the points of one kind shall not stand together
        order = rng.permutation(len(labels))
    return {"points": points[order], "labels": labels[order], "K": K}


# --- Lloyd's algorithm ----------------------------------------------------------------------------------------------


def some_centres(rng, trial):
    n, d, K = ((25, 2, 3), (30, 3, 4), (28, 4, 3), (35, 3, 5), (24, 1, 5))[trial]
    return {"points": rng.normal(size=(n, d)) * 3 + 2, "centres": rng.normal(size=(K, d)) * 3 + 2}


def for_nearest_centre(rng, trial):
    given = some_centres(rng, trial)
    if given["points"].shape[1] == 1:
        return given  # in one dimension all ways to measure a distance agree
    return until_told_apart(lambda: some_centres(rng, trial), nearest, NEAREST)


def some_owners(rng, trial, empty):
    """Draw points, centres, and owners: one of them has a single point, and `empty` of the others have none.

    Who owns none is the last in the last trial, and who has a single point in all others. That point is 0 in one of
    them: `if own.any()` asks whether a coordinate is other than 0, and not whether there is a point.
    """
    n, d, K = [(12, 2, 3), (14, 3, 4), (15, 4, 3), (16, 2, 5)][rng.integers(4)] if trial < 4 else (13, 1, 4)
    others = np.arange(K - 1) + (trial == 4)
    single, without = (0, K - 1) if trial == 4 else (K - 1, rng.choice(K - 1))
    owners = np.setdiff1d(others, [without] if empty else [])
    labels = np.concatenate([[single], np.tile(owners, 2), rng.choice(owners, n - 2 * len(owners) - 1)])
    labels, centres = rng.permutation(labels), some_mean(rng, K * d).reshape(K, d)
    points = rng.normal(size=(n, d)) * 3 + 2
    if trial == 3:
        points[labels == single] = 0.0
    return {"points": points, "labels": labels, "centres": centres}


# What takes many rounds: the points of a line, ever rarer, and all centres where they are dense.
SLOW = ("twenty-rounds", "fifty-rounds", "a-thousandth", "a-ten-thousandth")


def for_lloyd_to_the_end(rng, trial):
    while trial == 3:
        points = np.sort(rng.exponential(3.0, (150, 1)), axis=0)
        given = {"points": rng.permutation(points), "centres": rng.permutation(points[:12])}
        history = rounds(**given)
        if not 52 <= len(history) <= 100:
            continue
        if all_told_apart([history[-1][0], *(LLOYD[id](**given)[0] for id in SLOW)]):
            return given
    while True:
        K, d = [(3, 2), (4, 3), (4, 2)][rng.integers(3)]
        points = rng.normal(size=(80, d)) * [2.0, 3.0, 1.5][:d]
        centres = points[rng.integers(80)] + rng.normal(size=(K, d)) * 0.3  # all in one place: a long way to go
        alone, far = int(rng.integers(K)), rng.uniform(60, 90, d) * rng.choice([-1, 1], d)
        centres = np.insert(centres, alone, far, axis=0)
        history = rounds(points, centres)
        owners = {len(np.unique(labels)) for _, labels in history} | {len(np.unique(nearest(points, centres)))}
        if 12 <= len(history) <= 40 and owners == {K}:
            given = {"points": points, "centres": centres}
            hidden = () if trial == 0 else ("as-many-as-before",)  # it shows by luck, one in some draws
            wrong = [LLOYD[id](**given)[0] for id in LLOYD if id not in (*SLOW, *hidden)]
            if told_apart(history[-1][0], wrong):
                return given
