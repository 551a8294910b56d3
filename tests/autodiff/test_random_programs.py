"""Every way to differentiate gives the same number, or says in an error why not: on random programs over the table.

Per program: divided differences, forward, reverse, the same under `jit`, second order in three nestings, Taylor,
source transformation in both modes, and C for programs of numbers. Values are NumPy's. A run prints what was covered,
and fails if a rule or a composition never was. `make hunt` goes on for longer, with programs that nobody has seen.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import os
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

import numpy as np
import pytest
from random_programs import KINDS, TOO_BAD, Drawing, RandomProgram, function_of, random_program, special

from course_lib.autodiff import (
    AutodiffError,
    SourceError,
    differentiate_source,
    grad,
    jit,
    jvp,
    taylor,
    value_and_grad,
    vjp,
    vmap,
)
from course_lib.autodiff.rules.forms import HANDLERS, UFUNCS, full_name
from course_lib.autodiff.rules.special import lines

SECONDS = float(os.environ.get("HUNT_SECONDS", 0))  # how long to go on after the programs of every run
FIRST = time.time_ns() // 1000 if SECONDS else 0  # fresh seeds for a hunt
H = 3e-3

SIGNS = {" + ": np.add, " - ": np.subtract, " * ": np.multiply, " / ": np.divide, " @ ": np.matmul,
         " % ": np.remainder, "**": np.power, "= -": np.negative, "= +": np.positive}  # fmt: skip


def dot(gradient: Any, direction: Any) -> Any:
    """Return the slope along a direction that gradients give."""
    return sum(np.sum(g * t) for g, t in zip(gradient, direction, strict=True))


def along(p: RandomProgram, f: Callable[..., Any] | None = None) -> Callable[[Any], Any]:
    """Return the function of one number, how far to go in the direction."""
    return lambda t: (f or p.f)(*(x + t * v for x, v in zip(p.arguments, p.direction, strict=True)))


def divided_difference(f: Callable[[Any], Any]) -> float | None:
    """Return the slope at 0 by differences; None where two of them differ, as near a kink."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f1, f2, f3 = (f(m * H) - f(-m * H) for m in (1, 2, 3))
        g1, g2, g3 = (f(m * H / 2.3) - f(-m * H / 2.3) for m in (1, 2, 3))
        bend = [f(m * H) + f(-m * H) - 2 * f(0.0) for m in (1, 2, 3)]
    one = (45 * f1 - 9 * f2 + f3) / (60 * H)
    other = (45 * g1 - 9 * g2 + g3) / (60 * H / 2.3)
    scale = 1 + abs(one)
    if not np.isfinite(one) or abs(one - other) > 1e-7 * scale:
        return None
    # Where f is smooth, the second difference grows with the square of the step.
    if abs(15 * bend[0] - 6 * bend[1] + bend[2]) > 1e-7 * scale + 1e-5 * max(map(abs, bend)):
        return None
    return float(other)


def ways(p: RandomProgram) -> dict[str, Callable[[], tuple[Any, Any, Any]]]:
    """Return the ways to compute value, slope and curvature along the direction; None for what a way does not give."""
    f, x, v = p.f, p.arguments, p.direction
    every = tuple(range(len(x)))
    both = value_and_grad(f, every)
    slope = lambda *a: dot(grad(f, every)(*a), v)  # noqa: E731

    def first(pair: Any) -> tuple[Any, Any, Any]:
        value, gradient = pair
        assert [np.shape(g) for g in gradient] == [np.shape(a) for a in x]
        return value, dot(gradient, v), None

    def slope_of_rows() -> Any:
        gradient = grad(lambda *a: np.sum(vmap(f)(*(np.stack([one, one]) for one in a))), every)(*x)
        return dot(gradient, v)

    def by_taylor() -> tuple[Any, Any, Any]:
        coefficients = taylor(along(p), np.float64(0.0), 2)
        return coefficients[0], coefficients[1], 2 * coefficients[2]

    def of_rows(which: int) -> tuple[Any, Any, Any]:
        """Take the first row of a gradient of two rows; the arguments from one on are the same for both."""
        rows = [np.stack([a, a + 1e-3 * t]) if k <= which else a for k, (a, t) in enumerate(zip(x, v, strict=True))]
        value, gradient = vmap(both, in_axes=tuple(0 if k <= which else None for k in every))(*rows)
        return first((value[0], tuple(g[0] for g in gradient)))

    return {
        "vmap of reverse": lambda: of_rows(len(x) - 1),
        "vmap of reverse, some arguments": lambda: of_rows(0),
        "jit of vmap of forward": lambda: (
            *(row[0] for row in jit(vmap(lambda *a: jvp(f, a, v)))(*(np.stack([a, a]) for a in x))),
            None,
        ),
        "reverse of vmap": lambda: (None, 0.5 * slope_of_rows(), None),
        "forward": lambda: (*jvp(f, x, v), None),
        "reverse": lambda: first(both(*x)),
        "jit": lambda: (jit(f)(*x), None, None),
        "jit of reverse": lambda: first(jit(both)(*x)),
        "jit of forward": lambda: (*jit(lambda *a: jvp(f, a, v))(*x), None),
        "reverse of jit": lambda: first(value_and_grad(jit(f), every)(*x)),
        "forward over reverse": lambda: (None, *jvp(slope, x, v)),
        "reverse over reverse": lambda: (None, slope(*x), dot(grad(slope, every)(*x), v)),
        "reverse over forward": lambda: (None, None, dot(grad(lambda *a: jvp(f, a, v)[1], every)(*x), v)),
        "jit of second order": lambda: (None, None, dot(jit(grad(slope, every))(*x), v)),
        "Taylor": by_taylor,
        "source forward": lambda: (*differentiate_source(f, every)(*x, *v), None),
        "source reverse": lambda: first(differentiate_source(f, every, "reverse")(*x)),
    }


