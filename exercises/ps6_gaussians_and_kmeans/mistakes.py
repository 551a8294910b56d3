"""What the known mistakes of problem set 6 answer, where Gaussians are computed and fitted."""

import numpy as np

from autograder.checks import Mistake, Raises, answering

from .formulas import (
    counts,
    far_and_many,
    fitted,
    log_density,
    per_count,
    root_missing,
    scatter,
    scatter_about_means,
    squares,
    sums,
    table_of_pairs,
    through_the_density,
    through_the_determinant,
    through_the_exponential,
    variances_alone,
    with_covariance,
    with_distance,
    with_log_determinant,
    with_parts,
)

# --- The log density ------------------------------------------------------------------------------------------------


LOG_DENSITY = {
    "root-2pi-once": Mistake(
        "(2 pi)^(1/2) whatever the dimension: each of the d features brings one",
        with_parts(lambda constant, log_determinant, squared, d: -(constant / d + log_determinant + squared) / 2),
    ),
    "two-pi-whole": Mistake(
        "(2 pi)^d in place of its root, (2 pi)^(d/2)",
        with_parts(lambda constant, log_determinant, squared, d: -(2 * constant + log_determinant + squared) / 2),
    ),
    "no-constant": Mistake(
        "the constant -d/2 log(2 pi) is missing",
        with_parts(lambda constant, log_determinant, squared, d: -(log_determinant + squared) / 2),
    ),
    "log-of-base-10": Mistake(
        "np.log10 is the logarithm to the base 10: np.log is the natural one, which undoes exp",
        with_parts(
            lambda constant, log_determinant, squared, d: -((constant + log_determinant) / np.log(10) + squared) / 2
        ),
    ),
    "log-of-base-2": Mistake(
        "np.log2 is the logarithm to the base 2: np.log is the natural one, which undoes exp",
        with_parts(
            lambda constant, log_determinant, squared, d: -((constant + log_determinant) / np.log(2) + squared) / 2
        ),
    ),
    "points-for-dimensions": Mistake(
        "the number of points stands where the number of features belongs: len(points) is n, and d is len(mean)",
        lambda points, mean, covariance: (
            log_density(points, mean, covariance) - (len(points) - len(mean)) / 2 * np.log(2 * np.pi)
        ),
    ),
    "determinant-added": Mistake(
        "plus half the logarithm of the determinant: it stands below the line, so that its sign is minus",
        with_parts(lambda constant, log_determinant, squared, d: -(constant - log_determinant + squared) / 2),
    ),
    "determinant-for-root": Mistake(
        "the determinant in place of its square root",
        with_parts(lambda constant, log_determinant, squared, d: -(constant + 2 * log_determinant + squared) / 2),
    ),
    "factor-2-missing": Mistake(
        "a factor 2 is missing: log |Sigma| is twice the sum of the logarithms on the factor's diagonal",
        with_parts(lambda constant, log_determinant, squared, d: -(constant + log_determinant / 2 + squared) / 2),
    ),
    "determinant-for-log": Mistake("the determinant in place of its logarithm", with_log_determinant(np.linalg.det)),
    "no-determinant": Mistake(
        "the determinant is missing",
        with_parts(lambda constant, log_determinant, squared, d: -(constant + squared) / 2),
    ),
    "norm-for-determinant": Mistake(
        "a norm of the matrix in place of its determinant", with_log_determinant(lambda S: np.log(np.linalg.norm(S)))
    ),
    "product-of-variances": Mistake(
        "the product of the variances in place of the determinant",
        with_log_determinant(lambda S: np.log(np.diag(S)).sum()),
    ),
    "half-missing": Mistake(
        "the factor 1/2 before the squared distance is missing",
        with_parts(lambda constant, log_determinant, squared, d: -(constant + log_determinant) / 2 - squared),
    ),
    "distance-not-squared": Mistake(
        "the distance in place of its square",
        with_parts(lambda constant, log_determinant, squared, d: -(constant + log_determinant + np.sqrt(squared)) / 2),
    ),
    "plus-for-minus": Mistake(
        "a plus for the minus in the exponent: the density then grows with the distance",
        with_parts(lambda constant, log_determinant, squared, d: -(constant + log_determinant - squared) / 2),
    ),
    "minus-log": Mistake(
        "minus the log density",
        with_parts(lambda constant, log_determinant, squared, d: (constant + log_determinant + squared) / 2),
    ),
    "not-inverted": Mistake(
        "the covariance is not inverted: (x - mu)' Sigma (x - mu)",
        with_distance(lambda x, S: (x * (S @ x)).sum(axis=0)),
    ),
    "ordinary-distance": Mistake(
        "the ordinary distance: the covariance does not enter it", with_distance(lambda x, S: squares(x))
    ),
    "covariance-for-root": Mistake(
        "the covariance where a root of it belongs, as a variance taken for a standard deviation", root_missing
    ),
    "factor-transposed": Mistake(
        "the Cholesky factor is transposed: z = L^-1 (x - mu) with the lower triangle L",
        with_distance(lambda x, S: squares(np.linalg.solve(np.linalg.cholesky(S).T, x))),
    ),
    "factor-multiplied": Mistake(
        "multiplied by the Cholesky factor in place of its inverse",
        with_distance(lambda x, S: squares(np.linalg.cholesky(S) @ x)),
    ),
    "variances-alone": Mistake(
        "the variances alone: what stands beside the diagonal of the covariance is not used", variances_alone
    ),
    "mean-kept": Mistake(
        "the mean is not subtracted", lambda points, mean, covariance: log_density(points + mean, mean, covariance)
    ),
    "density-for-log": Mistake(
        "the density: its logarithm is still to be taken", lambda **given: np.exp(log_density(**given))
    ),
    "sum-over-points": Mistake(
        "the sum over all points: asked is one number for each", lambda **given: np.sum(log_density(**given))
    ),
    "table-of-pairs": Mistake(
        "an n x n table: the product of all pairs of points, of which only the diagonal is wanted", table_of_pairs
    ),
}


