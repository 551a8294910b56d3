"""Zeros that a choice put there are strong: what was not chosen contributes 0, whatever its slope; in every mode."""

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    checkpoint,
    custom_derivative,
    derivative,
    grad,
    hessian,
    hvp,
    jacfwd,
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
from course_lib.autodiff.structures import leaves_of

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
X = np.array([0.0, 1.0, 4.0])
ROOT = (np.array([0.0, 0.5, 0.25]), np.array([0.0, -0.25, -1 / 32]))  # first and second derivative, 0 where x is 0
ones, masked_matrix = np.ones(3), np.array([[np.inf, 1.0], [1.0, 1.0], [1.0, 1.0]])
kept_root = checkpoint(np.sqrt)
own_root = custom_derivative(np.sqrt, forward=lambda t, y, x: t * 0.5 / y, reverse=lambda g, y, x: g * 0.5 / y)

# Each is, with its derivatives, the sum of the roots of those entries that are not 0.
ROOTS = {
    "where": lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)),
    "where before": lambda x: np.sum(np.sqrt(np.where(x > 0, x, 0.0))),
    "where on the left": lambda x: np.sum(np.where(x == 0, 7.0, np.sqrt(x))),
    "where twice": lambda x: np.sum(np.where(x > 0, np.where(x > 0, np.sqrt(x), 1.0), 2.0)),
    "a mask": lambda x: np.sum(np.sqrt(x)[np.array([False, True, True])]),
    "an index": lambda x: np.sqrt(x)[1] + np.sqrt(x)[-1],
    "a slice": lambda x: np.sum(np.sqrt(x)[1:]),
    "places": lambda x: np.sum(np.sqrt(x)[[2, 1]]),
    "a maximum": lambda x: np.sum(np.maximum(np.sqrt(x), 0.5)),
    "a bound": lambda x: np.sum(np.clip(np.sqrt(x), 0.5, 3.0)),
    "fmax": lambda x: np.sum(np.fmax(np.sqrt(x), 0.5)),
    "a minimum": lambda x: -np.sum(np.minimum(-np.sqrt(x), -0.5)),
    "the maximum of rows": lambda x: np.sum(np.max(np.stack([np.sqrt(x), ones * 0.5]), axis=0)),
    "a product with ones": lambda x: np.where(x > 0, np.sqrt(x), 0.0) @ ones,
    "an outer product": lambda x: np.sum(np.outer(np.where(x > 0, np.sqrt(x), 0.0), ones)) / 3,
    "an einsum": lambda x: np.einsum("i,i", np.where(x > 0, np.sqrt(x), 0.0), ones),
    "reshaped, transposed": lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)[:, None].T.reshape(3, 1)),
    "joined": lambda x: np.sum(np.concatenate([np.sqrt(x)[1:], x[:1] * 0.0])),
    "number by number": lambda x: sum(np.where(a > 0, np.sqrt(a), 0.0) for a in x),
    "a maximum of numbers": lambda x: sum(np.maximum(np.sqrt(a), 0.5) for a in x),
    "squares before": lambda x: np.sum(np.where(x > 0, np.sqrt(np.sqrt(x * x)), 0.0)),
    "summed up": lambda x: np.cumsum(np.where(x > 0, np.sqrt(x), 0.0))[-1],
    "a checkpoint": lambda x: np.sum(np.where(x > 0, kept_root(x), 0.0)),
    "a user's rule": lambda x: np.sum(np.where(x > 0, own_root(x), 0.0)),
    "the logarithm beside": lambda x: np.sum(np.where(x > 0, np.sqrt(x) + 0 * np.where(x > 0, np.log(x), 0.0), 0.0)),
}


