"""Runs a notebook's cells and answers probes. Student code lives in this process, so nobody believes what it says.

The file stands alone: the standard library, NumPy, `answers.py`, whose place it is told, and `stand_ins.py` beside it.
The sandbox gets a copy of these and of nothing around them, which is why it is one file however long. It speaks lines
of text with the trusted side (`launch.py`): first come its settings, then one request at a time, each as JSON. A reply
is the request's number, a space, and JSON. The limits that it sets on itself before the first cell hold for all that
follows.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import ctypes
import importlib.machinery
import importlib.util
import io
import json
import linecache
import math
import mmap
import os
import random
import re
import select
import signal
import struct
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?(?:END HIDDEN TESTS[^\n]*|\Z)", re.MULTILINE | re.DOTALL)
MAX_OUTPUT = 64 * 1024  # bytes that are kept of what one cell writes to one stream
MAX_OUTPUT_TOTAL = 1024 * 1024  # and of all of them
MAX_LINES = 200  # of a cell through which what it raised came
MAX_FIGURES = 4  # that one cell shows
FIGURE_SECONDS = 10.0  # for drawing them
GRACE = 1.0  # seconds after which a probe that ignores its alarm is killed
LOOK = 0.1  # seconds between two looks whether it does
PR_SET_PDEATHSIG = 1  # as the kernel numbers it: which signal comes when the process has died that started this one
PROCESSOR, WALL = "processor time", "on the clock"  # the two clocks by which code is stopped

# Student code may put its own functions in the place of these, by mistake or on purpose. These names keep working.
_fork = getattr(os, "fork", None) if sys.platform == "linux" else None  # macOS has libraries that fork breaks
_libc = ctypes.CDLL(None) if _fork else None
_read, _write, _close, _exit = os.read, os.write, os.close, os._exit
_dumps, _loads = json.dumps, json.loads
_clock, _used = time.monotonic, time.process_time


class TimeUp(BaseException):
    """Raised in code that has used up its time, by the clock that it names. No `except Exception` catches it."""


# ---------------------------------------------------------------------------------------------- talking


class Line:
    """A line to another process: two file descriptors, and what has come by the first and was not yet asked for."""

    def __init__(self, requests: int, replies: int):
        self.requests, self.replies = requests, replies
        self.received = b""

    def receive(self) -> Any:
        """Return the next request; None when the other side has hung up."""
        pieces = [self.received]
        while b"\n" not in pieces[-1]:
            piece = _read(self.requests, 1 << 16)
            if not piece:
                return None
            pieces.append(piece)
        line, _, self.received = b"".join(pieces).partition(b"\n")
        return _loads(line)

    def question(self) -> Any:
        """Return the next request that has a number; a reply to a call for which nobody waits any more is dropped."""
        while True:
            with contextlib.suppress(ValueError):  # of such a reply, the end alone may be left
                request = self.receive()
                if request is None or (isinstance(request, dict) and "number" in request):
                    return request

    def reply(self, number: int, text: str) -> None:
        """Answer the request of that number with a line of JSON."""
        data = memoryview(f"{number} {text}\n".encode("ascii", "replace"))
        while data:
            data = data[_write(self.replies, data) :]


def line_to_the_trusted_side() -> Line:
    """Return the private line: file descriptors that stand for neither input nor output any more."""
    line = Line(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    _close(nothing)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for good
    return line


def fail(message: str) -> NoReturn:
    """End before the first cell, saying why where the launcher reads it."""
    os.write(2, message.encode() + b"\n")
    os._exit(3)


# ---------------------------------------------------------------------------------------------- limits


def drop_root(uid: int | None, allow_root: bool) -> None:
    """Become the unprivileged user `uid`: for root, the limits on processes do not hold."""
    if not hasattr(os, "geteuid") or allow_root:
        return
    if uid is not None and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        give_up_inheritable_capabilities()
    if 0 in os.getresuid():
        fail("The worker would have to run student code as root, and refuses to.")


def give_up_inheritable_capabilities() -> None:
    """Empty the one set of capabilities that a change of user leaves as it was."""
    version_3 = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, in two halves
    if ctypes.CDLL(None).capset(version_3, nothing):
        fail("The worker could not give up its inheritable capabilities.")


def set_limits(limits: Mapping[str, int]) -> None:
    """Set hard limits, given by name (NPROC, AS, FSIZE, ...), where the platform has them."""
    if limits:
        import resource

        for name, value in limits.items():
            number = getattr(resource, f"RLIMIT_{name}")
            resource.setrlimit(number, (value, value))


@contextlib.contextmanager
def alarm(seconds: float, wall: float) -> Iterator[None]:
    """Raise `TimeUp` in the main thread by either clock, and again every half second, since code may swallow it.

    `seconds` are of this process's own processor time, which a busy machine does not use up; `wall` bounds code that
    only waits.
    """
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, _time_up)
        signal.signal(signal.SIGALRM, _wall_time_up)
        signal.setitimer(signal.ITIMER_PROF, seconds, 0.5)
        signal.setitimer(signal.ITIMER_REAL, wall, 0.5)
        try:
            yield
        finally:
            disarm()
    else:  # Windows: it reaches Python code between two instructions, and no call that waits
        main, over = ctypes.c_ulong(threading.main_thread().ident or 0), threading.Event()
        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
        used, begun = time.process_time(), _clock()

        def watch() -> None:
            while not over.wait(0.05):
                if time.process_time() - used > seconds or _clock() - begun > wall:
                    raise_in(main, ctypes.py_object(TimeUp))
                    return

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            raise_in(main, None)  # takes back what was not yet raised


def disarm() -> None:
    """Silence the alarm where it rang just as it was being switched off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _time_up(*_: Any) -> NoReturn:
    raise TimeUp(PROCESSOR)


