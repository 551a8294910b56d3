"""The recorded program: a computational graph of elementary operations, which can be run again.

While a function is recorded, its arguments are *recorded values*, and every operation that meets one appends a
step. What it did is known, on which operands, and of what shape and type the result is; the numbers are those of
the first run and must decide nothing, since the program will run again with others.

Derivatives need nothing of their own here. Their traces lie above the recording one: what a tape or a dual number
computes, by the rules of the table, are operations on recorded values, and so become steps like all others. A
gradient is therefore recorded as one program, the reverse sweep behind the forward one.

Steps that do the same to the same operands are one step (common subexpressions, by value numbering).

Aho, Lam, Sethi, Ullman: Compilers, 2nd ed. (2006), section 8.5.
"""

import math
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.errors import ConcreteValueError, InputError, NoRuleError
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber, stripped
from course_lib.autodiff.overloading.selection import found_spoiled, is_nan
from course_lib.autodiff.overloading.tape import accumulated
from course_lib.autodiff.rules.forms import BY_VALUE, UFUNCS, Rule, full_name
from course_lib.autodiff.traced import RECORDINGS, Trace, Traced, real, stacked

# Whose answer is a matter of shapes and types, which are those of every run.
OF_SHAPES = {np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj, np.zeros_like, np.ones_like,
             np.empty_like, np.array_repr, np.array_str, np.array2string}  # fmt: skip
# The shape of their result depends on numbers.
OF_NO_SHAPE = {np.nonzero, np.flatnonzero, np.argwhere}
# These move numbers to places that may themselves be recorded.
BY_PLACES = {np.take, np.take_along_axis}


