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
            "--disable-dev-shm-usage", f"--user-data-dir={profile}", "--window-size=1280,1000",
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


def row(chrome: Chrome, student: str) -> str:
    """Return the line of a student in the table that is open, or ""."""
    rows = [row.text for row in chrome.find_elements(By.CSS_SELECTOR, "table tbody tr")]
    return next((text for text in rows if student in text), "")
