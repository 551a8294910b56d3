"""Derivatives of what was solved, and who checks them: implicitly, backwards in time, of a softmax, and three faults.

The checks stand here with all that they need, and `checks.py` names them in their places.
"""

import numpy as np

from autograder.checks import Mistake, called, check, integers, unchanged
from autograder.drawing import general_numbers, numbers, until_told_apart

BETWEEN = 1e-8, 1e-8

# --- The slope of a solution: x(a) with x^3 + p x = q a + a^2 --------------------------------------------------------


def root_of(p, q, a):
    """Return the one real root, by Newton's iteration from a point above it."""
    x = 1 + abs(q * a + a * a)
    for _ in range(100):
        x -= (x**3 + p * x - q * a - a * a) / (3 * x * x + p)
    return x


def solved(slope=lambda x, p, q, a, start: (q + 2 * a) / (3 * x * x + p)):
    """Make the answer of the probe, with this slope of the solution."""

    def answer(p, q, a, start):
        x = root_of(p, q, a)
        return (x, slope(x, p, q, a, start))

    return answer


SOLVED = {
    "implicit-sign": Mistake(
        "the minus is missing: f_x dx + f_a da = 0, so that dx/da = -f_a / f_x",
        solved(lambda x, p, q, a, start: -(q + 2 * a) / (3 * x * x + p)),
    ),
    "implicit-upside-down": Mistake(
        "f_x is divided by f_a: it is the other way round",
        solved(lambda x, p, q, a, start: (3 * x * x + p) / (q + 2 * a)),
    ),
    "implicit-at-start": Mistake(
        "the partial derivatives are taken at the start, where f is not zero: take them at the solution",
        solved(lambda x, p, q, a, start: (q + 2 * a) / (3 * start * start + p)),
    ),
    "explicit-part-alone": Mistake(
        "f_a alone is the slope of f at a fixed x: the solution moves, too",
        solved(lambda x, p, q, a, start: -(q + 2 * a)),
    ),
}


@check("slope-of-a-solution", part="implicit-slope", points=2, needs=["newton"])
class SlopeOfASolution:
    """`solution_and_slope(f, f_x, f_a, a, start)` is the x with f(x, a) = 0, and dx/da by the equation itself.

    (Tried on f(x, a) = x^3 + p x - q a - a^2.)
    """

    def inputs(rng):
        def draw():
            p, q, a, start = (float(n) for n in general_numbers(rng, 4, low=1.1, high=2.9, signs=[1]))
            return {"p": p, "q": q, "a": a, "start": start}

        return until_told_apart(draw, solved(), SOLVED)

    def probe(student, p, q, a, start):
        f_a = called(lambda x, a: -q - 2 * a)
        found = student.solution_and_slope(
            lambda x, a: x**3 + p * x - q * a - a * a, lambda x, a: 3 * x * x + p, f_a, a, start
        )
        f_a.at_least(1)
        x, slope = found
        return (float(x), float(slope))

    expected = solved()
    rtol, atol = BETWEEN
    returns = ("the solution", "its slope")
    mistakes = SOLVED
    hint = (
        "Move a by da: x moves by dx so that f stays 0, f_x dx + f_a da = 0. Both partial derivatives belong to the "
        "solution. Chapter 10, section 'Iterate: the derivative of a solver'."
    )


# --- Backwards through implicit Euler --------------------------------------------------------------------------------


def pulled(matrix=lambda J, h: np.eye(len(J)) - h * J, at=1, transposed=True, forwards=False, inverse=True):
    """Make the answer of the probe, which pulls g back through a path of steps; each argument is a place for a slip."""

    def answer(A, c, path, h, g):
        steps = range(len(path) - 1)
        for k in steps if forwards else reversed(steps):
            M = matrix(A - np.diag(3 * c * path[k + at] ** 2), h)
            M = M.T if transposed else M
            g = np.linalg.solve(M, g) if inverse else M @ g
        return g

    return answer


