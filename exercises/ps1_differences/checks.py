"""What is right in problem set 1: divided differences, their order, their best step, and the complex step.

Wherever a scheme is judged, the step is large. Then forward, backward and central differences of a cubic are exact
numbers that differ in the first digits, rounding plays no role, and one scheme cannot be sold as another. Expected
answers come from Taylor's theorem, whose sum ends for polynomials, and never from a difference.
"""

import numpy as np

from autograder.checks import check

IMPORTS = ("numpy", "matplotlib")
SECONDS = 30.0


# --- Cubics, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, and what each scheme makes of them -------------------------


def cubic(c, x):
    return c[0] + x * (c[1] + x * (c[2] + x * c[3]))


def derivative(c, x):
    return c[1] + x * (2 * c[2] + x * 3 * c[3])


def forward(c, x, h):
    """The forward difference: f' + h f''/2 + h^2 f'''/6, and a cubic has no further term."""
    return derivative(c, x) + h * (c[2] + 3 * c[3] * x) + h**2 * c[3]


def backward(c, x, h):
    return forward(c, x, -h)


def central(c, x, h):
    """The central difference: the term in f'' has cancelled."""
    return derivative(c, x) + h**2 * c[3]


def imaginary(c, x, h):
    """The complex step, Im f(x + ih) / h: as the central difference, with i^2 = -1."""
    return derivative(c, x) - h**2 * c[3]


def own_step(c, x, h):
    """Any scheme with a tiny step in place of h: the derivative."""
    return derivative(c, x)


# Right answers agree to 1e-12: the values are at most 100, the step at least 0.2, and eps 100 / 0.2 is 1e-13. Wrong
# answers are off by more than 0.01, or the inputs are drawn again (`tell_apart`). The tolerance lies between, so that
# a step of the student's own, 1e-6 say, is recognised: it gives f'(x) to within 1e-6 |f''| / 2 < 1e-4.
BETWEEN = 1e-5, 1e-4  # rtol, atol


def tell_apart(right, wrong):
    """Whether the wrong answers differ from the right one in the first digits, at every point."""
    return all(np.all(np.abs(np.subtract(answer, right)) > 0.01) for answer in wrong)


def general(*numbers):
    """Whether the numbers are no special ones: not 0, not 1, and no two of the same size."""
    return len({0.0, 1.0, *map(abs, numbers)}) == 2 + len(numbers)


def some_cubic(rng):
    """Draw a step, and four coefficients between 0.5 and 3 in size, of either sign."""
    c = np.round(rng.uniform(0.5, 3.0, 4) * rng.choice([-1, 1], 4), 2)
    return c.tolist(), float(np.round(rng.uniform(0.2, 0.8), 2))


def some_whole_numbers(rng):
    return rng.choice([-3, -2, -1, 1, 2, 3], size=5, replace=False)


def cubic_at_a_point(rng, right, mistakes):
    """Draw a cubic, a step and a point at which every mistake shows."""
    while True:
        c, h = some_cubic(rng)
        x = float(np.round(rng.uniform(0.3, 2.0) * rng.choice([-1, 1]), 2))
        if general(x, h) and tell_apart(right(c, x, h), [wrong(c, x, h) for wrong in mistakes.values()]):
            return {"c": c, "x": x, "h": h}


# --- Schemes --------------------------------------------------------------------------------------------------------


def absolute(scheme):
    """A mistake that does harm only where f falls: inputs are not drawn for it, or all slopes would be negative."""
    words = "the absolute value was taken: a slope may be negative, where f falls"
    return {words: lambda c, x, h: abs(scheme(c, x, h))}


