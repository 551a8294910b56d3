"""What the known mistakes of problem set 8 answer."""

import numpy as np

from autograder.checks import Mistake, Raises

from .formulas import (
    CORNERS,
    DEFAULTS,
    MEANS,
    ONE_MEAN_FEWER,
    SQUARE,
    WEIGHTS,
    all_of_them,
    below,
    beside_the_diagonal,
    best_fit,
    but,
    doubtful_rows,
    each_axis,
    each_component,
    free,
    itself,
    of_variances,
    pick,
    right_bic,
    right_collapsed,
    right_full,
    sound_ones,
    squared,
    symmetric,
    thinnest,
    total,
    value_of,
    without_a_fit,
)

# --- A fit ----------------------------------------------------------------------------------------------------------


FIT_SETTINGS = {
    "not-fitted": Mistake(
        "not fitted: a `GaussianMixture` has seen no points before its method `fit` is called", without_a_fit
    ),
    "one-start": Mistake("one start: `n_init` is left at its default, 1", but(n_init=1)),
    "always-full": Mistake(
        "the covariances are always full: `covariance_type` is left at its default", but(covariance_type="full")
    ),
    "default-tolerance": Mistake("the tolerance is left at its default, 0.001", but(tol=1e-3)),
    "default-max-iter": Mistake("`max_iter` is left at its default, 100", but(max_iter=100)),
    "no-random-state": Mistake("`random_state` is left out: tomorrow's answer may be another", but(random_state=None)),
    "all-defaults": Mistake(
        "nothing is asked for but the number of components", but(covariance_type="full", **DEFAULTS)
    ),
    "no-mixture": Mistake(
        "what is returned is not the mixture: return the object itself, after `fit`",
        lambda **given: Raises(AttributeError, "has no attribute", by_probe=True),
    ),
}


FIT_LIKELIHOOD = {
    "standardised": Mistake(
        "fitted to standardised points: the answer is asked for in the points' own units",
        lambda **given: best_fit(**given, of=lambda points: (points - points.mean(axis=0)) / points.std(axis=0)),
    ),
    "centred": Mistake(
        "fitted to centred points: the means are asked for where the points are",
        lambda **given: best_fit(**given, of=lambda points: points - points.mean(axis=0)),
    ),
    "no-fitted-mixture": Mistake(
        "what is returned is not a fitted mixture: call `fit`, then return the object itself",
        lambda **given: Raises(AttributeError, "has no attribute", by_probe=True),
    ),
}


# --- Counting -------------------------------------------------------------------------------------------------------


NO_WEIGHTS = "the weights are missing: all of them but one are free"


FULL = {
    "k-weights": Mistake(WEIGHTS, lambda kinds, d: total(kinds, d, kinds * symmetric(d), weights=kinds)),
    "no-weights": Mistake(NO_WEIGHTS, lambda kinds, d: total(kinds, d, kinds * symmetric(d), weights=0)),
    "means-not-counted": Mistake(MEANS, lambda kinds, d: total(kinds, d, kinds * symmetric(d), means=0)),
    "one-mean-fewer": Mistake(
        ONE_MEAN_FEWER, lambda kinds, d: total(kinds, d, kinds * symmetric(d), means=(kinds - 1) * d)
    ),
    "whole-square": Mistake(SQUARE, lambda kinds, d: total(kinds, d, kinds * d * d)),
    "no-diagonal": Mistake(CORNERS, lambda kinds, d: total(kinds, d, kinds * beside_the_diagonal(d))),
    "one-matrix": Mistake(
        "one matrix is counted, where each component has its own", lambda kinds, d: total(kinds, d, symmetric(d))
    ),
    "diagonal-alone": Mistake(
        "the diagonal alone is counted: a full matrix has covariances too", lambda kinds, d: total(kinds, d, kinds * d)
    ),
}


