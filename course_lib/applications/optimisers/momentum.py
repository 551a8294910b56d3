"""Momentum: the step remembers where it was going, as a heavy ball does.

Across a valley successive gradients point against each other and cancel in the memory; along its floor they agree
and add up. The ball gets along on the floor where plain gradient descent zigzags.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.applications.expected import fraction, positive
from course_lib.applications.optimisers.descent import DescentPath, Function, Vector, descend


def momentum(
    f: Function,
    start: ArrayLike,
    rate: float,
    iterations: int,
    memory: float = 0.9,
    batches: Iterable[tuple[Any, ...]] | None = None,
) -> DescentPath:
    """Minimise f by steps v <- memory v - rate gradient.

    Parameters
    ----------
    f : callable
        ``f(x)``, or ``f(x, *batch)``, is one number; NumPy code.
    start : array_like, shape (n,)
        The first point.
    rate : float
        The learning rate.
    iterations : int
        How many steps.
    memory : float
        The part of the last step that is kept, in [0, 1); 0 is gradient descent.
    batches : iterable of tuples, optional
        As in `course_lib.applications.optimisers.descent.descend`.

    Returns
    -------
    DescentPath
        Every point and value.

    Raises
    ------
    ValueError
        If the rate is not positive, or the memory not in [0, 1), or the start is not a vector.

    References
    ----------
    Polyak: Some methods of speeding up the convergence of iteration methods. USSR Computational Mathematics and
    Mathematical Physics 4 (1964) 1-17.

    Examples
    --------
    >>> momentum(lambda x: (x[0] - 3) ** 2, [0.0], rate=0.1, iterations=2, memory=0.5).points
    array([[0.  ],
           [0.6 ],
           [1.38]])
    """
    positive(rate, "rate")
    fraction(memory, "memory")
    velocity: Vector = np.array(0.0)

    def rule(gradient: Vector) -> Vector:
        nonlocal velocity
        velocity = memory * velocity - rate * gradient
        return velocity

    return descend(f, start, rule, iterations, batches)
