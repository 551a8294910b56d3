"""jit: the recorded program computes what the function computes, for every rule, and never writes where it may not."""

import gc
import math
import threading

import numpy as np
import pytest
from autodiff_programs import PROGRAMS
from benchmarks import workloads
from hypothesis import given as property_test
from hypothesis import settings
from hypothesis import strategies as st

from course_lib.autodiff import (
    ConcreteValueError,
    DestinationError,
    InputError,
    LeakedTracerError,
    checkpoint,
    custom_derivative,
    derivative,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jit,
    jvp,
    scan,
    taylor,
    value_and_grad,
    vjp,
)
from course_lib.autodiff.graph import plan as plan_module

# A mask as index takes as many entries as it happens to be true: jit refuses it.
EACH = pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "traced mask"])


@pytest.fixture
def buffers_for_all(monkeypatch):
    """Plan memory for the smallest arrays too, so that small programs test it."""
    monkeypatch.setattr(plan_module, "SMALL", 0)


def close(one, other, tolerance=1e-12):
    scale = max(1.0, np.max(np.abs(other), initial=0.0))
    np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * scale)


def shifted(arguments, k=1e-3):
    """Return other arguments of the same shapes, near the first."""
    return tuple(np.asarray(x) * (1 + k) for x in arguments)


# --- Every operation of the table ------------------------------------------------------------------------


@EACH
@pytest.mark.usefixtures("buffers_for_all")
def test_every_operation_gives_numpys_value(name):
    f, arguments = PROGRAMS[name]
    recorded = jit(f)
    for given in (arguments, shifted(arguments), arguments):
        value = recorded(*given)
        assert np.shape(value) == np.shape(f(*given))
        close(value, f(*given))


@EACH
@pytest.mark.usefixtures("buffers_for_all")
def test_every_operation_in_both_modes(name):
    f, arguments = PROGRAMS[name]
    for k in range(len(arguments)):
        for mode in (jacfwd, jacrev):
            recorded = jit(mode(f, k))
            for given in (arguments, shifted(arguments)):
                close(recorded(*given), mode(f, k)(*given))


@EACH
@pytest.mark.usefixtures("buffers_for_all")
def test_every_operation_twice(name):
    """A Hessian times a vector, forward over reverse and reverse over forward, of a random combination of results."""
    f, arguments = PROGRAMS[name]
    *others, x = arguments
    rng = np.random.default_rng(5)
    weights = rng.normal(size=np.shape(f(*arguments)))
    v = np.asarray(rng.normal(size=np.shape(x)))

    def total(x):
        y = f(*others, x)
        return np.sum(y * y * weights)

    def forward_over_reverse(x, v):
        return hvp(total, x, v)

    def reverse_over_forward(x, v):
        return grad(lambda x: jvp(total, (x,), (v,))[1])(x)

    one, other = jit(forward_over_reverse), jit(reverse_over_forward)
    for given in (np.asarray(x), *shifted((x,))):
        expected = forward_over_reverse(given, v)
        close(one(given, v), expected, 1e-10)
        close(other(given, v), expected, 1e-10)


@EACH
@pytest.mark.parametrize("small", [0, plan_module.SMALL])
def test_gradients(name, small, monkeypatch):
    monkeypatch.setattr(plan_module, "SMALL", small)
    f, arguments = PROGRAMS[name]
    rng = np.random.default_rng(8)
    weights = rng.normal(size=np.shape(f(*arguments)))
    every = tuple(range(len(arguments)))

    def total(*x):
        return np.sum(f(*x) * weights)

    recorded = jit(value_and_grad(total, every))
    for given in (arguments, shifted(arguments)):
        value, gradients = recorded(*given)
        expected, others = value_and_grad(total, every)(*given)
        close(value, expected)
        for one, other in zip(gradients, others, strict=True):
            assert np.shape(one) == np.shape(other)
            close(one, other)


# --- Memory: what may be overwritten, and what never ----------------------------------------------------


