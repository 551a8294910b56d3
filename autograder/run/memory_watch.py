"""The memory and the processor time that all processes of a sandbox use together.

The kernel's limits hold for one process; many small ones pass below them. So where the kernel makes no control group
for us (`cgroup`), the trusted side looks from outside. Some memory belongs to no process: files in memory, the kernel's
own record of each of them, however empty, and what waits in sockets. It is counted as if each held all that it may.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

FILE = 2048  # bytes that the kernel keeps of each file, empty or not: its record, and a name of up to 255 characters
SOCKET = 2**19  # bytes that may wait in one socket: twice the largest buffer that the kernel allows, as it counts them


class Watch:
    """The bound on a sandbox where there is no control group (`cgroup`): whoever holds it looks, again and again.

    `roots` are the first process of its process namespace, and those of its processes that have no parent in there;
    `folders` are its file systems in memory, each with its room; `limit` is in bytes.
    """

    def __init__(self, roots: Sequence[int], folders: Sequence[str], limit: int):
        self._roots, self._folders, self._limit = list(roots), folders, limit

    def exceeded(self) -> bool:
        """Say whether the processes of the sandbox and the files in its memory take more than the limit together."""
        processes = self._processes()
        files = sum(_files(f"/proc/{self._roots[0]}/root{folder}") for folder in self._folders)
        kept = files + _sockets(self._roots[0]) * SOCKET
        # What forks share counts for each of them in the first sum, which is cheap, and once in the second.
        return kept + sum(map(_resident, processes)) > self._limit < kept + sum(map(_proportional, processes))

    def processor_seconds(self) -> float:
        """Return the processor time of the processes of the sandbox, and of those that they have seen end."""
        return sum(map(processor_seconds, self._processes()))

    def _processes(self) -> list[int]:
        return _descendants(self._roots) or list(processes_beside(self._roots[0]))


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process, and of those that it has started and seen end."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def of_all_from(pid: int) -> float:
    """Return the processor time of a process and of all that descends from it."""
    return sum(map(processor_seconds, _descendants([pid]) or [pid]))


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
    """Return the roots and all that they have started, each once; nothing, where the kernel keeps no such lists.

    Every process of a process namespace descends from its first one, or from one that entered from outside. To look
    through all processes of the machine for those of one namespace costs ten times as much, twenty times a second.
    """
    if children(roots[0]) is None:
        return []
    found = [pid for pid in roots if same_space(pid, roots[0], "pid")]  # not one that has taken a dead one's number
    known = set(found)  # of which one may have started another: a worker that starts cold has a parent in there
    for pid in found:
        new = set(children(pid) or ()) - known
        known |= new
        found += sorted(new)
    return found


def same_space(pid: int, other: int, kind: str) -> bool:
    """Say whether two processes are in the same namespace of this kind ("pid", "mnt", "net", ...)."""
    try:
        return os.readlink(f"/proc/{pid}/ns/{kind}") == os.readlink(f"/proc/{other}/ns/{kind}")
    except OSError:
        return False


def _files(folder: str) -> int:
    """Return the bytes that the files of a file system take, and the kernel's record of each."""
    try:
        system = os.statvfs(folder)
    except OSError:
        return 0
    return (system.f_blocks - system.f_bfree) * system.f_frsize + (system.f_files - system.f_ffree) * FILE


def _sockets(pid: int) -> int:
    """Return how many sockets there are in the network namespace of a process, those on their way in others too.

    There is none but of the kind that student code may make, and none of another sandbox.
    """
    try:
        return Path(f"/proc/{pid}/net/unix").read_text().count("\n") - 1
    except OSError:
        return 0


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
