"""Derivatives against divided differences, in both modes and to the second order, as theirs does."""

from itertools import product

import numpy as np
import pytest

from course_lib.autodiff import jvp, vjp
from course_lib.autodiff.structures import leaves_of, map_leaves

EPS, CLOSE = 1e-6, 1e-6


def scalar_close(a, b):
    return abs(a - b) < CLOSE or abs(a - b) / abs(a + b) < CLOSE


def drawn_like(x):
    return map_leaves(lambda leaf: np.random.randn(*np.shape(leaf)), x)


def moved(x, v, step):
    leaves = iter(leaves_of(v))
    return map_leaves(lambda leaf: leaf + step * next(leaves), x)


def inner(x, y):
    return sum(np.sum(a * b) for a, b in zip(leaves_of(x), leaves_of(y), strict=True))


def is_complex(x):
    return any(np.iscomplexobj(leaf) for leaf in leaves_of(x) if not isinstance(leaf, str))


def check(f, x, modes, order):
    """Compare at x, a tuple of arguments, all of which move."""
    x = tuple(map_leaves(lambda leaf: np.asarray(leaf, float)[()], one) for one in x)
    v, y = drawn_like(x), f(*x)
    w = drawn_like(y)
    difference = (inner(w, f(*moved(x, v, EPS / 2))) - inner(w, f(*moved(x, v, -EPS / 2)))) / EPS
    if "fwd" in modes:
        tangent = jvp(f, x, v)[1]
        assert [np.shape(t) for t in leaves_of(tangent)] == [np.shape(t) for t in leaves_of(y)]
        assert scalar_close(inner(w, tangent), difference), (inner(w, tangent), difference)
    if "rev" in modes:
        cotangents = vjp(f, *x)[1](w)
        assert [np.shape(t) for t in leaves_of(cotangents)] == [np.shape(t) for t in leaves_of(x)]
        assert scalar_close(inner(cotangents, v), difference), (inner(cotangents, v), difference)
    if order > 1:
        n = len(x)
        if "fwd" in modes:
            check(lambda *a: jvp(f, a[:n], a[n:])[1], (*x, *v), modes, order - 1)
        if "rev" in modes:
            check(lambda *a: vjp(f, *a[:n])[1](a[n]), (*x, w), modes, order - 1)


def check_grads(f, argnum=0, modes=("fwd", "rev"), order=2):
    chosen = argnum if isinstance(argnum, tuple | list) else (argnum,)

    def checked(*arguments, **named):
        if is_complex(arguments):
            pytest.skip("ours are real")

        def f_of_chosen(*values):
            given = list(arguments)
            for place, value in zip(chosen, values, strict=True):
                given[place] = value
            return f(*given, **named)

        check(f_of_chosen, tuple(arguments[place] for place in chosen), modes, order)

    return checked


def check_equivalent(x, y):
    w = drawn_like(x)
    assert [np.shape(t) for t in leaves_of(x)] == [np.shape(t) for t in leaves_of(y)]
    assert scalar_close(inner(w, x), inner(w, y))


def combo_check(f, *options, **named_options):
    def checked(*arguments, **named):
        each = [[(key, value) for value in values] for key, values in named.items()]
        real = [some for some in product(*arguments) if not is_complex(some)]
        if not real:
            pytest.skip("ours are real")
        for some in real:
            for chosen in product(*each):
                check_grads(f, *options, **named_options)(*some, **dict(chosen))

    return checked
