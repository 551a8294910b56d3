"""What stands in the worker for Jupyter: cells run as IPython runs them, and what notebooks look for is there.

A notebook that works in Jupyter works here, though neither IPython nor widgets are installed, nobody is there to answer
`input()`, and nothing is displayed. Magics that run or time code do so, those that write a file write it; the others
do nothing. Student code lives in the same process, so nothing here is believed.

The file stands alone like `worker.py`, beside which it lies: the standard library.
"""

from __future__ import annotations
import __future__

import _sitebuiltins
import ast
import builtins
import contextlib
import importlib.machinery
import importlib.util
import inspect
import io
import linecache
import os
import re
import sys
import time
import types
from collections.abc import Callable, Collection, Mapping
from typing import Any

STAND_INS = ("IPython", "ipykernel", "ipywidgets", "matplotlib_inline", "google")  # what a finder finds here
COLAB = "google.colab"  # the only one of that name
MAX_ANSWERS = 100  # lines that `input()` gets in one notebook: a question that is repeated without end must end
MAX_PARSED = 200_000  # characters of a cell whose last expression is kept in `_`
FEATURES = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
LAST = ("_", "__", "___")  # the names of the last values that were shown
STARRED = {  # what `from ... import *` gives
    "IPython.display": "Audio Code FileLink HTML IFrame Image JSON Javascript Latex Markdown Math Pretty SVG Video "
    "YouTubeVideo clear_output display display_html display_markdown set_matplotlib_formats",
    "ipywidgets": "Accordion Box BoundedFloatText BoundedIntText Button Checkbox Combobox DatePicker Dropdown "
    "FloatLogSlider FloatRangeSlider FloatSlider FloatText GridBox HBox HTML HTMLMath Image IntProgress IntRangeSlider "
    "IntSlider IntText Label Layout Output Play RadioButtons Select SelectMultiple SelectionSlider Tab Text Textarea "
    "ToggleButton ToggleButtons VBox Widget fixed interact interact_manual interactive interactive_output jslink link",
}
NEEDS_A_LOOP = re.compile(r"\b(?:create_task|ensure_future|get_running_loop|current_task|gather)\b")
OPTIONS_OF_TIMEIT = re.compile(r"(?:-[nrp][ \t]*\d+[ \t]*|-[ctqov]+[ \t]+)*")


class Silent:
    """Stands for an object whose every method does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do nothing."""


class StandIn(Silent):
    """Stands for what is displayed, or displays: it takes everything and shows nothing."""

    def __init__(self, *args: Any, **kwargs: Any):
        pass

    def __repr__(self) -> str:
        return ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what it decorates, where it decorates a function."""
        return args[0] if len(args) == 1 and not kwargs and inspect.isroutine(args[0]) else self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Any:
        return iter(())


class Kind(type):
    """The class of classes that stand in: also what nobody has thought of can be asked of them."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()


class Widget(StandIn, metaclass=Kind):
    """Stands for a widget: it has what it was made with, and the value that it would begin with."""

    def __init__(self, *args: Any, **kwargs: Any):
        options = kwargs.get("options", ())
        first = next(iter(options), None) if isinstance(options, list | tuple | dict) else None
        self.value = first[1] if isinstance(first, tuple) and len(first) == 2 else first
        self.value = kwargs.get("min", 0) if first is None else self.value
        vars(self).update(kwargs)


