"""The computational graph: the program as a picture, from the variables at the bottom to the result on top.

Every operation is a node, with its value on the left and its adjoint on the right; an edge leads from each operand
to the operation that uses it. A node stands one layer above the highest of its operands, and within a layer
below the mean of those that use it, so that few edges cross. The layout is made here; nothing need be installed.

Sugiyama, Tagawa and Toda: Methods for visual understanding of hierarchical system structures. IEEE Transactions on
Systems, Man, and Cybernetics 11 (1981) 109-125.
"""

import html
from collections.abc import Callable
from typing import Any

from course_lib.autodiff.graph.evaluation import TraceStep, adjoints_of, run_in_steps, shown, statement_of

WIDTH, HEIGHT, ACROSS, UP = 132, 46, 160, 92  # of a node; from node to node
LIMIT = 400


class Graph:
    """The picture; it displays itself in a notebook, and ``svg`` is its text.

    Attributes
    ----------
    nodes : list of dict
        For each operation, in the program's order: name, statement, value, adjoint, sources (numbers of the nodes it
        uses), bends of the edges from there, x and y (its place, y from the top).
    svg : str
        The picture as SVG, in the colour of the text around it, with a description in words.
    """

    def __init__(self, nodes: list[dict[str, Any]], visible: int | None = None) -> None:
        self.nodes = nodes
        self.svg = drawn(nodes, len(nodes) if visible is None else visible)

    def adjoints(self, count: int) -> "Graph":
        """Return the graph with the adjoints of the last ``count`` nodes only: one step of the reverse sweep."""
        return Graph(self.nodes, count)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<computational graph of {len(self.nodes)} operations>"


def places(steps: list[TraceStep]) -> tuple[list[tuple[float, int]], dict[tuple[int, int], list[tuple[float, int]]]]:
    """Return where each step stands, and for each edge (from, to) the bends between its ends; in units of nodes.

    An edge that passes layers gets a place in each of them, like a node, so that it passes beside the nodes there.
    """
    layer = [0] * len(steps)
    for i, step in enumerate(steps):
        layer[i] = max([0, *(layer[s] + 1 for s in step.sources if s is not None)])
    below: list[list[int]] = [[] for _ in steps]
    bends: dict[tuple[int, int], list[int]] = {}
    for i, step in enumerate(steps):
        for s in sorted({s for s in step.sources if s is not None}):
            bends[s, i] = list(range(len(layer), len(layer) + layer[i] - layer[s] - 1))
            for height, last in enumerate([s, *bends[s, i]], layer[s] + 1):
                if height < layer[i]:
                    layer.append(height)
                    below.append([last])
                else:
                    below[i].append(last)
    above: list[list[int]] = [[] for _ in layer]
    for i, members in enumerate(below):
        for s in members:
            above[s].append(i)
    rows: list[list[int]] = [[] for _ in range(max(layer) + 1)]
    for i, height in enumerate(layer):
        rows[height].append(i)
    widest = max(map(len, rows))
    across = {i: k + (widest - len(row)) / 2 for row in rows for k, i in enumerate(row)}
    for _ in range(4):  # order each layer by the mean place of the neighbours, from the top and from the bottom
        for neighbours, order in ((above, rows[::-1]), (below, rows)):
            for row in order:
                wish = {i: sum(across[n] for n in near) / len(near) for i in row if (near := neighbours[i])}
                row.sort(key=lambda i, wish=wish: wish.get(i, across[i]))  # type: ignore[misc]
                across |= {i: k + (widest - len(row)) / 2 for k, i in enumerate(row)}
    where = [(across[i], layer[i]) for i in range(len(layer))]
    return where[: len(steps)], {edge: [where[i] for i in between] for edge, between in bends.items()}


