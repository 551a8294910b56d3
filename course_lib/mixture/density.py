"""A fitted mixture as a density: what is the probability of this point, whose is it, draw me another.

Points are whitened by each component's own factor, about its own mean, a block of rows at a time: the form
that is accurate wherever the points are. Where `course_lib.mixture.one_pass.densities` is as accurate and takes less
time, it answers.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture import criteria
from course_lib.mixture.arguments import MARGINALISE, real_array
from course_lib.mixture.conditioning import conditioned, imputed, marginalised, numbers_of
from course_lib.mixture.covariances import (
    MATRICES,
    Array,
    cholesky_factors,
    factor_of,
    free_parameters,
    inverse_factors,
)
from course_lib.mixture.estimator import Estimator, random_source, sample_weights, whole
from course_lib.mixture.nearest.bounds import first_true
from course_lib.mixture.one_pass.densities import Densities
from course_lib.mixture.one_pass.independent import Independent
from course_lib.mixture.one_pass.marginals import log_joint_of_known
from course_lib.mixture.one_pass.summaries import Parameters
from course_lib.mixture.one_pass.survey import extremes

_ROWS = 4096  # of a block of points that are predicted at once


class FittedMixture(Estimator):
    """What a mixture can be asked once its weights, means and covariances are known."""

    _kind = "density_estimator"
    _where_missing = MARGINALISE
    covariance_type: str
    missing: str
    random_state: Any
    weights_: Array
    means_: Array
    covariances_: Array
    converged_: bool
    n_iter_: int

    def _parameters(self) -> Parameters:
        return Parameters(self.weights_, self.means_, self.covariances_)

    def _set_parameters(self, parameters: Parameters) -> None:
        self.weights_, self.means_, self.covariances_ = parameters
        inverse = inverse_factors(cholesky_factors(self.covariances_, self.covariance_type), self.covariance_type)
        if self.covariance_type in ("full", "tied"):
            self.precisions_cholesky_ = np.swapaxes(inverse, -1, -2).copy()
            self.precisions_ = self.precisions_cholesky_ @ inverse
        else:
            self.precisions_cholesky_ = inverse
            self.precisions_ = inverse**2

    def _is_fitted(self) -> bool:
        return hasattr(self, "precisions_cholesky_")

    def _accepts_nan_now(self) -> bool:
        return self.missing == "marginalise"

    def _log_joint(self, X: Array) -> Array:
        """Return log pi_k N(x_n; mu_k, Sigma_k), shape (k, n), whitening about each mean."""
        rows = np.asarray(X, dtype=float)
        if np.isnan(rows).any():
            if self.covariance_type in MATRICES:
                return log_joint_of_known(rows, self._parameters(), self.covariance_type).T
            return Independent(self._parameters(), self.covariance_type).log_joint(rows)
        d = rows.shape[1]
        log_joint = np.empty((len(self.means_), len(rows)))
        inverse = self.precisions_cholesky_
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            for j, mean in enumerate(self.means_):
                U = factor_of(j, inverse, self.covariance_type)
                difference = rows - mean
                z = difference @ U if U.ndim == 2 else difference * U
                half_log_det = np.log(np.diag(U) if U.ndim == 2 else np.broadcast_to(U, d)).sum()
                squared = np.einsum("ni,ni->n", z, z)
                log_joint[j] = np.log(self.weights_[j]) + half_log_det - 0.5 * (d * np.log(2 * np.pi) + squared)
            lost = np.asarray(~(log_joint > -np.inf).any(axis=0))
        return self._nearest_of_the_lost(rows, log_joint, lost) if lost.any() else log_joint

    def _nearest_of_the_lost(self, rows: Array, log_joint: Array, lost: np.ndarray) -> Array:
        """Give points whose density is below all numbers to the component of the smallest distance.

        Their log densities stay minus infinity but for the winner, who gets the lowest number there is.
        """
        unit = np.abs(rows[lost]).max(axis=1, keepdims=True)
        distances = np.empty((int(lost.sum()), len(self.means_)))
        for j, mean in enumerate(self.means_):
            U = factor_of(j, self.precisions_cholesky_, self.covariance_type)
            difference = rows[lost] / unit - mean / unit
            z = difference @ U if U.ndim == 2 else difference * U
            distances[:, j] = np.linalg.norm(z, axis=1) if self.weights_[j] > 0 else np.inf
        winners = np.argmin(distances, axis=1)
        log_joint[winners, np.flatnonzero(lost)] = np.finfo(float).min
        return log_joint

    def _blocks_of(self, X: ArrayLike) -> tuple[int, Iterator[tuple[slice, Array]]]:
        """Return the number of points, and the log joint densities (k, b) of blocks, which the caller may change."""
        self._check_fitted()
        points = self._points(X, reset=False)
        low, high = extremes(points)
        if not np.isnan(low).any():
            quick = Densities(self._parameters(), self.covariance_type, low, high)
            if quick.useful:
                return len(points), quick.of(points)
        pieces = (slice(start, start + _ROWS) for start in range(0, len(points), _ROWS))
        return len(points), ((piece, self._log_joint(points[piece])) for piece in pieces)

    def score_samples(self, X: ArrayLike) -> Array:
        """Log density of each point.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.

        Returns
        -------
        ndarray, shape (n,)
            log p(x_n); with ``missing="marginalise"`` of the entries that are there.
        """
        n, blocks = self._blocks_of(X)
        found = np.empty(n)
        for piece, log_joint in blocks:
            found[piece] = log_sum(log_joint)
        return found

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Mean log density of the points."""
        log_densities = self.score_samples(X)
        return criteria.total(log_densities, None) / len(log_densities)

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Most probable component of each point, shape (n,)."""
        n, blocks = self._blocks_of(X)
        labels = np.empty(n, dtype=np.int64)
        for piece, log_joint in blocks:
            labels[piece] = first_true(log_joint.max(axis=0) <= log_joint)
        return labels

    def predict_proba(self, X: ArrayLike) -> Array:
        """Responsibilities of the components for each point.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.

        Returns
        -------
        ndarray, shape (n, K)
            Rows sum to 1.
        """
        n, blocks = self._blocks_of(X)
        r = np.empty((n, len(self.means_)))
        for piece, log_joint in blocks:
            log_joint -= log_joint.max(axis=0)  # and then divided by the sum, so that it is 1 for far points, too
            np.exp(log_joint, out=log_joint)
            log_joint /= log_joint.sum(axis=0)
            r[piece] = log_joint.T
        return r

    def sample(self, n_samples: int = 1, random_state: Any = None) -> tuple[Array, np.ndarray]:
        """Draw points from the mixture.

        Parameters
        ----------
        n_samples : int
            How many, at least 1.
        random_state : None, int, RandomState or Generator
            The source of random numbers; None for the constructor's.

        Returns
        -------
        X : ndarray, shape (n_samples, d)
            The points, those of component 0 first.
        labels : ndarray of int, shape (n_samples,)
            The component that drew each.
        """
        self._check_fitted()
        whole(n_samples, "n_samples", 1)
        random = random_source(self.random_state if random_state is None else random_state)
        k, d = self.means_.shape
        counts = random.multinomial(n_samples, self.weights_ / self.weights_.sum())
        labels = np.repeat(np.arange(k), counts)
        noise = random.standard_normal((n_samples, d)) if hasattr(random, "integers") else random.randn(n_samples, d)
        factors = cholesky_factors(self.covariances_, self.covariance_type)
        X = np.empty((n_samples, d))
        for j in range(k):
            L = factor_of(j, factors, self.covariance_type)
            own = noise[labels == j]
            X[labels == j] = self.means_[j] + (own @ L.T if L.ndim == 2 else own * L)
        return X, labels

    def bic(self, X: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Bayesian information criterion, ``p log n - 2 log L``; the lower the better (Schwarz 1978).

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.
        sample_weight : array_like, shape (n,), optional
            How often each point counts: the criterion of points with weights is that of the repeated points.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If the weights sum to less than two points: they are no repeats.
        """
        log_densities = self.score_samples(X)
        w = sample_weights(sample_weight, len(log_densities))
        return criteria.bic(log_densities, w, self._n_parameters())

    def aic(self, X: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Akaike's information criterion, ``2 p - 2 log L``; the lower the better (Akaike 1974).

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.
        sample_weight : array_like, shape (n,), optional
            How often each point counts.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If the weights sum to less than two points: they are no repeats.
        """
        log_densities = self.score_samples(X)
        w = sample_weights(sample_weight, len(log_densities))
        return criteria.aic(log_densities, w, self._n_parameters())

    def icl(self, X: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Integrated completed likelihood: BIC and twice the entropy of the responsibilities.

        Overlapping components cost, so that it counts clusters where BIC counts components (Biernacki,
        Celeux and Govaert 2000); the lower the better.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.
        sample_weight : array_like, shape (n,), optional
            How often each point counts.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If the weights sum to less than two points: they are no repeats.
        """
        log_densities, entropies = self._densities_and_entropies(X)
        w = sample_weights(sample_weight, len(entropies))
        return criteria.bic(log_densities, w, self._n_parameters()) + 2 * criteria.total(entropies, w)

    def _densities_and_entropies(self, X: ArrayLike) -> tuple[Array, Array]:
        """Return the log density of each point and the entropy of its responsibilities, both (n,), in one pass."""
        n, blocks = self._blocks_of(X)
        log_densities, entropies = np.empty(n), np.empty(n)
        for piece, log_joint in blocks:
            log_densities[piece] = log_sum(log_joint.copy())
            entropies[piece] = criteria.entropies(log_joint - log_densities[piece])
        return log_densities, entropies

    def _n_parameters(self) -> int:
        return free_parameters(self.covariance_type, *self.means_.shape)

    @property
    def columns_(self) -> tuple[int, ...]:
        """The columns of X that the mixture is about: all, but for those that `select_mixture` left out."""
        self._check_fitted()
        return self._wider[1] if self._wider else tuple(range(self.means_.shape[1]))

    def marginal(self, columns: ArrayLike) -> Self:
        """Return the mixture of some of the features, the others integrated out.

        Parameters
        ----------
        columns : array_like of int or str, shape (m,)
            The columns of X to keep, by number or name, in the order in which they shall stand.

        Returns
        -------
        GaussianMixture
            Fitted, in m dimensions; its weights are the same.

        References
        ----------
        Bishop (2006), equation 2.98.
        """
        self._check_fitted()
        kept = numbers_of(
            np.atleast_1d(np.asarray(columns)).tolist(), self._names(), self.columns_ if self._wider else ()
        )
        return self._derived(marginalised(self._parameters(), self.covariance_type, kept), kept)

    def conditional(self, known: Mapping[Any, Any]) -> Any:
        """Return the mixture of the other features, given the values of some.

        Parameters
        ----------
        known : dict
            Column of X, by number or name, to its value, or to m values, one for each of m points.

        Returns
        -------
        GaussianMixture, or list of m of them
            Fitted, in the features that are not known, in their order. The weights are the
            responsibilities for what is known. A tied mixture stays tied, and so on.

        Raises
        ------
        TypeError
            If it is no dict.
        ValueError
            If a column does not exist, nothing or everything is known, or a value is not finite.

        References
        ----------
        Bishop (2006), equations 2.81 and 2.82.

        Examples
        --------
        >>> from course_lib.mixture import GaussianMixture
        >>> mixture = GaussianMixture(1, reg_covar=0.0).fit([[0, 0], [1, 1], [2, 3], [3, 2]])
        >>> mixture.conditional({0: 3.0}).means_.round(2)            # the regression line, at 3
        array([[2.7]])
        >>> [round(given.means_.item(), 2) for given in mixture.conditional({0: [0.5, 3.0]})]
        [0.7, 2.7]
        """
        self._check_fitted()
        if not isinstance(known, Mapping):
            raise TypeError(f"known is a {type(known).__name__}; expected a dict of columns and values: {{0: 1.5}}.")
        given = numbers_of(known, self._names(), self.columns_ if self._wider else ())
        values = [np.asarray(real_array(value, f"known[{name!r}]"), dtype=float) for name, value in known.items()]
        if len({len(value) for value in values if value.ndim}) > 1 or any(value.ndim > 1 for value in values):
            raise ValueError(
                f"known has values of the shapes {', '.join(str(value.shape) for value in values)}; expected a number "
                "each, or m numbers each, one for each of m points."
            )
        values = list(np.broadcast_arrays(*values))
        rest = [column for column in range(self.means_.shape[1]) if column not in given]
        one = not values or values[0].ndim == 0
        found = []
        for row in np.reshape(np.transpose(values), (-1, len(given))).tolist() if given else [[]]:
            left = conditioned(self._parameters(), self.covariance_type, dict(zip(given, row, strict=True)))
            found.append(self._derived(left, rest))
        return found[0] if one else found

    def impute(self, X: ArrayLike, draw: bool = False, random_state: Any = None) -> Array:
        """Fill in missing entries by what the mixture expects there.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points; NaN where an entry is missing.
        draw : bool
            Whether to draw each missing part from its conditional distribution. Several such draws show how uncertain
            it is; conditional means alone make the data look narrower than they are.
        random_state : None, int, RandomState or Generator
            The source of random numbers; None for the constructor's.

        Returns
        -------
        ndarray, shape (n, d)
            X with its missing entries filled in. Columns that `select_mixture` left out are as they were given.

        Examples
        --------
        >>> from course_lib.mixture import GaussianMixture
        >>> mixture = GaussianMixture(1, reg_covar=0.0).fit([[0, 0], [1, 1], [2, 3], [3, 2]])
        >>> mixture.impute([[3.0, np.nan], [1.0, 5.0]]).round(2)
        array([[3. , 2.7],
               [1. , 5. ]])
        """
        self._check_fitted()
        points = self._points(X, reset=False, holes=True)
        source = self.random_state if random_state is None else random_state
        found = imputed(self._parameters(), self.covariance_type, points, random_source(source) if draw else None)
        given = real_array(X, "X")
        if given.shape == found.shape:
            return found
        filled = np.array(given, dtype=float)
        filled[:, list(self._wider[1])] = found
        return filled

    def _names(self) -> list[str] | None:
        names = getattr(self, "feature_names_in_", None)
        return None if names is None else list(names)

    def _derived(self, parameters: Parameters, columns: list[int]) -> Self:
        settings = {
            "n_components": len(parameters.weights),
            "covariance_type": self.covariance_type,
            "random_state": self.random_state,
            "missing": self.missing,
        }
        made = type(self)().set_params(**settings)
        made._set_parameters(parameters)
        made.n_features_in_ = parameters.means.shape[1]
        names = self._names()
        if names is not None:
            made.feature_names_in_ = np.array([names[j] for j in columns], dtype=object)
        made.converged_, made.n_iter_ = self.converged_, self.n_iter_
        return made


def log_sum(log_joint: Array) -> Array:
    """Return the logarithm of the sum of exponentials of (k, b) over k, shape (b,); the array is used to work in."""
    largest = log_joint.max(axis=0)
    log_joint -= largest
    return np.asarray(largest + np.log(np.exp(log_joint, out=log_joint).sum(axis=0)))
