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
from course_lib.explore.controls import Choice, LogSlider, Points
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import GREY, STYLE, VERMILION, as_svg
from course_lib.mixture import e_step, log_gaussian

WEIGHTS = np.array([0.9, 0.1])
EXPONENTS = [k / 10 for k in range(-60, 1)]
DISTANCES = ["0", "0.001", "0.01", "0.1"]
CHOSEN = 16  # the point on which the narrow component sits: at the start it has no neighbours
POINTS = np.asarray(two_clusters_on_a_line(30)[0].round(3))


def runaway_likelihood(embed: bool | None = None) -> LiveExplorable:
    """Show how the log-likelihood grows as a component shrinks onto a point.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: sigma of the narrow component, the distance of its mean from the point, and the
        point, which is dragged.

    Examples
    --------
    >>> explorable = runaway_likelihood()
    >>> gains = [float(explorable.says(sigma=s, distance="0", point=[[1.0]])[1][2][1]) for s in (1e-3, 1e-4)]
    >>> bool(abs(gains[1] - gains[0] - np.log(10)) < 0.02)
    True
    """
    return LiveExplorable(
        _says,
        _picture,
        [
            LogSlider("sigma", "Sigma", EXPONENTS, start=0.0, written="{:.1e}".format),
            Choice("distance", "Distance of its mean from the point", DISTANCES),
            Points(
                "point",
                "The point can be dragged.",
                [[round(float(POINTS[CHOSEN, 0]), 1)]],
                low=[-4],
                high=[4.5],
                step=[0.1],
                examples=[[[-4.0]], [[0.3]], [[4.5]]],
            ),
        ],
        module="singularity",
        data={"points": POINTS.ravel().tolist(), "index": CHOSEN, "weights": WEIGHTS.tolist()},
        embed=embed,
        paper={"sigma": 1e-6},
    )


def _points(place: float) -> np.ndarray:
    points = POINTS.copy()
    points[CHOSEN] = place
    return points


def _alone(points: np.ndarray) -> float:
    return float(log_gaussian(points, points.mean(axis=0)[None], [points.var()], "spherical").sum())


def _log_likelihood(points: np.ndarray, sigma: float, distance: float) -> tuple[float, float]:
    """Return the log-likelihood, and the narrow component's share of its point."""
    means = [points.mean(axis=0), points[CHOSEN] + distance]
    height, r = e_step(points, WEIGHTS, means, [points.var(), sigma**2], "spherical")
    return height, float(r[CHOSEN, 1])


def _says(sigma: float, distance: str, point: list[list[float]]) -> Words:
    place = point[0][0]
    points = _points(place)
    (height, share), alone = _log_likelihood(points, sigma, float(distance)), _alone(points)
    mantissa, exponent = f"{sigma:.1e}".split("e")
    text = (
        f"A narrow component of sigma {mantissa}e{int(exponent):+d}, its mean {distance} from the point at "
        f"{fixed(place, 2)}. The log-likelihood is {fixed(height, 2)}, against {fixed(alone, 2)} without it. "
        f"It has {100 * share:.1f} percent of that point."
    )
    return text, [
        ("Log-likelihood", fixed(height, 2)),
        ("Without the narrow one", fixed(alone, 2)),
        ("Gained", fixed(height - alone, 2)),
        ("Its share of the point", f"{100 * share:.1f} percent"),
    ]


def _picture(sigma: float, distance: str, point: list[list[float]]) -> str:
    points = _points(point[0][0])
    alone = _alone(points)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 3.6), layout="constrained")
        axes = figure.subplots()
    sigmas = np.array([s for k in EXPONENTS if (s := 10.0**k) >= 0.999 * sigma])  # how it goes on is not told yet
    for away, dash in zip(DISTANCES, ("-", "--", "-.", ":"), strict=True):
        heights = [_log_likelihood(points, s, float(away))[0] for s in sigmas]
        axes.semilogx(sigmas, heights, dash, label=f"distance {away}")
    axes.axhline(alone, color=GREY, linewidth=1)
    axes.plot(sigma, _log_likelihood(points, sigma, float(distance))[0], "o", color=VERMILION)
    axes.set(xlabel="sigma of the narrow component", ylabel="log-likelihood", title="A component shrinks onto a point")
    axes.set(xlim=(10.0 ** EXPONENTS[0], 1.5), ylim=(alone - 12, alone + 14))
    axes.legend()
    return as_svg(figure)
