"""Runs a notebook's cells and answers probes. Student code lives in this process, so nobody believes what it says.

The file stands alone: the standard library, NumPy, and `answers.py`, whose place it is told. The sandbox gets a copy of
it and of nothing around it, which is why it is one file however long. It speaks lines of text with the trusted side
(`launch.py`): first come its settings, then one request at a time, each as JSON. A reply is the request's number, a
space, and JSON. The limits that it sets on itself before the first cell hold for all that follows.
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
import os
import random
import select
import signal
import sys
import threading
import time
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

MAX_OUTPUT = 64 * 1024  # bytes that are kept of what one cell writes to one stream
MAX_OUTPUT_TOTAL = 1024 * 1024  # and of all of them
MAX_FIGURES = 4  # that one cell shows
FIGURE_SECONDS = 10.0  # for drawing them
GRACE = 1.0  # seconds after which a probe that ignores its alarm is killed

# Student code may put its own functions in the place of these, by mistake or on purpose. These names keep working.
_fork = getattr(os, "fork", None) if sys.platform == "linux" else None  # macOS has libraries that fork breaks
_read, _write, _close, _exit = os.read, os.write, os.close, os._exit
_dumps, _loads = json.dumps, json.loads
_clock = time.monotonic


class TimeUp(BaseException):
    """Raised in code that has used up its time. No `except Exception` catches it."""


# ---------------------------------------------------------------------------------------------- talking


class Line:
    """The private line to the trusted side: file descriptors that stand for neither input nor output any more."""

    def __init__(self) -> None:
        self.requests, self.replies = os.dup(0), os.dup(1)
        self.received = b""
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        _close(nothing)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for good

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

    def reply(self, number: int, text: str) -> None:
        """Answer the request of that number with a line of JSON."""
        data = memoryview(f"{number} {text}\n".encode("ascii", "replace"))
        while data:
            data = data[_write(self.replies, data) :]


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
def alarm(seconds: float) -> Iterator[None]:
    """Raise `TimeUp` in the main thread after `seconds`, and again every half second, since code may swallow it."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _time_up)
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    else:  # Windows: it reaches Python code between two instructions, and no call that waits
        main, over = ctypes.c_ulong(threading.main_thread().ident or 0), threading.Event()
        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc

        def watch() -> None:
            if not over.wait(seconds):
                raise_in(main, ctypes.py_object(TimeUp))

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
        signal.setitimer(signal.ITIMER_REAL, 0)


def _time_up(*_: Any) -> NoReturn:
    raise TimeUp


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
                return find(name, path if path is not None else [self.folders[top]], target)
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


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


class Silent:
    """Stands for an object whose every method does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing."""


