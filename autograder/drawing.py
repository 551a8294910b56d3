"""For authors: how the inputs of a check are drawn, so that no known mistake passes by luck.

A check is only as good as its inputs. General ones have no number that is 0 or 1, no two that are alike, and no shape
that fits when it is turned round; and they are drawn again until every known mistake answers otherwise than right, in
the first digits and not in the last.

.. code-block:: python

    from autograder.drawing import numbers, until_told_apart

    def some_vectors(rng):
        def draw():
            return {"a": numbers(rng, 3), "b": numbers(rng, 3)}

        return until_told_apart(draw, right, MISTAKES)

All randomness comes from the `rng` that `inputs(rng)` was given: so a seed gives the same questions again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

NUMBERS = {"b": "truth", "i": "real", "u": "real", "f": "real", "c": "complex"}  # kinds of dtypes
LEAST = 0.01  # how far a wrong answer must lie from the right one, where nothing else is said


def number(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number with two decimals, away from 1, which hides a factor or an exponent."""
    while True:
        drawn = float(np.round(rng.uniform(low, high), 2))
        if abs(drawn - 1) > 0.1:
            return drawn


def either_sign(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number as `number` does, or its negative."""
    return number(rng, low, high) * int(rng.choice([-1, 1]))


def numbers(
    rng: np.random.Generator, *shape: int, low: float = 0.5, high: float = 2.0, signs: Sequence[int] = (-1, 1)
) -> np.ndarray:
    """Draw an array of numbers between `low` and `high` in size, with two decimals so that a student can read them.

    Examples
    --------
    >>> drawn = numbers(np.random.default_rng(0), 2, 3)
    >>> drawn.shape, bool((abs(drawn) >= 0.5).all())
    ((2, 3), True)
    """
    return np.round(rng.uniform(low, high, shape) * rng.choice(signs, shape), 2)


def general(*values: float) -> bool:
    """Whether the numbers are no special ones: not 0, not 1 in size, and no two of the same size.

    Examples
    --------
    >>> general(0.5, -2.0), general(0.5, -0.5), general(3.0, 1.0)
    (True, False, False)
    """
    return len({0.0, 1.0, *map(abs, values)}) == 2 + len(values)


def general_numbers(
    rng: np.random.Generator, *shape: int, low: float = 0.4, high: float = 1.9, signs: Sequence[int] = (-1, 1)
) -> np.ndarray:
    """Draw an array as `numbers` does, whose entries are `general`."""
    while True:
        drawn = numbers(rng, *shape, low=low, high=high, signs=signs)
        if general(*drawn.ravel().tolist()):
            return drawn


def expression(rng: np.random.Generator, names: Sequence[str], depth: int, functions: Sequence[str] = ()) -> str:
    """Draw an expression of operations and functions over some names, as Python text.

    Numbers stand only beside names, so that no part of it is constant.

    Parameters
    ----------
    rng : numpy.random.Generator
    names : sequence of str
    depth : int
        How many operations stand within one another.
    functions : sequence of str
        What may be applied, such as ``("sin", "exp")``.

    Examples
    --------
    >>> expression(np.random.default_rng(1), ["x", "y"], 2)
    '((x + x) ** 3)'
    """
    if depth == 0:
        return str(rng.choice(names))
    inner = expression(rng, names, depth - 1, functions)
    kind = rng.choice(["function", "function", "power", "operator", "operator", "operator"][0 if functions else 2 :])
    if kind == "function":
        return f"{rng.choice(functions)}({bare(inner)})"
    if kind == "power":
        return f"({inner} ** {rng.choice([2, 3, -1, -2])})"
    other = str(number(rng, 0.4, 3)) if rng.random() < 0.4 else expression(rng, names, depth // 2, functions)
    left, right = (inner, other) if rng.random() < 0.5 else (other, inner)
    return f"({left} {rng.choice(['+', '-', '*', '/'])} {right})"


def bare(text: str) -> str:
    """Take the brackets around the whole of a drawn expression away."""
    return text[1:-1] if text[0] == "(" else text


def farthest(one: Any, other: Any) -> float:
    """Return the largest difference between two answers; infinite where kind, shape or finiteness differ.

    Examples
    --------
    >>> farthest({"a": 1.0, "b": [2.0, 3.0]}, {"a": 1.5, "b": [2.0, 3.0]})
    0.5
    >>> farthest(1.0, float("nan")), farthest((1.0, 2.0), (1.0,)), farthest(2.0, ValueError)
    (inf, inf, inf)
    """
    if type(one) is type(other) is float:  # what most answers are made of
        if math.isfinite(one) and math.isfinite(other):
            return abs(one - other)
        return 0.0 if math.isfinite(one) == math.isfinite(other) else math.inf
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return math.inf
        return max((farthest(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list | tuple) or isinstance(other, list | tuple):
        if type(one) is not type(other) or len(one) != len(other):
            return math.inf
        return max((farthest(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, str | None) or isinstance(other, str | None):
        return 0.0 if type(one) is type(other) and one == other else math.inf
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype.kind not in NUMBERS or NUMBERS[a.dtype.kind] != NUMBERS.get(b.dtype.kind) or a.shape != b.shape:
        return math.inf
    if not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return math.inf
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(a.astype(complex) - b.astype(complex)), initial=0.0, where=np.isfinite(a)))


def told_apart(right: Any, wrong: Iterable[Any], least: float = LEAST) -> bool:
    """Whether every wrong answer differs from the right one by more than `least`, somewhere."""
    return all(farthest(right, answer) > least for answer in wrong)


def all_told_apart(answers: Sequence[Any], least: float = LEAST) -> bool:
    """Whether no two of the answers agree, so that each mistake shows which one it is."""
    return all(told_apart(answer, answers[:k], least) for k, answer in enumerate(answers))


def until_told_apart(
    draw: Callable[[], dict[str, Any] | None],
    right: Callable[..., Any],
    mistakes: Mapping[str, Callable[..., Any]],
    least: float = LEAST,
    largest: float = math.inf,
) -> dict[str, Any]:
    """Draw inputs until every mistake answers otherwise than right.

    Parameters
    ----------
    draw : callable
        ``draw()`` returns inputs, or None where it has drawn some of which nothing can be said.
    right : callable
        ``right(**inputs)`` is the right answer.
    mistakes : mapping of str to callable
        What shall show. Inputs on which one of them breaks down, dividing by 0, are drawn again.
    least : float
        By how much a wrong answer must differ from the right one, somewhere in it.
    largest : float
        The right answer must be finite, and no number in it larger than this.

    Returns
    -------
    dict
        The inputs.
    """
    while True:
        inputs = draw()
        if inputs is None:
            continue
        with np.errstate(all="ignore"):
            try:
                answer, wrong = right(**inputs), [mistake(**inputs) for mistake in mistakes.values()]
            except (ArithmeticError, np.linalg.LinAlgError):
                continue
        small = math.isinf(largest) or np.max(np.abs(np.nan_to_num(answer, nan=math.inf))) <= largest
        if small and told_apart(answer, wrong, least):
            return inputs
