"""What operators send back, how a graph is ordered and swept: right, and as the known mistakes do it.

A sweep here runs on a program of lines `w2 = w1 * x`, as the probe does: what a wrong sweep gives is computed and not
guessed.
"""

from collections import deque

import numpy as np

from course_lib import autodiff

# --- Operators and functions ----------------------------------------------------------------------------------------


def sent(value, **to):
    return {"value": value} | {f"to {name}": piece for name, piece in to.items()}


def product(to_a=lambda g, a, b: g * b, to_b=lambda g, a, b: g * a):
    """Return the answer for the product, with these pulls."""
    return lambda results, a, b, c, p, g: {
        "a * b": sent(a * b, a=to_a(g, a, b), b=to_b(g, a, b)),
        "a * c": sent(a * c, a=to_a(g, a, c)),
        "c * a": sent(c * a, a=to_b(g, c, a)),
        "a * p": sent(a * p, a=to_a(g, a, p)),
        "p * a": sent(p * a, a=to_b(g, p, a)),
        "a * a": sent(a * a, a=to_a(g, a, a) + to_b(g, a, a)),
    }


def quotient(minus_b=-1.0, to_a=lambda a, b: 1 / b, to_b=lambda a, b: -a / b**2):
    """Return the answer for difference and quotient, with these partial derivatives."""
    return lambda results, a, b, c, p, g: {
        "a - b": sent(a - b, a=g, b=minus_b * g),
        "a - c": sent(a - c, a=g),
        "c - a": sent(c - a, a=minus_b * g),
        "a / b": sent(a / b, a=g * to_a(a, b), b=g * to_b(a, b)),
        "a / c": sent(a / c, a=g * to_a(a, c)),
        "c / a": sent(c / a, a=g * to_b(c, a)),
        "p - a": sent(p - a, a=minus_b * g),
        "a / p": sent(a / p, a=g * to_a(a, p)),
        "p / a": sent(p / a, a=g * to_b(p, a)),
    }


POWERS = {"a ** 3": 3, "a ** -2": -2, "a ** 0.5": 0.5, "a ** 2.5": 2.5, "b ** 3": 3, "b ** 2": 2, "b ** -1": -1}


def powers(partial=lambda a, p: p * a ** (p - 1), g_counts=True, taken_off=0.0):
    """Return the answer for powers of a, which is positive, and of b, which is not."""

    def answer(results, a, b, g):
        told = {}
        for text, p in POWERS.items():
            base = {"a": a, "b": b}[text[0]]
            with np.errstate(invalid="ignore"):
                pulled = (g if g_counts else 0 * g + 1) * partial(base, p) - taken_off
            told[text] = {"value": base**p, f"to {text[0]}": pulled}
        return told

    return answer


FUNCTIONS = {  # value, derivative
    "a.exp()": (np.exp, np.exp),
    "a.log()": (np.log, lambda a: 1 / a),
    "a.sin()": (np.sin, np.cos),
    "a.tanh()": (np.tanh, lambda a: 1 / np.cosh(a) ** 2),
}


def functions(mistaken=None, g_counts=True):
    """Return the answer for the four functions; `mistaken` says which has another derivative, and which."""
    derivatives = {text: derivative for text, (_, derivative) in FUNCTIONS.items()} | dict(mistaken or {})
    return lambda results, a, g: {
        text: sent(value(a), a=(g if g_counts else 0 * g + 1) * derivatives[text](a))
        for text, (value, _) in FUNCTIONS.items()
    }


# --- The order ------------------------------------------------------------------------------------------------------


def depth_first(parents, result):
    """Return the nodes after their parents, as a walk by depth finds them."""
    order = []

    def visit(node):
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(result)
    return order


def first_met_first(parents, result):
    order = []

    def visit(node):
        if node not in order:
            order.append(node)
            for parent in parents[node]:
                visit(parent)

    visit(result)
    return order


def by_breadth(parents, result):
    order, waiting = [], deque([result])
    while waiting:
        node = waiting.popleft()
        if node not in order:
            order.append(node)
            waiting.extend(parents[node])
    return order


def every_visit(parents, result):
    return [node for parent in parents[result] for node in every_visit(parents, parent)] + [result]


def what_is_wrong(answer, parents, result):
    """Return "" for a right order, else what is wrong with it."""
    wanted = depth_first(parents, result)
    if not isinstance(answer, list):
        return "expected a list of nodes."
    if None in answer:
        return "there is something in the list that is no node of the graph."
    if twice := sorted({k for k in answer if answer.count(k) > 1}):
        return f"node {twice[0]} is there {answer.count(twice[0])} times; expected once."
    if missing := [k for k in wanted if k not in answer]:
        return f"node {missing[0]} is missing, from which the result was made."
    if foreign := [k for k in answer if k not in wanted]:
        return f"node {foreign[0]} is there, from which the result was not made."
    for place, k in enumerate(answer):
        if late := [parent for parent in parents[k] if parent not in answer[:place]]:
            return f"node {k} comes before its parent {late[0]}."
    return ""


