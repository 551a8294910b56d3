"""Sweeps: one run of a program forward, or of its tape backward, with one seed or with a stack of many.

A forward sweep runs the program on dual numbers; a reverse sweep reads a tape from its last line to the first. Which
seeds go in, and how what comes out is arranged, is the business of the transforms.
"""

import itertools
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, NoRuleError, SeedError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.dual import Dual, ForwardTrace, dual
from course_lib.autodiff.overloading.tape import Node, Tape, unshared
from course_lib.autodiff.structures import leaves_of, like, map_leaves, same_structure
from course_lib.autodiff.traced import Trace, Traced, stacked

Function = Callable[..., Any]


def pushed(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...], count: int | None) -> tuple[Any, Any]:
    """Run f with one tangent for each primal, or with stacks of ``count`` tangents."""
    trace = ForwardTrace()
    try:
        inputs = map_leaves(lambda x, t: dual(x, t, trace), primals, tangents)
        y = map_leaves(as_result, f(*inputs))
    except TypeError as error:
        explain_mixed_array(error)
        raise
    finally:
        trace.close()

    def tangent_of(leaf: Any) -> Any:
        if isinstance(leaf, Dual) and leaf.owner is trace:
            return leaf.stack
        return np.zeros(np.shape(leaf) if count is None else (count, *np.shape(leaf)))[()]

    return map_leaves(lambda leaf: value_of(leaf, trace), y), map_leaves(tangent_of, y)


def unit_seeds(leaves: list[Any]) -> tuple[int, list[slice], list[Any]]:
    """Return how many entries the leaves have, which of them are each leaf's, and for each leaf a stack of seeds.

    Seed i is 1 in entry i, counted through all leaves, and 0 in the others.
    """
    ends = list(itertools.accumulate([np.size(x) for x in leaves]))
    places = [slice(end - np.size(x), end) for x, end in zip(leaves, ends, strict=True)]
    count = ends[-1] if ends else 0
    eye = np.eye(count)
    stacks = [np.ascontiguousarray(eye[:, p]) for p in places]
    return count, places, [np.reshape(s, (count, *np.shape(x))) for s, x in zip(stacks, leaves, strict=True)]


def pulled(pullback: Any, y: Any, seeds: list[Any], count: int) -> list[Any]:
    """Return for each primal's leaf the stack of what a pullback makes of stacks of seeds, one for each leaf of y.

    A pullback is linear: its derivative along a seed is what it makes of that seed. So one sweep on dual numbers, with
    the seeds as tangents, does the work of many; lines of numbers, which cost least, are better swept one by one.
    """
    zeros = like(y, [np.zeros(np.shape(leaf))[()] for leaf in leaves_of(y)])
    parts = []
    if count == 0:
        parts.append([np.zeros((0, *np.shape(g))) for g in leaves_of(pullback(zeros))])
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
        yield
    except ValueError as error:
        tape.guard.explain(error)
        raise
    except TypeError as error:
        explain_mixed_array(error)
        raise
    finally:
        tape.close()
        tape.guard.release()


def explain_mixed_array(error: TypeError) -> None:
    """Raise our own error where NumPy met a plain number in an array of objects, made of traced and plain ones."""
    if "no callable" in str(error):
        raise NoRuleError(
            f"An array of traced values and plain numbers, as np.array([x, 1.0]) makes it, met a NumPy function "
            f"({error}). Write np.stack([x, 1.0]) in place of np.array([x, 1.0])."
        ) from error


def swept(tape: Tape, ys: list[Any], seeds: list[Any], shapes: list[tuple[int, ...]], keep: bool) -> list[Any]:
    """Return the cotangents of all inputs; zeros for those that no y depends on."""
    begin = [(y.line, seed) for y, seed in zip(ys, seeds, strict=True) if isinstance(y, Node) and y.owner is tape]
    found = tape.sweep(begin, len(shapes), keep)
    return unshared([np.zeros(shape) if g is None else g for g, shape in zip(found, shapes, strict=True)])


def as_result(y: Any) -> Any:
    """Return what a function returned as a number, an array or a traced value."""
    if isinstance(y, np.ndarray) and y.dtype == object:
        return stacked(y)
    return y if isinstance(y, Traced | dict | list | tuple) else np.asarray(y)[()]


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
    return tuple(arguments[number] for number in numbers)


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
            "the same tuples, lists and dicts, with an array for each array."
        )
    primals, seeds = map_leaves(differentiable, primals), map_leaves(differentiable, seeds)
    for x, seed in zip(leaves_of(primals), leaves_of(map_leaves(lambda _, s: s, primals, seeds)), strict=True):
        if x.shape != seed.shape:
            raise SeedError(f"{who} was given a seed of shape {seed.shape}; expected {x.shape}, that of its value.")
    return primals, seeds
