"""Programs whose numbers were once wrong without a word: each kind, with its siblings, against another way to know."""

import copy
import dataclasses
import itertools
import pickle
import warnings

import numpy as np
import pytest
from autodiff_programs import central_jacobian

from course_lib.autodiff import (
    AutodiffError,
    check_grad,
    checkpoint,
    derivative,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jit,
    jvp,
    scan,
    stop_gradient,
    taylor,
    value_and_grad,
    vjp,
    vmap,
    while_loop,
)

X = np.array([1.0, 2.0, 3.0])


def close(one, other, tolerance=1e-8):
    assert np.shape(one) == np.shape(other)
    np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


# --- Simplified programs ---------------------------------------------------------------------------------

SPREAD = {
    "a slice of a sum that keeps its axis": lambda x: np.sin(np.sum(x, keepdims=True)[0]) + np.sum(x * x),
    "two of them": lambda x: np.sum(x, keepdims=True)[0] * np.sum(x * x, keepdims=True)[0] + np.sum(np.exp(-x)),
    "subtracted": lambda x: np.sum(x * x) - np.max(x, keepdims=True)[0] * 3.0,
    "slices beside it": lambda x: np.sum(x, keepdims=True)[0] ** 2 + np.sum(x[1:] * x[:-1]) + x[0] * 3.0,
    "of a matrix": lambda x: (
        np.sum(np.sum(x[:, None] * x, axis=0, keepdims=True)[0] ** 2) + np.sum(x[None, :][0] * np.cos(x))
    ),
    "a number beside slices": lambda x: np.mean(x, keepdims=True)[0] + np.sum(x[:2]) * np.sum(x[1:]) - x[2],
    "masks that are added": lambda x: np.sum(((x > 0) + (x > 1.5)) * x) + x[0] ** 2 * np.sum(x > 1.5),
    "truth values compared": lambda x: np.sum(((x > 0.0) == (x > 1.5)) * x * x),
    "powers of two far apart": lambda x: np.sum((x * 2.0**-600 * 2.0**300) ** 2 * 2.0**600),
}


@pytest.mark.parametrize("name", SPREAD)
def test_a_simplified_program_keeps_every_term(name):
    f = SPREAD[name]
    expected = central_jacobian(f, (X,), 0)
    close(grad(f)(X), expected)
    close(jit(grad(f))(X), expected)
    close(jit(jacfwd(f))(X), expected)
    close(jit(value_and_grad(f))(X)[0], f(X))
    close(jit(hessian(f))(X), hessian(f)(X))


@pytest.mark.parametrize("x", [np.float64(3.0), np.float64(0.5), np.float64(-1.0)])
def test_truth_values_of_numbers_are_numpys(x):
    for f in (
        lambda x: ((x > 0) + (x > 1)) * x,
        lambda x: ((x > 0) * (x > 1)) * x + (x > 0),
        lambda x: ((x > 0) == (x > 1)) * x,
        lambda x: np.maximum(x > 0, x > 1) * x,
        lambda x: np.sin(x) * ((x > 0) | (x > 1)) + x * x - np.exp(x) * (x < 2),
    ):
        assert jit(f)(x) == f(x)


def test_integers_keep_their_arithmetic_in_a_program_of_numbers():
    def f(n, x):
        return np.sin(x) * x + n // 2 + np.square(n) + np.reciprocal(n) * x + x / 3.0

    assert jit(f)(np.array(3), 0.5) == f(np.array(3), 0.5)


def test_zero_and_minus_zero_are_two_numbers():
    x = np.array([1.0, 2.0])
    with np.errstate(divide="ignore"):
        for f in (
            lambda x: 1 / (x * 0.0),
            lambda x: 1 / (x * -0.0),
            lambda x: np.copysign(x, -0.0) + np.copysign(x, 0.0) * 3.0,
            lambda x: 1 / (x * np.array([0.0, -0.0])),
            lambda x: np.stack([1 / (0.0 * x), 1 / (x * -0.0)]),
        ):
            np.testing.assert_array_equal(jit(f)(x), f(x))
            np.testing.assert_array_equal(jit(f)(x[0]), f(x[0]))


