"""The recorded program as text: straight-line NumPy, one line a step, that is compiled and run.

    w3 = np.multiply(w1, w2, out=b1)

Values are w1, w2, ..., constant arrays c1, c2, ..., buffers b1, b2, ... Operations on numbers are written with
operators, and one that is used once stands in the line that uses it.

There are two dialects. In the first, numbers are NumPy's, and the program computes what NumPy computes. The
second is for programs made of numbers for the most part: they are Python's floats, four times as fast. Where
Python's arithmetic would answer otherwise it raises an error, as 1/0 and exp(1000) do; then, and if a result is
not finite, the program is run again in the first dialect, which is what NumPy would have done.
"""

import builtins
import keyword
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.graph.plan import Buffer, Plan, ufunc_of
from course_lib.autodiff.graph.program import SeveralResults, Step, part
from course_lib.autodiff.rules.forms import Rule, full_name

WIDTH = 100  # how long a line may become by what is written into it

# How tightly an operation binds, as in Python.
_CHOICE, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER, ATOM = range(7)
_OPERATORS = {
    np.add: ("+", _SUM), np.subtract: ("-", _SUM), np.multiply: ("*", _PRODUCT), np.divide: ("/", _PRODUCT),
    np.greater: (">", _COMPARISON), np.less: ("<", _COMPARISON), np.greater_equal: (">=", _COMPARISON),
    np.less_equal: ("<=", _COMPARISON), np.equal: ("==", _COMPARISON), np.not_equal: ("!=", _COMPARISON),
}  # fmt: skip
# Python's functions of a float that either answer as NumPy's do (but for the last digit) or raise an error.
_OF_FLOATS = {
    np.exp: math.exp, np.expm1: math.expm1, np.log: math.log, np.log1p: math.log1p, np.log2: math.log2,
    np.log10: math.log10, np.sqrt: math.sqrt, np.sin: math.sin, np.cos: math.cos, np.tan: math.tan,
    np.arcsin: math.asin, np.arccos: math.acos, np.arctan: math.atan, np.arctan2: math.atan2, np.sinh: math.sinh,
    np.cosh: math.cosh, np.tanh: math.tanh, np.arcsinh: math.asinh, np.arccosh: math.acosh, np.arctanh: math.atanh,
    np.hypot: math.hypot, np.absolute: abs, np.fabs: abs, np.copysign: math.copysign, np.power: math.pow,
    np.float_power: math.pow,
}  # fmt: skip
_FLOAT = np.dtype(float)
# What sends a run to the first dialect.
REFUSALS = (ZeroDivisionError, OverflowError, ValueError)


class Text:
    """An expression, and how tightly its outermost operation binds."""

    __slots__ = ("binds", "text")

    def __init__(self, text: str, binds: int = ATOM) -> None:
        self.text, self.binds = text, binds

    def within(self, binds: int) -> str:
        """Write it as an operand, in parentheses if it binds less."""
        return self.text if self.binds >= binds else f"({self.text})"


def of_numbers(step: Step) -> bool:
    """Say whether a step is an operation on numbers that is written with operators or functions of numbers."""
    ufunc = ufunc_of(step)
    if step.shape or ufunc is None:
        return False
    if ufunc in _OPERATORS and _OPERATORS[ufunc][1] == _COMPARISON:
        return True
    known = ufunc in _OPERATORS or ufunc in _OF_FLOATS or ufunc in (np.negative, np.square, np.reciprocal)
    return known and step.dtype.kind == "f"  # truth values and integers have another arithmetic in Python


def is_taken(name: str) -> bool:
    """Say whether a program has a name for itself: a value, a function of numbers, a word of Python, a loop."""
    ours = {"np", "math", "program", "loop", "buffers", *dir(builtins), *dir(math)}
    return name in ours or keyword.iskeyword(name) or bool(re.fullmatch(r"\w*?([wcb]|scan|while_loop)\d+", name))


