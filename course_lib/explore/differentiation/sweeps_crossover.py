"""Explorable 6: the cost of a Jacobian by forward and by reverse sweeps, and where the two cross.

A Jacobian with m rows and n columns takes n forward sweeps or m reverse ones. One sweep costs a small constant times
the function: at most about 2.5 evaluations forwards and 4 backwards, if all that counts is operations. So the lines
cross where n is a little more than m.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 4.6: bounds of [2, 5/2] for a tangent and [3, 4]
for a gradient.
"""

from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes

from course_lib.explore.controls import Slider
from course_lib.explore.frames import Explorable, Frame
from course_lib.explore.pictures import BLUE, VERMILION, VERMILION_INK, as_svg, new_picture, with_marker

FORWARD, REVERSE = 2.5, 4.0  # evaluations of the function that one sweep is worth, at most
COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


def jacobian_costs(n: int, m: int) -> tuple[float, float]:
    """Return what a full Jacobian costs at most, in evaluations of the function.

    Parameters
    ----------
    n, m : int
        The numbers of inputs and of results.

    Returns
    -------
    (float, float)
        By n forward sweeps, and by m reverse sweeps.

    Examples
    --------
    >>> jacobian_costs(n=1000, m=1), jacobian_costs(n=1, m=1000)
    ((2500.0, 4.0), (2.5, 4000.0))
    """
    return FORWARD * n, REVERSE * m


def forward_or_reverse(embed: bool | None = None) -> Explorable:
    """Show what a Jacobian costs in either mode, for any numbers of inputs and results.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the number of results m, and the number of inputs n.

    Examples
    --------
    >>> explorable = forward_or_reverse(embed=False)
    >>> explorable.inputs["n"].value = 1000
    >>> "reverse mode is cheaper, by a factor of 62" in explorable.picture.value
    True
    """
    return Explorable(
        _frame,
        [Slider("m", "Results m", COUNTS, start=10), Slider("n", "Inputs n", COUNTS, start=100)],
        embed=embed,
    )


def _frame(m: int, n: int) -> Frame:
    forward, reverse = jacobian_costs(n, m)
    ratio = max(forward, reverse) / min(forward, reverse)
    cheaper, cost, colour = ("forward", forward, BLUE) if forward < reverse else ("reverse", reverse, VERMILION)
    verdict = f"{cheaper} mode is cheaper, by a factor of {ratio:.3g}"
    svg, axes = _picture(m)
    return Frame(
        with_marker(svg, axes, n, cost, colour),
        f"Cost of a Jacobian with {m} row{'s' if m > 1 else ''} against the number of columns n, both axes logarithmic."
        f" Forward mode rises with n, reverse mode is level. You stand at n = {n}, m = {m}: {verdict}.",
        [
            ("Forward: n sweeps", f"{forward:g} evaluations"),
            ("Reverse: m sweeps", f"{reverse:g} evaluations"),
            ("Cheaper", cheaper),
            ("By a factor of", f"{ratio:.3g}"),
        ],
    )


@lru_cache
def _picture(m: int) -> tuple[str, Axes]:
    """Draw all that does not depend on n."""
    figure, axes = new_picture(5.6, 3.4)
    n = np.array([0.8, 1250.0])
    axes.plot(n, FORWARD * n, color=BLUE)
    axes.plot(n, 0 * n + REVERSE * m, color=VERMILION)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # keeps the other line out of a name
    axes.text(1.0, 6.5, "forward: n sweeps", color=BLUE, rotation=32, rotation_mode="anchor", bbox=paper)
    above, words = REVERSE * m * 1.3, f"reverse: {m} sweep{'s' if m > 1 else ''}"
    axes.text(1100, above, words, color=VERMILION_INK, ha="right", va="bottom", bbox=paper)
    crossing = REVERSE * m / FORWARD
    if crossing < 1250:
        axes.plot([crossing], [REVERSE * m], "ks", markersize=6)
    axes.set(xscale="log", yscale="log", xlim=n, ylim=(1.5, 12_000))
    axes.set(xlabel="inputs n", ylabel="evaluations of the function")
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.set_yticks([10, 100, 1000, 10_000], ["10", "100", "1000", "10000"])
    axes.minorticks_off()
    return as_svg(figure), axes
