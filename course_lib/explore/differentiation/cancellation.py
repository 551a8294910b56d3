"""Explorable 2: a secant turns into the tangent, and the digits of its two values cancel.

On the curve a shorter step looks better and better. The two values tell the other half of the story: the closer the
points, the more of their decimals agree, and the difference keeps only those that do not.
"""

import math

import numpy as np

from course_lib.autodiff import forward_difference
from course_lib.explore.controls import LogSlider
from course_lib.explore.differentiation.divided_differences import correct_digits, written_step
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.pictures import BLUE, GREY, VERMILION, as_svg, new_picture

X = 0.8  # its cube is just above 0.512: at 0.7 it is just below 0.343, and a carry would hide what agrees
DECIMALS = 17


def cancelling_digits(embed: bool | None = None) -> LiveExplorable:
    """Show a secant of x**3 at 0.8, and which digits of its two values differ.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Control: the step h.

    Examples
    --------
    >>> words, reading = cancelling_digits().says(h=1e-8)
    >>> reading[2:]
    [('Decimals in common', '7 of 17'), ('Digits right', '7 of 16')]
    """
    exponents = [half / 2 for half in range(-34, 1)]
    slider = LogSlider("h", "Step h", exponents, start=0.0, written=written_step)
    return LiveExplorable(_says, _picture, [slider], module="cancellation", data={"x": X}, embed=embed)


def _cube(x: float) -> float:
    return x * x * x


def common_decimals(a: float, b: float) -> int:
    """Count the decimals that two positive numbers have in common, before the first that differs.

    Examples
    --------
    >>> common_decimals(0.12345, 0.12399), common_decimals(1.5, 2.5)
    (3, 0)
    """
    one, other = f"{a:.{DECIMALS}f}", f"{b:.{DECIMALS}f}"
    if math.trunc(a) != math.trunc(b):
        return 0
    pairs = zip(one.partition(".")[2], other.partition(".")[2], strict=True)
    return next((k for k, (p, q) in enumerate(pairs) if p != q), DECIMALS)


def _says(h: float) -> Words:
    here, there, slope, exact = _cube(X), _cube(X + h), float(forward_difference(_cube, X, h)), 3 * X * X
    common, digits = common_decimals(here, there), correct_digits(slope - exact, exact)
    text = (
        f"The curve of x³ and a secant from {X} to {X} + h with h = {h:.1e}. f(x + h) is {there:.17f} and f(x) is "
        f"{here:.17f}: they have {common} decimals in common. The slope of the secant is {slope:.6f}, that of the "
        f"tangent {exact:.6f}: {digits} of 16 digits are right."
    )
    return text.replace("e-0", "e-").replace("e+00", "e+0"), [
        ("Slope of the secant", f"{slope:.15f}"),
        ("Slope of the tangent", f"{exact:.15f}"),
        ("Decimals in common", f"{common} of {DECIMALS}"),
        ("Digits right", f"{digits} of 16"),
    ]


def _picture(h: float) -> str:
    figure, axes = new_picture(5.6, 3.2)
    grid, here, slope = np.linspace(0, 1.8, 80), _cube(X), float(forward_difference(_cube, X, h))
    axes.plot(grid, grid**3, color=GREY, linewidth=4, alpha=0.45)
    axes.plot(grid, here + 3 * X * X * (grid - X), "--", color=VERMILION, label="tangent")
    axes.plot(grid, here + slope * (grid - X), color=BLUE, label=f"secant, h = {h:g}")
    axes.plot([X, X + h], [here, _cube(X + h)], "o", color=BLUE, markeredgecolor="black")
    axes.set(xlabel="x", ylabel="x³", ylim=(-0.5, 5.2))
    axes.legend()
    return as_svg(figure)
