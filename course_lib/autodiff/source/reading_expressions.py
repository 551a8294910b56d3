"""Reading expressions: each operation of a formula becomes an elementary statement.

What does not depend on the variables of the derivative is a constant, and is left as it stands. An expression is
*active* if a derivative flows through it, and *dependent* if its value changes with the variables, as ``x > 0`` does,
whose derivative is 0.
"""

import ast
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.rules.expressions import Expression, name
from course_lib.autodiff.rules.forms import UFUNCS, Rule
from course_lib.autodiff.source.scope import Scope
from course_lib.autodiff.source.source_text import NARROW, Source, is_number
from course_lib.autodiff.source.statements import Operation, Plain, Value
from course_lib.autodiff.source.taken import gives_several

OPERATORS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Pow: np.power,
             ast.Mod: np.remainder, ast.MatMult: np.matmul}  # fmt: skip
ASK_SHAPES = {len, np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like}
SHAPES = {"shape", "ndim", "size", "dtype"}
CHEAP = {abs, float, int, bool, round, len, np.shape, np.ndim, np.size, np.zeros_like, np.ones_like}
# A value, and whether its last operation went straight into the name that was wished for.
Read = tuple[Value, bool]


class ExpressionReader:
    """Reads the expressions of one function."""

    def __init__(self, source: Source, scope: Scope, numbers: bool, arrays_returned: dict[Any, bool]) -> None:
        self.source, self.scope, self.numbers, self.arrays_returned = source, scope, numbers, arrays_returned
        self.out: list[Any] = []

    # --- What is known about an expression ---------------------------------------------------------------

    def resolved(self, node: ast.expr) -> Any:
        """Return the object that a dotted name of the surroundings stands for, else None."""
        if isinstance(node, ast.Attribute):
            owner = self.resolved(node.value)
            return None if owner is None else getattr(owner, node.attr, None)
        if isinstance(node, ast.Name) and node.id not in self.scope.local:
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
            value = self.scope.look_up(node)
            return value.active, value.dependent
        inner = [self.flows(child) for child in ast.iter_child_nodes(node)]
        return any(active for active, _ in inner), any(dependent for _, dependent in inner)

    def may_be_array(self, node: ast.expr) -> bool:
        """Say whether a constant expression may be an array."""
        if isinstance(node, ast.Constant | ast.Compare):
            return isinstance(node, ast.Compare) and any(map(self.may_be_array, [node.left, *node.comparators]))
        if isinstance(node, ast.Name):
            return self.scope.look_up(node).array
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

    def costs(self, node: ast.AST) -> bool:
        """Say whether an expression calls what may cost much, or answer differently another time."""
        calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
        return any(
            not isinstance(function := self.hashable(self.resolved(part.func)), np.ufunc)
            and getattr(function, "__module__", None) != "math"
            and function not in CHEAP
            for part in calls
        )

    # --- Expressions -------------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Value:
        """Read an expression, and return the name or the constant expression that it is now."""
        return self.read(node)[0]

    def operand(self, node: ast.expr) -> Value:
        """Read an operand. The derivative mentions it again: what costs, or may not be the same again, gets a name."""
        value = self.value(node)
        return self.held(value) if not value.active and self.costs(node) else value

    def factor(self, node: ast.expr) -> Value:
        """Read an operand of an elementwise operation, with which the derivative may compute otherwise than f does."""
        if not self.flows(node)[0]:
            for part in ast.walk(node):
                written = getattr(part, "attr", getattr(part, "value", None))
                if isinstance(written, str) and written in NARROW:
                    self.source.refuse(node, f"a derivative may overflow or round in {written}, the type of a constant",
                                       "leave out the type, or write float")  # fmt: skip
            if isinstance(node, ast.List | ast.Tuple):
                node = ast.copy_location(ast.Call(ast.Attribute(name("np"), "array", ast.Load()), [node], []), node)
        return self.operand(node)

    def held(self, value: Value) -> Value:
        """Give a constant expression a name."""
        target = self.scope.new_name()
        self.out.append(Plain(name(target), value.node, array=value.array))
        return self.scope.hold(target, value)

    def read(self, node: ast.expr, into: str | None = None) -> Read:
        """Read an expression; if a name of the user's is given, its last operation goes straight there if it can."""
        active, dependent = self.flows(node)
        if not active:
            return Value(self.scope.renamed(node), False, dependent, self.may_be_array(node)), False
        if isinstance(node, ast.Name):
            return self.scope.look_up(node), False
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
    ) -> Read:
        """Write one operation; of conditions alone, as in (x > 0) + (x > 1), it has derivative 0."""
        if not any(value.active for value in operands):
            return Value(build([value.node for value in operands]), False, True, array), False
        read = [*operands, *(Value(p.node) for p in parameters.values() if isinstance(p, Expression))]
        target, landed = self.scope.target(into, read)
        self.out.append(Operation(target, rule, operands, parameters, build, array))
        return self.made(target, array), landed

    def made(self, target: str, array: bool) -> Value:
        """Return an active value that has just been put into a name."""
        return self.scope.hold(target, Value(name(target), True, True, array))

    def value_BinOp(self, node: ast.BinOp, into: str | None) -> Read:  # noqa: N802
        """Write an operator's operation."""
        ufunc = OPERATORS.get(type(node.op))
        if ufunc is None and not isinstance(node.op, ast.FloorDiv):
            self.source.refuse(node, "this operator has no derivative", "use + - * / ** % @ on real numbers")
        operands = [self.factor(node.left), self.factor(node.right)]
        array = any(value.array for value in operands) or isinstance(node.op, ast.MatMult)
        if ufunc is None:
            whole = ast.BinOp(operands[0].node, node.op, operands[1].node)
            return Value(whole, False, True, array), False
        operator = node.op
        return self.step(UFUNCS[ufunc], operands, into, lambda n: ast.BinOp(n[0], operator, n[1]), array)

    def value_UnaryOp(self, node: ast.UnaryOp, into: str | None) -> Read:  # noqa: N802
        """Write a sign."""
        if isinstance(node.op, ast.UAdd):
            return self.value(node.operand), False
        if not isinstance(node.op, ast.USub):
            self.source.refuse(node, "a variable of the derivative is asked for its truth", "write np.logical_not")
        operand = self.value(node.operand)
        return self.step(UFUNCS[np.negative], [operand], into, lambda n: ast.UnaryOp(ast.USub(), n[0]), operand.array)

    def value_Compare(self, node: ast.Compare, into: str | None) -> Read:  # noqa: N802
        """Leave a comparison as it is: its derivative is 0 wherever there is one."""
        operands = [self.operand(part) for part in (node.left, *node.comparators)]
        if len(operands) > 2:
            self.source.refuse(node, "a chain of comparisons asks for truth", "write np.logical_and(a < x, x < b)")
        whole = ast.Compare(operands[0].node, node.ops, [value.node for value in operands[1:]])
        return Value(whole, False, True, any(value.array for value in operands)), False

    def value_Subscript(self, node: ast.Subscript, into: str | None) -> Read:  # noqa: N802
        """Take an entry or a part of an array."""
        self.refuse_arrays(node)
        call = node.value
        if isinstance(call, ast.Call) and gives_several(self.hashable(self.resolved(call.func)), len(call.args)):
            if isinstance(node.slice, ast.Slice | ast.Tuple):
                self.source.refuse(node, "several of several arrays are taken", "take one of them, by its number")
            return self.composed(call, into, self.index(node.slice))
        operand, index = self.value(node.value), self.index(node.slice)
        if not operand.active:  # such as np.nonzero(x > 0)[0]
            return Value(ast.Subscript(operand.node, index, ast.Load()), False, True, True), False
        parameter = Expression(index if not has_slice(index) else ast.Subscript(name("np.s_"), index, ast.Load()))
        return self.step(
            rules.taken, [operand], into, lambda n: ast.Subscript(n[0], index, ast.Load()), True, index=parameter
        )

    def index(self, node: ast.expr) -> ast.expr:
        """Read an index; its members may be found by the variables, as np.argmax(x) is, but not hold a derivative."""
        if isinstance(node, ast.Tuple):
            return ast.Tuple([self.index(member) for member in node.elts], ast.Load())
        if isinstance(node, ast.Slice):
            ends = [None if end is None else self.index(end) for end in (node.lower, node.upper, node.step)]
            return ast.Slice(*ends)
        value = self.operand(node)
        if value.active:
            self.source.refuse(node, "an index depends on a variable of the derivative", "compute it before")
        return value.node

    def value_Attribute(self, node: ast.Attribute, into: str | None) -> Read:  # noqa: N802
        """Write the transpose as a function of the array."""
        if node.attr != "T":
            self.source.refuse(node, f"the attribute {node.attr} is not transformed", "use a NumPy function")
        return self.of_numpy("transpose", node, [node.value], [], into)

    def of_numpy(
        self, function: str, node: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword], into: str | None
    ) -> Read:
        """Write what is no call as the call of a NumPy function, or a method as the function of its name."""
        func = ast.Attribute(name("np"), function, ast.Load())
        call = ast.copy_location(ast.Call(func, arguments, keywords), node)
        return self.called(call, getattr(np, function), into)

    def called(self, node: ast.Call, function: Any, into: str | None) -> Read:
        """Write a call of a function that is known; given where calls are read."""
        raise NotImplementedError

    def composed(self, node: ast.Call, into: str | None, index: ast.expr | None = None) -> Read:
        """Write a function that is several operations; given where calls are read."""
        raise NotImplementedError

    def refuse_arrays(self, node: ast.expr) -> None:
        """Refuse what needs an array, where there are numbers only."""
        if self.numbers:
            self.source.refuse(node, "arrays, and functions composed of several operations, are not written in C",
                               "write it with arithmetic and elementwise functions of numbers")  # fmt: skip

    def not_by_value(self, expression: ast.expr, what: str, instead: str) -> Value:
        """Read an expression that must not depend on the variables."""
        if self.flows(expression)[1]:
            self.source.refuse(expression, what, instead)
        return self.value(expression)


def has_slice(node: ast.AST) -> bool:
    """Say whether an index can only be written inside brackets."""
    return any(isinstance(part, ast.Slice) for part in ast.walk(node))
