"""What the known mistakes of problem set 2 answer: a plain dual number with one wrong rule, on the same expressions."""

import math

import numpy as np

from autograder.checks import Mistake

from .formulas import (
    Number,
    add_in_place,
    answers_with,
    binary,
    derivative_of_program,
    derivatives,
    gradient_of,
    mistaken,
    one_d_for_all,
    power,
    program,
    refused,
    second_derivative_of,
    seen_with,
    tags_of,
    taylor_of,
    to_both_parts,
    unary,
)

# --- Part 1: operators ----------------------------------------------------------------------------------------------


DUAL_PART_OF_CONSTANT_1 = {
    "constant-has-part-1": Mistake(
        "a constant does not change: its dual part is 0, not 1", mistaken(dual_of_constant=lambda self, z: 1.0)
    )
}


NO_OPERATOR = (
    "Python found no operator for a plain number beside a dual one: make it dual with `as_dual(other)`, and write the "
    "methods whose names begin with r for a number on the left"
)


# How a method is written down wrongly, whatever its rule; each is told by the words in which Python refuses it.
NO_AS_DUAL = {
    "no-as-dual": Mistake(
        "a plain number has no dual part: make it dual with `as_dual(other)` before its parts are read",
        lambda **given: AttributeError("'float' object has no attribute 'dual'"),
    ),
}


CALLS_ITSELF = {
    "calls-itself": Mistake(
        "a method calls itself without end, like `other - self` in `__rsub__`: make `other` dual first",
        lambda **given: RecursionError,
    ),
}


