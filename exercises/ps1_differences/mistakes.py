"""What the known mistakes of problem set 1 answer."""

import numpy as np

from autograder.checks import Mistake, Raises, answering

from .formulas import (
    ONE_NUMBER,
    backward,
    central,
    cubic,
    errors,
    forward,
    on_arrays,
    order_at_every_step,
    order_of_a_fit,
    orders,
    orders_against_the_first,
    orders_of_estimates,
    orders_of_signed,
    orders_of_signed_ratios,
    own_step,
    ratios,
    refused_or_orders,
    slopes_at,
)

# --- Schemes --------------------------------------------------------------------------------------------------------


def absolute(scheme):
    """A mistake that does harm only where f falls: inputs are not drawn for it, or all slopes would be negative."""
    words = "the absolute value was taken: a slope may be negative, where f falls"
    return {"absolute-value": Mistake(words, lambda c, x, h: abs(scheme(c, x, h)))}


OWN_STEP = Mistake(
    "the slope itself, without the error that a step of the given size h has: a step of your own in place of h, or a "
    "more exact scheme than the one that was asked for",
    own_step,
)


def over_h_squared(scheme):
    words = "divided by the square of h: a slope is a rise over one run"
    return Mistake(words, lambda c, x, h: scheme(c, x, h) / h)


FORWARD = {
    "backward-difference": Mistake("a backward difference: it looks at x - h, not at x + h", backward),
    "central-difference": Mistake("a central difference: it looks at both sides of x", central),
    "difference-turned-round": Mistake(
        "f(x) - f(x + h) in place of f(x + h) - f(x): the sign is wrong", lambda c, x, h: -forward(c, x, h)
    ),
    "not-divided-by-h": Mistake(
        "the difference of the two values is not divided by h", lambda c, x, h: h * forward(c, x, h)
    ),
    "divided-by-2h": Mistake("divided by 2h: the two points are h apart, not 2h", lambda c, x, h: forward(c, x, h) / 2),
    "divided-by-h-squared": over_h_squared(forward),
    "divided-by-x-plus-h": Mistake(
        "divided by x + h, the place of the second point: divide by h, how far it is from the first",
        lambda c, x, h: h * forward(c, x, h) / (x + h),
    ),
    "two-steps-ahead": Mistake("the second point is x + 2h, and not x + h", lambda c, x, h: forward(c, x, 2 * h)),
    "half-a-step-ahead": Mistake("the second point is x + h/2, and not x + h", lambda c, x, h: forward(c, x, h / 2)),
    "f-of-a-sum": Mistake(
        "f(x + h) is not f(x) + f(h): f is called at the one point x + h", lambda c, x, h: cubic(c, h) / h
    ),
    "step-times-x": Mistake("the step is h times x: h itself is given", lambda c, x, h: forward(c, x, h * x)),
    "brackets-missing": Mistake(
        "parentheses: `f(x + h) - f(x) / h` divides f(x) alone", lambda c, x, h: cubic(c, x + h) - cubic(c, x) / h
    ),
    "h-outside-f": Mistake("f(x) + h in place of f(x + h): that gives 1 for every function", lambda c, x, h: 1.0),
    "floor-division": Mistake(
        "`//` in place of `/`: the quotient is rounded down", lambda c, x, h: np.floor(forward(c, x, h))
    ),
    "own-step": OWN_STEP,
}


CENTRAL = {
    "forward-difference": Mistake("a forward difference: it looks at x and x + h, and never at x - h", forward),
    "backward-difference-2": Mistake("a backward difference: it looks at x - h and x, and never at x + h", backward),
    "divided-by-h": Mistake("divided by h: the two points are 2h apart", lambda c, x, h: 2 * central(c, x, h)),
    "difference-turned-round-2": Mistake(
        "f(x - h) - f(x + h) in place of f(x + h) - f(x - h): the sign is wrong", lambda c, x, h: -central(c, x, h)
    ),
    "over-2-times-h": Mistake(
        "`/ 2 * h` divides by 2 and multiplies by h: write `/ (2 * h)`", lambda c, x, h: h**2 * central(c, x, h)
    ),
    "brackets-missing-2": Mistake(
        "parentheses: `f(x + h) - f(x - h) / (2 * h)` divides the second value alone",
        lambda c, x, h: cubic(c, x + h) - cubic(c, x - h) / (2 * h),
    ),
    "divided-by-2": Mistake(
        "divided by 2 and not by h: the two points are 2h apart", lambda c, x, h: h * central(c, x, h)
    ),
    "divided-by-h-squared": over_h_squared(lambda c, x, h: 2 * central(c, x, h)),
    "values-added": Mistake(
        "the two values are added: it is their difference that is divided",
        lambda c, x, h: (cubic(c, x + h) + cubic(c, x - h)) / (2 * h),
    ),
    "second-difference": Mistake(
        "f(x + h) - 2 f(x) + f(x - h), divided by h^2, is near the second derivative: the slope needs no middle value",
        lambda c, x, h: 2 * c[2] + 6 * c[3] * x,
    ),
    "double-steps": Mistake(
        "it looks at x + 2h and x - 2h, not at x + h and x - h", lambda c, x, h: central(c, x, 2 * h)
    ),
    "double-steps-over-2h": Mistake(
        "it looks at x + 2h and x - 2h, which are 4h apart, and divides by 2h",
        lambda c, x, h: 2 * central(c, x, 2 * h),
    ),
    "half-steps": Mistake(
        "half steps: it looks at x + h/2 and x - h/2, not at x + h and x - h", lambda c, x, h: central(c, x, h / 2)
    ),
    "own-step": OWN_STEP,
}


