"""Marks in nbgrader's gradebook. The oracle is nbgrader itself: its API, its export, its formgrader, its feedback."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import powers_course
import pytest
from formgrader_server import formgrader
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import text

from autograder.grade import without_run
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.release import student_notebook
from autograder.mark.results import ExportError, Result, Shown
from autograder.read.submission import SubmittedCell, read_submission
from autograder.record.as_they_come import AsTheyCome
from autograder.record.gradebook import Recorded, RecordError, Recording, planned_migration, record, write_config
from autograder.record.gradebook_rows import points
from autograder.record.late import refresh_penalties
from autograder.record.marked_copy import FOR_THE_MARKER, MAX_OWN, arranged, marked_copy, submitted_cells
from autograder.record.marks import Mark, marks
from autograder.record.opened import opened
from autograder.record.regrade import MarksLog

FIGURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel
ANSWER = "Since $a<b$, and <script>alert('marker')</script> [so](javascript:alert(1)) <img src=x onerror=alert(2)>"
HOSTILE = "</script><script>alert(3)</script>\x1b[31m\ud800"


class Course:
    """A class that can be recorded again and again, and asked what nbgrader makes of it."""

    def __init__(self, root: Path):
        self.root, self.course = root, root / "course"
        self.set: ProblemSet = powers_course.problem_set(root)
        self.submissions: dict[str, Path] = {}

    def hand_in(self, student: str, **sources: str) -> Path:
        named = {name.replace("_", "-"): source for name, source in sources.items()}
        path = powers_course.submission(self.root / "submitted", self.set, student, named)
        self.submissions[student] = path
        return path

    def record(self, *results: Result, db: str = "") -> Recorded:
        grading = powers_course.grading(*results)
        return record(grading, self.set, course=self.course, db=db, submissions=self.submissions)

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}") as gradebook:
            yield gradebook

    def grade(self, student: str, check: str) -> dict[str, Any]:
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(check, "ps0", "ps0", student)
            return {"score": grade.score, "auto": grade.auto_score, "waits": grade.needs_manual_grade}

    def comment(self, student: str, cell: str) -> str | None:
        with self.gradebook() as gradebook:
            return gradebook.find_comment(cell, "ps0", "ps0", student).comment

    def mark_by_hand(self, student: str, check: str, score: float) -> None:
        """Do what formgrader does when a person enters a score."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(check, "ps0", "ps0", student)
            grade.manual_score, grade.needs_manual_grade = score, False
            gradebook.db.commit()

    def notebook(self, student: str) -> nbformat.NotebookNode:
        return nbformat.read(self.course / "autograded" / student / "ps0" / "ps0.ipynb", as_version=4)

    def nbgrader(self, *arguments: str) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=self.course, capture_output=True, text=True, timeout=120, check=False,
                              env=os.environ | {"PATH": path})  # fmt: skip
        assert done.returncode == 0, done.stderr


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


def test_scores_are_what_the_checks_gave(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER)
    course.hand_in("bob")
    done = course.record(powers_course.result("ada", cube=1.8), powers_course.result("bob", square=0.0))
    assert done.students == ("ada", "bob")
    assert (done.failed, done.changes, done.missing, done.ids) == ({}, {}, (), {})
    with course.gradebook() as gradebook:
        ada, bob = (gradebook.find_submission("ps0", name) for name in ("ada", "bob"))
        assert (ada.score, ada.max_score, bob.score) == (3.8, 9.0, 3.0)
        assert ada.needs_manual_grade
        assert gradebook.find_notebook("ps0", "ps0").max_code_score == 5.0
    assert course.grade("ada", "cube") == {"score": 1.8, "auto": 1.8, "waits": False}
    assert course.grade("ada", "explain") == {"score": 0.0, "auto": None, "waits": True}
    assert "the cube of the absolute value" in str(course.comment("ada", "cube-cell"))
    assert course.comment("ada", "square-cell") is None


