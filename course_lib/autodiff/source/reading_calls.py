"""Reading calls: of an operation of the table, of a function made of several, or of one to transform too."""

import ast
import inspect
import math
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff import own_rules, rules
from course_lib.autodiff.overloading import numpy_protocol
from course_lib.autodiff.rules.expressions import Expression, name, numpy_name
from course_lib.autodiff.rules.forms import BY_VALUE, HANDLERS, UFUNCS, Rule
from course_lib.autodiff.source.reading_expressions import ExpressionReader, Read
from course_lib.autodiff.source.source_text import is_number
from course_lib.autodiff.source.statements import Call, Composed, Elementary, Value
from course_lib.autodiff.source.taken import BY_ONE_RULE, gives_several, is_taken

OURS = "course_lib.autodiff."
INSTEAD = {
    float: "leave it out", int: "leave it out; np.floor and np.trunc have derivative 0",
    max: "write np.maximum(a, b) or np.max(x)", min: "write np.minimum(a, b) or np.min(x)",
    sum: "write np.sum(x), or a loop that adds", pow: "write a ** b", round: "write np.round(x), whose derivative is 0",
    bool: "ask only what does not depend on the variables",
}  # fmt: skip


class CallReader(ExpressionReader):
    """Reads calls, as one of the forms of an expression."""

    def value_Call(self, node: ast.Call, into: str | None) -> Read:  # noqa: N802
        """Write a call: of an operation of the table, of several composed, or of a function to transform too."""
        function = self.resolved(node.func)
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
            k.arg is None for k in node.keywords
        ):
            self.source.refuse(node, "arguments are unpacked by *", "write them one by one")
        if function is None and isinstance(node.func, ast.Attribute) and self.flows(node.func.value)[0]:
            return self.method(node, into)
        if function is None:
            self.source.refuse(node, "what is called here is not known before the function runs",
                               "call a function by its name")  # fmt: skip
        return self.called(node, np.absolute if function is abs else function, into)

    def called(self, node: ast.Call, function: Any, into: str | None) -> Read:
        """Write a call of a function that is known."""
        key = self.hashable(function)
        if key in INSTEAD:
            self.source.refuse(node, f"{function.__name__} forgets the derivative", INSTEAD[key])
        if getattr(math, getattr(function, "__name__", ""), None) is function:
            self.source.refuse(node, "a function of math works on plain numbers only", f"write {numpy_for(function)}")
        if key in BY_VALUE:
            call = ast.Call(node.func, [self.operand(a).node for a in node.args],
                            [ast.keyword(k.arg, self.operand(k.value).node) for k in node.keywords])  # fmt: skip
            return Value(call, False, True, True), False
        if key in UFUNCS and isinstance(UFUNCS[key], Rule):
            return self.elementwise(node, UFUNCS[key], into)
        if gives_several(key, len(node.args)):
            self.source.refuse(node, f"{numpy_name(function)} returns several arrays",
                               f"take an entry at once: {ast.unparse(node)}[1]")  # fmt: skip
        if is_taken(key):
            self.refuse_arrays(node)
            self.refuse_arguments(node, key)
            return self.one_rule(node, key, into) or self.composed(node, into)
        if is_own_rule(function):
            self.refuse_arrays(node)
            return self.composed(node, into)  # it knows its derivative
        of_numpy = str(getattr(function, "__module__", "")).startswith(("numpy", OURS))
        if hasattr(function, "__wrapped__") and not of_numpy:
            self.source.refuse(node, f"{function.__name__} is wrapped by a decorator, which changes what it does",
                               "call the function inside")  # fmt: skip
        if isinstance(function, types.FunctionType) and not of_numpy:
            return self.call(node, function, into)
        self.source.refuse(
            node, f"{getattr(function, '__name__', function)} has no entry in the table of rules, or is not taken here",
            "write it with operations that have one, or give it a derivative with custom_derivative",
        )  # fmt: skip

    def refuse_arguments(self, node: ast.Call, function: Any) -> None:
        """Refuse arguments that mean nothing to a derivative, or that our function of the same name does not have."""
        ours = HANDLERS.get(function, lambda object: object)
        try:
            inspect.signature(ours).bind(*node.args, **{str(k.arg): k.value for k in node.keywords})
        except TypeError as error:
            self.source.refuse(
                node, f"{numpy_name(function)} has an argument that is not taken: {error}", "leave it out"
            )
        for keyword in node.keywords:
            if keyword.arg in ("dtype", "out", "order", "subok"):
                self.source.refuse(node, f"{numpy_name(function)} has the argument {keyword.arg}", "leave it out")

    def method(self, node: ast.Call, into: str | None) -> Read:
        """``x.sum(axis=0)`` is np.sum(x, axis=0)."""
        assert isinstance(node.func, ast.Attribute)
        attribute, arguments = node.func.attr, node.args
        function = self.hashable(getattr(np, attribute, None))
        known = (is_taken(function) or function in UFUNCS) and hasattr(numpy_protocol.TracedArray, attribute)
        if not known:
            self.source.refuse(node, f"the method {attribute} is not transformed", "use a NumPy function")
        if attribute in ("reshape", "transpose") and len(arguments) > 1:
            arguments = [ast.Tuple(list(arguments), ast.Load())]
        return self.of_numpy(attribute, node, [node.func.value, *arguments], node.keywords, into)

    def elementwise(self, node: ast.Call, rule: Rule, into: str | None) -> Read:
        """Write a function that NumPy calls a ufunc, or np.where."""
        if node.keywords:
            self.source.refuse(node, f"{rule.name} has a keyword argument", "leave it out")
        operands = [self.factor(argument) for argument in node.args]
        expected = len(rule.partials) or 2
        if len(operands) != expected:
            self.source.refuse(node, f"{rule.name} has {len(operands)} arguments", f"give it {expected}")
        if rule is rules.where:
            if operands[0].active:
                self.source.refuse(node, "a number is taken for a condition", "write x != 0")
            if not isinstance(operands[0].node, ast.Name):
                operands[0] = self.held(operands[0])
        array = any(value.array for value in operands) or rule is UFUNCS[np.matmul]
        function = node.func
        return self.step(rule, operands, into, lambda n: ast.Call(function, n, []), array)

    def one_rule(self, node: ast.Call, function: Any, into: str | None) -> Read | None:
        """Read a call that is one operation of the table and whose other arguments are written down, else None."""
        reader = BY_ONE_RULE.get(function)
        if reader is None or not node.args or isinstance(node.args[0], ast.List | ast.Tuple):
            return None
        try:
            others = [ast.literal_eval(argument) for argument in node.args[1:]]
            named = {str(k.arg): ast.literal_eval(k.value) for k in node.keywords}
            reader(Expression(name("x")), *others, **named)
        except (TypeError, ValueError):
            return None
        operand = self.value(node.args[0])
        if not operand.active:
            return None
        rule, parameters, is_one_number = reader(Expression(operand.node), *others, **named)
        func, rest, keywords = node.func, node.args[1:], node.keywords
        return self.step(
            rule, [operand], into, lambda n: ast.Call(func, [n[0], *rest], keywords), not is_one_number, **parameters
        )

    def composed(self, node: ast.Call, into: str | None, index: ast.expr | None = None) -> Read:
        """Write a function that is several operations, or an entry of what it returns: by `jvp` and `vjp`."""
        operands: dict[str, Value] = {}

        def read(part: ast.expr) -> ast.expr:
            if isinstance(part, ast.List | ast.Tuple) and self.flows(part)[0]:
                return type(part)([read(member) for member in part.elts], ast.Load())
            value = self.operand(part)
            if value.active:
                operands[value.name] = value
            return value.node

        call = ast.Call(node.func, [read(a) for a in node.args],
                        [ast.keyword(k.arg, read(k.value)) for k in node.keywords])  # fmt: skip
        whole = call if index is None else ast.Subscript(call, index, ast.Load())
        if not operands:  # nothing but conditions and the like
            return Value(whole, False, True, True), False
        target, landed = self.scope.target(into, operands.values())
        self.out.append(Composed(target, whole, list(operands.values()), True))
        return self.made(target, True), landed

    def call(self, node: ast.Call, function: Callable[..., Any], into: str | None) -> Read:
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
        if not any(value.active for value in arguments):
            return Value(ast.Call(node.func, [value.node for value in arguments], []), False, True, True), False
        key = function, tuple(v.active for v in arguments), tuple(v.array for v in arguments)
        if key not in self.arrays_returned:
            self.arrays_returned[key] = True  # while it is being read: it may call itself
            called = self.read_called(*key)
            self.arrays_returned[key] = any(value.array for value in called.results)
            if not called.one_result:
                self.source.refuse(node, f"{function.__name__} returns a tuple",
                                   "let it return np.stack([a, b]), and take entries")  # fmt: skip
        array = self.arrays_returned[key]
        target, landed = self.scope.target(into, arguments)
        self.out.append(Call(target, function, arguments, array))
        return self.made(target, array), landed

    def read_called(self, function: Any, active: tuple[bool, ...], arrays: tuple[bool, ...]) -> Elementary:
        """Read a function that is called; given where statements are read."""
        raise NotImplementedError


def is_own_rule(function: Any) -> bool:
    """Say whether `custom_derivative` or `checkpoint` made a function."""
    around = getattr(function, "__globals__", {})
    return around.get("__name__") == own_rules.__name__ and hasattr(function, "__wrapped__")


def numpy_for(function: Any) -> str:
    """Return the name of NumPy's function for one of math."""
    names = {"pow": "power", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
             "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "fsum": "sum"}  # fmt: skip
    wanted = names.get(function.__name__, function.__name__)
    return f"np.{wanted}" if hasattr(np, wanted) else "it with NumPy functions"
