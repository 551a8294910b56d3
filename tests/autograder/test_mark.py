"""Answers are judged by type, then shape, then value; a mistake is named only when it explains every wrong answer."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import Breaks, Mistake, Raises
from autograder.ground.answers import Outcome, outcome
from autograder.mark.check_results import NOT_DONE, CheckResult, mark_check
from autograder.mark.compare import differs, shown
from autograder.mark.counted_once import counted_once
from autograder.mark.faults import Asked

finite = st.floats(-1e100, 1e100)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (3, 3.0),
        (np.float64(3), 3),
        (np.array(3.0), 3.0),
        (np.int32(3), 3.0),
        (3.0 + 1e-12, 3.0),
        (math.nan, math.nan),
        (math.inf, math.inf),
        ("a", "a"),
        (None, None),
        (True, np.True_),
        ([1.0, (2, "x")], [1, (2.0, "x")]),
        ({"b": 1, "a": 2}, {"a": 2.0, "b": 1.0}),
        (np.zeros((0, 3)), np.ones((0, 3))),
        (np.array([1.0, math.nan]), np.array([1.0, math.nan])),
    ],
)
def test_right_answers_of_any_plain_kind(answer, expected):
    assert differs(answer, expected, 1e-9, 0.0) == ""


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (None, 2.0, "returned None; expected a number"),
        ("2", 2.0, "a text, '2'; expected a number"),
        (True, 1.0, "a truth value"),
        (3 + 0j, 3.0, "a complex number"),
        ([1.0, [2.0]], np.array([1.0, 2.0]), "a list"),
        ([True, False], np.array([1.0, 0.0]), "a list"),
        ([np.ones(2), np.ones(2)], np.ones((2, 2)), "a list"),
        ([1.0, 2.0, 3.0], np.array([1.0, 2.0]), "a list"),
        (np.ones((2, 1)), np.ones(2), "shape (2, 1)"),
        (np.array([1.0, 2.0]), np.array([1.0, 2.5]), "at index [1]: 2 for 2.5"),
        (math.nan, 2.0, "returned nan; expected 2"),
        (-math.inf, math.inf, "returned -inf; expected inf"),
        (10**300, 7.0, "expected 7"),
        (10**399, 7.0, "expected 7"),  # more than the largest float, and within what an answer may have of digits
        (-(10**399), math.inf, "expected inf"),
        (4, 5, "returned 4; expected 5"),
        ({"a": 1}, {"b": 1}, "the keys"),
        ([1, 2], [1], "2 items"),
        ([1], [1, 2], "you returned 1 item, "),
        ([1, [2, 3]], [1, [2, 4]], "in the item at index 1, in the item at index 1, you returned 3"),
        ((1.0, 2.0), (1.0, 3.0), "in the second of the returned values, you returned 2; expected 3"),
        ([(1.0, 2.0)], [(4.0, 2.0)], "in the item at index 0, in its first value, you returned 1"),
        ((0,) * 10, (0,) * 9 + (1,), "in the item at index 9, "),
        ("b", "a", "returned 'b'"),
    ],
)
def test_wrong_answers_are_told_how_they_differ(answer, expected, words):
    assert words in differs(answer, expected, 1e-9, 0.0)


@pytest.mark.parametrize("kind", [tuple, list])
def test_what_a_check_has_names_for_is_called_by_its_name(kind):
    names = ("the value", "the gradient")
    told = differs(kind([1.0, [2.0, 3.0]]), kind([1.0, [2.0, 4.0]]), 0.0, 0.0, names)
    assert told == "in the gradient (the second returned value), in the item at index 1, you returned 3; expected 4."
    assert "in the third of" in differs((1, 2, 3), (1, 2, 4), 0.0, 0.0, names)  # names for two do not fit three


@given(finite, st.floats(1e-12, 1e-2), st.booleans())
def test_the_tolerance_is_what_it_says(expected, rtol, inside):
    answer = expected + (0.9 if inside else 1.2) * (1e-6 + rtol * abs(expected))
    assert (differs(answer, expected, rtol, 1e-6) == "") == inside


SAMPLES = (
    st.floats() | st.integers(-(2**70), 2**70) | st.booleans() | st.sampled_from([0.0, -0.0, 1, 1.0, 1 + 1e-10, 1e308])
)


@given(SAMPLES, SAMPLES, st.sampled_from([0.0, 1e-9, 0.1]))
def test_plain_numbers_are_compared_as_numpys_are(answer, expected, rtol):
    """Plain ones, and lists of them, are told quickly; the other way is that of arrays."""
    said = differs(answer, expected, rtol, 1e-12)
    if all(type(n) is not int or abs(n) < 2**63 for n in (answer, expected)):
        assert bool(differs(np.asarray(answer), np.asarray(expected), rtol, 1e-12)) == bool(said)
    assert bool(differs([1.0, (answer, 2)], [1.0, (expected, 2)], rtol, 1e-12)) == bool(said)
    assert differs([answer] * 3, [answer] * 3, 0.0, 0.0) == ""


def test_a_tuple_of_one_is_shown_as_python_writes_it():
    assert shown(("w3", "sin", ("w2",))) == "('w3', 'sin', ('w2',))"


@given(st.integers() | st.floats() | st.text() | st.complex_numbers())
def test_what_is_shown_is_short(value):
    assert len(shown(value)) < 1300


MATRIX = np.array([[1.0, 2.0, 4.0], [7.0, 11.0, 16.0], [22.0, 29.0, 37.0]])


def trials(check, answer, count=None):
    """Ask every trial of a check, the answers given by a function of the inputs (or an Outcome)."""
    asked = []
    for number in range(count or check.trials):
        inputs = check.draw(7, number)
        made = answer(**inputs)
        asked.append(Asked(inputs, made if isinstance(made, Outcome) else Outcome("answer", made)))
    return asked


def test_a_right_answer_earns_all_points(tiny):
    check = tiny.checks.by_id["circle-area"]
    result = mark_check(check, trials(check, lambda radius: math.pi * radius * radius))
    assert (result.points, result.passed, result.message) == (2, True, "")


def test_a_known_mistake_is_named_with_input_answer_and_hint(tiny):
    check = tiny.checks.by_id["circle-area"]
    result = mark_check(check, trials(check, lambda radius: 2 * math.pi * radius))
    assert (result.points, result.mistake) == (0, "the circumference in place of the area")
    assert "With radius = " in result.finding
    assert "you returned" in result.finding
    assert result.message.splitlines()[1:] == [
        check.hint,
        f"What came out is what this mistake would give: {result.mistake}.",
    ]


def test_a_finding_calls_what_was_returned_by_the_names_that_the_check_gives(tiny):
    circle = tiny.checks.by_id["circle-area"]
    both = replace(circle, expected=lambda radius: (radius, 2 * radius), mistakes={}, returns=("radius", "the width"))
    result = mark_check(both, trials(both, lambda radius: (radius, 3 * radius)))
    assert ", in the width (the second returned value), you returned " in result.finding


def test_a_mistake_must_explain_every_wrong_trial(tiny):
    check = tiny.checks.by_id["circle-area"]
    answers = iter([2 * math.pi, math.pi, 2 * math.pi])
    result = mark_check(check, trials(check, lambda radius: next(answers) * radius))
    assert (result.points, result.mistake) == (0, None)


def test_a_mistake_must_be_right_where_the_answer_was(tiny):
    """Who is right for some inputs does not make a mistake that is wrong for all."""
    circle = tiny.checks.by_id["circle-area"]
    asked = trials(circle, lambda radius: 2 * math.pi * radius)
    smallest = min(trial.inputs["radius"] for trial in asked)
    partly = trials(circle, lambda radius: math.pi * radius * (radius if radius == smallest else 2))
    assert mark_check(circle, asked).mistake == "the circumference in place of the area"
    assert mark_check(circle, partly).mistake is None
    known = {"for all but the smallest": lambda radius: math.pi * radius * (radius if radius == smallest else 2)}
    assert mark_check(replace(circle, mistakes=known), partly).mistake == "for all but the smallest"
    judged = replace(circle, accepts=lambda answer, radius: "" if answer == math.pi * radius**2 else "it is not")
    assert mark_check(judged, partly).mistake is None


@pytest.mark.parametrize(
    ("kind", "message", "line", "raising", "as_words", "at_a_line"),
    [
        ("ZeroDivisionError", "float division by zero", "line 2: return 1 / radius", True, True, True),
        ("ZeroDivisionError", "float division by zero", "line 2: return 1 // radius", True, True, False),
        ("ZeroDivisionError", "float division by zero", "", True, True, False),
        ("ZeroDivisionError", "0.0 cannot be raised to a negative power", "", False, False, False),
        ("ValueError", "division by zero", "", False, False, False),
        # A student's message is no line, and a comment of the line no message.
        ("ZeroDivisionError", "float division by zero (line 2: 1 / radius)", "line 3: raise error", True, True, False),
        ("ZeroDivisionError", "float division by zero (line 2: 1 / radius)", "", True, True, False),
        ("ZeroDivisionError", "no", "line 3: raise error  # float division by zero", False, False, False),
    ],
)
def test_a_mistake_that_raises_explains_who_raises_the_same(tiny, kind, message, line, raising, as_words, at_a_line):
    """It may raise itself, or name words of the message and the line; a class alone tells nothing."""
    ways = {
        lambda radius: radius / 0: raising,
        lambda radius: ZeroDivisionError("division by zero"): as_words,
        lambda radius: Raises(ZeroDivisionError, "division by zero", line=r" / "): at_a_line,
        lambda radius: ZeroDivisionError: False,
    }
    for way, explained in ways.items():
        check = replace(tiny.checks.by_id["circle-area"], mistakes={"divides by zero": way})
        assert mark_check(check, trials(check, lambda radius: 0.5)).mistake is None
        said = outcome({"raised": [kind, message, line]})
        named = mark_check(check, trials(check, lambda radius, said=said: said)).mistake
        assert named == ("divides by zero" if explained else None)


def test_partial_credit_is_in_proportion(tiny):
    check = tiny.checks.by_id["ring-area"]
    good = iter([True, False, True, True])
    result = mark_check(check, trials(check, lambda inner, outer: check.expected(inner, outer) if next(good) else 0.0))
    assert (result.points, result.passed) == (2.25, False)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Outcome("missing", text="area"), "Your notebook defines no `area`."),
        (outcome({"raised": ["TypeError", "no", "line 2: x"]}), "your code raised TypeError: no (line 2: x)"),
        (Outcome("not-plain", text="an object of type Circle"), "your code returned an object of type Circle. A check"),
        (Outcome("stopped", text="it had not finished after 5 s"), "was stopped: it had not finished after 5 s"),
        (Outcome("raised", "NotImplementedError", "NotImplementedError"), NOT_DONE),
    ],
)
def test_what_is_no_answer_is_told_in_words(tiny, said, words):
    check = tiny.checks.by_id["circle-area"]
    result = mark_check(check, trials(check, lambda radius: said))
    assert result.points == 0
    assert words in result.message
    assert result.stopped == (said.kind == "stopped")


def test_a_stopped_cell_explains_a_missing_name(tiny):
    check = tiny.checks.by_id["circle-area"]
    result = mark_check(check, trials(check, lambda radius: Outcome("missing", text="area")), "SyntaxError: (")
    assert "The cell `area` itself had stopped with SyntaxError: (." in result.finding


def test_inputs_are_safe_from_the_functions_that_see_them(tiny):
    check = tiny.checks.by_id["circle-area"]
    assert check.draw(7, 0) == check.draw(7, 0)
    assert check.draw(7, 0) != check.draw(8, 0) != check.draw(7, 1)


def test_a_list_of_the_right_numbers_counts_as_an_array_unless_arrays_are_the_lesson(tiny):
    check = replace(
        tiny.checks.by_id["circle-area"], expected=lambda radius: np.array([radius, 2 * radius]), mistakes={}
    )
    for made in (list, tuple):
        answered = trials(check, lambda radius, made=made: made([radius, 2 * radius]))
        result = mark_check(check, answered)
        assert (result.points, result.passed) == (2, True)
        assert "list" in result.message
        assert not mark_check(replace(check, array=True), answered).passed
    assert mark_check(check, trials(check, check.expected)).message == ""
    known = replace(check, mistakes={"turned": Mistake("turned round", lambda radius: np.array([2 * radius, radius]))})
    assert mark_check(known, trials(check, lambda radius: [2 * radius, radius])).mistake_ids == ("turned",)


def test_little_evidence_names_nothing(tiny):
    """Two trials of six possible answers agree with something; what words only describe may be said."""
    circle = replace(tiny.checks.by_id["circle-area"], expected=lambda radius: 3, rtol=0.0)
    guess = {
        "first": Mistake("the first of six", lambda radius: 2),
        "zero": Mistake("0 throughout", lambda radius: 0, seen=True),
    }
    few = replace(circle, mistakes=guess)
    assert mark_check(few, trials(few, lambda radius: 2, 2)).mistake_ids == ()
    assert mark_check(few, trials(few, lambda radius: 2, 6)).mistake_ids == ("first",)
    assert mark_check(few, trials(few, lambda radius: 0, 2)).mistake_ids == ("zero",)


def test_a_broken_promise_counts_where_the_answer_is_right(tiny):
    check = replace(
        tiny.checks.by_id["circle-area"], mistakes={"kept": Mistake("it changes r", lambda radius: Breaks("changed"))}
    )
    told = "`area` has changed `radius`"
    broken = trials(check, lambda radius: Outcome("answer", math.pi * radius**2, told))
    result = mark_check(check, broken)
    assert (result.points, result.mistake_ids) == (0, ("kept",))
    assert result.finding.endswith(told)
    wrong = mark_check(check, trials(check, lambda radius: Outcome("answer", 7.0, told)))
    assert told not in wrong.finding
    assert wrong.mistake_ids == ()
    judged = replace(check, accepts=lambda answer, radius: "")
    assert told in mark_check(judged, broken).finding


def test_all_mistakes_that_give_the_same_are_said(tiny):
    same = {name: Mistake(name, lambda radius: radius**3) for name in ("a cube", "the volume of a box")}
    check = replace(tiny.checks.by_id["circle-area"], mistakes=same)
    result = mark_check(check, trials(check, lambda radius: radius**3))
    assert result.mistake_ids == tuple(same)
    assert "what each of these mistakes would give: a cube; or the volume of a box." in result.message


def test_another_shape_in_each_trial_is_one_slip(tiny):
    """Right numbers as a column, where each trial has another length."""
    check = replace(tiny.checks.by_id["circle-area"], expected=lambda radius: np.arange(1.0, 3 + radius), mistakes={})
    asked = [
        Asked({"radius": radius}, Outcome("answer", np.arange(1.0, 3 + radius).reshape(-1, 1))) for radius in (1, 2, 3)
    ]
    assert mark_check(check, asked).finding.endswith("These are the right numbers in another shape.")


@pytest.mark.parametrize(
    ("expected", "answer", "words"),
    [
        (lambda radius: radius, lambda radius: None, "None is what a function without `return` returns."),
        (lambda radius: (radius, "cm"), lambda radius: ("cm", radius), "the right values in another order"),
        (lambda radius: radius * MATRIX, lambda radius: radius * MATRIX.T, "transposed"),
        (lambda radius: radius * MATRIX[0], lambda radius: radius * MATRIX[:1], "in another shape, (1, 3)"),
        (lambda radius: radius * MATRIX[0], lambda radius: -radius * MATRIX[0], "with the other sign"),
        (lambda radius: radius * MATRIX[0], lambda radius: radius * MATRIX[0, ::-1], "from the last to the first"),
        (
            lambda radius: radius * MATRIX[0],
            lambda radius: 2.5 * radius * MATRIX[0],
            "Each number is 2.5 times the right",
        ),
        (lambda radius: radius / MATRIX, lambda radius: np.round(radius / MATRIX, 3), "rounded to 3 decimals"),
        (lambda radius: radius * MATRIX[0], lambda radius: 0 * MATRIX[0], "All of it is 0."),
        (lambda radius: radius * MATRIX[0], lambda radius: radius * MATRIX[0, 1:], "The first number is missing"),
        (lambda radius: radius * MATRIX[0], lambda radius: radius + MATRIX[0], ""),
    ],
)
def test_plain_slips_are_told_where_they_can_be_seen(tiny, expected, answer, words):
    check = replace(tiny.checks.by_id["circle-area"], expected=expected, mistakes={})
    finding = mark_check(check, trials(check, answer)).finding
    assert words in finding
    assert words or finding.endswith((").", "]."))
    mixed = trials(check, answer)[:-1] + trials(check, lambda radius: 1e6)[-1:]  # not in every wrong trial
    assert not words or words not in mark_check(check, mixed).finding


def test_none_among_what_a_check_has_gathered_may_be_what_was_never_set(tiny):
    check = replace(tiny.checks.by_id["circle-area"], expected=lambda radius: {"adjoint": radius}, mistakes={})
    words = "None is what a function without `return` returns, and what stands where nothing was set."
    assert words in mark_check(check, trials(check, lambda radius: {"adjoint": None})).finding


def test_what_is_empty_is_not_said_to_be_0(tiny):
    circle = tiny.checks.by_id["circle-area"]
    assert "All of it is 0" not in mark_check(circle, trials(circle, lambda radius: ())).finding


def test_a_list_of_several_values_counts_as_a_tuple_and_one_that_broke_a_promise_is_not_out_of_order(tiny):
    check = replace(tiny.checks.by_id["circle-area"], expected=lambda radius: (radius, "cm"), mistakes={})
    assert mark_check(check, trials(check, lambda radius: [radius, "cm"])).passed
    right = trials(check, lambda radius: (radius, "cm"))
    broken = [replace(trial, outcome=replace(trial.outcome, text="It is changed.")) for trial in right]
    assert mark_check(check, broken).finding.endswith("It is changed.")


def test_who_sorts_numbers_is_not_told_to_turn_them_round(tiny):
    """Where they fall, they come out from the last to the first; where they rise, nothing is wrong."""
    check = replace(tiny.checks.by_id["circle-area"], expected=lambda radius: np.array([1.0, radius]), mistakes={})
    asked = [Asked({"radius": r}, Outcome("answer", np.sort([1.0, r]))) for r in (0.5, 2.0, 0.3)]
    assert "turn them round" not in mark_check(check, asked).finding
    assert "turn them round" in mark_check(check, asked[::2]).finding


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (
            ["TypeError", "f() takes 1 positional argument but 2 were given", ""],
            "your function could not be called as the check",
        ),
        (["AttributeError", "'NoneType' object has no attribute 'real'", ""], "could not use what your code returned"),
        (["AttributeError", "'NoneType' object has no attribute 'real'", ""], "It was None, as it is after a function"),
        (["NameError", "name 'n' is not defined", "line 2: return n"], "your code raised NameError"),
        (["KeyError", "no (line 2: return n)", ""], "could not use what your code returned"),
    ],
)
def test_who_raised_is_told(tiny, raised, words):
    check = tiny.checks.by_id["circle-area"]
    said = outcome({"raised": raised})
    assert words in mark_check(check, trials(check, lambda radius: said)).finding


def test_one_mistake_costs_once_in_a_part(tiny):
    """Of 2, 3 and 1 points lost by one mistake in one part, 3 are lost; another part's loss is its own."""
    wrong = CheckResult("", "", 0.0, 0.0, False, "Wrong.", "the same", "", False, ("same",))
    worth = {"a": 2.0, "b": 3.0, "c": 1.0, "d": 2.0, "e": 2.0}
    parts = {"a": "one", "b": "one", "c": "one", "d": "two", "e": "one"}
    circle = tiny.checks.by_id["circle-area"]
    checks = [replace(circle, id=id, part=parts[id], points=worth[id]) for id in worth]
    results = [replace(wrong, id=id, max_points=worth[id]) for id in worth]
    results[-1] = replace(results[-1], mistake_ids=(), mistake=None)  # wrong as well, and nobody knows why
    counted = counted_once(checks, results)
    assert [r.points for r in counted] == [2.0, 0.0, 1.0, 0.0, 0.0]
    assert not any(r.passed for r in counted)
    assert ["Already counted with `b`" in r.finding for r in counted] == [True, False, True, False, False]
    half = replace(results[1], points=2.5)  # it pays in proportion, so that the other one is the dearer
    assert [r.points for r in counted_once(checks, [results[0], half, *results[2:]])][:3] == [0.0, 3.0, 1.0]


