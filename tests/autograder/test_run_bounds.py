"""What all processes of a sandbox use together is bounded, and the mark and the words are the same by either bound."""

from __future__ import annotations

import json
import re
import time

import pytest

from autograder.ground.runs import Cell, Run, Trial
from autograder.run import memory_watch
from autograder.run.launch import run
from autograder.run.limits import MIB, Limits
from autograder.run.sandbox import cgroup
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading

LIMITS = Limits(memory=256 * MIB, space=128 * MIB, processes=24)
BEFORE = Cell("before", "def double(x):\n    return 2 * x")

# Each process stays well below its own limit, and each file below the largest.
HOGS = """
import os, time
for _ in range(8):
    if not os.fork():
        hog = b"x" * (60 * 2**20)
        time.sleep(20); os._exit(0)
time.sleep(20)
"""
FILES = """
import os, time
for folder in ("/tmp", os.path.expanduser("~"), "/dev/shm"):
    for number in range(4):
        with open(f"{folder}/{number}", "wb") as file:
            file.write(b"x" * (30 * 2**20))
time.sleep(20)
"""
SHARED = """
import mmap, os, time
held = []
for _ in range(8):
    held.append(mmap.mmap(-1, 60 * 2**20))
    if not os.fork():
        for shared in held:
            for page in range(0, len(shared), 4096):
                shared[page] = 1
        time.sleep(20); os._exit(0)
    held.pop().close()
time.sleep(20)
"""


SOCKETS = """
import os, socket, time
for _ in range(16):
    if not os.fork():
        held = []
        try:
            while len(held) < 240:
                held += socket.socketpair()
                held[-1].setblocking(False)
                try:
                    while True: held[-1].send(b"x" * 60_000)
                except BlockingIOError: pass
        except OSError: pass
        time.sleep(20); os._exit(0)
time.sleep(20)
"""
EMPTY = """
import os, time
for number in range(300_000):
    os.close(os.open(f"/tmp/{number:0250}", os.O_CREAT | os.O_WRONLY))
time.sleep(20)
"""


def bounded(cgroup: bool, warm: bool = True) -> Sandbox:
    return Sandbox(("numpy",), limits=LIMITS, warm=warm, cgroup=cgroup)


def submit(source: str, launcher: Sandbox, seconds: float = 25.0) -> Run:
    trials = [Trial("double", 0, "def probe(student): return student.double(21)", {})]
    return run([BEFORE, Cell("attack", source)], trials, launcher, seconds=2 * seconds, cell_seconds=seconds)


@pytest.fixture(params=["a control group", "a watch"])
def by_cgroup(request) -> bool:
    if request.param == "a control group" and not isinstance(cgroup.groups(), cgroup.Groups):
        pytest.skip(str(cgroup.groups()))
    return request.param == "a control group"


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
@pytest.mark.parametrize(
    "attack", [HOGS, FILES, SHARED, SOCKETS, EMPTY], ids=["hogs", "files", "shared", "sockets", "empty"]
)
def test_memory_of_every_kind_is_bounded(by_cgroup, attack, warm):
    ran = submit(attack, bounded(by_cgroup, warm))
    assert ran.stopped == "its processes together used more than 256 MiB of memory (in cell attack)"
    assert ran.cells[0].error == ""
    assert ran.cells[1].stopped
    assert ran.outcomes["double", 0].kind == "stopped"


def test_what_stays_below_is_left_alone(by_cgroup):
    source = HOGS.replace("range(8)", "range(3)").replace("time.sleep(20)", "time.sleep(1)")
    ran = submit(source, bounded(by_cgroup))
    assert not ran.stopped
    assert ran.outcomes["double", 0].value == 42


def test_a_process_that_forks_without_end_is_bounded(by_cgroup):
    forks = """
import os, time
started = 0
try:
    while started < 60:
        if not os.fork():
            time.sleep(20); os._exit(0)
        started += 1
except OSError as error:
    raise RuntimeError(f"after {started}: {error.strerror}")
"""
    ran = submit(forks, bounded(by_cgroup))
    # Of an ordinary user, bubblewrap's own processes count too.
    assert re.search(r"RuntimeError: after 2[0-3]: Resource temporarily unavailable", ran.cells[1].error)
    assert ran.outcomes["double", 0].text == "no process could be started for it: Resource temporarily unavailable"


