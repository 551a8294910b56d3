"""What the known mistakes of problem set 4 answer in operators and functions of nodes."""

import numpy as np

from autograder.checks import Mistake, Raises

from .formulas import functions, powers, product, quotient

# How an operation is written down wrongly, whatever it computes; each is told by the words in which Python refuses it.
NO_COMMA = {
    "no-comma": Mistake(
        "a tuple of one needs its comma, `(a,)` and `(pull,)`: without it the parentheses do nothing",
        lambda **_: Raises(
            TypeError, ("'Node' object is not iterable", "'function' object is not iterable"), line=r"tuple[(]"
        ),
    ),
}


NUMPY_ON_A_NODE = {
    "numpy-on-a-node": Mistake(
        "NumPy was given the node a, where it needs `a.value`",
        lambda **_: Raises(TypeError, "'Node' does not support ufuncs"),
    ),
}


NO_VALUE = [f"'{kind}' object has no attribute 'value'" for kind in ("float", "int", "numpy.ndarray", "numpy.float64")]


MISWRITTEN = {
    "pulls-are-arrays": Mistake(
        "`pulls` holds arrays: it must hold functions of g, written with `lambda g: ...` or `def`",
        lambda **_: Raises(
            TypeError,
            [f"'{kind}' object is not callable" for kind in ("numpy.ndarray", "numpy.float64", "float")],
            by_probe=True,
        ),
    ),
    "pull-makes-a-node": Mistake(
        "a pull computes with the node itself, and makes another node: it needs the numbers, `a.value`",
        lambda **_: Raises(TypeError, "a pull returned a node", by_probe=True),
    ),
    "calls-itself": Mistake(
        "the operation calls itself without end, by its name or by an operator or a method of a node, which call your "
        "function again: calculate with values",
        lambda **_: Raises(RecursionError, "maximum recursion depth exceeded"),
    ),
    "g-is-no-node": Mistake(
        "`g.value`: a pull gets the adjoint g as an array, and not as a node",
        lambda **_: Raises(AttributeError, NO_VALUE, line=r"\bg[.]value"),
    ),
    "no-node": Mistake(
        "something stands in the place of a node: what is returned, and each of `parents`, is a node and not its value",
        lambda **_: Raises(AttributeError, [said.replace("'value'", "'parents'") for said in NO_VALUE], by_probe=True),
    ),
    "pulls-and-parents": Mistake(
        "there are not as many pulls as parents: a node has one pull for each of its parents",
        lambda **_: Raises(ValueError, ("zip() argument 2 is shorter", "zip() argument 2 is longer"), by_probe=True),
    ),
    "no-return": Mistake(
        "the function returns nothing: `return` is missing",
        lambda **_: Raises(AttributeError, "'NoneType' object has no attribute", by_probe=True),
    ),
}


NO_AS_NODE = {
    "no-as-node": Mistake(
        "an operand may be a plain number or array, which has no `.value`: begin with `as_node`",
        lambda **_: Raises(AttributeError, NO_VALUE, line=r"^(?!.*\b(?!a\b|b\b)\w+[.]value).*[.]value"),
    ),
}


PRODUCT = {
    "product-swapped": Mistake(
        "the pulls are swapped: what goes back to a is g times the value of b, and the other way round",
        product(lambda g, a, b: g * a, lambda g, a, b: g * b),
    ),
    "product-no-g": Mistake(
        "the pulls return the partial derivatives alone, without the factor g",
        product(lambda g, a, b: b + 0 * g, lambda g, a, b: a + 0 * g),
    ),
    "product-like-sum": Mistake(
        "the pulls of a sum: those of a product multiply g by the other operand",
        product(lambda g, a, b: g, lambda g, a, b: g),
    ),
    "product-one-pull-twice": Mistake(
        "both pulls multiply by b: what goes back to b is g times the value of a",
        product(lambda g, a, b: g * b, lambda g, a, b: g * b),
    ),
    "product-by-product": Mistake(
        "both pulls multiply by the product: multiply by the other operand alone",
        product(lambda g, a, b: g * a * b, lambda g, a, b: g * a * b),
    ),
    **NO_AS_NODE,
    **MISWRITTEN,
}


def _with_minus(told):
    """The answer in which a difference sends minus to its first operand."""
    return {text: sent | ({"to a": -sent["to a"]} if text in ("a - b", "a - c") else {}) for text, sent in told.items()}


