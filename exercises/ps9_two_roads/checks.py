"""What is right in problem set 9: a mixture in free numbers, its gradient, its EM step, and the race of the two.

Expected values are those of `course_lib.mixture`, of which the free numbers are turned into weights, means and
covariances; expected gradients are the closed form that the responsibilities give. No tape is trusted here.
"""

import numpy as np

from autograder.checks import check, unchanged
from autograder.drawing import until_told_apart

from . import formulas, inputs, mistakes

IMPORTS = ("numpy", "matplotlib", "course_lib.autodiff", "course_lib.datasets")
SECONDS = 90.0
OPEN = True

# Values are sums of at most some dozens of terms of size 100, right to 1e-12. Known mistakes are off by more than 0.01.
BETWEEN = 1e-6, 1e-8  # rtol, atol
TAPE = ["own-tape"]


# --- Weights --------------------------------------------------------------------------------------------------------


@check("weights-value", part="weights", points=2, needs=TAPE)
class WeightsValue:
    """`log_weights(logits)` is the logarithm of the softmax, also where exp overflows or underflows."""

    inputs = inputs.for_weights_value

    def probe(student, logits, spread):
        large, apart = (student.log_weights(student.Node(a)).value for a in (logits, spread))
        return {"of logits": large, "of spread": apart}

    expected = formulas.of_both(formulas.right_weights)
    rtol, atol = 1e-9, 1e-9
    mistakes = mistakes.WEIGHTS
    hint = (
        "log softmax(a) = b - log(sum(exp(b))) with b = a - max(a): a constant taken from all logits changes nothing, "
        "and the largest exponential is then 1. Chapter 14, section 'Log-sum-exp'."
    )


@check("weights-gradient", part="weights", points=1, needs=TAPE)
class WeightsGradient:
    """`log_weights` is made of the tape's own operations, so that its gradient comes out right.

    (What is pulled back to the logits is `seed` times the Jacobian.)
    """

    def inputs(rng):
        K = int(rng.integers(3, 6))
        return {"logits": np.round(rng.normal(0, 1, K), 2), "seed": np.round(rng.uniform(0.5, 2, K), 2)}

    def probe(student, logits, seed):
        pulled = student.vjp(student.log_weights, [logits], seed)[0]
        return {"log weights": student.log_weights(student.Node(logits)).value, "pulled back": pulled}

    expected = formulas.with_pull(formulas.right_weights)
    rtol, atol = BETWEEN
    mistakes = mistakes.WEIGHTS_GRADIENT
    hint = (
        "The tape differentiates what is computed with nodes. Take the maximum from `logits.value`, but the sum of the "
        "exponentials from the node itself. Chapter 5, section 'The tape'."
    )


# --- Densities ------------------------------------------------------------------------------------------------------


def densities_by_the_student(student, points, means, diagonals, corners):
    return student.log_densities(points, student.Node(means), student.Node(diagonals), student.Node(corners)).value


DENSITY_HINT = (
    "z = (points - means) @ W for each component, with the mean reshaped to (K, 1, d). The log density is the sum of "
    "the component's diagonals (they are logarithms), minus half the sum of z squared, minus (d/2) log(2 pi). "
    "Chapter 12, section 'The log density'."
)


@check("densities-diagonal", part="densities", points=2, needs=TAPE)
class DensitiesDiagonal:
    """`log_densities` is right where the corners are zero, so that the factors are diagonal."""

    inputs = inputs.for_densities_diagonal

    probe = densities_by_the_student
    expected = formulas.right_densities
    rtol, atol = BETWEEN
    mistakes = mistakes.DIAGONAL
    hint = DENSITY_HINT


@check("densities-full", part="densities", points=3, needs=TAPE)
class DensitiesFull:
    """`log_densities` is right for any factors, and its gradient in all three nodes too."""

    inputs = inputs.for_densities_full

    def probe(student, points, means, diagonals, corners, seed):
        def f(*nodes):
            return student.log_densities(points, *nodes)

        value = f(student.Node(means), student.Node(diagonals), student.Node(corners)).value
        pulled = student.vjp(f, [means, diagonals, corners], seed)
        names = ("pulled to the means", "to the diagonals", "to the corners")
        return {"value": value} | dict(zip(names, pulled, strict=True))

    expected = formulas.FULL_RIGHT
    rtol, atol = BETWEEN
    mistakes = mistakes.FULL_WITH_GRADIENT
    hint = DENSITY_HINT


# --- The likelihood -------------------------------------------------------------------------------------------------


def likelihood_by_the_student(student, points, logits, means, diagonals, corners):
    nodes = [student.Node(array) for array in (logits, means, diagonals, corners)]
    return student.log_likelihood(points, *nodes).value


def slope_and_likelihood(student, points, **mixture):
    """Ask for the value, and for the slope that the tape gives along one direction: `formulas.ways`."""
    arrays = list(mixture.values())
    found = student.log_likelihood(points, *map(student.Node, arrays)).value
    if np.shape(found):
        return {"value": found}
    rows = student.vjp(lambda *nodes: student.log_likelihood(points, *nodes), arrays, 1.0)
    ways = [np.cos(np.arange(a.size) + k).reshape(a.shape) for k, a in enumerate(arrays)]
    return {"value": found, "slope by the tape": sum(np.sum(row * way) for row, way in zip(rows, ways, strict=True))}


