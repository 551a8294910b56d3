"""jit: record a function once, run it many times as straight-line NumPy.

The first call with arguments of some shapes and types runs the function on recorded values (`program.py`); the
program is simplified (`simplify.py`), its memory is planned (`plan.py`), it is written as text and compiled
(`emit.py`). Later calls with the same *key* run only that: no function of the user, no tape, no dispatch.

Numbers decide nothing in a recorded program, so whatever may decide is part of the key: the shapes and types of
arrays, and the values of ints, bools, strings and other arguments that are no floats and no arrays.
"""

import functools
import gc
import math
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.autodiff.errors import ConcreteValueError, InputError, in_words
from course_lib.autodiff.graph.emit import REFUSALS, Emitter, worth_floats
from course_lib.autodiff.graph.plan import Plan, workspace
from course_lib.autodiff.graph.program import ForeignValueError, Recorded, RecordedProgram, Step, answers_of_run
from course_lib.autodiff.graph.simplify import simplified
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.selection import SpoiledStepError, is_nan
from course_lib.autodiff.structures import is_structure, leaves_of, like, map_leaves, members_of
from course_lib.autodiff.traced import Traced, carrying, stacked

Function = Callable[..., Any]


def jit(f: Function, static_argnums: Any = (), static_argnames: Any = ()) -> Any:
    """Record f, and run it from then on as straight-line NumPy with planned memory.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays; also ``grad(g)``, ``value_and_grad(g)`` and the other
        transforms. It is run once for each key and must do nothing but compute: what it prints, stores or draws at
        random is done when it is recorded, and not again.
    static_argnums : int or tuple of int
        Positions of arguments whose floats are part of the key too, and so may decide: one program for each value.
    static_argnames : str or tuple of str
        The same for arguments by name.

    Returns
    -------
    callable
        Does what f does. Floats and arrays are the program's variables, as is whatever ``grad`` and
        ``value_and_grad`` differentiate; their shapes and types are the key, together with the values of all other
        arguments (int, bool, string, function, ...). A new key is recorded anew. Global and closed-over variables
        are captured as they are when f is recorded; a later change of them is not seen. Its attribute
        ``source(*args)`` is a function that returns the text of the program for these arguments, and ``f`` itself is
        its attribute ``__wrapped__``. Inside another transform, f itself is run.

    Raises
    ------
    ConcreteValueError
        If f asks for a plain number: by ``if``, ``while``, ``float``, ``int``, ``.item()``, a mask as index.
    InputError
        If an argument is complex, an array of objects, or no array and not hashable; or if what is static is not. If
        a step of the program gives complex numbers.

    Notes
    -----
    Results are NumPy's, to rounding: sums of products may be added in another order, and programs of numbers use
    the functions of `math`, whose last digit may differ. What a call returns is new memory, which later calls leave
    alone. Threads may call it at the same time: each run has buffers of its own, and one thread at a time records.
    Programs and buffers are kept as long as the function is.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 6, on source and graphs.

    Examples
    --------
    >>> from course_lib.autodiff import value_and_grad
    >>> f = jit(value_and_grad(lambda x: np.sum(np.sin(x) * x)))
    >>> f(np.array([0.0, 1.0]))
    (np.float64(0.8414709848078965), array([0.        , 1.38177329]))
    >>> print(jit(lambda a, b: a * b + np.sin(a)).source(2.0, 3.0))
    def program(w1, w2):
        sin = math.sin
        return (w1 * w2 + sin(w1),)
    <BLANKLINE>
    """
    return Jitted(f, static_argnums, static_argnames)


