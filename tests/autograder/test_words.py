# ruff: noqa: N805 (a check's functions take no self)
"""What is said of odd answers, of names that are missing, and of a class in short: in words that say what to do."""

import csv
import json
from types import SimpleNamespace

import click
import numpy as np
import pytest
from click.testing import CliRunner

from autograder.authoring.instant_checks import CheckFailed, InstantChecks
from autograder.checks import check
from autograder.cli import Commands
from autograder.grade import without_run
from autograder.ground.answers import Outcome, attempt, encode, outcome
from autograder.ground.check import CheckFile
from autograder.ground.runs import Offered
from autograder.mark.check_results import CheckResult, mark_check
from autograder.mark.counted_once import counted_once
from autograder.mark.faults import Asked
from autograder.mark.results import Grading, Result
from autograder.report.pages import feedback_page, report_page
from autograder.terminal import console, print_class, print_result

ITSELF = [1]
ITSELF.append(ITSELF)


@check("three", part="three", points=2)
class Three:
    """`three()` is 3."""

    trials = 1

    def inputs(rng):
        return {}

    def probe(student):
        return student.three()

    def expected():
        return 3

    hint = "Count."


def found(answer, of=Three, **names):
    """Return what a check finds where `three()` returns that."""
    said = outcome(json.loads(json.dumps(attempt(of.probe_source, {"three": lambda: answer} | names, {}))))
    return mark_check(of, [Asked({}, said)]).finding


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (10**5000, "returned a whole number of more than 400 digits."),
        (-(10**500), "returned a whole number of more than 400 digits."),
        (ITSELF, "returned a list of more than 12 levels (does it contain itself?)."),
        (np.array(["a", "b"]), "returned an array of dtype <U1, of texts: a list of them can be read."),
        (np.array([None]), "returned an array of dtype object, whose items are no numbers"),
        ({"x": b"1"}, "returned a dict with an object of type bytes in it."),
        ([{"x": {1}}], "returned a list with an object of type set in it."),
        ({1, 2}, "returned an object of type set. A check can read numbers, texts"),
        (np.zeros(2**22), "returned an array of 32 MB, where 21 MB are the most."),
        (np.str_("3"), "you returned a text, '3'; expected a number, 3."),
    ],
    ids=["digits", "below", "itself", "texts", "objects", "bytes", "in-a-list", "set", "large", "text"],
)
def test_an_odd_answer_is_told_in_words(answer, words):
    assert words in found(answer)


def test_the_largest_whole_number_crosses():
    assert encode(10**400 - 1) == 10**400 - 1


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ("Three", "It defines `Three`: is that the same, spelt otherwise?"),
        ("thre", "It defines `thre`"),
        ("htree", "It defines `htree`"),
        ("four", ""),
        ("_three", ""),
    ],
)
def test_a_name_that_is_spelt_nearly_so_is_told(there, words):
    said = outcome(attempt(Three.probe_source, {there: lambda: 3, "np": np}, {}))
    finding = mark_check(Three, [Asked({}, said)]).finding
    assert finding.startswith("Your notebook defines no `three`.")
    assert words in finding
    assert ("It defines" in finding) == bool(words)


def test_a_name_for_which_another_check_asks_is_no_slip_of_the_pen():
    @check("tree", part="tree", points=1)
    class Tree:
        """`tree()` is 3."""

        inputs, expected, hint = Three.inputs, Three.expected, "Count."

        def probe(student):
            return student.tree()

    assert {"three", "tree"} == CheckFile((Three, Tree)).by_id["tree"].asked
    said = outcome(attempt(Tree.probe_source, {"three": lambda: 3}, {}))
    assert said == Outcome("missing", "three", "tree")
    assert mark_check(Tree, [Asked({}, said)]).finding == "Your notebook defines no `tree`."


def test_an_entry_of_a_dict_with_the_other_sign_is_told_so():
    @check("slopes", part="slopes", points=1)
    class Slopes:
        """The slopes."""

        inputs, hint = Three.inputs, "Chain."

        def probe(student):
            return student.three()

        def expected():
            return {"sin": 0.25, "cos": -0.75}

    assert found({"sin": 0.25, "cos": 0.75}, Slopes).endswith("These are the right numbers with the other sign.")
    assert "sign" not in found({"sin": 0.25, "cos": 0.5}, Slopes)


