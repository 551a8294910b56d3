"""A check that is not written as it must be is refused with what to write; so is a contradictory problem set."""

import os
import shutil
from pathlib import Path

import pytest

from autograder.checks import CheckError, Mistake, Raises, check, load_checks
from autograder.ground.check import id_of
from autograder.ground.problem_sets import ProblemSetError, available, find, folders


def written(**said):
    """A class body with all that a check needs, changed by `said`; None takes something out."""
    body = {
        "__doc__": "A sentence.",
        "inputs": lambda rng: {},
        "probe": probe,
        "expected": lambda: 1,
        "hint": "Chapter 0.",
    } | said
    return type("Sentence", (), {k: v for k, v in body.items() if v is not None})


def probe(student):
    return student.f()


def test_a_check_keeps_what_its_class_says():
    made = check("one", part="f", points=2, needs=["g"])(written(trials=3, rtol=lambda: 1e-3))
    assert (made.id, made.part, made.points, made.needs, made.trials) == ("one", "f", 2, ("g",), 3)
    assert made.probe_source.startswith("def probe(student):")
    assert made.tolerance({}) == (1e-3, 0.0)


@pytest.mark.parametrize(
    ("said", "points", "words"),
    [
        ({"expected": None}, 1, "no `expected`"),
        ({"__doc__": None}, 1, "no docstring"),
        ({"trails": 3}, 1, "says `trails`, which no check has"),
        ({}, 0, "worth 0 points"),
        ({"probe": lambda student: 1}, 1, "as a function"),
    ],
)
def test_what_is_missing_or_unknown_is_named(said, points, words):
    with pytest.raises(CheckError, match=words):
        check("one", part="f", points=points)(written(**said))


def test_inputs_that_cannot_be_drawn_are_told_with_their_seed():
    made = check("one", part="f", points=1)(written(inputs=lambda rng: 1 / 0))
    with pytest.raises(CheckError, match=r"^one: .* from the seed 5, trial 2 \(ZeroDivisionError: division by zero\)"):
        made.draw(5, 2)


def test_inputs_may_ask_which_trial_they_are_for():
    made = check("one", part="f", points=1)(written(inputs=lambda rng, trial: {"x": rng.integers(1000), "d": trial}))
    assert [made.draw(5, trial)["d"] for trial in range(3)] == [0, 1, 2]
    assert made.draw(5, 2) == made.draw(5, 2) != made.draw(6, 2)


def test_needs_is_no_text():
    with pytest.raises(CheckError, match=r"write a list of parts, \['area'\]"):
        check("one", part="f", points=1, needs="area")(written())


def test_names_of_what_is_returned_are_no_text():
    with pytest.raises(CheckError, match=r"write a list of names, \['the area'\]"):
        check("one", part="f", points=1)(written(returns="the area"))


def test_a_file_without_checks_or_with_twins_is_refused(tmp_path):
    path = tmp_path / "checks.py"
    with pytest.raises(CheckError, match="no file"):
        load_checks(path)
    path.write_text("x = 1\n")
    with pytest.raises(CheckError, match="holds no check"):
        load_checks(path)


WITH_FILES = """
from autograder.checks import check
from . import mistakes

@check("area", part="area", points=1)
class Area:
    \"\"\"The area is right.\"\"\"
    def inputs(rng): return {"side": 2.0}
    def probe(student, side): return student.area(side)
    def expected(side): return side**2
    mistakes = mistakes.AREA
    hint = "Multiply."
"""


def test_files_beside_the_checks_are_read_afresh_with_them(tmp_path):
    for course, factor in (("one", 2), ("two", 3)):  # of the same names, in folders of their own
        home = tmp_path / course / "ps0_squares"
        home.mkdir(parents=True)
        (home / "checks.py").write_text(WITH_FILES)
        entry = f'"sum": Mistake("the sides are added", lambda side: {factor} * side)'
        (home / "mistakes.py").write_text(f"from autograder.checks import Mistake\nAREA = {{{entry}}}\n")
    answers = [
        load_checks(tmp_path / course / "ps0_squares" / "checks.py").checks[0].mistaken("sum", {"side": 2.0})
        for course in ("one", "two", "one")
    ]
    assert answers == [4, 6, 4]
    path = tmp_path / "one" / "ps0_squares" / "mistakes.py"
    path.write_text(path.read_text().replace("2 * side", "20 + side"))
    assert load_checks(path.with_name("checks.py")).checks[0].mistaken("sum", {"side": 2.0}) == 22


def test_a_mistake_has_an_id_its_own_or_one_made_of_its_words():
    made = {"no-root": Mistake("the root is missing", lambda x: x), "a half of it": lambda x: x / 2}
    checked = check("one", part="f", points=1)(written(mistakes=made))
    (first, second) = checked.mistakes
    assert (first, checked.mistakes[first].words) == ("no-root", "the root is missing")
    assert (second, checked.mistakes[second].words) == (id_of("a half of it"), "a half of it")
    assert [checked.mistaken(id, {"x": 4.0}) for id in checked.mistakes] == [4.0, 2.0]


