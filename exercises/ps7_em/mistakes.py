"""What the known mistakes of problem set 7 answer, from two means on a line to the log-likelihood: the E step."""

import numpy as np

from autograder.checks import Mistake, Raises, answering

from .formulas import (
    FAR_ANSWERS,
    GIVEN,
    and_given,
    both,
    half_squares,
    hardened,
    joints,
    joints_to_the_base,
    log_joints,
    log_sum_exp,
    naive,
    new_means,
    of_the_sum,
    one_after_the_other,
    posteriors,
    quietly,
    softmax,
    squared,
    total_log_likelihood,
    weighted_means,
    without_weights,
)

# --- Part 1: means only, on a line ------------------------------------------------------------------------------------


MEANS = {
    "means-over-n": Mistake(
        "divided by n, the number of all points: component k has only as many as its responsibilities add up to",
        lambda x, means, sigma: softmax(half_squares(x, means, sigma)) @ x / len(x),
    ),
    "means-not-divided": Mistake(
        "the sum is not divided: an average needs the sum of the component's responsibilities below the line",
        lambda x, means, sigma: softmax(half_squares(x, means, sigma)) @ x,
    ),
    "not-normalised": Mistake(
        "the responsibilities of a point do not sum to 1: divide by the sum over the components",
        lambda x, means, sigma: weighted_means(np.exp(half_squares(x, means, sigma)), x),
    ),
    "hard-means": Mistake(
        "hard assignment: each point went wholly to the nearest mean, which is k-means",
        lambda x, means, sigma: weighted_means(hardened(half_squares(x, means, sigma)), x),
    ),
    "sigma-for-squared": Mistake(
        "sigma in place of sigma squared below the line: the variance is taken for the standard deviation",
        lambda x, means, sigma: weighted_means(softmax(half_squares(x, means, np.sqrt(sigma))), x),
    ),
    "no-sigma": Mistake(
        "sigma is not used: a density falls as fast as its sigma says",
        lambda x, means, sigma: weighted_means(softmax(half_squares(x, means, 1.0)), x),
    ),
    "no-half": Mistake(
        "the 1/2 in the exponent is missing",
        lambda x, means, sigma: weighted_means(softmax(2 * half_squares(x, means, sigma)), x),
    ),
    "exponent-sign": Mistake(
        "the sign of the exponent: a density falls with the distance",
        lambda x, means, sigma: weighted_means(softmax(-half_squares(x, means, sigma)), x),
    ),
    "exponent-not-squared": Mistake(
        "the distance in place of its square in the exponent",
        lambda x, means, sigma: weighted_means(softmax(-np.abs(x - means[:, None]) / (2 * sigma**2)), x),
    ),
    "one-after-the-other": Mistake(
        "each mean was moved before the next one's E step: first all responsibilities, then all means",
        one_after_the_other,
    ),
    "old-means": Mistake("the old means: the M step is missing", lambda x, means, sigma: means),
    "responsibilities-for-means": Mistake(
        "the responsibilities: the M step is missing", lambda x, means, sigma: softmax(half_squares(x, means, sigma))
    ),
}


MORE_MEANS = {
    "exactly-two": Mistake(
        "written for exactly two components: `for` each of `means`, however many",
        lambda x, means, sigma: Raises(ValueError, "too many values to unpack", line=r"^(?!.*shape).*="),
    ),
    "only-first-two": Mistake(
        "only the first two components: there may be more",
        and_given("means", lambda x, means, sigma: new_means(x, means[:2], sigma)),
    ),
    "means-changed": Mistake(
        "the caller's array was changed: write the new means into an array of their own",
        lambda x, means, sigma: dict.fromkeys(("result", GIVEN), new_means(x, means, sigma)),
    ),
    **answering(lambda formula: and_given("means", formula), MEANS),
}


# --- Part 2: log-sum-exp ----------------------------------------------------------------------------------------------


