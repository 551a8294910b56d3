"""Explorables that move without a kernel: one frame of a film for each setting of the controls.

An explorable joins controls (a slider, a choice) to a picture that a Python function draws. It has two
lives, and one call serves both:

*With a kernel*, in JupyterLab, the function is called again at each change, with the exact value of the
slider: any value, not only those of a grid.

*In the built book* there is no kernel. There each setting of a grid is drawn while the book is built, and the page
shows the frame of the setting at which its controls stand (`modules/frames.mjs`, in the way of `built_page.py`).
Behind it stands a still picture, which the page shows where nothing can move: in print, and to readers without
JavaScript.
"""

import html
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
from IPython.display import HTML, display

from course_lib.explore.built_page import is_embedded, page_text, state_of
from course_lib.explore.controls import Choice, Control, LogSlider, Slider
from course_lib.explore.pictures import as_image

__all__ = ["Choice", "Explorable", "Frame", "LogSlider", "Slider"]


@dataclass(frozen=True)
class Frame:
    """What one setting of the controls shows.

    Parameters
    ----------
    svg : str
        The picture, an ``<svg>`` element.
    alternative_text : str
        What the picture says, with its numbers, for those who do not see it.
    reading : sequence of (str, str)
        The numbers to read off, each with its name; shown as text under the picture.
    """

    svg: str
    alternative_text: str
    reading: Sequence[tuple[str, str]] = ()

    def to_html(self) -> str:
        """Write the frame as HTML: the picture, and under it the numbers."""
        entries = "".join(
            f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(number)}</dd></div>" for name, number in self.reading
        )
        reading = f'<dl class="explorable-reading">{entries}</dl>' if entries else ""
        return f'<div class="explorable-frame">{as_image(self.svg, self.alternative_text)}{reading}</div>'


class Explorable:
    """Controls joined to a picture; it displays itself in a notebook and in the book.

    Parameters
    ----------
    draw : callable
        ``draw(**values) -> Frame``, with one keyword for each control.
    controls : sequence of Slider, LogSlider or Choice
        One to three controls.
    embed : bool, optional
        True: draw every frame of the grid when it is displayed (the book). False: draw again at each change (a
        kernel). Left out: as the environment variable COURSE_EMBED_FRAMES says.
    paper : dict, optional
        Where controls stand on paper, if not at the start: on a screen an explorable opens before its question is
        answered, and on paper nobody can move it.

    Attributes
    ----------
    inputs : dict of str to ipywidgets.Widget
        The controls' widgets, by name; with a kernel only, as the next two.
    picture : ipywidgets.HTML
        The picture.
    widget : ipywidgets.VBox
        All of it.
    still : Frame
        The frame at the start.
    on_paper : Frame or None
        The frame that is printed in its place, from the book.

    Raises
    ------
    ValueError
        If there are no controls, or more than three.

    Examples
    --------
    >>> pen = Choice("colour", "Pen", ["red", "blue"])
    >>> draw = lambda colour: Frame("<svg/>", f"a {colour} line")
    >>> live = Explorable(draw, [pen], embed=False)
    >>> live.inputs["colour"].value = "blue"                # the kernel draws again
    >>> "a blue line" in live.picture.value
    True
    >>> book = Explorable(draw, [pen], embed=True)
    >>> [frame["alternativeText"] for frame in book.film()["frames"]]
    ['a red line', 'a blue line']
    """

    def __init__(
        self,
        draw: Callable[..., Frame],
        controls: Sequence[Control],
        embed: bool | None = None,
        paper: Mapping[str, Any] | None = None,
    ) -> None:
        if not 1 <= len(controls) <= 3:
            raise ValueError(f"There are {len(controls)} controls; an explorable has one to three, so that it reads.")
        self.draw, self.controls = draw, list(controls)
        self.embedded = is_embedded(embed)
        start = {control.name: control.start_value for control in controls}
        self.still = draw(**start)
        self.on_paper = draw(**start | dict(paper)) if paper and self.embedded else None
        if not self.embedded:
            self.inputs = {control.name: control.for_kernel() for control in controls}
            self.picture = _redrawn_picture(draw, self.inputs)
            self.widget = widgets.VBox([*self.inputs.values(), self.picture])
            self.widget.add_class("explorable")

    def film(self) -> dict[str, Any]:
        """Draw a frame for each setting of the grid, the last control changing fastest.

        Returns
        -------
        dict
            ``grid``, the values of each control by its name, and ``frames``, as `modules/frames.mjs` reads them.
        """
        grid = {control.name: list(control.values) for control in self.controls}
        settings = itertools.product(*grid.values())
        frames = [self.draw(**dict(zip(grid, setting, strict=True))) for setting in settings]
        return {
            "grid": grid,
            "frames": [
                {"svg": frame.svg, "alternativeText": frame.alternative_text, "reading": list(frame.reading)}
                for frame in frames
            ],
        }

    def _ipython_display_(self) -> None:
        if not self.embedded:
            display(self.widget)
        else:
            state = state_of(self.controls, self.film())
            display(
                HTML(
                    page_text("frames", state, self.still.to_html(), self.on_paper.to_html() if self.on_paper else None)
                )
            )


def _redrawn_picture(draw: Callable[..., Frame], inputs: dict[str, widgets.Widget]) -> widgets.HTML:
    """Make a picture that the kernel draws again whenever a control changes."""
    picture = widgets.HTML(layout=widgets.Layout(max_width="640px"))

    def redraw(change: Any = None) -> None:
        picture.value = draw(**{name: control.value for name, control in inputs.items()}).to_html()

    for control in inputs.values():
        control.observe(redraw, names="value")
    redraw()
    return picture