# --- Copies ----------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Pair:
    a: object
    b: object


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "in a structure": lambda v: copy.deepcopy({"a": [v, 1.0]})["a"][0],
    "in an array of objects": lambda v: copy.deepcopy(np.array([v, None], dtype=object))[0],
    "asdict": lambda v: dataclasses.asdict(Pair(v, 2.0))["a"],
    "astuple": lambda v: dataclasses.astuple(Pair([v], 2.0))[0][0],
}
TRANSFORMS = {  # each with the derivative, or value, of x**2 at x
    "reverse": (grad, lambda x: 2 * x),
    "forward": (derivative, lambda x: 2 * x),
    "recorded": (lambda f: jit(grad(f)), lambda x: 2 * x),
    "recorded forward": (lambda f: jit(derivative(f)), lambda x: 2 * x),
    "run again": (lambda f: grad(checkpoint(f)), lambda x: 2 * x),
    "twice": (hessian, lambda x: 2.0),
    "series": (lambda f: lambda x: taylor(f, x, 2)[1], lambda x: 2 * x),
    "batch": (lambda f: lambda x: vmap(f)(np.array([x, x]))[1], lambda x: x * x),
    "recorded batch": (lambda f: lambda x: jit(vmap(grad(f)))(np.array([x, x]))[1], lambda x: 2 * x),
}


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_keeps_the_derivative(name, transform):
    made, expected = TRANSFORMS[transform]
    close(made(lambda v: COPIES[name](v) * v)(3.0), expected(3.0))


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_an_array_keeps_the_derivative(name):
    def f(v):
        return COPIES[name](v) * v

    for made in (jacobian, jacfwd, lambda f: jit(jacobian(f))):
        close(made(f)(X), np.diag(2 * X))
    close(vmap(grad(lambda v: np.sum(f(v))))(np.stack([X, -X])), np.stack([2 * X, -2 * X]))


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_a_traced_value_is_not_pickled(transform):
    made, _ = TRANSFORMS[transform]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(AutodiffError, match=r"Bytes were asked of the traced value .* pickle"):
            made(lambda v, protocol=protocol: pickle.loads(pickle.dumps([v], protocol))[0] * 2)(3.0)


# --- Constants in a recorded loop ------------------------------------------------------------------------


def written_out(step, start, xs=None, length=None):
    carry, ys = start, []
    for i in range(len(xs) if length is None else length):
        carry, y = step(carry, None if xs is None else xs[i])
        ys.append(y)
    return carry, None if ys[0] is None else np.stack(ys)


def written_out_while(condition, step, start):
    while condition(start):
        start = step(start)
    return start


def blocks(loop, v):
    block = checkpoint(lambda c, rows: loop(lambda c, z: (np.sin(c) * stop_gradient(c * z) + z, None), c, rows)[0])
    return loop(lambda c, rows: (block(c, rows), None), 1.0, np.reshape(v, (3, 1)))[0]


def within(loop, v):
    def outer(c, z):
        inner = loop(lambda d, y: (d * stop_gradient(c) + np.sin(y) * stop_gradient(z * y) * z, None), c, v)[0]
        return inner * 0.1 + stop_gradient(inner), d_squared(c)

    def d_squared(c):
        return grad(lambda d: d * d * stop_gradient(d))(c)

    last, ys = loop(outer, 0.5, v)
    return last + np.sum(ys)


def long_arrays(loop, v):
    def step(c, z):
        held = stop_gradient(c)
        return np.sin(c + z) * held + stop_gradient(np.exp(-c)) * c, held * z

    last, ys = loop(step, np.linspace(0.0, 1.0, 600) * v[0], v)
    return np.sum(last * last) + np.sum(ys)


