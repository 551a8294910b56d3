"""EM as on the blackboard, held against SciPy, scikit-learn, closed forms and published values."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, as_matrices, problem, soft_start
from scipy import stats
from sklearn.mixture import GaussianMixture as Sklearn

from course_lib.datasets import load_old_faithful
from course_lib.mixture import e_step, em_iterations, log_gaussian, m_step


@pytest.mark.parametrize("covariance_type", TYPES)
def test_log_gaussian_is_scipys(covariance_type):
    X, _, means, covariances = problem(1, covariance_type)
    matrices = as_matrices(covariances, covariance_type, 4, 3)
    expected = [stats.multivariate_normal(m, c).logpdf(X) for m, c in zip(means, matrices, strict=True)]
    np.testing.assert_allclose(log_gaussian(X, means, covariances, covariance_type), np.transpose(expected), rtol=1e-11)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_e_step_is_bayes_rule(covariance_type):
    X, weights, means, covariances = problem(2, covariance_type)
    matrices = as_matrices(covariances, covariance_type, 4, 3)
    densities = [stats.multivariate_normal(m, c).pdf(X) for m, c in zip(means, matrices, strict=True)]
    joint = weights * np.transpose(densities)
    log_likelihood, r = e_step(X, weights, means, covariances, covariance_type)
    np.testing.assert_allclose(r, joint / joint.sum(axis=1, keepdims=True), rtol=1e-10, atol=1e-300)
    assert log_likelihood == pytest.approx(np.log(joint.sum(axis=1)).sum(), rel=1e-12)


def test_m_step_is_weighted_moments():
    X, *_ = problem(3)
    r = np.random.RandomState(3).dirichlet(np.ones(4), size=len(X))
    weights, means, full = m_step(X, r)
    np.testing.assert_allclose(weights, r.mean(axis=0))
    for k in range(4):
        np.testing.assert_allclose(means[k], np.average(X, axis=0, weights=r[:, k]))
        np.testing.assert_allclose(full[k], np.cov(X.T, aweights=r[:, k], ddof=0), rtol=1e-10)
    tied, diag, spherical = (m_step(X, r, t)[2] for t in ("tied", "diag", "spherical"))
    np.testing.assert_allclose(tied, np.einsum("k,kij->ij", weights, full))
    np.testing.assert_allclose(diag, np.einsum("kii->ki", full))
    np.testing.assert_allclose(spherical, np.einsum("kii->k", full) / 3)


def test_m_step_with_labels_fits_each_class_by_itself():
    X, *_ = problem(4)
    labels = np.arange(len(X)) % 3
    weights, means, covariances = m_step(X, np.eye(3)[labels], reg_covar=0.25)
    for k in range(3):
        own = X[labels == k]
        assert weights[k] == pytest.approx(len(own) / len(X))
        np.testing.assert_allclose(means[k], own.mean(axis=0))
        np.testing.assert_allclose(covariances[k], np.cov(own.T, ddof=0) + 0.25 * np.eye(3))


@pytest.mark.parametrize("covariance_type", TYPES)
def test_the_trajectory_is_scikit_learns(covariance_type):
    X, weights, means, covariances = problem(5, covariance_type, n=400)
    inverse = np.linalg.inv(covariances) if covariances.ndim > 1 and covariance_type != "diag" else 1 / covariances
    theirs = Sklearn(4, covariance_type=covariance_type, weights_init=weights, means_init=means, tol=0, max_iter=20)
    theirs.set_params(precisions_init=inverse, reg_covar=1e-6)
    with pytest.warns(match="did not converge"):
        theirs.fit(X)
    states = list(em_iterations(X, weights, means, covariances, covariance_type, reg_covar=1e-6, max_iter=20, tol=-1))
    ours = np.array([state.log_likelihood for state in states]) / len(X)
    np.testing.assert_allclose(ours[:20], theirs.lower_bounds_, rtol=1e-9)
    np.testing.assert_allclose(states[-1].means, theirs.means_, rtol=1e-7)
    np.testing.assert_allclose(states[-1].covariances, theirs.covariances_, rtol=1e-6)


def test_old_faithful_has_the_published_likelihood():
    """The value that mclust reports for two components with covariances of their own."""
    X = load_old_faithful()
    r = np.eye(2)[(X[:, 0] > 3).astype(int)]
    *_, last = em_iterations(X, *m_step(X, r), max_iter=200, tol=1e-13)
    assert last.log_likelihood == pytest.approx(-1130.26396, abs=5e-6)
    assert last.weights == pytest.approx([0.3559, 0.6441], abs=1e-4)
    np.testing.assert_allclose(last.means, [[2.0364, 54.4785], [4.2897, 79.9681]], atol=1e-3)


def test_one_component_is_the_sample_mean_and_covariance():
    X = load_old_faithful()
    *_, last = em_iterations(X, [1.0], [[0.0, 0.0]], [np.eye(2)])
    np.testing.assert_allclose(last.means[0], X.mean(axis=0))
    np.testing.assert_allclose(last.covariances[0], np.cov(X.T, ddof=0))
    assert last.iteration <= 2


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**31), covariance_type=st.sampled_from(TYPES), d=st.integers(1, 4), k=st.integers(1, 5))
def test_the_likelihood_never_falls(seed, covariance_type, d, k):
    X, *_ = problem(seed, n=60, d=d, k=k)
    try:
        states = list(em_iterations(X, *soft_start(seed, X, covariance_type, k), covariance_type, max_iter=25))
    except ValueError:  # a component collapsed onto a point: the likelihood has run away upwards
        assume(False)
    gains = np.diff([state.log_likelihood for state in states])
    assert gains.min() > -1e-9 * abs(states[-1].log_likelihood)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**31), shift=st.sampled_from([1.0, 1e3, 1e6]), scale=st.sampled_from([1e-6, 1.0, 1e6]))
def test_moving_and_scaling_the_points_moves_and_scales_the_answer(seed, shift, scale):
    X, *_ = problem(seed, n=80, d=2, k=2)
    weights, means, covariances = soft_start(seed, X, "full", 2)
    *_, here = em_iterations(X, weights, means, covariances, max_iter=5)
    *_, there = em_iterations(scale * X + shift, weights, scale * means + shift, scale**2 * covariances, max_iter=5)
    rounding = 1e-15 * shift / scale  # what is left of the points' digits after the shift
    np.testing.assert_allclose((there.means - shift) / scale, here.means, rtol=1e-6, atol=1e-6 + 1e3 * rounding)


def test_an_offset_of_1e8_loses_no_more_than_the_points_do():
    X, weights, means, covariances = problem(6)
    moved = X + 1e8
    *_, there = em_iterations(moved, weights, means + 1e8, covariances, max_iter=5)
    *_, here = em_iterations(moved - 1e8, weights, means, covariances, max_iter=5)
    np.testing.assert_allclose(there.covariances, here.covariances, rtol=1e-5)
    assert there.log_likelihood == pytest.approx(here.log_likelihood, rel=1e-6)


def test_far_points_get_whole_responsibilities():
    covariances = np.ones(2)
    log_likelihood, r = e_step([[-1e3], [1e3]], [0.5, 0.5], [[-1.0], [1.0]], covariances, "spherical")
    assert np.isfinite(log_likelihood)
    np.testing.assert_array_equal(r, np.eye(2))
    with pytest.raises(ValueError, match="Row 1 of X is more than 1e154 standard deviations"):
        e_step([[0.0], [1e155]], [0.5, 0.5], [[-1.0], [1.0]], covariances, "spherical")


def test_weights_may_vanish():
    _, r = e_step([[0.0], [1.0]], [1.0, 0.0], [[0.0], [1.0]], [1.0, 1.0], "spherical")
    np.testing.assert_array_equal(r, [[1, 0], [1, 0]])
    _, r = e_step([[0.0], [1.0]], [1.0, 1e-320], [[0.0], [1.0]], [1.0, 1.0], "spherical")
    np.testing.assert_allclose(r[:, 1], [0, 0], atol=1e-300)


def test_a_thousand_dimensions():
    X = np.random.RandomState(0).normal(size=(5, 1000))
    expected = -(1000 * np.log(2 * np.pi) + (X**2).sum(axis=1)) / 2
    np.testing.assert_allclose(log_gaussian(X, np.zeros((1, 1000)), [np.eye(1000)])[:, 0], expected)


ERRORS = {
    r"X has shape \(3,\).*write X\[:, None\]": lambda: log_gaussian([1, 2, 3], [[0]], [1], "spherical"),
    "X holds nan at row 1, column 0": lambda: log_gaussian([[1.0], [np.nan]], [[0]], [1], "spherical"),
    r"means has shape \(1, 2\)": lambda: log_gaussian([[1.0]], [[0, 0]], [1], "spherical"),
    r"covariances has shape \(1,\); expected \(1, 1, 1\)": lambda: log_gaussian([[1.0]], [[0]], [1], "full"),
    "covariance_type is 'round'; expected one of": lambda: log_gaussian([[1.0]], [[0]], [1], "round"),
    "variance of component 1 is -1": lambda: log_gaussian([[1.0]], [[0], [1]], [1, -1], "spherical"),
    "covariance of component 1 has the smallest eigenvalue": lambda: log_gaussian(
        [[1.0, 2.0]], [[0, 0], [0, 0]], [np.eye(2), np.ones((2, 2))]
    ),
    "probabilities: none negative": lambda: e_step([[1.0]], [0.5, 0.6], [[0], [1]], [1, 1], "spherical"),
    "Component 1 is responsible for no point": lambda: m_step([[1.0], [2.0]], [[1, 0], [1, 0]]),
    "responsibilities hold -1.0 at row 1, column 0": lambda: m_step([[1.0], [2.0]], [[1, 0], [-1, 0]]),
    r"responsibilities have shape \(1, 2\); expected \(2, k\)": lambda: m_step([[1.0], [2.0]], [[1, 0]]),
    "Complex data not supported": lambda: log_gaussian([[1j]], [[0]], [1], "spherical"),
    "X holds text": lambda: log_gaussian([["1"]], [[0]], [1], "spherical"),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_say_what_was_given(message):
    with pytest.raises(ValueError, match=message):
        ERRORS[message]()
