"""Answers as plain data: all that may cross from the process that runs student code to the one that marks it.

A probe's answer is a number, a text, a truth value, None, a NumPy array, or lists, tuples and dicts of these. It is
written as JSON, arrays as dtype, shape and base64: never pickle, whose reading runs code. `encode` works beside
student code and may be tampered with; `decode` works on the trusted side, believes nothing, and bounds everything.

The sandbox gets this file as it is, so it imports the standard library and NumPy only.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import decimal
import functools
import itertools
import json
import linecache
import math
import numbers
import re
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

DTYPES = frozenset(np.dtype(code).newbyteorder("<").str for code in "?bhiqBHIQefdFD")
PORTABLE = {"g": "d", "G": "D"}  # floats of a width that differs from machine to machine, and what crosses for them
MAX_BYTES = 32 * 2**20  # of one answer, as text
MAX_ARRAY = MAX_BYTES // 3 * 2  # of one array, as it lies in memory; as text it grows by a third
MAX_DEPTH = 12  # of lists within lists
MAX_ITEMS = 100_000  # list items, dict entries and texts, counted together
MAX_NUMBER_KEYS = 2000  # of the dicts of one answer: anybody can choose numbers that a dict looks up one by one
MAX_DIGITS = 400  # of one whole number
MAX_MARKS = 10 * MAX_ITEMS  # brackets and commas of one answer: they tell its size in memory before it is read
MAX_TEXT = 500  # characters of an error message that are kept
MAX_NAMES, MAX_NAME = 5000, 80  # names of a notebook that are compared, and characters of one that is told
TOO_LARGE = 10**MAX_DIGITS
NO_POINTS = NOT_FINITE, COMPLEX = "no finite number", "a complex number"  # in which tests may end

# What steers a terminal or turns the direction of writing, and halves of characters that no file can hold.
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)

# What a later Python takes: since which, in words, what an earlier one says, and what the line looks like.
LATER = (
    ((3, 12), "the same quotes, backslashes and comments within the braces of an f-string", r"^f-string", ""),
    ((3, 12), "type parameters", "", r"^(?:async\s+)?(?:def|class)\s+\w+\["),
    ((3, 12), "the statement `type`", "", r"^type\s+\w+.*="),
    ((3, 14), "template strings", "", r"\b[tT][rR]?[\"']"),
    ((3, 14), "several exceptions after `except` without brackets", "must be parenthesized", r"^except\b"),
)
# Arrays that cannot cross, by their dtype's kind: what to think of.
UNREADABLE = {
    "O": ", whose items are no numbers; or its rows are of different lengths",
    "U": ", of texts: a list of them can be read",
    "S": ", of bytes",
}
WITHIN = re.compile(r"\b(?:\w+\.<locals>\.)+")  # what stands before the name of a function within a function


class NotPlain(TypeError):
    """A probe returned something that is not plain data. The message says what: "an object of type set"."""


class BadAnswer(ValueError):
    """What came back is not the encoding of plain data, or breaks a bound."""


class MissingName(AttributeError):
    """The probe asked for a name that the notebook does not define; `near` is one that it does, spelt nearly so."""

    def __init__(self, name: str, near: str = ""):
        super().__init__(name)
        self.near = near


@dataclass(frozen=True)
class Outcome:
    """What one probe came to.

    `kind` says which: an ``answer`` (in `value`); code that ``raised`` (the exception's type in `value`, its message
    and place in `text`); a ``missing`` name (in `text`; in `value` one that is there and spelt nearly so, or None); an
    answer that is ``not-plain`` (what it is, in words, in `text`); or a
    probe that was ``stopped`` before it answered (why in `text`; "wall" in `value` if it was by the clock on the wall).
    Beside an answer `text` says which promise of the task was broken on the way, if one was. `line` is the student's
    line at which something was raised, "" where none was at work; it stands at the end of `text`, too.
    """

    kind: Literal["answer", "raised", "missing", "not-plain", "stopped"]
    value: Any = None
    text: str = ""
    line: str = ""


class Names:
    """The names of a notebook as attributes: what a probe receives as `student`."""

    def __init__(self, names: Mapping[str, Any]):
        self.__dict__["_names"] = names

    def __getattr__(self, name: str) -> Any:
        try:
            return self._names[name]
        except KeyError:
            raise MissingName(name, nearest(name, self._names)) from None


def nearest(name: str, names: Mapping[str, Any]) -> str:
    """Return the name that is spelt most nearly so; "" where a slip of the pen does not explain the difference.

    Examples
    --------
    >>> nearest("ring_area", {"ringArea": 1, "area": 2}), nearest("ring_area", {"rnig_area": 1}), nearest("f", {"g": 1})
    ('ringArea', 'rnig_area', '')
    """
    slips = 2 if len(name) >= 8 else 1 if len(name) >= 4 else 0
    own = [n for n, value in itertools.islice(names.items(), MAX_NAMES) if not isinstance(value, types.ModuleType)]
    own = [n for n in own if n[:1] != "_" and abs(len(n) - len(name)) <= 4]
    alike = [n for n in own if n.replace("_", "").lower() == name.replace("_", "").lower()]
    found = alike or [n for n in own if abs(len(n) - len(name)) <= slips and _slips(name, n) <= slips]
    return min(found, key=lambda n: _slips(name, n), default="")


def _slips(one: str, other: str) -> int:
    """Return how many letters are left out, put in, wrong, or exchanged with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        earlier, before, row = before, row, [i + 1]
        for j, wanted in enumerate(other):
            cost = min(before[j] + (letter != wanted), before[j + 1] + 1, row[j] + 1)
            if i and j and letter == other[j - 1] and wanted == one[i - 1]:
                cost = min(cost, earlier[j - 1] + 1)
            row.append(cost)
    return row[-1]


