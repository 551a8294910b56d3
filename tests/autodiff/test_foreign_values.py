"""What meets a traced value from outside: used where it means the same, refused in words where it does not."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    ChangedInPlaceError,
    ConcreteValueError,
    InputError,
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
    taylor,
    value_and_grad,
    vjp,
)

X = np.array([1.0, 2.0, 3.0])

# --- A rule of one's own, and what it closes over --------------------------------------------------------


def own(function, slope):
    return custom_derivative(function, forward=lambda t, y, x: t * slope(x), reverse=lambda g, y, x: g * slope(x))


CLOSING = {
    "the function": lambda w: own(lambda x: w * x, lambda x: 2.0)(w),
    "the function, later": lambda w: np.sin(own(lambda x: w * x, lambda x: 2.0)(3 * w)),
    "the lines": lambda w: own(lambda x: 2 * x, lambda x: w)(w),
}


@pytest.mark.parametrize("name", CLOSING)
@pytest.mark.parametrize("transform", [grad, derivative, hessian, jacrev, jacfwd, lambda f: jit(grad(f))])
def test_a_rule_of_ones_own_that_closes_over_a_traced_value_is_refused(name, transform):
    with pytest.raises(AutodiffError, match=r"argument|return what you need"):
        transform(CLOSING[name])(2.0)


def test_a_rule_of_ones_own_may_close_over_an_outer_value():
    def of_constants(w):
        return own(lambda x: w * x, lambda x: w)(3.0)

    assert grad(of_constants)(2.0) == derivative(of_constants)(2.0) == jit(grad(of_constants))(2.0) == 3.0
    assert jit(of_constants)(2.0) == 6.0

    def inner_slope(w):  # d/dx w x**2 at 3 is 6 w
        return grad(own(lambda x: w * x * x, lambda x: 2 * x * w))(3.0)

    assert grad(inner_slope)(2.0) == derivative(inner_slope)(2.0) == 6.0
    with pytest.raises(InputError, match="argument"):
        jit(lambda w: own(lambda x: w * x, lambda x: w)(w * 1.5))(2.0)


def test_arguments_by_name():
    scaled = custom_derivative(lambda x, k=2.0: x * k, reverse=lambda g, y, x, k=2.0: g * k)
    assert grad(lambda x: scaled(x, k=5.0))(3.0) == 5.0
    with pytest.raises(InputError, match=r"by name \(k\)"):
        grad(lambda x: scaled(x, k=x))(3.0)
    again = checkpoint(lambda x, k=2.0, *, unused="a text": x * k)
    assert grad(lambda x: again(x, k=5.0))(3.0) == 5.0
    assert grad(lambda x: again(x, k=x))(3.0) == 6.0


# --- A checkpoint whose second run is another one --------------------------------------------------------


def test_a_checkpoint_that_does_something_else_again_is_refused():
    rng = np.random.default_rng(1)
    changing = np.ones(3)
    branch = [True]

    def changed(x, what):
        y = checkpoint(what)(x)
        changing[0] += 1
        branch.append(not branch[-1])
        return y

    others = {
        "a constant": lambda x: np.sum(changing * x),
        "a constant where the value does not show it": lambda x: np.sum(changing * (x - X)),
        "a condition": lambda x: np.sum(np.where(changing > 1.5, x, 2 * x)),
        "an array of random numbers": lambda x: np.sum(x * rng.normal(size=3)),
        "one random number": lambda x: np.sum(x) * rng.normal(),
        "random places": lambda x: np.sum(x[rng.integers(0, 1000, 3) % 3] * X[0]),
        "a branch": lambda x: np.sum(np.sin(x) if branch[-1] else np.cos(x)),
    }
    for what in others.values():
        for transform in (grad, lambda f: lambda x: vjp(f, x)[1](1.0)):
            changing[0] = 1.0
            with pytest.raises(ChangedInPlaceError, match="random numbers"):
                transform(lambda x, what=what: changed(x, what))(X)


def test_a_checkpoint_that_does_the_same_again_passes():
    c = np.array([0.5, np.nan, 2.0])
    same = lambda x: np.sum(np.sin(x)[[0, 2]] * c[[0, 2]]) + 0 * np.nansum(c) + np.linalg.norm(x[:2])  # noqa: E731
    wanted = hessian(same)(X)
    np.testing.assert_allclose(hessian(checkpoint(same))(X), wanted, rtol=1e-14)
    np.testing.assert_allclose(jacfwd(grad(checkpoint(checkpoint(same))))(X), wanted, rtol=1e-14)
    np.testing.assert_allclose(jit(hessian(checkpoint(same)))(X), wanted, rtol=1e-14)


# --- Arrays and numbers of other classes -----------------------------------------------------------------

OTHER_MEANING = {"a matrix": np.diag(X).view(np.matrix), "masked": np.ma.array(X, mask=[0, 1, 0])}
MEETING = {
    "on the right": lambda x, c: np.sum(x * c),
    "a product": lambda x, c: np.sum(np.sin(x) @ c),
    "a choice": lambda x, c: np.sum(np.where(x > 1, x, c)),
    "stacked": lambda x, c: np.sum(np.stack([x, np.ones(3)]) * c),
    "joined": lambda x, c: np.sum(np.concatenate([x, c], axis=None)),
}


@pytest.mark.parametrize("kind", OTHER_MEANING)
def test_arrays_whose_operations_mean_something_else_are_refused(kind):
    c = OTHER_MEANING[kind]
    for f in MEETING.values():
        for transform in (grad, jit, jacfwd, lambda f: lambda x: taylor(f, x, 2)):
            with pytest.raises(InputError, match=r"np\.asarray"):
                transform(lambda x, f=f: f(x, c))(X)
    for transform in (grad, jit, jacrev, derivative):
        with pytest.raises(InputError, match=r"np\.asarray"):
            transform(lambda x: np.sum(x * x))(c)


def test_numbers_of_other_classes():
    half = Fraction(1, 2)
    for f in (lambda x: x * half, lambda x: half * x, lambda x: half - -half * x):
        assert grad(f)(3.0) == jit(grad(f))(3.0) == derivative(f)(3.0) == 0.5
    assert grad(lambda x: x * x)(half) == 1.0
    np.testing.assert_array_equal(grad(lambda x: np.sum(x * range(3)))(X), [0, 1, 2])
    for f in (lambda x: x * Decimal(2), lambda x: Decimal(2) + x, lambda x: np.power(x, Decimal(2))):
        with pytest.raises(InputError, match=r"Decimal.*float\(\.\.\.\)"):
            grad(f)(3.0)
    for mistake in (lambda x: x * None, lambda x: x + "two"):
        with pytest.raises(TypeError):  # as in plain code
            grad(mistake)(3.0)
    with pytest.raises(InputError, match="Decimal"):
        grad(lambda x: x)(Decimal(2))


def test_what_python_asks_of_numbers():
    assert grad(lambda x: divmod(x, 2.0)[1] * x)(3.0) == 4.0  # (x - 2) x
    assert grad(lambda x: divmod(7.0, x)[1] * x)(3.0) == -5.0  # (7 - 2 x) x
    assert divmod(7.5, 2.0)[0] == grad(lambda x: divmod(x, 2.0)[0] * x)(7.5)
    assert grad(lambda x: round(x, 2) * x)(3.123) == 3.12
    for integer in (round, int, math.floor, math.ceil, math.trunc):
        for transform in (grad, derivative, jit):
            with pytest.raises(ConcreteValueError, match="integer"):
                transform(lambda x, integer=integer: integer(x) * x)(3.2)
    with pytest.raises(ConcreteValueError, match="list or a tuple"):
        grad(lambda x: sum({x, 2 * x}))(3.0)
    with pytest.raises(ConcreteValueError, match=r"np\.stack\(\[x, 1\.0\]\)"):
        jit(lambda x: np.maximum(np.array([x, 1.0]), 2.0))(1.5)
    for primals, tangents in ((1.0, 1.0), (X, X), (X, (X,)), ((X,), X)):
        with pytest.raises(InputError, match=r"jvp\(f, \(x,\), \(v,\)\)"):
            jvp(np.sin, primals, tangents)


# --- Types -----------------------------------------------------------------------------------------------

SINGLE = X.astype(np.float32)
OF_SINGLE = {
    "grad": grad(lambda x: np.sum(x * x)),
    "grad where nothing depends": grad(lambda x: np.float32(2.0)),
    "value": lambda x: value_and_grad(lambda x: np.sum(x * x))(x)[0],
    "vjp": lambda x: vjp(lambda x: x * x, x)[1](x)[0],
    "jvp": lambda x: jvp(lambda x: x * x, (x,), (x,))[1],
    "jvp where nothing depends": lambda x: jvp(lambda x: SINGLE, (x,), (x,))[1],
    "derivative": derivative(lambda x: x * x),
    "jacfwd": jacfwd(lambda x: x * x[::-1]),
    "jacrev": jacrev(lambda x: x * x[::-1]),
    "by scalars": jacrev(lambda x: np.stack([x[0] * x[1], x[2]])),
    "jacobian": jacobian(lambda x: np.tanh(x)),
    "sparse": jacobian(lambda x: x * x, sparsity="detect"),
    "sparse with a pattern": jacobian(lambda x: x * x, sparsity=np.eye(3)),
    "by rows": jacobian(lambda x: x[:1] * x[1:2], sparsity="detect"),
    "hessian": hessian(lambda x: np.sum(x**3)),
    "hvp": lambda x: hvp(lambda x: np.sum(x**3), x, x),
    "taylor": lambda x: taylor(lambda x: np.exp(x) * x, x, 2),
    "power of a matrix": lambda x: vjp(lambda x: np.linalg.matrix_power(np.outer(x, x), 5), x)[0],
    "product of nothing": lambda x: vjp(lambda x: np.prod(x[3:]), x)[0],
}


@pytest.mark.parametrize("name", OF_SINGLE)
def test_single_precision_is_kept(name):
    assert OF_SINGLE[name](SINGLE).dtype == np.float32
    if name not in ("by rows",):
        assert jit(OF_SINGLE[name])(SINGLE).dtype == np.float32


# --- Singular matrices, and masks in recorded programs ---------------------------------------------------


def test_derivatives_that_need_an_inverse_say_so_at_singular_matrices():
    singular = np.outer([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    for f in (lambda a: np.linalg.slogdet(a)[1], lambda a: np.linalg.slogdet(a).logabsdet):
        for transform in (grad, jacfwd, lambda f: jit(grad(f))):
            with pytest.raises(AutodiffError, match="singular"):
                transform(f)(singular)
    along = lambda f, t: lambda a: jvp(f, (a,), (t,))[1]  # noqa: E731
    third = along(along(along(np.linalg.det, np.eye(3)), singular.T), singular + 1)
    with pytest.raises(AutodiffError, match="singular"):
        third(singular)
    assert np.isfinite(third(singular + np.diag(X)))


def test_second_derivatives_with_masks_under_jit():
    x, v = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])
    root = lambda x: np.where(x > 0, np.sqrt(x), 0.0)  # noqa: E731
    programs = {
        "det": lambda x: np.linalg.det(np.eye(3) + np.outer(root(x), np.ones(3))),
        "power": lambda x: np.sum(np.abs(x) ** 1.5),
        "matmul": lambda x: np.sum(np.diag(root(x)) @ np.diag(x)),
        "cholesky": lambda x: np.sum(np.linalg.cholesky(np.eye(3) + np.diag(root(x)))),
        "solve": lambda x: np.sum(np.linalg.solve(np.eye(3) + np.diag(x), root(x))),
    }
    for name, f in programs.items():
        with np.errstate(all="ignore"):
            wanted = hvp(f, x, v)
            assert np.all(np.isfinite(wanted)), name
            np.testing.assert_allclose(jit(lambda x, v, f=f: hvp(f, x, v))(x, v), wanted, rtol=1e-12, err_msg=name)
