"""The stock command `nbgrader autograde`, with our configuration, gives the same marks as `autograder grade`."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.grading

WRITTEN = "why"
SOLUTIONS = {
    "area": "def area(radius):\n    return np.pi * radius**2",
    "ring": "def ring_area(a, b):\n    return area(b) - area(a)",
}
HALF = """
from nbgrader.plugins import BasePlugin
class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2
c.AssignLatePenalties.plugin_class = Half
"""
SUBMISSIONS = {
    "ada": {},
    "carl": {"area": "def area(radius):\n    return 2 * np.pi * radius"},
    "emmy": {"ring": "import random\ndef ring_area(a, b):\n    return area(b) - area(a) if a < 3.5 else 0.0"},
    "mallory": {
        "area": "import numpy.testing\nnumpy.testing.assert_allclose = lambda *a: None\n"
        "def area(radius):\n    import os\n    return float(os.path.exists('/etc/passwd'))"
    },
}


@pytest.fixture(scope="module")
def course(tmp_path_factory, root):
    return tmp_path_factory.mktemp("course")


def command(course, *words):
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls `alembic`
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=course, capture_output=True, text=True, timeout=600,
        env=os.environ | {"PATH": beside},
    )  # fmt: skip


def test_both_commands_give_the_same_marks(course, tiny, notebook_of):
    exercises = str(tiny.folder.parent)
    assert command(course, "autograder", "release", "ps0", "--course", ".", "--exercises", exercises).returncode == 0
    source = json.loads((course / "source/ps0/ps0.ipynb").read_text())
    for student, cells in SUBMISSIONS.items():
        handed_in = json.loads(json.dumps(source))
        for cell in handed_in["cells"]:
            cell["source"] = cells.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
        path = course / "submitted" / student / "ps0" / "ps0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(handed_in))
    os.mkfifo(course / "submitted/mallory/ps0/timestamp.txt")  # who opens it waits for ever
    grade = ["grade", "ps0", "--submissions", "submitted", "--course", ".", "--db", "ours.db", "--seed", "1"]
    ours = command(course, "autograder", *grade, "--exercises", exercises)
    assert ours.returncode == 0, ours.stdout + ours.stderr
    config = course / "nbgrader_config.py"
    settings = config.read_text().replace(repr(f"sqlite:///{course / 'ours.db'}"), "'sqlite:///theirs.db'")
    config.write_text(settings + "c.RunInSandbox.seed = 1\n")
    for words in (["generate_assignment", "ps0", "--force"], ["autograde", "ps0", "--force"]):
        theirs = command(course, "nbgrader", *words)
        assert theirs.returncode == 0, theirs.stdout + theirs.stderr
    expected = {"ada": 5, "carl": 3, "emmy": 2.75, "mallory": 3}  # emmy: one of four rings begins below 3.5
    assert scores(course / "theirs.db") == scores(course / "ours.db") == expected
    copy = (course / "autograded/carl/ps0/ps0.ipynb").read_text()
    assert "the circumference in place of the area" in copy
    it_keeps_what_grade_keeps(course)


def it_keeps_what_grade_keeps(course):
    """A person has marked the written part of all; then carl and emmy hand in anew, emmy another written answer too."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'theirs.db'}") as gradebook:
        for submission in gradebook.assignment_submissions("ps0"):
            (written,) = [g for n in submission.notebooks for g in n.grades if g.cell.name == WRITTEN]
            written.manual_score, written.needs_manual_grade = 3, False
        gradebook.db.commit()
    (course / "term.toml").write_text("[ps0]\ndue = 2026-03-01T12:00:00Z\n")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text().partition("\n")[2] + HALF)
    for student, changed in (("carl", ["area"]), ("emmy", ["ring", WRITTEN])):
        path = course / "submitted" / student / "ps0" / "ps0.ipynb"
        notebook = json.loads(path.read_text())
        for id in changed:
            with_id(notebook, id)["source"] = "Another answer." if id == WRITTEN else SOLUTIONS[id]
        path.write_text(json.dumps(notebook))
        path.with_name("timestamp.txt").write_text("2026-03-01 13:00:00 UTC")
    (course / "roster.csv").write_text("student,name,email,section,ids,extensions\nemmy,,,,,ps0=+2h\n")
    done = command(course, "nbgrader", "autograde", "ps0", "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "other marks than before: 2 (carl, emmy)" in done.stderr
    with (course / "grading/ps0/changes.csv").open() as file:
        rows = {(row["student"], row["check"]): (row["mark_then"], row["mark_now"]) for row in csv.DictReader(file)}
    assert rows == {("carl", "circle-area"): ("6.0", "4.0"), ("carl", ""): ("6.0", "4.0"),
                    ("emmy", "ring-area"): ("5.75", "8.0")}  # fmt: skip
    log = [json.loads(line) for line in (course / "grading/marks.jsonl").read_text().splitlines()]
    lines = {line["student"]: (line["old"], line["new"], line.get("mark_now")) for line in log[-2:]}
    assert lines == {"carl": (3, 5, 4.0), "emmy": (2.75, 5, None)}
    with Gradebook(f"sqlite:///{course / 'theirs.db'}") as gradebook:
        work = {s.student.id: s for s in gradebook.assignment_submissions("ps0")}
        assert {name: (s.score, s.late_submission_penalty) for name, s in work.items()} == {
            "ada": (8, 0), "carl": (8, 4), "emmy": (8, 0), "mallory": (6, 0)
        }  # fmt: skip
        assert [name for name, submission in work.items() if submission.needs_manual_grade] == ["emmy"]
    page = (course / "grading/ps0/feedback/carl.html").read_text()
    assert "circumference" not in page
    assert ">4<" in re.sub(r"\s", "", page)


def blank_of(course):
    return json.loads((course / "release/ps0/ps0.ipynb").read_text())


def with_id(notebook, id):
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == id)


