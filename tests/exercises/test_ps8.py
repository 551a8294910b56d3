"""Problem set 8: right answers and known mistakes come out the same with scikit-learn, which the notebooks use."""

import warnings

import numpy as np
import pytest
from problem_set_runs import runs_of
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