def test_only_a_person_gives_a_written_answer_nothing(course: Course) -> None:
    """Blank, or deleted, or answered in a cell below, or lost with its metadata: each waits for a person."""
    blank = course.hand_in("bob")
    below = json.loads(blank.read_text())
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in below["cells"]]
    place = ids.index("explain")
    own = {"cell_type": "markdown", "metadata": {}, "source": "Here is my **answer** <b>"}
    stripped = json.loads(json.dumps(below))
    stripped["cells"][place] |= {"metadata": {}, "source": "Mine, without metadata."}
    deleted = json.loads(json.dumps(below))
    del deleted["cells"][place]
    below["cells"].insert(place + 1, own)
    for name, notebook in (("ada", below), ("cyd", stripped), ("eve", deleted)):
        course.hand_in(name).write_text(json.dumps(notebook))
    everyone = ("ada", "bob", "cyd", "eve")
    course.record(*(powers_course.result(name) for name in everyone))
    for name in everyone:
        assert course.grade(name, "explain") == {"score": 0.0, "auto": None, "waits": True}
    assert course.comment("bob", "explain") == course.comment("eve", "explain") == "No response in this cell."
    assert "Beside this cell stands:\n\nHere is my **answer** < b>" in str(course.comment("ada", "explain"))
    assert course.comment("cyd", "explain") is None  # it is known by its place, and stands there
    assert "Mine, without metadata." in [c.source for c in course.notebook("cyd").cells if c.id == "explain"]


def test_who_marks_sees_the_instructors_answer_and_students_do_not(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER)
    course.record(powers_course.result("ada"))
    model = next(cell.source for cell in course.set.cells if cell.grade_id == "explain")
    words = [line for line in model.splitlines() if line.strip() and "###" not in line]
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in course.notebook("ada").cells]
    shown = course.notebook("ada").cells[ids.index("explain") + 1]
    assert all(line in shown.source for line in words)
    assert "- 1 of 4: names the sign\n- 3 of 4: says why\n" in shown.source
    course.nbgrader("generate_feedback", "ps0")
    page = (course.course / "feedback/ada/ps0/ps0.html").read_text(encoding="utf-8")
    assert "For whoever marks" not in page
    assert "names the sign" not in page
    config = course.course / "nbgrader_config.py"
    config.write_text("# mine\n" + config.read_text())  # what an instructor's own feedback shows, nobody knows
    course.record(powers_course.result("ada"))
    assert not any(FOR_THE_MARKER in cell.metadata for cell in course.notebook("ada").cells)


def test_a_regrade_keeps_what_a_person_entered(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER)
    course.record(powers_course.result("ada", cube=0.0))
    course.mark_by_hand("ada", "explain", 3.5)
    course.mark_by_hand("ada", "cube", 2.0)
    again = course.record(powers_course.result("ada", cube=0.0))
    assert not again.changes
    assert course.grade("ada", "explain") == {"score": 3.5, "auto": None, "waits": False}
    assert course.grade("ada", "cube") == {"score": 2.0, "auto": 0.0, "waits": False}
    better = course.record(powers_course.result("ada", square=1.0, cube=3.0))
    assert course.grade("ada", "cube") == {"score": 2.0, "auto": 3.0, "waits": True}  # a person decides
    assert better.changes == {"ada": (7.5, 6.5)}


def test_a_changed_answer_asks_for_a_person_again(course: Course) -> None:
    course.hand_in("ada", explain="First thought.")
    course.record(powers_course.result("ada"))
    course.mark_by_hand("ada", "explain", 3.5)
    course.hand_in("ada", explain="Second thought.")
    course.record(powers_course.result("ada"))
    assert course.grade("ada", "explain") == {"score": 3.5, "auto": None, "waits": True}


def test_recording_twice_is_recording_once(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER)
    dumps = []
    for _ in range(2):
        course.record(powers_course.result("ada", cube=0.6), powers_course.result("cyd", status="missing"))
        with course.gradebook() as gradebook:
            tables = ("grade", "comment", "submitted_assignment", "submitted_notebook", "student", "source_cell")
            connection = gradebook.engine.raw_connection()
            dumps.append([connection.execute(f"select * from {t} order by id").fetchall() for t in tables])
    assert dumps[0] == dumps[1]


