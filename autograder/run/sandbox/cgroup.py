"""The kernel's own bound on a whole sandbox: a control group, whose processes count together, whatever they start.

A group counts memory of every kind, files in memory and the kernel's own tables too, and refuses it at the moment when
it is asked for. A look from outside (`memory_watch`) sees what processes hold, some times a second. So a group is used
where this machine lets the grader make one; whether it does is found out by trying.

A grader has one folder in each tree, and in it one for each sandbox, as long as that lives. It holds a lock on the
folder, which the kernel takes back when the grader ends, also by ``kill -9``. A folder whose lock is free has no owner
any more, and the next grader removes it.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import functools
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.run.sandbox.cgroup_trees import OPTIONAL, NoGroups, Tree, trees, words

PREFIX = "autograder-"  # how a grader's folder is called, before a token of its own
SANDBOX = "sandbox-"  # and a sandbox's, before its number
HUGE_PAGE = 2**21  # bytes that the kernel may ask for at once: a group that has reached its limit has less than that
TRIES = 10
PERIOD = 100_000  # microseconds, in each of which a sandbox may use as much processor time: one processor's share
PATIENCE = 2.0  # seconds in which the last processes of killed sandboxes must have gone when the grader ends


class Group:
    """The group of one sandbox: a folder in each tree. `Groups.make` makes it."""

    def __init__(self, owner: Groups, folders: Sequence[Path], settings: dict[str, int | str]):
        self._owner, self.folders = owner, folders
        self._one_at_a_time = threading.Lock()
        for folder in folders:
            folder.mkdir()
            for name, value in settings.items():
                if (folder / name).exists():  # each tree has its own of them
                    (folder / name).write_text(str(value))
        times = [folder / name for folder in folders for name in ("cpuacct.usage", "cpu.stat")]
        self._time = next((file.open("rb", buffering=0) for file in times if _tells_time(file)), None)
        counts = [folder / name for folder in folders for name in ("memory.events", "memory.oom_control")]
        self._counts = next(file for file in counts if file.exists()).open("rb", buffering=0)

    def admit(self, pid: int) -> None:
        """Move a process in, unless it was born in there, as what it starts from now on will be.

        Raise `OSError` if it is not in there then.
        """
        for folder in self.folders:
            processes = folder / "cgroup.procs"
            if str(pid) not in words(processes):
                processes.write_text(str(pid))
                if str(pid) not in words(processes):
                    raise OSError(errno.ESRCH, "a process did not enter", str(folder))

    def exceeded(self) -> bool:
        """Say whether the group reached its limit on memory and the kernel has killed a process for it."""
        with self._one_at_a_time:
            if self._counts.closed:
                return False
            said = os.pread(self._counts.fileno(), 4096, 0).decode().split()
            counts = dict(zip(said[::2], map(int, said[1::2]), strict=True))
            if not counts.get("oom_kill"):
                return False
            # It kills in here, too, when the whole machine has no memory left, which is no fault of this sandbox.
            if "oom" in counts:
                return counts["oom"] > 0
            files = [Path(self._counts.name).with_name(f"memory.{name}_in_bytes") for name in ("max_usage", "limit")]
            most, limit = (int(file.read_text()) for file in files)
            return most > limit - HUGE_PAGE

    def processor_seconds(self) -> float | None:
        """Return the processor time that the group has used; None where the kernel does not count it."""
        with self._one_at_a_time:
            if self._time is None or self._time.closed:
                return None
            said = os.pread(self._time.fileno(), 4096, 0).split()
        return int(said[0]) / 1e9 if len(said) == 1 else int(said[said.index(b"usage_usec") + 1]) / 1e6

    def remove(self) -> None:
        """Remove the group, whose processes have been killed: now, or when the last of them has gone."""
        with self._one_at_a_time:
            self._counts.close()
            if self._time is not None:
                self._time.close()
        self._owner.remove(self.folders)


class Groups:
    """This grader's folder in each tree.

    Raises
    ------
    NoGroups
        If it cannot be made, or a process cannot be moved into a group in it.
    """

    def __init__(self, found: Sequence[Tree]):
        self.version = max(tree.version for tree in found)
        self._one_at_a_time = threading.Lock()
        self._leaving: list[Path] = []
        self._number = 0
        self._owner = os.getpid()
        self._locks: list[int] = []
        self._tops: list[Path] = []
        try:
            for tree in found:
                try:
                    self._tops.append(self._top_in(tree))
                except OSError:
                    if not set(tree.controllers) <= set(OPTIONAL):
                        raise
            self._try()
        except OSError as error:
            self.close()
            raise NoGroups(f"{error.filename}: {error.strerror}") from error
        atexit.register(self.close)

    def make(self, memory: int, processes: int) -> Group:
        """Make a group that may use `memory` bytes and have so many processes, threads included."""
        with self._one_at_a_time:
            self._number += 1
            name = f"{SANDBOX}{self._number}"
        settings: dict[str, int | str] = {
            "memory.max": memory,
            "memory.swap.max": 0,
            "memory.oom.group": 1,
        }  # version 2
        settings |= {"memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory}  # version 1
        settings |= {"pids.max": processes, "cpu.cfs_period_us": PERIOD, "cpu.cfs_quota_us": PERIOD}
        settings["cpu.max"] = f"{PERIOD} {PERIOD}"
        folders = [top / name for top in self._tops]
        try:
            return Group(self, folders, settings)
        except OSError:
            self.remove(folders)
            raise

    def time(self) -> tuple[bool, bool]:
        """Say whether groups count processor time, and whether they bound a sandbox's share of it: tried once."""
        group = self.make(64 * 2**20, 8)
        try:
            quota = any(
                (folder / name).exists() for folder in group.folders for name in ("cpu.max", "cpu.cfs_quota_us")
            )
            return group.processor_seconds() is not None, quota
        finally:
            group.remove()

    def remove(self, folders: Sequence[Path] = ()) -> None:
        """Remove these folders, and those from earlier times that were not empty then."""
        with self._one_at_a_time:
            self._leaving = [folder for folder in [*self._leaving, *folders] if not _removed(folder)]

    def close(self) -> None:
        """Remove all that was made."""
        if os.getpid() != self._owner:
            return  # a fork of the grader
        until = time.monotonic() + PATIENCE
        while self._leaving and time.monotonic() < until:
            self.remove()
            time.sleep(0.01)
        for top in self._tops:
            for folder in filter(Path.is_dir, top.iterdir()):
                _removed(folder)
            _removed(top)
        for lock in self._locks:
            os.close(lock)
        self._locks, self._tops = [], []

    def _try(self) -> None:
        """Move a process into a group, and take both away again."""
        group = self.make(64 * 2**20, 8)
        process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            group.admit(process.pid)
        finally:
            process.kill()
            process.communicate()
            group.remove()

    def _top_in(self, tree: Tree) -> Path:
        """Make and lock this grader's folder: below the group we are in or, in version 2, the nearest that can."""
        if tree.version == 1:
            return self._locked(tree.own)
        above = tree.own.relative_to(tree.mount).parents
        refusals = []
        for parent in (tree.own, *(tree.mount / path for path in above)):
            try:
                return self._bounding(parent, tree, ours=parent == tree.own)
            except OSError as error:
                refusals.append(error)
        raise refusals[0]

    def _bounding(self, parent: Path, tree: Tree, ours: bool) -> Path:
        """Make the folder in `parent`, whose groups must bound what they hold; for which only our own is changed.

        In version 2, a group that holds processes can have none within it that bounds. So if there is nobody in ours
        but this process, it moves out of the way.
        """
        needed = set(tree.controllers).difference(OPTIONAL)
        enable = _enabling(parent, tree)
        top = self._locked(parent)
        try:
            if not needed <= set(words(parent / "cgroup.subtree_control")):
                if not ours:
                    raise OSError(errno.EOPNOTSUPP, "its groups bound no memory", str(parent))
                if words(parent / "cgroup.procs") == [str(os.getpid())]:
                    (top / "grader").mkdir()
                    (top / "grader" / "cgroup.procs").write_text(str(os.getpid()))
                (parent / "cgroup.subtree_control").write_text(enable)
            (top / "cgroup.subtree_control").write_text(_enabling(top, tree))
        except OSError:
            _removed(top)
            raise
        return top

    def _locked(self, parent: Path) -> Path:
        """Make a folder and hold the lock on it; remove those whose owner has ended."""
        for stale in parent.glob(f"{PREFIX}*"):
            _sweep(stale)
        for _ in range(TRIES):  # another grader may sweep it before the lock is there
            top = parent / f"{PREFIX}{secrets.token_hex(4)}"
            top.mkdir()
            with contextlib.suppress(OSError):
                self._locks.append(_lock(top))
                if top.exists():
                    return top
        raise OSError(errno.EBUSY, "a folder in it cannot be locked", str(parent))


