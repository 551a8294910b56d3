"""Explorable 11: Van der Pol's oscillator, and why an implicit method needs a Jacobian.

The solution creeps, jumps, and creeps again; the stiffer the equation, the slower it creeps and the faster it jumps.
While it creeps, a long step would do. The explicit method cannot take it, and neither can the implicit one whose
equation is solved by fixed-point iteration: both see the fast process that has died out. Newton's iteration, which
has the Jacobian, creeps with any step. Only the jump itself, where the solution is fast, asks it for a short one.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.applications import Solution, explicit_euler, implicit_euler, solve_stiff
from course_lib.explore.controls import Choice, Slider
from course_lib.explore.frames import Explorable, Frame
from course_lib.explore.pictures import BLUE, GREEN, GREY, VERMILION, as_svg, new_picture

START, END = (2.0, 0.0), 20.0
STEPS = [0.05, 0.1, 0.2, 0.5]
STIFFNESSES = [1, 5, 20, 50]
SOLVERS = {
    "explicit": (lambda f, n: explicit_euler(f, START, END, n), BLUE),
    "implicit, fixed point": (lambda f, n: implicit_euler(f, START, END, n, "fixed point", 1e-6), VERMILION),
    "implicit, Newton": (lambda f, n: implicit_euler(f, START, END, n, "newton", 1e-6), GREEN),
}


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


def stiff_oscillator(embed: bool | None = None) -> Explorable:
    """Show three solvers on Van der Pol's oscillator, at any step and stiffness.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the solver, the stiffness, and the step.

    Examples
    --------
    >>> explorable = stiff_oscillator(embed=False)
    >>> explorable.inputs["stiffness"].value = 50
    >>> "diverges" in explorable.picture.value
    True
    >>> explorable.inputs["solver"].value = "implicit, Newton"
    >>> "reaches the end" in explorable.picture.value
    True
    """
    return Explorable(
        _frame,
        [
            Choice("solver", "Solver", list(SOLVERS)),
            Slider("stiffness", "Stiffness", STIFFNESSES, start=5),
            Slider("step", "Step h", STEPS, start=0.2),
        ],
        embed=embed,
    )


@lru_cache
def _right(stiffness: float) -> Solution:
    return solve_stiff(van_der_pol(stiffness), START, END, rtol=1e-5, atol=1e-6)


def _frame(solver: str, stiffness: float, step: float) -> Frame:
    solve, colour = SOLVERS[solver]
    solution, right = solve(van_der_pol(stiffness), round(END / step)), _right(stiffness)
    last, at = solution.states[-1, 0], solution.times[-1]
    if solution.reached_the_end:
        ends = "reaches the end"
    else:
        ends = ("diverges" if solver == "explicit" else "fails to converge") + f" at t = {at:.2f}"
    figure, axes = new_picture(5.6, 3.3)
    times = np.linspace(0, END, 400)
    axes.plot(times, _between(times, right), color=GREY, linewidth=5, alpha=0.35, label="right")
    shown = slice(None, None, max(1, len(solution.times) // 300))
    style = ".-" if len(solution.times) < 320 else "-"
    axes.plot(solution.times[shown], np.clip(solution.states[shown, 0], -9, 9), style, color=colour, label=solver)
    if not solution.reached_the_end:
        axes.plot(
            [at], [np.clip(last, -3.2, 3.2)], "x", color="black", markersize=10, markeredgewidth=2.5, clip_on=False
        )
    axes.set(xlim=(0, END), ylim=(-3.5, 3.5), xlabel="time t", ylabel="position y")
    axes.legend(loc="upper right", ncols=2, fontsize=9)
    text = (
        f"Position of Van der Pol's oscillator against time, stiffness {stiffness:g}, step {step:g}. The {solver} "
        f"method {ends}, after {solution.evaluations} evaluations of f and {solution.jacobians} Jacobians. The right "
        f"solution is drawn in grey."
    )
    return Frame(
        as_svg(figure),
        text,
        [
            ("Outcome", ends),
            ("Steps taken", str(len(solution.times) - 1)),
            ("Evaluations of f", str(solution.evaluations)),
            ("Jacobians", str(solution.jacobians)),
        ],
    )


def _between(times: Any, solution: Solution) -> Any:
    """Return the position at any times: a cubic between each two of the solution's, with its speeds."""
    i = np.clip(np.searchsorted(solution.times, times, side="right") - 1, 0, len(solution.times) - 2)
    h = solution.times[i + 1] - solution.times[i]
    s = (times - solution.times[i]) / h
    (y0, v0), (y1, v1) = solution.states[i].T, solution.states[i + 1].T
    curve = y0 + s * (y1 - y0) + s * (s - 1) * ((1 - 2 * s) * (y1 - y0) + (s - 1) * h * v0 + s * h * v1)
    return curve
