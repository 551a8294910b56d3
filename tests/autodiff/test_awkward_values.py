"""Awkward values, types, layouts and arguments: each way gives NumPy's value, type and shape, or says why not.

The random programs compute with moderate numbers in double precision, freshly made. Here one operation is done on what
people also have: single precision, alone or beside double; whole numbers, truth values, lists; infinities, NaN, zeros
of both signs, numbers that are equal or very large; empty arrays; Fortran order, negative strides, broadcast views.
Some of them are traced and others constants. Forward and reverse mode agree, and with differences where these tell.
"""

from __future__ import annotations

import ast
import collections
import itertools
import os
import time
import warnings
from typing import Any

import numpy as np
import pytest
from random_programs import KINDS, TOO_BAD, Drawing, operations, special

from course_lib.autodiff import AutodiffError, jit, jvp, vjp, vmap

SECONDS = float(os.environ.get("HUNT_SECONDS", 0))
FIRST = time.time_ns() // 1000 if SECONDS else 0

# What an argument may be besides the usual: {k} is a constant of any type, {q} a fraction.
ARGUMENTS = """
np.add({a}, {k}); np.subtract({k}, {a}); np.multiply({k}, {a}); np.divide({a}, {k}); np.divide({k}, {a}); {k} - {a}
np.remainder({a}, {k}); np.fmod({a}, {k}); np.logaddexp({a}, {k}); np.arctan2({a}, {k}); np.arctan2({k}, {a})
{k} * {a}; np.hypot({k}, {a}); np.copysign({k}, {a}); np.maximum({a}, {k}); np.fmin({k}, {a})
np.heaviside({a}, {k}) * {a}; {a} ** 2; {a} ** 3.0; {a} ** -1; {a} ** True; {a} ** np.int64(2); {a} ** [2, 1, 0]
divmod({a}, 0.7)[1]; {k} / {a}; np.where({a} > 0, {a}, {k}); np.where({k}, {a}, {b}); np.where({a}, {a}, {k})
np.where([True, False, True], {a}, {k}); np.clip({a}, {k}, 1.3); np.clip({a}, 1, 0); {a}.clip(max=1)
np.clip({a}, -np.inf, np.inf); np.where({a} > 0, 0, {a}); np.select([{a} > 0.3, {a} > 0], [{a}, {k}], {k})
np.select([{a} > 0.3], [{a}], np.nan); np.tensordot({k}, {a}, 0); np.dot({a}, {k}); np.inner({k}, {a})
np.outer({a}, {k}); np.kron({k}, {a}); np.vdot({a}, {k}); np.matmul({k}, {a}); np.append({a}, {k}); np.append({a}, [])
np.concatenate([{x}, [*{x}]]); np.hstack([{a}, {k}]); np.vstack([{k}, {a}])
np.column_stack([{v}, np.ones(len({v}), int)]); np.stack([{v}, np.ones(len({v}), bool)]); np.stack({x}, axis=-1)
np.insert({v}, 1, {k}); np.insert({v}, -1, 2); np.insert({x}, 0, 1, axis=-1); np.c_[{v}, {v}]; np.r_['0,2', {v}, {v}]
np.pad({x}, (1, 2)); np.pad({x}, 2, constant_values=(1, 2.5)); np.pad({x}, (2, 0), 'symmetric'); np.pad({v}, 0)
np.pad({x}, [1, 0], 'constant', constant_values=np.inf)
np.pad({m}, ((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))); np.sum({x}, axis={axes}, dtype=np.float64)
np.sum({x}, {axes}, None, None, True); np.sum({x}, axis=()); {x}.sum(0); np.sum({x}, where={x} > 0)
np.sum({x}, initial=2.5); np.sum({x}, where=True); np.sum([{v}, [*{v}]], axis=0); np.mean({x}, axis=())
np.mean({x}, where={x} > 0); np.prod({x}, initial=3.0); np.prod({x}, {axes}, float); np.max({x}, initial=0.3)
np.max({x}, where={x} < 1, initial=-9); np.min({x}, axis=()); np.ptp({x}, ()); max({v})
np.var({x}, {axes}, mean=np.mean({x}, axis={axes}, keepdims=True)); np.var({x}, dtype=np.float64); np.cumsum({a})
np.median({x}, {axes}); np.quantile({x}, {q}, {axes}); np.quantile({x}, [{q}, {q}], axis={axes}, keepdims=True)
np.percentile({a}, [0, 25, 100]); np.quantile({x}, {q}, method='lower'); np.quantile({k}, 0.3 + 0.1 * np.sin({s}))
np.average({x}, weights=np.ones({shape}, int)); np.average({x}, weights=np.ones({shape}, bool)); np.cumprod({a})
np.average({x}, axis=-1, weights=range(1, {last} + 1)); np.average(np.arange(3), weights=np.resize({x}, 3))
np.diff({v}, prepend=0); np.diff({v}, append=[1, 2]); np.diff({v}, 7); np.ediff1d({x}, [1, 2])
np.sort({x}, -1, 'stable'); np.trapezoid({v}, [*range(len({v}))]); np.trapezoid({x}, dx=2)
np.trapezoid({x}, np.arange({last})); np.gradient(np.resize({x}, 4), [0, 1, 3, 4])
np.gradient(np.array([1, 2, 4]), {s}); np.gradient(np.resize({x}, 4), {s}); np.interp({a}, [-1, 0, 1], [0.5, 2, 1])
np.interp({a}, [0, 1, 1, 2], [1, 2, 3, 4]); np.interp({a}, [-np.inf, 0, np.inf], [1, 2, 3])
np.interp({a}, [0.0, 1], [0, np.inf]); np.interp(1, [0, 1], np.resize({x}, 2)); np.cov({m}, rowvar=False, ddof=0)
np.cov({m}, dtype=np.float32); np.cov({v}, np.arange(len({v})), bias=True); np.convolve({v}, 2)
np.convolve([1, 2, 3], {v}, 'same'); np.correlate({v}, [1, 2], 'full'); np.polyval([1, 2, 3], {a})
np.linspace({a}, 1, 3, False); np.linspace({a}, 2, 1); np.linspace({s}, 2, num=0)
np.nan_to_num({a}, True, 2, 3.5, -4); np.nansum({x}, {axes}); np.nanmean({x}, axis={axes})
np.nanprod({x}, {axes}, keepdims=True); np.nan_to_num({a}, posinf=9); np.reshape({x}, [-1])
np.reshape({x}, np.array([-1, 1])); np.reshape({x}, -1, order='F'); {x}.flatten('F'); np.ravel({x}, 'K')
np.transpose({x}, [-1, *range({x}.ndim - 1)]); np.moveaxis({x}, (0, -1), (-1, 0)); np.squeeze({x}, axis=())
np.flip({x}, ()); np.broadcast_to({s}, 3); np.broadcast_to({s}, (0,)); np.broadcast_arrays({k}, {a})[1]
np.expand_dims({x}, [0, -1]); np.roll({x}, (1, -1), (0, -1)); np.tile({x}, ()); np.tile({x}, 0); np.repeat({x}, 0)
np.repeat({s}, 3); np.resize({x}, (2, 0)); np.delete({x}, [0, -1], axis=-1); np.delete({v}, slice(0, 1))
np.delete({v}, []); np.rot90({m}, 5); np.take({x}, [], axis=0); np.take({x}, [[0, 0], [0, -1]], axis=-1)
np.take({x}, 5, mode='clip'); {x}.take([0, 0], 0); np.extract({x} > 0, {x}); {x}[[True] + [False] * (len({x}) - 1)]
{x}[[]]; {x}[np.zeros({shape}, bool)]; {x}[{x} > 0]; {x}[np.uint8(0)]; {x}[True]; {m}[0, [0, -1]]
{m}[[0, 0], None, 0]; {m}[np.ix_([0, -1], [0])]; {x}[np.nonzero({x})]; {x}[..., None]; {x}.flat[[0, 0]]
np.einsum('i,i', {v}, [1] * len({v})); np.einsum(',i', {s}, {v}); np.einsum({v}, [0], {v}, [1])
np.einsum('i,->i', {v}, 2); np.einsum('ij,ij->i', {m}, np.ones({m}.shape, int))
np.einsum('...j,j->...', {x}, np.ones({last}, np.float32)); np.cross([1, 0, 2], np.resize({x}, 3))
np.block([{v}, np.zeros(2, np.float32)]); np.block([{s}, 1]); np.meshgrid({a}, {k})[0]; {a}.astype(np.float32) + {k}
{x}.dot({k}); np.round({a}, 1) * {a}; np.isnan({a}) * {a}; np.ones_like({a}, dtype=int) * {a}
np.zeros_like({a}, dtype=np.float32) + {a}; np.arange(3) * np.sum({a}); np.argsort({x}) * np.sum({x})
np.add.outer({a}, {x}); np.sqrt({a}); np.log({a}); np.arcsin({a}); np.exp({a}); np.tan({a}); np.reciprocal({a})
np.cbrt({a}); np.hypot({a}, {b}); np.logaddexp({a}, {b}); np.arctan2({a}, {b}); np.maximum({a}, {b})
np.divide({a}, {b}); np.exp({a}, where=True); np.linalg.norm({v}, np.inf); np.linalg.norm({v}, -1)
np.linalg.norm({m}, axis=(-1, -2)); np.linalg.norm({v}, 2.5); np.linalg.solve([[2, 1], [0, 3]], np.resize({x}, 2))
np.linalg.multi_dot([[1, 2], np.resize({x}, (2, 2)), [1, 1]])
np.linalg.lstsq(np.resize(np.arange(6), (3, 2)), np.resize({x}, 3), rcond=None)[0]
np.linalg.det(np.zeros((0, 0)) * {s})
"""
# Where NumPy's r_ and array decide on a type alone, or an array's own method, which makes Python's floats of doubles.
LEFT_OUT = ("np.r_[", "np.array([{s}", "np.array([{x}", "{x}.dot({k})")
# What BLAS and LAPACK compute: beside infinities and NaN it is as it comes. 0 times infinity is 0 in one of their
# functions and NaN in another, and so is infinity less infinity by the order of einsum's sums. There NaN says that it
# does not know, and two that are not finite are alike.
AS_IT_COMES = (
    "np.dot", ".dot(", "np.inner", "np.tensordot", "np.linalg", "np.convolve", "np.correlate", "@", "np.einsum",
)  # fmt: skip
OPERATIONS = [
    one
    for one in dict.fromkeys([*(one for kind in KINDS for one in kind), *operations(ARGUMENTS)])
    if not any(word in one for word in LEFT_OUT)
]
CONSTANTS = (
    "2", "True", "-3.5", "0", "-0.0", "np.inf", "np.float32(0.7)", "np.float64(0.7)", "np.float16(0.5)", "np.int64(3)",
    "np.uint8(3)", "np.array(1.5)", "np.array(2)", "[0.3, 1.2, -0.4]", "[1, 2, 3]", "(0.3, 1, 2)", "[[0.4], [1]]",
    "range(1, 4)", "np.array([1, 0, 2])", "np.array([True, False, True])", "np.array([2, 3, 1], np.uint8)",
    "np.array([0.5, 2, 1], np.float32)", "np.array([[1.0], [2.0]])", "np.array([1.0, np.inf, np.nan])",
    "np.asfortranarray([[1.0, 2.0, 0.0], [3, -1, 1]])", "np.broadcast_to(1.5, (2, 3))", "np.zeros((0,))",
)  # fmt: skip
SHAPES = ((), (), (3,), (1,), (2, 3), (1, 3), (2, 1), (3, 3), (0,), (2, 0), (2, 1, 3), (4,))
KINDS_OF_VALUES = ("moderate", "not finite", "equal", "large")
H = 1e-3


