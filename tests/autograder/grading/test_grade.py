"""Every submission of a class ends with a result and a reason; none can stop or alter another's."""

import json
import os

import pytest

from autograder import grade
from autograder.checks import Check, CheckError
from autograder.grade import grade_class, grade_file, questions
from autograder.ground.runs import CannotRun
from autograder.mark import check_results, stopped_cells
from autograder.mark.results import Grading
from autograder.read.class_folder import find_submissions
from autograder.report.pages import report_page
from autograder.run.launch import ANSWERS, WORKER, run
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading


@pytest.fixture
def hand_in(tmp_path, notebook_of):
    """Return a function that writes a submission of ps0: from a dict of cells, or any text."""

    def write(student, content):
        path = tmp_path / "submitted" / student / "ps0" / "ps0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(content if isinstance(content, str) else json.dumps(notebook_of(content)))
        return path

    return write


def graded(tiny, path, seed=3, **more):
    return grade_file("ada", path, tiny, seed, Sandbox(hidden=(path.parents[2],) if path else (), **more))


def test_an_honest_submission(tiny, hand_in):
    result = graded(tiny, hand_in("ada", {}))
    assert (result.status, result.reason, result.points, result.max_points) == ("marked", "", 5, 5)


def test_a_blank_one(tiny, hand_in):
    blank = "def area(r):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    result = graded(tiny, hand_in("ada", {"area": blank, "ring": blank.replace("area(r)", "ring_area(a, b)")}))
    assert (result.status, result.points) == ("marked", 0)
    assert {c.finding for c in result.checks} == {
        "This part is not done yet: its cell still raises NotImplementedError."
    }


def test_where_an_earlier_part_is_wrong_too_the_mistake_told_is_the_parts_own(tiny, hand_in):
    blank = "def area(r):\n    raise NotImplementedError()"
    result = graded(tiny, hand_in("ada", {"area": blank, "ring": "def ring_area(a, b):\n    return [area(b)]"}))
    assert [c.points for c in result.checks] == [0, 0]
    assert "you returned a list" in result.checks[1].finding
    assert "(Tried with a right area in place of yours.)" in result.checks[1].finding


def test_where_the_earlier_part_is_right_nothing_is_said_of_another_in_its_place(tiny, hand_in):
    result = graded(tiny, hand_in("ada", {"ring": "def ring_area(a, b):\n    return area(b) - area[a]"}))
    assert [c.points for c in result.checks] == [2, 0]
    assert "not subscriptable" in result.checks[1].finding
    assert "in place of yours" not in result.checks[1].finding


def test_parts_that_pass_their_own_checks_and_do_not_fit_together_are_told(tiny, hand_in):
    """The area is right for every radius that its check tries; the ring asks it for others."""
    area = "def area(r):\n    return np.pi * r * abs(r)"
    ring = "def ring_area(a, b):\n    return area(-b) - area(-a)"
    result = graded(tiny, hand_in("ada", {"area": area, "ring": ring}))
    assert [(c.passed, c.points, c.at_odds) for c in result.checks] == [(True, 2, ()), (True, 3, ("area",))]
    assert "Your `ring` and your `area` do not fit together" in result.checks[1].message
    page = report_page(Grading("ps0", 7, "", "", (result,)), tiny)
    assert "Parts that do not fit together" in page
    assert "Parts that do not fit together" not in report_page(Grading("ps0", 7, "", "", ()), tiny)


def test_a_cell_that_raises_costs_its_own_part_only(tiny, hand_in):
    result = graded(tiny, hand_in("ada", {"ring": "def ring_area(a, b)\n    return 1"}))
    assert [c.points for c in result.checks] == [2, 0]
    assert result.cell_errors[0][0] == "ring"
    assert "SyntaxError" in result.cell_errors[0][1]
    assert "The cell `ring` itself had stopped with SyntaxError" in result.checks[1].finding


def test_a_refused_import_is_told_once_and_first_with_what_may_be_imported(tiny, hand_in, notebook_of):
    notebook = notebook_of({"area": "def area(r):\n    return np.pi * pd.Series([r])[0] ** 2"})
    own = {"cell_type": "code", "metadata": {}, "source": "import pandas as pd", "outputs": [], "execution_count": None}
    notebook["cells"].insert(1, own)
    result = graded(tiny, hand_in("ada", json.dumps(notebook)))
    assert (result.status, [c.points for c in result.checks]) == ("marked", [0, 3])
    assert "NameError: name 'pd' is not defined" in result.checks[0].finding
    assert result.reason.startswith("Cell 2 stopped with ModuleNotFoundError: No module named 'pandas'")
    assert "misses `pd`." in result.reason
    assert result.reason.endswith(
        "This problem set may import: the standard library, numpy, matplotlib. "
        "Take the import out, and do the same without it."
    )


