"""Functions as texts for the tests of source transformation: random programs, put into a module of their own."""

import importlib.util
import itertools
import textwrap

from hypothesis import strategies as st

_numbers = itertools.count()
HEAD = "import numpy as np\nimport math\n\nSCALE = 0.7\n"
HELPERS = """
def product(a, b):
    return a * b + np.sin(a)

def bent(a, k):
    if k % 2 == 0:
        return np.cos(a) * SCALE
    b = a
    for _ in range(k):
        b = b * 0.5 + a
    return b
"""


def module_of(folder, text):
    """Write a module, and import it: the text of its functions can be read."""
    path = folder / f"program_{next(_numbers)}.py"
    path.write_text(HEAD + textwrap.dedent(text))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@st.composite
def expressions(draw, names, numbers, depth=2):
    """Draw a formula, all of whose operations are analytic and bounded where the names are."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from([*names, *names, "0.3", "SCALE", "-1.7", *numbers]))
    a, b = (draw(expressions(names, numbers, depth - 1)) for _ in range(2))
    return draw(
        st.sampled_from([
            f"({a} + {b})", f"({a} - {b})", f"{a} * ({b})", f"np.sin({a})", f"np.cos({a} * {b})", f"-({a})",
            f"np.tanh({a})", f"({a}) / (2 + np.sin({b}))", f"np.exp(-np.square(np.sin({a})))", f"({a}) ** 2",
            f"(1.5 + np.cos({a})) ** 1.5", f"product({a}, {b})", f"bent({a}, 3)", f"bent({b}, 2)",
            f"({a} if n > 2 else {b})", f"np.reciprocal(2 + np.cos({a}))",
        ])
    )  # fmt: skip


@st.composite
def blocks(draw, defined, loops, depth=2):
    """Draw statements; return their lines and the names that are defined after them."""
    lines, names = [], list(defined)
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.integers(0, 9))
        numbers = [*loops, "n"]
        formula = draw(expressions(names, numbers))
        bounded = f"np.sin({formula})" if loops else formula
        target = draw(st.sampled_from(["u", "v", "w3", "x", "dx"]))
        if kind == 0 and depth:
            counter = f"i{len(loops)}"
            span = draw(st.sampled_from(["range(n)", "range(1, 4)", "range(0)", "(1, 3)"]))
            body, _ = draw(blocks(names, [*loops, counter], depth - 1))
            lines += [f"for {counter} in {span}:", *("    " + line for line in body)]
        elif kind == 1 and depth:
            test = draw(st.sampled_from(["n > 2", "n % 2 == 0", *(f"{i} % 2 == 1" for i in loops)]))
            then, one = draw(blocks(names, loops, depth - 1))
            other, two = draw(blocks(names, loops, depth - 1))
            lines += [f"if {test}:", *("    " + line for line in then), "else:", *("    " + line for line in other)]
            names = [name for name in one if name in two]
        elif kind == 2 and target in names:
            lines.append(f"{target} {draw(st.sampled_from(['+=', '-=', '*=']))} {bounded}")
            if loops:
                lines.append(f"{target} = np.cos({target})")
        elif kind == 3 and len(names) > 1:
            one, two = draw(st.permutations(names))[:2]
            lines.append(f"{one}, {two} = {two}, {one} * 0.5")
        elif kind == 4:
            lines.append(f"{target} = {draw(st.sampled_from(names))}")
            names = list(dict.fromkeys([*names, target]))
        else:
            lines.append(f"{target} = {bounded}")
            names = list(dict.fromkeys([*names, target]))
    return lines, names


@st.composite
def programs(draw, annotated):
    """Draw a function of x, y and a count n."""
    lines, names = draw(blocks(["x", "y"], []))
    result = draw(expressions(names, ["n"]))
    head = "def f(x: float, y: float, n: int):" if annotated else "def f(x, y, n):"
    return HELPERS + "\n".join([head, *("    " + line for line in [*lines, f"return {result} + 0.1 * x * y"])]) + "\n"


ARRAY_FORMULAS = [
    "({a} + {b})", "({a} - {b})", "{a} * ({b})", "np.sin({a})", "np.maximum({a}, {b})", "np.where({a} > {b}, {b}, s)",
    "np.sum({a}) * {b}", "np.max({a}) + {b}", "(A @ np.broadcast_to({a}, (2, 3))) * s", "({a}) / (2 + np.cos({b}))",
    "{a} + B", "B - {a}", "np.mean({a} * {b} + B, axis=-1, keepdims=True)", "np.arctan2({a}, 2 + np.square({b}))",
    "np.stack([s, s * s, np.sum({a})]) * {b}", "np.sum({a} * B, axis=-1, keepdims=True) - s",
    "({a} + B)[..., :1] * {b}", "({b} if n > 1 else {a})",
]  # fmt: skip


@st.composite
def array_programs(draw):
    """Draw a function of x (3,), y (2, 1), a number s and a count n, with everything broadcast."""
    names = ["x", "y"]

    def formula():
        a, b = draw(st.sampled_from(names)), draw(st.sampled_from([*names, "s"]))
        return draw(st.sampled_from(ARRAY_FORMULAS)).format(a=a, b=b)

    lines = []
    for _ in range(draw(st.integers(1, 5))):
        target, kind = draw(st.sampled_from(["u", "v", "x", "y"])), draw(st.integers(0, 3))
        if kind == 0:
            lines += ["for i in range(n):", f"    {draw(st.sampled_from(names))} = np.cos({formula()})"]
        elif kind == 1:
            lines += ["if n == 2:", f"    {target} = {formula()}", "else:", f"    {target} = {formula()}"]
            names = list(dict.fromkeys([*names, target]))
        else:
            lines.append(f"{target} = {formula()}")
            names = list(dict.fromkeys([*names, target]))
    text = "\n".join("    " + line for line in [*lines, f"return np.sum(({formula()}) * ({formula()})) + s"])
    head = "A = np.array([[0.3, -1.1], [0.8, 0.5]])\nB = np.array([[0.2, 0.9, -0.4], [1.3, -0.6, 0.7]])\n"
    return f"{head}def f(x, y, s, n):\n{text}\n"
