"""The table: every elementary operation, its value and its derivative, once.

Forward mode, reverse mode and whatever else differentiates read these lines; nothing else in the package
knows a derivative. The partials of an elementwise function are written with its operands and its result
y. Elsewhere t is a tangent, g the cotangent of the result, and axes are counted from the last, -1, so that
a line holds for a stack of tangents too. What NumPy offers beyond these is composed of them, in
`compositions.py`.

At a kink there is no derivative; as is the custom of the field, abs has slope 0 at 0, and where several
entries share the maximum they share its cotangent.

`cholesky`, `eigh` and `eigvalsh` read one triangle only. Their derivatives are those for a symmetric matrix, and refuse
another, that moves along symmetric tangents: a tangent counts by its symmetric part, and a cotangent is symmetric.
(Divided differences in one entry alone see the matrix as read, with that entry twice or not at all.)

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapters 2 and 3. Giles: Collected matrix
derivative results for forward and reverse mode algorithmic differentiation (2008), for the matrix functions.
"""

import numpy as np

from course_lib.autodiff.rules.broadcasting import aligned, kept, share, spread, summed_to
from course_lib.autodiff.rules.forms import (
    BY_VALUE,
    UFUNCS,
    Constant,
    Held,
    Joined,
    JointlyLinear,
    Linear,
    Squared,
    elementwise,
    general,
    linear,
    multilinear,
)
from course_lib.autodiff.rules.long_lines import (
    cholesky_forward,
    cholesky_reverse,
    cut_apart,
    eigen,
    eigen_forward,
    eigen_reverse,
    einsum_many,
    einsum_transposes,
    flipped,
    log_sum_exp,
    matmul_many,
    matmul_transposes,
    part,
    row,
    rows_of,
)
from course_lib.autodiff.rules.places import Taken, put, taken_many
from course_lib.autodiff.rules.spectra import cofactors, regular_inverse

# --- Arithmetic ------------------------------------------------------------------------------------------

elementwise(np.add, 1, 1)
elementwise(np.subtract, 1, -1)
elementwise(np.multiply, lambda a, b, y: b, lambda a, b, y: a)
elementwise(np.divide, lambda a, b, y: 1 / b, lambda a, b, y: -y / b)
elementwise(np.remainder, 1, lambda a, b, y: -np.floor(a / b))
elementwise(np.fmod, 1, lambda a, b, y: -np.trunc(a / b))
elementwise(np.negative, -1)
elementwise(np.positive, 1)
elementwise(np.conjugate, 1)  # of real numbers
elementwise(np.reciprocal, lambda x, y: -y * y)

UFUNCS[np.square] = Squared("square", np.square, (lambda x, y: 2 * x,))
elementwise(np.sqrt, lambda x, y: 0.5 / y)
elementwise(np.cbrt, lambda x, y: 1 / (3 * y * y))

# a**0 is 1 whatever a: its exponent must not become -1, since 0 * inf is not a number. Likewise for 0**b.
for power in (np.power, np.float_power):
    elementwise(power, lambda a, b, y: b * a ** (b - (b != 0)), lambda a, b, y: y * np.log(a + (a == 0)))

# --- Exponentials and logarithms -------------------------------------------------------------------------

elementwise(np.exp, lambda x, y: y)
elementwise(np.exp2, lambda x, y: y * np.log(2))
elementwise(np.expm1, lambda x, y: np.exp(x))
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
elementwise(  # divided twice, since a^2 + b^2 may be too large or too small for a float
    np.arctan2,
    lambda a, b, y: b / np.hypot(a, b) / np.hypot(a, b),
    lambda a, b, y: -a / np.hypot(a, b) / np.hypot(a, b),
)
elementwise(np.sinh, lambda x, y: np.cosh(x))
elementwise(np.cosh, lambda x, y: np.sinh(x))
elementwise(np.tanh, lambda x, y: 1 - y * y)
elementwise(np.arcsinh, lambda x, y: 1 / np.hypot(x, 1))
elementwise(np.arccosh, lambda x, y: 1 / (np.sqrt(x - 1) * np.sqrt(x + 1)))
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
for choice in (np.maximum, np.fmax, np.minimum, np.fmin):
    UFUNCS[choice].selects = True
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

held = Held("stop_gradient", np.positive)  # as nobody differentiates it, a copy in memory of its own

# --- Sums, and their transposes --------------------------------------------------------------------------

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

for extreme in (largest, smallest):
    extreme.share = share

logsumexp = general(
    "logsumexp",
    log_sum_exp,
    forward=lambda t, y, x, axes, keepdims: np.sum(
        t * np.exp(x - kept(y, axes, keepdims)), axis=axes, keepdims=keepdims
    ),
    reverse=lambda g, y, x, axes, keepdims: kept(g, axes, keepdims) * np.exp(x - kept(y, axes, keepdims)),
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

converted = linear(  # to another precision; a cotangent may be more precise on its way
    "astype",
    lambda x, dtype: x.astype(dtype),
    transpose=lambda g, x, dtype: g,
    many=lambda t, dtype: t.astype(dtype),
)
taken: Linear = Taken(
    "getitem",
    lambda x, index: x[index],
    transpose=lambda g, x, index: put(g, index=index, shape=x.shape),
    many=taken_many,
)
concatenated: JointlyLinear = Joined(
    "concatenate",
    lambda *arrays, axis: np.concatenate(arrays, axis),
    part,
    together=cut_apart,
)
piled: JointlyLinear = Joined(
    "stack",
    lambda *arrays, axis: np.array(arrays) if np.ndim(arrays[0]) == 0 else np.stack(arrays, axis),
    row,
    together=rows_of,
)

# --- Products --------------------------------------------------------------------------------------------

matmul = multilinear("matmul", np.matmul, matmul_transposes, matmul_many)

einsum = multilinear(
    "einsum",
    lambda *operands, inputs, output: np.einsum(f"{','.join(inputs)}->{output}", *operands),
    einsum_transposes,
    einsum_many,
)

# --- Linear algebra: matrices stand in the last two axes -------------------------------------------------

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
    forward=lambda t, y, a: np.sum(cofactors(a) * t, axis=(-2, -1)),
    reverse=lambda g, y, a: np.expand_dims(g, (-2, -1)) * cofactors(a),
)
log_abs_det = general(
    "linalg.slogdet",
    lambda a: np.linalg.slogdet(a)[1],
    forward=lambda t, y, a: np.sum(flipped(regular_inverse(a)) * t, axis=(-2, -1)),
    reverse=lambda g, y, a: np.expand_dims(g, (-2, -1)) * flipped(regular_inverse(a)),
)
# A step function of the matrix: +1 or -1, or 0 if it is singular.
sign_of_det = Constant("sign of det", lambda a: np.linalg.slogdet(a)[0])
sign_of_det.stacks = True

cholesky = general("linalg.cholesky", np.linalg.cholesky, cholesky_forward, cholesky_reverse)

eigh = general("linalg.eigh", eigen, eigen_forward, eigen_reverse)