def _wall_time_up(*_: Any) -> NoReturn:
    raise TimeUp(WALL)


def processor_seconds(process: int) -> float:
    """Return the processor time that another process has used."""
    try:
        return time.clock_gettime((~process << 3) | 2)  # as the kernel numbers the clock of a process
    except OSError:
        return 0.0


# ---------------------------------------------------------------------------------------------- what a notebook finds


class DeclaredFinder:
    """Finds the standard library and what the problem set declares; refuses every other import and says so.

    It takes the place of Python's own path finder, so that the search path cannot be extended by accident: what
    imports at home imports when marked.
    """

    def __init__(self, imports: list[str], folders: Mapping[str, str]):
        self.imports = imports
        self.folders = folders
        self.standard = list(sys.path)
        self.parts = [name for name in imports if "." in name]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Say where a module is, as every finder does."""
        find = importlib.machinery.PathFinder.find_spec
        top = name.partition(".")[0]
        if top in self.folders:
            parts = [part for part in self.parts if part.partition(".")[0] == top]
            if top in self.imports or not parts or any(_within(name, p) or _within(p, name) for p in parts):
                spec = find(name, path if path is not None else [self.folders[top]], target)
                if name == "matplotlib.pyplot" and spec and spec.origin:
                    spec.loader = PyplotLoader(name, spec.origin)
                return spec
        elif spec := find(name, path if path is not None else self.standard, target):
            return spec
        if path is not None and top not in self.folders:
            return None
        asking = sys._getframe(2)
        if asking.f_globals.get("__name__") == "importlib.util":
            return None  # `find_spec` asks whether a module is there, and is owed an answer
        allowed = ", ".join(["the standard library", *self.imports])
        message = f"No module named {name!r} here: this problem set may import only {allowed}"
        raise ModuleNotFoundError(message, name=name)

    def find_distributions(self, *args: Any, **kwargs: Any) -> Any:
        """Find what `importlib.metadata` asks for."""
        return importlib.machinery.PathFinder.find_distributions(*args, **kwargs)


class PyplotLoader(importlib.machinery.SourceFileLoader):
    """Loads pyplot such that figures are drawn whatever backend is asked for: there is no screen to open windows on."""

    def exec_module(self, module: Any) -> None:
        """Run its code, and change one function of it."""
        super().exec_module(module)
        switch = module.switch_backend

        def switch_backend(newbackend: Any) -> None:
            try:
                switch(newbackend)
            except ImportError:
                switch("agg")

        module.switch_backend = switch_backend


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def stand_in(name: str, **names: Any) -> types.ModuleType:
    """Install a module of that name with these names in it."""
    module = types.ModuleType(name)
    vars(module).update(names)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
    return module


class Capped(io.RawIOBase):
    """An output that keeps its first bytes and lets the others go, so that a flood costs nothing."""

    def __init__(self, limit: int):
        self.kept, self.room, self.cut = bytearray(), limit, False

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Keep what there is room for, and claim to have written it all."""
        data = memoryview(data).cast("B")
        self.kept += data[: self.room]
        self.cut = self.cut or len(data) > self.room
        self.room -= min(len(data), self.room)
        return len(data)

    def as_text(self) -> io.TextIOWrapper:
        """Return a text stream that writes into it at once."""
        return io.TextIOWrapper(self, encoding="utf-8", write_through=True)  # type: ignore[arg-type]

    def text(self) -> str:
        """Return what was kept."""
        return self.kept.decode("utf-8", "replace") + ("\n[more output is not shown]" if self.cut else "")


