"""What of a private set reaches students: its checks on stored inputs, with the right answers and those of mistakes.

The checks of a private set hold its solutions: `expected`, the mistakes, plain twins. So students get no `checks.py`.
``lr1.checks.json`` stands beside the notebook in its place. For each check that says ``home = "sampled"``, as all do
that say nothing, it holds twenty inputs with their right answers and what known mistakes would answer, the sentence,
the hint, and the probe as text. A check that says ``home = "private"`` is in it by its sentence alone; so is one whose
answers need the author's code (`accepts`, `offers`). Marking draws fresh inputs all the same.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from autograder.ground.answers import NotPlain, encode
from autograder.ground.check import Breaks, Check, files_of, raised
from autograder.ground.problem_sets import ProblemSet, ProblemSetError
from autograder.ground.stored import FORMAT

SAMPLES = 20


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
