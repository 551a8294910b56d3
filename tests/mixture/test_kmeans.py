"""K-means, held against scikit-learn, by its own laws, and as the limit of EM."""

import sys
import types
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixture_problems import Table, problem
from sklearn import clone, config_context
from sklearn.cluster import KMeans as Sklearn

from course_lib.datasets import three_overlapping_clusters
from course_lib.mixture import GaussianMixture, KMeans, e_step


def test_from_the_same_centres_it_is_scikit_learns():
    X, _ = three_overlapping_clusters(2000)
    ours = KMeans(3, init=X[:3], tol=0).fit(X)
    theirs = Sklearn(3, init=X[:3], n_init=1, tol=0, algorithm="lloyd").fit(X)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    assert ours.inertia_ == pytest.approx(theirs.inertia_)
    np.testing.assert_array_equal(ours.predict(X), theirs.labels_)


def test_transform_and_score_are_scikit_learns():
    X, *_ = problem(2, n=9000, d=3, k=4)  # more rows than a block
    w = np.random.RandomState(2).uniform(size=9000)
    ours = KMeans(4, init=X[:4], tol=0).fit(X[:500], sample_weight=w[:500])
    theirs = Sklearn(4, init=X[:4], n_init=1, tol=0).fit(X[:500], sample_weight=w[:500])
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X), rtol=1e-6)
    np.testing.assert_array_equal(ours.transform(X).argmin(axis=1), ours.predict(X))
    assert ours.score(X) == pytest.approx(theirs.score(X))
    assert ours.score(X, sample_weight=w) == pytest.approx(theirs.score(X, sample_weight=w))
    assert ours.score(X[:500], sample_weight=w[:500]) == pytest.approx(-ours.inertia_)
    again = KMeans(4, init=X[:4], tol=0).fit_transform(X[:500], sample_weight=w[:500])
    np.testing.assert_array_equal(again, ours.transform(X[:500]))


def test_distances_of_close_points_keep_their_digits():
    """The square of a difference, not the difference of squares: 3 and 4 beside a billion make 5."""
    X = 1e9 + np.array([[0.0, 0.0], [3.0, 4.0]])
    found = KMeans(2, init=X).fit(X)
    np.testing.assert_array_equal(found.transform(X), [[0, 5], [5, 0]])
    np.testing.assert_array_equal(found.transform(X.astype(np.float32)).dtype, np.float64)


def test_em_with_a_variance_going_to_zero_is_k_means():
    """Not an M step is needed beyond the means: both reach the same partition, from the same centres."""
    X, _ = three_overlapping_clusters()
    found = KMeans(3, init=X[:3], tol=0).fit(X)
    for weights in ([1 / 3] * 3, [0.9, 0.05, 0.05]):  # any positive weights: their logarithms drown
        means = X[:3]
        for _ in range(found.n_iter_ + 1):
            _, r = e_step(X, weights, means, np.full(3, 1e-12), "spherical")
            means = (r.T @ X) / r.sum(axis=0)[:, None]
        np.testing.assert_array_equal(r.argmax(axis=1), found.labels_)
        np.testing.assert_allclose(means, found.cluster_centers_)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**31), k=st.integers(1, 6), init=st.sampled_from(["k-means++", "random"]))
def test_the_inertia_never_rises_and_the_end_is_a_fixed_point(seed, k, init):
    X, *_ = problem(seed, n=60, d=2, k=3)
    inertias = []
    for steps in range(1, 6):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inertias.append(KMeans(k, init=init, random_state=seed, max_iter=steps, tol=0).fit(X).inertia_)
    assert max(np.diff(inertias)) <= 1e-9 * inertias[0]
    end = KMeans(k, init=init, random_state=seed, tol=0, max_iter=1000).fit(X)
    for j in range(k):
        np.testing.assert_allclose(end.cluster_centers_[j], X[end.labels_ == j].mean(axis=0), atol=1e-9)
    distances = np.linalg.norm(X[:, None] - end.cluster_centers_, axis=2)
    assert (distances**2).min(axis=1).sum() == pytest.approx(end.inertia_)


