"""What is right in problem set 7: EM for a mixture of Gaussians, step by step.

Single steps are judged far from any fixed point, where a wrong step and a right one differ in the first digits: near
the end of a run, and in the likelihood that rises anyway, most mistakes hide. Mixtures are general: unequal weights,
covariances that are rotated and unequal, another number of components than of dimensions. Only the whole fit is
judged by its likelihood, which is computed here from the parameters that came back, so that the order of the
components and the rule for stopping are the student's own.

The student's layout is not the reference's: a mixture is a list of triples (weight, mean, covariance), and the
responsibilities R have one row a component, one column a point.
"""

import functools

import numpy as np

from autograder.checks import check
from course_lib.mixture import e_step, em_iterations, log_gaussian, m_step

IMPORTS = ("numpy", "matplotlib", "course_lib.datasets")
SECONDS = 60.0


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


def as_list(weights, means, covariances):
    return [(float(w), m, c) for w, m, c in zip(weights, np.asarray(means), np.asarray(covariances), strict=True)]


def as_arrays(mixture):
    return tuple(np.array(column) for column in zip(*mixture, strict=True))


def told_apart(right, mistakes, inputs, least=0.01):
    """Whether every mistake gives another answer than the right one, in the first digits."""
    return all(farthest(right, wrong(**inputs)) > least for wrong in mistakes.values())


def farthest(a, b):
    """The largest difference between two answers; infinite where kind, shape or finiteness differ."""
    if isinstance(b, type | Exception):
        return np.inf
    if isinstance(a, list | tuple):
        return max(farthest(x, y) for x, y in zip(a, b, strict=True)) if len(a) == len(b) else np.inf
    if isinstance(a, dict):
        return max(farthest(a[key], b[key]) for key in a)
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or not np.isfinite(b).all():
        return np.inf
    return float(np.abs(a - b).max())


GIVEN = "the array that was given, afterwards"


def and_given(name, formula):
    """Make of a formula the answer of a probe that also shows its argument `name` as it is after the call."""

    def answer(**inputs):
        result = formula(**inputs)
        return result if isinstance(result, Exception) else {"result": result, GIVEN: inputs[name]}

    return answer


def softmax(a):
    """Exponentials that sum to 1 along the first axis."""
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


def hardened(r):
    """All of a point to its most probable component."""
    return (np.arange(len(r))[:, None] == r.argmax(axis=0)).astype(float)


# One-step answers: an honest computation in float64 keeps at least 1e-10 of numbers whose size is at most a hundred,
# by whatever formula, an explicit inverse included (covariances have a condition number of at most 15). Every
# mistake is off by 0.01 or more.
ONE_STEP = 1e-6, 1e-7  # rtol, atol


# --- Part 1: means only, on a line ------------------------------------------------------------------------------------


def half_squares(x, means, sigma):
    """The exponents of the densities, shape (K, n)."""
    return -((x - means[:, None]) ** 2) / (2 * sigma**2)


def weighted_means(r, x):
    return r @ x / r.sum(axis=1)


def new_means(x, means, sigma):
    return weighted_means(softmax(half_squares(x, means, sigma)), x)


def one_after_the_other(x, means, sigma):
    means = means.copy()
    for k in range(len(means)):
        r = softmax(half_squares(x, means, sigma))
        means[k] = r[k] @ x / r[k].sum()
    return means


MEANS_MISTAKES = {
    "divided by n, the number of all points: component k has only as many as its responsibilities add up to": (
        lambda x, means, sigma: softmax(half_squares(x, means, sigma)) @ x / len(x)
    ),
    "the sum is not divided: an average needs the sum of the component's responsibilities below the line": (
        lambda x, means, sigma: softmax(half_squares(x, means, sigma)) @ x
    ),
    "the responsibilities of a point do not sum to 1: divide by the sum over the components": (
        lambda x, means, sigma: weighted_means(np.exp(half_squares(x, means, sigma)), x)
    ),
    "hard assignment: each point went wholly to the nearest mean, which is k-means": (
        lambda x, means, sigma: weighted_means(hardened(half_squares(x, means, sigma)), x)
    ),
    "sigma in place of sigma squared below the line: the variance is taken for the standard deviation": (
        lambda x, means, sigma: weighted_means(softmax(half_squares(x, means, np.sqrt(sigma))), x)
    ),
    "sigma is not used: a density falls as fast as its sigma says": (
        lambda x, means, sigma: weighted_means(softmax(half_squares(x, means, 1.0)), x)
    ),
    "the 1/2 in the exponent is missing": (
        lambda x, means, sigma: weighted_means(softmax(2 * half_squares(x, means, sigma)), x)
    ),
    "the sign of the exponent: a density falls with the distance": (
        lambda x, means, sigma: weighted_means(softmax(-half_squares(x, means, sigma)), x)
    ),
    "the distance in place of its square in the exponent": (
        lambda x, means, sigma: weighted_means(softmax(-np.abs(x - means[:, None]) / (2 * sigma**2)), x)
    ),
    "each mean was moved before the next one's E step: first all responsibilities, then all means": one_after_the_other,
    "the old means: the M step is missing": lambda x, means, sigma: means,
    "the responsibilities: the M step is missing": lambda x, means, sigma: softmax(half_squares(x, means, sigma)),
}
MORE_MEANS_MISTAKES = {
    "written for exactly two components: `for` each of `means`, however many": (
        lambda x, means, sigma: ValueError("values to unpack")
    ),
    "only the first two components: there may be more": and_given(
        "means", lambda x, means, sigma: new_means(x, means[:2], sigma)
    ),
    "the caller's array was changed: write the new means into an array of their own": (
        lambda x, means, sigma: dict.fromkeys(("result", GIVEN), new_means(x, means, sigma))
    ),
    **{words: and_given("means", formula) for words, formula in MEANS_MISTAKES.items()},
}
MEANS_HINT = (
    "First the E step: how probable is each component for each point, if these means were right? Then the M step: "
    "each mean is the average of all points, each counted by its responsibility. Chapter 14, section 'Learn the means "
    "only'."
)