class Step:
    """One step: an operation of the table, or a NumPy function done by value; its operands; what the result is.

    An operand is the step that computes it, or a constant: a number or an array. A step without an operation is an
    argument of the program.
    """

    __slots__ = ("_frozen", "dtype", "dynamic", "operands", "operation", "parameters", "scalar_array", "shape")

    def __init__(self, operation: Any, operands: tuple[Any, ...], parameters: dict[str, Any], like: Any) -> None:
        self.operation, self.operands, self.parameters = operation, operands, parameters
        self.shape: tuple[int, ...] = like.shape
        self.dtype = like.dtype
        self.scalar_array = type(like) is np.ndarray and not like.ndim  # to be turned into a number by [()]
        self._frozen: Any = None
        self.dynamic = getattr(like, "dynamic", False)  # whether the length of the first axis is known in each run only

    @property
    def name(self) -> str:
        """The name of the operation."""
        return self.operation.name if isinstance(self.operation, Rule) else full_name(self.operation)

    @property
    def frozen(self) -> Any:
        """The parameters as a key, made once."""
        if self._frozen is None:
            self._frozen = frozen(self.parameters)
        return self._frozen

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of entries."""
        return math.prod(self.shape)

    def __repr__(self) -> str:
        return f"<step {self.name if self.operation else 'argument'} {self.shape}>"


class ForeignValueError(Exception):
    """A traced value from outside met the recording; it cannot be part of a program that runs again."""


class Like:
    """Shape and type of a step that is to be made."""

    __slots__ = ("dtype", "dynamic", "ndim", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: Any, dynamic: bool = False) -> None:
        self.shape, self.ndim, self.dtype, self.dynamic = shape, len(shape), np.dtype(dtype), dynamic


class SeveralResults:
    """An operation with several results, of which a program may need only some; `part` takes one."""

    name: str

    def compiled(self, wanted: tuple[int, ...], name: str) -> Any:
        """Return a function of the operands that computes the results of these numbers, the others being None."""
        raise NotImplementedError

    def __call__(self, numbers: tuple[int, ...], operands: tuple[Any, ...]) -> list[Any]:
        """Do the operation on traced values, and return the results of these numbers."""
        raise NotImplementedError


part = Rule("part", lambda several, number: several[number])


class RecordedProgram(Trace):
    """The steps that one run of a function did, in their order."""

    __slots__ = ("answers", "asked", "constants", "known", "loop_asks", "steps")

    differentiated_later = False  # whether derivatives are taken of its steps, and not only while they are recorded

    def __init__(self, answers: tuple[bool, ...] = ()) -> None:
        super().__init__()
        RECORDINGS.open.append(self)
        self.asked: list[tuple[list[Any], list[Any]]] = []  # what each sweep that may be repeated gave
        self.answers = answers  # whether it is repeated; not, where there is no answer
        self.loop_asks = False  # whether a loop has such sweeps in its steps, or is part of one
        self.steps: list[Step] = []
        self.known: dict[Any, Step] = {}
        self.constants: dict[Any, Any] = {}

    def argument(self, value: Any) -> Any:
        """Return a recorded value for an argument."""
        step = Step(None, (), {}, value)
        self.steps.append(step)
        return recorded(value, self, step)

    def close(self) -> None:
        """End the recording."""
        RECORDINGS.open.remove(self)
        super().close()

    def foreign(self, operand: Traced) -> Any:
        """Return what stands for a traced value from outside."""
        raise ForeignValueError

    def ask(self, values: list[Any], derivatives: list[Any]) -> bool:
        """Say whether a sweep is to be made again, and keep what it gave; see `overloading.selection.spoiled`."""
        sides = [[self.source(x) if isinstance(x, Traced) else x for x in side] for side in (values, derivatives)]
        self.asked.append((sides[0], sides[1]))
        number = len(self.asked) - 1
        return number < len(self.answers) and self.answers[number]

    def hides(self) -> bool:
        """Say whether a NaN that such a sweep gives may not be seen in the results: it was compared, or replaced."""
        found = [x for _, derivatives in self.asked for x in derivatives]
        if any(not isinstance(x, Step) and is_nan(x) for x in found):
            return True
        reached = {x for x in found if isinstance(x, Step)}
        for step in self.steps:
            if any(isinstance(x, Step) and x in reached for x in step.operands):
                if may_hide(step):
                    return True
                reached.add(step)
        return False

    def own(self, operand: Any) -> Any:
        """Return an operand as a recorded value of this program, or as the plain value that it is."""
        if isinstance(operand, Traced) and not (isinstance(operand, Recorded) and operand.owner is self):
            return self.foreign(operand)
        return operand

    def source(self, operand: Any) -> Any:
        """Return the step that an operand comes from, or the constant that it is."""
        operand = self.own(operand)
        return operand.step if isinstance(operand, Recorded) else self.constant(operand)

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Compute the value on the first run's numbers, and append the step."""
        if isinstance(rule, Rule) and rule.recorded is not None:
            return rule.recorded(self, operands)
        values, sources = [], []
        for k, x in enumerate(operands):
            if isinstance(x, Traced):
                if x.owner is not self:
                    x = self.foreign(x)
                    operands = (*operands[:k], x, *operands[k + 1 :])
                values.append(x.value)
                sources.append(x.step)
            else:
                values.append(x)
                sources.append(self.constant(x))
        operation, compute = (rule, rule.value) if isinstance(rule, Rule) else (rule, rule)
        simpler = shortened(operation, operands, sources, parameters)
        if simpler is not None:  # a value of its own, as NumPy makes one, though no step
            return recorded(simpler.value, self, simpler.step) if isinstance(simpler, Recorded) else simpler
        y = compute(*values, **parameters)
        if type(y) is not np.float64 and hasattr(y, "dtype"):
            real(y, rule, self.level)
        return self.append(operation, tuple(sources), parameters, y)

    def append(self, operation: Any, sources: tuple[Any, ...], parameters: dict[str, Any], y: Any) -> Any:
        """Append a step, if none before does the same."""
        key = (operation, tuple(map(id, sources)), frozen(parameters) if parameters else ())
        step = self.known.get(key)
        y = y if hasattr(y, "dtype") else np.asarray(y)[()]
        if step is None:
            if parameters:
                parameters = {name: kept(value) for name, value in parameters.items()}
            step = self.known[key] = Step(operation, sources, parameters, y)
            for source in sources:
                step.dynamic = step.dynamic or (type(source) is Step and source.dynamic)
            if step.dynamic and operation not in OF_ANY_LENGTH:
                raise NoRuleError(f"{step.name} met what a while_loop has kept, whose length jit does not know.")
            self.steps.append(step)
        return recorded(y[()], self, step)

    def constant(self, given: Any) -> Any:
        """Return a copy of an array as it is now, or the number; the same object for the same content."""
        if isinstance(given, list | tuple):
            given = np.asarray(given)
        if isinstance(given, np.ndarray):
            if given.dtype == object:
                raise InputError(f"An array of objects cannot be part of a recorded program: {given!r}.")
            key: Any = (given.shape, given.dtype.str, given.tobytes())
            if key not in self.constants:
                self.constants[key] = given.copy(order="K" if given.flags.f_contiguous else "C")
                self.constants[key].flags.writeable = False
            return self.constants[key]
        return self.constants.setdefault((type(given), repr(given)), given)


