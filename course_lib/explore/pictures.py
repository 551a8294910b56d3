"""How every picture of this course looks: its colours, its axes, and its form as a short SVG text.

The colours are those of Okabe and Ito, which people with any of the common colour-vision deficiencies
can tell apart; line styles and labels repeat what the colours say. Pictures are drawn dark on white; the
book's style sheet turns them light on dark where the reader prefers that. SVG is about a quarter of the
weight of PNG, stays sharp at every size, and keeps its text as text.

Source of the colours: Okabe and Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/.
"""

import html
import io
import re
from typing import Any
from urllib.parse import quote

import matplotlib
import numpy as np
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler
from numpy.typing import ArrayLike

BLUE, VERMILION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, YELLOW, BLACK = "#56B4E9", "#CC79A7", "#F0E442", "#000000"
GREY = "#6B6B6B"  # 5.3 : 1 on white: enough for small text
CURTAIN = "#F2F2F2"
# The hues that are too light for words on white, darkened to 4.7 : 1 and more.
VERMILION_INK, GREEN_INK, PURPLE_INK = "#BF5300", "#00825E", "#9B4B77"
INK = {VERMILION: VERMILION_INK, GREEN: GREEN_INK, PURPLE: PURPLE_INK}

# What makes a written SVG shorter without changing what one sees, in this order.
_SHORTER = (
    (r"(?s)<!--.*?-->|<metadata>.*?</metadata>", ""),
    # A style for `*` would reach beyond the picture where it stands within a page; what lies in the picture inherits.
    (r"(?s)^<svg(.*?)<defs>\s*<style type=\"text/css\">\*\{([^}]*)\}</style>\s*</defs>", r'<svg style="\2"\1'),
    (r"font-family: [^;\"]*", "font-family: DejaVu Sans, Verdana, sans-serif"),
    (r"font: ([\d.]+px) [^;\"]*", r"font: \1 DejaVu Sans, Verdana, sans-serif"),
    (r" id=\"[a-zA-Z0-9.]+_\d+\"", ""),  # names of groups, which nothing refers to
    (r" transform=\"rotate\(-0 [^\"]*\"", ""),
    (r"\s*\n\s*", " "),
    (r"> <", "><"),
    ('"', "'"),  # need not be escaped inside an attribute
)

_TAG, _COORDINATE = re.compile(r"<[^>]*>"), re.compile(r"(\d+\.\d)\d+")

