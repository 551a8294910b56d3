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
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from autograder.ground.answers import MAX_BYTES, BadAnswer, Outcome, outcome, parse, plain_text
from autograder.ground.runs import CannotRun, Cell, CellRun, Run, Trial
from autograder.run.png import BadPicture, plain_png

WORKER = Path(__file__).with_name("worker.py")
ANSWERS = Path(__file__).parents[1] / "ground" / "answers.py"

MAX_TOTAL = 2 * MAX_BYTES  # of everything that one worker may send
MAX_STRAY_LINES = 1000  # lines that answer no question, before the worker counts as broken
MAX_OUTPUT = 200_000  # characters of one cell's output that are kept
START_SECONDS = 30.0  # until a worker must be ready: an interpreter and NumPy, on a busy machine
MAX_FIGURES = 4  # of one cell
FIGURE_SECONDS = 10.0  # in which a cell's figures must be drawn, beside its own time
PATIENCE = 1.0  # seconds for a trial that is asked again alone if it does not come out right
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
    right: Callable[[Trial, Outcome], bool] | None = None,
    seconds: float = 60.0,
    cell_seconds: float | None = None,
) -> Run:
    """Run the cells of one notebook in a fresh worker, then put the trials to it.

    A fork is dear and most answers are right: so all trials are first put to one process, in turn. What does not come
    out right there is asked again in a process of its own, which knows nothing of earlier trials, and that answer
    counts. Once such an answer has decided that a check fails, its other trials keep what they were answered first.
    Where the first process ends early, each check that it has not reached gets such a first process.

    Parameters
    ----------
    cells : sequence of Cell
        Run in order; a cell that raises does not stop the later ones.
    trials : sequence of Trial
        Put one at a time, after the last cell has ended; the worker learns of none before.
    launcher : Launcher
        `Sandbox` or `Plain`.
    right : callable, optional
        ``right(trial, outcome)`` says whether an answer needs no second asking; without it, every trial gets a process
        of its own.
    seconds : float
        What the whole notebook may take, start-up aside.
    cell_seconds : float, optional
        What one cell may take that says nothing of it; a third of `seconds` where it is not given. A cell that takes
        longer is interrupted and the next one runs. If it cannot be interrupted, the run ends there.

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
    groups = [list(group) for _, group in itertools.groupby(trials, key=lambda trial: (trial.check, trial.probe))]
    for trial in trials:
        _ = trial.form  # a fault of its check shows before anything is started
    began = time.monotonic()
    conversation = _Conversation(launcher, seconds)
    with contextlib.closing(conversation):
        conversation.open()
        budget = seconds / 3 if cell_seconds is None else cell_seconds
        cell_runs: list[CellRun] = []
        outcomes: dict[tuple[str, int], Outcome] = {}
        stopped = ""
        try:
            for cell in cells:
                cell_runs.append(conversation.run_cell(cell, budget))
            asking = _Asking(conversation, right, outcomes)
            if right:
                asking.together(trials)
            for group in groups:
                if right and not any(_key(trial) in asking.heard for trial in group):
                    asking.together(group)
                asking.each(group)
        except _Ended as end:
            stopped = plain_text(str(end))
    cell_runs += [
        CellRun(cell.name, f"not run to its end: {stopped}", stopped=True) for cell in cells[len(cell_runs) :]
    ]
    for trial in trials:
        outcomes.setdefault((trial.check, trial.number), Outcome("stopped", text=stopped))
    return Run(tuple(cell_runs), outcomes, stopped, time.monotonic() - began)


def _key(trial: Trial) -> tuple[str, int]:
    return trial.check, trial.number


class _Asking:
    """Puts trials to a notebook, first together and then alone, and fills in `outcomes`, which count.

    `heard` holds what was answered in processes that had been asked before; `failed` the checks that are decided.
    """

    def __init__(
        self,
        conversation: _Conversation,
        right: Callable[[Trial, Outcome], bool] | None,
        outcomes: dict[tuple[str, int], Outcome],
    ):
        self.conversation, self.right, self.outcomes = conversation, right, outcomes
        self.heard: dict[tuple[str, int], Outcome] = {}
        self.failed: set[str] = set()

    def together(self, trials: Sequence[Trial]) -> None:
        """Put trials to one process; what comes out right counts, and what the first gets: none went before it."""
        first = True
        for trial, said in zip(trials, self.conversation.put(trials), strict=False):
            self.heard[_key(trial)] = said
            if self._judged(trial, said, alone=first):
                self.outcomes[_key(trial)] = said
            first = False

    def each(self, trials: Sequence[Trial]) -> None:
        """Put those trials of one check that have no outcome yet, each to a process of its own.

        A check that was stopped once is not asked again, since it would only be stopped again. Otherwise one function
        that never returns would use up the time of the parts that are right.
        """
        given_up: Outcome | None = None
        for trial in trials:
            key = _key(trial)
            if key not in self.outcomes:
                heard = self.heard.get(key)
                if given_up is None and trial.check in self.failed and heard and heard.kind != "stopped":
                    self.outcomes[key] = heard
                else:
                    self.outcomes[key] = given_up or next(iter(self.conversation.put([trial])))
                    self._judged(trial, self.outcomes[key], alone=True)
            if self.outcomes[key].kind == "stopped":
                given_up = self.outcomes[key]

    def _judged(self, trial: Trial, said: Outcome, *, alone: bool) -> bool:
        """Return whether an answer counts; note which check fails by it."""
        fine = self.right is not None and self.right(trial, said)
        if alone and not fine and not trial.counts:
            self.failed.add(trial.check)
        return fine or alone


class _Conversation:
    """One worker's life: its start, the questions put to it, and its end."""

    def __init__(self, launcher: Launcher, seconds: float):
        self.seconds = seconds
        self.worker = launcher.start()
        self.number = 0
        self.place = "before its first cell"
        self.deadline = float("inf")
        self.incoming: queue.SimpleQueue[bytes | str] = queue.SimpleQueue()
        self.outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        # Threads, because a pipe can only be waited for with a deadline on POSIX; and both directions, because a
        # worker that does not read would otherwise hold this side for ever.
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]
        for thread in self.threads:
            thread.start()

    def open(self) -> None:
        """Wait until the worker is ready, and look whether it is confined as it must be."""
        if self.worker.settings is not None:
            self._send(self.worker.settings)
        try:
            self._await(0, START_SECONDS)
        except _Ended as end:
            self.worker.stop()
            words = self.worker.stderr.read(4000).decode("utf-8", "replace").strip()
            raise CannotRun(self.worker.explain(plain_text(words or str(end), 2000))) from None
        self.worker.verify()
        self.deadline = time.monotonic() + self.seconds

    def run_cell(self, cell: Cell, budget: float) -> CellRun:
        """Run one cell; a cell that cannot be interrupted ends the conversation."""
        self.place = f"in cell {cell.name}"
        seconds = min(budget if cell.seconds is None else cell.seconds, self._left())
        self.number += 1
        request = {"name": cell.name, "source": cell.source, "seconds": seconds, "show": cell.show}
        self._send({**request, "number": self.number})
        text = self._await(self.number, seconds + (FIGURE_SECONDS if cell.show else 0.0))
        try:
            return _cell_run(cell.name, parse(text), seconds)
        except Exception as error:
            return CellRun(cell.name, f"its end could not be read: {plain_text(str(error))}", stopped=True)

    def put(self, trials: Sequence[Trial]) -> Iterator[Outcome]:
        """Put trials to one process, in turn; the first that is stopped is the last to be answered.

        Only the first has all its time: what becomes of the others counts only where they come out right, so what is
        slow, or endless, is told so when it is asked alone. A trial that cannot be interrupted ends the conversation.
        """
        if not trials:
            return
        self.place = "while the checks called its functions"
        left = self._left()
        times = [min(t.seconds, left, t.seconds if t is trials[0] else PATIENCE) for t in trials]
        forms = [{"probe": t.probe, "inputs": t.form, "seconds": s} for t, s in zip(trials, times, strict=True)]
        first = self.number + 1
        self._send({"trials": forms, "number": first})
        self.number += len(trials)
        for number, trial in enumerate(trials, first):
            text = self._await(number, min(trial.seconds, self._left()))  # what cannot be interrupted may end by itself
            try:
                answered = outcome(parse(text))
            except Exception as error:
                answered = Outcome("stopped", text=f"its answer could not be read: {plain_text(str(error))}")
            yield answered
            if answered.kind == "stopped":
                return

    def close(self) -> None:
        """Kill the worker and whatever it started, and let go of it."""
        self.worker.stop()
        self.outgoing.put(None)
        for thread in self.threads:
            thread.join(1.0)
        # A pipe on which a thread still waits is left open: its number must not come to mean another file.
        if not any(thread.is_alive() for thread in self.threads):
            for pipe in (self.worker.stdin, self.worker.stdout, self.worker.stderr):
                with contextlib.suppress(OSError):
                    pipe.close()

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _Ended(f"the notebook had used up its {self.seconds:g} s")
        return left

    def _send(self, request: Mapping[str, Any]) -> None:
        self.outgoing.put(json.dumps(request).encode() + b"\n")

    def _await(self, number: int, seconds: float) -> bytes:
        """Return the first line that answers the question of that number."""
        until = time.monotonic() + seconds + GRACE
        start = f"{number} ".encode()
        while True:
            try:
                line = self.incoming.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                why = self.worker.killed_because() or f"it had not finished after {seconds:.3g} s and did not stop"
                raise _Ended(f"{why} ({self.place})") from None
            if isinstance(line, str):
                raise _Ended(f"{self.worker.killed_because() or line} ({self.place})")
            if line.startswith(start):
                if why := self.worker.killed_because():  # what it says after that counts on no machine
                    raise _Ended(f"{why} ({self.place})")
                return line[len(start) :]

    def _read(self) -> None:
        """Cut what the worker sends into lines, within bounds."""
        rest = bytearray()
        total = lines = 0
        while True:
            try:
                piece = self.worker.stdout.read(1 << 16)
            except (OSError, ValueError):
                piece = b""
            if not piece:
                self.incoming.put("its Python process ended")
                return
            total += len(piece)
            first, *others = piece.split(b"\n")
            rest += first
            for other in others:
                lines += 1
                if lines <= self.number + MAX_STRAY_LINES:
                    self.incoming.put(bytes(rest))
                rest = bytearray(other)
            if total > MAX_TOTAL or lines > self.number + MAX_STRAY_LINES:
                self.incoming.put("it sent more than any honest answer takes")
                return

    def _write(self) -> None:
        while (data := self.outgoing.get()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[self.worker.stdin.write(view) or 0 :]
            except (OSError, ValueError):
                return


def _cell_run(name: str, form: Any, seconds: float) -> CellRun:
    """Read what a worker says of one cell; raise `BadAnswer` for anything else."""
    match form:
        case {"error": None | list() as error, "output": str(output), **rest}:
            figures = _figures(rest.get("figures"))
            said = plain_text(output, MAX_OUTPUT)
            if isinstance(rest.get("stopped"), str):
                place = f" (at {rest['stopped']})" if rest["stopped"] else ""
                why = f"it had not finished after {seconds:.3g} s: is there a loop that never ends?{place}"
                return CellRun(name, plain_text(why), said, True, figures)
            return CellRun(name, outcome({"raised": error}).text if error else "", said, False, figures)
    raise BadAnswer("a cell's end in a form that no worker writes")


def _figures(form: Any) -> tuple[str, ...]:
    """Return the pictures among what a worker says are figures, in base64."""
    pictures = []
    for text in form[:MAX_FIGURES] if isinstance(form, list) else ():
        with contextlib.suppress(BadPicture, ValueError, TypeError):
            pictures.append(base64.b64encode(plain_png(base64.b64decode(text, validate=True))).decode("ascii"))
    return tuple(pictures)
