"""`GaussianMixture` behaves like scikit-learn's, is right where that is wrong, and keeps what it adds."""

import inspect
import pickle
import subprocess
import sys
import tracemalloc
import warnings
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, as_matrices, problem
from scipy import stats
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.mixture import GaussianMixture as Sklearn
from sklearn.utils.estimator_checks import parametrize_with_checks

from course_lib.datasets import load_old_faithful, three_overlapping_clusters
from course_lib.mixture import DegenerateWarning, GaussianMixture, KMeans, NormalInverseWishart
from course_lib.mixture.climbing.squarem_anderson import PLAIN_SWEEPS
from course_lib.mixture.missing import Incomplete
from course_lib.mixture.one_pass import blocks as fast
from course_lib.mixture.one_pass.marginals import marginal_sums
from course_lib.mixture.one_pass.precisions import Precisions
from course_lib.mixture.one_pass.summaries import MStep, Parameters

RANDOM_DRAWS = {"check_sample_weight_equivalence_on_dense_data": "other rows, other random first centres"}


@parametrize_with_checks(
    [
        GaussianMixture(),
        GaussianMixture(missing="marginalise"),
        GaussianMixture(accelerate="squarem"),
        GaussianMixture(accelerate="anderson"),
        KMeans(2),
    ],
    expected_failed_checks=lambda estimator: RANDOM_DRAWS if isinstance(estimator, KMeans) else {},
)
@pytest.mark.filterwarnings("ignore")
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def fitted(X, k=3, **more):
    return GaussianMixture(k, random_state=0, **more).fit(X)


@pytest.fixture(scope="module")
def points():
    return three_overlapping_clusters()[0]


# Beside scikit-learn


def test_the_signature_is_scikit_learns_and_more():
    ours, theirs = inspect.signature(GaussianMixture).parameters, inspect.signature(Sklearn).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    different = {name for name in theirs if ours[name].default != theirs[name].default}
    assert different == {"reg_covar", "tol", "max_iter", "init_params"}
    public = {name for name in dir(Sklearn) if not name.startswith("_")} - {"get_metadata_routing"}
    assert public <= set(dir(GaussianMixture))


@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_fit_is_scikit_learns(points, covariance_type):
    weights, means = [0.2, 0.3, 0.5], points[[0, 1, 2]]
    precisions = {"full": [np.eye(2)] * 3, "tied": np.eye(2), "diag": np.ones((3, 2)), "spherical": np.ones(3)}
    init = {"weights_init": weights, "means_init": means, "precisions_init": precisions[covariance_type]}
    more = {"covariance_type": covariance_type, "tol": 1e-7, "max_iter": 500, "reg_covar": 1e-6}
    ours, theirs = GaussianMixture(3, **init, **more).fit(points), Sklearn(3, **init, **more).fit(points)
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.converged_ == theirs.converged_
    np.testing.assert_allclose(ours.lower_bounds_, theirs.lower_bounds_, rtol=1e-9)
    assert ours.lower_bound_ == pytest.approx(theirs.lower_bound_, rel=1e-9)
    for name in ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(ours.predict(points), theirs.predict(points))
    np.testing.assert_allclose(ours.predict_proba(points), theirs.predict_proba(points), atol=1e-8)
    np.testing.assert_allclose(ours.score_samples(points), theirs.score_samples(points), rtol=1e-7)
    assert ours.score(points) == pytest.approx(theirs.score(points))
    assert ours.bic(points) == pytest.approx(theirs.bic(points))
    assert ours.aic(points) == pytest.approx(theirs.aic(points))


@pytest.mark.parametrize("init_params", ["kmeans", "k-means++", "random", "random_from_data"])
def test_each_start_finds_well_parted_clusters(init_params):
    X, *_ = problem(1, n=300, d=2, k=3, spread=30)
    ours = fitted(X, init_params=init_params, n_init=10, tol=1e-6, max_iter=1000)
    theirs = Sklearn(3, random_state=0, n_init=10, tol=1e-6, max_iter=1000).fit(X)
    assert ours.score(X) == pytest.approx(theirs.score(X), abs=1e-4)


def test_more_starts_never_end_lower(points):
    with pytest.warns(ConvergenceWarning):
        bounds = [fitted(points, 6, n_init=n, init_params="random", max_iter=20, tol=0).lower_bound_ for n in (1, 3, 9)]
    assert bounds == sorted(bounds)


def test_a_warm_start_goes_on(points):
    with pytest.warns(ConvergenceWarning):
        once = fitted(points, tol=0, max_iter=20)
    twice = GaussianMixture(3, random_state=0, tol=0, max_iter=10, warm_start=True)
    with pytest.warns(ConvergenceWarning, match="Increase max_iter"):
        twice.fit(points).fit(points)
    np.testing.assert_allclose(twice.means_, once.means_, rtol=1e-12)


def test_no_iteration_is_the_start(points):
    mixture = GaussianMixture(
        2, max_iter=0, weights_init=[0.5, 0.5], means_init=points[:2], precisions_init=[np.eye(2)] * 2
    ).fit(points)
    np.testing.assert_array_equal(mixture.means_, points[:2])
    assert mixture.n_iter_ == 0
    assert mixture.lower_bounds_ == []


