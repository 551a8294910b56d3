"""A second opinion: derivatives by rules beside derivatives by differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.errors import WrongDerivativeError
from course_lib.autodiff.jacobians import jacfwd, jacrev
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.sweeps import as_array
from course_lib.autodiff.structures import is_structure, leaves_of, like, map_leaves

SHOWN = 5


def check_grad(f: Callable[..., Any], *arguments: Any, tolerance: float = 1e-6) -> float:
    """Compare the derivatives of f, forward and reverse, with central differences and the complex step.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays, whose value is a number or an array.
    *arguments
        Where to compare: not at a kink.
    tolerance : float
        The greatest difference that passes, relative to the greatest entry of the Jacobian, or to 1. Central
        differences are good to about 1e-9, where f is smooth at the scale of 1e-5.

    Returns
    -------
    float
        The greatest relative difference that was seen.

    Raises
    ------
    WrongDerivativeError
        If a difference is greater than the tolerance; it says which entries differ by how much.
    InputError
        If an argument is not made of real numbers.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 1.2, for why the differences are the ones
    to be doubted.

    Examples
    --------
    >>> check_grad(lambda x: np.sum(np.sin(x) * x), np.array([1.0, 2.0])) < 1e-8
    True
    """
    primals = map_leaves(differentiable, arguments)
    leaves = leaves_of(primals)

    def flat(x: Any) -> Any:
        parts, taken = [], 0
        for leaf in leaves:
            parts.append(np.reshape(x[taken : taken + leaf.size], leaf.shape))
            taken += leaf.size
        y = f(*like(primals, parts))
        return (
            np.concatenate([np.reshape(as_array(one), -1) for one in leaves_of(y)])
            if is_structure(y)
            else np.reshape(as_array(y), -1)
        )

    x = np.concatenate([np.reshape(leaf, -1) for leaf in leaves])
    names = [f"leaf {i}, entry {list(map(int, at))}" for i, leaf in enumerate(leaves) for at in np.ndindex(leaf.shape)]
    ours = {"forward mode": jacfwd(flat)(x), "reverse mode": jacrev(flat)(x)}
    theirs = {"central differences": _central(flat, x)}
    by_complex_step = _complex(flat, x)
    if by_complex_step is not None:
        theirs["the complex step"] = by_complex_step
    worst, complaints = 0.0, []
    for mode, one in ours.items():
        for method, other in theirs.items():
            scale = max(1.0, float(np.max(np.abs(other), initial=0.0)))
            difference = np.abs(one - other) / scale
            difference = np.where(np.isnan(one) & np.isnan(other), 0.0, np.nan_to_num(difference, nan=np.inf))
            worst = max(worst, float(np.max(difference, initial=0.0)))
            for i, k in np.argwhere(difference > tolerance)[:SHOWN]:
                complaints.append(f"result {i} by {names[k]}: {mode} {one[i, k]:.10g}, {method} {other[i, k]:.10g}")
    if complaints:
        raise WrongDerivativeError(
            f"The derivatives differ by up to {worst:.2g}, relative to the greatest; expected at most {tolerance:g}."
            + "\n  "
            + "\n  ".join(complaints[:SHOWN])
            + "\nLook at the operations that these entries go through; near a kink or a jump no derivative is right."
        )
    return worst


def _central(f: Callable[[Any], Any], x: Any) -> Any:
    """Differences of fourth order; the step is the best one for them, about the fifth root of the rounding error."""
    columns = []
    for k in range(x.size):
        step = np.zeros(x.shape)
        step[k] = h = 1e-3 * max(1.0, abs(x[k]))
        columns.append((8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * h))
    return np.stack(columns, axis=-1)


def _complex(f: Callable[[Any], Any], x: Any) -> Any:
    """Take the complex step, or return None if f does not carry complex numbers through analytically."""
    try:
        columns = []
        for k in range(x.size):
            step = np.zeros(x.shape, complex)
            step[k] = 1e-20j
            y = f(x + step)
            if not np.iscomplexobj(y):
                return None
            columns.append(y.imag / 1e-20)
    except Exception:
        return None
    made = np.stack(columns, axis=-1)
    # A function such as abs drops the imaginary part somewhere: its complex step is no second opinion.
    return made if np.allclose(made, _central(f, x), rtol=1e-3, atol=1e-3) else None
