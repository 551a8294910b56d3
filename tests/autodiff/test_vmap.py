"""vmap: one run gives what a Python loop over the rows gives; random programs are in `test_random_programs.py`."""

import dataclasses
import sys
import warnings

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    ConcreteValueError,
    InputError,
    checkpoint,
    custom_derivative,
    derivative,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jit,
    jvp,
    scan,
    stop_gradient,
    vjp,
    vmap,
    while_loop,
)

rng = np.random.default_rng(3)
X = rng.normal(size=(4, 3))
A = rng.normal(size=(4, 3, 3)) + 3 * np.eye(3)
W = rng.normal(size=3)


def compare(f, *arguments, in_axes=0, **options):
    """Compare with a loop, as it is and in jit, with no operation done row by row."""
    axes = in_axes if isinstance(in_axes, tuple) else (in_axes,) * len(arguments)
    size = next(np.shape(a)[axis] for a, axis in zip(arguments, axes, strict=True) if axis is not None)
    rows = [
        f(*(a if axis is None else np.take(a, i, axis) for a, axis in zip(arguments, axes, strict=True)))
        for i in range(size)
    ]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        for mapped in (vmap(f, in_axes), jit(vmap(f, in_axes)), vmap(jit(f), in_axes)):
            found = mapped(*arguments)
            np.testing.assert_allclose(found, np.stack(rows), rtol=1e-10, atol=1e-12, **options)


OPERATIONS = {
    "a number of each row": lambda x: x[0] * x[1],
    "a constant": lambda x: np.ones(2),
    "indices": lambda x: x[[2, 0, 2]] + x[::-1],
    "a choice": lambda x: np.where(x > 0, np.sqrt(np.abs(x)), -1.0),
    "sorted": lambda x: np.sort(x)[::-1],
    "the largest": lambda x: x[np.argmax(x)] + np.max(x),
    "places that differ": lambda x: np.take_along_axis(x, np.argsort(x), 0) * np.arange(3),
    "a table": lambda x: np.take_along_axis(np.array([10.0, 20.0, 30.0]), np.argsort(x), 0) * x,
    "a column that differs": lambda x: np.outer(x, W)[:, np.argmax(x)] + np.outer(W, x)[np.argmin(x)],
    "several places": lambda x: np.outer(x, W)[np.argsort(x), np.argmax(x)],
    "comparisons": lambda x: ((x > 0) & ~(x > 1) | (x < -1)) * x,
    "any and all": lambda x: np.where(np.all(x > -9) & np.any(x > 0), x, 0.0),
    "products": lambda x: np.outer(x, x) @ x + x @ W,
    "einsum": lambda x: np.einsum("i,j,k->jk", x, x, W),
    "a list of numbers": lambda x: np.array([x[0], 1.0, x[2]]),
    "steps": lambda x: np.floor(x) * x + np.round(x, 1),
    "shapes": lambda x: np.zeros_like(x) + x.size + len(x) + x.ndim,
    "no derivative": lambda x: stop_gradient(x**2) * x,
}
OF_MATRICES = {
    "solve": lambda a, x: np.linalg.solve(a, x),
    "eigenvalues": lambda a, x: np.linalg.eigh(a @ a.T)[0],
    "cholesky": lambda a, x: np.linalg.cholesky(a @ a.T + np.eye(3)) @ x,
    "determinants": lambda a, x: np.linalg.slogdet(a)[1] * np.linalg.slogdet(a)[0] + np.linalg.det(a),
    "matrix times vector": lambda a, x: a @ x,
    "vector times matrix": lambda a, x: x @ a,
    "an inverse": lambda a, x: np.linalg.inv(a) * x,
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_row(name):
    f = OPERATIONS[name]
    compare(f, X)
    compare(jacrev(f), X)
    compare(jacfwd(f), X)
    compare(lambda x: jvp(f, (x,), (np.ones(3),))[1], X)


@pytest.mark.parametrize("name", OF_MATRICES)
@pytest.mark.parametrize("in_axes", [(0, 0), (None, 0), (0, None)])
def test_matrices(name, in_axes):
    f = OF_MATRICES[name]
    given = [one if axis == 0 else one[0] for one, axis in zip((A, X), in_axes, strict=True)]
    compare(f, *given, in_axes=in_axes)
    compare(
        lambda a, x: grad(lambda a, x: np.sum(f(a, x) ** 2), (0, 1))(a, x)[in_axes[0] is None], *given, in_axes=in_axes
    )


def test_nesting():
    f = lambda x: np.sum(np.sin(x) * x[0])  # noqa: E731
    compare(hessian(f), X)
    np.testing.assert_allclose(grad(lambda x: np.sum(vmap(f)(x) ** 2))(X), [2 * f(x) * grad(f)(x) for x in X])
    np.testing.assert_allclose(
        derivative(lambda t: vmap(lambda x: f(x * t))(X))(1.5), [grad(f)(1.5 * x) @ x for x in X]
    )
    _, pullback = vjp(lambda w: vmap(lambda x: x * w)(X), W)
    np.testing.assert_allclose(pullback(np.ones((4, 3)))[0], np.sum(X, axis=0))
    table = vmap(lambda x: vmap(lambda y: (x @ y) * np.sum(x > y))(X))(X)
    np.testing.assert_allclose(table, [[(x @ y) * np.sum(x > y) for y in X] for x in X])
    inside = jit(lambda x: vmap(lambda row: np.where(row > np.sum(x), row, 0 * row))(x))
    np.testing.assert_array_equal(inside(X), np.where(np.sum(X) < X, X, 0))
    with np.errstate(all="ignore"):  # a row at which a sweep must be made again
        slopes = vmap(grad(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0))))(np.array([[0.0, 4.0], [1.0, 0.0]]))
    np.testing.assert_array_equal(slopes, [[0.0, 0.25], [0.5, 0.0]])


