"""Recording while a class is marked: each student as soon as he or she is done, in a thread of its own.

A transaction costs about as much for ten students as for one, so those who are done within a moment share one.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from autograder.mark.results import Result
from autograder.record.gradebook import BATCH, Recorded, Recording, import_nbgrader
from autograder.record.regrade import MarksLog

MOMENT = 0.5  # seconds


class AsTheyCome:
    """Writes results in the order in which they come; to be used in a `with` statement.

    Parameters
    ----------
    start : callable
        Returns the `Recording`. It is called in the thread, when the first result has come: until then nothing is
        opened and nothing written.
    log : MarksLog, optional
        What keeps every mark, the old and the new.
    """

    def __init__(self, start: Callable[[], Recording], log: MarksLog | None = None):
        self._start, self._log = start, log
        self._coming: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._recorded: Recorded | None = None
        self._error: BaseException | None = None

    def __enter__(self) -> AsTheyCome:
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._coming.put(None)
        self._thread.join()

    def put(self, result: Result) -> None:
        """Let a result be written."""
        self._coming.put(result)

    def done(self) -> Recorded:
        """Wait until all is written; return what was done, or raise what has stopped it.

        With no result at all, the gradebook is opened all the same, and its assignment made.
        """
        self.__exit__()
        if self._recorded is None and self._error is None:
            with self._start() as recording:
                self._recorded = recording.done()
        if self._error is not None:
            raise self._error
        assert self._recorded is not None
        return self._recorded

    def _work(self) -> None:
        try:
            import_nbgrader()  # here and in no other thread: its modules import each other
            if (first := self._coming.get()) is None:
                return
            with self._start() as recording:
                while first is not None:
                    batch, last = self._batch(first)
                    if self._log:
                        self._log.begin(batch)
                    recording.write(batch)
                    if self._log:
                        self._log.end(recording.unwritten)
                    first = None if last else self._coming.get()
                self._recorded = recording.done()
        except BaseException as error:
            self._error = error

    def _batch(self, first: Result) -> tuple[list[Result], bool]:
        """Return what comes within a moment, and whether nothing comes after it."""
        batch = [first]
        until = time.monotonic() + MOMENT
        while len(batch) < BATCH:
            try:
                result = self._coming.get(timeout=max(until - time.monotonic(), 0.0))
            except queue.Empty:
                break
            if result is None:
                return batch, True
            batch.append(result)
        return batch, False
