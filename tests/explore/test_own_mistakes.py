"""A learner's own wrong answer beside the right one: words and picture say the same; what is right is a closed form."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.explore.differentiation.own_mistakes import first_wrong_row, own_tangent

numbers = st.floats(-5, 5).map(lambda x: round(x, 2) + 0.0)


@settings(max_examples=4)
@given(a=numbers, b=numbers, slope=numbers)
def test_a_line_is_compared_with_the_slope_of_its_curve(a, b, slope):
    """The curve is a + b t + t^2, whose slope at 0 is b."""
    words, picture = own_tangent(lambda t: a + b * t + t * t, a, slope)
    assert f"the right dual part is {b:.4g}. Yours, {slope:.4g}, is a line that" in words
    assert ("as steep as" in words) == bool(np.isclose(b, slope))
    assert ("falls where the curve rises" in words) == (slope < 0 < b)
    assert "real part" not in words
    assert f'alt="{words}"' in picture._repr_html_()


def test_a_real_part_that_is_not_on_the_curve_is_told():
    words, _ = own_tangent(lambda t: np.sin(1 + t), 0.5, 1.0)
    assert words.endswith("And it stands at the height 0.5, your real part, where the curve is at 0.8415.")


def test_a_curve_is_drawn_where_it_has_values():
    words, picture = own_tangent(lambda t: np.log(0.2 + t), float(np.log(0.2)), 1.0, "log(0.2 + t)")
    assert "the right dual part is 5" in words
    assert picture._repr_html_().startswith("<img")


LINES = {"w1": "w1 = x * x", "w2": "w2 = w1 < 3", "w3": "w3 = w1 - w2"}
RIGHT = {"w1": 4.0, "w2": 1e-160, "w3": 4.0}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"w1": 5.0}, "The first wrong row is w1 = x * x: your value is 5, right is 4."),
        ({"w2": 0.0}, "w2 = w1 < 3: your value is 0, right is 1e-160. The row above it is right."),
        ({"w3": 1.0}, "w3 = w1 - w2: your value is 1, right is 4. The 2 rows above it are right."),
        ({"w2": 2.0, "w3": 2.0}, "The first wrong row is w2 = w1 < 3"),
    ],
)
def test_rows_are_shown_up_to_the_first_wrong_one(wrong, says):
    words, table = first_wrong_row(LINES, RIGHT | wrong, RIGHT, "value")
    assert says in words
    text = table._repr_html_()
    assert len(re.findall("<tr", text)) == 1 + [*LINES].index(next(iter(wrong))) + 1
    assert text.count("outline") == text.count("the first wrong row</td>") == 1
    assert "< 3</code>" not in text  # what is a text stays a text


def test_right_numbers_have_no_wrong_row():
    with pytest.raises(ValueError, match="All of these numbers are right"):
        first_wrong_row(LINES, RIGHT, RIGHT, "value")
