"""``x += y``: NumPy overwrites the array and all its names show it; a traced one is new, and old names are refused."""

import operator

import numpy as np
import pytest
from random_programs import function_of

from course_lib.autodiff import (
    ChangedInPlaceError,
    DestinationError,
    differentiate_source,
    grad,
    hvp,
    jacobian,
    jit,
    jvp,
    scan,
    taylor,
    value_and_grad,
    vjp,
    vmap,
)

A = np.array([[1.2, 0.4], [2.1, 0.7]])
WAYS = {
    "forward": lambda f: jvp(f, (A,), (A,))[0],
    "reverse": lambda f: value_and_grad(f)(A)[0],
    "pullback": lambda f: vjp(f, A)[0],
    "jit": lambda f: jit(f)(A),
    "jit of reverse": lambda f: jit(value_and_grad(f))(A)[0],
    "second order": lambda f: (hvp(f, A, A), f(A.copy()))[1],
    "Taylor": lambda f: taylor(lambda t: f(A * t), 1.0, 2)[0],
    "rows": lambda f: vmap(f)(np.stack([A, A]))[1],
    "detected zeros": lambda f: (jacobian(lambda x: np.reshape(f(x), 1), sparsity="detect")(A), f(A.copy()))[1],
    "loop": lambda f: value_and_grad(lambda x: scan(lambda c, x: (c + f(x), None), 0.0, x)[0])(np.stack([A, A]))[0] / 2,
    "loop under jit": lambda f: jit(lambda x: scan(lambda c, x: (c + f(x), None), 0.0, x)[0])(np.stack([A, A])) / 2,
}
SIGNS = {"+=": np.add, "-=": np.subtract, "*=": np.multiply, "/=": np.divide, "**=": np.power, "%=": np.remainder,
         "@=": np.matmul, "//=": np.floor_divide}  # fmt: skip

OTHER_NAMES = {
    "another name": "y = x * 1.5\nz = y\ny += 1\nreturn np.sum(y * z)",
    "the argument": "y = x\ny *= 2\nreturn np.sum(x)",
    "a list": "y = x * 1.5\nseen = [y]\ny -= x\nreturn np.sum(seen[0])",
    "a comparison": "y = x * 1.5\nz = y\ny -= 9\nreturn np.sum(x * (z > 0))",
    "a row": "y = x * 1.5\nr = y[0]\nr += 1\nreturn np.sum(y)",
    "a slice of a row": "y = x * 1.5\nr = y[0][1:]\nr += 1\nreturn np.sum(y)",
    "each row": "y = x * 1.5\nfor r in y:\n    r /= np.sum(r)\nreturn np.sum(y)",
    "a transpose": "y = x * 1.5\nt = y.T\nt **= 2\nreturn np.sum(y)",
    "a function's view": "y = x * 1.5\nt = np.swapaxes(np.flip(y), 0, 1)\nt -= 2\nreturn y",
    "another shape": "y = x * 1.5\nt = y.reshape(4)\nt -= 2\nreturn y",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OTHER_NAMES)
def test_what_another_name_would_show_is_refused(name, way):
    f = function_of("def f(x):\n" + "".join(f"    {line}\n" for line in OTHER_NAMES[name].split("\n")))
    with pytest.raises(ChangedInPlaceError, match=r"overwritten it under another name.*Write c = c \+ x in"):
        WAYS[way](f)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sign", SIGNS)
def test_without_other_names_it_is_the_operation(sign, way):
    f = function_of(f"def f(x):\n    y = x * 1.5\n    y {sign} x\n    r = y[0]\n    r *= 2.0\n    return np.sum(r)\n")
    np.testing.assert_allclose(WAYS[way](f), 2 * np.sum(SIGNS[sign](A * 1.5, A)[0]), rtol=1e-13)


def test_the_derivative_is_that_of_the_operation():
    def f(x):
        x -= np.mean(x)
        x /= np.sqrt(np.sum(x * x))
        return x[0, 0]

    e = np.zeros((2, 2))
    e[0, 0] = 1.0
    d = A - np.mean(A)
    n = np.sqrt(np.sum(d * d))
    g = e / n - d[0, 0] * d / n**3  # of the quotient; then the mean is taken out
    np.testing.assert_allclose(grad(f)(A.copy()), g - np.mean(g), rtol=1e-12)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "copy", ["x.copy()", "np.copy(x)", "x * 1.0", "+x", "x ** 1", "x.astype(float)", "x.flatten()"]
)
def test_a_copy_is_another_array(copy, way):
    """Also where a recorded program needs no step for it."""
    f = function_of(f"def f(x):\n    y = {copy}\n    y += 1\n    return np.sum(np.ravel(x) * np.ravel(y))\n")
    np.testing.assert_allclose(WAYS[way](f), np.sum(A * (A + 1)), rtol=1e-13)


def test_an_array_keeps_its_shape_and_its_precision():
    single = A.astype(np.float32)

    def f(x):
        y = x * 2
        y += A
        return y

    assert f(single).dtype == jvp(f, (single,), (single,))[0].dtype == vjp(f, single)[0].dtype == jit(f)(single).dtype
    for way in (lambda f: jvp(f, (A,), (A,)), lambda f: vjp(f, A), lambda f: jit(f)(A)):
        with pytest.raises(DestinationError, match=r"shape \(3, 2, 2\).*Write x = x \+ y"):
            way(lambda x: operator.iadd(x * 1, np.ones((3, 1, 1))))


def test_methods_that_overwrite_say_what_to_write():
    for method in (lambda x: x.sort(), lambda x: x.fill(2.0), lambda x: x.put([0], [1.0])):
        with pytest.raises(DestinationError, match=r"np\.sort\(x\) for x\.sort\(\)"):
            vjp(lambda x, method=method: method(x * 1), A)


@pytest.mark.parametrize("options", [{}, {"mode": "forward"}, {"mode": "reverse"}, {"sparsity": "detect"}])
def test_a_jacobian_is_that_of_what_was_given(options):
    """A function that overwrites its argument does not overwrite the array of who asks for its Jacobian."""

    def f(x):
        x += 1
        return x * x

    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(jacobian(f, **options)(x), np.diag([4.0, 6.0]))
    np.testing.assert_array_equal(x, [1.0, 2.0])


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_text_has_a_new_value_and_another_name_keeps_the_old_one(mode):
    """What the page of source transformation says of ``+=``."""
    f = function_of("def f(x):\n    y = x\n    y += 1\n    return np.sum(x * y)\n")
    found = differentiate_source(f, mode=mode)
    value, slope = found(A) if mode == "reverse" else found(A, np.ones((2, 2)))
    np.testing.assert_allclose(value, np.sum(A * (A + 1)), rtol=1e-14)
    np.testing.assert_allclose(np.sum(slope), np.sum(2 * A + 1), rtol=1e-14)


def test_results_of_a_forward_sweep_are_ones_own():
    """A tangent that comes out as it went in is another array, and so is one that comes out twice."""
    t = np.ones(3)
    _, (one, other, turned) = jvp(lambda x: (x, x, np.reshape(x, (3, 1))), (np.arange(3.0),), (t,))
    one[0] = 7.0
    for left in (t, other, turned):
        np.testing.assert_array_equal(np.ravel(left), 1.0)
