"""Products and linear algebra: NumPy's functions of vectors and matrices, made of the matrix product and few others."""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import NoRuleError
from course_lib.autodiff.rules import table
from course_lib.autodiff.rules.compositions import Axis, from_last, traced
from course_lib.autodiff.rules.decompositions import nuclear_norm
from course_lib.autodiff.rules.forms import handles
from course_lib.autodiff.rules.spectra import eigenvalues

# --- Products --------------------------------------------------------------------------------------------


@handles(np.dot)
def _dot(a: Any, b: Any, out: None = None) -> Any:
    a, b = traced(a), traced(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return np.matmul(a, b) if b.ndim <= 2 else np.tensordot(a, b, axes=(-1, -2))


@handles(np.vdot)
def _vdot(a: Any, b: Any, /) -> Any:
    return np.matmul(np.ravel(a), np.ravel(b))


@handles(np.inner)
def _inner(a: Any, b: Any, /) -> Any:
    a, b = traced(a), traced(b)
    return a * b if a.ndim == 0 or b.ndim == 0 else np.tensordot(a, b, axes=(-1, -1))


@handles(np.outer)
def _outer(a: Any, b: Any, out: None = None) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


@handles(np.tensordot)
def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    a, b = traced(a), traced(b)
    if isinstance(axes, int):
        axes = (tuple(range(-axes, 0)), tuple(range(axes)))
    over_a, over_b = (
        from_last(tuple(one) if isinstance(one, list) else one, x.ndim) for one, x in zip(axes, (a, b), strict=True)
    )
    rest_a = [i for i in range(-a.ndim, 0) if i not in over_a]
    rest_b = [i for i in range(-b.ndim, 0) if i not in over_b]
    shape_a, shape_b = [a.shape[i] for i in rest_a], [b.shape[i] for i in rest_b]
    inner = int(np.prod([a.shape[i] for i in over_a]))
    rows = np.reshape(np.transpose(a, [*rest_a, *over_a]), (int(np.prod(shape_a)), inner))
    columns = np.reshape(np.transpose(b, [*over_b, *rest_b]), (inner, int(np.prod(shape_b))))
    return np.reshape(rows @ columns, shape_a + shape_b)


@handles(np.kron)
def _kron(a: Any, b: Any) -> Any:
    a, b = traced(a), traced(b)
    ndim = max(a.ndim, b.ndim)
    a, b = (np.reshape(x, (1,) * (ndim - x.ndim) + x.shape) for x in (a, b))
    apart = np.expand_dims(a, tuple(range(1, 2 * ndim, 2))) * np.expand_dims(b, tuple(range(0, 2 * ndim, 2)))
    return np.reshape(apart, tuple(m * n for m, n in zip(a.shape, b.shape, strict=True)))


@handles(np.cross)
def _cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    a, b = np.moveaxis(traced(a), axisa, 0), np.moveaxis(traced(b), axisb, 0)
    if len(a) != 3 or len(b) != 3:
        raise NoRuleError(f"numpy.cross has a rule for vectors of length 3, not for {len(a)} and {len(b)}.")
    return np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], axis=axisc)


@handles(np.einsum)
def _einsum(subscripts: Any, *operands: Any, optimize: Any = False) -> Any:
    if not isinstance(subscripts, str):
        subscripts, operands = _in_letters(subscripts, *operands)
    operands = tuple(map(traced, operands))
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    labels = inputs.split(",")
    if "..." in inputs:
        labels, output = _without_ellipsis(labels, output, arrow, operands)
        arrow = "->"
    if not arrow:
        together = "".join(labels)
        output = "".join(sorted(s for s in set(together) if together.count(s) == 1))
    pairs = [_without_repeats(label, x) for label, x in zip(labels, operands, strict=True)]
    sizes: dict[str, int] = {}
    for label, x in pairs:
        for s, n in zip(label, x.shape, strict=True):
            sizes[s] = n if sizes.get(s, 1) == 1 else sizes[s]
    pairs = [(label, np.broadcast_to(x, tuple(sizes[s] for s in label))) for label, x in pairs]  # axes of length 1
    return table.einsum(*(x for _, x in pairs), inputs=tuple(label for label, _ in pairs), output=output)