NO_RETURN = {
    "no-return": Mistake(
        "a method returns nothing: `return` is missing", lambda **given: AttributeError("'NoneType' object")
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
    "neg-keeps-dual": Mistake(
        "-x falls when x rises: its dual part is -x'", mistaken(__neg__=unary(lambda x, dx: (-x, dx)))
    ),
    **IN_PLACE,
    "no-operator": Mistake(NO_OPERATOR, mistaken(__radd__=refused)),
    **NO_AS_DUAL,
    **CALLS_ITSELF,
    **NO_RETURN,
}


PRODUCTS = {
    **PRODUCT_OF_DUAL_PARTS,
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
    "no-operator": Mistake(NO_OPERATOR, mistaken(__rmul__=refused)),
    **NO_AS_DUAL,
    **NO_RETURN,
}


QUOTIENTS = {
    **PLUS_FOR_MINUS,
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
    "no-operator": Mistake(NO_OPERATOR, mistaken(__rtruediv__=refused)),
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


# --- Part 2: functions ----------------------------------------------------------------------------------------------


TO_BOTH_PARTS = "the function is applied to the dual part too: the dual part is f'(x) x'"


OF_PLAIN_NUMBERS = {
    "plain-to-dual": Mistake(
        "a plain number has no dual part: return a plain number for it",
        lambda **given: AttributeError("'float' object has no attribute 'dual'"),
    ),
}


SINE_COSINE = {
    "no-inner": Mistake(
        "no inner derivative: the slope at the real part is still to be multiplied by the dual part",
        mistaken(
            sin=unary(lambda x, dx: (math.sin(x), math.cos(x))), cos=unary(lambda x, dx: (math.cos(x), -math.sin(x)))
        ),
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
        "the function calls itself with the same z, without end: call it with `z.real`", lambda **given: RecursionError
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
        "the function calls itself with the same z, without end: call it with `z.real`", lambda **given: RecursionError
    ),
}


# --- Part 3: the derivative of a program ----------------------------------------------------------------------------


DERIVATIVE = {
    "value-for-derivative": Mistake(
        "the value of f: the derivative is the dual part", lambda body, times, x: float(program(body, times)(x))
    ),
    "seed-0": Mistake(
        "f got a number with dual part 0, a constant: the dual part must be 1", lambda body, times, x: 0.0
    ),
    "seed-x": Mistake(
        "f got x as dual part too: the dual part of the variable is its own derivative, 1",
        lambda body, times, x: x * derivative_of_program(body, times, x),
    ),
    "plain-x": Mistake(
        "f ran on the plain number x, whose result has no dual part: give it `DualNumber(x, 1.0)`",
        lambda **given: AttributeError("'float' object has no attribute 'dual'"),
    ),
    "divided-difference": Mistake(
        "f got plain numbers, as a divided difference gives it: run it on a dual number",
        lambda body, times, x: math.nan,
    ),
}


# --- Part 4: gradients ----------------------------------------------------------------------------------------------


GRADIENT = {
    "one-d-for-all-variables": Mistake(
        "all variables share one d, so that their derivatives are added: give each a direction of its own",
        lambda body, point: float(np.sum(gradient_of(body, point))),
    ),
    "ones-for-all": Mistake(
        "every variable has ones in all components: variable i has a 1 in component i, and zeros elsewhere",
        lambda body, point: np.full(len(point), np.sum(gradient_of(body, point))),
    ),
    "divided-difference-2": Mistake(
        "f got plain numbers, as a divided difference gives it: run it on dual numbers",
        lambda body, point: np.full(len(point), math.nan),
    ),
    "f-got-a-list": Mistake(
        "f got a list: it takes its n numbers one by one, `f(*numbers)`",
        lambda **given: TypeError("required positional argument"),
    ),
    "list-for-array": Mistake(
        "a list in place of an array: np.array makes one of it", lambda body, point: gradient_of(body, point).tolist()
    ),
}


GRADIENT_IN_ONE_RUN = {
    "one-run-each": Mistake(
        "one run for each variable: give each variable an array as dual part, with all directions in it",
        lambda body, point: {"gradient": gradient_of(body, point), "runs of f on dual numbers": len(point)},
    ),
}


# --- Part 5: again and again ----------------------------------------------------------------------------------------


NUMBER_FOR_FUNCTION = {
    "number-for-function": Mistake(
        "`derivative(f, x)` is a number, and what is differentiated is a function: `lambda y: derivative(f, y)`",
        lambda **given: TypeError("object is not callable"),
    ),
}


SECOND_DERIVATIVE = {
    "first-for-second": Mistake(
        "the first derivative: the second lies in the dual part of the dual part", derivative_of_program
    ),
    "first-squared": Mistake(
        "the square of the first derivative: differentiate the derivative",
        lambda **given: derivative_of_program(**given) ** 2,
    ),
    "half-second": Mistake(
        "f''/2, the Taylor coefficient: the second derivative is twice that",
        lambda **given: second_derivative_of(**given) / 2,
    ),
    "first-plus-second": Mistake(
        "f' + f'': the dual part of the outer number must be the constant 1",
        lambda **given: derivative_of_program(**given) + second_derivative_of(**given),
    ),
    "one-level-constant": Mistake("one of the two levels has dual part 0: both must vary", lambda **given: 0.0),
    **NUMBER_FOR_FUNCTION,
}


TAYLOR = {
    "no-factorial": Mistake(
        "the derivatives: the coefficient c_k is the k-th derivative divided by k!",
        lambda **given: derivatives(taylor_of(**given)),
    ),
    "k-for-factorial": Mistake(
        "divided by k in place of k!",
        lambda **given: derivatives(taylor_of(**given)) / [max(k, 1) for k in range(given["order"] + 1)],
    ),
    "next-factorial": Mistake(
        "divided by (k + 1)! in place of k!",
        lambda **given: taylor_of(**given) / [k + 1 for k in range(given["order"] + 1)],
    ),
    "no-c0": Mistake("c_0, the value of f, is missing", lambda **given: taylor_of(**given)[1:]),
    "lambda-calls-itself": Mistake(
        "`f = lambda y: derivative(f, y)` calls itself: a lambda looks `f` up only when it is called",
        lambda **given: RecursionError,
    ),
    **NUMBER_FOR_FUNCTION,
    "list-for-array": Mistake(
        "a list in place of an array: np.array makes one of it", lambda **given: taylor_of(**given).tolist()
    ),
}


# --- Part 6: whose d is it? -----------------------------------------------------------------------------------------


OWN_D = {
    "one-d-for-all": Mistake(
        "one d for all: a number with an older tag is a constant here, whatever its dual part",
        answers_with(one_d_for_all),
    ),
    "left-tag": Mistake(
        "the tag of the left operand, also where the right one is newer",
        answers_with(lambda a, b: seen_with(tags_of(a, b)[0], a, b)),
    ),
    "no-isinstance": Mistake(
        "a plain number has no tag and no parts: ask isinstance(a, Tagged) before you read them",
        lambda program, x: AttributeError("object has no attribute"),
    ),
    "older-tag": Mistake(
        "the older tag in place of the newer one", answers_with(lambda a, b: seen_with(min(tags_of(a, b)), a, b))
    ),
    "real-part-of-older": Mistake(
        "the real part of an older number in place of the number: its own derivative is lost",
        answers_with(lambda a, b: seen_with(max(tags_of(a, b)), a, b, of_others=lambda z: z.real)),
    ),
}
