"""What is right in problem set 4: nodes, their order, the reverse sweep with reuse and broadcasting, and vjp.

The operators are judged by what their pulls send back, summed over all paths from a result down to its operands: so
they may record constants or not, and be made of other operators. The sweep is judged on graphs that the probe builds
itself, of nodes whose pulls it knows, so that a wrong operator spoils no sweep. There the known mistakes are sweeps of
their own, run here on the same program (`SWEEPS`): what a wrong sweep gives is computed and not guessed.
"""

import numpy as np

from autograder.checks import check, unchanged
from autograder.drawing import general_numbers

from . import exhibits, formulas, inputs, memory, mistakes, mistakes_in_operators, probes, sweeps

IMPORTS = ("numpy", "matplotlib")
SECONDS = 60.0
OPEN = True

# Right answers are sums of a few dozen products of numbers between 0.3 and 10, rounded in another order: 1e-13. Wrong
# ones are off in the first digits.
CLOSE = 1e-9
SMALL = 1e-12  # for entries that are 0, or cancel


# --- Operators and functions ----------------------------------------------------------------------------------------


@check("product", part="node", points=1)
class Product:
    """A product of nodes, or of a node and a number or array, has the right value, and sends the right things back.

    (`a` and `b` are nodes, `c` is a number, `p` an array, `g` the adjoint of each product. All that is sent to a node
    is added.)
    """

    inputs = inputs.for_product

    probe = probes.sent_back
    expected = formulas.product()
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes_in_operators.PRODUCT
    hint = (
        "If c = a b, then a small change of a changes c by b times as much. So what goes back to a is g times the "
        "value of b. Chapter 5, section 'Local partial derivatives'."
    )


@check("quotient", part="operators", points=1, needs=["node"])
class Quotient:
    """Differences and quotients have the right value, and their pulls send the right things back, in both orders.

    (`a` and `b` are nodes, `c` is a number, `p` an array, `g` is the adjoint of each result.)
    """

    def inputs(rng):
        written = ("a - b", "a - c", "c - a", "a / b", "a / c", "c / a", "p - a", "a / p", "p / a")
        return inputs.some_vectors(rng, *written)

    probe = probes.sent_back
    expected = formulas.quotient()
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes_in_operators.QUOTIENT
    hint = (
        "Differentiate a - b, and a / b = a b^(-1), with respect to a, then with respect to b, and multiply each by g. "
        "Chapter 5, section 'Local partial derivatives'."
    )


@check("power", part="operators", points=1, needs=["node"])
class Power:
    """A power with a plain number as exponent, of any sign and whole or not, has the right value and pull.

    (`a` and `b` are nodes, `g` is the adjoint of each power.)
    """

    def inputs(rng):
        return inputs.bases(rng, formulas.POWERS)

    probe = probes.sent_back
    expected = formulas.powers()
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes_in_operators.POWER
    hint = (
        "The derivative of a**p is p * a**(p - 1), for every number p; the pull multiplies it by g. Chapter 5, "
        "section 'Local partial derivatives'."
    )


@check("functions-of-one", part="functions", points=1, needs=["node"])
class FunctionsOfOne:
    """`exp`, `log`, `sin` and `tanh` of a node have the right value, and their pulls send the right things back.

    (`a` is a node, `g` is the adjoint of each result.)
    """

    def inputs(rng):
        return inputs.positive_numbers(rng, formulas.FUNCTIONS)

    probe = probes.sent_back
    expected = formulas.functions()
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes_in_operators.FUNCTIONS_OF_ONE
    hint = (
        "Each pull multiplies g by the derivative at the operand a: exp(a), 1 / a, cos(a), 1 - tanh(a)**2. "
        "Chapter 5, section 'Local partial derivatives'."
    )


# --- The order ------------------------------------------------------------------------------------------------------


