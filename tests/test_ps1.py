"""Problem set 1: its answers against exact arithmetic, and its checks against every mistake that they know.

The oracles here are rational numbers (`fractions.Fraction`: no rounding at all), a search for the minimum by SciPy,
and the complex step on formulas that are written out a second time.
"""

import contextlib
import doctest
import io
import math
import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from autograder.answers import attempt, decode, encode, outcome
from autograder.mark import Asked, differs, mark_check
from autograder.problem_sets import find
from autograder.prove import find_cases, read_case

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"
PS1 = find("ps1", EXERCISES)
CHECKS = PS1.checks.by_id
MANY = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)
each_check = pytest.mark.parametrize("id", CHECKS)


def draws(id, seed):
    return [CHECKS[id].draw(seed, trial) for trial in range(CHECKS[id].trials)]


# --- What the set says of itself ------------------------------------------------------------------------------------


def test_notebook_and_checks_agree():
    PS1.validate()
    assert PS1.max_points == 16
    assert [(cell.grade_id, cell.points) for cell in PS1.manual_cells] == [("explain", 4)]
    assert not any(check.needs for check in CHECKS.values())


def test_the_students_notebook_holds_neither_solutions_nor_the_rubric():
    clear = pytest.importorskip("nbgrader.preprocessors").ClearSolutions()
    notebook, _ = clear.preprocess(PS1.notebook.copy(), {})
    text = "\n".join(cell.source for cell in notebook.cells)
    assert text.count("raise NotImplementedError()\n") + text.count("raise NotImplementedError()`") == 6 + 1
    for secret in ("Half a point", "0.02 radians", "np.cbrt", "2 * np.sqrt", "/ (2 * h)", "np.imag", "SOLUTION"):
        assert secret not in text, secret


def test_the_examples_in_the_docstrings_are_true():
    names = run({})
    finder = doctest.DocTestFinder(recurse=False)
    for part in (cell for cell in PS1.cells if cell.role == "solution"):
        function = part.source.split("(")[0].removeprefix("def ")
        tests = finder.find(names[function], function, globs=dict(names), module=False)
        assert sum(len(test.examples) for test in tests) > 0, f"{function} shows no example"
        for test in tests:
            said = io.StringIO()
            assert doctest.DocTestRunner().run(test, out=said.write).failed == 0, said.getvalue()


@pytest.fixture
def seen(monkeypatch):
    """Run a notebook's cells as at home; return what its pictures printed, and count those that were shown."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    shown = []

    def show():
        pyplot.gcf().canvas.draw()
        shown.append(pyplot.gca().get_title())

    monkeypatch.setattr(pyplot, "show", show)

    def look(cells):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            run(cells, marking=False)
        return shown, printed.getvalue()

    return look


PICTURES = 6


def test_the_pictures_show_the_students_own_result(seen):
    shown, printed = seen({})
    assert len(shown) == PICTURES
    assert "icture" not in printed


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise NotImplementedError()", "The picture comes when the parts that it shows are done."),
        ("return None", "No picture yet: "),
    ],
)
def test_an_unfinished_part_gives_a_sentence_and_no_traceback(seen, body, words):
    empty = {c.grade_id: c.source.split('"""')[0] + body for c in PS1.cells if c.role == "solution"}
    shown, printed = seen(empty)
    assert not shown
    assert printed.count(words) == PICTURES


# --- Right answers against oracles ----------------------------------------------------------------------------------


def polynomial(c, x):
    """The value in rational arithmetic."""
    return sum(Fraction(a) * Fraction(x) ** k for k, a in enumerate(c))


def quotient(c, right, left):
    return (polynomial(c, right) - polynomial(c, left)) / (right - left)


def close(answer, exact):
    """Whether floats agree with rational numbers to twelve digits."""
    exact = np.array([float(number) for number in np.atleast_1d(exact)])
    return np.allclose(np.atleast_1d(answer), exact, rtol=1e-12, atol=1e-12)


@MANY
@given(seeds)
def test_differences_are_those_of_exact_arithmetic(seed):
    for given_ in draws("forward-difference", seed):
        x, h = Fraction(given_["x"]), Fraction(given_["h"])
        assert close(CHECKS["forward-difference"].expected(**given_), quotient(given_["c"], x + h, x))
    for given_ in draws("central-difference", seed):
        x, h = Fraction(given_["x"]), Fraction(given_["h"])
        assert close(CHECKS["central-difference"].expected(**given_), quotient(given_["c"], x + h, x - h))
    for given_ in draws("central-arrays", seed):
        h, answer = Fraction(given_["h"]), CHECKS["central-arrays"].expected(**given_)
        for name in "xn":
            exact = [quotient(given_["c"], Fraction(p) + h, Fraction(p) - h) for p in given_[name].tolist()]
            assert close(answer[f"slopes at {name}"], exact)
        assert given_["n"].dtype.kind == "i"
        assert np.array_equal(answer["x afterwards"], given_["x"])


