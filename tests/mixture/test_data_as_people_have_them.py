"""Tables as they are: codes, counts, grades, dates, sorted, repeated, doubled, constant, with outliers and gaps.

Each fit ends by itself, keeps the laws of EM, warns of nothing but what it names, and its densities are those of SciPy.
What no mixture can be fitted to is refused in words.
"""

import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, as_matrices
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from course_lib.mixture import (
    DegenerateWarning,
    GaussianMixture,
    KMeans,
    bootstrap,
    likelihood_ratio_test,
    select_mixture,
)

seeds = st.integers(0, 2**31)
COLUMNS = {
    "clusters": lambda random, shape: (
        3 * random.normal(size=(3, shape[1]))[random.randint(3, size=shape[0])] + random.normal(size=shape)
    ),
    "codes": lambda random, shape: random.randint(0, 5, size=shape),
    "yes or no": lambda random, shape: (random.uniform(size=shape) < 0.3).astype(int),
    "counts": lambda random, shape: random.poisson(3, size=shape),
    "money": lambda random, shape: np.round(np.exp(8 + 2 * random.normal(size=shape)), 2),
    "dates": lambda random, shape: 1.7e9 + 86400 * random.randint(0, 365, size=shape),
    "percent": lambda random, shape: np.round(100 * random.beta(0.5, 0.5, size=shape)),
    "rows four times": lambda random, shape: np.repeat(random.normal(size=shape), 4, axis=0)[: shape[0]],
}
CHANGES = {
    "sorted": lambda X: X[np.lexsort(X.T)],
    "doubled": lambda X: np.column_stack([X, 2.54 * X[:, :1]]),
    "twice": lambda X: np.column_stack([X, X[:, :1]]),
    "constant": lambda X: np.column_stack([X, np.full(len(X), 7)]),
    "outlier": lambda X: np.concatenate([X, 1000 * X[:1]]),
    "code for missing": lambda X: np.concatenate([X, np.full_like(X[:3], -9999)]),
    "other unit": lambda X: X * 1e-7,
    "none": lambda X: X,
}
FORMS = {
    "list": np.ndarray.tolist,
    "Fortran": np.asfortranarray,
    "reversed in memory": lambda X: X[::-1].copy()[::-1],
    "every other row": lambda X: np.repeat(X, 2, axis=0)[::2],
    "objects": lambda X: X.astype(object),
}


@st.composite
def tables(draw):
    """Return a table, which nobody may write to."""
    columns, change = draw(st.sampled_from(list(COLUMNS))), draw(st.sampled_from(list(CHANGES)))
    shape = draw(st.sampled_from([2, 3, 9, 60, 150])), draw(st.sampled_from([1, 2, 5]))
    X = CHANGES[change](COLUMNS[columns](np.random.RandomState(draw(seeds)), shape))
    X.flags.writeable = False
    return X


