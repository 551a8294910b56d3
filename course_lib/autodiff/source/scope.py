"""The names of one function while it is read: what each of the user's names stands for now, and what is known of it.

A name that is active anywhere is active everywhere: `facts` grows over several readings until nothing is added. For
reverse mode every name is assigned once (`single`), so a user's name may have another one in the program that is
written: `current` knows which.
"""

import ast
import copy
from collections.abc import Iterable

from course_lib.autodiff.rules.expressions import name
from course_lib.autodiff.source.source_text import Source, assigned, is_number
from course_lib.autodiff.source.statements import Value, fresh


class Scope:
    """The names of one function."""

    def __init__(self, source: Source, single: bool, facts: dict[str, Value]) -> None:
        self.source, self.single, self.facts = source, single, facts
        self.local = {*source.parameters, *assigned(source.body)}
        self.names = {*self.local, "np"}  # all that are taken
        self.current: dict[str, str] = {}  # the user's name -> the name that holds its value now
        self.known: dict[str, Value] = {}  # the name in the program -> what it holds
        self.read: set[str] = set()
        self.bound: set[str] = set()
        self.count = len(source.parameters)

    def parameter(self, parameter: str, active: bool, array: bool) -> None:
        """Enter a parameter of the function."""
        self.bound.add(parameter)
        self.settle(parameter, parameter, Value(name(parameter), active, active, array))

    def learn(self, user_name: str, value: Value) -> None:
        """Add to what is known about a name of the user's."""
        old = self.facts.get(user_name, Value(name(user_name)))
        self.facts[user_name] = Value(
            old.node, old.active or value.active, old.dependent or value.dependent, old.array or value.array
        )

    def look_up(self, node: ast.Name) -> Value:
        """Return what a name holds."""
        if node.id not in self.local:
            return Value(node, array=not is_number(self.source.surroundings.get(node.id)))
        if self.single and node.id not in self.current:
            self.source.refuse(node, f"{node.id} has no value here on some path", "give it a value before")
        now = self.current.get(node.id, node.id)
        self.read.add(now)
        if self.single:
            return self.known.get(now, Value(name(now), array=True))
        facts = self.facts.get(node.id, Value(node, array=True))
        return Value(name(now), facts.active, facts.dependent, facts.array)

    def new_name(self) -> str:
        """Return the next of w1, w2, ..."""
        self.count += 1
        while f"w{self.count}" in self.names:
            self.count += 1
        self.names.add(f"w{self.count}")
        return f"w{self.count}"

    def bind(self, user_name: str) -> str:
        """Return the name into which the next value of a user's name is put."""
        target = user_name
        if self.single and user_name in self.bound:
            target = fresh(user_name, self.names)
        self.bound.add(user_name)
        return target

    def target(self, into: str | None, operands: Iterable[Value]) -> tuple[str, bool]:
        """Return the name for the result of an operation, and whether it is that of the user's name ``into``."""
        if into is None or (not self.single and any(value.reads(into) for value in operands)):
            return self.new_name(), False
        return self.bind(into), True

    def hold(self, target: str, value: Value) -> Value:
        """Note what a name of the program holds, and return it."""
        self.known[target] = Value(name(target), value.active, value.dependent, value.array)
        return self.known[target]

    def settle(self, user_name: str, target: str, value: Value) -> None:
        """Note that a user's name now has its value in target."""
        self.learn(user_name, value)
        self.current[user_name] = target
        self.hold(target, value)

    def renamed(self, node: ast.expr) -> ast.expr:
        """Return an expression with the names that now hold the values; it must not use such a name for its own."""
        for part in ast.walk(node):
            own: set[str] = set()
            if isinstance(part, ast.Lambda):
                own = {argument.arg for argument in ast.walk(part.args) if isinstance(argument, ast.arg)}
            elif isinstance(part, ast.comprehension):
                own = {target.id for target in ast.walk(part.target) if isinstance(target, ast.Name)}
            if own & self.local:
                self.source.refuse(
                    node, f"{sorted(own & self.local)[0]} is also a variable of the function", "use another name inside"
                )
        return Renamed(self.current).visit(copy.deepcopy(node))


class Renamed(ast.NodeTransformer):
    """A copy of a tree with other names."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Rename."""
        return ast.Name(self.names.get(node.id, node.id), node.ctx)
