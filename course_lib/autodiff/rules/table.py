"""The table: every elementary operation, its value and its derivative, once.

Forward mode, reverse mode and whatever else differentiates read these lines; nothing else in the package
knows a derivative. The partials of an elementwise function are written with its operands and its result
y. Elsewhere t is a tangent, g the cotangent of the result, and axes are counted from the last, -1, so that
a line holds for a stack of tangents too. What NumPy offers beyond these is composed of them, in
`compositions.py`.

At a kink there is no derivative; as is the custom of the field, abs has slope 0 at 0, and where several
entries share the maximum they share its cotangent.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapters 2 and 3. Giles: Collected matrix
derivative results for forward and reverse mode algorithmic differentiation (2008), for the matrix functions.
"""

import math
import threading
from typing import Any

import numpy as np

from course_lib.autodiff.rules.forms import (
    BY_VALUE,
    UFUNCS,
    Elementwise,
    JointlyLinear,
    Linear,
    Rule,
    aligned,
    elementwise,
    general,
    linear,
    multilinear,
    product,
    spread,
    summed_to,
)

# --- Arithmetic ------------------------------------------------------------------------------------------

elementwise(np.add, 1, 1)
accumulated = Elementwise("add", np.add, (1, 1))  # the sum of two cotangents of the same value
elementwise(np.subtract, 1, -1)
elementwise(np.multiply, lambda a, b, y: b, lambda a, b, y: a)
elementwise(np.divide, lambda a, b, y: 1 / b, lambda a, b, y: -y / b)
elementwise(np.remainder, 1, lambda a, b, y: -np.floor(a / b))
elementwise(np.fmod, 1, lambda a, b, y: -np.trunc(a / b))
elementwise(np.negative, -1)
elementwise(np.positive, 1)
elementwise(np.reciprocal, lambda x, y: -y * y)


