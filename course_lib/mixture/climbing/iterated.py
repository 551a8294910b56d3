"""From summit to summit: the best ends of the short runs are shaken, and climb again.

Where there are hardly more rows than numbers to be learnt, nearly every start has a summit of its own, and hundreds of
starts find another one each. But summits are not strewn evenly: beside a high one there are higher ones. So the best
ends so far are kept, copies of them are shaken, a few sweeps are made, and the best of all that is there are kept
again, until nothing higher comes (iterated local search: Lourenço, Martin and Stützle, in Glover and Kochenberger:
Handbook of Metaheuristics (2003) 321-353). Two ways to shake, a coin says which:

- *rows at random weights*: for some sweeps each row counts as often as chance says, the square of an exponential
  number (a rough kind of bootstrap; Wood: Minimising model fitting objectives that contain spurious local minima by
  bootstrap restarting. Biometrics 57 (2001) 240-244);
- *a component at another place*: its mean moves to some row, and it becomes as wide as the components are on average
  (random swap; Fränti: Efficiency of random swap clustering. Journal of Big Data 5 (2018) 13).

The best ends climb on beside their copies, so what is found is never lower than what was there. All climbs are one
stack (`course_lib.mixture.climbing.stacked`).
"""

from typing import Any

import numpy as np

from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.climbing.stacked import DigitsLost, Stack, StackedRows
from course_lib.mixture.covariances import Array, free_parameters
from course_lib.mixture.one_pass.summaries import Parameters

End = tuple[float, Parameters]  # the log-likelihood of all rows, and the mixture

FEW = 3  # rows for each number to be learnt: with more of them, the best of the short runs is hardly ever surpassed
DEAR = 4e7  # multiplications of a sweep of all climbs: where it takes more, one climb is dear enough
KEPT = 3  # of the ends
CLIMBS = 16  # at once, those that are kept among them
SHAKEN, SWEEPS = 2, 8  # sweeps with random weights, and those that follow
ROUNDS = 10
PATIENCE = 3  # rounds in a row that bring nothing
APART = 0.3  # of the log-likelihood of all rows: ends that differ by less count as one
HIGHER = 1.0  # log-likelihood that a round brings, or it brings nothing


def many_summits(rows: StackedRows, n: int, k: int) -> bool:
    """Whether to search: there are few rows, n in all, for what is to be learnt, and a sweep over these is cheap."""
    few = n < FEW * free_parameters(rows.kind, k, rows.x.shape[1])
    return k > 1 and few and CLIMBS * k * rows.phi.size < DEAR


def search(stack: Stack, rows: StackedRows, ends: list[End], collapse: Collapse, random: Any) -> list[End]:
    """Return the best ends that were found from these, highest first; those with collapsed components come last.

    Where each of these has a collapsed component, they are returned as they are: a search for one that has not would
    end where two components are the same, which is a saddle.

    Parameters
    ----------
    stack : Stack
        In which the climbs are made.
    rows : StackedRows
        The rows of the climbs.
    ends : list of (float, Parameters)
        Log-likelihoods and mixtures of earlier climbs over these rows.
    collapse : Collapse
        Tells which ends are degenerate.
    random : RandomState or Generator
        Shakes.
    """
    weight = min(1.0, rows.total / len(rows.x))
    leaders = _best(ends, collapse, APART * weight)
    if collapse.of(leaders[0][1]):
        return leaders
    calm = 0
    for _ in range(ROUNDS):
        height = _rank(leaders[0], collapse)
        try:
            leaders = _best(_round(stack, rows, [mixture for _, mixture in leaders], random), collapse, APART * weight)
        except DigitsLost:  # among thin components the products cancel; what is there is good
            break
        fewer, higher = np.subtract(_rank(leaders[0], collapse), height)
        calm = 0 if fewer > 0 or higher > HIGHER * weight else calm + 1
        if calm == PATIENCE:
            break
    return leaders


def _round(stack: Stack, rows: StackedRows, leaders: list[Parameters], random: Any) -> list[End]:
    """Climb on from these mixtures and from shaken copies of them."""
    own = len(leaders)
    stack.restart(leaders + [leaders[copy % own] for copy in range(CLIMBS - own)])
    moved = own + np.flatnonzero(random.uniform(size=CLIMBS - own) < 0.5)
    stack.move(moved, random.choice(stack.k, len(moved)), rows.x[random.choice(len(rows.x), len(moved))])
    for sweep in range(SHAKEN + SWEEPS):
        stack.expect(rows)
        stack.maximise(rows, _rough(rows, own, moved, random) if sweep < SHAKEN else None)
    return list(zip(stack.expect(rows).tolist(), stack.mixtures(), strict=True))


def _rough(rows: StackedRows, own: int, moved: np.ndarray, random: Any) -> Array:
    """Return how often each row counts in each climb, (R, n): once in the first ``own`` and in those that moved."""
    counts = np.square(random.exponential(size=(CLIMBS, len(rows.x))))
    counts[:own] = counts[moved] = 1.0
    totals = counts.sum(axis=1) if rows.w is None else counts @ rows.w
    return np.asarray(counts * (rows.total / totals)[:, None])


def _rank(end: End, collapse: Collapse) -> tuple[int, float]:
    return -len(collapse.of(end[1])), end[0]


def _best(ends: list[End], collapse: Collapse, apart: float) -> list[End]:
    """Return the `KEPT` best ends of which no two are the same."""
    found: list[End] = []
    for _, end in sorted(((_rank(end, collapse), end) for end in ends), key=lambda one: one[0], reverse=True):
        if all(abs(end[0] - other[0]) > apart for other in found):
            found.append(end)
    return found[:KEPT]
