"""Explorable 12: what a full covariance says, as the picture of a circle under its Cholesky factor.

Standard points z lie around a circle. The points x = L z, with L L' = Sigma, lie around an ellipse. The two columns of
L are where the unit arrows go. The axes of the ellipse are as long as the *roots* of the eigenvalues of Sigma.
"""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.explore.controls import Points, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLUE, GREEN, GREY, ORANGE, SKY, STYLE, VERMILION, as_svg

POINTS = np.random.RandomState(12).standard_normal((80, 2)).round(2)


def covariance_ellipse(embed: bool | None = None) -> LiveExplorable:
    """Show the ellipse of a covariance of two features, and its Cholesky factor.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the correlation rho, and the ratio s of the standard deviations, of which the
        first is 1; and a point x, which is dragged.

    Examples
    --------
    >>> words, reading = covariance_ellipse().says(rho=0.6, s=1.0, point=[[0.8, -0.8]])
    >>> reading[1], reading[3]
    (('Cholesky factor L', '[1.00, 0; 0.60, 0.80]'), ('Long axis : short axis', '2.00'))
    """
    return LiveExplorable(
        _says,
        _picture,
        [
            Slider("rho", "Correlation ρ", [5 * k / 100 for k in range(-19, 20)], start=0.6, written="{:.2f}".format),
            Slider("s", "Ratio of σ₂ to σ₁", [k / 10 for k in range(2, 21)], start=1.5, written="{:.1f}".format),
            Points(
                "point",
                "The green point x can be dragged.",
                [[1.5, -1.5]],
                low=[-4, -4],
                high=[4, 4],
                step=[0.1, 0.1],
                examples=[[[2.0, 2.0]], [[-3.1, 0.4]]],
            ),
        ],
        module="covariance",
        data={"z": POINTS.tolist()},
        embed=embed,
    )


def covariance_of(rho: float, s: float) -> np.ndarray:
    """Return the covariance matrix with standard deviations 1 and s and the correlation rho.

    Parameters
    ----------
    rho : float
        Between -1 and 1, both excluded.
    s : float
        The second standard deviation, positive.

    Returns
    -------
    ndarray, shape (2, 2)

    Examples
    --------
    >>> covariance_of(0.5, 2.0)
    array([[1., 1.],
           [1., 4.]])
    """
    return np.array([[1.0, rho * s], [rho * s, s**2]])


def _says(rho: float, s: float, point: list[list[float]]) -> Words:
    covariance = covariance_of(rho, s)
    L = np.linalg.cholesky(covariance)
    (smaller, larger), vectors = np.linalg.eigh(covariance)
    elongation = np.sqrt(larger / smaller)
    across, up = vectors[:, 1]
    angle = 90 - (90 - np.degrees(np.arctan2(up, across))) % 180  # an axis has two ends: above -90, at most 90
    shape = (
        "The ellipse is a circle."
        if larger - smaller < 1e-9
        else f"The ellipse's long axis is turned by {fixed(angle, 0)} degrees and is {elongation:.2f} times as long "
        "as the short one."
    )
    x = np.asarray(point[0])
    deviations = np.sqrt(x @ np.linalg.inv(covariance) @ x)
    text = (
        f"Left, a circle with two unit arrows and points around it. Right, what L makes of it, for the correlation "
        f"{fixed(rho, 2)} and standard deviations 1 and {s:.2f}. The arrows go to ({L[0, 0]:.2f}, "
        f"{fixed(L[1, 0], 2)}) and ({L[0, 1]:.2f}, {L[1, 1]:.2f}). {shape} The point x at ({fixed(x[0], 2)}, "
        f"{fixed(x[1], 2)}) is {deviations:.2f} standard "
        "deviations from the centre."
    )
    off = covariance[1, 0]
    return text, [
        ("Covariance Σ", f"[1.00, {fixed(off, 2)}; {fixed(off, 2)}, {covariance[1, 1]:.2f}]"),
        ("Cholesky factor L", f"[1.00, 0; {fixed(L[1, 0], 2)}, {L[1, 1]:.2f}]"),
        ("Eigenvalues of Σ", f"{larger:.2f} and {smaller:.2f}"),
        ("Long axis : short axis", f"{elongation:.2f}"),
        ("Length of x", f"{np.linalg.norm(x):.2f}"),
        ("In standard deviations", f"{deviations:.2f}"),
    ]


def _picture(rho: float, s: float, point: list[list[float]]) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 3.0), layout="constrained")
        panels = figure.subplots(1, 2)
    angle = np.linspace(0, 2 * np.pi, 73)
    circle = np.array([np.cos(angle), np.sin(angle)])
    factors = (np.eye(2), np.linalg.cholesky(covariance_of(rho, s)))
    for axes, L, title in zip(panels, factors, ("z, standard", "x = L z"), strict=True):
        axes.plot(*(L @ POINTS.T), ".", color=GREY, markersize=4)
        axes.fill(*(2 * L @ circle), color=SKY, alpha=0.25)
        axes.plot(*(L @ circle), color=BLUE)
        for column, colour in zip(L.T, (VERMILION, ORANGE), strict=True):
            axes.annotate("", column, (0, 0), arrowprops={"color": colour, "width": 1.5, "headwidth": 7})
        chosen = np.asarray(point[0]) if title.startswith("x") else np.linalg.solve(factors[1], point[0])
        axes.plot(*chosen, "o", color=GREEN, markeredgecolor="black")
        axes.set(title=title, xlim=(-4.2, 4.2), ylim=(-4.2, 4.2), aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    return as_svg(figure)
