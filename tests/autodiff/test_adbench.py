"""ADBench's mixture objective, written from its formula: value and gradient as ADBench publishes them."""

import math
from pathlib import Path

import numpy as np
import pytest

from course_lib.autodiff import differentiate_source, grad, hvp, jacfwd, jvp, value_and_grad

# ADBench's answer for gmm_test.txt: the objective, then the gradient by alphas, means and factors. In our copy of the
# answer the second number reads -0.741270399523898472. Two digits must have been exchanged: the first three numbers add
# up to 0, since the same number added to every alpha changes nothing; with 039 in place of 399 they do, to 1e-16.
OBJECTIVE = 8.07380408004975791
GRADIENT = np.array([
    0.108662855508652456, -0.741270039523898472, 0.632607184015246071, 1.11692576532787013, 0.163333013551455269,
    -0.0219989824071193142, 0.227778292254236098, 1.20963025612832187, -0.0606375920733956339, 2.58529994051162237,
    0.112632694524213789, 0.385744309849611777, 0.0735180573182305508, 5.41836362715595232, -0.321494409677446469,
    1.71892309775004937, 0.860091090790866875, -0.994640930466322848,
])  # fmt: skip


def problem():
    """Read the file: (alphas, means, factors), points, gamma and m."""
    path = Path(__file__).parents[1] / "data" / "adbench" / "gmm_test.txt"
    numbers = [float(word) for word in path.read_text().split()]
    d, k, n = map(int, numbers[:3])
    sizes = np.cumsum([k, k * d, k * (d + d * (d - 1) // 2), n * d])
    alphas, means, factors, points, prior = np.split(np.array(numbers[3:]), sizes)
    return (alphas, means.reshape(k, d), factors.reshape(k, -1)), points.reshape(n, d), prior


(ALPHAS, MEANS, FACTORS), POINTS, (GAMMA, M) = problem()


def objective(alphas, means, factors):
    """The log-likelihood with its Wishart prior, for two dimensions: Q has exp of its diagonal, and one entry below."""
    n, d = POINTS.shape
    diagonal = np.exp(factors[:, :d])
    away = POINTS[:, np.newaxis, :] - means
    first = diagonal[:, 0] * away[:, :, 0]
    second = factors[:, 2] * away[:, :, 0] + diagonal[:, 1] * away[:, :, 1]
    inner = alphas + np.sum(factors[:, :d], axis=1) - 0.5 * (first * first + second * second)
    likelihood = np.sum(np.logaddexp.reduce(inner, axis=1)) - n * np.logaddexp.reduce(alphas)
    freedom = d + M + 1
    prior = np.sum(0.5 * GAMMA * GAMMA * (np.sum(diagonal * diagonal, axis=1) + factors[:, 2] ** 2))
    prior = prior - M * np.sum(factors[:, :d])
    scale = freedom * d * (math.log(GAMMA) - 0.5 * math.log(2)) - math.log(multivariate_gamma(0.5 * freedom, d))
    return likelihood - 0.5 * n * d * math.log(2 * math.pi) + prior - len(alphas) * scale


def multivariate_gamma(a, d):
    return math.pi ** (d * (d - 1) / 4) * math.prod(math.gamma(a - 0.5 * j) for j in range(d))


ARGUMENTS = ALPHAS, MEANS, FACTORS


def flat(gradient):
    return np.concatenate([np.ravel(part) for part in gradient])


def test_value_and_gradient_are_the_published_ones():
    value, gradient = value_and_grad(objective, (0, 1, 2))(*ARGUMENTS)
    assert value == pytest.approx(OBJECTIVE, rel=1e-14)
    np.testing.assert_allclose(flat(gradient), GRADIENT, rtol=1e-13, atol=1e-15)


def test_the_gradient_by_the_alphas_adds_up_to_zero():
    assert abs(np.sum(GRADIENT[:3])) < 1e-15


def test_the_written_programs_give_them_too():
    value, gradient = differentiate_source(objective, (0, 1, 2), "reverse")(*ARGUMENTS)
    assert value == pytest.approx(OBJECTIVE, rel=1e-14)
    np.testing.assert_allclose(flat(gradient), GRADIENT, rtol=1e-13, atol=1e-15)
    rng = np.random.default_rng(0)
    tangents = tuple(rng.normal(size=a.shape) for a in ARGUMENTS)
    along = GRADIENT @ flat(tangents)
    assert differentiate_source(objective, (0, 1, 2))(*ARGUMENTS, *tangents)[1] == pytest.approx(along, rel=1e-13)
    assert jvp(objective, ARGUMENTS, tangents)[1] == pytest.approx(along, rel=1e-13)


def test_its_second_derivatives_agree_in_all_modes():
    whole = flat(ARGUMENTS)

    def of_one_vector(x):
        return objective(x[:3], np.reshape(x[3:9], (3, 2)), np.reshape(x[9:], (3, 3)))

    v = np.random.default_rng(1).normal(size=whole.size)
    h = 1e-6
    central = (grad(of_one_vector)(whole + h * v) - grad(of_one_vector)(whole - h * v)) / (2 * h)
    np.testing.assert_allclose(hvp(of_one_vector, whole, v), central, rtol=1e-6, atol=1e-8)
    whole_hessian = jacfwd(grad(of_one_vector))(whole)
    np.testing.assert_allclose(whole_hessian @ v, hvp(of_one_vector, whole, v), rtol=1e-10, atol=1e-12)
