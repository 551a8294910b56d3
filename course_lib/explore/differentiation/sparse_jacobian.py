"""Explorable 8: a sparse Jacobian fills up, column by column, row by row, or colour by colour.

The function is a chain in which each result depends on its neighbours alone, so that the Jacobian has three diagonals.
One forward sweep gives a column, one reverse sweep a row. Columns that share no row can go together: their entries
cannot be mistaken for each other. Three sweeps then do the work of twelve, or of a million.
"""

import numpy as np

from course_lib.autodiff.sparsity import colours
from course_lib.explore.controls import Choice, Slider
from course_lib.explore.frames import Explorable, Frame
from course_lib.explore.pictures import BLUE, GREEN, GREY, ORANGE, VERMILION

N = 12
PATTERN = [[abs(i - j) <= 1 for j in range(N)] for i in range(N)]
ENTRIES = sum(map(sum, PATTERN))
WAYS = ("by columns", "by rows", "by colours")
PALETTE = (BLUE, ORANGE, GREEN)
CELL, LEFT, TOP = 22, 30, 36


def sweeps(way: str) -> list[list[tuple[int, int]]]:
    """Return, for each sweep, the entries (row, column) of the Jacobian that it brings.

    Parameters
    ----------
    way : "by columns", "by rows" or "by colours"
        One forward sweep a column, one reverse sweep a row, or one forward sweep a colour of columns.

    Examples
    --------
    >>> [len(sweeps(way)) for way in ("by columns", "by rows", "by colours")]
    [12, 12, 3]
    """
    if way not in WAYS:
        raise ValueError(f"The way is {way!r}; expected one of {', '.join(WAYS)}.")
    there = [(i, j) for i in range(N) for j in range(N) if PATTERN[i][j]]
    if way == "by rows":
        return [[entry for entry in there if entry[0] == i] for i in range(N)]
    groups = column_colours() if way == "by colours" else list(range(N))
    return [[entry for entry in there if groups[entry[1]] == group] for group in range(max(groups) + 1)]


def column_colours() -> list[int]:
    """Return the colour of each column, a number from 0 on."""
    return [int(colour) for colour in colours(np.array(PATTERN))]


def jacobian_filling(embed: bool | None = None) -> Explorable:
    """Show a tridiagonal Jacobian as it fills up, sweep by sweep.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.frames.Explorable`.

    Returns
    -------
    Explorable
        Displays itself. Controls: the way, and the number of sweeps.

    Examples
    --------
    >>> explorable = jacobian_filling(embed=False)
    >>> explorable.inputs["way"].value = "by colours"
    >>> explorable.inputs["done"].value = 3
    >>> "34 of 34 entries" in explorable.picture.value
    True
    """
    return Explorable(
        _frame,
        [Choice("way", "Fill", list(WAYS)), Slider("done", "Sweeps done", range(N + 1), start=3)],
        embed=embed,
    )


def _frame(way: str, done: int) -> Frame:
    plan = sweeps(way)
    used = min(done, len(plan))
    known = {entry: k for k, entries in enumerate(plan[:used]) for entry in entries}
    last = set(plan[used - 1]) if used else set()
    kind = "reverse" if way == "by rows" else "forward"
    finished = len(known) == ENTRIES
    return Frame(
        _picture(way, known, last, used),
        f"A Jacobian of {N} rows and {N} columns with entries on three diagonals, filled {way}. After {used} {kind} "
        f"sweeps {len(known)} of {ENTRIES} entries are known" + (": all of them." if finished else "."),
        [
            ("Sweeps", f"{used} {kind}"),
            ("Known", f"{len(known)} of {ENTRIES} entries"),
            ("Needed in all", f"{len(plan)} sweeps"),
            ("Finished", "yes" if finished else "no"),
        ],
    )


def _picture(way: str, known: dict[tuple[int, int], int], last: set[tuple[int, int]], used: int) -> str:
    """Draw the matrix, and beside it the seed of the last sweep: 1 for each column or row that takes part."""
    size = LEFT + N * CELL + 70
    groups = column_colours()
    parts = [f"<rect width='{size}' height='{size - 20}' fill='#ffffff'/>"]
    for i in range(N):
        for j in range(N):
            x, y = LEFT + j * CELL, TOP + i * CELL
            if not PATTERN[i][j]:
                parts.append(f"<circle cx='{x + 10}' cy='{y + 10}' r='1' fill='{GREY}'/>")
                continue
            colour = PALETTE[groups[j]] if way == "by colours" else BLUE
            fill = VERMILION if (i, j) in last and way != "by colours" else colour if (i, j) in known else "#ffffff"
            edge = f"stroke='#000000' stroke-width='{2 if (i, j) in last else 0.7}'"
            parts.append(f"<rect x='{x}' y='{y}' width='{CELL - 2}' height='{CELL - 2}' fill='{fill}' {edge}/>")
    for k in range(N):
        chosen = used > 0 and (groups[k] if way == "by colours" else k) == used - 1
        x, y = (LEFT - 14, TOP + k * CELL + 15) if way == "by rows" else (LEFT + k * CELL + 10, TOP - 8)
        weight = "bold" if chosen else "normal"
        parts.append(f"<text x='{x}' y='{y}' text-anchor='middle' font-weight='{weight}'>{int(chosen)}</text>")
    side = "row" if way == "by rows" else "column"
    parts.append(f"<text x='{LEFT}' y='14'>seed of the last sweep, one number a {side}</text>")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size} {size - 20}' width='{size}' "
        f"font-family='DejaVu Sans, Verdana, sans-serif' font-size='12'>{''.join(parts)}</svg>"
    )
