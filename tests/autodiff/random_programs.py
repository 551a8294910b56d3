"""Random programs over everything that has a derivative: straight lines of NumPy, each one operation on values before.

A program is the text of a function, so that source transformation can read it and a failure can be read. Shapes are
awkward on purpose: numbers, (1, n), empty, kept axes, slices, entries that are taken twice. Each line is tried by plain
NumPy while the program grows: what raises, overflows, or comes near a kink is left out, so that divided differences
are an oracle.
"""

from __future__ import annotations

import itertools
import linecache
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Random = np.random.Generator
SHAPES = ((), (), (3,), (1,), (2, 3), (1, 3), (2, 1), (3, 3), (0,), (2, 0), (2, 1, 3))
_numbers = itertools.count()


@dataclass
class RandomProgram:
    """A function ``f`` with its text, arguments at which its values were tried, and one direction of them."""

    text: str
    f: Callable[..., Any]
    arguments: tuple[Any, ...]
    direction: tuple[Any, ...]


class Drawing:
    """The values that a program has so far, by their names, and the die."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.values: dict[str, Any] = {}

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return int(self.random.integers(low, high + 1))

    def one_of(self, *members: Any) -> Any:
        """Draw one of these."""
        return members[self.integer(0, len(members) - 1)]

    def any(self, ask: Callable[[Any], bool] = lambda value: True) -> str:
        """Draw the name of a value of which something holds, later ones more often; raise LookupError if none does."""
        found = [name for name, value in self.values.items() if ask(value)]
        if not found:
            raise LookupError
        return self.one_of(*found, *found[-3:])

    def array(self, ndim: int | None = None) -> str:
        """Draw an array that is not empty, if one is wanted with that many axes."""
        return self.any(lambda v: np.size(v) > 0 and (np.ndim(v) > 0 if ndim is None else np.ndim(v) == ndim))

    def filled(self) -> str:
        """Draw a value that is not empty."""
        return self.any(lambda v: np.size(v) > 0)

    def axis(self, of: str) -> int:
        """Draw one axis, counted from either end."""
        ndim = np.ndim(self.values[of])
        return self.integer(-ndim, ndim - 1)

    def axes(self, of: str) -> Any:
        """Draw what an axis argument may be: None, one axis or several."""
        ndim = np.ndim(self.values[of])
        one = self.axis(of) if ndim else None
        several = tuple(sorted(int(i) for i in self.random.permutation(ndim)[: self.integer(1, ndim)])) if ndim else ()
        return self.one_of(None, one, one, several if ndim else None)

    def length(self, of: str, axis: int = 0) -> int:
        """Return the length of a value along an axis."""
        return int(self.values[of].shape[axis])

    def weights(self, shape: tuple[int, ...]) -> str:
        """Write a constant array."""
        return f"np.array({np.round(self.random.uniform(0.4, 1.6, shape), 2).tolist()}).reshape({shape})"

    def square(self) -> str:
        """Write a square matrix far from singular, made of one of the values or of a matrix and its transpose."""
        if self.integer(0, 1):
            x = self.any(lambda v: np.ndim(v) == 2 and v.shape[0] == v.shape[1] and v.size)
            return f"({x} + {2 + self.integer(0, 1)} * np.eye({self.length(x)}))"
        return self.definite()

    def definite(self) -> str:
        """Write a positive definite matrix whose eigenvalues differ."""
        x = self.any(lambda v: np.ndim(v) == 2 and 0 < v.shape[0] <= 3)
        n = self.length(x)
        return f"({x} @ {x}.T + np.diag({[1.0, 2.5, 4.5][:n]}))"

    def index(self, of: str) -> str:
        """Write an index of any kind for a value that is not empty."""
        shape = self.values[of].shape
        first = shape[0]

        def basic(n: int) -> str:
            return self.one_of(
                str(self.integer(-n, n - 1)), ":", f"{self.integer(0, n - 1)}:", f":{self.integer(0, n)}", "::-1", "::2",
                f"{self.integer(0, n)}:{self.integer(0, n)}", "None", "-1:",
            )  # fmt: skip

        parts = [basic(n) for n in shape]
        places = [self.integer(-first, first - 1) for _ in range(self.integer(0, 3))]
        mask = [bool(self.integer(0, 1)) for _ in range(first)]
        return self.one_of(
            parts[0], ", ".join(parts), f"..., {parts[-1]}", "...", "None, ...", f"{places or [0, 0]}",
            f"np.array({places}, dtype=int)", f"np.array({mask})", f"{places or [0]}, ...", f"[{places or [0, 0]}, {places or [0, -1]}]",
            ", ".join([f"{places or [0, 0]}", *[":"] * (len(shape) - 1)]),
            ", ".join([*[":"] * (len(shape) - 1), f"[{self.integer(0, shape[-1] - 1)}] * 2"]),
            f"np.argsort({of}, axis=0)[0]" if len(shape) == 1 else "0",
            f"{of} > {round(float(np.median(self.values[of])) + 0.013, 3)}",
        )  # fmt: skip


# --- Elementwise -----------------------------------------------------------------------------------------

# Where a function is defined, written with what is near: {a} may be anything.
UNARY = {
    "negative": "{a}", "positive": "{a}", "square": "{a}", "exp": "np.tanh({a})", "exp2": "np.sin({a})",
    "expm1": "np.tanh({a})", "sin": "{a}", "cos": "{a}", "tan": "0.7 * np.sin({a})", "arctan": "{a}",
    "sinh": "np.tanh({a})", "cosh": "np.tanh({a})", "tanh": "{a}", "arcsinh": "{a}", "deg2rad": "{a}",
    "radians": "{a}", "rad2deg": "0.01 * {a}", "degrees": "0.01 * {a}", "absolute": "{a}", "abs": "{a}", "fabs": "{a}",
    "sinc": "{a}", "arcsin": "0.8 * np.sin({a})", "arccos": "0.8 * np.sin({a})", "arctanh": "0.7 * np.tanh({a})",
    "arccosh": "1.3 + np.square({a})", "sqrt": "0.5 + np.square({a})", "cbrt": "0.4 + np.square({a})",
    "log": "0.5 + np.square({a})", "log2": "0.5 + np.square({a})", "log10": "0.5 + np.square({a})",
    "log1p": "np.square({a})", "reciprocal": "1.5 + np.sin({a})", "copy": "{a}", "real": "{a}",
}  # fmt: skip
BINARY = {
    "add": "{a}, {b}", "subtract": "{a}, {b}", "multiply": "{a}, {b}", "divide": "{a}, 1.5 + np.cos({b})",
    "remainder": "{a}, 0.7 + np.square({b})", "fmod": "{a}, 0.7 + np.square({b})",
    "power": "0.6 + np.square(np.sin({a})), np.sin({b})", "float_power": "0.6 + np.square(np.sin({a})), np.sin({b})",
    "logaddexp": "{a}, {b}", "logaddexp2": "{a}, {b}", "arctan2": "{a}, 1.2 + np.cos({b})",
    "hypot": "{a}, 0.5 + np.square({b})", "copysign": "{a}, {b}", "maximum": "{a}, {b}", "minimum": "{a}, {b}",
    "fmax": "{a}, {b}", "fmin": "{a}, {b}",
}  # fmt: skip
OPERATORS = ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / (1.5 + np.sin({b}))", "{a} % (1.1 + np.cos({b}) ** 2)",
             "(0.7 + np.cos({a}) ** 2) ** {b}", "-{a}", "+{a}", "abs({a})", "{a} ** 2", "{a} ** 3", "{a} ** 0", "{a} ** 1",
             "(1.2 + np.sin({a})) ** -1", "(1.2 + np.sin({a})) ** 0.5", "1.5 ** {a}", "2 - {a}", "{a} - 0.25",
             "3 * {a}", "1 / (1.4 + np.sin({a}))", "(-8.0) ** (1 / (2 + np.square({a})))", "({a} // 0.7) * {b}", "{a} * {a} * {b} - {a}")  # fmt: skip


def unary(d: Drawing) -> str:
    """One function of one operand, which may be empty."""
    name = d.one_of(*UNARY)
    return f"np.{name}({UNARY[name].format(a=d.any())})"


def binary(d: Drawing) -> str:
    """One function of two operands, which broadcast; one of them may be a constant."""
    name = d.one_of(*BINARY)
    operands = [d.any(), d.any()]
    if d.integer(0, 3) == 0:
        operands[d.integer(0, 1)] = d.one_of("0.3", "1", d.weights((3,)), d.weights((2, 1)), d.weights((1, 3)))
    return f"np.{name}({BINARY[name].format(a=operands[0], b=operands[1])})"


def operator(d: Drawing) -> str:
    """One of Python's operators."""
    return d.one_of(*OPERATORS).format(a=d.any(), b=d.any())


