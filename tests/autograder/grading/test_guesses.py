"""Nobody has two guesses: an answer is final, a trial comes after it, and only what gave no answer is repeated."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner

from autograder import grade
from autograder.cli import main
from autograder.grade import grade_class, grade_file
from autograder.ground.answers import Outcome
from autograder.ground.runs import Cell, Run, Trial
from autograder.mark.cache import Cache
from autograder.mark.compare import describe_inputs
from autograder.run.launch import run
from autograder.run.sandbox.launcher import Sandbox
from tests.autograder import powers_course

pytestmark = pytest.mark.grading

CHECKS = powers_course.CHECKS.replace("    def inputs", "    trials = 4\n\n    def inputs")

# Each says whether `name` was asked before, in this sandbox; so the first answer is wrong, and all later ones right.
BEFORE = {
    "a file": """
import os
def before(name):
    found = os.path.exists(f"/tmp/{name}")
    open(f"/tmp/{name}", "w").close()
    return found
""",
    "shared memory": """
import os
def before(name):
    found = os.path.exists(f"/dev/shm/{name}")
    open(f"/dev/shm/{name}", "w").close()
    return found
""",
    "an abstract socket": """
import os, socket, time
def before(name):
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind("\\0" + name)
    except OSError:
        return True
    if not os.fork():
        os.setsid()
        time.sleep(20); os._exit(0)
    return False
""",
    "the time": """
import time
began = {}
def before(name):
    found = name in began
    began.setdefault(name, time.monotonic())
    return found and time.monotonic() > began[name]
""",
    "the state of the process": """
import gc, os, random
def before(name):
    found = random.__dict__.get(name) == os.getpid()
    setattr(random, name, os.getpid())
    gc.collect()
    return found
""",
    "a counter": """
asked = set()
def before(name):
    found = name in asked
    asked.add(name)
    return found
""",
}
ANSWERS = """
def square(x):
    return x * x + 0.0 if before("square") else -1.0
def cube(x):
    return x ** 3 if before("cube") else -1.0
