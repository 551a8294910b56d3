"""What the known mistakes of problem set 2 answer in its functions: a plain dual number with one wrong function."""

import math

from autograder.checks import Mistake, Raises

from .formulas import mistaken, to_both_parts, unary
from .mistakes import NO_PART

TO_BOTH_PARTS = "the function is applied to the dual part too: the dual part is f'(x) x'"


OF_PLAIN_NUMBERS = {
    "plain-to-dual": Mistake(
        "a plain number has no dual part: return a plain number for it",
        lambda **given: Raises(AttributeError, NO_PART, line=r"^(?!.*(real|[)])[.]dual).*(sin|cos|exp|log|sqrt)[(]"),
    ),
    "dual-part-of-real": Mistake(
        "`z.real.dual` asks for the dual part of the real part, which is a plain number here: it is `z.dual`",
        lambda **given: Raises(AttributeError, NO_PART, line=r"real[.]dual"),
    ),
    "math-of-dual": Mistake(
        "the functions of `math` and of NumPy take plain numbers: give them the real part, `z.real`",
        lambda **given: Raises(
            TypeError,
            ("must be real number, not DualNumber", "type DualNumber which has no callable"),
            line=r"\b(math|np)[.](sin|cos|exp|log|sqrt)[(]",
        ),
    ),
    "function-calls-itself": Mistake(
        "the function calls itself without end: a plain number goes to `math`, and for a dual one it calls itself with "
        "`z.real`",
        lambda **given: Raises(
            RecursionError, "maximum recursion depth exceeded", line=r"(?<![.\w])(sin|cos|exp|log|sqrt)[(]"
        ),
    ),
}


def to_one_dual_part(name):
    """The mistake that a function is applied to its dual part too, in one function alone."""
    words = f"`{name}` is applied to the dual part too: the dual part is its slope at the real part, times x'"
    return {f"{name}-to-both-parts": Mistake(words, mistaken(**{name: to_both_parts(getattr(math, name))}))}


def log_to_base(base):
    """The mistakes that the logarithm is to another base: with the slope of the natural one, and with its own."""
    words = f"the logarithm to the base {base}: `math.log` is the natural one, whose slope is 1 / x"

    def log(x):
        return math.log(x) / math.log(base)

    return {
        f"log-to-base-{base}": Mistake(words, mistaken({"log": log}, log=unary(lambda x, dx: (log(x), dx / x)))),
        f"log-and-slope-to-base-{base}": Mistake(
            words, mistaken({"log": log}, log=unary(lambda x, dx: (log(x), dx / (x * math.log(base)))))
        ),
    }


SINE_COSINE = {
    "no-inner": Mistake(
        "no inner derivative: the slope at the real part is still to be multiplied by the dual part",
        mistaken(
            sin=unary(lambda x, dx: (math.sin(x), math.cos(x))), cos=unary(lambda x, dx: (math.cos(x), -math.sin(x)))
        ),
    ),
    "sine-no-inner": Mistake(
        "no inner derivative in `sin`: cos(x) is still to be multiplied by the dual part",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.cos(x)))),
    ),
    "cosine-no-inner": Mistake(
        "no inner derivative in `cos`: -sin(x) is still to be multiplied by the dual part",
        mistaken(cos=unary(lambda x, dx: (math.cos(x), -math.sin(x)))),
    ),
    "cosine-sign": Mistake(
        "the derivative of the cosine is minus the sine",
        mistaken(cos=unary(lambda x, dx: (math.cos(x), math.sin(x) * dx))),
    ),
    "slope-at-result": Mistake(
        "the slope is taken at the result, cos(sin(x)): it belongs to the real part that came in, cos(x)",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.cos(math.sin(x)) * dx))),
    ),
    "sine-sign": Mistake(
        "the derivative of the sine is plus the cosine",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), -math.cos(x) * dx))),
    ),
    "sine-of-sine": Mistake(
        "the slope of the sine is the cosine, not the sine",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.sin(x) * dx))),
    ),
    "cosine-of-cosine": Mistake(
        "the slope of the cosine is minus the sine, not minus the cosine",
        mistaken(cos=unary(lambda x, dx: (math.cos(x), -math.cos(x) * dx))),
    ),
    "slope-at-dual-part": Mistake(
        "cos(x') in place of cos(x) x': the slope is taken at the real part, and x' is a factor",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.cos(dx)))),
    ),
    "slope-of-product": Mistake(
        "cos(x x') in place of cos(x) x': the dual part is a factor outside",
        mistaken(sin=unary(lambda x, dx: (math.sin(x), math.cos(x * dx)))),
    ),
    "to-both-parts": Mistake(TO_BOTH_PARTS, mistaken(sin=to_both_parts(math.sin), cos=to_both_parts(math.cos))),
    **to_one_dual_part("sin"),
    **to_one_dual_part("cos"),
    **OF_PLAIN_NUMBERS,
}