class Emitter:
    """Writes one program in one dialect.

    Parameters
    ----------
    plan : Plan
        The steps and their places in memory.
    floats : bool
        Whether numbers are Python's floats.
    """

    def __init__(self, plan: Plan, floats: bool, name: str = "") -> None:
        self.plan, self.floats, self.prefix = plan, floats, name
        self.lines: list[str] = []
        self.names: dict[Step, Text] = {}
        self.count = 0
        self.constants: dict[int, str] = {}
        self.kept: list[Any] = []  # the constants, so that no other object gets their identity
        self.space: dict[str, Any] = {"np": np}
        self.used_functions: dict[str, str] = {}
        self.loops: list[str] = []  # the texts of the loops that are called
        self.own = ""  # the text without them
        self.from_number = False  # whether the operand of the call that is being written is a number

    # -- names --

    def text(self, name: str, results: list[Any]) -> str:
        """Return the whole function, whose value is a tuple of the results."""
        arguments = self.begin()
        for step in self.plan.steps:
            if step.operation is not None:
                self.write(step)
        texts = self.copies(results)
        returned = f"({texts[0]},)" if len(texts) == 1 else ", ".join(texts) or "()"
        return self.whole(name, arguments, [*self.lines, f"return {returned}"])

    def begin(self) -> list[str]:
        """Name buffers and arguments; return the arguments' names."""
        for number, buffer in enumerate(self.plan.buffers, 1):
            buffer.name = f"b{number}"
        arguments = [step for step in self.plan.steps if step.operation is None]
        for step in arguments:
            self.names[step] = self.new_name()
        return [self.names[step].text for step in arguments]

    def whole(self, name: str, arguments: list[str], lines: list[str]) -> str:
        """Return a function of these arguments and lines, behind those of the loops that it calls."""
        head = [f"def {name}({', '.join(arguments + ['buffers'] * bool(self.plan.buffers))}):"]
        if self.plan.buffers:
            names = ", ".join(b.name for b in self.plan.buffers)
            head.append(f"    {names}{',' * (len(self.plan.buffers) == 1)} = buffers")
        if self.used_functions:
            short, whole = zip(*self.used_functions.items(), strict=True)
            head.append(f"    {', '.join(short)} = {', '.join(whole)}")
        own = "\n".join([*head, *(f"    {line}" for line in lines)]) + "\n"
        self.own = own
        return "\n\n".join([*self.loops, own])

    def new_name(self) -> Text:
        """Return the next name."""
        self.count += 1
        return Text(f"w{self.count}")

    def constant(self, value: Any) -> str:
        """Return a number's text, or the name of a constant."""
        if type(value) in (bool, int):
            return repr(value)
        if type(value) is float or (type(value) is np.float64 and self.plan.all_float):
            return repr(float(value)) if math.isfinite(value) else f"np.{float(value)!r}".replace("np.-", "-np.")
        if id(value) not in self.constants:
            self.kept.append(value)
            self.constants[id(value)] = f"c{len(self.constants) + 1}"
            self.space[self.constants[id(value)]] = value
        return self.constants[id(value)]

    def function(self, function: Any, name: str) -> str:
        """Return how a function is called; what is not NumPy's goes by its own name, or by this."""
        whole = full_name(function) if hasattr(function, "__name__") else name
        if whole.startswith("numpy."):
            return "np." + whole.removeprefix("numpy.")
        last = whole.rpartition(".")[2]
        own = "".join(c if c.isalnum() else "_" for c in (last if last.isidentifier() else name))
        while is_taken(own) or self.space.get(own, function) is not function:
            own += "_"
        self.space[own] = function
        return own

    def expression(self, operand: Any) -> Text:
        """Return an operand as text."""
        if isinstance(operand, Step):
            return self.names[operand]
        text = self.constant(operand)
        return Text(text, _SIGN if text.startswith("-") else ATOM)

    def operand(self, operand: Any) -> str:
        """Return an operand as an argument of a call."""
        return self.expression(operand).text

    # -- lines --

    def write(self, step: Step) -> None:
        """Write a step: into the line that will use it, if that is one operation on numbers, or as its own line."""
        if of_numbers(step):
            text = self.on_numbers(step)
            if self.plan.uses[step] == 1 and len(text.text) < WIDTH:
                self.names[step] = text
                return
            self.assign(step, text.text)
            return
        out = self.plan.out.get(step)
        if isinstance(step.operation, SeveralResults):
            self.loop(step)
        elif step.operation is rules.added_at:
            self.add_at(step, out)
        elif step.operation is rules.put and rules.is_basic(step.parameters["index"]):
            self.put(step, out)
        elif step.operation is rules.put:
            self.put_at_places(step, out)
        else:
            self.assign(step, self.call(step, out))

    def assign(self, step: Step, text: str) -> None:
        """Write a line that gives a step its name."""
        self.names[step] = self.new_name()
        self.lines.append(f"{self.names[step].text} = {text}")

    def on_numbers(self, step: Step) -> Text:
        """Write an operation on numbers."""
        ufunc = ufunc_of(step)
        operands = [self.expression(operand) for operand in step.operands]
        if ufunc in _OPERATORS:
            sign, binds = _OPERATORS[ufunc]
            left = operands[0].within(binds + (binds == _COMPARISON))  # Python chains comparisons
            return Text(f"{left} {sign} {operands[1].within(binds + 1)}", binds)
        if ufunc is np.negative:
            return Text(f"-{operands[0].within(_SIGN)}", _SIGN)
        if ufunc is np.reciprocal:
            return Text(f"1.0 / {operands[0].within(_SIGN)}", _PRODUCT)
        if ufunc is np.square and operands[0].binds == ATOM:
            return Text(f"{operands[0].text} * {operands[0].text}", _PRODUCT)
        inner = ", ".join(operand.text for operand in operands)
        if not self.floats and ufunc is np.power:
            return Text(f"{operands[0].within(ATOM)} ** {operands[1].within(_POWER)}", _POWER)
        if not self.floats:
            return Text(f"{self.function(ufunc, ufunc.__name__)}({inner})")
        if ufunc is np.square:
            return Text(f"{operands[0].within(ATOM)}**2", _POWER)
        python = _OF_FLOATS[ufunc]
        if python is abs:
            return Text(f"abs({inner})")
        self.used_functions[python.__name__] = f"math.{python.__name__}"
        self.space["math"] = math
        return Text(f"{python.__name__}({inner})")

    def call(self, step: Step, out: Any) -> str:
        """Write any other operation as a call."""
        operation = step.operation
        arguments = [self.operand(operand) for operand in step.operands]
        if operation in _CALLS:
            self.from_number = not getattr(step.operands[0], "shape", ())
            arguments[0] = self.expression(step.operands[0]).within(ATOM)
            text = _CALLS[operation](self, arguments, **step.parameters)
        else:
            if isinstance(operation, Rule) and operation.foreign:
                arguments = [self.for_users(o, a) for o, a in zip(step.operands, arguments, strict=True)]
            function = (
                self.function(operation.value, operation.name)
                if isinstance(operation, Rule)
                else self.function(operation, "function")
            )
            named = [f"{name}={self.parameter(value)}" for name, value in step.parameters.items()]
            text = f"{function}({', '.join(arguments + named)})"
            if isinstance(operation, Rule) and operation.foreign and step.shape:
                text = f"np.array({text})"
        if out is not None:
            text = f"{text[:-1]}, out={out.name if isinstance(out, Buffer) else self.names[out].text})"
        if step.shape:
            return text
        if self.floats and step.dtype == _FLOAT:
            return f"float({text})"
        return f"{text}[()]" if step.scalar_array else text

    def loop(self, step: Step) -> None:
        """Write the call of a loop, a function of its own that returns the results that are used."""
        used = {s.parameters["number"] for s in self.plan.steps if s.operation is part and s.operands[0] is step}
        name = f"{self.prefix}{step.operation.name}{len(self.loops) + 1}"
        function = step.operation.compiled(tuple(sorted(used)), name)
        self.space[name] = function
        self.loops.append(function.source)
        self.assign(step, f"{name}({', '.join(self.operand(operand) for operand in step.operands)})")

    def for_users(self, operand: Any, text: str) -> str:
        """Write an operand of a user's function: a number of NumPy, or a copy of an array."""
        if isinstance(operand, Step) and operand.shape:
            return f"{text}.copy()"
        return f"np.float64({text})" if self.floats and isinstance(operand, Step) else text

    def put(self, step: Step, out: Any) -> None:
        """Write zeros with something in them."""
        index, inner = step.parameters["index"], self.operand(step.operands[0])
        self.assign(step, f"np.empty({step.shape}{self.dtype(step)})" if out is None else out.name)
        self.lines += [f"{self.names[step].text}[{part}] = 0.0" for part in beside(index, step.shape)]
        self.lines.append(f"{self.names[step].text}[{self.index(index)}] = {inner}")

    def put_at_places(self, step: Step, out: Any) -> None:
        """Write zeros with entries at places, which are known; what is put to the same place is added up."""
        there = rules.places(step.shape, step.parameters["index"]).ravel()
        inner, shape = self.expression(step.operands[0]).within(ATOM), getattr(step.operands[0], "shape", ())
        if step.dtype != _FLOAT or shape != rules.places(step.shape, step.parameters["index"]).shape:
            self.assign(step, self.call(step, None))
        elif np.bincount(there, minlength=1).max(initial=0) > 1:
            flat = inner if len(shape) == 1 else f"{inner}.ravel()"
            self.assign(step, f"np.bincount({self.constant(there)}, {flat}, {step.size}).reshape{step.shape}")
        else:
            self.assign(step, f"np.zeros({step.shape}{self.dtype(step)})" if out is None else out.name)
            if out is not None:
                self.lines.append(f"{self.names[step].text}.fill(0.0)")
            self.lines.append(f"{self.names[step].text}.put({self.constant(there)}, {inner})")

    def add_at(self, step: Step, out: Any) -> None:
        """Add to some of the entries, over the operand if that may be."""
        x, inner = (self.operand(operand) for operand in step.operands)
        if out is None:
            self.assign(step, f"{x}.copy()")
        elif isinstance(out, Buffer):
            self.assign(step, out.name)
            self.lines.append(f"{self.names[step].text}[...] = {x}")
        else:
            self.names[step] = self.names[out]
        index, sign = step.parameters["index"], step.parameters["sign"]
        self.lines.append(f"{self.names[step].text}[{self.index(index)}] {sign}= {inner}")

    def dtype(self, step: Step) -> str:
        """Write a type, if it is not the usual one."""
        return "" if step.dtype == _FLOAT else f", np.{step.dtype.name}"

    def copies(self, results: list[Any]) -> list[str]:
        """Write the results: each in memory of its own."""
        given: set[Step] = set()
        texts = []
        for result in results:
            if not isinstance(result, Step):
                text = self.constant(result)
                if type(result) is np.float64 and not self.floats:
                    text = f"np.float64({text})"
                texts.append(f"{text}.copy()" if isinstance(result, np.ndarray) else text)
                continue
            root = self.plan.roots[result]
            text = self.names[result].text
            ours = (root.operation is not None or root in self.plan.owned) and root not in given
            if result.shape and not (ours and root.size == result.size and self.plan.contiguous(result)):
                text = f"{text}.copy()"
            given.add(root)
            texts.append(text)
        return texts

    # -- parameters --

    def parameter(self, value: Any) -> str:
        """Write a parameter."""
        if isinstance(value, tuple):
            return f"({', '.join(map(self.parameter, value))}{',' * (len(value) == 1)})"
        if isinstance(value, list):
            return f"[{', '.join(map(self.parameter, value))}]"
        if isinstance(value, str | bool | int | None | slice):
            return repr(value)
        if isinstance(value, np.integer):
            return repr(int(value))
        return "..." if value is Ellipsis else self.constant(value)

    def index(self, index: Any) -> str:
        """Write an index as it stands between brackets."""
        members = index if isinstance(index, tuple) else (index,)
        if not members:
            return "()"
        text = ", ".join(map(self._index_member, members))
        return f"{text}," if isinstance(index, tuple) and len(members) == 1 else text

    def _index_member(self, member: Any) -> str:
        if isinstance(member, slice):
            ends = ["" if end is None else str(int(end)) for end in (member.start, member.stop, member.step)]
            return ":".join(ends[: 2 + bool(ends[2])])
        return self.parameter(member)


