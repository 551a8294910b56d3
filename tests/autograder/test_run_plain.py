"""The launcher without a sandbox: what it shares with the sandbox, and that it needs nothing but Python."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.ground.runs import CannotRun, Cell, CellRun, Run, Trial
from autograder.run import launch
from autograder.run.declared import declared
from autograder.run.launch import run
from autograder.run.plain import Plain
from autograder.run.sandbox.launcher import Sandbox

LAUNCHERS = [pytest.param(Plain, id="plain"), pytest.param(Sandbox, id="sandbox", marks=pytest.mark.grading)]
both = pytest.mark.parametrize("launcher", LAUNCHERS)


def ask(launcher, *sources, expression="None", imports=("numpy",), **inputs) -> Run:
    cells = [Cell(f"c{n}", source) for n, source in enumerate(sources)]
    probe = f"def probe(student, {', '.join(inputs)}):\n    return {expression}\n"
    return run(cells, [Trial("t", 0, probe, inputs, 20.0)], launcher(imports), cell_seconds=20)


def only(ran: Run) -> object:
    assert ran.outcomes["t", 0].kind == "answer", (ran.outcomes, ran.cells)
    return ran.outcomes["t", 0].value


@both
def test_cells_run_in_order_in_one_namespace(launcher):
    cells = ["a = 1\nprint('one')", "1 / 0", "b = a + 1", "def f(:", "import sys; sys.exit(2)", "c = __name__"]
    ran = ask(launcher, *cells, expression="(student.b, student.c)")
    assert only(ran) == (2, "__main__")
    assert ran.cells == (
        CellRun("c0", "", "one\n"),
        CellRun("c1", "ZeroDivisionError: division by zero (line 1: 1 / 0)"),
        CellRun("c2"),
        CellRun("c3", "SyntaxError: invalid syntax (line 1: def f(:)"),
        CellRun("c4", "SystemExit: 2 (line 1: import sys; sys.exit(2))"),
        CellRun("c5"),
    )


@both
def test_data_crosses_both_ways(launcher):
    x = np.linspace(0, 1, 5)
    cell = "import numpy as np\ndef f(x, k): return {'y': np.exp(x), 'k': k}"
    answer = only(ask(launcher, cell, expression="student.f(x, k)", x=x, k=[1, (2, "z")]))
    np.testing.assert_array_equal(answer["y"], np.exp(x))
    assert answer["k"] == [1, (2, "z")]


@both
def test_an_error_names_the_students_line(launcher):
    ran = ask(launcher, "def f(x):\n    y = x + 1\n    return y / 0", expression="student.f(1)")
    assert ran.outcomes["t", 0].text == "ZeroDivisionError: division by zero (line 3: return y / 0)"


@both
def test_an_error_that_is_raised_in_another_cell_names_the_line_that_led_there(launcher):
    ran = ask(
        launcher, "def g(x):\n    return 1 / x", "def f(x):\n    y = x\n    return g(y)", expression="student.f(0)"
    )
    where = "line 3: return g(y); raised in another cell, line 2: return 1 / x"
    assert ran.outcomes["t", 0].text == f"ZeroDivisionError: division by zero ({where})"


@both
def test_what_is_not_declared_is_refused_in_so_many_words(launcher):
    asking = "import importlib.util\nfound = importlib.util.find_spec('scipy')"
    cells = [
        "import scipy",
        "import course_lib.autodiff",
        "import json, sqlite3, xml.dom",
        "import numpy.nothing",
        asking,
    ]
    ran = ask(launcher, *cells, expression="student.found")
    assert only(ran) is None
    errors = [cell.error for cell in ran.cells]
    assert "No module named 'scipy' here: this problem set may import only the standard library, numpy" in errors[0]
    assert "ModuleNotFoundError" in errors[1]
    assert not errors[2]
    assert errors[3].startswith("ModuleNotFoundError: No module named 'numpy.nothing' (")


@both
def test_a_part_of_a_local_package(launcher):
    cells = ["import course_lib.datasets", "import course_lib.autodiff", "import course_lib.explore"]
    ran = ask(launcher, *cells, imports=("numpy", "course_lib.datasets"))
    assert not ran.cells[0].error
    assert "may import only the standard library, numpy, course_lib.datasets" in ran.cells[1].error
    assert "ModuleNotFoundError" in ran.cells[2].error


@both
def test_what_a_notebook_finds_in_jupyter(launcher):
    cells = [
        "from autograder.checks import problem_set\nps1 = problem_set('ps1')\nps1.check('a'); ps1.hint('a')",
        "from IPython.display import HTML, Markdown, display\ndisplay(Markdown('x'), HTML('y'))\ndisplay(1)",
        "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')",
        "get_ipython().run_cell_magic('time', '', 'z = 5\\n1 / 0\\n')",
    ]
    ran = ask(launcher, *cells, expression="student.z")
    assert only(ran) == 5
    assert [cell.error for cell in ran.cells][:3] == ["", "", ""]
    assert ran.cells[3].error.startswith("ZeroDivisionError: division by zero (line 3")


@both
def test_pictures_are_drawn_without_a_screen(launcher):
    cells = [
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nax.set_title('a')",
        "plt.show()\nfig.savefig('a.png')\nimport os\nsize = os.path.getsize('a.png')",
    ]
    ran = ask(launcher, *cells, imports=("numpy", "matplotlib"), expression="student.size")
    assert only(ran) > 1000
    assert not any(cell.error for cell in ran.cells)


@both
def test_a_person_sees_what_a_cell_has_drawn(launcher):
    """Where nobody will look, nothing is drawn; and a cell's figures are closed with it, as in a notebook."""
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('drawn')\nplt.show()"
    open_figures = "import matplotlib.pyplot as plt\nleft = plt.get_fignums()"
    many = "import matplotlib.pyplot as plt\nfor n in range(9): plt.figure(figsize=(1, 1))\n1 / 0"
    cells = [Cell("a", draw), Cell("b", draw, show=True), Cell("c", many, show=True), Cell("d", open_figures)]
    probe = "def probe(student): return student.left"
    ran = run(cells, [Trial("t", 0, probe, {})], launcher(("numpy", "matplotlib")), cell_seconds=30)
    assert [len(cell.figures) for cell in ran.cells] == [0, 1, 4, 0]
    assert ran.cells[1].output == "drawn\n"
    assert "ZeroDivisionError" in ran.cells[2].error
    assert ran.outcomes["t", 0].value == []
    from matplotlib.image import imread

    picture = imread(io.BytesIO(base64.b64decode(ran.cells[1].figures[0])))
    assert picture.shape == (384, 512, 4)
    assert picture.min() < picture.max()


