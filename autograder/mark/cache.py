"""What marking has found already: an unchanged submission is not run again, and an interrupted batch goes on.

An entry is one result, filed under a digest of all that it follows from: the student, the code that was run, the
problem set, the reference it is held against, the grader itself, and the environment. It is written as soon as the
submission is marked, whole or not at all. Only results that time and load cannot have changed are taken as they are:
status ``marked``. Of the others, what was answered is final: whoever is marked again has no second guess.

A batch that was killed leaves its seed behind, and the next one takes it up, so that a class gets one set of questions;
but for those who have handed in anew since then: what their code was asked, they may know.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
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
IMPORTED = re.compile(r"(?m)^[ \t]*(?:from[ \t]+(\w[\w.]*)|import[ \t]+(\w[\w., \t]*))")


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
        """Return what is known of this submission, if nothing but the submission can have made it so, or None."""
        result = self._read(student, submission)
        same = result and (result.seed == seed or not self.same_seed)
        return result if result and same and _whole(result) else None

    def cut_short(self, student: str, submission: Submission) -> Result | None:
        """Return what a marking of this submission found in which something was stopped, or None."""
        result = self._read(student, submission)
        return result if result and not _whole(result) else None

    def _read(self, student: str, submission: Submission) -> Result | None:
        try:
            said = json.loads(self._path(student, submission).read_text(encoding="utf-8"))
            by_wall, answered = bool(said["by_wall"]), dict(said["answered"])
            return replace(result_from_json(said), student=student, by_wall=by_wall, answered=answered)
        except (OSError, ValueError, KeyError, TypeError):  # none, or one that cannot be read: it is made again
            return None

    def put(self, submission: Submission, result: Result) -> None:
        """Keep a result."""
        shown = {name: [seen.text, seen.figures] for name, seen in result.shown.items()}
        ended = {"by_wall": result.by_wall, "answered": dict(result.answered)}
        said = result_as_json(result) | {"shown": shown} | ended
        write_whole(self._path(result.student, submission), json.dumps(said, ensure_ascii=False))

    def _path(self, student: str, submission: Submission) -> Path:
        code = [[cell.name, cell.source, cell.part, cell.show] for cell in submission.code]
        told = [student, list(submission.notices), code, list(self.versions)]
        digest = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()
        return self.folder / digest[:2] / f"{digest[2:]}.json"


def _whole(result: Result) -> bool:
    return result.status == "marked" and not result.by_wall


def versions(problem_set: ProblemSet, environment: str) -> tuple[str, ...]:
    """Return digests of all that marks of this problem set follow from, beside the submission."""
    own = [*files_of(problem_set.folder), problem_set.folder / "notebook.md"]
    checks = problem_set.checks  # read now, so that what they put on the path is there
    used = _local_code(own, checks.imports)
    return str(checks.seconds), _digest(own), *map(_of_package, used), _of_package(GRADER), environment


def _local_code(files: Iterable[Path], names: Iterable[str]) -> list[Path]:
    """Return packages and modules that are no installed ones, and that the files or the names bring: the references.

    They are read off the text, in turn, and not off what happens to be loaded: who goes on with a batch in another
    program has loaded something else.
    """
    installed = [Path(prefix).resolve() for prefix in {sys.prefix, sys.base_prefix}]
    to_do = [name.partition(".")[0] for name in names] + [name for file in files for name in _imported(file)]
    seen, found = {"autograder", *sys.stdlib_module_names}, []
    while to_do:
        if (name := to_do.pop()) in seen:
            continue
        seen.add(name)
        path = _where(name)
        if path and not any(path.is_relative_to(prefix) for prefix in installed):
            found.append(path)
            to_do += [other for file in _files(path) for other in _imported(file)]
    return sorted(found)


def _where(name: str) -> Path | None:
    """Return the folder of a package or the file of a module; None if there is none of this name, or no text of it."""
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # a module that somebody made by hand
        return None
    if spec is None or not (spec.submodule_search_locations or str(spec.origin).endswith(".py")):
        return None
    return Path((spec.submodule_search_locations or [str(spec.origin)])[0]).resolve()


def _imported(file: Path) -> list[str]:
    """Return the first names of what a text may import."""
    said = IMPORTED.findall(file.read_text(encoding="utf-8", errors="replace"))
    names = [name.split() for one, several in said for name in (one or several).split(",")]
    return [words[0].partition(".")[0] for words in names if words]


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


@lru_cache
def _of_package(folder: Path) -> str:
    return _digest(_files(folder))


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
