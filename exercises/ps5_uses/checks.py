"""What is right in problem set 5: Newton, Gauss-Newton, implicit Euler, and a small network on a tape.

Iterations are judged step by step and far from convergence, where a frozen slope, a transposed Jacobian and a wrong
factor show in the first digits; at a solution many wrong codes agree. Expected answers are the formulas in plain NumPy.
Shapes differ in every dimension, and Jacobians are not symmetric.
"""

from contextlib import suppress

import numpy as np

from autograder.checks import check

IMPORTS = ("numpy", "matplotlib", "course_lib.autodiff")
SECONDS = 60.0


def tell_apart(right, wrong):
    """Whether all numbers are of moderate size, and each wrong answer of the right shape is off in its first digits."""
    if not np.all(np.isfinite(right)) or np.max(np.abs(right)) > 50:
        return False
    return all(
        isinstance(answer, type | Exception)
        or np.shape(answer) != np.shape(right)
        or np.max(np.abs(answer - right)) > 0.01
        for answer in wrong
    )


def drawn(draw, right, mistakes):
    """Draw inputs until every mistake shows."""
    while True:
        given = draw()
        with np.errstate(all="ignore"), suppress(ZeroDivisionError):
            if tell_apart(right(**given), [mistake(**given) for mistake in mistakes.values()]):
                return given


def numbers(rng, *shape, low=0.5, high=2.0):
    """Draw numbers of either sign, none of them near 0, rounded so that a student can read them."""
    return np.round(rng.uniform(low, high, shape) * rng.choice([-1, 1], shape), 2)


# An honest computation is right to about 1e-12: systems have up to five unknowns and are drawn well-conditioned, and
# numbers are below 50. Every known mistake is off by more than 0.01.
BETWEEN = 1e-8, 1e-8  # rtol, atol


# --- Newton's iteration for one unknown, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 ---------------------------------


def cubic(c, x):
    return c[0] + x * (c[1] + x * (c[2] + x * c[3]))


def cubic_slope(c, x):
    return c[1] + x * (2 * c[2] + x * 3 * c[3])


def path_of(step):
    """Make of a rule ``step(c, x, start)`` the path that it takes."""

    def path(c, start, steps):
        points = [start]
        for _ in range(steps):
            points.append(step(c, points[-1], start))
        return np.array(points)

    return path


newtons_path = path_of(lambda c, x, start: x - cubic(c, x) / cubic_slope(c, x))

PATH_MISTAKES = {
    "the slope at the start in every step: it still converges, but with order 1": path_of(
        lambda c, x, start: x - cubic(c, x) / cubic_slope(c, start)
    ),
    "plus for minus: the step goes away from the zero of the tangent": path_of(
        lambda c, x, start: x + cubic(c, x) / cubic_slope(c, x)
    ),
    "the quotient is upside down: f is divided by its slope": path_of(
        lambda c, x, start: x - cubic_slope(c, x) / cubic(c, x)
    ),
    "multiplied by the slope: a steep tangent reaches zero sooner, not later": path_of(
        lambda c, x, start: x - cubic(c, x) * cubic_slope(c, x)
    ),
    "every step is taken from the start: f and its slope belong to the last point": path_of(
        lambda c, x, start: x - cubic(c, start) / cubic_slope(c, start)
    ),
    "the start is missing: it is the first point of the path": lambda **given: newtons_path(**given)[1:],
    "the last point alone: asked is the whole path": lambda **given: newtons_path(**given)[-1],
}


@check("newton-path", part="newton", points=3)
class NewtonPath:
    """`newton_path(f, slope, start, steps)` is the path of Newton's iteration.

    (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, far from its zeros.)
    """

    def inputs(rng):
        return drawn(
            lambda: {
                "c": numbers(rng, 4, high=3.0).tolist(),
                "start": float(numbers(rng, 1, low=1.2, high=3.0)[0]),
                "steps": int(rng.integers(2, 5)),
            },
            newtons_path,
            PATH_MISTAKES,
        )

    def probe(student, c, start, steps):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        def slope(x):
            return c[1] + 2 * c[2] * x + 3 * c[3] * x**2

        return student.newton_path(f, slope, start, steps)

    expected = newtons_path
    # Each step may magnify rounding where the slope is small: four steps, and numbers below 50.
    rtol, atol = 1e-6, 1e-6
    mistakes = {
        **PATH_MISTAKES,
        "a list: the points are right, but return them as an array of NumPy": lambda **given: newtons_path(
            **given
        ).tolist(),
    }
    hint = (
        "Where is the tangent at the last point zero? f(x) + f'(x) (z - x) = 0, solved for z. The slope belongs to the "
        "last point, not to the first. Chapter 9, section 'Solve: follow the tangent'."
    )


