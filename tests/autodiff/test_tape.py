"""What the tape keeps and overwrites: memory that the derivative does not read is free, and no alias is taken."""

import itertools
import tracemalloc

import numpy as np
import pytest
from autodiff_programs import PROGRAMS
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.autodiff import custom_derivative, grad, hvp, jacfwd, jacrev, jit, jvp, vjp, vmap
from course_lib.autodiff.overloading import sweeps
from course_lib.autodiff.rules.forms import UFUNCS, Elementwise, reads

MANY = 125_000  # entries: one array is 1 MB
MEGABYTE = 8 * MANY


def peak_of(f, x):
    """Return the most memory that a gradient holds at once, in arrays of x's size."""
    grad(f)(x)
    tracemalloc.start()
    try:
        grad(f)(x)
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


def repeated(step):
    def f(x):
        for _ in range(40):
            x = step(x)
        return np.sum(x)

    return f


@pytest.mark.parametrize(
    ("step", "arrays"),
    [
        (lambda x: x + 1.0, 4),  # a sum keeps nothing
        (lambda x: 0.5 * x, 4),  # a product with a constant keeps the constant
        (lambda x: x[::-1], 4),
        (lambda x: np.tanh(x), 45),  # the result and not the operand: one array a step, not two
        (lambda x: np.exp(-x), 45),
        (lambda x: np.sin(0.5 * x), 45),
    ],
    ids=["sum", "multiple", "reversed", "tanh", "exp", "sin"],
)
def test_only_what_the_derivative_reads_is_kept(step, arrays):
    assert peak_of(repeated(step), np.linspace(0.1, 0.9, MANY)) < arrays


def test_what_a_partial_reads():
    assert not reads(1, 0, 2)
    assert [reads(lambda a, b, y: b, place, 3) for place in range(3)] == [False, True, False]
    assert [reads(lambda a, b, y: -y / b, place, 3) for place in range(3)] == [False, True, True]
    assert [reads(lambda a, b, y: np.where(a == y, 1.0, 0.0), place, 3) for place in range(3)] == [True, False, True]
    assert [reads(lambda c, a, b, y: np.logical_not(c), place, 4) for place in range(4)] == [True, False, False, False]
    assert reads(lambda x, y: np.sign(x), 0, 2)
    assert reads(lambda x, y: 1.0 if x else 0.0, 0, 2)


@pytest.mark.parametrize("name", sorted({rule.name for rule in UFUNCS.values() if isinstance(rule, Elementwise)}))
def test_a_partial_that_reads_nothing_of_an_operand_does_not_change_with_it(name):
    """The oracle is the partial's value at other operands."""
    rule = next(rule for rule in UFUNCS.values() if rule.name == name)
    rng = np.random.default_rng(5)
    count = len(rule.partials) + 1
    for partial in filter(callable, rule.partials):
        for place in range(count):
            if not reads(partial, place, count):
                arguments = list(rng.uniform(0.2, 0.8, count) + (name == "arccosh"))
                before = partial(*map(np.float64, arguments))
                arguments[place] = 7.5
                assert partial(*map(np.float64, arguments)) == before


def test_a_constant_that_the_derivative_does_not_read_may_change():
    c = np.ones(3)

    def f(x):
        y = x + c
        c[0] = 5.0
        return np.sum(y * y)

    np.testing.assert_array_equal(grad(f)(np.zeros(3)), [2.0, 2.0, 2.0])


# --- Cotangents that are views, shared, or spread by a sum -----------------------------------------------

# Axes of length 1 hide aliases, since a sum over them returns what it was given; the last two shapes are beyond
# the size from which on a spread cotangent is multiplied before it is spread.
SHAPES = [(1,), (1, 1), (3, 1), (1, 4), (2, 3), (1, 2500), (50, 60)]
STEPS = {
    "square": lambda x, y: x * x,
    "np.square": lambda x, y: np.square(y),
    "twice": lambda x, y: x + x,
    "minus": lambda x, y: y - x,
    "negative": lambda x, y: -y,
    "times 3": lambda x, y: 3.0 * x,
    "over": lambda x, y: x / 4.0,
    "product": lambda x, y: x * y,
    "row sums": lambda x, y: np.sum(x, axis=-1, keepdims=True) - y,
    "column sums": lambda x, y: x - np.sum(y, axis=0),
    "mean of squares": lambda x, y: x + np.sum(y * y) / y.size,
    "reshaped": lambda x, y: np.reshape(np.reshape(x, -1), x.shape) + y,
    "transposed": lambda x, y: (x.T + y.T).T,
    "reversed": lambda x, y: x[::-1] * y,
    "part": lambda x, y: np.concatenate((x[:1], y[1:])),
    "broadcast": lambda x, y: np.broadcast_to(np.sum(x), y.shape) + y,
    "tanh": lambda x, y: np.tanh(x),
}


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(SHAPES),
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.booleans()), min_size=1, max_size=7),
    st.integers(0, 2**16),
)
def test_the_sweep_is_the_transpose_of_the_tangent(shape, steps, seed):
    """Forward mode, which has no cotangents, is the oracle; and neither sweep nor seed may disturb a second sweep."""

    def f(x, y):
        for name, into_x in steps:
            z = STEPS[name](x, y)
            scaled = z / 4.0 if name.endswith(("sums", "squares", "broadcast")) else z
            x, y = (scaled, y) if into_x else (x, scaled)
        return x + y, np.sum(x * x), x

    rng = np.random.default_rng(seed)
    primals = tuple(rng.uniform(-0.7, 0.7, shape) for _ in range(2))
    tangents = tuple(rng.normal(size=shape) for _ in range(2))
    value, pullback = vjp(f, *primals)
    seeds = tuple(rng.normal(size=np.shape(leaf)) for leaf in value)
    kept = [np.array(s) for s in seeds]
    first = pullback(seeds)
    copies = [np.array(g) for g in first]
    second = pullback(seeds)
    for one, copy, other in zip(first, copies, second, strict=True):
        np.testing.assert_array_equal(one, copy)
        np.testing.assert_array_equal(one, other)
    for s, before in zip(seeds, kept, strict=True):
        np.testing.assert_array_equal(s, before)
    _, along = jvp(f, primals, tangents)
    forward = [float(np.sum(s * t)) for s, t in zip(seeds, along, strict=True)]
    reverse = [float(np.sum(g * t)) for g, t in zip(first, tangents, strict=True)]
    scale = sum(float(np.sum(np.abs(g * t))) for g, t in zip(first, tangents, strict=True)) + sum(map(abs, forward))
    assert sum(forward) == pytest.approx(sum(reverse), rel=0, abs=1e-10 * max(1.0, scale))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SHAPES), st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=5), st.integers(0, 2**16))
