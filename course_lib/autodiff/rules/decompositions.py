"""Decompositions: singular values and vectors, QR, the pseudo-inverse, and what is made of them.

Several results are one operation, whose result is one array: singular vectors and values behind each other, Q above R.
Where singular values meet or vanish, each alone has one-sided slopes only; the lines answer there if what is asked for
has a derivative all the same, and refuse otherwise, as those of `spectra` do for eigenvalues.

Townsend: Differentiating the singular value decomposition (2016). Walter and Lehmann: Algorithmic differentiation of
linear algebra functions (2010), for QR. Golub and Pereyra: SIAM J. Numer. Anal. 10 (1973) 413-432, for the
pseudo-inverse.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import NoRuleError, NotDifferentiableError
from course_lib.autodiff.rules.compositions import traced
from course_lib.autodiff.rules.forms import BY_VALUE, Constant, Rule, general, handles
from course_lib.autodiff.rules.long_lines import eigen_gaps, flipped, symmetric
from course_lib.autodiff.rules.spectra import alike, regular_inverse, slopes, svd, svdvals
from course_lib.autodiff.traced import plain

# --- Singular values -------------------------------------------------------------------------------------


def vanishing(values: Any) -> Any:
    """Return which singular values are 0, up to rounding."""
    return values <= 16 * values.shape[-1] * np.finfo(values.dtype).eps * np.max(
        values, axis=-1, keepdims=True, initial=0
    )


def away_at(g: Any, values: Any) -> Any:
    """Return g, if it is 0 where a singular value is: that one grows in every direction, like the absolute value."""
    if np.any(vanishing(values) & (np.abs(g) > 1e-9 * np.max(np.abs(g), axis=-1, keepdims=True, initial=0))):
        refuse_zero(values, "a singular value at 0")
    return np.array(g)


def refuse_zero(values: Any, what: str) -> None:
    """Say that singular values are 0."""
    raise NotDifferentiableError(
        f"The singular values, or the diagonal of R, are {np.array2string(np.asarray(values), precision=6)}; {what} "
        "has no derivative. Expected a matrix of full rank; for a penalty, np.sqrt(eps + s**2) has "
        "one everywhere."
    )


def full_rank_at(values: Any) -> Any:
    """Return 0, if no singular value is."""
    if np.any(vanishing(values)):
        refuse_zero(values, "what is divided by one that is 0")
    return np.zeros(values.shape[:-1])[()]


away: Rule = general(
    "singular values away from 0",
    away_at,
    forward=(lambda t, y, g, values: away(t, values), None),
    reverse=(lambda h, y, g, values: away(h, values), None),
)
away.linear_first = True
full_rank = Constant("full rank", full_rank_at)
full_rank.stacks = True


def pack(u: Any, s: Any, v: Any) -> Any:
    """Put U, s and V^T behind each other."""
    flat = [np.reshape(x, (*x.shape[:-2], -1)) for x in (u, v)]
    return np.concatenate([flat[0], s, flat[1]], axis=-1)


def unpack(y: Any, a: Any) -> tuple[Any, Any, Any]:
    """Take them apart again."""
    m, n = a.shape[-2:]
    k = min(m, n)
    before = y.shape[:-1]
    u, s, v = y[..., : m * k], y[..., m * k : m * k + k], y[..., m * k + k :]
    return np.reshape(u, (*before, m, k)), s, np.reshape(v, (*before, k, n))


def without_span(x: Any, basis: Any) -> Any:
    """Return (I - B B^T) X."""
    return x - basis @ (flipped(basis) @ x)


def svd_forward(t: Any, y: Any, a: Any) -> Any:
    """With P = U^T T V and F the gaps of the squares: U' = U (F * (P S + S P^T)), V' likewise, and what leaves them."""
    (u, s, v), (m, n) = unpack(y, a), a.shape[-2:]
    p, gaps = flipped(u) @ t @ flipped(v), eigen_gaps(np.square(s))
    row, column = s[..., None, :], s[..., :, None]
    u_t = u @ (gaps * (p * row + column * flipped(p)))
    v_t = flipped(v) @ (gaps * (column * p + flipped(p) * row))
    if m != n:
        inverse = 1 / (row + np.expand_dims(full_rank(s), (-2, -1)))
        u_t = u_t + without_span(t @ flipped(v), u) * inverse
        v_t = v_t + without_span(flipped(t) @ u, flipped(v)) * inverse
    return pack(u_t, np.sum(p * np.eye(min(m, n)), axis=-1), flipped(v_t))


def svd_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return the transpose of `svd_forward`."""
    (u, s, v), (u_g, s_g, v_g), (m, n) = unpack(y, a), unpack(g, a), a.shape[-2:]
    gaps = eigen_gaps(np.square(s))
    row, column = s[..., None, :], s[..., :, None]
    from_u, from_v = gaps * (flipped(u) @ u_g), gaps * (v @ flipped(v_g))
    inner = 2 * symmetric(from_u) * row + 2 * column * symmetric(from_v) + s_g[..., None] * np.eye(min(m, n))
    total = u @ inner @ v
    if m != n:
        inverse = 1 / (row + np.expand_dims(full_rank(s), (-2, -1)))
        total = total + (without_span(u_g, u) * inverse) @ v
        total = total + u @ flipped(without_span(flipped(v_g), flipped(v)) * inverse)
    return total


