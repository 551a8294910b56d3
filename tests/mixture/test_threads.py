"""Threads change how long a sweep takes, and no bit of what it finds."""

import threading
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
from mixture_problems import problem, soft_start, sweeps, trajectory
from threadpoolctl import threadpool_info, threadpool_limits

from course_lib.mixture.one_pass import blocks, threads
from course_lib.mixture.one_pass.threads import OneBlasThread, added_up, one_blas_thread


@pytest.fixture
def pools(monkeypatch):
    """Hand out every run, however short, and list the pools' numbers of threads."""
    made = []

    class Pool(threads.ThreadPoolExecutor):
        def __init__(self, number):
            made.append(number)
            super().__init__(number)

    monkeypatch.setattr(threads, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(threads, "PAYING", 0)
    return made


CASES = {
    "natural": ("full", 3, 4, 1, 1),
    "natural, features kept": ("full", 1, 2, 1, 1),
    "natural, in pieces": ("full", 3, 4, 3, 1),
    "natural, tied": ("tied", 3, 4, 1, 1),
    "natural, one component": ("diag", 5, 1, 1, 1),
    "whitened": ("full", 40, 3, 1, 1),
    "whitened, in pieces": ("full", 40, 3, 3, 1),
    "centred": ("full", 2, 3, 1, 1e9),
    "centred, spherical": ("spherical", 2, 3, 1, 1e7),
}


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_the_same_bit_for_bit(monkeypatch, pools, case):
    covariance_type, d, k, pieces, far = CASES[case]
    monkeypatch.setattr(blocks, "BLOCK_NUMBERS", 2**11)  # short runs, so that there are many
    X, *_ = problem(3, n=8000, d=d, k=k)
    X[:10] *= far  # so far out that the features would lose digits
    w = np.random.RandomState(3).uniform(0.5, 2, size=len(X))
    start = soft_start(3, X, covariance_type, k)
    found = []
    for number in (1, 2, 3):
        pools.clear()
        monkeypatch.setattr(blocks, "one_blas_thread", nullcontext(number))
        data = sweeps(X, covariance_type, w, pieces)
        with threadpool_limits(1):
            found.append(trajectory(data, start, 1e-6, 5))
        assert data.swept[case.partition(",")[0]] >= 4
        assert set(pools) == ({number} if number > 1 else set())
    for other in found[1:]:
        for (a, p), (b, q) in zip(found[0], other, strict=True):
            assert a == b
            for x, y in zip(p, q, strict=True):
                np.testing.assert_array_equal(x, y)


def test_sums_are_added_in_the_order_of_the_rows(pools):
    """The second run is ready first; 1e16 + 1 - 1e16 is 0, and in any other order 1 or 2."""
    second = threading.Event()

    def work(value):
        if value == 1e16:
            assert second.wait(10)
        if value == 1.0:
            second.set()
        return [np.array([value])]

    assert added_up(work, [([1e16, 1.0, -1e16], 1)], 2)[0] == 0.0
    assert pools == [2]


def test_few_rows_stay_on_the_calling_thread():
    here = threading.get_ident()
    names = added_up(lambda run: [np.array([threading.get_ident() == here])], [([1], threads.PAYING)], 2)
    assert names[0]


def test_a_block_is_done_before_the_next_is_read(pools):
    """So that a reader may fill one buffer anew."""
    buffer = np.empty(1000)

    def batches():
        for number in range(5):
            buffer[:] = number
            yield (buffer[i : i + 10] for i in range(0, 1000, 10)), 1

    assert added_up(lambda run: [np.array([run.sum()])], batches(), 3)[0] == 1000 * (0 + 1 + 2 + 3 + 4)
    assert pools == [3]


def test_no_more_runs_wait_than_threads_need(pools):
    taken = finished = most = 0

    def runs():
        nonlocal taken, most
        for _ in range(50):
            taken += 1
            most = max(most, taken - finished)
            yield 1.0

    def work(value):
        nonlocal finished
        finished += 1
        return [np.array([value])]

    assert added_up(work, [(runs(), 1)], 2)[0] == 50
    assert most <= 5


def test_an_error_of_a_run_is_the_sweeps(pools):
    def work(run):
        if run == 7:
            raise ValueError("run 7")
        return [np.zeros(1)]

    before = threading.active_count()
    with pytest.raises(ValueError, match="run 7"):
        added_up(work, [(range(100), 1)], 2)
    assert threading.active_count() == before


def test_a_thread_treats_floating_point_errors_as_the_caller_does(pools):
    def divide(zero):
        return [np.array([1.0]) / zero]

    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        added_up(divide, [([0.0, 0.0], 1)], 2)


def blas_of_numpy():
    return next(one for one in threadpool_info() if "numpy" in one["filepath"])["num_threads"]


def test_blas_is_held_to_one_thread_for_a_while():
    with threadpool_limits(2):
        with one_blas_thread as number:
            assert number == 2
            assert blas_of_numpy() == 1
            with one_blas_thread as inner:  # another thread's fit
                assert inner == 2
            assert blas_of_numpy() == 1
        assert blas_of_numpy() == 2
        with pytest.raises(KeyError), one_blas_thread:
            raise KeyError
        assert blas_of_numpy() == 2


def test_a_limit_on_blas_is_a_limit_on_us():
    with threadpool_limits(1), one_blas_thread as number:
        assert number == 1


def test_another_blas_keeps_its_threads(monkeypatch):
    monkeypatch.setattr(threads.ctypes, "CDLL", lambda path: SimpleNamespace())  # a library without these functions
    with OneBlasThread() as number:
        assert number == 1
