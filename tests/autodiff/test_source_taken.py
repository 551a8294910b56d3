"""What the source transformation takes is right: the ways in which a text could differ from the program that runs."""

import numpy as np
import pytest
from random_programs import function_of

from course_lib.autodiff import SourceError, differentiate_source, jvp, value_and_grad
from course_lib.autodiff.rules.forms import HANDLERS
from course_lib.autodiff.source import taken

X = np.array([1.2, -0.4, 2.1])
M = np.array([[0.3, 1.1, -0.7], [1.9, 0.2, 0.8]])

# Each of them gave a wrong number, or no number, in one of the modes.
PROGRAMS = {
    "adjoints of numbers that are shared": ("x: float", "b = np.sin(x)\nreturn b*b + b + np.clip(x, -0.5, 0.7)", 0.6),
    "the same twice": ("x: float", "b = np.sin(x)\nc = np.fmax(b, x)\nreturn c + b + np.clip(c + b, -9, 9) + x", 0.6),
    "a maximum used twice": ("x", "m = np.max(x)\nreturn np.sum(m*m + m)", X),
    "a number among arrays": ("x", "m = np.sum(x)\nreturn np.sum(m * x + m) + m", X),
    "a number chosen": ("x: float", "y = np.where(x > 0, x * x, x)\nz = y + x\nreturn z * y + y", 0.6),
    "methods of ufuncs reduce the first axis": ("x", "return np.sum(np.add.reduce(x) ** 2)", M),
    "their maximum too": ("x", "return np.sum(np.maximum.reduce(x) ** 2) + np.sum(np.minimum.reduce(x, -1) ** 3)", M),
    "reshape with -1": ("x", "return np.sum(np.reshape(x, -1) ** 2 * np.arange(6)) + np.sum(x.reshape(3, 2)[0])", M),
    "transposed by numbers": ("x", "return np.sum(x.transpose(1, 0)[0] * 3) + np.sum(np.transpose(x, (1, 0)) ** 2)", M),
    "numbers are reduced along their last axis too": (
        "x", "y = np.sum(np.min(x, axis=-1), axis=-1)\nz = np.max(y, axis=-1)\nreturn np.sum(z * y, axis=-1) * z", M),
    "and summed up along it": ("x", "y = np.sum(x, axis=-1)\nreturn np.sum(np.cumsum(y, axis=-1) ** 2)", X),
    "and along their first": ("x", "y = np.sum(x, axis=0)\nreturn np.max(np.sum(y, axis=0), axis=0) * y", X),
    "one of as many arrays as are given": (
        "x", "return np.sum(np.atleast_2d(x[0], x)[1] ** 2) * np.sum(np.atleast_1d(x[0, 0], x[1])[0])", M),
    "places found by values": ("x", "return x[np.argmax(x), ...] * 2 + np.sum(np.nonzero(x > 1)[0] * x[0])", X),
    "a part of a sum": (
        "x", "y = x.sum(where=np.array([True, False, True])) * np.max(x, initial=0.3)\n"
             "return y + np.sum(x * x, where=x > 0.4)", X),
    "conditions added": ("x", "return np.sum(((x > 0) + (x > 1)) * x) + 0.5", X),
    "nothing but conditions": ("x", "return np.sum((x > 0) + 1.0) + np.sum(x)", X),
    "a name of an index": ("x", "i = 1\ni = i + 1\nfor k in range(2):\n    i = i - 1\nreturn x[i] * x[i + 1]", X),
    "a comprehension": ("x", "k = 2\nk = k + 1\nreturn np.sum(x) * sum(j * k for j in range(3))", X),
    "the same array under two names": ("x", "y = x\ny = y + 1\nz = y\nz = z * x\nreturn np.sum(x * y * z)", X),
    "a loop over a list": ("x", "y = 1.0\nfor c in np.array([0.5, 2.0]) * 3:\n    y = y * x[0] + c\nreturn y", X),
    "a loop over pairs": ("x", "y = 1.0\nfor c, d in zip([1.0, 2.0], (3, 4)):\n    y = y * x[d - 3] + c\nreturn y", X),
    "the last iteration of an inner loop": (
        "x", "y = x\nfor i in range(3):\n    for j in range(2):\n        u = y * (j + 1)\n        v = u * u\n"
             "    y = np.sin(u) * v\nreturn np.sum(y) + np.sum(u) * np.sum(v)", X),
    "a number that becomes an array in a loop": (
        "x: float", "for i in range(2):\n    v = x ** 3\n    x = np.stack([v, v * v])\n"
                    "return np.sum(x * x) + np.sum(v)", 0.6),
    "an array that grows in a loop": (
        "x", "y = np.cumsum(x)\nfor i in range(3):\n    for j in range(i):\n        y = np.sin(y)\n"
             "    y = np.concatenate([y, x])\n    w = np.reshape(y, -1) * 2\nreturn np.sum(y * y) + np.sum(w * w)", X),
    "a value that the loop does not read": (
        "x", "y = np.flip(x)\nfor i in range(2):\n    y = x * 2.0\nreturn np.sum(y * y)", X),
}  # fmt: skip


