"""The order of convergence, measured: how many more digits are right after each iteration.

An iteration has order p if each error is about C times the p-th power of the one before. Order 1 adds the same
number of digits each time, order 2 doubles them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def observed_orders(errors: ArrayLike) -> NDArray[np.float64]:
    """Return the order that each three successive errors show.

    Parameters
    ----------
    errors : array_like, shape (n,)
        Distances from the solution, iteration by iteration: positive and finite, no two successive ones alike.

    Returns
    -------
    ndarray, shape (n - 2,)
        Entry k is the p with e[k+2] / e[k+1] = (e[k+1] / e[k])^p.

    Raises
    ------
    ValueError
        If there are fewer than three errors, one is not positive or finite, or two successive ones are equal.

    References
    ----------
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), appendix A.2, rates of convergence.

    Examples
    --------
    >>> observed_orders([1e-1, 1e-2, 1e-4, 1e-8])
    array([2., 2.])
    """
    e = np.asarray(errors, dtype=float)
    if e.ndim != 1 or len(e) < 3 or not np.all((e > 0) & (e < np.inf)) or not np.all(np.diff(e)):
        raise ValueError(
            f"The errors are {e}; expected at least three positive numbers, each other than the one before. Leave "
            "out the last ones, where rounding has made them zero or equal."
        )
    ratios = np.log(e[1:] / e[:-1])
    return ratios[1:] / ratios[:-1]
