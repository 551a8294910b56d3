"""A gradebook, opened by its URL or path: an SQLite file, or a server's database that several graders write into.

A server is restarted now and then, and two graders may write the same rows at the same moment. Both pass: what was
asked for is asked again, for a while. Every step of recording may be repeated, since it looks at what is there first.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from autograder.mark.results import ExportError, RecordError

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import DBAPIError

Returned = TypeVar("Returned")

LOCK = 0x6175746F67726164  # any number that other programs on the server will not use
PATIENCE = 60.0  # seconds in which a server may come back, or another grader finish
AT_FIRST = 5.0  # the same for a server that has not answered yet: it may be the wrong one
MEETINGS = 5  # times that another grader may have been first
FORMS = "a path, sqlite:///FILE or postgresql://USER@HOST/DATABASE"


def database_url(db: str, course: Path) -> str:
    """Return a gradebook's SQLAlchemy URL from a URL, a path, or "", for who may make it."""
    if "://" not in db:
        _path(db, course).parent.mkdir(parents=True, exist_ok=True)
    return _url(db, course)


def is_there(course: Path, db: str) -> bool:
    """Whether a gradebook is there, or a server may have it."""
    kind, _, path = _url(db, course).partition(":///")
    return kind != "sqlite" or Path(path).is_file()


def existing_gradebook(db: str | None, course: Path) -> str:
    """Return the URL of a gradebook for who only reads it, and so makes none.

    Raises
    ------
    ExportError
        If there is none.
    """
    if not is_there(course, db or ""):
        where = db or course / "gradebook.db"
        raise ExportError(f"There is no {where}; mark the class first, with `autograder grade`.")
    return _url(db or "", course)


def _path(db: str, course: Path) -> Path:
    return (Path(db) if db else course / "gradebook.db").resolve()


def _url(db: str, course: Path) -> str:
    return db if "://" in db else f"sqlite:///{_path(db, course)}"


def without_password(url: str) -> str:
    """Return a URL as it may be shown; raise `RecordError` where it is none."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        raise RecordError(f"The gradebook's URL cannot be read; expected {FORMS}.") from None


@contextmanager
def opened(url: str) -> Iterator[Gradebook]:
    """Open a gradebook, which is made where there is none; raise `RecordError` where that cannot be done.

    So it does where a disk that is full or write-protected, or a server that has gone, ends what the block does.
    """
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import NoSuchModuleError, OperationalError, SQLAlchemyError

    said = without_password(url)
    try:
        gradebook = patiently(lambda: _gradebook(url), AT_FIRST)
    except NoSuchModuleError:
        raise RecordError(
            f"There is no such kind of gradebook as {said.partition(':')[0]}; expected {FORMS}."
        ) from None
    except ModuleNotFoundError as error:
        raise RecordError(
            f"The gradebook {said} needs {error.name}, which is not installed: for PostgreSQL, "
            'pip install "autodiff-and-mixtures[postgresql]"'
        ) from None
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise RecordError(
            f"The gradebook {said} cannot be opened: {str(error).splitlines()[0]}. If an older "
            "nbgrader made it, run `nbgrader db upgrade` in the course folder."
        ) from error
    with gradebook:
        try:
            yield gradebook
        except (OperationalError, InvalidEntry) as error:  # nbgrader calls either so
            raise RecordError(
                f"The gradebook {said} could not do it: {str(error).splitlines()[0]}. Nothing half done is in it; "
                "when that is put right, give the same command again."
            ) from error


def patiently(step: Callable[[], Returned], patience: float = PATIENCE) -> Returned:
    """Take a step; again, for a while, where a server was away or another grader had just written the same rows."""
    from sqlalchemy.exc import DBAPIError

    until = time.monotonic() + patience
    pause, met = 0.05, 0
    while True:
        try:
            return step()
        except DBAPIError as error:
            met += not (away := _passes(error))
            if not away and (met > MEETINGS or not _has_met(error)):
                raise
            if time.monotonic() > until:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # two that have met do not meet again
        pause = min(2 * pause, 2.0)


@contextmanager
def one_at_a_time(gradebook: Gradebook) -> Iterator[None]:
    """Keep other graders on the same server out of what stands within; a file has one grader at a time anyway."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    gradebook.db.rollback()  # ends the session's reading, for which the other would wait
    if gradebook.engine.dialect.name != "postgresql":
        yield
        return
    with gradebook.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a server that was restarted has no locks any more
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})


def _passes(error: DBAPIError) -> bool:
    """Whether an error passes with time: a server that is away or starts, a file that another process has locked."""
    from sqlalchemy.exc import OperationalError

    if isinstance(error.orig, sqlite3.Error):
        return "locked" in str(error.orig)
    return error.connection_invalidated or isinstance(error, OperationalError)


def _has_met(error: DBAPIError) -> bool:
    """Whether another grader may have been there first: it has made the same row, or the same table."""
    from sqlalchemy.exc import IntegrityError, ProgrammingError

    return isinstance(error, IntegrityError) or (isinstance(error, ProgrammingError) and "exists" in str(error.orig))


def _gradebook(url: str) -> Gradebook:
    from nbgrader.api import Gradebook

    _create_tables(url)
    return Gradebook(url)


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
