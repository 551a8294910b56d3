"""A time limit for student code in its own kernel, as there is one when it is marked: a loop without end is told.

No POSIX module: a thread waits, and interrupts the main thread as the kernel's Stop button does. It does so again and
again until the code has ended, for ``except:`` in a loop would swallow the first time.
"""

from __future__ import annotations

import _thread
import contextlib
import threading
from collections.abc import Iterator

AGAIN = 0.5  # seconds between two interruptions


class TooLong(Exception):
    """Code was interrupted since its time was over; the cause is the `KeyboardInterrupt`, which tells the line."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let the body run for so many seconds; then raise `TooLong`. A user's own Stop remains a `KeyboardInterrupt`.

    In another thread than the main one nothing can be interrupted, and the body runs to its end. So it does in a
    browser, where no thread starts.

    Examples
    --------
    >>> with within(10):
    ...     sum(range(10))
    45
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ended, turn, rang = threading.Event(), threading.Lock(), False

    def ring() -> None:
        nonlocal rang
        patience = seconds
        while not ended.wait(patience):
            with turn:
                if not ended.is_set():
                    rang = True
                    _thread.interrupt_main()
            patience = AGAIN

    with contextlib.suppress(RuntimeError):
        threading.Thread(target=ring, daemon=True).start()
    try:
        try:
            yield
        finally:
            with turn:
                ended.set()
    except KeyboardInterrupt as stop:
        ended.set()
        if rang:
            raise TooLong from stop
        raise
