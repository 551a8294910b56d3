"""The data are what their descriptions say."""

import numpy as np
import pytest

from course_lib.datasets import (
    load_nist_strd,
    load_old_faithful,
    narrow_beside_wide,
    three_overlapping_clusters,
    two_clusters_on_a_line,
)
from course_lib.datasets.nist_strd import MODELS


def test_old_faithful_is_the_table_of_r():
    X = load_old_faithful()
    assert X.shape == (272, 2)
    assert X.dtype == np.float64
    # Mean, standard deviation and range as R prints them for `faithful`.
    np.testing.assert_allclose(X.mean(axis=0), [3.487783, 70.897059], atol=1e-6)
    np.testing.assert_allclose(X.std(axis=0, ddof=1), [1.141371, 13.594974], atol=1e-6)
    assert X.min(axis=0).tolist() == [1.6, 43.0]
    assert X.max(axis=0).tolist() == [5.1, 96.0]


@pytest.mark.parametrize("draw", [three_overlapping_clusters, narrow_beside_wide, two_clusters_on_a_line])
def test_a_draw_is_the_same_every_time_and_another_with_another_seed(draw):
    X, labels = draw()
    again, _ = draw()
    other, _ = draw(seed=1)
    assert X.shape[0] == labels.shape[0]
    np.testing.assert_array_equal(X, again)
    assert not np.allclose(X, other)
    with pytest.raises(ValueError, match="n is 0; expected the number of points"):
        draw(n=0)


def test_draws_have_the_moments_that_are_promised():
    X, labels = three_overlapping_clusters(n=100_000)
    np.testing.assert_allclose(np.bincount(labels) / len(X), [0.5, 0.3, 0.2], atol=0.01)
    np.testing.assert_allclose(X[labels == 1].mean(axis=0), [2.5, 1.0], atol=0.02)
    np.testing.assert_allclose(np.cov(X[labels == 0].T), [[1.0, 0.6], [0.6, 0.8]], atol=0.02)


def test_distances_deceive_beside_the_wide_cluster():
    X, labels = narrow_beside_wide()
    nearest = np.argmin(np.linalg.norm(X[:, None] - [[0.0, 0.0], [3.5, 0.0]], axis=2), axis=1)
    assert (nearest != labels).sum() > 20


def test_certified_parameters_fit_as_well_as_they_are_certified_to():
    for name in MODELS:
        nist = load_nist_strd(name)
        left = np.sum((nist.model(nist.parameters, nist.x) - nist.y) ** 2)
        # The parameters have eleven digits, which leave 1e-20 of the tiny residuals of Lanczos1.
        np.testing.assert_allclose(left, nist.residual_sum, rtol=1e-8, atol=1e-20)
        assert nist.starts.shape == (2, len(nist.parameters))
        assert nist.standard_deviations.shape == nist.parameters.shape


def test_an_unknown_certified_problem_is_refused():
    with pytest.raises(ValueError, match="'Misra2'; expected one of Bennett5, BoxBOD"):
        load_nist_strd("Misra2")
