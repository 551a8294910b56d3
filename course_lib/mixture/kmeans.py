"""K-means: each point belongs to the nearest centre, each centre is the mean of its points.

This is EM with hard responsibilities: if all components are spherical with the same variance sigma^2, then
as sigma goes to 0 the responsibility of the nearest centre goes to 1 and all others to 0. The E step
becomes "find the nearest", the M step "take the mean", and the log-likelihood becomes, up to constants,
minus the inertia: the sum of squared distances to the nearest centre. It never rises.

The algorithm stands in `course_lib.mixture.nearest.lloyd`; the same steps at speed, which `KMeans` takes, in
`course_lib.mixture.nearest.bounds`.
"""

import sys
import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.arguments import number_from_0, of_shape, refuse_overflow, refuse_underflow
from course_lib.mixture.covariances import Array
from course_lib.mixture.estimator import (
    ConvergenceWarning,
    Transformer,
    random_source,
    sample_weights,
    sklearn_class,
    whole,
)
from course_lib.mixture.nearest.bounds import bounded, nearest_centres, squared_distances_from_own
from course_lib.mixture.nearest.lloyd import Clusters
from course_lib.mixture.nearest.seeding import enough_distinct, plus_plus
from course_lib.mixture.one_pass.survey import extremes

_ROWS = 4096  # of a block whose distances to all centres are computed at once
_ROWS_OF_MIDDLE = 1000


