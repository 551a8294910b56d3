"""Explorables in both lives: recomputed by a kernel, and drawn frame by frame for a page without one."""

import base64
import inspect
import json
import re
import zlib
from fractions import Fraction
from urllib.parse import unquote

import ipywidgets as widgets
import javascript
import numpy as np
import pytest
from bs4 import BeautifulSoup
from contrast import contrast

from course_lib import explore
from course_lib.explore.built_page import composed_module, page_text, state_of
from course_lib.explore.differentiation.divided_differences import correct_digits, error_for_cube, written_step
from course_lib.explore.differentiation.dual_program import READS, _rows
from course_lib.explore.frames import Choice, Explorable, Frame, LogSlider, Slider
from course_lib.explore.pictures import as_image, as_svg, new_picture, with_curtain, with_marker


def draw(colour, width):
    return Frame("<svg/>", f"a {colour} line of width {width:g}", [("Width", f"{width:g}")])


CONTROLS = [
    Choice("colour", "Colour", ["red", "blue"]),
    LogSlider("width", "Width", [-2, -1, 0], start=-1, written="{:g}".format),
]


def state_in_page(text):
    """Unpack what the page unpacks."""
    packed = re.search(r'<script type="text/plain">([^<]*)</script>', text)[1]
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def displayed(explorable, monkeypatch):
    """Return what a notebook is given to show."""
    shown = []
    monkeypatch.setattr("course_lib.explore.frames.display", shown.append)
    explorable._ipython_display_()
    [output] = shown
    return output


def test_every_setting_of_the_page_shows_its_own_frame(monkeypatch, tmp_path):
    """The module is run as it travels, on the state as it travels."""
    page = displayed(Explorable(draw, CONTROLS, embed=True), monkeypatch).data
    state = state_in_page(page)
    module = tmp_path / "frames.mjs"
    module.write_text(composed_module("frames"), encoding="utf-8")
    colours, widths = ([value for value, _ in control["options"]] for control in state["controls"])
    assert (colours, widths) == (["red", "blue"], [0.01, 0.1, 1.0])
    settings = [{"colour": colour, "width": width} for colour in colours for width in widths]
    frames = javascript.calls(module, [("draw", (values, state["data"])) for values in settings])
    assert [frame["alternativeText"] for frame in frames] == [draw(**values).alternative_text for values in settings]
    assert frames[1] == {"svg": "<svg/>", "alternativeText": "a red line of width 0.1", "reading": [["Width", "0.1"]]}


def test_the_page_opens_at_the_start(monkeypatch):
    explorable = Explorable(draw, CONTROLS, embed=True)
    assert explorable.still == draw("red", 0.1)
    assert state_in_page(displayed(explorable, monkeypatch).data)["chosen"] == {"colour": 0, "width": 1}


def test_what_a_page_runs_cannot_end_its_own_script(monkeypatch):
    """Words of a picture travel packed, and the program holds no tag that would close it."""
    wild = Explorable(lambda colour: Frame("<svg/>", "</script> & <b>"), CONTROLS[:1], embed=True)
    page = displayed(wild, monkeypatch).data
    assert page.count("</script>") == page.count("<script") == 2
    assert state_in_page(page)["data"]["frames"][0]["alternativeText"] == "</script> & <b>"


def test_numbers_that_a_page_cannot_read_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        page_text("frames", state_of(CONTROLS, {"a": float("nan")}), "")


def test_with_a_kernel_the_exact_value_is_drawn():
    explorable = Explorable(draw, CONTROLS, embed=False)
    assert isinstance(explorable.picture, widgets.HTML)
    explorable.inputs["width"].value = 0.0316
    assert "red line of width 0.0316" in explorable.picture.value
    explorable.inputs["colour"].value = "blue"
    assert "blue line of width 0.0316" in explorable.picture.value


@pytest.mark.parametrize(("setting", "embedded"), [("1", True), ("0", False), (None, False)])
def test_the_environment_says_which_life_it_is(monkeypatch, setting, embedded):
    monkeypatch.delenv("COURSE_EMBED_FRAMES", raising=False)
    if setting is not None:
        monkeypatch.setenv("COURSE_EMBED_FRAMES", setting)
    assert Explorable(draw, CONTROLS).embedded is embedded


def test_a_still_picture_stands_behind_the_page_only(monkeypatch):
    page = displayed(Explorable(draw, CONTROLS, embed=True), monkeypatch).data
    assert page.index("explorable-still") < page.index('alt="a red line of width 0.1"') < page.index("<script")
    live = Explorable(draw, CONTROLS, embed=False)
    assert displayed(live, monkeypatch) is live.widget


