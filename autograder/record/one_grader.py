"""One grader at a time on a set: two would write each other's lines into the log, and take up each other's seed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from autograder.ground.runs import CannotRun

NAME = "marking.lock"


@contextlib.contextmanager
def alone(*folders: Path) -> Iterator[None]:
    """Keep other graders out of these folders until the block, or this process, is over, whatever has ended it.

    The file of the lock stays; it is the kernel that holds the lock, for this process and for no child of it.

    Raises
    ------
    CannotRun
        If another process is in such a block with one of the folders.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with alone(folder):
    ...     [path.name for path in folder.iterdir()]
    ['marking.lock']
    """
    with contextlib.ExitStack() as held:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            _lock(held.enter_context((folder / NAME).open("ab")), folder)
        yield


def wait_for(file: IO[bytes]) -> None:
    """Keep other processes that do the same off an open file until it is closed; wait for them first."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX)


def _lock(file: IO[bytes], folder: Path) -> None:
    try:
        import fcntl  # here, since Windows has none: there nobody is kept out
    except ImportError:
        return
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # POSIX allows either
        raise CannotRun(
            f"Another grader is marking into {folder} at this moment, and nothing was written: wait until it is done, "
            "then mark again"
        ) from None
    except OSError:
        return  # a file system that knows no locks, as some of a network do
