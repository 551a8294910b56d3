"""Missing entries: EM when not all of a point was seen.

If which entries are missing does not depend on their values, a point with the entries o has the density of
the marginal mixture, N(x_o; mu_o, Sigma_oo): rows and columns struck out. That is all the E step needs. The
M step needs the expectation of what was not seen, under each component: its mean
``mu_m + Sigma_mo Sigma_oo^-1 (x_o - mu_o)``, and, as a mean has no spread, the covariance
``Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om`` added to the scatter. To fill in the mean alone would make
clusters too narrow. `course_lib.mixture.one_pass.precisions` does it for all patterns of missing entries together;
`course_lib.mixture.one_pass.marginals` for one pattern at a time, where that could lose digits.

Ghahramani and Jordan: Supervised learning from incomplete data via an EM approach. NIPS 6 (1994) 120-127.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from course_lib.mixture.arguments import refuse_overflow, refuse_underflow
from course_lib.mixture.covariances import MATRICES, Array, cholesky_factors, full_covariances
from course_lib.mixture.one_pass.blocks import PASS, Block, split
from course_lib.mixture.one_pass.independent import Independent
from course_lib.mixture.one_pass.marginals import marginal_sums, sorted_patterns
from course_lib.mixture.one_pass.precisions import Precisions
from course_lib.mixture.one_pass.summaries import Estimate, Parameters, Summary, together
from course_lib.mixture.one_pass.survey import ROWS, Survey, survey, sweeps_over
from course_lib.mixture.one_pass.threads import Sums, added_up, one_blas_thread

FILLED_NUMBERS = 2**19  # of a block's rows, filled in by each component: 4 MB


class Incomplete:
    """Points of which some entries are NaN, ready to be swept over, a block of rows at a time.

    Parameters
    ----------
    blocks : callable
        Gives an iterator over the data anew at each call: pairs of rows of X, shape (b, d), NaN where an
        entry is missing, and their weights, shape (b,), or None.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    """

    def __init__(self, blocks: Callable[[], Iterable[Block]], covariance_type: str):
        self.blocks, self.covariance_type = blocks, covariance_type

    def step(self, parameters: Parameters, m_step: Estimate) -> tuple[float, Parameters]:
        """One iteration of EM: the log-likelihood of what was seen, and the next mixture."""
        summary = self.summary(parameters)
        return summary.log_likelihood, m_step(summary, parameters)

    def summary(self, parameters: Parameters) -> Summary:
        """Return the sums of one sweep, about the mixture's means."""
        kind, origins = self.covariance_type, parameters.means
        k, d = origins.shape
        cholesky_factors(parameters.covariances, kind)  # says which component is not positive definite
        of_rows = self._sums_of_matrices(parameters) if kind in MATRICES else Independent(parameters, kind).sums

        def sums(block: Block) -> Sums:
            return of_rows(*as_numbers(*block))

        length = max(256, min(ROWS, FILLED_NUMBERS // (k * d)))
        with one_blas_thread as threads:
            work = k * d * (PASS + (d if kind in MATRICES else PASS))
            batches = ((split([block], length), len(block[0]) * work) for block in self.blocks())
            log_likelihood, counts, firsts, seconds = added_up(sums, batches, threads)
        return Summary(float(log_likelihood[0]), counts, firsts, _shaped(seconds, kind), origins)

    def _sums_of_matrices(self, parameters: Parameters) -> Callable[[Array, np.ndarray], Sums]:
        """Return the function that sums rows and their weights, for covariances that couple the features."""
        matrices = full_covariances(parameters.covariances, self.covariance_type, *parameters.means.shape)
        precisions = Precisions(parameters, matrices)
        return lambda X, w: precisions.sums(X, w) or marginal_sums(X, w, parameters, matrices)

    def survey(self) -> Survey:
        """Survey what was seen, in two passes: where and how many, then how wide.

        Each feature has the mean and variance of its own entries. The scatter of two features is that of the
        rows in which both were seen, as if the others lay at the mean: it stays positive semidefinite.

        Raises
        ------
        ValueError
            If a feature was never seen, or squared distances overflow or underflow.
        """
        n, counted, total = 0, 0, 0.0
        origin = weight = sums = low = high = np.empty(0)
        for X, w in self._rows():
            seen = ~np.isnan(X) & (w > 0)[:, None]
            here_low, here_high = np.where(seen, X, np.inf).min(axis=0), np.where(seen, X, -np.inf).max(axis=0)
            if n == 0:
                low, high = here_low, here_high
                origin, weight, sums = np.full_like(low, np.nan), np.zeros_like(low), np.zeros_like(low)
            low, high = np.minimum(low, here_low), np.maximum(high, here_high)
            # Means are kept as distances from a number near by, the first smallest one: an offset costs no digit.
            origin = np.where(np.isnan(origin) & np.isfinite(low), low, origin)
            n, counted, total = n + len(X), counted + int(np.count_nonzero(w)), total + float(w.sum())
            weight = weight + w @ seen
            sums = sums + w @ np.where(seen, X - origin, 0.0)
        if not (weight > 0).all():
            column = int(np.argmin(weight > 0))
            raise ValueError(f"Column {column} of X is missing in every row; expected some entries: leave it out.")
        refuse_overflow(low, high)
        refuse_underflow(low, high)
        mean = origin + sums / weight
        d, products = len(mean), self.covariance_type in MATRICES
        scatter = np.zeros((d, d) if products else d)
        for X, w in self._rows():
            centred = np.where(np.isnan(X), 0.0, X - mean)
            scatter += (centred * w[:, None]).T @ centred if products else w @ centred**2
        if products:
            np.fill_diagonal(scatter, np.diag(scatter) * (total / weight))
        else:
            scatter *= total / weight
        return Survey(n, counted, total, mean, scatter, low, high)

    def _rows(self) -> Iterator[tuple[Array, Array]]:
        for block in split(self.blocks(), ROWS):
            yield as_numbers(*block)


class InMemory:
    """Incomplete points that lie in memory, where they can be put in order once.

    Points without a hole are swept as if there were no others, which is faster, and the sums of both parts are added
    before the M step. The others stand pattern by pattern, so that few patterns meet in a block.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        The points, NaN where an entry is missing.
    w : ndarray, shape (n,), or None
        Their weights.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    """

    def __init__(self, X: np.ndarray, w: np.ndarray | None, covariance_type: str):
        self.covariance_type = covariance_type
        seen = ~np.isnan(X)
        whole = seen.all(axis=1)
        holes = np.flatnonzero(~whole)
        holes = holes[sorted_patterns(seen[holes])[1]]
        complete, others = ([(X[rows], None if w is None else w[rows])] for rows in (whole, holes))
        self.others = Incomplete(lambda: others, covariance_type)
        known = survey(complete, covariance_type)
        self.complete = sweeps_over(lambda: complete, covariance_type, known) if known.total > 0 else None

    def step(self, parameters: Parameters, m_step: Estimate) -> tuple[float, Parameters]:
        """One iteration of EM: the log-likelihood of what was seen, and the next mixture."""
        if self.complete is None:
            return self.others.step(parameters, m_step)
        others = self.others.summary(parameters)
        log_likelihood, new = self.complete.step(
            parameters, lambda summary, before: m_step(together(summary, others, self.covariance_type), before)
        )
        return log_likelihood + others.log_likelihood, new


def as_numbers(rows: np.ndarray, w: np.ndarray | None) -> tuple[Array, Array]:
    """Return rows as float64, and their weights."""
    return np.asarray(rows, dtype=float), np.ones(len(rows)) if w is None else w


def _shaped(seconds: Array, covariance_type: str) -> Array:
    """Return the sums of squares in the shape in which a `Summary` keeps them."""
    return np.asarray(seconds.sum(axis=0)) if covariance_type == "tied" else seconds


def some_missing(blocks: Iterable[Block]) -> bool:
    """Whether an entry is NaN; reads to the end, so that every block is checked."""
    found = False
    for rows, _ in split(blocks, ROWS):
        found = found or bool(np.isnan(rows).any())
    return found
