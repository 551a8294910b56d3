"""The mixture as a function of free numbers: its value by SciPy, its gradient by differences, its fits by EM."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize._numdiff import approx_derivative
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from course_lib.applications import fit_by_gradient_ascent, fit_by_lbfgs, mixture_log_likelihood
from course_lib.applications.mixture_likelihood import pack, unpack
from course_lib.autodiff import grad
from course_lib.datasets import load_old_faithful

shapes = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6))


def a_mixture(k, d, seed):
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(k, d, d))
    covariances = factors @ factors.transpose(0, 2, 1) + 0.3 * np.eye(d)
    return rng.dirichlet(np.ones(k) * 3), rng.normal(size=(k, d)) * 2, covariances, rng.normal(size=(9, d)) * 2


@given(shapes)
def test_the_value_is_scipys(shape):
    weights, means, covariances, X = a_mixture(*shape)
    logs = [
        np.log(w) + multivariate_normal(m, S).logpdf(X) for w, m, S in zip(weights, means, covariances, strict=True)
    ]
    value = mixture_log_likelihood(pack(weights, means, covariances), X, len(weights))
    assert value == pytest.approx(np.sum(logsumexp(np.reshape(logs, (len(weights), -1)), axis=0)), rel=1e-9)


@given(shapes)
def test_the_gradient_is_that_of_differences(shape):
    weights, means, covariances, X = a_mixture(*shape)
    parameters, k = pack(weights, means, covariances), len(weights)
    gradient = grad(mixture_log_likelihood)(parameters, X, k)
    differences = approx_derivative(lambda p: mixture_log_likelihood(p, X, k), parameters, method="3-point")
    assert np.allclose(gradient, differences, rtol=1e-5, atol=1e-4)
    assert gradient[:k].sum() == pytest.approx(0, abs=1e-8)  # a constant added to all logits changes nothing


@given(shapes)
def test_packing_is_undone(shape):
    weights, means, covariances, _ = a_mixture(*shape)
    log_weights, back, factors = unpack(pack(weights, means, covariances), *means.shape)
    assert np.allclose(np.exp(log_weights), weights)
    assert np.allclose(back, means)
    assert np.allclose(factors @ factors.transpose(0, 2, 1), covariances)
    assert np.allclose(factors, np.tril(factors))


@given(st.integers(0, 10**6))
def test_every_vector_is_a_mixture(seed):
    log_weights, _, factors = unpack(np.random.default_rng(seed).normal(size=3 + 6 + 9) * 5, 3, 2)
    assert np.exp(log_weights).sum() == pytest.approx(1)
    assert np.all(np.diagonal(factors, axis1=1, axis2=2) > 0)


def test_points_far_away_do_not_overflow():
    parameters = pack([0.3, 0.7], [[0.0], [5.0]], [[[1.0]], [[2.0]]])
    X = np.array([[1e4], [-1e4]])
    assert mixture_log_likelihood(parameters, X, 2) == pytest.approx(
        sum(np.log(0.7) - 0.5 * np.log(4 * np.pi) - (x - 5) ** 2 / 4 for x in (1e4, -1e4)), rel=1e-12
    )
    assert np.all(np.isfinite(grad(mixture_log_likelihood)(parameters, X, 2)))


START = [0.5, 0.5], [[2.0, 55.0], [4.5, 80.0]], [[[1.0, 0.0], [0.0, 100.0]]] * 2


def test_old_faithful_ends_where_em_ends():
    X = load_old_faithful()
    fit = fit_by_lbfgs(X, *START)
    em = GaussianMixture(2, tol=1e-12, reg_covar=0, max_iter=1000, means_init=START[1], random_state=0).fit(X)
    order = np.argsort(em.means_[:, 0])
    assert fit.path.converged
    assert fit.log_likelihood == pytest.approx(em.score(X) * len(X), rel=1e-9)
    assert np.allclose(fit.means, em.means_[order], rtol=1e-4)
    assert np.allclose(fit.covariances, em.covariances_[order], rtol=1e-3)
    assert np.allclose(fit.weights, em.weights_[order], rtol=1e-4)


def test_gradient_ascent_climbs():
    X = (load_old_faithful() - [3.5, 71]) / [1.14, 13.6]
    start = [0.5, 0.5], [[-1.0, -1.0], [1.0, 1.0]], [np.eye(2) * 0.5] * 2
    fit = fit_by_gradient_ascent(X, *start, rate=0.05, iterations=200)
    assert np.all(np.diff(fit.path.values) < 0)
    best = fit_by_lbfgs(X, *start)
    assert fit.log_likelihood < best.log_likelihood < fit.log_likelihood + 5
    assert best.path.evaluations < 100


def test_what_is_no_mixture_is_refused():
    with pytest.raises(ValueError, match=r"are \(2,\), \(1, 1\), \(1, 1, 1\); expected \(k,\), \(k, d\)"):
        pack([0.5, 0.5], [[0.0]], [[[1.0]]])
    with pytest.raises(ValueError, match="expected positive ones"):
        pack([1.0, 0.0], [[0.0], [1.0]], [[[1.0]], [[1.0]]])
    with pytest.raises(ValueError, match=r"for k = 2, d = 1 expected \(6,\)"):
        mixture_log_likelihood(np.zeros(5), np.zeros((3, 1)), 2)
