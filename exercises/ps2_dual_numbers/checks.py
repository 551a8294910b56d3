"""What is right in problem set 2: dual numbers, what programs make of them, and whose d it is.

The class is judged as a class: expressions, most of them drawn at random, are evaluated with the student's numbers
and functions, and both parts of each result are compared. Expected answers come from `course_lib.autodiff`. What a
known mistake would answer is found by running the same expressions on `Number`, a plain class of dual numbers, one of
whose rules is replaced by the mistaken one.
"""

import numpy as np

from autograder.checks import called, check, promised
from autograder.drawing import until_told_apart

from . import exhibits, formulas, inputs, mistakes, mistakes_in_functions, mistakes_in_programs

IMPORTS = ("numpy", "matplotlib")
SECONDS = 60.0
OPEN = True

# Values and derivatives are at most 100, and no quotient, root or logarithm is near its singularity: a dozen operations
# keep eleven digits. A mistake is off by 0.02 or more in every set of inputs, or the inputs are drawn again.
TOLERANCE = 1e-9, 1e-9  # rtol, atol


# --- Dual numbers, one rule a line ----------------------------------------------------------------------------------


def values_of_the_student(student, expressions, **points):
    """Evaluate expressions one after the other, all of them with the same dual numbers."""
    if not isinstance(student.as_dual(1.5), student.DualNumber):
        raise TypeError(f"as_dual(1.5) returned {student.as_dual(1.5)!r}, which is no DualNumber")
    names = {name: student.DualNumber(*point) for name, point in points.items()}
    for name in ("sin", "cos", "exp", "log", "sqrt"):
        if any(name in expression for expression in expressions):
            names[name] = getattr(student, name)
    answers = {}
    for expression in expressions:
        try:
            z = eval(expression, dict(names))
        except ZeroDivisionError as error:
            parts = [one["dual part"] for one in answers.values() if isinstance(one, dict)]
            before = [f"{part:.6g}" for part in parts if isinstance(part, float)]
            error.args = (f"{error} in {expression}; dual parts before it: {', '.join(before) or 'none'}",)
            raise
        if isinstance(getattr(z, "dual", None), student.DualNumber):
            raise TypeError(f"the dual part of `{expression}` is a dual number: make it of parts, `.real` and `.dual`")
        answers[expression] = z if isinstance(z, (int, float)) else {"real part": z.real, "dual part": z.dual}
    return answers


def kept_and_computed(student, expressions, **points):
    """Evaluate expressions as the other checks do, and look whether a number keeps parts of any kind."""
    if not isinstance(student.as_dual(1.5), student.DualNumber):
        raise TypeError(f"as_dual(1.5) returned {student.as_dual(1.5)!r}, which is no DualNumber")
    inner, direction = student.DualNumber(1.5, 0.5), np.array([1.0, 0.0])
    for z, number, array in (
        (student.DualNumber(inner, direction), "real", "dual"),
        (student.DualNumber(direction, inner), "dual", "real"),
    ):
        promised(
            isinstance(getattr(z, number), student.DualNumber) and np.shape(getattr(z, array)) == (2,),
            "`DualNumber(real, dual)` does not keep its parts as they are given: later they are arrays, and dual "
            "numbers.",
        )
    numbers = {name: student.DualNumber(*point) for name, point in points.items()}
    answers = {}
    for expression in expressions:
        z = eval(expression, dict(numbers))
        answers[expression] = z if isinstance(z, (int, float)) else {"real part": z.real, "dual part": z.dual}
    return answers


def beside_the_curve(answer, expressions, **points):
    """Show the first wrong dual part as a line beside the curve of its expression, along the given dual parts."""
    from course_lib.explore.differentiation.own_mistakes import own_tangent

    right = formulas.right_values(expressions, **points)
    for text in (text for text in expressions if isinstance(answer[text], dict) and isinstance(right[text], dict)):
        real, dual = answer[text]["real part"], answer[text]["dual part"]
        if not np.allclose([real, dual], [*right[text].values()], *TOLERANCE):
            curve = formulas.along(text, points)
            return own_tangent(curve, real, dual, formulas.with_t(text, points))
    raise ValueError("no dual part is wrong")