TIED = {
    "k-weights": Mistake(WEIGHTS, lambda kinds, d: total(kinds, d, symmetric(d), weights=kinds)),
    "no-weights": Mistake(NO_WEIGHTS, lambda kinds, d: total(kinds, d, symmetric(d), weights=0)),
    "means-not-counted": Mistake(MEANS, lambda kinds, d: total(kinds, d, symmetric(d), means=0)),
    "one-mean-fewer": Mistake(ONE_MEAN_FEWER, lambda kinds, d: total(kinds, d, symmetric(d), means=(kinds - 1) * d)),
    "whole-square": Mistake(SQUARE, lambda kinds, d: total(kinds, d, d * d)),
    "no-diagonal": Mistake(CORNERS, lambda kinds, d: total(kinds, d, beside_the_diagonal(d))),
    "matrix-each": Mistake("a matrix for each component is counted, where all share one", right_full),
    "means-once": Mistake(
        "the means are counted once: shared is the matrix, not the means",
        lambda kinds, d: total(kinds, d, symmetric(d), means=d),
    ),
}


VARIANCES = {
    "k-weights": Mistake(WEIGHTS, of_variances(each_axis, each_component, weights=lambda kinds, d: kinds)),
    "no-weights": Mistake(NO_WEIGHTS, of_variances(each_axis, each_component, weights=lambda kinds, d: 0)),
    "means-not-counted": Mistake(MEANS, of_variances(each_axis, each_component, means=lambda kinds, d: 0)),
    "one-mean-fewer": Mistake(
        ONE_MEAN_FEWER, of_variances(each_axis, each_component, means=lambda kinds, d: (kinds - 1) * d)
    ),
    "spherical-d": Mistake(
        "spherical has one variance for each component, not d: it is the same in all directions",
        of_variances(each_axis, each_axis),
    ),
    "spherical-one": Mistake(
        "spherical has one variance for each component, not one for all", of_variances(each_axis, lambda kinds, d: 1)
    ),
    "diag-one-each": Mistake(
        "diag has d variances for each component, not one", of_variances(each_component, each_component)
    ),
    "diag-d-for-all": Mistake(
        "diag has d variances for each component, not d for all", of_variances(lambda kinds, d: d, each_component)
    ),
    "zeros-counted": Mistake(
        "the zeros of a diagonal matrix are counted: they are not free",
        of_variances(lambda kinds, d: kinds * symmetric(d), each_component),
    ),
}


# --- The price of a parameter ---------------------------------------------------------------------------------------


BIC_VALUE = {
    "mean-log-likelihood": Mistake(
        "the mean log-likelihood in place of that of all points: multiply score by n",
        lambda score, p, n: -2 * score + p * np.log(n),
    ),
    "likelihood-sign": Mistake(
        "the sign: here the lower is the better, so log L comes with a minus",
        lambda score, p, n: -right_bic(score, p, n),
    ),
    "price-sign": Mistake(
        "the price lowers the BIC: it must be added to -2 log L", lambda score, p, n: -2 * n * score - p * np.log(n)
    ),
    "likelihood-twice": Mistake("log L counts twice in the BIC", lambda score, p, n: -n * score + p * np.log(n)),
    "aic": Mistake(
        "AIC, which charges 2 for each parameter: BIC charges log n", lambda score, p, n: -2 * n * score + 2 * p
    ),
    "price-n": Mistake("the price is n for each parameter, not log n", lambda score, p, n: -2 * n * score + p * n),
    "log-p": Mistake(
        "log p in place of p: it is the number of points whose logarithm is taken",
        lambda score, p, n: -2 * n * score + n * np.log(p),
    ),
    "log10": Mistake(
        "a logarithm to base 10: log means the natural one, np.log",
        lambda score, p, n: -2 * n * score + p * np.log10(n),
    ),
    "log2": Mistake(
        "a logarithm to base 2: log means the natural one, np.log",
        lambda score, p, n: -2 * n * score + p * np.log2(n),
    ),
}


# --- Doubt ----------------------------------------------------------------------------------------------------------


