"""How the inputs of problem set 1 are drawn: so that every mistake shows in the first digits.

The step is large. Then the schemes' answers on a cubic differ, rounding plays no role, and none can be sold as another.
"""

import numpy as np

from autograder.drawing import general, until_told_apart

from .formulas import (
    SCHEMES,
    SMOOTH,
    central,
    derivative,
    errors,
    forward,
    imaginary,
    signed_errors,
    smooth,
    smooth_slope,
    with_an_error_of_0,
)

# --- Cubics, f(x) = c[0] + c[1] x + c[2] x^2 + c[3] x^3, and what each scheme makes of them -------------------------


def everywhere_apart(right, wrong):
    """Whether the wrong answers differ from the right one in the first digits, at every point."""
    return all(np.all(np.abs(np.subtract(answer, right)) > 0.01) for answer in wrong)


def some_cubic(rng):
    """Draw a step, and four coefficients between 0.5 and 3 in size, of either sign."""
    c = np.round(rng.uniform(0.5, 3.0, 4) * rng.choice([-1, 1], 4), 2)
    return c.tolist(), float(np.round(rng.uniform(0.2, 0.8), 2))


def some_whole_numbers(rng):
    return rng.choice([-3, -2, -1, 1, 2, 3], size=5, replace=False)


def cubic_at_a_point(rng, trial, right, mistakes):
    """Draw a cubic, a step and a point at which every mistake shows; in every second trial it is a thousandth as high.

    All schemes are linear in the cubic, so that what shows on it shows on the small one; a rounded slope shows there.
    """

    def draw():
        c, h = some_cubic(rng)
        x = float(np.round(rng.uniform(0.3, 2.0) * rng.choice([-1, 1]), 2))
        return {"c": c, "x": x, "h": h} if general(x, h) else None

    given = until_told_apart(draw, right, mistakes)
    return given | {"c": [round(a / 1000, 5) for a in given["c"]]} if trial % 2 else given


# --- Schemes --------------------------------------------------------------------------------------------------------


def for_central_arrays(rng):
    while True:
        c, h = some_cubic(rng)
        x, n = np.round(rng.uniform(-2, 2, 3), 2), some_whole_numbers(rng)
        at_x, at_n = central(c, x, h), central(c, n, h)
        apart = everywhere_apart(at_n, [np.trunc(at_n), 0]) and everywhere_apart(at_x, [forward(c, x, h), 0])
        signs = {*np.sign(at_x), *np.sign(at_n)}
        if apart and len(signs) == 2 and general(*x, h):
            return {"c": c, "x": x, "n": n, "h": h}


# --- The observed order ---------------------------------------------------------------------------------------------


def some_errors(rng, factors, turns=False):
    """Draw a scheme, a polynomial whose derivatives are all positive at x, and steps that fall by the factors.

    Where the error `turns`, another polynomial: the estimate is too large at some steps and too small at others.
    """
    while True:
        c = np.round(rng.uniform(0.5, 2.0, 7), 2).tolist()
        x = float(np.round(rng.uniform(0.4, 0.95), 2))
        steps = float(np.round(rng.uniform(0.15, 0.25), 3)) / np.cumprod([1.0, *factors])
        if not turns:
            # Errors are as often positive as negative.
            scheme = str(rng.choice([*SCHEMES], p=[0.25, 0.2, 0.25, 0.15, 0.15]))
            return {"scheme": scheme, "c": c, "x": x, "steps": steps}
        scheme = str(rng.choice(["forward", "backward"]))
        place = int(rng.integers(len(steps) - 1))
        c = with_an_error_of_0(scheme, c, x, float(np.sqrt(steps[place] * steps[place + 1])))
        given = {"scheme": scheme, "c": c, "x": x, "steps": steps}
        if np.min(errors(**given)) > 1e-4 and len(set(np.sign(signed_errors(**given)))) == 2:
            return given


# --- The best step --------------------------------------------------------------------------------------------------


def some_sizes(rng, name, trial):
    """Draw f(x) and a derivative, one of them at least four times the other; in four trials each pair of signs."""
    sizes = rng.permutation([rng.uniform(0.05, 0.5), rng.uniform(2.0, 50.0)])
    signs = np.array([(1, -1), (-1, 1), (1, 1), (-1, -1)][trial % 4])
    value, derivative = (float(f"{number:.3g}") for number in sizes * signs)
    return {"value": value, name: derivative}


# --- The complex step -----------------------------------------------------------------------------------------------


def for_complex_step(rng, trial):
    """Draw a function, and a point; in four trials each pair of signs of value and slope, which are no sizes."""
    while True:
        a, b = np.round(rng.uniform(0.5, 1.5, 2), 2).tolist()
        x = float(np.round(rng.uniform(0.4, 2.0) * rng.choice([-1, 1]), 2))
        inputs = {"formula": str(rng.choice([*SMOOTH])), "a": a, "b": b, "x": x}
        value, slope = smooth(**inputs) * (-1) ** trial, smooth_slope(**inputs) * (-1) ** (trial // 2)
        if general(a, b, x) and slope > 0.2 and value > 0.1:
            return inputs


def for_complex_any_step(rng):
    while True:
        (c, h), x = some_cubic(rng), some_whole_numbers(rng)
        right = imaginary(c, x, h)
        others = [derivative(c, x), central(c, x, h), forward(c, x, h), np.trunc(right), 0]
        if everywhere_apart(right, others) and np.min(right) < 0 < np.max(right):
            return {"c": c, "x": x, "h": h}