@check("parents-first", part="order", points=1, needs=["node"])
class ParentsFirst:
    """`topological_order` returns the result and all that it was made from, each once, after all of its parents.

    (`parents[k]` are the numbers of the parents of node k; what is returned is shown by these numbers.)
    """

    trials = 8

    inputs = inputs.for_parents_first

    probe = probes.ask_parents_first

    expected = formulas.depth_first

    accepts = formulas.what_is_wrong
    mistakes = mistakes.ORDERS
    hint = (
        "Put a node on the list only after all of its parents are there: first deal with the parents, then with the "
        "node. Keep a set of the nodes that you have dealt with, and leave at once if one comes again. Chapter 5, "
        "section 'Why order matters'."
    )


@check("order-of-diamonds", part="order", points=1, needs=["node"])
class OrderOfDiamonds:
    """`topological_order` walks below each node once, however many paths lead there.

    (A chain of diamonds: each node is used twice by the next. `beside` says of which nodes of the chain another node is
    made, of which the result is not. What is returned is shown by the numbers of the nodes: the chain's, then these.)
    """

    trials = 3

    def inputs(rng):
        diamonds = int(rng.integers(10, 13))
        below = rng.choice(diamonds, 3, replace=False)
        return {"diamonds": diamonds, "beside": [*map(int, sorted(below)), diamonds]}

    probe = probes.ask_order_of_diamonds

    def offers(diamonds, beside):
        return {"look": lambda: None}  # counted where the notebook's code cannot look

    def expected(diamonds, beside):
        return {"the order": [*range(diamonds + 1)], "calls of look": diamonds + 1}

    accepts = formulas.judge_order_of_diamonds
    atol = formulas.few_looks  # of a mistake the order is told, and that it looks a few times

    mistakes = mistakes.ORDER_OF_DIAMONDS
    hint = (
        "Before you go to the parents of a node, ask whether you were here before. A set answers that at once. "
        "Chapter 5, section 'Why order matters'."
    )


LongChain = memory.LongChain


# --- Broadcasting ---------------------------------------------------------------------------------------------------


@check("summed-to", part="broadcast", points=2)
class SummedTo:
    """`summed_to(g, shape)` sums over the axes that broadcasting put in front, and over those that it stretched."""

    inputs = inputs.for_summed_to

    def probe(student, g, shapes, cube, of_cube):
        sent = {f"g to shape {tuple(shape)}": unchanged(student.summed_to, g.copy(), tuple(shape)) for shape in shapes}
        return sent | {
            f"cube to shape {tuple(shape)}": student.summed_to(cube.copy(), tuple(shape)) for shape in of_cube
        }

    expected = formulas.for_each_shape(formulas.summed)
    rtol, atol = CLOSE, CLOSE
    mistakes = mistakes.SUMMED_TO
    hint = (
        "Two sums. First over the g.ndim - len(shape) new axes in front. Then over each axis whose length in `shape` "
        "is 1; that axis stays, with length 1. Chapter 5, section 'Arrays: broadcasting undone'."
    )


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


@check("one-path", part="sweep", points=1, needs=["node", "order", "broadcast"])
class OnePath:
    """`backward(result, seed)` sets all adjoints of a program in which each value is used once.

    (The result is the last line. What is shown are the adjoints.)
    """

    inputs = inputs.for_one_path

    probe = probes.swept
    expected = sweeps.answers_of(sweeps.right_sweep)
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes.ONE_PATH
    hint = (
        "Give the result its seed. Then take the nodes from the last to the first: each calls its pulls with its own "
        "adjoint, and adds what they return to its parents' adjoints. Chapter 5, section 'The tape'."
    )


def in_the_stepper(answer, program, x):
    """Show the student's adjoints in the graph stepper of chapter 5, beside the right ones."""
    from course_lib.explore.differentiation.stepper import own_sweep

    return own_sweep("; ".join([f"x = {x}", *program]), {name: float(adjoint) for name, adjoint in answer.items()})


