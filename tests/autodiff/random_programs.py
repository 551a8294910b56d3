"""Random programs over everything that has a derivative: straight lines of NumPy, each one operation on values before.

A program is the text of a function, so that source transformation can read it and a failure can be read. Shapes are
awkward on purpose: numbers, (1, n), empty, kept axes, slices, entries that are taken twice. Each line is tried by plain
NumPy while the program grows: what raises or grows large is left out.

To have a new operation in the programs, add a line to `KINDS`: a name in braces is drawn by the method of that name.
"""

from __future__ import annotations

import itertools
import linecache
import string
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

try:
    from scipy import special
except ImportError:  # then no program has its functions
    special = None

SHAPES = ((), (), (3,), (1,), (2, 3), (1, 3), (2, 1), (3, 3), (0,), (2, 0), (2, 1, 3))
TOO_BAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Warning, np.linalg.LinAlgError)
_numbers = itertools.count()

# One function of one operand: what it is given lies where it is defined, whatever {a} is.
UNARY = """
np.negative({a}); np.positive({a}); np.square({a})
np.exp(np.tanh({a})); np.exp2(np.sin({a})); np.expm1(np.tanh({a}))
np.sin({a}); np.cos({a}); np.tan(0.7 * np.sin({a}))
np.arctan({a}); np.sinh(np.tanh({a})); np.cosh(np.tanh({a}))
np.tanh({a}); np.arcsinh({a}); np.deg2rad({a})
np.radians({a}); np.rad2deg(0.01 * {a}); np.degrees(0.01 * {a})
np.absolute({a}); np.fabs({a}); np.sinc({a})
np.arcsin(0.8 * np.sin({a})); np.arccos(0.8 * np.sin({a})); np.arctanh(0.7 * np.tanh({a}))
np.arccosh(1.3 + np.square({a})); np.sqrt(0.5 + np.square({a})); np.cbrt(0.4 + np.square({a}))
np.log(0.5 + np.square({a})); np.log2(0.5 + np.square({a})); np.log10(0.5 + np.square({a}))
np.log1p(np.square({a})); np.reciprocal(1.5 + np.sin({a}))
np.copy({a}); np.real({a})
"""

# Two operands, which broadcast; one of them may be a constant.
BINARY = """
np.add({a}, {c}); np.subtract({c}, {b}); np.multiply({a}, {c})
np.divide({c}, 1.5 + np.cos({b})); np.remainder({a}, 0.7 + np.square({c}))
np.fmod({a}, 0.7 + np.square({b})); np.power(0.6 + np.square(np.sin({a})), np.sin({c}))
np.float_power(0.6 + np.square(np.sin({c})), np.sin({b}))
np.logaddexp({a}, {c}); np.logaddexp2({c}, {b}); np.arctan2({c}, 1.2 + np.cos({b}))
np.hypot({a}, 0.5 + np.square({c})); np.copysign({a}, {b})
np.maximum({a}, {c}); np.minimum({c}, {b}); np.fmax({a}, {c}); np.fmin({c}, {b})
"""

OPERATORS = """
{a} + {c}; {c} - {b}; {a} * {c}
{a} / (1.5 + np.sin({c})); {c} % (1.1 + np.cos({b}) ** 2); (0.7 + np.cos({a}) ** 2) ** {c}
-{a}; +{a}; abs({a})
{a} ** 2; {a} ** 3; {a} ** 0; {a} ** 1
(1.2 + np.sin({a})) ** -1; (1.2 + np.sin({a})) ** 0.5; 1.5 ** {a}
2 - {a}; {a} - 0.25; 3 * {a}
1 / (1.4 + np.sin({a})); ({a} // 0.7) * {b}; {a} * {a} * {b} - {a}
"""

CHOICES = """
np.where({a} > 0.17, {a} * {b}, {b}); np.where({b} > {a}, np.sin({a}), 0.3)
np.where({a} < 0.4, 0.0, {b}); np.clip({a}, -0.3, {high}); np.clip({a}, {b}, None)
np.clip({a}, None, 0.37); np.clip({a}, min=-0.21); np.sign({a}) * {b}
np.floor({a}) + {b}; ({a} > 0.21) * {b}; np.round({a}) * {b}
np.heaviside({a}, 0.5) * {b}; np.ones_like({a}) * {b}; np.zeros_like({a}) + {b}
"""

