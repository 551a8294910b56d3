"""An explorable in a page without a kernel: one text that holds the still picture, the state, and the program.

The built book is opened from disk, from a slow host, on paper and without JavaScript. So what a page needs stands in
the page. First comes the still picture, which is there at once. Behind it lies the explorable's state (its controls,
where they stand, its data), as compressed JSON: the frames of a film differ little from one to the next, and shrink to
a twentieth. Then comes the module that draws (`modules/NAME.mjs`). It runs where it stands, before the rest of the page
has been read, and puts the moving picture in the place of the still one; on paper they change places again.

An ES module that stands within a page cannot import from its neighbours. So the text that travels is composed here:
drawing.mjs, the module, page.mjs, one after the other, without their import lines.

Which life it is, with a kernel or in a page, is said by the environment variable COURSE_EMBED_FRAMES: the book's build
sets it to 1. Set it yourself to export a notebook as HTML whose sliders move.
"""

import base64
import json
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from course_lib.explore.controls import Choice, Control, Points, Text

EMBED_VARIABLE = "COURSE_EMBED_FRAMES"
MODULES = Path(__file__).parent / "modules"
_IMPORT = re.compile(r"^import\s[^;]*?\sfrom\s\"\./\w+\.mjs\";\n", flags=re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |function |async function )", flags=re.MULTILINE)


def is_embedded(said: bool | None) -> bool:
    """Tell whether an explorable is drawn for a page without a kernel: as is said, or else by the environment."""
    return os.environ.get(EMBED_VARIABLE) == "1" if said is None else said


def composed_module(name: str) -> str:
    """Put the text together that runs in the page: the drawing helpers, the module, the page's part.

    Parameters
    ----------
    name : str
        The name of the module, a file ``modules/NAME.mjs``.

    Returns
    -------
    str
        One ES module, without imports, whose default export `anywidget` renders.

    Raises
    ------
    ValueError
        If there is no such module, or it imports something that does not travel with it.

    Examples
    --------
    >>> "export default" in composed_module("product_rule")
    True
    """
    path = MODULES / f"{name}.mjs"
    if not path.is_file():
        there = sorted({path.stem for path in MODULES.glob("*.mjs")} - {"drawing", "page"})
        raise ValueError(f"There is no module {name}.mjs in {MODULES.name}/; expected one of {', '.join(there)}.")
    parts = [(MODULES / f"{part}.mjs").read_text(encoding="utf-8") for part in ("drawing", name, "page")]
    text = "\n".join([*(_IMPORT.sub("", part) for part in parts), "export default explorable(draw);\n"])
    if left := re.search(r"^import\b.*", text, flags=re.MULTILINE):
        raise ValueError(
            f'{name}.mjs says {left[0]!r}, which a page cannot load; expected imports from "./drawing.mjs" only.'
        )
    return text


def state_of(controls: Sequence[Control | Text | Points], data: Mapping[str, Any] | None) -> dict[str, Any]:
    """Describe an explorable as the page reads it: its controls, its data, and where its controls stand at first."""
    free = {control.name: control.start_value for control in controls if isinstance(control, Text | Points)}
    listed = {c.name: list(c.values).index(c.start_value) for c in controls if not isinstance(c, Text | Points)}
    return {
        "controls": [_description(control) for control in controls],
        "data": dict(data or {}),
        "chosen": {control.name: (free | listed)[control.name] for control in controls},
    }


def _description(control: Control | Text | Points) -> dict[str, Any]:
    """Write a control as the page reads it."""
    described: dict[str, Any] = {"name": control.name, "label": control.label}
    if isinstance(control, Points):
        bounds = {"low": list(control.low), "high": list(control.high), "step": list(control.step)}
        return described | {"kind": "points", "start": control.start_value, **bounds}
    return described | {
        "kind": "choice" if isinstance(control, Choice) else "entry" if isinstance(control, Text) else "slider",
        "buttons": getattr(control, "buttons", False),
        "options": [list(option) for option in zip(control.values, control.texts, strict=True)],
    }


def page_text(module: str, state: Mapping[str, Any], still: str, on_paper: str | None = None) -> str:
    """Write the explorable as HTML that needs nothing else.

    Parameters
    ----------
    module : str
        The name of the module that draws.
    state : dict
        What `state_of` gives.
    still : str
        The still picture, as HTML.
    on_paper : str, optional
        Another still picture, which is printed in its place.

    Returns
    -------
    str
        An element of class ``explorable-home``.

    Examples
    --------
    >>> text = page_text("product_rule", state_of([Choice("k", "K", ["2", "3"])], None), "<img>")
    >>> text.startswith('<div class="explorable-home">'), text.count("<script")
    (True, 2)
    """
    packed = base64.b64encode(zlib.compress(json.dumps(state, allow_nan=False).encode(), 9)).decode()
    program = _EXPORT.sub("", composed_module(module)).replace(
        "export default explorable(draw);", "bringAlive(draw, document.currentScript.parentElement);"
    )
    style = (MODULES / "page.css").read_text(encoding="utf-8")
    pictures = f'<div class="explorable-still">{still}</div>'
    if on_paper:
        pictures = pictures.replace('-still"', '-still on-screen"', 1)
        pictures += f'<div class="explorable-still on-paper">{on_paper}</div>'
    return (
        f'<div class="explorable-home"><style>{style}</style>{pictures}'
        f'<script type="text/plain">{packed}</script>'
        f'<script>"use strict";(() => {{\n{program}}})();</script></div>'
    )
