"""A re-grade says whose mark would change and asks before it writes; a log keeps the old mark and the new."""

import csv
import errno
import json
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.mark.check_results import CheckResult
from autograder.mark.compare import describe_inputs, shown
from autograder.mark.results import Grading, RecordError, Result
from autograder.read.collected import Line, write_manifest
from autograder.record.forecast import Forecast
from autograder.record.gradebook import Recording
from autograder.record.late import Rule
from autograder.record.marks import Mark
from autograder.record.one_grader import alone
from autograder.record.regrade import MarksLog

pytestmark = pytest.mark.grading
RIGHT, WRONG = None, {"area": "def area(radius):\n    return 2 * np.pi * radius"}


@pytest.fixture
def grade(tiny, tmp_path, notebook_of, monkeypatch):
    """Return a function that hands in for students, and grades them with an answer to the question that may come."""
    monkeypatch.chdir(tmp_path)

    def run(answer="", *flags, **students):
        for student, cells in students.items():
            path = tmp_path / "submitted" / student / "ps0" / "ps0.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(notebook_of(cells)))
        words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent), *flags]
        return CliRunner().invoke(main, words, input=answer)

    return run


def points(tmp_path):
    results = json.loads((tmp_path / "build/grading/ps0/results.json").read_text())
    return {s["student"]: s["points"] for s in results["submissions"]}


def log(tmp_path):
    """Return what the log says, by student: two that are marked at once may finish in any order."""
    lines = (tmp_path / "build/grading/marks.jsonl").read_text().splitlines()
    entries = [(entry["student"], entry["old"], entry["new"]) for entry in map(json.loads, lines)]
    return sorted(entries, key=lambda entry: entry[0])


def test_it_asks_and_a_no_leaves_everything_as_it_was(grade, tmp_path):
    assert grade(ada=WRONG, carl=RIGHT).exit_code == 0
    refused = grade("n\n", ada=RIGHT)
    assert refused.exit_code == 1
    assert "ada: 3 points are recorded, 5 now" in refused.output
    assert "carl" not in refused.stdout.partition("Write the new marks")[0]
    assert "nothing was written" in refused.stderr
    assert points(tmp_path) == {"ada": 3, "carl": 5}
    assert log(tmp_path) == [("ada", None, 3), ("carl", None, 5)]


def test_a_yes_writes_and_the_log_keeps_both(grade, tmp_path):
    grade(ada=WRONG)
    assert grade("y\n", ada=RIGHT).exit_code == 0
    assert grade("", "--yes", ada=WRONG).exit_code == 0
    assert points(tmp_path) == {"ada": 3}
    assert log(tmp_path) == [("ada", None, 3), ("ada", 3, 5), ("ada", 5, 3)]


def test_nobody_is_asked_when_nothing_changes(grade, tmp_path):
    grade(ada=RIGHT)
    again = grade("", ada=RIGHT, carl=WRONG)
    assert again.exit_code == 0
    assert "Write the new marks" not in again.output
    assert log(tmp_path) == [("ada", None, 5), ("carl", None, 3)]


def test_a_dry_run_says_what_would_change_and_writes_nothing(grade, tmp_path):
    grade(ada=WRONG)
    before = {p: p.read_bytes() for p in (tmp_path / "build").rglob("*") if p.is_file()}
    done = grade("", "--dry-run", ada=RIGHT)
    assert done.exit_code == 0
    assert "ada: 3 points are recorded, 5 now (circle-area 0 -> 2)" in done.output
    assert {p: p.read_bytes() for p in (tmp_path / "build").rglob("*") if p.is_file()} == before


HALF = """
from nbgrader.plugins import BasePlugin
class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2
"""


@pytest.fixture
def late(grade, tmp_path):
    """Return the course folder of a class in which ada was an hour late, which costs half; carl was in time."""
    course = tmp_path / "build"
    course.mkdir()
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.AssignLatePenalties.plugin_class = "half.Half"\n')
    (course / "half.py").write_text(HALF)
    (course / "term.toml").write_text("[ps0]\ndue = 2026-03-01T12:00:00Z\n")
    for student, hour in (("ada", 13), ("carl", 11)):
        path = tmp_path / "submitted" / student / "ps0/timestamp.txt"
        path.parent.mkdir(parents=True)
        path.write_text(f"2026-03-01 {hour}:00:00 UTC")
    done = grade("", ada=RIGHT, carl=RIGHT)
    assert done.exit_code == 0
    assert "late, and what it costs: ada by 1 h (-2.5)" in done.output
    assert costs(course) == {"ada": 2.5, "carl": 0}
    return course