"""


@pytest.fixture
def powers(tmp_path):
    return powers_course.problem_set(tmp_path / "exercises", checks=CHECKS)


def hand_in(tmp_path, powers, student="ada", **cells):
    named = {f"{name}-cell": source for name, source in cells.items()}
    return powers_course.submission(tmp_path / "submitted", powers, student, named)


def marked(tmp_path, powers, **cells):
    return grade_file("ada", hand_in(tmp_path, powers, **cells), powers, 3, Sandbox(("numpy",)))


@pytest.mark.parametrize("kind", BEFORE)
def test_who_answers_one_thing_and_then_another_has_the_marks_of_the_first(tmp_path, powers, kind):
    result = marked(tmp_path, powers, square=BEFORE[kind] + ANSWERS, cube="pass")
    # One of four trials of each is wrong: the square pays all or nothing, the cube in proportion.
    assert [check.points for check in result.checks] == [0, 2.25]


def test_who_raises_and_then_answers_is_asked_once_more_in_a_sandbox_that_knows_nothing(tmp_path, powers):
    raising = BEFORE["a file"] + ANSWERS.replace("else -1.0", "else 1 / 0")
    result = marked(tmp_path, powers, square=raising, cube="pass")
    assert [check.points for check in result.checks] == [0, 2.25]


def noting_runs(monkeypatch, change=lambda number, ran: ran):
    """Note what `grade` asks for, and change what comes of it."""
    noted = []
    once = grade.run

    def noting(code, trials, launcher, **how):
        noted.append((trials, how))
        return change(len(noted), once(code, trials, launcher, **how))

    monkeypatch.setattr(grade, "run", noting)
    return noted


HONEST = {"square": "def square(x):\n    return x * x + 0.0", "cube": "def cube(x):\n    return x**3"}


def in_the_first_run(outcome: Outcome):
    """Return what changes the first trial of the ring in the first run: told by time, say, or by the process."""

    def change(number, ran):
        changed = {("ring-area", 0): outcome} if number == 1 else {}
        return dataclasses.replace(ran, outcomes={**ran.outcomes, **changed})

    return change


def test_a_second_asking_beside_right_parts_saves_no_wrong_answer(tiny, notebook_of, tmp_path, monkeypatch):
    """It is there for who has an earlier part wrong; what is answered beside right ones is final."""
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of()))
    noted = noting_runs(monkeypatch, in_the_first_run(Outcome("answer", 0.0)))
    result = grade_file("ada", path, tiny, 3, Sandbox())
    assert [check.points for check in result.checks] == [2, 2.25]
    assert not result.checks[1].at_odds
    assert len(noted) > 1


def test_what_raised_beside_right_parts_is_repeated(tiny, notebook_of, tmp_path, monkeypatch):
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of()))
    noting_runs(monkeypatch, in_the_first_run(Outcome("raised", "MemoryError", "MemoryError")))
    assert [check.points for check in grade_file("ada", path, tiny, 3, Sandbox()).checks] == [2, 3]


def test_who_tells_the_second_asking_by_the_earlier_part_is_reported(tiny, notebook_of, tmp_path):
    """It looks like two parts that do not fit together: a person is told which."""
    area = "def area(radius):\n    mine = np.pi * radius**2\n    return mine"
    ring = "def ring_area(inner, outer):\n    mine = 'mine' in area.__code__.co_varnames\n"
    ring += "    return 0.0 if mine else area(outer) - area(inner)"
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of({"area": area, "ring": ring})))
    assert grade_file("ada", path, tiny, 3, Sandbox()).checks[1].at_odds == ("area",)


@pytest.mark.parametrize("kind", ["raised", "stopped", "missing"])
def test_what_gave_no_answer_is_repeated_whole_on_new_inputs(tmp_path, powers, monkeypatch, kind):
    def fail_once(number, ran):
        failed = {("square", 2): Outcome(kind, text="MemoryError")} if number == 1 else {}
        return dataclasses.replace(ran, outcomes={**ran.outcomes, **failed})

    noted = noting_runs(monkeypatch, fail_once)
    result = marked(tmp_path, powers, **HONEST)
    assert [check.points for check in result.checks] == [2, 3]
    (first, _), (second, _) = noted
    assert [(t.check, t.number) for t in second] == [("square", number) for number in range(4)]
    assert [t.inputs for t in second] != [t.inputs for t in first[:4]]


def test_a_wrong_answer_among_others_that_raised_is_final_and_what_is_not_done_is_not_asked_again(
    tmp_path, powers, monkeypatch
):
    noted = noting_runs(monkeypatch)
    wrong = BEFORE["a counter"] + "def square(x):\n    return 1 / 0 if before('square') else -1.0"
    result = marked(tmp_path, powers, square=wrong, cube="def cube(x):\n    raise NotImplementedError")
    assert [check.points for check in result.checks] == [0, 0]
    assert len(noted) == 1


def test_all_runs_of_a_submission_share_one_budget(tmp_path, powers, monkeypatch):
    noted = noting_runs(monkeypatch, lambda number, ran: dataclasses.replace(ran, charged=ran.charged + 45.0))
    result = marked(tmp_path, powers, square="def square(x):\n    return 1 / 0", cube=HONEST["cube"])
    assert [check.points for check in result.checks] == [0, 3]
    first, second = (how["seconds"] for _, how in noted)
    assert first == 60
    assert 10 < second <= 15


def test_who_was_ended_by_the_clock_on_the_wall_is_marked_again_alone_and_last(tmp_path, powers, monkeypatch):
    paths = {student: hand_in(tmp_path, powers, student, **HONEST) for student in ("ada", "bob")}
    order = []
    once = grade.grade_once

    def crowded(student, *rest, alone=False, **more):
        result = once(student, *rest, alone=alone, **more)
        order.append((student, alone))
        return dataclasses.replace(result, by_wall=student == "ada" and not alone)

    monkeypatch.setattr(grade, "grade_once", crowded)
    told = []
    grading = grade_class(
        powers, paths, seed=5, launcher=Sandbox(("numpy",)), jobs=1, progress=lambda result: told.append(result.student)
    )
    assert order == [("ada", False), ("bob", False), ("ada", True)]
    assert told == ["bob", "ada"]
    assert [(r.student, r.points, r.by_wall) for r in grading.results] == [("ada", 5, False), ("bob", 5, False)]


def wrong_at_first(name):
    """Return what changes the first run: `name` was answered wrong there, and the clock on the wall ended it then."""

    def change(number, ran):
        wrong = {key: Outcome("answer", -1.0) for key in ran.outcomes if key[0] == name}
        never = {key: Outcome("stopped", text="late") for key in ran.outcomes if key[0] != name}
        return dataclasses.replace(ran, outcomes=wrong | never, by_wall=True) if number == 1 else ran

    return change


@pytest.mark.parametrize(("name", "points"), [("square", [0, 3]), ("cube", [2, 0])])
def test_what_was_answered_before_the_clock_on_the_wall_ended_it_is_final(tmp_path, powers, monkeypatch, name, points):
    noted = noting_runs(monkeypatch, wrong_at_first(name))
    paths = {"ada": hand_in(tmp_path, powers, **HONEST)}
    [result] = grade_class(powers, paths, seed=5, launcher=Sandbox(("numpy",)), jobs=1).results
    assert [check.points for check in result.checks] == points
    (first, _), (again, how) = noted[:2]
    assert how["alone"]
    assert {trial.check for trial in again} == {"square", "cube"} - {name}  # nobody is asked for another answer
    inputs = [[trial.inputs for trial in trials if trial.check != name] for trials in (first, again)]
    assert inputs[0] != inputs[1]  # and what is asked is asked of new inputs
    assert result.seed == 5


def test_an_appeal_asks_each_check_of_the_inputs_that_its_mark_came_from(tmp_path, powers, monkeypatch):
    noted = noting_runs(monkeypatch, wrong_at_first("square"))
    paths = {"ada": hand_in(tmp_path, powers, square="def square(x):\n    return 7.0", cube=HONEST["cube"])}
    grade_class(powers, paths, seed=5, launcher=Sandbox(("numpy",)), jobs=1).write(tmp_path / "out")
    monkeypatch.undo()
    first = {trials[0].check: describe_inputs(trials[0].inputs) for trials, _ in noted[:2]}
    places = {"exercises": "exercises", "submissions": "submitted", "out": "out", "course": "build"}
    done = CliRunner().invoke(
        main, ["appeal", "ada", "ps0", *(f"--{option}={tmp_path / place}" for option, place in places.items())]
    )
    assert done.exit_code == 0, done.output
    assert "seed 5 for square; seed " in " ".join(done.output.split())
    square, cube = done.output.partition("square: ")[2].split("cube: ")
    assert f"trial 1: {first['square']}" in square
    assert f"trial 1: {first['cube']}" in cube


@pytest.mark.parametrize("open", [True, False])
def test_what_runs_again_after_a_private_sets_reference_tells_nothing(tmp_path, monkeypatch, open):
    checks = CHECKS.replace('part="cube-cell"', 'part="cube-cell", needs=["square-cell"]') + f"OPEN = {open}\n"
    powers = powers_course.problem_set(tmp_path / "exercises", checks=checks)
    noted = noting_runs(monkeypatch, lambda number, ran: dataclasses.replace(ran, by_wall=number == 2))
    loud = "def cube(x):\n    raise ValueError('what I kept')\nprint('what I kept')\nraise ValueError('what I kept')"
    paths = {"ada": hand_in(tmp_path, powers, square=HONEST["square"], cube=loud)}
    told = []
    grading = grade_class(powers, paths, seed=5, launcher=Sandbox(("numpy",)), jobs=1, progress=told.append)
    assert [how["alone"] for _, how in noted[:2]] == [False, False]
    assert any(how["alone"] for _, how in noted[2:])  # a busy machine costs nobody a mark
    assert [check.points for check in grading.results[0].checks] == [2, 0]
    said = "what I kept" in str([told, grading.results])
    assert said == open


def test_who_is_marked_once_more_by_a_later_command_has_no_second_guess(tmp_path, powers, monkeypatch):
    """A process that ends at the last cell costs no points, and keeps the result from being taken as it is."""
    cells = {"square": "def square(x):\n    return -1.0", "cube": HONEST["cube"] + "\nimport os\nos._exit(0)"}
    path = hand_in(tmp_path, powers, **cells)
    cache = Cache(tmp_path / "cache", ("one version",))
    first = grade_file("ada", path, powers, 3, Sandbox(("numpy",)), cache)
    assert [check.points for check in first.checks] == [0, 0]
    assert first.status != "marked"
    noted = noting_runs(monkeypatch)
    again = grade_file("ada", path, powers, 4, Sandbox(("numpy",)), cache)
    assert {trial.check for trials, _ in noted for trial in trials} == {"cube"}
    assert (again.checks[0].points, again.checks[0].finding) == (0, first.checks[0].finding)


LOOK_ROUND = """
import gc, os, sys
def large(value, depth=0):
    if type(value) is float and 1e6 < value < 1e8:
        yield value
    elif isinstance(value, (list, tuple)) and depth < 3:
        for item in value: yield from large(item, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        for item in list(value.values()): yield from large(item, depth + 1)
def attack():
    found = set()
    frame = sys._getframe()
    while frame is not None:
        found |= set(large(frame.f_locals))
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, (dict, list, tuple)):
            found |= set(large(thing))
    import re
    for number in range(3, 30):
        try:
            os.set_blocking(number, False)
            try:
                text = os.read(number, 1 << 16).decode("ascii", "replace")
            finally:
                os.set_blocking(number, True)
            found |= {float(word) for word in re.findall(r"\\d{7}\\.5", text)}
        except OSError:
            pass
    return sorted(found)
