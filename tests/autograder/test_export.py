"""Marks leave the gradebook with what a person gave, in files that a spreadsheet and Canvas read."""

import contextlib
import csv
import json
import re
import tempfile
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.cli import main
from autograder.commands.appeals import meant
from autograder.mark.results import ExportError
from autograder.read.collected import Line, ManifestError, read_manifest, write_manifest
from autograder.read.platforms import HandedIn
from autograder.read.roster import (
    Index,
    Person,
    Roster,
    RosterError,
    _same,
    letters,
    merged,
    read_roster,
    write_roster,
)
from autograder.record.marks import Mark
from autograder.record.opened import database_url, opened
from autograder.report.export import (
    all_known,
    write_canvas,
    write_canvas_feedback,
    write_csv,
    write_moodle,
    write_moodle_feedback,
)

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


def line(folder, platform, id="", name="", login="", done="taken", set="ps1", file="x"):
    return Line(folder, set, platform, id, name, login, "", "", "", file, done)


def known(*lines, roster=None, students=()):
    return all_known({*students, *(line.folder for line in lines)}, lines, roster or Roster())


def test_csv_has_one_line_a_student_and_no_formula(tmp_path):
    found = [Mark("ada", 13.0, 2.5, False, penalty=1.5, late=5400.0), Mark("=1+1", 0.0, 0.0, True)]
    write_csv(tmp_path / "a" / "marks.csv", found, 20.0)
    assert rows(tmp_path / "a" / "marks.csv") == [
        ["student", "automatic", "manual", "penalty", "total", "max_points", "hours_late", "waits_for_a_person"],
        ["ada", "13.0", "2.5", "1.5", "14.0", "20.0", "1.5", "no"],
        ["'=1+1", "0.0", "0.0", "0.0", "0.0", "20.0", "0.0", "yes"],
    ]


def test_csv_says_by_which_number_a_platform_knows_a_student(tmp_path):
    lines = [
        line("ada", "Canvas", "101", "lovelaceada", set="ps0"),
        line("ada", "Canvas", "101", "lovelaceada", file="f"),
    ]
    write_csv(tmp_path / "marks.csv", [Mark("ada", 1.0, 0.0, False)], 2.0, known(*lines), "ps1")
    header, row = rows(tmp_path / "marks.csv")
    assert dict(zip(header, row, strict=True)) | {
        "platform": "Canvas", "platform_id": "101", "platform_name": "lovelaceada", "file": "f"
    } == dict(zip(header, row, strict=True))  # fmt: skip


def test_canvas_gets_its_own_columns_back_with_the_points(tmp_path):
    """The numbers that `collect` found lead, whatever a folder is called; a name serves where there is none."""
    roster, path = tmp_path / "roster.csv", tmp_path / "canvas.csv"
    roster.write_text("\ufeff" + ROSTER.replace("Final Score", "ps1 (4711)"), encoding="utf-8")
    lines = [line("gauss", "Canvas", "103", "noetheremmy"), line("x", "Canvas", "102", "gausscarl")]
    found = [Mark("ada", 13.0, 2.5, False), Mark("x", 16.0, 4.0, False, penalty=3.07), Mark("gauss", 1.0, 0.0, False)]
    done = write_canvas(path, found, 20.0, "ps1", roster, known(*lines, students=["ada"]))
    assert (done.marks_without_row, done.rows_without_mark) == ((), ())
    assert rows(path) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps1 (4711)"],
        ["    Points Possible", "", "", "", "", "20.0"],
        ["Lovelace, Ada", "101", "s101", "ada", "Monday", "15.5"],
        ["Gauss, Carl", "102", "s102", "carl@uni", "Monday", "16.93"],
        ["Noether, Emmy", "103", "s103", "emmy", "Monday", "1.0"],
    ]


FORMS_OF_CANVAS = {
    "semicolons": "Student;ID;SIS Login ID;Section;ps1 (4)\n    Points Possible;;;;2,00\nÅngström, Anders;1;ang;Mo;\n"
    "O'Neil, Jo;2;jo;Mo, Tu;EX\nWu; PhD, Li;3;li;Tu;1,50\nStudent, Test;9;x;Mo;\n",
    "two columns for the name": "LastName,FirstName,ID,SIS User ID,SIS Login ID,Root Account,Section,Notes,ps1 (4)\n"
    ",,,,,,,,Manual Posting\n    Points Possible,,,,,,,,2\nÅngström,Anders,1,,ang,uni,Mo,,\n"
    "O'Neil,Jo,2,,jo,uni,Mo,,EX\n"
    "Wu; PhD,Li,3,,li,uni,Tu,,1.50\nStudent,Test,9,,x,uni,Mo,,\n",
}


