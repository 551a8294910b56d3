"""What transforms take besides plain arguments: structures with None and dataclasses, has_aux, static floats."""

import dataclasses
import functools
import pickle
from typing import Any

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    ConcreteValueError,
    InputError,
    NotScalarError,
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
)

X = np.array([1.0, 2.0, 3.0])


@dataclasses.dataclass(frozen=True)
class Layer:
    w: Any
    b: Any = None
    name: str = dataclasses.field(default="layer", metadata={"static": True})

    def __call__(self, x):
        y = x * self.w
        return y if self.b is None else y + self.b


@dataclasses.dataclass
class Doubled:
    a: Any

    def __post_init__(self):
        self.twice = 2 * self.a


@dataclasses.dataclass(frozen=True)
class Remembers:
    a: Any

    @functools.cached_property
    def twice(self):
        return 2 * self.a


def loss(layer, x=X):
    return np.sum(np.square(layer(x))) * (2 if layer.name == "layer" else 1)


def test_what_was_computed_from_fields_follows_them_or_is_refused():
    product = lambda p: p.a * p.twice  # noqa: E731
    for way in (grad, jit, lambda f: jit(grad(f)), lambda f: lambda p: jvp(f, (p,), (p,)), lambda f: vmap(f)):
        with pytest.raises(InputError, match="'twice', which is no field"):
            way(product)(Doubled(np.array([3.0])))
    remembered = Remembers(3.0)
    assert remembered.twice == 6.0
    for way in (grad, lambda f: jit(grad(f))):
        assert way(product)(remembered).a == 12.0
        assert way(product)(remembered).twice == 24.0
    recorded = jit(product)
    assert [recorded(Remembers(a)) for a in (3.0, 4.0)] == [18.0, 32.0]
    assert recorded(remembered) == 18.0
    assert vmap(product)(Remembers(X)) == pytest.approx(2 * X * X)


def test_dataclasses_and_none_are_structures():
    layer = Layer(w=2.0, b=np.ones(3))
    for transform in (grad, lambda f: jit(grad(f))):
        found = transform(loss)(layer)
        assert isinstance(found, Layer)
        assert found.name == "layer"
        np.testing.assert_allclose(found.w, np.sum(4 * X * (2 * X + 1)))
        np.testing.assert_allclose(found.b, 4 * (2 * X + 1))
        assert transform(loss)(Layer(2.0)).b is None
    assert jit(loss)(layer) == 2 * jit(loss)(Layer(2.0, np.ones(3), "other")) == 2 * np.sum((2 * X + 1) ** 2)
    y, ydot = jvp(loss, (Layer(2.0),), (Layer(1.0),))
    assert (y, ydot) == (loss(Layer(2.0)), 8 * np.sum(X * X))
    moved = vjp(lambda p: Layer(p["w"] * 2, p["w"] * 3), {"w": 2.0, "none": None})[1](Layer(1.0, 10.0))
    assert moved == ({"w": 32.0, "none": None},)
    assert hvp(loss, Layer(2.0), Layer(1.0)).w == 4 * np.sum(X * X)
    assert hessian(loss)(Layer(2.0)).w.w == 4 * np.sum(X * X)
    assert jacfwd(lambda layer: Layer(layer.w * 3))(Layer(2.0)).w.w == 3.0
    assert check_grad(loss, layer) < 1e-7
    assert grad(checkpoint(loss))(layer).w == grad(loss)(layer).w
    last, _ = scan(lambda c, x: (Layer(c.w * x), None), Layer(1.0), X)
    assert last.w == 6.0
    with pytest.raises(AutodiffError, match="same structure"):
        jvp(loss, (Layer(2.0),), (Layer(1.0, 1.0),))
    with pytest.raises(InputError, match="argnums"):
        grad(lambda p: p["x"])({"x": 1.0, "name": "text"})
    with pytest.raises(InputError, match="return statement"):
        jvp(lambda x: (x, None), (1.0,), (1.0,))


def test_has_aux():
    def f(x, scale=1.0):
        residual = x * scale
        return np.sum(residual**2), {"residual": residual, "note": "kept", "none": None, "count": 3}

    for transform in (lambda t: t, jit):
        (value, aux), gradient = transform(value_and_grad(f, has_aux=True))(X)
        assert value == 14.0
        assert (aux["note"], aux["none"], aux["count"]) == ("kept", None, 3)
        assert type(aux["residual"]) is np.ndarray
        np.testing.assert_array_equal(gradient, 2 * X)
        gradients, aux = transform(grad(f, argnums=(0, 1), has_aux=True))(X, 2.0)
        np.testing.assert_array_equal(gradients[0], 8 * X)
        assert gradients[1] == 56.0
    listed = lambda x: (np.sum(x), {"two": np.array([x[0], x[1] * 2]), "mixed": [np.array([x[2], 1.0]), "kept"]})  # noqa: E731
    for transform in (lambda t: t, jit):
        aux = transform(grad(listed, has_aux=True))(X)[1]
        np.testing.assert_array_equal([aux["two"], aux["mixed"][0]], [[X[0], 2 * X[1]], [X[2], 1.0]])
        assert aux["two"].dtype == float
    nested = grad(lambda x: np.sum(grad(f, has_aux=True)(x)[1]["residual"] ** 3))
    np.testing.assert_allclose(nested(X), 3 * X**2)
    with np.errstate(all="ignore"):  # a sweep that is made again with masks
        again = grad(lambda x: (np.sum(np.where(x > 0, np.sqrt(x), 0.0)), x), has_aux=True)(X - 1)
    np.testing.assert_allclose(again[0], [0, 0.5, 0.5 / np.sqrt(2)])
    for slip in (lambda x: np.sum(x), lambda x: [np.sum(x), 1], lambda x: (np.sum(x), 1, 2)):
        with pytest.raises(NotScalarError, match="pair"):
            grad(slip, has_aux=True)(X)