def choice(d: Drawing) -> str:
    """One operation that chooses among its operands."""
    a, b = d.any(), d.any()
    high = round(float(d.random.uniform(0.1, 1.5)), 2)
    return d.one_of(
        f"np.where({a} > 0.17, {a} * {b}, {b})", f"np.where({b} > {a}, np.sin({a}), 0.3)", f"np.where({a} < 0.4, 0.0, {b})",
        f"np.clip({a}, -0.3, {high})", f"np.clip({a}, {b}, None)", f"np.clip({a}, None, 0.37)", f"np.clip({a}, min=-0.21)",
        f"np.sign({a}) * {b}", f"np.floor({a}) + {b}", f"({a} > 0.21) * {b}", f"np.round({a}) * {b}",
        f"np.heaviside({a}, 0.5) * {b}", f"np.ones_like({a}) * {b}", f"np.zeros_like({a}) + {b}",
    )  # fmt: skip


# --- Reductions ------------------------------------------------------------------------------------------


def reduction(d: Drawing) -> str:
    """One sum, mean, maximum ...: along one axis, several or all, which may be kept."""
    name = d.one_of("sum", "sum", "mean", "prod", "var", "std", "max", "min", "ptp", "amax", "amin")
    x = d.any() if name in ("sum", "prod") else d.filled()
    axis, keepdims = d.axes(x), d.one_of("", ", keepdims=True", ", keepdims=False")
    extra = ", ddof=0.5" if name in ("var", "std") and d.integer(0, 1) else ""
    if name == "std":  # its slope at equal entries is infinite
        return f"np.std(np.append({x}, [2.3, 4.1]){extra})"
    if name in ("sum", "mean", "prod", "max", "min", "var") and d.integer(0, 3) == 0 and np.ndim(d.values[x]):
        return f"{x}.{name}(axis={axis}{keepdims})"
    return f"np.{name}({x}, axis={axis}{keepdims}{extra})"


