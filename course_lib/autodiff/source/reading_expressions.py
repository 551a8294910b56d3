"""Reading expressions: each operation of a formula becomes an elementary statement.

What does not depend on the variables of the derivative is a constant, and is left as it stands. An expression is
*active* if a derivative flows through it, and *dependent* if its value changes with the variables, as ``x > 0`` does,
whose derivative is 0.
"""

import ast
import copy
from collections.abc import Iterable
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.rules.expressions import Expression, name
from course_lib.autodiff.rules.forms import UFUNCS, Rule
from course_lib.autodiff.rules.source_text import Source, assigned, is_number
from course_lib.autodiff.rules.statements import Operation, Value, fresh

OPERATORS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Pow: np.power,
             ast.Mod: np.remainder, ast.MatMult: np.matmul}  # fmt: skip
ASK_SHAPES = {len, np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like}
SHAPES = {"shape", "ndim", "size", "dtype"}
MAKE_ARRAYS = {np.array, np.asarray}
SEVERAL = {np.linalg.slogdet, np.linalg.eigh, np.split, np.array_split, np.broadcast_arrays}  # they return tuples


class Renamed(ast.NodeTransformer):
    """A copy of a tree with other names."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Rename."""
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


class ExpressionReader:
    """Reads the expressions of one function, with what is known so far about its names (`facts`)."""

    def __init__(
        self, source: Source, active: tuple[bool, ...], arrays: tuple[bool, ...], single: bool, numbers: bool,
        facts: dict[str, Value], arrays_returned: dict[Any, bool],
    ) -> None:  # fmt: skip
        self.source, self.single, self.facts, self.arrays_returned = source, single, facts, arrays_returned
        self.numbers = numbers
        self.is_active, self.is_array = active, arrays
        self.local = {*source.parameters, *assigned(source.body)}
        self.names = {*self.local, "np"}
        self.current: dict[str, str] = {}  # the user's name -> the name that holds its value now
        self.known: dict[str, Value] = {}
        self.read: set[str] = set()
        self.count = len(source.parameters)
        self.bound: set[str] = set()
        self.out: list[Any] = []
        self.loops: list[Any] = []
        self.exits = 0
        for parameter, is_active, is_array in zip(source.parameters, active, arrays, strict=True):
            self.current[parameter] = parameter
            self.bound.add(parameter)
            value = Value(name(parameter), is_active, is_active, is_array)
            self.learn(parameter, value)
            self.known[parameter] = value

    # --- What is known about names -----------------------------------------------------------------------

    def learn(self, user_name: str, value: Value) -> None:
        """Add to what is known about a name of the user's."""
        old = self.facts.get(user_name, Value(name(user_name)))
        self.facts[user_name] = Value(
            old.node, old.active or value.active, old.dependent or value.dependent, old.array or value.array
        )

    def look_up(self, node: ast.Name) -> Value:
        """Return what a name holds."""
        if node.id not in self.local:
            value = self.source.surroundings.get(node.id)
            return Value(node, array=not is_number(value))
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

    def settle(self, user_name: str, target: str, value: Value) -> None:
        """Note that a user's name now has its value in target."""
        self.learn(user_name, value)
        self.current[user_name] = target
        self.known[target] = Value(name(target), value.active, value.dependent, value.array)

    def resolved(self, node: ast.expr) -> Any:
        """Return the object that a dotted name of the surroundings stands for, else None."""
        if isinstance(node, ast.Attribute):
            owner = self.resolved(node.value)
            return None if owner is None else getattr(owner, node.attr, None)
        if isinstance(node, ast.Name) and node.id not in self.local:
            return self.source.surroundings.get(node.id)
        return None

    def asks_shape(self, node: ast.AST) -> bool:
        """Say whether an expression asks only for shapes."""
        return (isinstance(node, ast.Attribute) and node.attr in SHAPES and self.resolved(node) is None) or (
            isinstance(node, ast.Call) and self.hashable(self.resolved(node.func)) in ASK_SHAPES
        )

    @staticmethod
    def hashable(value: Any) -> Any:
        """Return a value if it can be looked up, else None."""
        try:
            hash(value)
        except TypeError:
            return None
        return value

    def flows(self, node: ast.AST) -> tuple[bool, bool]:
        """Say whether an expression reads active names, and whether it reads dependent ones."""
        if self.asks_shape(node):
            return False, False
        if isinstance(node, ast.Name):
            value = self.look_up(node)
            return value.active, value.dependent
        inner = [self.flows(child) for child in ast.iter_child_nodes(node)]
        return any(active for active, _ in inner), any(dependent for _, dependent in inner)

    def may_be_array(self, node: ast.expr) -> bool:
        """Say whether a constant expression may be an array."""
        if isinstance(node, ast.Constant | ast.Compare):
            return isinstance(node, ast.Compare) and any(map(self.may_be_array, [node.left, *node.comparators]))
        if isinstance(node, ast.Name):
            return self.look_up(node).array
        if isinstance(node, ast.BinOp):
            return self.may_be_array(node.left) or self.may_be_array(node.right) or isinstance(node.op, ast.MatMult)
        if isinstance(node, ast.UnaryOp):
            return self.may_be_array(node.operand)
        if isinstance(node, ast.Attribute):
            value = self.resolved(node)
            return not (is_number(value) or (value is None and node.attr in ("ndim", "size")))
        if isinstance(node, ast.Subscript):
            return not (isinstance(node.value, ast.Attribute) and node.value.attr == "shape")
        if isinstance(node, ast.Call):
            function = self.hashable(self.resolved(node.func))
            if function in (len, np.size, np.ndim):
                return False
            numeric = isinstance(function, np.ufunc) or getattr(function, "__module__", None) == "math"
            return not numeric or any(map(self.may_be_array, node.args))
        return True

    def renamed(self, node: ast.expr) -> ast.expr:
        """Return an expression with the names that now hold the values."""
        return Renamed(self.current).visit(copy.deepcopy(node))

    def value(self, node: ast.expr, into: str | None = None) -> Value:
        """Read an expression, and return the name or the constant expression that it is now."""
        self.into: set[str] = set()
        if isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            self.source.refuse(node, "this expression is not transformed", "assign in a statement of its own")
        active, dependent = self.flows(node)
        if not active:
            return Value(self.renamed(node), False, dependent, self.may_be_array(node))
        if isinstance(node, ast.Name):
            return self.look_up(node)
        method = getattr(self, f"value_{type(node).__name__}", None)
        if method is None:
            instead = {
                "List": "write np.stack([a, b])", "Tuple": "write np.stack([a, b])",
                "ListComp": "write a loop, or NumPy functions of the whole array",
                "GeneratorExp": "write a loop, or np.sum of an array",
                "BoolOp": "write np.logical_and or np.logical_or of conditions",
                "Lambda": "define the function outside and call it",
            }.get(type(node).__name__, "write it with arithmetic, NumPy functions and calls of functions")  # fmt: skip
            self.source.refuse(node, "this expression with a variable of the derivative is not transformed", instead)
        return method(node, into)

    def step(
        self, rule: Rule, operands: list[Value], into: str | None, build: Any, array: bool, **parameters: Any
    ) -> Value:
        """Write one operation."""
        target = self.target(into, operands)
        self.out.append(Operation(target, rule, operands, parameters, build, array))
        return self.made(target, array)

    def made(self, target: str, array: bool) -> Value:
        """Return an active value that has just been put into a name."""
        self.known[target] = Value(name(target), True, True, array)
        return self.known[target]

    def value_BinOp(self, node: ast.BinOp, into: str | None) -> Value:  # noqa: N802
        """Write an operator's operation."""
        ufunc = OPERATORS.get(type(node.op))
        if ufunc is None and not isinstance(node.op, ast.FloorDiv):
            self.source.refuse(node, "this operator has no derivative", "use + - * / ** % @ on real numbers")
        operands = [self.value(node.left), self.value(node.right)]
        array = any(value.array for value in operands) or isinstance(node.op, ast.MatMult)
        if ufunc is None:
            whole = ast.BinOp(operands[0].node, node.op, operands[1].node)
            return Value(whole, False, True, array)
        operator = node.op
        return self.step(UFUNCS[ufunc], operands, into, lambda n: ast.BinOp(n[0], operator, n[1]), array)

    def value_UnaryOp(self, node: ast.UnaryOp, into: str | None) -> Value:  # noqa: N802
        """Write a sign."""
        if isinstance(node.op, ast.UAdd):
            return self.value(node.operand, into)
        if not isinstance(node.op, ast.USub):
            self.source.refuse(node, "a variable of the derivative is asked for its truth", "write np.logical_not")
        operand = self.value(node.operand)
        return self.step(UFUNCS[np.negative], [operand], into, lambda n: ast.UnaryOp(ast.USub(), n[0]), operand.array)

    def value_Compare(self, node: ast.Compare, into: str | None) -> Value:  # noqa: N802
        """Leave a comparison as it is: its derivative is 0 wherever there is one."""
        operands = [self.value(part) for part in (node.left, *node.comparators)]
        if len(operands) > 2:
            self.source.refuse(node, "a chain of comparisons asks for truth", "write np.logical_and(a < x, x < b)")
        whole = ast.Compare(operands[0].node, node.ops, [value.node for value in operands[1:]])
        return Value(whole, False, True, any(value.array for value in operands))

    def value_Subscript(self, node: ast.Subscript, into: str | None) -> Value:  # noqa: N802
        """Take an entry or a part of an array."""
        self.refuse_arrays(node)
        if isinstance(node.value, ast.Call) and self.hashable(self.resolved(node.value.func)) in SEVERAL:
            return self.composed(node.value, into, self.renamed(node.slice))
        operand = self.value(node.value)
        if not operand.active:
            self.source.refuse(node, "an index depends on a variable of the derivative", "compute it before")
        active, _ = self.flows(node.slice)
        if active and not isinstance(node.slice, ast.Name | ast.Constant | ast.Slice | ast.Tuple):
            index = self.value(node.slice).node
        else:
            index = self.renamed(node.slice)
        parameter = Expression(index if not has_slice(index) else ast.Subscript(name("np.s_"), index, ast.Load()))
        return self.step(
            rules.taken, [operand], into, lambda n: ast.Subscript(n[0], index, ast.Load()), True, index=parameter
        )

    def value_Attribute(self, node: ast.Attribute, into: str | None) -> Value:  # noqa: N802
        """Write the transpose as a function of the array."""
        if node.attr != "T":
            self.source.refuse(node, f"the attribute {node.attr} is not transformed", "use a NumPy function")
        return self.value_Call(ast.copy_location(numpy_call("transpose", node.value), node), into)

    def value_Call(self, node: ast.Call, into: str | None) -> Value:  # noqa: N802
        """Read a call; given where calls are read."""
        raise NotImplementedError

    def composed(self, node: ast.Call, into: str | None, index: ast.expr | None = None) -> Value:
        """Write a function that is several operations; given where calls are read."""
        raise NotImplementedError

    def refuse_arrays(self, node: ast.expr) -> None:
        """Refuse what needs an array, where there are numbers only."""
        if self.numbers:
            self.source.refuse(node, "arrays, and functions composed of several operations, are not written in C",
                               "write it with arithmetic and elementwise functions of numbers")  # fmt: skip

    def target(self, into: str | None, operands: Iterable[Value]) -> str:
        """Return the name for the result of an operation."""
        self.into = set()
        if into is None or (not self.single and any(self.uses(value.node, into) for value in operands)):
            return self.new_name()
        chosen = self.bind(into)
        self.into = {chosen}
        return chosen

    @staticmethod
    def uses(node: ast.expr, wanted: str) -> bool:
        """Say whether a tree reads a name."""
        return any(isinstance(part, ast.Name) and part.id == wanted for part in ast.walk(node))

    def not_by_value(self, expression: ast.expr, what: str, instead: str) -> Value:
        """Read an expression that must not depend on the variables."""
        if self.flows(expression)[1]:
            self.source.refuse(expression, what, instead)
        return self.value(expression)


def has_slice(node: ast.AST) -> bool:
    """Say whether an index can only be written inside brackets."""
    return any(isinstance(part, ast.Slice) for part in ast.walk(node))


def numpy_call(function: str, *arguments: ast.expr) -> ast.Call:
    """Return a call of a NumPy function."""
    node = ast.Call(ast.parse(f"np.{function}", mode="eval").body, list(arguments), [])
    node.of_numpy = function  # type: ignore[attr-defined]
    return node