class Squared(Elementwise):
    """The square. The 2 of its partial goes to the cotangent, which a sum spreads from fewer numbers."""

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Return (2 g) x for arrays."""
        if type(g) is np.ndarray and type(operands[0]) is np.ndarray:
            return product(product(g, 2), operands[0])
        return super().reverse(k, g, y, operands, parameters)


UFUNCS[np.square] = Squared("square", np.square, (lambda x, y: 2 * x,))
elementwise(np.sqrt, lambda x, y: 0.5 / y)
elementwise(np.cbrt, lambda x, y: 1 / (3 * y * y))

# a**0 is 1 whatever a: its exponent must not become -1, since 0 * inf is not a number. Likewise for 0**b.
for power in (np.power, np.float_power):
    elementwise(power, lambda a, b, y: b * a ** (b - (b != 0)), lambda a, b, y: y * np.log(a + (a == 0)))

# --- Exponentials and logarithms -------------------------------------------------------------------------

elementwise(np.exp, lambda x, y: y)
elementwise(np.exp2, lambda x, y: y * np.log(2))
elementwise(np.expm1, lambda x, y: y + 1)
elementwise(np.log, lambda x, y: 1 / x)
elementwise(np.log2, lambda x, y: 1 / (x * np.log(2)))
elementwise(np.log10, lambda x, y: 1 / (x * np.log(10)))
elementwise(np.log1p, lambda x, y: 1 / (1 + x))
elementwise(np.logaddexp, lambda a, b, y: np.exp(a - y), lambda a, b, y: np.exp(b - y))
elementwise(np.logaddexp2, lambda a, b, y: np.exp2(a - y), lambda a, b, y: np.exp2(b - y))

# --- Circles and hyperbolas ------------------------------------------------------------------------------

elementwise(np.sin, lambda x, y: np.cos(x))
elementwise(np.cos, lambda x, y: -np.sin(x))
elementwise(np.tan, lambda x, y: 1 + y * y)
elementwise(np.arcsin, lambda x, y: 1 / np.sqrt((1 - x) * (1 + x)))
elementwise(np.arccos, lambda x, y: -1 / np.sqrt((1 - x) * (1 + x)))
elementwise(np.arctan, lambda x, y: 1 / (1 + x * x))
elementwise(np.arctan2, lambda a, b, y: b / (a * a + b * b), lambda a, b, y: -a / (a * a + b * b))
elementwise(np.sinh, lambda x, y: np.cosh(x))
elementwise(np.cosh, lambda x, y: np.sinh(x))
elementwise(np.tanh, lambda x, y: 1 - y * y)
elementwise(np.arcsinh, lambda x, y: 1 / np.sqrt(x * x + 1))
elementwise(np.arccosh, lambda x, y: 1 / np.sqrt((x - 1) * (x + 1)))
elementwise(np.arctanh, lambda x, y: 1 / ((1 - x) * (1 + x)))
elementwise(np.hypot, lambda a, b, y: a / y, lambda a, b, y: b / y)
elementwise(np.deg2rad, np.pi / 180)
elementwise(np.radians, np.pi / 180)
elementwise(np.rad2deg, 180 / np.pi)
elementwise(np.degrees, 180 / np.pi)

# --- Kinks and choices -----------------------------------------------------------------------------------

elementwise(np.absolute, lambda x, y: np.sign(x))
elementwise(np.fabs, lambda x, y: np.sign(x))
elementwise(np.copysign, lambda a, b, y: np.copysign(1.0, a) * np.copysign(1.0, b), lambda a, b, y: 0.0)
for larger in (np.maximum, np.fmax):
    elementwise(larger, lambda a, b, y: np.where(a == b, 0.5, a == y), lambda a, b, y: np.where(a == b, 0.5, b == y))
for smaller in (np.minimum, np.fmin):
    elementwise(smaller, lambda a, b, y: np.where(a == b, 0.5, a == y), lambda a, b, y: np.where(a == b, 0.5, b == y))
where = elementwise(np.where, None, lambda c, a, b, y: c, lambda c, a, b, y: np.logical_not(c))

# Steps: their derivative is 0 wherever it exists, so their value is a constant.
BY_VALUE |= {
    np.sign, np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.heaviside, np.signbit, np.round, np.around,
    np.fix, np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal, np.isnan, np.isinf,
    np.isfinite, np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.all, np.any, np.argmax,
    np.argmin, np.argsort, np.searchsorted, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero, np.isclose,
    np.allclose, np.array_equal, np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.digitize,
    np.iscomplexobj, np.isrealobj, np.result_type, np.spacing, np.array_repr, np.array_str, np.array2string,
}  # fmt: skip

# --- Sums, and their transposes --------------------------------------------------------------------------


_ALL = slice(None)
_PLAIN: Any = (np.ndarray, np.float64)


def kept(g: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Give back to a reduced array the axes of length 1 that the reduction took."""
    if keepdims:
        return g
    if type(g) in _PLAIN:  # by an index, which costs less than np.expand_dims
        return g[tuple([None if axis in axes else _ALL for axis in range(-g.ndim - len(axes), 0)])]
    return np.expand_dims(g, axes)


total = linear(
    "sum",
    lambda x, axes, keepdims: np.add.reduce(x, axis=axes, keepdims=keepdims),  # np.sum, without its questions
    transpose=lambda g, x, axes, keepdims: spread(kept(g, axes, keepdims), x.shape),
    many=True,
)
broadcast = linear(
    "broadcast_to",
    lambda x, shape: np.broadcast_to(x, shape),
    transpose=lambda g, x, shape: summed_to(x.shape, g),
    many=lambda t, shape: np.broadcast_to(aligned(t, t.shape[1:], len(shape)), (t.shape[0], *shape)),
)
cumulated = linear(
    "cumsum",
    lambda x, axis: np.cumsum(x, axis=axis),
    transpose=lambda g, x, axis: np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis),
    many=True,
)