@pytest.mark.usefixtures("buffers_for_all")
class TestMemory:
    def test_a_result_stays_after_the_next_call(self):
        recorded = jit(lambda x: (np.sin(x) * 2, np.cumsum(np.exp(x)), x[1:] * 3))
        x = np.array([1.0, 2.0, 3.0])
        first = recorded(x)
        copies = [y.copy() for y in first]
        recorded(x + 1)
        for one, other in zip(first, copies, strict=True):
            np.testing.assert_array_equal(one, other)

    @pytest.mark.parametrize("n", [1, 2, 5])
    def test_arguments_are_never_changed(self, n):
        def f(x, y):
            z = x * 1.0
            u = np.reshape(x, (-1, 1))
            return np.sum((z + y) * 2.0) + np.sum(u * u) + np.sum(np.exp(x) * np.reshape(u, -1))

        x, y = np.linspace(1, 2, n), np.linspace(3, 4, n)
        before = x.copy(), y.copy()
        recorded = jit(value_and_grad(f, (0, 1)))
        for _ in range(2):
            value, (dx, dy) = recorded(x, y)
            np.testing.assert_array_equal((x, y), before)
            expected, (ex, ey) = value_and_grad(f, (0, 1))(x, y)
            close(value, expected)
            close(dx, ex)
            close(dy, ey)

    def test_the_same_array_as_two_arguments(self):
        recorded = jit(value_and_grad(lambda x, y: np.sum(x * np.exp(y)), (0, 1)))
        x = np.array([0.5, 1.0])
        _, (dx, dy) = recorded(x, x)
        close(dx, np.exp(x))
        close(dy, x * np.exp(x))
        assert not np.shares_memory(dx, dy)

    def test_an_argument_that_is_returned_is_a_copy(self):
        recorded = jit(lambda x: (x, x.T, x[0], np.reshape(x, -1)))
        x = np.arange(6.0).reshape(2, 3)
        results = recorded(x)
        for y, expected in zip(results, (x, x.T, x[0], x.ravel()), strict=True):
            np.testing.assert_array_equal(y, expected)
            assert not np.shares_memory(y, x)
        results[0][:] = 7
        assert x[0, 0] == 0

    def test_results_share_no_memory(self):
        def f(x):
            y = np.exp(x)
            return y, y.T, np.reshape(y, -1), y[0], y

        results = jit(f)(np.arange(6.0).reshape(2, 3))
        for i, one in enumerate(results):
            for other in results[:i]:
                assert not np.shares_memory(one, other)

    def test_a_constant_that_is_returned_is_a_copy(self):
        c = np.arange(3.0)
        recorded = jit(lambda x: (c, x + 1))
        recorded(1.0)[0][:] = 9
        np.testing.assert_array_equal(recorded(1.0)[0], [0, 1, 2])
        np.testing.assert_array_equal(c, [0, 1, 2])

    def test_captured_arrays_are_as_they_were_when_recorded(self):
        c = np.ones(3)
        recorded = jit(lambda x: np.sum(c * x))
        assert recorded(2.0) == 6
        c[:] = 5
        assert recorded(2.0) == 6
        assert recorded(np.ones(3)) == 15

    def test_a_constant_that_changes_while_it_is_recorded(self):
        def f(x):
            c = np.ones(3)
            y = x * c
            c[0] = 10
            return y + x * c

        np.testing.assert_array_equal(jit(f)(np.ones(3)), [11, 2, 2])

    def test_views_of_what_could_be_overwritten(self):
        def f(x):
            y = np.exp(x)
            z = y.T  # shows y
            u = y * 2  # must not go over y
            return z @ u + np.reshape(y, (2, 2))

        x = np.array([[0.1, 0.2], [0.3, 0.4]])
        close(jit(f)(x), f(x))
        close(jit(grad(lambda x: np.sum(f(x))))(x), grad(lambda x: np.sum(f(x)))(x))

    def test_an_operand_that_meets_its_own_transpose(self):
        def f(x):
            y = np.exp(x)
            return np.sum((y * y.T) @ x) + np.sum(np.sin(y.T) * y[::-1])

        x = np.array([[0.1, 0.2], [0.3, 0.4]])
        close(jit(value_and_grad(f))(x)[1], grad(f)(x))

    def test_a_users_function_may_keep_and_return_any_array(self):
        seen = []
        table = np.array([1.0, 2.0, 3.0])

        def keep(x):
            seen.append(x)
            return table

        own = custom_derivative(keep, reverse=lambda g, y, x: g * y)

        def f(x):
            return np.sum(np.exp(own(np.sin(x)) * 2.0) * x)

        recorded = jit(value_and_grad(f))
        x = np.array([0.1, 0.2, 0.3])
        for _ in range(3):
            close(recorded(x)[1], grad(f)(x))
        np.testing.assert_array_equal(table, [1, 2, 3])
        for y in seen:
            np.testing.assert_allclose(y, np.sin(x))

    def test_gradients_of_a_sum_are_apart(self):
        _, (a, b) = jit(value_and_grad(lambda x, y: np.sum(x + y), (0, 1)))(np.ones(1), np.ones(1))
        a += 1
        np.testing.assert_array_equal(b, [1])


# --- Random programs: forward = reverse = jit ------------------------------------------------------------