def beside_the_program(answer, body, times, x):
    """Show a wrong derivative as a line beside the curve of the program."""
    from course_lib.explore.differentiation.own_mistakes import own_tangent

    f = formulas.program(body, times)
    return own_tangent(lambda t: f(x + t), float(f(x)), answer, f"the program at {x} + t")


# --- Part 1: operators ----------------------------------------------------------------------------------------------


@check("sums", part="dual-class", points=1)
class Sums:
    """Dual numbers are added to and subtracted from dual and plain numbers, on either side.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    inputs = inputs.for_sums

    probe = kept_and_computed
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes.SUMS
    picture = beside_the_curve
    hint = (
        "Add real part to real part and dual part to dual part. A plain number is a constant: what is its derivative? "
        "In `5 - x` Python calls x.__rsub__(5). Chapter 3, section 'Arithmetic'."
    )


@check("products", part="dual-class", points=1)
class Products:
    """The product of two dual numbers follows the product rule; plain numbers may stand on either side.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    inputs = inputs.for_products

    probe = values_of_the_student
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes.PRODUCTS
    picture = beside_the_curve
    hint = (
        "Multiply (x + x' d)(y + y' d) out: four terms. One of them has d^2, and d^2 = 0. Two of the others have a d. "
        "Chapter 3, section 'Arithmetic'."
    )


@check("quotients", part="dual-class", points=1)
class Quotients:
    """The quotient of two dual numbers follows the quotient rule; plain numbers may stand above or below.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    inputs = inputs.for_quotients

    probe = values_of_the_student
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes.QUOTIENTS
    picture = beside_the_curve
    hint = (
        "The dual part is (x' y - x y') / y^2. To see why, multiply above and below by y - y' d: below, the d is gone. "
        "In `5 / x` Python calls x.__rtruediv__(5), and 5 is above. Chapter 3, section 'Arithmetic'."
    )


@check("powers", part="dual-class", points=1)
class Powers:
    """A dual number is raised to a power that is a number: whole, also negative or 0, or a fraction.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    inputs = inputs.for_powers

    probe = values_of_the_student
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes.POWERS
    picture = beside_the_curve
    hint = (
        "The derivative of x^n is n x^(n-1), for every number n. It is taken at the real part, and multiplied by the "
        "dual part that came in. Chapter 3, section 'Functions'."
    )


@check("expressions", part="dual-class", points=2)
class Expressions:
    """All operators work together in longer expressions, and none changes the numbers that it is given.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    trials = 4

    inputs = inputs.for_expressions

    probe = values_of_the_student
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes.IN_EXPRESSIONS
    picture = beside_the_curve
    hint = (
        "If the checks before this one are right, look for a method that changes self or other in place of making a "
        "new number: in `x + y` both are still needed afterwards. Chapter 3, section 'Arithmetic'."
    )


# --- Part 2: functions ----------------------------------------------------------------------------------------------


@check("sine-cosine", part="functions", points=2, needs=["dual-class"])
class SineCosine:
    """`sin` and `cos` take dual numbers, and plain numbers too.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    inputs = inputs.for_sine_cosine

    probe = values_of_the_student
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes_in_functions.SINE_COSINE
    picture = beside_the_curve
    hint = (
        "f(x + x' d) = f(x) + f'(x) x' d. The derivative f' is taken at the real part that came in, and the dual part "
        "that came in is a factor. Chapter 3, section 'Functions'."
    )


@check("exp-log-sqrt", part="functions", points=2, needs=["dual-class"])
class ExpLogSqrt:
    """`exp`, `log` and `sqrt` take dual numbers, and plain numbers too.

    (x = (1.5, 0.7) stands for 1.5 + 0.7 d.)
    """

    inputs = inputs.for_exp_log_sqrt

    probe = values_of_the_student
    expected = formulas.right_values
    rtol, atol = TOLERANCE
    mistakes = mistakes_in_functions.EXP_LOG_SQRT
    picture = beside_the_curve
    hint = (
        "f(x + x' d) = f(x) + f'(x) x' d. The slopes are exp(x), 1 / x and 1 / (2 sqrt(x)), each taken at the real "
        "part and multiplied by the dual part that came in. Chapter 3, section 'Functions'."
    )


