"""How the numbers, graphs and programs of problem set 4 are drawn: so that each wrong order and sweep shows."""

import numpy as np

from autograder.drawing import general_numbers, told_apart

from .formulas import INPUTS, depth_first, every_visit, row_times_jacobian, what_is_wrong
from .mistakes import AGAIN, BROADCASTING, ONE_PATH, ORDERS, REUSE
from .sweeps import SWEEPS, answers_of, right_sweep, several_sweeps

# --- Operators and functions ----------------------------------------------------------------------------------------


def for_product(rng):
    """Draw operands, of which each has an entry that is 0: the product cannot be divided by it."""
    given = some_vectors(rng, "a * b", "a * c", "c * a", "a * p", "p * a", "a * a")
    first, second = rng.choice(3, 2, replace=False)
    given["a"][first] = given["b"][second] = 0.0
    return given


def some_vectors(rng, *results):
    a, b, p, g = general_numbers(rng, 4, 3)
    return {"results": list(results), "a": a, "b": b, "c": float(general_numbers(rng)), "p": p, "g": g}


def positive_numbers(rng, results):
    a, g = general_numbers(rng, 2, 3)
    return {"results": [*results], "a": np.abs(a), "g": g}


def bases(rng, results):
    """Draw one base that is positive, for powers of every kind, and one that has a negative entry."""
    given = positive_numbers(rng, results)
    b = general_numbers(rng, 3)
    return given | {"b": b * [-np.sign(b[0]), 1, 1]}


# --- The order ------------------------------------------------------------------------------------------------------


def for_parents_first(rng):
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


# --- Broadcasting ---------------------------------------------------------------------------------------------------


def for_summed_to(rng):
    i, j, k = map(int, rng.permutation([2, 3, 4]))
    shapes = [(j, k), (k,), (), (i, 1, k), (1, j, 1), (j, 1), (1,), (1, 1, 1), (i, j, k)]
    of_cube = [(k, k), (k, 1), (1, k), (k, 1, k), (1, k, 1), (k,)]
    return {
        "g": general_numbers(rng, i, j, k, low=0.4, high=9.9),
        "shapes": [list(shape) for shape in shapes],
        "cube": general_numbers(rng, k, k, k, low=0.2, high=9.9),
        "of_cube": [list(shape) for shape in of_cube],
    }


# --- The sweep, on graphs that the probe builds ---------------------------------------------------------------------


def telling(answers):
    """Whether no two of the answers are alike, so that each wrong sweep shows, and none is out of all proportion.

    Answers are asked for one by one, and no more of them once two are alike.
    """
    known = []
    for answer in answers:
        if not told_apart(answer, known) or max(np.max(np.abs(adjoint)) for adjoint in answer.values()) >= 1000:
            return False
        known.append(answer)
    return True


def for_one_path(rng):
    while True:
        a, b, c, d = rng.permutation(["x1", "x2", "x3", "x4"])
        p, q, r = rng.choice(["+", "-", "*", "*"], 3)
        program = [f"w1 = {a} {p} {b}", f"w2 = {c} {q} w1", f"w3 = w2 {r} {d}"]
        values = {f"x{k}": float(general_numbers(rng)) for k in (1, 2, 3, 4)}
        given = {**values, "program": program, "seed": float(general_numbers(rng))}
        if telling(answer(**given) for answer in (answers_of(right_sweep), *ONE_PATH.values())):
            return given


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


def with_an_adjoint_of_0(rng):
    """Draw a program in which the adjoint of w4 is 0: it is multiplied by w3 = x (x - 2) at x = 2, or the like."""
    sign = int(rng.choice([-1, 1]))
    op, more, factors = "+-"[sign > 0], str(rng.choice(["+", "-"])), str(rng.choice(["w3 * w4", "w4 * w3"]))
    lines = ["w1 = x * x", f"w2 = w1 {op} x", f"w3 = w2 {op} x", f"w4 = w3 {more} x", f"w5 = {factors}"]
    return {"x": 2.0 * sign, "program": lines}


def for_reuse(rng, trial):
    return with_an_adjoint_of_0(rng) if trial >= 6 else a_telling_program(rng)