def test_progress_is_printed(points, capsys):
    fitted(points, verbose=1, verbose_interval=2, max_iter=500)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Initialization 0", "  Iteration 2"]
    assert lines[-1] == "Initialization converged."
    fitted(points, verbose=2, verbose_interval=2, max_iter=500)
    assert "ll change" in capsys.readouterr().out


def test_it_pickles_clones_and_shows_itself(points):
    mixture = fitted(points)
    again = pickle.loads(pickle.dumps(mixture))
    np.testing.assert_array_equal(again.predict(points), mixture.predict(points))
    assert repr(clone(mixture)) == "GaussianMixture(n_components=3, random_state=0)"
    long = GaussianMixture(3, resp_init=np.full((1000, 3), 1 / 3))
    assert repr(long) == "GaussianMixture(n_components=3, resp_init=<array of shape (1000, 3)>)"
    assert len(repr(long.set_params(resp_init=long.resp_init.tolist()))) < 300
    assert mixture.set_params(tol=0.5).get_params()["tol"] == 0.5
    with pytest.raises(ValueError, match="Invalid parameter 'nonsense' for GaussianMixture"):
        mixture.set_params(nonsense=1)
    with pytest.raises(NotFittedError, match="not fitted yet"):
        GaussianMixture().predict(points)


