"""What is right in problem set 3: evaluation traces, counts of operations, dual programs and their text.

Tangents are judged along directions in which both inputs move, by numbers that are not 0 or 1: a seed that is ignored
shows, and so does each lost term. Known mistakes are the same programs with one rule exchanged (`RULES`), so that
what a mistake gives is computed and not guessed. Expected derivatives of the two given programs are complex steps.
"""

import numpy as np

from autograder.checks import check

IMPORTS = ("numpy", "matplotlib")
SECONDS = 30.0

# Right answers are a few dozen operations on numbers of size 1: 1e-14. Wrong ones are off by more than 1e-4 in at least
# one number, or the inputs are drawn again.
CLOSE = 1e-9


def some_numbers(rng, count, low=0.4, high=1.6):
    """Draw positive numbers, none of them 1, no two alike."""
    while True:
        numbers = np.round(rng.uniform(low, high, count), 2)
        if len({1.0, *numbers}) == 1 + count:
            return numbers.tolist()


def numbers_in(answer):
    return np.array([*answer.values()] if isinstance(answer, dict) else answer, float)


def draw_apart(draw, right, wrong):
    """Draw inputs until every mistake gives an answer other than the right one."""
    while True:
        inputs = draw()
        answer = numbers_in(right(**inputs))
        others = [f(**inputs) for f in wrong.values()]
        numeric = [numbers_in(other) for other in others if not isinstance(other, type)]
        if all(other.shape != answer.shape or np.max(np.abs(other - answer)) > 1e-4 for other in numeric):
            return inputs


# --- Rules, right and wrong: (value y, tangents, operands) -> tangent -----------------------------------------------

RULES = {
    "+": lambda y, t, a, b: t[0] + t[1],
    "-": lambda y, t, a, b: t[0] - t[1],
    "*": lambda y, t, a, b: t[0] * b + a * t[1],
    "/": lambda y, t, a, b: (t[0] - y * t[1]) / b,
    "sin": lambda y, t, a: np.cos(a) * t[0],
    "cos": lambda y, t, a: -np.sin(a) * t[0],
    "exp": lambda y, t, a: y * t[0],
    "log": lambda y, t, a: t[0] / a,
    "=": lambda y, t, a: t[0],
}
VALUES = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "sin": np.sin, "cos": np.cos, "exp": np.exp,
    "log": np.log, "=": np.positive,
}  # fmt: skip
WRONG_RULES = {
    "the product of the tangents: the product rule has two terms, each with one tangent": {
        "*": lambda y, t, a, b: t[0] * t[1]
    },
    "only the first term of the product rule": {"*": lambda y, t, a, b: t[0] * b},
    "only the second term of the product rule": {"*": lambda y, t, a, b: a * t[1]},
    "each factor stands beside its own tangent: it is the *other* factor that stays": {
        "*": lambda y, t, a, b: t[0] * a + b * t[1]
    },
    "plus for minus in the quotient rule": {"/": lambda y, t, a, b: (t[0] + y * t[1]) / b},
    "the quotient of the tangents": {"/": lambda y, t, a, b: t[0] / t[1] if t[1] else np.inf},
    "the quotient rule divides by b in place of b squared": {"/": lambda y, t, a, b: (t[0] * b - a * t[1]) / b},
    "the quotient is differentiated as if its denominator were a constant": {"/": lambda y, t, a, b: t[0] / b},
    "numerator and denominator are exchanged in the quotient rule": {
        "/": lambda y, t, a, b: (a * t[1] - t[0] * b) / b**2
    },
    "no inner derivative: cos(a) must be multiplied by the tangent of a": {"sin": lambda y, t, a: np.cos(a)},
    "the sine of the tangent: the derivative of sin(a) is cos(a) times the tangent": {
        "sin": lambda y, t, a: np.sin(t[0])
    },
    "the cosine of the tangent: it is cos(a), times the tangent": {"sin": lambda y, t, a: np.cos(t[0])},
    "the wrong sign: the derivative of sin is cos, without a minus": {"sin": lambda y, t, a: -np.cos(a) * t[0]},
    "cos of the result: it must be cos of the operand": {"sin": lambda y, t, a: np.cos(y) * t[0]},
    "the sign of the derivative of cos: it is -sin(a)": {"cos": lambda y, t, a: np.sin(a) * t[0]},
    "no inner derivative: exp(a) must be multiplied by the tangent of a": {"exp": lambda y, t, a: y},
    "exp is passed by: its tangent is exp(a) times that of a, not that of a": {"exp": lambda y, t, a: t[0]},
    "the exponential of the tangent: it is exp(a), times the tangent": {"exp": lambda y, t, a: np.exp(t[0])},
    "exp is differentiated like a power, a * exp(a - 1)": {"exp": lambda y, t, a: a * np.exp(a - 1) * t[0]},
    "log is multiplied where it must be divided: the derivative of log(a) is 1 / a": {"log": lambda y, t, a: t[0] * a},
    "the logarithm is divided by its result in place of its operand": {"log": lambda y, t, a: t[0] / y},
    "plus for minus: the tangent of a - b is da - db": {"-": lambda y, t, a, b: t[0] + t[1]},
    "the difference is the wrong way round": {"-": lambda y, t, a, b: t[1] - t[0]},
    "the tangents of a sum are multiplied: they add": {"+": lambda y, t, a, b: t[0] * t[1]},
    "a copy has no tangent: it has that of what is copied": {"=": lambda y, t, a: 0.0},
}  # fmt: skip


