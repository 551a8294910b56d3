"""Climbing the likelihood: sweep after sweep from one start until it no longer rises.

The loop knows neither the data (something with a method ``step``) nor what may be put between two sweeps to
go faster. It keeps the promise that holds both together: an accelerated proposal that lowers the bound is
thrown away, and the plain EM step, which cannot, is taken in its place.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.climbing.squarem_anderson import Accelerator
from course_lib.mixture.climbing.stopping import Verdict
from course_lib.mixture.em import MixtureState
from course_lib.mixture.one_pass.summaries import Parameters, Summary


class Rule(Protocol):
    """The M step: the next mixture from the sums of a sweep, and what a prior adds to the log-likelihood."""

    def __call__(self, summary: Summary, previous: Parameters | None = None) -> Parameters:
        """Return the next mixture."""

    def log_prior(self, parameters: Parameters) -> float:
        """Return what is added to the log-likelihood of the data."""

    def admitted(self, parameters: Parameters) -> Parameters:
        """Return the mixture, its covariances raised to the floor if that is a bound."""


class Data(Protocol):
    """What EM needs to know how to do with the data."""

    def step(self, parameters: Parameters, m_step: Rule) -> tuple[float, Parameters]:
        """Return the log-likelihood of these parameters, and the next ones."""


class Stopping(Protocol):
    """What decides that the climb has arrived; see `course_lib.mixture.climbing.stopping`."""

    def after(self, bound: float, change: float, leapt: bool) -> Verdict:
        """Judge a sweep."""


class Climb(NamedTuple):
    """One climb: where it ended, the bound of every iteration, and whether it ended by itself.

    ``stopping`` remembers the last gains, so that a later climb may go on from here.
    """

    parameters: Parameters
    bounds: list[float]
    history: list[MixtureState]
    converged: bool
    sweeps: int
    stopping: Stopping


def climb(
    data: Data,
    start: Parameters,
    m_step: Rule,
    total: float,
    *,
    stopping: Stopping,
    max_iter: int,
    accelerator: Accelerator | None = None,
    record: bool = False,
    report: Callable[[int, float], None] | None = None,
    before: float = -np.inf,
) -> Climb:
    """Iterate until ``stopping`` says that the climb has arrived.

    The bound of an iteration is the mean log-likelihood (plus log prior) of the mixture before its M step,
    as scikit-learn counts. ``total`` is the weight of all points, ``before`` the bound of an earlier climb.
    """
    at, image = start, start
    bounds: list[float] = []
    history: list[MixtureState] = []
    converged, sweeps = False, 0
    highest = -np.inf
    while len(bounds) < max_iter and not converged:
        try:
            log_likelihood, new = data.step(at, m_step)
            bound = (log_likelihood + m_step.log_prior(at)) / total
        except ValueError:
            if accelerator is None or at is image:
                raise
            bound = -np.inf
        sweeps += 1
        if at is not image and not bound >= highest:  # the leap was too bold: it is taken back
            assert accelerator is not None
            accelerator.refuse()
            at = image
            if sweeps >= 2 * max_iter:
                break
            continue
        if record:
            history.append(MixtureState(len(bounds), *at, log_likelihood))
        bounds.append(bound)
        highest = bound
        change = bound - before
        before = bound
        if report is not None:
            report(len(bounds), change)
        calm, converged = stopping.after(bound, change, leapt=at is not image)
        at = image = new
        if accelerator is not None and not converged:
            proposal = accelerator.propose(new)
            at = image if proposal is None or calm else m_step.admitted(proposal)
    if record and max_iter > 0:
        history.append(MixtureState(len(bounds), *image, data.step(image, m_step)[0]))
    return Climb(image, bounds, history, converged, sweeps, stopping)


def best_of(ends: list[Climb], collapse: Collapse | None) -> Climb:
    """Return the highest end; where a floor holds collapsed components, the highest of those with the fewest."""

    def rank(end: Climb) -> tuple[int, float]:
        collapsed = 0 if collapse is None or len(ends) == 1 else len(collapse.of(end.parameters))
        return -collapsed, end.bounds[-1] if end.bounds else -np.inf

    return max(ends, key=rank)
