"""The picture on the first page: the two halves of the course, side by side, and one place that moves through both.

Left, a curve with its tangent: a derivative. Right, the density of a mixture of two Gaussians, over the two bells of
which it is the sum; the bar says how much of the density at x is whose. Neither is data.
"""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.autodiff import derivative
from course_lib.explore.controls import Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLUE, STYLE, VERMILION, as_svg
from course_lib.mixture import e_step, log_gaussian

WEIGHTS, MEANS, SIGMAS = np.array([0.45, 0.55]), np.array([1.1, 2.7]), np.array([0.5, 0.3])


def cover_picture(embed: bool | None = None) -> LiveExplorable:
    """Show the two halves of the course at one place, which moves.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Control: the place x.

    Examples
    --------
    >>> cover_picture().says(x=0.0)[1][0]
    ('Slope at x', '1.33')
    """
    return LiveExplorable(
        _says,
        _picture,
        [Slider("x", "x", [k / 20 for k in range(81)], start=2.1, written="{:.2f}".format)],
        module="cover",
        data={
            "mixture": [
                {"weight": w, "mean": m, "sigma": s} for w, m, s in np.stack([WEIGHTS, MEANS, SIGMAS], axis=1).tolist()
            ]
        },
        embed=embed,
    )


def curve(x: np.ndarray | float) -> np.ndarray:
    """Return the height of the curve on the left.

    Examples
    --------
    >>> float(curve(0.0))
    0.0
    """
    height: np.ndarray = np.sin(x) + x / 3
    return height


def _says(x: float) -> Words:
    slope = fixed(float(derivative(curve)(x)), 2)
    _, r = e_step([[x]], WEIGHTS, MEANS[:, None], SIGMAS**2, "spherical")
    text = (
        f"Two pictures with one place, x = {x:.2f}. Left, a wavy curve and its tangent there, with the slope {slope}. "
        f"Right, two bells and their sum: a point there comes from the left bell with probability {r[0, 0]:.2f}."
    )
    return text, [("Slope at x", slope), ("From the left bell, probably", f"{100 * r[0, 0]:.0f} %")]


def _picture(x: float) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2)
    grid = np.linspace(0, 4, 120)
    left.plot(grid, curve(grid), color=BLUE)
    left.plot(grid, curve(x) + derivative(curve)(x) * (grid - x), color=VERMILION)
    left.plot([x], [curve(x)], "o", color=VERMILION, markeredgecolor="black")
    left.set(title="How does f change?", xlim=(0, 4), ylim=(0, 2.2))
    bells = WEIGHTS * np.exp(log_gaussian(grid[:, None], MEANS[:, None], SIGMAS**2, "spherical"))
    for bell, colour in zip(bells.T, [BLUE, VERMILION], strict=True):
        right.fill_between(grid, bell, color=colour, alpha=0.35, linewidth=0)
    right.plot(grid, bells.sum(axis=1), color="black")
    right.axvline(x, color="grey", linewidth=1)
    right.set(title="Which bell drew x?", xlim=(0, 4), ylim=(0, 1.1))
    for axes in (left, right):
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
    return as_svg(figure)