BASE_2 = "np.log2 is the logarithm to the base 2: np.log is the natural one, which undoes exp"
BASE_10 = "np.log10 is the logarithm to the base 10: np.log is the natural one, which undoes exp"
LOG_SUM = {
    "sum-over-rows": Mistake(
        "the sum over each row: add up each column, over the components", lambda a: log_sum_exp(a.T)
    ),
    "maximum-not-added": Mistake(
        "the maximum, which was taken out, is not added again", lambda a: log_sum_exp(a) - a.max(axis=0)
    ),
    "sum-not-log": Mistake("the sum, not its logarithm", quietly(lambda a: np.exp(a).sum(axis=0))),
    "sum-of-exponents": Mistake(
        "the sum of the exponents: that is the logarithm of the product of the terms", lambda a: a.sum(axis=0)
    ),
    "mean-for-sum": Mistake("the mean in place of the sum", lambda a: log_sum_exp(a) - np.log(len(a))),
    "log-of-base-2": Mistake(BASE_2, lambda a: a.max(axis=0) + (log_sum_exp(a) - a.max(axis=0)) / np.log(2)),
    "log-of-base-10": Mistake(BASE_10, lambda a: a.max(axis=0) + (log_sum_exp(a) - a.max(axis=0)) / np.log(10)),
    "largest-alone": Mistake("the largest term alone", lambda a: a.max(axis=0)),
    "one-number": Mistake("one number: each column has a sum of its own", lambda a: log_sum_exp(a.ravel())),
}


NEAR_LOG_SUM = {
    "a-changed": Mistake(
        "the caller's array was changed: write `a - largest`, not `a -= largest`",
        lambda a: {"result": log_sum_exp(a), GIVEN: a - a.max(axis=0)},
    ),
    **answering(lambda formula: and_given("a", formula), LOG_SUM),
}


FAR_LOG_SUM = {
    "plain-exp": Mistake(
        "exp without log-sum-exp: it overflows to inf, or underflows to 0, whose logarithm is -inf",
        quietly(lambda a: np.log(np.exp(a).sum(axis=0))),
    ),
    "one-maximum": Mistake(
        "one maximum for the whole array: take each column's own",
        quietly(lambda a: a.max() + np.log(np.exp(a - a.max()).sum(axis=0))),
    ),
    "smallest-taken-out": Mistake(
        "what is taken out is not the largest term, but the smallest or the mean, and larger ones overflow",
        quietly(lambda a: a.min(axis=0) + np.log(np.exp(a - a.min(axis=0)).sum(axis=0))),
    ),
    "first-taken-out": Mistake(
        "what is taken out is the first term of each column, and not the largest: a larger one overflows",
        quietly(lambda a: a[0] + np.log(np.exp(a - a[0]).sum(axis=0))),
    ),
    "small-number-added": Mistake(
        "a small number is added inside the logarithm: that hides the underflow, and the answer is wrong",
        quietly(lambda a: np.log(np.exp(a).sum(axis=0) + 1e-300)),
    ),
    **LOG_SUM,
}


# --- Part 3: the joint log density ------------------------------------------------------------------------------------


