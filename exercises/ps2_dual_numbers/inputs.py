"""How the expressions, programs and points of problem set 2 are drawn."""

import numpy as np

from autograder.drawing import bare, either_sign, expression, number, until_told_apart
from course_lib import autodiff

from .formulas import (
    FUNCTIONS,
    NAMES_OF_FUNCTIONS,
    Number,
    derivative_of_program,
    gradient_of,
    nested_slope,
    own_d,
    parts,
    program,
    right_together,
    right_values,
    second_derivative_of,
    taylor_of,
)
from .mistakes import IN_EXPRESSIONS, POWERS, PRODUCTS, QUOTIENTS, SUMS
from .mistakes_in_functions import EXP_LOG_SQRT, SINE_COSINE
from .mistakes_in_programs import OWN_D, SECOND_DERIVATIVE, TAYLOR

# --- Dual numbers, one rule a line ----------------------------------------------------------------------------------


class Careful(Number):
    """Numbers that refuse what is nearly undefined; expressions are drawn until these can be evaluated."""

    def refuse_unless(self, safe):
        if not safe:
            raise ValueError("too near to a singularity for an answer that can be trusted")
        return self

    def __truediv__(self, other):
        return Number.__truediv__(self, self.lift(other).refuse_unless(abs(self.lift(other).real) > 0.3))

    def __pow__(self, n):
        return Number.__pow__(self.refuse_unless(abs(self.real) > 0.3), n)

    def log(self):
        return Number.log(self.refuse_unless(self.real > 0.3))

    def sqrt(self):
        return Number.sqrt(self.refuse_unless(self.real > 0.3))


# --- Inputs ---------------------------------------------------------------------------------------------------------


def two_points(rng):
    return {name: (either_sign(rng, 1.2, 3), either_sign(rng, 0.3, 3)) for name in "xy"}


def can_be_trusted(text, points):
    """Whether an expression stays away from singularities, and its value and derivative are of a usual size."""
    try:
        z = eval(text, FUNCTIONS | {name: Careful(*point) for name, point in points.items()})
    except (ValueError, OverflowError):
        return False
    return 0.05 < abs(z.real) < 30 and 0.05 < abs(z.dual) < 30


# --- Part 1: operators ----------------------------------------------------------------------------------------------


def plain_number(rng, trial):
    """Draw a number that stands beside dual ones, in the first trial a whole one: these are of another type."""
    return number(rng, 1.2, 4) if trial else int(rng.integers(2, 6))


def for_sums(rng, trial):
    def draw():
        c = plain_number(rng, trial)
        written = ["-x", f"x + {c}", f"{c} + x", "x + y", f"x - {c}", f"{c} - x", "x - y", "-y + x"]
        return {"expressions": written, **two_points(rng)}

    return until_told_apart(draw, right_values, SUMS)


def for_products(rng, trial):
    def draw():
        c = plain_number(rng, trial)
        return {"expressions": ["x * y", f"x * {c}", f"{c} * x", "x * y * x"], **two_points(rng)}

    return until_told_apart(draw, right_values, PRODUCTS)


def for_quotients(rng, trial):
    def draw():
        c = plain_number(rng, trial)
        return {"expressions": ["x / y", f"x / {c}", f"{c} / x", "x / y / y"], **two_points(rng)}

    return until_told_apart(draw, right_values, QUOTIENTS)


def for_powers(rng):
    def draw():
        n, m, q = rng.integers(3, 6), rng.integers(-3, -1), rng.choice([0.5, 1.5, -0.5, 2.5])
        written = [
            f"x ** {n}",
            f"y ** {n}",
            f"x ** {m}",
            f"y ** {m}",
            "x ** 0",
            "x ** 1",
            f"x ** {q}",
            f"z ** {n}",
            f"u ** {n}",
        ]
        x, y = (number(rng, 1.2, 2.2), number(rng, 0.3, 3)), (-number(rng, 1.2, 2.2), either_sign(rng, 0.3, 3))
        z, u = (1.0, either_sign(rng, 0.3, 3)), (0.0, either_sign(rng, 0.3, 3))
        return {"expressions": written, "x": x, "y": y, "z": z, "u": u}

    return until_told_apart(draw, right_values, POWERS)


def for_expressions(rng):
    def draw():
        # x is negative, and y has a negative exponent, so that a power of every kind is there.
        points, c = two_points(rng) | {"x": (-number(rng, 1.2, 3), either_sign(rng, 0.3, 3))}, number(rng, 1.2, 4)
        e = number(rng, 1.2, 4)
        # Plain numbers stand on either side of every operator: what is drawn beside these may have none.
        written = [f"{c} - x + x ** 3 * y ** -1", f"{e} * x / (y - {c})", f"{c} / y - ({e} + x * y * {e}) / {c}"]
        written += [bare(expression(rng, ["x", "y"], 3)) for _ in range(3)]
        usable = all(can_be_trusted(text, points) for text in written)
        return {"expressions": written, **points} if usable else None

    return until_told_apart(draw, right_values, IN_EXPRESSIONS)


