"""Live explorables: what a module says and counts in the page, Python says and counts too."""

import inspect
import random
import re
from fractions import Fraction
from xml.etree import ElementTree

import javascript
import numpy as np
import pytest
from contrast import contrast
from scipy.integrate import solve_ivp
from scipy.stats import norm

from course_lib import explore
from course_lib.autodiff import Dual, derivative, forward_difference, vjp
from course_lib.explore import pictures
from course_lib.explore.built_page import MODULES, composed_module
from course_lib.explore.controls import Choice, LogSlider, Points, Slider
from course_lib.explore.differentiation.cancellation import common_decimals
from course_lib.explore.differentiation.divided_differences import correct_digits
from course_lib.explore.differentiation.stiffness import van_der_pol
from course_lib.explore.live import LiveExplorable
from course_lib.explore.mixtures.one_function import log_sum_exp
from course_lib.explore.numerals import fixed

LIVE = [
    made
    for name in explore.__all__
    if inspect.signature(made := getattr(explore, name)).return_annotation is LiveExplorable
]
every_live_explorable = pytest.mark.parametrize("make", LIVE, ids=lambda make: make.__name__)
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
LESS_THAN_NOTHING = re.compile(r"[-−] ?0(?:\.0*)?(?![\d.])")  # a minus sign before zero


def settings(explorable, count, seed=7):
    """The start, both ends of every control, and random settings of all of them."""
    rng = random.Random(seed)
    start = {control.name: control.start_value for control in explorable.controls}
    ends = [start | {c.name: value} for c in explorable.controls for value in (c.values[0], c.values[-1])]
    anywhere = [{c.name: rng.choice(list(c.values)) for c in explorable.controls} for _ in range(count)]
    return [start, *ends, *anywhere]


def assert_same_words(one, other):
    """The words are the same, and numbers differ by at most one unit of their last digit: both round."""
    assert NUMBER.sub("#", one) == NUMBER.sub("#", other)
    for a, b in zip(NUMBER.findall(one), NUMBER.findall(other), strict=True):
        mantissa, _, exponent = a.replace("−", "-").partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
        assert abs(float(a.replace("−", "-")) - float(b.replace("−", "-"))) <= unit * 1.001, (one, other)


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    """Return a function that writes the text that travels to the page, and returns its path."""

    def write(name):
        path = tmp_path_factory.mktemp("modules") / f"{name}.mjs"
        path.write_text(composed_module(name), encoding="utf-8")
        return path

    return write


def test_there_are_live_explorables():
    assert explore.product_of_dual_numbers in LIVE


@every_live_explorable
def test_the_page_says_what_python_says(make, composed):
    explorable = make()
    chosen = settings(explorable, 40)
    frames = javascript.calls(
        composed(explorable.module), [("draw", (values, explorable.state["data"])) for values in chosen]
    )
    for values, frame in zip(chosen, frames, strict=True):
        text, reading = explorable.says(**values)
        assert_same_words(frame["alternativeText"], text)
        assert [name for name, _ in frame.get("reading", [])] == [name for name, _ in reading]
        for (_, shown), (_, expected) in zip(frame.get("reading", []), reading, strict=True):
            assert_same_words(shown, expected)
        words = [text, frame["alternativeText"], *map(str, reading), *map(str, frame.get("reading", []))]
        words += ElementTree.fromstring(frame["svg"]).itertext()
        assert [one for one in words if LESS_THAN_NOTHING.search(one)] == []
    assert len({frame["alternativeText"] for frame in frames}) > 1
    assert len({frame["svg"] for frame in frames}) > 1


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (-0.0, 2, "0.00"),
        (-0.004, 2, "0.00"),
        (-0.006, 2, "−0.01"),
        (-0.4, 0, "0"),
        (-12.5, 1, "−12.5"),
        (3.14159, 3, "3.142"),
        (-1e-16, 15, "0.000000000000000"),
    ],
)
def test_no_number_is_less_than_nothing(composed, value, decimals, written):
    assert fixed(value, decimals) == written
    (page,) = javascript.calls(composed("cancellation"), [("fixed", (value, decimals))])
    assert page == written


@every_live_explorable
def test_its_pictures_are_whole_and_in_the_colours_of_the_course(make, composed):
    explorable = make()
    chosen = settings(explorable, 10, seed=8)
    frames = javascript.calls(
        composed(explorable.module), [("draw", (values, explorable.state["data"])) for values in chosen]
    )
    colours = {value.lower() for name, value in vars(pictures).items() if name.isupper() and str(value)[:1] == "#"}
    for frame in frames:
        root = ElementTree.fromstring(frame["svg"])
        assert root.tag.endswith("svg")
        assert root.get("viewBox")
        assert not re.search(r"NaN|undefined|Infinity|\bid=", frame["svg"])
        used = {colour.lower() for colour in re.findall(r'"(#[0-9a-fA-F]{6})"', frame["svg"])}
        assert {colour for colour in used if not is_grey(colour)} <= colours
        assert len(frame["svg"]) < 400_000, "too long to be drawn anew at each move"