@pytest.mark.parametrize("name", ROOTS)
def test_what_was_not_chosen_contributes_nothing(name):
    f, (first, second) = ROOTS[name], ROOT
    for slope in (
        grad(f)(X),
        value_and_grad(f)(X)[1],
        jacfwd(f)(X),
        jacrev(f)(X),
        vjp(f, X)[1](1.0)[0],
        np.array([jvp(f, (X,), (e,))[1] for e in np.eye(3)]),
    ):
        np.testing.assert_allclose(slope, first, rtol=1e-12, atol=1e-12)
    if name != "where on the left":
        np.testing.assert_allclose(jit(grad(f))(X), first, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(jit(jacfwd(f))(X), first, rtol=1e-12, atol=1e-12)
    if name not in ("a checkpoint", "a user's rule"):
        for matrix in (hessian(f)(X), jacrev(jacrev(f))(X), jacrev(jacfwd(f))(X)):
            np.testing.assert_allclose(matrix, np.diag(second), rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(hvp(f, X, ones), second, rtol=1e-10, atol=1e-10)


def test_a_recorded_program_gives_it_where_it_meets_it():
    f = jit(value_and_grad(ROOTS["where"]))
    for x in (X, np.array([1.0, 4.0, 9.0]), X, np.array([4.0, 0.0, 0.0])):
        value, slope = f(x)
        np.testing.assert_allclose(value, np.sum(np.sqrt(x)))
        np.testing.assert_allclose(slope, np.divide(0.5, np.sqrt(x), out=np.zeros(3), where=x > 0))


def test_a_masked_norm():
    f = lambda x: np.sum(np.where(np.sum(x * x, axis=1) > 0, np.linalg.norm(x, axis=1), 0.0))  # noqa: E731
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    for slope in (grad(f)(x), jacfwd(f)(x), jit(grad(f))(x)):
        np.testing.assert_allclose(slope, [[0.0, 0.0], [0.6, 0.8]])


def test_infinite_factors_of_what_was_not_chosen():
    f = lambda x: (np.where(x > 0, x, 0.0) @ masked_matrix)[1] + np.where(x > 0, 1 / x, 0.0)[2]  # noqa: E731
    np.testing.assert_allclose(grad(f)(X), [0.0, 1.0, 1 - 1 / 16])
    np.testing.assert_allclose(jacfwd(f)(X), [0.0, 1.0, 1 - 1 / 16])


def test_a_jacobian_chooses_rows_and_columns():
    expected = np.diag([np.inf, 0.5, 0.25])
    for J in (jacfwd(np.sqrt)(X), jacrev(np.sqrt)(X), jit(jacfwd(np.sqrt))(X), jit(jacrev(np.sqrt))(X)):
        np.testing.assert_array_equal(J, expected)
    many = np.concatenate([X, X + 1.0])
    with np.errstate(divide="ignore"):
        slopes = 0.5 / np.sqrt(many)
    np.testing.assert_array_equal(jacrev(np.sqrt)(many), np.where(np.eye(6) > 0, slopes, 0.0))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sqrt(x) ** 2,
        lambda x: np.exp(np.log(x)),
        lambda x: np.sqrt(x) * np.sqrt(x),
        lambda x: np.sum(np.sqrt(np.stack([x, x])) ** 2) / 2,
        lambda x: np.square(np.cbrt(x)) * np.cbrt(x),
    ],
)
def test_a_zero_that_is_a_product_is_not_strong(f):
    """Their slope at 0 is 1; NaN is no answer, but 0 would be a wrong one."""
    with np.errstate(all="ignore"):
        for found in (derivative(f)(0.0), grad(f)(0.0), jit(grad(f))(np.float64(0.0)), jit(derivative(f))(0.0)):
            assert np.isnan(found) or found == 1.0


def test_nan_that_the_function_itself_has_stays():
    assert np.isnan(grad(lambda x: np.sqrt(x) * 0.0)(-1.0))
    assert np.isnan(jit(grad(lambda x: np.sum(np.sqrt(x))))(-X)).any()


def test_taylor_of_a_choice_and_of_a_power_at_zero():
    np.testing.assert_array_equal(taylor(lambda x: np.where(x > 0, np.sqrt(x), 0.0), 0.0, 3), np.zeros(4))
    np.testing.assert_array_equal(taylor(lambda x: np.sqrt(np.where(x > 0, x, 0.0)), 0.0, 3), np.zeros(4))
    np.testing.assert_array_equal(taylor(lambda x: x**2.5, 0.0, 2), np.zeros(3))
    np.testing.assert_allclose(taylor(lambda x: x**2.5, np.array([0.0, 1.0]), 2), [[0, 1], [0, 2.5], [0, 1.875]])
    with pytest.raises(AutodiffError, match="order 3"):
        taylor(lambda x: x**2.5, 0.0, 3)


