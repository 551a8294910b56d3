"""A ZIP from a learning platform becomes submissions; nothing in it decides where files are written."""

import stat
import zipfile

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.cli import main
from autograder.ground.untrusted_text import safe_name
from autograder.read.collect import MAX_BYTES, collect, whose
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
    whose_is = whose(hostile, "ps1")
    assert {person.name for name, person in whose_is.items() if "Eve" in name} <= {"Eve"}
    assert [name for name, person in whose_is.items() if person.name == "Bob"] == [
        n for n in hostile if "Eve" not in n and "Bob" in n
    ]


@pytest.mark.parametrize(
    "names",
    [
        [MOODLE.format("Ada", 2) + "ps1.ipynb", MOODLE.format("Ada", 3) + "ps1.ipynb"],
        [MOODLE.format("Ada", 2) + "ps1.ipynb", MOODLE.format("ada", 3) + "ps1.ipynb"],
        [CANVAS.format("ada", 2) + "ps1.ipynb", CANVAS.format("ada", 3) + "ps1.ipynb"],
        ["Ada?/ps1.ipynb", f"{safe_name('Ada?')}/ps1.ipynb"],
        ["\ufb01n/ps1.ipynb", "fin/ps1.ipynb"],
    ],
)
def test_two_people_of_one_name_are_left_to_a_person(zipped, tmp_path, names):
    found = collect(
        zipped(files={name: name for name in [*names, names[0].replace("da", "lan").replace("\ufb01", "alan")]}),
        "ps1",
        tmp_path / "s",
    )
    assert {name for name, why in found.left if "could be any of" in why} == set(names)
    assert not {"Ada", "ada", "fin", safe_name("Ada?")} & found.notebooks.keys()


def test_backslashes_of_windows_are_understood(zipped, tmp_path):
    found = collect(zipped(files={"ada\\ps1\\ps1.ipynb": "a", "bob\\ps1\\ps1.ipynb": "b"}), "ps1", tmp_path / "s")
    assert found.notebooks.keys() == {"ada", "bob"}


def test_the_right_name_is_preferred_and_the_rest_is_told(zipped, tmp_path):
    files = {"ada/notes.txt": "x", "ada/old.ipynb": "old", "ada/ps1.ipynb": "new", "__MACOSX/ada/._ps1.ipynb": "x"}
    found = collect(zipped(files=files), "ps1", tmp_path)
    assert found.notebooks["ada"].read_text() == "new"
    assert {name: why.split(":")[0] for name, why in found.left} == {
        "ada/notes.txt": "no notebook, or nobody's",
        "ada/old.ipynb": "a further notebook of ada",
    }


def test_a_submission_that_is_there_is_kept(zipped, tmp_path):
    archive = zipped(files={"ada/ps1.ipynb": "first"})
    collect(archive, "ps1", tmp_path)
    assert collect(archive, "ps1", tmp_path).notebooks.keys() == {"ada"}  # the same again
    archive = zipped(files={"ada/ps1.ipynb": "second"})
    kept = collect(archive, "ps1", tmp_path)
    assert "is there and differs; --force" in kept.left[0][1]
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
    written = {p.resolve() for p in folder.rglob("*") if p.is_file()} - {archive.resolve()}
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
    reasons = dict(found.left)
    assert reasons["eve/ps1.ipynb"] == "a link, not a file"
    assert reasons["bomb/ps1.ipynb"] == "larger than 10 MB"
    assert "damaged" in reasons["cut/ps1.ipynb"]


def test_what_is_no_zip_or_no_pattern_is_refused(zipped, tmp_path):
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(Unreadable, match="cannot be read as a ZIP"):
        collect(tmp_path / "no.zip", "ps1", tmp_path)
    with pytest.raises(Unreadable, match="needs a group"):
        collect(zipped(), "ps1", tmp_path, pattern=r"(.*)\.ipynb")


def test_the_command_says_what_it_took_and_left(zipped, tmp_path, tiny):
    archive = zipped(files={"x-ada-y.ipynb": "{}", "notes.txt": "x"})
    options = ["--submissions", str(tmp_path / "s"), "--pattern", r"x-(?P<student>\w+)-y.*"]
    words = ["collect", "ps0", str(archive), *options]
    done = CliRunner().invoke(main, [*words, "--exercises", str(tiny.folder.parent)])
    assert done.exit_code == 0
    assert "1 submission in" in done.output
    assert "notes.txt" in done.output
    assert (tmp_path / "s/ada/ps0/ps0.ipynb").is_file()
