"""What source transformation does not do is refused: with the line, what it is, and what to write instead."""

import numpy as np
import pytest
from source_programs import HEAD, module_of

from course_lib.autodiff import AutodiffError, SourceError, differentiate_source

BEFORE = HEAD.count("\n")
REFUSED = {
    # statements
    "def f(x):\n    while x > 1:\n        x = x / 2\n    return x\n": (2, "while", "for _ in range"),
    "def f(x):\n    for i in range(3):\n        x = x * x\n        break\n    return x\n": (4, "break", "fixed count"),
    "def f(x):\n    for i in range(3):\n        if i == 1:\n            continue\n"
    "        x = x * x\n    return x\n": (4, "continue", "an if"),
    "def f(x):\n    for i in range(3):\n        return x\n    return x\n"
    "": (3, "return inside a loop", "after the loop"),
    "def f(x):\n    for i in range(3):\n        x = x * x\n    else:\n        x = x\n"
    "    return x\n": (2, "else after a loop", "after the loop"),
    "def f(x):\n    with open('a'):\n        pass\n    return x\n": (2, "with", "leave it out"),
    "def f(x):\n    try:\n        pass\n    finally:\n        pass\n    return x\n": (2, "try", "leave it out"),
    "def f(x):\n    raise ValueError\n    return x\n": (2, "raise", "leave it out"),
    "def f(x):\n    assert x > 0\n    return x\n": (2, "assert", "leave it out"),
    "def f(x):\n    del x\n    return 1.0\n": (2, "delete", "leave it out"),
    "def f(x):\n    global SCALE\n    return x\n": (2, "global", "leave it out"),
    "def f(x):\n    import math\n    return x\n": (2, "import", "leave it out"),
    "def f(x):\n    def g(y):\n        return y\n    return g(x)\n": (2, "functiondef", "outside"),
    "def f(x):\n    print(x)\n    return x\n": (2, "for its effect", "assign its value"),
    "def f(x):\n    y = x\n": (1, "returns nothing", "return y"),
    "def f(x):\n    return\n": (2, "returns nothing", "return y"),
    "def f(x, n=1):\n    if n:\n        return x\n": (2, "path", "every path"),
    "def f(x, n=1):\n    if n:\n        return x, x\n    return x, 2 * x\n": (3, "tuple", "np.stack"),
    "def f(x):\n    return x\n    x = x * x\n": (3, "path|never reached", "every path|leave it out"),
    # targets
    "def f(x):\n    z = np.zeros(2)\n    z[0] = x\n    return z[0]\n": (3, "writing into", "np.stack"),
    "def f(x):\n    z = np.zeros(2)\n    z[0] += x\n    return z[0]\n": (3, "writing into", "np.stack"),
    "def f(x):\n    x.real = 3\n    return x\n": (2, "writing into", "np.stack"),
    "def f(x):\n    a, b = np.array([x, x])\n    return a * b\n": (2, "unpacked", "pair\\[0\\]"),
    "def f(x):\n    a, *b = x, x, x\n    return a\n": (2, "writing into", "np.stack"),
    "def f(x):\n    a, b = np.linalg.slogdet(x)\n    return b\n": (2, "several arrays", "entry at once"),
    "def f(x):\n    a, b = np.atleast_1d(x, 2 * x)\n    return b\n": (2, "several arrays", "entry at once"),
    # control that depends on the variables
    "def f(x):\n    if x > 0:\n        return x\n    return -x\n": (2, "depends on a variable", "np.where"),
    "def f(x):\n    y = np.floor(x)\n    if y == 1:\n        x = x * x\n    return x\n"
    "": (3, "depends on a variable", "np.where"),
    "def f(x):\n    if np.any(x > 0):\n        x = x * x\n    return x\n": (2, "depends on a variable", "np.where"),
    "def f(x):\n    return x if x > 0 else -x\n": (2, "depends on a variable", "np.where"),
    "def f(x):\n    y = 0.0\n    for v in x:\n        y = y + v\n    return y\n": (3, "runs over", "range"),
    "def f(x):\n    for i in range(int(x)):\n        x = x * x\n    return x\n": (2, "runs over", "range"),
    "def f(x):\n    for i in range(2):\n        i = i * x\n    return i\n": (2, "also holds", "another name"),
    "def f(x):\n    return x and 2 * x\n": (2, "expression", "np.logical_and"),
    "def f(x):\n    return not x\n": (2, "truth", "np.logical_not"),
    "def f(x):\n    return (0 < x < 1) * x\n": (2, "chain", "np.logical_and"),
    # expressions
    "def f(x):\n    return math.sin(x)\n": (2, "math", "np.sin"),
    "def f(x):\n    return math.atan2(x, 1.0)\n": (2, "math", "np.arctan2"),
    "def f(x):\n    return float(x)\n": (2, "forgets the derivative", "leave it out"),
    "def f(x):\n    return max(x, 1.0)\n": (2, "forgets the derivative", "np.maximum"),
    "def f(x):\n    return min(x, 1.0)\n": (2, "forgets the derivative", "np.minimum"),
    "def f(x):\n    return sum([x, x])\n": (2, "forgets the derivative", "np.sum"),
    "def f(x):\n    return pow(x, 2)\n": (2, "forgets the derivative", "\\*\\*"),
    "def f(x):\n    y = [x, 2 * x]\n    return y[0]\n": (2, "expression", "np.stack"),
    "def f(x):\n    y = {'a': x}\n    return y['a']\n": (2, "expression", "arithmetic"),
    "def f(x):\n    return np.sum([x * i for i in range(3)])\n": (2, "expression", "loop"),
    "def f(x):\n    return (y := x * x)\n": (2, "expression", "statement of its own"),
    "def f(x):\n    g = lambda y: y * x\n    return g(x)\n": (2, "expression", "outside"),
    "def f(x, g=np.sin):\n    return g(x)\n": (2, "not known before", "by its name"),
    "def f(x):\n    return np.sinh(x, dtype=float)\n": (2, "keyword", "leave it out"),
    "def f(x):\n    return np.arctan2(x)\n": (2, "1 arguments", "give it 2"),
    "def f(x):\n    return np.multiply(*(x, x))\n": (2, "by \\*", "one by one"),
    "def f(x):\n    return np.fft.fft(x)\n": (2, "no entry in the table", "custom_derivative"),
    "def f(x):\n    return x.mystery\n": (2, "attribute", "NumPy function"),
    "def f(x):\n    return x.astype(int)\n": (2, "method", "NumPy function"),
    "def f(x, y):\n    return y[x]\n": (2, "index", "before"),
    "def f(x):\n    return x & 1\n": (2, "operator", "real numbers"),
    # functions
    "def f(*x):\n    return x[0]\n": (1, "\\*args", "each argument"),
    "def f(x, *, y=1):\n    return x\n": (1, "keyword-only", "each argument"),
    "def g(a):\n    return a, a\ndef f(x):\n    return g(x)\n": (4, "returns a tuple", "np.stack"),
    "def g(a, b):\n    return a\ndef f(x):\n    return g(x)\n": (4, "missing a required argument", "call g\\(a, b\\)"),
    "def g(a, *b):\n    return a\ndef f(x):\n    return g(x)\n": (4, "takes \\*b", "each argument"),
    "def g(a, b=np.ones(2)):\n    return a\ndef f(x):\n    return g(x)\n": (4, "default of b", "pass it"),
    "def g(a):\n    while True:\n        a = a\n    return a\ndef f(x):\n    return g(x)\n": (2, "while", "range"),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_with_its_line(tmp_path, text, mode):
    line, what, instead = REFUSED[text]
    with pytest.raises(SourceError) as caught:
        differentiate_source(module_of(tmp_path, text).f, mode=mode)
    assert caught.value.line == BEFORE + line, str(caught.value)
    assert f"line {BEFORE + line}: `" in str(caught.value)
    with pytest.raises(SourceError, match=f"(?s){what}.*Instead, .*({instead})"):
        raise caught.value


REVERSE_ALONE = {
    "def f(x, n=2):\n    if n > 2:\n        t = x * x\n    return t\n": (2, "one branch only", "before the if"),
    "def f(x):\n    return t * x\n    t = 1\n": (3, "path", "every path"),
}


@pytest.mark.parametrize("text", REVERSE_ALONE)
def test_reverse_mode_needs_a_value_on_every_path(tmp_path, text):
    line, what, instead = REVERSE_ALONE[text]
    with pytest.raises(SourceError, match=f"{what}.*Instead, .*{instead}") as caught:
        differentiate_source(module_of(tmp_path, text).f, mode="reverse")
    assert caught.value.line == BEFORE + line


def test_a_function_without_a_text_is_refused():
    made = eval(compile("lambda x: x * x", "<made by a program>", "eval"))  # "<string>" has one, of -c on 3.13
    with pytest.raises(SourceError, match="text of <lambda> cannot be read"):
        differentiate_source(made)
    with pytest.raises(SourceError, match="ufunc; expected a function written in Python"):
        differentiate_source(np.sin)
    pair = (lambda x: x * 2), (lambda x: x * 3)
    with pytest.raises(SourceError, match="cannot be told apart"):
        differentiate_source(pair[0])


def test_a_decorated_function_is_refused(tmp_path):
    text = """
        import functools

        def doubled(g):
            @functools.wraps(g)
            def inner(x):
                return 2 * g(x)
            return inner

        @doubled
        def g(x):
            return x * x

        def f(x):
            return g(x)
    """
    module = module_of(tmp_path, text)
    with pytest.raises(SourceError, match=r"g is wrapped by a decorator.*Transform the function inside"):
        differentiate_source(module.g)
    with pytest.raises(SourceError, match=r"return g\(x\)`: g is wrapped by a decorator.*Instead, call the function"):
        differentiate_source(module.f)
    assert differentiate_source(module.g.__wrapped__)(3.0) == (9, 6)


def test_a_name_that_the_derivative_needs_is_refused(tmp_path):
    f = module_of(tmp_path, "def f(x):\n    summed_to = x + 1\n    return np.sum(x * summed_to)\n").f
    with pytest.raises(SourceError, match=r"has a variable summed_to.*another name"):
        differentiate_source(f, mode="reverse")


def test_it_is_an_autodiff_error():
    assert issubclass(SourceError, AutodiffError)


def test_a_type_in_which_a_derivative_would_overflow_is_refused(tmp_path):
    """The negative of an unsigned 2 is 254; the text of a derivative computes with constants as they are given."""
    f = module_of(tmp_path, HEAD + "def f(x, c):\n    return np.sum(np.arctan2(c, x) * [1, 2])\n").f
    x, c = np.array([0.3, 1.2]), np.array([2, 3])
    for mode in ("forward", "reverse"):
        seeds = (np.ones(2),) if mode == "forward" else ()
        df = differentiate_source(f, 0, mode)
        value, slope = df(x, c, *seeds)
        assert value == f(x, c)
        slope = np.sum(slope)
        np.testing.assert_allclose(slope, np.sum(-c * [1, 2] / (x * x + c * c)), rtol=1e-14)
        for narrow in (np.uint8, np.int16, np.float16):
            with pytest.raises(AutodiffError, match=rf"c is made of {np.dtype(narrow)}.*astype\(float\)"):
                df(x, c.astype(narrow), *seeds)
    for line in ("np.arctan2(np.array([2, 3], np.uint8), x)", "x * np.int16(3)", "np.array([2], dtype='uint8') - x"):
        with pytest.raises(SourceError, match="may overflow"):
            differentiate_source(module_of(tmp_path, HEAD + f"def f(x):\n    return {line}\n").f)
    with pytest.raises(SourceError, match="K is a number of uint8"):
        differentiate_source(
            module_of(tmp_path, HEAD + "K = np.uint8(3)\n\n\ndef f(x):\n    return np.arctan2(K, x)\n").f
        )
