"""Starts a worker in a bubblewrap sandbox: the launcher for other people's notebooks.

In there is an interpreter, the declared imports, three files of ours, and nothing else: no network, no other processes,
no course, no gradebook, no submissions. Everything is read-only but three small file systems in memory. The layers,
from the outside: namespaces and a bare file system (bubblewrap); a filter on system calls (`seccomp`); an unprivileged
user of its own for each sandbox; hard limits on each process, which the worker sets on itself; and a bound on what all
of them use together, which is the kernel's (`cgroup`) where it makes one for us, and else ours (`memory_watch`).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.runs import CannotRun
from autograder.run.declared import declared
from autograder.run.launch import run
from autograder.run.limits import DEFAULT_LIMITS
from autograder.run.sandbox import cgroup, seccomp
from autograder.run.sandbox.fonts import font_lists
from autograder.run.sandbox.process import Confinement, SandboxProcess
from autograder.run.sandbox.warm import WarmProcess, template_for


@dataclass(frozen=True)
class Sandbox(Confinement):
    """The launcher that confines.

    Parameters
    ----------
    imports : tuple of str
        What notebooks may import beside the standard library: distributions or modules, which bring what they
        require, and dotted names inside local packages.
    hidden : sequence of Path
        Folders and files that must not be seen, should they lie below a folder that the interpreter needs.
    limits : Limits
        What one sandbox may use.
    preload : tuple of str
        Modules that most notebooks will import: they are imported once, where sandboxes can start warm.
    cgroup : bool
        Whether to bound the whole sandbox by a control group where this machine can; see `cgroup`.
    files : Path, optional
        A folder of data, which notebooks find as ``files`` and can only read.
    warm : bool
        Whether to fork workers from a warm interpreter where this machine can; see `warm`.
    """

    warm: bool = True

    def start(self) -> SandboxProcess:
        """Start one worker.

        Raises
        ------
        CannotRun
            If this machine has no bubblewrap, or does not let it work.
        """
        plots = "matplotlib" in declared(tuple(self.imports)).places
        fonts = font_lists(_WithoutFonts()) if plots else {}
        template = template_for(self, fonts) if self.warm else None
        return WarmProcess(self, fonts, template) if template else SandboxProcess(self, fonts)

    @staticmethod
    def obstacle(hidden: Sequence[Path] = ()) -> str:
        """Return "" if this machine can start sandboxes that hide this, else a sentence that says what is missing."""
        try:
            run([], [], Sandbox(imports=(), hidden=hidden, warm=False))
        except CannotRun as error:
            return str(error)
        return ""

    @staticmethod
    def available() -> bool:
        """Say whether this machine can start sandboxes."""
        return not Sandbox.obstacle()

    @staticmethod
    def layers() -> dict[str, bool]:
        """Return the sandbox's layers, and which of them this machine has."""
        return {
            "namespaces without network, and a bare file system": shutil.which("bwrap") is not None,
            "an unprivileged user for student code": True,
            "a filter on system calls": seccomp.available(),
            "limits on each process": True,
            f"a bound on the memory of all processes together: {_bound()}": sys.platform == "linux",
            f"limits that count processor time, not the clock: {_time()}": sys.platform == "linux",
        }


def _bound() -> str:
    """Say which bound holds, and why."""
    if sys.platform != "linux":
        return "none"
    groups = cgroup.groups()
    if isinstance(groups, cgroup.Groups):
        return f"the kernel's (control groups, version {groups.version}), which counts processes too"
    said = f"a look at them, {1 / DEFAULT_LIMITS.watch:.0f} times a second, since there is no control group ({groups})"
    if os.geteuid() and shutil.which("systemd-run"):
        said += "; under `systemd-run --user --scope -p Delegate=yes` there may be one"
    return said


def _time() -> str:
    """Say who counts the processor time of a sandbox, and whether its share is bounded."""
    if sys.platform != "linux":
        return "none"
    groups = cgroup.groups()
    if isinstance(groups, cgroup.Groups):
        counted, share = groups.time()
    else:
        counted, share = False, False
    said = "the kernel's count for the whole sandbox" if counted else "the sum over its processes"
    share_said = "at most one processor's share" if share else "its share is not bounded"
    return f"{said}; {share_said}"


@dataclass(frozen=True)
class _WithoutFonts:
    """The sandbox in which matplotlib makes its list of fonts."""

    def start(self) -> SandboxProcess:
        return SandboxProcess(Confinement(imports=("matplotlib",)), {})