def some_line(rng, k, right, mistakes):
    while True:
        means = np.round(rng.uniform(-6, 6, k), 1)
        sigma = float(np.round(rng.uniform(1.5, 3.0), 2))
        x = np.round(rng.uniform(-8, 8, rng.integers(6, 9)), 1)
        inputs = {"x": x, "means": means, "sigma": sigma}
        if len({*means, *x}) < k + len(x) or np.bincount(half_squares(**inputs).argmax(axis=0), minlength=k).min() == 0:
            continue  # two numbers alike, or a mean to which no point is nearest
        if told_apart(right(**inputs), mistakes, inputs, 0.05):
            return inputs


@check("means-of-two", part="means", points=3)
class MeansOfTwo:
    """`better_means(x, means, sigma)` makes one E step and one M step, with two components."""

    def inputs(rng):
        return some_line(rng, 2, new_means, MEANS_MISTAKES)

    def probe(student, x, means, sigma):
        return student.better_means(x, means, sigma)

    expected = new_means
    rtol, atol = ONE_STEP
    mistakes = MEANS_MISTAKES
    hint = MEANS_HINT


@check("means-of-more", part="means", points=2)
class MeansOfMore:
    """`better_means(x, means, sigma)` takes any number of components, and leaves the caller's array as it was."""

    def inputs(rng):
        return some_line(rng, int(rng.integers(3, 5)), and_given("means", new_means), MORE_MEANS_MISTAKES)

    def probe(student, x, means, sigma):
        return {"result": student.better_means(x, means, sigma), "the array that was given, afterwards": means}

    expected = and_given("means", new_means)
    rtol, atol = ONE_STEP
    mistakes = MORE_MEANS_MISTAKES
    hint = MEANS_HINT


# --- Part 2: log-sum-exp ----------------------------------------------------------------------------------------------


def log_sum_exp(a):
    largest = a.max(axis=0)
    return largest + np.log(np.exp(a - largest).sum(axis=0))


def quietly(formula):
    """Make of a formula one whose overflow and 0/0 warn nobody."""

    def silent(*args, **inputs):
        with np.errstate(all="ignore"):
            return formula(*args, **inputs)

    return silent


LOG_SUM_MISTAKES = {
    "the sum over each row: add up each column, over the components": lambda a: log_sum_exp(a.T),
    "the maximum, which was taken out, is not added again": lambda a: log_sum_exp(a) - a.max(axis=0),
    "the sum, not its logarithm": quietly(lambda a: np.exp(a).sum(axis=0)),
    "the sum of the exponents: that is the logarithm of the product of the terms": lambda a: a.sum(axis=0),
    "the mean in place of the sum": lambda a: log_sum_exp(a) - np.log(len(a)),
    "the largest term alone": lambda a: a.max(axis=0),
    "one number: each column has a sum of its own": lambda a: log_sum_exp(a.ravel()),
}
NEAR_LOG_SUM_MISTAKES = {
    "the caller's array was changed: write `a - largest`, not `a -= largest`": (
        lambda a: {"result": log_sum_exp(a), GIVEN: a - a.max(axis=0)}
    ),
    **{words: and_given("a", formula) for words, formula in LOG_SUM_MISTAKES.items()},
}
FAR_LOG_SUM_MISTAKES = {
    "exp without log-sum-exp: it overflows to inf, or underflows to 0, whose logarithm is -inf": quietly(
        lambda a: np.log(np.exp(a).sum(axis=0))
    ),
    "one maximum for the whole array: take each column's own": quietly(
        lambda a: a.max() + np.log(np.exp(a - a.max()).sum(axis=0))
    ),
    "the smallest term is taken out, and the others overflow: take out the largest": quietly(
        lambda a: a.min(axis=0) + np.log(np.exp(a - a.min(axis=0)).sum(axis=0))
    ),
    "a small number is added inside the logarithm: that hides the underflow, and the answer is wrong": quietly(
        lambda a: np.log(np.exp(a).sum(axis=0) + 1e-300)
    ),
    **LOG_SUM_MISTAKES,
}
LOG_SUM_HINT = (
    "Take the largest term of a column out of its sum: log(e^a + e^b) = a + log(1 + e^(b - a)). If a is the larger "
    "one, no exponential overflows, and the sum is at least 1. Chapter 14, section 'Log-sum-exp'."
)


@check("log-sum-near", part="log-sum", points=1)
class LogSumNear:
    """`log_sum(a)` is, for each column, the logarithm of the sum of the exponentials, and leaves `a` as it was."""

    def inputs(rng):
        while True:
            k = int(rng.integers(2, 5))
            inputs = {"a": np.round(rng.uniform(-3, 3, (k, k + int(rng.integers(1, 4)))), 2)}
            if told_apart(log_sum_exp(**inputs), LOG_SUM_MISTAKES, inputs):
                return inputs

    def probe(student, a):
        return {"result": student.log_sum(a), "the array that was given, afterwards": a}

    expected = and_given("a", log_sum_exp)
    rtol, atol = ONE_STEP
    mistakes = NEAR_LOG_SUM_MISTAKES
    hint = LOG_SUM_HINT


@check("log-sum-far", part="log-sum", points=3)
class LogSumFar:
    """`log_sum(a)` is right where the exponentials are far beyond the range of floats, and for a term of -inf."""

    def inputs(rng):
        while True:
            k = int(rng.integers(3, 5))
            n = k + int(rng.integers(1, 4))
            offsets = rng.permutation([-1000.0, 1000.0, *rng.choice([-3000.0, -2000.0, 2000.0, 3000.0], n - 2)])
            a = np.round(rng.uniform(-2, 2, (k, n)), 2) + offsets + rng.integers(-200, 200, n)
            a[rng.integers(k), rng.integers(n)] = -np.inf
            inputs = {"a": a}
            if told_apart(log_sum_exp(**inputs), FAR_LOG_SUM_MISTAKES, inputs):
                return inputs

    def probe(student, a):
        return student.log_sum(a)

    expected = log_sum_exp
    rtol, atol = 1e-9, 1e-7  # of numbers of size 3000, in which 16 digits leave 1e-12; mistakes are off by 0.01
    mistakes = FAR_LOG_SUM_MISTAKES
    hint = LOG_SUM_HINT


