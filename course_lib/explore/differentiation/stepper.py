"""Explorable 5, the graph stepper: why reuse needs a sum, and why the order matters.

The reader types a program. Its values go up the graph, then the adjoints come down, one contribution at a time: in the
right way, with `=` in place of `+=`, without an order, or along every path by itself. The page reads the program with
a small parser of its own; here Python's own parser reads it, and the slopes are those of `course_lib.autodiff`, so
that the two can be compared.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.autodiff import derivative
from course_lib.explore.controls import Choice, Slider, Text
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.pictures import BLACK, BLUE, GREY, STYLE, VERMILION_INK, as_svg

PROGRAMS = [
    "x = 2; y = x * x; z = y * y + y",
    "x1 = 2; x2 = 5; f = x1 * x2 + sin(x1)",
    "x = 1.1; a = x + x; b = a + a; c = b + b",
    "x = 0.5; y = exp(x); z = y / (1 + y)",
    "w = 0.8; b = 0.1; h = tanh(1.5 * w + b); loss = (h - 0.2) ** 2",
]
SWEEPS = ("right", "= for +=", "no order", "path by path")
MOST_STEPS = 200  # of a sweep
UFUNCS = {name: getattr(np, name) for name in ("sin", "cos", "exp", "log", "sqrt", "tanh")}
OPERATORS: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", lambda a, b: a + b),
    ast.Sub: ("-", lambda a, b: a - b),
    ast.Mult: ("*", lambda a, b: a * b),
    ast.Div: ("/", lambda a, b: a / b),
    ast.Pow: ("**", lambda a, b: a**b),
}


@dataclass
class Node:
    """One value of a program: its name, its words, the nodes it was made from, and the local partial derivatives."""

    name: str
    words: str
    sources: list[int]
    partials: list[float]
    value: float

    @property
    def statement(self) -> str:
        """The line of the program that it stands for."""
        return f"{self.name} = {self.words}" if self.sources else self.words


@dataclass(frozen=True)
class Event:
    """One contribution: a node hands g times its k-th partial derivative to a node, whose adjoint changes."""

    source: int
    k: int
    target: int
    g: float
    contribution: float
    before: float
    after: float


class Program:
    """A program such as ``x = 2; y = x * x; z = y * y + y``, run and taken apart.

    Parameters
    ----------
    text : str
        Lines parted by semicolons: a name for a number, or for an expression in names that came before.

    Attributes
    ----------
    nodes : list of Node
        In the order of the program; the last one is the result.

    Raises
    ------
    ValueError
        If the text holds something else than numbers, names, + - * / ** and sin, cos, exp, log, sqrt, tanh.

    Examples
    --------
    >>> [node.statement for node in Program("x = 2; y = x * x; z = y * y + y").nodes]
    ['x = 2', 'y = x * x', 'w1 = y * y', 'z = w1 + y']
    """

    def __init__(self, text: str) -> None:
        self.nodes: list[Node] = []
        self._unnamed = 0
        lines = ast.parse("\n".join(line.strip() for line in text.split(";"))).body
        self._taken = {name.id for line in lines for name in ast.walk(line) if isinstance(name, ast.Name)}
        self._where: dict[str, int] = {}
        for line in lines:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)], value=expression):
                    pass
                case ast.Expr(value=expression):
                    name = "result"
                case _:
                    raise ValueError(f"{ast.unparse(line)!r} is no line of a program; expected name = expression.")
            made = self._operand(expression)
            if isinstance(made, float):
                made = self._append(f"{name} = {shown(made)}", [], lambda m=made: m)
            self.nodes[made].name = name
            self._where[name] = made

    def _operand(self, expression: ast.expr) -> int | float:
        """Return the number of the node that the expression makes, or the value of a constant one, a float."""
        function: Callable[..., Any]
        match expression:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self._where:
                return self._where[name]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                operands, words, function = [self._operand(inner)], "-{}", lambda a: -a
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                sign, function = OPERATORS[type(op)]
                operands, words = [self._operand(left), self._operand(right)], f"{{}} {sign} {{}}"
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in UFUNCS:
                operands, words, function = [self._operand(inner)], f"{name}({{}})", UFUNCS[name]
            case _:
                raise ValueError(
                    f"{ast.unparse(expression)!r} is not understood; expected numbers, names that have a value, "
                    f"+ - * / ** and {', '.join(UFUNCS)}."
                )
        if all(isinstance(operand, float) for operand in operands):
            return float(function(*operands))
        return self._append(words.format(*map(self._word, operands)), operands, function)

    def _word(self, operand: int | float) -> str:
        if isinstance(operand, float):
            return shown(operand)
        node = self.nodes[operand]
        if not node.name:
            self._unnamed += 1
            while f"w{self._unnamed}" in self._taken:
                self._unnamed += 1
            node.name = f"w{self._unnamed}"
        return node.name

    def _append(self, words: str, operands: Sequence[int | float], function: Callable[..., Any]) -> int:
        values = [operand if isinstance(operand, float) else self.nodes[operand].value for operand in operands]
        sources, partials = [], []
        for k, operand in enumerate(operands):
            if not isinstance(operand, float):

                def along(moved: Any, k: int = k) -> Any:
                    return function(*values[:k], moved, *values[k + 1 :])

                sources.append(operand)
                partials.append(float(derivative(along)(values[k])))
        self.nodes.append(Node("", words, sources, partials, float(function(*values))))
        return len(self.nodes) - 1

    def events(self, sweep: str) -> list[Event]:
        """Return what a sweep hands on, in its order; at most 200 contributions.

        Parameters
        ----------
        sweep : "right", "= for +=", "no order" or "path by path"
            The first goes through the program backwards and adds. The second goes the same way and overwrites. The
            last two walk down every path from the result: "no order" hands on the whole adjoint at each visit, "path
            by path" the contribution that has just come.

        Examples
        --------
        >>> program = Program("x = 2; y = x * x; z = y * y + y")
        >>> [program.events(sweep)[-1].after for sweep in SWEEPS]
        [36.0, 8.0, 84.0, 36.0]
        >>> [len(program.events(sweep)) for sweep in SWEEPS]
        [6, 6, 10, 10]
        """
        if sweep not in SWEEPS:
            raise ValueError(f"The sweep is {sweep!r}; expected one of {', '.join(SWEEPS)}.")
        adjoints, done = [0.0] * len(self.nodes), list[Event]()
        adjoints[-1] = 1.0

        def hand(source: int, k: int, g: float) -> float:
            target = self.nodes[source].sources[k]
            contribution, before = g * self.nodes[source].partials[k], adjoints[target]
            adjoints[target] = contribution if sweep == "= for +=" else before + contribution
            done.append(Event(source, k, target, g, contribution, before, adjoints[target]))
            return contribution

        def walk(source: int, g: float) -> None:
            for k, target in enumerate(self.nodes[source].sources):
                if len(done) < MOST_STEPS:
                    walk(target, hand(source, k, g if sweep == "path by path" else adjoints[source]))

        if sweep in ("no order", "path by path"):
            walk(len(self.nodes) - 1, 1.0)
        else:
            for source in reversed(range(len(self.nodes))):
                for k in range(len(self.nodes[source].sources)):
                    hand(source, k, adjoints[source])
        return done

    def adjoints(self, done: Sequence[Event]) -> list[float | None]:
        """Return the adjoints after these events; None where nothing has come."""
        adjoints: list[float | None] = [None] * len(self.nodes)
        adjoints[-1] = 1.0
        for event in done:
            adjoints[event.target] = event.after
        return adjoints

    def gradient(self, adjoints: Sequence[float | None]) -> str:
        """Write the adjoints of the inputs."""
        found = [(node.name, a) for node, a in zip(self.nodes, adjoints, strict=True) if not node.sources]
        return ", ".join(f"{name}: {'none' if a is None else shown(a)}" for name, a in found)


def shown(value: float) -> str:
    """Write a number with five digits, as short as they allow.

    Examples
    --------
    >>> shown(36.0), shown(0.1 + 0.2), shown(-1234567.0), shown(-0.0)
    ('36', '0.3', '-1.23e+06', '0')
    """
    if value != 0 and not 1e-4 <= abs(value) < 1e5:
        return f"{value:.2e}"
    return f"{float(f'{value:.5g}'):z.10g}"


def graph_stepper(
    program: str | None = None,
    sweep: str = "right",
    step: int = 0,
    yours: Mapping[str, float] | None = None,
    embed: bool | None = None,
) -> LiveExplorable:
    """Show a program as a graph, its values going up and its adjoints coming down, one step at a time.

    Parameters
    ----------
    program : str, optional
        What stands in the entry at first; by default y = x * x; z = y * y + y at x = 2.
    sweep : str
        One of "right", "= for +=", "no order", "path by path".
    step : int
        Where it opens.
    yours : mapping of str to float, optional
        Adjoints that somebody else has found, by the names of nodes: shown beside those of the sweep.
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the program, the sweep and the step.

    Raises
    ------
    ValueError
        If the program is not understood, or there is no such sweep.

    Examples
    --------
    >>> words, reading = graph_stepper().says(program=PROGRAMS[0], sweep="no order", step=99)
    >>> reading[1], reading[3]
    (('Adjoints of the inputs', 'x: 84'), ('The gradient that is right', 'x: 36'))
    """
    if sweep not in SWEEPS:
        raise ValueError(f"The sweep is {sweep!r}; expected one of {', '.join(SWEEPS)}.")
    chosen = PROGRAMS[0] if program is None else program
    Program(chosen)  # what is not understood is refused here
    programs = [chosen, *(known for known in PROGRAMS if known != chosen)]
    return LiveExplorable(
        partial(_says, yours=yours or {}),
        _picture,
        [
            Text("program", "Program", programs),
            Choice("sweep", "Sweep", [sweep, *(other for other in SWEEPS if other != sweep)]),
            Slider("step", "Step", range(MOST_STEPS + 20), start=step, buttons=True),
        ],
        module="graph_stepper",
        data={"yours": dict(yours or {})},
        embed=embed,
    )


def rows(program: str, sweep: str, step: int) -> list[tuple[str, str, str]]:
    """Return the table of the stepper: for each node its line, its value and its adjoint, "" where not yet known."""
    run, done, forward, _, now = _stand(program, sweep, step)
    operations = [i for i, node in enumerate(run.nodes) if node.sources]
    adjoints = run.adjoints(done[: max(0, now - forward - 1)]) if now > forward else [None] * len(run.nodes)
    return [
        (
            node.statement,
            shown(node.value) if not node.sources or operations.index(i) < now else "",
            "" if adjoint is None else shown(adjoint),
        )
        for i, (node, adjoint) in enumerate(zip(run.nodes, adjoints, strict=True))
    ]


def _stand(program: str, sweep: str, step: int) -> tuple[Program, list[Event], int, int, int]:
    """Return the program, the events, the number of forward steps, that of all steps, and where one stands."""
    run = Program(program)
    done = run.events(sweep)
    forward = sum(bool(node.sources) for node in run.nodes)
    last = forward + 1 + len(done)
    return run, done, forward, last, min(step, last)


def own_sweep(program: str, yours: Mapping[str, float]) -> tuple[str, LiveExplorable]:
    """Show adjoints that somebody has found beside the right ones, where the first of them is wrong on the way down.

    Parameters
    ----------
    program : str
        A program, as `Program` takes it.
    yours : mapping of str to float
        An adjoint for each of its names.

    Returns
    -------
    (str, LiveExplorable)
        What is wrong, in words; and the stepper, at the step of the right sweep that completes this adjoint.

    Raises
    ------
    ValueError
        If none of the adjoints is wrong.

    Examples
    --------
    >>> words, stepper = own_sweep(PROGRAMS[0], {"x": 8.0, "y": 4.0, "z": 1.0})
    >>> words
    'On the way down, the first wrong adjoint is that of y: yours is 4, right is 9.'
    >>> stepper.values["step"]
    8
    """
    run = Program(program)
    done = run.events("right")
    right = run.adjoints(done)
    for number in reversed(range(len(run.nodes))):
        name, expected = run.nodes[number].name, right[number] or 0.0
        if name in yours and not np.isclose(yours[name], expected, rtol=1e-9, atol=1e-12):
            last = max((k for k, event in enumerate(done) if event.target == number), default=-1)
            step = sum(bool(node.sources) for node in run.nodes) + 2 + last
            words = (
                f"On the way down, the first wrong adjoint is that of {name}: yours is {shown(yours[name])}, right is "
                f"{shown(expected)}."
            )
            return words, graph_stepper(program, step=step, yours=yours)
    raise ValueError(f"All of these adjoints are right: {dict(yours)}.")


def _says(program: str, sweep: str, step: int, yours: Mapping[str, float]) -> Words:
    run, done, forward, last, now = _stand(program, sweep, step)
    adjoints: list[float | None] = [None] * len(run.nodes)
    if now > forward:
        adjoints = run.adjoints(done[: now - forward - 1])
    right = run.gradient(run.adjoints(run.events("right")))
    found = run.gradient(adjoints)
    if now == 0:
        said = "The inputs are known."
    elif now <= forward:
        node = [node for node in run.nodes if node.sources][now - 1]
        said = f"{node.statement} = {shown(node.value)}."
    elif now == forward + 1:
        said = f"The sweep begins: the adjoint of {run.nodes[-1].name} is 1."
    else:
        said = _event_in_words(run, done[now - forward - 2], sweep)
        if now == last:
            said += f" Done: {found}." + ("" if found == right else f" Right is {right}.")
    table = "; ".join(
        words + (value and f", value {value}") + (adjoint and f", adjoint {adjoint}")
        for words, value, adjoint in rows(program, sweep, step)
    )
    others = ", ".join(f"{node.name} {shown(yours[node.name])}" for node in run.nodes if node.name in yours)
    theirs = f" Your adjoints: {others}." if others else ""
    return f"The graph of {program}. Sweep: {sweep}. Step {now} of {last}: {said} {table}.{theirs}", [
        ("Step", f"{now} of {last}, {'forwards' if now <= forward else 'backwards'}"),
        ("Adjoints of the inputs", found),
        ("Sweep", sweep),
        ("The gradient that is right", right),
    ]


def _event_in_words(run: Program, event: Event, sweep: str) -> str:
    source, target = run.nodes[event.source], run.nodes[event.target]
    handed = (
        f"{source.name} hands {shown(event.g)} · {shown(source.partials[event.k])} = {shown(event.contribution)} "
        f"to {target.name}"
    )
    if sweep == "= for +=":
        return f"{handed}, which keeps {shown(event.after)} and forgets {shown(event.before)}."
    return f"{handed}: {shown(event.before)} + {shown(event.contribution)} = {shown(event.after)}."


def _picture(program: str, sweep: str, step: int) -> str:
    """Draw the still picture: the graph with the values and adjoints of the whole sweep."""
    run = Program(program)
    adjoints = run.adjoints(run.events(sweep))
    floors: list[int] = []
    for node in run.nodes:
        floors.append(max([floors[s] + 1 for s in node.sources], default=0))
    across = [floors[:i].count(floor) + 0.3 * floor * (-1) ** floor for i, floor in enumerate(floors)]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 1.1 * (max(floors) + 1)), layout="constrained")
        axes = figure.subplots()
    for i, node in enumerate(run.nodes):
        for k, s in enumerate(node.sources):
            twice = node.sources.count(s) > 1
            bend = f"arc3,rad={(0.3 if k == 0 else -0.3) if twice else 0}"
            style = {"arrowstyle": "-|>", "connectionstyle": bend, "color": GREY, "shrinkA": 18, "shrinkB": 18}
            axes.annotate("", (across[s], floors[s]), (across[i], floors[i]), arrowprops=style)
            shift = (0.13 if k == 0 else -0.13) if twice else 0
            middle = (across[i] + across[s]) / 2 + shift, (floors[i] + floors[s]) / 2
            axes.text(*middle, shown(node.partials[k]), ha="center", va="center", fontsize="small", color=BLACK)
        box = {"boxstyle": "round", "facecolor": "white", "edgecolor": BLACK}
        axes.text(across[i], floors[i], f"{node.statement}\n ", ha="center", va="center", bbox=box)
        values = f"{shown(node.value)}  ", "" if adjoints[i] is None else f"  {shown(adjoints[i] or 0.0)}"
        axes.text(across[i], floors[i] - 0.12, values[0], ha="right", va="center", color=BLUE)
        axes.text(across[i], floors[i] - 0.12, values[1], ha="left", va="center", color=VERMILION_INK, weight="bold")
    axes.set(xlim=(min(across) - 0.6, max(across) + 0.6), ylim=(-0.45, max(floors) + 0.45))
    axes.axis("off")
    return as_svg(figure)
