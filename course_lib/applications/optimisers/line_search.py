"""Line search: how far to go in a direction in which the function falls.

Too short a step wastes work, too long a one climbs the other side. The strong Wolfe conditions say what is good
enough: the function has fallen by a fair part of what its slope promised, and the slope has become flatter. First
the step is doubled until it has gone too far; then the interval in which good steps must lie is made smaller, each
time at the minimum of the cubic through what is known at its ends.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


class Trial(NamedTuple):
    """A step that was tried: its length, the value, the slope along the line, and the gradient there."""

    length: float
    value: float
    slope: float
    gradient: Vector


def wolfe_search(
    value_and_gradient: Callable[[Vector], tuple[float, Vector]],
    x: Vector,
    value: float,
    gradient: Vector,
    direction: Vector,
    first: float = 1.0,
    decrease: float = 1e-4,
    curvature: float = 0.9,
    max_trials: int = 30,
) -> tuple[Trial, int]:
    """Find a step along a line that fulfils the strong Wolfe conditions.

    Parameters
    ----------
    value_and_gradient : callable
        ``x -> (f(x), gradient)``.
    x, gradient, direction : ndarray, shape (n,)
        Where the line begins, the gradient there, and the direction, in which f must fall.
    value : float
        f(x).
    first : float
        The length tried first, in units of the direction.
    decrease, curvature : float
        The two constants, 0 < decrease < curvature < 1: f falls by at least ``decrease * length * |slope|``, and the
        new slope is at most ``curvature * |slope|`` in size.
    max_trials : int
        How many steps are tried at most.

    Returns
    -------
    trial : Trial
        The step; if none was found, the best one tried, which may have the length 0.
    trials : int
        How many were tried.

    Raises
    ------
    ValueError
        If f does not fall in this direction.

    References
    ----------
    Nocedal and Wright: Numerical Optimization, 2nd ed. (2006), algorithms 3.5 and 3.6.

    Examples
    --------
    >>> f = lambda x: (np.sum(x**2), 2 * x)
    >>> x = np.array([3.0])
    >>> trial, trials = wolfe_search(f, x, *f(x), direction=np.array([-6.0]))
    >>> trial.length, trials
    (0.5, 2)
    """
    slope = float(gradient @ direction)
    if not slope < 0:
        raise ValueError(f"The slope along the direction is {slope}; expected a negative one. Take minus the gradient.")

    def attempt(length: float) -> Trial:
        f, g = value_and_gradient(x + length * direction)
        return Trial(length, float(f), float(g @ direction), g)

    # Near the minimum values differ by their rounding only. What is lost in it is left to the slopes to tell.
    rounding = 4 * np.finfo(float).eps * abs(float(value))

    def too_high(trial: Trial) -> bool:
        # `not <=`, so that nan is too high
        return not trial.value <= value + decrease * trial.length * slope + rounding

    start = Trial(0.0, float(value), slope, gradient)
    low, high, length = start, None, first  # good steps lie between low and high, low being the lower one
    for trials in range(1, max_trials + 1):
        trial = attempt(length)
        if too_high(trial) or trial.value > low.value + rounding:
            high = trial
        elif abs(trial.slope) <= -curvature * slope:
            return trial, trials
        else:
            if trial.slope * (trial.length - low.length) >= 0:
                high = low
            low = trial
        length = 2 * length if high is None else between(low, high)
    return low, max_trials


def between(low: Trial, high: Trial) -> float:
    """Return the minimum of the cubic through two trials, or the middle where it lies too near an end."""
    width = high.length - low.length
    middle, margin = low.length + width / 2, 0.1 * abs(width)
    if not np.isfinite(high.value) or not np.isfinite(high.slope):
        return middle
    d1 = low.slope + high.slope - 3 * (high.value - low.value) / width
    square = d1**2 - low.slope * high.slope
    if square < 0:
        return middle
    d2 = np.sign(width) * np.sqrt(square)
    bottom = high.slope - low.slope + 2 * d2
    if bottom == 0:
        return middle
    found = float(high.length - width * (high.slope + d2 - d1) / bottom)
    inside = min(low.length, high.length) + margin <= found <= max(low.length, high.length) - margin
    return found if inside else middle