def _in_letters(*given: Any) -> tuple[str, tuple[Any, ...]]:
    """Return subscripts as a text: einsum(a, [0, 1], b, [1, 2], [0, 2]) is 'ab,bc->ac'."""
    words = ["".join("..." if s is Ellipsis else chr(ord("a") + s) for s in one) for one in given[1::2]]
    operands = given[:-1:2] if len(given) % 2 else given[::2]
    if len(given) % 2:
        words.append("".join("..." if s is Ellipsis else chr(ord("a") + s) for s in given[-1]))
        return f"{','.join(words[:-1])}->{words[-1]}", operands
    return ",".join(words), operands


def _without_ellipsis(labels: list[str], output: str, arrow: str, operands: tuple[Any, ...]) -> tuple[list[str], str]:
    """Give the axes behind ... letters of their own."""
    free = [s for s in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if s not in "".join(labels)]
    hidden = [
        x.ndim - len(label.replace("...", "")) if "..." in label else 0
        for label, x in zip(labels, operands, strict=True)
    ]
    letters = "".join(free[: max(hidden)])
    named = [label.replace("...", letters[len(letters) - n :]) for label, n in zip(labels, hidden, strict=True)]
    if arrow:
        return named, output.replace("...", letters)
    together = "".join(labels).replace("...", "")
    return named, letters + "".join(sorted(s for s in set(together) if together.count(s) == 1))


def _without_repeats(label: str, x: Any) -> tuple[str, Any]:
    """Take the diagonal where an operand has the same index twice."""
    for s in label:
        while label.count(s) > 1:
            i = label.index(s)
            j = label.index(s, i + 1)
            x = np.diagonal(x, 0, i, j)
            label = label[:i] + label[i + 1 : j] + label[j + 1 :] + s
    return label, x


def _vecdot(x1: Any, x2: Any, /) -> Any:
    return np.einsum("...i,...i->...", x1, x2)


def _matvec(x1: Any, x2: Any, /) -> Any:
    return np.einsum("...ij,...j->...i", x1, x2)


def _vecmat(x1: Any, x2: Any, /) -> Any:
    return np.einsum("...i,...ij->...j", x1, x2)


for _name, _ours in (("vecdot", _vecdot), ("matvec", _matvec), ("vecmat", _vecmat)):
    if hasattr(np, _name):  # they are younger than NumPy 2.0
        handles(getattr(np, _name))(_ours)


# --- Linear algebra --------------------------------------------------------------------------------------


@handles(np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    a, b = traced(a), traced(b)
    if b.ndim == 1:
        return np.linalg.solve(a, b[:, None])[..., 0]
    ndim = max(a.ndim, b.ndim)
    a, b = (x if x.ndim == ndim else np.reshape(x, (1,) * (ndim - x.ndim) + x.shape) for x in (a, b))
    return table.solve(a, b)


@handles(np.linalg.inv)
def _inv(a: Any) -> Any:
    return table.inverse(traced(a))


@handles(np.linalg.det)
def _det(a: Any) -> Any:
    return table.determinant(traced(a))


@handles(np.linalg.slogdet)
def _slogdet(a: Any) -> Any:
    sign = table.sign_of_det(traced(a))
    result: Any = type(np.linalg.slogdet(np.eye(1)))
    return result(sign, table.log_abs_det(traced(a)))


@handles(np.linalg.cholesky)
def _cholesky(a: Any, /) -> Any:
    return table.cholesky(traced(a))


@handles(np.linalg.eigh)
def _eigh(a: Any, UPLO: str = "L") -> Any:
    y = table.eigh(traced(a)) if UPLO in "Ll" else table.eigh(traced(a), uplo=UPLO)
    result: Any = type(np.linalg.eigh(np.eye(1)))
    return result(y[..., 0, :], y[..., 1:, :])


@handles(np.linalg.eigvalsh)
def _eigvalsh(a: Any, UPLO: str = "L") -> Any:
    return eigenvalues(_triangle(a, UPLO))


def _triangle(a: Any, UPLO: str) -> Any:
    """Return a matrix in whose lower triangle stands the one that is read."""
    if UPLO not in ("L", "U", "l", "u"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    return np.swapaxes(traced(a), -1, -2) if UPLO in "Uu" else traced(a)


@handles(np.linalg.norm)
def _norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    x = traced(x)
    if axis is None and ord is not None and x.ndim not in (1, 2):
        raise ValueError("Improper number of dimensions to norm.")
    matrix = (axis is None and x.ndim == 2) or (isinstance(axis, tuple) and len(axis) == 2)
    if ord is None or (ord == 2 and not matrix) or (ord == "fro" and matrix):
        return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))
    if matrix:
        return _matrix_norm(x, ord, (-2, -1) if axis is None else axis, keepdims)
    if not isinstance(ord, int | float | np.number) or ord == 0:
        raise NoRuleError(f"numpy.linalg.norm of a vector has a rule for numbers other than 0, not for ord={ord!r}.")
    ord = float(ord)  # no array's precision
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    return np.sum(np.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1 / ord)