# --- Part 3: the joint log density ------------------------------------------------------------------------------------


def log_joints(points, mixture):
    """log(pi_k N(x_n; mu_k, Sigma_k)), shape (K, n), by the reference."""
    weights, means, covariances = as_arrays(mixture)
    return np.log(weights)[:, None] + log_gaussian(points, means, covariances).T


def joints(**change):
    """Build the joint log density from its four terms, some of them changed: what each slip would answer."""

    def formula(points, mixture):
        rows = []
        for weight, mean, covariance in mixture:
            gap, d = points - mean, len(mean)
            terms = {
                "weight": np.log(weight),
                "constant": -d / 2 * np.log(2 * np.pi),
                "determinant": -np.linalg.slogdet(covariance)[1] / 2,
                "square": -np.einsum("ni,ij,nj->n", gap, np.linalg.inv(covariance), gap) / 2,
            }
            terms |= {name: new(weight, covariance, gap, d) for name, new in change.items()}
            rows.append(sum(terms.values()))
        return np.array(rows)

    return formula


def squared(z):
    return (z**2).sum(axis=-1)


JOINT_MISTAKES = {
    "(2 pi)^(1/2) in place of (2 pi)^(d/2): each dimension brings its own factor": joints(
        constant=lambda w, c, gap, d: -np.log(2 * np.pi) / 2
    ),
    "the constant, (2 pi)^(d/2), is missing": joints(constant=lambda w, c, gap, d: 0.0),
    "the determinant in place of its root: log |Sigma| is halved": joints(
        determinant=lambda w, c, gap, d: -np.linalg.slogdet(c)[1]
    ),
    "the determinant is missing: a wide Gaussian is low": joints(determinant=lambda w, c, gap, d: 0.0),
    "the sign of log |Sigma|: it stands below the line": joints(
        determinant=lambda w, c, gap, d: np.linalg.slogdet(c)[1] / 2
    ),
    "the 1/2 before the squared distance is missing": joints(
        square=lambda w, c, gap, d: -squared(np.linalg.solve(np.linalg.cholesky(c), gap.T).T)
    ),
    "the distance in place of its square": joints(
        square=lambda w, c, gap, d: -np.sqrt(squared(np.linalg.solve(np.linalg.cholesky(c), gap.T).T)) / 2
    ),
    "Sigma in place of its inverse": joints(square=lambda w, c, gap, d: -np.einsum("ni,ij,nj->n", gap, c, gap) / 2),
    "the variance is taken for the standard deviation: gaps are divided by Sigma and then squared": joints(
        square=lambda w, c, gap, d: -squared(np.linalg.solve(c, gap.T).T) / 2
    ),
    "the variance is taken for the standard deviation: Sigma stands where its Cholesky factor should": joints(
        square=lambda w, c, gap, d: -squared(np.linalg.solve(c, gap.T).T) / 2,
        determinant=lambda w, c, gap, d: -np.linalg.slogdet(c)[1],
    ),
    "the diagonal of Sigma only: these Gaussians are rotated, and their covariances count": joints(
        square=lambda w, c, gap, d: -squared(gap / np.sqrt(np.diag(c))) / 2,
        determinant=lambda w, c, gap, d: -np.log(np.diag(c)).sum() / 2,
    ),
    "the weights are missing: add log of each weight": joints(weight=lambda w, c, gap, d: 0.0),
    "the weight itself is added: add its logarithm": joints(weight=lambda w, c, gap, d: w),
    "equal weights, 1/K, whatever the mixture says": lambda points, mixture: joints(
        weight=lambda w, c, gap, d: -np.log(len(mixture))
    )(points, mixture),
    "the density, not its logarithm": lambda points, mixture: np.exp(log_joints(points, mixture)),
    "one row a point: asked is one row a component": lambda points, mixture: log_joints(points, mixture).T,
}


def some_step(rng, right, mistakes, least=0.01):
    """Draw points and a mixture at which every mistake shows."""
    while True:
        k, d = some_shape(rng)
        mixture = some_mixture(rng, k, d)
        inputs = {"points": some_points(rng, mixture, max(k, d) + int(rng.integers(1, 3))), "mixture": mixture}
        if told_apart(right(**inputs), mistakes, inputs, least):
            return inputs


@check("log-joint", part="joint", points=5)
class LogJoint:
    """`log_joint(points, mixture)` is log(pi_k N(x_n; mu_k, Sigma_k)), one row a component, one column a point."""

    def inputs(rng):
        return some_step(rng, log_joints, JOINT_MISTAKES)

    def probe(student, points, mixture):
        return student.log_joint(points, mixture)

    expected = log_joints
    rtol, atol = ONE_STEP
    mistakes = JOINT_MISTAKES
    hint = (
        "The logarithm of a product is a sum: the logarithm of the weight, minus (d/2) log(2 pi), minus "
        "(1/2) log |Sigma|, minus half of the squared distance (x - mu)' Sigma^-1 (x - mu). Chapter 12, section "
        "'The log density'."
    )


# --- Part 4: the E step -----------------------------------------------------------------------------------------------


def posteriors(points, mixture):
    """The responsibilities, shape (K, n), by the reference."""
    return e_step(points, *as_arrays(mixture))[1].T


def total_log_likelihood(points, mixture):
    return e_step(points, *as_arrays(mixture))[0]


def without_weights(points, mixture):
    return [(1 / len(mixture), mean, covariance) for _, mean, covariance in mixture]


