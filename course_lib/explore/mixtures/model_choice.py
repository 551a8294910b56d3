"""Explorable 18: mixtures of one to six components and four covariance types on Old Faithful, and their BIC.

The reader walks along K and changes the covariance type. On the left stands the criterion of all models, on the
right the fitted ellipses of the one that is chosen. Two finds wait: the best model by a hair has three components
where the eye sees two, and the lowest value of all belongs to a model that has cheated. Its component sits on
eruptions that were followed by the same whole number of minutes, and is as thin as the program allows.

The cheat is found only where k-means starts from minutes as they are, and the best fit of three full covariances only
where the features are standardised first. So every model is fitted from starts of both kinds, and the highest
likelihood counts, as it would in any honest search.
"""

import warnings
from functools import lru_cache
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib.datasets import load_old_faithful
from course_lib.explore.controls import Choice, Slider
from course_lib.explore.frames import Explorable, Frame
from course_lib.explore.mixtures.fitted import matrices_of
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLACK, BLUE, GREEN, ORANGE, STYLE, VERMILION, as_svg
from course_lib.mixture import DegenerateWarning, GaussianMixture, KMeans, m_step

TYPES = ("full", "tied", "diag", "spherical")
COLOURS = {"full": BLUE, "tied": VERMILION, "diag": GREEN, "spherical": ORANGE}
MARKS = {"full": "o-", "tied": "s--", "diag": "^:", "spherical": "D-."}
NUMBERS = range(1, 7)
STARTS = 6  # of each kind
FLOOR = 1e-6  # squared minutes, scikit-learn's default


def mixtures_of_old_faithful(embed: bool | None = None) -> Explorable:
    """Show BIC against K for four covariance types on Old Faithful, and the ellipses of the model that is chosen.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the covariance type and the number K of components.

    Examples
    --------
    >>> explorable = mixtures_of_old_faithful(embed=False)
    >>> "2322.2" in explorable.picture.value
    True
    """
    return Explorable(
        _frame,
        [Choice("covariance_type", "Covariances", TYPES), Slider("k", "Components K", NUMBERS, start=2)],
        embed=embed,
        paper={"covariance_type": "diag", "k": 5},
    )


@lru_cache
def best_fit(covariance_type: str, k: int) -> GaussianMixture:
    """Fit Old Faithful from several starts of two kinds, and return the fit with the highest likelihood.

    Parameters
    ----------
    covariance_type : "full", "tied", "diag" or "spherical"
        The covariance type.
    k : int
        The number of components.

    Returns
    -------
    GaussianMixture
        Fitted to durations and waiting times in minutes; it may be degenerate.

    Examples
    --------
    >>> print(f"{best_fit('tied', 3).bic(load_old_faithful()):.1f}")
    2314.3
    """
    X = load_old_faithful()
    settings: dict[str, Any] = {
        "covariance_type": covariance_type,
        "reg_covar": FLOOR,
        "accelerate": "squarem",
        "tol": 1e-6,
    }
    mixtures = [GaussianMixture(k, n_init=STARTS, random_state=0, max_iter=500, **settings)]  # features standardised
    for seed in range(STARTS):
        clusters = KMeans(k, n_init=1, random_state=seed).fit_predict(X)  # in minutes as they are
        weights, means, covariances = m_step(X, np.eye(k)[clusters], covariance_type, FLOOR)
        inverse = np.linalg.inv(covariances) if covariance_type in ("full", "tied") else 1 / covariances
        start: dict[str, Any] = {"weights_init": weights, "means_init": means, "precisions_init": inverse}
        mixtures.append(GaussianMixture(k, max_iter=500, **start, **settings))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateWarning)  # the picture says it
        return max((mixture.fit(X) for mixture in mixtures), key=lambda mixture: mixture.score(X))


def _frame(covariance_type: str, k: int) -> Frame:
    X = load_old_faithful()
    mixture = best_fit(covariance_type, k)
    bic, log_likelihood = mixture.bic(X), mixture.score(X) * len(X)
    parameters = round((bic + 2 * log_likelihood) / np.log(len(X)))
    collapsed = len(mixture.degenerate_)
    verdict = f"{collapsed} collapsed" if collapsed else "none collapsed"
    return Frame(
        as_svg(_picture(covariance_type, k)),
        f"Above: BIC against the number of components, up to {k}, one line for each covariance type; the point of "
        f"{covariance_type}, K = {k}, is marked at {bic:.1f}. Below: the eruptions of Old Faithful with the "
        f"ellipses of its {k} component{'s' if k > 1 else ''}, {verdict}.",
        [
            ("BIC", f"{bic:.1f}"),
            ("Log-likelihood", fixed(log_likelihood, 1)),
            ("Free parameters", f"{parameters}"),
            ("Components", verdict),
        ],
    )


def _picture(covariance_type: str, k: int) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 6.6), layout="constrained")
        above, below = figure.subplots(2, 1)
        _draw_criterion(above, covariance_type, k)
        _draw_mixture(below, best_fit(covariance_type, k))
    return figure


def _draw_criterion(axes: Axes, chosen: str, k: int) -> None:
    X = load_old_faithful()
    for name in TYPES:
        values = [best_fit(name, number).bic(X) for number in NUMBERS[:k]]
        style: dict[str, Any] = {"linewidth": 2.2, "alpha": 1.0} if name == chosen else {"linewidth": 1.2, "alpha": 0.8}
        axes.plot(NUMBERS[:k], values, MARKS[name], color=COLOURS[name], markersize=4, label=name, **style)
    here = best_fit(chosen, k).bic(X)
    top = 2520.0  # spherical models lie far above, and would flatten all that is of interest
    axes.plot(
        [k], [min(here, top)], "o" if here < top else "^", color=BLACK, markersize=10, fillstyle="none", clip_on=False
    )
    axes.set(
        xlabel="components K", ylabel="BIC (lower is better)", xlim=(0.75, 6.25), ylim=(2200, top), xticks=list(NUMBERS)
    )
    axes.legend(loc="upper right", ncols=2, fontsize="medium", title="spherical: above", title_fontsize="medium")


def _draw_mixture(axes: Axes, mixture: GaussianMixture) -> None:
    axes.plot(*load_old_faithful().T, ".", color=BLUE, alpha=0.35, markersize=4)
    angles = np.linspace(0, 2 * np.pi, 60)
    circle = np.array([np.cos(angles), np.sin(angles)])
    for j, (mean, matrix) in enumerate(zip(mixture.means_, matrices_of(mixture), strict=True)):
        values, vectors = np.linalg.eigh(matrix)
        outline = mean[:, None] + 2 * vectors @ (np.sqrt(values)[:, None] * circle)
        collapsed = j in mixture.degenerate_
        axes.plot(*outline, color=VERMILION if collapsed else BLACK, linewidth=3 if collapsed else 1.6)
    axes.set(xlabel="lasted, in minutes", ylabel="then waited, in minutes", xlim=(1, 6), ylim=(40, 100))