@every_live_explorable
def test_words_stand_out_from_the_paper(make, composed):
    explorable = make()
    chosen = settings(explorable, 10, seed=9)
    frames = javascript.calls(
        composed(explorable.module), [("draw", (values, explorable.state["data"])) for values in chosen]
    )
    fills = {
        text.get("fill")
        for frame in frames
        for text in ElementTree.fromstring(frame["svg"]).iter()
        if text.tag.endswith("text")
    }
    assert fills
    assert {fill: contrast(fill) for fill in fills if contrast(fill) < 4.5} == {}


def is_grey(colour):
    return colour[1:3] == colour[3:5] == colour[5:7]


@every_live_explorable
def test_it_opens_with_its_still_picture(make):
    explorable = make(embed=True)
    assert explorable.values == {control.name: control.start_value for control in explorable.controls}
    assert len(explorable.still.alternative_text.split()) >= 15
    ElementTree.fromstring(explorable.still.svg)


def test_on_paper_the_likelihood_has_run_away(composed):
    explorable = explore.runaway_likelihood(embed=True)
    assert "sigma 1.0e+0" in explorable.still.alternative_text
    assert "sigma 1.0e-6" in explorable.on_paper.alternative_text
    assert len(explorable.on_paper.svg) > len(explorable.still.svg)
    curve = re.compile(r'd="(M[^"]*)" fill="none" stroke="#D55E00"')
    frames = javascript.calls(composed(explorable.module), [
        ("draw", ({"sigma": sigma, "distance": "0", "point": [[-0.9]]}, explorable.state["data"]))
        for sigma in (1.0, 1e-3)
    ])  # fmt: skip
    points = [max(path.count("L") for path in curve.findall(frame["svg"])) for frame in frames]
    assert points[0] < 5 < 50 < points[1]


@pytest.mark.parametrize("embed", [True, False])
def test_a_still_picture_stands_behind_the_page_only(monkeypatch, embed):
    shown = []
    monkeypatch.setattr("course_lib.explore.live.display", shown.append)
    explorable = explore.product_of_dual_numbers(embed=embed)
    explorable._ipython_display_()
    assert len(shown) == 1
    assert "explorable-still" in shown[0].data if embed else shown[0] is explorable.widget


def test_the_state_is_what_the_page_reads():
    controls = [
        Slider("k", "Step", [0, 1, 2], start=1, buttons=True),
        LogSlider("h", "Step h", [-1, 0], start=0, written="{:g}".format),
        Choice("order", "Order", ["right", "wrong"]),
    ]
    explorable = LiveExplorable(
        lambda **values: ("words", []), lambda **values: "<svg/>", controls, "product_rule", {"a": [1.5]}
    )
    state = explorable.widget.get_state()
    assert state["controls"] == [
        {"name": "k", "label": "Step", "kind": "slider", "buttons": True, "options": [[0, "0"], [1, "1"], [2, "2"]]},
        {"name": "h", "label": "Step h", "kind": "slider", "buttons": False, "options": [[0.1, "0.1"], [1.0, "1"]]},
        {"name": "order", "label": "Order", "kind": "choice", "buttons": False,
         "options": [["right", "right"], ["wrong", "wrong"]]},
    ]  # fmt: skip
    assert state["chosen"] == {"k": 1, "h": 1, "order": 0}
    assert state["data"] == {"a": [1.5]}


def test_too_many_controls_are_refused():
    with pytest.raises(ValueError, match="4 controls; an explorable has one to three"):
        LiveExplorable(None, None, [Choice("a", "a", ["b"])] * 4, "product_rule")


def test_an_unknown_module_is_refused_by_name():
    with pytest.raises(ValueError, match=r"no module circle\.mjs in modules/; expected one of .*product_rule"):
        composed_module("circle")


def test_an_import_that_does_not_travel_is_refused(monkeypatch, tmp_path):
    for name in ("drawing", "page"):
        (tmp_path / f"{name}.mjs").write_text("")
    (tmp_path / "far.mjs").write_text('import * as d3 from "d3";\n')
    monkeypatch.setattr("course_lib.explore.built_page.MODULES", tmp_path)
    with pytest.raises(ValueError, match=r'far\.mjs says \'import \* as d3 from "d3";\', which a page cannot load'):
        composed_module("far")