def test_an_empty_cluster_is_repaired():
    X = np.array([[0.0], [1.0], [10.0], [11.0]])
    found = KMeans(3, init=[[0.5], [10.5], [1e6]]).fit(X)
    assert np.bincount(found.labels_, minlength=3).min() >= 1


def test_weights_count_points():
    X, _ = three_overlapping_clusters()
    w = np.random.RandomState(0).randint(0, 3, len(X))
    weighted = KMeans(3, init=X[:3], tol=0).fit(X, sample_weight=w)
    repeated = KMeans(3, init=X[:3], tol=0).fit(np.repeat(X, w, axis=0))
    np.testing.assert_allclose(weighted.cluster_centers_, repeated.cluster_centers_)
    assert weighted.inertia_ == pytest.approx(repeated.inertia_)


def test_an_offset_does_not_matter():
    X, _ = three_overlapping_clusters()
    moved = X + 1e8
    np.testing.assert_array_equal(
        KMeans(3, init=(moved - 1e8)[:3]).fit(moved - 1e8).labels_, KMeans(3, init=moved[:3]).fit(moved).labels_
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    far=st.floats(0, 15).map(lambda power: 10**power),
    weight=st.sampled_from([1e-140, 1e-9, 1.0, 1e9, 1e140]),
    unit=st.sampled_from([1e-5, 1.0, 1e5]),
)
def test_a_row_far_out_and_units_cost_no_digit(seed, far, weight, unit):
    """Two clusters ten apart and a row of its own: each is as it would be alone, to the rounding of that row."""
    random = np.random.RandomState(seed)
    near = np.concatenate([random.uniform(-1, 1, (60, 2)), 10 + random.uniform(-1, 1, (60, 2))])
    order = random.permutation(121)
    X = np.concatenate([near, [[40 + far, 0.0]]])[order] * unit
    found = KMeans(3, random_state=seed, tol=0).fit(X, sample_weight=np.full(121, weight))
    group = np.repeat([0, 1, 2], [60, 60, 1])[order]
    for j in range(3):
        (label,) = set(found.labels_[group == j])
        own = X[group == j].mean(axis=0)
        np.testing.assert_allclose(found.cluster_centers_[label], own, rtol=1e-12, atol=1e-9 * unit)
    np.testing.assert_array_equal(found.predict(X), found.labels_)
    inertia = sum(((X[group == j] - X[group == j].mean(axis=0)) ** 2).sum() for j in range(3))
    assert found.inertia_ == pytest.approx(weight * inertia, rel=1e-9)
    assert found.score(X, sample_weight=np.full(121, weight)) == pytest.approx(-found.inertia_, rel=1e-9)


def test_heavy_weights_of_large_numbers_count_as_others():
    X = 1e140 * FLOWERS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heavy = KMeans(2, random_state=0).fit(X, sample_weight=np.full(len(X), 1e140))
    np.testing.assert_allclose(heavy.cluster_centers_, KMeans(2, random_state=0).fit(X).cluster_centers_)
    light = np.where(np.arange(len(X)) < 38, 1e140, 1e-300)  # what is nothing beside the others counts nothing
    found = KMeans(2, random_state=0).fit(X, sample_weight=light)
    np.testing.assert_allclose(found.cluster_centers_, KMeans(2, random_state=0).fit(X[:38]).cluster_centers_)
    np.testing.assert_array_equal(found.labels_, found.predict(X))


def test_errors_say_what_was_given():
    with pytest.raises(ValueError, match="only 2 distinct points; expected at least 3"):
        KMeans(3).fit([[0.0], [1.0]] * 1000)
    with pytest.raises(ValueError, match="init is 'magic'"):
        KMeans(1, init="magic").fit([[0.0]])
    with pytest.raises(ValueError, match=r"init has shape \(1, 2\)"):
        KMeans(1, init=[[0, 0]]).fit([[0.0]])
    with pytest.warns(UserWarning, match="still moved after max_iter=1"):
        KMeans(3, random_state=0, max_iter=1).fit(three_overlapping_clusters()[0])
    with pytest.raises(ValueError, match="sample_weight has the smallest weight -1"):
        KMeans(1).fit([[0.0], [1.0]], sample_weight=[-1, 2])
    for ask in (KMeans(1).transform, KMeans(1).score):
        with pytest.raises(ValueError, match="expected fit\\(X\\) to be called first"):
            ask([[0.0]])
    with pytest.raises(ValueError, match=r"sample_weight has shape \(1,\); expected \(2,\)"):
        KMeans(1).fit([[0.0], [1.0]]).score([[0.0], [1.0]], sample_weight=[1])


