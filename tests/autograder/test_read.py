"""A submission is read as plain data, whatever the file holds, or refused in a sentence; nothing in it is run."""

import json
import os
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.ground.problem_sets import ProblemSetError, SourceCell, find
from autograder.read.class_folder import find_submissions, read_handed_in, without_notebook
from autograder.read.collected import Line
from autograder.read.ipython_syntax import plain_python
from autograder.read.notices import to_look_at, unanswered
from autograder.read.submission import (
    SubmittedCell,
    Unreadable,
    find_problem_set,
    own_cells,
    read_cells,
    read_submission,
    with_reference,
)


@pytest.fixture
def read(tiny, tmp_path):
    """Return a function that writes a notebook (JSON, text or bytes) and reads it as a submission of ps0."""

    def do(content):
        path = tmp_path / "ps0.ipynb"
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(content)
        return read_submission(path, tiny)

    return do


def cell(notebook, grade_id):
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def test_code_is_what_the_student_wrote_without_test_cells(read, notebook_of):
    code = read(notebook_of({"area": "area = 7"})).code
    assert [c.name for c in code] == ["setup", "area", "ring"]
    assert code[1].source == "area = 7"


def test_given_cells_come_from_the_instructor(read, notebook_of, tiny):
    altered = notebook_of({"setup": "import os; os.remove('/')"})
    assert read(altered).code[0].source == tiny.cell("setup").source
    altered["cells"].remove(cell(altered, "setup"))
    assert [c.name for c in read(altered).code] == ["setup", "area", "ring"]


def test_helper_cells_count(read, notebook_of):
    notebook = notebook_of()
    helper = {"cell_type": "code", "metadata": {}, "source": ["def twice(x):\n", "    return 2 * x"]}
    notebook["cells"].insert(2, helper)
    assert read(notebook).code[1].source == "def twice(x):\n    return 2 * x"


def test_deleted_and_doubled_cells_are_noticed_and_cost_nothing(read, notebook_of):
    notebook = notebook_of()
    for id in ("circle-area", "ring-area", "ring"):
        notebook["cells"].remove(cell(notebook, id))
    notebook["cells"].append(cell(notebook, "area"))
    submission = read(notebook)
    assert "circle-area, ring-area" in submission.notices[0]
    assert "(ring)" in submission.notices[1]
    assert "(area)" in submission.notices[2]
    assert len(submission.code) == 3


def test_forged_points_change_nothing(read, notebook_of):
    notebook = notebook_of()
    cell(notebook, "area")["metadata"]["nbgrader"] |= {"points": 99, "grade": True, "solution": False}
    assert read(notebook).code == read(notebook_of()).code


def test_a_byte_order_mark_is_no_fault(read, notebook_of):
    assert read(b"\xef\xbb\xbf" + json.dumps(notebook_of()).encode()).code


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ('{"cells": [', "is damaged: it stops being a notebook at line 1"),
        (b"\xff\x00\xfa", "UTF-8"),
        ("[" * 200_000, "is damaged"),
        ("[]", "no notebook"),
        ("{}", "format 4"),
        ({"nbformat": 4, "cells": 3}, "format 4"),
        ({"nbformat": 4, "cells": [3]}, "without type or source"),
        ({"nbformat": 4, "cells": [{"cell_type": "code"}]}, "without type or source"),
        ({"nbformat": 4, "cells": []}, "not the notebook of ps0"),
        ({"nbformat": 4, "cells": [{"cell_type": "code", "source": ""}] * 1001}, "1001 cells"),
        (b" " * (10 * 2**20 + 1), "the limit is 10 MB"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_sentence(read, content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_links_folders_and_pipes_are_refused(tiny, tmp_path):
    link, folder, pipe = tmp_path / "link.ipynb", tmp_path / "folder.ipynb", tmp_path / "pipe.ipynb"
    link.symlink_to("/etc/passwd")
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (link, folder, pipe):
        with pytest.raises(Unreadable, match="not a plain file"):
            read_submission(path, tiny)
    with pytest.raises(Unreadable, match="There is no file"):
        read_submission(tmp_path / "none.ipynb", tiny)


shapes = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nbformat", "cells", "cell_type", "source", "metadata", "nbgrader", "grade_id"]), inner
        )
    ),
)


