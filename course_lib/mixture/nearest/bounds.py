"""K-means at speed: the steps of Lloyd's algorithm, without the points that cannot have changed their cluster.

After an iteration each point knows how much nearer its own centre is than the second nearest: its *gap*. When
centres move, the gap shrinks by no more than its own centre's move and the longest move of any other. So long as
it has not been used up, the point stays where it is, and none of its distances need be computed. After a
few iterations that is true of most points.

What makes this cheap is a clock for each cluster that runs by these moves. A point notes at what time of its
cluster's clock its gap will be used up; to see which points are due is one comparison. For those, the distances from
all centres are one matrix product of a block, ``|x - c|^2 = |x|^2 - 2 x'c + |c|^2``, and what changes is added to the
sums of the clusters and taken from them. No array is larger than the data; nothing is copied.

Hamerly: Making k-means even faster. SIAM International Conference on Data Mining (2010) 130-140.
"""

from collections.abc import Iterator

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.nearest.lloyd import Clusters, fill_empty, rounding
from course_lib.mixture.one_pass.threads import Sums, add, added_up, one_blas_thread

MANY = 0.6  # of all points: to pick out more than that costs more than to look at all of them again
LENGTH = 2048  # of a block of points: fewer make more calls of NumPy, and the distances of more leave the cache
CALLS = 12  # multiplications that cost as much as what is done with one distance

Rows = slice | np.ndarray


def bounded(x: Array, weights: Array, centres: Array, max_iter: int, tolerance: float) -> Clusters:
    """Take the steps of `course_lib.mixture.nearest.lloyd.lloyd`, with the same arguments, to the same end."""
    with one_blas_thread as threads:
        return _Bounded(x, weights, centres, threads).run(max_iter, tolerance)


class _Bounded:
    """The points x (n, d), their weights (n,), labels (n,), which are -1 at first, and the times when each is due."""

    def __init__(self, x: Array, weights: Array, centres: Array, threads: int):
        self.x, self.weights, self.centres, self.threads = x, weights, centres, threads
        n, k = len(x), len(centres)
        self.labels, self.due = np.full(n, -1), np.full(n, -np.inf)
        self.squares = np.einsum("ij,ij->i", x, x)
        self.clocks = np.zeros(k)
        self._spaces: list[tuple[Array, Array]] = []  # to work in: those that no thread has taken

    def run(self, max_iter: int, tolerance: float) -> Clusters:
        _, (members, counts, sums) = self._pass(np.arange(len(self.x)))
        iteration, converged = 0, False
        while iteration < max_iter and not converged:
            iteration += 1
            if not members.all():
                members, counts, sums = self._fill_empty()
            new = sums / counts[:, None]
            moves = np.sqrt(((new - self.centres) ** 2).sum(axis=1))
            self.centres = new
            longest = np.argmax(moves)
            others = np.full(len(moves), moves[longest])
            others[longest] = np.delete(moves, longest).max(initial=0.0)
            self.clocks += moves + others
            changed, changes = self._pass(self._due())
            for total, change in zip((members, counts, sums), changes, strict=True):
                total += change
            converged = float((moves**2).sum()) <= tolerance or changed == 0
        return Clusters(float(self._distances() @ self.weights), self.centres, self.labels, iteration, converged)

    def _due(self) -> np.ndarray:
        """Return the points that may have changed their cluster."""
        found = []
        for start in range(0, len(self.x), 8 * LENGTH):
            piece = slice(start, start + 8 * LENGTH)
            found.append(np.flatnonzero(self.clocks.take(self.labels[piece]) >= self.due[piece]) + start)
        return np.concatenate(found)

    def _pass(self, due: np.ndarray) -> tuple[int, Sums]:
        """Look again at these points; return how many changed, and what that adds to points, weights and sums."""
        n, (k, d) = len(self.x), self.centres.shape
        rows: Rows = slice(0, n) if len(due) > MANY * n else due
        pieces = _pieces(rows, n)
        before = self.labels[rows].copy()
        squares = (self.centres**2).sum(axis=1)
        work = float(len(due)) * k * (d + CALLS)
        added_up(lambda piece: self._look_again(piece, squares), [(pieces, work)], self.threads)
        after = self.labels[rows]
        changed = np.flatnonzero(after != before)
        return len(changed), self._changes(due[changed] if rows is due else changed, after[changed], before[changed])

    def _look_again(self, rows: Rows, squares: Array) -> Sums:
        """Assign points to their nearest centres, which have these squared lengths."""
        k, d = self.centres.shape
        longest = min(LENGTH, len(self.x))
        space = self._spaces.pop() if self._spaces else (np.empty(k * longest), np.empty((longest, d)))
        before = self.labels[rows]
        m = len(before)
        x = self.x[rows] if isinstance(rows, slice) else self.x.take(rows, axis=0, out=space[1][:m], mode="clip")
        fresh = before[0] < 0
        A = space[0][: k * m].reshape(k, m)
        labels, gaps = _nearest(x, self.squares[rows], self.centres, squares, A, None if fresh else before)
        gaps += self.clocks.take(labels)
        self.labels[rows], self.due[rows] = labels, gaps
        self._spaces.append(space)
        return []

    def _changes(self, rows: np.ndarray, new: np.ndarray, old: np.ndarray | None = None) -> Sums:
        """Return what points that went from the old clusters to the new ones add to points, weights and sums."""
        k, d = self.centres.shape
        totals: Sums = [np.zeros(k), np.zeros(k), np.zeros((k, d))]
        clusters = np.arange(k)[:, None]
        for start in range(0, len(rows), LENGTH):
            piece = slice(start, start + LENGTH)
            one_hot = np.equal(new[piece], clusters).astype(float)
            if old is not None:
                one_hot -= np.equal(old[piece], clusters)
            members = one_hot.sum(axis=1)
            one_hot *= self.weights[rows[piece]]
            add(totals, [members, one_hot.sum(axis=1), one_hot @ self.x[rows[piece]]])
        return totals

    def _fill_empty(self) -> Sums:
        """Let empty clusters take the points that are worst served; return the points, weights and sums of all."""
        moved = fill_empty(self.labels, self._distances(), len(self.centres))
        self.due[moved] = -np.inf
        return self._changes(np.arange(len(self.x)), self.labels)

    def _distances(self) -> Array:
        return squared_distances_from_own(self.x, self.centres, self.labels)


