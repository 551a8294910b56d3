"""What is right in problem set 2: dual numbers, what programs make of them, and whose d it is.

The class is judged as a class: expressions, most of them drawn at random, are evaluated with the student's numbers
and functions, and both parts of each result are compared. Expected answers come from `course_lib.autodiff`. What a
known mistake would answer is found by running the same expressions on `Number`, a plain class of dual numbers, one of
whose rules is replaced by the mistaken one.
"""

import math

import numpy as np

from autograder.checks import check
from course_lib import autodiff

IMPORTS = ("numpy", "matplotlib")
SECONDS = 60.0

# Values and derivatives are at most 100, and no quotient, root or logarithm is near its singularity: a dozen operations
# keep eleven digits. A mistake is off by 0.02 or more in every set of inputs, or the inputs are drawn again.
TOLERANCE = 1e-9, 1e-9  # rtol, atol


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
        return z if isinstance(z, Number) else type(self)(z, self.dual_of_constant(z))

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


class Careful(Number):
    """Numbers that refuse what is nearly undefined; expressions are drawn until these can be evaluated."""

    def refuse_unless(self, safe):
        if not safe:
            raise ValueError("too near to a singularity for an answer that can be trusted")
        return self

    def __truediv__(self, other):
        return Number.__truediv__(self, self.lift(other).refuse_unless(abs(self.lift(other).real) > 0.3))

    def __pow__(self, n):
        return Number.__pow__(self.refuse_unless(abs(self.real) > 0.3), n)

    def log(self):
        return Number.log(self.refuse_unless(self.real > 0.3))

    def sqrt(self):
        return Number.sqrt(self.refuse_unless(self.real > 0.3))


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
    """A result as the student reads it: its two parts by name; a plain number has no dual part."""
    both = parts(z)
    return dict(zip(("real part", "dual part"), both if isinstance(both, tuple) else (both, None), strict=True))


def values_with(numbers, functions=FUNCTIONS):
    """Make of a class of dual numbers the answer that it gives to expressions, or the exception that it raises."""

    def answer(expressions, **points):
        names = functions | {name: numbers(*point) for name, point in points.items()}
        try:
            return {expression: read(eval(expression, dict(names))) for expression in expressions}
        except (TypeError, ZeroDivisionError, ValueError) as error:
            return type(error)

    return answer


right_values = values_with(autodiff.Dual, NUMPY_FUNCTIONS)


def mistaken(**rules):
    """Make the answers of a class in which some rules are replaced."""
    return values_with(type("Mistaken", (Number,), rules))


def values_of_the_student(student, expressions, **points):
    """Evaluate expressions one after the other, all of them with the same dual numbers."""
    names = {name: student.DualNumber(*point) for name, point in points.items()}
    for name in ("sin", "cos", "exp", "log", "sqrt"):
        if any(name in expression for expression in expressions):
            names[name] = getattr(student, name)
    answers = {}
    for expression in expressions:
        z = eval(expression, dict(names))
        answers[expression] = {"real part": z.real, "dual part": None if isinstance(z, (int, float)) else z.dual}
    return answers


# --- Inputs ---------------------------------------------------------------------------------------------------------


def some(rng, low, high):
    """Draw a number with two decimals, away from 1."""
    while True:
        number = float(np.round(rng.uniform(low, high), 2))
        if abs(number - 1) > 0.1:
            return number


def either_sign(rng, low, high):
    return some(rng, low, high) * int(rng.choice([-1, 1]))


def two_points(rng):
    return {name: (either_sign(rng, 1.2, 3), either_sign(rng, 0.3, 3)) for name in "xy"}


def until_told_apart(draw, right, mistakes):
    """Draw inputs until every mistake answers otherwise than right, in the first digits."""
    while True:
        inputs = draw()
        if inputs is not None:
            expected = right(**inputs)
            if all(far(mistake(**inputs), expected) for mistake in mistakes.values()):
                return inputs


def far(answer, expected):
    """Whether an answer differs in the first digits: an exception, another kind, or some number in it."""
    if isinstance(answer, type) or type(answer) is not type(expected):
        return True
    if isinstance(expected, dict):
        return any(far(answer[key], expected[key]) for key in expected)
    if expected is None:
        return False
    answer, expected = np.asarray(answer, dtype=complex), np.asarray(expected, dtype=complex)
    return answer.shape != expected.shape or bool(np.any(~(abs(answer - expected) < 0.02)))