# ---------------------------------------------------------------------------------------------- cells and probes


class Session:
    """One notebook: its names, its cells as they come, then probes of its names."""

    def __init__(self, line: Line, answers: types.ModuleType):
        self.line = line
        self.answers = answers
        stand_ins = sys.modules["_stand_ins"]
        self.worker = sys.modules["__main__"]  # kept alive: a module that nobody holds loses its names
        self.module = stand_in("__main__", __builtins__=builtins, __doc__=None)
        self.names = vars(self.module)
        self.room = MAX_OUTPUT_TOTAL
        self.here = False  # whether this process itself answers the check that is being put
        declared = [name for finder in sys.meta_path for name in getattr(finder, "folders", ())]
        self.shell = stand_ins.furnish(self.names, declared)
        stand_in("autograder")
        stand_in("autograder.checks", problem_set=lambda *args, **kwargs: stand_ins.Silent())

    def run(self, name: str, source: str, seconds: float, wall: float, show: bool) -> dict[str, Any]:
        """Run one cell; return how it ended, with its figures if somebody will look at them."""
        file = f"<cell {name}>"
        shown = HIDDEN.sub(lambda hidden: "\n" * hidden[0].count("\n"), source)
        lines = io.StringIO(shown, newline=None).readlines()  # as Python numbers them
        linecache.cache[file] = (len(source), None, lines, file)
        streams = [Capped(min(MAX_OUTPUT, self.room)) for _ in range(2)]
        sys.stdout, sys.stderr = (s.as_text() for s in streams)
        result: dict[str, Any] = {"error": None}
        try:
            with alarm(seconds, wall):
                value = self.shell.run(source, file)
                if show and value is not None:
                    result["value"] = self.answers.as_number(value)
                    if text := repr(value):
                        print(text)  # a person sees what a notebook shows
        except TimeUp as error:
            disarm()
            why = too_long(seconds, wall, error, self.describe(error)[2])
            result |= why | {"lines": lines_within(file, error)}
        except BaseException as error:
            result["error"] = self.describe(error)
            result["lines"] = lines_within(file, error)
        figures = self.figures(show)
        text = "".join(stream.text() for stream in streams)
        self.room = max(0, self.room - len(text))
        return result | {"output": text, "figures": figures}

    def figures(self, show: bool) -> list[str]:
        """Draw the figures that the cell has left open, and close them, as a notebook does after each cell."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        drawn: list[str] = []
        if pyplot is None:
            return drawn
        try:
            with alarm(FIGURE_SECONDS, 2 * FIGURE_SECONDS):
                for number in pyplot.get_fignums()[:MAX_FIGURES] if show else ():
                    file = io.BytesIO()
                    pyplot.figure(number).savefig(file, format="png", dpi=80, metadata={"Software": None})
                    drawn.append(base64.b64encode(file.getvalue()).decode("ascii"))
                pyplot.close("all")
        except BaseException:
            disarm()
        return drawn

    def answer(self, trial: Mapping[str, Any]) -> None:
        """See that this trial is answered, and where it is the first of its check, the others behind it too.

        The trials of one check are put to one process, which the first of them starts. It has seen no other check.
        Where cells have left threads at work, this process answers: a fork has none of them, and whatever needs them
        would wait there without end.
        """
        number = trial["number"]
        if trial.get("first"):
            self.here = _fork is None or threading.active_count() > 1
        if "over" in trial:
            self.line.reply(number, "null")
        elif self.here:
            self.line.reply(number, self.answer_one(trial)[1])
        elif not trial["first"]:
            self.line.reply(number, stopped("its process had ended"))
        else:
            try:
                series = Series(self, trial)
            except OSError as error:
                self.line.reply(number, stopped(f"no process could be started for it: {error.strerror}"))
            else:
                series.watch(self.line)

    def answer_one(self, trial: Mapping[str, Any]) -> tuple[bool, str]:
        """Answer one trial; return whether it was stopped, and one line of JSON."""
        sys.stdout = sys.stderr = Capped(0).as_text()
        seconds, wall = trial["seconds"], trial["wall"]
        try:
            try:
                with alarm(seconds, wall):
                    inputs = self.answers.decode(trial["inputs"])
                    for name in trial["offers"]:
                        inputs[name] = self.offered(name, trial["number"])
                    form = self.answers.attempt(trial["probe"], self.names, inputs)
            except TimeUp as error:
                return True, _dumps(too_long(seconds, wall, error, self.describe(error)[2]))
            except BaseException as error:  # SystemExit and KeyboardInterrupt are no `Exception`
                form = {"raised": self.describe(error)}
            try:
                text = _dumps(form)
            except BaseException as error:
                return True, stopped(f"its answer could not be written: {str(error)[:200]}")
            if len(text) > self.answers.MAX_BYTES - 1024:
                return True, stopped(f"its answer is longer than {self.answers.MAX_BYTES >> 20} MB")
            return False, text
        except BaseException as error:  # an alarm that rang between two of the lines above
            disarm()
            return True, _dumps(too_long(seconds, wall, error))

    def offered(self, name: str, number: int) -> Callable[..., Any]:
        """Return a function that the trusted side computes, and counts, where student code cannot look."""
        encode, decode = self.answers.encode, self.answers.decode

        def function(*arguments: Any) -> Any:
            self.line.reply(number, _dumps({"call": [name, encode(list(arguments))]}))
            came = self.line.receive()
            if "error" in came:
                raise ValueError(came["error"])
            return decode(came["value"])

        function.__name__ = function.__qualname__ = name
        return function

    def describe(self, error: BaseException) -> list[str]:
        """Return what `answers.describe` says, also of exceptions that resist."""
        try:
            kind, message, where = (str(part) for part in self.answers.describe(error))
            return [kind, message, where]
        except BaseException:
            return ["an exception that cannot be described", "", ""]


def lines_within(file: str, error: BaseException) -> list[int]:
    """Return the lines of a cell through which an exception came, in the order of the calls, each once."""
    lines: dict[int, None] = {}
    step = vars(BaseException)["__traceback__"].__get__(error)  # whatever its own class says
    while step is not None and len(lines) < MAX_LINES:
        if step.tb_frame.f_code.co_filename == file:
            lines[step.tb_lineno] = None
        step = step.tb_next
    return list(lines)


class Note(NamedTuple):
    """Which trial a process answers or waits for, 0 where there comes none; what it may take; and when it began."""

    number: int
    seconds: float
    wall: float
    used: float
    begun: float

    def late(self, process: int) -> TimeUp | None:
        """Return by which clock that process has gone on too long after its alarm, or None."""
        if processor_seconds(process) - self.used > self.seconds + GRACE:
            return TimeUp(PROCESSOR)
        return TimeUp(WALL) if _clock() - self.begun > self.wall + GRACE else None


class Notes:
    """The note of a process, in memory that the process which watches it sees too: it need not be woken."""

    form = struct.Struct("qdddd")

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, self.form.size)

    def write(self, number: int, seconds: float = math.inf, wall: float = math.inf) -> None:
        """Note what is being done from now on."""
        self.form.pack_into(self.memory, 0, number, seconds, wall, _used(), _clock())

    def read(self) -> Note:
        """Return what was noted last."""
        return Note(*self.form.unpack_from(self.memory))


class Series:
    """A process of its own for the trials of one check, so that they leave no trace and may be killed.

    It has the line to the trusted side until it has answered the last of them: it gets one trial at a time, and none
    before it has answered the one before. This process meanwhile does nothing but look that it ends.
    """

    def __init__(self, session: Session, trial: Mapping[str, Any]):
        assert _fork is not None
        assert _libc is not None
        self.notes = Notes()
        self.life, death = os.pipe()  # of which there is an end to read as soon as it is over
        try:
            self.child = _fork()
        except OSError:
            _close(self.life)
            _close(death)
            raise
        if self.child == 0:
            try:
                _close(self.life)
                os.setsid()  # a group of its own, so that what it starts goes with it
                _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # and without this process it holds no line
                self._answer(session, trial)
            finally:
                _exit(0)
        _close(death)
        self.status: int | None = None

    def _answer(self, session: Session, trial: Any) -> None:
        """Answer trials, of which this is the first, until the last or one that is stopped."""
        while trial is not None and "over" not in trial:
            number = trial["number"]
            self.notes.write(number, trial["seconds"], trial["wall"])
            over, text = session.answer_one(trial)
            session.line.reply(number, text)
            if over or trial["last"]:
                break
            self.notes.write(number + 1)
            trial = session.line.question()
        else:
            if trial is not None:
                session.line.reply(trial["number"], "null")
        self.notes.write(0)

    def watch(self, line: Line) -> None:
        """Wait until it has ended, and end it where it does not stop; then say so for the trial that it owes."""
        late: TimeUp | None = None
        notes = self.notes.read()
        while not (select.select([self.life], [], [], LOOK)[0] or self._ended()):
            before, notes = notes, self.notes.read()
            # Something is late only where nothing has moved since the last look: notes may be half written.
            if notes == before and (late := notes.late(self.child)):
                break
        self.end()
        if not (number := self.notes.read().number):
            return
        if late:
            text = _dumps(too_long(notes.seconds, notes.wall, late))
        elif self.status is not None and os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) != signal.SIGKILL:
            text = stopped(f"Python crashed in it ({signal.Signals(os.WTERMSIG(self.status)).name})")
        else:
            text = stopped("it ended the Python process before it answered")
        _write(line.replies, b"\n")  # ends what it may have begun to write
        line.reply(number, text)

    def _ended(self) -> bool:
        with contextlib.suppress(ChildProcessError):
            child, status = os.waitpid(self.child, os.WNOHANG)
            if child:
                self.status = status
        return self.status is not None

    def end(self) -> None:
        """Kill it, with all of its group; a process that has ended by itself keeps its status."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(self.child, signal.SIGKILL)
        if self.status is None:
            with contextlib.suppress(ChildProcessError):
                _, self.status = os.waitpid(self.child, 0)
        _close(self.life)


