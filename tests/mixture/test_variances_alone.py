"""Variances along the axes need no matrix: many features cost what they weigh, and the numbers stay right."""

import tracemalloc
import warnings

import numpy as np
import pytest
from scipy.stats import norm

from course_lib.mixture import GaussianMixture, NormalInverseWishart, select_mixture
from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.one_pass.summaries import Parameters
from course_lib.mixture.one_pass.survey import extremes, survey

FEATURES = 2500  # one matrix of so many features squared is 50 MB


def many_features() -> np.ndarray:
    random = np.random.RandomState(0)
    return random.normal(size=(60, FEATURES)) + 3.0 * (np.arange(60) % 2)[:, None]


def fit_and_score(**settings) -> None:
    X = many_features()
    fit = GaussianMixture(2, random_state=0, **settings).fit(X)
    if "prior" not in settings:  # a prior of so many variances may like one row alone better than either half
        assert np.ptp(fit.predict(X)[::2]) == np.ptp(fit.predict(X)[1::2]) == 0
    halves = np.stack([X[::2].mean(axis=0), X[1::2].mean(axis=0)])
    from_halves = GaussianMixture(2, means_init=halves, random_state=0, **settings).fit(X)
    assert fit.lower_bound_ >= from_halves.lower_bound_ * (1 - 1e-9 * np.sign(from_halves.lower_bound_))
    fit.sample(3)
    fit.icl(X)
    fit.conditional({0: 0.0})
    fit.marginal([1, 2])


def fit_with_holes(**settings) -> None:
    X = many_features()
    X[np.random.RandomState(1).uniform(size=X.shape) < 0.1] = np.nan
    fit = GaussianMixture(2, random_state=0, missing="marginalise", **settings).fit(X)
    assert np.ptp(fit.predict(X)[::2]) == 0


def choose(**settings) -> None:
    kinds = [settings.pop("covariance_type")]
    assert select_mixture(many_features(), [1, 2], kinds, random_state=0, **settings).best.n_components in (1, 2)


@pytest.mark.parametrize("covariance_type", ["diag", "spherical"])
@pytest.mark.parametrize("ask", [fit_and_score, fit_with_holes, choose])
@pytest.mark.parametrize("further", [{}, {"prior": "auto"}, {"accelerate": "anderson"}])
def test_no_matrix_of_all_features_is_made(covariance_type, ask, further):
    tracemalloc.start()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ask(covariance_type=covariance_type, **further)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 30e6 < FEATURES**2 * 8  # X itself is 1.4 MB


def test_the_survey_of_variances_is_the_diagonal_of_the_survey():
    random = np.random.RandomState(3)
    X, w = 1e6 + random.normal(size=(20_000, 3)) * [1, 2, 3], random.uniform(size=20_000)
    matrix, variances = (survey([(X, w)], kind) for kind in ("full", "diag"))
    np.testing.assert_allclose(variances.scatter, np.diag(matrix.scatter), rtol=1e-12)
    np.testing.assert_allclose(variances.variances, np.cov(X.T, aweights=w, ddof=0).diagonal(), rtol=1e-9)


@pytest.mark.parametrize("covariance_type", ["diag", "spherical"])
def test_a_missing_entry_is_a_missing_factor(covariance_type):
    """The densities are products of one-dimensional ones, over what was seen."""
    random = np.random.RandomState(4)
    X = random.normal(size=(50, 3))
    X[random.uniform(size=X.shape) < 0.3] = np.nan
    X[0] = np.nan
    X[1] = 1.0
    fit = GaussianMixture(2, covariance_type=covariance_type, missing="marginalise", random_state=0).fit(X)
    variances = np.broadcast_to(fit.covariances_.reshape(2, -1), (2, 3))
    factors = norm.pdf(X[:, None], fit.means_, np.sqrt(variances))
    expected = (np.where(np.isnan(X)[:, None], 1.0, factors).prod(axis=2) * fit.weights_).sum(axis=1)
    np.testing.assert_allclose(fit.score_samples(X), np.log(expected), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("covariance_type", ["diag", "spherical"])
def test_a_prior_may_be_told_by_its_diagonal(covariance_type):
    X = np.random.RandomState(5).normal(size=(40, 3)) * [1, 2, 3]
    diagonal = np.array([1.0, 2.0, 3.0])
    by_matrix, by_diagonal = (
        GaussianMixture(
            2,
            covariance_type=covariance_type,
            random_state=0,
            prior=NormalInverseWishart(np.zeros(3), 0.1, 5.0, scale),
        ).fit(X)
        for scale in (np.diag(diagonal), diagonal)
    )
    np.testing.assert_array_equal(by_diagonal.covariances_, by_matrix.covariances_)
    with pytest.raises(ValueError, match=r"shapes \(3,\), \(3,\); expected \(3,\), \(3, 3\)"):
        GaussianMixture(2, prior=NormalInverseWishart(np.zeros(3), 0.1, 5.0, diagonal)).fit(X)


@pytest.mark.parametrize("shape", [(1, 3), (255, 1), (1000, 7), (5, 300)])
def test_extremes_are_the_columns_own(shape):
    rows = np.random.RandomState(6).normal(size=shape)
    for array in (rows, np.asfortranarray(rows), rows[::2], rows.astype(np.float32)):
        low, high = extremes(array)
        np.testing.assert_array_equal(low, array.min(axis=0))
        np.testing.assert_array_equal(high, array.max(axis=0))
    rows[-1, 0] = np.nan
    assert np.isnan(extremes(rows)[0][0])
    assert np.isnan(extremes(rows)[1][0])


def test_the_smallest_variance_is_that_of_the_matrix():
    floor = np.array([1.0, 4.0])
    known = survey([(np.random.RandomState(6).normal(size=(50, 2)) * 100, None)])
    for kind, covariances in (
        ("full", np.array([np.diag([5.0, 100.0]), np.eye(2) * 80])),
        ("diag", np.array([[5.0, 100.0], [80.0, 80.0]])),
        ("spherical", np.array([2.0, 80.0])),
    ):
        collapse = Collapse(floor, True, known, kind)
        assert list(collapse.of(Parameters(np.full(2, 0.5), np.zeros((2, 2)), covariances))) == [0]
        assert collapse.narrow(covariances).tolist() == [True, False]
