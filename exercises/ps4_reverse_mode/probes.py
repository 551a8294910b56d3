"""The longer probes of problem set 4: what student code is asked. They see their arguments and `np`, nothing else."""

import numpy as np

from autograder.checks import promised

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

    def sent(text, result):
        received = {name: 0.0 for name in nodes if name in text}
        walk(result, g if scale is None else scale * result.value, received)
        return {f"to {name}": value for name, value in received.items()}

    seen = {}
    for text in results:
        result = eval(text, {}, operands | nodes)
        seen[text] = {"value": result.value} | sent(text, result)
        again = sent(text, result)
        promised(
            all(
                np.shape(again[to]) == np.shape(seen[text][to]) and np.allclose(again[to], seen[text][to])
                for to in again
            ),
            f"a pull of {text} returns something else when it is called again: it keeps what it has sent, in an array "
            "that is made when the node is. A second sweep calls it again: make that array within the pull.",
        )
    return seen


# --- The order ------------------------------------------------------------------------------------------------------


def ask_parents_first(student, parents, result):
    nodes = {}

    def node(k):
        if k not in nodes:
            above = [node(parent) for parent in parents[k]]
            nodes[k] = student.Node(float(k), above, [lambda g: g for _ in above])
        return nodes[k]

    for k in range(len(parents)):
        node(k)
    order = student.topological_order(nodes[result])
    promised(
        {*map(id, student.topological_order(nodes[result]))} == {*map(id, order)},
        "asked for the same order a second time, your function returns other nodes: what it has visited is noted "
        "outside of the call, in the nodes or in a name of the notebook, and is still there. Begin each call anew.",
    )
    return [next((k for k, known in nodes.items() if known is member), None) for member in order]


def ask_order_of_diamonds(student, diamonds, beside, look):
    class Watched(student.Node):
        def __getattribute__(self, name):
            if name == "parents":
                look()
            return super().__getattribute__(name)

    def on(node):
        return Watched(1.0, (node, node), (lambda g: g, lambda g: g))

    chain, others = [Watched(1.0)], []
    for k in range(diamonds + 1):
        others += [on(chain[k]) for _ in range(beside.count(k))]
        if k < diamonds:
            chain.append(on(chain[k]))
    place = {id(known): k for k, known in enumerate([*chain, *others])}
    return {"the order": [place.get(id(member)) for member in student.topological_order(chain[-1])]}


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


def swept(student, program, seed=1.0, sweeps=None, **values):
    """The probe: build the nodes of the program, sweep from each of the lines in `sweeps`, show the last adjoints.

    Of several sweeps only the last has the given seed, and those before it twice of it.
    """
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
    *before, result = sweeps or [name]
    for earlier in before:
        student.backward(nodes[earlier], 2 * seed)
    student.backward(nodes[result], seed)
    below = {result}
    for line in reversed(program):
        name, _, a, _, b = line.split()
        below |= {a, b} if name in below else set()
    return {name: node.adjoint for name, node in nodes.items() if name in below}


def ask_diamonds(student, diamonds, partials, pulls):
    def pull_of(which):
        return lambda g: pulls(g, which)

    first = node = student.Node(1.0)
    for _ in range(diamonds):
        node = student.Node(1.0, (node, node), [pull_of(0), pull_of(1)])
    student.backward(node)
    return {"adjoint of the first node": first.adjoint}


# --- Whole programs -------------------------------------------------------------------------------------------------


def ask_whole_programs(student, program, seed, **values):
    def f(*inputs):
        names = dict(zip(values, inputs, strict=True))
        for line in program:
            name, text = line.split(" = ", 1)
            names[name] = eval(text, {}, names)
        return names[name]

    rows = list(student.vjp(f, list(values.values()), seed))
    of_two = list(student.vjp(lambda a, b: a, [np.ones(2), np.ones(2)], np.ones(2)))
    promised(
        len(of_two) != 2 or not np.array_equal(*of_two),
        "of two inputs that hold the same numbers, one that f does not use gets the row of the other: they share a "
        "node. Make a node of each input, whatever its numbers are.",
    )
    return rows