EXP_LOG_SQRT = {
    "no-inner": Mistake(
        "no inner derivative: the slope at the real part is still to be multiplied by the dual part",
        mistaken(
            exp=unary(lambda x, dx: (math.exp(x), math.exp(x))),
            log=unary(lambda x, dx: (math.log(x), 1 / x)),
            sqrt=unary(lambda x, dx: (math.sqrt(x), 1 / (2 * math.sqrt(x)))),
        ),
    ),
    "exp-no-inner": Mistake(
        "no inner derivative in `exp`: exp(x) is still to be multiplied by the dual part",
        mistaken(exp=unary(lambda x, dx: (math.exp(x), math.exp(x)))),
    ),
    "log-no-inner": Mistake(
        "no inner derivative in `log`: 1 / x is still to be multiplied by the dual part",
        mistaken(log=unary(lambda x, dx: (math.log(x), 1 / x))),
    ),
    "root-no-inner": Mistake(
        "no inner derivative in `sqrt`: 1 / (2 sqrt(x)) is still to be multiplied by the dual part",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), 1 / (2 * math.sqrt(x))))),
    ),
    "exp-times-x": Mistake(
        "exp(x) is multiplied by x: its derivative is itself, and the inner one is the dual part",
        mistaken(exp=unary(lambda x, dx: (math.exp(x), x * math.exp(x) * dx))),
    ),
    "exp-as-power": Mistake(
        "the power rule on the exponential: its derivative is itself",
        mistaken(exp=unary(lambda x, dx: (math.exp(x), x * math.exp(x - 1) * dx))),
    ),
    "log-slope-x": Mistake(
        "the slope of the logarithm is 1 / x, not x", mistaken(log=unary(lambda x, dx: (math.log(x), x * dx)))
    ),
    "root-no-2": Mistake(
        "the 2 is missing: the slope of the root is 1 / (2 sqrt(x))",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), dx / math.sqrt(x)))),
    ),
    "root-of-x-lost": Mistake(
        "the slope of the root is 1 / (2 sqrt(x)), not 1 / (2 x)",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), dx / (2 * x)))),
    ),
    "exp-exchanged": Mistake(
        "real and dual part of `exp` are exchanged",
        mistaken(exp=unary(lambda x, dx: (math.exp(x) * dx, math.exp(x)))),
    ),
    "log-over-log": Mistake(
        "the slope of the logarithm is 1 / x, not 1 / log(x)",
        mistaken(log=unary(lambda x, dx: (math.log(x), dx / math.log(x)))),
    ),
    "log-over-dual": Mistake(
        "1 / x' in place of x' / x: the slope is taken at the real part",
        mistaken(log=unary(lambda x, dx: (math.log(x), 1 / dx))),
    ),
    "log-10": Mistake(
        "the slope is that of the logarithm with base 10: the natural one has no factor log(10)",
        mistaken(log=unary(lambda x, dx: (math.log(x), dx / (x * math.log(10))))),
    ),
    **log_to_base(10),
    **log_to_base(2),
    "root-precedence": Mistake(
        "`/ 2 * root` divides by 2 and multiplies by the root: write `/ (2 * root)`",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), dx / 2 * math.sqrt(x)))),
    ),
    "root-half": Mistake(
        "half of the dual part: the slope of the root is 1 / (2 sqrt(x)), and it depends on x",
        mistaken(sqrt=unary(lambda x, dx: (math.sqrt(x), 0.5 * dx))),
    ),
    "to-both-parts": Mistake(
        TO_BOTH_PARTS, mistaken(exp=to_both_parts(math.exp), log=to_both_parts(math.log), sqrt=to_both_parts(math.sqrt))
    ),
    **to_one_dual_part("exp"),
    **to_one_dual_part("log"),
    **to_one_dual_part("sqrt"),
    **OF_PLAIN_NUMBERS,
}
