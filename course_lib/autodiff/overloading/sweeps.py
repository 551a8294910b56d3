"""Sweeps: one run of a program forward, or of its tape backward, with one seed or with a stack of many.

A forward sweep runs the program on dual numbers; a reverse sweep reads a tape from its last line to the first. Which
seeds go in, and how what comes out is arranged, is the business of the transforms.
"""

import itertools
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, LeakedTracerError, SeedError, in_words
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.dual import Dual, ForwardTrace, dual
from course_lib.autodiff.overloading.selection import SelectionTrace, repaired, seeded, spoiled, unmasked
from course_lib.autodiff.overloading.tape import Node, Tape, unshared
from course_lib.autodiff.structures import (
    CONTAINERS,
    is_structure,
    leaves_of,
    like,
    map_leaves,
    members_of,
    same_structure,
)
from course_lib.autodiff.traced import Trace, Traced, carry, carrying, stacked

Function = Callable[..., Any]


def pushed(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...], count: int | None) -> tuple[Any, Any]:
    """Run f with one tangent for each primal, or with stacks of ``count`` tangents; see `overloading.selection`."""
    y, ydot = pushed_once(f, primals, tangents, count)
    if not carrying() and spoiled(leaves_of(y), leaves_of(ydot)):
        with carry():
            again = pushed_once(f, primals, tangents, count)[1]
        ydot = like(ydot, repaired(leaves_of(y), leaves_of(ydot), leaves_of(again)))
    return y, ydot


def pushed_once(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...], count: int | None) -> tuple[Any, Any]:
    """Run f once, with tangents."""
    selection = SelectionTrace() if carrying() else None
    trace = ForwardTrace()
    try:
        if selection is not None:
            tangents = map_leaves(lambda t: seeded(t, selection), tangents)
        inputs = map_leaves(lambda x, t: dual(x, t, trace), primals, tangents)
        with in_words():
            y = as_results(f(*inputs), trace)
    finally:
        trace.close()
        if selection is not None:
            selection.close()

    def tangent_of(leaf: Any) -> Any:
        if isinstance(leaf, Dual) and leaf.owner is trace:
            return leaf.stack if selection is None else unmasked(leaf.stack, selection)
        return np.zeros(np.shape(leaf) if count is None else (count, *np.shape(leaf)), float_type(leaf))[()]

    return map_leaves(lambda leaf: value_of(leaf, trace), y), map_leaves(tangent_of, y)


def unit_seeds(leaves: list[Any]) -> tuple[int, list[slice], list[Any]]:
    """Return how many entries the leaves have, which of them are each leaf's, and for each leaf a stack of seeds.

    Seed i is 1 in entry i, counted through all leaves, and 0 in the others.
    """
    ends = list(itertools.accumulate([np.size(x) for x in leaves]))
    places = [slice(end - np.size(x), end) for x, end in zip(leaves, ends, strict=True)]
    count = ends[-1] if ends else 0
    eye = np.eye(count)
    stacks = [np.ascontiguousarray(eye[:, p], float_type(x)) for p, x in zip(places, leaves, strict=True)]
    return count, places, [np.reshape(s, (count, *np.shape(x))) for s, x in zip(stacks, leaves, strict=True)]


def float_type(x: Any) -> Any:
    """Return the type that a derivative of x or along x has: float32 stays what it is, integers become floats."""
    kind = getattr(x, "dtype", None)
    return kind if kind is not None and kind.kind == "f" else np.dtype(float)


def pulled(pullback: Any, y: Any, seeds: list[Any], count: int) -> list[Any]:
    """Return for each primal's leaf the stack of what a pullback makes of stacks of seeds, one for each leaf of y.

    A pullback is linear: its derivative along a seed is what it makes of that seed. So one sweep on dual numbers, with
    the seeds as tangents, does the work of many; lines of numbers, which cost least, are better swept one by one.
    """
    found = pulled_once(pullback, y, seeds, count)
    if not carrying() and spoiled(leaves_of(y), found):
        with carry():
            again = pulled_once(pullback, y, seeds, count)
        return repaired(leaves_of(y), found, again)
    return found


def pulled_once(pullback: Any, y: Any, seeds: list[Any], count: int) -> list[Any]:
    """Return the stacks, by one sweep or by many."""
    zeros = like(y, [np.zeros(np.shape(leaf), float_type(leaf))[()] for leaf in leaves_of(y)])
    parts = []
    if count == 0:
        parts.append([np.zeros((0, *np.shape(g)), g.dtype) for g in leaves_of(pullback(zeros))])
    elif pullback.many_at_once and count >= MANY_SEEDS:
        for begin in range(0, count, STACK):
            some = like(y, [s[begin : begin + STACK] for s in seeds])
            parts.append(leaves_of(pushed(pullback, (zeros,), (some,), min(STACK, count - begin))[1]))
    else:
        rows = [leaves_of(pullback(like(y, [s[i] for s in seeds]))) for i in range(count)]
        parts.append([np.stack(column) for column in zip(*rows, strict=True)])
    return [np.concatenate(column) if len(column) > 1 else column[0] for column in zip(*parts, strict=True)]


MANY_SEEDS = 4  # from which on one sweep on dual numbers costs less than one for each
STACK = 128  # seeds at once: what a sweep holds is that many times larger


@contextmanager
def recording(tape: Tape) -> Any:
    """Close the tape at the end, give back the arrays that it guards, and explain NumPy's refusal to write there."""
    try:
        with in_words():
            yield
    except ValueError as error:
        tape.guard.explain(error)
        raise
    finally:
        tape.close()
        tape.guard.release()


