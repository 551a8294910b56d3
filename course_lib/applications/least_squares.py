"""Nonlinear least squares: make the residuals small by making their tangent small.

Residuals r(b) are what a model leaves unexplained of m measurements, given n parameters b. Near b they are almost
r + J p, and the p that makes this smallest is an ordinary problem of linear least squares. *Gauss-Newton* takes
that p as the step. It is Newton's iteration without the second derivatives of r, and converges almost as fast
where the residuals are small. Far away the tangent promises too much. *Levenberg-Marquardt* therefore shortens
and turns the step towards the gradient, by a damping that grows when a step was no good and fades when it was.
The Jacobian comes from automatic differentiation, exact to rounding, so that both can use every digit; and so does the
second derivative along the step, by which Levenberg-Marquardt bends its step to follow a curved valley.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.applications.expected import count, tolerated
from course_lib.applications.optimisers.descent import vector
from course_lib.autodiff import jacfwd, jvp

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Residuals = Callable[[Any], Any]

EPS = float(np.finfo(float).eps)
ROUNDING = 1e-12  # relative: a fall of a sum of squares below this is not seen for certain in float64
FADING = 0.7  # how much of a column's greatest length is remembered from step to step
LARGEST_TURN = 0.75  # the second-order part of a step, relative to the first-order part


@dataclass(frozen=True)
class Fit:
    """A fit by least squares.

    Attributes
    ----------
    parameters : ndarray, shape (n,)
        The last point.
    standard_deviations : ndarray, shape (n,)
        Of the parameters, if the residuals are independent, of one variance, and the model is nearly linear there;
        nan where the data do not determine all parameters.
    residual_sum : float
        The sum of the squared residuals.
    degrees_of_freedom : int
        m - n.
    points : ndarray, shape (iterations + 1, n)
        The start and every point after it.
    reason : str
        "converged", or why the fit ended without that.
    """

    parameters: Vector
    standard_deviations: Vector
    residual_sum: float
    degrees_of_freedom: int
    points: Matrix
    reason: str

    @property
    def converged(self) -> bool:
        """Whether the fit converged."""
        return self.reason == "converged"


def gauss_newton(residuals: Residuals, start: ArrayLike, tolerance: float = 1e-10, max_iterations: int = 100) -> Fit:
    """Minimise the sum of squared residuals by Gauss-Newton steps.

    Parameters
    ----------
    residuals : callable
        From parameters of shape (n,) to residuals of shape (m,), m >= n; NumPy code.
    start : array_like, shape (n,)
        The first parameters. From a bad start the iteration may diverge; `reason` then says so.
    tolerance : float
        The iteration ends when a step is at most this part of each parameter's size, or changes no fitted value by
        more than rounding.
    max_iterations : int
        How many steps at most.

    Returns
    -------
    Fit
        The fit.

    Raises
    ------
    ValueError
        If there are fewer residuals than parameters, or the tolerance is negative.

    References
    ----------
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), section 10.3.

    Examples
    --------
    >>> t = np.array([0.0, 1.0, 2.0, 3.0])
    >>> fit = gauss_newton(lambda b: b[0] * np.exp(-b[1] * t) - 5 * np.exp(-0.5 * t), [4.0, 0.3])
    >>> fit.reason, np.round(fit.parameters, 8)
    ('converged', array([5. , 0.5]))
    """
    b, residuals = vector(start), as_vector(residuals)
    tolerated(tolerance)
    points, reason = [b], f"not converged in {max_iterations} iterations"
    with np.errstate(all="ignore"):
        for _ in range(count(max_iterations, "max_iterations")):
            r, J = residuals_and_jacobian(residuals, b)
            if not (np.all(np.isfinite(r)) and np.all(np.isfinite(J))):
                reason = "diverged: the model is not finite there; use levenberg_marquardt"
                break
            lengths = column_lengths(J)
            step = damped_step(r, J, lengths, 0.0)
            b = b + step
            points.append(b)
            seen = np.abs(lengths * step) > EPS * max(np.linalg.norm(r), np.max(np.abs(lengths * b)))
            if np.all((np.abs(step) <= tolerance * np.abs(b)) | ~seen):
                reason = "converged"
                break
        return finished(residuals, points, reason)


def levenberg_marquardt(residuals: Residuals, start: ArrayLike, max_iterations: int = 2000) -> Fit:
    """Minimise the sum of squared residuals by damped Gauss-Newton steps, bent by the second derivative along them.

    It ends when a step can lower the sum of squares by rounding only, and then lets `gauss_newton` find the digits of
    the parameters that the sum no longer shows.

    Parameters
    ----------
    residuals, start
        As in `gauss_newton`.
    max_iterations : int
        How many steps are tried at most.

    Returns
    -------
    Fit
        The fit; its points are the steps that were taken, not those that were tried.

    Raises
    ------
    ValueError
        If there are fewer residuals than parameters, or they are not finite at the start.

    References
    ----------
    Marquardt: An algorithm for least-squares estimation of nonlinear parameters. SIAM Journal 11 (1963) 431-441.
    The scaling follows Moré: The Levenberg-Marquardt algorithm (1978), with a memory that fades. The damping follows
    Nielsen: Damping parameter in Marquardt's method, IMM-REP-1999-05 (1999). The bent step is that of Transtrum and
    Sethna: Improvements to the Levenberg-Marquardt algorithm, arXiv:1201.5885 (2012).

    Examples
    --------
    >>> from course_lib.datasets import load_nist_strd
    >>> nist = load_nist_strd("Misra1a")
    >>> fit = levenberg_marquardt(lambda b: nist.model(b, nist.x) - nist.y, nist.starts[0])
    >>> bool(np.allclose(fit.parameters, nist.parameters, rtol=1e-9)), len(fit.points) < 30
    (True, True)
    """
    b, residuals = vector(start), as_vector(residuals)
    with np.errstate(all="ignore"):
        r, J = residuals_and_jacobian(residuals, b)
        if not (np.all(np.isfinite(r)) and np.all(np.isfinite(J))):
            raise ValueError(f"The residuals, or their derivatives, are not finite at the start {b}. Start elsewhere.")
        points, reason = [b], f"not converged in {max_iterations} iterations"
        scale, damping, growth = column_lengths(J), 1e-3, 2.0
        for _ in range(count(max_iterations, "max_iterations")):
            if damping > 1e100:
                reason = "no step lowers the sum of squares: are the residuals smooth here?"
                break
            step = damped_step(r, J, scale, damping)
            promised = r @ r - np.sum((r + J @ step) ** 2)
            if promised <= ROUNDING * (r @ r):
                reason = "converged"
                break
            bend = jvp(lambda z, p=step: jvp(residuals, (z,), (p,))[1], (b,), (step,))[1]
            turn = damped_step(bend / 2, J, scale, damping)
            straight = 2 * np.linalg.norm(scale * turn) <= LARGEST_TURN * np.linalg.norm(scale * step)
            r_new, J_new = residuals_and_jacobian(residuals, b + step + turn)
            gain = (r @ r - r_new @ r_new) / promised
            if straight and gain > 0 and np.all(np.isfinite(J_new)):
                b, r, J = b + step + turn, r_new, J_new
                points.append(b)
                scale = np.maximum(FADING * scale, column_lengths(J))
                damping, growth = damping * max(1 / 3, float(1 - (2 * gain - 1) ** 3)), 2.0
            else:
                damping, growth = damping * growth, growth * 2
        if reason == "converged":  # The sum of squares can tell no more digits. The gradient can.
            last = gauss_newton(residuals, b)
            if last.converged and last.residual_sum <= r @ r * (1 + 1e-6):
                points += list(last.points[1:])
        return finished(residuals, points, reason)


def as_vector(residuals: Residuals) -> Residuals:
    """Return the function whose residuals are an array also where they are given as a list of numbers."""

    def stacked(b: Any) -> Any:
        r = residuals(b)
        if r is None:
            raise ValueError("The residuals are None; expected shape (m,). Is a return statement missing?")
        return np.stack(r) if isinstance(r, list | tuple) else r

    return stacked


def residuals_and_jacobian(residuals: Residuals, b: Vector) -> tuple[Vector, Matrix]:
    """Return r of shape (m,) and J of shape (m, n)."""
    r = np.asarray(residuals(b), dtype=float)
    if r.ndim != 1 or len(r) < len(b):
        raise ValueError(
            f"The residuals have shape {r.shape} for {len(b)} parameters; expected (m,) with m >= {len(b)}."
        )
    return r, jacfwd(residuals)(b)


def column_lengths(J: Matrix) -> Vector:
    """Return the length of each column, by which unlike units are made alike; 1 for a column of zeros."""
    lengths = np.linalg.norm(J, axis=0)
    return np.where(lengths > 0, lengths, 1.0)


def damped_step(r: Vector, J: Matrix, scale: Vector, damping: float) -> Vector:
    """Return the p that makes |r + J p|^2 + damping |scale p|^2 smallest; without damping the Gauss-Newton step."""
    A, y = J / scale, -r
    if damping:  # the damping as further rows, so that J^T J, which squares the condition number, is never formed
        A = np.concatenate([A, np.sqrt(damping) * np.eye(len(scale))])
        y = np.concatenate([y, np.zeros(len(scale))])
    return np.linalg.lstsq(A, y, rcond=None)[0] / scale


def finished(residuals: Residuals, points: list[Vector], reason: str) -> Fit:
    """Return the fit with the standard deviations at its last point."""
    r, J = residuals_and_jacobian(residuals, points[-1])
    free, scale = len(r) - J.shape[1], column_lengths(J)
    deviations = np.full(J.shape[1], np.nan)
    if free > 0 and np.all(np.isfinite(J)):
        upper = np.linalg.qr(J / scale, mode="r")
        if np.all(np.abs(np.diag(upper)) > len(r) * EPS):  # the columns of J / scale have length 1
            # (J^T J)^-1 = R^-1 R^-T, and its diagonal holds the squared lengths of the rows of R^-1.
            rows = np.linalg.norm(np.linalg.solve(upper, np.eye(len(upper))), axis=1)
            deviations = np.sqrt(r @ r / free) * rows / scale
    return Fit(points[-1], deviations, float(r @ r), free, np.array(points), reason)
