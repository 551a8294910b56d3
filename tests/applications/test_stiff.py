"""Equations through time: Euler's methods by their closed forms, the stiff solver by published values and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from course_lib.applications import explicit_euler, implicit_euler, solve_stiff
from course_lib.applications.stiff import ORDER_THREE, A, C
from course_lib.explore import stiff_oscillator


def robertson(t, y):
    slow, fast, middle = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
    return np.stack([middle - slow, slow - middle - fast, fast])


def van_der_pol(stiffness):
    return lambda t, y: np.stack([y[1], stiffness * (1 - y[0] ** 2) * y[1] - y[0]])


@given(st.floats(-3, 3), st.integers(1, 20))
def test_eulers_methods_on_the_test_equation(rate, steps):
    """Explicit: the state is multiplied by 1 + h rate at every step; implicit: by 1 / (1 - h rate)."""
    h, k = 0.1, np.arange(steps + 1)
    explicit = explicit_euler(lambda t, y: rate * y, [2.0], h * steps, steps)
    implicit = implicit_euler(lambda t, y: rate * y, [2.0], h * steps, steps)
    iterated = implicit_euler(lambda t, y: rate * y, [2.0], h * steps, steps, solver="fixed point", tolerance=1e-13)
    assert np.allclose(explicit.states[:, 0], 2 * (1 + h * rate) ** k)
    assert np.allclose(implicit.states[:, 0], 2 / (1 - h * rate) ** k, rtol=1e-9)
    assert np.allclose(iterated.states[:, 0], implicit.states[:, 0], rtol=1e-9)
    assert np.allclose(explicit.times, h * k)


@pytest.mark.parametrize("method", [explicit_euler, implicit_euler])
def test_eulers_methods_are_of_order_one_and_know_the_time(method):
    def f(t, y):
        return np.stack([y[1], -y[0] + np.cos(2 * t)])

    right = solve_ivp(f, (0, 1), [1.0, 0.5], method="DOP853", rtol=1e-13, atol=1e-13).y[:, -1]
    errors = [np.linalg.norm(method(f, [1.0, 0.5], 1.0, steps).states[-1] - right) for steps in (100, 200, 400)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(1, abs=0.05)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(1, abs=0.05)


def test_which_solver_bears_which_step():
    """The decay at rate 100 allows the explicit method h < 2/100, fixed points h < 1/100, Newton every h."""

    def f(t, y):
        return -100 * (y - np.cos(t))

    def reached(method, h, **options):
        return method(f, [0.0], end=4.0, steps=round(4 / h), **options).reached_the_end

    assert reached(explicit_euler, 1 / 55)
    assert not reached(explicit_euler, 1 / 45)
    assert reached(implicit_euler, 1 / 110, solver="fixed point", max_iterations=500)
    assert not reached(implicit_euler, 1 / 90, solver="fixed point", max_iterations=500)
    assert reached(implicit_euler, 1 / 2)
    assert reached(implicit_euler, 2)


def test_newton_solves_a_linear_step_in_one_iteration():
    solution = implicit_euler(lambda t, y: -50 * y, [1.0], 1.0, 10)
    assert solution.iterations == solution.jacobians == 20  # one to solve it, one to see that it is solved


def test_an_unknown_solver_is_refused():
    with pytest.raises(ValueError, match="expected one of 'newton', 'fixed point'"):
        implicit_euler(lambda t, y: y, [1.0], 1.0, 1, solver="bisection")


def test_the_coefficients_fulfil_the_conditions_of_their_orders():
    """Order 4 and order 3 (Hairer and Wanner), and L-stability: the last stage is the result."""
    for b, order in ((A[-1], 4), (ORDER_THREE, 3)):
        conditions = [(1, 1), (C, 1 / 2), (C**2, 1 / 3), (A @ C, 1 / 6)]
        if order == 4:
            conditions += [(C**3, 1 / 4), (C * (A @ C), 1 / 8), (A @ C**2, 1 / 12), (A @ A @ C, 1 / 24)]
        for powers, right in conditions:
            assert np.sum(b * powers) == pytest.approx(right, abs=1e-13)
    assert np.all(np.diag(A) == 1 / 4)
    assert C[-1] == pytest.approx(1)
    e = np.ones(5)
    for z in (-1e3, -1e6, -1e9):
        assert abs(1 + z * A[-1] @ np.linalg.solve(np.eye(5) - z * A, e)) < 20 / abs(z)


# The values of the Test Set for Initial Value Problem Solvers, release 2.4 (Mazzia and Magherini, 2008), problems ROBER
# and VDPOL, computed there to fourteen digits.
ROBERTSON_AT_1E11 = [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050]
VAN_DER_POL_AT_2000 = [0.1706167732170483e01, -0.8928097010247975e-03]


def test_robertsons_reactions_over_eleven_powers_of_ten():
    solution = solve_stiff(robertson, [1.0, 0.0, 0.0], 1e11, rtol=1e-6, atol=[1e-12, 1e-16, 1e-12])
    assert solution.reached_the_end
    assert solution.times[-1] == 1e11
    assert np.allclose(solution.states[-1], ROBERTSON_AT_1E11, rtol=3e-5, atol=0)
    assert np.allclose(solution.states.sum(axis=1), 1, atol=1e-12)
    assert len(solution.times) < 500


def test_robertsons_reactions_against_radau():
    other = solve_ivp(robertson, (0, 40), [1.0, 0.0, 0.0], method="Radau", rtol=1e-11, atol=1e-14)
    solution = solve_stiff(robertson, [1.0, 0.0, 0.0], 40.0, rtol=1e-7, atol=1e-12)
    assert np.allclose(solution.states[-1], other.y[:, -1], rtol=1e-6)


def test_van_der_pols_oscillator():
    solution = solve_stiff(van_der_pol(1000.0), [2.0, 0.0], 2000.0, rtol=1e-6, atol=1e-6)
    assert np.allclose(solution.states[-1], VAN_DER_POL_AT_2000, atol=5e-6)
    assert len(solution.times) < 1000


def test_smaller_tolerances_give_smaller_errors_in_proportion():
    """A method of order 4 with steps that obey a tolerance: the error follows it, and the steps its fourth root."""
    right = solve_ivp(van_der_pol(5.0), (0, 10), [2.0, 0.0], method="Radau", rtol=1e-12, atol=1e-13).y[:, -1]
    errors, steps = [], []
    for tolerance in (1e-3, 1e-5, 1e-7):
        solution = solve_stiff(van_der_pol(5.0), [2.0, 0.0], 10.0, rtol=tolerance, atol=tolerance)
        errors.append(np.max(np.abs(solution.states[-1] - right)))
        steps.append(len(solution.times))
    assert errors[1] < errors[0] / 10
    assert errors[2] < errors[1] / 10
    assert steps[2] / steps[1] == pytest.approx(100 ** (1 / 4), rel=0.35)


def test_an_equation_that_depends_on_time():
    solution = solve_stiff(lambda t, y: -100 * (y - np.cos(t)) - np.sin(t), [1.0], 5.0, rtol=1e-6, atol=1e-6)
    assert np.allclose(solution.states[:, 0], np.cos(solution.times), atol=1e-5)


def test_a_solution_that_ends_gets_stuck_and_says_where():
    with np.errstate(all="ignore"):
        solution = solve_stiff(lambda t, y: y**2, [1.0], 2.0)  # 1 / (1 - t)
    assert not solution.reached_the_end
    assert "stuck at t = 1.0" in solution.reason or "stuck at t = 0.99" in solution.reason


def test_the_end_comes_after_the_start():
    with pytest.raises(ValueError, match="expected a time after 0"):
        solve_stiff(robertson, [1.0, 0.0, 0.0], 0.0)


@pytest.mark.parametrize(("solver", "stiffness", "step", "ends"), [
    ("explicit", 5, 0.05, "reaches the end"),  # h < 2 / (3 * 5) = 0.13
    ("explicit", 5, 0.2, "diverges"),
    ("implicit, fixed point", 5, 0.05, "reaches the end"),  # h < 1 / (3 * 5) = 0.067
    ("implicit, fixed point", 5, 0.1, "fails to converge"),
    ("implicit, Newton", 5, 0.2, "reaches the end"),
    ("implicit, Newton", 50, 0.5, "reaches the end"),
    ("implicit, Newton", 20, 0.5, "fails to converge at t = 1"),  # at the jump
])  # fmt: skip
def test_what_the_explorable_shows(solver, stiffness, step, ends):
    text, _ = stiff_oscillator().says(solver=solver, stiffness=stiffness, step=step, start=[[0.0, 2.0]])
    assert ends in text


@pytest.mark.parametrize("scale", [2e6, 1.0, 1e-12])
def test_a_large_solution_has_not_diverged_and_units_do_not_matter(scale):
    assert explicit_euler(lambda t, y: -y, [scale], 1.0, 10).reached_the_end
    assert implicit_euler(lambda t, y: -y, [scale], 1.0, 10).reached_the_end
    assert not explicit_euler(lambda t, y: -100 * y, [scale], 4.0, 180).reached_the_end


def test_growth_is_no_divergence():
    for f, start in ((lambda t, y: y, [1.0]), (lambda t, y: np.stack([1e9 + 0 * y[0]]), [0.0])):
        assert explicit_euler(f, start, 30.0, 300).reached_the_end
    swinging = explicit_euler(lambda t, y: np.stack([y[0] - y[1], y[0] + y[1]]), [1.0, 0.0], 30.0, 3000)
    assert swinging.reached_the_end
    with np.errstate(over="ignore"):
        assert not explicit_euler(lambda t, y: y * y, [1.0], 3.0, 300).reached_the_end