class KMeans(Transformer):
    """Hard clustering by Lloyd's iterations, started by k-means++.

    Parameters
    ----------
    n_clusters : int
        The number K of clusters.
    init : "k-means++", "random" or array_like, shape (K, d)
        How to choose the first centres: points far from those chosen already, any points, or these.
    n_init : int
        How many starts; the best is kept.
    max_iter : int
        The largest number of iterations of one start.
    tol : float
        Stop when the centres together move by less than this fraction of the features' mean variance
        (squared distances); at 0, when no point changes its cluster.
    random_state : None, int, RandomState or Generator
        The source of random numbers.

    Notes
    -----
    All is computed in float64: from float32 X come centres and distances of float64.

    Attributes
    ----------
    cluster_centers_ : ndarray, shape (K, d)
        The centres.
    labels_ : ndarray of int, shape (n,)
        The nearest centre of each point of X.
    inertia_ : float
        The sum of (weighted) squared distances to the nearest centre, in squared units of X.
    n_iter_ : int
        The iterations of the best start.

    Raises
    ------
    ValueError
        In `fit`: if X has fewer distinct points than there are clusters, or an argument is not what it
        should be.

    References
    ----------
    Lloyd: Least squares quantization in PCM. IEEE Transactions on Information Theory 28 (1982) 129-137.
    Arthur and Vassilvitskii: k-means++: the advantages of careful seeding. SODA (2007) 1027-1035.

    Examples
    --------
    >>> KMeans(2, random_state=0).fit([[1.0], [2.0], [9.0], [10.0]]).cluster_centers_.ravel()
    array([9.5, 1.5])
    """

    _kind = "clusterer"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: str | ArrayLike = "k-means++",
        n_init: int = 1,
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: Any = None,
    ):
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Find the centres.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.
        y : ignored
            There for scikit-learn's sake.
        sample_weight : array_like, shape (n,), optional
            How often each point counts.

        Returns
        -------
        self
        """
        for name, least in (("n_clusters", 1), ("n_init", 1), ("max_iter", 1)):
            whole(getattr(self, name), name, least)
        number_from_0(self.tol, "tol")
        points = self._points(X, reset=True)
        extremes_of = extremes(points)
        refuse_overflow(*extremes_of)
        refuse_underflow(*extremes_of)
        if len(points) < self.n_clusters:
            raise ValueError(
                f"Expected n_samples >= n_clusters but got n_samples = {len(points)}, n_clusters = {self.n_clusters}."
            )
        w = sample_weights(sample_weight, len(points))
        unit = 1.0 if w is None else float(w.max())  # heavy weights times squares of large numbers would overflow
        w = None if w is None else w / unit
        counted = None if w is None or w.all() else w > 0  # a point that counts nothing moves no centre
        weights = np.ones(len(points)) if w is None else w if counted is None else w[counted]
        x = np.asarray(points if counted is None else points[counted], dtype=float)
        self._origin = offset = _middle(x)
        x = x - offset  # distances are differences of squares: near 0, please
        enough_distinct(x, self.n_clusters)
        random = random_source(self.random_state)
        mean = np.average(x, axis=0, weights=weights)
        variances = float(np.average(np.einsum("ij,ij->i", x, x), weights=weights) - mean @ mean)  # their sum
        tolerance = self.tol * max(variances, 0.0) / x.shape[1]
        best: Clusters | None = None
        for _ in range(self.n_init):
            found = bounded(x, weights, self._first_centres(x, weights, offset, random), self.max_iter, tolerance)
            if best is None or found.inertia < best.inertia:
                best = found
        assert best is not None
        inertia, centres, self.labels_, self.n_iter_, converged = best
        self.inertia_ = inertia * unit
        self.cluster_centers_ = centres + offset
        if counted is not None:
            self.labels_ = nearest_centres(points - offset, centres)
        if not converged:
            warnings.warn(
                f"Centres still moved after max_iter={self.max_iter} iterations. Increase max_iter.",
                sklearn_class("ConvergenceWarning", ConvergenceWarning),
                stacklevel=2,
            )
        return self

    def fit_predict(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> np.ndarray:
        """Find the centres and return the label of each point, shape (n,)."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the nearest centre of each point.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.

        Returns
        -------
        ndarray of int, shape (n,)
        """
        self._check_fitted()
        points = self._points(X, reset=False)
        return nearest_centres(points - self._origin, self.cluster_centers_ - self._origin)

    def transform(self, X: ArrayLike) -> Any:
        """Return the distance of each point from each centre: K new features.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.

        Returns
        -------
        ndarray, or table of pandas or polars if `set_output` says so; shape (n, K)
            Euclidean distances (not squared), in the unit of X.

        Examples
        --------
        >>> KMeans(2, random_state=0).fit([[1.0], [2.0], [9.0], [10.0]]).transform([[0.0], [9.5]])
        array([[9.5, 1.5],
               [0. , 8. ]])
        """
        self._check_fitted()
        points = self._points(X, reset=False)
        distances = np.empty((len(points), len(self.cluster_centers_)))
        for start in range(0, len(points), _ROWS):
            rows = points[start : start + _ROWS]
            for j, centre in enumerate(self.cluster_centers_):  # differences first: close points keep their digits
                distances[start : start + _ROWS, j] = np.linalg.norm(rows - centre, axis=1)
        return self._table(distances, X)

    def fit_transform(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Any:
        """Find the centres and return the distance of each point from each of them, shape (n, K)."""
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def score(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> float:
        """Return minus the inertia of these points: the higher, the closer they lie to the centres.

        Parameters
        ----------
        X : array_like, shape (n, d)
            The points.
        y : ignored
            There for scikit-learn's sake.
        sample_weight : array_like, shape (n,), optional
            How often each point counts.

        Returns
        -------
        float
            Minus the sum of (weighted) squared distances to the nearest centre, in squared units of X.

        Examples
        --------
        >>> KMeans(2, random_state=0).fit([[1.0], [2.0], [9.0], [10.0]]).score([[0.0], [9.5]])
        -2.25
        """
        labels = self.predict(X)
        w = sample_weights(sample_weight, len(labels))
        distances = squared_distances_from_own(self._points(X, reset=False), self.cluster_centers_, labels)
        return -float(distances.sum() if w is None else w @ distances)

    def _n_new_features(self) -> int:
        return len(self.cluster_centers_)

    def _is_fitted(self) -> bool:
        return hasattr(self, "cluster_centers_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags = sys.modules["sklearn.utils"].TransformerTags(preserves_dtype=["float64"])
        return tags

    def _first_centres(self, x: Array, weights: Array, offset: Array, random: Any) -> Array:
        if isinstance(self.init, str):
            if self.init == "k-means++":
                return x[plus_plus(x, weights, self.n_clusters, random)]
            if self.init == "random":
                return x[random.choice(len(x), self.n_clusters, replace=False, p=weights / weights.sum())]
            raise ValueError(f"init is {self.init!r}; expected 'k-means++', 'random' or an array of centres.")
        return of_shape(self.init, "init", (self.n_clusters, x.shape[1])) - offset


def _middle(x: Array) -> Array:
    """Return the median of each feature, of rows drawn at random if they are many: where most points are.

    The mean will not do: one row far out takes it along, and the others lose their digits.
    """
    if len(x) > _ROWS_OF_MIDDLE:
        x = x[np.random.default_rng(0).integers(len(x), size=_ROWS_OF_MIDDLE)]
    return np.asarray(np.median(x, axis=0))
