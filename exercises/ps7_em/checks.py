"""What is right in problem set 7: EM for a mixture of Gaussians, step by step.

Single steps are judged far from any fixed point, where a wrong step and a right one differ in the first digits: near
the end of a run, and in the likelihood that rises anyway, most mistakes hide. Mixtures are general: unequal weights,
covariances that are rotated and unequal, another number of components than of dimensions. Only the whole fit is
judged by its likelihood, which is computed here from the parameters that came back, so that the order of the
components and the rule for stopping are the student's own.

The student's layout is not the reference's: a mixture is a list of triples (weight, mean, covariance), and the
responsibilities R have one row a component, one column a point.
"""

import numpy as np

from autograder.checks import check, unchanged

from . import exhibits, formulas, inputs, mistakes, mistakes_in_fitting

IMPORTS = ("numpy", "matplotlib", "course_lib.datasets")
SECONDS = 60.0
OPEN = True


# --- Mixtures, drawn at random ---------------------------------------------------------------------------------------


# One-step answers: an honest computation in float64 keeps at least 1e-10 of numbers whose size is at most a hundred,
# by whatever formula, an explicit inverse included (covariances have a condition number of at most 15). Every
# mistake is off by 0.01 or more.
ONE_STEP = 1e-6, 1e-7  # rtol, atol


# --- Part 1: means only, on a line ------------------------------------------------------------------------------------


MEANS_HINT = (
    "First the E step: how probable is each component for each point, if these means were right? Then the M step: "
    "each mean is the average of all points, each counted by its responsibility. Chapter 14, section 'Learn the means "
    "only'."
)


@check("means-of-two", part="means", points=3)
class MeansOfTwo:
    """`better_means(x, means, sigma)` makes one E step and one M step, with two components."""

    def inputs(rng):
        return inputs.some_line(rng, 2, formulas.new_means, mistakes.MEANS)

    def probe(student, x, means, sigma):
        return student.better_means(x, means, sigma)

    expected = formulas.new_means
    rtol, atol = ONE_STEP
    mistakes = mistakes.MEANS
    hint = MEANS_HINT


@check("means-of-more", part="means", points=1)
class MeansOfMore:
    """`better_means(x, means, sigma)` takes any number of components, and leaves the caller's array as it was."""

    def inputs(rng):
        return inputs.some_line(
            rng, int(rng.integers(3, 5)), formulas.and_given("means", formulas.new_means), mistakes.MORE_MEANS
        )

    def probe(student, x, means, sigma):
        return {"result": student.better_means(x, means, sigma), "the array that was given, afterwards": means}

    expected = formulas.and_given("means", formulas.new_means)
    rtol, atol = ONE_STEP
    mistakes = mistakes.MORE_MEANS
    hint = MEANS_HINT


# --- Part 2: log-sum-exp ----------------------------------------------------------------------------------------------


LOG_SUM_HINT = (
    "Take the largest term of a column out of its sum: log(e^a + e^b) = a + log(1 + e^(b - a)). If a is the larger "
    "one, no exponential overflows, and the sum is at least 1. Chapter 14, section 'Log-sum-exp'."
)


@check("log-sum-near", part="log-sum", points=1)
class LogSumNear:
    """`log_sum(a)` is, for each column, the logarithm of the sum of the exponentials, and leaves `a` as it was."""

    inputs = inputs.for_log_sum_near

    def probe(student, a):
        return {"result": student.log_sum(a), "the array that was given, afterwards": a}

    expected = formulas.and_given("a", formulas.log_sum_exp)
    rtol, atol = ONE_STEP
    mistakes = mistakes.NEAR_LOG_SUM
    hint = LOG_SUM_HINT


