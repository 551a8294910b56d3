"""What the known mistakes of problem set 3 answer: the same programs under a table with one wrong rule."""

import numpy as np

from autograder.checks import Mistake, Raises, answering

from .formulas import (
    RULES,
    by_name,
    count,
    dual_current,
    dual_tide,
    other_value,
    reached,
    sizes,
    trace,
    trace_values,
    trace_with,
    transformed,
    with_right_values,
)

# --- Rules, right and wrong: (value y, tangents, operands) -> tangent -----------------------------------------------


WRONG_RULES = {
    "product-of-tangents": Mistake(
        "the product of the tangents: the product rule has two terms, each with one tangent",
        {"*": lambda y, t, a, b: t[0] * t[1]},
    ),
    "product-first-term": Mistake("only the first term of the product rule", {"*": lambda y, t, a, b: t[0] * b}),
    "product-second-term": Mistake("only the second term of the product rule", {"*": lambda y, t, a, b: a * t[1]}),
    "product-own-tangents": Mistake(
        "each factor stands beside its own tangent: it is the *other* factor that stays",
        {"*": lambda y, t, a, b: t[0] * a + b * t[1]},
    ),
    "quotient-plus": Mistake("plus for minus in the quotient rule", {"/": lambda y, t, a, b: (t[0] + y * t[1]) / b}),
    "quotient-of-tangents": Mistake(
        "the quotient of the tangents", {"/": lambda y, t, a, b: t[0] / t[1] if t[1] else np.inf}
    ),
    "quotient-not-squared": Mistake(
        "the quotient rule divides by b in place of b squared", {"/": lambda y, t, a, b: (t[0] * b - a * t[1]) / b}
    ),
    "quotient-constant-below": Mistake(
        "the quotient is differentiated as if its denominator were a constant", {"/": lambda y, t, a, b: t[0] / b}
    ),
    "quotient-term-not-squared": Mistake(
        "da / b - a / b * db: the second term of the quotient rule divides by b squared",
        {"/": lambda y, t, a, b: t[0] / b - a / b * t[1]},
    ),
    "quotient-brackets-missing": Mistake(
        "without brackets, da - y * db / b divides the last term alone", {"/": lambda y, t, a, b: t[0] - y * t[1] / b}
    ),
    "quotient-over-numerator": Mistake(
        "the quotient rule divides by the square of the denominator, not of the numerator",
        {"/": lambda y, t, a, b: (t[0] * b - a * t[1]) / a**2},
    ),
    "product-and-quotient-of-tangents": Mistake(
        "the product of the tangents for a product, and the quotient of the tangents for a quotient: each rule has "
        "two terms",
        {"*": lambda y, t, a, b: t[0] * t[1], "/": lambda y, t, a, b: t[0] / t[1] if t[1] else np.inf},
    ),
    "quotient-exchanged": Mistake(
        "numerator and denominator are exchanged in the quotient rule",
        {"/": lambda y, t, a, b: (a * t[1] - t[0] * b) / b**2},
    ),
    "sin-no-inner": Mistake(
        "no inner derivative: cos(a) must be multiplied by the tangent of a", {"sin": lambda y, t, a: np.cos(a)}
    ),
    "sin-by-value": Mistake(
        "cos(a) is multiplied by a: it must be multiplied by the tangent of a",
        {"sin": lambda y, t, a: np.cos(a) * a},
    ),
    "sin-of-tangent": Mistake(
        "the sine of the tangent: the derivative of sin(a) is cos(a) times the tangent",
        {"sin": lambda y, t, a: np.sin(t[0])},
    ),
    "sin-cos-of-tangent": Mistake(
        "the cosine of the tangent: it is cos(a), times the tangent", {"sin": lambda y, t, a: np.cos(t[0])}
    ),
    "sin-sign": Mistake(
        "the wrong sign: the derivative of sin is cos, without a minus", {"sin": lambda y, t, a: -np.cos(a) * t[0]}
    ),
    "sin-cos-of-result": Mistake(
        "cos of the result: it must be cos of the operand", {"sin": lambda y, t, a: np.cos(y) * t[0]}
    ),
    "cos-sign": Mistake("the sign of the derivative of cos: it is -sin(a)", {"cos": lambda y, t, a: np.sin(a) * t[0]}),
    "exp-no-inner": Mistake(
        "no inner derivative: exp(a) must be multiplied by the tangent of a", {"exp": lambda y, t, a: y}
    ),
    "exp-passed-by": Mistake(
        "exp is passed by: its tangent is exp(a) times that of a, not that of a", {"exp": lambda y, t, a: t[0]}
    ),
    "exp-of-tangent": Mistake(
        "the exponential of the tangent: it is exp(a), times the tangent", {"exp": lambda y, t, a: np.exp(t[0])}
    ),
    "exp-as-power": Mistake(
        "exp is differentiated like a power, a * exp(a - 1)", {"exp": lambda y, t, a: a * np.exp(a - 1) * t[0]}
    ),
    "log-multiplied": Mistake(
        "log is multiplied where it must be divided: the derivative of log(a) is 1 / a",
        {"log": lambda y, t, a: t[0] * a},
    ),
    "log-of-result": Mistake(
        "the logarithm is divided by its result in place of its operand", {"log": lambda y, t, a: t[0] / y}
    ),
    "minus-plus": Mistake("plus for minus: the tangent of a - b is da - db", {"-": lambda y, t, a, b: t[0] + t[1]}),
    "minus-turned-round": Mistake("the difference is the wrong way round", {"-": lambda y, t, a, b: t[1] - t[0]}),
    "sum-multiplied": Mistake("the tangents of a sum are multiplied: they add", {"+": lambda y, t, a, b: t[0] * t[1]}),
    "copy-no-tangent": Mistake("a copy has no tangent: it has that of what is copied", {"=": lambda y, t, a: 0.0}),
}