def expression(rng, names, depth, functions=()):
    """Draw a tree of operations as Python text; numbers stand only beside names, so that no part is constant."""
    if depth == 0:
        return str(rng.choice(names))
    inner = expression(rng, names, depth - 1, functions)
    kind = rng.choice(["function", "function", "power", "operator", "operator", "operator"][0 if functions else 2 :])
    if kind == "function":
        return f"{rng.choice(functions)}({bare(inner)})"
    if kind == "power":
        return f"({inner} ** {rng.choice([2, 3, -1, -2])})"
    other = str(some(rng, 0.4, 3)) if rng.random() < 0.4 else expression(rng, names, depth // 2, functions)
    left, right = (inner, other) if rng.random() < 0.5 else (other, inner)
    return f"({left} {rng.choice(['+', '-', '*', '/'])} {right})"


def bare(text):
    """Take the brackets around the whole of an expression away."""
    return text[1:-1] if text[0] == "(" else text


def can_be_trusted(text, points):
    """Whether an expression stays away from singularities, and its value and derivative are of a usual size."""
    try:
        z = eval(text, FUNCTIONS | {name: Careful(*point) for name, point in points.items()})
    except (ValueError, OverflowError):
        return False
    return 0.05 < abs(z.real) < 30 and 0.05 < abs(z.dual) < 30


# --- Part 1: operators ----------------------------------------------------------------------------------------------


def add_in_place(self, other):
    """The sum, written into the left operand."""
    other = self.lift(other)
    self.real, self.dual = self.real + other.real, self.dual + other.dual
    return self


def refused(self, other):
    return NotImplemented


DUAL_PART_OF_CONSTANT_1 = {
    "a constant does not change: its dual part is 0, not 1": mistaken(dual_of_constant=lambda self, z: 1.0)
}
NO_OPERATOR = (
    "Python found no operator for a plain number beside a dual one: make it dual with `as_dual(other)`, and write the "
    "methods whose names begin with r for a number on the left"
)
# How a method is written down wrongly, whatever its rule; each is told by the words in which Python refuses it.
NO_AS_DUAL = {
    "a plain number has no dual part: make it dual with `as_dual(other)` before its parts are read": lambda **given: (
        AttributeError("'float' object has no attribute 'dual'")
    ),
}
CALLS_ITSELF = {
    "a method calls itself without end, like `other - self` in `__rsub__`: make `other` dual first": lambda **given: (
        RecursionError
    ),
}
NO_RETURN = {
    "a method returns nothing: `return` is missing": lambda **given: AttributeError("'NoneType' object"),
}
WRONG_WAY_ROUND = {
    "`__rsub__` subtracts the wrong way round: in c - x the number c stands on the left": mistaken(
        __rsub__=Number.__sub__
    )
}
IN_PLACE = {"an operator changes its operands: make a new number in every method": mistaken(__add__=add_in_place)}
PRODUCT_OF_DUAL_PARTS = {
    "the product of the dual parts in place of the product rule": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y, dx * dy))
    )
}
PLUS_FOR_MINUS = {
    "plus for minus in the quotient rule": mistaken(
        __truediv__=binary(lambda x, dx, y, dy: (x / y, (dx * y + x * dy) / y**2))
    )
}
POWER_NOT_LOWERED = {
    "n x^n for n x^(n-1): the exponent falls by one": mistaken(__pow__=power(lambda x, dx, n: (x**n, n * x**n * dx)))
}
POWER_NO_INNER = {
    "no inner derivative: n x^(n-1) is still to be multiplied by x'": mistaken(
        __pow__=power(lambda x, dx, n: (x**n, n * x ** (n - 1)))
    )
}