PULLED = {
    "adjoint-not-transposed": Mistake(
        "the matrix is not transposed: a row of seeds times the inverse solves with the transpose",
        pulled(transposed=False),
    ),
    "adjoint-at-the-beginning": Mistake(
        "f' is taken where a step begins: an implicit step has its slope where it ends", pulled(at=0)
    ),
    "adjoint-forwards": Mistake(
        "the steps are gone through from the first to the last: what comes back passes the last step first",
        pulled(forwards=True),
    ),
    "adjoint-of-explicit": Mistake(
        "I + h f' belongs to the explicit step, and is taken where that begins",
        pulled(lambda J, h: np.eye(len(J)) + h * J, at=0, inverse=False),
    ),
    "adjoint-multiplied": Mistake(
        "multiplied by (I - h f')^T, where it is to be divided: solve the system", pulled(inverse=False)
    ),
}


@check("adjoint-of-a-path", part="adjoint", points=2)
class AdjointOfAPath:
    """`pull_back(jacobian, path, h, g)` brings the slopes g of a result in the last point back to the first point.

    (Tried on f'(y) = A - diag(3 c y^2).)
    """

    def inputs(rng):
        n = int(rng.integers(2, 4))

        def draw():
            return {
                "A": numbers(rng, n, n) - 2 * np.eye(n),
                "c": np.abs(numbers(rng, n)),
                "path": numbers(rng, int(rng.integers(3, 5)), n),
                "h": float(np.round(rng.uniform(0.1, 0.3), 2)),
                "g": numbers(rng, n),
            }

        return until_told_apart(draw, pulled(), PULLED)

    def probe(student, A, c, path, h, g):
        jacobian = called(lambda y: A - np.diag(3 * c * y**2))
        back = unchanged(student.pull_back, jacobian, path, h, g)
        jacobian.at_least(1)
        return back

    expected = pulled()
    rtol, atol = 1e-7, 1e-7
    mistakes = PULLED
    hint = (
        "From Y = y + h f(Y): dY = (I - h f'(Y))^(-1) dy. A row of seeds is multiplied from the left, so solve with "
        "the transpose, from the last step to the first. Chapter 10, section 'Integrate: stiff equations'."
    )


# --- A softmax that does not overflow --------------------------------------------------------------------------------


def cross_entropy(mean=True, averaged=True, minus=True, axis=1, naive=False, kept=True):
    """Make the loss and its gradient; each argument is a place for a slip."""

    def answer(scores, labels):
        with np.errstate(all="ignore"):
            e = np.exp(scores if naive else scores - scores.max(axis=axis, keepdims=True))
            shares = e / e.sum(axis=axis, keepdims=True)
            if naive:
                logs = np.log(shares)
            else:
                logs = scores - scores.max(axis=axis, keepdims=True) - np.log(e.sum(axis=axis, keepdims=True))
        rows = np.arange(len(scores))
        hits = np.zeros_like(scores)
        hits[rows, labels] = 1.0
        total = -logs[rows, labels].sum()
        gradient = shares - hits if minus else shares
        n = len(scores)
        return (total / n if mean else total, gradient / n if averaged else gradient)

    return answer


SOFTMAX = {
    "softmax-overflows": Mistake(
        "exponentials of scores as they stand: they overflow, or all become 0; subtract each row's largest score first",
        cross_entropy(naive=True),
    ),
    "loss-summed": Mistake("the sum over the rows in place of their mean", cross_entropy(mean=False, averaged=False)),
    "gradient-not-averaged": Mistake(
        "the loss is a mean over the rows, and its gradient is not divided by their number",
        cross_entropy(averaged=False),
    ),
    "shares-alone": Mistake(
        "the gradient is the shares alone: 1 is to be subtracted where the label is", cross_entropy(minus=False)
    ),
    "softmax-of-columns": Mistake("each column is made to sum to 1, where each row should", cross_entropy(axis=0)),
}


