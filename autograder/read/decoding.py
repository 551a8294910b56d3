"""A notebook's file as text, as editors, synchronised folders and other tools leave it: what can be read is read.

JSON is UTF-8, and a file that is not shows it in its first bytes. What was mended on the way is told to the student.

A notebook that is large because of its outputs is read without them: they are cut out before it is parsed. One pass
over the tokens of JSON finds the places by their depth; the number of tokens is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

MARK = "\ufeff"  # the byte order mark
PADDING = "\0\x1a"  # what file systems and editors put behind a text
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # where `str.splitlines` and so nbformat cut a source

MAX_BYTES = 10 * 2**20  # of a notebook without its outputs
MAX_WITH_OUTPUTS = 128 * 2**20
MAX_TOKENS = 2_000_000
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\]]', re.DOTALL)
LARGE = {(3, b'"outputs"'), (3, b'"attachments"'), (2, b'"widgets"')}  # keys by their depth in a notebook of format 4


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


def without_outputs(notebook: bytes) -> bytes:
    """Return a notebook's JSON without outputs, pasted pictures and the state of widgets.

    What is no notebook of format 4 comes back as it is, or nearly so.

    Examples
    --------
    >>> without_outputs(b'{"cells": [{"source": "1", "outputs": [{"text": "1"}]}], "metadata": {"widgets": {"a": 1}}}')
    b'{"cells": [{"source": "1", "outputs": []}], "metadata": {"widgets": {}}}'
    """
    depth, key = 0, b""
    kept, pieces = 0, []
    begun: tuple[int, int] | None = None  # depth and place of what is being cut out
    for number, token in enumerate(TOKEN.finditer(notebook)):
        if number > MAX_TOKENS:
            return notebook
        sign = notebook[token.start()]
        if sign in b"{[":
            if begun is None and (depth, key) in LARGE:
                begun = (depth, token.start())
            depth += 1
        elif sign in b"}]":
            depth -= 1
            if begun is not None and depth == begun[0]:
                pieces += [notebook[kept : begun[1] + 1], notebook[token.start() : token.end()]]
                kept, begun = token.end(), None
        key = token[0] if sign == ord('"') and token.end() - token.start() < 20 else b""
    return b"".join([*pieces, notebook[kept:]])