def costs(course):
    """Return the penalties by nbgrader itself."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: s.late_submission_penalty for s in gradebook.assignment_submissions("ps0")}


def test_a_mark_that_changes_because_it_is_late_no_more_is_listed_asked_about_and_kept(grade, late, tmp_path):
    says = "ada: in time now; penalty 2.5 -> 0; the mark with it 2.5 -> 5"
    assert "No mark would change." in grade("", "--dry-run").output
    (late / "roster.csv").write_text("student,name,email,section,ids,extensions\nada,,,,,ps0=+2h\n")
    dry = grade("", "--dry-run")
    assert says in dry.output
    assert "No mark would change" not in dry.output
    refused = grade("n\n")
    assert refused.exit_code == 1
    assert says in refused.output
    assert "carl:" not in refused.output
    assert costs(late) == {"ada": 2.5, "carl": 0}
    assert grade("", "--yes").exit_code == 0
    assert costs(late) == {"ada": 0, "carl": 0}
    (row,) = csv.DictReader((late / "grading/ps0/changes.csv").open())
    assert row["student"] == "ada"
    now = {key: float(row[key]) for key in row if key.endswith(("_then", "_now")) and not key.startswith("points")}
    assert now == {"checks_then": 5, "checks_now": 5, "penalty_then": 2.5, "penalty_now": 0, "mark_then": 2.5,
                   "mark_now": 5}  # fmt: skip
    line = json.loads((late / "grading/marks.jsonl").read_text().splitlines()[-1])
    assert (line["student"], line["mark_then"], line["mark_now"]) == ("ada", 2.5, 5.0)


def test_a_penalty_that_an_export_computes_anew_is_told_once(grade, late, tmp_path):
    (late / "roster.csv").write_text("student,name,email,section,ids,extensions\nada,,,,,ps0=+2h\n")
    for word in ("first", "then"):
        said = " ".join(CliRunner().invoke(main, ["export", "ps0"]).output.split())
        assert ("ada, ps0: late penalty 2.5 -> 0, by the score" in said) == (word == "first")
    *_, before, line = map(json.loads, (late / "grading/marks.jsonl").read_text().splitlines())
    assert "penalty_now" not in before
    assert (line["student"], line["penalty_then"], line["penalty_now"]) == ("ada", 2.5, 0)
    assert "No mark would change." in grade("", "--dry-run").output


def test_a_day_that_is_moved_changes_no_mark_unasked_also_of_who_is_in_another_folder(
    grade, late, tmp_path, notebook_of
):
    (late / "term.toml").write_text("[ps0]\ndue = 2026-03-01T10:00:00Z\n")
    path = tmp_path / "latecomers/dora/ps0/ps0.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook_of(RIGHT)))
    refused = grade("n\n", "--submissions", "latecomers")
    assert refused.exit_code == 1
    assert "carl: late by 1 h now; penalty 0 -> 2.5; the mark with it 5 -> 2.5" in refused.output
    assert costs(late) == {"ada": 2.5, "carl": 0}
    assert grade("y\n", "--submissions", "latecomers").exit_code == 0
    assert costs(late) == {"ada": 2.5, "carl": 2.5, "dora": 0}
    assert log(tmp_path) == [("ada", None, 5), ("carl", None, 5), ("carl", 5, 5), ("dora", None, 5)]


def test_whatever_tells_marks_takes_a_moved_day_and_one_that_was_taken_out(late):
    """Of the plan, of the roster, and of the gradebook itself, in which an instructor may set both too."""

    def told(*words):
        done = CliRunner().invoke(main, [*words])
        assert done.exit_code == 0, done.output
        found = re.findall(r"ada, ps0: late penalty (\S+) -> (\S+),", " ".join(done.output.split()))
        assert costs(late) == {"ada": float(found[0][1]) if found else costs(late)["ada"], "carl": 0}
        return found

    plan, roster = late / "term.toml", late / "roster.csv"
    head = "student,name,email,section,ids,extensions\n"
    plan.write_text("[ps0]\ndue = 2026-03-01T14:00:00Z\n")
    assert told("export", "ps0") == [("2.5", "0")]
    plan.write_text("[ps0]\ndue = 2026-03-01T12:30:00Z\n")
    assert told("term") == [("0", "2.5")]
    plan.write_text("[ps0]\n")
    assert told("term") == [("2.5", "0")]  # the gradebook knew no day before
    with Gradebook(f"sqlite:///{late / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("ps0", duedate="2026-03-01 12:00:00 UTC")
    assert told("export", "ps0") == [("0", "2.5")]
    roster.write_text(f"{head}ada,,,,,ps0=+2h\n")
    assert told("term") == [("2.5", "0")]
    roster.write_text(f"{head}ada,,,,,\n")
    assert told("export", "ps0") == [("0", "2.5")]
    roster.write_text(f"{head}ada,,,,,ps0=+2h\n")
    with Gradebook(f"sqlite:///{late / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("ps0", duedate=None)
    assert told("term") == [("2.5", "0")]  # longer time than none


def test_a_plugin_that_cannot_be_loaded_is_said_also_where_nobody_is_late(late):
    (late / "term.toml").unlink()
    (late / "nbgrader_config.py").write_text('c = get_config()\nc.AssignLatePenalties.plugin_class = "whole.Whole"\n')
    for words in (["export", "ps0"], ["term"]):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 2
        assert "plugin for late penalties" in done.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "could not be imported"),
        ("import no_such_module_anywhere", "could not be imported"),
        (HALF.replace("score / 2", "score / 0"), "raised ZeroDivisionError"),
        (HALF.replace("score / 2", "float('nan')"), "raised ValueError"),
        (HALF.replace("score / 2", "'much'"), "raised ValueError"),
    ],
)
def test_a_plugin_that_does_not_work_is_told_before_anybody_is_marked(grade, tmp_path, monkeypatch, text, says):
    monkeypatch.delitem(sys.modules, "half", raising=False)
    course = tmp_path / "build"
    course.mkdir()
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.AssignLatePenalties.plugin_class = "half.Half"\n')
    (course / "half.py").write_text(text)
    (course / "term.toml").write_text("[ps0]\ndue = 2026-03-01T12:00:00Z\n")
    path = tmp_path / "submitted/ada/ps0/timestamp.txt"
    path.parent.mkdir(parents=True)
    path.write_text("2026-03-01 13:00:00 UTC")
    done = grade("", ada=RIGHT)
    assert done.exit_code == 2
    assert "plugin for late penalties" in done.stderr
    assert says in done.stderr
    assert not (course / "gradebook.db").exists()
    assert not (course / "grading/ps0/results.json").exists()


def test_latecomers_do_not_take_the_others_places(grade, tmp_path, notebook_of):
    grade(ada=RIGHT, carl=WRONG)
    late = tmp_path / "late/dora/ps0/ps0.ipynb"
    late.parent.mkdir(parents=True)
    late.write_text(json.dumps(notebook_of(RIGHT)))
    done = grade("", "--submissions", "late")
    assert done.exit_code == 0
    assert "The results of 2 students of an earlier marking are kept" in done.output
    assert points(tmp_path) == {"ada": 5, "carl": 3, "dora": 5}
    assert len((tmp_path / "build/grading/ps0/grades.csv").read_text().splitlines()) == 4
    grade("", "--submissions", "late", "--only-these")
    assert points(tmp_path) == {"dora": 5}


def test_an_authors_slip_stops_before_anybody_is_marked(grade, tmp_path, tiny):
    exercises = tmp_path / "other"
    shutil.copytree(tiny.folder, exercises / tiny.folder.name)
    checks = exercises / tiny.folder.name / "checks.py"
    text = checks.read_text()
    for old, new, says in (
        (
            "return math.pi * radius**2",
            "return math.pi * raduis**2",
            ["'circle-area'", "NameError", "checks.py, line 2"],
        ),
        ("student.ring_area(inner, outer)", "student.ring_area(inner)", ["the reference solution", "ring-area"]),
    ):
        slip = text.replace(old, new, 1)
        checks.write_text(slip)
        done = grade("", "--exercises", str(exercises), ada=RIGHT)
        assert done.exit_code == 2
        assert all(words in done.stderr for words in ["Nobody was marked", *says])
        assert not (tmp_path / "build/gradebook.db").exists()


def test_an_appeal_runs_one_mark_again_on_the_same_inputs(grade, tmp_path, tiny):
    grade(ada=WRONG)
    seed = json.loads((tmp_path / "build/grading/ps0/results.json").read_text())["seed"]
    words = ["appeal", "ada", "ps0", "--exercises", str(tiny.folder.parent), "--submissions", "submitted"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert f"seed {seed}" in done.output
    assert "circle-area: 0 then, 0 of 2 now" in done.output
    assert "the same points as then" in done.output
    radius = tiny.checks.by_id["circle-area"].draw(seed, 0)["radius"]
    assert describe_inputs({"radius": radius}) in done.output
    assert f"expected {shown(tiny.checks.by_id['circle-area'].expected(radius))}" in done.output


def test_an_appeal_of_what_nobody_could_read_says_that_nothing_was_run_and_why(grade, tmp_path, tiny, notebook_of):
    path = tmp_path / "submitted/ada/ps0/ps0.ipynb"
    grade(ada=RIGHT)
    path.write_text("{")
    grade("", "--yes")
    words = ["appeal", "ada", "ps0", "--exercises", str(tiny.folder.parent), "--submissions", "submitted"]
    done = CliRunner().invoke(main, words)
    said = " ".join(done.output.split())
    assert done.exit_code == 0, said
    assert "nothing was run, so no inputs were drawn" in said
    assert "why: ps0.ipynb" in said
    assert "seed" not in said
    path.write_text(json.dumps(notebook_of()))
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "It can be read now: mark again." in done.output) == (1, True)


def test_a_marking_that_was_refused_was_not_interrupted(grade, tmp_path):
    grade(ada=WRONG)
    for answer in ("n\n", ""):  # the second: nobody was there to answer
        refused = grade(answer, ada=RIGHT)
        assert refused.exit_code == 1
        assert "interrupted" not in refused.output
        assert "nothing was written" in refused.stderr
    assert "interrupted" not in grade("y\n").output
    assert points(tmp_path) == {"ada": 5}


def test_a_check_less_and_a_check_more_migrate_the_gradebook(grade, tmp_path, tiny):
    """The oracle is nbgrader: maximum and scores of the assignment, and its own cells."""
    exercises = tmp_path / "other"
    shutil.copytree(tiny.folder, exercises / tiny.folder.name)
    folder = exercises / tiny.folder.name
    checks, notebook = folder / "checks.py", folder / "notebook.md"
    grade(ada=RIGHT, carl=WRONG)
    checks.write_text(checks.read_text().replace('"circle-area", part', '"disc-area", part'))
    notebook.write_text(notebook.read_text().replace("circle-area", "disc-area"))
    with Gradebook(f"sqlite:///{tmp_path / 'build/gradebook.db'}") as gradebook:
        gradebook.find_grade("circle-area", "ps0", "ps0", "carl").manual_score = 1.5
        gradebook.db.commit()
    refused = grade("n\n", "--exercises", str(exercises), ada=RIGHT)
    assert refused.exit_code == 1
    assert "disc-area is new" in refused.output
    assert "circle-area is no longer there" in refused.output
    assert "ada 2, carl 1.5" in refused.output
    assert "nothing was written" in refused.stderr
    done = grade("y\n", "--exercises", str(exercises), ada=RIGHT)
    assert done.exit_code == 0, done.output
    with Gradebook(f"sqlite:///{tmp_path / 'build/gradebook.db'}") as gradebook:
        assert gradebook.find_assignment("ps0").max_score == 9
        assert {s.student.id: s.score for s in gradebook.assignment_submissions("ps0")} == {"ada": 5.0, "carl": 3.0}
        cells = {cell.name for cell in gradebook.find_notebook("ps0", "ps0").grade_cells}
    assert {"disc-area", "ring-area"} < cells
    assert "circle-area" not in cells
    (line,) = (tmp_path / "build/grading/ps0/removed_parts.jsonl").read_text().splitlines()
    assert json.loads(line)["given"]["carl"]["by_hand"] == 1.5


def test_a_number_of_another_assignment_is_not_missing(grade, tmp_path):
    lines = [
        Line(f"Participant {n}", set, "Moodle", f"{n}", "Participant", "", "", "", "", f"{n}", "taken")
        for n, set in ((61, "ps0"), (62, "ps0"), (71, "ps9"))
    ]
    for line in lines:
        (tmp_path / "submitted" / line.folder / line.set).mkdir(parents=True)
    write_manifest(tmp_path / "submitted", lines)
    assert grade(**{"Participant 61": RIGHT}).exit_code == 0
    assert points(tmp_path) == {"Participant 61": 5, "Participant 62": 0}


def test_a_missing_submission_changes_no_mark(grade, tmp_path):
    grade(ada=RIGHT)
    (tmp_path / "submitted/ada/ps0/ps0.ipynb").unlink()
    again = grade("")
    assert again.exit_code == 0
    assert log(tmp_path) == [("ada", None, 5)]


class Killed(BaseException):
    """Stands for the end of the grader at some point."""


@pytest.mark.parametrize(
    ("of", "when", "marks"),
    [
        (Recording, "write", [("ada", None, 3)]),  # noted, and not written
        (MarksLog, "_append", [("ada", None, 3), ("ada", 3, 5)]),  # written, and not in the log
        (MarksLog, "end", [("ada", None, 3), ("ada", 3, 5)]),  # in the log, and the note not taken back
    ],
)
def test_a_mark_has_its_line_once_whenever_the_grader_is_killed(grade, tmp_path, monkeypatch, of, when, marks):
    grade(ada=WRONG)
    there = getattr(of, when)

    def ended(self, *words):
        if when == "end":
            self._append([entry["line"] for entry in self._due])
        raise Killed

    monkeypatch.setattr(of, when, ended)
    with pytest.raises(Killed):
        grade("", "--yes", ada=RIGHT)
    monkeypatch.setattr(of, when, there)
    # Somebody takes the new hand-in back: what was written stays said, and what was not is not.
    grade("", "--yes", ada=WRONG)
    back = [("ada", 5, 3)] if len(marks) > 1 else []
    assert log(tmp_path) == [*marks, *back]
    assert not list((tmp_path / "build/grading").glob("*due*"))


@pytest.fixture
def noted(tmp_path):
    """Return a function that notes a first mark of no points for each of some students; it returns their log."""

    def note(*students):
        log = MarksLog(tmp_path, Grading("ps0", 1, "checks", "here", ()), {})
        log.begin([Result(student, "marked", "", (), seed=1) for student in students])
        return log

    return note


def nothing_lost(students):
    return {student: {} for student in students}


@pytest.mark.parametrize(
    ("points", "penalty", "says"),
    [
        (5, 0.0, {"old": 3.0, "new": 5, "penalty_now": 0.0}),
        (5, 1.5, {"old": 3.0, "new": 5}),  # killed between points and penalty: the next marking says the penalty
        (3, 0.0, {"old": 3.0, "new": 3, "penalty_now": 0.0}),
        (3, 1.5, None),
    ],
)
def test_of_a_grader_that_was_killed_the_log_says_what_was_written_of_points_and_penalty(
    tmp_path, points, penalty, says
):
    """Her points rise, or stay; and she is late no more."""
    mark, rule = Mark("ada", 3.0, 0.0, False, 1.5, 3600.0), Rule(tmp_path)
    check = CheckResult("area", "", points, 5, points == 5)
    run, before = Grading("ps0", 1, "checks", "here", ()), {"ada": {"area": 3.0}}
    MarksLog(tmp_path, run, before, Forecast({"ada": mark}, rule, {"ada": 0.0})).begin(
        [Result("ada", "marked", "", (check,), seed=1)]
    )
    now = Forecast({"ada": replace(mark, penalty=penalty)}, rule, {"ada": 0.0})
    log = MarksLog(tmp_path, run, before, now)
    log.settle(lambda students: {"ada": {"area": points}})
    lines = [json.loads(line) for line in log.path.read_text().splitlines()]
    assert [{key: line[key] for key in ("old", "new", "penalty_now") if key in line} for line in lines] == [
        said for said in [says] if said
    ]


def test_on_a_full_disk_no_line_is_torn_and_the_next_marking_adds_what_is_missing(noted):
    noted("ada").end()
    marks = noted("bob", "carl")
    there = marks.path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(there) + 20, limits[1]))  # as on a full disk, a part is written
    try:
        with pytest.raises(RecordError, match=r"has no lines for them.*make room and mark again"):
            marks.end()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert marks.path.read_bytes() == there
    MarksLog(marks.path.parents[1], marks.run, {}).settle(nothing_lost)
    lines = marks.path.read_bytes().split(b"\n")
    assert [json.loads(line)["student"] for line in lines[:-1]] == ["ada", "bob", "carl"]
    assert not marks.note.exists()


@pytest.mark.parametrize("there", [b"", b"whole\n", b"torn", b"\xff\n", b"torn \xe2\x80"])
def test_what_the_log_has_stays_and_a_new_line_begins_after_it(noted, there):
    marks = noted("ada")
    marks.path.write_bytes(there)
    marks.settle(nothing_lost)
    stays, _, line = marks.path.read_bytes().removesuffix(b"\n").rpartition(b"\n")
    assert stays == there.removesuffix(b"\n")
    assert json.loads(line)["student"] == "ada"
    assert not marks.note.exists()


@pytest.mark.parametrize("student", ["a\u2028b", "a\x85b", "a\u2029b", "a\x1cb", "a\rb", "a\nb", "a\ud800b"])
def test_a_line_in_the_log_is_known_again_whatever_the_name(noted, student):
    marks = noted(student)
    note = marks.note.read_bytes()
    marks.end()
    marks.note.write_bytes(note)  # as when the grader is killed between the two
    once = marks.path.read_bytes()
    marks.settle(nothing_lost)
    assert marks.path.read_bytes() == once
    assert once.count(b"\n") == 1


@pytest.mark.parametrize("damaged", [b"", b"[{", b"\xff"])
def test_a_note_that_cannot_be_read_is_said(noted, damaged):
    marks = noted("ada")
    marks.note.write_bytes(damaged)
    with pytest.raises(RecordError, match=r"cannot be read .*take it away and mark again"):
        marks.settle(nothing_lost)
    assert not marks.path.exists()


HOLDS = """
import os, pathlib, sys
from autograder.record.one_grader import alone
with alone(pathlib.Path(sys.argv[1])):
    child = not os.fork()
    if not child:
        print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("elsewhere", [[], ["--out", "other"]])
