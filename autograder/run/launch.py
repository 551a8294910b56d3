"""Speaks with a worker and believes nothing that it says.

One question is asked at a time, and its number must come back with the answer: what arrives unasked, twice, or in no
known form is dropped. Every answer has a deadline on this side's clock, every line and the whole conversation have a
bound, and when it ends, however it ends, the worker and all that it started are killed. So whatever student code does
to its own process, what comes out here is a `Run`.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

from autograder.ground.answers import (
    NO_POINTS,
    BadAnswer,
    Outcome,
    decode,
    encode,
    outcome,
    parse,
    plain_text,
)
from autograder.ground.runs import MAX_CALLS, CannotRun, Cell, CellRun, Offered, Run, Trial
from autograder.run.clocks import LOOK, WALL, Clocks
from autograder.run.pipes import HungUp, Pipes
from autograder.run.png import BadPicture, plain_png

WORKER = Path(__file__).with_name("worker.py")
STAND_INS = Path(__file__).with_name("stand_ins.py")
ANSWERS = Path(__file__).parents[1] / "ground" / "answers.py"

MAX_OUTPUT = 200_000  # characters of one cell's output that are kept
START_SECONDS = 30.0  # until a worker must be ready: an interpreter and NumPy, on a busy machine
MAX_FIGURES = 4  # of one cell
FIGURE_SECONDS = 10.0  # in which a cell's figures must be drawn, beside its own time
GRACE = 3.0  # seconds beyond a budget, in which the worker itself may stop the code and say where it was


class Launched(Protocol):
    """A worker that has been started, the pipes to it, and what its launcher can do about it."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]
    settings: Mapping[str, Any] | None  # what the worker is told first; None where it knows already

    def verify(self) -> None:
        """Raise `CannotRun` if the worker, now ready, is not confined as it must be. No student code has run yet."""

    def explain(self, words: str) -> str:
        """Say what it means that the worker did not start, given the last words."""

    def processor_seconds(self) -> float | None:
        """Return the processor time of all that runs in there so far; None where nobody counts it."""

    def killed_because(self) -> str:
        """Say why the launcher itself has killed the worker, or ""."""

    def stop(self) -> None:
        """Kill the worker and all that it started."""


class Launcher(Protocol):
    """A way to start workers."""

    def start(self) -> Launched:
        """Start one worker; raise `CannotRun` if this machine cannot."""


class _Ended(Exception):
    """The conversation is over. The message says why, to go after "The run was stopped: "."""


def run(
    cells: Sequence[Cell],
    trials: Sequence[Trial],
    launcher: Launcher,
    *,
    seconds: float = 60.0,
    cell_seconds: float | None = None,
    alone: bool = True,
) -> Run:
    """Run the cells of one notebook in a fresh worker, then put the trials to it.

    Each check's trials go to one process of their own, in turn: a trial is sent when the one before is answered, and
    what is answered is final. A check that was stopped once is not asked further, since it would only be stopped again.

    Parameters
    ----------
    cells : sequence of Cell
        Run in order; a cell that raises does not stop the later ones.
    trials : sequence of Trial
        Put one at a time, after the last cell has ended; those of one check follow each other.
    launcher : Launcher
        `Sandbox` or `Plain`.
    seconds : float
        The processor time that the whole notebook may take, start-up aside.
    cell_seconds : float, optional
        What one cell may take that says nothing of it; a third of `seconds` where it is not given. A cell that takes
        longer is interrupted and the next one runs. If it cannot be interrupted, the run ends there.
    alone : bool
        Whether this is the last word. If not, what is ended by the clock on the wall ends the run: it will be repeated
        when the machine has nothing else to do.

    Returns
    -------
    Run
        With an entry for every cell and an outcome for every trial, whatever the notebook did.

    Raises
    ------
    CannotRun
        If no worker can be started on this machine.
    autograder.ground.answers.NotPlain
        If the inputs of a trial are not plain data, which is a fault of its check.
    """
    for trial in trials:
        _ = trial.text  # a fault of its check shows before anything is started
    began = time.monotonic()
    conversation = _Conversation(launcher, seconds, alone)
    with contextlib.closing(conversation):
        conversation.open()
        budget = seconds / 3 if cell_seconds is None else cell_seconds
        cell_runs: list[CellRun] = []
        outcomes: dict[tuple[str, int], Outcome] = {}
        stopped = ended_in = ""
        try:
            for cell in cells:
                cell_runs.append(conversation.run_cell(cell, budget))
            for _, series in itertools.groupby(trials, key=lambda trial: trial.check):
                conversation.put(list(series), outcomes)
        except _Ended as end:
            stopped, ended_in = plain_text(str(end)), conversation.within
        charged, by_wall = conversation.charged(), conversation.by_wall
    error = f"not run to its end: {stopped}"
    cell_runs += [CellRun(cell.name, error, stopped=True, cut_off=True) for cell in cells[len(cell_runs) :]]
    for trial in trials:
        outcomes.setdefault((trial.check, trial.number), Outcome("stopped", text=stopped))
    return Run(tuple(cell_runs), outcomes, stopped, ended_in, time.monotonic() - began, charged, by_wall)


