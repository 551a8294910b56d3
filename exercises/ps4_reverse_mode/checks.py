"""What is right in problem set 4: nodes, their order, the reverse sweep with reuse and broadcasting, and vjp.

The operators are judged by what their pulls send back, summed over all paths from a result down to its operands: so
they may record constants or not, and be made of other operators. The sweep is judged on graphs that the probe builds
itself, of nodes whose pulls it knows, so that a wrong operator spoils no sweep. There the known mistakes are sweeps of
their own, run here on the same program (`SWEEPS`): what a wrong sweep gives is computed and not guessed.
"""

from collections import deque

import numpy as np

from autograder.checks import check
from course_lib import autodiff

IMPORTS = ("numpy", "matplotlib")
SECONDS = 60.0

# Right answers are sums of a few dozen products of numbers between 0.3 and 10, rounded in another order: 1e-13. Wrong
# ones are off in the first digits.
CLOSE = 1e-9
SMALL = 1e-12  # for entries that are 0, or cancel


def some_numbers(rng, *shape, low=0.4, high=1.9):
    """Draw numbers of either sign, none of them 0 or 1 in size, no two alike."""
    while True:
        numbers = np.round(rng.uniform(low, high, shape) * rng.choice([-1, 1], shape), 2)
        sizes = np.abs(numbers).ravel()
        if len({0.0, 1.0, *sizes}) == 2 + sizes.size:
            return numbers if shape else float(numbers)


# --- Operators and functions ----------------------------------------------------------------------------------------


def sent_back(student, results, g=None, scale=None, **operands):
    """The probe: what each result sends back to the nodes a and b, summed over all paths; other operands are plain.

    A pull that computes with nodes is told so: the answer would be "an object of type Node", which is what an operator
    shall return.
    """
    nodes = {name: student.Node(operands[name]) for name in ("a", "b") if name in operands}

    def walk(node, g, received):
        for name, operand in nodes.items():
            if node is operand and name in received:
                received[name] = received[name] + g
        for parent, pull in zip(node.parents, node.pulls, strict=True):
            piece = pull(g)
            if isinstance(piece, student.Node):
                raise TypeError("a pull returned a node, where numbers are expected")
            walk(parent, piece, received)

    seen = {}
    for text in results:
        result = eval(text, {}, operands | nodes)
        received = {name: 0.0 for name in nodes if name in text}
        walk(result, g if scale is None else scale * result.value, received)
        seen[text] = {"value": result.value} | {f"to {name}": value for name, value in received.items()}
    return seen


# How an operation is written down wrongly, whatever it computes; each is told by the words in which Python refuses it.
NO_COMMA = {
    "a tuple of one needs its comma, `(a,)` and `(pull,)`: without it the parentheses do nothing": lambda **_: (
        TypeError("object is not iterable")
    ),
}
NUMPY_ON_A_NODE = {
    "NumPy was given the node a, where it needs `a.value`": lambda **_: TypeError("does not support ufuncs"),
}
MISWRITTEN = {
    "`pulls` holds arrays: it must hold functions of g, written with `lambda g: ...` or `def`": lambda **_: TypeError(
        "object is not callable"
    ),
    "a pull computes with the node itself, and makes another node: it needs the numbers, `a.value`": lambda **_: (
        TypeError("a pull returned a node")
    ),
    "the operation calls itself without end: between nodes an operator calls your function again, so calculate with "
    "their values": lambda **_: RecursionError,
    "the function returns nothing: `return` is missing": lambda **_: AttributeError("'NoneType' object"),
}
NO_AS_NODE = {
    "an operand may be a plain number or array, which has no `.value`: begin with `as_node`": lambda **_: (
        AttributeError("has no attribute 'value'")
    ),
}


def sent(value, **to):
    return {"value": value} | {f"to {name}": piece for name, piece in to.items()}


def some_vectors(rng, *results):
    a, b, g = some_numbers(rng, 3, 3)
    return {"results": list(results), "a": a, "b": b, "c": some_numbers(rng), "g": g}


def product(to_a=lambda g, a, b: g * b, to_b=lambda g, a, b: g * a):
    """Return the answer for the product, with these pulls."""
    return lambda results, a, b, c, g: {
        "a * b": sent(a * b, a=to_a(g, a, b), b=to_b(g, a, b)),
        "a * c": sent(a * c, a=to_a(g, a, c)),
        "c * a": sent(c * a, a=to_b(g, c, a)),
        "a * a": sent(a * a, a=to_a(g, a, a) + to_b(g, a, a)),
    }


