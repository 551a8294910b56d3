"""A run in plain data: the cells and questions that go to a worker, and what came of each.

Whoever reads a submission makes cells of it, the room `run` takes them to a worker, and marking looks at what came
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.ground.answers import Outcome, encode


@dataclass(frozen=True)
class Cell:
    """One code cell to run: its grade_id (or "cell 7" where it has none) and its source in plain Python.

    A copy of a cell is no. 7 too, but still belongs to its `part`, the grade_id. With `show`, a person will look at
    what it draws. `seconds` is what it may take, where that is not what other cells may.
    """

    name: str
    source: str
    part: str = ""
    show: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class Trial:
    """One question to a notebook: the probe's source, its inputs, and the seconds that it may take.

    `counts` says whether it earns points by itself; otherwise one wrong trial decides over the whole check.
    """

    check: str
    number: int
    probe: str
    inputs: Mapping[str, Any]
    seconds: float = 5.0
    counts: bool = True

    @cached_property
    def form(self) -> Any:
        """The inputs as they cross: encoded once, for however many notebooks are asked."""
        return encode(dict(self.inputs))


@dataclass(frozen=True)
class CellRun:
    """How one cell ended.

    `error` is "" or says what it raised and where, or why it was `stopped`; `output` is what it printed, capped;
    `figures` are PNG pictures in base64.
    """

    name: str
    error: str = ""
    output: str = ""
    stopped: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """How a submission ran.

    `outcomes` holds an outcome for every trial that was asked, also for those that were never answered. `stopped` is
    "" or says in words why the run ended early.
    """

    cells: tuple[CellRun, ...] = ()
    outcomes: Mapping[tuple[str, int], Outcome] = field(default_factory=dict)
    stopped: str = ""
    seconds: float = 0.0


class CannotRun(RuntimeError):
    """A machine cannot run submissions as asked. The message says what is missing and how to get it."""
