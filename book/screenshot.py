"""Take the picture for README.md from the built book: chapter 2, with the slider at the best forward step.

Run it as `python book/screenshot.py` after `make book`, when the page has changed its looks. It writes
book/_static/screenshot.png, the only picture in git.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

BOOK = Path(__file__).resolve().parent
PAGE = BOOK.parent / "build" / "_build" / "html" / "02_divided_differences.html"
PICTURE = BOOK / "_static" / "screenshot.png"
HALF_POWERS_FROM_THE_LEFT = 24  # 1e-20 to 1e-8
LARGEST = 150_000  # bytes


def main() -> int:
    """Open the page, move the slider, and take the picture."""
    if not PAGE.is_file():
        print(f"There is no built book at {PAGE}. Run `make book` first.", file=sys.stderr)
        return 1
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"):
        options.add_argument(argument)
    with tempfile.TemporaryDirectory() as profile:
        options.add_argument(f"--user-data-dir={profile}")
        options.binary_location = shutil.which("chromium") or ""
        driver = shutil.which("chromedriver")
        chrome = Chrome(options=options, service=Service(driver) if driver else Service())
        try:
            take(chrome)
        finally:
            chrome.quit()
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(BOOK.parent)}: {size / 1000:.0f} kB")
    return 0 if size <= LARGEST else 1


def take(chrome: Chrome) -> None:
    """Take the picture of what a reader sees who has moved the slider."""
    screen = {"width": 1160, "height": 720, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    chrome.get(PAGE.as_uri())
    chrome.execute_script("document.documentElement.dataset.mode = document.documentElement.dataset.theme = 'light'")
    WebDriverWait(chrome, 20).until(lambda chrome: len(chrome.find_elements(By.CSS_SELECTOR, ".explorable")) == 2)
    explorable = chrome.find_elements(By.CSS_SELECTOR, ".explorable")[1]
    handle = explorable.find_element(By.CSS_SELECTOR, "input[type=range]")
    handle.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * HALF_POWERS_FROM_THE_LEFT)
    shown = (By.CSS_SELECTOR, ".picture")
    WebDriverWait(chrome, 5).until(
        lambda chrome: "1.0e-08" in explorable.find_element(*shown).get_attribute("aria-label")
    )
    scroll = "scrollBy({top: arguments[0].getBoundingClientRect().top - 112, behavior: 'instant'})"
    chrome.execute_script(scroll, handle)
    chrome.save_screenshot(str(PICTURE))


if __name__ == "__main__":
    sys.exit(main())