def exact_errors(scheme, c, x, steps):
    """The errors of the schemes as the books write them, in rational arithmetic."""
    x, slope = Fraction(x), sum(k * Fraction(a) * Fraction(x) ** (k - 1) for k, a in enumerate(c) if k)

    def f(s):
        return polynomial(c, x + s)

    formulas = {
        "forward": lambda h: (f(h) - f(0)) / h,
        "backward": lambda h: (f(0) - f(-h)) / h,
        "central": lambda h: (f(h) - f(-h)) / (2 * h),
        "one-sided with three points": lambda h: (4 * f(h) - 3 * f(0) - f(2 * h)) / (2 * h),
        "central with five points": lambda h: (8 * f(h) - 8 * f(-h) - f(2 * h) + f(-2 * h)) / (12 * h),
    }
    return [formulas[scheme](Fraction(h)) - slope for h in steps.tolist()]


@pytest.mark.parametrize("id", ["order-halving", "order-any-steps"])
@MANY
@given(seed=seeds)
def test_orders_are_those_of_exact_errors(id, seed):
    theory = {
        "forward": 1,
        "backward": 1,
        "central": 2,
        "one-sided with three points": 2,
        "central with five points": 4,
    }
    for given_ in draws(id, seed):
        errors, steps = exact_errors(**given_), given_["steps"]
        assert len({error > 0 for error in errors}) == 1  # no error passes through zero between two steps
        exact = [math.log(errors[k] / errors[k + 1]) / math.log(steps[k] / steps[k + 1]) for k in range(len(steps) - 1)]
        orders = CHECKS[id].expected(**given_)
        assert np.allclose(orders, exact, rtol=1e-9)
        assert abs(orders[-1] - theory[given_["scheme"]]) < 0.6


@MANY
@given(seeds)
def test_best_steps_make_the_model_smallest(seed):
    for id, name, model in (
        ("best-forward-step", "second", lambda h, eps, f, d: h / 2 * d + 2 * eps * f / h),
        ("best-central-step", "third", lambda h, eps, f, d: h**2 / 6 * d + eps * f / h),
    ):
        for given_ in draws(id, seed)[:3]:
            f, d = abs(given_["value"]), abs(given_[name])
            for precision, step in CHECKS[id].expected(**given_).items():
                eps = {"float64": 2.0**-52, "float32": 2.0**-23}[precision]
                found = minimize_scalar(lambda s, e=eps, m=model, f=f, d=d: m(10**s, e, f, d), bracket=(-9.0, -3.0))
                assert step == pytest.approx(10**found.x, rel=1e-6)


FORMULAS = {
    "exp(a x) sin(b x)": lambda a, b, x: np.sin(x * b) * np.exp(x * a),
    "1 / (a + b x^2)": lambda a, b, x: (a + b * x * x) ** -1.0,
    "sqrt(a + x^2) cos(b x)": lambda a, b, x: np.cos(x * b) * (a + x * x) ** 0.5,
    "log(a + x^2) + b x^3": lambda a, b, x: b * x * x * x + np.log(x * x + a),
}


@MANY
@given(seeds)
def test_slopes_of_the_formulas_are_those_of_a_complex_step(seed):
    for given_ in draws("complex-step", seed):
        formula = FORMULAS[given_["formula"]]
        slope = formula(given_["a"], given_["b"], given_["x"] + 1e-30j).imag / 1e-30
        assert CHECKS["complex-step"].expected(**given_) == pytest.approx(slope, rel=1e-13)


@MANY
@given(seeds)
def test_the_complex_step_with_a_large_h_is_that_of_exact_arithmetic(seed):
    for given_ in draws("complex-any-step", seed):
        h, exact = Fraction(given_["h"]), []
        for point in given_["x"].tolist():
            real, imaginary = Fraction(0), Fraction(0)
            for a in reversed(given_["c"]):  # Horner's rule in rational complex numbers
                real, imaginary = real * point - imaginary * h + Fraction(a), real * h + imaginary * point
            exact.append(imaginary / h)
        assert close(CHECKS["complex-any-step"].expected(**given_), exact)


# --- Checks against mistakes ----------------------------------------------------------------------------------------


