"""What NumPy does not hand over, and where programs go wrong: the right answer or an error, never another number."""

import gc
import math
import weakref

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    ChangedInPlaceError,
    ConcreteValueError,
    DestinationError,
    Dual,
    InputError,
    LeakedTracerError,
    NoRuleError,
    NotScalarError,
    SeedError,
    derivative,
    grad,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    value_and_grad,
    vjp,
)

BOTH = pytest.mark.parametrize("jacobian_by", [jacfwd, jacrev])
X = np.array([1.0, 2.0, 3.0])


# --- Vectors of numbers ----------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("vector", [np.array, np.asarray, np.stack, np.hstack, list, tuple])
def test_a_vector_is_returned_in_the_ways_people_write_it(jacobian_by, vector):
    J = jacobian_by(lambda x: vector([x[0] * x[1], x[2]]))(X)
    np.testing.assert_array_equal(np.stack(J), [[2, 1, 0], [0, 0, 1]])


@BOTH
def test_an_array_of_traced_values_goes_on_computing(jacobian_by):
    def f(x):
        z = np.array([x[0], x[1] * x[2]])
        return np.sin(z) + np.exp(z) * np.sqrt(z) - np.arctan2(z, 2.0) + z @ np.ones(2) + np.abs(z) ** 2

    def written_out(x):
        z = np.stack([x[0], x[1] * x[2]])
        return np.sin(z) + np.exp(z) * np.sqrt(z) - np.arctan2(z, 2.0) + z @ np.ones(2) + np.abs(z) ** 2

    np.testing.assert_allclose(jacobian_by(f)(X), jacobian_by(written_out)(X), rtol=1e-14)


@BOTH
def test_an_array_of_traced_and_plain_numbers_says_stack(jacobian_by):
    np.testing.assert_array_equal(jacobian_by(lambda x: np.array([x[0], 1.0]) * 2)(X), [[2, 0, 0], [0, 0, 0]])
    with pytest.raises(NoRuleError, match=r"np\.stack\(\[x, 1\.0\]\)"):
        jacobian_by(lambda x: np.sin(np.array([x[0], 1.0])))(X)


@BOTH
def test_an_array_of_traced_values_is_stacked_when_it_meets_a_rule(jacobian_by):
    A = np.array([[2.0, 1.0], [0.0, 3.0]])
    J = jacobian_by(lambda x: np.linalg.solve(A * x[2], np.array([x[0], x[1]])))(X)
    K = jacobian_by(lambda x: np.linalg.solve(A, x[:2]) / x[2])(X)
    np.testing.assert_allclose(J, K, atol=1e-15)


@BOTH
def test_a_matrix_of_numbers(jacobian_by):
    J = jacobian_by(lambda x: np.array([[x[0], 1.0], [x[1] * x[2], x[0]]]))(X)
    np.testing.assert_array_equal(J, [[[1, 0, 0], [0, 0, 0]], [[0, 3, 2], [1, 0, 0]]])


def test_a_number_has_no_length_and_an_array_has():
    def f(x):
        assert not hasattr(x, "__len__")
        assert not hasattr(x, "__getitem__")
        assert not hasattr(x, "__array__")
        y = np.stack([x, x])
        assert len(y) == 2
        assert not hasattr(y, "__array__")
        return np.sum(y)

    assert grad(f)(1.0) == derivative(f)(1.0) == 2


# --- Destinations ----------------------------------------------------------------------------------------


def writes_entry(x):
    z = np.zeros(3)
    z[0] = x[0]
    return np.sum(z)


def writes_slice(x):
    z = np.zeros(3)
    z[:] = x
    return np.sum(z)


def adds_in_place(x):
    z = np.zeros(3)
    z += x
    return np.sum(z)


def writes_out(x):
    return np.sum(np.multiply(x, 2.0, out=np.zeros(3)))


def sums_out(x):
    return np.sum(x, axis=0, out=np.zeros(()))


def adds_at(x):
    z = np.zeros(3)
    np.add.at(z, [0, 0, 1], x)
    return np.sum(z)


def full_like(x):
    return np.sum(np.full_like(np.zeros(3), x[0]))


def copies(x):
    z = np.zeros(3)
    np.copyto(z, x)
    return np.sum(z)


