"""Descent: walk downhill, and write down where.

Gradient descent, momentum and Adam share one loop: take the value and the gradient, let a rule turn the gradient
into a step, take the step. The rule is all in which they differ, and each rule has a file of its own. The loop
takes no care that the function falls: the step's length is the user's choice, the learning rate.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, floats
from course_lib.autodiff import jit, value_and_grad
from course_lib.autodiff.graph.jit import Jitted

Function = Callable[..., Any]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class DescentPath:
    """Where a descent went.

    Attributes
    ----------
    points : ndarray, shape (iterations + 1, n)
        The start and every point after it.
    values : ndarray, shape (iterations + 1,)
        The function at each of them; nan at the last one where each step has data of its own.
    evaluations : int
        How often the function and its gradient were computed.
    reason : str
        Why the descent ended.
    """

    points: Vector
    values: Vector
    evaluations: int
    reason: str

    @property
    def solution(self) -> Vector:
        """The last point."""
        return self.points[-1]

    @property
    def converged(self) -> bool:
        """Whether the gradient became smaller than the tolerance."""
        return self.reason == "converged"


def with_gradient(f: Function) -> Function:
    """Return the function that computes value and gradient; of a function that `jit` records, recorded as well."""
    if isinstance(f, Jitted):
        return jit(value_and_grad(f.f), *map(tuple, f.static))
    return value_and_grad(f)


def descend(
    f: Function,
    start: ArrayLike,
    rule: Callable[[Vector], Vector],
    iterations: int,
    batches: Iterable[tuple[Any, ...]] | None = None,
) -> DescentPath:
    """Take so many steps, each of them made by a rule from the gradient.

    Parameters
    ----------
    f : callable
        ``f(x)``, or ``f(x, *batch)`` if there are batches, is one number.
    start : array_like, shape (n,)
        The first point.
    rule : callable
        Takes a gradient of shape (n,), returns the step that is added to x. It may remember earlier ones.
    iterations : int
        How many steps.
    batches : iterable of tuples, optional
        The data of each step, so that each gradient is that of a sample: stochastic gradients.

    Returns
    -------
    DescentPath
        The path; with batches, each value is that of the step's own sample.

    Raises
    ------
    ValueError
        If the start is not a vector, or the number of iterations no whole number.

    Examples
    --------
    >>> path = descend(lambda x: np.sum(x**2), [1.0, -2.0], lambda gradient: -0.25 * gradient, iterations=3)
    >>> path.points
    array([[ 1.   , -2.   ],
           [ 0.5  , -1.   ],
           [ 0.25 , -0.5  ],
           [ 0.125, -0.25 ]])
    """
    x = vector(start)
    both = with_gradient(f)
    points, values = [x], []
    steps = count(iterations, "iterations")
    for batch in islice(repeat(()) if batches is None else batches, steps):
        value, gradient = both(x, *batch)
        x = x + rule(gradient)
        points.append(x)
        values.append(value)
    values.append(f(x) if batches is None else np.nan)
    reason = taken(len(points) - 1, x)
    return DescentPath(np.array(points), np.array(values, dtype=float), len(points) - 1, reason)


def taken(steps: int, last: Vector) -> str:
    """Say how a descent of so many steps ended, and if it diverged."""
    return f"{steps} steps taken" if np.all(np.isfinite(last)) else "diverged: try a smaller rate"


def vector(start: ArrayLike) -> Vector:
    """Return a copy of the start as a vector of floats.

    Raises
    ------
    ValueError
        If it is not one.

    Examples
    --------
    >>> vector([1, 2])
    array([1., 2.])
    """
    x = floats(start)
    if x.ndim != 1:
        raise ValueError(f"The start has shape {x.shape}; expected a vector, of shape (n,). Use np.ravel, or [x].")
    return x
