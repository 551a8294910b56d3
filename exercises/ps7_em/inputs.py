"""How the mixtures, points and responsibilities of problem set 7 are drawn."""

import numpy as np

from autograder.drawing import told_apart

from .formulas import (
    as_arrays,
    as_list,
    elbo,
    half_squares,
    log_joints,
    log_sum_exp,
    means_of,
    posteriors,
    refitted,
)
from .mistakes import FAR_LOG_SUM, JOINT, LOG_SUM
from .mistakes_in_fitting import BOUND, COVARIANCE, NEW_MEANS

# --- Mixtures, drawn at random ---------------------------------------------------------------------------------------


SHAPES = ((2, 3), (3, 2), (4, 2), (2, 4), (4, 3))  # components, dimensions: never the same


def some_shape(rng):
    return SHAPES[rng.integers(len(SHAPES))]


def some_covariance(rng, d):
    """Draw an ellipsoid that is rotated and elongated: no entry is 0, no two variances are alike."""
    while True:
        rotation, _ = np.linalg.qr(rng.normal(size=(d, d)))
        covariance = np.round(rotation @ np.diag(rng.uniform(0.3, 3.0, d)) @ rotation.T, 2)
        correlations = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
        if np.linalg.eigvalsh(covariance)[0] > 0.2 and np.abs(correlations).min() > 0.15:
            return covariance


def some_weights(rng, k):
    while True:
        weights = np.round(rng.dirichlet(np.full(k, 4.0)), 2)
        weights[-1] = 1 - weights[:-1].sum()
        if weights.min() > 0.08 and len(set(weights.round(2))) == k and np.abs(weights - 1 / k).min() > 0.02:
            return weights


def some_mixture(rng, k, d, spread=2.0):
    means = np.round(rng.normal(scale=spread, size=(k, d)), 2)
    return as_list(some_weights(rng, k), means, [some_covariance(rng, d) for _ in range(k)])


def some_points(rng, mixture, n):
    """Draw points near the mixture, but not from it: wider, so that no step begins where it ends."""
    _, means, _ = as_arrays(mixture)
    return np.round(means[rng.integers(len(means), size=n)] + rng.normal(scale=1.5, size=(n, means.shape[1])), 2)


def some_responsibilities(rng, k, n):
    """Draw columns that sum to 1, all entries between, one of each column the largest."""
    while True:
        r = np.round(rng.dirichlet(np.full(k, 0.8), size=n).T, 2).clip(0.02)
        if (np.partition(r, -2, axis=0)[-2] < r.max(axis=0)).all():
            return r / r.sum(axis=0)


def with_zeros(rng, r):
    """Put 0 for the smallest entry of two columns: who keeps responsibilities away from 0 is seen by it."""
    for column in rng.choice(r.shape[1], 2, replace=False):
        r[r[:, column].argmin(), column] = 0.0
    return r / r.sum(axis=0)


# --- Part 1: means only, on a line ------------------------------------------------------------------------------------


def some_line(rng, k, right, mistakes):
    while True:
        means = np.round(rng.uniform(-6, 6, k), 1)
        sigma = float(np.round(rng.uniform(1.5, 3.0), 2))
        x = np.round(rng.uniform(-8, 8, rng.integers(6, 9)), 1)
        inputs = {"x": x, "means": means, "sigma": sigma}
        if len({*means, *x}) < k + len(x) or np.bincount(half_squares(**inputs).argmax(axis=0), minlength=k).min() == 0:
            continue  # two numbers alike, or a mean to which no point is nearest
        if told_apart(right(**inputs), [wrong(**inputs) for wrong in mistakes.values()], 0.05):
            return inputs


# --- Part 2: log-sum-exp ----------------------------------------------------------------------------------------------


def for_log_sum_near(rng):
    while True:
        k = int(rng.integers(2, 5))
        inputs = {"a": np.round(rng.uniform(-3, 3, (k, k + int(rng.integers(1, 4)))), 2)}
        if told_apart(log_sum_exp(**inputs), [wrong(**inputs) for wrong in LOG_SUM.values()]):
            return inputs