JOINT = {
    "two-pi-whole": Mistake(
        "(2 pi)^d in place of its root, (2 pi)^(d/2)", joints(constant=lambda w, c, gap, d: -d * np.log(2 * np.pi))
    ),
    "points-for-dimensions": Mistake(
        "the number of points stands where that of the features belongs: len(points) is n, and d is len(mean)",
        joints(constant=lambda w, c, gap, d: -len(gap) / 2 * np.log(2 * np.pi)),
    ),
    "log-of-base-2": Mistake(BASE_2, joints_to_the_base(2)),
    "log-of-base-10": Mistake(BASE_10, joints_to_the_base(10)),
    "root-2pi-once": Mistake(
        "(2 pi)^(1/2) in place of (2 pi)^(d/2): each dimension brings its own factor",
        joints(constant=lambda w, c, gap, d: -np.log(2 * np.pi) / 2),
    ),
    "no-constant": Mistake("the constant, (2 pi)^(d/2), is missing", joints(constant=lambda w, c, gap, d: 0.0)),
    "determinant-for-root": Mistake(
        "the determinant in place of its root: log |Sigma| is halved",
        joints(determinant=lambda w, c, gap, d: -np.linalg.slogdet(c)[1]),
    ),
    "no-determinant": Mistake(
        "the determinant is missing: a wide Gaussian is low", joints(determinant=lambda w, c, gap, d: 0.0)
    ),
    "determinant-sign": Mistake(
        "the sign of log |Sigma|: it stands below the line",
        joints(determinant=lambda w, c, gap, d: np.linalg.slogdet(c)[1] / 2),
    ),
    "half-missing": Mistake(
        "the 1/2 before the squared distance is missing",
        joints(square=lambda w, c, gap, d: -squared(np.linalg.solve(np.linalg.cholesky(c), gap.T).T)),
    ),
    "distance-not-squared": Mistake(
        "the distance in place of its square",
        joints(square=lambda w, c, gap, d: -np.sqrt(squared(np.linalg.solve(np.linalg.cholesky(c), gap.T).T)) / 2),
    ),
    "not-inverted": Mistake(
        "Sigma in place of its inverse", joints(square=lambda w, c, gap, d: -np.einsum("ni,ij,nj->n", gap, c, gap) / 2)
    ),
    "divided-by-sigma": Mistake(
        "the variance is taken for the standard deviation: gaps are divided by Sigma and then squared",
        joints(square=lambda w, c, gap, d: -squared(np.linalg.solve(c, gap.T).T) / 2),
    ),
    "sigma-for-factor": Mistake(
        "the variance is taken for the standard deviation: Sigma stands where its Cholesky factor should",
        joints(
            square=lambda w, c, gap, d: -squared(np.linalg.solve(c, gap.T).T) / 2,
            determinant=lambda w, c, gap, d: -np.linalg.slogdet(c)[1],
        ),
    ),
    "diagonal-only": Mistake(
        "the diagonal of Sigma only: these Gaussians are rotated, and their covariances count",
        joints(
            square=lambda w, c, gap, d: -squared(gap / np.sqrt(np.diag(c))) / 2,
            determinant=lambda w, c, gap, d: -np.log(np.diag(c)).sum() / 2,
        ),
    ),
    "no-weights": Mistake("the weights are missing: add log of each weight", joints(weight=lambda w, c, gap, d: 0.0)),
    "weight-not-log": Mistake("the weight itself is added: add its logarithm", joints(weight=lambda w, c, gap, d: w)),
    "equal-weights": Mistake(
        "equal weights, 1/K, whatever the mixture says",
        lambda points, mixture: joints(weight=lambda w, c, gap, d: -np.log(len(mixture)))(points, mixture),
    ),
    "density-not-log": Mistake(
        "the density, not its logarithm", lambda points, mixture: np.exp(log_joints(points, mixture))
    ),
    "points-in-rows": Mistake(
        "one row a point: asked is one row a component", lambda points, mixture: log_joints(points, mixture).T
    ),
}


FAR_JOINT = {
    "through-density": Mistake(
        "the density first, and then its logarithm: far away a density is less than any float, and log 0 is -inf",
        quietly(lambda points, mixture: np.log(np.exp(log_joints(points, mixture)))),
    ),
    **JOINT,
}


# --- Part 4: the E step -----------------------------------------------------------------------------------------------


