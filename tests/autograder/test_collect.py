"""What a platform lets download becomes submissions: nobody is lost, and nothing in it says where files are written."""

import functools
import io
import json
import re
import stat
import zipfile
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.cli import main
from autograder.ground.bounded import CAN_FORK, Nursery, Share
from autograder.ground.untrusted_text import safe_name
from autograder.read import collect as collecting
from autograder.read.candidates import MAX_INSIDE
from autograder.read.class_folder import is_course_folder, without_notebook
from autograder.read.collect import as_it_is, collect
from autograder.read.collected import REPLACED, read_manifest
from autograder.read.decoding import MAX_BYTES, without_outputs
from autograder.read.download import name_of
from autograder.read.platforms import hand_in_times, handed_in
from autograder.read.roster import Person, Roster
from autograder.read.submission import Unreadable


@pytest.fixture
def zipped(tmp_path):
    """Return a function that makes a ZIP of names and contents."""

    def make(**more):
        path = tmp_path / "bulk.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in more.pop("files", {}).items():
                archive.writestr(name, content)
        return path

    return make


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("ada/ps1/ps1.ipynb", "ada"),
        ("class/ada/ps1/ps1 (2).ipynb", "ada"),
        ("Ada Lovelace_1234_assignsubmission_file_/ps1.ipynb", "Ada Lovelace"),
        ("Ada Lovelace_1234_assignsubmission_file/deep/my work.ipynb", "Ada Lovelace"),
        ("lovelaceada_101_4711_ps1-2.ipynb", "lovelaceada"),
        ("lovelaceada_LATE_101_4711_ps1.ipynb", "lovelaceada"),
        ("ada/work.ipynb", "ada"),
        ("ada.ipynb", "ada"),
    ],
)
def test_platforms_names_are_understood(zipped, tmp_path, name, student):
    found = collect(zipped(files={name: "{}"}), "ps1", tmp_path / "submitted")
    assert found.notebooks == {student: tmp_path / "submitted" / student / "ps1" / "ps1.ipynb"}
    assert found.notebooks[student].read_text() == "{}"


MOODLE, CANVAS = "{}_{}_assignsubmission_file_/", "{}_{}_99_"


@pytest.mark.parametrize(
    "hostile",
    [
        [MOODLE.format("Eve", 2) + "Bob/ps1/ps1.ipynb", MOODLE.format("Bob", 3) + "ps1.ipynb"],
        [MOODLE.format("Eve", 2) + MOODLE.format("Bob", 3) + "ps1.ipynb", MOODLE.format("Bob", 3) + "ps1.ipynb"],
        ["a/" + MOODLE.format("Eve", 2) + "Bob/ps1.ipynb", "a/" + MOODLE.format("Bob", 3) + "ps1.ipynb"],
        [CANVAS.format("Eve", 2) + "a\\Bob\\ps1\\x_ps1.ipynb", CANVAS.format("Bob", 3) + "ps1.ipynb"],
        ["Eve/ps1/Bob/ps1/ps1.ipynb", "Eve/ps1/ps1.ipynb", "Bob/ps1/ps1.ipynb", "Ada/ps1/ps1.ipynb"],
        ["Eve/Bob/ps1.ipynb", "Bob/ps1.ipynb", "Ada/ps1.ipynb"],
        [*(f"Eve/Bob/ps1/{n}.ipynb" for n in range(9)), "Bob/ps1.ipynb", "Ada/ps1.ipynb"],
        ["Eve/x_3_assignsubmission_file_/ps1.ipynb", "Bob/ps1.ipynb", "Eve/Bob_3_4_ps1.ipynb", "Ada/a.ipynb"],
    ],
)
def test_nobodys_folders_take_the_place_of_another(tmp_path, hostile):
    archive = tmp_path / "bulk.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for number, name in enumerate(hostile):
            opened.writestr(zipfile.ZipInfo(name, (2030 - number, 1, 1, 0, 0, 0)), name)
    found = collect(archive, "ps1", tmp_path / "submitted")
    assert "Eve" not in found.notebooks["Bob"].read_text()
    said = handed_in(hostile, "ps1")
    named = {name: person.name or person.login for name, person in said.items()}
    assert {who for name, who in named.items() if "Eve" in name} <= {"Eve"}
    assert [name for name, who in named.items() if who == "Bob"] == [
        n for n in hostile if "Eve" not in n and "Bob" in n
    ]


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        ([MOODLE.format("Ada", 2) + "ps1.ipynb", MOODLE.format("Ada", 3) + "ps1.ipynb"], ["Ada 2", "Ada 3"]),
        ([MOODLE.format("Ada", 2) + "ps1.ipynb", MOODLE.format("ada", 3) + "ps1.ipynb"], ["Ada 2", "ada 3"]),
        (["samename_103_9003_ps1.ipynb", "samename_104_9004_ps1.ipynb"], ["samename 103", "samename 104"]),
        (["777_103_9003_ps1.ipynb", "777_104_9004_ps1.ipynb"], ["777 103", "777 104"]),
        (["Ada?/ps1.ipynb", f"{safe_name('Ada?')}/ps1.ipynb"], None),
        (["\ufb01n/ps1.ipynb", "fin/ps1.ipynb"], None),
    ],
)
def test_two_people_of_one_name_are_two(zipped, tmp_path, names, folders):
    found = collect(zipped(files={name: name for name in names}), "ps1", tmp_path / "s")
    assert found.left == ()
    assert sorted(path.read_text() for path in found.notebooks.values()) == sorted(names)
    if folders:
        assert list(found.notebooks) == folders


