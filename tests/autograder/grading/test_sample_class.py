"""The sample class of ps1, marked as `make grade` marks it: every mark, every status, and a reason in words."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.grading

# By hand, from the points of the checks: forward 2; central 2 + 1; order 2 + 2; best steps 2 + 2; complex 2 + 1.
# A mistake that explains both checks of a part costs the dearer one: carl loses 2 of 2 + 1, and so does hypatia.
CLASS = {
    "ada": ("marked", 16, None),
    "blaise": ("marked", 16, None),
    "carl": ("marked", 14, "a forward difference: it looks at x and x + h"),
    "daniel": ("marked", 14, "only steps that halve have the ratio 2"),
    "emmy": ("marked", 14, "a square root"),
    "gottfried": ("marked", 8, "a forward difference: it looks at x and x + h"),
    "hypatia": ("marked", 14, "the real part in place"),
    "isaac": ("marked", 0, "This part is not done yet"),
    "joseph": ("partly", 13, "is there a loop that never ends?"),
    "kurt": ("marked", 16, None),
    "leonhard": ("marked", 14, "you returned 42"),
    "maria": ("unreadable", 0, "is damaged"),
}


@pytest.fixture(scope="module")
def graded(root, tmp_path_factory):
    """The class, generated, marked and recorded in a course folder of its own."""
    course = tmp_path_factory.mktemp("course")
    grade = ["grade", "ps1", "--submissions", str(course / "submitted"), "--course", str(course), "--seed", "4"]
    for words in (
        ["-m", "autograder", "release", "ps1", "--course", str(course)],
        ["exercises/sample_class.py", str(course / "release/ps1/ps1.ipynb"), str(course / "submitted")],
        ["-m", "autograder", *grade, "--jobs", "2"],
    ):
        done = subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
    return course


@pytest.fixture(scope="module")
def results(graded):
    return {s["student"]: s for s in json.loads((graded / "grading/ps1/results.json").read_text())["submissions"]}


def test_every_mark_and_status(results):
    assert {s: (r["status"], r["points"]) for s, r in results.items()} == {s: c[:2] for s, c in CLASS.items()}
    assert {r["max_points"] for r in results.values()} == {16}


def test_nobody_hands_in_the_authors_markers(graded):
    texts = {path: path.read_text() for path in (graded / "submitted").rglob("*.ipynb")}
    assert len(texts) == len(CLASS)
    assert "BEGIN SOLUTION" in (graded / "source/ps1/ps1.ipynb").read_text()
    assert [path for path, text in texts.items() if "BEGIN SOLUTION" in text or "END SOLUTION" in text] == []


@pytest.mark.parametrize("student", [s for s, expected in CLASS.items() if expected[2]])
def test_each_has_its_reason_in_words(graded, results, student):
    from html import unescape

    words = CLASS[student][2]
    told = results[student]["reason"] + "".join(c["message"] for c in results[student]["checks"])
    assert words in told
    page = unescape((graded / "grading/ps1/feedback" / f"{student}.html").read_text())
    assert words[1:] in page  # a page may begin a sentence with it


def test_deleted_test_cells_are_noticed(results):
    assert "Test cells were deleted" in results["kurt"]["notices"][0]


def test_the_report_names_what_the_class_has_not_understood(graded):
    from html import unescape

    page = unescape((graded / "grading/ps1/report.html").read_text())
    assert "forward difference: it looks at x and x + h" in page
    assert all(student in page for student in CLASS)


def test_the_gradebook_holds_the_same_marks(graded, results):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions("ps1")
        scores = {s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades) for s in submissions}
        waiting = {s.student.id for s in submissions if s.needs_manual_grade}
    assert scores == {student: result["points"] for student, result in results.items()}
    assert {"ada", "carl"} <= waiting
