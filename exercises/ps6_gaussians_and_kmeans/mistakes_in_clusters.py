"""What the known mistakes of problem set 6 answer, where centres are looked for."""

import numpy as np

from autograder.checks import Mistake, Raises

from .formulas import (
    after,
    caller_changed,
    counts,
    deviations,
    empty_and_argument,
    moved,
    nearest,
    one_hot,
    rounds,
    squared_distances,
    sums,
    until_as_many,
    until_hardly_better,
    with_points,
    with_rows,
)

# --- Lloyd's algorithm ----------------------------------------------------------------------------------------------


NEAREST = {
    "nearest-point": Mistake(
        "along the wrong axis: the nearest point of each centre",
        lambda points, centres: squared_distances(points, centres).argmin(axis=0),
    ),
    "farthest": Mistake(
        "the farthest centre: argmin, not argmax",
        lambda points, centres: squared_distances(points, centres).argmax(axis=1),
    ),
    "labels-from-1": Mistake(
        "labels that begin at 1: the first centre has the number 0",
        lambda points, centres: nearest(points, centres) + 1,
    ),
    "distance-for-label": Mistake(
        "the smallest distance in place of the number of the centre that has it: argmin, not min",
        lambda points, centres: np.sqrt(squared_distances(points, centres).min(axis=1)),
    ),
    "squared-distance-for-label": Mistake(
        "the smallest squared distance in place of the number of the centre that has it: argmin, not min",
        lambda points, centres: squared_distances(points, centres).min(axis=1),
    ),
    "differences-cancel": Mistake(
        "the differences are added before they are squared, so that they cancel",
        lambda points, centres: (deviations(points, centres).sum(axis=2) ** 2).argmin(axis=1),
    ),
    "absolute-differences": Mistake(
        "absolute differences are added: the distance squares them",
        lambda points, centres: np.abs(deviations(points, centres)).sum(axis=2).argmin(axis=1),
    ),
    "largest-product": Mistake(
        "the largest product of point and centre: that compares directions, and prefers distant centres",
        lambda points, centres: (points @ centres.T).argmax(axis=1),
    ),
    "table-of-0-and-1": Mistake(
        "a table of 0 and 1: asked is the number of the nearest centre",
        lambda points, centres: one_hot(nearest(points, centres), len(centres)),
    ),
}


MOVE = {
    "moved-over-n": Mistake(
        "divided by n, not by the number of the centre's own points",
        lambda points, labels, centres: sums(points, labels, len(centres)) / len(points),
    ),
    "sums-for-means": Mistake(
        "sums in place of means", lambda points, labels, centres: sums(points, labels, len(centres))
    ),
    "medians": Mistake(
        "medians in place of means",
        lambda points, labels, centres: np.array([np.median(points[labels == k], axis=0) for k in range(len(centres))]),
    ),
    "old-centre-counts": Mistake(
        "the old centre counts as one more point",
        lambda points, labels, centres: (
            (sums(points, labels, len(centres)) + centres) / (counts(labels, len(centres)) + 1)[:, None]
        ),
    ),
    "centres-unmoved": Mistake(
        "the centres are where they were: the new ones are not returned", lambda points, labels, centres: centres
    ),
}


MOVE_EMPTY = {
    "empty-is-nan": Mistake(
        "the mean of no points is nan: such a centre stays where it is",
        empty_and_argument(lambda points, centres, k: np.full(centres.shape[1], np.nan)),
    ),
    "empty-to-0": Mistake(
        "a centre without points jumps to 0: it stays where it is",
        empty_and_argument(lambda points, centres, k: np.zeros(centres.shape[1])),
    ),
    "empty-to-mean": Mistake(
        "a centre without points jumps to the mean of all: it stays where it is",
        empty_and_argument(lambda points, centres, k: points.mean(axis=0)),
    ),
    "empty-left-out": Mistake(
        "a centre without points is left out, and all later ones change their numbers", with_rows(np.unique)
    ),
    "largest-label": Mistake(
        "as many centres as the largest label says: the last ones may own no point, and stay",
        with_rows(lambda labels: np.arange(labels.max() + 1)),
    ),
    "divided-by-0": Mistake(
        "divided by the number of points also where it is 0",
        lambda points, labels, centres: Raises(ZeroDivisionError, "division by zero"),
    ),
    "centres-changed": Mistake(
        "the caller's array was changed: start from a copy, np.array(centres, dtype=float)", caller_changed
    ),
}


INERTIA = {
    "distances-not-squared": Mistake(
        "distances in place of squared distances (np.linalg.norm takes a root)",
        lambda points, centres: np.sqrt(squared_distances(points, centres)).min(axis=1).sum(),
    ),
    "mean-inertia": Mistake(
        "the mean over the points: the inertia is their sum",
        lambda points, centres: squared_distances(points, centres).min(axis=1).mean(),
    ),
    "all-centres": Mistake(
        "the sum over all centres: only the nearest counts",
        lambda points, centres: squared_distances(points, centres).sum(),
    ),
    "inertia-along-wrong-axis": Mistake(
        "the smallest along the wrong axis: one for each centre, not for each point",
        lambda points, centres: squared_distances(points, centres).min(axis=0).sum(),
    ),
    "root-of-inertia": Mistake(
        "the root of the sum: the inertia is a sum of squares",
        lambda points, centres: np.sqrt(squared_distances(points, centres).min(axis=1).sum()),
    ),
    "inertia-not-summed": Mistake(
        "one number for each point: their sum is still to be taken",
        lambda points, centres: squared_distances(points, centres).min(axis=1),
    ),
}


LLOYD = {
    "one-round": Mistake("one round only: go on until no label changes", after(1)),
    "ten-rounds": Mistake("ten rounds, which are not always enough: go on until no label changes", after(10)),
    "twenty-rounds": Mistake("twenty rounds, which are not always enough: go on until no label changes", after(20)),
    "fifty-rounds": Mistake("fifty rounds, which are not always enough: go on until no label changes", after(50)),
    "empty-dropped": Mistake(
        "a centre without points is dropped: it stays where it is, and keeps its number",
        lambda points, centres: with_points(*rounds(points, centres)[-1]),
    ),
    "one-per-cent": Mistake(
        "it stops where a round gains less than one per cent: go on until no label changes", until_hardly_better(0.01)
    ),
    "a-thousandth": Mistake(
        "it stops where a round gains less than a thousandth: go on until no label changes", until_hardly_better(1e-3)
    ),
    "a-ten-thousandth": Mistake(
        "it stops where a round gains less than a ten-thousandth: go on until no label changes",
        until_hardly_better(1e-4),
    ),
    "as-many-as-before": Mistake(
        "it stops where each centre owns as many points as before: they need not be the same points", until_as_many
    ),
    "first-points": Mistake(
        "it starts from the first points in place of the centres that were given",
        lambda points, centres: rounds(points, points[: len(centres)])[-1],
    ),
    "centres-as-given": Mistake(
        "the centres are returned as they were given", lambda points, centres: (centres, nearest(points, centres))
    ),
    "labels-of-start": Mistake(
        "the labels are those of the start: find them anew after each move",
        lambda points, centres: (
            moved(points, nearest(points, centres), centres),
            nearest(points, centres),
        ),
    ),
}