# --- Part 3: the derivative of a program ----------------------------------------------------------------------------


@check("derivative-of-a-program", part="derivative", points=3, needs=["dual-class", "functions"])
class DerivativeOfAProgram:
    """`derivative(f, x)` differentiates a program by running it once, on a dual number.

    (The program starts with z = x, computes z = body as many times as it says, and returns z. For plain numbers it
    returns nan.)
    """

    trials = 6

    def inputs(rng):
        return until_told_apart(
            lambda: inputs.some_program(rng, 4), formulas.derivative_of_program, mistakes_in_programs.DERIVATIVE
        )

    def probe(student, body, times, x):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}

        def run(z):
            for _ in range(times):
                z = eval(body, names | {"z": z})
            return z

        run = called(run)

        def f(z):
            if isinstance(z, complex):
                return complex("nan+nanj")
            plain = isinstance(z, (int, float)) or isinstance(z.real, complex)
            return float("nan") if plain else run(z)

        found = student.derivative(f, x)
        promised(run.calls <= 1, f"your code ran f {run.calls} times on dual numbers: one run tells all digits.")
        return found

    expected = formulas.derivative_of_program
    rtol, atol = TOLERANCE
    mistakes = mistakes_in_programs.DERIVATIVE
    picture = beside_the_program
    hint = (
        "Every operation carries the derivative with respect to x along. At the start the number is x itself: what is "
        "the derivative of x with respect to x? Chapter 3, section 'A program that differentiates itself'."
    )


# --- Part 4: gradients ----------------------------------------------------------------------------------------------


@check("gradient-of-a-program", part="gradient", points=2, needs=["dual-class", "functions"])
class GradientOfAProgram:
    """`gradient(f, point)` is the array of the partial derivatives.

    (f(a, b, ...) = body. For plain numbers it returns nan.)
    """

    trials = 6

    def inputs(rng):
        return until_told_apart(lambda: inputs.some_function(rng), formulas.gradient_of, mistakes_in_programs.GRADIENT)

    def probe(student, body, point):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
        formula = eval(f"lambda {', '.join('abcefg'[: len(point)])}: {body}", names)

        def f(*variables):
            plain = all(isinstance(z, (int, float, complex)) for z in variables)
            return float("nan") if plain else formula(*variables)

        return student.gradient(f, point)

    expected = formulas.gradient_of
    rtol, atol = TOLERANCE
    array = True
    mistakes = mistakes_in_programs.GRADIENT
    hint = (
        "The dual part has one component for each variable. A variable changes by 1 in its own direction, and not at "
        "all in the others. Chapter 3, section 'Many directions at once'."
    )


@check("gradient-in-one-run", part="gradient", points=2, needs=["dual-class", "functions"])
class GradientInOneRun:
    """`gradient(f, point)` runs f once, with all directions together.

    (f(a, b, ...) = body.)
    """

    inputs = inputs.some_function

    def probe(student, body, point):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
        formula = eval(f"lambda {', '.join('abcefg'[: len(point)])}: {body}", names)
        runs = []

        def f(*variables):
            plain = all(isinstance(z, (int, float, complex)) for z in variables)
            runs.append(not plain)
            return float("nan") if plain else formula(*variables)

        return {"gradient": student.gradient(f, point), "runs of f on dual numbers": sum(runs)}

    def expected(body, point):
        return {"gradient": formulas.gradient_of(body, point), "runs of f on dual numbers": 1}

    rtol, atol = TOLERANCE
    array = True
    mistakes = mistakes_in_programs.GRADIENT_IN_ONE_RUN
    hint = (
        "DualNumber(x, array) carries one component for each variable through the whole program. np.eye(n) has the "
        "arrays to start with. Chapter 3, section 'Many directions at once'."
    )


