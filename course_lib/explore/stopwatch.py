"""How long calls take: the shortest of several, because whatever else the machine does makes times longer only."""

from collections.abc import Callable
from time import perf_counter
from typing import Any


def shortest_times(*calls: Callable[[], Any], repeat: int = 5) -> list[float]:
    """Return the shortest time of each of several calls, which take turns.

    What is compared is measured side by side: whoever else wants the machine then takes from all alike.

    Parameters
    ----------
    *calls : callable
        What is called, without arguments.
    repeat : int
        How often each.

    Returns
    -------
    list of float
        In seconds, one for each call.

    Raises
    ------
    ValueError
        If `repeat` is less than 1.

    Examples
    --------
    >>> few, many = shortest_times(lambda: sum(range(10)), lambda: sum(range(100_000)))
    >>> 0 < few < many
    True
    """
    if repeat < 1:
        raise ValueError(f"repeat is {repeat}; expected at least 1 call.")
    shortest = [float("inf")] * len(calls)
    for _ in range(repeat):
        for place, call in enumerate(calls):
            start = perf_counter()
            call()
            shortest[place] = min(shortest[place], perf_counter() - start)
    return shortest
