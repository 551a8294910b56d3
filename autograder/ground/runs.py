"""A run in plain data: the cells and questions that go to a worker, and what came of each.

Whoever reads a submission makes cells of it, the room `run` takes them to a worker, and marking looks at what came
back.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from autograder.ground.answers import Outcome, decode, encode


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


def called(name: str) -> str:
    """Return what a cell is called at the beginning of a sentence.

    Examples
    --------
    >>> called("cell 7"), called("backward")
    ('Cell 7', 'The cell `backward`')
    """
    return name.capitalize() if re.fullmatch(r"cell \d+", name) else f"The cell `{name}`"


@dataclass(frozen=True)
class Trial:
    """One question to a notebook: the probe's source, its inputs, and the seconds that it may take.

    `offers`, called with the inputs, returns functions by name that the probe receives beside them: the trusted side
    computes what they give, and counts how often they are called.
    """

    check: str
    number: int
    probe: str
    inputs: Mapping[str, Any]
    seconds: float = 5.0
    offers: Callable[..., Mapping[str, Callable[..., Any]]] | None = None

    @cached_property
    def text(self) -> str:
        """The probe and its inputs as they cross: written once, for however many notebooks are asked."""
        return json.dumps({"probe": self.probe, "inputs": encode(dict(self.inputs))})[1:-1]

    def offered(self) -> Offered:
        """Return this trial's functions, for one notebook."""
        return Offered(self.offers(**copy.deepcopy(dict(self.inputs))) if self.offers else {})


MAX_CALLS = 20_000  # of the functions that one trial offers


class Offered:
    """Functions that a probe may call and student code cannot look into: they run, and are counted, on this side.

    Examples
    --------
    >>> offered = Offered({"pulls": lambda g: 2 * g})
    >>> offered.call("pulls", [1.5]), offered.call("pulls", [2.0])
    (3.0, 4.0)
    >>> [offered.judged(Outcome("answer", answer)).value for answer in ({"adjoint": 4.0}, 4.0)]
    [{'adjoint': 4.0, 'calls of pulls': 2}, {'answer': 4.0, 'calls of pulls': 2}]
    >>> Offered({}).judged(Outcome("answer", 4.0)).value
    4.0
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]]):
        self.functions = functions
        self.calls = dict.fromkeys(functions, 0)

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Call one of them; raise `RecursionError` where there is no end."""
        if sum(self.calls.values()) >= MAX_CALLS:
            raise RecursionError(f"it was called more than {MAX_CALLS} times")
        self.calls[name] += 1
        return self.functions[name](*arguments)

    def judged(self, said: Outcome) -> Outcome:
        """Return an outcome with the numbers of calls beside its answer, where there are functions."""
        if said.kind != "answer" or not self.functions:
            return said
        counted = {f"calls of {name}": number for name, number in self.calls.items()}
        answer = said.value if isinstance(said.value, dict) else {"answer": said.value}
        return replace(said, value=answer | counted)

    def at_home(self) -> dict[str, Callable[..., Any]]:
        """Return them for a probe that runs in this process."""
        return {name: functools.partial(self._called, name) for name in self.functions}

    def _called(self, name: str, *arguments: Any) -> Any:
        if all(type(argument) in (int, float) for argument in arguments):  # these cross as they are
            given = self.call(name, list(arguments))
            return given if type(given) is float else decode(encode(given))
        return decode(encode(self.call(name, decode(encode(list(arguments))))))


@dataclass(frozen=True)
class CellRun:
    """How one cell ended.

    `error` is "" or says what it raised and where, or why it was `stopped`; `output` is what it printed, capped;
    `figures` are PNG pictures in base64; `value` is what its last line is worth, if somebody looks at it: a number, a
    truth value, None, or the name of what else it is. `raised` has the parts of `error` where the cell raised it: the
    exception's type, its message, the place; `lines` are those of the cell through which it came, the last innermost.
    `cut_off` says that the run ended in it or before it: no worker can say so of itself.
    """

    name: str
    error: str = ""
    output: str = ""
    stopped: bool = False
    figures: tuple[str, ...] = ()
    value: bool | float | str | None = None
    raised: tuple[str, ...] = field(default=(), compare=False)
    lines: tuple[int, ...] = field(default=(), compare=False)
    cut_off: bool = False


@dataclass(frozen=True)
class Run:
    """How a submission ran.

    `outcomes` holds an outcome for every trial that was asked, also for those that were never answered. `stopped` is
    "" or says in words why the run ended early, `ended_in` the cell in which it ended, if it was in one. `charged` is
    what the run takes from the budget of its submission: the processor time of all that ran, as far as it is counted,
    or what waiting weighs where that is more. `by_wall` says that something was ended by the clock on the wall, which a
    busy machine may have caused.
    """

    cells: tuple[CellRun, ...] = ()
    outcomes: Mapping[tuple[str, int], Outcome] = field(default_factory=dict)
    stopped: str = ""
    ended_in: str = ""
    seconds: float = 0.0
    charged: float = 0.0
    by_wall: bool = False

    def without_words(self) -> Run:
        """Return the same run, of whose cells nothing is told but whether they came to their ends."""
        ended = "it did not run to its end"
        cells = (replace(c, error=c.error and ended, output="", figures=(), raised=()) for c in self.cells)
        return replace(self, cells=tuple(cells))


class CannotRun(RuntimeError):
    """A machine cannot run submissions as asked. The message says what is missing and how to get it."""
