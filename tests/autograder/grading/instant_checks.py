"""Runs cases as a student would, in IPython with the instant checks, and prints which checks failed, as JSON.

    python instant_checks.py EXERCISES PS NUMBER OF

Of so many shares of the cases it runs the one of that number, so that several processes run all of them. A check of a
part that a case leaves as the reference has it, and that builds on none that the case replaces, is asked once for each
set of parts that cases replace: it answers what it has answered before.

The cases are this project's own code; nobody's submission is run here. A notebook draws its seeds in secret; here a
check's are the same in each case, so that what fails once can be looked at, and as when a class is marked, what is
drawn and computed from a seed alone is so once.
"""

import contextlib
import copy
import io
import json
import random
import sys
from functools import cache
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell

from autograder import one_thread  # noqa: F401 - before NumPy, as on the command line
from autograder.authoring.instant_checks import CheckFailed
from autograder.authoring.prove import Case, find_cases
from autograder.ground.problem_sets import ProblemSet, find

CALLS = sys.getrecursionlimit()
find_once = cache(find)


def failed(case: Case, problem_set: ProblemSet, asked: set[tuple[frozenset[str], str]]) -> list[str]:
    """Return the checks that fail where IPython runs a case cell by cell; `asked` is what needs no second question."""
    replaced = frozenset(case.cells)
    passed = [c.id for c in problem_set.checks.checks if (replaced, c.id) in asked and c.id not in case.fails]
    opened = f'problem_set("{problem_set.id}"'
    shell = InteractiveShell.instance()
    shell.user_ns.clear()
    shell.init_user_ns()  # `reset` would collect garbage too, which takes longer than the case
    sys.setrecursionlimit(CALLS)  # a case may have raised it, and another one recurse until the stack is full
    with (
        patch("autograder.authoring.instant_checks.secrets.randbits", lambda bits: drawn.getrandbits(bits)),
        patch("autograder.authoring.instant_checks.find", find_once),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        for cell in problem_set.cells:
            source, drawn = case.cells.get(cell.grade_id, cell.source), random.Random(f"11 {cell.grade_id}")
            if cell.cell_type == "code" and cell.grade_id not in passed:
                done = shell.run_cell(source.replace(f"{opened})", f"{opened}, {str(problem_set.folder.parent)!r})"))
                if f"{problem_set.id}.check(" in source and not isinstance(done.error_in_exec, CheckFailed | None):
                    raise done.error_in_exec
            if problem_set.id in shell.user_ns:
                shell.user_ns[problem_set.id].marking = True  # nobody looks at pictures
    results = shell.user_ns[problem_set.id]._results
    right = [c for c in problem_set.checks.checks if c.id in passed or results[c.id].passed]
    asked |= {(replaced, c.id) for c in right if not replaced & {c.part, *c.needs}}
    return [c.id for c in problem_set.checks.checks if c not in right]


def fit_once() -> None:
    """Let scikit-learn fit the same settings to the same points once: all cases of ps8 do, most of their time."""
    from sklearn.mixture import GaussianMixture

    fit, fitted = GaussianMixture.fit, {}

    def fit_or_recall(self: GaussianMixture, X: object, y: object = None) -> GaussianMixture:
        if not hasattr(X, "tobytes") or not isinstance(self.random_state, int):
            return fit(self, X, y)  # another result each time, or one that no key tells from another
        key = (type(self), repr(self.get_params()), X.shape, X.dtype, X.tobytes())
        if key not in fitted:
            fitted[key] = copy.deepcopy(vars(fit(self, X, y)))
        vars(self).update(copy.deepcopy(fitted[key]))
        return self

    GaussianMixture.fit = fit_or_recall


if __name__ == "__main__":
    exercises, id, number, of = sys.argv[1:]
    problem_set = find_once(id, exercises)
    share = find_cases(problem_set)[int(number) :: int(of)]
    asked: set[tuple[frozenset[str], str]] = set()
    if "scikit-learn" in problem_set.checks.imports:
        fit_once()
    print(json.dumps({case.name: failed(case, problem_set, asked) for case in share}))
