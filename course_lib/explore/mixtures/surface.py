"""Explorable 15: the likelihood of two means as a landscape, and the path of EM through it.

With weights and variances known, a mixture of two Gaussians on a line has two unknowns, and its log-likelihood is a
surface that can be drawn. If the weights are equal, exchanging the two means changes nothing: the surface has two
equal summits, mirror images in the diagonal, and a ridge between them. If they are not equal, the mirror image is a
lower summit: a local maximum in which the labels are the wrong way round. On the diagonal itself EM stays for ever.
"""

from functools import lru_cache

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.datasets import two_clusters_on_a_line
from course_lib.explore.controls import Choice, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import GREY, SKY, STYLE, VERMILION, as_svg
from course_lib.mixture import e_step

WEIGHTS = {"equal": (0.5, 0.5), "0.4 and 0.6": (0.4, 0.6)}
LOW, HIGH = -5.0, 6.0
DEPTHS = (500, 300, 200, 120, 70, 40, 20, 10, 4, 1)  # of the contours below the highest summit
STARTS = [round(-4.5 + 0.5 * k, 1) for k in range(21)]


def likelihood_surface(embed: bool | None = None) -> LiveExplorable:
    """Show the log-likelihood of two means, and where EM goes from a start.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the start of each mean, and the known weights.

    Examples
    --------
    >>> words, reading = likelihood_surface().says(mu1=1.0, mu2=1.0, weights="equal")
    >>> reading[3]
    ('That is', 'a saddle, where both means are equal')
    """
    surfaces = {
        name: {
            "weights": list(weights),
            "best": summit(name),
            "contours": [line.round(2).tolist() for line in _contours(name)],
        }
        for name, weights in WEIGHTS.items()
    }
    return LiveExplorable(
        _says,
        _picture,
        [
            Slider("mu1", "First mean starts at", STARTS, start=4.5, written="{:.1f}".format),
            Slider("mu2", "Second mean starts at", STARTS, start=3.5, written="{:.1f}".format),
            Choice("weights", "Known weights", list(WEIGHTS)),
        ],
        module="likelihood_surface",
        data={"points": _points().ravel().tolist(), "surfaces": surfaces, "limits": [LOW, HIGH]},
        embed=embed,
    )


def _points() -> np.ndarray:
    return np.asarray(two_clusters_on_a_line()[0].round(3))


def log_likelihood_of_means(mu1: float, mu2: float, weights: str) -> float:
    """Return the log-likelihood of two means, for known weights and standard deviations of 1.

    Parameters
    ----------
    mu1, mu2 : float
        The means, in the unit of the points.
    weights : "equal" or "0.4 and 0.6"
        The known weights.

    Returns
    -------
    float

    Examples
    --------
    >>> a, b = (log_likelihood_of_means(*means, "equal") for means in [(0.0, 2.0), (2.0, 0.0)])
    >>> abs(a - b) < 1e-9
    True
    """
    return e_step(_points(), WEIGHTS[weights], [[mu1], [mu2]], [1.0, 1.0], "spherical")[0]


def em_path(mu1: float, mu2: float, weights: str) -> np.ndarray:
    """Return the means of EM from a start until they move by less than a thousandth, shape (iterations + 1, 2).

    Examples
    --------
    >>> em_path(-1.0, 1.0, "equal")[-1].round(1)
    array([-1.6,  2. ])
    """
    x, way = _points(), [np.array([mu1, mu2])]
    while len(way) <= 200:
        _, r = e_step(x, WEIGHTS[weights], way[-1][:, None], [1.0, 1.0], "spherical")
        way.append((r.T @ x).ravel() / r.sum(axis=0))
        if np.abs(way[-1] - way[-2]).max() < 1e-3:
            break
    return np.array(way)


@lru_cache
def summit(weights: str) -> float:
    """Return the log-likelihood of the highest summit, to four decimals."""
    mu1, mu2 = em_path(-1.5, 2.0, weights)[-1]
    return round(log_likelihood_of_means(mu1, mu2, weights), 4)


@lru_cache
def _contours(weights: str) -> list[np.ndarray]:
    """Lines of equal log-likelihood, each shape (m, 2)."""
    grid = np.linspace(LOW, HIGH, 67)
    x, (w1, w2) = _points(), WEIGHTS[weights]
    density = np.exp(-((x - grid) ** 2) / 2) / np.sqrt(2 * np.pi)
    surface = np.array(
        [[np.log(w1 * density[:, i] + w2 * density[:, j] + 1e-300).sum() for i in range(67)] for j in range(67)]
    )
    axes = Figure().subplots()
    lines = axes.contour(grid, grid, surface, levels=[summit(weights) - depth for depth in DEPTHS])
    return [np.asarray(segment) for level in lines.allsegs for segment in level]


def _says(mu1: float, mu2: float, weights: str) -> Words:
    way = em_path(mu1, mu2, weights)
    (a, b), steps = way[-1], len(way) - 1
    height = log_likelihood_of_means(a, b, weights)
    if abs(a - b) < 0.01:
        kind = "a saddle, where both means are equal"
    elif height < summit(weights) - 0.1:
        kind = "the lower summit"
    else:
        kind = "one of two equal summits" if weights == "equal" else "the higher summit"
    text = (
        f"Contours of the log-likelihood over the two means. From ({fixed(mu1, 1)}, {fixed(mu2, 1)}) EM goes in "
        f"{steps} iterations to ({fixed(a, 2)}, {fixed(b, 2)}): {kind}, with log-likelihood {fixed(height, 1)}."
    )
    return text, [
        ("It ends at", f"({fixed(a, 2)}, {fixed(b, 2)})"),
        ("Log-likelihood there", fixed(height, 1)),
        ("Iterations", f"{steps}"),
        ("That is", kind),
    ]


def _picture(mu1: float, mu2: float, weights: str) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(4.8, 4.6), layout="constrained")
        axes = figure.subplots()
    for line in _contours(weights):
        axes.plot(*line.T, color=SKY, linewidth=1.2)
    way = em_path(mu1, mu2, weights)
    axes.plot([LOW, HIGH], [LOW, HIGH], ":", color=GREY, linewidth=1)
    axes.plot(*way.T, "o-", color=VERMILION, markersize=4)
    axes.plot(*way[0], "o", color="white", markeredgecolor="black", markersize=8)
    axes.set(xlabel="first mean", ylabel="second mean", title="Log-likelihood, and the path of EM")
    axes.grid(False)
    return as_svg(figure)
