"""Taylor coefficients, rules of one's own, checkpoints, and the second opinion."""

import math
import sys

import numpy as np
import pytest
import sympy

from course_lib.autodiff import (
    InputError,
    NoRuleError,
    WrongDerivativeError,
    check_grad,
    checkpoint,
    custom_derivative,
    derivative,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jit,
    jvp,
    taylor,
    vjp,
    vmap,
)

X = np.array([0.7, -1.3, 0.4])

# --- Taylor ----------------------------------------------------------------------------------------------

s = sympy.Symbol("s")
EXPANSIONS = {
    "arithmetic": (lambda x: (x * x - 3) / (x + 2) - 1 / x + 2 * x, (s**2 - 3) / (s + 2) - 1 / s + 2 * s),
    "whole powers": (lambda x: x**3 + x**0 - x**-2 + x**1, s**3 + 1 - s**-2 + s),
    "other powers": (lambda x: x**2.5 + 2.0**x + x**x, s ** sympy.Rational(5, 2) + 2**s + s**s),
    "exponentials": (lambda x: np.exp(x * x) + np.expm1(x), sympy.exp(s * s) + sympy.exp(s) - 1),
    "logarithms": (lambda x: np.log(x) * np.log1p(x) + np.log2(x), sympy.log(s) * sympy.log(1 + s) + sympy.log(s, 2)),
    "circles": (
        lambda x: np.sin(x) * np.cos(2 * x) + np.tan(x / 3),
        sympy.sin(s) * sympy.cos(2 * s) + sympy.tan(s / 3),
    ),
    "inverse": (
        lambda x: np.arcsin(x / 3) + np.arctan(x) + np.arccosh(x + 1),
        sympy.asin(s / 3) + sympy.atan(s) + sympy.acosh(s + 1),
    ),
    "hyperbolas": (lambda x: np.sinh(x) * np.tanh(x) / np.cosh(x), sympy.sinh(s) * sympy.tanh(s) / sympy.cosh(s)),
    "roots": (lambda x: np.sqrt(x) + np.cbrt(x) + np.hypot(x, 2), sympy.sqrt(s) + sympy.cbrt(s) + sympy.sqrt(s**2 + 4)),
    "branches": (lambda x: np.where(x > 1, x * x, np.maximum(x, 0.5)) + abs(-x), s**2 + s),
}


@pytest.mark.parametrize("name", EXPANSIONS)
def test_taylor_coefficients_agree_with_sympy(name):
    f, formula = EXPANSIONS[name]
    at = sympy.Rational(7, 5)
    expected = [float((sympy.diff(formula, s, k) / math.factorial(k)).subs(s, at).evalf(30)) for k in range(7)]
    found = taylor(f, 1.4, 6)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_taylor_to_order_50():
    found = taylor(lambda x: np.exp(np.sin(x)) / (1 + x * x), 0.3, 50)
    # Cauchy's integral over a circle around 0.3 inside the poles at +-i: an independent oracle.
    angles = 2 * np.pi * np.arange(256) / 256
    z = 0.3 + 0.8 * np.exp(1j * angles)
    values = np.exp(np.sin(z)) / (1 + z * z)
    expected = (np.fft.fft(values) / 256)[:51].real / 0.8 ** np.arange(51)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_taylor_costs_the_square_of_the_order():
    """Counted in calls, not timed."""

    def steps(order):
        calls = 0

        def count(frame, event, argument):
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        try:
            taylor(lambda x: np.exp(np.sin(x) * np.tanh(x)), 0.3, order)
        finally:
            sys.setprofile(None)
        return calls

    assert steps(40) / steps(20) < 4.5


