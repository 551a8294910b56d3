"""Least squares: NIST's certified answers from both starts, SciPy, and linear regression."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from course_lib.applications import gauss_newton, levenberg_marquardt
from course_lib.datasets.nist_strd import MODELS, load_nist_strd

# The residuals of Lanczos1 are rounding alone (their squares sum to 1.4e-25), so that float64 knows the first two
# digits of its standard deviations; NIST computed them in 128 bits.
DIGITS_OF_DEVIATIONS = {"Lanczos1": 2}


@pytest.mark.parametrize("start", [0, 1], ids=["far", "near"])
@pytest.mark.parametrize("name", MODELS)
def test_certified_values_of_nist(name, start):
    nist = load_nist_strd(name)
    fit = levenberg_marquardt(lambda b: nist.model(b, nist.x) - nist.y, nist.starts[start])
    assert fit.converged, fit.reason
    assert np.allclose(fit.parameters, nist.parameters, rtol=1e-10, atol=0)
    digits = DIGITS_OF_DEVIATIONS.get(name, 9)
    assert np.allclose(fit.standard_deviations, nist.standard_deviations, rtol=10.0**-digits, atol=0)
    if name != "Lanczos1":
        assert fit.residual_sum == pytest.approx(nist.residual_sum, rel=1e-9)
    assert fit.degrees_of_freedom == len(nist.y) - len(nist.parameters)


@pytest.mark.parametrize("name", ["Misra1a", "Kirby2", "Thurber"])
def test_gauss_newton_from_the_near_start(name):
    nist = load_nist_strd(name)
    fit = gauss_newton(lambda b: nist.model(b, nist.x) - nist.y, nist.starts[1])
    assert fit.converged
    assert np.allclose(fit.parameters, nist.parameters, rtol=1e-9)


def test_gauss_newton_gets_lost_where_levenberg_marquardt_does_not():
    nist = load_nist_strd("BoxBOD")
    fit = gauss_newton(lambda b: nist.model(b, nist.x) - nist.y, nist.starts[0])
    assert not fit.converged
    assert "use levenberg_marquardt" in fit.reason


@pytest.mark.parametrize("method", [gauss_newton, levenberg_marquardt])
@given(seed=st.integers(0, 10**6))
def test_linear_regression_is_the_normal_equations(method, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(12, 3)), rng.normal(size=12)
    fit = method(lambda b: X @ b - y, rng.normal(size=3))
    inverse = np.linalg.inv(X.T @ X)
    solution = inverse @ X.T @ y
    assert fit.converged
    assert np.allclose(fit.parameters, solution, atol=1e-9)
    variance = np.sum((X @ solution - y) ** 2) / 9
    assert np.allclose(fit.standard_deviations, np.sqrt(variance * np.diag(inverse)), rtol=1e-8)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_a_noisy_curve_agrees_with_scipy(seed):
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 4, 40)
    y = 3 * np.exp(-0.8 * t) + 0.5 + rng.normal(0, 0.02, 40)
    fit = levenberg_marquardt(lambda b: b[0] * np.exp(-b[1] * t) + b[2] - y, [1.0, 1.0, 0.0])
    best, covariance = curve_fit(
        lambda t, a, k, c: a * np.exp(-k * t) + c, t, y, p0=[1.0, 1.0, 0.0], ftol=1e-14, xtol=1e-14, gtol=1e-14
    )
    assert np.allclose(fit.parameters, best, rtol=1e-6)
    assert np.allclose(fit.standard_deviations, np.sqrt(np.diag(covariance)), rtol=1e-4)


def test_the_sum_of_squares_falls_along_the_path():
    nist = load_nist_strd("MGH09")
    fit = levenberg_marquardt(lambda b: nist.model(b, nist.x) - nist.y, nist.starts[0])
    sums = [np.sum((nist.model(b, nist.x) - nist.y) ** 2) for b in fit.points]
    assert np.all(np.diff(sums) <= 1e-9 * np.array(sums[:-1]))
    assert np.array_equal(fit.points[0], nist.starts[0])


def test_an_exact_fit_has_no_deviation():
    fit = levenberg_marquardt(lambda b: np.stack([b[0] - 1, b[1] - 2, b[0] + b[1] - 3]), [0.0, 0.0])
    assert np.allclose(fit.parameters, [1, 2])
    assert np.all(fit.standard_deviations < 1e-12)


@pytest.mark.parametrize("method", [gauss_newton, levenberg_marquardt])
def test_fewer_residuals_than_parameters_are_refused(method):
    with pytest.raises(ValueError, match=r"shape \(1,\) for 2 parameters; expected \(m,\) with m >= 2"):
        method(lambda b: np.stack([b[0] + b[1]]), [0.0, 0.0])


def test_a_start_without_finite_residuals_is_refused():
    with pytest.raises(ValueError, match="not finite at the start"):
        levenberg_marquardt(lambda b: np.log(b) * np.ones(3), [-1.0])


def test_residuals_with_a_step_are_not_called_converged():
    fit = levenberg_marquardt(lambda b: np.stack([np.sign(b[0]) + 1.5 + 1e-3 * b[0], 0 * b[0] + 1]), [1.0])
    assert fit.reason
