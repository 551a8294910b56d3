"""Partly labelled data, given responsibilities, and fits that go on: against closed forms and EM by hand."""

import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, problem

from course_lib.mixture import DegenerateWarning, GaussianMixture, KMeans, e_step, log_gaussian, m_step

seeds = st.integers(0, 2**31)


def fitted(X, k, labels, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateWarning)
        return GaussianMixture(k, random_state=0, **more).fit(X, labels=labels)


@settings(max_examples=20)
@given(seeds, st.sampled_from(TYPES), st.floats(0.1, 0.9), st.booleans())
def test_labelled_em_is_em_with_these_responsibilities_fixed(seed, covariance_type, share, weighted):
    """By hand: the E step, then the rows of labelled points replaced by their labels, then the M step."""
    X, weights, means, covariances = problem(seed, covariance_type, n=60, d=2, k=3)
    random = np.random.RandomState(seed)
    labels = np.where(random.uniform(size=60) < share, random.randint(3, size=60), -1)
    w = random.uniform(0.5, 2.0, size=60) if weighted else np.ones(60)
    inverse = np.linalg.inv(covariances) if covariance_type in ("full", "tied") else 1 / covariances
    start = {"weights_init": weights, "means_init": means, "precisions_init": inverse}
    model = GaussianMixture(3, covariance_type=covariance_type, reg_covar=1e-2, max_iter=4, tol=0, **start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, sample_weight=w if weighted else None, labels=labels)
    known = labels >= 0
    for iteration in range(4):
        log_joint = np.log(weights) + log_gaussian(X, means, covariances, covariance_type)
        log_density = np.where(known, log_joint[np.arange(60), labels], np.logaddexp.reduce(log_joint, axis=1))
        assert model.lower_bounds_[iteration] == pytest.approx(w @ log_density / w.sum(), rel=1e-9)
        _, r = e_step(X, weights, means, covariances, covariance_type)
        r[known] = np.eye(3)[labels[known]]
        weights, means, covariances = m_step(X, r * w[:, None], covariance_type, 1e-2)
    np.testing.assert_allclose(model.means_, means, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(model.covariances_, covariances, rtol=1e-8)
    np.testing.assert_allclose(model.weights_, weights, rtol=1e-9)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_all_labelled_is_maximum_likelihood_of_each_class(covariance_type):
    X, *_ = problem(1, n=90, d=2, k=3)
    labels = np.arange(90) % 3
    model = fitted(X, 3, labels, covariance_type=covariance_type, reg_covar=0.0)
    weights, means, covariances = m_step(X, np.eye(3)[labels], covariance_type)
    np.testing.assert_allclose(model.means_, means, rtol=1e-12)
    np.testing.assert_allclose(model.covariances_, covariances, rtol=1e-10)
    np.testing.assert_allclose(model.weights_, weights)


@settings(max_examples=10)
@given(seeds, st.permutations(range(3)))
def test_a_component_keeps_its_labels_number(seed, order):
    random = np.random.RandomState(seed)
    kinds = random.randint(3, size=150)
    X = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])[kinds] + random.normal(size=(150, 2))
    labels = np.full(150, -1)
    labels[:30] = np.array(order)[kinds[:30]]
    model = fitted(X, 3, labels)
    np.testing.assert_array_equal(model.predict(X), np.array(order)[kinds])
    assert min(np.diff(model.lower_bounds_), default=0) > -1e-9


def test_one_label_names_one_component_and_the_others_are_found():
    random = np.random.RandomState(2)
    kinds = np.repeat(np.arange(4), 50)
    X = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 9.0]])[kinds] + random.normal(size=(200, 2))
    labels = np.full(200, -1)
    labels[160] = 0  # a point of the last cluster
    model = fitted(X, 4, labels)
    assert (model.predict(X[kinds == 3]) == 0).all()
    np.testing.assert_allclose(np.sort(model.weights_), 0.25, atol=0.01)


def test_y_is_ignored():
    X, *_ = problem(3, n=60, d=2, k=2)
    y = np.arange(60) % 2
    np.testing.assert_array_equal(
        GaussianMixture(2, random_state=0).fit(X, y).means_, GaussianMixture(2, random_state=0).fit(X).means_
    )


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1], r"labels have shape \(2,\); expected \(4,\)"),
        ([0, 1, 2, -1], "labels hold 2; expected -1 where unknown, or a component from 0 to 1"),
        ([0, -2, 1, -1], "labels hold -2"),
        ([0.5, 0, 1, -1], "labels hold 0.5; expected whole numbers"),
        (["a", "b", "a", "b"], "A label is a whole number: a component, or -1"),
    ],
)
def test_wrong_labels_are_named(labels, message):
    with pytest.raises(ValueError, match=message):
        GaussianMixture(2).fit([[0.0], [1.0], [5.0], [7.0]], labels=labels)


