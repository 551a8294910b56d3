"""A notebook that is large because of its outputs is read without them: they are cut out before it is parsed.

Nothing is parsed here that anyone may have written. One pass over the tokens of JSON finds the places by their depth;
the number of tokens is bounded, so that neither time nor memory is a student's to choose.
"""

from __future__ import annotations

import re

MAX_BYTES = 10 * 2**20  # of a notebook without its outputs
MAX_WITH_OUTPUTS = 128 * 2**20
MAX_TOKENS = 2_000_000
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\]]', re.DOTALL)
LARGE = {(3, b'"outputs"'), (3, b'"attachments"'), (2, b'"widgets"')}  # keys by their depth in a notebook of format 4


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
