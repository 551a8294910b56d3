"""Data and a start that expose one wrong iteration of EM each: how they are written down, and what comes out.

An exhibit is a few points on a line, a mixture to start from, a list of triples (weight, mean, variance), and the
mixture after one iteration.
"""

import numpy as np

from autograder.checks import Exhibit, NoExhibit, Wrong, number
from course_lib.mixture import e_step, m_step

MOST = 20  # points, and components
KEYS = ("points", "start", "after")


def read_iteration(answer):
    """Read a dict of points, a start, and the mixture after one iteration."""
    if not isinstance(answer, dict) or set(answer) != set(KEYS):
        raise NoExhibit('expected a dict with the keys "points", "start" and "after"')
    points = [number(x, "a point") for x in a_list(answer["points"], "points")]
    start, after = ([a_triple(t, key) for t in a_list(answer[key], key)] for key in KEYS[1:])
    if len(start) != len(after):
        raise NoExhibit(f"there are {len(start)} components in `start`, and {len(after)} in `after`")
    weights, _, variances = zip(*start, strict=True)
    if min(weights) <= 0 or abs(sum(weights) - 1) > 1e-9:
        raise NoExhibit("the weights in `start` are positive and sum to 1")
    if min(variances) < 1e-9:
        raise NoExhibit("the variances in `start` are at least 1e-9")
    return Exhibit((np.array(points), start), after, len(points))


def a_list(value, what):
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST:
        raise NoExhibit(f"`{what}` is no list of 1 to {MOST} items")
    return value


def a_triple(value, what):
    if not isinstance(value, list | tuple) or len(value) != 3:
        raise NoExhibit(f"`{what}` holds triples (weight, mean, variance)")
    return [number(part, f"a number in `{what}`") for part in value]


def right(thing):
    """Return the mixture after one iteration of the course's library."""
    points, start = thing
    weights, means, variances = map(np.array, zip(*start, strict=True))
    _, responsibilities = e_step(points[:, None], weights, means[:, None], variances[:, None, None])
    if responsibilities.sum(axis=0).min() < 1e-6:
        raise NoExhibit("a component has no points")
    weights, means, covariances = m_step(points[:, None], responsibilities)
    return np.column_stack([weights, means[:, 0], covariances[:, 0, 0]])


def shares(points, weights, means, variances, naive=False):
    """The responsibilities, one row a point; by exponentials as they stand, if `naive`."""
    logs = np.log(weights) - np.log(variances) / 2 - (points[:, None] - means) ** 2 / (2 * variances)
    densities = np.exp(logs if naive else logs - logs.max(axis=1, keepdims=True))
    return densities / densities.sum(axis=1, keepdims=True)


def iteration(use_weights=True, about_new_means=True, least=0.0, naive=False, weights_first=False):
    """Make one iteration of EM, with a place for each slip."""

    def after(thing):
        points, start = thing
        weights, means, variances = map(np.array, zip(*start, strict=True))
        known = weights if use_weights else np.full_like(weights, 1 / len(weights))
        r = shares(points, known, means, variances, naive)
        new_weights = r.mean(axis=0)
        if weights_first:
            r = shares(points, new_weights, means, variances)
        new_means = points @ r / r.sum(axis=0)
        centres = new_means if about_new_means else means
        new_variances = (r * (points[:, None] - centres) ** 2).sum(axis=0) / r.sum(axis=0)
        return np.column_stack([new_weights, new_means, np.maximum(new_variances, least)])

    return after


WRONG = [
    Wrong("old-means", "takes the variances about the old means", iteration(about_new_means=False), 2),
    Wrong("no-weights", "leaves the weights out of the E step", iteration(use_weights=False), 2),
    Wrong("underflow", "divides densities without a look at their size", iteration(naive=True), 2),
    Wrong("floor", "sets each variance that is below 0.001 to 0.001", iteration(least=0.001), 2),
    Wrong(
        "weights-first",
        "takes the new weights to compute the responsibilities once more, before it computes means and variances",
        iteration(weights_first=True),
        3,
    ),
]

EXHIBITS = {
    "old-means": {
        "points": [0, 2],
        "start": [(0.5, 0, 1), (0.5, 0, 1)],
        "after": [(0.5, 1, 1), (0.5, 1, 1)],
    },
    "no-weights": {
        "points": [-1, 1],
        "start": [(0.3, 0, 1), (0.7, 0, 1)],
        "after": [(0.3, 0, 1), (0.7, 0, 1)],
    },
    "underflow": {
        "points": [-100, 100],
        "start": [(0.5, 0, 1), (0.5, 0, 1)],
        "after": [(0.5, 0, 10000), (0.5, 0, 10000)],
    },
    "floor": {
        "points": [-0.01, 0.01],
        "start": [(0.5, 0, 1), (0.5, 0, 1)],
        "after": [(0.5, 0, 0.0001), (0.5, 0, 0.0001)],
    },
    "weights-first": {
        "points": [-3, 0, 3],
        "start": [(0.5, 0, 1), (0.5, 0, 4)],
        "after": [(0.2649, 0, 1.4507), (0.7351, 0, 7.6396)],
    },
}
