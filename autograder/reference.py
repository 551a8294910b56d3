"""The reference is marked before anybody is: an author's slip is never a student's fault.

A typo in `expected` or in a probe would mark a whole class down. So each right answer is computed, and the instructor's
own notebook is run and marked as a submission, on the inputs that the class will get. Where that does not come out
right, nobody is marked, and the message says which check it is, and the line.
"""

from __future__ import annotations

import copy
import json
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.authoring.prove import Case, as_submission
from autograder.grade import grade_code, questions
from autograder.ground.check import Check, CheckError
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.whole_file import write_whole
from autograder.run.launch import Launcher

NAME = "reference.json"


def examine(
    problem_set: ProblemSet, seed: int, launcher: Launcher, kept: Path | None = None, versions: Sequence[str] = ()
) -> None:
    """Mark the reference on the inputs of this seed.

    Parameters
    ----------
    problem_set : ProblemSet
    seed : int
    launcher : Launcher
    kept : Path, optional
        A folder in which it is kept that the reference was right; with the same versions it is not marked again.
    versions : sequence of str
        All that this follows from, as `autograder.mark.cache.versions` says it.

    Raises
    ------
    CheckError
        If a check's `expected` or tolerance raises, or the reference does not get full marks.
    """
    for check in problem_set.checks.checks:
        for trial in questions(check, seed):
            answer = _asked(check, "expected", problem_set, check.expected, trial.inputs)
            _asked(check, "tolerance", problem_set, lambda **inputs: check.tolerance(inputs), trial.inputs)  # noqa: B023
            if check.accepts is not None:
                judge: Callable[..., str] = check.accepts
                _asked(check, "accepts", problem_set, lambda **inputs: judge(answer, **inputs), trial.inputs)  # noqa: B023
    if kept and _known(kept / NAME) == list(versions):
        return
    case = Case(problem_set.folder / "notebook.md", problem_set.id, (), "", {})
    result = grade_code("the reference", as_submission(case, problem_set), problem_set, seed, launcher)
    wrong = [f"{check.id}: {check.finding or 'no points'}" for check in result.checks if not check.passed]
    if wrong:
        raise CheckError(
            f"Nobody was marked: the reference solution of {problem_set.id} does not pass its own checks on the seed "
            f"{seed}.\n  "
            + "\n  ".join(wrong)
            + "\nLook at the probe, the inputs and the tolerance of these checks, and "
            f"at notebook.md; see `autograder prove {problem_set.id} --seed {seed}`."
        )
    if kept:
        write_whole(kept / NAME, json.dumps(list(versions)))


def _asked(check: Check, what: str, problem_set: ProblemSet, function: Callable[..., Any], inputs: Any) -> Any:
    """Call a function of the author's; where it raises, say so with the check and the line."""
    try:
        return function(**copy.deepcopy(dict(inputs)))
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if Path(frame.filename).is_relative_to(problem_set.folder.resolve())]
        frame = (own or frames)[-1]
        raise CheckError(
            f"Nobody was marked: `{what}` of the check {check.id!r} raised {type(error).__name__}: {error} "
            f"({Path(frame.filename).name}, line {frame.lineno}: {frame.line})."
        ) from error


def _known(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