@check("likelihood-value", part="likelihood", points=2, needs=[*TAPE, "weights", "densities"])
class LikelihoodValue:
    """`log_likelihood` is the sum over the points of the logarithm of the density, and the tape differentiates it."""

    def inputs(rng):
        return until_told_apart(lambda: inputs.some_mixture(rng), formulas.value_and_slope, mistakes.LIKELIHOOD)

    probe = slope_and_likelihood
    expected = formulas.value_and_slope
    rtol, atol = BETWEEN
    mistakes = mistakes.LIKELIHOOD
    hint = (
        "Log weight plus log density, for each component and point. Log-sum-exp over the components gives one number "
        "for each point; add them up. Chapter 16, section 'One function, read twice'."
    )


@check("likelihood-far", part="likelihood", points=1, needs=[*TAPE, "weights", "densities"])
class LikelihoodFar:
    """`log_likelihood` is a number also where all densities of a point are smaller than the smallest float."""

    def inputs(rng):
        given = inputs.some_mixture(rng)
        given["points"][rng.integers(len(given["points"]))] += np.round(rng.choice([-1, 1]) * rng.uniform(400, 900), 1)
        return given

    probe = likelihood_by_the_student
    expected = formulas.right_likelihood
    rtol, atol = 1e-8, 1e-8
    mistakes = mistakes.LIKELIHOOD_FAR
    hint = (
        "For each point take its own largest logarithm out before you exponentiate, and add it after the logarithm: "
        "`joint.value.max(axis=0)`. Chapter 14, section 'Log-sum-exp'."
    )


# --- A step up the hill ---------------------------------------------------------------------------------------------


@check("ascent-value", part="ascent", points=3, needs=[*TAPE, "weights", "densities", "likelihood"])
class Ascent:
    """`ascent_step` adds rate times the gradient of the mean log-likelihood to each of the four arrays."""

    def inputs(rng):
        return until_told_apart(
            lambda: inputs.some_mixture(rng) | {"rate": float(np.round(rng.uniform(0.2, 0.6), 2))},
            formulas.stepped(),
            mistakes.ASCENT_MISTAKES,
        )

    def probe(student, points, logits, means, diagonals, corners, rate):
        return list(unchanged(student.ascent_step, points, [logits, means, diagonals, corners], rate))

    expected = formulas.stepped()
    rtol, atol = BETWEEN
    returns = ("the logits", "the means", "the diagonals", "the corners")
    mistakes = mistakes.ALL_ASCENT
    hint = (
        "vjp(f, parameters, 1.0) gives four gradients, where f takes four nodes and returns the log-likelihood divided "
        "by the number of points. Add rate times each. Chapter 16, section 'The race'."
    )


# --- The other road -------------------------------------------------------------------------------------------------


def as_mixture(logits, means, diagonals, corners):
    """What four arrays mean, whatever constant the logits have and whatever stands above the diagonals."""
    factors = formulas.factors_of(diagonals, corners)
    return {
        "weights": formulas.softmax(logits),
        "means": means,
        "inverse covariances": factors @ np.swapaxes(factors, 1, 2),
    }


@check("em-step", part="em", points=4, needs=[*TAPE, "weights", "densities"])
class EMStep:
    """`em_step` is one E step and one M step, written back in free numbers, also where a point lies far out."""

    inputs = inputs.for_em_step

    def probe(student, points, logits, means, diagonals, corners):
        before = [logits, means, diagonals, corners]
        logits, means, diagonals, corners = unchanged(student.em_step, points, before)
        e = np.exp(logits - np.max(logits))
        W = np.tril(corners, -1) + np.exp(diagonals)[:, :, None] * np.eye(means.shape[1])
        return {"weights": e / e.sum(), "means": means, "inverse covariances": W @ np.swapaxes(W, 1, 2)}

    expected = formulas.right_em
    # An inverse of a covariance of some ten points may lose five digits; 1e-6 more on its diagonal shows in the sixth.
    rtol, atol = 1e-8, 1e-9
    mistakes = mistakes.ALL_EM
    hint = (
        "Responsibilities with each point's sum 1; N_k is their sum over the points. Means and covariances are "
        "averages weighted by them, about the new means. Then W = cholesky(inv(covariance)), its "
        "diagonal as logarithms. "
        "Chapter 14, section 'The general case'."
    )


# --- The race -------------------------------------------------------------------------------------------------------


@check("race-heights", part="race", points=2, needs=[*TAPE, "weights", "densities", "likelihood", "ascent", "em"])
class Race:
    """`race` returns the mean log-likelihoods of both climbers, from the same start."""

    trials = 3

    inputs = inputs.for_race

    def probe(student, points, logits, means, diagonals, corners, rate, iterations):
        start = [logits, means, diagonals, corners]
        gradient, em = unchanged(student.race, points, start, rate, iterations)
        return np.asarray(gradient), np.asarray(em)

    expected = formulas.raced()
    rtol, atol = 1e-5, 1e-7
    returns = ("the heights of the gradient climber", "the heights of EM")
    mistakes = mistakes.RACE
    hint = (
        "For each climber begin with the parameters that were given: note the height, then step and note again, as "
        "often as asked. The height is log_likelihood(...).value divided by the number of points."
    )