HELD = {
    "rows": lambda loop, _, v: loop(lambda c, z: (c + z * stop_gradient(z), None), 0.0, v)[0],
    "carry": lambda loop, _, v: loop(lambda c, z: (c * stop_gradient(c) + np.sin(z), None), 1.0, v)[0],
    "carry that is held whole": lambda loop, _, v: loop(lambda c, z: (stop_gradient(c) * 0.5 + z, c), v[0], v)[1] @ v,
    "what is given out": lambda loop, _, v: np.sum(loop(lambda c, z: (c + z, stop_gradient(c) * z * c), 1.0, v)[1]),
    "only what is held": lambda loop, _, v: np.sum(loop(lambda c, z: (c, stop_gradient(z)), 1.0, v)[1]) * v[0],
    "from outside": lambda loop, _, v: loop(lambda c, z: (c * stop_gradient(v[1]) + z * v[0], None), 1.0, v)[0],
    "in a structure": lambda loop, _, v: loop(
        lambda c, z: ((c[0] + stop_gradient({"a": c})["a"][0] * z, c[1] + 1), None), (1.0, 1), v
    )[0][0],
    "in a list": lambda loop, _, v: loop(lambda c, z: (c + np.stack(stop_gradient([z, c])) @ v[:2], None), 0.0, v)[0],
    "a block that is done again": lambda loop, _, v: blocks(loop, v),
    "loops within loops": lambda loop, _, v: within(loop, v),
    "long arrays": lambda loop, _, v: long_arrays(loop, v),
    "batches in a step": lambda loop, _, v: (
        loop(lambda c, z: (vmap(lambda a: np.sin(a) * stop_gradient(a * z) * z)(c) + z, None), v, v)[0] @ v
    ),
    "a step that is differentiated": lambda loop, _, v: loop(
        lambda c, z: (c + grad(lambda a: np.sin(a) * stop_gradient(a) * z)(z + c), None), 0.0, v
    )[0],
    "while": lambda _, loop, v: loop(lambda c: c < 50.0, lambda c: c * c + stop_gradient(c) * v[0] * v[1], 1.0 + v[0]),
    "sign of a determinant": lambda loop, _, v: loop(
        lambda c, z: (c + np.linalg.slogdet(np.diag(np.stack([z, z - 2.5])))[0] * z, None), 0.0, v
    )[0],
}
ALONG = np.array([0.3, -1.0, 0.7])
MODES = {
    "grad": grad,
    "vjp": lambda f: lambda v: vjp(f, v)[1](2.0),
    "jvp": lambda f: lambda v: jvp(f, (v,), (ALONG,))[1],
    "jacfwd": jacfwd,
    "hessian": hessian,
    "forward twice": lambda f: jacfwd(jacfwd(f)),
    "reverse over forward": lambda f: jacobian(jacfwd(f)),
    "hvp": lambda f: lambda v: hvp(f, v, ALONG),
    "third": lambda f: lambda v: jacfwd(hessian(f))(v),
    "batch": lambda f: lambda v: vmap(grad(f))(np.stack([v, v + 0.1])),
}


@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, mode) for name in HELD for mode in MODES if (name, mode) != ("while", "batch")],  # refused by jit in words
)
def test_what_is_held_in_a_recorded_loop_has_no_derivative(name, mode):
    made = MODES[mode]
    if mode == "batch":  # the condition of a loop written out cannot be asked of a batch
        expected = np.stack([grad(lambda v: HELD[name](written_out, written_out_while, v))(v) for v in (X, X + 0.1)])
    else:
        expected = made(lambda v: HELD[name](written_out, written_out_while, v))(X)
    close(jit(made(lambda v: HELD[name](scan, while_loop, v)))(X), expected)


def test_closed_forms_of_what_is_held_in_a_recorded_loop():
    def f(v):
        return scan(lambda c, z: (c + z * stop_gradient(z), None), 0.0, v)[0]

    def power(a):  # a**8 with one factor of each product held
        return while_loop(lambda c: c[1] < 3, lambda c: (c[0] * stop_gradient(c[0]), c[1] + 1), (a, 0))[0]

    close(jit(grad(f))(X), X)
    close(jit(hessian(f))(X), np.zeros((3, 3)))
    close(jit(f)(X), X @ X)
    close(jit(grad(power))(1.5), 1.5**7)
    close(jit(derivative(power))(1.5), 1.5**7)
    ones = np.ones(2, np.float32)
    assert jit(grad(lambda v: np.sum(scan(lambda c, _: (c * stop_gradient(c), None), v, length=2)[0])))(ones).dtype == (
        np.float32
    )