def reduction_of_ufunc(d: Drawing) -> str:
    """The same as methods of ufuncs, and running sums and products."""
    x = d.array()
    axis = d.axis(x)
    return d.one_of(
        f"np.add.reduce({x}, axis={axis})", f"np.multiply.reduce({x}, {axis})", f"np.maximum.reduce({x}, axis={axis}, keepdims=True)",
        f"np.minimum.reduce({x}, axis={axis})", f"np.logaddexp.reduce({x}, axis={axis})", f"np.logaddexp.reduce({x}, axis=None, keepdims=True)",
        f"np.add.accumulate({x}, axis={axis})", f"np.multiply.accumulate({x}, {axis})", f"np.cumsum({x}, axis={axis})", f"np.cumsum({x})",
        f"np.cumprod({x}, axis={axis})", f"np.cumprod({x})", f"np.median({x}, axis={axis})", f"np.median({x}, axis=None, keepdims=True)",
        f"np.average({x}, axis={axis})", f"np.average({x}, weights={d.weights(d.values[x].shape)})",
        f"np.average({x}, axis={axis}, weights={d.weights((d.length(x, axis),))})",
        f"np.average({x}, weights=1.5 + np.sin({x}))", f"np.diff({x}, axis={axis})", f"np.diff({x}, n=2, axis={axis})",
        f"np.trapezoid({x}, axis={axis})", f"np.trapezoid({x}, dx=0.3)", f"np.sort({x}, axis={axis})", f"np.sort({x}, axis=None)",
        f"np.linalg.norm(0.3 + np.square({x}))", f"np.linalg.norm(0.3 + np.square({x}), axis={axis})", f"np.linalg.norm(0.2 + np.square({x}), axis={axis}, keepdims=True)",
        f"np.linalg.norm(np.ravel({x}), ord={d.one_of(1, 2, 3, 'np.inf', '-np.inf')})", f"np.log(np.sum(np.exp({x} - np.max({x}, axis={axis}, keepdims=True)), axis={axis}))",
        f"np.ptp({x}, axis={axis})", f"np.polyval(np.ravel({x}), {d.any()} * 0.3)",
    )  # fmt: skip