def for_log_sum_far(rng):
    while True:
        k = int(rng.integers(3, 5))
        n = k + int(rng.integers(1, 4))
        huge = rng.choice([-1e6, 1e6])  # as large as the text says: far beyond longer floats, too
        offsets = rng.permutation([-1000.0, 1000.0, huge, *rng.choice([-3000.0, -2000.0, 2000.0, 3000.0], n - 3)])
        a = np.round(rng.uniform(-2, 2, (k, n)), 2) + offsets + rng.integers(-200, 200, n)
        columns, tops = rng.permutation(n), rng.permutation(k)
        for column, top in zip(columns[:2], tops[:2], strict=True):  # no row is near the largest term everywhere
            a[np.arange(k) != top, column] -= 1500.0
        a[rng.integers(k), columns[2]] = -np.inf
        inputs = {"a": a}
        if told_apart(log_sum_exp(**inputs), [wrong(**inputs) for wrong in FAR_LOG_SUM.values()]):
            return inputs


# --- Part 3: the joint log density ------------------------------------------------------------------------------------


def some_step(rng, right, mistakes, least=0.01):
    """Draw points and a mixture at which every mistake shows."""
    while True:
        k, d = some_shape(rng)
        mixture = some_mixture(rng, k, d)
        n = max(k, d) + int(rng.integers(1, 3))
        inputs = {"points": some_points(rng, mixture, n), "mixture": mixture}
        if n != 2 * d and told_apart(right(**inputs), [wrong(**inputs) for wrong in mistakes.values()], least):
            return inputs


def for_log_joint(rng, trial):
    """Draw points near the mixture; last, some so far away that their densities are less than any float."""
    given = some_step(rng, log_joints, JOINT)
    if trial == 4:
        away = rng.normal(size=given["points"].shape[1])
        given["points"] = np.round(given["points"] + 400 * away / np.linalg.norm(away), 2)
    return given


# --- Part 4: the E step -----------------------------------------------------------------------------------------------


def far_mixture(rng):
    """Draw points a thousand away from components that still share them.

    The components have one covariance, and their means differ along directions in which the far points lie
    neither nearer nor farther: so the joint densities of a point are tiny, but of like size.
    """
    k, d = [(2, 3), (3, 2), (4, 3)][rng.integers(3)]
    covariance = some_covariance(rng, d)
    away = rng.normal(size=d)
    away *= 1000 / np.linalg.norm(away)
    steep = np.linalg.solve(covariance, away)
    offsets = rng.normal(size=(k, d))
    offsets -= np.outer(offsets @ steep, steep) / (steep @ steep)
    mixture = as_list(some_weights(rng, k), offsets, [covariance] * k)
    points = rng.choice([-1.0, 1.0], (k + d, 1)) * away + rng.normal(scale=0.5, size=(k + d, d))
    return {"points": points, "mixture": mixture}


def for_far_points(rng):
    while True:
        inputs = far_mixture(rng)
        r = posteriors(**inputs)
        if np.sort(r, axis=0)[-2].min() > 0.02 and r.max() > 0.6:  # the second probable one counts at each point
            return inputs


# --- Part 5: the M step -----------------------------------------------------------------------------------------------


def some_refit(rng, right, mistakes, zeros=False):
    while True:
        k, d = some_shape(rng)
        old = some_mixture(rng, k, d)
        n = 2 * max(k, d) + int(rng.integers(1, 4))
        R = some_responsibilities(rng, k, n)
        R = with_zeros(rng, R) if zeros else R
        inputs = {"points": some_points(rng, old, n), "R": R, "old": old}
        if told_apart(right(**inputs), [wrong(**inputs) for wrong in mistakes.values()], 0.02):
            return inputs