def test_on_paper_stands_what_nobody_can_move_to(monkeypatch):
    explorable = Explorable(draw, CONTROLS, embed=True, paper={"width": 1})
    assert (explorable.still, explorable.on_paper) == (draw("red", 0.1), draw("red", 1))
    page = BeautifulSoup(displayed(explorable, monkeypatch).data, "html.parser")
    stills = {" ".join(still["class"][1:]): still.img["alt"] for still in page.select(".explorable-still")}
    assert stills == {"on-screen": "a red line of width 0.1", "on-paper": "a red line of width 1"}
    assert Explorable(draw, CONTROLS, embed=True).on_paper is None


@pytest.mark.parametrize("count", [0, 4])
def test_too_many_controls_are_refused(count):
    with pytest.raises(ValueError, match=f"{count} controls; an explorable has one to three"):
        Explorable(draw, [CONTROLS[0]] * count)


def test_a_start_off_the_grid_is_refused():
    with pytest.raises(ValueError, match=r"start 0.5 is not among the exponents"):
        LogSlider("h", "h", [0, 1], start=0.5, written=str)


def test_a_slider_over_a_list_shows_one_frame_a_value():
    controls = [CONTROLS[0], Slider("width", "Width", [1, 2, 5], start=2)]
    film = Explorable(draw, controls, embed=True).film()
    assert film["grid"] == {"colour": ["red", "blue"], "width": [1, 2, 5]}
    assert film["frames"][-1]["alternativeText"] == draw("blue", 5).alternative_text
    live = Explorable(draw, controls, embed=False)
    live.inputs["width"].value = 5
    assert "red line of width 5" in live.picture.value


def test_a_start_off_the_list_is_refused():
    with pytest.raises(ValueError, match=r"start 3 is not among the values \[1, 2\]; choose one"):
        Slider("k", "k", [1, 2], start=3)


def test_a_choice_may_start_at_any_of_its_options():
    controls = [Choice("colour", "Colour", ["red", "blue"], start="blue"), CONTROLS[1]]
    assert state_of(controls, {})["chosen"]["colour"] == 1
    live = Explorable(draw, controls, embed=False)
    assert live.inputs["colour"].value == "blue"
    assert "blue line" in live.picture.value
    assert live.still.alternative_text.startswith("a blue line")
    with pytest.raises(ValueError, match=r"start 'green' is not among the options \['red', 'blue'\]; choose one"):
        Choice("colour", "Colour", ["red", "blue"], start="green")


FRAMES = [
    made
    for name in explore.__all__
    if inspect.signature(made := getattr(explore, name)).return_annotation is Explorable
]


@pytest.mark.parametrize("make", FRAMES, ids=lambda make: make.__name__)
def test_words_in_a_frame_stand_out_from_the_paper(make):
    explorable = make(embed=False)
    inks = set()
    for control in explorable.inputs.values():
        for option in control.options if isinstance(control, widgets.RadioButtons) else [control.value]:
            control.value = option
            for words in re.findall(r"<text[^>]*>", unquote(explorable.picture.value)):
                said = re.search(r"fill(?:: |=['\"])(#[0-9a-fA-F]{6})", words)
                inks.add(said[1] if said else "#000000")
    assert inks
    assert {ink: contrast(ink) for ink in inks if contrast(ink) < 4.5} == {}


def test_a_picture_without_words_is_refused():
    with pytest.raises(ValueError, match="alternative text is empty"):
        as_image("<svg/>", " ")


def test_words_in_a_picture_are_escaped():
    assert 'alt="a &lt; b &quot;c&quot;"' in as_image("<svg/>", 'a < b "c"')
    assert "&lt;" in Frame("<svg/>", "text", [("a", "<b>")]).to_html()


def test_the_same_figure_is_the_same_text():
    def written():
        figure, axes = new_picture()
        axes.plot([1, 2], [3, 4])
        return as_svg(figure)

    assert written() == written()
    assert len(written()) < 9000
    assert "<style" not in written(), "a style would reach beyond the picture"


def test_numbers_in_a_picture_keep_their_digits():
    figure, axes = new_picture()
    axes.text(0.123456, 0.5, "slope 0.87758")
    svg = as_svg(figure)
    assert ">slope 0.87758<" in svg
    assert not re.search(r"<[^>]*\d\.\d\d", svg), "coordinates are rounded"


def test_a_marker_lies_where_matplotlib_would_put_it():
    figure, axes = new_picture()
    axes.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 2))
    axes.plot([1e-2], [0.5], "o", color="#123456")
    svg = as_svg(figure)
    [(x, y)] = re.findall(r"<use xlink:href='#\w+' x='([\d.]+)' y='([\d.]+)' style='fill: #123456", svg)
    [(cx, cy)] = re.findall(r"<circle cx='([\d.]+)' cy='([\d.]+)'", with_marker(svg, axes, 1e-2, 0.5, "#123456"))
    assert float(cx) == pytest.approx(float(x), abs=0.2)
    assert float(cy) == pytest.approx(float(y), abs=0.2)


