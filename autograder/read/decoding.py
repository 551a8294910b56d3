"""A notebook's file as text, as editors, synchronised folders and other tools leave it: what can be read is read.

JSON is UTF-8, and a file that is not shows it in its first bytes. What was mended on the way is told to the student.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

MARK = "\ufeff"  # the byte order mark
PADDING = "\0\x1a"  # what file systems and editors put behind a text
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # where `str.splitlines` and so nbformat cut a source


def text_of(raw: bytes) -> tuple[str, list[str]]:
    r"""Return the text of a file, and what was odd about it, in words.

    Raises
    ------
    UnicodeDecodeError
        If it is no text.

    Examples
    --------
    >>> text_of(b'{"a": 1}\0\0')
    ('{"a": 1}', ['bytes of no meaning stand behind its end'])
    >>> text_of('{"a": 1}'.encode("utf-16-le"))
    ('{"a": 1}', ['it is written in UTF-16, not in UTF-8'])
    """
    odd = []
    encoding: str = json.detect_encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        if not raw.lstrip().startswith(b"{"):
            raise
        text = raw.decode("cp1252")  # what Windows writes in the west; it knows few bytes that mean nothing
        encoding = "Windows-1252"
    if not encoding.startswith("utf-8"):
        odd.append(f"it is written in {encoding.upper()[:6] if 'utf' in encoding else encoding}, not in UTF-8")
    text = text.lstrip(MARK)
    if (kept := text.rstrip(PADDING + " \t\r\n")) != text and any(sign in PADDING for sign in text[len(kept) :]):
        text = kept
        odd.append("bytes of no meaning stand behind its end")
    return text, odd


def joined(source: Sequence[Any]) -> tuple[str, bool]:
    r"""Return a cell's source that is stored as a list of lines, and whether the ends of lines had been lost.

    Examples
    --------
    >>> joined(["def f():\n", "    return 1"]), joined(["def f():", "    return 1"])
    (('def f():\n    return 1', False), ('def f():\n    return 1', True))
    """
    lines = [line for line in source if isinstance(line, str)]
    whole = [line if line.endswith(tuple(LINE_ENDS)) else line + "\n" for line in lines[:-1]] + lines[-1:]
    return "".join(whole), whole != lines
