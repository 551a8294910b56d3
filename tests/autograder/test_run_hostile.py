"""Hostile submissions: whatever one does, it costs that submission its own marks and nothing else.

The attacks stand in hostile/attacks.toml: not as Python files, which a test runner might import. The honest functions
around them may be stopped, but never answer wrongly.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import pytest

from autograder.ground.runs import Cell, Run, Trial
from autograder.run.launch import Launcher, run
from autograder.run.limits import MIB, Limits
from autograder.run.sandbox import seccomp
from autograder.run.sandbox.launcher import Sandbox
from autograder.run.sandbox.process import SandboxProcess
from tests.autograder.ordinary_user import python_as_ordinary_user

pytestmark = pytest.mark.grading

BEFORE = Cell("before", "def double(x):\n    return 2 * x")
AFTER = Cell("after", "def triple(x):\n    return 3 * x")
ATTACK = "def probe(student):\n    return student.attack()\n"

ATTACKS = tomllib.loads(Path(__file__).with_name("hostile").joinpath("attacks.toml").read_text("utf-8"))
if not seccomp.available():
    del ATTACKS["system-calls-that-are-filtered"]

# Put before the attacks that use it.
SHOUT = """
import os
every = []
for n in range(3, 256):
    try: os.fstat(n); every.append(n)
    except OSError: pass
def shout(data):
    for n in every:
        try: os.write(n, data)
        except OSError: pass
"""


def submit(attack: str, launcher: Launcher | None = None, cell_seconds: float = 1.0) -> Run:
    """Run one attack between two honest cells, whose requests have the numbers 1 to 3; the trials have 4 to 7."""
    attack = SHOUT + attack if "shout(" in attack else attack
    trials = [
        Trial("double", 0, "def probe(student, x):\n    return student.double(x)\n", {"x": 21}, 2.0),
        Trial("attack", 0, ATTACK, {}, 1.0),
        Trial("triple", 0, "def probe(student, x):\n    return student.triple(x)\n", {"x": 5}, 2.0),
        Trial("double", 1, "def probe(student, x):\n    return student.double(x)\n", {"x": 4}, 2.0),
    ]
    launcher = launcher or Sandbox(("numpy",), limits=Limits(memory=512 * MIB))
    return run([BEFORE, Cell("attack", attack), AFTER], trials, launcher, seconds=15, cell_seconds=cell_seconds)


def costs_the_attacker_alone(name: str) -> None:
    attack = {"becomes": "missing", "says": "attack", "others": "answer", "error": "", **ATTACKS[name]}
    ran = submit(attack["attack"])
    assert [cell.name for cell in ran.cells] == ["before", "attack", "after"]
    right = {("double", 0): 42, ("triple", 0): 15, ("double", 1): 8}
    assert set(ran.outcomes) == {*right, ("attack", 0)}
    for asked, value in right.items():
        given = ran.outcomes[asked]
        assert given.kind in ("answer", attack["others"]), given
        assert given.kind != "answer" or given.value == value
    assert bool(ran.stopped) == (attack["others"] == "stopped"), ran.stopped
    came = ran.outcomes["attack", 0]
    assert came.kind == attack["becomes"], came
    if came.kind == "answer":
        assert came.value == attack["says"]
    else:
        assert attack["says"] in came.text
    cell = ran.cells[1]
    assert attack["error"] in cell.error if attack["error"] else not cell.error
    assert len(cell.output) < 100_000
    assert not set("\x1b\u202e\ud800") & set(cell.error + cell.output)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_the_attacker_alone(name):
    costs_the_attacker_alone(name)


AS_ANOTHER = """
from concurrent.futures import ThreadPoolExecutor
from tests.autograder.test_run_hostile import ATTACKS, costs_the_attacker_alone
def verdict(name):
    try:
        costs_the_attacker_alone(name)
    except BaseException as error:
        return f"{name}: {type(error).__name__}: {error}"
    return f"{name}: as root has it"
with ThreadPoolExecutor(2) as pool:
    for line in pool.map(verdict, ATTACKS):
        print(line, flush=True)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests above are an ordinary user's already")
def test_an_ordinary_user_gets_the_verdicts_of_root_on_every_attack(tmp_path):
    """Without root there is no user of the sandbox's own, and maybe no control group: other walls."""
    said = python_as_ordinary_user(["-c", AS_ANOTHER], tmp_path, 500.0)
    assert said.splitlines() == [f"{name}: as root has it" for name in ATTACKS]


def test_memory_of_many_processes_is_bounded():
    hogs = """
import os, time
for _ in range(6):
    if not os.fork():
        hog = b"x" * (200 * 2**20)
        time.sleep(8); os._exit(0)
time.sleep(8)
"""
    ran = submit(hogs, cell_seconds=10)
    assert "together used more than 512 MiB" in ran.stopped
    assert ran.cells[0].error == ""
    assert ran.cells[1].stopped
    assert ran.outcomes["double", 0].kind == "stopped"