REDUCTIONS = """
np.sum({a}{keep}); np.sum({x}, axis={axes}{keep}); {x}.sum(axis={axes}{keep})
np.mean({x}, axis={axes}{keep}); {x}.mean(axis={axes}{keep}); np.prod({x}, axis={axes}{keep})
{x}.prod(axis={axes}{keep}); np.var({x}, axis={axes}{keep}); np.var({x}, ddof=0.5{keep})
np.std(np.append({x}, [2.3, 4.1]){keep}); np.max({x}, axis={axes}{keep}); {x}.max(axis={axes}{keep})
np.min({x}, axis={axes}{keep}); np.ptp({x}, axis={axes}{keep}); np.amax({x}, axis={axes}{keep})
np.amin({x}, axis={axes}{keep}); np.max({s}); np.mean({s}) + np.min({s})
np.add.reduce({x}, axis={axis}); np.add.reduce({x}); np.multiply.reduce({x}, {axis})
np.maximum.reduce({x}, axis={axis}, keepdims=True); np.minimum.reduce({x}, axis={axis})
np.logaddexp.reduce({x}, axis={axis}); np.logaddexp.reduce({x}, axis=None, keepdims=True)
np.log(np.sum(np.exp({x} - np.max({x}, axis={axis}, keepdims=True)), axis={axis}))
np.average({x}, axis={axis}); np.average({x}, weights={weights})
np.average({x}, axis={axis}, weights={weightsalong}); np.average({x}, weights=1.5 + np.sin({x}))
np.linalg.norm(0.3 + np.square({x})); np.linalg.norm(0.3 + np.square({x}), axis={axis})
np.linalg.norm(0.2 + np.square({x}), axis={axis}, keepdims=True)
np.linalg.norm(np.ravel({x}) + 3, ord={norm}); np.trapezoid({x}, dx=0.3)
np.trapezoid({x}, axis={axis}); np.median({x}, axis={axis}); np.median({x}, axis=None, keepdims=True)
"""

RUNNING = """
np.cumsum({x}, axis={axis}); np.cumsum({x}); np.cumprod({x}, axis={axis})
np.cumprod({x}); np.add.accumulate({x}, axis={axis})
np.multiply.accumulate({x}, {axis}); np.diff({x}, axis={axis}); np.diff({x}, n=2, axis={axis})
np.sort({x}, axis={axis}); np.sort({x}, axis=None); np.polyval(np.ravel({x}), {a} * 0.3)
"""

SHAPED = """
np.reshape({x}, -1); np.reshape({x}, ({first}, -1)); {x}.reshape(-1); {x}.reshape((-1, {last}))
np.reshape({x}, {shape}[::-1]); {x}.reshape(-1, {first}); np.ravel({x}); {x}.ravel()
np.transpose({x}); np.transpose({x}, {order}); {x}.T; {x}.transpose({order})
np.permute_dims({x}, {order}); np.swapaxes({x}, {axis}, {axis of x}); np.moveaxis({x}, {axis}, {axis of x})
np.rollaxis({x}, {axis}); np.expand_dims({x}, {axis}); np.expand_dims({x}, (0, -1)); np.squeeze({x})
np.squeeze(np.expand_dims({x}, 1), axis=1); np.broadcast_to({x}, (2, *{shape}))
np.broadcast_arrays({x}, {b})[{bit}]; np.atleast_1d({a}); np.atleast_2d({a}); np.matrix_transpose({m})
"""

MOVED = """
np.flip({x}); np.flip({x}, {axis}); np.roll({x}, {step}, axis={axis})
np.roll({x}, 1); np.tile({x}, 2); np.tile({x}, (2, 1, 2))
np.repeat({x}, 2); np.repeat({x}, 3, axis={axis}); np.repeat({x}, {counts}, axis={axis})
np.resize({x}, (2, 3)); np.delete({x}, {place}, axis={axis})
np.pad({x}, 1); np.pad({x}, {widths}, constant_values=0.7)
np.pad({x}, {widths}, mode='edge'); np.pad({x}, {widths}, mode='wrap')
np.take({x}, {places}, axis={axis}); np.take({x}, {step}, mode='wrap')
np.take_along_axis({x}, np.argsort({x}, axis={axis}), axis={axis})
np.extract({x} > {middle}, {x}); np.split({x}, [1], axis={axis})[{bit}]
np.array_split({x}, 2, axis={axis})[{bit}]; np.diag({v}, {bit}); np.diag({m}, {bit}); np.diagonal({m}, -1)
np.trace({m}); np.trace({m}, offset=1); np.tril({m}); np.triu({m}, 1)
np.rot90({m}); np.fliplr({m}); np.flipud({x}); np.einsum('ij->ji', {m})
"""

