"""Inputs are drawn until every mistake shows; what counts as showing is what a student could see."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import drawing

seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        (1.0, 1.5, 0.5),
        (1, np.float64(3), 2),
        (np.array([1.0, 2.0]), np.array([1.0, 5.0]), 3),
        ({"a": [1.0, (2.0, 3.0)]}, {"a": [1.0, (2.0, 7.0)]}, 4),
        (np.array([math.inf, 1.0]), np.array([math.inf, 1.0]), 0),
        (None, None, 0),
        ("few", "few", 0),
        ([], [], 0),
        (np.zeros(0), np.zeros(0), 0),
        ("few", "many", math.inf),
        (1.0, None, math.inf),
        (1.0, [1.0], math.inf),
        ([1.0], np.array([1.0]), math.inf),
        ((1.0,), [1.0], math.inf),
        (np.zeros(2), np.zeros((2, 1)), math.inf),
        (1.0, 1.0 + 0j, math.inf),
        (1.0, True, math.inf),
        (1.0, math.nan, math.inf),
        ({"a": 1.0}, {"b": 1.0}, math.inf),
        (1.0, ZeroDivisionError, math.inf),
        (1.0, TypeError("is not callable"), math.inf),
    ],
)
def test_how_far_answers_lie_apart(one, other, distance):
    assert drawing.farthest(one, other) == distance == drawing.farthest(other, one)


@given(seeds)
def test_numbers_are_general_and_come_again(seed):
    drawn = drawing.general_numbers(np.random.default_rng(seed), 2, 3)
    sizes = np.abs(drawn).ravel().tolist()
    assert len({0.0, 1.0, *sizes}) == 8
    assert all(0.4 <= size <= 1.9 for size in sizes)
    assert np.array_equal(drawn, drawing.general_numbers(np.random.default_rng(seed), 2, 3))


@given(seeds, st.integers(0, 4))
def test_an_expression_is_text_over_its_names_and_never_constant(seed, depth):
    text = drawing.expression(np.random.default_rng(seed), ["x", "y"], depth, ["sin"])
    tree = compile(text, "expression", "eval")
    assert set(tree.co_names) <= {"x", "y", "sin"}
    assert {"x", "y"} & set(tree.co_names)


def test_inputs_are_drawn_until_every_mistake_shows():
    sides = iter([2.0, 0.0, -1.0, 300.0, 3.0])
    mistakes = {
        "twice": lambda side: 2 * side,  # right at 0 and 2
        "inverse": lambda side: 1 / side,  # breaks down at 0
        "size": lambda side: abs(side) ** 3,  # right at -1
    }

    def draw():
        side = next(sides)
        return {"side": side}

    assert drawing.until_told_apart(draw, lambda side: side**2, mistakes, largest=100) == {"side": 3.0}


def test_what_a_draw_refuses_is_drawn_again():
    drawn = iter([None, {"x": 2.0}])
    assert drawing.until_told_apart(lambda: next(drawn), lambda x: x, {"none": lambda x: None}) == {"x": 2.0}


def test_each_of_several_answers_shows_which_it_is():
    assert drawing.all_told_apart([1.0, 2.0, None])
    assert not drawing.all_told_apart([1.0, 2.0, 1.001])
