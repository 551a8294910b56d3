"""Runs cases as a student would, in IPython with the instant checks, and prints which checks failed, as JSON.

    python instant_checks.py EXERCISES PS

The cases are this project's own code; nobody's submission is run here. A notebook draws its seeds in secret; here they
are the same each time, so that what fails once can be looked at.
"""

import contextlib
import io
import json
import random
import sys
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell

import autograder.cli  # noqa: F401 - first: one thread for linear algebra, and no grammar that takes seconds to make
from autograder.authoring.instant_checks import CheckFailed
from autograder.authoring.prove import find_cases
from autograder.ground.problem_sets import find


def verdicts(exercises: str, id: str) -> dict[str, list[str]]:
    """Return the checks that fail in each case, tried by IPython cell by cell."""
    problem_set = find(id, exercises)
    shell = InteractiveShell.instance()
    found = {}
    for case in find_cases(problem_set):
        shell.user_ns.clear()
        shell.init_user_ns()  # `reset` would collect garbage too, which takes longer than the case
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for cell in problem_set.cells:
                source = case.cells.get(cell.grade_id, cell.source)
                if cell.cell_type == "code":
                    done = shell.run_cell(source.replace(f'problem_set("{id}")', f'problem_set("{id}", {exercises!r})'))
                    if f"{id}.check(" in source and not isinstance(done.error_in_exec, CheckFailed | None):
                        raise done.error_in_exec
                if id in shell.user_ns:
                    shell.user_ns[id].marking = True  # nobody looks at pictures
        results = shell.user_ns[id]._results
        found[case.name] = [check.id for check in problem_set.checks.checks if not results[check.id].passed]
    return found


if __name__ == "__main__":
    with patch("autograder.authoring.instant_checks.secrets.randbits", random.Random(11).getrandbits):
        print(json.dumps(verdicts(*sys.argv[1:])))