# --- Arranging -------------------------------------------------------------------------------------------


def arrangement(d: Drawing) -> str:
    """The same numbers in other places."""
    x = d.array()
    shape = d.values[x].shape
    axis, other, n = d.axis(x), d.axis(x), len(shape)
    order = tuple(int(i) for i in d.random.permutation(n))
    widths = tuple((d.integer(0, 2), d.integer(0, 1)) for _ in range(n))
    places = [d.integer(0, shape[axis] - 1) for _ in range(d.integer(1, 4))]
    return d.one_of(
        f"np.reshape({x}, -1)", f"np.reshape({x}, ({shape[0]}, -1))", f"{x}.reshape(-1)", f"{x}.reshape((-1, {shape[-1]}))",
        f"np.reshape({x}, {shape[::-1]})", f"{x}.reshape{shape}" if n > 1 else f"{x}.reshape({shape})", f"np.ravel({x})", f"{x}.ravel()",
        f"np.transpose({x})", f"np.transpose({x}, {order})", f"{x}.T", f"{x}.transpose({order})", f"np.permute_dims({x}, {order})",
        f"np.swapaxes({x}, {axis}, {other})", f"np.moveaxis({x}, {axis}, {other})", f"np.rollaxis({x}, {axis})",
        f"np.expand_dims({x}, {axis})", f"np.expand_dims({x}, (0, -1))", f"np.squeeze({x})", f"np.squeeze(np.expand_dims({x}, 1), axis=1)",
        f"np.broadcast_to({x}, {(2, *shape)})", f"np.broadcast_arrays({x}, {d.filled()})[{d.integer(0, 1)}]", f"np.atleast_1d({d.filled()})", f"np.atleast_2d({d.filled()})",
        f"np.flip({x})", f"np.flip({x}, {axis})", f"np.roll({x}, {d.integer(-2, 4)}, axis={axis})", f"np.roll({x}, 1)",
        f"np.tile({x}, 2)", f"np.tile({x}, (2, 1, 2))", f"np.repeat({x}, 2)", f"np.repeat({x}, 3, axis={axis})", f"np.resize({x}, (2, 3))",
        f"np.repeat({x}, {[d.integer(0, 2) for _ in range(shape[axis])]}, axis={axis})", f"np.delete({x}, {d.integer(0, shape[axis] - 1)}, axis={axis})",
        f"np.pad({x}, 1)", f"np.pad({x}, {widths}, constant_values=0.7)", f"np.pad({x}, {widths}, mode='edge')", f"np.pad({x}, {widths}, mode='wrap')",
        f"np.take({x}, {places}, axis={axis})", f"np.take({x}, {d.integer(0, 3)}, mode='wrap')", f"np.take_along_axis({x}, np.argsort({x}, axis={axis}), axis={axis})",
        f"np.extract({x} > {round(float(np.median(d.values[x])) + 0.017, 3)}, {x})", f"np.split({x}, [1], axis={axis})[{d.integer(0, 1)}]", f"np.array_split({x}, 2, axis={axis})[{d.integer(0, 1)}]",
        f"np.diag({x}, {d.integer(-1, 1)})" if n < 3 else f"np.diagonal({x}, 0, 1, 2)",
        *([f"np.diagonal({x}, {d.integer(-1, 1)})", f"np.trace({x})", f"np.trace({x}, offset=1)", f"np.tril({x})", f"np.triu({x}, 1)", f"np.rot90({x})",
           f"np.fliplr({x})", f"np.flipud({x})", f"np.matrix_transpose({x})", f"np.einsum('ij->ji', {x})"] if n >= 2 and n < 3 else [f"np.rot90(np.atleast_2d({x}))" if n == 1 else f"np.matrix_transpose({x})"]),
    )  # fmt: skip


def index(d: Drawing) -> str:
    """A part of an array; entries may be taken twice, or none."""
    x = d.array()
    return f"{x}[{d.index(x)}]"


