"""Problem set 1: its answers against exact arithmetic, and its mistakes, which are never sold as one another.

The oracles here are rational numbers (`fractions.Fraction`: no rounding at all), a search for the minimum by SciPy,
and the complex step on formulas that are written out a second time. What holds for every set stands in
`test_problem_sets.py`.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of
from scipy.optimize import minimize_scalar

PS1 = runs_of("ps1")
CHECKS, draws = PS1.checks, PS1.draws
MANY = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)
each_check = pytest.mark.parametrize("id", CHECKS)


# --- Right answers against oracles ----------------------------------------------------------------------------------


def polynomial(c, x):
    """The value in rational arithmetic."""
    return sum(Fraction(a) * Fraction(x) ** k for k, a in enumerate(c))


def quotient(c, right, left):
    return (polynomial(c, right) - polynomial(c, left)) / (right - left)


def close(answer, exact):
    """Whether floats agree with rational numbers to twelve digits."""
    exact = np.array([float(number) for number in np.atleast_1d(exact)])
    return np.allclose(np.atleast_1d(answer), exact, rtol=1e-12, atol=1e-12)


@MANY
@given(seeds)
def test_differences_are_those_of_exact_arithmetic(seed):
    for given_ in draws("forward-difference", seed):
        x, h = Fraction(given_["x"]), Fraction(given_["h"])
        assert close(CHECKS["forward-difference"].expected(**given_), quotient(given_["c"], x + h, x))
    for given_ in draws("central-difference", seed):
        x, h = Fraction(given_["x"]), Fraction(given_["h"])
        assert close(CHECKS["central-difference"].expected(**given_), quotient(given_["c"], x + h, x - h))
    for given_ in draws("central-arrays", seed):
        h, answer = Fraction(given_["h"]), CHECKS["central-arrays"].expected(**given_)
        for name in "xn":
            exact = [quotient(given_["c"], Fraction(p) + h, Fraction(p) - h) for p in given_[name].tolist()]
            assert close(answer[f"slopes at {name}"], exact)
        assert given_["n"].dtype.kind == "i"
        assert np.array_equal(answer["x afterwards"], given_["x"])


def exact_errors(scheme, c, x, steps):
    """The errors of the schemes as the books write them, in rational arithmetic."""
    x, slope = Fraction(x), sum(k * Fraction(a) * Fraction(x) ** (k - 1) for k, a in enumerate(c) if k)

    def f(s):
        return polynomial(c, x + s)

    formulas = {
        "forward": lambda h: (f(h) - f(0)) / h,
        "backward": lambda h: (f(0) - f(-h)) / h,
        "central": lambda h: (f(h) - f(-h)) / (2 * h),
        "one-sided with three points": lambda h: (4 * f(h) - 3 * f(0) - f(2 * h)) / (2 * h),
        "central with five points": lambda h: (8 * f(h) - 8 * f(-h) - f(2 * h) + f(-2 * h)) / (12 * h),
    }
    return [formulas[scheme](Fraction(h)) - slope for h in steps.tolist()]


@pytest.mark.parametrize("id", ["order-halving", "order-any-steps"])
@MANY
@given(seed=seeds)
def test_orders_are_those_of_exact_errors(id, seed):
    theory = {
        "forward": 1,
        "backward": 1,
        "central": 2,
        "one-sided with three points": 2,
        "central with five points": 4,
    }
    signs = set()
    for given_ in draws(id, seed):
        signed, steps = exact_errors(**given_), given_["steps"]
        errors, turns = [abs(error) for error in signed], len({error > 0 for error in signed}) == 2
        exact = [math.log(errors[k] / errors[k + 1]) / math.log(steps[k] / steps[k + 1]) for k in range(len(steps) - 1)]
        orders = CHECKS[id].expected(**given_)
        assert np.allclose(orders, exact, rtol=1e-9)
        assert turns or abs(orders[-1] - theory[given_["scheme"]]) < 0.6
        signs.add(turns)
    assert signs == {True, False}  # some estimates are too large at one step and too small at the next


@MANY
@given(seeds)
def test_best_steps_make_the_model_smallest(seed):
    for id, name, model in (
        ("best-forward-step", "second", lambda h, eps, f, d: h / 2 * d + 2 * eps * f / h),
        ("best-central-step", "third", lambda h, eps, f, d: h**2 / 6 * d + eps * f / h),
    ):
        for given_ in draws(id, seed)[:3]:
            f, d = abs(given_["value"]), abs(given_[name])
            for precision, step in CHECKS[id].expected(**given_).items():
                eps = {"float64": 2.0**-52, "float32": 2.0**-23}[precision]
                found = minimize_scalar(lambda s, e=eps, m=model, f=f, d=d: m(10**s, e, f, d), bracket=(-9.0, -3.0))
                assert step == pytest.approx(10**found.x, rel=1e-6)


FORMULAS = {
    "exp(a x) sin(b x)": lambda a, b, x: np.sin(x * b) * np.exp(x * a),
    "1 / (a + b x^2)": lambda a, b, x: (a + b * x * x) ** -1.0,
    "sqrt(a + x^2) cos(b x)": lambda a, b, x: np.cos(x * b) * (a + x * x) ** 0.5,
    "log(a + x^2) + b x^3": lambda a, b, x: b * x * x * x + np.log(x * x + a),
}


@MANY
@given(seeds)
def test_slopes_of_the_formulas_are_those_of_a_complex_step(seed):
    for given_ in draws("complex-step", seed):
        formula = FORMULAS[given_["formula"]]
        slope = formula(given_["a"], given_["b"], given_["x"] + 1e-30j).imag / 1e-30
        assert CHECKS["complex-step"].expected(**given_) == pytest.approx(slope, rel=1e-13)


@MANY
@given(seeds)
def test_the_complex_step_with_a_large_h_is_that_of_exact_arithmetic(seed):
    for given_ in draws("complex-any-step", seed):
        h, exact = Fraction(given_["h"]), []
        for point in given_["x"].tolist():
            real, imaginary = Fraction(0), Fraction(0)
            for a in reversed(given_["c"]):  # Horner's rule in rational complex numbers
                real, imaginary = real * point - imaginary * h + Fraction(a), real * h + imaginary * point
            exact.append(imaginary / h)
        assert close(CHECKS["complex-any-step"].expected(**given_), exact)


# --- Checks against mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["forward-difference", "central-difference"])
@MANY
@given(seed=seeds)
def test_one_scheme_is_never_sold_as_another(id, seed):
    """Every mistake is off in the first digits, in every trial: a hundred times the tolerance.

    The absolute value is the exception, which is right where f rises: there are slopes of either sign among the trials.
    """
    check = CHECKS[id]
    everywhere = [mistaken for id, mistaken in check.mistakes.items() if id != "absolute-value"]
    assert len(everywhere) == len(check.mistakes) - 1
    assert {check.expected(**given_) > 0 for given_ in draws(id, seed)} == {True, False}
    for trial, given_ in enumerate(draws(id, seed)):
        right, least = (
            check.expected(**given_),
            0.01 / 1000 ** (trial % 2),
        )  # every second cubic is a thousandth as high
        assert all(abs(mistaken(**given_) - right) > least for mistaken in everywhere)
        assert check.tolerance(given_)[0] * abs(right) + check.tolerance(given_)[1] < least / 5


@each_check
@MANY
@given(seed=seeds)
def test_inputs_are_general(id, seed):
    """No number is 0 or 1, no two single numbers are of the same size, and arrays hold different entries."""
    for given_ in draws(id, seed):
        sizes = [abs(v) for v in given_.values() if isinstance(v, float)]
        assert len({0.0, 1.0, *sizes}) == 2 + len(sizes)
        for array in (v for v in given_.values() if isinstance(v, np.ndarray)):
            assert len(np.unique(array)) == len(array) > 1
            assert not np.array_equal(np.sort(array), np.sort(-array))
            assert np.all(array != 0)
