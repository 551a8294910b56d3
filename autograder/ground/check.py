"""A check, as its author wrote it: a class that reads as a sentence becomes a `Check`. `autograder.checks` shows how.

The functions of a check are the author's, and trusted. Only the probe leaves for the sandbox, as text.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Number = float | Callable[..., float]


class CheckError(Exception):
    """A check is not written as it must be. The message names the check and says what to write."""


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
        ``inputs(rng)`` with a `numpy.random.Generator` returns a dict of plain data.
    probe_source : str
        The source of ``probe(student, **inputs)``.
    expected : callable
        ``expected(**inputs)`` returns the right answer.
    accepts : callable or None
        ``accepts(answer, **inputs)`` judges where many answers are right: it returns "" or says what is wrong.
        `expected` then only serves as an example of a right answer.
    mistakes : mapping of str to callable
        A known mistake, in words, to the answer that it gives, the right one where it does no harm:
        ``mistake(**inputs)``. It is named if it explains all wrong trials and is right in the others. Where it
        raises, it may raise too, or return the exception's class; or, where others raise it as well, an exception with
        some of the words that Python says then: ``TypeError("is not callable")``.
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
        The time that one trial may take.
    """

    id: str
    part: str
    points: float
    needs: tuple[str, ...]
    sentence: str
    trials: int
    inputs: Callable[[np.random.Generator], dict[str, Any]]
    probe_source: str
    expected: Callable[..., Any]
    accepts: Callable[..., str] | None
    mistakes: Mapping[str, Callable[..., Any]]
    returns: Sequence[str]
    hint: str
    picture: Callable[..., tuple[str, Any]] | None
    partial: bool
    rtol: Number
    atol: Number
    seconds: float

    def draw(self, seed: int, trial: int) -> dict[str, Any]:
        """Return the inputs of one trial; the same seed gives the same inputs."""
        try:
            return self.inputs(np.random.default_rng([seed, trial, *self.id.encode()]))
        except Exception as error:
            raise CheckError(
                f"{self.id}: its inputs cannot be drawn from the seed {seed}, trial {trial} "
                f"({type(error).__name__}: {error}). Let its `inputs` draw again then, or name another seed."
            ) from error

    def mistaken(self, mistake: str, inputs: Mapping[str, Any]) -> Any:
        """Return the answer that a known mistake gives on inputs that it may change, or the exception's class."""
        answer = self.mistakes[mistake]
        try:
            return answer(**inputs)
        except Exception as error:  # a wrong iteration may run into inputs of which no author has thought
            return type(error)

    def tolerance(self, inputs: Mapping[str, Any]) -> tuple[float, float]:
        """Return (rtol, atol) for these inputs."""
        rtol, atol = (t(**inputs) if callable(t) else t for t in (self.rtol, self.atol))
        return float(rtol), float(atol)


def raised(answer: Any) -> tuple[str, str] | None:
    """Return which exception a mistake's answer stands for, and the words that must be in its message; else None."""
    if isinstance(answer, BaseException):
        return type(answer).__name__, str(answer)
    return (answer.__name__, "") if isinstance(answer, type) and issubclass(answer, BaseException) else None


@dataclass(frozen=True)
class CheckFile:
    """What a `checks.py` says: its checks in order, what its notebooks may import, how long they may take."""

    checks: tuple[Check, ...]
    imports: tuple[str, ...] = ("numpy", "matplotlib")
    seconds: float = 60.0
    by_id: Mapping[str, Check] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {check.id: check for check in self.checks})


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
}
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
        if isinstance(names := said.get("returns", ()), str):
            problems.append(f"`returns` is the text {names!r}; write a list of names, [{names!r}]")
        if problems:
            raise CheckError(f"Check {id!r} (class {cls.__name__}): " + "; ".join(problems) + ".")
        source = textwrap.dedent(inspect.getsource(said.pop("probe")))
        if not source.startswith("def "):
            raise CheckError(f"Check {id!r}: write its probe as a function, `def probe(student, ...):`.")
        named: dict[str, Any] = {"id": id, "part": part, "points": points, "needs": tuple(needs), "sentence": sentence}
        return Check(**named, probe_source=source, **(OPTIONAL | said))

    return decorate


def load_checks(path: Path) -> CheckFile:
    """Run the file `path` and return what it declares.

    Raises
    ------
    CheckError
        If the file has no check, or two of the same id.
    """
    name = f"_checks_of_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CheckError(f"There is no file {path}; a problem set keeps its checks in checks.py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    checks = tuple(value for value in vars(module).values() if isinstance(value, Check))
    if not checks:
        raise CheckError(f"{path} holds no check. Write a class under @check(id, part=..., points=...).")
    ids = [c.id for c in checks]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise CheckError(f"{path} uses these ids for more than one check: {', '.join(twice)}.")
    declared = {k: v for k, v in (("imports", "IMPORTS"), ("seconds", "SECONDS")) if hasattr(module, v)}
    return CheckFile(checks, **{k: getattr(module, v) for k, v in declared.items()})
