"""One sandbox with a worker in it: how bubblewrap starts it, how it is looked at from outside, watched and killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.ground.runs import CannotRun
from autograder.run import memory_watch
from autograder.run.declared import Declared, declared
from autograder.run.launch import ANSWERS, WORKER
from autograder.run.limits import DEFAULT_LIMITS, MIB, Bound, Limits
from autograder.run.sandbox import bubblewrap, cgroup, seccomp

NEEDED_BY_ROOT = {"NET_ADMIN": 12, "SYS_PTRACE": 19, "SYS_ADMIN": 21}  # with their numbers, which are the kernel's


@dataclass(frozen=True)
class Confinement:
    """What a sandbox shows and allows; `launcher.Sandbox` says what each of these means."""

    imports: tuple[str, ...] = ("numpy", "matplotlib")
    hidden: Sequence[Path] = ()
    limits: Limits = DEFAULT_LIMITS
    preload: tuple[str, ...] = ()
    cgroup: bool = True
    files: Path | None = None


class SandboxProcess:
    """One sandbox: bubblewrap, the worker in it, and the bound on both."""

    def __init__(self, sandbox: Confinement, fonts: Mapping[str, str]):
        program = bubblewrap.program()
        as_root = os.geteuid() == 0
        wanted = declared(tuple(sandbox.imports))
        if as_root:
            _check_capabilities(Path("/proc/self/status").read_text())
            _check_readable(wanted)
        self.limits = sandbox.limits
        self.settings: Mapping[str, Any] | None = {
            "uid": _fresh_uid() if as_root else None,
            "allow_root": False,
            "limits": self.limits.of_a_process(),
            **python_settings(sandbox.imports, wanted),
        }
        self._why = ""
        self._over = threading.Event()
        self._inside: int | None = None
        self._bound: Bound | None = None
        with contextlib.ExitStack() as stack:
            descriptors = bubblewrap.Descriptors(stack)
            self._information, number = descriptors.returning()
            files, command = self._program(descriptors, fonts)
            self.process = subprocess.Popen(
                [
                    *(program, "--info-fd", number),
                    *bubblewrap.confinement(as_root, self.capabilities),
                    *bubblewrap.system_calls(descriptors),
                    *bubblewrap.file_system(descriptors, wanted, sandbox.hidden, self.limits.space),
                    *bubblewrap.data_files(descriptors, sandbox.files),
                    *files,
                    *bubblewrap.closed(),
                    *bubblewrap.environment(),
                    *command,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={},  # bubblewrap is the first process in there, with what it was given
                bufsize=0,
                pass_fds=descriptors.passed,
                start_new_session=True,
            )
        self._group = self._made_group() if sandbox.cgroup else None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.stdin, self.stdout, self.stderr = self.process.stdin, self.process.stdout, self.process.stderr

    capabilities: Sequence[str] = bubblewrap.BECOME_ANOTHER_USER

    def _program(self, descriptors: bubblewrap.Descriptors, fonts: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """Return what bubblewrap puts into the sandbox beside what may be imported, and what it runs there."""
        return bubblewrap.worker_files(descriptors, fonts), bubblewrap.python(WORKER)

    def _first(self) -> int:
        """Return the first process in the sandbox, by its number out here."""
        if self._inside is None:
            with self._information:
                said = self._information.read(4096)
            try:
                self._inside = int(json.loads(said)["child-pid"])
            except (ValueError, KeyError, TypeError):
                raise CannotRun("bubblewrap did not say which process it has started in the sandbox.") from None
        return self._inside

    def _workers(self) -> list[int]:
        """Return the processes in the sandbox that must be confined: all but its first, which is bubblewrap's own."""
        return [pid for pid in memory_watch.processes_beside(self._first()) if pid != self._inside]

    def verify(self) -> None:
        """Look from outside at the processes in the sandbox, and bound what they use together."""
        workers = self._workers()
        if not workers:
            raise CannotRun("The worker ended before its sandbox could be verified.")
        for pid in workers:
            try:
                fault = self._fault(pid)
            except (OSError, KeyError, ValueError) as error:
                fault = f"its worker cannot be looked at ({error})"
            if fault:
                raise CannotRun(f"The sandbox is not closed: {fault}. No student code was run.")
        self._bound = self._bounded(workers)
        threading.Thread(target=self._keep_watch, args=(self._bound,), daemon=True).start()

    def _made_group(self) -> cgroup.Group | None:
        """Return a control group for this sandbox, or None where the kernel makes none for us."""
        groups = cgroup.groups()
        if isinstance(groups, cgroup.Groups):
            with contextlib.suppress(OSError):
                return groups.make(self.limits.memory, self.limits.processes)
        return None

    def _bounded(self, workers: Sequence[int]) -> Bound:
        """Move the processes into the group, if there is one; else look at them."""
        self._watch = memory_watch.Watch([self._first(), *workers], bubblewrap.ROOMS, self.limits.memory)
        if self._group is not None:
            with contextlib.suppress(OSError):
                for pid in workers:
                    self._group.admit(pid)
                return self._group
        return self._watch

    def _fault(self, pid: int) -> str:
        """Say what confines a process too little, or ""."""
        return _unconfined(Path(f"/proc/{pid}/status").read_text())

    def explain(self, words: str) -> str:
        """Say what it means that the worker did not start, given the last words."""
        if words.startswith("bwrap:"):
            return (
                "bubblewrap is installed, but this machine does not let it confine student code: use a machine that "
                "allows user namespaces, or a container with the options that stand at the head of Containerfile. It "
                f"says: {words}"
            )
        return f"The worker in the sandbox did not start. It says: {words}"

    def processor_seconds(self) -> float | None:
        """Return the processor time of all that runs in the sandbox so far."""
        if self._bound is None:
            return None
        counted = self._bound.processor_seconds()
        return self._watch.processor_seconds() if counted is None else counted

    def killed_because(self) -> str:
        """Say why the sandbox is being killed, or ""."""
        # A group knows at once. To look at every process takes too long for every answer, and is left to the watch.
        if isinstance(self._bound, cgroup.Group):
            self._look(self._bound)
        return self._why

    def stop(self) -> None:
        """Kill everything in the sandbox: its first process takes the others with it."""
        self._over.set()
        self._information.close()
        if self._inside is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self._inside, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if self._group is not None:
            self._group.remove()

    def _look(self, bound: Bound) -> bool:
        """Kill the sandbox, whole, if it has used too much; say whether it has."""
        if bound.exceeded():
            self._why = f"its processes together used more than {self.limits.memory // MIB} MiB of memory"
            self.process.kill()
        return bool(self._why)

    def _keep_watch(self, bound: Bound) -> None:
        while not self._over.wait(self.limits.watch):
            if self._look(bound):
                return


