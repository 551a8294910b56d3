"""The reverse sweep on a program of lines `w2 = w1 * x`, run as the probe runs it: right and wrong."""

from collections import deque
from functools import partial

import numpy as np

from autograder.checks import Mistake, answering

from .formulas import summed


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

    def started(self, seed):
        """The adjoints before a sweep: 0, but for the seed of the result."""
        adjoints = {name: np.zeros_like(value) for name, value in self.values.items()}
        return adjoints | {self.result: adjoints[self.result] + seed}

    def sends(self, pull, adjoint, parent):
        """What a pull sends to a parent, in the parent's shape."""
        return summed(pull(adjoint), self.values[parent].shape)

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
    adjoints = graph.started(seed)
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints[parent] = graph.sends(pull, adjoints[name], parent)
    return adjoints


def sweep_of_first_contributions(graph, seed=1.0):
    adjoints = {graph.result: seed}
    for name in reversed(graph.values):
        for parent, pull in graph.edges[name]:
            adjoints.setdefault(parent, graph.sends(pull, adjoints[name], parent))
    return adjoints


def sweep_by_recursion(graph, seed=1.0):
    """Fill a parent and go there at once, each time with all that it has."""
    adjoints = graph.started(seed)

    def visit(name):
        for parent, pull in graph.edges[name]:
            adjoints[parent] += graph.sends(pull, adjoints[name], parent)
            visit(parent)

    visit(graph.result)
    return adjoints


def sweep_filling_first(graph, seed=1.0):
    """Fill all parents, then go to each of them."""
    adjoints = graph.started(seed)

    def visit(name):
        for parent, pull in graph.edges[name]:
            adjoints[parent] += graph.sends(pull, adjoints[name], parent)
        for parent, _ in graph.edges[name]:
            visit(parent)

    visit(graph.result)
    return adjoints


def sweep_by_queue(graph, seed=1.0, once=False):
    adjoints = graph.started(seed)
    waiting, seen = deque([graph.result]), set()
    while waiting:
        name = waiting.popleft()
        if once and name in seen:
            continue
        seen.add(name)
        for parent, pull in graph.edges[name]:
            adjoints[parent] += graph.sends(pull, adjoints[name], parent)
            waiting.append(parent)
    return adjoints


def sweep_by_stack(graph, seed=1.0):
    """Fill all parents of a node, and go next to the parent that was filled last; each node once."""
    adjoints = graph.started(seed)
    waiting, seen = [graph.result], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for parent, pull in graph.edges[name]:
            adjoints[parent] += graph.sends(pull, adjoints[name], parent)
            waiting.append(parent)
    return adjoints


def sweep_by_parent(graph, seed=1.0):
    """Keep the pulls in a dict under their parents: of two to the same parent, one is left."""
    adjoints = graph.started(seed)
    for name in reversed(graph.values):
        for parent, pull in dict(graph.edges[name]).items():
            adjoints[parent] = adjoints[parent] + graph.sends(pull, adjoints[name], parent)
    return adjoints


def sweep_at_first_visit(graph, seed=1.0):
    adjoints, seen = graph.started(seed), set()

    def visit(name):
        if name not in seen:
            seen.add(name)
            for parent, pull in graph.edges[name]:
                adjoints[parent] += graph.sends(pull, adjoints[name], parent)
                visit(parent)

    visit(graph.result)
    return adjoints


def sweep_forwards(graph, seed=1.0):
    adjoints = graph.started(seed)
    for name in graph.values:
        for parent, pull in graph.edges[name]:
            adjoints[parent] += graph.sends(pull, adjoints[name], parent)
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


def sweep_ended_by_a_zero(graph, seed=1.0):
    """Stop at the first adjoint that is 0, where only this node has nothing to pass on."""
    adjoints = graph.started(seed)
    for name in reversed(graph.values):
        if not np.any(adjoints[name]):
            break
        for parent, pull in graph.edges[name]:
            adjoints[parent] = adjoints[parent] + graph.sends(pull, adjoints[name], parent)
    return adjoints


