"""A check, as its author wrote it: a class that reads as a sentence becomes a `Check`. `autograder.checks` shows how.

The functions of a check are the author's, and trusted. Only the probe leaves for the sandbox, as text.
"""

from __future__ import annotations

import builtins
import dis
import hashlib
import importlib.util
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.ground.exhibits import SAYS, Wrong, breaking

Number = float | Callable[..., float]


class CheckError(Exception):
    """A check is not written as it must be. The message names the check and says what to write."""


@dataclass(frozen=True)
class Raises:
    """What Python says where a mistake raises: an exception's class alone tells no mistake from another.

    Attributes
    ----------
    kind : type of BaseException, or str
        Its class, or the name of one that cannot be imported.
    says : str or sequence of str
        Words of the message; of several, one must be there: versions of Python differ.
    line : str
        A regular expression that must be found in the student's line at which it was raised; "": any line, or none.
    by_probe : bool
        Whether the probe raised it, on what was returned, and no line of the student's.

    Examples
    --------
    >>> Raises(AttributeError, "has no attribute 'mean'", line=r"[.]mean[(]").name
    'AttributeError'
    """

    kind: type[BaseException] | str
    says: str | Sequence[str]
    line: str = ""
    by_probe: bool = False

    @property
    def name(self) -> str:
        """The name of the exception's class."""
        return self.kind if isinstance(self.kind, str) else self.kind.__name__

    def __post_init__(self) -> None:
        words = (self.says,) if isinstance(self.says, str) else self.says
        if not words or not all(words):
            raise CheckError(
                f"Raises({self.name}, {self.says!r}) names a mistake by its class alone, and many raise that; "
                "say words of the message, and where you can the line."
            )


@dataclass(frozen=True)
class Breaks:
    """What a mistake gives that breaks a promise and answers right: words of the promise, such as "has changed `old`".

    `autograder.ground.answers.Promises` says which there are.
    """

    says: str


@dataclass(frozen=True, eq=False)
class Mistake:
    """A known mistake: in words, and what it answers.

    Several checks of a set may know the same mistake, by the same id and in the same words. Called, it answers.

    Attributes
    ----------
    words : str
        What is wrong, for the student; the end of a sentence that says: this mistake would give what came out.
    answer : callable
        ``answer(**inputs)`` is what it gives, the right answer where it does no harm.
    seen : bool
        That the words say no more than what the answer shows, "the result is left out". Such a mistake may be named on
        little evidence; any other, where two trials could have had six answers, may be another one by chance.

    Examples
    --------
    >>> forgotten = Mistake("the root is missing", lambda x: x)
    >>> forgotten(x=4.0)
    4.0
    """

    words: str
    answer: Callable[..., Any]
    seen: bool = False

    def __call__(self, *args: Any, **inputs: Any) -> Any:
        """Return the answer to these inputs."""
        return self.answer(*args, **inputs)


def answering(change: Callable[[Any], Callable[..., Any]], mistakes: Mapping[str, Mistake]) -> dict[str, Mistake]:
    """Return the same mistakes where another probe asks: `change` makes of each answer what is answered there.

    Examples
    --------
    >>> known = {"no-root": Mistake("the root is missing", lambda x: x)}
    >>> answering(lambda answer: lambda x: {"root": answer(x)}, known)["no-root"](x=4.0)
    {'root': 4.0}
    """
    return {id: replace(mistake, answer=change(mistake.answer)) for id, mistake in mistakes.items()}


def id_of(words: str) -> str:
    """Return the id of a mistake that has been given none: its first words, and a digest of all of them.

    Examples
    --------
    >>> id_of("the square of the *radius* is missing")
    'the-square-of-the-f73b'
    """
    start = "-".join(re.findall(r"[a-z0-9]+", words.lower())[:4])
    return f"{start}-{hashlib.sha256(words.encode()).hexdigest()[:4]}".strip("-")


