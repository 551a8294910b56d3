"""Plain duals and the plain tape, which one reads first, give the numbers of the ones that one uses."""

import copy
import re

import numpy as np
from random_programs import random_program

from course_lib.autodiff import jvp, value_and_grad
from course_lib.autodiff.overloading.plain_dual import PlainDual
from course_lib.autodiff.overloading.plain_tape import plain_gradient
from course_lib.autodiff.rules.forms import UFUNCS


def test_random_programs_of_numbers_give_the_same():
    compared = 0
    for seed in range(200):
        p = random_program(seed, numbers_only=True)
        if not all(isinstance(getattr(np, name), np.ufunc) for name in re.findall(r"np\.(\w+)", p.text)):
            continue  # np.where and np.clip are no ufuncs: the plain classes are not asked
        compared += 1
        with np.errstate(all="ignore"):
            value, gradient = value_and_grad(p.f, tuple(range(len(p.arguments))))(*p.arguments)
            np.testing.assert_allclose(plain_gradient(p.f)(*p.arguments), gradient, rtol=1e-13, atol=1e-15)
            dual = p.f(*map(PlainDual, p.arguments, p.direction))
            np.testing.assert_allclose((dual.value, dual.tangent), jvp(p.f, p.arguments, p.direction), rtol=1e-13)
            assert dual.value == value
    assert compared > 80


def test_every_elementwise_function_of_the_table():
    """One line of the table serves the plain classes as it is."""
    for function, rule in UFUNCS.items():
        if not (isinstance(function, np.ufunc) and rule.partials):
            continue
        points = (1.3, 0.7)[: function.nin] if function is np.arccosh else (0.3, 0.7)[: function.nin]
        value, gradient = value_and_grad(function, tuple(range(function.nin)))(*points)
        np.testing.assert_allclose(plain_gradient(function)(*points), gradient, rtol=1e-15)
        for k, slope in enumerate(gradient):
            dual = function(*[PlainDual(x, float(i == k)) for i, x in enumerate(points)])
            np.testing.assert_allclose((dual.value, dual.tangent), (value, slope), rtol=1e-15)


def test_a_copy_stands_on_the_same_tape():
    assert plain_gradient(lambda x: x * copy.deepcopy([x * x])[0] + copy.copy(x))(2.0) == [13.0]


def test_a_result_that_does_not_depend_on_the_numbers_and_one_used_twice():
    assert plain_gradient(lambda x, y: 3.0)(1.0, 2.0) == [0.0, 0.0]
    assert plain_gradient(lambda x: x * x if x > 0 else x)(3.0) == [6.0]
    y = PlainDual(3.0, 1.0)
    assert (y * y - 2 / y).tangent == 6 + 2 / 9
