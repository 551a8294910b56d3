"""A loop in reverse: the program that writes it, right and wrong. The check stands here, and `checks.py` names it."""

import numpy as np

from autograder.checks import Mistake, check
from autograder.drawing import until_told_apart

CLOSE = 1e-9
VALUES = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "sin": np.sin,
    "exp": np.exp,
}
PULLS = {
    "+": lambda g, a, b: (g, g),
    "-": lambda g, a, b: (g, -g),
    "*": lambda g, a, b: (g * b, g * a),
    "sin": lambda g, a: (g * np.cos(a),),
    "exp": lambda g, a: (g * np.exp(a),),
}


def run(body, x):
    """Run the lines of a body once; return all values."""
    values = {"x": x}
    for name, operation, operands in body:
        values[name] = VALUES[operation](*(values.get(operand, operand) for operand in operands))
    return values


def swept(add=True, restore=True, anew=True):
    """Make the answer of the probe, by a sweep with a place for each slip."""

    def answer(body, x, n):
        saved = []
        for _ in range(n):
            saved.append(x)
            x = run(body, x)[body[-1][0]]
        result, slope, kept = x, 1.0, {}
        for _ in range(n):
            x = saved.pop()
            values = run(body, x if restore else result)
            adjoints = dict.fromkeys(values, 0.0) | ({} if anew else kept)
            adjoints |= {body[-1][0]: slope, "x": 0.0}
            for name, operation, operands in reversed(body):
                known = [values.get(operand, operand) for operand in operands]
                for operand, piece in zip(operands, PULLS[operation](adjoints[name], *known), strict=True):
                    if operand in adjoints:
                        adjoints[operand] = adjoints[operand] + piece if add else piece
            slope, kept = adjoints["x"], adjoints
        return (float(result), float(slope))

    return answer


MISTAKES = {
    "adjoint-assigned": Mistake(
        "`=` in place of `+=`: a name that two lines read gets the last contribution only", swept(add=False)
    ),
    "nothing-saved": Mistake(
        "the way back finds x as the loop has left it: each round needs the x with which it began",
        swept(restore=False),
    ),
    "adjoints-left-over": Mistake(
        "the adjoints within the body are not set to 0 at the beginning of each round", swept(anew=False)
    ),
}


def for_reverse_loop(rng):
    def draw():
        a, b = (float(np.round(rng.uniform(0.3, 0.9), 2)) for _ in range(2))
        bodies = (
            [("u", "*", ("x", "x")), ("v", "sin", ("u",)), ("w", "*", ("v", a)), ("y", "+", ("w", "u"))],
            [("u", "sin", ("x",)), ("v", "*", ("u", "x")), ("w", "-", (b, "v")), ("y", "*", ("w", "u"))],
            [("u", "*", (a, "x")), ("v", "exp", ("u",)), ("w", "*", ("v", "u")), ("y", "-", ("w", "x"))],
        )
        return {
            "body": bodies[rng.integers(3)],
            "x": float(np.round(rng.uniform(0.4, 0.9), 2)),
            "n": int(rng.integers(2, 5)),
        }

    return until_told_apart(
        draw,
        lambda **given: list(swept()(**given)),
        {id: lambda mistake=mistake, **given: list(mistake(**given)) for id, mistake in MISTAKES.items()},
        least=1e-3,
        largest=100.0,
    )


@check("reverse-loop", part="loop", points=2)
class ReverseLoop:
    """`reverse_loop(body)` writes a program that runs the body n times, and finds the slope of the last x in the first.

    (The body's last line is the x of the next round. What is shown are `x` and `bx` in the end.)
    """

    inputs = for_reverse_loop

    def probe(student, body, x, n):
        names = {"sin": np.sin, "cos": np.cos, "exp": np.exp, "np": np, "x": np.float64(x), "n": n}
        text = student.reverse_loop([(name, operation, tuple(operands)) for name, operation, operands in body])
        exec("\n".join([text] if isinstance(text, str) else text), names)
        return (float(names["result"]), float(names["bx"]))

    def expected(body, x, n):
        z = x + 1e-30j
        for _ in range(n):
            z = run(body, z)[body[-1][0]]
        return (float(z.real), float(z.imag / 1e-30))

    rtol, atol = CLOSE, CLOSE
    returns = ("the result", "bx")
    mistakes = MISTAKES
    hint = (
        "On the way there append each round's x to a list. On the way back pop it, run the lines of the body once "
        "more, set the adjoints of their names to 0, and go through the lines from the last to the first with `+=`. "
        "Chapter 6, section '★ Loops backwards'."
    )
