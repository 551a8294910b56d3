"""Several short climbs, side by side, and the best of their ends as the start of the long one.

EM ends on the summit that is nearest to its start, and one start is a lottery ticket. Most of a climb's gain is made
in its first sweeps: `RUNS` climbs of `SWEEPS` sweeps each tell which start leads high, for the price of one long climb
(Biernacki, Celeux and Govaert: Choosing starting values for the EM algorithm for getting the highest likelihood in
multivariate Gaussian mixture models. Computational Statistics and Data Analysis 41 (2003) 561-575). Each begins at K
points that k-means++ draws far apart; all components begin as wide as the rows lie about the nearest of them. Most of
the runs measure distances by the features' standard deviations, and take some steps of k-means; the others by what lies
between their quartiles, which no outlier can stretch. Where there is much to multiply, there are fewer runs, and the
lower half of them ends twice on the way.

*One sweep for all.* A sweep over few rows is so short that calls cost more than arithmetic. So the components of all
runs are stacked: one matrix product gives the log densities of R K components, one gives all sums of the M step, as in
`course_lib.mixture.one_pass.natural`, and only the normalisation knows which components make one mixture. At most
`ROWS_OF_RUNS` rows are looked at, drawn at random. Where clusters are so thin beside their distance that the products
would cancel, each run is swept by itself, in the form that is accurate there.
"""

from typing import Any

import numpy as np

from course_lib.mixture.climbing.climb import climb
from course_lib.mixture.climbing.degenerate import Collapse
from course_lib.mixture.climbing.rows import drawn_rows
from course_lib.mixture.climbing.stopping import SmallChange
from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.blocks import Sweeps
from course_lib.mixture.one_pass.summaries import MStep, Parameters, Summary
from course_lib.mixture.one_pass.survey import survey

RUNS = 16
FEWEST = 4
STEPS = 4  # of k-means
MOST = 2e7  # multiplications of a sweep of all runs: where features are many, there are fewer runs
HALVED_AFTER = (3, 6)  # sweeps: then the lower half of the runs ends, where there is much to be saved:
MUCH = 1e6  # multiplications of a sweep; below it, calls cost more
SWEEPS = 10
ROWS_OF_RUNS = 2000
ERROR_OF_RUNS = 1e-3  # of a log density by cancellation: more could choose the wrong run
_EPS = float(np.finfo(float).eps)
_LOG_2_PI = float(np.log(2 * np.pi))