# Names as each platform makes them; where they were seen stands in `autograder.read.platforms`.
FORMS = {
    "Moodle": [MOODLE.format("Ada Lovelace", 7) + "ps1.ipynb", MOODLE.format("Bob", 8) + "ps1.ipynb"],
    "Moodle since 4.1": ["Ada Lovelace_7_assignsubmission_file/ps1.ipynb", "Bob_8_assignsubmission_file/a/ps1.ipynb"],
    "Moodle, flat": ["Ada Lovelace_7_assignsubmission_file_ps1.ipynb", "Bob_8_assignsubmission_file_ps1.ipynb"],
    "Moodle, blind": [f"Participant_{n}_assignsubmission_file/ps1.ipynb" for n in range(6001, 6011)],
    "Canvas": ["lovelaceada_101_9001_ps1.ipynb", "babbagecharles_LATE_102_9002_ps1-1.ipynb"],
    "Canvas, anonymous": ["anon_Xy7z_9001_ps1.ipynb", "LATE_anon_Ab3d_9002_ps1.ipynb"],
    "Blackboard": ["PS_1_ada_attempt_2025-03-01-10-11-12_ps1.ipynb", "PS_1_bob_attempt_2025-03-01-10-11-13_ps1.ipynb"],
    "Brightspace": [
        "PS/39786-640693 - Ada L - Oct 10, 2025 1022 AM/ps1.ipynb",
        "PS/39787-640693 - Bob - Oct 9, 2025 922 PM/ps1.ipynb",
    ],
    "Gradescope": ["assignment_1_export/submission_1/ps1.ipynb", "assignment_1_export/submission_2/ps1.ipynb"],
    "exchange": ["ada+ps1+2025-03-01 10:11:12.000001 UTC+q2w/ps1.ipynb", "bob+ps1+2025-03-01 10:11:12.5 UTC/ps1.ipynb"],
    "nbgrader": ["submitted/ada/ps1/ps1.ipynb", "submitted/bob/ps1/deep/PS1.IPYNB"],
    "a file for each student": ["PS/ADA - ps1.ipynb", "PS/BOB - ps1.ipynb", "PS/CARL - ps1.ipynb"],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_nobody_of_any_form_is_lost(zipped, tmp_path, form):
    names = FORMS[form]
    found = collect(zipped(files={name: name for name in names}), "ps1", tmp_path / "s")
    assert found.left == ()
    assert sorted(path.read_text() for path in found.notebooks.values()) == sorted(names)
    lines = read_manifest(tmp_path / "s")
    assert {line.platform for line in lines} == {form.partition(",")[0].removesuffix(" since 4.1")}
    assert {line.file for line in lines if line.taken} == set(names)
    assert {line.folder for line in lines} == set(found.notebooks)
    without_listing = ("Moodle, blind", "Canvas, anonymous", "Gradescope")
    assert {line.nameless for line in lines} == {form in without_listing}


@pytest.mark.parametrize(
    ("form", "folders"),
    [
        ("Moodle", ["Ada Lovelace", "Bob"]),
        ("Moodle, flat", ["Ada Lovelace", "Bob"]),
        ("Moodle, blind", [f"Participant {n}" for n in range(6001, 6011)]),
        ("Canvas", ["babbagecharles", "lovelaceada"]),
        ("Canvas, anonymous", ["anonymous Ab3d", "anonymous Xy7z"]),
        ("Blackboard", ["ada", "bob"]),
        ("Brightspace", ["Ada L", "Bob"]),
        ("exchange", ["ada", "bob"]),
        ("a file for each student", ["ADA", "BOB", "CARL"]),
    ],
)
def test_folders_have_peoples_names(zipped, tmp_path, form, folders):
    assert list(collect(zipped(files=dict.fromkeys(FORMS[form], "{}")), "ps1", tmp_path / "s").notebooks) == folders


def test_times_are_kept_as_nbgrader_keeps_them(zipped, tmp_path):
    for form, at in (
        ("Blackboard", "2025-03-01 09:11:12.000000 UTC"),
        ("Brightspace", "2025-10-10 08:22:00.000000 UTC"),
        ("exchange", "2025-03-01 10:11:12.000001 UTC"),
    ):
        archive = zipped(files=dict.fromkeys(FORMS[form], "{}"))
        found = collect(archive, "ps1", tmp_path / form, zone=ZoneInfo("Europe/Berlin"))
        assert next(iter(found.notebooks.values())).with_name("timestamp.txt").read_text() == at
    found = collect(zipped(files=dict.fromkeys(FORMS["Canvas"], "{}")), "ps1", tmp_path / "canvas")
    assert [line.late for line in read_manifest(tmp_path / "canvas")] == ["late", ""]
    assert not list((tmp_path / "canvas").rglob("timestamp.txt"))


def test_work_in_a_zip_keeps_the_time_that_nbgrader_laid_beside_the_zip(zipped, tmp_path):
    """And what a student has put into the ZIP says nothing of when it came."""
    forged = packed(**{"ps1.ipynb": "{}", "timestamp.txt": "2001-01-01 00:00:00 UTC"})
    at = "2026-11-22 12:30:00.000000 UTC"
    files = {"gus/ps1/work.zip": forged, "gus/ps1/timestamp.txt": at, "ada/ps1/ps1.ipynb": "{}"}
    found = collect(zipped(files=files), "ps1", tmp_path / "opened")
    assert found.notebooks["gus"].with_name("timestamp.txt").read_text() == at
    assert not found.notebooks["ada"].with_name("timestamp.txt").exists()


@pytest.mark.parametrize("form", ["Moodle", "Moodle since 4.1", "Brightspace", "Gradescope", "exchange", "nbgrader"])
def test_only_nbgrader_is_believed_when_work_was_handed_in(zipped, tmp_path, form):
    """On a platform, a file of that name is what a student has laid there, to be in time."""
    forged = {"timestamp.txt": "2001-01-01 00:00:00 UTC", "submission_secret.txt": "0" * 32}
    files = dict.fromkeys(FORMS[form], "{}")
    files |= {f"{name.rpartition('/')[0]}/{file}": text for name in FORMS[form] for file, text in forged.items()}
    found = collect(zipped(files=files), "ps1", tmp_path / "s", zone=ZoneInfo("UTC"))
    written = [p.read_text() for path in found.notebooks.values() for p in path.parent.iterdir() if p != path]
    if form in ("exchange", "nbgrader"):
        assert sorted(written) == sorted([*forged.values()] * 2)
    else:
        assert not set(written) & set(forged.values())
        assert len(written) == 2 * (form == "Brightspace")


def test_names_in_a_download_act_in_no_table_and_on_no_terminal(zipped, tmp_path):
    acting = "\x1b[2J\u202e\n\t\u200b.ipynb"
    files = {f"Ada_7_assignsubmission_file_/{acting}": "{}", f"={acting}_8_assignsubmission_file_/ps1.ipynb": "{}"}
    done = CliRunner().invoke(
        main, ["collect", "ps1", str(zipped(files=files)), "--submissions", str(tmp_path / "s")], color=True
    )
    table = (tmp_path / "s/collected.csv").read_text()
    assert "Ada" in table
    assert "␛[2J" in table
    for text in (done.output, table):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\u200b]", re.sub(r"\x1b\[[0-9;]*m", "", text))
    assert not re.search(r'(?m)(?:^|,)"?[=@+-]', table)
    again = collect(zipped(files=files), "ps1", tmp_path / "s")
    assert len(read_manifest(tmp_path / "s")) == len(again.lines) == 2


def test_what_is_nobodys_is_left_aloud_where_each_file_is_somebodys(zipped, tmp_path):
    """A flat download has nothing of a platform's own: a ZIP or a PDF of another name is somebody's work."""
    names = [
        "Ada - ps1.ipynb",
        "Bob - ps1 (1).ipynb",
        "Carl - ps1.zip",
        "Dora - ps1.pdf",
        "Eve - work.zip",
        "F - a.pdf",
    ]
    files = {name: packed(**{"ps1.ipynb": "{}"}) if name.endswith("zip") else name for name in names}
    found = collect(zipped(files=files), "ps1", tmp_path / "s")
    assert list(found.notebooks) == ["Ada", "Bob", "Carl"]
    done = {line.file: line.done for line in found.lines}
    assert {line.file for line in found.left} == {"Dora - ps1.pdf", "Eve - work.zip", "F - a.pdf"}
    assert done["Dora - ps1.pdf"] == "not a notebook, and none was handed in beside it"
    assert done["Eve - work.zip"].startswith("nobody's")
    assert done["Ada - ps1.ipynb"] == "taken"
    assert done["Bob - ps1 (1).ipynb"] == "taken: called ps1 (1).ipynb"


@pytest.mark.parametrize("form", ["Moodle", "Canvas", "Blackboard", "Brightspace", "Gradescope", "nbgrader"])
def test_an_archive_of_no_platforms_form_is_left_and_its_list_is_not(zipped, tmp_path, form):
    above = {name.partition("/")[0] for name in FORMS[form]}
    top = f"{above.pop()}/" if len(above) == 1 else ""
    beside = {f"{top}work.zip": packed(**{"ps1.ipynb": "{}"}), f"{top}index.html": "<html>"}
    found = collect(zipped(files=dict.fromkeys(FORMS[form], "{}") | beside), "ps1", tmp_path / "s")
    assert [line.file for line in found.left] == [f"{top}work.zip"]


def test_what_blackboard_writes_is_nobodys_work(zipped, tmp_path):
    attempt = "PS_{}_attempt_2025-03-01-10-11-12"
    files = {f"{attempt.format(who)}.txt": f"Name: {who}" for who in ("ada", "bob", "cy")}
    files |= {f"{attempt.format('ada')}_ps1.ipynb": "{}", f"{attempt.format('bob')}_ps1.pdf": "%PDF"}
    found = collect(zipped(files=files), "ps1", tmp_path / "s")
    done = {line.file.removeprefix("PS_"): line.done for line in found.lines}
    assert {line.file for line in found.left} == {f"{attempt.format('bob')}_ps1.pdf", f"{attempt.format('cy')}.txt"}
    assert done["ada_attempt_2025-03-01-10-11-12.txt"] == "beside the notebook"
    said = without_notebook(tmp_path / "s", "bob", "ps1", found.lines)[1]
    assert ".txt" not in said
    assert "ps1.pdf" in said


def test_what_lies_in_nbgraders_folder_for_other_assignments_is_not_left(zipped, tmp_path):
    laid = [f"{who}/{set}/{set}.ipynb" for who in ("ada", "bob") for set in ("ps1", "ps2")]
    laid += ["cy/ps2/work.zip", "cy/PS1/PS1.ipynb", "ada/ps 1/ps1.ipynb", "bob/mine/ps1.ipynb"]
    found = collect(zipped(files=dict.fromkeys(laid, "{}")), "ps1", tmp_path / "s")
    assert {line.file for line in found.left} == {"cy/PS1/PS1.ipynb", "ada/ps 1/ps1.ipynb", "bob/mine/ps1.ipynb"}
    at = "2025-03-01 10:11:12.000001 UTC"
    sent = [f"{who}+{set}+{at}+q2w/{set}.ipynb" for who in ("ada", "bob") for set in ("ps1", "ps2")]
    assert collect(zipped(files=dict.fromkeys(sent, "{}")), "ps1", tmp_path / "t").left == ()


def test_who_is_called_otherwise_under_a_number_is_asked_about(zipped, tmp_path):
    """Brightspace's number is a person's, says one source; another shows one number of two people."""
    at = "{}-7 - {} - Mar {}, 2027 905 AM/ps{}.ipynb"

    def week(number, *people):
        files = [at.format(id, name, number, number) for id, name in people]
        return collect(zipped(files=dict.fromkeys(files, "{}")), f"ps{number}", tmp_path / "s")

    assert week(1, (1, "Ada Byron"), (2, "Bob")).doubles == ()
    assert week(2, (1, "Ada King"), (2, "Bob")).doubles == (("Ada King", "1", "Ada Byron"),)
    assert week(3, (1, "Ada King"), (2, "Bob")).doubles == ()
    assert week(4, (2, "Cy"), (2, "Dora"), (2, "Bob")).doubles == ()


LISTING = "submission_{}:\n  :submitters:\n  - :name: {}\n    :sid: '{}'\n"


@pytest.mark.parametrize("above", ["", "assignment_1_export/"])
@pytest.mark.parametrize("unpacked", [False, True])
def test_who_handed_in_says_gradescope_and_no_student(zipped, tmp_path, above, unpacked):
    """Mallory, in the folder of submission 1, lays a listing there that makes Ada's work Mallory's own."""
    files = {
        f"{above}submission_1/submission_metadata.yml": LISTING.format(2, "Mallory", 1) + LISTING.format(1, "Ada", 2),
        f"{above}submission_1/ps1.ipynb": "empty",
        f"{above}submission_2/ps1.ipynb": "right",
        f"{above}submission_metadata.yml": LISTING.format(1, "Mallory", 1) + LISTING.format(2, "Ada", 2),
    }
    download = zipped(files=files)
    if unpacked:
        with zipfile.ZipFile(download) as archive:
            archive.extractall(tmp_path / "unpacked")
        download = tmp_path / "unpacked"
    found = collect(download, "ps1", tmp_path / "s")
    assert {folder: path.read_text() for folder, path in found.notebooks.items()} == {
        "Ada": "right",
        "Mallory": "empty",
    }
    del files[f"{above}submission_metadata.yml"]
    nobody = collect(zipped(files=files), "ps1", tmp_path / "t")
    assert {folder: path.read_text() for folder, path in nobody.notebooks.items()} == {
        "anonymous submission_1": "empty",
        "anonymous submission_2": "right",
    }


def test_the_newest_attempt_counts_and_the_others_are_named(zipped, tmp_path):
    days = ["2025-03-01-10-11-12", "2025-03-03-10-11-12", "2025-03-02-10-11-12"]
    names = [f"PS_ada_attempt_{day}_ps1.ipynb" for day in days]
    extra = {"PS_ada_attempt_2025-03-03-10-11-12.txt": "Comments: none"}
    found = collect(zipped(files={name: name for name in names} | extra), "ps1", tmp_path / "s")
    assert found.notebooks["ada"].read_text() == names[1]
    assert found.left == ()
    done = {line.file: line.done for line in found.lines}
    assert done[names[0]] == done[names[2]] == f"an earlier attempt than {names[1]}"
    later = "PS_ada_attempt_2025-03-09-10-11-12_ps1.ipynb"
    found = collect(zipped(files={later: "later"}), "ps1", tmp_path / "s")
    assert found.notebooks["ada"].read_text() == "later"
    found = collect(zipped(files={names[0]: "old"}), "ps1", tmp_path / "s")
    assert found.notebooks["ada"].read_text() == "later"
    lines = read_manifest(tmp_path / "s")
    assert [line.file for line in lines if line.taken] == [later]
    assert {line.file for line in lines} == {*names, *extra, later}


def test_a_number_keeps_its_folder_whatever_the_name_becomes(zipped, tmp_path):
    collect(zipped(files={"lovelaceada_101_9001_ps1.ipynb": "1"}), "ps1", tmp_path)
    found = collect(
        zipped(files={"kingada_101_9101_ps2.ipynb": "2", "lovelaceada_105_9105_ps2.ipynb": "3"}), "ps2", tmp_path
    )
    assert {folder: path.read_text() for folder, path in found.notebooks.items()} == {
        "lovelaceada": "2", "lovelaceada 105": "3"
    }  # fmt: skip


def test_one_number_under_two_names_is_left_to_a_person(zipped, tmp_path):
    names = ["a_103_9003_ps1.ipynb", "b_103_9004_ps1.ipynb", "c_104_9005_ps1.ipynb"]
    found = collect(zipped(files={name: name for name in names}), "ps1", tmp_path)
    assert list(found.notebooks) == ["c"]
    assert {line.file for line in found.left} == set(names[:2])
    assert "two names, a, b, under the number 103" in found.left[0].done


OWN = {"area"}


def notebook(*grade_ids, text=""):
    cells = [
        {"cell_type": "code", "source": text, "outputs": [], "metadata": {"nbgrader": {"grade_id": id}}}
        for id in grade_ids
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def packed(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("files", "taken", "says"),
    [
        ({"PS1.IPYNB": notebook("area")}, "PS1.IPYNB", "called PS1.IPYNB"),
        ({"ps1.ipynb.txt": notebook("area")}, "ps1.ipynb.txt", "called ps1.ipynb.txt"),
        ({"ps1.txt": notebook("area"), "notes.txt": "x", "data.json": "[1]"}, "ps1.txt", "called ps1.txt"),
        ({"ps1.json": notebook("area"), "other.json": notebook("x")}, "ps1.json", "called ps1.json"),
        ({"ps1.ipynb": notebook("area"), "ps1.json": notebook("x")}, "ps1.ipynb", ""),
        ({"all.zip": packed(**{"a__ps1.txt": notebook("area"), "b.txt": "x"})}, "all.zip/a/ps1.txt", "called ps1.txt"),
        ({"work/ps1.ipynb": notebook("area")}, "work/ps1.ipynb", "in the folder work"),
        ({"all.zip": packed(**{"a__ps1.ipynb": notebook("area")})}, "all.zip/a/ps1.ipynb", "out of all.zip"),
        ({"mine.ipynb": notebook("area"), "ps1.ipynb": notebook("x")}, "mine.ipynb", "called mine.ipynb"),
        ({"ps1.ipynb": notebook("x")}, "ps1.ipynb", "none of its cells is of ps1"),
        ({"ps1.ipynb": notebook("area", text="1"), "old.ipynb": notebook("area")}, "ps1.ipynb", "of the right name"),
        ({"ps1.ipynb": notebook("area"), ".ipynb_checkpoints/ps1-checkpoint.ipynb": "{}"}, "ps1.ipynb", ""),
        ({"ps1.ipynb": notebook("area"), "._ps1.ipynb": "x", "copy.ipynb": notebook("area")}, "ps1.ipynb", ""),
        ({"ps1.ipynb": notebook("area"), "notes.txt": "x", "photo.jpg": "x"}, "ps1.ipynb", ""),
    ],
)  # fmt: skip
def test_of_one_persons_files_the_notebook_is_found(zipped, tmp_path, files, taken, says):
    archive = zipped(files={f"ada/ps1/{name}": content for name, content in files.items()})
    found = collect(archive, "ps1", tmp_path, own=OWN)
    lines = [line for line in found.lines if line.taken]
    assert [line.file for line in lines] == [f"ada/ps1/{taken}"]
    assert says in lines[0].done
    left = {line.file for line in found.left}
    expected = {"mine.ipynb": {"ps1.ipynb"}, "ps1.ipynb": {"old.ipynb"} & files.keys()}.get(taken, set())
    assert left == {f"ada/ps1/{name}" for name in expected}


def test_who_handed_in_something_else_is_known_all_the_same(zipped, tmp_path):
    files = {MOODLE.format("Ada", 2) + "ps1.pdf": "%PDF", MOODLE.format("Bob", 3) + "ps1.ipynb": "{}"}
    found = collect(zipped(files=files), "ps1", tmp_path)
    assert list(found.notebooks) == ["Bob"]
    assert [(line.folder, line.done) for line in found.left] == [
        ("Ada", "not a notebook, and none was handed in beside it")
    ]
    assert (tmp_path / "Ada/ps1").is_dir()


@pytest.mark.parametrize("form", [CANVAS, MOODLE.removesuffix("/"), MOODLE])
def test_what_macos_lays_beside_a_file_is_nobodys_notebook(zipped, tmp_path, form):
    files = {form.format("ada", 2) + name: notebook("area") for name in ("._ps1.ipynb", "ps1.ipynb")}
    files |= {form.format("bob", 3) + "ps1.ipynb": notebook("area")}
    found = collect(zipped(files=files), "ps1", tmp_path, own=OWN)
    assert (found.left, list(found.notebooks)) == ((), ["ada", "bob"])
    assert sorted(line.done for line in found.lines) == [
        "taken",
        "taken",
        "what an operating system lays beside a file",
    ]
    assert len(read_manifest(tmp_path)) == 3


def test_what_nobody_wrote_is_said_once(zipped, tmp_path, tiny):
    person = MOODLE.format("Ada", 2)
    names = ["__MACOSX/._Ada", ".DS_Store", f"{person}.DS_Store", f"{person}.ipynb_checkpoints/ps0-checkpoint.ipynb"]
    download = zipped(files=dict.fromkeys(names, "") | {f"{person}ps0.ipynb": notebook("area")})
    words = ["collect", "ps0", str(download), "--submissions", str(tmp_path / "s")]
    done = CliRunner().invoke(main, [*words, "--exercises", str(tiny.folder.parent)])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "4 files that nobody wrote passed over, of a system or Jupyter: .DS_Store, ._Ada, ps0-checkpoint" in said
    assert said.count(".DS_Store") == 1
    assert sorted(line.file for line in read_manifest(tmp_path / "s")) == sorted([*names, f"{person}ps0.ipynb"])


def test_what_the_exchange_lays_beside_is_nobodys_work(zipped, tmp_path, tiny):
    """Nor is it missed where a student handed in something else; who handed in nothing but that is named."""
    beside = {"timestamp.txt": "2025-03-01 10:11:12 UTC", "submission_secret.txt": "0" * 32}
    files = {f"{who}/ps1/{name}": text for who in ("ada", "bob") for name, text in beside.items()}
    found = collect(zipped(files=files | {"ada/ps1/ps1.pdf": "%PDF"}), "ps1", tmp_path / "s")
    assert [line.file for line in found.left if line.folder == "ada"] == ["ada/ps1/ps1.pdf"]
    assert len([line for line in found.left if line.folder == "bob"]) == 2
    manifest = read_manifest(tmp_path / "s")
    reasons = {who: without_notebook(tmp_path / "s", who, "ps1", manifest)[1] for who in ("ada", "bob")}
    assert reasons["ada"] == "What was handed in is no notebook called ps1.ipynb: ps1.pdf. Hand in ps1.ipynb."
    assert reasons["bob"] == "No ps1.ipynb was handed in."
    deeper = tmp_path / "s/eve/ps1/mine/ps1.ipynb"
    deeper.parent.mkdir(parents=True)
    deeper.touch()
    assert without_notebook(tmp_path / "s", "eve", "ps1")[1].endswith("Hand in ps1.ipynb itself, not the folder mine.")


def cut(content):
    return content[: len(content) // 2]


MANY = packed(**{f"{n:03}.ipynb": notebook("area") for n in range(MAX_INSIDE + 3)})


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("lab1.txt", "my answers", "not a notebook, and none was handed in beside it"),
        (".ipynb_checkpoints/ps1-checkpoint.ipynb", "{}", "not a notebook, and none was handed in beside it"),
        ("all.zip", cut(packed(**{"ps1.ipynb": notebook("area")})), "an archive that cannot be opened here: damaged"),
        ("all.zip", packed(**{"ps1.pdf": "%PDF"}), "a ZIP without a notebook, and none was handed in beside it"),
        ("all.7z", "7z", "an archive that cannot be opened here: only ZIPs are"),
    ],
)  # fmt: skip
def test_who_handed_in_no_notebook_is_named_and_the_exit_status_says_so(zipped, tmp_path, tiny, name, content, says):
    files = {MOODLE.format("Ada", 2) + name: content, MOODLE.format("Bob", 3) + "ps0.ipynb": "{}"}
    words = ["collect", "ps0", str(zipped(files=files)), "--submissions", str(tmp_path / "s")]
    done = CliRunner().invoke(main, [*words, "--exercises", str(tiny.folder.parent)])
    [line] = [line for line in read_manifest(tmp_path / "s") if line.name == "Ada"]
    assert (done.exit_code, line.done.startswith(says)) == (1, True)
    assert f"left {line.file}: {says}"[:60] in done.output.replace("\n", " ")
    assert (tmp_path / "s/Bob/ps0/ps0.ipynb").is_file()


@pytest.mark.parametrize(
    ("inner", "status", "says"),
    [
        ("area", "taken", "taken: out of w.zip"),
        (packed(**{"a/ps1.ipynb": notebook("area")}), "taken", "taken: out of w.zip"),
        (packed(**{"deepest.zip": packed(**{"ps1.ipynb": "{}"})}), "left", "lies in a ZIP that lies in a ZIP"),
        (cut(packed(**{"ps1.ipynb": notebook("area")})), "left", "cannot be opened here: damaged"),
    ],
    ids=["no archive", "in a ZIP", "too deep", "damaged"],
)
def test_a_zip_in_a_zip_is_opened_and_what_stays_closed_is_told(zipped, tmp_path, inner, status, says):
    """Alone, and beside another notebook, where the one in it may be the later one."""
    name, content = ("ps1.ipynb", notebook(inner)) if isinstance(inner, str) else ("inner.zip", inner)
    for n, beside in enumerate(({}, {"older.ipynb": notebook("area", text="old")})):
        files = {MOODLE.format("Ada", 2) + "w.zip": packed(**{name: content}, **beside)}
        found = collect(zipped(files=files), "ps1", tmp_path / str(n), own={"area"})
        ours = [line for line in found.lines if f"w.zip/{name}" in line.file]
        assert [says in line.done for line in ours] == [True]
        assert (ours[0] in found.left) is (status == "left")
        if status == "taken":
            assert found.notebooks["Ada"].read_text() == notebook("area")


def test_an_archive_beside_a_notebook_may_hold_the_later_one(zipped, tmp_path):
    files = {"ada/ps1/ps1.ipynb": notebook("area"), "ada/ps1/final.rar": "Rar!", "bob/ps1/all.zip": MANY}
    found = collect(zipped(files=files), "ps1", tmp_path, own=OWN)
    assert list(found.notebooks) == ["ada", "bob"]
    said = {line.file: line.done for line in found.left}
    assert said["ada/ps1/final.rar"] == "an archive that cannot be opened here: only ZIPs are"
    assert f"not looked at: {MAX_INSIDE + 3} notebooks are in all.zip" in said[f"bob/ps1/all.zip/{MAX_INSIDE:03}.ipynb"]


@pytest.mark.parametrize(
    ("names", "dates", "reason"),
    [
        (["a.ipynb", "b.ipynb"], [2025, 2025], "the first, and nothing says which is meant"),
        (["a.ipynb", "b.ipynb"], [2025, 2026], "the newest by the dates in the download"),
        (["ps1.ipynb", "b.ipynb"], [2025, 2026], "the one of the right name"),
        (["ps1.ipynb", "ps1-1.ipynb"], [2025, 2025], "the first, and nothing says which is meant"),
    ],
)
def test_of_two_notebooks_of_one_time_the_true_reason_is_told(tmp_path, names, dates, reason):
    with zipfile.ZipFile(tmp_path / "bulk.zip", "w") as archive:
        for name, year in zip(names, dates, strict=True):
            info = zipfile.ZipInfo(f"ada/ps1/{name}", (year, 1, 1, 0, 0, 0))
            archive.writestr(info, notebook("area", text=name))
    found = collect(tmp_path / "bulk.zip", "ps1", tmp_path / "s", own=OWN)
    [taken] = [line for line in found.lines if line.taken]
    assert f"2 notebooks of ps1; this is {reason}" in taken.done
    assert len(found.left) == 1


def spins(cells):
    while True:
        pass


def fills(cells):
    return bytearray(2**30) and cells


BOMB = packed(**{"ps1.ipynb": b"0" * (MAX_BYTES + 1)})


@pytest.mark.parametrize(
    ("whole", "name", "content", "says"),
    [
        (spins, "ps1.ipynb", notebook("area"), "took more than 0.5 s of processor time"),
        (fills, "ps1.ipynb", notebook("area"), "took more than 100 MiB of memory"),
        (fills, "all.zip", packed(**{"ps1.ipynb": notebook("area")}), "took more than 100 MiB of memory"),
        (as_it_is, "ps1.ipynb", b" " * 120 * 2**20, "took more than"),
        (as_it_is, "all.zip", packed(**{"x.zip": BOMB, "ps1.ipynb": b" " * 120 * 2**20}), "took more than"),
    ],
    ids=["time", "memory", "memory in a ZIP", "a bomb", "a bomb in a ZIP"],
)  # fmt: skip
@pytest.mark.skipif(not CAN_FORK, reason="no system that forks")
def test_what_one_person_handed_in_costs_nobody_else_anything(
    zipped, tmp_path, monkeypatch, whole, name, content, says
):
    """It is looked at in a child that is ended; the person has a line, and the others are collected."""
    monkeypatch.setattr(collecting, "Share", functools.partial(Share, seconds=2.0))
    files = {f"{who}/ps1/readme.txt": "x" for who in ("bob", "eve")}
    files |= {f"eve/ps1/{name}": content, "bob/ps1/ps1.ipynb": "{}", "carl/ps1/ps1.ipynb": "{}"}
    with Nursery(memory=100 * 2**20) as nursery:
        found = collect(zipped(files=files), "ps1", tmp_path / "s", own=OWN, whole=whole, nursery=nursery)
    assert list(found.notebooks) == ["bob", "carl"]
    said = {line.file: line.done for line in found.left}
    assert says in said.pop(f"eve/ps1/{name}")
    assert set(said) == {"eve/ps1/readme.txt"}
    assert {line.file for line in read_manifest(tmp_path / "s")} == files.keys()


def test_a_listing_of_gradescopes_that_takes_too_much_is_refused(zipped, tmp_path, monkeypatch):
    """Names of aliases of aliases: 400 bytes that stand for a thousand million of entries."""
    nested = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]" for n in range(10))
    files = {"submission_1/ps1.ipynb": "{}", "submission_2/ps1.ipynb": "{}", "submission_metadata.yml": nested}
    assert list(collect(zipped(files=files), "ps1", tmp_path / "s").notebooks) == [
        "anonymous submission_1", "anonymous submission_2"
    ]  # fmt: skip
    monkeypatch.setattr(collecting, "Share", functools.partial(Share, seconds=0.1))
    long = "".join(LISTING.format(n, "Ada", n) for n in range(5000))
    with Nursery() as nursery, pytest.raises(Unreadable, match=r"submission_metadata.yml took more than 0.1 s"):
        collect(zipped(files=files | {"submission_metadata.yml": long}), "ps1", tmp_path / "t", nursery=nursery)