@check("product", part="node", points=2)
class Product:
    """A product of nodes, or of a node and a number, has the right value, and its pulls send the right things back.

    (`a` and `b` are nodes, `c` is a number, `g` is the adjoint of each product. All that is sent to a node is added.)
    """

    def inputs(rng):
        return some_vectors(rng, "a * b", "a * c", "c * a", "a * a")

    probe = sent_back
    expected = product()
    rtol, atol = CLOSE, SMALL
    mistakes = {
        "the pulls are swapped: what goes back to a is g times the value of b, and the other way round": product(
            lambda g, a, b: g * a, lambda g, a, b: g * b
        ),
        "the pulls return the partial derivatives alone, without the factor g": product(
            lambda g, a, b: b + 0 * g, lambda g, a, b: a + 0 * g
        ),
        "the pulls of a sum: those of a product multiply g by the other operand": product(
            lambda g, a, b: g, lambda g, a, b: g
        ),
        "both pulls multiply by the product: multiply by the other operand alone": product(
            lambda g, a, b: g * a * b, lambda g, a, b: g * a * b
        ),
        **NO_AS_NODE,
        **MISWRITTEN,
    }
    hint = (
        "If c = a b, then a small change of a changes c by b times as much. So what goes back to a is g times the "
        "value of b. Chapter 5, section 'Local partial derivatives'."
    )


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


@check("quotient", part="operators", points=2, needs=["node"])
class Quotient:
    """Differences and quotients have the right value, and their pulls send the right things back, in both orders.

    (`a` and `b` are nodes, `c` is a number, `g` is the adjoint of each result.)
    """

    def inputs(rng):
        return some_vectors(rng, "a - b", "a - c", "c - a", "a / b", "a / c", "c / a")

    probe = sent_back
    expected = quotient()
    rtol, atol = CLOSE, SMALL
    mistakes = {
        "a - b sends +g back to b: its partial derivative is -1": quotient(minus_b=1.0),
        "plus for minus: the partial derivative of a / b in b is -a / b**2": quotient(to_b=lambda a, b: a / b**2),
        "b is not squared: the partial derivative of a / b in b is -a / b**2": quotient(to_b=lambda a, b: -a / b),
        "the numerator is missing: the partial derivative of a / b in b is -a / b**2": quotient(
            to_b=lambda a, b: -1 / b**2
        ),
        "the pulls of a product: those of a quotient divide": quotient(to_a=lambda a, b: b, to_b=lambda a, b: a),
        **NO_AS_NODE,
        **MISWRITTEN,
    }
    hint = (
        "Differentiate a - b, and a / b = a b^(-1), with respect to a, then with respect to b, and multiply each by g. "
        "Chapter 5, section 'Local partial derivatives'."
    )


POWERS = {"a ** 3": 3, "a ** -2": -2, "a ** 0.5": 0.5, "a ** 2.5": 2.5}


def powers(partial=lambda a, p: p * a ** (p - 1), g_counts=True):
    return lambda results, a, g: {
        text: sent(a**p, a=(g if g_counts else 0 * g + 1) * partial(a, p)) for text, p in POWERS.items()
    }


def positive_numbers(rng, results):
    a, g = some_numbers(rng, 2, 3)
    return {"results": [*results], "a": np.abs(a), "g": g}


@check("power", part="operators", points=1, needs=["node"])
class Power:
    """A power with a plain number as exponent, of any sign and whole or not, has the right value and pull.

    (`a` is a node, `g` is the adjoint of each power.)
    """

    def inputs(rng):
        return positive_numbers(rng, POWERS)

    probe = sent_back
    expected = powers()
    rtol, atol = CLOSE, SMALL
    mistakes = {
        "p * a**p in place of p * a**(p - 1)": powers(lambda a, p: p * a**p),
        "the factor p is missing: the derivative of a**p is p * a**(p - 1)": powers(lambda a, p: a ** (p - 1)),
        "the pull of a power lacks the factor g": powers(g_counts=False),
        **NO_COMMA,
        **MISWRITTEN,
    }
    hint = (
        "The derivative of a**p is p * a**(p - 1), for every number p; the pull multiplies it by g. Chapter 5, "
        "section 'Local partial derivatives'."
    )


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


