"""The stock command `nbgrader autograde`, with our configuration, gives the same marks as `autograder grade`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.grading

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


def scores(db):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{db}") as gradebook:
        found = gradebook.assignment_submissions("ps0")
        return {s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades) for s in found}
