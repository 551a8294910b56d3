"""Expressions that expose one wrong class of dual numbers each: how they are written down, and what comes out.

An exhibit is an expression in x, a value of x, and the derivative there. ``slope(expression, y, 2)`` is the derivative
of an expression in y at y = 2, so that derivatives are nested.
"""

import math
import operator

import numpy as np

from autograder.checks import Exhibit, NoExhibit, Wrong, number, operations, read_expression
from course_lib import autodiff

from .formulas import NUMPY_FUNCTIONS, Number, add_in_place, power

FUNCTIONS = {"sin": 1, "cos": 1, "exp": 1, "log": 1, "sqrt": 1, "slope": 3}


def real_power(base, exponent):
    """Return a power; refuse a root of a negative number, which Python gives as a complex one."""
    found = base**exponent
    if isinstance(found, complex):
        raise ValueError(f"{base:g} ** {exponent:g} is no real number")
    return found


OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": real_power}
EXAMPLE = ("x * x", 3, 6)


def read_derivative(answer):
    """Read a triple of an expression in x, a value of x, and the derivative there."""
    if not isinstance(answer, list | tuple) or len(answer) != 3:
        raise NoExhibit(f"expected three things, an expression, x and the derivative, such as {EXAMPLE}")
    text, x, stated = answer
    tree = read_expression(text, {"x", "y"}, FUNCTIONS)
    look_at(tree, {"x"})
    thing = tree, number(x, "x")
    return Exhibit(thing, number(stated, "the derivative"), operations(tree))


def look_at(tree, known):
    """Refuse a `y` that no `slope` gives, an exponent that is no number, a `slope` of another form."""
    kind, *parts = tree
    if kind == "name" and parts[0] not in known:
        raise NoExhibit(f"`{parts[0]}` stands outside of `slope(..., {parts[0]}, ...)`")
    if kind == "slope":
        body, variable, at = parts
        if variable != ("name", "y") or "y" in known or at[0] != "number":
            raise NoExhibit("write `slope(expression, y, 2)`, with a number in the end, and no `slope` within it")
        look_at(body, known | {"y"})
    elif kind not in ("number", "name"):
        if kind == "**" and parts[1][0] != "number":
            raise NoExhibit("an exponent is a number")
        for part in parts:
            look_at(part, known)


def value_of(tree, names, functions, slope):
    """Return the value of a tree; ``slope(f, at, names)`` differentiates a function of y and of the names."""
    kind, *parts = tree
    if kind == "number":
        return parts[0]
    if kind == "name":
        return names[parts[0]]
    if kind == "slope":
        body, _, (_, at) = parts

        def f(y, outer):
            return value_of(body, outer | {"y": y}, functions, slope)

        return slope(f, at, names)
    values = [value_of(part, names, functions, slope) for part in parts]
    if kind == "neg":
        return -values[0]
    return OPERATORS[kind](*values) if kind in OPERATORS else functions[kind](*values)


def right(thing):
    """Return the derivative by the course's library."""
    tree, x = thing

    def slope(f, at, names):
        return autodiff.derivative(lambda y: f(y, names))(at)

    def f(x):
        return value_of(tree, {"x": x}, NUMPY_FUNCTIONS, slope) + 0.0 * x

    if not np.isfinite(f(x)):
        raise NoExhibit(f"at x = {x:g} the expression has no value")
    return float(autodiff.derivative(f)(x))


def functions_of(numbers, inner=lambda dx: dx):
    """The functions of a class of numbers, whose parts may be such numbers; `inner` is what `exp` makes of dx."""

    def of(name, derivative):
        def function(z):
            if not isinstance(z, Number):
                return getattr(math, name)(z)
            return numbers(function(z.real), derivative(z.real, z.dual))

        return function

    sin, cos = of("sin", lambda x, dx: cos(x) * dx), of("cos", lambda x, dx: -1.0 * (sin(x) * dx))
    exp, sqrt = of("exp", lambda x, dx: exp(x) * inner(dx)), of("sqrt", lambda x, dx: dx / (2.0 * sqrt(x)))
    return {"sin": sin, "cos": cos, "exp": exp, "sqrt": sqrt, "log": of("log", lambda x, dx: dx / x)}


def derivative_by(inner=lambda dx: dx, own_d=True, **rules):
    """Make the derivative by a class of dual numbers, some of whose rules are replaced.

    With `own_d`, what comes from outside is a constant to an inner derivative; else all share one d.
    """
    numbers = type("DualNumber", (Number,), rules)

    def slope(f, at, names):
        outer = {name: numbers(z, 0.0) for name, z in names.items()} if own_d else names
        return dual_part(f(numbers(at, 1.0), outer))

    def derivative(thing):
        tree, x = thing
        return float(dual_part(value_of(tree, {"x": numbers(x, 1.0)}, functions_of(numbers, inner), slope)))

    return derivative


def dual_part(z):
    return z.dual if isinstance(z, Number) else 0.0


WRONG = [
    Wrong(
        "reflected",
        "calls `__sub__` for `5 - x` too: it computes x - 5",
        derivative_by(__rsub__=lambda self, other: self - other),
        1,
    ),
    Wrong(
        "not-lowered",
        "takes n x^n for the derivative of x^n",
        derivative_by(__pow__=power(lambda x, dx, n: (x**n, n * x**n * dx))),
        1,
    ),
    Wrong(
        "in-place",
        "writes the sum of two numbers into the one on the left",
        derivative_by(__add__=add_in_place),
        2,
    ),
    Wrong("no-inner", "leaves the inner derivative out of `exp`", derivative_by(inner=lambda dx: 1.0), 2),
    Wrong("one-d", "has one d for all derivatives that are being taken", derivative_by(own_d=False), 2),
]

EXHIBITS = {
    "reflected": ("5 - x", 2, -1),
    "not-lowered": ("x ** 2", 3, 6),
    "in-place": ("(x + 1) * x", 3, 7),
    "no-inner": ("exp(2 * x)", 0, 2),
    "one-d": ("slope(x * y, y, 2)", 3, 1),
}