DOUBT = {
    "sure-points": Mistake(
        "the sure points: asked are those below",
        lambda probabilities, sure: np.flatnonzero(probabilities.max(axis=1) > sure),
    ),
    "not-doubtful": Mistake(
        "the points that are not doubtful: asked are those below `sure`",
        lambda probabilities, sure: np.flatnonzero(probabilities.max(axis=1) >= sure),
    ),
    "just-sure-too": Mistake(
        "a point whose largest probability is `sure` itself is not below it: `<`, and not `<=`",
        lambda probabilities, sure: np.flatnonzero(probabilities.max(axis=1) <= sure),
    ),
    "along-columns": Mistake(
        "the largest of each column: a point is a row, so take the maximum along axis 1",
        lambda probabilities, sure: np.flatnonzero(probabilities.max(axis=0) < sure),
    ),
    "some-kind-below": Mistake(
        "every point has some kind below `sure`: it is the most probable one that counts",
        lambda probabilities, sure: np.arange(len(probabilities)),
    ),
    "kind-0": Mistake(
        "the probability of kind 0: each point has a most probable kind of its own",
        lambda probabilities, sure: np.flatnonzero(probabilities[:, 0] < sure),
    ),
    "truth-values": Mistake(
        "a truth value for each point: asked are the row numbers, np.flatnonzero of it",
        lambda probabilities, sure: probabilities.max(axis=1) < sure,
    ),
    "where-tuple": Mistake(
        "np.where returns a tuple: its first entry holds the row numbers",
        lambda probabilities, sure: doubtful_rows(probabilities, sure)[None, :],
    ),
    "probabilities": Mistake(
        "the probabilities of the doubtful points: asked are their row numbers",
        lambda probabilities, sure: probabilities.max(axis=1)[doubtful_rows(probabilities, sure)],
    ),
    "how-many": Mistake(
        "how many they are: asked is which", lambda probabilities, sure: len(doubtful_rows(probabilities, sure))
    ),
}


# --- Collapse -------------------------------------------------------------------------------------------------------


DIRECTION = {
    "axes-only": Mistake(
        "the diagonal shows the axes only: a component may be thin in a slanted direction",
        below(lambda m: np.sqrt(np.diag(m).min()), itself),
    ),
    "eigenvalue-not-root": Mistake(
        "an eigenvalue is a variance: its root is the standard deviation that `thin` limits",
        below(lambda m: thinnest(m) ** 2, itself),
    ),
    "largest-eigenvalue": Mistake(
        "too few are found: one thin direction is enough, and the smallest eigenvalue tells",
        below(lambda m: np.linalg.eigvalsh(m)[-1], squared),
    ),
    "none-found": Mistake(
        "none is found: compare the root of an eigenvalue with `thin`, or the eigenvalue with `thin` squared",
        below(thinnest, squared),
        seen=True,
    ),
    "determinant": Mistake(
        "the determinant: a small round component has a small one too, and has not collapsed",
        below(np.linalg.det, squared),
    ),
    "own-length": Mistake(
        "compared with its own length: a long component need not be thin",
        below(lambda m: np.linalg.cond(m) ** -0.5, itself),
    ),
    "truth-for-each": Mistake(
        "a truth value for each component: asked are the numbers of the collapsed ones",
        lambda **given: [number in right_collapsed(**given) for number in range(len(given["covariances"]))],
    ),
    "not-collapsed": Mistake(
        "the components that have not collapsed: asked are the others",
        lambda **given: [
            number for number in range(len(given["covariances"])) if number not in right_collapsed(**given)
        ],
    ),
}