# --- Functions that differ from what they look like -------------------------------------------------------


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("function", [np.correlate, np.convolve])
def test_the_longer_of_two_lines_may_be_either(function, mode):
    rng = np.random.default_rng(0)
    for a, v in ((rng.normal(size=n), rng.normal(size=m)) for n in range(1, 6) for m in range(1, 6)):
        y = function(a, v, mode)
        of_one = vjp(lambda a, v=v: function(a, v, mode), a)
        for found, pullback in (of_one, vjp(lambda a, v: function(a, v, mode), a, v)):
            np.testing.assert_allclose(found, y, rtol=1e-13, atol=1e-15, strict=True)
            columns = np.stack([function(e, v, mode) for e in np.eye(len(a))])
            np.testing.assert_allclose(pullback(y)[0], columns @ y, rtol=1e-12, atol=1e-14)


def test_the_slope_of_a_quantile_in_its_fraction():
    x = np.array([7.0, 1.0, 4.0, 2.0])  # in order 1, 2, 4, 7: between 2 and 4 the quantile rises by 2 for a third
    for f in (lambda x, q: np.quantile(x, q), lambda x, q: np.percentile(x, 100 * q)):
        for way in (grad(f, (0, 1)), jit(grad(f, (0, 1)))):
            of_x, of_q = way(x, 0.4)
            np.testing.assert_allclose(of_x, [0.0, 0.0, 0.2, 0.8], rtol=1e-12)
            np.testing.assert_allclose(of_q, 6.0, rtol=1e-12)
        assert np.isnan(jit(f)(x, 1.2))
        for wrong in (1.2, -0.1, np.nan):
            with pytest.raises(ValueError, match="range"):
                f(x, wrong)
            with pytest.raises(ValueError, match="range"):
                grad(f)(x, wrong)


def test_slopes_of_samples_are_numpys_to_the_last_bit():
    rng = np.random.default_rng(0)
    for f, edge_order in itertools.product((rng.normal(size=3), rng.normal(size=(5, 2))), (1, 2)):
        uneven = np.cumsum(rng.uniform(0.2, 1.0, len(f)))
        for spacing in ((), (0.3,), (2,), (uneven,), (0.5 * np.arange(len(f)),)):
            slopes = lambda f, *s, e=edge_order: np.gradient(f, *s, axis=0, edge_order=e)  # noqa: E731
            for found in jvp(lambda f, s=spacing, g=slopes: g(f, *s), (f,), (f,)):  # it is linear
                np.testing.assert_allclose(found, slopes(f, *spacing), rtol=1e-13, atol=1e-15)
            np.testing.assert_array_equal(jit(slopes)(f, *spacing), slopes(f, *spacing))
            if spacing:
                assert check_grad(lambda s, f=f, g=slopes: g(f, s), np.asarray(spacing[0], float)) < 1e-6
        with pytest.raises(ValueError, match="places"):
            grad(lambda f: np.sum(np.gradient(f, np.arange(7.0), axis=0)))(f)
    jumps = np.array([1.0, np.inf, 2.0])
    assert jvp(np.gradient, (jumps,), (np.ones(3),))[0][1] == 0.5


@pytest.mark.parametrize("way", [grad, lambda f: jit(grad(f)), lambda f: lambda x: jvp(f, (x,), (x,))])
def test_fewer_samples_than_are_asked_for_have_no_finite_variance(way):
    """NumPy divides by 0, never by a negative number."""
    x = np.array([0.4, 1.3])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for f in (np.var, np.std, np.cov):
            for ddof in (2, 3):
                assert f(x, ddof=ddof) == jit(lambda x, f=f, d=ddof: f(x, ddof=d))(x) == np.inf
                assert not np.isfinite(way(lambda x, f=f, d=ddof: f(x, ddof=d))(x)).all()
    with pytest.raises(ValueError, match="integer"):
        way(lambda x: np.cov(x, ddof=0.5))(x)


def test_what_is_inserted_stands_where_numpy_puts_it():
    x = np.arange(6.0).reshape(2, 3)
    for at, values, axis in (
        (1, [5.0, 6.0], 1), (1, [[5.0], [6.0]], 1), (1, [[5.0, 6.0]], 1), (-1, 0.5, 1), (3, 0.5, 1), (2, 9.0, 0),
        (1, [1.0, 2.0, 3.0], 0), (-2, [[1.0], [2.0]], 0), (6, 0.5, None), (-1, [1.0, 2.0], None), (0, [[4.0]], 1),
    ):  # fmt: skip
        f = lambda x, at=at, values=values, axis=axis: np.insert(x, at, values, axis=axis)  # noqa: E731
        y, tangent = jvp(f, (x,), (x,))
        np.testing.assert_array_equal(y, f(x), strict=True)
        np.testing.assert_array_equal(jit(f)(x), f(x), strict=True)
        np.testing.assert_array_equal(tangent, np.insert(x, at, np.zeros_like(values), axis=axis))
        g = lambda v, at=at, axis=axis: np.sum(np.sin(np.insert(x, at, v, axis=axis)))  # noqa: E731
        assert check_grad(g, np.asarray(values)) < 1e-8
    for at in (4, -4):
        with pytest.raises(IndexError, match="out of bounds"):
            jvp(lambda x, at=at: np.insert(x, at, 0.5, axis=1), (x,), (x,))


