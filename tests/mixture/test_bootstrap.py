"""The bootstrap against formulas of large samples, and its test on data whose number of components is known."""

import re

import numpy as np
import pytest

from course_lib.mixture import GaussianMixture, bootstrap, likelihood_ratio_test


def two_clusters(n: int, seed: int = 0) -> np.ndarray:
    random = np.random.RandomState(seed)
    return random.normal(size=(n, 2)) * [1.0, 2.0] + 30 * (random.uniform(size=(n, 1)) < 0.3)


@pytest.mark.parametrize("weighted", [False, True])
def test_standard_errors_are_those_of_large_samples(weighted):
    """Clusters that never touch: a share, means and variances of normal samples."""
    X = two_clusters(2000)
    w = None
    if weighted:  # the same points, half of them told as weights
        X, w = np.concatenate([X[:1000], X[:1000]]), np.repeat([1.5, 0.5], 1000)
    model = GaussianMixture(2, covariance_type="diag", random_state=0, reg_covar=0.0).fit(X, sample_weight=w)
    found = bootstrap(model, X, 300, sample_weight=w, random_state=1)
    errors = found.standard_errors
    counts = model.weights_ * 2000
    np.testing.assert_allclose(errors.weights, np.sqrt(0.3 * 0.7 / 2000), rtol=0.2)
    np.testing.assert_allclose(errors.means, np.sqrt(model.covariances_ / counts[:, None]), rtol=0.2)
    np.testing.assert_allclose(errors.covariances, model.covariances_ * np.sqrt(2 / counts[:, None]), rtol=0.25)
    low, high = found.interval(0.9)
    np.testing.assert_allclose(high.means - low.means, 2 * 1.645 * errors.means, rtol=0.2)
    assert (low.means < model.means_).all()
    assert (model.means_ < high.means).all()
    assert found.failed == 0
    assert found.replicates.means.shape == (300, 2, 2)


def test_the_same_seed_gives_the_same_samples():
    X = two_clusters(200)
    model = GaussianMixture(2, random_state=0).fit(X)
    one, other = (bootstrap(model, X, 5, random_state=7).replicates.means for _ in range(2))
    np.testing.assert_array_equal(one, other)
    generators = [bootstrap(model, X, 5, random_state=np.random.default_rng(7)).replicates.means for _ in range(2)]
    np.testing.assert_array_equal(*generators)


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_one_more_component_is_found_where_there_is_one_and_only_there(covariance_type):
    X = np.random.RandomState(5).normal(size=(150, 2)) + 7.0 * (np.arange(150) % 2)[:, None]
    one, two = (GaussianMixture(k, covariance_type=covariance_type, random_state=0).fit(X) for k in (1, 2))
    needed = likelihood_ratio_test(one, X, 9, random_state=3)
    assert needed.p_value == 0.1  # the least that nine samples can tell
    assert needed.statistic == pytest.approx(2 * len(X) * (two.score(X) - one.score(X)), rel=1e-3)
    enough = likelihood_ratio_test(two, X, 9, random_state=3)
    assert enough.p_value > 0.1
    assert (enough.simulated >= 0).all()


def test_p_values_under_the_hypothesis_are_spread_evenly():
    p_values = []
    for seed in range(15):
        X = np.random.RandomState(seed).normal(size=(80, 1))
        p_values.append(likelihood_ratio_test(GaussianMixture(1).fit(X), X, 9, random_state=seed).p_value)
    assert 0.3 < np.mean(p_values) < 0.8  # of even ones 0.55, give or take 0.07


def test_what_is_asked_for_wrongly_is_said():
    X = two_clusters(50)
    with pytest.raises(ValueError, match="expected fit\\(X\\) to be called first"):
        bootstrap(GaussianMixture(1), X)
    model = GaussianMixture(2, random_state=0).fit(X)
    with pytest.raises(ValueError, match="n_samples is 1; expected a whole number of at least 2"):
        bootstrap(model, X, 1)
    with pytest.raises(ValueError, match="level is 95; expected a number between 0 and 1"):
        bootstrap(model, X, 5, random_state=0).interval(95)


def test_what_is_printed_is_a_line_and_no_thousand_numbers():
    X = two_clusters(50)
    model = GaussianMixture(2, random_state=0).fit(X)
    assert repr(bootstrap(model, X, 5, random_state=0)) == (
        "Bootstrap(5 fits, 0 failed; K = 2, d = 2; see standard_errors and interval())"
    )
    said = repr(likelihood_ratio_test(model, X, 3, random_state=0))
    assert re.fullmatch(r"LikelihoodRatio\(statistic=[0-9.e+-]+, p_value=[0-9.]+, 3 simulated\)", said)
