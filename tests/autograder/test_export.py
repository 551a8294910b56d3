"""Marks leave the gradebook with what a person gave, in files that a spreadsheet and Canvas read."""

import csv

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.mark.results import ExportError
from autograder.report.export import Mark, write_canvas, write_csv

ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,Old quiz (12),Final Score
    Points Possible,,,,,10,(read only)
"Lovelace, Ada",101,s101,ada,Monday,7,70
"Gauss, Carl",102,s102,carl@uni,Monday,8,80
"Noether, Emmy",103,s103,emmy,Monday,9,90
"""


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_csv_has_one_line_a_student_and_no_formula(tmp_path):
    write_csv(tmp_path / "a" / "marks.csv", [Mark("ada", 13.0, 2.5, False), Mark("=1+1", 0.0, 0.0, True)], 20.0)
    assert rows(tmp_path / "a" / "marks.csv") == [
        ["student", "automatic", "manual", "total", "max_points", "waits_for_a_person"],
        ["ada", "13.0", "2.5", "15.5", "20.0", "no"],
        ["'=1+1", "0.0", "0.0", "0.0", "20.0", "yes"],
    ]


def test_canvas_gets_its_own_columns_back_with_the_points(tmp_path):
    roster, path = tmp_path / "roster.csv", tmp_path / "canvas.csv"
    roster.write_text("\ufeff" + ROSTER, encoding="utf-8")
    found = [Mark("ada", 13.0, 2.5, False), Mark("s102", 16.0, 4.0, False), Mark("nobody", 1.0, 0.0, False)]
    assert write_canvas(path, found, 20.0, "ps1 (4711)", roster) == ["nobody"]
    assert rows(path) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps1 (4711)"],
        ["    Points Possible", "", "", "", "", "20.0"],
        ["Lovelace, Ada", "101", "s101", "ada", "Monday", "15.5"],
        ["Gauss, Carl", "102", "s102", "carl@uni", "Monday", "20.0"],
        ["Noether, Emmy", "103", "s103", "emmy", "Monday", ""],
    ]


def test_what_is_no_roster_is_refused(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("name,points\nada,3\n")
    with pytest.raises(ExportError, match="lacks the columns Student, ID"):
        write_canvas(tmp_path / "canvas.csv", [], 20.0, "ps1", roster)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "ps1", "--course", "."], "mark the class first"),
        (["export", "ps1", "--course", ".", "--format", "canvas", "--db", "sqlite:///x.db"], "as --roster"),
    ],
)
def test_what_cannot_be_exported_says_why(tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert says in done.stderr
    assert not list(tmp_path.iterdir())
