"""What students wrote costs the grader time in proportion: twice as long takes at most two and a half times as long.

Texts are fragments said again and again, which is what drives a bad algorithm; `hypothesis` finds fragments that nobody
thought of. Processor time is compared, the least of several, and a suspicion must hold at larger sizes too.
"""

from __future__ import annotations

import functools
import json
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.authoring.carry import _Piece, _statements, _used
from autograder.commands.platform import _told
from autograder.ground.answers import BadAnswer, Outcome, encode, outcome, parse
from autograder.ground.release import student_notebook
from autograder.ground.runs import Cell, CellRun
from autograder.ground.untrusted_text import inert_markdown, safe_name, visible
from autograder.mark.check_results import CheckResult, mark_check
from autograder.mark.faults import Asked
from autograder.mark.memory import before_any_call
from autograder.mark.results import Grading, Result
from autograder.mark.stopped_cells import root_causes
from autograder.read.collect import Collected, collect
from autograder.read.collected import Line, read_manifest, write_manifest
from autograder.read.collected import merged as merged_lines
from autograder.read.ipython_syntax import plain_python
from autograder.read.platforms import HandedIn
from autograder.read.roster import Person, Roster, merged
from autograder.read.submission import Submission, read_submission
from autograder.record.marked_copy import marked_copy
from autograder.record.marks import Mark
from autograder.report.export import Written, all_known, write_canvas, write_moodle
from autograder.report.pages import feedback_page
from autograder.report.similar import fingerprint, pairs
from autograder.report.student_code import highlight_code
from autograder.report.term import term_rows

START = 20_000  # characters; twice that are the longer text
QUICK = 0.02  # seconds of processor time: too little to compare, and to matter
MOST = 2.5
SUSPECTED = 3  # times that a suspicion must hold, each time at twice the size

SIGNS = ["](", "[", "(", "<a", "```", "&amp;", "\\def", "$", "'", '"""', "#", "\\", "x", " ", "\n", "\r", "\t", "\0"]
WORDS = ["NameError: name 'n' is not defined ", "a = 1\n", "import n\n", "{", ":", "=", "\ud800", "é", "\u202e", "b."]
FRAGMENTS = st.lists(st.sampled_from(SIGNS + WORDS), min_size=1, max_size=4).map("".join)
FEW = settings(max_examples=5, deadline=None)


def cost(function: Callable[[Any], object], thing: Any) -> float:
    """Return the processor time of a call."""
    begun = time.process_time()
    function(thing)
    return time.process_time() - begun


def in_proportion(function: Callable[[Any], object], make: Callable[[int], Any], size: int = START) -> None:
    """Fail if twice as much takes more than `MOST` times as long, at every size that is tried.

    The two are measured in turn, the least of three: what slows the machine down for a moment slows both.
    """
    ratios = []
    for _ in range(SUSPECTED):
        longer, shorter = make(2 * size), make(size)
        twice = once = float("inf")
        for _ in range(3):
            twice = min(twice, cost(function, longer))
            if twice < QUICK:
                return
            once = min(once, cost(function, shorter))
        ratios.append(twice / max(once, 1e-9))
        if ratios[-1] <= MOST:
            return
        size *= 2
    pytest.fail(f"the longer took {', '.join(f'{ratio:.1f}' for ratio in ratios)} times as long")


def test_a_quadratic_cost_is_seen_and_a_linear_one_is_not():
    def loop(n: int) -> None:
        for _ in range(n):
            pass

    in_proportion(lambda n: loop(100 * n), lambda n: n)
    with pytest.raises(pytest.fail.Exception, match="times as long"):
        in_proportion(lambda n: loop(n * n), lambda n: n, size=800)