MEMBERSHIP_MISTAKES = {
    "responsibilities that are not normalised: divide by their sum over the components": (
        lambda points, mixture: np.exp(log_joints(points, mixture))
    ),
    "normalised along the wrong axis: for each *point* they sum to 1 over the components": (
        lambda points, mixture: softmax(log_joints(points, mixture).T).T
    ),
    "hard assignment: the whole of each point to its most probable component": (
        lambda points, mixture: hardened(log_joints(points, mixture))
    ),
    "the weights are left out: Bayes' rule has the prior in it": (
        lambda points, mixture: posteriors(points, without_weights(points, mixture))
    ),
    "the logarithms are normalised: divide exponentials, not their logarithms": (
        lambda points, mixture: log_joints(points, mixture) / log_joints(points, mixture).sum(axis=0)
    ),
    "the logarithms of the responsibilities": lambda points, mixture: np.log(posteriors(points, mixture)),
    "one row a point: asked is one row a component": lambda points, mixture: posteriors(points, mixture).T,
}


@check("memberships", part="e-step", points=3, needs=["log-sum", "joint"])
class Memberships:
    """`memberships(points, mixture)` returns, first, how probable each component is for each point."""

    def inputs(rng):
        return some_step(rng, posteriors, MEMBERSHIP_MISTAKES)

    def probe(student, points, mixture):
        return student.memberships(points, mixture)[0]

    expected = posteriors
    rtol, atol = ONE_STEP
    mistakes = MEMBERSHIP_MISTAKES
    hint = (
        "Bayes' rule: r_kn = pi_k N(x_n; mu_k, Sigma_k), divided by the sum of the same over all components. In "
        "logarithms: log_joint minus log_sum of it, and then exp. Chapter 14, section 'The general case'."
    )


LIKELIHOOD_MISTAKES = {
    "the mean over the points: asked is the sum": (
        lambda points, mixture: total_log_likelihood(points, mixture) / len(points)
    ),
    "the log-likelihood of each point: asked is their sum": (
        lambda points, mixture: log_sum_exp(log_joints(points, mixture))
    ),
    "the sum of all joint log densities: inside a point the densities are added, not their logarithms": (
        lambda points, mixture: log_joints(points, mixture).sum()
    ),
    "the densities of all points are added: points are independent, so that their *logarithms* add": (
        lambda points, mixture: log_sum_exp(log_joints(points, mixture).ravel())
    ),
    "the most probable component alone: all components add to the density of a point": (
        lambda points, mixture: log_joints(points, mixture).max(axis=0).sum()
    ),
    "the joint log density, averaged by the responsibilities: that is the bound without its entropy": (
        lambda points, mixture: (posteriors(points, mixture) * log_joints(points, mixture)).sum()
    ),
    "minus the log-likelihood": lambda points, mixture: -total_log_likelihood(points, mixture),
    "the weights are left out": lambda points, mixture: (
        total_log_likelihood(points, without_weights(points, mixture)) + len(points) * np.log(len(mixture))
    ),
}


@check("log-likelihood", part="e-step", points=1, needs=["log-sum", "joint"])
class LogLikelihood:
    """`memberships(points, mixture)` returns, second, the log-likelihood of the mixture."""

    def inputs(rng):
        return some_step(rng, total_log_likelihood, LIKELIHOOD_MISTAKES, 0.05)

    def probe(student, points, mixture):
        return student.memberships(points, mixture)[1]

    expected = total_log_likelihood
    rtol, atol = ONE_STEP
    mistakes = LIKELIHOOD_MISTAKES
    hint = (
        "The density of one point is a sum over the components; its logarithm is one entry of log_sum. Points are "
        "independent, so that their log densities add. Chapter 14, section 'The general case'."
    )


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


def both(points, mixture):
    return {"responsibilities": posteriors(points, mixture), "log-likelihood": total_log_likelihood(points, mixture)}


def naive(added=0.0):
    """Both results by exponentials as they stand, with a small number below the line."""

    @quietly
    def formula(points, mixture):
        density = np.exp(log_joints(points, mixture))
        total = density.sum(axis=0) + added
        return {"responsibilities": density / total, "log-likelihood": np.log(total).sum()}

    return formula


FAR_MISTAKES = {
    "exp without log-sum-exp: both parts of the quotient underflow to 0, and 0/0 is nan": naive(),
    "a small number in the denominator hides the underflow: the responsibilities are 0 and sum to 0": naive(1e-300),
    "responsibilities divided as they stand, though the log-likelihood is right: log_sum serves both": quietly(
        lambda points, mixture: (
            both(points, mixture) | {"responsibilities": naive()(points, mixture)["responsibilities"]}
        )
    ),
    "the log-likelihood as the logarithm of 0, though the responsibilities are right: log_sum serves both": quietly(
        lambda points, mixture: both(points, mixture) | {"log-likelihood": naive()(points, mixture)["log-likelihood"]}
    ),
}


@check("far-points", part="e-step", points=2, needs=["log-sum", "joint"])
class FarPoints:
    """`memberships` is right for points so far away that their densities underflow."""

    def inputs(rng):
        while True:
            inputs = far_mixture(rng)
            r = posteriors(**inputs)
            if np.sort(r, axis=0)[-2].min() > 0.02 and r.max() > 0.6:  # the second probable one counts at each point
                return inputs

    def probe(student, points, mixture):
        responsibilities, log_likelihood = student.memberships(points, mixture)
        return {"responsibilities": responsibilities, "log-likelihood": log_likelihood}

    expected = both
    # The joint log densities are of size 1e6, so that rounding leaves an absolute 1e-8 with an explicit inverse, and as
    # much of the responsibilities; a component that is left out changes the log-likelihood by 0.1, of some 5e6.
    rtol, atol = 1e-9, 1e-5
    mistakes = FAR_MISTAKES
    hint = (
        "At a distance of a thousand the density is e^(-500000), which is 0 for a float, and 0/0 is no number. Stay "
        "with logarithms: subtract log_sum first, and take exp of the difference. Chapter 14, section 'Log-sum-exp'."
    )


# --- Part 5: the M step -----------------------------------------------------------------------------------------------