LIKELIHOOD_FIRST = "the log-likelihood comes first: the text wants R first, and the log-likelihood second"
MEMBERSHIP = {
    "likelihood-first": Mistake(LIKELIHOOD_FIRST, total_log_likelihood),
    "not-normalised-memberships": Mistake(
        "responsibilities that are not normalised: divide by their sum over the components",
        lambda points, mixture: np.exp(log_joints(points, mixture)),
    ),
    "normalised-wrong-axis": Mistake(
        "normalised along the wrong axis: for each *point* they sum to 1 over the components",
        lambda points, mixture: softmax(log_joints(points, mixture).T).T,
    ),
    "densities-exponentiated": Mistake(
        "exp of the densities: a softmax exponentiates their logarithms, once",
        lambda points, mixture: softmax(np.exp(log_joints(points, mixture))),
    ),
    "hard-memberships": Mistake(
        "hard assignment: the whole of each point to its most probable component",
        lambda points, mixture: hardened(log_joints(points, mixture)),
    ),
    "no-prior": Mistake(
        "the weights are left out: Bayes' rule has the prior in it",
        lambda points, mixture: posteriors(points, without_weights(points, mixture)),
    ),
    "logs-normalised": Mistake(
        "the logarithms are normalised: divide exponentials, not their logarithms",
        lambda points, mixture: log_joints(points, mixture) / log_joints(points, mixture).sum(axis=0),
    ),
    "logs-of-memberships": Mistake(
        "the logarithms of the responsibilities", lambda points, mixture: np.log(posteriors(points, mixture))
    ),
    "points-in-rows": Mistake(
        "one row a point: asked is one row a component", lambda points, mixture: posteriors(points, mixture).T
    ),
}


LIKELIHOOD = {
    "likelihood-first": Mistake(LIKELIHOOD_FIRST, posteriors),
    "mean-likelihood": Mistake(
        "the mean over the points: asked is the sum",
        lambda points, mixture: total_log_likelihood(points, mixture) / len(points),
    ),
    "likelihood-of-each": Mistake(
        "the log-likelihood of each point: asked is their sum",
        lambda points, mixture: log_sum_exp(log_joints(points, mixture)),
    ),
    "sum-of-all-joints": Mistake(
        "the sum of all joint log densities: inside a point the densities are added, not their logarithms",
        lambda points, mixture: log_joints(points, mixture).sum(),
    ),
    "sum-of-variables": Mistake(
        "one Gaussian with the averaged mean and covariance: a mixture adds densities, and not random variables",
        of_the_sum,
    ),
    "densities-of-points-added": Mistake(
        "the densities of all points are added: points are independent, so that their *logarithms* add",
        lambda points, mixture: log_sum_exp(log_joints(points, mixture).ravel()),
    ),
    "most-probable-alone": Mistake(
        "the most probable component alone: all components add to the density of a point",
        lambda points, mixture: log_joints(points, mixture).max(axis=0).sum(),
    ),
    "averaged-joint": Mistake(
        "the joint log density, averaged by the responsibilities: that is the bound without its entropy",
        lambda points, mixture: (posteriors(points, mixture) * log_joints(points, mixture)).sum(),
    ),
    "minus-likelihood": Mistake(
        "minus the log-likelihood", lambda points, mixture: -total_log_likelihood(points, mixture)
    ),
    "likelihood-no-weights": Mistake(
        "the weights are left out",
        lambda points, mixture: (
            total_log_likelihood(points, without_weights(points, mixture)) + len(points) * np.log(len(mixture))
        ),
    ),
}


FAR = {
    "likelihood-first": Mistake(
        LIKELIHOOD_FIRST,
        lambda points, mixture: dict(zip(FAR_ANSWERS, [*both(points, mixture).values()][::-1], strict=True)),
    ),
    "memberships-underflow": Mistake(
        "exp without log-sum-exp: both parts of the quotient underflow to 0, and 0/0 is nan", naive()
    ),
    "small-number-below": Mistake(
        "a small number in the denominator hides the underflow: the responsibilities are 0 and sum to 0", naive(1e-300)
    ),
    "memberships-as-they-stand": Mistake(
        "responsibilities divided as they stand, though the log-likelihood is right: log_sum serves both",
        quietly(
            lambda points, mixture: (
                both(points, mixture) | {"responsibilities": naive()(points, mixture)["responsibilities"]}
            )
        ),
    ),
    "likelihood-underflows": Mistake(
        "the log-likelihood as the logarithm of 0, though the responsibilities are right: log_sum serves both",
        quietly(
            lambda points, mixture: (
                both(points, mixture) | {"log-likelihood": naive()(points, mixture)["log-likelihood"]}
            )
        ),
    ),
}
