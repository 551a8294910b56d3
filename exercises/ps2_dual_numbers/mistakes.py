"""What the known mistakes of problem set 2 answer: a plain dual number with one wrong rule, on the same expressions."""

import math

from autograder.checks import Breaks, Mistake, Raises

from .formulas import (
    Number,
    add_in_place,
    binary,
    mistaken,
    multiply_in_place,
    negate_in_place,
    power,
    refused,
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


NO_DUAL_NUMBER = {
    "as-dual-plain": Mistake(
        "`as_dual` returns no dual number for a plain one: return `DualNumber(z, ...)`, with the dual part that a "
        "constant has",
        lambda **given: Raises(TypeError, "which is no DualNumber", by_probe=True),
    ),
}


NO_PART = ("'float' object has no attribute 'dual'", "'int' object has no attribute 'dual'")
# How a method is written down wrongly, whatever its rule; each is told by the words in which Python refuses it.
NO_AS_DUAL = NO_DUAL_NUMBER | {
    "no-as-dual": Mistake(
        "a plain number has no dual part: make it dual with `as_dual(other)` before its parts are read",
        lambda **given: Raises(AttributeError, NO_PART, line=r"^(?!.*real[.]dual).*other"),
    ),
}


CALLS_ITSELF = {
    "calls-itself": Mistake(
        "a method calls itself without end, itself or through another one, like `other - self` in `__rsub__`: each "
        "chain must end at numbers made of the parts, `.real` and `.dual`",
        lambda **given: Raises(RecursionError, "maximum recursion depth exceeded", line=r"other|self"),
    ),
}


NO_RETURN = {
    "no-return": Mistake(
        "a method returns nothing: `return` is missing",
        lambda **given: Raises(AttributeError, "'NoneType' object has no attribute", by_probe=True),
    ),
}


CONSTANT_EXCHANGED = Mistake(
    "real and dual part of a constant are exchanged: it is c + 0 d",
    mistaken(parts_of_constant=lambda self, z: (0.0, z)),
)


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
    "rsub-negates-both": Mistake(
        "c - x is -x + c: in `-x - c` the number is subtracted too",
        mistaken(__rsub__=lambda self, c: type(self)(-self.real - c, -self.dual)),
    ),
    "neg-keeps-real": Mistake(
        "-x has the real part -x: both parts change their sign", mistaken(__neg__=unary(lambda x, dx: (x, -dx)))
    ),
    "constant-exchanged": CONSTANT_EXCHANGED,
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
    "product-own-duals": Mistake(
        "each real part is multiplied by its own dual part: it is the *other* number's that it is multiplied by",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dx + y * dy))),
    ),
    "product-one-term-twice": Mistake(
        "x y' stands there twice, and x' y not at all",
        mistaken(__mul__=binary(lambda x, dx, y, dy: (x * y, x * dy + dy * x))),
    ),
    "multiplied-in-place": Mistake(
        "a product is written into one of its operands: make a new number in every method",
        mistaken(__mul__=multiply_in_place),
    ),
    "constant-exchanged": CONSTANT_EXCHANGED,
    "factor-leaves-dual": Mistake(
        "a plain factor leaves the dual part alone: c x rises c times as fast as x",
        mistaken(__mul__=to_parts_alone(lambda x, c: x * c)(Number.__mul__)),
    ),
    "left-factor-leaves-dual": Mistake(
        "a plain factor on the left leaves the dual part alone: c x rises c times as fast as x",
        mistaken(__rmul__=lambda self, c: type(self)(c * self.real, self.dual)),
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
    "quotient-over-numerator": Mistake(
        "the quotient rule divides by the square of the denominator, not of the numerator",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, (dx * y - x * dy) / x**2))),
    ),
    "quotient-no-brackets": Mistake(
        "without brackets x' y - x y' / y**2 divides the second term alone",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, dx * y - x * dy / y**2))),
    ),
    "quotient-precedence": Mistake(
        "`/ y * y` divides by y and multiplies by y again: write `/ (y * y)`",
        mistaken(__truediv__=binary(lambda x, dx, y, dy: (x / y, (dx * y - x * dy) / y * y))),
    ),
    "rtruediv-parts": Mistake(
        "c / x divides c by each part: its dual part is -c x' / x^2",
        mistaken(__rtruediv__=lambda self, c: type(self)(c / self.real, c / self.dual)),
    ),
    "rtruediv-of-1": Mistake(
        "1 / x in place of c / x: the number on the left is lost",
        mistaken(__rtruediv__=lambda self, c: self.lift(1.0) / self),
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
    **NO_DUAL_NUMBER,
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
    "power-of-dual-part": Mistake(
        "n x'^(n-1): the derivative is taken at the real part, and x' is a factor",
        mistaken(__pow__=power(lambda x, dx, n: (x**n, n * dx ** (n - 1)))),
    ),
    "power-factor-lowered": Mistake(
        "the factor is n, and not n - 1", mistaken(__pow__=power(lambda x, dx, n: (x**n, (n - 1) * x ** (n - 1) * dx)))
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


# One slip of the class is one slip: what the four checks before know, the longer expressions know too, and it costs
# once. These are drawn until each wrong rule shows, so that no such class passes by luck; they hold no -x, no x ** 0
# and no base that is exactly 1.
IN_EXPRESSIONS = {
    id: mistake
    for id, mistake in (SUMS | PRODUCTS | QUOTIENTS | POWERS).items()
    if id
    not in (
        *("neg-keeps-dual", "neg-keeps-real", "negated-in-place", "power-0-is-plain", "branch-on-value"),
        *("parts-not-kept", "parts-made-floats", "no-operator", "range-of-exponent", "constant-exchanged"),
    )
}
