"""The built book, opened from disk: its sliders move, it says what it shows, and it asks nobody for anything."""

import gzip
import re
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser

WIDGET = "application/vnd.jupyter.widget-view+json"
FRAME = ".explorable .explorable-frame img"
HANDLE = ".explorable .noUi-handle"
LARGEST_PAGE = 1_500_000  # bytes, compressed


def wait_for_picture(browser):
    WebDriverWait(browser.chrome, 15).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, FRAME))
    WebDriverWait(browser.chrome, 15).until(
        lambda chrome: chrome.find_element(By.CSS_SELECTOR, HANDLE).get_attribute("aria-label")
    )


def frame(browser):
    picture = browser.chrome.find_element(By.CSS_SELECTOR, FRAME)
    return picture.get_attribute("alt"), picture.get_attribute("src")


def wait_for_other_frame(browser, old):
    WebDriverWait(browser.chrome, 5).until(lambda chrome: frame(browser) != old)
    return frame(browser)


def test_every_page_asks_nobody_and_complains_of_nothing(browser, page):
    browser.open(page)
    WebDriverWait(browser.chrome, 15).until(
        lambda chrome: chrome.execute_script("return document.readyState") == "complete"
    )
    if WIDGET in page.read_text(encoding="utf-8"):
        wait_for_picture(browser)
    requests = browser.requests()
    assert page.as_uri() in requests, "the log of requests is deaf"
    outside = [address for address in requests if not address.startswith(("file:", "data:", "blob:"))]
    assert outside == []
    assert browser.complaints() == []


def test_the_slider_moves_the_picture_by_keyboard(browser, page_with_widget):
    browser.show(page_with_widget)
    wait_for_picture(browser)
    handle = browser.chrome.find_element(By.CSS_SELECTOR, HANDLE)
    said, before = handle.get_attribute("aria-valuetext"), frame(browser)
    handle.send_keys(Keys.ARROW_LEFT)
    after = wait_for_other_frame(browser, before)
    assert after[0] != before[0], "the alternative text does not follow the picture"
    assert after[1] != before[1], "the picture has not changed"
    WebDriverWait(browser.chrome, 5).until(lambda chrome: handle.get_attribute("aria-valuetext") != said)
    handle.send_keys(Keys.ARROW_RIGHT)
    assert wait_for_other_frame(browser, after) == before
    assert browser.complaints() == []


def test_the_slider_has_a_name_and_says_its_value(browser, page_with_widget):
    browser.show(page_with_widget)
    wait_for_picture(browser)
    for slider in browser.chrome.find_elements(By.CSS_SELECTOR, ".explorable .widget-hslider"):
        handle = slider.find_element(By.CSS_SELECTOR, ".noUi-handle")
        assert handle.get_attribute("aria-label") == slider.find_element(By.CSS_SELECTOR, ".widget-label").text != ""
        assert handle.get_attribute("aria-valuetext") == slider.find_element(By.CSS_SELECTOR, ".widget-readout").text
        assert handle.get_attribute("aria-valuetext") != handle.get_attribute("aria-valuenow")


def test_the_v_plot_says_where_one_stands(browser, built_book):
    browser.show(built_book / "02_divided_differences.html")
    wait_for_picture(browser)
    handle = browser.chrome.find_element(By.CSS_SELECTOR, HANDLE)
    handle.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 24)  # from 1e-20 to 1e-8 in half powers
    WebDriverWait(browser.chrome, 5).until(lambda chrome: "1.0e-08" in frame(browser)[0])
    assert handle.get_attribute("aria-valuetext") == "10⁻⁸ = 1.0e-08"
    assert "7 of 16 digits" in frame(browser)[0]
    before = frame(browser)
    browser.chrome.find_element(By.CSS_SELECTOR, ".explorable input[data-value='complex%20step']").send_keys(Keys.SPACE)
    assert "15 of 16 digits" in wait_for_other_frame(browser, before)[0]


