"""Explorables that move without a kernel: one frame of a film for each setting of the controls.

An explorable joins controls (a slider, a choice) to a picture that a Python function draws. It has two
lives, and one call serves both:

*With a kernel*, in JupyterLab, the function is called again at each change, with the exact value of the
slider: any value, not only those of a grid.

*In the built book* there is no kernel. There each setting of a grid is drawn while the book is built, and
the frames lie in nested `Stack` widgets, one level a control: the outer stack shows one inner stack, the
inner stack shows one frame. `jslink` ties each control's `index` to the `selected_index` of its stacks, and
the browser does the rest. Behind the widget stands a still picture, which the page shows where the
widget cannot live: in print, and to readers without JavaScript.

Which life it is, is said by the environment variable COURSE_EMBED_FRAMES: the book's build sets it to 1.
Set it yourself to export a notebook as HTML whose sliders move.
"""

import html
import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
from IPython.display import HTML, display

from course_lib.explore.controls import Choice, Control, LogSlider, Slider
from course_lib.explore.pictures import as_image

__all__ = ["EMBED_VARIABLE", "Choice", "Explorable", "Frame", "LogSlider", "Slider"]

EMBED_VARIABLE = "COURSE_EMBED_FRAMES"


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
        One to three controls; the first is the outermost stack.
    embed : bool, optional
        True: draw every frame of the grid now and join them by `jslink` (the book). False: draw again at
        each change (a kernel). Left out: as the environment variable COURSE_EMBED_FRAMES says.

    Attributes
    ----------
    inputs : dict of str to ipywidgets.Widget
        The controls' widgets, by name.
    picture : ipywidgets.Widget
        The picture, an HTML widget or the outermost stack of frames.
    widget : ipywidgets.VBox
        All of it.
    still : Frame
        The frame at the start.

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
    >>> [("a blue line" in frame.value) for frame in book.picture.children]
    [False, True]
    """

    def __init__(self, draw: Callable[..., Frame], controls: Sequence[Control], embed: bool | None = None) -> None:
        if not 1 <= len(controls) <= 3:
            raise ValueError(f"There are {len(controls)} controls; an explorable has one to three, so that it reads.")
        self.embedded = os.environ.get(EMBED_VARIABLE) == "1" if embed is None else embed
        self.still = draw(**{control.name: control.start_value for control in controls})
        if self.embedded:
            self.inputs = {control.name: control.for_book() for control in controls}
            self.picture = _stack_of_frames(draw, list(controls), list(self.inputs.values()))
        else:
            self.inputs = {control.name: control.for_kernel() for control in controls}
            self.picture = _redrawn_picture(draw, self.inputs)
        self.widget = widgets.VBox([*self.inputs.values(), self.picture])
        self.widget.add_class("explorable")

    def _ipython_display_(self) -> None:
        display(self.widget)
        if self.embedded:
            display(HTML(f'<div class="explorable-still">{self.still.to_html()}</div>'))


def _redrawn_picture(draw: Callable[..., Frame], inputs: dict[str, widgets.Widget]) -> widgets.Widget:
    """Make a picture that the kernel draws again whenever a control changes."""
    picture = widgets.HTML(layout=widgets.Layout(max_width="640px"))

    def redraw(change: Any = None) -> None:
        picture.value = draw(**{name: control.value for name, control in inputs.items()}).to_html()

    for control in inputs.values():
        control.observe(redraw, names="value")
    redraw()
    return picture


def _stack_of_frames(
    draw: Callable[..., Frame], controls: list[Control], inputs: list[widgets.Widget]
) -> widgets.Widget:
    """Draw the grid, and nest it in stacks: one level a control, each stack joined to its control."""
    layout, style = widgets.Layout(width="100%"), widgets.HTML().style  # shared: a frame then weighs its picture
    level: list[widgets.Widget] = [
        widgets.HTML(
            draw(**dict(zip([c.name for c in controls], setting, strict=True))).to_html(), layout=layout, style=style
        )
        for setting in itertools.product(*(control.values for control in controls))
    ]
    for control, chosen in zip(reversed(controls), reversed(inputs), strict=True):
        size = len(control.values)
        level = [
            widgets.Stack(level[start : start + size], selected_index=chosen.index, layout=layout)
            for start in range(0, len(level), size)
        ]
        for stack in level:
            widgets.jslink((chosen, "index"), (stack, "selected_index"))
    return level[0]
