"""L-BFGS: BFGS that keeps the last few steps in place of a matrix.

A matrix of n x n does not fit where n is a million. But the matrix was made of steps s and changes y of the
gradient; to apply it to a vector, it is enough to run through the last few of these pairs, once back and once
forth. Memory and work are then a small multiple of n.
"""

from collections import deque

from numpy.typing import ArrayLike

from course_lib.applications.expected import count
from course_lib.applications.optimisers.bfgs import quasi_newton
from course_lib.applications.optimisers.descent import DescentPath, Function, Vector


def lbfgs(
    f: Function, start: ArrayLike, pairs: int = 10, tolerance: float = 1e-8, max_iterations: int = 500
) -> DescentPath:
    """Minimise f by L-BFGS with a Wolfe line search.

    Parameters
    ----------
    f : callable
        ``f(x)`` is one number; smooth, NumPy code. If it is made by ``jit``, its gradient is recorded too.
    start : array_like, shape (n,)
        The first point.
    pairs : int
        How many steps are remembered.
    tolerance : float
        The descent ends when no entry of the gradient is larger than this.
    max_iterations : int
        How many steps at most.

    Returns
    -------
    DescentPath
        Every point and value, how many gradients they took, and why the descent ended.

    Raises
    ------
    ValueError
        If the start is not a vector, f or its gradient is not finite there, or the tolerance is negative.

    References
    ----------
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), algorithms 7.4 and 7.5.

    Examples
    --------
    >>> path = lbfgs(lambda x: (x[0] - 3) ** 4 + (x[0] - 3) ** 2 + x[1] ** 2, [0.0, 5.0])
    >>> path.reason, abs(path.solution - [3, 0]).max() < 1e-8
    ('converged', np.True_)
    """
    remembered: deque[tuple[Vector, Vector, float]] = deque(maxlen=count(pairs, "pairs"))  # s, y, and y @ s

    def direction(gradient: Vector) -> Vector:
        q = gradient.copy()
        weights = []
        for s, y, product in reversed(remembered):
            weight = (s @ q) / product
            q -= weight * y
            weights.append(weight)
        if remembered:
            _, y, product = remembered[-1]
            q *= product / (y @ y)
        for (s, y, product), weight in zip(remembered, reversed(weights), strict=True):
            q += s * (weight - (y @ q) / product)
        return -q

    def learn(s: Vector, y: Vector) -> None:
        remembered.append((s, y, float(y @ s)))

    return quasi_newton(f, start, direction, learn, tolerance, max_iterations)