@check("softmax-loss", part="softmax", points=2)
class SoftmaxLoss:
    """`softmax_loss(scores, labels)` is the mean of minus the log share of the right label, and its gradient.

    (The scores may be as far apart as a thousand.)
    """

    def inputs(rng):
        def draw():
            n, m = (int(k) for k in rng.choice([[4, 3], [3, 5], [5, 2]]))
            scores = numbers(rng, n, m) + 500.0 * rng.integers(-2, 3, (n, 1))
            scores[0] += [1000.0, *[0.0] * (m - 1)]
            return {"scores": scores, "labels": rng.integers(0, m, n)}

        def finite(formula):
            return lambda **given: [np.nan_to_num(part, nan=-77.0, posinf=-78.0) for part in formula(**given)]

        return until_told_apart(draw, finite(cross_entropy()), {id: finite(m) for id, m in SOFTMAX.items()})

    def probe(student, scores, labels):
        loss, gradient = unchanged(student.softmax_loss, scores, labels)
        return (float(loss), gradient)

    expected = cross_entropy()
    rtol, atol = 1e-8, 1e-10
    returns = ("the loss", "the gradient")
    mistakes = SOFTMAX
    hint = (
        "log share = score - largest - log(sum(exp(score - largest))), row by row. The gradient of the loss is the "
        "shares, less 1 at the label, divided by the number of rows. Chapter 14, section 'Log-sum-exp'."
    )


# --- A checker of gradients, and three faults -------------------------------------------------------------------------


def gradient_of(a, b, x):
    return 3 * a * x**2 + b * np.cos(b @ x)


def entries_off(a, b, x, faults, absolute=0.0, relative=1e-3):
    """Return the entries at which the faulty gradient is off by more than this."""
    right = gradient_of(a, b, x)
    off = np.abs(right * (np.array(faults) - 1))
    return [int(k) for k in np.flatnonzero(off > absolute + relative * np.abs(right))]


FOUND = {
    "one-tolerance": Mistake(
        "the fault in the small slope is passed over, as by one tolerance for all entries, be it a fixed number or a "
        "part of the largest slope or of the norm: compare each entry with the size of its own slope",
        lambda **given: entries_off(**given, absolute=0.01, relative=0.0),
    ),
    "rough-tolerance": Mistake(
        "a tolerance of a tenth lets faults of some percent pass: central differences are right to eight digits",
        lambda **given: entries_off(**given, relative=0.1),
    ),
    "right-ones-told": Mistake(
        "the entries that are right are returned, and not those that are wrong",
        lambda **given: [k for k in range(len(given["x"])) if k not in entries_off(**given)],
    ),
    "first-fault-alone": Mistake(
        "only the first of the wrong entries is returned: the others stay in",
        lambda **given: entries_off(**given)[:1],
        seen=True,
    ),
}


@check("three-faults", part="suspects", points=2)
class ThreeFaults:
    """`suspects(f, gradient, x)` are the entries of a gradient that are wrong: three were planted.

    (f(x) = sum(a x^3) + sin(b . x); entry k of the gradient is multiplied by `faults[k]`.)
    """

    trials = 6

    def inputs(rng):
        small = np.arange(int(rng.integers(6, 9))) < 2
        n = len(small)
        while True:
            x, a, b = general_numbers(rng, 3, n, low=0.5, high=1.5)
            a, b = a * np.where(small, 0.002, 4.0), b * np.where(small, 0.002, 1.0)
            faults = np.ones(n)
            faults[[0, 2, 3]] = 1.03, -1.0, 1.02
            order = rng.permutation(n)
            sizes = np.abs(gradient_of(a, b, x))
            told = sizes[:2].min() > 3e-4 and sizes[:2].max() < 0.02 and sizes[2:].min() > 0.9
            if told and min(np.flatnonzero(faults[order] != 1)) != np.flatnonzero(order == 2):
                return {"a": a[order], "b": b[order], "x": x[order], "faults": faults[order].tolist()}

    def probe(student, a, b, x, faults):
        def f(x):
            return (a * x**3).sum() + np.sin(b @ x)

        def gradient(x):
            return np.array(faults) * (3 * a * x**2 + b * np.cos(b @ x))

        found = unchanged(student.suspects, f, gradient, x)
        return sorted(int(k) for k in integers(list(found)))

    expected = entries_off
    mistakes = FOUND
    hint = (
        "Move one entry at a time by h = 1e-5, forwards and backwards, and compare (f(x + h e) - f(x - h e)) / (2 h) "
        "with the gradient's entry, relative to its size. Chapter 10, section 'When divided differences are as good'."
    )
