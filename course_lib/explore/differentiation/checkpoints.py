"""Explorable 9: checkpointing, memory against recomputation.

The reverse sweep needs the steps of a program from the last to the first. Who keeps all of them needs much memory; who
keeps none runs the program again from the start for each. With c snapshots, placed as well as can be, a program of n
steps is reversed with r repetitions of each step at most, where n is at most (c + r)! / (c! r!): both numbers may be
small together.

Griewank and Walther: Algorithm 799, revolve. ACM Transactions on Mathematical Software 26 (2000) 19-45.
"""

import math
from functools import lru_cache

from matplotlib.axes import Axes

from course_lib.explore.controls import Choice, Slider
from course_lib.explore.frames import Explorable, Frame
from course_lib.explore.pictures import BLUE, VERMILION, as_svg, new_picture, with_marker

SNAPSHOTS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100]
LENGTHS = {"100 steps": 100, "1000 steps": 1000, "10000 steps": 10_000}


def repetitions(n: int, snapshots: int) -> int:
    """Return how often a step is repeated at most, when n steps are reversed with so many snapshots.

    Parameters
    ----------
    n, snapshots : int
        Both at least 1. The start of the program counts as the first snapshot.

    Returns
    -------
    int
        The smallest r with n <= binomial(snapshots + r, snapshots).

    Examples
    --------
    >>> repetitions(1000, 1), repetitions(1000, 10), repetitions(1000, 999)
    (999, 4, 1)
    """
    if n < 1 or snapshots < 1:
        raise ValueError(f"There are {n} steps and {snapshots} snapshots; expected at least one of each.")
    r = 0
    while math.comb(snapshots + r, snapshots) < n:
        r += 1
    return r


def steps_run(n: int, snapshots: int) -> int:
    """Return the smallest number of steps that must be run to reverse n steps, beside the n of the sweep itself.

    Parameters
    ----------
    n, snapshots : int
        Both at least 1. The start of the program counts as the first snapshot.

    Returns
    -------
    int
        ``r n - binomial(snapshots + r, r - 1)``, with the r of `repetitions`.

    References
    ----------
    Griewank and Walther (2000), theorem 3.1.

    Examples
    --------
    With one snapshot, the start, everything before a step is run again for each step: 0 + 1 + ... + 9.

    >>> steps_run(10, 1), steps_run(10, 3), steps_run(10, 10)
    (45, 15, 9)
    """
    r = repetitions(n, snapshots)
    return r * n - math.comb(snapshots + r, r - 1) if r else 0


def checkpointing(embed: bool | None = None) -> Explorable:
    """Show how many steps have to be run again, for any number of snapshots.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the length of the program, and the number of snapshots.

    Examples
    --------
    >>> explorable = checkpointing(embed=False)
    >>> explorable.inputs["snapshots"].value = 10
    >>> "each step runs at most" in explorable.picture.value
    True
    """
    return Explorable(
        _frame,
        [
            Choice("length", "Program", list(LENGTHS)),
            Slider("snapshots", "Snapshots", SNAPSHOTS, start=1),
        ],
        embed=embed,
    )


def _frame(length: str, snapshots: int) -> Frame:
    n = LENGTHS[length]
    factor, most = steps_run(n, snapshots) / n, repetitions(n, snapshots)
    svg, axes = _picture(n)
    return Frame(
        with_marker(svg, axes, snapshots, max(factor, 0.6), VERMILION),
        f"Runs of the program against snapshots kept, both axes logarithmic, for {n} steps; the curve falls steeply. "
        f"You stand at {snapshots} snapshot{'s' if snapshots > 1 else ''}: each step runs at most {most} times "
        f"beside the sweep, {factor:.3g} times on average.",
        [
            ("Memory", f"{snapshots} state{'s' if snapshots > 1 else ''} in place of {n}"),
            ("Runs of a step, at most", f"{most}"),
            ("On average", f"{factor:.3g}"),
            ("Memory saved", f"{round(n / snapshots, 1):g} times less" if snapshots < n else "nothing"),
        ],
    )


@lru_cache
def _picture(n: int) -> tuple[str, Axes]:
    """Draw the curve for one length of program."""
    figure, axes = new_picture(5.6, 3.4)
    axes.plot(SNAPSHOTS, [steps_run(n, c) / n for c in SNAPSHOTS], "o-", color=BLUE, markersize=3.5)
    axes.set(xscale="log", yscale="log", xlim=(0.85, 125), ylim=(0.6, 9000))
    axes.set(xlabel="snapshots kept", ylabel="runs of a step, on average")
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.minorticks_off()
    return as_svg(figure), axes
