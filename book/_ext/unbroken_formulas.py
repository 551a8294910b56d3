"""A formula and the full stop behind it stay on one line.

MathJax makes of every formula in a line a box of its own, and a browser may break the line on either side of a box: a
full stop would then begin a line. Here a formula is tied to what belongs to it, the signs right behind it and an
opening bracket right before it.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

BEHIND = re.compile(r"[.,;:!?)\]’”'\"%-]+")
BEFORE = re.compile(r"[(\[“‘]+$")


def tie(app: Sphinx, doctree: nodes.document) -> None:
    """Put each formula of a line into a group with the signs that it must not lose."""
    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        place = next(i for i, child in enumerate(parent.children) if child is formula)
        start, end, group = place, place + 1, [formula]
        after = parent.children[end] if end < len(parent.children) else None
        before = parent.children[place - 1] if place else None
        rest_before = rest_after = ""
        if isinstance(after, nodes.Text) and (found := BEHIND.match(str(after))):
            group.append(nodes.Text(found[0]))
            rest_after, end = str(after)[found.end() :], end + 1
        if isinstance(before, nodes.Text) and (found := BEFORE.search(str(before))):
            group.insert(0, nodes.Text(found[0]))
            rest_before, start = str(before)[: found.start()], start - 1
        if len(group) > 1:
            tied = nodes.inline("", "", classes=["unbroken"])
            around = [nodes.Text(rest_before)] if rest_before else []
            parent.children[start:end] = []
            for offset, child in enumerate([*around, tied, *([nodes.Text(rest_after)] if rest_after else [])]):
                parent.insert(start + offset, child)
            tied.extend(group)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("doctree-read", tie)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
