"""An unchanged submission is not run again; a batch that was killed goes on, and nothing is lost or doubled."""

import importlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import autograder.grade
from autograder.cli import main
from autograder.ground.problem_sets import ProblemSet
from autograder.mark import cache
from autograder.mark.cache import Cache, Unfinished, versions

pytestmark = pytest.mark.grading
KILLED = Path(__file__).parents[1] / "killed_grader.py"
WRONG = {"area": "def area(radius):\n    return 2 * np.pi * radius"}


@pytest.fixture
def hand_in(tmp_path, notebook_of):
    def write(student, cells=None):
        path = tmp_path / "submitted" / student / "ps0" / "ps0.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook_of(cells)))

    return write


@pytest.fixture
def grade(tiny, tmp_path, monkeypatch):
    """Return a function that grades the class, and returns whose submissions were run, and the results."""
    monkeypatch.chdir(tmp_path)
    ran = []
    run_and_mark = autograder.grade.grade_once
    monkeypatch.setattr(
        autograder.grade, "grade_once", lambda who, *rest, **how: ran.append(who) or run_and_mark(who, *rest, **how)
    )

    def do(*flags, exercises=tiny.folder.parent):
        ran.clear()
        words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(exercises), "--yes", *flags]
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output
        return sorted(who for who in ran if who != "the reference"), results(tmp_path)

    return do


def results(tmp_path):
    said = json.loads((tmp_path / "build/grading/ps0/results.json").read_text())["submissions"]
    return {s["student"]: s for s in said}


def test_only_what_has_changed_is_run(hand_in, grade):
    hand_in("ada")
    hand_in("bob", WRONG)
    first_run, first = grade()
    assert first_run == ["ada", "bob"]
    assert grade() == ([], first)
    hand_in("bob")
    ran, now = grade()
    assert ran == ["bob"]
    assert now["ada"] == first["ada"]
    assert (first["bob"]["points"], now["bob"]["points"]) == (3, 5)
    assert now["bob"]["seed"] != now["ada"]["seed"]  # whoever has seen feedback gets other inputs
    assert grade("--again")[0] == ["ada", "bob"]


def test_a_seed_that_is_asked_for_is_the_one_that_is_used(hand_in, grade):
    hand_in("ada")
    grade()
    ran, now = grade("--seed", "7")
    assert (ran, now["ada"]["seed"]) == (["ada"], 7)
    assert grade("--seed", "7")[0] == []


def test_other_checks_or_another_problem_set_are_another_matter(hand_in, grade, tiny, tmp_path):
    import shutil

    hand_in("ada")
    exercises = tmp_path / "exercises"
    shutil.copytree(tiny.folder, exercises / tiny.folder.name)
    assert grade(exercises=exercises)[0] == ["ada"]
    assert grade(exercises=exercises)[0] == []
    checks = exercises / tiny.folder.name / "checks.py"
    checks.write_text(checks.read_text().replace("trials = 3", "trials = 2"))
    assert grade(exercises=exercises)[0] == ["ada"]
    checks.with_name("mistakes.py").write_text("AREA = {}\n")
    assert grade(exercises=exercises)[0] == ["ada"]


