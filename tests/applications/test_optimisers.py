"""The optimisers: each against its formula written out, against SciPy, and by the conditions that it promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize, rosen, rosen_der

from course_lib.applications import adam, bfgs, gradient_descent, lbfgs, momentum
from course_lib.applications.optimisers.line_search import wolfe_search
from course_lib.autodiff import jit, value_and_grad

seeds = st.integers(0, 10**6)
quasi_newton_methods = pytest.mark.parametrize("method", [bfgs, lbfgs])


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def a_quadratic(seed, n=5):
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(n, n))
    H, minimum = factor @ factor.T + np.eye(n), rng.normal(size=n)
    return H, minimum, rng.normal(size=n), lambda x: 0.5 * (x - minimum) @ H @ (x - minimum) + 3.0


@given(seeds)
def test_gradient_descent_is_its_formula(seed):
    """On a quadratic the error after t steps is (I - rate H)^t times the first."""
    H, minimum, start, f = a_quadratic(seed)
    rate = 1 / np.linalg.eigvalsh(H)[-1]
    path = gradient_descent(f, start, rate, iterations=30)
    shrinks = np.linalg.matrix_power(np.eye(5) - rate * H, 30)
    assert np.allclose(path.solution - minimum, shrinks @ (start - minimum), atol=1e-12)
    assert np.all(np.diff(path.values) <= 1e-13)
    assert np.allclose(path.values, [f(x) for x in path.points])
    assert path.points.shape == (31, 5)
    assert path.evaluations == 30


def test_too_large_a_rate_diverges_and_says_so():
    with np.errstate(all="ignore"):
        path = gradient_descent(lambda x: np.sum(x**4), [3.0, 1.0], rate=1.0, iterations=20)
    assert path.reason.startswith("diverged")
    assert not path.converged


@given(seeds)
def test_momentum_is_a_recursion_of_second_order(seed):
    """x(t+1) = x(t) + memory (x(t) - x(t-1)) - rate H (x(t) - minimum)."""
    H, minimum, start, f = a_quadratic(seed)
    rate = 0.5 / np.linalg.eigvalsh(H)[-1]
    x = momentum(f, start, rate, iterations=12, memory=0.7).points
    expected = x[1:-1] + 0.7 * (x[1:-1] - x[:-2]) - rate * (x[1:-1] - minimum) @ H
    assert np.allclose(x[2:], expected, atol=1e-10)
    assert np.allclose(momentum(f, start, rate, 5, memory=0.0).points, gradient_descent(f, start, rate, 5).points)


def test_momentum_beats_gradient_descent_in_a_valley():
    def valley(x):
        return 0.5 * (x[0] ** 2 + 100 * x[1] ** 2)

    plain, heavy = (method(valley, [10.0, 1.0], 0.01, 150).values[-1] for method in (gradient_descent, momentum))
    assert heavy < plain / 100


@given(seeds)
def test_adam_is_the_papers_algorithm(seed):
    _, _, start, f = a_quadratic(seed)
    m, v, x = np.zeros(5), np.zeros(5), start.copy()
    for t in range(1, 11):
        g = value_and_grad(f)(x)[1]
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
        x = x - 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-6)
    path = adam(f, start, 0.1, 10, beta1=0.8, beta2=0.95, epsilon=1e-6)
    assert np.allclose(path.solution, x, rtol=1e-12)


@given(seeds, st.floats(1e-3, 1e3))
def test_adam_does_not_see_the_scale_of_the_function(seed, scale):
    _, _, start, f = a_quadratic(seed)
    one = adam(f, start, 0.05, 8, epsilon=0.0)
    other = adam(lambda x: scale * f(x), start, 0.05, 8, epsilon=0.0)
    assert np.allclose(one.points, other.points, rtol=1e-8, atol=1e-8)


def test_batches_give_each_step_its_own_data():
    batches = [(np.array([1.0]),), (np.array([5.0]),)]
    path = gradient_descent(lambda x, y: np.sum((x - y) ** 2), [0.0], 0.5, 10, batches=batches)
    assert path.points.tolist() == [[0.0], [1.0], [5.0]]
    assert path.values[:2].tolist() == [1.0, 16.0]
    assert np.isnan(path.values[2])


@quasi_newton_methods
@pytest.mark.parametrize("n", [2, 10, 40])
def test_rosenbrocks_valley(method, n):
    """Its minimum is at (1, ..., 1); SciPy's BFGS says how many gradients a good method takes."""
    start = np.zeros(n)
    path = method(rosenbrock, start, max_iterations=1000)
    assert path.converged
    assert np.allclose(path.solution, 1, atol=1e-8)
    assert np.all(np.diff(path.values) <= 1e-15)
    other = minimize(rosen, start, jac=rosen_der, method="BFGS", options={"gtol": 1e-8, "maxiter": 2000})
    assert path.evaluations < 1.5 * other.njev


