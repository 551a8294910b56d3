"""scikit-learn's own tests of its mixture, run with our class in its place.

Left out, each with its reason: tests of private functions and of array libraries, tests of the words of a
message, and what we do otherwise on purpose.
"""

import inspect
from functools import partial

import numpy as np
import pytest

from course_lib.mixture import GaussianMixture

theirs = pytest.importorskip("sklearn.mixture.tests.test_gaussian_mixture")

LEFT_OUT = {
    "test_check_weights": "words",
    "test_check_means": "words",
    "test_check_precisions": "words",
    "test_gaussian_mixture_predict_predict_proba": "words of the not-fitted error",
    "test_score": "words of the not-fitted error",
    "test_score_samples": "words of the not-fitted error",
    "test_sample": "words of the not-fitted error",
    "test_gaussian_mixture_fit_convergence_warning": "words of the warning",
    "test_regularisation": "too few distinct points are refused before a component can collapse",
    "test_gaussian_mixture_setting_best_params": "a component that ends with the variance 0 is an error",
    "test_gaussian_mixture_all_init_does_not_estimate_gaussian_parameters": "mocks a private function",
}


def runs(name, test):
    private = "suffstat" in name or "log_det" in name or "estimate_log" in name or "log_probabilities" in name
    arguments = set(inspect.signature(test).parameters)
    return not private and name not in LEFT_OUT and "array_api" not in name and arguments <= {"global_dtype"}


TESTS = {n: t for n, t in vars(theirs).items() if n.startswith("test_") and runs(n, t)}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TESTS)
def test_scikit_learns_test(name, monkeypatch):
    monkeypatch.setattr(theirs, "GaussianMixture", GaussianMixture)
    test = TESTS[name]
    test(np.float64) if inspect.signature(test).parameters else test()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("init_params", ["random", "random_from_data", "k-means++", "kmeans"])
@pytest.mark.parametrize("seed", [0, 1])
def test_scikit_learns_tests_of_starts(init_params, seed, monkeypatch):
    monkeypatch.setattr(theirs, "GaussianMixture", GaussianMixture)
    theirs.test_means_for_all_inits(init_params, seed, np.float64)
    theirs.test_init_means_not_duplicated(init_params, seed)
    start = partial(GaussianMixture, init_params="kmeans")  # which is their default: ours is done in five sweeps
    monkeypatch.setattr(theirs, "GaussianMixture", start)
    theirs.test_warm_start(seed)
