"""What is right in problem set 6: log densities, maximum-likelihood estimates, and Lloyd's algorithm.

Covariances are rotated and unequal, groups are of unequal size, and the numbers of points, of features and of
components differ, so that no transposed factor, no wrong axis and no wrong divisor gives the right numbers by luck.
"""

import numpy as np

from autograder.checks import check
from course_lib.mixture import log_gaussian, m_step

IMPORTS = ("numpy", "matplotlib", "course_lib.datasets")
SECONDS = 60.0


# --- Drawing Gaussians and points -----------------------------------------------------------------------------------


def some_covariance(rng, d, unit=1.0):
    """Draw a covariance with standard deviations between 0.5 and 2.5 units, no two alike, along rotated directions."""
    while True:
        directions = np.linalg.qr(rng.normal(size=(d, d)))[0]
        deviations = unit * rng.permutation(np.linspace(0.5, 2.5, d) * rng.uniform(0.9, 1.1, d))
        covariance = directions * deviations**2 @ directions.T
        correlations = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
        if np.abs(correlations[np.triu_indices(d, 1)]).max() > 0.2:
            return (covariance + covariance.T) / 2


def some_mean(rng, d):
    return rng.uniform(1.0, 6.0, d) * rng.choice([-1, 1], d)


def some_points(rng, n, mean, covariance):
    return mean + rng.normal(size=(n, len(mean))) @ np.linalg.cholesky(covariance).T


# --- The log density ------------------------------------------------------------------------------------------------


def log_density(points, mean, covariance):
    return log_gaussian(points, mean[None], covariance[None])[:, 0]


def parts_of(points, mean, covariance):
    """Return what the formula is made of: d log 2 pi, log |Sigma|, and the squared distance of each point."""
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    return len(mean) * np.log(2 * np.pi), 2 * np.log(np.diag(L)).sum(), (z**2).sum(axis=0)


def with_distance(squared):
    """Make the mistake that takes another squared distance; `squared` gets the deviations (d, n) and Sigma."""

    def mistaken(points, mean, covariance):
        constant, log_determinant, _ = parts_of(points, mean, covariance)
        return -(constant + log_determinant + squared((points - mean).T, covariance)) / 2

    return mistaken


def with_parts(formula):
    """Make the mistake that puts the right parts together in a wrong way."""
    return lambda points, mean, covariance: formula(*parts_of(points, mean, covariance), len(mean))


def with_log_determinant(wrong):
    return lambda points, mean, covariance: (
        log_density(points, mean, covariance) + (np.linalg.slogdet(covariance)[1] - wrong(covariance)) / 2
    )


def squares(z):
    return (z**2).sum(axis=0)


def variances_alone(points, mean, covariance):
    return log_density(points, mean, np.diag(np.diag(covariance)))


def root_missing(points, mean, covariance):
    """Sigma stands where a root of it belongs: z = Sigma^-1 (x - mu), and |Sigma| for |Sigma|^(1/2)."""
    constant, log_determinant, _ = parts_of(points, mean, covariance)
    return -constant / 2 - log_determinant - squares(np.linalg.solve(covariance, (points - mean).T)) / 2


def table_of_pairs(points, mean, covariance):
    constant, log_determinant, _ = parts_of(points, mean, covariance)
    deviations = points - mean
    return -(constant + log_determinant + deviations @ np.linalg.solve(covariance, deviations.T)) / 2


