"""Reading expressions: each operation of a formula becomes an elementary statement.

What does not depend on the variables of the derivative is a constant, and is left as it stands. An expression is
*active* if a derivative flows through it, and *dependent* if its value changes with the variables, as ``x > 0`` does,
whose derivative is 0.
"""

import ast
import copy
import inspect
import math
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.overloading import numpy_protocol
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.expressions import Expression, called_by_name, name, numpy_name
from course_lib.autodiff.rules.forms import BY_VALUE, HANDLERS, UFUNCS, Rule
from course_lib.autodiff.source.source_text import Source, assigned, is_number
from course_lib.autodiff.source.statements import Call, Composed, Elementary, Plain, Step, Value, fresh

OPERATORS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Pow: np.power,
             ast.Mod: np.remainder, ast.MatMult: np.matmul}  # fmt: skip
ASK_SHAPES = {len, np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like}
SHAPES = {"shape", "ndim", "size", "dtype"}
OURS = "course_lib.autodiff."
MAKE_ARRAYS = {np.array, np.asarray}
SEVERAL = {np.linalg.slogdet, np.linalg.eigh, np.split, np.array_split, np.broadcast_arrays}  # they return tuples
INSTEAD = {
    float: "leave it out", int: "leave it out; np.floor and np.trunc have derivative 0",
    max: "write np.maximum(a, b) or np.max(x)", min: "write np.minimum(a, b) or np.min(x)",
    sum: "write np.sum(x), or a loop that adds", pow: "write a ** b", round: "write np.round(x), whose derivative is 0",
    bool: "ask only what does not depend on the variables",
}  # fmt: skip


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
        self.out.append(Step(target, rule, operands, parameters, build, array))
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
        """Write a call: of an operation of the table, of several composed, or of a function to transform too."""
        function: Any = np.transpose if getattr(node, "of_numpy", None) == "transpose" else self.resolved(node.func)
        if function is None and isinstance(node.func, ast.Attribute) and self.flows(node.func.value)[0]:
            return self.method(node, into)
        if function is None:
            self.source.refuse(node, "what is called here is not known before the function runs",
                               "call a function by its name")  # fmt: skip
        function = np.absolute if function is abs else function
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
            k.arg is None for k in node.keywords
        ):
            self.source.refuse(node, "arguments are unpacked by *", "write them one by one")
        key = self.hashable(function)
        if key in INSTEAD:
            self.source.refuse(node, f"{function.__name__} forgets the derivative", INSTEAD[key])
        if getattr(math, getattr(function, "__name__", ""), None) is function:
            self.source.refuse(node, "a function of math works on plain numbers only", f"write {numpy_for(function)}")
        if key in BY_VALUE:
            call = ast.Call(node.func, [self.value(a).node for a in node.args],
                            [ast.keyword(k.arg, self.value(k.value).node) for k in node.keywords])  # fmt: skip
            return Value(call, False, True, True)
        if key in UFUNCS and isinstance(UFUNCS[key], Rule):
            return self.elementwise(node, UFUNCS[key], into)
        if key in HANDLERS or key in MAKE_ARRAYS:
            self.refuse_arrays(node)
        if key in SEVERAL:
            self.source.refuse(node, f"{numpy_name(function)} returns several arrays",
                               f"take an entry at once: {ast.unparse(node)}[1]")  # fmt: skip
        if key in HANDLERS:
            return self.one_rule(node, key, into) or self.composed(node, into)
        if key in MAKE_ARRAYS or getattr(function, "__globals__", {}).get("__name__", "").startswith(OURS):
            return self.composed(node, into)  # such as what custom_derivative made: it knows its derivative
        of_numpy = str(getattr(function, "__module__", "")).startswith("numpy")
        if hasattr(function, "__wrapped__") and not of_numpy:
            self.source.refuse(node, f"{function.__name__} is wrapped by a decorator, which changes what it does",
                               "call the function inside")  # fmt: skip
        if isinstance(function, types.FunctionType) and not of_numpy:
            return self.call(node, function, into)
        self.source.refuse(
            node, f"{getattr(function, '__name__', function)} has no entry in the table of rules",
            "write it with operations that have one, or give it a derivative with custom_derivative",
        )  # fmt: skip

    def refuse_arrays(self, node: ast.expr) -> None:
        """Refuse what needs an array, where there are numbers only."""
        if self.numbers:
            self.source.refuse(node, "arrays, and functions composed of several operations, are not written in C",
                               "write it with arithmetic and elementwise functions of numbers")  # fmt: skip

    def method(self, node: ast.Call, into: str | None) -> Value:
        """``x.sum(axis=0)`` is np.sum(x, axis=0)."""
        assert isinstance(node.func, ast.Attribute)
        attribute = node.func.attr
        function = getattr(np, attribute, None)
        known = (function in HANDLERS or function in UFUNCS) and hasattr(numpy_protocol.TracedArray, attribute)
        if not known or (attribute in ("reshape", "transpose") and len(node.args) > 1):
            self.source.refuse(node, f"the method {attribute} is not transformed", f"write np.{attribute}(x, ...)"
                               if known else "use a NumPy function")  # fmt: skip
        call = ast.Call(ast.Attribute(name("np"), attribute, ast.Load()), [node.func.value, *node.args], node.keywords)
        self.source.surroundings.setdefault("np", np)
        return self.value_Call(ast.copy_location(call, node), into)

    def elementwise(self, node: ast.Call, rule: Rule, into: str | None) -> Value:
        """Write a function that NumPy calls a ufunc, or np.where."""
        if node.keywords:
            self.source.refuse(node, f"{rule.name} has a keyword argument", "leave it out")
        operands = [self.value(argument) for argument in node.args]
        expected = len(rule.partials) or 2
        if len(operands) != expected:
            self.source.refuse(node, f"{rule.name} has {len(operands)} arguments", f"give it {expected}")
        if rule is rules.where and not isinstance(operands[0].node, ast.Name):
            held = self.new_name()
            self.out.append(Plain(name(held), operands[0].node))
            operands[0] = self.known[held] = Value(name(held), False, operands[0].dependent, operands[0].array)
        array = any(value.array for value in operands) or rule is UFUNCS[np.matmul]
        function = node.func
        return self.step(rule, operands, into, lambda n: ast.Call(function, n, []), array)

    def one_rule(self, node: ast.Call, function: Any, into: str | None) -> Value | None:
        """Read a call whose composition is one operation of the table, and asks for no shape; else return None."""
        if not node.args or self.flows(node.args[0]) == (False, False):
            return None
        rest: list[Any] = []
        try:
            rest = [ast.literal_eval(argument) for argument in node.args[1:]]
            named = {str(k.arg): ast.literal_eval(k.value) for k in node.keywords}
        except ValueError:
            return None
        met: list[tuple[Rule, tuple[Any, ...], dict[str, Any]]] = []

        class Table:
            def __getattr__(self, entry: str) -> Any:
                rule = getattr(table, entry)

                def applied(*operands: Any, **parameters: Any) -> Any:
                    met.append((rule, operands, parameters))
                    return met

                return applied

        handler = HANDLERS[function]
        around = {
            key: called_by_name(key, set()) if inspect.isfunction(value) else value
            for key, value in handler.__globals__.items()
        } | {"traced": lambda x: x, "table": Table()}
        x = Expression(name("x"))
        try:
            written = types.FunctionType(handler.__code__, around, "", handler.__defaults__, handler.__closure__)
            answer = written(x, *rest, **named)
        except TypeError:
            return None
        if answer is not met or len(met) != 1 or met[0][1] != (x,) or not isinstance(met[0][0], Rule):
            return None
        rule, _, parameters = met[0]
        operand = self.value(node.args[0])
        here = {
            key: Expression(Renamed({"x": operand.name}).visit(value.node)) if isinstance(value, Expression) else value
            for key, value in parameters.items()
        }
        axes = here.get("axes")
        whole = isinstance(axes, Expression) and ast.unparse(axes.node).startswith("from_last(None,")
        keywords, others, func = node.keywords, node.args[1:], node.func
        return self.step(
            rule, [operand], into, lambda n: ast.Call(func, [n[0], *others], keywords),
            not (whole and not here.get("keepdims")), **here,
        )  # fmt: skip

    def composed(self, node: ast.Call, into: str | None, index: ast.expr | None = None) -> Value:
        """Write a function that is several operations, or an entry of what it returns: by `jvp` and `vjp`."""
        operands: dict[str, Value] = {}

        def read(part: ast.expr) -> ast.expr:
            if isinstance(part, ast.List | ast.Tuple) and self.flows(part)[0]:
                return type(part)([read(member) for member in part.elts], ast.Load())
            value = self.value(part)
            if value.active:
                operands[value.name] = value
            return value.node

        call = ast.Call(node.func, [read(a) for a in node.args],
                        [ast.keyword(k.arg, read(k.value)) for k in node.keywords])  # fmt: skip
        whole = call if index is None else ast.Subscript(call, index, ast.Load())
        target = self.target(into, operands.values())
        self.out.append(Composed(target, whole, list(operands.values()), True))
        return self.made(target, True)

    def call(self, node: ast.Call, function: Callable[..., Any], into: str | None) -> Value:
        """Write a call of the user's function: arguments by position, what is left out by its default."""
        signature = inspect.signature(function)
        try:
            bound = signature.bind(*node.args, **{str(k.arg): k.value for k in node.keywords})
        except TypeError as error:
            self.source.refuse(node, str(error), f"call {function.__name__}{signature}")
        arguments: list[Value] = []
        for parameter in signature.parameters.values():
            if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                self.source.refuse(node, f"{function.__name__} takes {parameter}", "name each argument")
            if parameter.name in bound.arguments:
                arguments.append(self.value(bound.arguments[parameter.name]))
            elif is_number(parameter.default) or isinstance(parameter.default, str | None):
                arguments.append(Value(ast.Constant(parameter.default)))
            else:
                self.source.refuse(node, f"the default of {parameter.name} is no number", "pass it in the call")
        key = function, tuple(v.active for v in arguments), tuple(v.array for v in arguments)
        if key not in self.arrays_returned:
            self.arrays_returned[key] = True  # while it is being read: it may call itself
            called = self.read_called(*key)
            self.arrays_returned[key] = any(value.array for value in called.results)
            if not called.one_result:
                self.source.refuse(node, f"{function.__name__} returns a tuple",
                                   "let it return np.stack([a, b]), and take entries")  # fmt: skip
        array = self.arrays_returned[key]
        target = self.target(into, arguments)
        self.out.append(Call(target, function, arguments, array))
        return self.made(target, array)

    def read_called(self, function: Any, active: tuple[bool, ...], arrays: tuple[bool, ...]) -> Elementary:
        """Read a function that is called; given where statements are read."""
        raise NotImplementedError

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


def numpy_for(function: Any) -> str:
    """Return the name of NumPy's function for one of math."""
    names = {"pow": "power", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
             "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "fsum": "sum"}  # fmt: skip
    wanted = names.get(function.__name__, function.__name__)
    return f"np.{wanted}" if hasattr(np, wanted) else "it with NumPy functions"