@check("reuse", part="sweep", points=3, needs=["node", "order", "broadcast"])
class Reuse:
    """`backward(result)` sets all adjoints of a program that uses values several times.

    (The result is the last line. What is shown are the adjoints.)
    """

    trials = 8

    inputs = inputs.for_reuse

    probe = probes.swept
    expected = sweeps.answers_of(sweeps.right_sweep)
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes.REUSE
    picture = in_the_stepper
    hint = (
        "A node that is used twice acts on the result along two paths, and their contributions add. It may pass on "
        "its adjoint only when all of them are there: that is what the order is for. Chapter 5, section 'Why reuse "
        "needs a sum'."
    )


@check("again", part="sweep", points=1, needs=["node", "order", "broadcast"])
class Again:
    """A further sweep over the same nodes forgets the sweeps before it.

    (One sweep from each of the lines in `sweeps`, one after the other: the last with the seed 1, and those before it
    with the seed 2. What is shown are the adjoints after the last.)
    """

    inputs = inputs.for_again

    probe = probes.swept
    expected = sweeps.several_sweeps(lambda name, graph: False)
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes.AGAIN
    hint = (
        "The nodes outlive a sweep, and so do their adjoints. Begin each sweep by setting the adjoint of every node of "
        "the graph to 0. Chapter 5, section 'The tape'."
    )


@check("diamonds", part="sweep", points=1, needs=["node", "order", "broadcast"])
class Diamonds:
    """`backward` calls each pull once, on a chain of diamonds too, where the number of paths doubles at each step.

    (Each node is used twice by the next, with the two partial derivatives in `partials`.)
    """

    trials = 2

    def inputs(rng):
        return {"diamonds": int(rng.integers(9, 12)), "partials": np.round(rng.uniform(0.4, 0.9, 2), 2).tolist()}

    def offers(diamonds, partials):
        return {"pulls": lambda g, which: g * partials[which]}

    probe = probes.ask_diamonds

    def expected(diamonds, partials):
        return {"adjoint of the first node": sum(partials) ** diamonds, "calls of pulls": 2 * diamonds}

    rtol, atol = CLOSE, SMALL
    mistakes = mistakes.DIAMONDS
    hint = (
        "Sum all contributions to a node first, then call its pulls once with the sum. By the order of part 4, a node "
        "that is reached backwards has all its contributions. Chapter 5, section 'Why order matters'."
    )


@check("broadcasting", part="sweep", points=2, needs=["node", "order", "broadcast"])
class Broadcasting:
    """Every adjoint has the shape of its node's value: contributions are summed over what broadcasting repeated.

    (The result is the last line. What is shown are the adjoints.)
    """

    trials = 6

    inputs = inputs.for_broadcasting

    probe = probes.swept
    expected = sweeps.answers_of(sweeps.right_sweep)
    rtol, atol = CLOSE, SMALL
    mistakes = mistakes.BROADCASTING
    hint = (
        "In A + b, with A of shape (3, 4) and b of shape (4,), each entry of b is used three times. What the pull "
        "returns goes through `summed_to(..., parent.value.shape)` before it is added. Chapter 5, section 'Arrays: "
        "broadcasting undone'."
    )


# --- Arrays ---------------------------------------------------------------------------------------------------------


