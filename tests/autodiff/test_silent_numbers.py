"""Programs whose numbers were once wrong without a word: each kind, with its siblings, against another way to know."""

import numpy as np
import pytest
from autodiff_programs import central_jacobian

from course_lib.autodiff import grad, hessian, jacfwd, jit, value_and_grad

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