def test_a_name_of_any_length_leaves_a_manifest_that_is_read(zipped, tmp_path):
    """A ZIP takes names of 65,000 characters, and a reader of CSV none above 131,072."""
    long = "x" * 60_000
    files = {f"ada/ps1/{long}{n}/{long[:5000]}.ipynb": notebook("area", text=str(n)) for n in range(2)}
    files |= {"ada/ps1/all.zip": packed(**{f"{long}.ipynb": notebook("area", text="2")}), "bob/ps1/ps1.ipynb": "{}"}
    for _ in range(2):
        found = collect(zipped(files=files), "ps1", tmp_path / "s", own=OWN)
        assert list(found.notebooks) == ["ada", "bob"]
        lines = read_manifest(tmp_path / "s")
        assert len({line.file for line in lines}) == len(found.lines) == 4
        assert max(len(line.done) for line in lines) < 10_000


def test_people_who_handed_in_together_get_it_each(zipped, tmp_path):
    listing = """
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '7'
    :email: ada@uni.edu
  - {":name": Bob, ":sid": '8', ":email": bob@uni.edu}
  :created_at: !ruby/object:Time 2025-03-01
submission_2:
  :submitters:
  - {":name": Carl, ":sid": '', ":email": carl@uni.edu}
"""
    files = {f"e/submission_{n}/ps1.ipynb": str(n) for n in (1, 2)} | {"e/submission_metadata.yml": listing}
    found = collect(zipped(files=files), "ps1", tmp_path)
    assert {folder: path.read_text() for folder, path in found.notebooks.items()} == {
        "Ada Lovelace": "1", "Bob": "1", "Carl": "2"
    }  # fmt: skip
    assert {(line.folder, line.id, line.login) for line in found.lines if line.folder} == {
        ("Ada Lovelace", "7", "ada@uni.edu"), ("Bob", "8", "bob@uni.edu"), ("Carl", "", "carl@uni.edu")
    }  # fmt: skip