def program(parameters, lines, before=""):
    return function_of(before + f"def f({parameters}):\n" + "".join(f"    {line}\n" for line in lines.split("\n")))


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_text_does_what_the_program_does(name):
    parameters, lines, x = PROGRAMS[name]
    f = program(parameters, lines)
    value, gradient = value_and_grad(f)(x)
    np.testing.assert_allclose(value, f(x), rtol=1e-14)
    for got, expected in zip(differentiate_source(f, mode="reverse")(x), (value, gradient), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)
        assert type(got) is type(expected)
    tangent = np.cos(x) if np.ndim(x) else 1.0
    np.testing.assert_allclose(differentiate_source(f)(x, tangent), (value, np.sum(gradient * tangent)), rtol=1e-12)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_what_is_not_the_same_twice_is_computed_once(mode):
    """A generator of random numbers, a function that counts, an iterator: as often as the program asks."""
    before = """
r = np.random.default_rng(3)
seen = []

def count():
    seen.append(1)
    return len(seen)

"""
    lines = (
        "y = x * r.normal() + count()\na, b = y * 2, r.normal()\n"
        "for c in once:\n    y = y * c + a * r.normal()\nreturn y * b"
    )
    f = program("x: float, once", lines, before)
    expected = f(1.5, iter([1.0, 2.0, 3.0]))
    assert f(1.5, [1.0, 2.0, 3.0]) != expected
    again = program("x: float, once", lines, before)
    df = differentiate_source(again, mode=mode)
    value, got = df(1.5, iter([1.0, 2.0, 3.0])) if mode == "reverse" else df(1.5, iter([1.0, 2.0, 3.0]), 1.0)
    assert value == expected
    assert again.__globals__["seen"] == [1]
    known = np.random.default_rng(3).normal(size=5)
    y1, a1 = known[0], 2 * known[0]
    for c, n in zip((1.0, 2.0, 3.0), known[2:], strict=True):
        y1 = y1 * c + a1 * n
    np.testing.assert_allclose(got, y1 * known[1], rtol=1e-13)


def test_gradients_share_no_memory():
    f = program("x, y", "return np.sum(x + y)")
    _, (gx, gy) = differentiate_source(f, (0, 1), "reverse")(X, X)
    gx += 5  # and it can be written
    np.testing.assert_array_equal(gy, np.ones(3))


def test_a_derivative_that_is_zero_has_the_shape_of_its_value():
    for lines in ("return np.copysign(X, x)", "return (x > 0) + 1.0", "return np.floor(x) + X"):
        f = program("x", lines, f"X = np.array({X.tolist()})\n")
        _, slope = differentiate_source(f)(X, np.ones(3))
        np.testing.assert_array_equal(slope, np.zeros(3))
        assert slope.dtype == float