def test_an_exceptions_class_alone_is_refused():
    def somewhere(x):
        try:
            return 1 / x
        except ZeroDivisionError:
            return ZeroDivisionError

    for bare in (lambda x: TypeError, somewhere):
        with pytest.raises(CheckError, match=r"by the class (TypeError|ZeroDivisionError) alone, and many"):
            check("one", part="f", points=1)(written(mistakes={"bare": Mistake("it raises", bare)}))
    with pytest.raises(CheckError, match="names a mistake by its class alone"):
        Raises(TypeError, "")
    told = {"told": Mistake("it raises", lambda x: Raises(TypeError, "is not callable"))}
    assert check("one", part="f", points=1)(written(mistakes=told)).mistakes.keys() == told.keys()


def test_one_id_is_one_mistake_in_the_whole_set(tmp_path):
    path = tmp_path / "checks.py"
    path.write_text(
        WITH_FILES.replace("from . import mistakes\n", "from autograder.checks import Mistake\n").replace(
            "mistakes.AREA", '{"sum": Mistake("the sides are added", lambda side: 2 * side)}'
        )
    )
    (one,) = load_checks(path).checks
    twice = path.read_text() + path.read_text().replace('"area", part', '"area-too", part').replace(
        "class Area", "class B"
    )
    path.write_text(twice)
    assert [[*checked.mistakes] for checked in load_checks(path).checks] == [["sum"], ["sum"]]
    path.write_text(twice.replace("the sides are added", "the sides are summed", 1))
    with pytest.raises(
        CheckError, match=r"the id 'sum' for two mistakes, 'the sides are summed' and 'the sides are added'"
    ):
        load_checks(path)
    assert one.id == "area"


@pytest.fixture
def copied(tiny, tmp_path):
    """The tiny course in a folder of its own, and a function that edits one of its files."""
    shutil.copytree(tiny.folder.parent, tmp_path / "exercises")

    def edit(name, old, new):
        path = tmp_path / "exercises" / "ps0_circles" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        return find("ps0", tmp_path / "exercises")

    return edit


def test_the_tiny_set_is_whole(tiny):
    tiny.validate()
    assert (tiny.title, tiny.max_points) == ("Circles", 5)
    assert [c.points for c in tiny.manual_cells] == [4]
    assert [c.role for c in tiny.cells if c.cell_type == "code"] == ["given", "solution", "test", "solution", "test"]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("checks.py", "points=2", "points=3", "worth 3 in checks.py and 2 in notebook.md"),
        ("checks.py", '"ring-area", part="ring"', '"ring-area", part="rings"', "'rings', which is no solution cell"),
        ("checks.py", 'needs=["area"]', 'needs=["areas"]', "'areas', which is no solution cell"),
        ("notebook.md", "grade_id: circle-area", "grade_id: circle", "'circle-area' has no test cell"),
        ("notebook.md", "grade_id: circle-area", "grade_id: circle", "'circle' has no check"),
        ("notebook.md", "grade_id: ring,", "grade_id: area,", "two cells have the grade_id 'area'"),
        ("notebook.md", 'ps0.check("ring-area")', "assert True", "must hold this one line"),
    ],
)
def test_contradictions_are_named(copied, name, old, new, words):
    with pytest.raises(ProblemSetError, match=words):
        copied(name, old, new).validate()


def test_problem_sets_are_found_by_their_ids(tiny, root, monkeypatch):
    assert list(available(tiny.folder.parent)) == ["ps0"]
    with pytest.raises(ProblemSetError, match=r"no problem set 'ps77'. There are: ps0"):
        find("ps77", tiny.folder.parent)
    with pytest.raises(ProblemSetError, match="no folder nowhere"):
        find("ps0", "nowhere")
    monkeypatch.chdir(root / "tests")
    assert available()["ps1"].folder.parent == root / "exercises"


@pytest.mark.parametrize("theirs", ["", "ps0_circles", "ps0_circles/checks.py"])
def test_what_another_user_laid_above_is_not_run(tiny, tmp_path, monkeypatch, theirs):
    """Checks are run as whoever asks for them: what is found by going up must be of somebody trusted, all of it."""
    shutil.copytree(tiny.folder, tmp_path / "exercises" / tiny.folder.name)
    here = tmp_path / "my" / "work"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    assert folders()[0] == tmp_path / "exercises"

    def owned(path, *, follow_symlinks=True, stat=Path.stat):
        found = list(stat(path, follow_symlinks=follow_symlinks))
        found[4] = 4242 if path == tmp_path / "exercises" / theirs else 1000  # the owner
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", owned)
    with pytest.raises(ProblemSetError, match="belong to another user"):
        find("ps0")
    assert find("ps0", tmp_path / "exercises").id == "ps0"  # named, it is trusted