def test_names_without_the_flag_of_utf_8_are_read(tmp_path):
    archive = tmp_path / "bulk.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("Zo\u00eb_2_assignsubmission_file_/ps1.ipynb", "{}")
    data = archive.read_bytes()
    assert data.count(b"\x00\x08") >= 2
    archive.write_bytes(data.replace(b"\x14\x00\x00\x08", b"\x14\x00\x00\x00"))  # the flag in both of its places
    assert list(collect(archive, "ps1", tmp_path / "s").notebooks) == ["Zo\u00eb"]


@pytest.mark.parametrize(
    ("name", "written"),
    [("L\u00f6sung", "latin-1"), ("Se\u00f1or \u00d1", "latin-1"), ("Gro\u00df", "cp437"), ("L\u00f6sung", "cp437"),
     ("caf\u00e9", "cp437"), ("caf\u00e9", "latin-1")],
)  # fmt: skip
def test_names_in_a_students_zip_are_read_as_what_wrote_them_meant(name, written):
    stands = zipfile.ZipInfo("x")
    stands.filename = name.encode(written).decode("cp437")  # as Python reads a name without the flag
    assert name_of(stands) == name


def test_a_folder_that_a_browser_has_unpacked_does_as_well(tmp_path):
    (tmp_path / "d/Ada_2_assignsubmission_file_").mkdir(parents=True)
    (tmp_path / "d/Ada_2_assignsubmission_file_/ps1.ipynb").write_text("{}")
    (tmp_path / "d/Ada_2_assignsubmission_file_/link.ipynb").symlink_to("/etc/passwd")
    found = collect(tmp_path / "d", "ps1", tmp_path / "s")
    assert list(found.notebooks) == ["Ada"]
    assert [line.done for line in found.left] == ["a link, not a file"]