@settings(max_examples=10)
@given(seeds, st.sampled_from(TYPES))
def test_responsibilities_are_a_start(seed, covariance_type):
    X, *_ = problem(seed, n=50, d=2, k=2)
    r = np.random.RandomState(seed).dirichlet([1, 1, 1], size=50)
    model = GaussianMixture(3, covariance_type=covariance_type, resp_init=r, reg_covar=1e-3, max_iter=0).fit(X)
    for found, expected in zip(model._parameters(), m_step(X, r, covariance_type, 1e-3), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    with pytest.raises(ValueError, match=r"resp_init: responsibilities have shape \(50, 3\); expected \(50, 2\)"):
        GaussianMixture(2, resp_init=r).fit(X)
    with pytest.raises(ValueError, match=r"resp_init: responsibilities sum to 2 in row \d+; expected 1"):
        GaussianMixture(3, resp_init=2 * r).fit(X)
    with pytest.raises(ValueError, match="resp_init is given"):
        GaussianMixture(3, resp_init=r).fit_blocks([X])


@settings(max_examples=10)
@given(seeds, st.sampled_from(TYPES), st.floats(0.01, 0.6))
def test_responsibilities_are_a_start_where_entries_are_missing(seed, covariance_type, share):
    """Whole ones: a component starts at the mean of what was seen of its rows. And the climb begins there."""
    random = np.random.RandomState(seed)
    z = np.arange(120) % 3
    X = 9.0 * z[:, None] + random.uniform(-1, 1, size=(120, 2))
    X[random.uniform(size=X.shape) < share] = np.nan
    X[:6] = 9.0 * z[:6, None] + random.uniform(-1, 1, size=(6, 2))  # something was seen of each
    common = {"covariance_type": covariance_type, "missing": "marginalise", "resp_init": np.eye(3)[z]}
    start = GaussianMixture(3, max_iter=0, **common).fit(X)
    np.testing.assert_allclose(start.means_, [np.nanmean(X[z == j], axis=0) for j in range(3)], rtol=1e-12)
    end = GaussianMixture(3, **common).fit(X)
    assert end.score(X) >= start.score(X) - 1e-9
    seen = ~np.isnan(X).all(axis=1)
    np.testing.assert_array_equal(end.predict(X)[seen], z[seen])


def test_a_warm_start_of_another_kind_is_refused():
    X, *_ = problem(5, n=60, d=2, k=2)
    for change in ({"n_components": 3}, {"covariance_type": "diag"}, {"covariance_type": "tied"}):
        model = GaussianMixture(2, warm_start=True, random_state=0).fit(X)
        with pytest.raises(ValueError, match="warm_start would go on from 2 components of 2 features"):
            model.set_params(**change).fit(X)
    model = GaussianMixture(2, warm_start=True, random_state=0).fit(X)
    with pytest.raises(ValueError, match=r"not 2 components of 1 features .* Set warm_start=False"):
        model.fit(X[:, :1])
    with pytest.raises(ValueError, match="warm_start would go on"):
        model.fit_blocks([X[:, :1]])


def test_masked_entries_are_missing():
    X, *_ = problem(6, n=60, d=2, k=2)
    holes = np.random.RandomState(0).uniform(size=X.shape) < 0.1
    masked = np.ma.masked_array(np.where(holes, 1e9, X), holes)
    with pytest.raises(ValueError, match="X holds nan at row"):
        GaussianMixture(2).fit(masked)
    settings = {"missing": "marginalise", "random_state": 0}
    ours = GaussianMixture(2, **settings).fit(masked)
    np.testing.assert_array_equal(ours.means_, GaussianMixture(2, **settings).fit(np.where(holes, np.nan, X)).means_)


def test_pandas_na_is_missing():
    class NAType:
        """What pandas writes for a missing number: it has no float."""

    X, *_ = problem(7, n=60, d=2, k=2)
    table = X.astype(object)
    table[3, 1] = NAType()
    table[5, 0] = None
    expected = X.copy()
    expected[3, 1] = expected[5, 0] = np.nan
    settings = {"missing": "marginalise", "random_state": 0}
    ours = GaussianMixture(2, **settings).fit(table)
    np.testing.assert_array_equal(ours.means_, GaussianMixture(2, **settings).fit(expected).means_)
    with pytest.raises(ValueError, match=r'X holds nan at row 3, column 1.* with missing="marginalise"') as refused:
        GaussianMixture(2).fit(table)
    in_blocks = str(refused.value).replace("X holds", "Block 0 holds")
    with pytest.raises(ValueError, match=re.escape(in_blocks)):
        GaussianMixture(2).fit_blocks([table])
    for model, X in ((KMeans(2), table), (GaussianMixture(2), np.where(np.isnan(expected), np.inf, expected))):
        with pytest.raises(ValueError, match=r"no infinity\)\.$"):  # who cannot do it, or needs it not, does not say so
            model.fit(X)