# --- Newton's iteration for several unknowns, f(x) = A x + b x^2 - c ------------------------------------------------


def values(A, b, c, x):
    return A @ x + b * x**2 - c


def table(A, b, c, x):
    return A + np.diag(2 * b * x)


def system_step(step):
    """Make of a rule ``step(J, f)`` the next point that it gives."""
    return lambda A, b, c, x: x + step(table(A, b, c, x), values(A, b, c, x))


newtons_step = system_step(lambda J, f: -np.linalg.solve(J, f))

SYSTEM_MISTAKES = {
    "plus for minus: the right-hand side of the system is -f": system_step(lambda J, f: np.linalg.solve(J, f)),
    "the Jacobian is transposed: rows belong to equations, columns to unknowns": system_step(
        lambda J, f: -np.linalg.solve(J.T, f)
    ),
    "multiplied by the Jacobian: p solves J p = -f": system_step(lambda J, f: -J @ f),
    "only the diagonal of the Jacobian is used: each equation depends on all unknowns": system_step(
        lambda J, f: -f / np.diag(J)
    ),
    "the Jacobian is inverted entry by entry: the inverse of a matrix is another thing": system_step(
        lambda J, f: -(1 / J) @ f
    ),
    "the step p alone: the next point is x + p": lambda A, b, c, x: newtons_step(A, b, c, x) - x,
}


@check("newton-system", part="system", points=3)
class NewtonSystem:
    """`newton_step(f, jacobian, x)` is the next point for n equations. (Tried on f(x) = A x + b x^2 - c.)"""

    def inputs(rng):
        def draw():
            n = int(rng.integers(2, 6))
            A = numbers(rng, n, n) + np.diag(rng.choice([-4.0, 4.0], n))
            return {"A": A, "b": numbers(rng, n), "c": numbers(rng, n), "x": numbers(rng, n)}

        return drawn(draw, newtons_step, SYSTEM_MISTAKES)

    def probe(student, A, b, c, x):
        def f(x):
            return A @ x + b * x**2 - c

        def jacobian(x):
            return A + np.diag(2 * b * x)

        return student.newton_step(f, jacobian, x)

    expected = newtons_step
    rtol, atol = BETWEEN
    mistakes = SYSTEM_MISTAKES
    hint = (
        "One step p makes all tangents zero at once: J p = -f, a system of n linear equations. np.linalg.solve(J, f) "
        "solves one. Chapter 9, section 'Solve: follow the tangent'."
    )


# --- Gauss-Newton, on the model b[0] exp(-b[1] t) + b[2] ------------------------------------------------------------


def residuals_of(t, measured, b):
    return b[0] * np.exp(-b[1] * t) + b[2] - measured


def derivatives_of(t, b):
    return np.stack([np.exp(-b[1] * t), -b[0] * t * np.exp(-b[1] * t), np.ones(len(t))], axis=1)


def fitted(step):
    """Make of a rule ``step(J, r)`` the new parameters that it gives."""
    return lambda t, measured, b: b + step(derivatives_of(t, b), residuals_of(t, measured, b))


def least_squares(J, r):
    return np.linalg.lstsq(J, -r, rcond=None)[0]


gauss_newton = fitted(least_squares)

FIT_MISTAKES = {
    "plus for minus: the right-hand side is -J' r": fitted(lambda J, r: -least_squares(J, r)),
    "a gradient step, -J' r: the matrix J' J is missing": fitted(lambda J, r: -J.T @ r),
    "the step p alone: the new parameters are b + p": lambda t, measured, b: gauss_newton(t, measured, b) - b,
    "np.linalg.solve wants as many equations as unknowns: for more, solve J' J p = -J' r, or use np.linalg.lstsq": (
        lambda t, measured, b: np.linalg.LinAlgError
    ),
    "the diagonal of J'J alone: the parameters are fitted as if each were the only one": fitted(
        lambda J, r: -(J.T @ r) / np.sum(J**2, axis=0)
    ),
    "a factor 2 too much: the 2 of the gradient and the 2 of the Hessian cancel": fitted(
        lambda J, r: 2 * least_squares(J, r)
    ),
}