STEPS = {
    "sin": lambda v, i, j: np.sin(v[i]),
    "exp": lambda v, i, j: np.exp(0.1 * v[i]),
    "tanh": lambda v, i, j: np.tanh(v[i]),
    "square": lambda v, i, j: 0.1 * v[i] * v[i],
    "add": lambda v, i, j: v[i] + v[j],
    "subtract": lambda v, i, j: v[i] - v[j],
    "multiply": lambda v, i, j: 0.5 * v[i] * v[j],
    "divide": lambda v, i, j: v[i] / (2 + np.cos(v[j])),
    "matmul": lambda v, i, j: v[i] @ v[j].T @ v[i] * 0.1,
    "transpose and back": lambda v, i, j: np.reshape(v[i].T, v[i].shape),
    "row": lambda v, i, j: v[i] * v[j][0],
    "column": lambda v, i, j: v[i] - v[j][:, 1:2],
    "sum": lambda v, i, j: v[i] * np.sum(v[j], axis=0),
    "max": lambda v, i, j: v[i] - np.max(v[j], axis=1, keepdims=True),
    "log sum exp": lambda v, i, j: v[i] - log_sum_exp(v[j])[:, None],
    "flip": lambda v, i, j: v[i][::-1] * 0.5,
    "concatenate": lambda v, i, j: np.concatenate((v[i][:1], v[j][1:])),
    "where": lambda v, i, j: np.where(v[i] > v[j], v[i], 2 * v[j]),
    "index": lambda v, i, j: v[i][:, np.array([1, 0, 1])],
    "einsum": lambda v, i, j: np.einsum("ij,ij->i", v[i], v[j])[:, None] + v[j],
    "same": lambda v, i, j: v[i] + 0.0 * v[j],
}


def log_sum_exp(x):
    top = np.max(x, axis=1)
    return np.log(np.sum(np.exp(x - top[:, None]), axis=1)) + top


@st.composite
def programs(draw):
    """Draw a program of arrays of shape (n, 3): which operations, on which of the values before."""
    steps = []
    for length in range(draw(st.integers(1, 12))):
        places = st.integers(0, length + 1)
        steps.append((draw(st.sampled_from(sorted(STEPS))), draw(places), draw(places)))
    return steps, draw(st.integers(1, 3)), draw(st.integers(0, 2**32 - 1))


def test_two_that_are_spread_alike_keep_their_shape_together():
    """Either may go into their sum as it was before it was spread, but not both."""
    x, y = np.arange(6.0).reshape(2, 3), np.ones((2, 3))

    def f(x, y):
        return np.sum(y * np.sum(x + x, axis=0))

    for one, other in zip(jit(grad(f, (0, 1)))(x, y), grad(f, (0, 1))(x, y), strict=True):
        assert one.shape == (2, 3)
        close(one, other)
    spread = jit(lambda row: np.broadcast_to(row, (2, 3)) + np.broadcast_to(row, (2, 3)))
    close(spread(x[0]), [2 * x[0], 2 * x[0]])
    assert spread(x[0]).shape == (2, 3)


def test_a_slice_is_added_to_what_is_spread():
    x, row = np.arange(6.0).reshape(2, 3), np.ones(3)
    recorded = jit(grad(lambda x, row: np.sum(np.sum(x, axis=0) * row) + np.sum(x[1:] * x[:1])))
    close(recorded(x, row), np.ones((2, 3)) + x[::-1])


@settings(max_examples=150, deadline=None)
@property_test(programs(), st.sampled_from([0, plan_module.SMALL]))
def test_forward_is_reverse_is_jit(program, small):
    steps, n, seed = program

    def f(x, y):
        values = [x, y]
        for name, i, j in steps:
            values.append(STEPS[name](values, i, j))
        return values[-1]

    rng = np.random.default_rng(seed)
    x, y, dx, dy = rng.normal(size=(4, n, 3))
    kept, plan_module.SMALL = plan_module.SMALL, small
    try:
        weights = rng.normal(size=f(x, y).shape)
        value, along = jvp(f, (x, y), (dx, dy))
        recorded = jit(value_and_grad(lambda x, y: np.sum(f(x, y) * weights), (0, 1)))
        forward = jit(lambda x, y, dx, dy: jvp(f, (x, y), (dx, dy)))
        values = jit(f)
        for _ in range(2):
            total, gradients = recorded(x, y)
            _, expected = value_and_grad(lambda x, y: np.sum(f(x, y) * weights), (0, 1))(x, y)
            close(total, np.sum(value * weights), 1e-11)
            for one, other in zip(gradients, expected, strict=True):
                close(one, other, 1e-10)
            close(np.sum(gradients[0] * dx) + np.sum(gradients[1] * dy), np.sum(along * weights), 1e-9)
            close(forward(x, y, dx, dy)[1], along, 1e-11)
            close(values(x, y), f(x, y), 1e-11)
    finally:
        plan_module.SMALL = kept