@pytest.mark.parametrize("form", FORMS_OF_CANVAS)
@pytest.mark.parametrize(("absent", "wu"), [("", "1"), ("0", "0")])
def test_whatever_form_canvas_exports_comes_back_and_nobody_loses_what_canvas_has(tmp_path, form, absent, wu):
    """Its exporter writes more columns or fewer, as rights and settings are; its importer takes "" for no mark."""
    sheet, path = tmp_path / "sheet.csv", tmp_path / "canvas.csv"
    sheet.write_text("\ufeff" + FORMS_OF_CANVAS[form].replace("Wu; PhD, Li", '"Wu; PhD, Li"'), encoding="utf-8")
    people = merged(Roster(), sheet).roster
    assert {p.student: p.name for p in people.people} == {
        "ang": "Anders Ångström",
        "jo": "Jo O'Neil",
        "li": "Li Wu; PhD",
    }
    done = write_canvas(path, [Mark("ang", 1.5, 0, False)], 2.0, "ps1", sheet, all_known(["ang"], [], people), absent)
    assert done.marks_without_row == done.notices == ()
    assert len(done.rows_without_mark) == 2
    header, points, *written = rows(path)
    asked = [name for name in re.split("[;,]", FORMS_OF_CANVAS[form].partition("\n")[0]) if name != "Notes"]
    assert header == asked
    assert (points[0], points[-1], len(points)) == ("    Points Possible", "2.0", len(header))
    assert [row[-1].replace(",", ".").partition(".")[0] for row in written] == ["1", "EX", wu]
    assert {len(row) for row in written} == {len(header)}


def test_marks_without_row_and_rows_without_mark_are_both_told(tmp_path):
    roster, path = tmp_path / "roster.csv", tmp_path / "canvas.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    found = [Mark("ada", 13.0, 2.5, False), Mark("nobody", 1.0, 0.0, False)]
    done = write_canvas(path, found, 20.0, "ps1", roster, known(students=["ada", "nobody"]))
    assert done.marks_without_row == ("nobody",)
    assert done.rows_without_mark == ("Gauss, Carl", "Noether, Emmy")
    assert not path.exists()
    done = write_canvas(path, found[:1], 20.0, "ps1", roster, known(students=["ada"]), absent="0")
    assert (done.marks_without_row, len(done.rows_without_mark)) == ((), 2)
    assert [row[-1] for row in rows(path)[2:]] == ["15.5", "0", "0"]


