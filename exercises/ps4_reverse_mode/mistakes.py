"""What the known mistakes of problem set 4 answer."""

import numpy as np

from autograder.checks import Mistake, Raises

from .formulas import (
    assign_at,
    by_breadth,
    depth_first,
    every_visit,
    first_entries,
    first_met_first,
    for_each_shape,
    functions,
    matrix_product,
    powers,
    product,
    quotient,
    row_times_jacobian,
    spread,
    summed,
    sums,
    taken,
    trailing,
    turned,
)
from .sweeps import (
    answers_of,
    path_by_path,
    right_sweep,
    several_sweeps,
    sweep_forwards,
    sweep_of_values,
    through_diamonds,
    unsummed_sweep,
    wrong_sweeps,
)

# --- Operators and functions ----------------------------------------------------------------------------------------


# How an operation is written down wrongly, whatever it computes; each is told by the words in which Python refuses it.
NO_COMMA = {
    "no-comma": Mistake(
        "a tuple of one needs its comma, `(a,)` and `(pull,)`: without it the parentheses do nothing",
        lambda **_: Raises(TypeError, ("'Node' object is not iterable", "'function' object is not iterable")),
    ),
}


NUMPY_ON_A_NODE = {
    "numpy-on-a-node": Mistake(
        "NumPy was given the node a, where it needs `a.value`",
        lambda **_: Raises(TypeError, "'Node' does not support ufuncs"),
    ),
}


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
        "the operation calls itself without end: between nodes an operator calls your function again, so calculate "
        "with their values",
        lambda **_: Raises(RecursionError, "maximum recursion depth exceeded"),
    ),
    "no-return": Mistake(
        "the function returns nothing: `return` is missing",
        lambda **_: Raises(AttributeError, "'NoneType' object has no attribute", by_probe=True),
    ),
}


