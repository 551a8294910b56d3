"""Explorable 13: two Gaussians on a line, and how probable each is at every place.

Both have the same sigma, so that the squares of x cancel in Bayes' rule and the responsibility is a sigmoid. Its middle
moves with the weight, its steepness grows with the separation and falls with sigma. As sigma goes to 0 it becomes a
step half-way between the means, whatever the weights: that is k-means.
"""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.explore.controls import LogSlider, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLACK, BLUE, STYLE, VERMILION, as_svg
from course_lib.mixture import e_step, log_gaussian

AT = 0.5  # where a responsibility is read off
HALF = 5.0


def responsibilities_on_a_line(embed: bool | None = None) -> LiveExplorable:
    """Show the responsibilities of two Gaussians of the same width.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the weight of the right component, the separation of the means, and sigma.

    Examples
    --------
    >>> words, reading = responsibilities_on_a_line().says(weight=0.5, separation=2.0, sigma=1.0)
    >>> reading[0], reading[2]
    (('Border, where both are 1/2', '0.00'), ('Length of doubt, 0.05 to 0.95', '2.94'))
    """
    return LiveExplorable(
        _says,
        _picture,
        [
            Slider("weight", "Weight of right", [k / 20 for k in range(1, 20)], start=0.5, written="{:.2f}".format),
            Slider("separation", "Separation", [k / 4 for k in range(2, 25)], start=3.0, written="{:.2f}".format),
            LogSlider("sigma", "σ", [k / 10 for k in range(-13, 4)], start=0.0, written="{:.2f}".format),
        ],
        module="responsibilities",
        data={"at": AT},
        embed=embed,
    )


def mixture_on_a_line(weight: float, separation: float, sigma: float) -> tuple[list, list, list]:
    """Return weights, means and spherical covariances of the two Gaussians.

    Parameters
    ----------
    weight : float
        The weight of the right component.
    separation : float
        The distance of the means, which lie symmetrically about 0.
    sigma : float
        The standard deviation of both.

    Returns
    -------
    (weights, means, covariances) : lists of shape (2,), (2, 1), (2,)

    Examples
    --------
    >>> mixture_on_a_line(0.75, 3.0, 2.0)
    ([0.25, 0.75], [[-1.5], [1.5]], [4.0, 4.0])
    """
    return [1 - weight, weight], [[-separation / 2], [separation / 2]], [sigma**2, sigma**2]


def _says(weight: float, separation: float, sigma: float) -> Words:
    _, r = e_step([[AT]], *mixture_on_a_line(weight, separation, sigma), "spherical")
    border = sigma**2 / separation * np.log((1 - weight) / weight)
    doubt = 2 * np.log(0.95 / 0.05) * sigma**2 / separation
    text = (
        f"Above, two bell curves with means {fixed(-separation / 2, 2)} and {separation / 2:.2f}, standard "
        f"deviation {sigma:.2f}, the right one of weight {weight:.2f}. Below, the responsibility of the right one "
        f"rises from 0 to 1. It is one half at x = {fixed(border, 2)}, where k-means has its border at 0, and goes "
        f"from 0.05 to 0.95 over a length of {doubt:.2f}."
    )
    return text, [
        ("Border, where both are 1/2", fixed(border, 2)),
        ("Border of k-means", "0.00"),
        ("Length of doubt, 0.05 to 0.95", f"{doubt:.2f}"),
        (f"Responsibility of right at x = {AT}", f"{r[0, 1]:.3f}"),
    ]


def _picture(weight: float, separation: float, sigma: float) -> str:
    weights, means, covariances = mixture_on_a_line(weight, separation, sigma)
    x = np.linspace(-HALF, HALF, 301)[:, None]
    joint = np.array(weights) * np.exp(log_gaussian(x, means, covariances, "spherical"))
    _, r = e_step(x, weights, means, covariances, "spherical")
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 4.2), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True)
    above.plot(x, joint.sum(axis=1), "--", color=BLACK, linewidth=1.2)
    above.plot(x, joint[:, 0], color=BLUE)
    above.plot(x, joint[:, 1], color=VERMILION)
    above.set(title="Weighted densities, and their sum", ylabel="density")
    below.fill_between(x[:, 0], r[:, 1], 1, color=BLUE, alpha=0.3)
    below.fill_between(x[:, 0], 0, r[:, 1], color=VERMILION, alpha=0.3)
    below.axvline(0, color=BLACK, linewidth=1, linestyle=":")
    below.text(-HALF * 0.96, 0.86, "left")
    below.text(HALF * 0.96, 0.1, "right", ha="right")
    below.set(title="Responsibilities", xlabel="x", ylabel="r", xlim=(-HALF, HALF), ylim=(0, 1))
    return as_svg(figure)
