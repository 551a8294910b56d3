"""What stands beside a traced value: whole numbers, truth values, shorter floats. Slopes are those of the same numbers.

The oracle is the same function with the constant turned into a float64 beforehand, which no rule can then overflow or
round: the negative of an unsigned 2 is 254, and the logarithm of an 8-bit number has, to NumPy, 16 bits.
"""

import numpy as np
import pytest

from course_lib.autodiff import grad, hessian, jacfwd, jit, jvp, taylor, vjp, vmap
from course_lib.autodiff.rules.special import lines

CONSTANTS = {
    "unsigned bytes": np.array([2, 3, 1], np.uint8),
    "bytes": np.array([120, 3, 100], np.int8),
    "short whole numbers": np.array([50000, 3, 7], np.int32),
    "unsigned whole numbers": np.array([2, 1, 3], np.uint64),
    "truth values": np.array([True, False, True]),
    "half precision": np.array([0.3, 1.7, 0.9], np.float16),
    "single precision": np.array([0.3, 1.7, 0.9], np.float32),
    "a byte": np.uint8(3),
    "a whole number": np.int64(2),
    "a number in half precision": np.float16(0.3),
    "a number in single precision": np.float32(0.7),
    "an array of one number in single precision": np.array(0.7, np.float32),
}
BINARY = {
    name: getattr(np, name)
    for name in ("add", "subtract", "multiply", "divide", "arctan2", "hypot", "power", "float_power", "logaddexp",
                 "logaddexp2", "maximum", "fmin", "remainder", "fmod", "copysign")
}  # fmt: skip
X = np.array([0.37, 1.21, 2.13])


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("which", CONSTANTS)
def test_the_slope_beside_a_constant_of_another_type_is_that_beside_the_same_number(which, name):
    c, exact = CONSTANTS[which], np.asarray(CONSTANTS[which]).astype(float)[()]
    ours = BINARY[name]
    for x in (X, np.float64(0.7)):
        for f in (lambda x, c: np.sum(ours(c, x)), lambda x, c: np.sum(ours(x, c))):
            with np.errstate(all="ignore"):
                expected = f(x, exact), grad(f)(x, exact)
                if not np.all(np.isfinite(f(x, c))):  # what whole numbers do themselves is NumPy's affair
                    continue
                for way in (grad, jacfwd, lambda f: jit(grad(f))):
                    found = way(lambda x, f=f: f(x, c))(x)
                    assert np.asarray(found).dtype == float
                    np.testing.assert_allclose(found, expected[1], rtol=2e-13)
                value = jit(lambda x, f=f: f(x, c))(x)
                assert value.dtype == float
                np.testing.assert_allclose(value, f(x, c), rtol=1e-14)
                np.testing.assert_allclose(value, expected[0], rtol=1e-7)


@pytest.mark.parametrize("which", ["unsigned bytes", "bytes", "half precision", "a number in single precision"])
def test_curvature_series_and_rows_beside_a_constant_of_another_type(which):
    c, exact = CONSTANTS[which], np.asarray(CONSTANTS[which]).astype(float)[()]

    def f(x, c):
        return np.sum(np.arctan2(c, x) * np.hypot(x, c) + np.exp(c / x / 100))

    np.testing.assert_allclose(hessian(lambda x: f(x, c))(X), hessian(lambda x: f(x, exact))(X), rtol=1e-6)
    np.testing.assert_allclose(
        taylor(lambda t: f(X + t, c), 0.0, 3), taylor(lambda t: f(X + t, exact), 0.0, 3), rtol=1e-6
    )
    rows = np.stack([X, X + 0.1])
    np.testing.assert_allclose(vmap(grad(f), (0, None))(rows, c), vmap(grad(f), (0, None))(rows, exact), rtol=1e-6)


def test_special_functions_beside_a_constant_of_another_type():
    special = pytest.importorskip("scipy.special")
    c = np.array([2, 3, 1], np.uint8)
    for name in ("rel_entr", "kl_div", "xlogy", "xlog1py", "beta", "betaln"):
        assert name in lines(special)
        f = getattr(special, name)
        for way in (grad, lambda f: jit(grad(f))):
            found = way(lambda x, f=f: np.sum(f(x, c) + f(c, x)))(X)
            np.testing.assert_allclose(found, grad(lambda x, f=f: np.sum(f(x, 1.0 * c) + f(1.0 * c, x)))(X), rtol=1e-13)