def few_looks(diamonds, beside):
    """Return how often `parents` may be looked at, the building of the nodes included: some times for each node."""
    return 10 * (diamonds + 1)


def judge_order_of_diamonds(answer, diamonds, beside):
    nodes, looks, order = diamonds + 1, answer["calls of look"], answer["the order"]
    others = range(nodes, nodes + len(beside))
    if isinstance(order, list) and (foreign := [k for k in others if k in order]):
        return f"node {foreign[0]} is there, from which the result was not made: it stands beside the chain."
    if order != [*range(nodes)]:
        return (
            f"there are {nodes} nodes in the chain, all with the value 1, and the order is that of their numbers, from "
            f"the oldest, 0, to the result, {diamonds}."
        )
    if looks > few_looks(diamonds, beside):
        return (
            f"your function looked at `parents` {looks} times, for {nodes} nodes. It walks along every path, and "
            f"each diamond doubles their number. Leave at once when you come to a node that you have seen."
        )
    return ""


# --- Broadcasting ---------------------------------------------------------------------------------------------------


def summed(g, shape, leading=True, stretched=True, keepdims=True, how=np.sum):
    """Undo broadcasting; or only a part of it."""
    if leading:
        g = how(g, axis=tuple(range(np.ndim(g) - len(shape))))
    if stretched:
        ones = tuple(np.ndim(g) - len(shape) + k for k, length in enumerate(shape) if length == 1)
        g = how(g, axis=ones, keepdims=keepdims)
    return g


def trailing(g, shape):
    return np.sum(g, axis=tuple(range(len(shape), np.ndim(g))))


def first_entries(g, shape):
    g = np.asarray(g)[(0,) * (np.ndim(g) - len(shape))]
    return g[tuple(slice(1) if length == 1 else slice(None) for length in shape)]


def for_each_shape(sum_to):
    """Make the answer for g, of three lengths, and for cube, whose lengths are alike: only the place tells its axes."""

    def answer(g, shapes, cube, of_cube):
        pairs = [("g", g, shapes), ("cube", cube, of_cube)]
        return {
            f"{name} to shape {tuple(shape)}": sum_to(array, tuple(shape))
            for name, array, wanted in pairs
            for shape in wanted
        }

    return answer


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


# --- Arrays ---------------------------------------------------------------------------------------------------------


def turned(a):
    return np.swapaxes(a, -1, -2)


def matrix_product(to_a=lambda g, a, b: g @ turned(b), to_b=lambda g, a, b: turned(a) @ g):
    """Return the answer for matrix products with these pulls, or what NumPy says if the shapes do not fit."""

    def answer(results, a, b, p, q, g):
        try:
            return {
                "a @ b": sent(a @ b, a=to_a(g, a, b), b=to_b(g, a, b)),
                "a @ p": sent(a @ p, a=to_a(g, a, p)),
                "q @ b": sent(q @ b, b=to_b(g, q, b)),
            }
        except ValueError as error:  # shapes that do not fit
            return error

    return answer


SUMS = {  # axis, keepdims
    "a.sum()": (None, False),
    "a.sum(axis=0)": (0, False),
    "a.sum(axis=1)": (1, False),
    "a.sum(axis=-1)": (-1, False),
    "a.sum(axis=(0, 2))": ((0, 2), False),
    "a.sum(axis=1, keepdims=True)": (1, True),
    "a.sum(keepdims=True)": (None, True),
}


def sums(pull):
    """Return the answer for sums with this pull(g, a, axis, keepdims), or what NumPy says if the shapes do not fit."""

    def answer(results, a, scale):
        values = {text: a.sum(axis=axis, keepdims=keepdims) for text, (axis, keepdims) in SUMS.items()}
        try:
            return {text: sent(v, a=pull(scale * v, a, *SUMS[text])) for text, v in values.items()}
        except ValueError as error:  # shapes that do not fit
            return error

    return answer


def spread(g, a, axis, keepdims):
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, a.shape).copy()


def taken(put):
    """Return the answer for indexing whose pull is `put(whole, index, g)` on an array of zeros."""

    def answer(results, a, rows, row, column, some, others, above, scale):
        indices = (row, (slice(1, None), column), rows, (slice(None), None, column), (some, others), above)
        return {
            text: sent(a[index], a=put(np.zeros_like(a), index, scale * a[index]))
            for text, index in zip(results, indices, strict=True)
        }

    return answer


def assign_at(whole, index, g):
    whole[index] = g
    return whole


# --- Whole programs -------------------------------------------------------------------------------------------------


INPUTS = {"X": (3, 4), "y": (4,), "W": (4, 4), "s": (), "unused": (2,)}


def run_program(program, values):
    """Run the lines on anything that has the operators: arrays of numbers, or traced ones."""
    names = dict(values)
    for line in program:
        name, text = line.split(" = ", 1)
        names[name] = eval(text, {}, names)
    return names[name]


def row_times_jacobian(program, seed, **values):
    def f(*inputs):
        return run_program(program, dict(zip(values, inputs, strict=True)))

    _, pullback = autodiff.vjp(f, *values.values())
    return [np.asarray(row) for row in pullback(seed)]