LOG_DENSITY_MISTAKES = {
    "(2 pi)^(1/2) whatever the dimension: each of the d features brings one": with_parts(
        lambda constant, log_determinant, squared, d: -(constant / d + log_determinant + squared) / 2
    ),
    "the determinant in place of its square root": with_parts(
        lambda constant, log_determinant, squared, d: -(constant + 2 * log_determinant + squared) / 2
    ),
    "a factor 2 is missing: log |Sigma| is twice the sum of the logarithms on the factor's diagonal": with_parts(
        lambda constant, log_determinant, squared, d: -(constant + log_determinant / 2 + squared) / 2
    ),
    "the determinant in place of its logarithm": with_log_determinant(np.linalg.det),
    "the determinant is missing": with_parts(lambda constant, log_determinant, squared, d: -(constant + squared) / 2),
    "a norm of the matrix in place of its determinant": with_log_determinant(lambda S: np.log(np.linalg.norm(S))),
    "the product of the variances in place of the determinant": with_log_determinant(
        lambda S: np.log(np.diag(S)).sum()
    ),
    "the factor 1/2 before the squared distance is missing": with_parts(
        lambda constant, log_determinant, squared, d: -(constant + log_determinant) / 2 - squared
    ),
    "the distance in place of its square": with_parts(
        lambda constant, log_determinant, squared, d: -(constant + log_determinant + np.sqrt(squared)) / 2
    ),
    "a plus for the minus in the exponent: the density then grows with the distance": with_parts(
        lambda constant, log_determinant, squared, d: -(constant + log_determinant - squared) / 2
    ),
    "minus the log density": with_parts(
        lambda constant, log_determinant, squared, d: (constant + log_determinant + squared) / 2
    ),
    "the covariance is not inverted: (x - mu)' Sigma (x - mu)": with_distance(lambda x, S: (x * (S @ x)).sum(axis=0)),
    "the ordinary distance: the covariance does not enter it": with_distance(lambda x, S: squares(x)),
    "the covariance where a root of it belongs, as a variance taken for a standard deviation": root_missing,
    "the Cholesky factor is transposed: z = L^-1 (x - mu) with the lower triangle L": with_distance(
        lambda x, S: squares(np.linalg.solve(np.linalg.cholesky(S).T, x))
    ),
    "multiplied by the Cholesky factor in place of its inverse": with_distance(
        lambda x, S: squares(np.linalg.cholesky(S) @ x)
    ),
    "the variances alone: what stands beside the diagonal of the covariance is not used": variances_alone,
    "the mean is not subtracted": lambda points, mean, covariance: log_density(points + mean, mean, covariance),
    "the density: its logarithm is still to be taken": lambda **given: np.exp(log_density(**given)),
    "the sum over all points: asked is one number for each": lambda **given: np.sum(log_density(**given)),
    "an n x n table: the product of all pairs of points, of which only the diagonal is wanted": table_of_pairs,
}


@check("log-density-near", part="log-density", points=4)
class LogDensityNear:
    """`log_density(points, mean, covariance)` is the logarithm of the Gaussian's density at each point."""

    def inputs(rng):
        n, d = [(5, 2), (7, 3), (4, 2), (6, 4), (2, 3)][rng.integers(5)]
        mean, covariance = some_mean(rng, d), some_covariance(rng, d)
        return {"points": some_points(rng, n, mean, covariance), "mean": mean, "covariance": covariance}

    def probe(student, points, mean, covariance):
        return student.log_density(points, mean, covariance)

    expected = log_density
    # The condition number of the covariance is at most 40, so that an inverse, too, is right to 1e-14 times a few
    # tens. A mistake is off by more than 1e-3 at some point.
    rtol, atol = 1e-9, 1e-9
    mistakes = LOG_DENSITY_MISTAKES
    hint = (
        "The logarithm of a product is a sum: -d/2 log(2 pi) - 1/2 log|Sigma| - 1/2 (x - mu)' Sigma^-1 (x - mu). "
        "Compute each term by itself, and compare each with a sheet of paper for two features. In `points` a point is "
        "a row, but np.linalg.solve takes columns: hand it (points - mean).T. "
        "Chapter 12, section 'The log density'."
    )


def far_and_many(formula):
    """Make of a formula for one set of points the answer of the probe below."""

    def answer(far, far_mean, far_covariance, many, many_mean, many_covariance):
        with np.errstate(all="ignore"):
            return {
                "far points": formula(points=far, mean=far_mean, covariance=far_covariance),
                "many features": formula(points=many, mean=many_mean, covariance=many_covariance),
            }

    return answer


def through_the_determinant(points, mean, covariance):
    constant, _, squared = parts_of(points, mean, covariance)
    return -(constant + np.log(np.linalg.det(covariance)) + squared) / 2


def through_the_exponential(points, mean, covariance):
    constant, log_determinant, squared = parts_of(points, mean, covariance)
    return np.log(np.exp(-squared / 2)) - (constant + log_determinant) / 2


def through_the_density(points, mean, covariance):
    constant, _, squared = parts_of(points, mean, covariance)
    return np.log(np.exp(-squared / 2) / np.sqrt(np.exp(constant) * np.linalg.det(covariance)))


