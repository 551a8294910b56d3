"""The site that `make lite` has built: it holds what its lock file names, and opens a set without asking others."""

import hashlib
import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from autograder.ground.problem_sets import available

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "lite"
CORE = {"pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"}


@pytest.fixture(scope="module")
def site() -> Path:
    if not (SITE / "jupyter-lite.json").is_file():
        pytest.fail(f"There is no site at {SITE}. Run `make lite` first.", pytrace=False)
    return SITE


def test_the_site_holds_what_its_lock_file_names(site):
    config = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["disablePyPIFallback"] is True
    assert not [url for url in [kernel["pyodideUrl"], *kernel["pipliteUrls"]] if not url.startswith("./")]
    pyodide = (site / kernel["pyodideUrl"]).parent
    assert {name for name in CORE if not (pyodide / name).is_file()} == set()
    packages = json.loads((pyodide / "pyodide-lock.json").read_text())["packages"]
    for name, one in packages.items():
        assert re.fullmatch(r"[\w.+-]+\.whl", one["file_name"]), name
        if (wheel := pyodide / one["file_name"]).is_file():
            assert one["sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest(), name
        else:
            assert not one["file_name"].endswith("-none-any.whl"), f"{name} runs everywhere, and is not there"
    sets = {path.name for path in (site / "files").glob("*.ipynb")}
    assert sets == {f"{id}.ipynb" for id in available(ROOT / "exercises")}


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(site):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_set_opens_and_nobody_but_the_site_is_asked(browser, address):
    browser.chrome.get(f"{address}/notebooks/index.html?path=ps1.ipynb")
    title = "Problem set 1"
    WebDriverWait(browser.chrome, 60).until(
        lambda chrome: any(title in one.text for one in chrome.find_elements(By.CSS_SELECTOR, ".jp-Notebook h1"))
    )
    asked = browser.requests()
    assert any(request.endswith("ps1.ipynb") or "ps1.ipynb" in request for request in asked)
    ours = urlsplit(address).netloc
    assert {urlsplit(request).netloc for request in asked if request.startswith("http")} == {ours}
