"""Sparse Jacobians: patterns, colours, and the same numbers as the dense ones."""

import numpy as np
import pytest
from autodiff_programs import PROGRAMS
from benchmarks import workloads
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_lib.autodiff import (
    AutodiffError,
    InputError,
    SeedError,
    grad,
    hessian,
    jacfwd,
    jacobian,
    jit,
    vmap,
    while_loop,
)
from course_lib.autodiff.sparsity import colours, detect


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_operation_keeps_its_entries(name):
    f, arguments = PROGRAMS[name]
    x = arguments[0]

    def of_first(x):
        return f(x, *arguments[1:])

    J = jacfwd(of_first)(x)
    structure = detect(of_first, np.float64(x) if np.ndim(x) == 0 else x)
    assert not np.any((J.reshape(structure.shape) != 0) & ~structure)
    np.testing.assert_allclose(jacobian(of_first, sparsity="detect")(x), J, rtol=1e-12, atol=1e-12)


def test_broyden_needs_three_sweeps():
    f, (x,), by_hand = workloads.broyden_jacobian(50)
    structure = detect(f, x)
    J = by_hand(x)[1]
    np.testing.assert_array_equal(structure, J != 0)
    assert colours(structure).max() + 1 == 3
    np.testing.assert_allclose(jacobian(f, sparsity="detect")(x), J, rtol=1e-14)
    np.testing.assert_allclose(jacobian(f, sparsity=structure)(x), J, rtol=1e-14)


def test_an_arrow_is_coloured_by_its_better_side():
    """One full row and a diagonal: by columns n colours, by rows 2."""
    calls = []

    def f(x):
        calls.append(type(x).__name__)
        return np.concatenate((x[1:] ** 2, [np.sum(np.sin(x))]))

    x = np.linspace(0.1, 1, 20)
    found = jacobian(f, sparsity="detect")(x)
    assert calls == ["PatternArray", "NodeArray"]
    np.testing.assert_allclose(found, jacfwd(f)(x), rtol=1e-14)


@settings(max_examples=80, deadline=None)
@given(arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 8))))
def test_columns_of_one_colour_share_no_row(structure):
    colour = colours(structure)
    assert np.all(colour >= 0)
    for one in range(colour.max() + 1):
        assert np.all(structure[:, colour == one].sum(axis=1) <= 1)


@settings(max_examples=40, deadline=None)
@given(arrays(bool, (6, 7)), st.integers(0, 99))
def test_random_patterns(structure, seed):
    A = np.random.default_rng(seed).normal(size=structure.shape) * structure
    x = np.linspace(0.2, 1.4, 7)
    np.testing.assert_allclose(jacobian(lambda x: A @ np.sin(x), sparsity="detect")(x), A * np.cos(x), atol=1e-14)
    np.testing.assert_allclose(jacobian(lambda x: A @ np.sin(x), sparsity=structure)(x), A * np.cos(x), atol=1e-14)


def test_shapes_of_more_axes_and_nesting():
    assert jacobian(lambda x: x[:0], sparsity="detect")(np.ones(2)).shape == (0, 2)
    x = np.linspace(1, 2, 6).reshape(2, 3)
    J = jacobian(lambda x: (x**3).T, sparsity="detect")(x)
    assert J.shape == (3, 2, 2, 3)
    np.testing.assert_allclose(J, jacfwd(lambda x: (x**3).T)(x))
    g = grad(lambda x: np.sum(jacobian(lambda z: z**3, sparsity="detect")(x)))(x)
    np.testing.assert_allclose(g, 6 * x)
    H = jacobian(grad(lambda x: np.sum(x**4)), sparsity=np.eye(6, dtype=bool))(x)
    np.testing.assert_allclose(H.reshape(6, 6), np.diag(12 * x.ravel() ** 2))


def test_what_does_not_fit():
    x = np.ones(3)
    with pytest.raises(SeedError, match="pattern"):
        jacobian(np.sin, sparsity=np.ones((3, 4), bool))(x)
    with pytest.raises(SeedError, match="2 rows"):
        jacobian(np.sin, sparsity=np.ones((2, 3), bool))(x)
    with pytest.raises(ValueError, match="'guess'"):
        jacobian(np.sin, sparsity="guess")(x)
    with pytest.raises(InputError, match="one array"):
        jacobian(np.sin, (0,), sparsity="detect")(x)
    with pytest.raises(InputError, match="tuple"):
        jacobian(lambda x: (x, x), sparsity="detect")(x)
    np.testing.assert_array_equal(jacobian(lambda x: np.ones(2), sparsity="detect")(x), np.zeros((2, 3)))


@pytest.mark.parametrize("made", ["csr_matrix", "coo_array", "lil_matrix", "csr_array"])
def test_a_pattern_of_scipy(made):
    x = np.arange(1.0, 4.0)
    pattern = getattr(pytest.importorskip("scipy.sparse"), made)(np.eye(3))
    np.testing.assert_array_equal(jacobian(np.square, sparsity=pattern)(x), 2 * np.diag(x))
    np.testing.assert_array_equal(hessian(lambda x: np.sum(x**3), sparsity=pattern)(x), 6 * np.diag(x))


def test_what_cannot_be_detected_is_said():
    x = np.arange(1.0, 4.0)
    grown = lambda x: while_loop(lambda c: np.sum(c) < 50, lambda c: c * 1.5, x) ** 2  # noqa: E731
    np.testing.assert_allclose(jacobian(grown, sparsity="detect")(x), jacobian(grown)(x))
    np.testing.assert_allclose(jit(jacobian(grown, sparsity=np.eye(3, dtype=bool)))(x), jacobian(grown)(x))
    with pytest.raises(AutodiffError, match="Give the pattern as a boolean array"):
        jit(jacobian(grown, sparsity="detect"))(x)
    with pytest.raises(AutodiffError, match="or lists of rows"):
        jacobian(grown, sparsity=[[1], [1, 2]])(x)
    with pytest.raises(ValueError, match="'detect'"):
        jacobian(grown, sparsity="dtect")


def test_a_pattern_is_tried_in_each_row_of_a_batch():
    """Of a product with 0 no entry is missed, in another row it is."""
    f = lambda x: x * x[::-1]  # noqa: E731
    rows = np.array([[0.0, 0.0, 2.0], [1.0, 2.0, 3.0]])
    dense = np.stack([jacfwd(f)(x) for x in rows])
    cross = np.eye(3, dtype=bool) | np.eye(3, dtype=bool)[::-1]
    for wrap in (lambda f: f, jit):
        np.testing.assert_array_equal(wrap(vmap(jacobian(f, sparsity=cross)))(rows), dense)
        for some in (rows, rows[1:]):
            with pytest.raises(SeedError, match="no place for some entries"):
                wrap(vmap(jacobian(f, sparsity=np.eye(3, dtype=bool))))(some)
