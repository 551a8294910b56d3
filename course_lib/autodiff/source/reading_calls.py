"""Reading calls: of an operation of the table, of a function made of several, or of one to transform too."""

import ast
import inspect
import math
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.overloading import numpy_protocol
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.expressions import Expression, called_by_name, name, numpy_name
from course_lib.autodiff.rules.forms import BY_VALUE, HANDLERS, UFUNCS, Rule
from course_lib.autodiff.rules.source_text import is_number
from course_lib.autodiff.rules.statements import Call, Composed, Elementary, Plain, Value
from course_lib.autodiff.source.reading_expressions import MAKE_ARRAYS, SEVERAL, ExpressionReader, Renamed

OURS = "course_lib.autodiff."
INSTEAD = {
    float: "leave it out", int: "leave it out; np.floor and np.trunc have derivative 0",
    max: "write np.maximum(a, b) or np.max(x)", min: "write np.minimum(a, b) or np.min(x)",
    sum: "write np.sum(x), or a loop that adds", pow: "write a ** b", round: "write np.round(x), whose derivative is 0",
    bool: "ask only what does not depend on the variables",
}  # fmt: skip


class CallReader(ExpressionReader):
    """Reads calls, as one of the forms of an expression."""

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
        if rule is table.where and not isinstance(operands[0].node, ast.Name):
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
        alone = answer is met and len(met) == 1 and isinstance(met[0][0], Rule)
        if not alone or any(operand is not x for operand in met[0][1]):
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


def numpy_for(function: Any) -> str:
    """Return the name of NumPy's function for one of math."""
    names = {"pow": "power", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
             "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "fsum": "sum"}  # fmt: skip
    wanted = names.get(function.__name__, function.__name__)
    return f"np.{wanted}" if hasattr(np, wanted) else "it with NumPy functions"
