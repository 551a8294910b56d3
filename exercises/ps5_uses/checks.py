"""What is right in problem set 5: Newton, Gauss-Newton, implicit Euler, and a small network on a tape.

Iterations are judged step by step and far from convergence, where a frozen slope, a transposed Jacobian and a wrong
factor show in the first digits; at a solution many wrong codes agree. Expected answers are the formulas in plain NumPy.
Shapes differ in every dimension, and Jacobians are not symmetric.
"""

import numpy as np

from autograder.checks import called, check, promised, unchanged
from autograder.drawing import numbers, until_told_apart

from . import backwards, formulas, inputs, mistakes

IMPORTS = ("numpy", "matplotlib", "course_lib.autodiff")
SECONDS = 60.0
OPEN = True

# An honest computation is right to about 1e-12: systems have up to five unknowns and are drawn well-conditioned, and
# numbers are below 50. Every known mistake is off by more than 0.01.
BETWEEN = 1e-8, 1e-8  # rtol, atol


# --- Newton's iteration for one unknown, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 ---------------------------------


@check("newton-path", part="newton", points=2)
class NewtonPath:
    """`newton_path(f, slope, start, steps)` is the path of Newton's iteration, exactly so many steps long.

    (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, far from its zeros, and on the line c[0] + c[1] x.)
    """

    inputs = inputs.for_newton_path

    def probe(student, c, start, steps):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        def slope(x):
            return c[1] + 2 * c[2] * x + 3 * c[3] * x**2

        slope = called(slope)
        path = student.newton_path(f, slope, start, steps)
        slope.at_least(1)
        line = student.newton_path(lambda x: c[0] + c[1] * x, lambda x: c[1], start, steps)
        return {"path": path, "path on the line": line}

    expected = formulas.on_the_line_too(formulas.newtons_path)
    # Each step may magnify rounding where the slope is small: four steps, and numbers below 50.
    rtol, atol = 1e-6, 1e-6
    array = True
    mistakes = mistakes.NEWTON_PATH
    hint = (
        "Where is the tangent at the last point zero? f(x) + f'(x) (z - x) = 0, solved for z. The slope belongs to the "
        "last point, not to the first. Chapter 9, section 'Solve: follow the tangent'."
    )


# --- Newton's iteration for several unknowns, f(x) = A x + b x^2 - c ------------------------------------------------


@check("newton-system", part="system", points=2)
class NewtonSystem:
    """`newton_step(f, jacobian, x)` is the next point for n equations. (Tried on f(x) = A x + b x^2 - c.)"""

    inputs = inputs.for_newton_system

    def probe(student, A, b, c, x):
        def f(x):
            return A @ x + b * x**2 - c

        def jacobian(x):
            return A + np.diag(2 * b * x)

        jacobian = called(jacobian)
        new = unchanged(student.newton_step, f, jacobian, x)
        jacobian.at_least(1)
        return new

    expected = formulas.newtons_step
    rtol, atol = BETWEEN
    mistakes = mistakes.SYSTEM
    hint = (
        "One step p makes all tangents zero at once: J p = -f, a system of n linear equations. np.linalg.solve(J, f) "
        "solves one. Chapter 9, section 'Solve: follow the tangent'."
    )


# --- Gauss-Newton, on the model b[0] exp(-b[1] t) + b[2] ------------------------------------------------------------


@check("gauss-newton-step", part="gauss-newton", points=3)
class GaussNewtonStep:
    """`gauss_newton_step(residuals, jacobian, b)` makes the tangent of the residuals smallest.

    (Tried on the model b[0] exp(-b[1] t) + b[2], far from the best fit.)
    """

    inputs = inputs.for_gauss_newton_step

    def probe(student, t, measured, b):
        def residuals(b):
            return b[0] * np.exp(-b[1] * t) + b[2] - measured

        def jacobian(b):
            return np.stack([np.exp(-b[1] * t), -b[0] * t * np.exp(-b[1] * t), np.ones(len(t))], axis=1)

        jacobian = called(jacobian)
        new = unchanged(student.gauss_newton_step, residuals, jacobian, b)
        jacobian.at_least(1)
        return new

    expected = formulas.gauss_newton
    rtol, atol = 1e-7, 1e-7  # J' J has the square of J's condition number, which is below 100 or so here: 1e4 eps 50
    mistakes = mistakes.FIT
    hint = (
        "Replace the residuals by their tangent, r + J p, and find the p that makes it smallest: J' J p = -J' r, or "
        "np.linalg.lstsq(J, -r)[0]. Chapter 9, section 'Fit: inverse problems'."
    )