# --- Numbers: Python's floats mean what NumPy's do -------------------------------------------------------


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: x ** (1 / 3), -8.0),
        (lambda x: 1 / x, 0.0),
        (lambda x: x / x, 0.0),
        (lambda x: -1 / (x * x), 0.0),
        (np.exp, 1000.0),
        (np.log, 0.0),
        (np.log, -1.0),
        (np.sqrt, -1.0),
        (np.arccosh, 0.5),
        (np.arctanh, 1.0),
        (np.sin, np.inf),
        (lambda x: x * 1e308 * 10, 5.0),
        (lambda x: x * 1e308 * 10 - x * 1e308 * 10, 5.0),
        (lambda x: x**-2, 0.0),
        (lambda x: np.tan(x) / (x - x), 1.0),
        (lambda x: np.hypot(x, np.inf), np.nan),
        (lambda x: 1 / (1 / x), 0.0),
        (lambda x: np.exp(-x), 1000.0),
        (lambda x: -x, 0.0),
        (lambda x: np.copysign(2.0, x), -0.0),
    ],
)
def test_numbers_are_numpys_where_pythons_differ(f, x):
    recorded = jit(f)(x)
    assert isinstance(recorded, np.float64)
    np.testing.assert_array_equal(recorded, f(np.float64(x)))
    assert np.signbit(recorded) == np.signbit(f(np.float64(x)))


@property_test(st.floats(allow_nan=True, allow_infinity=True))
@settings(max_examples=200, deadline=None)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_functions_of_a_number_agree_with_numpys(x):
    def f(x):
        return [
            g(x)
            for g in (np.sin, np.exp, np.log, np.sqrt, np.tanh, np.arctan, np.abs, np.square, np.log1p, np.expm1,
                      np.sinh, np.arcsin, np.arccos, np.reciprocal, np.cosh, np.arcsinh, np.log10, np.log2)
        ] + [x**3, x**0.5, x / 3, 2.0**x]  # fmt: skip

    np.testing.assert_allclose(jit(f)(x), f(np.float64(x)), rtol=4e-15, atol=0)


def test_warnings_are_numpys():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert jit(lambda x: 1 / x)(0.0) == np.inf
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        jit(np.exp)(1000.0)


def test_float32_stays_float32():
    x = np.ones(3, np.float32)

    def f(x):
        return (x * 2.0 + 1.0) / 3, np.sum(x * 0.1), x[0] * 0.1

    for one, other in zip(jit(f)(x), f(x), strict=True):
        assert one.dtype == other.dtype == np.float32
        np.testing.assert_array_equal(one, other)
    value, gradient = jit(value_and_grad(lambda x: np.sum(np.sin(x) * 0.5)))(x)
    assert (value.dtype, gradient.dtype) == (np.float32, np.float32)


def test_a_long_loop_of_numbers():
    f, _, by_hand = workloads.scalar_loop(300)
    value, slope = jit(value_and_grad(f))(1.1)
    expected, (other,) = by_hand(1.1)
    assert value == pytest.approx(expected, rel=1e-13)
    assert slope == pytest.approx(other, rel=1e-12)


def test_comparisons_and_choices_of_numbers():
    def f(x):
        return np.where(x > 1, x * x, -x) + np.maximum(x, 2.0) * (x < 5)

    recorded = jit(value_and_grad(f))
    for x in (0.5, 1.5, 3.0, 7.0):
        close(recorded(x)[0], f(x))
        close(recorded(x)[1], grad(f)(x))


def test_types_of_numbers():
    own = custom_derivative(lambda x: x.reshape(()) * 2, reverse=lambda g, y, x: 2 * g)

    def f(x):
        y = x * x + 1
        return (x > 1).astype(float) * y * y + own(y * x) + np.sum(np.reshape(y * y * x, (1, 1)))

    recorded = jit(f)
    for x in (0.5, 2.0):
        close(recorded(x), f(np.float64(x)))


# --- The key ---------------------------------------------------------------------------------------------


def counting(f):
    calls = []

    def counted(*arguments, **named):
        calls.append(1)
        return f(*arguments, **named)

    return counted, calls


def test_shapes_and_types_that_change_record_again():
    f, calls = counting(lambda x: np.sum(x * x))
    recorded = jit(f)
    for x in (np.ones(3), np.zeros(3), np.ones(4), np.ones((2, 2)), np.ones(3, np.float32), 2.0, np.float64(3.0)):
        assert recorded(x) == np.sum(x * x)
    assert len(calls) == 5  # float and np.float64 are one


