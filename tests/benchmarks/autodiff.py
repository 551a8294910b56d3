"""Automatic differentiation: gradients and Jacobians beside those written by hand, autograd and JAX where installed."""

from __future__ import annotations

import importlib.util
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

from course_lib.autodiff import jacfwd, jacobian, value_and_grad

ROUNDS = 9
SECONDS = 0.05  # what one peer may take in one round

MIXTURES = [(1000, 2, 5), (1000, 2, 100), (1000, 10, 25), (1000, 32, 25), (1000, 64, 25), (10000, 2, 25),
            (10000, 10, 100), (10000, 32, 25)]  # fmt: skip
WORKLOADS = [
    *((f"mixture {n}, {d}, {K}", "gmm", (n, d, K)) for n, d, K in MIXTURES),
    ("network 784-128-10", "mlp", ()),
    ("Rosenbrock 10000", "rosenbrock", ()),
    ("10000 scalar operations", "scalar_loop", ()),
    ("dense Jacobian 100 x 100", "dense_jacobian", ()),
    ("Broyden Jacobian 100", "broyden_jacobian", ()),
]


def workloads(numpy: ModuleType) -> ModuleType:
    """Return the workloads as a module of its own, whose objectives call another NumPy from when they are made."""
    path = Path(__file__).with_name("workloads.py")
    spec = importlib.util.spec_from_file_location(f"workloads_of_{numpy.__name__}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def peers(name: str, sizes: tuple[int, ...]) -> dict[str, Callable[[], object]]:
    """Return who computes the workload: a function without arguments for each."""
    plain = workloads(np)
    objective, arguments, by_hand = getattr(plain, name)(*sizes)
    every = tuple(range(len(arguments)))
    dense = name.endswith("jacobian")
    if name == "broyden_jacobian":
        pattern = by_hand(np.ones_like(*arguments))[1] != 0
        ours = jacobian(objective, sparsity=pattern)
    else:
        ours = jacfwd(objective) if dense else value_and_grad(objective, every)
    found = {
        "objective": lambda: objective(*arguments),
        "hand": lambda: by_hand(*arguments),
        "eager": lambda: ours(*arguments),
    }
    try:
        import autograd
        import autograd.numpy as anp
    except ImportError:
        pass
    else:
        module = workloads(anp)
        f, _, _ = getattr(module, name)(*sizes)
        module.np = anp
        theirs = autograd.jacobian(f) if dense else autograd.value_and_grad(lambda a: f(*a))
        found["autograd"] = lambda: theirs(arguments[0] if dense else arguments)
    try:
        import jax
    except ImportError:
        pass
    else:
        if name != "scalar_loop":  # its trace of 10,000 operations takes minutes to compile
            jax.config.update("jax_enable_x64", True)
            module = workloads(jax.numpy)
            g, _, _ = getattr(module, name)(*sizes)
            module.np = jax.numpy
            compiled = jax.jit(jax.jacfwd(g) if dense else jax.value_and_grad(g, every))
            on_device = [jax.numpy.asarray(a) for a in arguments]
            found["JAX"] = lambda: jax.block_until_ready(compiled(*on_device))
    return found


def seconds(run: Callable[[], object], repeats: int) -> float:
    begun = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - begun) / repeats


def measure() -> str:
    """Return the table: milliseconds of the objective, and the others as multiples of it, by median of ratios."""
    names = ["hand", "eager", "autograd", "JAX"]
    lines = [
        f"Value and gradient (or Jacobian) as multiples of the objective: {ROUNDS} rounds in turn, "
        f"{os.environ.get('OMP_NUM_THREADS', 'all')} threads, NumPy {np.__version__}",
        f"  {'':<26}{'objective ms':>14}" + "".join(f"{name:>10}" for name in names),
    ]
    logarithms: dict[str, list[float]] = {name: [] for name in names}
    for title, name, sizes in WORKLOADS:
        runs = peers(name, sizes)
        repeats = {}
        for peer, run in runs.items():
            run()
            repeats[peer] = max(1, int(SECONDS / seconds(run, 1)))
        times = [{peer: seconds(run, repeats[peer]) for peer, run in runs.items()} for _ in range(ROUNDS)]
        line = f"  {title:<26}{statistics.median(t['objective'] for t in times) * 1e3:14.3f}"
        for peer in names:
            if peer in runs:
                ratio = statistics.median(t[peer] / t["objective"] for t in times)
                line += f"{ratio:10.2f}"
                if name == "gmm":
                    logarithms[peer].append(np.log(ratio))
            else:
                line += f"{'':>10}"
        lines.append(line)
    means = {peer: np.exp(np.mean(values)) for peer, values in logarithms.items() if values}
    lines.append(f"  {'mixtures, geometric mean':<26}{'':14}" + "".join(f"{means.get(p, np.nan):10.2f}" for p in names))
    return "\n".join(lines)


if __name__ == "__main__":
    print(measure())