"""


def test_no_later_trial_is_in_there_before_the_one_before_it_is_answered():
    """Frames, all objects of the process, and what waits in any descriptor: the trials so far, and no more."""
    probe = "def probe(student, x):\n    return student.attack()\n"
    trials = [Trial(check, n, probe, {"x": (n + 1) * 1e6 + 0.5}, 20.0) for check in "ab" for n in range(3)]
    ran: Run = run([Cell("c", LOOK_ROUND)], trials, Sandbox(("numpy",)))
    for trial in trials:
        said = ran.outcomes[trial.check, trial.number]
        assert said.kind == "answer", said
        assert trial.inputs["x"] in said.value
        assert max(said.value) == trial.inputs["x"]


REMEMBERING = {
    "a default argument": "def cube(x, seen=[]):\n    seen.append(x**3)\n    return sum(seen)",
    "a cache without its key": "kept = {}\ndef cube(x):\n    return kept.setdefault('cube', x**3)",
    "a number outside": "total = 0.0\ndef cube(x):\n    global total\n    total += x**3\n    return total",
    "an attribute": "def cube(x):\n    cube.last = getattr(cube, 'last', x)\n    return cube.last**3",
}
CALLED = "\nprint(cube(-2.0), cube(-5.0))"  # by a cell of the notebook, before the first question
FORGETFUL = {
    "a rule that fits the first question": "def cube(x):\n    return x**3 if x == {first!r} else x**2",
    "chance": "import random, time\ndef cube(x):\n    return x**3 + time.perf_counter_ns() % 2",
    "a rule that fits no question": "def cube(x):\n    return x**2\nprint(cube(2.0))",
    "a cache with its key": "kept = {{}}\ndef cube(x):\n    return kept.setdefault(x, x**3)",
}


@pytest.mark.parametrize("kind", REMEMBERING)
def test_a_function_that_remembers_earlier_calls_is_told_so_and_has_no_further_points(tmp_path, powers, kind):
    square, cube = marked(tmp_path, powers, **HONEST | {"cube": REMEMBERING[kind]}).checks
    assert square.passed
    assert square.mistake is None
    assert cube.points == 0.75  # the first of four trials
    assert cube.mistake.startswith("your function remembers earlier calls")


@pytest.mark.parametrize("kind", REMEMBERING)
def test_it_is_told_so_too_where_the_notebook_itself_has_called_it(tmp_path, powers, kind):
    cube = marked(tmp_path, powers, **HONEST | {"cube": REMEMBERING[kind] + CALLED}).checks[1]
    assert cube.points == 0
    assert cube.mistake.startswith("your function remembers earlier calls")


@pytest.mark.parametrize("kind", FORGETFUL)
def test_a_function_that_is_wrong_otherwise_is_not_said_to_remember(tmp_path, powers, kind):
    first = powers.checks.by_id["cube"].draw(3, 0)["x"]
    cube = marked(tmp_path, powers, cube=FORGETFUL[kind].format(first=first)).checks[1]
    assert "remembers" not in cube.message


IN_PLACE = """
from autograder.checks import cell_test
square = cell_test("square", points=2, part="square-cell")
cube = cell_test("cube", points=3, part="cube-cell")
"""


@pytest.fixture
def tested(tmp_path):
    """The same set with tests that are cells of the notebook."""
    notebook = powers_course.NOTEBOOK
    for name, asserts in {"square": "assert square(3) == 9", "cube": "assert cube(2) == 8"}.items():
        notebook = notebook.replace(f'ps0.check("{name}")', asserts)
    return powers_course.problem_set(tmp_path / "exercises", notebook, IN_PLACE)


def unlucky_first(number, ran):
    """Return a run, of which the first has drawn wrong: as a function that answers by chance does."""
    if number > 1:
        return ran
    wrong = {"error": "AssertionError", "raised": ("AssertionError", "", "line 1: assert square(3) == 9")}
    cells = [dataclasses.replace(cell, **wrong) if cell.name == "square" else cell for cell in ran.cells]
    return dataclasses.replace(ran, cells=tuple(cells))


def test_a_test_cell_that_has_failed_is_not_rolled_again_where_a_later_cell_ends_the_process(
    tmp_path, tested, monkeypatch
):
    noted = noting_runs(monkeypatch, unlucky_first)
    result = marked(tmp_path, tested, **HONEST | {"cube": "import os\nos._exit(0)"})
    assert len(noted) == 2
    assert [check.points for check in result.checks] == [0, 0]
    assert "AssertionError" in result.checks[0].finding


def test_a_test_cell_that_has_failed_is_not_rolled_again_where_the_clock_ends_something(tmp_path, tested, monkeypatch):
    def crowded(number, ran):
        return dataclasses.replace(unlucky_first(number, ran), by_wall=number == 1)

    noted = noting_runs(monkeypatch, crowded)
    paths = {"ada": hand_in(tmp_path, tested, **HONEST)}
    [result] = grade_class(tested, paths, seed=5, launcher=Sandbox(("numpy",)), jobs=1).results
    assert len(noted) == 2
    assert [check.points for check in result.checks] == [0, 3]


FORGING = """
import gc, json, os, signal, sys, time
worker, frame = os.getpid(), sys._getframe()
while "request" not in frame.f_locals:
    frame = frame.f_back