@check("matrix-product", part="arrays", points=1, needs=["node"])
class MatrixProduct:
    """A matrix product has the right value, and its pulls send back G B^T and A^T G.

    (Tried with square matrices and others. `a` and `b` are nodes, `p` and `q` arrays, `g` is the adjoint.)
    """

    trials = 8

    def inputs(rng):
        # Without square matrices nobody can say which pull is wrong: every mistake then ends in ValueError.
        lengths = (3, 3, 3) if rng.random() < 0.75 else rng.choice([2, 3, 4, 5], 3, replace=False)
        return inputs.some_matrices(rng, (), *map(int, lengths))

    probe = probes.sent_back
    expected = formulas.matrix_product()
    rtol, atol = CLOSE, CLOSE
    mistakes = mistakes.MATRIX_PRODUCT
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
        return inputs.some_matrices(rng, (stack,), *lengths)

    probe = probes.sent_back
    expected = formulas.matrix_product()
    rtol, atol = CLOSE, CLOSE
    mistakes = mistakes.MANY_MATRICES
    hint = (
        "Each pair of matrices in a stack is multiplied separately. `@` does that, both ways; only the transposition "
        "must leave the first axis alone: np.swapaxes(b, -1, -2). Chapter 5, section 'Arrays: broadcasting undone'."
    )


@check("sums", part="arrays", points=1, needs=["node"])
class Sums:
    """Sums over one axis, some or all, with `keepdims` or not, have the right value, and send g back to each entry.

    (`a` is a node. The adjoint g of each sum is here `scale` times its value.)
    """

    trials = 6

    def inputs(rng):
        shape = (2, 2, 2) if rng.random() < 0.5 else rng.permutation([2, 3, 4])
        a = general_numbers(rng, *map(int, shape), low=0.4, high=9.9)
        return {"results": [*formulas.SUMS], "a": a, "scale": float(general_numbers(rng))}

    probe = probes.sent_back
    expected = formulas.sums(formulas.spread)
    rtol, atol = CLOSE, CLOSE
    mistakes = mistakes.SUMS_MISTAKES
    hint = (
        "Each entry goes into one sum, with the factor 1, so it gets that sum's adjoint. Put the summed axis back with "
        "np.expand_dims(g, axis), then np.broadcast_to(g, a.value.shape). Chapter 5, section 'Arrays: broadcasting "
        "undone'."
    )


def add_at(whole, index, g):
    np.add.at(whole, index, g)
    return whole


@check("taken-entries", part="arrays", points=1, needs=["node"])
class TakenEntries:
    """`a[index]` has the right value, and sends back an array of the shape of a: zeros where nothing was taken.

    (`a` is a node; `rows` holds a row twice, `some` and `others` an entry; `above` is a mask. The adjoint g of each
    result is here `scale` times its value.)
    """

    inputs = inputs.for_taken_entries

    probe = probes.sent_back
    expected = formulas.taken(add_at)
    rtol, atol = CLOSE, CLOSE
    mistakes = mistakes.TAKEN_ENTRIES
    hint = (
        "Begin with zeros of the shape of a, and add g at the index. Where the index names an entry twice, both "
        "contributions count: np.add.at(whole, index, g). Chapter 5, section 'Arrays: broadcasting undone'."
    )


# --- Whole programs -------------------------------------------------------------------------------------------------


@check(
    "whole-programs",
    part="vjp",
    points=1,
    needs=["node", "operators", "functions", "order", "broadcast", "sweep", "arrays"],
)
class WholePrograms:
    """`vjp(f, inputs, seed)` is the row of seeds times the Jacobian, one array for each input, of its shape.

    (The inputs are X, y, W, s and one that the program does not use, in this order; f returns the last line.)
    """

    trials = 8

    inputs = inputs.for_whole_programs

    probe = probes.ask_whole_programs

    expected = formulas.row_times_jacobian
    rtol, atol = CLOSE, CLOSE
    returns = tuple(f"the row for {name}" for name in formulas.INPUTS)
    mistakes = mistakes.WHOLE_PROGRAMS
    hint = (
        "Make a node of each input, keep them, call f with them, sweep with the seed from the node that f returns, and "
        "collect the adjoints of the nodes that you kept. Chapter 5, section 'A row of seeds'."
    )


# --- Large programs, and tests --------------------------------------------------------------------------------------


NumbersKept = memory.NumbersKept
Checkpoint = memory.Checkpoint
HessianVector = memory.HessianVector
BreakIt = exhibits.BreakIt