@check("gauss-newton-step", part="gauss-newton", points=4)
class GaussNewtonStep:
    """`gauss_newton_step(residuals, jacobian, b)` makes the tangent of the residuals smallest.

    (Tried on the model b[0] exp(-b[1] t) + b[2], far from the best fit.)
    """

    def inputs(rng):
        def draw():
            t = np.round(np.sort(rng.uniform(0.1, 4.0, int(rng.integers(6, 10)))), 2)
            true = rng.uniform([1.5, 0.4, 0.3], [3.0, 1.2, 1.0])
            measured = np.round(residuals_of(t, 0.0, true) + rng.normal(0, 0.1, len(t)), 2)
            return {"t": t, "measured": measured, "b": np.round(true * rng.uniform(0.6, 1.5, 3), 2)}

        return drawn(draw, gauss_newton, FIT_MISTAKES)

    def probe(student, t, measured, b):
        def residuals(b):
            return b[0] * np.exp(-b[1] * t) + b[2] - measured

        def jacobian(b):
            return np.stack([np.exp(-b[1] * t), -b[0] * t * np.exp(-b[1] * t), np.ones(len(t))], axis=1)

        return student.gauss_newton_step(residuals, jacobian, b)

    expected = gauss_newton
    rtol, atol = 1e-7, 1e-7  # J' J has the square of J's condition number, which is below 100 or so here: 1e4 eps 50
    mistakes = FIT_MISTAKES
    hint = (
        "Replace the residuals by their tangent, r + J p, and find the p that makes it smallest: J' J p = -J' r, or "
        "np.linalg.lstsq(J, -r)[0]. Chapter 9, section 'Fit: inverse problems'."
    )


# --- Standard deviations --------------------------------------------------------------------------------------------


def inverse_diagonal(J):
    return np.diag(np.linalg.inv(J.T @ J))


def standard_deviations(r, J):
    return np.sqrt(inverse_diagonal(J) * (r @ r) / (len(J) - J.shape[1]))


def divided_by(freedom):
    return lambda r, J: np.sqrt(inverse_diagonal(J) * (r @ r) / freedom(*J.shape))


DEVIATION_MISTAKES = {
    "divided by m: n parameters have used up n of the m residuals": divided_by(lambda m, n: m),
    "divided by m - 1: that is for one parameter, a mean": divided_by(lambda m, n: m - 1),
    "the root is taken of the inverse alone: it is that of s^2 times the inverse": lambda r, J: (
        (r @ r) / (len(J) - J.shape[1]) * np.sqrt(inverse_diagonal(J))
    ),
    "the variances: their roots are still to be taken": lambda r, J: standard_deviations(r, J) ** 2,
    "the scatter of the measurements is missing: s^2 multiplies the inverse": lambda r, J: np.sqrt(inverse_diagonal(J)),
    "J'J is not inverted: a parameter that the data hardly feel has a large deviation": lambda r, J: np.sqrt(
        np.diag(J.T @ J) * (r @ r) / (len(J) - J.shape[1])
    ),
    "the inverse of the diagonal in place of the diagonal of the inverse": lambda r, J: np.sqrt(
        (r @ r) / (len(J) - J.shape[1]) / np.diag(J.T @ J)
    ),
}


@check("standard-deviations", part="deviations", points=3)
class StandardDeviations:
    """`deviations(r, J)` are the standard deviations of the fitted parameters."""

    def inputs(rng):
        def draw():
            n = int(rng.integers(2, 5))
            m = n + int(rng.integers(3, 7))
            common = numbers(rng, m, 1)  # columns that resemble one another, as parameters that pull alike
            return {"r": numbers(rng, m), "J": np.round(0.6 * common + numbers(rng, m, n), 2)}

        return drawn(draw, standard_deviations, DEVIATION_MISTAKES)

    def probe(student, r, J):
        return student.deviations(r, J)

    expected = standard_deviations
    rtol, atol = BETWEEN
    mistakes = DEVIATION_MISTAKES
    hint = (
        "Three things in this order: s^2, from the residuals and m - n; the inverse of J' J; the roots of the diagonal "
        "of their product. Chapter 9, section 'Fit: inverse problems'."
    )