# The drawing helpers ------------------------------------------------------------------------------------------------


def drawn(*wanted):
    return javascript.calls(MODULES / "drawing.mjs", wanted)


def test_the_colours_are_those_of_the_python_pictures():
    text = (MODULES / "drawing.mjs").read_text(encoding="utf-8")
    found = dict(re.findall(r'\b([A-Z]+) = "(#[0-9A-F]{6})"', text))
    assert found.pop("GRID") == pictures.STYLE["grid.color"]
    assert found == {name: value for name, value in vars(pictures).items() if name in found}
    assert len(found) == 9


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (-3, 12, [0, 5, 10]), (0.13, 0.17, [0.13, 0.14, 0.15, 0.16, 0.17]),
     (-2e6, 2e6, [-2e6, -1e6, 0, 1e6, 2e6])],
)  # fmt: skip
def test_ticks_are_round(low, high, expected):
    assert drawn(("ticks", (low, high))) == [expected]


def test_words_are_escaped():
    [svg] = drawn(("text", (1, 2, 'a < b & "c"')))
    assert ElementTree.fromstring(svg).text == 'a < b & "c"'


def test_the_pen_is_lifted_where_there_is_no_number():
    [svg] = drawn(("line", ([[0, 1], [2, 3], [4, float("nan")], [5.04, 6], [7, float("inf")]],)))
    assert ElementTree.fromstring(svg).get("d") == "M0 1L2 3M5 6"


def test_an_arrow_ends_at_its_tip_and_one_of_no_length_is_nothing():
    svg, nothing = drawn(("arrow", ([0, 0], [30, 40])), ("arrow", ([1, 1], [1, 1])))
    shaft, head = ElementTree.fromstring(f"<g>{svg}</g>")
    assert shaft.get("d") == "M0 0L25.2 33.6"  # 8 units before the tip
    assert head.get("d").startswith("M30 40L")
    assert nothing == ""


# The arithmetic of each module --------------------------------------------------------------------------------------


def test_secants_and_the_digits_they_lose():
    rng, path = random.Random(2), MODULES / "cancellation.mjs"
    places = [(rng.uniform(0.1, 2), 10 ** rng.uniform(-17, 0)) for _ in range(40)]
    found = javascript.calls(path, [("secant", place) for place in places])
    for (x, h), secant in zip(places, found, strict=True):
        assert secant["slope"] == forward_difference(lambda z: z * z * z, x, h)
        assert secant["there"] - secant["here"] == secant["change"]
    pairs = [(s["here"], s["there"]) for s in found]
    for (a, b), common in zip(pairs, javascript.calls(path, [("commonDecimals", pair) for pair in pairs]), strict=True):
        assert common == common_decimals(a, b)
        if common < 17 and int(a) == int(b):
            assert abs(Fraction(a) - Fraction(b)) <= Fraction(10) ** -common
    digits = javascript.calls(path, [("correctDigits", (3.0 + error, 3.0)) for error in (0.002, 5.0, 0.0, 1e-9)])
    assert digits == [correct_digits(error, 3.0) for error in (0.002, 5.0, 0.0, 1e-9)]


def test_product_of_dual_numbers():
    rng = random.Random(1)
    draws = [[rng.uniform(-3, 3) for _ in range(5)] for _ in range(20)]
    path = MODULES / "product_rule.mjs"
    products = javascript.calls(path, [("multiply", ([a, da], [b, db])) for a, da, b, db, _ in draws])
    gains = javascript.calls(path, [("gains", ([a, da], [b, db], h)) for a, da, b, db, h in draws])
    for (a, da, b, db, h), product, gain in zip(draws, products, gains, strict=True):
        expected = Dual(a, da) * Dual(b, db)
        assert product == pytest.approx([expected.value, expected.tangent], rel=1e-15)
        assert sum(gain.values()) == pytest.approx((a + h * da) * (b + h * db) - a * b, abs=1e-12)
        assert (gain["upper"] + gain["right"]) / h == pytest.approx(expected.tangent)


def test_newtons_path_in_the_page_is_newtons_path():
    starts = [(-1.5, 0.15), (0.05, -0.3), (2.0, 2.0), (0.7, -1.15)]
    asked = [("newtonPath", (list(start), 6)) for start in starts] + [("basin", (list(start),)) for start in starts]
    answers = javascript.calls(MODULES / "newton_basins.mjs", [*asked, ("newtonStep", ([0, 0],))])
    for start, path, root in zip(starts, answers[:4], answers[4:8], strict=True):
        z = complex(*start)
        for point in path:
            assert complex(*point) == pytest.approx(z, rel=1e-9)
            z -= (z**3 - 1) / (3 * z**2)
        for _ in range(60):
            z -= (z**3 - 1) / (3 * z**2)
        assert z == pytest.approx([1, complex(-0.5, 0.75**0.5), complex(-0.5, -(0.75**0.5))][root], abs=1e-9)
    assert answers[8] is None


