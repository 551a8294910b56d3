"""Expressions: rules as pieces of a program. A line of the table, called with expressions, writes its own syntax tree.

``lambda x, y: 1 / (1 + x * x)`` called with the expression ``w3`` is the tree of ``1 / (1 + w3 * w3)``. Where
`graph/symbols.py` writes a formula for the eye, this writes code that runs: numbers with all their digits, NumPy's
functions by name. What cannot be written out, since it looks at shapes, is written as a call of the table's own
function: ``summed_to(np.shape(x1), ...)``.
"""

import ast
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.rules.forms import Rule, full_name

TIMES = 100  # one in ten goes wrong where four threads do nothing but parse


def parsed(text: str, mode: str = "exec") -> Any:
    """Return the tree of a text, in any thread.

    Python 3.11 counts the depth of a tree that it builds once for all threads; where two of them parse at once, one may
    end in a SystemError whatever its text (gh-106905), and is asked again.
    """
    for _ in range(TIMES):
        try:
            return ast.parse(text, mode=mode)
        except SystemError:
            continue
    raise RecursionError("other threads parse without end")


def constant(value: Any) -> ast.expr:
    """Return the tree of a number, or of what else a program can write down; a negative one with its minus."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, tuple):
        return ast.Tuple([tree(member) for member in value], ast.Load())
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def tree(value: Any) -> ast.expr:
    """Return the tree of an expression or a constant."""
    return value.node if isinstance(value, Expression) else constant(value)


def name(identifier: str) -> ast.expr:
    """Return the tree of a name."""
    return ast.Name(identifier, ast.Load())


def call(function: str, *arguments: Any, **named: Any) -> ast.Call:
    """Return the tree of a call, of a function given by its dotted name."""
    keywords = [ast.keyword(key, tree(value)) for key, value in named.items()]
    return ast.Call(parsed(function, "eval").body, [tree(a) for a in arguments], keywords)


def number_of(node: ast.expr) -> Any:
    """Return the number that a tree writes down, else None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return node.value if is_number else None  # type: ignore[attr-defined]


def without_minus(node: ast.expr) -> ast.expr | None:
    """Return a tree that begins with a minus without it, else None: a + -b is written a - b."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        left = without_minus(node.left)
        return None if left is None else ast.BinOp(left, node.op, node.right)
    return None


def numpy_name(function: Any) -> str:
    """Return a NumPy function's name as programs write it: np.linalg.inv, np.add.reduce."""
    return full_name(function).replace("numpy.", "np.", 1)


class Expression:
    """A syntax tree that NumPy code can calculate with: every operation makes a greater tree."""

    __slots__ = ("node",)
    __hash__ = None  # type: ignore[assignment]
    __iter__ = None

    def __init__(self, node: ast.expr) -> None:
        self.node = node

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if method == "__call__" and not named and ufunc in OPERATORS:
            return OPERATORS[ufunc](*inputs)
        return Expression(call(numpy_name(ufunc if method == "__call__" else getattr(ufunc, method)), *inputs, **named))

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        return Expression(call(numpy_name(function), *arguments, **named))

    def __bool__(self) -> bool:
        raise TypeError("An expression is neither true nor false: its line of the table looks at shapes or values.")

    def __getitem__(self, index: Any) -> Any:
        return Expression(ast.Subscript(self.node, tree(index), ast.Load()))

    @property
    def shape(self) -> Any:
        """The call that asks for the shape; a plain number has no attribute of that name."""
        return Expression(call("np.shape", self))

    @property
    def ndim(self) -> Any:
        """The call that asks for the number of axes."""
        return Expression(call("np.ndim", self))

    def __neg__(self) -> Any:
        inner = without_minus(self.node)
        return Expression(ast.UnaryOp(ast.USub(), self.node) if inner is None else inner)

    def __add__(self, other: Any) -> Any:
        return added(self, other)

    def __radd__(self, other: Any) -> Any:
        return added(other, self)

    def __sub__(self, other: Any) -> Any:
        return subtracted(self, other)

    def __rsub__(self, other: Any) -> Any:
        return subtracted(other, self)

    def __mul__(self, other: Any) -> Any:
        return multiplied(self, other)

    def __rmul__(self, other: Any) -> Any:
        return multiplied(other, self)

    def __truediv__(self, other: Any) -> Any:
        return operation(self, ast.Div(), other)

    def __rtruediv__(self, other: Any) -> Any:
        return operation(other, ast.Div(), self)

    def __pow__(self, other: Any) -> Any:
        return self if number_of(tree(other)) == 1 else operation(self, ast.Pow(), other)

    def __rpow__(self, other: Any) -> Any:
        return operation(other, ast.Pow(), self)

    def __matmul__(self, other: Any) -> Any:
        return operation(self, ast.MatMult(), other)

    def __rmatmul__(self, other: Any) -> Any:
        return operation(other, ast.MatMult(), self)

    def __eq__(self, other: object) -> Any:
        return Expression(ast.Compare(self.node, [ast.Eq()], [tree(other)]))

    def __ne__(self, other: object) -> Any:
        return Expression(ast.Compare(self.node, [ast.NotEq()], [tree(other)]))


