"""`GaussianMixture`: a mixture as an object that is fitted; `course_lib.mixture.density` is what it can be asked.

The interface is scikit-learn's, name by name, so that the course's last chapter and a user's own program can
exchange one for the other. `course_lib.mixture.climbing` finds the way and `course_lib.mixture.one_pass` does the
work. What it has beyond that: weights of points, a regularisation that follows the units, a prior, acceleration,
its own history, and data larger than memory.
"""

import time
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.arguments import checked_responsibilities, number_from_0, one_of
from course_lib.mixture.climbing import starts
from course_lib.mixture.climbing.climb import Climb, Data, best_of, climb
from course_lib.mixture.climbing.degenerate import ANEW, FLOORED, Collapse
from course_lib.mixture.climbing.labels import Labelled, checked_labels, with_labels
from course_lib.mixture.climbing.rows import filled, rows_of_start
from course_lib.mixture.climbing.rules import rules
from course_lib.mixture.climbing.short_runs import Beginning, short_runs
from course_lib.mixture.climbing.squarem_anderson import Accelerator
from course_lib.mixture.climbing.stopping import stopping_rule
from course_lib.mixture.covariances import Array, known_type
from course_lib.mixture.density import FittedMixture
from course_lib.mixture.dependent import dependent_columns, warn_of_dependent
from course_lib.mixture.estimator import (
    CollapseError,
    ConvergenceWarning,
    DegenerateWarning,
    TooFewPoints,
    random_source,
    sample_weights,
    sklearn_class,
    whole,
)
from course_lib.mixture.missing import Incomplete, InMemory, some_missing
from course_lib.mixture.one_pass.blocks import Block
from course_lib.mixture.one_pass.reading import Reader, checked
from course_lib.mixture.one_pass.summaries import MStep, NormalInverseWishart, Parameters
from course_lib.mixture.one_pass.survey import Survey, survey, sweeps_over
from course_lib.mixture.one_pass.threads import one_blas_thread