def test_what_is_large_because_of_its_outputs_is_read_without_them(zipped, tmp_path):
    book = json.loads(notebook("area", text="x = '\\\\\" [{'"))
    book["cells"][0]["outputs"] = [{"data": {"image/png": 'A\\"]}' * 3_000_000}}, {"text": ["[", "}"]}]
    book["cells"][0]["attachments"] = {"a.png": {"image/png": "B"}}
    book["metadata"]["widgets"] = {"state": {"x": 1}}
    large = json.dumps(book)
    assert len(large) > MAX_BYTES
    found = collect(zipped(files={"ada/ps1/ps1.ipynb": large}), "ps1", tmp_path, own=OWN)
    assert "without its outputs" in found.lines[0].done
    book["cells"][0] |= {"outputs": [], "attachments": {}}
    book["metadata"]["widgets"] = {}
    assert json.loads(found.notebooks["ada"].read_text()) == book


KEYS = st.text().filter(lambda key: key not in ("outputs", "attachments", "widgets"))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(KEYS, c)))
def test_only_outputs_are_cut_out(value):
    whole = {"cells": [{"source": value, "metadata": {"outputs": value}}], "metadata": {"a": value}, "outputs": value}
    assert json.loads(without_outputs(json.dumps(whole).encode())) == whole


