"""A fitted mixture as a picture: the points, and an ellipse for each component.

The ellipses are those of one and two standard deviations: the points that L, with L L' = Sigma, makes of circles with
radius 1 and 2. In two dimensions a component has 39 % of its points within the first and 86 % within the second. The
heavier a component, the darker its ellipses. A component that has collapsed is drawn in another colour and dashed.
"""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from course_lib.explore.pictures import BLACK, BLUE, GREY, STYLE, VERMILION
from course_lib.mixture import GaussianMixture

RADII = (1.0, 2.0)  # standard deviations
FAINTEST = 0.25  # the opacity of a component with next to no weight
MOST_POINTS = 5000  # that are drawn: more only make a blot


def plot_mixture(
    model: GaussianMixture,
    X: ArrayLike | None = None,
    *,
    columns: Sequence[int] | None = None,
    axes: Axes | None = None,
) -> Axes:
    """Draw a fitted mixture: points, ellipses at one and two standard deviations, weights as opacity.

    Parameters
    ----------
    model : GaussianMixture
        The mixture, fitted, in one or more dimensions.
    X : array_like, shape (n, d), optional
        The points. Of more than 5000, every so many are drawn.
    columns : pair of int, optional
        Which columns of X to show, across and up; the others are integrated out. The first two of the mixture, if not
        given. With one feature the densities of the components are drawn as curves over a histogram.
    axes : matplotlib.axes.Axes, optional
        Where to draw; a new figure of pyplot, which a notebook shows, if it is not given.

    Returns
    -------
    matplotlib.axes.Axes
        For titles and labels.

    Raises
    ------
    ValueError
        If the columns are not two different features of the mixture (one that `select_mixture` left out is none), or X
        has another number of features.

    Examples
    --------
    >>> X = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [9.0, 8.0], [8.0, 8.0], [8.0, 9.0]]
    >>> axes = plot_mixture(GaussianMixture(2, covariance_type="spherical", random_state=0).fit(X), X)
    >>> len(axes.patches)                       # two ellipses for each of two components
    4
    """
    kept = list(model.columns_)
    d = len(kept)
    points = None if X is None else np.asarray(X, dtype=float)
    if points is not None and points.ndim == 2 and points.shape[1] > kept[-1]:
        points = points[:, kept] if points.shape[1] != d else points
    elif points is not None and points.shape[1:] != (d,):
        raise ValueError(f"X has shape {points.shape}; expected (n, {d}), the features of the mixture.")
    names = dict(zip(kept, getattr(model, "feature_names_in_", [f"feature {j}" for j in kept]), strict=True))
    if axes is None:
        axes = _new_axes()
    with matplotlib.rc_context(STYLE):
        if d == 1:
            _draw_curves(axes, model, points)
            axes.set(xlabel=str(names[kept[0]]), ylabel="density")
            return axes
        pair = kept[:2] if columns is None else list(columns)
        if len(pair) != 2 or pair[0] == pair[1] or not all(column in kept for column in pair):
            expected = f"0 to {d - 1}" if kept == list(range(d)) else f"{kept}"
            raise ValueError(f"columns are {columns}; expected two different numbers of {expected}.")
        if points is not None:
            across, up = (points[:: -(-len(points) // MOST_POINTS), kept.index(column)] for column in pair)
            axes.plot(across, up, ".", color=GREY, alpha=0.5, markersize=4)
        _draw_ellipses(axes, model, pair)
        axes.set(xlabel=str(names[pair[0]]), ylabel=str(names[pair[1]]))
    return axes


def matrices_of(model: GaussianMixture) -> np.ndarray:
    """Return the covariance matrix of each component, whatever its covariance type.

    Parameters
    ----------
    model : GaussianMixture
        The mixture, fitted.

    Returns
    -------
    ndarray, shape (K, d, d)

    Examples
    --------
    >>> X = [[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]]
    >>> matrices_of(GaussianMixture(1, covariance_type="spherical", reg_covar=0.0).fit(X))
    array([[[1., 0.],
            [0., 1.]]])
    """
    k, d = model.means_.shape
    covariances = model.covariances_
    if model.covariance_type in ("full", "tied"):
        return np.array(np.broadcast_to(covariances, (k, d, d)))
    variances = covariances if model.covariance_type == "diag" else covariances[:, None]
    return np.array([np.diag(row) for row in np.broadcast_to(variances, (k, d))])


def opacity(weight: float, largest: float) -> float:
    """Return how opaque a component is drawn: 1 for the heaviest, and never so faint that it could be missed.

    Parameters
    ----------
    weight, largest : float
        The weight of the component, and of the heaviest.

    Returns
    -------
    float

    Examples
    --------
    >>> opacity(0.5, 0.5), opacity(0.0, 0.5)
    (1.0, 0.25)
    """
    return FAINTEST + (1 - FAINTEST) * weight / largest


def _new_axes() -> Axes:
    import matplotlib.pyplot as plt  # takes most of a second, and only this needs it

    with matplotlib.rc_context(STYLE):
        return plt.figure(figsize=(6.4, 4.2), layout="constrained").add_subplot()


def _draw_ellipses(axes: Axes, model: GaussianMixture, pair: list[int]) -> None:
    angles = np.linspace(0, 2 * np.pi, 73)
    circle = np.array([np.cos(angles), np.sin(angles)])
    small = model.marginal(pair)
    degenerate = getattr(model, "degenerate_", [])
    for j, (mean, matrix, weight) in enumerate(zip(small.means_, matrices_of(small), small.weights_, strict=True)):
        strength = opacity(weight, small.weights_.max())
        how: dict[str, Any] = {"color": BLUE}
        if j in degenerate:
            how = {"color": VERMILION, "linestyle": "--"}
        for radius in RADII:
            outline = mean[:, None] + radius * np.linalg.cholesky(matrix) @ circle
            axes.fill(*outline, facecolor=how["color"], alpha=0.12 * strength, edgecolor="none", zorder=1.5)
            axes.plot(*outline, alpha=strength, linewidth=1.8 if radius == RADII[0] else 1.1, **how)
        axes.plot(*mean, "+", color=BLACK, alpha=strength, markersize=8)


def _draw_curves(axes: Axes, model: GaussianMixture, points: np.ndarray | None) -> None:
    if points is not None:
        axes.hist(points[:, 0], bins="auto", density=True, color=GREY, alpha=0.35)
    spread = 3.5 * np.sqrt(matrices_of(model)[:, 0, 0])
    x = np.linspace((model.means_[:, 0] - spread).min(), (model.means_[:, 0] + spread).max(), 400)
    joint = model.predict_proba(x[:, None]) * np.exp(model.score_samples(x[:, None]))[:, None]
    for j, curve in enumerate(joint.T):
        axes.plot(x, curve, color=BLUE, alpha=opacity(model.weights_[j], model.weights_.max()), linewidth=1.6)
    axes.plot(x, joint.sum(axis=1), color=BLACK, linewidth=1.2)