def stopped(why: str) -> str:
    """Return the line that says that a trial was stopped, after which its probe is asked no more."""
    return _dumps({"stopped": why})


def too_long(seconds: float, wall: float, error: BaseException, where: str = "") -> dict[str, str]:
    """Say by which clock code was stopped, and where it was."""
    place = f" (at {where})" if where else ""
    if str(error) == WALL:
        why = f"it had not finished after {wall:.3g} s on the clock: does it wait for something?{place}"
        return {"stopped": why, "by": "wall"}
    why = f"it had not finished after {seconds:.3g} s of processor time: is there a loop that never ends?{place}"
    return {"stopped": why}


# ---------------------------------------------------------------------------------------------- the whole


def main() -> None:
    """Take the settings, shed every privilege, and serve requests until the other side hangs up."""
    # The descriptor 2 is still the launcher's while things may go wrong that are not the student's fault.
    requests = sys.stdin.buffer.readline()
    settings = _loads(requests)
    drop_root(settings["uid"], settings["allow_root"])
    set_limits(settings["limits"])
    serve(prepare(settings))


def prepare(settings: Mapping[str, Any]) -> types.ModuleType:
    """Set up what notebooks may import; return the module that encodes answers."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a grader in the background would leave ignored
    finder = DeclaredFinder(settings["imports"], settings["folders"])
    path_finder = importlib.machinery.PathFinder
    sys.meta_path[:] = [finder if entry is path_finder else entry for entry in sys.meta_path]
    sys.path += settings["path"]
    load("_stand_ins", os.path.join(os.path.dirname(__file__), "stand_ins.py"))
    return load("_answers", settings["answers"])


def load(name: str, path: str) -> types.ModuleType:
    """Load one of our files as the module of that name."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def serve(answers: types.ModuleType) -> None:
    """Serve requests, one notebook's, until the other side hangs up."""
    random.seed(0)
    line = line_to_the_trusted_side()
    session = Session(line, answers)
    line.reply(0, "null")
    while (request := line.question()) is not None:
        if "source" in request:
            told = (request[name] for name in ("name", "source", "seconds", "wall", "show"))
            line.reply(request["number"], _dumps(session.run(*told)))
        else:
            session.answer(request)


if __name__ == "__main__":
    main()
    os._exit(0)  # not `sys.exit`: nothing that student code has registered runs any more
