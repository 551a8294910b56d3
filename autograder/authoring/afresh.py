"""A student's functions made anew at home, as no call has ever seen them: to tell whether they remember earlier calls.

When marked, a fresh process does this. In a notebook the cell that defines a function is read once more, and of it only
definitions, imports and plain starting values are run, beside a copy of the notebook's names: default arguments, caches
and counters are then as they were when the cell was first run, and nothing is computed, drawn or changed.
"""

from __future__ import annotations

import inspect
import linecache
import types
from collections.abc import Mapping
from typing import Any

from autograder.ground.syntax import parsed
from autograder.mark.memory import starts


def afresh(asked: tuple[str, ...], names: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the notebook's names, with these functions and all that they call made anew; None where that cannot be.

    Parameters
    ----------
    asked : tuple of str
        Functions and classes of the notebook.
    names : mapping of str to object
        What the notebook defines.
    """
    files: dict[str, None] = {}
    seen: set[str] = set()
    to_do = list(asked)
    while to_do:
        name = to_do.pop()
        if name in seen:
            continue
        seen.add(name)
        for code in _codes(names.get(name), names):
            files[code.co_filename] = None
            to_do += [called for called in code.co_names if called in names]
    if not files:
        return None
    fresh = dict(names)
    try:
        for file in reversed(files):
            tree = parsed("".join(linecache.getlines(file)))
            tree.body = [statement for statement in tree.body if starts(statement)]
            exec(compile(tree, file, "exec"), fresh)
    except Exception:  # a magic, a decorator with a mind of its own: then nothing is said
        return None
    return fresh


def _codes(value: Any, names: Mapping[str, Any]) -> list[types.CodeType]:
    """Return the code of a function or of a class's methods, where the notebook itself defines it."""
    members = (
        list(vars(value).values()) if isinstance(value, type) else [inspect.unwrap(value)] if callable(value) else []
    )
    return [f.__code__ for f in members if isinstance(f, types.FunctionType) and f.__globals__ is names]