class Awkward(Drawing):
    """The values that an expression may use."""

    def where(self, ask: Any) -> str:
        """Draw the name of a number or array of which something holds."""
        found = [name for name, value in self.values.items() if ask(value)]
        if not found:
            raise LookupError
        return str(self.one_of(*found))

    def field(self, field: str) -> Any:
        """Draw what a name in braces stands for."""
        if field == "k":
            return self.one_of(*CONSTANTS, *[self.where(lambda v: True)] * 4)
        if field == "q":
            return self.one_of("0.3", "0", "1", "0.5", "1.0", "np.float32(0.4)")
        return super().field(field)

    def value(self, kind: str, dtype: Any) -> Any:
        """Draw a number or array, of one layout or another."""
        shape = self.one_of(*SHAPES)
        x = np.array(self.random.uniform(-1.4, 1.4, shape))
        if np.dtype(dtype).kind != "f" or kind == "equal":
            x = np.round(x)
        elif kind == "large":
            x = 200 * x
        elif kind == "not finite" and x.size:
            for _ in range(self.integer(1, 2)):
                x.flat[self.integer(0, x.size - 1)] = self.one_of(np.inf, -np.inf, np.nan, 0.0, -0.0, 1.0)
        x = x.astype(dtype)
        if not x.ndim:
            return x[()]
        return self.one_of(
            x, np.asfortranarray(x), np.flip(np.array(np.flip(x))), np.repeat(x, 2, axis=-1)[..., ::2],
            np.broadcast_to(x[:1], x.shape),
        )  # fmt: skip