@check("functions-of-one", part="functions", points=2, needs=["node"])
class FunctionsOfOne:
    """`exp`, `log`, `sin` and `tanh` of a node have the right value, and their pulls send the right things back.

    (`a` is a node, `g` is the adjoint of each result.)
    """

    def inputs(rng):
        return positive_numbers(rng, FUNCTIONS)

    probe = sent_back
    expected = functions()
    rtol, atol = CLOSE, SMALL
    mistakes = {
        "the pull of exp treats it as a power, a * exp(a - 1): exp is its own derivative": functions(
            {"a.exp()": lambda a: a * np.exp(a - 1)}
        ),
        "the pull of log multiplies by a: its derivative is 1 / a": functions({"a.log()": lambda a: a}),
        "wrong sign: the derivative of the sine is +cos": functions({"a.sin()": lambda a: -np.cos(a)}),
        "the cosine is taken of the result, cos(sin(a)): take it of a": functions(
            {"a.sin()": lambda a: np.cos(np.sin(a))}
        ),
        "tanh is applied twice: 1 - tanh(a)**2, where tanh(a) is the value that you have": functions(
            {"a.tanh()": lambda a: 1 - np.tanh(np.tanh(a)) ** 2}
        ),
        "the square is missing: the derivative of tanh is 1 - tanh(a)**2": functions(
            {"a.tanh()": lambda a: 1 - np.tanh(a)}
        ),
        "the pulls of the functions lack the factor g": functions(g_counts=False),
        **NO_COMMA,
        **NUMPY_ON_A_NODE,
        "your own function was called with an array, as in `exp(a.value)`: NumPy's is meant, `np.exp`": lambda **_: (
            AttributeError("'numpy.ndarray' object has no attribute")
        ),
        "a function of `math` takes one number and refuses an array: take NumPy's": lambda **_: TypeError(
            "arrays can be converted to Python scalars"
        ),
        **MISWRITTEN,
    }
    hint = (
        "Each pull multiplies g by the derivative at the operand a: exp(a), 1 / a, cos(a), 1 - tanh(a)**2. "
        "Chapter 5, section 'Local partial derivatives'."
    )


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


ORDERS = {
    "the order is upside down: it begins with the result, which must be the last": lambda parents, result: depth_first(
        parents, result
    )[::-1],
    "a node is listed when it is first met, before its parents: list it after them": first_met_first,
    "a node is listed when it is first met, and the list turned round: a parent met early may still come after a node "
    "that uses it": lambda parents, result: first_met_first(parents, result)[::-1],
    "breadth first, turned round: a node at a small distance may still be a parent of one at a larger": (
        lambda parents, result: by_breadth(parents, result)[::-1]
    ),
    "a node that is used twice is listed twice: remember those that you have seen": every_visit,
    "only the parents of the result, not their parents": lambda parents, result: [
        *dict.fromkeys(parents[result]),
        result,
    ],
    "the result itself is missing": lambda parents, result: depth_first(parents, result)[:-1],
}


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


@check("parents-first", part="order", points=2, needs=["node"])
class ParentsFirst:
    """`topological_order` returns the result and all that it was made from, each once, after all of its parents.

    (`parents[k]` are the numbers of the parents of node k; what is returned is shown by these numbers.)
    """

    trials = 8

    def inputs(rng):
        n = 9
        while True:
            names = rng.permutation(n)
            parents = [[] for _ in range(n)]
            for k in range(2, n):
                count = int(rng.choice([1, 2, 2]))
                parents[names[k]] = [int(names[j]) for j in rng.integers(0, k, count)]
            result = int(names[rng.integers(n - 3, n)])
            order = depth_first(parents, result)
            others = [wrong(parents, result) for wrong in ORDERS.values()]
            reused = len(every_visit(parents, result)) > len(order) >= 6
            if reused and all(what_is_wrong(wrong, parents, result) for wrong in others):
                return {"parents": parents, "result": result}

    def probe(student, parents, result):
        nodes = {}

        def node(k):
            if k not in nodes:
                above = [node(parent) for parent in parents[k]]
                nodes[k] = student.Node(float(k), above, [lambda g: g for _ in above])
            return nodes[k]

        for k in range(len(parents)):
            node(k)
        order = student.topological_order(nodes[result])
        return [next((k for k, known in nodes.items() if known is member), None) for member in order]

    expected = depth_first

    accepts = what_is_wrong
    mistakes = ORDERS
    hint = (
        "Put a node on the list only after all of its parents are there: first deal with the parents, then with the "
        "node. Keep a set of the nodes that you have dealt with, and leave at once if one comes again. Chapter 5, "
        "section 'Why order matters'."
    )


@check("order-of-diamonds", part="order", points=1, needs=["node"])
class OrderOfDiamonds:
    """`topological_order` walks below each node once, however many paths lead there.

    (A chain of diamonds: each node is used twice by the next.)
    """

    trials = 1

    def inputs(rng):
        return {"diamonds": int(rng.integers(12, 15))}

    def probe(student, diamonds):
        asked = 0

        class Watched(student.Node):
            def __getattribute__(self, name):
                nonlocal asked
                asked += name == "parents"
                return super().__getattribute__(name)

        node, nodes = Watched(1.0), []
        for _ in range(diamonds):
            nodes.append(node)
            node = Watched(1.0, (node, node), (lambda g: g, lambda g: g))
        asked = 0
        order = student.topological_order(node)
        found = len(order) == diamonds + 1 and all(a is b for a, b in zip(order, [*nodes, node], strict=False))
        often = asked > 10 * len(order)
        seen = "right" if found else f"wrong, of length {len(order)}"
        return {"the order": seen, "looks at parents": asked if often else "few"}

    def expected(diamonds):
        return {"the order": "right", "looks at parents": "few"}

    def accepts(answer, diamonds):
        nodes, looks = diamonds + 1, answer["looks at parents"]
        if answer["the order"] != "right":
            return f"there are {nodes} nodes in the chain, all with the value 1, from the oldest to the result."
        if looks != "few":
            return (
                f"your function looked at `parents` {looks} times, for {nodes} nodes. It walks along every path, and "
                f"each diamond doubles their number. Leave at once when you come to a node that you have seen."
            )
        return ""

    mistakes = {
        "nodes of the same value are taken for one: remember the node itself, or `id(node)`, and not its value": (
            lambda diamonds: {"the order": "wrong, of length 1", "looks at parents": "few"}
        ),
    }
    hint = (
        "Before you go to the parents of a node, ask whether you were here before. A set answers that at once. "
        "Chapter 5, section 'Why order matters'."
    )


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