@quasi_newton_methods
@given(seed=seeds)
def test_a_quadratic_is_done_in_about_n_steps(method, seed):
    _, minimum, start, f = a_quadratic(seed)
    path = method(f, start)
    assert path.converged
    assert np.allclose(path.solution, minimum, atol=1e-7)
    assert len(path.points) < 40


def test_superlinear_convergence():
    path = bfgs(rosenbrock, [-1.2, 1.0], tolerance=1e-12)
    errors = np.linalg.norm(path.points - 1, axis=1)
    ratios = errors[1:] / errors[:-1]
    assert ratios[-1] < 0.05
    assert path.values[-1] < 1e-20


@quasi_newton_methods
def test_a_kink_is_not_called_converged(method):
    path = method(lambda x: np.sum(np.where(x > 0.3, x - 0.3, 2 * (0.3 - x))), [1.0, -2.0], max_iterations=200)
    assert path.reason == "no step lowers the function further: rounding, or a kink"
    assert path.values[-1] < path.values[0]


@quasi_newton_methods
def test_starting_at_the_minimum_takes_no_step(method):
    path = method(lambda x: np.sum(x**2), [0.0, 0.0])
    assert path.converged
    assert path.evaluations == 1


@pytest.mark.parametrize("method", [bfgs, lbfgs, lambda f, x: gradient_descent(f, x, 0.1, 1)])
def test_a_start_that_is_no_vector_is_refused(method):
    with pytest.raises(ValueError, match=r"shape \(\); expected a vector"):
        method(lambda x: x**2, 1.0)


@given(seeds, st.floats(1e-3, 1e3))
def test_the_line_search_keeps_its_promise(seed, first):
    """The strong Wolfe conditions, on a curve with many humps."""
    a, b, c = np.random.default_rng(seed).uniform(0.5, 2.0, 3)

    def f(x):
        return a * x[0] ** 2 + np.sin(3 * b * x[0]) - c * x[0]

    both, x = value_and_grad(f), np.array([-2.0])
    value, gradient = both(x)
    direction = -gradient
    trial, trials = wolfe_search(both, x, value, gradient, direction, first=first)
    slope = gradient @ direction
    if trials < 30:  # else it gave up, and says so by the number
        assert f(x + trial.length * direction) <= value + 1e-4 * trial.length * slope + 1e-12
        assert abs(both(x + trial.length * direction)[1] @ direction) <= -0.9 * slope + 1e-12
    assert trial.value <= value


def test_a_direction_that_climbs_is_refused():
    both = value_and_grad(lambda x: np.sum(x**2))
    x = np.array([1.0])
    with pytest.raises(ValueError, match="expected a negative one"):
        wolfe_search(both, x, *both(x), direction=x)


@pytest.mark.parametrize("method", [bfgs, lbfgs, lambda f, x: gradient_descent(f, x, 1e-4, 20)])
def test_what_is_recorded_has_its_gradient_recorded_too(method):
    """The function runs to be recorded only, the path is the same."""
    calls = []

    def valley(x):
        calls.append(x)
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    start = np.tile([-1.2, 1.0], 3)
    plain = method(valley, start)
    assert len(calls) > 20
    calls.clear()
    recorded = method(jit(valley), start)
    assert len(calls) <= 2  # with its gradient, and perhaps by itself
    np.testing.assert_allclose(recorded.solution, plain.solution, rtol=1e-6)