def test_axes_and_structures():
    np.testing.assert_array_equal(vmap(lambda x: 2 * x, in_axes=1, out_axes=-1)(X), 2 * X)
    np.testing.assert_array_equal(vmap(lambda x, y: x + y, in_axes=(0, 1))(X, X.T), 2 * X)
    layer = {"w": A, "b": W}
    found = vmap(lambda p, x: {"y": p["w"] @ x + p["b"], "n": 1.0}, in_axes=({"w": 0, "b": None}, 0))(layer, X)
    np.testing.assert_allclose(found["y"], np.einsum("nij,nj->ni", A, X) + W)
    np.testing.assert_array_equal(found["n"], np.ones(4))
    first, second = vmap(lambda x: (x, x[0]), out_axes=(1, 0))(X)
    np.testing.assert_array_equal(first, X.T)
    np.testing.assert_array_equal(second, X[:, 0])
    np.testing.assert_array_equal(
        vmap(lambda x, scale: x * scale)(X, scale=np.arange(4.0)), X * np.arange(4.0)[:, None]
    )
    assert vmap(lambda x: x * 2)(np.arange(3)).dtype == np.arange(3).dtype
    assert vmap(grad(lambda x: np.sum(x * x)))(np.zeros((0, 3))).shape == (0, 3)
    assert vmap(lambda x: x * x)(X.astype(np.float32)).dtype == np.float32


def test_loops_carry_all_rows_along():
    def f(w, x):
        last, ys = scan(lambda c, r: (np.sin(c) * w + r, c * x), w, np.stack([x, 2 * x, x * x]))
        return np.sum(last**2) + np.sum(ys)

    compare(f, W, X, in_axes=(None, 0))
    compare(grad(f), W, X, in_axes=(None, 0))
    compare(grad(f, 1), X, W, in_axes=(0, None))
    long = lambda w, x: scan(lambda c, _: (np.sin(c * w) + x, None), x, length=2000)[0]  # noqa: E731
    source = jit(vmap(jacfwd(long), in_axes=(None, 0))).source(W, X)
    assert len(source) < 6000


