"""What the known mistakes of problem set 2 answer: a plain dual number with one wrong rule, on the same expressions."""

import math

from autograder.checks import Breaks, Mistake, Raises

from .formulas import (
    Number,
    add_in_place,
    binary,
    mistaken,
    negate_in_place,
    power,
    refused,
    to_both_parts,
    to_parts_alone,
    unary,
)

# --- Part 1: operators ----------------------------------------------------------------------------------------------


DUAL_PART_OF_CONSTANT_1 = {
    "constant-has-part-1": Mistake(
        "a constant does not change: its dual part is 0, not 1", mistaken(dual_of_constant=lambda self, z: 1.0)
    )
}


WITHOUT_OPERATOR = (
    "Python found no operator for a plain number beside a dual one: make it dual with `as_dual(other)`, and write the "
    "methods whose names begin with r for a number on the left"
)


NO_PART = ("'float' object has no attribute 'dual'", "'int' object has no attribute 'dual'")
# How a method is written down wrongly, whatever its rule; each is told by the words in which Python refuses it.
NO_AS_DUAL = {
    "no-as-dual": Mistake(
        "a plain number has no dual part: make it dual with `as_dual(other)` before its parts are read",
        lambda **given: Raises(AttributeError, NO_PART, line=r"other"),
    ),
}


CALLS_ITSELF = {
    "calls-itself": Mistake(
        "a method calls itself without end, like `other - self` in `__rsub__`: make `other` dual first",
        lambda **given: Raises(RecursionError, "maximum recursion depth exceeded", line=r"other|self"),
    ),
}


NO_RETURN = {
    "no-return": Mistake(
        "a method returns nothing: `return` is missing",
        lambda **given: Raises(AttributeError, "'NoneType' object has no attribute", by_probe=True),
    ),
}


WRONG_WAY_ROUND = {
    "rsub-turned-round": Mistake(
        "`__rsub__` subtracts the wrong way round: in c - x the number c stands on the left",
        mistaken(__rsub__=Number.__sub__),
    )
}


IN_PLACE = {
    "operands-changed": Mistake(
        "an operator changes its operands: make a new number in every method", mistaken(__add__=add_in_place)
    )
}


PRODUCT_OF_DUAL_PARTS = {
    "product-of-duals": Mistake(
        "the product of the dual parts in place of the product rule",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, dx * dy))),
    )
}


PLUS_FOR_MINUS = {
    "quotient-plus": Mistake(
        "plus for minus in the quotient rule",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, (dx * y + x * dy) / y**2))),
    )
}


POWER_NOT_LOWERED = {
    "power-not-lowered": Mistake(
        "n x^n for n x^(n-1): the exponent falls by one",
        mistaken(__pow__=power(lambda x, dx, n: (x**n, n * x**n * dx))),
    )
}


POWER_NO_INNER = {
    "power-no-inner": Mistake(
        "no inner derivative: n x^(n-1) is still to be multiplied by x'",
        mistaken(__pow__=power(lambda x, dx, n: (x**n, n * x ** (n - 1)))),
    )
}


SUMS = {
    **WRONG_WAY_ROUND,
    "rsub-sign": Mistake(
        "c - x falls when x rises: its dual part is -x'",
        mistaken(__rsub__=lambda self, c: type(self)(c - self.real, self.dual)),
    ),
    **DUAL_PART_OF_CONSTANT_1,
    "constant-has-its-part": Mistake(
        "a constant does not change: its dual part is 0, not the constant", mistaken(dual_of_constant=lambda self, z: z)
    ),
    "sub-adds-duals": Mistake(
        "the dual parts are added where the real parts are subtracted",
        mistaken(__sub__=binary(lambda x, dx, y, dy: (x - y, dx + dy))),
    ),
    "parts-not-kept": Mistake(
        "a part is made a number of a certain kind: keep what you are given, later it is an array or a dual number",
        lambda **given: Breaks("does not keep its parts"),
    ),
    "parts-made-floats": Mistake(
        "`float(...)` takes plain numbers only: keep what you are given, later it is an array or a dual number",
        lambda **given: Raises(TypeError, "float() argument must be", line=r"float[(]"),
    ),
    "negated-in-place": Mistake("`-x` changes x: make a new number in every method", mistaken(__neg__=negate_in_place)),
    "neg-keeps-dual": Mistake(
        "-x falls when x rises: its dual part is -x'", mistaken(__neg__=unary(lambda x, dx: (-x, dx)))
    ),
    **IN_PLACE,
    "no-operator": Mistake(WITHOUT_OPERATOR, mistaken(__radd__=refused)),
    **NO_AS_DUAL,
    **CALLS_ITSELF,
    **NO_RETURN,
}