def join(d: Drawing) -> str:
    """Several values in one array."""
    x = d.array()
    axis = d.axis(x)
    same = d.any(lambda v: np.shape(v) == d.values[x].shape)
    a, b = d.any(lambda v: np.ndim(v) == 0), d.any(lambda v: np.ndim(v) == 0)
    return d.one_of(
        f"np.concatenate([{x}, {same}], axis={axis})", f"np.concatenate([{x}, {same}, {x}], axis=None)", f"np.concatenate(({x}, {d.weights(d.values[x].shape)}), axis={axis})",
        f"np.stack([{x}, {same}], axis={axis})", f"np.stack([{a}, {b}, 0.5])", f"np.vstack([{x}, {same}])", f"np.hstack([{x}, {same}])", f"np.hstack([{a}, {b}, {a}])",
        f"np.column_stack([np.ravel({x}), np.ravel({same})])", f"np.append({x}, {a})", f"np.append({x}, {same}, axis={axis})", f"np.array([{a}, {b}])", f"np.array([{x}, {same}])", f"np.array([[{a}, 1.0], [2.0, {b}]])",
        f"np.concatenate([{d.any(lambda v: np.ndim(v) == 1)}, {d.any(lambda v: np.ndim(v) == 1)}])",
    )  # fmt: skip


# --- Products and linear algebra -------------------------------------------------------------------------


def product(d: Drawing) -> str:
    """One product of two arrays, of whatever shapes fit."""
    x = d.any(lambda v: np.ndim(v) > 0)
    last = d.length(x, -1)
    y = d.any(lambda v: np.ndim(v) > 0 and v.shape[0] == last and np.ndim(v) <= 2)
    same = d.any(lambda v: np.shape(v) == d.values[x].shape)
    along = d.any(lambda v: np.shape(v) == (last,))
    return d.one_of(
        f"np.matmul({x}, {y})", f"{x} @ {y}", f"np.dot({x}, {y})", f"np.dot({x}, {d.any(lambda v: np.ndim(v) == 0)})", f"np.vdot({x}, {same})", f"np.inner({x}, {same})", f"np.inner({x}, {along})",
        f"np.outer({x}, {y})", f"np.tensordot({x}, {y}, axes=1)", f"np.tensordot({x}, {same}, axes={len(d.values[x].shape)})", f"np.kron({x}, {y})",
        f"np.einsum('...i,...i->...', {x}, {along})", f"np.einsum('...i,...i', {x}, {same})", f"{x} @ {along}", f"np.matmul({d.weights((2, d.length(x, 0)))}, {x})" if len(d.values[x].shape) < 3 else f"{x} @ {y}",
        f"np.cross({x}, {d.weights((3,))})" if last == 3 else f"{x} @ {y}", f"np.vecdot({x}, {along})" if hasattr(np, "vecdot") else f"{x} @ {along}",
        *([f"np.matvec({x}, {along})", f"np.vecmat({d.weights((d.length(x, -2),))}, {x})"] if hasattr(np, "matvec") and len(d.values[x].shape) > 1 else [f"np.einsum('i,i->i', {along}, {along})"]),
        f"np.linalg.multi_dot([{x}, {y}, {d.weights((d.values[y].shape[-1], 2))}])" if len(d.values[x].shape) == len(d.values[y].shape) == 2 else f"np.einsum('...i,i->...', {x}, {along})",
        *([f"np.einsum('ij,ik->jk', {x}, {same})", f"np.einsum('ij,ij->', {x}, {same})", f"np.einsum('ij,kl->il', {x}, {same})", f"np.einsum('ij->j', {x})", f"np.einsum('ii->i', {x} @ {x}.T)", f"np.einsum('ij,j,i->i', {x}, {along}, {x}[:, 0])"] if len(d.values[x].shape) == 2 else []),
    )  # fmt: skip


