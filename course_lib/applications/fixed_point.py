"""The derivative of a solution, without the iterations that found it.

A solver is a program, and automatic differentiation can go through all of its iterations. It need not. The solution
x of x = g(x, a) satisfies that equation also when a moves a little, so dx = g_x dx + g_a da, which is a linear system
for dx. That is the implicit function theorem. It costs one linear solve, needs no tape of the iterations, and
is right for the solution, not for the last iterate.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.applications.expected import count, floats, of_shape, tolerated
from course_lib.autodiff import custom_derivative, jacobian, jvp, vjp

ROUNDING = 4 * np.finfo(float).eps  # a change of x below this, relative to it, tells nothing
Map = Callable[[Any, Any], Any]


def fixed_point(g: Map, start: ArrayLike, tolerance: float = 1e-12, max_iterations: int = 1000) -> Callable[[Any], Any]:
    """Return the function that solves x = g(x, a) for x, with the derivative of the implicit function theorem.

    Parameters
    ----------
    g : callable
        ``g(x, a)`` is of x's shape, () or (n,); a contraction in x near the solution; NumPy code.
    start : float or array_like, shape (n,)
        Where the iteration x <- g(x, a) begins.
    tolerance : float
        It ends when what is still to come, as the last two changes of x foretell it, is at most
        ``tolerance * (1 + |x|)``.
    max_iterations : int
        How many iterations at most.

    Returns
    -------
    callable
        a -> x, for numbers and arrays a. Forward and reverse mode and their nestings go through it.

    Raises
    ------
    ArithmeticError
        (when called) If the iteration does not converge; (when differentiated) if the slope of g in x is 1 there.
    ValueError
        If the tolerance is negative; (when called) if g returns another shape than x has.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 15.
    Christianson: Reverse accumulation and attractive fixed points. Optimization Methods and Software 3 (1994) 311-326.

    Examples
    --------
    The cosine of an angle that is the angle itself, and how it moves when the cosine is multiplied by a:

    >>> from course_lib.autodiff import derivative
    >>> angle = fixed_point(lambda x, a: a * np.cos(x), start=1.0)
    >>> print(f"{angle(1.0):.10f} {derivative(angle)(1.0):.10f}")
    0.7390851332 0.4416107917
    """
    tolerated(tolerance)

    def solve(a: Any) -> Any:
        x: Any = floats(start)[()]
        change, iterations = np.inf, 0
        for _ in range(count(max_iterations, "max_iterations", least=1)):
            iterations += 1
            new = of_shape(g(x, a), np.shape(x), "g(x, a)")
            with np.errstate(invalid="ignore"):  # inf - inf, of an iteration that runs away
                before, change, x = change, np.max(np.abs(new - x)), new
                rate = change / before if before else 0.0
            size = np.max(np.abs(x))
            if np.isnan(size):
                raise ArithmeticError(f"g(x, a) is not a number in iteration {iterations}. Start where g is defined.")
            if not np.isfinite(size):
                break
            to_come = change * max(1.0, rate / (1 - rate)) if rate < 1 else np.inf
            if (to_come <= tolerance * (1 + size) and before < np.inf) or change <= ROUNDING * size:
                return x
        raise ArithmeticError(
            f"x <- g(x, a) did not converge in {iterations} iterations; the last one changed x by {change:.1e}. "
            "The slope of g in x must be below 1 near the solution. Start nearer, or solve by Newton's iteration."
        )

    def system(x: Any, a: Any) -> Any:
        """Return I - g_x, as a matrix also where x is a number."""
        n = max(1, int(np.size(x)))
        return np.eye(n) - np.reshape(jacobian(lambda z: g(z, a))(x), (n, n))

    def solved(matrix: Any, side: Any) -> Any:
        try:
            return np.linalg.solve(matrix, np.reshape(side, (-1,)))
        except np.linalg.LinAlgError:
            raise ArithmeticError(
                "The slope of g(x, a) in x is 1 at the solution, which then has no derivative in a: it is a double "
                "one, or g does not hold x at all."
            ) from None

    def tangent(t: Any, x: Any, a: Any) -> Any:
        direct = jvp(lambda b: g(x, b), (a,), (t,))[1]
        return np.reshape(solved(system(x, a), direct), np.shape(x))

    def cotangent(c: Any, x: Any, a: Any) -> Any:
        weights = solved(system(x, a).T, c)
        return vjp(lambda b: g(x, b), a)[1](np.reshape(weights, np.shape(x)))[0]

    return custom_derivative(solve, forward=tangent, reverse=cotangent)
