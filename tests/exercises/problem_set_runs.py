"""A problem set's notebook run in this process, with some of its solution cells replaced, and its checks marked there.

Only this project's own code runs here: the reference and the cases. A submission runs in the sandbox, and there only.
"""

import contextlib
import copy
import io
import itertools
import linecache
import sys
import warnings
from functools import cache, cached_property, lru_cache, partial, wraps
from pathlib import Path

from autograder.authoring.prove import find_cases
from autograder.ground.answers import attempt, decode, encode, outcome
from autograder.ground.check import is_exception, raised
from autograder.ground.problem_sets import ProblemSet, find
from autograder.ground.runs import Trial
from autograder.mark.check_results import mark_check, tells_more
from autograder.mark.compare import differs
from autograder.mark.faults import Asked

EXERCISES = Path(__file__).resolve().parents[2] / "exercises"
NUMBERS = itertools.count()  # of runs: each has lines of its own, which messages show
STOPPED = "which cell stopped, and with what"
SLOW = {"ps8": ("fit", "fitted")}  # a cell whose function takes long, and answers the same to the same arguments


class Runs:
    """One problem set, run again and again; what one run of a case defines is kept, and how it was marked."""

    def __init__(self, problem_set: ProblemSet) -> None:
        self.set = problem_set
        self.id = problem_set.id
        self.checks = problem_set.checks.by_id
        self.cases = find_cases(problem_set)
        self.case_of = {case.path: case for case in self.cases}
        self.names_of = cache(self._names_of)
        self.marked = cache(self._marked)
        self.draws = cache(self._draws)
        self.alike = cache(self._alike)
        self.mistaken = lru_cache(maxsize=2)(self._mistaken)
        self.answered: dict[tuple, object] = {}

    def __repr__(self) -> str:
        return self.id

    @cached_property
    def reference(self) -> dict:
        """What the instructor's notebook defines."""
        return self.run({})

    def run(self, cells: dict[str, str], marking: bool = True) -> dict:
        """Run the notebook with some cells replaced, without its test cells; return its names."""
        names = {"__name__": "notebook"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for cell in self.set.cells:
                if cell.cell_type != "code" or cell.role == "test":
                    continue
                source = cells.get(cell.grade_id, cell.source)
                if cell.grade_id == "setup":
                    opened = f'problem_set("{self.id}")'
                    source = source.replace(opened, f'problem_set("{self.id}", {str(self.set.folder.parent)!r})')
                    source += f"\n{self.id}.marking = {marking}"
                try:
                    name = f"<cell {cell.grade_id} of run {next(NUMBERS)}>"
                    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
                    exec(compile(source, name, "exec"), names)
                except Exception as error:
                    if cell.grade_id not in cells:
                        raise
                    names[STOPPED] = {cell.grade_id: type(error).__name__}
                part, function = SLOW.get(self.id, ("", ""))
                if cell.grade_id == part and source == cell.source:
                    names[function] = self._asked_once(names[function])
        return names

    def _asked_once(self, function):
        """Make of the instructor's function one that is asked the same only once by all cases together."""

        @wraps(function)
        def asked(points, *others, **named):
            key = points.dtype.str, points.shape, points.tobytes(), *others, *sorted(named.items())
            if key not in self.answered:
                self.answered[key] = function(points, *others, **named)
            return copy.deepcopy(self.answered[key])

        return asked

    def _names_of(self, path: Path, with_reference: tuple[str, ...] = ()) -> dict:
        """What the notebook defines with the cells of a case, but for some that stay as the reference has them."""
        return self.run({id: source for id, source in self.case_of[path].cells.items() if id not in with_reference})

    def _draws(self, check_id: str, seed: int) -> list[dict]:
        """Return the inputs of all trials of a check."""
        check = self.checks[check_id]
        return [check.draw(seed, trial) for trial in range(check.trials)]

    def _mistaken(self, check_id: str, seed: int) -> dict[str, list]:
        """Return what each known mistake answers in all trials of a check."""
        check, inputs = self.checks[check_id], self.draws(check_id, seed)
        return {id: [check.mistaken(id, copy.deepcopy(given)) for given in inputs] for id in check.mistakes}

    def _alike(self, check_id: str, seed: int) -> set[tuple[str, str]]:
        """Return the pairs of known mistakes that give the same answers in all trials of a check."""
        check, inputs, answers = self.checks[check_id], self.draws(check_id, seed), self.mistaken(check_id, seed)
        return {
            (one, other)
            for one, other in itertools.combinations(answers, 2)
            if all(map(partial(same, check), answers[one], answers[other], inputs))
        }

    def mark(self, check, case, seed: int):
        """Mark one check of a case; what builds on earlier parts is tried with the reference's too."""
        return self.marked(check.id, case.path, seed)

    def _marked(self, check_id: str, path: Path, seed: int):
        check = self.checks[check_id]
        result = self.mark_names(check, self.names_of(path), seed)
        if not result.passed and set(check.needs) & set(self.case_of[path].cells):
            again = self.mark_names(check, self.names_of(path, check.needs), seed)
            return again if tells_more(again, result) else result
        return result

    def mark_names(self, check, names, seed):
        """Mark one check of what a notebook defines."""
        trials = []
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            for given in self.draws(check.id, seed):
                trials.append(Asked(given, self.answer(check, names, given)))
        return mark_check(check, trials, names.get(STOPPED, {}).get(check.part, ""))

    def answer(self, check, names, given):
        """Return what a probe makes of the names, as it would come out of the sandbox."""
        offered = Trial(check.id, 0, check.probe_source, given, offers=check.offers).offered()
        inputs = decode(encode(given)) | offered.at_home()
        calls = sys.getrecursionlimit()  # a case may raise it, and another one recurse until the stack is full
        try:
            return offered.judged(outcome(attempt(check.probe_source, names, inputs)))
        finally:
            sys.setrecursionlimit(calls)


def shows(check, answer, given) -> bool:
    """Whether a known mistake's answer to these inputs is another one than the right one."""
    if is_exception(answer):
        return True
    return bool(differs(answer, check.expected(**given), *check.tolerance(given), lists=not check.array))


def same(check, one, other, given) -> bool:
    """Whether two answers to these inputs are the same: values within the tolerance, or what is raised."""
    if is_exception(one) or is_exception(other):
        return is_exception(one) and is_exception(other) and raised(one) == raised(other)
    try:
        return not differs(one, other, *check.tolerance(given), lists=not check.array)
    except Exception:  # a wrong iteration may end in what is no answer
        return False


@cache
def runs_of(id: str) -> Runs:
    """Return the runs of a problem set of this course; all tests share them."""
    return Runs(find(id, EXERCISES))