class Jitted:
    """A function that is recorded; see `jit`. It is pickled as what it was made of, and recorded anew there."""

    def __init__(self, f: Function, static_argnums: Any, static_argnames: Any) -> None:
        functools.update_wrapper(self, f)
        self.static = (
            frozenset((static_argnums,) if isinstance(static_argnums, int) else static_argnums),
            frozenset((static_argnames,) if isinstance(static_argnames, str) else static_argnames),
        )
        if not all(isinstance(n, int) for n in self.static[0]) or not all(isinstance(n, str) for n in self.static[1]):
            raise InputError(
                f"jit was given static_argnums={static_argnums!r} and static_argnames={static_argnames!r}; expected "
                "positions of arguments, such as 1 or (1, 2), and names, such as 'order' or ('order', 'mode')."
            )
        self.f, self.differentiated = f, _differentiated(f)
        self.programs: dict[Any, Compiled] = {}
        self.answers: dict[Any, tuple[bool, ...]] = {}  # what the last run of a program found; see `repeated`
        self.roles: dict[int, Roles] = {}  # by how many arguments are given by position
        self.lock = threading.RLock()

    def compiled(self, arguments: tuple[Any, ...], named: dict[str, Any], answers: Any = None) -> Any:
        """Return the program for these arguments, recorded if it is asked for the first time, variables and key."""
        roles = self.roles.get(len(arguments))
        if roles is None:
            roles = self.roles[len(arguments)] = Roles(len(arguments), self.differentiated, *self.static)
        key, variables = keyed(arguments, named, roles)
        key = (key, CARRYING) if carrying() else key
        if answers is not None:
            answers = self.answers.get(key, ()) if answers is LAST else answers
            key = (key, ASKING, answers)
        found = self.programs.get(key)
        if found is None:
            with self.lock:
                found = self.programs.get(key)
                if found is None:
                    found = self.programs[key] = Compiled(self.f, arguments, named, variables, roles, answers)
        return found, variables, key

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Do what the function does."""
        try:
            found, variables, key = self.compiled(arguments, named)
            if found.hides:
                return self.repeated(arguments, named, key)
            y = found(variables)
            if found.asks and any(map(is_nan, leaves_of(y))):
                return self.repeated(arguments, named, key)
        except (ForeignValueError, SpoiledStepError):
            return self.f(*arguments, **named)
        return y

    def repeated(self, arguments: tuple[Any, ...], named: dict[str, Any], key: Any) -> Any:
        """Repeat those sweeps that f by itself would repeat: with NaN for a finite value; see `overloading.selection`.

        A run that returns what each sweep gave tells which these are, and is recorded once for each answer. An answer
        may change what later sweeps give; that of the first is right at once, of the second after it, and so on.
        """
        answers: Any = LAST
        for _ in range(ATTEMPTS):
            found, variables, (*_, given) = self.compiled(arguments, named, answers)
            y, answers = found.asking(variables)
            if answers == given + (False,) * (len(answers) - len(given)):
                self.answers[key] = given
                return y
            if found.loop_asks:
                break
        return self.f(*arguments, **named)  # in a recorded loop each step may need another answer

    def source(self, *arguments: Any, **named: Any) -> str:
        """Return the text of the program for these arguments."""
        return str(self.compiled(arguments, named)[0].source)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """Bind a recorded method."""
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> Any:
        found: Any = sys.modules.get(getattr(self, "__module__", ""))
        for name in getattr(self, "__qualname__", "").split("."):
            found = getattr(found, name, None)
        # A decorated function has its name; another is made again of the function that it records.
        return self.__qualname__ if found is self else (jit, (self.f, *map(tuple, self.static)))


CARRYING = "carrying"  # marks the key of a program whose sweeps carry masks
ASKING = "asking"  # marks the key of a program that returns as well what each sweep gave
LAST = "last"
ATTEMPTS = 5  # to find the sweeps that are to be repeated


def _differentiated(f: Function) -> frozenset[int]:
    """Return the positions of the arguments that a transform differentiates."""
    argnums = getattr(f, "argnums", ())
    return frozenset(argnums if isinstance(argnums, tuple) else (argnums,))


class Roles:
    """Which arguments are differentiated and which are static, by their positions from either end, or by name."""

    __slots__ = ("count", "differentiated", "named", "places", "static")

    def __init__(
        self, count: int, differentiated: frozenset[int], static: frozenset[int], named: frozenset[str]
    ) -> None:
        self.count, self.differentiated, self.static, self.named = count, differentiated, static, named
        self.places = tuple(map(self.of, range(count)))

    def of(self, place: int) -> Any:
        """Return what an argument by position is: STATIC, or whether it is differentiated."""
        if place in self.static or place - self.count in self.static:
            return STATIC
        return place in self.differentiated or place - self.count in self.differentiated

    def by_name(self, name: str) -> Any:
        """Return what an argument by name is."""
        return STATIC if name in self.named else False


STATIC = "static"


# --- Which arguments are variables -----------------------------------------------------------------------

_FLOATS = (float, np.floating)


def variable(leaf: Any, differentiated: Any) -> Any:
    """Return an argument as number or array if it is one of the program's variables, or None."""
    if differentiated is STATIC:
        if isinstance(leaf, Traced):
            raise ForeignValueError
        return None
    kind = type(leaf)
    if kind is np.ndarray and leaf.dtype.kind == "f":
        return leaf if leaf.ndim else leaf[()]
    if kind is float:
        return np.float64(leaf)
    if isinstance(leaf, Traced):
        raise ForeignValueError
    if isinstance(leaf, np.ndarray) and leaf.dtype == object:
        leaf = stacked(leaf)
        if isinstance(leaf, Traced):
            raise ForeignValueError
    if differentiated or isinstance(leaf, _FLOATS) or (isinstance(leaf, np.ndarray) and leaf.dtype.kind not in "iub"):
        return differentiable(leaf)
    return leaf[()] if isinstance(leaf, np.ndarray) else None