def short_runs(
    rows: Array, w: Array | None, scale: Array, k: int, m_step: MStep, collapse: Collapse, random: Any
) -> Parameters | None:
    """Return the highest end of the short runs with the fewest collapsed components; None if no run has K clusters.

    Parameters
    ----------
    rows : ndarray, shape (n, d)
        Finite rows of the data.
    w : ndarray, shape (n,), or None
        Their weights.
    scale : ndarray, shape (d,)
        A length for each feature, in which k-means++ measures distances.
    k : int
        The number of components.
    m_step : MStep
        The rule of the M step.
    collapse : Collapse
        Tells which ends are degenerate.
    random : RandomState or Generator
        Draws rows and starts.
    """
    rows, w = drawn_rows([(rows, w)], len(rows), random, ROWS_OF_RUNS)
    centre = np.average(rows, axis=0, weights=w)
    x = rows - centre
    if m_step.prior is not None:
        m_step = m_step._replace(prior=m_step.prior._replace(mean=m_step.prior.mean - centre))
    features = {"full": x.shape[1] ** 2 / 2, "tied": 0}.get(m_step.covariance_type, x.shape[1]) + x.shape[1]
    runs = int(min(RUNS, max(FEWEST, MOST / (k * len(x) * features))))
    by_deviations, by_quartiles = x / scale, x / _between_quartiles(x, scale)
    labels = np.concatenate(
        [
            _steps_of_k_means(by_deviations, w, _nearest_seeds(by_deviations, w, k, runs - runs // 4, random), k),
            _nearest_seeds(by_quartiles, w, k, runs // 4, random),
        ]
    )
    stack = _Stack(x, w, m_step, collapse, labels, k)
    ends = stack.climbs()
    if ends is None:
        ends = stack.climbs_apart()
    best: Parameters | None = None
    fewest = k + 1
    for _, end in sorted(ends, key=lambda found: -found[0]):
        wrong = len(collapse.of(end))
        if wrong < fewest:
            best, fewest = end._replace(means=end.means + centre), wrong
        if not wrong:
            break
    return best


def _nearest_seeds(z: Array, w: Array | None, k: int, runs: int, random: Any) -> np.ndarray:
    """Draw K seeds for each run by k-means++, and return each row's nearest, shape (R, n)."""
    n = len(z)
    weights = np.ones(n) if w is None else w
    squares = np.vecdot(z, z)

    def distances_from(chosen: np.ndarray) -> Array:
        found = squares + squares[chosen][:, None] - 2 * (z[chosen] @ z.T)
        return np.where(found > 1e-13 * squares.max(), found, 0.0)  # equal rows have no distance, but for rounding

    labels = np.zeros((runs, n), dtype=np.int64)
    nearest = np.ones((runs, n))
    for j in range(k):
        cumulative = np.cumsum(nearest * weights, axis=1)
        draws = random.uniform(size=(runs, 1)) * cumulative[:, -1:]
        chosen = np.minimum((cumulative <= draws).sum(axis=1), n - 1)
        found = distances_from(chosen)
        closer = (found < nearest) | (j == 0)
        labels[closer] = j
        nearest = np.where(closer, found, nearest)
    return labels


def _between_quartiles(x: Array, otherwise: Array) -> Array:
    """Return the distance between each feature's quartiles, shape (d,), as a standard deviation."""
    n = len(x)
    low, high = np.partition(x, (n // 4, (3 * n) // 4), axis=0)[[n // 4, (3 * n) // 4]]
    return np.where(high > low, (high - low) / 1.349, otherwise)


def _steps_of_k_means(z: Array, w: Array | None, labels: np.ndarray, k: int) -> np.ndarray:
    """Return the labels (R, n) after some of Lloyd's steps; a cluster without rows stays so."""
    weights = np.ones(len(z)) if w is None else w
    for _ in range(STEPS):
        one_hot = (labels[:, None] == np.arange(k)[:, None]) * weights
        counts = one_hot.sum(axis=2)
        centres = one_hot @ z / np.where(counts > 0, counts, 1.0)[:, :, None]
        half = np.where(counts > 0, np.vecdot(centres, centres) / 2, np.inf)
        labels = np.argmax(centres @ z.T - half[:, :, None], axis=1)
    return labels


class _Stack:
    """The components of R runs, one below the other, over rows x (n, d) about their mean.

    A run in which a seed has no rows is left out.
    """

    def __init__(self, x: Array, w: Array | None, m_step: MStep, collapse: Collapse, labels: np.ndarray, k: int):
        self.x, self.w, self.m_step, self.collapse, self.k, self.d = x, w, m_step, collapse, k, x.shape[1]
        self.kind = m_step.covariance_type
        self._weights = np.ones(len(x)) if w is None else w
        self.total = float(self._weights.sum())
        full = [run for run in labels if (np.bincount(run, self._weights, minlength=k) > 0).all()]
        self.starts = [self._start(run) for run in full]

    def _start(self, labels: np.ndarray) -> Parameters:
        """Weights and means of the clusters, and for each the covariance of all rows about their own means."""
        w, k = self._weights, self.k
        counts = np.bincount(labels, w, minlength=k)
        means = np.transpose([np.bincount(labels, w * column, minlength=k) for column in self.x.T]) / counts[:, None]
        away = self.x - means[labels]
        if self.kind in ("full", "tied"):
            pooled = (away * w[:, None]).T @ away / self.total
            covariances = np.repeat(pooled[None], k, axis=0) if self.kind == "full" else pooled
        else:
            variances = w @ away**2 / self.total
            covariances = np.tile(variances, (k, 1)) if self.kind == "diag" else np.full(k, variances.mean())
        return Parameters(counts / self.total, means, self.m_step.regularised(covariances))

    def climbs(self) -> list[tuple[float, Parameters]] | None:
        """Return the log-likelihood of each run after `SWEEPS` sweeps, and its mixture; None where digits are lost."""
        if not self.starts:
            return []
        runs = len(self.starts)
        weights, means, covariances = self._stacked(*(np.array(part) for part in zip(*self.starts, strict=True)))
        phi, limits = self._features()
        for sweep in range(SWEEPS + 1):
            try:
                theta, precisions = self._natural(weights, means, covariances)
            except np.linalg.LinAlgError:
                return None
            if not (np.abs(theta) @ limits).max() * _EPS < ERROR_OF_RUNS:
                return None
            A = (theta @ phi).reshape(runs, self.k, -1)
            largest = A.max(axis=1)
            A -= largest[:, None]
            np.exp(A, out=A)
            density = A.sum(axis=1)
            likelihoods = (np.log(density) + largest) @ self._weights
            if self.kind == "tied":
                likelihoods -= 0.5 * np.einsum("rij,ij->r", precisions, self._scatter)
            if sweep == SWEEPS:
                break
            parts = self._parted(weights, means, covariances, runs)
            if sweep in HALVED_AFTER and A.size * len(phi) > MUCH:
                runs = -(-runs // 2)
                narrow = np.broadcast_to(self.collapse.narrow(covariances), len(covariances))
                collapsed = narrow.reshape(len(likelihoods), -1).sum(axis=1)
                high = np.sort(np.lexsort((-likelihoods, collapsed))[:runs])
                A, density, parts = A[high], density[high], tuple(part[high] for part in parts)
            A *= (self._weights / density)[:, None]
            weights, means, covariances = self._next(A.reshape(runs * self.k, -1) @ phi.T, self._stacked(*parts))
        ends = [Parameters(*parts) for parts in zip(*self._parted(weights, means, covariances, runs), strict=True)]
        return [(float(at) + self.m_step.log_prior(end), end) for at, end in zip(likelihoods, ends, strict=True)]

    def _stacked(self, weights: Array, means: Array, covariances: Array) -> Parameters:
        """Return parameters of R mixtures, (R, K, ...), as one of R K components; tied covariances stay (R, d, d)."""
        if self.kind != "tied":
            covariances = covariances.reshape(-1, *covariances.shape[2:])
        return Parameters(weights.ravel(), means.reshape(-1, self.d), covariances)

    def _parted(self, weights: Array, means: Array, covariances: Array, runs: int) -> tuple[Array, ...]:
        """Return the opposite of `_stacked`."""
        shape = covariances.shape if self.kind == "tied" else (runs, self.k, *covariances.shape[1:])
        return weights.reshape(runs, -1), means.reshape(runs, self.k, -1), covariances.reshape(shape)

    def _features(self) -> tuple[Array, Array]:
        """Return the features (p, n) of the rows and the largest size of each, (p,)."""
        x = self.x.T
        if self.kind == "full":
            self._upper = np.triu_indices(self.d)
        self._scatter = (self.x * self._weights[:, None]).T @ self.x if self.kind == "tied" else np.empty(0)
        parts = [np.ones((1, x.shape[1])), x]
        if self.kind == "full":
            parts.append(x[self._upper[0]] * x[self._upper[1]])
        elif self.kind == "diag":
            parts.append(x * x)
        elif self.kind == "spherical":
            parts.append((x * x).sum(axis=0, keepdims=True))
        phi = np.concatenate(parts)
        return phi, np.abs(phi).max(axis=1)

    def _natural(self, weights: Array, means: Array, covariances: Array) -> tuple[Array, Array]:
        """Return theta (R K, p), and the precisions of tied mixtures."""
        d = self.d
        precisions = covariances
        if self.kind in ("full", "tied"):
            inverse = np.linalg.inv(np.linalg.cholesky(covariances))
            precisions = np.swapaxes(inverse, -1, -2) @ inverse
            log_root = np.log(np.einsum("rii->ri", inverse)).sum(axis=1)
            if self.kind == "tied":
                log_root = np.repeat(log_root, self.k)
                linear = (means.reshape(-1, self.k, d) @ precisions).reshape(-1, d)
                quadratic = np.empty((len(means), 0))
            else:
                linear = np.matmul(precisions, means[:, :, None])[:, :, 0]
                rows, columns = self._upper
                quadratic = precisions[:, rows, columns] * np.where(rows == columns, -0.5, -1.0)
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

    def _next(self, sums: Array, previous: Parameters) -> Parameters:
        """Do the M step of all runs, from sums R Phi' (R K, p)."""
        d, k = self.d, self.k
        counts, firsts = sums[:, 0], sums[:, 1 : 1 + d]
        origin = np.zeros((1, d))
        if self.kind == "tied" and self.m_step.prior is None and counts.min() > 0:  # all runs at once
            firsts = firsts.reshape(-1, k, d)
            means = firsts / counts.reshape(-1, k, 1)
            covariances = (self._scatter - np.swapaxes(firsts, 1, 2) @ means) / self.total
            covariances = (covariances + np.swapaxes(covariances, 1, 2)) / 2
            covariances = self.m_step._replace(covariance_type="full").regularised(covariances)
            return Parameters(counts / self.total, means.reshape(-1, d), covariances)
        if self.kind == "tied":
            found = []
            for run, covariance in enumerate(previous.covariances):
                own = slice(run * k, (run + 1) * k)
                summary = Summary(0.0, counts[own], firsts[own], self._scatter, origin)
                before = Parameters(previous.weights[own], previous.means[own], covariance)
                found.append(self.m_step(summary, before))
            parts = zip(*found, strict=True)
            return self._stacked(*(np.array(part) for part in parts))
        seconds = sums[:, 1 + d :]
        if self.kind == "full":
            rows, columns = self._upper
            matrices = np.empty((len(sums), d, d))
            matrices[:, rows, columns] = matrices[:, columns, rows] = seconds
            seconds = matrices
        elif self.kind == "spherical":
            seconds = seconds[:, 0]
        new = self.m_step(Summary(0.0, counts, firsts, seconds, origin), previous)
        return new._replace(weights=counts / self.total)

    def climbs_apart(self) -> list[tuple[float, Parameters]]:
        """Return the same as `climbs`, each run by itself."""
        known = survey([(self.x, self.w)], self.kind)
        data = Sweeps(lambda: [(self.x, self.w)], self.kind, known.mean, known.low, known.high, known.scatter)
        ends = []
        for start in self.starts:
            try:
                end = climb(data, start, self.m_step, self.total, stopping=SmallChange(0.0), max_iter=SWEEPS)
            except ValueError:  # a component that has collapsed where nothing holds it
                continue
            ends.append((end.bounds[-1], end.parameters))
        return ends
