"""What holds for every problem set: notebook and checks agree, the reference passes, and each mistake is found out.

What is particular to one set, its right answers against oracles of their own above all, stands in `test_psN.py`.
"""

import ast
import contextlib
import copy
import doctest
import io
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import EXERCISES, runs_of, shows

from autograder.authoring.minutes import work_of
from autograder.authoring.prove import read_case
from autograder.ground.problem_sets import available
from autograder.mark.compare import differs
from autograder.mark.memory import REMEMBERS

POINTS = {  # by checks, by hand
    "ps1": (16, 4), "ps2": (30, 0), "ps3": (15, 5), "ps4": (30, 5), "ps5": (25, 10),
    "ps6": (20, 5), "ps7": (40, 5), "ps8": (15, 15), "ps9": (20, 20),
}  # fmt: skip
SETS = available(EXERCISES)
CHECKS = [(id, check) for id in SETS for check in runs_of(id).checks]
CASES = [(id, case) for id in SETS for case in runs_of(id).cases]
FEW = settings(max_examples=10, deadline=None)
seeds = st.integers(0, 2**32 - 1)

each_set = pytest.mark.parametrize("id", SETS)
each_check = pytest.mark.parametrize(("id", "check"), CHECKS)
each_case = pytest.mark.parametrize(("id", "case"), CASES, ids=[f"{id}-{case.name}" for id, case in CASES])


@each_set
def test_notebook_and_checks_agree(id):
    problem_set = runs_of(id).set
    problem_set.validate()
    assert (problem_set.max_points, sum(cell.points for cell in problem_set.manual_cells)) == POINTS[id]


@each_set
def test_a_text_says_the_minutes_that_the_rule_gives(id):
    problem_set = runs_of(id).set
    text = next(cell.source for cell in problem_set.cells if "**Time:**" in cell.source)
    assert f"**Time:** about {work_of(problem_set).said}" in text


@each_set
def test_there_are_cases_enough(id):
    cases = runs_of(id).cases
    assert sum(bool(case.fails) for case in cases) >= 12
    assert sum(not case.fails for case in cases) >= 3


@each_set
def test_the_students_notebook_holds_neither_solutions_nor_the_rubric(id):
    clear = pytest.importorskip("nbgrader.preprocessors").ClearSolutions()
    problem_set = runs_of(id).set
    notebook, _ = clear.preprocess(copy.deepcopy(problem_set.notebook), {})
    released = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells}
    assert not [source for source in released.values() if "SOLUTION" in source]
    for cell in problem_set.cells:
        if cell.role == "solution":
            assert "raise NotImplementedError()" in released[cell.grade_id], cell.grade_id
        elif cell.role == "manual":
            assert "YOUR ANSWER HERE" in released[cell.grade_id] or "YOUR CODE HERE" in released[cell.grade_id]


def functions(cell):
    """Name the functions that a solution cell defines, those of its classes left out."""
    return [node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]


@each_set
def test_the_examples_in_the_docstrings_are_true(id):
    names = runs_of(id).run({})
    finder, shown = doctest.DocTestFinder(recurse=False), 0
    for cell in runs_of(id).set.cells:
        if cell.role != "solution":
            continue
        for function in functions(cell):
            for test in finder.find(names[function], function, globs=dict(names), module=False):
                said = io.StringIO()
                assert doctest.DocTestRunner().run(test, out=said.write).failed == 0, said.getvalue()
                shown += len(test.examples)
    assert shown > 0, "no function shows an example"