def test_two_students_never_share_a_row(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    lines = [line("a", "Canvas", "101"), line("ada", "nbgrader", login="ada"), line("b", "other", name="Carl Gauss"),
             line("c", "other", name="Gauss, Carl")]  # fmt: skip
    found = [Mark(student, 1.0, 0.0, False) for student in ("a", "ada", "b", "c")]
    done = write_canvas(tmp_path / "canvas.csv", found, 2.0, "ps1", roster, known(*lines))
    assert done.marks_without_row == ("ada", "b", "c")


WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Comments
Participant 17,Ada Lovelace,ada@uni.edu,Submitted,,20,Yes,-,
Participant 18,Ada Lovelace,ada2@uni.edu,Submitted,,20,Yes,-,
Participant 19,Bob,bob@uni.edu,No submission,3,20,Yes,-,good
"""


def test_moodles_worksheet_comes_back_with_its_grades(tmp_path):
    sheet, path = tmp_path / "sheet.csv", tmp_path / "moodle.csv"
    sheet.write_text(WORKSHEET)
    lines = [line("Ada 17", "Moodle", "17", "Ada Lovelace"), line("Ada 18", "Moodle", "18", "Ada Lovelace")]
    found = [Mark("Ada 17", 5.0, 0.0, False), Mark("Ada 18", 7.0, 0.0, False)]
    done = write_moodle(path, found, 20.0, "ps1", sheet, known(*lines))
    assert (done.marks_without_row, done.rows_without_mark) == ((), ("Bob",))
    before, after = list(csv.reader(WORKSHEET.splitlines())), rows(path)
    assert [row[4] for row in after] == ["Grade", "5.0", "7.0", "3"]
    assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in before]
    other = known(line("Ada 17", "Moodle", "17", "Ada", set="ps0"))  # of another assignment: numbered anew
    assert write_moodle(path, found[:1], 20.0, "ps1", sheet, other).marks_without_row == ("Ada 17",)
    with pytest.raises(ExportError, match="at most 20 points, and ps1 has 25"):
        write_moodle(path, found, 25.0, "ps1", sheet, known(*lines))
    sheet.write_text("name,points\nada,3\n")
    with pytest.raises(ExportError, match="no grading worksheet of Moodle"):
        write_moodle(path, found, 20.0, "ps1", sheet, known(*lines))


def test_names_and_texts_that_a_spreadsheet_would_obey_are_text_and_what_platforms_read_is_as_it_was(tmp_path):
    """People choose their names, and write Moodle's online text; a teacher's remark goes back as it came."""
    name, text, remark = "=HYPERLINK(0)", "=cmd|' /C calc'!A0", "<p>-1 for &nbsp;=x</p>"
    header = ["Identifier", "Full name", "Grade", "Last modified (grade)", "Online text", "Feedback comments"]
    with (tmp_path / "sheet.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, ["Participant 17", name, "", "-", text, remark],
                                    ["Participant 18", "\x1b[2JBob", "-", "-", "plain; words", "=y"]])  # fmt: skip
    person = known(line("eve", "Moodle", "17", name))
    write_moodle(tmp_path / "moodle.csv", [Mark("eve", 5.0, 0.0, False)], 20.0, "ps1", tmp_path / "sheet.csv", person)
    assert rows(tmp_path / "moodle.csv")[1:] == [
        ["Participant 17", f"'{name}", "5.0", "-", f"'{text}", remark],
        ["Participant 18", "\u241b[2JBob", "-", "-", "plain; words", "=y"],
    ]
    with (tmp_path / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Student", "ID", "SIS Login ID", "Section", "ps1 (4)"],
                                    [name, "101", "eve", "@Monday", ""]])  # fmt: skip
    person = known(line("eve", "Canvas", "101", name))
    write_canvas(tmp_path / "canvas.csv", [Mark("eve", 5.0, 0.0, False)], 20.0, "ps1", tmp_path / "roster.csv", person)
    assert rows(tmp_path / "canvas.csv")[2:] == [[f"'{name}", "101", "eve", "'@Monday", "5.0"]]


def test_a_worksheet_of_another_assignment_is_refused(tmp_path):
    """Moodle numbers people anew in each, so the roster's numbers of lab1 stand beside others, or beside nobody."""
    sheet, path = tmp_path / "lab1.csv", tmp_path / "moodle.csv"
    sheet.write_text(WORKSHEET)
    adas, bobs = (frozenset({("moodle", one), ("moodle", other)}) for one, other in (("17", "30"), ("19", "17")))
    roster = Roster([Person("Ada", "Ada Lovelace", "ada@uni.edu", ids=adas), Person("Bob", "Bob", ids=bobs)])
    found = [Mark("Ada", 5.0, 0.0, False), Mark("Bob", 7.0, 0.0, False)]
    for number, says in (("31", "2 of 2 people under other numbers"), ("17", "2 of 2"), ("19", "1 of 2")):
        lines = [
            line("Ada", "Moodle", "30", "Ada Lovelace", set="lab2"),
            line("Bob", "Moodle", number, "Bob", set="lab2"),
        ]
        with pytest.raises(ExportError, match=f"{says}.*worksheet of the assignment in which lab2 was handed in"):
            write_moodle(path, found, 20.0, "lab2", sheet, known(*lines, roster=roster))
        assert not path.exists()
    assert write_moodle(path, found[1:], 20.0, "lab2", sheet, known(lines[1], roster=roster)).marks_without_row == ()
    by_hand = known(roster=Roster([Person("Ada", email="ada@uni.edu")]), students=["Ada"])  # collected from nowhere
    assert write_moodle(path, found[:1], 20.0, "lab2", sheet, by_hand).marks_without_row == ()


def test_a_namesake_of_another_number_gets_nobodys_mark(tmp_path):
    roster, path = tmp_path / "roster.csv", tmp_path / "canvas.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    for lines in ([line("x", "Canvas", "901", "lovelaceada")], [line("ada", "Canvas", "901")]):
        found = [Mark(lines[0].folder, 1.0, 0.0, False)]
        with pytest.raises(ExportError, match=r"is 901, and there 101.*--leave-out"):
            write_canvas(path, found, 2.0, "ps1", roster, known(*lines))
    namesakes = [line("x", "Canvas", "901", "lovelaceada"), line("y", "Canvas", "101", "lovelaceada")]
    found = [Mark("x", 1.0, 0.0, False), Mark("y", 1.0, 0.0, False)]
    assert write_canvas(path, found, 2.0, "ps1", roster, known(*namesakes)).marks_without_row == ("x",)
    assert not path.exists()


def test_moodles_feedback_is_named_as_moodle_names_the_submission(tmp_path):
    """Four or more words between underscores, the second a participant's number, then the plugin's type and name."""
    page = tmp_path / "page.html"
    page.write_text("<p>fine</p>")
    lines = [line("ada", "Moodle", "17", "Ada_Lo/ve"), line("eve", "Canvas", "3")]
    lost = write_moodle_feedback(tmp_path / "f.zip", "ps1", known(*lines), {"ada": page, "eve": page})
    assert lost == ["eve"]
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        (name,) = archive.namelist()
        assert archive.read(name) == b"<p>fine</p>"
    fullname, number, kind, plugin = name.partition("/")[0].split("_", 4)
    assert (fullname, number, kind, plugin) == ("Ada Love", "17", "assignsubmission", "file")


def test_what_is_no_roster_is_refused(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("name,points\nada,3\n")
    with pytest.raises(ExportError, match="lacks the columns Student, ID"):
        write_canvas(tmp_path / "canvas.csv", [], 20.0, "ps1", roster, {})


def test_a_roster_names_people_once_whoever_exports_them(tmp_path):
    canvas, moodle, later = tmp_path / "canvas.csv", tmp_path / "moodle.csv", tmp_path / "later.csv"
    canvas.write_text(ROSTER)
    moodle.write_text(
        "Identifier,Full name,Email address\nParticipant 17,Ada Lovelace,a@b.c\nParticipant 18,Zoe,z@b.c\n"
    )
    later.write_text("Identifier,Full name,Email address\nParticipant 44,Ada L,a@b.c\n")
    first = merged(Roster(), canvas)
    assert first.new == tuple(p.student for p in first.roster.people) == ("ada", "carl", "emmy")
    second = merged(first.roster, moodle)
    assert (second.new, second.read) == (("z",), 2)
    third = merged(second.roster, later)
    assert third.new == ()
    write_roster(tmp_path, third.roster)
    text = (
        (tmp_path / "roster.csv")
        .read_text()
        .replace("moodle=17 moodle=44 sis=s101,", "moodle=17 moodle=44 sis=s101,ps1=+2d ps2=+90m")
    )
    (tmp_path / "roster.csv").write_text(text)
    read = read_roster(tmp_path)
    ada = read.by_student["ada"]
    assert ada.ids == {("canvas", "101"), ("sis", "s101"), ("login", "ada"), ("moodle", "17"), ("moodle", "44")}
    assert (ada.name, ada.email, ada.section) == ("Ada Lovelace", "a@b.c", "Monday")
    assert {id: time.total_seconds() for id, time in ada.extensions.items()} == {"ps1": 172800.0, "ps2": 5400.0}
    finds = [
        ("Canvas", {"id": "102"}),
        ("Moodle", {"id": "44"}),
        ("Blackboard", {"login": "EMMY"}),
        ("Moodle", {"name": "Zoe"}),
    ]
    assert [read.folder(HandedIn(platform, **said)) for platform, said in finds] == ["carl", "ada", "emmy", "z"]
    assert read.folder(HandedIn("Canvas", id="999", name="nobody")) == ""
    (tmp_path / "roster.csv").write_text(text.replace("ps1=+2d ps2", "ps1=+2d,ps2"))
    with pytest.raises(RosterError, match=r"line 2 has 'ps2=\+90m' behind its last column"):
        read_roster(tmp_path)
    (tmp_path / "roster.csv").write_text(text.replace("ps1=+2d", "ps1=+2d ps1=+3d"))
    with pytest.raises(RosterError, match="two extensions for ps1"):
        read_roster(tmp_path)
    for wrong in ("ps1=soon", "ps1=+999999999999d", "=+2d", "ps1=+\N{ARABIC-INDIC DIGIT TWO}d"):
        (tmp_path / "roster.csv").write_text(text.replace("ps1=+2d", wrong))
        with pytest.raises(RosterError, match=rf"extension {re.escape(repr(wrong))}; write it as ps1=\+2d"):
            read_roster(tmp_path)


@pytest.mark.parametrize(
    "head",
    [
        "\ufeffFirst name;Surname;Email address\nAda;L;ada@u.de\n",  # of a table that a German Excel has saved
        "id,first_name,last_name,email\nada,Ada,L,ada@u.de\n",  # as nbgrader imports students
        "student\tname\temail\nada\tL, Ada\tada@u.de\n",
    ],
)
def test_any_list_of_people_is_a_roster_however_it_is_parted(tmp_path, head):
    (tmp_path / "people.csv").write_text(head, encoding="utf-8")
    (person,) = merged(Roster(), tmp_path / "people.csv").roster.people
    assert (person.student, person.first_and_last(), person.email) == ("ada", ("Ada", "L"), "ada@u.de")


def test_of_two_namesakes_the_message_says_what_to_write_where_and_that_is_enough(tmp_path):
    """A worksheet without addresses: a number in one line tells both apart, in whichever order they stand."""
    (tmp_path / "first.csv").write_text(
        "Identifier,Full name,Email address\nParticipant 202,Bo Li,s202@x.edu\nParticipant 203,Bo Li,s203@x.edu\n"
    )
    people = merged(Roster(), tmp_path / "first.csv").roster
    for numbers in ((302, 303), (303, 302)):
        rows = "".join(f"Participant {n},Bo Li\n" for n in numbers)
        (tmp_path / "next.csv").write_text(f"Identifier,Full name\n{rows}")
        with pytest.raises(RosterError, match=rf"moodle={numbers[0]}, could be .* s202, s203 .*write .* column ids"):
            merged(people, tmp_path / "next.csv")
        told = [replace(p, ids=p.ids | {("moodle", "302")}) if p.student == "s203" else p for p in people.people]
        done = merged(Roster(told), tmp_path / "next.csv")
        found = {p.student: p.known_as("moodle") for p in done.roster.people}
        assert (done.new, found) == ((), {"s202": {"202", "303"}, "s203": {"203", "302"}})
    (tmp_path / "clash.csv").write_text("Identifier,Full name,Email address\nParticipant 202,Bo Li,s203@x.edu\n")
    with pytest.raises(RosterError, match="could be any of s202, s203"):
        merged(people, tmp_path / "clash.csv")  # the number of one, and the address of the other


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Carl Gauss", "carl"), ("gauss, carl", "carl"), ("103", "bl2"), ("S103@x.edu", "bl2"), ("moodle 9", "ann"),
        ("Bo Li", r"may be any of bl1 \(canvas=102\), bl2 \(canvas=103\)"),
        ("Eve", "who is called so, eve, has no result there"), ("Zoe", "nobody called Zoe; it has 4 students"),
        ("", "nobody called"),
    ],
)  # fmt: skip
def test_an_appeal_takes_any_name_by_which_somebody_is_known(tmp_path, words, says):
    (tmp_path / "roster.csv").write_text(
        "student,name,email,section,ids,extensions\nbl1,Bo Li,,,canvas=102,\nbl2,Bo Li,s103@x.edu,,canvas=103,\n"
        "carl,Carl Gauss,,,,\neve,Eve,,,,\n"
    )
    write_manifest(tmp_path, [line("ann", "Moodle", name="moodle 9")])
    results = {"ann", "bl1", "bl2", "carl"}
    if says in results:
        assert meant(words, results, tmp_path, tmp_path, tmp_path / "results.json") == says
    else:
        with pytest.raises(ExportError, match=says):
            meant(words, results, tmp_path, tmp_path, tmp_path / "results.json")