FAR_MISTAKES = {
    "log |Sigma| by way of |Sigma|, which under- or overflows with many features": far_and_many(
        through_the_determinant
    ),
    "log(exp(...)): the exponential of a far point's exponent is 0": far_and_many(through_the_exponential),
    "the density first and then its logarithm: density and determinant leave the range of floats": far_and_many(
        through_the_density
    ),
    **{words: far_and_many(formula) for words, formula in LOG_DENSITY_MISTAKES.items()},
}


@check("log-density-far", part="log-density", points=2)
class LogDensityFar:
    """`log_density` is finite and right where the density itself is too small or too large for a float.

    (Tried with points some fifty standard deviations away, in one to three dimensions, and with 150 features in
    very small or very large units.)
    """

    trials = 4

    def inputs(rng):
        d = int(rng.integers(2, 4)) if rng.random() < 0.7 else 1
        far_mean, far_covariance = some_mean(rng, d), some_covariance(rng, d) if d > 1 else rng.uniform(2, 5, (1, 1))
        away = rng.normal(size=(4, d))
        away *= rng.uniform(45, 60, (4, 1)) / np.linalg.norm(away, axis=1, keepdims=True)
        unit = float(rng.choice([0.02, 40.0]))  # 150 variances of about these squares: a determinant beyond 1e+-400
        many_mean, many_covariance = some_mean(rng, 150), some_covariance(rng, 150, unit)
        return {
            "far": far_mean + away @ np.linalg.cholesky(far_covariance).T,
            "far_mean": far_mean,
            "far_covariance": far_covariance,
            "many": some_points(rng, 3, many_mean, many_covariance),
            "many_mean": many_mean,
            "many_covariance": many_covariance,
        }

    def probe(student, far, far_mean, far_covariance, many, many_mean, many_covariance):
        return {
            "far points": student.log_density(far, far_mean, far_covariance),
            "many features": student.log_density(many, many_mean, many_covariance),
        }

    expected = far_and_many(log_density)
    rtol, atol = 1e-9, 1e-6  # a log density of about a thousand, right to eleven digits also by way of an inverse
    mistakes = FAR_MISTAKES
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


def with_covariance(wrong):
    """Make the mistake that gets the mean right and the covariance wrong; `wrong` gets points and deviations."""
    return lambda points: (points.mean(axis=0), wrong(points, points - points.mean(axis=0)))


ONE_GAUSSIAN_MISTAKES = {
    "divided by n - 1, as np.cov does: the largest likelihood has n": with_covariance(
        lambda x, c: c.T @ c / (len(x) - 1)
    ),
    "the sum of the products is not divided by n": with_covariance(lambda x, c: c.T @ c),
    "divided by the number of features, not of points": with_covariance(lambda x, c: c.T @ c / x.shape[1]),
    "the mean is not subtracted: products of the points, not of their deviations": with_covariance(
        lambda x, c: x.T @ x / len(x)
    ),
    "`e @ e.T` of one row e is a number, its squared length: np.outer(e, e) is the matrix": with_covariance(
        lambda x, c: np.full((x.shape[1], x.shape[1]), (c**2).sum() / len(x))
    ),
    "the variances alone: what stands beside the diagonal is 0": with_covariance(lambda x, c: np.diag(x.var(axis=0))),
    "the variances as a row of d numbers: asked is the whole matrix": with_covariance(lambda x, c: x.var(axis=0)),
    "standard deviations on the diagonal, where variances belong": with_covariance(
        lambda x, c: c.T @ c / len(x) + np.diag(x.std(axis=0) - x.var(axis=0))
    ),
    "the correlations in place of the covariances": with_covariance(lambda x, c: np.corrcoef(x.T)),
    "an n x n table: np.cov takes a row for a feature, so hand it points.T": with_covariance(lambda x, c: np.cov(x)),
    "an n x n table: `centred @ centred.T` pairs points, `centred.T @ centred` pairs features": with_covariance(
        lambda x, c: c @ c.T / len(x)
    ),
    "one mean of all numbers: a mean for each feature needs axis=0": lambda points: (
        points.mean(),
        (points - points.mean()).T @ (points - points.mean()) / len(points),
    ),
    "shapes that do not fit, often from the mean along the wrong axis: one for each point, not for each feature": (
        lambda points: ValueError
    ),
}


