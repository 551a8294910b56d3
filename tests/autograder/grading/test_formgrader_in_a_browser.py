"""An instructor opens formgrader in a browser, marks a part by hand, marks the class again, and hands feedback out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from formgrader_server import AUTHORISED, formgrader
from hostile_markdown import CARRIERS, OBEYED
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = [pytest.mark.grading, pytest.mark.browser]

PATIENCE = 60  # seconds for a page on a busy machine
COMMENT = "Well seen. What if the circle is a point?"


@pytest.fixture
def chrome() -> Iterator[Chrome]:
    driver, browser = (
        next(filter(None, map(shutil.which, names)), None)
        for names in (("chromedriver",), ("chromium", "chromium-browser", "google-chrome"))
    )
    if not (driver and browser):
        pytest.skip("there is no Chromium here, or no driver for it")
    options = Options()
    options.binary_location = browser
    with tempfile.TemporaryDirectory(prefix="formgrader-browser-", ignore_cleanup_errors=True) as profile:
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-gpu",
            "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={profile}", "--window-size=1280,1000",
        ):  # fmt: skip
            options.add_argument(argument)
        chrome = Chrome(options=options, service=Service(driver))
        chrome.execute_cdp_cmd("Network.enable", {})
        chrome.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": AUTHORISED})
        yield chrome
        chrome.quit()


def said(folder: Path, *words: str) -> str:
    """Run a command to its end, and return what it printed."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls `alembic`
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, env=os.environ | {"PATH": beside}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_mark_that_was_entered_in_formgrader_survives_marking_again(tiny, tmp_path, notebook_of, chrome):
    course, exercises = tmp_path / "build", ("--exercises", str(tiny.folder.parent))
    said(tmp_path, "autograder", "release", "ps0", *exercises)
    place = course / "submitted/ada/ps0"
    place.mkdir(parents=True)
    (place / "ps0.ipynb").write_text(json.dumps(notebook_of({tiny.manual_cells[0].grade_id: "It grows as r * r."})))
    grade = ("autograder", "grade", "ps0", "--submissions", str(course / "submitted"), "--yes", *exercises)
    said(tmp_path, *grade)

    def wait(condition: Callable[[], object]) -> object:
        return WebDriverWait(chrome, PATIENCE).until(lambda _: condition())

    with formgrader(course) as server:
        chrome.get(f"{server.address}/formgrader/manage_submissions/ps0")
        wait(lambda: "needs manual grading" in row(chrome, "ada"))
        assert "5 / 9" in row(chrome, "ada")
        (listed,) = json.loads(server("formgrader/api/submitted_notebooks/ps0/ps0"))
        chrome.get(f"{server.address}/formgrader/submissions/{listed['id']}/")
        box = wait(lambda: chrome.find_element(By.ID, tiny.manual_cells[0].grade_id))
        for element, text in ((box, "3"), (chrome.find_element(By.ID, f"{box.get_attribute('id')}-comment"), COMMENT)):
            chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()
            element.send_keys(text, Keys.TAB)
        comments = f"formgrader/api/comments?submission_id={listed['id']}"
        wait(lambda: COMMENT in server(comments))
        said(tmp_path, *grade, "--again")
        chrome.get(f"{server.address}/formgrader/manage_submissions/ps0")
        wait(lambda: "8 / 9" in row(chrome, "ada"))
        assert "needs manual grading" not in row(chrome, "ada")
    said(course, "nbgrader", "generate_feedback", "ps0")
    page = (course / "feedback/ada/ps0/ps0.html").read_text(encoding="utf-8")
    assert "Score: 8.0 / 9.0" in page
    assert COMMENT in page


MARKUP = (
    "</pre><script>document.title='RAN'</script><img src=x onerror=document.title='RAN'>$\\href{javascript:f()}{x}$"
)
SEEN = """
const place = document.querySelector('#notebook-container') || document.querySelector('main');
const all = [...place.querySelectorAll('*')];
return {
  title: document.title,
  links: all.filter(e => e.tagName == 'A' && e.hasAttribute('href')).map(e => e.getAttribute('href')),
  pictures: all.filter(e => e.tagName == 'IMG').map(e => e.getAttribute('src')),
  handlers: all.flatMap(e => e.getAttributeNames()).filter(name => name.startsWith('on')),
  tags: all.map(e => e.tagName.toLowerCase()),
  set: all.filter(e => !e.closest('pre, code, textarea, .tex2jax_ignore')).flatMap(
    e => [...e.childNodes].filter(n => n.nodeType == 3).map(n => n.data)).join(' '),
  fetched: performance.getEntriesByType('resource').map(e => new URL(e.name).host),
};
"""