def share(x: Any, y: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Return 1 where x is the extreme value y, 0 elsewhere; entries that tie share the 1."""
    there = x == kept(y, axes, keepdims)
    return there / np.sum(there, axis=axes, keepdims=True)


largest, smallest = (
    general(
        name,
        lambda x, axes, keepdims, function=function: function(x, axis=axes, keepdims=keepdims),
        forward=lambda t, y, x, axes, keepdims: np.sum(t * share(x, y, axes, keepdims), axis=axes, keepdims=keepdims),
        reverse=lambda g, y, x, axes, keepdims: kept(g, axes, keepdims) * share(x, y, axes, keepdims),
        costly=True,
    )
    for name, function in (("max", np.maximum.reduce), ("min", np.minimum.reduce))
)


def log_sum_exp(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Return log(sum(exp(x))); the largest exponent is taken out first, so that nothing overflows."""
    top = np.max(x, axis=axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    y = np.log(np.sum(np.exp(x - top), axis=axes, keepdims=True)) + top
    return y if keepdims else np.squeeze(y, axes)


logsumexp = general(
    "logsumexp",
    log_sum_exp,
    forward=lambda t, y, x, axes, keepdims: np.sum(
        t * np.exp(x - kept(y, axes, keepdims)), axis=axes, keepdims=keepdims
    ),
    reverse=lambda g, y, x, axes, keepdims: kept(g, axes, keepdims) * np.exp(x - kept(y, axes, keepdims)),
)

# What the tape makes of log(sum(exp(x - m))) where m is the same all along the sum, as when an author takes the largest
# exponent out: it is logsumexp(x) - m, and E = exp(x - m) and s = sum(E) are there already. That m was itself computed
# from x need not be known; its cotangent -g is cancelled by that of the m which is added back.
log_of_sum = general(
    "log of sum of exp",
    lambda x, m, axes, keepdims, E, s: np.log(s),
    forward=(),
    reverse=(
        lambda g, y, x, m, axes, keepdims, E, s: summed_to(x.shape, kept(g / s, axes, keepdims) * E),
        lambda g, y, x, m, axes, keepdims, E, s: summed_to(m.shape, -kept(g, axes, keepdims)),
    ),
)

# --- Arranging: the same numbers in other places ---------------------------------------------------------

reshaped = linear(
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    transpose=lambda g, x, shape: np.reshape(g, x.shape),
    many=lambda t, shape: np.reshape(t, (t.shape[0], *shape)),
)
transposed = linear(
    "transpose",
    lambda x, axes: np.transpose(x, axes),
    transpose=lambda g, x, axes: np.transpose(g, np.argsort(np.asarray(axes) + len(axes))),
    many=lambda t, axes: np.transpose(t, (0, *axes)),
)


def is_basic(index: Any) -> bool:
    """Say whether an index is of integers, slices, None and ... only: then no entry is taken twice."""
    members = index if isinstance(index, tuple) else (index,)
    return all(isinstance(i, _BASIC) and not isinstance(i, bool) for i in members)


_BASIC = (slice, int, np.integer, type(None), type(Ellipsis))


def places(shape: tuple[int, ...], index: Any) -> Any:
    """Return where, in the flattened array, the indexed entries come from."""
    return np.arange(int(np.prod(shape))).reshape(shape)[index]


def scattered(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros, with g added at an index; an entry that is named twice gets both."""
    g = np.asarray(g)
    if is_basic(index):
        zeros = np.zeros(shape, g.dtype)
        zeros[index] = g
        return zeros
    where_from = known_places(shape, index)
    g = np.broadcast_to(g, where_from.shape)
    sums = np.bincount(where_from.ravel(), g.ravel(), math.prod(shape))
    return sums.reshape(shape).astype(g.dtype, copy=False)


def known_places(shape: tuple[int, ...], index: Any) -> Any:
    """Return `places` from before, if they were among the last few: a program uses the same index again and again."""
    members = index if isinstance(index, tuple) else (index,)
    key = (shape, tuple([(m.shape, m.dtype.str, m.tobytes()) if type(m) is np.ndarray else repr(m) for m in members]))
    with _ONE_AT_A_TIME:
        if key not in _KNOWN_PLACES:
            while len(_KNOWN_PLACES) >= 8:
                del _KNOWN_PLACES[next(iter(_KNOWN_PLACES))]
            _KNOWN_PLACES[key] = places(shape, index)
        return _KNOWN_PLACES[key]


_KNOWN_PLACES: dict[Any, Any] = {}
_ONE_AT_A_TIME = threading.Lock()


def taken_many(t: Any, index: Any) -> Any:
    """Take the same entries of each of a stack."""
    if is_basic(index):
        return t[(slice(None), *(index if isinstance(index, tuple) else (index,)))]
    where_from = places(t.shape[1:], index)
    return np.reshape(t, (t.shape[0], -1))[:, where_from]


def put_many(t: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Put the entries of each of a stack at the same index."""
    if is_basic(index):
        whole = (slice(None), *(index if isinstance(index, tuple) else (index,)))
        return put(t, index=whole, shape=(t.shape[0], *shape))
    flat = (slice(None), places(shape, index))
    whole_shape = (t.shape[0], int(np.prod(shape)))
    return np.reshape(put(t, index=flat, shape=whole_shape), (t.shape[0], *shape))


class Taken(Linear):
    """Indexing; its transpose need not make an array of zeros if there is already one to add to."""

    makes_new = True

    def add_into(self, cotangent: Any, g: Any, parameters: dict[str, Any]) -> bool:
        """Add to the entries that were taken, if none was taken twice."""
        if not is_basic(parameters["index"]):
            return False
        cotangent[parameters["index"]] += g
        return True


taken: Linear = Taken(
    "getitem",
    lambda x, index: x[index],
    transpose=lambda g, x, index: put(g, index=index, shape=x.shape),
    many=taken_many,
)
put: Linear = linear(
    "put",
    scattered,
    transpose=lambda g, x, index, shape: g[index],
    many=put_many,
)


def add_at(x: Any, g: Any, index: Any, sign: str) -> Any:
    """Return x with g added to, or subtracted from, some of its entries."""
    y = np.array(x)
    y[index] += -g if sign == "-" else g
    return y


# Programs that jit has simplified add and subtract slices in place; nobody differentiates them.
added_at = Rule("add at", add_at)

# Places that the program itself computes, by np.argsort or np.argmax, are an operand if `jit` records them.
BY_OPERAND = "places by an operand"
indexed_places = Rule(
    "places",
    lambda *arrays, shape, index: places(
        shape, tuple(np.asarray(arrays[i[1]]) if type(i) is tuple and i[0] == BY_OPERAND else i for i in index)
    ),
)
gather: Rule = general(
    "gather",
    lambda x, where_from: x[..., where_from],
    forward=(lambda t, y, x, where_from: gather(t, where_from), None),
    reverse=(lambda g, y, x, where_from: scatter(g, where_from, size=x.shape[-1]), None),
)


def scattered_rows(g: Any, where_from: Any, size: int) -> Any:
    """Add entries at places of a last axis, for each of a stack."""
    g = np.asarray(g)
    rows = [np.bincount(np.ravel(where_from), row, size) for row in np.reshape(g, (-1, np.size(where_from)))]
    return np.reshape(np.array(rows), (*g.shape[: g.ndim - np.ndim(where_from)], size))


scatter: Rule = general(
    "scatter",
    scattered_rows,
    forward=(lambda t, y, g, where_from, size: scatter(t, where_from, size=size), None),
    reverse=(lambda h, y, g, where_from, size: gather(h, where_from), None),
)


def part(k: int, g: Any, *operands: Any, axis: int) -> Any:
    """Cut operand k's part out of the cotangent of a concatenation."""
    begin = sum(x.shape[axis] for x in operands[:k])
    index = (Ellipsis, slice(begin, begin + operands[k].shape[axis])) + (slice(None),) * (-axis - 1)
    return g[index]


concatenated = JointlyLinear("concatenate", lambda *arrays, axis: np.concatenate(arrays, axis), part)

# --- Products --------------------------------------------------------------------------------------------


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


matmul = multilinear("matmul", np.matmul, matmul_transposes, matmul_many)


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


einsum = multilinear(
    "einsum",
    lambda *operands, inputs, output: np.einsum(f"{','.join(inputs)}->{output}", *operands),
    einsum_transposes,
    einsum_many,
)

# --- Linear algebra: matrices stand in the last two axes -------------------------------------------------


def symmetric(matrix: Any) -> Any:
    """Return the symmetric part."""
    return 0.5 * (matrix + flipped(matrix))


solve = general(
    "linalg.solve",
    np.linalg.solve,
    forward=(lambda t, y, a, b: -np.linalg.solve(a, t @ y), lambda t, y, a, b: np.linalg.solve(a, t)),
    reverse=(
        lambda g, y, a, b: summed_to(a.shape, -np.linalg.solve(flipped(a), g) @ flipped(y)),
        lambda g, y, a, b: summed_to(b.shape, np.linalg.solve(flipped(a), g)),
    ),
)
inverse = general(
    "linalg.inv",
    np.linalg.inv,
    forward=lambda t, y, a: -y @ t @ y,
    reverse=lambda g, y, a: -flipped(y) @ g @ flipped(y),
)
determinant = general(
    "linalg.det",
    np.linalg.det,
    forward=lambda t, y, a: y * np.sum(flipped(np.linalg.inv(a)) * t, axis=(-2, -1)),
    reverse=lambda g, y, a: np.expand_dims(g * y, (-2, -1)) * flipped(np.linalg.inv(a)),
)
log_abs_det = general(
    "linalg.slogdet",
    lambda a: np.linalg.slogdet(a)[1],
    forward=lambda t, y, a: np.sum(flipped(np.linalg.inv(a)) * t, axis=(-2, -1)),
    reverse=lambda g, y, a: np.expand_dims(g, (-2, -1)) * flipped(np.linalg.inv(a)),
)
# A step function of the matrix: +1 or -1, or 0 if it is singular.
sign_of_det = Rule("sign of det", lambda a: np.linalg.slogdet(a)[0])


def lower_half(matrix: Any) -> Any:
    """Return the lower triangle, with half of the diagonal: what X + X^T takes from X."""
    n = matrix.shape[-1]
    return matrix * (np.tril(np.ones((n, n)), -1) + 0.5 * np.eye(n))


def cholesky_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return L^-T lower_half(L^T G) L^-1, made symmetric."""
    inner = np.linalg.solve(flipped(y), lower_half(flipped(y) @ g))
    return symmetric(flipped(np.linalg.solve(flipped(y), flipped(inner))))


def cholesky_forward(t: Any, y: Any, a: Any) -> Any:
    """Return L lower_half(L^-1 T L^-T)."""
    inner = np.linalg.solve(y, flipped(np.linalg.solve(y, symmetric(t))))
    return y @ lower_half(inner)


cholesky = general("linalg.cholesky", np.linalg.cholesky, cholesky_forward, cholesky_reverse)


def eigen(a: Any) -> Any:
    """Return eigenvalues, as a first row, above the matrix of eigenvectors: one array for one operation."""
    values, vectors = np.linalg.eigh(a)
    return np.concatenate((values[..., None, :], vectors), axis=-2)


def eigen_gaps(values: Any) -> Any:
    """Return 1 / (w_j - w_i), and 0 on the diagonal."""
    n = values.shape[-1]
    return np.where(np.eye(n, dtype=bool), 0.0, 1 / (values[..., None, :] - values[..., :, None] + np.eye(n)))


def eigen_forward(t: Any, y: Any, a: Any) -> Any:
    """With M = V^T T V: the eigenvalues change by its diagonal, the eigenvectors by V (gaps * M)."""
    values, vectors = y[..., 0, :], y[..., 1:, :]
    inner = flipped(vectors) @ symmetric(t) @ vectors
    changes = np.sum(inner * np.eye(values.shape[-1]), axis=-1)
    return np.concatenate((changes[..., None, :], vectors @ (eigen_gaps(values) * inner)), axis=-2)


def eigen_reverse(g: Any, y: Any, a: Any) -> Any:
    """Return V (diag(w') + gaps * V^T V') V^T, made symmetric."""
    values, vectors = y[..., 0, :], y[..., 1:, :]
    diagonal = g[..., 0, :, None] * np.eye(values.shape[-1])
    inner = diagonal + eigen_gaps(values) * (flipped(vectors) @ g[..., 1:, :])
    return symmetric(vectors @ inner @ flipped(vectors))


eigh = general("linalg.eigh", eigen, eigen_forward, eigen_reverse)
