"""What the grader knows and student code must not: a secret is planted where a process may keep one, and looked for."""

from __future__ import annotations

import os
import sys

import pytest
from ordinary_user import python_as_ordinary_user

from autograder.ground.runs import Cell, Trial
from autograder.run.launch import run
from autograder.run.sandbox import warm
from autograder.run.sandbox.launcher import Sandbox

pytestmark = pytest.mark.grading

SECRET = "hunter-of-2-secrets"
# The search knows the secret backwards, so that it does not find itself.
SEARCH = f"""
import gc, os, stat, sys, sysconfig
def look():
    secret = {SECRET[::-1]!r}[::-1].encode()
    texts = dict(environment=os.environ, arguments=sys.argv, original=getattr(sys, "orig_argv", []), path=sys.path)
    texts |= dict(modules=list(sys.modules.items()), cwd=os.getcwd(), uname=os.uname())
    texts |= dict(configuration=sysconfig.get_config_vars())
    found = [name for name, value in texts.items() if secret in str(value).encode("utf-8", "replace")]
    for number in range(256):
        try:
            if stat.S_ISREG(os.fstat(number).st_mode) and secret in os.pread(number, 10**6, 0): found.append(number)
        except OSError: pass
    for folder, folders, files in os.walk("/"):
        if folder.startswith(("/usr/lib", "/python/lib", "/worker/site")): folders.clear(); continue
        for name in files + folders:
            path = os.path.join(folder, name)
            try:
                if secret in path.encode(): found.append(path)
                if stat.S_ISREG(os.lstat(path).st_mode) and secret in open(path, "rb").read(10**6): found.append(path)
            except OSError: pass
    for number in range(1, 50):
        for name in ("environ", "cmdline", "mountinfo", "maps", "cwd", "root/home"):
            try: found.append(os.listdir(f"/proc/{{number}}/{{name}}") or open(f"/proc/{{number}}/{{name}}").read())
            except OSError: pass
    return str(found)
"""
PROBE = "def probe(student):\n    return student.look()\n"


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A grader with a secret in its environment, arguments, working folder, home, and an open file."""
    folder = tmp_path / SECRET
    folder.mkdir()
    (folder / "gradebook.db").write_text(SECRET)
    monkeypatch.setenv("AUTOGRADER_DB", f"postgresql://grader:{SECRET}@db/grades")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr(sys, "argv", [*sys.argv, f"--db={SECRET}"])
    monkeypatch.chdir(folder)
    monkeypatch.setattr(warm, "_templates", {})
    with (folder / "gradebook.db").open("rb") as file:
        os.set_inheritable(file.fileno(), True)
        yield folder
    for template in warm._templates.values():
        if template is not None:
            template.close()


@pytest.mark.parametrize("warmly", [True, False], ids=["warm", "cold"])
def test_no_secret_of_the_grader_is_in_there(planted, warmly):
    cells = [Cell("look", SEARCH), Cell("told", "raise ValueError(look())")]
    ran = run(cells, [Trial("look", 0, PROBE, {}, 20.0)], Sandbox(("numpy",), warm=warmly, hidden=(planted,)))
    assert ran.outcomes["look", 0].value == "[]"
    assert ran.cells[1].error == "ValueError: [] (line 1: raise ValueError(look()))"


def test_the_search_finds_what_is_there(planted):
    names: dict = {}
    exec(SEARCH.replace("os.walk('/')", "[]").replace('os.walk("/")', f"os.walk({str(planted)!r})"), names)
    found = names["look"]()
    assert "environment" in found
    assert "arguments" in found
    assert "gradebook.db" in found
    assert SECRET in found  # in /proc, too


GRADER = f"""
from autograder.ground.runs import Cell, Trial
from autograder.run.launch import run
from autograder.run.sandbox.launcher import Sandbox
import os
notes = open("notes", "r+")
os.set_inheritable(notes.fileno(), True)
ran = run([Cell("look", {SEARCH!r})], [Trial("look", 0, {PROBE!r}, {{}}, 20.0)], Sandbox(("numpy",)))
print(os.geteuid() > 0, ran.stopped, ran.outcomes["look", 0])
"""


def test_no_secret_of_an_ordinary_grader_is_in_there(tmp_path):
    folder = tmp_path / SECRET
    folder.mkdir()
    (folder / "notes").write_text(SECRET)
    said = python_as_ordinary_user(["-c", GRADER, SECRET], folder, AUTOGRADER_DB=SECRET)
    assert said.strip() == "True  Outcome(kind='answer', value='[]', text='', line='')"