def with_rules(answer, *operations):
    """Make the mistakes that exchange a rule of one of these operations: ``answer(rules)`` gives what they answer."""
    wrong = {id: mistake for id, mistake in WRONG_RULES.items() if set(mistake.answer) <= set(operations)}
    return answering(lambda changed: answer(RULES | changed), wrong)


def all_by_name(names, mistakes):
    return answering(lambda answer: by_name(names, answer), mistakes)


# --- Part 1: the trace ------------------------------------------------------------------------------------------------


NO_EXP = Mistake(
    "`exp` alone is no name here: NumPy's is called np.exp",
    lambda **given: Raises(NameError, "name 'exp' is not defined", line=r"(?<![.\w])exp[(]"),
)
NOT_TWO_LISTS = Mistake(
    "what is returned is not two lists: `return values, tangents`, with the six values first",
    lambda **given: Raises(ValueError, "too many values to unpack (expected 2", by_probe=True),
)


VALUE = {
    "w3-of-w1": Mistake("w3 is the exponential of w1: it is that of w2", other_value(2, lambda w: np.exp(w[0]))),
    "w3-times-e": Mistake(
        "w3 is e times w2: np.e * w2 is a product, and np.exp(w2) the power", other_value(2, lambda w: np.e * w[1])
    ),
    "w3-of-product": Mistake(
        "w3 is the exponential of w1 * w2: it is that of w2", other_value(2, lambda w: np.exp(w[0] * w[1]))
    ),
    "no-exp": NO_EXP,
    "not-two-lists": NOT_TWO_LISTS,
    "w3-few-digits": Mistake(
        "w3 is a power of 2.718 in few digits: use np.exp", other_value(2, lambda w: 2.718 ** w[1])
    ),
    "w5-upside-down": Mistake("w5 is w2 / w1: it is w1 / w2", other_value(4, lambda w: w[1] / w[0])),
    "w5-floor": Mistake("w5 is rounded down by `//`", other_value(4, lambda w: w[0] // w[1])),
    "w6-turned-round": Mistake("w6 is w5 - w4: it is w4 - w5", other_value(5, lambda w: w[4] - w[3])),
    "w6-plus": Mistake("w6 is w4 + w5: it is w4 - w5", other_value(5, lambda w: w[3] + w[4])),
    "tangents-first": Mistake("the tangents are returned first, and the values second", trace(RULES)),
}


TANGENT = {
    **with_rules(lambda rules: trace(rules), "*", "/", "exp", "-"),
    "dw3-from-dx1": Mistake(
        "dw3 is made of dx1: w3 is the exponential of w2, and moves with dx2", trace_with(dw3=lambda w, d: w[2] * d[0])
    ),
    "dw4-from-dx2": Mistake(
        "dw4 reads dx2 where w3 stands in the line: the second term of the product rule is w1 * dw3",
        trace_with(dw4=lambda w, d: d[0] * w[2] + w[0] * d[1]),
    ),
    "no-exp": NO_EXP,
    "not-two-lists": NOT_TWO_LISTS,
    "inputs-1-0": Mistake(
        "the inputs are given the tangents 1 and 0, whatever dx1 and dx2 are", trace(RULES, (1.0, 0.0))
    ),
    "inputs-0-1": Mistake(
        "the inputs are given the tangents 0 and 1, whatever dx1 and dx2 are", trace(RULES, (0.0, 1.0))
    ),
    "inputs-1-1": Mistake("both inputs are given the tangent 1, whatever dx1 and dx2 are", trace(RULES, (1.0, 1.0))),
    "values-for-tangents": Mistake("the values are returned in the place of the tangents", trace_values),
}


# As the check of the tangents sees both lists.
BOTH = answering(with_right_values, TANGENT) | {
    "tangents-first": Mistake(
        "the tangents are returned first, and the values second",
        lambda **given: [*trace_values(**given), *trace(RULES)(**given)],
    ),
}


# --- Part 2: counts ---------------------------------------------------------------------------------------------------


COUNT = {
    "copies-counted": Mistake("copies are counted: a copy costs nothing", lambda program: len(program)),
    "operands-counted": Mistake(
        "operands are counted in place of operations", lambda program: sum(len(operands) for *_, operands in program)
    ),
    "functions-left-out": Mistake(
        "functions are left out: sin, cos, exp and log are operations too",
        lambda program: sum(operation in "+-*/" for _, operation, _ in program),
    ),
    "only-functions": Mistake(
        "only functions are counted: + - * / are operations too",
        lambda program: sum(operation not in "+-*/=" for _, operation, _ in program),
    ),
    "each-kind-once": Mistake(
        "each kind of operation is counted once, however often it occurs",
        lambda program: len({operation for _, operation, _ in program} - {"="}),
    ),
    "last-line-forgotten": Mistake("the last line is forgotten", lambda program: count(program[:-1])),
    "one-too-many": Mistake("one too many: nothing but the operations counts", lambda program: count(program) + 1),
}


def _without_lines(program):
    """What a KeyError says of an operand that no line of the program computes: its name, or the number."""
    lines = {name for name, *_ in program}
    return [f"KeyError: {one!r}" for *_, operands in program for one in operands if one not in lines]


WRITTEN = {
    "each-line-once": Mistake("each line is counted once: a result that is used twice is written twice", reached),
    "all-lines-once": Mistake("all lines of the program are counted, each once", count),
    "own-operation-lost": Mistake(
        "the operations below are added up, but not the line's own",
        lambda program: sum(sizes(program).get(one, 0) for one in program[-1][2]),
    ),
    "copies-counted": Mistake(
        "copies are counted: a copy costs nothing",
        lambda program: sizes(program, own=lambda operation: True)[program[-1][0]],
    ),
    "inputs-and-numbers-counted": Mistake(
        "inputs and numbers are counted: they are no operations",
        lambda program: sizes(program, leaf=1, number=1)[program[-1][0]],
    ),
    "no-line-for-input": Mistake(
        "an input or a number has no line: its formula has 0 operations",
        lambda program: Raises(KeyError, _without_lines(program)),
    ),
    "inputs-counted": Mistake(
        "inputs are counted: they are no operations", lambda program: sizes(program, leaf=1)[program[-1][0]]
    ),
    "same-name-once": Mistake(
        "a line that uses the same name twice counts it once: it is written twice",
        lambda program: sizes(program, twice=False)[program[-1][0]],
    ),
    "first-operand-only": Mistake(
        "only the first operand is written out: both are",
        lambda program: sizes(program, counts=lambda inner: inner[:1])[program[-1][0]],
    ),
    "all-lines-added": Mistake(
        "the formulas of all lines are added up: only that of the last line is asked for",
        lambda program: sum(sizes(program).values()),
    ),
}


# --- Part 3: dual programs by hand ------------------------------------------------------------------------------------


ONE_NUMBER = Mistake(
    "one number is returned where two are asked for: the value, and its tangent",
    lambda **given: Raises(
        TypeError, [f"cannot unpack non-iterable {kind} object" for kind in ("numpy.float64", "float")], by_probe=True
    ),
)
BY_A_STEP = Mistake(
    "the original is run beside the point, for a divided difference or a complex step: a dual program has a line of "
    "tangents for each line of the original",
    lambda **given: Raises(ValueError, "was called beside the point"),
)


CURRENT_MISTAKES = {
    **with_rules(lambda rules: dual_current(rules), "*", "/", "sin", "-"),
    "square-once": Mistake(
        "the square is differentiated once: w5 stands in the product twice, so 2 w5 dw5",
        dual_current(RULES, square=lambda y, t, a: a * t[0]),
    ),
    "square-no-inner": Mistake(
        "2 w5 without dw5: the inner derivative of the square is missing",
        dual_current(RULES, square=lambda y, t, a: 2 * a),
    ),
    "square-of-tangent": Mistake(
        "the tangent of the square is the square of the tangent", dual_current(RULES, square=lambda y, t, a: t[0] ** 2)
    ),
    "inputs-1-0": Mistake(
        "the inputs are given the tangents 1 and 0, whatever dx1 and dx2 are", dual_current(RULES, (1.0, 0.0))
    ),
    "inputs-0-1": Mistake(
        "the inputs are given the tangents 0 and 1, whatever dx1 and dx2 are", dual_current(RULES, (0.0, 1.0))
    ),
    "inputs-1-1": Mistake(
        "both inputs are given the tangent 1, whatever dx1 and dx2 are", dual_current(RULES, (1.0, 1.0))
    ),
    "one-number": ONE_NUMBER,
    "by-a-step": BY_A_STEP,
    "wrong-order": Mistake(
        "tangent and value are returned in the wrong order", lambda **inputs: dual_current(RULES)(**inputs)[::-1]
    ),
}


TIDE = {
    "x-overwritten": Mistake(
        "x is overwritten before its tangent is computed: the tangent's line then reads the new x",
        dual_tide(after=True),
    ),
    "tide-first-term": Mistake(
        "only the first term of the product rule: exp(-r x) depends on x and r too",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e),
    ),
    "product-second-term": Mistake(
        "only the second term of the product rule", dual_tide(even=lambda x, r, e, dx, dr: x * e * (-dr * x - r * dx))
    ),
    "exponent-no-inner": Mistake(
        "no inner derivative: exp must be multiplied by the tangent of -r * x",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e),
    ),
    "exponent-r-constant": Mistake(
        "in the exponent r is taken for a constant: -r * x is a product of two variables",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e * (-r * dx)),
    ),
    "exponent-x-constant": Mistake(
        "in the exponent x is taken for a constant: -r * x is a product of two variables",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e * (-dr * x)),
    ),
    "exponent-sign": Mistake(
        "the minus of the exponent is lost", dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e * (dr * x + r * dx))
    ),
    "product-of-tangents": Mistake(
        "the product of the tangents: the product rule has two terms, each with one tangent",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e * (-dr * x - r * dx)),
    ),
    "rr-constant": Mistake(
        "r * r is taken for a constant: its tangent is 2 r dr", dual_tide(odd=lambda x, r, dx, dr: dx)
    ),
    "rr-half": Mistake("the tangent of r * r is 2 r dr, not r dr", dual_tide(odd=lambda x, r, dx, dr: dx + r * dr)),
    "rr-no-dr": Mistake(
        "2 r without dr: the tangent of r * r is 2 r dr", dual_tide(odd=lambda x, r, dx, dr: dx + 2 * r)
    ),
    "sum-loses-x": Mistake(
        "the tangent of x is lost in the sum: x + r * r depends on x too",
        dual_tide(odd=lambda x, r, dx, dr: 2 * r * dr),
    ),
    "branches-exchanged": Mistake("the two branches are exchanged, as where k counts from 1", dual_tide(swapped=True)),
    "r-r-dr": Mistake(
        "the tangent of r * r is 2 r dr, not r r dr", dual_tide(odd=lambda x, r, dx, dr: dx + r * r * dr)
    ),
    "exponent-not-multiplied": Mistake(
        "the tangent of the exponent is not multiplied by exp: e is exp(-r x), and de is e times the tangent of -r x",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * (-dr * x - r * dx)),
    ),
    "exponent-tangents-multiplied": Mistake(
        "in the exponent the tangents are multiplied: -r * x is a product, with a rule of two terms",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e * (-dr * dx)),
    ),
    "x-overwritten-late": Mistake(
        "the second term of the tangent, x * de, has the factor exp(-r x) twice: it is written twice, or x is "
        "overwritten before the line of its tangent, which then reads the new x",
        dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e * e * (-dr * x - r * dx)),
    ),
    "one-number": ONE_NUMBER,
    "by-a-step": BY_A_STEP,
    "one-round-less": Mistake(
        "one round is missing: range(n) has n of them", lambda n, **given: dual_tide()(n=n - 1, **given)
    ),
    "returned-in-the-loop": Mistake(
        "`return` stands within the loop, and ends it in its first round", lambda n, **given: dual_tide()(n=1, **given)
    ),
    "first-tangent-again": Mistake(
        "each iteration starts from the first tangent: it must go on from the last", dual_tide(reset=True)
    ),
    "wrong-order": Mistake(
        "tangent and value are returned in the wrong order", lambda **inputs: dual_tide()(**inputs)[::-1]
    ),
}


