"""Under `jit` an einsum that is a product of matrices is written as one, and many places are taken by one index."""

import numpy as np
import pytest

from course_lib.autodiff import grad, jit, value_and_grad

SIZES = {"a": 4, "b": 5, "i": 2, "j": 3}
# Whether the text has a product of matrices, and no einsum.
SUBSCRIPTS = {
    "abij,ij->ab": True, "ijab,ij->ab": True, "ij,abij->ab": True, "ij,ijab->ab": True, "abij,ab->ij": True,
    "ai,ib->ab": True, "ai,ib->ba": True, "ia,ib->ab": True, "ia,bi->ba": True, "aij,ijb->ab": True, "ai,ij->aj": True,
    "aij,ij->a": True, "aij,ai->j": True, "ij,jiab->ab": False, "aib,i->ab": False, "abi,ij->ajb": False,
    "ab,ab->a": False, "ab,ij->abij": False, "abi,bi->ab": False,
}  # fmt: skip


def drawn(labels):
    rng = np.random.default_rng(7)
    return [rng.normal(size=tuple(SIZES[s] for s in label)) for label in labels.partition("->")[0].split(",")]


@pytest.mark.parametrize("subscripts", SUBSCRIPTS)
def test_an_einsum_is_a_product_of_matrices_where_it_is_one(subscripts):
    x, y = drawn(subscripts)
    for f, arguments in (
        (lambda x, y: np.einsum(subscripts, x, y), (x, y)),
        (lambda x: np.einsum(subscripts, x, y), (x,)),
        (lambda y: np.einsum(subscripts, x.T.copy().T, y), (y,)),  # a constant that lies otherwise in memory
    ):
        recorded = jit(f)
        np.testing.assert_allclose(recorded(*arguments), np.einsum(subscripts, x, y), rtol=1e-12, atol=1e-13)
        text = recorded.source(*arguments)
        assert ("np.matmul" in text, "np.einsum" in text) == (SUBSCRIPTS[subscripts], not SUBSCRIPTS[subscripts])
    g = np.cos(np.einsum(subscripts, x, y))  # the derivative of the sum of sines
    inputs, _, output = subscripts.partition("->")
    one, other = inputs.split(",")
    expected = np.einsum(f"{output},{other}->{one}", g, y), np.einsum(f"{output},{one}->{other}", g, x)
    found = jit(grad(lambda x, y: np.sum(np.sin(np.einsum(subscripts, x, y))), (0, 1)))(x, y)
    for got, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-12)


def test_what_comes_out_of_such_a_product_is_memory_of_its_own():
    x, y = drawn("abij,ij->ab")
    f = jit(lambda x, y: np.einsum("abij,ij->ab", x, y))
    before = f(x, y)
    kept = before.copy()
    f(2 * x, y)
    np.testing.assert_array_equal(before, kept)


def test_a_convolution_by_an_index_of_several_arrays():
    rng = np.random.default_rng(3)
    picture, kernel = rng.normal(size=(8, 9)), rng.normal(size=(3, 2))
    rows = np.arange(6)[:, None, None, None] + np.arange(3)[:, None]
    columns = np.arange(8)[:, None, None] + np.arange(2)
    both = jit(value_and_grad(lambda p, k: np.sum(np.einsum("abij,ij->ab", p[rows, columns], k) ** 3), (0, 1)))
    value, (of_picture, of_kernel) = both(picture, kernel)
    y = sum(kernel[i, j] * picture[i : i + 6, j : j + 8] for i in range(3) for j in range(2))
    expected = np.zeros((8, 9))
    for i in range(3):
        for j in range(2):
            expected[i : i + 6, j : j + 8] += 3 * y * y * kernel[i, j]
            np.testing.assert_allclose(of_kernel[i, j], np.sum(3 * y * y * picture[i : i + 6, j : j + 8]), rtol=1e-12)
    np.testing.assert_allclose(value, np.sum(y**3), rtol=1e-12)
    np.testing.assert_allclose(of_picture, expected, rtol=1e-12)
    text = both.source(picture, kernel)
    assert "w1.reshape(72,)" in text
    assert "np.einsum('abij,ij->ab'" not in text


@pytest.mark.parametrize("index", [
    ([0, 2, 2], [1, 1, 0]), (slice(None), [0, 1], [1, 1]), ([0, 2], slice(None), [1, 1]),
    ([[0], [2]], [1, 0], slice(1)), ([0, -1], 1, [0, 1]), (None, [0, 2], [1, 0]), ([True, False, True], [1, 0]),
])  # fmt: skip
def test_entries_taken_by_several_arrays_and_the_way_back(index):
    index = tuple(np.array(i) if isinstance(i, list) else i for i in index)
    x = np.arange(12.0).reshape(3, 2, 2) + 0.5
    weights = np.cos(np.arange(x[index].size)).reshape(x[index].shape)
    value, gradient = jit(value_and_grad(lambda x: np.sum(weights * x[index] ** 2)))(x)
    expected = np.zeros(x.shape)
    np.add.at(expected, index, 2 * weights * x[index])
    np.testing.assert_allclose(value, np.sum(weights * x[index] ** 2), rtol=1e-13)
    np.testing.assert_allclose(gradient, expected, rtol=1e-13)
