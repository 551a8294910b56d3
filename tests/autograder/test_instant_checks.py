"""Instant checks teach by a ladder: first how the answer differs, on request the hint, then the likely mistake."""

import linecache
import math
import signal
import threading
import zlib
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.authoring.instant_checks import CheckFailed, ImportGuard, InstantChecks, Verdict, may_import
from autograder.ground.problem_sets import ProblemSetError


@pytest.fixture
def opened(tiny):
    """Return a function that opens the tiny set's instant checks on a notebook's names."""
    return lambda **names: InstantChecks.open("ps0", tiny.folder.parent, names)


def test_a_right_answer_is_told_so(opened, capsys):
    opened(area=lambda r: math.pi * r * r).check("circle-area")
    assert capsys.readouterr().out.startswith("Right: The area of a circle")


def test_the_ladder_gives_one_rung_at_a_time(opened, capsys):
    ps0 = opened(area=lambda r: 2 * math.pi * r)
    with pytest.raises(CheckFailed, match="circle-area: not yet right"):
        ps0.check("circle-area")
    first = capsys.readouterr().out
    assert "you returned" in first
    assert "twice the radius" not in first
    assert "circumference" not in first
    ps0.hint("circle-area")
    second = capsys.readouterr().out
    assert "twice the radius, four times the area" in second
    assert "circumference" not in second
    ps0.hint("circle-area")
    assert "the circumference in place of the area" in capsys.readouterr().out


def test_a_hint_needs_a_failed_check(opened, capsys):
    opened().hint("circle-area")
    assert 'Run ps0.check("circle-area") first' in capsys.readouterr().out


def test_a_mistake_that_nobody_knows_is_not_guessed(opened, capsys):
    ps0 = opened(area=lambda r: 42.0)
    with pytest.raises(CheckFailed):
        ps0.check("circle-area")
    ps0.hint("circle-area")
    ps0.hint("circle-area")
    assert "No mistake that we know explains" in capsys.readouterr().out


def with_picture(monkeypatch, checks, picture):
    pictured = replace(checks._checks.by_id["circle-area"], picture=picture)
    monkeypatch.setitem(checks._checks.by_id, "circle-area", pictured)
    with pytest.raises(CheckFailed):
        checks.check("circle-area")


def test_a_check_may_picture_the_first_wrong_answer(opened, capsys, monkeypatch):
    def picture(answer, radius):
        return f"A circle of radius {radius} is not {answer} large.", None

    with_picture(monkeypatch, opened(area=lambda r: 42.0), picture)
    said = capsys.readouterr().out
    assert said.index("Not yet") < said.index("A circle of radius")
    assert "is not 42.0 large." in said


def test_a_picture_that_fails_does_not_hide_the_verdict(opened, capsys, monkeypatch):
    with_picture(monkeypatch, opened(area=lambda r: "large"), lambda answer, radius: f"{answer:.2f}")
    assert "Not yet" in capsys.readouterr().out


def test_inputs_change_at_every_run(opened, capsys):
    ps0 = opened(area=lambda r: 0.0)
    seen = set()
    for _ in range(3):
        with pytest.raises(CheckFailed):
            ps0.check("circle-area")
        seen.add(capsys.readouterr().out)
    assert len(seen) == 3


def test_names_are_looked_up_when_asked(tiny):
    names = {}
    ps0 = InstantChecks(tiny, names)
    with pytest.raises(CheckFailed):
        ps0.check("circle-area")
    names["area"] = lambda r: math.pi * r**2
    ps0.check("circle-area")
    assert "2 of 5 points so far" in repr(ps0)
    assert "ring-area                3 points   not tried" in repr(ps0)


def test_a_part_is_tried_with_a_right_earlier_part_and_nothing_is_left_behind(tiny, capsys):
    names = {"np": np}
    exec("def area(r):\n    return 1.0\ndef ring_area(a, b):\n    return area(b) - area(a)", names)
    before = dict(names)
    InstantChecks(tiny, names).check("ring-area")
    said = capsys.readouterr().out
    assert "(Tried with a right area in place of yours; with yours it does not come out right yet.)" in said
    assert names == before


