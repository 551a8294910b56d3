"""What the known mistakes of problem set 5 answer."""

import numpy as np

from autograder.checks import Breaks, Mistake, Raises, answering

from .formulas import (
    answers,
    beside,
    cubic,
    cubic_slope,
    divided_by,
    fitted,
    gauss_newton,
    gradients,
    gradients_of_the_answers,
    halved,
    implicit_euler,
    inverse_diagonal,
    iterated,
    least_squares,
    mean_square,
    newtons_path,
    newtons_step,
    on_the_line_too,
    path_of,
    slope_of,
    standard_deviations,
    system_step,
    table,
    trained,
    values,
    with_matrix,
    with_pulls,
    with_slope,
)

# --- Newton's iteration for one unknown, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 ---------------------------------


GIVEN_TO_BE_USED = {
    "not-the-given-derivative": Mistake(
        "the derivative that is given is not used: it has all digits, and no step to choose",
        lambda **given: Breaks("your code never called"),
    )
}


PATHS = {
    "frozen-slope": Mistake(
        "the slope at the start in every step: it still converges, but with order 1",
        path_of(lambda c, x, start: x - cubic(c, x) / cubic_slope(c, start)),
    ),
    "path-plus": Mistake(
        "plus for minus: the step goes away from the zero of the tangent",
        path_of(lambda c, x, start: x + cubic(c, x) / cubic_slope(c, x)),
    ),
    "path-upside-down": Mistake(
        "the quotient is upside down: f is divided by its slope",
        path_of(lambda c, x, start: x - cubic_slope(c, x) / cubic(c, x)),
    ),
    "path-multiplied": Mistake(
        "multiplied by the slope: a steep tangent reaches zero sooner, not later",
        path_of(lambda c, x, start: x - cubic(c, x) * cubic_slope(c, x)),
    ),
    "always-from-start": Mistake(
        "every step is taken from the start: f and its slope belong to the last point",
        path_of(lambda c, x, start: x - cubic(c, start) / cubic_slope(c, start)),
    ),
    "f-at-start": Mistake(
        "f is taken at the start in every step: it belongs to the last point, as its slope does",
        path_of(lambda c, x, start: x - cubic(c, start) / cubic_slope(c, x)),
    ),
    "half-a-step": Mistake(
        "half of the step: it ends where the tangent has come half the way to zero",
        path_of(lambda c, x, start: x - cubic(c, x) / cubic_slope(c, x) / 2),
    ),
    "damped": Mistake(
        "the step is halved where |f| grows: a damped iteration is safer, and is not the path that is asked for",
        path_of(halved),
    ),
    "no-start": Mistake(
        "the start is missing: it is the first point of the path", lambda *given: newtons_path(*given)[1:]
    ),
    "last-point-only": Mistake(
        "the last point alone: asked is the whole path", lambda *given: newtons_path(*given)[-1]
    ),
    "subtracted-first": Mistake(
        "x - f is divided by the slope: only f is, x - f / slope",
        path_of(lambda c, x, start: (x - cubic(c, x)) / cubic_slope(c, x)),
    ),
    "one-step-less": Mistake(
        "a step too few: with the start, the path has steps + 1 points",
        lambda c, start, steps: newtons_path(c, start, steps - 1),
    ),
    "one-step-more": Mistake(
        "a step too many: with the start, the path has steps + 1 points",
        lambda c, start, steps: newtons_path(c, start, steps + 1),
    ),
}


PATH = answering(on_the_line_too, PATHS) | {
    "path-stops": Mistake(
        "the path ends where it has arrived: there is no stopping rule here, it has exactly so many steps",
        lambda c, start, steps: (
            on_the_line_too(newtons_path)(c, start, steps)
            | {"path on the line": newtons_path([*c[:2], 0.0, 0.0], start, 1)}
        ),
    ),
}


NEWTON_PATH = {
    **PATH,
    **GIVEN_TO_BE_USED,
    "list-for-array": Mistake(
        "a list: the points are right, but return them as an array of NumPy",
        on_the_line_too(lambda *given: newtons_path(*given).tolist()),
    ),
}


# --- Newton's iteration for several unknowns, f(x) = A x + b x^2 - c ------------------------------------------------


