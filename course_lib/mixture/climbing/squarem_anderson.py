"""Acceleration: leaps to where a sequence of EM steps seems to lead.

Near its end EM gains a constant fraction of what is left at each sweep, and where clusters overlap that
fraction is small: hundreds of sweeps all in one direction. Both methods here look at the last steps and
leap to where they seem to lead. *SQUAREM* takes two EM steps, compares them, and extrapolates by the ratio
of step to change of step. *Anderson* acceleration combines the last few points so that the steps from
them cancel as far as they can. A leap must end at a mixture: it is made in coordinates in which every
vector is one (logarithms of the weights; means in units of the features; Cholesky factors with logarithms
on their diagonals). And it may be wrong: `course_lib.mixture.climbing.climb` takes it only if the likelihood does
not fall. The first sweeps are plain, because far from the end leaps lead to other optima.

Varadhan and Roland: Simple and globally convergent methods for accelerating the convergence of any EM
algorithm. Scandinavian Journal of Statistics 35 (2008) 335-353. Henderson and Varadhan: Damped Anderson
acceleration with restarts and monotonicity control. Journal of Computational and Graphical Statistics 28
(2019) 834-846.
"""

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.summaries import Parameters

PLAIN_SWEEPS = 30  # before the first leap: after 10, nearly twice as many starts ended elsewhere than EM
REMEMBERED = 7  # steps that Anderson combines


class Accelerator:
    """Proposes where to sweep next.

    Parameters
    ----------
    method : "squarem" or "anderson"
        The method.
    start : Parameters
        The mixture of the first sweep.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape its covariances have.
    scale : ndarray, shape (d,)
        A length for each feature, such as its standard deviation.
    """

    def __init__(self, method: str, start: Parameters, covariance_type: str, scale: Array):
        self.method = method
        self.covariance_type = covariance_type
        self.scale = scale
        self.shape = start.means.shape
        self._at: Array | None = None
        self._image: Parameters = start
        self._points: list[Array] = []
        self._steps: list[Array] = []
        self._sweeps = 0
        self._longest = 4.0  # of SQUAREM's leaps and of those along one step, in EM steps; grows with success

    def propose(self, image: Parameters) -> Parameters | None:
        """Return the mixture to sweep next, given the image of the last one; None for the image itself."""
        self._sweeps += 1
        before, self._image = self._image, image
        if self._sweeps < PLAIN_SWEEPS:
            return None
        at = self._vector(before) if self._sweeps == PLAIN_SWEEPS else self._at
        self._at = image_vector = self._vector(image)
        if at is None or image_vector is None:
            self._forget()
            return None
        self._points.append(at)
        self._steps.append(image_vector - at)
        leap = self._squarem() if self.method == "squarem" else self._anderson()
        if leap is None or not np.isfinite(leap).all():
            return None
        proposal = self._mixture(leap)
        if proposal is not None:
            self._at = leap
        return proposal

    def refuse(self) -> None:
        """Take back the last proposal: it lowered the likelihood."""
        self._forget()
        self._longest = max(self._longest / 4, 2.0)
        self._at = self._vector(self._image)

    def _forget(self) -> None:
        self._points.clear()
        self._steps.clear()

    def _squarem(self) -> Array | None:
        if len(self._steps) < 2:
            return None
        at, r = self._points[-2], self._steps[-2]
        v = self._steps[-1] - r
        self._forget()
        length = float(np.linalg.norm(r)) / max(float(np.linalg.norm(v)), 1e-300)
        if length >= self._longest:
            length = self._longest
            self._longest *= 4
        if length <= 1:  # no more than the two EM steps themselves
            return None
        return at + 2 * length * r + length**2 * v

    def _anderson(self) -> Array | None:
        del self._points[:-REMEMBERED], self._steps[:-REMEMBERED]
        if len(self._steps) < 2:
            return None
        steps, points = np.array(self._steps), np.array(self._points)
        dF, dX = np.diff(steps, axis=0), np.diff(points, axis=0)
        gram = dF @ dF.T
        gram += 1e-10 * np.trace(gram) * np.eye(len(gram))
        at, step = points[-1], steps[-1]
        leap = at + step - np.linalg.lstsq(gram, dF @ step, rcond=None)[0] @ (dX + dF)
        if (leap - at) @ step < step @ step:  # back, to a saddle that EM is leaving
            leap = at + self._longest * step
            self._longest *= 2
            self._forget()
        return np.asarray(leap)

    def _vector(self, parameters: Parameters) -> Array | None:
        weights, means, covariances = parameters
        if not (weights > 0).all():
            return None
        logs = np.log(weights)
        parts = [logs - logs.mean(), (means / self.scale).ravel()]
        if self.covariance_type in ("full", "tied"):
            try:
                factors = np.linalg.cholesky(covariances / np.outer(self.scale, self.scale))
            except np.linalg.LinAlgError:
                return None
            d = self.shape[1]
            factors = factors.reshape(-1, d, d).copy()
            diagonal = np.arange(d)
            factors[:, diagonal, diagonal] = np.log(factors[:, diagonal, diagonal])
            rows, columns = np.tril_indices(d)
            parts.append(factors[:, rows, columns].ravel())
        else:
            parts.append(np.log(covariances).ravel() / 2)
        return np.concatenate(parts)

    def _mixture(self, vector: Array) -> Parameters | None:
        k, d = self.shape
        logs, means, rest = vector[:k], vector[k : k + k * d].reshape(k, d) * self.scale, vector[k + k * d :]
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        if np.abs(rest).max() > 300:
            return None
        if self.covariance_type in ("full", "tied"):
            rows, columns = np.tril_indices(d)
            factors = np.zeros((k if self.covariance_type == "full" else 1, d, d))
            factors[:, rows, columns] = rest.reshape(len(factors), -1)
            diagonal = np.arange(d)
            factors[:, diagonal, diagonal] = np.exp(factors[:, diagonal, diagonal])
            factors *= self.scale[:, None]
            covariances = factors @ factors.transpose(0, 2, 1)
            return Parameters(weights, means, covariances if self.covariance_type == "full" else covariances[0])
        covariances = np.exp(2 * rest)
        return Parameters(weights, means, covariances.reshape(k, d) if self.covariance_type == "diag" else covariances)