def test_stop_gradient_is_a_constant_in_every_mode():
    def f(x):
        return np.sum(np.sin(x) * stop_gradient(x**2))

    expected = np.cos(X) * X**2
    np.testing.assert_allclose(grad(f)(X), expected)
    np.testing.assert_allclose(jit(grad(f))(X), expected)
    np.testing.assert_allclose(jacobian(lambda x: np.sin(x) * stop_gradient(x**2))(X), np.diag(expected))
    np.testing.assert_allclose(hessian(f)(X), np.diag(-np.sin(X) * X**2))
    assert taylor(lambda x: x * stop_gradient(x), 3.0, 2).tolist() == [9.0, 3.0, 0.0]
    assert derivative(lambda x: derivative(lambda y: y * stop_gradient(x * y))(2.0))(3.0) == 0.0
    assert stop_gradient({"a": 1.0, "b": (X, None)})["b"][0] is X
    pair = grad(lambda p: p["a"] * stop_gradient(p)["b"])({"a": 2.0, "b": 3.0})
    assert pair == {"a": 3.0, "b": 0.0}
    assert grad(lambda x: np.sum(stop_gradient(np.array([x, 1.0])) * x))(3.0) == 4.0


def test_static_floats_of_jit():
    runs = []

    def f(x, p, scale=1.0):
        runs.append(p)
        return np.sum(x**2 if p > 1.5 else x) * scale

    recorded = jit(f, static_argnums=1, static_argnames="scale")
    assert [recorded(X, 2.0), recorded(X, 2.0), recorded(X, 1.0)] == [14.0, 14.0, 6.0]
    assert runs == [2.0, 1.0]
    assert jit(f, static_argnums=(-1,))(X, 2.0) == 14.0
    assert recorded(X, 2.0, scale=0.0) == 0.0
    assert np.signbit(recorded(X, 2.0, scale=-0.0))
    with pytest.raises(ConcreteValueError):
        jit(f)(X, 2.0)
    np.testing.assert_array_equal(grad(recorded)(X, 2.0), 2 * X)
    np.testing.assert_array_equal(jit(grad(f), static_argnums=1)(X, 2.0), 2 * X)
    for wrong in ({"static_argnums": "p"}, {"static_argnums": [1.0]}, {"static_argnames": [1]}):
        with pytest.raises(InputError, match="positions of arguments"):
            jit(f, **wrong)
    with pytest.raises(InputError, match="has no hash"):
        recorded(X, np.ones(2))


@jit
def decorated(x):
    return np.sum(x * x)


def plain_square(x):
    return np.sum(x * x)


class WithMethod:
    @jit
    def square(self, x):
        """Square it."""
        return x * x


def test_jitted_functions_are_pickled_bound_and_documented():
    for function in (decorated, jit(plain_square), jit(plain_square, static_argnums=1)):
        again = pickle.loads(pickle.dumps(function))
        assert again(X) == 14.0
        assert again.static == function.static
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert WithMethod().square(3.0) == 9.0
    assert WithMethod.square.__doc__ == "Square it."
    assert jit(jit(plain_square)).__wrapped__.__wrapped__ is plain_square
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(jit(lambda x: x))


def test_a_sparse_hessian():
    n, sweeps = 12, []

    def f(x):  # each variable meets its neighbours
        sweeps.append(1)
        return np.sum(np.square(x[1:] - x[:-1] ** 2)) + np.sum(np.cos(x))

    x = np.linspace(-1, 1, n)
    wanted = hessian(f)(x)
    tridiagonal = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= 1
    for sparsity in ("detect", tridiagonal):
        np.testing.assert_allclose(hessian(f, sparsity=sparsity)(x), wanted, atol=1e-14)
    np.testing.assert_allclose(jit(hessian(f, sparsity=tridiagonal))(x), wanted, atol=1e-14)
    with pytest.raises(AutodiffError, match="no place for some entries"):
        hessian(f, sparsity=np.eye(n))(x)
