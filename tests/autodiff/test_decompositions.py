"""Singular values, QR, pseudo-inverse: against divided differences, and refused where there is no derivative."""

import numpy as np
import pytest

from course_lib.autodiff import AutodiffError, check_grad, grad, jit, jvp, vmap

rng = np.random.default_rng(11)


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
    nuclear = lambda a: np.linalg.norm(a, "nuc")  # noqa: E731
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
