"""Every kind of node of Python's syntax, on the variables and beside them: taken and right, or refused with its line.

Whatever a program does, the text of its derivative gives the value and the slope of the function that runs, or there is
none. The programs go through the grammar; a node of a later Python that is in none of them makes a test fail.
"""

import ast
import warnings

import numpy as np
import pytest
from random_programs import function_of

from course_lib.autodiff import (
    AutodiffError,
    NotScalarError,
    SourceError,
    differentiate_source,
    jvp,
    value_and_grad,
)

X = np.array([0.7, 1.9, -0.4])
# Bodies of f(x, n=2), by what they are about; each line of a block is one program, ``;`` is a new line in it.
BLOCKS = """
# operators on the variables
return x + 2
return np.sum(x - x[0]) * x
return x * x / (3 - x)
return x ** 3 + (x + 2) ** x[1] + 2.0 ** x
return x % 0.6 + 5 % (x + 2)
return x @ x + np.ones((2, 3)) @ x
return x // 0.5 + x
return x << 1
return x >> 1
return x & 1
return x | 1
return x ^ 1
return -x + +x
return ~x
return not x
return x and 2 * x
return x or 2 * x
# operators beside them
return x * (7 + 2 - 3 * 4 / 5 % 6 // 1 ** 2)
return x * ((5 << 1) + (9 >> 1) + (6 & 3) + (6 | 3) + (6 ^ 3) + ~n)
return x * (n and 3) + x * (0 or n) + x * (not n)
return x * (np.eye(3) @ np.ones(3))
# comparisons
return (x > 0) * x + (x >= 0.7) * x
return (x < 0) * x + (x <= 0.7) * x
return (x == 0.7) * x + (x != 0.7) * x
return (0 < x < 1) * x
return x * (n is None) + x * (n is not None)
return x * (n in (1, 2)) + x * (n not in (1, 2))
return x * (1 < n < 3) + x * (n == 2 != 3)
return (x is None) * 1.0 + x
return (0.7 in x) * x
# constants
return x * True + x * 3 + x * 0.5 + x[...]
return x * (None is None)
return x * len('text') + x * len(b'bytes')
return x * 1j
return (x * 1j).real
# displays beside them
return x * [1, 2, 3][n] + x * (1, 2)[0] + x * {1: 2.0}[1] + x * len({1, 2})
return x * sum([k * k for k in range(3)]) + x * sum(k for k in (1, 2))
return x * len({k for k in range(3)}) + x * {k: k + 1.0 for k in range(3)}[2]
return x * max(*(1, 2), *[3]) + x * dict(a=2.0, **{'b': 3.0})['b']
return x * (lambda k: k + 1)(n)
return x * len(f'{n}{n!r:>4}')
# displays on them
return np.array([x[0], x[1]]) * x[2]
return [x[0], x[1]]
return {x[0]}
return {'a': x}
return [v for v in x]
return np.sum([v * v for v in x])
return sum(v for v in x)
return {v for v in x}
return {0: v for v in x}
return (lambda v: v * v)(x)
return np.maximum(*[x, 0.5])
return np.stack([*[x], x])
return np.stack((x, *(x,)))
# expressions
return x if n > 1 else -x
return x if x[0] > 0 else -x
return x[0] * x[-1] + x[1:] + x[:2] + x[::2]
return x[None, :] * x[:, None] + x[..., None]
return x[[0, 2]] * x[np.array([1, 1])]
return x[n] * x[n - 1] + x[slice(0, 1)]
return x[x > 0] ** 2
return x.T * x.shape[0]
return x.size * x + x.ndim
return x.real + x
return x.sum() + x.mean() * x
return x.copy() + x
return np.sum(x, axis=0, keepdims=True) * x
return np.sum(x, **{'axis': 0}) * x
return np.where(x > 0, x, -2 * x)
return (y := x) * 2
return x * (y := 3)
return (yield x)
return (yield from x)
return x + (yield)
# assignments
y = x * 2; return y * y
y = z = x * 2; return y * z
y: float = x * 2; return y * y
y: float; y = x; return y * 2
y = x * 2; y += x; y -= 1; y *= x; y /= 2; y **= 2; return y
y = x * 2; y @= np.eye(3); y %= 5.0; y //= 0.25; return y + x
y = 6; y <<= 1; y >>= 1; y &= 7; y |= 8; y ^= 3; return x * y
a, b = x, 2 * x; a, b = b, a; return a * a + b
a, (b, c) = x, (2, 3); return a * b * c
[a, b] = [x * 2, x]; return a * b
a, b = (1, 2); return x * a * b
a, *b = 1, 2, 3; return x * a * b[0]
a, b, c = x; return a * b * c
x[0] = 1.0; return x
y = x * 1; y[0] = 3.0; return y
y = np.zeros(3); y[1] = x[1]; return y
y = np.zeros(3); y[1] = 2.0; return y * x
x.real = 3; return x
y = [1.0]; y[0] = 2.0; return x * y[0]
y = [1.0]; y.append(2.0); return x * y[-1]
d = {}; d['a'] = x; return d['a']
d = dict(a=1.0); d.update(a=2.0); return x * d['a']
del x; return 1.0
y = 1; del y; return x
# statements
pass; return x * x
'a docstring'; return x * x
...; return x * x
print(); return x
x * 2; return x * x
if n > 1:;  y = x * x;else:;  y = x;return y
if n > 1:;  return x * x;elif n > 0:;  return x;return x ** 3
if x[0] > 0:;  x = x * x;return x
if n > 1:;  y = x * x;return y
for k in range(n):;  x = x * x + k;return x
for k, c in enumerate([0.5, 2.0]):;  x = x * c + k;return x
for k in range(n):;  for l in range(k):;    x = x * np.sin(x);return x
for v in x:;  x = x + v;return x
for k in range(n):;  x = x * x;  break;return x
for k in range(n):;  if k == 1:;    continue;  x = x * x;return x
for k in range(n):;  x = x * 2;else:;  x = x * 3;return x
for k in range(n):;  return x;return x * 2
y = 0.0;for k in range(0):;  y = x;return y + x
while n > 0:;  x = x * 2;  n = n - 1;return x
while False:;  pass;else:;  x = x * 2;return x
with np.errstate():;  y = x * x;return y
with np.errstate() as e, np.errstate():;  y = x * x;return y
try:;  y = x * x;except ValueError:;  y = x;else:;  y = 2 * y;finally:;  y = y + 1;return y
try:;  y = x * x;except* ValueError:;  y = x;return y
raise ValueError('no');return x
assert n > 1;return x
assert np.all(x > -9);return x
import math;return x * math.pi
from math import pi;return x * pi
global K;K = 2;return x * K
def g(v):;  return v * v;return g(x)
class C:;  k = 2.0;return x * C.k
match n:;  case 2:;    y = x * x;  case _:;    y = x;return y
match x:;  case [a, *b]:;    y = a * x;  case {'k': v, **r}:;    y = x;return y
match x:;  case int() | str() as s:;    y = x * 1;  case None:;    y = x;  case _:;    y = x;return y
async def g():;  async with a as b:;    await b;  async for v in b:;    pass;return x
y = 1;def g():;  nonlocal y;  y = 2;return x * y
return
return x, 2 * x
y = x
return x; return 2 * x
# calls
return np.sin(x) + np.arctan2(x, 2.0)
return np.float64(3) * x + float(n) * x
return float(x[0]) * x
return int(x[0]) * x
return abs(x) + pow(x, 2)
return max(x[0], x[1]) * x
return len(x) * x
return round(x[0], 1) * x
return isinstance(x, np.ndarray) * x
return getattr(np, 'sin')(x)
return eval('x * x')
return vars()['x'] * 2
return locals()['x'] * 2
return np.random.default_rng(0).normal() * x
return np.sum(x, out=None) + x
return np.exp(x, where=x > 0)
return np.linalg.norm(x) * x
return np.linalg.slogdet(np.diag(x))[1] * x
return np.vectorize(np.sin)(x)
return np.apply_along_axis(np.sum, 0, x)
return np.fft.fft(x).real
return str(x) and x
return np.add.reduce(x) + np.multiply.outer(x, x)
return sorted(x)[0] * x
return sum(x) * x
return list(x)[0] * x
return next(iter(x)) * x
return __import__('math').pi * x
"""