def test_an_undeclared_import_in_a_part_is_told_too(tiny, hand_in):
    result = graded(tiny, hand_in("ada", {"area": "import scipy\ndef area(r):\n    return r"}))
    assert result.reason.startswith("The cell `area` stopped with ModuleNotFoundError: No module named 'scipy'")


def test_a_stopped_cell_that_does_no_harm_is_no_cause(tiny, hand_in, notebook_of):
    notebook = notebook_of({"area": "def area(r):\n    return 3 * r"})
    own = {"cell_type": "code", "metadata": {}, "source": "tried = 1 / 0", "outputs": [], "execution_count": None}
    notebook["cells"].append(own)
    result = graded(tiny, hand_in("ada", json.dumps(notebook)))
    assert (result.reason, [c.passed for c in result.checks]) == ("", [False, True])
    assert "ZeroDivisionError" in result.cell_errors[0][1]


def test_the_words_by_which_what_happened_is_known_are_the_workers():
    assert stopped_cells.REFUSED in WORKER.read_text()
    assert check_results.TOO_LONG in WORKER.read_text()
    assert check_results.WAITS in WORKER.read_text()
    assert check_results.ELSEWHERE in ANSWERS.read_text()


def test_an_endless_loop_is_stopped_in_words_and_costs_its_own_part_only(tiny, hand_in):
    result = graded(tiny, hand_in("ada", {"ring": "def ring_area(a, b):\n    while True:\n        pass"}))
    assert (result.status, result.checks[0].points) == ("partly", 2)
    assert "loop that never ends" in result.reason


ENDLESS = "def ring_area(a, b):\n    while True:\n        pass"
# Right, but for one who asks often, and so for a ring it never ends.
SLOW = "import time\ndef area(r):\n    time.sleep(60 if sys._getframe(1).f_code.co_name == 'ring_area' else 0)"
SLOW = f"import sys\n{SLOW}\n    return np.pi * r ** 2"


@pytest.mark.parametrize(
    ("cells", "runs", "points"),
    [
        ({"ring": ENDLESS}, 1, [2, 0]),  # with the reference's area it would not end either
        ({"area": "def area(r):\n    return r", "ring": ENDLESS}, 2, [0, 0]),
        ({"area": SLOW}, 3, [2, 3]),  # it is an earlier part that does not end, and once more alone
        ({"ring": "def ring_area(a, b):\n    return a"}, 2, [2, 0]),
    ],
    ids=["endless", "endless after a wrong part", "a right part that does not end here", "wrong"],
)
def test_what_does_not_end_is_tried_with_right_earlier_parts_where_that_may_help(tiny, hand_in, cells, runs, points):
    box = Sandbox()
    started = []

    class Counting:
        def start(self):
            started.append(1)
            return box.start()

    result = grade_file("ada", hand_in("ada", cells), tiny, 3, Counting())
    assert ([c.points for c in result.checks], len(started)) == (points, runs)
    if ENDLESS in cells.values():
        assert (
            "had not finished after 5 s of processor time: is there a loop that never ends? (at line 2: while True:)"
            in result.reason
        )


def test_inputs_that_cannot_be_drawn_stop_before_anybody_is_marked(tiny, hand_in, monkeypatch):
    def refuse(check, seed, trial):
        raise CheckError(f"{check.id} cannot be drawn from {seed}")

    monkeypatch.setattr(Check, "draw", refuse)
    with pytest.raises(CheckError, match="circle-area cannot be drawn from 20261124"):
        grade_class(tiny, {"ada": hand_in("ada", {})}, seed=20261124, launcher=None, jobs=1)


def test_a_cell_that_was_stopped_gets_less_time_in_the_second_run(tiny, hand_in, monkeypatch):
    given = []
    once = grade.run

    def noted(code, *args, **more):
        given.append(code)
        return once(code, *args, **more | {"cell_seconds": 2.0})

    monkeypatch.setattr(grade, "run", noted)
    monkeypatch.setattr(grade, "SECONDS_AGAIN", 0.5)
    endless = "def ring_area(a, b):\n    return area(b) - area(a)\nwhile True:\n    pass"
    result = graded(tiny, hand_in("ada", {"area": "def area(r):\n    return r", "ring": endless}))
    assert [c.points for c in result.checks] == [0, 3]
    assert "The cell `ring`: it had not finished after" in result.reason
    first, second = ({cell.name: cell.seconds for cell in code} for code in given)
    assert set(first.values()) == {None}
    assert {name for name, seconds in second.items() if seconds is not None} == {"ring"}