INDICES = """
{x}[{entry}]; {x}[{entries}]; {x}[..., {entry last}]; {x}[...]
{x}[None, ...]; {x}[{repeated}]; {x}[np.array({some}, dtype=int)]
{x}[{repeated}, ...]; {x}[{repeated}, {repeated last}]; {x}[..., [{place last}] * 2]
{x}[{mask}]; {x}[{x} > {middle}]; {v}[np.argsort({v})[0]]; {v}[np.argsort({v})]
{v}[np.argmax({v})]; {x}[{entry}]; {x}[{entries}]; {m}[:, {repeated}]
"""

JOINS = """
np.concatenate([{x}, {like x}], axis={axis}); np.concatenate([{x}, {like x}, {x}], axis=None)
np.concatenate(({x}, {weights}), axis={axis}); np.concatenate([{v}, {v}])
np.stack([{x}, {like x}], axis={axis}); np.stack([{s}, {s}, 0.5]); np.vstack([{x}, {like x}])
np.hstack([{x}, {like x}]); np.hstack([{s}, {s}, {s}])
np.column_stack([np.ravel({x}), np.ravel({like x})]); np.append({x}, {s}); np.append({x}, {like x}, axis={axis})
np.array([{x}, {like x}]); np.stack([{s}, {s}]) + np.array([{s}, {s}])
"""

PRODUCTS = """
np.matmul({x}, {right}); {x} @ {right}; np.dot({x}, {right}); np.dot({x}, {s})
np.vdot({x}, {like x}); np.inner({x}, {like x}); np.inner({x}, {along}); np.outer({v}, {v})
np.tensordot({x}, {right}, axes=1); np.kron({x}, {right})
np.tensordot({m}, {like m}, axes=2); np.einsum('...i,...i->...', {x}, {along})
np.einsum('...i,...i', {x}, {like x}); {x} @ {along}; np.matmul(np.ones((2, {first})), {x})
np.cross(np.resize({x}, (2, 3)), [0.4, -0.7, 1.1]); np.cross(np.resize({x}, 3), np.resize({b}, 3))
np.vecdot({x}, {along}); np.matvec({m}, {along of m}); np.vecmat(np.ones({rows of m}), {m})
np.linalg.multi_dot([{m}, {m}.T, {m}]); np.einsum('ij,ik->jk', {m}, {like m}); np.einsum('ij,ij->', {m}, {like m})
np.einsum('ij,kl->il', {m}, {like m}); np.einsum('ij->j', {m}); np.einsum('ii->i', {m} @ {m}.T)
np.einsum('ij,j,i->i', {m}, {along of m}, {m}[:, 0])
"""

MATRICES = """
np.linalg.solve({square}, np.ones({size})); np.linalg.inv({square}); np.linalg.det({square})
np.linalg.solve({square}, {square}[:, :2]); np.linalg.slogdet({square})[1]; np.linalg.solve({square}, {square}[0])
np.linalg.slogdet({square}).sign * {a}; np.linalg.cholesky({definite}); np.linalg.eigvalsh({definite})
np.linalg.eigh({definite})[0]; np.square(np.linalg.eigh({definite})[1]); np.trace(np.linalg.inv({square}))
np.linalg.matrix_power({square}, {step}); np.linalg.norm({square}); np.linalg.norm({square}, 'fro')
np.linalg.inv(np.stack([{square}, {square} * 1.1])); np.linalg.det(np.stack([{square}, {square} * 1.1]))
np.linalg.solve(np.stack([{square}, {square} * 1.1]), np.ones(({size}, 2)))
np.linalg.svdvals({definite}); np.square(np.linalg.svd({definite})[0]); np.linalg.svd({definite}, compute_uv=False)
np.linalg.qr({square})[0]; np.linalg.qr({square}, 'r'); np.linalg.pinv({square}[:, :2]); np.linalg.cond({definite})
np.linalg.lstsq({square}, np.ones({size}), rcond=None)[0]; np.linalg.norm({definite}, 'nuc')
np.linalg.norm({definite}, 2)
np.linalg.norm({square}, 1); np.linalg.norm({square}, np.inf, axis=(0, 1), keepdims=True)
np.linalg.matrix_norm({square}, ord='nuc'); np.linalg.vector_norm({square}, axis=0); np.linalg.diagonal({square})
np.linalg.trace({square}); np.linalg.matmul({square}, {m}); np.linalg.outer({square}[0], {square}[:, 0])
np.linalg.tensordot({square}, {m}, axes=1); np.linalg.vecdot({square}, {square}.T); np.linalg.matrix_transpose({square})
np.linalg.cross(np.resize({square}, (2, 3)), np.array([0.3, 1.2, -0.4]))
"""

