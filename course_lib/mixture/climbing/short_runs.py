"""Several short climbs, side by side, and the best of their ends as the start of the long one.

EM ends on the summit that is nearest to its start, and one start is a lottery ticket. Most of a climb's gain is made in
its first sweeps: `RUNS` climbs of `SWEEPS` sweeps each tell which start leads high, for the price of one long climb
(Biernacki, Celeux and Govaert: Choosing starting values for the EM algorithm for getting the highest likelihood in
multivariate Gaussian mixture models. Computational Statistics and Data Analysis 41 (2003) 561-575). Each begins at K
points that k-means++ draws far apart; all components begin as wide as the rows lie about the nearest of them. Most of
the runs measure distances by the features' standard deviations. For the others a feature counts as much as its variance
over what is left of it when the feature is parted in two exceeds that of a normal one: where features that show
clusters are few among many, or beside a cluster far away, no other run would find these. Rows far out stretch neither
(`course_lib.mixture.climbing.partitions.Spread`): beside them, clusters could not be told apart. And where there are
such rows, a second race is run over the others, with one component less, which these rows then get for themselves: of
both winners, the likelier one is the start.

*A race.* Many rows are not needed to see that a run is bad, and few runs are worth many rows. So all runs begin on few
rows, and the best of them go on with up to `ROWS_OF_RUNS`. After each sweep a run is out if it agrees with another, or
if it would not reach the leader even if it gained in each of the sweeps that are left as much as in the last one. Where
clusters are clear, most runs agree at once. When there is one left, or none gains anything, the race is over. (As in
successive halving: Jamieson and Talwalkar: Non-stochastic best arm identification and hyperparameter optimization.
AISTATS 2016, 240-248.)

*What it cannot do.* Where there are hardly more rows than numbers to be learnt (178 wines of 13 features, three full
covariances), nearly every start has a summit of its own; and where a race is over before its winner has arrived, no
start was near a summit. There the race is only the beginning of a search: see `course_lib.mixture.climbing.iterated`.
And narrow clusters in the midst of rows that are strewn far and evenly are lost: seeds that are far apart lie among the
latter, and one width for all components is theirs. ``init_params="random_from_data"`` with ``n_init=10``, which begins
where most rows are, finds such clusters for most seeds.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from course_lib.mixture.climbing.climb import climb
from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.climbing.iterated import End, effort, search
from course_lib.mixture.climbing.partitions import Spread, mean_of, partitions, spread_of
from course_lib.mixture.climbing.rows import some_rows
from course_lib.mixture.climbing.stacked import DigitsLost, Stack, StackedRows
from course_lib.mixture.climbing.starts import standardised
from course_lib.mixture.climbing.stopping import SmallChange
from course_lib.mixture.covariances import Array
from course_lib.mixture.em import e_step, log_gaussian
from course_lib.mixture.em import m_step as fitted
from course_lib.mixture.one_pass.blocks import Sweeps
from course_lib.mixture.one_pass.summaries import MStep, Parameters
from course_lib.mixture.one_pass.survey import survey

RUNS = 16
FEWEST = 6  # runs, where features are many; and of those that go on with more rows
MOST = 2e7  # multiplications of a sweep of all runs: where features are many, there are fewer runs
SWEEPS = 10
OF_A_NORMAL = np.pi / (np.pi - 2)  # its variance over what is left when it is parted in two: it shows no clusters
CLEAREST = 1e-6  # of a feature's variance that is left: of two numbers alone, nothing is
LITTLE = 0.5  # that a feature counts for which shows no more than a normal one; with 0.1, wine ends lower at times
HALF_A_ROW = 0.5  # by which responsibilities may miss a whole number of rows
ON_FEW_ROWS = 4  # of these sweeps
FEW_ROWS = 500
ROWS_OF_A_COMPONENT = 10  # for each of its d + 1 rows of numbers, among the few: fewer could not tell its shape
ROWS_OF_RUNS = 2000
HALVED_AT = (7, 4)  # sweeps that are left: then the lower half of the runs ends, where there is much to be saved:
MUCH = 1e6  # multiplications of a sweep; below it, calls cost more
AGREE = 1e-3  # of the log-likelihood of all rows: runs that differ by less are on the same way
RISING = 1.2  # log-likelihood that the winner gains by the last sweep: components that are too many creep by less
ARRIVED = 0.5  # log-likelihood that a run gains by a sweep: the long climb, with all rows, is the one to gain less


class Beginning(NamedTuple):
    """Rows (n, d), their weights or None, the few of them that are looked at first or None, and labels (R, ...)."""

    rows: Array
    w: Array | None
    few: np.ndarray | None
    labels: np.ndarray


def short_runs(
    rows: Array,
    w: Array | None,
    k: int,
    m_step: MStep,
    collapse: Collapse,
    random: Any,
    shared: dict[Any, Beginning] | None = None,
    searching: bool = True,
) -> Parameters | None:
    """Return the highest end of the short runs with the fewest collapsed components; None if no run has K clusters.

    Where rows lie far out, it is compared with the end of a race without them, and one component for them alone.

    Parameters
    ----------
    rows : ndarray, shape (n, d)
        Finite rows of the data.
    w : ndarray, shape (n,), or None
        Their weights.
    k : int
        The number of components.
    m_step : MStep
        The rule of the M step.
    collapse : Collapse
        Tells which ends are degenerate.
    random : RandomState or Generator
        Draws rows and starts.
    shared : dict, optional
        The beginnings of other models of the same rows, with covariances of another type: they are taken again.
    searching : bool
        Whether to go on from the best ends where there are many summits, or none was reached.
    """
    looked_at = some_rows(rows, None, np.random.default_rng(0), ROWS_OF_RUNS)[0]  # no lottery: starts keep theirs
    near = spread_of(looked_at, parted=True)
    shared = {} if shared is None else shared
    best = _highest(rows, w, near, k, m_step, collapse, random, shared, searching)
    beyond = near.far_out(rows) if k > 1 else None
    if beyond is None or len(rows) - (far := beyond.any(axis=1)).sum() < k:
        return best
    counts = None if w is None else w[~far]
    others = _highest(rows[~far], counts, near, k - 1, m_step, collapse, random, shared, searching)
    if others is None:
        return best
    try:
        apart = _with_a_component_of(far, rows, w, others, m_step)
        likelihood = partial(_likelihood_if_wide, rows=rows, w=w, collapse=collapse)
        return max((best, apart) if best else (apart,), key=likelihood)
    except ValueError:  # a component that has collapsed where nothing holds it
        return best


def _with_a_component_of(far: Any, rows: Array, w: Array | None, others: Parameters, m_step: MStep) -> Parameters:
    """Return the mixture of the others, fitted to the other rows, and one component more for those far out, (n,)."""
    kind = m_step.covariance_type
    r = np.zeros((len(rows), len(others.weights) + 1))
    r[far, -1] = 1.0
    r[~far, :-1] = e_step(rows[~far], *others, kind)[1]
    weights, means, covariances = fitted(rows, r if w is None else r * w[:, None], kind)
    return Parameters(weights, means, m_step.regularised(covariances))


def _likelihood_if_wide(mixture: Parameters, rows: Array, w: Array | None, collapse: Collapse) -> float:
    """Return the log-likelihood if to components that have collapsed the covariance of the others were added.

    So a component is worth what its place explains, and not what its narrowness brings. Components of so few rows that
    they must have collapsed are taken for it: beside rows far out, rounding may hide it.
    """
    weights, means, covariances = mixture
    narrow = weights * len(rows) < (means.shape[1] + 1 if collapse.covariance_type == "full" else 2) - HALF_A_ROW
    narrow[list(collapse.of(mixture))] = True
    if narrow.any() and not narrow.all() and collapse.covariance_type != "tied":
        covariances = covariances.copy()
        covariances[narrow] += np.average(covariances[~narrow], axis=0, weights=weights[~narrow])
    with np.errstate(divide="ignore"):
        logs = log_gaussian(rows, means, covariances, collapse.covariance_type) + np.log(weights)
    densities = np.logaddexp.reduce(logs, axis=1)
    return float(densities.sum() if w is None else w @ densities)


def _highest(
    rows: Array,
    w: Array | None,
    near: Spread,
    k: int,
    m_step: MStep,
    collapse: Collapse,
    random: Any,
    shared: dict[Any, Beginning],
    searching: bool,
) -> Parameters | None:
    """Return the end of one race of short runs. Distances are measured by what lies within the fences, ``near``."""
    of_all = len(rows)
    drawn = len(rows) > ROWS_OF_RUNS
    kind, n, d = m_step.covariance_type, min(len(rows), ROWS_OF_RUNS), rows.shape[1]
    few = max(FEW_ROWS, ROWS_OF_A_COMPONENT * k * (d + 1 if kind == "full" else 2))
    if few > n / 2:
        few = n
    features = 1.0 + {"full": d * (d + 3) / 2, "tied": d, "diag": 2 * d, "spherical": d + 1}[kind]
    runs = int(min(RUNS, max(FEWEST, MOST / (k * few * features))))
    key = of_all, k, few, runs
    if key not in shared:
        shared[key] = _begin(rows, w, near, k, few, runs, random)
    rows, w, chosen, labels = shared[key]
    centre = mean_of(rows, w)
    x = rows - centre
    if m_step.prior is not None:
        m_step = m_step._replace(prior=m_step.prior._replace(mean=m_step.prior.mean - centre))
    stages = [StackedRows(x, w, kind)]
    if chosen is not None:
        stages.insert(0, StackedRows(x[chosen], None if w is None else w[chosen], kind))
    stack = Stack(stages[0], labels, k, m_step)
    if not len(stack):
        return None
    try:
        ends, rising = _race(stack, stages, collapse, drawn)
        if searching and (long := effort(stages[-1], of_all, k, rising)):
            ends = search(stack, stages[-1], ends, collapse, random, long)
    except DigitsLost:
        ends = _climbs_apart(stack.starts, stages[-1], m_step)
    best: Parameters | None = None
    fewest = k + 1
    for _, end in sorted(ends, key=lambda found: -found[0]):
        wrong = len(collapse.of(end))
        if wrong < fewest:
            best, fewest = end._replace(means=end.means + centre), wrong
        if not wrong:
            break
    return best


def _begin(rows: Array, w: Array | None, near: Spread, k: int, few: int, runs: int, random: Any) -> Beginning:
    """Draw the rows, the few that are looked at first, and partitions of these."""
    rows, w = some_rows(rows, w, random, ROWS_OF_RUNS)
    chosen = np.sort(random.choice(len(rows), few, replace=False)) if few < len(rows) else None
    first, weights = (rows, w) if chosen is None else (rows[chosen], None if w is None else w[chosen])
    centred, _ = standardised(first, weights, near)
    labels = [partitions(centred, weights, k, runs - runs // 4, random)]
    centred *= np.sqrt(np.maximum(1 / np.maximum(near.left, CLEAREST) - OF_A_NORMAL, LITTLE))
    labels.append(partitions(centred, weights, k, runs // 4, random))
    return Beginning(rows, w, chosen, np.concatenate(labels))


def _race(stack: Stack, stages: list[StackedRows], collapse: Collapse, drawn: bool) -> tuple[list[End], bool]:
    """Sweep over the rows of each stage; return the log-likelihoods and mixtures of those that came to the last one.

    And whether the highest of them still rises where the race is over. ``drawn`` says that these are not all the rows.
    Runs that are out stand where they were: the winner may be one whose likelihood ran away, since a component
    collapsed.
    """
    weight = min(1.0, stages[-1].total / len(stages[-1].x))
    agree, little = AGREE * weight, ARRIVED * weight
    left = SWEEPS
    found: list[End] = []
    for rows in stages:
        last = rows is stages[-1]
        before: Array | None = None
        while True:
            likelihoods = stack.expect(rows)
            gains = np.full(len(stack), np.inf) if before is None else likelihoods - before
            ends = left == (0 if last else SWEEPS - ON_FEW_ROWS)
            most = len(stack)
            if not last and ends:
                most = FEWEST
            elif left in HALVED_AT and len(stack) * stack.k * rows.phi.size > MUCH:
                most = -(-most // 2)
            own, still = _still_in(likelihoods, gains, left, most, agree, stack, collapse)
            if last:
                mixtures = stack.mixtures()
                found += [(float(likelihoods[run]), mixtures[run]) for run in own if ends or run not in still]
            stack.keep(still)
            likelihoods, gains = likelihoods[still], gains[still]
            if ends or gains.max() < (little if drawn or len(still) == 1 else agree):
                break
            stack.maximise(rows)
            left, before = left - 1, likelihoods
    if not ends:
        found += zip(likelihoods.tolist(), stack.mixtures(), strict=True)
    return found, bool(gains[likelihoods.argmax()] > RISING * weight)


def _still_in(
    likelihoods: Array, gains: Array, left: int, most: int, agree: float, stack: Stack, collapse: Collapse
) -> tuple[np.ndarray, np.ndarray]:
    """Return which runs are their own, and which of them are to go on: those that may still reach the leader.

    Both are numbers of runs in the order of the stack; no more than ``most`` go on.
    """
    order = np.argsort(-likelihoods, kind="stable")
    order = order[np.concatenate([[True], -np.diff(likelihoods[order]) > agree])]
    own = np.sort(order)
    reach = likelihoods + np.maximum(gains, 0.0) * left
    if len(order) <= most and (reach[order] >= likelihoods[order[0]]).all():
        return own, own
    collapsed = stack.collapsed(collapse)  # whose likelihood says how low the floor is
    order = order[np.argsort(collapsed[order], kind="stable")][:most]
    leader = order[0]
    return own, np.sort(order[(reach[order] >= likelihoods[leader]) | (order == leader)])


def _climbs_apart(starts: list[Parameters], rows: StackedRows, m_step: MStep) -> list[End]:
    """Return the log-likelihood a row of each run after `SWEEPS` sweeps, and its mixture, each run by itself."""
    known = survey([(rows.x, rows.w)], rows.kind)
    data = Sweeps(lambda: [(rows.x, rows.w)], rows.kind, known.mean, known.low, known.high, known.scatter)
    ends = []
    for start in starts:
        try:
            end = climb(data, start, m_step, rows.total, stopping=SmallChange(0.0), max_iter=SWEEPS)
        except ValueError:  # a component that has collapsed where nothing holds it
            continue
        ends.append((end.bounds[-1], end.parameters))
    return ends
