"""Sandboxes whose worker is forked from a warm interpreter: bubblewrap makes each one, and a template enters it.

Python and NumPy start in 0.14 s of processor time, most of what a submission costs; a fork takes 0.01 s. What is
shared is memory that no student code has written to. Everything else is made anew for each submission, by bubblewrap
as without a template: mounts and empty folders in memory, processes, network, shared memory, a user number. The
trusted side sees for itself, before any student code runs, that the worker is in these namespaces and in no other,
that it has their root and a folder of theirs, that it holds no file but its pipes, and that it has no privilege left.

It works for root on x86_64; elsewhere workers start cold, which is as safe and slower.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from autograder.ground.runs import CannotRun, Cell
from autograder.run import memory_watch
from autograder.run.declared import declared
from autograder.run.launch import START_SECONDS, WORKER, run
from autograder.run.sandbox import bubblewrap, seccomp
from autograder.run.sandbox.process import Confinement, SandboxProcess, python_settings, unprivileged

TEMPLATE = Path(__file__).with_name("template.py")
SPACES = ("cgroup", "ipc", "uts", "net", "pid", "mnt")  # entered in this order
OUR_OWN = ("ipc", "uts", "net", "pid", "mnt")  # of these, a sandbox must never have ours; a kernel may lack the other


class Template:
    """A warm interpreter, in a sandbox of its own."""

    def __init__(self, sandbox: Confinement, fonts: Mapping[str, str]):
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one_at_a_time = threading.Lock()
        started: queue.SimpleQueue[subprocess.Popen[bytes] | Exception] = queue.SimpleQueue()
        # bubblewrap dies with the thread that has started it, so that thread lives as long as the template.
        threading.Thread(target=self._live, args=(sandbox, fonts, theirs, started), daemon=True).start()
        process = started.get()
        theirs.close()
        if isinstance(process, Exception):
            raise CannotRun(f"No template could be started: {process}") from process
        self.process = process
        wanted = declared(tuple(sandbox.imports))
        settings = {"worker": f"/worker/{WORKER.name}", "preload": sandbox.preload}
        self._line.settimeout(START_SECONDS)
        self._line.send(json.dumps(settings | python_settings(sandbox.imports, wanted)).encode())
        if self._line.recv(100) != b"ready":
            raise CannotRun("The template did not start.")
        atexit.register(self.close)

    @staticmethod
    def _live(sandbox: Confinement, fonts: Mapping[str, str], line: socket.socket, started: Any) -> None:
        try:
            with contextlib.ExitStack() as stack:
                descriptors = bubblewrap.Descriptors(stack)
                wanted = declared(tuple(sandbox.imports))
                process = subprocess.Popen(
                    [
                        bubblewrap.program(),
                        *bubblewrap.confinement_of_template(),
                        *bubblewrap.file_system(descriptors, wanted, sandbox.hidden, sandbox.limits.space),
                        *bubblewrap.worker_files(descriptors, fonts, (*bubblewrap.OURS, TEMPLATE)),
                        *bubblewrap.closed(),
                        *bubblewrap.environment(),
                        *bubblewrap.python(TEMPLATE),
                    ],
                    stdin=line.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={},
                    pass_fds=descriptors.passed,
                    start_new_session=True,
                )
        except Exception as error:
            started.put(error)
            return
        started.put(process)
        process.wait()

    @property
    def alive(self) -> bool:
        """Whether it can still be asked for a worker."""
        return self.process.poll() is None

    def fork(self) -> Fork:
        """Return a new fork."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._one_at_a_time:
            socket.send_fds(self._line, [b"fork"], [theirs.fileno()])
        return Fork(ours)

    def close(self) -> None:
        """End it; workers that it has forked are not touched."""
        self._line.close()


