"""Explorable 19, the last picture of the book: one function, read twice.

The log-likelihood of a mixture is a sum of log-sum-exps. EM reads it with a pencil: a bound that touches it, whose top
is the next mean. Reverse mode reads it with a tape: the adjoint that log-sum-exp hands to the first component is a
softmax. Both are the same number, the responsibility. The reader drags the points and both means, and sees that the
dome, the tangent and the lit node agree wherever they stand.
"""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.autodiff import grad, vjp
from course_lib.explore.controls import Points, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLUE, PURPLE_INK, STYLE, VERMILION, as_svg
from course_lib.mixture import e_step, log_gaussian, m_step

LOW, HIGH = -5.0, 5.0
# Six points, and at the end the first and the second mean.
START = [[-2.6], [-1.7], [-0.9], [0.6], [1.8], [2.7], [0.5], [2.2]]
OTHERS = [
    [[-4.0], [-3.2], [-3.0], [3.1], [3.3], [4.4], [-1.0], [3.0]],
    [[0.0], [0.1], [0.2], [0.3], [0.4], [4.9], [4.0], [0.2]],
    [[1.0], [-1.0], [2.0], [-2.0], [3.0], [-3.0], [-0.4], [0.4]],
]


def one_function(embed: bool | None = None) -> LiveExplorable:
    """Show the log-likelihood over one mean, EM's bound and the gradient on it, and the reverse sweep of one point.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the points and the two means, which are dragged; the point that is read backward;
        how many steps EM has gone from the first mean.

    Examples
    --------
    >>> from course_lib.explore.mixtures.one_function import START
    >>> _, reading = one_function().says(places=START, read=4, steps=0)
    >>> reading[0][1] == reading[1][1]                                    # adjoint and responsibility
    True
    """
    bounds = {"low": [LOW], "high": [HIGH], "step": [0.1]}
    return LiveExplorable(
        _says,
        _picture,
        [
            Points("places", "Points and means can be dragged.", START, examples=OTHERS, **bounds),
            Slider("read", "Point read backward", range(1, 7), start=4, written="{:d}".format),
            Slider("steps", "Steps of EM", range(13), start=0, written="{:d}".format, buttons=True),
        ],
        module="one_function",
        data={"low": LOW, "high": HIGH},
        embed=embed,
    )


def log_sum_exp(a: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of the exponentials along the last axis, written to be differentiated.

    Examples
    --------
    >>> bool(abs(log_sum_exp(np.array([-1000.0, -1000.0])) - (np.log(2) - 1000)) < 1e-12)
    True
    """
    largest = np.max(a, axis=-1, keepdims=True)
    return np.squeeze(largest, axis=-1) + np.log(np.sum(np.exp(a - largest), axis=-1))


def _joint(points: np.ndarray, first: float, known: float) -> np.ndarray:
    squares = [(points - first) ** 2, (points - known) ** 2]
    return np.stack([np.log(0.5) - np.log(2 * np.pi) / 2 - square / 2 for square in squares], axis=-1)


def _e_step(points: np.ndarray, mean: float, known: float) -> tuple[float, np.ndarray]:
    return e_step(points[:, None], [0.5, 0.5], [[mean], [known]], [1.0, 1.0], "spherical")


def _standing(places: list[list[float]], steps: int) -> tuple[np.ndarray, float, float]:
    """Return the points, the first mean after so many steps of EM, and the second mean."""
    *points, mean, known = np.asarray(places, dtype=float).ravel()
    x = np.array(points)
    for _ in range(steps):
        mean = float(m_step(x[:, None], _e_step(x, mean, known)[1], "spherical")[1][0, 0])
    return x, float(mean), float(known)


def _says(places: list[list[float]], read: int, steps: int) -> Words:
    x, mean, known = _standing(places, steps)
    height, r = _e_step(x, mean, known)
    gradient = float(grad(lambda m: np.sum(log_sum_exp(_joint(x, m, known))))(mean))
    top = float(m_step(x[:, None], r, "spherical")[1][0, 0])
    joint = log_gaussian(x[read - 1 : read, None], [[mean], [known]], [1.0, 1.0], "spherical")[0] + np.log(0.5)
    (handed,) = vjp(log_sum_exp, joint)[1](1.0)
    to_mean = float(grad(lambda m: log_sum_exp(_joint(x[read - 1], m, known)))(mean))

    text = (
        f"Three pictures. Above, {len(x)} points on a line and two bells at {fixed(mean)} and {fixed(known)}. In "
        f"the middle the log-likelihood over the first mean: it is {fixed(height)} here, its tangent has the slope "
        f"{fixed(gradient)}, and the dome under it has its top at {fixed(top)}. Below, the reverse sweep of point "
        f"{read}: log-sum-exp hands {fixed(handed[0], 3)} to the first component, which is its responsibility, and "
        f"{fixed(to_mean, 3)} goes on to the mean."
    )
    return text, [
        ("Adjoint of a₁ (reverse sweep)", fixed(handed[0], 3)),
        ("Responsibility (E step)", fixed(r[read - 1, 0], 3)),
        ("Slope of the tangent, the sum over all points", fixed(gradient)),
        ("EM's step × N₁, the same", fixed((top - mean) * r[:, 0].sum())),
    ]


def _picture(places: list[list[float]], read: int, steps: int) -> str:
    x, mean, known = _standing(places, steps)
    height, r = _e_step(x, mean, known)
    count, gradient = r[:, 0].sum(), r[:, 0] @ (x - mean)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 5.0), layout="constrained")
        line, hill = figure.subplots(2, 1, height_ratios=(1, 2), sharex=True)
    grid = np.linspace(LOW, HIGH, 141)
    for place, colour in ((mean, VERMILION), (known, BLUE)):
        line.plot(grid, np.exp(-((grid - place) ** 2) / 2) / np.sqrt(2 * np.pi), color=colour)
    for n, (place, share) in enumerate(zip(x, r[:, 0], strict=True)):
        line.plot(place, 0, "o", color=VERMILION if share > 0.5 else BLUE, markersize=9)
        line.annotate(f"{share:.2f}", (place, 0.05), ha="center", fontweight="bold" if n == read - 1 else "normal")
    line.set(title="The tape hands each point its responsibility", ylim=(-0.05, 0.5), yticks=[])
    heights = np.array([_e_step(x, m, known)[0] for m in grid])
    hill.plot(grid, heights, color=VERMILION, label="log-likelihood")
    dome = height + gradient * (grid - mean) - count * (grid - mean) ** 2 / 2
    hill.plot(grid, dome, "--", color=PURPLE_INK, label="EM's dome")
    near = np.array([mean - 1.1, mean + 1.1])
    hill.plot(near, height + gradient * (near - mean), color="black", label="tangent of both")
    hill.plot(mean, height, "o", color=VERMILION, markeredgecolor="black")
    depth = max(6.0, 1.25 * (heights.max() - height))
    hill.set(xlabel="first mean", ylim=(heights.max() - depth, heights.max() + 0.12 * depth))
    hill.legend(loc="upper right")
    return as_svg(figure)
