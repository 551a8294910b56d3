"""What is right in problem set 6: log densities, maximum-likelihood estimates, and Lloyd's algorithm.

Covariances are rotated and unequal, groups are of unequal size, and the numbers of points, of features and of
components differ, so that no transposed factor, no wrong axis and no wrong divisor gives the right numbers by luck.
"""

import numpy as np

from autograder.checks import check, integers, unchanged
from course_lib.mixture import m_step

from . import formulas, inputs, mistakes, mistakes_in_clusters

IMPORTS = ("numpy", "matplotlib", "course_lib.datasets")
SECONDS = 60.0
OPEN = True


# --- The log density ------------------------------------------------------------------------------------------------


@check("log-density-near", part="log-density", points=4)
class LogDensityNear:
    """`log_density(points, mean, covariance)` is the logarithm of the Gaussian's density at each point."""

    def inputs(rng, trial):
        n, d = ((5, 2), (7, 3), (6, 4), (2, 3), (4, 1))[trial]
        mean, covariance = inputs.some_mean(rng, d), inputs.some_covariance(rng, d)
        return {"points": inputs.some_points(rng, n, mean, covariance), "mean": mean, "covariance": covariance}

    def probe(student, points, mean, covariance):
        return unchanged(student.log_density, points, mean, covariance)

    expected = formulas.log_density
    # The condition number of the covariance is at most 40, so that an inverse, too, is right to 1e-14 times a few
    # tens. A mistake is off by more than 1e-3 at some point.
    rtol, atol = 1e-9, 1e-9
    mistakes = mistakes.LOG_DENSITY
    hint = (
        "The logarithm of a product is a sum: -d/2 log(2 pi) - 1/2 log|Sigma| - 1/2 (x - mu)' Sigma^-1 (x - mu). "
        "Compute each term by itself, and compare each with a sheet of paper for two features. In `points` a point is "
        "a row, but np.linalg.solve takes columns: hand it (points - mean).T. "
        "Chapter 12, section 'The log density'."
    )


@check("log-density-far", part="log-density", points=2)
class LogDensityFar:
    """`log_density` is finite and right where the density itself is too small or too large for a float.

    (Tried with points some fifty standard deviations away, in one to three dimensions, and with 60 features in
    very small or very large units.)
    """

    trials = 4

    inputs = inputs.for_log_density_far

    def probe(student, far, far_mean, far_covariance, many, many_mean, many_covariance):
        return {
            "far points": student.log_density(far, far_mean, far_covariance),
            "many features": student.log_density(many, many_mean, many_covariance),
        }

    expected = formulas.far_and_many(formulas.log_density)
    rtol, atol = 1e-9, 1e-6  # a log density of about a thousand, right to eleven digits also by way of an inverse
    mistakes = mistakes.FAR
    hint = (
        "Never form a number that is too small or too large on the way. The exponent is a harmless number, its "
        "exponential is not. A determinant is a product of d numbers; its logarithm is a sum of d logarithms, which "
        "the Cholesky factor gives (or np.linalg.slogdet). Chapter 12, section 'The log density'."
    )


# --- One Gaussian ---------------------------------------------------------------------------------------------------


def estimates(points):
    """The maximum-likelihood estimates, by the reference's M step with one component that owns every point."""
    _, means, covariances = m_step(points, np.ones((len(points), 1)))
    return means[0], covariances[0]


@check("one-gaussian", part="fit-gaussian", points=3)
class OneGaussian:
    """`fit_gaussian(points)` is the mean and the covariance matrix of largest likelihood."""

    def inputs(rng, trial):
        n, d = [(6, 2), (9, 3), (11, 4), (7, 3), (5, 2)][rng.integers(5)] if trial < 4 else (6, 1)
        return {"points": inputs.some_points(rng, n, inputs.some_mean(rng, d), inputs.some_covariance(rng, d))}

    def probe(student, points):
        return unchanged(student.fit_gaussian, points)

    expected = estimates
    rtol, atol = 1e-9, 1e-9  # entries are of the size of 1 to 40; E[xx'] - mu mu' is right to 1e-14 of that, too
    returns = ("the mean", "the covariance")
    mistakes = mistakes.ONE_GAUSSIAN
    hint = (
        "Subtract the mean of each feature from each point. The covariance of two features is the mean of the product "
        "of their deviations: d x d such means, each over n points. Chapter 12, section 'Estimating a Gaussian'."
    )


# --- One Gaussian for each label ------------------------------------------------------------------------------------


def weights_and_means(points, labels, K):
    return formulas.fitted(points, labels, K)[:2]


KINDS_HINT = (
    "Take the points of one kind, points[labels == k], and forget all others: they say nothing about it. There are n_k "
    "of them, and n_k is what its sums are divided by. Only the weight n_k / n knows of the others. "
    "Chapter 13, section 'If we knew the labels'."
)


