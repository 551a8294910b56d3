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
    return lambda results, a, b, c, g: {
        "a * b": sent(a * b, a=to_a(g, a, b), b=to_b(g, a, b)),
        "a * c": sent(a * c, a=to_a(g, a, c)),
        "c * a": sent(c * a, a=to_b(g, c, a)),
        "a * a": sent(a * a, a=to_a(g, a, a) + to_b(g, a, a)),
    }


def quotient(minus_b=-1.0, to_a=lambda a, b: 1 / b, to_b=lambda a, b: -a / b**2):
    """Return the answer for difference and quotient, with these partial derivatives."""
    return lambda results, a, b, c, g: {
        "a - b": sent(a - b, a=g, b=minus_b * g),
        "a - c": sent(a - c, a=g),
        "c - a": sent(c - a, a=minus_b * g),
        "a / b": sent(a / b, a=g * to_a(a, b), b=g * to_b(a, b)),
        "a / c": sent(a / c, a=g * to_a(a, c)),
        "c / a": sent(c / a, a=g * to_b(c, a)),
    }


POWERS = {"a ** 3": 3, "a ** -2": -2, "a ** 0.5": 0.5, "a ** 2.5": 2.5}


def powers(partial=lambda a, p: p * a ** (p - 1), g_counts=True):
    return lambda results, a, g: {
        text: sent(a**p, a=(g if g_counts else 0 * g + 1) * partial(a, p)) for text, p in POWERS.items()
    }


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


def judge_order_of_diamonds(answer, diamonds):
    nodes, looks = diamonds + 1, answer["looks at parents"]
    if answer["the order"] != "right":
        return f"there are {nodes} nodes in the chain, all with the value 1, from the oldest to the result."
    if looks != "few":
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
    return lambda g, shapes: {f"to shape {tuple(shape)}": sum_to(g, tuple(shape)) for shape in shapes}


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


class Graph:
    """A program of lines `w2 = w1 * x`, run: for each name its value, and (parent, pull) for each operand."""

    def __init__(self, values, program):
        self.values = {name: np.asarray(value) for name, value in values.items()}
        self.edges = {name: [] for name in values}
        for line in program:
            name, _, a, op, b = line.split()
            u, v = self.values[a], self.values[b]
            self.values[name] = {"+": u + v, "-": u - v, "*": u * v}[op]
            pulls = {
                "+": (lambda g: g, lambda g: g),
                "-": (lambda g: g, lambda g: -g),
                "*": (lambda g, v=v: g * v, lambda g, u=u: g * u),
            }[op]
            self.edges[name] = list(zip((a, b), pulls, strict=True))

    @property
    def result(self):
        return [*self.values][-1]

    def below(self, result):
        """The names from which `result` was made, and itself, in the program's order."""
        wanted = {result}
        for name in reversed(self.values):
            if name in wanted:
                wanted |= {parent for parent, _ in self.edges[name]}
        return [name for name in self.values if name in wanted]


def right_sweep(graph, seed=1.0, result=None, adjoints=None):
    """Return all adjoints; `adjoints` holds those that are not started anew, as they were."""
    result = result or graph.result
    names = graph.below(result)
    kept = adjoints or {}
    adjoints = {name: kept.get(name, np.zeros_like(graph.values[name])) for name in names}
    adjoints[result] = adjoints[result] + seed
    for name in reversed(names):
        for parent, pull in graph.edges[name]:
            adjoints[parent] = adjoints[parent] + summed(pull(adjoints[name]), graph.values[parent].shape)
    return adjoints


def assigning_sweep(graph, seed=1.0):
    adjoints = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints[parent] = pull(adjoints[name])
    return adjoints


def sweep_of_first_contributions(graph, seed=1.0):
    adjoints = {graph.result: seed}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints.setdefault(parent, pull(adjoints[name]))
    return adjoints


def sweep_by_recursion(graph, seed=1.0):
    """Fill a parent and go there at once, each time with all that it has."""
    adjoints = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}

    def visit(name):
        for parent, pull in graph.edges[name]:
            adjoints[parent] += pull(adjoints[name])
            visit(parent)

    visit(graph.result)
    return adjoints


def sweep_filling_first(graph, seed=1.0):
    """Fill all parents, then go to each of them."""
    adjoints = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}

    def visit(name):
        for parent, pull in graph.edges[name]:
            adjoints[parent] += pull(adjoints[name])
        for parent, _ in graph.edges[name]:
            visit(parent)

    visit(graph.result)
    return adjoints