@check("log-sum-far", part="log-sum", points=3)
class LogSumFar:
    """`log_sum(a)` is right where the exponentials are far beyond the range of floats, and for a term of -inf."""

    inputs = inputs.for_log_sum_far

    def probe(student, a):
        return student.log_sum(a)

    expected = formulas.log_sum_exp
    rtol, atol = 1e-11, 1e-7  # of numbers up to a million, in which 16 digits leave 1e-10; mistakes are off by 0.01
    mistakes = mistakes.FAR_LOG_SUM
    hint = LOG_SUM_HINT


# --- Part 3: the joint log density ------------------------------------------------------------------------------------


@check("log-joint", part="joint", points=4)
class LogJoint:
    """`log_joint(points, mixture)` is log(pi_k N(x_n; mu_k, Sigma_k)), one row a component, one column a point.

    (Tried with points near the mixture, and with some so far away that their densities are less than any float.)
    """

    inputs = inputs.for_log_joint

    def probe(student, points, mixture):
        return unchanged(student.log_joint, points, mixture)

    expected = formulas.log_joints
    # The squared distances are at most a million; by an explicit inverse they keep thirteen digits. A mistake is off by
    # 0.01 near the mixture.
    rtol, atol = 1e-9, 1e-7
    mistakes = mistakes.FAR_JOINT
    hint = (
        "The logarithm of a product is a sum: the logarithm of the weight, minus (d/2) log(2 pi), minus "
        "(1/2) log |Sigma|, minus half of the squared distance (x - mu)' Sigma^-1 (x - mu). Chapter 12, section "
        "'The log density'."
    )


# --- Part 4: the E step -----------------------------------------------------------------------------------------------


@check("memberships", part="e-step", points=3, needs=["log-sum", "joint"])
class Memberships:
    """`memberships(points, mixture)` returns, first, how probable each component is for each point."""

    def inputs(rng):
        return inputs.some_step(rng, formulas.posteriors, mistakes.MEMBERSHIP)

    def probe(student, points, mixture):
        return unchanged(student.memberships, points, mixture)[0]

    expected = formulas.posteriors
    rtol, atol = ONE_STEP
    mistakes = mistakes.MEMBERSHIP
    hint = (
        "Bayes' rule: r_nk = pi_k N(x_n; mu_k, Sigma_k), divided by the sum of the same over all components. In "
        "logarithms: log_joint minus log_sum of it, and then exp. Chapter 14, section 'The general case'."
    )


@check("log-likelihood", part="e-step", points=1, needs=["log-sum", "joint"])
class LogLikelihood:
    """`memberships(points, mixture)` returns, second, the log-likelihood of the mixture."""

    def inputs(rng):
        return inputs.some_step(rng, formulas.total_log_likelihood, mistakes.LIKELIHOOD, 0.05)

    def probe(student, points, mixture):
        return student.memberships(points, mixture)[1]

    expected = formulas.total_log_likelihood
    rtol, atol = ONE_STEP
    mistakes = mistakes.LIKELIHOOD
    hint = (
        "The density of one point is a sum over the components; its logarithm is one entry of log_sum. Points are "
        "independent, so that their log densities add. Chapter 14, section 'The general case'."
    )


@check("far-points", part="e-step", points=1, needs=["log-sum", "joint"])
class FarPoints:
    """`memberships` is right for points so far away that their densities underflow."""

    inputs = inputs.for_far_points

    def probe(student, points, mixture):
        responsibilities, log_likelihood = student.memberships(points, mixture)
        return {"responsibilities": responsibilities, "log-likelihood": log_likelihood}

    expected = formulas.both
    # The joint log densities are of size 1e6, so that rounding leaves an absolute 1e-8 with an explicit inverse, and as
    # much of the responsibilities; a component that is left out changes the log-likelihood by 0.1, of some 5e6.
    rtol, atol = 1e-9, 1e-5
    mistakes = mistakes.FAR
    hint = (
        "At a distance of a thousand the density is e^(-500000), which is 0 for a float, and 0/0 is no number. Stay "
        "with logarithms: subtract log_sum first, and take exp of the difference. Chapter 14, section 'Log-sum-exp'."
    )


