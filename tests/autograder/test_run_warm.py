"""Workers forked from a warm interpreter are as far apart as those that start cold, and the trusted side sees to it."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.ground.runs import CannotRun, Cell, Run, Trial
from autograder.run import memory_watch
from autograder.run.launch import run
from autograder.run.limits import MIB, Limits
from autograder.run.sandbox import seccomp, warm
from autograder.run.sandbox.launcher import Sandbox
from autograder.run.sandbox.process import SandboxProcess

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(os.geteuid() != 0 or not seccomp.available(), reason="templates are for root on x86_64"),
]

WARM = Sandbox(("numpy",))


def ask(source: str, expression: str, sandbox: object = WARM) -> Run:
    return run([Cell("a", source)], [Trial("t", 0, f"def probe(student): return {expression}", {}, 20.0)], sandbox)


def answer(source: str, expression: str = "student.x", sandbox: object = WARM) -> object:
    ran = ask(source, expression, sandbox)
    assert ran.outcomes["t", 0].kind == "answer", (ran.cells, ran.outcomes)
    return ran.outcomes["t", 0].value


@pytest.fixture(scope="module")
def template():
    template = warm.template_for(WARM, {})
    assert template is not None
    return template


def test_workers_are_forked_from_the_template(template):
    process = WARM.start()
    try:
        assert isinstance(process, warm.WarmProcess)
        assert process.stdout.read(100) == b"0 null\n"
        (worker,) = process._workers()
        parents = re.findall(r"(?m)^PPid:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())
        assert list(map(int, parents)) == memory_watch.children(template.process.pid)
    finally:
        process.stop()


LEAVE_TRACES = """
import os, sys
import numpy as np
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~")):
    open(os.path.join(folder, "trace"), "w").write("trace")
np.sin = lambda x: 42
np.core_trace = sys.trace = True
sys.modules["trace_of_another"] = sys
os.environ["TRACE"] = "1"
sys.setrecursionlimit(7777)
"""
FIND_TRACES = """
import os, sys
import numpy as np
x = [os.path.exists(os.path.join(f, "trace")) for f in ("/tmp", "/dev/shm", os.path.expanduser("~"))]
x += [np.sin(0.0) == 42, hasattr(np, "core_trace"), hasattr(sys, "trace"), "trace_of_another" in sys.modules]
x += ["TRACE" in os.environ, sys.getrecursionlimit() == 7777]
"""


def test_nothing_of_one_submission_is_in_the_next():
    assert answer(LEAVE_TRACES + FIND_TRACES) == [True] * 9
    assert answer(FIND_TRACES) == [False] * 9


def test_submissions_that_run_at_once_do_not_see_each_other():
    hold = "import os, time\nopen('/tmp/here', 'w').write('x')\ntime.sleep(3)\nx = sorted(os.listdir('/tmp'))"
    results = {}
    first = threading.Thread(target=lambda: results.update(first=answer(hold)))
    first.start()
    time.sleep(1)
    look = """
import os
def there(number):
    try: os.kill(number, 0)
    except ProcessLookupError: return False
    except PermissionError: pass
    return True
x = [sorted(os.listdir("/tmp")), [number for number in range(1, 40_000) if there(number)]]
"""
    files, processes = answer(look)
    first.join()
    assert results["first"] == ["here"]
    assert files == []
    assert len(processes) == 3  # bubblewrap's first, the holder, and itself


def test_it_finds_what_a_cold_worker_finds():
    source = """
import os, sys, json, resource
def view():
    libc = __import__("ctypes").CDLL(None)
    places = ("/", "/tmp", "/dev", "/dev/shm", "/home/student", "/worker", "/worker/site/numpy", os.__file__[:-6])
    names = ("NPROC", "AS", "FSIZE", "NOFILE", "CPU", "CORE")
    return {
        "privileges": [libc.prctl(39, 0, 0, 0, 0), libc.prctl(21, 0, 0, 0, 0), os.getgroups(), 0 in os.getresuid()],
        "limits": {n: list(resource.getrlimit(getattr(resource, "RLIMIT_" + n))) for n in names},
        "environment": dict(os.environ), "cwd": os.getcwd(), "umask": os.umask(0o22),
        "root": sorted(os.listdir("/")), "home": os.listdir("."), "path": sys.path, "host": os.uname().nodename,
        "files": sorted(os.listdir("/worker/site")), "shm": os.listdir("/dev/shm"), "argv": len(sys.argv),
        "child": os.system("true"), "mounts": [(p, os.statvfs(p).f_flag, os.statvfs(p).f_blocks) for p in places],
        "dispositions": [str(__import__("signal").getsignal(n)) for n in range(1, 32) if n not in (9, 14, 19, 27)],
    }