MORE = """
np.select([{a} > 0.17, {b} > 0.3], [{a}, {b}], default=0.4); np.nan_to_num({a}); np.real_if_close({a})
np.conjugate({a}); np.nansum({x}, axis={axis}); np.nanprod({x}, axis={axis}); np.nanmean({x})
np.where({a} > 0.17, {a}, np.nan_to_num({b})); np.partition({x}, 0, axis={axis})[..., :1]
np.quantile({x}, 0.3, axis={axis}); np.percentile({x}, [25, 60]); np.percentile({x}, 35, axis={axis}, keepdims=True)
np.quantile({x}, 0.4 + 0.3 * np.sin({s})); np.gradient(np.resize({x}, 4), np.array([0.0, 0.3, 1.0, 1.4]), edge_order=2)
np.correlate({v}, [0.4, 1.2, -0.3, 0.8], 'same'); np.polyval([0.3, -1.2, 0.8], np.sin({a})); {x}.flat[{bit}:]
np.linspace({a}, {b}, 4); np.linspace({s}, 1.7, 5, endpoint=False); np.gradient(np.resize({x}, 5), 0.4)
np.gradient(np.resize({x}, (3, 3)), axis=0, edge_order=2); np.interp(np.sin({a}), [-1.5, 0.123, 1.6], [0.4, -0.3, 1.1])
np.interp(0.3, np.array([0.0, 0.45, 1.0]), np.resize({x}, 3)); np.ediff1d({x}, to_end=0.3)
np.convolve({v}, {along of v}); np.convolve({v}, [0.4, 1.2], 'same'); np.correlate({v}, [0.4, 1.2])
np.cov(np.resize({x}, (2, 3)))
np.corrcoef(np.append(np.ravel({x}), [0.1, 2.0, -1.0]), np.append(np.ravel({x}) ** 2, [0.3, 1.0, 0.4]))
np.atleast_3d({a}); np.dstack([{x}, {like x}]); np.hsplit(np.resize({x}, (2, 4)), 2)[1]
np.vsplit(np.resize({x}, (2, 4)), 2)[1]
np.dsplit(np.resize({x}, (1, 2, 4)), 2)[0]; np.diagflat(np.resize({x}, 3), 1); np.insert({x}, 0, {s}, axis={axis})
np.compress(np.ravel({x}) > {middle}, {x}); np.block([{x}, {like x}]); {a}.conj() + {a}.imag
np.lib.stride_tricks.sliding_window_view({x}, 1, axis={axis}); np.multiply.outer({x}, {c}); {v}.compress([1, 0])
np.lib.stride_tricks.sliding_window_view(np.resize({x}, (3, 4)), (2, 3)); np.block([[{m}], [{like m}]]); {m}.mT
np.meshgrid(np.resize({x}, 2), np.resize({b}, 3))[1]; np.unstack({x}, axis={axis})[0]
np.cumulative_sum({v}, include_initial=True); np.cumulative_prod(np.resize({x}, (2, 3)), axis=1)
np.nanmax({x}, axis={axis}); np.nanmin({x}, {axes}); np.nanvar({x}, axis={axes}); np.nanstd(np.append({x}, [2.3, 4.1]))
np.maximum.accumulate({x}, axis={axis}); np.minimum.accumulate({x}); np.vander({v}, 3); np.vander({v}, increasing=True)
np.logspace(np.sin({a}), 0.4, 3); np.sum({x}, {axes}, where={x} > {middle}); np.prod({x}, {axes}, initial=1.3)
np.max({x}, {axes}, initial={middle}); np.mean({x}, axis={axes}, where=np.arange({last}) != 1)
np.min({x}, {axes}, where=np.arange({last}) != 1, initial=0.7); np.reshape({x}, -1, order='F')
np.reshape({x}, ({first}, -1), order='F')
"""

