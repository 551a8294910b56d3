"""The explorables of the chapter on Jacobians: costs, colours and checkpoints against recursions and course_lib."""

from functools import cache

import numpy as np
import pytest

from course_lib import explore
from course_lib.autodiff import jvp, vjp
from course_lib.explore.built_page import page_text, state_of
from course_lib.explore.differentiation.checkpoints import LENGTHS, SNAPSHOTS, repetitions, steps_run
from course_lib.explore.differentiation.sparse_jacobian import PATTERN, WAYS, N, column_colours, sweeps
from course_lib.explore.differentiation.sweeps_crossover import COUNTS, jacobian_costs


def test_the_crossover():
    assert jacobian_costs(8, 5) == (20, 20)
    for m in COUNTS:
        cheaper = [n for n in COUNTS if jacobian_costs(n, m)[0] < jacobian_costs(n, m)[1]]
        assert cheaper == [n for n in COUNTS if 5 * n < 8 * m]


def chain(x):
    """Each result depends on its neighbours alone."""
    inner = x[:-2] * x[1:-1] + np.sin(x[2:])
    return np.concatenate([x[:1] * x[1:2], inner, x[-2:-1] - x[-1:] ** 2])


def test_every_way_brings_every_entry_once():
    there = {(i, j) for i in range(N) for j in range(N) if PATTERN[i][j]}
    for way in WAYS:
        found = [entry for entries in sweeps(way) for entry in entries]
        assert len(found) == len(set(found))
        assert set(found) == there


def test_colours_never_share_a_row_and_the_sweeps_are_real():
    groups, x = np.array(column_colours()), np.linspace(0.5, 1.5, N)
    jacobian = np.stack([jvp(chain, (x,), (seed,))[1] for seed in np.eye(N)], axis=1)
    assert np.array_equal(jacobian != 0, PATTERN)
    for colour, entries in enumerate(sweeps("by colours")):
        rows = [i for i, _ in entries]
        assert len(rows) == len(set(rows))
        _, together = jvp(chain, (x,), ((groups == colour).astype(float),))
        assert all(together[i] == pytest.approx(jacobian[i, j]) for i, j in entries)
    for i, entries in enumerate(sweeps("by rows")):
        (row,) = vjp(chain, x)[1](np.eye(N)[i])
        assert all(row[j] == pytest.approx(jacobian[i, j]) for _, j in entries)


@cache
def least_steps(n, c):
    """The recursion that defines it: run i steps, keep the state there, reverse what follows, then what came before."""
    if n == 1:
        return 0
    if c == 1:
        return n * (n - 1) // 2
    return min(i + least_steps(n - i, c - 1) + least_steps(i, c) for i in range(1, n))


@pytest.mark.parametrize("snapshots", [1, 2, 3, 4, 7])
def test_steps_run_are_the_fewest(snapshots):
    for n in range(1, 60):
        assert steps_run(n, snapshots) == least_steps(n, snapshots), n


def test_snapshots_beyond_use_change_nothing_and_none_is_refused():
    assert steps_run(50, 49) == steps_run(50, 500) == 49
    with pytest.raises(ValueError, match="0 snapshots; expected at least one"):
        repetitions(10, 0)
    for n in LENGTHS.values():
        runs = [steps_run(n, c) for c in SNAPSHOTS]
        assert runs == sorted(runs, reverse=True)


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="The way is 'by magic'; expected one of by columns"):
        sweeps("by magic")


@pytest.mark.parametrize("make", [explore.forward_or_reverse, explore.jacobian_filling, explore.checkpointing])
def test_frames_differ_and_stay_light(make):
    explorable = make(embed=True)
    film = explorable.film()
    pictures = [frame["svg"] for frame in film["frames"]]
    assert len(set(pictures)) > 0.4 * len(pictures)
    assert len(page_text("frames", state_of(explorable.controls, film), "")) < 100_000
