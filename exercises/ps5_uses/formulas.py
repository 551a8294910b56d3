"""The formulas of problem set 5 in plain NumPy, with a place for each slip."""

import numpy as np

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


def on_the_line_too(path):
    """Make of a path the answer of the probe, which also asks for the path on a line, where one step arrives."""

    def answer(c, start, steps):
        return {"path": path(c, start, steps), "path on the line": path([*c[:2], 0.0, 0.0], start, steps)}

    return answer


def halved(c, x, start):
    """The step of a damped iteration, which is halved for as long as it leads farther from zero."""
    step = cubic(c, x) / cubic_slope(c, x)
    for _ in range(60):
        if not abs(cubic(c, x - step)) > abs(cubic(c, x)):
            break
        step /= 2
    return x - step


newtons_path = path_of(lambda c, x, start: x - cubic(c, x) / cubic_slope(c, x))


# --- Newton's iteration for several unknowns, f(x) = A x + b x^2 - c ------------------------------------------------


def values(A, b, c, x):
    return A @ x + b * x**2 - c


def table(A, b, c, x):
    return A + np.diag(2 * b * x)


def system_step(step):
    """Make of a rule ``step(J, f)`` the next point that it gives."""
    return lambda A, b, c, x: x + step(table(A, b, c, x), values(A, b, c, x))


newtons_step = system_step(lambda J, f: -np.linalg.solve(J, f))


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


# --- Standard deviations --------------------------------------------------------------------------------------------


def inverse_diagonal(J):
    return np.diag(np.linalg.inv(J.T @ J))


def standard_deviations(r, J):
    return np.sqrt(inverse_diagonal(J) * (r @ r) / (len(J) - J.shape[1]))


def divided_by(freedom):
    return lambda r, J: np.sqrt(inverse_diagonal(J) * (r @ r) / freedom(*J.shape))


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


def beside(formula, changed=False):
    """Make of a formula for Y the answer that also tells what has become of the caller's y."""

    def answer(A, c, y, h, iterations):
        Y = formula(A, c, y, h, iterations)
        return {"Y": Y, "the caller's y afterwards": Y if changed else y}

    return answer


# --- The network ----------------------------------------------------------------------------------------------------


def answers(W1, b1, W2, b2, X):
    return np.tanh(X @ W1 + b1) @ W2 + b2


def complex_steps(f, array):
    """The derivatives of a number f(array) in all entries of the array, without any tape."""
    found = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        moved = array.astype(complex)
        moved[index] += 1e-30j
        found[index] = np.imag(f(moved)) / 1e-30
    return found


def with_pulls(network, hidden=()):
    """Make of a network the answer of the probe; `hidden` are the weights of which the tape knows nothing."""

    def answer(X, seed, **weights):
        def pulled(name):
            if name in hidden:
                return np.zeros_like(weights[name])
            return complex_steps(lambda w: np.sum(seed * network(X=X, **(weights | {name: w}))), weights[name])

        names = ("pulled back to W1", "to b1", "to W2", "to b2")
        return {"answers": network(X=X, **weights)} | {n: pulled(w) for n, w in zip(names, weights, strict=True)}

    return answer


def with_slope(loss):
    """Make of a loss the answer of the probe, which also asks for its gradient."""

    def answer(found, targets):
        value = loss(found, targets)
        if np.shape(value):
            return value
        return {"loss": value, "its gradient": complex_steps(lambda moved: loss(moved, targets), found)}

    return answer


def mean_square(found, targets):
    return np.mean((found - targets) ** 2)


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
