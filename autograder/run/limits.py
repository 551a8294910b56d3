"""The limits of a sandbox: how much memory, processor time and room for files it may use, and how many processes.

Those of a single process the worker sets on itself, before the first cell (`Limits.of_a_process`). What all processes
use together is bounded from outside: by a control group where the kernel makes one (`sandbox.cgroup`), else by looking
(`memory_watch`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one sandbox may use; sizes in bytes.

    `memory` bounds all its processes and files together, and the address space of each process; `watch` is the number
    of seconds between two looks at the first; `processes` counts threads too; `space` is the size of each of /tmp,
    /dev/shm and the home folder.
    """

    memory: int = 2048 * MIB
    watch: float = 0.05
    processes: int = 64
    files: int = 256
    file: int = 32 * MIB
    space: int = 64 * MIB
    cpu: int = 300

    def of_a_process(self) -> dict[str, int]:
        """Return the limits that the worker sets on itself, by the names of `resource`."""
        return {
            "NPROC": self.processes,
            "AS": self.memory,
            "FSIZE": self.file,
            "NOFILE": self.files,
            "CPU": self.cpu,
            "CORE": 0,
        }


DEFAULT_LIMITS = Limits()


class Bound(Protocol):
    """What bounds the memory of a whole sandbox and counts its time: `cgroup.Group` or `memory_watch.Watch`."""

    def exceeded(self) -> bool:
        """Say whether the sandbox has used more than it may."""

    def processor_seconds(self) -> float | None:
        """Return the processor time that the sandbox has used; None where that is not counted."""