FORWARD_MISTAKES = {
    "a backward difference: it looks at x - h, not at x + h": backward,
    "a central difference: it looks at both sides of x": central,
    "f(x) - f(x + h) in place of f(x + h) - f(x): the sign is wrong": lambda c, x, h: -forward(c, x, h),
    "the difference of the two values is not divided by h": lambda c, x, h: h * forward(c, x, h),
    "divided by 2h: the two points are h apart, not 2h": lambda c, x, h: forward(c, x, h) / 2,
    "parentheses: `f(x + h) - f(x) / h` divides f(x) alone": lambda c, x, h: cubic(c, x + h) - cubic(c, x) / h,
    "f(x) + h in place of f(x + h): that gives 1 for every function": lambda c, x, h: 1.0,
    "`//` in place of `/`: the quotient is rounded down": lambda c, x, h: np.floor(forward(c, x, h)),
    "a step of your own in place of the h that was given": own_step,
}


@check("forward-difference", part="forward", points=2)
class ForwardDifference:
    """`forward_slope(f, x, h)` is the forward difference. (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3.)"""

    trials = 20  # so that a slope that lost its sign in abs() does not pass by luck, falling in none of them

    def inputs(rng):
        return cubic_at_a_point(rng, forward, FORWARD_MISTAKES)

    def probe(student, c, x, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        return student.forward_slope(f, x, h)

    expected = forward
    rtol, atol = BETWEEN
    mistakes = absolute(forward) | FORWARD_MISTAKES
    hint = (
        "It is the slope of the line through (x, f(x)) and (x + h, f(x + h)): how far the line rises, divided by how "
        "far it runs. Chapter 2, section 'The difference quotient'."
    )


CENTRAL_MISTAKES = {
    "a forward difference: it looks at x and x + h, and never at x - h": forward,
    "a backward difference: it looks at x - h and x, and never at x + h": backward,
    "divided by h: the two points are 2h apart": lambda c, x, h: 2 * central(c, x, h),
    "f(x - h) - f(x + h) in place of f(x + h) - f(x - h): the sign is wrong": lambda c, x, h: -central(c, x, h),
    "`/ 2 * h` divides by 2 and multiplies by h: write `/ (2 * h)`": lambda c, x, h: h**2 * central(c, x, h),
    "parentheses: `f(x + h) - f(x - h) / (2 * h)` divides the second value alone": lambda c, x, h: (
        cubic(c, x + h) - cubic(c, x - h) / (2 * h)
    ),
    "half steps: it looks at x + h/2 and x - h/2, not at x + h and x - h": lambda c, x, h: central(c, x, h / 2),
    "a step of your own in place of the h that was given": own_step,
}


@check("central-difference", part="central", points=2)
class CentralDifference:
    """`central_slope(f, x, h)` is the central difference. (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3.)"""

    trials = 20  # as above: slopes of either sign

    def inputs(rng):
        return cubic_at_a_point(rng, central, CENTRAL_MISTAKES)

    def probe(student, c, x, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        return student.central_slope(f, x, h)

    expected = central
    rtol, atol = BETWEEN
    mistakes = absolute(central) | CENTRAL_MISTAKES
    hint = (
        "It is the slope of the line through the points h to the left of x and h to the right of it. How far apart "
        "are they? Chapter 2, section 'Central differences'."
    )


class UFuncTypeError(TypeError):
    """Bears the name of what NumPy raises when a fraction is added in place to an array of whole numbers."""


# What Python says when float(x), or a function of `math`, is given an array.
NO_SCALAR = TypeError("arrays can be converted to Python scalars")


def slopes_at(x_slopes, x_afterwards, n_slopes):
    return {"slopes at x": x_slopes, "x afterwards": x_afterwards, "slopes at n": n_slopes}


def on_arrays(scheme):
    """Make of a scheme the answer of the probe below."""
    return lambda c, x, n, h: slopes_at(scheme(c, x, h), x, scheme(c, n, h))


ARRAY_MISTAKES = {
    "the slopes go into an array of whole numbers, which cuts off their fractions": lambda c, x, n, h: slopes_at(
        central(c, x, h), x, np.trunc(central(c, n, h))
    ),
    "`x += h` writes into the caller's array: write `x + h`, a new one": lambda c, x, n, h: UFuncTypeError,
    "the caller's array was changed: np.asarray makes no copy of an array of floats": lambda c, x, n, h: slopes_at(
        central(c, x, h), x - h, central(c, n, h)
    ),
    "float(x), or a function of `math`, takes one number and refuses an array": lambda c, x, n, h: NO_SCALAR,
    **{words: on_arrays(scheme) for words, scheme in (absolute(central) | CENTRAL_MISTAKES).items()},
}


@check("central-arrays", part="central", points=1)
class CentralArrays:
    """`central_slope` takes arrays of points, also of whole numbers, and leaves the caller's array as it was.

    (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, with an array x of floats and an array n of whole numbers.)
    """

    def inputs(rng):
        while True:
            c, h = some_cubic(rng)
            x, n = np.round(rng.uniform(-2, 2, 3), 2), some_whole_numbers(rng)
            at_x, at_n = central(c, x, h), central(c, n, h)
            told_apart = tell_apart(at_n, [np.trunc(at_n), 0]) and tell_apart(at_x, [forward(c, x, h), 0])
            if told_apart and general(*x, h):
                return {"c": c, "x": x, "n": n, "h": h}

    def probe(student, c, x, n, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        slopes = student.central_slope(f, x, h)
        return {"slopes at x": slopes, "x afterwards": x, "slopes at n": student.central_slope(f, n, h)}

    expected = on_arrays(central)
    rtol, atol = BETWEEN
    mistakes = ARRAY_MISTAKES
    hint = (
        "x + h adds h to every entry and makes a new array; f(x + h) holds one value for each entry. The formula for "
        "one point then serves for many, without a loop. "
        "Chapter 2, section 'Central differences'."
    )


# --- The observed order ---------------------------------------------------------------------------------------------

# A scheme is sum_i w_i f(x + o_i h) / h. With the Taylor coefficients t_k = f^(k)(x) / k!, its error is
# sum_{k >= 2} (sum_i w_i o_i^k) t_k h^(k-1). For polynomials that sum ends, and it is computed without cancellation.
SCHEMES = {
    "forward": ((0, 1), (-1, 1)),
    "backward": ((-1, 0), (-1, 1)),
    "central": ((-1, 1), (-0.5, 0.5)),
    "one-sided with three points": ((0, 1, 2), (-1.5, 2, -0.5)),
    "central with five points": ((-2, -1, 1, 2), (1 / 12, -2 / 3, 2 / 3, -1 / 12)),
}


def taylor(c, x):
    """The coefficients t_k of f(x + s) = sum_k t_k s^k, for f(x) = sum_k c_k x^k."""
    return np.polynomial.Polynomial(c)(np.polynomial.Polynomial([x, 1.0])).coef


def signed_errors(scheme, c, x, steps):
    offsets, weights = (np.array(numbers, dtype=float) for numbers in SCHEMES[scheme])
    t = taylor(c, x)
    return sum((weights @ offsets**k) * t[k] * steps ** (k - 1) for k in range(2, len(t)))


def errors(scheme, c, x, steps):
    return np.abs(signed_errors(scheme, c, x, steps))


def ratios(values):
    return values[:-1] / values[1:]


def orders(scheme, c, x, steps):
    return np.log(ratios(errors(scheme, c, x, steps))) / np.log(ratios(steps))


def orders_of_signed(sign, scheme, c, x, steps):
    with np.errstate(invalid="ignore"):
        return np.diff(np.log(sign * signed_errors(scheme, c, x, steps))) / np.diff(np.log(steps))


def refused_or_orders(sign, **given):
    found = orders_of_signed(sign, **given)
    return ValueError if np.isnan(found).any() else found


def orders_of_estimates(scheme, c, x, steps):
    estimates = taylor(c, x)[1] + signed_errors(scheme, c, x, steps)
    return np.log(ratios(np.abs(estimates))) / np.log(ratios(steps))


def order_of_a_fit(scheme, c, x, steps):
    return np.polyfit(np.log(steps), np.log(errors(scheme, c, x, steps)), 1)[0]


def order_at_every_step(scheme, c, x, steps):
    return np.log(errors(scheme, c, x, steps)) / np.log(steps)


ORDER_MISTAKES = {
    "minus the order: one of the two ratios is upside down": lambda **given: -orders(**given),
    "the ratio of the errors: the order is its exponent, so take logarithms": lambda **given: ratios(errors(**given)),
    "log(ratio of errors) is not yet divided by log(ratio of steps)": lambda **given: np.log(ratios(errors(**given))),
    "the estimates in place of their errors: subtract the true slope first": orders_of_estimates,
    "the logarithm of a negative error is nan: take the absolute value first": lambda **given: orders_of_signed(
        1, **given
    ),
    "true slope minus estimate can be negative, too: take the absolute value before the logarithm": lambda **given: (
        orders_of_signed(-1, **given)
    ),
    "math.log refuses a negative error: take the absolute value first": lambda **given: refused_or_orders(1, **given),
    "math.log refuses true slope minus estimate, where it is negative: take the absolute value first": (
        lambda **given: refused_or_orders(-1, **given)
    ),
    "a function of `math` takes one number and refuses an array: use np.log": lambda **given: NO_SCALAR,
    "two kinds of logarithm, log10 of the errors and log of the steps": lambda **given: orders(**given) / np.log(10),
    "log(error) / log(h) at each step: C does not cancel; compare two neighbours": order_at_every_step,
    "the orders are rounded: asked is the number that you observe": lambda **given: np.round(orders(**given)),
    "one order fitted to all the steps: asked is one for each pair of neighbours": order_of_a_fit,
}
ANY_STEPS_MISTAKES = {
    "divided by log(2): only steps that halve have the ratio 2": lambda **given: np.log2(ratios(errors(**given))),
    "the ratio of the first two steps for every pair: each pair has its own": lambda **given: (
        np.log(ratios(errors(**given))) / np.log(ratios(given["steps"])[0])
    ),
    "two slips: log(2) for every ratio of steps, and a ratio upside down": lambda **given: (
        -np.log2(ratios(errors(**given)))
    ),
    **ORDER_MISTAKES,
}


def some_errors(rng, factors):
    """Draw a scheme, a polynomial whose derivatives are all positive at x, and steps that fall by the factors."""
    c = np.round(rng.uniform(0.5, 2.0, 7), 2).tolist()
    x = float(np.round(rng.uniform(0.4, 0.95), 2))
    steps = float(np.round(rng.uniform(0.15, 0.25), 3)) / np.cumprod([1.0, *factors])
    scheme = rng.choice([*SCHEMES], p=[0.25, 0.2, 0.25, 0.15, 0.15])  # errors are as often positive as negative
    return {"scheme": str(scheme), "c": c, "x": x, "steps": steps}


def orders_by_the_student(student, scheme, c, x, steps):
    """Call `observed_orders` with a scheme that has nothing to do with the student's own."""
    offsets, weights = {
        "forward": ((0, 1), (-1, 1)),
        "backward": ((-1, 0), (-1, 1)),
        "central": ((-1, 1), (-0.5, 0.5)),
        "one-sided with three points": ((0, 1, 2), (-1.5, 2, -0.5)),
        "central with five points": ((-2, -1, 1, 2), (1 / 12, -2 / 3, 2 / 3, -1 / 12)),
    }[scheme]

    def f(x):
        return sum(a * x**k for k, a in enumerate(c))

    def scheme(f, x, h):  # under the name that the student knows: Python's messages may speak of it
        return sum(w * f(x + o * h) for o, w in zip(offsets, weights, strict=True)) / h

    true_slope = sum(k * a * x ** (k - 1) for k, a in enumerate(c) if k > 0)
    return student.observed_orders(scheme, f, x, true_slope, steps)


ORDER_HINT = (
    "If error = C h^p, the ratio of two errors is the ratio of their steps to the power p. Take the logarithm of both "
    "sides: C is gone, and p can be solved for. Chapter 2, section 'Two errors, one step'."
)
# The smallest error is 1e-6 (five points, h = 0.02), and rounding changes it by eps 20 / h = 2e-13: orders agree to
# 1e-6. The orders of two schemes are about 1 apart, and each mistake is off by more than 0.01.
ORDER_TOLERANCE = 1e-5, 1e-5  # rtol, atol


@check("order-halving", part="order", points=2)
class OrderHalving:
    """`observed_orders` finds the order of a scheme from steps that halve.

    (Tried with several schemes on f(x) = c[0] + c[1] x + ... + c[6] x^6.)
    """

    trials = 20  # errors of either sign, but for one class in half a million

    def inputs(rng):
        return some_errors(rng, [2.0, 2.0, 2.0])

    probe = orders_by_the_student
    expected = orders
    rtol, atol = ORDER_TOLERANCE
    mistakes = ORDER_MISTAKES
    hint = ORDER_HINT


@check("order-any-steps", part="order", points=2)
class OrderAnySteps:
    """`observed_orders` finds the order from steps that fall by any factors, not always by the same.

    (Tried with several schemes on f(x) = c[0] + c[1] x + ... + c[6] x^6.)
    """

    trials = 20  # errors of either sign, but for one class in half a million

    def inputs(rng):
        # Not 2, and not e: a ratio of e would hide a forgotten division by its logarithm.
        factors = [rng.uniform(1.4, 1.7), rng.uniform(2.2, 2.5), rng.uniform(2.9, 3.2)]
        return some_errors(rng, np.round(rng.permutation(factors), 1))

    probe = orders_by_the_student
    expected = orders
    rtol, atol = ORDER_TOLERANCE
    mistakes = ANY_STEPS_MISTAKES
    hint = ORDER_HINT


# --- The best step --------------------------------------------------------------------------------------------------

EPS = {name: float(np.finfo(name).eps) for name in ("float64", "float32")}


def for_both(formula):
    """Make of formula(eps, |f|, |derivative|) the answer of the two probes below."""
    return lambda value, **derivative: {
        name: formula(eps, abs(value), abs(*derivative.values())) for name, eps in EPS.items()
    }


def where_signs_differ(wrong, right):
    """Make the answer of who forgets that the model has sizes: right where f and its derivative have one sign."""
    return lambda value, **derivative: (wrong if value * next(iter(derivative.values())) < 0 else right)(
        value, **derivative
    )


def some_sizes(rng, name):
    """Draw f(x) and a derivative, mostly of opposite sign, one of them at least four times the other."""
    sizes = rng.permutation([rng.uniform(0.05, 0.5), rng.uniform(2.0, 50.0)])
    signs = rng.choice([-1, 1]) * np.array([1, rng.choice([1, -1], p=[0.25, 0.75])])
    value, derivative = (float(f"{number:.3g}") for number in sizes * signs)
    return {"value": value, name: derivative}


# Steps agree to 1e-6, even when computed in float32, or when the minimum is searched for and not solved for (the model
# is flat there: a search ends within sqrt(eps) = 1e-8 of it). Every known mistake is off by 5 % or more.
STEP_TOLERANCE = 1e-5

best_forward = for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f / f2))
best_central = for_both(lambda eps, f, f3: np.cbrt(3 * eps * f / f3))

BEST_FORWARD_MISTAKES = {
    "the eps of float64, whatever the precision": for_both(lambda eps, f, f2: 2 * np.sqrt(EPS["float64"] * f / f2)),
    "the eps of float32, whatever the precision": for_both(lambda eps, f, f2: 2 * np.sqrt(EPS["float32"] * f / f2)),
    "eps is missing: the step must know how many digits there are": for_both(lambda eps, f, f2: 2 * np.sqrt(f / f2)),
    "sqrt(eps) for every function: a rule of thumb, right if 4 |f| = |f''|": for_both(lambda eps, f, f2: np.sqrt(eps)),
    "a factor 2 is missing": for_both(lambda eps, f, f2: np.sqrt(eps * f / f2)),
    "a factor sqrt(2) is missing: there is a 1/2 in the first term and a 2 in the second": for_both(
        lambda eps, f, f2: np.sqrt(2 * eps * f / f2)
    ),
    "upside down: more curvature must give a smaller step": for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f2 / f)),
    "a cube root: E'(h) = 0 gives the square of h": for_both(lambda eps, f, f2: np.cbrt(4 * eps * f / f2)),
    "the square of the step: its root is still to be taken": for_both(lambda eps, f, f2: 4 * eps * f / f2),
    "the smallest error in place of the step that reaches it": for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f * f2)),
    "the root of a negative number is nan: the model has sizes, |f| and |f''|": where_signs_differ(
        for_both(lambda eps, f, f2: np.nan), best_forward
    ),
    "math.sqrt refuses a negative number: the model has sizes, |f| and |f''|": where_signs_differ(
        lambda value, second: ValueError, best_forward
    ),
}