# Arguments that are given in other ways: whole numbers and lists beside traced values, several axes, none, by position.
ARGUMENTS = """
np.multiply({a}, [1, 2, 3]); np.add([True, False, True], {a}); {a} - np.array([2, 3, 1], np.uint8); [1, 2, 3] * {a}
np.arctan2(np.array([2, 3, 1], np.uint8), {a}); np.hypot(np.int64(2), {a}); np.power([2, 1, 3], np.sin({a}))
np.where([True, False, True], {a}, 2); np.clip({a}, [-1, 0, -2], 1); {a}.clip(-1, max=1); np.maximum([0, 1, 2], {a})
np.sum({x}, {axes}, None, None, True); np.sum({x}, axis=()); np.mean({x}, axis=()); np.max({x}, ()); {x}.sum(0, float)
np.var({x}, {axes}, None, None, 1) if {first} > 2 else {x}; np.average({x}, axis=-1, weights=range(1, {last} + 1))
np.average({x}, weights=np.ones({shape}, bool)); np.median({x}, {axes}); np.quantile({x}, [0.2, 0.7], axis={axes})
np.reshape({x}, [-1]); np.reshape({x}, -1, order='C'); {x}.flatten(); np.moveaxis({x}, (0, -1), (-1, 0))
np.transpose({x}, [-1, *range({x}.ndim - 1)]); np.squeeze({x}, axis=()); np.expand_dims({x}, [0, -1]); np.flip({x}, ())
np.roll({x}, (1, -1), (0, -1)); np.tile({x}, ()); np.repeat({s}, 3); np.broadcast_to({s}, 3); np.take({x}, [], axis=0)
np.delete({x}, [0, -1], axis=-1); np.delete({v}, slice(0, 1)); np.pad({x}, 2, constant_values=(1, 2.5)); np.c_[{v}, {v}]
np.pad({x}, (2, 0), 'symmetric'); np.insert({v}, -1, 2); np.append({a}, [1, 2]); np.concatenate([{v}, [1, 2]])
np.column_stack([{v}, np.ones(len({v}), int)]); np.stack([{v}, [True] * len({v})]); np.block([{v}, 1]); {x}[[]]
{m}[0, [0, -1]]; {m}[[0, 0], None, 0]; {m}[np.ix_([0, -1], [0])]; {x}[True]; {x}[..., None]; {x}.flat[[0, 0]]
np.einsum('i,i', {v}, [1] * len({v})); np.einsum({v}, [0], {v}, [1]); np.einsum('i,->i', {v}, 2); np.vdot({x}, {x})
np.interp({a}, [-2, 0, 2], [1, 3, 2]); np.interp([0, 1], [0, 1, 2], np.resize({x}, 3)); np.convolve({v}, 2)
np.diff({v}, 7); np.gradient(np.array([1, 2, 4]), 1.5 + np.sin({s})); np.trapezoid({v}, [*range(len({v}))])
np.trapezoid({x}, dx=2); np.polyval([1, 2, 3], {a}); np.linspace({a}, 2, 1); np.linspace({s}, 2, num=0)
np.linalg.solve([[2, 1], [0, 3]], np.resize({x}, 2)); np.linalg.lstsq([[0, 1], [2, 3], [4, 5]], np.resize({x}, 3))[0]
np.cross([1, 0, 2], np.resize({x}, 3)); np.outer([1, 2], {a}); np.kron({x}, [1, 2]); np.isfinite({a}) * {a}
"""

SPECIAL = """
special.erf({a}); special.erfc({a}); special.erfcx(np.tanh({a})); special.erfi(np.tanh({a})); special.dawsn({a})
special.erfinv(0.8 * np.sin({a})); special.erfcinv(1 + 0.8 * np.sin({a})); special.ndtr({a}); special.log_ndtr({a})
special.ndtri(0.5 + 0.4 * np.sin({a})); special.gamma(1.2 + np.cos({a}) ** 2); special.gammaln(0.3 + np.square({a}))
special.loggamma(0.3 + np.square({a})); special.rgamma({a}); special.psi(0.8 + np.square({a}))
special.zeta(2.5, 1.2 + np.square({a})); special.beta(0.6 + np.square({a}), 0.8 + np.cos({c}) ** 2)
special.betaln(0.6 + np.square({a}), 0.8 + np.square({c})); special.gammainc(1.5, 0.3 + np.square({a}))
special.gammaincc(1.5, 0.3 + np.square({a})); special.expit({a}); special.log_expit({a})
special.logit(0.5 + 0.4 * np.sin({a})); special.xlogy({a}, 0.5 + np.square({c})); special.xlog1py({c}, np.square({b}))
special.entr(0.3 + np.square({a})); special.rel_entr(0.3 + np.square({a}), 0.4 + np.square({c}))
special.kl_div(0.3 + np.square({c}), 0.4 + np.square({b})); special.j0({a}); special.j1({a})
special.jv(1.5, 0.4 + np.square({a})); special.i0({a}); special.i1({a}); special.iv(0.5, 0.4 + np.square({a}))
special.i0e(0.1 + np.square({a})); special.i1e(0.1 + np.square({a})); special.ive(2.5, 0.4 + np.square({a}))
special.cosm1({a}); special.exp10(np.tanh({a})); special.exp2(np.sin({a})); special.expm1(np.tanh({a}))
special.log1p(np.square({a})); special.cbrt(0.4 + np.square({a}))
"""


