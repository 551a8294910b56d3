"""Plain data crosses unchanged; nothing else crosses; nothing that comes back can harm the reader."""

import json
import math
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.ground.answers import (
    MAX_DIGITS,
    BadAnswer,
    NotPlain,
    attempt,
    decode,
    dumps,
    encode,
    loads,
    outcome,
    plain_text,
)

numbers = st.one_of(st.integers(-(10**50), 10**50), st.floats(), st.booleans(), st.none(), st.complex_numbers())
arrays = hnp.arrays(
    st.sampled_from(["?", "i1", "i8", "u4", "f4", "f8", "c16", ">f8"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
plain = st.recursive(
    numbers | st.text() | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=8,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        native = a.astype(a.dtype.newbyteorder("="))
        return type(b) is np.ndarray and native.dtype == b.dtype and np.array_equal(native.tobytes(), b.tobytes())
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, float) and math.isnan(a):
        return isinstance(b, float) and math.isnan(b)
    if isinstance(a, complex):
        return isinstance(b, complex) and same(a.real, b.real) and same(a.imag, b.imag)
    return type(a) is type(b) and a == b


@given(plain)
def test_plain_data_crosses_unchanged(value):
    assert same(value, loads(dumps(value)))


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"bytes", len, np.array([object()]), np.array(["text"]), np.ma.array([1.0]), range(3), type],
)
def test_nothing_else_crosses(value):
    with pytest.raises(NotPlain):
        encode([value])


def test_a_dict_with_many_keys_crosses_where_they_are_texts():
    """All multiples of 2^61 - 1 have the hash 0: to read a dict of them takes the square of their number."""
    many = {f"k{n}": n for n in range(5000)}
    assert decode(encode(many)) == many
    with pytest.raises(NotPlain, match="keys that are numbers"):
        encode(dict.fromkeys(range(5000), 0.0))


def test_a_subclass_does_not_pass_for_its_base():
    class Liar(float):
        def __eq__(self, other):
            return True

    class LyingArray(np.ndarray):
        pass

    with pytest.raises(NotPlain, match="Liar"):
        encode(Liar(1))
    with pytest.raises(NotPlain, match="LyingArray"):
        encode(np.zeros(2).view(LyingArray))


@given(st.text() | st.binary() | st.recursive(numbers | st.text(), st.lists).map(lambda v: json.dumps(v, default=str)))
def test_any_text_is_read_or_refused(text):
    try:
        loads(text)
    except BadAnswer:
        pass


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["array", "dtype", "shape", "scalar", "complex", "tuple", "dict", "x"]), inner, max_size=4
        )
    ),
)


@given(json_values)
def test_any_json_is_read_or_refused(form):
    try:
        loads(json.dumps(form))
    except BadAnswer:
        pass
    with pytest.raises(BadAnswer):
        outcome(form)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9" * (MAX_DIGITS + 1), "digits"),
        ("[" * 100_000, "not JSON"),
        ("[" * 20 + "]" * 20, "levels"),
        ("[" + "0," * 200_000 + "0]", "items"),
        ('{"array": "", "dtype": "|O", "shape": [0]}', "dtype"),
        ('{"array": "", "dtype": "<f8", "shape": [1000000000, 1000000000]}', "impossible shape"),
        ('{"array": "", "dtype": "<f8", "shape": [-1]}', "impossible shape"),
        ('{"array": "", "dtype": "<f8", "shape": [true]}', "impossible shape"),
        ('{"array": "AAAA", "dtype": "<f8", "shape": [1]}', "fill its shape"),
        ('{"array": "????", "dtype": "<f8", "shape": [1]}', "base64"),
        ('{"array": "Ag==", "dtype": "|b1", "shape": [1]}', "truth value"),
        ('{"array": "AA==", "dtype": "|b1", "shape": [1], "scalar": true}', "form"),
        ('{"dict": [[[1], 2]]}', "key"),
        (json.dumps({"dict": [[n * (2**61 - 1), 0] for n in range(40_000)]}), "keys that are numbers"),
        (json.dumps([{"dict": [[n * (2.0**61 - 1), 0] for n in range(900)]}] * 3), "keys that are numbers"),
        ('{"points": 16}', "form"),
    ],
)
def test_hostile_answers_are_refused_in_words(text, words):
    with pytest.raises(BadAnswer, match=words):
        loads(text)


def test_attempt_reports_what_came_of_a_probe():
    def asked(source, names=None, **inputs):
        return outcome(json.loads(json.dumps(attempt(source, names or {}, inputs))))

    assert asked("def probe(student, x): return student.f(x)", {"f": lambda x: x + 1}, x=2).value == 3
    assert asked("def probe(student): return student.f(1)").text == "f"
    assert asked("def probe(student): return student").kind == "not-plain"
    raised = asked("def probe(student): return 1 / 0")
    assert (raised.kind, raised.value) == ("raised", "ZeroDivisionError")
    assert asked("def probe(student): return np.float32(2)").value.dtype == np.float32


@pytest.mark.parametrize(
    ("probe", "f", "words"),
    [
        ("return unchanged(student.f, x)", lambda points: points.sort(), "your function has changed `points`"),
        ("return unchanged(student.f, {'a': [x]})", lambda d: d["a"][0].sort(), "your function has changed `d`"),
        ("return unchanged(student.f, x)", np.ndarray.sort, "`sort` has changed argument 1"),
        ("return unchanged(student.f, x)", lambda points: np.sort(points), ""),
        ("return integers(student.f(x))", lambda x: [1.0, 2.0], "you returned float64"),
        ("return integers(student.f(x))", lambda x: x > 1, "you returned bool"),
        ("return integers(student.f(x))", lambda x: [1, 2], ""),
        ("g = called(abs)\n    student.f(g)\n    g.at_least(2)", lambda g: g(1), "called `abs` 1 times, not 2"),
        ("g = called(abs)\n    student.f(g)\n    g.at_least(1)", lambda g: None, "never called `abs`"),
        ("g = called(abs)\n    student.f(g)\n    g.at_least(1)", lambda g: g(1), ""),
    ],
)
def test_a_probe_asks_for_what_the_text_promises(probe, f, words):
    said = outcome(attempt(f"def probe(student, x):\n    {probe}", {"f": f}, {"x": np.array([3.0, 1.0])}))
    assert said.kind == "answer"
    assert words in said.text
    assert bool(words) == bool(said.text)


def test_a_function_within_the_probe_is_called_by_its_last_name():
    probe = "def probe(student):\n    def scheme(f, x, h): return 0\n    return student.f(scheme)"
    told = outcome(attempt(probe, {"f": lambda scheme: scheme(1, 2)}, {})).text
    assert told.startswith("TypeError: scheme() missing 1 required positional argument: 'h'")


def test_an_exception_that_cannot_be_shown_is_still_reported():
    class Rude(Exception):
        def __str__(self):
            raise RuntimeError

    def f():
        raise Rude

    assert outcome(attempt("def probe(student): return student.f()", {"f": f}, {})).value == "Rude"


@given(st.text())
def test_shown_text_holds_no_control_character_and_turns_no_line_around(text):
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in plain_text(text))
    assert all(unicodedata.bidirectional(c) not in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI") for c in plain_text(text))
