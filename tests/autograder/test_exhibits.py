"""Break it: an exhibit is small and right, exposes its own wrong implementation, and lets all others pass."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring.handout import hand_out
from autograder.checks import CheckError, Exhibit, NoExhibit, Wrong, check, number, operations, read_expression
from autograder.grade import grade_file
from autograder.ground.answers import Outcome, attempt, outcome
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.release import release
from autograder.mark.check_results import mark_check
from autograder.mark.faults import Asked
from autograder.mark.judging import goes_wrong
from autograder.run.sandbox.launcher import Sandbox


def read_list(answer):
    if not isinstance(answer, list | tuple) or len(answer) != 2 or not isinstance(answer[0], list):
        raise NoExhibit("expected a list and its largest number")
    return Exhibit([number(x) for x in answer[0]], number(answer[1]), len(answer[0]))


RIGHT = {"first": ([1, 2], 2), "last": ([2, 1], 2), "not-negative": ([-1, -1], -1), "never-alone": ([3], 3)}


@check("largest", part="exhibits", points=4)
class Largest:
    """Each exhibit is a list with its largest number."""

    examples = RIGHT
    breaks = (
        Wrong("first", "takes the first number", lambda numbers: numbers[0], 2),
        Wrong("last", "takes the last number", lambda numbers: numbers[-1], 2),
        Wrong("not-negative", "begins with 0", lambda numbers: max(0, *numbers), 2),
        Wrong("never-alone", "stops on a single number", lambda numbers: max(*numbers), 1),
    )
    reads = read_list
    right = max
    unit = "numbers"
    hint = "Where does each of them do no harm?"


def marked(exhibits):
    trials = [Largest.draw(0, number) for number in range(Largest.trials)]
    return mark_check(Largest, [Asked(t, Outcome("answer", exhibits.get(t["exposes"]))) for t in trials])


def test_right_exhibits_get_all_points():
    assert [Largest.draw(seed, 2) for seed in (1, 2)] == [{"exposes": "not-negative"}] * 2
    result = marked(RIGHT)
    assert (result.passed, result.points) == (True, 4)


@pytest.mark.parametrize(
    ("exposes", "exhibit", "says"),
    [
        ("first", None, "Your exhibit for `first` is not there yet."),
        ("first", ([1, 2], 3), "`([1, 2], 3)`, does not state the right value"),
        ("first", ([1, 2], 1), "states what the wrong implementation gives"),
        ("first", ([2, 1], 2), "does not expose it"),
        ("first", ([1.0, 1.001], 1.001), "hardly exposes it"),
        ("first", ([1, 2, 1], 2), "is too large: it has 3 numbers, and at most 2 may be used"),
        ("not-negative", ([-2, -1], -1), "exposes it, and `first` as well, which should give the right value"),
        ("never-alone", ([-1], -1), "exposes it, and `not-negative` as well"),
        ("first", "largest", "cannot be read: expected a list and its largest number."),
        ("first", ([1, "2"], 2), "cannot be read: a number is of type str; a number is expected."),
        ("first", ([1, float("nan")], 2), "numbers are finite"),
        ("first", ([1, 10**400], 2), "a whole number of 401 digits"),
        ("first", ([], 2), "has no right value"),
        ("first", ([1] * 5000, 1), "where a right answer has about"),
    ],
)
def test_each_fault_is_told_and_costs_its_own_exhibit(exposes, exhibit, says):
    result = marked(RIGHT | {exposes: exhibit})
    assert says in result.finding
    assert (result.points, result.passed, result.mistake) == (3, False, None)


def test_all_faults_are_told_and_what_is_the_same_of_several_is_told_once():
    result = marked({"first": ([1, 2], 3)})
    assert result.points == 0
    wrong, missing = result.finding.splitlines()
    assert wrong.startswith("Your exhibit for `first`, `([1, 2], 3)`, does not state the right value")
    assert missing == "Your exhibit for each of `last`, `not-negative` and `never-alone` is not there yet."


@pytest.mark.parametrize(
    ("exhibits", "says"),
    [
        ({"frist": ([1, 2], 2)}, "for `first` is not there yet. There is an entry `frist`: is that the same"),
        ({"last": ([2, 1], 2), 3: None}, "Your exhibit for each of `first`, `not-negative` and `never-alone` is not"),
        ([([1, 2], 2)], "`never-alone` is not there yet. `exhibits` is of type list: write a dict, with an entry for"),
    ],
)
def test_exhibits_under_other_names_or_in_no_dict_are_told(exhibits, says):
    """A name that is misspelt is no missing exhibit; names of the table are never taken for a misspelt one."""
    trials = [Largest.draw(0, number) for number in range(Largest.trials)]
    answers = [outcome(attempt(Largest.probe_source, {"exhibits": exhibits}, trial)) for trial in trials]
    finding = mark_check(Largest, [Asked(*pair) for pair in zip(trials, answers, strict=True)]).finding
    assert says in finding
    assert len(finding.splitlines()) <= 2


def test_a_series_of_exhibits_is_no_memory_of_earlier_calls():
    trials = [Largest.draw(0, number) for number in range(Largest.trials)]
    asked = [Asked(t, Outcome("answer", RIGHT["first"])) for t in trials]
    assert goes_wrong(Largest, asked) == ""


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(plain)
def test_whatever_is_handed_in_is_told_a_fault(answer):
    """Nothing that is no exhibit is taken for one, and none raises."""
    result = marked(dict.fromkeys(RIGHT, answer))
    assert result.points <= 1  # a short list of numbers with its largest one may expose one
    assert "cannot be judged" not in result.finding


@given(st.text(alphabet="xy12+-*/(). ,*sin", max_size=40))
def test_an_expression_is_read_as_python_reads_it_or_refused(text):
    """Its value is what Python computes, whose parser and arithmetic know nothing of the tree."""
    try:
        tree = read_expression(text, {"x"}, {"sin": 1})
    except NoExhibit:
        return
    names = {"x": 1.25, "sin": lambda z: 2 * z, "__builtins__": {}}
    try:
        expected = eval(text.strip(), names)
    except ArithmeticError:
        return
    assert value_of(tree, names) == pytest.approx(expected, rel=1e-9)
    assert operations(tree) >= text.count("sin(")


def value_of(tree, names):
    kind, *parts = tree
    if kind in ("number", "name"):
        return names.get(parts[0], parts[0])
    values = [value_of(part, names) for part in parts]
    if kind == "neg":
        return -values[0]
    return names[kind](*values) if kind in names else eval(f"a {kind} b", dict(zip("ab", values, strict=True)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os').system('true')", "is not in the grammar"),
        ("().__class__.__bases__", "is not in the grammar"),
        ("(lambda: 1)()", "is not in the grammar"),
        ("[x for x in (1,)]", "is not in the grammar"),
        ("open(x)", "there is no function `open`; there are sin"),
        ("sin(x, x)", "`sin` takes 1 arguments, and there are 2"),
        ("sin(x=1)", "is not in the grammar"),
        ("y + 1", "there is no `y`; there are x"),
        ("-" * 200 + "x", "nested more than 20 deep"),
        ("~" * 250 + "x", "is not in the grammar"),
        ("(" * 250 + "x" + ")" * 40, "is no expression"),
        ("x +", "is no expression"),
        ("x\0", "is no expression"),
        ("x" * 301, "is 301 characters long; 300 are the most"),
        ("9" * 250, "numbers are finite"),
        ("1e400", "numbers are finite"),
        ("2j", "is not in the grammar"),
        (b"x", "is of type bytes; write a text"),
        (None, "is of type NoneType; write a text"),
    ],
)
def test_what_is_no_expression_is_refused_in_words(text, says):
    with pytest.raises(NoExhibit) as refused:
        read_expression(text, {"x"}, {"sin": 1})
    assert says in str(refused.value)


def test_a_check_that_breaks_says_how_exhibits_are_read():
    body = {"__doc__": "A sentence.", "breaks": Largest.breaks, "right": max, "hint": "", "examples": RIGHT}
    with pytest.raises(CheckError, match="says `breaks`; let it say reads, unit, too"):
        check("one", part="f", points=1)(type("Sentence", (), body))


@pytest.mark.parametrize("ids", [["first"], [*RIGHT, "sorted"], [*RIGHT][::-1]])
def test_a_check_that_breaks_has_an_example_for_each_wrong_implementation(ids):
    body = {"__doc__": "A sentence.", "breaks": Largest.breaks, "right": max, "hint": "", "reads": read_list}
    body |= {"unit": "numbers", "examples": dict.fromkeys(ids, ([1, 2], 2))}
    with pytest.raises(CheckError, match="give one for each of first, last, not-negative, never-alone"):
        check("one", part="f", points=1)(type("Sentence", (), body))


def test_a_check_that_breaks_has_its_probe_already():
    body = {"__doc__": "A sentence.", "breaks": Largest.breaks, "right": max, "hint": "", "reads": read_list}
    body |= {"unit": "numbers", "examples": RIGHT, "trials": 9, "probe": lambda student, exposes: None}
    with pytest.raises(CheckError, match="it says probe, trials; where exhibits are asked for, that is given"):
        check("one", part="f", points=1)(type("Sentence", (), body))


BREAK_IT = '''

from autograder.checks import Exhibit, NoExhibit, Wrong, number


def read_radius(answer):
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise NoExhibit("expected a pair of a radius and the area")
    return Exhibit(number(answer[0]), number(answer[1]), 1)


@check("break-it", part="area", points=4)
class BreakIt:
    """Each exhibit is a radius and the area of its circle."""

    examples = {"circumference": (1, math.pi), "diameter": (2, 4 * math.pi)}
    breaks = [
        Wrong("circumference", "gives the circumference", lambda radius: 2 * math.pi * radius, 1),
        Wrong("diameter", "of radius 2, takes the diameter", lambda r: math.pi * (2 * r if r == 2 else r) ** 2, 1),
    ]
    reads = read_radius
    right = lambda radius: math.pi * radius**2
    unit = "numbers"
    hint = "A radius of 2."
'''
SOLVED = "import math\ndef area(radius):\n    return math.pi * radius**2\nexhibits = {}"


@pytest.fixture
def private(tmp_path, tiny):
    """The tiny set with a check that breaks, as one that counts."""
    folder = tmp_path / "lab" / tiny.folder.name
    shutil.copytree(tiny.folder, folder)
    checks = folder / "checks.py"
    checks.write_text(checks.read_text().replace("OPEN = True\n", "") + BREAK_IT)
    notebook = folder / "notebook.md"
    cell = notebook.read_text()
    first = cell.index("```{code-cell}", cell.index('ps0.check("circle-area")') - 400)
    block = cell[first : cell.index("```", cell.index('ps0.check("circle-area")')) + 4]
    mine = block.replace("circle-area", "break-it").replace("points: 2", "points: 4")
    notebook.write_text(cell.replace(block, block + "\n" + mine))
    problem_set = ProblemSet("ps0", folder)
    problem_set.validate()
    return problem_set


def test_students_of_a_private_set_get_its_sentence_alone(private, tmp_path):
    release(private, tmp_path / "build")
    hand_out(private, tmp_path / "build")
    said = json.loads((tmp_path / "build/release/ps0/ps0.checks.json").read_text())
    (mine,) = [one for one in said["checks"] if one["id"] == "break-it"]
    assert mine["home"] == "private"
    assert "diameter" not in json.dumps(said)
    code = "from autograder.checks import problem_set\nproblem_set('ps0').check('break-it')"
    home = tmp_path / "build/release/ps0"
    done = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, timeout=60)
    assert "This is checked when your notebook is marked." in done.stdout


@pytest.mark.grading
def test_exhibits_are_marked_each_for_itself(private, notebook_of, tmp_path):
    """What stands in a notebook crosses as plain data; what is no exhibit costs itself, however it is made."""
    lines = 'exhibits["circumference"] = (3, 9 * math.pi)\nclass Sly(dict):\n    def get(self, name): raise SystemExit'
    path = tmp_path / "ps0.ipynb"
    points = []
    for more in (lines, lines + "\nexhibits = Sly(exhibits)", lines + '\nexhibits["diameter"] = (2, 4 * math.pi)'):
        path.write_text(json.dumps(notebook_of({"area": f"{SOLVED}\n{more}"})))
        result = grade_file("ada", path, private, 7, Sandbox(hidden=(tmp_path,)))
        points += [one.points for one in result.checks if one.id == "break-it"]
    assert points == [2, 0, 4]


@pytest.mark.parametrize("value", [np.float16("inf"), np.float32(2e9), float("nan"), 10**400])
def test_a_number_of_any_precision_is_finite_and_of_a_usual_size(value):
    with pytest.raises(NoExhibit, match="numbers are finite"):
        number(value)
    assert number(np.float16(1.5)) == 1.5