FAR = {
    "through-determinant": Mistake(
        "log |Sigma| by way of |Sigma|, which under- or overflows with many features",
        far_and_many(through_the_determinant),
    ),
    "through-exponential": Mistake(
        "log(exp(...)): the exponential of a far point's exponent is 0", far_and_many(through_the_exponential)
    ),
    "through-density": Mistake(
        "the density first and then its logarithm: density and determinant leave the range of floats",
        far_and_many(through_the_density),
    ),
    **answering(far_and_many, LOG_DENSITY),
}


# --- One Gaussian ---------------------------------------------------------------------------------------------------


def along_rows(points):
    """What a mean along the wrong axis ends in: no difference of points and mean but where each has one feature."""
    if points.shape[1] > 1:
        return Raises(ValueError, "could not be broadcast together", line=r"[\w)\]]\s*-=?\s*[\w(]|subtract")
    centred = points - points[:, 0]
    return points[:, 0], centred.T @ centred / len(points)


ONE_GAUSSIAN = {
    "over-n-minus-1": Mistake(
        "divided by n - 1, as np.cov does: the largest likelihood has n",
        with_covariance(lambda x, c: c.T @ c / (len(x) - 1)),
    ),
    "np-cov-n-minus-1": Mistake(
        "divided by n - 1, as np.cov does: the largest likelihood has n; and of one feature np.cov returns a number",
        with_covariance(lambda x, c: np.cov(x.T)),
    ),
    "np-cov-number": Mistake(
        "np.cov returns the variance of one feature as a plain number: np.atleast_2d makes a matrix of it",
        with_covariance(lambda x, c: np.cov(x.T, bias=True)),
    ),
    "not-over-n": Mistake("the sum of the products is not divided by n", with_covariance(lambda x, c: c.T @ c)),
    "over-features": Mistake(
        "divided by the number of features, not of points", with_covariance(lambda x, c: c.T @ c / x.shape[1])
    ),
    "products-of-points": Mistake(
        "the mean is not subtracted: products of the points, not of their deviations",
        with_covariance(lambda x, c: x.T @ x / len(x)),
    ),
    "row-by-row-product": Mistake(
        "`e @ e.T` of one row e is a number, its squared length: np.outer(e, e) is the matrix",
        with_covariance(lambda x, c: np.full((x.shape[1], x.shape[1]), (c**2).sum() / len(x))),
    ),
    "diagonal-only": Mistake(
        "the variances alone: what stands beside the diagonal is 0",
        with_covariance(lambda x, c: np.diag(x.var(axis=0))),
    ),
    "one-variance": Mistake(
        "one variance for all features, and 0 beside the diagonal: that Gaussian is a ball",
        with_covariance(lambda x, c: np.mean(c**2) * np.eye(x.shape[1])),
    ),
    "row-of-variances": Mistake(
        "the variances as a row of d numbers: asked is the whole matrix", with_covariance(lambda x, c: x.var(axis=0))
    ),
    "standard-deviations": Mistake(
        "standard deviations on the diagonal, where variances belong",
        with_covariance(lambda x, c: c.T @ c / len(x) + np.diag(x.std(axis=0) - x.var(axis=0))),
    ),
    "correlations": Mistake(
        "the correlations in place of the covariances",
        with_covariance(lambda x, c: c.T @ c / len(x) / np.outer(x.std(axis=0), x.std(axis=0))),
    ),
    "np-corrcoef": Mistake(
        "the correlations in place of the covariances: np.corrcoef divides these by the standard deviations",
        with_covariance(lambda x, c: np.corrcoef(x.T)),
    ),
    "np-cov-of-rows": Mistake(
        "an n x n table: np.cov takes a row for a feature, so hand it points.T",
        with_covariance(lambda x, c: np.cov(x) if x.shape[1] > 1 else np.full((len(x), len(x)), np.nan)),
    ),
    "centred-turned-round": Mistake(
        "an n x n table: `centred @ centred.T` pairs points, `centred.T @ centred` pairs features",
        with_covariance(lambda x, c: c @ c.T / len(x)),
    ),
    "one-mean": Mistake(
        "one mean of all numbers: a mean for each feature needs axis=0",
        lambda points: (
            points.mean(),
            (points - points.mean()).T @ (points - points.mean()) / len(points),
        ),
    ),
    "mean-along-wrong-axis": Mistake(
        "shapes that do not fit, often from the mean along the wrong axis: one for each point, not for each feature",
        along_rows,
    ),
}