@both
def test_figures_that_are_none_and_figures_that_never_end(launcher, monkeypatch):
    forged = """
import sys, types
fake = types.ModuleType("matplotlib.pyplot")
class Figure:
    def savefig(self, file, **options): file.write(b"<svg onload=alert(1)>")
fake.get_fignums = lambda: [1, 2]
fake.figure = lambda number: Figure()
fake.close = lambda which: None
sys.modules["matplotlib.pyplot"] = fake
"""
    endless = forged.replace("file.write", "[None for _ in iter(int, 1)] or file.write")
    monkeypatch.setattr(launch, "FIGURE_SECONDS", 15.0)
    cells = [Cell("a", forged, show=True), Cell("b", endless, show=True), Cell("c", "x = 3")]
    ran = run(cells, [Trial("t", 0, "def probe(student): return student.x", {})], launcher(("numpy",)))
    assert [cell.figures for cell in ran.cells] == [(), (), ()]
    assert ran.outcomes["t", 0].value == 3
    assert not ran.stopped


@both
def test_output_is_capped_and_input_comes_to_an_end(launcher):
    flood = "import sys\nprint('x' * 200_000)\nprint('y', file=sys.stderr)\nsys.stdout.buffer.write(b'z')"
    ran = ask(launcher, flood, "input()", "while True:\n    input()")
    assert 60_000 < len(ran.cells[0].output) < 70_000
    assert "[more output is not shown]y" in ran.cells[0].output
    assert not ran.cells[1].error
    assert "EOFError" in ran.cells[2].error


