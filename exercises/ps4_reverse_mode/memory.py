"""Long programs: an order without recursion, what a graph keeps, a checkpoint that keeps less, Hessian times vector.

The checks stand here with all that they need, and `checks.py` names them in their places.
"""

from functools import partial

import numpy as np

from autograder.checks import Breaks, Mistake, Raises, called, check, promised, unchanged
from autograder.drawing import general_numbers, told_apart

CLOSE = 1e-9

# --- A long chain ---------------------------------------------------------------------------------------------------


@check("long-chain", part="order", points=1, needs=["node"])
class LongChain:
    """`topological_order` orders a chain of thousands of nodes, and leaves Python's limit of calls as it is.

    (What is returned is shown by the numbers of the nodes, from the oldest, 0, to the result. There are others, made
    from nodes of the chain, that the result was not made from: they are shown as None.)
    """

    trials = 2

    def inputs(rng):
        return {"steps": int(rng.integers(4000, 4500))}  # a notebook's Python may go 3000 calls deep

    def probe(student, steps):
        import sys

        chain, others = [student.Node(1.0)], []
        for k in range(steps):
            chain.append(student.Node(1.0, (chain[-1],), (lambda g: g,)))
            if k % 500 == 0 or k == steps - 1:  # beside the chain, and above the result
                others.append(student.Node(1.0, (chain[-1],), (lambda g: g,)))
        before = sys.getrecursionlimit()
        limit = min(before, 3000)  # a notebook's Python has that one
        sys.setrecursionlimit(limit)
        try:
            order = student.topological_order(chain[-1])
            after = sys.getrecursionlimit()
        finally:
            sys.setrecursionlimit(before)
        promised(
            after == limit,
            "your code has set Python's limit of calls within calls: a longer chain still ends there, or takes all "
            "memory. A list of the nodes that are still to be visited needs no such limit.",
        )
        place = {id(node): k for k, node in enumerate(chain)}
        return {"the order": [place.get(id(member)) for member in order]}

    def expected(steps):
        return {"the order": [*range(steps + 1)]}

    mistakes = {
        "recursive-order": Mistake(
            "the order is found by recursion, one call within another for each node, and Python stops that at some "
            "thousand: keep the nodes that are still to be visited in a list",
            lambda steps: Raises(RecursionError, "maximum recursion depth exceeded"),
        ),
        "limit-raised": Mistake(
            "Python's limit of calls within calls is raised, and the recursion remains",
            lambda steps: Breaks("has set Python's limit"),
            seen=True,
        ),
    }
    hint = (
        "A function that calls itself keeps its place in Python's own stack, which is short. A list can hold the same "
        "notes: (node, whether its parents are on the list already). Chapter 5, section 'Why order matters'."
    )


# --- What a graph keeps ---------------------------------------------------------------------------------------------


def some_graph(rng):
    """Draw a graph: of each node its shape and its parents; some are used twice, and one by nobody."""
    shapes = ([], [3], [2, 4], [5], [1, 6])
    while True:
        n = int(rng.integers(6, 9))
        nodes = [(list(shapes[rng.integers(5)]), [int(p) for p in rng.integers(0, k, min(k, 2))]) for k in range(n)]
        nodes[-2] = ([7], [0])
        nodes[-1] = (nodes[-1][0], [n - 3, n - 4])
        given = {"shapes": [shape for shape, _ in nodes], "parents": [parents for _, parents in nodes]}
        found = [wrong(**given) for wrong in (every_path, nodes_below, all_but_inputs, all_but_result, near_result)]
        if len({kept_below(**given), *found}) == 1 + len(found):
            return given


def below(parents):
    """Return the numbers of the nodes from which the last one was made, and its own."""
    wanted = {len(parents) - 1}
    for k in reversed(range(len(parents))):
        wanted |= set(parents[k]) if k in wanted else set()
    return wanted


def size(shape):
    return int(np.prod(shape, dtype=int))


def kept_below(shapes, parents):
    return sum(size(shapes[k]) for k in below(parents))