QUOTIENT = {
    "difference-plus": Mistake("a - b sends +g back to b: its partial derivative is -1", quotient(minus_b=1.0)),
    "difference-both-minus": Mistake(
        "a - b sends -g to both: the partial derivative in a is +1",
        lambda **given: _with_minus(quotient()(**given)),
    ),
    "quotient-turned": Mistake(
        "numerator and denominator are exchanged: the partial derivative of a / b in b is -a / b**2",
        quotient(to_b=lambda a, b: -b / a**2),
    ),
    "quotient-swapped": Mistake(
        "the two pulls are swapped: the first goes to a, 1 / b, and the second to b, -a / b**2",
        quotient(to_a=lambda a, b: -a / b**2, to_b=lambda a, b: 1 / b),
    ),
    "quotient-own-factor": Mistake(
        "what goes back to a is g / b, and not g a / b: a is a factor of which the partial derivative is taken",
        quotient(to_a=lambda a, b: a / b),
    ),
    "quotient-plus": Mistake(
        "plus for minus: the partial derivative of a / b in b is -a / b**2", quotient(to_b=lambda a, b: a / b**2)
    ),
    "quotient-not-squared": Mistake(
        "b is not squared: the partial derivative of a / b in b is -a / b**2", quotient(to_b=lambda a, b: -a / b)
    ),
    "quotient-no-numerator": Mistake(
        "the numerator is missing: the partial derivative of a / b in b is -a / b**2",
        quotient(to_b=lambda a, b: -1 / b**2),
    ),
    "quotient-like-product": Mistake(
        "the pulls of a product: those of a quotient divide", quotient(to_a=lambda a, b: b, to_b=lambda a, b: a)
    ),
    **NO_AS_NODE,
    **MISWRITTEN,
}


POWER = {
    "power-not-lowered": Mistake("p * a**p in place of p * a**(p - 1)", powers(lambda a, p: p * a**p)),
    "power-no-brackets": Mistake(
        "`a ** p - 1` takes 1 from the power, and not from its exponent: that wants brackets, `a ** (p - 1)`",
        powers(lambda a, p: p * a**p, taken_off=1.0),
    ),
    "power-no-factor": Mistake(
        "the factor p is missing: the derivative of a**p is p * a**(p - 1)", powers(lambda a, p: a ** (p - 1))
    ),
    "power-by-logarithm": Mistake(
        "the logarithm of a negative base, which is nan: a**(p - 1) needs none",
        powers(lambda a, p: p * np.exp((p - 1) * np.log(a))),
    ),
    "power-no-g": Mistake("the pull of a power lacks the factor g", powers(g_counts=False)),
    **NO_COMMA,
    **MISWRITTEN,
}


FUNCTIONS_OF_ONE = {
    "exp-as-power": Mistake(
        "the pull of exp treats it as a power, a * exp(a - 1): exp is its own derivative",
        functions({"a.exp()": lambda a: a * np.exp(a - 1)}),
    ),
    "log-multiplied": Mistake(
        "the pull of log multiplies by a: its derivative is 1 / a", functions({"a.log()": lambda a: a})
    ),
    "sin-sign": Mistake("wrong sign: the derivative of the sine is +cos", functions({"a.sin()": lambda a: -np.cos(a)})),
    "cos-of-result": Mistake(
        "the cosine is taken of the result, cos(sin(a)): take it of a",
        functions({"a.sin()": lambda a: np.cos(np.sin(a))}),
    ),
    "tanh-twice": Mistake(
        "tanh is applied twice: 1 - tanh(a)**2, where tanh(a) is the value that you have",
        functions({"a.tanh()": lambda a: 1 - np.tanh(np.tanh(a)) ** 2}),
    ),
    "tanh-no-square": Mistake(
        "the square is missing: the derivative of tanh is 1 - tanh(a)**2",
        functions({"a.tanh()": lambda a: 1 - np.tanh(a)}),
    ),
    "log-over-log": Mistake(
        "the pull of log divides by log(a): its derivative is 1 / a", functions({"a.log()": lambda a: 1 / np.log(a)})
    ),
    "tanh-of-operand": Mistake(
        "1 - a**2 in place of 1 - tanh(a)**2: it is the value of tanh that is squared",
        functions({"a.tanh()": lambda a: 1 - a**2}),
    ),
    "functions-no-g": Mistake("the pulls of the functions lack the factor g", functions(g_counts=False)),
    **NO_COMMA,
    **NUMPY_ON_A_NODE,
    "own-function-on-array": Mistake(
        "your own function was called with an array, as in `exp(a.value)`: NumPy's is meant, `np.exp`",
        lambda **_: Raises(
            AttributeError, "'numpy.ndarray' object has no attribute 'value'", line=r"(?<![.\w])(exp|log|sin|tanh)[(]"
        ),
    ),
    "math-on-arrays": Mistake(
        "a function of `math` takes one number and refuses an array: take NumPy's",
        lambda **_: Raises(
            TypeError,
            "arrays can be converted to Python scalars",
            line=r"math[.]|(?<![.\w])(exp|log|sin|tanh|cosh|cos)[(]",
        ),
    ),
    **MISWRITTEN,
}
