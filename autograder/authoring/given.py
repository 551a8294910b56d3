"""A failed trial, given back to the student: its inputs to work with, and on request what was returned and expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.mark.compare import shown


class Given(Mapping[str, Any]):
    """The inputs of a trial by their names, as attributes, and as a mapping: ``f(**given)``.

    Examples
    --------
    >>> given = Given({"x": 2.0, "n": 3})
    >>> given.x, given["n"], {**given}
    (2.0, 3, {'x': 2.0, 'n': 3})
    >>> given
    x = 2
    n = 3
    """

    def __init__(self, inputs: Mapping[str, Any], told: Mapping[str, Any] | None = None):
        self._inputs = dict(inputs)
        self._told = dict(told or {})

    def __getattr__(self, name: str) -> Any:
        for known in ("_inputs", "_told"):
            if name in (values := self.__dict__.get(known, {})):
                return values[name]
        raise AttributeError(f"there is no {name!r}; there are {', '.join([*self._inputs, *self._told])}.")

    def __getitem__(self, name: str) -> Any:
        return self._inputs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)

    def __dir__(self) -> list[str]:
        return [*self._inputs, *self._told]

    def __repr__(self) -> str:
        return "\n".join(f"{name} = {shown(value)}" for name, value in (self._inputs | self._told).items())