def test_where_the_lesson_is_arrays_a_list_is_told_how_to_become_one():
    @check("row", part="row", points=1)
    class Row:
        """A row."""

        inputs, hint, array = Three.inputs, "np", True

        def probe(student):
            return student.three()

        def expected():
            return np.array([1.0, 2.0])

    assert found([1.0, 2.0], Row).endswith("`np.array(values)` makes an array of a list of numbers.")


def result(*checks, **more) -> Result:
    return Result("ada", "marked", "", checks, **more)


WRONG = CheckResult(
    "area", "The area.", 0, 2, False, "With radius = 3,\nyou returned 4; expected 28.27.", None, "Square."
)


def printed(show, *args) -> str:
    with console.capture() as captured:
        show(*args)
    return " ".join(captured.get().split())


def test_the_table_of_a_class_says_which_check_and_what_was_seen(tmp_path):
    known = CheckResult("ring", "The ring.", 0, 3, False, "With x = 1, you returned 2.", "a root is missing")
    grading = Grading("ps0", 1, "", "", (result(WRONG, known),))
    assert "area: you returned 4; expected 28.27; ring: a root is missing" in printed(print_class, grading.results)
    grading.write(tmp_path)
    (row,) = csv.DictReader((tmp_path / "grades.csv").open())
    assert row["reason"] == "area: you returned 4; expected 28.27; ring: a root is missing"


def test_a_mistake_that_is_already_counted_is_not_called_partly_right(tiny):
    made = CheckResult("", "", 0, 2, False, "...", "a root", mistake_ids=("root",))
    places = [SimpleNamespace(part="area"), SimpleNamespace(part="area")]
    _, second = counted_once(places, (made, made))
    assert second.points == second.max_points
    assert second.verdict == "Not right yet, and counted with another check"
    page = feedback_page(result(second), Grading("ps0", 1, "", "", ()), tiny)
    assert "✗ Not right yet, and counted with another check" in page
    assert "Partly right" not in page


def test_a_cell_is_called_by_its_number_or_its_name(tiny):
    said = printed(print_result, result(cell_errors=(("cell 4", "ZeroDivisionError"), ("ring", "NameError"))), tiny)
    assert "Cell 4 stopped: ZeroDivisionError The cell `ring` stopped: NameError" in said


def test_what_a_person_should_look_at_stands_in_the_report_and_what_nobody_can_read_is_not_counted(tiny):
    twice = result(
        CheckResult("circle-area", "The area.", 2, 2, True), look=("Cells were copied with their ids (area).",)
    )
    damaged = without_run("bob", "unreadable", "It is damaged.", tiny)
    page = report_page(Grading("ps0", 1, "", "", (twice, damaged)), tiny)
    assert "2 submissions to look at" in page
    assert "Cells were copied with their ids (area)." in page
    assert "1 of 1 right" in page


def test_a_question_that_nobody_answers_is_told_in_words():
    @click.group(cls=Commands)
    def group():
        pass

    @group.command()
    def ask():
        click.confirm("Write?")

    done = CliRunner().invoke(group, ["ask"], input="")
    assert done.exit_code == 1
    assert "the question was not answered, so nothing was changed. --yes answers it" in done.output


def test_escapes_of_a_student_reach_no_file_of_results():
    wrong = mark_check(Three, [Asked({}, Outcome("answer", {"\x1b[2J\x9b1m": 1}))])
    text = json.dumps(wrong.finding, ensure_ascii=False)
    assert "\x9b" not in text
    assert "\x1b" not in json.loads(text)


def test_at_home_a_name_of_a_later_cell_is_told_of(tiny, capsys):
    checks = InstantChecks(tiny, {"area": lambda radius: unknown(radius)})  # noqa: F821
    with pytest.raises(CheckFailed):
        checks.check("circle-area")
    assert "when marked, all cells run before the checks" in capsys.readouterr().out


def test_numbers_cross_at_home_as_they_are_and_other_things_as_copies():
    shared = [1.0]
    offered = Offered({"same": lambda x: x, "kept": lambda x: shared}).at_home()
    assert offered["same"](2.5) == 2.5
    assert type(offered["same"](2)) is int
    assert offered["same"](shared) == shared
    assert offered["same"](shared) is not shared
    assert offered["kept"](1) is not shared
