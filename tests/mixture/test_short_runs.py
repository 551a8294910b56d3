"""The stacked sweep of many mixtures against the blackboard's, one by one; the race that chooses among them."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, problem
from scipy.stats import multivariate_normal
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture as Sklearn

from course_lib.mixture import DegenerateWarning, GaussianMixture, NormalInverseWishart, e_step, m_step
from course_lib.mixture.climbing.degenerate import ANEW, Collapse
from course_lib.mixture.climbing.iterated import search
from course_lib.mixture.climbing.partitions import partitions, tightest
from course_lib.mixture.climbing.stacked import DigitsLost, Stack, StackedRows
from course_lib.mixture.climbing.starts import begin_alike
from course_lib.mixture.one_pass.summaries import MStep, Parameters
from course_lib.mixture.one_pass.survey import survey

seeds = st.integers(0, 10**6)


def stack_of(X, w, covariance_type, labels, k, **rule):
    rows = StackedRows(X, w, covariance_type)
    return rows, Stack(rows, labels, k, MStep(covariance_type, **rule))


@settings(max_examples=20)
@given(seeds, st.sampled_from(TYPES), st.booleans())
def test_a_stacked_sweep_is_that_of_each_mixture(seed, covariance_type, weighted):
    X, *_ = problem(seed, n=60, d=3, k=2)
    X = X - X.mean(axis=0)
    random = np.random.RandomState(seed)
    w = random.uniform(0.5, 2.0, size=60) if weighted else None
    rows, stack = stack_of(X, w, covariance_type, random.randint(2, size=(5, 60)), 2, floor=1e-3)
    before = stack.mixtures()
    found = stack.expect(rows)
    stack.maximise(rows)
    counts = np.ones(60) if w is None else w
    for mixture, likelihood, after in zip(before, found, stack.mixtures(), strict=True):
        # each row's own log density, since the total of e_step knows no weights
        each = [e_step(row[None], *mixture, covariance_type)[0] for row in X]
        assert likelihood == pytest.approx(counts @ each, rel=1e-9)
        r = e_step(X, *mixture, covariance_type)[1] * counts[:, None]
        for ours, expected in zip(after, m_step(X, r, covariance_type, 1e-3), strict=True):
            np.testing.assert_allclose(ours, expected, rtol=1e-7, atol=1e-9)


@settings(max_examples=12)
@given(seeds, st.sampled_from(TYPES), st.booleans())
def test_a_stacked_sweep_counts_rows_as_often_as_it_is_told(seed, covariance_type, weighted):
    X, *_ = problem(seed, n=60, d=3, k=2)
    X = X - X.mean(axis=0)
    random = np.random.RandomState(seed)
    w = random.uniform(0.5, 2.0, size=60) if weighted else np.ones(60)
    rows, stack = stack_of(X, w if weighted else None, covariance_type, random.randint(2, size=(3, 60)), 2, floor=1e-3)
    times = random.exponential(size=(len(stack), 60)) ** 2
    times *= (w.sum() / (times @ w))[:, None]
    before = stack.mixtures()
    stack.expect(rows)
    stack.maximise(rows, times)
    for mixture, of_run, after in zip(before, times, stack.mixtures(), strict=True):
        r = e_step(X, *mixture, covariance_type)[1] * (w * of_run)[:, None]
        for ours, expected in zip(after, m_step(X, r, covariance_type, 1e-3), strict=True):
            np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_component_that_moves_is_as_wide_as_all_are_on_average(covariance_type):
    X, *_ = problem(3, n=50, d=2, k=3)
    X = X - X.mean(axis=0)
    rows, stack = stack_of(X, None, covariance_type, np.random.RandomState(0).randint(3, size=(2, 50)), 3)
    stack.expect(rows)
    stack.maximise(rows)
    stays, before = (Parameters(*(part.copy() for part in mixture)) for mixture in stack.mixtures())
    stack.move(np.array([1]), np.array([2]), X[:1])
    still, after = stack.mixtures()
    np.testing.assert_array_equal(stays.means, still.means)
    np.testing.assert_array_equal(after.means[2], X[0])
    np.testing.assert_array_equal(after.means[:2], before.means[:2])
    if covariance_type != "tied":
        pooled = sum(weight * covariance for weight, covariance in zip(before.weights, before.covariances, strict=True))
        np.testing.assert_allclose(after.covariances[2], pooled)


@settings(max_examples=8)
@given(seeds, st.sampled_from(TYPES))
def test_a_search_ends_no_lower_than_where_it_began(seed, covariance_type):
    X, *_ = problem(seed, n=40, d=3, k=3)
    X = X - X.mean(axis=0)
    random = np.random.RandomState(seed)
    known = survey([(X, None)], covariance_type)
    collapse = Collapse(np.full(3, 1e-6), True, known, covariance_type)
    rows, stack = stack_of(
        X, None, covariance_type, random.randint(3, size=(5, 40)), 3, floor=np.full(3, 1e-6), bounded=True
    )
    for _ in range(5):
        stack.expect(rows)
        stack.maximise(rows)
    began = list(zip(stack.expect(rows).tolist(), stack.mixtures(), strict=True))
    ends = search(stack, rows, began, collapse, random)
    ranks = [(-len(collapse.of(mixture)), likelihood) for likelihood, mixture in ends]
    assert ends is began or ranks == sorted(ranks, reverse=True)  # no search where the best one leads to a collapse
    assert max(ranks) >= max((-len(collapse.of(mixture)), likelihood) for likelihood, mixture in began)
    for likelihood, mixture in ends:
        assert likelihood == pytest.approx(e_step(X, *mixture, covariance_type)[0], rel=1e-9)


def three_clusters(seed, d):
    """Return thirty rows of each of three clusters, which lie as far apart as they are wide, and their labels."""
    random = np.random.RandomState(seed)
    wide = [random.normal(size=(30, d)) @ random.normal(size=(d, d)) + random.normal(size=d) for _ in range(3)]
    return np.concatenate(wide), np.repeat([0, 1, 2], 30)


def test_where_rows_are_few_the_default_finds_clusters_that_twenty_starts_do_not():
    agree: dict[str, list[float]] = {"searched": [], "twenty": []}
    for seed in range(4):
        X, kinds = three_clusters(seed, 7)
        searched = GaussianMixture(3, random_state=seed).fit(X)
        twenty = GaussianMixture(3, random_state=seed, n_init=20, init_params="kmeans").fit(X)
        assert searched.degenerate_ == twenty.degenerate_ == []
        assert searched.score(X) > twenty.score(X) - 1e-3
        for name, model in (("searched", searched), ("twenty", twenty)):
            agree[name].append(adjusted_rand_score(kinds, model.predict(X)))
    assert min(agree["searched"]) > 0.85
    assert np.mean(agree["searched"]) > np.mean(agree["twenty"]) + 0.1


def drawn_from(seed, n, means, covariances):
    """Return n rows of a mixture with equal weights, and the log-likelihood of the mixture itself."""
    random = np.random.RandomState(seed)
    kinds = random.randint(len(means), size=n)
    X = np.array([random.multivariate_normal(means[j], covariances[j]) for j in kinds])
    densities = [multivariate_normal(*each).pdf(X) for each in zip(means, covariances, strict=True)]
    return X, np.log(np.mean(densities, axis=0)).sum()


def bars(k, ratio):
    """Return k bars that cross in one point, as many degrees apart."""
    along = np.array([[np.cos(angle), np.sin(angle)] for angle in np.pi * np.arange(k) / k])
    return np.zeros((k, 2)), [ratio**2 * np.outer(a, a) + np.eye(2) - np.outer(a, a) for a in along]


@pytest.mark.parametrize(("n", "mixture"), [(900, bars(3, 15)), (1200, bars(3, 40))])
def test_bars_that_cross_are_told_apart(n, mixture):
    for seed in range(6):
        X, of_the_truth = drawn_from(seed, n, *mixture)
        found = GaussianMixture(len(mixture[0]), random_state=seed).fit(X)
        assert found.score(X) * n > of_the_truth


def test_random_starts_find_narrow_clusters_in_the_midst_of_noise():
    """For most seeds, as the short runs' text says: where these are lost, there is a way."""
    z, found = np.repeat([0, 1, 2, 3], [150, 150, 150, 100]), 0
    for seed in range(4):
        random = np.random.RandomState(seed)
        noise = random.uniform(-15, 20, size=(550, 2))
        X = np.where(z[:, None] == 3, noise, 6.0 * np.eye(4)[:, 1:3][z] + 0.4 * random.normal(size=(550, 2)))
        truth = GaussianMixture(4, resp_init=np.eye(4)[z]).fit(X).score(X)
        model = GaussianMixture(4, init_params="random_from_data", n_init=10, random_state=seed).fit(X)
        found += model.score(X) > truth - 1e-3
    assert found >= 3