@pytest.mark.parametrize(
    "join",
    [
        lambda x, c: np.concatenate([x, c]),
        lambda x, c: np.stack([c, x], axis=1),
        lambda x, c: np.append(x, c),
        lambda x, c: np.hstack([c, x]),
        lambda x, c: np.average(x, weights=1 + c),
        lambda x, c: np.average(c, weights=1 + x),
        lambda x, c: np.convolve(x, c),
        lambda x, c: np.where([True, False, True], x, c),
    ],
)
@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("which", ["unsigned bytes", "truth values", "short whole numbers", "half precision"])
def test_what_is_joined_with_another_type_has_numpys_type_and_its_tangent_too(which, precision, join):
    x, c = X.astype(precision), CONSTANTS[which]
    expected = join(x, c)
    value, tangent = jvp(lambda x: join(x, c), (x,), (x,))
    back, pullback = vjp(lambda x: join(x, c), x)
    for found in (value, back, jit(lambda x: join(x, c))(x)):
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert tangent.dtype == expected.dtype
    assert pullback(np.ones_like(expected))[0].dtype == precision


def test_whole_numbers_where_floats_are_computed_of_them():
    """NumPy computes floats of whole numbers here; the derivative is in what stands beside them."""
    whole, s = np.array([1, 2, 4]), np.float64(0.3)
    slopes = np.array([1.0, 1.5, 2.0])
    for way in (lambda f: f, jit):
        np.testing.assert_allclose(way(lambda s: np.gradient(whole, s))(s), slopes / s)
        np.testing.assert_allclose(way(jacfwd(lambda s: np.gradient(whole, s)))(s), -slopes / s**2)
    matrix = np.array([[0, 1], [2, 3], [4, 5]])
    J = jacfwd(lambda b: np.linalg.lstsq(matrix, b, rcond=None)[0])(X)
    np.testing.assert_allclose(J, np.linalg.pinv(matrix), atol=1e-14)
    for dtype in (np.float32, np.float64, None):
        x = np.array([[0.3, 1.2, 0.7], [1.0, -0.4, 0.2]], np.float32)
        for f in (np.cov, np.corrcoef):
            assert jvp(lambda x, f=f, t=dtype: f(x, dtype=t), (x,), (x,))[1].dtype == f(x, dtype=dtype).dtype
            assert jit(lambda x, f=f, t=dtype: f(x, dtype=t))(x).dtype == f(x, dtype=dtype).dtype


WHOLE = {
    "sine": lambda x: np.sin(x) * x,
    "mean": lambda x: np.mean(np.exp(x)),
    "power": lambda x: x**3 * 0.5,
    "quotient": lambda x: np.sum(x / (1 + x * x)),
    "norm": lambda x: np.linalg.norm(x),
    "log of sum": lambda x: np.logaddexp.reduce(x),
}
OF_WHOLE = {
    "grad": lambda f: grad(lambda x: np.sum(f(x))),
    "jvp": lambda f: lambda x: np.stack(jvp(f, (x,), (np.ones_like(x),))),
    "vjp": lambda f: lambda x: vjp(lambda x: np.sum(f(x)), x)[1](1.0)[0],
    "jacfwd": jacfwd,
    "hessian": lambda f: hessian(lambda x: np.sum(f(x))),
    "a Taylor series": lambda f: lambda x: taylor(lambda t: np.sum(f(x * t)), 1.0, 2),
    "rows": lambda f: lambda x: vmap(grad(lambda x: np.sum(f(x))))(np.stack([x, x + 1])),
}


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_])
@pytest.mark.parametrize("way", OF_WHOLE)
@pytest.mark.parametrize("name", WHOLE)
def test_whole_numbers_are_differentiated_as_floats_also_where_they_are_recorded_or_rows(name, way, dtype):
    """`jit` and `vmap` hand whole numbers on as such, so that they can be places; a derivative is taken in floats."""
    x = np.array([1, 2, 3]).astype(dtype)
    derivative = OF_WHOLE[way](WHOLE[name])
    if dtype is np.bool_ and way in ("rows", "a Taylor series"):  # there the test computes with them
        x = x.astype(np.int64)
    expected = derivative(x.astype(float))
    for found in (derivative(x), jit(derivative)(x), jit(lambda x: derivative(x))(x)):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        assert np.asarray(found).dtype == float
    rows = vmap(derivative)(np.stack([x, x]))
    np.testing.assert_allclose(rows, np.stack([expected, expected]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
def test_whole_numbers_of_any_type_are_places_also_where_they_are_rows(dtype):
    x, places = np.stack([X, 2 * X]), np.array([2, 1]).astype(dtype)
    f = lambda x, i: np.sin(x[i]) * x[0]  # noqa: E731
    expected = np.stack([grad(f)(row, int(i)) for row, i in zip(x, places, strict=True)])
    for found in (vmap(grad(f))(x, places), jit(vmap(grad(f)))(x, places)):
        np.testing.assert_allclose(found, expected, rtol=1e-14)
