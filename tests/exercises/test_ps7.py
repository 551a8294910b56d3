"""Problem set 7: its right answers against SciPy, scikit-learn and arithmetic that is written out a second time."""

import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal, norm
from sklearn.mixture import GaussianMixture

from course_lib.datasets import load_old_faithful

PS7 = runs_of("ps7")
CHECKS = PS7.checks
FORMULAS = sys.modules[CHECKS["fit"].accepts.__module__]
FEW = settings(max_examples=10, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def log_joint(points, mixture):
    """By SciPy, point after point, component after component."""
    return np.array([[np.log(w) + multivariate_normal(m, c).logpdf(x) for x in points] for w, m, c in mixture])


def right(id, given_):
    """What a check expects, without the argument that some show beside it."""
    answer = CHECKS[id].expected(**given_)
    return answer["result"] if isinstance(answer, dict) else answer


def scikit_learns(mixture, **settings):
    """A mixture of scikit-learn that starts there."""
    weights, means, covariances = (np.array(column) for column in zip(*mixture, strict=True))
    return GaussianMixture(
        len(weights), weights_init=weights, means_init=means, precisions_init=np.linalg.inv(covariances), **settings
    )


@pytest.mark.parametrize("id", ["means-of-two", "means-of-more"])
@FEW
@given(seed=seeds)
def test_new_means_are_averages_by_posterior_probability(id, seed):
    for given_ in PS7.draws(id, seed):
        x, means, sigma = given_.values()
        r = softmax(norm(means[:, None], sigma).logpdf(x), axis=0)
        by_numpy = [np.average(x, weights=row) for row in r]
        assert np.allclose(right(id, given_), by_numpy, rtol=1e-12)


@pytest.mark.parametrize("id", ["log-sum-near", "log-sum-far"])
@FEW
@given(seed=seeds)
def test_log_sums_are_scipys(id, seed):
    for given_ in PS7.draws(id, seed):
        assert np.allclose(right(id, given_), logsumexp(given_["a"], axis=0), rtol=1e-14)


@FEW
@given(seeds)
def test_log_densities_and_the_e_step_are_scipys(seed):
    for given_ in PS7.draws("log-joint", seed):
        assert np.allclose(CHECKS["log-joint"].expected(**given_), log_joint(**given_), rtol=1e-10)
    for given_ in PS7.draws("memberships", seed):
        joint = log_joint(**given_)
        assert np.allclose(CHECKS["memberships"].expected(**given_), softmax(joint, axis=0), rtol=1e-9)
        assert CHECKS["log-likelihood"].expected(**given_) == pytest.approx(logsumexp(joint, axis=0).sum(), rel=1e-12)
    for given_ in PS7.draws("far-points", seed):
        joint, right = log_joint(**given_), CHECKS["far-points"].expected(**given_)
        assert np.exp(joint).max() == 0  # every density underflows
        assert np.allclose(right["responsibilities"], softmax(joint, axis=0), atol=1e-6)
        assert right["log-likelihood"] == pytest.approx(logsumexp(joint, axis=0).sum(), rel=1e-12)


@FEW
@given(seeds)
def test_the_m_step_is_that_of_numpys_averages(seed):
    for id, column in (("new-weights", 0), ("new-means", 1), ("new-covariances", 2)):
        for given_ in PS7.draws(id, seed):
            points, R = given_["points"], given_["R"]
            assert np.allclose(R.sum(axis=0), 1)
            assert len(R) != points.shape[1]
            by_numpy = [
                (r.mean(), np.average(points, axis=0, weights=r), np.cov(points.T, aweights=r, ddof=0)) for r in R
            ]
            right = np.array(CHECKS[id].expected(**given_))
            assert np.allclose(right, np.array([component[column] for component in by_numpy]), rtol=1e-10)


@FEW
@given(seeds)
def test_the_bound_is_the_log_likelihood_minus_a_divergence(seed):
    for id in ("bound", "bound-with-zeros"):
        for given_ in PS7.draws(id, seed):
            joint, expected = log_joint(given_["points"], given_["mixture"]), CHECKS[id].expected(**given_)
            answers = expected if isinstance(expected, dict) else {"": expected}
            for asked, right in answers.items():
                small = {"with 1e-12 for 0": 1e-12, "with 0.0001 for 0": 1e-4}.get(asked, 0.0)
                R = np.where(given_["R"] > 0, given_["R"], small)
                R = R / R.sum(axis=0)
                with np.errstate(divide="ignore", invalid="ignore"):
                    divergence = np.where(R > 0, R * np.log(R / softmax(joint, axis=0)), 0).sum()
                assert divergence > 0
                assert right == pytest.approx((R.sum(axis=0) * logsumexp(joint, axis=0)).sum() - divergence, rel=1e-10)
    assert any((given_["R"] == 0).any() for given_ in PS7.draws("bound-with-zeros", seed))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("id", ["fit", "fit-from-afar"])
def test_a_fit_by_scikit_learn_is_accepted_in_any_order_and_a_worse_one_is_not(id):
    for seed in range(2):
        for given_ in PS7.draws(id, seed):
            fitted = scikit_learns(given_["start"], max_iter=1000, tol=1e-9, reg_covar=0).fit(given_["points"])
            answer = list(zip(fitted.weights_, fitted.means_, fitted.covariances_, strict=True))
            assert not CHECKS[id].accepts(answer[::-1], **given_)
            shaken = [(weight, mean + 0.3, covariance) for weight, mean, covariance in answer]
            assert "expected a log-likelihood of" in CHECKS[id].accepts(shaken, **given_)


@pytest.mark.parametrize("id", ["fit", "fit-from-afar"])
@settings(max_examples=2, deadline=None)
@given(seed=seeds)
def test_whether_a_rule_or_a_number_of_iterations_suffices_does_not_rest_on_the_seed(id, seed):
    """The likelihoods on the way are those of any other seed; and what the text says of them is so, by SciPy's sums."""
    too_few = []
    for given_, other in zip(PS7.draws(id, seed), PS7.draws(id, 1), strict=True):
        run, others = (FORMULAS.run_em(**inputs) for inputs in (given_, other))
        heights, before = (np.array([state.log_likelihood for state in states]) for states in (run, others))
        at = [*zip(run[300].weights, run[300].means, run[300].covariances, strict=True)]
        assert logsumexp(log_joint(given_["points"], at), axis=0).sum() == pytest.approx(heights[300], rel=1e-10)
        common = min(len(heights), len(before))
        assert np.allclose(heights[:common], before[:common], rtol=0, atol=1e-7)
        missing, gains = heights[-1] - heights, np.diff(heights)
        assert missing[np.argmax(gains < 1e-4)] < 0.0025
        assert missing[np.argmax(gains < 1e-3)] > 0.0075
        assert missing[400:].max(initial=0) < 0.0025
        too_few.append(missing[300] > 0.0075)
    assert any(too_few)


def test_the_ellipses_of_the_picture_are_right():
    names, eruptions = PS7.reference, load_old_faithful()
    rough = 1 / (1 + np.exp(-1.5 * (eruptions[:, 0] - 3.2)))
    for (weight, mean, covariance), r in zip(names["RIGHT"], (1 - rough, rough), strict=True):
        assert weight == pytest.approx(r.mean(), abs=1e-4)
        assert np.allclose(mean, np.average(eruptions, axis=0, weights=r), atol=1e-4)
        assert np.allclose(covariance, np.cov(eruptions.T, aweights=r, ddof=0), atol=1e-4)


def test_old_faithful_ends_where_it_is_known_to_end():
    names = PS7.reference
    fit = names["fit_mixture"](load_old_faithful(), names["guess"])
    assert names["memberships"](load_old_faithful(), fit)[1] == pytest.approx(-1130.26396, abs=1e-4)


EXHIBITS = sys.modules[CHECKS["break-it"].breaks[0].gives.__module__]


@FEW
@given(
    points=st.lists(st.floats(-9, 9), min_size=3, max_size=9, unique=True),
    means=st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
    weight=st.floats(0.1, 0.9),
    variances=st.tuples(st.floats(0.5, 9), st.floats(0.5, 9)),
)
def test_the_right_value_of_an_exhibit_is_one_iteration_written_out(points, means, weight, variances):
    start = [*zip((weight, 1 - weight), means, variances, strict=True)]
    joint = [np.log(w) + norm(m, v**0.5).logpdf(points) for w, m, v in start]
    r = softmax(joint, axis=0)
    if r.sum(axis=1).min() < 1e-3:
        return
    after = [(row.mean(), np.average(points, weights=row)) for row in r]
    after = [(w, m, float(np.cov(points, aweights=row, ddof=0))) for row, (w, m) in zip(r, after, strict=True)]
    read = EXHIBITS.read_iteration({"points": points, "start": start, "after": after})
    np.testing.assert_allclose(EXHIBITS.right(read.thing), after, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(EXHIBITS.iteration()(read.thing), after, rtol=1e-9, atol=1e-12)


def test_the_example_of_an_exhibit_is_right_and_exposes_nobody():
    text = "".join(c.source for c in PS7.set.cells)
    (example,) = re.findall(r'"old-means": (\{"points": \[1, 3.*?\}),', text, re.DOTALL)
    read = EXHIBITS.read_iteration(eval(example.replace("# right, but it exposes nobody", "")))
    assert read.size <= next(wrong.at_most for wrong in EXHIBITS.WRONG if wrong.id == "old-means")
    for value in [EXHIBITS.right(read.thing), *(wrong.gives(read.thing) for wrong in EXHIBITS.WRONG)]:
        np.testing.assert_allclose(value, read.stated, rtol=1e-9)