def a_telling_program(rng):
    """Draw a program, and its x, on which every wrong sweep is wrong in a way of its own."""
    while True:
        given = {"x": float(general_numbers(rng)), "program": a_chain(rng, 5)}
        twice = any(
            line.split()[2] == line.split()[4] for line in given["program"]
        )  # or "pulls-by-parent" does no harm
        wrong = [mistake for id, mistake in REUSE.items() if id != "ended-by-zero"]  # no adjoint is 0 here
        if twice and telling(answer(**given) for answer in (answers_of(right_sweep), *wrong)):
            return given


def for_again(rng):
    while True:
        given = a_telling_program(rng) | {"sweeps": [str(rng.choice(["w3", "w4"])), "w5", "w5"]}
        answers = (several_sweeps(lambda name, graph: False), *AGAIN.values())
        if telling(answer(**given) for answer in answers):
            return given


ARRAYS = {"A": (3, 4), "b": (4,), "c": (3, 1), "s": ()}


def for_broadcasting(rng, trial):
    """Draw a program; in the first trial, one on which two wrong orders, which often agree, do not."""
    while True:
        ops = rng.choice(["+", "-", "*", "+", "*"], 5)
        others = ["s", "A", "c", str(rng.choice(["w2", "A"])), str(rng.choice(["b", "w3"]))]
        program = [f"w{k + 1} = {'b' if k == 0 else f'w{k}'} {op} {others[k]}" for k, op in enumerate(ops)]
        given = {name: general_numbers(rng, *shape) for name, shape in ARRAYS.items()}
        seed = general_numbers(rng, 3, 4)
        seed[int(rng.integers(3)), int(rng.integers(4))] = 0.0  # one entry that is 0 says nothing of the others
        given |= {"program": program, "seed": seed}
        answers = {id: mistake(**given) for id, mistake in BROADCASTING.items() if id in SWEEPS}
        orders = trial or told_apart(answers["first-visit"], [answers["stack-of-nodes"]])
        if orders and told_apart(answers_of(right_sweep)(**given), answers.values()):
            return given


# --- Arrays ---------------------------------------------------------------------------------------------------------


PRODUCTS = ["a @ b", "a @ p", "q @ b"]


def some_matrices(rng, stack, n, k, m):
    shapes = {"a": (n, k), "b": (k, m), "p": (k, m), "q": (n, k), "g": (n, m)}
    return {"results": PRODUCTS} | {
        name: general_numbers(rng, *stack, *shape, high=9.9) for name, shape in shapes.items()
    }


def for_taken_entries(rng):
    n, m = map(int, rng.choice([4, 5, 6], 2, replace=False))
    first, second = map(int, rng.choice(n, 2, replace=False))
    return {
        "results": ["a[row]", "a[1:, column]", "a[rows]", "a[:, None, column]", "a[some, others]", "a[above]"],
        "a": general_numbers(rng, n, m, low=0.4, high=9.9),
        "rows": [first, second, first],
        "some": np.array([first, second, first, first]),
        "others": np.array([1, 0, 1, 2]),
        "above": rng.permutation(np.arange(n * m) < 4).reshape(n, m),
        "row": int(rng.integers(-2, n)),
        "column": int(rng.integers(-2, m)),
        "scale": float(general_numbers(rng)),
    }


# --- Whole programs -------------------------------------------------------------------------------------------------


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


def for_whole_programs(rng):
    values = {name: general_numbers(rng, *shape) for name, shape in INPUTS.items()}
    while True:
        program, names = [], ["X"]
        for number, form in enumerate(rng.choice(LINES, 4, replace=False), 1):
            program.append(f"w{number} = " + form.format(a=names[-1], b=rng.choice(names)))
            names.append(f"w{number}")
        seed = general_numbers(rng, 3, 4)
        if rng.random() < 0.4:
            program.append("w5 = w4.sum()")
            seed = float(general_numbers(rng))
        rows = row_times_jacobian(program, seed, **values)
        if 0.01 < np.abs(rows[0]).max() < 500:
            return {**values, "program": program, "seed": seed}
