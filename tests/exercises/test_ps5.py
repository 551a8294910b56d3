"""Problem set 5: its answers against the course's library, SciPy and differences, in code that is not the checks'."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of
from scipy import optimize, special
from scipy.optimize import approx_fprime, curve_fit, fsolve

from course_lib.applications import newton, newton_step
from course_lib.applications.network import network, squared_error
from course_lib.autodiff import jacobian

PS5 = runs_of("ps5")
CHECKS, draws = PS5.checks, PS5.draws
MANY = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@MANY
@given(seeds)
def test_paths_are_those_of_the_library(seed):
    """The library's derivative is that of automatic differentiation."""
    for given_ in draws("newton-path", seed):
        path = newton(np.polynomial.Polynomial(given_["c"]), given_["start"], 0.0, given_["steps"]).points
        expected = CHECKS["newton-path"].expected(**given_)
        assert np.allclose(expected["path"], path, rtol=1e-8)
        line = np.full(given_["steps"] + 1, -given_["c"][0] / given_["c"][1])
        line[0] = given_["start"]
        assert np.allclose(expected["path on the line"], line)
    for given_ in draws("newton-system", seed):
        A, b, c, x = given_.values()
        step = newton_step(lambda x, A=A, b=b, c=c: A @ x + b * x * x - c, x)
        assert np.allclose(CHECKS["newton-system"].expected(**given_), step)


def test_a_mistake_that_divides_by_zero_is_drawn_again():
    """With this seed, a cubic comes up whose zero a path of the quotient upside down hits."""
    assert len(draws("newton-path", 24098)) == CHECKS["newton-path"].trials


@MANY
@given(seeds)
def test_gauss_newton_minimises_the_tangent(seed):
    """The sum of squares of r + J p has a zero gradient at the step, with J by automatic differentiation."""
    for given_ in draws("gauss-newton-step", seed):
        t, measured, b = given_.values()

        def r(b, t=t, measured=measured):
            return b[0] * np.exp(-b[1] * t) + b[2] - measured

        J, p = jacobian(r)(b), CHECKS["gauss-newton-step"].expected(**given_) - b
        assert np.allclose(J.T @ (r(b) + J @ p), 0, atol=1e-9)


@MANY
@given(seeds)
def test_deviations_are_those_of_scipys_fit(seed):
    """A linear model whose best fit is known: the residuals are made orthogonal to the columns of J."""
    for given_ in draws("standard-deviations", seed):
        J = given_["J"]
        r = given_["r"] - J @ np.linalg.lstsq(J, given_["r"], rcond=None)[0]
        model = {"f": lambda _, *p, J=J: J @ p, "jac": lambda _, *p, J=J: J}
        y = J.sum(axis=1) - r  # the best fit is p = (1, ..., 1)
        _, covariance = curve_fit(**model, xdata=np.arange(len(r)), ydata=y, p0=np.zeros(J.shape[1]))
        expected = np.sqrt(np.diag(covariance))
        assert np.allclose(CHECKS["standard-deviations"].expected(r=r, J=J), expected, rtol=1e-4)


@MANY
@given(seeds)
def test_many_iterations_solve_the_equation_of_the_step(seed):
    for given_ in draws("implicit-many", seed)[:2]:
        A, c, y, h, _ = given_.values()
        Y = CHECKS["implicit-many"].expected(A, c, y, h, 60)["Y"]
        found = fsolve(lambda z, A=A, c=c, y=y, h=h: z - y - h * (A @ z - c * z**3), Y + 1e-3, xtol=1e-12)
        assert np.allclose(Y, found, rtol=1e-7)


@MANY
@given(seeds)
def test_networks_and_their_training(seed):
    for given_ in draws("training-step", seed)[:2]:
        X, targets, rate = given_["X"], given_["targets"], given_["rate"]
        weights = [given_[name] for name in ("W1", "b1", "W2", "b2")]
        widths = [X.shape[1], len(weights[1]), len(weights[3])]
        flat = np.concatenate([w.ravel() for w in weights])
        named = dict(zip(("W1", "b1", "W2", "b2"), weights, strict=True))
        seeded = np.cos(np.arange(targets.size)).reshape(targets.shape)
        answers, *pulled = CHECKS["network-answers"].expected(**named, X=X, seed=seeded).values()
        assert np.allclose(answers, network(flat, widths, X))
        row = approx_fprime(flat, lambda p, w=widths, X=X, s=seeded: np.sum(s * network(p, w, X)), 1e-7)
        assert np.allclose(np.concatenate([g.ravel() for g in pulled]), row, atol=1e-4)
        value, gradient = CHECKS["mean-squared-loss"].expected(answers, targets).values()
        assert value == pytest.approx(squared_error(flat, widths, X, targets))
        assert np.allclose(gradient, 2 * (answers - targets) / targets.size)
        slope = approx_fprime(flat, lambda p, w=widths, X=X, Y=targets: squared_error(p, w, X, Y), 1e-7)
        new = np.concatenate([w.ravel() for w in CHECKS["training-step"].expected(**given_)["new weights"]])
        assert np.allclose(new, flat - rate * slope, atol=1e-5)