def beside(index: Any, shape: tuple[int, ...]) -> list[str]:
    """Return slices for what an index does not take: along the first axis, if it is one slice; else everything."""
    if isinstance(index, tuple) and len(index) == 1:
        index = index[0]
    if isinstance(index, slice) and index.step in (None, 1):
        begin, end, _ = index.indices(shape[0])
        if begin < end:
            return [f":{begin}"] * (begin > 0) + [f"{end}:"] * (end < shape[0])
    return ["..."]


def _axes(axes: tuple[int, ...]) -> str:
    return str(axes[0]) if len(axes) == 1 else str(axes)


def _reduction(name: str) -> Callable[..., str]:
    def write(emitter: Emitter, arguments: list[str], axes: tuple[int, ...], keepdims: bool) -> str:
        return f"np.{name}.reduce({arguments[0]}, axis={_axes(axes)}{', keepdims=True' * keepdims})"

    return write


def _reshape(emitter: Emitter, arguments: list[str], shape: tuple[int, ...]) -> str:
    return f"np.reshape({arguments[0]}, {shape})" if emitter.from_number else f"{arguments[0]}.reshape{shape or '(())'}"


def _einsum(emitter: Emitter, arguments: list[str], inputs: tuple[str, ...], output: str) -> str:
    if not output and len(inputs) == 2 and inputs[0] == inputs[1]:
        return f"np.vdot({', '.join(arguments)})"
    return f"np.einsum({','.join(inputs) + '->' + output!r}, {', '.join(arguments)})"