@both
def test_a_cell_that_never_ends_does_not_stop_the_others(launcher):
    cells = [Cell("a", "import time\nwhile True:\n    time.sleep(0.01)"), Cell("b", "x = 3")]
    ran = run(
        cells, [Trial("t", 0, "def probe(student): return student.x", {})], launcher(("numpy",)), cell_seconds=0.5
    )
    assert ran.cells[0].stopped
    # The limit is one second, and more in a crowd.
    said = r"it had not finished after [\d.]+ s on the clock: does it wait for something\? \(at line \d"
    assert re.match(said, ran.cells[0].error)
    assert ran.by_wall
    assert ran.outcomes["t", 0].value == 3
    assert not ran.stopped


CALLS = "calls = []\ndef first(): calls.append(1); return len(calls)\n"


def put(launcher, cell: str, *checks: str, trials: int = 2, seconds: float = 1.0) -> dict[str, list[object]]:
    """Ask for several checks as marking does; return what each trial got: the answer, or how it ended."""
    asked = [
        Trial(check, number, f"def probe(student):\n    return student.{check.split('-')[0]}()\n", {}, seconds)
        for check in checks
        for number in range(trials)
    ]
    said = run([Cell("c", cell)], asked, launcher(("numpy",)), cell_seconds=20).outcomes
    got = {key: outcome.value if outcome.kind == "answer" else outcome.kind for key, outcome in said.items()}
    return {check: [got[check, number] for number in range(trials)] for check in checks}


@both
def test_the_trials_of_one_check_share_a_process_and_checks_do_not(launcher):
    """As at home, where calls of one check follow each other; what another check left behind counts against nobody."""
    got = put(launcher, CALLS, "first", "first-again")
    assert got == {"first": [1, 2], "first-again": [1, 2]} or sys.platform != "linux"


@both
def test_a_function_that_never_ends_or_ends_python_costs_its_own_check_only(launcher):
    cell = CALLS + "import os\ndef endless():\n    while True: pass\ndef ending(): os._exit(0)\ndef last(): return 5"
    got = put(launcher, cell, "first", "endless", "ending", "last")
    others = {"first": [1, 2], "last": [5, 5]}
    assert got == others | {"endless": ["stopped", "stopped"], "ending": ["stopped", "stopped"]}


@both
def test_what_a_trial_offers_runs_on_the_trusted_side(launcher):
    """The student's function gets no frame, no closure and no counter to look into: only a function that asks."""
    cell = """
import math, sys
def slope(f, x):
    held = [c.cell_contents for c in f.__closure__ or ()]
    assert not any(isinstance(h, dict) for h in held)
    try:
        f("text")
    except ValueError as error:
        assert "cannot be called so: TypeError" in str(error)
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
def endless(f, x):
    while True:
        f(x)
"""
    probe = "def probe(student, x, a, f):\n    return student.%s(f, x)\n"
    inputs = {"x": 2.0, "a": 3.0}
    offers = lambda x, a: {"f": lambda z: a * z**2}  # noqa: E731
    trials = [Trial("c", n, probe % "slope", inputs, offers=offers) for n in range(2)]
    trials.append(Trial("d", 0, probe % "endless", inputs, offers=offers))
    ran = run([Cell("c", cell)], trials, launcher(("numpy",)))
    for number in range(2):
        said = ran.outcomes["c", number].value
        assert said["answer"] == pytest.approx(12.0, abs=1e-6)
        assert said["calls of f"] == 3
    assert "it was called more than 20000 times" in ran.outcomes["d", 0].text


