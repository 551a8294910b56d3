"""How the clusters, components and clouds of problem set 8 are drawn."""

from statistics import NormalDist

import numpy as np

from autograder.drawing import all_told_apart

from .formulas import at_its_best, doubtful_rows, judged, lowest_bic, right_collapsed
from .mistakes import DOUBT, JUDGE, UNITS

SHAPES = ("full", "tied", "diag", "spherical")


# --- A fit ----------------------------------------------------------------------------------------------------------


def rotation(rng, d):
    """Draw an orthogonal matrix."""
    return np.linalg.qr(rng.normal(size=(d, d)))[0]


def some_clusters(rng):
    """Draw points of two or three clusters that lie so far apart that every start of EM ends in the same place."""
    kinds, d = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    centres = rng.permutation(kinds)[:, None] * 12 + rng.uniform(-2, 2, (kinds, d))
    counts = rng.permutation([30, 41, 57])[:kinds]
    scales = rng.uniform(0.5, 1.5, (kinds, d))
    points = [
        centre + (rng.normal(size=(count, d)) * scale) @ rotation(rng, d)
        for centre, count, scale in zip(centres, counts, scales, strict=True)
    ]
    return {
        "points": np.round(rng.permutation(np.concatenate(points)), 3),
        "kinds": kinds,
        "shape": str(rng.choice(SHAPES)),
    }


# --- Counting -------------------------------------------------------------------------------------------------------


def counted(rng, answers):
    """Draw two numbers, from which the right answer and all wrong ones come out different."""
    while True:
        kinds, d = (int(n) for n in rng.choice(np.arange(2, 9), 2, replace=False))
        if len({str(answer(kinds=kinds, d=d)) for answer in answers}) == len(answers):
            return {"kinds": kinds, "d": d}


# --- Doubt ----------------------------------------------------------------------------------------------------------


def for_doubtful_points(rng):
    while True:
        kinds, n = int(rng.integers(3, 5)), int(rng.integers(7, 11))
        sure = float(np.round(rng.uniform(0.6, 0.9), 2))
        probabilities = rng.dirichlet(np.full(kinds, 0.4), n)
        given = {"probabilities": np.round(probabilities, 12), "sure": sure}
        answers = [doubtful_rows(**given), *(mistake(**given) for mistake in DOUBT.values())]
        clear = np.min(np.abs(probabilities - sure)) > 1e-3
        if clear and len(answers[0]) > 1 and len({str(answer) for answer in answers}) == len(answers):
            return given


# --- Collapse -------------------------------------------------------------------------------------------------------


def some_components(rng, spread):
    """Draw components of every sort: two collapsed ones, and three that a wrong measure takes for collapsed."""
    d = len(spread)
    thin = float(np.round(rng.uniform(0.01, 0.04), 3))
    little = thin * rng.uniform(0.2, 0.6)
    others = rng.uniform(0.5, 1.2, d - 1)

    def slanted(*deviations):
        axes = rotation(rng, d)
        return (axes * np.square(deviations)) @ axes.T

    made = [
        np.diag(np.square([*others, little])),  # thin along an axis
        slanted(little, *others[::-1]),
        slanted(*(thin * rng.uniform(2.5, 4.0, d))),  # small and round
        slanted(thin * rng.uniform(1.5, 2.0), *rng.uniform(3.0, 4.0, d - 1)),  # long
        slanted(*rng.uniform(0.3, 1.0, d)),
    ]
    covariances = np.array(made)[rng.permutation(len(made))] * np.outer(spread, spread)
    return {"covariances": (covariances + np.swapaxes(covariances, 1, 2)) / 2, "spread": spread, "thin": thin}


def each_apart(rng, draw, mistakes):
    """Draw until no two answers agree, the right one and the wrong ones."""
    while True:
        given = draw(rng)
        answers = [right_collapsed(**given), *(mistake(**given) for mistake in mistakes.values())]
        if all_told_apart(answers):
            return given


def for_collapsed_units(rng):
    def draw(rng):
        spread = 10.0 ** rng.uniform(-1.5, 1.5, int(rng.integers(2, 4)))
        return some_components(rng, np.array([float(f"{s:.3g}") for s in spread]))

    return each_apart(rng, draw, UNITS)


# --- The judge ------------------------------------------------------------------------------------------------------


def some_clouds(rng, kinds, shape):
    """Draw clouds for which `kinds` components of this shape are right; in one of them one number follows the other.

    That one has no thickness, which full matrices find, and others do not. The first column lies far from 0, so that
    one spread over all numbers is not that of either column.
    """
    places, counts = ((4, -9), (0, 0), (9, 2), (-2, 10))[:kinds], (6, 45, 36, 31)
    sizes = rng.permutation([0.6, 0.9, 1.2, 1.5])
    flat = np.array([1.6, 0.4]) if shape == "diag" else np.ones(2)
    stretches = [np.ones(2), *(rng.permutation(flat) for _ in counts[1:])]
    clouds = [
        s * even_normals(rng, n) * stretch + at
        for s, n, stretch, at in zip(sizes, counts, stretches, places, strict=False)
    ]
    clouds[0][:, 1] = clouds[0][:, 0] - 13.0
    return np.round(rng.permutation(np.concatenate(clouds)) * rng.uniform(0.5, 3.0) + [2000.0, 0.0], 3)


def even_normals(rng, n):
    """Draw n normal points in the plane, without a cluster by chance: each way, one in each of n equal strips."""
    ranks = np.array([rng.permutation(n) for _ in range(2)]).T
    return np.vectorize(NormalDist().inv_cdf)((ranks + rng.uniform(0.1, 0.9, (n, 2))) / n)


def for_best_model(rng):
    """Draw which choice is to be right before the points, so that who looks at the choices alone has to guess."""
    fewest = int(rng.integers(2, 4))
    right = fewest + int(rng.integers(2)), str(rng.choice(["spherical", "diag"]))
    choices = [(fewest + more, shape) for more in range(3) for shape in ("spherical", "diag")]
    choices += [(fewest + 1, "full"), (1, "full")]
    while True:
        points = some_clouds(rng, *right)
        rows = judged(points.tobytes(), points.shape, choices, 0.01)
        winner = rows[choices.index(right)]
        if winner[2] or not min(rows)[2] or winner[0] - min(rows)[0] < 8:
            continue
        # Fits from other starts end on other hills, and none of those may win honestly.
        if min(at_its_best(points, other, 0.01) for other in choices if other != right) - winner[0] < 6:
            continue
        for order in (rng.permutation(len(choices)) for _ in range(20)):
            given = {"points": points, "choices": [choices[i] for i in order], "thin": 0.01}
            answers = {lowest_bic(**given), *(mistake(**given) for mistake in JUDGE.values())}
            if lowest_bic(**given) == right and len(answers) == 5:
                return given
