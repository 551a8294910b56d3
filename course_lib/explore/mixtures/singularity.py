"""Explorable 17: the likelihood running away. A component sits on one point, and shrinks.

The likelihood of a Gaussian mixture has no maximum. Put the mean of one component exactly on a point and let its
standard deviation sigma go to 0: the density at that point grows like 1 / sigma, and all other points are still served
by the other component. So the log-likelihood gains log 10 with every tenth of sigma, without end. At the least
distance from the point it turns round in the end, at a sigma of about that distance: a spurious maximum.
"""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.datasets import two_clusters_on_a_line
from course_lib.explore.controls import Choice, LogSlider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.pictures import GREY, STYLE, VERMILION, as_svg
from course_lib.mixture import e_step, log_gaussian

WEIGHTS = np.array([0.9, 0.1])
EXPONENTS = [k / 10 for k in range(-60, 1)]
DISTANCES = ["0", "0.001", "0.01", "0.1"]


def runaway_likelihood(embed: bool | None = None) -> LiveExplorable:
    """Show how the log-likelihood grows as a component shrinks onto a point.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: sigma of the narrow component, and the distance of its mean from the point.

    Examples
    --------
    >>> explorable = runaway_likelihood()
    >>> gains = [float(explorable.says(sigma=s, distance="0")[1][2][1]) for s in (1e-3, 1e-4)]
    >>> bool(abs(gains[1] - gains[0] - np.log(10)) < 0.02)
    True
    """
    points = _points()
    return LiveExplorable(
        _says,
        _picture,
        [
            LogSlider("sigma", "Sigma", EXPONENTS, start=0.0, written="{:.1e}".format),
            Choice("distance", "Distance of its mean from the point", DISTANCES),
        ],
        module="singularity",
        data={
            "points": points.ravel().tolist(),
            "model": {
                "weights": WEIGHTS.tolist(),
                "wide": [float(points.mean()), float(points.std())],
                "chosen": float(points[CHOSEN, 0]),
            },
            "alone": _alone(),
        },
        embed=embed,
    )


CHOSEN = 16  # the point on which the narrow component sits: it has no neighbours


def _points() -> np.ndarray:
    return np.asarray(two_clusters_on_a_line(30)[0].round(3))


def _alone() -> float:
    points = _points()
    return float(log_gaussian(points, points.mean(axis=0)[None], [points.var()], "spherical").sum())


def _log_likelihood(sigma: float, distance: float) -> tuple[float, float]:
    """Return the log-likelihood, and the narrow component's share of its point."""
    points = _points()
    means = [points.mean(axis=0), points[CHOSEN] + distance]
    height, r = e_step(points, WEIGHTS, means, [points.var(), sigma**2], "spherical")
    return height, float(r[CHOSEN, 1])


def _says(sigma: float, distance: str) -> Words:
    (height, share), alone = _log_likelihood(sigma, float(distance)), _alone()
    mantissa, exponent = f"{sigma:.1e}".split("e")
    text = (
        f"A narrow component of sigma {mantissa}e{int(exponent):+d}, its mean {distance} from one point. The "
        f"log-likelihood is {height:.2f}, against {alone:.2f} without it. It has {100 * share:.1f} percent of that "
        f"point."
    )
    return text, [
        ("Log-likelihood", f"{height:.2f}"),
        ("Without the narrow one", f"{alone:.2f}"),
        ("Gained", f"{height - alone:.2f}"),
        ("Its share of the point", f"{100 * share:.1f} percent"),
    ]


def _picture(sigma: float, distance: str) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 3.6), layout="constrained")
        axes = figure.subplots()
    sigmas = 10.0 ** np.array(EXPONENTS)
    for away, dash in zip(DISTANCES, ("-", "--", "-.", ":"), strict=True):
        axes.semilogx(sigmas, [_log_likelihood(s, float(away))[0] for s in sigmas], dash, label=f"distance {away}")
    axes.axhline(_alone(), color=GREY, linewidth=1)
    axes.plot(sigma, _log_likelihood(sigma, float(distance))[0], "o", color=VERMILION)
    axes.set(xlabel="sigma of the narrow component", ylabel="log-likelihood", title="The likelihood has no maximum")
    axes.set(ylim=(_alone() - 12, _alone() + 14))
    axes.legend()
    return as_svg(figure)