decomposed = general("linalg.svd", lambda a: pack(*svd(a)), svd_forward, svd_reverse)


def values_forward(t: Any, y: Any, a: Any) -> Any:
    """Return the diagonal of U^T A' V."""
    u, s, v = unpack(decomposed(a), a)
    return away(slopes(symmetric(flipped(u) @ t @ flipped(v)), s), s)


def values_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return U diag(g) V^T."""
    u, s, v = unpack(decomposed(a), a)
    return (u * away(alike(g, s), s)[..., None, :]) @ v


singular_values = general("linalg.svdvals", svdvals, values_forward, values_reverse)


# --- The sum of the singular values, which is smooth where they meet --------------------------------------


def polar_at(a: Any) -> Any:
    """Return U V^T, if no singular value is 0."""
    u, s, v = svd(a)
    full_rank_at(s)
    return u @ v


def polar_along(t: Any, y: Any, a: Any) -> Any:
    """Return U ((U^T T V - V^T T^T U) / (s_i + s_j)) V^T, and what leaves their spans; it is its own transpose."""
    (u, s, v), (m, n) = unpack(decomposed(a), a), a.shape[-2:]
    inner, row = flipped(u) @ t @ flipped(v), s[..., None, :]
    total = u @ ((inner - flipped(inner)) / (row + s[..., :, None])) @ v
    if m > n:
        total = total + (without_span(t @ flipped(v), u) / row) @ v
    if n > m:
        total = total + u @ flipped(without_span(flipped(t) @ u, flipped(v)) / row)
    return total


polar = general("polar factor", polar_at, polar_along, polar_along)
nuclear_norm = general(
    "nuclear norm",
    lambda a: np.sum(svdvals(a), axis=-1),
    forward=lambda t, y, a: np.sum(polar(a) * t, axis=(-2, -1)),
    reverse=lambda g, y, a: np.expand_dims(g, (-2, -1)) * polar(a),
)


def matrix(a: Any) -> Any:
    """Return an array of at least two axes, of floats; a complex one as it is, which products with it refuse."""
    a = traced(a)
    if a.ndim < 2:
        raise np.linalg.LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    return a if a.dtype.kind in "fc" else a.astype(float)


@handles(np.linalg.svd)
def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: None = None) -> Any:
    a = matrix(a)
    if not compute_uv:
        return singular_values(a)
    if full_matrices and a.shape[-1] != a.shape[-2]:
        raise NoRuleError(
            f"numpy.linalg.svd of shape {a.shape} with full_matrices=True has no rule: the further singular vectors "
            "are any basis of the rest. Say full_matrices=False."
        )
    result: Any = type(np.linalg.svd(np.eye(1)))
    return result(*unpack(decomposed(a), a))


@handles(np.linalg.svdvals)
def _svdvals(x: Any, /) -> Any:
    return singular_values(matrix(x))


@handles(np.linalg.cond)
def _cond(x: Any, p: Any = None) -> Any:
    if p is None or p in (2, -2):
        s = singular_values(matrix(x))
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, axis=(-2, -1))


# --- QR --------------------------------------------------------------------------------------------------


def lower(x: Any, diagonal: float) -> Any:
    """Return the strict lower triangle, with the diagonal times a number."""
    n = x.shape[-1]
    return x * (np.tril(np.ones((n, n)), -1) + diagonal * np.eye(n))


def inverse_of(r: Any) -> Any:
    """Return R^-1, if no entry of the diagonal is 0."""
    diagonal = np.abs(np.diagonal(plain(r), 0, -2, -1))
    return regular_inverse(r) + np.expand_dims(full_rank(diagonal), (-2, -1))


def qr_forward(t: Any, y: Any, a: Any) -> Any:
    """With C = T R^-1 and K the skew matrix of the lower triangle of Q^T C: Q' = C - Q (Q^T C - K)."""
    m = a.shape[-2]
    q, r = y[..., :m, :], y[..., m:, :]
    c = t @ inverse_of(r)
    inner = flipped(q) @ c
    rest = inner - lower(inner, 0.0) + flipped(lower(inner, 0.0))
    return np.concatenate([c - q @ rest, rest @ r], axis=-2)


