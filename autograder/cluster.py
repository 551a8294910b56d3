"""Marking on a cluster: submissions go to the workers of `dask.distributed`, and results come back as they are ready.

Reading stays here, and so does recording; a task carries plain data, one submission's code. The problem set's folder
must be found on the workers under the same path, as on a shared file system, and each worker needs this package and a
sandbox. A worker that dies takes nothing with it: the scheduler gives its submissions to others, and what ends worker
after worker is told as stopped, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.grade import grade_once, without_run
from autograder.ground.bounded import Nursery, Share
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.runs import CannotRun
from autograder.mark.results import Final, Result
from autograder.read.submission import Submission
from autograder.run.launch import Launcher

PATIENCE = 30.0  # seconds until a scheduler must answer


class Cluster:
    """A running cluster of `dask.distributed`, to be used in a `with` statement.

    Parameters
    ----------
    address : str
        Of its scheduler, such as ``tcp://127.0.0.1:8786``.

    Raises
    ------
    CannotRun
        If there is no such cluster, or it has no workers.
    """

    def __init__(self, address: str):
        try:
            from distributed import Client
        except ImportError:
            raise CannotRun(
                'The engine dask needs the package distributed, here and on the workers: pip install "distributed"'
            ) from None
        try:
            self._client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CannotRun(f"No scheduler of dask answers at {address}: {error}") from None
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        self.threads = sum(worker["nthreads"] for worker in workers)
        if not self.threads:
            self._client.close()
            raise CannotRun(f"The cluster at {address} has no workers; start some with: dask worker {address}")

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def jobs(self) -> int:
        """How many submissions to have under way, so that no worker waits for this side."""
        return 2 * self.threads

    def grade_once(
        self,
        student: str,
        submission: Submission,
        problem_set: ProblemSet,
        seed: int,
        launcher: Launcher,
        share: Share | None = None,
        *,
        alone: bool = False,
        final: Mapping[str, Final] | None = None,
    ) -> Result:
        """Do what `grade.grade_once` does, on one of the workers, and in children of a nursery there."""
        from distributed import KilledWorker

        place = str(problem_set.folder.resolve())
        # `pure=False`: a submission is never taken for another one that looks the same.
        told = student, submission, problem_set.id, place, seed, launcher, alone, final
        task = self._client.submit(mark, *told, pure=False)
        try:
            return task.result()
        except KilledWorker:
            reason = "The grader itself failed: it ended one worker of the cluster after another. Tell your instructor."
            return without_run(student, "stopped", reason, problem_set)


def mark(
    student: str,
    submission: Submission,
    id: str,
    folder: str,
    seed: int,
    launcher: Launcher,
    alone: bool,
    final: Mapping[str, Final] | None,
) -> Result:
    """Mark one submission; what a worker of the cluster runs."""
    problem_set = _problem_set(id, folder)
    return grade_once(student, submission, problem_set, seed, launcher, Share(_nursery()), alone=alone, final=final)


@lru_cache
def _problem_set(id: str, folder: str) -> ProblemSet:
    """Return a problem set, read once by each worker."""
    if not (Path(folder) / "checks.py").is_file():
        raise CannotRun(f"A worker of the cluster does not find {folder}; it needs the same path there.")
    problem_set = ProblemSet(id, Path(folder))
    _ = problem_set.cells, problem_set.checks
    return problem_set


@lru_cache
def _nursery() -> Nursery:
    """Return the nursery of this worker, which ends when the worker does."""
    return Nursery()