def through_diamonds(sweep):
    """Make of a sweep the answer on a chain of diamonds: the first adjoint, and how often a pull was called."""

    def answer(diamonds, partials):
        calls = 0

        def pull_of(partial):
            def pull(g):
                nonlocal calls
                calls += 1
                return g * partial

            return pull

        graph = Graph({"node 0": 1.0}, [])
        for k in range(diamonds):
            graph.values[f"node {k + 1}"] = graph.values["node 0"]
            graph.edges[f"node {k + 1}"] = [(f"node {k}", pull_of(partial)) for partial in partials]
        adjoints = sweep(graph, 1.0)
        return {"adjoint of the first node": adjoints["node 0"], "calls of pulls": calls}

    return answer


def answers_of(sweep, **fixed):
    """Make of a sweep the answer of the probes below, on numbers and on arrays; `fixed` may hold a seed of its own."""

    def answer(program, seed=1.0, **values):
        graph = Graph(values, program)
        adjoints = sweep(graph, fixed.get("seed", seed))
        return {name: adjoints[name] for name in graph.values}

    return answer


def several_sweeps(keeps, adds_seed=True, seeds_once=False):
    """Return the last adjoints, where the nodes for which keeps(name, graph) is true are not started anew.

    The last sweep has the seed 1, and those before it 2. With `seeds_once`, a result that has an adjoint gets no seed.
    """

    def answer(program, sweeps, x):
        graph = Graph({"x": x}, program)
        adjoints = {}
        for result, seed in zip(sweeps, [*[2.0] * (len(sweeps) - 1), 1.0], strict=True):
            before = {name: value for name, value in adjoints.items() if keeps(name, graph)}
            if not adds_seed:
                before.pop(result, None)
            if seeds_once and result in adjoints:
                before[result], seed = adjoints[result], 0.0
            adjoints |= right_sweep(graph, seed, result=result, adjoints=before)
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


SHARED = "`+=` changes an array that two nodes share: the pulls of a sum hand on the very same array; write a = a + b"


# Wrong sweeps, which any program may betray: those of one part are known to all of its checks, for a slip is one slip.
SWEEPS = {
    "assigned": Mistake(
        "`=` in place of `+=`: a node that is used twice keeps the last contribution only", assigning_sweep
    ),
    "first-kept": Mistake(
        "the first contribution to a node is kept, and later ones are thrown away: add them",
        sweep_of_first_contributions,
    ),
    "recursion": Mistake(
        "no topological order: a node passes on its whole adjoint whenever the walk comes by, and so passes on again "
        "what it had passed on before",
        sweep_by_recursion,
    ),
    "filled-then-visited": Mistake(
        "no topological order: all parents are filled, then visited, and every visit passes on the whole adjoint once "
        "more",
        sweep_filling_first,
    ),
    "queue": Mistake(
        "no topological order: a node that stands in the queue several times passes on its whole adjoint several times",
        sweep_by_queue,
    ),
    "first-visit": Mistake(
        "no topological order: a node passes on its adjoint at the first visit, before all contributions are there",
        sweep_at_first_visit,
    ),
    "breadth-first": Mistake(
        "breadth first is no topological order: a node near the result passes on its adjoint before contributions come "
        "along a longer path",
        partial(sweep_by_queue, once=True),
    ),
    "stack-of-nodes": Mistake(
        "a stack with a set of visited nodes gives no topological order: a node passes on its adjoint when it is taken "
        "from the stack, and contributions may still come",
        sweep_by_stack,
    ),
    "pulls-by-parent": Mistake(
        "a dict holds one pull for each parent: in x * x both go to x, and one of them is lost", sweep_by_parent
    ),
    "read-forwards": Mistake(
        "the order is read forwards: the sweep goes from the result down to the inputs", sweep_forwards
    ),
    "shared-array": Mistake(SHARED, sweep_with_shared_arrays),
}


def wrong_sweeps(change, *without):
    """The wrong sweeps where another probe asks, but for some that do no harm there."""
    return answering(change, {id: mistake for id, mistake in SWEEPS.items() if id not in without})
