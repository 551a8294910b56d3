"""What tests share: the folders, and a tiny course of another subject that the autograder's own tests mark."""

import copy
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from autograder import one_thread  # noqa: F401 - before NumPy: files of tests run side by side
from autograder.ground.problem_sets import ProblemSet, find

ROOT = Path(__file__).resolve().parents[1]
TINY = ROOT / "tests" / "autograder" / "tiny_course"

# How long an example takes says nothing about the code on a busy machine. A test run tries the same examples each time,
# so that what it says is said of this revision; `make hunt` goes on looking, with examples that nobody has seen.
settings.register_profile("steady", parent=settings.default, deadline=None, derandomize=True)
settings.register_profile("hunt", parent=settings.default, deadline=None, derandomize=False, print_blob=True)
settings.register_profile("check", parent=settings.get_profile("steady"), max_examples=5)
settings.load_profile("steady")

# Hypothesis also tries the numbers and words that stand in this project's loaded modules: which are loaded depends on
# the files of tests that a process happened to run before, so a steady run tries none of them.
words_of_loaded_modules = providers._get_local_constants
providers._get_local_constants = lambda: (
    providers.Constants() if settings.default.derandomize else words_of_loaded_modules()
)

# What `make check` leaves out, by `--quick`: the folders that need a browser or a sandbox, and the files that take most
# of the time of all others. They are not even read: to import them takes long, too.
SLOW = {
    *("browser", "grading"),
    *("test_containerfile", "test_record", "test_run_plain"),  # copies of the whole project, many gradebooks, processes
    *("test_book_machinery", "test_pages_and_paper"),  # pages of every set
    *("test_postgresql", "test_handout"),  # a server, sets that are built
    *("test_bounded", "test_fuzz", "test_ipython_syntax", "test_time"),  # what is long, or does not end
    *("test_run_launch", "test_collect", "test_cli"),  # many processes, downloads, commands
    *("test_problem_sets", "test_carry", *(f"test_ps{n}" for n in range(1, 10))),  # every problem set
    *("test_explore", "test_explore_em", "test_live_explorables", "test_stepper", "test_swell"),  # draw, or start node
    *("test_autograds_tests", "test_optimisers", "test_source", "test_source_c", "test_stiff"),
    *("test_gaussian_mixture", "test_bootstrap", "test_plain_data", "test_select", "test_sklearns_tests"),  # many fits
    *("test_variances_alone", "test_short_runs", "test_data_as_people_have_them", "test_least_squares"),  # and more
    *("test_random_programs", "test_nested_programs", "test_network"),  # many programs; trains
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `make check` asks for."""
    parser.addoption("--quick", action="store_true", help="leave out the files that take most of the time")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is slow, if that is asked for."""
    return True if config.getoption("--quick") and collection_path.stem in SLOW else None


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tiny() -> ProblemSet:
    """The problem set ps0 of the tiny course: two checks, 2 and 3 points, and a manual part of 4."""
    return find("ps0", TINY)


@pytest.fixture
def notebook_of(tiny):
    """Return a function that makes a submission of ps0 as notebook JSON from a dict grade_id -> source."""

    def make(cells: dict[str, str] | None = None) -> dict:
        made = []
        for cell in tiny.notebook.cells:
            id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            source = (cells or {}).get(id, cell.source)
            made.append({"cell_type": cell.cell_type, "metadata": copy.deepcopy(dict(cell.metadata)), "source": source})
            if cell.cell_type == "code":
                made[-1] |= {"outputs": [], "execution_count": None}
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}

    return make