ARRAY = {
    "whole-number-array": Mistake(
        "the slopes go into an array of whole numbers, which cuts off their fractions",
        lambda c, x, n, h: slopes_at(central(c, x, h), x, np.trunc(central(c, n, h))),
    ),
    "x-changed-in-place": Mistake(
        "`x += h` writes into the caller's array: write `x + h`, a new one",
        lambda c, x, n, h: Raises("UFuncTypeError", "Cannot cast ufunc", line=r"\bx\s*[-+*/]="),
    ),
    "x-changed": Mistake(
        "the caller's array was changed: np.asarray makes no copy of an array of floats",
        lambda c, x, n, h: slopes_at(central(c, x, h), x - h, central(c, n, h)),
    ),
    "slopes-into-x": Mistake(
        "the slopes are written into the caller's array: make a new one for them",
        lambda c, x, n, h: slopes_at(central(c, x, h), central(c, x, h), np.trunc(central(c, n, h))),
    ),
    "truth-of-an-array": Mistake(
        "an `if` asks one question, and an array has many answers: compute with the whole array, or use np.where",
        lambda c, x, n, h: Raises(ValueError, "The truth value of an array", line=r"\b(if|while|and|or|not)\b"),
    ),
    "one-number-only": Mistake(
        "float(x), or a function of `math`, takes one number and refuses an array",
        lambda c, x, n, h: Raises(TypeError, ONE_NUMBER, line=r"float|math|sin|cos|exp"),
    ),
    **answering(on_arrays, absolute(central) | CENTRAL),
}


# --- The observed order ---------------------------------------------------------------------------------------------


ORDER = {
    "minus-the-order": Mistake(
        "minus the order: one of the two ratios is upside down", lambda **given: -orders(**given)
    ),
    "ratio-of-errors": Mistake(
        "the ratio of the errors: the order is its exponent, so take logarithms",
        lambda **given: ratios(errors(**given)),
    ),
    "not-over-log-of-steps": Mistake(
        "log(ratio of errors) is not yet divided by log(ratio of steps)",
        lambda **given: np.log(ratios(errors(**given))),
    ),
    "estimates-for-errors": Mistake(
        "the estimates in place of their errors: subtract the true slope first", orders_of_estimates
    ),
    "log-of-negative": Mistake(
        "the logarithm of a negative error is nan: take the absolute value first",
        lambda **given: orders_of_signed(1, **given),
    ),
    "log-of-negative-turned": Mistake(
        "true slope minus estimate can be negative, too: take the absolute value before the logarithm",
        lambda **given: orders_of_signed(-1, **given),
    ),
    "math-log-of-negative": Mistake(
        "math.log refuses a negative error: take the absolute value first",
        lambda **given: refused_or_orders(1, **given),
    ),
    "math-log-of-negative-turned": Mistake(
        "math.log refuses true slope minus estimate, where it is negative: take the absolute value first",
        lambda **given: refused_or_orders(-1, **given),
    ),
    "math-on-arrays": Mistake(
        "a function of `math` takes one number and refuses an array: use np.log",
        lambda **given: Raises(TypeError, ONE_NUMBER, line=r"^(?!.*float[(]).*(math[.]|(?<![.\w])log)"),
    ),
    "two-logarithms": Mistake(
        "two kinds of logarithm, log10 of the errors and log of the steps", lambda **given: orders(**given) / np.log(10)
    ),
    "log2-of-steps": Mistake(
        "two kinds of logarithm, log of the errors and log2 of the steps", lambda **given: orders(**given) * np.log(2)
    ),
    "order-at-each-step": Mistake(
        "log(error) / log(h) at each step: C does not cancel; compare two neighbours", order_at_every_step
    ),
    "orders-rounded": Mistake(
        "the orders are rounded: asked is the number that you observe", lambda **given: np.round(orders(**given))
    ),
    "log-of-negative-ratio": Mistake(
        "the ratio of two errors is negative where one estimate is too large and the next too small: an error is the "
        "size of the difference, so take the absolute value",
        orders_of_signed_ratios,
    ),
    "ratio-of-logarithms": Mistake(
        "log(error) / log(next error) is not the logarithm of their ratio",
        lambda **given: ratios(np.log(errors(**given))),
    ),
    "ratio-of-ratios": Mistake(
        "the ratio of errors is divided by the ratio of steps: the order is an exponent, so divide their logarithms",
        lambda **given: ratios(errors(**given)) / ratios(given["steps"]),
    ),
    "over-difference-of-steps": Mistake(
        "divided by the difference of the steps: divide by the difference of their logarithms",
        lambda **given: np.diff(np.log(errors(**given))) / np.diff(given["steps"]),
    ),
    "error-over-step": Mistake(
        "each error is divided by its step: that takes 1 from the order", lambda **given: orders(**given) - 1
    ),
    "against-the-first": Mistake("each step is compared with the first: compare neighbours", orders_against_the_first),
    "mean-of-orders": Mistake(
        "the mean of all orders for each pair: each pair has its own",
        lambda **given: np.full(len(given["steps"]) - 1, np.mean(orders(**given))),
    ),
    "one-order-fitted": Mistake(
        "one order fitted to all the steps: asked is one for each pair of neighbours", order_of_a_fit
    ),
}


ANY_STEPS = {
    "log-of-2": Mistake(
        "divided by log(2): only steps that halve have the ratio 2", lambda **given: np.log2(ratios(errors(**given)))
    ),
    "first-ratio-for-all": Mistake(
        "the ratio of the first two steps for every pair: each pair has its own",
        lambda **given: np.log(ratios(errors(**given))) / np.log(ratios(given["steps"])[0]),
    ),
    "log-of-2-upside-down": Mistake(
        "two slips: log(2) for every ratio of steps, and a ratio upside down",
        lambda **given: -np.log2(ratios(errors(**given))),
    ),
    **ORDER,
}
