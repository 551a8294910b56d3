"""A loop in reverse: the program that writes it, right and wrong. The check stands here, and `checks.py` names it."""

from fractions import Fraction

import numpy as np

from autograder.checks import Mistake, Raises, check
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


def swept(add=True, restore=True, anew=True, reset=True, again=True, ahead=False, late=False, rounds=0, pulls=PULLS):
    """Make the answer of the probe, by a sweep with a place for each slip."""

    def answer(body, x, n):
        saved = []
        for _ in range(n):
            values = run(body, x)
            saved.append(values[body[-1][0]] if late else x)
            x = values[body[-1][0]]
        result, slope, kept = x, 1.0, {}
        for _ in range(n - rounds):
            x = saved.pop() if restore else result
            values = run(body, x) if again else values | {"x": x}
            adjoints = dict.fromkeys(values, 0.0) | ({} if anew else kept)
            adjoints |= {body[-1][0]: slope, "x": 0.0 if reset else slope}
            for name, operation, operands in body if ahead else reversed(body):
                known = [values.get(operand, operand) for operand in operands]
                for operand, piece in zip(operands, pulls[operation](adjoints[name], *known), strict=True):
                    if operand in adjoints:
                        adjoints[operand] = adjoints[operand] + piece if add else piece
            slope, kept = adjoints["x"], adjoints
        return (float(result), float(slope))

    return answer


def carried_forwards(body, x, n):
    """The slope as it is carried along from the first line to the last, and as every step of x finds it."""
    slope = 1.0
    for _ in range(n):
        values, tangents = run(body, x), {"x": slope}
        for name, operation, operands in body:
            known = [values.get(operand, operand) for operand in operands]
            partials = PULLS[operation](1.0, *known)
            tangents[name] = sum(p * tangents.get(o, 0.0) for p, o in zip(partials, operands, strict=True))
        x, slope = values[body[-1][0]], tangents[body[-1][0]]
    return (float(x), float(slope))


