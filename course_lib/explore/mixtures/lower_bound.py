"""Explorable 16: why EM never goes down. The bound touches the log-likelihood from below, and its top lies higher.

One unknown, so that everything is a curve: two components on a line, all known but the first mean. For fixed
responsibilities the evidence lower bound is a parabola in that mean. The E step chooses the parabola that touches the
log-likelihood where we stand; the M step goes to the parabola's top. The log-likelihood lies above the parabola there,
so that it has risen at least as much.
"""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.datasets import two_clusters_on_a_line
from course_lib.explore.controls import Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.mixtures.half_steps import written_half_step
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import STYLE, VERMILION, as_svg
from course_lib.mixture import e_step, log_gaussian

WEIGHTS, KNOWN = np.array([0.4, 0.6]), 2.0
MEANS, HEIGHTS = (-5.0, 6.0), (-960.0, -360.0)


def lower_bound_of_em(embed: bool | None = None) -> LiveExplorable:
    """Show the log-likelihood of one mean, and the lower bound that EM climbs, by half steps.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the half step and the start.

    Examples
    --------
    >>> words, reading = lower_bound_of_em().says(half=1, start=4.0)
    >>> reading[3]
    ('Gap', '0.00')
    """
    return LiveExplorable(
        _says,
        _picture,
        [
            Slider("half", "Half step", range(25), start=0, written=written_half_step, buttons=True),
            Slider("start", "Start", [k / 2 for k in range(-9, 12)], start=4.5, written="{:.1f}".format),
        ],
        module="lower_bound",
        data={
            "points": _points().ravel().tolist(),
            "model": {"weights": WEIGHTS.tolist(), "known": KNOWN},
            "x": list(MEANS),
            "y": list(HEIGHTS),
        },
        embed=embed,
    )


def _points() -> np.ndarray:
    return np.asarray(two_clusters_on_a_line()[0].round(3))


def _e_step(mean: float) -> tuple[float, np.ndarray]:
    return e_step(_points(), WEIGHTS, [[mean], [KNOWN]], [1.0, 1.0], "spherical")


def _bound(r: np.ndarray, mean: float) -> float:
    joint = np.log(WEIGHTS) + log_gaussian(_points(), [[mean], [KNOWN]], [1.0, 1.0], "spherical")
    return float((r * joint).sum() - (r * np.log(np.where(r > 0, r, 1.0))).sum())


def _says(half: int, start: float) -> Words:
    mean, r = start, None
    for step in range(1, half + 1):
        if step % 2:
            _, r = _e_step(mean)
        else:
            assert r is not None
            mean = float(r[:, 0] @ _points().ravel() / r[:, 0].sum())
    height, iteration = _e_step(mean)[0], half // 2
    below = None if r is None else _bound(r, mean)
    gap = None if below is None else max(0.0, height - below)
    if gap is None:
        moment, says = "The start", "There is no bound yet."
    elif half % 2:
        moment, says = f"After the E step of iteration {iteration + 1}", "The bound touches it there."
    else:
        moment = f"After the M step of iteration {iteration}"
        says = f"The mean stands on the top of the bound, {fixed(gap, 2)} below the log-likelihood."
    return f"{moment}: the first mean is {fixed(mean, 3)}, the log-likelihood {fixed(height, 2)}. {says}", [
        ("First mean", fixed(mean, 3)),
        ("Log-likelihood", fixed(height, 2)),
        ("Bound", "none yet" if below is None else fixed(below, 2)),
        ("Gap", "none yet" if gap is None else fixed(gap, 2)),
    ]


def _picture(half: int, start: float) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 3.8), layout="constrained")
        axes = figure.subplots()
    grid, (height, r) = np.linspace(*MEANS, 111), _e_step(start)
    axes.plot(grid, [_e_step(m)[0] for m in grid], color=VERMILION, label="log-likelihood")
    axes.plot(grid, [_bound(r, m) for m in grid], "--", label="the bound after one E step")
    axes.plot(start, height, "o", color=VERMILION, markeredgecolor="black")
    axes.set(xlabel="first mean", ylim=HEIGHTS, title="The bound touches where we stand")
    axes.legend(loc="upper right")
    return as_svg(figure)