@pytest.fixture
def seen(monkeypatch):
    """Run a notebook's cells as at home; return the titles of the pictures shown, and what was printed."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    shown = []

    def show():
        pyplot.gcf().canvas.draw()
        shown.append(pyplot.gca().get_title())

    monkeypatch.setattr(pyplot, "show", show)

    def look(runs, cells):
        shown.clear()
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            runs.run(cells, marking=False)
        return list(shown), printed.getvalue()

    return look


@each_set
def test_the_pictures_show_the_students_own_result(id, seen):
    runs = runs_of(id)
    pictures, printed = seen(runs, {})
    assert pictures, "a student sees a picture of the own result"
    assert "No picture yet" not in printed
    unfinished = {c.grade_id: _emptied(c.source) for c in runs.set.cells if c.role == "solution"}
    pictures_then, printed = seen(runs, unfinished)  # no traceback, and a sentence for each picture that cannot be
    missing = len(pictures) - len(pictures_then)
    assert missing > 0
    assert printed.count("The picture comes when ") == missing


@pytest.mark.parametrize(
    ("id", "case", "title", "words"),
    [
        ("ps5", "newton_frozen_slope", "Your path and the tangents", "at 2.771 is zero at 2.064; you went to 2.432"),
        ("ps6", "fit_n_minus_1", "Your Gaussian", "is 1.002 times as wide and 1.002 times as high as the right one"),
        ("ps6", "fit_diagonal", "Your Gaussian", "its correlation is 0.000, right is 0.901"),
        ("ps9", "ascent_no_rate", "Your climb", "Step 1 leaves the gradient: from (-1.600, -0.900) it leads to"),
    ],
)
def test_the_picture_of_ones_own_mistake_says_where_it_is(id, case, title, words, seen):
    runs = runs_of(id)
    pictures, printed = seen(runs, read_case(runs.set.folder / "cases" / "wrong" / f"{case}.py").cells)
    assert words in printed
    assert any(one.startswith(title) for one in pictures)


def _emptied(source):
    """Return a cell as it is released: the lines of the solution replaced by an error."""
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == "### BEGIN SOLUTION":
            inside = True
            kept.append(line.replace("### BEGIN SOLUTION", "raise NotImplementedError()"))
        elif line.strip() == "### END SOLUTION":
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


@each_check
@FEW
@given(seed=seeds)
def test_every_known_mistake_shows_at_every_seed_and_is_told_from_the_same_others(id, check, seed):
    """Two that agree in all trials of one seed are one mistake to a check: at every seed, and then both are said."""
    runs = runs_of(id)
    inputs, answers = runs.draws(check, seed), runs.mistaken(check, seed)
    for mistake in runs.checks[check].mistakes:
        assert any(map(partial(shows, runs.checks[check]), answers[mistake], inputs)), mistake
    assert runs.alike(check, seed) == runs.alike(check, 1)


@each_check
@FEW
@given(seed=seeds)
def test_the_reference_passes_with_room_to_spare(id, check, seed):
    runs = runs_of(id)
    for given_ in runs.draws(check, seed):
        judged = runs.checks[check]
        rtol, atol = judged.tolerance(given_)
        answer = runs.answer(judged, runs.reference, given_)
        assert not answer.text  # it raises nothing, and breaks no promise
        if judged.accepts is not None:  # its author judges, and says in the test of its set how near that is
            assert not judged.accepts(answer.value, **given_)
        else:
            assert not differs(answer.value, judged.expected(**given_), rtol / 10, atol / 10)


@each_case
def test_a_case_fails_where_it_says_for_any_seed(id, case):
    """In this process, for several seeds: the cases are our own code. Once, they are also proved in the sandbox."""
    runs = runs_of(id)
    touched = [check for check in runs.checks.values() if check.part in case.cells or check.id in case.fails]
    for seed in range(3):
        if seed:  # what only builds on a replaced part is marked once, and by `prove` where it passes: it may take long
            touched = [check for check in touched if check.part in case.cells]
        results = [runs.mark(check, case, seed) for check in touched]
        judged = {r.id for r in results}
        assert [r.id for r in results if not r.passed] == [name for name in case.fails if name in judged], seed
        messages = "\n".join(r.message for r in results if not r.passed)
        if not REMEMBERS.startswith(case.says):  # that takes fresh processes: `prove` has them
            assert case.says in messages
        if case.names is not None:
            assert {id for r in results for id in r.mistake_ids} <= {*case.names}, seed


@each_set
def test_every_mistake_is_named_by_a_case_that_makes_it(id):
    """On one of a few seeds: where the answers of two mistakes agree on the inputs drawn, neither is named."""
    runs, named = runs_of(id), set()
    known = {(check.id, mistake) for check in runs.checks.values() for mistake in check.mistakes}
    for seed in (1, 2, 0):
        for case in runs.cases:
            for check in (runs.checks[name] for name in case.fails):
                result = runs.mark(check, case, seed)
                assert case.names is None or {*result.mistake_ids} <= {*case.names}
                named |= {(check.id, id) for id in result.mistake_ids}
        if named == known:
            return
    assert known == named
