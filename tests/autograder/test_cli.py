"""The command line refuses what it cannot do in one sentence, with exit code 2, and writes nothing."""

import errno
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import terminal
from autograder.cli import main
from autograder.mark.results import Result


@pytest.fixture
def command(tiny, tmp_path, monkeypatch):
    """Return a function that runs `autograder ...` in an empty folder, on the tiny course."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, [*words, "--exercises", str(tiny.folder.parent)])

    return run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grade", "ps0", "--submissions", "nowhere"], "There is no folder nowhere"),
        (["grade", "ps77", "--submissions", "."], "There is no problem set 'ps77'. There are: ps0"),
        (["release", "ps77"], "There is no problem set 'ps77'"),
        (["check", "none.ipynb"], "There is no file none.ipynb"),
        (["report", "ps0"], "mark the class first"),
        (["feedback", "ps0"], "mark the class first"),
        (["prove", "ps0", "--cases", "."], "ps0 has no case in"),
    ],
)
def test_what_cannot_start_says_why_and_writes_nothing(command, tmp_path, words, says):
    done = command(*words)
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stderr.startswith("autograder: ")
    assert not list(tmp_path.iterdir())


def test_a_notebook_of_another_course_is_refused(command, tmp_path):
    other = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    (tmp_path / "other.ipynb").write_text(json.dumps(other))
    done = command("check", "other.ipynb")
    assert done.exit_code == 2
    assert "of no problem set of this course (ps0)" in done.stderr


def test_without_bubblewrap_grade_refuses_and_names_the_package(command, tmp_path, monkeypatch):
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    monkeypatch.setenv("PATH", "")
    done = command("grade", "ps0", "--submissions", "submitted")
    assert done.exit_code == 2
    assert "bubblewrap" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "build").exists()


def test_no_second_course_is_made_in_a_course(command, tmp_path):
    """Whoever has gone into build for formgrader and says `grade` there would get another gradebook."""
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / "gradebook.db").write_text("")
    config = tmp_path / "nbgrader_config.py"
    config.write_text("# Written by `autograder`\n")
    for words in (["grade", "ps0", "--submissions", "submitted"], ["release", "ps0"], ["report", "ps0"]):
        done = command(*words)
        assert done.exit_code == 2
        assert "Go up, `cd ..`" in done.stderr
        assert not (tmp_path / "build").exists()
    config.write_text("c.CourseDirectory.course_id = 'theirs'\n")  # a course of nbgrader's, which moves here
    assert command("release", "ps0").exit_code == 0


def test_check_says_what_an_instructor_would_see(command, tmp_path, notebook_of):
    wrong = {"area": "def area(radius):\n    return 2 * np.pi * radius"}
    for cells, code in ((None, 0), (wrong, 1)):
        (tmp_path / "ps0 (1).ipynb").write_text(json.dumps(notebook_of(cells)))
        done = command("check", "ps0 (1).ipynb", "--hints")
        assert done.exit_code == code, done.output
    assert "What came out is what this mistake would give: the circumference in place of the area." in done.output
    assert "3 of 5 points from the checks" in done.output
    assert "4 further points are marked by a person" in done.output


def test_check_tells_hints_and_known_mistakes_on_request_and_nothing_of_parts_not_begun(
    command, tmp_path, notebook_of, tiny
):
    wrong = "def area(radius):\n    return 2 * np.pi * radius"
    begun = {"area": wrong, "ring": "def ring_area(outer, inner):\n    raise NotImplementedError()"}
    (tmp_path / "ps0.ipynb").write_text(json.dumps(notebook_of(begun)))
    circle, ring = (c.hint for c in tiny.checks.checks)
    told, asked = (" ".join(command("check", "ps0.ipynb", *hints).output.split()) for hints in ((), ("--hints",)))
    assert "you returned" in told
    assert circle not in told
    assert "this mistake would give" not in told
    assert told.count("--hints") == 1
    assert circle in asked
    assert "this mistake would give: the circumference" in asked
    for said in (told, asked):
        assert said.count("This part is not done yet") == 1
        assert ring not in said
    assert "--hints" not in asked


def test_check_lists_each_check_by_its_name_and_says_what_stood_in(command, tmp_path, notebook_of):
    wrong = {"area": "def area(radius):\n    return 2 * np.pi * radius * np.ones(30)"}
    (tmp_path / "ps0.ipynb").write_text(json.dumps(notebook_of(wrong)))
    lines = command("check", "ps0.ipynb").output.splitlines()
    assert "\u2717 0/2  circle-area  The area of a circle is pi times the square of its radius." in lines
    right = lines.index("\u2713 3/3  ring-area  The area of a ring is the outer circle's less the inner circle's.")
    assert lines[right + 1] == (
        "    (Tried with a right area in place of yours; with yours it does not come out right yet.)"
    )
    (finding,) = [line for line in lines if "you returned an array of shape (30,)" in line]
    assert len(finding) > 300  # an array is not broken into lines


def test_check_says_first_which_cell_stopped(command, tmp_path, notebook_of):
    notebook = notebook_of({"area": "def area(r):\n    return pd.pi * r ** 2"})
    own = {"cell_type": "code", "metadata": {}, "source": "import pandas as pd", "outputs": [], "execution_count": None}
    notebook["cells"].insert(1, own)
    (tmp_path / "ps0.ipynb").write_text(json.dumps(notebook))
    said = " ".join(command("check", "ps0.ipynb").output.split())
    assert said.startswith("Cell 2 stopped with ModuleNotFoundError: No module named 'pandas'")
    assert "This problem set may import: the standard library, numpy, matplotlib. Take the import out" in said


def test_doctor_says_what_is_there_and_what_to_do_about_what_is_not(command, monkeypatch):
    well = command("doctor")
    assert "problem sets: ps0" in well.output
    assert well.exit_code == (1 if "\u2717" in well.output else 0)
    monkeypatch.setenv("PATH", "")
    ill = command("doctor")
    assert ill.exit_code == 1
    assert "\u2717 grading: a sandbox that starts" in ill.output
    assert "bubblewrap" in ill.output


def test_a_part_that_is_not_installed_is_named_in_one_sentence(command, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    done = command("release", "ps0")
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert said.startswith(
        "autograder: this needs nbgrader, which is not installed here. Install what instructors need"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["roster", "people.csv", "--course", "people.csv"],
        ["release", "ps0", "--course", "people.csv", "--exercises", "TINY"],
        ["new", "lab1", "--exercises", "people.csv"],
        ["import", "people.csv", "--exercises", "sets"],
        ["roster", "none.csv"],
        ["roster", "."],
        ["collect", "ps0", "none.zip", "--exercises", "TINY"],
        ["collect", "ps0", "all.zip", "--submissions", "people.csv", "--exercises", "TINY"],
        ["term", "--db", "sqlite:///none.db"],
        ["term", "--db", "none.db"],
        ["export", "ps0", "--db", "nowhere/none.db"],
    ],
)
def test_what_a_file_system_refuses_is_told_in_one_sentence(tiny, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("student\nada\n")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("ada/ps0/ps0.ipynb", "{}")
    before = sorted(tmp_path.rglob("*"))
    done = CliRunner().invoke(main, [str(tiny.folder.parent) if word == "TINY" else word for word in words])
    assert done.exit_code == 2, done.exception
    assert done.stderr.startswith("autograder: ")
    assert done.stderr.count("\n") == 1
    assert any(f"{name}" in done.stderr for name in words[1:])
    assert sorted(tmp_path.rglob("*")) == before  # a gradebook that is only read is not made either


def test_where_no_room_is_left_what_stood_there_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people = tmp_path / "people.csv"
    people.write_text("student\nada\n")
    assert CliRunner().invoke(main, ["roster", "people.csv"]).exit_code == 0
    before = (tmp_path / "build/roster.csv").read_text()
    people.write_text("student\nada\nbob\n")

    def full(path, data):
        path.touch()  # some of it is there
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    done = CliRunner().invoke(main, ["roster", "people.csv"])
    assert done.exit_code == 2
    assert "build/roster.csv: No space left on device. Make room, and give the same command again." in done.stderr
    assert [path.read_text() for path in (tmp_path / "build").iterdir()] == [before]


def test_letters_that_a_terminal_does_not_know_end_no_command(tmp_path, monkeypatch):
    """As where output goes into a file on Windows, or a machine speaks Latin-1."""
    monkeypatch.chdir(tmp_path)
    for names in ("se\u00e1n\nada\nbob\n", "ada\nbob\n"):
        (tmp_path / "people.csv").write_text(f"student\n{names}", encoding="utf-8")
        done = CliRunner(charset="ascii").invoke(main, ["roster", "people.csv"])
        assert (done.exit_code, done.exception) == (0, None)
    assert "in the roster, and not in people.csv: se\\xe1n" in done.output
    assert "+ everything: Python" in CliRunner(charset="ascii").invoke(main, ["doctor"]).output


def test_a_narrow_terminal_takes_no_letter_of_a_name_and_a_file_no_line(monkeypatch):
    names = [f"student-of-a-long-name-{n}" for n in range(3)]
    narrow = terminal.Terminal(file=io.StringIO(), width=40)
    monkeypatch.setattr(terminal, "console", narrow)
    terminal.print_class(tuple(Result(name, "unreadable", "a reason that is long enough", ()) for name in names))
    printed = narrow.file.getvalue()
    first = "".join(line[: printed.index("status")].strip() for line in printed.splitlines()[1:])
    assert first == "".join(names)
    assert "\u2026" not in printed
    narrow.print("word " * 40)
    assert narrow.file.getvalue().splitlines()[-1].count("word") == 40
