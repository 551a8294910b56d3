"""What a reader moves: a slider, a slider over powers of ten, a choice of one among a few, a line of text, points.

A control names the argument of the drawing function that it sets, the values of its grid, and how each of them is
written for the eye and for the ear. Explorables of both kinds read the same controls. A page without a kernel makes the
browser's own inputs of them; with a kernel, `frames` makes ipywidgets of them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

LOOK: dict[str, Any] = {
    "style": {"description_width": "initial"},
    "layout": {"width": "100%", "max_width": "640px"},
}


@dataclass(frozen=True)
class Slider:
    """A slider over the values of a list.

    Parameters
    ----------
    name : str
        The keyword under which the drawing function receives the value.
    label : str
        What the reader sees beside the slider.
    values : sequence of float or int, rising
        The places where the slider stands.
    start : float or int
        One of the values.
    written : callable
        Value -> text that says it, for the reader and for the screen reader.
    buttons : bool
        Add the buttons *back* and *on*, for a slider that counts the steps of something. Live explorables only.

    Raises
    ------
    ValueError
        If the start is none of the values.

    Examples
    --------
    >>> Slider("k", "Step", range(4), start=2).texts
    ['0', '1', '2', '3']
    """

    name: str
    label: str
    values: Sequence[float]
    start: float
    written: Callable[[Any], str] = "{:g}".format
    buttons: bool = False

    def __post_init__(self) -> None:
        if self.start not in self.values:
            raise ValueError(f"The start {self.start} is not among the values {list(self.values)}; choose one.")

    @property
    def start_value(self) -> float:
        """The value at which the explorable opens."""
        return self.start

    @property
    def texts(self) -> list[str]:
        """How the values are written, with a true minus sign."""
        return [re.sub("^-", "−", self.written(value)) for value in self.values]

    def for_kernel(self) -> widgets.Widget:
        """Make the widget that chooses among the values, each with its text."""
        return widgets.SelectionSlider(
            options=list(zip(self.texts, self.values, strict=True)),
            value=self.start_value,
            description=self.label,
            **LOOK,
        )


@dataclass(frozen=True)
class LogSlider:
    """A slider over powers of ten, moving to the right as the value grows.

    Parameters
    ----------
    name : str
        The keyword under which the drawing function receives the value.
    label : str
        What the reader sees beside the slider.
    exponents : sequence of float, rising
        The grid of the built book: the slider stands at 10**exponent.
    start : float
        One of the exponents.
    written : callable
        Value -> text that says it, for the reader and for the screen reader.
    """

    name: str
    label: str
    exponents: Sequence[float]
    start: float
    written: Callable[[float], str]

    def __post_init__(self) -> None:
        if self.start not in self.exponents:
            raise ValueError(f"The start {self.start} is not among the exponents {list(self.exponents)}; choose one.")

    @property
    def values(self) -> list[float]:
        """The values of the grid."""
        return [10.0**exponent for exponent in self.exponents]

    @property
    def start_value(self) -> float:
        """The value at which the explorable opens."""
        return 10.0**self.start

    @property
    def texts(self) -> list[str]:
        """How the values are written."""
        return [self.written(value) for value in self.values]

    def for_kernel(self) -> widgets.Widget:
        """Make the widget that takes any value of the range."""
        return widgets.FloatLogSlider(
            value=self.start_value,
            min=min(self.exponents),
            max=max(self.exponents),
            step=0.05,
            description=self.label,
            readout_format=".2e",
            **LOOK,
        )


@dataclass(frozen=True)
class Choice:
    """A choice of one among a few, all of them in sight.

    Parameters
    ----------
    name : str
        The keyword under which the drawing function receives the choice.
    label : str
        What the reader sees beside the options.
    options : sequence of str
        The options, in the order in which they stand.
    start : str, optional
        The option chosen at the start. Left out: the first.

    Raises
    ------
    ValueError
        If the start is not among the options.

    Examples
    --------
    >>> Choice("k", "Components", ["2", "3", "4"], start="3").start_value
    '3'
    """

    name: str
    label: str
    options: Sequence[str]
    start: str | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.start not in self.options:
            raise ValueError(f"The start {self.start!r} is not among the options {list(self.options)}; choose one.")

    @property
    def values(self) -> list[str]:
        """The options."""
        return list(self.options)

    @property
    def start_value(self) -> str:
        """The option chosen at the start."""
        return self.options[0] if self.start is None else self.start

    @property
    def texts(self) -> list[str]:
        """How the options are written: as they are."""
        return self.values

    def for_kernel(self) -> widgets.Widget:
        """Make the widget that shows all options."""
        return widgets.RadioButtons(
            options=self.values,
            value=self.start_value,
            description=self.label,
            orientation="horizontal",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="auto"),
        )


@dataclass(frozen=True)
class Text:
    """A line of text that the reader types, with examples to choose from. Live explorables only.

    Parameters
    ----------
    name : str
        The keyword under which the drawing function receives the text.
    label : str
        What the reader sees beside the line.
    examples : sequence of str
        Texts to choose from; the first stands there at the start.

    Examples
    --------
    >>> Text("program", "Program", ["y = x * x", "y = x + x"]).start_value
    'y = x * x'
    """

    name: str
    label: str
    examples: Sequence[str]

    @property
    def values(self) -> list[str]:
        """The examples."""
        return list(self.examples)

    @property
    def start_value(self) -> str:
        """The text at the start."""
        return self.examples[0]

    @property
    def texts(self) -> list[str]:
        """How the examples are written: as they are."""
        return self.values


@dataclass(frozen=True)
class Points:
    """Points of the picture that the reader drags, by mouse, finger or arrow keys. Live explorables only.

    The module's `draw` receives them as a list of points, and answers where they stand in the picture:
    ``handles: {name: {places, unit, labels}}`` (see `modules/page.mjs`).

    Parameters
    ----------
    name : str
        The keyword under which the drawing function receives the points.
    label : str
        What the reader sees beside the button *Start again*.
    start : sequence of sequence of float
        Where the points stand at first, one or two coordinates each.
    low, high : sequence of float
        The bounds of each coordinate.
    step : sequence of float
        What an arrow key moves, for each coordinate; points stand on multiples of it.
    examples : sequence of such sequences, optional
        Further settings, on which tests compare what the page says with what Python says.

    Raises
    ------
    ValueError
        If a point has another number of coordinates than the bounds, or lies outside of them.

    Examples
    --------
    >>> Points("x", "Two points", [[0.0], [1.5]], low=[-2], high=[2], step=[0.1]).start_value
    [[0.0], [1.5]]
    """

    name: str
    label: str
    start: Sequence[Sequence[float]]
    low: Sequence[float]
    high: Sequence[float]
    step: Sequence[float]
    examples: Sequence[Sequence[Sequence[float]]] = ()

    def __post_init__(self) -> None:
        for point in (point for setting in (self.start, *self.examples) for point in setting):
            inside = len(point) == len(self.low) == len(self.high) and all(
                low <= z <= high for low, z, high in zip(self.low, point, self.high, strict=True)
            )
            if not inside:
                raise ValueError(f"The point {list(point)} is not between {list(self.low)} and {list(self.high)}.")

    @property
    def start_value(self) -> list[list[float]]:
        """Where the points stand at first."""
        return [list(map(float, point)) for point in self.start]

    @property
    def values(self) -> list[list[list[float]]]:
        """The start and the examples."""
        return [self.start_value, *([list(map(float, point)) for point in setting] for setting in self.examples)]

    @property
    def texts(self) -> list[str]:
        """How the settings are written."""
        return [str(value) for value in self.values]


Control = Slider | LogSlider | Choice