@check("summed-to", part="broadcast", points=3)
class SummedTo:
    """`summed_to(g, shape)` sums over the axes that broadcasting put in front, and over those that it stretched."""

    def inputs(rng):
        i, j, k = map(int, rng.permutation([2, 3, 4]))
        shapes = [(j, k), (k,), (), (i, 1, k), (1, j, 1), (j, 1), (1,), (1, 1, 1), (i, j, k)]
        return {"g": some_numbers(rng, i, j, k, low=0.4, high=9.9), "shapes": [list(shape) for shape in shapes]}

    def probe(student, g, shapes):
        return {f"to shape {tuple(shape)}": student.summed_to(g, tuple(shape)) for shape in shapes}

    expected = for_each_shape(summed)
    rtol, atol = CLOSE, CLOSE
    mistakes = {
        "the new axes in front are summed, those stretched from length 1 are not": for_each_shape(
            lambda g, shape: summed(g, shape, stretched=False)
        ),
        "the axes stretched from length 1 are summed, the new ones in front are not": for_each_shape(
            lambda g, shape: summed(g, shape, leading=False)
        ),
        "the axes of length 1 got lost: sum with keepdims=True, or reshape at the end": for_each_shape(
            lambda g, shape: summed(g, shape, keepdims=False)
        ),
        "the mean in place of the sum: contributions add": for_each_shape(
            lambda g, shape: summed(g, shape, how=np.mean)
        ),
        "one of the contributions in place of their sum": for_each_shape(first_entries),
        "the last axes are summed: broadcasting puts new axes in *front*": for_each_shape(trailing),
        "a reshape cannot sum: it refuses where the numbers of entries differ": lambda g, shapes: ValueError(
            "cannot reshape array"
        ),
        "an axis of length 1 that is summed is gone, and those after it move up: sum with keepdims=True": (
            lambda g, shapes: np.exceptions.AxisError
        ),
    }
    hint = (
        "Two sums. First over the g.ndim - len(shape) new axes in front. Then over each axis whose length in `shape` "
        "is 1; that axis stays, with length 1. Chapter 5, section 'Arrays: broadcasting undone'."
    )


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


def swept(student, program, seed=1.0, sweeps=None, **values):
    """The probe: build the nodes of the program, sweep from each of the lines in `sweeps`, show the last adjoints."""
    nodes = {name: student.Node(value) for name, value in values.items()}
    for line in program:
        name, _, a, op, b = line.split()
        a, b = nodes[a], nodes[b]
        value = {"+": a.value + b.value, "-": a.value - b.value, "*": a.value * b.value}[op]
        pulls = {
            "+": (lambda g: g, lambda g: g),
            "-": (lambda g: g, lambda g: -g),
            "*": (lambda g, v=b.value: g * v, lambda g, u=a.value: g * u),
        }[op]
        nodes[name] = student.Node(value, (a, b), pulls)
    for result in sweeps or [name]:
        student.backward(nodes[result], seed)
    below = {result}
    for line in reversed(program):
        name, _, a, _, b = line.split()
        below |= {a, b} if name in below else set()
    return {name: node.adjoint for name, node in nodes.items() if name in below}


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


def all_differ(answers):
    """Whether no two of the answers are alike: each wrong sweep then betrays itself."""
    flat = [np.concatenate([np.ravel(value) for value in answer.values()]) for answer in answers]
    return all(
        a.shape != b.shape or np.max(np.abs(a - b)) > 0.01 for k, a in enumerate(flat) for b in flat[:k]
    ) and all(np.max(np.abs(a)) < 1000 for a in flat)


ONE_PATH_MISTAKES = {
    "the order is read forwards: the sweep goes from the result down to the inputs": answers_of(sweep_forwards),
    "the pulls are given the value of the node: they work on its adjoint": answers_of(sweep_of_values),
    "the seed is ignored: the adjoint of the result is the seed, and not always 1": answers_of(right_sweep, seed=1.0),
    "the result never receives the seed, so that all adjoints stay 0": answers_of(right_sweep, seed=0.0),
}


