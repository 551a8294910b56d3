"""`scan` and `while_loop` against the same loop written out in Python, closed forms and the complex step."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.autodiff import (
    AutodiffError,
    LoopError,
    check_grad,
    checkpoint,
    custom_derivative,
    derivative,
    evaluation_trace,
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
    vmap,
    while_loop,
)

RNG = np.random.default_rng(5)


def unrolled(step, start, xs=None, length=None):
    """The oracle: no loop but Python's, and nothing checked."""
    carry, ys = start, []
    for i in range(len(xs) if length is None else length):
        carry, y = step(carry, None if xs is None else xs[i])
        ys.append(y)
    return carry, np.stack(ys)


# Steps of a carry c, a row x and a parameter w, all of shape (3,); what they give out has shape (3,), (2,) or ().
STEPS = {
    "linear": lambda c, x, w: (w * c + x, c),
    "bent": lambda c, x, w: (np.tanh(c * w + x), np.sum(c)),
    "matrix": lambda c, x, w: (np.sin(np.outer(w, x) @ c) + c, c[:2]),
    "kinked": lambda c, x, w: (np.where(c > x, c * 0.5, w - c), np.maximum(c, x)),
    "apart": lambda c, x, w: (np.stack([c[1] * w[0], c[2] - x[0], c[0] + np.exp(-c[1] * c[1])]), c[0] * x),
    "unmoved": lambda c, x, w: (c, w * x),
    "fresh": lambda c, x, w: (x * w, c * c),
    "quotient": lambda c, x, w: ((c + w) / (1.5 + c * c), np.cumsum(c)),
    "constant": lambda c, x, w: (np.ones(3), np.ones(2)),
    "norm": lambda c, x, w: (c / np.sqrt(1 + c @ c) + np.concatenate([x[:1], w[1:]]), c[::-1]),
}


def losses(name, use_last, use_rows):
    """The same loss, of where the loop begins, its rows and its parameter, with a scan and with a loop written out."""

    def loss(loop):
        def of(start, xs, w):
            last, ys = loop(lambda c, x: STEPS[name](c, x, w), start, xs)
            return use_last * np.sum(np.sin(last)) + use_rows * np.sum(ys * ys)

        return of

    return loss(scan), loss(unrolled)


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(sorted(STEPS)),
    length=st.sampled_from([1, 2, 5]),
    uses=st.sampled_from([(1, 0), (0, 1), (1, 1)]),
    seed=st.integers(0, 10**6),
    argnums=st.sampled_from([0, 1, 2, (0, 1, 2), (1, 2)]),
)
def test_a_scan_is_the_loop_written_out_in_every_mode(name, length, uses, seed, argnums):
    rng = np.random.default_rng(seed)
    arguments = rng.normal(size=3), rng.normal(size=(length, 3)), rng.normal(size=3)
    f, oracle = losses(name, *uses)
    close = {"rtol": 1e-9, "atol": 1e-9}
    np.testing.assert_allclose(f(*arguments), oracle(*arguments), **close)
    np.testing.assert_allclose(jit(f)(*arguments), oracle(*arguments), **close)
    wanted = grad(oracle, argnums)(*arguments)
    for found in (grad(f, argnums)(*arguments), jit(grad(f, argnums))(*arguments)):
        for g, w in zip(found, wanted, strict=True):
            np.testing.assert_allclose(g, w, **close)
    tangents = tuple(rng.normal(size=np.shape(a)) for a in arguments)
    y, slope = jit(lambda *a: jvp(f, a, tangents))(*arguments)
    np.testing.assert_allclose(y, oracle(*arguments), **close)
    np.testing.assert_allclose(
        slope, sum(np.sum(t * g) for t, g in zip(tangents, grad(oracle, (0, 1, 2))(*arguments), strict=True)), **close
    )

    def of_parameter(w):
        return f(*arguments[:2], w)

    second = hessian(lambda w: oracle(*arguments[:2], w))(arguments[2])
    np.testing.assert_allclose(jit(hessian(of_parameter))(arguments[2]), second, **close)
    v = tangents[2]
    twice = jit(grad(lambda w: np.sum(v * grad(of_parameter)(w))))(arguments[2])
    np.testing.assert_allclose(twice, second @ v, **close)


