"""README's commands are true: each parses, and an instructor who types those of a term's page finishes the term."""

import csv
import json
import re
import shlex
import zipfile

import click
import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.record.gradebook import write_config
from autograder.record.late import Rule
from autograder.record.opened import database_url
from tests.autograder.grading.test_import import assignment

RIGHT = "def sum_of_squares(x):\n    return sum(item * item for item in x)"
TERMS = {
    "Canvas": (
        "canvas.csv", "submissions.zip", "ada_101_9001_lab1.ipynb",
        "Student,ID,SIS User ID,SIS Login ID,Section,lab1 (7)\n    Points Possible,,,,,3\n\"L, Ada\",101,s1,ada,Mo,\n",
    ),
    "Moodle": (
        "worksheet.csv", "submissions.zip", "Ada L_501_assignsubmission_file/lab1.ipynb",
        'Identifier,Full name,Email address,Status,Grade,Maximum grade,"Last modified (submission)"\n'
        'Participant 501,Ada L,ada@uni.edu,Submitted for grading,,3.00,"Saturday, 1 March 2025, 11:59 PM"\n',
    ),
}  # fmt: skip


def commands(text):
    """Return the lines of `autograder` in a text, without the comments behind them."""
    return [shlex.split(line.partition("  #")[0]) for line in text.splitlines() if line.startswith("autograder ")]


def blocks(text, language=""):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for said, block in found if said == language]


def page_of(root, title, language=""):
    text = (root / "README.md").read_text(encoding="utf-8")
    return blocks(text[text.index(f"### {title}") :], language)[0]


def test_every_command_that_a_page_shows_parses(root):
    told = []
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (root / name).read_text(encoding="utf-8")
        told += [words for block in blocks(text) for words in commands(block)]
        inline = (
            re.sub(r"\s+", " ", span) for span in re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
        )
        told += [shlex.split(span) for span in inline if span.startswith("autograder ")]
    assert len(told) > 25
    for _, name, *rest in told:
        assert name in main.commands, name
        rest = [word.partition("|")[0] for word in rest if word not in ("...", "\\")]  # csv|canvas: one of these
        if rest:
            try:
                main.commands[name].make_context(name, rest)
            except click.MissingParameter:
                assert "--help" not in rest  # a command named with one of its options, in passing
            except click.UsageError as error:
                pytest.fail(f"autograder {name} {' '.join(rest)}: {error.format_message()}")


def say(words):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, (words, done.output, done.stderr, done.exception)
    return done.output


@pytest.mark.grading
@pytest.mark.parametrize("platform", TERMS)
def test_whoever_types_a_terms_page_finishes_the_term(root, tmp_path, monkeypatch, platform):
    monkeypatch.chdir(tmp_path)
    sheet, bulk, name, rows = TERMS[platform]
    (tmp_path / sheet).write_text(rows)
    lines = commands(page_of(root, f"A term with {platform} alone").replace(" DIR", " mine"))
    if lines[0][1] != "new":
        say(["new", "lab1", "--exercises", "mine"])
    for _, *words in lines:
        if words[0] == "collect":
            notebook = json.loads((tmp_path / "build/release/lab1/lab1.ipynb").read_text())
            for cell in notebook["cells"]:
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == "squares":
                    cell["source"] = RIGHT
            with zipfile.ZipFile(tmp_path / bulk, "w") as archive:
                archive.writestr(name, json.dumps(notebook))
        say(words)
    back = tmp_path / f"build/grading/lab1/{platform.lower()}.csv"
    with back.open() as file:
        (row,) = [row for row in csv.DictReader(file) if "501" in str(row) or "101" in str(row)]
    assert "2.0" in row.values()
    with zipfile.ZipFile(back.with_name(f"{platform.lower()}_feedback.zip")) as archive:
        assert len(archive.namelist()) == 1
    with (tmp_path / "build/grading/term.csv").open() as file:
        assert [row["lab1 of 3"] for row in csv.DictReader(file)] == ["2.0"]
    (tmp_path / "build/term.toml").write_text("[lab1]\n[lab9]\n")
    roster = tmp_path / "build/roster.csv"
    roster.write_text(roster.read_text().rstrip() + "Lab1=+2d\n")  # of the last person, whose line ends with a comma
    said = say(["term"])
    assert "term.toml plans lab9, of which the gradebook has nothing" in said
    assert "roster.csv gives more time for Lab1, of which the gradebook has nothing" in said


def test_the_plugin_for_late_work_that_a_page_shows_works(root, tmp_path):
    """A quarter for each day begun: nothing in time, half for 25 hours, and never more than the score."""
    write_config(tmp_path, database_url("", tmp_path))
    config = tmp_path / "nbgrader_config.py"
    shown = page_of(root, "A term with Moodle alone", "python")
    ours = config.read_text().partition("\n")[2]
    config.write_text(ours + shown)
    assert [Rule(tmp_path).of("ada", 2.0, hours * 3600.0) for hours in (0, 1, 25, 1000)] == [None, 0.5, 1.0, 2.0]
    (tmp_path / "late.py").write_text(shown.partition("\n\n\nc.")[0])
    config.write_text(ours + 'c.AssignLatePenalties.plugin_class = "late.Quarters"\n')
    assert Rule(tmp_path).of("ada", 2.0, 3600.0) == 0.5


@pytest.mark.grading
def test_whoever_types_the_page_on_moving_has_moved(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assignment(tmp_path)
    page = page_of(root, "A course that nbgrader has, as it is")
    for _, *words in commands(page.replace(" DIR", " mine").replace("ps1", "hw1")):
        say(words)
    assert (tmp_path / "build/release/hw1.zip").is_file()