NO_AS_NODE = {
    "no-as-node": Mistake(
        "an operand may be a plain number or array, which has no `.value`: begin with `as_node`",
        lambda **_: Raises(
            AttributeError,
            [
                f"'{kind}' object has no attribute 'value'"
                for kind in ("float", "int", "numpy.ndarray", "numpy.float64")
            ],
        ),
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
    "product-by-product": Mistake(
        "both pulls multiply by the product: multiply by the other operand alone",
        product(lambda g, a, b: g * a * b, lambda g, a, b: g * a * b),
    ),
    **NO_AS_NODE,
    **MISWRITTEN,
}


QUOTIENT = {
    "difference-plus": Mistake("a - b sends +g back to b: its partial derivative is -1", quotient(minus_b=1.0)),
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


# --- The order ------------------------------------------------------------------------------------------------------


ORDERS = {
    "order-upside-down": Mistake(
        "the order is upside down: it begins with the result, which must be the last",
        lambda parents, result: depth_first(parents, result)[::-1],
    ),
    "before-its-parents": Mistake(
        "a node is listed when it is first met, before its parents: list it after them", first_met_first
    ),
    "first-met-turned-round": Mistake(
        "a node is listed when it is first met, and the list turned round: a parent met early may still come after a "
        "node that uses it",
        lambda parents, result: first_met_first(parents, result)[::-1],
    ),
    "breadth-first-turned-round": Mistake(
        "breadth first, turned round: a node at a small distance may still be a parent of one at a larger",
        lambda parents, result: by_breadth(parents, result)[::-1],
    ),
    "listed-twice": Mistake(
        "a node that is used twice is listed twice: remember those that you have seen", every_visit
    ),
    "only-parents": Mistake(
        "only the parents of the result, not their parents",
        lambda parents, result: [
            *dict.fromkeys(parents[result]),
            result,
        ],
    ),
    "result-missing": Mistake(
        "the result itself is missing", lambda parents, result: depth_first(parents, result)[:-1]
    ),
}


ORDER_OF_DIAMONDS = {
    "known-by-value": Mistake(
        "nodes of the same value are taken for one: remember the node itself, or `id(node)`, and not its value",
        lambda diamonds: {"the order": [diamonds], "calls of look": 1.0},
    ),
}


# --- Broadcasting ---------------------------------------------------------------------------------------------------


SUMMED_TO = {
    "stretched-not-summed": Mistake(
        "the new axes in front are summed, those stretched from length 1 are not",
        for_each_shape(lambda g, shape: summed(g, shape, stretched=False)),
    ),
    "leading-not-summed": Mistake(
        "the axes stretched from length 1 are summed, the new ones in front are not",
        for_each_shape(lambda g, shape: summed(g, shape, leading=False)),
    ),
    "axes-lost": Mistake(
        "the axes of length 1 got lost: sum with keepdims=True, or reshape at the end",
        for_each_shape(lambda g, shape: summed(g, shape, keepdims=False)),
    ),
    "mean-for-sum": Mistake(
        "the mean in place of the sum: contributions add",
        for_each_shape(lambda g, shape: summed(g, shape, how=np.mean)),
    ),
    "one-contribution": Mistake("one of the contributions in place of their sum", for_each_shape(first_entries)),
    "last-axes-summed": Mistake(
        "the last axes are summed: broadcasting puts new axes in *front*", for_each_shape(trailing)
    ),
    "reshape-for-sum": Mistake(
        "a reshape cannot sum: it refuses where the numbers of entries differ",
        lambda **_: Raises(ValueError, "cannot reshape array", line=r"reshape"),
    ),
    "axes-move-up": Mistake(
        "an axis of length 1 that is summed is gone, and those after it move up: sum with keepdims=True",
        lambda **_: Raises(np.exceptions.AxisError, "is out of bounds", line=r"sum"),
    ),
}


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


ONE_PATH = {
    "read-forwards": Mistake(
        "the order is read forwards: the sweep goes from the result down to the inputs", answers_of(sweep_forwards)
    ),
    "value-for-adjoint": Mistake(
        "the pulls are given the value of the node: they work on its adjoint", answers_of(sweep_of_values)
    ),
    "seed-ignored": Mistake(
        "the seed is ignored: the adjoint of the result is the seed, and not always 1",
        answers_of(right_sweep, seed=1.0),
    ),
    "no-seed": Mistake(
        "the result never receives the seed, so that all adjoints stay 0", answers_of(right_sweep, seed=0.0)
    ),
}


REUSE = wrong_sweeps(answers_of)


AGAIN = {
    "left-over": Mistake(
        "gradients are left over from the sweep before: begin by setting the adjoint of every node to 0",
        several_sweeps(lambda name, graph: True, adds_seed=False),
    ),
    "left-over-and-seed": Mistake(
        "gradients are left over from the sweep before, in the result too, to which the seed is added",
        several_sweeps(lambda name, graph: True),
    ),
    "inputs-left-over": Mistake(
        "the inputs, which have no parents, keep their adjoints from the sweep before",
        several_sweeps(lambda name, graph: not graph.edges[name]),
    ),
    "only-inputs-cleared": Mistake(
        "only the inputs are set to 0: the nodes between keep their adjoints from the sweep before",
        several_sweeps(lambda name, graph: bool(graph.edges[name]), adds_seed=False),
    ),
    **wrong_sweeps(lambda sweep: lambda program, sweeps, x: answers_of(sweep)(program, x=x)),
}


DIAMONDS = {
    "path-by-path": Mistake(
        "each contribution is passed on by itself, path by path: the result is right, but the calls double with each "
        "diamond, and 50 of them would take years; let a node wait, and pass on the sum once",
        path_by_path,
    ),
    **wrong_sweeps(through_diamonds, "first-kept", "read-forwards", "breadth-first", "shared-array", "stack-of-nodes"),
}


BROADCASTING = {
    "not-summed": Mistake(
        "the contributions are not summed over the broadcast axes: call `summed_to` before adding",
        answers_of(unsummed_sweep),
    ),
    "not-summed-in-place": Mistake(
        "the contributions are not summed over the broadcast axes, and NumPy refuses to add them in place",
        lambda program, seed, **values: Raises(ValueError, "non-broadcastable output operand", line=r"[+]="),
    ),
    **wrong_sweeps(answers_of, "breadth-first", "pulls-by-parent"),
}


# --- Arrays ---------------------------------------------------------------------------------------------------------


MATRIX_PRODUCT = {
    "b-not-transposed": Mistake(
        "G @ B in place of G @ B.T: for matrices that are not square it does not even fit",
        matrix_product(to_a=lambda g, a, b: g @ b),
    ),
    "a-not-transposed": Mistake("A @ G in place of A.T @ G", matrix_product(to_b=lambda g, a, b: a @ g)),
    "nothing-transposed": Mistake(
        "G @ B and A @ G: both transposes are missing",
        matrix_product(lambda g, a, b: g @ b, lambda g, a, b: a @ g),
    ),
    "b-on-the-left": Mistake(
        "B.T @ G in place of G @ B.T: matrices do not commute", matrix_product(to_a=lambda g, a, b: turned(b) @ g)
    ),
    "a-on-the-right": Mistake(
        "G @ A.T in place of A.T @ G: matrices do not commute", matrix_product(to_b=lambda g, a, b: g @ turned(a))
    ),
    "entry-by-entry": Mistake(
        "the pulls multiply entry by entry, `*`; they need matrix products, `@`",
        matrix_product(lambda g, a, b: g * b, lambda g, a, b: g * a),
    ),
    **NO_AS_NODE,
}


MANY_MATRICES = {
    "all-axes-turned": Mistake(
        "`.T` turns all axes round: swap the last two alone, np.swapaxes(b, -1, -2)",
        lambda **_: Raises(ValueError, "matmul", line=r"[.]T\b|transpose"),
    ),
}


SUMS_MISTAKES = {
    "g-as-it-is": Mistake(
        "the pull returns g as it is: it must return an array of the shape of a, g for each entry of the sum",
        sums(lambda g, a, axis, keepdims: g),
    ),
    "axis-not-put-back": Mistake(
        "the axis that was summed is not put back, so that g is spread along the wrong axis or does not fit",
        sums(lambda g, a, axis, keepdims: np.broadcast_to(g, a.shape)),
    ),
    "sum-as-mean": Mistake(
        "g is divided by the number of entries, as for a mean",
        sums(lambda g, a, axis, keepdims: spread(g, a, axis, keepdims) * g.size / a.size),
    ),
}


TAKEN_ENTRIES = {
    "repeated-once": Mistake(
        "`whole[index] += g` counts a repeated index once: np.add.at adds every time", taken(assign_at)
    ),
    "g-not-spread": Mistake(
        "the pull returns g as it is: it must return an array of the shape of a", taken(lambda whole, index, g: g)
    ),
    "ones-for-zeros": Mistake(
        "ones in place of zeros where nothing was taken",
        taken(lambda whole, index, g: assign_at(whole + 1, index, g)),
    ),
}


# --- Whole programs -------------------------------------------------------------------------------------------------


WHOLE_PROGRAMS = {
    "seed-ignored-in-vjp": Mistake(
        "the seed is ignored: every row of the Jacobian is counted once",
        lambda program, seed, **values: row_times_jacobian(program, np.ones_like(seed), **values),
    ),
    "unused-is-none": Mistake(
        "an input that f does not use has no adjoint, None: its derivative is 0",
        lambda program, seed, **values: [
            row if np.any(row) else None for row in row_times_jacobian(program, seed, **values)
        ],
    ),
}
