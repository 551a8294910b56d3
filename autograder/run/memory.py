"""The memory that all processes of a sandbox use together.

The kernel's limits hold for one process; many small ones pass below them. So the trusted side looks from outside.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path


def exceeds(first: int, limit: int) -> bool:
    """Say whether process `first` and all others in its process namespace use more than `limit` bytes."""
    processes = _descendants(first) or list(processes_beside(first))
    # What forks share counts for each of them in the first sum, which is cheap, and once in the second.
    return sum(map(_resident, processes)) > limit < sum(map(_proportional, processes))


def processes_beside(first: int) -> Iterator[int]:
    """Yield the processes in the process namespace of `first`, itself included, by their numbers out here."""
    try:
        space = os.readlink(f"/proc/{first}/ns/pid")
    except OSError:
        return
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{name}/ns/pid") == space:
                    yield int(name)


def _descendants(first: int) -> list[int]:
    """Return `first` and all that it has started, or nothing where the kernel keeps no such lists.

    Every process of a process namespace descends from its first one. To look through all processes of the machine for
    those of one namespace costs ten times as much, twenty times a second.
    """
    found = [first]
    for pid in found:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found if len(found) > 1 else []


def _resident(pid: int) -> int:
    """Return the bytes of memory in which a process has pages."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    """Return the same, each page divided by the number of processes that share it."""
    try:
        found = re.search(r"(?m)^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text())
    except ProcessLookupError:
        return 0
    except OSError:
        found = None
    return int(found[1]) * 1024 if found else _resident(pid)
