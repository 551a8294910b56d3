"""What the known mistakes of problem set 7 answer in the M step, in stopping, in the fit and in the bound."""

import numpy as np

from autograder.checks import Mistake, Raises, answering

from .formulas import (
    covariances_by,
    elbo,
    hard_run,
    hardened,
    log_joints,
    means_of,
    mixture_after,
    mixture_where,
    near_zero,
    of_hard_labels,
    only,
    rule,
    scatter,
    shared_by_all,
    stops,
    times_log,
    total_log_likelihood,
    without_weights,
)

# --- Part 5: the M step -----------------------------------------------------------------------------------------------


MEAN_FIRST = "the mean comes first in each triple: the order is weight, mean, covariance"
WEIGHT = {
    "mean-first": Mistake(MEAN_FIRST, lambda points, R, old: np.array(means_of(points, R))),
    "new-weights-equal": Mistake(
        "equal weights, 1/K: a component weighs what its responsibilities add up to, divided by n",
        lambda points, R, old: np.full(len(R), 1 / len(R)),
    ),
    "new-weights-not-divided": Mistake(
        "the sums of the responsibilities are not divided by n, so that the weights do not sum to 1",
        lambda points, R, old: R.sum(axis=1),
    ),
    "old-weights": Mistake("the old weights", lambda points, R, old: np.array([weight for weight, _, _ in old])),
    "hard-counts": Mistake(
        "hard assignment: each point was counted wholly for its most probable component",
        lambda points, R, old: hardened(R).mean(axis=1),
    ),
    "over-k": Mistake("divided by K in place of n", lambda points, R, old: R.sum(axis=1) / len(R)),
    "summed-wrong-axis": Mistake(
        "summed along the wrong axis: the responsibilities of a point sum to 1, those of a component to its count",
        lambda points, R, old: (R.sum(axis=0) / len(points))[: len(R)],
    ),
}


NEW_MEANS = {
    "mean-first": Mistake(MEAN_FIRST, lambda points, R, old: [float(r.mean()) for r in R]),
    "mean-over-n": Mistake(
        "the mean is divided by n: divide by N_k, the sum of the component's responsibilities",
        lambda points, R, old: [r @ points / len(points) for r in R],
    ),
    "mean-not-divided": Mistake(
        "the mean is not divided by the sum of its responsibilities", lambda points, R, old: [r @ points for r in R]
    ),
    "mean-of-all": Mistake(
        "the mean of all points, without responsibilities", lambda points, R, old: [points.mean(axis=0) for r in R]
    ),
    "hard-counts": Mistake(
        "hard assignment: each point was counted wholly for its most probable component",
        lambda points, R, old: means_of(points, hardened(R)),
    ),
    "old-means-kept": Mistake("the old means", lambda points, R, old: [mean for _, mean, _ in old]),
    "squared-responsibilities": Mistake(
        "the responsibilities are squared", lambda points, R, old: means_of(points, R**2)
    ),
}