def test_nothing_of_the_course_is_in_there(tmp_path, root):
    (tmp_path / "gradebook.db").write_text("secret")
    search = """
import os, sys
def attack():
    names = {"course_lib", "autograder", "gradebook.db", "checks.py", "exercises", "pyproject.toml", "submissions",
             "scipy", "sklearn", "nbgrader", "IPython", "pip"}
    # Parts of the standard library have such names too.
    own = os.path.dirname(os.__file__)
    found = []
    for folder, folders, files in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", own + "/ensurepip", own + "/test")]
        if folder.startswith("/usr/lib/python") or not folder.startswith("/usr/lib"):
            found += [os.path.join(folder, n) for n in folders + files if n in names]
    return found
"""
    ran = run([Cell("a", search)], [Trial("attack", 0, ATTACK, {}, 20.0)], Sandbox(("numpy",)))
    assert ran.outcomes["attack", 0].value == []
    places = [str(root / "course_lib"), str(root / "autograder" / "checks.py"), str(tmp_path), "/etc/passwd", "/var"]
    asked = f"import os\ndef attack():\n    return [p for p in {places} if os.path.exists(p)]"
    assert submit(asked).outcomes["attack", 0].value == []
    imported = "def attack():\n    import %s"
    for name in ("course_lib.autodiff", "autograder.ground.answers", "autograder.mark", "scipy", "pip", "nbgrader"):
        came = submit(imported % name).outcomes["attack", 0]
        assert came.text.startswith("ModuleNotFoundError"), came


def test_no_way_to_a_service_of_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ran = submit(f"import socket\ndef attack():\n    socket.create_connection(('127.0.0.1', {port}), 1)")
    assert "PermissionError" in ran.outcomes["attack", 0].text
    # The network namespace holds without the filter on system calls, too.
    submit("def attack(): pass", launcher := Recording())
    assert launcher.spaces["net"] != os.readlink("/proc/self/ns/net")


def test_it_runs_as_an_unprivileged_user_of_its_own():
    first, second = launchers = Recording(), Recording()
    for launcher in launchers:
        submit("def attack(): pass", launcher)
    first, second = (launcher.status for launcher in launchers)
    assert int(first["Uid:"]) > 0
    assert int(first["Gid:"]) > 0
    assert int(first["CapEff:"], 16) == int(first["CapPrm:"], 16) == 0
    assert first["NoNewPrivs:"] == "1"
    assert first["Seccomp:"] == "2"
    assert os.geteuid() != 0 or first["Uid:"] != second["Uid:"]


class Recording:
    """The sandbox, remembering the namespaces that it made, and what its worker is."""

    def __init__(self) -> None:
        self.spaces: dict[str, str] = {}
        self.status: dict[str, str] = {}

    def start(self) -> SandboxProcess:
        process = Sandbox(("numpy",)).start()
        verify = process.verify

        def verify_and_look() -> None:
            verify()
            self.spaces = {kind: os.readlink(f"/proc/{process._inside}/ns/{kind}") for kind in ("pid", "net")}
            lines = Path(f"/proc/{process._workers()[0]}/status").read_text().splitlines()
            self.status = {line.split()[0]: line.split()[1] for line in lines if line.split()[1:]}

        process.verify = verify_and_look  # type: ignore[method-assign]
        return process


def processes_in(space: str) -> list[str]:
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{name}/ns/pid") == space:
                found.append(name)
        except OSError:
            pass
    return found


def test_nothing_outlives_a_run():
    launcher = Recording()
    daemon = "import os, time\nif not os.fork():\n    os.setsid()\n    time.sleep(20); os._exit(0)"
    ran = submit(daemon, launcher)
    assert ran.outcomes["double", 0].value == 42
    assert launcher.spaces
    deadline = time.monotonic() + 20
    while processes_in(launcher.spaces["pid"]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert processes_in(launcher.spaces["pid"]) == []


GRADER = """
import os, sys
from autograder.ground.runs import Cell
from autograder.run.launch import run
from autograder.run.sandbox.launcher import Sandbox
from autograder.run.sandbox.process import SandboxProcess
verify = SandboxProcess.verify
def verify_and_tell(self):
    verify(self)
    print(os.readlink(f"/proc/{self._inside}/ns/pid"), flush=True)
SandboxProcess.verify = verify_and_tell
run([Cell("a", "while True: pass")], [], Sandbox(("numpy",)), seconds=30, cell_seconds=30)
"""


def test_a_sandbox_dies_with_its_grader(root):
    grader = subprocess.Popen([sys.executable, "-c", GRADER], stdout=subprocess.PIPE, text=True, cwd=root)
    space = grader.stdout.readline().strip()
    assert processes_in(space)
    grader.kill()
    grader.communicate()
    deadline = time.monotonic() + 20
    while processes_in(space) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert processes_in(space) == []


def test_one_run_does_not_touch_another():
    results: dict[str, Run] = {}
    attacks = ["forks", "kill-everyone", "endless-probe", "flood-into-every-descriptor"]
    threads = [threading.Thread(target=lambda n=n: results.update({n: submit(ATTACKS[n]["attack"])})) for n in attacks]
    threads.append(threading.Thread(target=lambda: results.update(honest=submit("def attack(): return 1"))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert results["honest"].outcomes["attack", 0].value == 1
    assert results["forks"].outcomes["attack", 0].value is True
    assert results["endless-probe"].outcomes["triple", 0].value == 15