@check("best-forward-step", part="best-forward", points=2)
class BestForwardStep:
    """`best_forward_step(value, second, precision)` is the h at which h/2 |f''| + 2 eps |f| / h is smallest.

    (Tried with the precision left out, which means float64, and with float32.)
    """

    trials = 8

    def inputs(rng):
        return some_sizes(rng, "second")

    def probe(student, value, second):
        return {
            "float64": student.best_forward_step(value, second),
            "float32": student.best_forward_step(value, second, "float32"),
        }

    expected = best_forward
    rtol = STEP_TOLERANCE
    mistakes = BEST_FORWARD_MISTAKES
    hint = (
        "One error grows with h, the other falls. Where their sum is smallest its derivative is zero: solve E'(h) = 0 "
        "for h. The machine epsilon is np.finfo(precision).eps. Chapter 2, section 'The best step'."
    )


BEST_CENTRAL_MISTAKES = {
    "a square root: E'(h) = 0 gives the cube of h": for_both(lambda eps, f, f3: np.sqrt(3 * eps * f / f3)),
    "the best step of the forward difference": for_both(lambda eps, f, f3: 2 * np.sqrt(eps * f / f3)),
    "the two errors are set equal: where the sum is smallest their slopes cancel, and one is twice the other": for_both(
        lambda eps, f, f3: np.cbrt(6 * eps * f / f3)
    ),
    "the factor 3 is missing": for_both(lambda eps, f, f3: np.cbrt(eps * f / f3)),
    "the cube root of eps for every function: a rule of thumb, right if 3 |f| = |f'''|": for_both(
        lambda eps, f, f3: np.cbrt(eps)
    ),
    "the square root of eps for every function: a rule of thumb, and of forward differences": for_both(
        lambda eps, f, f3: np.sqrt(eps)
    ),
    "`** 1 / 3` is the first power, divided by 3: write `** (1 / 3)`": for_both(lambda eps, f, f3: eps * f / f3),
    "the cube of the step: its root is still to be taken": for_both(lambda eps, f, f3: 3 * eps * f / f3),
    "upside down: a larger |f'''| must give a smaller step": for_both(lambda eps, f, f3: np.cbrt(3 * eps * f3 / f)),
    "the eps of float64, whatever the precision": for_both(lambda eps, f, f3: np.cbrt(3 * EPS["float64"] * f / f3)),
    "the eps of float32, whatever the precision": for_both(lambda eps, f, f3: np.cbrt(3 * EPS["float32"] * f / f3)),
    "eps is missing: the step must know how many digits there are": for_both(lambda eps, f, f3: np.cbrt(3 * f / f3)),
    "a negative step: the model has sizes, |f| and |f'''|": where_signs_differ(
        for_both(lambda eps, f, f3: -np.cbrt(3 * eps * f / f3)), best_central
    ),
    "a power of a negative number is nan: the model has sizes, |f| and |f'''|": where_signs_differ(
        for_both(lambda eps, f, f3: np.nan), best_central
    ),
    "Python makes the power of a negative number complex: the model has sizes, |f| and |f'''|": where_signs_differ(
        for_both(lambda eps, f, f3: complex(-3 * eps * f / f3) ** (1 / 3)), best_central
    ),
}


