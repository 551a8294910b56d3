"""Damaged, strange and unusual submissions: the exact marks that each must get, and words of what is said about it.

All of them are one class, marked in one go, so this also shows that none of them stops or alters another's.
"""

import copy
import gzip
import io
import json
import os
import socket
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.grade import grade_class
from autograder.read.class_folder import find_submissions
from autograder.record.gradebook import record
from autograder.report.pages import write_pages
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading
AREA = "def area(radius):\n    return np.pi * radius**2"
RING = "def ring_area(inner, outer):\n    return area(outer) - area(inner)"


@dataclass(frozen=True)
class Expected:
    """What must come of a submission: its points, words of what is said, its status."""

    points: float
    words: str = ""
    status: str = "marked"


def unreadable(words: str) -> Expected:
    return Expected(0, words, "unreadable")


SUBMISSIONS: dict[str, tuple[Any, Expected]] = {}


def submission(points: float = 5, words: str = "", status: str = "marked"):
    """Register what a function makes of an honest notebook: JSON, text, bytes, or None where it wrote files itself."""

    def keep(function):
        SUBMISSIONS[function.__name__.replace("_", "-")] = function, Expected(points, words, status)
        return function

    return keep


def bytes_of(notebook) -> bytes:
    return json.dumps(notebook).encode()


def cell(notebook, id):
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == id)


# ------------------------------------------------------------------------------------ what no notebook can be read from

NO_NOTEBOOK = {
    "empty-file": (b"", "is empty"),
    "only-spaces": (b" \n\t ", "is empty"),
    "only-a-byte-order-mark": (b"\xef\xbb\xbf", "is empty"),
    "one-brace": (b"{", "is damaged"),
    "zero-bytes": (b"\0" * 4096, "is empty"),
    "random-bytes": (bytes(range(128, 256)), "not text in UTF-8"),
    "latin-1": ('"Zoë"'.encode("latin-1"), "not text in UTF-8"),
    "overlong-utf-8": (b'"\xc0\xaf"', "not text in UTF-8"),
    "half-a-utf-16-character": (b"\xff\xfe{", "not text in UTF-8"),
    "pdf": (b"%PDF-1.7\n...", "no notebook but a PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n...", "no notebook but a picture"),
    "gzip": (gzip.compress(b"{}"), "no notebook but a compressed file"),
    "login-page": (b"<!DOCTYPE html><html>Log in</html>", "the login page of your course platform"),
    "python-script": (b"import numpy as np\n", "is text but no notebook"),
    "the-answer-alone": (AREA.encode(), "is text but no notebook"),
    "null": (b"null", "is text but no notebook"),
    "number": (b"42", "is text but no notebook"),
    "list": (b"[]", "is JSON but no notebook"),
    "object-without-anything": (b"{}", "no notebook of format 4"),
    "written-by-str": (b"{'cells': [], 'nbformat': 4}", "is damaged"),
    "comment-in-json": (b'{"cells": [], // mine\n "nbformat": 4}', "is damaged"),
    "line-end-in-a-text": (b'{"cells": "a\nb", "nbformat": 4}', "is damaged: it stops being a notebook at line 1"),
    "deep-lists": (b"[" * 200_000, "is damaged"),
    "deep-objects": (b'{"a":' * 100_000, "is damaged"),
    "huge-number": (b'{"nbformat": ' + b"9" * 5000 + b"}", "is damaged"),
    "larger-than-the-limit": (b"{" + b" " * (10 * 2**20), "the limit is 10 MB"),
    "format-2": (b'{"nbformat": 2, "worksheets": []}', "no notebook of format 4"),
    "format-5": (b'{"nbformat": 5, "cells": []}', "no notebook of format 4"),
    "format-as-text": (b'{"nbformat": "4", "cells": []}', "no notebook of format 4"),
    "format-3-without-worksheets": (b'{"nbformat": 3}', "not the notebook of ps0"),
    "format-3-of-numbers": (b'{"nbformat": 3, "worksheets": 7}', "not the notebook of ps0"),
    "no-cells": (b'{"nbformat": 4}', "no notebook of format 4"),
    "cells-as-object": (b'{"nbformat": 4, "cells": {}}', "no notebook of format 4"),
    "cells-that-are-null": (b'{"nbformat": 4, "cells": [null]}', "a cell without type or source"),
    "cells-that-are-texts": (b'{"nbformat": 4, "cells": ["x = 1"]}', "a cell without type or source"),
    "cell-without-source": (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "a cell without type or source"),
    "source-of-numbers": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "without type or source"),
    "type-of-numbers": (b'{"nbformat": 4, "cells": [{"cell_type": 1, "source": ""}]}', "without type or source"),
    "no-cell-at-all": (b'{"nbformat": 4, "cells": []}', "not the notebook of ps0"),
    "another-courses-notebook": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x"}]}', "not the note"),
}


