"""How sure is a fitted mixture? Standard errors, and a test for one more component, by fitting again and again.

*Standard errors.* Other data of the same kind would have given other estimates. We have no other data, but the points
are a sample of them, so samples of the points are drawn: n points, with replacement. That a point was drawn twice is
a weight of 2, so nothing is copied. Each fit begins at the mixture that was fitted to all: so it is short, and
component j stays component j.

*One more component.* The likelihood ratio of K and K + 1 components has no chi-squared distribution: under the
hypothesis the parameters of one component too many are not defined. Its distribution is simulated: data are drawn from
the mixture with K components, and both are fitted to them (McLachlan 1987).

Efron: Bootstrap methods: another look at the jackknife. Annals of Statistics 7 (1979) 1-26. McLachlan: On
bootstrapping the likelihood ratio test statistic for the number of components in a normal mixture. Journal of the
Royal Statistical Society C 36 (1987) 318-324.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.arguments import number_from_0
from course_lib.mixture.covariances import Array
from course_lib.mixture.criteria import too_few_counted
from course_lib.mixture.estimator import random_source, sample_weights, whole
from course_lib.mixture.gaussian_mixture import GaussianMixture
from course_lib.mixture.one_pass.summaries import Parameters


@dataclass(frozen=True)
class Bootstrap:
    """The mixtures that were fitted to samples of the points.

    Attributes
    ----------
    replicates : Parameters
        Weights (B, K), means (B, K, d) and covariances (B, ...) of the B fits, component by component.
    failed : int
        How many samples could not be fitted, since a component collapsed; they are left out.
    """

    replicates: Parameters
    failed: int

    def __repr__(self) -> str:
        count, k, d = self.replicates.means.shape
        return f"Bootstrap({count} fits, {self.failed} failed; K = {k}, d = {d}; see standard_errors and interval())"

    @property
    def standard_errors(self) -> Parameters:
        """Standard errors of weights, means and covariances, each in the shape of what it is the error of."""
        return Parameters(*(np.std(part, axis=0, ddof=1) for part in self.replicates))

    def interval(self, level: float = 0.95) -> tuple[Parameters, Parameters]:
        """Return the lower and the upper ends of percentile intervals.

        Parameters
        ----------
        level : float
            How many of the fits lie within, between 0 and 1.

        Returns
        -------
        (Parameters, Parameters)

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        number_from_0(level, "level", " and below 1, such as 0.95")
        if not 0 < level < 1:
            raise ValueError(f"level is {level}; expected a number between 0 and 1, such as 0.95.")
        ends = ((1 - level) / 2, (1 + level) / 2)
        low, high = (Parameters(*(np.quantile(part, end, axis=0) for part in self.replicates)) for end in ends)
        return low, high


@dataclass(frozen=True)
class LikelihoodRatio:
    """A test of K components against K + 1.

    Attributes
    ----------
    statistic : float
        Twice the difference of the log-likelihoods.
    p_value : float
        How often a mixture with K components gives such a statistic, or a larger one; the data count as one case.
    simulated : ndarray, shape (B,)
        The statistics of the simulated data.
    """

    statistic: float
    p_value: float
    simulated: Array

    def __repr__(self) -> str:
        found = f"statistic={self.statistic:.4g}, p_value={self.p_value:.4g}"
        return f"LikelihoodRatio({found}, {len(self.simulated)} simulated)"


def bootstrap(
    model: GaussianMixture,
    X: ArrayLike,
    n_samples: int = 200,
    *,
    sample_weight: ArrayLike | None = None,
    random_state: Any = None,
) -> Bootstrap:
    """Fit a mixture to samples of its points, and tell how much its parameters vary.

    Parameters
    ----------
    model : GaussianMixture
        The mixture, fitted to X.
    X : array_like, shape (n, d)
        Its points.
    n_samples : int
        The number B of samples. 200 tell a standard error to 5 %; percentiles want 1000.
    sample_weight : array_like, shape (n,), optional
        How often each point counts; their sum, rounded, is the number of points that are drawn.
    random_state : None, int, RandomState or Generator
        The source of random numbers.

    Returns
    -------
    Bootstrap
        With ``.standard_errors`` and ``.interval(level)``.

    Raises
    ------
    TypeError
        If the model is no mixture.
    ValueError
        If it is not fitted, X has other columns than it, no sample can be fitted, or the weights sum to fewer points
        than one more than its components.

    Warns
    -----
    UserWarning
        If the weights sum to fewer points than the mixture has free parameters.

    Examples
    --------
    >>> X = np.random.RandomState(0).normal(size=(400, 1))
    >>> found = bootstrap(GaussianMixture(1).fit(X), X, random_state=0)
    >>> float(found.standard_errors.means[0, 0].round(2))            # sigma / sqrt(n) is 0.05
    0.05
    """
    whole(n_samples, "n_samples", 2)
    points = _points_of(model, X)
    w = sample_weights(sample_weight, len(points))
    shares = np.full(len(points), 1 / len(points)) if w is None else w / w.sum()
    size = len(points) if w is None else _number_drawn(model, w)
    random = random_source(random_state)
    again = _from_the_same_start(model)
    fits: list[Parameters] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(n_samples):
            counts = random.multinomial(size, shares).astype(float)
            try:
                again.fit(points, sample_weight=counts)
            except ValueError:
                continue
            fits.append(Parameters(again.weights_, again.means_, again.covariances_))
    if len(fits) < 2:
        raise ValueError(
            f"Of {n_samples} samples {len(fits)} could be fitted; expected at least 2. A component has too few points "
            'for a sample of them: use fewer components, or prior="auto".'
        )
    return Bootstrap(Parameters(*map(np.array, zip(*fits, strict=True))), n_samples - len(fits))


