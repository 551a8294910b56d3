"""Recording: the marks of a class into nbgrader's gradebook, and the notebooks that its formgrader shows.

One writer, one transaction for a batch of students (`gradebook_rows`). The rows are those that nbgrader itself writes,
so formgrader, ``nbgrader export`` and ``nbgrader generate_feedback`` go on working; what a person entered (manual
scores, extra credit, manual comments, flags) is never written here. What an instructor finds afterwards:

================  ==============================================================================================
a check           its points as the automatic score
a manual part     waits for a person, also where the student left the blank: the answer may stand in another cell, so
                  only a person gives 0; the comment says what stands beside it
a re-grade        manual scores stand; where the work below one has changed, it asks for a person's eye again
late work         when it was handed in and its penalty, anew at each recording: see `late`
``stopped``       0 for every check, the reason as a comment; manual parts wait for a person, who can read them
``unreadable``    0 for every check, since nobody could read it; the reason as a comment, and flagged
``missing``       no submission, only the student's name: nbgrader exports 0 and shows the work as missing; marks
                  from an earlier submission are left alone
================  ==============================================================================================
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.ground.bounded import Nursery, Share
from autograder.ground.problem_sets import ProblemSet, SourceCell
from autograder.ground.release import release, student_notebook
from autograder.ground.untrusted_text import safe_names
from autograder.ground.whole_file import write_whole
from autograder.mark.results import Grading, RecordError, Result
from autograder.read.roster import read_roster
from autograder.record.gradebook_rows import Entry, GradebookRows
from autograder.record.late import BESIDE, Penalties, handed_in_at, keep_beside
from autograder.record.marked_copy import answers_in, copy_within
from autograder.record.migrate import Migration, migrate, needed
from autograder.record.opened import database_url, is_there, one_at_a_time, opened, patiently, without_password

SHOWN_BY = (  # by which nbgrader's pages show what students wrote: filters of nbconvert's names, and a preprocessor
    "autograder.report.student_markdown.markdown2html",
    "autograder.report.student_markdown.strip_files_prefix",
    "autograder.report.student_code.highlight_code",
    "autograder.report.student_markdown.NamesAsText",
)
OURS = "# Written by `autograder`; take this line away, and the file is yours and stays as it is."
BATCH = 50  # students a transaction: formgrader, which waits for it, waits a fraction of a second


@dataclass(frozen=True)
class Recorded:
    """What recording did.

    Attributes
    ----------
    url : str
        The gradebook, without its password.
    students : tuple of str
        Students whose marks are in the gradebook.
    missing : tuple of str
        Students of whom only the name is.
    failed : mapping of str to str
        Students whose marks could not be written, and why. Their earlier marks are as they were.
    changes : mapping of str to (float, float)
        Students who had a score before and now have another: the old and the new one, manual parts included.
    ids : mapping of str to str
        Students whose name is no safe student id, and the id that stands for it.
    seconds : float
        How long it took.
    """

    url: str
    students: tuple[str, ...]
    missing: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def record(
    grading: Grading,
    problem_set: ProblemSet,
    *,
    course: Path,
    db: str = "",
    submissions: Mapping[str, Path],
    migration: Migration | None = None,
) -> Recorded:
    """Write a marking run into the gradebook and ``COURSE/autograded``.

    Parameters
    ----------
    grading : Grading
    problem_set : ProblemSet
        The one that was graded.
    course : Path
        The root of nbgrader's course folder. It gets the released notebooks and an ``nbgrader_config.py`` too.
    db : str
        The gradebook, as SQLAlchemy URL or as path of an SQLite file; "" for ``COURSE/gradebook.db``.
    submissions : mapping of str to Path
        The notebook that each student handed in.
    migration : Migration, optional
        What `planned_migration` says, if a person has agreed to it.

    Returns
    -------
    Recorded

    Raises
    ------
    RecordError
        If the gradebook cannot be opened, or holds marks for another version of this problem set.
    """
    _same_checks(grading, problem_set)
    students = [result.student for result in grading.results]
    with Recording(
        problem_set, students, course=course, db=db, submissions=submissions, migration=migration
    ) as recording:
        for first in range(0, len(grading.results), BATCH):
            recording.write(grading.results[first : first + BATCH])
        return recording.done()


class Recording:
    """A class on its way into the gradebook, some students at a time; to be used in a `with` statement.

    Parameters
    ----------
    problem_set : ProblemSet
    students : sequence of str
        All who are or will be written, in order: ids follow from it.
    course, db, submissions, migration
        As for `record`.
    nursery : Nursery, optional
        Where the copies are built, each within bounds.
    """

    def __init__(
        self,
        problem_set: ProblemSet,
        students: Sequence[str],
        *,
        course: Path,
        db: str = "",
        submissions: Mapping[str, Path],
        migration: Migration | None = None,
        nursery: Nursery | None = None,
    ):
        self.began = time.monotonic()
        self.problem_set, self.course, self.submissions, self.nursery = problem_set, course, submissions, nursery
        self.migration = migration
        self.url = database_url(db, course)
        self.ids = safe_names(students)
        self.written: dict[str, bool] = {}  # whether something was handed in, by student
        self.failed: dict[str, str] = {}
        self._unwritten: set[str] = set()
        self.changes: dict[str, tuple[float, float]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Recording:
        id = self.problem_set.id
        self.released = nbformat.read(release(self.problem_set, self.course), as_version=4)
        write_config(self.course, self.url, self.problem_set.folder.parent)
        self.models = models_of(self.problem_set, self.course)
        with ExitStack() as stack:
            gradebook = stack.enter_context(opened(self.url))
            with one_at_a_time(gradebook):  # nbgrader makes a notebook without submissions anew, rows and all
                if self.migration:
                    migrate(gradebook, id, self.released, self.migration, self.course / "grading" / id)
                _save_cells(self.released, id, self.url)
            names = {p.student: (*p.first_and_last(), p.email) for p in read_roster(self.course).people if p.name}
            self.rows = patiently(lambda: GradebookRows(gradebook, self.problem_set, names))
            self.penalties = Penalties(gradebook, id, self.course)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def write(self, results: Sequence[Result]) -> None:
        """Write the marks of some students, in one transaction if that can be done."""
        entries = [self._entry(result) for result in results]
        failed = _together_or_each(lambda some: self.changes.update(self.rows.write(some)), entries)
        self._unwritten |= failed.keys()
        for step in (self.penalties.assign, _save_copies):
            entries = [entry for entry in entries if entry.student not in failed]
            failed |= _together_or_each(step, entries)
        self.failed |= failed
        self.written |= {result.student: result.status != "missing" for result in results}

    def _entry(self, result: Result) -> Entry:
        """Return what is to be written for one student."""
        id = self.ids[result.student]
        path = self.course / "autograded" / id / self.problem_set.id / f"{self.problem_set.id}.ipynb"
        if result.status == "missing":
            return Entry(id, result, path)
        handed_in = self.submissions.get(result.student)
        at = handed_in_at(handed_in) if handed_in else None
        made = copy_within(Share(self.nursery), result, handed_in, self.released, self.models, self.problem_set)
        return Entry(id, result, path, made, answers_in(path), at, handed_in)

    @property
    def unwritten(self) -> set[str]:
        """Whose marks are not in the gradebook; of others a penalty, or the copy, may not have been written."""
        return {name for name, id in self.ids.items() if id in self._unwritten}

    def done(self) -> Recorded:
        """Return what has been done."""
        names = {id: name for name, id in self.ids.items()}
        known = {student: there for student, there in self.written.items() if self.ids[student] not in self.failed}
        return Recorded(
            without_password(self.url),
            tuple(student for student, there in known.items() if there),
            tuple(student for student, there in known.items() if not there),
            {names[id]: why for id, why in self.failed.items()},
            {names[id]: change for id, change in self.changes.items() if id not in self.failed},
            {name: id for name, id in self.ids.items() if name != id},
            time.monotonic() - self.began,
        )


def _save_copies(entries: Sequence[Entry]) -> None:
    """Write the copies that a person marks; after the gradebook, which has compared them with the earlier ones."""
    for entry in entries:
        if entry.marked is None:
            continue
        write_whole(entry.path, entry.marked.text)
        if entry.handed_in is not None:
            for name in BESIDE:  # nbgrader hands feedback back to whom these name
                keep_beside(entry.handed_in, entry.path, name)


def _together_or_each(step: Callable[[Sequence[Entry]], object], entries: Sequence[Entry]) -> dict[str, str]:
    """Take a step for a batch, or where that fails, for each student; return who fails even then, and why."""
    from sqlalchemy.exc import SQLAlchemyError

    failed: dict[str, str] = {}
    try:
        patiently(lambda: step(entries))
    except (SQLAlchemyError, OSError):
        for entry in entries:
            try:
                step([entry])
            except (SQLAlchemyError, OSError) as error:
                failed[entry.student] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return failed


def import_nbgrader() -> None:
    """Import what recording needs of nbgrader, over a second of it: best done while sandboxes are at work."""
    import alembic.script  # noqa: F401
    import nbgrader.api
    import nbgrader.preprocessors  # noqa: F401


@contextmanager
def importing_nbgrader(course: Path, db: str = "") -> Iterator[None]:
    """Import it in a thread while the block waits for a sandbox, and imports nothing of nbgrader itself.

    Two threads must not do so at once: its modules import each other. Where there is no gradebook yet, nothing needs it
    before sandboxes are at work.
    """

    def work() -> None:
        with suppress(ImportError):  # whoever needs it then says so
            import_nbgrader()

    if not is_there(course, db):
        yield
        return
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def planned_migration(marked: Sequence[str], problem_set: ProblemSet, *, course: Path, db: str = "") -> Migration:
    """Return what the gradebook's assignment needs so that it holds the cells of this version; nothing is written.

    `marked` are the students who have handed in something that is marked now.
    """
    if not is_there(course, db):
        return Migration()
    ids = safe_names(marked)
    with opened(database_url(db, course)) as gradebook:
        return needed(gradebook, problem_set.id, student_notebook(problem_set), [*ids.values()])


def recorded_points(
    students: Sequence[str], problem_set: ProblemSet, *, course: Path, db: str = ""
) -> dict[str, dict[str, float]]:
    """Return the points of each check that stand in the gradebook now, for those of the students that have some.

    Nothing is written; a gradebook that is not there yet holds no points.
    """
    from sqlalchemy import select

    if not is_there(course, db):
        return {}
    from nbgrader import api

    checks = [check.id for check in problem_set.checks.checks]
    query = (
        select(api.SubmittedAssignment.student_id, api.BaseCell.name, api.Grade.auto_score)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .where(api.Assignment.name == problem_set.id, api.BaseCell.name.in_(checks))
    )
    found: dict[str, dict[str, float]] = {}
    with opened(database_url(db, course)) as gradebook:
        for student, check, points in gradebook.db.execute(query):
            if points is not None:
                found.setdefault(student, {})[check] = float(points)
    ids = safe_names(students)
    return {student: found[id] for student, id in ids.items() if id in found}


def write_config(course: Path, url: str, exercises: Path | None = None) -> Path:
    """Write ``COURSE/nbgrader_config.py``: nbgrader finds course and gradebook by it, and autogrades in the sandbox.

    A file that an instructor has made their own is left alone. `exercises` is the folder of problem sets, where it is
    not the one that is found from the course folder.
    """
    path = course / "nbgrader_config.py"
    lines = [
        OURS,
        "from pathlib import Path",
        "",
        "from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor",
        "from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, GetGrades, LimitOutput",
        "",
        "from autograder.nbgrader_autograde import RunInSandbox, SaveScores, SubmissionReader, WithoutModels",
        "",
        "c = get_config()  # noqa: F821",
        "here = Path(__file__).resolve().parent",
        "marking = [RunInSandbox, LimitOutput, SaveScores, AssignLatePenalties, CheckCellMetadata]",
        "c.Autograde.autograde_preprocessors = marking",
        "c.Autograde.exporter_class = SubmissionReader",
        "c.GenerateFeedback.preprocessors = [GetGrades, WithoutModels, CSSHTMLHeaderPreprocessor]",
        "c.HTMLExporter.filters = {",
        *(f'    "{place.rpartition(".")[2]}": "{place}",' for place in SHOWN_BY[:-1]),
        "}",
        f'c.HTMLExporter.preprocessors = ["{SHOWN_BY[-1]}"]',
        "c.CourseDirectory.root = str(here)",
    ]
    if exercises is not None:
        lines.append(f"c.RunInSandbox.exercises = c.SubmissionReader.exercises = {str(exercises.resolve())!r}")
    if url == database_url("", course):
        lines.append("c.CourseDirectory.db_url = f\"sqlite:///{here / 'gradebook.db'}\"")
    elif url == without_password(url):
        lines.append(f"c.CourseDirectory.db_url = {url!r}")
    else:
        lines += [
            "import os  # the gradebook's URL holds a password, which stays out of this file",
            "",
            f"# {without_password(url)}",
            'c.CourseDirectory.db_url = os.environ["AUTOGRADER_DB"]',
        ]
    text = "\n".join([*lines, ""])
    if not has_own_config(course) and not (path.is_file() and path.read_text(encoding="utf-8") == text):
        write_whole(path, text)
    return path


def has_own_config(course: Path) -> bool:
    """Whether an instructor has made ``COURSE/nbgrader_config.py`` their own."""
    path = course / "nbgrader_config.py"
    return path.is_file() and not path.read_text(encoding="utf-8").startswith(OURS)


def missing_settings(course: Path) -> list[str]:
    """Return what an instructor's own ``nbgrader_config.py`` lacks of ours; without it students' text acts."""
    if not has_own_config(course):
        return []
    text = (course / "nbgrader_config.py").read_text(encoding="utf-8")
    return [name for name in ("RunInSandbox", "SubmissionReader", "SaveScores", *SHOWN_BY) if name not in text]


def models_of(problem_set: ProblemSet, course: Path) -> dict[str, SourceCell]:
    """Return the instructor's own cells of what a person marks, by id, if nbgrader's feedback leaves them out here.

    It does where ``COURSE/nbgrader_config.py`` is ours: an instructor's own may show students whatever is in a copy.
    """
    if has_own_config(course) or not (course / "nbgrader_config.py").is_file():
        return {}
    return {cell.grade_id: cell for cell in problem_set.manual_cells}


def _same_checks(grading: Grading, problem_set: ProblemSet) -> None:
    checks = [check.id for check in problem_set.checks.checks]
    if grading.assignment != problem_set.id:
        raise RecordError(f"These are marks of {grading.assignment}, not of {problem_set.id}.")
    for result in grading.results:
        if [check.id for check in result.checks] != checks:
            raise RecordError(f"{problem_set.id} has other checks now than when it was graded; grade it again.")


def _save_cells(released: Any, assignment: str, url: str) -> None:
    """Let nbgrader write the assignment and its cells, as ``nbgrader generate_assignment`` does."""
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import SaveCells
    from sqlalchemy.exc import OperationalError, SQLAlchemyError

    def assign() -> None:
        with Gradebook(url) as gradebook:
            gradebook.update_or_create_assignment(assignment)

    resources = {"nbgrader": {"notebook": assignment, "assignment": assignment, "db_url": url}}
    try:
        patiently(assign)
        if not patiently(lambda: _has_cells(released, assignment, url)):
            patiently(lambda: SaveCells().preprocess(copy.deepcopy(released), resources))
    except OperationalError:  # a full disk, for one, says nothing of cells
        raise
    except (RuntimeError, SQLAlchemyError) as error:
        raise RecordError(
            f"The gradebook holds marks for another version of {assignment}, with other cells. `autograder grade` "
            f"brings it to this version, once you agree to what goes."
        ) from error


def _has_cells(released: Any, assignment: str, url: str) -> bool:
    """Whether the gradebook has just the cells of the released notebook already, with their points and texts."""
    from nbgrader import utils
    from nbgrader.api import Gradebook, MissingEntry

    cells = [
        cell for cell in released.cells if utils.is_locked(cell) or utils.is_solution(cell) or utils.is_grade(cell)
    ]
    cells += [cell for cell in released.cells if utils.is_task(cell) and cell not in cells]
    about = [(cell.metadata.nbgrader, cell) for cell in cells]
    wanted = (
        {(m.grade_id, float(m.points), c.cell_type) for m, c in about if utils.is_grade(c)},
        {m.grade_id for m, c in about if utils.is_solution(c)},
        {(m.grade_id, float(m.points), c.cell_type) for m, c in about if utils.is_task(c)},
        {(m.grade_id, c.cell_type, c.source, utils.is_locked(c), m.get("checksum")) for m, c in about},
    )
    with Gradebook(url) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return False
        return wanted == (
            {(c.name, c.max_score, c.cell_type) for c in notebook.grade_cells},
            {c.name for c in notebook.solution_cells},
            {(c.name, c.max_score, c.cell_type) for c in notebook.task_cells},
            {(c.name, c.cell_type, c.source, c.locked, c.checksum) for c in notebook.source_cells},
        )