@check("best-central-step", part="best-central", points=2)
class BestCentralStep:
    """`best_central_step(value, third, precision)` is the h at which h^2/6 |f'''| + eps |f| / h is smallest.

    (Tried with the precision left out, which means float64, and with float32.)
    """

    trials = 8

    def inputs(rng):
        return some_sizes(rng, "third")

    def probe(student, value, third):
        return {
            "float64": student.best_central_step(value, third),
            "float32": student.best_central_step(value, third, "float32"),
        }

    expected = best_central
    rtol = STEP_TOLERANCE
    mistakes = BEST_CENTRAL_MISTAKES
    hint = (
        "The same road as for the forward difference: solve E'(h) = 0 for h. The first error now has h^2, so it is h^3 "
        "that stands alone in the end. Chapter 2, section 'Central differences'."
    )


# --- The complex step -----------------------------------------------------------------------------------------------

# Each formula with its derivative.
SMOOTH = {
    "exp(a x) sin(b x)": (
        lambda a, b, x: np.exp(a * x) * np.sin(b * x),
        lambda a, b, x: np.exp(a * x) * (a * np.sin(b * x) + b * np.cos(b * x)),
    ),
    "1 / (a + b x^2)": (
        lambda a, b, x: 1 / (a + b * x**2),
        lambda a, b, x: -2 * b * x / (a + b * x**2) ** 2,
    ),
    "sqrt(a + x^2) cos(b x)": (
        lambda a, b, x: np.sqrt(a + x**2) * np.cos(b * x),
        lambda a, b, x: x / np.sqrt(a + x**2) * np.cos(b * x) - b * np.sqrt(a + x**2) * np.sin(b * x),
    ),
    "log(a + x^2) + b x^3": (
        lambda a, b, x: np.log(a + x**2) + b * x**3,
        lambda a, b, x: 2 * x / (a + x**2) + 3 * b * x**2,
    ),
}