def fills(x):
    z = np.zeros(3)
    z.fill(x[0])
    return np.sum(z)


def fills_diagonal(x):
    z = np.zeros((3, 3))
    np.fill_diagonal(z, x)
    return np.sum(z)


def makes_floats(x):
    return np.sum(np.array([x[0], x[1]], dtype=float))


def writes_traced(x):
    x[0] = 1.0
    return np.sum(x)


@pytest.mark.parametrize("differentiate", [grad, jacfwd])
@pytest.mark.parametrize(
    "f",
    [writes_entry, writes_slice, adds_in_place, writes_out, sums_out, adds_at, full_like, copies, fills,
     fills_diagonal, makes_floats, writes_traced],
)  # fmt: skip
def test_writing_into_an_array_says_what_to_write_instead(f, differentiate):
    with pytest.raises((DestinationError, ConcreteValueError), match=r"np\.(stack|where|concatenate)"):
        differentiate(f)(X)


@pytest.mark.parametrize("ask", [float, int, math.sin, complex, lambda x: x.item(), lambda x: [1, 2][x], range,
                                 lambda x: x.astype(int)])  # fmt: skip
@pytest.mark.parametrize("differentiate", [grad, derivative])
def test_a_plain_number_asked_of_a_traced_value(ask, differentiate):
    with pytest.raises(ConcreteValueError, match="derivative"):
        differentiate(lambda x: x * ask(x))(1.0)


# --- Operations without a rule ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda x: np.linalg.eigvals(np.outer(x, x)), r"numpy\.linalg\.eigvals was called.*custom_derivative"),
        (np.fft.fft, r"numpy\.fft\.fft was called with a traced value as argument 1.*custom_derivative"),
        (lambda x: np.apply_along_axis(np.sum, 0, x), r"numpy\.apply_along_axis .* argument 3"),
        (lambda x: np.add.reduceat(x, [0, 1]), r"numpy\.add\.reduceat"),
        (lambda x: np.nextafter(x, 1.0), r"numpy\.nextafter"),
        (lambda x: np.modf(x), r"numpy\.modf"),
        (lambda x: np.sin(x, where=X > 1), r"numpy\.sin was called with where.*np\.where"),
        (lambda x: np.logaddexp.reduce(x, where=X > 1), r"numpy\.logaddexp\.reduce.*where"),
        (lambda x: np.linalg.norm(np.outer(x, x), 3), r"the orders .*nuc"),
        (lambda x: np.pad(x, 1, mode="mean"), r"numpy\.pad"),
        (lambda x: np.reshape(x, (3, 1), order="A"), r"order"),
    ],
)
def test_an_operation_without_a_rule_is_named(f, says):
    with pytest.raises(NoRuleError, match=says):
        jacfwd(f)(X)
    with pytest.raises(NoRuleError, match=says):
        jacrev(f)(X)


def test_a_mistake_in_the_program_stays_numpys_error():
    with pytest.raises(TypeError, match="NoneType"):
        grad(lambda x: np.sum(x * None))(X)
    with pytest.raises(ValueError, match="shape"):
        grad(lambda x: np.sum(x + np.ones(4)))(X)
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(x, axis=1))(X)
    with pytest.raises(ValueError, match="squeeze"):
        grad(lambda x: np.sum(np.squeeze(x, axis=0)))(X)


# --- Saved arrays that are changed -----------------------------------------------------------------------


def test_a_saved_constant_that_is_changed_is_an_error():
    c = np.array([1.0, 2.0, 3.0])

    def f(x):
        nonlocal c
        y = np.sum(x * c)
        c *= 10
        return y

    with pytest.raises(ChangedInPlaceError, match=r"c\.copy\(\)"):
        grad(f)(X)
    np.testing.assert_array_equal(c, [1, 2, 3])
    c *= 2  # and writable again
    np.testing.assert_array_equal(grad(lambda x: np.sum(x * c))(X), c)


def test_a_saved_view_that_is_changed_through_its_owner():
    c = np.arange(6.0)

    def f(x):
        y = np.sum(x * c[3:])
        c[4] = 0.0
        return y

    with pytest.raises(ChangedInPlaceError):
        grad(f)(X)
    c[4] = 0.0