texts = st.text(st.sampled_from("ab,;\"\n\r=+0179d @.\0\ufeff\x1b\u202e'ps"), max_size=60)


HEADS = ("student,name,email,section,ids,extensions\n", "Student,ID,Section\n", "Identifier,Name\n", "")


@settings(max_examples=200)
@given(texts, st.sampled_from(HEADS))
def test_whatever_stands_in_a_table_is_read_or_refused_in_words(text, head):
    """A line that ends early, a number without end, a zero byte: none of them ends in a traceback."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("roster.csv", "collected.csv"):
            (folder / file).write_text(head + text, encoding="utf-8", newline="")
        with contextlib.suppress(RosterError):
            people = read_roster(folder)
            people = merged(people, folder / "roster.csv", [line("a", "Canvas", "1")]).roster
            people.folder(HandedIn("Canvas", "ab", "1", "a"))
            write_roster(folder, people)
            assert {p.student for p in read_roster(folder).people} == set(people.by_student)
        with contextlib.suppress(ManifestError):
            read_manifest(folder)


def test_a_damaged_manifest_stops_marking_and_collecting_in_words(tmp_path, tiny):
    (tmp_path / "collected.csv").write_text("ada,ps0\n")
    (tmp_path / "ada/ps0").mkdir(parents=True)
    (tmp_path / "ada/ps0/ps0.ipynb").write_text("{}")
    exercises = ["--exercises", str(tiny.folder.parent), "--submissions", str(tmp_path)]
    for words in (["grade", "ps0", "--dry-run"], ["collect", "ps0", str(tmp_path)]):
        done = CliRunner().invoke(main, [*words, *exercises])
        assert done.exit_code == 2, done.output
        assert "is no manifest of `autograder collect`" in " ".join(done.stderr.split())


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


def test_who_is_excused_in_canvas_stays_so_mark_or_not_and_is_named(tmp_path):
    (tmp_path / "roster.csv").write_text(
        ROSTER.replace("Old quiz", "ps1").replace(",7,", ",EX,").replace(",8,", ",N/A,")
    )
    marks, people = [Mark("ada", 13.0, 0.0, False), Mark("emmy", 1.0, 0.0, False)], known(students=["ada", "emmy"])
    done = write_canvas(tmp_path / "canvas.csv", marks, 10.0, "ps1", tmp_path / "roster.csv", people, "0")
    assert [row[-1] for row in rows(tmp_path / "canvas.csv")[2:]] == ["EX", "N/A", "1.0"]
    assert done.notices == ("excused in Canvas, and so they stay, though they have a mark here: ada",)


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """A course with two marks, and a function that exports them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canvas.csv").write_text(ROSTER)
    write_roster(tmp_path / "build", merged(Roster(), tmp_path / "canvas.csv").roster)
    with opened(database_url("", tmp_path / "build")) as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("ps1", "ps1")
        for student in ("ada", "ivy"):
            gradebook.add_student(student)
            gradebook.add_submission("ps1", student)
    return lambda *words: CliRunner().invoke(main, ["export", "ps1", *words])