def test_backslashes_of_windows_are_understood(zipped, tmp_path):
    found = collect(zipped(files={"ada\\ps1\\ps1.ipynb": "a", "bob\\ps1\\ps1.ipynb": "b"}), "ps1", tmp_path / "s")
    assert found.notebooks.keys() == {"ada", "bob"}


def test_a_submission_that_is_there_is_kept(zipped, tmp_path):
    archive = zipped(files={"ada/ps1.ipynb": "first"})
    collect(archive, "ps1", tmp_path)
    assert collect(archive, "ps1", tmp_path).notebooks.keys() == {"ada"}  # the same again
    archive = zipped(files={"ada/ps1.ipynb": "second"})
    kept = collect(archive, "ps1", tmp_path)
    assert "is there and differs; --force" in kept.left[0].done
    assert (tmp_path / "ada/ps1/ps1.ipynb").read_text() == "first"
    collect(archive, "ps1", tmp_path, force=True)
    assert (tmp_path / "ada/ps1/ps1.ipynb").read_text() == "second"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30))
def test_no_name_leads_out_of_the_folder(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("any")
    archive = folder / "bulk.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for form in (f"{name}/ps1.ipynb", f"../{name}/ps1/ps1.ipynb", f"{name}.ipynb", f"/{name}/../../x.ipynb"):
            opened.writestr(form, "{}")
    found = collect(archive, "ps1", folder / "submitted")
    written = {p.resolve() for p in folder.rglob("*") if p.is_file() and p.name != "collected.csv"} - {
        archive.resolve()
    }
    assert written == {p.resolve() for p in found.notebooks.values()}
    assert all((folder / "submitted").resolve() in p.parents for p in written)


def test_links_bombs_and_damage_are_left_with_a_reason(tmp_path):
    archive = tmp_path / "bulk.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        link = zipfile.ZipInfo("eve/ps1.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc/passwd")
        opened.writestr("bomb/ps1.ipynb", b"0" * (MAX_BYTES + 1))
        opened.writestr("ada/ps1.ipynb", "{}")
        opened.writestr(zipfile.ZipInfo("cut/ps1.ipynb"), "{}" * 500)
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"{}{}{}", b"[][][]", 1))  # the checksum no longer fits
    found = collect(archive, "ps1", tmp_path / "submitted")
    assert found.notebooks.keys() == {"ada"}
    reasons = {line.file: line.done for line in found.left}
    assert reasons["eve/ps1.ipynb"] == "a link, not a file"
    assert reasons["bomb/ps1.ipynb"] == "larger than 10 MB, also without its outputs"
    assert "damaged" in reasons["cut/ps1.ipynb"]