def in_c(p: RandomProgram) -> tuple[Any, Any, Any]:
    return (*differentiate_source(p.f, tuple(range(len(p.arguments))), language="c")(*p.arguments, *p.direction), None)


def agree(p: RandomProgram, all_ways: dict[str, Any], refused: collections.Counter[str]) -> str:
    """Compare all ways; return what is wrong, or nothing."""
    expected: list[Any] = [p.f(*p.arguments), None, None]
    with contextlib.suppress(ValueError, IndexError):  # near by, a mask may take another number of entries
        expected[1] = divided_difference(along(p))
    smooth = expected[1] is not None and not p.even
    try:
        if smooth:
            expected[2] = divided_difference(along(p, lambda *a: dot(grad(p.f, tuple(range(len(a))))(*a), p.direction)))
        else:  # at a kink all ways follow the same lines of the table
            expected[1] = jvp(p.f, p.arguments, p.direction)[1]
    except AutodiffError:
        refused["expected"] += 1
    except Exception as error:
        return f"grad raised {type(error).__name__}: {error}"
    for way, compute in all_ways.items():
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                got = compute()
        except SourceError as error:
            if error.line is None and "compiler" not in str(error):
                return f"{way} refused without a line: {error}"
            refused[way] += "special." not in p.text  # source transformation takes none of SciPy's functions
            continue
        except AutodiffError as error:
            refused[way] += 1
            if os.environ.get("SHOW_REFUSED") == way:
                print(error)
            continue
        except Exception as error:
            return f"{way} raised {type(error).__name__}: {error}"
        for what, one, other, tolerance in zip(
            ("value", "slope", "curvature"), got, expected, (1e-12, 1e-6, 1e-4), strict=True
        ):
            if one is None or other is None or (what == "curvature" and not smooth):
                continue
            if np.shape(one) != () or not abs(one - other) <= tolerance * (1 + abs(other)):
                return f"{what} by {way}: {one!r}, expected {other!r}"
    return ""


def functions_in(text: str) -> set[Any]:
    """Return the functions of NumPy that a program calls, by name, as methods or as operators."""
    called = set()
    for module, dotted in set(re.findall(r"\b(np|special)((?:\.\w+)+)\(", text)):
        value: Any = np if module == "np" else special
        for part in dotted.strip(".").split("."):
            value = getattr(value, part)
        called.add(value)
    for sign, ufunc in SIGNS.items():
        if sign in text:
            called.add(ufunc)
    return called


class Coverage:
    """What the programs of all tests of this file called."""

    functions: ClassVar[set[Any]] = set()


def look(programs: Iterable[tuple[Any, RandomProgram]], c: bool = False) -> None:
    """Compare all ways on these programs, each with what it was drawn from."""
    refused: collections.Counter[str] = collections.Counter()
    wrong, count = [], 0
    for seed, p in programs:
        count += 1
        all_ways = ways(p)
        if c:
            all_ways["C"] = lambda p=p: in_c(p)
        found = agree(p, all_ways, refused)
        if found:
            wrong.append(f"seed {seed}: {found}\n{p.text}arguments {p.arguments}")
        else:
            Coverage.functions |= functions_in(p.text)
    print(f"{count} programs, {len(wrong)} wrong; refused: {dict(refused)}")
    assert not wrong, f"{len(wrong)} of {count}:\n\n" + "\n\n".join(wrong[:12])
    # Refusals are rare, and none of them is by the way that all others are compared with.
    assert refused["reverse"] <= 0.02 * count
    # Source transformation takes fewer functions, and says where one is that it does not take.
    of_source = max(refused[way] for way in ("source forward", "source reverse"))
    others = [n for way, n in refused.items() if not way.startswith("source")]
    assert max(others, default=0) <= (0.5 if c else 0.1) * count
    assert of_source <= (0.5 if c else 0.25) * count


def drawn(seeds: range, numbers_only: bool = False) -> Iterator[tuple[int, RandomProgram]]:
    """Draw a program from each of these seeds, and from more for as long as a hunt goes on."""
    until = time.monotonic() + SECONDS / 5
    for seed in itertools.count(FIRST + seeds.start):
        if seed >= FIRST + seeds.stop and time.monotonic() > until:
            return
        yield seed, random_program(seed, numbers_only)


