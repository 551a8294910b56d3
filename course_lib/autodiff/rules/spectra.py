"""Matrices at their special points: eigenvalues that meet, and determinants that vanish.

Where eigenvalues meet, each alone has one-sided slopes only, but their sum has a derivative, and so has whatever
treats them alike. The lines below answer there if the tangent, or the cotangent, does treat them alike, and refuse
otherwise. Two that differ by rounding alone have met.

The derivative of a determinant is the matrix of its cofactors. It exists where the inverse does not: with A = U S V^T
the cofactors are those of the diagonal matrix S, turned back.

Magnus: On differentiating eigenvalues and eigenvectors. Econometric Theory 1 (1985) 179-191.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, NotDifferentiableError
from course_lib.autodiff.rules.broadcasting import summed_to
from course_lib.autodiff.rules.forms import Constant, Rule, general


def met(values: Any) -> Any:
    """Return which pairs of eigenvalues have met: booleans of shape (..., n, n), false on the diagonal."""
    n = values.shape[-1]
    scale = np.max(np.abs(values), axis=-1, initial=0.0)[..., None, None]
    near = np.abs(values[..., :, None] - values[..., None, :]) <= 16 * n * np.finfo(values.dtype).eps * scale
    return near & ~np.eye(n, dtype=bool)


def refuse(pairs: Any, values: Any, what: str) -> None:
    """Raise an error that names two eigenvalues that have met, if any pair is marked."""
    if np.any(pairs):
        i, j = np.argwhere(pairs)[0][-2:]
        raise NotDifferentiableError(
            f"Eigenvalues {i} and {j} are equal (all are {np.array2string(np.asarray(values), precision=6)}); {what} "
            "has no derivative there. Expected a function that treats equal eigenvalues alike, such as their sum, or "
            "distinct eigenvalues; for a function of the matrix itself, give it a rule with custom_derivative."
        )


def slopes_at(M: Any, values: Any) -> Any:
    """Return the diagonal of M = V^T A' V, if it is a multiple of I for eigenvalues that have met."""
    diagonal = np.diagonal(M, axis1=-2, axis2=-1)
    pairs = met(values)
    if np.any(pairs):
        small = 1e-9 * np.max(np.abs(M), axis=(-2, -1), keepdims=True, initial=0.0)
        uneven = np.abs(diagonal[..., :, None] - diagonal[..., None, :]) > small
        refuse(pairs & (uneven | (np.abs(M) > small)), values, "each eigenvalue, for itself,")
    return diagonal.copy()


slopes: Rule = general(
    "slopes of eigenvalues",
    slopes_at,
    forward=(lambda t, y, M, values: slopes(t, values), None),
    reverse=(lambda g, y, M, values: g[..., None] * np.eye(g.shape[-1]), None),
)


def alike_at(g: Any, values: Any) -> Any:
    """Return g, if it is the same for eigenvalues that have met."""
    pairs = met(values)
    if np.any(pairs):
        small = 1e-9 * np.max(np.abs(g), axis=-1, initial=0.0)[..., None, None]
        refuse(pairs & (np.abs(g[..., :, None] - g[..., None, :]) > small), values, "each eigenvalue, for itself,")
    return np.array(g)


alike: Rule = general(
    "alike for equal eigenvalues",
    alike_at,
    forward=(lambda t, y, g, values: alike(t, values), None),
    reverse=(lambda h, y, g, values: alike(h, values), None),
)


def apart_at(values: Any) -> Any:
    """Return 0, if no eigenvalues have met."""
    refuse(met(values), values, "each eigenvector")
    return np.zeros(values.shape[:-1])[()]


apart = Constant("distinct eigenvalues", apart_at)
apart.stacks = True


def mirrored_at(a: Any) -> Any:
    """Return 0, if a matrix is symmetric but for rounding: else the derivative would be that of another matrix."""
    eps, other = np.finfo(a.dtype).eps, np.swapaxes(a, -1, -2)
    with np.errstate(invalid="ignore"):
        size, gap = np.abs(a), np.abs(a - other)
        small = 64 * a.shape[-1] * eps * np.max(size, axis=(-2, -1), keepdims=True, initial=0.0)
        uneven = (gap > small) & (gap > 16 * np.sqrt(eps) * (size + np.abs(other)))
    if np.any(uneven):
        i, j = np.argwhere(uneven)[0][-2:]
        raise InputError(
            f"A matrix of which one triangle is read is not symmetric: [{i}, {j}] and [{j}, {i}] differ. The "
            "derivative is that for symmetric matrices. Expected one: np.tril(a) + np.tril(a, -1).T makes it of the "
            "lower triangle, 0.5 * (a + a.T) of both."
        )
    return np.zeros(a.shape[:-2], a.dtype)[()]


mirrored = Constant("symmetric", mirrored_at)
mirrored.stacks = True


def as_mirrored(change: Any, a: Any) -> Any:
    """Return the symmetric part of a tangent or cotangent, if the matrix that it belongs to is symmetric."""
    return 0.5 * (change + np.swapaxes(change, -1, -2)) + np.expand_dims(mirrored(a), (-2, -1))


def eigenvalues_forward(t: Any, y: Any, a: Any) -> Any:
    """Return the diagonal of V^T A' V."""
    vectors = np.linalg.eigh(a)[1]
    back = np.swapaxes(vectors, -1, -2)
    return slopes(back @ as_mirrored(t, a) @ vectors, y)