class GaussianMixture(FittedMixture):
    """A mixture of Gaussians, fitted by EM, which stands in `course_lib.mixture.em` as on the blackboard.

    Parameters
    ----------
    n_components : int
        The number K of components.
    covariance_type : "full", "tied", "diag" or "spherical"
        A covariance matrix for each component, one for all, variances along the axes, or one variance each.
    tol : "auto" or float
        When to stop. "auto": where less than 0.05 of the total log-likelihood is still to be gained, as foreseen from
        the last gains. A number: when an iteration changes the mean log-likelihood of a point by less than this.
    reg_covar : "auto" or float
        How narrow a component may be. "auto": no variance, in whatever direction, is less than a millionth of that
        within clusters (no bound if there is a prior), so that neither units nor outliers nor clusters far apart
        change the answer. A number: this much, in squared units, is added to every variance (a bound if there is a
        prior).
    max_iter : int
        The largest number of iterations of one start; 0 leaves the start as it is.
    n_init : int
        How many starts; one that begins where an earlier one did is not climbed again, and only the first is searched
        for. The best end is kept, with ``reg_covar="auto"`` that of those with the fewest collapsed components; where
        "short-em" led from sound starts to collapsed components alone, up to three starts of "kmeans" follow.
    init_params : "short-em", "kmeans", "k-means++", "random" or "random_from_data"
        How to start. "short-em": at the best end of several short climbs, and of a search from there where rows are
        few, or none has arrived. The others are scikit-learn's: see `course_lib.mixture.climbing.starts`.
    weights_init, means_init, precisions_init : array_like, optional
        The start's weights (K,), means (K, d) and inverse covariances (in the covariances' shape). What is
        not given is found by `init_params`. Equal means are kept as given, with a warning; see Notes.
    random_state : None, int, RandomState or Generator
        The source of random numbers for starts and for `sample`.
    warm_start : bool
        Whether `fit` goes on where the last `fit` ended.
    verbose : int
        1: print each start and every `verbose_interval`-th iteration. 2: with times and changes.
    verbose_interval : int
        How many iterations between two lines.
    missing : "error" or "marginalise"
        What a NaN in X means: a mistake, or an entry that was not observed and is integrated out.
    prior : None, "auto" or NormalInverseWishart
        Maximise the posterior in place of the likelihood, so that no component can collapse. "auto" is the
        weak prior of Fraley and Raftery (2007).
    accelerate : None, "squarem" or "anderson"
        Leap ahead between sweeps, never to a lower likelihood. "anderson" needs fewer sweeps on most data.
        Where EM's path passes close to a saddle, a leap may lead to another optimum than EM's own.
    record_history : bool
        Whether to keep the mixture of every iteration in `history_`.
    resp_init : array_like, shape (n, K), optional
        Responsibilities with which to start: the first mixture is the M step of them.

    Notes
    -----
    float32 X stays so in memory, is computed with in float64, and gives attributes and densities of float64:
    the answer is that of ``X.astype(float)``. (scikit-learn computes in float32 and gives float32. The few
    numbers of a mixture save no memory, and beside an offset, float32 covariances lose their digits.)

    Long data are shared out among as many threads as NumPy's BLAS would use: OPENBLAS_NUM_THREADS and the limits
    of threadpoolctl hold. How many there are changes no bit of a sweep; see `course_lib.mixture.one_pass.threads`.

    Components that begin with the same mean and covariance get the same responsibilities in each E step, up to their
    weights, and stay the same for ever: EM ends at a saddle, where they act as one. No `init_params` begins so. Where
    `means_init` asks for it, the start is used as it was given, and a `DegenerateWarning` names the two components.

    Attributes
    ----------
    weights_ : ndarray, shape (K,)
        The mixing weights.
    means_ : ndarray, shape (K, d)
        The means.
    covariances_, precisions_ : ndarray, shape (K, d, d), (d, d), (K, d) or (K,)
        The covariances and their inverses.
    precisions_cholesky_ : ndarray, the same shape
        U with U U' = precision, upper triangular; for variances 1 over the standard deviation.
    converged_ : bool
        Whether the best start's climb ended by `tol`.
    n_iter_ : int
        Its number of iterations.
    n_sweeps_ : int
        Its number of passes over the data: iterations, and leaps that were taken back.
    lower_bound_ : float
        Mean log-likelihood of a point (plus log prior) before the last M step.
    lower_bounds_ : list of float
        The same of every iteration.
    degenerate_ : list of int
        Components that have collapsed onto the floor of the variances, or have no points.
    history_ : list of MixtureState
        The start, and the mixture after each iteration, if `record_history`.
    n_features_in_ : int
        d.
    feature_names_in_ : ndarray of str
        The columns' names, if X had any.

    Raises
    ------
    ValueError
        In `fit`: if X holds NaN or infinity (the first row and column are named), has fewer (distinct) rows
        than components, or a component collapses where nothing holds its variance; if an argument is not
        what it should be.

    References
    ----------
    Dempster, Laird and Rubin: Maximum likelihood from incomplete data via the EM algorithm. Journal of the
    Royal Statistical Society B 39 (1977) 1-38. Bishop: Pattern Recognition and Machine Learning (2006),
    section 9.2.

    Examples
    --------
    >>> X = np.array([[1, 2], [1, 4], [2, 0], [9, 2], [10, 4], [10, 0]])
    >>> mixture = GaussianMixture(2, covariance_type="diag", random_state=0).fit(X)
    >>> mixture.means_.round(3)
    array([[9.667, 2.   ],
           [1.333, 2.   ]])
    >>> mixture.predict([[0, 0], [12, 3]])
    array([1, 0])
    """

    _floors: dict[int, Array] | None = None  # by K, which `select_mixture` lets models of all types share,
    _beginnings: dict[Any, Beginning] | None = None  # as it does with what short runs begin with

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float | str = "auto",
        reg_covar: float | str = "auto",
        max_iter: int = 2000,
        n_init: int = 1,
        init_params: str = "short-em",
        weights_init: ArrayLike | None = None,
        means_init: ArrayLike | None = None,
        precisions_init: ArrayLike | None = None,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: int = 0,
        verbose_interval: int = 10,
        missing: str = "error",
        prior: str | NormalInverseWishart | None = None,
        accelerate: str | None = None,
        record_history: bool = False,
        resp_init: ArrayLike | None = None,
    ):
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval
        self.missing = missing
        self.prior = prior
        self.accelerate = accelerate
        self.record_history = record_history
        self.resp_init = resp_init

    def fit(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None, labels: ArrayLike | None = None
    ) -> Self:
        """Fit the mixture to points.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points; n at least 2 and at least K.
        y : ignored
            There for scikit-learn's sake: pipelines and searches pass classes here.
        sample_weight : array_like, shape (n,), optional
            How often each point counts; not negative.
        labels : array_like of int, shape (n,), optional
            The components of the points of which they are known, 0 to K - 1, and -1 for all others, as for what is
            masked or NaN. A labelled point belongs to its component wholly, and that component keeps the label's
            number.

        Returns
        -------
        self

        Examples
        --------
        >>> X = [[0.0], [1.0], [2.0], [8.0], [9.0], [10.0]]
        >>> GaussianMixture(2).fit(X, labels=[-1, -1, 1, 0, -1, -1]).means_.round(2).ravel()
        array([9., 1.])
        """
        self._check_parameters()
        if self.warm_start and hasattr(self, "converged_"):
            starts.check_goes_on(self._parameters(), self.covariance_type, self.n_components, np.shape(X)[-1])
        points = self._points(X, reset=True, least=2)
        w = sample_weights(sample_weight, len(points))
        start = None
        if self.resp_init is not None:
            r = checked_responsibilities(self.resp_init, points, self.n_components)
            start = starts.of_responsibilities(r, points, w, self.covariance_type)
        known = None
        if labels is not None:
            if np.isnan(points).any():
                raise ValueError("X has missing entries and there are labels; expected one of both: impute X first.")
            of_points = checked_labels(labels, len(points), self.n_components)
            known = Labelled(points, w, of_points, self.n_components, self.covariance_type)
        self._fit_rows(lambda: [(points, w)], points=(points, w), start=start, labelled=known)
        return self

    def fit_blocks(self, blocks: Iterable[Any] | Callable[[], Iterable[Any]]) -> Self:
        """Fit the mixture to data that come block by block and need not fit into memory.

        Parameters
        ----------
        blocks : iterable of array_like, shape (b, d), or a callable that returns one
            Read anew at each pass: a list of memory-mapped arrays, an object whose ``__iter__`` opens the
            file again, or a function that makes a generator. The same rows in one array give the same answer,
            with NaN in them too where ``missing="marginalise"``. A block may be a tuple (X, w) of rows and their
            weights, shape (b,); a block without weights counts each row once. Tables must name the same columns.

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If the iterable can be read only once, as a generator can.
        ValueError
            As `fit`; the block is named by its number.
        ChangedDataError
            A RuntimeError: if a pass gives other rows than the first.

        Examples
        --------
        >>> X = np.arange(20.0).reshape(10, 2) ** 2
        >>> GaussianMixture(1).fit_blocks([X[:4], X[4:]]).means_
        array([[114., 133.]])
        >>> GaussianMixture(1).fit_blocks([(X[:4], [1, 1, 1, 1]), (X[4:], [0, 0, 0, 0, 2, 2])]).means_
        array([[152., 173.]])
        """
        self._check_parameters()
        if self.resp_init is not None:
            raise ValueError("resp_init is given; expected None where data come in blocks. Give means_init.")
        read = Reader(blocks)
        self.__dict__.pop("feature_names_in_", None)
        self._fit_rows(read, lambda: checked(read(), self._accepts_nan_now()))
        if read.names is not None:
            self.feature_names_in_ = read.names
        return self

    def fit_predict(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None, labels: ArrayLike | None = None
    ) -> np.ndarray:
        """Fit the mixture and return the most probable component of each point, shape (n,)."""
        return self.fit(X, sample_weight=sample_weight, labels=labels).predict(X)

    def _fit_rows(
        self,
        blocks: Callable[[], Iterable[Block]],
        first: Callable[[], Iterable[Block]] | None = None,
        points: Block | None = None,
        start: Parameters | None = None,
        labelled: Labelled | None = None,
    ) -> None:
        first = first or blocks
        incomplete = None
        if self._accepts_nan_now() and some_missing(first()):
            incomplete = Incomplete(blocks, self.covariance_type)
        known = incomplete.survey() if incomplete else survey(first(), self.covariance_type)
        if known.n < 2:
            raise ValueError(f"Found {known.n} sample(s) in all blocks while a minimum of 2 is required.")
        if not known.total > 0:
            raise ValueError(f"The weights of all {known.n} rows are zero; expected some to be positive.")
        self.n_features_in_ = len(known.mean)
        if self.warm_start and hasattr(self, "converged_"):
            starts.check_goes_on(self._parameters(), self.covariance_type, self.n_components, self.n_features_in_)
        data: Data = incomplete or sweeps_over(blocks, self.covariance_type, known)
        if incomplete and points is not None:
            data = InMemory(*points, self.covariance_type)
        if labelled is not None:
            data = labelled.others(blocks, self.covariance_type)
        random = random_source(self.random_state)
        rows, w = rows_of_start(blocks, known, random)
        self._fit(data, known, rows, w, random, start, labelled)

    def _fit(
        self,
        data: Data,
        known: Survey,
        rows: Array,
        w: Array | None,
        random: Any,
        given: Parameters | None,
        labelled: Labelled | None,
    ) -> None:
        """Climb from each start, and keep the highest end."""
        if known.n < self.n_components:
            raise TooFewPoints(
                f"Expected n_samples >= n_components but got n_components = {self.n_components}, n_samples = {known.n}."
            )
        k, said = self.n_components, (self.covariance_type, self.reg_covar, self.prior)
        m_step, start_rule = rules(*said, k, known, rows, w, self._floors)
        floor = np.broadcast_to(m_step.floor, self.n_features_in_)
        collapse = Collapse(floor, m_step.bounded, known, self.covariance_type)
        names = getattr(self, "feature_names_in_", None)
        warn_of_dependent(dependent_columns(known, FLOORED * floor if m_step.bounded else 0.0), names)
        guessed = bool(np.isnan(rows).any())  # good enough for a start, not for a search
        rows = filled(rows, known.mean)
        scale = np.sqrt(np.maximum(known.variances, np.finfo(float).tiny ** 0.5))
        scale[known.constant] = 1.0
        warm = self.warm_start and hasattr(self, "converged_")
        ends: list[Climb] = []
        begun_at: list[Parameters] = []
        away: list[bool] = []
        failure: ValueError | None = None
        free = self.init_params == "short-em" and m_step.bounded and given is labelled is self.means_init is None
        for number in range(1 if warm else self.n_init + ANEW * free):
            if number >= self.n_init and not (away and all(away)):
                break
            self._say(f"Initialization {number}")
            how = self.init_params if number < self.n_init else "kmeans"
            start = given and given._replace(covariances=start_rule.regularised(given.covariances))
            if start is None and labelled is not None and not warm:
                start = labelled.start(rows, w, start_rule, random)
            looked_at = rows, w, start_rule, collapse, random
            start = self._parameters() if warm else self._start(start, looked_at, how, not (number or guessed))
            if self.init_params == "short-em" and any(starts.begin_alike(start, one, said[0]) for one in begun_at):
                self._say(f"Initialization {number} begins where an earlier one did.")
                continue
            begun_at.append(start)
            stopping = self._stopping if warm and isinstance(self.tol, str) else stopping_rule(self.tol, known)
            leaps = Accelerator(self.accelerate, start, said[0], scale) if self.accelerate else None
            try:
                with one_blas_thread:  # for all sweeps at once: those over few rows are short
                    found = climb(
                        data,
                        start,
                        with_labels(m_step, labelled),
                        known.total,
                        stopping=stopping,
                        max_iter=self.max_iter,
                        accelerator=leaps,
                        record=self.record_history,
                        report=partial(self._report, time.perf_counter()) if self.verbose else None,
                        before=self.lower_bound_ if warm else -np.inf,
                    )
            except ValueError as error:  # a start whose component collapsed; another may not
                failure = error
                continue
            self._say(f"Initialization {'converged' if found.converged else 'did not converge'}.")
            ends.append(found)
            away.append(collapse.came_between(start, found.parameters))
        if not ends:
            raise CollapseError(f"Fitting the mixture failed: {failure}") from failure
        self._keep(best_of(ends, collapse if m_step.bounded else None), collapse)

    def _keep(self, best: Climb, collapse: Collapse) -> None:
        self._set_parameters(best.parameters)
        self.converged_, self.n_iter_, self.n_sweeps_ = best.converged, len(best.bounds), best.sweeps
        self.lower_bounds_, self._stopping = best.bounds, best.stopping
        self.lower_bound_ = best.bounds[-1] if best.bounds else -np.inf
        if self.record_history:
            self.history_ = best.history
        if not self.converged_ and self.max_iter > 0:
            warnings.warn(
                f"The best start did not converge in max_iter={self.max_iter} iterations. Increase max_iter or tol, "
                'start elsewhere, or try accelerate="anderson".',
                sklearn_class("ConvergenceWarning", ConvergenceWarning),
                stacklevel=5,
            )
        said = collapse.of(self._parameters())
        self.degenerate_ = sorted(said)
        if said:
            warnings.warn(
                f"Degenerate mixture: {'; '.join(said.values())}. Its likelihood depends on reg_covar and not on the "
                'data. Use fewer components, another start, or prior="auto".',
                DegenerateWarning,
                stacklevel=5,
            )

    def _start(
        self,
        start: Parameters | None,
        looked_at: tuple[Array, Array | None, MStep, Collapse, Any],
        how: str,
        searching: bool,
    ) -> Parameters:
        rows, w, rule, collapse, random = looked_at
        k, d = self.n_components, rows.shape[1]
        given = (self.weights_init, self.means_init, self.precisions_init)
        if all(part is not None for part in given):
            start = Parameters(np.empty(0), np.empty(0), np.empty(0))
        elif start is None and how == "short-em":
            shared = self._beginnings if self.n_init == 1 else None  # several starts begin elsewhere
            start = short_runs(rows, w, k, rule, collapse, random, shared, searching)
        if start is None:
            start = starts.start_parameters(how, rows, w, k, rule, random)
        return starts.with_given(start, self.covariance_type, *given, k, d)

    def _check_parameters(self) -> None:
        for name, least in (("n_components", 1), ("max_iter", 0), ("n_init", 1), ("verbose_interval", 1)):
            whole(getattr(self, name), name, least)
        known_type(self.covariance_type)
        if not (isinstance(self.tol, str) and self.tol == "auto"):
            number_from_0(self.tol, "tol", " or 'auto'")
        if not (isinstance(self.reg_covar, str) and self.reg_covar == "auto"):
            number_from_0(self.reg_covar, "reg_covar", " or 'auto'")
        one_of(self.init_params, "init_params", starts.START_METHODS)
        one_of(self.missing, "missing", ("error", "marginalise"))
        one_of(self.accelerate, "accelerate", (None, "squarem", "anderson"))
        if not (self.prior is None or self.prior == "auto" or isinstance(self.prior, NormalInverseWishart)):
            raise ValueError(f"prior is {self.prior!r}; expected None, 'auto' or a NormalInverseWishart.")

    def _say(self, line: str) -> None:
        if self.verbose:
            print(line)

    def _report(self, begun: float, iteration: int, change: float) -> None:
        if iteration % self.verbose_interval == 0:
            more = f"\t time lapse {time.perf_counter() - begun:.5f}s\t ll change {change:.5f}"
            print(f"  Iteration {iteration}{more if self.verbose > 1 else ''}")
