"""What a mixture says of the rest, given some features: by SciPy's normal distribution, and by Bayes' rule."""

from copy import copy
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mixture_problems import TYPES, as_matrices, problem
from scipy.stats import multivariate_normal

from course_lib.mixture import DegenerateWarning, GaussianMixture, select_mixture
from course_lib.mixture.conditioning import conditioned
from course_lib.mixture.one_pass.summaries import Parameters


@cache
def fit_of(covariance_type):
    X, *_ = problem(8, n=120, d=3, k=2, spread=4.0)
    return GaussianMixture(2, covariance_type=covariance_type, random_state=0).fit(X), X


def fitted(covariance_type="full", names=None):
    model, X = fit_of(covariance_type)
    if names is not None:
        model = copy(model)
        model.feature_names_in_ = np.array(names, dtype=object)
    return model, X


def by_bayes(model, seen, values):
    """Return weights of the components given what was seen, and the means of the rest under each."""
    S = as_matrices(model.covariances_, model.covariance_type, 2, 3)
    rest = [j for j in range(3) if j not in seen]
    weights, means = [], []
    for pi, mu, Sigma in zip(model.weights_, model.means_, S, strict=True):
        weights.append(pi * multivariate_normal(mu[seen], Sigma[np.ix_(seen, seen)]).pdf(values))
        slope = Sigma[np.ix_(rest, seen)] @ np.linalg.inv(Sigma[np.ix_(seen, seen)])
        means.append(mu[rest] + slope @ (values - mu[seen]))
    return np.array(weights) / np.sum(weights), np.array(means)


@given(st.sampled_from(TYPES), st.sampled_from([[0], [2], [0, 1], [2, 0]]), st.integers(0, 119))
def test_conditionals_and_imputed_entries_are_bayes(covariance_type, seen, row):
    model, X = fitted(covariance_type)
    weights, means = by_bayes(model, seen, X[row, seen])
    left = model.conditional({np.int64(j): X[row, j] for j in seen})
    np.testing.assert_allclose(left.weights_, weights, rtol=1e-9)
    np.testing.assert_allclose(left.means_, means, rtol=1e-9)
    holes = np.full((1, 3), np.nan)
    holes[0, seen] = X[row, seen]
    rest = [j for j in range(3) if j not in seen]
    filled = model.impute(holes)
    np.testing.assert_allclose(filled[0, rest], weights @ means, rtol=1e-9)
    np.testing.assert_array_equal(filled[0, seen], X[row, seen])


def test_many_points_and_names():
    model, X = fitted(names=["width", "height", "weight"])
    many = model.conditional({"height": X[:5, 1], "width": X[:5, 0]})
    assert len(many) == 5
    for one, row in zip(many, X, strict=False):
        alone = model.conditional({0: row[0], 1: row[1]})
        np.testing.assert_allclose(one.means_, alone.means_, rtol=1e-12)
        assert one.feature_names_in_.tolist() == ["weight"]
    assert model.marginal(["weight", "width"]).feature_names_in_.tolist() == ["weight", "width"]
    np.testing.assert_array_equal(model.marginal(["weight"]).means_, model.marginal([2]).means_)
    with pytest.raises(ValueError, match="There is no column 'depth': expected one of"):
        model.conditional({"depth": 1.0})
    with pytest.raises(ValueError, match="the columns had no names"):
        fitted()[0].conditional({"width": 1.0})
    with pytest.raises(ValueError, match=r"columns are \[True\]"):
        model.conditional({True: 1.0})


@pytest.mark.parametrize("covariance_type", TYPES)
def test_draws_have_the_conditional_moments(covariance_type):
    model, X = fitted(covariance_type)
    holes = np.tile([X[0, 0], np.nan, np.nan], (20_000, 1))
    drawn = model.impute(holes, draw=True, random_state=1)[:, 1:]
    left = model.conditional({0: X[0, 0]})
    mean = left.weights_ @ left.means_
    S = as_matrices(left.covariances_, covariance_type, 2, 2)
    away = left.means_ - mean
    covariance = np.einsum("k,kij->ij", left.weights_, S + away[:, :, None] * away[:, None, :])
    np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=5 * np.sqrt(np.diag(covariance).max() / 20_000))
    np.testing.assert_allclose(np.cov(drawn.T), covariance, atol=0.06 * np.diag(covariance).max())


def test_columns_are_counted_in_the_data_where_some_were_left_out():
    """Column 0 is constant: column 1 of X is the mixture's first, and no number means another column in silence."""
    X = fitted()[1]
    plain = GaussianMixture(2, random_state=0).fit(X)
    with pytest.warns(DegenerateWarning, match="column 0 is constant"):
        left = select_mixture(np.column_stack([np.ones(len(X)), X]), [2], ["full"], random_state=0).best
    assert (plain.columns_, left.columns_) == ((0, 1, 2), (1, 2, 3))
    np.testing.assert_allclose(left.marginal([3, 1]).means_, left.means_[:, [2, 0]])
    given, expected = left.conditional({2: X[0, 1]}), left.conditional({np.int64(2): [X[0, 1]]})[0]
    by_hand = conditioned(Parameters(left.weights_, left.means_, left.covariances_), "full", {1: X[0, 1]})
    for one in (given, expected):
        np.testing.assert_allclose(one.means_, by_hand.means)
    for ask in (lambda: left.marginal([0, 1]), lambda: left.conditional({0: 1.0}), lambda: left.conditional({True: 1})):
        with pytest.raises(ValueError, match=r"of X is not in this mixture: .* Expected one of \[1, 2, 3\]"):
            ask()


def test_a_row_of_which_nothing_is_seen_and_one_without_holes():
    model, X = fitted()
    filled = model.impute([[np.nan] * 3, X[0]])
    np.testing.assert_allclose(filled[0], model.weights_ @ model.means_, rtol=1e-12)
    np.testing.assert_array_equal(filled[1], X[0])
    with pytest.raises(ValueError, match="X has 2 features"):
        model.impute([[np.nan, 1.0]])