CANVAS = ("--format", "canvas", "--roster", "canvas.csv")


def test_who_is_left_out_is_named_by_any_name_and_is_somebody(exported):
    assert "leave them out: --leave-out ivy" in exported(*CANVAS).stderr
    for words, says in ((("--leave-out", "ivvy"), "nobody called ivvy"), (("--leave-out", "103"), "leave-out ivy")):
        refused = exported(*CANVAS, *words)
        assert (refused.exit_code, says in refused.stderr) == (2, True)
    done = exported(*CANVAS, "--leave-out", "ivy", "--leave-out", "Lovelace, Ada", "--absent", "0")
    assert (done.exit_code, "0 students in" in done.output) == (0, True), done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*CANVAS, "--absent", "nan"), "--absent nan: a row without a mark gets a number of points, as 0, or EX."),
        (("--format", "moodle", "--roster", "canvas.csv", "--absent", "EX"), "gets a number of points, as 0."),
        (("--roster", "canvas.csv"), "fill in a platform's file: say which, by --format."),
    ],
)
def test_what_no_platform_takes_is_refused(exported, words, says):
    refused = exported(*words)
    assert (refused.exit_code, says in refused.stderr) == (2, True)


def canvas_takes_back(name):
    """Whose submission a file is, as the source of Canvas says it: by user and attachment, None if by neither."""
    parts = [part for part in name.split("_") if part != "LATE"]
    numbers = parts[1:3] if parts[0] == "anon" else [part for part in parts if part.isdigit()][:2]
    return tuple(numbers) if len(numbers) == 2 else None


