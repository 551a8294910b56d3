"""Explorable 4: the evaluation trace of x1 x2 + sin(x1), filled row by row.

Forward mode is bookkeeping: each line of the program is computed once, and beside it the line of the dual program,
from the lines above. The reader fills the table step by step, and sees which earlier lines each line reads. With the
seed at x1 two lines bring something to the last one, and there they are added.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_lib.autodiff import evaluation_trace
from course_lib.explore.controls import Choice, Slider
from course_lib.explore.frames import Explorable, Frame
from course_lib.explore.pictures import BLUE, GREY, ORANGE, VERMILION, as_svg, new_picture

POINT = (2.0, 5.0)
READS = ((), (), (1, 2), (1,), (3, 4))  # the lines that each line reads, counted from 1
COLUMNS = (0, 104, 160, 317)  # where the texts begin, in points
ENDS = (0, 372)


def filling_trace(embed: bool | None = None) -> Explorable:
    """Show the evaluation trace of x1 x2 + sin(x1) at (2, 5), filled up to a step, for either seed.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the seed, that is the variable whose tangent is 1, and the step.

    Examples
    --------
    >>> explorable = filling_trace(embed=False)
    >>> explorable.inputs["step"].value = 5
    >>> explorable.inputs["seed"].value = "x2"
    >>> "with respect to x2 is 2" in explorable.picture.value
    True
    """
    seed, step = Choice("seed", "Tangent 1 for", ["x1", "x2"]), Slider("step", "Step", range(6), start=0)
    return Explorable(_frame, [seed, step], embed=embed, paper={"step": 5})


def _program(x1: Any, x2: Any) -> Any:
    return x1 * x2 + np.sin(x1)


def _rows(seed: str) -> Iterator[tuple[str, str, str, str]]:
    """Write the five rows of the table: statement, value, dual statement, tangent."""
    for row in evaluation_trace(_program, *POINT, wrt=0 if seed == "x1" else 1).rows:
        derivative = unicodedata.normalize("NFC", row.derivative).replace("*", "·")
        value, slope = (f"{number:z.4g}".replace("-", "−") for number in (row.value, row.slope))
        yield row.statement.replace("*", "·"), value, derivative, slope


def _frame(seed: str, step: int) -> Frame:
    rows = list(_rows(seed))
    figure, axes = new_picture(5.6, 2.6)
    _draw(axes, rows, int(step))
    head = f"The evaluation trace of x1 · x2 + sin(x1) with the tangent 1 for {seed}, filled up to step {step} of 5. "
    if step == 0:
        return Frame(as_svg(figure), head + "Nothing is filled in yet: five empty rows with four columns.", [])
    statement, value, derivative, tangent = rows[int(step) - 1]
    reads = " and ".join(f"w{k}" for k in READS[int(step) - 1])
    text = head + f"This row says {statement}, which is {value}, and beside it {derivative}, which is {tangent}."
    text += f" It reads {reads}." if reads else ""
    if step == 5:
        text += f" The derivative with respect to {seed} is {tangent}."
    return Frame(
        as_svg(figure),
        text,
        [("This line", f"{statement} = {value}"), ("Its dual line", f"{derivative} = {tangent}")],
    )


def _draw(axes: Axes, rows: list[tuple[str, str, str, str]], step: int) -> None:
    axes.set(xlim=(-30, ENDS[1]), ylim=(5.6, -0.9))
    axes.axis("off")
    for x, head in zip(COLUMNS, ("original", "value", "dual", "value"), strict=True):
        axes.text(x, -0.35, head, color=GREY, va="center")
    axes.plot(ENDS, [0, 0], color="black", linewidth=1)
    reads = READS[step - 1] if step else ()
    if step:
        axes.axhspan(step - 1, step, xmin=30 / (ENDS[1] + 30), color=BLUE, alpha=0.15, linewidth=0)
    for k, row in enumerate(rows, 1):
        axes.plot(ENDS, [k, k], color="#E4E4E4", linewidth=0.8)
        for x, text in zip(COLUMNS, row if k <= step else (f"w{k}", "", "", ""), strict=True):
            axes.text(x, k - 0.5, text.replace(" · ", " "), va="center", color="black" if k <= step else GREY)
    for place, k in enumerate(reads):  # from the line that is read to the line that reads it
        left, colour = -14 - 10 * place, (ORANGE, VERMILION)[place]
        path = [-6, left, left, -6], [k - 0.5, k - 0.5, step - 0.5 + 0.14 * place, step - 0.5 + 0.14 * place]
        axes.plot(*path, color=colour, linewidth=2)
        axes.plot([-6], [path[1][-1]], marker=">", color=colour, markersize=7)
