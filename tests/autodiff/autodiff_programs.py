"""One small program for every operation of the table, and what NumPy composes of them: (function, arguments).

Arguments stay away from kinks, so that central differences are an oracle. Every array has its own shape and
no symmetry, so that a transposed or misplaced axis is seen.
"""

import numpy as np

rng = np.random.default_rng(20)


def positive(*shape):
    return 0.3 + rng.random(shape)


def inside(*shape):
    """Between -0.8 and 0.8, away from 0."""
    return np.where(rng.random(shape) < 0.5, -1, 1) * (0.15 + 0.65 * rng.random(shape))


def normal(*shape):
    return rng.normal(size=shape)


def definite(*shape):
    """Make a positive definite matrix of a square one, so that any change of it keeps it symmetric."""
    return lambda x: x @ np.swapaxes(x, -1, -2) + 0.5 * np.eye(shape[-1])


UNARY = {
    **{name: inside(2, 3) for name in (
        "negative", "positive", "reciprocal", "square", "cbrt", "exp", "exp2", "expm1", "sin", "cos", "tan", "arcsin",
        "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arctanh", "deg2rad", "radians", "rad2deg", "degrees",
        "absolute", "fabs", "sinc",
    )},
    **{name: positive(2, 3) for name in ("sqrt", "log", "log2", "log10", "log1p")},
    "arccosh": 1.2 + positive(2, 3),
}  # fmt: skip

# Two operands that broadcast against each other, in the ways that occur.
PAIRS = [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 1)), ((), (2,)), ((2, 1), (1, 3)), ((), ())]
BINARY = ("add", "subtract", "multiply", "divide", "remainder", "fmod", "power", "float_power", "logaddexp",
          "logaddexp2", "arctan2", "hypot", "copysign", "maximum", "minimum", "fmax", "fmin")  # fmt: skip

PROGRAMS = {name: (getattr(np, name), (x,)) for name, x in UNARY.items()}
for name in BINARY:
    for left, right in PAIRS:
        PROGRAMS[f"{name} {left} {right}"] = (getattr(np, name), (positive(*left), 1.4 * positive(*right)))
    f = getattr(np, name)
    PROGRAMS[f"{name} number"] = (lambda x, f=f: f(x, 1.7), (positive(3),))
    PROGRAMS[f"number {name}"] = (lambda x, f=f: f(1.7, x), (positive(3),))

X, Y, M = normal(2, 3), normal(3, 2), normal(3, 3) + 2 * np.eye(3)
T, V, W = normal(2, 3, 4), normal(4), positive(2, 3)
MASK = np.array([[True, False, True], [False, True, True]])
PLACES = np.array([[2, 0, 0], [1, 2, 2]])

REDUCTIONS = ("sum", "mean", "prod", "var", "std", "max", "min", "ptp", "median")
for name in REDUCTIONS:
    f = getattr(np, name)
    PROGRAMS[f"{name} all"] = (f, (X,))
    PROGRAMS[f"{name} axis 0"] = (lambda x, f=f: f(x, axis=0), (X,))
    PROGRAMS[f"{name} axis -1 of 3"] = (lambda x, f=f: f(x, axis=-1), (T,))
    if name != "median":
        PROGRAMS[f"{name} two axes"] = (lambda x, f=f: f(x, axis=(0, -1)), (T,))
        PROGRAMS[f"{name} keepdims"] = (lambda x, f=f: f(x, axis=1, keepdims=True), (T,))