def test_a_curtain_ends_where_the_reader_stands():
    figure, axes = new_picture()
    axes.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 2))
    svg = as_svg(figure)
    *_, (left, wide) = re.findall(r"<rect x='([\d.]+)' y='[\d.]+' width='([\d.]+)'", with_curtain(svg, axes, 1e-2))
    [cx] = re.findall(r"<circle cx='([\d.]+)'", with_marker(svg, axes, 1e-2, 0.5, "#123456"))
    assert float(left) + float(wide) == pytest.approx(float(cx), abs=0.2)
    assert "width='0.0'" in with_curtain(svg, axes, 1e-4)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (explore.difference_quotient_errors, "best h: 1e-08"),
        (explore.filling_trace, "4.584"),
        (explore.mixtures_of_old_faithful, "collapsed"),
        (explore.expression_swell, "30207"),
    ],
)
def test_an_explorable_opens_before_its_question_is_answered(make, told):
    made = make(embed=True)
    opened, printed = (f"{frame.svg} {frame.alternative_text}" for frame in (made.still, made.on_paper))
    assert told not in opened.replace("none collapsed", "")
    assert told in printed


@pytest.mark.parametrize("x", [0.5, 0.75, 3.0])
@pytest.mark.parametrize("h", [2.0**-k for k in range(1, 8)])
def test_errors_of_the_cube_in_closed_form(x, h):
    exact = 3 * Fraction(x) ** 2
    assert error_for_cube("forward", x, h) == (float(exact + 3 * Fraction(x * h) + h * h), float(3 * x * h + h * h))
    assert error_for_cube("central", x, h) == (float(exact + h * h), h * h)
    assert error_for_cube("complex step", x, h)[1] == pytest.approx(h * h, abs=1e-14)


def test_unknown_scheme():
    with pytest.raises(ValueError, match="'backward'; expected one of forward, central, complex step"):
        error_for_cube("backward", 1.0, 0.1)


@pytest.mark.parametrize(("error", "digits"), [(0.147, 1), (1.4e-8, 8), (2.0, 0), (1e-300, 16), (0.0, 16)])
def test_digits(error, digits):
    assert correct_digits(error, 1.47) == digits


def test_steps_are_written_for_the_eye_and_the_ear():
    assert written_step(1e-20) == "10⁻²⁰ = 1.0e-20"
    assert written_step(1.0) == "10⁰ = 1.0e+00"


def test_difference_quotient_errors_live():
    explorable = explore.difference_quotient_errors(x=1.0, embed=False)
    explorable.inputs["h"].value = 0.01
    assert ">3.030100000000" in explorable.picture.value  # 3 + 3 h + h²
    assert "h = 1.0e-02" in explorable.picture.value
    explorable.inputs["scheme"].value = "central"
    assert ">3.000100000000" in explorable.picture.value  # 3 + h²


def test_difference_quotient_errors_on_the_page():
    explorable = explore.difference_quotient_errors(embed=True)
    film = explorable.film()
    assert [len(values) for values in film["grid"].values()] == [3, 41]
    assert "central scheme stands out. You stand at h = 1.0e-20" in film["frames"][41]["alternativeText"]
    assert len(page_text("frames", state_of(explorable.controls, film), "")) < 100_000


@pytest.mark.parametrize(("seed", "slope"), [("x1", 5 + np.cos(2.0)), ("x2", 2.0)])
def test_the_last_row_of_the_trace_is_the_partial_derivative(seed, slope):
    explorable = explore.filling_trace(embed=False)
    explorable.inputs["seed"].value = seed
    explorable.inputs["step"].value = 5
    text = explorable.picture.value
    assert f"with respect to {seed} is {slope:.4g}." in text
    assert "It reads w3 and w4. The derivative" in text


def test_each_row_of_the_trace_reads_the_lines_that_its_statement_names():
    for seed in ("x1", "x2"):
        for row, reads in zip(_rows(seed), READS, strict=True):
            named = {int(k) for k in re.findall(r"w(\d)", row[0].partition("=")[2])}
            assert named == set(reads) or row[0].endswith(("x1", "x2"))


@pytest.mark.parametrize("x", [0, float("nan")])
def test_a_flat_point_is_refused(x):
    with pytest.raises(ValueError, match="expected a finite number other than 0"):
        explore.difference_quotient_errors(x=x)
