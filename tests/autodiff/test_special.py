"""Functions of scipy.special, in every mode; and nothing of SciPy where nobody asked for it."""

import subprocess
import sys

import numpy as np
import pytest

from course_lib.autodiff import AutodiffError, check_grad, evaluation_trace, grad, hessian, jit, jvp, taylor, vmap

special = pytest.importorskip("scipy.special")
from course_lib.autodiff.rules.special import lines, named  # noqa: E402

INSIDE = {"logit", "erfinv", "ndtri"}  # of probabilities
X = np.array([0.3, 0.55, 0.8])
NAMES = [name for name in lines(special) if isinstance(named(special, name), np.ufunc)]


@pytest.mark.parametrize("name", NAMES)
def test_in_every_mode(name):
    function, partials = getattr(special, name), lines(special)[name]
    if len(partials) == 1:

        def f(x):
            return np.sum(function(x))
    elif name in ("zeta", "gammainc", "gammaincc", "jv", "iv", "ive"):

        def f(x):
            return np.sum(function(2.5, 1 + x))

        with pytest.raises(AutodiffError, match="argument 1"):
            grad(lambda x: np.sum(function(1 + x, 2.5)))(X)
    else:

        def f(x):
            return np.sum(function(x, 0.7 * x + 0.2)) + np.sum(function(0.4, x))

    value = f(X)
    assert np.isfinite(value)
    check_grad(f, X, tolerance=1e-7)
    check_grad(grad(f), X, tolerance=1e-6)
    np.testing.assert_allclose(jit(f)(X), value, rtol=1e-14)
    np.testing.assert_allclose(jit(hessian(f))(X), hessian(f)(X), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(vmap(grad(f))(X[:, None]), [grad(f)(x) for x in X[:, None]], rtol=1e-13)
    one = lambda x: f(np.reshape(x, 1))  # noqa: E731
    np.testing.assert_allclose(jit(grad(one))(0.3), grad(one)(0.3), rtol=1e-13)
    coefficients = taylor(one, 0.3, 2)
    np.testing.assert_allclose(coefficients[1], grad(one)(0.3), rtol=1e-10)
    np.testing.assert_allclose(2 * coefficients[2], grad(grad(one))(0.3), rtol=1e-9)


def test_zeros_in_entropies_and_sums_of_exponentials():
    np.testing.assert_array_equal(grad(lambda b: np.sum(special.xlogy(0.0, b)))(X), 0.0)
    assert "erf" in str(evaluation_trace(lambda x: special.erf(x) * x, 0.5))
    for way in (grad, jit, lambda f: jit(grad(f)), lambda f: lambda x: vmap(f)(x[None])):
        with pytest.raises(AutodiffError, match=r"np\.logaddexp\.reduce"):
            way(special.logsumexp)(X)
    weights = grad(lambda x: np.logaddexp.reduce(x))(X)
    np.testing.assert_allclose(weights, special.softmax(X), rtol=1e-14)


def test_one_over_gamma_is_smooth_where_gamma_has_its_poles():
    """1 / gamma(x) is x at 0, up to squares, whose coefficient is Euler's constant, and -(1 + x) at -1, and so on."""
    points = np.array([0.0, -1.0, -2.0, -3.0])
    slopes = [1.0, -1.0, 2.0, -6.0]
    for way in (grad, lambda f: jit(grad(f)), lambda f: lambda x: jvp(f, (x,), (np.ones(4),))[1]):
        found = way(lambda x: np.sum(special.rgamma(x)))(points)
        np.testing.assert_allclose(found, slopes if np.ndim(found) else np.sum(slopes), rtol=1e-13)
    np.testing.assert_allclose(taylor(special.rgamma, 0.0, 2), [0.0, 1.0, np.euler_gamma], rtol=1e-13)
    for x in (-1.3, -0.2, 0.3, 0.8, 4.5):
        assert check_grad(special.rgamma, x) < 1e-8
    assert grad(special.rgamma)(300.0) == 0.0


def test_scipy_is_not_imported():
    code = (
        "import sys, numpy; from course_lib.autodiff import grad; grad(numpy.sin)(1.0); print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