def test_what_is_no_zip_or_no_pattern_is_refused(zipped, tmp_path):
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(Unreadable, match="cannot be read as a ZIP"):
        collect(tmp_path / "no.zip", "ps1", tmp_path)
    with pytest.raises(Unreadable, match="needs a group"):
        collect(zipped(), "ps1", tmp_path, pattern=r"(.*)\.ipynb")


def test_the_command_says_what_it_took_and_left(zipped, tmp_path, tiny):
    options = ["--submissions", str(tmp_path / "s"), "--pattern", r"x-(?P<student>\w+)-y.*"]

    def command(**files):
        words = ["collect", "ps0", str(zipped(files=files)), *options, "--exercises", str(tiny.folder.parent)]
        return CliRunner().invoke(main, words)

    done = command(**{"x-ada-y.ipynb": "{}", "notes.txt": "x"})
    assert done.exit_code == 0
    assert "1 submission in" in done.output
    assert "collected.csv" in done.output.replace("\n", "")  # the path may be longer than a line
    assert (tmp_path / "s/ada/ps0/ps0.ipynb").is_file()
    done = command(**{"x-ada-y.ipynb": "{}", "somebody.ipynb": "x"})
    assert done.exit_code == 1
    assert "left somebody.ipynb: nobody's" in done.output


WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (submission),Last modified (grade)
Participant 7,Ada,a@b.c,Submitted for grading,,9.00,"Saturday, 1 March 2025, 11:59 PM",-
Participant 8,Bob,b@b.c,Submitted for grading - 1 hour late,,9.00,"Sunday, 2 March 2025, 12:59\u202fAM",-
Participant 9,Eve,e@b.c,No submission,,9.00,-,-
"""


def test_moodles_worksheet_says_when_each_handed_in(zipped, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("\ufeff" + WORKSHEET)
    times = hand_in_times(sheet)
    assert {number: str(at) for number, at in times.items()} == {
        "7": "2025-03-01 23:59:00", "8": "2025-03-02 00:59:00"
    }  # fmt: skip
    archive = zipped(files=dict.fromkeys(FORMS["Moodle since 4.1"], "{}"))
    found = collect(archive, "ps1", tmp_path / "s", zone=ZoneInfo("Europe/Berlin"), times=times)
    written = {folder: path.with_name("timestamp.txt").read_text() for folder, path in found.notebooks.items()}
    assert written == {
        "Ada Lovelace": "2025-03-01 22:59:00.000000 UTC", "Bob": "2025-03-01 23:59:00.000000 UTC"
    }  # fmt: skip


def test_a_worksheet_that_does_not_know_who_handed_in_is_told(zipped, tmp_path, tiny):
    """With that of another assignment nobody would have been late."""
    sheet = tmp_path / "other.csv"
    files = {f"{name}_{n}_assignsubmission_file/ps0.ipynb": "{}" for name, n in (("Ada", 7), ("Bob", 8))}
    words = ["collect", "ps0", str(zipped(files=files)), "--course", str(tmp_path / "build")]
    words += ["--exercises", str(tiny.folder.parent), "--worksheet", str(sheet)]
    sheet.write_text(WORKSHEET.replace("pant 7", "pant 17").replace("pant 8", "pant 18"))
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, (tmp_path / "build").exists()) == (2, False)
    assert "0 of the 2 who handed in stand in this worksheet" in " ".join(done.stderr.split())
    sheet.write_text(WORKSHEET.replace("pant 8", "pant 18"))
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert "1 of 2 have no time in" in " ".join(done.output.split())
    sheet.write_text(WORKSHEET)
    assert CliRunner().invoke(main, words).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WORKSHEET.replace("Saturday, 1 March", "samedi 1 mars"), "7 handed in at 'samedi 1 mars 2025, 11:59 PM'"),
        (WORKSHEET.replace("Identifier", "Identifiant"), "it lacks Identifier. Set Moodle to English"),
    ],
)
def test_a_worksheet_in_another_language_is_refused(tmp_path, text, says):
    (tmp_path / "sheet.csv").write_text(text)
    with pytest.raises(Unreadable, match=re.escape(says)):
        hand_in_times(tmp_path / "sheet.csv")


def test_what_is_taken_is_called_what_it_is_and_the_roster_is_held_beside_it(tmp_path, zipped, tiny, notebook_of):
    """Metadata that a filter took out are no reason to call a notebook another's; damage is called damage."""
    whole = json.dumps(notebook_of())
    bare = notebook_of()
    for cell in bare["cells"]:
        cell["metadata"] = {}
    files = {
        "Ada_7_assignsubmission_file/ps0.ipynb": json.dumps(bare),
        "Ada_7_assignsubmission_file/old.ipynb": "{}",
        "Bob_8_assignsubmission_file/ps0.ipynb": whole[:500],
        "Eve_9_assignsubmission_file/ps0.ipynb": f"<<<<<<< HEAD\n{whole}\n=======\n{{}}\n>>>>>>> mine\n",
        "Stranger_4_assignsubmission_file/ps0.ipynb": whole,
    }
    (tmp_path / "sheet.csv").write_text(WORKSHEET + "Participant 10,Dora,d@b.c,No submission,,9.00,-,-\n")
    course = ["--course", str(tmp_path)]
    assert CliRunner().invoke(main, ["roster", str(tmp_path / "sheet.csv"), *course]).exit_code == 0
    words = ["collect", "ps0", str(zipped(files=files)), *course, "--worksheet", str(tmp_path / "sheet.csv")]
    done = CliRunner().invoke(main, [*words, "--exercises", str(tiny.folder.parent)])
    said = " ".join(done.output.split())
    assert done.exit_code == 1  # one notebook is left over
    assert "left Ada_7_assignsubmission_file/old.ipynb: a notebook, and none of its cells is of ps0" in said
    assert "b, Bob_8_assignsubmission_file/ps0.ipynb: taken: it cannot be read: ps0.ipynb is damaged" in said
    assert "taken: it cannot be read: ps0.ipynb holds conflict markers of git" in said
    assert "a, Ada" not in said  # taken, and nothing to be said of it
    assert "not in the roster: Stranger" in said
    assert "in the roster, and nothing of them: d" in said
    assert (tmp_path / "submitted/b/ps0/timestamp.txt").is_file()


