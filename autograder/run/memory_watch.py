"""The memory that all processes of a sandbox use together.

The kernel's limits hold for one process; many small ones pass below them. So where the kernel makes no control group
for us (`cgroup`), the trusted side looks from outside.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path


class Watch:
    """The bound on a sandbox where there is no control group (`cgroup`): whoever holds it looks, again and again.

    `roots` are the first process of its process namespace, and those of its processes that have no parent in there;
    `folders` are its file systems in memory, each with its room; `limit` is in bytes.
    """

    def __init__(self, roots: Sequence[int], folders: Sequence[str], limit: int):
        self._roots, self._folders, self._limit = list(roots), folders, limit

    def exceeded(self) -> bool:
        """Say whether the processes of the sandbox and the files in its memory take more than the limit together."""
        processes = _descendants(self._roots) or list(processes_beside(self._roots[0]))
        files = sum(_files(f"/proc/{self._roots[0]}/root{folder}") for folder in self._folders)
        # What forks share counts for each of them in the first sum, which is cheap, and once in the second.
        return files + sum(map(_resident, processes)) > self._limit < files + sum(map(_proportional, processes))


def children(pid: int) -> list[int] | None:
    """Return the processes that a process has started, by their numbers out here; None if the kernel keeps no list."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    except OSError:
        return None
    return found


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


def _descendants(roots: Sequence[int]) -> list[int]:
    """Return the roots and all that they have started, or nothing where the kernel keeps no such lists.

    Every process of a process namespace descends from its first one, or from one that entered from outside. To look
    through all processes of the machine for those of one namespace costs ten times as much, twenty times a second.
    """
    if children(roots[0]) is None:
        return []
    found = [pid for pid in roots if same_space(pid, roots[0], "pid")]  # not one that has taken a dead one's number
    for pid in found:
        found += children(pid) or ()
    return found


def same_space(pid: int, other: int, kind: str) -> bool:
    """Say whether two processes are in the same namespace of this kind ("pid", "mnt", "net", ...)."""
    try:
        return os.readlink(f"/proc/{pid}/ns/{kind}") == os.readlink(f"/proc/{other}/ns/{kind}")
    except OSError:
        return False


def _files(folder: str) -> int:
    """Return the bytes that the files of a file system take."""
    try:
        system = os.statvfs(folder)
    except OSError:
        return 0
    return (system.f_blocks - system.f_bfree) * system.f_frsize


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
