"""Implicit derivatives: against closed forms, differences, and the derivative of many iterations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.applications import fixed_point
from course_lib.autodiff import derivative, grad, hessian, jacfwd, jacrev


@given(st.floats(0.3, 20.0))
def test_herons_square_root(a):
    root = fixed_point(lambda x, a: (x + a / x) / 2, start=1.0)
    assert root(a) == pytest.approx(np.sqrt(a), rel=1e-12)
    assert derivative(root)(a) == pytest.approx(0.5 / np.sqrt(a), rel=1e-10)
    assert grad(root)(a) == pytest.approx(0.5 / np.sqrt(a), rel=1e-10)
    assert derivative(derivative(root))(a) == pytest.approx(-0.25 * a**-1.5, rel=1e-8)


@given(st.integers(0, 10**6))
def test_a_system_with_parameters(seed):
    """x = A tanh(x) + b: by the formula J = (I - A diag(1 - tanh(x)^2))^-1, and by differences."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(3, 3))
    A *= 0.5 / np.linalg.norm(A, 2)
    b = rng.normal(size=3)
    solve = fixed_point(lambda x, b: A @ np.tanh(x) + b, start=np.zeros(3), tolerance=1e-14)
    x = solve(b)
    exact = np.linalg.inv(np.eye(3) - A * (1 - np.tanh(x) ** 2))
    assert np.allclose(x, A @ np.tanh(x) + b)
    assert np.allclose(jacfwd(solve)(b), exact, rtol=1e-9)
    assert np.allclose(jacrev(solve)(b), exact, rtol=1e-9)


def test_the_second_derivative_through_both_modes():
    A = np.array([[0.2, 0.3], [-0.1, 0.4]])
    solve = fixed_point(lambda x, b: A @ np.tanh(x) + b, start=np.zeros(2), tolerance=1e-15)
    b, h = np.array([0.3, -0.7]), 1e-4

    def f(b):
        return np.sum(solve(b) ** 2)

    differences = np.array([(grad(f)(b + h * e) - grad(f)(b - h * e)) / (2 * h) for e in np.eye(2)])
    assert np.allclose(hessian(f)(b), differences, rtol=1e-6)


def test_as_many_iterations_give_the_same():
    def unrolled(a):
        x = 1.0
        for _ in range(100):
            x = a * np.cos(x)
        return x

    implicit = fixed_point(lambda x, a: a * np.cos(x), start=1.0, tolerance=1e-15)
    assert derivative(implicit)(0.9) == pytest.approx(derivative(unrolled)(0.9), rel=1e-12)


def test_a_derivative_at_the_exact_start_is_not_zero():
    """Started at its own solution, the loop ends after one step, and says nothing of how the solution moves."""
    implicit = fixed_point(lambda x, a: a * np.cos(x), start=0.7390851332151607)
    assert derivative(implicit)(1.0) == pytest.approx(0.7390851332151607 / (1 + np.sin(0.7390851332151607)), rel=1e-9)


def test_no_convergence_is_told():
    with pytest.raises(ArithmeticError, match="did not converge in 20 iterations"):
        fixed_point(lambda x, a: a * x + 1, start=0.0, max_iterations=20)(1.5)


@pytest.mark.parametrize("g", [lambda x, a: a * x * x + 2, lambda x, a: np.exp(a * x) + x, lambda x, a: x + a * np.inf])
def test_an_iteration_that_runs_away_is_an_error_and_no_solution(g):
    with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match="converge"):
        fixed_point(g, 1.0)(1.0)
