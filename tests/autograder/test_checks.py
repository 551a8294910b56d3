"""A check that is not written as it must be is refused with what to write; so is a contradictory problem set."""

import shutil

import pytest

from autograder.checks import CheckError, check, load_checks
from autograder.ground.problem_sets import ProblemSetError, available, find


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
