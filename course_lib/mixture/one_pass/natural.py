r"""All densities of a block by one matrix product: the natural parameters of a Gaussian.

A log density is linear in the features Phi = [1, x, upper(x x')] of its point:
``log pi N(x; mu, Sigma) = theta . Phi`` with the natural parameters
theta = [log pi - (d log 2 pi + log |Sigma| + mu' P mu) / 2, P mu, -P / 2], P = Sigma^-1. The E step of a
block is Theta Phi, and all sums of the M step are R Phi': two calls of BLAS. As x x' is symmetric, this is
half of the arithmetic of whitening each point. For tied covariances, x' P x is the same for all components:
it drops out of the responsibilities and is summed once and for all.

*No search for the largest term.* Responsibilities depend only on the differences of the logarithms. So the
parameters of one component, the reference, are taken from those of all others: its own exponential is 1 and need
not be computed, and what was taken away comes back into the log-likelihood as ``theta_0 . sum_n Phi_n``. The
reference is the component that falls least far within the data; the differences are at most the highest peak
less its lowest value. Only if an exponential could overflow, the logarithms are lowered by the highest peak
instead, which bounds them all. A block with a point so far out that its density then vanishes is done again with
the row's own maximum.

The price is cancellation: the terms of theta . Phi can be much larger than their sum. The rounding error of a
log density is at most about ``eps * sum_i |theta_i| max |Phi_i|``, which is computed in every sweep.
"""

import math
from typing import NamedTuple

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.summaries import Parameters, Summary
from course_lib.mixture.one_pass.threads import Sums

ERROR_ALLOWED = 1e-10  # of a log density, by cancellation; a tenth of what a trajectory may deviate
SMALLEST_DENSITY = 1e-290  # below it, the terms of a density begin to be subnormal and lose digits
LARGEST_LOGARITHM = 700.0  # of a sum of exponentials, or a product of such sums: above it, they overflow
FACTORS = 8  # sums that share a logarithm, unless their product could overflow
SHORT = 64  # so few products are not worth the calls
_EPS = float(np.finfo(float).eps)
_LOG_2_PI = float(np.log(2 * np.pi))


class NaturalParameters(NamedTuple):
    """A mixture's parameters, less those of a reference.

    ``theta`` is (k, p), ``reference`` (p,) was taken from its rows. If that was a component, ``pivot`` is its number;
    its own row is not 0 but [1, 0, ...], which is its exponential, and ``largest`` bounds the logarithm of the sum
    of all exponentials. ``shared_precision`` is that of tied covariances.
    """

    theta: Array
    reference: Array
    pivot: int | None
    largest: float
    shared_precision: Array | None