# --- Part 2: functions ----------------------------------------------------------------------------------------------


def for_sine_cosine(rng):
    def draw():
        plain = [f"{name}({number(rng, 0.3, 3)})" for name in ("sin", "cos")]
        written = ["sin(x)", "cos(x)", "sin(cos(x))", "cos(sin(x))", *plain]
        return {"expressions": written, "x": (either_sign(rng, 0.4, 3), either_sign(rng, 0.4, 3))}

    return until_told_apart(draw, right_values, SINE_COSINE)


def for_exp_log_sqrt(rng):
    def draw():
        plain = [f"{name}({number(rng, 0.3, 3)})" for name in ("exp", "log", "sqrt")]
        written = ["exp(x)", "log(x)", "sqrt(x)", "log(sqrt(exp(x)))", *plain]
        return {"expressions": written, "x": (number(rng, 1.2, 3), number(rng, 0.3, 3))}

    return until_told_apart(draw, right_values, EXP_LOG_SQRT)


# --- Part 3: the derivative of a program ----------------------------------------------------------------------------


def some_program(rng, most_times):
    """Draw a program and a point at which each of its rounds can be trusted."""
    while True:
        body = bare(expression(rng, ["z"], 3, NAMES_OF_FUNCTIONS))
        x, rounds = either_sign(rng, 0.3, 2), 0
        z = (x, 1.0)
        while rounds < most_times and can_be_trusted(body, {"z": z}):
            z, rounds = parts(program(body, 1)(autodiff.Dual(*z))), rounds + 1
        if rounds:
            return {"body": body, "times": int(rng.integers(1, rounds + 1)), "x": x}


# --- Part 4: gradients ----------------------------------------------------------------------------------------------


def some_function(rng):
    """Draw a function of two to four variables, each of which matters, and a point."""
    while True:
        point = [either_sign(rng, 0.4, 2.5) for _ in range(rng.integers(2, 5))]
        names = "abcefg"[: len(point)]
        terms = [bare(expression(rng, [*names], 2, ["sin", "cos", "exp", "sqrt"])) for _ in range(len(point))]
        body = " + ".join(terms)
        if all(name in body.replace("exp", "").replace("cos", "") for name in names):
            numbers = {name: (x, 1.0) for name, x in zip(names, point, strict=True)}
            if can_be_trusted(body, numbers):
                g = gradient_of(body, point)
                if np.all(np.isfinite(g)) and np.all((abs(g) > 0.05) & (abs(g) < 30)):
                    return {"body": body, "point": point}


# --- Part 5: again and again ----------------------------------------------------------------------------------------


def some_curved_program(rng, order):
    """Draw a program whose derivatives up to an order are of a usual size."""
    while True:
        inputs = some_program(rng, 2)
        c = taylor_of(**inputs, order=order)
        if np.all(np.isfinite(c)) and np.all((abs(c[1:]) > 0.05) & (abs(c[1:]) < 50)):
            return inputs


def for_second_derivative(rng):
    """Draw a program that is defined at its own slope, too: one of the known mistakes evaluates it there."""

    def draw():
        inputs = some_curved_program(rng, 2)
        try:
            program(inputs["body"], inputs["times"], FUNCTIONS)(Number(derivative_of_program(**inputs), 1.0))
        except (ArithmeticError, ValueError):
            return None
        return inputs

    return until_told_apart(draw, second_derivative_of, SECOND_DERIVATIVE)


def for_taylor_coefficients(rng):
    def draw():
        order = int(rng.integers(2, 5))
        return some_curved_program(rng, order) | {"order": order}

    return until_told_apart(draw, taylor_of, TAYLOR)


# --- Part 6: whose d is it? -----------------------------------------------------------------------------------------


# In the first term of each program an older number stands on the left of a newer one. In the last term the newer one is
# always on the left, so that "the tag of the left operand" and "the older tag" give different answers.
NESTED_PROGRAMS = tuple(
    f"slope(lambda x: {body} + x * slope(lambda y: y * y * x + y * B, C), x)"
    for body in (
        "x * slope(lambda y: A * x * y + y * (x + B * y), C)",
        "(x + A) * slope(lambda y: y * (B * x + y) * x + x * y, x)",
        "x * slope(lambda y: y * slope(lambda z: x * z * y + A * z * z, B) + x * y, C)",
    )
)


def for_own_d(rng):
    def draw():
        text = str(rng.choice(NESTED_PROGRAMS))
        for letter in "ABC":
            text = text.replace(letter, str(number(rng, 0.4, 3)))
        inputs = {"program": text, "x": number(rng, 0.4, 2), "c": number(rng, 2, 4)}
        answers = [answer(**inputs) for answer in OWN_D.values()]
        return None if any(isinstance(a, dict) and a["the program"] is None for a in answers) else inputs

    return until_told_apart(draw, own_d(nested_slope, right_together), OWN_D)
