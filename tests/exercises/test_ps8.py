"""Problem set 8: right answers and known mistakes come out the same with scikit-learn, which the notebooks use."""

import warnings

import numpy as np
import pytest
from problem_set_runs import runs_of
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

PS8 = runs_of("ps8")
CHECKS, draws = PS8.checks, PS8.draws


def fitted(points, kinds, shape):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GaussianMixture(
            kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0
        ).fit(points)  # fmt: skip


def thinnest(mixture, spread):
    """The least standard deviation of any component in any direction, each column in units of its spread."""
    d = len(spread)
    variances = mixture.covariances_
    matrices = {
        "full": lambda: variances,
        "tied": lambda: [variances],
        "diag": lambda: [np.diag(v) for v in variances],
        "spherical": lambda: [v * np.eye(d) for v in variances],
    }[mixture.covariance_type]()
    return min(np.sqrt(np.linalg.eigvalsh(matrix / np.outer(spread, spread))[0]) for matrix in matrices)


@pytest.mark.parametrize("seed", range(4))
def test_the_judges_verdict_and_the_mistaken_ones_are_those_of_scikit_learns_fits(seed):
    check = CHECKS["best-model"]
    for given in draws("best-model", seed):
        points, choices = given["points"], given["choices"]
        fits = [fitted(points, *choice) for choice in choices]
        values = {
            "highest-bic": [-m.bic(points) for m in fits],
            "highest-likelihood": [-m.score(points) for m in fits],
            "aic": [m.aic(points) for m in fits],
        }
        bic = [m.bic(points) for m in fits]

        def lowest(value, spread, fits=fits, choices=choices, thin=given["thin"]):
            sound = [i for i, m in enumerate(fits) if thinnest(m, spread) > thin]
            return choices[min(sound, key=value.__getitem__)] if sound else None

        own = points.std(axis=0)
        assert check.expected(**given) == lowest(bic, own)
        for mistake, value in values.items():
            assert check.mistakes[mistake](**given) == lowest(value, own)
        assert check.mistakes["collapsed-allowed"](**given) == choices[int(np.argmin(bic))]
        assert check.mistakes["no-spreads"](**given) == lowest(bic, np.ones(points.shape[1]))
        assert check.mistakes["variances"](**given) == lowest(bic, points.var(axis=0))


def test_the_numbers_in_the_model_answers_are_those_of_the_petals():
    """The irises are fitted afresh, and every number that a marker reads is looked up in the text."""
    irises = load_iris()
    petals, species = irises.data[:, 2:], irises.target
    spread = petals.std(axis=0)
    text = "\n".join(cell.source for cell in PS8.set.manual_cells)
    two, three, five = (fitted(petals, kinds, "full") for kinds in (2, 3, 5))
    for mixture in (two, three):
        assert f"{mixture.bic(petals):.1f}" in text
    assert f"cost {6 * np.log(len(petals)):.1f}" in text
    assert f"better by {2 * len(petals) * (three.score(petals) - two.score(petals)):.1f}" in text
    collapsed = np.isin(
        five.predict(petals), [k for k in range(5) if np.linalg.eigvalsh(five.covariances_[k])[0] < 1e-4]
    )
    assert f"{collapsed.sum()} flowers whose petals are all {np.unique(petals[collapsed, 1])[0]:g} cm wide" in text
    assert len(np.unique(petals[collapsed, 1])) == 1
    assert five.bic(petals) < three.bic(petals)
    found = three.predict(petals)
    wrong = sum(len(found[found == k]) - np.bincount(species[found == k]).max() for k in range(3))
    assert f"{wrong} flowers of 150" in text
    metres = [fitted(petals / 100, kinds, "full").bic(petals / 100) for kinds in (2, 3, 5)]
    assert all(f"{value:.1f}" in text for value in metres)
    assert np.argmin(metres) == 1
    assert np.argmax(metres) == 2
    runs = [
        GaussianMixture(3, init_params="random_from_data", tol=1e-6, max_iter=1000, random_state=k) for k in range(20)
    ]
    reached = {False: [], True: []}
    for run in runs:
        run.fit(petals)
        reached[bool(thinnest(run, spread) < 0.01)].append(f"{len(petals) * run.score(petals):.1f}")
    assert (max(reached[True], key=float), reached[True].count("-44.9"), len(reached[True])) == ("-44.9", 5, 7)
    assert (max(reached[False], key=float), reached[False].count("-134.1"), reached[False].count("-135.3")) == (
        "-134.1",
        2,
        9,
    )
    assert all(one in text for one in ("-44.9", "-134.1", "-135.3", "-114.8", "-125.8"))
