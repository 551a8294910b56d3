"""The trusted side alone, against workers that are plain scripts of ours and break the protocol in each way."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable

import numpy as np
import pytest

from autograder.ground.answers import NotPlain
from autograder.ground.cell_tests import cell_test
from autograder.ground.runs import CannotRun, Cell, Run, Trial
from autograder.mark.in_place import result_in_place
from autograder.run import clocks, launch, pipes, worker
from autograder.run.launch import run

CELLS = [Cell("first", "x = 1"), Cell("second", "y = 2")]
TRIALS = [Trial("c", 0, "def probe(student): ...", {"x": np.arange(3)}, 0.3), Trial("d", 0, "", {}, 0.3)]

START = """
import json, sys, time
json.loads(sys.stdin.readline())
def say(text): sys.stdout.write(text); sys.stdout.flush()
def asked():
    line = sys.stdin.readline()
    if not line: sys.exit()
    return json.loads(line)
"""
HONEST = """
say("0 null\\n")
while True:
    n = asked()
    say(f'{n["number"]} ' + ('{"error": null, "output": ""}' if "source" in n else '{"answer": 7}') + "\\n")
"""


class Script:
    """A launcher that starts a script."""

    def __init__(self, script: str, used: Callable[[float], float | None] = lambda passed: None):
        self.used, self.began = used, time.monotonic()
        self.script = START + textwrap.dedent(script)
        self.settings: dict[str, object] = {}
        self.why = ""

    def start(self) -> Script:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", self.script]
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
        self.stdin, self.stdout, self.stderr = self.process.stdin, self.process.stdout, self.process.stderr
        return self

    def verify(self) -> None:
        pass

    def explain(self, words: str) -> str:
        return f"not started: {words}"

    def processor_seconds(self) -> float | None:
        return self.used(time.monotonic() - self.began)

    def killed_because(self) -> str:
        return self.why

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(autouse=True)
def little_patience(monkeypatch):
    monkeypatch.setattr(launch, "GRACE", 0.3)
    monkeypatch.setattr(pipes, "MAX_TOTAL", 8 * 2**20)


def go(script: str, seconds: float = 5.0, used: Callable[[float], float | None] = lambda passed: passed) -> Run:
    """Run a script that claims to have used so much processor time, when so much time has passed."""
    ran = run(CELLS, TRIALS, Script(script, used), seconds=seconds, cell_seconds=0.3)
    assert [cell.name for cell in ran.cells] == ["first", "second"]
    assert set(ran.outcomes) == {("c", 0), ("d", 0)}
    return ran


either_way = pytest.mark.parametrize("kind", [pipes.Polled, pipes.Threaded])  # to speak with a worker


@either_way
def test_an_honest_worker(kind, monkeypatch):
    monkeypatch.setattr(launch, "Pipes", kind)
    ran = go(HONEST)
    assert not ran.stopped
    assert [o.value for o in ran.outcomes.values()] == [7, 7]
    assert not any(cell.error for cell in ran.cells)


def test_a_worker_drops_replies_to_calls_for_which_nobody_waits_any_more():
    """As where the clock has stopped a function while it waited for one: of a long one, the end alone may be left."""
    requests, asking = os.pipe()
    os.write(asking, b'{"value": 3}\n, 2.0]}\n7\n{"number": 5}\n')
    assert worker.Line(requests, -1).question() == {"number": 5}
    os.close(asking)
    assert worker.Line(requests, -1).question() is None
    os.close(requests)


@either_way
def test_what_is_not_asked_for_is_dropped(kind, monkeypatch):
    monkeypatch.setattr(launch, "Pipes", kind)
    early = """say('4 {"answer": 42}\\n-\\n\\x00\\n99999999999999999999999 1\\n\\n'); """
    ran = go(HONEST.replace("say(f", early + "say(f"))
    # Before it is asked, an answer to question 4 is dropped; once it is asked, the first one counts.
    assert [o.value for o in ran.outcomes.values()] == [7, 42]


UNREADABLE = {
    "nothing": "''",
    "null": "'null'",
    "list": "'[]'",
    "empty": "'{}'",
    "dtype": """'{"answer": {"array": "", "dtype": "object", "shape": [0]}}'""",
    "depth": "'[' * 200_000",
    "digits": "'9' * 5000",
    "two kinds": """'{"answer": 1, "raised": ["a", "b", "c"]}'""",
    "numbers as words": """'{"raised": [1, 2, 3]}'""",
    "complex": """'{"answer": {"complex": [' + '9' * 399 + ', 1]}}'""",
    "items": """'{"answer": [' + '[],' * 500_000 + '[]]}'""",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_answers_in_no_known_form(name):
    ran = go(HONEST.replace("' + (", f"' + ({UNREADABLE[name]} if n['number'] == 3 else "))
    assert ran.outcomes["c", 0].kind == "stopped"
    assert "could not be read" in ran.outcomes["c", 0].text
    assert ran.outcomes["d", 0].value == 7
    assert not ran.stopped


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("say('0 null\\n'); sys.exit()", "ended (in cell first)"),
        ("say('0 null\\n'); asked(); time.sleep(9)", "did not stop (in cell first)"),
        ("say('0 null\\n'); sys.stdin.close(); time.sleep(9)", "did not stop (in cell first)"),
        ("say('0 null\\n')\nwhile True: say('x' * 2**20)", "more than any honest answer"),
        ("say('0 null\\n')\nwhile True: say('\\n' * 2**10)", "more than any honest answer"),
        ('say(\'0 null\\n\'); asked(); say(\'1 {"error": null, "output": ""}\')\ntime.sleep(9)', "did not stop"),
    ],
)
@either_way
def test_each_way_to_break_off(kind, script, why, monkeypatch):
    monkeypatch.setattr(launch, "Pipes", kind)
    ran = go(script)
    assert why in ran.stopped
    assert why in ran.cells[0].error
    assert ran.cells[0].stopped
    assert all(o.kind == "stopped" and why in o.text for o in ran.outcomes.values())


def test_the_time_of_the_whole_notebook():
    slow = HONEST.replace("n = asked()", "n = asked(); time.sleep(0.35)")
    ran = go(slow, seconds=0.6)
    assert "had used up its 0.6 s of processor time" in ran.stopped
    assert not ran.by_wall
    assert not ran.cells[1].error
    assert ran.outcomes["d", 0].kind == "stopped"


@pytest.mark.parametrize("used", [lambda passed: 0.0, lambda passed: None], ids=["idle", "not counted"])
def test_the_clock_on_the_wall_stands_behind_and_runs_slower_where_it_is_crowded(used, monkeypatch):
    monkeypatch.setattr(clocks, "crowding", lambda: 1.0)
    slow = "say('0 null\\n'); asked(); time.sleep(9)"
    ran = go(slow, used=used)
    assert ran.stopped.startswith("it had not finished after 0.6 s on the clock and did not stop (in cell first)")
    assert ran.by_wall
    monkeypatch.setattr(clocks, "crowding", lambda: 20.0)
    ran = go(HONEST.replace("n = asked()", "n = asked(); time.sleep(1.2 if n['number'] == 1 else 0)"), used=used)
    assert not ran.stopped
    assert not ran.by_wall


def test_who_says_that_the_clock_on_the_wall_is_over_is_believed_where_it_can_be(monkeypatch):
    monkeypatch.setattr(clocks, "crowding", lambda: 1.0)
    claim = """say('1 {"error": null, "output": "", "stopped": "late", "by": "wall"}\\n')"""
    claims = "say('0 null\\n'); asked(); " + claim + "; asked(); time.sleep(9)"
    ran = go(claims, used=lambda passed: passed)
    assert ran.cells[0].error == "late"
    assert not ran.by_wall  # so its submission is not marked a second time for that


def test_who_waits_is_charged_for_it_too(monkeypatch):
    monkeypatch.setattr(clocks, "crowding", lambda: 1.0)
    waits = HONEST.replace("n = asked()", "n = asked(); time.sleep(0.4)")
    assert go(waits, used=lambda passed: 0.0).charged >= 4 * 0.4 / clocks.WALL
    assert go(waits, used=lambda passed: passed).charged >= 4 * 0.35, "whoever computes, for all of it"


def test_a_trial_is_sent_when_the_one_before_is_answered():
    """The script looks whether anything waits for it before it answers."""
    script = (
        HONEST.replace("say(f'{n[", "import select; early = select.select([sys.stdin], [], [], 0.05)[0]\n    say(f'{n[")
        .replace('{"answer": 7}', '{"answer": %d}')
        .replace('+ "\\n")', '% bool(early) + "\\n")')
    )
    script = script.replace("""'{"error": null, "output": ""}' if""", """'{"error": null, "output": "%d"}' if""")
    trials = [Trial("c", n, "", {"x": np.zeros(1000)}) for n in range(4)]
    ran = run([], trials, Script(script))
    assert [o.value for o in ran.outcomes.values()] == [0] * 4


def test_what_a_trial_offers_is_called_and_counted_here():
    calling = """
