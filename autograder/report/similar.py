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
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice

from autograder.ground.problem_sets import ProblemSet
from autograder.read.submission import Submission

LENGTH = 12  # tokens in a run
COMMON = 0.2  # a run that this share of a class has is common
MAX_RUNS = 50_000  # of one submission that are looked at
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
    known = fingerprint(cell.source for cell in problem_set.cells if cell.cell_type == "code")
    found = {s: fingerprint(cell.source for cell in submission.code) - known for s, submission in submissions.items()}
    # Only runs that exactly some few have can be shared: look at those who have each, not at all pairs of a class. And
    # who shares one run shares others: what the same few have is counted once for all of it.
    holders: dict[int, list[str]] = {}
    for student in sorted(found):
        for run in found[student]:
            holders.setdefault(run, []).append(student)
    few = max(2, COMMON * len(found))
    groups = Counter(tuple(students) for students in holders.values() if len(students) <= few)
    rare: Counter[str] = Counter()
    shared: Counter[tuple[str, str]] = Counter()
    for students, count in groups.items():
        rare.update(dict.fromkeys(students, count))
        shared.update(dict.fromkeys(combinations(students, 2), count))
    result = []
    for (first, second), count in shared.items():
        fewest = min(rare[first], rare[second])
        if fewest >= FEWEST and count >= least * fewest:
            result.append(Pair((first, second), round(count / fewest, 3), count))
    return sorted(result, key=lambda pair: (-pair.share, -pair.runs, pair.students))


def fingerprint(sources: Iterable[str]) -> frozenset[int]:
    """Return the hashes of all runs of some cells, of as many as a person would write."""
    every = (run for source in sources for run in runs(source))
    return frozenset(map(hash, islice(every, MAX_RUNS)))


def runs(source: str) -> Iterator[Tokens]:
    r"""Yield every run of `LENGTH` tokens of a cell; what is no Python ends it.

    Examples
    --------
    >>> one, other = (list(runs(f"def f({x}):\n    return {x} * {x} + 3  # {x}")) for x in ("x", "value"))
    >>> one == other, one[0]
    (True, ('def', 'NAME', '(', 'NAME', ')', ':', 'return', 'NAME', '*', 'NAME', '+', 'NUMBER'))
    """
    tokens: deque[str] = deque(maxlen=LENGTH)
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in LAYOUT:
                continue
            if token.type == tokenize.NAME:
                tokens.append(token.string if keyword.iskeyword(token.string) else "NAME")
            elif token.type in (tokenize.NUMBER, tokenize.STRING):
                tokens.append(tokenize.tok_name[token.type])
            else:
                tokens.append(token.string)
            if len(tokens) == LENGTH:
                yield tuple(tokens)
    except (tokenize.TokenError, SyntaxError):
        pass