def every_path(shapes, parents):
    def walk(k):
        return size(shapes[k]) + sum(map(walk, parents[k]))

    return walk(len(parents) - 1)


def nodes_below(shapes, parents):
    return len(below(parents))


def all_but_inputs(shapes, parents):
    return sum(size(shapes[k]) for k in below(parents) if parents[k])


def lengths_below(shapes, parents):
    """The lengths of the values in place of their sizes; an array without axes has none."""
    found = [shapes[k] for k in below(parents)]
    if [] in found:
        return Raises(TypeError, "of unsized object", line=r"len[(]")
    return sum(shape[0] for shape in found)


def near_result(shapes, parents):
    return size(shapes[-1]) + sum(size(shapes[k]) for k in parents[-1])


def bytes_below(shapes, parents):
    return 8 * kept_below(shapes, parents)


def all_but_result(shapes, parents):
    return kept_below(shapes, parents) - size(shapes[-1])


@check("numbers-kept", part="memory", points=1, needs=["node", "order"])
class NumbersKept:
    """`numbers_kept(result)` counts the numbers in the values of all nodes from which a result was made, and its own.

    (Node k has the shape `shapes[k]` and the parents `parents[k]`; the result is the last.)
    """

    inputs = some_graph

    def probe(student, shapes, parents):
        nodes = []
        for shape, above in zip(shapes, parents, strict=True):
            made_of = [nodes[k] for k in above]
            nodes.append(student.Node(np.full(shape, 0.25), made_of, [lambda g: g for _ in made_of]))
        return int(student.numbers_kept(nodes[-1]))

    expected = kept_below
    mistakes = {
        "kept-on-every-path": Mistake("a node that is used twice is counted twice: it is kept once", every_path),
        "nodes-counted": Mistake("the nodes are counted, and not the numbers in their values", nodes_below),
        "inputs-not-counted": Mistake("nodes without parents are left out: they are kept, too", all_but_inputs),
        "lengths-counted": Mistake(
            "`len` is the length of the first axis, and an array of shape () has none: `size` counts all numbers",
            lengths_below,
        ),
        "first-lengths-counted": Mistake(
            "the length of the first axis is counted: `size` counts all numbers of an array",
            lambda shapes, parents: sum((shapes[k] or [1])[0] for k in below(parents)),
        ),
        "bytes-counted": Mistake("bytes are counted: a number of double precision takes 8 of them", bytes_below),
        "near-result-counted": Mistake(
            "only the result and its parents are counted: what they were made from is kept, too", near_result
        ),
        "result-not-counted": Mistake("the result itself is left out: it is kept, too", all_but_result),
    }
    hint = "Each node of the order counts once, with `node.value.size` numbers. Chapter 7, section '★ Checkpoints'."


# --- A checkpoint ---------------------------------------------------------------------------------------------------


def some_steps(rng):
    """Draw a program of an array whose last line mixes the entries, an input, and seeds."""
    while True:
        names, lines = ["a"], []
        for number in range(1, 5):
            one, other = names[-1], str(rng.choice(names))
            op = "*" if one == other else str(rng.choice(["+", "-", "*"]))
            lines.append(f"w{number} = {one} {op} {other}")
            names.append(f"w{number}")
        lines.append(f"w5 = w4 * {rng.choice(names[:3])}.sum()")
        n = int(rng.integers(2, 5))
        given = {"program": lines, "x": general_numbers(rng, n, high=1.5), "seed": general_numbers(rng, n)}
        right = back_to_x(**given)
        others = [wrong(**given)["adjoint of x"] for wrong in (seed_forgotten, at_once, on_a_itself)]
        if np.abs(right).max() < 500 and told_apart(right, others):
            return given


def run_lines(program, a):
    names = {"a": a}
    for line in program:
        name, text = line.split(" = ")
        names[name] = eval(text, {}, names)
    return names[name]


def jacobian(program, a):
    """By complex steps, a column for each entry of a."""
    return np.stack([run_lines(program, a + 1e-30j * unit).imag / 1e-30 for unit in np.eye(len(a))], axis=1)


