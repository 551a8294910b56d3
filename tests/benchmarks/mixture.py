"""EM: seconds per iteration beside scikit-learn, memory, and sweeps with and without acceleration.

Both start from the same parameters, do the same number of iterations (tol = 0) and take turns in one process;
a process has one or two threads for BLAS, stated in the table, and ours as many for runs of rows. What comes
before the first iteration is measured with one iteration and subtracted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import tracemalloc
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
APART, OVERLAPPING = 3.0, 0.1  # standard deviation of the clusters' centres, in those of their points
SHAPES = [  # n, d, k, how far apart, iterations, rounds, goals for one and two threads
    (272, 2, 2, APART, 200, 7, (3.5, None)),
    (10_000, 2, 3, APART, 50, 5, (10, 8)),
    (100_000, 2, 5, APART, 10, 5, (18, 12)),
    (100_000, 16, 16, APART, 4, 3, (5.5, 11)),
    (1_000_000, 8, 8, APART, 2, 3, (14, 10)),
    (100_000, 64, 16, APART, 2, 3, (3.3, 4)),
    (100_000, 64, 16, OVERLAPPING, 2, 3, (None, None)),
    (20_000, 128, 32, APART, 3, 3, (2.4, 4)),
    (20_000, 128, 32, OVERLAPPING, 3, 3, (None, None)),
]


def clusters(n: int, d: int, k: int, apart: float = APART) -> tuple[np.ndarray, dict]:
    """Draw points from k clusters, and a start near each."""
    random = np.random.RandomState(0)
    centres = apart * random.normal(size=(k, d))
    X = centres[random.randint(k, size=n)] + random.normal(size=(n, d))
    means = centres + apart / 6 * random.normal(size=(k, d))
    start = {"weights_init": np.full(k, 1 / k), "means_init": means, "precisions_init": np.array([np.eye(d)] * k) / 2}
    return X, start


def seconds(model, X: np.ndarray, iterations: int) -> float:
    """Return the seconds of one iteration."""
    spent = []
    for count in (1, 1 + iterations):
        model.set_params(max_iter=count)
        begun = time.perf_counter()
        model.fit(X)
        spent.append(time.perf_counter() - begun)
    return max(spent[1] - spent[0], 1e-9) / iterations


def peak(model, X: np.ndarray) -> float:
    """Return the megabytes that a fit takes beside its data."""
    model.set_params(max_iter=2)
    tracemalloc.start()
    model.fit(X)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def speed(threads: int, largest: int) -> None:
    """Print the table of seconds per iteration."""
    from sklearn.mixture import GaussianMixture as Sklearn

    from course_lib.mixture import GaussianMixture

    print(f"EM, full covariance, {threads} thread(s) of {os.cpu_count()}, float64, medians of rounds")
    print("  n, d, k            sklearn ms  ours ms  ratio  goal  log L apart  MB: theirs, ours")
    for n, d, k, spread, iterations, rounds, goals in SHAPES:
        if n * d > largest:
            continue
        X, start = clusters(n, d, k, spread)
        theirs = Sklearn(k, tol=0, reg_covar=1e-6, **start)
        ours = GaussianMixture(k, tol=0, reg_covar=1e-6, **start)
        times: list[tuple[float, float]] = []
        for _ in range(rounds):
            times.append((seconds(theirs, X, iterations), seconds(ours, X, iterations)))
        apart = np.abs(np.array(ours.lower_bounds_) / theirs.lower_bounds_ - 1).max()
        ratio = statistics.median(a / b for a, b in times)
        slow, fast = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
        memory = f"{peak(theirs, X):.1f}, {peak(ours, X):.1f}"
        goal = goals[threads - 1] or "-"
        shape = f"{n}, {d}, {k}" + (" *" if spread == OVERLAPPING else "")
        print(
            f"  {shape:<19}{slow:10.2f}{fast:9.3f}{ratio:7.1f}{goal:>6}{apart:13.1e}{memory:>18}",
            flush=True,
        )
    print("  *: overlapping clusters, so that most points belong a little to every component")


def missing() -> None:
    """Print what entries that are missing cost: time per iteration with and without them."""
    from course_lib.mixture import GaussianMixture

    print("\nMissing entries, full covariance: ms an iteration, medians of 3 rounds")
    for n, d, k, share in ((100_000, 8, 4, 0.05), (20_000, 16, 8, 0.1)):
        X, start = clusters(n, d, k)
        holes = np.where(np.random.RandomState(1).uniform(size=X.shape) < share, np.nan, X)
        ours = GaussianMixture(k, tol=0, missing="marginalise", **start)
        times = [(seconds(ours, X, 3), seconds(ours, holes, 3)) for _ in range(3)]
        whole, some = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
        patterns = len(np.unique(np.isnan(holes), axis=0))
        print(f"  {n}, {d}, {k}: none {whole:.1f}; {share:.0%} missing, in {patterns} patterns, {some:.0f}", flush=True)


def acceleration() -> None:
    """Print the table of sweeps."""
    from course_lib.datasets import load_old_faithful, three_overlapping_clusters
    from course_lib.mixture import GaussianMixture

    random = np.random.RandomState(3)
    line = random.normal(size=(2000, 2)) + 1.5 * random.randint(4, size=(2000, 1)) * [1, 0.3]
    far = random.normal(size=(1000, 2)) + 10 * random.randint(3, size=(1000, 1))
    problems = {
        "Old Faithful, K = 2": (load_old_faithful(), 2, "kmeans"),
        "Old Faithful, K = 3": (load_old_faithful(), 3, "kmeans"),
        "three overlapping": (three_overlapping_clusters()[0], 3, "kmeans"),
        "four on a line, 1.5 sigma apart": (line, 4, "kmeans"),
        "three far apart": (far, 3, "kmeans"),
        "the same, all begin alike": (far, 3, "random"),
    }
    print("\nSweeps until an iteration gains less than 1e-9 a point (log-likelihood there)")
    print(f"  {'':<31}{'plain':>18}{'squarem':>17}{'anderson':>17}")
    for name, (X, k, start) in problems.items():
        cells = []
        for method in (None, "squarem", "anderson"):
            model = GaussianMixture(k, tol=1e-9, max_iter=20_000, random_state=0, accelerate=method, init_params=start)
            fit = model.fit(X)
            cells.append(f"{fit.n_sweeps_} ({fit.score(X) * len(X):.3f})")
        print(f"  {name:<31} " + "".join(f"{cell:>17}" for cell in cells))


def other_ends(count: int = 60) -> None:
    """Print how often leaps end at another optimum than EM's own, and the sweeps that they need."""
    from course_lib.mixture import GaussianMixture

    sweeps: dict[str | None, list[int]] = {None: [], "squarem": [], "anderson": []}
    ends: dict[str | None, list[float]] = {None: [], "squarem": [], "anderson": []}
    for seed in range(count):
        random = np.random.RandomState(1000 + seed)
        k, spread = 3 + seed % 3, 1 + 0.5 * (seed % 5)
        X = spread * random.normal(size=(k, 2))[random.randint(k, size=300)] + random.normal(size=(300, 2))
        for method in sweeps:
            start = ("kmeans", "random_from_data")[seed % 2]
            model = GaussianMixture(k, tol=1e-9, max_iter=20_000, random_state=0, accelerate=method, init_params=start)
            fit = model.fit(X)
            sweeps[method].append(fit.n_sweeps_)
            ends[method].append(fit.lower_bound_)
    print(f"\n{count} overlapping mixtures of 300 points: ends more than 1e-6 a point from EM's own")
    for method in ("squarem", "anderson"):
        apart = np.array(ends[method]) - ends[None]
        faster = np.exp(np.mean(np.log(np.array(sweeps[None]) / sweeps[method])))
        print(
            f"  {method:<10}{(apart > 1e-6).sum():3d} higher,{(apart < -1e-6).sum():3d} lower; "
            f"{faster:.1f} times fewer sweeps in the geometric mean"
        )


def measure(largest: int = 10**9) -> str:
    """Return the tables; shapes with more than ``largest`` numbers in X are left out."""
    parts = []
    for threads in (1, 2):
        limits = {name: str(threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        command = [sys.executable, "-m", "tests.benchmarks.mixture", str(threads), str(largest)]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **limits}, capture_output=True, text=True, check=True
        )
        parts.append(done.stdout.rstrip())
    return "\n\n".join(parts)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if len(sys.argv) > 1:
        speed(int(sys.argv[1]), int(sys.argv[2]))
        if sys.argv[1] == "1":
            missing()
            acceleration()
            other_ends()
    else:
        print(measure())
