"""Problem set 9: the right answers against SciPy's Gaussians, differences of the likelihood, and EM's own promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of
from scipy.special import log_softmax, logsumexp
from scipy.stats import multivariate_normal

PS9 = runs_of("ps9")
CHECKS, draws = PS9.checks, PS9.draws
FEW = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def gaussians(points, means, diagonals, corners):
    """The log densities by SciPy, from covariances that are made entry by entry."""
    rows = []
    for mean, diagonal, corner in zip(means, diagonals, corners, strict=True):
        W = np.diag(np.exp(diagonal))
        W[np.tril_indices(len(mean), -1)] = corner[np.tril_indices(len(mean), -1)]
        rows.append(multivariate_normal(mean, np.linalg.inv(W @ W.T)).logpdf(points))
    return np.array(rows)


def likelihood(points, logits, means, diagonals, corners):
    joint = log_softmax(logits)[:, None] + gaussians(points, means, diagonals, corners)
    return logsumexp(joint, axis=0).sum()


@FEW
@given(seeds)
def test_densities_are_scipys(seed):
    for given_ in draws("densities-diagonal", seed):
        assert np.allclose(CHECKS["densities-diagonal"].expected(**given_), gaussians(**given_), rtol=1e-9)
    for given_ in draws("densities-full", seed)[:2]:
        answer = CHECKS["densities-full"].expected(**given_)
        mixture = {name: array for name, array in given_.items() if name != "seed"}
        assert np.allclose(answer["value"], gaussians(**mixture), rtol=1e-9)


@FEW
@given(seeds)
def test_weights_and_likelihoods_are_scipys(seed):
    for given_ in draws("weights-value", seed):
        for found, logits in zip(CHECKS["weights-value"].expected(**given_).values(), given_.values(), strict=True):
            assert np.allclose(found, log_softmax(logits), atol=1e-12)
    for id in ("likelihood-value", "likelihood-far"):
        for given_ in draws(id, seed):
            found = CHECKS[id].expected(**given_)
            value = found["value"] if id == "likelihood-value" else found
            assert value == pytest.approx(likelihood(**given_), rel=1e-9)


@FEW
@given(seeds)
def test_the_step_follows_the_differences_of_the_likelihood(seed):
    given_ = dict(draws("ascent-value", seed)[0])
    rate, points = given_.pop("rate"), given_["points"]
    after = CHECKS["ascent-value"].expected(**given_, rate=rate)
    for name, new in zip(("logits", "means", "diagonals", "corners"), after, strict=True):
        for index in np.ndindex(new.shape):
            up, down = (given_ | {name: given_[name].copy()} for _ in range(2))
            up[name][index] += 1e-6
            down[name][index] -= 1e-6
            slope = (likelihood(**up) - likelihood(**down)) / 2e-6 / len(points)
            assert new[index] == pytest.approx(given_[name][index] + rate * slope, abs=1e-6)


@FEW
@given(seeds)
def test_em_never_goes_down_and_stays_a_mixture(seed):
    for given_ in draws("race-heights", seed):
        _, em = CHECKS["race-heights"].expected(**given_)
        assert np.all(np.diff(em) > -1e-9)
    for given_ in draws("em-step", seed)[:2]:
        new = CHECKS["em-step"].expected(**given_)
        assert new["weights"].sum() == pytest.approx(1)
        assert np.all(np.linalg.eigvalsh(new["inverse covariances"]) > 0)