@each_check
@MANY
@given(seed=seeds)
def test_every_known_mistake_shows_in_some_trial_of_every_seed(id, seed):
    check, inputs = CHECKS[id], draws(id, seed)
    for words, mistaken in check.mistakes.items():
        assert any(shows(check, mistaken, given_) for given_ in inputs), words


@pytest.mark.parametrize("id", ["forward-difference", "central-difference"])
@MANY
@given(seed=seeds)
def test_one_scheme_is_never_sold_as_another(id, seed):
    """Every mistake is off in the first digits, in every trial: a hundred times the tolerance."""
    check = CHECKS[id]
    for given_ in draws(id, seed):
        right = check.expected(**given_)
        assert all(abs(mistaken(**given_) - right) > 0.01 for mistaken in check.mistakes.values())
        assert check.tolerance(given_)[0] * abs(right) + check.tolerance(given_)[1] < 0.002


def shows(check, mistaken, given_):
    answer = mistaken(**given_)
    if isinstance(answer, type):
        return True
    return bool(differs(answer, check.expected(**given_), *check.tolerance(given_)))


@each_check
@MANY
@given(seed=seeds)
def test_the_reference_passes_with_room_to_spare(id, seed):
    check = CHECKS[id]
    for given_ in draws(id, seed):
        form = attempt(check.probe_source, reference(), decode(encode(given_)))
        rtol, atol = check.tolerance(given_)
        assert not differs(outcome(form).value, check.expected(**given_), rtol / 10, atol / 10)


@each_check
@MANY
@given(seed=seeds)
def test_inputs_are_general(id, seed):
    """No number is 0 or 1, no two single numbers are of the same size, and arrays hold different entries."""
    for given_ in draws(id, seed):
        sizes = [abs(v) for v in given_.values() if isinstance(v, float)]
        assert len({0.0, 1.0, *sizes}) == 2 + len(sizes)
        for array in (v for v in given_.values() if isinstance(v, np.ndarray)):
            assert len(np.unique(array)) == len(array) > 1
            assert not np.array_equal(np.sort(array), np.sort(-array))
            assert np.all(array != 0)


CASES = find_cases(PS1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_fails_where_it_says_for_any_seed(case):
    """In this process, for several seeds: the cases are our own code. Once, they are also proved in the sandbox."""
    names = names_of(case.path)
    touched = [check for check in PS1.checks.checks if check.part in case.cells]
    for seed in range(4):
        results = [mark(check, names, seed) for check in touched]
        assert [r.id for r in results if not r.passed] == list(case.fails), seed
        messages = "\n".join(r.message for r in results if not r.passed)
        assert case.says in messages
        if case.says and (known := [m for c in touched for m in c.mistakes if case.says in m]):
            assert any(r.mistake in known for r in results), "the words are in no named mistake"


def test_every_mistake_is_named_by_a_case_that_makes_it():
    named = set()
    for case in CASES:
        if not case.fails:
            continue
        names = names_of(case.path)
        for check in (CHECKS[id] for id in case.fails):
            result = mark(check, names, 1)
            if result.mistake and case.says in result.mistake:
                named.add((check.id, result.mistake))
    known = {(check.id, words) for check in CHECKS.values() for words in check.mistakes}
    assert known == named


# --- Running the notebook -------------------------------------------------------------------------------------------


STOPPED = "which cell stopped, and with what"


def run(cells, marking=True):
    """Run the instructor's notebook with some cells replaced, without its test cells; return its names."""
    names = {"__name__": "notebook"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cell in PS1.cells:
            if cell.cell_type != "code" or cell.role == "test":
                continue
            source = cells.get(cell.grade_id, cell.source)
            if cell.grade_id == "setup":
                source = source.replace('problem_set("ps1")', f'problem_set("ps1", {str(EXERCISES)!r})')
                source += f"\nps1.marking = {marking}"
            try:
                exec(compile(source, f"<cell {cell.grade_id}>", "exec"), names)
            except Exception as error:
                if cell.grade_id not in cells:
                    raise
                names[STOPPED] = {cell.grade_id: type(error).__name__}
    return names


@cache
def names_of(path):
    """Return what a case's notebook defines; each runs once."""
    return run(read_case(path).cells)


@cache
def reference():
    return run({})


def mark(check, names, seed):
    """Mark one check in this process."""
    trials = []
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for trial in range(check.trials):
            given_ = check.draw(seed, trial)
            form = attempt(check.probe_source, names, decode(encode(given_)))
            trials.append(Asked(given_, outcome(form)))
    return mark_check(check, trials, names.get(STOPPED, {}).get(check.part, ""))
