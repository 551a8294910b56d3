"""The derivative in C: it compiles without a warning, and gives the numbers of the Python text."""

import shutil
import subprocess
import textwrap

import numpy as np
import pytest
from autodiff_programs import BINARY, UNARY
from hypothesis import given, settings
from hypothesis import strategies as st
from source_programs import module_of, programs

from course_lib.autodiff import InputError, SourceError, differentiate_source
from course_lib.autodiff.source import c as source_c

needs_compiler = pytest.mark.skipif(
    shutil.which("cc") is None, reason="there is no C compiler; .ci/system-packages installs gcc"
)


def lecture(x1: float, x2: float):
    return x1 * x2 + np.sin(x1)


def test_the_lectures_diff_function_made_right():
    """The caller gives the place for value and derivative; no address of a local array is returned."""
    df = differentiate_source(lecture, wrt=(0, 1), language="c")
    assert df.source == (
        "#include <math.h>\n\n"
        "void diff_lecture(double x1, double x2, double dx1, double dx2, double df[2]) {\n"
        "    double w3, w4, w5, dw3, dw4, dw5;\n"
        "    w3 = x1 * x2;\n    dw3 = x2 * dx1 + x1 * dx2;\n"
        "    w4 = sin(x1);\n    dw4 = cos(x1) * dx1;\n"
        "    w5 = w3 + w4;\n    dw5 = dw3 + dw4;\n"
        "    df[0] = w5;\n    df[1] = dw5;\n}\n"
    )


@needs_compiler
def test_it_runs_and_is_called_like_the_python_text():
    df = differentiate_source(lecture, wrt=1, language="c")
    np.testing.assert_allclose(df(2.0, 5.0), (10 + np.sin(2), 2), rtol=1e-15)
    assert df(2.0, x2=5.0) == df(2.0, 5.0, 1.0)


