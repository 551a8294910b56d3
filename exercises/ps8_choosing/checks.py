"""What is right in problem set 8: a fit that is asked for in full, the price of its parameters, and a judge of winners.

The notebooks use scikit-learn; the right answers come from this course's own mixtures, from counting, and from data
that were built so that the answer is known.
"""

import numpy as np

from autograder.checks import check, integers, unchanged
from course_lib.mixture import log_gaussian

from . import formulas, inputs, mistakes

IMPORTS = ("numpy", "matplotlib", "scikit-learn")
SECONDS = 120.0
OPEN = True


# --- A fit ----------------------------------------------------------------------------------------------------------


@check("fit-settings", part="fit", points=1)
class FitSettings:
    """`fitted(points, kinds, shape)` returns a fitted `GaussianMixture` with the settings that were asked for."""

    trials = 3

    def inputs(rng):  # "full" is the default: it would not tell whether it was asked for
        return inputs.some_clusters(rng) | {"shape": str(rng.choice(inputs.SHAPES[1:]))}

    def probe(student, points, kinds, shape):
        import sys

        mixture = unchanged(student.fitted, points, kinds, shape)
        names = ("n_components", "covariance_type", "n_init", "tol", "max_iter", "random_state")
        settings = {name: getattr(mixture, name) for name in names}
        readable = int, float, str, np.generic, type(None)
        settings = {name: value if isinstance(value, readable) else repr(value) for name, value in settings.items()}
        asked = getattr(sys.modules.get("sklearn.mixture"), "GaussianMixture", ())  # nothing is one, if none is there
        told = {"a GaussianMixture of scikit-learn": isinstance(mixture, asked)}
        told |= settings | {"fitted": hasattr(mixture, "means_")}
        for name in ("weights_", "means_", "covariances_"):
            told[f"shape of {name}"] = list(np.shape(getattr(mixture, name, None)))
        return told

    expected = formulas.settings
    seconds = 20.0
    mistakes = mistakes.FIT_SETTINGS
    hint = (
        "GaussianMixture(n_components, covariance_type=..., n_init=..., tol=..., max_iter=..., random_state=...) makes "
        "the object; its method fit(points) fits it, and returns the object itself."
    )


def mean_log_likelihood(points, shape, weights, means, covariances):
    log_joint = np.log(weights) + log_gaussian(points, means, covariances, shape)
    top = log_joint.max(axis=1)
    return float(np.mean(top + np.log(np.exp(log_joint - top[:, None]).sum(axis=1))))


@check("fit-likelihood", part="fit", points=2)
class FitLikelihood:
    """The mixture that `fitted` returns makes the points as likely as a mixture of its kind can.

    (The likelihood is computed from its weights, means and covariances. Components may come in any order.)
    """

    trials = 4
    inputs = inputs.some_clusters

    def probe(student, points, kinds, shape):
        mixture = student.fitted(points, kinds, shape)
        order = np.argsort(mixture.means_[:, 0])
        covariances = mixture.covariances_ if shape == "tied" else mixture.covariances_[order]
        return {"weights": mixture.weights_[order], "means": mixture.means_[order], "covariances": covariances}

    expected = formulas.best_fit
    seconds = 20.0

    def accepts(answer, points, kinds, shape):
        fit = formulas.best_fit(points, kinds, shape)
        if wrong := formulas.no_mixture(answer, fit, shape):
            return wrong
        best = mean_log_likelihood(points, shape, **fit)
        found = mean_log_likelihood(points, shape, **answer)
        # tol = 1e-6 stops within about 1e-5 of the top; a wrong fit is off by more than 0.01.
        if not found > best - 1e-3:
            return f"the mean log-likelihood of the points is {found:.4f}; a mixture of this kind reaches {best:.4f}."
        return ""

    rtol, atol = 1e-2, 1e-2  # by which a known mistake is recognised
    mistakes = mistakes.FIT_LIKELIHOOD
    hint = "Give `fit` the points as they are, all of them, and let it climb until it stands still."


# --- Counting -------------------------------------------------------------------------------------------------------


COUNT_HINT = (
    "Three groups: the weights, which sum to 1; the means; the covariances. A symmetric matrix of d rows has d numbers "
    "on its diagonal and d(d-1)/2 above it. How many such matrices are there?"
)


@check("count-full", part="count", points=1)
class CountFull:
    """`free_parameters(kinds, d, "full")` counts what a mixture with a matrix for each component may adjust."""

    def inputs(rng):
        wrong = [mistakes.FULL[id] for id in mistakes.FULL if id != "no-diagonal"]  # as many as without the means
        return inputs.counted(rng, [formulas.right_full, *wrong])

    def probe(student, kinds, d):
        return student.free_parameters(kinds, d, "full")

    expected = formulas.right_full
    mistakes = mistakes.FULL
    hint = COUNT_HINT


@check("count-tied", part="count", points=1)
class CountTied:
    """`free_parameters(kinds, d, "tied")` counts what a mixture may adjust whose components share one matrix."""

    def inputs(rng):
        wrong = [mistakes.TIED[id] for id in mistakes.TIED if id != "no-diagonal"]  # as many as with a mean fewer
        return inputs.counted(rng, [formulas.right_tied, *wrong])

    def probe(student, kinds, d):
        return student.free_parameters(kinds, d, "tied")

    expected = formulas.right_tied
    mistakes = mistakes.TIED
    hint = COUNT_HINT


