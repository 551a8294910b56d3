"""The gradebook on a real PostgreSQL: two graders at once, a server that is restarted, and nothing lost or doubled.

The oracle is nbgrader's own API, and SQL that counts rows.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import powers_course
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook
from postgres_server import PostgreSQL
from sqlalchemy import create_engine, text

from autograder.cli import main
from autograder.mark.results import RecordError
from autograder.record import opened
from autograder.record.gradebook import Recording, record
from autograder.record.marks import marks


@pytest.fixture(scope="module")
def server():
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def database(server, request):
    """A database of the test's own on the server; its URL."""
    name = f"t{abs(hash(request.node.name))}"
    with create_engine(server.url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return server.url.replace("/postgres?", f"/{name}?")


def class_of(folder, students):
    """Return a problem set, a result for each student, every third with less than all points, and their notebooks."""
    powers = powers_course.problem_set(folder)
    results = [powers_course.result(s, cube=3.0 if n % 3 else 1.8, seed=n) for n, s in enumerate(students)]
    return powers, results, {s: powers_course.submission(folder / "submitted", powers, s, {}) for s in students}


def rows(url):
    """Return how often each student has a submission, and how many grades and comments there are in all."""
    with create_engine(url).connect() as connection:
        students = Counter(connection.scalars(text("SELECT student_id FROM submitted_assignment")))
        counts = [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("grade", "comment")]
    return students, counts


def scores(url):
    with Gradebook(url) as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("ps0")}


def test_it_holds_what_an_sqlite_file_holds(database, tmp_path):
    powers, results, submissions = class_of(tmp_path, ["ada", "bob", "cyd"])
    for db in (database, ""):
        done = record(powers_course.grading(*results), powers, course=tmp_path / "c", db=db, submissions=submissions)
        assert (done.students, done.failed) == (("ada", "bob", "cyd"), {})
    assert marks(database, "ps0") == marks(f"sqlite:///{tmp_path / 'c' / 'gradebook.db'}", "ps0")
    assert scores(database) == {"ada": 3.8, "bob": 5.0, "cyd": 5.0}
    assert "a-password" not in (tmp_path / "c" / "nbgrader_config.py").read_text()


def test_two_graders_write_at_once(database, tmp_path):
    """Both find an empty database, and ten students are in both classes."""
    students = [f"s{n:02}" for n in range(40)]
    powers, results, submissions = class_of(tmp_path, students)
    halves = results[:25], results[15:]
    start = threading.Barrier(2, timeout=60)

    def grade(number):
        some, course = halves[number], tmp_path / f"course{number}"
        start.wait()
        with Recording(powers, [r.student for r in some], course=course, db=database, submissions=submissions) as to:
            for first in range(0, len(some), 3):
                to.write(some[first : first + 3])
            return to.done()

    with ThreadPoolExecutor(2) as graders:
        done = list(graders.map(grade, range(2)))
    assert [one.failed for one in done] == [{}, {}]
    assert rows(database) == (Counter(students), [3 * 40, 3 * 40])
    assert scores(database) == {result.student: result.points for result in results}


def test_a_server_that_is_restarted_loses_and_doubles_nothing(server, database, tmp_path):
    students = [f"s{n:02}" for n in range(45)]
    powers, results, submissions = class_of(tmp_path, students)
    restarts = []
    over = threading.Event()

    def restart_again_and_again():
        while not over.wait(0.5):
            server.restart()
            restarts.append(True)

    thread = threading.Thread(target=restart_again_and_again)
    with Recording(powers, students, course=tmp_path / "c", db=database, submissions=submissions) as recording:
        thread.start()
        batches = [results[first : first + 5] for first in range(0, len(students), 5)]
        written = 0
        while written < len(batches) or len(restarts) < 3:  # who is written again is written once
            recording.write(batches[written % len(batches)])
            written += 1
        done = recording.done()
        over.set()
        thread.join()
    assert len(restarts) > 2
    assert (len(done.students), done.failed) == (45, {})
    assert rows(database) == (Counter(students), [3 * 45, 3 * 45])
    assert scores(database) == {result.student: result.points for result in results}


@pytest.mark.grading
def test_the_command_records_there(database, tmp_path, tiny, notebook_of, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for student, area in {"ada": "np.pi * radius**2", "bob": "radius"}.items():
        path = tmp_path / "submitted" / student / "ps0" / "ps0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook_of({"area": f"def area(radius):\n    return {area}"})))
    words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent), "--db", database]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "a-password" not in done.output
    assert scores(database) == {"ada": 5.0, "bob": 3.0}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://grader:a-password@nowhere/marks", 'pip install "autodiff-and-mixtures[postgresql]"'),
        (
            "postgres://grader:a-password@nowhere/marks",
            "There is no such kind of gradebook as postgres; expected",
        ),
        ("postgresql://grader:a-password@nowhere:port/marks", "The gradebook's URL cannot be read; expected a path"),
    ],
)
def test_what_is_missing_is_said_in_a_line(url, words, monkeypatch, tmp_path):
    for driver in ("psycopg", "psycopg2"):
        monkeypatch.setitem(sys.modules, driver, None)
    powers, results, submissions = class_of(tmp_path, ["ada"])
    with pytest.raises(RecordError) as refused:
        record(powers_course.grading(*results), powers, course=tmp_path / "c", db=url, submissions=submissions)
    assert words in str(refused.value)
    assert "a-password" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_server_that_does_not_answer(monkeypatch, tmp_path):
    monkeypatch.setattr(opened, "AT_FIRST", 0.2)
    powers, results, submissions = class_of(tmp_path, ["ada"])
    with pytest.raises(RecordError, match="cannot be opened"):
        record(powers_course.grading(*results), powers, course=tmp_path / "c", submissions=submissions,
               db=f"postgresql://grader@/marks?host={tmp_path}")  # fmt: skip


def test_memory_does_not_grow_with_the_number_of_students(tmp_path):
    students = [f"s{n:03}" for n in range(150)]
    powers, results, submissions = class_of(tmp_path, students)
    with Recording(powers, students, course=tmp_path / "c", submissions=submissions) as recording:
        sizes = []
        for first in range(0, 150, 25):
            recording.write(results[first : first + 25])
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    assert sizes[-1] - sizes[1] < 10  # MiB
