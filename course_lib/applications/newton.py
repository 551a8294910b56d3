"""Newton's iteration: replace the function by its tangent, and solve that instead.

Near x the function is almost its tangent, f(x) + f'(x) (z - x), and where the tangent is zero is easy to say. Take
that z as the next x. In several dimensions the tangent is a linear system, and f' is the Jacobian. The derivative
comes from automatic differentiation: nothing but f itself has to be written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, floats, tolerated
from course_lib.autodiff import jacfwd

Function = Callable[..., Any]


@dataclass(frozen=True)
class NewtonPath:
    """Where Newton's iteration went.

    Attributes
    ----------
    points : ndarray, shape (iterations + 1,) or (iterations + 1, n)
        The start and every point after it.
    residuals : ndarray, shape (iterations + 1,)
        The size of f at each of them: its absolute value, or its Euclidean norm.
    reason : str
        "converged", or why the iteration stopped without that.
    """

    points: NDArray[np.float64]
    residuals: NDArray[np.float64]
    reason: str

    @property
    def solution(self) -> Any:
        """The last point."""
        return self.points[-1]

    @property
    def converged(self) -> bool:
        """Whether the last step was shorter than the tolerance."""
        return self.reason == "converged"


def newton_step(f: Function, x: Any) -> Any:
    """Return the point after x: where the tangent of f at x is zero.

    Parameters
    ----------
    f : callable
        From a number to a number, or from an array of shape (n,) to one of shape (n,).
    x : float or ndarray, shape (n,)
        Where the tangent is taken.

    Returns
    -------
    float or ndarray, shape (n,)
        x - f(x) / f'(x), or x - J⁻¹ f(x).

    Raises
    ------
    ZeroDivisionError
        If the tangent is level in a direction, so that it has no single zero.
    ArithmeticError
        If f or its derivative is not finite at x.

    Examples
    --------
    >>> newton_step(lambda x: x**2 - 2, 1.0)
    np.float64(1.5)
    """
    value, slope = f(x), jacfwd(f)(x)
    if isinstance(value, list | tuple):
        value, slope = np.stack(value), np.stack(slope)
    if not (np.all(np.isfinite(value)) and np.all(np.isfinite(slope))):
        raise ArithmeticError(f"At x = {x} f is {value} and f' is {slope}, which is not finite. Start elsewhere.")
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.linalg.solve(slope, value) if np.ndim(x) else np.divide(value, slope)
    except np.linalg.LinAlgError:
        step = np.inf
    if not np.all(np.isfinite(step)):
        raise ZeroDivisionError(f"At x = {x} the tangent of f has no single zero: f' is {slope}. Start elsewhere.")
    return x - step


def newton(f: Function, start: ArrayLike, tolerance: float = 1e-12, max_iterations: int = 50) -> NewtonPath:
    """Solve f(x) = 0 by Newton's iteration.

    Parameters
    ----------
    f : callable
        From a number to a number, or from an array of shape (n,) to one of shape (n,); NumPy code.
    start : float or array_like, shape (n,)
        The first point.
    tolerance : float
        The iteration ends when a step is at most ``tolerance * (1 + |x|)`` long.
    max_iterations : int
        How many steps are taken at most.

    Returns
    -------
    NewtonPath
        All points. A path that did not converge says why in ``reason``; it is no error.

    Raises
    ------
    ValueError
        If f does not return what it is given the shape of, the start is no number and no vector, or the tolerance is
        negative.

    References
    ----------
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), section 11.1.

    Examples
    --------
    >>> path = newton(lambda x: x**2 - 2, 1.0)
    >>> path.solution, len(path.points)
    (np.float64(1.4142135623730951), 6)
    >>> circle_and_line = lambda x: np.array([x[0] ** 2 + x[1] ** 2 - 25, x[0] - x[1] - 1])
    >>> newton(circle_and_line, [5.0, 1.0]).solution
    array([4., 3.])
    """
    x: Any = floats(start)[()]
    tolerated(tolerance)
    if np.ndim(x) > 1:
        raise ValueError(f"The start has shape {np.shape(x)}; expected a number or a vector. Use np.ravel.")
    with np.errstate(all="ignore"):
        y = f(x)
    if np.shape(y) != np.shape(x):
        raise ValueError(
            f"f was given shape {np.shape(x)} and returned shape {np.shape(y)}. Newton's iteration needs as many "
            "equations as unknowns; for more equations use course_lib.applications.least_squares."
        )
    points, reason = [x], f"not converged in {max_iterations} iterations"
    for _ in range(count(max_iterations, "max_iterations")):
        try:
            with np.errstate(all="ignore"):
                x = newton_step(f, x)
        except ZeroDivisionError:
            reason = "the tangent is level"
            break
        except ArithmeticError:
            reason = "f or its derivative is not finite at the last point"
            break
        points.append(x)
        if size(points[-1] - points[-2]) <= tolerance * (1 + size(x)) < np.inf:
            reason = "converged"
            break
    with np.errstate(all="ignore"):
        residuals = np.array([size(f(point)) for point in points])
    return NewtonPath(np.array(points), residuals, reason)


def size(x: Any) -> float:
    """Return the absolute value or the Euclidean norm; squares of what is large do not overflow."""
    x = np.asarray(x)
    largest = float(np.max(np.abs(x), initial=0.0))
    return largest * float(np.linalg.norm(x / largest)) if 0 < largest < np.inf else largest