_RAISED = str.maketrans("-0123456789.", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·")

STYLE: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=[BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.titlesize": "medium",
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "figure.figsize": (6.4, 4.2),
    "figure.constrained_layout.use": True,
    "font.size": 13.2,  # of 403 points, the width of a frame: 12 pixels on a telephone, 18 on a desk
    "mathtext.default": "regular",
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "autodiff-and-mixtures",  # the same picture is the same file
}


def use_book_style() -> None:
    """Draw the figures of this notebook in the style of the course, as SVG.

    Examples
    --------
    >>> use_book_style()
    >>> matplotlib.rcParams["svg.fonttype"]
    'none'
    """
    matplotlib.rcParams.update(STYLE)
    if (shell := get_ipython()) is not None:
        shell.run_line_magic("config", "InlineBackend.figure_formats = ['svg']")
        shell.run_line_magic("config", "InlineBackend.print_figure_kwargs = dict(metadata=dict(Date=None))")


def new_picture(width: float = 5.6, height: float = 3.6) -> tuple[Figure, Axes]:
    """Make a figure with one pair of axes in the style of the course, without pyplot.

    Parameters
    ----------
    width, height : float
        Size in inches; the page scales the picture.

    Returns
    -------
    (Figure, Axes)
        Ready to draw on.

    Examples
    --------
    >>> figure, axes = new_picture()
    >>> axes.spines["top"].get_visible()
    False
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.add_subplot()


def as_svg(figure: Figure) -> str:
    """Write a figure as a short SVG text, the same for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure; it must have been made by this module, or under its style.

    Returns
    -------
    str
        An ``<svg>`` element. Coordinates are rounded to a tenth of a point, which nobody can see.

    Examples
    --------
    >>> figure, axes = new_picture()
    >>> as_svg(figure)[:4], as_svg(figure) == as_svg(figure)
    ('<svg', True)
    """
    with matplotlib.rc_context(STYLE), io.StringIO() as file:
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        text = file.getvalue()
    text = text[text.index("<svg") :]
    for pattern, replacement in _SHORTER:
        text = re.sub(pattern, replacement, text)
    # To a tenth of a point, in tags only: a number that the picture shows as text keeps its digits.
    return _TAG.sub(lambda tag: _COORDINATE.sub(r"\1", tag[0]), text).strip()


def power_of_ten(exponent: object) -> str:
    """Write a power of ten as one text: what a telephone makes larger must not be two texts side by side.

    Examples
    --------
    >>> power_of_ten(-8), power_of_ten("-2.5")
    ('10⁻⁸', '10⁻²·⁵')
    """
    return f"10{str(exponent).translate(_RAISED)}"


def _in_svg(axes: Axes, pixel: ArrayLike) -> tuple[float, float]:
    """Say where a pixel, counted from below, lies in the SVG of the figure, which counts points from the top."""
    across, up = np.asarray(pixel, float)
    points = 72 / axes.figure.dpi
    return float(across * points), float((axes.figure.bbox.height - up) * points)


def with_marker(svg: str, axes: Axes, x: float, y: float, colour: str) -> str:
    """Add a dot at (x, y) and a plumb line through it to a picture that is already written.

    Drawing a figure takes a tenth of a second; a film of a hundred frames that differ only in where the
    reader stands is drawn once and marked a hundred times.

    Parameters
    ----------
    svg : str
        The picture, as `as_svg` gave it.
    axes : matplotlib.axes.Axes
        The axes of its figure, after it was written.
    x, y : float
        Where, in the units of the axes.
    colour : str
        The colour of the dot, ``#rrggbb``.

    Returns
    -------
    str
        The picture with the marker.

    Examples
    --------
    >>> figure, axes = new_picture()
    >>> svg = as_svg(figure)
    >>> "<circle" in with_marker(svg, axes, 0.5, 0.5, BLUE)
    True
    """
    across, down = _in_svg(axes, axes.transData.transform((x, y)))
    (_, top), (_, bottom) = _in_svg(axes, axes.bbox.max), _in_svg(axes, axes.bbox.min)
    marker = (
        f"<path d='M {across:.1f} {top:.1f} V {bottom:.1f}' style='stroke: {GREY}'/>"
        f"<circle cx='{across:.1f}' cy='{down:.1f}' r='5.5' style='fill: {colour}; stroke: #000000'/>"
    )
    return svg.replace("</svg>", marker + "</svg>")


def with_curtain(svg: str, axes: Axes, x: float) -> str:
    """Hide what lies to the left of x in a picture that is already written: what the reader has not come to yet.

    Parameters
    ----------
    svg : str
        The picture, as `as_svg` gave it.
    axes : matplotlib.axes.Axes
        The axes of its figure, after it was written.
    x : float
        Where the curtain ends, in the units of the axes.

    Returns
    -------
    str
        The picture with the curtain.

    Examples
    --------
    >>> figure, axes = new_picture()
    >>> svg = as_svg(figure)
    >>> "<rect" in with_curtain(svg, axes, 0.5)
    True
    """
    across, _ = _in_svg(axes, axes.transData.transform((x, axes.get_ylim()[0])))
    (left, bottom), (_, top) = _in_svg(axes, axes.bbox.min), _in_svg(axes, axes.bbox.max)
    left, wide, high = left + 1, max(0.0, across - left - 1), bottom - top - 1
    curtain = f"<rect x='{left:.1f}' y='{top:.1f}' width='{wide:.1f}' height='{high:.1f}' style='fill: {CURTAIN}'/>"
    return svg.replace("</svg>", curtain + "</svg>")


def as_image(svg: str, alternative_text: str) -> str:
    """Put an SVG text into an ``<img>`` element that needs no other file.

    Parameters
    ----------
    svg : str
        The picture, as `as_svg` gives it.
    alternative_text : str
        What the picture says, for those who do not see it; not empty.

    Returns
    -------
    str
        The HTML.

    Raises
    ------
    ValueError
        If the alternative text is empty.

    Examples
    --------
    >>> as_image("<svg/>", "a line that rises")
    '<img class="picture" alt="a line that rises" src="data:image/svg+xml,%3Csvg/%3E">'
    """
    if not alternative_text.strip():
        raise ValueError("The alternative text is empty; expected a sentence that says what the picture shows.")
    source = quote(svg, safe=" =:;,/'()")
    return f'<img class="picture" alt="{html.escape(alternative_text)}" src="data:image/svg+xml,{source}">'
