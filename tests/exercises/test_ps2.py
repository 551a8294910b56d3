"""Problem set 2: its answers against complex numbers, rational arithmetic and SymPy, and how it treats odd solutions.

A complex step of 1e-30 gives the derivative of an expression without a dual number anywhere; SymPy gives the higher
ones, and nested derivatives in closed form. What holds for every set stands in `test_problem_sets.py`.
"""

import cmath
import math
import re
import sys

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of

PS2 = runs_of("ps2")
CHECKS, draws = PS2.checks, PS2.draws
MANY = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 2**32 - 1)
STEP = 1e-30

OF_COMPLEX = {name: getattr(cmath, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
OF_SYMBOLS = {name: getattr(sympy, name) for name in ("sin", "cos", "exp", "log", "sqrt")}


def by_complex_step(text, **points):
    """The value of an expression and its derivative along the dual parts."""
    z = eval(text, OF_COMPLEX | {name: complex(x, STEP * dx) for name, (x, dx) in points.items()})
    return z.real, z.imag / STEP


OF_EXPRESSIONS = ("sums", "products", "quotients", "powers", "expressions", "sine-cosine", "exp-log-sqrt")


@pytest.mark.parametrize("id", OF_EXPRESSIONS)
@MANY
@given(seed=seeds)
def test_dual_numbers_are_complex_steps(id, seed):
    for given_ in draws(id, seed):
        points = {name: point for name, point in given_.items() if name in "uxyz"}
        answers = CHECKS[id].expected(**given_)
        assert [*answers] == given_["expressions"]
        for text, answer in answers.items():
            expected = by_complex_step(text, **points)
            if not re.search(r"\b[uxyz]\b", text):
                assert answer == pytest.approx(expected[0], rel=1e-13)
            else:
                assert [*answer] == ["real part", "dual part"]
                assert (*answer.values(),) == pytest.approx(expected, rel=1e-11, abs=1e-12)


def of_program(given_, z):
    for _ in range(given_["times"]):
        z = eval(given_["body"], OF_COMPLEX | {"z": z})
    return z


@MANY
@given(seeds)
def test_derivatives_of_programs_are_complex_steps(seed):
    for given_ in draws("derivative-of-a-program", seed):
        expected = of_program(given_, complex(given_["x"], STEP)).imag / STEP
        assert CHECKS["derivative-of-a-program"].expected(**given_) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("id", ["gradient-of-a-program", "gradient-in-one-run"])
@MANY
@given(seed=seeds)
def test_gradients_are_complex_steps_in_each_variable(id, seed):
    for given_ in draws(id, seed):
        answer = CHECKS[id].expected(**given_)
        if isinstance(answer, dict):
            assert answer["runs of f on dual numbers"] == 1
            answer = answer["gradient"]
        names = "abcefg"[: len(given_["point"])]
        for k, name in enumerate(names):
            points = {n: (x, float(n == name)) for n, x in zip(names, given_["point"], strict=True)}
            assert answer[k] == pytest.approx(by_complex_step(given_["body"], **points)[1], rel=1e-10, abs=1e-11)


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_higher_derivatives_are_those_of_sympy(seed):
    z = sympy.Symbol("z")

    def nth(given_, n):
        y = z
        for _ in range(given_["times"]):
            y = eval(given_["body"], OF_SYMBOLS | {"z": y})
        return float(sympy.diff(y, z, n).evalf(30, subs={z: given_["x"]}))

    for given_ in draws("second-derivative", seed)[:2]:
        assert CHECKS["second-derivative"].expected(**given_) == pytest.approx(nth(given_, 2), rel=1e-9)
    given_ = draws("taylor-coefficients", seed)[0]
    coefficients = CHECKS["taylor-coefficients"].expected(**given_)
    assert coefficients.shape == (given_["order"] + 1,)
    for k, coefficient in enumerate(coefficients):
        assert coefficient == pytest.approx(nth(given_, k) / math.factorial(k), rel=1e-8, abs=1e-10)


@MANY
@given(seeds)
def test_nested_derivatives_are_those_of_sympy(seed):
    def slope(f, at):
        z = sympy.Dummy()
        return sympy.diff(f(z), z).subs(z, at)

    for given_ in draws("a-d-of-its-own", seed):
        exact = eval(given_["program"], {"slope": slope, "x": given_["x"]})
        found, seen = CHECKS["a-d-of-its-own"].expected(**given_).values()
        assert found == pytest.approx(float(exact), rel=1e-12)
        assert seen == (7, (given_["c"], 0.0), (given_["x"], 1.5))


def test_the_clock_is_right():
    """Two seconds; and the formula that clockmakers know, 1/16 and 11/3072."""
    names = PS2.reference
    assert names["period"](*names["CLOCK"]) == pytest.approx(2.0, abs=1e-3)
    still = names["period"](1.0, 9.81, 0.0)
    c = names["taylor_coefficients"](lambda a: names["period"](1.0, 9.81, a) / still, 0.0, 4)
    assert c == pytest.approx([1, 0, 1 / 16, 0, 11 / 3072], abs=1e-14)


@pytest.mark.parametrize("amplitude", [0.1, 1.0, 2.0, 3.0])
def test_the_period_is_the_elliptic_integral(amplitude):
    from scipy.special import ellipk

    exact = 4 * math.sqrt(0.7 / 9.81) * ellipk(math.sin(amplitude / 2) ** 2)
    assert PS2.reference["period"](0.7, 9.81, amplitude) == pytest.approx(exact, rel=1e-12)


@MANY
@given(seeds)
def test_inputs_are_general(seed):
    """Points are no special numbers, and all operators and both operand orders occur."""
    for id in ("sums", "products", "quotients", "expressions"):
        for given_ in draws(id, seed):
            numbers = [abs(number) for name in "xy" for number in given_[name]]
            assert not {0.0, 1.0} & set(numbers)
            assert len(set(numbers)) >= 3
    for given_ in draws("gradient-of-a-program", seed):
        gradient = CHECKS["gradient-of-a-program"].expected(**given_)
        assert np.all(gradient != 0)
    assert {len(g["point"]) for s in range(4) for g in draws("gradient-of-a-program", s)} == {2, 3, 4}


EXHIBITS = sys.modules[CHECKS["break-it"].breaks[0].gives.__module__]
EXPRESSIONS = {  # and x
    "(x + 1) * x": 3, "exp(2 * x) - log(x) / sqrt(x)": 0.7, "-x ** -2 + cos(sin(x)) * 3": 1.3, "slope(x * y, y, 2)": 3,
    "x * slope(sin(x * y) + y ** 2, y, -0.5) / slope(exp(y), y, 1)": 0.8, "x * 3 - 5": 2,
}  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_right_value_of_an_exhibit_is_sympys(text):
    x, y = sympy.symbols("x y")
    names = OF_SYMBOLS | {"x": x, "y": y, "slope": lambda f, y, at: sympy.diff(f, y).subs(y, at)}
    derivative = sympy.diff(eval(text, names), x).evalf(subs={x: EXPRESSIONS[text]})
    read = EXHIBITS.read_derivative((text, EXPRESSIONS[text], 0))
    assert EXHIBITS.right(read.thing) == pytest.approx(float(derivative), rel=1e-9)


def test_the_example_of_an_exhibit_is_right_and_exposes_nobody():
    (example,) = re.findall(r'"reflected": (\("x - 5", 2, 1\))', "".join(c.source for c in PS2.set.cells))
    read = EXHIBITS.read_derivative(eval(example))
    assert read.size <= next(wrong.at_most for wrong in EXHIBITS.WRONG if wrong.id == "reflected")
    values = [EXHIBITS.right(read.thing), *(wrong.gives(read.thing) for wrong in EXHIBITS.WRONG)]
    assert values == [read.stated] * 6