def eigenvalues_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return V diag(g) V^T."""
    vectors = np.linalg.eigh(a)[1]
    return as_mirrored((vectors * alike(g, y)[..., None, :]) @ np.swapaxes(vectors, -1, -2), a)


eigenvalues = general("linalg.eigvalsh", np.linalg.eigvalsh, eigenvalues_forward, eigenvalues_reverse)

# --- Determinants ----------------------------------------------------------------------------------------


def svd(a: Any) -> tuple[Any, ...]:
    """Return U, s and V^T: NaN for a matrix that holds NaN or infinity, with which LAPACK may go on for ever."""
    finite = np.all(np.isfinite(a), axis=(-2, -1), keepdims=True)
    found = np.linalg.svd(a if np.all(finite) else np.where(finite, a, 0.0), full_matrices=False)
    return tuple(np.where(finite if x.ndim == a.ndim else finite[..., 0], x, np.nan) for x in found)


def svdvals(a: Any) -> Any:
    """Return s alone, and NaN as `svd` does; NumPy gives NaN up to 2.4, and later raises that it did not converge."""
    finite = np.all(np.isfinite(a), axis=(-2, -1), keepdims=True)
    if np.all(finite):
        return np.linalg.svd(a, compute_uv=False)
    return np.where(finite[..., 0], np.linalg.svd(np.where(finite, a, 0.0), compute_uv=False), np.nan)


def without(s: Any, *places: int) -> Any:
    """Return the product of all entries along the last axis but those."""
    return np.prod(np.delete(s, places, axis=-1), axis=-1)


def turned(a: Any) -> tuple[Any, Any, Any]:
    """Return s, U and V^T of the singular value decomposition, with the signs of det U and det V in the first s."""
    u, s, v = svd(a)
    sign = np.linalg.det(u) * np.linalg.det(v)
    return np.concatenate([s[..., :1] * np.sign(sign)[..., None], s[..., 1:]], axis=-1), flip_first(u, sign), v


def flip_first(u: Any, sign: Any) -> Any:
    """Turn the first column of U where U and V^T together are no rotation: then both determinants make 1."""
    return np.concatenate([u[..., :1] * np.sign(sign)[..., None, None], u[..., 1:]], axis=-1)


def cofactors_of(a: Any) -> Any:
    """Return the matrix of cofactors: det(A) A^-T where A is well conditioned, else by singular values."""
    n = a.shape[-1]
    if n == 0:
        return np.zeros(a.shape)
    s, u, v = turned(a)
    each = np.stack([without(s, i) for i in range(n)], axis=-1)
    return (u * each[..., None, :]) @ v


def cofactors_along(t: Any, a: Any) -> Any:
    """Return how the cofactors change along t: linear in t, and its own transpose."""
    n = a.shape[-1]
    if n < 2:
        return np.zeros(np.broadcast_shapes(t.shape, a.shape))
    s, u, v = turned(a)
    inner = np.swapaxes(u, -1, -2) @ t @ np.swapaxes(v, -1, -2)
    pairs = np.stack([np.stack([without(s, i, j) * (i != j) for j in range(n)], axis=-1) for i in range(n)], axis=-2)
    diagonal = np.diagonal(inner, axis1=-2, axis2=-1)
    change = -np.swapaxes(inner, -1, -2) * pairs
    change = change + np.eye(n) * np.sum(pairs * diagonal[..., None, :], axis=-1)[..., None]
    return u @ change @ v


def third(t: Any, x: Any, a: Any) -> Any:
    """Return how `cofactors_along` t changes along x, by the inverse."""
    b, d = regular_inverse(a), np.expand_dims(np.linalg.det(a), (-2, -1))

    def trace(m: Any) -> Any:
        return np.expand_dims(np.sum(np.diagonal(m, 0, -2, -1), axis=-1), (-2, -1))

    bt, bx = b @ t, b @ x
    whole = trace(bx) * (trace(bt) * b - bt @ b)
    whole = whole - trace(bx @ bt) * b - trace(bt) * (bx @ b) + bx @ bt @ b + bt @ bx @ b
    return d * np.swapaxes(whole, -1, -2)


def inverse_at(a: Any) -> Any:
    """Return the inverse, if there is one."""
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        raise NotDifferentiableError(
            "A derivative by the inverse of a matrix was asked for, and the matrix is singular: log|det| and the "
            "factors of QR have none there, and det has a third one only by a longer way. Expected a regular matrix; "
            "for a positive definite one, add a small multiple of the unit matrix."
        ) from None


regular_inverse: Rule = general(
    "inverse of a regular matrix",
    inverse_at,
    forward=lambda t, y, a: -y @ t @ y,
    reverse=lambda g, y, a: -np.swapaxes(y, -1, -2) @ g @ np.swapaxes(y, -1, -2),
)

change_rule = general(
    "change of the cofactors",
    cofactors_along,
    forward=(lambda t, y, x, a: change(t, a), lambda t, y, x, a: third(x, t, a)),
    reverse=(
        lambda g, y, x, a: summed_to(x.shape, change(g, a)),
        lambda g, y, x, a: summed_to(a.shape, third(x, g, a)),
    ),
)


def change(t: Any, a: Any) -> Any:
    """Return how the cofactors change along t, with as many axes before the last two in both."""
    ndim = max(t.ndim, a.ndim)
    t, a = (x if x.ndim == ndim else np.reshape(x, (1,) * (ndim - x.ndim) + x.shape) for x in (t, a))
    return change_rule(t, a)


cofactors = general(
    "cofactors", cofactors_of, forward=lambda t, y, a: change(t, a), reverse=lambda g, y, a: change(g, a)
)
slopes.linear_first = alike.linear_first = change_rule.linear_first = True
