"""What was reported of other graders, played here: one class, of whom each hands in what one report tells of.

Each report is named by its project and number, and said in our words.
"""

import json
import zipfile

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.read.collect import collect

pytestmark = pytest.mark.grading
AREA = "def area(radius):\n    return np.pi * radius**2"
RING = "def ring_area(inner, outer):\n    return area(outer) - area(inner)"


def with_id(notebook, id):
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == id)


def own(source, cell_type="code"):
    cell = {"cell_type": cell_type, "source": source, "metadata": {}}
    return cell | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})


def copied(notebook):
    """nbgrader 1083: a cell copied with its id; the marking of the whole notebook fails, with words about versions."""
    for id in ("area", "circle-area"):
        place = notebook["cells"].index(with_id(notebook, id))
        notebook["cells"].insert(place + 1, json.loads(json.dumps(notebook["cells"][place])))


def bare(notebook):
    """nbgrader 424: cells that a person marks come back without metadata, and so without a place for points."""
    with_id(notebook, "why").update(metadata={}, source="Since each side grows.")


def compromised(notebook):
    """nbgrader 1941: cells inserted, deleted, and turned into text; the batch breaks, and work is copied by hand."""
    with_id(notebook, "area")["cell_type"] = "markdown"
    notebook["cells"].remove(with_id(notebook, "ring-area"))
    place = notebook["cells"].index(with_id(notebook, "ring"))
    notebook["cells"].insert(place, own("scratch = 1 / 2"))
    notebook["cells"].insert(place, own(AREA))


def dying(notebook):
    """cocalc 4879: a cell that kills the kernel is to lose its own marks, and no other's."""
    with_id(notebook, "ring")["source"] = "import os\nos._exit(1)"


def with_data(notebook):
    """otter-grader 559: students' own data lie in a file beside the notebook; can marking use it?

    Here it cannot: nothing that a student sends comes along but the notebook. The reason says so, and costs one cell.
    """
    notebook["cells"].insert(1, own("measured = open('measured.csv').read()"))
    with_id(notebook, "ring")["source"] = RING.replace("return", "return len(measured) * 0 +")


REPORTS = {
    "copied": (copied, 5, ""),
    "bare": (bare, 5, ""),
    "compromised": (compromised, 5, ""),
    "dying": (dying, 2, "its Python process ended (in cell ring)"),
    "with_data": (with_data, 2, "when it is marked, there are just the problem set's own files"),
}


def test_what_befell_others_costs_nobody_more_than_its_own_part(tmp_path, tiny, notebook_of):
    for student, (change, *_) in REPORTS.items():
        notebook = notebook_of({"area": AREA, "ring": RING, "why": "Because of the square."})
        change(notebook)
        path = tmp_path / "submitted" / student / "ps0/ps0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    (tmp_path / "submitted/with_data/ps0/measured.csv").write_text("1,2\n")
    words = ["grade", "ps0", "--submissions", str(tmp_path / "submitted"), "--course", str(tmp_path / "build")]
    done = CliRunner().invoke(main, [*words, "--jobs", "2", "--exercises", str(tiny.folder.parent)])
    assert done.exit_code == 0, done.output + done.stderr
    results = json.loads((tmp_path / "build/grading/ps0/results.json").read_text())["submissions"]
    told = {one["student"]: " ".join(json.dumps(one).split()) for one in results}
    assert {one["student"]: one["points"] for one in results} == {s: points for s, (_, points, _) in REPORTS.items()}
    assert all(says in told[student] for student, (_, _, says) in REPORTS.items())
    assert "Code cells were turned into text (area)" in told["compromised"]
    assert "No such file or directory: 'measured.csv'" in told["with_data"]
    with Gradebook(f"sqlite:///{tmp_path / 'build/gradebook.db'}") as gradebook:
        for student in REPORTS:
            assert gradebook.find_grade("why", "ps0", "ps0", student).needs_manual_grade, student
    assert "Since each side grows." in (tmp_path / "build/autograded/bare/ps0/ps0.ipynb").read_text()


def test_a_second_attempt_is_collected_whole(tmp_path):
    """nbgrader 724: of a second attempt with two notebooks one replaced the first attempt's, one was passed over."""
    files = ("ps1.ipynb", "b.ipynb")
    names = [f"ps1_ada_attempt_2017-03-03-{hour}-00-00_{file}" for hour in (11, 17) for file in files]
    with zipfile.ZipFile(tmp_path / "bulk.zip", "w") as archive:
        for name in names:
            archive.writestr(name, name)
    found = collect(tmp_path / "bulk.zip", "ps1", tmp_path / "s")
    assert found.notebooks["ada"].read_text() == names[2]
    done = {line.file: line.done for line in found.lines}
    assert done[names[0]] == done[names[1]] == f"an earlier attempt than {names[2]}"
    assert done[names[3]] == f"a further notebook of ps1, beside {names[2]}"
    assert [line.file for line in found.left] == [names[3]]
