"""Adam: momentum, and for every coordinate a step length of its own.

It keeps a fading mean of the gradients and one of their squares, and divides the first by the root of the second.
A coordinate whose gradients are always small then moves as far as one whose gradients are always large. Both means
begin at zero and are too small at first; the division by 1 - beta^t takes that out.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.applications.expected import fraction, positive
from course_lib.applications.optimisers.descent import DescentPath, Function, Vector, descend


def adam(
    f: Function,
    start: ArrayLike,
    rate: float,
    iterations: int,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    batches: Iterable[tuple[Any, ...]] | None = None,
) -> DescentPath:
    """Minimise f by Adam.

    Parameters
    ----------
    f : callable
        ``f(x)``, or ``f(x, *batch)``, is one number; NumPy code.
    start : array_like, shape (n,)
        The first point.
    rate : float
        The learning rate: about how far a coordinate moves in a step.
    iterations : int
        How many steps.
    beta1, beta2 : float
        How slowly the two means fade, in [0, 1).
    epsilon : float
        Keeps the quotient finite where gradients vanish.
    batches : iterable of tuples, optional
        As in `course_lib.applications.optimisers.descent.descend`.

    Returns
    -------
    DescentPath
        Every point and value.

    Raises
    ------
    ValueError
        If the rate is not positive, or a beta not in [0, 1), or the start is not a vector.

    References
    ----------
    Kingma and Ba: Adam: a method for stochastic optimization. ICLR (2015), algorithm 1.

    Examples
    --------
    The first step has the length of the rate in every coordinate, whatever the gradient:

    >>> adam(lambda x: x[0] ** 2 + 1000 * x[1] ** 2, [1.0, -1.0], rate=0.1, iterations=1).solution
    array([ 0.9, -0.9])
    """
    positive(rate, "rate")
    fraction(beta1, "beta1")
    fraction(beta2, "beta2")
    mean: Vector = np.array(0.0)
    square: Vector = np.array(0.0)
    t = 0

    def rule(gradient: Vector) -> Vector:
        nonlocal mean, square, t
        t += 1
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        return -rate * (mean / (1 - beta1**t)) / (np.sqrt(square / (1 - beta2**t)) + epsilon)

    return descend(f, start, rule, iterations, batches)