def test_a_saved_index_and_a_saved_mask():
    index, mask = np.array([0, 1, 1]), np.array([True, False, True])

    def by_index(x):
        y = np.sum(x[index] * X)
        index[0] = 2
        return y

    def by_mask(x):
        y = np.sum(np.where(mask, x, 0.0))
        mask[:] = True
        return y

    for f in (by_index, by_mask):
        with pytest.raises(ChangedInPlaceError):
            grad(f)(X)


def test_the_point_itself_is_changed():
    x = X.copy()

    def f(z):
        y = np.sum(z * z)
        x[0] = 5.0
        return y

    with pytest.raises(ChangedInPlaceError):
        grad(f)(x)


def test_a_constant_changed_between_the_program_and_its_pullback():
    c, x = X.copy(), X.copy()
    _, pullback = vjp(lambda z: np.sum(z * z * c), x)
    x[0] = 100.0  # the primal was copied
    np.testing.assert_array_equal(pullback(1.0)[0], 2 * X * X)
    c[0] = 7.0
    with pytest.raises(ChangedInPlaceError):
        pullback(1.0)


def test_what_is_only_added_may_be_changed():
    """The derivative of a sum does not read its operands."""
    c = X.copy()

    def f(x):
        nonlocal c
        y = np.sum(x + c)
        c += 1
        return y

    np.testing.assert_array_equal(grad(f)(X), np.ones(3))


def test_other_read_only_arrays_keep_their_own_error():
    c = X.copy()
    c.flags.writeable = False

    def f(x):
        y = np.sum(x * X)
        c[0] = 1.0
        return y

    with pytest.raises((ChangedInPlaceError, ValueError)):
        grad(f)(X)
    with pytest.raises(ValueError, match="read-only"):
        grad(lambda x: c.fill(0.0))(1.0)
    assert not c.flags.writeable


def test_nested_and_interleaved_guards_give_back_what_they_took():
    c = np.arange(4.0)
    view = c[1:]

    def f(x):
        inner = grad(lambda y: np.sum(y * view) * np.sum(x * view))(X)
        return np.sum(inner * view) + np.sum(x * c[1:])

    grad(f)(X)
    assert c.flags.writeable
    assert view.flags.writeable
    pullbacks = [vjp(lambda x: x * view, X)[1] for _ in range(2)]
    view[0] = 9.0
    for pullback in pullbacks:
        with pytest.raises(ChangedInPlaceError):
            pullback(X)


# --- What goes in and comes out --------------------------------------------------------------------------


def test_integers_are_promoted():
    assert derivative(lambda x: x**2 / 4)(3) == 1.5
    assert grad(lambda x: x**-1)(2) == -0.25
    np.testing.assert_array_equal(grad(lambda x: np.sum(x**2) / 4)(np.array([1, 2])), [0.5, 1.0])
    assert grad(lambda p: p[0] * p[1])([2, 3]) == [3.0, 2.0]
    assert derivative(lambda x: x * 2)(True) == 2.0


@pytest.mark.parametrize("given", [1j, np.array([1.0, 2j]), "3", None, np.array(["a"]), np.array([None, 1.0])])
@pytest.mark.parametrize("differentiate", [derivative, grad])
def test_what_is_no_real_number_is_refused(given, differentiate):
    with pytest.raises(InputError, match=r"[Ee]xpected"):
        differentiate(lambda x: x * 1.0)(given)


def test_grad_of_what_is_no_number():
    for f, what in ((lambda x: x, r"shape \(3,\)"), (lambda x: x[:1], r"shape \(1,\)"), (lambda x: (x[0], 1), "tuple")):
        with pytest.raises(NotScalarError, match=what):
            grad(f)(X)


def test_derivative_of_a_function_that_is_not_elementwise():
    with pytest.raises(SeedError, match="grad"):
        derivative(np.sum)(X)
    np.testing.assert_array_equal(derivative(np.square)(X), 2 * X)


def test_seeds_that_do_not_fit():
    with pytest.raises(SeedError, match=r"shape \(2,\); expected \(3,\)"):
        jvp(np.sum, (X,), (np.ones(2),))
    with pytest.raises(SeedError, match="built"):
        jvp(np.sum, (X,), ((1.0, 1.0),))
    _, pullback = vjp(np.sin, X)
    with pytest.raises(SeedError):
        pullback(1.0)
    with pytest.raises(SeedError, match="shape"):
        Dual(X, np.ones((2, 3)))
    with pytest.raises(SeedError, match="2 tangents"):
        Dual(1.0, [1.0, 0.0]) * Dual(2.0, 1.0)