def test_where_newtons_path_ends_is_told_from_the_first_iteration_on():
    basins = explore.newton_basins()
    colours = ("fill-opacity", pictures.ORANGE, pictures.GREEN)
    before, after = ({"x": 0.7, "y": -1.15, "k": k} for k in (0, 1))
    for name, told in ((before, False), (after, True)):
        words, reading = basins.says(**name)
        assert ("From this start it ends at" in words) == (dict(reading)["It ends at"] in ("A", "B", "C")) == told
        [drawn] = javascript.calls(MODULES / "newton_basins.mjs", [("draw", (name,))])
        assert [colour in drawn["svg"] for colour in colours] == [told] * 3
        assert (drawn["alternativeText"], [tuple(row) for row in drawn["reading"]]) == (words, reading)


def test_one_function_is_read_twice_alike():
    """The adjoint that the page hands to a component is that of `vjp`, and the dome never rises above the hill."""
    rng, path = random.Random(19), MODULES / "one_function.mjs"
    places = [(rng.uniform(-5, 5), [rng.uniform(-5, 5), rng.uniform(-5, 5)]) for _ in range(20)]
    sweeps = javascript.calls(path, [("reverseSweep", place) for place in places])
    for (x, (first, known)), sweep in zip(places, sweeps, strict=True):
        joint = np.log(0.5) + norm.logpdf(x, [first, known])
        assert sweep["handed"] == pytest.approx(vjp(log_sum_exp, joint)[1](1.0)[0])
        assert sweep["mean"] == pytest.approx(derivative(lambda m, x=x, k=known: logsumexp_of_two(x, m, k))(first))
    points, known = [-2.6, -1.7, 0.6, 1.8], 2.2
    r = [sweep["handed"][0] for sweep in javascript.calls(path, [("reverseSweep", (x, [0.5, known])) for x in points])]
    grid = [m / 4 for m in range(-20, 21)]
    bounds = javascript.calls(path, [("bound", (points, r, m, known)) for m in grid])
    hill = [sum(np.log(0.5 * norm.pdf(x, m) + 0.5 * norm.pdf(x, known)) for x in points) for m in grid]
    assert all(low <= high + 1e-12 for low, high in zip(bounds, hill, strict=True))
    assert bounds[grid.index(0.5)] == pytest.approx(hill[grid.index(0.5)])


def logsumexp_of_two(x, first, known):
    squares = np.stack([(x - first) ** 2, (x - known) ** 2 + 0 * first])
    return log_sum_exp(np.log(0.5) - np.log(2 * np.pi) / 2 - squares / 2)


def test_the_right_solution_of_the_oscillator_is_right():
    path = MODULES / "stiff_oscillator.mjs"
    asked = [(stiffness, place) for stiffness in (1, 5, 50) for place in (-3.0, 0.1, 2.0)]
    drawn = javascript.calls(path, [("right", (stiffness, [place, 0.0], 20.0)) for stiffness, place in asked])
    for (stiffness, place), curve in zip(asked, drawn, strict=True):
        times, places = np.array(curve).T
        known = solve_ivp(
            van_der_pol(stiffness), (0, 20.0), [place, 0.0], "Radau", t_eval=times.clip(0, 20), rtol=1e-8, atol=1e-9
        )
        assert np.abs(places - known.y[0]).max() < 1e-3


def test_points_stand_within_their_bounds():
    with pytest.raises(ValueError, match=r"The point \[3.0\] is not between \[-2\] and \[2\]"):
        Points("x", "A point", [[3.0]], low=[-2], high=[2], step=[0.1])
    with pytest.raises(ValueError, match="is not between"):
        Points("x", "A point", [[1.0, 1.0]], low=[-2], high=[2], step=[0.1])


def test_points_count_for_no_control_and_are_what_is_chosen():
    points = Points("x", "A point", [[1.0]], low=[-2], high=[2], step=[0.1])
    controls = [*(Choice(name, name, ["a", "b"]) for name in "abc"), points]
    made = LiveExplorable(lambda **v: ("words", []), lambda **v: "<svg/>", controls, "product_rule")
    assert made.widget.chosen["x"] == made.values["x"] == [[1.0]]
    assert made.widget.get_state()["controls"][3] == {
        "name": "x", "label": "A point", "kind": "points", "start": [[1.0]], "low": [-2], "high": [2], "step": [0.1],
    }  # fmt: skip