_CALLS: dict[Any, Callable[..., str]] = {
    rules.total: _reduction("add"),
    rules.largest: _reduction("maximum"),
    rules.smallest: _reduction("minimum"),
    rules.broadcast: lambda e, a, shape: f"np.broadcast_to({a[0]}, {shape})",
    rules.cumulated: lambda e, a, axis: f"np.cumsum({a[0]}, axis={axis})",
    rules.reshaped: _reshape,
    rules.table.converted: lambda e, a, dtype: f"{a[0]}.astype('{dtype}')",
    rules.transposed: lambda e, a, axes: f"{a[0]}.T" if axes == (-1, -2) else f"{a[0]}.transpose{axes}",
    rules.taken: lambda e, a, index: f"{a[0]}[{e.index(index)}]",
    rules.concatenated: lambda e, a, axis: f"np.concatenate(({', '.join(a)},), axis={axis})",
    rules.piled: lambda e, a, axis: (
        f"np.array(({', '.join(a)},))" if e.from_number else f"np.stack(({', '.join(a)},), axis={axis})"
    ),
    rules.einsum: _einsum,
    rules.determinant: lambda e, a: f"np.linalg.det({a[0]})",
    rules.inverse: lambda e, a: f"np.linalg.inv({a[0]})",
    rules.log_abs_det: lambda e, a: f"np.linalg.slogdet({a[0]})[1]",
    rules.sign_of_det: lambda e, a: f"np.linalg.slogdet({a[0]})[0]",
    part: lambda e, a, number: f"{a[0]}[{number}]",
    rules.gather: lambda e, a: f"{a[0]}[..., {a[1]}]",
    np.asarray: lambda e, a: f"np.asarray({a[0]}, {a[1]})[()]" if e.from_number else f"{a[0]}.astype({a[1]})",
}


def worth_floats(plan: Plan) -> bool:
    """Say whether a program is made of operations on numbers for the most part."""
    numbers = sum(of_numbers(step) and step.dtype in (_FLOAT, np.dtype(bool)) for step in plan.steps)
    others = sum(step.operation is not None for step in plan.steps) - numbers
    return plan.all_float and numbers > others
