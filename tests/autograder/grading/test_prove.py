"""Checks earn trust by cases: each fails where it says, and gets the same verdict at home as when it is marked."""

import json
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import powers_course
import pytest
from click.testing import CliRunner

from autograder.authoring.prove import Case, as_submission, faults, find_cases, prove, read_case
from autograder.cli import main
from autograder.ground.problem_sets import ProblemSetError, available, find
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading
EXERCISES = Path(__file__).resolve().parents[3] / "exercises"
SETS = [*available(EXERCISES), "ps0"]


@pytest.fixture(params=SETS)
def problem_set(request, tiny):
    return tiny if request.param == "ps0" else find(request.param, EXERCISES)


def test_every_case_does_what_its_header_says_at_home_too(problem_set, root):
    cases = find_cases(problem_set)
    launcher = Sandbox(problem_set.checks.imports, hidden=(root,), preload=problem_set.preload)
    proofs = prove(problem_set, cases, seed=11, launcher=launcher, jobs=2)
    wrong = {proof.case.name: proof.faults for proof in proofs if proof.faults}
    assert not wrong
    script = Path(__file__).with_name("instant_checks.py")
    words = [sys.executable, str(script), str(problem_set.folder.parent), problem_set.id]
    shares = [subprocess.Popen([*words, number, "2"], stdout=PIPE, stderr=PIPE, text=True) for number in "01"]
    at_home = {}
    for share in shares:
        said, error = share.communicate(timeout=1800)
        assert share.returncode == 0, error
        at_home |= json.loads(said)
    assert at_home == {p.case.name: [c.id for c in p.result.checks if not c.passed] for p in proofs}


def test_the_reference_itself_earns_all_points(problem_set, root):
    from autograder.authoring.prove import Case
    from autograder.grade import grade_code

    reference = as_submission(Case(Path("reference.py"), problem_set.id, (), "", {}), problem_set)
    result = grade_code("reference", reference, problem_set, 3, Sandbox(problem_set.checks.imports))
    assert (result.status, result.points) == ("marked", problem_set.max_points), result
    assert not result.cell_errors


@pytest.fixture
def case(tmp_path):
    """Return a function that writes a case of ps0 and returns its path."""

    def write(text):
        path = tmp_path / "cases" / "deep" / "case.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


HEADER = '# /// case\n# set = "ps0"\n# fails = {fails}\n# says = "{says}"\n# ///\n'
WRONG = "# %% area\ndef area(radius):\n    return 3.0\n"


@pytest.mark.parametrize(
    ("fails", "says", "words"),
    [
        ('["ring-area"]', "", "ring-area should fail and passed"),
        ("[]", "", "circle-area should pass and failed: With radius = "),
        ('["circle-area"]', "a rope around the earth", "does not say 'a rope around the earth'"),
        ('["circle-area", "cube"]', "", "names the check 'cube', which does not exist"),
    ],
)
def test_a_broken_promise_is_told_and_exits_with_1(case, tiny, fails, says, words):
    path = case(HEADER.format(fails=fails, says=says) + WRONG)
    command = ["prove", "ps0", "--exercises", str(tiny.folder.parent), "--cases", str(path.parents[1])]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1
    assert words in done.output.replace("\n", " ")


def test_a_test_that_who_has_done_nothing_passes_is_told_in_words():
    undone = Case(Path("cases/wrong/nothing_done.py"), "ps0", ("square",), "", {})
    (said,) = faults(undone, powers_course.result("ada"))  # passes all
    assert "square is passed by who has done nothing, so its points are for everybody" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "has no case header"),
        ("# /// case\n# set = \n# ///\n", "no TOML"),
        ('# /// case\n# set = "ps0"\n# fail = []\n# ///\n', "look at fail, fails"),
        (HEADER.format(fails="[]", says=""), "replaces no cell"),
    ],
)
def test_a_case_in_no_form_is_refused_with_the_form(case, text, words):
    with pytest.raises(ProblemSetError, match=words):
        read_case(case(text))


def test_a_case_may_replace_solution_cells_only(case, tiny):
    made = read_case(case(HEADER.format(fails="[]", says="") + "# %% circle-area\nx = 1\n"))
    with pytest.raises(ProblemSetError, match="no solution cell is called circle-area; there are area, ring"):
        as_submission(made, tiny)


def test_a_case_may_replace_one_definition_of_a_cell(case, tiny):
    """All else in the cell stays as the instructor has it; several definitions of one cell may be replaced."""
    path = case(HEADER.format(fails="[]", says="") + "# %% area.area\ndef area(r):\n    return 7 * r\n")
    [made] = find_cases(tiny, path.parent)
    names = {}
    exec(made.cells["area"], names)
    assert names["area"](2) == 14
    for key, words in (("area.ring", "the cell 'area' defines no 'ring'"), ("hole.area", "there is no such cell")):
        path = case(HEADER.format(fails="[]", says="") + f"# %% {key}\nx = 1\n")
        with pytest.raises(ProblemSetError, match=words):
            find_cases(tiny, path.parent)


def test_an_early_mistake_is_not_punished_twice(tiny):
    """The ring's part builds on `area`; with a wrong `area` it is tried again with the reference's."""
    wrong = read_case(tiny.folder / "cases" / "wrong" / "circumference.py")
    proof = prove(tiny, [wrong], seed=5, launcher=Sandbox(), jobs=1)[0]
    assert [c.points for c in proof.result.checks] == [0, 3]
    assert not faults(wrong, proof.result)
