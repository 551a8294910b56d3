"""Work on what students wrote, in a process that may be ended: the trusted side has a deadline and a bound on memory.

Reading, judging and showing are our own code, but on texts and answers that anybody may have made. However well it is
written, some input will cost it minutes or gigabytes. So it is done in a child, which the kernel ends when its
processor time is used up, and which gets no more memory than it may have; the next piece of work gets a new child.

Children are forked, never started anew: from a nursery, a fork of this process which does nothing but fork. It is
made when few threads are there yet, and has none itself, so that no child ever waits for a lock that nobody holds.
What has been loaded by then is there in every child. Where a system cannot fork, the work is done here, unbounded.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import socket
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, NoReturn

SECONDS = 20.0  # of processor time, a hundred times what an honest submission costs the trusted side
MEMORY = 1 << 30  # bytes beside what the nursery had
WALL = 20.0  # times the processor time that may go by on the clock, on a busy machine, and where a disk is waited for
AT_LEAST = 0.05  # seconds of processor time; of nothing, the kernel would never end anything
LENGTH = struct.Struct("!Q")
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"

_in_child = False


class Exceeded(Exception):
    """A piece of work has taken more than it may. The message says of what, to go after "it took "."""


class Nursery:
    """Children that call functions for us, at most as many at once as there are threads that ask.

    To be used in a `with` statement. Functions and what they are given must cross by pickle; both are ours.

    Parameters
    ----------
    memory : int
        Bytes that a child may take beside what it starts with.

    Examples
    --------
    >>> with Nursery() as nursery:
    ...     nursery.call(divmod, 7, 2)
    (3, 1)
    """

    def __init__(self, memory: int = MEMORY):
        self.memory = memory
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._all: set[_Child] = set()
        self._lock = threading.Lock()
        self._open = True
        if not CAN_FORK:
            return
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with warnings.catch_warnings():
            # Python warns of threads that are not in the fork. Whoever can makes the nursery before there are any.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if not self._pid:
            _nurse(theirs, memory)
        theirs.close()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, function: Callable[..., Any], *args: Any, seconds: float = SECONDS) -> Any:
        """Return what ``function(*args)`` returns, or raise what it raises.

        Raises
        ------
        Exceeded
            If it has taken more processor time than `seconds`, or more memory than there is for it.
        """
        return self.timed(function, *args, seconds=seconds)[0]

    def timed(self, function: Callable[..., Any], *args: Any, seconds: float = SECONDS) -> tuple[Any, float]:
        """Do what `call` does; return the processor time beside it."""
        if not CAN_FORK:
            begun = time.thread_time()
            return function(*args), time.thread_time() - begun
        child = self._child()
        try:
            kind, value, used, large = child.ask(pickle.dumps((function, args, seconds)), WALL * seconds)
        except BaseException as error:
            why = self._ended(child, itself=isinstance(error, EOFError))
            if isinstance(error, TimeoutError):
                raise Exceeded(f"more than {WALL * seconds:.3g} s on the clock") from None
            if not isinstance(error, EOFError):
                raise
            if why == signal.SIGPROF:
                raise Exceeded(f"more than {seconds:.3g} s of processor time") from None
            raise Exceeded(f"what ended the process (signal {why})") from None
        if large:  # what it has taken it may not have given back
            self._ended(child)
        else:
            self._idle.put(child)
        if kind == "memory":
            raise Exceeded(f"more than {self.memory / 2**20:.0f} MiB of memory")
        if kind == "raised":
            raise value
        return value, used

    def _child(self) -> _Child:
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs, self._lock:
            if not self._open:
                raise RuntimeError("this nursery is closed")
            socket.send_fds(self._line, [b"fork"], [theirs.fileno()])
            child = _Child(int(self._line.recv(100)), ours)
            self._all.add(child)
        return child

    def _ended(self, child: _Child, itself: bool = False) -> int:
        """End a child, or look how it has ended `itself`; return the signal that had ended it, or 0."""
        child.line.close()
        with self._lock:
            self._all.discard(child)
            if not self._open:
                return 0
            self._line.send((b"reap %d" if itself else b"kill %d") % child.pid)
            return int(self._line.recv(100))

    def close(self) -> None:
        """End the nursery and all children."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            if CAN_FORK:
                self._line.send(b"over")
                self._line.close()
                for child in self._all:
                    child.line.close()
                os.waitpid(self._pid, 0)


class _Child:
    """A child, by its number and the line to it."""

    def __init__(self, pid: int, line: socket.socket):
        self.pid, self.line = pid, line

    def ask(self, question: bytes, wall: float) -> tuple[str, Any, float, bool]:
        """Return the kind of what came of a question, the value, the processor time, and whether the child is large."""
        until = time.monotonic() + wall
        self.line.settimeout(wall)
        try:
            self.line.sendall(LENGTH.pack(len(question)) + question)
            said: tuple[str, Any, float, bool] = pickle.loads(_message(self.line, until))
            return said
        except (BrokenPipeError, ConnectionResetError):
            raise EOFError from None