def test_arguments_that_are_not_there():
    with pytest.raises(InputError, match="argnums is 1"):
        grad(lambda x: x, 1)(2.0)
    with pytest.raises(ValueError, match="'backward'"):
        jacobian(np.sin, mode="backward")


def test_a_traced_value_that_leaked():
    kept = []

    def f(x):
        kept.append(x)
        return x * x

    for differentiate in (grad, derivative):
        kept.clear()
        differentiate(f)(2.0)
        with pytest.raises(LeakedTracerError, match="store"):
            kept[0] * 2.0
        with pytest.raises(LeakedTracerError):
            grad(lambda y: y * kept[0])(1.0)


def test_every_error_is_an_autodiff_error():
    for error in (ChangedInPlaceError, ConcreteValueError, DestinationError, InputError, LeakedTracerError,
                  NoRuleError, NotScalarError, SeedError):  # fmt: skip
        assert issubclass(error, AutodiffError)
        assert not issubclass(error, TypeError | ValueError)


# --- NumPy's results stand -------------------------------------------------------------------------------


def test_numpys_results_stand():
    with np.errstate(all="ignore"):
        for f, x in ((lambda x: x ** (1 / 3), -8.0), (lambda x: 1 / x, 0.0), (np.exp, 1000.0)):
            expected = f(np.float64(x))
            for value in (value_and_grad(f)(x)[0], jvp(f, (x,), (1.0,))[0]):
                np.testing.assert_equal(value, expected)
                assert isinstance(value, np.float64)


def test_numpys_own_scalars_on_the_left():
    for left in (np.float64(3.0), np.float32(3.0), np.int64(3), 3, 3.0, np.array(3.0)):
        assert grad(lambda x, a=left: a * x + a - x + a / x)(1.0) == -1.0
        assert derivative(lambda x, a=left: a**x)(0.0) == pytest.approx(math.log(3), rel=1e-6)


def test_single_precision_stays_single():
    x = np.array([1, 2, 3], dtype=np.float32)
    value, gradient = value_and_grad(lambda x: np.sum(np.sin(x) * x))(x)
    assert value.dtype == gradient.dtype == np.float32


def test_what_is_not_selected_does_not_matter():
    """The square root has an infinite slope at 0; where it is not selected, it must not come in as inf * 0."""
    with np.errstate(all="ignore"):
        g = grad(lambda x: np.sum(np.where(x > 0, np.where(x > 0, x, 1.0) ** 0.5, 0.0)))(np.array([0.0, 4.0]))
        np.testing.assert_array_equal(g, [0.0, 0.25])


def test_kinks_by_the_custom_of_the_field():
    assert grad(abs)(0.0) == 0.0
    assert grad(np.maximum, (0, 1))(1.0, 1.0) == (0.5, 0.5)
    np.testing.assert_array_equal(grad(np.max)(np.array([2.0, 2.0, 1.0])), [0.5, 0.5, 0.0])
    assert derivative(lambda x: x**0)(0.0) == 0.0
    assert grad(lambda x: 0.0**x)(2.0) == 0.0
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.sign(x) + np.floor(x) + np.round(x)))(X), np.zeros(3))


def test_comparisons_are_by_value():
    def f(x):
        assert x > 1
        assert 1 < x <= 2.0
        assert x == 2.0
        assert x != 3
        assert bool(x)
        assert x >= np.float64(2.0)
        assert x // 1.5 == 1
        assert 5 // x == 2
        return x * x if x < 3 else x

    assert grad(f)(2.0) == derivative(f)(2.0) == 4


def test_what_an_array_says_of_itself():
    def f(x):
        larger = x > 1.5
        assert type(larger) is np.ndarray
        np.testing.assert_array_equal(larger, [False, True, True])
        np.testing.assert_array_equal(np.argsort(-x), [2, 1, 0])
        assert (x.argmax(), 2.0 in x, len([*x.flat])) == (2, True, 3)
        assert (x.shape, x.ndim, x.size, x.dtype) == ((3,), 1, 3, np.float64)
        assert "1." in repr(x)
        return np.sum(x)

    np.testing.assert_array_equal(grad(f)(X), jacfwd(f)(X))


