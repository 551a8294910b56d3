"""Loops, rows, derivatives and rules of one's own in one another: every way to differentiate gives the same number."""

import collections
import itertools
import os
import time
import warnings

import numpy as np
import pytest
from nested_programs import KinkError, nested_program
from test_random_programs import agree, ways

SECONDS = float(os.environ.get("HUNT_SECONDS", 0))
FIRST = time.time_ns() // 1000 if SECONDS else 0
TRANSFORMS = ("scan", "while_loop", "vmap", "grad", "jvp", "jit", "jacfwd", "jacrev", "checkpoint", "vjp", "sine",
              "aux_grad", "dict_vmap")  # fmt: skip
seen: collections.Counter[str] = collections.Counter()


@pytest.mark.parametrize("part", range(2))
def test_all_ways_agree_on_nested_programs(part):
    """Values are those of Python loops, stacks of rows and divided differences in the place of the transforms."""
    refused: collections.Counter[str] = collections.Counter()
    until = time.monotonic() + SECONDS / 10
    for seed in itertools.count(FIRST + 1000 * part):
        if seed >= FIRST + 1000 * part + 20 and time.monotonic() > until:
            break
        p, plain = nested_program(seed)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                assert p.f(*p.arguments) == pytest.approx(plain(*p.arguments), rel=1e-5, abs=1e-5), p.text
            except KinkError:
                continue
        wanted = {way: compute for way, compute in ways(p).items() if "source" not in way}
        here: collections.Counter[str] = collections.Counter()
        found = agree(p, wanted, here)
        refused.update(here)
        assert not found, f"seed {seed}: {found}\n{p.text}{p.arguments}"
        of_objects = "np.c_[" in p.text and "np.linalg" in p.text  # which NumPy's linear algebra does not hand over
        assert of_objects or set(here) <= {"Taylor", "expected"}, f"seed {seed}: {here}\n{p.text}{p.arguments}"
        seen.update(name for name in TRANSFORMS if f"{name}(" in p.text)
    print(f"{dict(seen)}; refused: {dict(refused)}")


def test_every_transform_was_in_a_program():
    if not seen or SECONDS:
        pytest.skip("no program ran before")
    assert set(seen) == set(TRANSFORMS)
