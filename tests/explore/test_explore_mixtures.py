"""The explorables of Part II whose arithmetic runs in the page: ellipses and responsibilities, against course_lib."""

import random

import javascript
import numpy as np
import pytest

from course_lib.explore.live import MODULES
from course_lib.explore.mixtures.covariance import covariance_of
from course_lib.explore.mixtures.responsibilities import mixture_on_a_line
from course_lib.mixture import e_step, log_gaussian


def drawn(count, *ranges):
    rng = random.Random(12)
    return [[rng.uniform(*each) for each in ranges] for _ in range(count)]


def test_the_page_factors_a_covariance_as_numpy_does():
    path, settings = MODULES / "covariance.mjs", drawn(30, (-0.99, 0.99), (0.1, 3.0))
    factors, eigenvalues, angles = (
        javascript.calls(path, [(name, tuple(each)) for each in settings])
        for name in ("choleskyOf", "eigenvaluesOf", "angleOf")
    )
    for (rho, s), L, values, angle in zip(settings, factors, eigenvalues, angles, strict=True):
        covariance = covariance_of(rho, s)
        assert np.allclose(L, np.linalg.cholesky(covariance), rtol=1e-13)
        assert np.allclose(values[::-1], np.linalg.eigvalsh(covariance), rtol=1e-12)
        along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        assert np.allclose(covariance @ along, values[0] * along, atol=1e-12), "the long axis is an eigenvector"


def test_the_page_finds_the_responsibilities_of_an_e_step():
    path, settings = MODULES / "responsibilities.mjs", drawn(30, (-4, 4), (0.05, 0.95), (0.5, 6), (0.05, 2))
    shares = javascript.calls(path, [("responsibilityOfRight", tuple(each)) for each in settings])
    joints = javascript.calls(path, [("jointDensities", tuple(each)) for each in settings])
    for (x, *mixture), share, joint in zip(settings, shares, joints, strict=True):
        weights, means, covariances = mixture_on_a_line(*mixture)
        _, r = e_step([[x]], weights, means, covariances, "spherical")
        assert share == pytest.approx(r[0, 1], rel=1e-10, abs=1e-300)
        expected = np.array(weights) * np.exp(log_gaussian([[x]], means, covariances, "spherical"))[0]
        assert joint == pytest.approx(expected, rel=1e-10, abs=1e-300)


def test_the_soft_border_is_where_both_are_equally_responsible_and_goes_to_the_middle():
    path, settings = MODULES / "responsibilities.mjs", drawn(20, (0.05, 0.95), (0.5, 6), (0.1, 2))
    borders = javascript.calls(path, [("softBorder", tuple(each)) for each in settings])
    doubts = javascript.calls(path, [("lengthOfDoubt", tuple(each[1:])) for each in settings])
    for mixture, border, doubt in zip(settings, borders, doubts, strict=True):
        _, r = e_step([[border]], *mixture_on_a_line(*mixture), "spherical")
        assert r[0] == pytest.approx([0.5, 0.5])
        # about its middle the sigmoid is symmetric: 0.05 and 0.95 lie half the length to either side
        ends = [[border - doubt / 2], [border + doubt / 2]]
        assert e_step(ends, *mixture_on_a_line(*mixture), "spherical")[1][:, 1] == pytest.approx([0.05, 0.95])
    assert abs(javascript.calls(path, [("softBorder", (0.95, 1.0, 1e-3))])[0]) < 1e-5
