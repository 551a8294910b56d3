"""Singular values, QR, pseudo-inverse: against divided differences, and refused where there is no derivative."""

import subprocess
import sys

import numpy as np
import pytest

from course_lib.autodiff import (
    AutodiffError,
    check_grad,
    derivative,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacrev,
    jit,
    jvp,
    vmap,
)

rng = np.random.default_rng(11)
nuclear = lambda a: np.linalg.norm(a, "nuc")  # noqa: E731


def from_svd(a):
    """Use all of it, in a way that does not depend on the signs of the singular vectors."""
    u, s, v = np.linalg.svd(a, full_matrices=False)
    weights = np.arange(1.0, a.shape[-1] + 1)
    return (
        np.sum(np.sin(u @ (s[..., None] ** 2 * v))) + np.sum(np.square(u) * s[..., None, :]) + np.sum(v * v * weights)
    )


FUNCTIONS = {
    "svd": from_svd,
    "singular values": lambda a: np.sum(np.linalg.svd(a, compute_uv=False) ** 3),
    "qr": lambda a: np.sum(np.sin(np.linalg.qr(a).Q)) + np.sum(np.cos(np.linalg.qr(a)[1])),
    "pinv": lambda a: np.sum(np.sin(np.linalg.pinv(a))),
    "nuclear norm": lambda a: np.sum(np.linalg.norm(a, "nuc", axis=(-2, -1))),
    "spectral norm": lambda a: np.sum(np.linalg.norm(a, 2, axis=(-2, -1))),
    "condition": lambda a: np.sum(np.linalg.cond(a)) + np.sum(np.linalg.cond(a, -2)),
}


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 4, 3)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_first_and_second_derivatives(name, shape):
    f, a = FUNCTIONS[name], rng.normal(size=shape)
    check_grad(f, a, tolerance=1e-6)
    check_grad(grad(f), a, tolerance=1e-5)
    np.testing.assert_allclose(jit(grad(f))(a), grad(f)(a), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(vmap(grad(f))(np.stack([a, 2 * a])), [grad(f)(a), grad(f)(2 * a)], rtol=1e-8, atol=1e-12)


def test_least_squares():
    a, b = rng.normal(size=(6, 2)), rng.normal(size=6)
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=None)

    def parts(a, b):
        return np.linalg.lstsq(a, b, rcond=None)

    y, _ = jvp(lambda a, b: [np.asarray(p) if k == 2 else p for k, p in enumerate(parts(a, b))], (a, b), (a, b))
    for ours, theirs in zip(y, (x, residuals, rank, s), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    assert check_grad(lambda a, b: np.sum(parts(a, b)[0] ** 2) + parts(a, b)[1][0], a, b) < 1e-7
    normal = grad(lambda b: parts(a, b)[0][0])(b)  # a row of the pseudo-inverse
    np.testing.assert_allclose(normal, np.linalg.pinv(a)[0], rtol=1e-10)


def test_where_singular_values_meet_or_vanish():
    np.testing.assert_allclose(grad(nuclear)(2 * np.eye(3)), np.eye(3), atol=1e-15)  # their sum has a derivative
    rank_one = np.outer([1.0, 2.0], [0.3, 0.7])
    np.testing.assert_allclose(  # the greatest alone has one there
        grad(lambda a: np.linalg.norm(a, 2))(rank_one),
        np.outer([1.0, 2.0], [0.3, 0.7]) / np.linalg.norm(rank_one),
        rtol=1e-12,
    )
    refused = {
        "one of two that meet": (lambda a: np.linalg.norm(a, 2), np.eye(2)),
        "one that vanishes": (nuclear, rank_one),
        "all vanish": (nuclear, np.zeros((2, 2))),
        "singular vectors": (lambda a: np.sum(np.linalg.svd(a)[0]), np.eye(2)),
        "a pseudo-inverse that jumps": (lambda a: np.sum(np.linalg.pinv(a)), rank_one),
        "QR of a singular matrix": (lambda a: np.sum(np.linalg.qr(a)[0]), rank_one),
        "any basis": (lambda a: np.sum(np.linalg.svd(a)[0]), np.ones((3, 2))),
    }
    for f, a in refused.values():
        t = rng.normal(size=a.shape)
        for transform in (grad, lambda f: jit(grad(f)), lambda f, t=t: lambda x: jvp(f, (x,), (t,))):
            with pytest.raises(AutodiffError, match=r"no derivative|has no rule|have none there"):
                transform(f)(a)


MATRICES = rng.normal(size=(2, 3, 3)) + 3 * np.eye(3)
SYSTEMS = {
    "one column for all": lambda a: np.linalg.solve(a, np.ones((3, 1))),
    "one vector for all": lambda a: np.linalg.solve(a, np.ones(3)),
    "a column for each": lambda a: np.linalg.solve(a, a[:, :, :1]),
    "one column that is differentiated": lambda a: np.linalg.solve(a, a[0, :, :1]),
    "one stack of one": lambda a: np.linalg.solve(a, a[:1, :, :2]),
    "one matrix for all": lambda a: np.linalg.solve(a[0], a),
    "a stack of one matrix": lambda a: np.linalg.solve(a[:1], a),
    "all of it": lambda a: np.linalg.solve(a[0], a[1, 0]),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_second_derivatives_of_stacked_systems(name):
    """In all orders of modes, against differences of the function itself."""
    v, w = rng.normal(size=(2, 2, 3, 3))
    weights = rng.normal(size=SYSTEMS[name](MATRICES).shape)

    def f(a):
        x = SYSTEMS[name](a)
        return np.sum(weights * x) + np.sum(x**3)

    def along(g, u, h=2e-3):
        """Return central differences of fourth order."""
        return lambda a: (8 * (g(a + h * u) - g(a - h * u)) - g(a + 2 * h * u) + g(a - 2 * h * u)) / (12 * h)

    first, second = along(f, v)(MATRICES), along(along(f, v), w)(MATRICES)
    slope = lambda a: jvp(f, (a,), (v,))[1]  # noqa: E731
    np.testing.assert_allclose([slope(MATRICES), np.sum(grad(f)(MATRICES) * v)], first, rtol=1e-6, atol=1e-6)
    for way in (
        lambda a: np.sum(grad(slope)(a) * w),
        lambda a: np.sum(hvp(f, a, v) * w),
        lambda a: np.sum(grad(lambda a: np.sum(grad(f)(a) * v))(a) * w),
        lambda a: jvp(slope, (a,), (w,))[1],
    ):
        np.testing.assert_allclose([way(MATRICES), jit(way)(MATRICES)], second, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "f",
    [
        np.linalg.det,
        lambda m: np.linalg.inv(m)[0, 1],
        lambda m: np.linalg.solve(m, np.ones(2))[0],
        lambda m: np.linalg.eigvalsh(m @ m.T)[0],
        lambda m: np.linalg.svd(m, compute_uv=False)[0],
        lambda m: np.linalg.qr(m)[1][0, 0],
        lambda m: np.linalg.lstsq(m, np.ones(2))[0][0],
    ],
)
def test_a_matrix_of_numbers_by_array_is_refused_with_what_to_write(f):
    written = lambda x: f(np.stack([np.stack([x, 1.0]), np.stack([2.0, x])]))  # noqa: E731
    slope = (written(3.0 + 1e-5) - written(3.0 - 1e-5)) / 2e-5
    for transform in (grad, derivative, lambda f: jit(grad(f))):
        with pytest.raises(AutodiffError, match=r"np\.stack\(\[x, 1\.0\]\)"):
            transform(lambda x: f(np.array([[x, 1.0], [2.0, x]])))(3.0)
        np.testing.assert_allclose(transform(written)(3.0), slope, rtol=1e-8)


STACK = rng.normal(size=(2, 4, 3))
OF_A_MATRIX = {
    "svdvals": lambda a: np.sum(np.linalg.svdvals(a)[:2] ** 3),
    "lstsq": lambda a: np.sum(np.linalg.lstsq(a, np.arange(4.0), rcond=None)[0]),
    "cond": np.linalg.cond,
    "pinv": lambda a: np.sum(np.linalg.pinv(a) ** 2),
    "nuclear": nuclear,
    "spectral": lambda a: np.linalg.norm(a, 2),
    "least": lambda a: np.linalg.norm(a, -2),
    "logsumexp": lambda a: np.logaddexp.reduce(np.logaddexp.reduce(a, axis=1)),
    "eigvalsh": lambda a: np.sum(np.linalg.eigvalsh(a.T @ a) ** 3),
    "slogdet": lambda a: np.linalg.slogdet(a[:3])[1],
    "qr": lambda a: np.sum(np.linalg.qr(a)[1] ** 3),
}


@pytest.mark.parametrize("transform", [grad, jacfwd, hessian])
@pytest.mark.parametrize("name", OF_A_MATRIX)
def test_rows_of_matrices_give_what_each_gives_alone(name, transform):
    """With stacks of tangents in stacks of matrices, of which each has singular values of its own."""
    f = transform(OF_A_MATRIX[name])
    alone = np.stack([f(a) for a in STACK])
    for found in (
        vmap(f)(STACK),
        jit(vmap(f))(STACK),
        vmap(vmap(f))(STACK[:, None])[:, 0],
        vmap(f, in_axes=2)(np.moveaxis(STACK, 0, 2)),
    ):
        np.testing.assert_allclose(found, alone, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4)])