@pytest.fixture
def own(tiny, tmp_path, monkeypatch):
    """A set whose checks bring a package of their own, which brings a module."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "a_reference").mkdir()
    (tmp_path / "a_reference/__init__.py").write_text("def area(r):\n    import json, a_helper as helper\n")
    (tmp_path / "a_helper.py").write_text("x = 1")
    home = tmp_path / "ps0_own"
    home.mkdir()
    text = (tiny.folder / "checks.py").read_text()
    (home / "checks.py").write_text(f"import sys\nsys.path.append({str(tmp_path)!r})\nimport a_reference\n{text}")
    (home / "notebook.md").write_text((tiny.folder / "notebook.md").read_text())
    return ProblemSet("ps0", home)


def test_what_marks_follow_from_is_in_the_versions(own, tmp_path):
    by = versions(own, "python 3.12")
    assert by == versions(own, "python 3.12")
    assert by != versions(own, "python 3.13")
    for file in ("a_reference/__init__.py", "a_helper.py"):
        with (tmp_path / file).open("a") as text:
            text.write("\n")
        cache._of_package.cache_clear()
        assert by != (by := versions(own, "python 3.12")), file


def test_versions_do_not_follow_from_what_else_is_loaded(own, tmp_path):
    """Who goes on with a batch may be another program: a notebook, a test, with other packages of the course in it."""
    by = versions(own, "")
    (tmp_path / "a_stranger").mkdir()
    (tmp_path / "a_stranger/__init__.py").write_text("")
    importlib.invalidate_caches()
    importlib.import_module("a_stranger")
    now = versions(own, "")
    del sys.modules["a_stranger"]
    assert now == by


def test_what_was_stopped_is_run_again(hand_in, grade):
    hand_in("ada", {"area": "import os\nos._exit(0)"})
    assert grade()[1]["ada"]["status"] == "partly"
    assert grade()[0] == ["ada"]


def test_an_entry_that_cannot_be_read_is_made_again(hand_in, grade, tmp_path):
    hand_in("ada")
    first = grade()[1]
    (entry,) = (tmp_path / "build/grading/ps0/cache").rglob("*.json")
    entry.write_text(entry.read_text()[:50])
    ran, now = grade()
    assert (ran, now["ada"]["points"]) == (["ada"], first["ada"]["points"])


def test_each_student_gets_inputs_of_their_own_where_that_is_asked_for(hand_in, grade):
    for student in ("ada", "bob"):
        hand_in(student, {"area": "def area(radius):\n    return radius"})
    told = [{s: r["checks"][0]["finding"] for s, r in grade(*flags)[1].items()} for flags in ([], ["--variants"])]
    assert told[0]["ada"] == told[0]["bob"]
    assert told[1]["ada"] != told[1]["bob"]
    assert grade("--variants")[0] == []


def test_a_killed_batch_goes_on(hand_in, tiny, tmp_path):
    """SIGKILL in mid-batch: what was marked is not run again, everyone gets the same inputs, nobody is missing."""
    students = [f"student{n}" for n in range(6)]
    for student in students:
        hand_in(student)
    words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent), "--jobs=1", "--yes"]
    killed = subprocess.run([sys.executable, KILLED, "2", *words], cwd=tmp_path, stdout=subprocess.DEVNULL, timeout=240)
    assert killed.returncode == -signal.SIGKILL
    entries = list((tmp_path / "build/grading/ps0/cache").rglob("*.json"))
    times = {entry: entry.stat().st_mtime_ns for entry in entries}
    assert len(times) == 2
    assert not (tmp_path / "build/grading/ps0/results.json").exists()

    on = [sys.executable, "-m", "autograder", *words]
    done = subprocess.run(on, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert "goes on with the same inputs" in done.stdout
    assert {entry: entry.stat().st_mtime_ns for entry in times} == times
    said = results(tmp_path)
    assert {s: (r["status"], r["points"]) for s, r in said.items()} == dict.fromkeys(students, ("marked", 5))
    assert len({r["seed"] for r in said.values()}) == 1
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path / 'build/gradebook.db'}") as gradebook:
        assert sorted(s.student.id for s in gradebook.assignment_submissions("ps0")) == students
    assert Unfinished(tmp_path / "build/grading/ps0", []).seed() is None


def test_who_presses_ctrl_c_is_told_what_is_kept_and_how_to_go_on(hand_in, grade, tmp_path, tiny, monkeypatch):
    for student in ("ada", "bob", "carl"):
        hand_in(student)
    put, kept = Cache.put, []

    def put_twice(cache, submission, result):
        put(cache, submission, result)
        kept.append(result.student)
        if len(kept) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Cache, "put", put_twice)
        words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent), "--jobs", "1"]
        stopped = CliRunner().invoke(main, words)
    assert stopped.exit_code == 130
    assert "stopped: 2 of 3 submissions were marked, 2 of them recorded. The same command goes on" in stopped.stderr
    assert Unfinished(tmp_path / "build/grading/ps0", ()).path.is_file()
    ran, now = grade("--jobs", "1")
    assert (ran, {r["points"] for r in now.values()}, len({r["seed"] for r in now.values()})) == ([], {5}, 1)


def test_no_seed_of_an_interrupted_batch_serves_a_second_hand_in(hand_in, grade, tmp_path, tiny):
    from autograder.grade import environment

    hand_in("ada")
    hand_in("bob")
    _, first = grade()
    out = tmp_path / "build/grading/ps0"
    by = versions(tiny, environment(tiny.checks.imports))
    unfinished = Unfinished(out, by)
    unfinished.begin(first["ada"]["seed"])
    time.sleep(0.05)
    hand_in("bob", WRONG)
    _, second = grade("--again")
    assert second["ada"]["seed"] == first["ada"]["seed"]
    assert second["bob"]["seed"] != first["bob"]["seed"]


def test_a_cell_that_became_anothers_part_is_run_again(tmp_path):
    from autograder.ground.runs import Cell
    from autograder.mark.cache import Cache
    from autograder.mark.results import Result
    from autograder.read.submission import Submission

    cache = Cache(tmp_path, ("1",))
    cache.put(Submission((), (Cell("a", "x = 1", "a", False),)), Result("ada", "marked", "", (), seed=1))
    assert cache.get("ada", Submission((), (Cell("a", "x = 1", "a", False),)), 1)
    for other in (Cell("a", "x = 1", "", False), Cell("a", "x = 1", "a", True)):
        assert cache.get("ada", Submission((), (other,)), 1) is None
