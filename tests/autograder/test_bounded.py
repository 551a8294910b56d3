"""Work in a child that may be ended: by its time, by its memory, by whatever ends it; the next one gets a new child."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.ground.bounded import CAN_FORK, Exceeded, Nursery, uncounted

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="no system that forks")


def spin(seconds: float) -> float:
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass
    return seconds


def spin_in_c() -> None:
    re.match(r"(a|aa)*$", "a" * 60 + "b")  # no line of Python is reached again within the life of anybody


def fill(mebibytes: int) -> int:
    return len(bytearray(mebibytes * 2**20))


def end_by(number: int) -> None:
    os.kill(os.getpid(), number)


def spin_uncounted(seconds: float) -> None:
    with uncounted():
        spin(seconds)
    spin(seconds / 4)


def raises() -> None:
    raise KeyError("a key")


class Odd(Exception):
    def __init__(self, one: object, other: object):
        super().__init__(lambda: one)


def raises_what_cannot_cross() -> None:
    raise Odd(1, 2)


@pytest.fixture
def nursery():
    with Nursery(memory=200 * 2**20) as made:
        yield made


def test_what_is_returned_and_raised_crosses(nursery):
    assert nursery.call(divmod, 7, 2) == (3, 1)
    with pytest.raises(KeyError, match="a key"):
        nursery.call(raises)
    with pytest.raises(RuntimeError, match="cannot be sent back"):
        nursery.call(raises_what_cannot_cross)
    assert nursery.call(os.getpid) == nursery.call(os.getpid) != os.getpid()


@pytest.mark.parametrize("work", [(spin, 60.0), (spin_in_c,)], ids=["python", "C"])
def test_time_ends_it(nursery, work):
    begun = time.monotonic()
    with pytest.raises(Exceeded, match=r"more than 0\.3 s of processor time"):
        nursery.call(*work, seconds=0.3)
    assert time.monotonic() - begun < 20
    assert nursery.call(divmod, 7, 2) == (3, 1)


def test_a_wait_ends_too(nursery, monkeypatch):
    monkeypatch.setattr("autograder.ground.bounded.WALL", 2.0)
    with pytest.raises(Exceeded, match=r"more than 0\.6 s on the clock"):
        nursery.call(time.sleep, 60, seconds=0.3)


def test_memory_is_refused(nursery):
    assert nursery.call(fill, 100) == 100 * 2**20
    with pytest.raises(Exceeded, match="more than 200 MiB of memory"):
        nursery.call(fill, 400)
    assert nursery.call(fill, 100) == 100 * 2**20


def test_whatever_ends_it_is_told(nursery):
    with pytest.raises(Exceeded, match=f"signal {signal.SIGSEGV:d}"):
        nursery.call(end_by, signal.SIGSEGV)
    assert nursery.call(divmod, 7, 2) == (3, 1)


def test_our_own_work_is_not_counted(nursery):
    nursery.call(spin_uncounted, 0.4, seconds=0.3)
    with pytest.raises(Exceeded):
        nursery.call(spin_uncounted, 2.0, seconds=0.3)


def test_each_thread_has_a_child(nursery):
    meet = threading.Barrier(4, timeout=30)

    def one(_: int) -> int:
        meet.wait()
        return nursery.call(os.getpid)

    with ThreadPoolExecutor(4) as threads:
        assert len({*threads.map(one, range(4))}) <= 4
    assert len(nursery._all) <= 4


def test_nothing_is_left_behind():
    with Nursery() as nursery:
        pids = [nursery._pid, nursery.call(os.getpid)]
        with pytest.raises(Exceeded):
            nursery.call(spin, 60.0, seconds=0.1)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_children_end_with_a_grader_that_was_killed(tmp_path):
    pid = os.fork()
    if not pid:
        nursery = Nursery()
        (tmp_path / "pids").write_text(f"{nursery._pid} {nursery.call(os.getpid)}")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    until = time.monotonic() + 20
    for child in map(int, (tmp_path / "pids").read_text().split()):
        while _lives(child):
            assert time.monotonic() < until
            time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