@check("one-gaussian", part="fit-gaussian", points=3)
class OneGaussian:
    """`fit_gaussian(points)` is the mean and the covariance matrix of largest likelihood."""

    def inputs(rng):
        n, d = [(6, 2), (9, 3), (11, 4), (7, 3), (5, 2)][rng.integers(5)]
        return {"points": some_points(rng, n, some_mean(rng, d), some_covariance(rng, d))}

    def probe(student, points):
        return student.fit_gaussian(points)

    expected = estimates
    rtol, atol = 1e-9, 1e-9  # entries are of the size of 1 to 40; E[xx'] - mu mu' is right to 1e-14 of that, too
    returns = ("the mean", "the covariance")
    mistakes = ONE_GAUSSIAN_MISTAKES
    hint = (
        "Subtract the mean of each feature from each point. The covariance of two features is the mean of the product "
        "of their deviations: d x d such means, each over n points. Chapter 12, section 'Estimating a Gaussian'."
    )


# --- One Gaussian for each label ------------------------------------------------------------------------------------


def one_hot(labels, K):
    return (labels[:, None] == np.arange(K)).astype(float)


def fitted(points, labels, K):
    """The supervised estimates: the reference's M step with responsibilities that are 0 or 1."""
    return m_step(points, one_hot(labels, K))


def weights_and_means(points, labels, K):
    return fitted(points, labels, K)[:2]


def counts(labels, K):
    return one_hot(labels, K).sum(axis=0)


def sums(points, labels, K):
    return one_hot(labels, K).T @ points


def scatter(points, labels, centres):
    """Return for each label the sum of the products of its points' deviations from its centre."""
    deviations = points - centres[labels]
    return np.array([deviations[labels == k].T @ deviations[labels == k] for k in range(len(centres))])


def scatter_about_means(points, labels, K):
    return scatter(points, labels, fitted(points, labels, K)[1])


def per_count(values, labels, K):
    return values / counts(labels, K)[:, None, None]


WEIGHTS_AND_MEANS_MISTAKES = {
    "the means are divided by n, not by the number of points of their own kind": lambda points, labels, K: (
        counts(labels, K) / len(points),
        sums(points, labels, K) / len(points),
    ),
    "the means are sums: divide by the number of points of the kind": lambda points, labels, K: (
        counts(labels, K) / len(points),
        sums(points, labels, K),
    ),
    "the weights are all 1/K: a weight is the share of the points that have the label": lambda points, labels, K: (
        np.full(K, 1 / K),
        fitted(points, labels, K)[1],
    ),
    "the weights are counts: divide them by n": lambda points, labels, K: (
        counts(labels, K),
        fitted(points, labels, K)[1],
    ),
    "the mean of all points for every kind: the labels are not used": lambda points, labels, K: (
        counts(labels, K) / len(points),
        np.tile(points.mean(axis=0), (K, 1)),
    ),
    "medians in place of means": lambda points, labels, K: (
        counts(labels, K) / len(points),
        np.array([np.median(points[labels == k], axis=0) for k in range(K)]),
    ),
}


def some_labelled_points(rng):
    """Draw K kinds of unequal size, each with a Gaussian of its own, in d dimensions; K and d differ."""
    K, d = [(2, 3), (3, 2), (4, 2), (3, 4), (2, 4)][rng.integers(5)]
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


KINDS_HINT = (
    "Take the points of one kind, points[labels == k], and forget all others: they say nothing about it. There are n_k "
    "of them, and n_k is what its sums are divided by. Only the weight n_k / n knows of the others. "
    "Chapter 13, section 'If we knew the labels'."
)


@check("kinds-weights-means", part="fit-kinds", points=2, needs=["fit-gaussian"])
class KindsWeightsMeans:
    """`fit_kinds(points, labels, K)` finds the weight and the mean of each kind."""

    inputs = some_labelled_points

    def probe(student, points, labels, K):
        weights, means, _ = student.fit_kinds(points, labels, K)
        return weights, means

    expected = weights_and_means
    rtol, atol = 1e-9, 1e-9
    returns = ("the weights", "the means")
    mistakes = WEIGHTS_AND_MEANS_MISTAKES
    hint = KINDS_HINT