def test_a_tangent_has_the_shape_of_what_it_belongs_to():
    """Where a term reads no array that stretches the result, the tangent is stretched."""
    before = f"M = np.array({M.tolist()})\nX = np.array({X.tolist()})\n"
    programs = ("x[:, :1] + X", "X - x[:1, :]", "np.where(x[:1, :] > 0, x[:1, :], M)", "np.power(M, 2.0) + x",
                "np.maximum(x[:, :1], X)", "(x[:, :1] + X) % M")  # fmt: skip
    for formula in programs:
        f = program("x", f"return {formula}", before)
        found = differentiate_source(f)(M, np.ones((2, 3)))
        for got, expected in zip(found, jvp(f, (M,), (np.ones((2, 3)),)), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-13)
            assert np.shape(got) == np.shape(expected)


def test_a_file_that_has_changed_since_is_refused(tmp_path):
    path = tmp_path / "changing.py"
    path.write_text("def f(x):\n    return x * x + 1.0\n")
    space = {}
    exec(compile(path.read_text(), str(path), "exec"), space)
    assert differentiate_source(space["f"])(3.0) == (10.0, 6.0)
    path.write_text("def f(x):\n    return x * x * x + 1.0 + 2.0 * x\n")
    with pytest.raises(SourceError, match="has changed since it was read"):
        differentiate_source(space["f"])


def test_one_text_has_one_value_for_a_name():
    inner = function_of("RATE = 2.0\ndef g(x):\n    return RATE * x\n", "g")
    outer = function_of("RATE = 3.0\ndef f(x):\n    return g(x) * RATE\n")
    outer.__globals__["g"] = inner
    with pytest.raises(SourceError, match=r"RATE is 2.0 around one function and 3.0 around f.*another name"):
        differentiate_source(outer)


REFUSED = {
    "k = 2\nk = k + 1\nreturn np.sum(x) * (lambda k: k * 2)(5)": "k is also a variable",
    "k = (yield x)\nreturn x": "not transformed",
    "return x * (y := 3.0)": "statement of its own",
    "return np.split(x, 3)[1:][0][0]": "several",
    "a, b, c = np.split(x, 3)\nreturn a[0] * b[0]": "several arrays",
    "return np.sum(x, dtype=int) * x[0]": "dtype",
    "return np.array([x[0], x[1]], dtype=int)[0]": "dtype",
    "return np.logaddexp.reduce(x, where=np.array([True, False, True]))": "where",
    "return np.maximum.accumulate(x)[1]": "accumulate",
    "return np.exp(x, dtype=np.float32)[0]": "keyword",
    "return x.astype(int)[0] * x[1]": "astype",
    "return x[x[0]]": "index depends",
    "return np.where(x, x, 0.0)[0]": "x != 0",
    "np = 3.0\nreturn x * np": "np is not NumPy",
}


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("lines", REFUSED)
def test_what_the_text_could_not_say_is_refused_with_its_line(lines, mode):
    with pytest.raises(SourceError, match=rf"line \d+.*{REFUSED[lines]}") as caught:
        differentiate_source(program("x", lines), mode=mode)
    assert caught.value.line >= 1


def test_every_composition_is_taken_or_refused_with_its_line():
    """The page has them all, or the transformation says no: never a guess."""
    for function in HANDLERS:
        if taken.is_taken(function) or function in taken.SEVERAL:
            continue
        if hasattr(function, "__self__"):  # of a ufunc, as np.maximum.accumulate is
            continue
        called = f"{function.__module__.replace('numpy', 'np')}.{function.__name__}"
        if not called.startswith("np"):
            continue
        if called == "np.where":  # by its rule, as elementwise functions are
            continue
        with pytest.raises(SourceError, match=r"line \d+") as caught:
            differentiate_source(program("x", f"y = {called}(x)\nreturn y"))
        assert caught.value.line == 2
