"""A learner's own wrong answer beside the right one: a dual part as a line beside its curve, a trace row by row.

The checks of the problem sets show these in the learner's notebook. Each comes with words that say what it shows.
"""

import html
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_lib.autodiff import derivative
from course_lib.explore.pictures import BLUE, GREY, VERMILION, as_image, as_svg, new_picture

REACH = 0.5  # how far the curve is drawn to either side
NEAR = 1e-7  # what is drawn as right


class Shown:
    """Something that a notebook shows as HTML."""

    def __init__(self, text: str):
        self.text = text

    def _repr_html_(self) -> str:
        return self.text


def own_tangent(f: Callable[[Any], Any], value: float, slope: float, name: str = "f(t)") -> tuple[str, Shown]:
    r"""Show a real part and a dual part that somebody has found at t = 0, as a line beside the curve of f.

    Parameters
    ----------
    f : callable
        A function of one number, computed with operators and NumPy's functions.
    value, slope : float
        What was found: the real part, through which the line goes, and the dual part, how steep it is.
    name : str
        What the curve is called.

    Returns
    -------
    (str, Shown)
        What is wrong, in words; and the picture: the curve, its tangent, and the line.

    Examples
    --------
    >>> words, picture = own_tangent(lambda t: (2 + t) ** 2, 4.0, 2.0, "(2 + t)²")
    >>> print(words.replace(": ", ":\n").replace(". ", ".\n"))
    At t = 0 the curve of (2 + t)² rises by 4 for a step of 1:
    the right dual part is 4.
    Yours, 2, is a line that is too flat.
    """
    right_value, right_slope = float(f(0.0)), float(derivative(f)(0.0)) + 0.0  # no -0
    goes = "rises" if right_slope >= 0 else "falls"
    words = (
        f"At t = 0 the curve of {name} {goes} by {abs(right_slope):.4g} for a step of 1: the right dual part is "
        f"{right_slope:z.4g}. Yours, {slope:z.4g}, is a line that {_misses(slope, right_slope)}."
    )
    if not np.isclose(value, right_value, rtol=NEAR, atol=NEAR):
        words += f" And it stands at the height {value:z.4g}, your real part, where the curve is at {right_value:z.4g}."
    t = np.linspace(-REACH, REACH, 201)
    with np.errstate(all="ignore"):
        curve = np.array([_plain(f, number) for number in t])
    figure, axes = new_picture()
    axes.plot(t, curve, color=GREY, linewidth=4, alpha=0.4, label=f"the curve of {name}")
    axes.plot(t, right_value + right_slope * t, color=BLUE, label=f"its tangent: {right_slope:z.4g}")
    axes.plot(t, value + slope * t, "--", color=VERMILION, label=f"your dual part: {slope:z.4g}")
    axes.plot([0], [value], "o", color=VERMILION)
    axes.set(xlabel="t", title="Your dual part beside the tangent")
    axes.legend()
    return words, Shown(as_image(as_svg(figure), words))


def _plain(f: Callable[[Any], Any], number: float) -> float:
    """Return the value of f, or nan where it has none."""
    try:
        return float(f(np.float64(number)))
    except (ArithmeticError, ValueError):
        return float("nan")


def _misses(slope: float, right: float) -> str:
    if np.isclose(slope, right, rtol=NEAR, atol=NEAR):
        return "is as steep as the curve"
    if slope * right < 0:
        return "falls where the curve rises" if right > 0 else "rises where the curve falls"
    if slope == 0:
        return "is level"
    return "is too steep" if abs(slope) > abs(right) else "is too flat"


def first_wrong_row(
    lines: Mapping[str, str], yours: Mapping[str, float], right: Mapping[str, float], what: str
) -> tuple[str, Shown]:
    """Show the numbers that somebody has found for the lines of a program, up to the first that is wrong.

    Parameters
    ----------
    lines : mapping of str to str
        The lines of the program, in order, by the names of their results: ``{"w1": "w1 = x1 * x2"}``.
    yours, right : mapping of str to float
        For each name what was found, and the right number.
    what : str
        What these numbers are: "value" or "tangent".

    Returns
    -------
    (str, Shown)
        Which row is the first wrong one, in words; and the table.

    Raises
    ------
    ValueError
        If none of the numbers is wrong.

    Examples
    --------
    >>> lines = {"w1": "w1 = x1", "w2": "w2 = w1 * w1"}
    >>> words, table = first_wrong_row(lines, {"w1": 3, "w2": 6}, {"w1": 3, "w2": 9}, "value")
    >>> words
    'The first wrong row is w2 = w1 * w1: your value is 6, right is 9. The row above it is right.'
    """
    rows: list[tuple[str, float, float, bool]] = []
    for name, line in lines.items():
        mine, expected = yours.get(name, float("nan")), right[name]
        wrong = not np.isclose(mine, expected, rtol=NEAR, atol=NEAR * min(1.0, abs(expected)))
        rows.append((line, mine, expected, wrong))
        if wrong:
            above = {1: "", 2: " The row above it is right."}.get(
                len(rows), f" The {len(rows) - 1} rows above it are right."
            )
            words = f"The first wrong row is {line}: your {what} is {mine:z.6g}, right is {expected:z.6g}.{above}"
            return words, Shown(_table(rows, what, words))
    raise ValueError(f"All of these numbers are right: {dict(yours)}.")


def _table(rows: list[tuple[str, float, float, bool]], what: str, words: str) -> str:
    head = f"<tr><th>line</th><th>your {what}</th><th>right</th><th></th></tr>"
    body = ""
    for line, mine, expected, wrong in rows:
        style = f' style="outline: 2px solid {VERMILION}; font-weight: bold"' if wrong else ""
        mark = "the first wrong row" if wrong else "right"
        cells = f"<td><code>{html.escape(line)}</code></td><td>{mine:z.6g}</td><td>{expected:z.6g}</td><td>{mark}</td>"
        body += f"<tr{style}>{cells}</tr>"
    return f"<table><caption>{html.escape(words)}</caption>{head}{body}</table>"