def squared_distances_from_own(x: np.ndarray, centres: Array, labels: np.ndarray) -> Array:
    """Return the squared distance of each point from its centre: of differences, so that no digit is lost."""
    found = np.empty(len(x))
    for rows in _pieces(slice(0, len(x)), len(x)):
        away = x[rows] - centres.take(labels[rows], axis=0)
        np.einsum("ij,ij->i", away, away, out=found[rows])
    return found


def nearest_centres(x: Array, centres: Array) -> np.ndarray:
    """Return the label of the nearest centre of each point x (n, d), the first of several; both near the origin."""
    labels = np.empty(len(x), dtype=np.intp)
    squares = (centres**2).sum(axis=1)
    A = np.empty((len(centres), LENGTH))
    for rows in _pieces(slice(0, len(x)), len(x)):
        lengths = np.einsum("ij,ij->i", x[rows], x[rows])
        labels[rows] = _nearest(x[rows], lengths, centres, squares, A[:, : len(lengths)])[0]
    return labels


def _nearest(
    x: Array, lengths: Array, centres: Array, squares: Array, A: Array, before: np.ndarray | None = None
) -> tuple[np.ndarray, Array]:
    """Return labels of points (b, d), and how much farther than the own centre the second nearest is at least.

    ``lengths`` and ``squares`` are the squared lengths of points and centres, A is an array (k, b) to work in, and
    ``before`` are the labels from before, if there are any, which stand where there is a tie.
    """
    np.matmul(2 * centres, x.T, out=A)
    A -= squares[:, None]  # |x - c|^2 is smallest where 2 x'c - |c|^2 is largest
    largest = np.maximum.reduce(A, axis=0)
    nearest = lengths - largest
    np.maximum(nearest, 0.0, out=nearest)
    margin = rounding(lengths, nearest, x.shape[1])
    labels = first_true(largest - margin <= A)
    if before is not None:
        other = np.flatnonzero(labels != before)
        ties = other[largest[other] - A[before[other], other] <= margin[other]]
        labels[ties] = before[ties]
    A[labels, np.arange(len(x))] = -np.inf
    second = lengths - np.maximum.reduce(A, axis=0)
    np.maximum(second, nearest, out=second)
    gaps = np.sqrt(second, out=second)
    gaps -= np.sqrt(nearest, out=nearest)
    gaps -= 2 * np.sqrt(margin, out=margin)
    return labels, gaps


def _pieces(rows: Rows, n: int) -> Iterator[Rows]:
    """Cut all n rows, or those that are numbered, into blocks."""
    for start in range(0, n if isinstance(rows, slice) else len(rows), LENGTH):
        piece = slice(start, start + LENGTH)
        yield piece if isinstance(rows, slice) else rows[piece]


def first_true(true: np.ndarray) -> np.ndarray:
    """Return the first row of true (k, b) that holds True, for each column."""
    k = len(true)
    if k > 255:
        return np.argmax(true, axis=0)
    marks = true.view(np.uint8)  # bytes run sixteen and more at a time, where argmax looks at one column after another
    marks *= np.arange(k, 0, -1, dtype=np.uint8)[:, None]
    return np.subtract(k, np.maximum.reduce(marks, axis=0), dtype=np.intp)
