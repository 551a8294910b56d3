"""Loops as operations: `scan`, a for loop that carries something along, and `while_loop`.

A Python loop is a good loop, and every mode differentiates it: its operations go by one after the other. But whatever
records them sees each step anew. A thousand steps of twenty operations are a program of twenty thousand lines, which
`jit` must record, simplify and compile, and the reverse sweep is as long again. `scan` says what the loop is: *one*
step, done n times. In plain calls it is a Python loop. Under `jit` the step is recorded once and the program has a
loop in it (`recorded.py`), as has its derivative: forward mode carries a tangent beside each carried value, reverse
mode is a loop that goes back over the states that the first one kept.

The meaning of both functions is JAX's, whose users know them under these names.
"""

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_lib.autodiff.errors import LoopError
from course_lib.autodiff.loops.carry import (
    described,
    following,
    held_where_done,
    holds,
    not_in_place,
    numeric,
    own,
    pair,
    shown,
)
from course_lib.autodiff.structures import Leaves, leaves_of, map_leaves, same_structure, where_leaves_are
from course_lib.autodiff.traced import RECORDINGS, Traced


def scan(
    step: Callable[[Any, Any], tuple[Any, Any]], start: Any, xs: Any = None, length: int | None = None
) -> tuple[Any, Any]:
    """Carry something through a loop, and collect what each step gives out.

    ``carry, y = step(carry, x)`` for each row x of xs, from the first to the last.

    Parameters
    ----------
    step : callable
        ``step(carry, x)`` returns the next carry, with the structure, shapes and types of this one, and what is to be
        collected: an array, a structure of arrays, or None.
    start : array or structure of arrays
        The first carry.
    xs : array or structure of arrays, each of shape (length, ...)
        What the steps are given, one row each. None if they are given nothing; then x is None.
    length : int
        How many steps; needed only without xs.

    Returns
    -------
    tuple (last, ys)
        The carry after the last step, and what the steps gave out, stacked along a new first axis.

    Raises
    ------
    LoopError
        If a step returns no pair, or a carry that is built otherwise than the one before; if the rows of xs are not
        equally many, or not as many as ``length`` says.

    Notes
    -----
    Under `jit` the step runs once, to be recorded, whatever the length; traced values over which it closes become
    operands of the loop. Reverse mode keeps the carry of every step; ``scan(checkpoint(...))`` over blocks keeps fewer.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 12, on loops and what they keep.

    Examples
    --------
    Compound interest, and the balance after each year:

    >>> scan(lambda balance, rate: (balance * rate, balance * rate), 100.0, np.array([1.1, 1.2, 1.5]))
    (np.float64(198.0), array([110., 132., 198.]))
    >>> from course_lib.autodiff import grad, jit
    >>> power = lambda x: scan(lambda y, _: (y * x, None), 1.0, length=10)[0]
    >>> power(2.0), jit(grad(power))(2.0)
    (np.float64(1024.0), np.float64(5120.0))
    """
    count, xs = _length(xs, None if length is None else _whole(length))
    begin = map_leaves(numeric, start)
    if RECORDINGS.open:
        from course_lib.autodiff.loops import batch  # noqa: F401  (what a loop does with batches enters itself)
        from course_lib.autodiff.loops.recorded import recorded_scan  # imported when a program is recorded, as `jit` is

        found = recorded_scan(step, begin, xs, count)
        if found is not None:
            return found
    with not_in_place():
        return _python_scan(step, begin, xs, count)


def while_loop(condition: Callable[[Any], Any], step: Callable[[Any], Any], start: Any) -> Any:
    """Do a step again and again, as long as a condition holds.

    Parameters
    ----------
    condition : callable
        ``condition(carry)`` returns one truth value; it is asked before each step.
    step : callable
        ``step(carry)`` returns the next carry, with the structure, shapes and types of this one.
    start : array or structure of arrays
        The first carry.

    Returns
    -------
    array or structure of arrays
        The first carry for which the condition does not hold.

    Raises
    ------
    LoopError
        If the condition is not one truth value, or a step returns a carry that is built otherwise than the one before.

    Notes
    -----
    The derivative is that of the steps that were done; how many they are does not change with small changes.
    Reverse mode keeps all carries in a list. Under `vmap` all rows go on until the last has ended, and a row that has
    keeps its carry.

    Examples
    --------
    The square root of 2 by Heron's method, and its derivative 1 / (2 sqrt(2)):

    >>> from course_lib.autodiff import grad
    >>> root = lambda a: while_loop(lambda x: np.abs(x * x - a) > 1e-12, lambda x: 0.5 * (x + a / x), 1.0)
    >>> print(f"{root(2.0):.6f} {grad(root)(2.0):.6f}")
    1.414214 0.353553
    """
    begin = map_leaves(numeric, start)
    if RECORDINGS.open:
        from course_lib.autodiff.loops import batch  # noqa: F401
        from course_lib.autodiff.loops.recorded import recorded_while

        found = recorded_while(condition, step, begin)
        if found is not None:
            return found[0]
    carry = begin
    with not_in_place():
        while True:
            goes_on = condition(shown(carry))
            if not holds(goes_on):
                return map_leaves(own, carry)
            after = following(carry, step(shown(carry)))
            carry = held_where_done(goes_on, carry, after)


