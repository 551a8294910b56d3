"""Programs that expose one wrong sweep each: how they are written down, and what right and wrong sweeps make of them.

A program is a text, ``x = 3; y = x * x; z = y + x``: first the inputs, then lines of one operation. Its value is the
derivative of the last line in the first input.
"""

import re
from functools import partial

from autograder.checks import Exhibit, NoExhibit, Wrong, a_text, check, number, read_expression

from .sweeps import Graph, right_sweep, sweep_by_parent, sweep_by_queue, sweep_by_recursion

LINE = re.compile(r"\s*([A-Za-z]\w{0,9})\s*=([^=]*)")
EXAMPLE = "x = 3; y = x * x"


def read_program(answer):
    """Read a pair of a program and the derivative of its last line."""
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise NoExhibit(f"expected a pair of a program and its derivative, such as ({EXAMPLE!r}, 6)")
    text, stated = answer
    inputs, lines = [], []
    for line in filter(str.strip, re.split(r"[;\n]", a_text(text, "the program", EXAMPLE))):
        match = LINE.fullmatch(line)
        if not match:
            raise NoExhibit(f"`{line.strip()}` is no line such as `y = x * x`")
        name, known = match[1], {name for name, *_ in inputs + lines}
        kind, *parts = read_expression(match[2], known, {})
        if kind == "number":
            if lines:
                raise NoExhibit(f"`{line.strip()}` gives an input, and these come first")
            inputs.append((name, *parts))
        elif kind in ("+", "-", "*") and all(part[0] in ("number", "name") for part in parts):
            lines.append((name, kind, *(part[1] for part in parts)))
        else:
            raise NoExhibit(f"`{line.strip()}` is no line of one operation: one of + - *, between names and numbers")
    if not inputs or not lines:
        raise NoExhibit("a program has an input, such as `x = 3`, and at least one operation after it")
    if len({name for name, _ in inputs}) < len(inputs):
        raise NoExhibit("two inputs have the same name")
    return Exhibit((inputs, lines), number(stated, "the derivative"), len(lines))


def graph_of(program, by_last_value=False, minus=-1.0):
    """Return the graph of a program, each of its values under a name of its own: a name may be given anew.

    With `by_last_value` the pulls of a product look up its operands by their names, when the sweep runs, and find what
    the names hold in the end. `minus` is what a difference sends to its second operand, times the adjoint.
    """
    inputs, lines = program
    values = {f"input-{name}": value for name, value in inputs}
    now = {name: f"input-{name}" for name, _ in inputs}  # what each name stands for
    written = []
    for place, (name, op, *operands) in enumerate(lines):
        values |= {f"constant-{operand}": operand for operand in operands if isinstance(operand, float)}
        a, b = (now.get(operand, f"constant-{operand}") for operand in operands)
        written.append(f"line-{place} = {a} {op} {b}")
        now[name] = f"line-{place}"
    graph = Graph(values, written)
    last = {name: graph.values[known] for name, known in now.items()}
    for place, (_, op, *operands) in enumerate(lines):
        (a, to_a), (b, _) = graph.edges[f"line-{place}"]
        if op == "-":
            graph.edges[f"line-{place}"] = [(a, to_a), (b, partial(times, minus))]
        if op == "*" and by_last_value:
            u, v = (last.get(operand, operand) for operand in operands)
            graph.edges[f"line-{place}"] = [(a, partial(times, v)), (b, partial(times, u))]
    return graph


def times(factor, g):
    return factor * g


def derivative_by(sweep, **how):
    """Make of a sweep the derivative of a program's last line in its first input; `how` as in `graph_of`."""

    def value(program):
        return float(sweep(graph_of(program, **how)).get(f"input-{program[0][0][0]}", 0.0))

    return value


right = derivative_by(right_sweep)

WRONG = [
    Wrong(
        "same-operand",
        "keeps the pulls in a dict, under the operand to which they send: one for each",
        derivative_by(sweep_by_parent),
        1,
    ),
    Wrong("sign", "sends +g to both operands of a difference", derivative_by(right_sweep, minus=1.0), 1),
    Wrong(
        "late",
        "looks the operands of a product up by their names when the sweep runs, and finds what they hold in the end",
        derivative_by(right_sweep, by_last_value=True),
        2,
    ),
    Wrong(
        "recursion",
        "walks down from the result: for each operand in turn, from left to right, it adds to the operand's adjoint "
        "and goes down there at once, with the whole adjoint",
        derivative_by(sweep_by_recursion),
        3,
    ),
    Wrong(
        "breadth-first",
        "takes the values from a queue, those nearest to the result first, and each of them once",
        derivative_by(partial(sweep_by_queue, once=True)),
        3,
    ),
]

EXHIBITS = {
    "same-operand": ("x = 3; y = x * x", 6),
    "sign": ("x = 3; y = 5 - x", -1),
    "late": ("x = 3; y = x + 1; x = y * x", 7),
    "recursion": ("x = 3; y = 2 * x; z = 5 * y; w = z + y", 12),
    "breadth-first": ("x = 1; y = 2 * x; z = y - 2; w = y * z", 4),
}


@check("break-it", part="exhibits", points=5)
class BreakIt:
    """Each exhibit, a program with its derivative, exposes its own wrong sweep: the four others are right on it."""

    breaks = WRONG
    examples = EXHIBITS
    reads = read_program
    right = right
    unit = "operations"
    hint = (
        "Ask of each error where it does no harm, and take one step out of there. A value that is used once is safe "
        "from every wrong order; a contribution that is 0 may come at any time. Chapter 5, section 'Why order matters'."
    )
