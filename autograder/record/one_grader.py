"""One grader at a time on a set: two would write each other's lines into the log, and take up each other's seed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from autograder.ground.runs import CannotRun

NAME = "marking.lock"


@contextlib.contextmanager
def alone(*folders: Path) -> Iterator[str]:
    """Keep other graders out of these folders until the block, or this process, is over, whatever has ended it.

    The file of the lock stays; it is the kernel that holds the lock, for this process and for no child of it. Windows
    has no such locks, and some file systems of a network have none: there nobody is kept out, and the block is told.

    Yields
    ------
    str
        "", or which folders are not kept, and what to do.

    Raises
    ------
    CannotRun
        If another process is in such a block with one of the folders.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with alone(folder) as remark:
    ...     remark, [path.name for path in folder.iterdir()]
    ('', ['marking.lock'])
    """
    with contextlib.ExitStack() as held:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        open_to_all = [f for f in folders if not _locked(held.enter_context((f / NAME).open("ab")), f)]
        named = " and ".join(map(str, open_to_all))
        yield named and f"{named} cannot be locked: let no second grader mark into it before this one is done."


def wait_for(file: IO[bytes]) -> None:
    """Keep other processes that do the same off an open file until it is closed; wait for them first."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX)


def _locked(file: IO[bytes], folder: Path) -> bool:
    """Lock a file, unless another process has; return whether there are locks here."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # POSIX allows either
        raise CannotRun(
            f"Another grader is marking into {folder} at this moment, and nothing was written: wait until it is done, "
            "then mark again"
        ) from None
    except OSError:
        return False
    return True