say("0 null\\n")
while True:
    n = asked()
    for x in (1.0, 2.0, "three", [[]]):
        say(f'{n["number"]} ' + json.dumps({"call": ["double", [x]]}) + "\\n")
        came = asked()
        assert ("value" in came) or "cannot be called so: TypeError" in came["error"], came
    say(f'{n["number"]} ' + json.dumps({"answer": came.get("value", 7)}) + "\\n")
"""

    def double(x):
        return x + x + 0.0

    ran = run([], [Trial("c", n, "", {}, offers=lambda: {"double": double}) for n in range(2)], Script(calling))
    assert [o.value for o in ran.outcomes.values()] == [{"answer": 7, "calls of double": 4}] * 2
    unknown = HONEST.replace('{"answer": 7}', '{"call": ["open", ["/etc/passwd"]]}')
    assert run([], [Trial("c", 0, "", {})], Script(unknown)).outcomes["c", 0].kind == "stopped"


ENDLESS = """
say("0 null\\n")
n = asked()
while True:
    say(f'{n["number"]} ' + json.dumps({"call": %s}) + "\\n")
    assert asked().keys() == {"%s"}
    time.sleep(%s)
"""


@pytest.mark.parametrize(
    ("form", "comes", "pause", "says"),
    [
        ('["double", [1.5]]', "value", 0.05, "had not finished after 0.6 s on the clock"),
        ('["halve", [1.5]]', "error", 0.05, "had not finished after 0.6 s on the clock"),
        ("7", "error", 0.0, "went on to call what the check offers"),
    ],
)
def test_calls_without_end_stop_no_clock(form, comes, pause, says, monkeypatch):
    """Each call gets its reply, in whatever form; a worker that goes on calling is ended all the same."""
    monkeypatch.setattr(clocks, "crowding", lambda: 1.0)
    monkeypatch.setattr(launch, "MAX_CALLS", 50)
    trial = Trial("c", 0, "", {}, 0.3, offers=lambda: {"double": lambda x: x + x})
    ran = run([], [trial], Script(ENDLESS % (form, comes, pause), lambda passed: 0.0))
    assert says in ran.stopped
    assert ran.outcomes["c", 0].kind == "stopped"


def test_a_check_that_was_stopped_is_not_asked_again():
    stopping = HONEST.replace('{"answer": 7}', '{"stopped": "no. %d"}').replace("\"}')", '"}\' % n["number"])')
    trials = [Trial(check, n, "", {}, 0.2) for check in "ab" for n in range(3)]
    ran = run([], trials, Script(stopping))
    assert [o.text for o in ran.outcomes.values()] == ["no. 1"] * 3 + ["no. 2"] * 3


def test_a_worker_that_does_not_start_is_the_machines_fault():
    with pytest.raises(CannotRun, match="not started: no room"):
        run(CELLS, TRIALS, Script("sys.stderr.write('no room'); sys.exit(1)"))


def test_inputs_that_are_not_plain_are_the_checks_fault():
    with pytest.raises(NotPlain):
        run(CELLS, [Trial("c", 0, "", {"x": object()})], Script(HONEST))


# What a worker, in which student code runs, may say of a cell's last line, and the points of two that it brings.
SAID_TO_BE_WORTH = {
    "null": 2, "true": 2, "false": 0, "1.5": 1.5, "7.5": 2, "-0.5": 0, "1e-400": 0, "NaN": 0, "1e999": 0, "-1e999": 0,
    "3": 0, "[]": 0, "{}": 0, "[2.0]": 0, '"SECRET"': 0, '["SECRET"]': 0, '{"SECRET": 2.0}': 0,
    '"no finite number"': 0, "9" * 399: 0,
}  # fmt: skip


def test_what_a_worker_says_of_its_tests_brings_points_between_none_and_all_and_no_words_of_its_own():
    forms = list(SAID_TO_BE_WORTH)
    telling = f"""
