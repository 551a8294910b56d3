"""The text of a function: where it stands, its syntax tree, and the names that it sees.

What cannot be transformed is refused from here, with its file, its line, and what to write instead.
"""

import ast
import builtins
import copy
import inspect
import textwrap
import types
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff.errors import SourceError
from course_lib.autodiff.rules.expressions import parsed


class Source:
    """The text of a function: its tree, and where it stands."""

    def __init__(self, function: Callable[..., Any]) -> None:
        who = getattr(function, "__name__", repr(function))
        if hasattr(function, "__wrapped__"):
            raise SourceError(
                f"{who} is wrapped by a decorator, which changes what it does: its text alone does not say what. "
                f"Transform the function inside, {who}.__wrapped__, or call it in a function that is transformed."
            )
        if not isinstance(function, types.FunctionType):
            raise SourceError(f"{who} is a {type(function).__name__}; expected a function written in Python.")
        try:
            lines, start = inspect.getsourcelines(function)
        except (OSError, TypeError):
            raise SourceError(
                f"The text of {who} cannot be read: it was typed into an interpreter or made by a program. "
                "Write the function into a file or a notebook cell."
            ) from None
        self.function: types.FunctionType = function
        self.file = function.__code__.co_filename
        self.before = max(start, 1) - 1
        self.lines = textwrap.dedent("".join(lines)).splitlines()
        self.definition = self.find(who)
        self.refuse_another_text(who)
        self.name = "f" if isinstance(self.definition, ast.Lambda) else function.__name__
        arguments = self.definition.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
            self.refuse(self.definition, "*args, **kwargs and keyword-only arguments are not transformed",
                        "name each argument")  # fmt: skip
        self.parameters = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        self.annotations = inspect.get_annotations(function)
        closure = inspect.getclosurevars(function)
        self.surroundings = {**vars(builtins), **function.__globals__, **closure.nonlocals}
        if isinstance(self.definition, ast.Lambda):
            self.body: list[ast.stmt] = [ast.copy_location(ast.Return(self.definition.body), self.definition.body)]
        else:
            self.body = self.definition.body

    def find(self, who: str) -> Any:
        """Return the definition in the text; a lambda stands somewhere within its line."""
        text = "\n".join(self.lines)
        try:
            whole = parsed(text)
        except SyntaxError:
            whole = ast.Module([], [])
        wanted: Any = ast.Lambda if self.function.__name__ == "<lambda>" else ast.FunctionDef
        arguments = self.function.__code__.co_varnames[: self.function.__code__.co_argcount]
        found = [
            node
            for node in ast.walk(whole)
            if isinstance(node, wanted) and tuple(a.arg for a in (*node.args.posonlyargs, *node.args.args)) == arguments
        ]
        if wanted is ast.FunctionDef and found:
            return found[0]
        if len(found) != 1:
            raise SourceError(
                f"Of {who}, {self.file}, line {self.before + 1}, the text cannot be told apart: expected a function "
                "written with def, or one lambda alone in its statement.",
                self.before + 1,
            )
        return found[0]

    def refuse_another_text(self, who: str) -> None:
        """Refuse a text that is not that of the function, as when the file was changed after it was read."""
        statement = self.definition
        if isinstance(statement, ast.Lambda):
            statement = ast.copy_location(ast.Expr(statement), statement)
        else:
            statement = copy.copy(statement)
            statement.decorator_list = []
        whole = compile(ast.Module([statement], []), self.file, "exec")
        wanted = facts_of(self.function.__code__)
        if not any(isinstance(c, types.CodeType) and facts_of(c) == wanted for c in whole.co_consts):
            raise SourceError(
                f"The text of {who} in {self.file}, line {self.before + 1}, is not that of the function that runs: the "
                "file has changed since it was read, or the function was changed by a decorator. Load it again.",
                self.before + 1,
            )

    def refuse(self, node: Any, what: str, instead: str) -> NoReturn:
        """Raise the error: where, what, and what to write."""
        line = self.before + getattr(node, "lineno", 1)
        text = self.lines[getattr(node, "lineno", 1) - 1].strip()
        raise SourceError(f"{self.file}, line {line}: `{text}`: {what}. Instead, {instead}.", line)


