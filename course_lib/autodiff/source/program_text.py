"""Writing a program: functions as text, their imports, and the text made into functions that run.

A program has one function for each function that was transformed; each is transformed once for each choice of
arguments that are differentiated.
"""

import ast
import linecache
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff import rules, transforms
from course_lib.autodiff.errors import SourceError
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.expressions import Expression, tree, written_out
from course_lib.autodiff.source.reading_statements import elementary
from course_lib.autodiff.source.statements import Elementary, fresh

MODULES = transforms, rules, table  # where the functions are that a text may call
Writer = Callable[["DerivativeText", Elementary, str], list[str]]


def text(value: Any) -> str:
    """Return the text of a tree, an expression or a constant."""
    return ast.unparse(value if isinstance(value, ast.AST) else tree(value))


def indented(lines: list[str]) -> list[str]:
    """Move lines one step to the right."""
    return ["    " + line for line in lines]


class DerivativeText:
    """The functions that were written so far, and what they need."""

    def __init__(self, writers: dict[str, Writer], single: bool = False, numbers: bool = False) -> None:
        self.writers, self.single, self.numbers = writers, single, numbers
        self.names: dict[Any, str] = {}
        self.written: list[tuple[Elementary, list[str]]] = []
        self.taken: set[str] = set()
        self.calls: set[str] = set()
        self.prelude: list[str] = []  # in C: functions that the language has not
        self.whole: dict[str, list[bool]] = {}  # in C: which parameters of a function are whole numbers
        self.arrays_returned: dict[Any, bool] = {}

    def written_first(self) -> Any:
        """Return the function that the program is for; others are called by it."""
        return next(iter(self.names))[1]

    def function(self, kind: str, function: Any, active: tuple[bool, ...], arrays: tuple[bool, ...]) -> str:
        """Return the name of a function's derivative, which is written if it is not there yet.

        ``kind`` is the pattern of the name, such as ``{}_forward``, and says which writer writes it.
        """
        key = kind, function, active, arrays
        if key not in self.names:
            read = elementary(function, active, arrays, self.single, self.numbers, self.arrays_returned)
            self.names[key] = fresh(kind.format(read.name), self.taken)
            before, self.calls = self.calls, set()
            lines = self.writers[kind](self, read, self.names[key])
            for needed in sorted(self.calls & read.names):
                raise SourceError(f"{read.name} has a variable {needed}, and its derivative needs the function of that "
                                  "name from the table of rules. Give the variable another name.")  # fmt: skip
            self.calls |= before
            self.written.append((read, lines))
        return self.names[key]

    def line(self, line: Callable[..., Any], *arguments: Any, **parameters: Any) -> Any:
        """Return a line of the table as an expression, and note which functions of the table it calls."""
        written = tree(written_out(line, set())(*arguments, **parameters))
        calls = [node.func for node in ast.walk(written) if isinstance(node, ast.Call)]
        self.calls |= {c.id for c in calls if isinstance(c, ast.Name) and any(hasattr(m, c.id) for m in MODULES[1:])}
        return Expression(written)

    def helpers(self) -> dict[str, Any]:
        """Return the functions of this package that the text calls."""
        return {
            called: next(getattr(module, called) for module in MODULES if hasattr(module, called))
            for called in sorted(self.calls)
        }

    @property
    def source(self) -> str:
        """The text, that of called functions first."""
        lines = ["import numpy as np"]
        imports: dict[Any, list[str]] = {}
        for called in self.helpers():
            imports.setdefault(next(module for module in MODULES if hasattr(module, called)), []).append(called)
        for module in MODULES:
            if module in imports:
                where = "course_lib.autodiff" if module is transforms else module.__name__
                lines.append(f"from {where} import {', '.join(imports[module])}")
        constants: dict[str, Any] = {}
        for read, _ in self.written:
            for key, value in read.constants.items():
                if text(constants.setdefault(key, value)) != text(value):
                    raise SourceError(
                        f"{key} is {constants[key]!r} around one function and {value!r} around {read.name}, which it "
                        "calls: one text cannot have both. Give one of them another name."
                    )
        lines += [f"{key} = {text(value)}" for key, value in constants.items()]
        for _, function in self.written:
            lines += ["", "", *function]
        return "\n".join(lines) + "\n"

    def run(self) -> Callable[..., Any]:
        """Make functions of the text, each among the names that its original sees; return the last one."""
        whole = self.source
        where = f"<derivative {id(self):x}>"
        linecache.cache[where] = (len(whole), None, whole.splitlines(keepends=True), where)
        made: dict[str, Any] = {}
        spaces = []
        for read, lines in self.written:
            start = whole.split("\n").index(lines[0])
            space = dict(read.surroundings) | self.helpers() | {"np": np}
            for key, helper in self.helpers().items():
                if read.surroundings.get(key, helper) is not helper:
                    raise SourceError(f"{key} is a name around {read.name}, and its derivative needs the function of "
                                      "that name from the table of rules. Give yours another name.")  # fmt: skip
            exec(compile("\n" * start + "\n".join(lines) + "\n", where, "exec"), space)
            identifier = lines[0].removeprefix("def ").split("(")[0]
            made[identifier] = space[identifier]
            spaces.append(space)
        for space in spaces:
            space.update(made)
        return made[identifier]
