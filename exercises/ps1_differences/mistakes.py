"""What the known mistakes of problem set 1 answer."""

import numpy as np

from autograder.checks import Breaks, Mistake, Raises, answering

from .formulas import (
    EPS,
    NEGATIVE,
    ONE_NUMBER,
    backward,
    best_central,
    best_forward,
    central,
    cubic,
    errors,
    for_both,
    forward,
    imaginary,
    on_arrays,
    order_at_every_step,
    order_of_a_fit,
    orders,
    orders_of_estimates,
    orders_of_signed,
    own_step,
    ratios,
    refused_or_orders,
    slopes_at,
    smooth,
    smooth_slope,
    where_signs_differ,
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
        lambda c, x, n, h: Raises("UFuncTypeError", "Cannot cast ufunc", line=r"[-+*/]="),
    ),
    "x-changed": Mistake(
        "the caller's array was changed: np.asarray makes no copy of an array of floats",
        lambda c, x, n, h: slopes_at(central(c, x, h), x - h, central(c, n, h)),
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
        lambda **given: Raises(TypeError, ONE_NUMBER, line=r"log|math"),
    ),
    "two-logarithms": Mistake(
        "two kinds of logarithm, log10 of the errors and log of the steps", lambda **given: orders(**given) / np.log(10)
    ),
    "order-at-each-step": Mistake(
        "log(error) / log(h) at each step: C does not cancel; compare two neighbours", order_at_every_step
    ),
    "orders-rounded": Mistake(
        "the orders are rounded: asked is the number that you observe", lambda **given: np.round(orders(**given))
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


# --- The best step --------------------------------------------------------------------------------------------------


BEST_FORWARD = {
    "float64-always": Mistake(
        "the eps of float64, whatever the precision", for_both(lambda eps, f, f2: 2 * np.sqrt(EPS["float64"] * f / f2))
    ),
    "float32-always": Mistake(
        "the eps of float32, whatever the precision", for_both(lambda eps, f, f2: 2 * np.sqrt(EPS["float32"] * f / f2))
    ),
    "no-eps": Mistake(
        "eps is missing: the step must know how many digits there are", for_both(lambda eps, f, f2: 2 * np.sqrt(f / f2))
    ),
    "root-of-eps": Mistake(
        "sqrt(eps) for every function: a rule of thumb, right if 4 |f| = |f''|",
        for_both(lambda eps, f, f2: np.sqrt(eps)),
    ),
    "factor-2-missing": Mistake("a factor 2 is missing", for_both(lambda eps, f, f2: np.sqrt(eps * f / f2))),
    "root-2-missing": Mistake(
        "a factor sqrt(2) is missing: there is a 1/2 in the first term and a 2 in the second",
        for_both(lambda eps, f, f2: np.sqrt(2 * eps * f / f2)),
    ),
    "upside-down": Mistake(
        "upside down: more curvature must give a smaller step", for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f2 / f))
    ),
    "cube-root": Mistake(
        "a cube root: E'(h) = 0 gives the square of h", for_both(lambda eps, f, f2: np.cbrt(4 * eps * f / f2))
    ),
    "square-of-step": Mistake(
        "the square of the step: its root is still to be taken", for_both(lambda eps, f, f2: 4 * eps * f / f2)
    ),
    "error-for-step": Mistake(
        "the smallest error in place of the step that reaches it",
        for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f * f2)),
    ),
    "root-of-negative": Mistake(
        "the root of a negative number is nan: the model has sizes, |f| and |f''|",
        where_signs_differ(for_both(lambda eps, f, f2: np.nan), best_forward),
    ),
    "math-root-of-negative": Mistake(
        "math.sqrt refuses a negative number: the model has sizes, |f| and |f''|",
        where_signs_differ(lambda value, second: Raises(ValueError, NEGATIVE, line=r"sqrt"), best_forward),
    ),
}


