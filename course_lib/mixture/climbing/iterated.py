"""From summit to summit: the best ends of the short runs are shaken, and climb again.

Where there are hardly more rows than numbers to be learnt, nearly every start has a summit of its own, and hundreds of
starts find another one each. Where clusters are long and cross each other, or lie in groups far apart, no start is near
the highest, and the short runs end before the best of them has arrived. But summits are not strewn evenly: beside a
high one there are higher ones. So the best ends so far are kept, copies of them are shaken, a few sweeps are made, and
the best of all that is there are kept again, until nothing higher comes (iterated local search: Lourenço, Martin and
Stützle, in Glover and Kochenberger: Handbook of Metaheuristics (2003) 320-353). Two ways to shake, a coin says which:

- *rows at random weights*: for some sweeps each row counts as often as chance says, the square of an exponential
  number (a rough kind of bootstrap; Wood: Minimising model fitting objectives that contain spurious local minima by
  bootstrap restarting. Biometrics 57 (2001) 240-244);
- *a component at another place*: its mean moves to some row, and it becomes as wide as the components are on average
  (random swap; Fränti: Efficiency of random swap clustering. Journal of Big Data 5 (2018) 13).

The best ends climb on beside their copies, so what is found is never lower than what was there. All climbs are one
stack (`course_lib.mixture.climbing.stacked`).
"""

from typing import Any, NamedTuple

import numpy as np

from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.climbing.stacked import DigitsLost, Stack, StackedRows
from course_lib.mixture.covariances import Array, free_parameters
from course_lib.mixture.one_pass.summaries import Parameters

End = tuple[float, Parameters]  # the log-likelihood of all rows, and the mixture

FEW = 3  # rows for each number to be learnt: with more, a search costs more than it is likely to bring
DEAR = 4e7  # multiplications of a sweep of all climbs: where it takes more, one climb is dear enough
KEPT = 3  # of the ends
CLIMBS = 16  # at once, those that are kept among them
SHAKEN, SWEEPS = 2, 8  # sweeps with random weights, and those that follow
AHEAD = 40  # sweeps at most that show where the best end of the short runs leads
HIGHER = 1.0  # log-likelihood that a round brings, or it brings nothing
APART = 0.3  # of the log-likelihood of all rows: ends that differ by less count as one


class Effort(NamedTuple):
    """How long to search: at most so many rounds, and until ``patience`` of them in a row have brought nothing."""

    rounds: int
    patience: int


WITH_FEW_ROWS = Effort(12, 5)  # with a patience of 3, one seed in seven ended lower on wine
WITH_MANY_ROWS = Effort(24, 3)  # the first rounds bring most, and components find their clusters one by one


def effort(rows: StackedRows, n: int, k: int, rising: bool) -> Effort | None:
    """Return how long to search, or None where it is not needed or too dear.

    It is needed where rows, n in all, are few for what is to be learnt, or the winner of the short runs is ``rising``.
    """
    if k == 1 or CLIMBS * k * rows.phi.size >= DEAR:
        return None
    if n < FEW * free_parameters(rows.kind, k, rows.x.shape[1]):
        return WITH_FEW_ROWS
    return WITH_MANY_ROWS if rising else None


def search(
    stack: Stack, rows: StackedRows, ends: list[End], collapse: Collapse, random: Any, long: Effort = WITH_FEW_ROWS
) -> list[End]:
    """Return the best ends that were found from these, highest first; those with collapsed components come last.

    Where the best of these has a collapsed component, or gets one as it climbs on, they are returned as they are: what
    a search finds that has none is no summit, or a much lower one.

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
    long : Effort
        How long to search.
    """
    weight = min(1.0, rows.total / len(rows.x))
    apart, higher = APART * weight, HIGHER * weight
    stack.restart([mixture for _, mixture in ends])
    leaders = _best(stack, np.array([likelihood for likelihood, _ in ends]), collapse, apart)
    try:
        if _leads_to_collapse(stack, rows, leaders[0][1], collapse, apart):
            return ends
        calm = 0
        for _ in range(long.rounds):
            before = leaders[0][0]
            heights = _round(stack, rows, [end for _, end in leaders], random)
            leaders = _best(stack, heights, collapse, apart, len(leaders))
            calm = 0 if leaders[0][0] > before + higher else calm + 1
            if calm == long.patience:
                break
    except DigitsLost:  # among thin components the products cancel; what is there is good
        pass
    return leaders


def _leads_to_collapse(stack: Stack, rows: StackedRows, start: Parameters, collapse: Collapse, little: float) -> bool:
    """Whether a component of this mixture has collapsed, or will have where sweeps gain little."""
    stack.restart([start])
    before = -np.inf
    for _ in range(AHEAD):
        likelihood = stack.expect(rows)[0]
        if likelihood - before < little:
            break
        stack.maximise(rows)
        before = likelihood
    return bool(stack.collapsed(collapse).any())


def _round(stack: Stack, rows: StackedRows, leaders: list[Parameters], random: Any) -> Array:
    """Climb on from these mixtures and from shaken copies of them; return the log-likelihoods there."""
    own = len(leaders)
    stack.restart(leaders + [leaders[copy % own] for copy in range(CLIMBS - own)])
    moved = own + np.flatnonzero(random.uniform(size=CLIMBS - own) < 0.5)
    stack.move(moved, random.choice(stack.k, len(moved)), rows.x[random.choice(len(rows.x), len(moved))])
    for sweep in range(SHAKEN + SWEEPS):
        stack.expect(rows)
        stack.maximise(rows, _rough(rows, own, moved, random) if sweep < SHAKEN else None)
    return stack.expect(rows)


def _best(stack: Stack, likelihoods: Array, collapse: Collapse, apart: float, own: int = 0) -> list[End]:
    """Return the `KEPT` highest mixtures of which no two are the same, those with collapsed components last.

    None that is as high overtakes the first ``own``: which of both is higher would be a matter of rounding.
    """
    found: list[End] = []
    mixtures = stack.mixtures()
    ahead = likelihoods + apart * (np.arange(len(likelihoods)) < own)
    for run in np.lexsort((-ahead, stack.collapsed(collapse))):
        if all(abs(likelihoods[run] - other) > apart for other, _ in found):
            found.append((float(likelihoods[run]), mixtures[run]))
    return found[:KEPT]


def _rough(rows: StackedRows, own: int, moved: np.ndarray, random: Any) -> Array:
    """Return how often each row counts in each climb, (R, n): once in the first ``own`` and in those that moved."""
    counts = np.square(random.exponential(size=(CLIMBS, len(rows.x))))
    counts[:own] = counts[moved] = 1.0
    totals = counts.sum(axis=1) if rows.w is None else counts @ rows.w
    return np.asarray(counts * (rows.total / totals)[:, None])
