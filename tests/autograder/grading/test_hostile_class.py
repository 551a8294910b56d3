"""A class in which everybody tries something, marked as root and as an ordinary user: the same marks, each as earned.

What leaves is looked through: no secret of the grader, no reference of a private set, nothing that steers a terminal,
and no page that grows with what was returned.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from ordinary_user import python_as_ordinary_user

from tests.autograder.grading.test_nbgrader_autograde import scores

pytestmark = pytest.mark.grading

SECRET = "hunter-of-2-secrets"
ACTS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ufeff]")
AREA = "def area(radius):\n    return np.pi * radius**2"
RING = "def ring_area(inner, outer):\n    return area(outer) - area(inner)"
TELL = "import gc, inspect, linecache\ndef ring_area(inner, outer):\n    {}"
# What each hands in for `area` and `ring`, and the points: 2 for the area, 3 for the ring, tried with a right area too.
CLASS = {
    "honest": (AREA, RING, 5),
    "environ": ("def area(radius):\n    raise ValueError(open('/proc/1/environ').read())", RING, 3),
    "mounts": ("def area(radius):\n    raise ValueError(open('/proc/self/mountinfo').read()[-400:])", RING, 3),
    "keys": ("def area(radius):\n    return {'k' * 5_000_000: 1.0}", RING, 3),
    "nested": ("def area(radius):\n    x = 1.0\n    for _ in range(5): x = [x] * 9\n    return x", RING, 3),
    "escapes": (AREA, "def ring_area(inner, outer):\n    return {'\\x1b[2J\\x1b]0;t\\x07': 1.0}", 2),
    "raises": ("raise ValueError('\\x1b[2J' * 100)", "raise KeyError('\\u202e<script>')", 0),
    "lines": ("def area(radius): return 0.0", TELL.format("return str(linecache.cache)"), 0),
    "constants": ("def area(radius): return 0.0", TELL.format("raise ValueError(str(area.__code__.co_consts))"), 0),
    "source": ("def area(radius): return 0.0", TELL.format("return {inspect.getsource(area): 1}"), 0),
    "names": ("def area(radius): return 0.0", TELL.format("return type(area.__code__.co_code.hex(), (), {})()"), 0),
    "\x1b[2J\u202e\ufeffname": (AREA, RING, 5),
    "child": ("import os, time\nif not os.fork():\n    os.setsid(); time.sleep(30); os._exit(0)\n" + AREA, RING, 5),
}  # fmt: skip


@pytest.fixture
def course(tmp_path, tiny, notebook_of):
    """The class's hand-ins, and the tiny course as a private one, whose reference has a constant of its own."""
    folder = tmp_path / "course"
    shutil.copytree(tiny.folder, folder / "private" / tiny.folder.name)
    for name in ("checks.py", "notebook.md"):
        path = folder / "private" / tiny.folder.name / name
        text = path.read_text().replace("OPEN = True", "").replace("np.pi * radius**2", "3.14159265358979 * radius**2")
        path.write_text(text.replace("math.pi * radius**2", "3.14159265358979 * radius**2"))
    assert "3.14159265358979" in (folder / "private" / tiny.folder.name / "notebook.md").read_text()
    for student, (area, ring, _) in CLASS.items():
        notebook = notebook_of({"area": area, "ring": ring})
        notebook["cells"].append(json.loads(json.dumps(notebook["cells"][-1])))  # and an id twice
        (folder / "submitted" / student / "ps0").mkdir(parents=True)
        (folder / "submitted" / student / "ps0/ps0.ipynb").write_text(json.dumps(notebook))
    return folder


GRADE = ["-m", "autograder", "grade", "ps0", "--submissions", "submitted", "--exercises", "private", "--jobs", "2"]


@pytest.mark.parametrize("user", ["root", "ordinary"])
def test_everybody_gets_what_was_earned_and_learns_nothing_else(course, user):
    if user == "ordinary":
        printed = python_as_ordinary_user(GRADE, course, 400.0, GRADER_PASSWORD=SECRET)
    elif os.geteuid() != 0:
        pytest.skip("there is no root here")
    else:
        done = subprocess.run([sys.executable, *GRADE], cwd=course, env=os.environ | {"GRADER_PASSWORD": SECRET},
                              capture_output=True, text=True, timeout=400)  # fmt: skip
        printed = done.stdout + done.stderr
    results = course / "build/grading/ps0/results.json"
    assert results.is_file(), printed
    found = {one["student"]: one for one in json.loads(results.read_text())["submissions"]}
    assert {student: one["points"] for student, one in found.items()} == {
        s: points for s, (*_, points) in CLASS.items()
    }
    assert not ACTS.search(printed)
    leaving = [path for path in (course / "build/grading/ps0").rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert len(leaving) > len(CLASS)
    for path in [*leaving, *(course / "build/autograded").rglob("*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        assert SECRET not in text
        assert "3.14159265358979" not in re.sub(r'"source": "[^"]*"', "", text), path
        assert str(course.parent) not in text
        assert len(text) < 150_000, path
        assert path.suffix != ".csv" or not ACTS.search(text), path


def test_the_stock_command_gives_an_ordinary_user_the_same_marks_and_tells_nothing_either(course):
    """`nbgrader autograde` with our configuration, of those who look round the most."""
    students = ("honest", "environ", "lines")
    for folder in (course / "submitted").iterdir():
        if folder.name not in students:
            shutil.rmtree(folder)
    alembic = course / "bin" / "alembic"  # nbgrader calls it by its name
    alembic.parent.mkdir()
    alembic.write_text(
        f'#!/bin/sh\nexec ../python/bin/python{sys.version_info[0]}.{sys.version_info[1]} -m alembic "$@"\n'
    )
    alembic.chmod(0o755)
    commands = (
        "autograder release ps0 --course . --exercises private",
        "nbgrader generate_assignment ps0 --force",
        "nbgrader autograde ps0",
    )
    run = f"import subprocess, sys\nfor c in {commands}: subprocess.run([sys.executable, '-m', *c.split()])"
    path = "bin:/usr/bin:/bin"
    printed = python_as_ordinary_user(["-c", run], course, 300.0, GRADER_PASSWORD=SECRET, PATH=path)
    gradebook = course / "gradebook.db"
    assert gradebook.is_file(), printed
    assert scores(gradebook) == {student: CLASS[student][2] for student in students}, printed
    assert not ACTS.search(re.sub(r"\x1b\[[0-9;]*m", "", printed))
    copies = [path.read_text(encoding="utf-8") for path in (course / "autograded").rglob("*.ipynb")]
    assert len(copies) == len(students)
    for text in copies:
        assert SECRET not in text
        assert "3.14159265358979" not in re.sub(r'"source": "[^"]*"', "", text)
        assert len(text) < 150_000