@given(st.lists(shapes | st.just({"cell_type": "code", "source": "x"}), max_size=4), st.sampled_from([3, 4, 5, None]))
def test_any_json_is_read_or_refused(tmp_path_factory, cells, nbformat):
    path = tmp_path_factory.mktemp("any") / "ps0.ipynb"
    path.write_text(json.dumps({"nbformat": nbformat, "nbformat_minor": 0, "metadata": {}, "cells": cells}))
    try:
        read_cells(path)
    except Unreadable:
        pass


def test_magics_become_calls_and_nothing_runs():
    assert plain_python("x = 1 % 2") == "x = 1 % 2"
    assert "get_ipython().run_line_magic('matplotlib', 'inline')" in plain_python("%matplotlib inline\nx = 1")
    assert "get_ipython().system" in plain_python("!touch danger")


def test_the_problem_set_is_known_by_the_cells(tiny, tmp_path, notebook_of):
    path = tmp_path / "anything.ipynb"
    path.write_text(json.dumps(notebook_of()))
    assert find_problem_set(path, tiny.folder.parent).id == "ps0"
    path.write_text(json.dumps({"nbformat": 4, "cells": []}))
    with pytest.raises(ProblemSetError, match=r"of no problem set of this course \(ps0\)"):
        find_problem_set(path, tiny.folder.parent)


def test_the_reference_takes_the_place_of_earlier_parts(read, notebook_of, tiny):
    code = read(notebook_of({"area": "area = 7"})).code
    assert [c.source for c in with_reference(code, ["area"], tiny)][1] == tiny.cell("area").source
    without = tuple(c for c in code if c.name != "area")
    assert [c.name for c in with_reference(without, ["area"], tiny)] == ["setup", "area", "ring"]


def test_a_folder_a_level_too_deep_or_too_high_is_refused(tmp_path):
    path = tmp_path / "submitted/ada/ps0/ps0.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert find_submissions(tmp_path / "submitted", "ps0") == {"ada": path}
    with pytest.raises(FileNotFoundError, match=r"is one student's folder.*Give the folder above, .*submitted"):
        find_submissions(tmp_path / "submitted/ada", "ps0")
    with pytest.raises(FileNotFoundError, match=r"Give the folder of students, .*submitted"):
        find_submissions(tmp_path, "ps0")


def test_a_course_folder_is_no_folder_of_students(tmp_path):
    """Its source, release and autograded would be marked as students; so it is refused, and never recommended."""
    build = tmp_path / "build"
    for path in ("source/ps0/ps0.ipynb", "release/ps0/ps0.ipynb", "submitted/ada/ps1/ps1.ipynb"):
        (build / path).parent.mkdir(parents=True)
        (build / path).write_text("{}")
    with pytest.raises(FileNotFoundError, match=r"is no folder of students.* by nobody in .*build/submitted"):
        find_submissions(tmp_path, "ps0")
    (build / "submitted/bob/ps0").mkdir(parents=True)
    (build / "submitted/bob/ps0/ps0.ipynb").write_text("{}")
    with pytest.raises(FileNotFoundError, match=r"Give the folder of students, .*build/submitted\.$"):
        find_submissions(tmp_path, "ps0")
    with pytest.raises(FileNotFoundError, match=r"is a course folder.*Give .*build/submitted\.$"):
        find_submissions(build, "ps0")
    (build / "nbgrader_config.py").write_text("")
    shutil.rmtree(build / "release")
    with pytest.raises(FileNotFoundError, match=r"is a course folder"):
        find_submissions(build, "ps0")


def test_another_set_than_was_handed_in_is_refused(tmp_path):
    """A class would get 0 points, each missing, and a gradebook that says so."""
    for student in ("ada", "bob"):
        (tmp_path / student / "lab1").mkdir(parents=True)
        (tmp_path / student / "lab1/lab1.ipynb").write_text("{}")
    with pytest.raises(FileNotFoundError, match=r"Nobody handed in ps1 in .*; here lies lab1\."):
        find_submissions(tmp_path, "ps1")
    (tmp_path / "ada/ps1").mkdir()  # what ada handed in was no notebook: so it was collected, and is said of her
    assert find_submissions(tmp_path, "ps1") == {"ada": None, "bob": None}


