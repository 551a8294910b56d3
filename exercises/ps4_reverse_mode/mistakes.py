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
    matrix_product,
    row_times_jacobian,
    spread,
    summed,
    sums,
    taken,
    trailing,
    turned,
)
from .mistakes_in_operators import NO_AS_NODE
from .sweeps import (
    answers_of,
    path_by_path,
    right_sweep,
    several_sweeps,
    sweep_ended_by_a_zero,
    sweep_forwards,
    sweep_of_values,
    through_diamonds,
    unsummed_sweep,
    wrong_sweeps,
)

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
        lambda diamonds, beside: {"the order": [diamonds], "calls of look": 1.0},
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
        "the reshape refuses, since there are more entries than the shape has: it cannot sum, and what broadcasting "
        "made or stretched must be summed before it",
        lambda **_: Raises(ValueError, "cannot reshape array", line=r"^(?!.*sum[(]).*reshape"),
    ),
    "other-axes-summed": Mistake(
        "the sum leaves more or fewer entries than the shape has, so that the reshape refuses: sum over the new axes "
        "in front and over those that were stretched, and over no others",
        lambda **_: Raises(ValueError, "cannot reshape array", line=r"sum[(].*reshape"),
    ),
    "axes-move-up": Mistake(
        "the axis that is summed is not there, or not any more: a sum takes an axis away, and those after it move up, "
        "unless keepdims=True says that it stays",
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


REUSE = wrong_sweeps(answers_of) | {
    "ended-by-zero": Mistake(
        "the sweep ends at the first adjoint that is 0: that node passes nothing on, and the others still do",
        answers_of(sweep_ended_by_a_zero),
    )
}


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
    "seeded-once": Mistake(
        "the result keeps its adjoint from an earlier sweep: it starts anew as all others do, with this one's seed",
        several_sweeps(lambda name, graph: False, seeds_once=True),
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


NO_ROOM = "non-broadcastable output operand"


BROADCASTING = {
    "not-summed": Mistake(
        "the contributions are not summed over the broadcast axes: call `summed_to` before adding",
        answers_of(unsummed_sweep),
    ),
    "not-summed-in-place": Mistake(
        "the contributions are not summed over the broadcast axes, and NumPy refuses to add them in place",
        lambda program, seed, **values: Raises(
            ValueError,
            [
                f"{NO_ROOM} with shape {str(value.shape).replace(' ', '')}"
                for value in values.values()
                if np.ndim(value)
            ],
            line=r"[+]=",
        ),
    ),
    "begins-as-a-number": Mistake(
        "an adjoint begins as a single number, into which `+=` cannot add an array: begin with zeros of the shape of "
        "the value, or write a = a + b",
        lambda program, seed, **values: Raises(ValueError, f"{NO_ROOM} with shape ()", line=r"[+]="),
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
        lambda **_: Raises(ValueError, "matmul", line=r"[.]T\b|transpose[(][\w.]*[)]"),
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
    "ones-for-g": Mistake(
        "ones in place of g: each entry gets the adjoint of the sum that it went into",
        sums(lambda g, a, axis, keepdims: np.ones_like(a)),
    ),
    "g-times-entries": Mistake(
        "g is multiplied by the entries: each counts once in its sum, with the factor 1",
        sums(lambda g, a, axis, keepdims: spread(g, a, axis, keepdims) * a),
    ),
    "sum-as-mean": Mistake(
        "g is divided by the number of entries, as for a mean",
        sums(lambda g, a, axis, keepdims: spread(g, a, axis, keepdims) * g.size / a.size),
    ),
}


TAKEN_ENTRIES = {
    "repeated-once": Mistake(
        "`whole[index] += g` counts a repeated index once, and so does `= g`: np.add.at adds every time",
        taken(assign_at),
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
