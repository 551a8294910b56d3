"""The explorables of EM: what their modules compute in the page, course_lib and SciPy compute, too."""

import javascript
import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from course_lib import explore
from course_lib.explore.live import MODULES
from course_lib.explore.mixtures.half_steps import points_of, start_of
from course_lib.mixture import e_step, em_iterations, m_step

X = np.array([-2.1, -0.4, 0.3, 1.7, 2.6])
NORMAL = norm(0, 1)


@pytest.mark.parametrize("points", ["three clusters", "Old Faithful"])
def test_em_in_the_plane_is_that_of_course_lib(points):
    data, start = points_of(points), start_of(points, 3, "B")
    mixture = {name: value.tolist() for name, value in start.items()}
    module = MODULES / "em_half_steps.mjs"
    first, later = javascript.calls(
        module, [("eStep", (data.tolist(), mixture)), ("after", (data.tolist(), mixture, 12))]
    )
    log_likelihood, r = e_step(data, *start.values())
    assert first["logLikelihood"] == pytest.approx(log_likelihood, rel=1e-12)
    assert np.allclose(first["responsibilities"], r, atol=1e-10)
    states = list(em_iterations(data, *start.values(), max_iter=6, tol=0))
    assert np.allclose(later["path"], [state.log_likelihood for state in states], rtol=1e-9)
    assert np.allclose(later["mixture"]["covariances"], states[-1].covariances, rtol=1e-6)
    (refitted,) = javascript.calls(module, [("mStep", (data.tolist(), r.tolist()))])
    for name, value in zip(("weights", "means", "covariances"), m_step(data, r), strict=True):
        assert np.allclose(refitted[name], value, rtol=1e-9)


def test_the_geyser_is_done_by_iteration_six_and_says_where():
    _, reading = explore.em_half_steps("Old Faithful").says(half=14, start="A", k="2", means=[])
    assert dict(reading)["Log-likelihood"] == "−1130.3"


def test_points_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="expected one of three clusters, Old Faithful"):
        explore.em_half_steps("iris")


def joint(means, weights=(0.4, 0.6)):
    return np.log(weights) + NORMAL.logpdf(X[:, None] - np.array(means))


def test_the_surface_and_its_path_are_those_of_scipy():
    means, weights = [2.0, -1.0], [0.4, 0.6]
    height, new, way = javascript.calls(
        MODULES / "likelihood_surface.mjs",
        [(name, (X.tolist(), means, weights)) for name in ("logLikelihood", "newMeans", "path")],
    )
    assert height == pytest.approx(logsumexp(joint(means), axis=1).sum(), rel=1e-12)
    r = np.exp(joint(means) - logsumexp(joint(means), axis=1, keepdims=True))
    assert np.allclose(new, [np.average(X, weights=column) for column in r.T], rtol=1e-12)
    assert np.allclose(way[1], new)
    heights = [logsumexp(joint(step), axis=1).sum() for step in way]
    assert np.diff(heights).min() > -1e-9


def test_the_bound_touches_where_the_e_step_was_and_lies_below_elsewhere():
    model, module = {"weights": [0.4, 0.6], "known": 2.0}, MODULES / "lower_bound.mjs"
    (r,) = javascript.calls(module, [("responsibilities", (X.tolist(), -0.5, model))])
    grid = [-3.0, -1.0, -0.5, 0.0, 1.5, 4.0]
    below = javascript.calls(module, [("bound", (X.tolist(), r, mean, model)) for mean in grid])
    above = [logsumexp(joint([mean, 2.0]), axis=1).sum() for mean in grid]
    assert np.all(np.array(below) <= np.array(above) + 1e-12)
    assert below[2] == pytest.approx(above[2], rel=1e-12)
    assert np.allclose(np.polyval(np.polyfit(grid, below, 2), grid), below)  # a parabola
    (top,) = javascript.calls(module, [("newMean", (X.tolist(), r))])
    assert top == pytest.approx(np.roots(np.polyder(np.polyfit(grid, below, 2)))[0], rel=1e-9)


def test_the_likelihood_grows_by_log_ten_with_each_tenth_of_sigma():
    model = {"weights": [0.9, 0.1], "wide": [0.5, 2.0], "chosen": float(X[2])}
    sigmas = (1e-3, 1e-4, 1e-5)
    heights = javascript.calls(
        MODULES / "singularity.mjs", [("logLikelihood", (X.tolist(), sigma, 0.0, model)) for sigma in sigmas]
    )
    by_scipy = [np.log(0.9 * norm(0.5, 2.0).pdf(X) + 0.1 * norm(X[2], sigma).pdf(X)).sum() for sigma in sigmas]
    assert np.allclose(heights, by_scipy, rtol=1e-10)
    assert np.allclose(np.diff(heights), np.log(10), atol=1e-2)
