"""Marking on a local cluster of processes: the same marks, and nothing lost or doubled when a worker is killed."""

import json
import os
import signal
import threading
import time

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.cluster import Cluster
from autograder.grade import grade_class
from autograder.ground.runs import CannotRun
from autograder.read.class_folder import find_submissions
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading
distributed = pytest.importorskip("distributed")

STUDENTS = [f"student{n:02}" for n in range(8)]


@pytest.fixture(scope="module")
def address():
    """The address of a scheduler with two workers, each a process with one thread."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options, host="127.0.0.1", silence_logs=50) as cluster:
        cluster.wait_for_workers(2)
        yield cluster.scheduler_address


@pytest.fixture
def submitted(tmp_path, notebook_of, tiny):
    """Eight submissions: every third has a wrong area, one is damaged; each takes a while."""
    for number, student in enumerate(STUDENTS):
        power = 1 if number % 3 == 0 else 2
        cells = {"area": f"import time\ntime.sleep(0.5)\ndef area(radius):\n    return np.pi * radius**{power}"}
        path = tmp_path / "submitted" / student / "ps0" / "ps0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook_of(cells)) if number != 5 else "{")
    return tmp_path / "submitted"


EXPECTED = {s: 0.0 if n == 5 else 3.0 if n % 3 == 0 else 5.0 for n, s in enumerate(STUDENTS)}


def test_the_command_marks_on_the_cluster(address, submitted, tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["grade", "ps0", "--submissions", "submitted", "--exercises", str(tiny.folder.parent), "--seed", "3"]
    done = CliRunner().invoke(main, [*words, "--engine", "dask", "--scheduler", address])
    assert done.exit_code == 0, done.output
    said = json.loads((tmp_path / "build/grading/ps0/results.json").read_text())["submissions"]
    assert {s["student"]: s["points"] for s in said} == EXPECTED
    assert {s["status"] for s in said} == {"marked", "unreadable"}
    from autograder import grade

    monkeypatch.setattr(grade, "grade_once", None)  # nothing is left for this process to run
    assert CliRunner().invoke(main, [*words, "--engine", "dask", "--scheduler", address]).exit_code == 0


def test_a_worker_that_is_killed_loses_and_doubles_nothing(address, submitted, tiny, tmp_path):
    told = []
    with Cluster(address) as cluster:
        before = cluster._client.run(os.getpid)

        def kill_one():
            time.sleep(1.0)
            os.kill(next(iter(before.values())), signal.SIGKILL)

        killer = threading.Thread(target=kill_one)
        killer.start()
        grading = grade_class(
            tiny, find_submissions(submitted, "ps0"), seed=3, launcher=Sandbox(hidden=(tmp_path,)), jobs=cluster.jobs,
            progress=told.append, mark=cluster.grade_once,
        )  # fmt: skip
        killer.join()
        after = cluster._client.run(os.getpid)
    assert set(before.values()) - set(after.values())
    assert {r.student: r.points for r in grading.results} == EXPECTED
    assert [r.student for r in grading.results] == STUDENTS
    assert sorted(r.student for r in told) == STUDENTS


def test_what_ends_worker_after_worker_is_told(address, tiny, monkeypatch):
    def killed(*args, **options):
        class Task:
            def result(self):
                raise distributed.KilledWorker("mark", None, 3)

        return Task()

    with Cluster(address) as cluster:
        monkeypatch.setattr(cluster._client, "submit", killed)
        result = cluster.grade_once("ada", None, tiny, 1, None)
    assert (result.status, result.points) == ("stopped", 0)
    assert "one worker of the cluster after another" in result.reason


def test_a_cluster_that_is_not_there(tmp_path, monkeypatch, tiny):
    monkeypatch.setattr("autograder.cluster.PATIENCE", 0.5)
    with pytest.raises(CannotRun, match=r"No scheduler of dask answers at tcp://127\.0\.0\.1:1"):
        Cluster("tcp://127.0.0.1:1")
    (tmp_path / "ada").mkdir()
    words = ["grade", "ps0", "--submissions", str(tmp_path), "--exercises", str(tiny.folder.parent), "--engine", "dask"]
    done = CliRunner().invoke(main, [*words, "--course", str(tmp_path / "course")])
    assert done.exit_code == 2
    assert "give its address, --scheduler tcp://HOST:8786" in done.stderr