def test_ints_bools_strings_and_functions_are_part_of_the_key():
    def f(x, n, flag=True, word="sin", g=None, nothing=None):
        for _ in range(n):
            x = x * 1.5
        return getattr(np, word)(x) if flag else (g or np.exp)(x)

    f, calls = counting(f)
    recorded = jit(f)
    x = np.array([0.1, 0.2])
    cases = [((x, 2), {}), ((x, 3), {}), ((x, 2), {"flag": False}), ((x, 2), {"word": "cos"}),
             ((x, 1, False), {"g": np.tanh}), ((x, True), {}), ((x, 1), {})]  # fmt: skip
    for given, named in 2 * cases:
        np.testing.assert_allclose(recorded(*given, **named), f(*given, **named), rtol=1e-15)
    assert len(calls) == 3 * len(cases)  # those of this test twice, and one recording for each


def test_what_is_differentiated_is_a_variable_even_if_it_is_an_integer():
    f, calls = counting(lambda x: x**3)
    recorded = jit(derivative(f))
    assert recorded(3) == 27
    assert isinstance(recorded(3), np.float64)
    assert recorded(2) == 12
    assert len(calls) == 1
    value, gradient = jit(value_and_grad(lambda n, p: np.sum(p["a"] ** n), -1))(2, {"a": np.array([1, 2, 3])})
    assert value == 14
    np.testing.assert_array_equal(gradient["a"], [2, 4, 6])


def test_arrays_of_integers_are_variables():
    f, calls = counting(lambda x, places: np.sum(x[places] * 2) + np.sum(places))
    recorded = jit(grad(f))
    x = np.array([1.0, 2.0, 3.0])
    for places in ([0, 0, 2], [1, 2, 2]):
        np.testing.assert_array_equal(recorded(x, np.array(places)), 2 * np.bincount(places, minlength=3))
    assert len(calls) == 1


def test_structures_in_and_out():
    def f(p, pair):
        a, b = pair
        return {"y": [p["w"] @ a, b * 2], "n": None, "word": "done", "three": 3, "half": 0.5}

    given = {"w": np.ones((2, 3))}, (np.ones(3), 4.0)
    found = jit(f)(*given)
    assert found["n"] is None
    assert (found["word"], found["three"], found["half"], found["y"][1]) == ("done", 3, 0.5, 8)
    np.testing.assert_array_equal(found["y"][0], [3, 3])
    assert jit(lambda x: None)(1.0) is None
    assert jit(lambda x: ())(1.0) == ()
    assert jit(lambda x: 7)(1.0) == 7


def test_np_array_of_results():
    J = jit(jacobian(lambda x: np.array([x[0] * x[1], np.sin(x[2])])))
    x = np.array([1.0, 2.0, 3.0])
    close(J(x), [[2, 1, 0], [0, 0, math.cos(3)]])
    np.testing.assert_array_equal(jit(lambda x: np.array([x[0], x[2]]))(x), [1, 3])


# --- Transforms around and inside ------------------------------------------------------------------------


def test_inside_another_transform_the_function_itself_is_run():
    f = jit(lambda x: np.sum(np.sin(x) * x))
    x = np.array([0.1, 0.2])
    close(grad(f)(x), np.cos(x) * x + np.sin(x))
    close(hessian(f)(x), hessian(f.__wrapped__)(x))
    close(jit(grad(jit(f)))(x), grad(f)(x))
    close(jit(lambda x: f(x) * 2)(x), 2 * f(x))


def test_a_closed_over_traced_value():
    def outer(a):
        return jit(lambda x: np.sum(a * x))(np.ones(3)) + jit(lambda: a * 2)()

    assert derivative(outer)(2.0) == 5
    assert jit(outer)(2.0) == 10


def test_transforms_inside():
    def f(x):
        return np.sum(np.sin(x) * x[::-1]) + x[0] ** 3

    x, v = np.array([0.3, 0.5, 0.7]), np.array([1.0, -1.0, 2.0])
    close(jit(lambda x: jacobian(grad(f))(x))(x), hessian(f)(x))
    close(jit(hessian(f))(x), hessian(f)(x))
    close(jit(lambda x, v: hvp(f, x, v))(x, v), hvp(f, x, v))
    close(jit(lambda x: vjp(f, x)[1](1.0)[0])(x), grad(f)(x))
    close(jit(lambda x: taylor(lambda s: np.exp(s * x), 0.5, 4))(x), taylor(lambda s: np.exp(s * x), 0.5, 4))
    pattern = np.eye(3, dtype=bool)
    close(jit(jacobian(np.sin, sparsity=pattern))(x), np.diag(np.cos(x)))
    close(jit(jacobian(np.sin, sparsity="detect"))(x), np.diag(np.cos(x)))
    close(jit(grad(lambda x: np.sum(checkpoint(np.sin)(x) * x)))(x), np.cos(x) * x + np.sin(x))


