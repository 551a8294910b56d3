"""The fast sweep gives the numbers of the blackboard, whatever the form, the blocks and the origin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixture_problems import TYPES, problem, random_covariances, soft_start, sweeps, trajectory

from course_lib.mixture import KMeans, e_step, em_iterations, log_gaussian, m_step
from course_lib.mixture.missing import Incomplete, InMemory
from course_lib.mixture.one_pass import blocks as fast
from course_lib.mixture.one_pass.blocks import Sweeps, block_length, split
from course_lib.mixture.one_pass.natural import sum_of_logs
from course_lib.mixture.one_pass.summaries import MStep, Parameters
from course_lib.mixture.one_pass.survey import survey
from course_lib.mixture.one_pass.whitened import significant_pairs


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize(("n", "d", "k"), [(272, 2, 2), (3000, 5, 4), (9000, 1, 3), (500, 20, 3)])
def test_the_trajectory_is_the_blackboards(covariance_type, pieces, n, d, k):
    X, *_ = problem(n, n=n, d=d, k=k)
    start = soft_start(n, X, covariance_type, k)
    slow = em_iterations(X, *start, covariance_type, reg_covar=1e-6, max_iter=14, tol=-1)
    data = sweeps(X, covariance_type, pieces=pieces)
    for (log_likelihood, parameters), state in zip(trajectory(data, start, 1e-6, 15), slow, strict=True):
        assert log_likelihood == pytest.approx(state.log_likelihood, rel=1e-9)
        np.testing.assert_allclose(parameters.means, state.means, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(parameters.covariances, state.covariances, rtol=1e-6, atol=1e-8)
    assert data.swept["centred"] == 0


@pytest.mark.parametrize("covariance_type", TYPES)
def test_thin_clusters_far_apart_take_the_centred_form(covariance_type):
    random = np.random.RandomState(0)
    X = np.concatenate([random.normal(size=(100, 2)) * 1e-4 + c for c in ([0, 0], [1, 0], [3, 5])])
    start = soft_start(1, X, covariance_type, 3)
    start = Parameters(start[0], X[[0, 100, 200]], start[2])
    slow = list(em_iterations(X, *start, covariance_type, max_iter=9, tol=-1))
    data = sweeps(X, covariance_type)
    for (log_likelihood, parameters), state in zip(trajectory(data, start, 0.0, 10), slow, strict=True):
        assert log_likelihood == pytest.approx(state.log_likelihood, rel=1e-9)
        np.testing.assert_allclose(parameters.covariances, state.covariances, rtol=1e-6)
    assert data.swept["centred"] > 0


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("offset", [1e4, 1e7, 1e8])
def test_an_offset_costs_no_digits_but_the_points_own(covariance_type, offset):
    X, *_ = problem(7, n=300, d=3, k=3)
    moved = X + offset
    back = moved - offset  # what the points are after rounding
    start = soft_start(7, back, covariance_type, 3)
    here = trajectory(sweeps(back, covariance_type), start, 0.0, 10)
    there = trajectory(sweeps(moved, covariance_type), (start[0], start[1] + offset, start[2]), 0.0, 10)
    for (a, _), (b, _) in zip(here, there, strict=True):
        assert a == pytest.approx(b, rel=1e-9 + 1e-16 * offset)
    np.testing.assert_allclose(here[-1][1].covariances, there[-1][1].covariances, rtol=1e-5)
    assert np.diff([value for value, _ in there]).min() > -1e-9 * abs(there[0][0])


@pytest.mark.parametrize("covariance_type", TYPES)
def test_weights_count_points(covariance_type):
    X, *_ = problem(8, n=150, d=2, k=2)
    w = np.random.RandomState(8).randint(0, 4, size=150).astype(float)
    start = soft_start(8, X, covariance_type, 2)
    repeated = np.repeat(X, w.astype(int), axis=0)
    ours = trajectory(sweeps(X, covariance_type, w, pieces=2), start, 1e-3, 8)
    expected = trajectory(sweeps(repeated, covariance_type), start, 1e-3, 8)
    for (a, p), (b, q) in zip(ours, expected, strict=True):
        assert a == pytest.approx(b, rel=1e-10)
        np.testing.assert_allclose(p.covariances, q.covariances, rtol=1e-7)


def test_a_far_point_takes_its_own_maximum():
    """Beyond 37 standard deviations exp underflows to nothing; the responsibilities are still there."""
    X = np.concatenate([np.random.RandomState(0).normal(size=(50, 1)), [[100.0]]])
    start = Parameters(np.array([0.5, 0.5]), np.array([[0.0], [1.0]]), np.ones((2, 1, 1)))
    slow = next(em_iterations(X, *start))
    assert sweeps(X, "full").step(start, MStep("full"))[0] == pytest.approx(slow.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize(("apart", "has_reference"), [(4.0, True), (17.0, True), (60.0, False)])
@pytest.mark.parametrize("weights", [[0.3, 0.3, 0.4], [0.2, 0.8, 0.0]])
@pytest.mark.parametrize("weighted", [False, True])
def test_exponentials_grow_with_the_distance_of_clusters(covariance_type, apart, has_reference, weights, weighted):
    """Relative to the component in the middle they are exp(apart^2): moderate, near overflow, and beyond it."""
    random = np.random.RandomState(3)
    means = np.array([[0.0, 0.0], [apart, -apart], [-apart, apart]])
    X = random.normal(size=(2100, 2)) + np.repeat(means, 700, axis=0)
    w = random.randint(1, 3, size=len(X)) if weighted else np.ones(len(X), dtype=int)
    units = {"full": np.array([np.eye(2)] * 3), "tied": np.eye(2), "diag": np.ones((3, 2)), "spherical": np.ones(3)}
    mixture = Parameters(np.array(weights), means + 0.3, units[covariance_type])
    data = sweeps(X, covariance_type, w.astype(float) if weighted else None)
    natural = data.features.parameters(mixture)
    assert natural is not None
    assert (natural.pivot is not None) == has_reference
    log_likelihood, new = data.step(mixture, MStep(covariance_type))
    expected, r = e_step(np.repeat(X, w, axis=0), *mixture, covariance_type)
    assert log_likelihood == pytest.approx(expected, rel=1e-11)
    np.testing.assert_allclose(new.weights, r.mean(axis=0), rtol=1e-9, atol=1e-15)
    if min(weights) > 0:
        _, means, covariances = m_step(np.repeat(X, w, axis=0), r, covariance_type)
        np.testing.assert_allclose(new.means, means, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(new.covariances, covariances, rtol=1e-9, atol=1e-9)
    assert data.swept["natural"] == 1


@given(st.integers(0, 3000), st.floats(0, 700), st.booleans(), st.integers(0, 2**32 - 1))
def test_logarithms_are_summed_through_products(n, largest, weighted, seed):
    random = np.random.RandomState(seed)
    logs = largest * (1 - random.uniform(size=n) ** 3)
    w = random.uniform(size=n) if weighted else None
    expected = math.fsum(logs if w is None else logs * w)
    assert sum_of_logs(np.exp(logs), w, largest) == pytest.approx(expected, rel=1e-12, abs=1e-12 * n)


def test_what_is_kept_does_not_grow_with_the_data(monkeypatch):
    X, *_ = problem(9, n=5000, d=2, k=2)
    start = soft_start(9, X, "full", 2)
    kept = trajectory(sweeps(X, "full"), start, 0.0, 4)
    monkeypatch.setattr(fast, "KEPT_FEATURES", 0)
    data = sweeps(X, "full")
    fresh = trajectory(data, start, 0.0, 4)
    assert data._kept is None
    for (a, _), (b, _) in zip(kept, fresh, strict=True):
        assert a == pytest.approx(b, rel=1e-13)


def test_float32_is_computed_in_float64():
    X = problem(10, n=400, d=3, k=2)[0].astype(np.float32)
    start = soft_start(10, X.astype(float), "full", 2)
    ours = trajectory(sweeps(X, "full"), start, 0.0, 5)
    exact = trajectory(sweeps(X.astype(float), "full"), start, 0.0, 5)
    assert ours[-1][0] == pytest.approx(exact[-1][0], rel=1e-12)


def test_an_empty_component_keeps_its_place():
    X = np.random.RandomState(0).normal(size=(30, 2))
    start = Parameters(np.array([1.0, 0.0]), np.array([[0.0, 0.0], [5.0, 5.0]]), np.array([np.eye(2)] * 2))
    _, new = sweeps(X, "full").step(start, MStep("full"))
    np.testing.assert_array_equal(new.weights, [1, 0])
    np.testing.assert_array_equal(new.means[1], [5, 5])


def test_blocks_are_cut_to_length():
    pieces = [
        (len(rows), len(w)) for rows, w in split([(np.zeros((10, 2)), np.ones(10)), (np.zeros((3, 2)), np.ones(3))], 4)
    ]
    assert pieces == [(4, 4), (4, 4), (2, 2), (3, 3)]
    assert block_length(8) == 8192
    assert block_length(10**6) == 256


@pytest.mark.parametrize("pieces", [1, 7])
def test_the_survey_finds_mean_and_scatter(pieces):
    X = np.random.RandomState(1).normal(size=(100, 3)) * [1e-6, 1, 1e6] + 1e8
    w = np.random.RandomState(2).uniform(size=100)
    found = survey([(X[c], w[c]) for c in np.array_split(np.arange(100), pieces)])
    np.testing.assert_allclose(found.mean, np.average(X, axis=0, weights=w), rtol=1e-15)
    np.testing.assert_allclose(found.variances[1:], np.diag(np.cov(X.T, aweights=w, ddof=0))[1:], rtol=1e-9)
    np.testing.assert_array_equal(found.high, X.max(axis=0))
    with pytest.raises(ValueError, match="Column 0 of X holds numbers as large as 1e\\+160"):
        survey([(np.array([[1e160], [0.0]]), None)])


@pytest.mark.parametrize("share", ["all", "few"])
@pytest.mark.parametrize(("n", "d", "k"), [(3000, 40, 3), (700, 30, 1), (400, 61, 2)])
def test_many_features_are_whitened_and_the_trajectory_is_the_blackboards(n, d, k, share):
    X, *_ = problem(n, n=n, d=d, k=k, spread=0.3 if share == "all" else 20.0)
    w = np.random.RandomState(n).uniform(0.5, 2, size=n)
    if share == "all":
        start = soft_start(n, X, "full", k)
    else:
        start = m_step(X, np.eye(k)[KMeans(k, random_state=0).fit(X).labels_], "full")
    data = sweeps(X, "full", w, pieces=2)
    for log_likelihood, parameters in trajectory(data, start, 1e-6, 12):
        log_densities, r = _responsibilities(X, parameters)
        assert log_likelihood == pytest.approx(w @ log_densities, rel=1e-9)
        _, new = data.step(parameters, MStep("full", 1e-6))
        for ours, straight in zip(new, m_step(X, r * w[:, None], "full", 1e-6), strict=True):
            np.testing.assert_allclose(ours, straight, rtol=1e-6, atol=1e-8)
    assert data.swept == {"natural": 0, "whitened": 24, "centred": 0}
    if k > 1:
        assert (data._significant < 0.9) == (share == "few")


def _responsibilities(X, parameters):
    """Return log densities (n,) and responsibilities (n, k), row by row from the straight version."""
    weights, means, covariances = parameters
    log_joint = np.log(weights) + log_gaussian(X, means, covariances)
    log_densities = np.logaddexp.reduce(log_joint, axis=1)
    return log_densities, np.exp(log_joint - log_densities[:, None])


def test_pairs_that_change_no_digit_are_left_out():
    """A component that owns nothing here keeps its largest ones: what is small is small beside its own."""
    A = np.array([[1.0, 1e-20, 1e-31], [1e-200, 1e-210, 1e-231], [0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(significant_pairs(A), [[1, 1, 0], [1, 1, 0], [0, 0, 0]])


def test_the_form_follows_the_counts():
    """Measured on thirteen shapes: those that one form won by more than a fifth."""

    def whitened(d, k, share):
        zero = np.zeros(d)
        return Sweeps(list, "full", zero, zero, zero)._whitening_is_cheaper(k, share)

    assert all(whitened(*case) for case in [(128, 8, 1), (128, 32, 0.03), (64, 16, 0.06), (32, 4, 1), (50, 50, 0.02)])
    assert not any(whitened(*case) for case in [(64, 16, 1), (32, 16, 1), (16, 16, 0.3), (10, 2, 1), (8, 8, 0.1)])


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(TYPES), st.booleans(), st.sampled_from([1.0, 1e-4]), st.booleans())
def test_complete_points_by_themselves_change_no_sum(seed, covariance_type, weighted, width, some):
    """Thin clusters, too, where sums about the middle of all points would lose digits."""
    random = np.random.RandomState(seed)
    X = 10.0 * (np.arange(80) % 2)[:, None] + width * random.normal(size=(80, 3))
    X[random.uniform(size=X.shape) < 0.15] = np.nan
    means = np.array([[0.0, 0.0, 0.0], [10.0, 10.0, 10.0]])
    X[:2] = means
    if not some:
        X[:, 0] = np.where(np.isnan(X[:, 1:]).any(axis=1), X[:, 0], np.nan)
    w = random.uniform(0.5, 2.0, size=80) if weighted else None
    start = random_covariances(random, covariance_type, 2, 3) * width**2
    one_at = other_at = Parameters(np.array([0.5, 0.5]), means, start)
    rule = MStep(covariance_type)
    one, other = InMemory(X, w, covariance_type), Incomplete(lambda: [(X, w)], covariance_type)
    for _ in range(3):
        (found, one_at), (expected, other_at) = one.step(one_at, rule), other.step(other_at, rule)
        assert found == pytest.approx(expected, rel=1e-9)
        for a, b in zip(one_at, other_at, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8 * width**2)
