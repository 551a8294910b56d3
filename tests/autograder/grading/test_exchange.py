"""nbgrader's exchange, there and back, between two users: release, fetch, submit, collect, grade, feedback, fetch."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.grading

STUDENT = "nobody" if os.geteuid() == 0 else ""  # a user that every machine has
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "school"
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
"""
AREA = "def area(radius):\n    return np.pi * radius**2"


@pytest.fixture
def open_folder():
    """Return a folder that other users get at: pytest's own are closed to them."""
    with tempfile.TemporaryDirectory(prefix="exchange-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def nbgrader(open_folder):
    """Return a function that runs commands of nbgrader, given as (user, folder, words)."""
    settings = open_folder / "config"
    settings.mkdir()
    text = CONFIG.format(exchange=str(open_folder / "exchange"), cache=str(open_folder / "home/cache"))
    (settings / "nbgrader_config.py").write_text(text)

    def run(*commands):
        listing = open_folder / "commands.json"
        listing.write_text(json.dumps([[user, str(folder), words.split()] for user, folder, words in commands]))
        script = Path(__file__).parents[1] / "nbgrader_as_users.py"
        beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            [sys.executable, str(script), str(listing)], capture_output=True, text=True, timeout=200,
            env=os.environ | {"PATH": beside, "JUPYTER_CONFIG_DIR": str(settings)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_feedback_finds_its_way_back_through_the_exchange(open_folder, tiny, nbgrader):
    exchange, school, home = (open_folder / name for name in ("exchange", "school", "home"))
    for folder, mode in ((exchange, 0o777), (school, 0o700), (home, 0o777)):
        folder.mkdir()
        folder.chmod(mode)
    course, exercises = school / "build", ["--exercises", str(tiny.folder.parent)]

    def autograder(*words):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words, *exercises], cwd=school, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    autograder("release", "ps0")
    nbgrader(("", course, "release_assignment ps0"), (STUDENT, home, "fetch_assignment ps0"))
    notebook = home / "ps0/ps0.ipynb"
    handed_in = json.loads(notebook.read_text())
    for cell in handed_in["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "area":
            cell["source"] = AREA
    notebook.write_text(json.dumps(handed_in))
    nbgrader((STUDENT, home, "submit ps0"), ("", course, "collect ps0"))
    (student,) = [path.name for path in (course / "submitted").iterdir() if path.is_dir()]
    assert STUDENT in ("", student)
    autograder("grade", "ps0", "--submissions", "build/submitted")
    submitted, marked = (course / name / student / "ps0" for name in ("submitted", "autograded"))
    for name in ("timestamp.txt", "submission_secret.txt"):
        assert (marked / name).read_bytes() == (submitted / name).read_bytes()
    there_and_back = (("", course, "generate_feedback ps0"), ("", course, "release_feedback ps0"))
    nbgrader(*there_and_back, (STUDENT, home, "fetch_feedback ps0"))
    (page,) = home.glob("ps0/feedback/*/ps0.html")
    (result,) = json.loads((course / "grading/ps0/results.json").read_text())["submissions"]
    assert result["points"] == 2
    assert "Score: 2.0 / 9.0" in page.read_text()
