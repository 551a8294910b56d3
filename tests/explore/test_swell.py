"""Explorable 7: its formulas are right, and its counts are those of the theory."""

import itertools

import numpy as np
import pytest
import sympy

from course_lib.explore import expression_swell as show
from course_lib.explore.differentiation.swell import STEPS, derivative_as_formula, operations, operations_line_by_line


def applied(step, depth, x):
    for _ in range(depth):
        x = step(x)
    return x


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_formula_is_the_derivative(name, depth):
    """Against SymPy, which differentiates by rules of its own."""
    x = sympy.Symbol("x")
    step = (lambda y: 4 * y * (1 - y)) if "4" in name else sympy.sin
    exact = sympy.diff(applied(step, depth, x), x)
    formula = derivative_as_formula(STEPS[name], depth)
    for place in (0.3, 0.71):
        assert eval(formula, {"np": np, "x": place}) == pytest.approx(float(exact.subs(x, place)), rel=1e-12)


def test_counts_follow_their_laws():
    """Sines: depth factors cos(sin(...)), so 1 + 2 + ... calls and depth - 1 products. Line by line: three each."""
    for depth in range(1, 8):
        sines = operations(derivative_as_formula(np.sin, depth))
        assert sines == depth * (depth + 1) // 2 + depth - 1
        assert operations_line_by_line(np.sin, depth) == 3 * depth
    logistic = [operations(derivative_as_formula(STEPS["y = 4 y (1 − y)"], n)) for n in range(6, 11)]
    assert all(2 < later / earlier < 2.5 for earlier, later in itertools.pairwise(logistic))
    lines = [operations_line_by_line(STEPS["y = 4 y (1 − y)"], n) for n in range(1, 6)]
    assert len(set(np.diff(lines))) == 1


def test_the_explorable_says_the_counts_in_words_and_numbers():
    explorable = show(embed=False)
    explorable.inputs["depth"].value = 10
    count = operations(derivative_as_formula(STEPS["y = 4 y (1 − y)"], 10))
    assert f"{count:,} operations" in explorable.picture.value
    assert f"one formula has {count} operations" in explorable.picture.value
