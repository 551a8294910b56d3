"""`nbgrader autograde` by our path: this preprocessor takes the place of the one that runs notebooks in a kernel.

nbgrader copies the submission, restores the instructor's cells and, afterwards, reads a mark from the outputs of each
test cell: none for an error, a number as it stands, else full marks. In between, the notebook is run in the sandbox
and marked outside it, as `autograder grade` does, and what each check found is written where nbgrader looks.

``COURSE/nbgrader_config.py``, which `autograder release` and `autograder grade` write, puts it in place.
"""

from __future__ import annotations

import secrets
from typing import Any

from nbformat import from_dict
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer, Unicode

from autograder.grade import grade_code
from autograder.ground.problem_sets import find
from autograder.mark.check_results import CheckResult
from autograder.read.submission import Submission, SubmittedCell, code_to_run, notices
from autograder.record.marked_copy import shown_outputs
from autograder.run.sandbox.launcher import Sandbox

HERE_OR_ABOVE = "The folder of problem sets; `exercises` here or above where it is not given."


class RunInSandbox(NbGraderPreprocessor):
    """Runs a submission in the sandbox, and writes the verdicts of its checks as outputs of their test cells."""

    exercises = Unicode("", help=HERE_OR_ABOVE).tag(config=True)
    seed = Integer(secrets.randbits(32), help="Draws the inputs: secret, one for all that a process marks.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Mark one notebook."""
        about = resources["nbgrader"]
        problem_set = find(about["assignment"], self.exercises or None)
        cells = tuple(
            SubmittedCell(c.metadata.get("nbgrader", {}).get("grade_id", ""), c.cell_type, c.source) for c in nb.cells
        )
        submission = Submission(cells, code_to_run(cells, problem_set), tuple(notices(cells, problem_set)))
        hidden = (problem_set.folder.parent.resolve(),)
        launcher = Sandbox(problem_set.checks.imports, hidden=hidden, preload=problem_set.preload)
        result = grade_code(about["student"], submission, problem_set, self.seed, launcher)
        self.log.info(
            "%s: %s, %g of %g points from the checks (seed %d)%s",
            about["student"], result.status, result.points, result.max_points, self.seed,
            f": {result.reason}" if result.reason else "",
        )  # fmt: skip
        found = {check.id: check for check in result.checks}
        errors = dict(result.cell_errors)
        for number, cell in enumerate(nb.cells, 1):
            if cell.cell_type == "code":
                id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                name = id or f"cell {number}"
                cell.execution_count = None
                if id in found:
                    cell.outputs = verdict(found[id])
                else:
                    cell.outputs = [from_dict(output) for output in shown_outputs(result, name)]
                    cell.outputs += not_right(errors[name]) if name in errors else []
        return nb, resources


def verdict(check: CheckResult) -> list[Any]:
    """Return the outputs in which nbgrader reads the points of a check."""
    if check.passed:
        return [new_output("stream", name="stdout", text=f"Right: {check.statement}\n{check.message}".rstrip() + "\n")]
    if check.points:
        words = f"Partly right: {check.sentence}\n{check.message}\n"
        points = new_output("execute_result", data={"text/plain": str(check.points)}, execution_count=1)
        return [new_output("stream", name="stdout", text=words), points]
    return not_right(f"{check.sentence}\n{check.message}")


def not_right(words: str) -> list[Any]:
    """Return an error as output, which nbgrader takes for no points."""
    return [new_output("error", ename="Not right yet", evalue=words, traceback=words.splitlines())]
