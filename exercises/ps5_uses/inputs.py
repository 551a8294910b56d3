"""How the problems of problem set 5 are drawn: far from convergence, and with different lengths along each axis."""

import numpy as np

from autograder.drawing import numbers, until_told_apart

from .formulas import (
    answers,
    gauss_newton,
    implicit_euler,
    newtons_path,
    newtons_step,
    on_the_line_too,
    residuals_of,
    standard_deviations,
    with_pulls,
)
from .mistakes import DEVIATION, FIT, NETWORK, PATH, SYSTEM

# --- Newton's iteration for one unknown, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 ---------------------------------


def for_newton_path(rng):
    return until_told_apart(
        lambda: {
            "c": numbers(rng, 4, high=3.0).tolist(),
            "start": float(numbers(rng, 1, low=1.2, high=3.0)[0]),
            "steps": int(rng.integers(2, 5)),
        },
        on_the_line_too(newtons_path),
        PATH,
    )


# --- Newton's iteration for several unknowns, f(x) = A x + b x^2 - c ------------------------------------------------


def for_newton_system(rng):
    def draw():
        n = int(rng.integers(2, 6))
        A = numbers(rng, n, n) + np.diag(rng.choice([-4.0, 4.0], n))
        return {"A": A, "b": numbers(rng, n), "c": numbers(rng, n), "x": numbers(rng, n)}

    return until_told_apart(draw, newtons_step, SYSTEM)


# --- Gauss-Newton, on the model b[0] exp(-b[1] t) + b[2] ------------------------------------------------------------


def for_gauss_newton_step(rng):
    def draw():
        t = np.round(np.sort(rng.uniform(0.1, 4.0, int(rng.integers(6, 10)))), 2)
        true = rng.uniform([1.5, 0.4, 0.3], [3.0, 1.2, 1.0])
        measured = np.round(residuals_of(t, 0.0, true) + rng.normal(0, 0.1, len(t)), 2)
        return {"t": t, "measured": measured, "b": np.round(true * rng.uniform(0.6, 1.5, 3), 2)}

    return until_told_apart(draw, gauss_newton, FIT)


# --- Standard deviations --------------------------------------------------------------------------------------------


def for_standard_deviations(rng):
    def draw():
        n = int(rng.integers(2, 5))
        m = n + int(rng.integers(3, 7))
        common = numbers(rng, m, 1)  # columns that resemble one another, as parameters that pull alike
        return {"r": numbers(rng, m), "J": np.round(0.6 * common + numbers(rng, m, n), 2)}

    return until_told_apart(draw, standard_deviations, DEVIATION)


# --- Implicit Euler, on f(y) = A y - c y^3 --------------------------------------------------------------------------


def some_stiff_step(rng, iterations, mistakes):
    def draw():
        n = int(rng.integers(2, 5))
        A = numbers(rng, n, n) - np.diag(rng.uniform(2, 8, n).round(2))
        h = float(np.round(rng.uniform(0.2, 0.6), 2))
        return {
            "A": A,
            "c": np.abs(numbers(rng, n)),
            "y": numbers(rng, n, low=0.8, high=2.5),
            "h": h,
            "iterations": iterations,
        }

    return until_told_apart(draw, implicit_euler, mistakes)


# --- The network ----------------------------------------------------------------------------------------------------


def some_weights(rng, d, k, m):
    return [0.6 * numbers(rng, d, k), numbers(rng, k), numbers(rng, k, m), numbers(rng, m)]


def some_network(rng):
    """Draw a network and its inputs; four different sizes, so that nothing fits when it is turned round."""
    n, d, k, m = rng.choice([[5, 3, 4, 2], [6, 2, 5, 3], [3, 4, 2, 5], [4, 3, 2, 6]])
    W1, b1, W2, b2 = some_weights(rng, d, k, m)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "X": numbers(rng, n, d)}


def for_network(rng):
    def draw():
        given = some_network(rng)
        return given | {"seed": numbers(rng, len(given["X"]), len(given["b2"]))}

    return until_told_apart(draw, with_pulls(answers), NETWORK)
