"""Recording: the marks of a class into nbgrader's gradebook, and the notebooks that its formgrader shows.

One writer, one transaction a student. The rows are those that nbgrader itself writes, so formgrader, ``nbgrader
export`` and ``nbgrader generate_feedback`` go on working; what a person entered (manual scores, extra credit, manual
comments, flags) is never written here. What an instructor finds afterwards:

================  ==============================================================================================
a check           its points as the automatic score
a manual part     waits for a person; 0 and "No response." where the student left the blank, as nbgrader does
a re-grade        manual scores stand; where the work below one has changed, it asks for a person's eye again
late work         when it was handed in and its penalty, anew at each recording: see `late`
``stopped``       0 for every check, the reason as a comment; manual parts wait for a person, who can read them
``unreadable``    0 for everything, since nobody could read it; the reason as a comment, and flagged
``missing``       no submission, only the student's name: nbgrader exports 0 and shows the work as missing; marks
                  from an earlier submission are left alone
================  ==============================================================================================
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from autograder.autograded import MarkedCopy, answers_in, marked_copy
from autograder.late import Penalties, handed_in_at
from autograder.problem_sets import ProblemSet
from autograder.release import release
from autograder.results import Grading, RecordError, Result
from autograder.untrusted_text import inert_markdown, safe_names
from autograder.whole_file import write_whole

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy import Connection

OURS = "# Written by `autograder`; take this line away, and the file is yours and stays as it is."
NO_RESPONSE = "No response."  # nbgrader's own words


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
    grading: Grading, problem_set: ProblemSet, *, course: Path, db: str = "", submissions: Mapping[str, Path]
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

    Returns
    -------
    Recorded

    Raises
    ------
    RecordError
        If the gradebook cannot be opened, or holds marks for another version of this problem set.
    """
    from sqlalchemy.exc import SQLAlchemyError

    began = time.monotonic()
    _same_checks(grading, problem_set)
    released = nbformat.read(release(problem_set, course), as_version=4)
    url = database_url(db, course)
    write_config(course, url, problem_set.folder.parent)
    ids = safe_names([result.student for result in grading.results])
    done, missing = [], []
    failed: dict[str, str] = {}
    changes: dict[str, tuple[float, float]] = {}
    with _opened(url) as gradebook:
        _save_cells(released, problem_set.id, url)
        writer = _Writer(gradebook, problem_set)
        penalties = Penalties(gradebook, problem_set.id, course)
        for result in grading.results:
            student = ids[result.student]
            try:
                if result.status == "missing":
                    writer.enrol(student)
                    missing.append(result.student)
                    continue
                handed_in = submissions.get(result.student)
                marked = marked_copy(result, handed_in, released)
                path = course / "autograded" / student / problem_set.id / f"{problem_set.id}.ipynb"
                change = writer.write(student, result, marked, answers_in(path))
                penalties.assign(student, handed_in_at(handed_in) if handed_in else None)
                write_whole(path, marked.text)
            except (SQLAlchemyError, OSError) as error:
                failed[result.student] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
                continue
            done.append(result.student)
            if change:
                changes[result.student] = change
    renamed = {name: id for name, id in ids.items() if name != id}
    seconds = time.monotonic() - began
    return Recorded(_without_password(url), tuple(done), tuple(missing), failed, changes, renamed, seconds)


def recorded_points(grading: Grading, problem_set: ProblemSet, *, course: Path, db: str = "") -> dict[str, float]:
    """Return the points of the checks that stand in the gradebook now, for the students of `grading` that have some.

    Nothing is written; a gradebook that is not there yet holds no points.
    """
    from sqlalchemy import func, select

    path = Path(db) if db else course / "gradebook.db"
    if "://" not in db and not path.is_file():
        return {}
    from nbgrader import api

    checks = [check.id for check in problem_set.checks.checks]
    query = (
        select(api.SubmittedAssignment.student_id, func.sum(api.Grade.auto_score))
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .where(api.Assignment.name == problem_set.id, api.BaseCell.name.in_(checks))
        .group_by(api.SubmittedAssignment.student_id)
    )
    with _opened(database_url(db, course)) as gradebook:
        found = {student: float(total) for student, total in gradebook.db.execute(query) if total is not None}
    ids = safe_names([result.student for result in grading.results])
    return {student: found[id] for student, id in ids.items() if id in found}