class Features:
    """The features of points about a centre, and what sums of them mean.

    Parameters
    ----------
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have: which products of coordinates are needed.
    centre, low, high : ndarray, shape (d,)
        A point in the middle of the data, and their smallest and largest values.
    scatter : ndarray, shape (d, d), optional
        Sum of w (x - centre)(x - centre)'; needed for tied.
    """

    def __init__(self, covariance_type: str, centre: Array, low: Array, high: Array, scatter: Array | None):
        self.covariance_type, self.centre, self.scatter = covariance_type, centre, scatter
        self.d = d = len(centre)
        reach = np.maximum(high - centre, centre - low)
        if covariance_type == "full":
            rows, columns = np.triu_indices(d)
            self._column = np.zeros((d, d), dtype=int)  # where the product x_i x_j stands among the features
            self._column[rows, columns] = 1 + d + np.arange(len(rows))
            self._column = np.maximum(self._column, self._column.T)
            self._flat = rows * d + columns
            self._twice = np.where(rows == columns, -0.5, -1.0)
            squares = reach[rows] * reach[columns]
        else:
            squares = {"tied": np.empty(0), "diag": reach**2, "spherical": (reach**2).sum(keepdims=True)}[
                covariance_type
            ]
        self._limits = np.concatenate([[1.0], reach, squares])
        self.reach = reach
        self.origin = self.centre[None]  # of all sums
        self.p = len(self._limits)

    @np.errstate(over="ignore", invalid="ignore")  # a bound of the error that overflows allows nothing
    def parameters(self, mixture: Parameters) -> NaturalParameters | None:
        """Return the natural parameters; None if a log density's rounding error could be too large."""
        weights, means, covariances = mixture
        k, d = means.shape
        mu = means - self.centre
        matrices = self.covariance_type in ("full", "tied")
        if not matrices and not covariances.min() > 0:
            return None  # the centred form names the component
        try:
            L = np.linalg.cholesky(covariances) if matrices else np.sqrt(covariances)
        except np.linalg.LinAlgError:
            return None
        theta = np.empty((k, self.p))
        shared, P_shared = 0.0, None
        if self.covariance_type == "full":
            W = np.linalg.inv(L)
            P = np.matmul(W.transpose(0, 2, 1), W)
            linear = np.matmul(P, mu[:, :, None])[:, :, 0]
            log_root = -np.add.reduce(np.log(L.reshape(k, -1)[:, :: d + 1]), axis=1)
            np.multiply(P.reshape(k, -1).take(self._flat, axis=1), self._twice, out=theta[:, 1 + d :])
        elif self.covariance_type == "tied":
            W = np.linalg.inv(L)
            P = P_shared = W.T @ W
            linear = mu @ P
            log_root = -np.log(np.diag(L)).sum()
            shared = 0.5 * float(self.reach @ np.abs(P) @ self.reach)
        elif self.covariance_type == "diag":
            P = 1 / covariances
            linear = P * mu
            log_root = -np.log(L).sum(axis=1)
            theta[:, 1 + d :] = -0.5 * P
        else:
            P = 1 / covariances
            linear = P[:, None] * mu
            log_root = -d * np.log(L)
            theta[:, 1 + d] = -0.5 * P
        theta[:, 1 : 1 + d] = linear
        np.multiply(np.vecdot(mu, linear), -0.5, out=theta[:, 0])
        depths = np.abs(theta) @ self._limits + shared  # below its peak, a component falls by less
        if not np.maximum.reduce(depths) * _EPS < ERROR_ALLOWED:
            return None
        if np.count_nonzero(weights) == k:
            peaks = np.log(weights) + log_root
        else:  # a component of weight 0 is responsible for nothing
            peaks = np.where(weights > 0, np.log(np.maximum(weights, 5e-324)) + log_root, -1e300)
        theta[:, 0] += peaks
        lowest = peaks - depths
        highest = float(np.maximum.reduce(peaks))
        pivot: int | None = int(lowest.argmax())
        largest = highest - float(lowest[pivot]) + math.log(k)
        if largest < LARGEST_LOGARITHM:
            reference = theta[pivot].copy()
            theta -= reference
            theta[pivot, 0] = 1.0
        else:
            pivot = None
            reference = np.zeros(self.p)
            reference[0] = highest
            theta[:, 0] -= highest
        reference[0] -= 0.5 * d * _LOG_2_PI
        return NaturalParameters(theta, reference, pivot, largest, P_shared)

    def fill(self, phi: Array, rows: np.ndarray) -> None:
        """Write the features of rows (b, d) into phi (p, b)."""
        d = self.d
        phi[0] = 1.0
        x = phi[1 : 1 + d]
        if d <= SHORT:  # a column at a time: to turn a matrix around is slower
            for i in range(d):
                np.subtract(rows[:, i], self.centre[i], out=x[i])
        else:
            np.subtract(rows.T, self.centre[:, None], out=x)
        if self.covariance_type == "full":
            at = 1 + d
            for i in range(d):
                np.multiply(x[i:], x[i], out=phi[at : at + d - i])
                at += d - i
        elif self.covariance_type == "diag":
            np.multiply(x, x, out=phi[1 + d :])
        elif self.covariance_type == "spherical":
            np.einsum("ij,ij->j", x, x, out=phi[1 + d])

    def sums(self, parameters: NaturalParameters, phi: Array, w: np.ndarray | None, work: tuple[Array, Array]) -> Sums:
        """Return [log-likelihood less the reference's (), R Phi' (k, p)] of a block of features phi (p, b).

        The two arrays to work in are (k, b) and (b,). The first holds the responsibilities in the end.
        """
        A, density = work
        np.matmul(parameters.theta, phi, out=A)
        pivot = parameters.pivot
        if pivot is not None:
            for others in (A[:pivot], A[pivot + 1 :]):
                if len(others):
                    np.exp(others, out=others)
            np.add.reduce(A, axis=0, out=density)
            log_likelihood = sum_of_logs(density, w, parameters.largest)
        else:
            log_likelihood = self._sum_far_apart(parameters, phi, w, work)
        np.divide(1.0 if w is None else w, density, out=density)
        A *= density
        return [np.array(log_likelihood), np.matmul(A, phi.T)]

    def _sum_far_apart(
        self, parameters: NaturalParameters, phi: Array, w: np.ndarray | None, work: tuple[Array, Array]
    ) -> float:
        """Turn logarithms into exponentials, where no component may be the reference of the others."""
        A, density = work
        if self.covariance_type != "tied":  # whose logarithms, without the shared term, have no bound
            np.exp(A, out=A)
            np.add.reduce(A, axis=0, out=density)
            if np.minimum.reduce(density) >= SMALLEST_DENSITY:
                return sum_of_logs(density, w)
            np.matmul(parameters.theta, phi, out=A)
        log_density = with_own_maximum(A, density)
        return float(np.add.reduce(log_density) if w is None else log_density @ w)

    def summary(self, sums: Sums, parameters: NaturalParameters) -> Summary:
        """Return what sums over all rows say."""
        relative, products = sums
        d = self.d
        log_likelihood = float(relative + np.add.reduce(products, axis=0) @ parameters.reference)
        firsts = products[:, 1 : 1 + d]
        if self.covariance_type == "full":
            seconds = products.take(self._column, axis=1)
        elif self.covariance_type == "tied":
            assert self.scatter is not None
            assert parameters.shared_precision is not None
            seconds = self.scatter
            log_likelihood -= 0.5 * float((parameters.shared_precision * seconds).sum())
        elif self.covariance_type == "diag":
            seconds = products[:, 1 + d :]
        else:
            seconds = products[:, 1 + d]
        return Summary(log_likelihood, products[:, 0], firsts, seconds, self.origin)


