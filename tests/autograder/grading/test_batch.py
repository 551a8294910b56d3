"""One batch: each of its submissions does something that would cost the trusted side minutes or gigabytes.

Beside each stand three honest students. The batch ends within the sum of the budgets, the three have full marks, and
each student is told to the recorder as soon as he or she is done.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import powers_course
import pytest

from autograder.grade import grade_class
from autograder.ground import bounded
from autograder.ground.bounded import Exceeded, Nursery
from autograder.ground.problem_sets import find
from autograder.read.submission import read_submission
from autograder.record.gradebook import record
from autograder.report.pages import write_pages
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading

BRACKETS = "](" * 50_000
AREA = "def area(radius):\n    return np.pi * radius**2"


def own(source: str, grade_id: str = "", cell_type: str = "code") -> dict:
    return {"cell_type": cell_type, "metadata": {"nbgrader": {"grade_id": grade_id}}, "source": source}


# What each does beside an honest solution: further cells, and cells in the place of others.
NASTY = {
    "long-ids": ([own("x = 1", BRACKETS)] * 2, {}),
    "brackets-to-read": ([], {"why": BRACKETS}),
    "brackets-as-key": ([], {"area": 'def area(radius):\n    return {"](" * 60_000: 0}'}),
    "magics": ([own("%x\n" * 400 + "a = 1\n" * 25_000)], {}),
    "few-magics": ([own("%x\n" * 10 + "a = 1\n" * 25_000)], {}),
    "many-errors": (
        [own("1 / 0") for _ in range(200)],
        {"area": "def area(radius):\n    raise ValueError(' '.join(f\"NameError: name 'n{n}' is not defined\""
                 " for n in range(5000)))"},
    ),
    "long-list": ([], {"area": "def area(radius):\n    return list(range(30_000))"}),
    "large-array": ([], {"area": "def area(radius):\n    return np.zeros(2_500_000)"}),
    "学" * 83: ([], {}),
}  # fmt: skip
LOSES_ITS_AREA = {"brackets-as-key", "many-errors", "long-list", "large-array"}


def hand_in(folder: Path, notebook: dict, student: str, id: str = "ps0") -> None:
    path = folder / student / id / f"{id}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook))


def test_a_batch_ends_and_each_has_what_was_earned(tiny, tmp_path, notebook_of):
    submitted = tmp_path / "submitted"
    for student, (extra, cells) in NASTY.items():
        notebook = notebook_of(cells)
        notebook["cells"] += extra
        hand_in(submitted, notebook, student)
    for honest in ("ada", "bob", "cyd"):
        hand_in(submitted, notebook_of(), honest)
    paths = {folder.name: folder / "ps0" / "ps0.ipynb" for folder in sorted(submitted.iterdir())}
    told: list[str] = []
    begun = time.monotonic()
    grading = grade_class(
        tiny, paths, seed=3, launcher=Sandbox(hidden=(tmp_path,)), jobs=2, progress=lambda one: told.append(one.student)
    )
    done = record(grading, tiny, course=tmp_path / "course", submissions=paths)
    write_pages(grading, tiny, tmp_path / "out")
    budgets = (bounded.SECONDS + tiny.checks.seconds) * len(paths)
    assert time.monotonic() - begun < budgets
    assert sorted(told) == sorted(paths)
    assert {r.student: r.points for r in grading.results} == {s: 3 if s in LOSES_ITS_AREA else 5 for s in paths}
    assert (len(done.students), done.failed) == (len(paths), {})
    pages = [*(tmp_path / "out/feedback").iterdir()]
    assert len(pages) == len(paths)
    assert all(page.stat().st_size < 150_000 for page in pages)


def test_what_cannot_be_judged_costs_its_check_and_nobody_elses_mark(tmp_path, tiny, notebook_of, monkeypatch):
    """An author's `accepts` that never ends on some answer, and one that takes all memory."""
    text = powers_course.CHECKS.replace(
        '    mistakes = {"twice the number',
        "    def accepts(answer, x):\n"
        "        while answer == 1: pass\n"
        "        if answer == 2: return str(len(bytearray(10**11)))\n"
        '        return "" if answer == x * x else "that is not it."\n\n'
        '    mistakes = {"twice the number',
    )
    assert text != powers_course.CHECKS
    powers = powers_course.problem_set(tmp_path, checks=text)
    square = "def square(x):\n    return {}"
    squares = {"ada": "x * x", "bob": "1", "cyd": "2", "dan": "x * x + 0.0"}
    cube = "def cube(x):\n    return x**3"
    for student, answer in squares.items():
        cells = {"square-cell": square.format(answer), "cube-cell": cube}
        powers_course.submission(tmp_path / "submitted", powers, student, cells)
    paths = {student: tmp_path / "submitted" / student / "ps0/ps0.ipynb" for student in squares}
    monkeypatch.setattr("autograder.grade.ALL_CHECKS", 0.05)
    monkeypatch.setattr("autograder.grade.ONE_CHECK", 0.05)
    grading = grade_class(powers, paths, seed=3, launcher=Sandbox(("numpy",)), jobs=2)
    found = {result.student: result for result in grading.results}
    assert {student: result.points for student, result in found.items()} == {"ada": 5, "bob": 3, "cyd": 3, "dan": 5}
    assert found["bob"].status == "partly"
    assert "could not be judged: that took more than 1 s of processor time." in found["bob"].checks[0].finding
    assert {"square", "cube"} - found["bob"].answered.keys() == {"square"}  # who judges may have been busy: not final
    assert "MemoryError" in found["cyd"].checks[0].finding