def qr_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return (Q' + Q L) R^-T, where L is the lower triangle of R R'^T - Q'^T Q, mirrored."""
    m = a.shape[-2]
    q, r, q_g, r_g = y[..., :m, :], y[..., m:, :], g[..., :m, :], g[..., m:, :]
    inner = r @ flipped(r_g * np.triu(np.ones(r.shape[-2:]))) - flipped(q_g) @ q
    mirrored = lower(inner, 1.0) + flipped(lower(inner, 0.0))
    return (q_g + q @ mirrored) @ flipped(inverse_of(r))


orthogonal = general("linalg.qr", lambda a: np.concatenate(np.linalg.qr(a), axis=-2), qr_forward, qr_reverse)


@handles(np.linalg.qr)
def _qr(a: Any, mode: str = "reduced") -> Any:
    a = matrix(a)
    m, n = a.shape[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and m <= n):
        raise NoRuleError(f"numpy.linalg.qr has a rule for the modes 'reduced' and 'r', not for {mode!r}.")
    y = orthogonal(a[..., : min(m, n)])
    q, r = y[..., :m, :], y[..., m:, :]
    if n > m:
        r = np.concatenate([r, flipped(q) @ a[..., m:]], axis=-1)
    result: Any = type(np.linalg.qr(np.eye(1)))
    return r if mode == "r" else result(q, r)


# --- The pseudo-inverse ----------------------------------------------------------------------------------


def pinv_at(a: Any, cut: Any) -> Any:
    """Return the pseudo-inverse, where singular values below a part of the greatest count as 0."""
    return np.linalg.pinv(a) if cut is None else np.linalg.pinv(a, cut)


def of_full_rank(y: Any, a: Any) -> Any:
    """Return y, if the matrix has full rank: at others the pseudo-inverse jumps."""
    return y + np.expand_dims(full_rank(singular_values(plain(a))), (-2, -1))


def pinv_forward(t: Any, y: Any, a: Any, cut: Any) -> Any:
    """Return -P T P + P P^T T^T (I - A P) + (I - P A) T^T P^T P."""
    p, turned = of_full_rank(y, a), flipped(t)
    left = p @ (flipped(p) @ turned)
    right = turned @ flipped(p) @ p
    return left - left @ a @ p + right - p @ (a @ right) - p @ t @ p


def pinv_reverse(g: Any, y: Any, a: Any, cut: Any) -> Any:
    """Return the transpose of `pinv_forward`."""
    p, turned = of_full_rank(y, a), flipped(g)
    left, right = turned @ p @ flipped(p), flipped(p) @ p @ turned
    return left - a @ (p @ left) + right - right @ p @ a - flipped(p) @ g @ flipped(p)


pseudo_inverse = general("linalg.pinv", pinv_at, pinv_forward, pinv_reverse)


@handles(np.linalg.pinv)
def _pinv(a: Any, rcond: Any = None, hermitian: None = None, *, rtol: Any = np._NoValue) -> Any:
    return pseudo_inverse(matrix(a), cut=rcond if rtol is np._NoValue else rtol)


@handles(np.linalg.lstsq)
def _lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    a, b = matrix(a), traced(b)
    m, n = a.shape
    s = singular_values(a)
    x = pseudo_inverse(a, cut=max(m, n) * np.finfo(a.dtype).eps if rcond is None or rcond < 0 else rcond) @ b
    rank = np.linalg.matrix_rank(plain(a))
    residuals = np.sum(np.square(b - a @ x), axis=0) if m > n else np.zeros(0, x.dtype)
    return x, np.reshape(residuals, -1), rank, s


BY_VALUE |= {np.linalg.matrix_rank}