def test_the_nuclear_norm_is_smooth_where_singular_values_meet(shape):
    """At one by one on the diagonal the second derivative is that of the trace of (A^T A)^(1/2): the skew part of the
    square block halved, and what leaves it whole."""
    a, k = np.eye(*shape), min(shape)
    for first in (grad(nuclear), jacfwd(nuclear), jacrev(nuclear), jit(jacfwd(nuclear))):
        np.testing.assert_allclose(first(a), a, atol=1e-14)
    for _ in range(3):
        t = rng.normal(size=shape)
        square, rest = t[:k, :k], np.concatenate([t[k:].ravel(), t[:, k:].ravel()])
        expected = np.sum((square - square.T) ** 2) / 4 + np.sum(rest**2)
        np.testing.assert_allclose(np.sum(hvp(nuclear, a, t) * t), expected)
        np.testing.assert_allclose(np.sum(jvp(jacfwd(nuclear), (a,), (t,))[1] * t), expected)


ENDLESS = """
import numpy as np
from course_lib.autodiff import grad, jit

A = np.random.default_rng(3).normal(size=(2, 3, 3))
A[0, 0, 1] = -np.inf
norms = [lambda a, order=order: np.linalg.norm(a, order, axis=(1, 2)) for order in (2, -2, "nuc")]
np.seterr(all="ignore")
for f in (np.linalg.det, np.linalg.cond, *norms, lambda a: np.sum(np.linalg.svd(a)[0] ** 3, axis=(1, 2))):
    for way in (grad, lambda f: jit(grad(f))):
        of_both, of_one = way(lambda a: np.sum(f(a)))(A), grad(lambda a: np.sum(f(a)))(A[1:])
        print(not np.isfinite(of_both[0]).any() and np.allclose(of_both[1], of_one[0], rtol=1e-12))
"""


def test_a_matrix_with_infinity_has_an_answer_and_leaves_its_neighbour_alone():
    """LAPACK may take for ever on its singular vectors, and no signal of Python ends that: hence a process."""
    done = subprocess.run([sys.executable, "-c", ENDLESS], capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout.split() == ["True"] * 12