say("0 null\\n")
for form in {forms!r}:
    n = asked()
    say(f'{{n["number"]}} ' + '{{"error": null, "output": "", "value": ' + form + '}}\\n')
"""
    ran = run([Cell(form, "2.0", show=True) for form in forms], [], Script(telling), seconds=5.0, cell_seconds=1.0)
    for form, cell in zip(forms, ran.cells, strict=True):
        found = result_in_place(cell_test("t", points=2), cell, "2.0")
        assert found.points == SAID_TO_BE_WORTH[form], form
        assert found.passed == (found.points == 2), form
        assert "SECRET" not in found.message


def test_no_worker_says_of_itself_that_a_run_has_ended_in_it():
    ended = '{"error": null, "output": "", "stopped": "not run to its end: %s", "cut_off": true, "ended_in": "first"}'
    claims = HONEST.replace('{"error": null, "output": ""}', ended % "its Python process ended (in cell first)")
    ran = go(claims)
    assert (ran.ended_in, ran.stopped, [cell.cut_off for cell in ran.cells]) == ("", "", [False, False])
    ends = go(HONEST.replace("n = asked()", "n = asked(); n['number'] == 2 and sys.exit()"))
    assert (ends.ended_in, [cell.cut_off for cell in ends.cells]) == ("second", [False, True])
    asked = go(HONEST.replace("n = asked()", "n = asked(); 'source' in n or sys.exit()"))
    assert (asked.ended_in, [cell.cut_off for cell in asked.cells]) == ("", [False, False])