class Interact(StandIn):
    """Stands for `interact`, called or as a decorator: the function stays what it is, and is not called."""

    def __call__(self, function: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the function."""
        return function if callable(function) else self


class Timed:
    """What ``%timeit -o`` gives, of one run."""

    loops = repeat = 1
    stdev = compile_time = 0.0

    def __init__(self, seconds: float):
        self.average = self.best = self.worst = seconds
        self.all_runs = self.timings = [seconds]


class Captured:
    """What ``%%capture name`` keeps: the text that was printed."""

    outputs: tuple[Any, ...] = ()

    def __init__(self, stdout: io.StringIO, stderr: io.StringIO):
        self._streams = stdout, stderr

    @property
    def stdout(self) -> str:
        """What was printed."""
        return self._streams[0].getvalue()

    @property
    def stderr(self) -> str:
        """What was printed where errors go."""
        return self._streams[1].getvalue()

    def show(self) -> None:
        """Print it."""
        sys.stdout.write(self.stdout)

    __call__ = show


class Lines(list[str]):
    """What ``files = !ls`` gives: no lines, since no other program runs."""

    n = s = ""

    @property
    def l(self) -> list[str]:  # noqa: E743 - IPython's name
        """The lines."""
        return list(self)

    def grep(self, *args: Any, **kwargs: Any) -> Lines:
        """Return the lines with a pattern."""
        return Lines()

    fields = grep


class Nobody(io.TextIOBase):
    """The keyboard of a notebook that runs alone: each question gets the answer 1, so many times."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.left = MAX_ANSWERS

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readline(self, size: Any = -1) -> str:  # type: ignore[override]
        """Return one answer, or the end."""
        self.left -= 1
        return "1\n" if self.left >= 0 else ""

    def read(self, size: Any = -1) -> str:
        """Return the end."""
        return ""


class Shell(StandIn):
    """Stands for IPython: runs cells as it does, in one namespace, and what magics do without IPython."""

    def __init__(self, namespace: dict[str, Any]):
        self.user_ns = self.user_global_ns = namespace
        self.cell = ""
        self._flags = 0  # of `from __future__ import ...`, which hold for the cells that follow
        self._number = 0
        self._last: tuple[Any, Any, Any] = ("", "", "")
        self._out: dict[int, Any] = {}
        self._magics: dict[tuple[str, str], Callable[..., Any]] = {}
        self._loop: Any = None
        namespace |= {"In": [""], "_ih": [""], "Out": self._out, "_oh": self._out, "_dh": [os.getcwd()]}
        namespace |= {"_": "", "__": "", "___": "", "_i": "", "_ii": "", "_iii": ""}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()  # not the shell: what a part of it is called, the shell may be called too

    # ------------------------------------------------------------------------------------------ cells

    def run(self, source: str, file: str) -> Any:
        """Run one cell; return the value that a notebook shows below it. What it raises is raised."""
        self.cell = file
        self._number += 1
        names = self.user_ns
        names |= {"_iii": names.get("_ii", ""), "_ii": names.get("_i", ""), "_i": source}
        if isinstance(names.get("In"), list):
            names["In"].append(source)
        value = self.execute(source)
        if value is None or source.rstrip().endswith(";"):
            return None
        self._keep(value)
        return value

    def execute(self, source: str) -> Any:
        """Run a text of Python; return what its last line is worth, where that is an expression."""
        if len(source) > MAX_PARSED:
            return self._evaluate(self._compiled(source, "exec"), source)
        tree = self._compiled(source, "exec", ast.PyCF_ONLY_AST)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        try:
            steps = [self._compiled(tree, "exec")]
            steps += [self._compiled(ast.Expression(last.value), "eval")] if last else []
        except SyntaxError:
            self._compiled(source, "exec")  # says the line too
            raise
        return [self._evaluate(step, source) for step in steps][-1]

    def _compiled(self, source: Any, mode: str, more: int = 0) -> Any:
        flags = self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | more
        code = compile(source, self.cell, mode, flags, dont_inherit=True)
        if isinstance(code, types.CodeType):
            self._flags |= sum(flag for flag in set(FEATURES.values()) if code.co_flags & flag)
        return code

    def _evaluate(self, code: types.CodeType, source: str) -> Any:
        if code.co_flags & inspect.CO_COROUTINE:
            return self._await(eval(code, self.user_ns))
        if NEEDS_A_LOOP.search(source):

            async def within_a_loop() -> Any:
                return eval(code, self.user_ns)

            return self._await(within_a_loop())
        return eval(code, self.user_ns)

    def _await(self, coroutine: Any) -> Any:
        """Wait for a coroutine in the notebook's one loop of events, in which tasks of earlier cells go on."""
        import asyncio

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        try:
            return self._loop.run_until_complete(coroutine)
        except BaseException:
            if not self._loop.is_running() and any(not task.done() for task in asyncio.all_tasks(self._loop)):
                self._loop = None  # what was interrupted in there must not go on with a later cell
            raise

    def _keep(self, value: Any) -> None:
        """Keep a value as `_`, unless the notebook uses that name itself."""
        names = self.user_ns
        self._out[self._number] = names[f"_{self._number}"] = value
        own = any(name in names and names[name] is not last for name, last in zip(LAST, self._last, strict=True))
        self._last = (value, *self._last[:2])
        if not own:
            names.update(zip(LAST, self._last, strict=True))

    # ------------------------------------------------------------------------------------------ magics

    def run_line_magic(self, name: str, line: str, *args: Any, **kwargs: Any) -> Any:
        """Stand for ``%name line``."""
        if own := self._magics.get(("line", name)):
            return own(line)
        match name:
            case "time":
                return self.execute(line)
            case "prun" if not line.startswith("-"):
                self.execute(line)
            case "timeit" if "-o" in OPTIONS_OF_TIMEIT.match(line)[0] or " -o" in line:  # type: ignore[index]
                statement = compile(OPTIONS_OF_TIMEIT.sub("", line.replace("-o ", "", 1), 1), self.cell, "exec")
                began = time.perf_counter()
                exec(statement, dict(self.user_ns))
                return Timed(time.perf_counter() - began)
            case "pwd":
                return os.getcwd()
            case "who_ls":
                return sorted(name for name in self.user_ns if not name.startswith("_"))
            case "env" | "set_env" if "=" in line:
                variable, _, value = line.partition("=")
                os.environ[variable.strip()] = value.strip()
            case "run" if os.path.isfile(line.strip()):
                with open(line.strip(), encoding="utf-8") as file:
                    exec(compile(file.read(), line.strip(), "exec"), self.user_ns)
            case "pylab":
                names = "import numpy, matplotlib\nnp = numpy\nfrom numpy import *\nfrom matplotlib.pylab import *"
                exec(f"{names}\nimport matplotlib.pyplot as plt\npyplot = plt", self.user_ns)
        return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Stand for ``%%name line`` above a cell."""
        # One line is empty for the magic itself, so that line numbers in messages are the student's.
        below = "\n" + cell
        if own := self._magics.get(("cell", name)):
            return own(line, cell)
        match name:
            case "time" | "prun":
                return self.execute(below)
            case "capture":
                streams = io.StringIO(), io.StringIO()
                variable = next((word for word in line.split() if not word.startswith("-")), "")
                with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
                    self.execute(below)
                if variable:
                    self.user_ns[variable] = Captured(*streams)
            case "writefile" | "file" if line.split():
                *options, path = line.split()
                with open(path, "a" if "-a" in options else "w", encoding="utf-8") as file:
                    file.write(cell)
        return None

    def magic(self, line: str) -> Any:
        """Stand for ``%line``, as old notebooks write it."""
        name, _, rest = line.strip().lstrip("%").partition(" ")
        return self.run_line_magic(name, rest)

    def run_cell(self, source: str, *args: Any, **kwargs: Any) -> None:
        """Run a text as a cell."""
        self.execute(source)

    ev = ex = execute

    def push(self, names: Any, *args: Any, **kwargs: Any) -> None:
        """Give the notebook names: with their values, or those of the caller's."""
        if not isinstance(names, Mapping):
            asked, of_caller = names.split() if isinstance(names, str) else names, sys._getframe(1).f_locals
            names = {name: of_caller[name] for name in asked}
        self.user_ns.update(names)

    def system(self, *args: Any, **kwargs: Any) -> None:
        """Stand for ``!command``."""

    def getoutput(self, *args: Any, **kwargs: Any) -> Lines:
        """Stand for ``!command`` whose output is kept."""
        return Lines()

    def register(self, kind: str) -> Callable[..., Any]:
        """Return a decorator as `register_line_magic` is one."""

        def decorate(function: Any) -> Any:
            if isinstance(function, str):  # it was given the magic's name
                return lambda named: self._registered(kind, function, named)
            return self._registered(kind, function.__name__, function)

        return decorate

    def _registered(self, kind: str, name: str, function: Any) -> Any:
        self._magics |= {(k, name): function for k in ("line", "cell") if k in kind}
        return function


class Finder:
    """Finds what stands in for Jupyter's packages, unless the problem set declares the real ones."""

    def __init__(self, shell: Shell, declared: Collection[str]):
        self.names = [name for name in STAND_INS if name not in declared]
        self.of_all: Mapping[str, Any] = {
            "get_ipython": lambda: shell,
            "display": display,
            "version_info": (9, 0, 0),
            "__version__": "9.0.0",
            "interact": Interact(),
            "interact_manual": Interact(),
            "fixed": lambda value: value,
            "register_line_magic": shell.register("line"),
            "register_cell_magic": shell.register("cell"),
            "register_line_cell_magic": shell.register("line and cell"),
        }

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Say where a module is, as every finder does."""
        top = name.partition(".")[0]
        if top not in self.names or not stands_in(name):
            return None
        if top == "google" and within_try():
            return None  # ``try: import google.colab`` asks whether the notebook is at home there
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> types.ModuleType:
        """Make a module in which there is whatever is asked for."""
        module = types.ModuleType(spec.name)
        known: dict[str, Any] = {"__version__": "9.0.0", "__path__": []}
        if spec.name in STARRED:
            known["__all__"] = STARRED[spec.name].split()

        def anything(name: str) -> Any:
            if (spec.name, name) in (("IPython", "display"), ("IPython.core", "display")):  # a module, as in Jupyter
                return importlib.import_module(f"{spec.name}.{name}")
            if name in self.of_all:
                return self.of_all[name]
            if name.startswith("__"):
                raise AttributeError(name)
            if f"{spec.name}.{name}" in sys.modules:
                return sys.modules[f"{spec.name}.{name}"]
            return known.setdefault(name, Kind(name, (Widget,), {}) if name[:1].isupper() else StandIn())

        vars(module).update(known, __getattr__=anything)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: there is no code."""


def stands_in(name: str) -> bool:
    """Whether a module of that name has a stand-in.

    Examples
    --------
    >>> [stands_in(name) for name in ("IPython.display", "google.colab", "google.cloud", "numpy")]
    [True, True, False, False]
    """
    top = name.partition(".")[0]
    colab = f"{COLAB}.".startswith(f"{name}.") or name.startswith(f"{COLAB}.")
    return top in STAND_INS and (top != "google" or colab)


def display(*args: Any, **kwargs: Any) -> Any:
    """Show nothing; with a `display_id`, return what stands for the place where it would be shown."""
    return StandIn() if kwargs.get("display_id") else None


def within_try() -> bool:
    """Whether the cell's line that is at work stands in the body of a `try`."""
    frame: Any = sys._getframe()
    while frame is not None and not frame.f_code.co_filename.startswith("<cell"):
        frame = frame.f_back
    if frame is None:
        return False
    try:
        tree = ast.parse("".join(linecache.getlines(frame.f_code.co_filename))[:MAX_PARSED])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    bodies = [node for attempt in ast.walk(tree) if isinstance(attempt, ast.Try) for node in attempt.body]
    return any(node.lineno <= frame.f_lineno <= (node.end_lineno or node.lineno) for node in bodies)


def furnish(namespace: dict[str, Any], declared: Collection[str]) -> Shell:
    """Put in place what a notebook finds in Jupyter beside its own names; return the shell."""
    shell = Shell(namespace)
    sys.meta_path.insert(0, Finder(shell, declared))
    sys.stdin = Nobody()
    sys.breakpointhook = lambda *args, **kwargs: None
    ending = {name: _sitebuiltins.Quitter(name, "Ctrl-D") for name in ("exit", "quit")}
    vars(builtins).update(get_ipython=lambda: shell, display=display, help=_sitebuiltins._Helper(), **ending)
    return shell