class Axes(Expression):
    """The axes of a reduction, counted from the last; ``everything`` if they are all of them."""

    __slots__ = ("everything",)

    def __init__(self, node: ast.expr, everything: bool) -> None:
        super().__init__(node)
        self.everything = everything


def operation(a: Any, operator: ast.operator, b: Any) -> Expression:
    """Return the tree of a binary operation."""
    return Expression(ast.BinOp(tree(a), operator, tree(b)))


def added(a: Any, b: Any) -> Expression:
    """Write a sum; a term that begins with a minus is subtracted."""
    positive = without_minus(tree(b))
    return operation(a, ast.Add(), b) if positive is None else operation(a, ast.Sub(), Expression(positive))


def subtracted(a: Any, b: Any) -> Expression:
    """Write a difference; a term that begins with a minus is added."""
    positive = without_minus(tree(b))
    return operation(a, ast.Sub(), b) if positive is None else operation(a, ast.Add(), Expression(positive))


def multiplied(a: Any, b: Any) -> Any:
    """Write a product; factors 1 and -1 are left out, and 1 / a times b is b / a."""
    for factor, other in ((a, b), (b, a)):
        number = number_of(tree(factor))
        if number in (1, -1):
            whole = other if isinstance(other, Expression) else Expression(tree(other))
            return whole if number == 1 else -whole
    for factor, other in ((a, b), (b, a)):
        node = tree(factor)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and number_of(node.left) in (1, -1):
            quotient = operation(other, ast.Div(), Expression(node.right))
            return quotient if number_of(node.left) == 1 else -quotient
    return operation(a, ast.Mult(), b)


OPERATORS: dict[Any, Callable[..., Any]] = {
    np.add: added,
    np.subtract: subtracted,
    np.multiply: multiplied,
    np.divide: lambda a, b: operation(a, ast.Div(), b),
    np.power: lambda a, b: a**b,
    np.matmul: lambda a, b: operation(a, ast.MatMult(), b),
    np.negative: lambda a: -a,
    np.positive: lambda a: a,
}


def called_by_name(function_name: str, calls: set[str]) -> Callable[..., Expression]:
    """Return a function that writes a call of itself, and notes that the program needs it."""

    def written(*arguments: Any, **named: Any) -> Expression:
        calls.add(function_name)
        return Expression(call(function_name, *arguments, **named))

    return written


def written_kept(calls: set[str]) -> Callable[..., Any]:
    """Return a writer for `kept`: the number that a whole array was reduced to broadcasts by itself."""
    by_name = called_by_name("kept", calls)

    def written(g: Any, axes: Any, keepdims: bool) -> Any:
        return g if isinstance(axes, Axes) and axes.everything and not keepdims else by_name(g, axes, keepdims)

    return written


def written_spread(g: Any, shape: Any) -> Expression:
    """Write `spread`, which is `numpy.broadcast_to` without its questions."""
    return Expression(call("np.broadcast_to", g, shape))


def written_out(line: Callable[..., Any], calls: set[str]) -> Callable[..., Any]:
    """Return a line of the table as a function of expressions.

    Its own operations are written out. Functions and rules of the table's module that it calls are written as calls;
    their names are added to ``calls``. A line that has a name is written as a call altogether.
    """
    if line.__name__ != "<lambda>":
        return called_by_name(line.__name__, calls)
    around = {
        key: called_by_name(key, calls) if inspect.isfunction(value) or isinstance(value, Rule) else value
        for key, value in line.__globals__.items()
    } | {"kept": written_kept(calls), "spread": written_spread}
    code = line.__code__
    return types.FunctionType(code, around, line.__name__, line.__defaults__, line.__closure__)
