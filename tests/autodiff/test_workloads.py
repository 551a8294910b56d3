"""The workloads that are measured: gradients written by hand, by reverse mode and by central differences agree."""

import numpy as np
import pytest
from autodiff_programs import central_jacobian
from benchmarks import workloads

from course_lib.autodiff import grad, jacfwd, jacrev, value_and_grad

SMALL = {
    "gmm": workloads.gmm(30, 3, 4, m=1),
    "mlp": workloads.mlp(5, (7, 4, 3)),
    "rosenbrock": workloads.rosenbrock(20),
    "scalar_loop": workloads.scalar_loop(20),
    "convolution": workloads.convolution(7, 3),
}


@pytest.mark.parametrize("name", SMALL)
def test_gradients(name):
    f, arguments, by_hand = SMALL[name]
    arguments = tuple(map(np.float64, arguments)) if name == "scalar_loop" else arguments
    value, gradient = by_hand(*arguments)
    ours, found = value_and_grad(f, tuple(range(len(arguments))))(*arguments)
    assert ours == pytest.approx(value, rel=1e-12)
    for k, (one, other) in enumerate(zip(found, gradient, strict=True)):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-11)
        np.testing.assert_allclose(one, central_jacobian(f, arguments, k), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(grad(f, k)(*arguments), one, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("make", [workloads.dense_jacobian, workloads.broyden_jacobian])
def test_jacobians(make):
    f, (x,), by_hand = make(9)
    value, J = by_hand(x)
    np.testing.assert_allclose(f(x), value, rtol=1e-12)
    for mode in (jacfwd, jacrev):
        np.testing.assert_allclose(mode(f)(x), J, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("shape", [(50, 2, 5), (20, 10, 3), (40, 4, 1), (1, 1, 1)])
def test_mixtures_of_other_shapes(shape):
    f, arguments, by_hand = workloads.gmm(*shape)
    value, gradient = by_hand(*arguments)
    ours, found = value_and_grad(f, (0, 1, 2))(*arguments)
    assert ours == pytest.approx(value, rel=1e-12)
    for one, other in zip(found, gradient, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-10)
