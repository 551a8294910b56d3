"""What stands behind the book: lock file, hash of the library, released notebooks, solutions, what checks catch."""

import datetime
import hashlib
import importlib.util
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from myst_nb.core.utils import coalesce_streams
from solution_lines import bare, given_away, readable, runs, solutions
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from autograder.ground.problem_sets import find
from autograder.ground.release import instructor_notebook, release, student_notebook

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
EXERCISES = ROOT / "exercises"


def load(name, folder=BOOK / "_ext"):
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_lock_file_names_hashes_and_no_addresses():
    packages = json.loads((BOOK / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")


def test_vendoring_does_nothing_when_nothing_changed(monkeypatch, tmp_path, capsys):
    vendor = load("vendor", BOOK)
    monkeypatch.setattr(vendor, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(vendor, "find_npm", lambda: None)
    assert vendor.main() == 1
    assert "npm is missing" in capsys.readouterr().err
    vendor.STAMP.write_text(hashlib.sha256((BOOK / "package-lock.json").read_bytes()).hexdigest())
    assert vendor.main() == 0
    assert "up to date" in capsys.readouterr().out


def test_the_hash_follows_the_library(monkeypatch, tmp_path):
    fresh = load("fresh_execution")
    package = tmp_path / "course_lib"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == "course_lib"]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    before = fresh.library_hash()
    assert fresh.library_hash() == before
    (package / "new.py").write_text("x = 1")
    assert fresh.library_hash() != before


def test_a_line_that_a_busy_kernel_sends_in_pieces_stays_one_line():
    text = {"output_type": "stream", "name": "stdout"}
    pieces = [{**text, "text": piece} for piece in ("lines on the tape:", " ", "10002", "\n", "and one more\n")]
    picture = {"output_type": "display_data", "data": {}}
    warned = {"output_type": "stream", "name": "stderr", "text": "mind\n"}
    joined = load("fresh_execution").put_together([*pieces, picture, {**text, "text": "after\n"}, warned])
    assert [output.get("text") for output in joined] == [
        "lines on the tape: 10002\nand one more\n", None, "after\n", "mind\n",
    ]  # fmt: skip
    assert coalesce_streams(joined[:1])[0]["text"] == joined[0]["text"]


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Return a function that builds a book of one page, beside tmp_path/exercises and tmp_path/build."""
    source = tmp_path / "book"
    source.mkdir()
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))

    def build(extensions, page, **settings):
        extensions = ["myst_parser", *extensions]
        (source / "conf.py").write_text(f"{extensions = }\nmyst_enable_extensions = ['colon_fence']\n")
        (source / "index.md").write_text(page)
        app = SphinxTestApp("html", srcdir=source, confoverrides=settings)
        app.build()
        assert app.warning.getvalue() == ""
        app.cleanup()
        return (Path(app.outdir) / "index.html").read_text(encoding="utf-8"), Path(app.outdir)

    return build


def test_released_notebooks_come_and_go(tmp_path, build):
    book = ["released_notebooks"], "# Sets\n\n:::{released-notebooks}\n:::\n"
    assert "before a problem set was released" in build(*book)[0]
    notebook = tmp_path / "build" / "release" / "ps1" / "ps1.ipynb"
    notebook.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Differences")]), notebook)
    page, out = build(*book)
    assert '<a href="problem_sets/ps1/ps1.ipynb" download>ps1.ipynb</a>: Differences' in page
    assert (out / "problem_sets" / "ps1" / "ps1.ipynb").read_bytes() == notebook.read_bytes()
    assert "do it here" not in page
    there = "notebooks/index.html?path=ps1.ipynb"
    for address, link in {"lite": f"lite/{there}", "https://example.org/": f"https://example.org/{there}"}.items():
        assert f', or <a href="{link}">do it here</a>' in build(*book, lite_address=address)[0]
    notebook.unlink()
    page, out = build(*book)
    assert "before a problem set was released" in page
    assert not (out / "problem_sets").exists()


# --- What the checks catch ------------------------------------------------------------------------------------------

CATCHES = ["what_checks_catch"], "# Caught\n\n:::{what-checks-catch}\n:::\n"


def rows(page, id):
    """Read a set's table back from the page: for each row its words, and the columns in which a number stands."""
    table = BeautifulSoup(page, "html.parser").find(id=f"caught-{id}").find("table")
    heads = [cell.get_text(strip=True) for cell in table.thead.find_all("th")][1:]
    found = []
    for row in table.tbody.find_all("tr"):
        words, *cells = [cell.get_text(strip=True) for cell in row.find_all("td")]
        assert all(cell in ("", head) for cell, head in zip(cells, heads, strict=True))
        found.append((words, tuple(head for cell, head in zip(cells, heads, strict=True) if cell)))
    return found


def test_a_row_says_the_mistake_and_which_checks_fail(tmp_path, build):
    shutil.copytree(ROOT / "tests" / "autograder" / "tiny_course", tmp_path / "exercises")
    page, _ = build(*CATCHES)
    before = [
        ("a radius that is not squared", ("1",)),
        ("the circumference in place of the area", ("1",)),
        ("the circles the wrong way round", ("2",)),
    ]
    assert sorted(rows(page, "ps0")) == sorted(before)
    assert "by all checks (1): by hand." in page
    assert "1 problem set, 3 wrong cases, 1 right. Of the wrong ones, 3 fail one check" in page
    header = '# /// case\n# set = "ps0"\n# fails = ["ring-area", "circle-area"]\n# says = "not done yet"\n# ///\n'
    path = tmp_path / "exercises" / "ps0_circles" / "cases" / "wrong" / "nothing_done.py"
    path.write_text(header + "# %% area\ndef area(radius): ...\n")
    page, _ = build(*CATCHES)  # a new case is seen, though no file of the book has changed
    added = ("nothing done; the feedback says “not done yet”", ("1", "2"))
    assert sorted(rows(page, "ps0")) == sorted([*before, added])


def test_every_case_of_the_course_has_its_row_and_shows_no_code(tmp_path, build):
    (tmp_path / "exercises").symlink_to(EXERCISES)
    page, out = build(*CATCHES)
    for folder in sorted(EXERCISES.glob("ps*_*")):
        id = folder.name.split("_")[0]
        numbers = {check: str(n) for n, check in enumerate(find(id, EXERCISES).checks.by_id, 1)}
        promised, code = [], []
        for path in folder.glob("cases/*/*.py"):
            header, _, rest = path.read_text(encoding="utf-8").removeprefix("# /// case\n").partition("# ///\n")
            fails = tomllib.loads(re.sub("^# ?", "", header, flags=re.M))["fails"]
            promised += [tuple(sorted((numbers[check] for check in fails), key=int))] if fails else []
            code += runs([bare(line) for line in rest.splitlines()], 2)
        assert sorted(columns for _, columns in rows(page, id)) == sorted(promised)
        text = readable(out / "index.html")
        assert [run for run in code if run in text] == []
    assert given_away(EXERCISES, list(out.rglob("*.html")), length=1) == []


# --- Solutions, which come on a day ---------------------------------------------------------------------------------

WHOLE_BOOK = (
    ["released_notebooks", "what_checks_catch", "published_solutions"],
    "# Sets\n\n:::{released-notebooks}\n:::\n\n:::{published-solutions}\n:::\n\n"
    "## Caught\n\n:::{what-checks-catch}\n:::\n",
)
IN_CODE, IN_ANSWER = "quincunx", "zyzzyva"  # words that stand in a solution and in a model answer, and nowhere else


@pytest.fixture
def tell_tale(tmp_path):
    """Put a released problem set beside the book whose solutions hold the two words."""
    shutil.copytree(ROOT / "tests" / "autograder" / "tiny_course", tmp_path / "exercises")
    path = tmp_path / "exercises" / "ps0_circles" / "notebook.md"
    text = path.read_text(encoding="utf-8").replace("return np.pi", f"{IN_CODE} = np.pi", 1)
    path.write_text(text.replace("with the square.", f"with the square, says the {IN_ANSWER}."))
    release(find("ps0", tmp_path / "exercises"), tmp_path / "build")


def holding(out, *words):
    """Name the files of a built book (pages, sources, search index, notebooks) that hold a word."""
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {"index.html", "index.md.txt", "searchindex.js", "ps0.ipynb"} <= {path.name for path in files}
    return [
        path.relative_to(out).as_posix()
        for path in files
        if any(word.encode() in path.read_bytes().lower() for word in words)
    ]


@pytest.mark.usefixtures("tell_tale")
def test_no_file_holds_a_solution_before_the_day(build):
    page, out = build(*WHOLE_BOOK)
    assert "This copy of the book holds no solutions.</p>" in page
    assert holding(out, IN_CODE, IN_ANSWER) == []
    page, out = build(*WHOLE_BOOK, solutions_after="2999-02-01")
    assert "This copy of the book holds no solutions. They are due on 1 February 2999.</p>" in page
    assert holding(out, IN_CODE, IN_ANSWER) == []


@pytest.mark.usefixtures("tell_tale")
def test_solutions_come_on_the_day_and_go_again(build):
    page, out = build(*WHOLE_BOOK, solutions_after=str(datetime.date.today()))
    assert '<a href="solutions/ps0_solutions.ipynb" download>ps0_solutions.ipynb</a>: Circles' in page
    assert holding(out, IN_CODE) == holding(out, IN_ANSWER) == ["solutions/ps0_solutions.ipynb"]
    notebook = nbformat.read(out / "solutions" / "ps0_solutions.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(cell.execution_count is None and not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    page, out = build(*WHOLE_BOOK)
    assert "This copy of the book holds no solutions." in page
    assert holding(out, IN_CODE, IN_ANSWER) == []


def test_the_day_itself_is_the_first():
    published = load("published_solutions").published
    day = datetime.date(2027, 2, 1)
    for setting in ("2027-02-01", day):  # YAML makes a date of a day without quotes
        assert published(setting, day)
        assert published(setting, day + datetime.timedelta(1))
        assert not published(setting, day - datetime.timedelta(1))
    assert not published("never", datetime.date.max)


@pytest.mark.parametrize("setting", ["1 February 2027", "2027-13-01", "", False])
def test_a_day_that_is_none_stops_the_build(setting):
    with pytest.raises(ConfigError, match=f"solutions_after is {setting!r}.*write a day as year-month-day"):
        load("published_solutions").published(setting, datetime.date.today())


def test_chapters_and_released_notebooks_give_no_solution_away(tmp_path):
    """Chapters teach the same formulas: three lines in a row, or a whole shorter solution, would be the solution."""
    notebooks = {}
    for id in solutions(EXERCISES):
        for kind, made in (("student", student_notebook), ("instructor", instructor_notebook)):
            notebooks[id, kind] = tmp_path / f"{id}-{kind}.ipynb"
            nbformat.write(made(find(id, EXERCISES)), notebooks[id, kind])
    students = [path for (_, kind), path in notebooks.items() if kind == "student"]
    assert given_away(EXERCISES, [*BOOK.glob("*.md"), *students], length=3) == []
    for id, parts in solutions(EXERCISES).items():  # and in the instructor's, every one is found
        text = readable(notebooks[id, "instructor"])
        assert all(run in text for part in parts for run in runs(part, 3))