def asked_of_the_gradebook(course: Course, students: int) -> tuple[int, int]:
    """Record a class; return how many statements and how many transactions that took."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    names = [f"student{number:02}" for number in range(students)]
    for name in names:
        course.hand_in(name, explain=ANSWER)
    counts = {"before_cursor_execute": 0, "commit": 0}

    def statement(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        counts["before_cursor_execute"] += 1

    def commit(connection: Any) -> None:
        counts["commit"] += 1

    listeners = {"before_cursor_execute": statement, "commit": commit}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        course.record(*(powers_course.result(name) for name in names))
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
    return counts["before_cursor_execute"], counts["commit"]


def test_a_class_costs_the_gradebook_no_more_than_one_student(tmp_path: Path) -> None:
    """A statement or a transaction for each student or cell would make recording slow."""
    one, many = (asked_of_the_gradebook(Course(tmp_path / str(n)), n) for n in (1, 20))
    assert many == one


@pytest.mark.parametrize("status", ["unreadable", "stopped"])
def test_no_silent_zero(course: Course, status: Any) -> None:
    path = course.hand_in("ada", explain="An answer.")
    if status == "unreadable":
        path.write_bytes(path.read_bytes()[:99])
    reason = "The file ends in the middle."
    done = course.record(powers_course.result("ada", 0.0, 0.0, status=status, reason=reason))
    assert done.students == ("ada",)
    assert course.grade("ada", "square") == {"score": 0.0, "auto": 0.0, "waits": False}
    assert course.grade("ada", "explain")["waits"]
    assert course.comment("ada", "square-cell") == f"{status}: {reason}"
    assert reason in course.notebook("ada").cells[0].source
    with course.gradebook() as gradebook:
        assert gradebook.find_submission_notebook("ps0", "ps0", "ada").flagged


def test_missing_is_known_but_has_no_submission(course: Course) -> None:
    done = course.record(powers_course.result("ada", 0.0, 0.0, status="missing", reason="There is no file."))
    assert (done.students, done.missing) == ((), ("ada",))
    with course.gradebook() as gradebook:
        assert gradebook.find_student("ada").id == "ada"
        with pytest.raises(MissingEntry):
            gradebook.find_submission("ps0", "ada")


def test_marks_of_another_version_are_not_overwritten(course: Course) -> None:
    course.hand_in("ada")
    course.record(powers_course.result("ada"))
    with pytest.raises(RecordError, match="not of ps0"):
        record(powers_course.Grading("ps9", 1, "", "", ()), course.set, course=course.course, submissions={})
    other = powers_course.NOTEBOOK.replace("grade_id: setup", "grade_id: start")
    course.set = powers_course.problem_set(course.root, notebook=other)
    with pytest.raises(RecordError, match="`autograder grade` brings it to this version"):
        course.record(powers_course.result("ada", square=0.0))
    assert course.grade("ada", "square")["score"] == 2.0
    grading = powers_course.grading(powers_course.result("ada", square=0.0))
    migration = planned_migration(["ada"], course.set, course=course.course)
    assert migration.words() == ["Cells without points are new or gone: setup, start."]
    record(grading, course.set, course=course.course, submissions=course.submissions, migration=migration)
    assert course.grade("ada", "square")["score"] == 0.0
    assert not planned_migration(["ada"], course.set, course=course.course)


def test_one_student_who_cannot_be_written_stops_nobody(course: Course) -> None:
    course.hand_in("ada")
    course.hand_in("bob")
    (course.course / "autograded").mkdir(parents=True)
    (course.course / "autograded" / "ada").write_text("in the way")
    done = course.record(powers_course.result("ada"), powers_course.result("bob"))
    assert done.students == ("bob",)
    assert list(done.failed) == ["ada"]


def test_a_mark_that_stands_has_its_line_also_where_the_copy_could_not_be_written(course: Course) -> None:
    """As on a disk that is full by then: what a person marks is lacking, and said; the log knows the mark."""
    course.hand_in("ada")
    (course.course / "autograded").mkdir(parents=True)
    (course.course / "autograded" / "ada").write_text("in the way")
    result = powers_course.result("ada")

    def recording() -> Recording:
        return Recording(course.set, ["ada"], course=course.course, submissions=course.submissions)

    with AsTheyCome(recording, MarksLog(course.course, powers_course.grading(result), {})) as recorder:
        recorder.put(result)
        done = recorder.done()
    assert list(done.failed) == ["ada"]
    lines = [json.loads(text) for text in (course.course / "grading/marks.jsonl").read_text().splitlines()]
    assert [(line["student"], line["new"]) for line in lines] == [("ada", result.points)]
    assert course.grade("ada", "square")["auto"] == result.checks[0].points


@pytest.mark.parametrize(
    "step",
    [
        lambda gradebook, id: gradebook.db.execute(text("INSERT INTO student (id) VALUES (:id)"), {"id": id}),
        lambda gradebook, id: gradebook.add_student(id),  # nbgrader calls the error another than SQLAlchemy does
    ],
    ids=["SQLAlchemy", "nbgrader"],
)
def test_a_disk_that_is_full_ends_a_gradebook_in_words(tmp_path: Path, step: Any) -> None:
    def fill() -> None:
        with opened(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
            gradebook.db.execute(text("PRAGMA max_page_count = 1"))  # no page more than there are
            for number in range(1000):
                step(gradebook, f"{number:0500}")

    with pytest.raises(RecordError, match=r"could not do it: .*full\. .* give the same command again"):
        fill()


def test_half_a_character_stops_nothing(tmp_path: Path) -> None:
    grading = powers_course.grading(powers_course.result("ada", square=0.0, finding="\ud800", reason="\ud800"))
    grading.write(tmp_path)
    (read,) = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert read["reason"] == "\ud800"


def test_an_instructors_own_configuration_stays(course: Course) -> None:
    course.record()
    config = course.course / "nbgrader_config.py"
    course.record()
    config.write_text("c = get_config()\n")
    course.record()
    assert config.read_text() == "c = get_config()\n"


def test_a_password_is_not_written_down(course: Course) -> None:
    course.course.mkdir()
    config = write_config(course.course, "postgresql://grader:secret@db.example/marks")
    assert "secret" not in config.read_text()


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 100))
def test_points_are_finite_and_within_bounds(earned: float, maximum: float) -> None:
    assert 0.0 <= points(earned, maximum) <= maximum


def test_the_copy_holds_the_students_words_and_the_instructors_tests(course: Course) -> None:
    path = course.hand_in("ada", square_cell="def square(x):\n    return 2 * x", explain=ANSWER)
    notebook = json.loads(path.read_text())
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    by_id["square"]["source"] = "print('mine')"
    by_id["square"]["metadata"]["nbgrader"]["points"] = 100
    by_id["cube-cell"]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>alert(4)</script>"}}
    ]
    helper = {"cell_type": "code", "id": "h", "metadata": {"nbgrader": {"grade_id": "square"}}, "source": "helper = 1"}
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "cube"] + [helper | {"outputs": []}]
    path.write_text(json.dumps(notebook))
    errors = (("cube-cell", HOSTILE), ("cell 7", "ValueError: in the helper"))
    course.record(
        powers_course.result("ada", square=0.0, cube=0.0, finding=HOSTILE, cell_errors=errors, notices=(HOSTILE,))
    )
    copy = course.notebook("ada")
    nbformat.validate(copy)
    cells = {cell.id: cell for cell in copy.cells}
    assert cells["square-cell"].source == "def square(x):\n    return 2 * x"
    assert cells["square"].source == 'ps0.check("square")'
    assert cells["square"].metadata.nbgrader.points == 2
    assert [cell.id for cell in copy.cells if cell.source == "helper = 1"] != ["square"]
    order = [cell.id for cell in copy.cells]
    assert order.index("cube") == order.index("cube-cell") + 1
    (helper,) = [cell for cell in copy.cells if cell.source == "helper = 1"]
    assert helper.outputs[0].text == "This cell stopped with ValueError: in the helper\n"
    page = cells["square"].outputs[0].data["text/html"]
    assert "<script" not in page
    assert "&lt;/script&gt;" in page
    assert "alert(4)" not in json.dumps(copy)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff\xfe", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"source": 3}]}', b"[" * 99999,
     b'{"cells": [{"metadata": 7, "source": ""}]}', b'{"cells": {"a": 1}}', b"null"],
)  # fmt: skip
def test_a_damaged_file_is_shown_as_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ps0.ipynb"
    path.write_bytes(content)
    assert submitted_cells(path) is None


def test_links_pipes_and_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.ipynb").write_text('{"cells": [], "nbformat": 4}')
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    assert submitted_cells(tmp_path / "real.ipynb") == ()
    assert [submitted_cells(tmp_path / f"{name}.ipynb") for name in ("link", "pipe", "folder", "none")] == [None] * 4


# ---- nbgrader's own commands ----


@pytest.mark.grading
def test_export_and_feedback_show_the_marks(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER)
    course.hand_in("bob")
    course.hand_in('<b>"eve", &', explain=ANSWER)
    done = course.record(
        powers_course.result("ada", cube=1.8, finding=HOSTILE),
        powers_course.result("bob", square=0.0),
        powers_course.result('<b>"eve", &'),
        powers_course.result("cyd", 0.0, 0.0, status="missing"),
    )
    course.mark_by_hand("ada", "explain", 3.0)
    course.nbgrader("export")
    with (course.course / "grades.csv").open(newline="") as file:
        scores = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    eve = done.ids['<b>"eve", &']
    assert scores == {"ada": (6.8, 9.0), "bob": (3.0, 9.0), eve: (5.0, 9.0), "cyd": (0.0, 9.0)}
    course.nbgrader("generate_feedback", "ps0")
    page = (course.course / "feedback/ada/ps0/ps0.html").read_text(encoding="utf-8")
    assert "Score: 6.8 / 9.0" in page
    assert not re.search(r"<script>alert|onerror=alert\(2\)>|href=.javascript", page)


@pytest.mark.grading
def test_formgrader_shows_the_submission(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER, cube_cell="def cube(x):\n    return abs(x) ** 3  # <script>alert(5)</script>")
    course.record(powers_course.result("ada", cube=1.8, finding=HOSTILE))
    with course.gradebook() as gradebook:
        id = gradebook.find_submission_notebook("ps0", "ps0", "ada").id
    with formgrader(course.course) as page:
        (listed,) = json.loads(page("formgrader/api/submissions/ps0"))
        assert (listed["student"], listed["score"], listed["max_score"]) == ("ada", 3.8, 9.0)
        assert listed["autograded"]
        assert listed["needs_manual_grade"]
        shown = page(f"formgrader/submissions/{id}/")
        grades = {grade["name"]: grade for grade in json.loads(page(f"formgrader/api/grades?submission_id={id}"))}
    assert grades["explain"]["needs_manual_grade"]
    assert grades["cube"]["auto_score"] == 1.8
    assert "Partly right, 1.8 of 3 points" in shown
    assert 'id="explain-comment"' in shown
    assert not re.search(r"<script>alert|<img src=x|href=.javascript", shown)


def test_export_reads_what_a_person_gave_too(course: Course) -> None:
    course.hand_in("ada", explain=ANSWER)
    course.hand_in("bob", explain=ANSWER)
    course.record(powers_course.result("ada", cube=1.8), powers_course.result("bob", square=0.0))
    course.mark_by_hand("ada", "explain", 3.5)
    course.mark_by_hand("ada", "cube", 2.0)  # a person overrides a check
    found, best = marks(f"sqlite:///{course.course / 'gradebook.db'}", "ps0")
    assert best == 9
    assert [dataclasses.replace(m, by_hand={}, comments={}) for m in found] == [
        Mark("ada", 2.0, 5.5, False), Mark("bob", 3.0, 0.0, True)
    ]  # fmt: skip
    assert {cell: given.points for cell, given in found[0].by_hand.items()} == {"explain": 3.5, "cube": 2.0}
    assert {cell: given.points for cell, given in found[1].by_hand.items()} == {"explain": None}
    assert [mark.total for mark in found] == [7.5, 3.0]
    with pytest.raises(ExportError, match="The gradebook has no ps7; it has ps0"):
        marks(f"sqlite:///{course.course / 'gradebook.db'}", "ps7")


DUE, LATE = "2026-03-01 12:00:00 UTC", "2026-03-01 14:00:00 UTC"
TENTH_AN_HOUR = """
from nbgrader.plugins import BasePlugin

class TenthAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * total_seconds_late / 3600
c.AssignLatePenalties.plugin_class = TenthAnHour
"""


def test_formgrader_gets_the_rosters_names_and_no_name_is_written_over(course: Course) -> None:
    course.record(powers_course.result("ada"), powers_course.result("bob"))
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("bob", first_name="Robert", last_name="Byron")
    (course.course / "roster.csv").write_text(
        "student,name,email,section,ids,extensions\nada,Ada King Lovelace,a@b.c,,,\nbob,Bob B,b@b.c,,,\n"
    )
    course.record(powers_course.result("ada"), powers_course.result("bob"), powers_course.result("cyd"))
    with course.gradebook() as gradebook:
        found = {s.id: (s.first_name, s.last_name, s.email) for s in gradebook.students}
    assert found["ada"] == ("Ada King", "Lovelace", "a@b.c")
    assert found["bob"][:2] == ("Robert", "Byron")
    assert found["cyd"] == (None, None, None)


def test_a_late_penalty_follows_the_score(course: Course) -> None:
    """The oracle is nbgrader's own rule: a penalty of the score as it is now, none for work that is not late."""
    for student in ("ada", "bob", "cyd"):
        course.hand_in(student, explain=ANSWER)
    course.record(powers_course.result("ada"))
    config = course.course / "nbgrader_config.py"
    config.write_text(config.read_text().partition("\n")[2] + TENTH_AN_HOUR)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps0", duedate=DUE)
    course.submissions["ada"].with_name("timestamp.txt").write_text(LATE)
    course.submissions["bob"].with_name("timestamp.txt").write_text("2026-03-01 11:00:00 UTC")
    course.submissions["cyd"].with_name("timestamp.txt").write_text("yesterday, I think")

    def penalties() -> dict[str, float | None]:
        with course.gradebook() as gradebook:
            found = [(name, gradebook.find_submission_notebook("ps0", "ps0", name)) for name in ("ada", "bob", "cyd")]
            return {name: notebook.late_submission_penalty for name, notebook in found}

    everyone = [powers_course.result(student) for student in ("bob", "cyd")]
    course.record(powers_course.result("ada", square=0.0), *everyone)
    assert penalties() == {"ada": pytest.approx(0.6), "bob": None, "cyd": None}
    course.record(powers_course.result("ada"), *everyone)
    assert penalties() == {"ada": pytest.approx(1.0), "bob": None, "cyd": None}
    course.mark_by_hand("ada", "explain", 4.0)
    url = f"sqlite:///{course.course / 'gradebook.db'}"
    assert [*refresh_penalties(url, "ps0", course.course)] == ["ada"]  # without another marking
    assert penalties()["ada"] == pytest.approx(1.8)
    assert refresh_penalties(url, "ps0", course.course) == {}
    mark = marks(url, "ps0")[0][0]
    assert (mark.student, mark.total, mark.late) == ("ada", pytest.approx(7.2), 7200.0)
    course.record(powers_course.result("ada"), *everyone)
    assert penalties()["ada"] == pytest.approx(1.8)
    (course.course / "roster.csv").write_text("student,name,email,section,ids,extensions\nada,,,,,ps0=+1h\n")
    refresh_penalties(url, "ps0", course.course)
    assert penalties()["ada"] == pytest.approx(0.9)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps0", duedate="2026-03-02 12:00:00 UTC")
    course.record(powers_course.result("ada"), *everyone)
    assert penalties()["ada"] is None