def test_reading_is_bounded_too(tmp_path, tiny, notebook_of, monkeypatch):
    hand_in(tmp_path, notebook_of(), "ada")
    hand_in(tmp_path, notebook_of(), "bob")
    monkeypatch.setattr("autograder.grade.read_handed_in", read_slowly)
    monkeypatch.setattr(bounded.Share.__init__, "__defaults__", (2.0,))
    paths = {student: tmp_path / student / "ps0/ps0.ipynb" for student in ("ada", "bob")}
    grading = grade_class(tiny, paths, seed=3, launcher=Sandbox(hidden=(tmp_path,)), jobs=2)
    assert [(r.status, r.points) for r in grading.results] == [("unreadable", 0), ("marked", 5)]
    assert "Reading your notebook took more than 2 s of processor time." in grading.results[0].reason


def read_slowly(path, problem_set):
    while "ada" in path.parts:
        pass
    return read_submission(path, problem_set)


def judge_an_answer(id: str, check: str, answer: object) -> str:
    """Return what is found wrong with an answer to the first trial of a check of the course."""
    from autograder.ground.answers import Outcome
    from autograder.mark.faults import Asked, fault

    found = find(id, Path(__file__).parents[3] / "exercises").checks.by_id[check]
    return fault(found, Asked(found.draw(3, 0), Outcome("answer", answer)))


MANY = 250_000
LARGE = {
    ("ps4", "parents-first"): {"the order": list(range(30_000))},
    ("ps8", "fit-likelihood"): {
        "weights": np.full(MANY, 1 / MANY),
        "means": np.zeros((MANY, 2)),
        "covariances": np.ones((MANY, 2, 2)),
    },
}


@pytest.mark.parametrize(("id", "check"), LARGE)
def test_a_large_answer_is_refused_before_its_author_looks_at_it(id, check):
    with Nursery(memory=300 * 2**20) as nursery:
        try:
            said = nursery.call(judge_an_answer, id, check, LARGE[id, check], seconds=10)
        except Exceeded as error:
            pytest.fail(f"judging took {error}")
    assert "where a right answer has about" in said


def test_each_is_recorded_as_soon_as_he_or_she_is_done(tiny, tmp_path, notebook_of):
    """Ada's marks are in the gradebook while Zoe's notebook still runs; the command is then killed, and goes on."""
    hand_in(tmp_path / "submitted", notebook_of(), "ada")
    hand_in(tmp_path / "submitted", notebook_of({"area": f"import time\ntime.sleep(35)\n{AREA}"}), "zoe")
    words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent), "--jobs", "2"]
    with subprocess.Popen([sys.executable, "-m", "autograder", *words], cwd=tmp_path) as grader:
        until = time.monotonic() + 60
        while recorded(tmp_path) != ["ada"] or not (tmp_path / "build/grading/marks.jsonl").is_file():
            assert grader.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        grader.kill()
    (tmp_path / "submitted/zoe/ps0/ps0.ipynb").write_text(json.dumps(notebook_of()))
    done = subprocess.run([sys.executable, "-m", "autograder", *words], cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == 0
    assert recorded(tmp_path) == ["ada", "zoe"]
    log = [json.loads(line) for line in (tmp_path / "build/grading/marks.jsonl").read_text().splitlines()]
    assert [(line["student"], line["old"], line["new"]) for line in log] == [("ada", None, 5), ("zoe", None, 5)]


def recorded(folder: Path) -> list[str]:
    """Return who has a grade in the gradebook."""
    if not (folder / "build/gradebook.db").is_file():
        return []
    query = (
        "SELECT DISTINCT student_id FROM submitted_assignment a JOIN submitted_notebook n ON n.assignment_id = a.id "
        "JOIN grade g ON g.notebook_id = n.id WHERE g.auto_score > 0 ORDER BY 1"
    )
    connection = sqlite3.connect(folder / "build/gradebook.db")
    try:
        return [student for (student,) in connection.execute(query)]
    except sqlite3.OperationalError:  # its tables are just being made
        return []
    finally:
        connection.close()
