"""BFGS: learn the Hessian from the gradients that one computes anyway.

Newton's method for a minimum solves H p = -gradient. BFGS never computes H. Each step says how the gradient changed
along it, y = H s for a quadratic, and a correction of rank two makes the running inverse of H agree with that.
After n steps on a quadratic it knows the Hessian.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from course_lib.applications.expected import count, tolerated
from course_lib.applications.optimisers.descent import DescentPath, Function, Vector, vector, with_gradient
from course_lib.applications.optimisers.line_search import wolfe_search

Direction = Callable[[Vector], Vector]
Learn = Callable[[Vector, Vector], None]


def bfgs(f: Function, start: ArrayLike, tolerance: float = 1e-8, max_iterations: int = 500) -> DescentPath:
    """Minimise f by BFGS with a Wolfe line search.

    Parameters
    ----------
    f : callable
        ``f(x)`` is one number; smooth, NumPy code. If it is made by ``jit``, its gradient is recorded too.
    start : array_like, shape (n,)
        The first point.
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
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), algorithm 6.1 and equation (6.20).

    Examples
    --------
    >>> rosenbrock = lambda x: 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    >>> path = bfgs(rosenbrock, [-1.2, 1.0])
    >>> path.reason, np.round(path.solution, 8)
    ('converged', array([1., 1.]))
    """
    n = len(vector(start))
    inverse = np.eye(n)
    fresh = True

    def direction(gradient: Vector) -> Vector:
        return -inverse @ gradient

    def learn(s: Vector, y: Vector) -> None:
        nonlocal inverse, fresh
        if fresh:
            inverse = (y @ s) / (y @ y) * np.eye(n)  # the scale of the function, before anything is built on it
            fresh = False
        rho = 1 / (y @ s)
        left = np.eye(n) - rho * np.outer(s, y)
        inverse = left @ inverse @ left.T + rho * np.outer(s, s)

    return quasi_newton(f, start, direction, learn, tolerance, max_iterations)


def quasi_newton(
    f: Function, start: ArrayLike, direction: Direction, learn: Learn, tolerance: float, max_iterations: int
) -> DescentPath:
    """Descend with a line search, along directions that are learnt from the gradients.

    Parameters
    ----------
    f, start, tolerance, max_iterations
        As in `bfgs`.
    direction : callable
        ``direction(gradient)`` returns a direction in which f falls.
    learn : callable
        ``learn(s, y)`` is told of each step s and of the change y of the gradient along it, where y @ s > 0.

    Returns
    -------
    DescentPath
        The path.
    """
    both = with_gradient(f)
    x = vector(start)
    tolerated(tolerance)
    with np.errstate(all="ignore"):
        value, gradient = both(x)
    if not (np.isfinite(value) and np.all(np.isfinite(gradient))):
        raise ValueError(f"At the start {x} f is {value} and its gradient {gradient}. Start where both are finite.")
    points, values, evaluations = [x], [value], 1
    reason = f"not converged in {max_iterations} iterations"
    for iteration in range(count(max_iterations, "max_iterations") + 1):
        if np.max(np.abs(gradient), initial=0.0) <= tolerance:
            reason = "converged"
            break
        if iteration == max_iterations:
            break
        first = 1.0 if iteration else 1.0 / max(1.0, float(np.linalg.norm(gradient)))  # nothing tells the scale yet
        along = direction(gradient)
        with np.errstate(over="ignore", invalid="ignore"):
            trial, trials = wolfe_search(both, x, value, gradient, along, first)
            s, y = trial.length * along, trial.gradient - gradient
            curved = y @ s > 0
        evaluations += trials
        if trial.length == 0:
            reason = "no step lowers the function further: rounding, or a kink"
            break
        if curved:
            learn(s, y)
        x, value, gradient = x + s, trial.value, trial.gradient
        points.append(x)
        values.append(value)
        if not (np.isfinite(value) and np.all(np.isfinite(gradient))):
            reason = "diverged: f or its gradient is not finite at the last point; has f a minimum?"
            break
    return DescentPath(np.array(points), np.array(values, dtype=float), evaluations, reason)