@dataclass(frozen=True, eq=False)
class Check:
    """One check of a problem set, as its author wrote it.

    Attributes
    ----------
    id : str
        The grade_id of the check's test cell.
    part : str
        The grade_id of the solution cell that the check judges.
    points : float
        What passing it is worth.
    needs : tuple of str
        Earlier parts that this part builds on. If the check fails, it is tried again with the reference's
        solutions in those cells, and the better result counts.
    sentence : str
        What must be true, in one sentence for the student. A note behind it, "(Tried on ...)" or a last paragraph
        in brackets, is shown until the check has passed.
    trials : int
        How many times inputs are drawn.
    inputs : callable
        ``inputs(rng)`` with a `numpy.random.Generator` returns a dict of plain data. With a second argument,
        ``inputs(rng, trial)``, it gets the trial's number, 0, 1, ...: each trial may show another side of the task.
    probe_source : str
        The source of ``probe(student, **inputs)``.
    expected : callable
        ``expected(**inputs)`` returns the right answer.
    accepts : callable or None
        ``accepts(answer, **inputs)`` judges where many answers are right: it returns "" or says what is wrong.
        `expected` then only serves as an example of a right answer.
    mistakes : mapping of str to Mistake
        The known mistakes by their ids: ``{"no-root": Mistake("the root is missing", lambda **inputs: ...)}``. In
        place of ids and `Mistake` an author may write words and answers, ``{"the root is missing": lambda ...}``; ids
        are then made of the words. A mistake is named if it explains all wrong trials and is right in the others.
        Where it raises, its answer may raise the same; or return what Python says then, with the line of the student's
        code in which it must happen: ``Raises(TypeError, "is not callable", line=r"derivative[(]")``, or in short
        ``TypeError("is not callable")``. A class alone is refused.
    returns : sequence of str
        What the items of a returned tuple or list are called in messages: ``("the value", "the gradient")``.
    hint : str
        The concept, and where the book explains it.
    picture : callable or None
        ``picture(answer, **inputs)`` shows a wrong answer beside the right one, in the student's own notebook: it
        returns a text, and an object that displays the same.
    partial : bool
        Whether it pays in proportion to the trials that came out right.
    rtol, atol : float or callable
        An answer is right within ``atol + rtol * abs(expected)``; callables get the inputs.
    seconds : float
        The processor time that one trial may take: at least twice what an honest answer needs.
    offers : callable or None
        ``offers(**inputs)`` returns functions of numbers, by name, which the probe receives beside its inputs. They run
        and are counted on the trusted side, where student code cannot look: what is judged is the probe's answer with
        ``"calls of NAME"`` beside it, in the dict that it returned or in a new one, under ``"answer"``.
    array : bool
        That an array of NumPy is what the lesson is about. Elsewhere a rectangular list or tuple of numbers counts as
        one.
    asked : frozenset of str
        The names for which the probes of all checks of its set ask, filled in when the set is read.
    home : str
        What of it students of a private set get: "sampled" (stored inputs and answers) or "private" (its sentence).
    breaks : sequence of Wrong
        Wrong implementations, for each of which the student hands in an exhibit: see `autograder.ground.exhibits`.
    in_place : bool
        Whether its test cell itself runs, in its place: see `autograder.ground.cell_tests`.
    """

    id: str
    part: str
    points: float
    needs: tuple[str, ...]
    sentence: str
    trials: int
    inputs: Callable[..., dict[str, Any]]
    probe_source: str
    expected: Callable[..., Any]
    accepts: Callable[..., str] | None
    mistakes: Mapping[str, Mistake]
    returns: Sequence[str]
    hint: str
    picture: Callable[..., tuple[str, Any]] | None
    partial: bool
    rtol: Number
    atol: Number
    seconds: float
    offers: Callable[..., Mapping[str, Callable[..., Any]]] | None = None
    array: bool = False
    asked: frozenset[str] = frozenset()
    home: str = "sampled"
    breaks: Sequence[Wrong] = ()
    in_place: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "mistakes", dict(map(_with_id, self.mistakes.items())))

    def draw(self, seed: int, trial: int) -> dict[str, Any]:
        """Return the inputs of one trial; the same seed gives the same inputs."""
        if self.breaks:
            return {"exposes": self.breaks[trial % len(self.breaks)].id}
        try:
            rng = np.random.default_rng([seed, trial, *self.id.encode()])
            return self.inputs(rng, trial) if "trial" in inspect.signature(self.inputs).parameters else self.inputs(rng)
        except Exception as error:
            raise CheckError(
                f"{self.id}: its inputs cannot be drawn from the seed {seed}, trial {trial} "
                f"({type(error).__name__}: {error}). Let its `inputs` draw again then, or name another seed."
            ) from error

    def mistaken(self, mistake: str, inputs: Mapping[str, Any]) -> Any:
        """Return the answer of a mistake, named by its id, on inputs that it may change; or what it raises."""
        answer = self.mistakes[mistake]
        try:
            return answer(**inputs)
        except Exception as error:  # a wrong iteration may run into inputs of which no author has thought
            return error

    def tolerance(self, inputs: Mapping[str, Any]) -> tuple[float, float]:
        """Return (rtol, atol) for these inputs."""
        rtol, atol = (t(**inputs) if callable(t) else t for t in (self.rtol, self.atol))
        return float(rtol), float(atol)


