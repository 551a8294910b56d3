"""A new problem set proves and releases at once, as its author does it: by the commands."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from autograder.cli import main

pytestmark = pytest.mark.grading


def test_a_new_set_proves_and_releases_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(main, ["new", "lab1", "--title", 'Sums "of" squares'])
    assert made.exit_code == 0, made.output
    folder = tmp_path / "exercises/lab1_sums_of_squares"
    assert (folder / "notebook.md").read_text().count("# Sums 'of' squares") == 1
    for words in (["prove", "lab1"], ["release", "lab1"]):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words], capture_output=True, text=True, timeout=200, env=os.environ
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "build/release/lab1.zip").is_file()
    assert "right/another_way" in CliRunner().invoke(main, ["prove", "lab1", "--jobs", "1"]).output


@pytest.mark.parametrize(("id", "says"), [("ps 1", "is no id of a problem set"), ("lab1", "already")])
def test_what_cannot_be_a_new_set_is_refused(tmp_path, id, says):
    (tmp_path / "lab1_old").mkdir()
    done = CliRunner().invoke(main, ["new", id, "--exercises", str(tmp_path)])
    assert done.exit_code == 2
    assert says in done.stderr