def test_feedback_goes_back_to_canvas_under_the_numbers_of_user_and_attachment(tmp_path):
    lines = [
        replace(line("ada", "Canvas", "101", "lovelaceada"), attempt="9001"),
        replace(line("ada", "Canvas", "101", "lovelaceada", done="an earlier attempt"), attempt="9000"),
        replace(line("777", "Canvas", "102", "777"), attempt="9002"),  # a name of digits is no number of Canvas's
        replace(line("x", "Canvas", "Xy7z"), attempt="9003"),  # marked anonymously
        line("eve", "Moodle", "3"),
    ]
    pages = {}
    for student in ("ada", "777", "x", "eve"):
        pages[student] = tmp_path / f"{student}.html"
        pages[student].write_text(f"<html><main><p>For {student}: 1 &lt; 2</p></main></html>")
    assert write_canvas_feedback(tmp_path / "back.zip", "ps1", known(*lines), pages) == ["eve"]
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        found = {canvas_takes_back(name): json.loads(archive.read(name)) for name in archive.namelist()}
    assert set(found) == {("101", "9001"), ("102", "9002"), ("Xy7z", "9003")}
    notebook = nbformat.from_dict(found["101", "9001"])
    nbformat.validate(notebook)
    data = notebook.cells[0].outputs[0].data
    assert (data["text/html"], data["text/plain"]) == (
        "<main><p>For ada: 1 &lt; 2</p></main>", "For ada: 1 < 2"
    )  # fmt: skip


