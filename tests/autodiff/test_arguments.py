"""Every argument of every NumPy function is honoured, in value and derivative, or refused; none is ignored."""

import inspect

import numpy as np
import pytest
from autodiff_programs import central_jacobian

from course_lib.autodiff import AutodiffError, NoRuleError, grad, jacfwd, jacrev, jit, jvp, vjp
from course_lib.autodiff.rules.forms import HANDLERS

rng = np.random.default_rng(7)
X = rng.normal(size=(3, 4))
T = rng.normal(size=(2, 3, 4))
V = rng.normal(size=4)
S = (lambda a: a @ a.T + np.eye(3))(rng.normal(size=(3, 3)))  # positive definite
MASK = rng.random((3, 4)) < 0.6
HOLES = np.where(np.arange(12).reshape(3, 4) % 5 == 1, np.nan, X)

# What is tried for an argument of this name, where nothing else is said.
USUAL = {
    "axis": [0, -1, 1],
    "dtype": [int, np.float32, complex, float],
    "out": [np.zeros((3, 4))],
    "keepdims": [True, False],
    "initial": [2.5],
    "where": [MASK],
    "order": ["F", "C", "A", "K"],
    "subok": [True],
    "casting": ["unsafe", "same_kind"],
    "copy": [True],
    "k": [1, -1],
    "mode": ["wrap", "clip"],
    "offset": [1, -1],
    "axis1": [1],
    "axis2": [0],
    "optimize": [True],
    "overwrite_input": [True],
    "descending": [True, False],  # of sort, from NumPy 2.5 on
}
REDUCE = {"axis": [0, 1, (0, 1)], "ddof": [1], "correction": [1], "mean": [np.zeros((1, 1))]}
MOVES = {"axis": [0, 1], "axes": [(1, 0)]}
# NumPy's function -> what it is called with, the traced array first; and what is tried for its other arguments.
CALLS = {
    np.sum: ((X,), REDUCE), np.mean: ((X,), REDUCE), np.prod: ((X,), REDUCE), np.var: ((X,), REDUCE),
    np.std: ((X,), REDUCE), np.max: ((X,), REDUCE), np.min: ((X,), REDUCE), np.ptp: ((X,), REDUCE),
    np.median: ((X,), REDUCE), np.cumsum: ((X,), {}), np.cumprod: ((X,), {}),
    np.average: ((X,), {"weights": [np.abs(X)], "returned": [True]}),
    np.diff: ((X,), {"n": [0, 2], "prepend": [1.0], "append": [2.0]}),
    np.trapezoid: ((X,), {"x": [np.sort(V), np.sort(X, axis=1)], "dx": [0.3], "axis": [-1, 0]}),
    np.clip: ((X, -0.5, 0.5), {"min": [-0.2], "max": [0.2]}),
    np.real: ((X,), {}), np.copy: ((X,), {}), np.sinc: ((X,), {}), np.polyval: ((V, 0.7), {}),
    np.reshape: ((X, (2, 6)), {"newshape": [(6, 2)]}), np.ravel: ((X,), {}),
    np.transpose: ((X,), MOVES), np.matrix_transpose: ((X,), {}), np.swapaxes: ((T, 0, 2), {}),
    np.moveaxis: ((T, 0, 2), {}), np.expand_dims: ((X, 1), {}), np.squeeze: ((X[None],), {"axis": [0]}),
    np.broadcast_to: ((X, (2, 3, 4)), {}), np.atleast_1d: ((V,), {}), np.atleast_2d: ((V,), {}),
    np.append: ((X, X), {}), np.split: ((X[:, :3], 3), {"axis": [1]}), np.array_split: ((X, 2), {}),
    np.flip: ((X,), {}), np.fliplr: ((X,), {}), np.flipud: ((X,), {}), np.roll: ((X, 1), {}),
    np.rot90: ((X,), {"k": [2], "axes": [(1, 0)]}), np.rollaxis: ((T, 2), {"start": [1]}),
    np.tile: ((X, (2, 1)), {}), np.repeat: ((X, 2), {}),
    np.take_along_axis: ((X, np.argsort(X, axis=1), 1), {}),
    np.diagonal: ((X,), {}), np.resize: ((X, (5, 3)), {}), np.delete: ((X, 1), {}),
    np.take: ((X, [0, 2, 1]), {}), np.sort: ((X,), {"kind": ["stable"], "stable": [True]}),
    np.diag: ((V,), {}), np.trace: ((X,), {}), np.tril: ((X,), {}), np.triu: ((X,), {}),
    np.pad: ((X, 1), {"mode": ["edge", "reflect", "symmetric", "wrap", "mean", "linear_ramp", "empty", "maximum"],
                      "kwargs": [], "constant_values": [2.0], "reflect_type": ["odd"], "end_values": [1.0],
                      "stat_length": [1]}),
    np.dot: ((X, V), {}), np.vdot: ((V, V), {}), np.inner: ((X, V), {}), np.outer: ((V, V), {}),
    np.tensordot: ((X, X), {"axes": [1, ([0], [1])]}), np.kron: ((X, V), {}),
    np.cross: ((X[:, :3], X[:, 1:]), {"axisa": [0], "axisb": [0], "axisc": [0]}),
    np.linalg.solve: ((S, X), {}), np.linalg.inv: ((S,), {}), np.linalg.det: ((S,), {}),
    np.linalg.slogdet: ((S,), {}), np.linalg.cholesky: ((S,), {"upper": [True, False]}),
    np.linalg.eigvalsh: ((S,), {"UPLO": ["U", "L", "u"]}), np.linalg.eigh: ((S,), {"UPLO": ["U", "L"]}),
    np.linalg.norm: ((X,), {"ord": ["fro", "nuc", 1, 2, -1, np.inf], "axis": [0, (0, 1), (1, 0), None]}),
    np.linalg.matrix_power: ((S, 3), {}),
    np.linalg.svd: ((S,), {"full_matrices": [False], "compute_uv": [False], "hermitian": [True]}),
    np.linalg.svdvals: ((X,), {}), np.linalg.cond: ((S,), {"p": [1, 2, -2, "fro", np.inf]}),
    np.linalg.qr: ((X.T,), {"mode": ["r", "complete", "raw"]}),
    np.linalg.pinv: ((X,), {"rcond": [1e-3], "hermitian": [True], "rtol": [1e-3]}),
    np.linalg.lstsq: ((X.T, V), {"rcond": [1e-3, -1]}),
    np.linalg.matrix_norm: ((X,), {"ord": ["nuc", 1, 2]}),
    np.linalg.vector_norm: ((T,), {"axis": [0, (0, 2), None], "ord": [1, 3, np.inf]}),
    np.linalg.diagonal: ((T,), {}), np.linalg.trace: ((T,), {}), np.linalg.outer: ((V, V), {}),
    np.linalg.matmul: ((X, V), {}), np.linalg.tensordot: ((X, X), {"axes": [1, ([0], [0])]}),
    np.linalg.cross: ((X[:, :3], X[:, 1:]), {"axis": [0]}), np.linalg.vecdot: ((X, X), {"axis": [0]}),
    np.linalg.matrix_transpose: ((T,), {}),
    np.nan_to_num: ((HOLES,), {"nan": [2.0], "posinf": [3.0], "neginf": [4.0], "copy": [True, False]}),
    np.nansum: ((HOLES,), REDUCE), np.nanprod: ((HOLES,), REDUCE), np.nanmean: ((HOLES,), REDUCE),
    np.nanmax: ((HOLES,), REDUCE), np.nanmin: ((HOLES,), REDUCE), np.nanvar: ((HOLES,), REDUCE),
    np.nanstd: ((HOLES,), REDUCE),
    np.real_if_close: ((X,), {"tol": [10]}),
    np.partition: ((X, 1), {"kind": ["introselect"]}),
    np.quantile: ((X, 0.3), {"method": ["linear", "nearest"], "weights": [np.abs(X)], "interpolation": []} | REDUCE),
    np.percentile: ((X, [20, 70]), {"method": ["linear", "lower"], "weights": [np.abs(X)], "interpolation": []}
                    | REDUCE),
    np.linspace: ((V, 2.0), {"num": [7, 1, 2], "endpoint": [False], "retstep": [True], "axis": [0, 1, -1],
                            "device": []}),
    np.logspace: ((V / 2, 0.4), {"num": [7, 1, 2], "endpoint": [False], "base": [2.0, [2.0, 3.0]], "axis": [0, 1, -1]}),
    np.vander: ((V,), {"N": [0, 1, 3], "increasing": [True]}),
    np.gradient: ((X,), {"varargs": [], "axis": [0, (0, 1)], "edge_order": [1, 2]}),
    np.interp: ((V, np.array([-1.0, 0.1, 2.0]), np.array([1.0, -1.0, 3.0])),
                {"left": [5.0], "right": [6.0], "period": [3.0]}),
    np.ediff1d: ((X,), {"to_end": [1.0], "to_begin": [[2.0, 3.0]]}),
    np.convolve: ((V, X[0, :3]), {"mode": ["full", "same", "valid"]}),
    np.correlate: ((V, X[0, :3]), {"mode": ["full", "same", "valid"]}),
    np.cov: ((X,), {"y": [X], "rowvar": [False], "bias": [True], "ddof": [0], "fweights": [[1, 2, 1, 3]],
                    "aweights": [[1.0, 2.0, 1.0, 3.0]]}),
    np.corrcoef: ((X,), {"y": [X[:1] ** 2], "rowvar": [False], "bias": [], "ddof": []}),
    np.lib.stride_tricks.sliding_window_view: ((V, 2), {"axis": [0, -1, (0,)], "writeable": [True]}),
    np.atleast_3d: ((X,), {}), np.hsplit: ((X, 2), {}), np.vsplit: ((X, 3), {}), np.dsplit: ((T, 2), {}),
    np.diagflat: ((X,), {}), np.insert: ((X, 1, 2.0), {"axis": [0, 1, None]}),
    np.meshgrid: ((V, X[0]), {"copy": [True], "sparse": [True], "indexing": ["ij"]}),
    np.add.reduce: ((X,), REDUCE), np.multiply.reduce: ((X,), REDUCE), np.maximum.reduce: ((X,), REDUCE),
    np.minimum.reduce: ((X,), REDUCE), np.logaddexp.reduce: ((X,), REDUCE),
    np.add.accumulate: ((X,), {}), np.multiply.accumulate: ((X,), {}),
    np.maximum.accumulate: ((X,), {}), np.minimum.accumulate: ((X,), {}),
}  # fmt: skip
# Functions of several arrays, or with the traced array elsewhere: written out below, or with no other argument.
ELSEWHERE = {np.where, np.broadcast_arrays, np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack, np.extract,
             np.einsum, np.linalg.multi_dot, np.select, np.dstack, np.compress, np.block}  # fmt: skip
