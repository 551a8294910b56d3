"""The outcome of marking one class, and the files that hold it: `results.json` and `grades.csv`.

Everything that is told about a submission, to the gradebook, on a page or on the terminal, is told from a `Result`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from autograder.ground.untrusted_text import in_csv
from autograder.ground.whole_file import write_whole
from autograder.mark.check_results import CheckResult

Status = Literal["marked", "partly", "stopped", "unreadable", "missing"]
STATUSES: dict[Status, str] = {
    "marked": "every check was asked and answered",
    "partly": "some cell or check was stopped",
    "stopped": "nothing could be marked",
    "unreadable": "the file is no notebook that can be read",
    "missing": "there is no file",
}


class RecordError(Exception):
    """Nothing can be recorded. The message says why, and what to do."""


class ExportError(Exception):
    """Marks cannot be exported as asked. The message says why, and what to do."""


@dataclass(frozen=True)
class Shown:
    """What a cell printed, and its figures as PNG in base64."""

    text: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """How one submission fared.

    Attributes
    ----------
    student : str
        The name of the submission's folder.
    status : str
        A key of `STATUSES`.
    reason : str
        What happened, in words for the student; "" where all was run and nothing that stopped did harm elsewhere.
    checks : tuple of CheckResult
        One for every check of the problem set, in order, whatever the status.
    notices : tuple of str
        What the student should know beside the marks (a deleted test cell, a cell that raised).
    cell_errors : tuple of (str, str)
        Cells that raised: their names, and what they raised.
    seconds : float
        How long it took.
    seed : int
        What the inputs of its checks were drawn from.
    shown : mapping of str to Shown
        What the cells that a person marks printed and drew.
    by_wall : bool
        Whether the clock on the wall has ended something, and not its own processor time: a busy machine may have
        been at fault, so it is marked once more, alone.
    look : tuple of str
        Why a person should look at it: its marks may not say what was meant.
    answered : mapping of str to bool
        The checks whose questions were answered, which is final; and whether nothing is left to ask of them, beside
        right earlier parts either.
    """

    student: str
    status: Status
    reason: str
    checks: tuple[CheckResult, ...]
    notices: tuple[str, ...] = ()
    cell_errors: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    seed: int = 0
    shown: Mapping[str, Shown] = field(default_factory=dict)
    by_wall: bool = False
    look: tuple[str, ...] = ()
    answered: Mapping[str, bool] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """The points earned by the checks."""
        return round(sum(c.points for c in self.checks), 2)

    @property
    def why(self) -> str:
        """Why points are missing, in one line: what happened, and for each check that failed what was seen.

        Examples
        --------
        >>> area = CheckResult("area", "...", 0, 2, False, "With radius = 3, you returned 4; expected 28.3.")
        >>> Result("ada", "marked", "", (area,)).why
        'area: you returned 4; expected 28.3'
        """
        failed = [] if self.status in ("unreadable", "missing") else [c for c in self.checks if not c.passed]
        told = [
            f"{c.id}: {c.seen.rstrip('.')}" for c in failed if not (self.reason and c.stopped)
        ]  # what stopped is the reason
        return "; ".join(filter(None, [" ".join(self.reason.split()), *told]))

    @property
    def max_points(self) -> float:
        """The points that the checks can give."""
        return sum(c.max_points for c in self.checks)


class Final(NamedTuple):
    """What an earlier marking found for a check that was answered, and whether nothing is left to ask of it."""

    result: CheckResult
    settled: bool


def final_of(result: Result) -> dict[str, Final]:
    """Return what was answered in a marking that did not come to its end: nobody answers that twice."""
    return {c.id: Final(c, result.answered[c.id]) for c in result.checks if c.id in result.answered}


@dataclass(frozen=True)
class Grading:
    """One marking run over a class: what is needed to reproduce it, and a `Result` a student."""

    assignment: str
    seed: int
    checks_version: str
    environment: str
    results: tuple[Result, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the content of `results.json`."""
        return {
            "assignment": self.assignment,
            "seed": self.seed,
            "checks_version": self.checks_version,
            "environment": self.environment,
            "submissions": [result_as_json(result) for result in self.results],
        }

    @classmethod
    def read(cls, out: Path) -> Grading:
        """Read back what `write` wrote into the folder `out`.

        Raises
        ------
        FileNotFoundError
            If nothing was marked there yet.
        """
        path = out / "results.json"
        if not path.is_file():
            raise FileNotFoundError(f"There is no {path}; mark the class first, with `autograder grade`.")
        said = json.loads(path.read_text(encoding="utf-8"))
        results = tuple(map(result_from_json, said["submissions"]))
        return cls(said["assignment"], said["seed"], said["checks_version"], said["environment"], results)

    def with_earlier(self, out: Path) -> tuple[Grading, tuple[str, ...], tuple[str, ...]]:
        """Return this run with the results of an earlier one, in `out`, of students who are not in this one.

        Returns
        -------
        Grading
        tuple of str
            The students whose earlier results are in it.
        tuple of str
            Those whose earlier results are of other checks, and are left out.
        """
        try:
            earlier = Grading.read(out)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return self, (), ()
        here = {result.student for result in self.results}
        others = [result for result in earlier.results if result.student not in here]
        ids = {tuple(check.id for check in result.checks) for result in self.results}
        kept = [r for r in others if earlier.assignment == self.assignment and {tuple(c.id for c in r.checks)} == ids]
        known = {result.student: result for result in kept}
        left = tuple(result.student for result in others if result.student not in known)
        together = sorted([*self.results, *kept], key=lambda result: result.student)
        return replace(self, results=tuple(together)), tuple(known), left

    def write(self, out: Path) -> None:
        """Write `results.json` and `grades.csv` into the folder `out`."""
        text = json.dumps(self.as_json(), indent=1, ensure_ascii=False)
        write_whole(out / "results.json", text + "\n")
        with (out / "grades.csv").open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
            writer = csv.writer(file)
            ids = [c.id for c in self.results[0].checks] if self.results else []
            writer.writerow(["student", "status", "points", "max_points", *ids, "reason"])
            for r in self.results:
                points = {c.id: c.points for c in r.checks}
                row = [in_csv(r.student), r.status, r.points, r.max_points, *(points.get(i, 0.0) for i in ids)]
                writer.writerow([*row, in_csv(r.why)])


