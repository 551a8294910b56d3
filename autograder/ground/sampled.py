"""What of a private set reaches students: its checks on stored inputs, with the right answers and those of mistakes.

The checks of a private set hold its solutions: `expected`, the mistakes, plain twins. So students get no `checks.py`.
``lr1.checks.json`` stands beside the notebook in its place. For each check that says ``home = "sampled"``, as all do
that say nothing, it holds twenty inputs with their right answers and what known mistakes would answer, the sentence,
the hint, and the probe as text. A check that says ``home = "private"`` is in it by its sentence alone; so is one whose
answers need the author's code (`accepts`, `offers`). Marking draws fresh inputs all the same.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.ground.answers import NotPlain, decode, encode
from autograder.ground.check import Breaks, Check, CheckFile, Mistake, Raises, files_of, raised
from autograder.ground.problem_sets import Carries, ProblemSet, ProblemSetError, SourceCell

FORMAT = 1
SAMPLES = 20
SUFFIX = ".checks.json"
MARKED_LATER = "This is checked when your notebook is marked."


def sampled(problem_set: ProblemSet, released: Any) -> dict[str, Any]:
    """Return what a private set's file for students holds; the same text of the set gives the same file.

    Parameters
    ----------
    problem_set : ProblemSet
    released : NotebookNode
        The notebook that students get: its cells, without solutions, stand in the file.

    Raises
    ------
    ProblemSetError
        If the inputs or the right answers of a check are no plain data.
    """
    checks = problem_set.checks
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files_of(problem_set.folder))).digest()
    seed = int.from_bytes(digest[:4], "big")
    public = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in released.cells}
    cells = [
        {"grade_id": c.grade_id, "role": c.role, "cell_type": c.cell_type, "points": c.points,
         "source": public.get(c.grade_id, "") if c.grade_id else c.source,
         "carries": [c.carries.set, list(c.carries.parts)] if c.carries else None}
        for c in problem_set.cells
    ]  # fmt: skip
    return {
        "format": FORMAT, "set": problem_set.id, "title": problem_set.title, "imports": list(checks.imports),
        "seconds": checks.seconds, "cells": cells, "checks": [_of_check(check, seed) for check in checks.checks],
    }  # fmt: skip


def _of_check(check: Check, seed: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": check.id, "part": check.part, "points": check.points, "sentence": check.sentence, "hint": check.hint,
        "home": "private" if check.accepts is not None or check.offers is not None else check.home,
    }  # fmt: skip
    if said["home"] == "private":
        return said
    samples = []
    for number in range(SAMPLES):
        inputs = check.draw(seed, number)
        try:
            sample = {"inputs": encode(inputs), "expected": encode(check.expected(**copy.deepcopy(inputs)))}
        except NotPlain as error:
            raise ProblemSetError(
                f"{check.id} cannot be handed out on stored inputs: {error} is no plain data. Let `inputs` and "
                f'`expected` return numbers, texts, arrays, lists, tuples and dicts, or say home = "private".'
            ) from None
        sample["tolerance"] = list(check.tolerance(inputs))
        sample["mistakes"] = {id: _answer(check.mistaken(id, copy.deepcopy(inputs))) for id in check.mistakes}
        samples.append(sample)
    return said | {
        "trials": check.trials, "returns": list(check.returns), "partial": check.partial, "seconds": check.seconds,
        "array": check.array, "probe": check.probe_source, "samples": samples,
        "mistakes": {id: {"words": m.words, "seen": m.seen} for id, m in check.mistakes.items()},
    }  # fmt: skip


def _answer(answer: Any) -> dict[str, Any] | None:
    """Return a mistake's answer as it is stored; None where it cannot be."""
    if isinstance(answer, Breaks):
        return {"breaks": answer.says}
    if error := raised(answer):
        says = [error.says] if isinstance(error.says, str) else list(error.says)
        return {"raises": error.name, "says": says, "line": error.line, "by_probe": error.by_probe}
    try:
        return {"answer": encode(answer)}
    except (NotPlain, ValueError):
        return None


@dataclass(frozen=True)
class SampledSet(ProblemSet):
    """A private set as a student has it: read from the file beside the notebook."""

    @functools.cached_property
    def said(self) -> dict[str, Any]:
        """What the file says."""
        path = self.folder / f"{self.id}{SUFFIX}"
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["format"] != FORMAT or said["set"] != self.id:
                raise ValueError(f"it is of the set {said['set']}, format {said['format']}")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ProblemSetError(f"{path} cannot be read: {error}. Take it anew from what you were given.") from None
        return dict(said)

    @functools.cached_property
    def checks(self) -> CheckFile:
        """The checks, on stored inputs; none builds on the reference's earlier parts, which are not here."""
        checks = tuple(map(_check, self.said["checks"]))
        return CheckFile(checks, tuple(self.said["imports"]), float(self.said["seconds"]))

    @functools.cached_property
    def cells(self) -> tuple[SourceCell, ...]:
        """The cells of the notebook as it was handed out."""
        return tuple(
            SourceCell(
                c["grade_id"], c["role"], c["cell_type"], c["source"], c["points"],
                Carries(c["carries"][0], tuple(c["carries"][1])) if c["carries"] else None,
            )
            for c in self.said["cells"]
        )  # fmt: skip


def _check(said: Mapping[str, Any]) -> Check:
    if said["home"] == "private":
        return Check(
            said["id"], said["part"], said["points"], (), said["sentence"], 1, lambda rng: {},
            "def probe(student):\n    return None", lambda: None, None, {}, (), said["hint"], None, False, 0.0, 0.0,
            1.0, home="private",
        )  # fmt: skip
    samples = {_key(decode(sample["inputs"])): sample for sample in said["samples"]}
    drawn = list(samples.values())

    def of(inputs: Mapping[str, Any]) -> dict[str, Any]:
        return samples[_key(inputs)]

    def mistake(id: str) -> Callable[..., Any]:
        return lambda **inputs: _recalled(of(inputs)["mistakes"].get(id))

    return Check(
        said["id"], said["part"], said["points"], (), said["sentence"], said["trials"],
        lambda rng: decode(drawn[int(rng.integers(len(drawn)))]["inputs"]),
        said["probe"], lambda **inputs: decode(of(inputs)["expected"]), None,
        {id: Mistake(about["words"], mistake(id), about["seen"]) for id, about in said["mistakes"].items()},
        tuple(said["returns"]), said["hint"], None, said["partial"],
        lambda **inputs: of(inputs)["tolerance"][0], lambda **inputs: of(inputs)["tolerance"][1], said["seconds"],
        array=said["array"],
    )  # fmt: skip


def _key(inputs: Mapping[str, Any]) -> str:
    return json.dumps(encode(dict(inputs)), sort_keys=True)


def _recalled(stored: Mapping[str, Any] | None) -> Any:
    """Return a mistake's answer from what is stored; one that cannot be known explains nothing."""
    match stored:
        case {"breaks": says}:
            return Breaks(says)
        case {"raises": kind, "says": says, "line": line, "by_probe": by_probe}:
            return Raises(kind, says, line, by_probe)
        case {"answer": form}:
            return decode(form)
    return Exception


def sampled_sets(folder: Path) -> dict[str, ProblemSet]:
    """Return the private sets whose files lie in a folder, by id."""
    found = sorted(folder.glob(f"*{SUFFIX}"))
    return {path.name.removesuffix(SUFFIX): SampledSet(path.name.removesuffix(SUFFIX), folder) for path in found}