def raised(answer: Any) -> Raises | None:
    """Return which exception a mistake's answer stands for; None where it is no exception, or a class alone."""
    if isinstance(answer, Raises):
        return answer
    return Raises(type(answer), str(answer)) if isinstance(answer, BaseException) and str(answer) else None


def is_exception(answer: Any) -> bool:
    """Whether a mistake's answer is none, but stands for an exception or for a broken promise."""
    return isinstance(answer, Breaks | Raises | BaseException) or (
        isinstance(answer, type) and issubclass(answer, BaseException)
    )


def bare_exception(function: Any) -> str:
    """Return the name of an exception's class that a function returns, as ``lambda x: TypeError`` does; or "".

    Examples
    --------
    >>> bare_exception(lambda x: TypeError), bare_exception(lambda x: TypeError("is not callable"))
    ('TypeError', '')
    """
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    last = ""
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            last = str(step.argval)
        elif step.opname == "RETURN_VALUE" and last:
            found = function.__globals__.get(last, getattr(builtins, last, None))
            if isinstance(found, type) and issubclass(found, BaseException):
                return last
        elif step.opname not in ("SWAP", "POP_EXCEPT", "NOP", "EXTENDED_ARG", "CACHE"):
            last = ""
    return ""


@dataclass(frozen=True)
class CheckFile:
    """What a `checks.py` says: its checks in order, what its notebooks may import, how long they may take.

    Its solutions are for anybody to read only where it says ``OPEN = True``. Else what a notebook answers beside the
    reference's parts is told to nobody: it could be these parts.
    """

    checks: tuple[Check, ...]
    imports: tuple[str, ...] = ("numpy", "matplotlib")
    seconds: float = 60.0
    open: bool = False
    by_id: Mapping[str, Check] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {check.id: check for check in self.checks})
        asked = frozenset(name for check in self.checks for name in ASKED.findall(check.probe_source))
        for check in self.checks:
            object.__setattr__(check, "asked", asked)


OPTIONAL: dict[str, Any] = {
    "trials": 5,
    "accepts": None,
    "mistakes": {},
    "returns": (),
    "picture": None,
    "partial": False,
    "rtol": 1e-9,
    "atol": 0.0,
    "seconds": 5.0,
    "offers": None,
    "array": False,
    "home": "sampled",
    "breaks": (),
}
ASKED = re.compile(r"\bstudent\.(\w+)")
REQUIRED = ("inputs", "probe", "expected", "hint")