def answers_of_run(asked: list[Any], numbers: Iterator[Any]) -> Iterator[bool]:
    """Say of each sweep whether it is to be made again, from the numbers that a run has for the steps."""
    for sides in asked:
        values, derivatives = [[next(numbers) if isinstance(x, Step) else x for x in side] for side in sides]
        yield found_spoiled(values, derivatives)


# What may give a number for NaN; and all comparisons do, and what is not looked into: a loop, a user's rule.
HIDING = {UFUNCS[np.fmax], UFUNCS[np.fmin], UFUNCS[np.hypot], UFUNCS[np.copysign], rules.where, np.asarray}
POWERS = {UFUNCS[np.power], UFUNCS[np.float_power]}


def may_hide(step: Step) -> bool:
    """Say whether a step may give a number for NaN."""
    operation = step.operation
    if operation in POWERS:  # 1 is 1 to any power, and any number to the power of 0 is
        base, exponent = step.operands
        return (isinstance(base, Step) or bool(np.any(base == 1))) and (
            isinstance(exponent, Step) or bool(np.any(exponent == 0))
        )
    if operation is np.asarray and step.dtype.kind == "f":  # of another precision
        return False
    hides = operation in HIDING or operation in BITWISE or operation in BY_VALUE
    return hides or isinstance(operation, SeveralResults) or getattr(operation, "foreign", False)


# What is written without the length of an axis.
OF_ANY_LENGTH = {accumulated, UFUNCS[np.add], UFUNCS[np.negative], rules.transposed}


def frozen(value: Any) -> Any:
    """Return parameters as a key: what is equal here computes the same."""
    if isinstance(value, dict):
        return tuple([(name, frozen(member)) for name, member in value.items()])
    if isinstance(value, tuple | list):
        return (type(value), *map(frozen, value))
    if isinstance(value, slice):
        return (slice, value.start, value.stop, value.step)
    if isinstance(value, np.ndarray):
        return (value.shape, value.dtype.str, value.tobytes())
    return (type(value), repr(value) if isinstance(value, float | np.floating) else value)  # 0.0 is not -0.0


def kept(value: Any) -> Any:
    """Return a parameter that the program's author can no longer change: the arrays of an index are copied."""
    if isinstance(value, np.ndarray):
        return value.copy()
    return tuple(map(kept, value)) if type(value) is tuple else value


# --- Steps that need not be done -------------------------------------------------------------------------


def is_number(operand: Any, number: float) -> bool:
    """Say whether an operand is this number, or an array that is made of it alone."""
    if isinstance(operand, Traced | Step):
        return False
    if not isinstance(operand, np.ndarray):
        return bool(operand == number)
    return operand.size > 0 and bool(operand.flat[0] == number) and bool(np.all(operand == number))


def shortened(rule: Any, operands: tuple[Any, ...], sources: list[Any], parameters: dict[str, Any]) -> Any:
    """Return what an operation would return where that is known without it, or None.

    Exact to the last bit; but two cotangents that cancel by their form are 0 also where they are not finite.
    """
    for k in _BESIDE_ONE.get(rule, ()):
        x, one = operands[k], operands[1 - k]
        unchanged = isinstance(x, Recorded) and is_number(one, 1) and x.dtype == np.result_type(x.dtype, one)
        if unchanged and x.shape == np.broadcast_shapes(x.shape, np.shape(one)):
            return x
    if rule is accumulated:
        one, other = sources
        for a, b in ((one, other), (other, one)):
            if isinstance(a, Step) and getattr(b, "operation", None) is UFUNCS[np.negative] and b.operands[0] is a:
                return np.broadcast_to(np.zeros((), a.dtype), a.shape)[()]
    if rule is rules.reshaped and operands[0].shape == parameters["shape"]:
        return operands[0]
    if rule is rules.broadcast and operands[0].shape == parameters["shape"]:
        return operands[0]
    if rule is UFUNCS[np.positive]:
        return operands[0]
    return None


# x * 1, 1 * x, x / 1, x**1: where x stands.
_BESIDE_ONE = {UFUNCS[np.multiply]: (0, 1), UFUNCS[np.divide]: (0,), UFUNCS[np.power]: (0,)}

# --- Recorded values -------------------------------------------------------------------------------------