SYMMETRIC = {np.linalg.cholesky, np.linalg.eigvalsh, np.linalg.eigh}
REDUCED = ("axis", "dtype", "out", "keepdims", "initial", "where")


def parameters_of(function):
    """Return the names of NumPy's arguments behind those that the call above gives already."""
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return REDUCED if function.__name__ == "reduce" else REDUCED[:3]
    return [name for name, p in inspect.signature(function).parameters.items() if p.kind is not p.VAR_KEYWORD]


def flat(y):
    if isinstance(y, tuple | list):
        return np.concatenate([np.reshape(one, -1) for one in y])
    return y


def agrees(f, x, expected):
    """Say whether f was refused; if not, compare its value and its derivatives."""
    try:
        value, _ = vjp(f, x)
        both, recorded = (jacfwd(f)(x), jacrev(f)(x)), jit(f)(x)
    except AutodiffError:
        return False
    for one in (value, recorded):
        assert np.shape(one) == np.shape(expected)
        np.testing.assert_allclose(one, expected, rtol=1e-12, atol=1e-12)
    jacobian = central_jacobian(f, (x,), 0)
    for one in both:
        np.testing.assert_allclose(one, jacobian, rtol=1e-6, atol=1e-6)
    return True


@pytest.mark.parametrize("function", CALLS, ids=lambda f: f"{getattr(f, '__self__', '')} {f.__name__}")
def test_an_argument_is_honoured_or_refused(function):
    given, special = CALLS[function]
    x, others = given[0], given[1:]
    if function in SYMMETRIC:

        def call(z, **named):
            return flat(function(0.5 * (z + np.swapaxes(z, -1, -2)) + (np.swapaxes(z, -1, -2) - z) * 0.0, **named))
    else:

        def call(z, **named):
            return flat(function(z, *others, **named))

    assert agrees(call, x, call(x)), "the function by itself is refused"
    untried = []
    names = parameters_of(function)
    first = 0 if names[0] == "axis" else len(given)
    for place, name in enumerate(dict.fromkeys([*names, *special])):
        values = special.get(name, USUAL.get(name))
        if values is None:
            if place >= first:
                untried.append(name)
            continue
        for value in values:
            try:
                expected = call(x, **{name: value})
            except (TypeError, ValueError, np.exceptions.AxisError):
                continue  # NumPy refuses it too
            if name == "out":
                with pytest.raises(AutodiffError):
                    vjp(lambda z, value=value, name=name: call(z, **{name: value}), x)
                continue
            agrees(lambda z, value=value, name=name: call(z, **{name: value}), x, expected)
    assert not untried, f"no value is tried for {untried}"