def test_a_while_loop_takes_as_many_steps_as_each_row_needs():
    def root(a):
        return while_loop(lambda x: np.abs(x * x - a) > 1e-12, lambda x: 0.5 * (x + a / x), 1.0)

    a = np.array([2.0, 3.0, 100.0])
    np.testing.assert_allclose(jit(vmap(root))(a), np.sqrt(a))
    np.testing.assert_allclose(jit(vmap(derivative(root)))(a), 0.5 / np.sqrt(a))
    np.testing.assert_allclose(jit(vmap(grad(root)))(a), 0.5 / np.sqrt(a))
    np.testing.assert_allclose(vmap(root)(a), np.sqrt(a))
    np.testing.assert_allclose(vmap(grad(root))(a), 0.5 / np.sqrt(a))
    np.testing.assert_allclose(grad(lambda a: np.sum(vmap(root)(a)))(a), 0.5 / np.sqrt(a))
    np.testing.assert_allclose(jit(grad(lambda a: np.sum(vmap(root)(a))))(a), 0.5 / np.sqrt(a))


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
@pytest.mark.parametrize("transform", [lambda f: f, grad, derivative, hessian, lambda f: derivative(grad(f))])
def test_rows_that_have_ended_wait_for_the_others(wrap, transform):
    """Doubled n times, x is 2^n x, whose square has the derivatives 2 4^n x and 2 4^n; also in a step of another loop,
    where the batch is one of rows of rows, and where what is doubled is a factor from outside."""

    def doubled(x):
        return while_loop(lambda c: c[0] < 100, lambda c: (2 * c[0], c[1] * factor(x)), (x, 1.0))[1] * x

    def factor(x):
        return 1 + x / stop_gradient(x)

    plain = lambda x: while_loop(lambda c: c < 100, lambda c: 2 * c, x) ** 2  # noqa: E731
    within = lambda x: scan(lambda c, _: (c * 1.0, plain(c)), x, length=2)[1][1]  # noqa: E731
    outside = lambda x: doubled(x) * 1.0  # noqa: E731
    rows = np.array([1.0, 30.0, 99.0, 0.7, 200.0])
    for f in (plain, within, outside):
        alone = np.stack([transform(f)(x) for x in rows])
        np.testing.assert_allclose(wrap(vmap(transform(f)))(rows), alone)
        np.testing.assert_allclose(wrap(vmap(vmap(transform(f))))(np.stack([rows, rows[::-1]])), [alone, alone[::-1]])
    np.testing.assert_allclose(grad(plain)(0.7), 2 * 4**8 * 0.7)


def test_rules_of_a_user():
    cube = custom_derivative(
        lambda x: x**3, forward=lambda t, y, x: 3 * x * x * t, reverse=lambda g, y, x: 3 * x * x * g
    )
    with pytest.warns(UserWarning, match="row by row"):
        np.testing.assert_allclose(vmap(grad(lambda x: np.sum(cube(x))))(X), 3 * X**2)
    again = checkpoint(lambda x, w: np.sum(np.sin(x * w)))
    compare(grad(again), X, W, in_axes=(0, None))


def test_what_a_batch_cannot_do_is_said_in_words():
    asks = {
        "a branch": lambda x: x if x[0] > 0 else -x,
        "a number": lambda x: x * float(x[0]),
        "a mask": lambda x: x[x > 0],
        "how many": lambda x: np.flatnonzero(x > 0),
        "an index": lambda x: np.arange(3.0)[np.argmax(x)] * x,
        "a range": lambda x: sum(x[0] for _ in range(int(x[1]))),
    }
    for f in asks.values():
        with pytest.raises(ConcreteValueError, match=r"np\.where"):
            vmap(f)(X)
    wrong = {
        "other lengths": lambda: vmap(lambda x, y: x)(X, X[:2]),
        "no rows": lambda: vmap(lambda x: x, in_axes=None)(X),
        "a number": lambda: vmap(lambda x: x)(3.0),
        "too few axes": lambda: vmap(lambda x, y: x, in_axes=(0,))(X, X),
        "another structure": lambda: vmap(lambda p: p["a"], in_axes=({"b": 0},))({"a": X}),
        "no axis 5": lambda: vmap(lambda x: x, in_axes=5)(X),
        "a text": lambda: vmap(lambda x: "text")(X),
        "a text given": lambda: vmap(lambda x, y: x)(X, "text"),
    }
    for name, call in wrong.items():
        with pytest.raises(InputError, match=r"xpected|needs"):
            call()
        assert name
    kept = []
    vmap(lambda x: kept.append(x) or x)(X)
    with pytest.raises(AutodiffError, match="already been computed"):
        kept[0] * 2