def test_a_change_is_announced(browser, page_with_widget):
    browser.show(page_with_widget)
    wait_for_picture(browser)
    browser.chrome.find_element(By.CSS_SELECTOR, HANDLE).send_keys(Keys.ARROW_LEFT)
    region = browser.chrome.find_element(By.CSS_SELECTOR, ".explorable [role=status]")
    WebDriverWait(browser.chrome, 5).until(
        lambda chrome: region.get_attribute("textContent") == frame(browser)[0]
    )


def test_every_picture_says_what_it_shows(browser, page):
    browser.show(page)
    for picture in browser.chrome.find_elements(By.CSS_SELECTOR, "main img"):
        alternative = picture.get_attribute("alt") or ""
        assert len(alternative.split()) >= 8, f"alternative text {alternative!r} of {picture.get_attribute('src')[:80]}"


def test_a_narrow_screen_needs_no_sideways_scrolling(browser, page):
    browser.resize(400)
    try:
        browser.show(page)
        if WIDGET in page.read_text(encoding="utf-8"):
            wait_for_picture(browser)
        content, screen = browser.chrome.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        widest = browser.chrome.execute_script(
            "return Math.max(0, ...[...document.querySelectorAll('.explorable, .explorable img')]"
            ".map(element => element.getBoundingClientRect().right))"
        )
    finally:
        browser.resize(1280)
    assert content <= screen
    assert widest <= screen


def test_paper_and_script_free_readers_see_a_still_picture(browser, page_with_widget):
    browser.show(page_with_widget)
    wait_for_picture(browser)
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    visible = "return document.querySelector(arguments[0]).checkVisibility()"
    assert not browser.chrome.execute_script(visible, ".explorable-still img")
    browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.chrome.execute_script(visible, ".explorable-still img")
        assert browser.chrome.execute_script(shown, ".explorable") == "none"
    finally:
        browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    browser.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(page_with_widget)
        still = browser.chrome.find_element(By.CSS_SELECTOR, ".explorable-still img")
        assert still.is_displayed()
        assert not browser.chrome.find_elements(By.CSS_SELECTOR, ".explorable")
    finally:
        browser.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        browser.chrome.get("about:blank")  # what comes next wants its scripts


def test_the_search_finds_a_page_without_a_server(browser, built_book):
    browser.open(built_book / "search.html", "?q=truncation")
    WebDriverWait(browser.chrome, 10).until(
        lambda chrome: "2. Divided differences" in chrome.find_element(By.ID, "search-results").text
    )
    assert browser.complaints() == []


def test_light_and_dark_can_be_chosen(browser, built_book):
    browser.show(built_book / "index.html")
    theme = "return document.documentElement.dataset.theme"
    seen = set()
    for _ in range(3):
        browser.chrome.find_element(By.CSS_SELECTOR, ".theme-switch-button").click()
        seen.add(browser.chrome.execute_script(theme))
    assert seen == {"light", "dark"}


def test_no_page_is_heavy(page):
    text = page.read_bytes()
    weight = len(gzip.compress(text))
    for source in set(re.findall(r'src="([^":?#]+\.(?:svg|png|jpg|gif|webp))', text.decode())):
        weight += len(gzip.compress((page.parent / source).read_bytes()))
    assert weight <= LARGEST_PAGE


def test_the_doors_of_the_first_page_lead_somewhere(page):
    text = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in set(re.findall(r'href="([^"#:?]+)(?:[#?][^"]*)?"', text)):
        assert (page.parent / link).exists(), f"{page.name} links to {link}, which is not there"


def test_no_page_loads_from_elsewhere(page):
    text = page.read_text(encoding="utf-8")
    loaded = re.findall(r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="(https?:[^"]+)"', text)
    assert loaded == []


def test_pages_are_a_handful(built_book: Path):
    names = {path.stem for path in built_book.glob("*.html")}
    assert {"index", "00_start_here", "02_divided_differences", "problem_sets", "glossary", "bibliography"} <= names
