"""What each scheme of problem set 1 makes of a polynomial, by Taylor's theorem: right answers and wrong ones.

A cubic is f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3. The sum of Taylor's theorem ends for polynomials, so that no
answer here comes from a difference.
"""

import numpy as np

from autograder.checks import Raises

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


# --- Schemes --------------------------------------------------------------------------------------------------------


# What Python says when float(x), or a function of `math`, is given an array.
ONE_NUMBER = "arrays can be converted to Python scalars"  # Python's words where one is given to float() or to `math`
NEGATIVE = ("math domain error", "expected a positive input", "expected a nonnegative input")  # those of `math`


def slopes_at(x_slopes, x_afterwards, n_slopes):
    return {"slopes at x": x_slopes, "x afterwards": x_afterwards, "slopes at n": n_slopes}


def on_arrays(scheme):
    """Make of a scheme the answer of the probe below."""
    return lambda c, x, n, h: slopes_at(scheme(c, x, h), x, scheme(c, n, h))


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


def orders_of_signed_ratios(scheme, c, x, steps):
    with np.errstate(invalid="ignore"):
        return np.log(ratios(signed_errors(scheme, c, x, steps))) / np.log(ratios(steps))


def orders_against_the_first(scheme, c, x, steps):
    found = errors(scheme, c, x, steps)
    return np.log(found[0] / found[1:]) / np.log(steps[0] / steps[1:])


def with_an_error_of_0(scheme, c, x, h):
    """Another c[2], so that the error of the scheme is 0 at the step h, and changes its sign there."""
    offsets, weights = (np.array(numbers, dtype=float) for numbers in SCHEMES[scheme])
    moments = [weights @ offsets**k for k in range(len(c))]
    t = taylor(c, x)
    wanted = -sum(moments[k] / moments[2] * t[k] * h ** (k - 2) for k in range(3, len(c)))
    return [*c[:2], float(np.round(c[2] + wanted - t[2], 3)), *c[3:]]


def refused_or_orders(sign, **given):
    found = orders_of_signed(sign, **given)
    return Raises(ValueError, NEGATIVE, line=r"log") if np.isnan(found).any() else found


def orders_of_estimates(scheme, c, x, steps):
    estimates = taylor(c, x)[1] + signed_errors(scheme, c, x, steps)
    return np.log(ratios(np.abs(estimates))) / np.log(ratios(steps))


def order_of_a_fit(scheme, c, x, steps):
    return np.polyfit(np.log(steps), np.log(errors(scheme, c, x, steps)), 1)[0]


def order_at_every_step(scheme, c, x, steps):
    return np.log(errors(scheme, c, x, steps)) / np.log(steps)


# --- The best step --------------------------------------------------------------------------------------------------


EPS = {name: float(np.finfo(name).eps) for name in ("float64", "float32")}


def for_both(formula, eps_of=EPS):
    """Make of formula(eps, |f|, |derivative|) the answer of the two probes below."""
    return lambda value, **derivative: {
        name: formula(eps, abs(value), abs(*derivative.values())) for name, eps in eps_of.items()
    }


def where_signs_differ(wrong, right):
    """Make the answer of who forgets that the model has sizes: right where f and its derivative have one sign."""
    return lambda value, **derivative: (wrong if value * next(iter(derivative.values())) < 0 else right)(
        value, **derivative
    )


def where_negative(name, wrong, right):
    """Make the answer of who forgets the size of one number: right where it is positive."""
    return lambda **given: (wrong if given[name] < 0 else right)(**given)


best_forward = for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f / f2))
best_central = for_both(lambda eps, f, f3: np.cbrt(3 * eps * f / f3))


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