def refitted(points, R, old):
    """The new mixture, by the reference."""
    return as_list(*m_step(points, R.T))


def some_refit(rng, right, mistakes):
    while True:
        k, d = some_shape(rng)
        old = some_mixture(rng, k, d)
        n = 2 * max(k, d) + int(rng.integers(1, 4))
        inputs = {"points": some_points(rng, old, n), "R": some_responsibilities(rng, k, n), "old": old}
        if told_apart(right(**inputs), mistakes, inputs, 0.02):
            return inputs


def new_weights(points, R, old):
    return np.array([weight for weight, _, _ in refitted(points, R, old)])


WEIGHT_MISTAKES = {
    "equal weights, 1/K: a component weighs what its responsibilities add up to, divided by n": (
        lambda points, R, old: np.full(len(R), 1 / len(R))
    ),
    "the sums of the responsibilities are not divided by n, so that the weights do not sum to 1": (
        lambda points, R, old: R.sum(axis=1)
    ),
    "the old weights": lambda points, R, old: np.array([weight for weight, _, _ in old]),
    "hard assignment: each point was counted wholly for its most probable component": (
        lambda points, R, old: hardened(R).mean(axis=1)
    ),
    "divided by K in place of n": lambda points, R, old: R.sum(axis=1) / len(R),
    "summed along the wrong axis: the responsibilities of a point sum to 1, those of a component to its count": (
        lambda points, R, old: (R.sum(axis=0) / len(points))[: len(R)]
    ),
}


@check("new-weights", part="m-step", points=2)
class NewWeights:
    """The weights of `refit(points, R, old)`: each component's share of the points."""

    def inputs(rng):
        return some_refit(rng, new_weights, WEIGHT_MISTAKES)

    def probe(student, points, R, old):
        return np.array([weight for weight, _, _ in student.refit(points, R, old)])

    expected = new_weights
    rtol, atol = ONE_STEP
    mistakes = WEIGHT_MISTAKES
    hint = (
        "With labels, a weight is the number of a component's points, divided by the number of all points. Here the "
        "responsibilities stand in for the count: N_k is the sum of row k of R. Chapter 14, section 'The general case'."
    )


def means_of(points, r):
    return [row @ points / row.sum() for row in r]


NEW_MEANS_MISTAKES = {
    "the mean is divided by n: divide by N_k, the sum of the component's responsibilities": (
        lambda points, R, old: [r @ points / len(points) for r in R]
    ),
    "the mean is not divided by the sum of its responsibilities": lambda points, R, old: [r @ points for r in R],
    "the mean of all points, without responsibilities": lambda points, R, old: [points.mean(axis=0) for r in R],
    "hard assignment: each point was counted wholly for its most probable component": (
        lambda points, R, old: means_of(points, hardened(R))
    ),
    "the old means": lambda points, R, old: [mean for _, mean, _ in old],
    "the responsibilities are squared": lambda points, R, old: means_of(points, R**2),
}


@check("new-means", part="m-step", points=3)
class NewMeans:
    """The means of `refit(points, R, old)`: averages of all points, counted by responsibility."""

    def inputs(rng):
        while True:
            inputs = some_refit(rng, lambda **given: means_of(given["points"], given["R"]), {})
            labels = inputs["R"].argmax(axis=0)
            if len({*labels}) == len(inputs["R"]) and told_apart(
                means_of(inputs["points"], inputs["R"]), NEW_MEANS_MISTAKES, inputs, 0.02
            ):
                return inputs

    def probe(student, points, R, old):
        return [mean for _, mean, _ in student.refit(points, R, old)]

    def expected(points, R, old):
        return [mean for _, mean, _ in refitted(points, R, old)]

    rtol, atol = ONE_STEP
    mistakes = NEW_MEANS_MISTAKES
    hint = (
        "With labels, a mean is the sum of the component's points, divided by their number. Here every point counts "
        "for its responsibility, above the line and below it. Chapter 14, section 'The general case'."
    )


def scatter(points, r, centre):
    gap = points - centre
    return (r[:, None] * gap).T @ gap


def covariances_by(formula):
    """Make of formula(points, r, new mean, old mean) the answer of the probe below."""

    def answer(points, R, old):
        new = means_of(points, R)
        return [formula(points, r, m, mean) for r, m, (_, mean, _) in zip(R, new, old, strict=True)]

    return answer


def shared_by_all(points, R, old):
    total = sum(scatter(points, r, m) for r, m in zip(R, means_of(points, R), strict=True)) / len(points)
    return [total for _ in R]


def of_hard_labels(points, R, old):
    hard = hardened(R)
    return [scatter(points, r, m) / r.sum() for r, m in zip(hard, means_of(points, hard), strict=True)]


COVARIANCE_MISTAKES = {
    "Sigma is divided by n: divide by N_k, the sum of the component's responsibilities": covariances_by(
        lambda points, r, new, old: scatter(points, r, new) / len(points)
    ),
    "Sigma is divided by N_k - 1: maximum likelihood divides by N_k": covariances_by(
        lambda points, r, new, old: scatter(points, r, new) / (r.sum() - 1)
    ),
    "`np.cov` divides by less than N_k unless you say ddof=0: maximum likelihood divides by N_k": covariances_by(
        lambda points, r, new, old: np.cov(points.T, aweights=r)
    ),
    "Sigma about the old mean: the new one is known by now, and it is the middle of these points": covariances_by(
        lambda points, r, new, old: scatter(points, r, old) / r.sum()
    ),
    "Sigma about the mean of all points: each component has a middle of its own": covariances_by(
        lambda points, r, new, old: scatter(points, r, points.mean(axis=0)) / r.sum()
    ),
    "Sigma about a mean that was divided by n": covariances_by(
        lambda points, r, new, old: scatter(points, r, r @ points / len(points)) / r.sum()
    ),
    "the diagonal of Sigma only: how two features vary together is missing": covariances_by(
        lambda points, r, new, old: np.diag(np.diag(scatter(points, r, new))) / r.sum()
    ),
    "`e @ e.T` of one row e is a number, its squared length: np.outer(e, e) is the matrix": covariances_by(
        lambda points, r, new, old: np.full((len(new), len(new)), np.trace(scatter(points, r, new)) / r.sum())
    ),
    "Sigma is not divided at all": covariances_by(lambda points, r, new, old: scatter(points, r, new)),
    "the responsibilities count twice: once on either side of the product": covariances_by(
        lambda points, r, new, old: scatter(points, r**2, new) / r.sum()
    ),
    "without responsibilities: every point counts fully": covariances_by(
        lambda points, r, new, old: scatter(points, np.ones_like(r), new) / len(r)
    ),
    "the means are not taken off: E[x x'] still holds mu mu'": covariances_by(
        lambda points, r, new, old: scatter(points, r, np.zeros_like(new)) / r.sum()
    ),
    "the standard deviations: Sigma holds variances, so take no root": covariances_by(
        lambda points, r, new, old: np.diag(np.sqrt(np.diag(scatter(points, r, new)) / r.sum()))
    ),
    "one covariance for all components: each has its own": shared_by_all,
    "hard assignment: each point was counted wholly for its most probable component": of_hard_labels,
}