def advice(what: str, value: Any) -> str:
    """Say why a recorded program cannot know a number, and what to do."""
    return (
        f"{what} was asked of {value!r} while jit recorded the program. The program is recorded once and runs again "
        "with other numbers, so it cannot take another way because of them. Use np.where to choose between two "
        "values, np.maximum or np.clip for a bound; pass an int, bool or string to choose a branch (jit records one "
        "program for each); or leave out jit here. Where np.array([x, 1.0]) with a traced x was given to np.maximum, "
        "np.sort or the like, write np.stack([x, 1.0]); for scipy.special.logsumexp, np.logaddexp.reduce."
    )


def answered(program: RecordedProgram, function: Any, arguments: Any, named: dict[str, Any]) -> Any:
    """Record a function that is done by value, such as a comparison."""
    arguments = tuple(
        stacked(a) if isinstance(a, list | tuple) and any(isinstance(m, Traced) for m in a) else stripped(a)
        for a in arguments
    )
    if any(isinstance(value, Traced) for value in named.values()):
        raise NoRuleError(
            f"{full_name(function)} was given a recorded value by name ({', '.join(named)}). Give it by position."
        )
    owners = [a.owner for a in arguments if isinstance(a, Recorded)]  # the step of a loop may meet what is outside
    return max(owners, key=lambda owner: owner.level, default=program).record(function, arguments, named)


class RecordedNumber(TracedNumber):
    """A recorded value: its step, and the number or array that the first run had here."""

    __slots__ = ("step",)
    step: Step
    concrete = False

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if any(isinstance(x, Traced) and x.rows and x.owner.level > self.owner.level for x in inputs):
            return NotImplemented  # a batch does it, of recorded values
        by_value = ufunc in BY_VALUE or ufunc in BITWISE
        if method == "__call__" and by_value and named.get("out") is None:
            return answered(self.owner, ufunc, inputs, named)
        return super().__array_ufunc__(ufunc, method, *inputs, **named)

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        if any(isinstance(x, Traced) and x.rows and x.owner.level > self.owner.level for x in arguments):
            return NotImplemented
        if function in OF_SHAPES:
            return function(*map(first_run, arguments), **{name: first_run(value) for name, value in named.items()})
        if function in OF_NO_SHAPE:
            what = f"numpy.{function.__name__}, whose result has as many entries as are true,"
            raise ConcreteValueError(advice(what, self))
        if function in BY_VALUE or (function in BY_PLACES and not isinstance(arguments[0], Traced)):
            return answered(self.owner, function, arguments, named)
        return super().__array_function__(function, types, arguments, named)

    def __bool__(self) -> NoReturn:
        raise ConcreteValueError(advice("A truth value (by if, while, and, or, not)", self))

    def __float__(self) -> NoReturn:
        raise ConcreteValueError(advice("A plain number (by float or a math function: use np.sin for math.sin)", self))

    def __int__(self) -> NoReturn:
        raise ConcreteValueError(advice("An integer (by int, range, .item() or an index)", self))

    __index__ = __complex__ = tolist = __floor__ = __ceil__ = __trunc__ = __int__

    def astype(self, dtype: Any) -> Any:
        """Return the values as another type."""
        if self.dtype == dtype:
            return recorded(self.value, self.owner, self.step)
        return self.owner.record(np.asarray, (self, np.dtype(dtype)), {})

    def __and__(self, other: Any) -> Any:
        return answered(self.owner, np.bitwise_and, (self, other), {})

    def __or__(self, other: Any) -> Any:
        return answered(self.owner, np.bitwise_or, (self, other), {})

    def __xor__(self, other: Any) -> Any:
        return answered(self.owner, np.bitwise_xor, (self, other), {})

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> Any:
        return answered(self.owner, np.invert, (self,), {})

    def __repr__(self) -> str:
        return f"<recorded {self.dtype} of shape {self.shape}>"


BITWISE = {np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert}


class RecordedArray(RecordedNumber, TracedArray):
    """A recorded value with at least one axis."""

    __slots__ = ("whole",)


Recorded = RecordedNumber


def recorded(value: Any, program: RecordedProgram, step: Step) -> Any:
    """Return a recorded value of the class that its number of axes asks for."""
    made: Any = object.__new__(RecordedArray if step.shape else RecordedNumber)
    made.value, made.owner, made.step = value, program, step
    return made


def first_run(value: Any) -> Any:
    """Return the number or array of the first run; for questions about shapes only."""
    if isinstance(value, Traced):
        return value.example(first_run(value.value))
    return type(value)(map(first_run, value)) if isinstance(value, tuple | list) else value
