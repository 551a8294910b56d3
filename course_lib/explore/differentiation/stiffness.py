"""Explorable 11: Van der Pol's oscillator, and why an implicit method needs a Jacobian.

The solution creeps, jumps, and creeps again; the stiffer the equation, the slower it creeps and the faster it jumps.
While it creeps, a long step would do. The explicit method cannot take it, and neither can the implicit one whose
equation is solved by fixed-point iteration: both see the fast process that has died out. Newton's iteration, which
has the Jacobian, creeps with any step. Only the jump itself, where the solution is fast, asks it for a short one.
"""

from typing import Any

import numpy as np

from course_lib.applications import Solution, explicit_euler, implicit_euler, solve_stiff
from course_lib.applications.ode import GROWTH, SWINGS
from course_lib.explore.controls import Choice, Points, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLUE, GREEN, GREY, VERMILION, as_svg, new_picture

END, TOLERANCE, MOST_ITERATIONS = 20.0, 1e-6, 50
STEPS = [0.05, 0.1, 0.2, 0.5]
STIFFNESSES = [1, 5, 20, 50]
COLOURS = {"explicit": BLUE, "implicit, fixed point": VERMILION, "implicit, Newton": GREEN}


def van_der_pol(stiffness: float) -> Any:
    """Return the right-hand side of Van der Pol's equation, y'' = stiffness (1 - y²) y' - y.

    Parameters
    ----------
    stiffness : float
        1 is hardly stiff, 50 is.

    Returns
    -------
    callable
        ``f(t, y)`` for y = (position, speed).

    Examples
    --------
    >>> van_der_pol(5.0)(0.0, np.array([2.0, 1.0]))
    array([  1., -17.])
    """
    return lambda t, y: np.stack([y[1], stiffness * (1 - y[0] ** 2) * y[1] - y[0]])


def stiff_oscillator(embed: bool | None = None) -> LiveExplorable:
    """Show three solvers on Van der Pol's oscillator, at any step and stiffness, from any start.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the solver, the stiffness, the step, and the start, which is dragged.

    Examples
    --------
    >>> says = stiff_oscillator().says
    >>> stiff = {"stiffness": 50, "step": 0.2, "start": [[0.0, 2.0]]}
    >>> [dict(says(solver=solver, **stiff)[1])["Outcome"] for solver in ("explicit", "implicit, Newton")]
    ['diverges at t = 0.80', 'reaches the end']
    """
    return LiveExplorable(
        _says,
        _picture,
        [
            Choice("solver", "Solver", list(COLOURS)),
            Slider("stiffness", "Stiffness", STIFFNESSES, start=1),
            Slider("step", "Step h", STEPS, start=0.2),
            Points(
                "start",
                "The start can be dragged.",
                [[0.0, 2.0]],
                low=[0, -3],
                high=[0, 3],
                step=[1, 0.1],
                examples=[[[0.0, -3.0]], [[0.0, 0.0]], [[0.0, 0.1]], [[0.0, 1.0]]],
            ),
        ],
        module="stiff_oscillator",
        data={"end": END, "growth": GROWTH, "swings": SWINGS, "tolerance": TOLERANCE, "most": MOST_ITERATIONS},
        embed=embed,
    )


def solved(solver: str, stiffness: float, step: float, place: float) -> Solution:
    """Solve the equation by one of the three ways, from rest at a place."""
    f, start, steps = van_der_pol(stiffness), [place, 0.0], round(END / step)
    if solver == "explicit":
        return explicit_euler(f, start, END, steps)
    iteration = solver.removeprefix("implicit, ").lower()
    return implicit_euler(f, start, END, steps, iteration, TOLERANCE, MOST_ITERATIONS)


def _says(solver: str, stiffness: float, step: float, start: list[list[float]]) -> Words:
    place = start[0][1]
    solution = solved(solver, stiffness, step, place)
    if solution.reached_the_end:
        ends = "reaches the end"
    else:
        ends = ("diverges" if solver == "explicit" else "fails to converge") + f" at t = {solution.times[-1]:.2f}"
    text = (
        f"Position of Van der Pol's oscillator against time, from {fixed(place, 1)} at rest, stiffness {stiffness:g}, "
        f"step {step:g}. The {solver} method {ends}, after {solution.evaluations} evaluations of f and "
        f"{solution.jacobians} Jacobians. The right solution is drawn in grey."
    )
    return text, [
        ("Outcome", ends),
        ("Steps taken", str(len(solution.times) - 1)),
        ("Evaluations of f", str(solution.evaluations)),
        ("Jacobians", str(solution.jacobians)),
    ]


def _picture(solver: str, stiffness: float, step: float, start: list[list[float]]) -> str:
    place = start[0][1]
    solution = solved(solver, stiffness, step, place)
    right = solve_stiff(van_der_pol(stiffness), [place, 0.0], END, rtol=1e-5, atol=1e-6)
    figure, axes = new_picture(5.6, 3.3)
    times = np.linspace(0, END, 400)
    axes.plot(times, _between(times, right), color=GREY, linewidth=5, alpha=0.35, label="right")
    shown = np.clip(solution.states[:, 0], -9, 9)
    axes.plot(solution.times, shown, ".-", color=COLOURS[solver], label=solver)
    if not solution.reached_the_end:
        last = np.clip(solution.states[-1, 0], -3.2, 3.2)
        axes.plot(solution.times[-1], last, "x", color="black", markersize=10, markeredgewidth=2.5, clip_on=False)
    axes.set(xlim=(0, END), ylim=(-3.5, 3.5), xlabel="time t", ylabel="position y")
    axes.legend(loc="upper right", ncols=2)
    return as_svg(figure)


def _between(times: Any, solution: Solution) -> Any:
    """Return the position at any times: a cubic between each two of the solution's, with its speeds."""
    i = np.clip(np.searchsorted(solution.times, times, side="right") - 1, 0, len(solution.times) - 2)
    h = solution.times[i + 1] - solution.times[i]
    s = (times - solution.times[i]) / h
    (y0, v0), (y1, v1) = solution.states[i].T, solution.states[i + 1].T
    curve = y0 + s * (y1 - y0) + s * (s - 1) * ((1 - 2 * s) * (y1 - y0) + (s - 1) * h * v0 + s * h * v1)
    return curve
