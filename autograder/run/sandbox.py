"""Starts a worker in a bubblewrap sandbox: the launcher for other people's notebooks.

In there is an interpreter, the declared imports, two files of ours, and nothing else: no network, no other processes,
no course, no gradebook, no submissions. Everything is read-only but three small file systems in memory. The layers,
from the outside: namespaces and a bare file system (bubblewrap); a filter on system calls (`seccomp`); an unprivileged
user of its own for each sandbox; hard limits on each process, which the worker sets on itself; and a watch over the
memory of all of them together.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.run import CannotRun, seccomp
from autograder.run.declared import Declared, declared
from autograder.run.fonts import font_lists
from autograder.run.launch import ANSWERS, WORKER, run

MIB = 2**20
SITE = "/worker/site"
HOME = "/home/student"
FONTS = f"{HOME}/.matplotlib"


@dataclass(frozen=True)
class Limits:
    """What one sandbox may use; sizes in bytes.

    `memory` bounds all its processes together (watched, every `watch` seconds) and the address space of each one (by
    the kernel); `processes` counts threads too; `space` is the size of each of /tmp, /dev/shm and the home folder.
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


@dataclass(frozen=True)
class Sandbox:
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
    """

    imports: tuple[str, ...] = ("numpy", "matplotlib")
    hidden: Sequence[Path] = ()
    limits: Limits = Limits()

    def start(self) -> SandboxProcess:
        """Start one worker.

        Raises
        ------
        CannotRun
            If this machine has no bubblewrap, or does not let it work.
        """
        if "matplotlib" not in declared(tuple(self.imports)).places:
            return SandboxProcess(self)
        return SandboxProcess(self, font_lists(_WithoutFonts()))

    @staticmethod
    def obstacle() -> str:
        """Return "" if this machine can start sandboxes, else a sentence that says what is missing."""
        try:
            run([], [], Sandbox(imports=()))
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
            "a watch over the memory of all processes together": sys.platform == "linux",
        }


@dataclass(frozen=True)
class _WithoutFonts:
    """The sandbox in which matplotlib makes its list of fonts."""

    def start(self) -> SandboxProcess:
        return SandboxProcess(Sandbox(imports=("matplotlib",)))


class SandboxProcess:
    """One sandbox: bubblewrap, the worker in it, and the watch over both."""

    def __init__(self, sandbox: Sandbox, fonts: Mapping[str, str] | None = None):
        program = _bubblewrap()
        as_root = os.geteuid() == 0
        wanted = declared(tuple(sandbox.imports))
        self.limits = sandbox.limits
        self.uid = _fresh_uid() if as_root else None
        self.settings: Mapping[str, Any] = {
            "uid": self.uid,
            "allow_root": False,
            "limits": self.limits.of_a_process(),
            "imports": sandbox.imports,
            "folders": dict.fromkeys(wanted.folders(), SITE),
            "path": [SITE],
            "answers": "/worker/answers.py",
        }
        self._why = ""
        self._over = threading.Event()
        self._inside: int | None = None
        with contextlib.ExitStack() as stack:
            descriptors = Descriptors(stack)
            reading, writing = os.pipe()
            stack.callback(os.close, writing)
            self._information = os.fdopen(reading, "rb")
            descriptors.passed.append(writing)
            line = [
                *(program, "--info-fd", str(writing)),
                *_confinement(as_root),
                *_filter(descriptors),
                *_file_system(wanted, sandbox.hidden, sandbox.limits),
                *_worker_files(descriptors, fonts or {}),
                *_environment(),
                *(str(_interpreter()), "-P", "-s", "-S", "-B", "/worker/worker.py"),
            ]
            self.process = subprocess.Popen(
                line,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                pass_fds=descriptors.passed,
                start_new_session=True,
            )

    def verify(self) -> None:
        """Look from outside at the processes in the sandbox; then begin to watch their memory."""
        with self._information:
            said = self._information.read(4096)
        try:
            self._inside = int(json.loads(said)["child-pid"])
        except (ValueError, KeyError, TypeError):
            raise CannotRun("bubblewrap did not say which process it has started in the sandbox.") from None
        workers = [pid for pid in self._processes() if pid != self._inside]
        if not workers:
            raise CannotRun("The worker ended before its sandbox could be verified.")
        for pid in workers:
            try:
                fault = _unconfined(Path(f"/proc/{pid}/status").read_text())
            except (OSError, KeyError, ValueError) as error:
                fault = f"its worker cannot be looked at ({error})"
            if fault:
                raise CannotRun(f"The sandbox is not closed: {fault}. No student code was run.")
        threading.Thread(target=self._watch, daemon=True).start()

    def explain(self, words: str) -> str:
        """Say what it means that the worker did not start, given the last words."""
        if words.startswith("bwrap:"):
            return (
                "bubblewrap is installed, but this machine does not let it confine student code: use a machine or a "
                f"container that allows user namespaces. It says: {words}"
            )
        return f"The worker in the sandbox did not start. It says: {words}"

    def killed_because(self) -> str:
        """Say why the watch has killed the sandbox, or ""."""
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

    def _processes(self) -> Iterator[int]:
        """Yield the processes in the sandbox's process namespace, by their numbers out here."""
        try:
            space = os.readlink(f"/proc/{self._inside}/ns/pid")
        except OSError:
            return
        for name in os.listdir("/proc"):
            if name.isdecimal():
                with contextlib.suppress(OSError):
                    if os.readlink(f"/proc/{name}/ns/pid") == space:
                        yield int(name)

    def _watch(self) -> None:
        while not self._over.wait(self.limits.watch):
            assert self._inside is not None
            processes = _descendants(self._inside) or list(self._processes())
            # What forks share counts for each of them in the first sum, which is cheap, and once in the second.
            if sum(map(_resident, processes)) > self.limits.memory < sum(map(_proportional, processes)):
                self._why = f"its processes together used more than {self.limits.memory // MIB} MiB of memory"
                self.process.kill()
                return


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


