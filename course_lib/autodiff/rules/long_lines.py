"""Lines of the table that are too long to stand in it: of products, of matrix functions, of a sum of exponentials.

Each is a line like the others there: t is a tangent, g the cotangent of the result, matrices stand in the last two
axes. For the matrix functions, Giles (2008) derives them.
"""

import itertools
from typing import Any

import numpy as np

from course_lib.autodiff.rules.broadcasting import aligned, summed_to
from course_lib.autodiff.rules.spectra import apart, as_mirrored


def log_sum_exp(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Return log(sum(exp(x))); the largest exponent is taken out first, so that nothing overflows."""
    top = np.max(x, axis=axes, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0.0)
    y = np.log(np.sum(np.exp(x - top), axis=axes, keepdims=True)) + top
    return y if keepdims else np.squeeze(y, axes)


def part(k: int, g: Any, *operands: Any, axis: int) -> Any:
    """Cut operand k's part out of the cotangent of a concatenation."""
    begin = sum(x.shape[axis] for x in operands[:k])
    index = (Ellipsis, slice(begin, begin + operands[k].shape[axis])) + (slice(None),) * (-axis - 1)
    return g[index]


def row(k: int, g: Any, *operands: Any, axis: int) -> Any:
    """Take operand k's part from the cotangent of a stack."""
    return g[(Ellipsis, k) + (slice(None),) * (-axis - 1)]


def cut_apart(g: Any, operands: Any, axis: int) -> list[Any]:
    """Cut the parts of all operands out of the cotangent of a concatenation."""
    ends = list(itertools.accumulate([x.shape[axis] for x in operands]))
    behind = (slice(None),) * (-axis - 1)
    return [g[(Ellipsis, slice(begin, end), *behind)] for begin, end in zip([0, *ends[:-1]], ends, strict=True)]


def rows_of(g: Any, operands: Any, axis: int) -> list[Any]:
    """Take the parts of all operands from the cotangent of a stack."""
    return list(g if axis == -g.ndim else np.moveaxis(g, axis, 0))


def flipped(matrix: Any) -> Any:
    """Transpose the last two axes."""
    return np.swapaxes(matrix, -1, -2)


def matmul_transposes(k: int, g: Any, a: Any, b: Any) -> Any:
    """From Y = A B follow A' = Y' B^T and B' = A^T Y'; a vector is a matrix with one row or column."""
    if a.ndim == 1 or b.ndim == 1:
        g = np.expand_dims(g, [axis for axis, x in ((-2, a), (-1, b)) if x.ndim == 1])
        row, column = a[None, :] if a.ndim == 1 else a, b[:, None] if b.ndim == 1 else b
        return (
            np.reshape(matmul_transposes(k, g, row, column), (a, b)[k].shape)
            if (a, b)[k].ndim == 1
            else (matmul_transposes(k, g, row, column))
        )
    if k == 0:
        return summed_to(a.shape, g @ flipped(b))
    if b.ndim == 2 and a.ndim > 2:  # one large product in place of many small ones that are then added
        return np.reshape(a, (-1, a.shape[-1])).T @ np.reshape(g, (-1, g.shape[-1]))
    return summed_to(b.shape, flipped(a) @ g)


def matmul_many(k: int, t: Any, a: Any, b: Any) -> Any:
    """Multiply with a stack in place of operand k."""
    ndim = max(a.ndim, b.ndim)
    if k == 0 and a.ndim == 1 and b.ndim > 1:
        return (aligned(t[:, None, :], (1, *a.shape), ndim) @ b)[..., 0, :]
    if k == 0:
        return aligned(t, a.shape, ndim) @ b
    if b.ndim > 1:
        return a @ aligned(t, b.shape, ndim)
    if a.ndim <= 2:
        return t @ a.T
    return (a @ aligned(t[:, :, None], (*b.shape, 1), ndim))[..., 0]


def einsum_transposes(k: int, g: Any, *operands: Any, inputs: tuple[str, ...], output: str) -> Any:
    """Give the cotangent back along the indices of operand k; an index that only k has was summed over."""
    others = [x for i, x in enumerate(operands) if i != k]
    labels = [s for i, s in enumerate(inputs) if i != k]
    known = "".join(s for s in inputs[k] if s in output or any(s in other for other in labels))
    back = np.einsum(f"{','.join([output, *labels])}->{known}", g, *others)
    shape = tuple(n if s in known else 1 for s, n in zip(inputs[k], operands[k].shape, strict=True))
    return np.broadcast_to(np.reshape(back, shape), operands[k].shape)


def einsum_many(k: int, t: Any, *operands: Any, inputs: tuple[str, ...], output: str) -> Any:
    """Give a stack in place of operand k an index of its own."""
    stack = next(s for s in "zyxwvutsrqponmlkjihgfedcba" if s not in "".join(inputs))
    labels = ",".join(stack + s if i == k else s for i, s in enumerate(inputs))
    return np.einsum(f"{labels}->{stack}{output}", *operands[:k], t, *operands[k + 1 :])


def symmetric(matrix: Any) -> Any:
    """Return the symmetric part."""
    return 0.5 * (matrix + flipped(matrix))


def lower_half(matrix: Any) -> Any:
    """Return the lower triangle, with half of the diagonal: what X + X^T takes from X."""
    n = matrix.shape[-1]
    return matrix * (np.tril(np.ones((n, n)), -1) + 0.5 * np.eye(n))


def cholesky_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return L^-T lower_half(L^T G) L^-1, made symmetric."""
    inner = np.linalg.solve(flipped(y), lower_half(flipped(y) @ g))
    return as_mirrored(flipped(np.linalg.solve(flipped(y), flipped(inner))), a)


def cholesky_forward(t: Any, y: Any, a: Any) -> Any:
    """Return L lower_half(L^-1 T L^-T)."""
    inner = np.linalg.solve(y, flipped(np.linalg.solve(y, as_mirrored(t, a))))
    return y @ lower_half(inner)


def eigen(a: Any, uplo: Any = "L") -> Any:
    """Return eigenvalues, as a first row, above the matrix of eigenvectors: one array for one operation."""
    values, vectors = np.linalg.eigh(a, uplo)
    return np.concatenate((values[..., None, :], vectors), axis=-2)


def eigen_gaps(values: Any) -> Any:
    """Return 1 / (w_j - w_i), and 0 on the diagonal."""
    n, values = values.shape[-1], values + np.expand_dims(apart(values), -1)  # and an error where two are equal
    return np.where(np.eye(n, dtype=bool), 0.0, 1 / (values[..., None, :] - values[..., :, None] + np.eye(n)))


def eigen_forward(t: Any, y: Any, a: Any, uplo: str = "L") -> Any:
    """With M = V^T T V: the eigenvalues change by its diagonal, the eigenvectors by V (gaps * M)."""
    values, vectors = y[..., 0, :], y[..., 1:, :]
    inner = flipped(vectors) @ as_mirrored(t, a) @ vectors
    changes = np.sum(inner * np.eye(values.shape[-1]), axis=-1)
    return np.concatenate((changes[..., None, :], vectors @ (eigen_gaps(values) * inner)), axis=-2)


def eigen_reverse(g: Any, y: Any, a: Any, uplo: str = "L") -> Any:
    """Return V (diag(w') + gaps * V^T V') V^T, made symmetric."""
    values, vectors = y[..., 0, :], y[..., 1:, :]
    diagonal = g[..., 0, :, None] * np.eye(values.shape[-1])
    inner = diagonal + eigen_gaps(values) * (flipped(vectors) @ g[..., 1:, :])
    return as_mirrored(vectors @ inner @ flipped(vectors), a)