def operations(block: str) -> list[str]:
    """Return the operations of a block."""
    return [one.strip() for line in block.splitlines() for one in line.split("; ") if one.strip()]


BY_NUMBERS = [operations(block) for block in (UNARY, UNARY, BINARY, BINARY, OPERATORS, OPERATORS, CHOICES)]
BY_ARRAYS = (
    *(REDUCTIONS, REDUCTIONS, REDUCTIONS, RUNNING, SHAPED, SHAPED, MOVED, MOVED),
    *(INDICES, INDICES, JOINS, PRODUCTS, PRODUCTS, MATRICES, MORE, ARGUMENTS),
    *([SPECIAL] if special is not None else []),
)
KINDS = [*BY_NUMBERS, *map(operations, BY_ARRAYS)]


@dataclass
class RandomProgram:
    """A function ``f`` with its text, arguments at which its values were tried, and one direction of them.

    Where arguments are ``even``, many are equal, or zero: then f may have a kink that differences miss.
    """

    text: str
    f: Callable[..., Any]
    arguments: tuple[Any, ...]
    direction: tuple[Any, ...]
    even: bool = False


class Drawing:
    """The values that a program has so far, by their names, and the die; what stands in braces is drawn here."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.values: dict[str, Any] = {}
        self.drawn: dict[str, str] = {}  # for the operation that is being written: x is x each time

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return int(self.random.integers(low, high + 1))

    def one_of(self, *members: Any) -> Any:
        """Draw one of these."""
        return members[self.integer(0, len(members) - 1)]

    def where(self, ask: Callable[[Any], bool]) -> str:
        """Draw the name of a number or array of which something holds, later ones more often; else LookupError."""
        found = [name for name, value in self.values.items() if isinstance(value, np.ndarray | float) and ask(value)]
        if not found:
            raise LookupError
        return str(self.one_of(*found, *found[-3:]))

    def write(self, operation: str) -> str:
        """Write an operation, with its braces filled."""
        self.drawn = {}
        parts = []
        for before, field, _, _ in string.Formatter().parse(operation):
            parts += [before, "" if field is None else str(self.field(field))]
        return "".join(parts)

    def field(self, field: str) -> Any:
        """Draw what a name in braces stands for."""
        name, _, of = field.partition(" of ")
        if name in ("x", "m", "v") and not of:  # the same each time, for they fit what else is drawn
            if name not in self.drawn:
                self.drawn[name] = self.where(
                    {
                        "x": lambda v: np.ndim(v) > 0 and v.size > 0,
                        "m": lambda v: np.ndim(v) == 2 and v.size > 0,
                        "v": lambda v: np.ndim(v) == 1 and v.size > 0,
                    }[name]
                )
            return self.drawn[name]
        kind, _, like = name.partition(" ")
        if kind == "like":
            shape = self.values[self.field(like)].shape
            return self.where(lambda v: np.shape(v) == shape)
        if name in ("a", "b"):
            return self.where(lambda v: True)
        if name == "s":
            return self.where(lambda v: np.ndim(v) == 0)
        if name == "c":
            array = f"np.array({self.numbers(self.one_of((3,), (2, 1), (1, 3)))})"
            return self.one_of(*[self.where(lambda v: True)] * 3, "0.3", "1", "-2.5", array)
        if name in ("square", "definite", "size"):
            return getattr(self, name)()
        of = of if of in ("m", "v") else "x"
        return getattr(self, kind)(self.values[self.field(of)], "last" in field)

    # --- What fits an array ------------------------------------------------------------------------------

    def axis(self, x: Any, _: bool) -> int:
        """Draw one axis, counted from either end; the same one for what follows."""
        if "axis" not in self.drawn or self.integer(0, 9) == 0:
            self.drawn["axis"] = str(self.integer(-x.ndim, x.ndim - 1))
        return int(self.drawn["axis"])

    def axes(self, x: Any, _: bool = False) -> Any:
        """Draw what an axis argument may be: None, one axis or several."""
        ndim = x if isinstance(x, int) else x.ndim
        several = tuple(sorted(int(i) for i in self.random.permutation(ndim)[: self.integer(1, ndim)]))
        return self.one_of(None, self.integer(-ndim, ndim - 1), self.integer(-ndim, ndim - 1), several)

    def keep(self, x: Any, _: bool) -> str:
        """Draw whether axes are kept."""
        return str(self.one_of("", ", keepdims=True", ", keepdims=False"))

    def numbers(self, shape: tuple[int, ...]) -> Any:
        """Draw constants."""
        return np.round(self.random.uniform(0.4, 1.6, shape), 2).tolist()

    def weights(self, x: Any, _: bool) -> str:
        """Write constants, of the shape of x or, after an axis was drawn and is asked for, of its length."""
        return f"np.array({self.numbers(x.shape)})"

    def length(self, x: Any) -> int:
        """Return the length along the axis that was drawn."""
        return int(x.shape[self.axis(x, False) if "axis" not in self.drawn else int(self.drawn["axis"])])

    def weightsalong(self, x: Any, _: bool) -> str:
        """Write one constant for each entry along the axis."""
        return f"np.array({self.numbers((self.length(x),))})"

    def counts(self, x: Any, _: bool) -> list[int]:
        """Draw how often each entry along the axis is wanted."""
        return [self.integer(0, 2) for _ in range(self.length(x))]

    def place(self, x: Any, last: bool) -> int:
        """Draw one place along the axis, or along the last."""
        return self.integer(0, (x.shape[-1] if last else self.length(x)) - 1)

    def places(self, x: Any, _: bool) -> list[int]:
        """Draw places along the axis; they may repeat."""
        return [self.place(x, False) for _ in range(self.integer(1, 4))]

    def rows(self, x: Any, _: bool) -> int:
        """Return the length of the first axis."""
        return int(x.shape[0])

    first = rows

    def last(self, x: Any, _: bool) -> int:
        """Return the length of the last axis."""
        return int(x.shape[-1])

    def shape(self, x: Any, _: bool) -> tuple[int, ...]:
        """Return the shape."""
        return tuple(x.shape)

    def order(self, x: Any, _: bool) -> tuple[int, ...]:
        """Draw an order of the axes."""
        return tuple(int(i) for i in self.random.permutation(x.ndim))

    def widths(self, x: Any, _: bool) -> Any:
        """Draw how much to put before and behind each axis."""
        return tuple((self.integer(0, 2), self.integer(0, 1)) for _ in range(x.ndim))

    def middle(self, x: Any, _: bool) -> float:
        """Return a number that some entries are above."""
        return round(float(np.median(x)) + 0.013, 3)

    def high(self, x: Any, _: bool) -> float:
        """Draw an upper bound."""
        return round(float(self.random.uniform(0.1, 1.5)), 2)

    def bit(self, x: Any, _: bool) -> int:
        """Draw 0 or 1."""
        return self.integer(0, 1)

    def step(self, x: Any, _: bool) -> int:
        """Draw a small whole number."""
        return self.integer(-2, 3)

    def norm(self, x: Any, _: bool) -> str:
        """Draw the order of a norm."""
        return str(self.one_of("1", "2", "3", "np.inf", "-np.inf"))

    def along(self, x: Any, _: bool) -> str:
        """Draw a vector as long as the last axis."""
        return self.where(lambda v: np.shape(v) == (x.shape[-1],))

    def right(self, x: Any, _: bool) -> str:
        """Draw what may be the right factor of a product with x."""
        return self.where(lambda v: np.ndim(v) in (1, 2) and v.shape[0] == x.shape[-1])

    # --- Indices -----------------------------------------------------------------------------------------

    def of_axis(self, n: int) -> str:
        """Draw an index of one axis that takes no entry twice."""
        one, other = self.integer(0, n), self.integer(0, n)
        return str(
            self.one_of(str(self.integer(-n, n - 1)), ":", f"{n - 1}:", f":{one}", "::-1", "::2", f"{one}:{other}",
                        "None", "-1:")
        )  # fmt: skip

    def entry(self, x: Any, last: bool) -> str:
        """Draw an index of the first axis or of the last."""
        return self.of_axis(x.shape[-1 if last else 0])

    def entries(self, x: Any, _: bool) -> str:
        """Draw an index of every axis."""
        return ", ".join(map(self.of_axis, x.shape))

    def repeated(self, x: Any, last: bool) -> list[int]:
        """Draw two places, which may be the same; from either end."""
        n = x.shape[-1 if last else 0]
        return [self.integer(-n, n - 1), self.integer(-n, n - 1)]

    def some(self, x: Any, _: bool) -> list[int]:
        """Draw places of the first axis, or none."""
        return [self.integer(0, x.shape[0] - 1) for _ in range(self.integer(0, 3))]

    def mask(self, x: Any, _: bool) -> str:
        """Draw which entries of the first axis are wanted."""
        return f"np.array({[bool(self.integer(0, 1)) for _ in range(x.shape[0])]})"

    # --- Matrices ----------------------------------------------------------------------------------------

    def definite(self) -> str:
        """Write a positive definite matrix whose eigenvalues differ."""
        return f"({self.field('m')} @ {self.field('m')}.T + np.diag({[1.0, 2.5, 4.5][: self.size()]}))"

    def size(self) -> int:
        """Return its number of rows."""
        n = int(self.values[self.field("m")].shape[0])
        if n > 3:
            raise LookupError
        return n

    def square(self) -> str:
        """Write a matrix far from singular that is not symmetric."""
        n = self.size()
        return f"({self.field('m')} @ {self.field('m')}.T + np.array({self.numbers((n, n))}) + 2 * np.eye({n}))"


def function_of(text: str, name: str = "f", also: Any = ()) -> Callable[..., Any]:
    """Return the function of a text, which can be read by `inspect` as if it stood in a file, and sees ``also``."""
    file = f"<random program {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"np": np, "special": special, **dict(also)}
    exec(compile(text, file, "exec"), space)
    return space[name]  # type: ignore[no-any-return]


def tried(text: str, values: dict[str, Any]) -> Any:
    """Return what plain NumPy makes of an expression; raise if that is no moderate real number or array of such."""
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        value = eval(text, {"np": np, "special": special, **values})
    if not isinstance(value, np.ndarray | float) or np.size(value) > 60 or np.asarray(value).dtype != float:
        raise ValueError
    if not np.all(np.isfinite(value)) or np.any(np.abs(value) > 30):
        raise ValueError
    return value


def laid_out(d: Drawing, a: Any) -> Any:
    """Return an argument in one order of memory or another."""
    if not np.ndim(a):
        return a
    return d.one_of(a, a, np.asfortranarray(a), np.flip(np.array(np.flip(a))), np.repeat(a, 2, axis=-1)[..., ::2])


def random_program(seed: int, numbers_only: bool = False, lines: int = 6, first: str = "") -> RandomProgram:
    """Draw a program of one or two arguments that returns one number; the same seed draws the same program.

    ``numbers_only``: the arguments are annotated as numbers, and every operation is elementwise. ``first``: the
    operation that the program begins with; if it fits no argument, a LookupError says so.
    """
    d = Drawing(seed)
    names = ["x", "y"][: d.integer(1, 2)]
    shapes = [() if numbers_only else d.one_of(*SHAPES) for _ in names]
    points, directions = (
        tuple(np.float64(a) if np.ndim(a) == 0 else a for a in (d.random.uniform(-1.4, 1.4, s) for s in shapes))
        for _ in range(2)
    )
    even = not numbers_only and d.integer(0, 7) == 0
    points = tuple(laid_out(d, np.round(2 * a) / 2 + 0.0 if even else a) for a in points)
    d.values = dict(zip(names, points, strict=True))
    body: list[str] = []
    wanted = d.integer(1, lines)
    for attempt in range(20 * lines):
        if len(body) == wanted:
            break
        if first and not body and attempt > 20:
            raise LookupError(f"{first} fits no argument of shapes {shapes}")
        try:
            kinds = BY_NUMBERS if numbers_only else KINDS
            text = d.write(first if first and not body else d.one_of(*d.one_of(*kinds)))
            value = tried(text, d.values)
        except TOO_BAD:
            continue
        if numbers_only and np.ndim(value):
            continue
        new = f"v{len(d.values)}"
        target = new if first and not body else d.one_of(new, new, new, names[0])
        d.values[target] = value
        body.append(f"{target} = {text}")
    shown = [name for name in d.values if name not in names or d.integer(0, 1)] or names
    if numbers_only:
        terms = [f"{d.one_of(0.7, 1.3, -0.6)} * {name}" for name in shown]
    else:
        forms = ("np.sum({})", "np.sum({0} * {0})", "np.sum(np.sin({}))", "0.7 * np.sum({})", "np.mean({})")
        terms = [d.one_of(*(forms if np.size(d.values[name]) else forms[:-1])).format(name) for name in shown]
    body.append(f"return {' + '.join(terms)}")
    head = ", ".join(f"{name}: float" for name in names) if numbers_only else ", ".join(names)
    text = f"def f({head}):\n" + "".join(f"    {line}\n" for line in body)
    return RandomProgram(text, function_of(text), points, directions, even)