def hostile(notebook: dict, manual: str) -> dict:
    """Return the notebook with every kind of markup in it: answers, own cells, code, what code says, ids."""
    cells = notebook["cells"]
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == manual:
            cell["source"] = "\n\n".join(
                [CARRIERS["a block quote"], CARRIERS["entities of a formula"], CARRIERS["a table"]]
            )
        elif cell["metadata"].get("nbgrader", {}).get("grade_id") == "area":
            cell["source"] = f"# {MARKUP}\nprint({MARKUP!r})\ndef area(radius): return {{{MARKUP!r}: {MARKUP!r}}}"
        elif cell["metadata"].get("nbgrader", {}).get("grade_id") == "ring":
            cell["source"] = f"def ring_area(inner, outer): raise ValueError({MARKUP!r})\nring_area(1, 2)"
    own = {"metadata": {"tags": [MARKUP], "nbgrader": {"grade_id": MARKUP, "grade": True, "solution": True}}}
    for text in CARRIERS.values():
        cells.append({"cell_type": "markdown", "source": text, **own})
        cells.append({"cell_type": "raw", "source": text, **own})
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": MARKUP, "image/svg+xml": MARKUP}}
    cells.append({"cell_type": "code", "source": MARKUP, "execution_count": 1, "outputs": [output], **own})
    return notebook


NAME = "<script>document.title='RAN'</script><img/src=x/onerror=document.title='RAN'>"  # a person may choose it


def test_nothing_that_a_student_wrote_runs_in_the_markers_browser(tiny, tmp_path, notebook_of, chrome):
    """By both paths, `autograder grade` and `nbgrader autograde`; in formgrader, in its feedback, and in ours."""
    course, exercises = tmp_path / "build", ("--exercises", str(tiny.folder.parent))
    said(tmp_path, "autograder", "release", "ps0", *exercises)
    people = [f'"{NAME}, {login}",{number},,{login},1' for number, login in enumerate(("ada", "eve"), 1)]
    (tmp_path / "canvas.csv").write_text("\n".join(["Student,ID,SIS User ID,SIS Login ID,Section", *people]))
    said(tmp_path, "autograder", "roster", "canvas.csv")
    for student in ("ada", "eve"):
        place = course / f"submitted/{student}/ps0"
        place.mkdir(parents=True)
        (place / "ps0.ipynb").write_text(json.dumps(hostile(notebook_of(), tiny.manual_cells[0].grade_id)))
    said(tmp_path, "autograder", "grade", "ps0", "--submissions", str(course / "submitted"), "--yes", *exercises)
    said(course, "nbgrader", "autograde", "ps0", "--student", "eve", "--force")
    said(course, "nbgrader", "generate_feedback", "ps0")
    with formgrader(course) as server:
        listed = json.loads(server("formgrader/api/submitted_notebooks/ps0/ps0"))
        assert len(listed) == 2
        pages = [f"{server.address}/formgrader/submissions/{one['id']}/" for one in listed]
        pages += [
            path.as_uri() for path in [*course.glob("feedback/*/ps0/ps0.html"), *course.glob("grading/ps0/**/*.html")]
        ]
        assert len(pages) == 7
        for page in pages:
            chrome.get(page)
            seen = chrome.execute_script(SEEN)
            assert "RAN" not in seen["title"], page
            assert not [
                a for a in seen["links"] if not a.startswith(("https://", "http://", "mailto:", "#", "feedback/"))
            ]
            assert all((src or "data:image/png;").startswith("data:image/png;") for src in seen["pictures"]), page
            assert not seen["handlers"], page
            assert not {"script", "iframe", "object", "form", "svg", "math", "style", "base", "meta"} & {
                *seen["tags"]
            }, page
            assert "/grading/" in page or not OBEYED.search(seen["set"])  # MathJax is on nbgrader's pages alone
            assert not [host for host in seen["fetched"] if "cdnjs" not in host and host not in server.address]
            if "formgrader" in page:  # the name is text, and the fields of the form are there, each once
                assert NAME in chrome.find_element(By.CSS_SELECTOR, ".live-notebook").get_attribute("textContent")
                assert len(chrome.find_elements(By.ID, tiny.manual_cells[0].grade_id)) == 1
                assert "source (javascript:" in seen["set"]


def row(chrome: Chrome, student: str) -> str:
    """Return the line of a student in the table that is open, or ""."""
    rows = [row.text for row in chrome.find_elements(By.CSS_SELECTOR, "table tbody tr")]
    return next((text for text in rows if student in text), "")
