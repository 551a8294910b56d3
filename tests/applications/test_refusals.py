"""What does not fit is refused in words, where NumPy would stretch it; and the reason of an end is the true one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.applications import (  # isort: skip
    adam, bfgs, explicit_euler, fit_by_gradient_ascent, fit_by_lbfgs, fixed_point, gauss_newton, gradient_descent,
    implicit_euler, lbfgs, levenberg_marquardt, mixture_log_likelihood, momentum, newton, newton_step, observed_orders,
    runge_kutta, solve_stiff,
)  # fmt: skip
from course_lib.applications.mixture_likelihood import pack
from course_lib.applications.network import cross_entropy, initial_parameters, network, squared_error, train
from course_lib.autodiff import derivative, grad

X = np.linspace(-1, 1, 8)[:, None]
REGRESSION, CLASSES = [1, 4, 1], [1, 4, 3]
ONE = ([1.0], [[0.0]], [[[1.0]]])
SOLVERS = {
    "explicit": lambda f, y, **how: explicit_euler(f, y, 1.0, **{"steps": 2, **how}),
    "runge_kutta": lambda f, y, **how: runge_kutta(f, y, 1.0, **{"steps": 2, **how}),
    "newton": lambda f, y, **how: implicit_euler(f, y, 1.0, **{"steps": 2, **how}),
    "fixed point": lambda f, y, **how: implicit_euler(f, y, 1.0, **{"steps": 2, **how}, solver="fixed point"),
    "stiff": lambda f, y, steps=None: solve_stiff(f, y, 1.0, max_steps=100 if steps is None else steps),
}


@pytest.mark.parametrize("solve", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize(
    "slope", [lambda y: -y[:1], lambda y: -y[:, None], lambda y: -y[0], lambda y: None, lambda y: -np.stack([y, y])]
)
def test_a_slope_has_the_shape_of_what_it_moves(solve, slope):
    with pytest.raises(ValueError, match=r"f\(t, y\) .*expected .*\(2,\)"):
        solve(lambda t, y: slope(y), [1.0, 2.0])


@pytest.mark.parametrize("solve", SOLVERS.values(), ids=SOLVERS)
def test_a_list_of_slopes_is_an_array(solve):
    made = solve(lambda t, y: [y[1], -y[0]], [1.0, 2.0])
    states = [getattr(s, "states", s) for s in (made, solve(lambda t, y: np.stack([y[1], -y[0]]), [1.0, 2.0]))]
    np.testing.assert_array_equal(*states)


@pytest.mark.parametrize("solve", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize("steps", [-5, 0, 2.0, True])
def test_there_is_a_step_to_take(solve, steps):
    with pytest.raises(ValueError, match="expected a whole number, 1 or more"):
        solve(lambda t, y: -y, [1.0], steps=steps)


def test_solvers_say_what_stopped_them():
    left = explicit_euler(lambda t, y: -1 / np.sqrt(y), [0.01], 1.0, 10)
    assert left.reason == "f is not a number at t = 0.1"
    singular = implicit_euler(lambda t, y: 2 * y, [1.0], 1.0, 2)  # I - h f' is 0
    assert singular.reason == "the newton iteration of a step does not converge"
    for tolerances in ({"atol": 0.0}, {"rtol": -1e-3}, {"atol": [1e-3, 1e-3]}):
        with pytest.raises(ValueError, match="expected rtol >= 0 and atol > 0"):
            solve_stiff(lambda t, y: -y, [1.0], 1.0, **tolerances)
    for start in (1.0, [[1.0]]):
        with pytest.raises(ValueError, match="expected a vector"):
            solve_stiff(lambda t, y: -y, start, 1.0)


def test_newton_says_what_stopped_it():
    with np.errstate(all="raise"):
        assert newton(np.log, -1.0).reason == "f or its derivative is not finite at the last point"
        assert not newton(np.arctan, 2.0).converged  # it runs away, beyond what squares can hold
    with pytest.raises(ValueError, match="expected a number or a vector"):
        newton(lambda x: x, np.zeros((2, 2)))
    with np.errstate(invalid="ignore"), pytest.raises(ArithmeticError, match="not finite"):
        newton_step(np.log, -1.0)


@settings(max_examples=20)
@given(root=st.floats(0.1, 1e3), unit=st.sampled_from([1.0, 1e100, 1e150, 1e200]))
def test_newton_finds_roots_of_any_size(root, unit):
    path = newton(lambda x: x / unit * (x / unit) - root**2, 3 * root * unit)
    assert path.converged
    assert path.solution == pytest.approx(root * unit, rel=1e-10)


@settings(max_examples=30)
@given(rate=st.floats(0.0, 0.9999), away=st.floats(1e-12, 1.0))
def test_a_fixed_point_is_found_or_refused_however_slowly_it_is_approached(rate, away):
    target = 1 + away
    find = fixed_point(lambda x, a: a + rate * (x - a), start=1.0)
    try:
        found = find(target)
    except ArithmeticError:  # refused
        assert rate > 0.9
        return
    assert abs(found - target) <= 1e-11
    assert derivative(find)(target) == pytest.approx(1)


def test_a_fixed_point_has_the_shape_of_its_start():
    for g, start in ((lambda x, a: 0.5 * x + np.ones(3), 1.0), (lambda x, a: np.sum(x) * a, np.ones(3))):
        with pytest.raises(ValueError, match=r"g\(x, a\) has shape"):
            fixed_point(g, start)(0.5)
    with np.errstate(invalid="ignore"), pytest.raises(ArithmeticError, match="not a number in iteration 1"):
        fixed_point(lambda x, a: np.log(-abs(x) - a), 1.0)(1.0)
    with pytest.raises(ValueError, match="max_iterations is 0"):
        fixed_point(lambda x, a: a * x, 1.0, max_iterations=0)(0.5)
    for slope_of in (derivative, grad):
        with pytest.raises(ArithmeticError, match="is 1 at the solution"):
            slope_of(fixed_point(lambda x, a: x * 1.0, 1.0))(0.5)


@pytest.mark.parametrize("fit", [gauss_newton, levenberg_marquardt])
def test_parameters_that_data_do_not_determine_have_no_standard_deviation(fit):
    measured = np.array([0, 1.1, 2, 2.9, 4])
    found = fit(lambda b: (b[0] + b[1]) * np.arange(5.0) - measured, [3.0, 2.0])
    assert found.parameters.sum() == pytest.approx(measured @ np.arange(5.0) / 30)
    assert np.isnan(found.standard_deviations).all()
    with pytest.raises(ValueError, match="The residuals are None"):
        fit(lambda b: None, [1.0])


@pytest.mark.parametrize("fit", [gauss_newton, levenberg_marquardt])
@settings(max_examples=20)
@given(data=st.lists(st.floats(-5, 5), min_size=3, max_size=6))
def test_a_slope_of_zero_converges_too(fit, data):
    y = np.array(data + data[::-1])  # symmetric: the fitted slope is 0, but for rounding
    t = np.arange(len(y)) - (len(y) - 1) / 2
    found = fit(lambda b: b[0] + b[1] * t - y, [1.0, 1.0])
    assert found.converged
    np.testing.assert_allclose(found.parameters, [y.mean(), 0], atol=1e-8)


def test_orders_need_errors_that_differ():
    for errors in ([1, 1, 1], [1, 0.1, np.inf], [1, 0.1, 0.1]):
        with pytest.raises(ValueError, match="each other than the one before"):
            observed_orders(errors)


def test_targets_have_the_shape_of_answers():
    parameters = initial_parameters(REGRESSION, 0)
    assert squared_error(parameters, REGRESSION, X, X) == np.mean((network(parameters, REGRESSION, X) - X) ** 2)
    with pytest.raises(ValueError, match=r"Y has shape \(8,\); expected \(8, 1\)"):
        squared_error(parameters, REGRESSION, X, X[:, 0])
    for x in (X[0], np.ones((8, 2)), 1.0):
        with pytest.raises(ValueError, match=r"expected one input a row, \(n, 1\)"):
            network(parameters, REGRESSION, x)


@pytest.mark.parametrize(
    "labels", [np.full(8, -1), np.full(8, 3), np.ones(8), np.ones(8, bool), np.ones(4, int), np.eye(3, dtype=int)]
)
def test_labels_count_the_classes_from_0(labels):
    parameters = initial_parameters(CLASSES, 0)
    with pytest.raises(ValueError, match="expected 8 whole numbers from 0 to 2"):
        cross_entropy(parameters, CLASSES, X, labels)


def test_training_needs_rows_that_fit():
    for x, y in ((X, np.zeros((20, 1))), (X, np.zeros((5, 1))), (X * np.nan, X), (X[:0], X[:0]), (X[:, 0], X)):
        with pytest.raises(ValueError, match="as many rows in both"):
            train(squared_error, REGRESSION, x, y, 2)
    for how in ({"epochs": -1}, {"epochs": 1, "batch_size": 0}):
        with pytest.raises(ValueError, match="expected a whole number"):
            train(squared_error, REGRESSION, X, X, **how)
    for widths in ([3], [3, 0, 1], [3, 2.0, 1], 3):
        with pytest.raises(ValueError, match=r"width(s are| is)"):
            initial_parameters(widths, 0)


def square(x):
    return np.sum(x**2)


@pytest.mark.parametrize("descent", [gradient_descent, momentum, adam])
def test_a_descent_goes_down(descent):
    for rate in (-0.1, 0.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="expected a positive number"):
            descent(square, [1.0], rate, 3)
    with pytest.raises(ValueError, match="iterations is -3"):
        descent(square, [1.0], 0.1, -3)


def test_what_a_descent_remembers_fades():
    for memory in (1.0, 1.5, -0.1):
        with pytest.raises(ValueError, match=r"memory is .*\[0, 1\)"):
            momentum(square, [1.0], 0.1, 3, memory=memory)
        with pytest.raises(ValueError, match=r"beta1 is .*\[0, 1\)"):
            adam(square, [1.0], 0.1, 3, beta1=memory)


@pytest.mark.parametrize("descent", [bfgs, lbfgs])
def test_a_function_without_a_minimum_is_said_to_have_none(descent):
    for f, start in ((lambda x: np.log(x[0]), [-1.0]), (square, [np.inf]), (lambda x: np.sqrt(x[0]), [0.0])):
        with pytest.raises(ValueError, match="At the start"):
            descent(f, start)
    with np.errstate(all="ignore"):
        for f in (lambda x: -np.exp(x[0]), lambda x: x[0] ** 3 - 1, lambda x: -(x[0] ** 4)):
            path = descent(f, [-1.0])
            assert not path.converged
            assert "diverged" in path.reason, path.reason


def test_a_mixture_is_one():
    with pytest.raises(ValueError, match="with sum 4"):
        pack([2.0, 2.0], [[0.0], [1.0]], [[[1.0]], [[1.0]]])
    with pytest.raises(ValueError, match="not symmetric"):
        pack([1.0], [[0.0, 0.0]], [[[1.0, 0.5], [0.0, 1.0]]])
    with pytest.raises(ValueError, match="one point a row"):
        mixture_log_likelihood(pack(*ONE), np.zeros(3), 1)
    for points in ([[0.0], [np.nan]], np.zeros((0, 1)), [0.0, 1.0]):
        with pytest.raises(ValueError, match="expected finite numbers, one point a row"):
            fit_by_gradient_ascent(points, *ONE, rate=0.1, iterations=5)
        with pytest.raises(ValueError, match="expected finite numbers, one point a row"):
            fit_by_lbfgs(points, *ONE)


def test_a_collapse_is_told():
    doubled = np.array([[0.0], [0.0], [0.0], [1.0], [2.0], [5.0]])
    start = [0.5, 0.5], [[0.0], [2.0]], [[[0.01]], [[1.0]]]
    with pytest.raises(ArithmeticError, match="collapsed onto points that do not spread"):
        fit_by_lbfgs(doubled, *start)


def parabola(x):
    return np.sum((x - 1) ** 2)


WITH_TOLERANCE = {
    "newton": lambda start, **how: newton(lambda x: x - 1, start, **how),
    "gauss_newton": lambda start, **how: gauss_newton(lambda x: x - 1, start, **how),
    "bfgs": lambda start, **how: bfgs(parabola, start, **how),
    "lbfgs": lambda start, **how: lbfgs(parabola, start, **how),
    "implicit_euler": lambda start, **how: implicit_euler(lambda t, y: -y, start, 1.0, 2, **how),
    "fixed_point": lambda start, **how: fixed_point(lambda x, a: a * x, start, **how)(0.5),
}
WITH_START = WITH_TOLERANCE | {
    "gradient_descent": lambda start: gradient_descent(parabola, start, 0.1, 2),
    "momentum": lambda start: momentum(parabola, start, 0.1, 2),
    "adam": lambda start: adam(parabola, start, 0.1, 2),
    "levenberg_marquardt": lambda start: levenberg_marquardt(lambda x: x - 1, start),
    "explicit_euler": lambda start: explicit_euler(lambda t, y: -y, start, 1.0, 2),
    "solve_stiff": lambda start: solve_stiff(lambda t, y: -y, start, 1.0),
}


@pytest.mark.parametrize("solve", WITH_START.values(), ids=WITH_START)
@pytest.mark.parametrize("start", [[1 + 2j], ["here"], [None], [[1.0], [2.0, 3.0]]], ids=str)
def test_a_start_is_of_real_numbers(solve, start):
    with pytest.raises(ValueError, match=r"The start is .*; expected real numbers"):
        solve(start)


@pytest.mark.parametrize("solve", WITH_TOLERANCE.values(), ids=WITH_TOLERANCE)
@pytest.mark.parametrize("tolerance", [-1e-9, np.nan, np.inf, "small", None, [1e-3]], ids=str)
def test_a_tolerance_is_a_number_that_can_be_met(solve, tolerance):
    with pytest.raises(ValueError, match="expected a number, 0 or greater"):
        solve([1.0], tolerance=tolerance)


def test_newton_takes_equations_as_a_list():
    path = newton(lambda v: [v[0] ** 2 - v[1], v[1] - 4], [1.0, 1.0])
    assert path.converged
    np.testing.assert_allclose(path.solution, [2, 4], rtol=1e-14)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("minimise", [bfgs, lbfgs])
def test_a_function_without_a_minimum_is_followed_without_a_warning(minimise):
    assert "has f a minimum?" in minimise(lambda x: -(x[0] ** 2), [1.0]).reason