def drawn(seed: int) -> tuple[str, dict[str, Any], list[str]] | None:
    """Draw an expression, what its names mean, and which of them are traced; None if nothing fits."""
    d = Awkward(seed)
    operation, kind, precision = d.one_of(*OPERATIONS), d.one_of(*KINDS_OF_VALUES), d.integer(0, 2)
    mixed = (np.float64, np.float32, np.int64, np.bool_, np.float64)
    for name in "abcdefg"[: d.integer(3, 7)]:
        dtype = (np.float64, np.float32, d.one_of(*mixed))[precision]
        d.values[name] = d.value(d.one_of(kind, "moderate"), dtype)
    try:
        text = d.write(operation)
        names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    except (*TOO_BAD, SyntaxError):
        return None
    floats = [name for name, value in d.values.items() if name in names and value.dtype.kind == "f"]
    traced = [name for name in floats if d.integer(0, 2)] or floats[:1]
    return (text, {name: value for name, value in d.values.items() if name in names}, traced) if traced else None


def evaluated(text: str, values: dict[str, Any]) -> Any:
    """Return the value of an expression; of several results, the first."""
    y = eval(text, {"np": np, "special": special, **values})
    return y[0] if isinstance(y, list | tuple) else y


def slope_by_differences(f: Any) -> tuple[Any, Any]:
    """Return the slopes of all entries at 0, and which are known: where two differences agree, and no kink is."""
    y = {k: np.asarray(f(k * H)) for k in (-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3)}
    one = (45 * (y[1] - y[-1]) - 9 * (y[2] - y[-2]) + (y[3] - y[-3])) / (60 * H)
    other = (8 * (y[0.5] - y[-0.5]) - (y[1] - y[-1])) / (6 * H)
    bend = 4 * (y[0.5] + y[-0.5] - 2 * y[0]) - (y[1] + y[-1] - 2 * y[0])  # of a kink alone: no curvature is in it
    scale = 1 + np.abs(one)
    return other, np.isfinite(one) & (np.abs(one - other) < 1e-6 * scale) & (np.abs(bend) < 1e-5 * H * scale)


