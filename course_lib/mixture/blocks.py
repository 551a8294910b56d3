r"""One sweep of EM in one pass: the E step and the sums of the M step, a block of rows at a time.

`course_lib.mixture.em` walks over the data three times and holds the n x k responsibilities between. Here
a block of rows is fetched into the processor's cache once and all is done with it there. Three tricks:

1. *Components x rows.* Within a block the arrays lie with one row a component, so that sums and maxima over
   the components run along memory.
2. *One matrix product for all densities.* A log density is linear in the features
   Phi = [1, x, upper(x x')] of its point: ``log pi N(x; mu, Sigma) = theta . Phi`` with the natural
   parameters theta = [log pi - (d log 2 pi + log |Sigma| + mu' P mu) / 2, P mu, -P / 2], P = Sigma^-1. The
   E step of a block is Theta Phi, and all sums of the M step are R Phi': two calls of BLAS. As x x' is
   symmetric, this is half of the arithmetic of whitening each point. For tied covariances, x' P x is the
   same for all components: it drops out of the responsibilities and is summed once and for all.
3. *No search for the largest term.* The logarithms are lowered by a bound of them all that is known
   beforehand, the peak of the highest component. Only a block with a point so far out that its density then
   vanishes is done again with the row's own maximum.

The price of the second trick is cancellation: the terms of theta . Phi can be much larger than their sum.
The rounding error of a log density is at most about ``eps * sum_i |theta_i| max |Phi_i|``, which is
computed in every sweep. Where it exceeds `ERROR_ALLOWED`, the sweep is done *centred*: each point is
whitened by each component's own factor, about its own mean. The same bound for the new mixture tells
whether the sums lost too many digits on their way to its covariances; then they are taken once more,
about the new means.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from course_lib.mixture.covariances import Array, cholesky_factors, factor_of, inverse_factors
from course_lib.mixture.summaries import MStep, Parameters, Summary

ERROR_ALLOWED = 1e-10  # of a log density, by cancellation; a tenth of what a trajectory may deviate
KEPT_FEATURES = 2**20  # numbers of Phi (8 MB) that are kept between sweeps, however long the data
BLOCK_NUMBERS = 2**17  # numbers of Phi and R in a block: 1 MB, a processor's second cache
SMALLEST_DENSITY = 1e-290  # below it, the terms of a density begin to be subnormal and lose digits
_EPS = float(np.finfo(float).eps)
_LOG_2_PI = float(np.log(2 * np.pi))

Block = tuple[np.ndarray, np.ndarray | None]  # rows of X, and their weights if they have any


class Sweeps:
    """The data, ready to be swept over.

    Parameters
    ----------
    blocks : callable
        Gives an iterator over the data anew at each call: pairs of rows of X, shape (b, d), float32 or
        float64, and their weights, shape (b,), or None.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    centre, low, high : ndarray, shape (d,)
        A point in the middle of the data, and their smallest and largest values.
    scatter : ndarray, shape (d, d), optional
        Sum of w (x - centre)(x - centre)'; needed for tied.
    """

    def __init__(
        self,
        blocks: Callable[[], Iterable[Block]],
        covariance_type: str,
        centre: Array,
        low: Array,
        high: Array,
        scatter: Array | None = None,
    ):
        self.blocks = blocks
        self.covariance_type = covariance_type
        self.centre = np.asarray(centre, dtype=float)
        self.scatter = scatter
        self.d = d = len(self.centre)
        reach = np.maximum(high - self.centre, self.centre - low)
        self._upper = np.triu_indices(d)
        self._column = np.zeros((d, d), dtype=int)  # where the product x_i x_j stands among the features
        self._column[self._upper] = np.arange(len(self._upper[0]))
        self._column = np.maximum(self._column, self._column.T)
        self._flat = self._upper[0] * d + self._upper[1]
        self._twice = np.where(self._upper[0] == self._upper[1], -0.5, -1.0)
        squares = {
            "full": reach[self._upper[0]] * reach[self._upper[1]],
            "tied": np.empty(0),
            "diag": reach**2,
            "spherical": (reach**2).sum(keepdims=True),
        }[covariance_type]
        self._limits = np.concatenate([[1.0], reach, squares])
        self._reach = reach
        self._kept: list[tuple[Array, np.ndarray | None]] | None = None
        self._work: dict[tuple[int, int], tuple[Array, Array]] = {}
        self._last: tuple[Parameters, tuple[Array, float] | None] | None = None
        self.centred_sweeps = 0

    def step(self, parameters: Parameters, m_step: MStep) -> tuple[float, Parameters]:
        """One iteration of EM: the log-likelihood of these parameters, and the next ones.

        Raises
        ------
        ValueError
            If a covariance is not positive definite; the component is named.
        """
        natural = self._remembered(parameters)
        if natural is None:
            summary = self._summarise_centred(parameters, parameters.means)
            new = m_step(summary, parameters)
            if self._moved_far(summary, new):
                new = m_step(self._summarise_centred(parameters, new.means), parameters)
            return summary.log_likelihood, new
        summary = self._summarise_natural(*natural)
        new = m_step(summary, parameters)
        if self._remembered(new) is None:  # too many digits of the sums were lost on the way to the new covariances
            new = m_step(self._summarise_centred(parameters, new.means), parameters)
        return summary.log_likelihood, new

    def _remembered(self, parameters: Parameters) -> tuple[Array, float] | None:
        """Return the natural form, which was computed already when these parameters were judged."""
        if self._last is None or self._last[0] is not parameters:
            self._last = parameters, self._natural(parameters)
        return self._last[1]

    def _moved_far(self, summary: Summary, new: Parameters) -> bool:
        """Whether a new mean is so far from the origin of its sums that the covariance lost digits."""
        variances = new.covariances
        if self.covariance_type in ("full", "tied"):
            variances = np.einsum("...ii->...i", variances)
        elif self.covariance_type == "spherical":
            variances = variances[:, None]
        ratios = (new.means - summary.origins) ** 2 / np.maximum(variances, np.finfo(float).tiny)
        return bool(not ratios.max() * _EPS < 1e-4 * ERROR_ALLOWED)  # a thin oblique ellipse loses more

    def _natural(self, parameters: Parameters) -> tuple[Array, float] | None:
        """Theta, shape (k, p), and the constant taken out of it; None if its error could be too large."""
        weights, means, covariances = parameters
        k, d = means.shape
        mu = means - self.centre
        matrices = self.covariance_type in ("full", "tied")
        if not matrices and not covariances.min() > 0:
            return None  # the centred form names the component
        try:
            L = np.linalg.cholesky(covariances) if matrices else np.sqrt(covariances)
        except np.linalg.LinAlgError:
            return None
        theta = np.empty((k, len(self._limits)))
        shared = 0.0
        if self.covariance_type == "full":
            W = np.linalg.inv(L)
            P = np.matmul(W.transpose(0, 2, 1), W)
            linear = np.matmul(P, mu[:, :, None])[:, :, 0]
            log_root = -np.log(L.reshape(k, -1)[:, :: d + 1]).sum(axis=1)
            np.multiply(P.reshape(k, -1)[:, self._flat], self._twice, out=theta[:, 1 + d :])
        elif self.covariance_type == "tied":
            W = np.linalg.inv(L)
            P = self._shared_precision = W.T @ W
            linear = mu @ P
            log_root = -np.log(np.diag(L)).sum()
            shared = 0.5 * float(self._reach @ np.abs(P) @ self._reach)
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
        theta[:, 0] = -0.5 * (mu * linear).sum(axis=1)
        worst = float((np.abs(theta) @ self._limits).max()) + shared
        if not worst * _EPS < ERROR_ALLOWED:
            return None
        if weights.min() > 0:
            peaks = np.log(weights) + log_root
        else:  # a component of weight 0 is responsible for nothing
            peaks = np.where(weights > 0, np.log(np.maximum(weights, 5e-324)) + log_root, -1e300)
        highest = float(peaks.max())
        theta[:, 0] += peaks - highest
        return theta, highest - 0.5 * d * _LOG_2_PI

    def _summarise_natural(self, theta: Array, constant: float) -> Summary:
        k, p = theta.shape
        d = self.d
        sums, product = np.zeros((k, p)), np.empty((k, p))
        log_likelihood = total = 0.0
        for phi, w in self._features(k):
            A, density = self._workspace(k, phi.shape[1])
            np.matmul(theta, phi, out=A)
            if self.covariance_type == "tied":  # without the shared term nothing bounds the logarithms
                log_density = self._with_own_maximum(A, density)
            else:
                np.exp(A, out=A)
                np.add.reduce(A, axis=0, out=density)
                if density.min() < SMALLEST_DENSITY:
                    np.matmul(theta, phi, out=A)
                    log_density = self._with_own_maximum(A, density)
                else:
                    log_density = np.log(density)
            if w is None:
                log_likelihood += float(log_density.sum())
                total += phi.shape[1]
                np.divide(1.0, density, out=density)
            else:
                log_likelihood += float(log_density @ w)
                total += float(w.sum())
                np.divide(w, density, out=density)
            A *= density
            sums += np.matmul(A, phi.T, out=product)
        log_likelihood += total * constant
        firsts = sums[:, 1 : 1 + d]
        if self.covariance_type == "full":
            seconds = sums[:, 1 + d :][:, self._column]
        elif self.covariance_type == "tied":
            assert self.scatter is not None
            seconds = self.scatter
            log_likelihood -= 0.5 * float((self._shared_precision * seconds).sum())
        elif self.covariance_type == "diag":
            seconds = sums[:, 1 + d :]
        else:
            seconds = sums[:, 1 + d]
        return Summary(log_likelihood, sums[:, 0], firsts, seconds, self.centre[None])

    @staticmethod
    def _with_own_maximum(A: Array, density: Array) -> Array:
        """Turn logarithms A into exponentials, the largest of each row being 1; return the log of their sum."""
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

    def _features(self, k: int) -> Iterator[tuple[Array, np.ndarray | None]]:
        """Phi of each block, shape (p, b), and its weights; kept between sweeps while they are few."""
        if self._kept is not None:
            yield from self._kept
            return
        p = len(self._limits)
        kept: list[tuple[Array, np.ndarray | None]] | None = []
        room = KEPT_FEATURES
        buffer = np.empty(0)
        for rows, w in split(self.blocks(), block_length(p + k)):
            room -= p * len(rows)
            if room < 0:
                kept = None
            if kept is not None or buffer.shape != (p, len(rows)):
                buffer = np.empty((p, len(rows)))
            self._fill(buffer, rows)
            if kept is not None:
                kept.append((buffer, w))
            yield buffer, w
        self._kept = kept

    def _fill(self, phi: Array, rows: np.ndarray) -> None:
        d = self.d
        phi[0] = 1.0
        x = phi[1 : 1 + d]
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

    def _workspace(self, k: int, b: int) -> tuple[Array, Array]:
        if (k, b) not in self._work:
            if len(self._work) > 4:
                self._work.clear()
            self._work[k, b] = np.empty((k, b)), np.empty(b)
        return self._work[k, b]

    def _summarise_centred(self, parameters: Parameters, origins: Array) -> Summary:
        """Compute the same sums, each component about an origin of its own, its points whitened by its own factor."""
        weights, means, covariances = parameters
        self.centred_sweeps += 1
        k, d = means.shape
        kind = self.covariance_type
        inverse = inverse_factors(cholesky_factors(covariances, kind), kind)
        with np.errstate(divide="ignore"):
            constants = np.log(weights) - 0.5 * d * np.log(2 * np.pi)
        for j in range(k):
            W = factor_of(j, inverse, kind)
            constants[j] += np.log(np.diag(W) if W.ndim == 2 else np.broadcast_to(W, d)).sum()
        counts, firsts = np.zeros(k), np.zeros((k, d))
        seconds = np.zeros({"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}[kind])
        log_likelihood = 0.0
        for rows, w in split(self.blocks(), block_length(2 * d + k)):
            A, density = self._workspace(k, len(rows))
            x = np.array(rows.T, dtype=float)
            for j in range(k):
                W = factor_of(j, inverse, kind)
                difference = x - means[j][:, None]
                z = W @ difference if W.ndim == 2 else difference * (W[:, None] if W.ndim else W)
                with np.errstate(over="ignore"):
                    A[j] = constants[j] - 0.5 * np.einsum("ij,ij->j", z, z)
            log_density = self._with_own_maximum(A, density)
            if w is None:
                log_likelihood += float(log_density.sum())
                A /= density
            else:
                log_likelihood += float(log_density @ w)
                A *= w / density
            counts += A.sum(axis=1)
            for j in range(k):
                difference = x - origins[j][:, None]
                firsts[j] += difference @ A[j]
                if kind in ("full", "tied"):
                    difference *= np.sqrt(A[j])
                    seconds[j if kind == "full" else ...] += difference @ difference.T
                elif kind == "diag":
                    seconds[j] += (difference**2) @ A[j]
                else:
                    seconds[j] += float((difference**2).sum(axis=0) @ A[j])
        return Summary(log_likelihood, counts, firsts, seconds, origins)


def block_length(numbers_a_row: int) -> int:
    """Return how many rows make a block that stays in cache, and is long enough for vectors to pay."""
    return max(256, min(4096, BLOCK_NUMBERS // numbers_a_row // 64 * 64))


def split(blocks: Iterable[Block], length: int) -> Iterator[Block]:
    """Cut blocks of any length into blocks of at most the given length."""
    for rows, w in blocks:
        for start in range(0, len(rows), length):
            stop = start + length
            yield rows[start:stop], None if w is None else w[start:stop]
