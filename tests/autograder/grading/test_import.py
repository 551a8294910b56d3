"""An assignment of nbgrader becomes a problem set as it is: its tests run in the sandbox, and all else serves them."""

import ast
import base64
import csv
import json
import re

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.authoring.imported import import_assignment
from autograder.cli import main
from autograder.ground.cell_tests import cell_test
from autograder.ground.problem_sets import ProblemSetError
from autograder.ground.runs import Cell
from autograder.mark.in_place import result_in_place
from autograder.read.ipython_syntax import plain_python
from autograder.run.launch import run
from autograder.run.sandbox.launcher import Sandbox
from tests.autograder.grading.test_nbgrader_autograde import command, scores

pytestmark = pytest.mark.grading

MEAN = "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION"
TESTS = """assert mean(data) == 2.0, "the mean of 1, 2, 3 is 2"
### BEGIN HIDDEN TESTS
assert mean([10.0, 20.5]) == 15.25, "secretly"
### END HIDDEN TESTS"""
LARGEST = "data = [5.0, 7.0]\ndef largest(x):\n    ### BEGIN SOLUTION\n    return max(x)\n    ### END SOLUTION"
POINTS = """points = 0.0
for x in ([1, 2], [2, 1], [3, 3], [-1, -2]):
    points += largest(x) == max(x)
points"""


def test_a_notebook_that_was_released_already_is_refused(tmp_path):
    """Its blanks would be the reference, by which every student who has done nothing is right."""
    home = assignment(tmp_path)
    notebook = nbformat.read(home / "hw1.ipynb", as_version=4)
    for cell in notebook.cells:
        if "BEGIN SOLUTION" in cell.source:
            cell.source = cell.source.partition("\n")[0] + "\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    nbformat.write(notebook, home / "hw1.ipynb")
    with pytest.raises(ProblemSetError, match=r"holds no solution: each of its 2 cells .* instructor's notebook"):
        import_assignment(home, tmp_path / "sets")
    assert not (tmp_path / "sets").exists()


def test_pictures_of_cells_are_files_of_the_set_whatever_their_names_are(tmp_path):
    home = assignment(tmp_path)
    notebook = nbformat.read(home / "hw1.ipynb", as_version=4)
    names = [
        "image.png",
        "image.png",
        "../../../up.txt",
        str(tmp_path / "abs.txt"),
        "..",
        ".bashrc",
        "data.csv",
        "a b.png",
    ]
    for number, name in enumerate(names):
        text = "![x](attachment:" + name.replace(" ", "%20") + ")"
        content = {"image/png": base64.b64encode(f"picture {number}".encode()).decode()}
        notebook.cells.append(new_markdown_cell(text, attachments={name: content}))
    nbformat.write(notebook, home / "hw1.ipynb")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    folder, _ = import_assignment(home, tmp_path / "sets")
    files = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert all(folder in path.parents for path in files)
    assert (folder / "files/data.csv").read_text() == "1\n2\n3\n"  # what lay beside it stays
    shown = re.findall(r"!\[x\]\((.+?)\)", (folder / "notebook.md").read_text())
    read = [(folder / "files" / name).read_text() for name in shown]
    assert read == [f"picture {number}" for number in range(len(names))]  # each cell shows its own


def about(grade_id, *, grade=False, solution=False, points=None, task=False):
    locked = grade and not solution
    said = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked, "schema_version": 3}
    return {"nbgrader": said | {"task": task} | ({"points": points} if grade else {})}


def assignment(folder):
    """Write source/hw1 as an instructor has it: with data beside it, and a test that needs what stood above it then."""
    cells = [
        new_markdown_cell("# Means and more"),
        new_code_cell("%matplotlib inline\ndata = [float(line) for line in open('data.csv')]"),
        new_code_cell(MEAN, metadata=about("mean", solution=True)),
        new_code_cell(TESTS, metadata=about("test-mean", grade=True, points=2)),
        new_code_cell(LARGEST, metadata=about("largest", solution=True)),
        new_code_cell(POINTS, metadata=about("test-largest", grade=True, points=4)),
        new_markdown_cell("Because it is linear.", metadata=about("why", grade=True, solution=True, points=3)),
    ]
    home = folder / "source/hw1"
    home.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), home / "hw1.ipynb")
    (home / "data.csv").write_text("1\n2\n3\n")
    return home