@check("count-variances", part="count", points=1)
class CountVariances:
    """`free_parameters` counts what a mixture with the covariances "diag" or "spherical" may adjust."""

    def inputs(rng):
        return inputs.counted(
            rng, [formulas.of_variances(formulas.each_axis, formulas.each_component), *mistakes.VARIANCES.values()]
        )

    def probe(student, kinds, d):
        return {shape: student.free_parameters(kinds, d, shape) for shape in ("diag", "spherical")}

    expected = formulas.of_variances(formulas.each_axis, formulas.each_component)
    mistakes = mistakes.VARIANCES
    hint = (
        'Of a "diag" matrix only the d variances on the diagonal are free. "spherical" has one variance for each '
        "component, the same in every direction. Weights and means are counted as before."
    )


# --- The price of a parameter ---------------------------------------------------------------------------------------


@check("bic-value", part="bic", points=2)
class BicValue:
    """`bic(score, p, n)` is -2 log L + p log n, where log L is the log-likelihood of all n points."""

    trials = 8

    def inputs(rng):
        score = float(np.round(rng.uniform(0.7, 6.0) * rng.choice([-1, 1], p=[0.7, 0.3]), 3))
        return {"score": score, "p": int(rng.integers(3, 40)), "n": int(rng.integers(50, 900))}

    def probe(student, score, p, n):
        return student.bic(score, p, n)

    expected = formulas.right_bic
    rtol = 1e-10  # two terms that may cancel a hundredfold
    mistakes = mistakes.BIC_VALUE
    hint = (
        "The log-likelihood of all points is the sum over the points; scikit-learn's score is their mean. BIC adds the "
        "price p log n to minus twice that sum."
    )


# --- Doubt ----------------------------------------------------------------------------------------------------------


@check("doubtful-points", part="doubt", points=2)
class DoubtfulPoints:
    """`doubtful(probabilities, sure)` returns the rows whose largest probability is below `sure`."""

    trials = 10  # few numbers each

    inputs = inputs.for_doubtful_points

    def probe(student, probabilities, sure):
        rows = unchanged(student.doubtful, probabilities, sure)
        return np.asarray(integers(rows) if np.size(rows) else rows)  # a list of row numbers is as good as an array

    expected = formulas.doubtful_rows
    mistakes = mistakes.DOUBT
    hint = (
        "Take the largest probability of each row. Compare it with `sure`: that gives one truth value for each point. "
        "np.flatnonzero turns truth values into row numbers."
    )


# --- Collapse -------------------------------------------------------------------------------------------------------


def collapsed_by_the_student(student, covariances, spread, thin):
    return list(student.collapsed(covariances, spread, thin))


COLLAPSE_HINT = (
    "The eigenvalues of a covariance matrix are its variances along its own axes; np.linalg.eigvalsh gives them "
    "rising. The standard deviation in the thinnest direction is the root of the smallest one."
)


@check("collapsed-directions", part="collapse", points=2)
class CollapsedDirections:
    """`collapsed` finds the components that are too thin in some direction, whichever it is. (All spreads are 1.)"""

    trials = 8

    def inputs(rng):
        return inputs.each_apart(
            rng, lambda rng: inputs.some_components(rng, np.ones(int(rng.integers(2, 4)))), mistakes.DIRECTION
        )

    probe = collapsed_by_the_student
    expected = formulas.right_collapsed
    mistakes = mistakes.DIRECTION
    hint = COLLAPSE_HINT


@check("collapsed-units", part="collapse", points=1)
class CollapsedUnits:
    """`collapsed` measures in units of the spreads, so that its answer is the same in minutes and in hours."""

    trials = 8

    inputs = inputs.for_collapsed_units

    def probe(student, covariances, spread, thin):
        return list(unchanged(student.collapsed, covariances, spread, thin))

    expected = formulas.right_collapsed
    mistakes = mistakes.UNITS
    hint = (
        "In units of the spreads, the point (x_1, x_2) is (x_1/s_1, x_2/s_2). The covariance of its coordinates i and "
        "j is then the old one divided by s_i s_j; np.outer(spread, spread) holds these products."
    )


# --- The judge ------------------------------------------------------------------------------------------------------


@check("best-model", part="judge", points=2, needs=["fit", "count", "bic", "collapse"])
class BestModel:
    """`best_model` returns the choice with the lowest BIC among those without a collapsed component."""

    trials = 7  # in every second one something is thin, in the last one nothing counts as thin
    seconds = 30.0

    inputs = inputs.for_best_model

    def probe(student, points, choices, thin):
        return unchanged(student.best_model, points, choices, thin)

    expected = formulas.lowest_bic
    returns = ("the number of components", "the shape")
    mistakes = mistakes.JUDGE
    hint = (
        "For each choice: fit it; skip it if `collapsed` finds a component; else compute its BIC from its score, its "
        "number of free parameters and the number of points. Keep the choice whose BIC is the lowest so far. The "
        "spread is one number for each column: points.std(axis=0)."
    )
