"""The computational graph: valid SVG, operands below their users, nothing on top of each other, the right adjoints."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.autodiff import InputError, computational_graph, grad

SVG = "{http://www.w3.org/2000/svg}"


def lecture(x1, x2):
    return x1 * x2 + np.sin(x1)


def test_the_lectures_graph():
    graph = computational_graph(lecture, 2.0, 5.0)
    picture = ElementTree.fromstring(graph._repr_svg_())
    assert len(picture.findall(f"{SVG}rect")) == 5
    assert len(picture.findall(f"{SVG}polyline")) == 5
    np.testing.assert_allclose([node["adjoint"] for node in graph.nodes], [5 + np.cos(2), 2, 1, 1, 1])
    words = picture.find(f"{SVG}desc").text
    assert "w4 = sin(w1), value 0.909297, adjoint 1" in words
    assert "5 operations" in repr(graph)


def test_adjoints_appear_one_after_the_other():
    graph = computational_graph(lambda x: (lambda y: y * y + y)(x * x), 2.0)
    counts = [graph.adjoints(n).svg.count("adjoint") for n in range(5)]
    assert counts == [0, 1, 2, 3, 4]
    assert graph.nodes[0]["adjoint"] == 36


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=25))
def test_layers_and_places(pairs):
    def f(x, y):
        values = [x, y]
        for i, j in pairs:
            values.append(np.sin(values[i % len(values)]) + values[j % len(values)])
        return values[-1]

    graph = computational_graph(f, 0.5, 1.5)
    places = [(node["x"], node["y"]) for node in graph.nodes]
    assert len(set(places)) == len(places)
    for node in graph.nodes:
        for x, y in (corner for bend in node["bends"] for corner in bend):
            assert (x, y) not in places  # an edge passes beside the nodes, not behind them
        assert all(graph.nodes[s]["y"] > node["y"] for s in node["sources"])
    a, b = grad(f, (0, 1))(0.5, 1.5)
    np.testing.assert_allclose([node["adjoint"] for node in graph.nodes[:2]], [a, b], rtol=1e-12)


def test_what_has_no_picture():
    with pytest.raises(InputError, match="constant"):
        computational_graph(lambda x: 1.0, 2.0)

    def long(x):
        for _ in range(500):
            x = np.sin(x)
        return x

    with pytest.raises(ValueError, match="501 operations"):
        computational_graph(long, 1.0)
