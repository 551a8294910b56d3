"""How long a problem set takes, by one rule for all: what a text says can be computed, and stays true when it grows.

``python -m autograder.authoring.minutes`` prints the table. The rule is an estimate, not a measurement: a minute for
150 words, two for a line of the instructor's solution, five for a point that is earned in words, and one for a point of
the checks: to run them, and to mend.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from autograder.ground.problem_sets import ProblemSet, available

WORD = re.compile(r"[A-Za-z]{2,}")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
WORDS_A_MINUTE, MINUTES_A_LINE, MINUTES_A_WRITTEN_POINT = 150, 2, 5
STEP = 15  # minutes: a text says no finer ones


@dataclass(frozen=True)
class Work:
    """What a student reads and writes: words, lines of code; and points, for answers in words and by the checks."""

    words: int
    lines: int
    written: float
    checked: float

    @property
    def minutes(self) -> int:
        """The minutes that it takes by the rule, up to the next quarter of an hour.

        Examples
        --------
        >>> Work(words=1500, lines=20, written=5, checked=10).minutes
        90
        """
        points = self.written * MINUTES_A_WRITTEN_POINT + self.checked
        exact = self.words / WORDS_A_MINUTE + self.lines * MINUTES_A_LINE + points
        return math.ceil(exact / STEP) * STEP

    @property
    def said(self) -> str:
        """The same in words, as a text says it.

        Examples
        --------
        >>> [Work(0, lines, 0, 0).said for lines in (30, 60, 70)]
        ['60 minutes', '2 hours', '2 hours 30 minutes']
        """
        hours, rest = divmod(self.minutes, 60)
        return f"{self.minutes} minutes" if hours < 2 else f"{hours} hours" + (f" {rest} minutes" if rest else "")


def work_of(problem_set: ProblemSet) -> Work:
    """Count what a student reads and writes: the texts, the docstrings of what is asked for, and the solution's lines.

    Parameters
    ----------
    problem_set : ProblemSet

    Returns
    -------
    Work
    """
    read = [cell.source for cell in problem_set.cells if cell.cell_type == "markdown" and cell.role != "manual"]
    written = [cell.source for cell in problem_set.cells if cell.role == "solution"]
    lines = [line for source in written for solution in SOLUTION.findall(source) for line in solution.splitlines()]
    words = sum(len(WORD.findall(text)) for text in (*read, *(SOLUTION.sub("", source) for source in written)))
    by_hand = sum(cell.points for cell in problem_set.manual_cells)
    return Work(words, sum(bool(line.strip()) for line in lines), by_hand, problem_set.max_points)


def main() -> None:
    """Print the minutes of each set."""
    for id, problem_set in available().items():
        work = work_of(problem_set)
        points = f"{work.written:g} points in words, {work.checked:g} by checks"
        print(f"{id}  {work.said:<20} {work.words} words, {work.lines} lines, {points}")


if __name__ == "__main__":
    main()
