"""The components of several mixtures, one below the other: one sweep over few rows for all of them.

A sweep over few rows is so short that calls cost more than arithmetic. So the components of R mixtures of K are
stacked: one matrix product with the features of the rows gives the log densities of R K components, one gives all sums
of the M step, as in `course_lib.mixture.one_pass.natural`, and only the normalisation knows which components make one
mixture. The products cancel where clusters are thin beside their distance; then `DigitsLost` says so.
"""

import numpy as np

from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.climbing.partitions import sums_of
from course_lib.mixture.covariances import MATRICES, Array
from course_lib.mixture.one_pass.summaries import MStep, Parameters, Summary

ERROR_OF_RUNS = 1e-3  # of a log density by cancellation: more could choose the wrong run
SAME = 1e-9  # of a partition's sum of squares: partitions that differ by less are the same
SHARE = 1e-6  # of a feature's variance: what is less within clusters is summed from differences
_EPS = float(np.finfo(float).eps)
_LOG_2_PI = float(np.log(2 * np.pi))


class DigitsLost(ArithmeticError):
    """The products cancel: each mixture must be swept by itself, in a form that is accurate."""


class StackedRows:
    """Rows x (n, d) about a point in their middle, weights (n,) or None, and the rows' features ``phi`` (p, n)."""

    def __init__(self, x: Array, w: Array | None, covariance_type: str):
        self.x, self.w, self.kind = x, w, covariance_type
        self.total = float(len(x)) if w is None else float(w.sum())
        root = x if w is None else x * np.sqrt(w)[:, None]
        self.scatter = root.T @ root if covariance_type in MATRICES else np.einsum("ni,ni->i", root, root)
        n, d = x.shape
        self.upper = np.triu_indices(d) if covariance_type == "full" else np.triu_indices(0)
        squares = {"full": len(self.upper[0]), "tied": 0, "diag": d, "spherical": 1}[covariance_type]
        self.phi = np.empty((1 + d + squares, n))
        self.phi[0] = 1.0
        across, seconds = self.phi[1 : 1 + d], self.phi[1 + d :]
        across[:] = x.T
        if covariance_type == "full":
            np.multiply(across[self.upper[0]], across[self.upper[1]], out=seconds)
        elif covariance_type == "diag":
            np.square(across, out=seconds)
        elif covariance_type == "spherical":
            np.vecdot(x, x, out=seconds[0])
        self.limits = np.maximum(self.phi.max(axis=1), -self.phi.min(axis=1))