@check("new-covariances", part="m-step", points=4)
class NewCovariances:
    """The covariances of `refit(points, R, old)`: about the new means, counted by responsibility."""

    def inputs(rng):
        while True:
            k, d = some_shape(rng)
            n = 3 * max(k, d) + int(rng.integers(1, 4))
            old = some_mixture(rng, k, d)
            inputs = {"points": some_points(rng, old, n), "R": some_responsibilities(rng, k, n), "old": old}
            if inputs["R"].sum(axis=1).min() < 1.5 or np.bincount(inputs["R"].argmax(axis=0), minlength=k).min() < 2:
                continue
            right = [covariance for _, _, covariance in refitted(**inputs)]
            if told_apart(right, COVARIANCE_MISTAKES, inputs, 0.02):
                return inputs

    def probe(student, points, R, old):
        return [covariance for _, _, covariance in student.refit(points, R, old)]

    def expected(points, R, old):
        return [covariance for _, _, covariance in refitted(points, R, old)]

    rtol, atol = ONE_STEP
    mistakes = COVARIANCE_MISTAKES
    hint = (
        "Sigma_k is the average of (x - mu_k)(x - mu_k)', each point counted by its responsibility. It has d rows and "
        "d columns, is about the mean that you have just computed, and is divided by the same N_k. Chapter 14, section "
        "'The general case'."
    )


# --- Part 6: when to stop ---------------------------------------------------------------------------------------------


def histories(levels, gain):
    """Build log-likelihoods of runs that must go on, and of runs at rest: each with its description and its answer.

    What is promised to the student: go on while an iteration gains 0.02 or more; stop when nothing has changed by more
    than 1e-9 for ten iterations. Between the two, any rule may decide as it likes.
    """
    for level, length, step in zip(levels, (4, 20, 4, 20), (gain, gain, 40 * gain, 40 * gain), strict=True):
        rising = [level - step * k for k in range(length, -1, -1)]
        yield f"rising by {step:g} to {level:g}", [rising[0] - 50, rising[0] - 20, rising[0] - 8, *rising], False
        wobble = 2e-13 * abs(level) if length == 4 else 0.0
        resting = [level + wobble * (-1) ** k for k in range(12)]
        yield f"at rest at {level:g}", [*(level - 25 * 0.5**k for k in range(60)), *resting], True
    yield "one entry", [levels[0]], False


def stops(levels, gain):
    """What every rule that keeps the promises answers."""
    return {name: answer for name, _, answer in histories(levels, gain)}


def rule(decide):
    """Make of decide(last, the one before, all) the answer of the probe below; a single entry goes on."""
    return lambda levels, gain: {
        name: len(h) > 1 and bool(decide(h[-1], h[-2], h)) for name, h, _ in histories(levels, gain)
    }


STOP_MISTAKES = {
    "it stops while the log-likelihood rises and goes on when it rests: the comparison is turned round": rule(
        lambda new, before, h: abs(new - before) > 1e-6
    ),
    "the difference is turned round: old minus new is negative, and so below every tolerance, as long as it rises": (
        rule(lambda new, before, h: before - new < 1e-6)
    ),
    "a quotient of log-likelihoods: they are negative as often as positive, and near 1 long before the end": rule(
        lambda new, before, h: new / before < 1 + 1e-6
    ),
    "exactly equal: rounding moves the last digits for ever, so allow for a tolerance": rule(
        lambda new, before, h: new == before
    ),
    "it never stops: compare the last change, not the log-likelihood itself nor its change since the start": rule(
        lambda new, before, h: False
    ),
    "it always stops": lambda levels, gain: dict.fromkeys(stops(levels, gain), True),
    "a fixed number of iterations: look at how the log-likelihood changes": rule(lambda new, before, h: len(h) >= 10),
    "the tolerance is so wide that it stops while an iteration still gains": rule(
        lambda new, before, h: abs(new - before) < 0.1
    ),
    "a history of one entry has no last change: go on": lambda levels, gain: IndexError,
}