@dataclass(frozen=True)
class _Until:
    """When an answer is overdue: what was allowed, and where the clocks stand then.

    The clock on the wall that runs `slow` on a crowded machine has to be over, and the `real` one, by which the worker
    itself stops the code a moment before.
    """

    seconds: float
    wall: float
    processor: float
    slow: float
    real: float


class _Conversation:
    """One worker's life: its start, the questions put to it, and its end."""

    def __init__(self, launcher: Launcher, seconds: float, alone: bool):
        self.seconds, self.alone = seconds, alone
        self.worker = launcher.start()
        self.number = 0  # of questions
        self.place, self.within = "before its first cell", ""
        self.clocks: Clocks | None = None
        self.by_wall = False
        self.waited = 0.0  # when the clock on the wall is over, for what is being asked
        self.pipes = Pipes(self.worker.stdin, self.worker.stdout)

    def open(self) -> None:
        """Wait until the worker is ready, and look whether it is confined as it must be."""
        if self.worker.settings is not None:
            self._send(json.dumps(self.worker.settings))
        try:
            self._await(0, self._until(START_SECONDS, START_SECONDS))
        except _Ended as end:
            self.worker.stop()
            words = self.worker.stderr.read(4000).decode("utf-8", "replace").strip()
            raise CannotRun(self.worker.explain(plain_text(words or str(end), 2000))) from None
        self.worker.verify()
        self.clocks = Clocks(self.worker)

    def used(self) -> float:
        """Return the processor time that has been used since the worker was ready."""
        if self.clocks is None:
            return 0.0
        self.clocks.look()
        return self.clocks.processor

    def charged(self) -> float:
        """Return what the run costs its submission, in seconds: it may wait `WALL` times as long as it may compute."""
        return max(self.used(), self.clocks.wall / WALL) if self.clocks else 0.0

    def run_cell(self, cell: Cell, budget: float) -> CellRun:
        """Run one cell; a cell that cannot be interrupted ends the conversation."""
        self.place = f"in cell {cell.name}"
        seconds, wall = self._within(budget if cell.seconds is None else cell.seconds)
        told = {"name": cell.name, "source": cell.source, "seconds": seconds, "wall": wall, "show": cell.show}
        self.within = cell.name
        self._ask(json.dumps(told)[1:-1])
        drawing = FIGURE_SECONDS if cell.show else 0.0
        text = self._await(self.number, self._until(seconds + drawing, wall + WALL * drawing))
        self.within = ""
        try:
            said, by = _cell_run(cell.name, parse(text))
        except Exception as error:
            return CellRun(cell.name, f"its end could not be read: {plain_text(str(error))}", stopped=True)
        self._note(by, said.error)
        return said

    def put(self, trials: Sequence[Trial], outcomes: dict[tuple[str, int], Outcome]) -> None:
        """Put trials to one process, in turn, and fill in what came of them; of one that was stopped, the rest too."""
        self.place = "while the checks called its functions"
        for place, trial in enumerate(trials):
            outcomes[trial.check, trial.number] = said = self._answer(trial, place == 0, place == len(trials) - 1)
            if said.kind == "stopped":
                outcomes |= {(later.check, later.number): said for later in trials[place:]}
                self._note(said.value, said.text)
                return

    def _answer(self, trial: Trial, first: bool, last: bool) -> Outcome:
        """Put one trial, and call for it what it offers; one that cannot be interrupted ends the conversation."""
        offered = trial.offered()
        seconds, wall = self._within(trial.seconds)
        told = {"seconds": seconds, "wall": wall, "first": first, "last": last, "offers": [*offered.functions]}
        self._ask(f"{json.dumps(told)[1:-1]}, {trial.text}")
        until = self._until(seconds, wall)
        calls = 0
        while True:
            text = self._await(self.number, until)
            try:
                form = parse(text)
                if not (offered.functions and isinstance(form, dict) and "call" in form):
                    return offered.judged(outcome(form))
            except Exception as error:
                self._ask('"over": true')  # its process has not stopped, and would wait for another trial
                self._await(self.number, self._until(0.0, 0.0))
                return Outcome("stopped", text=f"its answer could not be read: {plain_text(str(error))}")
            # Where something is offered, each call gets a reply: the worker waits for it, whoever has called.
            self._in_time(until)
            calls += 1
            if calls > 2 * MAX_CALLS:
                raise _Ended(f"it went on to call what the check offers, more than {MAX_CALLS} times ({self.place})")
            self._send(json.dumps(_called(offered, form["call"])))

    def close(self) -> None:
        """Kill the worker and whatever it started, and let go of it."""
        self.worker.stop()
        self.pipes.close()
        with contextlib.suppress(OSError):
            self.worker.stderr.close()

    def _within(self, seconds: float) -> tuple[float, float]:
        """Return what may be used of so many seconds, and how much may pass on the wall meanwhile."""
        left = self.seconds - self.used()
        if left <= 0:
            raise _Ended(f"the notebook had used up its {self.seconds:.3g} s of processor time")
        assert self.clocks is not None
        if self.clocks.wall > WALL * self.seconds + GRACE:
            self._over_by_wall(f"the notebook had not finished after {self.clocks.wall:.3g} s on the clock")
        may = min(seconds, left)
        wall = self.clocks.wall_for(may)
        self.waited = time.monotonic() + wall
        return may, wall

    def _note(self, by: Any, words: str) -> None:
        """Note what was ended by the clock on the wall, which is repeated when the machine has nothing else to do.

        The worker says so, in which student code runs: it is believed where that clock can be over.
        """
        if by == "wall" and time.monotonic() >= self.waited:
            self.by_wall = True
            if not self.alone:
                raise _Ended(words)

    def _over_by_wall(self, words: str) -> NoReturn:
        self.by_wall = True
        raise _Ended(words)

    def _ask(self, question: str) -> None:
        self.number += 1
        self._send(f'{{"number": {self.number}, {question}}}')

    def _send(self, line: str) -> None:
        self.pipes.send(line.encode())

    def _until(self, seconds: float, wall: float) -> _Until:
        """Return where the clocks will stand when that much time has gone by from now on, and the grace."""
        processor, on_the_wall = (self.clocks.processor, self.clocks.wall) if self.clocks else (0.0, 0.0)
        slow = on_the_wall + WALL * seconds + GRACE
        return _Until(seconds, wall, processor + seconds + GRACE, slow, time.monotonic() + wall + GRACE)

    def _in_time(self, until: _Until) -> None:
        """End the conversation if the time for an answer is over."""
        if self.clocks is None:
            if time.monotonic() > until.real:
                raise _Ended(f"it was not ready after {until.wall:.3g} s")
            return
        self.clocks.look()
        if self.clocks.processor > until.processor:
            why = f"it had not finished after {until.seconds:.3g} s of processor time and did not stop"
            raise _Ended(f"{why} ({self.place})")
        if self.clocks.wall > until.slow and time.monotonic() > until.real:
            self._over_by_wall(
                f"it had not finished after {until.wall:.3g} s on the clock and did not stop ({self.place})"
            )

    def _await(self, number: int, until: _Until) -> bytes:
        """Return the first line that answers the question of that number, or goes with it."""
        start = f"{number} ".encode()
        while True:
            line, why = None, ""
            try:
                line = self.pipes.receive(LOOK)
            except HungUp as end:
                why = str(end)
            # Where it has been killed, what it says after that counts on no machine.
            if why := self.worker.killed_because() or why:
                raise _Ended(f"{why} ({self.place})")
            if line is not None and line.startswith(start):
                return line[len(start) :]
            self._in_time(until)


