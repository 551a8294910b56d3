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


def run(body, x, r):
    """Run the lines of a body once; return all values."""
    values = {"x": x, "r": r}
    for name, operation, operands in body:
        values[name] = VALUES[operation](*(values.get(operand, operand) for operand in operands))
    return values


def swept(
    add=True, restore=True, anew=True, reset=True, again=True, ahead=False, late=False, rounds=0, oldest=False,
    adds_up=True, pulls=PULLS,
):  # fmt: skip
    """Make the answer of the probe, by a sweep with a place for each slip."""

    def answer(body, x, r, n):
        saved, last = [], body[-1][0]
        for _ in range(n):
            values = run(body, x, r)
            saved.append(values[last] if late else x)
            x = values[last]
        result, slope, of_r, kept = x, 1.0, 0.0, {}
        for _ in range(n - rounds):
            x = saved.pop(0 if oldest else -1) if restore else result
            values = run(body, x, r) if again else values | {"x": x}
            adjoints = dict.fromkeys(values, 0.0) | ({} if anew else kept)
            adjoints |= {last: slope, "x": 0.0 if reset else slope, "r": of_r if adds_up else 0.0}
            for name, operation, operands in body if ahead else reversed(body):
                known = [values.get(operand, operand) for operand in operands]
                for operand, piece in zip(operands, pulls[operation](adjoints[name], *known), strict=True):
                    if operand in adjoints:
                        adjoints[operand] = adjoints[operand] + piece if add else piece
            slope, of_r, kept = adjoints["x"], adjoints["r"], adjoints
        return (float(result), float(slope), float(of_r))

    return answer


def carried_forwards(body, x, r, n):
    """The slopes as they are carried along from the first line to the last, and as steps of x and r find them."""
    slopes = {"x": (1.0, 0.0), "r": (0.0, 1.0)}
    for _ in range(n):
        values, tangents = run(body, x, r), dict(slopes)
        for name, operation, operands in body:
            known = [values.get(operand, operand) for operand in operands]
            pairs = list(zip(PULLS[operation](1.0, *known), operands, strict=True))
            tangents[name] = tuple(sum(p * tangents.get(o, (0.0, 0.0))[k] for p, o in pairs) for k in (0, 1))
        x, slopes["x"] = values[body[-1][0]], tangents[body[-1][0]]
    return (float(x), *map(float, slopes["x"]))


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
    "oldest-first": Mistake(
        "the x that was saved first is taken first: the last round comes back first, and its x was saved last",
        swept(oldest=True),
    ),
    "br-reset": Mistake(
        "br is set to 0 in each round: every round reads r, and their contributions add up", swept(adds_up=False)
    ),
    "first-round-left-out": Mistake(
        "the way back has a round less than the way there: the first one is missing", swept(rounds=1)
    ),
    "number-has-adjoint": Mistake(
        "a number is given an adjoint, such as b0.5: nobody asks for it, so no line is written",
        lambda **given: Raises(
            SyntaxError,
            ("invalid syntax", "invalid decimal literal", "cannot assign", "illegal expression"),
            line=r"\bb[-(]?[0-9]",
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
    return {"body": body, "x": float(np.round(rng.uniform(0.4, 0.9), 2)), "r": 0.7, "n": 1}


# What shows where the body has such a line alone, or where numbers are small, and not in every trial.
OF_SOME_BODIES = ("carried-forwards", "number-has-adjoint", "difference-plus", "sine-for-cosine", "own-factor")


def for_reverse_loop(rng, trial):
    if trial == 3:
        return with_a_slope_lost_forwards(rng)

    def draw():
        a, b = (float(np.round(rng.uniform(0.3, 0.9), 2)) for _ in range(2))
        bodies = (
            [
                ("u", "*", ("x", "x")), ("v", "sin", ("u",)), ("w", "*", ("v", a)), ("z", "*", ("w", "r")),
                ("y", "+", ("z", "u")),
            ],
            [
                ("u", "sin", ("x",)), ("v", "*", ("u", "x")), ("w", "-", (b, "v")), ("z", "*", ("r", "w")),
                ("y", "*", ("z", "u")),
            ],
            [
                ("u", "*", ("r", "x")), ("v", "exp", ("u",)), ("w", "*", ("v", "u")), ("z", "*", (a, "w")),
                ("y", "-", ("z", "x")),
            ],
        )  # fmt: skip
        return {
            "body": bodies[trial % 3],
            "x": float(np.round(rng.uniform(0.4, 0.9), 2)),
            "r": float(np.round(rng.uniform(0.4, 0.9), 2)),
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


def after_a_round(body, x, r):
    """The result of one round of a body of sums and products, linear in x and in r, in fractions."""
    exact = [
        (name, operation, tuple(Fraction(o) if isinstance(o, float) else o for o in of)) for name, operation, of in body
    ]
    return run(exact, x, r)[body[-1][0]]


def after_rounds(body, x, r, n):
    for _ in range(n):
        x = run(body, x, r)[body[-1][0]]
    return x


@check("reverse-loop", part="loop", points=2)
class ReverseLoop:
    """`reverse_loop(body)` writes a program that runs the body n times, and finds the slopes of the last x.

    (The body's last line is the x of the next round. What is shown are `x`, `bx` and `br` in the end.)
    """

    trials = 8
    inputs = for_reverse_loop

    def probe(student, body, x, r, n):
        names = {"sin": np.sin, "cos": np.cos, "exp": np.exp, "np": np, "x": np.float64(x), "r": np.float64(r), "n": n}
        text = student.reverse_loop([(name, operation, tuple(operands)) for name, operation, operands in body])
        exec("\n".join([text] if isinstance(text, str) else text), names)
        return (float(names["result"]), float(names["bx"]), float(names["br"]))

    def expected(body, x, r, n):
        if n == 1:  # sums and products of numbers alone, so that fractions hold them, however small they are
            x, r = Fraction(x), Fraction(r)
            at = after_a_round(body, x, r)
            return (float(at), float(after_a_round(body, x + 1, r) - at), float(after_a_round(body, x, r + 1) - at))
        in_x, in_r = after_rounds(body, x + 1e-30j, r, n), after_rounds(body, x, r + 1e-30j, n)
        return (float(in_x.real), float(in_x.imag / 1e-30), float(in_r.imag / 1e-30))

    def atol(body, x, r, n):
        return CLOSE if n > 1 else 0.0

    rtol = CLOSE
    returns = ("the result", "bx", "br")
    mistakes = MISTAKES
    hint = (
        "On the way there append each round's x to a list. On the way back pop it, run the lines of the body once "
        "more, set the adjoints of their names to 0, but not br, and go through the lines from the last to the first "
        "with `+=`. Chapter 6, section '★ Loops backwards'."
    )