# --- Implicit Euler, on f(y) = A y - c y^3 --------------------------------------------------------------------------


def slope_of(A, c, y):
    return A @ y - c * y**3


def slopes_of(A, c, y):
    return A - np.diag(3 * c * y**2)


def iterated(update):
    """Make of a rule ``update(Y, y, h, f, J)`` with functions f and J the answer after some iterations."""

    def answer(A, c, y, h, iterations):
        Y = y
        for _ in range(iterations):
            Y = update(Y, y, h, lambda z: slope_of(A, c, z), lambda z: slopes_of(A, c, z))
        return Y

    return answer


def with_matrix(matrix):
    """Make the mistake that solves with another matrix, ``matrix(h J, I, h)``."""
    return iterated(lambda Y, y, h, f, J: Y - np.linalg.solve(matrix(h * J(Y), np.eye(len(y)), h), Y - y - h * f(Y)))


implicit_euler = with_matrix(lambda hJ, identity, h: identity - hJ)

ONE_MISTAKES = {
    "the explicit step, y + h f(y), or one fixed-point iteration, which is the same": (
        lambda A, c, y, h, iterations: y + h * slope_of(A, c, y)
    ),
    "I + h f' in place of I - h f'": with_matrix(lambda hJ, identity, h: identity + hJ),
    "the identity is missing: the derivative of Y - y - h f(Y) begins with that of Y": with_matrix(
        lambda hJ, identity, h: -hJ
    ),
    "h is missing in the matrix": with_matrix(lambda hJ, identity, h: identity - hJ / h),
    "the Jacobian is transposed": with_matrix(lambda hJ, identity, h: identity - hJ.T),
    "1 - h f' takes h f' from a matrix of ones: the identity is np.eye(n)": with_matrix(lambda hJ, identity, h: 1 - hJ),
}
MANY_MISTAKES = {
    "the Jacobian at y in every iteration: it converges more slowly": iterated(
        lambda Y, y, h, f, J: Y - np.linalg.solve(np.eye(len(y)) - h * J(y), Y - y - h * f(Y))
    ),
    "a new step at each iteration: Y - y is missing on the right, so that each of them walks on by h": iterated(
        lambda Y, y, h, f, J: Y + np.linalg.solve(np.eye(len(y)) - h * J(Y), h * f(Y))
    ),
    "a fixed-point iteration, Y <- y + h f(Y): it has no Jacobian, and diverges where h f' is large": iterated(
        lambda Y, y, h, f, J: y + h * f(Y)
    ),
    "one iteration, whatever the number asked for": lambda A, c, y, h, iterations: implicit_euler(A, c, y, h, 1),
}


def beside(formula, changed=False):
    """Make of a formula for Y the answer that also tells what has become of the caller's y."""

    def answer(A, c, y, h, iterations):
        Y = formula(A, c, y, h, iterations)
        return {"Y": Y, "the caller's y afterwards": Y if changed else y}

    return answer


WALKS = next(formula for words, formula in MANY_MISTAKES.items() if words.startswith("a new step"))


def some_stiff_step(rng, iterations, mistakes):
    def draw():
        n = int(rng.integers(2, 5))
        A = numbers(rng, n, n) - np.diag(rng.uniform(2, 8, n).round(2))
        h = float(np.round(rng.uniform(0.2, 0.6), 2))
        return {
            "A": A,
            "c": np.abs(numbers(rng, n)),
            "y": numbers(rng, n, low=0.8, high=2.5),
            "h": h,
            "iterations": iterations,
        }

    return drawn(draw, implicit_euler, mistakes)


IMPLICIT_HINT = (
    "Write the equation with zero on one side, Y - y - h f(Y) = 0. Newton's iteration needs two things at the present "
    "Y: the value of the left side, and its Jacobian I - h f'(Y). The y of the equation stays what it was. "
    "Chapter 10, section 'Integrate: stiff equations'."
)


