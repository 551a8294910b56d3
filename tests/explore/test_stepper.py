"""The graph stepper: what the page reads, counts and lays out, against Python's parser, course_lib and closed forms."""

import random

import javascript
import numpy as np
import pytest

from course_lib import explore
from course_lib.autodiff import computational_graph, grad
from course_lib.autodiff.graph.evaluation import TraceStep
from course_lib.autodiff.graph.picture import places
from course_lib.explore.differentiation.stepper import PROGRAMS, SWEEPS, Program, own_sweep, rows
from course_lib.explore.live import MODULES

MODULE = MODULES / "graph_stepper.mjs"
INNER = {"right": "right", "= for +=": "assign", "no order": "unordered", "path by path": "paths"}


def page(*wanted):
    return javascript.calls(MODULE, wanted)


def random_program(rng, lines=4):
    """Write a program with reuse, all operators and functions, whose values stay moderate."""
    names = ["x", "y"]
    text = [f"x = {rng.uniform(0.5, 2):.2f}", f"y = {rng.uniform(0.5, 2):.2f}"]
    forms = (
        "{0} * {1}", "{0} + {1} * 0.5", "{0} - 2 * {1}", "{0} / (1 + {1} ** 2)", "sin({0}) * {1}", "tanh({0} - {1})",
        "exp(-{0} * 0.1)", "log({0} * {0} + 1)", "sqrt({0} ** 2 + 0.3)", "-{0} + cos({1})", "({0} + {1}) * 0.3",
    )  # fmt: skip
    for k in range(lines):
        text.append(f"v{k} = " + rng.choice(forms).format(rng.choice(names), rng.choice(names)))
        names.append(f"v{k}")
    return "; ".join(text)


def some_programs(seed, count=40):
    rng = random.Random(seed)
    drawn = [random_program(rng, rng.choice([2, 3])) for _ in range(count)]
    return [*PROGRAMS, *(text for text in drawn if len(Program(text).nodes) <= 14)]


def test_the_page_reads_a_program_as_python_does():
    programs = some_programs(1)
    assert len(programs) > 20
    for text, found in zip(programs, page(*[("read", (text,)) for text in programs]), strict=True):
        assert found["complaint"] == "", text
        for node, there in zip(Program(text).nodes, found["nodes"], strict=True):
            assert (there["name"], there["words"], there["sources"]) == (node.name, node.words, node.sources), text
            assert there["value"] == pytest.approx(node.value, rel=1e-12, abs=1e-14)
            assert there["partials"] == pytest.approx(node.partials, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("sweep", SWEEPS)
def test_the_page_sweeps_as_python_does_also_in_the_wrong_ways(sweep):
    for text in some_programs(2):
        [found] = page(("events", (page(("read", (text,)))[0]["nodes"], INNER[sweep])))
        expected = Program(text).events(sweep)
        assert [(e["from"], e["k"], e["to"]) for e in found] == [(e.source, e.k, e.target) for e in expected]
        for key in ("g", "contribution", "before", "after"):
            assert [e[key] for e in found] == pytest.approx([getattr(e, key) for e in expected], rel=1e-11, abs=1e-12)


def as_function(text):
    """The program as a Python function of its inputs, run by Python."""
    lines = [line.split(" = ", 1) for line in text.split("; ")]
    inputs = [name for name, right in lines if right.replace(".", "").isdigit()]

    def f(*values):
        names = {n: getattr(np, n) for n in ("sin", "cos", "exp", "log", "sqrt", "tanh")} | dict(
            zip(inputs, values, strict=True)
        )
        for name, right in lines:
            if name not in inputs:
                names[name] = eval(right, {}, names)
        return names[lines[-1][0]]

    return f, [float(dict(lines)[name]) for name in inputs]


@pytest.mark.parametrize("sweep", ["right", "path by path"])
def test_the_right_sweeps_give_the_gradient_of_course_lib(sweep):
    for text in some_programs(3):
        f, at = as_function(text)
        program = Program(text)
        adjoints = program.adjoints(program.events(sweep))
        found = [a or 0.0 for node, a in zip(program.nodes, adjoints, strict=True) if not node.sources]
        assert found == pytest.approx(list(grad(f, tuple(range(len(at))))(*at)), rel=1e-10, abs=1e-12)


def test_all_adjoints_are_those_of_the_computational_graph():
    text = PROGRAMS[0]
    graph = computational_graph(lambda x: (lambda y: y * y + y)(x * x), 2.0)
    program = Program(text)
    assert program.adjoints(program.events("right")) == [node["adjoint"] for node in graph.nodes]


def test_the_default_gives_36_and_84_and_8():
    program = Program(PROGRAMS[0])
    found = {sweep: program.adjoints(program.events(sweep))[0] for sweep in SWEEPS}
    assert found == {"right": 36, "= for +=": 8, "no order": 84, "path by path": 36}
    lecture = Program(PROGRAMS[1])  # nothing between is used again: an order is not needed
    assert lecture.gradient(lecture.adjoints(lecture.events("no order"))) == lecture.gradient(
        lecture.adjoints(lecture.events("right"))
    )
    diamonds = Program(PROGRAMS[2])
    assert [len(diamonds.events(sweep)) for sweep in ("right", "path by path")] == [6, 14]


def test_the_layout_is_that_of_the_computational_graph():
    rng = random.Random(4)
    graphs = [
        [[], []] + [[rng.randrange(i) for _ in range(rng.choice([1, 2]))] for i in range(2, rng.randint(4, 12))]
        for _ in range(30)
    ]
    for sources, found in zip(graphs, page(*[("places", (sources,)) for sources in graphs]), strict=True):
        where, bends = places([TraceStep(None, (), tuple(members), {}, 0.0) for members in sources])
        assert [tuple(place) for place in found["nodes"]] == where
        assert {key: [tuple(b) for b in between] for key, between in found["bends"].items()} == {
            f"{s},{i}": between for (s, i), between in bends.items()
        }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a program"),
        ("x = 2; y = x & x", 'I do not understand "&". I know + - * / **'),
        ("x = 2; y = arctan(x)", "I do not know the function arctan. I know"),
        ("x = 2; y = x * t", "t has no value yet. Give it one first: t = 2; ..."),
        ("x = 2; y = sin x", "sin needs brackets: sin(x)."),
        ("x = 2; y = (x + 1", "A bracket is not closed."),
        ("x = 2; y = x *", "The program stops in the middle of a line."),
        ("x = 2; y = x x", 'I did not expect "x" here.'),
        ("x = 2; x = x * x", "x has a value already. Take a new name"),
        ("x = 2; y = x", "y only renames x."),
        ("x = 2; x * x; z = x + x", "Give each line a name"),
        ("x = -2; y = log(x)", "log(x) has no value or no slope at these numbers."),
        ("x = 0; y = sqrt(x)", "sqrt(x) has no value or no slope at these numbers."),
        ("x = 2", "The last line computes nothing."),
        ("x = 2; verylongname = x * x", '"verylongname" is no name; take up to six letters'),
        ("x = 2; y = " + " + ".join(["x"] * 20), "This program has more than 14 nodes."),
        ("x = 2; y = " + "x + " * 80 + "x", "This program is long"),
    ],
)  # fmt: skip
def test_what_the_page_does_not_know_it_says_in_words(text, words):
    [found, frame] = page(("read", (text,)), ("draw", ({"program": text, "sweep": "right", "step": 0}, {})))
    assert words in found["complaint"]
    assert frame["alternativeText"] == found["complaint"]
    assert frame["last"] == {"step": 0}