def test_new_numbers_of_the_same_shape_run_through_the_recorded_loop():
    f, oracle = losses("apart", 1, 1)
    fast = jit(value_and_grad(f, (0, 1, 2)))
    for seed in range(4):
        rng = np.random.default_rng(seed)
        arguments = rng.normal(size=3), rng.normal(size=(6, 3)), rng.normal(size=3)
        value, gradients = fast(*arguments)
        wanted = value_and_grad(oracle, (0, 1, 2))(*arguments)
        np.testing.assert_allclose(value, wanted[0], rtol=1e-12)
        for g, w in zip(gradients, wanted[1], strict=True):
            np.testing.assert_allclose(g, w, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_jacobians_of_what_a_scan_gives_out(wrap):
    w, xs = RNG.normal(size=3), RNG.normal(size=(4, 3))

    def both(w):
        return np.concatenate([np.ravel(y) for y in scan(lambda c, x: STEPS["bent"](c, x, w), np.zeros(3), xs)])

    def oracle(w):
        return np.concatenate([np.ravel(y) for y in unrolled(lambda c, x: STEPS["bent"](c, x, w), np.zeros(3), xs)])

    wanted = np.stack([np.imag(oracle(w + 1e-30j * e)) / 1e-30 for e in np.eye(3)], axis=-1)
    for mode in (jacfwd, jacrev, jacobian):
        np.testing.assert_allclose(wrap(mode(both))(w), wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_closed_forms(wrap):
    def power(x):
        return scan(lambda y, _: (y * x, None), 1.0, length=10)[0]

    x = 1.3
    assert wrap(power)(x) == pytest.approx(x**10, rel=1e-13)
    for order, f in (
        (10 * x**9, grad(power)),
        (90 * x**8, grad(grad(power))),
        (720 * x**7, derivative(grad(derivative(power)))),
    ):
        assert wrap(f)(x) == pytest.approx(order, rel=1e-12)

    # The sum of a geometric series, whose rows come from outside.
    def series(q):
        return np.sum(scan(lambda c, _: (c * q, c), 1.0, length=30)[1])

    assert wrap(grad(series))(0.5) == pytest.approx(sum(k * 0.5 ** (k - 1) for k in range(1, 30)), rel=1e-12)


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_structures_numbers_of_every_kind_and_none(wrap):
    def step(carry, x):
        total, (count, on), nothing = carry["total"], carry["state"], carry["nothing"]
        total = np.where(on, total + x["a"] * x["b"][0], total)
        return {"total": total, "state": (count + 1, np.logical_not(on)), "nothing": nothing}, (
            total,
            {"n": count, "none": None},
        )

    def f(a, b):
        start = {"total": 0.0, "state": (0, True), "nothing": None}
        last, (totals, rest) = scan(step, start, {"a": a, "b": b})
        assert last["nothing"] is None
        assert rest["none"] is None
        return last["total"], last["state"][0], last["state"][1], totals, rest["n"]

    a, b = np.array([1.0, 2.0, 3.0]), np.arange(6.0).reshape(3, 2)
    total, count, on, totals, n = wrap(f)(a, b)
    assert (total, count, on) == (12.0, 3, False)
    assert (np.asarray(count).dtype.kind, np.asarray(on).dtype.kind) == ("i", "b")
    np.testing.assert_array_equal(totals, [0.0, 0.0, 12.0])
    np.testing.assert_array_equal(n, [0, 1, 2])
    g = wrap(grad(lambda a, b: f(a, b)[0], (0, 1)))(a, b)
    np.testing.assert_array_equal(g[0], [0.0, 0.0, 4.0])
    np.testing.assert_array_equal(g[1], [[1.0, 0.0], [0.0, 0.0], [3.0, 0.0]])


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_no_step_and_one_step(wrap):
    empty = grad(lambda x: np.sum(while_loop(lambda c: c[1] < 2, lambda c: (np.sin(c[0]), c[1] + 1), (x, 0))[0]))
    assert wrap(empty)(np.zeros((2, 0))).shape == (2, 0)

    def step(c, x):
        return (np.tanh(c * x), (c, np.sum(c)))

    start = np.array([0.5, 2.0])
    last, (rows, sums) = wrap(lambda s, x: scan(step, s, x))(start, np.zeros((0, 2)))
    np.testing.assert_array_equal(last, start)
    assert (rows.shape, sums.shape) == ((0, 2), (0,))
    np.testing.assert_array_equal(wrap(grad(lambda s: np.sum(scan(step, s, np.zeros((0, 2)))[0])))(start), [1.0, 1.0])
    last, _ = scan(step, start, np.ones((1, 2)))
    np.testing.assert_array_equal(last, np.tanh(start))
    assert while_loop(lambda c: c > 5, lambda c: c - 1, 2.0) == 2.0
    assert wrap(grad(lambda x: while_loop(lambda c: c > 5, lambda c: c - 1, x)))(2.0) == 1.0


def test_the_text_has_one_step_whatever_the_length():
    def text(n):
        return jit(grad(lambda w: scan(lambda c, _: (np.sin(c * w), None), 1.0, length=n)[0])).source(0.7)

    assert len(text(10**6).splitlines()) == len(text(10).splitlines()) < 40
    assert "for " in text(10)
    inside = jit(grad(lambda w: while_loop(lambda c: np.sum(c) < 100, lambda c: c * w, np.ones(2))[0])).source(3.0)
    assert "while True:" in inside


def test_the_step_runs_once_to_be_recorded():
    calls = []

    def step(c, x):
        calls.append(1)
        return c * x, c

    fast = jit(grad(lambda x: scan(step, 1.0, x)[0]))
    np.testing.assert_allclose(
        fast(np.arange(1.0, 301.0) / 100), grad(lambda x: np.prod(x))(np.arange(1.0, 301.0) / 100)
    )
    fast(np.ones(300))
    assert len(calls) == 1


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_a_while_loop_differentiates_the_steps_that_were_done(wrap):
    def root(a):
        return while_loop(lambda x: np.abs(x * x - a) > 1e-13 * a, lambda x: 0.5 * (x + a / x), 1.0)

    orders = [root, grad(root), grad(grad(root)), derivative(grad(root)), derivative(derivative(root))]
    fast = [wrap(f) for f in orders]
    for a in (2.0, 9.0, 2e6):  # ever more steps
        wanted = [a**0.5, 0.5 * a**-0.5, *[-0.25 * a**-1.5] * 3]
        np.testing.assert_allclose([f(a) for f in fast], wanted, rtol=1e-7)

    def norm_grows(p):  # a structure, a matrix from outside, a counter
        A = np.reshape(p, (2, 2))

        def step(c):
            return (A @ c[0], c[1] + 1, {"sum": c[2]["sum"] + c[0][0]})

        x, count, extra = while_loop(lambda c: c[0] @ c[0] < 50, step, (np.array([1.0, 0.5]), 0, {"sum": 0.0}))
        return np.sum(x) * extra["sum"] + count

    p = np.array([1.1, 0.7, -0.3, 1.4])

    def oracle(p):
        A, x, s, n = np.reshape(p, (2, 2)), np.array([1.0, 0.5]), 0.0, 0
        while x @ x < 50:
            x, s, n = A @ x, s + x[0], n + 1
        return np.sum(x) * s + n

    np.testing.assert_allclose(wrap(norm_grows)(p), oracle(p))
    np.testing.assert_allclose(wrap(grad(norm_grows))(p), grad(oracle)(p), rtol=1e-10)
    np.testing.assert_allclose(wrap(hessian(norm_grows))(p), hessian(oracle)(p), rtol=1e-10)
    np.testing.assert_allclose(wrap(jacrev(grad(norm_grows)))(p), hessian(oracle)(p), rtol=1e-10)


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_loops_within_loops(wrap):
    def inner(c, w):
        return scan(lambda d, k: (np.sin(d + w * k), d), c, np.array([0.5, 1.0]))[0]

    def outer(w):
        def step(c, x):
            return (inner(c, w) * x, while_loop(lambda z: z < 3, lambda z: z * w + 1, c))

        last, ys = scan(step, 0.3, np.array([1.0, 0.8, 1.2]))
        return last + np.sum(ys)

    def oracle(w):
        c, total = 0.3, 0.0
        for x in (1.0, 0.8, 1.2):
            z = c
            while z < 3:
                z = z * w + 1
            total = total + z
            for k in (0.5, 1.0):
                c = np.sin(c + w * k)
            c = c * x
        return c + total

    w = 0.7
    assert wrap(outer)(w) == pytest.approx(oracle(w), rel=1e-12)
    assert wrap(grad(outer))(w) == pytest.approx(np.imag(oracle_complex(oracle, w)), rel=1e-10)
    assert wrap(grad(grad(outer)))(w) == pytest.approx(grad(grad(oracle))(w), rel=1e-10)

    # A derivative inside a step, and a scan inside a derivative inside a scan.
    def newton(a):
        return scan(lambda x, _: (x - (x**3 - a) / derivative(lambda z: z**3 - a)(x), None), 1.5, length=8)[0]

    assert wrap(grad(newton))(5.0) == pytest.approx(5 ** (-2 / 3) / 3, rel=1e-10)


COMPARED = {
    "greater": lambda y, c: y > c,
    "equal": lambda y, c: c == np.round(y),
    "both": lambda y, c: (y > 0) & (c < 1),
    "either": lambda y, c: (c < 1) | (y > 0),
    "one of both": lambda y, c: (y > 0) ^ (c > 0),
    "close": lambda y, c: np.isclose(y, c, 0.0, 0.3),
    "logical": lambda y, c: np.logical_and(y > 0, c),
}


@pytest.mark.parametrize("name", COMPARED)
def test_a_step_compares_what_it_carries_with_rows_from_outside(name):
    """The step is recorded inside of the batch, and answers before it."""

    def f(x, y):
        def g(z):
            step = lambda c: (np.where(COMPARED[name](y, c[0]), np.sin(z) * c[0], 0.3 * z), c[1] + 1)  # noqa: E731
            return while_loop(lambda c: c[1] < 3, step, (y * x, 0))[0]

        return np.sum(jacrev(g)(y)) + np.sum(g(y) ** 2)

    x, y = np.array([0.4, -1.3]), np.array([[0.5, -0.2, 1.4], [2.0, 0.1, -1.0]])
    for way in (f, jvp_along_y(f), grad(f, argnums=1)):
        expected = [way(a, b) for a, b in zip(x, y, strict=True)]
        np.testing.assert_allclose(vmap(way)(x, y), expected, rtol=1e-12)
        np.testing.assert_allclose(jit(vmap(way))(x, y), expected, rtol=1e-12)


def jvp_along_y(f):
    return lambda x, y: jvp(f, (x, y), (1.0, np.cos(y)))[1]


def oracle_complex(oracle, w):
    """The complex step, for an oracle whose comparisons look at the real part: all are of real magnitude here."""
    derivative_by_tape = grad(oracle)(w)
    h = 1e-6
    by_differences = (oracle(w + h) - oracle(w - h)) / (2 * h)
    assert derivative_by_tape == pytest.approx(by_differences, rel=1e-6)
    return 1j * derivative_by_tape


def test_sums_over_the_steps_stand_in_memory_of_their_own():
    """Large arrays are added to in place: the start, the rows and what was returned before stay as they are."""
    W, start, xs = RNG.normal(size=(40, 40)) / 7, RNG.normal(size=40), RNG.normal(size=(7, 40))

    def loss(W, start):
        last, ys = scan(lambda c, x: (np.tanh(W @ c + x), W @ c), start, xs)
        return np.sum(last) + np.sum(ys * ys)

    def oracle(W, start):
        last, ys = unrolled(lambda c, x: (np.tanh(W @ c + x), W @ c), start, xs)
        return np.sum(last) + np.sum(ys * ys)

    fast = jit(grad(loss, (0, 1)))
    before = W.copy(), start.copy()
    first = fast(W, start)
    kept = first[0].copy()
    second = fast(W, start)
    for g, h, w in zip(first, second, grad(oracle, (0, 1))(W, start), strict=True):
        np.testing.assert_allclose(g, w, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(g, h)
    np.testing.assert_array_equal(first[0], kept)
    np.testing.assert_array_equal(W, before[0])
    np.testing.assert_array_equal(start, before[1])
    # Carries that change places, are given twice, or are views of one another.
    big = RNG.normal(size=(2, 400))
    swap = jit(lambda a, b: scan(lambda c, _: ((c[1], c[0] + c[1], c[0][::-1]), c[2]), (a, b, a), length=5))
    (x, y, z), rows = swap(*big)
    (p, q, r), wanted = unrolled(lambda c, _: ((c[1], c[0] + c[1], c[0][::-1]), c[2]), (*big, big[0]), length=5)
    for found, w in ((x, p), (y, q), (z, r), (rows, wanted)):
        np.testing.assert_allclose(found, w, rtol=1e-13)


def test_a_step_may_not_change_its_carry_and_may_return_it():
    def writes(c, x):
        c += x
        return c, c

    start = np.zeros(2)
    with pytest.raises(LoopError, match="read-only"):
        scan(writes, start, np.ones((3, 2)))
    last, ys = scan(lambda c, _: (c, c), start, length=3)
    last += 1
    ys += 2
    np.testing.assert_array_equal(start, 0)
    buffer = np.zeros(2)

    def same_memory(c, x):
        buffer[:] = x
        return c, buffer

    np.testing.assert_array_equal(scan(same_memory, 0.0, np.arange(6.0).reshape(3, 2))[1], np.arange(6.0).reshape(3, 2))


def in_place(c, x):
    c += x
    return c, None


def entry_in_place(c, x):
    c[0] = x[0]
    return c, None


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: scan(lambda c, _: ((c[0], c[1][:1]), None), (x, np.ones(2)), length=2),
         r"carry\[1\].*\(2,\).*\(1,\)"),
        (lambda x: scan(lambda c, _: ({"a": c["a"] * 1.5}, None), {"a": 1}, length=2),
         r"carry\['a'\].*int64.*float64.*0\.0 in place of 0"),
        (lambda x: scan(lambda c, _: ([c, x], None), x, length=2), "carry float64.*returned"),
        (lambda x: scan(lambda c, _: c * x, x, length=2), "pair"),
        (lambda x: scan(lambda c, _: (c, x), x), "neither xs nor length"),
        (lambda x: scan(lambda c, _: (c, x), x, np.ones(3), length=2), "has 3 and length is 2"),
        (lambda x: scan(lambda c, _: (c, x), x, (np.ones(3), np.ones((4, 2)))), r"xs\[0\] has 3, xs\[1\] has 4"),
        (lambda x: scan(lambda c, _: (c, x), x, [1.0, 2.0]), "one number"),
        (lambda x: scan(lambda c, _: (c, x), x, length=-1), "whole number"),
        (lambda x: scan(lambda c, _: (c, x), x, length=2.5), "whole number"),
        (lambda x: scan(lambda c, _: (c, x), x, length=np.array([2])), "whole number"),
        (lambda x: scan(lambda c, _: (c, x), x, length=True), "whole number"),
        (lambda x: grad(lambda n: scan(lambda c, _: (c, x), x, length=n)[0])(x), "known before the loop begins"),
        (lambda x: vmap(lambda n: scan(lambda c, _: (c, x), x, length=n)[0])(np.arange(2)), "known before the loop"),
        (lambda x: scan(in_place, np.zeros(3), np.eye(3)), "c = c \\+ x in place of c \\+= x"),
        (lambda x: scan(entry_in_place, np.zeros(3), np.eye(3)), "np.where"),
        (lambda x: while_loop(lambda c: np.sum(c) < 3, lambda c: in_place(c, 1.0)[0], np.zeros(3)), "in place of c"),
        (lambda x: while_loop(lambda c: c < np.ones(2), lambda c: c, x), "one truth value"),
        (lambda x: while_loop(lambda c: None, lambda c: c, x), "a truth value. Does it end without a return"),
        (lambda x: while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] > 0), (x, 1.0)), r"carry\[1\]"),
        (lambda x: scan(lambda c, _: (c, "text"), x, length=2), "real numbers"),
        (lambda x: scan(lambda c, _: (c * 1j, None), x, length=2), "(?i)complex|real numbers"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_loop_is_said(wrap, call, says):
    with pytest.raises(AutodiffError, match=says):
        wrap(call)(2.0)


def test_plain_steps_that_differ():
    with pytest.raises(LoopError, match="gave out"):
        scan(lambda c, x: (c, (x, x) if x > 1 else x), 0.0, np.arange(4.0))
    with pytest.raises(LoopError, match="changed the carry"):
        scan(lambda c, x: (c if x < 2 else np.ones(2), None), 0.0, np.arange(4.0))
    with pytest.raises(AutodiffError, match="truth value"):  # a branch needs a number that jit does not have
        jit(lambda x: scan(lambda c, _: (c + 1 if c > 0 else c, None), x, length=3)[0])(1.0)


def test_modes_without_a_rule_for_loops_go_step_by_step_also_under_jit():
    def power(x):
        return scan(lambda y, _: (y * x, None), 1.0, length=4)[0]

    np.testing.assert_allclose(taylor(power, 2.0, 4), [16, 32, 24, 8, 1])
    np.testing.assert_allclose(jit(lambda x: taylor(power, x, 4))(2.0), [16, 32, 24, 8, 1])
    assert len(evaluation_trace(power, 2.0).rows) >= 4
    assert jit(lambda x: x + scan(lambda c, k: (c + 1 if k > 1 else c, None), 0.0, np.arange(4.0))[0])(1.0) == 3.0


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_rules_of_ones_own_inside_a_loop(wrap):
    own = custom_derivative(lambda x: np.sin(x), forward=lambda t, y, x: 2 * t, reverse=lambda g, y, x: 2 * g)

    def f(x):
        return scan(lambda c, _: (own(c) * 0.5, None), x, length=3)[0]

    assert wrap(grad(f))(0.4) == pytest.approx(1.0)
    block = checkpoint(lambda c, w: scan(lambda d, _: (np.sin(d * w), None), c, length=5)[0])

    def plain(w):
        return scan(lambda c, _: (np.sin(c * w), None), 0.3, length=20)[0]

    def blocks(w):
        return scan(lambda c, _: (block(c, w), None), 0.3, length=4)[0]

    assert wrap(grad(blocks))(1.2) == pytest.approx(grad(plain)(1.2), rel=1e-12)


def test_numbers_that_leave_the_floats_answer_as_numpy_does():
    f = jit(lambda x: scan(lambda c, _: (np.exp(c), None), x, length=6)[0])
    with np.errstate(over="ignore"):
        assert f(1.0) == np.inf
        assert f(-50.0) == pytest.approx(scan(lambda c, _: (np.exp(c), None), -50.0, length=6)[0])
    g = jit(lambda x: scan(lambda c, r: (c / r, np.log(c)), x, np.array([1.0, 0.0]))[1])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(g(2.0), [np.log(2.0), np.log(2.0)])
        np.testing.assert_array_equal(g(0.0), [-np.inf, -np.inf])


def test_single_beside_double_precision():
    """Of carries of both, each keeps its own, and so do the cotangents."""

    def f(x):
        def step(carry, _):
            single, double = carry
            return (np.sin(x) * single, np.tanh(double + 0.3 * np.sum(x))), single

        (single, double), singles = scan(step, (x, 0.4), length=3)
        return np.sum(single) + double + np.sum(singles)

    x = np.array([0.3, 0.7], np.float32)
    expected = grad(f)(x.astype(float))
    for found in (grad(f)(x), jit(grad(f))(x), jacfwd(f)(x), jit(jacfwd(f))(x), vmap(grad(f))(np.stack([x, x]))[0]):
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    for found in (grad(f)(x), jit(grad(f))(x)):
        assert found.dtype == np.float32


def test_single_precision_stays():
    start = np.float32([0.5, 1.0])

    def loop(s):
        return scan(lambda c, _: (np.tanh(c) * np.float32(2), c), s, length=3)

    for f in (loop, jit(loop)):
        last, ys = f(start)
        assert (last.dtype, ys.dtype) == (np.float32, np.float32)
        np.testing.assert_allclose(ys, unrolled(lambda c, _: (np.tanh(c) * np.float32(2), c), start, length=3)[1])
    tangent = jit(lambda s: jvp(loop, (s,), (np.ones(2),))[1])(start)  # of a seed in double precision
    assert [t.dtype for t in tangent] == [np.float32, np.float32]


def test_two_threads_and_an_outer_derivative():
    def loss(w):
        return np.sum(scan(lambda c, x: (np.tanh(c * w + x), c), np.zeros(3), np.ones((50, 3)))[1] ** 2)

    fast, w = jit(grad(loss)), np.array([0.3, 0.5, 0.9])
    wanted, wrong = grad(loss)(w), []

    def work(scale):
        for _ in range(20):
            if not np.allclose(fast(w * scale), grad(loss)(w * scale)):
                wrong.append(scale)

    threads = [threading.Thread(target=work, args=(s,)) for s in (1.0, 0.5, 2.0)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not wrong
    np.testing.assert_allclose(jacfwd(lambda w: fast(w))(w), hessian(loss)(w))
    np.testing.assert_allclose(vjp(jit(loss), w)[1](1.0)[0], wanted)
    np.testing.assert_allclose(jit(lambda w: hvp(loss, w, np.ones(3)))(w), hessian(loss)(w) @ np.ones(3))
    check_grad(loss, w)


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_a_checkpoint_every_so_many_steps(wrap):
    """Blocks of steps, each a checkpoint that returns a pair: the derivative is that of the loop without them."""
    xs, w = RNG.normal(size=(12, 3)), np.array([0.3, 0.8, -0.5])

    def whole(w):
        last, ys = scan(lambda c, x: STEPS["bent"](c, x, w), np.zeros(3), xs)
        return np.sum(last) + np.sum(ys * ys)

    def in_blocks(w):
        block = checkpoint(lambda c, rows, w: scan(lambda c, x: STEPS["bent"](c, x, w), c, rows))
        last, ys = scan(lambda c, rows: block(c, rows, w), np.zeros(3), np.reshape(xs, (3, 4, 3)))
        return np.sum(last) + np.sum(ys * ys)

    assert wrap(in_blocks)(w) == pytest.approx(whole(w), rel=1e-12)
    np.testing.assert_allclose(wrap(grad(in_blocks))(w), grad(whole)(w), rtol=1e-10)
    np.testing.assert_allclose(wrap(hessian(in_blocks))(w), hessian(whole)(w), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(wrap(jacfwd(in_blocks))(w), grad(whole)(w), rtol=1e-10)

    def each(w):
        return scan(checkpoint(lambda c, x: (np.tanh(c * x[0]), None)), w, xs)[0]

    def plain(w):
        return scan(lambda c, x: (np.tanh(c * x[0]), None), w, xs)[0]

    np.testing.assert_allclose(wrap(jacrev(each))(w), jacfwd(plain)(w), rtol=1e-10)


def test_a_checkpoint_keeps_one_state_a_block():
    """The text of the gradient stacks the states before each block, and those within one block at a time."""

    def blocks(w):
        block = checkpoint(lambda c, w: scan(lambda c, _: (np.sin(c * w), None), c, length=50)[0])
        return scan(lambda c, _: (block(c, w), None), 0.3, length=40)[0]

    text = jit(grad(blocks)).source(1.1)
    assert "np.empty((40,))" in text
    assert "np.empty((50,))" in text
    assert "np.empty((2000,))" not in text
    with pytest.raises(AutodiffError, match="not among its arguments"):
        jit(grad(lambda w: checkpoint(lambda c: np.sin(c * w))(0.3 * w)))(1.1)


def test_a_checkpointed_loop_is_recorded_once():
    """Whoever records it needs no second look at what it does: the program of 50 steps is that of 5."""

    def of_steps(n):
        return lambda x: checkpoint(lambda x: scan(lambda c, _: (np.sin(c) * x, None), x, length=n)[0])(x)

    def of_condition(bound):
        step = lambda c: (np.sin(c[0]) * 0.9, c[1] + 1)  # noqa: E731
        loop = lambda x: while_loop(lambda c: (c[1] < 9) & (c[0] > bound * x), step, (x, 0))[0]  # noqa: E731
        return lambda x: checkpoint(loop)(x)

    lengths = [len(jit(grad(of_steps(n))).source(1.1).splitlines()) for n in (5, 50)]
    assert lengths[0] == lengths[1]
    for f in (of_steps(5), of_condition(0.5), of_condition(0.1), of_condition(2.0)):
        for way in (grad, lambda f: lambda x: jvp(f, (x,), (1.0,))[1], lambda f: grad(grad(f))):
            np.testing.assert_allclose(jit(way(f))(1.1), way(f)(1.1), rtol=1e-14)


SYMMETRIC = np.array([[2.0, 0.4, 0.3], [0.4, 1.0, 0.6], [0.3, 0.6, 3.0]])
OF_MATRICES = {
    "eigenvalues": np.linalg.eigvalsh,
    "eigenvectors": lambda a: np.square(np.linalg.eigh(a)[1]),
    "singular values": np.linalg.svdvals,
    "singular vectors": lambda a: np.square(np.linalg.svd(a)[0]),
    "QR": lambda a: np.linalg.qr(a)[0],
    "pseudo-inverse": np.linalg.pinv,
    "least squares": lambda a: np.linalg.lstsq(a, a[0], rcond=None)[0],
    "sign of a determinant": lambda a: np.linalg.slogdet(a)[0] * a * a,
}


@pytest.mark.parametrize("second", ["reverse over reverse", "reverse over forward"])
@pytest.mark.parametrize("name", OF_MATRICES)
def test_second_derivatives_of_decompositions_in_a_recorded_step(name, second):
    """Their rules ask whether values have met or vanish; where the loop is done again, these count by value too."""

    def f(loop, a):
        step = lambda c, _: (0.8 * c + 0.1 * np.sum(np.sin(OF_MATRICES[name](c))) * SYMMETRIC, None)  # noqa: E731
        return np.sum(np.cos(loop(step, a, length=2)[0]))

    def twice(loop):
        if second == "reverse over forward":
            return grad(lambda a: jvp(lambda a: f(loop, a), (a,), (SYMMETRIC,))[1])
        return grad(lambda a: np.sum(SYMMETRIC * grad(lambda a: f(loop, a))(a)))

    def written_out(step, start, length):
        for _ in range(length):
            start, _ = step(start, None)
        return start, None

    np.testing.assert_allclose(jit(twice(scan))(SYMMETRIC), twice(written_out)(SYMMETRIC), rtol=1e-8, atol=1e-10)
