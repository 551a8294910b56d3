"""Python's text as a tree, in any thread, and as tokens, in time that grows with its length.

Python 3.11 counts the depth of a tree that it builds once for all threads: where two of them parse at once, one may end
in ``SystemError: AST constructor recursion depth mismatch``, whatever its text (gh-106905). Then it is asked again.
"""

import ast
import io
import threading
import tokenize
import warnings
from collections.abc import Iterator
from typing import Any

NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)  # the last two where it is nested too deep
MAX_LINE = 500  # characters of a line that are read as tokens: an open quotation mark is looked for from each on
TIMES = 100  # one in ten goes wrong where four threads do nothing else

_one_thread = threading.Lock()  # filters of warnings are the whole process's


def python_lines(source: str) -> list[str]:
    r"""Return the lines of a program as Python numbers them; `str.splitlines` ends a line at a form feed, too.

    Examples
    --------
    >>> python_lines("a = 1\r\n\fb = '\u2028'\n")
    ['a = 1', "\x0cb = '\u2028'"]
    """
    return [line.removesuffix("\n") for line in io.StringIO(source, newline=None)]


def parsed(source: str, mode: str = "exec") -> Any:
    """Return the tree of a program, or of one expression (``mode="eval"``); of what looks odd in it nothing is said.

    Raises
    ------
    SyntaxError, ValueError, RecursionError or MemoryError
        If it is no Python, which `NO_PYTHON` sums up.

    Examples
    --------
    >>> ast.unparse(parsed("area  = 3"))
    'area = 3'
    >>> ast.unparse(parsed("2*x", "eval").body)
    '2 * x'
    """
    with _one_thread, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(TIMES):
            try:
                return ast.parse(source, mode=mode)
            except SystemError:  # another thread was parsing
                continue
    raise RecursionError("other threads parse without end")


def tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of a program, as far as it can be read as Python; of a long line, those of its beginning.

    Examples
    --------
    >>> [token.string for token in tokens("area = 3  # or more") if token.string]
    ['area', '=', '3', '# or more']
    """
    lines = (line if len(line) <= MAX_LINE else line[:MAX_LINE] + "\n" for line in io.StringIO(source))
    try:
        yield from tokenize.generate_tokens(lambda: next(lines, ""))
    except (tokenize.TokenError, SyntaxError, ValueError):  # the last for half of a surrogate pair
        return