def test_a_manual_mark_that_is_saved_during_a_batch_is_not_lost(course: Course) -> None:
    """A person marks in formgrader while the same class is recorded again and again."""
    students = [f"student{n:02}" for n in range(12)]
    for student in students:
        course.hand_in(student, explain=ANSWER)
    rounds = [[powers_course.result(s, square=float(n % 3)) for s in students] for n in range(4)]
    course.record(*rounds[0])
    failures: list[object] = []

    def batch() -> None:
        for results in rounds[1:]:
            failures.extend(course.record(*results).failed.items())

    recording = threading.Thread(target=batch)
    recording.start()
    saved = {}
    for _ in range(3):
        for student in students:
            course.mark_by_hand(student, "explain", saved.setdefault(student, 0.0) + 1.0)
            saved[student] += 1.0
    recording.join()
    assert not failures
    with course.gradebook() as gradebook:
        found = {s: gradebook.find_grade("explain", "ps0", "ps0", s).manual_score for s in students}
        squares = {gradebook.find_grade("square", "ps0", "ps0", s).auto_score for s in students}
    assert found == saved == dict.fromkeys(students, 3.0)
    assert squares == {0.0}  # what the last round said


def test_a_person_who_marks_sees_the_figure(course: Course) -> None:
    """In the copy that formgrader shows, and in the page that it makes of it."""
    notebook = (
        powers_course.NOTEBOOK
        + """
```{code-cell} ipython3
---
nbgrader: {grade: true, grade_id: draw, locked: false, points: 2, schema_version: 3, solution: true, task: false}
---
### BEGIN SOLUTION
plot()
### END SOLUTION
```
"""
    )
    course.set = powers_course.problem_set(course.root, notebook=notebook)
    course.hand_in("ada", explain=ANSWER, draw="plot()")
    shown = {"draw": Shown("a line <b>\x1b[31m", (FIGURE,))}
    course.record(powers_course.result("ada", shown=shown))
    (cell,) = [c for c in course.notebook("ada").cells if c.metadata.get("nbgrader", {}).get("grade_id") == "draw"]
    text, picture = cell.outputs
    assert "\x1b" not in text["text"]
    assert picture["data"]["image/png"] == FIGURE
    assert course.grade("ada", "draw")["waits"]
    with course.gradebook() as gradebook:
        id = gradebook.find_submission_notebook("ps0", "ps0", "ada").id
    with formgrader(course.course) as page:
        shown_there = page(f"formgrader/submissions/{id}/")
    assert f"data:image/png;base64,{FIGURE}" in shown_there.replace("\n", "")
    assert "a line &lt;b&gt;" in shown_there


