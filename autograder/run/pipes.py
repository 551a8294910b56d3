"""Lines of bytes to a worker and from it, which may never read and never write: nobody here waits for it too long.

On POSIX one thread does both, and waits for whichever pipe is ready. Windows cannot wait for a pipe with a deadline:
there each pipe has a thread of its own.
"""

from __future__ import annotations

import collections
import contextlib
import os
import queue
import sys
import threading
import time
from typing import IO

from autograder.ground.answers import MAX_BYTES

MAX_TOTAL = 2 * MAX_BYTES  # of everything that one worker may send
MAX_STRAY_LINES = 1000  # lines that answer nothing that was sent, before the worker counts as broken
PIECE = 1 << 16  # bytes that are read at once


class HungUp(Exception):
    """No line comes any more. The message says why, in words that go on after the worker was named."""


class Cut:
    """What has come, cut into lines within bounds."""

    def __init__(self) -> None:
        self.rest = bytearray()
        self.total = self.count = 0

    def add(self, piece: bytes, sent: int) -> tuple[list[bytes], str]:
        """Take in what has been read, when so many lines had been sent; return whole lines, and why there is an end."""
        if not piece:
            return [], "its Python process ended"
        self.total += len(piece)
        *whole, rest = piece.split(b"\n")
        lines = []
        for line in whole:
            self.rest += line
            lines.append(bytes(self.rest))
            self.rest = bytearray()
        self.rest += rest
        room = sent + MAX_STRAY_LINES - self.count
        self.count += len(lines)
        over = self.total > MAX_TOTAL or len(lines) > room
        return lines[: max(room, 0)], "it sent more than any honest answer takes" if over else ""


class Polled:
    """The two pipes, in one thread."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes]):
        self.requests, self.replies = requests, replies
        self.unsent = bytearray()
        self.sent = 0
        self.cut = Cut()
        self.lines: collections.deque[bytes] = collections.deque()
        self.why = ""
        for pipe in (requests, replies):
            os.set_blocking(pipe.fileno(), False)

    def send(self, line: bytes) -> None:
        """Send a line as soon as the worker reads it."""
        self.sent += 1
        self.unsent += line + b"\n"
        self._write()

    def receive(self, seconds: float) -> bytes | None:
        """Return the next line, or None if there comes none in so many seconds; raise `HungUp` after the last."""
        import select  # here, since Windows cannot poll

        until = time.monotonic() + seconds
        while not self.lines:
            if self.why:
                raise HungUp(self.why)
            if (left := until - time.monotonic()) <= 0:
                return None
            waiting = select.poll()
            waiting.register(self.replies.fileno(), select.POLLIN)
            if self.unsent:
                waiting.register(self.requests.fileno(), select.POLLOUT)
            ready = [descriptor for descriptor, _ in waiting.poll(1000 * left)]
            if self.requests.fileno() in ready:
                self._write()
            if self.replies.fileno() in ready:
                self._read()
        return self.lines.popleft()

    def _read(self) -> None:
        try:
            piece = self.replies.read(PIECE)
        except OSError:
            piece = b""
        if piece is not None:
            lines, self.why = self.cut.add(piece, self.sent)
            self.lines += lines

    def _write(self) -> None:
        try:
            while self.unsent and (count := self.requests.write(self.unsent)):
                del self.unsent[:count]
        except OSError:  # it does not read any more
            self.unsent.clear()

    def close(self) -> None:
        """Let go of the pipes."""
        for pipe in (self.requests, self.replies):
            with contextlib.suppress(OSError):
                pipe.close()


class Threaded:
    """The two pipes, each with a thread of its own; it is used as `Polled` is."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes]):
        self.requests, self.replies = requests, replies
        self.sent = 0
        self.incoming: queue.SimpleQueue[bytes | str] = queue.SimpleQueue()
        self.outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]
        for thread in self.threads:
            thread.start()

    def send(self, line: bytes) -> None:
        """As `Polled.send`."""
        self.sent += 1
        self.outgoing.put(line + b"\n")

    def receive(self, seconds: float) -> bytes | None:
        """As `Polled.receive`."""
        try:
            line = self.incoming.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(line, str):
            self.incoming.put(line)  # for whoever asks again
            raise HungUp(line)
        return line

    def _read(self) -> None:
        cut = Cut()
        why = ""
        while not why:
            try:
                piece = self.replies.read(PIECE)
            except (OSError, ValueError):
                piece = b""
            lines, why = cut.add(piece, self.sent)
            for line in lines:
                self.incoming.put(line)
        self.incoming.put(why)

    def _write(self) -> None:
        while (data := self.outgoing.get()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[self.requests.write(view) or 0 :]
            except (OSError, ValueError):
                return

    def close(self) -> None:
        """Let go of the pipes; one on which a thread still waits stays open: its number must not mean another file."""
        self.outgoing.put(None)
        for thread in self.threads:
            thread.join(1.0)
        if not any(thread.is_alive() for thread in self.threads):
            for pipe in (self.requests, self.replies):
                with contextlib.suppress(OSError):
                    pipe.close()


Pipes = Threaded if sys.platform == "win32" else Polled