def test_the_smallest_failing_trial_is_told_and_of_several_expressions_the_one_that_failed(tiny):
    circle = tiny.checks.by_id["circle-area"]
    inputs = [{"x": np.arange(30.0)}, {"x": 2.0}, {"x": 123.25}]
    check = replace(circle, expected=lambda x: x, mistakes={})
    told = mark_check(check, [Asked(given, Outcome("answer", None)) for given in inputs])
    assert told.finding.startswith("With x = 2, you returned None")
    several = replace(circle, expected=lambda texts, x: {text: eval(text, {"x": x}) for text in texts}, mistakes={})
    texts = ["x + 1", "x * x", "-x"]
    answer = {"x + 1": 4.0, "x * x": 6.0, "-x": -3.0}
    told = mark_check(several, [Asked({"texts": texts, "x": 3.0}, Outcome("answer", answer))])
    assert told.finding.startswith("With texts = 'x * x', x = 3, in the entry 'x * x', you returned 6")


def nested(depth):
    value = {"k" * 10**6: "v" * 10**6}
    for _ in range(depth):
        value = [value] * 12
    return value


@pytest.mark.parametrize(
    "value",
    [
        nested(6),
        {(1, "k" * 10**6): 1},
        {f"{n}" * 400: n for n in range(10**4)},
        np.zeros((2,) * 18),
        [[0] * 99] * 999,
        "\n" * 10**6,
    ],
)
def test_what_is_shown_is_short_however_much_was_returned(value, tiny):
    assert len(shown(value)) < 1100
    check = tiny.checks.checks[0]
    result = mark_check(check, [Asked({"radius": 1.0}, Outcome("answer", value))] * check.trials)
    assert len(result.message) < 4000


