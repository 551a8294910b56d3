"""Files that are there whole or not at all, so that an interruption leaves nobody half a result to read."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there in one step; the folder is made if it is not there.

    Text is written as UTF-8 with plain line ends; half characters, which a student's text may hold, as escapes. Where
    that cannot be done, the error names the file, and what stood there stays.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    try:
        new.write_bytes(data)
        os.replace(new, path)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from None
