"""Threads over runs of rows: the sums of each run, added in the order of the rows.

The sums of EM's M step are sums over rows, so that several threads can each take some rows. Floating-point
addition is not associative: to add up whatever is ready first would give other last digits at each call. So
the rows are cut into the same runs however many threads there are, each run is summed by one thread, and the
runs' sums are added in the order of the rows: the answer is the same, bit for bit, for any number of
threads.

*How many threads* is BLAS's own decision: as many as it would use itself, so that OPENBLAS_NUM_THREADS and
threadpoolctl's limits hold here, too. While a sweep lasts, BLAS works on one thread, or each of ours would
start all of its. It is asked and told through the library that NumPy has loaded. That is possible with
OpenBLAS, which NumPy's own packages bring. With another BLAS there is one thread of ours, and those of BLAS
within each product.

*Where it pays*: threads of Python wait for each other between two calls of NumPy, and the shorter the calls are, the
longer they wait. So blocks are long, and rows that are fewer than `PAYING` multiplications' work stay on the calling
thread: below it, measured on two processors, two threads took as long as one.
"""

import ctypes
import importlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import Any, TypeVar

from course_lib.mixture.covariances import Array

_NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")  # NumPy's wheels; others
PAYING = 2.5e8  # multiplications, some 20 ms: less stays on one thread
Run = TypeVar("Run")
Sums = list[Array]


class OneBlasThread:
    """A context in which NumPy's BLAS works on one thread; ``with`` gives the number that it had.

    The number belongs to the whole process. Where several threads of a user's program fit mixtures at the same
    time, the last one to leave puts it back. Where it cannot be told, it is taken for 1 and left alone.
    """

    def __init__(self) -> None:
        self._functions = _thread_functions()
        self._lock = Lock()
        self._inside = 0
        self._number = 1

    def __enter__(self) -> int:
        if self._functions is None:
            return 1
        number_of_threads, set_threads = self._functions
        with self._lock:
            if self._inside == 0:
                self._number = max(1, int(number_of_threads()))
                set_threads(1)
            self._inside += 1
            return self._number

    def __exit__(self, *error: object) -> None:
        if self._functions is None:
            return
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._functions[1](self._number)


def _thread_functions() -> tuple[Callable[[], Any], Callable[[int], Any]] | None:
    """Return OpenBLAS's functions that tell and set its number of threads, or None where there are none."""
    try:
        library = ctypes.CDLL(str(importlib.import_module("numpy.linalg._umath_linalg").__file__))
    except (ImportError, OSError):
        return None
    for form in _NAMES:
        number_of_threads = getattr(library, form.format("get_num_threads"), None)
        set_threads = getattr(library, form.format("set_num_threads"), None)
        if number_of_threads is not None and set_threads is not None:
            return number_of_threads, set_threads
    return None


one_blas_thread = OneBlasThread()


def added_up(work: Callable[[Run], Sums], batches: Iterable[tuple[Iterable[Run], float]], threads: int) -> Sums:
    """Return the sum of what ``work`` returns for each run, added in their order.

    Parameters
    ----------
    work : callable
        Takes a run and returns arrays that the caller may change.
    batches : iterable of (iterable, float)
        Runs, and how many multiplications they are together. A batch is done before the next is asked for:
        its rows may lie in a buffer that is then filled anew.
    threads : int
        How many threads may work.
    """
    total: Sums = []
    pool: ThreadPoolExecutor | None = None
    try:
        for runs, multiplications in batches:
            if threads > 1 and multiplications > PAYING:
                pool = pool or ThreadPoolExecutor(threads)
                results: Iterable[Sums] = _in_order(work, runs, pool, 2 * threads)
            else:
                results = map(work, runs)
            for sums in results:
                add(total, sums)
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    return total


def add(total: Sums, more: Sums) -> None:
    """Add more sums to the total, which is empty at first."""
    if not total:
        total.extend(more)
        return
    for so_far, part in zip(total, more, strict=True):
        so_far += part


def _in_order(
    work: Callable[[Run], Sums], runs: Iterable[Run], pool: ThreadPoolExecutor, at_once: int
) -> Iterator[Sums]:
    """Yield the results in the order of the runs; no more than ``at_once`` wait, however many runs there are."""
    waiting: deque = deque()
    for run in runs:
        waiting.append(pool.submit(copy_context().run, work, run))  # np.errstate is part of the context
        if len(waiting) == at_once:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
