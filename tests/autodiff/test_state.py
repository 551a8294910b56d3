"""Nothing outlives its program: no lock, no cache that programs or threads could disturb, no count of references."""

import array as array_module
import ctypes
import mmap
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from course_lib.autodiff import Dual, checkpoint, grad, jacrev, jit, vjp
from course_lib.autodiff.errors import ChangedInPlaceError
from course_lib.autodiff.overloading import guard, tape
from course_lib.autodiff.rules import forms


class Tensor:
    """Memory of another library: its owner is no array of NumPy's, and hands it out by the two common protocols."""

    def __init__(self, values):
        self.raw = (ctypes.c_double * len(values))(*values)
        self.__array_interface__ = {
            "version": 3, "shape": (len(values),), "typestr": "<f8", "data": (ctypes.addressof(self.raw), False)
        }  # fmt: skip

    def __dlpack_device__(self):
        return 1, 0  # of the processor

    def __dlpack__(self, **how):
        return np.ctypeslib.as_array(self.raw).__dlpack__(**how)


def mapped(array):
    """Return an array in a page of memory that the system lent."""
    page = mmap.mmap(-1, array.nbytes)
    page.write(array.tobytes())
    return np.frombuffer(page)


def lent(values):
    """Return arrays whose memory belongs to others: what NumPy makes read-only here, it cannot make writable again."""
    array = np.array(values, float)
    raw = (ctypes.c_double * len(values))(*values)
    return {
        "a tensor, by its interface": np.asarray(Tensor(values)),
        "a tensor, by DLPack": np.from_dlpack(Tensor(values)),
        "a part of a tensor": np.asarray(Tensor([*values, 9.0]))[:-1],
        "a mapped page": mapped(array),
        "array.array": np.frombuffer(array_module.array("d", values)),
        "as_strided": np.lib.stride_tricks.as_strided(array.copy(), array.shape, array.strides),
        "as_strided, a part": np.lib.stride_tricks.as_strided(np.tile(array, 2), array.shape, array.strides),
        "a view of it": np.lib.stride_tricks.as_strided(np.tile(array, 2), (2 * len(values),), (8,))[: len(values)],
        "from_dlpack": np.from_dlpack(array.copy()),
        "a bytearray": np.frombuffer(bytearray(array.tobytes())),
        "ctypes": np.ctypeslib.as_array(raw),
        "bytes": np.frombuffer(array.tobytes()),
        "a view of a frozen owner": frozen_owner(array),
    }


def frozen_owner(array):
    owner = array.copy()
    view = owner[:]
    owner.flags.writeable = False
    return view


@pytest.mark.parametrize("kind", lent([1.0, 2.0, 3.0]))
def test_memory_of_other_owners_is_a_constant_like_any_other(kind):
    c, x = lent([1.0, 2.0, 3.0])[kind], np.ones(3)
    writable = c.flags.writeable
    for _ in range(2):
        np.testing.assert_array_equal(grad(lambda x: np.sum(x * x * c))(x), [2.0, 4.0, 6.0])
        np.testing.assert_array_equal(jit(grad(lambda x: np.sum(x * x * c)))(x), [2.0, 4.0, 6.0])
    assert c.flags.writeable == writable
    if writable:

        def changes(x):
            y = np.sum(x * x * c)
            c[:] = 7.0
            return y

        np.testing.assert_array_equal(grad(changes)(x), [2.0, 4.0, 6.0])  # of the program as it ran
        assert c[0] == 7.0
    assert not guard._LOCKED
    assert not guard._WAITING


def test_eight_threads_share_a_constant_and_a_view():
    rng = np.random.default_rng(0)
    c = rng.normal(size=300)
    view, places = c[10:200], rng.integers(0, 190, 50)
    step = checkpoint(lambda x, v: np.sin(x * v))
    f = grad(lambda x: np.sum(step(x, view) * view) + np.sum(x[places] ** 2) * grad(lambda z: np.sum(z * view))(x)[1])
    g = jit(f)
    _, pullback = vjp(lambda x: step(x, view) * view, np.ones(190))
    x = np.ones(190)
    expected, errors = (f(x), pullback(x)[0], pullback(2 * x)[0]), []

    def work(k):
        try:
            for _ in range(25):
                np.testing.assert_array_equal(f(x), expected[0])
                np.testing.assert_allclose(g(x), expected[0], rtol=1e-12)
                np.testing.assert_array_equal(pullback((1 + k % 2) * x)[0], expected[1 + k % 2])
                u, v = Dual(1.0, 1.0), Dual(2.0, 1.0)
                assert (u * v).tangent == 3.0
        except BaseException as error:
            errors.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not errors, errors[0]
    assert c.flags.writeable
    assert view.flags.writeable
    assert not guard._LOCKED
    assert not guard._WAITING


def test_a_large_constant_that_changed_by_one_bit_or_by_order_is_seen():
    for change in (
        lambda c: c.__setitem__((1234, 3), np.nextafter(c[1234, 3], 9.0)),
        lambda c: c.sort(axis=0),
        lambda c: c.__setitem__(slice(None), c[::-1].copy()),
        lambda c: c.__setitem__((-1, -1), -c[-1, -1]),
    ):
        for order in ("C", "F"):
            c = np.array(np.random.default_rng(0).normal(size=(3001, 7)), order=order)
            _, pullback = vjp(lambda x, c=c: np.sum(np.sin(c @ x)), np.ones(7))
            before = pullback(1.0)[0]
            np.testing.assert_array_equal(pullback(1.0)[0], before)
            change(c)
            with pytest.raises(ChangedInPlaceError):
                pullback(1.0)


def test_no_result_rests_on_counts_of_references(monkeypatch):
    """On Python 3.14 an argument holds one reference fewer; here whoever asks is told that nobody holds anything."""
    a, b = np.array([1.0, 2.0]), np.array([0.3, 0.5])
    for f, expected in (
        (lambda a, b: np.sum(np.exp(a * b) + np.exp(a)), a * np.exp(a * b)),
        (lambda a, b: np.sum(a * b + b) + np.sum(b[:1]) + np.sum(b[1:]) + np.sum(b * b), a + 2 + 2 * b),
        (lambda a, b: np.sum((b + a) * (b - a) + (b + a)) + np.sum(np.reshape(b, (2, 1))), 2 * b + 2),
    ):
        monkeypatch.setattr(sys, "getrefcount", lambda _: 1)
        np.testing.assert_allclose(grad(f, 1)(a, b), expected, rtol=1e-15)
        np.testing.assert_allclose(jacrev(f, 1)(a, b), expected, rtol=1e-15)
        monkeypatch.undo()
    for module in (tape, forms):
        assert not hasattr(module, "ALONE")
        assert "getrefcount" not in Path(module.__file__).read_text(encoding="utf-8")
