"""Automatic differentiation beside gradients written by hand, and beside autograd, JAX and PyTorch where installed.

All peers compute value and gradient (or the Jacobian) of the same function and take turns in one process, in short
batches; a ratio is the median over the rounds of the ratio within a round. The process has one thread, and its
allocator is told to keep the memory that is freed: fresh pages cost more than arithmetic on some machines.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from course_lib.autodiff import jacfwd, jacobian, jit, value_and_grad
from tests.benchmarks.loops import compared

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 25
SECONDS = 0.02  # what one peer may take in one round
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
KEEP_PAGES = {"MALLOC_TRIM_THRESHOLD_": "4000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000",
              "MALLOC_TOP_PAD_": "100000000"}  # fmt: skip

# n, d, K, and how much slower than the hand-written gradient the recorded one may be.
MIXTURES = [(1000, 2, 5, 1.25), (1000, 2, 100, 1.10), (1000, 10, 25, 1.10), (1000, 32, 25, 1.10), (1000, 64, 25, 1.10),
            (10000, 2, 25, 1.10), (10000, 10, 100, 1.10), (10000, 32, 25, 1.10)]  # fmt: skip
# Title, workload, goal by jit, goal of what runs eagerly: milliseconds, or how many times somebody else's.
OTHERS = [
    ("network", "mlp", ("hand", 1.05), None),
    ("Rosenbrock 10000", "rosenbrock", 0.045, 0.11),
    ("10000 scalars", "scalar_loop", 0.6, ("torch", 0.10)),
    ("Jacobian 100x100", "dense_jacobian", 0.10, ("JAX", 0.64)),
    ("Broyden 100", "broyden_jacobian", 0.03, ("JAX", 0.54)),
    ("convolution", "convolution", ("JAX", 2.0), None),
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
        eager = jacobian(objective, sparsity=pattern)
    else:
        eager = jacfwd(objective) if dense else value_and_grad(objective, every)
    recorded = jit(eager)
    found = {
        "value": lambda: objective(*arguments),
        "hand": lambda: by_hand(*arguments),
        "jit": lambda: recorded(*arguments),
        "eager": lambda: eager(*arguments),
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
    try:
        import torch
    except ImportError:
        pass
    else:
        torch.set_num_threads(1)
        module = workloads(torch)
        h, _, _ = getattr(module, name)(*sizes)
        module.np, module.logsumexp = numpy_in_torch(torch), torch.logsumexp
        for cell in h.__closure__ or ():  # the arrays that it has prepared become tensors
            if isinstance(cell.cell_contents, np.ndarray):
                cell.cell_contents = torch.as_tensor(cell.cell_contents)
        found["torch"] = by_torch(torch, h, arguments, dense)
    return found


def numpy_in_torch(torch: ModuleType) -> SimpleNamespace:
    """Return PyTorch's functions under the names that the objectives call."""

    def total(x: Any, axis: int | None = None) -> Any:
        return torch.sum(x) if axis is None else torch.sum(x, dim=axis)

    return SimpleNamespace(
        exp=torch.exp, log=torch.log, sin=torch.sin, tanh=torch.tanh, reshape=torch.reshape, matmul=torch.matmul,
        concatenate=torch.cat, sum=total, einsum=torch.einsum,
    )  # fmt: skip


def by_torch(torch: ModuleType, f: Callable[..., Any], arguments: tuple[Any, ...], dense: bool) -> Callable[[], object]:
    """Return the function that computes value and gradient, or the Jacobian, with PyTorch."""
    leaves = [torch.tensor(a, dtype=torch.float64, requires_grad=not dense) for a in arguments]
    if dense:
        return lambda: torch.func.jacfwd(f)(*leaves)

    def run() -> object:
        y = f(*leaves)
        return y, torch.autograd.grad(y, leaves)

    return run


def seconds(run: Callable[[], object], repeats: int) -> float:
    begun = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - begun) / repeats