def encode(value: Any) -> Any:
    """Return `value` in a form that `json.dumps` can write, or raise `NotPlain` naming what cannot cross.

    Examples
    --------
    >>> encode((1, 2.5, None))
    {'tuple': [1, 2.5, None]}
    >>> encode({"a": {1, 2}})
    Traceback (most recent call last):
    ...
    autograder.ground.answers.NotPlain: a dict with an object of type set in it
    """
    try:
        return _form(value, 0)
    except NotPlain as error:
        if type(value) not in (list, tuple, dict):
            raise
        raise NotPlain(f"a {type(value).__name__} with {error} in it") from None
    except RecursionError:
        levels = f"more than {MAX_DEPTH} levels (does it contain itself?)"
        raise NotPlain(f"a {type(value).__name__} of {levels}") from None


def _form(value: Any, depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value
    if kind is int:
        if abs(value) >= TOO_LARGE:
            raise NotPlain(f"a whole number of more than {MAX_DIGITS} digits")
        return value
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is np.str_:
        return str(value)
    if kind in (list, tuple, dict) and depth > MAX_DEPTH:
        raise RecursionError
    if kind is list:
        return [_form(item, depth + 1) for item in value]
    if kind is tuple:
        return {"tuple": [_form(item, depth + 1) for item in value]}
    if kind is dict:
        if sum(type(key) is not str for key in value) > MAX_NUMBER_KEYS:
            raise NotPlain(f"a dict with more than {MAX_NUMBER_KEYS} keys that are numbers")
        return {"dict": [[_form(key, depth + 1), _form(item, depth + 1)] for key, item in value.items()]}
    if kind is np.ndarray or isinstance(value, np.generic):
        array = np.asarray(value)
        if array.dtype.char in PORTABLE:
            with np.errstate(all="ignore"):
                array = array.astype(PORTABLE[array.dtype.char])
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if little.dtype.str not in DTYPES:
            what = UNREADABLE.get(array.dtype.kind, "")
            raise NotPlain(f"an array of dtype {array.dtype}{what}")
        if array.nbytes > MAX_ARRAY:
            raise NotPlain(f"an array of {array.nbytes >> 20} MB, where {MAX_ARRAY >> 20} MB are the most")
        data = base64.b64encode(np.ascontiguousarray(little).tobytes()).decode("ascii")
        form = {"array": data, "dtype": little.dtype.str, "shape": list(array.shape)}
        return form | {"scalar": True} if isinstance(value, np.generic) else form
    raise NotPlain(f"an object of type {kind.__name__}")


def dumps(value: Any) -> str:
    """Return the text of `value` as one line of JSON."""
    return json.dumps(encode(value))


def loads(text: str | bytes) -> Any:
    """Return the value that `text` encodes; raise `BadAnswer` for anything else."""
    return decode(parse(text))


def as_number(value: Any) -> bool | float | str | None:
    """Return a finite real number as a float, and a truth value as it is; of another number, in words what it is.

    Whatever is no number, a table or a figure, is None.

    Examples
    --------
    >>> as_number(np.float32(0.5)), as_number(np.array(2)), as_number(np.bool_(True)), as_number(decimal.Decimal("1.5"))
    (0.5, 2.0, True, 1.5)
    >>> as_number(0.5j), as_number(-math.inf), as_number(10**400), as_number([0.0]), as_number("1")
    ('a complex number', 'no finite number', 'no finite number', None, None)
    """
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, numbers.Real | decimal.Decimal):
        with contextlib.suppress(ArithmeticError, ValueError, TypeError):
            number = float(value)
            return number if math.isfinite(number) else NOT_FINITE
        return NOT_FINITE
    return COMPLEX if isinstance(value, numbers.Complex) else None