# --- The tape --------------------------------------------------------------------------------------------


def chain(x, n=100_000):
    y = x
    for _ in range(n):
        y = y * 0.99999 + 0.00001
    return y


def test_a_long_chain_needs_no_stack():
    assert grad(lambda x: chain(x, 50_000))(2.0) == pytest.approx(0.99999**50_000, rel=1e-9)
    assert derivative(lambda x: chain(x, 10_000))(2.0) == pytest.approx(0.99999**10_000, rel=1e-9)


def test_the_tape_makes_no_cycles_and_is_freed():
    kept = []

    def f(x):
        y = np.exp(x)
        kept.append(weakref.ref(y.owner.guard))
        return np.sum(y * y)

    gc.collect()
    gc.disable()
    try:
        grad(f)(X)
        assert kept[0]() is None  # freed by counting references alone
        _, pullback = vjp(f, X)
        assert kept[1]() is not None
        del pullback
        assert kept[1]() is None
    finally:
        gc.enable()


def test_a_second_sweep_gives_the_same():
    _, pullback = vjp(lambda x: x * x * X + x, X)
    first = pullback(np.ones(3))[0]
    first[:] = -1  # what the first sweep returned is the caller's own
    np.testing.assert_array_equal(pullback(np.ones(3))[0], 2 * X * X + 1)
    np.testing.assert_array_equal(pullback(2 * np.ones(3))[0], 2 * (2 * X * X + 1))


def test_gradients_are_not_aliased():
    a, b = grad(lambda a, b: np.sum(a + b), (0, 1))(X, X)
    a[0] = 100
    assert b[0] == 1
    seed = np.ones(3)
    (g,) = vjp(lambda x: x, X)[1](seed)
    g[0] = 5
    assert seed[0] == 1
    f, h = vjp(lambda x: (x, x), X)[1]((seed, seed))[0], seed
    np.testing.assert_array_equal(f, [2, 2, 2])
    np.testing.assert_array_equal(h, [1, 1, 1])


@pytest.mark.parametrize("n", [1, 2])
def test_a_cotangent_that_two_share_is_not_added_to_in_place(n):
    """x + y hands the same cotangent to x and to y; what x gains besides must not reach y."""

    def f(x, y):
        z = x + y
        return np.sum(z) + np.sum(x * 3.0) + np.sum(np.reshape(y, (n, 1)) * 5.0) + np.sum(np.broadcast_to(x, (n,)))

    a, b = grad(f, (0, 1))(np.ones(n), np.ones(n))
    np.testing.assert_array_equal(a, np.full(n, 5.0))
    np.testing.assert_array_equal(b, np.full(n, 6.0))


def test_what_the_result_does_not_depend_on_has_gradient_zero():
    np.testing.assert_array_equal(grad(lambda x: 1.0)(X), np.zeros(3))
    a, b = grad(lambda a, b: a * 2, (0, 1))(1.0, X)
    assert a == 2
    np.testing.assert_array_equal(b, np.zeros(3))
    np.testing.assert_array_equal(jacfwd(lambda x: np.ones(2))(X), np.zeros((2, 3)))
    np.testing.assert_array_equal(jacrev(lambda x: np.ones(2))(X), np.zeros((2, 3)))


@pytest.mark.parametrize("axis", [0, -1, None, ()])
@pytest.mark.parametrize("reduce", [np.sum, np.max, np.min, np.prod, np.ptp])
def test_a_number_may_be_reduced_along_its_axis_as_in_numpy(reduce, axis):
    def f(x):
        return reduce(x * x, axis=axis) + x

    expected = 1.0 if reduce is np.ptp else 7.0
    assert f(np.float64(3.0)) == value_and_grad(f)(3.0)[0]
    assert grad(f)(3.0) == derivative(f)(3.0) == expected


@BOTH
@pytest.mark.parametrize("axis", [0, -1, None])
@pytest.mark.parametrize("accumulate", [np.cumsum, np.cumprod])
def test_a_number_may_be_accumulated_as_in_numpy(jacobian_by, accumulate, axis):
    np.testing.assert_array_equal(jacobian_by(lambda x: accumulate(x * x, axis=axis))(3.0), [6.0])
