"""Plain dual numbers, one rule a method, and what is computed with them; a mistake exchanges a rule."""

import math

import numpy as np

from autograder.checks import Raises
from course_lib import autodiff

# --- Dual numbers, one rule a line ----------------------------------------------------------------------------------


def binary(rule):
    """Make an operator of rule(x, dx, y, dy), which returns the two parts of the result."""

    def operator(self, other):
        other = self.lift(other)
        return type(self)(*rule(self.real, self.dual, other.real, other.dual))

    return operator


def unary(rule):
    """Make an operator or a function of rule(x, dx)."""
    return lambda self: type(self)(*rule(self.real, self.dual))


def power(rule):
    """Make the operator ** of rule(x, dx, n)."""
    return lambda self, n: type(self)(*rule(self.real, self.dual, n))


class Number:
    def __init__(self, real, dual):
        self.real, self.dual = real, dual

    def lift(self, z):
        return z if isinstance(z, Number) else type(self)(*self.parts_of_constant(z))

    def parts_of_constant(self, z):
        return z, self.dual_of_constant(z)

    def dual_of_constant(self, z):
        return 0.0

    __add__ = binary(lambda x, dx, y, dy: (x + y, dx + dy))
    __sub__ = binary(lambda x, dx, y, dy: (x - y, dx - dy))
    __mul__ = binary(lambda x, dx, y, dy: (x * y, x * dy + dx * y))
    __truediv__ = binary(lambda x, dx, y, dy: (x / y, (dx * y - x * dy) / y**2))
    __neg__ = unary(lambda x, dx: (-x, -dx))
    __pow__ = power(lambda x, dx, n: (x**n, n * x ** (n - 1) * dx))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self.lift(other) - self

    def __rtruediv__(self, other):
        return self.lift(other) / self

    sin = unary(lambda x, dx: (math.sin(x), math.cos(x) * dx))
    cos = unary(lambda x, dx: (math.cos(x), -math.sin(x) * dx))
    exp = unary(lambda x, dx: (math.exp(x), math.exp(x) * dx))
    log = unary(lambda x, dx: (math.log(x), dx / x))
    sqrt = unary(lambda x, dx: (math.sqrt(x), dx / (2 * math.sqrt(x))))


NAMES_OF_FUNCTIONS = ("sin", "cos", "exp", "log", "sqrt")


FUNCTIONS = {  # for Number and its kin, and for plain numbers
    name: lambda z, name=name: getattr(z, name)() if isinstance(z, Number) else getattr(math, name)(z)
    for name in NAMES_OF_FUNCTIONS
}


NUMPY_FUNCTIONS = {name: getattr(np, name) for name in NAMES_OF_FUNCTIONS}  # for autodiff


def parts(z):
    """The two parts of a dual number, or a plain number as it is."""
    if isinstance(z, autodiff.Dual):
        return float(z.value), float(z.tangent)
    return (z.real, z.dual) if isinstance(z, Number) else float(z)


def read(z):
    """A result as the student reads it: its two parts by name; a plain number as it is."""
    both = parts(z)
    return dict(zip(("real part", "dual part"), both, strict=True)) if isinstance(both, tuple) else both


# Where the student's code must be at work when it stops as one of the mistakes does.
LINES = {ValueError: r"log", ZeroDivisionError: r"/.*dual", TypeError: r"range|int"}


def values_with(numbers, functions=FUNCTIONS):
    """Make of a class of dual numbers the answer that it gives to expressions, or the exception that it raises."""

    def answer(expressions, **points):
        names, answers = functions | {name: numbers(*point) for name, point in points.items()}, {}
        for expression in expressions:
            try:
                answers[expression] = read(eval(expression, dict(names)))
            except ZeroDivisionError:  # the message says where, and what came out before, as in the probe
                parts_before = [one["dual part"] for one in answers.values() if isinstance(one, dict)]
                before = [f"{part:.6g}" for part in parts_before if isinstance(part, float)]
                said = f" in {expression}; dual parts before it: {', '.join(before) or 'none'}"
                return Raises(ZeroDivisionError, said, LINES[ZeroDivisionError])
            except (TypeError, ValueError) as error:
                at_work = "unsupported operand" in str(error)
                return Raises(type(error), str(error), "" if at_work else LINES[type(error)], by_probe=at_work)
        return answers

    return answer


right_values = values_with(autodiff.Dual, NUMPY_FUNCTIONS)


def mistaken(plain=None, **rules):
    """Make the answers of a class in which some rules are replaced, and of functions of `plain` numbers."""
    functions = FUNCTIONS | {
        name: lambda z, name=name, of_plain=of_plain: getattr(z, name)() if isinstance(z, Number) else of_plain(z)
        for name, of_plain in (plain or {}).items()
    }
    return values_with(type("DualNumber", (Number,), rules), functions)  # as errors of the student's own class name it


def along(text, points):
    """The function of t that an expression is where each number moves from its real part along its dual part."""

    def f(t):
        return eval(text, NUMPY_FUNCTIONS | {name: real + t * dual for name, (real, dual) in points.items()})

    return f


def with_t(text, points):
    """What `along` computes, in words: ``x * y with x = 1.5 + 0.7 t, y = 2.1 - 0.4 t``."""
    moved = [
        f"{name} = {real} {'-' if dual < 0 else '+'} {abs(dual)} t"
        for name, (real, dual) in points.items()
        if name in text
    ]
    return f"{text} with {', '.join(moved)}"