KINDS_COVARIANCES_MISTAKES = {
    "divided by n, not by the number of points of the kind": lambda points, labels, K: (
        scatter_about_means(points, labels, K) / len(points)
    ),
    "divided by n_k - 1, as np.cov does: the largest likelihood has n_k": lambda points, labels, K: (
        scatter_about_means(points, labels, K) / (counts(labels, K) - 1)[:, None, None]
    ),
    "the sums are not divided by the number of points of the kind": scatter_about_means,
    "about the mean of all points: each kind's deviations are from its own mean": lambda points, labels, K: per_count(
        scatter(points, labels, np.tile(points.mean(axis=0), (K, 1))), labels, K
    ),
    "about means that were divided by n, not by the number of points of their kind": lambda points, labels, K: (
        per_count(scatter(points, labels, sums(points, labels, K) / len(points)), labels, K)
    ),
    "one covariance for all kinds: each has its own": lambda points, labels, K: np.tile(
        scatter_about_means(points, labels, K).sum(axis=0) / len(points), (K, 1, 1)
    ),
    "the covariance of all points for every kind: the labels are not used": lambda points, labels, K: np.tile(
        np.cov(points.T, bias=True), (K, 1, 1)
    ),
    "the variances alone: what stands beside the diagonal is 0": lambda points, labels, K: (
        fitted(points, labels, K)[2] * np.eye(points.shape[1])
    ),
}


@check("kinds-covariances", part="fit-kinds", points=2, needs=["fit-gaussian"])
class KindsCovariances:
    """`fit_kinds(points, labels, K)` finds the covariance matrix of each kind."""

    inputs = some_labelled_points

    def probe(student, points, labels, K):
        _, _, covariances = student.fit_kinds(points, labels, K)
        return covariances

    def expected(points, labels, K):
        return fitted(points, labels, K)[2]

    rtol, atol = 1e-9, 1e-9
    mistakes = KINDS_COVARIANCES_MISTAKES
    hint = KINDS_HINT


# --- Lloyd's algorithm ----------------------------------------------------------------------------------------------


def squared_distances(points, centres):
    return ((points[:, None] - centres) ** 2).sum(axis=2)


def nearest(points, centres):
    return squared_distances(points, centres).argmin(axis=1)


def deviations(points, centres):
    return points[:, None] - centres


NEAREST_MISTAKES = {
    "along the wrong axis: the nearest point of each centre": lambda points, centres: squared_distances(
        points, centres
    ).argmin(axis=0),
    "the farthest centre: argmin, not argmax": lambda points, centres: squared_distances(points, centres).argmax(
        axis=1
    ),
    "labels that begin at 1: the first centre has the number 0": lambda points, centres: nearest(points, centres) + 1,
    "the smallest distance in place of the number of the centre that has it: argmin, not min": lambda points, centres: (
        np.sqrt(squared_distances(points, centres).min(axis=1))
    ),
    "the smallest squared distance in place of the number of the centre that has it: argmin, not min": (
        lambda points, centres: squared_distances(points, centres).min(axis=1)
    ),
    "the differences are added before they are squared, so that they cancel": lambda points, centres: (
        deviations(points, centres).sum(axis=2) ** 2
    ).argmin(axis=1),
    "absolute differences are added: the distance squares them": lambda points, centres: (
        np.abs(deviations(points, centres)).sum(axis=2).argmin(axis=1)
    ),
    "the largest product of point and centre: that compares directions, and prefers distant centres": (
        lambda points, centres: (points @ centres.T).argmax(axis=1)
    ),
    "a table of 0 and 1: asked is the number of the nearest centre": lambda points, centres: one_hot(
        nearest(points, centres), len(centres)
    ),
}


def tell_apart(right, wrong):
    """Whether every wrong answer of the right shape differs from the right one."""
    return all(not np.array_equal(answer, right) for answer in wrong)


def some_centres(rng):
    n, d, K = [(25, 2, 3), (30, 3, 4), (28, 4, 3), (35, 3, 5), (24, 2, 5)][rng.integers(5)]
    return {"points": rng.normal(size=(n, d)) * 3 + 2, "centres": rng.normal(size=(K, d)) * 3 + 2}


@check("nearest-centre", part="nearest", points=2)
class NearestCentre:
    """`nearest(points, centres)` is the number of the nearest centre of each point."""

    def inputs(rng):
        while True:
            given = some_centres(rng)
            if tell_apart(nearest(**given), [wrong(**given) for wrong in NEAREST_MISTAKES.values()]):
                return given

    def probe(student, points, centres):
        return student.nearest(points, centres)

    expected = nearest
    mistakes = NEAREST_MISTAKES
    hint = (
        "Make a table with one row for each point and one column for each centre that holds the squared distances. "
        "In each row, the place of the smallest entry is the label: argmin along the columns. "
        "Chapter 11, section 'Two steps, over and over'."
    )