@check("one-path", part="sweep", points=1, needs=["node", "order", "broadcast"])
class OnePath:
    """`backward(result, seed)` sets all adjoints of a program in which each value is used once.

    (The result is the last line. What is shown are the adjoints.)
    """

    def inputs(rng):
        while True:
            a, b, c, d = rng.permutation(["x1", "x2", "x3", "x4"])
            p, q, r = rng.choice(["+", "-", "*", "*"], 3)
            program = [f"w1 = {a} {p} {b}", f"w2 = {c} {q} w1", f"w3 = w2 {r} {d}"]
            values = {f"x{k}": some_numbers(rng) for k in (1, 2, 3, 4)}
            given = {**values, "program": program, "seed": some_numbers(rng)}
            if all_differ(
                [answers_of(right_sweep)(**given), *(wrong(**given) for wrong in ONE_PATH_MISTAKES.values())]
            ):
                return given

    probe = swept
    expected = answers_of(right_sweep)
    rtol, atol = CLOSE, SMALL
    mistakes = ONE_PATH_MISTAKES
    hint = (
        "Give the result its seed. Then take the nodes from the last to the first: each calls its pulls with its own "
        "adjoint, and adds what they return to its parents' adjoints. Chapter 5, section 'The tape'."
    )


SHARED = "`+=` changes an array that two nodes share: the pulls of a sum hand on the very same array; write a = a + b"

REUSE_MISTAKES = {
    "`=` in place of `+=`: a node that is used twice keeps the last contribution only": answers_of(assigning_sweep),
    "the first contribution to a node is kept, and later ones are thrown away: add them": answers_of(
        sweep_of_first_contributions
    ),
    "no topological order: a node passes on its whole adjoint whenever the walk comes by, and so passes on again what "
    "it had passed on before": answers_of(sweep_by_recursion),
    "no topological order: all parents are filled, then visited, and every visit passes on the whole adjoint once "
    "more": answers_of(sweep_filling_first),
    "no topological order: a node that stands in the queue several times passes on its whole adjoint several times": (
        answers_of(sweep_by_queue)
    ),
    "no topological order: a node passes on its adjoint at the first visit, before all contributions are there": (
        answers_of(sweep_at_first_visit)
    ),
    "breadth first is no topological order: a node near the result passes on its adjoint before contributions come "
    "along a longer path": answers_of(lambda graph, seed: sweep_by_queue(graph, seed, once=True)),
    "the order is read forwards: the sweep goes from the result down to the inputs": answers_of(sweep_forwards),
    SHARED: answers_of(sweep_with_shared_arrays),
}


def a_chain(rng, lines):
    """Draw a program in which every line uses the line before, so that there is one order only, and values again."""
    names, program = ["x"], []
    for number in range(1, lines + 1):
        other = str(rng.choice(names))
        operands = rng.permutation([names[-1], other])
        op = str(rng.choice(["+", "-", "*", "*"]))
        if other == names[-1] and op == "-":
            op = "*"  # w - w is no line that anybody writes
        program.append(f"w{number} = {operands[0]} {op} {operands[1]}")
        names.append(f"w{number}")
    return program


def a_telling_program(rng):
    """Draw a program, and its x, on which every wrong sweep is wrong in a way of its own."""
    while True:
        given = {"x": some_numbers(rng), "program": a_chain(rng, 5)}
        if all_differ([answers_of(right_sweep)(**given), *(wrong(**given) for wrong in REUSE_MISTAKES.values())]):
            return given


def in_the_stepper(answer, program, x):
    """Show the student's adjoints in the graph stepper of chapter 5, beside the right ones."""
    from course_lib.explore.differentiation.stepper import own_sweep

    return own_sweep("; ".join([f"x = {x}", *program]), {name: float(adjoint) for name, adjoint in answer.items()})


@check("reuse", part="sweep", points=4, needs=["node", "order", "broadcast"])
class Reuse:
    """`backward(result)` sets all adjoints of a program that uses values several times.

    (The result is the last line. What is shown are the adjoints.)
    """

    trials = 8

    inputs = a_telling_program

    probe = swept
    expected = answers_of(right_sweep)
    rtol, atol = CLOSE, SMALL
    mistakes = REUSE_MISTAKES
    picture = in_the_stepper
    hint = (
        "A node that is used twice acts on the result along two paths, and their contributions add. It may pass on "
        "its adjoint only when all of them are there: that is what the order is for. Chapter 5, section 'Why reuse "
        "needs a sum'."
    )


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


AGAIN_MISTAKES = {
    "gradients are left over from the sweep before: begin by setting the adjoint of every node to 0": several_sweeps(
        lambda name, graph: True, adds_seed=False
    ),
    "gradients are left over from the sweep before, in the result too, to which the seed is added": several_sweeps(
        lambda name, graph: True
    ),
    "the inputs, which have no parents, keep their adjoints from the sweep before": several_sweeps(
        lambda name, graph: not graph.edges[name]
    ),
    "only the inputs are set to 0: the nodes between keep their adjoints from the sweep before": several_sweeps(
        lambda name, graph: bool(graph.edges[name]), adds_seed=False
    ),
    SHARED: lambda program, sweeps, x: answers_of(sweep_with_shared_arrays)(program, x=x),
}


