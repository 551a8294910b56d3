"""How long a call takes: the shortest of several, because whatever else the machine does makes times longer only."""

from collections.abc import Callable
from time import perf_counter
from typing import Any


def shortest_time(f: Callable[..., Any], *arguments: Any, repeat: int = 5) -> float:
    """Return the shortest time of several calls.

    Parameters
    ----------
    f : callable
        What is called.
    *arguments
        With what.
    repeat : int
        How often.

    Returns
    -------
    float
        In seconds.

    Raises
    ------
    ValueError
        If `repeat` is less than 1.

    Examples
    --------
    >>> 0 < shortest_time(sum, [1, 2, 3]) < 1
    True
    """
    if repeat < 1:
        raise ValueError(f"repeat is {repeat}; expected at least 1 call.")
    times = []
    for _ in range(repeat):
        start = perf_counter()
        f(*arguments)
        times.append(perf_counter() - start)
    return min(times)
