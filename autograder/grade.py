"""Grading: read, run, mark, for one submission and for a class. Recording and pages come after, from the results.

Every submission ends with a `Result`, whatever it holds; none of them can stop or alter another's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import importlib.metadata
import platform
import secrets
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.ground.answers import Outcome
from autograder.ground.bounded import Exceeded, Nursery, Share
from autograder.ground.check import ASKED, Check, files_of
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.runs import CannotRun, Cell, CellRun, Run, Trial, called
from autograder.mark.cache import Cache
from autograder.mark.check_results import CheckResult, do_not_fit, ends_never, tells_more, tried_with
from autograder.mark.counted_once import counted_once
from autograder.mark.in_place import result_in_place
from autograder.mark.judging import Goes, judged, not_judged, questions
from autograder.mark.memory import REMEMBERS, before_any_call, pair, remembering
from autograder.mark.results import Final, Grading, Result, Shown, Status, final_of
from autograder.mark.stopped_cells import root_causes
from autograder.read.class_folder import read_handed_in
from autograder.read.submission import Submission, Unreadable, with_reference
from autograder.run.launch import Launcher, run

MAX_ERRORS = 50  # cells whose errors are told
MAX_ENDS = 3  # cells that may end the process, each at the cost of its own part
SECONDS_AGAIN = 2.0  # for a cell that was stopped in the first run
ALL_CHECKS, ONE_CHECK = 0.5, 0.125  # parts of a submission's share that judging together, and then each, may take
NEVER = Outcome("stopped", text="it was never asked, since the notebook was stopped before")


@dataclass
class Marking:
    """The runs of one submission, and the one budget of time that they share: see `Run.charged`."""

    problem_set: ProblemSet
    launcher: Launcher
    left: float
    alone: bool
    share: Share
    seconds: float = 0.0
    wrong: dict[str, set[str]] = field(default_factory=dict)  # how checks went wrong in some run: which "later"
    unjudged: set[str] = field(default_factory=set)  # checks whose answers took too much to be judged

    def ask(
        self, code: Sequence[Cell], checks: Sequence[Check], seed: int, *, quiet: bool = False
    ) -> tuple[Run, dict[str, CheckResult], set[str]]:
        """Run the cells in a fresh sandbox, ask the checks' questions, and judge the answers.

        The ids of checks that are `unanswered` come third.
        """
        placed = [check for check in checks if check.in_place]
        checks = [check for check in checks if not check.in_place]
        trials = [trial for check in checks for trial in questions(check, seed)]
        ran = self._run(code, trials)
        ends = {cell.name: cell for cell in ran.cells}
        in_place = {c.id: result_in_place(c, ends[c.id], self.problem_set.cell(c.id).source) for c in placed}
        ran = replace(ran, cells=tuple(cell for cell in ran.cells if cell.name not in self.problem_set.in_place))
        errors = {check.part: "" for check in checks}
        errors |= {cell.name: cell.error for cell in ran.cells if cell.name in errors}
        outcomes = {
            check.id: [ran.outcomes.get((check.id, number), NEVER) for number in range(check.trials)]
            for check in checks
        }
        found = self._judged(seed, outcomes, errors, quiet)
        for id, (_, _, goes) in found.items():
            self.wrong.setdefault(goes, set()).add(id)
        unanswered = {id for id, (_, none, _) in found.items() if none}
        return ran, in_place | {id: result for id, (result, *_) in found.items()}, unanswered

    def remembering(
        self, code: Sequence[Cell], checks: Sequence[Check], seeds: Sequence[int], *, afresh: bool
    ) -> tuple[str, ...]:
        """Return the ids of those checks that are right on each of their trials alone, and not in a series.

        With `afresh`, of those whose functions the notebook itself has called, where nothing has called them yet.
        """
        with contextlib.suppress(Exceeded):
            ids = tuple(check.id for check in checks)
            if afresh:
                asked = {check.id: ASKED.findall(check.probe_source) for check in checks}
                code, ids = self.share.do(before_any_call, code, asked, part=ONE_CHECK)
            if not ids:
                return ()
            known = self.problem_set.checks.by_id
            ran = self._run(code, [trial for id in ids for seed in seeds for trial in pair(known[id], seed)])
            return tuple(self.share.do(remembering, self.problem_set, ids, seeds, ran.outcomes, part=ONE_CHECK))
        return ()

    def _run(self, code: Sequence[Cell], trials: Sequence[Trial]) -> Run:
        """Run the cells; once more without a cell that has ended the process, before any question was put to it.

        A test cell keeps what came of it first: whatever ends the process later, its tests are not rolled again.
        """
        ended: list[CellRun] = []
        tests: dict[str, CellRun] = {}
        while True:
            ran = run(code, trials, self.launcher, seconds=self.left, cell_seconds=self.cell_seconds, alone=self.alone)
            self.left = max(0.0, self.left - ran.charged)
            self.seconds += ran.seconds
            for cell in ran.cells:
                if cell.name in self.problem_set.in_place and not cell.cut_off:
                    tests.setdefault(cell.name, cell)
            culprit = next((cell for cell in ran.cells if cell.name == ran.ended_in), None)
            by_wall = ran.by_wall and not self.alone
            if culprit is None or by_wall or not self.left or len(ended) == MAX_ENDS:
                return replace(ran, cells=tuple(tests.get(cell.name, cell) for cell in (*ended, *ran.cells)))
            ended.append(culprit)
            code = [cell for cell in code if cell.name != culprit.name]

    def _judged(
        self, seed: int, outcomes: Mapping[str, Sequence[Outcome]], errors: Mapping[str, str], quiet: bool
    ) -> dict[str, tuple[CheckResult, bool, Goes]]:
        """Judge all checks as one piece of work; where that takes too much, each by itself, so that one costs none."""
        known = self.problem_set.checks.by_id
        try:
            found = self.share.do(judged, self.problem_set, seed, outcomes, errors, quiet, part=ALL_CHECKS)
        except Exceeded:
            found = {}
            for id, said in outcomes.items():
                try:
                    found |= self.share.do(judged, self.problem_set, seed, {id: said}, errors, quiet, part=ONE_CHECK)
                except Exceeded as late:
                    found[id] = not_judged(known[id], str(late)), False, ""
                    self.unjudged.add(id)
        # What crosses is a copy, and a class has these texts once.
        return {
            id: (replace(result, sentence=known[id].sentence, hint=known[id].hint if result.hint else ""), *more)
            for id, (result, *more) in found.items()
        }

    @property
    def cell_seconds(self) -> float:
        """What one cell may take: a third of what the whole submission may."""
        return min(self.problem_set.checks.seconds / 3, self.left)


def grade_code(
    student: str,
    submission: Submission,
    problem_set: ProblemSet,
    seed: int,
    launcher: Launcher,
    share: Share | None = None,
    final: Mapping[str, Final] | None = None,
) -> Result:
    """Run and mark a submission that was read; once more if the clock on the wall has ended something."""
    result = grade_once(student, submission, problem_set, seed, launcher, share, final=final)
    if not result.by_wall:
        return result
    return grade_once(student, submission, problem_set, seed, launcher, share, alone=True, final=final_of(result))


def grade_once(
    student: str,
    submission: Submission,
    problem_set: ProblemSet,
    seed: int,
    launcher: Launcher,
    share: Share | None = None,
    *,
    alone: bool = False,
    final: Mapping[str, Final] | None = None,
) -> Result:
    """Run and mark a submission that was read, within one budget of processor time.

    Judging is done in children of the `share`'s nursery; here, where none is given.

    A wrong answer is final. A check that has none, but trials that raised, were stopped or found a name missing, is put
    once more in a fresh sandbox: the whole check, on new inputs, and that counts.

    A check of a part that builds on earlier ones, and fails, is asked in a sandbox that has the reference's solutions
    in those earlier cells, on new inputs too. The better result counts, so that nobody is punished twice for a mistake.
    Where both fail, the second one is told: what it shows is a mistake of this part, and no earlier one's. Where the
    earlier parts are right, and fit, the second one saves no wrong answer: nobody has two guesses. What does not end is
    not waited for twice there: neither a function (`ends_never`) whose needs are right, nor a cell.

    A check that begins right and goes wrong, by no known mistake, is asked whether it remembers earlier calls; and so
    is one that is wrong at once, and whose functions the notebook itself has called. That changes no points.

    Unless `alone`, what the clock on the wall has ended is marked no further: see `Result.by_wall`. Who is marked
    again for that keeps what is `final`, and answers the rest on new inputs. Of a private set nothing is told then but
    what came out right: code may have kept what it found beside the reference's parts.
    """
    checks = problem_set.checks.checks
    share = share or Share(None)
    final = final or {}
    drawn = variant(seed, "alone") if alone else seed
    hush = (alone or bool(final)) and not problem_set.checks.open
    marking = Marking(problem_set, launcher, problem_set.checks.seconds, alone, share)
    asked = [check for check in checks if check.id not in final]
    ran, marks, unanswered = marking.ask(submission.code, asked, drawn, quiet=hush)
    ran = ran.without_words() if hush else ran
    cut_off = {id for id in marks if id in problem_set.in_place and marks[id].stopped}
    answered = dict.fromkeys(marks.keys() - unanswered - cut_off - marking.unjudged, False)
    answered |= {id: kept.settled for id, kept in final.items()}
    marks |= {id: kept.result for id, kept in final.items()}
    by_wall = ran.by_wall
    right = {check.part for check in checks} - {check.part for check in checks if not marks[check.id].passed}
    failed = [
        check
        for check in checks
        if check.needs and marks[check.id].points < check.points and not answered.get(check.id)
        if not (right.issuperset(check.needs) and ends_never(marks[check.id]))
    ]
    again = [check for check in checks if not check.needs and check.id in unanswered]
    # First what was never asked.
    again.sort(key=lambda check: ran.outcomes.get((check.id, 0), NEVER).text != ran.stopped)
    stopped = {cell.name for cell in ran.cells if cell.stopped}
    if again and marking.left and not (by_wall and not alone):
        code, seed_again = _shorter(submission.code, stopped), variant(drawn, "again")
        second, repeated, silent = marking.ask(code, again, seed_again, quiet=hush)
        by_wall = by_wall or second.by_wall
        marks |= repeated
        answered |= dict.fromkeys(repeated.keys() - silent - marking.unjudged, False)
    for needs in sorted({check.needs for check in failed}):
        if not marking.left or (by_wall and not alone):
            break
        these = [check for check in failed if check.needs == needs]
        code = _shorter(with_reference(submission.code, needs, problem_set), stopped.difference(needs))
        # In there are the reference's parts: what a notebook says of them is told only where anybody may read these.
        quiet = not problem_set.checks.open
        second, better, silent = marking.ask(code, these, variant(drawn, "with right earlier parts"), quiet=quiet)
        by_wall = by_wall or second.by_wall
        answered |= dict.fromkeys(better.keys() - silent - marking.unjudged, True)
        for check in these:
            if tells_more(result := better[check.id], marks[check.id]):
                others: tuple[str, ...] = ()
                needs_right = right.issuperset(check.needs)
                if result.passed and needs_right and not marks[check.id].stopped:
                    others = at_odds(check, submission.code, marking, variant(drawn, "at odds"))
                if needs_right and not others and check.id not in unanswered:
                    continue  # what this part answers beside right ones is its own, and final
                aside = do_not_fit(check, others) if others else tried_with(check, result.passed, needs_right)
                finding = f"{result.finding} {aside}".strip()
                marks[check.id] = dataclasses.replace(result, finding=finding, at_odds=others)
    seeds = [variant(drawn, f"remembers {turn}") for turn in ("once", "twice")]
    for goes in ("later", "at once"):
        suspects = [c for c in checks if c.id in marking.wrong.get(goes, ()) and unexplained(marks[c.id])]
        if suspects and marking.left and not (by_wall and not alone):
            for id in marking.remembering(submission.code, suspects, seeds, afresh=goes == "at once"):
                marks[id] = dataclasses.replace(marks[id], mistake=REMEMBERS)
    kept_as_it_was = {id for id, kept in final.items() if marks[id] is kept.result}
    marks |= {id: dataclasses.replace(marks[id], seed=drawn) for id in marks.keys() - kept_as_it_was}
    results = counted_once(checks, [marks[check.id] for check in checks])
    errors = tuple((cell.name, cell.error) for cell in ran.cells if cell.error)[:MAX_ERRORS]
    status, reason = status_of(ran, results)
    parts = [check.part for check in checks]
    cause = ""
    with contextlib.suppress(Exceeded):
        cause = share.do(root_causes, submission.code, ran.cells, results, parts, problem_set.checks.imports)
    reason = "\n".join(filter(None, (cause, reason)))
    watched = {cell.name for cell in submission.code if cell.show}
    shown = {c.name: Shown(c.output, c.figures) for c in ran.cells if c.name in watched and (c.output or c.figures)}
    told = submission.notices, errors, marking.seconds, seed, shown, by_wall, submission.look, answered
    return Result(student, status, reason, results, *told)


def _shorter(code: Sequence[Cell], stopped: Collection[str]) -> list[Cell]:
    """Return the cells, with less time for those that were stopped before."""
    return [dataclasses.replace(cell, seconds=SECONDS_AGAIN) if cell.name in stopped else cell for cell in code]


def unexplained(result: CheckResult) -> bool:
    """Whether a check fails, and nothing says yet by which mistake."""
    return not result.passed and not result.mistake and not result.stopped


def at_odds(check: Check, code: Sequence[Cell], marking: Marking, seed: int) -> tuple[str, ...]:
    """Return the earlier parts that pass their own checks, and without which this check passes; on new inputs.

    Then these parts do not fit together: a check of theirs sees too little, or their text says too little.
    """

    def passes(*parts: str) -> bool:
        cells = with_reference(code, parts, marking.problem_set) if parts else code
        return bool(marking.left) and marking.ask(cells, (check,), seed)[1][check.id].passed

    if passes():  # it had failed by the inputs' chance
        return ()
    several = check.needs if len(check.needs) > 1 else ()
    alone = tuple(part for part in several if passes(part))
    return alone or (check.needs if passes(*check.needs) else ())


def status_of(ran: Run, results: Sequence[CheckResult]) -> tuple[Status, str]:
    """Say how a run ended, and why in words."""
    stopped = [r for r in results if r.stopped]
    cells = [f"{called(cell.name)}: {cell.error}" for cell in ran.cells if cell.stopped]
    reason = ran.stopped or "; ".join((cells + [f"{r.id}: {r.finding}" for r in stopped])[:1])
    if not reason:
        return "marked", ""
    return ("stopped" if len(stopped) == len(results) else "partly"), reason


def without_run(student: str, status: Status, reason: str, problem_set: ProblemSet) -> Result:
    """Return the result of a submission that could not be run: no points, and the reason."""
    checks = problem_set.checks.checks
    none = tuple(CheckResult(c.id, c.sentence, 0.0, c.points, False, "This was not marked.") for c in checks)
    return Result(student, status, reason, none)


def grade_file(
    student: str,
    path: Path | None,
    problem_set: ProblemSet,
    seed: int,
    launcher: Launcher,
    cache: Cache | None = None,
    mark: Callable[..., Result] | None = None,
    nursery: Nursery | None = None,
    without: tuple[Status, str] | None = None,
    final: Mapping[str, Final] | None = None,
) -> Result:
    """Grade one submission file, whatever it holds; one that is known to `cache` is not run again.

    How it ends where there is no file, and why, says `without`. What an earlier marking of the same work has found
    answered is `final`, or what the cache knows of one.

    `mark` does what `grade_code` does, elsewhere. What the trusted side does with the submission is done in children
    of the `nursery`, within bounds; here, where there is none.
    """
    share = Share(nursery)
    if path is None:
        ends, why = without or ("missing", f"No {problem_set.id}.ipynb was handed in.")
        return without_run(student, ends, why, problem_set)
    try:
        submission = share.do(read_handed_in, path, problem_set)
        if cache and (known := cache.get(student, submission, seed)):
            return known
        if cache and final is None and (before := cache.cut_short(student, submission)):
            final = final_of(before)
        mark = functools.partial(
            mark or grade_code, student, submission, problem_set, seed, launcher, share, final=final
        )
        try:
            result = mark()
        except CannotRun:  # the worker was not started: a machine that was too busy for a moment may be able now
            result = mark()
        if cache:
            cache.put(submission, result)
        return result
    except Unreadable as error:
        return without_run(student, "unreadable", str(error), problem_set)
    except Exceeded as error:
        reason = f"Reading your notebook took {error}. Take out what is not needed, and hand it in again."
        return without_run(student, "unreadable", reason, problem_set)
    except CannotRun:
        raise
    except Exception as error:  # a fault of ours must not cost another student the mark
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__}: {error}, {Path(frame.filename).name}:{frame.lineno}"
        reason = f"The grader itself failed ({place}). This is no fault of yours; tell your instructor."
        return without_run(student, "stopped", reason, problem_set)


def grade_class(
    problem_set: ProblemSet,
    submissions: Mapping[str, Path | None],
    *,
    seed: int,
    launcher: Launcher,
    jobs: int,
    progress: Callable[[Result], None] = lambda result: None,
    cache: Cache | None = None,
    variants: bool = False,
    anew: Collection[str] = (),
    mark: Callable[..., Result] | None = None,
    nursery: Nursery | None = None,
    lean: bool = False,
    without: Mapping[str, tuple[Status, str]] | None = None,
) -> Grading:
    """Grade all submissions of a class, `jobs` at a time; the results are in the order of the students.

    How those end who have no notebook, and why, is said `without` them: see `class_folder.without_notebook`.

    With `variants`, each student gets inputs of their own, drawn from the seed and the name. Those in `anew` get inputs
    that nothing before has drawn: once code has run, its inputs may be known, so no seed serves a second hand-in.

    What the trusted side does is done in children of the `nursery`, which is made here where none is given: within
    bounds of time and memory for each submission.

    With `lean`, what cells printed and drew is told to `progress` alone: a class of thousands would not fit in memory.

    Who was ended by the clock on the wall is marked once more, alone, when all others are done, and `progress` hears of
    it then.

    Raises
    ------
    ProblemSetError, CheckError
        If notebook and checks do not agree, or a check's inputs cannot be drawn from this seed.
    """
    problem_set.validate()
    _ = problem_set.cells  # read once, before the threads
    for check in () if variants else problem_set.checks.checks:
        questions(check, seed)  # drawn once; what cannot be drawn stops us before anybody is marked
    mark = mark or grade_once
    with contextlib.ExitStack() as stack:
        if nursery is None:
            nursery = stack.enter_context(Nursery())

        def one(item: tuple[str, Path | None]) -> Result:
            student, path = item
            own_seed = secrets.randbits(32) if student in anew else variant(seed, student) if variants else seed
            ends = (without or {}).get(student)
            result = grade_file(student, path, problem_set, own_seed, launcher, cache, mark, nursery, ends)
            if not result.by_wall:
                progress(result)
            return replace(result, shown={}) if lean else result

        with ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(one, submissions.items()))
        for number, ((student, path), result) in enumerate(zip(submissions.items(), results, strict=True)):
            if result.by_wall:
                alone, final = functools.partial(mark, alone=True), final_of(result)
                told = student, path, problem_set, result.seed, launcher, cache, alone, nursery
                results[number] = grade_file(*told, final=final)
                progress(results[number])
                results[number] = replace(results[number], shown={}) if lean else results[number]
    marked = tuple(results)
    return Grading(problem_set.id, seed, version_of(problem_set), environment(problem_set.checks.imports), marked)


def variant(seed: int, student: str) -> int:
    """Return the seed of one student's own inputs."""
    digest = hashlib.sha256(f"{seed} {student}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big")


def version_of(problem_set: ProblemSet) -> str:
    """Return a digest of the checks with their files and the notebook, so that an appeal can find them again."""
    digest = hashlib.sha256()
    for path in [*files_of(problem_set.folder), problem_set.folder / "notebook.md"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def environment(imports: Sequence[str]) -> str:
    """Return the versions of Python and of what notebooks may import."""
    return ", ".join([f"python {platform.python_version()}", *_distributions(imports)])


def _distributions(imports: Sequence[str]) -> Iterator[str]:
    """Yield name and version of each distribution in `imports`."""
    for name in imports:
        try:
            yield f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            yield name