def facts_of(code: types.CodeType) -> Any:
    """Return what a text alone says of a function's code: its names and its constants, whatever is around it."""
    constants = [repr(c) for c in code.co_consts if not isinstance(c, types.CodeType)]
    names = [*code.co_names, *code.co_freevars, *code.co_cellvars]
    return code.co_varnames[: code.co_argcount], sorted(names), sorted(constants)


def returns(statements: Iterable[ast.stmt]) -> bool:
    """Say whether a return stands among the statements, also inside others."""
    return any(isinstance(node, ast.Return) for statement in statements for node in ast.walk(statement))


def with_one_exit(body: list[ast.stmt]) -> list[ast.stmt]:
    """Move what follows an ``if`` that returns into its branches, so that every path ends in its return."""
    for place, statement in enumerate(body):
        if isinstance(statement, ast.If) and returns([statement]):
            rest = body[place + 1 :]
            branches = [
                with_one_exit([*branch, *([] if branch and isinstance(branch[-1], ast.Return) else rest)])
                for branch in (statement.body, statement.orelse)
            ]
            whole = ast.copy_location(ast.If(statement.test, *branches), statement)
            return [*body[:place], whole]
    return body


def always_returns(body: list[ast.stmt]) -> bool:
    """Say whether every path, of a body with one exit, ends in a return."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return always_returns(last.body) and always_returns(last.orelse)
    return isinstance(last, ast.Return)


def assigned(statements: Iterable[ast.stmt]) -> list[str]:
    """Return the names that statements assign, in their order."""
    found: dict[str, None] = {}

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None
        if not isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
            for child in ast.iter_child_nodes(node):  # a comprehension's names are its own
                look(child)

    for statement in statements:
        look(statement)
    return list(found)


def read_in(node: ast.AST) -> set[str]:
    """Return the names that an expression or a statement reads."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def live_names(body: list[ast.stmt]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Return, by the id of each statement, the names that may be read after it before they are assigned again.

    For loops, the second dict holds the names that are live where an iteration begins or the loop ends.
    Aho, Lam, Sethi and Ullman: Compilers, 2nd ed. (2006), section 9.2.5.
    """
    after_each: dict[int, set[str]] = {}
    at_heads: dict[int, set[str]] = {}

    def before(statements: list[ast.stmt], live: set[str]) -> set[str]:
        for statement in reversed(statements):
            after_each[id(statement)] = after_each.get(id(statement), set()) | live
            if isinstance(statement, ast.For):
                head = set(live)
                while True:
                    more = head | (before(statement.body, head) - set(assigned_by(statement.target)))
                    if more == head:
                        break
                    head = more
                at_heads[id(statement)] = at_heads.get(id(statement), set()) | head
                live = head | read_in(statement.iter)
            elif isinstance(statement, ast.If):
                live = before(statement.body, live) | before(statement.orelse, live) | read_in(statement.test)
            elif isinstance(statement, ast.Return):
                live = read_in(statement)
            elif isinstance(statement, ast.AugAssign):
                live = live | read_in(statement) | set(assigned_by(statement.target))
            else:
                live = (live - set(assigned([statement]))) | read_in(statement)
        return live

    before(body, set())
    return after_each, at_heads


def assigned_by(target: ast.AST) -> list[str]:
    """Return the names in the target of an assignment."""
    return [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]


# Types in which whole numbers overflow, or have no negative ones, or floats round early.
NARROW = {"int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64", "float16", "half"}


def is_number(value: Any) -> bool:
    """Say whether a value of the surroundings is a plain number."""
    return isinstance(value, int | float | np.number | bool)