@check("again", part="sweep", points=2, needs=["node", "order", "broadcast"])
class Again:
    """A further sweep over the same nodes forgets the sweeps before it.

    (One sweep from each of the lines in `sweeps`, one after the other. What is shown are the adjoints after the last.)
    """

    def inputs(rng):
        while True:
            given = a_telling_program(rng) | {"sweeps": [str(rng.choice(["w3", "w4", "w5"])), "w5"]}
            answers = [several_sweeps(lambda name, graph: False), *AGAIN_MISTAKES.values()]
            if all_differ([answer(**given) for answer in answers]):
                return given

    probe = swept
    expected = several_sweeps(lambda name, graph: False)
    rtol, atol = CLOSE, SMALL
    mistakes = AGAIN_MISTAKES
    hint = (
        "The nodes outlive a sweep, and so do their adjoints. Begin each sweep by setting the adjoint of every node of "
        "the graph to 0. Chapter 5, section 'The tape'."
    )


def path_by_path(diamonds, partials):
    return {"adjoint of the first node": sum(partials) ** diamonds, "calls of pulls": 2 ** (diamonds + 1) - 2}


@check("diamonds", part="sweep", points=2, needs=["node", "order", "broadcast"])
class Diamonds:
    """`backward` calls each pull once, on a chain of diamonds too, where the number of paths doubles at each step.

    (Each node is used twice by the next, with the two partial derivatives in `partials`.)
    """

    trials = 2

    def inputs(rng):
        return {"diamonds": int(rng.integers(9, 12)), "partials": np.round(rng.uniform(0.4, 0.9, 2), 2).tolist()}

    def probe(student, diamonds, partials):
        calls = 0

        def pull_of(partial):
            def pull(g):
                nonlocal calls
                calls += 1
                return g * partial

            return pull

        first = node = student.Node(1.0)
        for _ in range(diamonds):
            node = student.Node(1.0, (node, node), [pull_of(partial) for partial in partials])
        student.backward(node)
        return {"adjoint of the first node": first.adjoint, "calls of pulls": calls}

    def expected(diamonds, partials):
        return {"adjoint of the first node": sum(partials) ** diamonds, "calls of pulls": 2 * diamonds}

    rtol, atol = CLOSE, SMALL
    mistakes = {
        "each contribution is passed on by itself, path by path: the result is right, but the calls double with each "
        "diamond, and 50 of them would take years; let a node wait, and pass on the sum once": path_by_path,
    }
    hint = (
        "Sum all contributions to a node first, then call its pulls once with the sum. By the order of part 4, a node "
        "that is reached backwards has all its contributions. Chapter 5, section 'Why order matters'."
    )


ARRAYS = {"A": (3, 4), "b": (4,), "c": (3, 1), "s": ()}


def unsummed_sweep(graph, seed):
    adjoints = {graph.result: seed}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints[parent] = adjoints.get(parent, 0.0) + pull(adjoints[name])
    return adjoints


BROADCASTING_MISTAKES = {
    "the contributions are not summed over the broadcast axes: call `summed_to` before adding": answers_of(
        unsummed_sweep
    ),
    "the contributions are not summed over the broadcast axes, and NumPy refuses to add them in place": (
        lambda program, seed, **values: ValueError("non-broadcastable output operand")
    ),
    SHARED: answers_of(sweep_with_shared_arrays),
}


@check("broadcasting", part="sweep", points=2, needs=["node", "order", "broadcast"])
class Broadcasting:
    """Every adjoint has the shape of its node's value: contributions are summed over what broadcasting repeated.

    (The result is the last line. What is shown are the adjoints.)
    """

    trials = 6

    def inputs(rng):
        while True:
            ops = rng.choice(["+", "-", "*", "+", "*"], 5)
            others = ["s", "A", "c", str(rng.choice(["w2", "A"])), str(rng.choice(["b", "w3"]))]
            program = [f"w{k + 1} = {'b' if k == 0 else f'w{k}'} {op} {others[k]}" for k, op in enumerate(ops)]
            given = {name: some_numbers(rng, *shape) for name, shape in ARRAYS.items()}
            given |= {"program": program, "seed": some_numbers(rng, 3, 4)}
            right, shared = (answers_of(sweep)(**given) for sweep in (right_sweep, sweep_with_shared_arrays))
            if all_differ([right, shared]):
                return given

    probe = swept
    expected = answers_of(right_sweep)
    rtol, atol = CLOSE, SMALL
    mistakes = BROADCASTING_MISTAKES
    hint = (
        "In A + b, with A of shape (3, 4) and b of shape (4,), each entry of b is used three times. What the pull "
        "returns goes through `summed_to(..., parent.value.shape)` before it is added. Chapter 5, section 'Arrays: "
        "broadcasting undone'."
    )


