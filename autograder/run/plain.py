"""Starts a worker as an ordinary process of the same Python: for one's own notebook on one's own machine.

Nothing here protects the machine from the notebook. What it has in common with the sandbox is what the notebook finds:
a fresh interpreter, an empty working folder, and only the declared imports, so that what passes here passes when it
is marked. It works wherever Python does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.run import memory_watch
from autograder.run.declared import declared
from autograder.run.launch import ANSWERS, WORKER


@dataclass(frozen=True)
class Plain:
    """The launcher without a sandbox.

    `imports` is what notebooks may import beside the standard library, `files` a folder of data that they find as
    ``files``: a copy of it.
    """

    imports: tuple[str, ...] = ("numpy", "matplotlib")
    files: Path | None = None

    def start(self) -> PlainProcess:
        """Start one worker."""
        return PlainProcess(tuple(self.imports), self.files)


class PlainProcess:
    """A worker that runs as the same user, with the same rights."""

    def __init__(self, imports: tuple[str, ...], files: Path | None = None):
        self.settings: Mapping[str, Any] | None = {
            "uid": None,
            "allow_root": True,
            "limits": {},
            "imports": imports,
            "folders": declared(imports).folders(),
            "path": [],
            "answers": str(ANSWERS),
        }
        self.folder = tempfile.mkdtemp(prefix="notebook-")
        if files is not None and files.is_dir():
            shutil.copytree(files, Path(self.folder, "files"))
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AUTOGRADER"))
        }
        self._mark = f"NOTEBOOK_OF={secrets.token_hex(16)}"  # in the environment of all that it starts
        environment |= dict([self._mark.split("=")])
        environment |= {"MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
        # The base interpreter, because a virtual environment's one is a mere starter on Windows, and killing it would
        # leave the other alive. `-P -s -S`: no folder of packages that the worker does not add itself.
        self.process = subprocess.Popen(
            [getattr(sys, "_base_executable", sys.executable), "-P", "-s", "-S", "-B", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=self.folder,
            env=environment,
            start_new_session=os.name == "posix",
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.stdin, self.stdout, self.stderr = self.process.stdin, self.process.stdout, self.process.stderr

    def verify(self) -> None:
        """Return: nothing is promised, so nothing is verified."""

    def processor_seconds(self) -> float | None:
        """Return the processor time of the worker and all that it started, where /proc tells it."""
        return memory_watch.of_all_from(self.process.pid) if sys.platform == "linux" else None

    def explain(self, words: str) -> str:
        """Say what it means that the worker did not start, given the last words."""
        return f"Python did not start to run the notebook. It says: {words}"

    def killed_because(self) -> str:
        """Return "": nobody watches this process's memory."""
        return ""

    def stop(self) -> None:
        """Kill the worker; on POSIX everything in its group, and on Linux whatever it has started."""
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        _kill_all(self._mark.encode())
        shutil.rmtree(self.folder, ignore_errors=True)


def _kill_all(mark: bytes) -> None:
    """Kill every process of ours in whose environment this stands, until there is none, where the system tells."""
    none = 0
    for _ in range(20):  # in the midst of a look, a process may start another and end: two looks must find none
        found = list(_with(mark))
        none = 0 if found else none + 1
        if none == 2:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _with(mark: bytes) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/environ") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError):
            if mark in path.read_bytes().split(b"\0"):
                yield int(path.parent.name)