x = view()
"""
    cold = answer(source, sandbox=Sandbox(("numpy",), warm=False))
    assert answer(source) == cold
    assert cold["privileges"] == [1, 2, [], False]


def test_it_knows_no_path_of_this_machine():
    import numpy

    places = "[m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)]"
    said = str(
        answer(f"import numpy.linalg, os, sys, sysconfig\nx = str([{places}, sysconfig.get_config_vars(), sys.prefix])")
    )
    assert "/worker/site/numpy" in said
    assert str(Path(numpy.__file__).parents[1]) not in said
    assert sys.base_prefix.startswith("/usr") or sys.base_prefix not in said


def test_each_draws_its_own_random_numbers():
    source = "import numpy as np\nx = [float(np.random.rand()) for _ in range(3)]"
    assert answer(source) != answer(source)


class Meddling(warm.Template):
    """The template of this machine, whose messages are changed on the way."""

    def __init__(self, template, change):
        self.template, self.change = template, change

    def fork(self):
        fork = self.template.fork()
        enter = fork.enter
        fork.enter = lambda settings, descriptors: enter(*self.change(dict(settings), list(descriptors)))
        return fork


def meddled(template, change) -> Run:
    return ask("x = 1", "student.x", warm._From(WARM, {}, Meddling(template, change)))


@pytest.mark.parametrize("kind", warm.SPACES)
def test_a_worker_that_did_not_enter_a_namespace_gets_no_cell(template, kind):
    at = warm.SPACES.index(kind)
    with pytest.raises(CannotRun) as caught:
        meddled(template, lambda settings, descriptors: (settings, descriptors[:at] + descriptors[at + 1 :]))
    nobody_is_in_there = "ended before its sandbox could be verified"
    said = nobody_is_in_there if kind == "pid" else f"its worker has not entered the {kind} namespace"
    assert said in str(caught.value)


def test_a_worker_that_holds_another_file_than_its_pipes_gets_no_cell(template):
    reading, writing = os.pipe()
    with pytest.raises(CannotRun, match=r"its worker holds pipe:"):
        meddled(template, lambda settings, descriptors: (settings, [*descriptors[:-3], reading, *descriptors[-2:]]))
    os.close(reading)
    os.close(writing)


def test_a_worker_that_stays_root_gets_no_cell(template):
    with pytest.raises(CannotRun, match="refuses to"):
        meddled(template, lambda settings, descriptors: (settings | {"uid": None}, descriptors))


def test_a_worker_without_the_filter_gets_no_cell(template):
    allow_all = "0600" + "0000" + "0000ff7f"
    with pytest.raises(CannotRun, match="did not start"):
        meddled(template, lambda settings, descriptors: (settings | {"filter": ""}, descriptors))
    # That a filter is there can be seen from outside, what it says cannot: it is part of our own message.
    assert not meddled(template, lambda s, d: (s | {"filter": allow_all}, d)).stopped


def test_a_sandbox_that_shares_the_graders_network_gets_no_cell(template, monkeypatch):
    from autograder.run.sandbox import bubblewrap

    whole = bubblewrap.confinement
    monkeypatch.setattr(bubblewrap, "confinement", lambda *a: [w for w in whole(*a) if w != "--unshare-net"])
    with pytest.raises(CannotRun, match="the sandbox has the net namespace of the grader"):
        ask("x = 1", "student.x", warm._From(WARM, {}, template))


def test_a_template_that_died_is_replaced(template):
    first = warm.template_for(WARM, {})
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    assert answer("x = 1") == 1
    again = warm.template_for(WARM, {})
    assert again is not first
    assert again.alive


def test_where_there_can_be_no_template_workers_start_cold(monkeypatch):
    monkeypatch.setattr(warm, "_templates", {})
    monkeypatch.setattr(warm, "Template", lambda *a: (_ for _ in ()).throw(CannotRun("not here")))
    process = WARM.start()
    assert type(process) is SandboxProcess
    process.stop()
    assert answer("x = 1") == 1


def test_what_most_notebooks_import_is_there_already():
    sandbox = Sandbox(("numpy", "matplotlib"), preload=("matplotlib.pyplot", "no_such_module"))
    source = "import sys\nx = 'matplotlib.pyplot' in sys.modules"
    assert answer(source, sandbox=sandbox) is True
    assert answer(source, sandbox=Sandbox(("numpy", "matplotlib"))) is False


def test_memory_is_watched_in_a_worker_that_has_no_parent_in_there():
    hogs = """
import os, time
for _ in range(4):
    if not os.fork():
        hog = b"x" * (60 * 2**20)
        time.sleep(15); os._exit(0)
time.sleep(15)
"""
    sandbox = Sandbox(("numpy",), limits=Limits(memory=192 * MIB))
    ran = run([Cell("a", hogs)], [], sandbox, cell_seconds=18)
    assert "together used more than 192 MiB" in ran.stopped