@pytest.mark.parametrize("function", [f for f, (given, _) in CALLS.items() if len(given) == 1
                                      and not isinstance(getattr(f, "__self__", None), np.ufunc)],
                         ids=lambda f: f.__name__)  # fmt: skip
def test_an_argument_by_its_position(function):
    """Each argument in its place, those before it by NumPy's own default."""
    (x,), special = CALLS[function]
    parameters = [p for p in inspect.signature(function).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    for place, parameter in enumerate(parameters[1:], 1):
        between = [p.default for p in parameters[1:place]]
        if any(default is np._NoValue or default is parameter.empty for default in between):
            break
        for value in special.get(parameter.name, USUAL.get(parameter.name, [])):

            def call(z, between=between, value=value):
                return flat(function(z, *between, value))

            try:
                expected = call(x)
            except (TypeError, ValueError, np.exceptions.AxisError):
                continue
            if parameter.name != "out" and function not in SYMMETRIC:
                agrees(call, x, expected)


def test_every_function_is_tried():
    same = {np.amax: np.max, np.amin: np.min, np.permute_dims: np.transpose}
    missing = {f for f in HANDLERS if f not in CALLS and f not in ELSEWHERE and same.get(f) not in CALLS}
    missing -= {
        getattr(np, name, None)
        for name in ("vecdot", "matvec", "vecmat", "unstack", "cumulative_sum", "cumulative_prod", "row_stack")
    }
    assert not {f.__name__ for f in missing}


SEVERAL = {
    "concatenate axis": lambda x: np.concatenate((x, X), axis=1),
    "concatenate dtype": lambda x: np.concatenate((x, X), dtype=int, casting="unsafe"),
    "stack axis": lambda x: np.stack((x, X), axis=-1),
    "stack dtype": lambda x: np.stack((x, X), dtype=np.float32, casting="unsafe"),
    "vstack dtype": lambda x: np.vstack((x, X), dtype=int, casting="unsafe"),
    "hstack dtype": lambda x: np.hstack((x, X), dtype=int, casting="unsafe"),
    "einsum optimize": lambda x: np.einsum("ij,kj->ik", x, X, optimize=True),
    "einsum dtype": lambda x: np.einsum("ij,kj->ik", x, X, dtype=np.float32, casting="unsafe"),
    "einsum lists": lambda x: np.einsum(x, [0, 1], X, [2, 1], [0, 2]),
    "einsum order": lambda x: np.einsum("ij,kj->ik", x, X, order="F"),
    "trapezoid along the first axis": lambda x: np.trapezoid(x, X, axis=0),
    "trapezoid at traced places": lambda x: np.trapezoid(X, x, axis=0),
    "trapezoid at traced places of one axis": lambda x: np.trapezoid(X, x[0]),
    "average over two axes": lambda x: np.average(T, axis=(2, 1), weights=np.exp(x.T)),
    "average of rows": lambda x: np.average(x, axis=0, weights=np.array([1.0, 2.0, 4.0]), keepdims=True),
    "cross along another axis": lambda x: np.cross(x.T, X.T, axis=1),
    "cross by position": lambda x: np.cross(x, X, 0, 0, 1),
    "median over two axes": lambda x: np.median(x * T, axis=(0, 2), keepdims=True),
    "norm of three axes": lambda x: np.linalg.norm(x * T),
    "norm along two axes": lambda x: np.linalg.norm(x * T, axis=(0, 2), keepdims=True),
    "norm of order 3 along an axis": lambda x: np.linalg.norm(x, 3, 1, True),
    "norm of order 0": lambda x: np.linalg.norm(x, 0, 1),
    "select": lambda x: np.select([x > 0.5, x > 0], [x, 2 * x], default=X),
    "dstack": lambda x: np.dstack((x, X)),
    "interp of traced values": lambda x: np.interp([-2.0, 0.3, 1.2], [-1.0, 0.1, 0.5, 2.0], x[0], left=1.0),
    "interp at traced places": lambda x: np.interp(0.4, np.cumsum(np.exp(x[0])) / 9, x[1]),
    "gradient at places": lambda x: np.gradient(x, np.array([0.0, 0.2, 0.7]), 0.5)[0],
    "gradient to the second order": lambda x: np.gradient(x, [0.0, 0.2, 0.7, 1.0], axis=1, edge_order=2),
    "insert a row": lambda x: np.insert(x, -1, V * x[0], axis=0),
    "cumulative_sum": lambda x: np.cumulative_sum(x, axis=1, include_initial=True),
    "cumulative_prod": lambda x: np.cumulative_prod(x, axis=0, include_initial=True),
    "unstack": lambda x: np.unstack(x, axis=1)[2],
    "cov of two": lambda x: np.cov(x[0], x[1] * 2),
    "multi_dot": lambda x: np.linalg.multi_dot([x, X.T, V[:3]]),
    "where a ufunc looks": lambda x: np.exp(x, where=MASK, out=None),
    "a ufunc of another type": lambda x: np.multiply(x, X, dtype=np.float32),
    "matmul along axes": lambda x: np.matmul(x, X, axes=[(1, 0), (0, 1), (0, 1)]),
    "a method's dtype": lambda x: x.sum(0, int),
    "a method's arguments": lambda x: x.var(1, None, None, 1, True) + x.max(1, None, True) + x.cumsum(1)[:, :1],
    "a part of a sum": lambda x: np.sum(x, where=MASK),
    "a part of each row": lambda x: x.mean(1, where=x > np.min(x, 1, keepdims=True)) + np.var(x, 1, where=x < 1),
    "a part of a product": lambda x: np.prod(x, 0, where=[True, False, True, True], initial=2),
    "the largest of a part": lambda x: np.max(x, 1, where=MASK, initial=-0.3, keepdims=True),
    "the least of no entries": lambda x: np.min(x[:, :0], 1, initial=0.3) * x[:, 0],
    "places that are no numbers": lambda x: np.nanmax(np.where(MASK, x, np.nan), axis=1) + x[0, np.nanargmax(HOLES[0])],
    "columns first": lambda x: np.reshape(x * T, (-1, 4), order="F") + T.reshape(6, 4) * x.flatten("F")[:4],
    "the wrong triangle": lambda x: np.linalg.eigvalsh((x[:, :3] + x[:, :3].T) / 2, "U"),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_functions_of_several_arrays(name):
    f = SEVERAL[name]
    if name == "where a ufunc looks":
        with pytest.raises(AutodiffError, match="where"):
            vjp(f, X)
        return
    agrees(f, X, f(X))


def test_what_must_not_be_refused():
    """These were right before, or are asked for every day."""
    for name in ("concatenate axis", "stack axis", "einsum optimize", "average over two axes", "average of rows",
                 "trapezoid along the first axis", "trapezoid at traced places", "cross along another axis",
                 "cross by position", "median over two axes", "norm of three axes", "norm along two axes",
                 "select", "dstack", "interp of traced values", "interp at traced places", "gradient at places",
                 "gradient to the second order", "insert a row", "cov of two", "einsum lists",
                 "norm of order 3 along an axis", "multi_dot", "a method's arguments",
                 "the wrong triangle", "a part of a sum", "a part of each row", "a part of a product",
                 "the largest of a part", "the least of no entries", "places that are no numbers",
                 "columns first"):  # fmt: skip
        assert agrees(SEVERAL[name], X, SEVERAL[name](X)), name
    assert agrees(lambda x: np.sum(x, dtype=float, out=None) + np.mean(x, 0, None, None, True), X,
                  np.sum(X) + np.mean(X, 0, keepdims=True))  # fmt: skip


def test_a_part_is_told_by_truth_values_as_wide_as_the_array():
    with pytest.raises(TypeError, match="where= was given int64"):
        grad(lambda x: np.sum(x, where=np.array([1, 0, 1])))(np.ones(3))
    with pytest.raises(ValueError, match="broadcast"):  # NumPy refuses it too: a sum of two entries, of an array of one
        grad(lambda x: np.sum(x, where=np.array([True, False])))(np.ones(1))
    with pytest.raises(ValueError, match="without initial="):
        grad(lambda x: np.max(x, where=np.array([True, False])))(np.ones(2))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("ddof", range(4))
def test_what_is_no_number_has_no_part_in_a_variance(ddof):
    """Rows of three numbers, of two and of one: NumPy has NaN where there are too few of them, not infinity."""
    x = np.array([[1.0, 4.0, 3.5], [2.0, np.nan, 0.5], [np.nan, np.nan, 4.0]])
    expected = np.nanvar(x, axis=1, ddof=ddof)
    f = lambda x: np.nanvar(x, axis=1, ddof=ddof)  # noqa: E731
    value, back = vjp(f, x)
    for found in (value, jit(f)(x), jvp(f, (x,), (x,))[0]):
        np.testing.assert_allclose(found, expected, rtol=1e-14)
    (slope,) = back(np.array([1.0, 1.0, 0.0]))
    for row, found in zip(x[:2], slope[:2], strict=True):
        there = ~np.isnan(row)
        if (free := np.sum(there) - ddof) > 0:
            np.testing.assert_allclose(found[there], 2 * (row[there] - np.mean(row[there])) / free, rtol=1e-12)
            np.testing.assert_array_equal(found[~there], 0.0)


@pytest.mark.parametrize("name", ["concatenate", "stack", "vstack", "hstack"])
def test_what_numpy_does_anyway_may_be_said(name):
    function = getattr(np, name)
    said = grad(lambda x: np.sum(function((x, 2 * x), dtype=None, casting="same_kind")))
    np.testing.assert_array_equal(said(np.ones(3)), np.full(3, 3.0))
    with pytest.raises(NoRuleError, match="dtype"):
        grad(lambda x: np.sum(function((x, x), dtype=int, casting="unsafe")))(np.ones(3))