def test_that_nothing_was_handed_in_is_said_only_where_it_is_true(tmp_path):
    for name in ("ada/ps0", "bob/ps0", "carl/ps0", "dora"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "bob/ps0/answers.pdf").write_text("")
    (tmp_path / "carl/ps0/a.ipynb").write_text("")
    (tmp_path / "carl/ps0/b.ipynb").write_text("")
    empty = ("",) * 6
    cut = "an archive that cannot be opened here: damaged or cut off: File is not a zip file"
    manifest = [
        Line("dora", "ps0", "Moodle", *empty, "Dora_3_assignsubmission_file_/ps0.docx", "no notebook"),
        Line("eve", "ps0", "Moodle", *empty, "Eve_4_assignsubmission_file_/work.zip", cut),
        Line("finn", "ps0", "Moodle", *empty, "Finn_5_assignsubmission_file_/ps0.ipynb", "two names, A, B, under 7"),
    ]
    (tmp_path / "gus/ps0").mkdir(parents=True)
    (tmp_path / "gus/ps0/work.zip").write_text("")
    for name in (".DS_Store", "Thumbs.db", "timestamp.txt", "submission_secret.txt", ".ipynb_checkpoints"):
        (tmp_path / "ada/ps0" / name).write_text("")  # nobody's work
    people = ("ada", "bob", "carl", "dora", "eve", "finn", "gus")
    found = {student: without_notebook(tmp_path, student, "ps0", manifest) for student in people}
    assert {student for student, (ends, _) in found.items() if ends == "unreadable"} == {"bob", "carl", "gus"}
    said = {student: why for student, (_, why) in found.items()}
    assert said["ada"] == "No ps0.ipynb was handed in."
    assert "no notebook called ps0.ipynb: answers.pdf." in said["bob"]
    assert "several notebooks, none called ps0.ipynb: a.ipynb, b.ipynb." in said["carl"]
    assert "no notebook called ps0.ipynb: ps0.docx." in said["dora"]
    # It was opened, so nobody is told that a ZIP is not.
    assert "work.zip (it cannot be opened: damaged or cut off: File is not a zip file). Hand in ps0" in said["eve"]
    assert "two names" not in said["finn"]  # another student's
    assert "no notebook called ps0.ipynb that can be read: ps0.ipynb." in said["finn"]
    assert said["gus"].endswith("work.zip. Hand in ps0.ipynb itself: a ZIP is not opened.")


def test_notebooks_beside_the_one_that_is_marked_are_named(tiny, notebook_of, tmp_path):
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of()))
    assert read_handed_in(path, tiny).look == ()
    for name in ("ps0-1.ipynb", "old.ipynb.txt", "._ps0.ipynb", "notes.txt"):
        (tmp_path / name).write_text("{}")
    submission = read_handed_in(path, tiny)
    assert submission.look == ("Beside ps0.ipynb lies what was not marked: old.ipynb.txt, ps0-1.ipynb.",)
    assert submission.look[0] in submission.notices


def own(cell_type, source):
    return {"cell_type": cell_type, "metadata": {}, "source": source, "outputs": []}


REFORMATTED = "import  numpy as np # a comment\nfrom autograder.checks import problem_set\nps0=problem_set('ps0')"
BLANK, DONE = {"why": "YOUR ANSWER HERE"}, {"why": "Since it is so."}


@pytest.mark.parametrize(
    ("cells", "further", "says"),
    [
        (DONE, [], ""),
        (DONE, [own("markdown", "a note"), own("code", "1 + 1")], ""),
        (BLANK, [], ""),
        (BLANK, [own("code", "1 + 1"), own("markdown", "  ")], ""),
        (BLANK, [own("markdown", "Since it is so.")], "Text stands in new cells (cell 8), and parts that a person"),
        (BLANK, [own("raw", "Since it is so.")], "Text stands in new cells (cell 8), and parts that a person"),
        ({"setup": "import numpy as np\nx = 3"}, [], "Given cells were changed (setup). They were run as"),
        ({"setup": REFORMATTED}, [], ""),
        ({"setup": "import numpy as"}, [], "Given cells were changed (setup). They were run as"),
    ],
)
def test_what_is_written_where_nobody_looks_for_it_is_named(read, notebook_of, cells, further, says):
    notebook = notebook_of(cells)
    notebook["cells"] += further
    submission = read(notebook)
    assert [words.startswith(says) for words in submission.look] == ([True] if says else [])
    assert set(submission.look) <= set(submission.notices)


