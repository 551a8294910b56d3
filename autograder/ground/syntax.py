"""Python's text as a tree, in any thread.

Python 3.11 counts the depth of a tree that it builds once for all threads: where two of them parse at once, one may end
in ``SystemError: AST constructor recursion depth mismatch``, whatever its text (gh-106905). Then it is asked again.
"""

import ast
import threading
import warnings
from typing import Any

NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)  # the last two where it is nested too deep
TIMES = 100  # one in ten goes wrong where four threads do nothing else

_one_thread = threading.Lock()  # filters of warnings are the whole process's


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
