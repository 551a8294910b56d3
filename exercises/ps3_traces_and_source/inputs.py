"""How the numbers and programs of problem set 3 are drawn."""

import numpy as np

from autograder.drawing import general_numbers, until_told_apart

from .formulas import EACH, RULES, count, dual_current, dual_tide, sizes, transformed, written_out
from .mistakes import COUNT, CURRENT_MISTAKES, NUMBER, TIDE, WRITTEN, with_rules


def positive_numbers(rng, count, low=0.4, high=1.6):
    return general_numbers(rng, count, low=low, high=high, signs=[1]).tolist()


# Beyond this size no step serves: what does for tangents of one size overflows, or is 0, with those of the other. A
# tangent's line only multiplies them by numbers of a usual size.
LARGE = 1e160


def with_tangents_of_any_size(given, trial):
    """Return the inputs of a trial; in two of them the tangents, dx1 and so on, are very large or small."""
    size = {1: LARGE, 2: 1 / LARGE}.get(trial, 1.0)
    return {name: size * number if name.startswith("d") else number for name, number in given.items()}


# In other units: one input, with its tangent, is very small, and the other very large. A step that is the same for both
# is lost in the one or swamps the other; lines that multiply and add do not mind.
UNIT = 1e150


def in_other_units(given, small, large):
    """Return the inputs with one of them, and its tangent, in a very small unit, and another in a very large one."""
    sizes = {small: 1 / UNIT, f"d{small}": 1 / UNIT, large: UNIT, f"d{large}": UNIT}
    return {name: sizes.get(name, 1) * number for name, number in given.items()}


# --- Part 1: the trace ------------------------------------------------------------------------------------------------


def trace_inputs(rng, right, mistakes):
    def draw():
        x1, x2, dx1, dx2 = positive_numbers(rng, 4)
        return {"x1": x1, "x2": x2, "dx1": -dx1, "dx2": dx2}

    return until_told_apart(draw, right, mistakes, least=1e-4)


# --- Part 2: counts ---------------------------------------------------------------------------------------------------


def some_program(rng, lines, reuse, numbers=0.2, copies=0.2, safe=True):
    """Draw a program over x1 and x2; with `reuse`, lines read the lines just above them, and read them twice."""
    names, program = ["x1", "x2"], []
    for k in range(lines):
        name = f"w{k + 1}"
        near = names[-3:] if reuse else names
        last = k == lines - 1
        if rng.random() < copies and not last:
            program.append((name, "=", (str(rng.choice(near)),)))
        elif rng.random() < 0.3:
            program.append((name, str(rng.choice(["sin", "cos", "exp", "log"])), (str(rng.choice(near)),)))
        else:
            a, b = (str(rng.choice(near)) for _ in range(2))
            operands = [a, a if reuse and rng.random() < 0.4 else b]
            if rng.random() < numbers:
                operands[int(rng.integers(2))] = float(np.round(rng.uniform(1.2, 2.8), 2))
            program.append((name, str(rng.choice(["+", "-", "*", "/"])), tuple(operands)))
        names.append(name)
    return program


def for_count_operations(rng, trial):
    """Draw a program that does one thing twice; in every second trial a copy comes last.

    So who counts different lines is told from who counts them all, and who forgets a line from one too few.
    """
    copied = trial % 2 == 1
    shown = {id: mistake for id, mistake in COUNT.items() if not (copied and id == "last-line-forgotten")}

    def draw():
        program = some_program(rng, 8, reuse=False)
        done = [line[1:] for line in program if line[1] != "="]
        program.append(("w9", *done[int(rng.integers(len(done)))]))
        return {"program": [*program, ("w10", "=", (program[-1][0],))] if copied else program}

    return until_told_apart(draw, count, shown)


def largest_line(program):
    """The largest formula of all lines, which shall not be that of the last one."""
    return max(sizes(program).values())


