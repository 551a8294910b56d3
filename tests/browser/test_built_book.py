"""The built book, opened from disk: its sliders move, it says what it shows, and it asks nobody for anything."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from solution_lines import given_away

pytestmark = pytest.mark.browser

SLIDER = "input[type=range]"
LARGEST_PAGE = 2_000_000  # bytes that a reader loads, as they lie on the disk


class Shown:
    """An explorable of the open page: frames and live ones are moved and read alike."""

    def __init__(self, element):
        self.element = element

    def find(self, selector):
        return self.element.find_element(By.CSS_SELECTOR, selector)

    @property
    def slider(self):
        return self.find(SLIDER)

    @property
    def says(self):
        """The alternative text of the picture."""
        return self.picture[0]

    @property
    def picture(self):
        """Alternative text and picture, read in one go: a live picture may be drawn anew between two questions."""
        read = """const picture = arguments[0].querySelector(".explorable-frame .picture");
            return [picture.getAttribute("aria-label"), picture.innerHTML];"""
        return tuple(self.element.parent.execute_script(read, self.element))

    def wait_for_other(self, old):
        WebDriverWait(self.element.parent, 5).until(lambda chrome: self.picture != old)
        return self.picture

    def is_ready(self):
        return bool(self.element.find_elements(By.CSS_SELECTOR, ".explorable-frame .picture")) and all(
            slider.accessible_name for slider in self.element.find_elements(By.CSS_SELECTOR, SLIDER)
        )


def explorables(browser, page):
    """Every explorable of a page that is open, once all of them are there."""
    expected = browser.homes(page)

    def all_ready(chrome):
        found = [Shown(element) for element in chrome.find_elements(By.CSS_SELECTOR, ".explorable")]
        return len(found) == expected and all(one.is_ready() for one in found) and (found or "no explorable")

    return WebDriverWait(browser.chrome, 15).until(all_ready)


def moved(explorable):
    """Move the first slider one place by keyboard, to the side where there is room; return the way back."""
    slider = explorable.slider
    there, back = Keys.ARROW_LEFT, Keys.ARROW_RIGHT
    if slider.get_attribute("value") == slider.get_attribute("min"):
        there, back = back, there
    slider.send_keys(there)
    return back


def test_every_page_asks_nobody_complains_of_nothing_and_is_light(browser, page):
    browser.open(page)
    WebDriverWait(browser.chrome, 15).until(
        lambda chrome: chrome.execute_script("return document.readyState") == "complete"
    )
    explorables(browser, page)
    requests = browser.requests()
    assert page.as_uri() in requests, "the log of requests is deaf"
    outside = [address for address in requests if not address.startswith(("file:", "data:", "blob:"))]
    assert outside == []
    assert browser.complaints() == []
    loaded = {Path(unquote(urlsplit(address).path)) for address in requests if address.startswith("file:")}
    assert sum(path.stat().st_size for path in loaded) <= LARGEST_PAGE


def test_sliders_move_their_pictures_by_keyboard(browser, page_with_widget):
    browser.show(page_with_widget)
    for explorable in explorables(browser, page_with_widget):
        slider, before = explorable.slider, explorable.picture
        said = slider.get_attribute("aria-valuetext")
        back = moved(explorable)
        after = explorable.wait_for_other(before)
        assert after[0] != before[0], "the alternative text does not follow the picture"
        assert after[1] != before[1], "the picture has not changed"
        WebDriverWait(browser.chrome, 5).until(lambda chrome, s=slider, t=said: s.get_attribute("aria-valuetext") != t)
        slider.send_keys(back)
        assert explorable.wait_for_other(after) == before
    assert browser.complaints() == []


def test_controls_have_names_and_sliders_say_their_values(browser, page_with_widget):
    browser.show(page_with_widget)
    for explorable in explorables(browser, page_with_widget):
        controls = explorable.element.find_elements(By.CSS_SELECTOR, "input, select, button")
        shown = [control for control in controls if control.is_displayed()]
        assert shown
        assert all(control.accessible_name.strip() for control in shown)
        for slider in explorable.element.find_elements(By.CSS_SELECTOR, ".live-slider"):
            handle = slider.find_element(By.CSS_SELECTOR, SLIDER)
            assert handle.accessible_name == slider.find_element(By.CSS_SELECTOR, ".live-label").text
            shown = slider.find_element(By.CSS_SELECTOR, "output").text
            assert handle.get_attribute("aria-valuetext") == shown != ""


def test_the_v_plot_says_where_one_stands(browser, built_book):
    page = built_book / "02_divided_differences.html"
    browser.show(page)
    v_plot = explorables(browser, page)[-1]
    v_plot.slider.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 24)  # from 1e-20 to 1e-8 in half powers
    WebDriverWait(browser.chrome, 5).until(lambda chrome: "1.0e-08" in v_plot.says)
    assert v_plot.slider.get_attribute("aria-valuetext") == "10⁻⁸ = 1.0e-08"
    assert "7 of 16 digits" in v_plot.says
    before = v_plot.picture
    v_plot.element.find_elements(By.CSS_SELECTOR, "input[type=radio]")[2].send_keys(Keys.SPACE)
    assert "15 of 16 digits" in v_plot.wait_for_other(before)[0]


def test_a_change_is_announced(browser, page_with_widget):
    browser.show(page_with_widget)
    for explorable in explorables(browser, page_with_widget):
        before = explorable.picture
        moved(explorable)
        explorable.wait_for_other(before)
        region = explorable.find("[role=status]")
        WebDriverWait(browser.chrome, 5).until(
            lambda chrome, r=region, e=explorable: r.get_attribute("textContent") == e.says
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
        explorables(browser, page)
        content, screen = browser.chrome.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        widest = browser.chrome.execute_script(
            "return Math.max(0, ...[...document.querySelectorAll('.explorable, .explorable *:not(svg *)')]"
            ".map(element => element.getBoundingClientRect().right))"
        )
    finally:
        browser.resize(1280)
    assert content <= screen
    assert widest <= screen


def test_paper_and_script_free_readers_see_a_still_picture(browser, page_with_widget):
    browser.show(page_with_widget)
    explorables(browser, page_with_widget)
    visible = "return [...document.querySelectorAll(arguments[0])].filter(element => element.checkVisibility()).length"
    number = len(explorables(browser, page_with_widget))
    assert browser.chrome.execute_script(visible, ".explorable-still img") == 0
    browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.chrome.execute_script(visible, ".explorable-still img") == number
        assert browser.chrome.execute_script(visible, ".explorable") == 0
    finally:
        browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    browser.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(page_with_widget)
        stills = browser.chrome.find_elements(By.CSS_SELECTOR, ".explorable-still img")
        assert sum(still.is_displayed() for still in stills) == number
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


def test_an_explorable_needs_no_file_but_its_page(page_with_widget, tmp_path, browser):
    """What moves is there before any script of the theme: alone in a folder, the page comes alive."""
    alone = tmp_path / page_with_widget.name
    alone.write_bytes(page_with_widget.read_bytes())
    browser.open(alone)
    assert explorables(browser, alone)


def test_the_doors_of_the_first_page_lead_somewhere(page):
    text = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in set(re.findall(r'href="([^"#:?]+)(?:[#?][^"]*)?"', text)):
        assert (page.parent / link).exists(), f"{page.name} links to {link}, which is not there"


def test_no_page_loads_from_elsewhere(page):
    text = page.read_text(encoding="utf-8")
    loaded = re.findall(r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="(https?:[^"]+)"', text)
    assert loaded == []


def test_nothing_in_the_book_gives_a_solution_away(built_book: Path):
    """Pages, sources and released notebooks; only the folder that the day opens may hold solutions."""
    kinds, apart = {".html", ".md", ".txt", ".ipynb"}, {"_static", "solutions"}
    files = [path for path in built_book.rglob("*") if path.suffix in kinds and not apart & set(path.parts)]
    assert {".html", ".md", ".ipynb"} <= {path.suffix for path in files}
    assert given_away(Path(__file__).resolve().parents[2] / "exercises", files, length=3) == []


def test_pages_are_a_handful(built_book: Path):
    names = {path.stem for path in built_book.glob("*.html")}
    assert {"index", "00_start_here", "02_divided_differences", "problem_sets", "glossary", "bibliography"} <= names