def sweep_by_queue(graph, seed=1.0, once=False):
    adjoints = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}
    waiting, seen = deque([graph.result]), set()
    while waiting:
        name = waiting.popleft()
        if once and name in seen:
            continue
        seen.add(name)
        for parent, pull in graph.edges[name]:
            adjoints[parent] += pull(adjoints[name])
            waiting.append(parent)
    return adjoints


def sweep_at_first_visit(graph, seed=1.0):
    adjoints, seen = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}, set()

    def visit(name):
        if name not in seen:
            seen.add(name)
            for parent, pull in graph.edges[name]:
                adjoints[parent] += pull(adjoints[name])
                visit(parent)

    visit(graph.result)
    return adjoints


def sweep_forwards(graph, seed=1.0):
    adjoints = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}
    for name in graph.values:
        for parent, pull in graph.edges[name]:
            adjoints[parent] += pull(adjoints[name])
    return adjoints


def sweep_of_values(graph, seed=1.0):
    adjoints = dict.fromkeys(graph.values, 0.0) | {graph.result: seed}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints[parent] += pull(graph.values[name])
    return adjoints


def sweep_with_shared_arrays(graph, seed=1.0):
    """Add in place to an array that came from a pull, and that another node may hold as well; a number is one too."""
    adjoints = {graph.result: np.array(seed)}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            contribution, shape = np.asarray(pull(adjoints[name])), graph.values[parent].shape
            if contribution.shape != shape:
                contribution = np.asarray(summed(contribution, shape))
            if parent in adjoints:
                adjoints[parent] += contribution
            else:
                adjoints[parent] = contribution
    return adjoints


def answers_of(sweep, **fixed):
    """Make of a sweep the answer of the probes below, on numbers and on arrays; `fixed` may hold a seed of its own."""

    def answer(program, seed=1.0, **values):
        graph = Graph(values, program)
        adjoints = sweep(graph, fixed.get("seed", seed))
        return {name: adjoints[name] for name in graph.values}

    return answer


def several_sweeps(keeps, adds_seed=True):
    """Return the last adjoints, where the nodes for which keeps(name, graph) is true are not started anew."""

    def answer(program, sweeps, x):
        graph = Graph({"x": x}, program)
        adjoints = {}
        for result in sweeps:
            before = {name: value for name, value in adjoints.items() if keeps(name, graph)}
            if not adds_seed:
                before.pop(result, None)
            adjoints |= right_sweep(graph, result=result, adjoints=before)
        return {name: adjoints[name] for name in graph.below(sweeps[-1])}

    return answer


def path_by_path(diamonds, partials):
    return {"adjoint of the first node": sum(partials) ** diamonds, "calls of pulls": 2 ** (diamonds + 1) - 2}


def unsummed_sweep(graph, seed):
    adjoints = {graph.result: seed}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints[parent] = adjoints.get(parent, 0.0) + pull(adjoints[name])
    return adjoints


# --- Arrays ---------------------------------------------------------------------------------------------------------


def turned(a):
    return np.swapaxes(a, -1, -2)


def matrix_product(to_a=lambda g, a, b: g @ turned(b), to_b=lambda g, a, b: turned(a) @ g):
    """Return the answer for matrix products with these pulls, or ValueError if the shapes do not fit."""

    def answer(results, a, b, p, q, g):
        try:
            return {
                "a @ b": sent(a @ b, a=to_a(g, a, b), b=to_b(g, a, b)),
                "a @ p": sent(a @ p, a=to_a(g, a, p)),
                "q @ b": sent(q @ b, b=to_b(g, q, b)),
            }
        except ValueError:
            return ValueError

    return answer


SUMS = {  # axis, keepdims
    "a.sum()": (None, False),
    "a.sum(axis=0)": (0, False),
    "a.sum(axis=1)": (1, False),
    "a.sum(axis=-1)": (-1, False),
    "a.sum(axis=(0, 2))": ((0, 2), False),
    "a.sum(axis=1, keepdims=True)": (1, True),
}


def sums(pull):
    """Return the answer for sums with this pull(g, a, axis, keepdims), or ValueError if the shapes do not fit."""

    def answer(results, a, scale):
        values = {text: a.sum(axis=axis, keepdims=keepdims) for text, (axis, keepdims) in SUMS.items()}
        try:
            return {text: sent(v, a=pull(scale * v, a, *SUMS[text])) for text, v in values.items()}
        except ValueError:
            return ValueError

    return answer


def spread(g, a, axis, keepdims):
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, a.shape).copy()


def taken(put):
    """Return the answer for indexing whose pull is `put(whole, index, g)` on an array of zeros."""

    def answer(results, a, rows, row, column, scale):
        indices = (row, (slice(1, None), column), rows, (slice(None), None, column))
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
