"""Explorables whose arithmetic runs in the page: a small JavaScript module draws, at any setting, with no kernel.

Where a film of frames would be too long, or too coarse, the picture is computed anew by the reader's browser. The
module (`modules/NAME.mjs`) exports ``draw(values, data)``, which returns the picture as SVG text, what it says, and
the numbers to read off. Python says the same beside it, in the function `says`: what the page says is compared with
what Python says, at many settings, and the module's arithmetic, written apart from its drawing, with `course_lib`
(`tests/explore/test_live_explorables.py`).

In JupyterLab `anywidget` runs the module, and Python learns where the controls stand. In the built book the page runs
it itself (built_page.py), in the place of the still picture that Python drew, which stays for print and for readers
without JavaScript.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML, display

from course_lib.explore.built_page import MODULES, composed_module, is_embedded, page_text, state_of
from course_lib.explore.controls import Control, Points, Text
from course_lib.explore.frames import Frame

Words = tuple[str, Sequence[tuple[str, str]]]  # alternative text; the numbers to read off, each with its name


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
        ``picture(**values) -> svg``: the still picture.
    controls : sequence of Slider, LogSlider, Choice, Text or Points
        One to three controls; points that are dragged stand in the picture, and count for none.
    module : str
        The name of ``modules/NAME.mjs``.
    data : dict, optional
        What else the module reads: numbers, texts, lists and dicts of them (``array.tolist()``).
    embed : bool, optional
        True: display what the built book holds. False: display the widget. Left out: as the environment variable
        COURSE_EMBED_FRAMES says.
    paper : dict, optional
        Where controls stand on paper, if not at the start; see `course_lib.explore.frames.Explorable`.

    Attributes
    ----------
    state : dict
        What the module reads: ``controls``, ``data``, and where the controls stand at first, ``chosen``.
    widget : LivePicture
        What JupyterLab displays.
    still : Frame
        The picture at the start.
    on_paper : Frame or None
        The picture that is printed in its place, from the book.

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
        paper: Mapping[str, Any] | None = None,
    ) -> None:
        beside = [control for control in controls if not isinstance(control, Points)]
        if not controls or len(beside) > 3:
            raise ValueError(f"There are {len(beside)} controls; an explorable has one to three, so that it reads.")
        self.says, self.controls, self.module = says, list(controls), module
        self.embedded = is_embedded(embed)
        start = {control.name: control.start_value for control in controls}
        self.still = Frame(picture(**start), *says(**start))
        printed = start | dict(paper or {})
        self.on_paper = Frame(picture(**printed), *says(**printed)) if paper and self.embedded else None
        self.state = state_of(controls, data)

    @cached_property
    def widget(self) -> LivePicture:
        """What JupyterLab displays; a page without a kernel has none."""
        return LivePicture(_esm=composed_module(self.module), **self.state)

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
        if not self.embedded:
            display(self.widget)
        else:
            on_paper = self.on_paper.to_html() if self.on_paper else None
            display(HTML(page_text(self.module, self.state, self.still.to_html(), on_paper)))
