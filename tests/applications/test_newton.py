"""Newton's iteration: against closed forms and SciPy, its order measured, its failures told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, fsolve

from course_lib.applications import newton, newton_step, observed_orders


@given(st.floats(0.1, 1e6), st.floats(0.2, 5.0))
def test_square_roots(a, factor):
    """The iteration for x^2 = a is Heron's, x <- (x + a/x) / 2."""
    path = newton(lambda x: x**2 - a, np.sqrt(a) * factor)
    assert path.converged
    assert path.solution == pytest.approx(np.sqrt(a), rel=1e-15)
    assert np.allclose(path.points[1:], (path.points[:-1] + a / path.points[:-1]) / 2, rtol=1e-13)


def test_finds_what_bisection_finds():
    def kepler(E):
        return E - 0.3 * np.sin(E) - 1.2

    assert newton(kepler, 1.0).solution == pytest.approx(brentq(kepler, 0, 3, xtol=1e-15), rel=1e-14)


def reactor(x):
    return np.stack([x[0] * np.exp(x[1]) - 2 + x[2], x[0] + x[1] * x[2] - 1.5, np.sin(x[2]) + x[0] ** 2 - 0.8])


def test_systems_agree_with_scipy():
    path = newton(reactor, [1.0, 1.0, 1.0])
    other, _, flag, _ = fsolve(reactor, [1.0, 1.0, 1.0], xtol=1e-13, full_output=True)
    assert path.converged
    assert flag == 1
    assert np.allclose(path.solution, other, rtol=1e-10)
    assert path.points.shape == (len(path.residuals), 3)
    assert path.residuals[-1] < 1e-14


@given(st.integers(0, 10**6))
def test_one_step_solves_a_linear_system(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(4, 4)) + 5 * np.eye(4)
    solution = rng.normal(size=4)
    assert np.allclose(newton_step(lambda x: A @ x - A @ solution, rng.normal(size=4)), solution)


def test_order_two_at_a_simple_root_and_one_at_a_double_root():
    simple = newton(lambda x: x**3 - 2, 2.0).points
    errors = np.abs(simple - 2 ** (1 / 3))
    assert np.allclose(observed_orders(errors[errors > 1e-14])[-1], 2, atol=0.1)
    double = newton(lambda x: (x - 1) ** 2 * (x + 2), 2.0, tolerance=1e-6)
    errors = np.abs(double.points - 1)
    assert np.allclose(errors[6:10] / errors[5:9], 0.5, atol=0.02)


def test_order_two_in_several_dimensions():
    points = newton(reactor, [1.0, 1.0, 1.0]).points
    errors = np.linalg.norm(points - points[-1], axis=1)
    assert observed_orders(errors[errors > 1e-11])[-1] == pytest.approx(2, abs=0.25)


def test_the_cycle_of_the_books():
    """From 0, x^3 - 2x + 2 goes to 1, and back to 0, for ever."""
    path = newton(lambda x: x**3 - 2 * x + 2, 0.0, max_iterations=6)
    assert path.points.tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert path.reason == "not converged in 6 iterations"


def test_a_level_tangent_stops_the_path():
    path = newton(lambda x: x**2 + 1, 0.0)
    assert path.reason == "the tangent is level"
    assert path.points.tolist() == [0.0]
    flat = newton(lambda x: np.stack([x[0] + x[1], 2 * x[0] + 2 * x[1]]), [1.0, 2.0])
    assert flat.reason == "the tangent is level"
    with pytest.raises(ZeroDivisionError, match="Start elsewhere"):
        newton_step(lambda x: x**2 + 1, 0.0)


def test_needs_as_many_equations_as_unknowns():
    with pytest.raises(ValueError, match=r"given shape \(2,\) and returned shape \(\)"):
        newton(lambda x: x[0] * x[1], [1.0, 2.0])


@given(st.floats(1.1, 3.0), st.floats(0.1, 2.0))
def test_orders_of_made_up_errors(p, C):
    errors = [1e-2]
    for _ in range(3):
        errors.append(C * errors[-1] ** p)
    exact = [np.log(errors[k + 2] / errors[k + 1]) / np.log(errors[k + 1] / errors[k]) for k in range(2)]
    assert np.allclose(observed_orders(errors), exact)
    if C == 1:
        assert np.allclose(observed_orders(errors), p)


@pytest.mark.parametrize("errors", [[0.1, 0.01], [0.1, 0.01, 0.0]])
def test_orders_need_three_positive_errors(errors):
    with pytest.raises(ValueError, match="at least three positive numbers"):
        observed_orders(errors)