def doubled(notebook):
    """Test cells copied, an own cell that calls itself a check worth 100 points, ids and tags that are markup."""
    notebook["cells"] += [json.loads(json.dumps(with_id(notebook, "circle-area"))) for _ in range(2)]
    own = json.loads(json.dumps(with_id(notebook, "circle-area")))
    own["metadata"]["nbgrader"] |= {"grade_id": '"><script>document.title="RAN"</script>', "points": 100}
    own["metadata"]["tags"] = ['"><script>document.title="RAN"</script>']
    notebook["cells"].append(own)
    notebook["cells"].append({"cell_type": "raw", "metadata": {}, "source": "<script>document.title='RAN'</script>"})


def of_the_future(notebook):
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99


def of_the_past(notebook):
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader", {}).pop("schema_version", None)


def turned_into_text(notebook):
    with_id(notebook, "area")["cell_type"] = "markdown"


RIGHT = {"area": "def area(radius):\n    return np.pi * radius**2"}
CHANGED = {
    "doubled": (RIGHT, doubled, 2),
    "future": (RIGHT, of_the_future, 2),
    "past": (RIGHT, of_the_past, 2),
    "text": (RIGHT, turned_into_text, 0),
}


# Reported to nbgrader as its issue 1302: one student has renamed the notebook, and that student cannot be marked.
RENAMED = {"renamed": "renamed/ps0/WMS ps0.ipynb", "mailed": "mailed/ps0/ps0.ipynb.txt"}


