"""What is right in problem set 1: divided differences, their order, their best step, and the complex step.

Wherever a scheme is judged, the step is large. Then forward, backward and central differences of a cubic are exact
numbers that differ in the first digits, rounding plays no role, and one scheme cannot be sold as another. Expected
answers come from Taylor's theorem, whose sum ends for polynomials, and never from a difference.
"""

import numpy as np

from autograder.checks import check, promised, unchanged

from . import formulas, inputs, mistakes, mistakes_in_steps

IMPORTS = ("numpy", "matplotlib")
SECONDS = 30.0
OPEN = True


# --- Cubics, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, and what each scheme makes of them -------------------------


# Right answers agree to 1e-12: the values are at most 100, the step at least 0.2, and eps 100 / 0.2 is 1e-13. Wrong
# answers are off by more than 0.01, or the inputs are drawn again (`tell_apart`). The tolerance lies between, so that
# a step of the student's own, 1e-6 say, is recognised: it gives f'(x) to within 1e-6 |f''| / 2 < 1e-4.
BETWEEN = 1e-5, 1e-4  # rtol, atol
IN_PROPORTION = 1e-5, lambda c, **_: 4e-5 * max(map(abs, c))  # the same for cubics of any height: f'' has it, too


# --- Schemes --------------------------------------------------------------------------------------------------------


