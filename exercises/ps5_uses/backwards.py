"""Derivatives of what was solved, and who checks them: implicitly, backwards in time, of a softmax, and three faults.

The checks stand here with all that they need, and `checks.py` names them in their places.
"""

import numpy as np

from autograder.checks import Mistake, Raises, called, check, integers, unchanged
from autograder.drawing import general_numbers, numbers, until_told_apart

BETWEEN = 1e-8, 1e-8

# --- The slope of a solution: x(a) with x^3 + (p + a) x = q a --------------------------------------------------------


def root_of(p, q, a):
    """Return the one real root of a polynomial whose other two are complex: p + a is positive."""
    roots = np.roots([1.0, 0.0, p + a, -q * a])
    return float(roots[np.argmin(np.abs(roots.imag))].real)


def f_x(x, p, q, a):
    return 3 * x * x + p + a


def f_a(x, p, q, a):
    return x - q


def solved(slope=lambda x, start, *of: -f_a(x, *of) / f_x(x, *of)):
    """Make the answer of the probe, with this slope of the solution."""

    def answer(p, q, a, start):
        x = root_of(p, q, a)
        return (x, slope(x, start, p, q, a))

    return answer


SOLVED = {
    "implicit-sign": Mistake(
        "the minus is missing: f_x dx + f_a da = 0, so that dx/da = -f_a / f_x",
        solved(lambda x, start, *of: f_a(x, *of) / f_x(x, *of)),
    ),
    "implicit-without-sign": Mistake(
        "the size of the slope, without its sign: a solution may fall",
        solved(lambda x, start, *of: abs(f_a(x, *of) / f_x(x, *of))),
    ),
    "implicit-upside-down": Mistake(
        "f_x is divided by f_a: it is the other way round",
        solved(lambda x, start, *of: -f_x(x, *of) / f_a(x, *of)),
    ),
    "implicit-at-start": Mistake(
        "the partial derivatives are taken at the start, where f is not zero: take them at the solution",
        solved(lambda x, start, *of: -f_a(start, *of) / f_x(start, *of)),
    ),
    "numerator-at-start": Mistake(
        "f_a is taken at the start, where f is not zero: take it at the solution, as f_x",
        solved(lambda x, start, *of: -f_a(start, *of) / f_x(x, *of)),
    ),
    "denominator-at-start": Mistake(
        "f_x is taken at the start, where f is not zero: take it at the solution, as f_a",
        solved(lambda x, start, *of: -f_a(x, *of) / f_x(start, *of)),
    ),
    "explicit-part-alone": Mistake(
        "f_a alone is the slope of f at a fixed x: the solution moves, too",
        solved(lambda x, start, *of: f_a(x, *of)),
    ),
    "difference-of-solutions": Mistake(
        "f is asked at another a than the given one, as for a difference of two solutions: it is x that is looked for, "
        "and the equation itself gives the slope there, -f_a / f_x, without another solution",
        lambda **given: Raises(ValueError, "f was asked at another a"),
    ),
    "arguments-exchanged": Mistake(
        "f was called with its two numbers exchanged: it takes x first, and then a",
        lambda **given: Raises(ValueError, "f was called as f(a, x)"),
    ),
    "slope-comes-first": Mistake(
        "the two numbers come in the other order: first the solution, then its slope",
        lambda **given: solved()(**given)[::-1],
    ),
}


