"""A private set in a student's hands: solved from what is handed out alone, and nothing in it says how."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.authoring.handout import hand_out
from autograder.cli import main
from autograder.grade import grade_file
from autograder.ground import problem_sets
from autograder.ground.answers import Outcome
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, available
from autograder.ground.release import release
from autograder.ground.stored import SUFFIX
from autograder.mark.check_results import mark_check
from autograder.mark.faults import Asked
from autograder.run.plain import Plain
from autograder.run.sandbox.launcher import Sandbox

AREA = "import numpy as np\ndef area(radius):\n    return {}\ndef ring_area(a, b):\n    return area(b) - area(a)\n"


@pytest.fixture
def private(tmp_path, tiny):
    """The tiny set as one that counts, with a data file."""
    folder = tmp_path / "lab" / tiny.folder.name
    shutil.copytree(tiny.folder, folder)
    checks = folder / "checks.py"
    checks.write_text(checks.read_text().replace("OPEN = True\n", ""))
    (folder / "files").mkdir()
    (folder / "files/radii.csv").write_text("1\n2\n")
    return ProblemSet("ps0", folder)


@pytest.fixture
def handed_out(private, tmp_path):
    """The folder that a student has unpacked."""
    release(private, tmp_path / "build")
    with zipfile.ZipFile(hand_out(private, tmp_path / "build")) as archive:
        archive.extractall(tmp_path / "home")
    return tmp_path / "home/ps0"


def test_one_file_holds_all_that_a_student_needs_and_no_solution(private, handed_out, tmp_path):
    assert {p.relative_to(handed_out).as_posix() for p in handed_out.rglob("*") if p.is_file()} == {
        "ps0.ipynb", "ps0.checks.json", "files/radii.csv"
    }  # fmt: skip
    told = (handed_out / "ps0.checks.json").read_text() + (handed_out / "ps0.ipynb").read_text()
    solutions = [line.strip() for c in private.cells if c.role == "solution" for line in c.source.splitlines()]
    secret = [line for line in solutions if "return" in line] + ["math.pi * radius**2", "lambda"]
    assert not [line for line in secret if line in told]
    assert (tmp_path / "build/release/ps0/ps0.checks.json").is_file()  # nbgrader's exchange hands that folder out
    first = (tmp_path / "build/release/ps0.zip").read_bytes()
    assert hand_out(private, tmp_path / "build").read_bytes() == first


@pytest.mark.parametrize(("area", "says"), [("np.pi * radius**2", "Right"), ("2 * np.pi * radius", "Not yet")])
def test_it_is_solved_from_that_file_alone(handed_out, area, says):
    code = AREA.format(area) + (
        "from autograder.checks import problem_set\nps0 = problem_set('ps0')\n"
        "try:\n    ps0.check('circle-area')\nexcept AssertionError:\n    ps0.hint('circle-area')\n"
        "    ps0.hint('circle-area')\nprint(ps0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=handed_out, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert ("the circumference in place of the area" in done.stdout) is (says == "Not yet")


def test_stored_answers_judge_as_the_checks_do(private, handed_out):
    """The right answer, each mistake and another one, on each stored input: the same verdict, mistake and words."""
    stored = ProblemSet("ps0", handed_out).checks
    for check in private.checks.checks:
        twin = stored.by_id[check.id]
        for number in range(5):
            inputs = [twin.draw(7, trial + 10 * number) for trial in range(check.trials)]
            ways = [check.expected, *check.mistakes.values(), lambda **inputs: 42.0]
            for way in ways:
                asked = [Asked(given, Outcome("answer", way(**given))) for given in inputs]
                again = [Asked(given, Outcome("answer", way(**given))) for given in inputs]
                assert mark_check(twin, asked) == mark_check(check, again)


def test_a_check_that_stays_private_says_that_it_is_marked_later(private, tmp_path, monkeypatch, capsys):
    checks = private.folder / "checks.py"
    checks.write_text(checks.read_text().replace("    trials = 3\n", '    trials = 3\n    home = "private"\n'))
    release(private, tmp_path / "build")
    hand_out(private, tmp_path / "build")
    said = json.loads((tmp_path / "build/release/ps0/ps0.checks.json").read_text())
    assert set(said["checks"][0]) == {"id", "part", "points", "sentence", "hint", "home"}
    code = "from autograder.checks import problem_set\nproblem_set('ps0').check('circle-area')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "build/release/ps0", capture_output=True, text=True, timeout=60
    )
    assert "This is checked when your notebook is marked." in done.stdout


@pytest.mark.parametrize(
    "damage",
    [{"cells": None}, {"checks": [{"id": "a"}]}, {"seconds": "long"}, {"cells": [{"carries": 5}]}, {"checks": 3}],
)
def test_a_damaged_file_is_named(handed_out, damage):
    path = handed_out / "ps0.checks.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | damage))
    with pytest.raises(ProblemSetError, match=r"ps0.checks.json is damaged .* Take it anew"):
        _ = ProblemSet("ps0", path.parent).stored


def test_the_checks_are_found_beside_the_notebook_from_any_folder(handed_out, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["check", "home/ps0/ps0.ipynb"])
    assert done.exit_code == 1, done.stderr
    assert "This part is not done yet" in done.output


def test_another_users_file_is_not_taken_for_ones_own(handed_out, monkeypatch):
    monkeypatch.chdir(handed_out)
    assert "ps0" in available()
    monkeypatch.setattr(problem_sets, "is_a_strangers", lambda found, here: any(SUFFIX in p.name for p in found))
    with pytest.raises(ProblemSetError, match="belongs to another user"):
        available()


def test_the_command_says_what_to_hand_out(private, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["release", "ps0", "--exercises", "lab"])
    assert done.exit_code == 0, done.output
    assert "release/ps0.zip" in done.output.replace("\n", "")


def test_nbgraders_own_command_hands_out_the_same(private, tmp_path, monkeypatch):
    """``generate_assignment --force`` takes all of the release folder away before it makes it anew."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    CliRunner().invoke(main, ["release", "ps0", "--exercises", str(private.folder.parent)], catch_exceptions=False)
    released = tmp_path / "build/release/ps0"
    before = {p.relative_to(released): p.read_bytes() for p in released.rglob("*") if p.is_file()}
    words = [sys.executable, "-m", "nbgrader", "generate_assignment", "ps0", "--force"]
    subprocess.run(words, cwd=tmp_path / "build", check=True, capture_output=True, timeout=120)
    after = {p.relative_to(released): p.read_bytes() for p in released.rglob("*") if p.is_file()}
    assert {name: text for name, text in after.items() if name.suffix != ".ipynb"} == {
        name: text for name, text in before.items() if name.suffix != ".ipynb"
    }
    assert Path("ps0.checks.json") in after
    assert Path("files/radii.csv") in after