def test_scikit_learn_is_not_needed(root):
    code = """
import sys
sys.modules["sklearn"] = None
from course_lib.datasets import load_old_faithful
from course_lib.mixture import GaussianMixture, NotFittedError
try:
    GaussianMixture().predict([[1.0]])
except NotFittedError:
    print(round(GaussianMixture(2, random_state=0).fit(load_old_faithful()).score(load_old_faithful()), 3))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.stdout.strip() == "-4.155", done.stderr


# Published values


def test_old_faithful():
    X = load_old_faithful()

    def model(k, **more):
        return fitted(X, k, tol=1e-9, max_iter=2000, **more)

    two = model(2)
    assert two.score(X) * 272 == pytest.approx(-1130.26396, abs=1e-4)
    assert [round(model(k, init_params="random", n_init=5).bic(X), 1) for k in (1, 2, 3)] == [2607.6, 2322.2, 2333.7]
    assert model(3, covariance_type="tied").bic(X) == pytest.approx(2314.3, abs=0.1)
    assert two.icl(X) > two.bic(X)
    # Three components have a higher summit than the one that is usually quoted; two still have the lower BIC.
    assert model(3, n_init=5).bic(X) == pytest.approx(2324.18, abs=0.01)


# Asking


@pytest.mark.parametrize("covariance_type", TYPES)
def test_draws_have_the_mixtures_moments(points, covariance_type):
    mixture = fitted(points, covariance_type=covariance_type)
    X, labels = mixture.sample(200_000, random_state=1)
    again, _ = mixture.sample(200_000, random_state=1)
    np.testing.assert_array_equal(X, again)
    np.testing.assert_allclose(np.bincount(labels) / len(X), mixture.weights_, atol=0.01)
    matrices = as_matrices(mixture.covariances_, covariance_type, 3, 2)
    for j in range(3):
        np.testing.assert_allclose(X[labels == j].mean(axis=0), mixture.means_[j], atol=0.03)
        np.testing.assert_allclose(np.cov(X[labels == j].T), matrices[j], atol=0.05)
    assert mixture.sample(3, random_state=np.random.default_rng(0))[0].shape == (3, 2)
    with pytest.raises(ValueError, match="n_samples is 0; expected a whole number"):
        mixture.sample(0)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_joint_is_marginal_times_conditional(covariance_type):
    """p(x) = p(x_1) p(x_0, x_2 | x_1), for points anywhere."""
    X, *_ = problem(3, n=300, d=3, k=3)
    mixture = fitted(X, covariance_type=covariance_type)
    marginal = mixture.marginal([1])
    for x in X[:5]:
        conditional = mixture.conditional({1: x[1]})
        product = marginal.score_samples([x[[1]]]) + conditional.score_samples([x[[0, 2]]])
        assert mixture.score_samples([x]) == pytest.approx(product, rel=1e-9)
    with pytest.raises(ValueError, match="columns are"):
        mixture.marginal([5])
    with pytest.raises(ValueError, match="at least one to be left"):
        mixture.conditional({0: 1.0, 1: 1.0, 2: 1.0})


def test_far_points_belong_to_the_nearest(points):
    mixture = GaussianMixture(
        2, max_iter=0, weights_init=[0.5, 0.5], means_init=[[-1, 0], [1, 0]], precisions_init=[np.eye(2)] * 2
    ).fit(points)
    np.testing.assert_array_equal(mixture.predict([[-1e3, 0.0], [1e3, 0.0]]), [0, 1])
    for distance in (1e3, 1e155):
        np.testing.assert_allclose(mixture.predict_proba([[-distance, 0.0], [distance, 0.0]]).sum(axis=1), 1)
    wide = GaussianMixture(
        2,
        max_iter=0,
        weights_init=[0.5, 0.5],
        means_init=[[0, 0], [0, 0.5]],
        precisions_init=[np.eye(2), 0.5 * np.eye(2)],
    ).fit(points)
    np.testing.assert_array_equal(wide.predict([[1e155, 0.0]]), [1])


# Beyond scikit-learn


def test_weights_count_points(points):
    w = np.random.RandomState(0).randint(0, 4, size=len(points))
    init = {"means_init": points[:3], "weights_init": [0.3, 0.3, 0.4], "precisions_init": [np.eye(2)] * 3}
    weighted = GaussianMixture(3, reg_covar=0.0, max_iter=500, **init).fit(points, sample_weight=w)
    repeated = GaussianMixture(3, reg_covar=0.0, max_iter=500, **init).fit(np.repeat(points, w, axis=0))
    np.testing.assert_allclose(weighted.means_, repeated.means_, rtol=1e-7)
    assert weighted.lower_bound_ == pytest.approx(repeated.lower_bound_, rel=1e-10)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_history_is_the_climb(points, covariance_type):
    mixture = fitted(points, covariance_type=covariance_type, record_history=True, max_iter=500)
    assert len(mixture.history_) == mixture.n_iter_ + 1
    likelihoods = [state.log_likelihood for state in mixture.history_]
    np.testing.assert_allclose(np.array(likelihoods[:-1]) / len(points), mixture.lower_bounds_)
    assert likelihoods[-1] == pytest.approx(mixture.score_samples(points).sum())
    assert min(np.diff(likelihoods)) > -1e-4  # reg_covar, added after the maximum, costs a little
    np.testing.assert_array_equal(mixture.history_[-1].means, mixture.means_)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_blocks_give_the_answer_of_the_whole(covariance_type):
    X, *_ = problem(5, n=5000, d=3, k=3)
    whole = fitted(X, covariance_type=covariance_type)
    pieces = [X[:7], X[7:3000], X[3000:]]
    for blocks in (pieces, lambda: iter(pieces)):
        streamed = GaussianMixture(3, random_state=0, covariance_type=covariance_type).fit_blocks(blocks)
        np.testing.assert_allclose(streamed.means_, whole.means_, rtol=1e-8)
        np.testing.assert_allclose(streamed.lower_bounds_, whole.lower_bounds_, rtol=1e-11)
    with pytest.raises(TypeError, match="read only once"):
        GaussianMixture().fit_blocks(x for x in pieces)
    with pytest.raises(ValueError, match="Block 1 holds nan at row 0, column 2"):
        GaussianMixture().fit_blocks([X[:5], [[1.0, 2.0, np.nan]]])
    with pytest.raises(ValueError, match=r"Block 1 has shape \(2, 2\)"):
        GaussianMixture().fit_blocks([X[:5], np.ones((2, 2))])


@pytest.mark.parametrize("missing", ["error", "marginalise"])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_blocks_may_bring_weights(covariance_type, missing):
    """The answer is that of each row repeated as often as it counts."""
    X, *_ = problem(5, n=600, d=3, k=3)
    if missing == "marginalise":
        X[::7, 1] = np.nan
    w = np.random.RandomState(5).randint(0, 4, size=600)
    w[50:600] = np.maximum(w[50:600], 1)
    w[300:600] = 1  # the third block says nothing of weights
    pieces = [(X[:50], np.zeros(50)), (X[50:300].tolist(), w[50:300]), X[300:]]
    once = {"means_init": X[[1, 100, 500]], "weights_init": [0.3, 0.3, 0.4]}
    once["precisions_init"] = {
        "full": [np.eye(3)] * 3, "tied": np.eye(3), "diag": np.ones((3, 3)), "spherical": np.ones(3)
    }[covariance_type]  # fmt: skip
    more = {"covariance_type": covariance_type, "missing": missing, "max_iter": 500, "reg_covar": 1e-6, **once}
    streamed = GaussianMixture(3, **more).fit_blocks(pieces)
    repeated = GaussianMixture(3, **more).fit(np.repeat(X[50:], w[50:], axis=0))
    np.testing.assert_allclose(streamed.means_, repeated.means_, rtol=1e-8)
    np.testing.assert_allclose(streamed.lower_bounds_, repeated.lower_bounds_, rtol=1e-10)


def test_the_start_sees_the_weights_of_blocks():
    """k-means would place a centre on the far heap, which counts for nothing."""
    X = np.random.RandomState(0).normal(size=(150, 2))
    X[:, 0] += np.repeat([0, 10, 1000], 50)
    mixture = GaussianMixture(2, random_state=0).fit_blocks([X[:100], (X[100:], np.zeros(50))])
    np.testing.assert_allclose(np.sort(mixture.means_[:, 0]), [0, 10], atol=0.5)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (([[1.0, 2.0]], [1.0, 1.0]), r"sample_weight of block 1 has shape \(2,\); expected \(1,\)"),
        (([[1.0, 2.0]], [-1.0]), "sample_weight of block 1 has the smallest weight -1.0"),
        (([[1.0, 2.0]], [np.nan]), "sample_weight of block 1 holds nan"),
        (([[1.0, 2.0]], [0.0]), "The weights of all 2 rows are zero"),
    ],
)
def test_wrong_weights_of_a_block_are_named(block, message):
    with pytest.raises(ValueError, match=message):
        GaussianMixture().fit_blocks([([[3.0, 4.0]], [0.0]), block])
    two_rows = GaussianMixture().fit_blocks([([1.0, 2.0], [3.0, 5.0]), [[5.0, 8.0]]])
    np.testing.assert_allclose(two_rows.means_, [[3.0, 5.0]])


def test_data_on_disk(tmp_path):
    X, *_ = problem(6, n=3000, d=3, k=3)
    np.save(tmp_path / "X.npy", X)
    on_disk = np.load(tmp_path / "X.npy", mmap_mode="r")
    streamed = GaussianMixture(3, random_state=0).fit_blocks(
        lambda: (on_disk[i : i + 500] for i in range(0, 3000, 500))
    )
    np.testing.assert_allclose(streamed.means_, fitted(X).means_, rtol=1e-8)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_memory_beside_the_data_does_not_grow(covariance_type, monkeypatch):
    def peak(n):
        X = np.random.RandomState(0).normal(size=(n, 4))
        model = GaussianMixture(
            2, covariance_type=covariance_type, means_init=X[:2], max_iter=3, tol=0, init_params="random"
        )
        tracemalloc.start()
        with pytest.warns(ConvergenceWarning):
            model.fit(X)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    # What is kept of features has a fixed limit, here a lower one, which the smaller of both has reached already.
    assert fast.KEPT_FEATURES <= 2**22
    monkeypatch.setattr(fast, "KEPT_FEATURES", 2**20)
    assert peak(400_000) < 1.1 * peak(200_000)


@pytest.mark.parametrize("method", ["squarem", "anderson"])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_leaps_end_at_the_same_optimum(points, covariance_type, method):
    common = {"covariance_type": covariance_type, "tol": 1e-9, "max_iter": 5000, "reg_covar": 0.0}
    plain, fast = fitted(points, **common), fitted(points, accelerate=method, **common)
    assert fast.lower_bound_ >= plain.lower_bound_ - 1e-6
    assert fast.n_sweeps_ <= 1.3 * plain.n_sweeps_
    assert min(np.diff(fast.lower_bounds_)) > -1e-12
    if plain.n_sweeps_ > 200:
        assert fast.n_sweeps_ < plain.n_sweeps_ / 3


def line_of_clusters(seed, n, k, gap):
    """Return points of k clusters of standard deviation 1, side by side: neighbours overlap."""
    random = np.random.RandomState(seed)
    return random.normal(size=(n, 2)) + gap * random.randint(k, size=(n, 1)) * [1, 0.3]


def sweeps_to_the_end(X, k, method, **more):
    more = {"init_params": "kmeans"} | more
    mixture = fitted(X, k, tol=1e-9, max_iter=20_000, accelerate=method, **more)
    assert min(np.diff(mixture.lower_bounds_), default=0) > -1e-6  # reg_covar, added after the maximum, costs a little
    return mixture.n_sweeps_, mixture.lower_bound_


def test_squarem_needs_a_quarter_of_the_sweeps_where_clusters_overlap():
    X = line_of_clusters(3, 2000, 4, 1.5)
    (plain, end), (fast, same) = (sweeps_to_the_end(X, 4, method) for method in (None, "squarem"))
    assert plain > 1000
    assert fast < plain / 4
    assert same == pytest.approx(end, abs=1e-6)


HARD = {
    "three on a line": lambda: (line_of_clusters(11, 600, 3, 1.7), 3, {}),
    "four on a line": lambda: (line_of_clusters(18, 600, 4, 1.7), 4, {}),
    "four on another line": lambda: (line_of_clusters(20, 600, 4, 1.7), 4, {}),
    "three with one variance each": lambda: (line_of_clusters(7, 1000, 3, 1.5), 3, {"covariance_type": "spherical"}),
    "three oblique": lambda: (problem(31, n=400, d=2, k=3, spread=1.5)[0], 3, {}),
    "three oblique again": lambda: (problem(32, n=400, d=2, k=3, spread=1.5)[0], 3, {}),
    "three oblique and wider apart": lambda: (problem(3, n=400, d=2, k=3, spread=2.0)[0], 3, {}),
}
EASY = {
    "Old Faithful": lambda: (load_old_faithful(), 2, {}),
    "Old Faithful from anywhere": lambda: (load_old_faithful(), 2, {"init_params": "random"}),
    "Old Faithful from two points": lambda: (load_old_faithful(), 2, {"init_params": "random_from_data"}),
    "Old Faithful along the axes": lambda: (load_old_faithful(), 2, {"covariance_type": "diag"}),
    "three overlapping": lambda: (three_overlapping_clusters()[0], 3, {}),
    "three far apart": lambda: (line_of_clusters(5, 600, 3, 10.0), 3, {"init_params": "random_from_data"}),
    "three in space": lambda: (problem(10, n=400, d=3, k=3, spread=6.0)[0], 3, {"init_params": "k-means++"}),
    "three more in space": lambda: (problem(13, n=400, d=3, k=3, spread=6.0)[0], 3, {"init_params": "k-means++"}),
}


@pytest.mark.parametrize("name", HARD)
def test_anderson_needs_a_quarter_of_the_sweeps_where_clusters_overlap(name):
    X, k, more = HARD[name]()
    (plain, end), (fast, same) = (sweeps_to_the_end(X, k, method, **more) for method in (None, "anderson"))
    assert plain > 500
    assert fast < plain / 4
    assert same == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize("method", ["squarem", "anderson"])
@pytest.mark.parametrize("name", EASY)
def test_leaps_cost_little_where_em_is_fast(name, method):
    X, k, more = EASY[name]()
    (plain, end), (fast, same) = (sweeps_to_the_end(X, k, method, **more) for method in (None, method))
    assert plain < 100
    assert fast <= 1.3 * plain
    assert same == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize("seed", [5, 7, 8])
def test_anderson_goes_on_where_em_leaves_a_saddle(seed):
    """Random responsibilities make components nearly alike: EM creeps away from the saddle at which they are alike."""
    X = line_of_clusters(seed, 600, 3, 10.0)
    (plain, end), (fast, same) = (sweeps_to_the_end(X, 3, m, init_params="random") for m in (None, "anderson"))
    assert plain > 100
    assert fast - PLAIN_SWEEPS < (plain - PLAIN_SWEEPS) / 2
    assert same == pytest.approx(end, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31), covariance_type=st.sampled_from(TYPES), method=st.sampled_from(["squarem", "anderson"])
)
def test_no_leap_lowers_the_likelihood(seed, covariance_type, method):
    X, *_ = problem(seed, n=80, d=2, k=3, spread=1.0)
    mixture = GaussianMixture(
        3, covariance_type=covariance_type, accelerate=method, random_state=0, tol=1e-7, max_iter=200, prior="auto"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(X)
    assert min(np.diff(mixture.lower_bounds_), default=0) > -1e-10


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), covariance_type=st.sampled_from(TYPES), k=st.integers(1, 6))
def test_with_a_prior_the_posterior_rises_and_nothing_collapses(seed, covariance_type, k):
    X, *_ = problem(seed, n=30, d=2, k=3)
    X[:8] = X[0]  # a heap of equal points, on which a component would collapse
    mixture = GaussianMixture(k, covariance_type=covariance_type, prior="auto", random_state=0, max_iter=60, tol=1e-8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("error", DegenerateWarning)
        mixture.fit(X)
    assert min(np.diff(mixture.lower_bounds_), default=0) > -1e-10


@pytest.mark.parametrize("covariance_type", TYPES)
def test_the_m_step_finds_the_posteriors_mode(points, covariance_type):
    """No small change of the fitted parameters raises log-likelihood plus log prior, written with SciPy."""
    prior = NormalInverseWishart(np.array([1.0, 1.0]), 2.0, 5.0, np.array([[2.0, 0.3], [0.3, 1.0]]))
    mixture = fitted(points, 2, covariance_type=covariance_type, prior=prior, tol=1e-13, max_iter=5000)

    def log_posterior(means, covariances):
        matrices = as_matrices(covariances, covariance_type, 2, 2)
        densities = [stats.multivariate_normal(m, c).pdf(points) for m, c in zip(means, matrices, strict=True)]
        found = np.log(mixture.weights_ @ densities).sum()
        for m, c in zip(means, matrices, strict=True):
            found += stats.multivariate_normal(prior.mean, c / 2.0).logpdf(m)
        if covariance_type == "tied":
            return found + stats.invwishart(5, prior.scale).logpdf(covariances)
        if covariance_type == "full":
            return found + sum(stats.invwishart(5, prior.scale).logpdf(c) for c in covariances)
        scales = np.diag(prior.scale) if covariance_type == "diag" else prior.scale.trace() / 2
        return found + stats.invgamma(5 / 2, scale=scales / 2).logpdf(covariances).sum()

    best = log_posterior(mixture.means_, mixture.covariances_)
    random = np.random.RandomState(0)
    for _ in range(30):
        dm = random.normal(size=mixture.means_.shape)
        dc = random.normal(size=mixture.covariances_.shape)
        if dc.shape[-1] == dc.shape[-2 if dc.ndim > 1 else -1] and covariance_type in ("full", "tied"):
            dc = dc + np.swapaxes(dc, -1, -2)
        for step in (1e-4, -1e-4):
            assert log_posterior(mixture.means_ + step * dm, mixture.covariances_ + step * dc) <= best + 1e-9


# Missing entries


@pytest.mark.parametrize("covariance_type", TYPES)
def test_nothing_missing_is_the_usual_fit(points, covariance_type):
    usual = fitted(points, covariance_type=covariance_type)
    with_room = points.copy()
    with_room[0, 0] = np.nan
    some = fitted(with_room, covariance_type=covariance_type, missing="marginalise")
    assert some.score(points) == pytest.approx(usual.score(points), abs=0.01)
    none = fitted(points, covariance_type=covariance_type, missing="marginalise")
    np.testing.assert_allclose(none.means_, usual.means_)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_missing_entries_are_integrated_out(covariance_type):
    """The likelihood is that of the marginals, by SciPy; it rises; and no small change raises it further."""
    random = np.random.RandomState(0)
    X = random.normal(size=(120, 3)) + 4 * random.randint(2, size=(120, 1)) * [1, 1, -0.5]
    X[random.uniform(size=X.shape) < 0.25] = np.nan
    common = {"covariance_type": covariance_type, "missing": "marginalise", "reg_covar": 0.0, "tol": 1e-11}
    mixture = fitted(X, 2, max_iter=3000, **common)
    assert min(np.diff(mixture.lower_bounds_)) > -1e-12

    def log_likelihood(means, covariances):
        matrices = as_matrices(covariances, covariance_type, 2, 3)
        found = 0.0
        for x in X:
            o = ~np.isnan(x)
            if o.any():
                terms = [
                    stats.multivariate_normal(m[o], c[np.ix_(o, o)]).pdf(x[o])
                    for m, c in zip(means, matrices, strict=True)
                ]
                found += np.log(mixture.weights_ @ terms)
        return found

    best = log_likelihood(mixture.means_, mixture.covariances_)
    assert mixture.score_samples(X).sum() == pytest.approx(best, rel=1e-9)
    for _ in range(4):
        dm, dc = random.normal(size=mixture.means_.shape), random.normal(size=mixture.covariances_.shape)
        if covariance_type in ("full", "tied"):
            dc = dc + np.swapaxes(dc, -1, -2)
        for step in (1e-3, -1e-3):
            assert log_likelihood(mixture.means_ + step * dm, mixture.covariances_ + step * dc) < best
    r = mixture.predict_proba(X)
    np.testing.assert_allclose(r.sum(axis=1), 1)
    with pytest.raises(ValueError, match="Column 1 of X is missing in every row"):
        fitted(np.where([False, True, False], np.nan, X), 2, **common)


def incomplete(seed, n=60, d=5, k=3, thin=0.0):
    """Points with holes, their weights, and a mixture; the features alike but for ``thin`` if that is given."""
    random = np.random.RandomState(seed)
    X = random.normal(size=(n, d)) * random.uniform(0.5, 2, size=d)
    X[random.uniform(size=X.shape) < random.uniform(0.1, 0.9)] = np.nan
    X[:2] = [[np.nan] * d, [0.3] * d]
    roots = random.normal(size=(k, d, 2 * d))
    matrices = np.ones((k, d, d)) + thin * np.eye(d) if thin else roots @ roots.transpose(0, 2, 1) / d
    mixture = Parameters(random.dirichlet(np.ones(k)), random.normal(size=(k, d)), matrices)
    return X, random.uniform(0.1, 2, size=n), mixture


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([1, 40, 2**20]))
def test_precisions_and_marginals_give_the_same_sums(seed, at_once):
    X, w, mixture = incomplete(seed)
    with mock.patch("course_lib.mixture.one_pass.precisions.STACKED_NUMBERS", at_once):
        found = Precisions(mixture, mixture.covariances).sums(X, w)
    for ours, expected in zip(found, marginal_sums(X, w, mixture, mixture.covariances), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-10)


def test_thin_components_with_holes_lose_no_digit():
    """The precision of features that are nearly the same is huge; what is left when one is missing is not."""
    X, w, mixture = incomplete(1, d=2, thin=1e-10)
    assert Precisions(mixture, mixture.covariances).sums(X, w) is None
    one_seen = np.where([True, False], X, np.nan)
    found = Incomplete(lambda: [(one_seen, w)], "full").step(mixture, MStep("full"))[0]
    seen = ~np.isnan(X[:, 0])
    densities = [stats.norm(m[0], np.sqrt(c[0, 0])).pdf(X[seen, 0]) for m, c in zip(*mixture[1:], strict=True)]
    assert found == pytest.approx(w[seen] @ np.log(mixture.weights @ densities), rel=1e-12)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_blocks_with_holes_give_the_answer_of_the_whole(covariance_type):
    X, *_ = problem(7, n=3000, d=3, k=3)
    X += 1e4
    X[np.random.RandomState(7).uniform(size=X.shape) < 0.2] = np.nan
    X[:40, 0] = np.nan  # the first block knows nothing of a feature
    model = {"covariance_type": covariance_type, "missing": "marginalise", "prior": "auto"}
    whole = fitted(X, **model)
    pieces = [X[:7], X[7:7], X[7:2000], X[2000:]]
    for blocks in (pieces, lambda: iter(pieces)):
        streamed = GaussianMixture(3, random_state=0, **model).fit_blocks(blocks)
        np.testing.assert_allclose(streamed.means_, whole.means_, rtol=1e-9)
        np.testing.assert_allclose(streamed.covariances_, whole.covariances_, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(streamed.lower_bounds_, whole.lower_bounds_, rtol=1e-10)
    full_rows = X[~np.isnan(X).any(axis=1)]
    complete = GaussianMixture(3, random_state=0, **model).fit_blocks([full_rows[:9], full_rows[9:]])
    np.testing.assert_allclose(complete.means_, fitted(full_rows, **model | {"missing": "error"}).means_, rtol=1e-9)
    with pytest.raises(ValueError, match="Block 2 holds infinity at row 0, column 1; expected numbers, or NaN"):
        GaussianMixture(2, missing="marginalise").fit_blocks([X[:5], X[5:9], [[1.0, np.inf, 2.0]]])
    with pytest.raises(ValueError, match="Column 2 of X is missing in every row"):
        GaussianMixture(2, missing="marginalise").fit_blocks([X[50:55] * [1, 1, np.nan], X[55:59] * [1, 1, np.nan]])
    with pytest.raises(ValueError, match="Found 0 sample"):
        GaussianMixture(2, missing="marginalise").fit_blocks([np.empty((0, 3))])


def test_holes_are_surveyed_column_by_column():
    """Mean and variance of what each column holds, by NumPy; scatter of two columns of the rows that hold both."""
    X = np.random.RandomState(3).normal(size=(20_000, 3)) * [1e-6, 1, 1e6] + [1.0, 1e8, 0.0]
    X[np.random.RandomState(4).uniform(size=X.shape) < 0.3] = np.nan
    w = np.random.RandomState(5).uniform(size=len(X))
    found = Incomplete(lambda: [(X[:5], w[:5]), (X[5:], w[5:])], "full").survey()
    for j, column in enumerate(X.T):
        seen = ~np.isnan(column)
        mean = np.average(column[seen], weights=w[seen])
        assert found.mean[j] == pytest.approx(mean, rel=1e-14, abs=1e-3)
        assert found.variances[j] == pytest.approx(np.average((column[seen] - mean) ** 2, weights=w[seen]), rel=1e-6)
        assert (found.low[j], found.high[j]) == (np.nanmin(column), np.nanmax(column))
    both = ~np.isnan(X[:, :2]).any(axis=1)
    expected = (w[both, None] * (X[both, :2] - found.mean[:2])).T @ (X[both, :2] - found.mean[:2])
    assert found.scatter[0, 1] == pytest.approx(expected[0, 1], rel=1e-9)
    assert found.total == pytest.approx(w.sum())


def test_memory_beside_data_with_holes_does_not_grow():
    def peak(n):
        X = np.random.RandomState(0).normal(size=(n, 2))
        X[::3, 1] = np.nan
        model = GaussianMixture(8, missing="marginalise", init_params="random_from_data", max_iter=2, tol=0)
        tracemalloc.start()
        with pytest.warns(ConvergenceWarning):
            model.set_params(random_state=0).fit_blocks([X[i : i + 8000] for i in range(0, n, 8000)])
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(80_000) < 1.1 * peak(40_000)


# Numbers that are hard


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag"])
@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_do_not_matter(points, covariance_type, scale):
    here = fitted(points, covariance_type=covariance_type)
    units = np.array([scale, 1.0])
    there = fitted(points * units, covariance_type=covariance_type)
    np.testing.assert_allclose(there.means_ / units, here.means_, rtol=1e-6)
    np.testing.assert_array_equal(there.predict(points * units), here.predict(points))


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("offset", [1e7, 1e8])
def test_offsets_do_not_matter(points, covariance_type, offset):
    moved = points + offset
    here = fitted(moved - offset, covariance_type=covariance_type, tol=1e-6, max_iter=1000)
    there = fitted(moved, covariance_type=covariance_type, tol=1e-6, max_iter=1000)
    assert there.lower_bound_ == pytest.approx(here.lower_bound_, rel=1e-7)
    assert min(np.diff(there.lower_bounds_)) > -1e-5


def test_kinds_of_arrays(points):
    whole = np.round(points * 10)
    here = fitted(whole)
    read_only = whole.copy()
    read_only.setflags(write=False)
    wide = np.zeros((len(whole), 4))
    wide[:, ::2] = whole
    for X in (
        whole.astype(int),
        np.asfortranarray(whole),
        read_only,
        wide[:, ::2],
        whole.astype(np.float32),
        whole.tolist(),
    ):
        there = fitted(X)
        np.testing.assert_allclose(there.means_, here.means_, rtol=1e-9)
        np.testing.assert_array_equal(there.predict(X), here.predict(whole))
    assert fitted(points > 0, 1).means_[0] == pytest.approx((points > 0).mean(axis=0))


@pytest.mark.parametrize("covariance_type", TYPES)
def test_float32_is_fitted_in_float64(points, covariance_type):
    """The answer of the same numbers in float64, in dtype too; scikit-learn's attributes are float32."""
    X = (points + 1e4).astype(np.float32)
    here, there = (fitted(x, covariance_type=covariance_type) for x in (X, X.astype(float)))
    for name in ("weights_", "means_", "covariances_", "precisions_cholesky_"):
        np.testing.assert_array_equal(getattr(here, name), getattr(there, name), strict=True)
        assert getattr(here, name).dtype == np.float64
    for ask in (here.score_samples, here.predict_proba):
        np.testing.assert_array_equal(ask(X), ask(X.astype(float)), strict=True)
    theirs = Sklearn(3, random_state=0, covariance_type=covariance_type).fit(points.astype(np.float32))
    assert theirs.means_.dtype == np.float32