# --- Arrays ---------------------------------------------------------------------------------------------------------


def turned(a):
    return np.swapaxes(a, -1, -2)


PRODUCTS = ["a @ b", "a @ p", "q @ b"]


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


def some_matrices(rng, stack, n, k, m):
    shapes = {"a": (n, k), "b": (k, m), "p": (k, m), "q": (n, k), "g": (n, m)}
    return {"results": PRODUCTS} | {name: some_numbers(rng, *stack, *shape, high=9.9) for name, shape in shapes.items()}


@check("matrix-product", part="arrays", points=1, needs=["node"])
class MatrixProduct:
    """A matrix product has the right value, and its pulls send back G B^T and A^T G.

    (Tried with square matrices and others. `a` and `b` are nodes, `p` and `q` arrays, `g` is the adjoint.)
    """

    trials = 8

    def inputs(rng):
        # Without square matrices nobody can say which pull is wrong: every mistake then ends in ValueError.
        lengths = (3, 3, 3) if rng.random() < 0.75 else rng.choice([2, 3, 4, 5], 3, replace=False)
        return some_matrices(rng, (), *map(int, lengths))

    probe = sent_back
    expected = matrix_product()
    rtol, atol = CLOSE, CLOSE
    mistakes = {
        "G @ B in place of G @ B.T: for matrices that are not square it does not even fit": matrix_product(
            to_a=lambda g, a, b: g @ b
        ),
        "A @ G in place of A.T @ G": matrix_product(to_b=lambda g, a, b: a @ g),
        "B.T @ G in place of G @ B.T: matrices do not commute": matrix_product(to_a=lambda g, a, b: turned(b) @ g),
        "G @ A.T in place of A.T @ G: matrices do not commute": matrix_product(to_b=lambda g, a, b: g @ turned(a)),
        "the pulls multiply entry by entry, `*`; they need matrix products, `@`": matrix_product(
            lambda g, a, b: g * b, lambda g, a, b: g * a
        ),
        **NO_AS_NODE,
    }
    hint = (
        "C_ij is the sum of A_il B_lj over l. So A_il gets G_ij B_lj, summed over j: that is G times B transposed. "
        "Check the shapes on paper. Chapter 5, section 'Arrays: broadcasting undone'."
    )


@check("many-matrices", part="arrays", points=1, needs=["node"])
class ManyMatrices:
    """The matrix product works on stacks of matrices, of shapes (K, n, m) and (K, m, p).

    (`a` and `b` are nodes, `p` and `q` arrays, `g` is the adjoint.)
    """

    trials = 3

    def inputs(rng):
        stack, *lengths = map(int, rng.choice([2, 3, 4, 5], 4, replace=False))
        return some_matrices(rng, (stack,), *lengths)

    probe = sent_back
    expected = matrix_product()
    rtol, atol = CLOSE, CLOSE
    mistakes = {
        "`.T` turns all axes round: swap the last two alone, np.swapaxes(b, -1, -2)": lambda **_: ValueError("matmul"),
    }
    hint = (
        "Each pair of matrices in the stacks is multiplied by itself. `@` does that, both ways; only the transposition "
        "must leave the first axis alone: np.swapaxes(b, -1, -2). Chapter 5, section 'Arrays: broadcasting undone'."
    )


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


@check("sums", part="arrays", points=1, needs=["node"])
class Sums:
    """Sums over one axis, some or all, with `keepdims` or not, have the right value, and send g back to each entry.

    (`a` is a node. The adjoint g of each sum is here `scale` times its value.)
    """

    trials = 6

    def inputs(rng):
        shape = (2, 2, 2) if rng.random() < 0.5 else rng.permutation([2, 3, 4])
        a = some_numbers(rng, *map(int, shape), low=0.4, high=9.9)
        return {"results": [*SUMS], "a": a, "scale": some_numbers(rng)}

    probe = sent_back
    expected = sums(spread)
    rtol, atol = CLOSE, CLOSE
    mistakes = {
        "the pull returns g as it is: it must return an array of the shape of a, g for each entry of the sum": sums(
            lambda g, a, axis, keepdims: g
        ),
        "the axis that was summed is not put back, so that g is spread along the wrong axis or does not fit": sums(
            lambda g, a, axis, keepdims: np.broadcast_to(g, a.shape)
        ),
        "g is divided by the number of entries, as for a mean": sums(
            lambda g, a, axis, keepdims: spread(g, a, axis, keepdims) * g.size / a.size
        ),
    }
    hint = (
        "Each entry goes into one sum, with the factor 1, so it gets that sum's adjoint. Put the summed axis back with "
        "np.expand_dims(g, axis), then np.broadcast_to(g, a.value.shape). Chapter 5, section 'Arrays: broadcasting "
        "undone'."
    )