def _enabling(folder: Path, tree: Tree) -> str:
    """Return what is written to have the groups in a folder bound what they hold, the optional where it is there."""
    there = words(folder / "cgroup.controllers")
    return " ".join(f"+{name}" for name in tree.controllers if name in there or name not in OPTIONAL)


def _tells_time(file: Path) -> bool:
    """Say whether a file of a group tells its processor time; version 1 has one of the same name that does not."""
    return file.exists() and (file.name == "cpuacct.usage" or "usage_usec" in words(file))


def _lock(folder: Path) -> int:
    """Return a descriptor that holds the lock on a folder; raise `OSError` if somebody has it."""
    import fcntl  # here, since Windows has none, and no sandbox either

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _sweep(top: Path) -> None:
    """Remove the folder of a grader that has ended, with all that still runs in its sandboxes."""
    with contextlib.suppress(OSError):
        lock = _lock(top)
        try:
            for folder in filter(Path.is_dir, top.iterdir()):
                if folder.name.startswith(SANDBOX):
                    _kill(folder)
                _removed(folder)
            _removed(top)
        finally:
            os.close(lock)


def _kill(folder: Path) -> None:
    """Kill all processes in a group, and wait until they have gone."""
    if (folder / "cgroup.kill").exists():
        (folder / "cgroup.kill").write_text("1")
    until = time.monotonic() + PATIENCE
    while (left := words(folder / "cgroup.procs")) and time.monotonic() < until:
        for pid in filter(None, map(int, left)):  # 0: of another process namespace
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def _removed(folder: Path) -> bool:
    """Remove a group and say whether it is gone; one that holds a process stays."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


@functools.cache
def _of_this_process(pid: int) -> Groups | NoGroups:
    try:
        proc = Path("/proc/self")
        return Groups(trees((proc / "mountinfo").read_text(), (proc / "cgroup").read_text()))
    except (OSError, ValueError) as error:
        return NoGroups(str(error))
    except NoGroups as error:
        return error


_finding = threading.Lock()


def groups() -> Groups | NoGroups:
    """Return the groups of this process, or why it can have none: tried once."""
    with _finding:
        return _of_this_process(os.getpid())