# --- Part 5: the M step -----------------------------------------------------------------------------------------------


@check("new-weights", part="m-step", points=1)
class NewWeights:
    """The weights of `refit(points, R, old)`: each component's share of the points."""

    def inputs(rng):
        return inputs.some_refit(rng, formulas.new_weights, mistakes_in_fitting.WEIGHT, zeros=True)

    def probe(student, points, R, old):
        return np.array([weight for weight, _, _ in unchanged(student.refit, points, R, old)])

    expected = formulas.new_weights
    rtol, atol = ONE_STEP
    mistakes = mistakes_in_fitting.WEIGHT
    hint = (
        "With labels, a weight is the number of a component's points, divided by the number of all points. Here the "
        "responsibilities stand in for the count: N_k is the sum of row k of R. Chapter 14, section 'The general case'."
    )


@check("new-means", part="m-step", points=3)
class NewMeans:
    """The means of `refit(points, R, old)`: averages of all points, counted by responsibility."""

    inputs = inputs.for_new_means

    def probe(student, points, R, old):
        return [mean for _, mean, _ in student.refit(points, R, old)]

    def expected(points, R, old):
        return [mean for _, mean, _ in formulas.refitted(points, R, old)]

    rtol, atol = ONE_STEP
    mistakes = mistakes_in_fitting.NEW_MEANS
    hint = (
        "With labels, a mean is the sum of the component's points, divided by their number. Here every point counts "
        "for its responsibility, above the line and below it. Chapter 14, section 'The general case'."
    )


@check("new-covariances", part="m-step", points=3)
class NewCovariances:
    """The covariances of `refit(points, R, old)`: about the new means, counted by responsibility."""

    inputs = inputs.for_new_covariances

    def probe(student, points, R, old):
        return [covariance for _, _, covariance in student.refit(points, R, old)]

    def expected(points, R, old):
        return [covariance for _, _, covariance in formulas.refitted(points, R, old)]

    rtol, atol = 1e-9, 1e-8  # a thousandth of a small number on the diagonal, such as 1e-6, that is not asked for
    mistakes = mistakes_in_fitting.COVARIANCES
    hint = (
        "Sigma_k is the average of (x - mu_k)(x - mu_k)', each point counted by its responsibility. It has d rows and "
        "d columns, is about the mean that you have just computed, and is divided by the same N_k. Chapter 14, section "
        "'The general case'."
    )


# --- Part 6: when to stop ---------------------------------------------------------------------------------------------


@check("stopping", part="stop", points=2)
class Stopping:
    """`at_rest(history)` goes on while an iteration gains 0.0001 or more, and stops when ten have changed nothing.

    (Tried on made-up histories, in any order: some have only begun, some still rise after as many entries as others
    need to come to rest, and rest has many shapes.)
    """

    trials = 3
    inputs = inputs.for_stopping

    def probe(student, histories):
        def at_rest(history):
            answer = unchanged(student.at_rest, history)
            return bool(answer) if answer in (True, False) else answer  # what is no truth value is told as it is

        return {name: at_rest(history) for name, history in histories.items()}

    expected = formulas.stops
    mistakes = mistakes_in_fitting.STOP
    hint = (
        "EM never lowers the log-likelihood, so its last change says how far you have come. Compare that change with "
        "a small tolerance; log-likelihoods may have either sign, and rounding never lets them rest exactly. Chapter "
        "14, section 'One pass, and when to stop'."
    )


# --- Part 7: the whole loop -------------------------------------------------------------------------------------------


fitted = formulas.mixture_after(formulas.LONG)


# For recognising mistakes: an iteration more or less is off by four times as much. `complaint` says what is right.
FIT_TOLERANCE = 1e-3, 1e-3  # rtol, atol


FIT_HINT = (
    "E step, M step, and again: the mixture that refit returns is the one that memberships gets next. Keep the "
    "log-likelihood of each E step in a list, and let at_rest decide. A limit on the iterations is a good habit. "
    "Chapter 14, section 'One pass, and when to stop'."
)


