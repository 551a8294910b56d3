"""Climbing the likelihood: sweep after sweep from one start until it no longer rises.

The loop knows neither the data (something with a method ``step``) nor what may be put between two sweeps to
go faster. It keeps the promise that holds both together: an accelerated proposal that lowers the bound is
thrown away, and the plain EM step, which cannot, is taken in its place.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from course_lib.mixture.climbing.acceleration import Accelerator
from course_lib.mixture.em import MixtureState
from course_lib.mixture.one_pass.summaries import MStep, Parameters


class Data(Protocol):
    """What EM needs to know how to do with the data."""

    def step(self, parameters: Parameters, m_step: MStep) -> tuple[float, Parameters]:
        """Return the log-likelihood of these parameters, and the next ones."""


class Climb(NamedTuple):
    """One climb: where it ended, the bound of every iteration, and whether it ended by itself."""

    parameters: Parameters
    bounds: list[float]
    history: list[MixtureState]
    converged: bool
    sweeps: int


def climb(
    data: Data,
    start: Parameters,
    m_step: MStep,
    total: float,
    *,
    tol: float,
    max_iter: int,
    accelerator: Accelerator | None = None,
    record: bool = False,
    report: Callable[[int, float], None] | None = None,
    before: float = -np.inf,
) -> Climb:
    """Iterate until an iteration changes the bound by less than tol.

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
        if at is not image and not bound >= highest:  # the proposal was too bold
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
        still = abs(change) < tol
        leapt = at is not image
        converged = still and not leapt  # a leap that gained nothing may have been a bad leap: see what EM gains
        at = image = new
        if accelerator is not None and not converged:
            proposal = accelerator.propose(new)
            at = image if proposal is None or still else proposal
    if record and max_iter > 0:
        history.append(MixtureState(len(bounds), *image, data.step(image, m_step)[0]))
    return Climb(image, bounds, history, converged, sweeps)