class Fork:
    """A fork of a template, which waits for its sandbox; when it is closed, it waits no longer."""

    def __init__(self, line: socket.socket):
        self._line = line
        line.settimeout(START_SECONDS)
        self.pid = int(line.recv(100) or 0)  # by its number out here, since a template is in our space of processes

    def enter(self, settings: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Let it be a worker in the namespaces given by the first descriptors, with the last three as its pipes."""
        socket.send_fds(self._line, [json.dumps(settings).encode()], list(descriptors))

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class WarmProcess(SandboxProcess):
    """One sandbox: bubblewrap, a program that holds it open, and the worker that has entered it."""

    capabilities: Sequence[str] = ()

    def __init__(self, sandbox: Confinement, fonts: Mapping[str, str], template: Template):
        super().__init__(sandbox, fonts)
        self._held = (self.stdin, self.stdout, self.stderr)
        try:
            with contextlib.ExitStack() as stack:
                fork = stack.enter_context(contextlib.closing(template.fork()))
                if self._group is not None:  # now, since it takes a while, and so does bubblewrap
                    with contextlib.suppress(OSError):
                        self._group.admit(fork.pid)
                self._await_holder()
                first = self._first()
                self._holders = set(memory_watch.children(first) or self._workers())
                spaces = [self._opened(stack, f"/proc/{first}/ns/{kind}") for kind in SPACES]
                requests, self.stdin = self._pipe(stack, "wb")
                replies, self.stdout = self._pipe(stack, "rb")
                complaints, self.stderr = self._pipe(stack, "rb")
                settings = {"home": bubblewrap.HOME, "filter": seccomp.program().hex(), **(self.settings or {})}
                fork.enter(settings, [*spaces, requests, replies, complaints])
                self.settings = None
        except BaseException:
            self.stop()
            raise

    def _program(self, descriptors: bubblewrap.Descriptors, fonts: Mapping[str, str]) -> tuple[list[str], list[str]]:
        cat = shutil.which("cat")
        assert cat is not None
        files, program = bubblewrap.holder(cat)
        return [*bubblewrap.worker_files(descriptors, fonts, ()), *files], program

    def _await_holder(self) -> None:
        """Wait until the holder runs, which is when the sandbox is whole: what it is sent, it sends back."""
        self.stdin.write(b"\n")
        if not select.select([self.stdout], [], [], START_SECONDS)[0] or self.stdout.read(1) != b"\n":
            words = self.stderr.read(4000).decode("utf-8", "replace").strip() if self.process.poll() else "nothing"
            raise CannotRun(self.explain(words))

    @staticmethod
    def _opened(stack: contextlib.ExitStack, path: str) -> int:
        descriptor = os.open(path, os.O_RDONLY)
        stack.callback(os.close, descriptor)
        return descriptor

    @staticmethod
    def _pipe(stack: contextlib.ExitStack, mode: str) -> tuple[int, IO[bytes]]:
        """Return the worker's end of a pipe, closed here when it has been sent, and this side's end."""
        reading, writing = os.pipe()
        theirs, ours = (reading, writing) if mode == "wb" else (writing, reading)
        stack.callback(os.close, theirs)
        return theirs, os.fdopen(ours, mode, buffering=0)

    def _workers(self) -> list[int]:
        return [pid for pid in super()._workers() if pid not in self._holders]

    _holders: set[int] = set()  # noqa: RUF012 - replaced, never changed

    def verify(self) -> None:
        """Look from outside at the worker and at the holder, and bound what the worker uses."""
        for pid in self._holders:
            if fault := unprivileged(Path(f"/proc/{pid}/status").read_text()):
                raise CannotRun(f"The sandbox is not closed: {fault}. No student code was run.")
        super().verify()

    def _fault(self, pid: int) -> str:
        first = self._first()
        for kind in OUR_OWN:
            if memory_watch.same_space(first, os.getpid(), kind):
                return f"the sandbox has the {kind} namespace of the grader"
        for kind in SPACES:
            if not memory_watch.same_space(pid, first, kind):
                return f"its worker has not entered the {kind} namespace"
        for own, place in (("root", ""), ("cwd", bubblewrap.HOME)):
            if not os.path.samefile(f"/proc/{pid}/{own}/", f"/proc/{first}/root{place}/"):
                return f"the {own} of its worker lies outside"
        if os.path.samefile(f"/proc/{pid}/root/", "/"):
            return "its worker has the root of the grader"
        pipes = {f"pipe:[{os.fstat(pipe.fileno()).st_ino}]" for pipe in (self.stdin, self.stdout, self.stderr)}
        for name in os.listdir(f"/proc/{pid}/fd"):
            if (held := os.readlink(f"/proc/{pid}/fd/{name}")) not in {*pipes, "/dev/null"}:
                return f"its worker holds {held}"
        return super()._fault(pid)

    def stop(self) -> None:
        """Kill everything in the sandbox, the holder with it."""
        super().stop()
        for pipe in self._held:
            pipe.close()


_lock = threading.Lock()
_templates: dict[Any, Template | None] = {}


def template_for(sandbox: Confinement, fonts: Mapping[str, str]) -> Template | None:
    """Return the template for such sandboxes, started where there is none; None where this machine cannot have one."""
    key = tuple(sandbox.imports), tuple(sandbox.preload), tuple(sandbox.hidden)
    with _lock:
        known = _templates.get(key)
        if key not in _templates or (known is not None and not known.alive):
            known = _templates[key] = _tried(sandbox, fonts)
        return known


def _tried(sandbox: Confinement, fonts: Mapping[str, str]) -> Template | None:
    """Start a template and one worker from it; None if that does not work here."""
    if os.geteuid() != 0 or not seccomp.available() or shutil.which("cat") is None:
        return None
    try:
        template = Template(sandbox, fonts)
    except (CannotRun, OSError):
        return None
    try:
        ended = run([Cell("trial", "x = 1")], [], _From(sandbox, fonts, template))
    except (CannotRun, OSError):
        ended = None
    if ended is None or ended.stopped:
        template.close()
        return None
    return template


class _From:
    """The launcher that uses one given template."""

    def __init__(self, sandbox: Confinement, fonts: Mapping[str, str], template: Template):
        self.start = lambda: WarmProcess(sandbox, fonts, template)