PRODUCTS = {
    **PRODUCT_OF_DUAL_PARTS,
    "product-adds-duals": Mistake(
        "the dual parts are added in a product: each is multiplied by the other's real part first",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, dx + dy))),
    ),
    "factor-leaves-dual": Mistake(
        "a plain factor leaves the dual part alone: c x rises c times as fast as x",
        mistaken(__mul__=to_parts_alone(lambda x, c: x * c)(Number.__mul__)),
    ),
    "product-first-term": Mistake(
        "only the first term of the product rule, x y': x' y is missing",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dy))),
    ),
    "product-second-term": Mistake(
        "only the second term of the product rule, x' y: x y' is missing",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, dx * y))),
    ),
    "product-term-lost": Mistake(
        "a term of the product rule is missing, x' y, in x * y as in x * c",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dy)), __rmul__=lambda self, c: self.lift(c) * self),
    ),
    "product-other-term-lost": Mistake(
        "a term of the product rule is missing, x y', in x * y as in c * x",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, dx * y)), __rmul__=lambda self, c: self.lift(c) * self),
    ),
    "product-minus": Mistake(
        "minus for plus in the product rule", mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dy - dx * y)))
    ),
    "complex-product": Mistake(
        "the real part x y - x' y' belongs to complex numbers, where i^2 = -1; here d^2 = 0",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y - dx * dy, x * dy + dx * y))),
    ),
    "d-squared-kept": Mistake(
        "the term x' y' is kept: it has d^2, and d^2 = 0",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dy + dx * y + dx * dy))),
    ),
    **DUAL_PART_OF_CONSTANT_1,
    "no-operator": Mistake(WITHOUT_OPERATOR, mistaken(__rmul__=refused)),
    **NO_AS_DUAL,
    **NO_RETURN,
}


QUOTIENTS = {
    **PLUS_FOR_MINUS,
    "divisor-leaves-dual": Mistake(
        "a plain divisor leaves the dual part alone: x / c rises c times more slowly than x",
        mistaken(__truediv__=to_parts_alone(lambda x, c: x / c)(Number.__truediv__)),
    ),
    "quotient-turned": Mistake(
        "the two terms of the quotient rule are exchanged: it begins with x' y",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, (x * dy - dx * y) / y**2))),
    ),
    "quotient-not-squared": Mistake(
        "the quotient rule divides by the square of the denominator",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, (dx * y - x * dy) / y))),
    ),
    "rtruediv-turned-round": Mistake(
        "`__rtruediv__` divides the wrong way round: in c / x the number c stands above",
        mistaken(__rtruediv__=Number.__truediv__),
    ),
    "rtruediv-sign": Mistake(
        "c / x falls when x rises: its dual part has a minus",
        mistaken(__rtruediv__=lambda self, c: type(self)(c / self.real, c * self.dual / self.real**2)),
    ),
    "rtruediv-no-c": Mistake(
        "the c is missing in the dual part of c / x",
        mistaken(__rtruediv__=lambda self, c: type(self)(c / self.real, -self.dual / self.real**2)),
    ),
    "quotient-of-duals": Mistake(
        "the dual parts are divided by each other, and that of a constant is 0: use the quotient rule",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, dx / dy))),
    ),
    **DUAL_PART_OF_CONSTANT_1,
    "no-operator": Mistake(WITHOUT_OPERATOR, mistaken(__rtruediv__=refused)),
    **NO_AS_DUAL,
    **CALLS_ITSELF,
    **NO_RETURN,
}