class Descriptors:
    """The open files that bubblewrap inherits, closed on this side once it has started."""

    def __init__(self, stack: contextlib.ExitStack):
        self._stack = stack
        self.passed: list[int] = []

    def holding(self, data: bytes) -> str:
        """Return the number of a file descriptor from which `data` can be read."""
        file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        file.write(data)
        file.seek(0)
        self.passed.append(file.fileno())
        return str(file.fileno())


# ---------------------------------------------------------------------------------------------- bubblewrap's line


def _bubblewrap() -> str:
    if sys.platform != "linux":
        raise CannotRun(
            f"Student code can only be confined on Linux, and this is {platform.system()}: "
            "use a Linux machine, a virtual machine, or a container with Linux."
        )
    program = shutil.which("bwrap")
    if program is None:
        raise CannotRun(
            "The program bwrap, which confines student code, is missing: install the package bubblewrap "
            "(Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap)."
        )
    return program


def _confinement(as_root: bool) -> list[str]:
    """Set namespaces and privileges.

    For an ordinary user, a user namespace makes the others possible. Root needs none, and keeps two capabilities with
    which the worker becomes an unprivileged user; that clears them.
    """
    common = ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox"]
    if as_root:
        spaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        return [*spaces, *common, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--unshare-all", "--disable-userns", *common]


def _filter(descriptors: Descriptors) -> list[str]:
    return ["--seccomp", descriptors.holding(seccomp.program())] if seccomp.available() else []


def _file_system(wanted: Declared, hidden: Sequence[Path], limits: Limits) -> list[str]:
    """Show the interpreter and the system's libraries, without the packages beside them; and room to write."""
    room = ["--perms", "1777", "--size", str(limits.space), "--tmpfs"]
    # First what can be written to, so that an interpreter that lies below /tmp is not covered by it.
    line = [*_parents(Path(HOME)), *room, "/tmp", *room, HOME]
    shown = _shown()
    for name in ("lib", "lib32", "lib64", "libx32"):
        top = Path("/", name)
        if top.is_symlink():
            line += ["--symlink", os.readlink(top), str(top)]
    for path in shown:
        line += [*_parents(path), "--ro-bind", str(path), str(path)]
    for path in [*_packages_beside(shown), *_below(shown, hidden)]:
        if path.is_dir():
            line += ["--perms", "0755", "--size", "65536", "--tmpfs", str(path), "--remount-ro", str(path)]
        else:
            line += ["--ro-bind", "/dev/null", str(path)]
    line += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", "--remount-ro", "/dev"]
    made: set[Path] = set()
    for place, path in wanted.places.items():
        target = Path(SITE, place)
        line += [*_parents(target, made), "--ro-bind", str(path), str(target)]
    return line


def _worker_files(descriptors: Descriptors, fonts: Mapping[str, str]) -> list[str]:
    """Add our two files as copies, so that it does not matter who may read the originals; and lists of fonts."""
    line = [*_parents(Path(SITE))]
    for path in (WORKER, ANSWERS):
        line += ["--perms", "0444", "--file", descriptors.holding(path.read_bytes()), f"/worker/{path.name}"]
    if fonts:
        line += ["--perms", "1777", "--dir", FONTS]
    for name, text in fonts.items():
        line += ["--perms", "0444", "--file", descriptors.holding(text.encode()), f"{FONTS}/{name}"]
    return [*line, "--remount-ro", "/", "--chdir", HOME]


def _environment() -> list[str]:
    variables = {
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PATH": "/usr/bin:/bin",
        # Conda's libraries lie beside its interpreter, where packages look for them by a path relative to themselves.
        "LD_LIBRARY_PATH": str(Path(sys.base_prefix, "lib")),
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": FONTS,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        # One thread for linear algebra: sandboxes run side by side, and idle threads would count as processes.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    return [part for name, value in variables.items() for part in ("--setenv", name, value)]


def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def _shown() -> list[Path]:
    """Return the folders and files of this machine that an interpreter needs."""
    paths = [Path(path) for path in ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/etc/ld.so.cache")]
    paths += [path for name in ("lib", "lib32", "lib64", "libx32") if not (path := Path("/", name)).is_symlink()]
    paths += [Path(sys.base_prefix, "lib"), Path(sys.base_prefix, "lib64"), _interpreter()]
    return list(dict.fromkeys(path for path in paths if path.exists() and not (path.is_dir() and path.is_symlink())))


def _packages_beside(shown: Sequence[Path]) -> list[Path]:
    """Return the folders in which packages lie beside a standard library that is shown."""
    folders = [path for path in shown if path.is_dir()]
    patterns = ("python3*/site-packages", "python3*/dist-packages")
    return [found for folder in folders for pattern in patterns for found in folder.glob(pattern)]


def _below(shown: Sequence[Path], hidden: Sequence[Path]) -> list[Path]:
    """Return those of the hidden paths that would be seen."""
    return [
        path.resolve()
        for path in hidden
        if path.exists() and any(path.resolve().is_relative_to(folder.resolve()) for folder in shown)
    ]


def _parents(path: Path, made: set[Path] | None = None) -> list[str]:
    """Make the folders above `path`, such that any user may pass through them; `made` remembers which there are."""
    line = []
    for parent in reversed(path.parents[:-1]):
        if made is None or parent not in made:
            line += ["--perms", "0755", "--dir", str(parent)]
            if made is not None:
                made.add(parent)
    return line


# ---------------------------------------------------------------------------------------------- users


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
    fields = dict(re.findall(r"(?m)^(\w+):[ \t]*(.*)$", status))
    own = os.geteuid()
    if any(number == "0" for number in fields["Uid"].split()):
        return "its worker runs as root"
    if own == 0 and fields["Groups"].strip():
        return "its worker belongs to groups of this machine"
    for name in ("CapPrm", "CapEff", "CapAmb"):
        if int(fields[name], 16):
            return f"its worker has capabilities ({name} {fields[name]})"
    if fields.get("NoNewPrivs") != "1":
        return "its worker could gain privileges"
    if seccomp.available() and fields.get("Seccomp") != "2":
        return "its worker runs without the filter on system calls"
    return ""
