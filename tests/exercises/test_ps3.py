"""Problem set 3: its answers against SymPy and against programs that are really written out and run."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of

from course_lib.autodiff import evaluation_trace, jvp

PS3 = runs_of("ps3")
CHECKS, draws = PS3.checks, PS3.draws
MANY = settings(max_examples=20, deadline=None)
seeds = st.integers(0, 2**32 - 1)
FUNCTIONS = {"sin": sympy.sin, "cos": sympy.cos, "exp": sympy.exp, "log": sympy.log}


def formulas(program):
    """Write every line as a formula of x1 and x2, which nobody simplifies."""
    made = dict(zip(("x1", "x2"), sympy.symbols("x1 x2"), strict=True))
    for name, operation, operands in program:
        a, b = (made[one] if isinstance(one, str) else sympy.Float(one, 30) for one in (operands[0], operands[-1]))
        if operation in FUNCTIONS:
            made[name] = FUNCTIONS[operation](a)
        else:
            made[name] = {"+": a + b, "-": a - b, "*": a * b, "/": a / b, "=": a}[operation]
    return [made[name] for name, *_ in program]


def slopes(formulas, x1, x2, dx1, dx2):
    symbols = sympy.symbols("x1 x2")
    at = dict(zip(symbols, map(sympy.Float, (x1, x2)), strict=True))
    return [
        float(sum(sympy.diff(f, s).subs(at) * d for s, d in zip(symbols, (dx1, dx2), strict=True))) for f in formulas
    ]


TRACE = [
    ("w1", "=", ("x1",)), ("w2", "=", ("x2",)), ("w3", "exp", ("x2",)), ("w4", "*", ("x1", "w3")),
    ("w5", "/", ("x1", "x2")), ("w6", "-", ("w4", "w5")),
]  # fmt: skip


@MANY
@given(seeds)
def test_the_trace_is_sympys(seed):
    for given_ in draws("trace-tangents", seed):
        expected = CHECKS["trace-tangents"].expected(**given_)
        tangents = [expected[name] for name in expected if name.startswith("d")]
        np.testing.assert_allclose(tangents, slopes(formulas(TRACE), **given_), rtol=1e-12)
    for given_ in draws("trace-values", seed):
        x1, x2 = given_["x1"], given_["x2"]
        table = evaluation_trace(lambda a, b: a * np.exp(b) - a / b, x1, x2)
        expected = CHECKS["trace-values"].expected(**given_)
        np.testing.assert_allclose([*expected.values()], [row.value for row in table.rows])


def written(program):
    """Write the last line as one formula, and return its text: names replaced by what they stand for."""
    texts = {}
    for name, operation, operands in program:
        words = [texts.get(one, str(one)) for one in operands]
        if operation == "=":
            texts[name] = words[0]
        else:
            texts[name] = f"({words[0]} {operation} {words[1]})" if len(words) == 2 else f"{operation}({words[0]})"
    return texts[program[-1][0]]


@MANY
@given(seeds)
def test_counts_are_those_of_the_formula_that_is_really_written(seed):
    for given_ in draws("count-written-out", seed):
        text = written(given_["program"])
        signs = sum(text.count(f" {sign} ") for sign in "+-*/")
        calls = sum(text.count(f"{name}(") for name in FUNCTIONS)
        assert CHECKS["count-written-out"].expected(**given_) == signs + calls
    for given_ in draws("count-operations", seed):
        kinds = [operation for _, operation, _ in given_["program"]]
        assert CHECKS["count-operations"].expected(**given_) == len(kinds) - kinds.count("=")


@MANY
@given(seeds)
def test_dual_programs_agree_with_automatic_differentiation(seed):
    """Expected answers are complex steps; these are dual numbers, of the two functions as the notebook has them."""
    names = PS3.reference
    for given_ in draws("dual-current", seed):
        at, along = (given_["x1"], given_["x2"]), (given_["dx1"], given_["dx2"])
        expected = CHECKS["dual-current"].expected(**given_)
        np.testing.assert_allclose([*expected.values()], jvp(names["current"], at, along), rtol=1e-11)
    for given_ in draws("dual-tide", seed):
        n = given_["n"]
        at, along = (given_["x"], given_["r"]), (given_["dx"], given_["dr"])
        expected = CHECKS["dual-tide"].expected(**given_)
        by_duals = jvp(lambda x, r, n=n: names["tide"](x, r, n), at, along)
        np.testing.assert_allclose([*expected.values()], by_duals, rtol=1e-11)


@pytest.mark.parametrize("check", ["transform-operations", "transform-numbers"])
@settings(max_examples=5, deadline=None)
@given(seed=seeds)
def test_transformed_programs_agree_with_sympy(check, seed):
    for given_ in draws(check, seed):
        program, place = given_["program"], {k: v for k, v in given_.items() if k != "program"}
        expected = CHECKS[check].expected(**given_)
        np.testing.assert_allclose([*expected.values()], slopes(formulas(program), **place), rtol=1e-9)
        operations = {operation for _, operation, _ in program}
        assert check != "transform-operations" or operations == {"+", "-", "*", "/", "=", *FUNCTIONS}