def test_one_run_costs_less_than_a_loop():
    x = rng.normal(size=(400, 5))
    f = grad(lambda x: np.sum(np.tanh(x) * x))
    mapped = vmap(f)

    def calls(run):
        made = []
        before = sys.getprofile()
        sys.setprofile(lambda _, event, __: made.append(event))
        try:
            run()
        finally:
            sys.setprofile(before)
        return len(made)

    assert calls(lambda: [f(row) for row in x]) > 100 * calls(lambda: mapped(x))


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_no_rows_at_all(wrap):
    loop = lambda x: scan(lambda c, _: (c * x, c), 1.0, length=2)[0]  # noqa: E731
    ends = lambda x: while_loop(lambda c: c < 3, lambda c: c + x, x)  # noqa: E731
    for f in (loop, ends, np.square):
        for transform in (grad, derivative, hessian):
            assert wrap(vmap(transform(f)))(np.zeros(0)).shape == (0,)
    assert wrap(vmap(lambda x: x[np.argmax(x)] * 2))(np.zeros((0, 3))).shape == (0,)
    many = lambda x: scan(lambda c, _: (c * x, c), x, length=2)  # noqa: E731
    assert [y.shape for y in wrap(jacfwd(many))(np.zeros(0))] == [(0, 0), (2, 0, 0)]


@dataclasses.dataclass
class Pair:
    left: object
    right: object


def test_axes_for_structures():
    np.testing.assert_array_equal(vmap(lambda p: p.left * p.right, in_axes=(Pair(0, None),))(Pair(W, 2.0)), 2 * W)
    np.testing.assert_array_equal(
        vmap(lambda p: p["a"] * p["b"], in_axes=({"a": 0, "b": None},))({"a": W, "b": 2.0}), 2 * W
    )
    both = vmap(lambda x: (x, np.sum(W)), out_axes=(-1, None))(X)
    np.testing.assert_array_equal(both[0], X.T)
    assert both[1] == np.sum(W)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: vmap(np.sin, in_axes=None), "at least one must have rows"),
        (lambda: vmap(np.sin, in_axes="0"), "expected an axis"),
        (lambda: vmap(np.sin, in_axes=True), "expected an axis"),
        (lambda: vmap(np.sin, in_axes=0.5), "expected an axis"),
        (lambda: vmap(np.sin, in_axes=Pair(0, None)), "expected an axis"),
        (lambda: vmap(np.sin, in_axes=((0, 0),))(X), "built like it"),
        (lambda: vmap(np.sin, in_axes=(None,))(X), "in_axes is None for all"),
        (lambda: vmap(np.sin, in_axes=2)(X), "with that axis"),
        (lambda: vmap(np.sin, out_axes=3)(X), "from -2 to 1"),
        (lambda: vmap(np.sum, out_axes=-2)(X), "from -1 to 0"),
        (lambda: vmap(lambda x: 1.0, out_axes=1)(X), "from -1 to 0"),
        (lambda: vmap(np.sin, out_axes=None)(X), "give an axis"),
        (lambda: vmap(np.sin, out_axes=1.0)(X), "built like it"),
        (lambda: vmap(lambda x: (x, x), out_axes=(0, 0, 0))(X), "built like it"),
        (lambda: vmap(lambda x: x[x > 0])(X), "leave out jit or vmap"),
        (lambda: jit(lambda x: x[x > 0])(W), "leave out jit or vmap"),
    ],
)
def test_axes_that_are_not_there_are_refused_in_words(call, says):
    with pytest.raises(AutodiffError, match=says):
        call()
