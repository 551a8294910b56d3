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
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.release import release, student_notebook
from autograder.ground.untrusted_text import safe_names
from autograder.ground.whole_file import write_whole
from autograder.mark.results import Grading, RecordError, Result
from autograder.read.plan import Planned, read_plan
from autograder.record.gradebook_rows import Entry, GradebookRows
from autograder.record.late import BESIDE, Penalties, handed_in_at, keep_beside
from autograder.record.marked_copy import answers_in, marked_copy
from autograder.record.migrate import Migration, migrate, needed

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

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
    began = time.monotonic()
    _same_checks(grading, problem_set)
    released = nbformat.read(release(problem_set, course), as_version=4)
    url = database_url(db, course)
    write_config(course, url, problem_set.folder.parent)
    ids = safe_names([result.student for result in grading.results])
    copies, notebook = course / "autograded", Path(problem_set.id) / f"{problem_set.id}.ipynb"
    models = models_of(problem_set, course)
    planned = read_plan(course).get(problem_set.id, Planned())
    failed: dict[str, str] = {}
    changes: dict[str, tuple[float, float]] = {}
    with _opened(url) as gradebook:
        if migration:
            migrate(gradebook, problem_set.id, released, migration, course / "grading" / problem_set.id)
        _save_cells(released, problem_set.id, url, planned.due_in_utc)
        rows = GradebookRows(gradebook, problem_set)
        penalties = Penalties(gradebook, problem_set.id, course)
        for first in range(0, len(grading.results), BATCH):
            batch = grading.results[first : first + BATCH]
            entries = [
                _entry(r, id, copies / id / notebook, submissions.get(r.student), released, models)
                for r, id in ((r, ids[r.student]) for r in batch)
            ]
            for step in (lambda some: changes.update(rows.write(some)), penalties.assign, _save_copies):
                entries = [entry for entry in entries if entry.student not in failed]
                failed |= _together_or_each(step, entries)
    names = {id: name for name, id in ids.items()}
    known = [result for result in grading.results if ids[result.student] not in failed]
    return Recorded(
        _without_password(url),
        tuple(result.student for result in known if result.status != "missing"),
        tuple(result.student for result in known if result.status == "missing"),
        {names[id]: why for id, why in failed.items()},
        {names[id]: change for id, change in changes.items() if id not in failed},
        {name: id for name, id in ids.items() if name != id},
        time.monotonic() - began,
    )


def _entry(
    result: Result, student: str, path: Path, handed_in: Path | None, released: Any, models: Mapping[str, str]
) -> Entry:
    """Return what is to be written for one student, whose copy lies at `path`."""
    if result.status == "missing":
        return Entry(student, result, path)
    at = handed_in_at(handed_in) if handed_in else None
    copy = marked_copy(result, handed_in, released, models)
    return Entry(student, result, path, copy, answers_in(path), at, handed_in)


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
        step(entries)
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


def planned_migration(grading: Grading, problem_set: ProblemSet, *, course: Path, db: str = "") -> Migration:
    """Return what the gradebook's assignment needs so that it holds the cells of this version; nothing is written."""
    if not _is_there(course, db):
        return Migration()
    ids = safe_names([result.student for result in grading.results])
    marked = [ids[result.student] for result in grading.results if result.status != "missing"]
    with _opened(database_url(db, course)) as gradebook:
        return needed(gradebook, problem_set.id, student_notebook(problem_set), marked)


def _is_there(course: Path, db: str) -> bool:
    return "://" in db or (Path(db) if db else course / "gradebook.db").is_file()


def recorded_points(
    grading: Grading, problem_set: ProblemSet, *, course: Path, db: str = ""
) -> dict[str, dict[str, float]]:
    """Return the points of each check that stand in the gradebook now, for the students of `grading` that have some.

    Nothing is written; a gradebook that is not there yet holds no points.
    """
    from sqlalchemy import select

    if not _is_there(course, db):
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
    with _opened(database_url(db, course)) as gradebook:
        for student, check, points in gradebook.db.execute(query):
            if points is not None:
                found.setdefault(student, {})[check] = float(points)
    ids = safe_names([result.student for result in grading.results])
    return {student: found[id] for student, id in ids.items() if id in found}


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
        'c.HTMLExporter.filters = {"markdown2html": "autograder.report.student_markdown.markdown2html"}',
        "c.CourseDirectory.root = str(here)",
    ]
    if exercises is not None:
        lines.append(f"c.RunInSandbox.exercises = c.SubmissionReader.exercises = {str(exercises.resolve())!r}")
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


def models_of(problem_set: ProblemSet, course: Path) -> dict[str, str]:
    """Return the instructor's answers to what a person marks, by cell, if nbgrader's feedback leaves them out here.

    It does where ``COURSE/nbgrader_config.py`` is ours: an instructor's own may show students whatever is in a copy.
    """
    path = course / "nbgrader_config.py"
    if not path.is_file() or not path.read_text(encoding="utf-8").startswith(OURS):
        return {}
    return {cell.grade_id: cell.source for cell in problem_set.manual_cells}


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


def _save_cells(released: Any, assignment: str, url: str, due: datetime | None = None) -> None:
    """Let nbgrader write the assignment and its cells, as ``nbgrader generate_assignment`` does."""
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import SaveCells
    from sqlalchemy.exc import SQLAlchemyError

    with Gradebook(url) as gradebook:
        gradebook.update_or_create_assignment(assignment, **({"duedate": due} if due else {}))
    resources = {"nbgrader": {"notebook": assignment, "assignment": assignment, "db_url": url}}
    try:
        SaveCells().preprocess(copy.deepcopy(released), resources)
    except (RuntimeError, SQLAlchemyError) as error:
        raise RecordError(
            f"The gradebook holds marks for another version of {assignment}, with other cells. `autograder grade` "
            f"brings it to this version, once you agree to what goes."
        ) from error