def found_wrong(seed: int, refused: collections.Counter[str]) -> str | None:
    """Compare all ways on one expression; return what is wrong, nothing, or None if there is no expression."""
    made = drawn(seed)
    if made is None:
        return None
    text, values, traced = made
    try:
        expected = np.asarray(evaluated(text, values))
    except Exception:
        return None
    if expected.dtype.kind != "f" or (
        "quantile" in text and np.any(np.isnan(expected))
    ):  # a NaN has another type there
        return None
    random = np.random.default_rng(seed)
    given = tuple(values[name] for name in traced)

    def like(x: Any) -> Any:
        return np.asarray(random.uniform(-1, 1, np.shape(x))).astype(x.dtype)[()]

    along, g = tuple(map(like, given)), like(expected)

    def f(*x: Any) -> Any:
        return evaluated(text, {**values, **dict(zip(traced, x, strict=True))})

    def back(*x: Any) -> Any:
        y, pullback = vjp(f, *x)
        return y, pullback(g)

    def in_one_row(found: Any) -> Any:
        return found[0][1], tuple(one[1] for one in found[1])

    ways = {
        "forward": lambda: jvp(f, given, along),
        "reverse": lambda: back(*given),
        "jit": lambda: (jit(f)(*given), None),
        "jit of forward": lambda: jit(lambda *x: jvp(f, x, along))(*given),
        "jit of reverse": lambda: jit(back)(*given),
        "vmap": lambda: (vmap(f)(*(np.stack([x, x]) for x in given))[1], None),
        "vmap of forward": lambda: [
            y[1] for y in vmap(lambda *x: jvp(f, x, along))(*(np.stack([x, x]) for x in given))
        ],
        "vmap of reverse": lambda: in_one_row(vmap(back)(*(np.stack([x, x]) for x in given))),
    }
    got, wrong = {}, []
    for way, compute in ways.items():
        try:
            got[way] = compute()
        except AutodiffError:
            refused[way] += 1
        except Exception as error:
            wrong.append(f"{way} raised {type(error).__name__}: {error}")
    single = any(
        np.asarray(x).dtype.itemsize < 8 for x in (*values.values(), expected) if np.asarray(x).dtype.kind == "f"
    )
    rough = 3e-5 if single or "float32" in text or "float16" in text else 1e-10
    rough *= 100 if "lstsq" in text or "pinv" in text else 1  # their slopes lose twice the digits that a system loses
    sizes = np.abs(expected[np.isfinite(expected)])
    finite = all(np.all(np.isfinite(x)) for x in values.values()) and not ("inf" in text or "nan" in text)
    as_it_comes = not finite and any(word in text for word in AS_IT_COMES)
    for way, (y, _) in got.items():
        y = np.asarray(y)
        unknown = False
        if (y.shape, y.dtype) == (expected.shape, expected.dtype) and as_it_comes:
            unknown = np.isnan(y) | ~(np.isfinite(y) | np.isfinite(expected))
        if (y.shape, y.dtype) != (expected.shape, expected.dtype):
            wrong.append(f"{way} has {y.dtype} of shape {y.shape}, expected {expected.dtype} of shape {expected.shape}")
        elif not np.allclose(
            np.where(unknown, expected, y),
            expected,
            rtol=rough,
            atol=rough * np.max(sizes, initial=1e-3),
            equal_nan=True,
        ):
            wrong.append(f"{way} gives {y.tolist()}, expected {expected.tolist()}")
    forwards, reverses = (
        tuple(f"{before}{way}" for before in ("", "jit of ", "vmap of ")) for way in ("forward", "reverse")
    )
    for way in forwards:
        if way in got and (got[way][1].shape, got[way][1].dtype) != (expected.shape, expected.dtype):
            wrong.append(f"the tangent by {way} is {got[way][1].dtype} of shape {got[way][1].shape}")
    for way in reverses:
        for name, x, back_to in zip(traced, given, got[way][1] if way in got else given, strict=True):
            if (back_to.shape, back_to.dtype) != (x.shape, x.dtype):
                wrong.append(f"the cotangent of {name} by {way} is {back_to.dtype} of shape {back_to.shape}")
    if wrong or "forward" not in got or "reverse" not in got:
        return told(seed, made, wrong)
    for way, by in (*((way, "forward") for way in forwards[1:]), *((way, "reverse") for way in reverses[1:])):
        first, second = ([got[w][1]] if by == "forward" else got[w][1] for w in (by, way if way in got else by))
        for one, other in zip(first, second, strict=True):
            known = np.isfinite(one) & np.isfinite(other)  # NaN says that it does not know
            size = np.max(np.abs(one[known]), initial=1e-3)
            if not np.allclose(one[known], other[known], rtol=30 * rough, atol=30 * rough * size):
                wrong.append(f"{by} gives {one.tolist()}, {way} {other.tolist()}")
    terms = [g * got["forward"][1], *(c * t for c, t in zip(got["reverse"][1], along, strict=True))]
    one, other = np.sum(terms[0]), sum(np.sum(term) for term in terms[1:])
    size = sum(np.sum(np.abs(term)) for term in terms)
    if np.isfinite(one) and np.isfinite(other) and abs(one - other) > 30 * rough * (size + 0.01):
        wrong.append(f"forward {one}, reverse {other}")
    doubles = {name: x.astype(float) if x.dtype.kind == "f" else x for name, x in values.items()}

    def line(t: float) -> Any:
        moved = {name: doubles[name] + t * v for name, v in zip(traced, along, strict=True)}
        return evaluated(text, {**doubles, **moved})

    if any(np.unique(x).size < x.size for x in given):  # which of equal numbers is taken is a matter of custom
        return told(seed, made, wrong)
    try:
        slope, known = slope_by_differences(line)
        tangent = got["forward"][1]
        known = known & np.isfinite(tangent) & np.isfinite(expected)  # NaN says that it does not know
        if not np.all(np.abs(tangent - slope)[known] <= max(100 * rough, 1e-5) * (1 + np.abs(slope[known]))):
            wrong.append(f"the tangent is {tangent.tolist()}, by differences {slope.tolist()}")
    except (*TOO_BAD, RuntimeWarning):  # near by, a mask takes another number of entries
        pass
    return told(seed, made, wrong)


def told(seed: int, made: Any, wrong: list[str]) -> str:
    """Return what is wrong in words."""
    text, values, traced = made
    shown = {name: (np.asarray(x).tolist(), str(np.asarray(x).dtype)) for name, x in values.items()}
    return "" if not wrong else f"seed {seed}: {text}, traced {traced}, {shown}\n  " + "\n  ".join(wrong)


@pytest.mark.parametrize("part", range(2))
def test_each_way_gives_numpys_value_type_and_shape(part):
    refused: collections.Counter[str] = collections.Counter()
    wrong, count, until = [], 0, time.monotonic() + SECONDS / 10
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in itertools.count(FIRST + 100_000 * part):
            if seed >= FIRST + 100_000 * part + 120 and time.monotonic() > until:
                break
            found = found_wrong(seed, refused)
            count += found is not None
            if found:
                wrong.append(found)
    print(f"{count} expressions, {len(wrong)} wrong; refused: {dict(refused)}")
    assert not wrong, f"{len(wrong)} of {count}:\n\n" + "\n\n".join(wrong[:12])
    assert count > 60
    assert max(refused.values(), default=0) <= 0.25 * count