PROGRAMS |= {
    # arithmetic by operators, both operand orders
    "operators": (lambda x: (2 - x) * 3 / (x + 1.5) - (-x) ** 2 + 2**x + abs(+x) + 7 % (x * x + 0.5), (W,)),
    "constant arrays left": (lambda x: X - x * (W / (x + W)) + W**x, (positive(2, 3),)),
    "constant arrays right": (lambda x: (x - X) * (x / W) + x**W, (positive(2, 3),)),
    "power 0, 1, 2, 3": (lambda x: x**0 + x**1 + x**2 + x**3, (X,)),
    "negative power": (lambda x: x**-2 + x**-1.5, (W,)),
    # reductions
    "var ddof": (lambda x: np.var(x, axis=1, ddof=1), (X,)),
    "std ddof keepdims": (lambda x: np.std(x, axis=1, ddof=1, keepdims=True), (X,)),
    "average": (lambda x, w: np.average(x, axis=1, weights=w), (X, W)),
    "average of rows": (lambda x, w: np.average(x, axis=0, weights=w), (X, positive(2))),
    "average plain": (lambda x: np.average(x, axis=0), (X,)),
    "prod with zeros": (lambda x: np.prod(x * np.array([0.0, 1.0, 2.0]), axis=1) + np.prod(x), (X,)),
    "cumsum": (lambda x: np.cumsum(x, axis=1), (T,)),
    "cumsum flat": (np.cumsum, (X,)),
    "cumprod": (lambda x: np.cumprod(x, axis=-1), (T,)),
    "cumprod flat": (np.cumprod, (X,)),
    "diff": (lambda x: np.diff(x, axis=1), (T,)),
    "diff twice": (lambda x: np.diff(x, n=2), (T,)),
    "trapezoid": (lambda y: np.trapezoid(y, dx=0.5), (X,)),
    "trapezoid at places": (lambda y, x: np.trapezoid(y, x), (X, normal(3))),
    "add.reduce": (np.add.reduce, (X,)),
    "multiply.reduce": (lambda x: np.multiply.reduce(x, axis=1), (X,)),
    "maximum.reduce": (lambda x: np.maximum.reduce(x, axis=None), (X,)),
    "minimum.reduce": (lambda x: np.minimum.reduce(x, 1), (X,)),
    "add.accumulate": (lambda x: np.add.accumulate(x, axis=1), (X,)),
    "multiply.accumulate": (lambda x: np.multiply.accumulate(x, 1), (X,)),
    "logaddexp.reduce": (lambda x: np.logaddexp.reduce(x, axis=1), (X,)),
    "logaddexp.reduce all": (lambda x: np.logaddexp.reduce(x, axis=None, keepdims=True), (X,)),
    # choices
    "where": (lambda x, y: np.where(MASK, x, y), (X, normal(2, 3))),
    "where broadcast": (lambda x, y: np.where(MASK, x, y), (normal(3), normal(2, 1))),
    "where traced condition": (lambda x: np.where(x > 0, x * x, 3.0), (X,)),
    "clip": (lambda x: np.clip(x, -0.5, 0.5), (X,)),
    "clip one side": (lambda x: np.clip(x, 0.1, None) + np.clip(x, max=0.2), (X,)),
    "sort": (np.sort, (T,)),
    "sort axis": (lambda x: np.sort(x, axis=0), (X,)),
    "sort flat": (lambda x: np.sort(x, axis=None), (X,)),
    "real copy": (lambda x: np.real(x) + np.copy(x) * x.conjugate(), (X,)),
    "polyval": (lambda p, x: np.polyval(p, x), (V, X)),
    # shapes
    "reshape": (lambda x: np.reshape(x, (4, -1)), (T,)),
    "reshape method": (lambda x: x.reshape(3, 8) @ x.reshape((8, 3)), (T,)),
    "ravel": (lambda x: x.ravel() + x.flatten() * np.ravel(x), (X,)),
    "transpose": (lambda x: np.transpose(x, (1, 2, 0)), (T,)),
    "transpose all": (lambda x: x.T + x.transpose() * x.transpose(2, 1, 0), (T,)),
    "matrix_transpose": (np.matrix_transpose, (T,)),
    "permute_dims": (lambda x: np.permute_dims(x, (2, 0, 1)), (T,)),
    "swapaxes": (lambda x: np.swapaxes(x, 0, -1), (T,)),
    "moveaxis": (lambda x: np.moveaxis(x, 0, 1), (T,)),
    "moveaxis two": (lambda x: np.moveaxis(x, [0, 1], [-1, 0]), (T,)),
    "rollaxis": (lambda x: np.rollaxis(x, 2), (T,)),
    "expand_dims": (lambda x: np.expand_dims(x, (0, 2)), (X,)),
    "squeeze": (lambda x: np.squeeze(x, axis=1), (normal(2, 1, 3, 1),)),
    "squeeze all": (lambda x: x.squeeze(), (normal(2, 1, 3, 1),)),
    "broadcast_to": (lambda x: np.broadcast_to(x, (4, 2, 3)), (normal(2, 1),)),
    "broadcast_arrays": (lambda x, y: np.multiply(*np.broadcast_arrays(x, y)), (normal(3), normal(2, 1))),
    "atleast": (lambda x, y: np.atleast_1d(x) * np.atleast_2d(y), (normal(), normal(3))),
    "concatenate": (lambda x, y: np.concatenate((x, y, x * x), axis=1), (X, normal(2, 4))),
    "concatenate flat": (lambda x, y: np.concatenate((x, y), axis=None), (X, normal(2))),
    "concatenate constant": (lambda x: np.concatenate((W, x)), (X,)),
    "stack": (lambda x, y: np.stack((x, y, W), axis=1), (X, normal(2, 3))),
    "vstack hstack": (lambda x, y: np.vstack((x, np.hstack((y, 1.0, y)))), (X, normal())),
    "hstack matrices": (lambda x: np.hstack((x, x * x)), (X,)),
    "column_stack": (lambda x, y: np.column_stack((x, y)), (X, normal(2))),
    "append": (lambda x, y: np.append(x, y), (X, normal())),
    "append axis": (lambda x: np.append(x, W, axis=1), (X,)),
    "split": (lambda x: np.split(x, 3, axis=1)[1] * np.split(x, [1], axis=1)[0], (X,)),
    "array_split": (lambda x: np.array_split(x, 2, axis=1)[0], (X,)),
    "tile": (lambda x: np.tile(x, (2, 2)), (X,)),
    "repeat": (lambda x: np.repeat(x, [1, 0, 2], axis=1), (X,)),
    "flip": (lambda x: np.flip(x, 1) + np.fliplr(x) * np.flipud(x), (X,)),
    "roll": (lambda x: np.roll(x, 1, axis=1) + np.roll(x, 2), (X,)),
    "rot90": (np.rot90, (X,)),
    "resize delete": (lambda x: np.resize(np.delete(x, 1, axis=1), (3, 3)), (X,)),
    "diag of vector": (lambda x: np.diag(x, 1) + np.diag(x, -1), (normal(3),)),
    "diag of matrix": (lambda x: np.diag(x, 1), (X,)),
    "diagonal": (lambda x: np.diagonal(x, axis1=1, axis2=2), (T,)),
    "trace": (lambda x: np.trace(x, offset=1) + x.trace(), (M,)),
    "tril triu": (lambda x: np.tril(x) + np.triu(x, 1) * x, (T,)),
    "pad": (lambda x: np.pad(x, ((1, 0), (0, 2)), constant_values=3.0), (X,)),
    "pad reflect": (lambda x: np.pad(x, 1, mode="reflect"), (X,)),
    "take": (lambda x: np.take(x, PLACES, axis=1), (X,)),
    "take flat": (lambda x: x.take([5, 0, 5]), (X,)),
    "take_along_axis": (lambda x: np.take_along_axis(x, PLACES, axis=1), (X,)),
    "extract": (lambda x: np.extract(MASK, x), (X,)),
    # indices
    "slices": (lambda x: x[1:, ::-2] * x[:-1, 1:], (M,)),
    "row": (lambda x: x[1] * x[-1][0], (M,)),
    "entry": (lambda x: x[1, 2] * x[0, 0], (M,)),
    "new axis": (lambda x: x[:, None] * x[..., None, :], (V,)),
    "mask": (lambda x: x[MASK], (X,)),
    "mask of rows": (lambda x: x[np.array([True, False, True])], (M,)),
    "traced mask": (lambda x: x[x > 0], (X,)),
    "integers": (lambda x: x[:, PLACES], (X,)),
    "integers repeated": (lambda x: x[[0, 1, 0, 0]], (X,)),
    "integers in pairs": (lambda x: x[[0, 1, 0], [2, 2, 2]], (X,)),
    "integers apart": (lambda x: x[0, :, [1, 1, 3]], (T,)),
    "iteration": (lambda x: sum(row * i for i, row in enumerate(x)), (X,)),
    # products
    "matmul": (np.matmul, (X, Y)),
    "matmul vector": (np.matmul, (X, normal(3))),
    "vector matmul": (np.matmul, (normal(2), X)),
    "vector matmul vector": (np.matmul, (normal(3), normal(3))),
    "matmul stacks": (np.matmul, (T, normal(4, 2))),
    "stack of right operands": (np.matmul, (normal(5, 3), T)),
    "stacks of both": (np.matmul, (T, normal(2, 4, 2))),
    "stacks that broadcast": (np.matmul, (normal(3, 1, 2, 2), normal(2, 2, 3))),
    "stack matmul vector": (np.matmul, (T, normal(4))),
    "vector matmul stack": (np.matmul, (normal(3), T)),
    "matmul operator": (lambda x: x @ Y + X @ x.T @ X @ Y, (X,)),
    "dot": (np.dot, (X, Y)),
    "dot numbers": (lambda x, y: np.dot(x, y) * y.dot(2.0), (normal(), normal(2))),
    "dot stacks": (np.dot, (X, normal(2, 3, 2))),
    "inner": (np.inner, (X, normal(4, 3))),
    "outer": (np.outer, (normal(2), normal(3))),
    "vdot": (np.vdot, (X, normal(2, 3))),
    "tensordot": (lambda x, y: np.tensordot(x, y, axes=([0, 2], [1, 0])), (T, normal(4, 2))),
    "tensordot number": (lambda x, y: np.tensordot(x, y, axes=1), (T, normal(4, 2))),
    "kron": (np.kron, (X, normal(2, 2))),
    "kron of vector": (np.kron, (normal(2), X)),
    "cross": (np.cross, (X, normal(3))),
    "einsum": (lambda x, y: np.einsum("ij,jk->ki", x, y), (X, Y)),
    "einsum implicit": (lambda x, y: np.einsum("ij,jk", x, y), (X, Y)),
    "einsum one index summed": (lambda x, y: np.einsum("ij,kl->jl", x, y), (X, Y)),
    "einsum three": (lambda x, y, z: np.einsum("ij,jk,k->i", x, y, z), (X, Y, normal(2))),
    "einsum ellipsis": (lambda x, y: np.einsum("...i,i...->...", x, y), (X, normal(3, 2))),
    "einsum implicit ellipsis": (lambda x, y: np.einsum("...ij,j", x, y), (T, V)),
    "einsum diagonal": (lambda x: np.einsum("ii->i", x) + np.einsum("ii", x), (M,)),
    "einsum transpose": (lambda x: np.einsum("ij->ji", x), (X,)),
    # linear algebra
    "solve": (np.linalg.solve, (M, Y)),
    "solve vector": (np.linalg.solve, (M, normal(3))),
    "solve stack": (np.linalg.solve, (np.stack([M, M + 0.1 * normal(3, 3)]), Y)),
    "solve stack right": (np.linalg.solve, (M, normal(2, 3, 2))),
    "inv": (np.linalg.inv, (M,)),
    "inv stack": (np.linalg.inv, (np.stack([M, M.T + 0.1]),)),
    "det": (np.linalg.det, (M,)),
    "det stack": (np.linalg.det, (np.stack([M, M.T + 0.1]),)),
    "slogdet": (lambda x: np.linalg.slogdet(x)[1] * np.linalg.slogdet(x).sign, (-M,)),
    "cholesky": (lambda x: np.linalg.cholesky(definite(3)(x)), (M,)),
    "cholesky stack": (lambda x: np.linalg.cholesky(definite(3)(x)), (np.stack([M, M.T + 0.1]),)),
    "eigh values": (lambda x: np.linalg.eigh(definite(3)(x)).eigenvalues, (M,)),
    "eigh vectors": (lambda x: np.linalg.eigh(definite(3)(x))[1], (M,)),
    "eigvalsh": (lambda x: np.linalg.eigvalsh(definite(3)(x)), (np.stack([M, M.T + 0.1]),)),
    "norm": (np.linalg.norm, (X,)),
    "norm of rows": (lambda x: np.linalg.norm(x, axis=1), (X,)),
    "norm 1 inf 3": (lambda x: np.stack([np.linalg.norm(x, p) for p in (1, 2, 3, np.inf, -np.inf)]), (V,)),
    "matrix_power": (lambda x: np.linalg.matrix_power(x, 5) + np.linalg.matrix_power(x, -1), (M,)),
    "matrix_power 0": (lambda x: np.linalg.matrix_power(x, 0) + x, (M,)),
    "multi_dot": (lambda x, y: np.linalg.multi_dot([x, y, x]), (X, Y)),
    "svd": (lambda x: np.square(np.linalg.svd(x, full_matrices=False)[0]), (X,)),
    "singular values": (lambda x: np.linalg.svdvals(x) + np.linalg.cond(x) + np.linalg.norm(x, "nuc"), (M,)),
    "qr and pinv": (lambda x: np.linalg.qr(x).R + np.linalg.pinv(x), (M,)),
    "lstsq": (lambda x, y: np.linalg.lstsq(x, y, rcond=None)[0], (normal(4, 2), normal(4))),
    "linalg's names of sums": (lambda x: np.linalg.matrix_norm(x) + np.linalg.vector_norm(x) * np.linalg.trace(x),
                               (M,)),
    "linalg's names of products": (
        lambda x, y: np.linalg.outer(x[0], y[:, 0]) + np.linalg.matmul(x, np.linalg.matrix_transpose(x))
        + np.linalg.tensordot(x, x, axes=2) + np.linalg.vecdot(x, x) + np.linalg.cross(x, x[::-1])
        + np.linalg.diagonal(x), (M, normal(3, 3))),
    "select and nan_to_num": (lambda x: np.select([x > 0.3, x > 0], [x, x * x], 0.1) + np.nan_to_num(x), (X,)),
    "sums without nan": (lambda x: np.nansum(x) + np.nanprod(x, axis=0) + np.nanmean(x, axis=0, keepdims=True), (X,)),
    "extremes without nan": (lambda x: np.nanmax(x, axis=0) + np.nanmin(x) * np.nanvar(x, axis=0) + np.nanstd(x), (X,)),
    "running extremes": (lambda x: np.maximum.accumulate(x, axis=1) + np.minimum.accumulate(x), (X,)),
    "powers": (lambda x: np.vander(x, 3) + np.logspace(x[0], 0.5, 3), (V,)),
    "conjugate": (lambda x: np.conjugate(x) + np.real_if_close(x), (X,)),
    "quantiles": (lambda x: np.quantile(x, 0.3, axis=0) + np.percentile(x, 60) + np.partition(x, 1, axis=0)[1], (X,)),
    "linspace": (lambda x: np.linspace(x[0], 2.0, 4) + np.linspace(0, x[1], 4, endpoint=False), (V,)),
    "gradient and ediff1d": (lambda x: np.gradient(x, 0.5, axis=0)[0] + np.ediff1d(x)[:3], (X,)),
    "interp": (lambda x, y: np.interp(x, [-2.0, 0.05, 2.0], y[:3]), (V, normal(3))),
    "convolve and correlate": (lambda x, y: np.convolve(x, y, "same") + np.correlate(x, y, "same"),
                               (normal(4), normal(3))),
    "cov and corrcoef": (lambda x: np.cov(x) + np.corrcoef(x), (normal(3, 4),)),
    "atleast_3d and dstack": (lambda x: np.atleast_3d(x) + np.dstack([x, x * x]), (X,)),
    "splits": (lambda x: np.hsplit(x, 2)[1] + np.sum(np.vsplit(x, 2)[0]) + np.dsplit(x[None], 2)[0][0],
               (normal(2, 4),)),
    "insert and diagflat": (lambda x: np.insert(x, 1, x[0], axis=0) + np.diagflat(x[0, :2], 1), (X,)),
    "meshgrid": (lambda x, y: np.meshgrid(x, y)[0] * np.meshgrid(x, y)[1], (V, normal(3))),
    # vectors of numbers, as most people return them
    "np.array of numbers": (lambda x: np.array([x[0] * x[1], np.sin(x[2]), 1.0]), (normal(3),)),
    "np.array of arrays": (lambda x: np.array([x, x * x]) * 2.0, (normal(3),)),
    "lists as operands": (lambda x: [x[0], x[1], 2.0] * (x * [1.0, 2.0, 3.0]), (normal(3),)),
    "zero size": (lambda x: np.sum(x) + np.concatenate((x, [1.0])), (normal(0),)),
    "zero size matrix": (lambda x, y: x @ y, (normal(2, 0), normal(0, 3))),
    "windows": (lambda x, y: np.lib.stride_tricks.sliding_window_view(x, 3) @ y, (normal(6), normal(3))),
    "windows of two axes": (lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 3)) ** 2, (normal(3, 4),)),
    "block": (lambda x, y: np.block([[x, y], [y * 2.0, x * x]]), (normal(2, 2), normal(2, 3))),
    "compress": (lambda x: np.compress([True, False, True], x, axis=1) ** 2, (normal(2, 3),)),
}  # fmt: skip
if hasattr(np, "unstack"):
    PROGRAMS["unstack"] = (lambda x: np.unstack(x)[0] + np.cumulative_sum(x[0]) + np.cumulative_prod(x[1]), (X,))
if hasattr(np, "vecdot"):
    PROGRAMS["vecdot"] = (np.vecdot, (T, V))
if hasattr(np, "matvec"):
    PROGRAMS |= {"matvec": (np.matvec, (T, V)), "vecmat": (np.vecmat, (normal(3), T))}


def central_jacobian(f, arguments, k, h=1e-5):
    """Fourth-order central differences of f with respect to argument k: shape y.shape + x.shape."""
    x = arguments[k]
    columns = []
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h

        def at(m, step=step):
            return np.asarray(f(*arguments[:k], (x + m * step)[()], *arguments[k + 1 :]), float)

        columns.append((8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h))
    shape = np.shape(f(*arguments))
    return np.stack(columns, axis=-1).reshape(shape + x.shape) if columns else np.zeros(shape + x.shape)