def moved(points, labels, centres):
    means = centres.astype(float)
    for k in np.unique(labels):
        means[k] = points[labels == k].mean(axis=0)
    return means


MOVE_MISTAKES = {
    "divided by n, not by the number of the centre's own points": lambda points, labels, centres: (
        sums(points, labels, len(centres)) / len(points)
    ),
    "sums in place of means": lambda points, labels, centres: sums(points, labels, len(centres)),
    "medians in place of means": lambda points, labels, centres: np.array(
        [np.median(points[labels == k], axis=0) for k in range(len(centres))]
    ),
    "the old centre counts as one more point": lambda points, labels, centres: (
        (sums(points, labels, len(centres)) + centres) / (counts(labels, len(centres)) + 1)[:, None]
    ),
    "the centres are where they were: the new ones are not returned": lambda points, labels, centres: centres,
}


def some_owners(rng, empty):
    """Draw points, centres, and owners of which each has points, `empty` of the centres aside."""
    n, d, K = [(12, 2, 3), (14, 3, 4), (15, 4, 3), (16, 2, 5)][rng.integers(4)]
    owners = np.setdiff1d(np.arange(K), rng.choice(K - 1, empty, replace=False))  # the last centre always has some
    labels = np.append(np.tile(owners, 2), rng.choice(owners, n - 2 * len(owners)))
    centres = some_mean(rng, K * d).reshape(K, d)
    return {"points": rng.normal(size=(n, d)) * 3 + 2, "labels": rng.permutation(labels), "centres": centres}


@check("move-to-means", part="move", points=1)
class MoveToMeans:
    """`move(points, labels, centres)` moves each centre to the mean of its points."""

    def inputs(rng):
        return some_owners(rng, empty=0)

    def probe(student, points, labels, centres):
        return student.move(points, labels, centres)

    expected = moved
    rtol, atol = 1e-9, 1e-9
    mistakes = MOVE_MISTAKES
    hint = (
        "points[labels == k] are the points of centre k. Their mean needs axis=0: one mean for each feature. "
        "Chapter 11, section 'Two steps, over and over'."
    )


def empty_and_argument(row):
    """Make the answer of the probe below from the row that the empty centre gets."""
    return lambda points, labels, centres: {
        "shape": [*centres.shape],
        "the centre without points": row(points, centres, np.setdiff1d(np.arange(len(centres)), labels)[0]),
        "the array that was given, afterwards": centres,
    }


def caller_changed(points, labels, centres):
    return empty_and_argument(lambda points, centres, k: centres[k])(points, labels, centres) | {
        "the array that was given, afterwards": moved(points, labels, centres)
    }


def left_out(points, labels, centres):
    rows = moved(points, labels, centres)[np.unique(labels)]
    missing = np.setdiff1d(np.arange(len(centres)), labels)[0]
    return {
        "shape": [*rows.shape],
        "the centre without points": rows[missing],
        "the array that was given, afterwards": centres,
    }


@check("move-empty", part="move", points=1)
class MoveEmpty:
    """`move` leaves a centre without points where it is, and the array that it was given as it was."""

    def inputs(rng):
        return some_owners(rng, empty=1)

    def probe(student, points, labels, centres):
        result = np.asarray(student.move(points, labels, centres))
        k = next(k for k in range(len(centres)) if not np.any(labels == k))
        return {
            "shape": list(result.shape),
            "the centre without points": result[k],
            "the array that was given, afterwards": centres,
        }

    expected = empty_and_argument(lambda points, centres, k: centres[k])
    rtol, atol = 1e-9, 1e-9
    mistakes = {
        "the mean of no points is nan: such a centre stays where it is": empty_and_argument(
            lambda points, centres, k: np.full(centres.shape[1], np.nan)
        ),
        "a centre without points jumps to 0: it stays where it is": empty_and_argument(
            lambda points, centres, k: np.zeros(centres.shape[1])
        ),
        "a centre without points jumps to the mean of all: it stays where it is": empty_and_argument(
            lambda points, centres, k: points.mean(axis=0)
        ),
        "a centre without points is left out, and all later ones change their numbers": left_out,
        "divided by the number of points also where it is 0": lambda points, labels, centres: ZeroDivisionError,
        "the caller's array was changed: start from a copy, np.array(centres, dtype=float)": caller_changed,
    }
    hint = (
        "Begin with a copy of the old centres, and overwrite only those rows that have points. A centre without points "
        "then keeps its place by itself. Chapter 11, section 'Two steps, over and over'."
    )