def matrix(d: Drawing) -> str:
    """One function of matrices."""
    a, n = d.square(), 0
    n = eval(a, {"np": np, **d.values}).shape[0]
    right = d.one_of(d.weights((n,)), d.weights((n, 2)), d.any(lambda v: np.ndim(v) > 0 and v.shape[0] == n and np.ndim(v) < 3))
    return d.one_of(
        f"np.linalg.solve({a}, {right})", f"np.linalg.inv({a})", f"np.linalg.det({a})", f"np.linalg.slogdet({a})[1]", f"np.linalg.slogdet({a}).sign * np.linalg.det({a})",
        f"np.linalg.cholesky({d.definite()})", f"np.linalg.eigvalsh({d.definite()})", f"np.linalg.eigh({d.definite()})[0]", f"np.square(np.linalg.eigh({d.definite()})[1])",
        f"np.linalg.matrix_power({a}, {d.integer(-2, 3)})", f"np.linalg.norm({a})", f"np.linalg.norm({a}, 'fro')", f"np.trace(np.linalg.inv({a}))",
        f"np.linalg.inv(np.stack([{a}, {a} * 1.1]))", f"np.linalg.det(np.stack([{a}, {a} * 1.1]))", f"np.linalg.solve(np.stack([{a}, {a} * 1.1]), {d.weights((n, 2))})",
    )  # fmt: skip


KINDS = (unary, unary, binary, binary, operator, operator, choice, reduction, reduction, reduction_of_ufunc, reduction_of_ufunc, arrangement, arrangement,
         arrangement, index, index, join, product, product, matrix)  # fmt: skip
ELEMENTWISE = (unary, unary, binary, binary, operator, operator, choice)


def function_of(text: str, name: str = "f") -> Callable[..., Any]:
    """Return the function of a text, which can be read by `inspect` as if it stood in a file."""
    file = f"<random program {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"np": np}
    exec(compile(text, file, "exec"), space)
    return space[name]  # type: ignore[no-any-return]


def tried(text: str, values: dict[str, Any]) -> Any:
    """Return what plain NumPy makes of an expression; raise if that is no moderate real number or array of such."""
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        value = eval(text, {"np": np, **values})
    if not isinstance(value, np.ndarray | float) or np.size(value) > 60 or np.asarray(value).dtype != float:
        raise ValueError
    if not np.all(np.isfinite(value)) or np.any(np.abs(value) > 30):
        raise ValueError
    return value


def random_program(seed: int, numbers_only: bool = False, lines: int = 6) -> RandomProgram:
    """Draw a program of one or two arguments that returns one number; the same seed draws the same program.

    ``numbers_only``: the arguments are annotated as numbers, and every operation is elementwise.
    """
    random = np.random.default_rng(seed)
    d = Drawing(random)
    names = ["x", "y"][: d.integer(1, 2)]
    shapes = [() if numbers_only else d.one_of(*SHAPES) for _ in names]
    arguments = tuple(np.float64(a) if np.ndim(a) == 0 else a for a in (random.uniform(-1.4, 1.4, s) for s in shapes))
    d.values = dict(zip(names, arguments, strict=True))
    body: list[str] = []
    kinds = ELEMENTWISE if numbers_only else KINDS
    wanted = d.integer(1, lines)
    for _ in range(20 * lines):
        if len(body) == wanted:
            break
        try:
            text = d.one_of(*kinds)(d)
            value = tried(text, d.values)
            if numbers_only and np.ndim(value):
                continue
        except (ArithmeticError, LookupError, TypeError, ValueError, Warning, np.exceptions.AxisError, np.linalg.LinAlgError):
            continue
        if not any(name in text for name in d.values):
            continue
        target = d.one_of(f"v{len(d.values)}", f"v{len(d.values)}", f"v{len(d.values)}", names[0])
        d.values[target] = value
        body.append(f"{target} = {text}")
    shown = [name for name in d.values if name not in names or d.integer(0, 1)] or names
    if numbers_only:
        terms = [f"{d.one_of(0.7, 1.3, -0.6)} * {name}" for name in shown]
    else:
        terms = [f"{d.one_of('np.sum', 'np.sum', 'np.mean') if np.size(d.values[n]) else 'np.sum'}({d.one_of('{n}', '{n} * {n}', 'np.sin({n})', '0.7 * {n}').format(n=n)})" for n in shown]
    body.append(f"return {' + '.join(terms)}")
    head = ", ".join(f"{name}: float" for name in names) if numbers_only else ", ".join(names)
    text = f"def f({head}):\n" + "".join(f"    {line}\n" for line in body)
    direction = tuple(np.float64(t) if np.ndim(t) == 0 else t for t in (random.uniform(-1, 1, s) for s in shapes))
    return RandomProgram(text, function_of(text), arguments, direction)