def test_fewer_points_than_dimensions():
    X = np.random.RandomState(0).normal(size=(5, 20))
    with pytest.warns(DegenerateWarning, match="component 0 has collapsed"):
        mixture = fitted(X, 1)
    assert mixture.degenerate_ == [0]
    assert np.isfinite(mixture.score(X))


def test_an_outlier_takes_a_component_to_the_floor_and_is_named():
    X = np.concatenate([np.random.RandomState(0).normal(size=(100, 2)), [[1e4, 1e4]]])
    with pytest.warns(DegenerateWarning, match="component 1 has collapsed"):
        fitted(X, 2)


def test_a_constant_feature(points):
    X = np.column_stack([points, np.full(len(points), 7.0)])
    with pytest.warns(DegenerateWarning):
        mixture = fitted(X)
    np.testing.assert_allclose(mixture.means_[:, 2], 7.0)


@pytest.mark.parametrize("method", [None, "squarem", "anderson"])
def test_identical_starting_means_are_named(points, method):
    """EM cannot part the two: they stay one component, and the warning says so."""
    twins = {"means_init": [[0, 0], [0, 0]], "precisions_init": [np.eye(2)] * 2, "weights_init": [0.3, 0.7]}
    with pytest.warns(DegenerateWarning, match="Components 0 and 1 start with the same mean and covariance"):
        mixture = fitted(points, 2, accelerate=method, **twins)
    np.testing.assert_allclose(mixture.weights_, [0.3, 0.7])
    np.testing.assert_allclose(mixture.means_, [points.mean(axis=0)] * 2)
    assert mixture.lower_bound_ == pytest.approx(fitted(points, 1).lower_bound_, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), method=st.sampled_from(["kmeans", "k-means++", "random", "random_from_data"]))