def run(program, inputs, tangents, rules):
    """Run a program with tangents, by a table of rules: the values and tangents of all its lines."""
    values, slopes = dict(inputs), dict(tangents)
    for name, operation, operands in program:
        a = [values[one] if isinstance(one, str) else one for one in operands]
        t = [slopes[one] if isinstance(one, str) else rules.get("number", 0.0) for one in operands]
        values[name] = VALUES[operation](*a)
        stops = "stops" in rules and any(not isinstance(one, str) for one in operands)
        slopes[name] = 0.0 if stops else rules[operation](values[name], t, *a)
    lines = [name for name, *_ in program]
    return [float(values[n]) for n in lines], [float(slopes[n]) for n in lines]


def with_rules(answer, *operations):
    """Make the mistakes that exchange a rule of one of these operations: ``answer(rules)`` gives what they answer."""
    return {words: answer(RULES | changed) for words, changed in WRONG_RULES.items() if set(changed) <= set(operations)}


def by_name(names, answer):
    """Make of an answer that is a list the dict that a probe returns, so that a finding says which number is wrong."""
    return lambda **inputs: dict(zip(names, answer(**inputs), strict=True))


def all_by_name(names, mistakes):
    return {words: by_name(names, answer) for words, answer in mistakes.items()}


# --- Part 1: the trace ------------------------------------------------------------------------------------------------

TRACE = [
    ("w1", "=", ("x1",)), ("w2", "=", ("x2",)), ("w3", "exp", ("w2",)), ("w4", "*", ("w1", "w3")),
    ("w5", "/", ("w1", "w2")), ("w6", "-", ("w4", "w5")),
]  # fmt: skip
LINES = [name for name, *_ in TRACE]
TANGENTS = [f"d{name}" for name in LINES]


def trace(rules, seeds=None):
    def answer(x1, x2, dx1, dx2):
        d = seeds or (dx1, dx2)
        return run(TRACE, {"x1": x1, "x2": x2}, {"x1": d[0], "x2": d[1]}, rules)[1]

    return answer


def trace_values(x1, x2, dx1, dx2):
    return run(TRACE, {"x1": x1, "x2": x2}, {"x1": dx1, "x2": dx2}, RULES)[0]