SUMS = {
    **WRONG_WAY_ROUND,
    "c - x falls when x rises: its dual part is -x'": mistaken(
        __rsub__=lambda self, c: type(self)(c - self.real, self.dual)
    ),
    **DUAL_PART_OF_CONSTANT_1,
    "a constant does not change: its dual part is 0, not the constant": mistaken(dual_of_constant=lambda self, z: z),
    "the dual parts are added where the real parts are subtracted": mistaken(
        __sub__=binary(lambda x, dx, y, dy: (x - y, dx + dy))
    ),
    "-x falls when x rises: its dual part is -x'": mistaken(__neg__=unary(lambda x, dx: (-x, dx))),
    **IN_PLACE,
    NO_OPERATOR: mistaken(__radd__=refused),
    **NO_AS_DUAL,
    **CALLS_ITSELF,
    **NO_RETURN,
}
PRODUCTS = {
    **PRODUCT_OF_DUAL_PARTS,
    "only the first term of the product rule, x y': x' y is missing": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y, x * dy))
    ),
    "only the second term of the product rule, x' y: x y' is missing": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y, dx * y))
    ),
    "a term of the product rule is missing, x' y, in x * y as in x * c": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y, x * dy)), __rmul__=lambda self, c: self.lift(c) * self
    ),
    "a term of the product rule is missing, x y', in x * y as in c * x": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y, dx * y)), __rmul__=lambda self, c: self.lift(c) * self
    ),
    "minus for plus in the product rule": mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dy - dx * y))),
    "the real part x y - x' y' belongs to complex numbers, where i^2 = -1; here d^2 = 0": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y - dx * dy, x * dy + dx * y))
    ),
    "the term x' y' is kept: it has d^2, and d^2 = 0": mistaken(
        __mul__=binary(lambda x, dx, y, dy: (x * y, x * dy + dx * y + dx * dy))
    ),
    **DUAL_PART_OF_CONSTANT_1,
    NO_OPERATOR: mistaken(__rmul__=refused),
    **NO_AS_DUAL,
    **NO_RETURN,
}
QUOTIENTS = {
    **PLUS_FOR_MINUS,
    "the two terms of the quotient rule are exchanged: it begins with x' y": mistaken(
        __truediv__=binary(lambda x, dx, y, dy: (x / y, (x * dy - dx * y) / y**2))
    ),
    "the quotient rule divides by the square of the denominator": mistaken(
        __truediv__=binary(lambda x, dx, y, dy: (x / y, (dx * y - x * dy) / y))
    ),
    "`__rtruediv__` divides the wrong way round: in c / x the number c stands above": mistaken(
        __rtruediv__=Number.__truediv__
    ),
    "c / x falls when x rises: its dual part has a minus": mistaken(
        __rtruediv__=lambda self, c: type(self)(c / self.real, c * self.dual / self.real**2)
    ),
    "the c is missing in the dual part of c / x": mistaken(
        __rtruediv__=lambda self, c: type(self)(c / self.real, -self.dual / self.real**2)
    ),
    "the dual parts are divided by each other, and that of a constant is 0: use the quotient rule": mistaken(
        __truediv__=binary(lambda x, dx, y, dy: (x / y, dx / dy))
    ),
    **DUAL_PART_OF_CONSTANT_1,
    NO_OPERATOR: mistaken(__rtruediv__=refused),
    **NO_AS_DUAL,
    **CALLS_ITSELF,
    **NO_RETURN,
}
POWERS = {
    **POWER_NOT_LOWERED,
    **POWER_NO_INNER,
    "x ** 0 is the dual number 1 + 0 d, not the plain number 1": mistaken(
        __pow__=lambda self, n: 1.0 if n == 0 else Number.__pow__(self, n)
    ),
    "the factor n is missing": mistaken(__pow__=power(lambda x, dx, n: (x**n, x ** (n - 1) * dx))),
    "the dual part is raised to the power too": mistaken(__pow__=power(lambda x, dx, n: (x**n, dx**n))),
    "a branch on the value, `if x == 1`: a constant is returned there, and the derivative of a constant is 0": mistaken(
        __pow__=power(lambda x, dx, n: (1.0, 0.0) if x == 1 else (x**n, n * x ** (n - 1) * dx))
    ),
    "`range(n)` counts whole numbers only: the exponent may be a fraction": mistaken(
        __pow__=power(lambda x, dx, n: (range(n), None))
    ),
    "the logarithm of a negative number: where n is whole, the real part may be negative": mistaken(
        __pow__=power(lambda x, dx, n: (math.log(x), None))
    ),
}
IN_EXPRESSIONS = {
    **WRONG_WAY_ROUND,
    **IN_PLACE,
    **DUAL_PART_OF_CONSTANT_1,
    **PRODUCT_OF_DUAL_PARTS,
    **PLUS_FOR_MINUS,
    **POWER_NOT_LOWERED,
    **POWER_NO_INNER,
}


@check("sums", part="dual-class", points=2)
class Sums:
    """Dual numbers are added to and subtracted from dual and plain numbers, on either side.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    def inputs(rng):
        def draw():
            c = some(rng, 1.2, 4)
            written = [f"x + {c}", f"{c} + x", "x + y", f"x - {c}", f"{c} - x", "x - y", "-x"]
            return {"expressions": written, **two_points(rng)}

        return until_told_apart(draw, right_values, SUMS)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = SUMS
    hint = (
        "Add real part to real part and dual part to dual part. A plain number is a constant: what is its derivative? "
        "In `5 - x` Python calls x.__rsub__(5). Chapter 3, section 'Arithmetic'."
    )


@check("products", part="dual-class", points=2)
class Products:
    """The product of two dual numbers follows the product rule; plain numbers may stand on either side.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    def inputs(rng):
        def draw():
            c = some(rng, 1.2, 4)
            return {"expressions": ["x * y", f"x * {c}", f"{c} * x", "x * y * x"], **two_points(rng)}

        return until_told_apart(draw, right_values, PRODUCTS)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = PRODUCTS
    hint = (
        "Multiply (x + x' d)(y + y' d) out: four terms. One of them has d^2, and d^2 = 0. Two of the others have a d. "
        "Chapter 3, section 'Arithmetic'."
    )


