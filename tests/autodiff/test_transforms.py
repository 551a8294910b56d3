"""The transforms against SymPy, autograd and the complex step, and the laws that any derivative obeys."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.autodiff import (
    Dual,
    complex_step,
    derivative,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    value_and_grad,
    vjp,
)
from course_lib.autodiff.structures import leaves_of, map_leaves, same_structure

X = np.array([0.7, -1.3, 0.4])


# --- Closed forms ----------------------------------------------------------------------------------------

x_, y_ = sympy.symbols("x y", positive=True)
FORMULAS = {
    "the lecture's": (x_ * y_ + sympy.sin(x_), lambda x, y: x * y + np.sin(x)),
    "powers": (x_**3 * y_**2 - y_**x_, lambda x, y: x**3 * y**2 - y**x),
    "quotient": ((x_ - y_) / (x_ * x_ + y_), lambda x, y: (x - y) / (x * x + y)),
    "logarithms": (sympy.log(x_ + sympy.exp(y_)) * sympy.sqrt(x_), lambda x, y: np.log(x + np.exp(y)) * np.sqrt(x)),
    "angles": (
        sympy.atan2(x_, y_) * sympy.tan(x_ / 3) + sympy.asin(x_ / 4),
        lambda x, y: np.arctan2(x, y) * np.tan(x / 3) + np.arcsin(x / 4),
    ),
    "hyperbolic": (
        sympy.tanh(x_ * y_) + sympy.asinh(y_) * sympy.cosh(x_),
        lambda x, y: np.tanh(x * y) + np.arcsinh(y) * np.cosh(x),
    ),
    "used twice": (sympy.sin(x_ * y_) ** 2 * (x_ * y_), lambda x, y: (lambda w: np.sin(w) ** 2 * w)(x * y)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_all_derivatives_to_the_third_agree_with_sympy(name):
    formula, f = FORMULAS[name]
    at = {x_: sympy.Rational(7, 5), y_: sympy.Rational(8, 5)}

    def exact(*variables):
        return float(sympy.diff(formula, *variables).subs(at).evalf(30))

    arguments = (1.4, 1.6)
    for first in (grad, jacfwd):
        for i, a in enumerate((x_, y_)):
            assert first(f, i)(*arguments) == pytest.approx(exact(a), rel=1e-13)
            for second in (grad, jacfwd):
                for j, b in enumerate((x_, y_)):
                    assert second(first(f, i), j)(*arguments) == pytest.approx(exact(a, b), rel=1e-12)
                    assert grad(second(first(f, i), j))(*arguments) == pytest.approx(exact(a, b, x_), rel=1e-11)


def test_against_the_complex_step():
    def f(x):
        return np.exp(x) * np.sin(x) / np.sqrt(x**3 + 1) + np.log(x) * np.arctan(x)

    for x in (0.3, 1.0, 4.5):
        assert derivative(f)(x) == pytest.approx(complex_step(f, x), rel=1e-14)
        assert grad(f)(x) == pytest.approx(complex_step(f, x), rel=1e-14)


# --- Perturbation confusion ------------------------------------------------------------------------------

MODES = [derivative, grad, lambda f: jacfwd(f), lambda f: jacrev(f)]


@pytest.mark.parametrize("outer", MODES)
@pytest.mark.parametrize("inner", MODES)
def test_perturbations_are_not_confused(outer, inner):
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6
    assert outer(lambda x: inner(lambda y: x * y * y)(x))(3.0) == 12
    assert outer(lambda x: x * inner(lambda y: x)(1.0))(3.0) == 0


def test_deep_nesting():
    f = np.exp
    for depth in range(5):
        f = (derivative, grad)[depth % 2](f)
    assert f(0.5) == pytest.approx(math.exp(0.5), rel=1e-14)


def test_duals_by_hand_inside_one_another():
    x = Dual(Dual(3.0, 1.0), Dual(1.0, 0.0))
    cube = x * x * x
    assert cube.value.value == 27
    assert cube.value.tangent == cube.tangent.value == 27
    assert cube.tangent.tangent == 18
    inside = derivative(lambda y: (Dual(y, 1.0) * y).tangent * y)(3.0)
    assert inside == 6
    assert grad(lambda y: (y * Dual(y, 1.0) * Dual(2.0, 1.0)).tangent)(3.0) == 2 + 2 * 3.0


# --- Dual numbers as the lecture writes them -------------------------------------------------------------


def test_repr_in_the_lectures_notation():
    x = Dual(3.0, 1.0)
    assert repr(x) == "3.0 + 1.0 d"
    assert repr(x * x - 1) == "8.0 + 6.0 d"
    assert repr(-x) == "-3.0 - 1.0 d"
    assert repr(Dual(2, [1, 0]) * Dual(5, [0, 1])) == "10.0 + 5.0 d1 + 2.0 d2"
    assert repr(Dual([1.0, 2.0], [1.0, 0.0])) == "[1. 2.] + [1. 0.] d"
    assert repr(Dual(Dual(3.0, 1.0), 1.0)) == "(3.0 + 1.0 d) + 1.0 d"


def test_d_squared_is_zero_and_directions_do_not_mix():
    d = Dual(0.0, 1.0)
    assert (d * d).value == (d * d).tangent == 0
    d1, d2 = Dual(0.0, [1.0, 0.0]), Dual(0.0, [0.0, 1.0])
    np.testing.assert_array_equal((d1 * d2).tangent, [0, 0])


def test_many_tangents_stand_along_the_last_axis():
    rng = np.random.default_rng(1)
    A, seeds = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    y = np.tanh(A @ Dual(X, seeds))
    assert y.tangent.shape == (4, 2)
    np.testing.assert_allclose(y.tangent, jacfwd(lambda x: np.tanh(A @ x))(X) @ seeds, rtol=1e-13)
    assert isinstance(y, Dual)
    assert isinstance(y[0], Dual)
    assert not hasattr(y[0], "__len__")


# --- Structures ------------------------------------------------------------------------------------------


def test_structures_of_parameters():
    parameters = {"layers": [(np.ones((2, 3)), np.zeros(2)), (np.ones((1, 2)), np.zeros(1))], "scale": 2.0}

    def f(p, x):
        for weights, bias in p["layers"]:
            x = np.tanh(weights @ x + bias)
        return p["scale"] * np.sum(x)

    value, gradient = value_and_grad(f)(parameters, X)
    assert same_structure(parameters, gradient)
    assert value == f(parameters, X)
    _, slope = jvp(lambda p: f(p, X), (parameters,), (map_leaves(np.ones_like, parameters),))
    assert slope == pytest.approx(sum(np.sum(g) for g in leaves_of(gradient)), rel=1e-12)
    _, pullback = vjp(f, parameters, X)
    for one, other in zip(leaves_of(pullback(1.0)), leaves_of(grad(f, (0, 1))(parameters, X)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_structures_keep_their_kind_and_the_order_of_names_does_not_matter():
    from collections import namedtuple

    Point = namedtuple("Point", "a b")
    g = grad(lambda p: p.a * p.b[0])(Point(2.0, [3.0]))
    assert g == Point(3.0, [2.0])
    y, slope = jvp(lambda p: {"s": p["a"] * p["b"]}, ({"a": 2.0, "b": 3.0},), ({"b": 0.0, "a": 1.0},))
    assert y == {"s": 6.0}
    assert slope == {"s": 3.0}
    J = jacfwd(lambda p: [p["a"] * p["b"], p["a"]])({"a": X, "b": 2.0})
    K = jacrev(lambda p: [p["a"] * p["b"], p["a"]])({"a": X, "b": 2.0})
    for one, other in zip(leaves_of(J), leaves_of(K), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(J[0]["b"], X)


def test_named_arguments_are_passed_on():
    assert grad(lambda x, *, power: x**power)(3.0, power=2) == 6
    assert derivative(lambda x, power: x**power)(3.0, power=2) == 6
    assert jacobian(lambda x, y, power: x * y**power, (0, 1))(3.0, 2.0, power=2) == (4.0, 12.0)


# --- Shapes and modes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [((), ()), ((), (2,)), ((3,), ()), ((2, 3), (4,)), ((3,), (2, 2)), ((0,), (2,)), ((2,), (0,))],
)
@pytest.mark.parametrize("make", [jacfwd, jacrev, jacobian, lambda f: jacobian(f, mode="reverse")])
def test_a_jacobian_has_the_shape_of_y_and_of_x(inputs, outputs, make):
    rng = np.random.default_rng(2)
    A, x = rng.normal(size=outputs + inputs), rng.normal(size=inputs)
    J = make(lambda x: np.tensordot(A, np.sin(x), axes=len(inputs)))(x)
    np.testing.assert_allclose(J, A * np.cos(x), rtol=1e-14)
    assert J.shape == outputs + inputs


def test_jacobian_takes_the_mode_with_fewer_sweeps():
    calls = []

    def f(x, A):
        calls.append(type(x).__name__)
        return A @ x

    jacobian(f)(X, np.ones((2, 3)))
    jacobian(f)(X, np.ones((4, 3)))
    assert calls == ["ndarray", "NodeArray", "ndarray", "DualArray"]


def test_hessian_and_hvp():
    def rosenbrock(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    H = hessian(rosenbrock)(X)
    a, b, c = X
    expected = [
        [1200 * a * a - 400 * b + 2, -400 * a, 0],
        [-400 * a, 202 + 1200 * b * b - 400 * c, -400 * b],
        [0, -400 * b, 200],
    ]
    np.testing.assert_allclose(H, expected, rtol=1e-13)
    v = np.array([1.0, 2.0, -1.0])
    np.testing.assert_allclose(hvp(rosenbrock, X, v), H @ v, rtol=1e-13)
    for outer in (jacfwd, jacrev):
        for inner in (jacfwd, jacrev):
            np.testing.assert_allclose(outer(inner(rosenbrock))(X), H, rtol=1e-12)
    assert hessian(lambda x: x**3)(2.0) == 12


def test_hessian_of_two_arguments():
    H = hessian(lambda a, b: np.sum(a * a) * b, (0, 1))(X, 2.0)
    np.testing.assert_allclose(H[0][0], 4 * np.eye(3))
    np.testing.assert_allclose(H[0][1], 2 * X)
    np.testing.assert_allclose(H[1][0], 2 * X)
    assert H[1][1] == 0


# --- Against autograd, on programs that are no exercises -------------------------------------------------


def logsumexp(x, axis):
    top = np.max(x, axis=axis, keepdims=True)
    return np.sum(np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top)


def mixture(means, factors, X):
    """Log-likelihood of a mixture, up to constants: what chapter 16 differentiates."""
    differences = X[:, None, :] - means
    whitened = np.einsum("nkd,kde->nke", differences, np.tril(factors))
    diagonal = np.sum(np.log(np.abs(np.diagonal(factors, 0, 1, 2))), axis=1)
    return logsumexp(diagonal - 0.5 * np.sum(whitened**2, axis=-1), 1)


def test_a_mixtures_gradient_agrees_with_autograd():
    import autograd
    import autograd.numpy as anp

    def theirs(means, factors, X):
        differences = X[:, None, :] - means
        whitened = anp.einsum("nkd,kde->nke", differences, anp.tril(factors))
        diagonal = anp.sum(anp.log(anp.abs(anp.diagonal(factors, 0, -1, -2))), axis=1)
        z = diagonal - 0.5 * anp.sum(whitened**2, axis=-1)
        top = anp.max(z, axis=1, keepdims=True)
        return anp.sum(anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True)) + top)

    rng = np.random.default_rng(5)
    arguments = rng.normal(size=(3, 2)), rng.normal(size=(3, 2, 2)) + np.eye(2), rng.normal(size=(20, 2))
    for k in range(2):
        np.testing.assert_allclose(grad(mixture, k)(*arguments), autograd.grad(theirs, k)(*arguments), rtol=1e-11)
    H = jacfwd(grad(mixture))(*arguments)
    np.testing.assert_allclose(H, autograd.hessian(theirs)(*arguments), rtol=1e-9, atol=1e-10)


# --- Laws, over random programs --------------------------------------------------------------------------

STEPS = {
    "sin": lambda a, b: np.sin(a),
    "tanh": lambda a, b: np.tanh(a + b),
    "product": lambda a, b: a * b,
    "sum": lambda a, b: a + b - 0.3,
    "quotient": lambda a, b: a / (2 + b * b),
    "matrix": lambda a, b: np.array([[0.3, -0.2, 0.1], [0.0, 0.5, 0.2], [-0.4, 0.1, 0.2]]) @ a,
    "roll": lambda a, b: np.roll(a, 1) - b[::-1],
    "reduce": lambda a, b: a - np.mean(b),
    "exp": lambda a, b: np.exp(-a * a),
    "where": lambda a, b: np.where(a > b, a * 0.5, b),
    "stack": lambda a, b: np.stack([a[0] * b[1], b[2], a[1]]),
    "max": lambda a, b: a * np.max(b),
    "sort": lambda a, b: np.cumsum(np.sort(a)) + b,
    "outer": lambda a, b: np.outer(a, b)[1] + np.tensordot(np.outer(a, b), b, 1),
}
steps = st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.integers(0, 9))
programs = st.lists(steps, min_size=1, max_size=9)
vectors = st.lists(st.floats(-2, 2).map(lambda v: round(v, 3) + 0.0101), min_size=3, max_size=3).map(np.array)


def run(program, x):
    """Each step takes two earlier values."""
    values = [x]
    for name, i, j in program:
        values.append(STEPS[name](values[i % len(values)], values[j % len(values)]))
    return values[-1] + 0.1 * values[len(values) // 2]


@settings(max_examples=150, deadline=None)
@given(programs, vectors, vectors, vectors)
def test_forward_and_reverse_are_transposes(program, x, xdot, ybar):
    def f(x):
        return run(program, x)

    y, ydot = jvp(f, (x,), (xdot,))
    z, pullback = vjp(f, x)
    (xbar,) = pullback(ybar)
    np.testing.assert_array_equal(y, z)
    scale = 1 + np.max(np.abs(ydot)) + np.max(np.abs(xbar))
    assert abs(ybar @ ydot - xbar @ xdot) <= 1e-11 * scale


@settings(max_examples=60, deadline=None)
@given(programs, vectors)
def test_both_jacobians_are_the_same_and_hessians_symmetric(program, x):
    def f(x):
        return run(program, x)

    J = jacfwd(f)(x)
    scale = 1 + np.max(np.abs(J))
    np.testing.assert_allclose(jacrev(f)(x), J, atol=1e-11 * scale)
    H = jacfwd(jacrev(f))(x)
    scale = 1 + np.max(np.abs(H))
    np.testing.assert_allclose(H, np.swapaxes(H, 1, 2), atol=1e-10 * scale)
    np.testing.assert_allclose(jacrev(jacfwd(f))(x), H, atol=1e-10 * scale)


@settings(max_examples=60, deadline=None)
@given(programs, vectors, vectors, vectors, st.floats(-2, 2))
def test_a_derivative_is_linear_in_its_direction(program, x, u, v, factor):
    def along(t):
        return jvp(lambda x: run(program, x), (x,), (t,))[1]

    expected = along(u) + factor * along(v)
    np.testing.assert_allclose(along(u + factor * v), expected, atol=1e-11 * (1 + np.max(np.abs(expected))))


@settings(max_examples=60, deadline=None)
@given(programs, programs, vectors)
def test_product_rule_and_chain_rule(first, second, x):
    def f(x):
        return run(first, x)

    def g(x):
        return run(second, x)

    fx, gx, Jf, Jg = f(x), g(x), jacfwd(f)(x), jacfwd(g)(x)
    by_rule = Jf * gx[:, None] + fx[:, None] * Jg
    np.testing.assert_allclose(jacrev(lambda x: f(x) * g(x))(x), by_rule, atol=1e-10 * (1 + np.max(np.abs(by_rule))))
    chained = jacfwd(g)(fx) @ Jf
    np.testing.assert_allclose(jacrev(lambda x: g(f(x)))(x), chained, atol=1e-9 * (1 + np.max(np.abs(chained))))


@settings(max_examples=60, deadline=None)
@given(programs, programs, vectors, st.floats(-3, 3))
def test_a_derivative_is_linear_in_the_function(first, second, x, factor):
    J = jacrev(lambda x: run(first, x) + factor * run(second, x))(x)
    expected = jacfwd(lambda x: run(first, x))(x) + factor * jacfwd(lambda x: run(second, x))(x)
    np.testing.assert_allclose(J, expected, atol=1e-10 * (1 + np.max(np.abs(expected))))
