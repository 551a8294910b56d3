"""A student's own cells of an earlier set take the place of a later set's default, with what they use, and count."""

import json
import shutil

import pytest
from click.testing import CliRunner

from autograder.authoring.carry import CannotCarry, carry
from autograder.authoring.prove import as_submission, read_case
from autograder.cli import main
from autograder.grade import grade_file
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, available, find
from autograder.ground.release import student_notebook
from autograder.read.submission import read_submission
from autograder.record.marked_copy import marked_copy
from autograder.run.plain import Plain

AREA = "def area(radius):\n    return half(TAU) * radius**2"
RING = "def ring_area(inner, outer):\n    return area(outer) - area(inner)"
HELPERS = """%matplotlib inline
TAU = 2 * np.pi
radius = 3.0
print("scratch", radius)

import functools
@functools.lru_cache
def half(x):
    return x / 2"""


@pytest.fixture
def course(tmp_path, root, tiny):
    """A folder of both sets; the second builds on the first."""
    shutil.copytree(tiny.folder, tmp_path / "exercises" / tiny.folder.name)
    shutil.copytree(root / "tests/autograder/carrying_course/psb_cylinders", tmp_path / "exercises/psb_cylinders")
    return tmp_path


@pytest.fixture
def psb(course) -> ProblemSet:
    return find("psb", course / "exercises")


@pytest.fixture
def write(course):
    """Return a function that writes a released notebook with the given sources, and perhaps a cell of one's own."""

    def do(id, cells=None, own=""):
        notebook = json.loads(json.dumps(student_notebook(find(id, course / "exercises"))))
        for cell in notebook["cells"]:
            cell["source"] = (cells or {}).get(grade_id(cell), cell["source"])
        if own:
            added = {"cell_type": "code", "id": "own", "metadata": {}, "source": own, "outputs": []}
            notebook["cells"].insert(2, added | {"execution_count": None})
        path = course / f"{id}.ipynb"
        path.write_text(json.dumps(notebook))
        return path

    return do


def grade_id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def source(path, id):
    cells = json.loads(path.read_text())["cells"]
    return next(c["source"] for c in cells if grade_id(c) == id)


def carried(course, earlier, later, **options):
    sets = [find(id, course / "exercises") for id in ("ps0", "psb")]
    return carry(earlier, later, *sets, **options)


def test_the_cells_come_with_what_they_use_and_nothing_else(course, write, psb):
    earlier = write("ps0", {"area": AREA, "ring": RING}, HELPERS)
    later = write("psb", {"volume": "def pipe_volume(a, b, height):\n    return ring_area(a, b) * height"})
    done = carried(course, earlier, later)
    text = source(later, "own-areas")
    assert (done.cell, done.parts, done.changed) == ("own-areas", ("area", "ring"), True)
    assert done.brought == ("TAU", "functools", "half", "np")
    assert "scratch" not in text
    assert "radius = 3.0" not in text
    assert "problem_set" not in text
    names: dict = {}
    exec(text, names)
    assert names["ring_area"](1.0, 2.0) == pytest.approx(9.42477796076938)
    result = grade_file("ada", later, psb, 5, Plain())
    assert (result.status, result.points) == ("marked", 2)
    assert not result.cell_errors


@pytest.mark.parametrize("odd", ["\f", "'\u2028\x1c'", "'\x85'\r\n'\v'\r"])
def test_lines_are_those_that_python_counts(course, write, odd):
    """Other characters end a line for `str.splitlines`, and every piece after them was cut in the wrong place."""
    earlier = write("ps0", {"area": AREA, "ring": RING}, f"{odd}\n{HELPERS}")
    later = write("psb")
    assert carried(course, earlier, later).brought == ("TAU", "functools", "half", "np")
    names: dict = {}
    exec(source(later, "own-areas"), names)
    assert names["ring_area"](1.0, 2.0) == pytest.approx(9.42477796076938)


def test_everything_else_in_the_notebook_stays(course, write):
    earlier = write("ps0", {"area": AREA, "ring": RING}, HELPERS)
    later = write("psb")
    before = json.loads(later.read_text())
    carried(course, earlier, later)
    after = json.loads(later.read_text())
    changed = [grade_id(a) for a, b in zip(after["cells"], before["cells"], strict=True) if a != b]
    assert changed == ["own-areas"]
    assert {k: v for k, v in after.items() if k != "cells"} == {k: v for k, v in before.items() if k != "cells"}
    time = later.stat().st_mtime_ns
    assert not carried(course, earlier, later).changed
    assert later.stat().st_mtime_ns == time


def test_a_changed_part_is_carried_again_and_a_cell_changed_by_hand_is_not_lost(course, write):
    earlier = write("ps0", {"area": AREA, "ring": RING}, HELPERS)
    later = write("psb")
    carried(course, earlier, later)
    write("ps0", {"area": AREA.replace("**2", " * radius"), "ring": RING}, HELPERS)
    assert carried(course, earlier, later).changed
    mine = write("psb", {"own-areas": "def area(r): ...  # mine"})
    with pytest.raises(CannotCarry, match=r"was changed by hand\. Say --force"):
        carried(course, earlier, mine)
    assert source(mine, "own-areas").endswith("# mine")
    assert carried(course, earlier, mine, force=True).changed


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"area": AREA}, r"In ps0.ipynb, ring is not done yet. Do it first, or stay with what"),
        ({"area": "def area(r)", "ring": RING}, "the cell area is no Python: expected ':'"),
    ],
)
def test_what_is_not_done_is_not_carried(course, write, cells, words):
    earlier, later = write("ps0", cells), write("psb")
    before = later.read_bytes()
    with pytest.raises(CannotCarry, match=words):
        carried(course, earlier, later)
    assert later.read_bytes() == before