@check("forward-difference", part="forward", points=2)
class ForwardDifference:
    """`forward_slope(f, x, h)` is the forward difference. (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3.)"""

    trials = 20  # so that a slope that lost its sign in abs() does not pass by luck, falling in none of them

    def inputs(rng, trial):
        return inputs.cubic_at_a_point(rng, trial, formulas.forward, mistakes.FORWARD)

    def probe(student, c, x, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        return student.forward_slope(f, x, h)

    expected = formulas.forward
    rtol, atol = IN_PROPORTION
    mistakes = mistakes.absolute(formulas.forward) | mistakes.FORWARD
    hint = (
        "It is the slope of the line through (x, f(x)) and (x + h, f(x + h)): how far the line rises, divided by how "
        "far it runs. Chapter 2, section 'The difference quotient'."
    )


@check("central-difference", part="central", points=2)
class CentralDifference:
    """`central_slope(f, x, h)` is the central difference. (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3.)"""

    trials = 20  # as above: slopes of either sign

    def inputs(rng, trial):
        return inputs.cubic_at_a_point(rng, trial, formulas.central, mistakes.CENTRAL)

    def probe(student, c, x, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        return student.central_slope(f, x, h)

    expected = formulas.central
    rtol, atol = IN_PROPORTION
    mistakes = mistakes.absolute(formulas.central) | mistakes.CENTRAL
    hint = (
        "It is the slope of the line through the points h to the left of x and h to the right of it. How far apart "
        "are they? Chapter 2, section 'Central differences'."
    )


@check("central-arrays", part="central", points=1)
class CentralArrays:
    """`central_slope` takes arrays of points, also of whole numbers, and leaves the caller's array as it was.

    (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, with an array x of floats and an array n of whole numbers.)
    """

    inputs = inputs.for_central_arrays

    def probe(student, c, x, n, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        slopes = student.central_slope(f, x, h)
        return {"slopes at x": slopes, "x afterwards": x, "slopes at n": student.central_slope(f, n, h)}

    expected = formulas.on_arrays(formulas.central)
    rtol, atol = BETWEEN
    array = True
    mistakes = mistakes.ARRAY
    hint = (
        "x + h adds h to every entry and makes a new array; f(x + h) holds one value for each entry. The formula for "
        "one point then serves for many, without a loop. "
        "Chapter 2, section 'Central differences'."
    )


# --- The observed order ---------------------------------------------------------------------------------------------


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
    return unchanged(student.observed_orders, scheme, f, x, true_slope, steps)


ORDER_HINT = (
    "If error = C h^p, the ratio of two errors is the ratio of their steps to the power p. Take the logarithm of both "
    "sides: C is gone, and p can be solved for. Chapter 2, section 'Two errors, one step'."
)


# The smallest error is 1e-6 (five points, h = 0.02), and rounding changes it by eps 20 / h = 2e-13: orders agree to
# 1e-6. The orders of two schemes are about 1 apart, and each mistake is off by more than 0.01. Where an error changes
# its sign it is 1e-4 and more at each step.
ORDER_TOLERANCE = 1e-5, 1e-5  # rtol, atol


@check("order-halving", part="order", points=2)
class OrderHalving:
    """`observed_orders` finds the order of a scheme from steps that halve.

    (Tried with several schemes on f(x) = c[0] + c[1] x + ... + c[6] x^6.)
    """

    trials = 20  # errors of either sign, but for one class in half a million; in every fourth the sign changes

    def inputs(rng, trial):
        return inputs.some_errors(rng, [2.0, 2.0, 2.0], turns=trial % 4 == 3)

    probe = orders_by_the_student
    expected = formulas.orders
    rtol, atol = ORDER_TOLERANCE
    mistakes = mistakes.ORDER
    hint = ORDER_HINT


@check("order-any-steps", part="order", points=2)
class OrderAnySteps:
    """`observed_orders` finds the order from steps that fall by any factors, not always by the same.

    (Tried with several schemes on f(x) = c[0] + c[1] x + ... + c[6] x^6.)
    """

    trials = 20  # as above

    def inputs(rng, trial):
        # Not 2, and not e: a ratio of e would hide a forgotten division by its logarithm.
        factors = [rng.uniform(1.4, 1.7), rng.uniform(2.2, 2.5), rng.uniform(2.9, 3.2)]
        return inputs.some_errors(rng, np.round(rng.permutation(factors), 1), turns=trial % 4 == 3)

    probe = orders_by_the_student
    expected = formulas.orders
    rtol, atol = ORDER_TOLERANCE
    mistakes = mistakes.ANY_STEPS
    hint = ORDER_HINT


# --- The best step --------------------------------------------------------------------------------------------------


# Steps agree to 1e-6, even when computed in float32, or when the minimum is searched for and not solved for (the model
# is flat there: a search ends within sqrt(eps) = 1e-8 of it). Every known mistake is off by 5 % or more.
STEP_TOLERANCE = 1e-5


@check("best-forward-step", part="best-forward", points=2)
class BestForwardStep:
    """`best_forward_step(value, second, precision)` is the h at which h/2 |f''| + 2 eps |f| / h is smallest.

    (Tried with the precision left out, which means float64, and with float32.)
    """

    trials = 8

    def inputs(rng, trial):
        return inputs.some_sizes(rng, "second", trial)

    def probe(student, value, second):
        return {
            "float64": student.best_forward_step(value, second),
            "float32": student.best_forward_step(value, second, "float32"),
        }

    expected = formulas.best_forward
    rtol = STEP_TOLERANCE
    mistakes = mistakes_in_steps.BEST_FORWARD
    hint = (
        "One error grows with h, the other falls. Where their sum is smallest its derivative is zero: solve E'(h) = 0 "
        "for h. The machine epsilon is np.finfo(precision).eps. Chapter 2, section 'The best step'."
    )


@check("best-central-step", part="best-central", points=2)
class BestCentralStep:
    """`best_central_step(value, third, precision)` is the h at which h^2/6 |f'''| + eps |f| / h is smallest.

    (Tried with the precision left out, which means float64, and with float32.)
    """

    trials = 8

    def inputs(rng, trial):
        return inputs.some_sizes(rng, "third", trial)

    def probe(student, value, third):
        return {
            "float64": student.best_central_step(value, third),
            "float32": student.best_central_step(value, third, "float32"),
        }

    expected = formulas.best_central
    rtol = STEP_TOLERANCE
    mistakes = mistakes_in_steps.BEST_CENTRAL
    hint = (
        "The same road as for the forward difference: solve E'(h) = 0 for h. The first error now has h^2, so it is h^3 "
        "that stands alone in the end. Chapter 2, section 'Central differences'."
    )


# --- The complex step -----------------------------------------------------------------------------------------------


@check("complex-step", part="complex", points=2)
class ComplexStep:
    """`complex_slope(f, x)`, with h left out, is right to twelve digits."""

    trials = 8

    inputs = inputs.for_complex_step

    def probe(student, formula, a, b, x):
        f = {
            "exp(a x) sin(b x)": lambda x: np.exp(a * x) * np.sin(b * x),
            "1 / (a + b x^2)": lambda x: 1 / (a + b * x**2),
            "sqrt(a + x^2) cos(b x)": lambda x: np.sqrt(a + x**2) * np.cos(b * x),
            "log(a + x^2) + b x^3": lambda x: np.log(a + x**2) + b * x**3,
        }[formula]
        beside = []

        def watched(z):
            beside.append(bool(np.all(np.imag(z))))
            return f(z)

        def with_few_digits(z):
            return f(z) if np.all(np.imag(z)) else np.float64(np.float32(f(z)))  # a difference of these has hardly any

        slope = student.complex_slope(watched, x)
        promised(any(beside), "f was asked at real numbers alone: a complex step asks at x + ih, beside the real line.")
        return student.complex_slope(with_few_digits, x) if any(beside) else slope

    expected = formulas.smooth_slope
    # The terms of a slope are at most 40 and their sum at least 0.2, so a rounding of each costs 200 eps = 4e-14. The
    # best that a difference of real values reaches is eps^(2/3) = 4e-11, which must not pass.
    rtol = 1e-12
    mistakes = mistakes_in_steps.COMPLEX
    hint = (
        "f(x + ih) = f(x) + ih f'(x) - h^2 f''(x)/2 - ...: the imaginary part is h times the slope. Nothing is "
        "subtracted, so no digit cancels, however small h is. "
        "Chapter 2, section 'The complex step'."
    )


@check("complex-any-step", part="complex", points=1)
class ComplexAnyStep:
    """`complex_slope(f, x, h)` uses the h that it is given, and takes arrays of points, also of whole numbers.

    (Tried on f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3 with a large h, where the complex step is f'(x) - c[3] h^2.)
    """

    inputs = inputs.for_complex_any_step

    def probe(student, c, x, h):
        def f(x):
            return c[0] + c[1] * x + c[2] * x**2 + c[3] * x**3

        return unchanged(student.complex_slope, f, x, h)

    expected = formulas.imaginary
    rtol, atol = BETWEEN
    mistakes = mistakes_in_steps.COMPLEX_ANY_STEP
    hint = (
        "x + 1j * h is a new, complex array, whatever the type of x; its imaginary part, entry by entry, is what you "
        "divide by the same h. Chapter 2, section 'The complex step'."
    )