LINES = [line for line in BLOCKS.strip().split("\n") if not line.startswith("# ")]


def derivative_of(f, mode):
    try:
        return differentiate_source(f, mode=mode)
    except (SourceError, NotScalarError) as refused:
        return refused


def text_of(line):
    text = line.replace(";", "\n").replace("\n ", "\n")
    return "def f(x, n=2):\n" + "".join(f"    {one}\n" for one in text.split("\n"))


def test_every_node_of_the_grammar_is_in_a_program():
    def kinds(base):
        below = [kind for kind in base.__subclasses__() if kind.__module__ in ("ast", "_ast")]
        return {kind for sub in below for kind in ([sub] if not sub.__subclasses__() else kinds(sub))}

    written = {type(node) for line in LINES for node in ast.walk(ast.parse(text_of(line)))}
    old = {
        "Num",
        "Str",
        "Bytes",
        "NameConstant",
        "Ellipsis",
        "Index",
        "ExtSlice",
        "Suite",
        "AugLoad",
        "AugStore",
        "Param",
    }
    groups = ast.stmt, ast.expr, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.pattern, ast.expr_context
    names = {kind.__name__ for group in groups for kind in kinds(group)} - old
    later = {
        "TypeAlias",
        "TemplateStr",
        "Interpolation",
    }  # of Python 3.12 and 3.14, not of every one
    assert names - later <= {kind.__name__ for kind in written}


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("line", LINES)
def test_it_is_right_or_refused_with_its_line(line, mode):
    text = text_of(line)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f = function_of(text)
    df = derivative_of(f, mode)
    if isinstance(df, AutodiffError):
        if not isinstance(df, NotScalarError):  # of a tuple, in reverse mode
            assert df.line in range(1, text.count("\n") + 1)
            assert "Instead, " in str(df)
        return
    value = f(X.copy())
    if mode == "forward":
        found = df(X, 2, 0.3 * X + 0.1)
        expected = jvp(f, (X,), (0.3 * X + 0.1,))
        np.testing.assert_allclose(found[0], value, rtol=1e-14)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)
        return
    if np.ndim(value):
        whole = function_of(text + "def g(x):\n    return np.sum(np.sin(f(x)))\n", "g")
        found, expected = differentiate_source(whole, mode="reverse")(X), value_and_grad(whole)(X)
    else:
        found, expected = df(X), value_and_grad(f)(X)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)
