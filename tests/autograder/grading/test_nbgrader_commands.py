"""The ordinary commands of nbgrader, in one course folder with ours: what an instructor knows goes on working."""

import csv
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.grading

WRONG = "def area(radius):\n    return 2 * np.pi * radius"
PATTERN = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"


@pytest.fixture(scope="module")
def school(tmp_path_factory, tiny):
    """A folder with problem sets and a course, as `autograder release` and `nbgrader zip_collect` leave it."""
    folder = tmp_path_factory.mktemp("school")
    (folder / "exercises").symlink_to(tiny.folder.parent)
    said(folder, "autograder", "release", "ps0")
    solved = json.loads((folder / "build/source/ps0/ps0.ipynb").read_text())
    archive = folder / "build/downloaded/ps0/archive/bulk.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as file:
        for student, area in (("ada", ""), ("carl", WRONG)):
            name = f"ps0_{student}_attempt_2026-03-01-10-00-00_ps0.ipynb"
            file.writestr(name, json.dumps(with_area(solved, area)))
    said(folder / "build", "nbgrader", "zip_collect", "ps0", f"--FileNameCollectorPlugin.named_regexp={PATTERN}")
    said(folder, "autograder", "grade", "ps0", "--submissions", "build/submitted")
    return folder


def with_area(notebook: dict, source: str) -> dict:
    """Return a notebook with this source, where there is one, in the cell `area`."""
    changed = json.loads(json.dumps(notebook))
    for cell in changed["cells"]:
        if source and cell["metadata"].get("nbgrader", {}).get("grade_id") == "area":
            cell["source"] = source
    return changed


def said(folder: Path, *words: str) -> str:
    """Run a command to its end, and return what it said."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls `alembic`
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, timeout=300,
        env=os.environ | {"PATH": beside},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_what_zip_collect_lays_out_is_marked_with_its_time(school):
    results = json.loads((school / "build/grading/ps0/results.json").read_text())["submissions"]
    assert {r["student"]: r["points"] for r in results} == {"ada": 5, "carl": 3}
    assert (school / "build/submitted/carl/ps0/timestamp.txt").is_file()


def test_export_gives_these_marks_and_times(school):
    said(school / "build", "nbgrader", "export")
    with (school / "build/grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: (float(row["score"]), float(row["max_score"])) for name, row in rows.items()} == {
        "ada": (5, 9),
        "carl": (3, 9),
    }
    assert {row["timestamp"] for row in rows.values()} == {"2026-03-01 10:00:00"}


def test_generate_feedback_shows_the_marks_and_the_mistake(school):
    said(school / "build", "nbgrader", "generate_feedback", "ps0")
    page = (school / "build/feedback/carl/ps0/ps0.html").read_text(encoding="utf-8")
    assert "Score: 3.0 / 9.0" in page
    assert "the circumference in place of the area" in page


def test_validate_says_what_a_student_has_yet_to_do(school):
    """On the notebook that is released, on one that is done, and on one with a mistake."""
    course = school / "build"
    blank = said(course, "nbgrader", "validate", "release/ps0/ps0.ipynb")
    assert "VALIDATION FAILED ON 3 CELL(S)" in blank
    assert "circle-area: not yet right (see above)." in blank
    assert "Success! Your notebook passes all the tests." in said(
        course, "nbgrader", "validate", "source/ps0/ps0.ipynb"
    )
    wrong = said(course, "nbgrader", "validate", "submitted/carl/ps0/ps0.ipynb")
    assert "VALIDATION FAILED ON 1 CELL(S)" in wrong
    assert 'ps0.check("circle-area")' in wrong
    assert 'ps0.check("ring-area")' not in wrong  # it is tried with the reference's area