@check("stopping", part="stop", points=2)
class Stopping:
    """`at_rest(history)` goes on while an iteration gains 0.02 or more, and stops when ten have changed nothing.

    (Tried on made-up histories, which come near each of the levels: some still rise by the gain or 40 times as
    much, some are at rest.)
    """

    trials = 3

    def inputs(rng):
        levels = np.round(rng.uniform([-900, -80, 30, 300], [-300, -30, 80, 900]), 1)
        return {"levels": rng.permutation(levels).tolist(), "gain": float(np.round(rng.uniform(0.025, 0.06), 3))}

    def probe(student, levels, gain):
        answers = {}
        for level, length, step in zip(levels, (4, 20, 4, 20), (gain, gain, 40 * gain, 40 * gain), strict=True):
            rising = [level - step * k for k in range(length, -1, -1)]
            history = [rising[0] - 50, rising[0] - 20, rising[0] - 8, *rising]
            answers[f"rising by {step:g} to {level:g}"] = bool(student.at_rest(history))
            wobble = 2e-13 * abs(level) if length == 4 else 0.0
            resting = [level + wobble * (-1) ** k for k in range(12)]
            history = [*(level - 25 * 0.5**k for k in range(60)), *resting]
            answers[f"at rest at {level:g}"] = bool(student.at_rest(history))
        answers["one entry"] = bool(student.at_rest([levels[0]]))
        return answers

    expected = stops
    mistakes = STOP_MISTAKES
    hint = (
        "EM never lowers the log-likelihood, so its last change says how far you have come. Compare that change with "
        "a small tolerance; log-likelihoods may have either sign, and rounding never lets them rest exactly. Chapter "
        "14, section 'One pass, and when to stop'."
    )


# --- Part 7: the whole loop -------------------------------------------------------------------------------------------

SHORT_BY = 0.05  # so far below the log-likelihood at the end may a fit stay: what a loose but honest rule leaves


LONG = 150  # iterations after which every run that is asked for has come to rest


def run_em(points, start, iterations=LONG):
    """Return the states of a run of the reference, the start first."""
    known = [np.ascontiguousarray(part, dtype=float) for part in (points, *as_arrays(start))]
    return _run_em(tuple((part.tobytes(), part.shape) for part in known))[: iterations + 1]


@functools.lru_cache(maxsize=8)  # one trial asks for the same run many times
def _run_em(known):
    points, *start = (np.frombuffer(data).reshape(shape) for data, shape in known)
    return list(em_iterations(points, *start, max_iter=LONG, tol=1e-13))


def mixture_after(iterations):
    """The mixture after so many iterations of the reference."""

    def answer(points, start):
        state = run_em(points, start, iterations)[-1]
        return as_list(state.weights, state.means, state.covariances)

    return answer


fitted = mixture_after(LONG)


def complaint(answer, points, start):
    """Say what is wrong with a fitted mixture, or return "": its likelihood is computed here."""
    if len(answer) != len(start):
        return f"expected as many components as in start, {len(start)}."
    k, d = len(start), points.shape[1]
    weights, means, covariances = (np.array(c, dtype=float) for c in zip(*answer, strict=True))
    shapes = weights.shape, means.shape, covariances.shape
    if shapes != ((k,), (k, d), (k, d, d)):
        return f"expected weights, means and covariances of shapes (), ({d},) and ({d}, {d})."
    if not all(np.isfinite(part).all() for part in (weights, means, covariances)):
        return "expected finite numbers: exponentials that underflow to 0 give nan."
    if weights.min() < 0 or abs(weights.sum() - 1) > 1e-6:
        return f"expected weights that sum to 1; yours sum to {weights.sum():.6g}."
    smallest = [np.linalg.eigvalsh((c + c.T) / 2)[0] for c in covariances]
    narrowest = np.linalg.eigvalsh(run_em(points, start)[-1].covariances).min()
    if np.abs(covariances - covariances.transpose(0, 2, 1)).max() > 1e-6 or min(smallest) < narrowest / 20:
        return "expected symmetric covariances that are wide in every direction; one of yours has collapsed."
    covariances = (covariances + covariances.transpose(0, 2, 1)) / 2
    states = list(em_iterations(points, weights / weights.sum(), means, covariances, max_iter=1, tol=0.0))
    reached, next_one = states[0].log_likelihood, states[1].log_likelihood
    best = run_em(points, start)[-1].log_likelihood
    if reached >= best - SHORT_BY:
        return ""
    said = f"expected a log-likelihood of {best:.3f}, where EM comes to rest from this start; yours has {reached:.3f}"
    if next_one - reached > SHORT_BY / 5:
        return f"{said}, and one more E and M step raises it to {next_one:.3f}."
    return f"{said}."


def only(**kept):
    """A run that updates only some of the parameters."""

    def answer(points, start):
        mixture = start
        for _ in range(LONG):
            new = as_arrays(refitted(points, posteriors(points, mixture), mixture))
            old = as_arrays(start)
            mixture = as_list(*(n if name in kept else o for name, n, o in zip(("w", "m", "c"), new, old, strict=True)))
        return mixture

    return answer


def hard_run(points, start):
    mixture = start
    for _ in range(100):
        r = hardened(log_joints(points, mixture))
        if r.sum(axis=1).min() < points.shape[1] + 1:
            return [(np.nan, np.nan, np.nan)] * len(start)  # a component has lost its points
        mixture = refitted(points, r, mixture)
        if min(np.linalg.eigvalsh(c)[0] for _, _, c in mixture) < 1e-6:
            return [(np.nan, np.nan, np.nan)] * len(start)
    return mixture


FIT_MISTAKES = {
    "the start comes back: the mixture of the M step must become the mixture of the next E step": (
        lambda points, start: start
    ),
    "one iteration only; or every E step uses the start: put the new mixture in place of the old one": (
        mixture_after(1)
    ),
    "ten iterations, and then the end, whether or not EM has come to rest": (mixture_after(10)),
    "only the means move: the M step gives new weights and covariances, too": only(m=True),
    "the weights stay as they were at the start": only(m=True, c=True),
    "hard assignment: each point was counted wholly for its most probable component": hard_run,
}
FIT_HINT = (
    "E step, M step, and again: the mixture that refit returns is the one that memberships gets next. Keep the "
    "log-likelihood of each E step in a list, and let at_rest decide. A limit on the iterations is a good habit. "
    "Chapter 14, section 'One pass, and when to stop'."
)