def quietly(work):
    """Do what may warn of degenerate components; every other warning is an error, as a wrong number would be."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DegenerateWarning)
        return work()


def refused(work):
    """Do it; return the words in which it was refused, or None."""
    try:
        work()
    except ValueError as error:
        return str(error)
    return None


@settings(max_examples=60)
@given(tables(), st.sampled_from(TYPES), st.integers(1, 4), st.sampled_from([None, 1.0, 1e9]), seeds)
def test_a_table_is_fitted_or_refused_in_words(X, covariance_type, k, weight, seed):
    w = None if weight is None else weight * np.random.RandomState(seed).choice([0.0, 1.0, 2.0, 5.0], size=len(X))
    model = GaussianMixture(k, covariance_type=covariance_type, random_state=0)
    if (refusal := refused(lambda: quietly(lambda: model.fit(X, sample_weight=w)))) is not None:
        assert any(
            words in refusal for words in ("distinct points", "n_samples >= n_components", "all weights are zero")
        )
        return
    assert model.converged_
    assert model.weights_.sum() == pytest.approx(1)
    high = max(1.0, abs(model.lower_bound_))
    assert min(np.diff(model.lower_bounds_), default=0) > -1e-8 * high
    np.testing.assert_allclose(quietly(lambda: model.predict_proba(X)).sum(axis=1), 1, rtol=1e-12)
    with np.errstate(divide="ignore"):
        matrices = as_matrices(model.covariances_, covariance_type, *model.means_.shape)
        parts = [
            np.log(weight) + multivariate_normal(mean, matrix, allow_singular=True).logpdf(X.astype(float)).reshape(-1)
            for weight, mean, matrix in zip(model.weights_, model.means_, matrices, strict=True)
            if np.linalg.cond(matrix) < 1e8  # SciPy leaves out the directions that are narrower
        ]
    if len(parts) == k:
        ours = quietly(lambda: model.score_samples(X))
        np.testing.assert_allclose(ours, logsumexp(parts, axis=0), rtol=1e-5, atol=1e-5)


@settings(max_examples=25)
@given(tables(), st.sampled_from(TYPES), st.sampled_from(list(FORMS)))
def test_how_a_table_lies_in_memory_changes_nothing(X, covariance_type, form):
    start = {"means_init": np.array([X.min(axis=0), X.max(axis=0)], dtype=float), "random_state": 0}
    if (start["means_init"][0] == start["means_init"][1]).all():
        return
    plain, other = (GaussianMixture(2, covariance_type=covariance_type, max_iter=5, tol=0.0, **start) for _ in "ab")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refusals = [refused(lambda: plain.fit(X.astype(float))), refused(lambda: other.fit(FORMS[form](X)))]
    assert refusals[0] == refusals[1]
    if refusals[0]:
        assert "distinct points" in refusals[0]
        return
    assert other.lower_bound_ == pytest.approx(plain.lower_bound_, rel=1e-6, abs=1e-6)


@settings(max_examples=8)
@example(0, "tied", 2)
@example(1, "tied", 2)
@given(seeds, st.sampled_from(["full", "tied"]), st.integers(2, 4))
def test_a_column_that_stands_twice_lets_the_climb_end(seed, covariance_type, k):
    """The covariances are singular but for the floor, and the log-likelihood is jagged by rounding."""
    random = np.random.RandomState(seed)
    X = np.repeat([[0.0, 0.0], [6.0, 3.0]], 80, axis=0) + random.normal(size=(160, 2)) * [1.0, 0.5]
    X = np.column_stack([X, X[:, :1]])
    model = quietly(lambda: GaussianMixture(k, covariance_type=covariance_type, random_state=0).fit(X))
    assert model.converged_


# Data that lie in one place


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("value", [0.0, 1.0, -3e8, 0.1])
def test_constant_data_are_said_to_be_constant_by_each_type(covariance_type, value):
    X = np.full((20, 2), value)
    with pytest.warns(DegenerateWarning, match="column 0 is constant; column 1 is constant"):
        model = GaussianMixture(1, covariance_type=covariance_type).fit(X)
    assert model.degenerate_ == [0]
    np.testing.assert_allclose(model.means_, [[value, value]])
    with pytest.raises(ValueError, match="only 1 distinct points"), pytest.warns(DegenerateWarning):
        GaussianMixture(2, covariance_type=covariance_type).fit(X)


@pytest.mark.parametrize("more", [{}, {"prior": "auto"}, {"missing": "marginalise"}, {"reg_covar": 1e-6}])
def test_no_model_of_constant_data_is_chosen(more):
    X = np.ones((20, 2))
    if "missing" in more:
        X[3, 1] = np.nan
    with pytest.warns(DegenerateWarning, match="No column is left in which models could be compared"):
        found = select_mixture(X, [1, 2], random_state=0, **more)
    assert all(row.degenerate for row in found.table)
    assert found.columns == ()
    with pytest.raises(ValueError, match="no column of X varies"):
        _ = found.best


def test_rows_without_weight_do_not_make_constant_data_vary():
    X, w = np.r_[np.ones((20, 2)), [[5.0, 6.0]]], np.r_[np.ones(20), 0.0]
    with pytest.warns(DegenerateWarning, match="column 0 is constant; column 1 is constant"):
        assert GaussianMixture(1).fit(X, sample_weight=w).degenerate_ == [0]


@pytest.mark.filterwarnings("ignore::course_lib.mixture.DegenerateWarning")
def test_constant_data_have_no_error_and_no_second_component():
    X = np.ones((20, 2))
    model = GaussianMixture(1).fit(X)
    assert np.abs(bootstrap(model, X, 5, random_state=0).standard_errors.means).max() == 0
    assert likelihood_ratio_test(model, X, 3, random_state=0).p_value == 1
    np.testing.assert_array_equal(model.impute([[np.nan, 1.0]]), [[1.0, 1.0]])
    assert KMeans(1).fit(X).inertia_ == 0
    with pytest.raises(ValueError, match="only 1 distinct points"):
        KMeans(2).fit(X)


# Numbers that are large


def test_an_offset_that_leaves_few_digits_is_to_be_subtracted():
    X = np.repeat([[0.0, 0.0], [6.0, 3.0]], 80, axis=0) + np.random.RandomState(0).normal(size=(160, 2))
    with pytest.warns(DegenerateWarning, match=r"as large as 1e\+14.* subtracting the offset: X - X.mean"):
        GaussianMixture(2, random_state=0).fit(X + 1e14)
    shifted = X + 1e14
    followed = GaussianMixture(2, random_state=0).fit(shifted - shifted.mean(axis=0))  # as the warning says
    assert followed.degenerate_ == []
    expected = GaussianMixture(2, random_state=0).fit(X - X.mean(axis=0))
    np.testing.assert_allclose(np.sort(followed.means_, axis=0), np.sort(expected.means_, axis=0), atol=0.05)


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("far", [1e100, 1e160, 1e300, -1.7e308])
def test_points_however_far_are_asked_about_without_a_warning(covariance_type, far):
    model = GaussianMixture(2, covariance_type=covariance_type, random_state=0)
    model.fit(np.random.RandomState(0).normal(size=(50, 3)))
    X = np.array([[0.0, 0.0, 0.0], [far, 0.0, 0.0], [0.0, far, -far]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (model.score_samples(X)[1:] < -1e190).all()
        np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
        np.testing.assert_array_equal(model.predict(X), model.predict_proba(X).argmax(axis=1))
        assert model.bic(X) > 1e190
        assert model.score(X) < -1e190


@settings(max_examples=15)
@given(seeds, st.sampled_from(["full", "tied"]), st.floats(3, 12))
def test_the_automatic_prior_is_one_where_columns_nearly_repeat_each_other(seed, covariance_type, decades):
    """Two clusters far apart along the diagonal: all data have the same offset in each column."""
    random = np.random.RandomState(seed)
    X = random.normal(size=(60, 3))
    X[:30] += 10**decades
    model = quietly(lambda: GaussianMixture(2, covariance_type=covariance_type, prior="auto", random_state=0).fit(X))
    np.testing.assert_allclose(np.sort(model.weights_), [0.5, 0.5], atol=1e-6)


@settings(max_examples=20)
@given(seeds, st.floats(2, 40), st.integers(2, 4))
def test_a_component_with_an_outlier_in_columns_that_repeat_each_other_is_a_covariance(seed, decades, d):
    """Its largest eigenvalue is so large that the floor is rounding beside it."""
    random = np.random.RandomState(seed)
    X = np.repeat(random.normal(size=(40, 1)), d, axis=1)
    X[0] *= 10**decades
    model = quietly(lambda: GaussianMixture(2, init_params="random", random_state=0).fit(X))
    np.linalg.cholesky(model.covariances_)
    assert model.converged_