@check("quotients", part="dual-class", points=2)
class Quotients:
    """The quotient of two dual numbers follows the quotient rule; plain numbers may stand above or below.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    def inputs(rng):
        def draw():
            c = some(rng, 1.2, 4)
            return {"expressions": ["x / y", f"x / {c}", f"{c} / x", "x / y / y"], **two_points(rng)}

        return until_told_apart(draw, right_values, QUOTIENTS)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = QUOTIENTS
    hint = (
        "The dual part is (x' y - x y') / y^2. To see why, multiply above and below by y - y' d: below, the d is gone. "
        "In `5 / x` Python calls x.__rtruediv__(5), and 5 is above. Chapter 3, section 'Arithmetic'."
    )


@check("powers", part="dual-class", points=2)
class Powers:
    """A dual number is raised to a power that is a number: whole, also negative or 0, or a fraction.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    def inputs(rng):
        def draw():
            n, m, q = rng.integers(3, 6), rng.integers(-3, -1), rng.choice([0.5, 1.5, -0.5, 2.5])
            written = [f"x ** {n}", f"y ** {n}", f"x ** {m}", f"y ** {m}", "x ** 0", f"x ** {q}", f"z ** {n}"]
            x, y = (some(rng, 1.2, 2.2), some(rng, 0.3, 3)), (-some(rng, 1.2, 2.2), either_sign(rng, 0.3, 3))
            return {"expressions": written, "x": x, "y": y, "z": (1.0, either_sign(rng, 0.3, 3))}

        return until_told_apart(draw, right_values, POWERS)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = POWERS
    hint = (
        "The derivative of x^n is n x^(n-1), for every number n. It is taken at the real part, and multiplied by the "
        "dual part that came in. Chapter 3, section 'Functions'."
    )