def swept(tape: Tape, ys: list[Any], seeds: list[Any], inputs: list[Any], keep: bool) -> list[Any]:
    """Return the cotangents of all inputs, of which shapes and types are given; zeros where no y depends on one."""
    begin = [(y.line, seed) for y, seed in zip(ys, seeds, strict=True) if isinstance(y, Node) and y.owner is tape]
    if carrying():
        selection = SelectionTrace()
        masked = [(line, seeded(seed, selection)) for line, seed in begin]
        found = [unmasked(g, selection) for g in tape.sweep(masked, len(inputs), keep)]
        selection.close()
    else:
        found = tape.sweep(begin, len(inputs), keep)
    return unshared([np.zeros(*x) if g is None else of_type(g, x[1]) for g, x in zip(found, inputs, strict=True)])


def of_type(g: Any, dtype: Any) -> Any:
    """Return a cotangent with the precision of what it belongs to; those on the way may be more precise."""
    return g if g.dtype is dtype or g.dtype == dtype else g.astype(dtype)


def as_array(y: Any) -> Any:
    """Return what a function returned as a number, an array or a traced value; a structure as it is."""
    if isinstance(y, np.ndarray) and y.dtype == object:
        return stacked(y)
    return y if isinstance(y, Traced) or (is_structure(y) and y is not None) else np.asarray(y)[()]


def as_result(y: Any, trace: Trace | None = None) -> Any:
    """Return the same of a function that a trace differentiates, if it has a derivative there."""
    given, y = y, as_array(y)
    if y is not None and is_structure(y):
        return y
    if isinstance(y, Traced) and trace is not None and y.owner.level > trace.level:
        raise LeakedTracerError(
            f"f returned {y!r}, a dual number or traced value that was made inside of f, whose derivative is not that "
            "with respect to f's arguments. Expected a number or an array: return its .value or its .tangent."
        )
    if getattr(y, "dtype", _OBJECT).kind not in "fiub":
        what = f"f returned {given!r} ({type(given).__name__}); expected a real number or an array of real numbers."
        slip = "Does f end without a return statement?" if given is None else "Call it." if callable(given) else ""
        raise InputError(f"{what} {slip}".rstrip())
    return y


def as_results(y: Any, trace: Trace | None = None) -> Any:
    """Return the same of a structure of results; None, which is often a forgotten return, is none."""
    if holds_none(y):
        as_result(None)
    return map_leaves(lambda leaf: as_result(leaf, trace), y)


def holds_none(y: Any) -> bool:
    """Say whether y is None, or a tuple, list or dict that holds it; the field of a dataclass may well be None."""
    return y is None or (isinstance(y, CONTAINERS) and any(map(holds_none, members_of(y).values())))


_OBJECT = np.dtype(object)


def value_of(y: Any, trace: Trace) -> Any:
    """Return a result as it is outside of a trace."""
    return y.value if isinstance(y, Traced) and y.owner is trace else y


def choose(arguments: tuple[Any, ...], argnums: int | tuple[int, ...]) -> tuple[Any, ...]:
    """Return the arguments that are differentiated."""
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    if any(not -len(arguments) <= number < len(arguments) for number in numbers):
        raise InputError(
            f"argnums is {argnums}, and the function was called with {len(arguments)} arguments by position. Expected "
            "numbers from 0; pass what is differentiated by position, not by name."
        )
    if len({number % len(arguments) for number in numbers}) < len(numbers):
        raise InputError(f"argnums is {argnums}, which names an argument twice. Name each once.")
    return no_none(tuple(arguments[number] for number in numbers))


def no_none(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return arguments of which none is None; inside of a structure it may stand for nothing."""
    for argument in arguments:
        if argument is None:
            differentiable(argument)
    return arguments


def positions(argnums: Any) -> Any:
    """Return argnums if it is an int, or a tuple of ints."""
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    if not all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in numbers):
        example = tuple(argnums) if isinstance(argnums, list) else (0, 1)
        raise InputError(
            f"argnums is {argnums!r}; expected the position of an argument, such as 0, or a tuple of positions, such "
            f"as {example}."
        )
    return argnums


def replaced(arguments: tuple[Any, ...], argnums: int | tuple[int, ...], inputs: Any) -> tuple[Any, ...]:
    """Return the arguments with the differentiated ones replaced."""
    made = list(arguments)
    for number, value in zip(argnums if isinstance(argnums, tuple) else (argnums,), inputs, strict=True):
        made[number] = value
    return tuple(made)


def shaped(chosen: tuple[Any, ...], argnums: int | tuple[int, ...], leaves: list[Any]) -> Any:
    """Return leaves in the structure of what was chosen; a tuple only if argnums is one."""
    made = like(chosen, leaves)
    return made if isinstance(argnums, tuple) else made[0]


def matching(who: str, primals: Any, seeds: Any) -> tuple[Any, Any]:
    """Return primals and seeds as real arrays, if they have the same structure and shapes."""
    if not same_structure(primals, seeds):
        raise SeedError(
            f"{who} was given seeds that are not built like what they belong to: {seeds!r} for {primals!r}. Expected "
            "the same structure, with an array for each array."
        )
    primals, seeds = map_leaves(differentiable, primals), map_leaves(lambda _, s: differentiable(s), primals, seeds)
    for x, seed in zip(leaves_of(primals), leaves_of(seeds), strict=True):  # both in the order of the primals
        if x.shape != seed.shape:
            raise SeedError(f"{who} was given a seed of shape {seed.shape}; expected {x.shape}, that of its value.")
    return primals, seeds