def test_the_first_of_several_starts_is_the_only_start_of_one():
    X, _ = three_clusters(3, 5)
    for seed in range(3):
        once, thrice = (GaussianMixture(3, n_init=n, random_state=seed).fit(X) for n in (1, 3))
        assert thrice.lower_bound_ >= once.lower_bound_


def test_where_the_best_short_run_is_on_its_way_to_collapse_nothing_is_searched_for():
    X = np.array([[0.0], [1.0]] * 5)
    known = survey([(X, None)], "full")
    rows, stack = stack_of(
        X - 0.5, None, "full", (X.ravel() > 0.5)[None].astype(int), 2, floor=np.full(1, 1e-6), bounded=True
    )
    began = [(float(stack.expect(rows)[0]), stack.mixtures()[0])]
    ends = search(stack, rows, began, Collapse(np.full(1, 1e-6), True, known, "full"), np.random.RandomState(0))
    assert ends == began


@pytest.mark.parametrize("covariance_type", TYPES)
def test_mixtures_begin_with_their_clusters_and_the_width_of_all(covariance_type):
    X, *_ = problem(1, n=50, d=2, k=3)
    X = X - X.mean(axis=0)
    labels = np.array([np.arange(50) % 3, (np.arange(50) + 1) % 3, np.zeros(50, int), np.arange(50) // 17])
    stack = stack_of(X, None, covariance_type, labels, 3)[1]
    assert len(stack) == 2  # the second names the same clusters otherwise, the third has an empty one
    one_hot = (labels[0][:, None] == np.arange(3)).astype(float)
    weights, means, _ = m_step(X, one_hot)
    np.testing.assert_allclose(stack.weights[0], weights)
    np.testing.assert_allclose(stack.means[0], means)
    pooled = m_step(X, one_hot, "tied")[2]
    expected = {"diag": np.diag(pooled), "spherical": np.trace(pooled) / 2}.get(covariance_type, pooled)
    np.testing.assert_allclose(stack.covariances[0] if covariance_type == "tied" else stack.covariances[0, 1], expected)


def test_thin_clusters_far_apart_keep_their_width_and_are_refused():
    random = np.random.RandomState(0)
    labels = np.arange(80) % 2
    X = 1e-6 * random.normal(size=(80, 2)) + 1e4 * labels[:, None] - 5e3
    rows, stack = stack_of(X, None, "full", labels[None], 2)
    np.testing.assert_allclose(np.sqrt(stack.covariances[0, 0].diagonal()), 1e-6, rtol=0.2)
    with pytest.raises(DigitsLost):
        stack.expect(rows)


def test_a_stack_knows_the_prior():
    X, *_ = problem(2, n=40, d=2, k=2)
    X = X - X.mean(axis=0)
    prior = NormalInverseWishart(np.zeros(2), 0.1, 5.0, np.eye(2))
    labels = np.random.RandomState(0).randint(2, size=(3, 40))
    rows, stack = stack_of(X, None, "full", labels, 2, prior=prior)
    bounds = [stack.expect(rows)]
    for _ in range(5):
        stack.maximise(rows)
        bounds.append(stack.expect(rows))
    assert np.diff(bounds, axis=0).min() > -1e-9


@settings(max_examples=15)
@given(seeds, st.integers(2, 6))
def test_each_row_has_the_label_of_the_nearest_mean(seed, k):
    random = np.random.RandomState(seed)
    kinds = np.arange(200) % k
    z = 20.0 * np.eye(k)[kinds] + random.normal(size=(200, k))
    z -= z.mean(axis=0)
    found, means = tightest(z, None, k, partitions(z, None, k, 8, random))
    assert len({(a, b) for a, b in zip(found, kinds, strict=True)}) == k  # the clusters, in another order
    np.testing.assert_array_equal(np.argmin(((z[:, None] - means) ** 2).sum(axis=2), axis=1), found)


def test_weights_count_rows_in_a_partition():
    random = np.random.RandomState(0)
    z, w = random.normal(size=(100, 2)), np.where(np.arange(100) % 2, 0.0, 1.0)
    z[1::2] += 1000.0  # of no weight: no seed lies there
    labels = partitions(z, w, 3, 6, random)
    assert all((np.bincount(run[::2], minlength=3) > 0).all() for run in labels)


def test_equal_rows_make_no_more_clusters_than_there_are():
    labels = partitions(np.repeat([[-1.0], [1.0]], 10, axis=0), None, 3, 4, np.random.RandomState(0))
    assert all(len(set(run)) == 2 for run in labels)


@pytest.mark.filterwarnings("error::course_lib.mixture.DegenerateWarning")
def test_a_likelihood_that_runs_away_does_not_win():
    """Two points close together among fifty without clusters: a component on them is as likely as it is narrow."""
    for seed in range(12):
        X = np.random.RandomState(seed).normal(size=(50, 2))
        X[1] = X[0] + 1e-4
        assert GaussianMixture(2, random_state=seed).fit(X).degenerate_ == []


@given(seeds, st.sampled_from(TYPES))
def test_starts_are_alike_whatever_the_order_of_components(seed, covariance_type):
    X, *_ = problem(seed, n=60, d=2, k=3)
    X[:20] += 10
    X[20:40] -= 10
    order = np.random.RandomState(seed).permutation(3)
    one = Parameters(*m_step(X, np.eye(3)[np.arange(60) // 20], covariance_type))
    covariances = one.covariances if covariance_type == "tied" else one.covariances[order]
    other = Parameters(one.weights[order], one.means[order], covariances)
    assert begin_alike(one, other, covariance_type)
    moved = one.means + np.array([[0.0, 0.0], [0.0, 0.0], [4.0, 0.0]])
    assert not begin_alike(one, one._replace(means=moved), covariance_type)
    assert not begin_alike(one, one._replace(means=one.means[[0, 1, 1]]), covariance_type)
    assert not begin_alike(one, one._replace(covariances=4 * one.covariances), covariance_type)


def test_starts_that_agree_are_climbed_once(capsys):
    X = np.random.RandomState(0).normal(size=(90, 2)) + 20.0 * (np.arange(90) % 3)[:, None]
    once = GaussianMixture(3, random_state=0).fit(X)
    many = GaussianMixture(3, n_init=5, random_state=0, verbose=1, verbose_interval=99).fit(X)
    assert capsys.readouterr().out.count("begins where an earlier one did") == 4
    np.testing.assert_array_equal(many.means_, once.means_)


@pytest.mark.parametrize(("data", "k"), [("sepals", 3), ("petals", 4), ("rounded", 3)])
def test_a_component_that_collapses_on_the_way_is_no_answer_where_other_ways_are_sound(data, k):
    """Lengths that were rounded: some starts, sound themselves, lead to a line of equal entries."""
    flowers, random = load_iris().data, np.random.RandomState(0)
    drawn = np.concatenate([random.normal(size=(300, 2)), random.normal(size=(300, 2)) + 4]).round()
    X = {"sepals": flowers[:, :2], "petals": flowers[:, 2:], "rounded": drawn}[data]
    once = Sklearn(k, random_state=0).fit(X)
    for seed in range(6):
        ours = GaussianMixture(k, random_state=seed).fit(X)
        assert ours.degenerate_ == []
        assert ours.score(X) > once.score(X) - 1e-4


def test_a_fit_begins_anew_a_few_times_alone_and_only_from_sound_starts(capsys, monkeypatch):
    """A row far out has a component of its own from the first start on: that is what the data say."""
    X = np.concatenate([np.random.RandomState(0).normal(size=(200, 1)), [[1e6]]])
    with pytest.warns(DegenerateWarning):
        fit = GaussianMixture(2, random_state=0, verbose=1).fit(X)
    assert fit.degenerate_ != []
    assert "Initialization 1" not in capsys.readouterr().out
    for came_between, expected in ((False, 1), (True, 1 + ANEW)):
        monkeypatch.setattr(Collapse, "came_between", lambda *_, came=came_between: came)
        GaussianMixture(3, random_state=0, verbose=1, verbose_interval=999).fit(load_iris().data[:, :2])
        assert len(re.findall(r"Initialization [0-9]\n", capsys.readouterr().out)) == expected