def sent_to_a(program, x, seed):
    return seed @ jacobian(program, x * x)


def back_to_x(program, x, seed, to_a=sent_to_a):
    """The adjoint of x in checkpoint(f, x * x) + x."""
    return to_a(program, x, seed) * 2 * x + seed


def checkpointed(program, x, seed, adjoint=back_to_x, kept=3, runs=(1, 1)):
    return {
        "value": run_lines(program, x * x),
        "numbers kept": kept * x.size,
        "adjoint of x": adjoint(program, x, seed),
        "runs of f before the sweep": runs[0],
        "runs of f in the sweep": runs[1],
    }


def seed_forgotten(**given):
    def to_a(program, x, seed):
        return sent_to_a(program, x, np.ones(len(x)))

    return checkpointed(**given, adjoint=partial(back_to_x, to_a=to_a))


def at_once(**given):
    def to_a(program, x, seed):
        return seed * sent_to_a(program, x, np.ones(len(x)))

    return checkpointed(**given, adjoint=partial(back_to_x, to_a=to_a), runs=(1, 0))


def on_a_itself(**given):
    """The inner sweep goes on to x, and puts what it finds in the place of what x had."""

    def adjoint(program, x, seed):
        return 2 * sent_to_a(program, x, seed) * 2 * x

    return checkpointed(**given, adjoint=adjoint)


@check("checkpoint", part="memory", points=1, needs=["node", "operators", "order", "broadcast", "sweep", "arrays"])
class Checkpoint:
    """`checkpoint(f, a)` is the node f(a), keeps nothing of what f computes on its way, and runs f again in the sweep.

    (Tried on checkpoint(f, a) + x, where x is a node and a = x * x. f runs the lines on a and returns the last; `seed`
    is the adjoint of the sum.)
    """

    inputs = some_steps

    def probe(student, program, x, seed):
        def f(node):
            if f.calls > 50:
                raise RecursionError("f was run more than 50 times: each run leads to another one")
            names = {"a": node}
            for line in program:
                name, text = line.split(" = ")
                names[name] = eval(text, {}, names)
            return names[name]

        f, x = called(f), student.Node(x)
        result = student.checkpoint(f, x * x)
        before, kept, waiting = f.calls, {}, [result]
        while waiting:
            node = waiting.pop()
            if id(node) not in kept:
                kept[id(node)] = int(np.size(node.value))
                waiting.extend(node.parents)
        student.backward(result + x, seed)
        answer = {
            "value": result.value,
            "numbers kept": sum(kept.values()),
            "adjoint of x": x.adjoint,
            "runs of f before the sweep": before,
            "runs of f in the sweep": f.calls - before,
        }
        swept = f.calls
        sent = [pull(seed) for pull in result.pulls]
        promised(
            f.calls > swept,
            "called a second time, the pull of your checkpoint does not run f again: it has kept all that f computed "
            "in the first sweep, and that is what a checkpoint shall not do.",
        )
        promised(
            not any(isinstance(piece, list | tuple) for piece in sent),
            "the pull of your checkpoint returns a list. A pull returns one array, what is added to the adjoint of the "
            "parent: of the list that `vjp` returns, that is the entry 0.",
        )
        return answer

    expected = checkpointed
    rtol, atol = CLOSE, CLOSE
    mistakes = {
        "keeps-all": Mistake(
            "the node that f returns is handed on, and with it all that f has computed: make a node of its value, with "
            "the one parent a",
            lambda program, x, seed: (
                checkpointed(program, x, seed, kept=0, runs=(1, 0)) | {"numbers kept": (2 + len(program)) * x.size + 1}
            ),
        ),
        "seed-forgotten": Mistake(
            "the sweep within the pull begins with 1, where the adjoint g is its seed",
            seed_forgotten,
        ),
        "swept-at-once": Mistake(
            "the slopes are computed when the node is made: then g is not known yet, and g times the slopes is not the "
            "row g J. Run f again within the pull",
            at_once,
        ),
        "swept-on-a": Mistake(
            "the pull runs f on a itself: its sweep goes on below a, and overwrites the adjoints that the outer sweep "
            "has gathered there. Run f on a node of its own, which has the value of a and no parents",
            on_a_itself,
        ),
    }
    hint = (
        "Two runs of f on nodes of their own, made of a.value: one for the value, whose graph you let go; one within "
        "the pull, from which you sweep with g as the seed. Chapter 7, section '★ Checkpoints'."
    )


