"""A solver for stiff equations: an implicit Runge-Kutta method that chooses its steps, with exact Jacobians.

The method is SDIRK4 of Hairer and Wanner. Five times a step it solves an equation like that of implicit Euler, and
the five slopes together are right to order four. It is L-stable: what decays fast is damped in one step, however
long. A second combination of the same slopes is right to order three, and how far the two differ says how good the
step was. If it was bad it is done again, shorter; if it was good the next one may be longer. The one Jacobian of a
step comes from automatic differentiation; all its Newton iterations share it.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, of_shape, positive
from course_lib.applications.ode import RightHandSide, Solution, Vector, state
from course_lib.autodiff import jacfwd

# Hairer and Wanner: Solving Ordinary Differential Equations II, 2nd ed. (1996), table IV.6.5. The last row of A is
# also the weights of the result, so that the last stage is the end of the step.
GAMMA = 1 / 4
A = np.array(
    [
        [1 / 4, 0, 0, 0, 0],
        [1 / 2, 1 / 4, 0, 0, 0],
        [17 / 50, -1 / 25, 1 / 4, 0, 0],
        [371 / 1360, -137 / 2720, 15 / 544, 1 / 4, 0],
        [25 / 24, -49 / 48, 125 / 16, -85 / 12, 1 / 4],
    ]
)
C = A.sum(axis=1)
ORDER_THREE = np.array([59 / 48, -17 / 96, 225 / 32, -85 / 12, 0])

NEWTON_ITERATIONS = 8
NEWTON_ACCURACY = 1e-3  # of what the error of a step may be
SAFETY, SHORTER, LONGER = 0.9, 0.2, 5.0


def solve_stiff(
    f: RightHandSide,
    start: ArrayLike,
    end: float,
    rtol: float = 1e-6,
    atol: ArrayLike = 1e-9,
    first_step: float | None = None,
    max_steps: int = 100_000,
) -> Solution:
    """Solve the stiff equation y' = f(t, y) from time 0, with steps as long as the tolerance allows.

    Parameters
    ----------
    f : callable
        ``f(t, y)`` returns the slope of y, of y's shape (n,); NumPy code.
    start : array_like, shape (n,)
        y at time 0.
    end : float
        The last time, positive.
    rtol, atol : float, array_like of shape (n,)
        The error of a step is kept below ``atol + rtol * |y|``, in the root of the mean square over the entries.
    first_step : float, optional
        The length of the first step tried; a guess is made without it.
    max_steps : int
        How many steps are tried at most.

    Returns
    -------
    Solution
        The times chosen and the states there.

    Raises
    ------
    ValueError
        If the end is not after 0, a tolerance is negative or atol is 0, or f returns another shape than y has.

    References
    ----------
    Hairer and Wanner: Solving Ordinary Differential Equations II, 2nd ed. (1996), sections IV.6 and IV.8.

    Examples
    --------
    Robertson's reactions, whose speeds differ by nine powers of ten:

    >>> def robertson(t, y):
    ...     slow, fast, middle = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
    ...     return np.stack([middle - slow, slow - middle - fast, fast])
    >>> solution = solve_stiff(robertson, [1.0, 0.0, 0.0], end=40.0, rtol=1e-7, atol=1e-12)
    >>> print(*(f"{y:.6g}" for y in solution.states[-1]))
    0.715827 9.18553e-06 0.284164
    """
    if not 0 < end < np.inf:
        raise ValueError(f"The end is {end}; expected a time after 0.")
    t, y = 0.0, state(start)
    atol = np.asarray(atol, dtype=float)
    if not (rtol >= 0 and np.all(atol > 0) and atol.shape in ((), y.shape)):
        raise ValueError(
            f"rtol is {rtol} and atol is {atol}; expected rtol >= 0 and atol > 0, one number or one for each entry of "
            f"y, of shape {y.shape}."
        )

    def rate(t: float, y: Any) -> Any:
        return of_shape(f(t, y), np.shape(y), "f(t, y)")

    slope = np.asarray(rate(t, y), dtype=float)
    tolerance = atol + rtol * np.abs(y)
    guess = 0.01 * size(y, tolerance) / max(size(slope, tolerance), 1e-10) + 1e-10 * end
    h = min(end, guess if first_step is None else positive(first_step, "first_step"))
    jacobian = jacfwd(lambda z: rate(t, z))(y)
    times, states, evaluations, jacobians, iterations = [t], [y], 1, 1, 0
    reason = f"not at the end after {max_steps} steps"
    for _ in range(count(max_steps, "max_steps", least=1)):
        tolerance = atol + rtol * np.abs(y)
        matrix = np.eye(len(y)) - h * GAMMA * jacobian
        slopes, used = stages(rate, t, y, h, slope, matrix, NEWTON_ACCURACY * tolerance)
        evaluations, iterations = evaluations + used, iterations + used
        if slopes is None:
            h /= 4  # Newton's iteration did not converge: its start was too far away
        else:
            # The error, filtered: on what decays fast, the plain difference says that all is wrong when nothing is.
            error = size(np.linalg.solve(matrix, h * (A[-1] - ORDER_THREE) @ slopes), tolerance)
            if error <= 1:
                t = end if t + h >= end else t + h
                y, slope = y + h * A[-1] @ slopes, slopes[-1]
                jacobian = jacfwd(lambda z, t=t: rate(t, z))(y)
                jacobians += 1
                times.append(t)
                states.append(y)
            h *= min(LONGER, max(SHORTER, SAFETY * max(error, 1e-10) ** -0.25))
        if t >= end:
            reason = "reached the end"
            break
        if t + h == t:
            reason = f"stuck at t = {t}: the step became {h:.1e}. Is f smooth and finite there?"
            break
        h = min(h, end - t)
    return Solution(np.array(times), np.array(states), evaluations, jacobians, iterations, reason)


def stages(
    f: RightHandSide, t: float, y: Vector, h: float, slope: Vector, matrix: NDArray[np.float64], accuracy: Vector
) -> tuple[Vector | None, int]:
    """Solve the five equations of a step.

    Stage i asks for the slope k with k = f(t + C[i] h, y + h (A[i, 0] k_0 + ... + GAMMA k)). Newton's iteration for
    it needs the matrix I - h GAMMA J only.

    Parameters
    ----------
    f, t, y, h
        The equation, and the step.
    slope : ndarray, shape (n,)
        A first guess of k.
    matrix : ndarray, shape (n, n)
        I - h GAMMA J.
    accuracy : ndarray, shape (n,)
        An iteration ends when it changes the state by less than this.

    Returns
    -------
    slopes : ndarray, shape (5, n), or None
        None if an iteration does not converge.
    evaluations : int
        How often f was called.
    """
    slopes: list[Vector] = []
    used = 0
    for i in range(5):
        before = y + h * sum((a * k for a, k in zip(A[i], slopes, strict=False)), np.zeros(len(y)))
        k = slopes[-1] if slopes else slope
        last = np.inf
        for _ in range(NEWTON_ITERATIONS):
            residual = np.asarray(f(t + C[i] * h, before + h * GAMMA * k), dtype=float) - k
            used += 1
            change = np.linalg.solve(matrix, residual)
            k = k + change
            moved = size(h * change, accuracy)
            if moved <= 1:
                break
            if not moved < last:
                return None, used
            last = moved
        else:
            return None, used
        slopes.append(k)
    return np.array(slopes), used


def size(vector: NDArray[Any], tolerance: NDArray[Any]) -> float:
    """Return how large a vector is, measured by the tolerance: the root of the mean square."""
    return float(np.sqrt(np.mean((vector / tolerance) ** 2)))