BEST_CENTRAL = {
    "square-root": Mistake(
        "a square root: E'(h) = 0 gives the cube of h", for_both(lambda eps, f, f3: np.sqrt(3 * eps * f / f3))
    ),
    "forwards-step": Mistake(
        "the best step of the forward difference", for_both(lambda eps, f, f3: 2 * np.sqrt(eps * f / f3))
    ),
    "errors-set-equal": Mistake(
        "the two errors are set equal: where the sum is smallest their slopes cancel, and one is twice the other",
        for_both(lambda eps, f, f3: np.cbrt(6 * eps * f / f3)),
    ),
    "factor-3-missing": Mistake("the factor 3 is missing", for_both(lambda eps, f, f3: np.cbrt(eps * f / f3))),
    "cube-root-of-eps": Mistake(
        "the cube root of eps for every function: a rule of thumb, right if 3 |f| = |f'''|",
        for_both(lambda eps, f, f3: np.cbrt(eps)),
    ),
    "root-of-eps-2": Mistake(
        "the square root of eps for every function: a rule of thumb, and of forward differences",
        for_both(lambda eps, f, f3: np.sqrt(eps)),
    ),
    "power-1-over-3": Mistake(
        "`** 1 / 3` is the first power, divided by 3: write `** (1 / 3)`", for_both(lambda eps, f, f3: eps * f / f3)
    ),
    "cube-of-step": Mistake(
        "the cube of the step: its root is still to be taken", for_both(lambda eps, f, f3: 3 * eps * f / f3)
    ),
    "upside-down-2": Mistake(
        "upside down: a larger |f'''| must give a smaller step", for_both(lambda eps, f, f3: np.cbrt(3 * eps * f3 / f))
    ),
    "float64-always": Mistake(
        "the eps of float64, whatever the precision", for_both(lambda eps, f, f3: np.cbrt(3 * EPS["float64"] * f / f3))
    ),
    "float32-always": Mistake(
        "the eps of float32, whatever the precision", for_both(lambda eps, f, f3: np.cbrt(3 * EPS["float32"] * f / f3))
    ),
    "no-eps": Mistake(
        "eps is missing: the step must know how many digits there are", for_both(lambda eps, f, f3: np.cbrt(3 * f / f3))
    ),
    "negative-step": Mistake(
        "a negative step: the model has sizes, |f| and |f'''|",
        where_signs_differ(for_both(lambda eps, f, f3: -np.cbrt(3 * eps * f / f3)), best_central),
    ),
    "power-of-negative": Mistake(
        "a power of a negative number is nan: the model has sizes, |f| and |f'''|",
        where_signs_differ(for_both(lambda eps, f, f3: np.nan), best_central),
    ),
    "complex-step-size": Mistake(
        "Python makes the power of a negative number complex: the model has sizes, |f| and |f'''|",
        where_signs_differ(for_both(lambda eps, f, f3: complex(-3 * eps * f / f3) ** (1 / 3)), best_central),
    ),
}


# --- The complex step -----------------------------------------------------------------------------------------------


COMPLEX = {
    "real-part": Mistake("the real part in place of the imaginary part", lambda **given: smooth(**given) / 1e-20),
    "whole-quotient": Mistake(
        "the whole quotient: the slope is its imaginary part",
        lambda **given: complex(smooth(**given) / 1e-20, smooth_slope(**given)),
    ),
    "not-divided": Mistake("the imaginary part is not yet divided by h", lambda **given: 1e-20 * smooth_slope(**given)),
    "real-step": Mistake(
        "0 for every x: x + 1e-20 is x, and real parts cancel too; the slope is in the imaginary part of f(x + 1j * h)",
        lambda **given: 0.0,
        seen=True,
    ),
    "minus-the-slope": Mistake("minus the slope: step by +1j * h", lambda **given: -smooth_slope(**given)),
    "divided-by-ih": Mistake(
        "divided by ih: the imaginary part is h times the slope, a real number",
        lambda **given: smooth_slope(**given) / 1j,
    ),
    "complex-number": Mistake(
        "the slope as a complex number: return a real one", lambda **given: complex(smooth_slope(**given))
    ),
    "real-differences": Mistake(
        "differences of real values, of an order so high that they pass for exact: a complex step subtracts nothing",
        lambda **given: Breaks("f was asked at real numbers alone"),
    ),
}


COMPLEX_ANY_STEP = {
    "own-step": OWN_STEP,
    "divided-by-own-step": Mistake(
        "divided by 1e-20 in place of the h that was given", lambda c, x, h: imaginary(c, x, h) * h / 1e-20
    ),
    "real-central-step": Mistake(
        "a real step on both sides is a central difference: its error, c[3] h^2, has the other sign", central
    ),
    "real-forward-step": Mistake("a real step, x + h, is a forward difference: step by 1j * h", forward),
    "complex-quotient": Mistake(
        "the quotient (f(x + ih) - f(x)) / (ih) subtracts values, and is complex: the slope is Im f(x + ih) / h",
        lambda c, x, h: (cubic(c, x + 1j * h) - cubic(c, x)) / (1j * h),
    ),
    "divided-by-ih": Mistake(
        "divided by ih: the imaginary part is h times the slope, a real number", lambda c, x, h: imaginary(c, x, h) / 1j
    ),
    "real-part": Mistake(
        "the real part in place of the imaginary part", lambda c, x, h: np.real(cubic(c, x + 1j * h)) / h
    ),
    "real-parts-cancel": Mistake(
        "real parts are subtracted, and cancel: the slope is in the imaginary part",
        lambda c, x, h: np.real(cubic(c, x + 1j * h) - cubic(c, x)) / h,
    ),
    "whole-quotient": Mistake(
        "the whole quotient: the slope is its imaginary part", lambda c, x, h: cubic(c, x + 1j * h) / h
    ),
    "not-divided": Mistake("the imaginary part is not yet divided by h", lambda c, x, h: h * imaginary(c, x, h)),
    "minus-the-slope": Mistake("minus the slope: step by +1j * h", lambda c, x, h: -imaginary(c, x, h)),
    "complex-number": Mistake(
        "the slope as a complex number: return a real one", lambda c, x, h: imaginary(c, x, h) + 0j
    ),
    "whole-number-array": Mistake(
        "the slopes go into an array of whole numbers, which cuts off their fractions",
        lambda c, x, h: np.trunc(imaginary(c, x, h)),
    ),
    "complex-one-number": Mistake(
        "complex(x), float(x), or a function of `math`, takes one number and refuses an array",
        lambda c, x, h: Raises(TypeError, ONE_NUMBER, line=r"complex|math|float"),
    ),
}