def test_a_gradient_is_that_of_a_kept_tape(shape, steps, seed):
    """`grad` frees what it has read and may overwrite it; `vjp` keeps everything."""

    def f(x, y):
        for name in steps:
            x, y = STEPS[name](x, y) / 4.0, x
        return np.sum(x * y)

    rng = np.random.default_rng(seed)
    primals = tuple(rng.uniform(-0.7, 0.7, shape) for _ in range(2))
    before = [x.copy() for x in primals]
    ours = grad(f, (0, 1))(*primals)
    for one, other in zip(ours, vjp(f, *primals)[1](1.0), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-13)
    assert not np.shares_memory(*ours)
    for x, was in zip(primals, before, strict=True):
        np.testing.assert_array_equal(x, was)


# --- Many cotangents at once -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_rows_swept_together_are_rows_swept_one_by_one(name, monkeypatch):
    f, arguments = PROGRAMS[name]
    every = tuple(range(len(arguments)))
    rows = []
    for together_from in (1, 10**9):
        monkeypatch.setattr(sweeps, "MANY_SEEDS", together_from)
        rows.append(jacrev(f, every)(*arguments))
    for one, other in zip(*rows, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12 * max(1.0, np.max(np.abs(other), initial=0.0)))


def test_more_rows_than_are_swept_at_once():
    A = np.random.default_rng(2).normal(size=(2 * sweeps.STACK + 3, 4))
    x = np.array([0.1, -0.3, 0.5, 0.2])
    np.testing.assert_allclose(jacrev(lambda x: A @ np.sin(x))(x), A * np.cos(x), rtol=1e-13)
    first, second = jacrev(lambda x: (A[:200] @ x, A[200:] @ x))(x)
    np.testing.assert_allclose(np.concatenate((first, second)), A, rtol=1e-13)


def test_a_users_reverse_line_is_given_plain_arrays():
    """It need not be made of NumPy functions, since no higher derivative is wanted."""
    seen = []

    def reverse(g, y, x):
        seen.append(type(g))
        return np.array([float(entry) * 2.0 for entry in g])

    double = custom_derivative(lambda x: 2.0 * x, reverse=reverse)
    np.testing.assert_array_equal(jacrev(lambda x: np.sin(double(x)) + x)(np.zeros(9)), 3.0 * np.eye(9))
    assert set(seen) == {np.ndarray}


def test_a_cotangent_may_be_an_array_first_and_traced_later():
    """In a sweep within another: what is added to it afterwards must not be lost."""
    x, v = np.array([[0.8, -0.5, 0.7]]), np.array([[0.3, 1.1, -0.2]])
    parts = {
        "sum": (lambda x: 0.7 * np.sum(x), 0.7 + 0 * x, 0 * v),
        "joined": (lambda x: np.sum(np.stack((x, x)) ** 2), 4 * x, 4 * v),
        "taken twice": (lambda x: np.sum(x[np.array([0, 0])]), 2 + 0 * x, 0 * v),
        "curved": (lambda x: np.sum(x**3), 3 * x**2, 6 * x * v),
    }
    for order in itertools.permutations(parts.values(), 3):
        f = lambda x, order=order: sum(g(x) for g, _, _ in order)  # noqa: E731
        slope, bend = (sum(part[k] for part in order) for k in (1, 2))
        np.testing.assert_allclose(vmap(grad(f))(np.stack([x, x]))[1], slope, rtol=1e-14)
        np.testing.assert_allclose(jit(grad(f))(x), slope, rtol=1e-14)
        np.testing.assert_allclose(hvp(f, x, v), bend, rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(grad(lambda x, f=f: np.sum(grad(f)(x) * v))(x), bend, rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(jacfwd(grad(f))(x)[0, :, 0] @ v[0], bend[0], rtol=1e-14, atol=1e-15)