# --- Inputs ---------------------------------------------------------------------------------------------------------


# --- Part 1: operators ----------------------------------------------------------------------------------------------


def negate_in_place(self):
    """Minus the number, written into the number."""
    self.real, self.dual = -self.real, -self.dual
    return self


def to_parts_alone(rule):
    """Make an operator that does rule(x, c) to the real part beside a plain number c, and nothing to the dual part."""

    def made(right):
        def operator(self, other):
            alone = not isinstance(other, Number)
            return type(self)(rule(self.real, other), self.dual) if alone else right(self, other)

        return operator

    return made


def multiply_in_place(self, other):
    """The product, written into the left operand: its dual part is made of a real part that is the product already."""
    other = self.lift(other)
    self.real, self.dual = self.real * other.real, self.real * other.dual + self.dual * other.real
    return self


def add_in_place(self, other):
    """The sum, written into the left operand."""
    other = self.lift(other)
    self.real, self.dual = self.real + other.real, self.dual + other.dual
    return self


def refused(self, other):
    return NotImplemented


# --- Part 2: functions ----------------------------------------------------------------------------------------------


def to_both_parts(function):
    return unary(lambda x, dx: (function(x), function(dx)))


# --- Part 3: the derivative of a program ----------------------------------------------------------------------------


def program(body, times, functions=NUMPY_FUNCTIONS):
    """Return the function that replaces z by the body, so many times."""

    def f(z):
        for _ in range(times):
            z = eval(body, functions | {"z": z})
        return z

    return f


def derivative_of_program(body, times, x):
    return float(autodiff.derivative(program(body, times))(x))


# --- Part 4: gradients ----------------------------------------------------------------------------------------------


def function_of_several(body, point, functions=NUMPY_FUNCTIONS):
    names = "abcefg"[: len(point)]
    return eval(f"lambda {', '.join(names)}: {body}", dict(functions))


def gradient_of(body, point):
    n = len(point)
    duals = [autodiff.Dual(x, direction) for x, direction in zip(point, np.eye(n), strict=True)]
    return np.array(function_of_several(body, point)(*duals).tangent)


# --- Part 5: again and again ----------------------------------------------------------------------------------------


def taylor_of(body, times, x, order):
    return np.array(autodiff.taylor(program(body, times), x, order))


def second_derivative_of(body, times, x):
    return float(2 * taylor_of(body, times, x, 2)[2])


def derivatives(c):
    """The derivatives themselves, of Taylor coefficients."""
    return c * [math.factorial(k) for k in range(len(c))]


# --- Part 6: whose d is it? -----------------------------------------------------------------------------------------


def slope_with(together):
    """Make the notebook's `slope` with a given `together`."""

    class Tagged:
        def __init__(self, real, dual, tag):
            self.real, self.dual, self.tag = real, dual, tag

        def __add__(self, other):
            tag, (x, dx), (y, dy) = together(self, other)
            return Tagged(x + y, dx + dy, tag)

        def __mul__(self, other):
            tag, (x, dx), (y, dy) = together(self, other)
            return Tagged(x * y, x * dy + dx * y, tag)

        __radd__, __rmul__ = __add__, __mul__

    tags = []

    def slope(f, x):
        tags.append(len(tags) + 1)
        tag = tags[-1]
        y = f(Tagged(x, 1.0, tag))
        return y.dual if isinstance(y, Tagged) and y.tag == tag else 0.0

    return slope


class Tag:
    """A number with a tag, as the probe makes one."""

    def __init__(self, real, dual, tag):
        self.real, self.dual, self.tag = real, dual, tag


def own_d(answer, together):
    """Make the answer of the probe of what the program gives, and of what `together` says of a number on the left."""
    return lambda program, x, c: {
        "the program": answer(program, x),
        "together(c, Tagged(x, 1.5, 7))": together(c, Tag(x, 1.5, 7)),
    }


def right_together(a, b):
    return seen_with(max(tags_of(a, b)), a, b)


def answers_with(together):
    """Make the answers with a mistaken `together`; a program whose result is no number answers nothing."""

    def answer(program, x):
        result = eval(program, {"slope": slope_with(together), "x": x})
        return result if isinstance(result, float) else None

    return own_d(answer, together)


def is_tagged(z):
    return hasattr(z, "tag")


def tags_of(*numbers):
    return [z.tag for z in numbers if is_tagged(z)]


def one_d_for_all(a, b):
    return max(tags_of(a, b)), *((z.real, z.dual) if is_tagged(z) else (z, 0.0) for z in (a, b))


def seen_with(tag, a, b, of_others=lambda z: z, dual_of_others=0.0):
    def seen(z):
        return (z.real, z.dual) if is_tagged(z) and z.tag == tag else (of_others(z), dual_of_others)

    return tag, seen(a), seen(b)


def older_dual_kept(a, b):
    tag = max(tags_of(a, b))

    def seen(z):
        if not is_tagged(z):
            return z, 0.0
        return (z.real if z.tag == tag else z, z.dual)

    return tag, seen(a), seen(b)


def nested_slope(program, x):
    return float(eval(program, {"slope": lambda f, x: autodiff.derivative(f)(x), "x": x}))
