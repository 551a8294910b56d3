"""Files that are there whole or not at all, so that an interruption leaves nobody half a result to read."""

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there in one step; the folder is made if it is not there.

    Text is written as UTF-8 with plain line ends; half characters, which a student's text may hold, as escapes.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    os.replace(new, path)