def sum_of_logs(values: Array, w: np.ndarray | None, largest: float = LARGEST_LOGARITHM) -> float:
    """Return the sum of the logarithms, which are at most ``largest``, each times its weight if there are any.

    Multiplications cost less than logarithms: as many values as can be are multiplied first.
    """
    if w is not None:
        return float(np.log(values) @ w)
    factors = int(min(FACTORS, LARGEST_LOGARITHM / max(largest, 1.0)))
    length = len(values) // factors
    if factors == 1 or length < SHORT:
        return float(np.add.reduce(np.log(values)))
    products, left = values[: factors * length].reshape(factors, length), values[factors * length :]
    return float(np.add.reduce(np.log(np.multiply.reduce(products, axis=0)))) + float(np.add.reduce(np.log(left)))


def with_own_maximum(A: Array, density: Array) -> Array:
    """Turn logarithms A (k, b) into exponentials, the largest of each row being 1; return the log of their sum (b,)."""
    largest = A.max(axis=0)
    if not np.isfinite(largest).all():
        raise ValueError(
            "A point is more than 1e154 standard deviations from every component; expected points whose squared "
            "distance is a finite number. Look for an outlier or a wrong unit, or start with wider components."
        )
    A -= largest
    np.exp(A, out=A)
    np.add.reduce(A, axis=0, out=density)
    return np.asarray(largest + np.log(density))
