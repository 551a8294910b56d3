"""Structures: tuples, lists, dicts and dataclasses of arrays, taken apart into leaves and put together again.

The parameters of a model are seldom one array. A structure is a tuple, a named tuple, a list, a dict or an instance of
a dataclass whose members are structures, or None, which holds nothing; anything else is a leaf. A gradient has the
structure of what it is taken with respect to.

A field of a dataclass that is declared with ``field(metadata={"static": True})`` is no member: it stays as it is.
What an instance has besides its fields may have been computed from them, and would not follow when they move: it is
refused. A cached property is computed anew.
"""

import copy
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from course_lib.autodiff.errors import InputError

CONTAINERS = (tuple, list, dict)


def is_structure(given: Any) -> bool:
    """Say whether a value is a structure and not a leaf; a class is none."""
    return (
        isinstance(given, CONTAINERS)
        or given is None
        or (hasattr(type(given), "__dataclass_fields__") and not isinstance(given, type))
    )


def fields_of(structure: Any) -> list[str]:
    """Return the names of a dataclass's members."""
    fields = type(structure).__dataclass_fields__
    others = [
        name
        for name in attributes_of(structure)
        if not (name in fields or name.startswith("__") or is_cached(structure, name))
    ]
    if others:
        raise InputError(
            f"An instance of {type(structure).__name__} has the attribute {others[0]!r}, which is no field. Computed "
            "from fields, it would stay what it is where these move, and the derivative would be another one. Make it "
            "a property that computes it, or declare it as a field, by field(init=False, metadata={'static': True}) "
            "if it depends on no other."
        )
    return [name for name, field in fields.items() if not field.metadata.get("static") and hasattr(structure, name)]


def attributes_of(instance: Any) -> dict[str, Any]:
    """Return what stands in the dictionary of an instance, if it has one."""
    return getattr(instance, "__dict__", {})


def is_cached(instance: Any, name: str) -> bool:
    """Say whether an attribute is what a cached property has computed."""
    return isinstance(getattr(type(instance), name, None), functools.cached_property)


def members_of(structure: Any) -> dict[Any, Any]:
    """Return the members of a structure by their keys, places or names, in their order."""
    if isinstance(structure, dict):
        return structure
    if isinstance(structure, tuple | list):
        return dict(enumerate(structure))
    return {} if structure is None else {name: getattr(structure, name) for name in fields_of(structure)}


def leaves_of(structure: Any) -> list[Any]:
    """Return the leaves from left to right, those of a dict in the order of its insertion."""
    if not is_structure(structure):
        return [structure]
    members = structure if isinstance(structure, tuple | list) else members_of(structure).values()
    return [leaf for member in members for leaf in leaves_of(member)]


def like(structure: Any, leaves: Iterable[Any]) -> Any:
    """Return the same structure with other leaves, given from left to right."""
    leaves = iter(leaves)
    return map_leaves(lambda _: next(leaves), structure)


def map_leaves(function: Callable[..., Any], structure: Any, *others: Any) -> Any:
    """Apply a function to the leaves of one structure, or to those that stand in the same places of several."""
    if not is_structure(structure):
        return function(structure, *others)
    if isinstance(structure, dict):
        return {key: map_leaves(function, member, *(o[key] for o in others)) for key, member in structure.items()}
    if isinstance(structure, tuple | list):
        members = [map_leaves(function, *column) for column in zip(structure, *others, strict=True)]
        return type(structure)(*members) if hasattr(structure, "_fields") else type(structure)(members)
    if structure is None:
        return None
    made = copy.copy(structure)
    for name in [name for name in attributes_of(made) if is_cached(made, name)]:
        del made.__dict__[name]
    for name, member in members_of(structure).items():
        object.__setattr__(made, name, map_leaves(function, member, *(getattr(o, name) for o in others)))
    return made


def same_structure(one: Any, other: Any) -> bool:
    """Say whether two structures have leaves in the same places."""
    if not is_structure(one):
        return not is_structure(other)
    if type(one) is not type(other) and not (isinstance(one, dict) and isinstance(other, dict)):
        return False
    members, theirs = members_of(one), members_of(other)
    return members.keys() == theirs.keys() and all(same_structure(member, theirs[k]) for k, member in members.items())


def where_leaves_are(structure: Any, place: str = "") -> Iterator[str]:
    """Return how each leaf is reached, such as ``[0]['w']``, in the order of `leaves_of`."""
    if not is_structure(structure):
        yield place
        return
    for key, member in members_of(structure).items():
        named = not isinstance(structure, CONTAINERS)
        yield from where_leaves_are(member, f"{place}.{key}" if named else f"{place}[{key!r}]")


class Leaves:
    """A structure taken apart: its arrays from left to right, and the way back."""

    def __init__(self, structure: Any) -> None:
        self.given = structure
        self.arrays = leaves_of(structure)

    def filled(self, arrays: Iterable[Any]) -> Any:
        """Return the same structure with other arrays."""
        return like(self.given, arrays)