@check("kinds-weights-means", part="fit-kinds", points=2, needs=["fit-gaussian"])
class KindsWeightsMeans:
    """`fit_kinds(points, labels, K)` finds the weight and the mean of each kind."""

    inputs = inputs.some_labelled_points

    def probe(student, points, labels, K):
        weights, means, _ = unchanged(student.fit_kinds, points, labels, K)
        return weights, means

    expected = weights_and_means
    rtol, atol = 1e-9, 1e-9
    returns = ("the weights", "the means")
    mistakes = mistakes.WEIGHTS_AND_MEANS
    hint = KINDS_HINT


@check("kinds-covariances", part="fit-kinds", points=2, needs=["fit-gaussian"])
class KindsCovariances:
    """`fit_kinds(points, labels, K)` finds the covariance matrix of each kind."""

    inputs = inputs.some_labelled_points

    def probe(student, points, labels, K):
        _, _, covariances = student.fit_kinds(points, labels, K)
        return covariances

    def expected(points, labels, K):
        return formulas.fitted(points, labels, K)[2]

    rtol, atol = 1e-9, 1e-9
    mistakes = mistakes.KINDS_COVARIANCES
    hint = KINDS_HINT


# --- Lloyd's algorithm ----------------------------------------------------------------------------------------------


@check("nearest-centre", part="nearest", points=2)
class NearestCentre:
    """`nearest(points, centres)` is the number of the nearest centre of each point, an integer."""

    inputs = inputs.for_nearest_centre

    def probe(student, points, centres):
        return integers(unchanged(student.nearest, points, centres))

    expected = formulas.nearest
    mistakes = mistakes_in_clusters.NEAREST
    hint = (
        "Make a table with one row for each point and one column for each centre that holds the squared distances. "
        "In each row, the place of the smallest entry is the label: argmin along the columns. "
        "Chapter 11, section 'Two steps, over and over'."
    )


@check("move-to-means", part="move", points=1)
class MoveToMeans:
    """`move(points, labels, centres)` moves each centre to the mean of its points."""

    def inputs(rng, trial):
        return inputs.some_owners(rng, trial, empty=False)

    def probe(student, points, labels, centres):
        return student.move(points, labels, centres)

    expected = formulas.moved
    rtol, atol = 1e-9, 1e-9
    mistakes = mistakes_in_clusters.MOVE
    hint = (
        "points[labels == k] are the points of centre k. Their mean needs axis=0: one mean for each feature. "
        "Chapter 11, section 'Two steps, over and over'."
    )


@check("move-empty", part="move", points=1)
class MoveEmpty:
    """`move` leaves a centre without points where it is, and the array that it was given as it was."""

    def inputs(rng, trial):
        return inputs.some_owners(rng, trial, empty=True)

    def probe(student, points, labels, centres):
        result = np.asarray(student.move(points, labels, centres))
        k = next(k for k in range(len(centres)) if not np.any(labels == k))
        return {
            "shape": list(result.shape),
            "the centre without points": result[k] if k < len(result) else None,
            "the array that was given, afterwards": centres,
        }

    expected = formulas.empty_and_argument(lambda points, centres, k: centres[k])
    rtol, atol = 1e-9, 1e-9
    mistakes = mistakes_in_clusters.MOVE_EMPTY
    hint = (
        "Begin with a copy of the old centres, and overwrite only those rows that have points. A centre without points "
        "then keeps its place by itself. Chapter 11, section 'Two steps, over and over'."
    )


@check("inertia-squared", part="inertia", points=1, needs=["nearest"])
class InertiaSquared:
    """`inertia(points, centres)` is the sum of the squared distances to the nearest centres."""

    inputs = inputs.some_centres

    def probe(student, points, centres):
        return unchanged(student.inertia, points, centres)

    def expected(points, centres):
        return formulas.squared_distances(points, centres).min(axis=1).sum()

    # |x|^2 - 2 x'c + |c|^2 is an honest way, too: it is right to 1e-14 of the squared sizes, which are below 1e3.
    rtol, atol = 1e-9, 1e-9
    mistakes = mistakes_in_clusters.INERTIA
    hint = (
        "Each point adds one number: the squared distance to its nearest centre, in which no root is taken. "
        "Chapter 11, section 'Two steps, over and over'."
    )


@check("lloyd-to-the-end", part="lloyd", points=2, needs=["nearest", "move"])
class LloydToTheEnd:
    """`lloyd(points, centres)` goes on until nothing changes any more. A centre without points stays in the list.

    (Tried with a centre, far away, that is nearest to no point, and on a line where it takes many rounds.)
    """

    trials, seconds = 4, 2.0  # a loop that never ends, on the own parts and on right ones, must leave time for the rest

    inputs = inputs.for_lloyd_to_the_end

    def probe(student, points, centres):
        found = unchanged(student.lloyd, points, centres)
        if isinstance(found, (tuple, list)) and len(found) == 2:
            integers(found[1])
        return found

    def expected(points, centres):
        return formulas.rounds(points, centres)[-1]

    rtol, atol = 1e-9, 1e-9
    returns = ("the centres", "the labels")
    mistakes = mistakes_in_clusters.LLOYD
    hint = (
        "Two steps, over and over: labels from the centres, centres from the labels. Both must be computed anew in "
        "each round, and the end has come when a round has changed no label. "
        "Chapter 11, section 'Two steps, over and over'."
    )