def for_new_means(rng):
    while True:
        inputs = some_refit(rng, lambda **given: means_of(given["points"], given["R"]), {})
        labels = inputs["R"].argmax(axis=0)
        if len({*labels}) == len(inputs["R"]) and told_apart(
            means_of(inputs["points"], inputs["R"]), [wrong(**inputs) for wrong in NEW_MEANS.values()], 0.02
        ):
            return inputs


def for_new_covariances(rng):
    while True:
        k, d = some_shape(rng)
        n = 3 * max(k, d) + int(rng.integers(1, 4))
        old = some_mixture(rng, k, d)
        inputs = {"points": some_points(rng, old, n), "R": some_responsibilities(rng, k, n), "old": old}
        if inputs["R"].sum(axis=1).min() < 1.5 or np.bincount(inputs["R"].argmax(axis=0), minlength=k).min() < 2:
            continue
        right = [covariance for _, _, covariance in refitted(**inputs)]
        if told_apart(right, [wrong(**inputs) for wrong in COVARIANCE.values()], 0.02):
            return inputs


# --- Part 6: when to stop ---------------------------------------------------------------------------------------------


def climbed(gains, level):
    """The log-likelihoods of a run that ends at this level, by these gains."""
    return [float(level - left) for left in np.cumsum([0.0, *gains[::-1]])[::-1]]


def rising(rng, length, level):
    """Draw four runs that still rise in the end, by 1e-4 or more: name and history."""
    small, just, most = rng.uniform(1.2e-4, 2.4e-4), 1.001e-4, 50 / length
    yield "by equal gains", climbed(np.full(length - 1, small), level)
    yield "more and more slowly", climbed(np.geomspace(most, just, length - 1), level)
    yield "faster and faster", climbed(np.geomspace(small, 5000 * small, length - 1), level)
    yield "again, after a rest", climbed(np.array([most] * (length - 13) + [0.0] * 11 + [just]), level)


def resting(rng, length, level):
    """Draw six runs of which the last ten changes, and no more, are rest: name and history.

    The last digits change by less than 1e-12; what drifts comes as near to 1e-9 in an iteration as is still at rest.
    """
    digits, drift = rng.uniform(3e-13, 9e-13, 10), rng.uniform(9.2e-10, 9.8e-10, 10)
    to_and_fro, either = np.resize([1.0, -1.0], 10), np.append(rng.choice([-1.0, 1.0], 9), 1.0)
    shapes = {
        "exactly": np.zeros(10),
        "up and down, up at last": -digits[0] * to_and_fro,
        "up and down, down at last": digits[0] * to_and_fro,
        "up or down at random": digits * either,
        "creeping up": drift,
        "creeping down": -drift,
    }
    for name, changes in shapes.items():
        yield name, climbed(np.append(np.geomspace(20.0, 0.2, length - 11), changes), level)


