"""A re-grade says whose mark would change and asks before it writes; a log keeps the old mark and the new."""

import json

import pytest
from click.testing import CliRunner

from autograder.cli import main

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
    lines = (tmp_path / "build/grading/marks.jsonl").read_text().splitlines()
    return [(entry["student"], entry["old"], entry["new"]) for entry in map(json.loads, lines)]


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


def test_a_missing_submission_changes_no_mark(grade, tmp_path):
    grade(ada=RIGHT)
    (tmp_path / "submitted/ada/ps0/ps0.ipynb").unlink()
    again = grade("")
    assert again.exit_code == 0
    assert log(tmp_path) == [("ada", None, 5)]