SYSTEM = {
    "system-plus": Mistake(
        "plus for minus: the right-hand side of the system is -f", system_step(lambda J, f: np.linalg.solve(J, f))
    ),
    "system-transposed": Mistake(
        "the Jacobian is transposed: rows belong to equations, columns to unknowns",
        system_step(lambda J, f: -np.linalg.solve(J.T, f)),
    ),
    "system-multiplied": Mistake("multiplied by the Jacobian: p solves J p = -f", system_step(lambda J, f: -J @ f)),
    "system-diagonal": Mistake(
        "only the diagonal of the Jacobian is used: each equation depends on all unknowns",
        system_step(lambda J, f: -f / np.diag(J)),
    ),
    "entry-by-entry-inverse": Mistake(
        "the Jacobian is inverted entry by entry: the inverse of a matrix is another thing",
        system_step(lambda J, f: -(1 / J) @ f),
    ),
    "system-half-a-step": Mistake(
        "half of the step: it ends where the tangents have come half the way to zero",
        system_step(lambda J, f: -np.linalg.solve(J, f) / 2),
    ),
    "system-by-columns": Mistake(
        "`*` multiplies each column of the inverse by an entry of f, or divides f by each entry: a system is solved",
        lambda A, b, c, x: x - np.linalg.inv(table(A, b, c, x)) * values(A, b, c, x),
    ),
    "system-step-alone": Mistake(
        "the step p alone: the next point is x + p", lambda A, b, c, x: newtons_step(A, b, c, x) - x
    ),
    **GIVEN_TO_BE_USED,
}


# --- Gauss-Newton, on the model b[0] exp(-b[1] t) + b[2] ------------------------------------------------------------


FIT = {
    "fit-plus": Mistake("plus for minus: the right-hand side is -J' r", fitted(lambda J, r: -least_squares(J, r))),
    "gradient-step": Mistake("a gradient step, -J' r: the matrix J' J is missing", fitted(lambda J, r: -J.T @ r)),
    "fit-step-alone": Mistake(
        "the step p alone: the new parameters are b + p", lambda t, measured, b: gauss_newton(t, measured, b) - b
    ),
    "solve-not-square": Mistake(
        "np.linalg.solve wants as many equations as unknowns: for more, solve J' J p = -J' r, or use np.linalg.lstsq",
        lambda t, measured, b: Raises(np.linalg.LinAlgError, "must be square", line=r"solve|inv"),
    ),
    "fit-turned-round": Mistake(
        "J J' has a row and a column for each measurement: J' J has one for each parameter",
        lambda t, measured, b: Raises(
            ValueError,
            ["mismatch in its core dimension", "could not be broadcast"],
            line=r"(\w+) ?@ ?(\1[.]T|np[.]transpose[(]\1[)])",
        ),
    ),
    **GIVEN_TO_BE_USED,
    "fit-diagonal": Mistake(
        "the diagonal of J'J alone: the parameters are fitted as if each were the only one",
        fitted(lambda J, r: -(J.T @ r) / np.sum(J**2, axis=0)),
    ),
    "fit-factor-2": Mistake(
        "a factor 2 too much: the 2 of the gradient and the 2 of the Hessian cancel",
        fitted(lambda J, r: 2 * least_squares(J, r)),
    ),
    "fit-half-a-step": Mistake(
        "half of the step: the 2 of the gradient and the 2 of the Hessian cancel",
        fitted(lambda J, r: least_squares(J, r) / 2),
    ),
}


# --- Standard deviations --------------------------------------------------------------------------------------------


DEVIATION = {
    "over-m": Mistake("divided by m: n parameters have used up n of the m residuals", divided_by(lambda m, n: m)),
    "over-m-minus-1": Mistake("divided by m - 1: that is for one parameter, a mean", divided_by(lambda m, n: m - 1)),
    "root-of-inverse-alone": Mistake(
        "the root is taken of the inverse alone: it is that of s^2 times the inverse",
        lambda r, J: (r @ r) / (len(J) - J.shape[1]) * np.sqrt(inverse_diagonal(J)),
    ),
    "variances": Mistake(
        "the variances: their roots are still to be taken", lambda r, J: standard_deviations(r, J) ** 2
    ),
    "no-scatter": Mistake(
        "the scatter of the measurements is missing: s^2 multiplies the inverse",
        lambda r, J: np.sqrt(inverse_diagonal(J)),
    ),
    "not-inverted": Mistake(
        "J'J is not inverted: a parameter that the data hardly feel has a large deviation",
        lambda r, J: np.sqrt(np.diag(J.T @ J) * (r @ r) / (len(J) - J.shape[1])),
    ),
    "inverse-of-diagonal": Mistake(
        "the inverse of the diagonal in place of the diagonal of the inverse",
        lambda r, J: np.sqrt((r @ r) / (len(J) - J.shape[1]) / np.diag(J.T @ J)),
    ),
}


