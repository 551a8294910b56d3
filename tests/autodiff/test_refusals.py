"""What has no derivative, or what the reader of the table does not see, is refused in words; never a made-up number."""

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    Dual,
    checkpoint,
    computational_graph,
    custom_derivative,
    derivative,
    evaluation_trace,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jit,
    jvp,
    taylor,
    value_and_grad,
    vjp,
    vmap,
)

X = np.array([1.0, 2.0, 3.0])
EVERY = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x),
    "jvp": lambda f, x: jvp(f, (x,), (x,)),
    "vjp": lambda f, x: vjp(f, x)[1](1.0),
    "jacfwd": lambda f, x: jacfwd(f)(x),
    "jacrev": lambda f, x: jacrev(f)(x),
    "jacobian": lambda f, x: jacobian(f)(x),
    "sparse": lambda f, x: jacobian(f, sparsity="detect")(x),
    "hessian": lambda f, x: hessian(f)(x),
    "hvp": lambda f, x: hvp(f, x, x),
    "taylor": lambda f, x: taylor(f, x, 2),
    "jit of grad": lambda f, x: jit(grad(f))(x),
    "jit of jacfwd": lambda f, x: jit(jacfwd(f))(x),
    "graph": lambda f, x: computational_graph(f, x),
    "trace": lambda f, x: evaluation_trace(f, x),
}
NO_RESULT = {
    "None": (lambda x: None, "return statement"),
    "a function": (lambda x: lambda y: x * y, "Call it"),
    "a text": (lambda x: "three", "three"),
    "an object": (lambda x: object(), "object"),
    "a complex constant": (lambda x: 1j, "1j"),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_result_that_has_no_derivative_is_refused(name):
    for f, says in NO_RESULT.values():
        with pytest.raises(AutodiffError, match=says):
            EVERY[name](f, X)
        if name in ("jvp", "jacfwd", "jacrev"):
            with pytest.raises(AutodiffError, match=says):
                EVERY[name](lambda x, f=f: (x, {"a": f(x)}), X)


@pytest.mark.parametrize("name", sorted(set(EVERY) - {"graph", "trace"}))
def test_a_dual_number_made_by_hand_inside_is_not_the_derivative(name):
    with pytest.raises(AutodiffError, match=r"made inside of f|sparse"):
        EVERY[name](lambda x: np.sum(x * Dual(np.ones(3), np.ones(3)) * x), X)
    assert derivative(lambda x: (x * Dual(1.0, 1.0) * x).tangent)(2.0) == 4.0
    assert derivative(lambda x: (x * Dual(1.0, 1.0) * x).value)(2.0) == 4.0


C = np.array([1.0, 1j, 2.0])
COMPLEX = {
    "a product": lambda x: np.abs(np.sum(x * C)) ** 2,
    "a matrix product": lambda x: np.real(x @ C),
    "a number": lambda x: np.sum(np.abs(np.exp(1j * x))),
    "a number on the left": lambda x: np.abs(2j - x[0]),
    "a power": lambda x: np.abs((1 + 1j) ** x[0]),
    "a choice": lambda x: np.sum(np.abs(np.where([True, False, True], x, C))),
    "an einsum": lambda x: np.abs(np.einsum("i,i", x, C)),
    "stacked": lambda x: np.sum(np.abs(np.stack([x, C]))),
    "a list": lambda x: np.sum(np.array([x[0], 1j]) * x[:2]),
    "a system": lambda x: np.sum(np.abs(np.linalg.solve(np.eye(3) * 1j, x))),
    "a change of type": lambda x: np.sum(np.abs(x.astype(complex))),
    "in the middle": lambda x: np.sum(x) * np.abs(np.sum(np.sin(x) / C)),
    "values between places": lambda x: np.sum(np.abs(np.interp(x, [0.0, 4.0], [1j, 2j]))),
    "least squares": lambda x: np.sum(np.abs(np.linalg.lstsq(np.eye(3) * 1j, x)[0])),
    "a conjugate": lambda x: np.imag(np.vdot(C, x)),
    "a correlation": lambda x: np.sum(np.imag(np.correlate(x, C, "full"))),
    "differences over a step": lambda x: np.sum(np.abs(np.gradient(x, 1j))),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_constants_are_refused_where_they_meet(name):
    for differentiate in ("grad", "jvp", "jacfwd", "jacrev", "hessian", "taylor", "sparse", "jit of grad"):
        with pytest.raises(AutodiffError, match=r"[Cc]omplex"):
            EVERY[differentiate](COMPLEX[name], X)
    for f, x in ((jit(COMPLEX[name]), X), (vmap(COMPLEX[name]), X[None])):  # they would answer in real numbers
        with pytest.raises(AutodiffError, match=r"[Cc]omplex"):
            f(x)


def test_functions_of_other_libraries_are_refused_in_words():
    linalg, distance = pytest.importorskip("scipy.linalg"), pytest.importorskip("scipy.spatial.distance")
    factorial = pytest.importorskip("scipy.special").factorial
    A = np.eye(3) + 0.1
    calls = (
        lambda a: linalg.inv(a), lambda a: linalg.solve(a, X), lambda a: linalg.det(a), lambda a: linalg.svd(a),
        lambda a: linalg.solve_triangular(a, X), lambda a: distance.cdist(a, a), lambda a: factorial(a),
    )  # fmt: skip
    for call in calls:
        for way in (grad, jit, lambda f: jit(grad(f)), lambda f: lambda a: vmap(f)(a[None])):
            with pytest.raises(AutodiffError, match=r"custom_derivative|np\.stack"):
                way(lambda a, call=call: np.sum(call(a)))(A)


def test_cotangents_belong_to_keys_and_not_to_their_order():
    def f(x):
        return {"a": x, "b": (10 * x, {"d": 2 * x, "c": 3 * x})}

    assert vjp(f, 1.0)[1]({"b": (1.0, {"c": 0.0, "d": 0.0}), "a": 0.0}) == (10.0,)
    assert vjp(f, 1.0)[1]({"b": (0.0, {"c": 1.0, "d": 0.0}), "a": 0.0}) == (3.0,)
    g = {"u": 1.0, "v": 2.0}
    assert jvp(lambda p: p["u"] * 100 + p["v"], (g,), ({"v": 1.0, "u": 0.0},))[1] == 1.0
    assert hvp(lambda p: p["u"] ** 2 + 5 * p["v"] ** 2, g, {"v": 1.0, "u": 0.0}) == {"u": 0.0, "v": 10.0}


# --- Rules of a user -------------------------------------------------------------------------------------

WRONG_LINES = {
    "a number for an array": {"reverse": lambda g, y, x: g},
    "a row for a column": {"reverse": lambda g, y, x: np.ones((1, 3))},
    "one entry": {"reverse": lambda g, y, x: g * np.ones(1)},
    "an array for a number": {"forward": lambda t, y, x: t},
    "an entry for a number": {"forward": lambda t, y, x: np.sum(t, keepdims=True)},
}


@pytest.mark.parametrize("name", WRONG_LINES)
def test_a_users_rule_of_a_wrong_shape_is_refused(name):
    f = custom_derivative(lambda x: np.sum(x), **WRONG_LINES[name])
    ways = (grad, jacrev) if "reverse" in WRONG_LINES[name] else (jacfwd, lambda f: lambda x: jvp(f, (x,), (x,)))
    for way in ways:
        for outer in (lambda f: f, jit):
            with pytest.raises(AutodiffError, match="returned shape"):
                outer(way(f))(X)


def test_a_users_rule_that_spreads_says_sum():
    f = custom_derivative(lambda a, b: a * b, reverse=(lambda g, y, a, b: g * b, lambda g, y, a, b: g * a))
    with pytest.raises(AutodiffError, match="argument 2"):
        grad(lambda a, b: np.sum(f(a, b)), (0, 1))(X, 2.0)
    assert grad(lambda a, b: np.sum(f(a, b)))(X, 2.0).shape == (3,)


# --- Sparsity that is not there --------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [lambda f: f, jit])
def test_a_pattern_with_missing_entries_is_refused(wrap):
    f, right = (lambda x: x[1:] * x[:-1]), np.array([[1, 1, 0], [0, 1, 1]], bool)
    np.testing.assert_allclose(wrap(jacobian(f, sparsity=right))(X), [[2.0, 1.0, 0.0], [0.0, 3.0, 2.0]])
    for missing in np.argwhere(right):
        pattern = right.copy()
        pattern[tuple(missing)] = False
        with pytest.raises(AutodiffError, match=r"no place for some entries.*in (row|column)"):
            wrap(jacobian(f, sparsity=pattern))(X)
        wrap(jacobian(f, sparsity=pattern, check=False))(X)
    wide = np.ones((1, 3), bool)
    wide[0, 2] = False
    with pytest.raises(AutodiffError, match="no place"):
        wrap(jacobian(lambda x: np.sum(x * x, keepdims=True), sparsity=wide))(X)


# --- Slips -----------------------------------------------------------------------------------------------


def sparse_product(x):
    return np.sum(pytest.importorskip("scipy.sparse").csr_matrix(np.eye(3)) @ x)


def sparse_on_the_right(x):
    return np.sum(x * pytest.importorskip("scipy.sparse").csr_matrix(np.eye(3)))


SLIPS = {
    "a list of argnums": (lambda: grad(lambda x, y: x * y, [0, 1]), r"\(0, 1\)"),
    "a list of argnums in jit": (lambda: jit(jacobian(lambda x, y: x * y, [0, 1])), r"\(0, 1\)"),
    "a float as argnums": (lambda: hessian(lambda x: x, 1.0), "position"),
    "an argument twice": (lambda: jacrev(lambda x, y: x * x * y, (0, -2))(1.0, 2.0), "twice"),
    "a text in a form": (lambda: derivative(lambda x: float(f"{x:.3f}"))(1.0), "text"),
    "a text in a form, recorded": (lambda: jit(lambda x: float(f"{x:.3f}"))(1.0), "text"),
    "an index of a number": (lambda: grad(lambda x: x[None][0])(1.0), "reshape"),
    "an index of a dual number": (lambda: derivative(lambda x: x[0])(1.0), "number was indexed"),
    "an index of a recorded number": (lambda: jit(lambda x: x[None])(1.0), "reshape"),
    "an index of a number in each row": (lambda: vmap(lambda x: x[None])(X), "reshape"),
    "an angle beside an array of objects": (
        lambda: grad(lambda x: np.sum(np.arctan2(0.3, np.array([x, 1.0]))))(1.0),
        "stack",
    ),
    "an index of a series": (lambda: taylor(lambda x: x[None], 1.0, 2), "reshape"),
    "a sparse matrix": (lambda: grad(sparse_product)(X), "sparse"),
    "a sparse matrix, forward": (lambda: jacfwd(sparse_product)(X), "sparse"),
    "a sparse matrix, recorded": (lambda: jit(sparse_product)(X), "sparse"),
    "a sparse matrix on the right": (lambda: grad(sparse_on_the_right)(X), "sparse"),
    "a matrix of traced and plain numbers": (
        lambda: derivative(lambda x: np.linalg.det(np.array([[x, 1.0], [2.0, x]])))(3.0),
        "stack",
    ),
    "a checkpoint of None": (lambda: grad(lambda x: checkpoint(lambda x: None)(x))(1.0), "None"),
    "an integer of argmax": (lambda: jit(grad(lambda x: x[int(np.argmax(x))]))(X), "integer"),
    "a range to argmax": (lambda: jit(grad(lambda x: sum(x[i] for i in range(np.argmax(x)))))(X), "integer"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_answered_in_words(name):
    slip, says = SLIPS[name]
    with pytest.raises(AutodiffError, match=says):
        slip()


def test_what_works_in_numpy_works_on_traced_values():
    assert derivative(lambda x: x.T * x.transpose() + np.transpose(x))(2.0) == 5.0
    np.testing.assert_array_equal(derivative(lambda x: x.reshape(1, 1) * x)(2.0), [[4.0]])
    power = checkpoint(lambda x, how, n: sum(x**i for i in range(n)) if how == "sum" else x)
    assert grad(lambda x: power(x, "sum", 4))(2.0) == 17.0
    assert jit(grad(lambda x: power(x, "sum", 4)))(2.0) == 17.0
    assert grad(lambda x: power(x, "same", None))(2.0) == 1.0
    for f in (
        lambda x: x[np.argmax(x)] ** 2,
        lambda x: np.take(x, np.argmax(x)) * np.argmin(x) + x[np.argmin(x)],
        lambda x: np.sum(np.where(np.arange(3) == np.argmax(x), x * x, 0.0)),
    ):
        np.testing.assert_allclose(jit(grad(f))(X), grad(f)(X))
        np.testing.assert_allclose(jit(hessian(f))(X), hessian(f)(X))
    for f, expected in (
        (lambda x: np.einsum("ij,ij->", x[None, :], np.ones((2, 3))), [2.0, 2.0, 2.0]),
        (lambda x: np.einsum("ij,jk->", np.ones((2, 3)), x[:1, None]), [6.0, 0.0, 0.0]),
        (lambda x: np.einsum("i,i->", x, np.ones(1)), [1.0, 1.0, 1.0]),
    ):
        np.testing.assert_allclose(grad(f)(X), expected)
        np.testing.assert_allclose(jacfwd(f)(X), expected)
        np.testing.assert_allclose(jit(grad(f))(X), expected)


def test_the_column_of_a_table_is_an_array():
    import pandas

    column = pandas.Series([4.0, 5.0, 6.0])
    np.testing.assert_array_equal(grad(lambda x: np.sum(x * column))(X), column)