def test_a_hog_in_a_probe_ends_the_run_though_another_process_was_killed(by_cgroup):
    """The worker outlives the probe's process, so it could go on to answer."""
    hog = "import os\nheld = []\ndef hog():\n" + "".join(f"    {line}\n" for line in HOGS.strip().splitlines())
    trials = [
        Trial("hog", 0, "def probe(student): student.hog()", {}, 20.0),
        Trial("double", 0, "def probe(student): return student.double(21)", {}),
    ]
    ran = run([BEFORE, Cell("hog", hog)], trials, bounded(by_cgroup))
    assert ran.stopped == (
        "its processes together used more than 256 MiB of memory (while the checks called its functions)"
    )
    assert [ran.outcomes[asked].kind for asked in (("hog", 0), ("double", 0))] == ["stopped", "stopped"]


def test_student_code_finds_no_group_that_it_could_leave():
    source = """
import ctypes, os
mounts = [place for place in ("/proc/self/mounts", "/proc/1/mounts") if os.path.exists(place)]
places = [folder for folder, _, _ in os.walk("/sys")]
libc = ctypes.CDLL(None, use_errno=True)
tried = []
for kind, options in ((b"cgroup2", None), (b"cgroup", b"memory")):
    tried.append(libc.mount(b"none", b"/tmp", kind, 0, options))
x = mounts, places, tried
"""
    trial = Trial("t", 0, "def probe(student): return student.x", {})
    ran = run([Cell("a", source)], [trial], Sandbox(("numpy",)))
    assert ran.outcomes["t", 0].value == ([], [], [-1, -1])


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_all_that_runs_student_code_is_in_the_group_before_it_does(warm):
    if not isinstance(groups := cgroup.groups(), cgroup.Groups):
        pytest.skip(str(groups))
    process = Sandbox(("numpy",), warm=warm).start()
    try:
        if process.settings is not None:
            process.stdin.write(json.dumps(process.settings).encode() + b"\n")
        assert process.stdout.read(100) == b"0 null\n"
        process.verify()
        assert isinstance(process._bound, cgroup.Group)
        for folder in process._bound.folders:
            inside = (folder / "cgroup.procs").read_text().split()
            assert inside == list(map(str, process._workers()))
    finally:
        process.stop()
    until = time.monotonic() + 20
    while any(folder.exists() for folder in process._bound.folders) and time.monotonic() < until:
        groups.remove()
    assert not any(folder.exists() for folder in process._bound.folders)


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_without_a_control_group_the_watch_holds(monkeypatch, warm):
    refused = cgroup.NoGroups("/sys/fs/cgroup/ours: Read-only file system")
    monkeypatch.setattr(cgroup, "groups", lambda: refused)
    process = Sandbox(("numpy",), warm=warm).start()
    try:
        if process.settings is not None:
            process.stdin.write(json.dumps(process.settings).encode() + b"\n")
        assert process.stdout.read(100) == b"0 null\n"
        process.verify()
        assert isinstance(process._bound, memory_watch.Watch)
        counted = process._bound._processes()
        assert len(counted) == len({*counted})  # or it would be charged twice for its time and its memory
        assert {*process._workers()} <= {*counted}
    finally:
        process.stop()
    said = (
        "a bound on the memory of all processes together: a look at them, 20 times a second, since there is no control "
        "group (/sys/fs/cgroup/ours: Read-only file system)"
    )
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    for user, advice in ((0, ""), (1000, "; under `systemd-run --user --scope -p Delegate=yes` there may be one")):
        monkeypatch.setattr("os.geteuid", lambda user=user: user)
        (line,) = [layer for layer in Sandbox.layers() if "together" in layer]
        assert line == said + advice
        assert Sandbox.layers()[line]


def test_a_group_that_cannot_be_entered_leaves_the_sandbox_to_the_watch(monkeypatch):
    if not isinstance(cgroup.groups(), cgroup.Groups):
        pytest.skip("no control groups here")
    monkeypatch.setattr(cgroup.Group, "admit", lambda self, pid: (_ for _ in ()).throw(PermissionError("no")))
    ran = submit(HOGS, bounded(True))
    assert re.match("its processes together used more than 256 MiB", ran.stopped)
