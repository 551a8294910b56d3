"""The rows that a start looks at: all of them, or, if there are many, some drawn at random, and rare ones far out.

To take every m-th row would be cheaper, and wrong as soon as the data have a rhythm of their own: hourly
measurements, two sources that alternate, rows sorted by group. So each row gets a random number u, in the order of the
rows, and the largest keys win, ``log(u) / w`` for a row of weight w: a draw without replacement in which a row's
chance is proportional to its weight (Efraimidis and Spirakis: Weighted random sampling with a reservoir. Information
Processing Letters 97 (2006) 181-185). The rows that were drawn count alike. What is drawn depends on the rows and the
seed alone, not on how the rows are cut into blocks, and no more rows than that are kept at a time.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course_lib.mixture.climbing.partitions import spread_of
from course_lib.mixture.covariances import Array
from course_lib.mixture.one_pass.blocks import Block, split
from course_lib.mixture.one_pass.survey import Survey

START_ROWS = 20_000
ROWS_OF_SPREAD = 2000
RARE = 10  # rows drawn that are far out: with more, they are no rarity, and those drawn tell of them
PIECE = 65_536  # rows that are looked at together: what is needed beside the data does not grow with them


def drawn_rows(blocks: Iterable[Block], n: int, random: Any, most: int = START_ROWS) -> tuple[Array, Array | None]:
    """Return at most ``most`` of the n rows that have a weight, and their weights or None if all count alike.

    Parameters
    ----------
    blocks : iterable of (rows, weights)
        The data: rows (b, d), and their weights (b,) or None. What is returned shares no memory with them.
    n : int
        How many rows there are in all blocks.
    random : RandomState or Generator
        Gives a number for each row if there are more than ``most``.

    Returns
    -------
    rows : ndarray, shape (m, d)
        Float64, in the order of the data.
    weights : ndarray, shape (m,), or None
    """
    found = _Best(most)
    for rows, w in split(blocks, PIECE):
        found.take(rows, w, np.ones(len(rows)) if n <= most else random.uniform(size=len(rows)))
    return found.rows, found.weights


def some_rows(rows: Array, w: Array | None, random: Any, most: int) -> tuple[Array, Array | None]:
    """Return at most ``most`` rows (n, d) and their weights, as `drawn_rows` does; these rows themselves if so few."""
    if len(rows) <= most and (w is None or w.all()):
        return rows, w
    return drawn_rows([(rows, w)], len(rows), random, most)


def rows_of_start(blocks: Callable[[], Iterable[Block]], known: Survey, random: Any) -> tuple[Array, Array | None]:
    """Return the rows that a start looks at, and their weights or None: those drawn, and rare ones far out.

    A row in a million may lie so far out that a component must have it, and is hardly drawn. So where the data go
    beyond the fences of the rows that were drawn, and few of these do, all rows that do are looked at, with the weight
    that they have; the others stand for the rest.
    """
    rows, w = drawn_rows(blocks(), known.n, random)
    if known.n <= START_ROWS:
        return rows, w
    near = spread_of(filled(some_rows(rows, None, np.random.default_rng(0), ROWS_OF_SPREAD)[0], known.mean))
    if near.far_out(np.array([known.low, known.high])) is None:
        return rows, w

    def out(some: np.ndarray) -> np.ndarray:
        far = near.far_out(some)
        return np.zeros(len(some), dtype=bool) if far is None else np.asarray(far.any(axis=1))

    drawn = out(rows)
    if drawn.sum() > RARE:
        return rows, w
    farther, counts = [rows[:0]], [np.empty(0)]
    for some, weights in split(blocks(), PIECE):
        there = np.flatnonzero(out(some) if weights is None else out(some) & (weights > 0))
        farther.append(some[there])  # a copy: the caller may fill the block anew
        counts.append(np.ones(len(there)) if weights is None else weights[there])
    far = np.concatenate(counts)
    others = rows[~drawn]
    each = max(known.total - far.sum(), 0.0) / len(others)
    return np.concatenate([*farther, others]), np.concatenate([far, np.full(len(others), each)])


def filled(rows: Array, otherwise: Array) -> Array:
    """Return rows with the median of what was seen of a feature where an entry is missing: good enough for a start.

    Of a feature of which nothing was seen, ``otherwise`` (d,) is taken.
    """
    missing = np.isnan(rows)
    if not missing.any():
        return rows
    blank = missing.all(axis=0)
    medians = np.where(blank, otherwise, np.nanmedian(np.where(blank, 0.0, rows), axis=0))
    return np.where(missing, medians, rows)


class _Best:
    """The rows with the largest keys so far."""

    def __init__(self, most: int) -> None:
        self.most, self.weighted, self.left_out = most, False, False
        self._parts: list[tuple[Array, Array, Array]] = []
        self._least = -np.inf  # of the keys that are kept, once there are enough

    def take(self, rows: np.ndarray, w: np.ndarray | None, u: Array) -> None:
        """Look at more rows with weights w and random numbers u."""
        weights = np.ones(len(rows)) if w is None else w
        self.weighted |= w is not None
        with np.errstate(divide="ignore", invalid="ignore"):
            keys = np.where(weights > 0, np.log(u) / weights, -np.inf)
        taken = np.flatnonzero((weights > 0) & (keys >= self._least))
        if len(taken) > self.most:  # no more need be copied
            self.left_out = True
            taken = taken[np.argpartition(keys[taken], len(taken) - self.most)[len(taken) - self.most :]]
            taken.sort()
        kept = rows.copy() if len(taken) == len(rows) else rows[taken]  # a copy, too
        self._parts.append((np.asarray(kept, dtype=float), weights[taken], keys[taken]))
        if sum(len(part[2]) for part in self._parts) > 2 * self.most:
            self._shorten()

    def _shorten(self) -> None:
        if len(self._parts) == 1 and len(self._parts[0][2]) <= self.most:
            return
        rows, weights, keys = (np.concatenate(arrays) for arrays in zip(*self._parts, strict=True))
        if len(keys) > self.most:
            self.left_out = True
            best = np.sort(np.argpartition(keys, len(keys) - self.most)[len(keys) - self.most :])
            rows, weights, keys = rows[best], weights[best], keys[best]
            self._least = float(keys.min())
        self._parts = [(rows, weights, keys)]

    @property
    def rows(self) -> Array:
        self._shorten()
        return self._parts[0][0]

    @property
    def weights(self) -> Array | None:
        self._shorten()
        return self._parts[0][1] if self.weighted and not self.left_out else None