def test_no_file_of_a_student_stops_the_command_or_leads_elsewhere(tmp_path, tiny):
    course, exercises = tmp_path, str(tiny.folder.parent)
    assert command(course, "autograder", "release", "ps0", "--course", ".", "--exercises", exercises).returncode == 0
    for student, (cells, change, _) in CHANGED.items():
        notebook = blank_of(course)
        for id, source in cells.items():
            with_id(notebook, id)["source"] = source
        change(notebook)
        (course / "submitted" / student / "ps0").mkdir(parents=True)
        (course / "submitted" / student / "ps0/ps0.ipynb").write_text(json.dumps(notebook))
    (course / "secret").write_text("nobody's")
    for student in ("link", "garbage", "beside"):
        (course / "submitted" / student / "ps0").mkdir(parents=True)
    (course / "submitted/link/ps0/ps0.ipynb").symlink_to(course / "source/ps0/ps0.ipynb")
    (course / "submitted/folder").mkdir()
    (course / "submitted/folder/ps0").symlink_to(course / "source/ps0")
    (course / "submitted/garbage/ps0/ps0.ipynb").write_text("{")
    for name in RENAMED.values():
        notebook = blank_of(course)
        with_id(notebook, "area")["source"] = RIGHT["area"]
        (course / "submitted" / name).parent.mkdir(parents=True)
        (course / "submitted" / name).write_text(json.dumps(notebook))
    (course / "submitted/zipped/ps0").mkdir(parents=True)
    (course / "submitted/zipped/ps0/ps0.zip").write_bytes(b"PK")
    beside = course / "submitted/beside/ps0"
    (beside / "ps0.ipynb").write_text(json.dumps(blank_of(course)))
    (beside / "mine.txt").symlink_to(course / "secret")
    (beside / "endless").symlink_to("/dev/zero")
    (beside / "page.html").write_text("<script>document.title='RAN'</script>")
    (beside / "timestamp.txt").write_text("2030-01-01 00:00:00 UTC")
    for words in (["generate_assignment", "ps0", "--force"], ["autograde", "ps0"]):
        done = command(course, "nbgrader", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    other = dict.fromkeys(("link", "folder", "garbage", "beside", "zipped"), 0) | dict.fromkeys(RENAMED, 2)
    assert scores(course / "gradebook.db") == {student: best for student, (_, _, best) in CHANGED.items()} | other
    grade = ["grade", "ps0", "--submissions", "submitted", "--course", ".", "--db", "ours.db", "--yes"]
    assert command(course, "autograder", *grade, "--exercises", exercises).returncode == 0
    assert scores(course / "ours.db") == scores(course / "gradebook.db")
    told = {r["student"]: r for r in json.loads((course / "grading/ps0/results.json").read_text())["submissions"]}
    assert {s for s, r in told.items() if r["status"] == "unreadable"} == {"link", "folder", "garbage", "zipped"}
    assert "a ZIP is not opened" in told["zipped"]["reason"]
    copies = course / "autograded"
    for name in ("zipped", "garbage", "link", "folder"):  # without both, `release_feedback` gives nobody a page
        assert all((copies / name / "ps0" / beside).is_file() for beside in ("timestamp.txt", "submission_secret.txt"))
    assert {path.name for path in copies.rglob("*") if path.is_file()} == {
        "ps0.ipynb",
        "timestamp.txt",
        "submission_secret.txt",
    }
    assert "Hand in ps0.ipynb itself: a ZIP is not opened" in (copies / "zipped/ps0/ps0.ipynb").read_text()
    assert "but a link" in (copies / "link/ps0/ps0.ipynb").read_text()
    assert "script" not in json.dumps(
        [cell["metadata"] for cell in json.loads((copies / "doubled/ps0/ps0.ipynb").read_text())["cells"]]
    )


def scores(db, id="ps0"):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{db}") as gradebook:
        found = gradebook.assignment_submissions(id)
        return {s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades) for s in found}


def test_an_authors_slip_marks_nobody(tmp_path, tiny):
    folder = tmp_path / "exercises" / tiny.folder.name
    shutil.copytree(tiny.folder, folder)
    checks = folder / "checks.py"
    checks.write_text(checks.read_text().replace("return math.pi * radius**2", "return math.pi * raduis**2", 1))
    words = ["autograder", "release", "ps0", "--course", ".", "--exercises", "exercises"]
    assert command(tmp_path, *words).returncode == 0
    (tmp_path / "submitted/ada/ps0").mkdir(parents=True)
    shutil.copy(tmp_path / "source/ps0/ps0.ipynb", tmp_path / "submitted/ada/ps0")
    assert command(tmp_path, "nbgrader", "generate_assignment", "ps0", "--force").returncode == 0
    done = command(tmp_path, "nbgrader", "autograde", "ps0")
    assert done.returncode != 0
    assert "Nobody was marked: `expected` of the check 'circle-area' raised NameError" in done.stderr
    assert not (tmp_path / "autograded/ada/ps0").exists()