def test_a_download_of_later_keeps_the_line_of_what_it_replaced(zipped, tmp_path):
    """Moodle calls each attempt by one name: the time in its worksheet says which is later."""
    name, later = "Ada_7_assignsubmission_file/ps1.ipynb", {"7": datetime(2025, 3, 2, 9)}
    first, second = notebook("area"), notebook("area", text="second")

    def done(content, times, **more):
        collect(zipped(files={name: content}), "ps1", tmp_path / "s", times=times, **more)
        kept = (tmp_path / "s/Ada/ps1/ps1.ipynb").read_text() == second
        return [line.done.partition(";")[0] for line in read_manifest(tmp_path / "s")], kept

    there = "is there and differs"
    assert done(first, {"7": datetime(2025, 3, 1, 9)}) == (["taken"], False)
    said, kept = done(second, {"7": datetime(2025, 3, 1, 9)})  # nobody knows which is later
    assert (said[0], there in said[1], kept) == ("taken", True, False)
    assert done(second, later) == ([REPLACED, "taken"], True)
    assert done(second, later) == ([REPLACED, "taken"], True)


def test_times_without_a_zone_are_said_to_be_this_machines(zipped, tmp_path, tiny):
    (tmp_path / "sheet.csv").write_text(WORKSHEET)
    files = {"Ada_7_assignsubmission_file/ps0.ipynb": "{}"}
    words = ["collect", "ps0", str(zipped(files=files)), "--course", str(tmp_path), "--exercises",
             str(tiny.folder.parent)]  # fmt: skip
    says = "times are written without a time zone"
    assert says not in CliRunner().invoke(main, words).output  # no times at all
    words += ["--worksheet", str(tmp_path / "sheet.csv")]
    assert says in CliRunner().invoke(main, words).output
    assert says not in CliRunner().invoke(main, [*words, "--timezone", "Europe/Berlin"]).output


def test_what_was_handed_in_again_to_canvas_takes_the_place_of_the_first(zipped, tmp_path):
    """Canvas says no time; the numbers that it gives files grow."""
    first, again, other = "lada_101_9001_ps1.ipynb", "lada_101_9050_ps1-1.ipynb", "lada_101_900_ps1.ipynb"
    for name, there, says in ((first, first, "taken"), (again, again, "taken: called ps1-1.ipynb"),
                              (other, again, f"an earlier attempt than {again}")):  # fmt: skip
        found = collect(zipped(files={name: name}), "ps1", tmp_path / "s")
        assert found.notebooks["lada"].read_text() == there
        assert [line.done for line in found.lines] == [says]
        assert found.left == ()
    (tmp_path / "s/lada/ps1/ps1.ipynb").write_text("changed by hand")
    found = collect(zipped(files={"lada_101_9060_ps1.ipynb": "newest"}), "ps1", tmp_path / "s")
    assert "is there and differs" in found.left[0].done  # a person's change is not written over


def test_a_person_may_have_a_name_that_means_something_there(zipped, tmp_path):
    names = ["collected.csv", "Collected.csv", "collected.csv.new", "source", "release", "submitted", "ps1"]
    files = {f"{name}_{n}_assignsubmission_file_/ps1.ipynb": f'"{name}"' for n, name in enumerate(names, 1)}
    for _ in range(2):
        found = collect(zipped(files=files), "ps1", tmp_path / "submitted")
        assert sorted(path.read_text() for path in found.notebooks.values()) == sorted(f'"{name}"' for name in names)
        assert not {"collected.csv.new", "source", "release", "ps1"} & found.notebooks.keys()
        assert {line.name for line in read_manifest(tmp_path / "submitted")} == set(names)
    assert not is_course_folder(tmp_path / "submitted")


ADA = Person("ada", "Lovelace, Ada", "", "", frozenset({("canvas", "501")}))


@pytest.mark.parametrize(
    ("form", "roster", "folders"),
    [
        ("lovelaceada_{}_9001_ps1.ipynb", (ADA,), {"501": "ada", "777": "lovelaceada"}),  # another number is another
        ("Ada Lovelace_{}_assignsubmission_file_/ps1.ipynb", (ADA,),
         {"501": "Ada Lovelace 501", "777": "Ada Lovelace 777"}),  # Moodle's numbers tell nothing: it may be either
        ("lovelaceada_{}_9001_ps1.ipynb", (replace(ADA, ids=frozenset()),),
         {"501": "lovelaceada 501", "777": "lovelaceada 777"}),
    ],
)  # fmt: skip
def test_who_has_anothers_name_does_not_have_that_ones_folder(zipped, tmp_path, form, roster, folders):
    files = {form.format(number): f'"{number}"' for number in ("501", "777")}
    found = collect(zipped(files=files), "ps1", tmp_path / "submitted", known=Roster(roster).folder)
    assert {path.read_text().strip('"'): folder for folder, path in found.notebooks.items()} == folders


def test_a_name_is_enough_where_one_person_has_it(zipped, tmp_path):
    files = {"Ada Lovelace_8_assignsubmission_file_/ps1.ipynb": "{}"}
    found = collect(zipped(files=files), "ps1", tmp_path / "submitted", known=Roster((ADA,)).folder)
    assert list(found.notebooks) == ["ada"]
