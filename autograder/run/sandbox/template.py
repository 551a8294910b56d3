"""A warm interpreter from which workers are forked: NumPy is imported once for a class, not once a submission.

It runs in a sandbox of its own, in which no student code ever runs, and forks once for each submission. The fork says
which process it is, so that the trusted side can bound it (`cgroup`), and waits for one message: the namespaces of a
fresh sandbox that bubblewrap has just made, as open files, and the pipes to the trusted side. It enters those
namespaces for good, gives up every privilege, closes everything but the pipes, and is from then on what `worker.py`
would be in there: the same file system, the same empty folders, the same view of processes. The trusted side looks at
it from outside before it sends the first cell (`warm.WarmProcess.verify`).

The file stands alone, like `worker.py`: the standard library, and the worker's module, whose place it is told.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import types
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER = 24, 38, 22, 36
SECCOMP_MODE_FILTER = 2
LAST_CAPABILITY = 63
MAX_MESSAGE = 1 << 16
MAX_DESCRIPTORS = 16

libc = ctypes.CDLL(None, use_errno=True)
libc.setns.argtypes = (ctypes.c_int, ctypes.c_int)
libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)


class Filter(ctypes.Structure):
    """The kernel's `struct sock_fprog`: a number of instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def call(name: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0 when it has done its task."""
    if getattr(libc, name)(*arguments):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


def load(path: str) -> types.ModuleType:
    """Load the worker's module."""
    spec = importlib.util.spec_from_file_location("_worker", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["_worker"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def become_worker(
    worker: types.ModuleType, answers: types.ModuleType, settings: Mapping[str, Any], descriptors: Sequence[int]
) -> None:
    """Enter the namespaces, and go on as a worker in a process that was born in them; this process then ends."""
    *spaces, requests, replies, complaints = descriptors
    for standard, descriptor in enumerate((requests, replies, complaints)):
        os.dup2(descriptor, standard)
    for space in spaces:
        call("setns", space, 0)
    # Only what is born after that is in the new namespace of processes. It has no parent in there; when the first
    # process of that namespace is killed, the kernel kills it too.
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.closerange(3, 1 << 16)
    os.setsid()
    os.chdir(settings["home"])
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    worker.drop_root(settings["uid"], False)
    worker.set_limits(settings["limits"])
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = bytes.fromhex(settings["filter"])
    installed = Filter(len(program) // 8, program)
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(installed), 0, 0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # else every submission would draw the same numbers
    worker.serve(answers)


def await_sandbox(worker: types.ModuleType, answers: types.ModuleType, line: socket.socket) -> None:
    """Say which process this is, and become a worker in the sandbox that is then named; end if there comes none."""
    line.send(str(os.getpid()).encode())
    message, descriptors, _, _ = socket.recv_fds(line, MAX_MESSAGE, MAX_DESCRIPTORS)
    if message:
        become_worker(worker, answers, json.loads(message), descriptors)


def main() -> NoReturn:
    """Import what there is to import, then fork for each line to the other side that comes, until it hangs up."""
    line = socket.socket(fileno=os.dup(0))
    settings = json.loads(line.recv(MAX_MESSAGE))
    worker = load(settings["worker"])
    answers = worker.prepare(settings)
    for name in settings["preload"]:
        with contextlib.suppress(Exception):  # whoever imports it will see why it cannot be
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the collector then leaves these pages alone, and they stay shared
    # Workers become this process's children when the fork between has ended; nobody waits for either.
    call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    line.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(line, MAX_MESSAGE, MAX_DESCRIPTORS)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            try:
                line.close()
                await_sandbox(worker, answers, socket.socket(fileno=descriptors[0]))
            except BaseException as error:
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


if __name__ == "__main__":
    main()
