"""Gradient descent: step against the gradient, which is the direction in which the function falls fastest.

On a long valley it zigzags: the rate must be small for the steep walls, and is then small along the floor too.
"""

from collections.abc import Iterable
from typing import Any

from numpy.typing import ArrayLike

from course_lib.applications.expected import positive
from course_lib.applications.optimisers.descent import DescentPath, Function, descend


def gradient_descent(
    f: Function,
    start: ArrayLike,
    rate: float,
    iterations: int,
    batches: Iterable[tuple[Any, ...]] | None = None,
) -> DescentPath:
    """Minimise f by steps of -rate times the gradient.

    Parameters
    ----------
    f : callable
        ``f(x)``, or ``f(x, *batch)``, is one number; NumPy code.
    start : array_like, shape (n,)
        The first point.
    rate : float
        The learning rate. On a quadratic it must be below 2 / L, with L the largest eigenvalue of the Hessian.
    iterations : int
        How many steps.
    batches : iterable of tuples, optional
        As in `course_lib.applications.optimisers.descent.descend`.

    Returns
    -------
    DescentPath
        Every point and value.

    Raises
    ------
    ValueError
        If the rate is not positive, or the start is not a vector.

    References
    ----------
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), section 3.3.

    Examples
    --------
    >>> gradient_descent(lambda x: (x[0] - 3) ** 2, [0.0], rate=0.5, iterations=1).solution
    array([3.])
    """
    positive(rate, "rate")
    return descend(f, start, lambda gradient: -rate * gradient, iterations, batches)