# Of functions of X. Where one is undefined, so is its derivative, also along what it does not depend on.
norm_of_first = lambda x: np.linalg.norm(x[:1])  # noqa: E731
along = np.array([0.0, 1.0, 2.0])
SWEEPS = {
    "a gradient": grad(norm_of_first),
    "the second derivative of what has none": lambda x: hvp(norm_of_first, x, ones),
    "the same along another entry": lambda x: hvp(norm_of_first, x, along),
    "a matrix of it": hessian(norm_of_first),
    "reverse over reverse": jacrev(grad(norm_of_first)),
    "forward over forward": jacfwd(jacfwd(norm_of_first)),
    "a norm": hessian(lambda x: np.linalg.norm(x * 0.0)),
    "a product with a root": hessian(lambda x: np.sqrt(x[0]) * x[1]),
    "exp of log": hessian(lambda x: np.sum(np.exp(np.log(x)))),
    "a power": lambda x: hvp(lambda x: np.sum((x**2) ** 1.5), x, along),
    "a choice beside it": lambda x: (hessian(ROOTS["where"])(x), hvp(norm_of_first, x, along)),
    "a choice in a choice": lambda x: grad(ROOTS["where"])(grad(ROOTS["where"])(x)),
    "a NaN that is compared": lambda x: np.where(grad(ROOTS["where"])(x) >= 0, 1.0, -1.0),
    "a NaN that is replaced": lambda x: np.fmax(grad(ROOTS["where"])(x), -7.0),
    "a loop": lambda x: scan(lambda c, _: (c + grad(ROOTS["where"])(x) * c, c), x, length=3),
    "a loop of what has none": lambda x: scan(lambda c, _: (hvp(norm_of_first, x, along) * c, c), x, length=3)[0],
    "a loop that replaces NaN": lambda x: scan(lambda c, _: (c, np.fmax(grad(ROOTS["where"])(c), -7.0)), x, length=3),
    "a loop with a derivative, and that of it": lambda x: grad(
        lambda x: np.sum(scan(lambda c, _: (c + c * np.fmax(grad(ROOTS["where"])(c), -7.0), None), x, length=3)[0])
    )(x),
    "a loop whose derivative is replaced": lambda x: np.fmax(
        grad(lambda x: scan(lambda c, _: (c + ROOTS["where"](x), None), np.sum(x), length=3)[0])(x), -7.0
    ),
    "a loop on rows": lambda x: vmap(
        lambda x: scan(lambda c, _: (c, np.fmax(grad(ROOTS["where"])(c), -7.0)), x, length=3)
    )(np.stack([x, x + 1.0])),
    "a loop in a loop": lambda x: scan(
        lambda c, _: scan(lambda d, _: (d, np.fmax(grad(ROOTS["where"])(d), -7.0)), c, length=2), x, length=2
    ),
    "a loop that goes on by it": lambda x: while_loop(
        lambda c: (c[1] < 4) & (np.sum(grad(ROOTS["where"])(c[0])) < 1.4), lambda c: (c[0] - 0.5, c[1] + 1), (x, 0)
    ),
    "a constant NaN that is replaced": lambda x: (
        np.fmax(grad(lambda z: np.sum(x) + np.where(z > 0, np.sqrt(z), 0.0))(0.0), -7.0) + x
    ),
    "a batch": lambda x: vmap(grad(ROOTS["where"]))(np.stack([x, x + 1.0])),
    "a pullback": lambda x: vjp(ROOTS["where"], x)[1](x[1]),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_a_recorded_program_repeats_just_the_sweeps_that_are_repeated_without(name):
    f = SWEEPS[name]
    recorded = jit(f)
    for x in (X, X + 1.0, X, np.zeros(3), X[::-1].copy(), X):
        for found, expected in zip(leaves_of(recorded(x)), leaves_of(f(x)), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


BATCHED = {name: f for name, f in SWEEPS.items() if not name.startswith("a loop") and name != "a batch"} | {
    "taylor": lambda x: taylor(lambda x: np.where(x > 0, np.sqrt(x), 0.0), x, 2),
    "what is undefined beside what is chosen": grad(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)) + np.sqrt(x[1])),
    "with something beside": grad(lambda x: (ROOTS["where"](x), x * 2.0), has_aux=True),
}


@pytest.mark.parametrize("name", BATCHED)
def test_of_a_batch_just_those_rows_are_repeated_that_are_repeated_alone(name):
    f = BATCHED[name]
    rows = np.stack([X, X + 1.0, np.zeros(3), -X, X[::-1]])
    alone = [np.stack(row) for row in zip(*(leaves_of(f(x)) for x in rows), strict=True)]
    twice = [np.stack([leaf, leaf[::-1]]) for leaf in alone]
    for found, expected in (
        (vmap(f)(rows), alone),
        (jit(vmap(f))(rows), alone),
        (vmap(vmap(f))(np.stack([rows, rows[::-1]])), twice),
    ):
        for ours, theirs in zip(leaves_of(found), expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_no_number_is_made_up_where_the_gradient_is_undefined():
    for found in (hvp(norm_of_first, X, along), jit(lambda x: hvp(norm_of_first, x, along))(X)):
        assert np.isnan(found[0])
    for found in (hessian(norm_of_first)(X), jit(hessian(norm_of_first))(X)):
        assert np.all(np.isnan(found[0]))
    hidden = jit(lambda x: np.where(grad(ROOTS["where"])(x) >= 0, 1.0, -1.0))
    np.testing.assert_array_equal(hidden(X), ones)


def test_a_good_run_makes_one_sweep(monkeypatch):
    """The masks are asked for only if a first sweep gave NaN."""
    from course_lib.autodiff.overloading import selection

    made = []
    monkeypatch.setattr(selection.SelectionTrace, "__init__", lambda self: made.append(self) or 1 / 0)
    f = ROOTS["where"]
    hessian(f)(X + 1)
    jit(grad(f))(X + 1)
    taylor(np.sin, 1.0, 3)
    assert not made
    with pytest.raises(ZeroDivisionError):
        grad(f)(X)