def test_a_python_zero_divides_as_numpys_does():
    for zero in (0, 0.0, -0.0):
        plain = lambda x, zero=zero: x / zero  # noqa: E731
        with np.errstate(all="ignore"):
            expected = np.float64(1.0) / zero
            assert derivative(plain)(2.0) == grad(plain)(2.0) == jit(grad(plain))(2.0) == expected
            np.testing.assert_array_equal(grad(lambda x, f=plain: np.sum(f(x)))(np.ones(2)), [expected] * 2)
    with np.errstate(invalid="ignore"):
        assert np.isnan(value_and_grad(np.mean)(np.zeros(0))[0])
    assert grad(lambda x: 3 * x - 0 + x * 0)(2.0) == 3.0


@pytest.mark.parametrize("way", [grad, jacfwd, lambda f: jit(grad(f))])
def test_what_an_empty_array_gives(way):
    empty, x = np.zeros(0), np.array([1.0, 2.0])
    np.testing.assert_array_equal(way(lambda x: np.sum(x[[]]))(x), [0.0, 0.0])
    np.testing.assert_array_equal(way(lambda x: np.sum(x[:, []]))(x[None]), [[0.0, 0.0]])
    with np.errstate(divide="ignore"):
        assert way(np.logaddexp.reduce)(empty).shape == (0,)
        assert value_and_grad(np.logaddexp.reduce)(empty)[0] == -np.inf


def test_precision_is_numpys_also_where_there_is_nothing():
    places, single = np.array([0.0, 0.5, 2.0]), np.ones(3, np.float32)
    for f, x in (
        *((f, single[:0]) for f in (np.sort, np.flip, np.copy, lambda x: np.tile(x, 2), lambda x: np.repeat(x, 2))),
        (lambda x: np.interp(x, x, x), np.arange(3, dtype=np.float32)),
        (lambda x: np.gradient(x, places), single),
        (lambda x: np.insert(x, 1, 0.5), single),
        (lambda x: np.polyval(x, 0.5), single),
        (lambda x: np.polyval([0.5, 0.2], x), single),
        (lambda x: np.quantile(x, np.float32(0.3)), single),
        (lambda x: np.quantile(x, np.float64(0.3)), single),
        (lambda x: np.quantile(x, np.array([0, 1])), single),
        (lambda x: np.percentile(x, np.array([0, 50])), single),
        (lambda x: np.linalg.norm(x, np.float64(3)), single),
    ):
        assert jvp(f, (x,), (x,))[0].dtype == jit(f)(x).dtype == f(x).dtype
    with pytest.raises(AutodiffError, match="round what it puts into an array of int"):
        grad(lambda x: np.sum(np.insert([1, 2], 0, x)))(2.7)


@pytest.mark.parametrize("way", [grad, jacfwd, jit, lambda f: lambda x: vmap(f)(np.stack([x, x]))])
def test_what_speaks_of_memory_is_refused_in_words(way):
    x = np.array([1.0, 2.0])
    for f, words in (
        (lambda x: x.nbytes * x[0], "'nbytes'"),
        (lambda x: np.sum(x.view()), "'view'"),
        (lambda x: x.item(1), "integer"),
        (lambda x: np.sum(np.asarray(x, dtype=float)), "plain number"),
    ):
        with pytest.raises(AutodiffError, match=words):
            way(f)(x)
    with pytest.raises(AttributeError, match="summ"):
        way(lambda x: x.summ())(x)
    found = grad(lambda x: x.flat[1] * sum(x.flat))(x)
    np.testing.assert_array_equal(found, [2.0, 5.0])
