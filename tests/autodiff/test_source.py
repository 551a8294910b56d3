"""Source transformation: the written programs run, read well, and give the derivatives of the other modes."""

import inspect

import numpy as np
import pytest
from autodiff_programs import BINARY, UNARY
from hypothesis import given, settings
from hypothesis import strategies as st
from source_programs import array_programs, module_of, programs

from course_lib.autodiff import (
    InputError,
    NotScalarError,
    SeedError,
    differentiate_source,
    jvp,
    value_and_grad,
)

RNG = np.random.default_rng(11)
PLACES = st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
CONSTANT = 3.0


def lecture(x1: float, x2: float):
    return x1 * x2 + np.sin(x1)


def test_the_lectures_program_forward():
    df = differentiate_source(lecture, wrt=(0, 1))
    assert df.source == (
        "import numpy as np\n\n\n"
        "def lecture_forward(x1, x2, dx1, dx2):\n"
        "    w3 = x1 * x2\n    dw3 = x2 * dx1 + x1 * dx2\n"
        "    w4 = np.sin(x1)\n    dw4 = np.cos(x1) * dx1\n"
        "    w5 = w3 + w4\n    dw5 = dw3 + dw4\n"
        "    return w5, dw5\n"
    )
    value, slope = df(2.0, 5.0, 0.0, 1.0)
    assert (value, slope) == (10 + np.sin(2), 2)


def test_the_lectures_program_reverse_has_both_paths_of_x1():
    df = differentiate_source(lecture, wrt=(0, 1), mode="reverse")
    body = df.source.split("\n")
    assert "    x1_bar = np.cos(x1) * w4_bar" in body
    assert "    x1_bar += x2 * w3_bar" in body
    value, (along_x1, along_x2) = df(2.0, 5.0)
    np.testing.assert_allclose((value, along_x1, along_x2), (10 + np.sin(2), 5 + np.cos(2), 2))


# --- Source = forward = reverse = complex step over random programs --------------------------------------


def complex_steps(f, x, y, n):
    h = 1e-30
    return [np.imag(f(x + 1j * h, y, n)) / h, np.imag(f(x, y + 1j * h, n)) / h]


