"""Programs with long loops: what a gradient costs beside the function itself, and what `jit` takes to record it.

Each is written with `scan`, which in plain calls is a Python loop over NumPy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff import jit, scan, value_and_grad

Workload = tuple[Callable[..., Any], Any]


def runge_kutta(steps: int = 1000) -> Workload:
    """Follow four numbers by the classical method of Runge and Kutta."""

    def slope(y: Any) -> Any:
        a, b, c, d = y
        return np.stack([a * b - c, 0.5 * b + d * a, a - c * d, np.sin(d)])

    def step(y: Any, _: None, h: float = 0.001) -> tuple[Any, None]:
        k1 = slope(y)
        k2 = slope(y + 0.5 * h * k1)
        k3 = slope(y + 0.5 * h * k2)
        k4 = slope(y + h * k3)
        return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None

    return lambda y: np.sum(scan(step, y, length=steps)[0]), np.full(4, 0.3)


def numbers(steps: int = 1000) -> Workload:
    """Four operations a step, on numbers."""
    return lambda x: scan(lambda y, _: ((np.sin(y * x) + 0.3) * 0.9, None), x, length=steps)[0], 1.1


def kalman(steps: int = 200, n: int = 4) -> Workload:
    """The log-likelihood of a series of observations of two numbers, by the filter of Kalman, of n states."""
    rng = np.random.default_rng(0)
    H, R, Q, seen = rng.normal(size=(2, n)), 0.5 * np.eye(2), 0.1 * np.eye(n), rng.normal(size=(steps, 2))

    def objective(A: Any) -> Any:
        def step(carry: Any, y: Any) -> tuple[Any, Any]:
            m, P = carry
            m, P = A @ m, A @ P @ A.T + Q
            S, off = H @ P @ H.T + R, y - H @ m
            gain = np.linalg.solve(S, H @ P).T
            fits = off @ np.linalg.solve(S, off) + np.linalg.slogdet(S)[1]
            return (m + gain @ off, P - gain @ H @ P), fits

        return -0.5 * np.sum(scan(step, (np.zeros(n), np.eye(n)), seen)[1])

    return objective, 0.9 * np.eye(n) + 0.05 * rng.normal(size=(n, n))


# Title, workload, how many times the function a gradient may cost: eager, and by jit.
LOOPS = [
    ("Runge-Kutta 1000", runge_kutta, 12.0, 4.0),
    ("numbers 1000", numbers, 12.0, 1.3),
    ("Kalman 200", kalman, 14.0, 3.0),
]


def compared(times: Any) -> list[list[str]]:
    """Return a row of cells for each loop; ``times`` measures functions that take turns."""
    rows = []
    for title, workload, eager_goal, goal in LOOPS:
        objective, argument = workload()
        eager = value_and_grad(objective)
        recorded = jit(eager)
        begun = time.perf_counter()
        recorded(argument)
        seconds = time.perf_counter() - begun
        found = times({
            "value": lambda f=objective, x=argument: f(x),
            "eager": lambda f=eager, x=argument: f(x),
            "jit": lambda f=recorded, x=argument: f(x),
        })  # fmt: skip
        ratios = [found.ratio(peer, "value") for peer in ("eager", "jit")]
        rows.append([title, *(f"{x:.2f}" for x in (found.milliseconds("value"), *ratios, seconds, eager_goal, goal))])
    return rows