def parse(text: str | bytes) -> Any:
    """Read bounded JSON: at most `MAX_BYTES` long, whole numbers of at most `MAX_DIGITS` digits."""
    if len(text) > MAX_BYTES:
        raise BadAnswer(f"an answer of {len(text) >> 20} MB; the limit is {MAX_BYTES >> 20} MB")
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    # A list of empty lists takes 20 times its text in memory, so that the limit on bytes alone would not bound it.
    if sum(map(text.count, "[{,")) > MAX_MARKS:
        raise BadAnswer(f"an answer of more than {MAX_ITEMS} items")
    try:
        return json.loads(text, parse_int=_whole_number)
    except BadAnswer:
        raise
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"an answer that is not JSON: {str(error)[:MAX_TEXT]}") from None


def decode(form: Any) -> Any:
    """Return the value that a parsed `form` stands for; raise `BadAnswer` for anything that `encode` does not write.

    Examples
    --------
    >>> decode(encode({"x": np.array([1.0, 2.0])}))
    {'x': array([1., 2.])}
    """
    return _Decoder().value(form, 0)


class _Decoder:
    """One decoding: counts the items of the whole answer, and the keys of its dicts that are numbers."""

    def __init__(self) -> None:
        self.items = self.number_keys = 0

    def value(self, form: Any, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise BadAnswer(f"an answer of more than {MAX_DEPTH} levels or {MAX_ITEMS} items")
        if isinstance(form, str):
            return form.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate could not be written to a file
        if form is None or isinstance(form, bool | int | float):
            return form
        if isinstance(form, list):
            return [self.value(item, depth + 1) for item in form]
        if isinstance(form, dict):
            match form:
                case {"tuple": list(items), **rest} if not rest:
                    return tuple(self.value(item, depth + 1) for item in items)
                case {"dict": list(entries), **rest} if not rest:
                    return self.mapping(entries, depth + 1)
                case {"complex": [int() | float() as real, int() | float() as imaginary], **rest} if not rest:
                    return _complex(real, imaginary)
                case {"array": str(data), "dtype": str(dtype), "shape": list(shape), **rest}:
                    return _array(data, dtype, shape, rest)
        raise BadAnswer("an answer in a form that no encoder writes")

    def mapping(self, entries: list[Any], depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for entry in entries:
            if not (isinstance(entry, list) and len(entry) == 2):
                raise BadAnswer("a dict entry that is not a pair")
            key = self.value(entry[0], depth)
            if not isinstance(key, str | int | float | bool | None):
                raise BadAnswer("a dict key that is neither a text nor a number")
            self.number_keys += not isinstance(key, str)
            if self.number_keys > MAX_NUMBER_KEYS:
                raise BadAnswer(f"an answer of more than {MAX_NUMBER_KEYS} dict keys that are numbers")
            result[key] = self.value(entry[1], depth)
        return result


def _complex(real: float, imaginary: float) -> complex:
    try:
        return complex(real, imaginary)
    except OverflowError:
        raise BadAnswer("a complex number beyond the range of floats") from None


def _array(data: str, dtype: str, shape: list[Any], rest: dict[str, Any]) -> Any:
    if dtype not in DTYPES:
        raise BadAnswer("an array of a dtype that is not allowed")
    if len(shape) > 32 or not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise BadAnswer("an array with an impossible shape")
    if rest not in ({}, {"scalar": True}) or (rest and shape):
        raise BadAnswer("an answer in a form that no encoder writes")
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise BadAnswer("an array whose data is not base64") from None
    if len(raw) != math.prod(shape) * np.dtype(dtype).itemsize:
        raise BadAnswer("an array whose data does not fill its shape")
    if dtype == "|b1" and raw.strip(b"\0\1"):
        raise BadAnswer("a truth value that is neither true nor false")
    try:
        array = np.frombuffer(raw, dtype).reshape(shape).copy()
    except ValueError:  # no elements, but a shape of more than any memory holds
        raise BadAnswer("an array with an impossible shape") from None
    return array[()] if rest else array


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise BadAnswer(f"a whole number of {len(digits)} digits; the limit is {MAX_DIGITS}")
    return int(digits)


class Promises:
    """What a probe can ask beside the answer: promises of the task's text, which the student's code has to keep.

    A promise that was broken counts where the answer is right: one that is wrong has a cause to be told first.

    These are notes of the process in which student code runs, which could write others. They help whoever errs; a mark
    that must not be had by deceit rests on the answer.

    Attributes
    ----------
    broken : str
        "", or which promise was broken first, as the end of a sentence to the student.

    Examples
    --------
    >>> promises = Promises()
    >>> promises.unchanged(lambda points: points.sort(), [2, 1])
    >>> promises.broken
    'your function has changed `points`, which the caller still needs: work on a copy, or on a new array.'
    """

    def __init__(self) -> None:
        self.broken = ""

    def unchanged(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a student's function, which shall leave what it is given as it was; return what it returns.

        Numbers, texts, arrays, and lists, tuples and dicts of them are looked at; of objects, only which they are.
        """
        before = [_likeness(argument) for argument in arguments]
        result = function(*arguments)
        for place, (argument, was) in enumerate(zip(arguments, before, strict=True)):
            if _likeness(argument) != was:
                names = getattr(getattr(function, "__code__", None), "co_varnames", ())
                which = f"`{names[place]}`" if place < len(names) else f"argument {place + 1}"
                self.broken = self.broken or (
                    f"{_name_of(function, 'your function')} has changed {which}, which the caller still "
                    "needs: work on a copy, or on a new array."
                )
        return result

    def integers(self, value: Any) -> Any:
        """Return what a student's function returned, which shall be whole numbers of a whole type, as indices are.

        >>> promises = Promises()
        >>> promises.integers([0.0, 2.0]), promises.broken
        ([0.0, 2.0], 'you returned float64, where whole numbers are asked that can be an index: begin with an array ...
        """
        kind = np.asarray(value).dtype
        if kind.kind in "fb":
            self.broken = self.broken or (
                f"you returned {kind}, where whole numbers are asked that can be an index: begin with an array of "
                "`dtype=int`, or write `.astype(int)`."
            )
        return value

    def promised(self, kept: bool, words: str) -> None:
        """Note a broken promise of another kind, in words that end a sentence to the student.

        >>> promises = Promises()
        >>> promises.promised(1.5 == 2, "the class keeps its parts as they were given.")
        >>> promises.broken
        'the class keeps its parts as they were given.'
        """
        if not kept:
            self.broken = self.broken or words

    def called(self, function: Callable[..., Any]) -> Called:
        """Return a function for the student's code, whose calls are counted: ``called(slope).at_least(1)``."""
        return Called(function, self)


class Called:
    """A function whose calls are counted; `Promises.called` makes one.

    Examples
    --------
    >>> promises = Promises()
    >>> slope = promises.called(abs)
    >>> slope.at_least(1)
    >>> promises.broken
    'your code never called `abs`: it is given to be used.'
    >>> slope(-1.5), slope.calls
    (1.5, 1)
    """

    def __init__(self, function: Callable[..., Any], promises: Promises):
        self.function = function
        self.promises = promises
        self.__name__ = getattr(function, "__name__", "function")
        self.calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it, and count."""
        self.calls += 1
        return self.function(*arguments, **named)

    def at_least(self, number: int) -> None:
        """Note a broken promise where the student's code has called it less often."""
        if self.calls < number:
            which = _name_of(self.function, "the function that it was given")
            often = f"called {which} {self.calls} times, not {number}" if self.calls else f"never called {which}"
            self.promises.broken = self.promises.broken or f"your code {often}: it is given to be used."


def _name_of(function: Callable[..., Any], nameless: str) -> str:
    """Return what a student calls a function; `nameless` for one that has no name, as ``lambda`` makes it.

    >>> _name_of(abs, "it"), _name_of(lambda x: x, "it")
    ('`abs`', 'it')
    """
    name = getattr(function, "__name__", "<")
    return nameless if name.startswith("<") else f"`{name}`"


def _likeness(value: Any) -> Any:
    """Return what is equal for two values that are alike in kind, shape and every bit."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes() if value.dtype.kind != "O" else [*map(id, value.flat)]
    if isinstance(value, list | tuple):
        return type(value).__name__, [_likeness(item) for item in value]
    if isinstance(value, dict):
        return [(key, _likeness(item)) for key, item in value.items()]
    return repr(value) if isinstance(value, int | float | complex | str | None) else id(value)


HELPERS = ("unchanged", "integers", "called", "promised")  # of `Promises`: what a probe sees beside `np`


def attempt(probe_source: str, names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Call the probe on the notebook's names; return what came of it as a form that `json.dumps` can write.

    The probe is compiled from its source in a namespace that holds `np` and `HELPERS` and nothing else, here as in the
    sandbox, so that a probe which leans on its file's other names fails when its author first tries it.
    """
    try:
        promises = Promises()
        scope: dict[str, Any] = {"np": np} | {name: getattr(promises, name) for name in HELPERS}
        exec(_compiled(probe_source), scope)
        probe = next(value for name, value in scope.items() if name not in ("np", *HELPERS, "__builtins__"))
        answer = encode(probe(Names(names), **inputs))
        return {"answer": answer} | ({"broken": promises.broken} if promises.broken else {})
    except MissingName as error:
        return {"missing": str(error)} | ({"near": error.near} if error.near else {})
    except NotPlain as error:
        return {"not_plain": str(error)}
    except Exception as error:
        return {"raised": describe(error)}


@functools.lru_cache
def _compiled(probe_source: str) -> types.CodeType:
    return compile(probe_source, "<probe>", "exec")


def describe(error: BaseException) -> list[str]:
    """Return an exception's type, its message, and the student's line at which it left the notebook's code."""
    try:
        # Python calls a function within a function "probe.<locals>.scheme"; the student knows it by its last name.
        message = WITHIN.sub("", str(error)[:MAX_TEXT])
    except Exception:
        message = ""
    if isinstance(error, SyntaxError):
        line = (error.text or linecache.getline(error.filename or "", error.lineno or 0)).strip()
        message = f"{error.msg}{later_python(str(error.msg), line)}"
        return [type(error).__name__, message, f"line {error.lineno}: {line}"]
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in ("<probe>", __file__)]
    own = [f for f in frames if "<cell" in f.filename or "ipykernel" in f.filename or "<ipython" in f.filename]
    if not own:
        return [type(error).__name__, message, ""]
    asked = [f for f in own if f.filename == own[0].filename][
        -1
    ]  # a tape that stands in a cell before is called from it
    where = f"line {asked.lineno}: {asked.line}"
    if own[-1].filename != asked.filename:
        where += f"; raised in another cell, line {own[-1].lineno}: {own[-1].line}"
    return [type(error).__name__, message, where[:MAX_TEXT]]


def later_python(message: str, line: str, version: tuple[int, int] = sys.version_info[:2]) -> str:
    """Say that a later Python than this one, by its major and minor number, may take a line; "" where none would.

    Examples
    --------
    >>> later_python("expected '('", "def first[T](items): ...", (3, 11))
    '; Python 3.12 and later take type parameters, and this one is 3.11'
    >>> later_python("expected '('", "def first[T](items): ...", (3, 12))
    ''
    """
    for since, what, says, looks in LATER:
        if version < since and re.search(says, message) and re.search(looks, line[:MAX_TEXT]):
            return f"; Python {since[0]}.{since[1]} and later take {what}, and this one is {version[0]}.{version[1]}"
    return ""


def plain_text(text: str, limit: int = MAX_TEXT) -> str:
    r"""Return at most `limit` characters of `text`, with a mark in place of each that could harm where it is shown.

    Examples
    --------
    >>> plain_text("red: \x1b[31m") == "red: \ufffd[31m"
    True
    """
    return UNPRINTABLE.sub("\ufffd", text[:limit])


def outcome(form: Any) -> Outcome:
    """Read what `attempt` wrote; raise `BadAnswer` for anything else.

    Its texts are fit to be shown anywhere but inside markup: see `plain_text`.
    """
    match form:
        case {"answer": answer, **rest} if not rest:
            return Outcome("answer", decode(answer))
        case {"answer": answer, "broken": str(promise), **rest} if not rest:
            return Outcome("answer", decode(answer), plain_text(promise))
        case {"missing": str(name), **rest} if not rest:
            return Outcome("missing", text=plain_text(name))
        case {"missing": str(name), "near": str(near), **rest} if not rest:
            return Outcome("missing", plain_text(near, MAX_NAME), plain_text(name))
        case {"not_plain": str(name), **rest} if not rest:
            return Outcome("not-plain", text=plain_text(name))
        case {"stopped": str(why), **rest} if rest in ({}, {"by": "wall"}):
            return Outcome("stopped", rest.get("by"), plain_text(why))
        case {"raised": [str(kind), str(message), str(where)], **rest} if not rest:
            text = f"{kind}: {message}" if message else kind
            text = f"{text} ({where})" if where else text
            return Outcome("raised", plain_text(kind), plain_text(text, 3 * MAX_TEXT), plain_text(where))
    raise BadAnswer("an outcome in a form that no worker writes")
