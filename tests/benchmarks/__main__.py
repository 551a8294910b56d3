"""Measures, prints every table, and writes it where the book's page of performance reads it.

    python -m tests.benchmarks                  # all of them, a quarter of an hour on a quiet machine
    python -m tests.benchmarks mixture          # one of them

A table begins with the day and the machine, because a time says little without them.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
import timeit
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tests.benchmarks import autodiff, marking, mixture, mixture_answers

PAGE = Path(__file__).resolve().parents[2] / "book" / "performance"
MEASURES = {
    "autodiff": autodiff.measure,
    "mixture": mixture.measure,
    "answers": mixture_answers.measure,
    "marking": marking.measure,
}


def machine() -> str:
    """Return a line that says what was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return (
        f"{datetime.date.today()}, {os.cpu_count()} processors ({model}), "
        f"Python {platform.python_version()}, NumPy {version('numpy')}, np.exp {exponential():.1f} ns"
    )


def exponential() -> float:
    """Return the nanoseconds that NumPy needs for the exponential of one float64, of many in the cache."""
    x = np.linspace(-20.0, 0.0, 10_000)
    out = np.empty_like(x)
    return min(timeit.repeat(lambda: np.exp(x, out=out), number=20, repeat=20)) / 20 / len(x) * 1e9


def main(chosen: list[str]) -> None:
    """Measure what was chosen, or everything."""
    if {"-h", "--help"} & set(chosen):
        print(__doc__)
        return
    if unknown := set(chosen) - MEASURES.keys():
        raise SystemExit(f"There is no table of {', '.join(sorted(unknown))}; expected some of {', '.join(MEASURES)}.")
    PAGE.mkdir(exist_ok=True)
    for name in chosen or MEASURES:
        table = f"{machine()}\n\n{MEASURES[name]().strip()}\n"
        print(table, flush=True)
        (PAGE / f"{name}.txt").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