# --- Part 4: the transformer ------------------------------------------------------------------------------------------


TANGENT_IS_CALLED = "no line assigns the tangent: it is called d, and then the name, as dw3"
# What the probe meets where a text lacks a line, whatever the rules.
MISSING_LINES = {
    "no-tangent-line": Mistake(
        TANGENT_IS_CALLED,
        lambda program, **_: Raises(KeyError, [f"'d{name}'" for name, *_ in program], by_probe=True),
    ),
    "tangent-named-otherwise": Mistake(
        TANGENT_IS_CALLED,
        lambda program, **_: Raises(
            NameError, [f"name 'd{name}' is not defined" for name, *_ in program], by_probe=True
        ),
    ),
    "no-value-line": Mistake(
        "a result is read before a line has assigned it: first comes the line as it was, then that of its tangent",
        lambda program, **_: Raises(
            NameError, [f"name '{name}' is not defined" for name, *_ in program], by_probe=True
        ),
    ),
}


NUMBER = {
    **MISSING_LINES,
    "number-tangent-itself": Mistake(
        "a number is given itself as tangent: a constant does not change, so its tangent is 0",
        transformed(RULES | {"number": lambda number: number}),
    ),
    "only-x-and-w-move": Mistake(
        "only names that begin with x or w are given tangents: every name has one",
        transformed(RULES | {"still": lambda name: name[0] not in "xw"}),
    ),
    "number-tangent-1": Mistake(
        "a number is given the tangent 1: a constant does not change",
        transformed(RULES | {"number": lambda number: 1.0}),
    ),
    "number-named": Mistake(
        "a number is given a name for its tangent, such as d2.5: a constant has no tangent",
        lambda **inputs: Raises(
            SyntaxError, ("invalid syntax", "invalid decimal literal", "cannot assign"), line=r"\bd-?[0-9]"
        ),
    ),
    "number-line-0": Mistake(
        "a line with a number gets the tangent 0: its other operand still moves", transformed(RULES | {"stops": True})
    ),
    "minus-before-power": Mistake(
        "in Python -2.5 ** 2 is -6.25: put an operand that may be negative in brackets, (-2.5) ** 2",
        transformed(
            RULES
            | {"/": lambda y, t, a, b: (t[0] * b - a * t[1]) / np.copysign(b**2, b)}  # only a number is negative here
        ),
    ),
}