def drawn(nodes: list[dict[str, Any]], visible: int) -> str:
    """Return the picture; the adjoints of the last ``visible`` nodes are shown."""
    right = max([x for n in nodes for x in (n["x"], *(x for bend in n["bends"] for x, _ in bend))]) + WIDTH / 2 + 10
    bottom = max(node["y"] for node in nodes) + HEIGHT / 2 + 10
    hidden = len(nodes) - visible
    parts = []
    for node in nodes:
        for s, between in zip(node["sources"], node["bends"], strict=True):
            ends = (nodes[s]["x"], nodes[s]["y"] - HEIGHT / 2), (node["x"], node["y"] + HEIGHT / 2)
            # A bend goes straight up beside the nodes of its layer.
            corners = [(x, y + side) for x, y in between for side in (HEIGHT / 2, -HEIGHT / 2)]
            path = " ".join(f"{x:.0f},{y:.0f}" for x, y in (ends[0], *corners, ends[1]))
            parts.append(f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-opacity="0.6"/>')
    for i, node in enumerate(nodes):
        x, y = node["x"], node["y"]
        adjoint = shown(node["adjoint"]) if i >= hidden else ""
        parts.append(
            f'<rect x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="8" '
            'fill="none" stroke="currentColor"/>'
            f'<text x="{x:.0f}" y="{y - 5:.0f}" text-anchor="middle">{html.escape(node["statement"])}</text>'
            f'<text x="{x - WIDTH / 2 + 8:.0f}" y="{y + 15:.0f}">{html.escape(shown(node["value"]))}</text>'
            f'<text x="{x + WIDTH / 2 - 8:.0f}" y="{y + 15:.0f}" text-anchor="end" font-style="italic">'
            f"{html.escape(adjoint)}</text>"
        )
    words = "; ".join(
        f"{node['statement']}, value {shown(node['value'])}"
        + (f", adjoint {shown(node['adjoint'])}" if i >= hidden else "")
        for i, node in enumerate(nodes)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {bottom:.0f}" width="{right:.0f}" '
        f'height="{bottom:.0f}" role="img" font-family="sans-serif" font-size="13" fill="currentColor">'
        f"<title>Computational graph</title><desc>{html.escape(words)}</desc>\n" + "\n".join(parts) + "\n</svg>"
    )


def computational_graph(f: Callable[..., Any], *arguments: Any) -> Graph:
    """Run f, and return its computational graph with values and adjoints.

    Parameters
    ----------
    f : callable
        A function of numbers or arrays, with one number or array as its value, of at most 400 operations.
    *arguments
        Where to evaluate it.

    Returns
    -------
    Graph
        Displays itself in a notebook; has ``nodes`` and ``svg``, and ``adjoints(n)``, the picture after n nodes of
        the reverse sweep.

    Raises
    ------
    InputError
        If an argument is not real, or f returns a structure or a constant.
    ValueError
        If f does more operations than a picture can show.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), figure 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> graph = computational_graph(lambda x1, x2: x1 * x2 + np.sin(x1), 2.0, 5.0)
    >>> graph
    <computational graph of 5 operations>
    >>> [node["statement"] for node in graph.nodes]
    ['w1 = x1', 'w2 = x2', 'w3 = w1 * w2', 'w4 = sin(w1)', 'w5 = w3 + w4']
    """
    steps = run_in_steps(f, arguments)
    if len(steps) > LIMIT:
        raise ValueError(
            f"f does {len(steps)} operations; a picture can show {LIMIT}. Take a smaller input or a part of f."
        )
    where, bends = places(steps)
    top = max(height for _, height in where)

    def pixels(place: tuple[float, int]) -> tuple[float, float]:
        return place[0] * ACROSS + WIDTH / 2 + 10, (top - place[1]) * UP + HEIGHT / 2 + 10

    nodes = [
        {
            "name": f"w{i + 1}",
            "statement": f"w{i + 1} = " + (f"x{i + 1}" if step.rule is None else str(statement_of(step))),
            "value": step.value,
            "adjoint": adjoint,
            "sources": sorted({s for s in step.sources if s is not None}),
            "bends": [list(map(pixels, bends[s, i])) for s in sorted({s for s in step.sources if s is not None})],
            "x": pixels(place)[0],
            "y": pixels(place)[1],
        }
        for i, (step, adjoint, place) in enumerate(zip(steps, adjoints_of(steps), where, strict=True))
    ]
    return Graph(nodes)
