"""Runs cases as a student would, in IPython with the instant checks, and prints which checks failed, as JSON.

    python instant_checks.py EXERCISES PS NUMBER OF

Of so many shares of the cases it runs the one of that number, so that several processes run all of them.

The cases are this project's own code; nobody's submission is run here. A notebook draws its seeds in secret; here they
are the same for each case, so that what fails once can be looked at, and as when a class is marked, what is drawn and
computed from a seed alone is so once.
"""

import contextlib
import io
import json
import random
import sys
from functools import cache
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell

import autograder.cli  # noqa: F401 - first: one thread for linear algebra, and no grammar that takes seconds to make
from autograder.authoring.instant_checks import CheckFailed
from autograder.authoring.prove import Case, find_cases
from autograder.ground.problem_sets import ProblemSet, find

find_once = cache(find)


def failed(case: Case, problem_set: ProblemSet) -> list[str]:
    """Return the checks that fail where IPython runs a case cell by cell."""
    opened = f'problem_set("{problem_set.id}"'
    shell = InteractiveShell.instance()
    shell.user_ns.clear()
    shell.init_user_ns()  # `reset` would collect garbage too, which takes longer than the case
    drawn = random.Random(11).getrandbits
    with (
        patch("autograder.authoring.instant_checks.secrets.randbits", drawn),
        patch("autograder.authoring.instant_checks.find", find_once),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        for cell in problem_set.cells:
            source = case.cells.get(cell.grade_id, cell.source)
            if cell.cell_type == "code":
                done = shell.run_cell(source.replace(f"{opened})", f"{opened}, {str(problem_set.folder.parent)!r})"))
                if f"{problem_set.id}.check(" in source and not isinstance(done.error_in_exec, CheckFailed | None):
                    raise done.error_in_exec
            if problem_set.id in shell.user_ns:
                shell.user_ns[problem_set.id].marking = True  # nobody looks at pictures
    results = shell.user_ns[problem_set.id]._results
    return [check.id for check in problem_set.checks.checks if not results[check.id].passed]


if __name__ == "__main__":
    exercises, id, number, of = sys.argv[1:]
    problem_set = find_once(id, exercises)
    share = find_cases(problem_set)[int(number) :: int(of)]
    print(json.dumps({case.name: failed(case, problem_set) for case in share}))