def _matrix_norm(x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Return a norm of matrices, by sums of their entries or by singular values."""
    row, column = from_last(axis, x.ndim)
    if ord == "nuc":
        y = nuclear_norm(np.moveaxis(x, (row, column), (-2, -1)))
    elif ord in (2, -2):
        s = np.linalg.svdvals(np.moveaxis(x, (row, column), (-2, -1)))
        y = s[..., 0] if ord == 2 else s[..., -1]
    elif ord in (1, -1, np.inf, -np.inf):
        summed, rest = (row, column) if abs(ord) == 1 else (column, row)
        sums = np.sum(np.abs(x), axis=summed, keepdims=True)
        y = np.squeeze((np.max if ord > 0 else np.min)(sums, axis=rest, keepdims=True), (row, column))
    else:
        raise NoRuleError(
            f"numpy.linalg.norm of a matrix knows the orders 'fro', 'nuc', 1, 2, inf and their negatives, not {ord!r}."
        )
    return np.expand_dims(y, tuple(sorted((row, column)))) if keepdims else y


@handles(np.linalg.matrix_norm)
def _norm_of_matrices(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return np.linalg.norm(x, ord, axis=(-2, -1), keepdims=keepdims)


@handles(np.linalg.vector_norm)
def _norm_of_vectors(x: Any, /, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Any:
    if axis is None or isinstance(axis, tuple):
        axes = from_last(axis, np.ndim(x))
        rest = [one for one in range(-np.ndim(x), 0) if one not in axes]
        flat = np.reshape(np.transpose(x, (*axes, *rest)), (-1, *(np.shape(x)[one] for one in rest)))
        y = np.linalg.norm(flat, ord, axis=0)
        return np.expand_dims(y, axes) if keepdims else y
    return np.linalg.norm(x, ord, axis=axis, keepdims=keepdims)


@handles(np.linalg.diagonal)
def _diagonals(x: Any, /, *, offset: int = 0) -> Any:
    return np.diagonal(x, offset, -2, -1)


@handles(np.linalg.trace)
def _traces(x: Any, /, *, offset: int = 0, dtype: None = None) -> Any:
    return np.sum(np.diagonal(x, offset, -2, -1), axis=-1)


@handles(np.linalg.outer)
def _outer_of_vectors(x1: Any, x2: Any, /) -> Any:
    return np.outer(x1, x2)


@handles(np.linalg.matmul)
def _matmul(x1: Any, x2: Any, /) -> Any:
    return np.matmul(x1, x2)


@handles(np.linalg.tensordot)
def _tensordot_of(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    return np.tensordot(x1, x2, axes=axes)


@handles(np.linalg.cross)
def _cross_of(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return np.cross(x1, x2, axis=axis)


@handles(np.linalg.vecdot)
def _vecdot_of(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return _vecdot(np.moveaxis(traced(x1), axis, -1), np.moveaxis(traced(x2), axis, -1))


@handles(np.linalg.matrix_transpose)
def _transpose_of(x: Any, /) -> Any:
    return np.swapaxes(x, -1, -2)


@handles(np.linalg.matrix_power)
def _matrix_power(a: Any, n: int) -> Any:
    base = np.linalg.inv(a) if n < 0 else a
    y: Any = np.eye(a.shape[-1], dtype=a.dtype)
    for digit in bin(abs(n))[2:]:
        y = y @ y @ base if digit == "1" else y @ y
    return np.broadcast_to(y, a.shape)


@handles(np.linalg.multi_dot)
def _multi_dot(arrays: Any, out: None = None) -> Any:
    y = arrays[0]
    for a in arrays[1:]:
        y = np.dot(y, a)
    return y