def smooth(formula, a, b, x):
    return SMOOTH[formula][0](a, b, x)


def smooth_slope(formula, a, b, x):
    return SMOOTH[formula][1](a, b, x)


COMPLEX_MISTAKES = {
    "the real part in place of the imaginary part": lambda **given: smooth(**given) / 1e-20,
    "the whole quotient: the slope is its imaginary part": lambda **given: complex(
        smooth(**given) / 1e-20, smooth_slope(**given)
    ),
    "the imaginary part is not yet divided by h": lambda **given: 1e-20 * smooth_slope(**given),
    "a real step, and x + 1e-20 is x, so that the difference is 0: step by 1j * h": lambda **given: 0.0,
    "minus the slope: step by +1j * h": lambda **given: -smooth_slope(**given),
    "divided by ih: the imaginary part is h times the slope, a real number": lambda **given: smooth_slope(**given) / 1j,
    "the slope as a complex number: return a real one": lambda **given: complex(smooth_slope(**given)),
}


@check("complex-step", part="complex", points=2)
class ComplexStep:
    """`complex_slope(f, x)`, with h left out, is right to twelve digits."""

    trials = 8

    def inputs(rng):
        while True:
            a, b = np.round(rng.uniform(0.5, 1.5, 2), 2).tolist()
            x = float(np.round(rng.uniform(0.4, 2.0) * rng.choice([-1, 1]), 2))
            inputs = {"formula": str(rng.choice([*SMOOTH])), "a": a, "b": b, "x": x}
            if general(a, b, x) and abs(smooth_slope(**inputs)) > 0.2 and abs(smooth(**inputs)) > 0.1:
                return inputs

    def probe(student, formula, a, b, x):
        f = {
            "exp(a x) sin(b x)": lambda x: np.exp(a * x) * np.sin(b * x),
            "1 / (a + b x^2)": lambda x: 1 / (a + b * x**2),
            "sqrt(a + x^2) cos(b x)": lambda x: np.sqrt(a + x**2) * np.cos(b * x),
            "log(a + x^2) + b x^3": lambda x: np.log(a + x**2) + b * x**3,
        }[formula]
        return student.complex_slope(f, x)

    expected = smooth_slope
    # The terms of a slope are at most 40 and their sum at least 0.2, so a rounding of each costs 200 eps = 4e-14. The
    # best that a difference of real values reaches is eps^(2/3) = 4e-11, which must not pass.
    rtol = 1e-12
    mistakes = COMPLEX_MISTAKES
    hint = (
        "f(x + ih) = f(x) + ih f'(x) - h^2 f''(x)/2 - ...: the imaginary part is h times the slope. Nothing is "
        "subtracted, so no digit cancels, however small h is. "
        "Chapter 2, section 'The complex step'."
    )