def result_as_json(result: Result) -> dict[str, Any]:
    """Return a student's entry in `results.json`."""
    return {
        "student": result.student,
        "status": result.status,
        "reason": result.reason,
        "points": result.points,
        "max_points": result.max_points,
        "checks": [_as_told(c) for c in result.checks],
        "notices": result.notices,
        "look": result.look,
        "cell_errors": result.cell_errors,
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
    }


def result_from_json(said: dict[str, Any]) -> Result:
    """Read back what `result_as_json` returned; raise `KeyError` or `TypeError` for anything else."""
    names = [f.name for f in fields(CheckResult)]
    return Result(
        said["student"],
        said["status"],
        said["reason"],
        tuple(_check_result({name: c[name] for name in names if name in c}) for c in said["checks"]),
        tuple(said["notices"]),
        tuple((name, error) for name, error in said["cell_errors"]),
        said["seconds"],
        said["seed"],
        {name: Shown(text, tuple(figures)) for name, (text, figures) in said.get("shown", {}).items()},
        look=tuple(said.get("look", ())),
    )


def _as_told(check: CheckResult) -> dict[str, Any]:
    said = asdict(check) | {"message": check.message}
    del said["work"]  # by which points were counted; it says nothing more
    return said


def _check_result(said: dict[str, Any]) -> CheckResult:
    return CheckResult(**said | {name: tuple(said.get(name, ())) for name in ("mistake_ids", "at_odds")})


def frequencies(results: Sequence[Result]) -> list[tuple[CheckResult, int]]:
    """Return the mistakes of a class, most frequent first: an example result of each, and how many made it."""
    examples: dict[tuple[str, str], CheckResult] = {}
    counts: dict[tuple[str, str], int] = {}
    for check in (c for r in results for c in r.checks if c.mistake):
        key = (check.id, str(check.mistake))
        examples.setdefault(key, check)
        counts[key] = counts.get(key, 0) + 1
    return sorted(((examples[k], n) for k, n in counts.items()), key=lambda pair: -pair[1])
