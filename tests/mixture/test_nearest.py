"""K-means at speed takes the very steps of Lloyd's algorithm as it is told, on data of every kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.mixture import KMeans
from course_lib.mixture.nearest import bounds
from course_lib.mixture.nearest.bounds import bounded, nearest_centres
from course_lib.mixture.nearest.lloyd import assigned, fill_empty, lloyd
from course_lib.mixture.nearest.seeding import enough_distinct, plus_plus, squared_distances


def points(kind: str, n: int, d: int, random: np.random.RandomState) -> np.ndarray:
    x = random.normal(size=(n, d))
    if kind == "clusters":
        x += 6 * random.normal(size=(5, d))[random.randint(5, size=n)]
    elif kind == "lattice":  # many ties
        x = random.randint(-2, 3, size=(n, d)).astype(float)
    elif kind == "doubled":
        x = x[random.randint(n // 4, size=n)]
    elif kind == "outlier":
        x[0] = 1e9
    elif kind == "tiny":
        x *= 1e-139  # KMeans accepts little that is less: squares of differences would underflow
    return x


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["normal", "clusters", "lattice", "doubled", "outlier", "tiny"]),
    n=st.integers(60, 400),
    d=st.integers(1, 5),
    k=st.integers(1, 7),
    seed=st.integers(0, 2**31 - 1),
    tolerance=st.sampled_from([0.0, 1e-3]),
    length=st.sampled_from([16, 100, 2048]),
)
def test_bounds_take_the_steps_of_lloyd(kind, n, d, k, seed, tolerance, length):
    random = np.random.RandomState(seed)
    x = points(kind, n, d, random)
    weights = np.ones(n) if seed % 2 else random.randint(1, 4, size=n).astype(float)
    distinct = np.unique(x, axis=0)
    k = min(k, len(distinct))
    centres = distinct[random.choice(len(distinct), k, replace=False)]
    if seed % 5 == 0:
        centres[-1] += 1e3 * np.abs(x).max()  # nobody's nearest: its cluster is empty at first
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "LENGTH", length)
        quick = bounded(x, weights, centres, 50, tolerance)
    plain = lloyd(x, weights, centres, 50, tolerance)
    scale = np.abs(x).max()
    assert (quick.iterations, quick.converged) == (plain.iterations, plain.converged)
    np.testing.assert_array_equal(quick.labels, plain.labels)
    np.testing.assert_allclose(quick.centres, plain.centres, rtol=1e-9, atol=1e-12 * scale)
    assert quick.inertia == pytest.approx(plain.inertia, rel=1e-9, abs=1e-20 * scale**2)


def test_more_clusters_than_a_byte_can_count():
    random = np.random.RandomState(0)
    x, weights = random.normal(size=(3000, 2)), np.ones(3000)
    quick, plain = (run(x, weights, x[:300], 20, 0.0) for run in (bounded, lloyd))
    np.testing.assert_array_equal(quick.labels, plain.labels)
    np.testing.assert_array_equal(nearest_centres(x, quick.centres), assigned(x, quick.centres)[0])


def test_few_points_are_looked_at_again(monkeypatch):
    """What the bounds are for: most points of clusters that lie apart are never looked at twice."""
    random = np.random.RandomState(1)
    x = random.normal(size=(8000, 4)) + 20 * random.normal(size=(6, 4))[random.randint(6, size=8000)]
    looked_at = []
    nearest = bounds._nearest
    monkeypatch.setattr(bounds, "_nearest", lambda x, *rest: looked_at.append(len(x)) or nearest(x, *rest))
    found = bounded(x, np.ones(8000), x[plus_plus(x, np.ones(8000), 6, random)], 100, 0.0)
    assert found.converged
    assert sum(looked_at) < 2 * len(x)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_no_digit(monkeypatch, threads):
    random = np.random.RandomState(2)
    x = random.normal(size=(20_000, 3))
    one = bounded(x, np.ones(20_000), x[:5], 30, 0.0)
    monkeypatch.setattr("course_lib.mixture.one_pass.threads.PAYING", 0.0)
    monkeypatch.setattr(bounds, "one_blas_thread", _Told(threads))
    several = bounded(x, np.ones(20_000), x[:5], 30, 0.0)
    np.testing.assert_array_equal(several.centres, one.centres)
    np.testing.assert_array_equal(several.labels, one.labels)


class _Told:
    def __init__(self, threads: int):
        self.threads = threads

    def __enter__(self) -> int:
        return self.threads

    def __exit__(self, *error: object) -> None:
        pass


def test_an_empty_cluster_takes_no_other_clusters_only_point():
    labels, distances = np.array([0, 0, 2]), np.array([0.5, 0.4, 9.0])
    np.testing.assert_array_equal(fill_empty(labels, distances, 3), [0])
    np.testing.assert_array_equal(labels, [1, 0, 2])


def test_distances_keep_their_digits_next_to_a_point_and_beside_an_outlier():
    random = np.random.RandomState(3)
    x = random.normal(size=(5000, 3))
    x[7] = x[4000]
    x[9] = x[4000] + 1e-9
    x[11] = 1e8
    expected = ((x[:, None] - x[[4000, 11]]) ** 2).sum(axis=2).T
    found = squared_distances(x, (x**2).sum(axis=1), x[[4000, 11]])
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found[0, 7] == found[0, 4000] == found[1, 11] == 0


def test_seeds_are_different_points_even_where_few_differ():
    """Seven places, one of them far out: each is chosen once."""
    places = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [1e9]])
    for seed in range(20):
        random = np.random.RandomState(seed)
        x = places[random.permutation(np.repeat(np.arange(7), 50))]
        chosen = x[plus_plus(x, np.ones(len(x)), 7, random)]
        assert len(np.unique(chosen)) == 7


@given(n=st.integers(1, 300), distinct=st.integers(1, 12), k=st.integers(1, 12), seed=st.integers(0, 1000))
def test_distinct_points_are_counted(n, distinct, k, seed):
    random = np.random.RandomState(seed)
    x = np.sort(random.randint(distinct, size=n)).astype(float)[:, None] * [1.0, -0.0]
    x[::2, 1] = 0.0
    found = len(np.unique(x + 0.0, axis=0))
    if found >= k:
        enough_distinct(x, k)
    else:
        with pytest.raises(ValueError, match=f"only {found} distinct points; expected at least {k}"):
            enough_distinct(x, k)


def test_a_point_that_counts_nothing_moves_nothing_and_has_a_label():
    random = np.random.RandomState(4)
    x = random.normal(size=(200, 2))
    w = (np.arange(200) < 150).astype(float)
    x[199] = 1e7
    all_of_them = KMeans(3, init=x[:3], tol=0).fit(x, sample_weight=w)
    counted = KMeans(3, init=x[:3], tol=0).fit(x[:150])
    np.testing.assert_array_equal(all_of_them.cluster_centers_, counted.cluster_centers_)
    np.testing.assert_array_equal(all_of_them.labels_, counted.predict(x))