def test_perturbation_confusion():
    assert jit(derivative(lambda x: x * derivative(lambda y: x + y)(1.0)))(1.0) == 1


def test_a_captured_array_is_differentiated_at_recorded_places():
    c = np.array([3.0, 1.0, 2.0])
    places = jit(lambda y: grad(lambda x: np.sum(x[np.argsort(y)][:2]))(c))
    np.testing.assert_array_equal(places(np.array([5.0, 4.0, 3.0])), [0, 1, 1])
    np.testing.assert_array_equal(places(np.array([1.0, 4.0, 3.0])), [1, 0, 1])


# --- What cannot be recorded -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x if x[0] > 0 else -x,
        lambda x: x if np.all(x > 0) else -x,
        lambda x: x if np.allclose(x, 0) else -x,
        lambda x: x if x[0] == 1 and x[1] == 2 else -x,
        lambda x: x * float(x[0]),
        lambda x: x * math.sin(x[0]),
        lambda x: x * int(x[0]),
        lambda x: x * x[0].item(),
        lambda x: [x for _ in range(np.argmax(x))],
        lambda x: x[x > 0],
        lambda x: x[[True, False, True] & (x > 0)],
        lambda x: np.extract(x > 0, x),
        lambda x: np.nonzero(x > 0),
        lambda x: sorted(x),
        lambda x: x.tolist(),
        lambda x: 1 in x,
        lambda x: np.zeros(3)[np.argmax(x)],
    ],
)
def test_numbers_decide_nothing(f):
    x = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ConcreteValueError, match="jit"):
        jit(f)(x)
    with pytest.raises(ConcreteValueError):
        jit(jacrev(f))(x)


def test_the_advice_names_the_ways_out():
    with pytest.raises(ConcreteValueError, match=r"np\.where"):
        jit(lambda x: x if x > 0 else -x)(1.0)


def test_destinations():
    def f(x):
        z = np.zeros(3)
        z[0] = x
        return z

    with pytest.raises((DestinationError, ConcreteValueError)):
        jit(f)(1.0)
    with pytest.raises(DestinationError):
        jit(lambda x: np.add(x, 1.0, out=np.zeros(3)))(np.ones(3))


def test_arguments_that_are_refused():
    with pytest.raises(InputError, match="set"):
        jit(lambda x, y: x)(1.0, {1, 2})
    with pytest.raises(InputError, match="Complex"):
        jit(lambda x: x)(np.array([1j]))
    with pytest.raises(InputError):
        jit(grad(lambda x: x))("word")


def test_a_value_that_leaked_from_a_recording():
    kept = []
    jit(lambda x: kept.append(x * 2) or x)(1.0)
    with pytest.raises(LeakedTracerError):
        np.sin(kept[0])


def test_an_error_while_recording_leaves_nothing_behind():
    def f(x):
        raise KeyError("ours")

    recorded = jit(f)
    for _ in range(2):
        with pytest.raises(KeyError):
            recorded(1.0)
    assert derivative(derivative(lambda x: x**3))(1.0) == 6


# --- The text --------------------------------------------------------------------------------------------


def test_the_source_can_be_read_and_is_what_runs():
    recorded = jit(value_and_grad(lambda x, w: np.sum(np.tanh(x @ w))))
    x, w = np.ones((4, 3)), np.full((3, 2), 0.1)
    text = recorded.source(x, w)
    assert text.startswith("def program(w1, w2):")
    assert "= np.matmul(w1, w2)" in text
    space = {"np": np}
    exec(text.replace("c1", "np.ones((4, 2))"), space)
    value, gradient = space["program"](x, w)
    close(value, recorded(x, w)[0])
    close(gradient, recorded(x, w)[1])


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: np.sum(x[1:]) + np.sum(np.sin(x - x)), [0.0, 1.0, 1.0]),
        (lambda x: np.sum(3 * x) + np.sum(np.sin(x - x)), [3.0, 3.0, 3.0]),
        (lambda x: np.sum(x[1:]) + np.sum(x[:2]) + np.sum(np.exp(x - x) * np.cos(x - x)), [1.0, 2.0, 1.0]),
    ],
)
def test_cotangents_that_cancel_are_nobodys_memory(f, slope):
    """What is known to be 0 when it is recorded is no array to add the next cotangent to."""
    for way in (grad(f), jit(grad(f)), jit(lambda x: vjp(f, x)[1](1.0)[0])):
        np.testing.assert_array_equal(way(np.array([0.3, 0.5, 0.7])), slope)