def other_value(line, value):
    """What follows if one line's value is wrong."""

    def answer(x1, x2, dx1, dx2):
        w = [x1, x2, np.exp(x2), 0.0, 0.0, 0.0]
        w[3], w[4] = w[0] * w[2], w[0] / w[1]
        w[line] = value(w)
        if line == 2:
            w[3] = w[0] * w[2]
        w[5] = w[3] - w[4] if line < 5 else value(w)
        return w

    return answer


VALUE_MISTAKES = {
    "w3 is the exponential of w1: it is that of w2": other_value(2, lambda w: np.exp(w[0])),
    "w3 is a power of 2.718 in few digits: use np.exp": other_value(2, lambda w: 2.718 ** w[1]),
    "w5 is w2 / w1: it is w1 / w2": other_value(4, lambda w: w[1] / w[0]),
    "w5 is rounded down by `//`": other_value(4, lambda w: w[0] // w[1]),
    "w6 is w5 - w4: it is w4 - w5": other_value(5, lambda w: w[4] - w[3]),
    "w6 is w4 + w5: it is w4 - w5": other_value(5, lambda w: w[3] + w[4]),
    "the tangents are returned first, and the values second": trace(RULES),
}

TANGENT_MISTAKES = {
    **with_rules(lambda rules: trace(rules), "*", "/", "exp", "-"),
    "the inputs are given the tangents 1 and 0, whatever dx1 and dx2 are": trace(RULES, (1.0, 0.0)),
    "the inputs are given the tangents 0 and 1, whatever dx1 and dx2 are": trace(RULES, (0.0, 1.0)),
    "both inputs are given the tangent 1, whatever dx1 and dx2 are": trace(RULES, (1.0, 1.0)),
    "the values are returned in the place of the tangents": trace_values,
}


def trace_inputs(rng, right, mistakes):
    def draw():
        x1, x2, dx1, dx2 = some_numbers(rng, 4)
        return {"x1": x1, "x2": x2, "dx1": -dx1, "dx2": dx2}

    return draw_apart(draw, right, mistakes)


@check("trace-values", part="trace", points=1)
class TraceValues:
    """The first list of `fill_trace` holds the values of w1 to w6."""

    def inputs(rng):
        return trace_inputs(rng, trace_values, VALUE_MISTAKES)

    def probe(student, x1, x2, dx1, dx2):
        values, _ = student.fill_trace(x1, x2, dx1, dx2)
        return {f"w{k}": float(value) for k, value in enumerate(values, 1)}

    expected = by_name(LINES, trace_values)
    rtol = CLOSE
    atol = CLOSE
    mistakes = all_by_name(LINES, VALUE_MISTAKES)
    hint = (
        "Go from top to bottom: each line reads only names that stand above it. "
        "Chapter 6, section 'One function, three ways'."
    )


@check("trace-tangents", part="trace", points=3)
class TraceTangents:
    """The second list of `fill_trace` holds the tangents of w1 to w6, along (dx1, dx2)."""

    def inputs(rng):
        return trace_inputs(rng, trace(RULES), TANGENT_MISTAKES)

    def probe(student, x1, x2, dx1, dx2):
        _, tangents = student.fill_trace(x1, x2, dx1, dx2)
        return {f"dw{k}": float(tangent) for k, tangent in enumerate(tangents, 1)}

    expected = by_name(TANGENTS, trace(RULES))
    rtol = CLOSE
    atol = CLOSE
    mistakes = all_by_name(TANGENTS, TANGENT_MISTAKES)
    hint = (
        "Differentiate each line by its own rule: w4 by the product rule, w5 by the quotient rule. The tangents of w1 "
        "and w2 are dx1 and dx2, as they are given. Chapter 6, section 'Source transformation'."
    )


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


def count(program):
    return sum(operation != "=" for _, operation, _ in program)


def sizes(program, own=lambda operation: operation != "=", leaf=0, number=0, twice=True):
    """The sizes of the formulas, line by line; variants count other things."""
    size = {}
    for name, operation, operands in program:
        read = operands if twice else tuple(dict.fromkeys(operands))
        inner = [size.get(one, leaf) if isinstance(one, str) else number for one in read]
        size[name] = int(own(operation)) + sum(inner)
    return size


def written_out(program):
    return sizes(program)[program[-1][0]]


def reached(program):
    """The operations of the lines that the last one uses, each counted once."""
    lines = {name: (operation, operands) for name, operation, operands in program}
    seen, waiting = set(), [program[-1][0]]
    while waiting:
        name = waiting.pop()
        if name in lines and name not in seen:
            seen.add(name)
            waiting += [one for one in lines[name][1] if isinstance(one, str)]
    return sum(lines[name][0] != "=" for name in seen)


COUNT_MISTAKES = {
    "copies are counted: a copy costs nothing": lambda program: len(program),
    "operands are counted in place of operations": lambda program: sum(len(operands) for *_, operands in program),
    "functions are left out: sin, cos, exp and log are operations too": lambda program: sum(
        operation in "+-*/" for _, operation, _ in program
    ),
    "only functions are counted: + - * / are operations too": lambda program: sum(
        operation not in "+-*/=" for _, operation, _ in program
    ),
    "each kind of operation is counted once, however often it occurs": lambda program: len(
        {operation for _, operation, _ in program} - {"="}
    ),
    "the last line is forgotten": lambda program: count(program[:-1]),
}

WRITTEN_MISTAKES = {
    "each line is counted once: a result that is used twice is written twice": reached,
    "all lines of the program are counted, each once": count,
    "the operations below are added up, but not the line's own": lambda program: sum(
        sizes(program).get(one, 0) for one in program[-1][2]
    ),
    "copies are counted: a copy costs nothing": lambda program: sizes(program, own=lambda operation: True)[
        program[-1][0]
    ],
    "inputs and numbers are counted: they are no operations": lambda program: sizes(program, leaf=1, number=1)[
        program[-1][0]
    ],
    "an input or a number has no line: its formula has 0 operations": lambda program: KeyError,
    "inputs are counted: they are no operations": lambda program: sizes(program, leaf=1)[program[-1][0]],
    "a line that uses the same name twice counts it once: it is written twice": lambda program: sizes(
        program, twice=False
    )[program[-1][0]],
    "the formulas of all lines are added up: only that of the last line is asked for": lambda program: sum(
        sizes(program).values()
    ),
}


@check("count-operations", part="count", points=1)
class CountOperations:
    """`count_operations(program)` counts the operations, and no copies."""

    def inputs(rng):
        return draw_apart(lambda: {"program": some_program(rng, 9, reuse=False)}, count, COUNT_MISTAKES)

    def probe(student, program):
        return int(student.count_operations([(n, o, tuple(operands)) for n, o, operands in program]))

    expected = count
    rtol = 0.0
    atol = 0.0
    mistakes = COUNT_MISTAKES
    hint = "One line is one operation, unless it is a copy. Chapter 6, section 'Expression swell'."


@check("count-written-out", part="count", points=3)
class CountWrittenOut:
    """`count_written_out(program)` counts the operations of the one formula in which every name is replaced."""

    def inputs(rng):
        def draw():
            lines = int(rng.integers(8, 15))
            return {"program": some_program(rng, lines, reuse=True)}

        while True:
            inputs = draw_apart(draw, written_out, WRITTEN_MISTAKES)
            if written_out(**inputs) < 20_000:
                return inputs

    def probe(student, program):
        return int(student.count_written_out([(n, o, tuple(operands)) for n, o, operands in program]))

    expected = written_out
    rtol = 0.0
    atol = 0.0
    mistakes = WRITTEN_MISTAKES
    hint = (
        "The formula of a line has one operation more than the formulas of its operands together; a copy has none "
        "more, an input or a number has none at all. An operand that stands twice is written twice. Go from the top "
        "and note for each line how many operations its formula has. "
        "Chapter 6, section 'Expression swell'."
    )


# --- Part 3: dual programs by hand ------------------------------------------------------------------------------------

VALUE_AND_TANGENT = "value", "tangent"
CURRENT = [
    ("w3", "*", ("x1", "x2")), ("w4", "sin", ("w3",)), ("w5", "/", ("w4", "x2")), ("w6", "*", ("w5", "w5")),
    ("w7", "-", ("w6", "w3")),
]  # fmt: skip


def current(x1, x2):
    w3 = x1 * x2
    w5 = np.sin(w3) / x2
    return w5 * w5 - w3


def tide(x, r, n):
    for k in range(n):
        x = x * np.exp(-r * x) if k % 2 == 0 else x + r * r
    return x


def along(f, values, tangents, *others):
    """The value of f, and its derivative along the tangents by a complex step."""
    h = 1e-30
    moved = [v + 1j * h * t for v, t in zip(values, tangents, strict=True)]
    return {"value": float(f(*values, *others)), "tangent": float(np.imag(f(*moved, *others)) / h)}


def dual_current(rules, seeds=None, square=None):
    def answer(x1, x2, dx1, dx2):
        d = seeds or (dx1, dx2)
        lines = CURRENT
        own = dict(rules)
        if square is not None:  # w6 = w5 * w5 by a rule of its own
            lines = [line if line[0] != "w6" else ("w6", "square", ("w5",)) for line in CURRENT]
            own["square"] = square
        values, slopes = run(lines, {"x1": x1, "x2": x2}, {"x1": d[0], "x2": d[1]}, own)
        return [values[-1], slopes[-1]]

    return answer


VALUES["square"] = lambda a: a * a
CURRENT_MISTAKES = {
    **with_rules(lambda rules: dual_current(rules), "*", "/", "sin", "-"),
    "the square is differentiated once: w5 stands in the product twice, so 2 w5 dw5": dual_current(
        RULES, square=lambda y, t, a: a * t[0]
    ),
    "2 w5 without dw5: the inner derivative of the square is missing": dual_current(
        RULES, square=lambda y, t, a: 2 * a
    ),
    "the tangent of the square is the square of the tangent": dual_current(RULES, square=lambda y, t, a: t[0] ** 2),
    "the inputs are given the tangents 1 and 0, whatever dx1 and dx2 are": dual_current(RULES, (1.0, 0.0)),
    "the inputs are given the tangents 0 and 1, whatever dx1 and dx2 are": dual_current(RULES, (0.0, 1.0)),
    "both inputs are given the tangent 1, whatever dx1 and dx2 are": dual_current(RULES, (1.0, 1.0)),
    "tangent and value are returned in the wrong order": lambda **inputs: dual_current(RULES)(**inputs)[::-1],
}


def dual_tide(even=None, odd=None, after=False, swapped=False, reset=False):
    """The loop with one line exchanged; `after`: values are overwritten before their tangents are computed."""

    def right_even(x, r, e, dx, dr):
        return dx * e + x * e * (-dr * x - r * dx)

    def answer(x, r, n, dx, dr):
        first = dx
        for k in range(n):
            dx = first if reset else dx
            if (k % 2 == 0) != swapped:
                e = np.exp(-r * x)
                new = x * e
                seen = new if after else x
                dx = (even or right_even)(seen, r, np.exp(-r * seen), dx, dr)
            else:
                new = x + r * r
                dx = (odd or (lambda x, r, dx, dr: dx + 2 * r * dr))(x, r, dx, dr)
            x = new
        return [float(x), float(dx)]

    return answer


TIDE_MISTAKES = {
    "x is overwritten before its tangent is computed: the tangent's line then reads the new x": dual_tide(after=True),
    "only the first term of the product rule: exp(-r x) depends on x and r too": dual_tide(
        even=lambda x, r, e, dx, dr: dx * e
    ),
    "only the second term of the product rule": dual_tide(even=lambda x, r, e, dx, dr: x * e * (-dr * x - r * dx)),
    "no inner derivative: exp must be multiplied by the tangent of -r * x": dual_tide(
        even=lambda x, r, e, dx, dr: dx * e + x * e
    ),
    "in the exponent r is taken for a constant: -r * x is a product of two variables": dual_tide(
        even=lambda x, r, e, dx, dr: dx * e + x * e * (-r * dx)
    ),
    "in the exponent x is taken for a constant: -r * x is a product of two variables": dual_tide(
        even=lambda x, r, e, dx, dr: dx * e + x * e * (-dr * x)
    ),
    "the minus of the exponent is lost": dual_tide(even=lambda x, r, e, dx, dr: dx * e + x * e * (dr * x + r * dx)),
    "the product of the tangents: the product rule has two terms, each with one tangent": dual_tide(
        even=lambda x, r, e, dx, dr: dx * e * (-dr * x - r * dx)
    ),
    "r * r is taken for a constant: its tangent is 2 r dr": dual_tide(odd=lambda x, r, dx, dr: dx),
    "the tangent of r * r is 2 r dr, not r dr": dual_tide(odd=lambda x, r, dx, dr: dx + r * dr),
    "2 r without dr: the tangent of r * r is 2 r dr": dual_tide(odd=lambda x, r, dx, dr: dx + 2 * r),
    "the tangent of x is lost in the sum: x + r * r depends on x too": dual_tide(odd=lambda x, r, dx, dr: 2 * r * dr),
    "the two branches are exchanged": dual_tide(swapped=True),
    "each iteration starts from the first tangent: it must go on from the last": dual_tide(reset=True),
    "tangent and value are returned in the wrong order": lambda **inputs: dual_tide()(**inputs)[::-1],
}


@check("dual-current", part="dual", points=2)
class DualCurrent:
    """`dual_current(x1, x2, dx1, dx2)` returns the value of `current` and its derivative along (dx1, dx2)."""

    def inputs(rng):
        def draw():
            x1, x2, dx1, dx2 = some_numbers(rng, 4)
            return {"x1": x1, "x2": x2, "dx1": dx1, "dx2": -dx2}

        return draw_apart(draw, dual_current(RULES), CURRENT_MISTAKES)

    def probe(student, x1, x2, dx1, dx2):
        value, tangent = student.dual_current(x1, x2, dx1, dx2)
        return {"value": float(value), "tangent": float(tangent)}

    def expected(x1, x2, dx1, dx2):
        return along(current, (x1, x2), (dx1, dx2))

    rtol = CLOSE
    atol = CLOSE
    mistakes = all_by_name(VALUE_AND_TANGENT, CURRENT_MISTAKES)
    hint = (
        "One line of tangents for each line of the program, by the rule of its operation; a name that is read twice "
        "contributes twice. Chapter 6, section 'Source transformation'."
    )


@check("dual-tide", part="dual", points=2)
class DualTide:
    """`dual_tide(x, r, n, dx, dr)` returns the value of `tide` and its derivative along (dx, dr)."""

    trials = 6

    def inputs(rng):
        def draw():
            x, r, dx, dr = some_numbers(rng, 4, 0.3, 1.2)
            return {"x": x, "r": r, "n": int(rng.integers(3, 7)), "dx": dx, "dr": -dr}

        return draw_apart(draw, dual_tide(), TIDE_MISTAKES)

    def probe(student, x, r, n, dx, dr):
        value, tangent = student.dual_tide(x, r, n, dx, dr)
        return {"value": float(value), "tangent": float(tangent)}

    def expected(x, r, n, dx, dr):
        return along(tide, (x, r), (dx, dr), n)

    rtol = CLOSE
    atol = CLOSE
    mistakes = all_by_name(VALUE_AND_TANGENT, TIDE_MISTAKES)
    hint = (
        "Loop and branches stay as they are; inside them every line gets its tangent. A line that overwrites x must "
        "not come before a tangent that still needs the old x. Chapter 6, section 'Source transformation'."
    )


# --- Part 4: the transformer ------------------------------------------------------------------------------------------

EACH = ("+", "-", "*", "/", "sin", "cos", "exp", "log", "=")


def transformed(rules):
    def answer(program, x1, x2, dx1, dx2):
        slopes = run(program, {"x1": x1, "x2": x2}, {"x1": dx1, "x2": dx2}, rules)[1]
        return {"d" + name: slope for (name, *_), slope in zip(program, slopes, strict=True)}

    return answer


NUMBER_MISTAKES = {
    "a number is given the tangent 1: a constant does not change": transformed(RULES | {"number": 1.0}),
    "a number is given a name for its tangent, such as d2.5: a constant has no tangent": lambda **inputs: SyntaxError,
    "a line with a number gets the tangent 0: its other operand still moves": transformed(RULES | {"stops": True}),
    "in Python -2.5 ** 2 is -6.25: put an operand that may be negative in brackets, (-2.5) ** 2": transformed(
        RULES | {"/": lambda y, t, a, b: (t[0] * b - a * t[1]) / np.copysign(b**2, b)}  # only a number is negative here
    ),
}


def executed(student, program, x1, x2, dx1, dx2):
    """The probe: the texts are executed line by line, and give the tangents of all lines."""
    names = {"sin": np.sin, "cos": np.cos, "exp": np.exp, "log": np.log, "np": np}
    names |= {"x1": np.float64(x1), "x2": np.float64(x2), "dx1": np.float64(dx1), "dx2": np.float64(dx2)}
    for name, operation, operands in program:
        text = student.dual_lines(name, operation, tuple(operands))
        exec("\n".join([text] if isinstance(text, str) else text), names)
    return {"d" + name: float(names["d" + name]) for name, operation, operands in program}


def four_numbers(rng):
    x1, x2, dx1, dx2 = some_numbers(rng, 4)
    return {"x1": x1, "x2": x2, "dx1": -dx1, "dx2": dx2}


@check("transform-operations", part="transform", points=2)
class TransformOperations:
    """`dual_lines` writes texts that compute the right tangent of each operation, here with names as operands."""

    def inputs(rng):
        def draw():
            program = [
                ("w1", "*", ("x1", "x2")), ("w2", "+", ("x1", "x2")), ("w3", "/", ("w2", "x2")), ("w4", "=", ("w1",)),
                ("w5", "sin", ("w4",)), ("w6", "cos", ("w3",)), ("w7", "exp", ("w6",)), ("w8", "log", ("w2",)),
                ("w9", "-", ("w8", "w5")), ("w10", "*", ("w9", "w9")),
            ]  # fmt: skip
            return {"program": program, **four_numbers(rng)}

        return draw_apart(draw, transformed(RULES), with_rules(transformed, *EACH))

    probe = executed
    expected = transformed(RULES)
    rtol = CLOSE
    atol = CLOSE
    mistakes = with_rules(transformed, *EACH)
    hint = (
        "Write the line of the tangent as you would by hand, with the names put in by an f-string. "
        "Chapter 6, section 'Source transformation'."
    )


@check("transform-numbers", part="transform", points=1)
class TransformNumbers:
    """`dual_lines` also takes numbers as operands, on either side, and other names than w1, w2, ..."""

    def inputs(rng):
        def draw():
            a, b, c, d = some_numbers(rng, 4, 1.2, 2.8)
            program = [
                ("depth", "*", (a, "x1")), ("rate", "-", ("x2", b)), ("level", "/", ("depth", -c)),
                ("flow", "/", (d, "x2")), ("total", "+", ("flow", "level")), ("less", "-", (a, "total")),
                ("end", "*", ("less", -b)), ("sum", "+", (c, "end")), ("dry", "*", ("sum", "rate")),
            ]  # fmt: skip
            return {"program": program, **four_numbers(rng)}

        return draw_apart(draw, transformed(RULES), NUMBER_MISTAKES)

    probe = executed
    expected = transformed(RULES)
    rtol = CLOSE
    atol = CLOSE
    mistakes = NUMBER_MISTAKES
    hint = (
        "The rules stay the same; the tangent of a number is the number 0, written into the text as 0.0. "
        "Chapter 6, section 'Source transformation'."
    )
