"""Divided differences against closed forms, exact rationals, scipy, and the laws that they obey."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.differentiate import derivative as scipy_derivative
from scipy.optimize import minimize_scalar

from course_lib.autodiff import (
    best_step,
    central_difference,
    complex_step,
    exact_step,
    forward_difference,
    rounding_error,
    truncation_error,
)

DIFFERENCES = [forward_difference, central_difference]
SCHEMES = [*DIFFERENCES, complex_step]

numbers = st.floats(-4, 4, allow_nan=False)
steps = st.sampled_from([2.0**-k for k in range(1, 12)])


def polynomial(coefficients):
    return lambda x: sum(c * x**k for k, c in enumerate(coefficients))


def taylor_coefficient(coefficients, x, h, scheme):
    """What exact arithmetic gives, in rational numbers."""
    f = polynomial([Fraction(c) for c in coefficients])
    x, h = Fraction(x), Fraction(h)
    return (f(x + h) - f(x)) / h if scheme == "forward" else (f(x + h) - f(x - h)) / (2 * h)


@pytest.mark.parametrize(("name", "scheme"), [("forward", forward_difference), ("central", central_difference)])
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.integers(-16, 16), steps)
def test_exact_on_dyadic_points_of_integer_polynomials(name, scheme, coefficients, eighths, h):
    x = eighths / 8
    exact = taylor_coefficient(coefficients, x, h, name)
    size = max(abs(c) for c in coefficients) * 1000
    assert abs(Fraction(float(scheme(polynomial(coefficients), x, h))) - exact) <= Fraction(size * 2**-52 / h)


@given(numbers, numbers, numbers, steps)
def test_forward_is_exact_on_lines(a, b, x, h):
    slope = forward_difference(lambda t: a * t + b, x, h)
    assert abs(slope - a) <= 40 * 2**-52 / h


@given(numbers, numbers, numbers, numbers, steps)
def test_central_is_exact_on_parabolas(a, b, c, x, h):
    slope = central_difference(lambda t: a * t * t + b * t + c, x, h)
    assert abs(slope - (2 * a * x + b)) <= 400 * 2**-52 / h


@pytest.mark.parametrize("scheme", SCHEMES)
@given(numbers, numbers, numbers, steps)
def test_linear_in_the_function(scheme, a, b, x, h):
    f, g = np.sin, np.exp
    together = scheme(lambda t: a * f(t) + b * g(t), x, h)
    apart = a * scheme(f, x, h) + b * scheme(g, x, h)
    assert abs(together - apart) <= 4000 * 2**-52 / h


@pytest.mark.parametrize("f", [np.sin, np.exp, lambda x: 1 / (1 + x * x), lambda x: x * np.log(5 + x)])
def test_agrees_with_scipy(f):
    points = np.linspace(-1.5, 2.5, 9)
    exact = scipy_derivative(f, points).df
    np.testing.assert_allclose(complex_step(f, points), exact, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(central_difference(f, points, 1e-5), exact, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(forward_difference(f, points, 1e-8), exact, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("f", "slope"),
    [(np.sin, np.cos), (np.exp, np.exp), (np.sqrt, lambda x: 0.5 / np.sqrt(x)), (np.log, lambda x: 1 / x)],
)
@pytest.mark.parametrize("h", [1e-10, 1e-20, 1e-200])
def test_complex_step_has_all_digits(f, slope, h):
    x = np.linspace(0.3, 3.1, 7)
    np.testing.assert_allclose(complex_step(f, x, h), slope(x), rtol=4e-16, atol=2e-16)


@pytest.mark.parametrize(("scheme", "order"), [(forward_difference, 1), (central_difference, 2), (complex_step, 2)])
def test_order_of_convergence(scheme, order):
    errors = [abs(scheme(np.exp, 0.3, h) - np.exp(0.3)) for h in (0.02, 0.01)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.02)


def test_a_negative_step_gives_the_backward_difference():
    assert forward_difference(lambda x: x * x, 3.0, -0.5) == 5.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shapes_broadcast(scheme):
    assert np.ndim(scheme(np.sin, 1.0, 0.1)) == 0
    assert scheme(np.sin, [1.0, 2.0], 0.1).shape == (2,)
    assert scheme(np.sin, np.ones((3, 1)), np.full(4, 0.1)).shape == (3, 4)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_integers_are_taken_as_floats(scheme):
    assert scheme(lambda x: x * x, 3, 0.5) == scheme(lambda x: x * x, 3.0, 0.5)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("h", [0, 0.0, np.inf, np.nan, [0.1, 0.0]])
def test_a_step_that_is_no_step_is_refused(scheme, h):
    with pytest.raises(ValueError, match=r"step h is .*expected finite numbers other than 0.*Take a small"):
        scheme(np.sin, 1.0, h)


@pytest.mark.parametrize("f", [np.abs, np.real, lambda z: np.abs(z) ** 2, lambda z: 3.0])
def test_complex_step_notices_a_dropped_imaginary_part(f):
    with pytest.raises(TypeError, match=r"real values.*Expected a complex answer.*central_difference"):
        complex_step(f, -2.0)


def test_complex_step_wants_a_real_point():
    with pytest.raises(ValueError, match=r"x is complex.*expects a real point"):
        complex_step(np.sin, 1 + 1j)


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(1e-16, 1e-2), st.sampled_from(["forward", "central"]))
@settings(max_examples=40)
def test_best_step_is_where_the_sum_is_least(value, higher, relative_error, scheme):
    def total(log_h):
        h = np.exp(log_h)
        return np.log(truncation_error(scheme, h, higher) + rounding_error(scheme, h, value, relative_error))

    found = np.exp(minimize_scalar(total, bounds=(-30, 10), method="bounded", options={"xatol": 1e-7}).x)
    assert best_step(scheme, value, higher, relative_error) == pytest.approx(found, rel=1e-3)


def test_best_steps_in_closed_form():
    f, second, third, e = 0.343, 4.2, 6.0, 2.0**-52
    assert best_step("forward", f, second) == pytest.approx(2 * np.sqrt(e * f / second))
    assert best_step("central", f, third) == pytest.approx((3 * e * f / third) ** (1 / 3))


# Functions with thirty digits from mpmath beside NumPy's, at points where |x f'| is small, like and large beside |f|.
BOUNDED = [("log", np.log, 1.002), ("exp", np.exp, 7.3), ("sin", np.sin, 3.1), ("atan", np.arctan, 0.7)]


@pytest.mark.parametrize(("name", "function", "x"), BOUNDED)
@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_theory_bounds_practice(scheme, name, function, x):
    """With the step as it is the rounding of x + h counts; with an exact step it does not."""
    difference = {"forward": forward_difference, "central": central_difference}[scheme]
    value, slope, second, third = (float(mpmath.diff(getattr(mpmath, name), x, k)) for k in range(4))
    higher = {"forward": second, "central": third}[scheme]
    h = np.logspace(-12, -3, 300)
    error = np.abs(difference(function, x, h) - slope)
    bound = truncation_error(scheme, h, higher) + rounding_error(scheme, h, value, x=x, slope=slope)
    assert np.all(error <= 1.05 * bound)
    assert np.median(error / bound) > 0.1, "a bound that is never near is no theory"
    h = exact_step(x, h)
    error = np.abs(difference(function, x, h) - slope)
    assert np.all(error <= 1.05 * (truncation_error(scheme, h, higher) + rounding_error(scheme, h, value)))


def test_an_exact_step_keeps_what_the_rounding_of_the_point_costs():
    """The logarithm near 1 is small and its slope is not: the rounding of x + h is most of the error."""
    x = 1.002
    h = best_step("forward", np.log(x), -1 / x**2)
    promised = truncation_error("forward", h, -1 / x**2) + rounding_error("forward", h, np.log(x))
    assert abs(forward_difference(np.log, x, h) - 1 / x) > 10 * promised
    assert abs(forward_difference(np.log, x, exact_step(x, h)) - 1 / x) < promised


@given(st.floats(-1e6, 1e6), st.floats(1e-12, 1.0), st.booleans())
@example(1.0, 3 * 2.0**-53, True)  # floats lie closer below 1 than above
@settings(max_examples=100)
def test_an_exact_step_reaches_floats_on_both_sides(x, h, back):
    h = -h if back else h
    assume(x + h != x and x - h != x and abs(h) < abs(x) / 2)
    step = float(exact_step(x, h))
    for point in (x + step, x - step):
        assert abs(Fraction(point) - Fraction(x)) == abs(Fraction(step))


def test_a_step_that_the_point_swallows_is_refused():
    with pytest.raises(ValueError, match=r"x \+ h is x at x = 1e\+10.*at least 1.9e-06"):
        exact_step([1.0, 1e10], 1e-8)


@pytest.mark.parametrize("function", [truncation_error, rounding_error])
def test_unknown_schemes_are_refused(function):
    with pytest.raises(ValueError, match="'backward'; expected 'forward' or 'central'"):
        function("backward", 0.1, 1.0)


@pytest.mark.parametrize("arguments", [(0.0, 1.0), (1.0, 0.0), (np.nan, 1.0), (1.0, np.inf), (1.0, 1.0, 0.0)])
def test_no_best_step_without_both_errors(arguments):
    with pytest.raises(ValueError, match="expected finite numbers other than 0"):
        best_step("forward", *arguments)