def _whole(length: Any) -> int:
    """Return a number of steps, if it is one."""
    if isinstance(length, Traced):
        raise LoopError(
            f"The length of a scan is {length!r}, a traced value; expected a whole number that is known before the "
            "loop begins. Pass it as an int by an argument that is not differentiated and has no rows, or "
            "use while_loop."
        )
    try:
        count = operator.index(length)
    except TypeError:
        count = -1
    if count < 0 or isinstance(length, bool):
        raise LoopError(f"The length of a scan is {length!r}; expected a whole number, 0 or more.")
    return count


def _length(xs: Any, length: int | None) -> tuple[int, Any]:
    """Return the number of steps, and xs as arrays."""
    xs = map_leaves(numeric, xs)
    places = list(zip(where_leaves_are(xs), leaves_of(xs), strict=True))
    for place, leaf in places:
        if leaf.ndim == 0:
            raise LoopError(
                f"scan goes over the rows of xs, and xs{place} is one number. Expected arrays with a first axis; a "
                "list is a structure of its members: write np.array(...) around it."
            )
    lengths = {len(leaf) for _, leaf in places} | ({length} if length is not None else set())
    if not lengths:
        raise LoopError("scan was given neither xs nor length. Expected one of them, to know how many steps to do.")
    if len(lengths) > 1:
        rows = ", ".join(f"xs{place} has {len(leaf)}" for place, leaf in places)
        said = "" if length is None else f" and length is {length}"
        raise LoopError(f"The numbers of steps differ: {rows}{said}. Expected as many rows in each.")
    (count,) = lengths
    return count, xs


# --- In plain calls, and where traces follow every step ---------------------------------------------------


def _python_scan(step: Callable[[Any, Any], Any], begin: Any, xs: Any, count: int) -> tuple[Any, Any]:
    """Do the steps one after the other."""
    if count == 0:
        return map_leaves(own, begin), _nothing_collected(step, begin, xs)
    carry, structure, collected = begin, None, []
    for x in _rows(xs, count):
        new, y = pair(step(shown(carry), x))
        carry = following(carry, new)
        if y is None and structure is not None and structure.given is None:
            continue
        y = map_leaves(numeric, y)
        if structure is None:
            structure = Leaves(y)
        elif not same_structure(structure.given, y):
            raise LoopError(
                f"The steps of a scan gave out {described(structure.given)} and then {described(y)}. Expected the same "
                "structure from every step."
            )
        collected.append([own(leaf) for leaf in leaves_of(y)])
    assert structure is not None
    stacks = [np.stack(column) for column in zip(*collected, strict=True)]
    return map_leaves(own, carry), structure.filled(stacks)


def _rows(xs: Any, count: int) -> Iterator[Any]:
    """Return the rows of a structure of arrays, one after the other."""
    leaves = Leaves(xs)
    if not leaves.arrays:
        return iter([xs] * count)
    return map(leaves.filled, zip(*leaves.arrays, strict=True))


def _nothing_collected(step: Callable[[Any, Any], Any], begin: Any, xs: Any) -> Any:
    """Return what no step gave out: arrays without rows, of the shapes that a step would have given out."""
    x = map_leaves(lambda leaf: np.zeros(leaf.shape[1:], leaf.dtype)[()], xs)
    with np.errstate(all="ignore"):
        _, y = pair(step(shown(begin), x))
    return map_leaves(lambda leaf: np.zeros((0, *np.shape(leaf)), numeric(leaf).dtype), y)