@settings(max_examples=40)
@given(text=programs(annotated=True), place=PLACES, n=st.integers(0, 4))
def test_random_programs_of_numbers(tmp_path_factory, text, place, n):
    f = module_of(tmp_path_factory.getbasetemp(), text).f
    x, y = map(np.float64, place)
    expected = complex_steps(f, x, y, n)
    value, gradient = differentiate_source(f, (0, 1), "reverse")(x, y, n)
    np.testing.assert_allclose(value, f(x, y, n), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9)
    forward = differentiate_source(f, (0, 1))
    for seed, slope in (((1.0, 0.0), expected[0]), ((0.0, 1.0), expected[1])):
        np.testing.assert_allclose(forward(x, y, n, *seed), (value, slope), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(value_and_grad(lambda a, b: f(a, b, n), (0, 1))(x, y)[1], gradient, rtol=1e-9, atol=1e-9)


@settings(max_examples=20)
@given(text=programs(annotated=False), place=PLACES, n=st.integers(0, 3))
def test_random_programs_without_annotations(tmp_path_factory, text, place, n):
    """Whatever may be an array is summed where it was broadcast; numbers give the same."""
    f = module_of(tmp_path_factory.getbasetemp(), text).f
    x, y = map(np.float64, place)
    along_x = complex_steps(f, x, y, n)[0]
    np.testing.assert_allclose(differentiate_source(f, 0, "reverse")(x, y, n)[1], along_x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(differentiate_source(f, 0)(x, y, n)[1], along_x, rtol=1e-9, atol=1e-9)


@settings(max_examples=50)
@given(text=array_programs(), n=st.integers(0, 3), seed=st.integers(0, 1000))
def test_random_programs_of_arrays(tmp_path_factory, text, n, seed):
    f = module_of(tmp_path_factory.getbasetemp(), text).f
    rng = np.random.default_rng(seed)
    arguments = rng.normal(size=3), rng.normal(size=(2, 1)), rng.normal()
    tangents = rng.normal(size=3), rng.normal(size=(2, 1)), rng.normal()
    value, gradient = differentiate_source(f, (0, 1, 2), "reverse")(*arguments, n)
    forward_value, slope = differentiate_source(f, (0, 1, 2))(*arguments, n, *tangents)
    expected_value, expected = jvp(lambda x, y, s: f(x, y, s, n), arguments, tangents)
    np.testing.assert_allclose([value, forward_value], expected_value, rtol=1e-12)
    np.testing.assert_allclose(slope, expected, rtol=1e-8, atol=1e-8)
    assert [np.shape(g) for g in gradient] == [(3,), (2, 1), ()]
    along = sum(np.sum(g * t) for g, t in zip(gradient, tangents, strict=True))
    np.testing.assert_allclose(along, expected, rtol=1e-8, atol=1e-8)


# --- Every operation ---------------------------------------------------------------------------------------


def operation_programs():
    for name in UNARY:
        if hasattr(np, name):
            yield name, f"def f(x):\n    return np.{name}(x)\n", (UNARY[name],)
    for name in BINARY:
        yield name, f"def f(x, y):\n    return np.{name}(x, y)\n", (RNG.random((2, 1)) + 0.3, RNG.random(3) + 0.4)
    for operator in ["+", "-", "*", "/", "**", "%"]:
        yield operator, f"def f(x, y):\n    return x {operator} y\n", (RNG.random((2, 1)) + 0.3, RNG.random(3) + 0.4)
    X, M = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 3)) + 2 * np.eye(3)
    for call in (
        "np.sum(x)", "np.sum(x, axis=0)", "np.sum(x, axis=1, keepdims=True)", "x.sum(axis=0)", "np.mean(x, axis=1)",
        "np.max(x)", "np.max(x, axis=0)", "np.min(x, 1)", "np.cumsum(x, axis=1)", "np.prod(x)", "np.var(x)", "x.T",
        "np.logaddexp.reduce(x, axis=1)", "np.reshape(x, (3, 2))", "x.reshape((3, 2))", "x[0]",
        "x.reshape(3, 2)", "np.transpose(x)",
        "x[1, 2]", "x[:, 1:]", "x[..., ::-1]", "x[[0, 1, 0]]", "x[:, np.newaxis]", "x[np.array([True, False])]",
        "np.concatenate([x, x * x], axis=1)", "np.stack([x, x])", "np.array([x[0, 0], x[1, 1]])", "abs(x)", "np.abs(x)",
        "np.clip(x, -0.5, 0.5)", "np.linalg.norm(x)", "np.einsum('ij->j', x)", "np.dot(x, x.T)", "x @ x.T",
        "np.where(x > 0, x * x, -x)", "np.outer(x[0], x[1])", "np.tensordot(x, x)", "x.copy()", "+x", "x // 0.5 + x",
        "np.sin(x) * np.floor(x)", "np.expand_dims(x, 0)", "np.broadcast_to(x, (4, 2, 3))", "np.sort(x, axis=1)",
        "x * np.ones_like(x) * x.shape[1] * len(x) * x.ndim * np.size(x)",
    ):  # fmt: skip
        yield call, f"def f(x):\n    return {call}\n", (X,)
    for call in ("np.linalg.inv(x)", "np.linalg.det(x)", "np.linalg.slogdet(x)[1]", "np.linalg.solve(x, B)",
                 "np.linalg.cholesky(x @ x.T)", "np.trace(x)", "np.linalg.eigvalsh(x + x.T)"):  # fmt: skip
        yield call, f"B = np.array([1.0, 2.0, 4.0])\ndef f(x):\n    return {call}\n", (M,)
    yield "x @ y", "def f(x, y):\n    return x @ y\n", (X, RNG.normal(size=(4, 3, 2)))
    yield "x @ y vector", "def f(x, y):\n    return np.matmul(x, y)\n", (X, RNG.normal(size=3))
    yield "solve", "def f(x, y):\n    return np.linalg.solve(x, y)\n", (M, RNG.normal(size=(3, 2)))