RIGHT = {"mean": "def mean(x):\n    return sum(x) / len(x)", "largest": "data = [5, 7]\nlargest = max"}
STUDENTS = {
    "ada": (RIGHT, (2, 4)),
    "bob": (RIGHT | {"mean": "def mean(x):\n    return 2.0"}, (0, 4)),  # passes what is visible
    "carl": (RIGHT | {"mean": "def mean(x):\n    return x[1:].mean()"}, (0, 4)),
    "dora": (RIGHT | {"largest": "def largest(x):\n    return x[0]"}, (2, 3)),
    "eve": ({}, (0, 0)),  # nothing done
    "finn": (
        RIGHT | {"mean": "import os\ndef mean(x):\n    os._exit(0)"},
        (0, 4),
    ),
    "gina": (RIGHT | {"largest": "def largest(x):\n    while True: pass"}, (2, 0)),
}


def say(*words, status=0, answer=""):
    done = CliRunner().invoke(main, list(words), input=answer)
    assert done.exit_code == status, (words, done.output, done.stderr, done.exception)
    return " ".join(done.output.split())


def hand_in(course, students):
    for student in students:
        notebook = json.loads((course / "release/hw1/hw1.ipynb").read_text())
        for cell in notebook["cells"]:
            id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = STUDENTS[student][0].get(id, cell["source"])
        if student == "ada":  # who deletes the tests loses nothing
            notebook["cells"] = [c for c in notebook["cells"] if "test" not in json.dumps(c["metadata"])]
        path = course / f"submitted/{student}/hw1/hw1.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))


