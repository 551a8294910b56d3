"""`nbgrader autograde` by our path: student code meets the sandbox, and files of students meet our reader.

nbgrader copies the submission, restores the instructor's cells and, afterwards, reads a mark from the outputs of each
test cell: none for an error, a number as it stands, else full marks. Two places are ours. `SubmissionReader` reads the
file, follows no link, and hands on the released notebook with the student's sources in it: no other metadata, no copied
id, no other file. `RunInSandbox` takes the place of the kernel: the notebook is run in the sandbox and marked outside
it, as `autograder grade` does, and what each check found is written where nbgrader looks.

What `autograder grade` keeps of a marking, `Keeping` keeps too: each mark, the old one and the new, and the pages.

``COURSE/nbgrader_config.py``, which `autograder release` and `autograder grade` write, puts both in place.
"""

from __future__ import annotations

import functools
import glob
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_output
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Integer, Unicode

from autograder.grade import environment, grade_code, version_of, without_run
from autograder.ground.bounded import Exceeded, Nursery, Share
from autograder.ground.check import CheckError
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, find
from autograder.ground.release import student_notebook
from autograder.ground.runs import CannotRun
from autograder.ground.untrusted_text import listed, safe_name, visible
from autograder.mark.check_results import CheckResult
from autograder.mark.results import Grading, RecordError, Result
from autograder.read.class_folder import notebook_of, read_handed_in, without_notebook, work_in
from autograder.read.notices import notices, to_look_at
from autograder.read.plan import PlanError
from autograder.read.roster import RosterError
from autograder.read.submission import Submission, SubmittedCell, Unreadable, code_to_run
from autograder.record.forecast import forecast
from autograder.record.gradebook import models_of, recorded_points
from autograder.record.late import BESIDE, Penalties, Rule, handed_in_at, keep_beside, refresh_penalties
from autograder.record.marked_copy import FOR_THE_MARKER, MarkedCopy, answers_in, arranged, copy_within
from autograder.record.marks import marks
from autograder.record.one_grader import alone
from autograder.record.opened import opened
from autograder.record.regrade import MarksLog, changes, moved_by_time, write_changes
from autograder.reference import examine
from autograder.report.pages import write_pages
from autograder.run.sandbox.launcher import Sandbox

HERE_OR_ABOVE = "The folder of problem sets; `exercises` here or above where it is not given."


@functools.cache
def nursery() -> Nursery:
    """Return the nursery of this process: what is done with a submission is done within bounds."""
    return Nursery()


def slip_of_the_author(problem_set: ProblemSet, seed: int, launcher: Sandbox) -> str:
    """Return "" if the reference gets full marks on the inputs of this seed, else what is wrong; it is run once."""
    key = (str(problem_set.folder), seed)
    if key not in _examined:
        try:
            examine(problem_set, seed, launcher)
            _examined[key] = ""
        except CheckError as error:
            _examined[key] = str(error)
    return _examined[key]


_examined: dict[tuple[str, int], str] = {}


class SubmissionReader(NotebookExporter):
    """Reads what was handed in as `autograder grade` does; what nbgrader has written itself, as nbgrader does."""

    exercises = Unicode("", help=HERE_OR_ABOVE).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.handed_in: Submission | Unreadable | None = None
        if coursedir := getattr(self.parent, "coursedir", None):
            # nbgrader would copy every file that lies beside the notebook, also what a link leads to.
            coursedir.ignore = [*coursedir.ignore, "*"]
            # And it would wait for a pipe called timestamp.txt, and read any length of one.
            coursedir.get_existing_timestamp = lambda folder: handed_in_at(Path(folder, "notebook"))
        self.keeping: Keeping | None = None
        if hasattr(self.parent, "assignments"):
            self._take_other_names(self.parent, coursedir)
            self.keeping = Keeping(self.parent, self.exercises)

    @staticmethod
    def _take_other_names(autograde: Any, coursedir: Any) -> None:
        """Have nbgrader come to us also where a student has renamed the notebook, or handed in something else.

        It would pass over either without a word to the student.
        """
        id = coursedir.assignment_id
        for folder in glob.glob(autograde._format_source(id, coursedir.student_id)):
            if work_in(Path(folder)):
                autograde.assignments[folder] = [str(Path(folder, f"{id}.ipynb"))]

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """Read one notebook: of students in nbgrader's first step, our own in the second."""
        if resources is None or not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **kwargs)
        about, path = resources["nbgrader"], Path(filename)
        problem_set = find(about["assignment"], self.exercises or None)
        released = student_notebook(problem_set)
        cells: tuple[SubmittedCell, ...] = ()
        try:
            if link := next((p for p in (path, *list(path.parents)[:2]) if p.is_symlink()), None):
                raise Unreadable(f"{link.name} is a link, not the file or folder itself. Hand in the file itself.")
            _ = problem_set.checks
            found = notebook_of(path.parent, problem_set.id)
            if found is None:
                raise Unreadable(without_notebook(path.parents[2], about["student"], problem_set.id)[1])
            self.handed_in = submission = Share(nursery()).do(read_handed_in, found, problem_set)
            cells = submission.cells
        except Unreadable as error:
            self.handed_in = error
        except Exceeded as error:
            self.handed_in = Unreadable(f"Reading your notebook took {error}.")
        folder = Path(self.parent._format_dest(about["assignment"], about["student"]))
        for name in BESIDE:  # when it was handed in, by which nbgrader knows newer work, and whose feedback it is
            keep_beside(path, folder / path.name, name)
        shown = [c | ({"outputs": [], "execution_count": None} if c["cell_type"] == "code" else {})
                 for c in arranged(cells, released.cells)]  # fmt: skip
        form = {"cells": shown, "metadata": released.metadata, "nbformat": 4, "nbformat_minor": 5}
        return self.from_notebook_node(nbformat.from_dict(form), resources, **kwargs)


