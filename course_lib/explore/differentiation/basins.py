"""Explorable 10: Newton's path and basins. Quadratic, until it is not.

The equation z³ = 1 has three solutions in the complex plane. Near one of them Newton's iteration doubles the digits
at each step. Far away it jumps, and a start that moves by a hair may end at another solution: the borders of the
three basins are so ragged that each of their points is a border of all three. Where the path ends, and the colours of
the basins, are told from the first iteration on: before it the reader predicts.
"""

import math

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course_lib.applications import newton
from course_lib.explore.controls import Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLACK, BLUE, GREEN, ORANGE, STYLE, as_svg

ROOTS = np.array([[1.0, 0.0], [-0.5, math.sqrt(3) / 2], [-0.5, -math.sqrt(3) / 2]])
NAMES = "ABC"
COLOURS = [BLUE, ORANGE, GREEN]
REACH, LEAST, STEPS = 2.0, 1e-15, 15


def newton_basins(embed: bool | None = None) -> LiveExplorable:
    """Show the path of Newton's iteration for z³ = 1, and the basins of its three solutions.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the start (real and imaginary part) and the iteration.

    Examples
    --------
    >>> words, reading = newton_basins().says(x=2.0, y=0.5, k=5)
    >>> reading
    [('You are at', '1.0000 + 0.0000i'), ('It ends at', 'A'), ('Distance from there', '2.2e-7'), ('Digits right', '6')]
    """
    places = [round(0.05 * k, 2) for k in range(-40, 41)]
    return LiveExplorable(
        _says,
        _picture,
        [
            Slider("x", "Start, real part", places, start=-1.5, written="{:.2f}".format),
            Slider("y", "Start, imaginary part", places, start=0.15, written="{:.2f}".format),
            Slider("k", "Iteration", range(STEPS + 1), start=0, buttons=True),
        ],
        module="newton_basins",
        embed=embed,
        paper={"k": 12},
    )


def cube_minus_one(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the real and the imaginary part of z³ - 1, for z = (x, y)."""
    x, y = z[0], z[1]
    return np.stack([x**3 - 3 * x * y**2 - 1, 3 * x**2 * y - y**3])


def newton_points(x: float, y: float) -> NDArray[np.float64]:
    """Return the points of the path, one a row; a path that has arrived stays where it is."""
    points = newton(cube_minus_one, [x, y], tolerance=0.0, max_iterations=40).points
    missing = 41 - len(points) if len(points) > 1 else 0
    return np.concatenate([points, np.repeat(points[-1:], missing, axis=0)])


def _says(x: float, y: float, k: int) -> Words:
    whole = newton_points(x, y)
    points = whole[: k + 1]
    here = points[-1]
    ends = np.flatnonzero(np.linalg.norm(ROOTS - whole[-1], axis=1) < 1e-6)
    goal = "–" if k == 0 else NAMES[ends[0]] if len(ends) else "no root"
    far, digits = "–", 0
    if len(ends) and k > 0:
        off = max(float(np.linalg.norm(here - ROOTS[ends[0]])), LEAST)
        far = "rounding only" if off < 1e-13 else _as_in_javascript(off)
        digits = max(0, min(15, math.floor(-math.log10(off))))
    text = (
        f"Newton's iteration for z³ = 1 started at {fixed(x, 2)} {_signed(y)}. After {len(points) - 1} "
        f"step{'s' if len(points) != 2 else ''} it is at {_complex(here)}. "
    )
    text += f"From this start it ends at {goal}. Distance from there: {far}." if k else "Where will it end?"
    return text, [
        ("You are at", _complex(here)),
        ("It ends at", goal),
        ("Distance from there", far),
        ("Digits right", str(digits)),
    ]


def _signed(number: float) -> str:
    return f"+ {fixed(number, 4)}i".replace("+ −", "− ")


def _complex(z: NDArray[np.float64]) -> str:
    return f"{fixed(z[0], 4)} {_signed(z[1])}"


def _as_in_javascript(number: float) -> str:
    mantissa, _, exponent = f"{number:.1e}".partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def _picture(x: float, y: float, k: int) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 3.4), layout="constrained")
        plane, error = figure.subplots(1, 2, width_ratios=[1.6, 1])
    z = _grid(95)
    cells = 2 * REACH / len(z)
    for row, basins in enumerate(_basins(z) if k else []):
        for root, opacity in enumerate([0.45, 0.3, 0.6]):
            starts = np.flatnonzero(np.diff(np.concatenate([[False], basins == root, [False]])))
            strips = [(-REACH + a * cells, (b - a) * cells) for a, b in zip(starts[::2], starts[1::2], strict=True)]
            low = -REACH + row * cells
            plane.broken_barh(
                strips, (low, cells), facecolor=COLOURS[root], alpha=opacity, linewidth=0, antialiased=False
            )
    whole = newton_points(x, y)
    points = whole[: k + 1]
    plane.plot(*points.T, "k.-", linewidth=1.5)
    plane.plot(x, y, "o", markersize=8, markerfacecolor="white", markeredgecolor=BLACK)
    for name, root in zip(NAMES, ROOTS, strict=True):
        plane.plot(*root, "o", markersize=5, markerfacecolor="white", markeredgecolor=BLACK)
        plane.annotate(name, root, xytext=(6, 6), textcoords="offset points", weight="bold")
    plane.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", title="Where it goes", xlabel="real part")
    plane.grid(False)
    distances = np.maximum(np.min(np.linalg.norm(whole[: STEPS + 1, None] - ROOTS, axis=2), axis=1), LEAST)
    error.semilogy(distances[: k + 1] if k else [], "o-", color=BLUE)
    error.set(xlabel="iteration", title="How far away", xlim=(-0.5, STEPS), ylim=(LEAST, 1e2))
    return as_svg(figure)


def _grid(cells: int) -> NDArray[np.float64]:
    return -REACH + (np.arange(cells) + 0.5) * 2 * REACH / cells


def _basins(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which root each point of a square grid is led to, by the formula, for all of them at once."""
    z = places[None, :] + 1j * places[:, None]
    with np.errstate(all="ignore"):  # the middle itself, where the tangent is level, is no number
        for _ in range(40):
            z = z - (z**3 - 1) / (3 * z**2)
    return np.argmin(np.abs(z[..., None] - (ROOTS[:, 0] + 1j * ROOTS[:, 1])), axis=-1)