def said(fragment: str) -> Callable[[int], str]:
    return lambda size: fragment * (size // len(fragment) + 1)


def fingerprint_of(text: str) -> object:
    return fingerprint([text])


def definitions_of(text: str) -> object:
    return before_any_call([Cell("c", text)], {"c": ["x"]})


@FEW
@example("](")
@example("](&amp;")
@example("[](")
@example("<")
@example("%x\n")
@example("a = %x (\n")
@example("x")
@example("a = x(1)\n")
@example(" \n")
@example("\\'")
@given(FRAGMENTS)
@pytest.mark.parametrize(
    "function",
    [visible, inert_markdown, safe_name, plain_python, highlight_code, fingerprint_of, definitions_of],
    ids=lambda function: function.__name__,
)
def test_a_text(function, fragment):
    in_proportion(function, said(fragment))


@functools.cache
def released(tiny) -> Any:
    return student_notebook(tiny)


def notebook(tiny, path: Path, extra: list[tuple[str, str, str]]) -> Path:
    """Write ps0 with its solutions and these cells behind: type, grade_id, source."""
    cells = [{"cell_type": c.cell_type, "metadata": dict(c.metadata), "source": c.source} for c in tiny.notebook.cells]
    at = {c["metadata"].get("nbgrader", {}).get("grade_id", ""): c for c in cells}
    for kind, id, source in extra:
        if id in at:
            at[id]["source"] = source
        else:
            cells.append({"cell_type": kind, "metadata": {"nbgrader": {"grade_id": id}}, "source": source})
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return path


SHAPES: dict[str, Callable[[str, int], list[tuple[str, str, str]]]] = {
    "a long cell": lambda text, size: [("code", "", text)],
    "a long answer": lambda text, size: [("markdown", "why", text)],
    "a long id, twice": lambda text, size: [("code", text, "x = 1")] * 2,
    "many cells": lambda text, size: [("code", text[:40], text[:40])] * min(size // 70, 900),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fragment", ["](", "x = 1\n", "a?b\n", "%", '"""\n', "(\n", "&lt;["])
def test_a_notebook_is_read_shown_and_told(tiny, tmp_path, shape, fragment):
    def make(size: int) -> Path:
        return notebook(tiny, tmp_path / f"{size}.ipynb", SHAPES[shape](said(fragment)(size), size))

    def take(path: Path) -> None:
        submission = read_submission(path, tiny)
        result = Result("ada", "marked", "", (), submission.notices, tuple((c.name, c.source) for c in submission.code))
        marked_copy(result, submission.cells, released(tiny))

    in_proportion(take, make)


@FEW
@example("NameError: name 'n' is not defined ")
@given(FRAGMENTS)
def test_the_root_causes(fragment):
    def tell(size: int) -> None:
        names = [f"n{number}" for number in range(size // 100)]
        lacking = " ".join(f"NameError: name '{name}' is not defined" for name in names)
        code = [Cell(f"cell {n}", f"{said(fragment)(200)}\nn{n} = 1 / 0") for n in range(size // 100)]
        ran = [CellRun(cell.name, "ZeroDivisionError: division by zero") for cell in code]
        result = CheckResult("a", "", 0, 2, False, lacking)
        root_causes(code, ran, [result], ["area"], ["numpy"])

    in_proportion(tell, lambda size: size, size=10_000)


ANSWERS: dict[str, Callable[[int], Any]] = {
    "a list": lambda size: [1.5] * size,
    "lists of one": lambda size: [[1.5]] * size,
    "an array": lambda size: np.ones(20 * size),
    "a text": lambda size: "x" * (100 * size),
    "a dict": lambda size: {f"k{n}": n for n in range(size)},
    "a tuple of texts": lambda size: ("ab",) * size,
    "a large whole number": lambda size: 10 ** min(size // 200, 399),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("expected", [3.0, [1.0, 2.0], np.ones(3), {"a": 1.0}, "same"], ids=str)
def test_an_answer_is_judged(tiny, answer, expected):
    (check, *_) = tiny.checks.checks

    def judge(size: int) -> None:
        value = ANSWERS[answer](size)
        right = ANSWERS[answer](size + 1) if isinstance(expected, str) else expected
        mark_check(check, [Asked({"radius": 1.0}, Outcome("answer", value), {"expected": right})])

    in_proportion(judge, lambda size: size, size=10_000)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_read(answer):
    texts = functools.cache(lambda size: json.dumps({"answer": encode(ANSWERS[answer](size))}))

    def take(text: str) -> None:
        try:
            outcome(parse(text))
        except BadAnswer:
            pass

    in_proportion(take, texts, size=8_000)


FORGED: dict[str, Callable[[int], str]] = {
    "keys of one hash": lambda size: json.dumps({"answer": {"dict": [[n * (2**61 - 1), 0] for n in range(size)]}}),
    "many dicts of them": lambda size: json.dumps(
        {"answer": [{"dict": [[n * (2**61 - 1), 0] for n in range(1000)]}] * (size // 1000)}
    ),
    "long whole numbers": lambda size: json.dumps({"answer": [10**399] * (size // 10)}),
    "signs of floats": lambda size: '{"answer": [' + "-1e-999," * size + "0]}",
    "escapes": lambda size: '{"answer": "' + "\\ud83d" * size + '"}',
    "keys of objects": lambda size: '{"answer": {' + ", ".join(f'"k{n}": 0' for n in range(size)) + "}}",
}


@pytest.mark.parametrize("form", FORGED)
def test_an_answer_that_no_encoder_wrote_is_read_or_refused(form):
    def take(text: str) -> None:
        try:
            outcome(parse(text))
        except BadAnswer:
            pass

    in_proportion(take, functools.cache(FORGED[form]), size=8_000)


@pytest.mark.parametrize("fragment", ["](", "`", "<a", "\x1b", "$"])
def test_a_feedback_page(tiny, fragment):
    def page(text: str) -> None:
        check = CheckResult("circle-area", "Said.", 0, 2, False, text, text, text)
        result = Result("ada", "marked", text, (check,), (text,), ((text, text),))
        feedback_page(result, Grading("ps0", 7, "", "", ()), tiny)

    in_proportion(page, said(fragment))


# What a download holds, by its size: names and contents. A student chooses what stands behind the platform's words.
DOWNLOADS: dict[str, Callable[[int], dict[str, str]]] = {
    "files of one student": lambda size: {f"Ada_7_assignsubmission_file_/{n}.ipynb": f"{n}" for n in range(size)},
    "texts of one student": lambda size: {f"Ada_7_assignsubmission_file_/{n}.txt": "" for n in range(size)},
    "equal files": lambda size: {f"Ada_7_assignsubmission_file_/{n}/ps1.ipynb": "{}" for n in range(size)},
    "many students": lambda size: {f"S{n}_{n}_assignsubmission_file_/ps1.ipynb": "{}" for n in range(size // 2)},
    "one name": lambda size: {f"Ada_{n}_assignsubmission_file_/ps1.ipynb": "{}" for n in range(size // 2)},
    "names that become one": lambda size: {f"{'?' * (n + 1)}/ps1/ps1.ipynb": "{}" for n in range(size // 8)},
    "attempts": lambda size: {f"ada_101_{n}_ps1-{n}.ipynb": f"{n}" for n in range(size)},
    "deep folders": lambda size: {
        f"Ada_7_assignsubmission_file_/{'a/' * (size * n // 20)}ps1.ipynb": "" for n in range(20)
    },
    "long names": lambda size: {f"ada_101_1_{'_ - (1)' * (size // 2)}{n}.ipynb": "" for n in range(20)},
    "Blackboard's": lambda size: {
        f"{'PS_' * 9}{n:05}_attempt_2025-03-01-10-11-12_ps1.ipynb": "" for n in range(size // 2)
    },
}


@pytest.mark.parametrize("download", DOWNLOADS)
def test_a_download_is_collected(tmp_path, download):
    def written(size: int) -> Path:
        path = tmp_path / f"{size}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in DOWNLOADS[download](size).items():
                archive.writestr(name, content)
        return path

    in_proportion(lambda path: collect(path, "ps1", path.with_suffix("")), written, size=600)


def test_a_class_that_looks_alike(tiny):
    """A third of a class has one text, and each of the others one of their own."""

    def look(students: int) -> None:
        own = {f"s{n}": Submission((), (Cell("cell 1", alike if n % 6 == 0 else f"{alike}\nz = {n} @ x" * 2),))
               for n in range(students)}  # fmt: skip
        pairs(own, tiny)

    alike = "def f(x):\n" + "".join(f"    x = x {sign} 2 - [x, {n}]\n" for n, sign in enumerate("+-*/%@" * 6))
    in_proportion(look, lambda size: size, size=60)


def person(n: int) -> Person:
    """Return one of a class in which each name is one letter away from others."""
    return Person(f"s{n}", f"Ada{n} King", f"s{n}@uni.edu", ids=frozenset({("canvas", f"{n}"), ("login", f"l{n}")}))


def line(n: int, done: str = "taken") -> Line:
    return Line(f"s{n}", "ps0", "Moodle", f"{n}", f"King, Ada{n}", "", "1", "", "", f"{n}/ps0.ipynb", done)


def sheet(path: Path, header: str, row: str, size: int) -> Path:
    path.write_text("\n".join([header, *(row.format(n=n) for n in range(size))]) + "\n")
    return path


def add_to_roster(folder: Path, size: int) -> None:
    read = sheet(folder / f"{size}.csv", "name,email,section", '"King, Ada{n}",S{n}@uni.edu,A', size)
    assert len(merged(Roster(map(person, range(size // 2))), read, map(line, range(0, size, 2))).new) == size // 2


def add_the_nameless(folder: Path, size: int) -> None:
    read = sheet(folder / f"{size}.csv", "student,ids", "s{n},canvas={n}", size)
    assert merged(Roster(), read).read == size


def find_people(folder: Path, size: int) -> None:
    roster = Roster(map(person, range(size)))
    for n in range(size):
        assert roster.folder(HandedIn("Moodle", f"King, Ada{n}", f"{9 * n}")) == f"s{n}"


def export_to(write: Callable[..., Written], header: str, row: str, folder: Path, size: int) -> None:
    found = [Mark(f"s{n}", 1.0, 0.0, False) for n in range(size)]
    known = all_known([mark.student for mark in found], [], Roster(map(person, range(size))))
    written = write(folder / "out.csv", found, 2.0, "ps0", sheet(folder / "in.csv", header, row, size), known)
    assert (written.marks_without_row, written.rows_without_mark) == ((), ())


def keep_earlier(folder: Path, size: int) -> None:
    def run(students: Iterable[int]) -> Grading:
        return Grading("ps0", 7, "", "", tuple(Result(f"s{n}", "marked", "", (CHECK,)) for n in students))

    run(range(size)).write(folder)
    assert len(run([size]).with_earlier(folder)[1]) == size


def tell_of_files(folder: Path, size: int) -> None:
    lines = tuple(line(n, "damaged") for n in range(size))
    assert len([*_told(Collected({}, lines, lines))]) == size


def make_term(folder: Path, size: int) -> None:
    found = [Mark(f"s{n}", 1.0, 0.0, False) for n in range(size)]
    roster = Roster(map(person, range(size)))
    assert len(term_rows({"ps0": (found, 2.0)}, [], {}, roster, [*map(line, range(size))])) == size + 1


def write_a_manifest(folder: Path, size: int) -> None:
    write_manifest(folder, merged_lines(map(line, range(size)), (line(n, "damaged") for n in range(0, size, 2))))
    assert len(read_manifest(folder)) == size


CHECK = CheckResult("a", "Said.", 2, 2, True, "")
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,ps0 (9)", '"King, Ada{n}",{n},,,A,'
MOODLE = "Identifier,Full name,Email address,Grade", "Participant 9{n},Ada{n} King,S{n}@uni.edu,"
# What is done with a class, or with all files of a download: sizes at which the square of them would be seen.
OF_A_CLASS: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "people are added to a roster": (add_to_roster, 500),
    "people without names are": (add_the_nameless, 500),
    "people are found": (find_people, 500),
    "Canvas's gradebook is filled in": (functools.partial(export_to, write_canvas, *CANVAS), 500),
    "Moodle's worksheet is": (functools.partial(export_to, write_moodle, *MOODLE), 500),
    "earlier results are kept": (keep_earlier, 1000),
    "files are told": (tell_of_files, 3000),
    "a term's table is made": (make_term, 800),
    "a manifest is written": (write_a_manifest, 500),
}


@pytest.mark.parametrize("what", OF_A_CLASS)
def test_a_class_costs_in_proportion(tmp_path, what):
    work, size = OF_A_CLASS[what]
    in_proportion(functools.partial(work, tmp_path), lambda size: size, size=size)


CARRIED: dict[str, Callable[[int], str]] = {
    "a chain": lambda size: "".join(f"a{n} = a{n - 1}\n" for n in range(size, 0, -1)),
    "one line": lambda size: "a0 = 1; " * size,
    "one name": lambda size: "a0 = 1\n" * size,
}


@pytest.mark.parametrize("source", CARRIED)
def test_what_a_carried_cell_uses_is_found(source):
    def find(size: int) -> None:
        assert _used([_Piece(f"b = a0, a{size}", whole=True), *_statements(CARRIED[source](size))])

    in_proportion(find, lambda size: size, size=400)
