"""When the climb has arrived.

scikit-learn stops where an iteration changes the mean log-likelihood by less than `tol`. Where clusters overlap,
EM gains a constant fraction of what is left at each sweep, and the fraction is small: each sweep gains less than
`tol`, and all of them together would still gain several units, enough to turn a choice between models.

``tol="auto"`` asks what is left. If the gains shrink by the rate rho at each sweep, then after a gain g the sum of
all later ones is ``g (rho + rho^2 + ...) = g rho / (1 - rho)`` (Aitken's formula; for EM: Böhning, Dietz, Schaub,
Schlattmann and Lindsay: The distribution of the likelihood ratio for mixtures of densities from the one-parameter
exponential family. Annals of the Institute of Statistical Mathematics 46 (1994) 373-388). A difference of 0.05 in the
total log-likelihood changes no conclusion that a statistician draws. A fast beginning can hide a slow rest, in which
the rate is near 1: so no end is believed while a sweep gains as much as a fiftieth of that.

Where a covariance is nearly singular, rounding moves the log-likelihood up and down for ever by far more than its last
digit. How much, it tells itself: a plain EM step cannot lower the likelihood, so a small fall is rounding, and a gain
that is no larger is none.
"""

from math import isfinite
from typing import NamedTuple

from numpy import finfo

from course_lib.mixture.one_pass.survey import Survey

LEFT = 0.05  # of the total log-likelihood that may still be gained where the climb ends
SMALL = LEFT / 50  # of a sweep's own gain
TWICE = 2  # sweeps in a row that must say so: one rate alone may be chance
ROUNDING = 64 * float(finfo(float).eps)  # of the log-likelihood: a smaller change is none
SINGULAR = 1e-8  # of the log-likelihood: a larger fall is no rounding, but what reg_covar does that is added


class Verdict(NamedTuple):
    """What a sweep says: whether little is gained (leaps should pause), and whether the climb is at its end."""

    calm: bool
    arrived: bool


class SmallChange:
    """The end is where a plain sweep changes the mean log-likelihood by less than ``tol``."""

    def __init__(self, tol: float):
        self.tol = tol

    def after(self, bound: float, change: float, leapt: bool) -> Verdict:
        """Judge a sweep that changed the mean log-likelihood to ``bound``; ``leapt`` if it was not a plain EM step."""
        calm = abs(change) < self.tol
        return Verdict(calm, calm and not leapt)  # a leap that gained nothing may have been bad: see what EM gains


class LittleLeft:
    """The end is where two plain sweeps in a row foresee that less than ``LEFT`` is still to be gained.

    Parameters
    ----------
    total : float
        The weight of all points, by which mean log-likelihoods become totals.
    n : float
        The number of points. Where they weigh less than 1 each, `LEFT` shrinks in proportion.
    """

    def __init__(self, total: float, n: float):
        self.total = total
        weight = min(1.0, total / n)
        self.left, self.small = LEFT * weight, SMALL * weight
        self._gain: float | None = None  # of the plain sweep before
        self._rounding = 0.0  # the largest of the falls, which EM itself does not have
        self._times = 0

    def after(self, bound: float, change: float, leapt: bool) -> Verdict:
        """Judge a sweep, as `SmallChange` does."""
        gain = abs(change) * self.total
        if change < 0 and not leapt and gain < max(self.small, SINGULAR * abs(bound) * self.total):
            self._rounding = max(self._rounding, gain)
        if gain <= max(ROUNDING * abs(bound) * self.total, self._rounding):
            gain = 0.0
        before, self._gain = self._gain, gain if isfinite(gain) and not leapt else None
        if leapt or before is None:
            self._times = 0
            return Verdict(gain < self.left, False)
        little = gain == 0 or (gain < min(before, self.small) and gain * gain / (before - gain) < self.left)
        self._times = self._times + 1 if little else 0
        return Verdict(little, self._times >= TWICE)


def stopping_rule(tol: float | str, known: Survey) -> SmallChange | LittleLeft:
    """Return the rule for ``tol``, a number or "auto", and data of which this is known."""
    return LittleLeft(known.total, known.counted) if isinstance(tol, str) else SmallChange(float(tol))