@check("expressions", part="dual-class", points=2)
class Expressions:
    """All operators work together in longer expressions, and none changes the numbers that it is given.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    trials = 4

    def inputs(rng):
        def draw():
            # x is negative, and y has a negative exponent, so that a power of every kind is there.
            points, c = two_points(rng) | {"x": (-some(rng, 1.2, 3), either_sign(rng, 0.3, 3))}, some(rng, 1.2, 4)
            written = [f"{c} - x + x ** 3 * y ** -1", f"x / (y - {c})", f"{c} / y - x * y"]
            written += [bare(expression(rng, ["x", "y"], 3)) for _ in range(3)]
            usable = all(can_be_trusted(text, points) for text in written)
            return {"expressions": written, **points} if usable else None

        return until_told_apart(draw, right_values, IN_EXPRESSIONS)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = IN_EXPRESSIONS
    hint = (
        "If the checks before this one are right, look for a method that changes self or other in place of making a "
        "new number: in `x + y` both are still needed afterwards. Chapter 3, section 'Arithmetic'."
    )


# --- Part 2: functions ----------------------------------------------------------------------------------------------


def to_both_parts(function):
    return unary(lambda x, dx: (function(x), function(dx)))


TO_BOTH_PARTS = "the function is applied to the dual part too: the dual part is f'(x) x'"
OF_PLAIN_NUMBERS = {
    "a plain number has no dual part: return a plain number for it": lambda **given: AttributeError(
        "'float' object has no attribute 'dual'"
    ),
}
SINE_COSINE = {
    "no inner derivative: the slope at the real part is still to be multiplied by the dual part": mistaken(
        sin=unary(lambda x, dx: (math.sin(x), math.cos(x))), cos=unary(lambda x, dx: (math.cos(x), -math.sin(x)))
    ),
    "the derivative of the cosine is minus the sine": mistaken(
        cos=unary(lambda x, dx: (math.cos(x), math.sin(x) * dx))
    ),
    "the slope is taken at the result, cos(sin(x)): it belongs to the real part that came in, cos(x)": mistaken(
        sin=unary(lambda x, dx: (math.sin(x), math.cos(math.sin(x)) * dx))
    ),
    TO_BOTH_PARTS: mistaken(sin=to_both_parts(math.sin), cos=to_both_parts(math.cos)),
    **OF_PLAIN_NUMBERS,
    "the function calls itself with the same z, without end: call it with `z.real`": lambda **given: RecursionError,
}
EXP_LOG_SQRT = {
    "no inner derivative: the slope at the real part is still to be multiplied by the dual part": mistaken(
        exp=unary(lambda x, dx: (math.exp(x), math.exp(x))),
        log=unary(lambda x, dx: (math.log(x), 1 / x)),
        sqrt=unary(lambda x, dx: (math.sqrt(x), 1 / (2 * math.sqrt(x)))),
    ),
    "the power rule on the exponential: its derivative is itself": mistaken(
        exp=unary(lambda x, dx: (math.exp(x), x * math.exp(x - 1) * dx))
    ),
    "the slope of the logarithm is 1 / x, not x": mistaken(log=unary(lambda x, dx: (math.log(x), x * dx))),
    "the 2 is missing: the slope of the root is 1 / (2 sqrt(x))": mistaken(
        sqrt=unary(lambda x, dx: (math.sqrt(x), dx / math.sqrt(x)))
    ),
    "the slope of the root is 1 / (2 sqrt(x)), not 1 / (2 x)": mistaken(
        sqrt=unary(lambda x, dx: (math.sqrt(x), dx / (2 * x)))
    ),
    TO_BOTH_PARTS: mistaken(exp=to_both_parts(math.exp), log=to_both_parts(math.log), sqrt=to_both_parts(math.sqrt)),
    **OF_PLAIN_NUMBERS,
    "the function calls itself with the same z, without end: call it with `z.real`": lambda **given: RecursionError,
}


@check("sine-cosine", part="functions", points=3, needs=["dual-class"])
class SineCosine:
    """`sin` and `cos` take dual numbers, and plain numbers too.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    def inputs(rng):
        def draw():
            written = ["sin(x)", "cos(x)", "sin(cos(x))", "cos(sin(x))", f"sin({some(rng, 0.3, 3)})"]
            return {"expressions": written, "x": (either_sign(rng, 0.4, 3), either_sign(rng, 0.4, 3))}

        return until_told_apart(draw, right_values, SINE_COSINE)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = SINE_COSINE
    hint = (
        "f(x + x' d) = f(x) + f'(x) x' d. The derivative f' is taken at the real part that came in, and the dual part "
        "that came in is a factor. Chapter 3, section 'Functions'."
    )