def for_stopping(rng):
    """Draw runs that have just begun, that still rise, and that are at rest, each with its description.

    Those that rise have as many entries as those at rest, and they come in any order: neither a number of entries nor
    the place tells the answer. The numbers keep away from those to which the known mistakes count.
    """
    levels = np.round(rng.uniform([-900, -80, 30, 300], [-300, -30, 80, 900]), 1)
    begun, gain = levels[rng.integers(4)], rng.uniform(1.2e-4, 2.4e-4)
    runs = [("begun", [float(begun)]), ("at rest, exactly, from the start", [float(begun)] * 12)]
    for kind, draw, fewest, most in (
        ("rising", rising, [14, 52, 112, 112], [20, 99, 161, 161]),
        ("at rest", resting, [14, 14, 52, 52, 112, 112], [20, 20, 99, 99, 161, 161]),
    ):
        lengths = rng.permutation(rng.integers(fewest, most)).tolist()
        for place, length in enumerate(lengths):
            name, history = list(draw(rng, length, levels[place % 4]))[place]
            runs.append((f"{kind}, {name}", history))
    for place, level in enumerate(levels):
        gains = np.array([gain, 5000 * gain])[:: 1 if place % 2 == 0 else -1]
        runs.append(("begun", climbed(gains[place // 2 :], level)))
    described = {f"{name}, {len(h)} entries up to {h[-1]:g}": h for name, h in runs}
    return {"histories": {name: described[name] for name in rng.permutation([*described]).tolist()}}


# --- Part 7: the whole loop -------------------------------------------------------------------------------------------


# Few data sets keep EM climbing as long as these, one in some hundreds: so their seeds are noted here, one a trial.
# EM goes the same way where the points are turned, mirrored and moved, and the start with them: each stands for many.
SLOW = {False: (1151, 125), True: (1725, 1725)}  # not far, far


def slow_climb(seed, far):
    """Draw points from a mixture, and a bad start from which EM climbs, which depends on the seed, for long."""
    rng = np.random.default_rng(seed)
    k, d = (3, 2) if far else [(2, 3), (3, 2)][rng.integers(2)]
    n = int(rng.integers(70, 100))
    weights, means, covariances = as_arrays(some_mixture(rng, k, d, spread=2.5 if far else 2.0))
    labels = rng.choice(k, size=n, p=weights)
    noise = np.einsum("nij,nj->ni", np.linalg.cholesky(covariances)[labels], rng.normal(size=(n, d)))
    points = np.round(means[labels] + noise, 2)
    near = points[labels < k - 1] if far else points
    first, wide = near[rng.choice(len(near), k, replace=False)], near.var(axis=0) * rng.uniform(0.6, 1.4)
    if far:
        points[labels == k - 1] += np.round(rng.uniform(200, 300, d) * rng.choice([-1, 1], d))
    return points, as_list(np.full(k, 1 / k), first, [np.diag(np.round(wide, 2))] * k)


def some_turn(rng, d):
    """Draw a rotation, with mirrors perhaps, whose entries have two decimals: so nothing has to be rounded after it."""
    turn, (c, s) = np.eye(d), rng.permutation([0.6, 0.8])
    for axis in range(d - 1):
        plane = np.eye(d)
        plane[axis : axis + 2, axis : axis + 2] = [[c, -s], [s, c]]
        turn = turn @ plane
    return np.round(turn[rng.permutation(d)][:, rng.permutation(d)] * rng.choice([-1, 1], d), 2)


def moved(rng, points, start):
    """Return the same points and start, turned, mirrored, moved, and in another order."""
    weights, means, covariances = as_arrays(start)
    turn, shift = some_turn(rng, points.shape[1]), np.round(rng.uniform(-20, 20, points.shape[1]), 2)
    order = rng.permutation(len(weights))
    means, covariances = means[order] @ turn.T + shift, turn @ covariances[order] @ turn.T
    moved_points = rng.permutation(points) @ turn.T + shift
    return np.round(moved_points, 4), as_list(weights[order], np.round(means, 4), np.round(covariances, 6))


def some_fit(rng, trial, far):
    """Draw points and a bad start from which EM takes more than three hundred iterations to come to rest.

    Whoever goes on while an iteration gains 1e-4 comes near enough, and whoever stops at 1e-3 does not. A number of
    iterations either suffices or does not, whatever is drawn: the likelihoods on the way are the same for all seeds. If
    far, one cluster lies hundreds of standard deviations from the others, and no component begins near it.
    """
    points, start = moved(rng, *slow_climb(SLOW[far][trial], far))
    return {"points": points, "start": start}


# --- Part 8: the bound ------------------------------------------------------------------------------------------------


def some_bound(rng, zeros):
    while True:
        k, d = some_shape(rng)
        mixture = some_mixture(rng, k, d)
        n = max(k, d) + int(rng.integers(1, 3))
        R = some_responsibilities(rng, k, n)
        if zeros:
            for column in rng.choice(n, 2, replace=False):
                R[rng.integers(k), column] = 0.0
            R[:, 0] = np.arange(k) == rng.integers(k)
            R = R / R.sum(axis=0)
        inputs = {"points": some_points(rng, mixture, n), "R": R, "mixture": mixture}
        if told_apart(elbo(**inputs), [wrong(**inputs) for wrong in BOUND.values()], 0.05):
            return inputs