class Stack:
    """R mixtures of K components: weights (R, K), means (R, K, d), covariances (R, ...).

    Parameters
    ----------
    rows : StackedRows
        The rows on which they start.
    labels : ndarray of int, shape (R, n)
        Partitions of the rows. One in which a cluster has no row, or that is the same as another, is left out.
    k : int
        The number K.
    m_step : MStep
        The rule of the M step.
    """

    def __init__(self, rows: StackedRows, labels: np.ndarray, k: int, m_step: MStep):
        self.k, self.d, self.m_step, self.kind = k, rows.x.shape[1], m_step, m_step.covariance_type
        one_hot = (labels[:, None] == np.arange(k)[:, None]).astype(float)
        if rows.w is not None:
            one_hot *= rows.w
        counts = one_hot.sum(axis=2)
        whole = np.flatnonzero(counts.min(axis=1) > 0)
        counts = counts[whole]
        means = sums_of(one_hot[whole], rows.x) / counts[:, :, None]
        weighted = counts[:, :, None] * means
        between = np.swapaxes(weighted, 1, 2) @ means if rows.scatter.ndim == 2 else (weighted * means).sum(axis=1)
        within = rows.scatter - between
        squares = np.einsum("rii->ri", within) if within.ndim == 3 else within
        least = SHARE * (np.diag(rows.scatter) if within.ndim == 3 else rows.scatter)
        if (squares < least).any():
            within = np.array([_within(rows, m, labels[run]) for run, m in zip(whole, means, strict=True)])
            squares = np.einsum("rii->ri", within) if within.ndim == 3 else within
        sums = squares.sum(axis=1)
        same = np.abs(sums[:, None] - sums) <= SAME * sums
        other = ~np.tril(same, -1).any(axis=1)
        self._set(counts[other] / rows.total, means[other], self._shared(within[other] / rows.total))
        self.starts = self.mixtures()
        self._A: Array = np.empty(0)
        self._space: Array = np.empty(0)  # that logarithms are written to, sweep after sweep
        self._density: Array = np.empty(0)

    def __len__(self) -> int:
        return len(self.weights)

    def _set(self, weights: Array, means: Array, covariances: Array) -> None:
        self.weights, self.means, self.covariances = weights, means, covariances

    def _shared(self, within: Array) -> Array:
        """Return a covariance for each component (all of a mixture begin with the same), held by the floor."""
        kind = "full" if self.kind == "tied" else self.kind
        if kind == "spherical":
            within = within.mean(axis=1)
        covariances = self.m_step._replace(covariance_type=kind).regularised(within)
        return covariances if self.kind == "tied" else np.repeat(covariances[:, None], self.k, axis=1)

    def mixtures(self) -> list[Parameters]:
        """Return the mixtures one by one."""
        return [Parameters(*parts) for parts in zip(self.weights, self.means, self.covariances, strict=True)]

    def components(self) -> Array:
        """Return the covariances of all components, or of all mixtures if they are tied, one below the other."""
        return self.covariances if self.kind == "tied" else self.covariances.reshape(-1, *self.covariances.shape[2:])

    def collapsed(self, collapse: Collapse) -> np.ndarray:
        """Return how many components of each mixture are on the floor (of a tied one: 1 for all), or have no point."""
        narrow = np.broadcast_to(collapse.narrow(self.components()), len(self.components()))
        return np.asarray(narrow.reshape(len(self), -1).sum(axis=1) + (self.weights < _EPS).sum(axis=1))

    def keep(self, runs: np.ndarray) -> None:
        """Go on with these of the mixtures."""
        if len(runs) < len(self):
            self._set(self.weights[runs], self.means[runs], self.covariances[runs])
            self._A, self._density = self._A[runs], self._density[runs]

    def restart(self, mixtures: list[Parameters]) -> None:
        """Go on with other mixtures of K components."""
        self._set(*(np.array(part) for part in zip(*mixtures, strict=True)))

    def move(self, runs: np.ndarray, components: np.ndarray, means: Array) -> None:
        """Give a component of each of these runs another mean (d,), and the width that its run's have on average."""
        self.means[runs, components] = means
        if self.kind != "tied":
            self.covariances[runs, components] = np.einsum("rk,rk...->r...", self.weights[runs], self.covariances[runs])

    def expect(self, rows: StackedRows) -> Array:
        """Do the E step of all mixtures; return their log-likelihoods, and log priors if there is one, shape (R,).

        Raises
        ------
        DigitsLost
            If a log density's rounding error could be too large.
        """
        try:
            theta, precisions = self._natural(rows)
        except np.linalg.LinAlgError:
            raise DigitsLost from None
        if not (np.abs(theta) @ rows.limits).max() * _EPS < ERROR_OF_RUNS:
            raise DigitsLost
        shape = len(theta), rows.phi.shape[1]
        if self._space.size < shape[0] * shape[1]:
            self._space = np.empty(shape[0] * shape[1])
        A = np.matmul(theta, rows.phi, out=self._space[: shape[0] * shape[1]].reshape(shape))
        A = A.reshape(len(self), self.k, -1)
        largest = A.max(axis=1)
        A -= largest[:, None]
        np.exp(A, out=A)
        self._A, self._density = A, A.sum(axis=1)
        largest += np.log(self._density)
        found = np.asarray(largest.sum(axis=1) if rows.w is None else largest @ rows.w)
        if self.kind == "tied":
            found -= 0.5 * np.einsum("rij,ij->r", precisions, rows.scatter)
        if self.m_step.prior is not None:
            found += [self.m_step.log_prior(mixture) for mixture in self.mixtures()]
        return found

    def maximise(self, rows: StackedRows, times: Array | None = None) -> None:
        """Do the M step of all mixtures, after an E step on the same rows, each of which may count ``times`` (R, n)."""
        self._density = np.divide(1.0 if rows.w is None else rows.w, self._density, out=self._density)
        if times is not None:
            self._density *= times
        self._A *= self._density[:, None]
        sums: Array = self._A.reshape(len(self) * self.k, -1) @ rows.phi.T
        counts, firsts = sums[:, 0], sums[:, 1 : 1 + self.d]
        origin = np.zeros((1, self.d))
        if self.kind == "tied":
            self._maximise_tied(rows, counts, firsts, origin, times)
            return
        seconds = sums[:, 1 + self.d :]
        if self.kind == "full":
            i, j = rows.upper
            products, seconds = seconds, np.empty((len(sums), self.d, self.d))
            seconds[:, i, j] = seconds[:, j, i] = products
        elif self.kind == "spherical":
            seconds = seconds[:, 0]
        before = Parameters(self.weights.ravel(), self.means.reshape(-1, self.d), self.components())
        _, means, covariances = self.m_step(Summary(0.0, counts, firsts, seconds, origin), before)
        shape = (len(self), self.k)
        self._set(
            counts.reshape(shape) / rows.total,
            means.reshape(*shape, self.d),
            covariances.reshape(*shape, *covariances.shape[1:]),
        )

    def _maximise_tied(
        self, rows: StackedRows, counts: Array, firsts: Array, origin: Array, times: Array | None
    ) -> None:
        counts, firsts = counts.reshape(len(self), self.k), firsts.reshape(len(self), self.k, self.d)
        scatter = np.broadcast_to(rows.scatter, (len(self), *rows.scatter.shape))
        if times is not None:
            weights = times if rows.w is None else times * rows.w
            scatter = np.array([(rows.x.T * of_run) @ rows.x for of_run in weights])
        if self.m_step.prior is None and counts.min() > 0:  # all mixtures at once
            means = firsts / counts[:, :, None]
            covariances = (scatter - np.swapaxes(firsts, 1, 2) @ means) / rows.total
            covariances = (covariances + np.swapaxes(covariances, 1, 2)) / 2
            self._set(counts / rows.total, means, self.m_step._replace(covariance_type="full").regularised(covariances))
            return
        found = [
            self.m_step(Summary(0.0, number, first, second, origin), before)
            for number, first, second, before in zip(counts, firsts, scatter, self.mixtures(), strict=True)
        ]
        self._set(*(np.array(part) for part in zip(*found, strict=True)))

    def _natural(self, rows: StackedRows) -> tuple[Array, Array]:
        """Return theta (R K, p), and the precisions of tied mixtures."""
        d = self.d
        weights, means, covariances = self.weights.ravel(), self.means.reshape(-1, d), self.components()
        precisions = covariances
        if self.kind in MATRICES:
            inverse = np.linalg.inv(np.linalg.cholesky(covariances))
            precisions = np.swapaxes(inverse, -1, -2) @ inverse
            log_root = np.log(np.einsum("rii->ri", inverse)).sum(axis=1)
            if self.kind == "tied":
                log_root = np.repeat(log_root, self.k)
                linear = (self.means @ precisions).reshape(-1, d)
                quadratic = np.empty((len(means), 0))
            else:
                linear = np.matmul(precisions, means[:, :, None])[:, :, 0]
                i, j = rows.upper
                quadratic = precisions[:, i, j] * np.where(i == j, -0.5, -1.0)
        else:
            if not covariances.min() > 0:
                raise np.linalg.LinAlgError
            precisions = 1 / covariances.reshape(len(means), -1)
            log_root = 0.5 * np.log(np.broadcast_to(precisions, means.shape)).sum(axis=1)
            linear, quadratic = precisions * means, -0.5 * precisions
        with np.errstate(divide="ignore"):  # a component of weight 0 is responsible for nothing
            peaks = np.maximum(np.log(weights), -1e100) + log_root - 0.5 * d * _LOG_2_PI
        constant = peaks - 0.5 * np.vecdot(means, linear)
        return np.concatenate([constant[:, None], linear, quadratic], axis=1), precisions


def _within(rows: StackedRows, means: Array, labels: np.ndarray) -> Array:
    """Return the scatter of the rows about their cluster's mean, from differences, so that no digit is lost."""
    away = rows.x - means[labels]
    if rows.w is not None:
        away *= np.sqrt(rows.w)[:, None]
    return away.T @ away if rows.scatter.ndim == 2 else np.einsum("ni,ni->i", away, away)
