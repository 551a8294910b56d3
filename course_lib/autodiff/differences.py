"""Divided differences: a derivative from function values alone, and how wrong it is.

The derivative is the limit of a quotient. A computer cannot take the limit: it has to stop at some
step h. Two errors then pull in opposite directions. *Truncation*: the secant is not yet the tangent;
this error shrinks with h. *Rounding*: the two function values agree in ever more digits, and their
difference keeps only the digits in which they differ; this error grows as h shrinks. The first three
functions are the schemes, in the order in which they cost more and err less. Then comes a step that is
not rounded itself. The last three say what theory predicts of the first two schemes: both errors, and
the step at which their sum is smallest.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Function = Callable[[Any], Any]
Real = np.float64 | NDArray[np.float64]

MACHINE_EPSILON = float(np.finfo(np.float64).eps)  # 2**-52: the gap between 1 and the next float64

# Each scheme's order p, the factor c of its truncation error c |f^(p+1)| h**p, and the factor r of its
# rounding error r * error(f) / h: two values in error, divided by h (forward) or by 2 h (central). The point is
# rounded once for forward (x + h) and twice for central (x + h, x - h): divided by h and by 2 h, that is the same.
_ORDER = {"forward": 1, "central": 2}
_TRUNCATION = {"forward": 1 / 2, "central": 1 / 6}
_ROUNDING = {"forward": 2.0, "central": 1.0}


def forward_difference(f: Function, x: ArrayLike, h: ArrayLike) -> Real:
    """Slope of the secant through x and x + h: ``(f(x + h) - f(x)) / h``.

    Parameters
    ----------
    f : callable
        A function of a float, or an elementwise function of an array.
    x : array_like, shape (...)
        Where the derivative is wanted.
    h : array_like, broadcasts with x
        The step, not 0. A negative step gives the backward difference.

    Returns
    -------
    float or ndarray, the common shape of x and h
        An approximation of f'(x); the error is h f''(x) / 2 to first order, and rounding.

    Raises
    ------
    ValueError
        If a step is 0, infinite or not a number.

    References
    ----------
    Press, Teukolsky, Vetterling, Flannery: Numerical Recipes, 3rd ed. (2007), section 5.7.

    Examples
    --------
    >>> forward_difference(lambda x: x * x, 3.0, 0.5)       # exactly 2 x + h
    np.float64(6.5)
    >>> forward_difference(lambda x: x * x, [1.0, 3.0], 0.5)
    array([2.5, 6.5])
    """
    x, h = _point_and_step(x, h)
    return (f(x + h) - f(x)) / h


def central_difference(f: Function, x: ArrayLike, h: ArrayLike) -> Real:
    """Slope of the secant through x - h and x + h: ``(f(x + h) - f(x - h)) / (2 h)``.

    Parameters
    ----------
    f : callable
        A function of a float, or an elementwise function of an array.
    x : array_like, shape (...)
        Where the derivative is wanted.
    h : array_like, broadcasts with x
        The step, not 0.

    Returns
    -------
    float or ndarray, the common shape of x and h
        An approximation of f'(x); the error is h**2 f'''(x) / 6 to first order, and rounding. The
        terms in f'' cancel, because they have the same sign on both sides.

    Raises
    ------
    ValueError
        If a step is 0, infinite or not a number.

    References
    ----------
    Press, Teukolsky, Vetterling, Flannery: Numerical Recipes, 3rd ed. (2007), section 5.7.

    Examples
    --------
    >>> central_difference(lambda x: x * x, 3.0, 0.5)       # exact on parabolas
    np.float64(6.0)
    >>> central_difference(lambda x: x**3, 1.0, 0.5)        # exactly 3 x**2 + h**2
    np.float64(3.25)
    """
    x, h = _point_and_step(x, h)
    return (f(x + h) - f(x - h)) / (2 * h)


def complex_step(f: Function, x: ArrayLike, h: ArrayLike = 1e-20) -> Real:
    """Take one step along the imaginary axis: ``Im f(x + i h) / h``.

    No difference is taken, so no digits cancel, and h may be as small as one likes. The price: f must
    be analytic, and its program must accept complex numbers and do the same with them as with real ones.

    Parameters
    ----------
    f : callable
        An analytic function of a complex number, or elementwise of an array, real on the real axis.
    x : array_like of real numbers, shape (...)
        Where the derivative is wanted.
    h : array_like, broadcasts with x
        The step, not 0.

    Returns
    -------
    float or ndarray, the common shape of x and h
        f'(x) with an error of h**2 f'''(x) / 6 to first order, and the rounding of f itself.

    Raises
    ------
    ValueError
        If a step is 0, infinite or not a number, or if x is complex.
    TypeError
        If f answers a complex number with a real one: somewhere it dropped the imaginary part, which
        carries the derivative.

    References
    ----------
    Squire and Trapp: Using complex variables to estimate derivatives of real functions. SIAM Review 40
    (1998) 110-112. Martins, Sturdza and Alonso: The complex-step derivative approximation. ACM
    Transactions on Mathematical Software 29 (2003) 245-262.

    Examples
    --------
    >>> complex_step(np.exp, 0.0)
    np.float64(1.0)
    >>> complex_step(np.abs, -2.0)
    Traceback (most recent call last):
        ...
    TypeError: f answered a complex number with real values (float64), so the derivative is lost. Expected ...
    """
    if np.iscomplexobj(x):
        raise ValueError(f"x is complex ({x!r}); the complex step expects a real point: pass its real part.")
    x, h = _point_and_step(x, h)
    values = np.asarray(f(x + 1j * h))
    if not np.iscomplexobj(values):
        raise TypeError(
            f"f answered a complex number with real values ({values.dtype}), so the derivative is lost. "
            "Expected a complex answer: look in f for abs, real, float or a real constant returned by a branch, "
            "and write it with complex arithmetic, or use central_difference."
        )
    return values.imag / h


def exact_step(x: ArrayLike, h: ArrayLike) -> Real:
    """Return the step near h that the computer takes from x: ``(x + h) - x``, with no rounding in x + h and x - h.

    The sum x + h is rounded to a float64, so that f is asked at another point than the quotient believes. For this
    step the sum is exact, and the difference quotient divides by the distance that was really gone. It is taken away
    from 0, where floats lie no closer than on the other side: so it leads from one of them to another both ways.

    Parameters
    ----------
    x : array_like, shape (...)
        Where the derivative is wanted.
    h : array_like, broadcasts with x
        The step wished for, not 0.

    Returns
    -------
    float or ndarray, the common shape of x and h
        The step taken, at most half a gap between floats near x + h from h.

    Raises
    ------
    ValueError
        If a step is 0 or not finite, or so small beside x that x + h is x.

    References
    ----------
    Press, Teukolsky, Vetterling, Flannery: Numerical Recipes, 3rd ed. (2007), section 5.7.

    Examples
    --------
    >>> print(f"{exact_step(1.0, 1e-8):.10e}")              # a multiple of 2**-52
    9.9999999392e-09
    >>> exact_step(1e10, 1e-8)
    Traceback (most recent call last):
        ...
    ValueError: The step h is 1e-08, and x + h is x at x = 1e+10: ... Take a step of at least 1.9e-06.
    """
    x, h = _point_and_step(x, h)
    step = np.copysign((x + np.copysign(h, x)) - x, h)
    if not np.all(step):
        at, short = (float(np.broadcast_to(given, np.shape(step))[step == 0].flat[0]) for given in (x, h))
        raise ValueError(
            f"The step h is {short:.3g}, and x + h is x at x = {at:.3g}: neighbouring numbers lie further apart "
            f"there. Take a step of at least {np.spacing(abs(at)):.1e}."
        )
    return step


def truncation_error(scheme: str, h: ArrayLike, higher_derivative: ArrayLike) -> Real:
    """Error that exact arithmetic would leave: ``h |f''| / 2`` (forward), ``h**2 |f'''| / 6`` (central).

    Parameters
    ----------
    scheme : "forward" or "central"
        The scheme.
    h : array_like, shape (...)
        Steps, not 0.
    higher_derivative : array_like, broadcasts with h
        f''(x) for the forward scheme, f'''(x) for the central one.

    Returns
    -------
    float or ndarray, the common shape
        The leading term of the Taylor expansion of the error, without its sign.

    Raises
    ------
    ValueError
        If the scheme is unknown, or a step is 0 or not finite.

    Examples
    --------
    >>> truncation_error("central", 0.5, 6.0)
    np.float64(0.25)
    """
    _known(scheme)
    h = _step(h)
    return _TRUNCATION[scheme] * np.abs(higher_derivative) * np.abs(h) ** _ORDER[scheme]


def rounding_error(
    scheme: str,
    h: ArrayLike,
    value: ArrayLike,
    relative_error: float = MACHINE_EPSILON,
    *,
    x: ArrayLike = 0.0,
    slope: ArrayLike = 0.0,
) -> Real:
    """Error that rounding can add: ``(2 e |f| + u |x f'|) / h`` (forward), ``(e |f| + u |x f'|) / h`` (central).

    The first term is the rounding of the two values of f. The second is the rounding of the points x + h and x - h at
    which f is asked, each by up to u |x|, where u is half the machine epsilon. It vanishes for `exact_step`, and is
    left out unless x and slope are given.

    Parameters
    ----------
    scheme : "forward" or "central"
        The scheme.
    h : array_like, shape (...)
        Steps, not 0.
    value : array_like, broadcasts with h
        f(x).
    relative_error : float
        e, the relative error of a computed value of f. For a short formula in float64 about the machine
        epsilon 2.2e-16; for measured data, the relative error of the instrument.
    x, slope : array_like, broadcast with h
        x and f'(x), where the step is not exact.

    Returns
    -------
    float or ndarray, the common shape
        What happens when both values of f err by e |f| and the points by u |x|, each in the worse direction.

    Raises
    ------
    ValueError
        If the scheme is unknown, or a step is 0 or not finite.

    Examples
    --------
    >>> rounding_error("forward", 1e-8, value=1.0, relative_error=1e-16)
    np.float64(2e-08)
    >>> print(f"{rounding_error('forward', 1e-8, value=1.0, x=1.0, slope=3.0):.1e}")     # x**3 at 1
    7.8e-08
    """
    _known(scheme)
    h = _step(h)
    of_values = _ROUNDING[scheme] * relative_error * np.abs(value)
    of_points = MACHINE_EPSILON / 2 * np.abs(np.asarray(x, dtype=float) * slope)
    return (of_values + of_points) / np.abs(h)


def best_step(
    scheme: str,
    value: ArrayLike,
    higher_derivative: ArrayLike,
    relative_error: float = MACHINE_EPSILON,
    *,
    x: ArrayLike = 0.0,
    slope: ArrayLike = 0.0,
) -> Real:
    """Step at which truncation and rounding together are least.

    The sum a h**p + b / h is least where its derivative vanishes, at h**(p + 1) = b / (p a). For an exact step that is
    ``2 sqrt(e |f| / |f''|)`` for the forward scheme and ``(3 e |f| / |f'''|)**(1/3)`` for the central one. Where x and
    slope are given, b holds the rounding of the points x + h and x - h as well.

    Parameters
    ----------
    scheme : "forward" or "central"
        The scheme.
    value : array_like, shape (...)
        f(x).
    higher_derivative : array_like, broadcasts with value
        f''(x) for the forward scheme, f'''(x) for the central one; not 0.
    relative_error : float
        e, the relative error of a computed value of f, positive.
    x, slope : array_like, broadcast with value
        x and f'(x), where the step will not be exact: see `rounding_error`.

    Returns
    -------
    float or ndarray, the common shape
        The best step, positive.

    Raises
    ------
    ValueError
        If the scheme is unknown, an argument is not finite, or one of the two errors is 0: no step is best then.

    Examples
    --------
    >>> print(f"{best_step('forward', value=1.0, higher_derivative=6.0):.1e}")     # x**3 at 1
    1.2e-08
    >>> print(f"{best_step('central', value=1.0, higher_derivative=6.0):.1e}")
    4.8e-06
    """
    _known(scheme)
    rounding = rounding_error(scheme, 1.0, value, relative_error, x=x, slope=slope)
    needed = {"higher_derivative": higher_derivative, "relative_error": relative_error}
    if np.any(rounding == 0) or not np.all(np.isfinite(rounding)):
        needed["value"] = value
    for name, given in needed.items():
        given = np.asarray(given, dtype=float)
        if not np.all(np.isfinite(given) & (given != 0)):
            raise ValueError(
                f"{name} is {given}; expected finite numbers other than 0. Without it one of the two errors is "
                "absent and no step is best: take a large step that stays near x."
            )
    truncation = truncation_error(scheme, 1.0, higher_derivative)
    order = _ORDER[scheme]
    return (rounding / (order * truncation)) ** (1 / (order + 1))


def _point_and_step(x: ArrayLike, h: ArrayLike) -> tuple[Real, Real]:
    return np.asarray(x, dtype=float)[()], _step(h)


def _step(h: ArrayLike) -> Real:
    steps = np.asarray(h, dtype=float)
    if not np.all(np.isfinite(steps) & (steps != 0)):
        raise ValueError(
            f"The step h is {h!r}; expected finite numbers other than 0, because the quotient divides by h. "
            "Take a small positive step, such as 1e-6."
        )
    return steps[()]


def _known(scheme: str) -> None:
    if scheme not in _ORDER:
        raise ValueError(f"The scheme is {scheme!r}; expected 'forward' or 'central'.")