@needs_compiler
@settings(max_examples=15)
@given(text=programs(annotated=True), place=st.tuples(*[st.floats(-1.5, 1.5)] * 2), n=st.integers(0, 4))
def test_random_programs_in_c(tmp_path_factory, text, place, n):
    """The same numbers as the function itself and its complex step; the compiler has nothing to say."""
    folder = tmp_path_factory.mktemp("c")
    f = module_of(folder, text.replace("in (1, 3)", "in range(1, 4, 2)")).f
    x, y = map(np.float64, place)
    df = differentiate_source(f, 1, language="c")
    np.testing.assert_allclose(df(x, y, n)[0], f(x, y, n), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(df(x, y, n)[1], np.imag(f(x, y + 1e-30j, n)) / 1e-30, rtol=1e-9, atol=1e-9)
    path = folder / "derivative.c"
    path.write_text(df.source)
    done = subprocess.run(
        ["cc", "-std=c99", "-Wall", "-Wno-unused", "-Wno-maybe-uninitialized", "-fsyntax-only", str(path)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert not done.stderr, done.stderr


@needs_compiler
def test_every_elementwise_operation(tmp_path):
    """One program with all of them: what C has not is written into the text."""
    unary = [name for name in UNARY if isinstance(getattr(np, name), np.ufunc)]
    lines = ["def f(x: float, y: float, k: int):", "    if k < 0:", "        z = x * y"]
    for k, name in enumerate([*unary, *BINARY]):
        call = f"np.{name}(x)" if name in UNARY else f"np.{name}(x, y)"
        lines += [f"    elif k == {k}:", f"        z = {call} * y"]
    lines += ["    else:", "        z = np.where(x > y, x * x, y) + abs(x) ** y + (x % 0.3) + np.sign(x) * x + math.pi"]
    f = module_of(tmp_path, "\n".join([*lines, "    return z\n"])).f
    compiled, python = (differentiate_source(f, (0, 1), language=language) for language in ("c", "python"))
    rng = np.random.default_rng(5)
    for k in range(-1, len(unary) + len(BINARY) + 1):
        for x, y in [(0.4, 0.7), (0.8, 0.3), *rng.uniform(0.1, 0.9, (2, 2))]:
            x = x + 1.5 if 0 <= k < len(unary) and unary[k] == "arccosh" else x
            np.testing.assert_allclose(compiled(x, y, k, 0.3, -1.1), python(x, y, k, 0.3, -1.1), rtol=1e-12, atol=1e-15)


@needs_compiler
def test_signs_and_limits_are_those_of_python(tmp_path):
    f = module_of(
        tmp_path,
        """
        def f(x: float, y: float, n: int):
            k = 0
            for i in range(n, -n, -2):
                k = k + i % 3 - (-i) % 4
            return np.remainder(x, y) + k + np.logaddexp(x, y) + np.maximum(x, y) * 1 / 3 + np.logaddexp2(y, x)
    """,
    ).f
    df = differentiate_source(f, (0, 1), language="c")
    for x, y, n in [(-1.3, 0.4, 5), (1.3, -0.4, 4), (700.0, -700.0, 0), (2.0, 2.0, 1), (float("nan"), 1.0, 2)]:
        expected = differentiate_source(f, (0, 1))(x, y, n, 1.0, 0.5)
        np.testing.assert_allclose(df(x, y, n, 1.0, 0.5), expected, rtol=1e-13)


@needs_compiler
@pytest.mark.parametrize(
    "lines",
    [
        "x += x\nreturn x * y",  # what the caller gives may be a fraction, also where it is only added to itself
        "return -(-(0.3)) * x * y",  # in C, -- counts down
        "return -(-y) * x - (-x)",
        "for x in range(n):\n    y = y * (x + 0.5)\nreturn x * y",  # the counter ends on the last number, not behind it
        "i = 7\nfor i in range(n - 5):\n    y = y * y\nreturn x * y + i",  # and no number leaves it as it was
        "for i in range(n):\n    i = i + 1\n    n = n - 1\n    y = y * (x + i)\nreturn y * n",  # the range is fixed
        "for i in range(n):\n    for i in range(2, i, -1):\n        y = y * (x + i)\nreturn y * i",
    ],
)
def test_what_c_reads_otherwise_than_python(tmp_path, lines):
    f = module_of(tmp_path, "def f(x: float, y: float, n: int):\n" + textwrap.indent(lines, "    ")).f
    compiled, python = (differentiate_source(f, 1, language=language) for language in ("c", "python"))
    np.testing.assert_allclose(compiled(0.25, -0.75, 3), python(0.25, -0.75, 3), rtol=1e-15)


REFUSED = {
    "def f(x):\n    return x[0]\n": (2, "arrays", "numbers"),
    "def f(x):\n    y = x\n    return np.sum(y)\n": (3, "arrays", "numbers"),
    "def f(x):\n    return np.stack([x, x])\n": (2, "arrays", "numbers"),
    "def f(x):\n    double = x * x\n    return double\n": (1, "word of C", "another name"),
    "def f(x):\n    return x, x\n": (1, "tuple", "one number"),
    "def f(x):\n    y = x\n    for a in (1.0, 2.0):\n        y = y * a\n    return y\n": (3, "range", "range"),
    "def f(x, n):\n    k = n // 2\n    return x * k\n": (2, "not written in C", r"\+ - \*"),
    "def f(x, n):\n    a, b = divmod(n, 2)\n    return x * a\n": (2, "several names", "one name"),
    "def f(x, n):\n    if n is None:\n        x = x * x\n    return x\n": (2, "comparison", "numbers"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_c_has_not_is_refused_with_its_line(tmp_path, text):
    line, what, instead = REFUSED[text]
    before = 5  # lines that stand above the function in its module
    with pytest.raises(SourceError, match=f"line {before + line}: .*{what}.*Instead, .*{instead}") as caught:
        differentiate_source(module_of(tmp_path, "\n" + text).f, language="c")
    assert caught.value.line == before + line


def test_without_a_compiler_the_text_is_there_and_a_call_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(source_c.shutil, "which", lambda name: None)
    df = differentiate_source(lecture, language="c")
    assert "diff_lecture" in df.source
    with pytest.raises(SourceError, match=r"no C compiler here.*text is in `source`.*apt-get install gcc"):
        df(1.0, 2.0)


@needs_compiler
@pytest.mark.parametrize(
    ("lines", "n"),
    [
        ("return x * (n * n)", 100_000),  # greater than C's int
        ("n = n * n\nk = n * n\nreturn x * k", 100_000),
        ("k = n\nfor i in range(3):\n    k = k * n + i * 3_000_000_000\nreturn x * k", 90_000),
        ("return x * n + 12345678901234567890", 2),
        ("return x * (1 / n + n / 2 + (n - 7) % 3)", 4),
        ("return grown(x, n * n)", 70_000),
        ("return factorial(x, n)", 5),
    ],
)
def test_whole_numbers_do_not_overflow(tmp_path, lines, n):
    text = """
def grown(a: float, k: int):
    return a * k * k

def factorial(a: float, k: int):
    return a if k <= 1 else k * factorial(a, k - 1)

def f(x: float, n: int):
"""
    f = module_of(tmp_path, text + textwrap.indent(lines, "    ")).f
    compiled, python = (differentiate_source(f, language=language) for language in ("c", "python"))
    np.testing.assert_allclose(compiled(1.25, n), python(1.25, n), rtol=1e-15)
    np.testing.assert_allclose(compiled(1.25, n)[0], f(1.25, n), rtol=1e-15)


@needs_compiler
def test_a_fraction_is_not_cut_to_a_whole_number(tmp_path):
    text = "def g(a: float, k: int):\n    return a * k\ndef f(x: float, n: int):\n    return x * n\n"
    df = differentiate_source(module_of(tmp_path, text).f, language="c")
    for wrong in (2.5, 2**31, float("nan")):
        with pytest.raises(InputError, match=r"n is .*whole number.*annotate the parameter as float"):
            df(3.0, wrong)
    assert df(3.0, 4.0) == (12.0, 4.0)
    other = module_of(tmp_path, text + "def h(x: float, m: float):\n    return g(x, m / 2)\n").h
    with pytest.raises(SourceError, match="may be none"):
        differentiate_source(other, language="c")


def test_conditions_are_not_added_as_numbers(tmp_path):
    """NumPy's True + True is True, C's is 2."""
    f = module_of(tmp_path, "def f(x: float):\n    return ((x > 0) + (x > 1)) * x\n").f
    assert differentiate_source(f)(np.float64(3.0)) == (3.0, 1.0)
    with pytest.raises(SourceError, match=r"line \d+.*conditions.*np.where"):
        differentiate_source(f, language="c")