def test_no_start_makes_twins(seed, method):
    """Of points that are nearly all equal, the start's means are distinct ones."""
    X = np.array([[0.0, 0.0]] * 40 + [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    mixture = GaussianMixture(3, init_params=method, random_state=seed, max_iter=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateWarning)  # a cluster of equal points is one, and no twin
        warnings.filterwarnings("error", message=".*start with the same mean")
        mixture.fit(X)
    assert len(np.unique(mixture.means_, axis=0)) == 3


def test_an_empty_component_is_named(points):
    with pytest.warns(DegenerateWarning, match="component 1 has no points"):
        mixture = fitted(
            points, 2, weights_init=[1.0, 1e-320], means_init=[[0, 0], [1e3, 1e3]], precisions_init=[np.eye(2)] * 2
        )
    assert np.isfinite(mixture.score(points))


def test_a_thousand_dimensions():
    X = np.random.RandomState(0).normal(size=(30, 1000))
    mixture = fitted(X, 1, covariance_type="diag")
    expected = stats.norm(X.mean(axis=0), np.sqrt(mixture.covariances_[0])).logpdf(X).sum(axis=1)
    np.testing.assert_allclose(mixture.score_samples(X), expected)


ERRORS = {
    "X holds nan at row 1, column 0": lambda X: fitted([[1.0, 2.0], [np.nan, 3.0], [4.0, 5.0]]),
    "X holds inf at row 0, column 1": lambda X: fitted([[1.0, np.inf], [2.0, 3.0]]),
    "X holds infinity at row 0, column 1": lambda X: fitted([[1.0, np.inf], [2.0, np.nan]], missing="marginalise"),
    "minimum of 2 is required": lambda X: fitted([[1.0]]),
    "only 2 distinct points; expected at least 3": lambda X: fitted([[0.0], [1.0]] * 5),
    "only 2 distinct points; expected at least 4": lambda X: fitted([[0.0], [1.0]] * 5, 4, init_params="k-means++"),
    "has only 2 distinct points": lambda X: fitted([[0.0], [1.0]] * 5, init_params="random_from_data"),
    "Expected n_samples >= n_components": lambda X: fitted([[0.0], [1.0]]),
    "Column 0 of X holds numbers as large as 1e\\+200": lambda X: fitted([[1e200], [0.0]], 1),
    "more than 1e154 standard deviations": lambda X: fitted(
        [[0.0], [1e149]], 1, means_init=[[0]], weights_init=[1], precisions_init=[[[1e30]]]
    ),
    "n_components is 0; expected a whole number": lambda X: fitted(X, 0),
    "covariance_type is 'round'": lambda X: fitted(X, covariance_type="round"),
    "init_params is 'magic'; expected one of 'kmeans'": lambda X: fitted(X, init_params="magic"),
    "accelerate is 'warp'": lambda X: fitted(X, accelerate="warp"),
    "tol is -1": lambda X: fitted(X, tol=-1),
    "reg_covar is 'none'; expected a number >= 0 or 'auto'": lambda X: fitted(X, reg_covar="none"),
    "prior is 3": lambda X: fitted(X, prior=3),
    "weights_init sums to": lambda X: fitted(X, weights_init=[0.5, 0.5, 0.5]),
    "weights_init is .* range": lambda X: fitted(X, weights_init=[1.5, -0.5, 0.0]),
    r"means_init has shape \(1, 2\)": lambda X: fitted(X, means_init=[[0, 0]]),
    "precisions_init must be positive definite": lambda X: fitted(X, precisions_init=[-np.eye(2)] * 3),
    "not symmetric": lambda X: fitted(X, precisions_init=[[[1.0, 0.5], [0.0, 1.0]]] * 3),
    r"sample_weight has shape \(2,\)": lambda X: GaussianMixture().fit(X, sample_weight=[1, 2]),
    "Fitting the mixture failed: The covariance of component": lambda X: fitted(X[:4], reg_covar=0.0),
    "degrees of freedom": lambda X: fitted(X, prior=NormalInverseWishart(np.zeros(2), 1.0, 0.5, np.eye(2))),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_say_what_was_given(points, message):
    with pytest.raises(ValueError, match=message):
        ERRORS[message](points)