MISTAKES = {
    "adjoint-of-x-kept": Mistake(
        "bx is not set to 0 when its value has been handed to the last line: the old one is added to the new",
        swept(reset=False),
    ),
    "not-computed-again": Mistake(
        "the lines of the body are not run again on the way back: their names hold the values of the last round",
        swept(again=False),
    ),
    "carried-forwards": Mistake(
        "the slope is carried along forwards, or found by a step of x: on that way some body's numbers fall below the "
        "smallest that there is, and it is lost; backwards, the large factor comes first",
        carried_forwards,
    ),
    "difference-plus": Mistake(
        "a - b sends plus to both: b gets the minus", swept(pulls=PULLS | {"-": lambda g, a, b: (g, g)})
    ),
    "own-factor": Mistake(
        "in a product each operand gets its own value as factor: it gets that of the *other* one",
        swept(pulls=PULLS | {"*": lambda g, a, b: (g * a, g * b)}),
    ),
    "sine-for-cosine": Mistake(
        "the slope of sin(a) is cos(a), and not sin(a)", swept(pulls=PULLS | {"sin": lambda g, a: (g * np.sin(a),)})
    ),
    "lines-forwards": Mistake(
        "the way back goes through the lines from the first to the last: a line may hand on only what all later lines "
        "have brought",
        swept(ahead=True),
    ),
    "saved-too-late": Mistake(
        "x is saved at the end of a round: each round needs the x with which it began", swept(late=True)
    ),
    "first-round-left-out": Mistake(
        "the way back has a round less than the way there: the first one is missing", swept(rounds=1)
    ),
    "number-has-adjoint": Mistake(
        "a number is given an adjoint, such as b0.5: nobody asks for it, so no line is written",
        lambda **given: Raises(
            SyntaxError, ("invalid syntax", "invalid decimal literal", "cannot assign"), line=r"\bb[-(]?[0-9]"
        ),
    ),
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


# One round, with numbers so small and so large that only the way back holds the slope: 1e-165 * 1e-165 is 0.
SMALL, LARGE = 1e-165, 1e165


def with_a_slope_lost_forwards(rng):
    a, b, c, d = (float(np.round(rng.uniform(1.2, 2.8), 2)) for _ in range(4))
    body = [
        ("u", "*", (a * SMALL, "x")),
        ("v", "+", (b, "u")),
        ("w", "*", ("v", c * SMALL)),
        ("y", "*", (d * LARGE, "w")),
    ]
    return {"body": body, "x": float(np.round(rng.uniform(0.4, 0.9), 2)), "n": 1}


# What shows where the body has such a line alone, or where numbers are small, and not in every trial.
OF_SOME_BODIES = ("carried-forwards", "number-has-adjoint", "difference-plus", "sine-for-cosine", "own-factor")


def for_reverse_loop(rng, trial):
    if trial == 3:
        return with_a_slope_lost_forwards(rng)

    def draw():
        a, b = (float(np.round(rng.uniform(0.3, 0.9), 2)) for _ in range(2))
        bodies = (
            [("u", "*", ("x", "x")), ("v", "sin", ("u",)), ("w", "*", ("v", a)), ("y", "+", ("w", "u"))],
            [("u", "sin", ("x",)), ("v", "*", ("u", "x")), ("w", "-", (b, "v")), ("y", "*", ("w", "u"))],
            [("u", "*", (a, "x")), ("v", "exp", ("u",)), ("w", "*", ("v", "u")), ("y", "-", ("w", "x"))],
        )
        return {
            "body": bodies[trial % 3],
            "x": float(np.round(rng.uniform(0.4, 0.9), 2)),
            "n": int(rng.integers(2, 5)),
        }

    return until_told_apart(
        draw,
        lambda **given: list(swept()(**given)),
        {
            id: lambda mistake=mistake, **given: list(mistake(**given))
            for id, mistake in MISTAKES.items()
            if id not in OF_SOME_BODIES
        },
        least=1e-3,
        largest=100.0,
    )


def after_a_round(body, x):
    """The result of one round of a body of sums and products, linear in x, in fractions."""
    exact = [
        (name, operation, tuple(Fraction(o) if isinstance(o, float) else o for o in of)) for name, operation, of in body
    ]
    return run(exact, x)[body[-1][0]]


@check("reverse-loop", part="loop", points=2)
class ReverseLoop:
    """`reverse_loop(body)` writes a program that runs the body n times, and finds the slope of the last x in the first.

    (The body's last line is the x of the next round. What is shown are `x` and `bx` in the end.)
    """

    trials = 8
    inputs = for_reverse_loop

    def probe(student, body, x, n):
        names = {"sin": np.sin, "cos": np.cos, "exp": np.exp, "np": np, "x": np.float64(x), "n": n}
        text = student.reverse_loop([(name, operation, tuple(operands)) for name, operation, operands in body])
        exec("\n".join([text] if isinstance(text, str) else text), names)
        return (float(names["result"]), float(names["bx"]))

    def expected(body, x, n):
        if n == 1:  # sums and products of numbers alone, so that fractions hold them, however small they are
            slope = after_a_round(body, Fraction(x) + 1) - after_a_round(body, Fraction(x))
            return (float(after_a_round(body, Fraction(x))), float(slope))
        z = x + 1e-30j
        for _ in range(n):
            z = run(body, z)[body[-1][0]]
        return (float(z.real), float(z.imag / 1e-30))

    def atol(body, x, n):
        return CLOSE if n > 1 else 0.0

    rtol = CLOSE
    returns = ("the result", "bx")
    mistakes = MISTAKES
    hint = (
        "On the way there append each round's x to a list. On the way back pop it, run the lines of the body once "
        "more, set the adjoints of their names to 0, and go through the lines from the last to the first with `+=`. "
        "Chapter 6, section '★ Loops backwards'."
    )