def test_dead_code_and_common_subexpressions_are_gone():
    def f(x):
        np.exp(x)  # nobody needs it
        return np.sin(x) * 2 + np.sin(x) * 3

    text = jit(f).source(np.ones(3))
    assert "exp" not in text
    assert text.count("np.sin") == 1


def test_large_results_go_into_buffers_and_over_operands():
    text = jit(lambda x: np.sum(np.exp(np.sin(x) * 2) + 1)).source(np.ones(1000))
    assert text.count("out=b1") == 1
    assert "b2" not in text
    assert text.count("out=w") == 3


def test_threads():
    f = jit(value_and_grad(lambda x: np.sum(np.exp(np.sin(x) * np.reshape(x, (100, -1)).T.ravel()))))
    given = [np.linspace(0, k, 5000) for k in range(1, 5)]
    expected = [f(x) for x in given]
    wrong = []

    def work(k):
        for _ in range(30):
            value, gradient = f(given[k])
            if value != expected[k][0] or not np.array_equal(gradient, expected[k][1]):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_memory_of_a_recording_is_freed():
    gc.collect()
    recorded = jit(value_and_grad(lambda x: np.sum(np.exp(x))))
    gc.disable()
    try:
        recorded(np.ones(10))
        from course_lib.autodiff.graph.program import Recorded

        assert not [o for o in gc.get_objects() if isinstance(o, Recorded)]
    finally:
        gc.enable()


# --- Programs made shorter -------------------------------------------------------------------------------


def lines_of(f, *arguments):
    """Return the text, after checking that the program computes what the function computes."""
    recorded = jit(f)
    for given in (arguments, shifted(arguments)):
        for one, other in zip(np.atleast_1d(recorded(*given)), np.atleast_1d(f(*given)), strict=True):
            close(one, other)
    return recorded.source(*arguments)


def test_no_gradient_goes_through_the_largest_exponent():
    x = np.linspace(-1, 1, 12).reshape(3, 4)
    shifts = {
        "max": lambda x: np.max(x, axis=1),
        "keepdims": lambda x: np.max(x, axis=1, keepdims=True)[:, 0],
        "another shift": lambda x: np.min(x, axis=1),
    }
    for shift in shifts.values():

        def f(x, shift=shift):
            top = shift(x)
            return np.sum(np.log(np.sum(np.exp(x - top[:, None]), axis=1)) + top)

        text = lines_of(grad(f), x)
        assert "np.equal" not in text
        close(grad(f)(x), np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))
        close(jit(hessian(f))(x), jacfwd(jacfwd(f))(x), 1e-12)


def test_a_shift_that_is_not_added_back_keeps_its_gradient():
    def f(x):
        return np.sum(np.log(np.sum(np.exp(x - np.max(x, axis=1, keepdims=True)), axis=1)) * np.array([1.0, 2.0, 3.0]))

    x = np.array([[0.1, 0.5, -0.2, 0.3], [1.0, 0.4, 0.2, 0.1], [0.0, -1.0, 2.0, 0.3]])
    close(grad(f)(x), jacfwd(f)(x))
    close(jit(grad(f))(x), jacfwd(f)(x))
    g = lambda x: np.log(np.sum(np.exp(x[0] - x[1])))  # noqa: E731  (the shift differs along the sum)
    close(grad(g)(x), jacfwd(g)(x))


def test_factors_of_two_cancel():
    text = lines_of(grad(lambda x: -0.5 * np.sum(x * x)), np.ones(3))
    assert text.count("np.") == 1
    assert "np.negative" in text


def test_other_factors_are_joined_and_other_numbers_kept():
    text = lines_of(grad(lambda x: np.sum(100.0 * (x * x))), np.ones(3))
    assert "200.0" in text
    assert text.count("np.multiply") == 1
    lines_of(lambda x: (0.1 - 0.5 * x) * (-4.0) + (x * 0.5 - x * 0.25) - (-x) * 3, np.array([0.3, 0.7]))
    lines_of(lambda x: 1.0 / (-2 * x) + (-x) / (4 * x * x) - (-0.5 * x) / 3.0, np.array([0.3, 0.7]))
    lines_of(lambda x: np.exp(-x) - np.maximum(-x, 0.5 * x) + np.sum(-2 * x), np.array([0.3, 0.7]))


