"""A small neural network: layers of weighted sums with a bend between them, trained by the gradient of its loss.

A layer multiplies by a matrix, adds a vector, and bends every entry by tanh; the last one does not bend. All
weights lie in one vector, so that every optimiser of this package can train a network: it is nothing but a function
of many numbers. One reverse sweep gives the derivative by all of them, at the cost of a few evaluations of the loss.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, of_shape
from course_lib.applications.optimisers.adam import adam

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Training:
    """A trained network.

    Attributes
    ----------
    parameters : ndarray
        All weights, as `network` takes them.
    losses : ndarray, shape (epochs + 1,)
        The loss over all data, before the first and after every epoch.
    """

    parameters: Vector
    losses: Vector


def count_parameters(widths: Sequence[int]) -> int:
    """Return how many weights a network has.

    Parameters
    ----------
    widths : sequence of int
        How many numbers go in, how many each hidden layer has, how many come out.

    Raises
    ------
    ValueError
        If there are fewer than two, or one is not a positive whole number.

    Examples
    --------
    >>> count_parameters([2, 8, 3])
    51
    """
    if np.ndim(widths) != 1 or len(widths) < 2 or any(count(width, "a width", least=1) < 1 for width in widths):
        raise ValueError(f"The widths are {widths}; expected at least two: how many numbers go in, how many come out.")
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(widths))


def initial_parameters(widths: Sequence[int], seed: int) -> Vector:
    """Draw the weights with which training begins.

    Parameters
    ----------
    widths : sequence of int
        As in `count_parameters`.
    seed : int
        The seed of the draw.

    Returns
    -------
    ndarray, shape (count_parameters(widths),)
        Normal numbers of variance 2 / (inputs + outputs) in each matrix, so that values and gradients neither grow
        nor vanish from layer to layer; 0 for the vectors that are added.

    References
    ----------
    Glorot and Bengio: Understanding the difficulty of training deep feedforward neural networks. AISTATS (2010).

    Examples
    --------
    >>> initial_parameters([2, 8, 3], seed=0).shape
    (51,)
    """
    count_parameters(widths)
    random = np.random.default_rng(seed)
    parts = []
    for inputs, outputs in pairwise(widths):
        parts += [random.normal(0, np.sqrt(2 / (inputs + outputs)), inputs * outputs), np.zeros(outputs)]
    return np.concatenate(parts)


def layers(parameters: Any, widths: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    """Cut the vector of weights into a matrix and a vector for each layer."""
    expected = count_parameters(widths)
    if np.shape(parameters) != (expected,):
        raise ValueError(
            f"The weights have shape {np.shape(parameters)}; a network of widths {list(widths)} has ({expected},)."
        )
    at = 0
    for inputs, outputs in pairwise(widths):
        W = np.reshape(parameters[at : at + inputs * outputs], (inputs, outputs))
        at += inputs * outputs
        yield W, parameters[at : at + outputs]
        at += outputs


def network(parameters: Any, widths: Sequence[int], X: Any) -> Any:
    """Return what the network answers.

    Parameters
    ----------
    parameters : ndarray, shape (count_parameters(widths),)
        All weights.
    widths : sequence of int
        As in `count_parameters`.
    X : ndarray, shape (n, widths[0])
        One input a row.

    Returns
    -------
    ndarray, shape (n, widths[-1])
        One answer a row.

    Raises
    ------
    ValueError
        If the number of weights does not fit the widths, or X has not as many columns as numbers go in.

    Examples
    --------
    >>> parameters = np.array([1.0, -1.0, 0.5, 2.0, 3.0, -1.0, 10.0])      # W1, b1, W2, b2
    >>> network(parameters, [1, 2, 1], np.array([[0.0]])) == 3 * np.tanh(0.5) - np.tanh(2.0) + 10
    array([[ True]])
    """
    *hidden, (W_last, b_last) = layers(parameters, widths)
    if np.ndim(X) != 2 or np.shape(X)[1] != widths[0]:
        raise ValueError(f"X has shape {np.shape(X)}; expected one input a row, (n, {widths[0]}).")
    H = X
    for W, b in hidden:
        H = np.tanh(H @ W + b)
    return H @ W_last + b_last


def squared_error(parameters: Any, widths: Sequence[int], X: Any, Y: Any) -> Any:
    """Return the mean squared difference between answers and Y, of shape (n, widths[-1]): for regression.

    Raises
    ------
    ValueError
        If Y has another shape, such as (n,), which NumPy would hold against every answer.

    Examples
    --------
    >>> squared_error(np.array([2.0, 1.0]), [1, 1], np.array([[3.0]]), np.array([[5.0]]))
    np.float64(4.0)
    """
    answers = network(parameters, widths, X)
    return np.mean((answers - of_shape(Y, np.shape(answers), "Y")) ** 2)


def cross_entropy(parameters: Any, widths: Sequence[int], X: Any, labels: Any) -> Any:
    """Return the mean of -log P(label): for classification.

    Parameters
    ----------
    parameters, widths, X
        As in `network`. The answers are taken as logarithms of probabilities, up to a constant (softmax).
    labels : ndarray of int, shape (n,)
        The class of each row, from 0 to widths[-1] - 1.

    Returns
    -------
    float
        0 if every label is certain, log(classes) for a guess.

    Raises
    ------
    ValueError
        If the labels are no whole numbers from 0 to widths[-1] - 1, one for each row.

    Examples
    --------
    >>> cross_entropy(np.zeros(6), [1, 3], np.ones((4, 1)), np.array([0, 1, 2, 2])) == np.log(3)
    np.True_
    """
    scores = network(parameters, widths, X)
    labels = np.asarray(labels)
    n, classes = np.shape(scores)
    if labels.shape != (n,) or labels.dtype.kind not in "iu" or not np.all((labels >= 0) & (labels < classes)):
        raise ValueError(
            f"The labels have shape {labels.shape} and are of type {labels.dtype}, such as {labels.ravel()[:5]}; "
            f"expected {n} whole numbers from 0 to {classes - 1}."
        )
    largest = np.max(scores, axis=1, keepdims=True)  # so that exp does not overflow
    log_total = largest[:, 0] + np.log(np.sum(np.exp(scores - largest), axis=1))
    return np.mean(log_total - scores[np.arange(n), labels])


def train(
    loss: Any,
    widths: Sequence[int],
    X: ArrayLike,
    Y: ArrayLike,
    epochs: int,
    batch_size: int = 32,
    rate: float = 0.01,
    seed: int = 0,
) -> Training:
    """Train a network by Adam on random batches.

    Parameters
    ----------
    loss : callable
        `squared_error`, `cross_entropy`, or another ``loss(parameters, widths, X, Y)``.
    widths : sequence of int
        As in `count_parameters`.
    X : array_like, shape (n, widths[0])
        The inputs.
    Y : array_like
        What the loss compares the answers with, one row an input.
    epochs : int
        How many times all data are gone through.
    batch_size : int
        How many rows make one step.
    rate : float
        The learning rate.
    seed : int
        The seed of the first weights and of the order of the data.

    Returns
    -------
    Training
        The weights and the losses.

    Raises
    ------
    ValueError
        If X and Y have not as many rows, or there is none; if a number is out of range.

    Examples
    --------
    >>> X = np.linspace(-2, 2, 64)[:, None]
    >>> training = train(squared_error, [1, 8, 1], X, np.sin(2 * X), epochs=200, rate=0.02)
    >>> bool(training.losses[-1] < 0.05 * training.losses[0])
    True
    """
    X, Y = np.asarray(X, dtype=float), np.asarray(Y)
    if X.ndim != 2 or not np.all(np.isfinite(X)) or len(X) == 0 or Y.shape[:1] != X.shape[:1]:
        raise ValueError(f"X has shape {X.shape} and Y {Y.shape}; expected finite numbers, as many rows in both.")
    order, steps = np.random.default_rng(seed), -(-len(X) // count(batch_size, "batch_size", least=1))

    def batches() -> Iterator[tuple[Any, Any]]:
        while True:
            for rows in np.array_split(order.permutation(len(X)), steps):
                yield X[rows], Y[rows]

    path = adam(
        lambda parameters, x, y: loss(parameters, widths, x, y),
        initial_parameters(widths, seed),
        rate,
        count(epochs, "epochs") * steps,
        batches=batches(),
    )
    losses = [loss(parameters, widths, X, Y) for parameters in path.points[::steps]]
    return Training(path.solution, np.array(losses))