@check("implicit-one", part="implicit", points=2)
class ImplicitOne:
    """`implicit_step(f, jacobian, y, h, 1)` makes one Newton iteration from Y = y. (Tried on f(y) = A y - c y^3.)"""

    def inputs(rng):
        return some_stiff_step(rng, 1, ONE_MISTAKES)

    def probe(student, A, c, y, h, iterations):
        def f(y):
            return A @ y - c * y**3

        def jacobian(y):
            return A - np.diag(3 * c * y**2)

        return student.implicit_step(f, jacobian, y, h, iterations)

    expected = implicit_euler
    rtol, atol = BETWEEN
    mistakes = ONE_MISTAKES
    hint = IMPLICIT_HINT


@check("implicit-many", part="implicit", points=3)
class ImplicitMany:
    """`implicit_step` makes as many Newton iterations as asked, with a fresh Jacobian in each. (f(y) = A y - c y^3.)"""

    def inputs(rng):
        return some_stiff_step(rng, int(rng.integers(2, 4)), MANY_MISTAKES)

    def probe(student, A, c, y, h, iterations):
        def f(y):
            return A @ y - c * y**3

        def jacobian(y):
            return A - np.diag(3 * c * y**2)

        return {"Y": student.implicit_step(f, jacobian, y, h, iterations), "the caller's y afterwards": y}

    expected = beside(implicit_euler)
    rtol, atol = BETWEEN
    mistakes = {
        "`Y = y` and then `Y -= ...` changes y too: both names mean one array": beside(WALKS, changed=True),
        **{words: beside(formula) for words, formula in MANY_MISTAKES.items()},
    }
    hint = IMPLICIT_HINT


# --- The network ----------------------------------------------------------------------------------------------------


def some_weights(rng, d, k, m):
    return [0.6 * numbers(rng, d, k), numbers(rng, k), numbers(rng, k, m), numbers(rng, m)]


def some_network(rng):
    """Draw a network and its inputs; four different sizes, so that nothing fits when it is turned round."""
    n, d, k, m = rng.choice([[5, 3, 4, 2], [6, 2, 5, 3], [3, 4, 2, 5], [4, 3, 2, 6]])
    W1, b1, W2, b2 = some_weights(rng, d, k, m)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "X": numbers(rng, n, d)}


def answers(W1, b1, W2, b2, X):
    return np.tanh(X @ W1 + b1) @ W2 + b2


NETWORK_MISTAKES = {
    "without the bend: two layers without tanh between them are one": lambda W1, b1, W2, b2, X: (X @ W1 + b1) @ W2 + b2,
    "the last layer does not bend": lambda **given: np.tanh(answers(**given)),
    "b1 is added after the bend: it moves the place where tanh bends": lambda W1, b1, W2, b2, X: (
        (np.tanh(X @ W1) + b1) @ W2 + b2
    ),
    "b1 and b2 are missing": lambda W1, b1, W2, b2, X: np.tanh(X @ W1) @ W2,
    "np.tanh knows no nodes: use the method .tanh() of the node": lambda **given: TypeError("does not support ufuncs"),
}


@check("network-answers", part="network", points=3, needs=["own-tape"])
class NetworkAnswers:
    """`network(W1, b1, W2, b2, X)` is tanh(X W1 + b1) W2 + b2, as a node."""

    def inputs(rng):
        return drawn(lambda: some_network(rng), answers, NETWORK_MISTAKES)

    def probe(student, W1, b1, W2, b2, X):
        node = student.network(student.Node(W1), student.Node(b1), student.Node(W2), student.Node(b2), X)
        return node.value

    expected = answers
    rtol, atol = BETWEEN
    mistakes = NETWORK_MISTAKES
    hint = (
        "Mix: X @ W1 + b1. Bend every number of that. Mix again, and do not bend. "
        "Chapter 10, section 'Train: a network is a function of its weights'."
    )


def mean_square(found, targets):
    return np.mean((found - targets) ** 2)