@submission(0, "is damaged", "unreadable")
def truncated_in_the_middle(notebook, folder):
    whole = bytes_of(notebook)
    return whole[: len(whole) // 2]


@submission(0, "is damaged", "unreadable")
def last_byte_missing(notebook, folder):
    return bytes_of(notebook)[:-1]


@submission(0, "is damaged", "unreadable")
def two_notebooks_in_a_row(notebook, folder):
    return bytes_of(notebook) * 2


@submission(0, "is damaged: it stops being a notebook at line", "unreadable")
def merge_conflict(notebook, folder):
    text = json.dumps(notebook, indent=1)
    return text.replace('"cells": [', '<<<<<<< HEAD\n "cells": [\n=======\n "cells": [\n>>>>>>> mine', 1)


@submission(0, "not text in UTF-8", "unreadable")
def utf_32(notebook, folder):
    return json.dumps(notebook, ensure_ascii=False).encode("utf-32")[:-1]


@submission(0, "a ZIP archive or an office document", "unreadable")
def zipped(notebook, folder):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ps0.ipynb", bytes_of(notebook))
    return file.getvalue()


@submission(0, "1001 cells; the limit is 1000", "unreadable")
def too_many_cells(notebook, folder):
    extra = {"cell_type": "code", "metadata": {}, "source": ""}
    notebook["cells"] += [extra] * (1001 - len(notebook["cells"]))
    return notebook


@submission(5, "known by id, text or place")
def all_ids_lost(notebook, folder):
    for c in notebook["cells"]:
        c["metadata"] = {}
    return notebook


@submission(0, "is not a plain file but a link, folder or device", "unreadable")
def link_to_another_notebook(notebook, folder):
    (folder / "elsewhere.json").write_bytes(bytes_of(notebook))
    (folder / "ps0.ipynb").symlink_to(folder / "elsewhere.json")


@submission(0, "is not a plain file", "unreadable")
def link_to_the_passwords(notebook, folder):
    (folder / "ps0.ipynb").symlink_to("/etc/passwd")


@submission(0, "is not a plain file", "unreadable")
def link_to_nowhere(notebook, folder):
    (folder / "ps0.ipynb").symlink_to("nowhere")


@submission(0, "is not a plain file", "unreadable")
def folder_of_that_name(notebook, folder):
    (folder / "ps0.ipynb").mkdir()


@submission(0, "is not a plain file", "unreadable")
def named_pipe(notebook, folder):
    os.mkfifo(folder / "ps0.ipynb")


@submission(0, "is not a plain file", "unreadable")
def unix_socket(notebook, folder):
    here = os.open(folder, os.O_RDONLY)  # an address is short, and a test's folder is not
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{here}/ps0.ipynb")
    os.close(here)


@submission(0, "No ps0.ipynb was handed in", "missing")
def two_notebooks_of_other_names(notebook, folder):
    for name in ("draft.ipynb", "final.ipynb"):
        (folder / name).write_bytes(bytes_of(notebook))


@submission(0, "No ps0.ipynb was handed in", "missing")
def only_a_script(notebook, folder):
    (folder / "ps0.py").write_text(AREA)


# -------------------------------------------------------------------------------------- unusual, and worth every point


@submission()
def byte_order_mark(notebook, folder):
    return b"\xef\xbb\xbf" + bytes_of(notebook)


@submission()
def utf_16(notebook, folder):
    return json.dumps(notebook).encode("utf-16")


@submission()
def windows_line_ends(notebook, folder):
    for c in notebook["cells"]:
        c["source"] = c["source"].replace("\n", "\r\n")
    return json.dumps(notebook, indent=1).replace("\n", "\r\n")


@submission()
def old_mac_line_ends(notebook, folder):
    for c in notebook["cells"]:
        c["source"] = c["source"].replace("\n", "\r")
    return notebook


@submission()
def format_3(notebook, folder):
    cells = []
    for c in notebook["cells"]:
        text = "input" if c["cell_type"] == "code" else "source"
        cells.append({"cell_type": c["cell_type"], "metadata": c["metadata"], text: c["source"], "language": "python"})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


@submission()
def minor_format_of_the_future(notebook, folder):
    return notebook | {"nbformat_minor": 99}


@submission()
def no_metadata_at_the_top(notebook, folder):
    del notebook["metadata"], notebook["nbformat_minor"]
    return notebook


@submission()
def no_outputs(notebook, folder):
    for c in notebook["cells"]:
        c.pop("outputs", None)
        c.pop("execution_count", None)
    return notebook


@submission()
def outputs_of_any_kind(notebook, folder):
    for c in notebook["cells"]:
        c["outputs"], c["execution_count"] = [{"output_type": 3}, "<script>", None, [[]]], "many"
    return notebook


@submission()
def not_a_number_in_json(notebook, folder):
    return notebook | {"metadata": {"x": float("nan"), "y": float("inf")}}


@submission()
def a_key_that_stands_twice(notebook, folder):
    return '{"cells": [], ' + json.dumps(notebook)[1:]


@submission()
def half_a_character_in_a_comment(notebook, folder):
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "\ud800"})
    return notebook


