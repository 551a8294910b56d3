"""Submissions that look alike: for a person's eyes, asked for by name, written into no mark and no export.

Each submission's code is cut into runs of a few tokens, in which names, numbers and texts count by their kind alone, so
that renaming hides nothing. What the released notebook holds is taken away, and so is what many of the class share:
there are few ways to write a short formula. What is left is rare, and to share much of it wants an explanation. There
often is an innocent one; the list says where to look, and nothing else.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from autograder.ground.problem_sets import ProblemSet
from autograder.read.submission import Submission

LENGTH = 12  # tokens in a run
COMMON = 0.2  # a run that this share of a class has is common
FEWEST = 20  # rare runs below which a submission says nothing
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two submissions: the share of their rare runs that both have, and how many these are."""

    students: tuple[str, str]
    share: float
    runs: int


def pairs(submissions: Mapping[str, Submission], problem_set: ProblemSet, least: float = 0.5) -> list[Pair]:
    """Return the pairs of submissions that share at least this part of their rare runs, most alike first.

    Parameters
    ----------
    submissions : mapping of str to Submission
        By student.
    problem_set : ProblemSet
        Whose own cells and solutions count as known to all.
    least : float
        Between 0 and 1.
    """
    known = frozenset(run for cell in problem_set.cells if cell.cell_type == "code" for run in runs(cell.source))
    found = {
        student: frozenset(run for cell in submission.code for run in runs(cell.source)) - known
        for student, submission in submissions.items()
    }
    having = Counter(run for all_runs in found.values() for run in all_runs)
    common = {run for run, count in having.items() if count > max(2, COMMON * len(found))}
    rare = {student: all_runs - common for student, all_runs in found.items()}
    # Only runs that exactly some few have can be shared: look at those who have each, not at all pairs of a class.
    holders: dict[Tokens, list[str]] = {}
    for student, all_runs in rare.items():
        for run in all_runs:
            holders.setdefault(run, []).append(student)
    shared = Counter(pair for students in holders.values() for pair in combinations(sorted(students), 2))
    result = []
    for (first, second), count in shared.items():
        fewest = min(len(rare[first]), len(rare[second]))
        if fewest >= FEWEST and count >= least * fewest:
            result.append(Pair((first, second), round(count / fewest, 3), count))
    return sorted(result, key=lambda pair: (-pair.share, -pair.runs, pair.students))


def runs(source: str) -> Iterator[Tokens]:
    r"""Yield every run of `LENGTH` tokens of a cell; what is no Python ends it.

    Examples
    --------
    >>> one, other = (list(runs(f"def f({x}):\n    return {x} * {x} + 3  # {x}")) for x in ("x", "value"))
    >>> one == other, one[0]
    (True, ('def', 'NAME', '(', 'NAME', ')', ':', 'return', 'NAME', '*', 'NAME', '+', 'NUMBER'))
    """
    tokens: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                tokens.append(token.string if keyword.iskeyword(token.string) else "NAME")
            elif token.type in (tokenize.NUMBER, tokenize.STRING):
                tokens.append(tokenize.tok_name[token.type])
            elif token.type not in LAYOUT:
                tokens.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass
    for start in range(len(tokens) - LENGTH + 1):
        yield tuple(tokens[start : start + LENGTH])