# --- Implicit Euler, on f(y) = A y - c y^3 --------------------------------------------------------------------------


ONE = {
    "explicit-step": Mistake(
        "the explicit step, y + h f(y), or one fixed-point iteration, which is the same",
        lambda A, c, y, h, iterations: y + h * slope_of(A, c, y),
    ),
    "plus-h-slope": Mistake("I + h f' in place of I - h f'", with_matrix(lambda hJ, identity, h: identity + hJ)),
    "no-identity": Mistake(
        "the identity is missing: the derivative of Y - y - h f(Y) begins with that of Y",
        with_matrix(lambda hJ, identity, h: -hJ),
    ),
    "no-h": Mistake("h is missing in the matrix", with_matrix(lambda hJ, identity, h: identity - hJ / h)),
    "implicit-transposed": Mistake("the Jacobian is transposed", with_matrix(lambda hJ, identity, h: identity - hJ.T)),
    "step-added": Mistake(
        "plus for minus: Newton's iteration subtracts the solution from Y",
        iterated(lambda Y, y, h, f, J: Y + np.linalg.solve(np.eye(len(y)) - h * J(Y), Y - y - h * f(Y))),
    ),
    "side-plus": Mistake(
        "Y - y + h f(Y) is solved for zero: that is a step backwards in time, with the Jacobian of one forwards",
        iterated(lambda Y, y, h, f, J: Y - np.linalg.solve(np.eye(len(y)) - h * J(Y), Y - y + h * f(Y))),
    ),
    "side-without-h": Mistake(
        "h is missing before f(Y): the equation is Y - y - h f(Y) = 0",
        iterated(lambda Y, y, h, f, J: Y - np.linalg.solve(np.eye(len(y)) - h * J(Y), Y - y - f(Y))),
    ),
    "ones-for-identity": Mistake(
        "1 - h f' takes h f' from a matrix of ones: the identity is np.eye(n)",
        with_matrix(lambda hJ, identity, h: 1 - hJ),
    ),
}


MANY = {
    "frozen-jacobian": Mistake(
        "the Jacobian at y in every iteration: it converges more slowly",
        iterated(lambda Y, y, h, f, J: Y - np.linalg.solve(np.eye(len(y)) - h * J(y), Y - y - h * f(Y))),
    ),
    "walks-on": Mistake(
        "a new step at each iteration: Y - y is missing on the right, so that each of them walks on by h",
        iterated(lambda Y, y, h, f, J: Y + np.linalg.solve(np.eye(len(y)) - h * J(Y), h * f(Y))),
    ),
    "fixed-point": Mistake(
        "a fixed-point iteration, Y <- y + h f(Y): it has no Jacobian, and diverges where h f' is large",
        iterated(lambda Y, y, h, f, J: y + h * f(Y)),
    ),
    "f-at-y": Mistake(
        "f is taken at y in every iteration: the equation holds f(Y), at the present Y",
        iterated(lambda Y, y, h, f, J: Y - np.linalg.solve(np.eye(len(y)) - h * J(Y), Y - y - h * f(y))),
    ),
    "one-iteration-more": Mistake(
        "an iteration more than asked for",
        lambda A, c, y, h, iterations: implicit_euler(A, c, y, h, iterations + 1),
    ),
    "one-iteration": Mistake(
        "one iteration, whatever the number asked for", lambda A, c, y, h, iterations: implicit_euler(A, c, y, h, 1)
    ),
}


IMPLICIT_ONE = ONE | GIVEN_TO_BE_USED


EVERY_TIME = ONE | MANY  # what is wrong in one iteration is wrong in many