def likelihood_ratio_test(
    model: GaussianMixture, X: ArrayLike, n_samples: int = 99, *, random_state: Any = None
) -> LikelihoodRatio:
    """Test whether a mixture needs one more component.

    Parameters
    ----------
    model : GaussianMixture
        The mixture with K components, fitted to X: the hypothesis.
    X : array_like, shape (n, d)
        Its points.
    n_samples : int
        The number B of simulated data sets. The p-value is a multiple of 1 / (B + 1).
    random_state : None, int, RandomState or Generator
        The source of random numbers.

    Returns
    -------
    LikelihoodRatio
        With ``.statistic``, ``.p_value`` and ``.simulated``.

    Raises
    ------
    TypeError
        If the model is no mixture.
    ValueError
        If it is not fitted, X has other columns than it, or K + 1 components cannot be fitted to X.

    Examples
    --------
    >>> X = np.r_[np.random.RandomState(0).normal(size=(60, 1)), np.random.RandomState(1).normal(size=(60, 1)) + 6]
    >>> likelihood_ratio_test(GaussianMixture(1).fit(X), X, n_samples=19, random_state=0).p_value
    0.05
    """
    whole(n_samples, "n_samples", 1)
    points = _points_of(model, X)
    random = random_source(random_state)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statistic = _ratio(model, points, random)
        null = _from_the_same_start(model)
        simulated = []
        for seed in (random.uniform(size=n_samples) * 2**31).astype(int).tolist():  # data that no start's draws change
            drawn = model.sample(len(points), random_state=seed)[0]
            try:
                simulated.append(_ratio(null.fit(drawn), drawn, seed))
            except ValueError:  # one more component collapsed: no evidence for it
                simulated.append(0.0)
    p_value = (1 + np.count_nonzero(np.array(simulated) >= statistic)) / (n_samples + 1)
    return LikelihoodRatio(statistic, float(p_value), np.array(simulated))


def _number_drawn(model: GaussianMixture, w: Array) -> int:
    """Return how many points the weights count together.

    Raises
    ------
    ValueError
        If that is not one more than there are components, so that no sample has anything to tell of a width.
    """
    size, least = round(float(w.sum())), len(model.weights_) + 1
    if size < least:
        raise too_few_counted(w, least)
    if size < model._n_parameters():
        warnings.warn(
            f"sample_weight sums to {w.sum():.3g}, so that each sample has {size} points, fewer than the "
            f"{model._n_parameters()} free parameters of the mixture: the standard errors are those of so small a "
            "sample. If the weights are right up to a factor only, give sample_weight * len(sample_weight) / "
            "sample_weight.sum().",
            UserWarning,
            stacklevel=3,
        )
    return size


def _points_of(model: GaussianMixture, X: ArrayLike) -> np.ndarray:
    """Return the points as an array, if they can be those to which the mixture was fitted.

    Raises
    ------
    TypeError
        If the model is no mixture.
    ValueError
        If it is not fitted, or X has other columns than it.
    """
    if not isinstance(model, GaussianMixture):
        raise TypeError(f"model is a {type(model).__name__}; expected a GaussianMixture that was fitted to X.")
    model._check_fitted()
    return model._points(X, reset=False)


def _ratio(model: GaussianMixture, X: np.ndarray, random: Any) -> float:
    """Return twice what one more component adds to the log-likelihood, from the better of two starts.

    Since a likelihood with one more component is never lower, the second start is the model itself, its heaviest
    component cut in two.
    """
    parameters = {**model.get_params(), "n_components": model.n_components + 1, "random_state": random}
    parameters |= {"weights_init": None, "means_init": None, "precisions_init": None, "warm_start": False}
    larger = GaussianMixture(**parameters)
    below = float(model.score_samples(X).sum())
    ends = []
    for start in ({}, _halved(model)):
        try:
            ends.append(float(larger.set_params(**start).fit(X).score_samples(X).sum()))
        except ValueError as error:
            failure = error
    if not ends:
        raise ValueError(f"One more component than {model.n_components} cannot be fitted: {failure}") from failure
    return max(0.0, 2 * (max(ends) - below))


def _halved(model: GaussianMixture) -> dict[str, Array]:
    """Return the start of a mixture whose heaviest component is two halves, moved apart by its standard deviation."""
    j = int(np.argmax(model.weights_))
    weights = np.append(model.weights_, model.weights_[j] / 2)
    weights[j] /= 2
    points, labels = model.sample(4 * len(weights) * 100, random_state=0)
    own = points[labels == j] - model.means_[j]
    axis = np.linalg.svd(own, full_matrices=False)[2][0]
    step = axis * float(np.std(own @ axis)) / 2
    means = np.vstack([model.means_, model.means_[j] + step])
    means[j] -= step
    precisions = model.precisions_
    if model.covariance_type != "tied":
        precisions = np.concatenate([precisions, precisions[j : j + 1]])
    return {"weights_init": weights, "means_init": means, "precisions_init": precisions}


def _from_the_same_start(model: GaussianMixture) -> GaussianMixture:
    """Return an unfitted mixture with the same arguments that begins where the model ended."""
    start = {"weights_init": model.weights_, "means_init": model.means_, "precisions_init": model.precisions_}
    return GaussianMixture(**{**model.get_params(), **start, "n_init": 1, "warm_start": False, "verbose": 0})
