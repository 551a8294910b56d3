"""Which time counts: the processor time of a submission itself, and behind it a clock on the wall, which is generous.

A busy machine gives a submission less of itself, and that must cost nobody a mark. So what code may take is counted in
processor time: by its own process (`worker.alarm`), and from outside for all that runs in a sandbox. Only what waits
uses none of it. For that there is the clock on the wall. It allows `WALL` times as much, and as many times more as
processes share a processor; the verdict says which of the two has ended something. How long a process waits for a
processor only /proc tells, which code that is marked does not see: so the crowd is counted here, on the trusted side.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Protocol

WALL = 2.0  # seconds on the wall for each second of processor time
LOOK = 0.1  # seconds between two looks at the clocks
LATELY = 2.0  # seconds over which the crowd is a mean


class Worker(Protocol):
    """What is asked how much processor time it has used."""

    def processor_seconds(self) -> float | None:
        """Return the processor time of all that runs in there so far, in seconds; None where nobody counts it."""


def crowding() -> float:
    """Return how many processes of this machine share one processor at this moment, at least 1.

    Those that run or could run are counted, and none that waits: code that is marked could have many wait, at no cost.
    """
    try:
        many = float(Path("/proc/loadavg").read_text().split()[3].partition("/")[0])
    except (OSError, ValueError, IndexError):
        many = os.getloadavg()[0] if hasattr(os, "getloadavg") else 1.0
    return max(1.0, many / (os.cpu_count() or 1))


class Clocks:
    """Both clocks of one run, seen from the trusted side; they start at 0.

    `wall` runs slower on a crowded machine: a second in which four processes share a processor counts a quarter.
    `crowd` is how many shared one lately: a mean that forgets, since each look sees one moment only.
    """

    def __init__(self, worker: Worker):
        self._worker = worker
        self._first = worker.processor_seconds() or 0.0
        self._seen = time.monotonic()
        self.processor = self.wall = 0.0
        self.crowd = crowding()

    def look(self) -> None:
        """Bring both up to date; at most some times a second, since a look costs more than most answers."""
        if (passed := time.monotonic() - self._seen) < LOOK / 2:
            return
        self._seen += passed
        self.crowd += (crowding() - self.crowd) * min(1.0, passed / LATELY)
        self.wall += passed / self.crowd
        used = self._worker.processor_seconds()
        if used is not None:  # a process that has ended may be in no sum any more
            self.processor = max(self.processor, used - self._first)

    def wall_for(self, seconds: float) -> float:
        """Return what the worker may let pass on the wall where so much processor time is allowed."""
        return WALL * seconds * self.crowd
