"""The pages a student and a teacher read: everything is said, nothing runs, nothing is fetched."""

from __future__ import annotations

import dataclasses
import html.parser
import re
import statistics
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import unquote

import powers_course
import pytest
from contrast import contrast
from hypothesis import given
from hypothesis import strategies as st

from autograder.ground.problem_sets import ProblemSet
from autograder.mark.results import Grading, Result
from autograder.record.marks import ByHand, Mark
from autograder.report.pages import feedback_page, misconceptions, report_page, write_pages


@cache
def powers() -> ProblemSet:
    return powers_course.problem_set(Path(mkdtemp()))


class Page(html.parser.HTMLParser):
    """The tags with their attributes, and the text, as a browser would read them."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(text)
        self.close()
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        self.links += [value or "" for name, value in attributes if name in ("href", "src")]
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag, ()))
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.inside or self.inside[-1] != "style":
            self.words.append(data)


def feedback(result: Result) -> Page:
    return Page(feedback_page(result, powers_course.grading(result), powers()))


def both_pages(result: Result) -> tuple[str, str]:
    grading = powers_course.grading(result)
    return feedback_page(result, grading, powers()), report_page(grading, powers())


def report(*results: Result) -> Page:
    return Page(report_page(powers_course.grading(*results), powers()))


def test_feedback_says_all_three_rungs() -> None:
    page = feedback(powers_course.result("Ada", square=0.0))
    for words in (
        "Feedback for Ada",
        "Squares and cubes",
        "3 of 5 points from the checks",
        "✗ Not right yet The square of a number is the number times itself. 0 of 2",
        "What was seen With x = 3, you returned 6; expected 9.",
        "The idea behind it Chapter 0.",
        "What would give this Twice the number in place of its square.",
        "✓ Right The cube of a number keeps its sign. 3 of 3",
        "Marked by a person Explain 4 points, not marked yet",
    ):
        assert words in page.text


@pytest.mark.parametrize("status", ["partly", "stopped", "unreadable", "missing"])
def test_the_reason_is_said_in_words(status: str) -> None:
    result = powers_course.result("Ada", 0.0, 0.0, status=status, reason="The disk was full.")  # type: ignore[arg-type]
    assert "The disk was full." in feedback(result).text
    assert f"Ada {status} The disk was full. 0" in report(result).text


def test_what_stopped_first_is_said_first_and_stands_among_the_reasons() -> None:
    reason = "Cell 2 stopped with ModuleNotFoundError. This problem set may import: numpy."
    result = powers_course.result("Ada", 0.0, 0.0, reason=reason)
    told = feedback(result).text
    assert told.count(reason) == 1
    assert told.index(reason) < told.index("What was checked")
    assert reason in report(result).text
    assert "Needs a look" not in report(powers_course.result("Ada", 3.0, 3.0)).text


def test_what_nobody_could_read_is_not_said_to_have_run() -> None:
    text = feedback(powers_course.result("Ada", 0.0, 0.0, status="unreadable", reason="Cut off.")).text
    assert "Marked by a person" not in text
    assert "sandbox" not in text


def test_feedback_names_cells_that_raised_and_notices() -> None:
    errors = (("cube-cell", "NameError: name 'y' is not defined"),)
    page = feedback(powers_course.result("Ada", notices=("A test cell was missing.",), cell_errors=errors))
    assert "Please note A test cell was missing." in page.text
    assert "cube-cell NameError: name 'y' is not defined" in page.text


def test_the_seed_of_marking_is_for_teachers_only() -> None:
    grading = dataclasses.replace(powers_course.grading(powers_course.result("Ada")), seed=90210)
    assert "90210" not in feedback_page(grading.results[0], grading, powers())
    assert "90210" in report_page(grading, powers())


ANY_TEXT = st.text(st.characters(), min_size=1) | st.sampled_from(
    [
        "<script>f()</script>",
        '"><img src=x onerror=f()>',
        "{{ 7*7 }}",
        "{% raw %}",
        "]]>",
        "--><b>",
        "\x1b[31m\u202e\ud800",
        "'",
    ]
)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_text_never_becomes_markup(student: str, finding: str, notice: str, error: str) -> None:
    """The tags and attributes of a page are the same whatever a student wrote."""
    pages = []
    for texts in ((student, finding, notice, error), ("s", "f", "n", "e")):
        result = powers_course.result(
            texts[0], square=0.0, finding=texts[1], notices=(texts[2],), cell_errors=((texts[3], texts[1]),),
            status="partly", reason=texts[3],
        )  # fmt: skip
        pages.append((feedback(result).tags, report(result).tags))
    assert pages[0] == pages[1]


def test_text_is_shown_as_it_is() -> None:
    page = feedback(powers_course.result("<b>Ada</b>", square=0.0, finding="a < b & {{ c }} \x1b[31m"))
    assert "Feedback for <b>Ada</b>" in page.text
    assert "a < b & {{ c }} ␛[31m" in page.text


def test_nothing_runs_and_nothing_is_fetched() -> None:
    result = powers_course.result("Ada", square=0.0)
    for text in (
        feedback_page(result, powers_course.grading(result), powers()),
        report_page(powers_course.grading(result), powers()),
    ):
        page = Page(text)
        assert "default-src 'none'" in text
        assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object"}
        assert not [name for _, names in page.tags for name in names if name.startswith("on")]
        assert not page.links
        assert not re.search(r"url\(|@import|https?:", text)


def test_headings_descend_and_the_language_is_given() -> None:
    result = powers_course.result("Ada", square=0.0)
    for text in (
        feedback_page(result, powers_course.grading(result), powers()),
        report_page(powers_course.grading(result), powers()),
    ):
        levels = [int(level) for level in re.findall(r"<h(\d)", text)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert '<html lang="en">' in text


def test_misconceptions_come_by_frequency_with_an_example_that_is_true() -> None:
    results = [powers_course.result(str(i), square=0.0 if i < 2 else 2.0, cube=0.0 if i < 5 else 3.0) for i in range(8)]
    cube, square = misconceptions(results, powers())
    assert (cube.mistake, cube.count) == ("the cube of the absolute value", 5)
    assert (square.mistake, square.count) == ("twice the number in place of its square", 2)
    x, wrong, right = map(float, re.findall(r"-?\d+", cube.example))
    assert x < 0
    assert (wrong, right) == (-(x**3), x**3)
    assert cube.question.startswith(f"With x = {x:g}, one answer is {wrong:g} and another is {right:g}.")
    page = report(*results)
    assert page.text.index("The cube of the absolute value. 5 of 8 students") < page.text.index("2 of 8 students")


def test_one_mistake_in_two_checks_is_one_and_a_student_counts_once() -> None:
    both = powers_course.result("Ada", square=0.0, cube=0.0)
    same = tuple(dataclasses.replace(check, mistake="twice the number in place of its square") for check in both.checks)
    one = powers_course.result("Bob", square=0.0)
    (found,) = misconceptions([dataclasses.replace(both, checks=same), one], powers())
    assert found.count == 2
    assert found.sentences == tuple(powers_course.SENTENCES.values())


def test_an_authors_names_are_set_as_code_and_nothing_else() -> None:
    result = powers_course.result("Ada", square=0.0)
    square, cube = result.checks
    told = dataclasses.replace(square, sentence="`f(x)` is <b>x</b>.", hint="One ` alone.")
    text = feedback_page(dataclasses.replace(result, checks=(told, cube)), powers_course.grading(result), powers())
    assert "<code>f(x)</code> is &lt;b&gt;x&lt;/b&gt;." in text
    assert "<dd>One ` alone.</dd>" in text


def test_a_mistake_that_raises_and_one_that_is_gone() -> None:
    result = powers_course.result("Ada", cube=0.0)
    square, cube = result.checks
    raising = dataclasses.replace(cube, mistake="a number in place of a function")
    (found,) = misconceptions([dataclasses.replace(result, checks=(square, raising))], powers())
    assert "the mistake stops with TypeError" in found.example
    gone = dataclasses.replace(cube, mistake="no longer in checks.py")
    (found,) = misconceptions([dataclasses.replace(result, checks=(square, gone))], powers())
    assert (found.example, found.question) == ("", "Why does that go wrong?")


@given(st.lists(st.tuples(st.sampled_from([0.0, 2.0]), st.floats(0, 3)), min_size=1, max_size=30))
def test_the_numbers_of_the_report_are_those_of_the_class(earned: list[tuple[float, float]]) -> None:
    results = [powers_course.result(str(i), square=a, cube=b) for i, (a, b) in enumerate(earned)]
    text = report(*results).text
    counts = [int(n) for n in re.findall(r"points (\d+) student", text)]
    assert sum(counts) == len(earned)
    shown = float(re.search(r"Mean ([\d.]+)", text)[1])  # type: ignore[index]
    assert shown == pytest.approx(statistics.fmean(r.points for r in results), abs=0.00501)
    assert f"times itself. {sum(a == 2 for a, _ in earned)} of {len(earned)} right" in text


def test_a_class_of_nobody() -> None:
    assert "0 of 0" in report().text
    missing = report(powers_course.result("Ada", 0.0, 0.0, status="missing", reason="There is no file."))
    assert "Handed in 0 of 1" in missing.text


def test_files_stay_in_their_folder_and_links_find_them(tmp_path: Path) -> None:
    names = [
        "Ada",
        "ada",
        "../../Ada",
        "/etc/passwd",
        "..",
        "a/b",
        "a_b",
        "Zoë O'Neill",
        "<b>",
        "\ud800",
        "n\x00l",
        "%41da",
    ]
    out = tmp_path / "deep" / "out"
    grading = Grading("ps0", 7, "", "", tuple(powers_course.result(name) for name in names))
    assert write_pages(grading, powers(), out) == out / "report.html"
    files = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.parent for path in files} == {out, out / "feedback"}
    assert len({path.name.casefold() for path in files}) == len(names) + 1
    links = Page((out / "report.html").read_text(encoding="utf-8")).links
    assert {(out / unquote(link)) for link in links} == files - {out / "report.html"}


def test_text_stands_out_from_its_ground_in_light_and_dark() -> None:
    style = (Path(__file__).parents[2] / "autograder/report/templates/style.css").read_text()
    schemes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.S)[:2]
    ]
    for scheme in schemes:
        washes = [name for name in scheme if name.endswith("wash")]
        for text in ("ink", "soft", "accent", "right", "part", "wrong"):
            for ground in ("paper", "card", *(washes if text == "ink" else [])):
                assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)


def test_what_a_person_gave_and_said_is_shown_and_counted():
    results = [powers_course.result("ada", cube=1.8), powers_course.result("bob")]
    marks = {
        "ada": Mark(
            "ada", 2.0, 5.5, False, penalty=0.75, late=60.0,
            by_hand={"explain": ByHand(3.5, 4.0, "Well argued, <b>Ada</b>."), "cube": ByHand(2.0, 3.0, "")},
            comments={"cube-cell": "See me about this."},
        ),
        "bob": Mark("bob", 5.0, 0.0, True, by_hand={"explain": ByHand(None, 4.0)}),
    }  # fmt: skip
    grading = powers_course.grading(*results)
    ada, bob = (" ".join(Page(feedback_page(r, grading, powers(), marks[r.student])).text.split()) for r in results)
    assert "3.5 of 4" in ada
    assert "Well argued, <b>Ada</b>." in ada
    assert "A person has looked at this and gives 2 of 3." in ada
    assert "See me about this." in ada
    assert "Altogether 6.75 of 9 points, 0.75 points less since it was late." in ada
    assert "not marked yet" not in ada
    assert "not marked yet" in bob
    assert "So far 5 of 9 points." in bob
    report = " ".join(Page(report_page(grading, powers(), marks=marks)).text.split())
    assert "Wait for you 1 of 2" in report
    assert "6.75" in report
    assert "5 so far" in report