@both
def test_time_is_counted_in_processor_time_also_under_load(launcher):
    """What needs less than half of its limit is finished, whoever else wants the processor."""
    work = "import time\nuntil = time.process_time() + 0.4\nwhile time.process_time() < until: pass"
    load = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(10 * (os.cpu_count() or 1))]
    try:
        ran = run([Cell("work", work)], [], launcher(("numpy",)), cell_seconds=1.0)
    finally:
        for process in load:
            process.kill()
            process.wait()
    assert not any(cell.error for cell in ran.cells)
    assert not ran.by_wall


SPIN = "import time\nuntil = time.monotonic() + 60\nwhile time.monotonic() < until: pass"


def test_declared_imports_bring_what_they_require():
    tops = set(declared(("matplotlib",)).folders())
    assert {"numpy", "matplotlib", "PIL", "mpl_toolkits"} <= tops
    assert not tops & {"scipy", "pytest", "autograder", "course_lib", "IPython"}
    assert {"yaml", "_yaml"} <= set(declared(("yaml",)).folders())
    assert declared(("pyyaml",)).places == declared(("yaml",)).places


def test_a_local_package_brings_neither_the_autograder_nor_its_siblings():
    places = declared(("course_lib.datasets",)).places
    assert {p for p in places if not p.startswith("numpy")} == {"course_lib/__init__.py", "course_lib/datasets"}
    assert "autograder" not in declared(("course_lib",)).folders()


@both
def test_a_part_of_this_course_runs_without_its_siblings(launcher):
    """What ps5 declares: the reference's derivatives are there, the mixtures are not, not even as files."""
    cells = [
        "from course_lib.autodiff import grad\nimport numpy as np\nslope = float(grad(lambda x: x * np.sin(x))(2.0))",
        "import course_lib.mixture",
        "from course_lib import mixture",
        "import sklearn",
        "import course_lib, os\nseen = sorted(os.listdir(os.path.dirname(course_lib.__file__)))",
    ]
    imports = ("numpy", "matplotlib", "course_lib.autodiff")
    slope, seen = only(ask(launcher, *cells, expression="(student.slope, student.seen)", imports=imports))
    ran = ask(launcher, *cells, imports=imports)
    assert slope == pytest.approx(np.sin(2) + 2 * np.cos(2))
    assert launcher is Plain or seen == ["__init__.py", "autodiff"]
    errors = [cell.error for cell in ran.cells]
    assert not errors[0]
    assert "No module named 'course_lib.mixture' here" in errors[1]
    assert "ImportError" in errors[2]
    assert "No module named 'sklearn' here" in errors[3]


@both
def test_a_distribution_by_its_name_brings_modules_of_other_names(launcher):
    """What ps8 declares."""
    cell = "import numpy as np\nfrom sklearn.mixture import GaussianMixture\nimport scipy.linalg"
    fit = "GaussianMixture(1, random_state=0).fit(np.arange(9.0)[:, None]).means_"
    means = only(ask(launcher, f"{cell}\nmeans = {fit}", expression="student.means", imports=("numpy", "scikit-learn")))
    assert means == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("name", "imports", "allowed"),
    [
        ("numpy.linalg", (), True),
        ("sklearn.mixture", ("scikit-learn",), True),
        ("scipy", ("scikit-learn",), True),
        ("pandas", ("scikit-learn",), False),
        ("course_lib", ("course_lib.autodiff",), True),
        ("course_lib.autodiff.tape", ("course_lib.autodiff",), True),
        ("course_lib.auto", ("course_lib.autodiff",), False),
        ("course_lib.mixture", ("course_lib.autodiff",), False),
        ("course_lib.mixture", ("course_lib.autodiff", "course_lib.mixture"), True),
        ("course_lib.mixture", ("course_lib",), True),
        ("autograder", ("course_lib",), False),
    ],
)
def test_what_the_declared_names_allow(name, imports, allowed):
    assert declared(imports).allows(name) is allowed