INERTIA_MISTAKES = {
    "distances in place of squared distances (np.linalg.norm takes a root)": lambda points, centres: (
        np.sqrt(squared_distances(points, centres)).min(axis=1).sum()
    ),
    "the mean over the points: the inertia is their sum": lambda points, centres: (
        squared_distances(points, centres).min(axis=1).mean()
    ),
    "the sum over all centres: only the nearest counts": lambda points, centres: squared_distances(
        points, centres
    ).sum(),
    "the smallest along the wrong axis: one for each centre, not for each point": lambda points, centres: (
        squared_distances(points, centres).min(axis=0).sum()
    ),
    "the root of the sum: the inertia is a sum of squares": lambda points, centres: np.sqrt(
        squared_distances(points, centres).min(axis=1).sum()
    ),
    "one number for each point: their sum is still to be taken": lambda points, centres: squared_distances(
        points, centres
    ).min(axis=1),
}


@check("inertia-squared", part="inertia", points=1, needs=["nearest"])
class InertiaSquared:
    """`inertia(points, centres)` is the sum of the squared distances to the nearest centres."""

    inputs = some_centres

    def probe(student, points, centres):
        return student.inertia(points, centres)

    def expected(points, centres):
        return squared_distances(points, centres).min(axis=1).sum()

    # |x|^2 - 2 x'c + |c|^2 is an honest way, too: it is right to 1e-14 of the squared sizes, which are below 1e3.
    rtol, atol = 1e-9, 1e-9
    mistakes = INERTIA_MISTAKES
    hint = (
        "Each point adds one number: the squared distance to its nearest centre, in which no root is taken. "
        "Chapter 11, section 'Two steps, over and over'."
    )


def rounds(points, centres):
    """Return the labels and centres of every round of Lloyd's algorithm, until no label changes."""
    history, labels = [], nearest(points, centres)
    while True:
        centres = moved(points, labels, centres)
        before, labels = labels, nearest(points, centres)
        history.append((centres, labels))
        if np.array_equal(before, labels):
            return history


LLOYD_MISTAKES = {
    "one round only: go on until no label changes": lambda points, centres: rounds(points, centres)[0],
    "ten rounds, which are not always enough: go on until no label changes": lambda points, centres: rounds(
        points, centres
    )[9],
    "it starts from the first points in place of the centres that were given": lambda points, centres: rounds(
        points, points[: len(centres)]
    )[-1],
    "the centres are returned as they were given": lambda points, centres: (centres, nearest(points, centres)),
    "the labels are those of the start: find them anew after each move": lambda points, centres: (
        moved(points, nearest(points, centres), centres),
        nearest(points, centres),
    ),
}


@check("lloyd-to-the-end", part="lloyd", points=2, needs=["nearest", "move"])
class LloydToTheEnd:
    """`lloyd(points, centres)` goes on until nothing changes any more."""

    trials, seconds = 4, 2.0  # a loop that never ends, on the own parts and on right ones, must leave time for the rest

    def inputs(rng):
        while True:
            K, d = [(3, 2), (4, 3), (4, 2)][rng.integers(3)]
            points = rng.normal(size=(80, d)) * [2.0, 3.0, 1.5][:d]
            centres = points[rng.integers(80)] + rng.normal(size=(K, d)) * 0.3  # all in one place: a long way to go
            history = rounds(points, centres)
            owners = {len(np.unique(labels)) for _, labels in history} | {len(np.unique(nearest(points, centres)))}
            if 12 <= len(history) <= 40 and owners == {K}:
                given = {"points": points, "centres": centres}
                wrong = [mistaken(**given)[0] for mistaken in LLOYD_MISTAKES.values()]
                if tell_apart(history[-1][0], wrong):
                    return given

    def probe(student, points, centres):
        return student.lloyd(points, centres)

    def expected(points, centres):
        return rounds(points, centres)[-1]

    rtol, atol = 1e-9, 1e-9
    returns = ("the centres", "the labels")
    mistakes = LLOYD_MISTAKES
    hint = (
        "Two steps, over and over: labels from the centres, centres from the labels. Both must be computed anew in "
        "each round, and the end has come when a round has changed no label. "
        "Chapter 11, section 'Two steps, over and over'."
    )
