"""The rules of problem set 3, right and wrong, and what a program becomes under a table of rules."""

import numpy as np

from autograder.checks import Raises

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


def tangent_of(operand, slopes, rules):
    """The tangent of an operand; a table may say that of a `number`, and which names are taken to stand `still`."""
    if not isinstance(operand, str):
        return rules.get("number", lambda number: 0.0)(operand)
    return 0.0 if rules.get("still", lambda name: False)(operand) else slopes[operand]


def run(program, inputs, tangents, rules):
    """Run a program with tangents, by a table of rules: the values and tangents of all its lines."""
    values, slopes = dict(inputs), dict(tangents)
    for name, operation, operands in program:
        a = [values[one] if isinstance(one, str) else one for one in operands]
        t = [tangent_of(one, slopes, rules) for one in operands]
        values[name] = VALUES[operation](*a)
        stops = "stops" in rules and any(not isinstance(one, str) for one in operands)
        slopes[name] = 0.0 if stops else rules[operation](values[name], t, *a)
    lines = [name for name, *_ in program]
    return [float(values[n]) for n in lines], [float(slopes[n]) for n in lines]


def by_name(names, answer):
    """Make of an answer that is a list the dict that a probe returns, so that a finding says which number is wrong."""

    def named(**inputs):
        found = answer(**inputs)
        return found if isinstance(found, Raises) else dict(zip(names, found, strict=True))

    return named


# --- Part 1: the trace ------------------------------------------------------------------------------------------------


TRACE = [
    ("w1", "=", ("x1",)), ("w2", "=", ("x2",)), ("w3", "exp", ("w2",)), ("w4", "*", ("w1", "w3")),
    ("w5", "/", ("w1", "w2")), ("w6", "-", ("w4", "w5")),
]  # fmt: skip


def as_lines(program):
    """The lines of a program as text, by the names of their results."""
    lines = {}
    for name, operation, operands in program:
        words = [str(one) for one in operands]
        right = f" {operation} ".join(words) if operation in ("+", "-", "*", "/") else f"{operation}({words[0]})"
        lines[name] = f"{name} = {words[0] if operation == '=' else right}"
    return lines


def tangents_of(lines):
    """The same lines by the names of their tangents."""
    return {f"d{name}": line for name, line in lines.items()}


def lines_of_program(program, **_):
    return tangents_of(as_lines(program))


TRACE_LINES = as_lines(TRACE)
LINES = [name for name, *_ in TRACE]
TANGENTS = [f"d{name}" for name in LINES]


def trace(rules, seeds=None):
    def answer(x1, x2, dx1, dx2):
        d = seeds or (dx1, dx2)
        return run(TRACE, {"x1": x1, "x2": x2}, {"x1": d[0], "x2": d[1]}, rules)[1]

    return answer


def with_right_values(tangents):
    """Make of the tangents of a slip what the probe sees of it: they, and the values, which are right."""

    def answer(**given):
        found = tangents(**given)
        return found if isinstance(found, Raises) else [*found, *trace_values(**given)]

    return answer


def wrong_tangent(answer, **given):
    """Say which tangent is the first wrong one, or return "": the values beside them have a check of their own."""
    size = min(1.0, abs(given["dx1"]), abs(given["dx2"]))
    for name, right in zip(TANGENTS, trace(RULES)(**given), strict=True):
        if name not in answer:
            return f"expected {len(TANGENTS)} tangents; {name} is missing."
        if not abs(answer[name] - right) <= 1e-9 * (size + abs(right)):
            return f"in {name}, {answer[name]:.10g}; expected {right:.10g}."
    return ""


def trace_with(**lines):
    """The tangents, where some lines are functions of their own of the values w and the tangents d so far."""
    rules = {
        "dw3": lambda w, d: w[2] * d[1],
        "dw4": lambda w, d: d[0] * w[2] + w[0] * d[2],
        "dw5": lambda w, d: (d[0] - w[4] * d[1]) / w[1],
        "dw6": lambda w, d: d[3] - d[4],
    } | lines

    def answer(x1, x2, dx1, dx2):
        w, d = trace_values(x1, x2, dx1, dx2), [dx1, dx2]
        for rule in rules.values():
            d.append(float(rule(w, d)))
        return d

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


# --- Part 2: counts ---------------------------------------------------------------------------------------------------


def count(program):
    return sum(operation != "=" for _, operation, _ in program)


def sizes(program, own=lambda operation: operation != "=", leaf=0, number=0, twice=True, counts=list):
    """The sizes of the formulas, line by line; variants count other things."""
    size = {}
    for name, operation, operands in program:
        read = operands if twice else tuple(dict.fromkeys(operands))
        inner = [size.get(one, leaf) if isinstance(one, str) else number for one in read]
        size[name] = int(own(operation)) + sum(counts(inner))
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


# --- Part 3: dual programs by hand ------------------------------------------------------------------------------------


VALUE_AND_TANGENT = "value", "tangent"


CURRENT = [
    ("w3", "*", ("x1", "x2")), ("w4", "sin", ("w3",)), ("w5", "/", ("w4", "x2")), ("w6", "*", ("w5", "w5")),
    ("w7", "-", ("w6", "w3")),
]  # fmt: skip


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


# --- Part 4: the transformer ------------------------------------------------------------------------------------------


EACH = ("+", "-", "*", "/", "sin", "cos", "exp", "log", "=")


def transformed(rules):
    def answer(program, x1, x2, dx1, dx2):
        with np.errstate(over="ignore"):  # what a slip makes of a large tangent may be more than any float
            slopes = run(program, {"x1": x1, "x2": x2}, {"x1": dx1, "x2": dx2}, rules)[1]
        return {"d" + name: slope for (name, *_), slope in zip(program, slopes, strict=True)}

    return answer