def to_one_side(a, b, x, v):
    """With the step of 1e-5: H v and half of the third derivative along v twice, times the step."""
    third = 24 * a * x * v**2 + 6 * (b @ v) ** 2 * b
    return hessian_times(a, b, x, v) + 1e-5 / 2 * third


# --- Hessian times vector -------------------------------------------------------------------------------------------


def for_hessian_vector(rng):
    while True:
        n = int(rng.integers(3, 6))
        x, a, b, v = (general_numbers(rng, n, high=2) for _ in range(4))
        given = {"a": a, "b": b, "x": x, "v": v}
        if told_apart(hessian_times(**given), [to_one_side(**given)], least=1e-3):
            return given


def hessian_times(a, b, x, v):
    return 12 * a * x**2 * v + 6 * (b @ x) * (b @ v) * b


@check(
    "hessian-vector",
    part="curvature",
    points=1,
    needs=["node", "operators", "order", "broadcast", "sweep", "arrays", "vjp"],
)
class HessianVector:
    """`hessian_vector(f, x, v)` is the Hessian of f at x times v, from two gradients.

    (Tried on f(x) = sum(a x^4) + (b . x)^3.)
    """

    inputs = for_hessian_vector

    def probe(student, a, b, x, v):
        def f(node):
            return (node**4 * a).sum() + (node * b).sum() ** 3

        f = called(f)
        product = unchanged(student.hessian_vector, f, x, v)
        promised(f.calls <= 2, f"your code ran f {f.calls} times: two gradients suffice, whatever the length of x.")
        return product

    expected = hessian_times
    # Steps from 1e-6 to 1e-4, to both sides, leave less than 1e-6 (truncation and rounding, seen in 200 draws), below
    # 2e-5; a step of 1e-5 to one side leaves 1e-3 in some entry, or the numbers are drawn again.
    rtol, atol = 1e-8, 2e-5
    mistakes = {
        "step-not-doubled": Mistake(
            "the two points are 2 h apart, and the difference is divided by h",
            lambda **given: 2 * hessian_times(**given),
        ),
        "step-doubled": Mistake(
            "the two points are h apart, and the difference is divided by 2 h",
            lambda **given: hessian_times(**given) / 2,
        ),
        "one-sided": Mistake(
            "a difference to one side, (grad f(x + h v) - grad f(x)) / h, whose error is as large as h: look to both "
            "sides",
            to_one_side,
        ),
        "v-times-row-sums": Mistake(
            "the step goes along (1, ..., 1), and the difference is multiplied by v: the step goes along v",
            lambda a, b, x, v: v * hessian_times(a, b, x, np.ones(len(x))),
        ),
        "number-for-vector": Mistake(
            "v H v, one number: H v has an entry for each of x", lambda a, b, x, v: float(v @ hessian_times(a, b, x, v))
        ),
        "diagonal-alone": Mistake(
            "only the diagonal of the Hessian is there: a step along v changes each slope by all entries of v",
            lambda a, b, x, v: (12 * a * x**2 + 6 * (b @ x) * b**2) * v,
        ),
        "all-ones": Mistake(
            "the step goes along (1, ..., 1), and not along v",
            lambda a, b, x, v: hessian_times(a, b, x, np.ones(len(x))),
        ),
    }
    hint = (
        "H v says how the gradient changes along v: compare the gradients at x + h v and at x - h v, which are 2 h "
        "apart, with h = 1e-5. Chapter 8, section 'Hessians'."
    )