def in_a_loop(p: RandomProgram) -> RandomProgram | None:
    """Return a program whose lines are done twice, so that names change their shapes; None if they cannot."""
    head, *lines, last = p.text.rstrip("\n").split("\n")
    text = "\n".join([head, "    for i in range(2):", *["    " + line for line in lines], last]) + "\n"
    made = RandomProgram(text, function_of(text), p.arguments, p.direction)
    try:
        value = made.f(*p.arguments)
        divided_difference(along(made))  # near by, a mask may take another number of entries
    except Exception:
        return None
    return made if abs(value) < 1e6 else None


def test_the_texts_of_programs_with_loops():
    refused: collections.Counter[str] = collections.Counter()
    seeds = range(FIRST + 200_000, FIRST + 200_060)
    for seed, p in ((seed, in_a_loop(random_program(seed, lines=8))) for seed in seeds):
        if p is None:
            continue
        wanted = {way: compute for way, compute in ways(p).items() if "source" in way or way == "reverse"}
        found = agree(p, wanted, refused)
        if not found.startswith("grad raised"):  # an index of a number, which the tape has no words for
            assert not found, f"seed {seed}: {found}\n{p.text}{p.arguments}"


def beginning_with(operation: str, begin: int) -> tuple[Any, RandomProgram]:
    """Draw a program that begins with an operation, of arguments that it takes."""
    for seed in range(FIRST + begin, FIRST + begin + 200):
        try:
            return (operation, seed), random_program(seed, lines=2, first=operation)
        except LookupError:
            continue
    raise LookupError(operation)


@pytest.mark.parametrize("part", range(4))
def test_all_ways_agree_on_programs_of_arrays(part):
    look(drawn(range(part * 10_000, part * 10_000 + 80)))


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
def test_all_ways_agree_on_programs_of_numbers():
    look(drawn(range(100_000, 100_030), numbers_only=True), c=True)


def test_all_ways_agree_on_each_operation():
    here = [one for kind in KINDS for one in kind if all(hasattr(np, n) for n in re.findall(r"np\.(\w+)", one))]
    look(beginning_with(operation, 1000 * k) for k, operation in enumerate(dict.fromkeys(here)))


def in_single_precision(operation: str) -> Iterator[tuple[str, Any]]:
    """Draw expressions that begin with an operation, with values in single precision."""
    random = np.random.default_rng(5)
    shapes = {"x": (), "y": (3,), "z": (3, 3), "q": (1, 3)}
    values = {name: random.uniform(0.2, 1.2, shape).astype(np.float32)[()] for name, shape in shapes.items()}
    for seed in range(2):
        drawing = Drawing(seed)
        drawing.values = dict(values)
        try:
            f = function_of(f"def f(x, y, z, q):\n    return {drawing.write(operation)}\n")
            value = f(*values.values())
        except TOO_BAD:
            continue
        if isinstance(value, np.ndarray | np.floating):
            yield f"{operation}, seed {seed}", (f, tuple(values.values()), value)


def test_single_precision_stays_what_it_is():
    """The value has NumPy's type, its tangent too, and a cotangent that of what it belongs to; also under jit."""
    wrong = []
    for operation in dict.fromkeys(one for kind in KINDS for one in kind):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, (f, x, value) in in_single_precision(operation):
                try:
                    y, tangent = jvp(f, x, x)
                    _, pullback = vjp(f, *x)
                    types = [y.dtype, tangent.dtype, jit(f)(*x).dtype], [g.dtype for g in pullback(np.ones_like(value))]
                except AutodiffError:
                    continue
                if types != ([value.dtype] * 3, [np.dtype(np.float32)] * len(x)):
                    wrong.append(f"{name}: {types}, expected {value.dtype}")
    assert not wrong, "\n".join(wrong)


def test_a_change_of_precision_is_made_and_its_derivative_too():
    f = lambda x: np.sum(np.sin(x.astype(np.float32)) * x)  # noqa: E731
    x = np.array([0.3, 0.7])
    expected = x * np.cos(x) + np.sin(x)
    assert value_and_grad(f)(x)[0] == jit(f)(x) == f(x) != np.sum(np.sin(x) * x)
    for found in (grad(f)(x), jit(grad(f))(x), vmap(grad(f))(np.stack([x, x]))[1]):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_allclose(jvp(f, (x,), (np.ones(2),))[1], np.sum(expected), rtol=1e-6)


def test_every_rule_and_composition_was_in_a_program():
    """It stands behind the others: pytest runs a file in its order, on one process (``--dist loadfile``)."""
    if not Coverage.functions:
        pytest.skip("no program ran before")
    wanted = {*UFUNCS, *HANDLERS} - {getattr(np, "row_stack", None)}  # an old name, which warns
    wanted |= {getattr(special, name) for name in lines(special) if hasattr(special, name)} if special else set()
    covered = wanted & Coverage.functions
    print(f"covered {len(covered)} of {len(wanted)}: {', '.join(sorted(map(full_name, covered)))}")
    missing = sorted(map(full_name, wanted - covered))
    assert not missing, f"never in a program: {missing}. Add a line with it to tests/autodiff/random_programs.py."
