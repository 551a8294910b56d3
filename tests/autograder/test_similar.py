"""Submissions that look alike are found, renamed or not; what a class or the notebook shares is held against nobody."""

import json
import random

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.ground.runs import Cell
from autograder.read.submission import Submission
from autograder.report.similar import pairs

OPERATORS = ["+", "-", "*", "/", "//", "%", "@", "<", ">=", "and", "or", "^"]


def rare_code(seed: int) -> str:
    """A function of many operators, which nobody else would write."""
    dice = random.Random(seed)
    signs = [dice.choices(OPERATORS, k=2) for _ in range(12)]
    lines = [f"    x = (x {first} {dice.random()}) {second} f(x, [x])" for first, second in signs]
    return "def helper(x, f):\n" + "\n".join(lines) + "\n    return x"


def handed_in(*sources: str) -> Submission:
    return Submission((), tuple(Cell(f"cell {n}", source) for n, source in enumerate(sources)))


def test_a_copy_is_found_under_other_names_in_another_order(tiny):
    renamed = rare_code(1).replace("helper", "mine").replace("x", "zz")
    others = {f"other{n}": handed_in(rare_code(n + 10)) for n in range(8)}
    found = pairs({"ada": handed_in(rare_code(1), "a = 1"), "bob": handed_in("# mine", renamed), **others}, tiny)
    assert [pair.students for pair in found] == [("ada", "bob")]
    assert found[0].share == 1.0
    (mine,), (theirs,) = found[0].places
    assert (mine.cell, mine.first, mine.last) == ("cell 0", 1, 14)
    assert (theirs.cell, theirs.first, theirs.last) == ("cell 1", 1, 14)
    assert list(mine.lines) == rare_code(1).splitlines()


def test_half_a_copy_is_found_where_half_is_asked_for(tiny):
    both = {"ada": handed_in(rare_code(1), rare_code(2)), "bob": handed_in(rare_code(1), rare_code(3))}
    (pair,) = pairs(both, tiny, least=0.5)  # some runs are alike by chance
    assert 0.5 <= pair.share < 0.9
    assert {("cell 0", 1, 14)} <= {(place.cell, place.first, place.last) for place in pair.places[0]}
    assert pairs(both, tiny, least=0.9) == []


def test_what_many_share_is_no_sign(tiny):
    everyone = {f"student{n}": handed_in(rare_code(1), rare_code(n + 10)) for n in range(8)}
    assert pairs(everyone, tiny) == []


def test_the_notebook_and_its_solutions_are_no_sign(tiny):
    same = handed_in(*(cell.source for cell in tiny.cells if cell.cell_type == "code"))
    assert pairs({"ada": same, "bob": same}, tiny) == []


@pytest.mark.parametrize("source", ["", "def f(:", "x = '''", "(" * 200, "%magic", "\0", "\ud800", "x = 1"])
def test_what_is_short_or_no_python_says_nothing(tiny, source):
    assert pairs({"ada": handed_in(source), "bob": handed_in(source)}, tiny) == []


def test_the_command_lists_and_writes_nothing(tiny, tmp_path, notebook_of, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for student, source in {"ada": rare_code(1), "bob": rare_code(1), "cyd": rare_code(2), "dan": None}.items():
        path = tmp_path / "submitted" / student / "ps0" / "ps0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook_of({"area": source})) if source else "{")
    words = ["similar", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    assert "100%  ada and bob share" in done.output
    assert "bob: The cell `area`, lines 1 to 14" in done.output
    assert f"| {rare_code(1).splitlines()[1]}" in done.output
    assert "1 pair among 3 submissions that could be read" in done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["submitted"]
