"""How the clusters, components and clouds of problem set 8 are drawn."""

import numpy as np

from autograder.drawing import all_told_apart

from .formulas import doubtful_rows, free, lowest_bic, margin, right_collapsed, sound_ones
from .mistakes import DOUBT, JUDGE, NEVER_TOLD_APART, SHOWN_BY_PRICES, SHOWN_BY_SPREADS, UNITS

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
        probabilities = np.round(rng.dirichlet(np.full(kinds, 0.4), n), 12)
        clear = np.min(np.abs(probabilities - sure)) > 1e-3
        just_sure = np.concatenate([[sure, 1 - sure], np.zeros(kinds - 2)])  # not below it
        probabilities[rng.integers(n)] = rng.permutation(just_sure)
        given = {"probabilities": probabilities, "sure": sure}
        answers = [doubtful_rows(**given), *(mistake(**given) for mistake in DOUBT.values())]
        shown = len(answers[0]) > 1 and len(DOUBT["along-columns"](**given)) > 0  # no numbers are no evidence
        if clear and shown and len({str(answer) for answer in answers}) == len(answers):
            return given


# --- Collapse -------------------------------------------------------------------------------------------------------


def some_components(rng, spread):
    """Draw components of every sort: three collapsed ones, and three that a wrong measure takes for collapsed."""
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
        slanted(*(little * rng.uniform(0.3, 1.0, d))),  # thin in all directions
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


def cloud(rng, n, covariance, centre):
    """Draw n points whose mean and covariance are exactly these, so that what a fit finds is known."""
    points = rng.normal(size=(n, len(centre)))
    points -= points.mean(axis=0)
    points = np.linalg.solve(np.linalg.cholesky(points.T @ points / n), points.T).T
    return points @ np.linalg.cholesky(covariance).T + centre


def shaped(rng, d, stretch, lean):
    """Draw a covariance: how long it is along the axes, and how much it leans, each about as told."""
    lengths = np.exp(rng.uniform(-stretch, stretch, d))
    leaning = np.eye(d) + lean * np.triu(rng.uniform(-1, 1, (d, d)), 1)
    return lengths[:, None] * (leaning @ leaning.T) * lengths


def thick(rng, kinds, d):
    """Draw covariances of which none is thin, and which differ so little that BIC and AIC disagree."""
    stretch, lean = rng.uniform(0.0, 0.35, 2), rng.uniform(0.0, 0.25, 2)
    common = shaped(rng, d, stretch[0], lean[0])
    root = np.linalg.cholesky(common)
    return [root @ shaped(rng, d, stretch[1], lean[1]) @ root.T * rng.uniform(0.8, 1.2) for _ in range(kinds)]


def thin_ones(rng, kinds, d, scale):
    """Draw covariances of which one is thin along an axis, and one, thinner than any unit, along none."""
    along, across = np.ones(d), np.ones(d)
    along[int(rng.integers(d))] = rng.uniform(0.03, 0.06)
    across[0] = 0.003 / scale
    axes = rotation(rng, d)
    others = [shaped(rng, d, 0.2, 0.2) for _ in range(kinds - 2)]
    return [np.diag(along**2), (axes * across**2) @ axes.T, *others]


def prices_disagree(counts, covariances):
    """Whether BIC, AIC, the likelihood and who counts for d = 2 each prefer another shape, of clouds far apart."""
    n, kinds, d = sum(counts), len(counts), len(covariances[0])
    diagonals = np.array([np.diag(covariance) for covariance in covariances])
    minus_twice = {  # the log-likelihood, but for what all shapes have in common
        "full": counts @ np.linalg.slogdet(covariances)[1],
        "tied": n * np.linalg.slogdet(np.tensordot(counts, covariances, 1) / n)[1],
        "diag": counts @ np.log(diagonals).sum(axis=1),
        "spherical": d * (counts @ np.log(diagonals.mean(axis=1))),
    }
    prices = ((np.log(n), d), (2, d), (0, d), (np.log(n), 2))
    return len({min(SHAPES, key=lambda s: minus_twice[s] + price * free(kinds, of, s)) for price, of in prices}) == len(
        prices
    )


def some_clouds(rng, thin, kinds, d):
    """Draw clouds that lie far apart; if some shall be thin, in a larger unit, and far from 0."""
    scale = rng.uniform(2, 4) if thin else rng.uniform(0.1, 0.3)
    centres = np.array([0, 16, 38])[rng.permutation(3)[:kinds], None] + rng.uniform(-2, 2, (kinds, d))
    counts = rng.permutation([26, 31, 35])[:kinds]
    covariances = thin_ones(rng, kinds, d, scale) if thin else thick(rng, kinds, d)
    while not (thin or prices_disagree(counts, covariances)):
        covariances = thick(rng, kinds, d)
    clouds = [cloud(rng, *each) for each in zip(counts, covariances, centres, strict=True)]
    far = 2500.0 * np.eye(d)[0] * thin  # one spread over all numbers is then that of no column
    return np.round(rng.permutation(np.concatenate(clouds)) * scale + far, 4)


def for_best_model(rng, trial):
    """Draw clouds and choices that tell every mistake in the judging, each in every second trial at least.

    In the even trials nothing is thin, and what is asked is the price: BIC, AIC and the likelihood each choose
    otherwise. In the odd ones two of the shapes collapse, and what is asked is what counts as thin. In the last one
    they are as thin, and nothing counts as thin: who takes 0.01 for `thin` chooses another.
    """
    kind = 2 if trial == 6 else trial % 2
    shows = (SHOWN_BY_PRICES, SHOWN_BY_SPREADS, ("highest-bic",))[kind]
    while True:
        kinds, d = int(rng.integers(2, 3 if kind else 4)), int(rng.integers(3, 5))
        points = some_clouds(rng, kind > 0, kinds, d)
        choices = [(kinds, shape) for shape in SHAPES] + [(kinds - 1, "tied"), (kinds - 1, "spherical")]
        choices.append((1, "diag" if trial else "full"))  # of one component, not always the worst
        given = {"points": points, "choices": choices, "thin": (0.01, 0.01, 1e-5)[kind]}
        right = lowest_bic(**given)
        if kind == 1 and right[1] != ("spherical", "tied")[trial // 2 % 2]:
            continue  # no shape is right in all trials
        if kind == 2 and lowest_bic(**(given | {"thin": 0.01})) == right:
            continue
        answers = {id: JUDGE[id](**given) for id in shows}
        if (
            None in answers.values()
            or right in answers.values()
            or len(set(answers.values())) < len(answers)
            or margin(**given) < 3
        ):
            continue
        if trial == 0 and JUDGE["fewest-components"](**given) == answers["highest-bic"]:
            continue
        if any(JUDGE[one](**given) != JUDGE[other](**given) for one, other in NEVER_TOLD_APART):
            continue
        sound = sound_ones(**given)
        ends = [choice for choice in sound if choice not in (right, *answers.values())]
        if len(ends) < 2:
            continue
        first, last = (ends[i] for i in rng.permutation(len(ends))[:2])
        between = [choice for choice in choices if choice not in (first, last)]
        order = [first, *(between[i] for i in rng.permutation(len(between))), last]
        return given | {"choices": order}
