"""Programs whose numbers were once wrong without a word: each kind, with its siblings, against another way to know."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest
from autodiff_programs import central_jacobian

from course_lib.autodiff import (
    AutodiffError,
    checkpoint,
    derivative,
    grad,
    hessian,
    jacfwd,
    jacobian,
    jit,
    taylor,
    value_and_grad,
    vmap,
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
