"""The network: its values and gradients against backpropagation by hand, and what training must reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from course_lib.applications import lbfgs
from course_lib.applications.network import (
    count_parameters,
    cross_entropy,
    initial_parameters,
    network,
    squared_error,
    train,
)
from course_lib.autodiff import value_and_grad


@given(st.integers(0, 10**6))
def test_backpropagation_by_hand(seed):
    rng = np.random.default_rng(seed)
    widths, X, Y = [3, 4, 2], rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    W1, b1, W2, b2 = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(4, 2)), rng.normal(size=2)
    parameters = np.concatenate([W1.ravel(), b1, W2.ravel(), b2])
    H = np.tanh(X @ W1 + b1)
    out = H @ W2 + b2
    assert np.allclose(network(parameters, widths, X), out)
    value, gradient = value_and_grad(squared_error)(parameters, widths, X, Y)
    assert value == pytest.approx(np.mean((out - Y) ** 2))
    d_out = 2 * (out - Y) / Y.size
    d_sum = (d_out @ W2.T) * (1 - H**2)
    by_hand = [(X.T @ d_sum).ravel(), d_sum.sum(0), (H.T @ d_out).ravel(), d_out.sum(0)]
    assert np.allclose(gradient, np.concatenate(by_hand), rtol=1e-9, atol=1e-12)


@given(st.integers(0, 10**6))
def test_the_gradient_of_the_cross_entropy_is_probability_minus_label(seed):
    rng = np.random.default_rng(seed)
    X, labels, b = rng.normal(size=(6, 2)), rng.integers(0, 3, 6), 50 * rng.normal(size=9)
    gradient = value_and_grad(cross_entropy)(b, [2, 3], X, labels)[1]
    scores = X @ b[:6].reshape(2, 3) + b[6:]
    P = np.exp(scores - scores.max(1, keepdims=True))
    P /= P.sum(1, keepdims=True)
    d = (P - np.eye(3)[labels]) / 6
    assert np.allclose(gradient, np.concatenate([(X.T @ d).ravel(), d.sum(0)]), atol=1e-12)


def test_a_network_without_a_hidden_layer_is_logistic_regression():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 2))
    labels = (X @ [1.0, -2.0] + rng.normal(size=60) > 0.3).astype(int)
    found = lbfgs(lambda p: cross_entropy(p, [2, 2], X, labels), np.zeros(6)).solution
    W = found[:4].reshape(2, 2)
    other = LogisticRegression(C=1e10, tol=1e-10, max_iter=1000).fit(X, labels)
    assert np.allclose(W[:, 1] - W[:, 0], other.coef_[0], rtol=1e-4)
    assert found[5] - found[4] == pytest.approx(other.intercept_[0], rel=1e-4)


def test_training_learns_what_no_line_parts():
    """Two classes, one inside the other."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, size=(300, 2))
    labels = (np.hypot(*X.T) < 0.6).astype(int)
    training = train(cross_entropy, [2, 8, 2], X, labels, epochs=120, rate=0.03)
    right = np.mean(np.argmax(network(training.parameters, [2, 8, 2], X), axis=1) == labels)
    assert right > 0.97
    assert len(training.losses) == 121
    assert training.losses[-1] == pytest.approx(cross_entropy(training.parameters, [2, 8, 2], X, labels))
    again = train(cross_entropy, [2, 8, 2], X, labels, epochs=120, rate=0.03)
    assert np.array_equal(training.parameters, again.parameters)


def test_first_weights_keep_the_variance():
    widths = [100, 100, 100]
    parameters = initial_parameters(widths, seed=0)
    assert len(parameters) == count_parameters(widths) == 2 * 101 * 100
    assert np.var(parameters[:10000]) == pytest.approx(2 / 200, rel=0.05)
    assert np.all(parameters[10000:10100] == 0)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"shape \(5,\); a network of widths \[2, 1\] has \(3,\)"):
        network(np.zeros(5), [2, 1], np.zeros((1, 2)))