# --- One Gaussian for each label ------------------------------------------------------------------------------------


WEIGHTS_AND_MEANS = {
    "means-over-n": Mistake(
        "the means are divided by n, not by the number of points of their own kind",
        lambda points, labels, K: (
            counts(labels, K) / len(points),
            sums(points, labels, K) / len(points),
        ),
    ),
    "means-are-sums": Mistake(
        "the means are sums: divide by the number of points of the kind",
        lambda points, labels, K: (
            counts(labels, K) / len(points),
            sums(points, labels, K),
        ),
    ),
    "equal-weights": Mistake(
        "the weights are all 1/K: a weight is the share of the points that have the label",
        lambda points, labels, K: (
            np.full(K, 1 / K),
            fitted(points, labels, K)[1],
        ),
    ),
    "weights-are-counts": Mistake(
        "the weights are counts: divide them by n",
        lambda points, labels, K: (
            counts(labels, K),
            fitted(points, labels, K)[1],
        ),
    ),
    "labels-unused-means": Mistake(
        "the mean of all points for every kind: the labels are not used",
        lambda points, labels, K: (
            counts(labels, K) / len(points),
            np.tile(points.mean(axis=0), (K, 1)),
        ),
    ),
    "kinds-from-1": Mistake(
        "the kinds are counted from 1 to K: their labels are 0 to K - 1",
        lambda points, labels, K: (
            np.append(counts(labels, K)[1:], 0) / len(points),
            np.vstack([fitted(points, labels, K)[1][1:], np.full(points.shape[1], np.nan)]),
        ),
    ),
    "first-kind-left-out": Mistake(
        "the first kind is left out: range(1, K) begins with the second, and labels begin at 0",
        lambda points, labels, K: (counts(labels, K)[1:] / len(points), fitted(points, labels, K)[1][1:]),
    ),
    "medians": Mistake(
        "medians in place of means",
        lambda points, labels, K: (
            counts(labels, K) / len(points),
            np.array([np.median(points[labels == k], axis=0) for k in range(K)]),
        ),
    ),
}


KINDS_COVARIANCES = {
    "covariances-over-n": Mistake(
        "divided by n, not by the number of points of the kind",
        lambda points, labels, K: scatter_about_means(points, labels, K) / len(points),
    ),
    "over-nk-minus-1": Mistake(
        "divided by n_k - 1, as np.cov does: the largest likelihood has n_k",
        lambda points, labels, K: scatter_about_means(points, labels, K) / (counts(labels, K) - 1)[:, None, None],
    ),
    "np-cov-nk-minus-1": Mistake(
        "divided by n_k - 1, as np.cov does: the largest likelihood has n_k; and of one feature it returns a number",
        lambda points, labels, K: np.array([np.cov(points[labels == k].T) for k in range(K)]),
    ),
    "np-cov-numbers": Mistake(
        "np.cov returns the variance of one feature as a plain number: np.atleast_2d makes a matrix of it",
        lambda points, labels, K: np.array([np.cov(points[labels == k].T, bias=True) for k in range(K)]),
    ),
    "covariances-not-divided": Mistake(
        "the sums are not divided by the number of points of the kind", scatter_about_means
    ),
    "about-mean-of-all": Mistake(
        "about the mean of all points: each kind's deviations are from its own mean",
        lambda points, labels, K: per_count(scatter(points, labels, np.tile(points.mean(axis=0), (K, 1))), labels, K),
    ),
    "about-wrong-means": Mistake(
        "about means that were divided by n, not by the number of points of their kind",
        lambda points, labels, K: per_count(scatter(points, labels, sums(points, labels, K) / len(points)), labels, K),
    ),
    "one-covariance": Mistake(
        "one covariance for all kinds: each has its own",
        lambda points, labels, K: np.tile(scatter_about_means(points, labels, K).sum(axis=0) / len(points), (K, 1, 1)),
    ),
    "labels-unused": Mistake(
        "the covariance of all points for every kind: the labels are not used",
        lambda points, labels, K: np.tile(np.atleast_2d(np.cov(points.T, bias=True)), (K, 1, 1)),
    ),
    "np-cov-labels-unused": Mistake(
        "the covariance of all points for every kind: the labels are not used, and np.cov may return a number",
        lambda points, labels, K: np.array([np.cov(points.T, bias=True)] * K),
    ),
    "diagonal-only": Mistake(
        "the variances alone: what stands beside the diagonal is 0",
        lambda points, labels, K: fitted(points, labels, K)[2] * np.eye(points.shape[1]),
    ),
}