@pytest.mark.parametrize(("name", "text", "arguments"), list(operation_programs()))
def test_operations(tmp_path, name, text, arguments):
    """Forward along a direction, and reverse after a weighted sum, as `jvp` and `grad` do."""
    f = module_of(tmp_path, text).f
    wrt = tuple(range(len(arguments)))
    tangents = tuple(RNG.normal(size=a.shape) for a in arguments)
    expected, slope = jvp(f, arguments, tangents)
    got = differentiate_source(f, wrt)(*arguments, *tangents)
    np.testing.assert_allclose(got[0], expected, rtol=1e-12)
    np.testing.assert_allclose(got[1], slope, rtol=1e-9, atol=1e-12)
    assert np.shape(got[1]) == np.shape(expected)
    weights = np.array2string(RNG.normal(size=np.shape(expected)), separator=", ", floatmode="unique")
    inner = text.split("return ", 1)[1].strip()
    whole = module_of(tmp_path, "from numpy import array\n" + text.replace(
        f"return {inner}", f"return np.sum(({inner}) * np.array({weights}))")).f  # fmt: skip
    value, gradient = differentiate_source(whole, wrt, "reverse")(*arguments)
    expected_value, expected_gradient = value_and_grad(whole, wrt)(*arguments)
    np.testing.assert_allclose(value, expected_value, rtol=1e-12)
    for one, other in zip(gradient, expected_gradient, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
        assert np.shape(one) == np.shape(other)


# --- Statements --------------------------------------------------------------------------------------------

STATEMENTS = {
    "a docstring, pass and an annotation": "def f(x):\n    '''Doc.'''\n    pass\n    y: float = x * x\n    return y\n",
    "the argument itself": "def f(x):\n    return x\n",
    "a constant": "def f(x):\n    return 3.5\n",
    "a global number": "def f(x):\n    return x * SCALE + math.pi\n",
    "reassigned": "def f(x):\n    x = x * x\n    x = np.sin(x) * x\n    return x\n",
    "several targets": "def f(x):\n    a = b = x * x\n    return a * np.sin(b)\n",
    "swap": "def f(x):\n    a, b = x, x * x\n    a, b = b, a\n    return a / b + a\n",
    "swap in a loop": (
        "def f(x):\n    a, b = x, x * x\n    for _ in range(3):\n        a, b = b, a + b\n    return a * b\n"
        ""
    ),
    "nested loops": (
        "def f(x):\n    y = 1.0\n    for i in range(3):\n        for j in range(i):\n            y = y * x + j\n"
        "        y = np.sin(y)\n    return y\n"
    ),
    "a loop that is not entered": "def f(x):\n    y = x\n    for _ in range(0):\n        y = y * y\n    return y * x\n",
    "range with a step": (
        "def f(x):\n    y = x\n    for i in range(7, 0, -2):\n        y = y * 0.5 + x ** i\n    return y\n"
        ""
    ),
    "over a tuple": "def f(x):\n    y = 0.0\n    for c in (1.0, -2.0, 0.5):\n        y = y * x + c\n    return y\n",
    "over pairs": (
        "def f(x):\n    y = 0.0\n    for k, c in enumerate((1.0, -2.0, 0.5)):\n        y += c * x ** k\n    return y\n"
    ),
    "over zip": (
        "def f(x):\n    y = x\n    for a, b in zip((1.0, 2.0), (3.0, 4.0)):\n        y = a * y + b * x\n"
        "    return y\n"
    ),
    "the counter after its loop": "def f(x):\n    y = x\n    for i in range(4):\n        y = y * x\n    return y * i\n",
    "a value of the last iteration": (
        "def f(x):\n    for i in range(3):\n        u = x * i\n        v = u * u\n    return u + v * x\n"
    ),
    "the same names in two loops": (
        "def f(x):\n    y = x\n    for i in range(3):\n        t = y * x\n        y = np.sin(t)\n"
        "    for i in range(2):\n        t = y + i\n        y = t * t\n    return y\n"
    ),
    "a constant that becomes active": "def f(x):\n    y = 2\n    for _ in range(3):\n        y = y * x\n    return y\n",
    "an untraced value that changes": (
        "def f(x):\n    k = 1\n    y = x\n    for i in range(4):\n        k = k * 2 + i\n"
        "        y = np.sin(y * k)\n    return y\n"
    ),
    "branches": (
        "def f(x, n=3):\n    if n > 2:\n        y = x * x\n    elif n == 2:\n        y = x\n    else:\n"
        "        y = 1.0\n    return y * x\n"
    ),
    "one branch": "def f(x, n=3):\n    y = x\n    if n > 2:\n        y = y * y\n    return y\n",
    "branches in a loop": (
        "def f(x):\n    y = x\n    for i in range(5):\n        if i % 2:\n"
        "            t = y * x\n            y = np.cos(t)\n"
        "        else:\n            y = y + x * i\n    return y\n"
    ),
    "a value of either branch that is read behind them, in a loop": (
        "def f(x):\n    for i in range(4):\n        if i % 2:\n            u = np.sin(x)\n"
        "        else:\n            u = np.cos(x)\n        x = np.sin(x + u * x)\n    return x\n"
    ),
    "a loop in a branch in a loop": (
        "def f(x):\n    y = x\n    for i in range(4):\n        if i % 2 == 0:\n            for j in range(i):\n"
        "                y = np.sin(y * x + j)\n        y = y * 1.5\n    return y\n"
    ),
    "early returns": (
        "def f(x, n=2):\n    if n == 0:\n        return x\n    y = x * x\n    if n == 1:\n        return y\n"
        "    y = y * x\n    return y + 1\n"
    ),
    "conditional expression": "def f(x, n=2):\n    return (x * x if n == 2 else x) * np.sin(x if n > 5 else 2 * x)\n",
    "test on a shape": "def f(x):\n    if np.ndim(x) == 0:\n        return x * x\n    return x\n",
    "chained comparison of constants": (
        "def f(x, n=2):\n    if 0 < n <= 3 and not n == 1:\n        x = x * n\n    return x * x\n"
        ""
    ),
    "functions": (
        "def g(a, b, c=2.0):\n    return a * b + c\ndef h(a):\n    return g(a, b=a) * g(1.5, a, c=a)\n"
        "def f(x):\n    return h(x) + g(x, 2)\n"
    ),
    "recursion": (
        "def p(x, n):\n    if n == 0:\n        return 1.0\n    return x * p(x, n - 1)\ndef f(x):\n"
        "    return p(x, 4) + p(x, 0)\n"
    ),
    "a function in a loop": (
        "def g(a, b):\n    t = a * b\n    for i in range(2):\n        t = np.sin(t) + a\n    return t\n"
        "def f(x):\n    y = x\n    for i in range(3):\n        y = g(y, x)\n    return y\n"
    ),
    "a lambda": "f = lambda x: x * np.exp(-x)\n",
    "names like those that are written": (
        "def f(x):\n    dx = x * x\n    w2 = dx * 3\n    saved = w2 + dx\n    x_bar = saved * x\n"
        "    return x_bar\n"
    ),
    "a comprehension of constants": (
        "def f(x, n=3):\n    total = sum(c * c for c in range(n))\n"
        "    return x * total + len([c for c in (1, 2)])\n"
    ),
    "a name that one branch leaves without a value": (
        "def f(x, n=2):\n    if n > 2:\n        t = x * x\n    else:\n        y = x\n"
        "    t = np.sin(x)\n    return t * x\n"
    ),
    "unused": "def f(x):\n    y = np.sin(x)\n    z = x * x\n    return z\n",
    "absolute value of a number": "def f(x):\n    return abs(x) * np.sign(x) * x\n",
    "by the names of modules": (
        "import numpy\nfrom numpy import sin as sine\ndef f(x):\n    return numpy.cos(x) * sine(x)\n"
        ""
    ),
    "unary plus, floor": "def f(x):\n    return +x * np.floor(3 * x) + (x > 0) * x\n",
}  # fmt: skip


@pytest.mark.parametrize("annotated", [False, True])
@pytest.mark.parametrize("name", STATEMENTS)
def test_statements(tmp_path, name, annotated):
    text = STATEMENTS[name].replace("def f(x", "def f(x: float") if annotated else STATEMENTS[name]
    f = module_of(tmp_path, text).f
    x, h = 0.83, 1e-6
    slope = (f(x + h) - f(x - h)) / (2 * h)
    for mode in ("forward", "reverse"):
        value, got = differentiate_source(f, mode=mode)(x)
        np.testing.assert_allclose((value, got), (f(x), slope), rtol=1e-8, atol=1e-8, err_msg=mode)


def test_the_text_stays_short_however_long_the_loop_is(tmp_path):
    f = module_of(
        tmp_path, "def f(x: float, n: int):\n    for _ in range(n):\n        x = np.sin(x) + x * 0.1\n    return x\n"
    ).f
    df = differentiate_source(f, mode="reverse")
    assert len(df.source.split("\n")) < 30
    expected = value_and_grad(lambda x: f(x, 2000))(0.4)
    np.testing.assert_allclose(df(0.4, 2000), expected, rtol=1e-10)


def test_the_text_runs_alone(tmp_path):
    """The source, executed on its own, is the derivative: it needs nothing but its imports."""
    f = module_of(tmp_path, STATEMENTS["functions"]).f
    for mode in ("forward", "reverse"):
        df = differentiate_source(f, mode=mode)
        space = {}
        exec(df.source, space)
        np.testing.assert_allclose(space[df.__name__](0.83), df(0.83))


def test_the_text_can_be_transformed_again(tmp_path):
    """The derivative of a derivative, by reading what was written."""
    first = differentiate_source(module_of(tmp_path, "def f(x: float):\n    return x * np.sin(x)\n").f)
    written = module_of(tmp_path, first.source + "\n\ndef slope(x: float):\n" + "\n".join(
        line for line in first.source.split("\n")[4:]).replace("return w3, dw3", "return dw3").replace(
        "    w2", "    dx = 1.0\n    w2", 1)).slope  # fmt: skip
    x = 0.7
    second = differentiate_source(written, mode="reverse")(x)
    np.testing.assert_allclose(second, (np.sin(x) + x * np.cos(x), 2 * np.cos(x) - x * np.sin(x)))


def test_what_was_written_can_be_read_by_tools():
    assert "w3 = x1 * x2" in differentiate_source(lecture).source
    assert inspect.signature(differentiate_source).parameters["mode"].default == "forward"


def test_a_derivative_of_ones_own_is_used(tmp_path):
    """What custom_derivative made is called, and its rule is used, not the text inside; also in a loop."""
    f = module_of(
        tmp_path,
        """
        from course_lib.autodiff import checkpoint, custom_derivative

        cube = custom_derivative(lambda x: float(x) ** 3, forward=lambda t, y, x: 7 * t, reverse=lambda g, y, x: 7 * g)
        again = checkpoint(lambda x: np.sin(x) * x)

        def f(x: float):
            for _ in range(2):
                x = cube(x) + again(x)
            return x
    """,
    ).f
    for mode in ("forward", "reverse"):
        x, slope = 0.3, 1.0
        for _ in range(2):
            x, slope = x**3 + np.sin(x) * x, slope * (7 + np.cos(x) * x + np.sin(x))
        np.testing.assert_allclose(differentiate_source(f, mode=mode)(0.3), (x, slope), rtol=1e-12)


def test_several_results_forward(tmp_path):
    f = module_of(tmp_path, "def f(x):\n    return x * x, 3.0, np.sin(x)\n").f
    value, slope = differentiate_source(f)(2.0)
    np.testing.assert_allclose(value, (4, 3, np.sin(2)))
    np.testing.assert_allclose(slope, (4, 0, np.cos(2)))


def test_arguments_in_another_order_and_by_name(tmp_path):
    f = module_of(tmp_path, "def f(x, y=3.0, n=2):\n    return x * x * y * n\n").f
    value, (along_y, along_x) = differentiate_source(f, (1, 0), "reverse")(2.0, n=5)
    assert (value, along_y, along_x) == (60, 20, 60)
    assert differentiate_source(f, (0,), "reverse")(2.0)[1] == (24,)
    assert differentiate_source(f, (1, 0))(2.0, 3.0, 5, 1.0, 0.0)[1] == 20


def test_integers_are_promoted():
    assert differentiate_source(lecture, 1)(2, 5)[1] == 2
    value, slope = differentiate_source(lambda x: x**-1)(2)
    assert (value, slope) == (0.5, -0.25)


def test_numpys_meaning_stands(tmp_path):
    """A float is a NumPy float: the cube root of a negative number is nan, not complex; a division by 0 is inf."""
    f = module_of(tmp_path, "def f(x: float):\n    return x ** (1 / 3)\n").f
    with np.errstate(invalid="ignore"):
        assert np.isnan(differentiate_source(f)(-8.0)[0])


def test_wrong_calls_are_refused_in_words(tmp_path):
    f = module_of(tmp_path, "def f(x, a: float):\n    return x * a\n").f
    with pytest.raises(ValueError, match="'backward'; expected 'forward' or 'reverse'"):
        differentiate_source(f, mode="backward")
    with pytest.raises(ValueError, match="'fortran'; expected 'python' or 'c'"):
        differentiate_source(f, language="fortran")
    with pytest.raises(ValueError, match="forward mode only"):
        differentiate_source(f, mode="reverse", language="c")
    with pytest.raises(InputError, match="wrt is 2, and f has 2 arguments"):
        differentiate_source(f, 2)
    with pytest.raises(InputError, match="annotated as a number, and was given an array of shape \\(2,\\)"):
        differentiate_source(f)(1.0, np.ones(2))
    with pytest.raises(InputError, match="Complex numbers"):
        differentiate_source(f)(1j, 2.0)
    with pytest.raises(SeedError, match="expected one for each argument"):
        differentiate_source(f)(np.ones(3), 2.0)
    with pytest.raises(SeedError, match="expected one for each argument"):
        differentiate_source(f, (0, 1))(1.0, 2.0)
    with pytest.raises(NotScalarError, match="returned shape \\(3,\\); reverse mode needs one number"):
        differentiate_source(f, mode="reverse")(np.ones(3), 2.0)
    pair = module_of(tmp_path, "def f(x):\n    return x, x * x\n").f
    with pytest.raises(NotScalarError, match="returns a tuple"):
        differentiate_source(pair, mode="reverse")


SAVED_BEFORE = """
import numpy as np
from course_lib.autodiff.rules import kept, put, share, summed_to
from course_lib.autodiff.compositions import from_last


def f_reverse(x):
    w2 = np.max(x, axis=0)
    w3 = x[1]
    w4 = np.exp(w3)
    w5 = w2 * w4
    w6 = np.sum(w5)
    w6_bar = 1.0
    w5_bar = np.broadcast_to(w6_bar, np.shape(w5))
    w2_bar = summed_to(np.shape(w2), w4 * w5_bar)
    w4_bar = summed_to(np.shape(w4), w2 * w5_bar)
    w3_bar = w4 * w4_bar
    x_bar = put(w3_bar, index=1, shape=np.shape(x))
    x_bar = x_bar + kept(w2_bar, from_last(0, np.ndim(x)), False) * share(x, w2, from_last(0, np.ndim(x)), False)
    return w6, x_bar
"""


def test_a_program_that_was_saved_before_still_runs(tmp_path):
    x = RNG.normal(size=(3, 4))
    value, gradient = module_of(tmp_path, SAVED_BEFORE).f_reverse(x)
    assert value == pytest.approx(np.sum(x.max(axis=0) * np.exp(x[1])))
    slope = (x == x.max(axis=0)) * np.exp(x[1])
    slope[1] += x.max(axis=0) * np.exp(x[1])
    np.testing.assert_allclose(gradient, slope, rtol=1e-14)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_function_that_reshapes_before_its_one_rule_is_composed(tmp_path, mode):
    """np.cumsum without an axis flattens first: more than the one rule that it ends with."""
    f = module_of(tmp_path, "def f(x):\n    return np.sum(np.cumsum(x) * 2.0)\n").f
    x, t = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 3))
    weights = 2.0 * np.arange(6, 0, -1).reshape(2, 3)
    made = differentiate_source(f, mode=mode)
    if mode == "forward":
        assert made(x, t)[1] == pytest.approx(np.sum(weights * t))
    else:
        np.testing.assert_allclose(made(x)[1], weights)