def test_a_second_grader_of_a_set_is_refused_until_the_first_has_ended_whatever_its_children_do(
    grade, tmp_path, elsewhere
):
    folder = tmp_path / "build/grading/ps0"
    words = [sys.executable, "-c", HOLDS, str(folder)]
    first = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout.readline() == "held\n"
        before = {p: p.read_bytes() for p in (tmp_path / "build").rglob("*") if p.is_file()}
        second = grade("", *elsewhere, ada=WRONG)
        assert second.exit_code == 2
        assert "Another grader is marking into" in second.stderr
        assert "interrupted" not in second.output
        assert {p: p.read_bytes() for p in (tmp_path / "build").rglob("*") if p.is_file()} == before
        assert grade("", "--dry-run", *elsewhere).exit_code == 0
        first.kill()
        first.wait()
        assert grade("", *elsewhere).exit_code == 0  # its child is still there, and keeps nothing
        assert log(tmp_path) == [("ada", None, 3)]
    finally:
        first.kill()
        first.communicate()


def test_where_there_are_no_locks_it_is_said_and_the_class_is_marked(grade, tmp_path, monkeypatch):
    def lockf(file, how):
        raise OSError(errno.ENOLCK, "No locks available")

    with alone(tmp_path) as remark:
        assert remark == ""
    monkeypatch.setattr("fcntl.lockf", lockf)
    done = grade("", ada=WRONG)
    assert done.exit_code == 0
    assert "cannot be locked: let no second grader mark into it" in " ".join(done.output.split())
    monkeypatch.setitem(sys.modules, "fcntl", None)  # as on Windows
    with alone(tmp_path) as remark:
        assert remark.startswith(f"{tmp_path} cannot be locked")
