"""Mutated notebooks and mutated answers: each is read or refused in words, and what is read is within its bounds.

Inputs start from good ones, since random bytes seldom get past the first brace. `hypothesis` is led to rare paths by
what it has seen: how much of a mutated input was still read.
"""

from __future__ import annotations

import copy
import functools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from autograder.grade import without_run
from autograder.ground import answers
from autograder.ground.answers import BadAnswer, decode, encode, loads, outcome, parse
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.release import student_notebook
from autograder.read.submission import Unreadable, read_submission
from autograder.record.marked_copy import marked_copy

MANY = settings(max_examples=300, deadline=None)
ODD = [None, True, -1, 0.5, "", "ps0", "\ud800", [], {}, [[]], {"nbgrader": []}, 10**40, float("nan"), "code", "x\0"]
TOKENS = [*(bytes([sign]) for sign in b'{}[]",:\xff\0\n'), b"\\u0000", b"\\ud800", b"null", b"1e999", b"9" * 50]


def mutated_bytes(data: bytes, dice: random.Random) -> bytes:
    """Cut, double, insert and overwrite in a few places."""
    result = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(result) + 1)
        length = dice.choice([1, 1, 2, 8, 64, 1024])
        match dice.randrange(5):
            case 0:
                del result[at : at + length]
            case 1:
                result[at:at] = result[at : at + length]
            case 2:
                result[at:at] = dice.choice(TOKENS)
            case 3:
                result[at : at + length] = dice.choice(TOKENS)
            case _:
                result[at : at + 1] = bytes([dice.randrange(256)])
    return bytes(result)


def places(form: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in a JSON value with each of its keys."""
    keys = list(form) if isinstance(form, dict) else range(len(form)) if isinstance(form, list) else ()
    for key in keys:
        yield form, key
        yield from places(form[key])


def mutated_json(form: Any, dice: random.Random) -> Any:
    """Replace, delete and exchange a few of its values."""
    result = copy.deepcopy(form)
    for _ in range(dice.randint(1, 4)):
        found = list(places(result))
        if not found:
            return result
        container, key = dice.choice(found)
        match dice.randrange(4):
            case 0:
                container[key] = copy.deepcopy(dice.choice(ODD))
            case 1:
                del container[key]
            case 2:
                other, place = dice.choice(found)
                container[key] = copy.deepcopy(other[place]) if place in other or isinstance(other, list) else None
            case _:
                container[key] = [container[key]]
    return result


@pytest.fixture(scope="module")
def notebook(tiny) -> dict[str, Any]:
    cells = [{"cell_type": c.cell_type, "metadata": dict(c.metadata), "source": c.source} for c in tiny.notebook.cells]
    return json.loads(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@functools.cache
def released_once(problem_set: ProblemSet) -> Any:
    return student_notebook(problem_set)


def read_all(tiny, folder: Path, data: bytes) -> int:
    """Read a submission and build the copy that a person marks; return how many cells were read."""
    path = folder / "ps0.ipynb"
    path.write_bytes(data)
    refused = ""
    try:
        submission = read_submission(path, tiny)
    except Unreadable as error:
        refused = str(error)
    if refused:
        assert refused.startswith("ps0.ipynb ")
        assert refused.endswith(".")
        return 0
    given_cells = [c for c in submission.code if c.name == "setup"]
    assert [c.source for c in given_cells] == [tiny.cell("setup").source]  # whatever the file says
    assert not {"circle-area", "ring-area"} & {c.name for c in submission.code}
    result = without_run("ada", "marked", "", tiny)
    shown = json.loads(marked_copy(result, path, released_once(tiny)).text)
    assert "<script" not in json.dumps([c["source"] for c in shown["cells"] if c["cell_type"] == "markdown"])
    return len(submission.cells)


@MANY
@given(seed=st.integers(0, 2**40))
def test_a_notebook_of_mutated_bytes_is_read_or_refused(tiny, folder, notebook, seed):
    dice = random.Random(seed)
    data = json.dumps(notebook, indent=dice.choice([None, 1])).encode()
    target(read_all(tiny, folder, mutated_bytes(data, dice)))


@MANY
@given(seed=st.integers(0, 2**40))
def test_a_notebook_of_mutated_values_is_read_or_refused(tiny, folder, notebook, seed):
    form = mutated_json(notebook, random.Random(seed))
    target(read_all(tiny, folder, json.dumps(form).encode()))


GOOD_ANSWERS = [
    {"answer": encode({"x": np.arange(6.0).reshape(2, 3), "k": (1, 2.5, None, True), "z": 1 + 2j, "s": np.float32(3)})},
    {"answer": encode([np.array([True, False]), np.zeros((0, 3)), [[], {}, ()], "text", np.array(1 + 1j)])},
    {"raised": ["ValueError", "a message", "line 3: x = 1"]},
    {"missing": "area"},
    {"stopped": "it had not finished"},
]


def hold(value: Any) -> int:
    """Return how many values there are, each of a kind that `encode` knows and within its bounds."""
    if isinstance(value, dict):
        return 1 + sum(hold(key) + hold(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 1 + sum(map(hold, value))
    if isinstance(value, np.ndarray | np.generic):
        assert np.asarray(value).dtype.newbyteorder("<").str in answers.DTYPES
        assert np.asarray(value).nbytes <= answers.MAX_BYTES
        return 1
    assert value is None or isinstance(value, bool | int | float | complex | str)
    if isinstance(value, str):
        value.encode("utf-8")
    return 1


def take(data: bytes) -> int:
    try:
        found = outcome(parse(data))
    except BadAnswer:
        return 0
    assert len(found.text) <= 3 * answers.MAX_TEXT
    assert not answers.UNPRINTABLE.search(found.text)
    count = hold(found.value)
    assert count <= 2 * answers.MAX_ITEMS
    if found.kind == "answer":  # what was taken can be written again, and is then the same
        again = json.dumps(encode(found.value))
        assert json.dumps(encode(loads(again))) == again
    return count


@MANY
@given(seed=st.integers(0, 2**40))
def test_an_answer_of_mutated_bytes_is_taken_or_refused(seed):
    dice = random.Random(seed)
    target(take(mutated_bytes(json.dumps(dice.choice(GOOD_ANSWERS)).encode(), dice)))


@MANY
@given(seed=st.integers(0, 2**40))
def test_an_answer_of_mutated_values_is_taken_or_refused(seed):
    dice = random.Random(seed)
    target(take(json.dumps(mutated_json(dice.choice(GOOD_ANSWERS), dice)).encode()))


def test_the_mutations_reach_both_ends():
    """A fuzzer whose every input is refused, or none, finds nothing."""
    dice = random.Random(1)
    forms = [mutated_json(GOOD_ANSWERS[0], dice) for _ in range(200)]
    taken = sum(take(json.dumps(form).encode()) > 0 for form in forms)
    assert 10 < taken < 190
    assert decode(GOOD_ANSWERS[0]["answer"])["k"] == (1, 2.5, None, True)
