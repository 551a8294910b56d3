"""Explorables whose arithmetic runs in the page: a small JavaScript module draws, at any setting, with no kernel.

Where a film of frames would be too long, or too coarse, the picture is computed anew by the reader's browser. The
module (`modules/NAME.mjs`) exports ``draw(values, data)``, which returns the picture as SVG text, what it says, and
the numbers to read off. Python says the same beside it, in the function `says`: what the page says is compared with
what Python says, at many settings, and the module's arithmetic, written apart from its drawing, with `course_lib`
(`tests/explore/test_live_explorables.py`).

An ES module that lies in a widget's state cannot import from its neighbours. So the text that travels is composed
here: drawing.mjs, the module, page.mjs, one after the other, without their import lines. It is embedded in the page
with its data, and `anywidget` runs it: in JupyterLab, and in the built book from disk. Behind it stands the still
picture that Python drew, for print and for readers without JavaScript.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML, display

from course_lib.explore.controls import Choice, Control, Points, Text
from course_lib.explore.frames import EMBED_VARIABLE, Frame

Words = tuple[str, Sequence[tuple[str, str]]]  # alternative text; the numbers to read off, each with its name
MODULES = Path(__file__).parent / "modules"
_IMPORT = re.compile(r"^import\s[^;]*?\sfrom\s\"\./\w+\.mjs\";\n", flags=re.MULTILINE)


def composed_module(name: str) -> str:
    """Put the text together that a page runs: the drawing helpers, the module, the page's part.

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


class LivePicture(anywidget.AnyWidget):
    """The widget that `anywidget` runs in the page: a module, its data, its controls and where they stand."""

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode((MODULES / "page.css").read_text(encoding="utf-8")).tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)


class LiveExplorable:
    """Controls and a picture that a module computes in the page; it displays itself in a notebook and in the book.

    Parameters
    ----------
    says : callable
        ``says(**values) -> (alternative_text, reading)``, with one keyword for each control: the words and numbers
        that the module gives at this setting, found by Python. See `course_lib.explore.frames.Frame`.
    picture : callable
        ``picture(**values) -> svg``: the still picture. It is drawn once, at the start.
    controls : sequence of Slider, LogSlider, Choice, Text or Points
        One to three controls; points that are dragged stand in the picture, and count for none.
    module : str
        The name of ``modules/NAME.mjs``.
    data : dict, optional
        What else the module reads: numbers, texts, lists and dicts of them (``array.tolist()``).
    embed : bool, optional
        Show the still picture behind the widget, as the book does. Left out: as the environment variable
        COURSE_EMBED_FRAMES says.

    Attributes
    ----------
    widget : LivePicture
        What is displayed.
    still : Frame
        The picture at the start.

    Raises
    ------
    ValueError
        If there are no controls, or more than three; if there is no such module.

    Examples
    --------
    >>> from course_lib import explore
    >>> live = explore.product_of_dual_numbers()
    >>> live.values["h"]
    1.0
    >>> live.widget.chosen = {**live.widget.chosen, "h": 0}             # what moving the slider does
    >>> live.values["h"]
    0.001
    """

    def __init__(
        self,
        says: Callable[..., Words],
        picture: Callable[..., str],
        controls: Sequence[Control | Text | Points],
        module: str,
        data: Mapping[str, Any] | None = None,
        embed: bool | None = None,
    ) -> None:
        beside = [control for control in controls if not isinstance(control, Points)]
        if not controls or len(beside) > 3:
            raise ValueError(f"There are {len(beside)} controls; an explorable has one to three, so that it reads.")
        self.says, self.controls, self.module = says, list(controls), module
        self.embedded = os.environ.get(EMBED_VARIABLE) == "1" if embed is None else embed
        start = {control.name: control.start_value for control in controls}
        self.still = Frame(picture(**start), *says(**start))
        self.widget = LivePicture(
            _esm=composed_module(module),
            controls=[_description(control) for control in controls],
            data=dict(data or {}),
            chosen={
                control.name: control.start_value
                if isinstance(control, Text | Points)
                else list(control.values).index(control.start_value)
                for control in controls
            },
        )

    @property
    def values(self) -> dict[str, Any]:
        """Where the controls stand, by name."""
        chosen = self.widget.chosen
        return {
            control.name: chosen[control.name]
            if isinstance(control, Text | Points)
            else control.values[chosen[control.name]]
            for control in self.controls
        }

    def _ipython_display_(self) -> None:
        display(self.widget)
        if self.embedded:
            display(HTML(f'<div class="explorable-still">{self.still.to_html()}</div>'))


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