# --- Standard deviations --------------------------------------------------------------------------------------------


@check("standard-deviations", part="deviations", points=2)
class StandardDeviations:
    """`deviations(r, J)` are the standard deviations of the fitted parameters."""

    inputs = inputs.for_standard_deviations

    def probe(student, r, J):
        return unchanged(student.deviations, r, J)

    expected = formulas.standard_deviations
    rtol, atol = BETWEEN
    mistakes = mistakes.DEVIATION
    hint = (
        "Three things in this order: s^2, from the residuals and m - n; the inverse of J' J; the roots of the diagonal "
        "of their product. Chapter 9, section 'Fit: inverse problems'."
    )


# --- Implicit Euler, on f(y) = A y - c y^3 --------------------------------------------------------------------------


IMPLICIT_HINT = (
    "Write the equation with zero on one side, Y - y - h f(Y) = 0. Newton's iteration needs two things at the present "
    "Y: the value of the left side, and its Jacobian I - h f'(Y). The y of the equation stays what it was. "
    "Chapter 10, section 'Integrate: stiff equations'."
)


@check("implicit-one", part="implicit", points=1)
class ImplicitOne:
    """`implicit_step(f, jacobian, y, h, 1)` makes one Newton iteration from Y = y. (Tried on f(y) = A y - c y^3.)"""

    def inputs(rng):
        return inputs.some_stiff_step(rng, 1, mistakes.ONE)

    def probe(student, A, c, y, h, iterations):
        def f(y):
            return A @ y - c * y**3

        def jacobian(y):
            return A - np.diag(3 * c * y**2)

        jacobian = called(jacobian)
        Y = student.implicit_step(f, jacobian, y, h, iterations)
        jacobian.at_least(1)
        return Y

    expected = formulas.implicit_euler
    rtol, atol = BETWEEN
    mistakes = mistakes.IMPLICIT_ONE
    hint = IMPLICIT_HINT


@check("implicit-many", part="implicit", points=2)
class ImplicitMany:
    """`implicit_step` makes as many Newton iterations as asked, with a fresh Jacobian in each. (f(y) = A y - c y^3.)"""

    def inputs(rng):
        return inputs.some_stiff_step(rng, int(rng.integers(2, 4)), mistakes.EVERY_TIME)

    def probe(student, A, c, y, h, iterations):
        def f(y):
            return A @ y - c * y**3

        def jacobian(y):
            return A - np.diag(3 * c * y**2)

        jacobian = called(jacobian)
        Y = student.implicit_step(f, jacobian, y, h, iterations)
        jacobian.at_least(iterations)
        answer = {"Y": Y, "the caller's y afterwards": y}
        straight = called(lambda Y: -np.eye(len(Y)))  # one iteration arrives: whoever stops there has made two
        student.implicit_step(lambda Y: -Y, straight, y.copy(), h, 5)
        promised(
            straight.calls >= 5,
            f"asked for 5 iterations on f(y) = -y, your function takes the Jacobian {straight.calls} times: it stops "
            "when it has arrived, and there is no stopping rule here.",
        )
        return answer

    expected = formulas.beside(formulas.implicit_euler)
    rtol, atol = BETWEEN
    mistakes = mistakes.IMPLICIT_MANY
    hint = IMPLICIT_HINT


SlopeOfASolution = backwards.SlopeOfASolution
AdjointOfAPath = backwards.AdjointOfAPath