def test_cells_that_a_student_added_cost_the_marker_no_more_than_a_page(tiny):
    cells = [
        SubmittedCell("", type, letter * 20_000)
        for type, letter in (("code", "a"), ("markdown", "b"))
        for _ in range(50)
    ]
    shown = arranged(cells, student_notebook(tiny).cells)
    for type, letter in (("code", "a"), ("markdown", "b")):
        own = [cell["source"] for cell in shown if cell["id"].startswith("own-") and cell["cell_type"] == type]
        assert len(own) == 50
        assert sum(source.count(letter * 100) * 100 for source in own) == MAX_OWN[type]
        assert own[-1] == "\n... 20000 further characters are not shown ..."


def test_a_copy_holds_answers_in_their_places_also_where_their_metadata_were_lost(tiny, tmp_path):
    """As the marks do; it is the same copy whichever command marks, so that no answer seems new to the other."""
    own = {"area": "def area(r):\n    return 3", "why": "since it is so"}
    cells = [
        {"cell_type": c.cell_type, "id": f"x{n}", "metadata": {}, "source": own.get(c.grade_id, c.source)}
        | ({"outputs": [], "execution_count": None} if c.cell_type == "code" else {})
        for n, c in enumerate(tiny.cells)
    ]
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    result, released = without_run("ada", "marked", "", tiny), student_notebook(tiny)
    copy = marked_copy(result, path, released, problem_set=tiny)
    assert copy == marked_copy(result, read_submission(path, tiny).cells, released)
    assert (copy.answers["why"], copy.blank) == (own["why"], {})
    assert [c["source"] for c in json.loads(copy.text)["cells"] if c["id"] == "area"] == [own["area"]]