class Notebook(Silent):
    """Stands for IPython: magics do nothing, except that those which time or capture code still run it."""

    def __init__(self, namespace: dict[str, Any]):
        self.user_ns = namespace
        self.cell = ""

    def run_line_magic(self, name: str, line: str, *args: Any, **kwargs: Any) -> None:
        """Stand for ``%name line``."""
        if name == "time":
            exec(compile(line, self.cell, "exec", dont_inherit=True), self.user_ns)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Stand for ``%%name line`` above a cell."""
        if name in ("time", "capture"):
            # One line is empty for the magic itself, so that line numbers in messages are the student's.
            exec(compile("\n" + cell, self.cell, "exec", dont_inherit=True), self.user_ns)


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


class Lines:
    """The lines that come through a pipe, of bounded length."""

    def __init__(self, descriptor: int, limit: int):
        self.descriptor, self.limit = descriptor, limit
        self.pieces: list[bytes] = []
        self.size = 0
        self.over = False

    def read(self) -> None:
        """Read what is there; afterwards it may be over."""
        piece = _read(self.descriptor, 1 << 20)
        self.pieces.append(piece)
        self.size += len(piece)
        self.over = self.over or not piece or (self.size > self.limit and b"\n" not in piece)

    def next(self) -> str | None:
        """Return the next whole line, or None if there is none yet."""
        if not self.pieces or b"\n" not in self.pieces[-1]:
            return None
        line, _, rest = b"".join(self.pieces).partition(b"\n")
        self.pieces, self.size = [rest], len(rest)
        return line.decode("ascii", "replace")


# ---------------------------------------------------------------------------------------------- cells and probes


class Session:
    """One notebook: its names, its cells as they come, then probes of its names."""

    def __init__(self, line: Line, answers: types.ModuleType):
        self.line = line
        self.answers = answers
        self.worker = sys.modules["__main__"]  # kept alive: a module that nobody holds loses its names
        self.module = stand_in("__main__", __builtins__=builtins, __doc__=None)
        self.names = vars(self.module)
        self.room = MAX_OUTPUT_TOTAL
        self.status = 0  # with which the last probe's process ended
        self.shell = Notebook(self.names)
        vars(builtins).update(get_ipython=lambda: self.shell, display=lambda *args, **kwargs: None)
        stand_in("IPython", get_ipython=lambda: self.shell, version_info=(9, 0, 0))  # matplotlib asks for it
        stand_in("IPython.display", __getattr__=Silent().__getattr__, display=lambda *args, **kwargs: None)
        stand_in("autograder")
        stand_in("autograder.checks", problem_set=lambda *args, **kwargs: Silent())

    def run(self, name: str, source: str, seconds: float, show: bool) -> dict[str, Any]:
        """Run one cell; return how it ended, with its figures if somebody will look at them."""
        file = self.shell.cell = f"<cell {name}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        streams = [Capped(min(MAX_OUTPUT, self.room)) for _ in range(2)]
        sys.stdout, sys.stderr = (s.as_text() for s in streams)
        result: dict[str, Any] = {"error": None}
        try:
            with alarm(seconds):
                code = compile(source, file, "exec", dont_inherit=True)
                exec(code, self.names)
        except TimeUp as error:
            disarm()
            result = {"error": None, "stopped": self.describe(error)[2]}
        except BaseException as error:
            result = {"error": self.describe(error)}
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
            with alarm(FIGURE_SECONDS):
                for number in pyplot.get_fignums()[:MAX_FIGURES] if show else ():
                    file = io.BytesIO()
                    pyplot.figure(number).savefig(file, format="png", dpi=80, metadata={"Software": None})
                    drawn.append(base64.b64encode(file.getvalue()).decode("ascii"))
                pyplot.close("all")
        except BaseException:
            disarm()
        return drawn

    def answer(self, trials: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Answer trials in this process, each with one line of JSON, until one is stopped."""
        for trial in trials:
            stopped, text = self.answer_one(trial["probe"], trial["inputs"], trial["seconds"])
            yield text
            if stopped:
                return

    def answer_one(self, probe: str, inputs: Any, seconds: float) -> tuple[bool, str]:
        """Answer one trial; return whether it was stopped, and one line of JSON."""
        sys.stdout = sys.stderr = Capped(0).as_text()
        try:
            try:
                with alarm(seconds):
                    form = self.answers.attempt(probe, self.names, self.answers.decode(inputs))
            except TimeUp as error:
                where = self.describe(error)[2]
                return True, stopped(too_long(seconds, where))
            except BaseException as error:  # SystemExit and KeyboardInterrupt are no `Exception`
                form = {"raised": self.describe(error)}
            try:
                text = _dumps(form)
            except BaseException as error:
                return True, stopped(f"its answer could not be written: {str(error)[:200]}")
            if len(text) > self.answers.MAX_BYTES - 1024:
                return True, stopped(f"its answer is longer than {self.answers.MAX_BYTES} bytes")
            return False, text
        except BaseException:  # an alarm that rang between two of the lines above
            disarm()
            return True, stopped(too_long(seconds))

    def answer_in_a_fork(self, trials: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Answer trials in a process of its own, so that it leaves no trace and may be killed."""
        assert _fork is not None
        reading, writing = os.pipe()
        try:
            child = _fork()
        except OSError as error:
            _close(reading)
            _close(writing)
            yield stopped(f"no process could be started for it: {error.strerror}")
            return
        if child == 0:
            self._be_the_child(writing, reading, trials)
        _close(writing)
        lines = Lines(reading, self.answers.MAX_BYTES)
        seconds, late = 0.0, False
        text: str | None = None
        try:
            for trial in trials:
                seconds = trial["seconds"]
                deadline = _clock() + seconds + GRACE
                text = self._await(child, lines, deadline)
                late = _clock() >= deadline
                if text is None:
                    break
                yield text
        finally:
            _close(reading)
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(OSError):
                    kill(child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                _, self.status = os.waitpid(child, 0)
        if text is not None:
            return
        if late:
            yield stopped(too_long(seconds))
        elif os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) != signal.SIGKILL:
            name = signal.Signals(os.WTERMSIG(self.status)).name
            yield stopped(f"Python crashed in it ({name})")
        else:
            yield stopped("it ended the Python process before it answered")

    def _be_the_child(self, writing: int, reading: int, trials: Sequence[Mapping[str, Any]]) -> NoReturn:
        try:
            os.setsid()  # a group of its own, so that what it starts goes with it
            for descriptor in (reading, self.line.requests, self.line.replies):
                _close(descriptor)
            for text in self.answer(trials):
                data = memoryview(text.encode("ascii") + b"\n")
                while data:
                    data = data[_write(writing, data) :]
        finally:
            _exit(0)

    def _await(self, child: int, lines: Lines, deadline: float) -> str | None:
        """Return the next line that the child writes, or None if it ends or its time does."""
        while (left := deadline - _clock()) > 0:
            if (line := lines.next()) is not None:
                return line
            if lines.over:
                return None
            if not select.select([lines.descriptor], [], [], min(left, 0.1))[0]:
                # Something that the child started may hold the pipe open after its end.
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    self.status = status
                    return None
                continue
            lines.read()
        return None

    def describe(self, error: BaseException) -> list[str]:
        """Return what `answers.describe` says, also of exceptions that resist."""
        try:
            kind, message, where = (str(part) for part in self.answers.describe(error))
            return [kind, message, where]
        except BaseException:
            return ["an exception that cannot be described", "", ""]


def stopped(why: str) -> str:
    """Return the line that says that a trial was stopped, after which its probe is asked no more."""
    return _dumps({"stopped": why})


def too_long(seconds: float, where: str = "") -> str:
    """Say that code was stopped after `seconds`."""
    place = f" (at {where})" if where else ""
    return f"it had not finished after {seconds:.3g} s: is there a loop that never ends?{place}"


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
    finder = DeclaredFinder(settings["imports"], settings["folders"])
    path_finder = importlib.machinery.PathFinder
    sys.meta_path[:] = [finder if entry is path_finder else entry for entry in sys.meta_path]
    sys.path += settings["path"]
    spec = importlib.util.spec_from_file_location("_answers", settings["answers"])
    assert spec is not None
    assert spec.loader is not None
    answers = sys.modules["_answers"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(answers)
    return answers


def serve(answers: types.ModuleType) -> None:
    """Serve requests, one notebook's, until the other side hangs up."""
    random.seed(0)
    line = Line()
    session = Session(line, answers)
    answer = session.answer_in_a_fork if _fork else session.answer
    line.reply(0, "null")
    while (request := line.receive()) is not None:
        number = request["number"]
        if "source" in request:
            ended = session.run(request["name"], request["source"], request["seconds"], request["show"])
            line.reply(number, _dumps(ended))
        else:
            for place, text in enumerate(answer(request["trials"])):
                line.reply(number + place, text)


if __name__ == "__main__":
    main()
    os._exit(0)  # not `sys.exit`: nothing that student code has registered runs any more