class Keeping:
    """What `autograder grade` keeps of a marking, for a command that asks nothing: each mark, old and new, and pages.

    It stands around three steps of nbgrader's command: all its work, the clearing away of an earlier copy, and the
    marking of one notebook.

    Parameters
    ----------
    autograde : nbgrader.converters.Autograde
    exercises : str
        The folder of problem sets, or "".
    """

    def __init__(self, autograde: Any, exercises: str):
        self.autograde, self.exercises = autograde, exercises
        self.course, self.url = Path(autograde.coursedir.root).resolve(), autograde.coursedir.db_url
        self.id = autograde.coursedir.assignment_id
        self.out = self.course / "grading" / self.id
        self.earlier: dict[str, str] = {}  # answers in the copy of before, by cell
        self._marked: list[Result] = []  # of the notebook that is being marked
        self._results: list[Result] = []
        for name, ours in (
            ("convert_notebooks", self.all), ("init_destination", self.anew), ("convert_single_notebook", self.one)
        ):  # fmt: skip
            setattr(autograde, name, functools.partial(ours, getattr(autograde, name)))

    def all(self, convert: Callable[[], None]) -> None:
        """Keep what is there before the command begins, and write what has become of it when it ends, however."""
        try:
            with alone(self.out) as remark:
                if remark:
                    self.autograde.log.warning(remark)
                self._begin()
                try:
                    convert()
                finally:
                    self._end()
        except (CannotRun, ProblemSetError, CheckError, RecordError, RosterError, PlanError) as error:
            self.autograde.log.error(str(error))
            raise NbGraderException(str(error)) from error

    def anew(self, init: Callable[[str, str], bool], id: str, student: str) -> bool:
        """Read the answers of before, which a person may have marked, and let nbgrader clear their copy away."""
        self.earlier = answers_in(Path(self.autograde._format_dest(id, student), f"{id}.ipynb"))
        return init(id, student)

    def one(self, convert: Callable[[str], None], filename: str) -> None:
        """Have one notebook marked; its mark has its line in the log as soon as it stands in the gradebook."""
        self._marked.clear()
        try:
            convert(filename)
        except BaseException:
            self.log.settle(self._recorded)
            raise
        if at := handed_in_at(Path(filename)):
            with opened(self.url) as gradebook:  # as plan and roster have it, which nbgrader does not know
                penalties = Penalties(gradebook, self.id, self.course, self.rule)
                penalties.assign_at({result.student: at for result in self._marked})
        self.log.end()
        self._results += self._marked

    def marked(self, result: Result) -> None:
        """Note a result that nbgrader is about to save."""
        self._marked.append(replace(result, shown={}))
        self.log.begin([result])

    def _begin(self) -> None:
        self.problem_set = find(self.id, self.exercises or None)
        found = {Path(folder).parent.name: Path(folder, f"{self.id}.ipynb") for folder in self.autograde.assignments}
        about = version_of(self.problem_set), environment(self.problem_set.checks.imports)
        self.run = Grading(self.id, 0, *about, ())
        self.before = self._recorded([*found])
        self.expected = forecast(found, self.id, course=self.course, db=self.url)
        self.rule = Rule(self.course)
        self.log = MarksLog(self.course, self.run, self.before, self.expected)
        self.log.settle(self._recorded)

    def _recorded(self, students: Sequence[str]) -> Mapping[str, Mapping[str, float]]:
        return recorded_points(students, self.problem_set, course=self.course, db=self.url)

    def _end(self) -> None:
        """Say in a line what has changed, and write list, results and pages as `autograder grade` does."""
        if not self._results:
            return
        grading = replace(self.run, seed=self._results[-1].seed, results=tuple(self._results))
        elsewhere = moved_by_time(self.expected, but=[result.student for result in self._results])
        self.log.note_changes(elsewhere, {})
        refresh_penalties(self.url, self.id, self.course)
        self.log.end()
        changed = [*changes(grading, self.before, self.expected), *elsewhere]
        if regraded := [change for change in changed if change.old is not None]:
            path = write_changes(self.out / "changes.csv", regraded)
            who = listed(sorted(change.student for change in regraded))
            self.autograde.log.warning(
                "other marks than before: %d (%s); %s says which and why, and %s keeps both",
                len(regraded), who, path, self.log.path,
            )  # fmt: skip
        grading, _, others = grading.with_earlier(self.out)
        if others:
            self.autograde.log.warning("Earlier results of other checks are left out; mark again: %s", listed(others))
        grading.write(self.out)
        in_gradebook = {mark.student: mark for mark in marks(self.url, self.id)[0]}
        self.autograde.log.info("pages: %s", write_pages(grading, self.problem_set, self.out, in_gradebook))