def test_an_assignment_is_marked_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    home = assignment(tmp_path)
    assert "exercises/hw1_means_and_more: notebook.md" in say("import", str(home))
    checks = tmp_path / "exercises/hw1_means_and_more/checks.py"
    checks.write_text(checks.read_text() + "SECONDS = 6.0\n")
    assert "1 of 1 cases do what their headers say" in say("prove", "hw1")
    say("release", "hw1")
    released = (tmp_path / "build/release/hw1/hw1.ipynb").read_text()
    assert "the mean of 1, 2, 3 is 2" in released
    assert not {"secretly", "HIDDEN", "sum(x)"} & set(released.split())
    assert (tmp_path / "build/release/hw1/data.csv").read_text() == "1\n2\n3\n"  # beside it, as it was
    hand_in(tmp_path / "build", STUDENTS)
    say("grade", "hw1", "--submissions", "build/submitted", "--jobs", "2")
    results = json.loads((tmp_path / "build/grading/hw1/results.json").read_text())["submissions"]
    points = {r["student"]: tuple(c["points"] for c in r["checks"]) for r in results}
    assert points == {student: planned for student, (_, planned) in STUDENTS.items()}
    findings = {r["student"]: [c["finding"] for c in r["checks"]] for r in results}
    assert findings["bob"][0] == "A hidden test did not pass (AssertionError)."
    assert "raised AttributeError: 'list' object has no attribute 'mean'" in findings["carl"][0]
    assert "line 2: return x[1:].mean()" in findings["carl"][0]
    assert findings["dora"][1] == "These tests give 3 of 4 points."
    assert findings["eve"][0].startswith("This part is not done yet")
    told = "".join(path.read_text() for path in (tmp_path / "build/grading/hw1").rglob("*.html"))
    told += "".join(path.read_text() for path in (tmp_path / "build/autograded").rglob("*.ipynb"))
    assert "secretly" not in told
    assert "15.25" not in told
    with Gradebook(f"sqlite:///{tmp_path / 'build/gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("hw1", "dora")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (5, 9, True)
    text = tmp_path / "exercises/hw1_means_and_more/notebook.md"
    text.write_text(text.read_text().replace("assert mean([10.0, 20.5]) == 15.25", "assert mean([10.0, 20.5]) > 1"))
    said = say("grade", "hw1", "--submissions", "build/submitted", "--jobs", "2", status=1, answer="n\n")
    assert "bob: 4 points are recorded, 6 now (test-mean 0 -> 2)" in said
    assert "test-mean: 0 then, 2 of 2 now" in say("appeal", "bob", "hw1", status=1)
    say("export", "hw1")
    with (tmp_path / "build/grading/hw1/marks.csv").open() as file:
        assert {row["student"]: float(row["total"]) for row in csv.DictReader(file)} == {
            student: float(sum(planned)) for student, (_, planned) in STUDENTS.items()
        }


def test_the_stock_command_marks_it_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    say("import", str(assignment(tmp_path)))
    say("release", "hw1")
    students = ("ada", "bob", "dora", "eve", "finn")
    hand_in(tmp_path / "build", students)
    for words in (["generate_assignment", "hw1", "--force"], ["autograde", "hw1"]):
        done = command(tmp_path / "build", "nbgrader", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    planned = {student: sum(STUDENTS[student][1]) for student in students}
    assert scores(tmp_path / "build/gradebook.db", "hw1") == planned
    copies = "".join(path.read_text() for path in (tmp_path / "build/autograded").rglob("*.ipynb"))
    assert "secretly" not in copies
    assert "15.25" not in copies


ENDS = {
    "1.5": 1.5,
    "float('nan')": 0,
    "float('inf')": 0,
    "-3": 0,
    "7": 2,
    "True": 2,
    "1 > 2": 0,
    "np.float64(0.5)": 0.5,
    "np.int8(1)": 1,
    "np.array([1.0, 2.0]).max() > 1": 2,
    "np.array(1.5)": 1.5,
    "fractions.Fraction(1, 2)": 0.5,
    "decimal.Decimal('0.5')": 0.5,
    "0": 0,
    "np.array([0])": 2,
    "[0.0]": 2,
    "[]": 2,
    "0.5j": 0,
    "np.complex64(2)": 0,
    "'1.5'": 2,
    "(1, 2)": 2,
    "type('Own', (), {})()": 2,
    "type('Table', (), {'_repr_html_': lambda self: '<table></table>'})()": 2,
    "plt.plot([1, 2])": 2,
    "10**400": 0,
    "decimal.Decimal('nan')": 0,
    "None": 2,
    "assert True": 2,
    "print(0)": 2,
}
ABOVE = ("", "%precision 3\n", "%%time\n")


@pytest.fixture(scope="module")
def ran():
    """How cells end that end so: one run."""
    imports = "numpy as np", "matplotlib.pyplot as plt", "fractions", "decimal"
    names = Cell("names", "\n".join(f"import {what}" for what in imports))
    sources = [above + end for above in ABOVE for end in ENDS]
    cells = [Cell(f"t{n}", plain_python(source), show=True) for n, source in enumerate(sources)]
    return dict(zip(sources, run([names, *cells], [], Sandbox(["numpy", "matplotlib"])).cells[1:], strict=True))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("above", ABOVE)
def test_points_in_the_last_line_stay_between_nothing_and_all(above, end, ran):
    """nbgrader turned 0, nan and negative points into full marks; its issue 1339. What is no number is a display."""
    assert not ran[above + end].error
    found = result_in_place(cell_test("t", points=2), ran[above + end], above + end)
    assert (found.points, found.passed) == (ENDS[end], ENDS[end] == 2)
    assert found.passed or "points" in found.finding


HIDING = """def check(x):
    assert f(x)
check(1)
### BEGIN HIDDEN TESTS
check(73519)
### END HIDDEN TESTS
f(4)"""
RAISING = {
    "raise ValueError('oops (line 1: x')": "(ValueError). It was raised in your cell, line 4: ",
    "raise ValueError(f'{x} (line 1: x)')": "(ValueError). It was raised in your cell, line 4: ",
    "raise type(f'E{x}', (Exception,), {})(x)": "A hidden test did not pass (an exception).",
    "raise type('not run to its end', (Exception,), {})(x)": "A hidden test did not pass (an exception).",
    "eval(f'{x} +')": "A hidden test did not pass (SyntaxError).",
    "return False": "A hidden test did not pass (AssertionError).",
}


@pytest.mark.parametrize("does", RAISING)
def test_what_a_hidden_test_raises_does_not_show_it(does):
    """Neither the student's words nor a visible line that hidden ones call bring a hidden test to light."""
    student = f"def f(x):\n    if x < 5:\n        return True\n    {does}"
    cells = [Cell("f", student), Cell("t", HIDING, show=True)]
    ended = run(cells, [], Sandbox(["numpy"])).cells[1]
    found = result_in_place(cell_test("t", points=2), ended, HIDING)
    assert RAISING[does] in found.finding
    assert found.finding.startswith("A hidden test did not pass (")
    assert "73519" not in found.finding


def test_what_a_visible_line_raises_is_told_unless_a_hidden_line_stands_in_it():
    look = "\ndef f(x):\n    raise ValueError(WHAT)"
    for what, said in (("'oops (line 5: x'", "`assert f(x)`, raised ValueError: oops (line 5: x. It was"),
                       ("'check(735' + '19)'", "`assert f(x)`, raised ValueError. It was")):  # fmt: skip
        cells = [Cell("f", look.replace("WHAT", what)), Cell("t", HIDING, show=True)]
        ended = run(cells, [], Sandbox(["numpy"])).cells[1]
        found = result_in_place(cell_test("t", points=2), ended, HIDING)
        assert f"Line 2 of the tests, {said}" in found.finding
        assert "73519" not in found.finding


def test_the_lines_that_python_keeps_of_a_test_are_those_that_students_have():
    look = "import linecache\ndef f(x):\n    return print(linecache.getlines('<cell t>')) or True"
    ran = run([Cell("f", look), Cell("t", HIDING, show=True)], [], Sandbox(["numpy"])).cells[1]
    assert "f(4)" in ran.output
    assert "73519" not in ran.output


@pytest.mark.parametrize(
    "title", [r"Solving $\xi = 1$", r"$\Name \\ \u0 \N{x}$", 'He said """hm"""', "\\", 'x"', "{a} {}"]
)
def test_whatever_the_title_is_the_checks_are_python(title, tmp_path):
    home = assignment(tmp_path)
    notebook = nbformat.read(home / "hw1.ipynb", as_version=4)
    notebook.cells[0].source = f"# {title}"
    nbformat.write(notebook, home / "hw1.ipynb")
    folder, _ = import_assignment(home, tmp_path / "e")
    said = ast.get_docstring(ast.parse((folder / "checks.py").read_text()))
    assert said.startswith(title.replace('"', "'") + ": the tests of an assignment")


def test_what_is_no_assignment_is_refused(tmp_path):
    home = assignment(tmp_path)
    with pytest.raises(ProblemSetError, match="'HW 1' is no id of a problem set"):
        import_assignment(home, tmp_path / "e", "HW 1")
    with pytest.raises(ProblemSetError, match="holds 0 notebooks"):
        import_assignment(tmp_path / "source", tmp_path / "e")
    import_assignment(home, tmp_path / "e")
    with pytest.raises(ProblemSetError, match="There is a problem set hw1 already"):
        import_assignment(home, tmp_path / "e")
    notebook = nbformat.read(home / "hw1.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]
    notebook.cells.append(new_code_cell("import no_such_module"))
    nbformat.write(notebook, home / "hw1.ipynb")
    with pytest.raises(ProblemSetError, match="has no cell of tests: so it is no assignment"):
        import_assignment(home, tmp_path / "e", "hw2")
    notebook.cells.append(new_code_cell("assert 1", metadata=about("t", grade=True, points=1)))
    nbformat.write(notebook, home / "hw1.ipynb")
    _, remarks = import_assignment(home, tmp_path / "e", "hw2")
    assert remarks == ["It imports no_such_module, which is not installed here; install it, and add it to IMPORTS."]
