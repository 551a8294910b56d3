"""What marking has found already: an unchanged submission is not run again, and an interrupted batch goes on.

An entry is one result, filed under a digest of all that it follows from: the student, the code that was run, the
problem set, the reference it is held against, the grader itself, and the environment. It is written as soon as the
submission is marked, whole or not at all. Only results that time and load cannot have changed are kept: status
``marked``.

A batch that was killed leaves its seed behind, and the next one takes it up, so that a class gets one set of questions;
but for those who have handed in anew since then: what their code was asked, they may know.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from autograder.ground.check import files_of
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.whole_file import write_whole
from autograder.mark.results import Result, result_as_json, result_from_json
from autograder.read.submission import Submission

GRADER = Path(__file__).parents[1]


@dataclass(frozen=True)
class Cache:
    """The results kept in a folder; `versions` says by what they were marked.

    With `same_seed`, only a result counts whose inputs were drawn from the seed that is asked for.

    Examples
    --------
    >>> import tempfile
    >>> cache = Cache(Path(tempfile.mkdtemp()), ("checks 1", "python 3.12"))
    >>> submission = Submission((), ())
    >>> cache.put(submission, Result("ada", "marked", "", (), seed=7))
    >>> cache.get("ada", submission, seed=8).seed
    7
    >>> cache.get("bob", submission, seed=8) is None
    True
    """

    folder: Path
    versions: Sequence[str]
    same_seed: bool = False

    def get(self, student: str, submission: Submission, seed: int) -> Result | None:
        """Return what is known of this submission, or None."""
        try:
            said = json.loads(self._path(student, submission).read_text(encoding="utf-8"))
            result = replace(result_from_json(said), student=student)
        except (OSError, ValueError, KeyError, TypeError):  # none, or one that cannot be read: it is made again
            return None
        return result if result.seed == seed or not self.same_seed else None

    def put(self, submission: Submission, result: Result) -> None:
        """Keep a result, if nothing but the submission can have made it so."""
        if result.status == "marked":
            shown = {name: [seen.text, seen.figures] for name, seen in result.shown.items()}
            said = result_as_json(result) | {"shown": shown}
            write_whole(self._path(result.student, submission), json.dumps(said, ensure_ascii=False))

    def _path(self, student: str, submission: Submission) -> Path:
        code = [[cell.name, cell.source, cell.part, cell.show] for cell in submission.code]
        told = [student, list(submission.notices), code, list(self.versions)]
        digest = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()
        return self.folder / digest[:2] / f"{digest[2:]}.json"


def versions(problem_set: ProblemSet, environment: str) -> tuple[str, ...]:
    """Return digests of all that marks of this problem set follow from, beside the submission."""
    own = [*files_of(problem_set.folder), problem_set.folder / "notebook.md"]
    checks = problem_set.checks  # read now, so that the packages which it imports are known
    return str(checks.seconds), _digest(own), *map(_of_package, _local_packages()), _of_package(GRADER), environment


def _local_packages() -> list[Path]:
    """Return the folders of packages in use that are no installed ones: the references of the checks."""
    installed = [Path(prefix).resolve() for prefix in {sys.prefix, sys.base_prefix}]
    found = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if "." not in name and file and Path(file).name == "__init__.py":
            folder = Path(file).resolve().parent
            if not any(folder.is_relative_to(prefix) for prefix in installed):
                found.add(folder)
    return sorted(found - {GRADER.resolve()})


@lru_cache
def _of_package(folder: Path) -> str:
    return _digest(sorted(folder.rglob("*.py")))


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


class Unfinished:
    """The seed of a batch from its start to its end: who finds one goes on with it."""

    def __init__(self, folder: Path, versions: Sequence[str]):
        self.path = folder / "unfinished.json"
        self.versions = list(versions)

    def seed(self) -> int | None:
        """Return the seed of a batch that was interrupted under the same versions, or None."""
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
            return int(said["seed"]) if said["versions"] == self.versions else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def began(self) -> float:
        """Return when the interrupted batch began, in seconds since 1970."""
        return self.path.stat().st_mtime

    def begin(self, seed: int) -> None:
        """Leave word that a batch with this seed has begun."""
        write_whole(self.path, json.dumps({"seed": seed, "versions": self.versions}))

    def end(self) -> None:
        """Take it back: the batch is over."""
        self.path.unlink(missing_ok=True)