def test_taylor_of_arrays_and_products():
    A = np.array([[1.0, 2.0, 0.5], [0.0, 1.0, 1.0]])
    found = taylor(lambda t: A @ np.stack([np.sin(t), t * t, 1.0]) * np.array([1.0, 2.0]), 0.5, 3)
    sine = np.array([math.sin(0.5), math.cos(0.5), -math.sin(0.5) / 2, -math.cos(0.5) / 6])
    square = np.array([0.25, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(found[:, 0], sine + 2 * square + [0.5, 0, 0, 0], rtol=1e-14)
    np.testing.assert_allclose(found[:, 1], 2 * (square + np.eye(4)[0]), rtol=1e-14)
    cubes = taylor(lambda t: np.outer([t, 1.0], [t, t]) @ np.stack([t, t]), 2.0, 3)
    np.testing.assert_allclose(cubes[:, 0], [16, 24, 12, 2])
    np.testing.assert_allclose(taylor(np.square, X, 2), [X * X, 2 * X, np.ones(3)])
    np.testing.assert_array_equal(taylor(lambda t: 3.0, 1.0, 2), [3, 0, 0])


def test_taylor_of_several_entries_of_one_array():
    """The same operation with other parameters is another value: x[0] is not x[1]."""

    def f(t):
        x = np.stack([t, t * t, np.sin(t)])
        return x[0] * 100 + x[1] * 10 + x[2] + np.sum(x[:2]) * np.sum(x[1:])

    slope = 100 + 20 * 0.5 + np.cos(0.5) + (1 + 1.0) * (0.25 + np.sin(0.5)) + 0.75 * (1.0 + np.cos(0.5))
    assert taylor(f, 0.5, 1)[1] == pytest.approx(slope)


def test_taylor_nests_with_the_other_modes():
    for mode in (derivative, grad):
        assert mode(lambda x: taylor(np.sin, x, 3)[3])(0.4) == pytest.approx(math.sin(0.4) / 6)
    assert taylor(lambda x: grad(np.exp)(x) * x, 0.0, 2)[2] == pytest.approx(1.0)
    assert taylor(lambda x: x * taylor(lambda y: x * y * y, 2.0, 1)[1], 3.0, 1)[1] == 24
    J = jacrev(lambda x: taylor(np.exp, x, 2))(0.0)
    np.testing.assert_allclose(J, [1, 1, 0.5])


def test_what_taylor_refuses():
    with pytest.raises(NoRuleError, match=r"einsum"):
        taylor(lambda t: np.einsum("i,i,i", *[t * np.ones(2)] * 3), 1.0, 2)
    with pytest.raises(ValueError, match="order"):
        taylor(np.sin, 1.0, -1)


MATRIX = np.array([[2.0, 0.3, -0.4], [0.1, 1.7, 0.6], [-0.5, 0.2, 2.2]])


def moving(t):
    """A matrix, not symmetric, that moves with t."""
    return MATRIX + t * np.array([[0.3, 0, 1], [0, 0.2, 0], [1, 0.5, 0]]) + np.sin(t) * np.eye(3)


GENERAL = {
    "inv": lambda t: np.linalg.inv(moving(t))[0, 2],
    "solve": lambda t: np.sum(np.linalg.solve(moving(t), np.stack([t, 1.0, t * t])) ** 2),
    "solve constant right": lambda t: np.linalg.solve(moving(t), np.array([1.0, 2.0, -1.0]))[1],
    "solve constant left": lambda t: np.linalg.solve(MATRIX, np.stack([t, np.exp(t), 1.0]))[2],
    "det": lambda t: np.linalg.det(moving(t)),
    "slogdet": lambda t: np.linalg.slogdet(moving(t))[1],
    "cholesky": lambda t: np.linalg.cholesky(moving(t) @ moving(t).T)[2, 1],
    "eigvalsh": lambda t: np.linalg.eigvalsh(moving(t) + moving(t).T)[1],
    "logsumexp": lambda t: np.logaddexp.reduce(np.stack([np.sin(3 * t), t * t, 2 * t])),
    "max": lambda t: np.max(np.stack([t * t * t, np.sin(t), t - 5])),
}


@pytest.mark.parametrize("name", GENERAL)
def test_taylor_of_matrix_functions(name):
    """Their series follow from their forward lines, y' = F(x', y, x), and for solve and inv from A Y = B."""
    f = GENERAL[name]
    found = taylor(f, 0.4, 5)
    expected, g = [f(0.4)], f
    for k in range(1, 6):
        g = derivative(g)
        expected.append(g(0.4) / math.factorial(k))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
    # An oracle that knows no rule: the fit of a polynomial through Chebyshev points nearby.
    nodes = 0.4 + 0.15 * np.cos(np.pi * (np.arange(16) + 0.5) / 16)
    fitted = np.polynomial.polynomial.polyfit(nodes - 0.4, [f(t) for t in nodes], 15)
    np.testing.assert_allclose(found[:4], fitted[:4], rtol=1e-5, atol=1e-5)


def test_a_series_shows_its_coefficients():
    shown = []
    taylor(lambda t: shown.append(repr(t * t)) or t, 3.0, 2)
    assert shown == ["9.0 + 6.0 s^1 + 1.0 s^2"]


# --- Rules of one's own ----------------------------------------------------------------------------------

FORWARD = {"forward": lambda t, y, x: t * 3 * x * x}
REVERSE = {"reverse": lambda g, y, x: g * 3 * x * x}


def cubed_in_c(x):
    return [float(v) ** 3 for v in x] if np.ndim(x) else float(x) ** 3


def test_a_derivative_of_ones_own():
    f = custom_derivative(cubed_in_c, **FORWARD, **REVERSE)
    assert f(2) == 8
    assert f.__name__ == "cubed_in_c"
    for mode in (derivative, grad):
        assert mode(f)(2) == 12
        assert mode(mode(f))(2) == 12
        assert mode(derivative(grad(f)))(2.0) == 6
    np.testing.assert_allclose(jacfwd(f)(X), np.diag(3 * X * X))
    np.testing.assert_allclose(jacrev(f)(X), np.diag(3 * X * X))


def test_a_derivative_of_two_arguments():
    f = custom_derivative(
        lambda x, y: float(x) * float(y),
        forward=(lambda t, z, x, y: t * y, lambda t, z, x, y: t * x),
        reverse=(lambda g, z, x, y: g * y,),
    )
    assert jacfwd(f, (0, 1))(2.0, 5.0) == (5, 2)
    assert grad(f)(2.0, 5.0) == 5
    with pytest.raises(NoRuleError, match="reverse mode with respect to argument 2"):
        grad(f, 1)(2.0, 5.0)
    with pytest.raises(NoRuleError, match="forward mode"):
        derivative(custom_derivative(cubed_in_c, **REVERSE))(2.0)


# --- Checkpoints -----------------------------------------------------------------------------------------


def step(x, p):
    return np.tanh(x * p["a"]) + np.roll(x, 1) * p["b"]


def test_a_checkpointed_program_has_the_same_derivatives():
    light = checkpoint(step)
    p = {"a": np.array([1.0, 0.5, -0.3]), "b": 0.7}

    def program(step):
        return lambda x, p: np.sum(step(step(step(x, p), p), p) ** 2)

    for k in (0, 1):
        ours, theirs = grad(program(light), k)(X, p), grad(program(step), k)(X, p)
        np.testing.assert_allclose(ours if k == 0 else ours["a"], theirs if k == 0 else theirs["a"], rtol=1e-14)
    np.testing.assert_allclose(hessian(program(light))(X, p), hessian(program(step))(X, p), rtol=1e-12)
    np.testing.assert_allclose(jacfwd(light)(X, p), jacrev(step)(X, p), rtol=1e-14)


def test_a_checkpoint_keeps_one_line_and_runs_twice():
    runs, lines = [], []

    def long(x):
        runs.append(1)
        for _ in range(50):
            x = np.sin(x)
        return x

    def f(x):
        y = checkpoint(long)(x)
        lines.append(len(y.owner.lines))
        return y

    assert grad(f)(0.5) == pytest.approx(grad(long)(0.5), rel=1e-14)
    assert lines == [2]
    assert len(runs) == 3


def test_a_checkpoint_must_be_given_what_it_uses():
    with pytest.raises(InputError, match="Pass that value as an argument"):
        grad(lambda x: checkpoint(lambda y: x * y)(2.0 * x))(1.0)
    with pytest.raises(InputError, match="no array"):
        grad(lambda x: checkpoint(lambda y: {})(x))(1.0)
    assert grad(lambda x: checkpoint(lambda y: {"a": (y, y * y)})(x)["a"][1])(3.0) == 6.0


# --- A second opinion ------------------------------------------------------------------------------------


def test_check_grad_agrees_with_what_is_right():
    assert check_grad(lambda x: np.sum(np.exp(x) * x), X) < 1e-8
    assert check_grad(lambda p, x: [np.abs(x) * p["a"], p["b"]], {"a": 2.0, "b": X}, X) < 1e-8
    assert check_grad(lambda x: np.max(x) * x, X) < 1e-8


def test_check_grad_names_the_wrong_entry():
    wrong = custom_derivative(
        lambda x: np.asarray(x) ** 3,
        forward=lambda t, y, x: t * 3 * x,
        reverse=lambda g, y, x: g * 3 * x * x,
    )
    with pytest.raises(WrongDerivativeError, match=r"result 0 by .*entry \[0\]: forward mode .*central differences"):
        check_grad(wrong, X)
    twice = np.array([1.0, 1.0, 2.0])
    only_there = custom_derivative(lambda x: x * 1.0, forward=lambda t, y, x: t, reverse=lambda g, y, x: g * twice)
    with pytest.raises(WrongDerivativeError, match=r"entry \[2\]: reverse mode 2"):
        check_grad(only_there, X)


def test_the_pullback_of_a_checkpoint_can_be_called_again():
    _, pullback = vjp(checkpoint(np.sin), X)
    for factor in (1.0, 2.0):
        np.testing.assert_allclose(pullback(factor * np.ones(3))[0], factor * np.cos(X))


def test_a_series_that_does_not_move_is_a_series_of_numbers():
    for f in (lambda x: np.max((x * 1.0) ** 0), lambda x: np.min(-(x**0)), lambda x: np.cumsum(x**0)[0]):
        for x in (np.float64(0.0), np.float64(-0.9)):
            found = taylor(lambda x, f=f: f(x) * x + np.square(f(x)), x, 2)
            np.testing.assert_array_equal(found, [f(x) * x + 1, f(x), 0.0])


def test_interpolation_between_infinities_is_numpys():
    inf, nan = np.inf, np.nan
    tables = [([-inf, 0, inf], [1, 2, 3]), ([-1, 0, 1], [-inf, inf, 3]), ([-1, 0, 1], [inf, inf, 3]),
              ([0, 1], [0, inf]), ([-1, 0, 1], [nan, 2, 3]), ([0.0, 1.0, 1.0, 2.0], [1, 2, 3, inf])]  # fmt: skip
    x = np.array([-inf, -2.0, -1.0, -0.6, -0.0, 0.3, 1.0, 1.7, 2.0, 5.0, inf, nan])
    with np.errstate(all="ignore"):
        for places, values in tables:
            f = lambda x, p=places, v=values: np.interp(x, p, v)  # noqa: E731
            for found in (jvp(f, (x,), (x,))[0], vjp(f, x)[0], jit(f)(x), vmap(f)(x[:, None])[:, 0]):
                np.testing.assert_array_equal(found, f(x))
            held = lambda v, p=places: np.interp(x, p, v)  # noqa: E731
            np.testing.assert_array_equal(vjp(held, np.array(values, float))[0], held(np.array(values, float)))
        slope = grad(lambda x: np.sum(np.interp(x, [-inf, 0, 1, inf], [1, 2, 4, 4])))
        np.testing.assert_array_equal(slope(np.array([-3.0, 0.5, 7.0])), [0.0, 2.0, 0.0])


def test_the_column_of_ones_is_one_at_infinity_too():
    x = np.array([np.inf, np.nan, 2.0])
    value, slope = jvp(lambda x: np.vander(x, 1), (x,), (np.ones(3),))
    np.testing.assert_array_equal(value, np.vander(x, 1))
    np.testing.assert_array_equal(slope, np.zeros((3, 1)))


def test_numpys_ways_to_say_no_places_one_number_and_a_shape():
    x = np.array([0.3, 1.2, -0.7])
    for f in (
        lambda x: np.take(x, []),
        lambda x: np.convolve(x, 2.0),
        lambda x: np.convolve(x[0], x),
        lambda x: np.reshape(x, np.array([-1, 1])),
    ):
        for found in (jvp(f, (x,), (x,))[0], vjp(f, x)[0], jit(f)(x), vmap(f)(x[None])[0]):
            np.testing.assert_allclose(found, f(x), rtol=1e-15, strict=True)
    with pytest.warns(RuntimeWarning):
        assert np.isnan(vjp(np.median, x[:0])[0])


def test_quantiles_beside_infinities_are_numpys():
    inf = np.inf
    with np.errstate(all="ignore"):
        for numbers in ([-inf, 1, 2], [inf, 1, 2], [-inf, inf, 3], [inf, inf, 1], [-inf, -inf, 1], [1, 2, 4, inf], [1]):
            x = np.array(numbers, float)
            for q in (0, 0.0, 0.1, 0.25, 0.5, 0.6, 0.9, 1, 1.0, [0.3, 0.6], np.float32(0.3), np.int64(0)):
                for f in (lambda x, q=q: np.quantile(x, q), lambda x, q=q: np.percentile(x, np.multiply(q, 100))):
                    for found in (jvp(f, (x,), (x,))[0], vjp(f, x)[0], jit(f)(x), vmap(f)(x[None])[0]):
                        np.testing.assert_allclose(found, f(x), rtol=1e-15)
    np.testing.assert_array_equal(grad(lambda x: np.quantile(x, 0.5))(np.array([1.0, 2.0, inf])), [0, 1, 0])
