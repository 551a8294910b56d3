"""The picture on the first page: the two halves of the course, side by side.

Left, a curve with a tangent: a derivative. Right, the density of a mixture of two Gaussians, over the two
bells of which it is the sum. Neither is data.
"""

import matplotlib
import numpy as np
from IPython.display import HTML
from matplotlib.figure import Figure

from course_lib.explore.pictures import BLUE, STYLE, VERMILION, as_image, as_svg

ALTERNATIVE_TEXT = (
    "Two pictures. Left: a wavy curve and a straight line that touches it in one point, the tangent. "
    "Right: two overlapping bell curves, one low and wide, one tall and narrow, and above them their sum."
)


def cover_picture() -> HTML:
    """Draw the two halves of the course.

    Returns
    -------
    IPython.display.HTML
        An image with alternative text.

    Examples
    --------
    >>> "the tangent" in cover_picture().data
    True
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.5), layout="constrained")
        left, right = figure.subplots(1, 2)
    x, at = np.linspace(0, 4, 120), 1.3
    left.plot(x, np.sin(x) + x / 3, color=BLUE)
    left.plot(x, np.sin(at) + at / 3 + (np.cos(at) + 1 / 3) * (x - at), color=VERMILION)
    left.plot([at], [np.sin(at) + at / 3], "o", color=VERMILION, markeredgecolor="black")
    left.set(title="How does f change?", xlim=(0, 3.2), ylim=(0, 2.2))
    bells = [w / s * np.exp(-0.5 * ((x - m) / s) ** 2) for w, m, s in [(0.45, 1.1, 0.5), (0.55, 2.7, 0.3)]]
    for bell, colour in zip(bells, [BLUE, VERMILION], strict=True):
        right.fill_between(x, bell, color=colour, alpha=0.35, linewidth=0)
    right.plot(x, sum(bells), color="black")
    right.set(title="Where did the data come from?", xlim=(0, 4), ylim=(0, 2.2))
    for axes in (left, right):
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
    return HTML(as_image(as_svg(figure), ALTERNATIVE_TEXT))