@submission()
def cells_of_unknown_types(notebook, folder):
    for kind in ("raw", "widget", "heading", ""):
        notebook["cells"].insert(0, {"cell_type": kind, "metadata": None, "source": "x ="})
    return notebook


@submission()
def metadata_of_any_kind(notebook, folder):
    for metadata in (None, 3, [], {"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade_id": None}}):
        notebook["cells"].append({"cell_type": "code", "metadata": metadata, "source": "pass"})
    return notebook


@submission()
def another_kernel(notebook, folder):
    return notebook | {"metadata": {"kernelspec": {"name": "ir", "language": "R"}, "language_info": {"name": "R"}}}


@submission()
def the_same_cell_id_everywhere(notebook, folder):
    for c in notebook["cells"]:
        c["id"] = "same"
    return notebook


@submission()
def sources_as_lists(notebook, folder):
    for c in notebook["cells"]:
        c["source"] = c["source"].splitlines(keepends=True)
    return notebook


@submission()
def forged_points_and_tags(notebook, folder):
    for c in notebook["cells"]:
        if "nbgrader" in c["metadata"]:
            c["metadata"]["nbgrader"] |= {"points": 1e308, "max_score": float("inf"), "grade": True, "checksum": "x"}
        c["metadata"]["tags"] = ["full-marks", "raises-exception"]
    return notebook


@submission()
def old_and_unknown_schemas(notebook, folder):
    for version, c in enumerate(notebook["cells"]):
        c["metadata"].get("nbgrader", {})["schema_version"] = [1, 2, 99, "three", None][version % 5]
    return notebook


@submission()
def solutions_called_tests_and_tests_solutions(notebook, folder):
    for c in notebook["cells"]:
        meta = c["metadata"].get("nbgrader", {})
        meta["grade"], meta["solution"] = meta.get("solution"), meta.get("grade")
    return notebook


@submission()
def given_cell_rewritten(notebook, folder):
    cell(notebook, "setup")["source"] = "raise SystemExit"
    return notebook


@submission()
def given_cell_deleted(notebook, folder):
    notebook["cells"].remove(cell(notebook, "setup"))
    return notebook


@submission(5, "Test cells were deleted (circle-area, ring-area)")
def cells_of_tests_deleted(notebook, folder):
    for id in ("circle-area", "ring-area"):
        notebook["cells"].remove(cell(notebook, id))
    return notebook


@submission()
def cells_of_tests_rewritten(notebook, folder):
    for id in ("circle-area", "ring-area"):
        cell(notebook, id)["source"] = "print('full marks')\nraise KeyboardInterrupt"
    return notebook


@submission(5, "Cells were copied with their ids (circle-area)")
def cell_of_a_test_copied(notebook, folder):
    notebook["cells"].append(copy.deepcopy(cell(notebook, "circle-area")))
    return notebook


@submission(5, "Cells were copied with their ids (area)")
def solution_copied_and_the_last_one_right(notebook, folder):
    first = copy.deepcopy(cell(notebook, "area"))
    first["source"] = "def area(radius):\n    return 0"
    notebook["cells"].insert(0, first)
    return notebook


@submission(5, "Solution cells are missing (area)")
def solution_under_another_id(notebook, folder):
    cell(notebook, "area")["metadata"]["nbgrader"]["grade_id"] = "aera"
    return notebook