def test_a_sum_of_products_is_not_stored():
    x, y = np.linspace(0, 1, 6).reshape(2, 3), np.linspace(1, 3, 6).reshape(2, 3)
    assert "einsum('ab,ab->a'" in lines_of(lambda x, y: np.sum(x * y, axis=1), x, y)
    assert "vdot" in lines_of(lambda x, y: np.sum(x * y + 3.0 * (x * x)), x, y)
    assert "einsum" in lines_of(lambda x, y: np.sum(np.square(x), axis=0, keepdims=True) + y, x, y)
    assert "einsum" not in lines_of(lambda x, y: np.sum(x * y[0], axis=1) + np.sum(x * 2.0), x, y)


def test_slices_are_added_where_they_belong():
    f, (x,), by_hand = workloads.rosenbrock(500)
    text = lines_of(grad(f), x)
    assert "[:-1] -=" in text
    assert text.count("np.empty") == 1
    close(jit(grad(f))(x), by_hand(x)[1][0])
    lines_of(grad(lambda x: np.sum(x[:-2] * x[2:]) - np.sum(x[1:3] ** 3) + x[0] * x[-1]), np.linspace(0, 1, 6))
    lines_of(grad(lambda x: np.sum(x[::2] * 3.0) - np.sum(np.sin(x)) - np.sum(np.exp(x[:0]))), np.linspace(0, 1, 6))


def test_entries_that_are_put_and_taken_again_are_taken_at_once():
    places = np.array([[0, 3], [1, 2]])

    def f(x):
        z = np.concatenate((x, np.zeros((3, 1))), axis=1)[:, places]
        return np.sum(np.sin(z) * z)

    text = lines_of(grad(f), np.linspace(0, 1, 9).reshape(3, 3))
    assert "bincount" not in text
    assert "put" not in text
    text = lines_of(grad(lambda x: np.sum(np.sin(x[np.array([0, 0, 2])]))), np.linspace(0, 1, 4))
    assert "bincount" in text
    text = lines_of(grad(lambda x: np.sum(np.sin(x[np.array([3, 0])]))), np.linspace(0, 1, 4))
    assert "put" in text


def test_shapes_are_not_changed_twice():
    x = np.linspace(0, 1, 6).reshape(2, 3)
    text = lines_of(lambda x: np.reshape(np.reshape(x[:, None], (3, 2)), (6,)) * np.ravel(x.T.T), x)
    assert text.count("reshape") == 1
    assert "transpose" not in lines_of(lambda x: np.transpose(np.transpose(x[None], (2, 0, 1)), (1, 2, 0)), x)
    text = lines_of(lambda x: np.broadcast_to(np.sum(x, axis=1, keepdims=True), (2, 3)) * x, x)
    assert "broadcast" not in text


NAMES = ("exp", "expm1", "sin", "abs", "float", "range", "w1", "w2", "c1", "b1", "np", "math", "program", "loop",
         "scan1", "while_loop1", "buffers", "lambda", "None", "a b")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_of_ones_own_may_have_any_name(name):
    """A program has names too: for numbers' functions, values, constants, loops. None of them is taken for another."""

    def own(x):
        return np.cos(x)

    own.__name__ = name
    own = custom_derivative(own, forward=lambda t, y, x: -t * np.sin(x), reverse=lambda g, y, x: -g * np.sin(x))

    def f(x, y, own):
        numbers = np.exp(x) * np.expm1(x) * own(x) + abs(x) * np.sin(own(np.sin(x)))
        loop = scan(lambda c, _: (0.1 * np.exp(own(c)), None), x, length=3)[0]
        return numbers + loop + np.sum(own(np.exp(y)) * np.array([2.5, 0.4, 1.2]))

    x, y = np.float64(0.3), np.array([0.1, 0.2, 0.3])
    close(jit(lambda x, y: f(x, y, own))(x, y), f(x, y, np.cos))
    for found, expected in zip(
        jit(grad(lambda x, y: f(x, y, own), (0, 1)))(x, y),
        grad(lambda x, y: f(x, y, np.cos), (0, 1))(x, y),
        strict=True,
    ):
        close(found, expected)


def test_a_function_of_scipy_may_have_the_name_of_one_of_numbers():
    special = pytest.importorskip("scipy.special")
    f = lambda x, y: np.expm1(x) * np.exp(np.log1p(x)) * np.sum(special.expm1(y)) + special.log1p(x)  # noqa: E731
    x, y = np.float64(0.4), np.array([0.3, 0.8])
    close(jit(f)(x, y), f(x, y))
    close(jit(grad(f))(x, y), grad(f)(x, y))