@check("fit", part="loop", points=3, needs=["log-sum", "joint", "e-step", "m-step", "stop"])
class Fit:
    """`fit_mixture(points, start)` repeats E and M steps until the mixture is at rest; its likelihood is recomputed."""

    trials = 2

    def inputs(rng, trial):
        return inputs.some_fit(rng, trial, far=False)

    def probe(student, points, start):
        fit = unchanged(student.fit_mixture, points, start)
        return [(weight, mean, covariance) for weight, mean, covariance in fit]

    expected = fitted
    accepts = formulas.complaint
    rtol, atol = FIT_TOLERANCE
    mistakes = mistakes_in_fitting.FIT
    hint = FIT_HINT


@check("fit-from-afar", part="loop", points=2, needs=["log-sum", "joint", "e-step", "m-step", "stop"])
class FitFromAfar:
    """`fit_mixture(points, start)` also comes to rest from a start that is far from all points."""

    trials = 2

    def inputs(rng, trial):
        return inputs.some_fit(rng, trial, far=True)

    def probe(student, points, start):
        return [(weight, mean, covariance) for weight, mean, covariance in student.fit_mixture(points, start)]

    expected = fitted
    accepts = formulas.complaint
    rtol, atol = FIT_TOLERANCE
    mistakes = mistakes_in_fitting.FIT
    hint = FIT_HINT


# --- Part 8: the bound ------------------------------------------------------------------------------------------------


BOUND_HINT = (
    "Average the joint log density of each point by its responsibilities, and add how undecided they are: minus the "
    "sum of r log r. As r goes to 0, so does r log r. Chapter 15, section 'The bound'."
)


@check("bound", part="elbo", points=3, needs=["joint"])
class Bound:
    """`lower_bound(points, R, mixture)` is the expected joint log density plus the entropy, for any R."""

    def inputs(rng):
        return inputs.some_bound(rng, zeros=False)

    def probe(student, points, R, mixture):
        return unchanged(student.lower_bound, points, R, mixture)

    expected = formulas.elbo
    rtol, atol = ONE_STEP
    mistakes = mistakes_in_fitting.BOUND
    hint = BOUND_HINT


@check("bound-with-zeros", part="elbo", points=1, needs=["joint"])
class BoundWithZeros:
    """`lower_bound(points, R, mixture)` counts 0 log 0 as 0, its limit."""

    def inputs(rng):
        return inputs.some_bound(rng, zeros=True)

    def probe(student, points, R, mixture):
        small = {f"with {r:g} for 0": np.where(R > 0, R, r) for r in (1e-12, 1e-4)}  # 1e-4: nobody may take it for 0
        return {"with 0": unchanged(student.lower_bound, points, R, mixture)} | {
            name: student.lower_bound(points, rs / rs.sum(axis=0), mixture) for name, rs in small.items()
        }

    expected = formulas.near_zero(formulas.elbo)
    rtol, atol = 1e-8, 1e-8  # an honest log(r + 1e-12) is off by 1e-12 an entry; log(max(r, 0.001)), by 2e-4
    mistakes = mistakes_in_fitting.BOUND_WITH_ZEROS
    hint = BOUND_HINT


# --- Break it -------------------------------------------------------------------------------------------------------


@check("break-it", part="exhibits", points=5)
class BreakIt:
    """Each exhibit holds points, a start and one iteration of EM, and exposes its own wrong program and no other."""

    breaks = exhibits.WRONG
    examples = exhibits.EXHIBITS
    reads = exhibits.read_iteration
    right = exhibits.right
    unit = "points"
    hint = (
        "Ask of each error where it does no harm, and take one step out of there: equal weights, means that stay where "
        "they are, points that are near. Two components with one mean are allowed. Chapter 14, section 'The general "
        "case'."
    )