POWERS = {
    **POWER_NOT_LOWERED,
    **POWER_NO_INNER,
    "power-0-is-plain": Mistake(
        "x ** 0 is the dual number 1 + 0 d, not the plain number 1",
        mistaken(__pow__=lambda self, n: 1.0 if n == 0 else Number.__pow__(self, n)),
    ),
    "power-precedence": Mistake(
        "x**n - 1 is read as (x^n) - 1: write x**(n - 1)",
        mistaken(__pow__=power(lambda x, dx, n: (x**n, n * (x**n - 1) * dx))),
    ),
    "power-no-factor": Mistake(
        "the factor n is missing", mistaken(__pow__=power(lambda x, dx, n: (x**n, x ** (n - 1) * dx)))
    ),
    "dual-to-the-power": Mistake(
        "the dual part is raised to the power too", mistaken(__pow__=power(lambda x, dx, n: (x**n, dx**n)))
    ),
    "branch-on-value": Mistake(
        "a branch on the value, `if x == 1`: a constant is returned there, and the derivative of a constant is 0",
        mistaken(__pow__=power(lambda x, dx, n: (1.0, 0.0) if x == 1 else (x**n, n * x ** (n - 1) * dx))),
    ),
    "range-of-exponent": Mistake(
        "`range(n)` counts whole numbers only: the exponent may be a fraction",
        mistaken(__pow__=power(lambda x, dx, n: (range(n), None))),
    ),
    "log-of-base": Mistake(
        "the logarithm of a negative number: where n is whole, the real part may be negative",
        mistaken(__pow__=power(lambda x, dx, n: (math.log(x), None))),
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


# Longer expressions are drawn until each wrong rule of the four checks before them shows, whether or not it is named
# there: so no such class passes by luck. They hold no -x, no x ** 0 and no base that is exactly 1.
TOLD_BY_EXPRESSIONS = {
    id: mistake
    for id, mistake in (SUMS | PRODUCTS | QUOTIENTS | POWERS).items()
    if id not in ("neg-keeps-dual", "negated-in-place", "power-0-is-plain", "branch-on-value")
}


# --- Part 2: functions ----------------------------------------------------------------------------------------------


TO_BOTH_PARTS = "the function is applied to the dual part too: the dual part is f'(x) x'"


OF_PLAIN_NUMBERS = {
    "plain-to-dual": Mistake(
        "a plain number has no dual part: return a plain number for it",
        lambda **given: Raises(AttributeError, NO_PART, line=r"(sin|cos|exp|log|sqrt)[(]"),
    ),
}


SINE_COSINE = {
    "no-inner": Mistake(
        "no inner derivative: the slope at the real part is still to be multiplied by the dual part",
        mistaken(
            sin=unary(lambda x, dx: (math.sin(x), math.cos(x))), cos=unary(lambda x, dx: (math.cos(x), -math.sin(x)))
        ),
    ),
    "sine-no-inner": Mistake(
        "no inner derivative in `sin`: cos(x) is still to be multiplied by the dual part",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.cos(x)))),
    ),
    "cosine-no-inner": Mistake(
        "no inner derivative in `cos`: -sin(x) is still to be multiplied by the dual part",
        mistaken(cos=unary(lambda x, dx: (math.cos(x), -math.sin(x)))),
    ),
    "cosine-sign": Mistake(
        "the derivative of the cosine is minus the sine",
        mistaken(cos=unary(lambda x, dx: (math.cos(x), math.sin(x) * dx))),
    ),
    "slope-at-result": Mistake(
        "the slope is taken at the result, cos(sin(x)): it belongs to the real part that came in, cos(x)",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.cos(math.sin(x)) * dx))),
    ),
    "to-both-parts": Mistake(TO_BOTH_PARTS, mistaken(sin=to_both_parts(math.sin), cos=to_both_parts(math.cos))),
    **OF_PLAIN_NUMBERS,
    "function-calls-itself": Mistake(
        "the function calls itself with the same z, without end: call it with `z.real`",
        lambda **given: Raises(
            RecursionError, "maximum recursion depth exceeded", line=r"(?<![.\w])(sin|cos|exp|log|sqrt)[(]"
        ),
    ),
}


EXP_LOG_SQRT = {
    "no-inner": Mistake(
        "no inner derivative: the slope at the real part is still to be multiplied by the dual part",
        mistaken(
            exp=unary(lambda x, dx: (math.exp(x), math.exp(x))),
            log=unary(lambda x, dx: (math.log(x), 1 / x)),
            sqrt=unary(lambda x, dx: (math.sqrt(x), 1 / (2 * math.sqrt(x)))),
        ),
    ),
    "exp-no-inner": Mistake(
        "no inner derivative in `exp`: exp(x) is still to be multiplied by the dual part",
        mistaken(exp=unary(lambda x, dx: (math.exp(x), math.exp(x)))),
    ),
    "log-no-inner": Mistake(
        "no inner derivative in `log`: 1 / x is still to be multiplied by the dual part",
        mistaken(log=unary(lambda x, dx: (math.log(x), 1 / x))),
    ),
    "root-no-inner": Mistake(
        "no inner derivative in `sqrt`: 1 / (2 sqrt(x)) is still to be multiplied by the dual part",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), 1 / (2 * math.sqrt(x))))),
    ),
    "exp-times-x": Mistake(
        "exp(x) is multiplied by x: its derivative is itself, and the inner one is the dual part",
        mistaken(exp=unary(lambda x, dx: (math.exp(x), x * math.exp(x) * dx))),
    ),
    "exp-as-power": Mistake(
        "the power rule on the exponential: its derivative is itself",
        mistaken(exp=unary(lambda x, dx: (math.exp(x), x * math.exp(x - 1) * dx))),
    ),
    "log-slope-x": Mistake(
        "the slope of the logarithm is 1 / x, not x", mistaken(log=unary(lambda x, dx: (math.log(x), x * dx)))
    ),
    "root-no-2": Mistake(
        "the 2 is missing: the slope of the root is 1 / (2 sqrt(x))",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), dx / math.sqrt(x)))),
    ),
    "root-of-x-lost": Mistake(
        "the slope of the root is 1 / (2 sqrt(x)), not 1 / (2 x)",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), dx / (2 * x)))),
    ),
    "to-both-parts": Mistake(
        TO_BOTH_PARTS, mistaken(exp=to_both_parts(math.exp), log=to_both_parts(math.log), sqrt=to_both_parts(math.sqrt))
    ),
    **OF_PLAIN_NUMBERS,
    "function-calls-itself": Mistake(
        "the function calls itself with the same z, without end: call it with `z.real`",
        lambda **given: Raises(
            RecursionError, "maximum recursion depth exceeded", line=r"(?<![.\w])(sin|cos|exp|log|sqrt)[(]"
        ),
    ),
}


# --- Part 3: the derivative of a program ----------------------------------------------------------------------------


# --- Part 4: gradients ----------------------------------------------------------------------------------------------


# --- Part 5: again and again ----------------------------------------------------------------------------------------


# --- Part 6: whose d is it? -----------------------------------------------------------------------------------------