def test_a_column_that_canvas_does_not_have_is_told_and_another_maximum_too(tmp_path):
    """Marks of 2 would go into a new assignment, or count as 2 of 10, and nobody would be told."""
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER.replace("Old quiz (12)", "Lab 1 (4711)"), encoding="utf-8")
    told = {
        (title, best): " ".join(write_canvas(tmp_path / "canvas.csv", [], best, title, roster, {}).notices)
        for title in ("ps1", "Lab 1", "Lab 1 (4711)")
        for best in (2.0, 10.0)
    }
    assert "has no column ps1 with a number behind it: Canvas will make a new assignment" in told["ps1", 2.0]
    assert told["Lab 1", 2.0].startswith("Canvas gives this assignment 10 points, and here it has 2: set it to 2 there")
    assert told["Lab 1", 2.0] == told["Lab 1 (4711)", 2.0]
    assert told["Lab 1", 10.0] == told["Lab 1 (4711)", 10.0] == ""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(WORKSHEET.replace(",20,", ',"100,00",'))
    (notice,) = write_moodle(tmp_path / "moodle.csv", [], 20.0, "ps1", sheet, {}).notices
    assert notice.startswith("Moodle gives this assignment 100,00 points, and here it has 20")


def test_canvas_own_test_student_is_nobody(tmp_path):
    (tmp_path / "canvas.csv").write_text(ROSTER + '"Student, Test",9,,x,Monday,,\n')
    assert [person.name for person in merged(Roster(), tmp_path / "canvas.csv").roster.people] == [
        "Ada Lovelace", "Carl Gauss", "Emmy Noether"
    ]  # fmt: skip


def test_who_was_collected_before_the_roster_is_one_person(tmp_path):
    """By Canvas's number, by Moodle's name, by a login: the folder of before is what the roster calls a person."""
    canvas, plain = tmp_path / "canvas.csv", tmp_path / "people.csv"
    canvas.write_text(ROSTER)
    before = [
        line("lovelaceada", "Canvas", "101", "lovelaceada"), line("Gauss Carl", "Moodle", "7", "Carl Gauss"),
        line("emmy", "nbgrader", login="emmy"), line("anonymous 9", "Canvas", "9"),
    ]  # fmt: skip
    found = merged(Roster(), canvas, before).roster
    assert [p.student for p in found.people] == ["lovelaceada", "Gauss Carl", "emmy"]
    assert {found.folder(HandedIn(n.platform, n.name, n.id, n.login)) for n in before} == {
        "lovelaceada", "Gauss Carl", "emmy", ""
    }  # fmt: skip
    plain.write_text("username,full name\nal17,Ada Lovelace\n")
    (ada,) = merged(Roster(), plain, [line("Ada Lovelace", "Moodle", "3", "Ada Lovelace")]).roster.people
    assert (ada.student, ada.known_as("login")) == ("Ada Lovelace", {"al17"})
    assert merged(found, canvas, before).new == ()


@pytest.mark.parametrize(
    ("known_already", "folders"),
    [(True, ["lovelaceada"]), (False, ["lovelaceada", "ada"])],
    ids=["another name in the roster", "two folders"],
)
def test_who_would_be_two_people_stops_the_roster(tmp_path, known_already, folders):
    (tmp_path / "canvas.csv").write_text(ROSTER)
    roster = merged(Roster(), tmp_path / "canvas.csv").roster if known_already else Roster()
    lines = [line(folder, "Canvas", "101", set=f"ps{n}") for n, folder in enumerate(folders)]
    with pytest.raises(RosterError, match=r"is ada in the roster, and handed in as .*lovelaceada.* into one folder"):
        merged(roster, tmp_path / "canvas.csv", lines)


def test_the_roster_of_another_course_is_asked_about(tmp_path):
    ours, theirs, more = (tmp_path / name for name in ("ours.csv", "theirs.csv", "more.csv"))
    ours.write_text("student\nada\nbob\ncarl\n")
    theirs.write_text("student\nxaver\nyves\nada\n")
    more.write_text("student\nada\nbob\ndora\n")

    def command(*words, answer=""):
        return CliRunner().invoke(main, ["roster", *map(str, words), "--course", str(tmp_path)], input=answer)

    assert "3 people in" in command(ours).output
    assert "1 of them new" in " ".join(command(more).output.split())
    before = (tmp_path / "roster.csv").read_text()
    refused = command(theirs, answer="n\n")
    assert "2 of the 3 people in" in refused.output
    assert "xaver, yves. Is it of this course?" in " ".join(refused.output.split())
    assert (refused.exit_code, (tmp_path / "roster.csv").read_text()) == (1, before)
    assert command(theirs, "--yes").exit_code == 0
    assert len(read_roster(tmp_path).people) == 6