@MANY
@given(seeds)
def test_no_size_fits_when_it_is_turned_round(seed):
    for given_ in draws("network-answers", seed):
        assert len({len(given_["X"]), *given_["W1"].shape, given_["W2"].shape[1]}) == 4
        assert not np.allclose(given_["b1"], 0)
    for given_ in draws("newton-system", seed):
        assert not np.allclose(given_["A"], given_["A"].T)


def test_the_default_tape_has_the_interface_of_ps4():
    """Each operation and its gradient against differences; only what this set promises, and what ps9 may use."""
    names = PS5.reference
    Node, vjp = names["Node"], names["vjp"]
    rng = np.random.default_rng(0)
    a, B, c = rng.uniform(0.5, 1.5, (3, 2)), rng.uniform(0.5, 1.5, (2, 4)), rng.uniform(0.5, 1.5, 4)

    def f(a, B, c):
        z = (2 - a).exp() @ B / (1 + c) - c.log() ** 2
        z = (z.tanh() * 3 + 1 / c).sin() + a.sum(axis=1, keepdims=True)
        return (z[1:] ** 0.5 + (-z[:1]).reshape((4,))).sum()

    def plain(flat):
        parts = np.split(flat, [6, 14])
        return float(f(*(Node(p.reshape(s)) for p, s in zip(parts, ((3, 2), (2, 4), (4,)), strict=True))).value)

    flat = np.concatenate([a.ravel(), B.ravel(), c])
    exact = np.concatenate([g.ravel() for g in vjp(f, [a, B, c], 1.0)])
    assert np.allclose(exact, approx_fprime(flat, plain, 1e-7), atol=1e-5)
    assert np.array_equal((np.ones((2, 3)) @ Node(a)).value, np.ones((2, 3)) @ a)


@MANY
@given(seed=seeds)
def test_what_is_pulled_back_through_implicit_steps_is_a_complex_step(seed):
    """Walk the path anew from a complex first point; each drawn path is replaced by one that was really walked."""
    for given_ in draws("adjoint-of-a-path", seed):
        A, c, path, h, g = (given_[name] for name in ("A", "c", "path", "h", "g"))

        def last_point(y, A=A, c=c, h=h, path=path):
            points = [y]
            for _ in path[1:]:
                Y = points[-1]
                for _ in range(60):
                    J = np.eye(len(y)) - h * (A - np.diag(3 * c * Y**2))
                    Y = Y - np.linalg.solve(J, Y - points[-1] - h * (A @ Y - c * Y**3))
                points.append(Y)
            return points

        start = 0.1 * path[0]
        walked = np.array(last_point(start))
        units = 1e-30j * np.eye(len(start))
        slopes = [np.imag(g @ last_point(start + unit)[-1]) / 1e-30 for unit in units]
        expected = CHECKS["adjoint-of-a-path"].expected(**given_ | {"path": walked})
        np.testing.assert_allclose(expected, slopes, rtol=1e-8, atol=1e-10)


@MANY
@given(seed=seeds)
def test_the_softmax_loss_is_scipys(seed):
    for given_ in draws("softmax-loss", seed):
        scores, labels = given_["scores"], given_["labels"]
        loss, gradient = CHECKS["softmax-loss"].expected(scores, labels)
        shares = special.softmax(scores, axis=1)
        assert np.isclose(loss, -special.log_softmax(scores, axis=1)[np.arange(len(labels)), labels].mean(), rtol=1e-12)
        assert np.allclose(gradient, (shares - np.eye(scores.shape[1])[labels]) / len(labels), rtol=1e-12, atol=1e-15)


@MANY
@given(seed=seeds)
def test_the_slope_of_a_solution_is_that_of_the_root_found_by_brent(seed):
    for given_ in draws("slope-of-a-solution", seed):
        p, q, a = (given_[name] for name in "pqa")

        def root(a, p=p, q=q):
            return optimize.brentq(np.polynomial.Polynomial([-q * a, p + a, 0, 1]), -50, 50, xtol=1e-15, rtol=1e-15)

        x, slope = CHECKS["slope-of-a-solution"].expected(**given_)
        assert np.isclose(x, root(a), rtol=1e-12)
        assert np.isclose(slope, (root(a + 1e-5) - root(a - 1e-5)) / 2e-5, rtol=1e-7)