def points(earned: float, maximum: float) -> float:
    """Return points as they may be recorded: finite, and between 0 and the maximum.

    Examples
    --------
    >>> points(2.5, 3.0), points(float("nan"), 3.0), points(-1.0, 3.0), points(7.0, 3.0)
    (2.5, 0.0, 0.0, 3.0)
    """
    return min(max(float(earned), 0.0), float(maximum)) if math.isfinite(earned) else 0.0


def comments(result: Result, parts: Mapping[str, str], cells: Sequence[str], blank: Set[str]) -> dict[str, str]:
    """Return what is said at each solution cell: the reason at the first, then what its checks found.

    Parameters
    ----------
    result : Result
    parts : mapping of str to str
        The solution cell that each check judges.
    cells : sequence of str
        The solution cells, in order.
    blank : set of str
        Those that a person marks and that were left blank.
    """
    said: dict[str, list[str]] = {cell: [] for cell in cells}
    if result.reason:
        said[cells[0]].append(f"{result.status}: {result.reason}")
    for check in result.checks if result.status in ("marked", "partly") else ():
        if not check.passed:
            verdict = f"{check.points:g} of {check.max_points:g} points: {check.sentence}"
            said[parts[check.id]].append("  \n".join(filter(None, (verdict, check.message))))
    for cell in blank if result.status != "unreadable" else ():
        said[cell].append(NO_RESPONSE)
    return {cell: inert_markdown("\n\n".join(words)) for cell, words in said.items() if words}


def database_url(db: str, course: Path) -> str:
    """Return a gradebook's SQLAlchemy URL from a URL, a path, or ""."""
    if "://" in db:
        return db
    path = (Path(db) if db else course / "gradebook.db").resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path}"


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
        "from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, LimitOutput, SaveAutoGrades",
        "",
        "from autograder.nbgrader_autograde import RunInSandbox",
        "",
        "c = get_config()  # noqa: F821",
        "here = Path(__file__).resolve().parent",
        "marking = [RunInSandbox, LimitOutput, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]",
        "c.Autograde.autograde_preprocessors = marking",
        "c.CourseDirectory.root = str(here)",
    ]
    if exercises is not None:
        lines.append(f"c.RunInSandbox.exercises = {str(exercises.resolve())!r}")
    if url == database_url("", course):
        lines.append("c.CourseDirectory.db_url = f\"sqlite:///{here / 'gradebook.db'}\"")
    elif url == _without_password(url):
        lines.append(f"c.CourseDirectory.db_url = {url!r}")
    else:
        lines += [
            "import os  # the gradebook's URL holds a password, which stays out of this file",
            "",
            f"# {_without_password(url)}",
            'c.CourseDirectory.db_url = os.environ["AUTOGRADER_DB"]',
        ]
    text = "\n".join([*lines, ""])
    theirs = path.is_file() and not path.read_text(encoding="utf-8").startswith(OURS)
    if not theirs and not (path.is_file() and path.read_text(encoding="utf-8") == text):
        write_whole(path, text)
    return path


def _same_checks(grading: Grading, problem_set: ProblemSet) -> None:
    checks = [check.id for check in problem_set.checks.checks]
    if grading.assignment != problem_set.id:
        raise RecordError(f"These are marks of {grading.assignment}, not of {problem_set.id}.")
    for result in grading.results:
        if [check.id for check in result.checks] != checks:
            raise RecordError(f"{problem_set.id} has other checks now than when it was graded; grade it again.")


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def _opened(url: str) -> Iterator[Gradebook]:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    try:
        _create_tables(url)
        gradebook = Gradebook(url)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise RecordError(
            f"The gradebook {_without_password(url)} cannot be opened: {str(error).splitlines()[0]}. If an older "
            "nbgrader made it, run `nbgrader db upgrade` in the course folder."
        ) from error
    with gradebook:
        yield gradebook


