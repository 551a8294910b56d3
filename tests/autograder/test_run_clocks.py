"""Both clocks of a run, on machines that are made up: whatever else runs there, honest work is ended by neither."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from autograder.run import clocks
from autograder.run.clocks import LOOK, WALL, Clocks
from autograder.run.launch import GRACE

LIMIT = 4.0  # seconds of processor time


class Machine:
    """Processors that all which could run share alike; how many others there are changes as it is told.

    It answers what `Clocks` asks: the time, the crowd, and what a submission has used. A look at the crowd sees one
    moment, so it may miss some of the others or count some twice.
    """

    def __init__(self, processors: int, others: list[int], misses: list[float], computes: bool = True):
        self.processors, self.others, self.misses, self.computes = processors, others, misses, computes
        self.now = self.used = 0.0
        self.moments = 0

    def crowd(self) -> float:
        return (self.others[self.moments // 10 % len(self.others)] + self.computes) / self.processors

    def crowding(self) -> float:
        return max(1.0, self.crowd() * self.misses[self.moments % len(self.misses)])

    def processor_seconds(self) -> float:
        return self.used

    def monotonic(self) -> float:
        return self.now

    def goes_on(self, seconds: float) -> None:
        self.moments += 1
        self.now += seconds
        self.used += seconds / max(1.0, self.crowd()) if self.computes else 0.0


MACHINES = st.tuples(
    st.integers(1, 64),
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
    st.lists(st.floats(0.6, 1.4), min_size=1, max_size=5),
)


def ended_after(machine: Machine, needs: float) -> tuple[bool, float]:
    """Run what needs so much processor time; return whether a clock has ended it, and how long it ran."""
    with (
        mock.patch.object(clocks.time, "monotonic", machine.monotonic),
        mock.patch.object(clocks, "crowding", machine.crowding),
    ):
        both = Clocks(machine)
        while machine.used < needs:
            machine.goes_on(LOOK)
            both.look()
            if both.processor > LIMIT or both.wall > WALL * LIMIT + GRACE:
                return True, machine.now
    return False, machine.now


@given(MACHINES, st.floats(0.05, 0.5))
def test_work_that_needs_less_than_half_of_its_limit_is_ended_on_no_machine(about, share):
    assert not ended_after(Machine(*about), share * LIMIT)[0]


@given(MACHINES)
def test_work_that_needs_more_is_ended_when_it_has_used_its_limit(about):
    machine = Machine(*about)
    ended, _ = ended_after(machine, 2 * LIMIT)
    assert ended
    assert machine.used <= LIMIT + 2 * LOOK


@given(MACHINES)
def test_what_waits_is_ended_in_the_end_everywhere(about):
    ended, after = ended_after(Machine(*about, computes=False), LIMIT)
    assert ended
    assert after <= 2 * (WALL * LIMIT + GRACE) * max(1.0, max(about[1]) / about[0])