IMPLICIT_MANY = {
    "y-changed": Mistake(
        "`Y = y` and then `Y -= ...` changes y too: both names mean one array",
        beside(MANY["walks-on"], changed=True),
    ),
    **answering(beside, EVERY_TIME),
    **GIVEN_TO_BE_USED,
}


# --- The network ----------------------------------------------------------------------------------------------------


NETWORKS = {
    "no-bend": Mistake(
        "without the bend: two layers without tanh between them are one",
        lambda W1, b1, W2, b2, X: (X @ W1 + b1) @ W2 + b2,
    ),
    "last-bends": Mistake("the last layer does not bend", lambda **given: np.tanh(answers(**given))),
    "b1-after-bend": Mistake(
        "b1 is added after the bend: it moves the place where tanh bends",
        lambda W1, b1, W2, b2, X: (np.tanh(X @ W1) + b1) @ W2 + b2,
    ),
    "no-biases": Mistake("b1 and b2 are missing", lambda W1, b1, W2, b2, X: np.tanh(X @ W1) @ W2),
}


NETWORK = answering(with_pulls, NETWORKS) | {
    "network-off-tape": Mistake(
        "a node is made of plain numbers (`.value`): the tape has not seen how they were computed, and pulls nothing",
        with_pulls(answers, hidden=("W1", "b1", "W2", "b2")),
    ),
    "layer-off-tape": Mistake(
        "the first layer is computed with `.value`: the tape does not see it, and W1 and b1 never learn",
        with_pulls(answers, hidden=("W1", "b1")),
    ),
    "np-tanh": Mistake(
        "np.tanh knows no nodes: use the method .tanh() of the node",
        lambda **given: Raises(
            TypeError, "'Node' does not support ufuncs", line=r"^(?!.*np[.](matmul|add|multiply)[(]).*tanh"
        ),
    ),
}


LOSSES = {
    "sum-for-mean": Mistake("the sum in place of the mean", lambda found, targets: np.sum((found - targets) ** 2)),
    "over-rows": Mistake(
        "divided by the number of rows: the table has n times m entries",
        lambda found, targets: np.sum((found - targets) ** 2) / len(targets),
    ),
    "half-of-it": Mistake("half of it: no 1/2 was asked for", lambda found, targets: mean_square(found, targets) / 2),
    "square-of-mean": Mistake(
        "the square of the mean in place of the mean of the squares",
        lambda found, targets: np.mean(found - targets) ** 2,
    ),
    "np-mean": Mistake(
        "np.mean takes a node for one number and gives it back: use the method .sum() and divide",
        lambda found, targets: (found - targets) ** 2,
    ),
}


LOSS = answering(with_slope, LOSSES) | {
    "loss-off-tape": Mistake(
        "a node is made of a plain number (`.value`): the tape has not seen how it was computed, and pulls nothing",
        lambda found, targets: with_slope(mean_square)(found, targets) | {"its gradient": np.zeros_like(found)},
    ),
    "np-sum": Mistake(
        "np.sum knows no nodes: use the method .sum() of the node",
        lambda **given: Raises(TypeError, "got an unexpected keyword argument", line=r"np[.]sum"),
    ),
    "no-mean": Mistake(
        "the tape has no method .mean(): use .sum(), and divide",
        lambda **given: Raises(AttributeError, "has no attribute 'mean'"),
    ),
}


TRAINING = {
    "uphill": Mistake("along the gradient: the loss grows. Go against it", trained(lambda w, g, rate: w + rate * g)),
    "no-rate": Mistake("the rate is missing", trained(lambda w, g, rate: w - g)),
    "gradients-alone": Mistake("the gradients alone: asked are the new weights", trained(lambda w, g, rate: g)),
    "weights-changed": Mistake(
        "the given weights are changed in place: w -= ... writes into the caller's array",
        trained(lambda w, g, rate: w - rate * g, afterwards=lambda w, g, rate: w - rate * g),
    ),
    "gradient-of-sum": Mistake(
        "the gradient of the sum of the squares: the loss is their mean",
        trained(
            lambda w, g, rate: w - rate * g,
            gradients=lambda targets, **given: [targets.size * g for g in gradients(targets=targets, **given)],
        ),
    ),
    "gradient-of-answers": Mistake(
        "the gradient of the sum of the answers: the loss is what shall fall",
        trained(lambda w, g, rate: w - rate * g, gradients=gradients_of_the_answers),
    ),
}