def check(id: str, *, part: str, points: float, needs: Sequence[str] = ()) -> Callable[[type], Check]:
    """Turn a class into a `Check`; see the module's example.

    Parameters
    ----------
    id : str
        The check's name, unique in its set; also the grade_id of its test cell.
    part : str
        The grade_id of the solution cell that it judges.
    points : float
        Positive.
    needs : sequence of str
        Earlier parts that this one builds on.

    Raises
    ------
    CheckError
        If the class lacks something, or says something that no check has.
    """

    def decorate(cls: type) -> Check:
        said: dict[str, Any] = {name: value for name, value in vars(cls).items() if not name.startswith("__")}
        if "breaks" in said:
            if lacking := [name for name in SAYS if name not in said]:
                raise CheckError(f"Check {id!r} says `breaks`; let it say {', '.join(lacking)}, too.")
            try:
                said = breaking(said)
            except ValueError as error:
                raise CheckError(f"Check {id!r} (class {cls.__name__}): {error}.") from None
        problems = [f"it has no `{name}`" for name in REQUIRED if name not in said]
        problems += [f"it says `{name}`, which no check has" for name in said if name not in (*REQUIRED, *OPTIONAL)]
        paragraphs = inspect.cleandoc(cls.__doc__ or "").split("\n\n")
        sentence = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)  # wrapped where it is shown
        if not sentence:
            problems.append("it has no docstring, which the student reads")
        if not points > 0:
            problems.append(f"it is worth {points} points; a check is worth more than 0")
        if isinstance(needs, str):
            problems.append(f"`needs` is the text {needs!r}; write a list of parts, [{needs!r}]")
        if said.get("home", "sampled") not in ("sampled", "private"):
            problems.append(f'`home` is {said["home"]!r}; it is "sampled" or "private"')
        if isinstance(names := said.get("returns", ()), str):
            problems.append(f"`returns` is the text {names!r}; write a list of names, [{names!r}]")
        if problems:
            raise CheckError(f"Check {id!r} (class {cls.__name__}): " + "; ".join(problems) + ".")
        for key, mistake in map(_with_id, said.get("mistakes", {}).items()):
            if bare := bare_exception(mistake.answer):
                raise CheckError(
                    f"Check {id!r}: its mistake {key!r} is told by the class {bare} alone, and many others raise that. "
                    f"Say words of the message, and where you can the line: "
                    f'Raises({bare}, "has no attribute", line=r"...").'
                )
        probe = said.pop("probe")
        source = probe if isinstance(probe, str) else textwrap.dedent(inspect.getsource(probe))
        if not source.startswith("def "):
            raise CheckError(f"Check {id!r}: write its probe as a function, `def probe(student, ...):`.")
        named: dict[str, Any] = {"id": id, "part": part, "points": points, "needs": tuple(needs), "sentence": sentence}
        return Check(**named, probe_source=source, **(OPTIONAL | said))

    return decorate


def _with_id(item: tuple[str, Callable[..., Any]]) -> tuple[str, Mistake]:
    """Return id and mistake of an entry that may hold words and an answer."""
    key, mistake = item
    return (key, mistake) if isinstance(mistake, Mistake) else (id_of(key), Mistake(key, mistake))


def files_of(folder: Path) -> list[Path]:
    """Return the files that say what is right in a problem set: `checks.py`, and those beside it that it may import."""
    return sorted(folder.glob("*.py"))


def load_checks(path: Path) -> CheckFile:
    """Run the file `path` and return what it declares.

    The files beside it are modules of the same package: ``from .mistakes import ...``.

    Raises
    ------
    CheckError
        If the file has no check, or two of the same id, or if one id stands for two mistakes.
    """
    if not path.is_file():
        raise CheckError(f"There is no file {path}; a problem set keeps its checks in checks.py.")
    module = _run(path.resolve())
    checks = tuple(value for value in vars(module).values() if isinstance(value, Check))
    if not checks:
        raise CheckError(f"{path} holds no check. Write a class under @check(id, part=..., points=...).")
    ids = [c.id for c in checks]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise CheckError(f"{path} uses these ids for more than one check: {', '.join(twice)}.")
    words: dict[str, str] = {}
    for id, mistake in ((id, mistake) for check in checks for id, mistake in check.mistakes.items()):
        if words.setdefault(id, mistake.words) != mistake.words:
            raise CheckError(
                f"{path} uses the id {id!r} for two mistakes, {words[id]!r} and {mistake.words!r}; "
                "give each its own, or both the same words."
            )
    declared = {
        k: v for k, v in (("imports", "IMPORTS"), ("seconds", "SECONDS"), ("open", "OPEN")) if hasattr(module, v)
    }
    return CheckFile(checks, **{k: getattr(module, v) for k, v in declared.items()})


def _run(path: Path) -> ModuleType:
    """Run a file as a module of a package that is its folder, afresh with all that it imports from there."""
    package = f"_checks_of_{path.parent.name}_{hashlib.sha256(str(path.parent).encode()).hexdigest()[:8]}"
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    sys.modules[package] = ModuleType(package)
    sys.modules[package].__path__ = [str(path.parent)]
    importlib.invalidate_caches()
    spec = importlib.util.spec_from_file_location(f"{package}.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