def test_an_exponential_sweep_is_refused_with_its_reason():
    text = "x = 1; a = x + x; b = a + a; c = b + b; d = c + c; e = d + d; f = e + e; g = f + f"
    [frame, right] = page(
        *[("draw", ({"program": text, "sweep": s, "step": 9}, {})) for s in ("path by path", "right")]
    )
    assert "walks every path, and paths double" in frame["alternativeText"]
    assert right["last"] == {"step": 7 + 1 + 14}


def test_the_table_shows_what_is_known_so_far():
    steps = [0, 2, 4, 7, 99]
    frames = page(*[("draw", ({"program": PROGRAMS[0], "sweep": "right", "step": k}, {})) for k in steps])
    for k, frame in zip(steps, frames, strict=True):
        assert [tuple(row) for row in frame["table"]["rows"]] == rows(PROGRAMS[0], "right", k)
        assert frame["last"] == {"step": 10}
    assert [row[1:] for row in frames[0]["table"]["rows"]] == [["2", ""], ["", ""], ["", ""], ["", ""]]
    assert [row[2] for row in frames[-1]["table"]["rows"]] == ["36", "9", "1", "1"]


def test_what_python_does_not_understand_is_refused():
    with pytest.raises(ValueError, match=r"'arctan\(x\)' is not understood; expected numbers, names that have a value"):
        explore.graph_stepper("x = 2; y = arctan(x)")
    with pytest.raises(ValueError, match="'import os' is no line of a program"):
        Program("import os")
    with pytest.raises(ValueError, match="The sweep is 'backwards'; expected one of right"):
        explore.graph_stepper(sweep="backwards")


def test_it_opens_where_it_is_told():
    explorable = explore.graph_stepper("x = 3; z = x * x", sweep="= for +=", step=2, embed=False)
    assert explorable.values == {"program": "x = 3; z = x * x", "sweep": "= for +=", "step": 2}
    assert explorable.widget.controls[0]["kind"] == "entry"


def test_the_adjoints_of_somebody_else_stand_beside_the_right_ones():
    words, stepper = own_sweep(PROGRAMS[0], {"x": 84.0, "y": 9.0, "z": 1.0})
    assert words == "On the way down, the first wrong adjoint is that of x: yours is 84, right is 36."
    assert stepper.values["step"] == 10
    values, data = stepper.values, stepper.widget.data
    [frame] = page(("draw", (values, data)))
    assert frame["alternativeText"] == stepper.says(**values)[0]
    assert frame["alternativeText"].endswith("Your adjoints: x 84, y 9, z 1.")
    assert frame["table"]["header"][-1] == "Yours"
    assert [row[-1] for row in frame["table"]["rows"]] == ["84", "9", "", "1"]
    assert "yours: 84" in frame["svg"]
    with pytest.raises(ValueError, match="All of these adjoints are right"):
        own_sweep(PROGRAMS[0], {"x": 36.0})