def taken(put):
    """Return the answer for indexing whose pull is `put(whole, index, g)` on an array of zeros."""

    def answer(results, a, rows, row, column, scale):
        indices = (row, (slice(1, None), column), rows, (slice(None), None, column))
        return {
            text: sent(a[index], a=put(np.zeros_like(a), index, scale * a[index]))
            for text, index in zip(results, indices, strict=True)
        }

    return answer


def add_at(whole, index, g):
    np.add.at(whole, index, g)
    return whole


def assign_at(whole, index, g):
    whole[index] = g
    return whole


@check("taken-entries", part="arrays", points=1, needs=["node"])
class TakenEntries:
    """`a[index]` has the right value, and sends back an array of the shape of a: zeros where nothing was taken.

    (`a` is a node; `rows` holds a row twice. The adjoint g of each result is here `scale` times its value.)
    """

    def inputs(rng):
        n, m = map(int, rng.choice([4, 5, 6], 2, replace=False))
        first, second = map(int, rng.choice(n, 2, replace=False))
        return {
            "results": ["a[row]", "a[1:, column]", "a[rows]", "a[:, None, column]"],
            "a": some_numbers(rng, n, m, low=0.4, high=9.9),
            "rows": [first, second, first],
            "row": int(rng.integers(-2, n)),
            "column": int(rng.integers(-2, m)),
            "scale": some_numbers(rng),
        }

    probe = sent_back
    expected = taken(add_at)
    rtol, atol = CLOSE, CLOSE
    mistakes = {
        "`whole[index] += g` counts a repeated index once: np.add.at adds every time": taken(assign_at),
        "the pull returns g as it is: it must return an array of the shape of a": taken(lambda whole, index, g: g),
        "ones in place of zeros where nothing was taken": taken(lambda whole, index, g: assign_at(whole + 1, index, g)),
    }
    hint = (
        "Begin with zeros of the shape of a, and add g at the index. Where the index names an entry twice, both "
        "contributions count: np.add.at(whole, index, g). Chapter 5, section 'Arrays: broadcasting undone'."
    )


# --- Whole programs -------------------------------------------------------------------------------------------------

INPUTS = {"X": (3, 4), "y": (4,), "W": (4, 4), "s": (), "unused": (2,)}
LINES = (
    "{a} * y + {b}",
    "{a} @ W",
    "{a}.tanh() - {b}",
    "{a} - 0.2 * {b}.sum(axis=1, keepdims=True)",
    "{a} / (1.5 + {b} ** 2)",
    "{a}[[2, 0, 0]] * {b}",
    "({a} * 0.3).exp() * s",
    "{b}.sin() * {a}",
    "2.0 - {a} * s",
    "({a} ** 2 + 1.0).log() + y",
    "{a}.reshape((4, 3)).sum(axis=1) * {b}",
)


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


@check(
    "whole-programs",
    part="vjp",
    points=2,
    needs=["node", "operators", "functions", "order", "broadcast", "sweep", "arrays"],
)
class WholePrograms:
    """`vjp(f, inputs, seed)` is the row of seeds times the Jacobian, one array for each input, of its shape.

    (The inputs are X, y, W, s and one that the program does not use, in this order; f returns the last line.)
    """

    trials = 8

    def inputs(rng):
        values = {name: some_numbers(rng, *shape) for name, shape in INPUTS.items()}
        while True:
            program, names = [], ["X"]
            for number, form in enumerate(rng.choice(LINES, 4, replace=False), 1):
                program.append(f"w{number} = " + form.format(a=names[-1], b=rng.choice(names)))
                names.append(f"w{number}")
            seed = some_numbers(rng, 3, 4)
            if rng.random() < 0.4:
                program.append("w5 = w4.sum()")
                seed = some_numbers(rng)
            rows = row_times_jacobian(program, seed, **values)
            if 0.01 < np.abs(rows[0]).max() < 500:
                return {**values, "program": program, "seed": seed}

    def probe(student, program, seed, **values):
        def f(*inputs):
            names = dict(zip(values, inputs, strict=True))
            for line in program:
                name, text = line.split(" = ", 1)
                names[name] = eval(text, {}, names)
            return names[name]

        return list(student.vjp(f, list(values.values()), seed))

    expected = row_times_jacobian
    rtol, atol = CLOSE, CLOSE
    returns = tuple(f"the row for {name}" for name in INPUTS)
    mistakes = {
        "the seed is ignored: every row of the Jacobian is counted once": lambda program, seed, **values: (
            row_times_jacobian(program, np.ones_like(seed), **values)
        ),
        "an input that f does not use has no adjoint, None: its derivative is 0": lambda program, seed, **values: [
            row if np.any(row) else None for row in row_times_jacobian(program, seed, **values)
        ],
    }
    hint = (
        "Make a node of each input, keep them, call f with them, sweep with the seed from the node that f returns, and "
        "collect the adjoints of the nodes that you kept. Chapter 5, section 'A row of seeds'."
    )
