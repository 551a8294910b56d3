"""Random programs in which transforms stand: loops, rows, derivatives, rules of one's own, in one another.

A program is a text, as in `random_programs`, whose lines may call a function that is written before them: the step of
a loop, what is done with each row, what is differentiated. Such a function reads values from outside, has structures
for arguments, and may hold others. What each transform means stands in `PLAIN`: a Python loop, a stack of rows, divided
differences. With these in the place of the package's a program gives the same value, to what differences can tell.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
from random_programs import KINDS, SHAPES, TOO_BAD, Drawing, RandomProgram, function_of, special, tried

import course_lib.autodiff as ad
from course_lib.autodiff.structures import map_leaves

H = 1e-3
# Operations whose shapes hang on numbers, slow ones, and arrays of objects, of which NumPy asks each object for its
# sign or sine: a carry may be plain, and then they hold numbers beside traced values.
OF_VALUES = (
    "extract",
    "compress(np.ravel",
    "] > ",
    "[{x} > ",
    "argsort",
    "special.zeta",
    "np.array([{x}",
    "np.array([{s}",
)


def plain_scan(step: Any, start: Any, xs: Any = None, length: int | None = None) -> Any:
    carry, ys = map_leaves(lambda x: np.asarray(x)[()], start), []  # numbers of Python's have no method conj
    for k in range(len(xs) if xs is not None else length or 0):
        carry, y = step(carry, None if xs is None else xs[k])
        ys.append(y)
    return carry, np.stack(ys)


def plain_while(condition: Any, step: Any, start: Any) -> Any:
    while condition(start):
        start = step(start)
    return start


def plain_vmap(f: Any, in_axes: Any = 0, out_axes: int = 0) -> Any:
    def of_all_rows(*arguments: Any) -> Any:
        axes = in_axes if isinstance(in_axes, tuple) else (in_axes,) * len(arguments)
        count = next(a.shape[axis] for a, axis in zip(arguments, axes, strict=True) if axis is not None)
        rows = [
            f(*(a if axis is None else np.take(a, k, axis) for a, axis in zip(arguments, axes, strict=True)))
            for k in range(count)
        ]
        return np.stack(rows, out_axes)

    return of_all_rows


class KinkError(ArithmeticError):
    """Differences do not tell a derivative here."""


def plain_jvp(f: Any, primals: Any, tangents: Any) -> Any:
    y = f(*primals)

    def slope(h: float) -> tuple[Any, Any]:
        ends = [f(*(x + k * h * t for x, t in zip(primals, tangents, strict=True))) for k in (1, -1, 2, -2, 3, -3)]
        near, twice = ends[0] + ends[1] - 2 * y, ends[2] + ends[3] - 2 * y  # like h^2 if it is smooth, like h at a kink
        return (45 * (ends[0] - ends[1]) - 9 * (ends[2] - ends[3]) + ends[4] - ends[5]) / (60 * h), twice - 4 * near

    (one, bend), (other, _) = slope(H), slope(H / 2.3)
    if not np.all((np.abs(one - other) <= 1e-6 * (1 + np.abs(one))) & (np.abs(bend) <= 1e-3 * H * (1 + np.abs(one)))):
        raise KinkError
    return y, other


def plain_jacobian(f: Any) -> Any:
    def jacobian(x: Any) -> Any:
        columns = [plain_jvp(f, (x,), (e.reshape(np.shape(x))[()],))[1] for e in np.eye(np.size(x))]
        columns = np.stack(columns, -1) if columns else np.zeros((*np.shape(f(x)), 0))
        return np.reshape(columns, (*columns.shape[:-1], *np.shape(x)))

    return jacobian


def plain_aux_grad(f: Any) -> Any:
    def gradient(p: Any) -> Any:
        a, b = p["a"], p["b"][0]
        of_a = plain_jacobian(lambda x: f({"a": x, "b": (b,)})[0])(a)
        return {"a": of_a, "b": (plain_jacobian(lambda x: f({"a": a, "b": (x,)})[0])(b),)}, f(p)[1]

    return gradient


def plain_dict_vmap(f: Any) -> Any:
    def of_all_rows(p: Any) -> Any:
        found = [f({key: value[k] for key, value in p.items()}) for k in range(len(p["a"]))]
        return {key: np.stack([one[key] for one in found]) for key in found[0]}

    return of_all_rows


OURS = {
    "scan": ad.scan, "while_loop": ad.while_loop, "vmap": ad.vmap, "grad": ad.grad, "jvp": ad.jvp, "jit": ad.jit,
    "jacfwd": ad.jacfwd, "jacrev": ad.jacrev, "checkpoint": ad.checkpoint, "vjp": ad.vjp,
    "sine": ad.custom_derivative(
        lambda x: np.sin(x), forward=lambda t, y, x: t * np.cos(x), reverse=lambda g, y, x: g * np.cos(x)
    ),
    "aux_grad": lambda f: ad.grad(f, has_aux=True), "dict_vmap": ad.vmap,
}  # fmt: skip
PLAIN = {
    "scan": plain_scan, "while_loop": plain_while, "vmap": plain_vmap, "grad": plain_jacobian, "jvp": plain_jvp,
    "jit": lambda f: f, "jacfwd": plain_jacobian, "jacrev": plain_jacobian, "checkpoint": lambda f: f, "sine": np.sin,
    "aux_grad": plain_aux_grad, "dict_vmap": plain_dict_vmap,
    "vjp": lambda f, x: (f(x), lambda g: (np.tensordot(g, plain_jacobian(f)(x), np.ndim(f(x))),)),
}  # fmt: skip


class Nested(Drawing):
    """The lines of one function, and the values that it can read."""

    def __init__(self, random: Any, values: dict[str, Any], depth: int, names: Any) -> None:
        self.random, self.values, self.drawn, self.depth, self.names = random, dict(values), {}, depth, names
        self.lines: list[str] = []

    def fresh(self, letter: str) -> str:
        """Return a name that no other value of the program has."""
        return f"{letter}{next(self.names)}"

    def named(self, text: str) -> str:
        """Write a line that gives an expression a name; raise if its value is no moderate number or array."""
        value = tried_in(text, self.values)
        name = self.fresh("v")
        self.lines.append(f"{name} = {text}")
        self.values[name] = value
        return name

    def grow(self, count: int) -> None:
        """Write so many lines."""
        for _ in range(30 * count):
            if len(self.lines) >= count:
                return
            before = dict(self.values), list(self.lines)
            try:
                if self.depth and self.integer(0, 2) == 0:
                    self.one_of(*self.TRANSFORMS)(self)
                    continue
                operation = self.one_of(*self.one_of(*KINDS))
                if not any(word in operation for word in OF_VALUES):
                    self.named(self.write(operation))
            except (*TOO_BAD, ad.AutodiffError):
                self.values, self.lines = before

    def function(
        self, arguments: dict[str, Any], head: str, finish: Callable[[Nested], str], closed: bool = False
    ) -> str:
        """Write a function of some arguments, given by example, and return its name; closed, it sees nothing else."""
        seen = arguments if closed else {**self.values, **arguments}
        inner = Nested(self.random, seen, self.depth - 1, self.names)
        inner.lines, name = [], self.fresh("f")
        inner.grow(self.integer(1, 3))
        last = finish(inner)
        body = "\n".join([*inner.lines, f"return {last}"])
        self.run(name, f"def {name}({head}):\n" + textwrap.indent(body, "    "))
        return name

    def run(self, name: str, line: str) -> None:
        """Write a line that gives something a name that is no number or array."""
        exec(line, space := {**SPACE, **OURS, **self.values})
        self.lines.append(line)
        self.values[name] = space[name]

    def like(self, value: Any) -> str:
        """Write a bounded value of the same shape, that depends on the last one."""
        same = self.where(lambda v: np.shape(v) == np.shape(value))
        return f"np.sin({same})" if self.integer(0, 2) else f"np.sin({same}) + 0.1 * ({self.number()})"

    def number(self) -> str:
        """Write a number that depends on the last value."""
        names = [name for name, value in self.values.items() if isinstance(value, np.ndarray | float)]
        return f"np.sum(np.sin({names[-1]})) + 0.3 * np.sum({self.one_of(*names)})"

    def any_array(self, ask: Callable[[Any], bool] = lambda v: True) -> str:
        """Draw the name of a number or array of which something holds."""
        return self.where(ask)

    # --- The transforms ----------------------------------------------------------------------------------

    def scan(self) -> None:
        """Write a loop with a carry of one kind or another."""
        start, count = self.any_array(), self.integer(0, 3)
        value = self.values[start]
        rows = self.one_of(None, *(n for n, v in self.values.items() if np.ndim(v) >= 1 and len(v)))
        c, d, x = self.fresh("c"), self.fresh("c"), self.fresh("x")
        arguments = {c: value}
        if rows is not None:
            arguments[x] = self.values[rows][0]
        form = self.one_of("one", "pair", "dict")
        if form != "one":
            arguments[d] = np.float64(0.4)
        unpack = {"one": "", "pair": f"{c}, {d} = carry", "dict": f"{c}, {d} = carry['a'], carry['b']"}[form]
        begin = {"one": start, "pair": f"({start}, 0.4)", "dict": f"{{'a': {start}, 'b': 0.4}}"}[form]

        def finish(inner: Nested) -> str:
            one, out = inner.like(value), inner.any_array()
            other = f"np.tanh({d} + {inner.number()})"
            if unpack:
                inner.lines.insert(0, unpack)
            after = {"one": one, "pair": f"({one}, {other})", "dict": f"{{'a': {one}, 'b': {other}}}"}[form]
            return f"{after}, {out}"

        name = self.function(arguments, f"{c if form == 'one' else 'carry'}, {x}", finish)
        steps = f"length={max(count, 1)}" if rows is None else rows
        place = {"one": "", "pair": "[0]", "dict": "['a']"}[form]
        text = f"scan({name}, {begin}, {'None, ' * (rows is None)}{steps})"
        whole = self.fresh("w")
        self.run(whole, f"{whole} = {text}")
        other = {"one": [], "pair": ["[0][1]"], "dict": ["[0]['b']"]}[form]
        for at in (f"[0]{place}", "[1]", *other):
            self.named(f"{whole}{at}")

    def loop(self) -> None:
        """Write a loop with a condition on a count, and perhaps on what is carried."""
        start, count = self.any_array(), self.integer(0, 3)
        value, c = self.values[start], self.fresh("c")

        def finish(inner: Nested) -> str:
            after = inner.like(value)
            inner.lines.insert(0, f"{c}, k = carry")
            return f"{after}, k + 1"

        name = self.function({c: value}, "carry", finish)
        condition = f"carry[1] < {count}"
        if self.integer(0, 1):
            condition = f"({condition}) & (np.sum({start} * carry[0]) < {np.sum(value * value) + 0.21:.3g})"
        self.named(f"while_loop(lambda carry: {condition}, {name}, ({start}, 0))[0]")

    def rows(self) -> None:
        """Write what is done with each row of one array or of two."""
        several = self.any_array(lambda v: np.ndim(v) >= 1 and min(v.shape[0], v.shape[-1]) > 0)
        value, r, s = self.values[several], self.fresh("r"), self.fresh("r")
        axis = self.one_of(0, -1)
        arguments = {r: np.take(value, 0, axis)}
        other = self.one_of(None, self.any_array(), self.any_array(lambda v: np.shape(v) == value.shape))
        fits = other is not None and np.shape(self.values[other]) == value.shape and self.integer(0, 2) > 0
        if other is not None:
            arguments[s] = np.take(self.values[other], 0, axis) if fits else self.values[other]
        name = self.function(arguments, ", ".join(arguments), lambda inner: inner.any_array())
        axes = f"in_axes=({axis}, {axis if fits else None})" if other is not None else f"in_axes={axis}"
        self.named(
            f"vmap({name}, {axes}, out_axes={self.one_of(0, 0, -1)})({', '.join(filter(None, (several, other)))})"
        )

    def derivative(self) -> None:
        """Write a derivative of a function of an array."""
        a = self.any_array(lambda v: np.size(v) <= 6)
        x = self.fresh("x")
        kind = self.one_of("grad", "grad", "jvp", "jacfwd", "jacrev", "vjp")
        value = self.values[a]
        small = lambda inner: inner.any_array(lambda v: np.size(v) <= 6)  # noqa: E731
        name = self.function({x: value}, x, Nested.number if kind == "grad" else small)
        t = self.one_of(a, self.like(value))
        self.named(
            f"jvp({name}, ({a},), ({t},))[1]" if kind == "jvp"
            else f"vjp({name}, {a})[1](np.cos({name}({a})))[0]" if kind == "vjp" else f"{kind}({name})({a})"
        )  # fmt: skip

    def wrapped(self) -> None:
        """Write a function that is recorded, or computed again."""
        a = self.any_array()
        x = self.fresh("x")
        wrap = self.one_of("jit", "checkpoint")
        name = self.function({x: self.values[a]}, x, lambda inner: inner.any_array(), wrap == "checkpoint")
        self.named(f"{wrap}({name})({a})")

    def of_structure(self) -> None:
        """Write a gradient with respect to a structure, and with something beside it."""
        a, b = self.any_array(), self.any_array()
        x, y = self.fresh("x"), self.fresh("x")

        def finish(inner: Nested) -> str:
            inner.lines.insert(0, f"{x}, {y} = p['a'], p['b'][0]")
            return f"{inner.number()} + np.sum(np.cos({x})) * np.sum({y}), {inner.any_array()}"

        name = self.function({x: self.values[a], y: self.values[b]}, "p", finish)
        whole = self.fresh("w")
        self.run(whole, f"{whole} = aux_grad({name})({{'a': {a}, 'b': ({b},)}})")
        self.named(f"{whole}[0]['a']")
        self.named(f"{whole}[0]['b'][0]")
        self.named(f"{whole}[1]")

    def rows_of_structure(self) -> None:
        """Write what is done with each row of a dict, with a loop over its rows."""
        a = self.any_array(lambda v: np.ndim(v) >= 1 and len(v))
        r = self.fresh("r")

        def finish(inner: Nested) -> str:
            inner.lines.insert(0, f"{r} = p['a'] + 0.0 * p['b']")
            return f"{{'y': {inner.any_array()}, 'z': {inner.number()}}}"

        name = self.function({r: self.values[a][0]}, "p", finish)
        whole = self.fresh("w")
        self.run(whole, f"{whole} = dict_vmap({name})({{'a': {a}, 'b': np.ones(len({a}))}})")
        self.named(f"{whole}['y']")
        self.named(f"{whole}['z']")

    def own(self) -> None:
        """Write a call of a function with a rule of a user."""
        self.named(f"sine({self.any_array()})")

    TRANSFORMS = (scan, scan, scan, loop, loop, rows, rows, rows_of_structure, derivative, derivative, of_structure,
                  wrapped, wrapped, own)  # fmt: skip


SPACE: dict[str, Any] = {"np": np, "special": special}


def tried_in(text: str, values: dict[str, Any]) -> Any:
    """Return the value of an expression, if it is a moderate number or array of such."""
    return tried(text, {**OURS, **values})


def nested_program(seed: int, depth: int = 2, lines: int = 5) -> tuple[RandomProgram, Callable[..., Any]]:
    """Draw a program that returns one number, and the same with `PLAIN` in the place of the package."""
    random = np.random.default_rng(seed)
    names = itertools.count()
    d = Nested(random, {}, depth, names)
    arguments = ["x", "y"][: d.integer(1, 2)]
    shapes = [d.one_of(*SHAPES) for _ in arguments]
    points, directions = (
        tuple(np.float64(a) if np.ndim(a) == 0 else a for a in (random.uniform(-1.4, 1.4, s) for s in shapes))
        for _ in range(2)
    )
    d.values = dict(zip(arguments, points, strict=True))
    d.grow(d.integer(2, lines))
    shown = [name for name, value in d.values.items() if isinstance(value, np.ndarray | float)]
    shown = [name for name in shown if name not in arguments or d.integer(0, 1)] or arguments
    terms = [d.one_of("np.sum({})", "np.sum(np.sin({}))", "0.7 * np.sum({0} * {0})").format(name) for name in shown]
    body = "\n".join([*d.lines, f"return {' + '.join(terms)}"])
    text = f"def f({', '.join(arguments)}):\n" + textwrap.indent(body, "    ") + "\n"
    space = {**SPACE, **PLAIN}
    exec(text, space)
    return RandomProgram(text, function_of(text, also=OURS), points, directions), space["f"]
