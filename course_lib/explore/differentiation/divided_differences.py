"""Explorable 1: the error of the difference quotient of x**3 against the step h.

Two errors pull in opposite directions, and on doubly logarithmic paper each is a straight line: the
truncation error of order p rises with slope p, the rounding error falls with slope -1. Their sum is a V.
The reader walks along the V and reads how many digits of the derivative are right. The errors are computed
in rational arithmetic, so that the picture of rounding is not itself rounded.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_lib.autodiff.differences import (
    best_step,
    central_difference,
    complex_step,
    forward_difference,
    rounding_error,
    truncation_error,
)
from course_lib.explore.frames import Choice, Explorable, Frame, LogSlider
from course_lib.explore.pictures import (
    BLUE,
    GREEN,
    INK,
    VERMILION,
    as_svg,
    new_picture,
    power_of_ten,
    with_curtain,
    with_marker,
)

SCHEMES: dict[str, Callable[..., Any]] = {
    "forward": forward_difference,
    "central": central_difference,
    "complex step": complex_step,
}
COLOURS = {"forward": BLUE, "central": VERMILION, "complex step": GREEN}
NAMES_AT = {"forward": (2e-7, 4e-3), "central": (4e-8, 3e-11), "complex step": (3e-20, 7e-18)}
EXPONENTS = [half / 2 for half in range(-40, 1)]  # 10**-20 ... 1 in half powers of ten
SMALLEST_ERROR, LARGEST_ERROR = 1e-18, 1e2
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # keeps lines out of words


def error_for_cube(scheme: str, x: float, h: float) -> tuple[float, float]:
    """Approximate the derivative of x**3, and say how far off that is.

    Parameters
    ----------
    scheme : "forward", "central" or "complex step"
        How the derivative is approximated.
    x, h : float
        The point and the step.

    Returns
    -------
    quotient : float
        What the scheme gives for 3 x**2.
    error : float
        ``|quotient - 3 x**2|``, computed in rational arithmetic and rounded once, at the end.

    Raises
    ------
    ValueError
        If the scheme is unknown.

    Examples
    --------
    >>> error_for_cube("central", 1.0, 0.5)
    (3.25, 0.25)
    """
    if scheme not in SCHEMES:
        raise ValueError(f"The scheme is {scheme!r}; expected one of {', '.join(SCHEMES)}.")
    quotient = float(SCHEMES[scheme](lambda z: z**3, x, h))
    return quotient, float(abs(Fraction(quotient) - 3 * Fraction(x) ** 2))


def correct_digits(error: float, exact: float) -> int:
    """Count the significant decimal digits that an approximation has right.

    Parameters
    ----------
    error : float
        Absolute error.
    exact : float
        The value approximated, not 0.

    Returns
    -------
    int
        ``-log10`` of the relative error, rounded down, between 0 and 16 (a float64 holds no more).

    Examples
    --------
    >>> correct_digits(error=0.002, exact=3.0), correct_digits(error=5.0, exact=3.0), correct_digits(0.0, 3.0)
    (3, 0, 16)
    """
    relative = abs(error / exact)
    return 16 if relative < 1e-16 else max(0, math.floor(-math.log10(relative)))


def difference_quotient_errors(x: float = 0.7, embed: bool | None = None) -> Explorable:
    """Show the error of three difference quotients of x**3 against the step, and where you stand.

    Parameters
    ----------
    x : float
        The point at which x**3 is differentiated; not 0.
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the scheme and the step h.

    Raises
    ------
    ValueError
        If x is 0 or not finite: the best steps are then not defined.

    Examples
    --------
    >>> explorable = difference_quotient_errors(embed=False)
    >>> explorable.inputs["h"].value = 1e-8
    >>> "8 digits" in explorable.picture.value
    False
    >>> explorable.inputs["scheme"].value = "complex step"
    >>> "16 of 16" in explorable.picture.value or "15 of 16" in explorable.picture.value
    True
    """
    if x == 0 or not math.isfinite(x):
        raise ValueError(f"x is {x}; expected a finite number other than 0, because x**3 is flat there.")
    return Explorable(
        lambda scheme, h: _frame(scheme, h, x),
        [
            Choice("scheme", "Scheme", list(SCHEMES)),
            LogSlider("h", "Step h", EXPONENTS, start=-1.0, written=written_step),
        ],
        embed=embed,
        paper={"h": 1e-20},
    )


def written_step(h: float) -> str:
    """Write a step as a power of ten and as a decimal number.

    Examples
    --------
    >>> written_step(1e-8), written_step(10**-2.5)
    ('10⁻⁸ = 1.0e-08', '10⁻²·⁵ = 3.2e-03')
    """
    exponent = f"{math.log10(h):.4g}"
    return f"{power_of_ten(exponent)} = {h:.1e}"


def _frame(scheme: str, h: float, x: float) -> Frame:
    quotient, error = error_for_cube(scheme, x, h)
    exact = float(3 * Fraction(x) ** 2)
    digits = correct_digits(error, exact)
    svg, axes = _picture(scheme, x, h <= 1e-9)
    return Frame(
        with_marker(with_curtain(svg, axes, h), axes, h, error, COLOURS[scheme]),
        f"Error against step h, both axes logarithmic; the curve of the {scheme} scheme stands out. "
        f"You stand at h = {h:.1e}, where the error is {error:.1e}: {digits} of 16 digits are right. "
        "Smaller steps are behind a curtain.",
        [
            ("Approximation", f"{quotient:.15f}"),
            ("Exact 3x²", f"{exact:.15f}"),
            ("Error", f"{error:.1e}"),
            ("Digits right", f"{digits} of 16"),
        ],
    )


@lru_cache
def _picture(scheme: str, x: float, theory: bool) -> tuple[str, Axes]:
    """Draw all that does not depend on where the reader stands."""
    figure, axes = new_picture(5.6, 3.8)
    _draw_frame_of_axes(axes)
    for name in SCHEMES:
        _draw_curve(axes, name, x, chosen=name == scheme)
    if theory and scheme != "complex step":
        _draw_theory(axes, scheme, x)
    return as_svg(figure), axes


def _draw_frame_of_axes(axes: Axes) -> None:
    axes.set(xscale="log", yscale="log", xlim=(5e-21, 2), ylim=(SMALLEST_ERROR, LARGEST_ERROR))
    axes.set(xlabel="step h", ylabel="error of the derivative of x³")
    powers = [-20, -16, -12, -8, -4, 0]
    axes.set_xticks([10.0**p for p in powers], [power_of_ten(p) for p in powers])
    axes.set_yticks([10.0**p for p in powers[1:]], [power_of_ten(p) for p in powers[1:]])
    axes.minorticks_off()


@lru_cache
def _curve(scheme: str, x: float) -> tuple[list[float], list[float]]:
    steps = [10.0**exponent for exponent in np.arange(-20, 0.01, 0.25)]
    return steps, [error_for_cube(scheme, x, h)[1] for h in steps]


def _draw_curve(axes: Axes, scheme: str, x: float, chosen: bool) -> None:
    steps, errors = _curve(scheme, x)
    axes.plot(steps, errors, color=COLOURS[scheme], linewidth=2.2 if chosen else 1.2, alpha=1 if chosen else 0.7)
    side, weight = "right" if scheme == "central" else "left", "bold" if chosen else "normal"
    ink = INK.get(COLOURS[scheme], COLOURS[scheme])
    axes.text(*NAMES_AT[scheme], scheme, color=ink, weight=weight, ha=side, va="center")


def _draw_theory(axes: Axes, scheme: str, x: float) -> None:
    """Draw the two straight lines that theory predicts, and the step at which they say to stop."""
    higher = 6 * x if scheme == "forward" else 6.0  # f'' = 6 x, f''' = 6
    steps = np.array([1e-20, 1.0])
    here = {"x": x, "slope": 3 * x**2}  # the picture takes the steps as they are, so x + h is rounded too
    for line in (truncation_error(scheme, steps, higher), rounding_error(scheme, steps, x**3, **here)):
        axes.plot(steps, line, color="black", linewidth=1, linestyle=(0, (4, 3)), zorder=3)
    axes.text(1e-14, float(rounding_error(scheme, 1e-14, x**3, **here)) * 20, "rounding ∝ 1/h")
    power = "h" if scheme == "forward" else "h²"
    low = 1e-13 if scheme == "forward" else 2e-7
    axes.text(low, float(truncation_error(scheme, low, higher)), f"truncation ∝ {power}    ", ha="right")
    best = float(best_step(scheme, x**3, higher, **here))
    axes.plot([best], [SMALLEST_ERROR * 2.5], marker="^", color="black", markersize=8)
    axes.text(1.5, SMALLEST_ERROR * 5, f"best h: {best:.0e}", va="center", ha="right", bbox=PAPER)
