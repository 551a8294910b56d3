"""Partly labelled data: of some points it is known which component drew them.

A labelled point has the responsibility 1 for its component, whatever the mixture is. So what the M step needs of all
labelled points is known before the first sweep: for each component their number, mean and scatter. They are added to
the sums of the others in every M step, and to the log-likelihood what the labelled points contribute,
``log pi_k N(x; mu_k, Sigma_k)`` of their own component alone.

McLachlan and Peel: Finite Mixture Models (2000), section 2.20.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.arguments import real_array
from course_lib.mixture.climbing.climb import Data, Rule
from course_lib.mixture.climbing.starts import standardised
from course_lib.mixture.covariances import MATRICES, Array, cholesky_factors, inverse_factors, shape_of
from course_lib.mixture.one_pass.blocks import Block
from course_lib.mixture.one_pass.summaries import Estimate, MStep, Parameters, Summary
from course_lib.mixture.one_pass.survey import survey, sweeps_over

DRAWS = 8  # of the start's means of components without a label: the one with the smallest inertia is taken


def checked_labels(labels: ArrayLike, n: int, k: int) -> np.ndarray:
    """Return labels as whole numbers, shape (n,): 0 to k - 1, or -1 where unknown; what is masked or NaN is unknown.

    Raises
    ------
    ValueError
        If there are not n of them, or one is no such number.
    """
    try:
        found = np.nan_to_num(real_array(labels, "labels"), nan=-1.0)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{error} A label is a whole number: a component, or -1 where unknown.") from None
    if found.shape != (n,):
        raise ValueError(f"labels have shape {found.shape}; expected ({n},), one label for each row of X.")
    if (wrong := found != np.round(found)).any():
        raise ValueError(f"labels hold {found[wrong][0]}; expected whole numbers: a component, or -1 where unknown.")
    if found.min() < -1 or found.max() >= k:
        strange = found[(found < -1) | (found >= k)][0]
        raise ValueError(f"labels hold {strange:g}; expected -1 where unknown, or a component from 0 to {k - 1}.")
    return found.astype(np.int64)


class Labelled:
    """The points of which the component is known, summed up.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        All points.
    w : ndarray, shape (n,), or None
        Their weights.
    labels : ndarray of int, shape (n,)
        Their components; -1 where unknown.
    k : int
        The number of components.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    """

    def __init__(self, X: np.ndarray, w: Array | None, labels: np.ndarray, k: int, covariance_type: str):
        d = X.shape[1]
        self.k, self.d, self.matrices = k, d, covariance_type in MATRICES
        self.unknown = (np.ones(len(X)) if w is None else w) * (labels < 0)
        self.counts, self.means, self.scatters = (
            np.zeros(k),
            np.zeros((k, d)),
            np.zeros((k, d, d) if self.matrices else (k, d)),
        )
        for j in range(k):
            own = labels == j
            weights = np.ones(int(own.sum())) if w is None else w[own]
            self.counts[j] = weights.sum()
            if self.counts[j] > 0:
                rows = np.asarray(X[own], dtype=float)
                self.means[j] = np.average(rows, axis=0, weights=weights)
                away = (rows - self.means[j]) * np.sqrt(weights)[:, None]
                self.scatters[j] = away.T @ away if self.matrices else np.einsum("ij,ij->j", away, away)

    def others(self, blocks: Callable[[], Iterable[Block]], covariance_type: str) -> Data:
        """Return the points of which no component is known, ready to be swept over; ``blocks`` gives all in one."""
        if not self.unknown.sum() > 0:
            return NoRows(covariance_type)

        def unlabelled() -> Iterator[Block]:
            for rows, _ in blocks():
                yield rows, self.unknown

        return sweeps_over(unlabelled, covariance_type, survey(unlabelled(), covariance_type))

    def about(self, origins: Array) -> tuple[Array, Array]:
        """Return the sums of differences (k, d) and of their products about origins (k, d) or (1, d).

        These are (k, d, d) for full and tied covariances, and their diagonals (k, d) for the others.
        """
        away = self.means - origins
        firsts = self.counts[:, None] * away
        products = firsts[:, :, None] * away[:, None, :] if self.matrices else firsts * away
        return firsts, self.scatters + products

    def start(self, rows: Array, w: Array | None, rule: MStep, random: Any) -> Parameters:
        """Begin at the labelled points' means; other means are drawn by k-means++, far from these.

        ``rows`` (n, d) are those that a start looks at, ``w`` (n,) their weights.
        """
        weights = np.ones(len(rows)) if w is None else w
        scale = standardised(rows, w)[1]
        known = np.flatnonzero(self.counts > 0)
        free = np.flatnonzero(self.counts == 0)
        best: tuple[float, Array, np.ndarray] | None = None
        for _ in range(DRAWS if len(free) else 1):
            means = self.means.copy()
            nearest = ((rows[:, None] - means[known]) / scale) ** 2
            squares = nearest.sum(axis=2).min(axis=1) if len(known) else np.ones(len(rows))
            for j in free:
                cumulative = np.cumsum(squares * weights)
                drawn = np.searchsorted(cumulative, random.uniform() * cumulative[-1], side="right")
                means[j] = rows[min(int(drawn), len(rows) - 1)]
                from_it = (((rows - means[j]) / scale) ** 2).sum(axis=1)
                squares = from_it if not len(known) and j == free[0] else np.minimum(squares, from_it)
            if best is None or squares @ weights < best[0]:
                labels = (((rows[:, None] - means) / scale) ** 2).sum(axis=2).argmin(axis=1)
                best = float(squares @ weights), means, labels
        assert best is not None
        _, means, labels = best
        counts = np.bincount(labels, weights, minlength=self.k) + self.counts + 1e-3 * weights.sum() / self.k
        away = (rows - means[labels]) * np.sqrt(weights)[:, None]
        kind, d = rule.covariance_type, self.d
        if kind in MATRICES:
            pooled = away.T @ away / weights.sum()
            covariances = np.broadcast_to(pooled, shape_of(kind, self.k, d)).copy()
        else:
            variances = (away**2).sum(axis=0) / weights.sum()
            own = variances if kind == "diag" else variances.mean()
            covariances = np.broadcast_to(own, shape_of(kind, self.k, d)).copy()
        return Parameters(counts / counts.sum(), means, rule.regularised(covariances))


class LabelledStep:
    """The M step of a rule, with the sums of the labelled points added to those of the others."""

    def __init__(self, rule: MStep, labelled: Labelled):
        self.rule, self.labelled = rule, labelled

    def __call__(self, summary: Summary, previous: Parameters | None = None) -> Parameters:
        """Return the next mixture."""
        firsts, seconds = self.labelled.about(summary.origins)
        kind = self.rule.covariance_type
        if kind == "tied":
            seconds = seconds.sum(axis=0)
        elif kind == "spherical":
            seconds = seconds.sum(axis=1)
        together = summary._replace(
            counts=summary.counts + self.labelled.counts,
            firsts=summary.firsts + firsts,
            seconds=summary.seconds + seconds,
        )
        return self.rule(together, previous)

    def admitted(self, parameters: Parameters) -> Parameters:
        """Return the mixture, its covariances raised to the floor if that is a bound."""
        return self.rule.admitted(parameters)

    def log_prior(self, parameters: Parameters) -> float:
        """Return the log density of the labelled points and their labels, and what a prior adds."""
        weights, means, covariances = parameters
        kind, (k, d) = self.rule.covariance_type, means.shape
        counts = self.labelled.counts
        inverse = inverse_factors(cholesky_factors(covariances, kind), kind)
        _, seconds = self.labelled.about(means)
        if kind in MATRICES:
            precisions = np.swapaxes(inverse, -1, -2) @ inverse
            squares = np.broadcast_to(precisions * seconds, (k, d, d)).sum(axis=(1, 2))
            log_roots = np.log(np.einsum("...ii->...i", inverse)).sum(axis=-1)
        else:
            scales = np.broadcast_to(inverse.reshape(k, -1), (k, d))
            squares, log_roots = (seconds * scales**2).sum(axis=1), np.log(scales).sum(axis=1)
        with np.errstate(divide="ignore"):
            logs = np.where(counts > 0, np.log(weights), 0.0)
        constants = logs + log_roots - 0.5 * d * np.log(2 * np.pi)
        return self.rule.log_prior(parameters) + float(counts @ constants - 0.5 * squares.sum())


class NoRows:
    """Data of which every component is known: nothing is left to be swept."""

    def __init__(self, covariance_type: str):
        self.covariance_type = covariance_type

    def step(self, parameters: Parameters, m_step: Estimate) -> tuple[float, Parameters]:
        """Return a log-likelihood of 0, and what the M step makes of no sums."""
        k, d = parameters.means.shape
        seconds = np.zeros(shape_of(self.covariance_type, k, d))
        return 0.0, m_step(Summary(0.0, np.zeros(k), np.zeros((k, d)), seconds, parameters.means), parameters)


def with_labels(rule: MStep, labelled: Labelled | None) -> Rule:
    """Return the rule of the M step, or that with the labelled points added."""
    return rule if labelled is None else LabelledStep(rule, labelled)