# --- The network ----------------------------------------------------------------------------------------------------


@check("network-answers", part="network", points=2, needs=["own-tape"])
class NetworkAnswers:
    """`network(W1, b1, W2, b2, X)` is tanh(X W1 + b1) W2 + b2, as a node, and can be differentiated.

    (What is pulled back to the weights is `seed` times the Jacobian.)
    """

    inputs = inputs.for_network

    def probe(student, W1, b1, W2, b2, X, seed):
        weights = [W1, b1, W2, b2]
        answers = student.network(*map(student.Node, weights), X).value
        pulled = student.vjp(lambda *nodes: student.network(*nodes, X), weights, seed)
        names = ("pulled back to W1", "to b1", "to W2", "to b2")
        return {"answers": answers} | dict(zip(names, map(np.asarray, pulled), strict=True))

    expected = formulas.with_pulls(formulas.answers)
    rtol, atol = BETWEEN
    mistakes = mistakes.NETWORK
    hint = (
        "Mix: X @ W1 + b1. Bend every number of that. Mix again, and do not bend. "
        "Chapter 10, section 'Train: a network is a function of its weights'."
    )


@check("mean-squared-loss", part="loss", points=1, needs=["own-tape"])
class MeanSquaredLoss:
    """`loss(answers, targets)` is the mean of the squared differences, as a node, and can be differentiated."""

    def inputs(rng):
        n, m = rng.choice([[4, 3], [2, 5], [6, 2]])
        return until_told_apart(
            lambda: {"found": numbers(rng, n, m), "targets": numbers(rng, n, m)},
            formulas.with_slope(formulas.mean_square),
            mistakes.LOSS,
        )

    def probe(student, found, targets):
        value = student.loss(student.Node(found), targets).value
        if np.shape(value):
            return value
        (pulled,) = student.vjp(lambda node: student.loss(node, targets), [found], 1.0)
        return {"loss": value, "its gradient": np.asarray(pulled)}

    expected = formulas.with_slope(formulas.mean_square)
    rtol, atol = BETWEEN
    mistakes = mistakes.LOSS
    hint = (
        "Square the differences, add all of them, divide by how many there are. "
        "Chapter 10, section 'Train: a network is a function of its weights'."
    )


descent = formulas.trained(lambda w, g, rate: w - rate * g)


@check("training-step", part="training", points=2, needs=["own-tape", "network", "loss"])
class TrainingStep:
    """`training_step(weights, X, targets, rate)` goes against the gradient of the loss in all four weights."""

    def inputs(rng):
        given = inputs.some_network(rng)
        targets = numbers(rng, len(given["X"]), len(given["b2"]))
        return given | {"targets": targets, "rate": float(np.round(rng.uniform(0.2, 0.7), 2))}

    def probe(student, W1, b1, W2, b2, X, targets, rate):
        weights = [W1, b1, W2, b2]
        new = student.training_step(weights, X, targets, rate)
        first = [np.array(w) for w in new]
        answer = {"new weights": first, "the given weights afterwards": [np.array(w) for w in weights]}
        again = student.training_step(weights, X, targets, rate)
        promised(
            all(np.shape(a) == w.shape and np.allclose(a, w) for a, w in zip(again, first, strict=False)),
            "asked for the same step a second time, your function returns other weights: it keeps something of the "
            "first call. The gradient at these weights is all that a step needs.",
        )
        return answer

    expected = descent
    rtol, atol = BETWEEN
    mistakes = mistakes.TRAINING
    hint = (
        "vjp(f, weights, 1.0) returns one gradient for each of the four arrays, where f takes four nodes and returns "
        "the loss as a node. Each new array is the old one minus the rate times its gradient. "
        "Chapter 10, section 'Train: a network is a function of its weights'."
    )


# --- A loss that does not overflow, and a checker -------------------------------------------------------------------


SoftmaxLoss = backwards.SoftmaxLoss
ThreeFaults = backwards.ThreeFaults