def test_a_file_of_another_set_or_none_is_refused(handed_out):
    (handed_out / "lr9.checks.json").write_text((handed_out / "ps0.checks.json").read_text())
    code = "from autograder.checks import problem_set\nproblem_set('lr9')"
    done = subprocess.run([sys.executable, "-c", code], cwd=handed_out, capture_output=True, text=True, timeout=60)
    assert "it is of the set ps0" in done.stderr


@pytest.mark.grading
@pytest.mark.parametrize("confined", [True, False])
def test_data_is_where_the_notebook_reads_it(private, confined, notebook_of, tmp_path):
    """In the sandbox nobody can change it."""
    code = (
        "import os\nimport numpy as np\nscale = open('files/radii.csv').read()\n"
        "try:\n    open('files/radii.csv', 'w')\n    changed = True\nexcept OSError:\n    changed = False\n"
        "try:\n    os.rename('files', 'other')\n    changed = True\nexcept OSError:\n    pass\n"
        "def area(radius):\n    assert scale == '1\\n2\\n'\n"
        f"    assert not (changed and {confined})\n    return np.pi * radius**2"
    )
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of({"area": code})))
    launcher = Sandbox(hidden=(tmp_path,), files=private.files) if confined else Plain(("numpy",), private.files)
    result = grade_file("ada", path, private, 7, launcher)
    assert (result.status, result.points) == ("marked", 5), result