def test_text_typed_into_the_text_of_a_question_is_named():
    given = SourceCell("task", "given", "markdown", "Why is it so?", 0)

    class Set:
        cells, manual_cells = (given,), ()

    assert to_look_at([SubmittedCell("task", "markdown", "Why is it so?\n")], Set) == []
    assert to_look_at([SubmittedCell("task", "markdown", "Why is it so? Since it is.")], Set) == [
        "Text that was given was changed (task). What was written there is not marked."
    ]


def test_what_is_not_answered_yet_is_told_before_it_is_handed_in(tiny):
    (manual,) = tiny.manual_cells
    for source, says in (
        ("YOUR ANSWER HERE", "still reads YOUR ANSWER HERE"),
        ("  ", "is empty"),
        (None, "is missing"),
        ("Since it is so.", ""),
    ):
        cells = () if source is None else (SubmittedCell(manual.grade_id, "markdown", source),)
        said = unanswered(cells, tiny)
        assert [says in words for words in said] == ([True] if says else [])


def stripped(notebook, *, ids):
    """Return a notebook without metadata of cells; with their ids, or with others."""
    for number, cell in enumerate(notebook["cells"]):
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["id"] = grade_id if ids and grade_id else f"x{number}"
        cell["metadata"] = {}
    return notebook


@pytest.mark.parametrize("ids", [True, False])
def test_cells_that_lost_their_metadata_are_found_again(tiny, notebook_of, tmp_path, ids):
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of()))
    whole = read_submission(path, tiny)
    path.write_text(json.dumps(stripped(notebook_of(), ids=ids)))
    found = read_submission(path, tiny)
    assert [c.grade_id for c in found.cells] == [c.grade_id for c in whole.cells]
    assert found.code == whole.code
    assert "metadata of cells were taken out" in found.notices[0]
    assert find_problem_set(path, tiny.folder.parent).id == "ps0"


def test_a_place_that_is_not_certain_is_nobodys(tiny, notebook_of, tmp_path):
    notebook = stripped(notebook_of(), ids=False)
    place = next(i for i, cell in enumerate(notebook["cells"]) if "def area" in cell["source"])
    notebook["cells"].insert(place, {"cell_type": "code", "id": "y", "metadata": {}, "source": "1", "outputs": []})
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook))
    ids = [cell.grade_id for cell in read_submission(path, tiny).cells]
    assert "area" not in ids
    assert "ring" in ids


def test_conflict_markers_are_called_that(tiny, notebook_of, tmp_path):
    text = json.dumps(notebook_of(), indent=1)
    path = tmp_path / "ps0.ipynb"
    path.write_text(text.replace(' "cells"', '<<<<<<< HEAD\n "cells"', 1) + "\n=======\n{}\n>>>>>>> theirs\n")
    with pytest.raises(Unreadable, match="holds conflict markers of git"):
        read_submission(path, tiny)


def test_the_notebook_of_another_set_with_cells_of_the_same_ids_is_known(tmp_path, tiny, notebook_of):
    """As two sets that `autograder new` wrote have them. One of a set that is called otherwise by now is taken."""
    for id in ("ps0", "ps7"):
        shutil.copytree(tiny.folder, tmp_path / f"{id}_circles")
        for name in ("notebook.md", "checks.py"):
            path = tmp_path / f"{id}_circles" / name
            path.write_text(path.read_text().replace("ps0", id))
    path = tmp_path / "handed.ipynb"
    path.write_text(json.dumps(notebook_of()).replace("ps0", "ps7"))
    assert find_problem_set(path, tmp_path).id == "ps7"
    assert read_submission(path, find("ps7", tmp_path)).code
    with pytest.raises(Unreadable, match=r"handed\.ipynb is the notebook of ps7, not of ps0"):
        read_submission(path, find("ps0", tmp_path))
    assert own_cells(read_cells(path), find("ps0", tmp_path)) == ()
    other = tmp_path / "ps7_circles/notebook.md"
    other.write_text(other.read_text().replace("grade_id: area,", "grade_id: surface,"))
    assert read_submission(path, find("ps0", tmp_path)).code  # what it holds is no work on ps7
    shutil.rmtree(tmp_path / "ps7_circles")
    assert read_submission(path, find("ps0", tmp_path)).code
