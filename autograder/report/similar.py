"""Submissions that look alike: for a person's eyes, asked for by name, written into no mark and no export.

Each submission's code is cut into runs of a few tokens, in which names, numbers and texts count by their kind alone, so
that renaming hides nothing. What the released notebook holds is taken away, and so is what many of the class share:
there are few ways to write a short formula. What is left is rare, and to share much of it wants an explanation. There
often is an innocent one; the list says where to look, and nothing else.
"""

from __future__ import annotations

import keyword
import tokenize
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.syntax import tokens
from autograder.read.submission import Submission

LENGTH = 12  # tokens in a run
COMMON = 0.2  # a run that this share of a class has is common
MAX_TEXT = 50_000  # characters of one cell that are looked at: some Pythons copy the line with each of its tokens
MAX_RUNS = 50_000  # of one submission that are looked at
GAP = 4  # lines within a place that others have too
MOST_SHOWN = 50  # pairs of which the lines are shown
FEWEST = 20  # rare runs below which a submission says nothing
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Lines of a cell that stand in both submissions of a pair: from the first to the last, counted from 1."""

    cell: str
    first: int
    last: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two submissions: the share of their rare runs that both have, how many these are, and where they stand.

    `places` holds those of the first and those of the second; of the pairs that are most alike, `MOST_SHOWN`.
    """

    students: tuple[str, str]
    share: float
    runs: int
    places: tuple[tuple[Place, ...], tuple[Place, ...]] = ((), ())


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
    result.sort(key=lambda pair: (-pair.share, -pair.runs, pair.students))
    for number, pair in enumerate(result[:MOST_SHOWN]):
        one, other = pair.students
        both = frozenset(run for run in found[one] & found[other] if len(holders[run]) <= few)
        result[number] = replace(pair, places=(places(submissions[one], both), places(submissions[other], both)))
    return result


def places(submission: Submission, wanted: frozenset[int]) -> tuple[Place, ...]:
    """Return where these runs stand in a submission; runs that meet or follow each other are one place.

    A few runs alone, which two people write by chance, are none.
    """
    found = []
    for cell in submission.code:
        spans: list[list[int]] = []  # first line, last line, how many runs
        for run, first, last in islice(placed(cell.source), MAX_RUNS):
            if hash(run) not in wanted:
                continue
            if spans and first <= spans[-1][1] + GAP:
                spans[-1][1:] = [max(spans[-1][1], last), spans[-1][2] + 1]
            else:
                spans.append([first, last, 1])
        lines = cell.source.split("\n") if spans else []  # as the tokenizer counts them
        telling = [(first, last) for first, last, count in spans if count >= LENGTH]  # fewer are alike by chance
        found += [Place(cell.name, first, last, tuple(lines[first - 1 : last])) for first, last in telling]
    return tuple(found)


def fingerprint(sources: Iterable[str]) -> frozenset[int]:
    """Return the hashes of all runs of some cells, of as many as a person would write."""
    every = (run for source in sources for run in runs(source))
    return frozenset(map(hash, islice(every, MAX_RUNS)))


def runs(source: str) -> Iterator[Tokens]:
    r"""Return every run of `LENGTH` tokens of a cell; what is no Python ends it.

    Examples
    --------
    >>> one, other = (list(runs(f"def f({x}):\n    return {x} * {x} + 3  # {x}")) for x in ("x", "value"))
    >>> one == other, one[0]
    (True, ('def', 'NAME', '(', 'NAME', ')', ':', 'return', 'NAME', '*', 'NAME', '+', 'NUMBER'))
    """
    return (run for run, _, _ in placed(source))


def placed(source: str) -> Iterator[tuple[Tokens, int, int]]:
    """Yield every run of a cell, with the numbers of its first line and of its last."""
    kinds: deque[str] = deque(maxlen=LENGTH)
    begins: deque[int] = deque(maxlen=LENGTH)
    for token in tokens(source[:MAX_TEXT]):
        if token.type in LAYOUT:
            continue
        if token.type == tokenize.NAME:
            kinds.append(token.string if keyword.iskeyword(token.string) else "NAME")
        elif token.type in (tokenize.NUMBER, tokenize.STRING):
            kinds.append(tokenize.tok_name[token.type])
        else:
            kinds.append(token.string)
        begins.append(token.start[0])
        if len(kinds) == LENGTH:
            yield tuple(kinds), begins[0], token.end[0]