class RunInSandbox(NbGraderPreprocessor):
    """Runs a submission in the sandbox, and writes the verdicts of its checks as outputs of their test cells."""

    exercises = Unicode("", help=HERE_OR_ABOVE).tag(config=True)
    seed = Integer(secrets.randbits(32), help="Draws the inputs: secret, one for all that a process marks.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Mark one notebook."""
        about = resources["nbgrader"]
        if about["student"] != safe_name(about["student"]):
            raise ValueError(f"{visible(about['student'])!r} is no safe student id: rename the folder.")
        problem_set = find(about["assignment"], self.exercises or None)
        handed_in = getattr(self.parent, "handed_in", None)
        if isinstance(handed_in, Unreadable):
            result = without_run(about["student"], "unreadable", str(handed_in), problem_set)
        else:
            submission = handed_in or as_submission(nb, problem_set)
            hidden = (problem_set.folder.parent.resolve(),)
            launcher = Sandbox(
                problem_set.checks.imports, hidden=hidden, preload=problem_set.preload, files=problem_set.files
            )
            if slip := slip_of_the_author(problem_set, self.seed, launcher):
                raise ValueError(slip)  # nbgrader then marks nobody, and says so
            result = grade_code(about["student"], submission, problem_set, self.seed, launcher, Share(nursery()))
        self.log.info(
            "%s: %s, %g of %g points from the checks (seed %d)%s",
            about["student"], result.status, result.points, result.max_points, self.seed,
            visible(f": {result.reason}") if result.reason else "",
        )  # fmt: skip
        if keeping := getattr(self.parent, "keeping", None):
            keeping.marked(result)
        cells = None if isinstance(handed_in, Unreadable) else submission.cells
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)  # the reader's, whose parent marks
        models = models_of(problem_set, Path(coursedir.root)) if coursedir else {}
        copy = copy_within(Share(nursery()), result, cells, student_notebook(problem_set), models)
        return with_verdicts(result, copy), resources


class SaveScores(SaveAutoGrades):
    """Saves scores as `autograder grade` does: only a person gives a written part 0, blank or not.

    What a person has marked waits for one again only where the work has changed since then.
    """

    def _add_score(self, cell: Any, resources: Any) -> None:
        about = cell.metadata["nbgrader"]
        grade = self.gradebook.find_grade(about["grade_id"], self.notebook_id, self.assignment_id, self.student_id)
        before, waited = grade.auto_score, grade.needs_manual_grade
        super()._add_score(cell, resources)
        if about.get("solution"):
            grade.auto_score, grade.needs_manual_grade = None, True
        earlier = keeping.earlier if (keeping := getattr(self.parent, "keeping", None)) else {}
        same = grade.auto_score == before and cell.source == earlier.get(about["grade_id"], cell.source)
        if grade.manual_score is not None and same:
            grade.needs_manual_grade = waited
        self.gradebook.db.commit()


class WithoutModels(NbGraderPreprocessor):
    """Takes the instructor's answers, which stand in a copy for whoever marks, out of what a student gets."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook without those cells."""
        nb.cells = [cell for cell in nb.cells if not cell.metadata.get(FOR_THE_MARKER)]
        return nb, resources


def as_submission(nb: Any, problem_set: ProblemSet) -> Submission:
    """Return a notebook that nbgrader has read as a submission."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in nb.cells]
    cells = tuple(SubmittedCell(id, cell.cell_type, cell.source) for id, cell in zip(ids, nb.cells, strict=True))
    told = tuple(notices(cells, problem_set)), tuple(to_look_at(cells, problem_set))
    return Submission(cells, code_to_run(cells, problem_set), *told)


def with_verdicts(result: Result, copy: MarkedCopy) -> Any:
    """Return the copy that a person marks, with what each check found as nbgrader reads it."""
    notebook = nbformat.from_dict(json.loads(copy.text))
    found = {check.id: check for check in result.checks}
    for cell in notebook.cells:
        check = found.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if check is not None and cell.cell_type == "code":
            cell.outputs = verdict(check)
    return notebook


def verdict(check: CheckResult) -> list[Any]:
    """Return the outputs in which nbgrader reads the points of a check."""
    words = visible(f"{check.statement}\n{check.message}".rstrip())
    if check.passed:
        return [new_output("stream", name="stdout", text=f"Right: {words}\n")]
    if check.points:
        points = new_output("execute_result", data={"text/plain": str(check.points)}, execution_count=1)
        return [new_output("stream", name="stdout", text=f"{check.verdict}: {words}\n"), points]
    return [new_output("error", ename="Not right yet", evalue=words, traceback=words.splitlines())]
