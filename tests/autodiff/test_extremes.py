"""Slopes far out and close to zero keep their digits, where the line of the rule might lose them: by closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.autodiff import AutodiffError, grad, jit, jvp, taylor, vmap

WAYS = {
    "reverse": lambda f: grad(f),
    "forward": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "recorded": lambda f: jit(grad(f)),
    "series": lambda f: lambda x: taylor(f, x, 1)[1],
    "rows": lambda f: lambda x: vmap(grad(f))(np.array([x, x]))[1],
}
far = st.floats(100.0, 1e300)
sign = st.sampled_from([1.0, -1.0])


@pytest.mark.parametrize("way", WAYS)
@given(x=far, s=sign, other=st.sampled_from([1e-250, 1.0, 1e250]))
def test_far_out(way, x, s, other):
    slope, small = WAYS[way], min(x, 600.0)
    assert slope(np.arcsinh)(s * x) == pytest.approx(1 / x, rel=1e-4)
    assert slope(np.arccosh)(x) == pytest.approx(1 / x, rel=1e-4)
    assert slope(np.expm1)(-small) == pytest.approx(np.exp(-small), rel=1e-12)
    ratio = 1 / x  # arctan2(a, b) with a = b = x changes by b / (a^2 + b^2) = 1 / (2 x)
    assert slope(lambda a: np.arctan2(a, x))(s * x) == pytest.approx(0.5 * ratio, rel=1e-12)
    assert slope(lambda a: np.arctan2(a, other))(0.0) == pytest.approx(1 / other, rel=1e-12)
    assert slope(lambda b: np.arctan2(1 / x, b))(s / x) == pytest.approx(-0.5 * x, rel=1e-12)


@pytest.mark.parametrize("way", WAYS)
@given(x=st.floats(-300.0, 300.0))
def test_the_logistic_function(way, x):
    special = pytest.importorskip("scipy.special")
    expected = np.exp(-abs(x)) / (1 + np.exp(-abs(x))) ** 2
    assert WAYS[way](special.expit)(x) == pytest.approx(expected, rel=1e-12)


def determinants_at(B, points):
    return np.array([np.linalg.det(B(t)) for t in points])


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_series_of_a_determinant_where_the_matrix_is_singular(n):
    """A determinant along a line is a polynomial of degree n: its values at n + 1 points tell it."""
    rng = np.random.default_rng(n)
    points = np.linspace(-1.0, 1.0, n + 1)
    for A in (np.zeros((n, n)), np.ones((n, n)) * (n > 1), np.diag(np.arange(float(n))), rng.normal(size=(n, n))):
        C = rng.normal(size=(n, n))
        line = lambda t, A=A, C=C: A + t * C  # noqa: E731
        polynomial = np.linalg.solve(np.vander(points, increasing=True), determinants_at(line, points))
        found = taylor(lambda t, line=line: np.linalg.det(line(t)), 0.0, n + 2)
        np.testing.assert_allclose(found, [*polynomial, 0.0, 0.0], rtol=1e-9, atol=1e-8)
    both = np.stack([np.eye(n), np.zeros((n, n))])
    expected = np.stack([np.eye(n), np.eye(n)])
    found = taylor(lambda t: np.linalg.det(both + t * expected), 0.0, 1)[1]
    np.testing.assert_allclose(found, [n, n == 1], atol=1e-12)


def test_series_of_the_slopes_of_a_determinant_and_of_their_slopes():
    """What it changes by is linear in how its cofactors change, which change by such changes again."""
    A, C = np.random.default_rng(3).normal(size=(2, 3, 3))
    points = np.linspace(-1.0, 1.0, 4)
    line = lambda t: A + t * C  # noqa: E731
    c = np.linalg.solve(np.vander(points, increasing=True), determinants_at(line, points))
    slope = grad(lambda t: np.linalg.det(line(t)))
    np.testing.assert_allclose(taylor(slope, 0.0, 3), [c[1], 2 * c[2], 3 * c[3], 0.0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(taylor(grad(slope), 0.0, 2), [2 * c[2], 6 * c[3], 0.0], rtol=1e-9, atol=1e-9)


def test_series_of_large_powers():
    assert taylor(lambda s: (1 + s) ** 1e6, 0.0, 2) == pytest.approx([1, 1e6, 1e6 * (1e6 - 1) / 2], rel=1e-12)
    assert taylor(lambda s: (s - 1) ** 99999.0, 0.0, 2) == pytest.approx([-1, 99999, -99999 * 49999], rel=1e-12)
    np.testing.assert_array_equal(taylor(lambda s: s**1e200, 0.0, 3), 0.0)
    np.testing.assert_array_equal(taylor(lambda s: (0.3 + s) ** 1e200, 0.0, 3), 0.0)


TRIANGLE_READ = {
    "cholesky": lambda a: np.sum(np.square(np.linalg.cholesky(a)) * np.arange(3.0)),
    "eigvalsh": lambda a: np.linalg.eigvalsh(a)[0],
    "the upper triangle": lambda a: np.linalg.eigvalsh(a, "U")[0],
    "eigh": lambda a: np.sum(np.linalg.eigh(a)[0] * np.arange(3.0)),
}


@pytest.mark.parametrize("name", TRIANGLE_READ)
def test_a_matrix_of_which_one_triangle_is_filled_is_refused(name):
    f = TRIANGLE_READ[name]
    S = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.7], [0.5, -0.7, 2.0]])
    filled = np.triu(S) if "upper" in name else np.tril(S)

    def of_triangle(t):  # what the error says to write
        return t + np.swapaxes(t, -1, -2) - t * np.eye(3)

    for precision in (float, np.float32):
        one, other = S.astype(precision), filled.astype(precision)
        assert f(one) == pytest.approx(f(other))
        for way in (grad, lambda f: jit(grad(f)), lambda f: lambda a: jvp(f, (a,), (np.eye(3),))):
            with pytest.raises(AutodiffError, match=r"not symmetric.*np\.tril"):
                way(f)(other)
            way(f)(one * (1 + np.finfo(precision).eps * np.triu(np.ones((3, 3), precision))))  # rounding is none
        with pytest.raises(AutodiffError, match="not symmetric"):
            vmap(grad(f))(np.stack([one, other]))
    h = 1e-6
    differences = [
        (f(filled + h * E) - f(filled - h * E)) / (2 * h) for E in np.eye(9).reshape(9, 3, 3)
    ]  # entry by entry: NumPy's function sees the one triangle
    np.testing.assert_allclose(grad(lambda t: f(of_triangle(t)))(filled).ravel()[np.ravel(filled) != 0],
                               np.array(differences)[np.ravel(filled) != 0], atol=1e-8)  # fmt: skip
    # A small block beside large numbers is looked at by itself.
    with pytest.raises(AutodiffError, match="not symmetric"):
        grad(f)(np.array([[1e12, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.5, 2.0]]))