@submission(5, "known by id, text or place (area)")
def id_that_is_a_number(notebook, folder):
    cell(notebook, "area")["metadata"]["nbgrader"]["grade_id"] = 7
    return notebook


@submission()
def solution_spread_over_several_cells(notebook, folder):
    at = notebook["cells"].index(cell(notebook, "area"))
    cell(notebook, "area")["source"] = "def area(radius):\n    return scale() * radius**2"
    own = {"cell_type": "code", "metadata": {}, "source": "def scale():\n    return np.pi"}
    notebook["cells"].insert(at, own)
    return notebook


@submission()
def cells_in_another_order(notebook, folder):
    notebook["cells"] = [cell(notebook, "setup"), cell(notebook, "ring"), cell(notebook, "area")]
    return notebook


@submission()
def magics_and_shell_lines(notebook, folder):
    lines = "%matplotlib inline\n!ls\n%no_such_magic\narea?\n"
    notebook["cells"].insert(2, {"cell_type": "code", "metadata": {}, "source": lines})
    notebook["cells"].insert(2, {"cell_type": "code", "metadata": {}, "source": "%%bash\nrm -rf /\n"})
    notebook["cells"].insert(2, {"cell_type": "code", "metadata": {}, "source": "%%time\nx = 1\n"})
    return notebook


@submission()
def name_of_a_second_download(notebook, folder):
    (folder / "ps0 (1).ipynb").write_bytes(bytes_of(notebook))


@submission()
def name_in_capitals(notebook, folder):
    (folder / "PS0.IPYNB.ipynb").write_bytes(bytes_of(notebook))


@submission()
def further_notebooks(notebook, folder):
    (folder / "copy.ipynb").write_text("{")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "ps0-checkpoint.ipynb").write_text("{")
    return notebook


@submission()
def files_that_shadow_modules(notebook, folder):
    for name in ("numpy", "random", "ipykernel_launcher", "sitecustomize", "usercustomize", "autograder", "json"):
        (folder / f"{name}.py").write_text("raise SystemExit('shadowed')")
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").write_text("raise SystemExit('shadowed')")
    (folder / "pyvenv.cfg").write_text("home = /nowhere")
    return notebook


@submission()
def a_large_helper_cell(notebook, folder):
    source = "table = [\n" + "    1.0,\n" * 20_000 + "]"
    notebook["cells"].insert(2, {"cell_type": "code", "metadata": {}, "source": source})
    return notebook


@submission()
def cells_that_stop_after_the_definitions(notebook, folder):
    for source in ("1 / 0", "exit()", "raise KeyboardInterrupt", "input()", "assert False", "await f()", "x ="):
        notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": source})
    return notebook


# --------------------------------------------------------------------------- one part lost (2 of 5), the other one kept

BROKEN_AREAS = {
    "python-2": ("def area(radius):\n    print radius\n    return 3 * radius", "SyntaxError"),
    "no-colon": ("def area(radius)\n    return 3", "SyntaxError"),
    "tabs-and-spaces": ("def area(radius):\n\tx = 1\n        return x", "TabError"),
    "curly-quotes": ("def area(radius):\n    return \u201c3\u201d", "SyntaxError"),
    "no-break-spaces": ("def area(radius):\n\u00a0\u00a0\u00a0\u00a0return 3", "SyntaxError"),
    "zero-byte": ("def area(radius):\n    return '\0'", "null bytes"),
    "half-a-character": ("def area(radius):\n    return '\ud800'", "surrogates not allowed"),
    "return-outside": ("return 3", "SyntaxError"),
    "thousands-of-brackets": ("area = " + "(" * 5000 + ")" * 5000, "too many nested parentheses"),
    "thousands-of-minuses": ("area = " + "-" * 100_000 + "1", "Error"),
    "deleted-text": ("", "defines no `area`"),
    "another-name": ("def Area(radius):\n    return np.pi * radius**2", "defines no `area`"),
    "not-done": ("def area(radius):\n    # YOUR CODE HERE\n    raise NotImplementedError()", "is not done yet"),
    "leaves-python": ("import sys\nsys.exit()\ndef area(radius):\n    return np.pi * radius**2", "SystemExit"),
    "prints-in-place-of-returning": ("def area(radius):\n    print(np.pi * radius**2)", "you returned None"),
    "text-in-place-of-a-number": ("def area(radius):\n    return str(np.pi * radius**2)", "you returned a text"),
    "a-list-in-place-of-a-number": ("def area(radius):\n    return [np.pi * radius**2]", "you returned a list"),
    "an-array-in-place-of-a-number": ("def area(radius):\n    return np.pi * np.array([radius])**2", "of shape (1,)"),
    "an-object": ("def area(radius):\n    return object()", "an object of type object"),
    "nan": ("def area(radius):\n    return float('nan')", "you returned nan"),
    "a-number-too-large": ("def area(radius):\n    return 10**500", "a whole number of more than 400 digits"),
    "one-argument-too-many": ("def area(radius, unit):\n    return np.pi * radius**2", "TypeError"),
    "an-array-of-objects": ("def area(radius):\n    return np.array([None])", "array of dtype object"),
}


