"""Log densities without sums: a matrix product of a block where that is accurate, one component at a time elsewhere.

What `predict` and `score_samples` ask for is the first half of a sweep. The natural parameters
(`course_lib.mixture.one_pass.natural`) give the log densities of all components by one product with the features of a
point, if neither thin clusters nor far points would cost digits. It is used where it needs fewer multiplications
than to whiten the points by each component's factor: for few features, and for variances along the axes.
"""

from collections.abc import Iterator

import numpy as np

from course_lib.mixture.arguments import SQUARES
from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.blocks import CALLS, PASS, block_length, split
from course_lib.mixture.one_pass.natural import Features
from course_lib.mixture.one_pass.summaries import Parameters


class Densities:
    """The natural parameters of a mixture for points between ``low`` and ``high``, shape (d,).

    ``useful`` says whether they are accurate there, and cheaper than to whiten the points.
    """

    def __init__(self, mixture: Parameters, covariance_type: str, low: Array, high: Array):
        k, d = mixture.means.shape
        self._theta: Array | None = None
        if not max(-float(low.min()), float(high.max())) < SQUARES:  # which overflow; what is whitened first does not
            return
        matrix = covariance_type == "full"
        if matrix and (1 + d + d * (d + 1) / 2) * (2 * PASS + k) > k * (d * d + 3 * PASS * d + CALLS):
            return
        centre = np.clip(mixture.means.mean(axis=0), low, high)
        self._features = Features(covariance_type, centre, low, high, None)
        natural = self._features.parameters(mixture)
        if natural is None:
            return
        theta = natural.theta + natural.reference
        if natural.pivot is not None:
            theta[natural.pivot] = natural.reference
        self._theta, self._precision = theta, natural.shared_precision

    @property
    def useful(self) -> bool:
        """Whether `of` may be called, and should be."""
        return self._theta is not None

    def of(self, points: np.ndarray) -> Iterator[tuple[slice, Array]]:
        """Yield log pi_k N(x_n; mu_k, Sigma_k) of blocks of points, shape (k, b), in an array that is used again."""
        assert self._theta is not None
        k, p = self._theta.shape
        length = block_length(k + p)
        phi, A = np.empty((p, length)), np.empty((k, length))
        start = 0
        for rows, _ in split([(points, None)], length):
            b = len(rows)
            features, log_joint = (phi, A) if b == length else (np.empty((p, b)), np.empty((k, b)))
            self._features.fill(features, rows)
            np.matmul(self._theta, features, out=log_joint)
            if self._precision is not None:  # what all components of a tied mixture share
                x = features[1:]
                log_joint -= 0.5 * np.einsum("ib,ib->b", x, self._precision @ x)
            yield slice(start, start + b), log_joint
            start += b
