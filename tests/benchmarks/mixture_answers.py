"""From raw data to answer: what a user waits for, beside scikit-learn.

A sweep is a part of it. The rest is the survey of the data, the starts, the search for the end, and the scores. Both
libraries run with their defaults, but for the random seed; k-means begins at the same centres. They take turns in
one process, and the ratio is the median of the rounds' ratios. Where the ends differ, the table says by how much.
We climb until little is left to be gained, scikit-learn until a sweep gains little, which is earlier: so a second ratio
is that of the time in which our fit, stopped there, has come as high as theirs. There is one thread, and what is
counted is the processor's time, which other programs on the machine change little.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.mixture import ROOT, clusters
from tests.mixture_problems import standard_sets

SEEDS = 5
SAME = 1e-6  # of the log-likelihood of a point: a thousandth of what lets scikit-learn stop


class Work(NamedTuple):
    """Something to do twice: its name, goal and rounds, what they and we do, and how the answers are compared.

    ``better`` tells how much higher our answer is than theirs; None where both give the same. ``reach`` makes, of both
    answers, a shorter work of ours that ends as high as theirs.
    """

    name: str
    goal: float
    rounds: int
    theirs: Callable[[], Any]
    ours: Callable[[], Any]
    better: Callable[[Any, Any], float] | None = None
    reach: Callable[[Any, Any], Callable[[], Any]] | None = None


def iris() -> np.ndarray:
    """Return 150 flowers, four lengths of each."""
    from sklearn.datasets import load_iris

    return load_iris().data


def fits() -> list[Work]:
    """Fit mixtures."""
    from sklearn.mixture import GaussianMixture as Sklearn

    from course_lib.mixture import GaussianMixture

    def work(goal: float, rounds: int, X: np.ndarray, k: int, said: str, **how: Any) -> Work:
        return Work(
            f"fit {len(X)} x {X.shape[1]}, K = {k}{said}",
            goal,
            rounds,
            lambda: Sklearn(k, random_state=0, **how).fit(X),
            lambda: GaussianMixture(k, random_state=0, **how).fit(X),
            lambda theirs, ours: ours.score(X) - theirs.score(X),
            lambda theirs, ours: partial(ours.set_params(max_iter=sweeps_to(theirs.score(X), ours)).fit, X),
        )

    def sweeps_to(height: float, ours: GaussianMixture) -> int:
        high = (sweep for sweep, bound in enumerate(ours.lower_bounds_) if bound >= height - SAME)
        return max(1, next(high, ours.n_iter_))

    eight = clusters(10_000, 8, 8)[0]
    wide = np.random.RandomState(0).normal(size=(300, 5000)) + 3.0 * (np.arange(300) % 2)[:, None]
    return [
        work(2, 15, iris(), 3, ""),
        work(4, 7, clusters(10_000, 2, 3)[0], 3, ""),
        work(3, 5, eight, 8, ""),
        work(10, 3, clusters(100_000, 2, 5)[0], 5, ""),
        work(5, 3, clusters(100_000, 16, 16)[0], 16, ""),
        work(2.5, 3, clusters(20_000, 64, 16)[0], 16, ""),
        *(work(2.5, 5, eight, 8, f", {kind}", covariance_type=kind) for kind in ("diag", "tied", "spherical")),
        work(3, 7, iris(), 3, ", 10 starts", n_init=10),
        work(3, 3, eight, 8, ", 10 starts", n_init=10),
        work(6, 3, clusters(50_000, 4, 4)[0], 4, ", 10 starts", n_init=10),
        work(1, 5, wide, 2, ", diag", covariance_type="diag"),
    ]


def partitions() -> list[Work]:
    """Run k-means from the same centres."""
    from sklearn.cluster import KMeans as Sklearn

    from course_lib.mixture import KMeans

    def work(n: int, d: int, k: int, goal: float) -> Work:
        X = clusters(n, d, k)[0]
        init = X[np.random.RandomState(1).choice(n, k, replace=False)]
        return Work(
            f"KMeans {n} x {d}, K = {k}",
            goal,
            7,
            lambda: Sklearn(k, init=init, n_init=1).fit(X),
            lambda: KMeans(k, init=init).fit(X),
            lambda theirs, ours: (theirs.inertia_ - ours.inertia_) / theirs.inertia_,
        )

    return [work(10_000, 8, 8, 1), work(100_000, 2, 5, 0.6), work(100_000, 16, 16, 1), work(20_000, 64, 50, 1)]


def predictions() -> list[Work]:
    """Label points by a mixture that is fitted already."""
    from sklearn.mixture import GaussianMixture as Sklearn

    from course_lib.mixture import GaussianMixture

    X = clusters(100_000, 2, 5)[0]
    found = []
    for kind, goal in (("full", 4), ("diag", 3), ("spherical", 3)):
        theirs = Sklearn(5, covariance_type=kind, random_state=0).fit(X)
        ours = GaussianMixture(5, covariance_type=kind, random_state=0).fit(X)
        found.append(
            Work(
                f"predict 100000 x 2, {kind}",
                goal,
                9,
                lambda theirs=theirs: theirs.predict(X),
                lambda ours=ours: ours.predict(X),
            )
        )
    return found


def choices() -> list[Work]:
    """Fit 24 models, of one to six components and four types, and take the one with the lowest BIC."""
    from sklearn.mixture import GaussianMixture as Sklearn

    from course_lib.datasets import load_old_faithful
    from course_lib.mixture import select_mixture
    from course_lib.mixture.covariances import COVARIANCE_TYPES

    def all_of_them(X: np.ndarray) -> float:
        models = [Sklearn(k, covariance_type=kind, random_state=0) for kind in COVARIANCE_TYPES for k in range(1, 7)]
        return min(model.fit(X).bic(X) for model in models)

    data = {"iris": iris(), "Old Faithful": load_old_faithful(), "5000 x 4": clusters(5000, 4, 4)[0]}
    return [
        Work(f"24 models, {name}", 3, 3, lambda X=X: all_of_them(X), lambda X=X: select_mixture(X, random_state=0))
        for name, X in data.items()
    ]


def answers() -> None:
    """Print the table."""
    print("From raw data to answer, 1 thread, processor time, medians of rounds")
    print(
        "  work                                 sklearn ms  ours ms  ratio  as high as theirs  goal  ours is better by"
    )
    for make in (fits, partitions, predictions, choices):
        for work in make():
            times: list[tuple[float, float]] = []
            reached: list[float] = []
            shorter = None if work.reach is None else work.reach(work.theirs(), work.ours())
            for _ in range(work.rounds):
                begun = time.process_time()
                theirs = work.theirs()
                between = time.process_time()
                ours = work.ours()
                times.append((between - begun, time.process_time() - between))
                if shorter is not None:
                    again = time.process_time()
                    shorter()
                    reached.append((between - begun) / (time.process_time() - again))
            slow, quick = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
            ratio = statistics.median(a / b for a, b in times)
            better = "" if work.better is None else f"{work.better(theirs, ours):+.1e}"
            to_theirs = f"{statistics.median(reached):.2f}" if reached else ""
            line = f"  {work.name:<37}{slow:10.2f}{quick:9.2f}{ratio:7.2f}{to_theirs:>19}{work.goal:6.1f}  {better}"
            print(line.rstrip(), flush=True)
    print("  as high as theirs: the ratio for our fit, stopped when it has reached scikit-learn's log-likelihood")
    print("  better: log-likelihood a point; for k-means, how much less inertia, as a share of theirs")


def optima() -> None:
    """Print how high fits with defaults end on six standard sets, from several seeds, and the best of fifty starts."""
    from sklearn.mixture import GaussianMixture as Sklearn

    from course_lib.mixture import GaussianMixture

    print(
        "\nWhere it ends: log-likelihood a point, full covariances; of 5 seeds the lowest, the median and the highest"
    )
    print("  data, K             scikit-learn                     ours                             n_init=50     ms")
    for name, (X, k) in standard_sets().items():
        columns = []
        for kind in (Sklearn, GaussianMixture):
            begun = time.process_time()
            ends = sorted(kind(k, random_state=seed).fit(X).score(X) for seed in range(SEEDS))
            columns.append((ends, (time.process_time() - begun) / SEEDS * 1e3))
        fifty = GaussianMixture(k, n_init=50, random_state=SEEDS).fit(X).score(X)
        lines = ["".join(f"{ends[i]:10.3f}" for i in (0, SEEDS // 2, -1)) for ends, _ in columns]
        times = ", ".join(f"{milliseconds:.0f}" for _, milliseconds in columns)
        print(f"  {name + ', ' + str(k):<17}{lines[0]}   {lines[1]}   {fifty:13.3f}     {times}", flush=True)
    print("  ms: scikit-learn's, ours")


def measure() -> str:
    """Return the tables, measured in a process with one thread."""
    limits = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "tests.benchmarks.mixture_answers"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **limits}, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    answers()
    optima()