class Times:
    """What each peer took in each round, all peers taking turns."""

    def __init__(self, runs: dict[str, Callable[[], object]]) -> None:
        repeats = {}
        for peer, run in runs.items():
            run()
            run()
            repeats[peer] = max(1, int(SECONDS / seconds(run, 1)))
        self.rounds = [{peer: seconds(run, repeats[peer]) for peer, run in runs.items()} for _ in range(ROUNDS)]

    def milliseconds(self, peer: str) -> float:
        return statistics.median(times[peer] for times in self.rounds) * 1e3

    def goal(self, given: Any) -> float | None:
        """Return a goal in milliseconds; None if there is none, or if it is told by a peer that is not installed."""
        if not isinstance(given, tuple):
            return given
        peer, part = given
        return part * self.milliseconds(peer) if peer in self.rounds[0] else None

    def ratio(self, peer: str, other: str) -> float:
        """Return the median ratio of two peers, NaN if one is not installed."""
        if not {peer, other} <= self.rounds[0].keys():
            return float("nan")
        return statistics.median(times[peer] / times[other] for times in self.rounds)


def in_columns(title: str, cells: Iterable[str], widths: Iterable[int]) -> str:
    """Return a line of a table, which fits the book's page; the first width is the title's."""
    first, *others = widths
    return f"  {title:<{first}}{''.join(map(str.rjust, cells, others))}".rstrip()


def mixtures() -> list[str]:
    """Return the table of the mixture's gradient."""
    columns = [("jit", "hand"), ("eager", "hand"), ("autograd", "eager"), ("eager", "value"), ("JAX", "jit"),
               ("torch", "jit"), ("torch", "eager")]  # fmt: skip

    def line(title: str, cells: list[str]) -> str:
        return in_columns(title, cells, [14, 7, 7, 7, 9, 7, 6, 7, 7, 6])

    def written(ratios: Iterable[float]) -> list[str]:
        return ["-" if np.isnan(ratio) else f"{ratio:.2f}" for ratio in ratios]

    lines = [
        "Value and gradient of a mixture's log-likelihood",
        line("n, d, K", ["hand", *(a for a, _ in columns), "goal"]),
        line("", ["ms", *("/" + b for _, b in columns), "jit"]),
    ]
    logarithms: list[list[float]] = []
    for n, d, K, goal in MIXTURES:
        times = Times(peers("gmm", (n, d, K)))
        ratios = [times.ratio(a, b) for a, b in columns]
        logarithms.append(list(np.log(ratios)))
        cells = [f"{times.milliseconds('hand'):.2f}", *written(ratios), f"{goal:.2f}"]
        lines.append(line(f"{n}, {d}, {K}", cells))
    lines.append(line("geometric mean", ["", *written(np.exp(np.mean(logarithms, axis=0))), ""]))
    lines.append(line("its goal", ["", "1.03", "", "2.50", "", "1.40", "1.00", "", ""]))
    return lines


def others() -> list[str]:
    """Return the table of the other workloads, in milliseconds."""
    columns = ["value", "hand", "jit", "eager", "autograd", "JAX", "torch"]

    def line(title: str, cells: Iterable[str]) -> str:
        return in_columns(title, cells, [16, 7, 7, 7, 7, 9, 7, 8, 7, 7])

    def written(milliseconds: float | None) -> str:
        return "-" if milliseconds is None else f"{milliseconds:.3f}"

    lines = ["Other work, milliseconds", line("", [*columns, "goal", "goal"]), line("", [""] * 7 + ["jit", "eager"])]
    for title, name, goal, eager_goal in OTHERS:
        times = Times(peers(name, ()))
        cells = [times.milliseconds(peer) if peer in times.rounds[0] else None for peer in columns]
        lines.append(line(title, map(written, [*cells, times.goal(goal), times.goal(eager_goal)])))
    return lines


def loops() -> list[str]:
    """Return the table of programs with long loops: the gradient's time over the function's."""
    heads = [["", "value", "eager", "jit", "record", "goal", "goal"],
             ["", "ms", "/value", "/value", "s", "eager", "jit"]]  # fmt: skip
    lines = ["Value and gradient of long loops, written with scan"]
    for title, *cells in [*heads, *compared(Times)]:
        lines.append(in_columns(title, cells, [18, *[8] * len(cells)]))
    return lines


def tables() -> str:
    """Measure in this process."""
    head = f"Automatic differentiation: {ROUNDS} rounds in turn, 1 thread, freed memory kept"
    return "\n".join([head, "", *mixtures(), "", *others(), "", *loops()])


def measure() -> str:
    """Return the tables, measured in a process with one thread and an allocator that keeps its pages."""
    environment = {**os.environ, **ONE_THREAD, **KEEP_PAGES}
    command = [sys.executable, "-m", "tests.benchmarks.autodiff"]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=True).stdout


if __name__ == "__main__":
    print(tables())