@check("slope-of-a-solution", part="implicit-slope", points=2, needs=["newton"])
class SlopeOfASolution:
    """`solution_and_slope(f, f_x, f_a, a, start)` is the x with f(x, a) = 0, and dx/da by the equation itself.

    (Tried on f(x, a) = x^3 + (p + a) x - q a.)
    """

    def inputs(rng, trial):
        def draw():
            p, q, a, start = (float(n) for n in general_numbers(rng, 4, low=1.1, high=2.9, signs=[1]))
            return {"p": p, "q": -q if trial % 2 else q, "a": a, "start": start}

        harmful = SOLVED if trial % 2 else {id: SOLVED[id] for id in SOLVED if id != "implicit-without-sign"}
        return until_told_apart(draw, solved(), harmful)

    def probe(student, p, q, a, start):
        def f(x, b):
            if x == a != b:
                raise ValueError("f was called as f(a, x), and takes x first")
            if b != a:
                raise ValueError("f was asked at another a than the one given, as for a difference of two solutions")
            return x**3 + (p + b) * x - q * b

        f_a = called(lambda x, a: x - q)
        found = student.solution_and_slope(f, lambda x, a: 3 * x * x + p + a, f_a, a, start)
        f_a.at_least(1)
        return found

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
    "adjoint-of-explicit-at-ends": Mistake(
        "multiplied by (I + h f')^T, which belongs to the explicit step: for the implicit one solve with (I - h f')^T",
        pulled(lambda J, h: np.eye(len(J)) + h * J, inverse=False),
    ),
    "adjoint-plus": Mistake("I + h f' in place of I - h f'", pulled(lambda J, h: np.eye(len(J)) + h * J)),
    "adjoint-no-identity": Mistake(
        "the identity is missing: dY - h f' dY = dy begins with dY itself", pulled(lambda J, h: -h * J)
    ),
    "adjoint-no-h": Mistake("h is missing in the matrix", pulled(lambda J, h: np.eye(len(J)) - J)),
    "last-step-alone": Mistake(
        "only the last step is pulled back: every step of the path comes between",
        lambda A, c, path, h, g: pulled()(A, c, path[-2:], h, g),
    ),
    "one-step-too-many": Mistake(
        "a step too many: the first point is where the first step begins, and no step ends there",
        lambda A, c, path, h, g: pulled()(A, c, np.concatenate([path[:1], path]), h, g),
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


def logs_apart(scores, taken_off, sums):
    return scores - taken_off - np.log(sums)


def cross_entropy(mean=True, averaged=True, minus=True, sign=1, axis=1, largest=None, logs=logs_apart):
    """Make the loss and its gradient; each argument is a place for a slip."""

    def answer(scores, labels):
        with np.errstate(all="ignore"):
            taken_off = scores.max(axis=axis, keepdims=True) if largest is None else largest(scores)
            e = np.exp(scores - taken_off)
            sums = e.sum(axis=axis, keepdims=True)
            logarithms = logs(scores, taken_off, sums)
            shares = np.exp(logarithms)
        rows = np.arange(len(scores))
        hits = np.zeros_like(scores)
        hits[rows, labels] = 1.0
        with np.errstate(invalid="ignore"):
            total = -sign * logarithms[rows, labels].sum()
        gradient = shares - hits if minus else shares
        n = len(scores)
        return (total / n if mean else total, gradient / n if averaged else gradient)

    return answer


def log_of_shares(scores, taken_off, sums):
    return np.log(np.exp(scores - taken_off) / sums)


SOFTMAX = {
    "softmax-overflows": Mistake(
        "exponentials of scores as they stand: they overflow, or all become 0; subtract each row's largest score first",
        cross_entropy(largest=lambda scores: 0.0, logs=log_of_shares),
    ),
    "softmax-sum-overflows": Mistake(
        "the logarithm of a sum of exponentials as they stand: they overflow, or all become 0; subtract each row's "
        "largest score first, and put it back behind the logarithm",
        cross_entropy(largest=lambda scores: 0.0),
    ),
    "log-of-a-share": Mistake(
        "the logarithm of a share that is too small for a float, log 0: the logarithm of a share is the score less the "
        "largest one, less the logarithm of the sum",
        cross_entropy(logs=log_of_shares),
    ),
    "one-largest-for-all": Mistake(
        "the largest score of the whole table is subtracted: in rows far below it all exponentials become 0",
        cross_entropy(largest=np.max),
    ),
    "not-the-largest": Mistake(
        "what is subtracted is not the row's largest score, as if it were the smallest or the mean: that one overflows",
        cross_entropy(largest=lambda scores: scores.min(axis=1, keepdims=True)),
    ),
    "loss-without-minus": Mistake(
        "the minus is missing: the loss is minus the logarithm of the share", cross_entropy(sign=-1)
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
            n, m = (int(k) for k in rng.choice([[4, 5], [3, 4], [5, 4]]))  # the mean of a row is no help either
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


def entries_off(a, b, x, faults, relative=1e-3, to=np.abs, size=np.abs):
    """Return the entries at which the faulty gradient is off by more than this."""
    right = gradient_of(a, b, x)
    return [int(k) for k in np.flatnonzero(size(right * (np.array(faults) - 1)) > relative * to(right))]


def most_off(a, b, x, faults):
    """Return the three entries that are most off, relative to their size."""
    return sorted(np.argsort(-np.abs(np.array(faults) - 1), kind="stable")[:3].tolist())


FOUND = {
    "fixed-tolerance": Mistake(
        "the fault in the small slope is passed over, as by one fixed tolerance for all entries: compare each entry "
        "with the size of its own slope",
        lambda **given: entries_off(**given, to=np.ones_like),
    ),
    "relative-to-the-largest": Mistake(
        "the fault in the small slope is passed over, as by a thousandth of the largest slope or of the whole "
        "gradient's length: compare each entry with the size of its own",
        lambda **given: entries_off(**given, to=lambda right: np.abs(right).max()),
    ),
    "rough-tolerance": Mistake(
        "a tolerance of a tenth lets faults of some percent pass: central differences are right to eight digits",
        lambda **given: entries_off(**given, relative=0.1),
    ),
    "tolerance-of-a-percent": Mistake(
        "a tolerance of a percent lets the fault of some thousandths pass: asked is a thousandth",
        lambda **given: entries_off(**given, relative=0.01),
    ),
    "tolerance-too-small": Mistake(
        "the entry that is off by less than a thousandth of its size is returned, too: asked is a thousandth",
        lambda **given: entries_off(**given, relative=1e-6),
    ),
    "too-large-alone": Mistake(
        "entries that are too small are passed over: a difference wants its absolute value",
        lambda **given: entries_off(**given, size=lambda off: off),
        seen=True,
    ),
    "too-small-alone": Mistake(
        "entries that are too large are passed over: a difference wants its absolute value",
        lambda **given: entries_off(**given, size=lambda off: -off),
        seen=True,
    ),
    "counted-from-1": Mistake(
        "the places are counted from 1: Python counts from 0", lambda **given: [k + 1 for k in entries_off(**given)]
    ),
    "right-ones-told": Mistake(
        "the entries that are right are returned, and not those that are wrong",
        lambda **given: [k for k in range(len(given["x"])) if k not in entries_off(**given)],
    ),
    "three-always": Mistake(
        "the three entries that are most off are returned, however far off they are: a gradient may have more faults "
        "than three, or none",
        lambda **given: most_off(**given),
    ),
    "first-fault-alone": Mistake(
        "only the first of the wrong entries is returned: the others stay in",
        lambda **given: entries_off(**given)[:1],
        seen=True,
    ),
}


# How many faults there are, trial by trial. Those of three kinds come first, each hard to find in its own way.
FAULTS = (3, 5, 0, 4, 1, 3)


@check("three-faults", part="suspects", points=2)
class ThreeFaults:
    """`suspects(f, gradient, x)` are the entries of a gradient that are wrong: three, more, or none.

    (f(x) = sum(a x^3) + sin(b . x); entry k of the gradient is multiplied by `faults[k]`. Some of these are
    more than a thousandth away from 1.)
    """

    trials = len(FAULTS)

    def inputs(rng, trial):
        small = np.arange(int(rng.integers(7, 9))) < 2
        n, planted = len(small), FAULTS[trial]
        while True:
            x, a, b = general_numbers(rng, 3, n, low=0.5, high=1.5)
            a, b = a * np.where(small, 0.002, 4.0), b * np.where(small, 0.002, 1.0)
            faults = np.ones(n)
            wrong = [1.03, -1.0, 1.0 + rng.choice([-0.002, 0.002]), *np.round(rng.uniform(1.2, 1.9, 2), 2)]
            if trial == 3:
                wrong[3] = 1.05  # in a large slope: a tolerance by the largest of all finds it, one of a tenth does not
            faults[[0, 2, 3, 5, 6][:planted]] = wrong[:planted]
            faults[4] = 1.0 + rng.choice([-4e-4, 4e-4])
            if planted < 3:  # two more constants that were rounded
                faults[[5, 6]] = 1.0 + rng.choice([-1, 1], 2) * [3e-4, 2e-4]
            order = rng.permutation(n)
            sizes = np.abs(gradient_of(a, b, x))
            told = sizes[:2].min() > 3e-4 and sizes[:2].max() < 0.02 and sizes[2:].min() > 0.9
            # A thousandth of the largest finds the fault of two thousandths, and a tolerance of a tenth does not.
            told = told and (trial > 0 or sizes[3] > 0.6 * sizes.max()) and (trial != 3 or sizes[5] > 0.3 * sizes.max())
            given = {"a": a[order], "b": b[order], "x": x[order], "faults": faults[order].tolist()}
            found = entries_off(**given)
            others = [FOUND[id](**given) for id in FOUND if planted >= 3 and (id != "three-always" or planted > 3)]
            if told and len(found) == planted and found not in others:
                return given

    def probe(student, a, b, x, faults):
        def f(x):
            return (a * x**3).sum() + np.sin(b @ x)

        def gradient(x):
            return np.array(faults) * (3 * a * x**2 + b * np.cos(b @ x))

        found = unchanged(student.suspects, f, gradient, x)
        return sorted(int(k) for k in integers(list(found))) if len(found) else []

    expected = entries_off
    mistakes = FOUND
    hint = (
        "Move one entry at a time by h = 1e-5, forwards and backwards, and compare (f(x + h e) - f(x - h e)) / (2 h) "
        "with the gradient's entry, relative to its size. Chapter 10, section 'When divided differences are as good'."
    )