def test_a_dying_worker_is_told(tiny, hand_in):
    result = graded(tiny, hand_in("ada", {"area": "import os\nos._exit(0)", "ring": "import os\nos._exit(0)"}))
    assert (result.status, result.points) == ("partly", 0)
    assert "its Python process ended (in cell area)" in result.reason
    assert "The cell `ring` itself had stopped with not run to its end" in result.checks[1].finding


def test_an_error_that_is_called_an_end_is_none(tiny, hand_in, monkeypatch):
    runs = []
    monkeypatch.setattr("autograder.grade.run", lambda *args, **more: runs.append(run(*args, **more)) or runs[-1])
    fake = "raise type('not run to its end', (Exception,), {})()"
    result = graded(tiny, hand_in("ada", {"ring": f"def ring_area(a, b):\n    return area(b) - area(a)\n{fake}"}))
    assert (result.points, len(runs)) == (5, 1)


def test_what_cannot_be_read_has_a_reason(tiny, hand_in):
    result = graded(tiny, hand_in("ada", '{"cells": ['))
    assert (result.status, result.points, result.max_points) == ("unreadable", 0, 5)
    assert "is damaged" in result.reason
    assert graded(tiny, None).status == "missing"


def test_a_fault_of_the_grader_is_no_zero_in_silence(tiny, hand_in, monkeypatch):
    monkeypatch.setattr("autograder.grade.read_handed_in", lambda *args: 1 / 0)
    result = graded(tiny, hand_in("ada", {}))
    assert result.status == "stopped"
    assert "The grader itself failed (ZeroDivisionError" in result.reason


def test_a_machine_that_cannot_run_anything_is_no_students_fault(tiny, hand_in, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotRun, match="bubblewrap"):
        graded(tiny, hand_in("ada", {}))


def test_a_machine_that_could_not_start_a_worker_for_a_moment_is_asked_again(tiny, hand_in):
    box, refusals = Sandbox(), [CannotRun("The worker ended before its sandbox could be verified.")]

    class Busy:
        def start(self):
            if refusals:
                raise refusals.pop()
            return box.start()

    result = grade_file("ada", hand_in("ada", {}), tiny, 3, Busy())
    assert (result.status, result.points) == ("marked", 5)


def test_the_class_gets_the_same_questions_and_the_seed_gives_them_again(tiny):
    check = tiny.checks.checks[0]
    assert questions(check, 1) is questions(check, 1)
    first, again, other = (questions.__wrapped__(check, seed) for seed in (1, 1, 2))
    assert first == again
    assert all(a.inputs != b.inputs for a, b in zip(first, other, strict=True))


def test_a_class_is_graded_in_order_and_read_back(tiny, hand_in, tmp_path):
    for student, cells in {"carl": {}, "ada": {"area": "area = 3"}}.items():
        hand_in(student, cells)
    (tmp_path / "submitted" / "late").mkdir()
    found = find_submissions(tmp_path / "submitted", "ps0")
    grading = grade_class(tiny, found, seed=7, launcher=Sandbox(hidden=(tmp_path,)), jobs=2)
    assert [(r.student, r.status, r.points) for r in grading.results] == [
        ("ada", "marked", 3),
        ("carl", "marked", 5),
        ("late", "missing", 0),
    ]
    grading.write(tmp_path / "out")
    assert Grading.read(tmp_path / "out").as_json() == grading.as_json()
    written = json.loads((tmp_path / "out" / "results.json").read_text())
    assert (written["assignment"], written["seed"]) == ("ps0", 7)
    assert set(written["submissions"][0]["checks"][0]) >= {"id", "points", "max_points", "passed", "mistake", "message"}
    rows = (tmp_path / "out" / "grades.csv").read_text().splitlines()
    assert rows[0] == "student,status,points,max_points,circle-area,ring-area,reason"
    assert rows[1].startswith("ada,marked,3")


def test_submissions_are_found_as_nbgrader_lays_them(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        find_submissions(tmp_path / "none", "ps0")
    with pytest.raises(FileNotFoundError, match="holds no student's folder"):
        find_submissions(tmp_path, "ps0")
    for student, name in {"a": "ps0.ipynb", "b": "ps0 (1).ipynb", "c": None, "d": "ps0.ipynb"}.items():
        (tmp_path / student / "ps0").mkdir(parents=True)
        if name:
            (tmp_path / student / "ps0" / name).write_text("{}")
    os.remove(tmp_path / "d" / "ps0" / "ps0.ipynb")
    (tmp_path / "d" / "ps0" / "ps0.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "e").symlink_to(tmp_path / "a")
    found = find_submissions(tmp_path, "ps0")
    assert {student: path and path.name for student, path in found.items()} == {
        "a": "ps0.ipynb",
        "b": "ps0 (1).ipynb",
        "c": None,
        "d": "ps0.ipynb",
    }
