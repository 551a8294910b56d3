"""A headless Chromium that opens the built book from disk and remembers every request and every complaint."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

HOME = '<div class="explorable-home">'  # where an explorable comes alive
HTML = Path(__file__).resolve().parents[2] / "build" / "_build" / "html"
BINARIES = {"browser": ("chromium", "chromium-browser", "google-chrome"), "driver": ("chromedriver",)}


def pages() -> list[Path]:
    """Pages of text: all that the book's table of contents names."""
    return sorted(path for path in HTML.glob("*.html") if path.stem not in {"genindex", "search"})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a page once on every page of the book, or once on the page that is missing."""
    if "page" in metafunc.fixturenames:
        found = pages() or [HTML / "index.html"]
        metafunc.parametrize("page", found, ids=lambda path: path.stem, scope="session")
    if "page_with_widget" in metafunc.fixturenames:
        found = [path for path in pages() if HOME in path.read_text(encoding="utf-8")]
        found = found or [HTML / "index.html"]
        metafunc.parametrize("page_with_widget", found, ids=lambda path: path.stem, scope="session")


@pytest.fixture(scope="session", autouse=True)
def built_book() -> Path:
    if not (HTML / "index.html").is_file():
        pytest.fail(f"There is no built book at {HTML}. Run `make book` first.", pytrace=False)
    return HTML


class Browser:
    """Chromium, and what it was heard to say since the last page was opened."""

    def __init__(self) -> None:
        options = Options()
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            f"--user-data-dir={tempfile.mkdtemp(prefix='book-browser-')}",
            "--window-size=1280,900",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver, browser = which("driver"), which("browser")
        if browser:
            options.binary_location = browser
        self.chrome = Chrome(options=options, service=Service(driver) if driver else Service())

    def open(self, page: Path, query: str = "") -> None:
        """Open a page from disk; what was said before is forgotten."""
        self.chrome.get("about:blank")
        self.requests(), self.complaints()
        self.chrome.get(page.as_uri() + query)

    def show(self, page: Path) -> None:
        """Open a page unless it is open: most tests only look."""
        if self.chrome.current_url != page.as_uri():
            self.open(page)

    def homes(self, page: Path) -> int:
        """Count the explorables of a page, as it lies on the disk."""
        return page.read_text(encoding="utf-8").count(HOME)

    def requests(self) -> list[str]:
        """Addresses requested since the last time this was asked, other than the browser's own."""
        messages = [json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance")]
        sent = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
        addresses = [request["request"]["url"] for request in sent]
        return [address for address in addresses if not address.startswith(("chrome:", "about:"))]

    def complaints(self) -> list[str]:
        """Errors in the console since the last time this was asked, files not found among them."""
        return [entry["message"] for entry in self.chrome.get_log("browser") if entry["level"] == "SEVERE"]

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page the screen of another device."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def which(role: str) -> str | None:
    """Find a program of the system; None lets selenium look for itself."""
    return next((path for name in BINARIES[role] if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser(built_book: Path) -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.chrome.quit()