def python_settings(imports: Sequence[str], wanted: Declared) -> dict[str, Any]:
    """Return what a worker in a sandbox must know of what may be imported, and where it lies."""
    return {
        "imports": imports,
        "folders": dict.fromkeys(wanted.folders(), bubblewrap.SITE),
        "path": [bubblewrap.SITE],
        "answers": f"/worker/{ANSWERS.name}",
    }


def _check_capabilities(status: str) -> None:
    """Raise `CannotRun` if root, by its /proc/self/status, lacks what it takes to make a sandbox and to look at it."""
    held = int(_fields(status)["CapEff"], 16)
    if lacking := [name for name, bit in NEEDED_BY_ROOT.items() if not held >> bit & 1]:
        raise CannotRun(
            f"The grader was started as root without the capabilities {', '.join(lacking)}, as in a container: start "
            "it as an ordinary user, who needs none (see the head of Containerfile), or give it these."
        )


def _check_readable(wanted: Declared) -> None:
    """Raise `CannotRun` if another user could not read the declared packages."""
    for path in wanted.places.values():
        needed = 0o005 if path.is_dir() else 0o004
        if path.stat().st_mode & needed != needed:
            raise CannotRun(
                f"Student code runs as an unprivileged user, who may not read {path}: make the packages of this "
                f"environment readable, for example by chmod -R a+rX {path.parent}"
            )


def _fresh_uid() -> int:
    """Draw a user number that nobody has: limits on processes count per user, and sandboxes run side by side."""
    spans = []
    for kind in ("uid", "gid"):
        lines = [tuple(map(int, line.split())) for line in Path(f"/proc/self/{kind}_map").read_text().splitlines()]
        first, _, count = max(lines, key=lambda line: line[2])
        spans.append((first, min(first + count, 2**31)))
    low, high = max(first for first, _ in spans), min(last for _, last in spans)
    if high - low < 1000:
        raise CannotRun(
            "The sandbox was started as root in a container that has too few user numbers for one of its own: "
            "start it as an ordinary user, or give the container at least 1,000 user numbers."
        )
    low = max(low, high - 2**29, (low + high) // 2)
    return low + secrets.randbelow(high - low - 10)


def _unconfined(status: str) -> str:
    """Read /proc/PID/status; say what confines this process too little, or ""."""
    fields = _fields(status)
    if any(number == "0" for number in fields["Uid"].split()):
        return "its worker runs as root"
    if os.geteuid() == 0 and fields["Groups"].strip():
        return "its worker belongs to groups of this machine"
    return unprivileged(status)


def unprivileged(status: str) -> str:
    """Read /proc/PID/status; say what privilege this process has, or ""."""
    fields = _fields(status)
    for name in ("CapPrm", "CapEff", "CapInh", "CapAmb"):
        if int(fields[name], 16):
            return f"its worker has capabilities ({name} {fields[name]})"
    if fields.get("NoNewPrivs") != "1":
        return "its worker could gain privileges"
    if seccomp.available() and fields.get("Seccomp") != "2":
        return "its worker runs without the filter on system calls"
    return ""


def _fields(status: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^(\w+):[ \t]*(.*)$", status))
