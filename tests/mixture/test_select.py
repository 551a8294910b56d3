"""The best model is the one that the criterion says, and never one on the floor of the variances."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, Table
from sklearn.mixture import GaussianMixture as Sklearn

from course_lib.datasets import load_old_faithful, three_overlapping_clusters
from course_lib.mixture import DegenerateWarning, GaussianMixture, select_mixture
from course_lib.mixture.covariances import COVARIANCE_TYPES


def test_old_faithful_chooses_three_tied_components():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateWarning)
        found = select_mixture(load_old_faithful(), range(1, 6), random_state=0, n_init=3, tol=1e-6, max_iter=2000)
    assert (found.best.covariance_type, found.best.n_components) == ("tied", 3)
    assert found.table[0].bic == pytest.approx(2314.3, abs=0.1)
    assert len(found.table) == 20
    assert "tied       K = 3   BIC     2314.3" in repr(found)


def test_the_trap_of_five_diagonal_components_is_seen():
    """From k-means in raw units (as scikit-learn starts) a component shrinks onto one whole minute of waiting."""
    X = load_old_faithful()
    theirs = Sklearn(5, covariance_type="diag", n_init=20, random_state=0, tol=1e-7, max_iter=2000).fit(X)
    start = {"weights_init": theirs.weights_, "means_init": theirs.means_, "precisions_init": theirs.precisions_}
    with pytest.warns(DegenerateWarning, match="has collapsed"):
        ours = GaussianMixture(5, covariance_type="diag", reg_covar=1e-6, **start).fit(X)
    assert ours.bic(X) == pytest.approx(2220.6, abs=0.1)
    assert len(ours.degenerate_) == 1
    with pytest.raises(ValueError, match="Every model is degenerate"):
        _ = select_mixture(X, [5], ["diag"], reg_covar=1e-6, **start).best


def test_a_false_winner_is_named_and_refused():
    X, _ = three_overlapping_clusters()
    X[:20, 1] = 9.0  # twenty rounded values: a component with no width
    with pytest.warns(DegenerateWarning, match="has the lowest bic .* but a collapsed component"):
        found = select_mixture(X, [1, 4], ["diag"], random_state=0, max_iter=1000)
    assert min(found.table, key=lambda row: row.bic).n_components == 4
    assert found.table[-1].degenerate
    assert found.best.n_components == 1


@pytest.mark.parametrize("criterion", ["bic", "aic", "icl"])
def test_the_table_is_sorted_and_its_numbers_are_the_mixtures(criterion):
    X, _ = three_overlapping_clusters()
    found = select_mixture(X, [1, 2, 3], COVARIANCE_TYPES, criterion, random_state=0, max_iter=1000)
    values = [getattr(row, criterion) for row in found.table if not row.degenerate]
    assert values == sorted(values)
    assert getattr(found.best, criterion)(X) == pytest.approx(values[0])


def test_nothing_to_choose_from():
    X = [[0.0], [1.0]] * 5
    found = select_mixture(X, [2], ["full"], random_state=0)
    with pytest.raises(ValueError, match="Every model is degenerate"):
        _ = found.best
    collapsed = select_mixture(X, [2], ["full"], random_state=0, reg_covar=0.0)
    assert collapsed.table[0].mixture is None
    with pytest.raises(ValueError, match="criterion is 'likelihood'"):
        select_mixture(X, criterion="likelihood")
    with pytest.raises(ValueError, match="nothing to try"):
        select_mixture(X, [])
    with pytest.raises(ValueError, match="holds nan"):
        select_mixture([[float("nan")], [1.0]])


@given(st.integers(0, 10**6), st.sampled_from(TYPES))
@settings(max_examples=20)
def test_weights_count_as_repeated_rows_in_every_criterion(seed, covariance_type):
    random = np.random.RandomState(seed)
    X, w = random.normal(size=(60, 2)), random.randint(0, 4, size=60)
    mixture = GaussianMixture(2, covariance_type=covariance_type, random_state=0, tol=1e-3, reg_covar=1e-6).fit(X)
    repeated = np.repeat(X, w, axis=0)
    for criterion in (mixture.bic, mixture.aic, mixture.icl):
        assert criterion(X, sample_weight=w) == pytest.approx(criterion(repeated), rel=1e-12)


def test_models_that_share_a_beginning_are_those_that_are_fitted_alone():
    X = np.random.RandomState(3).normal(size=(1500, 2)) + 4.0 * (np.arange(1500) % 3)[:, None]
    for row in select_mixture(X, [2, 3], random_state=5).table:
        kind = row.covariance_type
        alone = GaussianMixture(row.n_components, covariance_type=kind, random_state=5, accelerate="squarem").fit(X)
        np.testing.assert_array_equal(row.mixture.means_, alone.means_)


def test_models_with_more_components_than_clusters_end_by_themselves():
    """EM alone creeps for 2000 sweeps; what leaps reach is never lower than where scikit-learn stops."""
    random = np.random.RandomState(2)
    X = 3 * random.normal(size=(4, 4))[random.randint(4, size=2000)] + random.normal(size=(2000, 4))
    found = select_mixture(X, [5, 6], ["diag", "spherical"], random_state=0)
    for row in found.table:
        assert row.mixture.converged_
        theirs = Sklearn(row.n_components, covariance_type=row.covariance_type, random_state=0).fit(X)
        assert row.log_likelihood > theirs.score(X) * len(X) - 0.05


def test_names_of_columns_outlive_those_that_are_left_out():
    X = np.random.RandomState(0).normal(size=(60, 2)) + 8.0 * (np.arange(60) % 2)[:, None]
    with_constant = Table(np.insert(X, 1, 7.0, axis=1), columns=["height", "one", "weight"])
    with pytest.warns(DegenerateWarning, match="'one' is constant"):
        best = select_mixture(with_constant, [1, 2], ["full"], random_state=0).best
    assert best.feature_names_in_.tolist() == ["height", "weight"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels = best.predict(with_constant)
        np.testing.assert_array_equal(best.predict(Table(X, columns=["height", "weight"])), labels)
    with pytest.raises(ValueError, match="must be in the same order"):
        best.predict(Table(X, columns=["weight", "height"]))
    holes = np.insert(X, 1, 7.0, axis=1)
    holes[3, 2] = np.nan
    filled = best.impute(Table(holes, columns=["height", "one", "weight"]))
    expected = best.conditional({"height": holes[3, 0]})
    assert filled[3, 2] == pytest.approx(expected.weights_ @ expected.means_[:, 0])
    holes[3, 2] = filled[3, 2]
    np.testing.assert_array_equal(filled, holes)
    assert best.marginal("weight").means_.ravel() == pytest.approx(best.means_[:, 1])