@check("exp-log-sqrt", part="functions", points=3, needs=["dual-class"])
class ExpLogSqrt:
    """`exp`, `log` and `sqrt` take dual numbers, and plain numbers too.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    def inputs(rng):
        def draw():
            written = ["exp(x)", "log(x)", "sqrt(x)", "log(sqrt(exp(x)))", f"sqrt({some(rng, 0.3, 3)})"]
            return {"expressions": written, "x": (some(rng, 1.2, 3), some(rng, 0.3, 3))}

        return until_told_apart(draw, right_values, EXP_LOG_SQRT)

    probe = values_of_the_student
    expected = right_values
    rtol, atol = TOLERANCE
    mistakes = EXP_LOG_SQRT
    hint = (
        "f(x + x' d) = f(x) + f'(x) x' d. The slopes are exp(x), 1 / x and 1 / (2 sqrt(x)), each taken at the real "
        "part and multiplied by the dual part that came in. Chapter 3, section 'Functions'."
    )


# --- Part 3: the derivative of a program ----------------------------------------------------------------------------


def program(body, times, functions=NUMPY_FUNCTIONS):
    """Return the function that replaces z by the body, so many times."""

    def f(z):
        for _ in range(times):
            z = eval(body, functions | {"z": z})
        return z

    return f


def some_program(rng, most_times):
    """Draw a program and a point at which each of its rounds can be trusted."""
    while True:
        body = bare(expression(rng, ["z"], 3, NAMES_OF_FUNCTIONS))
        x, rounds = either_sign(rng, 0.3, 2), 0
        z = (x, 1.0)
        while rounds < most_times and can_be_trusted(body, {"z": z}):
            z, rounds = parts(program(body, 1)(autodiff.Dual(*z))), rounds + 1
        if rounds:
            return {"body": body, "times": int(rng.integers(1, rounds + 1)), "x": x}


def derivative_of_program(body, times, x):
    return float(autodiff.derivative(program(body, times))(x))


DERIVATIVE = {
    "the value of f: the derivative is the dual part": lambda body, times, x: float(program(body, times)(x)),
    "f got a number with dual part 0, a constant: the dual part must be 1": lambda body, times, x: 0.0,
    "f got x as dual part too: the dual part of the variable is its own derivative, 1": lambda body, times, x: (
        x * derivative_of_program(body, times, x)
    ),
    "f ran on the plain number x, whose result has no dual part: give it `DualNumber(x, 1.0)`": lambda **given: (
        AttributeError("'float' object has no attribute 'dual'")
    ),
    "f got plain numbers, as a divided difference gives it: run it on a dual number": lambda body, times, x: math.nan,
}


@check("derivative-of-a-program", part="derivative", points=3, needs=["dual-class", "functions"])
class DerivativeOfAProgram:
    """`derivative(f, x)` differentiates a program by running it on a dual number.

    (The program starts with z = x, computes z = body as many times as it says, and returns z. For plain numbers it
    returns nan.)
    """

    trials = 6

    def inputs(rng):
        return until_told_apart(lambda: some_program(rng, 4), derivative_of_program, DERIVATIVE)

    def probe(student, body, times, x):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}

        def f(z):
            if isinstance(z, (int, float, complex)):
                return float("nan")
            for _ in range(times):
                z = eval(body, names | {"z": z})
            return z

        return student.derivative(f, x)

    expected = derivative_of_program
    rtol, atol = TOLERANCE
    mistakes = DERIVATIVE
    hint = (
        "Every operation carries the derivative with respect to x along. At the start the number is x itself: what is "
        "the derivative of x with respect to x? Chapter 3, section 'A program that differentiates itself'."
    )


# --- Part 4: gradients ----------------------------------------------------------------------------------------------


def function_of_several(body, point, functions=NUMPY_FUNCTIONS):
    names = "abcefg"[: len(point)]
    return eval(f"lambda {', '.join(names)}: {body}", dict(functions))


def gradient_of(body, point):
    n = len(point)
    duals = [autodiff.Dual(x, direction) for x, direction in zip(point, np.eye(n), strict=True)]
    return np.array(function_of_several(body, point)(*duals).tangent)


def some_function(rng):
    """Draw a function of two to four variables, each of which matters, and a point."""
    while True:
        point = [either_sign(rng, 0.4, 2.5) for _ in range(rng.integers(2, 5))]
        names = "abcefg"[: len(point)]
        terms = [bare(expression(rng, [*names], 2, ["sin", "cos", "exp", "sqrt"])) for _ in range(len(point))]
        body = " + ".join(terms)
        if all(name in body.replace("exp", "").replace("cos", "") for name in names):
            numbers = {name: (x, 1.0) for name, x in zip(names, point, strict=True)}
            if can_be_trusted(body, numbers):
                g = gradient_of(body, point)
                if np.all(np.isfinite(g)) and np.all((abs(g) > 0.05) & (abs(g) < 30)):
                    return {"body": body, "point": point}


GRADIENT = {
    "all variables share one d, so that their derivatives are added: give each a direction of its own": (
        lambda body, point: float(np.sum(gradient_of(body, point)))
    ),
    "every variable has ones in all components: variable i has a 1 in component i, and zeros elsewhere": (
        lambda body, point: np.full(len(point), np.sum(gradient_of(body, point)))
    ),
    "f got plain numbers, as a divided difference gives it: run it on dual numbers": (
        lambda body, point: np.full(len(point), math.nan)
    ),
    "f got a list: it takes its n numbers one by one, `f(*numbers)`": lambda **given: TypeError(
        "required positional argument"
    ),
    "a list in place of an array: np.array makes one of it": lambda body, point: gradient_of(body, point).tolist(),
}


@check("gradient-of-a-program", part="gradient", points=3, needs=["dual-class", "functions"])
class GradientOfAProgram:
    """`gradient(f, point)` is the array of the partial derivatives.

    (f(a, b, ...) = body. For plain numbers it returns nan.)
    """

    trials = 6

    def inputs(rng):
        return until_told_apart(lambda: some_function(rng), gradient_of, GRADIENT)

    def probe(student, body, point):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
        formula = eval(f"lambda {', '.join('abcefg'[: len(point)])}: {body}", names)

        def f(*variables):
            plain = all(isinstance(z, (int, float, complex)) for z in variables)
            return float("nan") if plain else formula(*variables)

        return student.gradient(f, point)

    expected = gradient_of
    rtol, atol = TOLERANCE
    mistakes = GRADIENT
    hint = (
        "The dual part has one component for each variable. A variable changes by 1 in its own direction, and not at "
        "all in the others. Chapter 3, section 'Many directions at once'."
    )


@check("gradient-in-one-run", part="gradient", points=2, needs=["dual-class", "functions"])
class GradientInOneRun:
    """`gradient(f, point)` runs f once, with all directions together.

    (f(a, b, ...) = body.)
    """

    def inputs(rng):
        return some_function(rng)

    def probe(student, body, point):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
        formula = eval(f"lambda {', '.join('abcefg'[: len(point)])}: {body}", names)
        runs = []

        def f(*variables):
            plain = all(isinstance(z, (int, float, complex)) for z in variables)
            runs.append(not plain)
            return float("nan") if plain else formula(*variables)

        return {"gradient": student.gradient(f, point), "runs of f on dual numbers": sum(runs)}

    def expected(body, point):
        return {"gradient": gradient_of(body, point), "runs of f on dual numbers": 1}

    rtol, atol = TOLERANCE
    mistakes = {
        "one run for each variable: give each variable an array as dual part, with all directions in it": (
            lambda body, point: {"gradient": gradient_of(body, point), "runs of f on dual numbers": len(point)}
        ),
    }
    hint = (
        "DualNumber(x, array) carries one component for each variable through the whole program. np.eye(n) has the "
        "arrays to start with. Chapter 3, section 'Many directions at once'."
    )


# --- Part 5: again and again ----------------------------------------------------------------------------------------


def taylor_of(body, times, x, order):
    return np.array(autodiff.taylor(program(body, times), x, order))


def second_derivative_of(body, times, x):
    return float(2 * taylor_of(body, times, x, 2)[2])


NUMBER_FOR_FUNCTION = {
    "`derivative(f, x)` is a number, and what is differentiated is a function: `lambda y: derivative(f, y)`": (
        lambda **given: TypeError("object is not callable")
    ),
}
SECOND_DERIVATIVE = {
    "the first derivative: the second lies in the dual part of the dual part": derivative_of_program,
    "the square of the first derivative: differentiate the derivative": lambda **given: (
        derivative_of_program(**given) ** 2
    ),
    "f''/2, the Taylor coefficient: the second derivative is twice that": lambda **given: (
        second_derivative_of(**given) / 2
    ),
    "f' + f'': the dual part of the outer number must be the constant 1": lambda **given: (
        derivative_of_program(**given) + second_derivative_of(**given)
    ),
    "one of the two levels has dual part 0: both must vary": lambda **given: 0.0,
    **NUMBER_FOR_FUNCTION,
}


def some_curved_program(rng, order):
    """Draw a program whose derivatives up to an order are of a usual size."""
    while True:
        inputs = some_program(rng, 2)
        c = taylor_of(**inputs, order=order)
        if np.all(np.isfinite(c)) and np.all((abs(c[1:]) > 0.05) & (abs(c[1:]) < 50)):
            return inputs


@check("second-derivative", part="higher", points=1, needs=["dual-class", "functions", "derivative"])
class SecondDerivative:
    """`second_derivative(f, x)` differentiates the derivative.

    (The program starts with z = x, computes z = body as many times as it says, and returns z.)
    """

    def inputs(rng):
        return until_told_apart(lambda: some_curved_program(rng, 2), second_derivative_of, SECOND_DERIVATIVE)

    def probe(student, body, times, x):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}

        def f(z):
            for _ in range(times):
                z = eval(body, names | {"z": z})
            return z

        return student.second_derivative(f, x)

    expected = second_derivative_of
    rtol, atol = TOLERANCE
    mistakes = SECOND_DERIVATIVE
    hint = (
        "derivative(f, x) is a number, and f' is a function: `lambda y: derivative(f, y)`. Differentiate it in the "
        "same way. The functions of part 2 must take dual numbers whose real part is dual. "
        "Chapter 3, section 'Dual numbers of dual numbers'."
    )


def derivatives(c):
    """The derivatives themselves, of Taylor coefficients."""
    return c * [math.factorial(k) for k in range(len(c))]


TAYLOR = {
    "the derivatives: the coefficient c_k is the k-th derivative divided by k!": lambda **given: derivatives(
        taylor_of(**given)
    ),
    "divided by k in place of k!": lambda **given: (
        derivatives(taylor_of(**given)) / [max(k, 1) for k in range(given["order"] + 1)]
    ),
    "divided by (k + 1)! in place of k!": lambda **given: (
        taylor_of(**given) / [k + 1 for k in range(given["order"] + 1)]
    ),
    "c_0, the value of f, is missing": lambda **given: taylor_of(**given)[1:],
    "`f = lambda y: derivative(f, y)` calls itself: a lambda looks `f` up only when it is called": lambda **given: (
        RecursionError
    ),
    **NUMBER_FOR_FUNCTION,
    "a list in place of an array: np.array makes one of it": lambda **given: taylor_of(**given).tolist(),
}


@check("taylor-coefficients", part="higher", points=2, needs=["dual-class", "functions", "derivative"])
class TaylorCoefficients:
    """`taylor_coefficients(f, x, order)` is the array c_0, ..., c_order in f(x + h) = c_0 + c_1 h + c_2 h^2 + ...

    (The program starts with z = x, computes z = body as many times as it says, and returns z.)
    """

    def inputs(rng):
        def draw():
            order = int(rng.integers(2, 5))
            return some_curved_program(rng, order) | {"order": order}

        return until_told_apart(draw, taylor_of, TAYLOR)

    def probe(student, body, times, x, order):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}

        def f(z):
            for _ in range(times):
                z = eval(body, names | {"z": z})
            return z

        return student.taylor_coefficients(f, x, order)

    expected = taylor_of
    rtol, atol = 1e-8, 1e-8  # each of the nested derivatives costs some of the digits
    mistakes = TAYLOR
    hint = (
        "Differentiate h^k exactly k times: what is left is k!. So c_k is the k-th derivative divided by k!, and c_0 "
        "is f(x). Chapter 3, section 'Dual numbers of dual numbers'."
    )


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


def answers_with(together):
    """Make the answer of the program with a mistaken `together`; what is not a number answers nothing."""

    def answer(program, x):
        result = eval(program, {"slope": slope_with(together), "x": x})
        return result if isinstance(result, float) else None

    return answer


def is_tagged(z):
    return hasattr(z, "tag")


def tags_of(*numbers):
    return [z.tag for z in numbers if is_tagged(z)]


def one_d_for_all(a, b):
    return max(tags_of(a, b)), *((z.real, z.dual) if is_tagged(z) else (z, 0.0) for z in (a, b))


def seen_with(tag, a, b, of_others=lambda z: z):
    return tag, *((z.real, z.dual) if is_tagged(z) and z.tag == tag else (of_others(z), 0.0) for z in (a, b))


OWN_D = {
    "one d for all: a number with an older tag is a constant here, whatever its dual part": answers_with(one_d_for_all),
    "the tag of the left operand, also where the right one is newer": answers_with(
        lambda a, b: seen_with(tags_of(a, b)[0], a, b)
    ),
    "a plain number has no tag and no parts: ask isinstance(a, Tagged) before you read them": (
        lambda program, x: AttributeError("object has no attribute")
    ),
    "the older tag in place of the newer one": answers_with(lambda a, b: seen_with(min(tags_of(a, b)), a, b)),
    "the real part of an older number in place of the number: its own derivative is lost": answers_with(
        lambda a, b: seen_with(max(tags_of(a, b)), a, b, of_others=lambda z: z.real)
    ),
}
# In the first term of each program an older number stands on the left of a newer one. In the last term the newer one is
# always on the left, so that "the tag of the left operand" and "the older tag" give different answers.
NESTED_PROGRAMS = tuple(
    f"slope(lambda x: {body} + x * slope(lambda y: y * y * x + y * B, C), x)"
    for body in (
        "x * slope(lambda y: A * x * y + y * (x + B * y), C)",
        "(x + A) * slope(lambda y: y * (B * x + y) * x + x * y, x)",
        "x * slope(lambda y: y * slope(lambda z: x * z * y + A * z * z, B) + x * y, C)",
    )
)


@check("a-d-of-its-own", part="together", points=3)
class OwnD:
    """`together(a, b)` lets each derivative keep its d: nested derivatives come out right.

    (The program is evaluated with the notebook's `slope`.)
    """

    trials = 8

    def inputs(rng):
        def draw():
            text = str(rng.choice(NESTED_PROGRAMS))
            for letter in "ABC":
                text = text.replace(letter, str(some(rng, 0.4, 3)))
            inputs = {"program": text, "x": some(rng, 0.4, 2)}
            return inputs if all(answer(**inputs) is not None for answer in OWN_D.values()) else None

        return until_told_apart(draw, nested_slope, OWN_D)

    def probe(student, program, x):
        return eval(program, {"slope": student.slope, "x": x})

    def expected(program, x):
        return nested_slope(program, x)

    rtol, atol = TOLERANCE
    mistakes = OWN_D
    hint = (
        "While d/dy is being taken, x is a constant, even if x is a Tagged number of an outer derivative: then the "
        "whole Tagged number is the constant. Chapter 3, section 'Dual numbers of dual numbers'."
    )


def nested_slope(program, x):
    return float(eval(program, {"slope": lambda f, x: autodiff.derivative(f)(x), "x": x}))