FLOWERS = np.random.RandomState(0).normal(size=(40, 2)) + 5.0 * (np.arange(40) % 2)[:, None]


def test_new_features_have_names():
    model = KMeans(3, random_state=0).fit(Table(FLOWERS, ["a", "b"]))
    assert model.get_feature_names_out().tolist() == ["kmeans0", "kmeans1", "kmeans2"]
    assert model.get_feature_names_out(["a", "b"]).tolist() == ["kmeans0", "kmeans1", "kmeans2"]
    with pytest.raises(ValueError, match="input_features is not equal to feature_names_in_"):
        model.get_feature_names_out(["b", "a"])
    with pytest.raises(ValueError, match=r"length equal to number of features \(2\), got 3"):
        KMeans(3).fit(FLOWERS).get_feature_names_out(["a", "b", "c"])


def test_distances_come_as_the_table_that_was_asked_for(monkeypatch):
    """A module in pandas' place, which is not installed everywhere: the frame is made with its arguments."""
    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(DataFrame=Table))
    given = Table(FLOWERS, ["a", "b"], index=np.arange(len(FLOWERS)) + 7)
    model = KMeans(2, random_state=0).fit(given)
    expected = model.transform(given)
    table = clone(model).set_output(transform="pandas").fit(given).transform(given)
    assert table.columns == ["kmeans0", "kmeans1"]
    assert table.index is given.index
    np.testing.assert_array_equal(table.values, expected)
    with config_context(transform_output="pandas"):
        assert isinstance(model.fit_transform(given), Table)
        assert isinstance(clone(model).set_output(transform="default").fit_transform(given), np.ndarray)
    with pytest.raises(ValueError, match="output config must be 'default', 'pandas' or 'polars', got 'list'"):
        model.set_output(transform="list").transform(given)


@pytest.mark.parametrize("model", [KMeans(2, random_state=0), GaussianMixture(2, random_state=0)])
def test_names_of_columns_are_compared_with_those_of_fit(model):
    named = model.fit(Table(FLOWERS, ["a", "b"]))
    for other, message in (
        (["b", "a"], "must be in the same order as they were in fit"),
        (["a", "c"], r"unseen at fit time:\n- c\nFeature names seen at fit time, yet now missing:\n- b"),
    ):
        with pytest.raises(ValueError, match=message):
            named.predict(Table(FLOWERS, other))
    with pytest.warns(UserWarning, match="X does not have valid feature names, but .* was fitted with feature names"):
        named.predict(FLOWERS)
    with pytest.warns(UserWarning, match="X has feature names, but .* was fitted without feature names"):
        model.fit(FLOWERS).predict(Table(FLOWERS, ["a", "b"]))
    with pytest.raises(TypeError, match="only supported if all input features have string names"):
        model.fit(Table(FLOWERS, ["a", 1]))


def test_blocks_that_are_tables_have_the_same_columns():
    ab, ba = Table(FLOWERS[:25], ["a", "b"]), Table(FLOWERS[25:, ::-1], ["b", "a"])
    model = GaussianMixture(2, random_state=0).fit_blocks([ab, Table(FLOWERS[25:], ["a", "b"])])
    assert model.feature_names_in_.tolist() == ["a", "b"]
    np.testing.assert_allclose(model.means_, GaussianMixture(2, random_state=0).fit(FLOWERS).means_)
    for blocks in ([ab, ba], [(ab, np.ones(25)), (ba, np.ones(15))]):
        with pytest.raises(ValueError, match=r"Block 1 has the columns \['b', 'a'\]; expected \['a', 'b'\]"):
            GaussianMixture(2, random_state=0).fit_blocks(blocks)
    assert not hasattr(model.fit_blocks([FLOWERS]), "feature_names_in_")