def keyed(arguments: tuple[Any, ...], named: dict[str, Any], roles: Roles) -> tuple[Any, list[Any]]:
    """Return the key, and the variables in their order."""
    variables: list[Any] = []
    key: list[Any] = []

    def look(given: Any, by_derivative: Any) -> None:
        kind = type(given)
        if by_derivative is not STATIC and (kind is np.ndarray or kind is float):  # what is given most often
            value = variable(given, by_derivative)
            variables.append(value)
            key.append((value.shape, value.dtype))
        elif isinstance(given, tuple | list):
            key.append((type(given), len(given)))
            for member in given:
                look(member, by_derivative)
        elif is_structure(given):
            members = members_of(given)
            key.append((type(given), *members))
            if given is not None and not isinstance(given, dict):
                others = type(given).__dataclass_fields__.keys() - members.keys()
                key.extend((name, getattr(given, name)) for name in sorted(others))
            for member in members.values():
                look(member, by_derivative)
        else:
            value = variable(given, by_derivative)
            if value is None:
                key.append((type(given), repr(given) if isinstance(given, _FLOATS) else given))
            else:
                variables.append(value)
                key.append((value.shape, value.dtype))

    for argument, role in zip(arguments, roles.places, strict=True):
        look(argument, role)
    if named:
        key.append((dict, *named))
        for name, argument in named.items():
            look(argument, roles.by_name(name))
    made = tuple(key)
    try:
        hash(made)
    except (TypeError, ValueError):  # a ValueError by a view of memory that can be written into
        wrong = next(entry[-1] for entry in key if not _hashable(entry[-1]))
        raise InputError(
            f"jit was given an argument of type {type(wrong).__name__}, which is neither a float nor an array, and "
            "cannot be part of a key because it has no hash. Pass arrays, numbers, strings, or tuples, lists and "
            "dicts of them; close over other objects."
        ) from None
    return made, variables


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except (TypeError, ValueError):
        return False
    return True


# --- One program -----------------------------------------------------------------------------------------


def record(
    program: RecordedProgram,
    f: Function,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    variables: list[Any],
    roles: Roles,
) -> Any:
    """Run f once, with recorded values in the places of the variables."""
    inputs = iter([program.argument(value) for value in variables])

    def given(structure: Any, by_derivative: Any) -> Any:
        return map_leaves(lambda x: x if variable(x, by_derivative) is None else next(inputs), structure)

    traced = [given(argument, roles.of(place)) for place, argument in enumerate(arguments)]
    traced_by_name = {name: given(argument, roles.by_name(name)) for name, argument in named.items()}
    try:
        with in_words():
            return f(*traced, **traced_by_name)
    except IndexError as error:
        if variables and "only integers" in str(error):
            raise ConcreteValueError(
                f"A plain array was indexed by a value that jit records ({error}). Expected a recorded array there: "
                "pass the array as an argument, or use np.take_along_axis(array, places, axis)."
            ) from error
        raise


