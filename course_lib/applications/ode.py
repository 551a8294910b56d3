"""Differential equations by Euler's two methods: the same tangent, laid on at the beginning or at the end of a step.

The *explicit* method walks along the slope where it stands, y + h f(y). On a stiff equation it must take steps so
short that the fastest process is followed, even when nothing of it is left to see. The *implicit* method asks for
the point whose own slope leads there, Y = y + h f(Y): an equation to be solved at every step. Putting Y in on the
right again and again, *fixed-point iteration*, converges only while h times the largest slope of f is below one,
which is the explicit method's limit again. *Newton's iteration* has no such limit, and it needs the Jacobian.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, floats, of_shape, tolerated
from course_lib.autodiff import jacfwd, scan

Vector = NDArray[np.float64]
RightHandSide = Callable[[Any, Any], Any]
# A solution may grow. One that grows this many times, and steps back and forth, was made by the method.
GROWTH, SWINGS = 1e6, 3


@dataclass(frozen=True)
class Solution:
    """A solution in time.

    Attributes
    ----------
    times : ndarray, shape (steps + 1,)
        The start and the end of every step.
    states : ndarray, shape (steps + 1, n)
        y at these times.
    evaluations : int
        How often f was called.
    jacobians : int
        How often its Jacobian was.
    iterations : int
        How many iterations the implicit equations took in all.
    reason : str
        "reached the end", or why not.
    """

    times: Vector
    states: Vector
    evaluations: int
    jacobians: int
    iterations: int
    reason: str

    @property
    def reached_the_end(self) -> bool:
        """Whether the last time is the one that was asked for."""
        return self.reason == "reached the end"


def explicit_euler(f: RightHandSide, start: ArrayLike, end: float, steps: int) -> Solution:
    """Solve y' = f(t, y) from time 0 by explicit Euler steps of equal length.

    Parameters
    ----------
    f : callable
        ``f(t, y)`` returns the slope of y, of y's shape (n,); NumPy code.
    start : array_like, shape (n,)
        y at time 0.
    end : float
        The last time.
    steps : int
        How many steps.

    Returns
    -------
    Solution
        The solution; it ends early if it swings back and forth and grows, or leaves the range of numbers.

    Raises
    ------
    ValueError
        If f returns another shape than y has, or there is no step to take.

    References
    ----------
    Hairer and Wanner: Solving Ordinary Differential Equations II, 2nd ed. (1996), section IV.2.

    Examples
    --------
    >>> explicit_euler(lambda t, y: -y, [1.0], end=1.0, steps=2).states.ravel()
    array([1.  , 0.5 , 0.25])
    """
    h, y, reason = end / count(steps, "steps", least=1), state(start), "reached the end"
    states, overshoots, before, scale = [y], 0, np.zeros_like(y), np.max(np.abs(y))
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(steps):
            slope = np.asarray(of_shape(f(k * h, y), y.shape, "f(t, y)"), dtype=float)
            change = h * slope
            y = y + change
            overshoots = overshoots + 1 if np.sum(change * before) < 0 else 0
            scale = max(scale, np.max(np.abs(change))) if k == 0 else scale
            swings = overshoots >= SWINGS and np.max(np.abs(y)) > GROWTH * scale
            if swings or not np.all(np.isfinite(y)):
                reason = "diverged: the step is too long for the fastest process"
                if np.any(np.isnan(slope)):
                    reason = f"f is not a number at t = {k * h:g}"
                break
            states.append(y)
            before = change
    return Solution(h * np.arange(float(len(states))), np.array(states), len(states), 0, 0, reason)


def runge_kutta(f: RightHandSide, start: Any, end: float, steps: int) -> Any:
    """Solve y' = f(t, y) from time 0 by the classical Runge-Kutta method, in steps of equal length.

    The loop is a `scan`: the solution can be differentiated by its start and by all that f closes over, and under
    `jit` one step is recorded, however many there are.

    Parameters
    ----------
    f : callable
        ``f(t, y)`` returns the slope of y, of y's shape (n,); NumPy code.
    start : array_like, shape (n,)
        y at time 0.
    end : float
        The last time.
    steps : int
        How many steps.

    Returns
    -------
    ndarray, shape (steps + 1, n)
        y at time 0 and after every step, right to order four.

    Raises
    ------
    ValueError
        If f returns another shape than y has, or there is no step to take.

    References
    ----------
    Hairer, Norsett and Wanner: Solving Ordinary Differential Equations I, 2nd ed. (1993), section II.1.

    Examples
    --------
    A pendulum, and how its last angle depends on its first:

    >>> from course_lib.autodiff import grad, jit
    >>> def pendulum(t, y):
    ...     return np.stack([y[1], -np.sin(y[0])])
    >>> print(runge_kutta(pendulum, [0.1, 0.0], end=np.pi, steps=100)[-1].round(4))
    [-0.1    -0.0002]
    >>> last_angle = jit(grad(lambda start: runge_kutta(pendulum, start, end=np.pi, steps=100)[-1, 0]))
    >>> print(last_angle(np.array([0.1, 0.0])).round(4))
    [-1.     0.002]
    """
    h = end / count(steps, "steps", least=1)
    y = np.stack(start) if isinstance(start, list | tuple) else start
    y = y * 1.0  # integers become floats

    def slope(t: Any, y: Any) -> Any:
        return of_shape(f(t, y), np.shape(y), "f(t, y)")

    def step(y: Any, t: Any) -> tuple[Any, Any]:
        k1 = slope(t, y)
        k2 = slope(t + h / 2, y + h / 2 * k1)
        k3 = slope(t + h / 2, y + h / 2 * k2)
        k4 = slope(t + h, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return y, y

    _, states = scan(step, y, h * np.arange(float(steps)))
    return np.concatenate([y[None], states])


def implicit_euler(
    f: RightHandSide,
    start: ArrayLike,
    end: float,
    steps: int,
    solver: str = "newton",
    tolerance: float = 1e-10,
    max_iterations: int = 50,
) -> Solution:
    """Solve y' = f(t, y) from time 0 by implicit Euler steps of equal length.

    Parameters
    ----------
    f, start, end, steps
        As in `explicit_euler`.
    solver : "newton" or "fixed point"
        How the equation of each step is solved.
    tolerance : float
        A step's equation is solved when an iteration changes no entry by more than ``tolerance * (1 + |y|)``.
    max_iterations : int
        How many iterations a step may take.

    Returns
    -------
    Solution
        The solution; it ends early where the iteration of a step does not converge.

    Raises
    ------
    ValueError
        If the solver is unknown, the tolerance is negative, f returns another shape than y has, or there is no step to
        take.

    References
    ----------
    Hairer and Wanner: Solving Ordinary Differential Equations II, 2nd ed. (1996), sections IV.3 and IV.8.

    Examples
    --------
    >>> solution = implicit_euler(lambda t, y: -1000 * (y - np.cos(t)), [0.0], end=1.0, steps=10)
    >>> solution.reason, abs(solution.states[-1, 0] - np.cos(1.0)) < 0.01
    ('reached the end', np.True_)
    >>> implicit_euler(lambda t, y: -1000 * y, [1.0], end=1.0, steps=10, solver="fixed point").reason
    'the fixed-point iteration of a step does not converge'
    """
    updates = {"newton": newton_update, "fixed point": fixed_point_update}
    if solver not in updates:
        raise ValueError(f"The solver is {solver!r}; expected one of {', '.join(map(repr, updates))}.")
    tolerated(tolerance)
    h, y, reason = end / count(steps, "steps", least=1), state(start), "reached the end"
    states, iterations = [y], 0
    for k in range(steps):

        def residual(new: Any, t: float = (k + 1) * h, y: Vector = y) -> Any:
            return new - y - h * of_shape(f(t, new), y.shape, "f(t, y)")

        new, converged = y, False
        for _ in range(count(max_iterations, "max_iterations", least=1)):
            try:
                with np.errstate(over="ignore", invalid="ignore"):
                    change = updates[solver](residual, new)
            except np.linalg.LinAlgError:  # the matrix of a Newton iteration is singular
                break
            iterations += 1
            new = new + change
            if not np.all(np.isfinite(new)):
                break
            if converged := bool(np.all(np.abs(change) <= tolerance * (1 + np.abs(new)))):
                break
        if not converged:
            reason = f"the {solver.replace(' ', '-')} iteration of a step does not converge"
            break
        y = new
        states.append(y)
    jacobians = iterations if solver == "newton" else 0
    return Solution(h * np.arange(float(len(states))), np.array(states), iterations, jacobians, iterations, reason)


def state(start: ArrayLike) -> Vector:
    """Return a copy of the start as a vector of floats."""
    y = floats(start)
    if y.ndim != 1:
        raise ValueError(f"The start has shape {y.shape}; expected a vector, of shape (n,). For one equation, [y].")
    return y


def fixed_point_update(residual: Callable[[Any], Any], new: Vector) -> Vector:
    """Return the change of one fixed-point iteration: Y <- y + h f(t, Y)."""
    return -residual(new)


def newton_update(residual: Callable[[Any], Any], new: Vector) -> Vector:
    """Return the change of one Newton iteration for Y - y - h f(t, Y) = 0, whose Jacobian is I - h f'(Y)."""
    return -np.linalg.solve(jacfwd(residual)(new), residual(new))