COVARIANCE = {
    "covariance-over-n": Mistake(
        "Sigma is divided by n: divide by N_k, the sum of the component's responsibilities",
        covariances_by(lambda points, r, new, old: scatter(points, r, new) / len(points)),
    ),
    "over-nk-minus-1": Mistake(
        "Sigma is divided by N_k - 1: maximum likelihood divides by N_k",
        covariances_by(lambda points, r, new, old: scatter(points, r, new) / (r.sum() - 1)),
    ),
    "np-cov-ddof": Mistake(
        "`np.cov` divides by less than N_k unless you say ddof=0: maximum likelihood divides by N_k",
        covariances_by(lambda points, r, new, old: np.cov(points.T, aweights=r)),
    ),
    "about-old-mean": Mistake(
        "Sigma about the old mean: the new one is known by now, and it is the middle of these points",
        covariances_by(lambda points, r, new, old: scatter(points, r, old) / r.sum()),
    ),
    "about-mean-of-all": Mistake(
        "Sigma about the mean of all points: each component has a middle of its own",
        covariances_by(lambda points, r, new, old: scatter(points, r, points.mean(axis=0)) / r.sum()),
    ),
    "about-mean-over-n": Mistake(
        "Sigma about a mean that was divided by n",
        covariances_by(lambda points, r, new, old: scatter(points, r, r @ points / len(points)) / r.sum()),
    ),
    "covariance-diagonal-only": Mistake(
        "the diagonal of Sigma only: how two features vary together is missing",
        covariances_by(lambda points, r, new, old: np.diag(np.diag(scatter(points, r, new))) / r.sum()),
    ),
    "row-times-row": Mistake(
        "`e @ e.T` of one row e is a number, its squared length: np.outer(e, e) is the matrix",
        covariances_by(
            lambda points, r, new, old: np.full((len(new), len(new)), np.trace(scatter(points, r, new)) / r.sum())
        ),
    ),
    "covariance-not-divided": Mistake(
        "Sigma is not divided at all", covariances_by(lambda points, r, new, old: scatter(points, r, new))
    ),
    "responsibilities-twice": Mistake(
        "the responsibilities count twice: once on either side of the product",
        covariances_by(lambda points, r, new, old: scatter(points, r**2, new) / r.sum()),
    ),
    "no-responsibilities": Mistake(
        "without responsibilities: every point counts fully",
        covariances_by(lambda points, r, new, old: scatter(points, np.ones_like(r), new) / len(r)),
    ),
    "mean-not-taken-off": Mistake(
        "the means are not taken off: E[x x'] still holds mu mu'",
        covariances_by(lambda points, r, new, old: scatter(points, r, np.zeros_like(new)) / r.sum()),
    ),
    "standard-deviations": Mistake(
        "the standard deviations: Sigma holds variances, so take no root",
        covariances_by(lambda points, r, new, old: np.diag(np.sqrt(np.diag(scatter(points, r, new)) / r.sum()))),
    ),
    "one-covariance": Mistake("one covariance for all components: each has its own", shared_by_all),
    "hard-counts": Mistake(
        "hard assignment: each point was counted wholly for its most probable component", of_hard_labels
    ),
}


COVARIANCES = COVARIANCE | {
    "diagonal-raised": Mistake(
        "a small number is added to the diagonal of Sigma: that keeps it from collapsing, and is not what is asked",
        covariances_by(lambda points, r, new, old: scatter(points, r, new) / r.sum() + 1e-6 * np.eye(len(new))),
    ),
}


# --- Part 6: when to stop ---------------------------------------------------------------------------------------------


def fixed_number(number):
    return Mistake(
        "a fixed number of iterations: look at how the log-likelihood changes",
        rule(lambda new, before, h: len(h) >= number),
    )


STOP = {
    "stop-turned-round": Mistake(
        "it stops while the log-likelihood rises and goes on when it rests: the comparison is turned round",
        rule(lambda new, before, h: abs(new - before) > 1e-6),
    ),
    "difference-turned-round": Mistake(
        "the difference is turned round: old minus new is negative, and so below every tolerance, as long as it rises",
        rule(lambda new, before, h: before - new < 1e-6),
    ),
    "quotient-of-likelihoods": Mistake(
        "a quotient of log-likelihoods: they are negative as often as positive, and near 1 long before the end",
        rule(lambda new, before, h: new / before < 1 + 1e-6),
    ),
    "exactly-equal": Mistake(
        "exactly equal, or with a tolerance below the last digits: rounding moves these for ever, so allow for more",
        rule(lambda new, before, h: new == before),
    ),
    "waits-for-a-fall": Mistake(
        "it waits until the log-likelihood rises no more: rounding may let it creep up for ever, so allow for a little",
        rule(lambda new, before, h: new <= before),
    ),
    "tolerance-narrow": Mistake(
        "the tolerance is narrower than what counts as rest, changes below 1e-9",
        rule(lambda new, before, h: abs(new - before) < 1e-10),
    ),
    "never-stops": Mistake(
        "it never stops: compare the last change, not the log-likelihood itself",
        rule(lambda new, before, h: False),
    ),
    "change-since-the-start": Mistake(
        "the change since the start: it is the change of the last iteration that becomes small",
        rule(lambda new, before, h: abs(new - h[0]) < 1e-6),
    ),
    "true-and-false-exchanged": Mistake(
        "True and False are exchanged: True says stop",
        lambda histories: {name: not answer for name, answer in stops(histories).items()},
    ),
    "always-stops": Mistake("it always stops", lambda histories: dict.fromkeys(histories, True)),
    "ten-entries": fixed_number(10),
    "some-entries": fixed_number(50),  # any from 20 to 50 answers the same
    "hundred-entries": fixed_number(100),
    "neither-few-nor-many": Mistake(
        "the number of entries decides, neither few nor many: a run may rest after as many as another still climbs",
        rule(lambda new, before, h: 4 < len(h) < 110),
    ),
    "tolerance-wide": Mistake(
        "the tolerance is so wide that it stops while an iteration still gains",
        rule(lambda new, before, h: abs(new - before) < 0.1),
    ),
    "one-entry": Mistake(
        "a history of one entry has no last change: go on",
        lambda histories: Raises(IndexError, "out of range", line=r"-\s*2\b"),
    ),
}