def test_where_an_earlier_part_is_wrong_too_the_mistake_shown_is_the_parts_own(tiny, capsys):
    names = {"np": np}
    exec("def area(r):\n    raise NotImplementedError\ndef ring_area(a, b):\n    return 'a' * int(area(b) > 0)", names)
    with pytest.raises(CheckFailed):
        InstantChecks(tiny, names).check("ring-area")
    said = capsys.readouterr().out
    assert "you returned a text, 'a'; expected a number" in said
    assert "(Tried with a right area in place of yours.)" in said
    assert "not done yet" not in said


def test_a_hint_of_no_check_or_of_a_right_one_says_so(opened, capsys):
    ps0 = opened(area=lambda r: math.pi * r**2)
    with pytest.raises(ProblemSetError, match=r"no check 'cube'. It has: circle-area, ring-area"):
        ps0.hint("cube")
    ps0.check("circle-area")
    ps0.hint("circle-area")
    assert "right already" in capsys.readouterr().out


def test_an_unknown_check_is_refused_with_the_known_ones(opened):
    with pytest.raises(ProblemSetError, match=r"no check 'cube'. It has: circle-area, ring-area"):
        opened().check("cube")


def test_the_page_folds_the_hints_and_runs_no_markup(opened):
    ps0 = opened(area=lambda r: "<script>alert(1)</script>")
    with pytest.raises(CheckFailed):
        ps0.check("circle-area")
    page = Verdict("ps0", ps0._results["circle-area"])._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<details>") == 2


def test_jupyter_shows_one_line_and_no_traceback():
    assert CheckFailed("not yet")._render_traceback_() == ["not yet"]


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("import numpy as np, math", None),
        ("from matplotlib import pyplot", None),
        ("import numpy.linalg", None),
        ("import pandas", "pandas"),
        ("import math, sympy", "sympy"),
        ("from course_lib.autodiff import grad", "course_lib.autodiff"),
        ("def f():\n    import torch", "torch"),
        ("from course_lib import datasets", None),
        ("from course_lib import mixture", "course_lib.mixture"),
        ("import course_lib.datasets", None),
        ("import numpyro", "numpyro"),
    ],
)
def test_undeclared_imports_are_refused_as_when_marking(source, refused):
    import ast

    from IPython.core.error import InputRejected

    guard = ImportGuard("ps0", ("numpy", "matplotlib", "course_lib.datasets"))
    if refused is None:
        guard.visit(ast.parse(source))
    else:
        words = f"This cell imports {refused}. In ps0 you may import the standard library, numpy, matplotlib and"
        with pytest.raises(InputRejected, match=words) as caught:
            guard.visit(ast.parse(source))
        assert caught.value._render_traceback_() == [str(caught.value)]


def test_the_guard_is_installed_once(tiny, monkeypatch):
    shell = SimpleNamespace(ast_transformers=[])
    monkeypatch.setattr("autograder.authoring.instant_checks.shell", lambda: shell)
    for _ in range(2):
        InstantChecks.open("ps0", tiny.folder.parent, {})
    assert len(shell.ast_transformers) == 1
    assert not may_import("pandas", ("numpy",))


def test_a_failed_trial_is_given_back_with_the_answer_on_request(opened, capsys):
    ps0 = opened(area=lambda r: 2 * math.pi * r)
    assert ps0.again("circle-area") is None
    assert 'Run ps0.check("circle-area") first.' in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        ps0.check("circle-area")
    given = ps0.again("circle-area")
    assert [*given] == ["radius"]
    assert given["radius"] == given.radius
    assert f"With radius = {given.radius:.10g}," in capsys.readouterr().out
    with pytest.raises(AttributeError, match="there is no 'expected'; there are radius"):
        _ = given.expected
    told = ps0.again("circle-area", answer=True)
    assert told.expected == pytest.approx(math.pi * given.radius**2)
    assert told.returned == pytest.approx(2 * math.pi * given.radius)
    assert {**told} == {"radius": given.radius}
    with pytest.raises(ProblemSetError, match="has no check 'circle'"):
        ps0.again("circle")