UNITS = {
    "no-spreads": Mistake(
        "the spreads are not used: 0.01 of a minute is not 0.01 of an hour",
        lambda covariances, spread, thin: right_collapsed(covariances, np.ones_like(spread), thin),
    ),
    "one-spread": Mistake(
        "divided by one spread: entry (i, j) has two units, so divide it by s_i s_j",
        lambda covariances, spread, thin: [
            number for number, c in enumerate(covariances) if np.linalg.eigvalsh(c / spread)[0] < thin**2
        ],
    ),
    "column-spread": Mistake(
        "divided by the squared spread of the column alone: entry (i, j) needs s_i s_j",
        lambda covariances, spread, thin: [
            number for number, c in enumerate(covariances) if np.linalg.eigvalsh(c / spread**2)[0] < thin**2
        ],
    ),
    "spreads-multiplied": Mistake(
        "multiplied by the spreads: to express a number in a unit, divide by it",
        lambda covariances, spread, thin: right_collapsed(covariances, 1 / spread, thin),
    ),
    **{id: DIRECTION[id] for id in ("axes-only", "eigenvalue-not-root", "none-found", "determinant", "not-collapsed")},
}


# --- The judge ------------------------------------------------------------------------------------------------------


def aic(points, score, choice, d):
    return -2 * len(points) * score + 2 * free(choice[0], d, choice[1])


def one_count_for_all(points, score, choice, d):
    return right_bic(score, free(choice[0], d, "full"), len(points))


def size_for_n(points, score, choice, d):
    return right_bic(score, free(choice[0], d, choice[1]), points.size)


JUDGE = {
    "collapsed-allowed": Mistake(
        "the lowest BIC of all: a collapsed model has no say", lambda **given: pick(**given, collapsed_too=True)
    ),
    "highest-bic": Mistake(
        "the highest BIC: the lower, the better", lambda **given: pick(**given, value=lambda *told: -value_of(*told))
    ),
    "fewest-components": Mistake(
        "the choice with the fewest components, whatever its BIC", lambda **given: min(sound_ones(**given))
    ),
    "highest-likelihood": Mistake(
        "the highest likelihood: that prefers whatever has more to adjust",
        lambda **given: pick(**given, value=lambda points, score, choice, d: -score),
    ),
    "one-count-for-all": Mistake(
        "the parameters of one shape are counted for every choice: then the likeliest shape wins",
        lambda **given: pick(**given, value=one_count_for_all),
    ),
    "all-must-collapse": Mistake(
        "a model stays although one of its components has collapsed: one is enough, also component 0",
        lambda **given: pick(**given, bad=all_of_them),
    ),
    "first-sound": Mistake(
        "the first choice that has not collapsed: go through all of them", lambda **given: sound_ones(**given)[0]
    ),
    "last-sound": Mistake(
        "the last choice that has not collapsed: keep the lowest BIC so far, and compare with it",
        lambda **given: sound_ones(**given)[-1],
    ),
    "aic": Mistake(BIC_VALUE["aic"].words, lambda **given: pick(**given, value=aic)),
    "size-for-n": Mistake(
        "n as the number of all numbers: `points.size` is n d, and there are n points",
        lambda **given: pick(**given, value=size_for_n),
    ),
    "d-is-2": Mistake(
        "the parameters counted for d = 2: the points have a d of their own, `points.shape[1]`",
        lambda **given: pick(**given, d=2),
    ),
    "no-spreads": Mistake(
        UNITS["no-spreads"].words,
        lambda **given: pick(**given, spread=lambda points: np.ones(points.shape[1])),
    ),
    "variances": Mistake(
        "the variances of the columns in place of their standard deviations: a spread has the unit of its column",
        lambda **given: pick(**given, spread=lambda points: points.var(axis=0)),
    ),
    "one-spread-of-all": Mistake(
        "one spread over all numbers: each column has its own, `points.std(axis=0)`",
        lambda **given: pick(**given, spread=lambda points: np.full(points.shape[1], points.std())),
    ),
}
SHOWN_BY_PRICES = ("highest-bic", "highest-likelihood", "aic", "d-is-2")
SHOWN_BY_SPREADS = ("collapsed-allowed", "highest-bic", "no-spreads", "variances")
# What gives the same answers in every trial: then both are said.
NEVER_TOLD_APART = (
    ("aic", "size-for-n"),
    ("highest-likelihood", "one-count-for-all"),
    ("variances", "one-spread-of-all"),
    ("no-spreads", "all-must-collapse"),
)