COMPLEX_ANY_STEP_MISTAKES = {
    "a step of your own in place of the h that was given": own_step,
    "divided by 1e-20 in place of the h that was given": lambda c, x, h: imaginary(c, x, h) * h / 1e-20,
    "a real step on both sides is a central difference: its error, c[3] h^2, has the other sign": central,
    "a real step, x + h, is a forward difference: step by 1j * h": forward,
    "the quotient (f(x + ih) - f(x)) / (ih) subtracts values, and is complex: the slope is Im f(x + ih) / h": (
        lambda c, x, h: (cubic(c, x + 1j * h) - cubic(c, x)) / (1j * h)
    ),
    "divided by ih: the imaginary part is h times the slope, a real number": lambda c, x, h: imaginary(c, x, h) / 1j,
    "the real part in place of the imaginary part": lambda c, x, h: np.real(cubic(c, x + 1j * h)) / h,
    "real parts are subtracted, and cancel: the slope is in the imaginary part": lambda c, x, h: (
        np.real(cubic(c, x + 1j * h) - cubic(c, x)) / h
    ),
    "the whole quotient: the slope is its imaginary part": lambda c, x, h: cubic(c, x + 1j * h) / h,
    "the imaginary part is not yet divided by h": lambda c, x, h: h * imaginary(c, x, h),
    "minus the slope: step by +1j * h": lambda c, x, h: -imaginary(c, x, h),
    "the slope as a complex number: return a real one": lambda c, x, h: imaginary(c, x, h) + 0j,
    "the slopes go into an array of whole numbers, which cuts off their fractions": lambda c, x, h: np.trunc(
        imaginary(c, x, h)
    ),
    "complex(x), or a function of `math`, takes one number and refuses an array": lambda c, x, h: NO_SCALAR,
}


@check("complex-any-step", part="complex", points=1)
class ComplexAnyStep:
    """`complex_slope(f, x, h)` uses the h that it is given, and takes arrays of points, also of whole numbers.

    (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 with a large h, where the complex step is f'(x) - c[3] h^2.)
    """

    def inputs(rng):
        while True:
            (c, h), x = some_cubic(rng), some_whole_numbers(rng)
            right = imaginary(c, x, h)
            others = [derivative(c, x), central(c, x, h), forward(c, x, h), np.trunc(right), 0]
            if tell_apart(right, others):
                return {"c": c, "x": x, "h": h}

    def probe(student, c, x, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        return student.complex_slope(f, x, h)

    expected = imaginary
    rtol, atol = BETWEEN
    mistakes = COMPLEX_ANY_STEP_MISTAKES
    hint = (
        "x + 1j * h is a new, complex array, whatever the type of x; its imaginary part, entry by entry, is what you "
        "divide by the same h. Chapter 2, section 'The complex step'."
    )