LOSS_MISTAKES = {
    "the sum in place of the mean": lambda found, targets: np.sum((found - targets) ** 2),
    "divided by the number of rows: the table has n times m entries": lambda found, targets: (
        np.sum((found - targets) ** 2) / len(targets)
    ),
    "half of it: no 1/2 was asked for": lambda found, targets: mean_square(found, targets) / 2,
    "the square of the mean in place of the mean of the squares": lambda found, targets: np.mean(found - targets) ** 2,
    "np.mean takes a node for one number and gives it back: use the method .sum() and divide": lambda found, targets: (
        (found - targets) ** 2
    ),
    "np.sum knows no nodes: use the method .sum() of the node": lambda **given: TypeError,
    "the tape has no method .mean(): use .sum(), and divide": lambda **given: AttributeError,
}


@check("mean-squared-loss", part="loss", points=1, needs=["own-tape"])
class MeanSquaredLoss:
    """`loss(answers, targets)` is the mean of the squared differences, as a node."""

    def inputs(rng):
        n, m = rng.choice([[4, 3], [2, 5], [6, 2]])
        return drawn(lambda: {"found": numbers(rng, n, m), "targets": numbers(rng, n, m)}, mean_square, LOSS_MISTAKES)

    def probe(student, found, targets):
        return student.loss(student.Node(found), targets).value

    expected = mean_square
    rtol, atol = BETWEEN
    mistakes = LOSS_MISTAKES
    hint = (
        "Square the differences, add all of them, divide by how many there are. "
        "Chapter 10, section 'Train: a network is a function of its weights'."
    )


def gradients(W1, b1, W2, b2, X, targets):
    """Backpropagation by hand."""
    H = np.tanh(X @ W1 + b1)
    out = 2 * (H @ W2 + b2 - targets) / targets.size
    inside = (out @ W2.T) * (1 - H**2)
    return [X.T @ inside, inside.sum(axis=0), H.T @ out, out.sum(axis=0)]


def gradients_of_the_answers(W1, b1, W2, b2, X, targets):
    H = np.tanh(X @ W1 + b1)
    out = np.ones(targets.shape)
    inside = (out @ W2.T) * (1 - H**2)
    return [X.T @ inside, inside.sum(axis=0), H.T @ out, out.sum(axis=0)]


def trained(new, afterwards=lambda w, g, rate: w, gradients=gradients):
    """Make of a rule ``new(w, g, rate)`` for each array of weights the answer of the probe below."""

    def answer(rate, X, targets, **weights):
        steps = zip(weights.values(), gradients(**weights, X=X, targets=targets), strict=True)
        steps = [(new(w, g, rate), afterwards(w, g, rate)) for w, g in steps]
        return {"new weights": [w for w, _ in steps], "the given weights afterwards": [w for _, w in steps]}

    return answer


descent = trained(lambda w, g, rate: w - rate * g)

TRAINING_MISTAKES = {
    "along the gradient: the loss grows. Go against it": trained(lambda w, g, rate: w + rate * g),
    "the rate is missing": trained(lambda w, g, rate: w - g),
    "the gradients alone: asked are the new weights": trained(lambda w, g, rate: g),
    "the given weights are changed in place: w -= ... writes into the caller's array": trained(
        lambda w, g, rate: w - rate * g, afterwards=lambda w, g, rate: w - rate * g
    ),
    "the gradient of the sum of the answers: the loss is what shall fall": trained(
        lambda w, g, rate: w - rate * g, gradients=gradients_of_the_answers
    ),
}


@check("training-step", part="training", points=3, needs=["own-tape", "network", "loss"])
class TrainingStep:
    """`training_step(weights, X, targets, rate)` goes against the gradient of the loss in all four weights."""

    def inputs(rng):
        given = some_network(rng)
        targets = numbers(rng, len(given["X"]), len(given["b2"]))
        return given | {"targets": targets, "rate": float(np.round(rng.uniform(0.2, 0.7), 2))}

    def probe(student, W1, b1, W2, b2, X, targets, rate):
        weights = [W1, b1, W2, b2]
        new = student.training_step(weights, X, targets, rate)
        return {"new weights": [np.asarray(w) for w in new], "the given weights afterwards": weights}

    expected = descent
    rtol, atol = BETWEEN
    mistakes = TRAINING_MISTAKES
    hint = (
        "vjp(f, weights, 1.0) returns one gradient for each of the four arrays, where f takes four nodes and returns "
        "the loss as a node. Each new array is the old one minus the rate times its gradient. "
        "Chapter 10, section 'Train: a network is a function of its weights'."
    )