# --- Part 7: the whole loop -------------------------------------------------------------------------------------------


FIT = {
    "start-comes-back": Mistake(
        "the start comes back: no step was made, or what is returned is not what the last M step gave",
        lambda points, start: start,
    ),
    "one-iteration": Mistake(
        "one iteration only; or every E step uses the start: put the new mixture in place of the old one",
        mixture_after(1),
    ),
    "ten-iterations": Mistake(
        "the mixture after ten iterations: whatever stopped there, EM had not come to rest", mixture_after(10)
    ),
    "gain-of-a-hundredth": Mistake(
        "it stops where an iteration gains less than 0.01: EM goes on to gain more", mixture_where(lambda n: 0.01)
    ),
    "mean-gain": Mistake(
        "it stops where an iteration gains about 0.1, as scikit-learn's rule does (0.001 of the mean): EM gains more",
        mixture_where(lambda n: 0.001 * n),
    ),
    "only-means": Mistake("only the means move: the M step gives new weights and covariances, too", only(m=True)),
    "start-weights": Mistake("the weights stay as they were at the start", only(m=True, c=True)),
    "hard-counts": Mistake("hard assignment: each point was counted wholly for its most probable component", hard_run),
}


# --- Part 8: the bound ------------------------------------------------------------------------------------------------


BOUND = {
    "no-entropy": Mistake(
        "the entropy is missing: subtract the sum of r log r",
        lambda points, R, mixture: (R * log_joints(points, mixture)).sum(),
    ),
    "entropy-sign": Mistake(
        "the sign of the entropy: r log r is subtracted",
        lambda points, R, mixture: (R * log_joints(points, mixture)).sum() + times_log(R).sum(),
    ),
    "entropy-in-bits": Mistake(
        "the entropy in bits, by np.log2: np.log is the natural logarithm, as in the densities",
        lambda points, R, mixture: (R * log_joints(points, mixture)).sum() - times_log(R).sum() / np.log(2),
    ),
    "likelihood-for-bound": Mistake(
        "the log-likelihood: the bound depends on the R that is given, and only R of the E step makes the two equal",
        lambda points, R, mixture: total_log_likelihood(points, mixture),
    ),
    "bound-no-weights": Mistake(
        "the weights are left out of the joint log density",
        lambda points, R, mixture: (
            elbo(points, R, without_weights(points, mixture)) + len(points) * np.log(len(mixture))
        ),
    ),
    "mean-likelihood": Mistake(
        "the mean over the points: asked is the sum", lambda points, R, mixture: elbo(points, R, mixture) / len(points)
    ),
    "bound-of-each": Mistake(
        "one entry a point: asked is their sum",
        lambda points, R, mixture: (R * log_joints(points, mixture) - times_log(R)).sum(axis=0),
    ),
    "entropy-of-weights": Mistake(
        "the entropy of the weights in place of that of the responsibilities",
        lambda points, R, mixture: (R * log_joints(points, mixture)).sum() - sum(w * np.log(w) for w, _, _ in mixture),
    ),
}


BOUND_WITH_ZEROS = answering(
    near_zero,
    {
        "zero-times-log": Mistake(
            "0 log 0 is computed as 0 times -inf, which is nan: its limit is 0",
            lambda points, R, mixture: elbo(points, R, mixture) if R.all() else np.nan,
        )
    }
    | BOUND,
)