def test_a_private_set_tells_nothing_of_what_was_answered_beside_the_reference(tiny):
    check = tiny.checks.checks[1]
    secret = "def area(radius): return 3 * radius"
    for said in (
        Outcome("answer", secret), Outcome("answer", {secret: 1}), Outcome("raised", "ValueError", secret),
        Outcome("missing", text=secret), Outcome("not-plain", text=secret), Outcome("stopped", text=secret),
    ):  # fmt: skip
        inputs = check.draw(1, 0)
        open_, private = (mark_check(check, [Asked(inputs, said)], quiet=quiet) for quiet in (False, True))
        assert secret in open_.finding
        assert secret not in private.message
        assert private.finding.startswith("With ")
        assert private.finding.endswith("it does not come out right.")
        assert (private.points, private.passed) == (open_.points, open_.passed)


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (lambda radius: 2.5 * radius, [2.0, 0.0]),  # worked out, and the same slip in both
        (lambda radius: None, [0.0, 0.0]),
        (lambda radius: 0.0, [0.0, 0.0]),
        (lambda radius: radius, [0.0, 0.0]),
        (lambda radius: outcome({"raised": ["TypeError", "no", "line 1: raise TypeError('no')"]}), [0.0, 0.0]),
    ],
)
def test_a_mistake_costs_once_only_where_something_was_worked_out(tiny, answer, points):
    """Who returns nothing, or what was given, or raises what a known mistake would, has not done the part."""
    circle = replace(tiny.checks.by_id["circle-area"], mistakes={})
    checks = [replace(circle, id=id, points=worth) for id, worth in (("a", 2.0), ("b", 3.0))]
    results = [replace(mark_check(check, trials(check, answer)), mistake_ids=("same",)) for check in checks]
    assert [result.points for result in counted_once(checks, results)] == points
