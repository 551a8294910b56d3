"""One sweep of EM in one pass: the E step and the sums of the M step, a block of rows at a time.

`course_lib.mixture.em` walks over the data three times and holds the n x k responsibilities between. Here
a block of rows is fetched into the processor's cache once and all is done with it there. Within a block the
arrays lie with one row a component, so that sums and maxima over the components run along memory. Blocks
make runs, and runs are shared out among threads (`course_lib.mixture.one_pass.threads`).

There are three forms of a sweep, which give the same numbers:

- `natural`: one matrix product for all densities, one for all sums. For few features the fastest.
- `whitened`: the stacked factors of all components; for full covariances of many features.
- `centred`: each component about its own mean. Slower, and accurate wherever the points are.

The choice: the one with the fewest multiplications of those whose own bound of the rounding error allows it
(`ERROR_ALLOWED`); centred, if neither. They are counted, and two things besides are counted as so many of them. A
number that is written to or read from a large array counts as `PASS`: the cache hands out one number while a
processor multiplies some ten. And the whitened form calls NumPy for each component of a run: five calls of a
microsecond and more, shared by a thousand rows, are `CALLS` for a row. What the whitened form will cost depends
on how many pairs of point and component are significant, which the sweep before tells. Where both counts are within
a fifth of each other, either may be the faster one; nothing but time is lost. The two constants are round numbers
on purpose and are not measured on the machine: which form sweeps decides the last digits, and the same data shall
give the same digits on a busy day. After the sweep it is seen whether the sums lost too many digits on their way to the
new covariances; then they are taken once more, about the new
means.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from course_lib.mixture.covariances import Array, variances_of
from course_lib.mixture.one_pass.centred import OwnOrigins
from course_lib.mixture.one_pass.natural import ERROR_ALLOWED, Features, NaturalParameters
from course_lib.mixture.one_pass.summaries import Estimate, Parameters, Summary
from course_lib.mixture.one_pass.threads import Sums, add, added_up, one_blas_thread
from course_lib.mixture.one_pass.whitened import ROWS_OF_FACTORS, StackedFactors, significant_pairs

KEPT_FEATURES = 2**22  # numbers of Phi (32 MB) that are kept between sweeps, however long the data
BLOCK_NUMBERS = 2**18  # numbers of Phi and R in a block: 2 MB, which stay in a cache; shorter blocks make more calls
BLOCKS_OF_A_RUN = 8  # that one thread does before it hands in its sums: long enough to be worth handing out
WHITENED_ROWS = 1024  # of a run of whitened points: a component's own are then enough for a product
PASS = 10  # multiplications within a product that cost as much as to write or read one number
EXPONENTIAL = 64  # the same for an exponential and what is done around it, of which all forms have as many
CALLS = 250  # the same for a row's share of the calls that a whitened run makes for each component

Block = tuple[np.ndarray, np.ndarray | None]  # rows of X, and their weights if they have any


@dataclass
class Run:
    """Rows that one thread sums, and their weights; the features of each block of them, if they are kept."""

    rows: np.ndarray
    w: np.ndarray | None
    features: list[tuple[Array, np.ndarray | None]] | None = None


class Workspace:
    """Arrays that one thread works in, by the length of a block; what they hold means nothing."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[int, int], tuple[Array, Array]] = {}
        self._features: dict[int, Array] = {}

    def arrays(self, k: int, b: int) -> tuple[Array, Array]:
        """Return an array (k, b) and one (b,)."""
        if (k, b) not in self._arrays:
            if len(self._arrays) > 4:  # blocks of many lengths
                self._arrays.clear()
            self._arrays[k, b] = np.empty((k, b)), np.empty(b)
        return self._arrays[k, b]

    def features(self, p: int, b: int) -> Array:
        """Return an array (p, b)."""
        if b not in self._features:
            if len(self._features) > 1:  # that of a full block, and that of the last
                self._features.clear()
            self._features[b] = np.empty((p, b))
        return self._features[b]


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
        self.features = Features(covariance_type, self.centre, low, high, scatter)
        self._kept: list[Run] | None = None
        self._workspaces: list[Workspace] = []  # those that no thread works in
        self._last: tuple[Parameters, NaturalParameters | None] | None = None
        self._significant = 1.0  # share of the pairs of point and component, in the sweep before
        self._threads, self._n = 1, 0
        self.swept = {"natural": 0, "whitened": 0, "centred": 0}  # how many sweeps were done in which form

    def step(self, parameters: Parameters, m_step: Estimate) -> tuple[float, Parameters]:
        """One iteration of EM: the log-likelihood of these parameters, and the next ones.

        Raises
        ------
        ValueError
            If a covariance is not positive definite; the component is named.
        """
        with one_blas_thread as self._threads:
            summary = self._summarise(parameters)
            new = m_step(summary, parameters)
            if self._lost_digits(summary, new):
                new = m_step(self._summarise_centred(parameters, new.means), parameters)
        return summary.log_likelihood, new

    def _summarise(self, parameters: Parameters) -> Summary:
        """Sweep in the form that is accurate enough and cheapest."""
        cheaper = self._whitening_is_cheaper(len(parameters.means))
        if self.covariance_type == "full" and (cheaper or self._remembered(parameters) is None):
            try:
                stacked = StackedFactors(parameters, self.centre, self.features.reach)
                if stacked.accurate:
                    return self._summarise_whitened(stacked)
            except np.linalg.LinAlgError:
                pass  # the centred form names the component
        natural = self._remembered(parameters)
        if natural is not None:
            return self._summarise_natural(natural)
        return self._summarise_centred(parameters, parameters.means)

    def _lost_digits(self, summary: Summary, new: Parameters) -> bool:
        """Whether the sums were too large beside the covariances that came of them."""
        if summary.origins is not self.features.origin:
            return self._moved_far(summary, new)
        return self._remembered(new) is None

    def _remembered(self, parameters: Parameters) -> NaturalParameters | None:
        """Return the natural form, which was computed already when these parameters were judged."""
        if self._last is None or self._last[0] is not parameters:
            self._last = parameters, self.features.parameters(parameters)
        return self._last[1]

    def _moved_far(self, summary: Summary, new: Parameters) -> bool:
        """Whether a new mean is so far from the origin of its sums that the covariance lost digits."""
        variances = variances_of(new.covariances, self.covariance_type, *new.means.shape)
        with np.errstate(over="ignore"):  # where nothing is left of a variance, and that is far
            ratios = (new.means - summary.origins) ** 2 / np.maximum(variances, np.finfo(float).tiny)
        return bool(not ratios.max() * np.finfo(float).eps < 1e-4 * ERROR_ALLOWED)  # a thin oblique ellipse loses more

    def _whitening_is_cheaper(self, k: int, significant: float | None = None) -> bool:
        """Whether the whitened form needs fewer multiplications a row, for a share of significant pairs."""
        if self.covariance_type != "full":
            return False
        share = self._significant if significant is None else significant
        return _whitened_work(k, self.features.d, share) < _natural_work(k, self.features.p)

    def _summarise_natural(self, natural: NaturalParameters) -> Summary:
        self.swept["natural"] += 1
        k, p = natural.theta.shape
        length = block_length(p + k)
        if self._kept is not None and len(self._kept) == 1:  # few rows: every call counts
            return self.features.summary(self._natural_sums(natural, self._kept[0], length), natural)
        watch = self._whitening_is_cheaper(k, significant=0.0)

        batches = self._batches(length * BLOCKS_OF_A_RUN, _natural_work(k, p), keep=True)
        sums = added_up(lambda run: self._natural_sums(natural, run, length, watch), batches, self._threads)
        if watch:
            self._significant = float(sums.pop()[0]) / (k * self._n)
        return self.features.summary(sums, natural)

    def _natural_sums(self, natural: NaturalParameters, run: Run, length: int, watch: bool = False) -> Sums:
        """Return the sums of a run; with ``watch`` the number of its significant pairs, too."""
        space = self._workspaces.pop() if self._workspaces else Workspace()
        total: Sums = []
        for phi, w in run.features or self._features_of(run, length, space):
            A, density = space.arrays(len(natural.theta), phi.shape[1])
            sums = self.features.sums(natural, phi, w, (A, density))
            if watch:
                sums.append(np.array([significant_pairs(A).sum()], dtype=float))
            add(total, sums)
        self._workspaces.append(space)
        return total

    def _features_of(self, run: Run, length: int, space: Workspace) -> Iterator[tuple[Array, np.ndarray | None]]:
        """Yield the features (p, b) and weights of a run's blocks, and keep them if the run does."""
        for rows, w in split([(run.rows, run.w)], length):
            shape = self.features.p, len(rows)
            phi = space.features(*shape) if run.features is None else np.empty(shape)
            self.features.fill(phi, rows)
            if run.features is not None:
                run.features.append((phi, w))
            yield phi, w

    def _summarise_whitened(self, stacked: StackedFactors) -> Summary:
        self.swept["whitened"] += 1
        work = _whitened_work(stacked.k, stacked.d, self._significant)
        batches = self._batches(WHITENED_ROWS, work)
        sums = added_up(lambda run: stacked.sums(run.rows, run.w), batches, self._threads)
        self._significant = float(sums[0][1]) / (stacked.k * self._n)
        return stacked.summary(sums)

    def _summarise_centred(self, parameters: Parameters, origins: Array) -> Summary:
        self.swept["centred"] += 1
        own = OwnOrigins(parameters, self.covariance_type, origins)
        k, d = own.k, own.d
        work = 2 * k * d * (d if self.covariance_type in ("full", "tied") else PASS) + k * EXPONENTIAL
        batches = self._batches(block_length(2 * d + k), work)
        return own.summary(added_up(lambda run: own.sums(run.rows, run.w), batches, self._threads))

    def _batches(self, length: int, work_a_row: float, keep: bool = False) -> Iterator[tuple[Iterable[Run], float]]:
        """Yield the runs of each of the data's blocks, and how many multiplications they are.

        With ``keep`` the features are kept in the runs from now on, if they are few.
        """
        if keep and self._kept is not None:
            yield self._kept, work_a_row * self._n
            return
        kept: list[Run] | None = [] if keep else None
        self._n = 0
        for rows, w in self.blocks():
            self._n += len(rows)
            if self._n * self.features.p > KEPT_FEATURES:
                kept = None
            cut = split([(rows, w)], length)
            if kept is None:
                yield (Run(*piece) for piece in cut), work_a_row * len(rows)
            else:
                runs = [Run(piece, None if v is None else v.copy(), features=[]) for piece, v in cut]
                kept += runs
                yield runs, work_a_row * len(rows)
        if kept is not None:
            self._kept = kept


def _natural_work(k: int, p: int) -> float:
    """Multiplications a row: p features are written and read again in two products with k rows."""
    return p * (2 * PASS + 2 * k) + k * EXPONENTIAL


def _whitened_work(k: int, d: int, significant: float) -> float:
    """Multiplications a row: triangular factors of k components; squares of d coordinates for their own points."""
    factors = d * (d + ROWS_OF_FACTORS) / 2 + 2 * PASS * d
    squares = d * (d + 1) / 2 + 3 * PASS * d
    return k * (factors + significant * squares + EXPONENTIAL + CALLS)


def block_length(numbers_a_row: int) -> int:
    """Return how many rows make a block that stays in cache, and is long enough for vectors to pay."""
    return max(256, min(8192, BLOCK_NUMBERS // numbers_a_row // 64 * 64))


def split(blocks: Iterable[Block], length: int) -> Iterator[Block]:
    """Cut blocks of any length into blocks of at most the given length."""
    for rows, w in blocks:
        for start in range(0, len(rows), length):
            stop = start + length
            yield rows[start:stop], None if w is None else w[start:stop]
