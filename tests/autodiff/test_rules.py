"""Every operation of the table, in both modes, under broadcasting and twice nested, against central differences."""

import numpy as np
import pytest
from autodiff_programs import PROGRAMS, central_jacobian

from course_lib.autodiff import jacfwd, jacrev, jvp, vjp
from course_lib.autodiff.rules.forms import BY_VALUE, HANDLERS, UFUNCS

EACH = pytest.mark.parametrize("name", PROGRAMS)


def close(one, other, tolerance):
    scale = max(1.0, np.max(np.abs(other), initial=0.0))
    np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * scale)


@EACH
def test_first_derivatives_agree_with_central_differences(name):
    f, arguments = PROGRAMS[name]
    for k in range(len(arguments)):
        expected = central_jacobian(f, arguments, k)
        close(jacfwd(f, k)(*arguments), expected, 1e-8)
        close(jacrev(f, k)(*arguments), expected, 1e-8)


@EACH
def test_the_value_is_numpys(name):
    f, arguments = PROGRAMS[name]
    expected = f(*arguments)
    y, _ = vjp(f, *arguments)
    z, _ = jvp(f, arguments, tuple(np.ones(np.shape(x)) for x in arguments))
    for value in (y, z):
        assert np.shape(value) == np.shape(expected)
        np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-13)


@EACH
def test_one_tangent_is_many_tangents_added(name):
    f, arguments = PROGRAMS[name]
    rng = np.random.default_rng(3)
    directions = tuple(rng.normal(size=np.shape(x)) for x in arguments)
    _, along = jvp(f, arguments, directions)
    total = np.zeros(np.shape(along))
    for k, direction in enumerate(directions):
        total = total + np.tensordot(jacfwd(f, k)(*arguments), direction, axes=np.ndim(direction))
    close(along, total, 1e-11)


@EACH
def test_second_derivatives_in_every_nesting_agree(name):
    f, arguments = PROGRAMS[name]
    k = len(arguments) - 1
    inner = jacfwd(f, k)
    expected = central_jacobian(inner, arguments, k)
    for outer, first in ((jacfwd, jacfwd), (jacfwd, jacrev), (jacrev, jacfwd), (jacrev, jacrev)):
        close(outer(first(f, k), k)(*arguments), expected, 1e-6)


@EACH
def test_with_respect_to_all_arguments_at_once(name):
    f, arguments = PROGRAMS[name]
    every = tuple(range(len(arguments)))
    for one, k in zip(jacrev(f, every)(*arguments), every, strict=True):
        close(one, jacfwd(f, k)(*arguments), 1e-11)


def test_every_rule_and_every_composition_has_a_program():
    """An entry without a program above would not be tested."""
    seen = set()

    def watch(table):
        class Watched(dict):
            def __getitem__(self, key):
                seen.add(key)
                return super().__getitem__(key)

            def get(self, key, default=None):
                seen.add(key)
                return super().get(key, default)

        return Watched(table)

    import course_lib.autodiff.overloading.numpy_protocol as protocol
    import course_lib.autodiff.overloading.tape as tape

    kept = protocol.HANDLERS, protocol.UFUNCS
    protocol.HANDLERS, protocol.UFUNCS, tape.UFUNCS = watch(HANDLERS), watch(UFUNCS), watch(UFUNCS)
    try:
        for f, arguments in PROGRAMS.values():
            vjp(f, *arguments)
    finally:
        (protocol.HANDLERS, protocol.UFUNCS), tape.UFUNCS = kept, UFUNCS
    seen |= {np.add, np.subtract, np.multiply, np.divide, np.power}  # operators go to their rules directly
    same = {np.amax: np.max, np.amin: np.min}  # other names of the same function
    missing = {f for f in (HANDLERS.keys() | UFUNCS.keys()) - seen if f not in same and f not in BY_VALUE}
    missing -= {getattr(np, "row_stack", None)}  # an old name, which warns
    assert not {f.__name__ for f in missing}