def test_a_deleted_part_is_named(course, write):
    earlier, later = write("ps0"), write("psb")
    notebook = json.loads(earlier.read_text())
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) != "ring"]
    earlier.write_text(json.dumps(notebook))
    with pytest.raises(CannotCarry, match="has no cell ring"):
        carried(course, earlier, later)


@pytest.fixture
def command(course, monkeypatch):
    monkeypatch.chdir(course)
    return lambda *words: CliRunner().invoke(main, ["carry", *words, "--exercises", "exercises"])


def test_one_notebook_is_enough_where_the_other_lies_beside_it(course, write, command):
    write("ps0", {"area": AREA, "ring": RING}, HELPERS)
    write("psb")
    done = command("ps0", "psb", "ps0.ipynb")
    assert done.exit_code == 0, done.output
    assert "The cell own-areas of" in done.output
    (course / "ps0").mkdir()
    (course / "psb").mkdir()
    for id in ("ps0", "psb"):
        (course / f"{id}.ipynb").rename(course / id / f"{id}.ipynb")
    again = command("ps0", "psb", "psb/psb.ipynb")
    assert again.exit_code == 0, again.output
    assert "It did already" in again.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["psb", "ps0", "psb.ipynb"], "No cell of ps0 takes code of psb, of no other set."),
        (["ps0", "psb", "psb.ipynb"], "There is no ps0.ipynb beside psb.ipynb; name both: autograder carry ps0 psb"),
        (["ps0", "ps7", "psb.ipynb"], "There is no problem set 'ps7'"),
    ],
)
def test_what_cannot_be_carried_is_said_in_a_sentence(write, command, words, says):
    write("psb")
    if words[0] == "psb":
        write("ps0")
    done = command(*words)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_wrong_own_part_costs_nothing_later(course, write, psb):
    """A part that says `needs` is tried with the default too."""
    solved = {"volume": psb.cell("volume").source}
    wrong = write("psb", solved | {"own-areas": "def ring_area(inner, outer):\n    return 0.0"})
    assert grade_file("ada", wrong, psb, 5, Plain()).points == 2
    nothing = write("psb", {"own-areas": "def ring_area(inner, outer):\n    return 0.0"})
    assert grade_file("ada", nothing, psb, 5, Plain()).points == 0


def test_a_deleted_cell_gets_the_default_back(write, psb):
    path = write("psb", {"volume": psb.cell("volume").source})
    notebook = json.loads(path.read_text())
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) != "own-areas"]
    path.write_text(json.dumps(notebook))
    assert [c.name for c in read_submission(path, psb).code] == ["setup", "own-areas", "volume"]


def test_a_case_may_replace_it(course, psb):
    path = course / "case.py"
    path.write_text('# /// case\n# set = "psb"\n# fails = []\n# ///\n# %% own-areas\narea = None\n')
    code = as_submission(read_case(path), psb).code
    assert [c.source for c in code if c.name == "own-areas"] == ["area = None\n"]


def test_a_person_who_marks_sees_what_ran(course, write, psb):
    path = write("psb", {"own-areas": "mine = 1"})
    copy = json.loads(marked_copy(grade_file("ada", path, psb, 1, Plain()), path, student_notebook(psb)).text)
    assert [c["source"] for c in copy["cells"] if grade_id(c) == "own-areas"] == ["mine = 1"]


def test_a_cell_that_carries_must_be_a_plain_cell(course, psb):
    path = psb.folder / "notebook.md"
    path.write_text(path.read_text().replace("grade_id: own-areas, locked: false", "grade_id: own-areas, locked: true"))
    with pytest.raises(ProblemSetError, match="a cell that carries says"):
        find("psb", course / "exercises").validate()


def test_what_this_courses_sets_carry_is_there(root):
    sets = available(root / "exercises")
    for problem_set in sets.values():
        for cell in problem_set.cells:
            if cell.carries and cell.carries.set in sets:
                parts = {c.grade_id for c in sets[cell.carries.set].cells if c.role == "solution"}
                assert set(cell.carries.parts) <= parts, (problem_set.id, cell.grade_id)


@pytest.mark.parametrize(
    "deep", ["x = " + "(" * 5000 + ")" * 5000, "x = " + "-" * 100_000 + "1", "x = 1" + " + 1" * 100_000]
)
def test_what_is_nested_too_deeply_is_refused_in_words(course, write, psb, deep):
    earlier, later = write("ps0", {"area": deep, "ring": RING}), write("psb")
    with pytest.raises(CannotCarry, match="the cell area is no Python"):
        carried(course, earlier, later)
    earlier = write("ps0", {"area": AREA, "ring": RING}, own=deep)
    assert carried(course, earlier, later).changed
