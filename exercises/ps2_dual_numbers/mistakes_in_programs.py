"""What known mistakes answer in problem set 2 where dual numbers are used: from the derivative to whose d it is."""

import math

import numpy as np

from autograder.checks import Breaks, Mistake, Raises, answering

from .formulas import (
    answers_with,
    derivative_of_program,
    derivatives,
    gradient_of,
    older_dual_kept,
    one_d_for_all,
    program,
    second_derivative_of,
    seen_with,
    tags_of,
    taylor_of,
)
from .mistakes import NO_PART

PARTS = ("tag", "real", "dual")


DERIVATIVE = {
    "value-for-derivative": Mistake(
        "the value of f: the derivative is the dual part", lambda body, times, x: float(program(body, times)(x))
    ),
    "seed-0": Mistake(
        "0 whatever f is, as for a constant: f must get a number with dual part 1, and its result has the derivative",
        lambda body, times, x: 0.0,
        seen=True,
    ),
    "seed-x": Mistake(
        "x times the derivative: f got x as dual part too, or the result was multiplied by it. The dual part of the "
        "variable is its own derivative, 1",
        lambda body, times, x: x * derivative_of_program(body, times, x),
    ),
    "plain-x": Mistake(
        "f ran on the plain number x, whose result has no dual part: give it `DualNumber(x, 1.0)`",
        lambda **given: Raises(AttributeError, NO_PART, line=r"\bf[(]x[)][.]dual"),
    ),
    "part-given-in": Mistake(
        "1, the dual part that f got: the derivative is the dual part of what f returns",
        lambda body, times, x: 1.0,
        seen=True,
    ),
    "derivative-over-value": Mistake(
        "the derivative is divided by the value: the dual part is the derivative, as it is",
        lambda body, times, x: derivative_of_program(body, times, x) / float(program(body, times)(x)),
    ),
    "several-runs": Mistake(
        "several runs of f: one run on a dual number carries the derivative along, with the value and all digits",
        lambda **given: Breaks("times on dual numbers"),
    ),
    "divided-difference": Mistake(
        "f got plain numbers, as a divided difference gives it, or with complex ones a complex step: run it on a dual "
        "number",
        lambda body, times, x: math.nan,
    ),
}


GRADIENT = {
    "one-d-for-all-variables": Mistake(
        "the derivatives are added, as where all variables share one d: each has a direction of its own, and a "
        "component of the result",
        lambda body, point: float(np.sum(gradient_of(body, point))),
    ),
    "directions-of-x": Mistake(
        "each variable got its own value as dual part: what changes by 1 has the dual part 1",
        lambda body, point: gradient_of(body, point) * point,
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
        "f got too few things, or all of them in one list: it takes its n numbers one by one, `f(*numbers)`",
        lambda **given: Raises(TypeError, "required positional argument", line=r"\bf[(]"),
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
    # What the check before it knows, this one knows too, and it costs once.
    **answering(
        lambda answer: lambda body, point: {"gradient": answer(body, point), "runs of f on dual numbers": 1},
        {id: GRADIENT[id] for id in ("one-d-for-all-variables", "directions-of-x", "ones-for-all", "list-for-array")},
    ),
    "divided-difference-2": Mistake(
        GRADIENT["divided-difference-2"].words,
        lambda body, point: {"gradient": np.full(len(point), math.nan), "runs of f on dual numbers": 0},
    ),
    "f-got-a-list": GRADIENT["f-got-a-list"],
}


NUMBER_FOR_FUNCTION = {
    "number-for-function": Mistake(
        "`derivative(f, x)` is a number, and what is differentiated is a function: `lambda y: derivative(f, y)`",
        lambda **given: Raises(
            TypeError, ("'float' object is not callable", "'DualNumber' object is not callable"), line=r"derivative[(]"
        ),
    ),
}


SECOND_DERIVATIVE = {
    "first-for-second": Mistake(
        "the first derivative: the second lies in the dual part of the dual part", derivative_of_program
    ),
    "at-the-slope": Mistake(
        "f'(f'(x)): the first derivative was put in for x; differentiate the function f' at x",
        lambda body, times, x: derivative_of_program(body, times, derivative_of_program(body, times, x)),
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
    "one-level-constant": Mistake(
        "0, as where one of the two levels has dual part 0: both must vary", lambda **given: 0.0, seen=True
    ),
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
    "last-factorial": Mistake(
        "each is divided by the factorial of the order: c_k by k!",
        lambda **given: derivatives(taylor_of(**given)) / math.factorial(given["order"]),
    ),
    "power-of-2": Mistake(
        "divided by 2^k in place of k!",
        lambda **given: derivatives(taylor_of(**given)) / [2**k for k in range(given["order"] + 1)],
    ),
    "times-powers-of-x": Mistake(
        "each coefficient is multiplied by x^k: c_k is the factor of h^k, and has no power in it",
        lambda **given: taylor_of(**given) * [given["x"] ** k for k in range(given["order"] + 1)],
    ),
    "next-factorial": Mistake(
        "divided by (k + 1)! in place of k!",
        lambda **given: taylor_of(**given) / [k + 1 for k in range(given["order"] + 1)],
    ),
    "no-c0": Mistake("c_0, the value of f, is missing", lambda **given: taylor_of(**given)[1:]),
    "lambda-calls-itself": Mistake(
        "a lambda calls itself without end, as in `f = lambda y: derivative(f, y)`: it looks its names up only when it "
        "is called",
        lambda **given: Raises(RecursionError, "maximum recursion depth exceeded", line=r"lambda"),
    ),
    **NUMBER_FOR_FUNCTION,
}


OWN_D = {
    "one-d-for-all": Mistake(
        "one d for all: a number with an older tag is a constant here, whatever its dual part",
        answers_with(one_d_for_all),
    ),
    "left-tag": Mistake(
        "the tag of the left operand, also where the right one is newer",
        answers_with(lambda a, b: seen_with(tags_of(a, b)[0], a, b)),
    ),
    "right-tag": Mistake(
        "the tag of the right operand, also where the left one is newer",
        answers_with(lambda a, b: seen_with(tags_of(a, b)[-1], a, b)),
    ),
    "older-dual-kept": Mistake(
        "an older number is given its own dual part: seen from the newest derivative it is a constant, with 0.0",
        answers_with(older_dual_kept),
    ),
    "constants-move": Mistake(
        "the dual part of what has another tag, or none, is 1.0: a constant has 0.0",
        answers_with(lambda a, b: seen_with(max(tags_of(a, b)), a, b, dual_of_others=1.0)),
    ),
    "no-isinstance": Mistake(
        "a plain number has no tag and no parts: ask isinstance(a, Tagged) before you read them",
        lambda program, x, c: Raises(
            AttributeError,
            [f"'{kind}' object has no attribute '{name}'" for kind in ("float", "int") for name in PARTS],
        ),
    ),
    "older-tag": Mistake(
        "0, as where a result takes the older tag in place of the newer one",
        answers_with(lambda a, b: seen_with(min(tags_of(a, b)), a, b)),
        seen=True,
    ),
    "real-part-of-older": Mistake(
        "the real part of an older number in place of the number: its own derivative is lost",
        answers_with(lambda a, b: seen_with(max(tags_of(a, b)), a, b, of_others=lambda z: z.real)),
    ),
}