def _called(offered: Offered, form: Any) -> dict[str, Any]:
    """Call a function for a notebook; return what it gives, or says where it fails, as it crosses."""
    match form:
        case [str(name), list(arguments)] if name in offered.functions:
            try:
                return {"value": encode(offered.call(name, decode(arguments)))}
            except Exception as error:  # arguments of which its author has not thought
                return {"error": f"{name} cannot be called so: {type(error).__name__}: {plain_text(str(error))}"}
    return {"error": "the check offers nothing of that name"}


def _cell_run(name: str, form: Any) -> tuple[CellRun, Any]:
    """Read what a worker says of one cell, and by which clock it was stopped; raise `BadAnswer` for anything else."""
    match form:
        case {"error": None | list() as error, "output": str(output), **rest}:
            figures, lines = _figures(rest.get("figures")), _lines(rest.get("lines"))
            said = plain_text(output, MAX_OUTPUT)
            if isinstance(why := rest.get("stopped"), str):
                return CellRun(name, plain_text(why), said, True, figures, lines=lines), rest.get("by")
            text = outcome({"raised": error}).text if error else ""
            raised = tuple(plain_text(part) for part in error or ())
            return CellRun(name, text, said, False, figures, _value(rest.get("value")), raised, lines), None
    raise BadAnswer("a cell's end in a form that no worker writes")


def _lines(lines: Any) -> tuple[int, ...]:
    return tuple(n for n in lines if type(n) is int) if isinstance(lines, list) else ()


def _value(form: Any) -> bool | float | str | None:
    """Return what a worker says that a cell's last line is worth: in no words of its own, which students would read."""
    return form if form is None or isinstance(form, bool | float) or form in NO_POINTS else "no number"


def _figures(form: Any) -> tuple[str, ...]:
    """Return the pictures among what a worker says are figures, in base64."""
    pictures = []
    for text in form[:MAX_FIGURES] if isinstance(form, list) else ():
        with contextlib.suppress(BadPicture, ValueError, TypeError):
            pictures.append(base64.b64encode(plain_png(base64.b64decode(text, validate=True))).decode("ascii"))
    return tuple(pictures)