# --- Part 5: again and again ----------------------------------------------------------------------------------------


@check("second-derivative", part="higher", points=1, needs=["dual-class", "functions", "derivative"])
class SecondDerivative:
    """`second_derivative(f, x)` differentiates the derivative.

    (The program starts with z = x, computes z = body as many times as it says, and returns z.)
    """

    inputs = inputs.for_second_derivative

    def probe(student, body, times, x):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
        levels = []

        def f(z):
            levels.append(1 + hasattr(getattr(z, "real", z), "dual"))
            for _ in range(times):
                z = eval(body, names | {"z": z})
            return z

        found = student.second_derivative(f, x)
        promised(2 in levels, "f never ran on a dual number whose real part is dual, as it does in a derivative's own.")
        return found

    expected = formulas.second_derivative_of
    rtol, atol = TOLERANCE
    mistakes = mistakes_in_programs.SECOND_DERIVATIVE
    hint = (
        "derivative(f, x) is a number, and f' is a function: `lambda y: derivative(f, y)`. Differentiate it in the "
        "same way. The functions of part 2 must take dual numbers whose real part is dual. "
        "Chapter 3, section 'Dual numbers of dual numbers'."
    )


@check("taylor-coefficients", part="higher", points=2, needs=["dual-class", "functions", "derivative"])
class TaylorCoefficients:
    """`taylor_coefficients(f, x, order)` is the array c_0, ..., c_order in f(x + h) = c_0 + c_1 h + c_2 h^2 + ...

    (The program starts with z = x, computes z = body as many times as it says, and returns z.)
    """

    inputs = inputs.for_taylor_coefficients

    def probe(student, body, times, x, order):
        names = {name: getattr(student, name) for name in ("sin", "cos", "exp", "log", "sqrt")}

        def f(z):
            for _ in range(times):
                z = eval(body, names | {"z": z})
            return z

        return student.taylor_coefficients(f, x, order)

    expected = formulas.taylor_of
    rtol, atol = 1e-8, 1e-8  # each of the nested derivatives costs some of the digits
    mistakes = mistakes_in_programs.TAYLOR
    hint = (
        "Differentiate h^k exactly k times: what is left is k!. So c_k is the k-th derivative divided by k!, and c_0 "
        "is f(x). Chapter 3, section 'Dual numbers of dual numbers'."
    )


# --- Part 6: whose d is it? -----------------------------------------------------------------------------------------


@check("a-d-of-its-own", part="together", points=5)
class OwnD:
    """`together(a, b)` lets each derivative keep its d: nested derivatives come out right.

    (The program is evaluated with the notebook's `slope`; `c` is a plain number, on the left of a Tagged one.)
    """

    trials = 8

    inputs = inputs.for_own_d

    def probe(student, program, x, c):
        found = eval(program, {"slope": student.slope, "x": x})
        seen = student.together(c, student.Tagged(x, 1.5, 7))
        return {"the program": found, "together(c, Tagged(x, 1.5, 7))": seen}

    expected = formulas.own_d(formulas.nested_slope, formulas.right_together)
    rtol, atol = TOLERANCE
    mistakes = mistakes_in_programs.OWN_D
    hint = (
        "While d/dy is being taken, x is a constant, even if x is a Tagged number of an outer derivative: then the "
        "whole Tagged number is the constant. Chapter 3, section 'Dual numbers of dual numbers'."
    )


# --- Part 7: break it -----------------------------------------------------------------------------------------------


@check("break-it", part="exhibits", points=5)
class BreakIt:
    """Each exhibit, an expression with its derivative, exposes its own wrong class: the others are right on it."""

    breaks = exhibits.WRONG
    examples = exhibits.EXHIBITS
    reads = exhibits.read_derivative
    right = exhibits.right
    unit = "operations"
    hint = (
        "Ask of each error where it does no harm, and take one step out of there: a power at x = 1, an inner "
        "derivative of 1, a number that is not used again. Chapter 3, section 'Arithmetic'."
    )
