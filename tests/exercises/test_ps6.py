"""Problem set 6: its answers against SciPy, NumPy's own covariances and scikit-learn, and how general its inputs are.

What holds for every set stands in `test_problem_sets.py`.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of
from scipy.spatial.distance import cdist
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans

PS6 = runs_of("ps6")
CHECKS, draws = PS6.checks, PS6.draws
FEW = settings(max_examples=10, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@FEW
@given(seeds)
def test_log_densities_are_those_of_scipy(seed):
    for given_ in draws("log-density-near", seed):
        right = np.atleast_1d(multivariate_normal(given_["mean"], given_["covariance"]).logpdf(given_["points"]))
        assert CHECKS["log-density-near"].expected(**given_) == pytest.approx(right, rel=1e-12, abs=1e-12)
    for given_ in draws("log-density-far", seed):
        answer = CHECKS["log-density-far"].expected(**given_)
        for name, key in (("far", "far points"), ("many", "many features")):
            gaussian = multivariate_normal(given_[f"{name}_mean"], given_[f"{name}_covariance"])
            assert answer[key] == pytest.approx(gaussian.logpdf(given_[name]), rel=1e-11)


@FEW
@given(seeds)
def test_far_points_and_many_features_leave_the_range_of_floats(seed):
    for given_ in draws("log-density-far", seed):
        answer = CHECKS["log-density-far"].expected(**given_)
        assert np.all(np.exp(answer["far points"]) == 0)
        with np.errstate(over="ignore"):
            assert np.linalg.det(given_["many_covariance"]) in (0.0, np.inf)
        assert all(np.isfinite(values).all() for values in answer.values())


@FEW
@given(seeds)
def test_estimates_are_those_of_numpy(seed):
    for given_ in draws("one-gaussian", seed):
        mean, covariance = CHECKS["one-gaussian"].expected(**given_)
        assert mean == pytest.approx(np.average(given_["points"], axis=0))
        assert covariance == pytest.approx(np.atleast_2d(np.cov(given_["points"], rowvar=False, ddof=0)))
    for id in ("kinds-weights-means", "kinds-covariances"):
        for given_ in draws(id, seed):
            kinds = [given_["points"][given_["labels"] == k] for k in range(given_["K"])]
            answer = CHECKS[id].expected(**given_)
            if id == "kinds-covariances":
                assert answer == pytest.approx(
                    np.array([np.atleast_2d(np.cov(x, rowvar=False, ddof=0)) for x in kinds])
                )
            else:
                assert answer[0] == pytest.approx([len(x) / len(given_["points"]) for x in kinds])
                assert answer[1] == pytest.approx(np.array([np.average(x, axis=0) for x in kinds]))


@FEW
@given(seeds)
def test_labels_and_inertia_are_those_of_scipys_distances(seed):
    for given_ in draws("nearest-centre", seed):
        distances = cdist(given_["points"], given_["centres"])
        assert np.array_equal(CHECKS["nearest-centre"].expected(**given_), distances.argmin(axis=1))
    for given_ in draws("inertia-squared", seed):
        distances = cdist(given_["points"], given_["centres"], "sqeuclidean")
        assert CHECKS["inertia-squared"].expected(**given_) == pytest.approx(distances.min(axis=1).sum())


@FEW
@given(seeds)
def test_moved_centres_are_means_and_an_empty_one_stays(seed):
    last = []
    for id in ("move-to-means", "move-empty"):
        for given_ in draws(id, seed):
            points, labels, centres = given_["points"], given_["labels"], given_["centres"]
            empty = set(range(len(centres))) - set(labels.tolist())
            assert len(empty) == (id == "move-empty")
            if empty:
                answer = CHECKS[id].expected(**given_)
                assert np.array_equal(answer["the centre without points"], centres[min(empty)])
                assert answer["shape"] == [*centres.shape]  # where the last one is empty, a left-out row shows here
                last.append(min(empty) == len(centres) - 1)
            else:
                right = [np.average(points, axis=0, weights=labels == k) for k in range(len(centres))]
                assert CHECKS[id].expected(**given_) == pytest.approx(np.array(right))
    assert {*last} == {False, True}


@FEW
@given(seeds)
def test_lloyd_ends_where_scikit_learn_does_and_takes_its_time(seed):
    for given_ in draws("lloyd-to-the-end", seed):
        centres, labels = CHECKS["lloyd-to-the-end"].expected(**given_)
        kept = np.unique(labels)  # they would move a centre without points to where there are some
        empty = [k for k in range(len(centres)) if k not in kept]
        assert np.array_equal(centres[empty], given_["centres"][empty])
        assert len(empty) == (given_["points"].shape[1] > 1)
        start = given_["centres"][kept]
        theirs = KMeans(len(kept), init=start, n_init=1, tol=0, algorithm="lloyd").fit(given_["points"])
        assert centres[kept] == pytest.approx(theirs.cluster_centers_)
        assert np.array_equal(labels, kept[theirs.labels_])
        assert theirs.n_iter_ >= (12 if empty else 52)


@FEW
@given(seeds)
def test_inputs_are_general(seed):
    """Numbers of points, features and components differ; covariances are rotated and unequal; groups are unequal."""
    for id in ("log-density-near", "nearest-centre", "inertia-squared"):
        assert 1 in {given_["points"].shape[1] for given_ in draws(id, seed)}
    for given_ in draws("log-density-near", seed):
        S, (n, d) = given_["covariance"], given_["points"].shape
        assert n != d
        if d == 1:
            continue
        assert np.abs(S - np.diag(np.diag(S))).max() > 0.05
        assert np.ptp(np.linalg.eigvalsh(S)) > 1
    for given_ in draws("kinds-covariances", seed):
        n, d = given_["points"].shape
        sizes = np.bincount(given_["labels"])
        assert given_["K"] != d != n
        assert sizes.min() > d
        assert len(np.unique(sizes)) == given_["K"]
        assert np.any(np.diff(given_["labels"]) < 0), "points of one kind do not stand together"
    for id in ("nearest-centre", "move-to-means", "inertia-squared", "lloyd-to-the-end"):
        for given_ in draws(id, seed):
            assert len({*given_["points"].shape, len(given_["centres"])}) == 3