def _message(line: socket.socket, until: float | None = None) -> bytearray:
    """Receive one message; raise `EOFError` where the other side has ended."""
    size = LENGTH.unpack(_exactly(line, LENGTH.size, until))[0]
    return _exactly(line, size, until)


def _exactly(line: socket.socket, size: int, until: float | None) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        if until is not None:
            line.settimeout(max(until - time.monotonic(), 0.001))
        count = line.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]
    return data


@contextlib.contextmanager
def uncounted() -> Iterator[None]:
    """Stop the clock of a child, for work that is not on what a student wrote."""
    if not _in_child:
        yield
        return
    left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)


def _nurse(line: socket.socket, memory: int) -> NoReturn:
    """Fork children and end them, as it is told; what the nursery does, until nobody is there to tell it."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then closes the line
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        for descriptor in _descriptors():
            if descriptor > 2 and descriptor != line.fileno():
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        gc.freeze()  # what is there already is shared with the children as long as nobody writes to it
        children = set()
        while True:
            order, descriptors, _, _ = socket.recv_fds(line, 100, 1)
            if order == b"fork":
                (theirs,) = descriptors
                pid = os.fork()
                if not pid:
                    line.close()
                    _serve(socket.socket(fileno=theirs), memory)
                os.close(theirs)
                children.add(pid)
                line.send(b"%d" % pid)
            elif order.startswith((b"kill ", b"reap ")):
                pid = int(order[5:])
                line.send(b"%d" % _end(pid, kill=order.startswith(b"kill")))
                children.discard(pid)
            else:
                for pid in children:
                    _end(pid)
                os._exit(0)
    finally:
        os._exit(1)


def _descriptors() -> list[int]:
    """Return the numbers of the files that this process may hold, not all that it could: they may be a milliard."""
    try:
        return [*map(int, os.listdir("/proc/self/fd"))]
    except OSError:
        return [*range(min(os.sysconf("SC_OPEN_MAX"), 1 << 16))]


def _end(pid: int, kill: bool = True) -> int:
    """Wait for a child that has closed its line, or end it; return the signal that has ended it, or 0."""
    if kill:
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _serve(line: socket.socket, memory: int) -> NoReturn:
    """Answer questions; what a child does, until the line ends."""
    global _in_child
    _in_child = True
    try:
        much = _size() + memory // 2
        _bound(memory)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        while True:
            function, args, seconds = pickle.loads(_message(line))
            begun = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, max(seconds, AT_LEAST))
            reply = _reply(function, args, begun, much)
            signal.setitimer(signal.ITIMER_PROF, 0)
            del function, args
            line.sendall(LENGTH.pack(len(reply)) + reply)
    except (EOFError, OSError):
        os._exit(0)
    finally:
        os._exit(1)


def _reply(function: Callable[..., Any], args: tuple[Any, ...], begun: float, much: int) -> bytes:
    """Call a function; return what came of it as it crosses."""
    try:
        answer = "value", function(*args)
    except MemoryError:
        answer = "memory", None
    except Exception as error:
        answer = "raised", error
    used = time.process_time() - begun
    try:
        return pickle.dumps((*answer, used, _size() > much))
    except MemoryError:
        return pickle.dumps(("memory", None, used, True))
    except Exception as error:  # an exception that cannot cross is told in words
        words = RuntimeError(f"{answer[1]!r:.500} cannot be sent back: {error}")
        return pickle.dumps(("raised", words, used, _size() > much))


def _size() -> int:
    """Return the bytes that this process has mapped; 0 where nobody says it."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _bound(memory: int) -> None:
    """Give this process no more memory than it has now and this much beside."""
    import resource

    if now := _size():
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = now + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most),) * 2)


class Share:
    """What one submission may cost the trusted side: pieces of work, done in a nursery's children within one budget.

    Examples
    --------
    >>> with Nursery() as nursery:
    ...     Share(nursery).do(divmod, 7, 2)
    (3, 1)
    """

    def __init__(self, nursery: Nursery | None, seconds: float = SECONDS):
        self.nursery, self.seconds, self.left = nursery, seconds, seconds

    def do(self, function: Callable[..., Any], *args: Any, part: float = 1.0) -> Any:
        """Return what ``function(*args)`` returns; without a nursery, it is called here.

        `part` is how much of the whole budget it may take, as far as there is as much left.

        Raises
        ------
        Exceeded
            If it takes more.
        """
        if self.nursery is None:
            return function(*args)
        if self.left <= 0:
            raise Exceeded(f"more than {self.seconds:.3g} s of processor time, with what was done before")
        may = min(self.left, part * self.seconds)
        try:
            value, used = self.nursery.timed(function, *args, seconds=may)
        except Exceeded:
            self.left -= may
            raise
        self.left -= used
        return value