def test_an_import_that_is_not_installed():
    with pytest.raises(CannotRun, match=r"may import 'no_such_thing', which is not installed here\. Install it"):
        declared(("no_such_thing",))


WITHOUT_POSIX = """
import os, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("fork", "setsid", "killpg", "geteuid", "getresuid", "waitid"):
    delattr(os, name)
"""


def test_it_needs_no_posix_module(root):
    """What Windows has not, blocked on both sides: here, and in the worker by way of its source."""
    code = f"""{WITHOUT_POSIX}
import pathlib, tempfile
import autograder.checks, autograder.ground.answers, autograder.run.launch, autograder.run.sandbox.launcher
from autograder.ground.runs import Cell, Trial
from autograder.run import plain
sys.platform = "win32"
source = plain.WORKER.read_text("utf-8").replace("from __future__ import annotations", "", 1)
copy = pathlib.Path(tempfile.mkdtemp(), "worker.py")
windows = {WITHOUT_POSIX!r} + "import signal\\ndel signal.setitimer, signal.SIGALRM\\nsys.platform = 'win32'\\n"
copy.write_text(windows + source, "utf-8")
stand_ins = plain.WORKER.with_name("stand_ins.py")
copy.with_name(stand_ins.name).write_bytes(stand_ins.read_bytes())
plain.WORKER = copy
probe = "def probe(student, x):\\n    return student.f(x)\\n"
loop = "def probe(student):\\n    while True: pass\\n"
leave = "def probe(student):\\n    raise SystemExit\\n"
trials = [Trial("a", 0, probe, {{"x": 20}}), Trial("b", 0, loop, {{}}, 0.5), Trial("c", 0, leave, {{}})]
trials.append(Trial("a", 1, probe, {{"x": 1}}))
ran = autograder.run.launch.run(
    [Cell("e", "while True: pass"), Cell("f", "def f(x):\\n    return 2 * x"), Cell("g", "import scipy")], trials,
    plain.Plain(("numpy",)), cell_seconds=0.5)
assert ran.cells[0].stopped and "loop that never ends" in ran.cells[0].error, ran
assert not ran.cells[1].error and "may import only" in ran.cells[2].error, ran
assert [ran.outcomes[key].value for key in (("a", 0), ("a", 1))] == [40, 2], ran
assert "loop that never ends" in ran.outcomes["b", 0].text, ran
assert ran.outcomes["c", 0].text.startswith("SystemExit"), ran
print("works")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, timeout=60)
    assert done.stdout.strip() == "works", done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell what a process has started")
@pytest.mark.parametrize(
    "start",
    [
        "import os, time\nif not os.fork():\n    os.setsid()\n    if not os.fork(): time.sleep(30)\n    os._exit(0)",
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', SLEEP], start_new_session=True)",
        "import os, sys, subprocess as s\ns.Popen([sys.executable, '-c', SLEEP], start_new_session=True); os._exit(1)",
    ],
)
def test_nothing_that_a_notebook_has_started_outlives_a_check(start, monkeypatch):
    mark = f"test-{os.getpid()}"
    monkeypatch.setattr("secrets.token_hex", lambda length: mark)
    assert ask(Plain, f"SLEEP = 'import time; time.sleep(30)'\n{start}").cells
    for _ in range(50):
        left = [path for path in Path("/proc").glob("[0-9]*/environ") if holds(path, f"NOTEBOOK_OF={mark}".encode())]
        if not left:
            break
        time.sleep(0.1)
    assert not left


def holds(path, words):
    """Whether a process of ours holds these words in its environment."""
    try:
        return words in path.read_bytes()
    except OSError:
        return False