def _create_tables(url: str) -> None:
    """Create an empty gradebook where there is none.

    nbgrader would do so itself, but asks a command for the version of its tables: 3 s, and an error where the virtual
    environment is not activated. The library behind that command says the same at once.
    """
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        if inspect(engine).get_table_names():
            return
        version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        with engine.begin() as connection:
            Base.metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:v)"), {"v": version})
    finally:
        engine.dispose()


def _save_cells(released: Any, assignment: str, url: str) -> None:
    """Let nbgrader write the assignment and its cells, as ``nbgrader generate_assignment`` does."""
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import SaveCells
    from sqlalchemy.exc import SQLAlchemyError

    with Gradebook(url) as gradebook:
        gradebook.update_or_create_assignment(assignment)
    resources = {"nbgrader": {"notebook": assignment, "assignment": assignment, "db_url": url}}
    try:
        SaveCells().preprocess(copy.deepcopy(released), resources)
    except (RuntimeError, SQLAlchemyError) as error:
        raise RecordError(
            f"The gradebook holds marks for another version of {assignment}, with other cells. Record into a new "
            f"gradebook, or give these marks up by `nbgrader db assignment remove {assignment} --force`."
        ) from error


class _Writer:
    """Writes students' marks by SQLAlchemy Core: the session of nbgrader's API would ask the gradebook 60 times."""

    def __init__(self, gradebook: Gradebook, problem_set: ProblemSet):
        from nbgrader import api
        from sqlalchemy import select

        notebook = gradebook.find_notebook(problem_set.id, problem_set.id)
        self.engine = gradebook.engine
        self.parts = {check.id: check.part for check in problem_set.checks.checks}
        self.assignment_id, self.notebook_id = notebook.assignment_id, notebook.id
        graded = [*notebook.grade_cells, *notebook.task_cells]
        self.grade_cells = {cell.name: (cell.id, float(cell.max_score)) for cell in graded}
        self.comment_cells = {cell.name: cell.id for cell in [*notebook.solution_cells, *notebook.task_cells]}
        tables = (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
        self.student, self.submission, self.notebook, self.grade, self.comment = (t.__table__ for t in tables)
        self.new_id = api.new_uuid
        self.new_scores, self.new_comments = _new_scores(self.grade), _new_comments(self.comment)
        with self.engine.connect() as connection:
            self.known = set(connection.scalars(select(self.student.c.id)))
        gradebook.db.rollback()  # ends the session's reading, which would hold a lock

    def enrol(self, student: str) -> None:
        """Make the student known."""
        with self.engine.begin() as connection:
            self._enrol(connection, student)
        self.known.add(student)

    def write(
        self, student: str, result: Result, marked: MarkedCopy, earlier: Mapping[str, str]
    ) -> tuple[float, float] | None:
        """Write one student's marks; return the old and the new score, if there was one and it changed."""
        with self.engine.begin() as connection:
            self._enrol(connection, student)
            notebook, created = self._submission(connection, student)
            old = None if created else self._score(connection, notebook)
            self._grades(connection, notebook, result, marked, earlier)
            self._comments(connection, notebook, result, marked)
            if created and result.status in ("unreadable", "stopped"):
                table = self.notebook
                connection.execute(table.update().where(table.c.id == notebook).values(flagged=True))
            new = self._score(connection, notebook)
        self.known.add(student)
        return (old, new) if old is not None and old != new else None

    def _enrol(self, connection: Connection, student: str) -> None:
        if student not in self.known:
            connection.execute(self.student.insert().values(id=student))

    def _submission(self, connection: Connection, student: str) -> tuple[str, bool]:
        """Return the id of the student's submitted notebook, with all its rows, and whether it is new."""
        from sqlalchemy import select

        of_student = (self.submission.c.assignment_id == self.assignment_id) & (self.submission.c.student_id == student)
        submission = connection.scalar(select(self.submission.c.id).where(of_student))
        if submission is None:
            submission = self.new_id()
            row = {"id": submission, "assignment_id": self.assignment_id, "student_id": student}
            connection.execute(self.submission.insert().values(row))
        of_notebook = (self.notebook.c.assignment_id == submission) & (self.notebook.c.notebook_id == self.notebook_id)
        found = connection.scalar(select(self.notebook.c.id).where(of_notebook))
        created = found is None
        notebook = self.new_id() if found is None else str(found)
        if created:
            row = {"id": notebook, "assignment_id": submission, "notebook_id": self.notebook_id, "flagged": False}
            connection.execute(self.notebook.insert().values(row))
        for table, cells in (
            (self.grade, [id for id, _ in self.grade_cells.values()]),
            (self.comment, [*self.comment_cells.values()]),
        ):
            mine = select(table.c.cell_id).where(table.c.notebook_id == notebook)
            there = set() if created else set(connection.scalars(mine))
            rows = [{"id": self.new_id(), "notebook_id": notebook, "cell_id": c} for c in cells if c not in there]
            if rows:
                connection.execute(table.insert(), rows)
        return notebook, created

    def _grades(
        self, connection: Connection, notebook: str, result: Result, marked: MarkedCopy, earlier: Mapping[str, str]
    ) -> None:
        """Update the automatic scores."""
        earned = {check.id: check.points for check in result.checks}
        rows = []
        for name, (cell, maximum) in self.grade_cells.items():
            if name in earned or name in marked.blank or result.status == "unreadable":
                auto: float | None = points(earned.get(name, 0.0), maximum)
            else:
                auto = None  # a person's to give
            changed = name in marked.answers and marked.answers[name] != earlier.get(name, marked.answers[name])
            row = {"of_cell": cell, "auto": auto, "waits": auto is None, "changed": changed}
            rows.append(row | {"of_notebook": notebook})
        connection.execute(self.new_scores, rows)

    def _comments(self, connection: Connection, notebook: str, result: Result, marked: MarkedCopy) -> None:
        """Update the automatic comments, which nbgrader keeps at solution cells: what the checks of each found."""
        said = comments(result, self.parts, [*self.comment_cells], marked.blank)
        rows = [{"of_cell": id, "words": said.get(name)} for name, id in self.comment_cells.items()]
        connection.execute(self.new_comments, [row | {"of_notebook": notebook} for row in rows])

    def _score(self, connection: Connection, notebook: str) -> float:
        from sqlalchemy import func, select

        grade = self.grade
        score = func.coalesce(grade.c.manual_score, grade.c.auto_score, 0.0) + func.coalesce(grade.c.extra_credit, 0.0)
        return float(connection.scalar(select(func.sum(score)).where(grade.c.notebook_id == notebook)) or 0.0)


def _new_scores(grade: Any) -> Any:
    """Return the statement that updates automatic scores.

    It decides from the row as it is at that moment, so that a score which somebody saves in formgrader just now is
    neither lost nor overlooked.
    """
    from sqlalchemy import Boolean, Float, bindparam, case, or_

    auto_score = bindparam("auto", type_=Float)
    differs = or_(bindparam("changed", type_=Boolean), grade.c.auto_score.is_distinct_from(auto_score))
    waits = case(
        (grade.c.manual_score.is_(None), bindparam("waits", type_=Boolean)),
        (differs, True),
        else_=grade.c.needs_manual_grade,
    )
    row = (grade.c.notebook_id == bindparam("of_notebook")) & (grade.c.cell_id == bindparam("of_cell"))
    return grade.update().where(row).values(auto_score=auto_score, needs_manual_grade=waits)


def _new_comments(comment: Any) -> Any:
    """Return the statement that updates automatic comments; a person's comments stand in another column."""
    from sqlalchemy import bindparam

    row = (comment.c.notebook_id == bindparam("of_notebook")) & (comment.c.cell_id == bindparam("of_cell"))
    return comment.update().where(row).values(auto_comment=bindparam("words"))