def some_fit(rng, far):
    """Draw points from a mixture, and a bad start from which EM comes to rest at a good pace.

    If far, one cluster lies hundreds of standard deviations from the others, and no component begins near it.
    """
    while True:
        k, d = (3, 2) if far else [(2, 3), (3, 2)][rng.integers(2)]
        n = int(rng.integers(70, 100))
        weights, means, covariances = as_arrays(some_mixture(rng, k, d, spread=3.0))
        labels = rng.choice(k, size=n, p=weights)
        noise = np.einsum("nij,nj->ni", np.linalg.cholesky(covariances)[labels], rng.normal(size=(n, d)))
        points = np.round(means[labels] + noise, 2)
        near = points[labels < k - 1] if far else points
        first, wide = near[rng.choice(len(near), k, replace=False)], near.var(axis=0) * rng.uniform(0.6, 1.4)
        if far:
            points[labels == k - 1] += np.round(rng.uniform(200, 300, d) * rng.choice([-1, 1], d))
        start = as_list(np.full(k, 1 / k), first, [np.diag(np.round(wide, 2))] * k)
        try:
            likelihoods = np.array([state.log_likelihood for state in run_em(points, start)])
        except ValueError:
            continue  # a component ran away from all points, or into one
        gains = np.diff(likelihoods)
        slow = int(np.argmax(gains < 0.01))  # a rule as loose as 0.01 an iteration is good enough: it stops here
        at_a_pace = slow >= 12 and likelihoods[-1] - likelihoods[slow] < SHORT_BY / 2 and gains[-1] < 1e-8
        wide_enough = np.linalg.eigvalsh(run_em(points, start)[-1].covariances).min() > 0.1
        if not at_a_pace or not wide_enough or likelihoods[-1] - likelihoods[10] < 3 * SHORT_BY:
            continue
        inputs = {"points": points, "start": start}
        if complaint(hard_run(**inputs), **inputs):  # the other mistakes end far below, or the pace above tells them
            return inputs


@check("fit", part="loop", points=3, needs=["log-sum", "joint", "e-step", "m-step", "stop"])
class Fit:
    """`fit_mixture(points, start)` repeats E and M steps until the mixture is at rest; its likelihood is recomputed."""

    trials = 2

    def inputs(rng):
        return some_fit(rng, far=False)

    def probe(student, points, start):
        return [(weight, mean, covariance) for weight, mean, covariance in student.fit_mixture(points, start)]

    expected = fitted
    accepts = complaint
    rtol, atol = 0.01, 0.01  # for recognising mistakes; what is right is said by `complaint`
    mistakes = FIT_MISTAKES
    hint = FIT_HINT


@check("fit-from-afar", part="loop", points=2, needs=["log-sum", "joint", "e-step", "m-step", "stop"])
class FitFromAfar:
    """`fit_mixture(points, start)` also comes to rest from a start that is far from all points."""

    trials = 2

    def inputs(rng):
        return some_fit(rng, far=True)

    def probe(student, points, start):
        return [(weight, mean, covariance) for weight, mean, covariance in student.fit_mixture(points, start)]

    expected = fitted
    accepts = complaint
    rtol, atol = 0.01, 0.01  # for recognising mistakes; what is right is said by `complaint`
    mistakes = FIT_MISTAKES
    hint = FIT_HINT


# --- Part 8: the bound ------------------------------------------------------------------------------------------------


def times_log(r):
    """r log r, with its limit 0 at r = 0."""
    return r * np.log(np.where(r > 0, r, 1.0))


def elbo(points, R, mixture):
    """The evidence lower bound: expected joint log density plus the entropy of R."""
    return float((R * log_joints(points, mixture)).sum() - times_log(R).sum())


BOUND_MISTAKES = {
    "the entropy is missing: subtract the sum of r log r": (
        lambda points, R, mixture: (R * log_joints(points, mixture)).sum()
    ),
    "the sign of the entropy: r log r is subtracted": (
        lambda points, R, mixture: (R * log_joints(points, mixture)).sum() + times_log(R).sum()
    ),
    "the log-likelihood: the bound depends on the R that is given, and only R of the E step makes the two equal": (
        lambda points, R, mixture: total_log_likelihood(points, mixture)
    ),
    "the weights are left out of the joint log density": lambda points, R, mixture: (
        elbo(points, R, without_weights(points, mixture)) + len(points) * np.log(len(mixture))
    ),
    "the mean over the points: asked is the sum": lambda points, R, mixture: elbo(points, R, mixture) / len(points),
    "one entry a point: asked is their sum": (
        lambda points, R, mixture: (R * log_joints(points, mixture) - times_log(R)).sum(axis=0)
    ),
    "the entropy of the weights in place of that of the responsibilities": lambda points, R, mixture: (
        (R * log_joints(points, mixture)).sum() - sum(w * np.log(w) for w, _, _ in mixture)
    ),
}
BOUND_HINT = (
    "Average the joint log density of each point by its responsibilities, and add how undecided they are: minus the "
    "sum of r log r. As r goes to 0, so does r log r. Chapter 15, section 'The bound'."
)


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
        if told_apart(elbo(**inputs), BOUND_MISTAKES, inputs, 0.05):
            return inputs


@check("bound", part="elbo", points=3, needs=["joint"])
class Bound:
    """`lower_bound(points, R, mixture)` is the expected joint log density plus the entropy, for any R."""

    def inputs(rng):
        return some_bound(rng, zeros=False)

    def probe(student, points, R, mixture):
        return student.lower_bound(points, R, mixture)

    expected = elbo
    rtol, atol = ONE_STEP
    mistakes = BOUND_MISTAKES
    hint = BOUND_HINT


@check("bound-with-zeros", part="elbo", points=1, needs=["joint"])
class BoundWithZeros:
    """`lower_bound(points, R, mixture)` counts 0 log 0 as 0, its limit."""

    def inputs(rng):
        return some_bound(rng, zeros=True)

    def probe(student, points, R, mixture):
        return student.lower_bound(points, R, mixture)

    expected = elbo
    rtol, atol = 1e-6, 1e-6  # an honest log(r + 1e-12) is off by 1e-12 an entry
    mistakes = {
        "0 log 0 is computed as 0 times -inf, which is nan: its limit is 0": lambda points, R, mixture: np.nan
    } | BOUND_MISTAKES
    hint = BOUND_HINT