def test_who_has_left_and_who_has_another_name_is_said(tmp_path):
    first, then = tmp_path / "first.csv", tmp_path / "then.csv"
    first.write_text(ROSTER)
    then.write_text(
        ROSTER.replace("Lovelace, Ada", "King, Ada").replace('"Noether, Emmy",103,s103,emmy,Monday,9,90\n', "")
    )
    found = merged(merged(Roster(), first).roster, then)
    assert found.renamed == (f"ada: Ada Lovelace in the roster, Ada King in {then}",)
    assert (found.absent, found.new) == (("emmy",), ())
    write_roster(tmp_path, merged(Roster(), first).roster)
    said = CliRunner().invoke(main, ["roster", str(then), "--course", str(tmp_path)]).output
    assert f"in the roster, and not in {then}: emmy" in said
    assert "the roster's name stays: ada: Ada Lovelace in the roster, Ada King" in said


def test_a_name_without_a_letter_is_nobodys():
    """Not even of the one whose name the roster does not have."""
    people = Roster([Person("ada"), Person("bob", "Bob")])
    assert people.folder(HandedIn("Moodle", name="---")) == ""
    assert people.called("...") == set()


@given(st.text(st.characters(categories=["L", "M", "Zs"]), min_size=1))
def test_a_name_is_one_however_a_system_writes_its_letters(name):
    """Composed or apart, in capitals or not: the oracle is that Unicode calls them equivalent."""
    forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    people = Roster([Person("her", forms[0]), Person("him", "somebody else")])
    assert people.folder(HandedIn("Moodle", name=forms[1])) == people.folder(HandedIn("Moodle", name=forms[0]))
    for form in forms:
        assert letters(form) == letters(forms[0])


CALLED = st.sampled_from(["", "Ada King", "King, Ada", "king ada", "Bob", "\u0410\u0434\u0430", "--"])
ADDRESSES = st.sampled_from(["", "ada@uni.edu", "ADA@uni.edu", "bob"])
PEOPLE = st.builds(
    Person, st.sampled_from(["ada", "Ada", "bob", "7"]), CALLED, ADDRESSES,
    ids=st.frozensets(st.tuples(st.sampled_from(["canvas", "moodle", "login"]), st.sampled_from(["7", "8", "ada"]))),
)  # fmt: skip


@given(
    st.lists(PEOPLE, max_size=5),
    PEOPLE,
    st.builds(HandedIn, st.sampled_from(["Canvas", "Moodle", "Blackboard"]), CALLED, PEOPLE.map(lambda p: p.student)),
)
def test_nobody_whom_a_look_at_all_would_find_is_passed_over(people, read, who):
    class All(Index):
        def places(self, read):
            return [*range(len(people))]

    same = [place for place, person in enumerate(people) if _same(person, read)]
    assert [place for place in Index(people).places(read) if _same(people[place], read)] == same
    quick, slow = Roster(people), Roster(people)
    slow._index = All(people)
    for asked in (who, replace(who, login=who.id, id=""), replace(who, id="")):
        assert quick.folder(asked) == slow.folder(asked)


def test_a_worksheet_of_blind_marking_adds_nobody_and_says_so(tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Identifier,Status,Grade,Maximum grade\nParticipant 7,Submitted,,20\n")
    with pytest.raises(RosterError, match="blind marking, which names nobody, so it adds nothing"):
        merged(Roster(), sheet)
    known_by_number = known(line("Participant 7", "Moodle", "7", "Participant"))
    marks = [Mark("Participant 7", 13.0, 2.5, False)]
    assert write_moodle(tmp_path / "m.csv", marks, 20.0, "ps1", sheet, known_by_number).marks_without_row == ()
    lost = write_moodle(tmp_path / "n.csv", [Mark("ada", 1.0, 0.0, False)], 20.0, "ps1", sheet, known(students=["ada"]))
    assert (lost.marks_without_row, lost.nameless) == (("ada",), True)


def test_two_assignments_of_one_name_are_told_apart_by_their_numbers(tmp_path):
    canvas, path = tmp_path / "roster.csv", tmp_path / "canvas.csv"
    canvas.write_text(ROSTER.replace("Old quiz (12)", "ps1 (12)").replace("Final Score", "ps1 (13)"))
    with pytest.raises(ExportError, match=r"2 assignments called ps1: ps1 \(12\), ps1 \(13\).*--title \"ps1 \(12\)\""):
        write_canvas(path, [], 10.0, "ps1", canvas, {})
    assert not path.exists()
    assert write_canvas(path, [], 10.0, "ps1 (12)", canvas, {}).notices == ()
    assert rows(path)[0][-1] == "ps1 (12)"