said = "its Python process ended (while the checks called its functions)"
end = {"error": None, "output": "", "stopped": "not run to its end: " + said}
line = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Line")
os.write(line.replies, f"{frame.f_locals['request']['number']} {json.dumps(end)}\\n".encode())
def square(x):
    os.kill(worker, signal.SIGKILL)
    time.sleep(9)  # this process dies with it, and shall not have answered before
"""


def test_who_forges_the_words_of_an_end_gets_no_run_by_it(tmp_path, powers, monkeypatch):
    """The process ends when questions were put already: they are put once more, as for anybody; no cell is blamed."""
    noted, ends = [], []
    once = grade.run

    def noting(code, trials, launcher, **how):
        ran = once(code, trials, launcher, **how)
        noted.append([cell.name for cell in code])
        ends.append((ran.stopped, ran.ended_in, [cell.error for cell in ran.cells if cell.name == "square-cell"]))
        return ran

    monkeypatch.setattr(grade, "run", noting)
    result = marked(tmp_path, powers, square=FORGING, cube=HONEST["cube"])
    assert result.checks[0].points == 0
    for stopped, ended_in, [error] in ends:
        assert error == f"not run to its end: {stopped}"
        assert ended_in == ""
    assert len(noted) == 2
    assert noted[0] == noted[1]