@submission(3, "Code cells were turned into text (area)")
def solution_turned_into_text(notebook, folder):
    cell(notebook, "area")["cell_type"] = "markdown"
    return notebook


@submission(3, "Code cells were turned into text (area)")
def solution_turned_raw(notebook, folder):
    cell(notebook, "area")["cell_type"] = "raw"
    return notebook


@submission(3, "Solution cells are missing (area)")
def solution_deleted(notebook, folder):
    notebook["cells"].remove(cell(notebook, "area"))
    return notebook


@submission(3, "What came out is what this mistake would give: a radius that is not squared")
def solution_copied_and_the_last_one_wrong(notebook, folder):
    last = copy.deepcopy(cell(notebook, "area"))
    last["source"] = "def area(radius):\n    return np.pi * radius"
    notebook["cells"].append(last)
    return notebook


for name, (content, words) in NO_NOTEBOOK.items():
    SUBMISSIONS[name] = lambda notebook, folder, content=content: content, unreadable(words)

for name, (source, words) in BROKEN_AREAS.items():

    def broken(notebook, folder, source=source):
        cell(notebook, "area")["source"] = source
        return notebook

    SUBMISSIONS[f"area-{name}"] = broken, Expected(3, words)


@pytest.fixture(scope="module")
def graded(tiny, tmp_path_factory):
    """The whole class, marked, recorded and told."""
    root = tmp_path_factory.mktemp("course")
    for student, (make, _) in SUBMISSIONS.items():
        folder = root / "submitted" / student / "ps0"
        folder.mkdir(parents=True)
        content = make(honest(tiny), folder)
        if content is not None:
            text = json.dumps(content) if isinstance(content, dict) else content
            (folder / "ps0.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode())
    found = find_submissions(root / "submitted", "ps0")
    grading = grade_class(tiny, found, seed=5, launcher=Sandbox(hidden=(root,)), jobs=2)
    write_pages(grading, tiny, root / "out")
    handed_in = {student: path for student, path in found.items() if path is not None}
    recorded = record(grading, tiny, course=root, submissions=handed_in)
    return {result.student: result for result in grading.results}, root, recorded


def honest(tiny) -> dict[str, Any]:
    cells = []
    for original in tiny.notebook.cells:
        made = {"cell_type": original.cell_type, "metadata": copy.deepcopy(dict(original.metadata))}
        cells.append(made | {"source": original.source})
        if original.cell_type == "code":
            cells[-1] |= {"outputs": [], "execution_count": None}
    return json.loads(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))


def test_there_are_a_hundred_of_them():
    assert len(SUBMISSIONS) >= 100


@pytest.mark.parametrize("student", SUBMISSIONS)
def test_each_gets_its_marks_and_is_told_why(graded, student):
    results, root, recorded = graded
    result, expected = results[student], SUBMISSIONS[student][1]
    errors, messages = (e for _, e in result.cell_errors), (check.message for check in result.checks)
    told = "\n".join([result.reason, *result.notices, *errors, *messages])
    assert (result.status, result.points) == (expected.status, expected.points), told
    assert expected.words in told
    assert (root / "out" / "feedback" / f"{student}.html").is_file()
    assert student in (recorded.missing if expected.status == "missing" else recorded.students)


def test_the_gradebook_has_the_same_points(graded):
    from nbgrader.api import Gradebook

    _, root, recorded = graded
    assert not recorded.failed
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions("ps0")
        found = {s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades) for s in submissions}
    assert found == {name: e.points for name, (_, e) in SUBMISSIONS.items() if e.status != "missing"}