def for_count_written_out(rng):
    def draw():
        lines = int(rng.integers(8, 15))
        return {"program": some_program(rng, lines, reuse=True)}

    while True:
        inputs = until_told_apart(draw, written_out, WRITTEN | {"largest-line": largest_line}, least=1e-4)
        numbers = any(isinstance(one, float) for _, _, operands in inputs["program"] for one in operands)
        wrong = ("each-line-once", "same-name-once", "first-operand-only", "all-lines-once", "own-operation-lost")
        alike = [WRITTEN[id](**inputs) for id in wrong]
        # Without a number, two known mistakes count alike; with one, some do by chance.
        if numbers and len({*alike}) == len(alike) and written_out(**inputs) < 20_000:
            return inputs


# --- Part 3: dual programs by hand ------------------------------------------------------------------------------------


def for_dual_current(rng, trial):
    def draw():
        x1, x2, dx1, dx2 = positive_numbers(rng, 4)
        given = {"x1": x1, "x2": x2, "dx1": dx1, "dx2": -dx2}
        return given if abs(dual_current(RULES)(**given)[1]) > 0.01 else None

    given = until_told_apart(draw, dual_current(RULES), CURRENT_MISTAKES, least=1e-4)
    return in_other_units(given, "x1", "x2") if trial == 3 else with_tangents_of_any_size(given, trial)


def for_dual_tide(rng, trial):
    def draw():
        x, r, dx, dr = positive_numbers(rng, 4, 0.3, 1.2)
        given = {"x": x, "r": r, "n": int(rng.integers(3, 7)), "dx": dx, "dr": -dr}
        return given if abs(dual_tide()(**given)[1]) > 0.01 else None

    given = until_told_apart(draw, dual_tide(), TIDE, least=1e-4)
    if trial == 3:  # one round, since the square of r in the second overflows
        return in_other_units(given, "x", "r") | {"n": 1}
    return with_tangents_of_any_size(given, trial)


# --- Part 4: the transformer ------------------------------------------------------------------------------------------


def four_numbers(rng):
    x1, x2, dx1, dx2 = positive_numbers(rng, 4)
    return {"x1": x1, "x2": x2, "dx1": -dx1, "dx2": dx2}


def for_transform_operations(rng, trial):
    def draw():
        program = [
            ("w1", "*", ("x1", "x2")), ("w2", "+", ("x1", "x2")), ("w3", "/", ("w2", "x2")), ("w4", "=", ("w1",)),
            ("w5", "sin", ("w4",)), ("w6", "cos", ("w3",)), ("w7", "exp", ("w6",)), ("w8", "log", ("w2",)),
            ("w9", "-", ("w8", "w5")), ("w10", "*", ("w9", "w9")),
        ]  # fmt: skip
        return {"program": program, **four_numbers(rng)}

    given = until_told_apart(draw, transformed(RULES), with_rules(transformed, *EACH), least=1e-4)
    return with_tangents_of_any_size(given, trial)


def for_transform_numbers(rng, trial):
    """Draw a program with numbers in it; in every second trial they have all their digits, which shall not be lost."""

    def draw():
        a, b, c, d = rng.uniform(1.2, 2.8, 4).tolist() if trial % 2 else positive_numbers(rng, 4, 1.2, 2.8)
        program = [
            ("depth", "*", (a, "x1")), ("rate", "-", ("x2", b)), ("level", "/", ("depth", -c)),
            ("flow", "/", (d, "x2")), ("total", "+", ("flow", "level")), ("less", "-", (a, "total")),
            ("end", "*", ("less", -b)), ("sum", "+", (c, "end")), ("dry", "*", ("sum", "rate")),
            ("both", "*", ("x1", "x2")),  # so that its tangent is not 0 where those of lines with numbers are
        ]  # fmt: skip
        return {"program": program, **four_numbers(rng)}

    return with_tangents_of_any_size(until_told_apart(draw, transformed(RULES), NUMBER, least=1e-4), trial)