@contextmanager
def without_collection() -> Iterator[None]:
    """Let the garbage collector rest: what is recorded is kept, and to look through it again and again takes long."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


class Compiled:
    """The program of one key, compiled, and the memory for its runs."""

    def __init__(self, *given: Any) -> None:
        with without_collection():
            self.make(*given)

    def make(
        self,
        f: Function,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        variables: list[Any],
        roles: Roles,
        answers: tuple[bool, ...] | None,
    ) -> None:
        """Record the function, and write its program; if answers are given, it returns what sweeps gave as well."""
        program = RecordedProgram(answers or ())
        try:
            y = record(program, f, arguments, named, variables, roles)
            self.structure = map_leaves(lambda leaf: leaf if _is_plain(leaf) else 0.0, y)
            self.leaves = [_result(leaf, program) for leaf in leaves_of(y)]
        finally:
            program.close()
        results = [leaf for leaf in self.leaves if not isinstance(leaf, _AsIs)]
        self.own, self.loop_asks = len(results), program.loop_asks
        self.asks = self.loop_asks or bool(program.asked)
        self.hides = program.hides()
        self.asked = program.asked if answers is not None else []
        results += [x for ask in self.asked for x in (*ask[0], *ask[1]) if isinstance(x, Step)]
        steps, results = simplified(program.steps, results)
        plan = Plan(steps, results)
        self.buffers, self.sizes = plan.buffers, plan.sizes
        self.memory: list[tuple[Any, ...]] = []  # of runs that have ended
        self.floats = worth_floats(plan)
        self.source, self.run = compiled_text(plan, self.floats, results)
        self.planned = (plan, results) if self.floats else None
        self.single = not is_structure(self.structure)

    def asking(self, variables: list[Any]) -> tuple[Any, tuple[bool, ...]]:
        """Run the program, and say as well of each sweep whether it gave NaN for a finite value."""
        found = self.run_once(variables)
        return self.arranged(found[: self.own]), tuple(answers_of_run(self.asked, iter(found[self.own :])))

    def __call__(self, variables: list[Any]) -> Any:
        """Run the program."""
        return self.arranged(self.run_once(variables))

    def run_once(self, variables: list[Any]) -> Any:
        """Run the program, and return its results one after the other."""
        if self.floats:
            found = self.in_floats(variables)
        elif self.buffers:
            memory = self.workspace()
            found = self.run(*variables, memory)
            self.memory.append(memory)
        else:
            found = self.run(*variables)
        return found

    def arranged(self, found: Any) -> Any:
        """Return results as the function would."""
        if self.single and len(found) == 1:
            return found[0]
        results = iter(found)
        return like(self.structure, (leaf.value if type(leaf) is _AsIs else next(results) for leaf in self.leaves))

    def workspace(self) -> tuple[Any, ...]:
        """Return memory for one run: that of a run which has ended, or new one."""
        try:
            return self.memory.pop()
        except IndexError:
            return workspace(self.buffers, self.sizes)

    @functools.cached_property
    def again(self) -> Callable[..., tuple[Any, ...]]:
        """The program in NumPy's numbers, written when a run of the one in floats is refused for the first time."""
        assert self.planned is not None
        plan, results = self.planned
        return compiled_text(plan, False, results)[1]

    def in_floats(self, variables: list[Any]) -> Any:
        """Run the program with Python's floats, and again with NumPy's if it was refused or is not finite."""
        memory = (self.workspace(),) if self.buffers else ()
        try:
            found = self.run(*(float(v) if type(v) is np.float64 else v for v in variables), *memory)
        except REFUSALS:
            found = None
        if found is None or not all(math.isfinite(y) if type(y) is float else np.all(np.isfinite(y)) for y in found):
            found = self.again(*variables, *memory)
        self.memory.extend(memory)
        return tuple([np.float64(y) if type(y) is float else y for y in found])


def compiled_text(plan: Plan, floats: bool, results: list[Any]) -> tuple[str, Callable[..., tuple[Any, ...]]]:
    """Write the program in one dialect, and compile it."""
    emitter = Emitter(plan, floats)
    text = emitter.text("program", results)
    exec(compile(emitter.own, "<recorded program>", "exec"), emitter.space)
    return text, emitter.space["program"]


class _AsIs:
    """A result that is no number and no array, such as None or a string."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _is_plain(leaf: Any) -> bool:
    return not isinstance(leaf, Traced | np.ndarray | float | np.generic)


def _result(leaf: Any, program: RecordedProgram) -> Any:
    """Return the step of a result, or the constant that it is."""
    if isinstance(leaf, np.ndarray) and leaf.dtype == object:
        leaf = stacked(leaf)
    if isinstance(leaf, Recorded) and leaf.owner is program:
        return leaf.step
    if isinstance(leaf, Traced):
        raise ForeignValueError
    return _AsIs(leaf) if _is_plain(leaf) else program.constant(leaf)