def test_a_loop_without_end_is_stopped_and_told(opened, capsys, monkeypatch):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which whoever started the tests may have switched off
    names = {}
    exec(compile("def area(r):\n    while True:\n        pass\n", "<cell area>", "exec"), names)
    ps0 = opened(area=names["area"])
    brief = replace(ps0._checks.by_id["circle-area"], seconds=0.2)
    monkeypatch.setitem(ps0._checks.by_id, "circle-area", brief)
    with pytest.raises(CheckFailed):
        ps0.check("circle-area")
    said = capsys.readouterr().out
    assert "it had not finished after 0.2 s: is there a loop that never ends? (at line " in said


def test_in_a_browser_where_no_thread_starts_a_check_has_no_time_limit(opened, capsys, monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    opened(area=lambda r: math.pi * r * r).check("circle-area")
    assert "Right" in capsys.readouterr().out


def test_stop_says_what_was_running(opened, capsys):
    def area(r):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened(area=area).check("circle-area")
    assert "Stopped in circle-area, trial 1 of" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [np.zeros(3), np.zeros((2, 2)), np.array(["a", "b"]), [np.zeros(2)], {"a": np.zeros(2)}]
)
def test_a_wrong_answer_may_be_an_array(opened, capsys, wrong):
    with pytest.raises(CheckFailed):
        opened(area=lambda r: wrong).check("circle-area")
    assert "Not yet" in capsys.readouterr().out


def cell(source, **names):
    """Run a cell as a notebook does, whose source Python can look up; return the notebook's names."""
    file = f"<cell {zlib.crc32(source.encode())}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names |= {"math": math}
    exec(compile(source, file, "exec"), names)
    return names


REMEMBERING = {
    "a default argument": "def area(r, seen=[]):\n    seen.append(math.pi * r * r)\n    return sum(seen)",
    "a cache without its key": "kept = {}\ndef area(r):\n    return kept.setdefault('area', math.pi * r * r)",
    "a number outside": "total = 0.0\ndef area(r):\n    global total\n    total += math.pi * r * r\n    return total",
    "a helper's": (
        "kept = {}\ndef square(r):\n    return kept.setdefault('r', r) ** 2\n"
        "def area(r):\n    return math.pi * square(r)"
    ),
}


@pytest.mark.parametrize("kind", REMEMBERING)
def test_a_function_that_remembers_earlier_calls_is_told_so_at_each_run(opened, capsys, kind):
    source = REMEMBERING[kind] + "\nprint('run')\narea(2.0)"
    names = cell(source)
    ps0 = opened()
    ps0._names = names
    for _ in range(2):  # at the second one, the first question comes out wrong already
        capsys.readouterr()
        with pytest.raises(CheckFailed):
            ps0.check("circle-area")
        ps0.hint("circle-area")
        ps0.hint("circle-area")
        said = capsys.readouterr().out
        assert "your function remembers earlier calls" in said
        assert "run" not in said.split()


@pytest.mark.parametrize(
    "source",
    [
        "def area(r):\n    return 42.0",
        "import random\ndef area(r):\n    return math.pi * r * r + random.random()",
        "def area(r, k=[1]):\n    k[0] += 1\n    return 42.0 + k[0]",
        "kept = {}\ndef area(r):\n    return kept.setdefault(r, 3 * r * r)",
    ],
)
def test_a_function_that_is_wrong_otherwise_is_not_said_to_remember(opened, capsys, source):
    ps0 = opened()
    ps0._names = cell(source)
    with pytest.raises(CheckFailed):
        ps0.check("circle-area")
    ps0.hint("circle-area")
    ps0.hint("circle-area")
    assert "No mistake that we know explains" in capsys.readouterr().out
