"""The evaluation trace: the lecture's table, and the same numbers as the other modes for every program."""

import numpy as np
import pytest
from autodiff_programs import BINARY, UNARY

from course_lib.autodiff import InputError, evaluation_trace, grad, jacfwd, jvp

DOT, BAR = "\u0307", "\u0304"


def lecture(x1, x2):
    return x1 * x2 + np.sin(x1)


def test_the_lectures_table():
    table = evaluation_trace(lecture, 2.0, 5.0, wrt=1)
    statements = [row.statement for row in table.rows]
    assert statements == ["w1 = x1", "w2 = x2", "w3 = w1 * w2", "w4 = sin(w1)", "w5 = w3 + w4"]
    assert [row.derivative.replace(f"w{DOT}", "d") for row in table.rows] == [
        "d1 = 0", "d2 = 1", "d3 = w2 * d1 + w1 * d2", "d4 = cos(w1) * d1", "d5 = d3 + d4",
    ]  # fmt: skip
    np.testing.assert_allclose([row.slope for row in table.rows], [0, 1, 2, 0, 2])
    np.testing.assert_allclose([row.value for row in table.rows], [2, 5, 10, np.sin(2), 10 + np.sin(2)])
    assert table.slope == 2


def test_the_reverse_table_has_both_paths_of_x1():
    table = evaluation_trace(lecture, 2.0, 5.0, mode="reverse")
    sweep = [row.derivative.replace(f"w{BAR}", "b") for row in table.rows if row.derivative]
    assert sweep == ["b5 = 1", "b3 += b5", "b4 += b5", "b1 += cos(w1) * b4", "b1 += w2 * b3", "b2 += w1 * b3"]
    assert table.slope == (5 + np.cos(2), 2)


def test_an_interior_value_that_is_used_twice():
    table = evaluation_trace(lambda x: (lambda y: y * y + y)(x * x), 2.0, mode="reverse")
    assert table.slope == (36,)


def test_text_and_html():
    table = evaluation_trace(lecture, 2.0, 5.0)
    text = str(table)
    assert text == repr(table)
    assert text.splitlines()[0].split() == ["original", "program", "dual", "program"]
    assert len(text.splitlines()) == 6
    page = evaluation_trace(lambda x: np.where(x < 3, x, 0.0), 2.0)._repr_html_()
    assert page.count("<tr>") == 3
    assert "<script" not in page
    assert len(table.first(2).rows) == 2
    assert "array" not in str(evaluation_trace(lambda x: np.sum(x * x), np.ones(3)))


@pytest.mark.parametrize("name", UNARY)
def test_every_unary_function(name):
    x = UNARY[name][0, 0]
    f = getattr(np, name)
    assert evaluation_trace(f, x).slope == pytest.approx(float(jacfwd(f)(x)), rel=1e-14)
    assert evaluation_trace(f, x, mode="reverse").slope[0] == pytest.approx(float(jacfwd(f)(x)), rel=1e-14)


@pytest.mark.parametrize("name", BINARY)
def test_every_binary_function(name):
    f = getattr(np, name)
    for wrt in (0, 1):
        assert evaluation_trace(f, 1.3, 0.4, wrt=wrt).slope == pytest.approx(grad(f, wrt)(1.3, 0.4), rel=1e-14)


@pytest.mark.parametrize(
    ("f", "statement", "derivative"),
    [
        (lambda x: x**3, "w1**3", "3 * w1**2 * d1"),
        (lambda x: 2 / x, "2 / w1", "-w2 / w1 * d1"),
        (lambda x: 1 - x, "1 - w1", "-d1"),
        (lambda x: np.exp(x), "exp(w1)", "w2 * d1"),
        (lambda x: np.log(x), "log(w1)", "d1 / w1"),
        (lambda x: np.tanh(x), "tanh(w1)", "(1 - w2 * w2) * d1"),
        (lambda x: np.sqrt(x), "sqrt(w1)", "0.5 / w2 * d1"),
        (lambda x: abs(x), "|w1|", "sign(w1) * d1"),
        (lambda x: np.arctan(x), "arctan(w1)", "d1 / (1 + w1 * w1)"),
        (lambda x: x + x, "w1 + w1", "d1 + d1"),
        (lambda x: -3 * x, "-3 * w1", "-3 * d1"),
        (lambda x: x - (-2), "w1 + 2", "d1"),
        (lambda x: x * -2, "w1 * (-2)", None),
        (lambda x: 2.0**x, "2**w1", None),
        (lambda x: +x, "w1", "d1"),
    ],
)
def test_rules_are_written_as_one_would(f, statement, derivative):
    row = evaluation_trace(f, 2.0).rows[1]
    assert row.statement == f"w2 = {statement}"
    if derivative is not None:
        assert row.derivative.replace(f"w{DOT}", "d") == f"d2 = {derivative}"


def test_what_a_row_says_is_what_it_computes():
    """The texts, run as Python, give the numbers beside them."""

    def f(x, a):
        return np.exp(-(x**3) / a) * np.sqrt(x - 2 * a) + np.tanh(x) * np.log(x) / (1 - x) - 2.0**a + x**-2

    names = {name: getattr(np, name) for name in ("exp", "sqrt", "tanh", "log", "cos", "sin")}
    values = {"x1": 2.0, "x2": 0.5, **names}
    for row in evaluation_trace(f, 2.0, 0.5).rows:
        for text, number in ((row.statement, row.value), (row.derivative.replace(DOT, "dot"), row.slope)):
            name, _, expression = text.partition(" = ")
            values[name] = eval(expression, {}, values)
            assert values[name] == pytest.approx(float(number), rel=1e-5, abs=1e-12)


def test_arrays():
    A = np.arange(6.0).reshape(2, 3)

    def f(x):
        return np.sum((A @ x) * x[0] + np.concatenate((x[:1], x[1:2]))) + np.max(x)

    x = np.array([1.0, 2.0, 4.0])
    table = evaluation_trace(f, x)
    assert table.slope == pytest.approx(jvp(f, (x,), (np.ones(3),))[1])
    assert any("matmul(constant[2, 3], w1)" in row.statement for row in table.rows)
    np.testing.assert_allclose(evaluation_trace(f, x, mode="reverse").slope[0], grad(f)(x))


def test_what_cannot_be_traced():
    with pytest.raises(ValueError, match="'backward'"):
        evaluation_trace(lecture, 1.0, 2.0, mode="backward")
    with pytest.raises(InputError, match="wrt is 2"):
        evaluation_trace(lecture, 1.0, 2.0, wrt=2)
    with pytest.raises(InputError, match="tuple"):
        evaluation_trace(lambda x: (x, x), 1.0)
    with pytest.raises(InputError, match="constant"):
        evaluation_trace(lambda x: 3.0, 1.0)
