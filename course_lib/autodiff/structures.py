"""Structures: tuples, lists and dicts of arrays, taken apart into leaves and put together again.

The parameters of a model are seldom one array. A structure is a tuple, a named tuple, a list or a dict
whose members are structures; anything else is a leaf. A gradient has the structure of what it is taken
with respect to.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

CONTAINERS = (tuple, list, dict)


def leaves_of(structure: Any) -> list[Any]:
    """Return the leaves from left to right, those of a dict in the order of its insertion."""
    if not isinstance(structure, CONTAINERS):
        return [structure]
    members = structure.values() if isinstance(structure, dict) else structure
    return [leaf for member in members for leaf in leaves_of(member)]


def like(structure: Any, leaves: Iterable[Any]) -> Any:
    """Return the same structure with other leaves, given from left to right."""
    leaves = iter(leaves)
    return map_leaves(lambda _: next(leaves), structure)


def map_leaves(function: Callable[..., Any], structure: Any, *others: Any) -> Any:
    """Apply a function to the leaves of one structure, or to those that stand in the same places of several."""
    if not isinstance(structure, CONTAINERS):
        return function(structure, *others)
    if isinstance(structure, dict):
        return {key: map_leaves(function, member, *(o[key] for o in others)) for key, member in structure.items()}
    members = [map_leaves(function, *column) for column in zip(structure, *others, strict=True)]
    return type(structure)(*members) if hasattr(structure, "_fields") else type(structure)(members)


def same_structure(one: Any, other: Any) -> bool:
    """Say whether two structures have leaves in the same places."""
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same_structure(member, other[key]) for key, member in one.items())
        )
    if isinstance(one, tuple | list):
        return type(one) is type(other) and len(one) == len(other) and all(map(same_structure, one, other))
    return not isinstance(other, dict | tuple | list)


def where_leaves_are(structure: Any, place: str = "") -> Iterator[str]:
    """Return how each leaf is reached, such as ``[0]['w']``, in the order of `leaves_of`."""
    if not isinstance(structure, CONTAINERS):
        yield place
        return
    for key, member in structure.items() if isinstance(structure, dict) else enumerate(structure):
        yield from where_leaves_are(member, f"{place}[{key!r}]")


class Leaves:
    """A structure taken apart: its arrays from left to right, without the Nones, and the way back."""

    def __init__(self, structure: Any) -> None:
        self.given = structure
        leaves = leaves_of(structure)
        self.there = [leaf is not None for leaf in leaves]
        self.arrays = [leaf for leaf in leaves if leaf is not None]

    def filled(self, arrays: Iterable[Any]) -> Any:
        """Return the same structure with other arrays."""
        arrays = iter(arrays)
        return like(self.given, [next(arrays) if there else None for there in self.there])
