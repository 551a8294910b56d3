"""The built book on a telephone, on paper, and for the ear: nothing is cut off, and axe finds nothing serious."""

from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "build" / "vendor" / "node_modules" / "axe-core" / "axe.min.js"
A4 = 680  # pixels between the margins
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

# What is cut off: its right end lies beyond that of the screen or of an ancestor that hides what overflows, and neither
# it nor an ancestor can be pushed sideways (on paper nothing can).
CUT_OFF = """
const [selector, paper] = arguments, screen = document.documentElement.clientWidth, found = [];
for (const element of document.querySelectorAll(selector)) {
  if (!element.checkVisibility()) continue;
  const inner = element.matches("pre") ? element.getBoundingClientRect().left + element.scrollWidth
    : Math.max(element.getBoundingClientRect().right, element.querySelector("svg")?.getBoundingClientRect().right ?? 0);
  let end = screen, pushed = false;
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    const overflow = getComputedStyle(at).overflowX;
    if (overflow !== "visible") end = Math.min(end, at.getBoundingClientRect().right);
    pushed ||= !paper && /auto|scroll/.test(overflow);
  }
  if (inner > end + 1.5 && !pushed) found.push(`${Math.round(inner - end)} px of ${element.textContent.slice(0, 60)}`);
}
return found;
"""
# Words of a picture that lie on one another, by more than the air around letters.
ON_ONE_ANOTHER = """
return [...document.querySelectorAll(".explorable svg")].flatMap(picture => {
  const words = [...picture.querySelectorAll("text")].filter(text => text.textContent.trim())
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  const common = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  return words.flatMap(([one, a], n) => words.slice(0, n)
    .filter(([, b]) => common(a, b, "left", "right") > 4 && common(a, b, "top", "bottom") > 5)
    .map(([other]) => `${one} on ${other}`));
});
"""
# Words of a picture that reach beyond it, by more than a tenth of a letter.
OUT_OF_THE_PICTURE = """
return [...document.querySelectorAll(".explorable svg.picture")].flatMap(picture => {
  const frame = picture.getBoundingClientRect();
  return [...picture.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 1.5 || box.right > frame.right + 1.5
      || box.top < frame.top - 3 || box.bottom > frame.bottom + 3;
  }).map(text => text.textContent);
});
"""
UNFOLD = "document.querySelectorAll('details').forEach(folded => { folded.open = true; })"


def wait_for_page(browser):
    WebDriverWait(browser.chrome, 30).until(
        lambda chrome: chrome.execute_script("return document.readyState === 'complete'")
    )


def wait_for_wide(browser):
    """Let wide.js see a change of width: it waits a tenth of a second for the last of many."""
    browser.chrome.execute_async_script("setTimeout(arguments[0], 200)")


def cut_off(browser, selector, paper=False):
    browser.chrome.execute_script(UNFOLD)
    wait_for_wide(browser)
    return browser.chrome.execute_script(CUT_OFF, selector, paper)


def test_nothing_is_cut_off_on_a_telephone(browser, page):
    browser.show(page)
    wait_for_page(browser)
    try:
        for width in (400, 360):
            browser.resize(width)
            assert cut_off(browser, "main :is(mjx-container, pre, table, figure, img, .explorable-live dd)") == []
            narrow = "return [...document.querySelectorAll(':is(td, th) .wide')].map(formula => formula.textContent)"
            assert browser.chrome.execute_script(narrow) == [], "a table is pushed as a whole, not its cells"
            assert browser.chrome.execute_script(ON_ONE_ANOTHER) == []
            assert browser.chrome.execute_script(OUT_OF_THE_PICTURE) == []
    finally:
        browser.resize(1280)


# A formula in a line of its own, the room that it has, and whether it says that it goes on.
FORMULAS = """
return [...document.querySelectorAll("main div.math")].filter(one => one.checkVisibility()).map(one => {
  const line = one.querySelector(".formula-line"), style = getComputedStyle(line);
  return {words: one.textContent.slice(0, 60), wide: line.scrollWidth - line.clientWidth, seen: line.clientWidth,
    fades: style.maskImage !== "none", reached: line.tabIndex === 0};
});
"""


def test_a_formula_fits_a_telephone_or_shows_that_it_goes_on(browser, page):
    browser.show(page)
    wait_for_page(browser)
    browser.chrome.execute_script(UNFOLD)
    try:
        for width in (400, 360):
            browser.resize(width)
            wait_for_wide(browser)
            found = browser.chrome.execute_script(FORMULAS)
            assert all(one["seen"] > 200 for one in found)
            wrong = [
                one for one in found if (one["wide"] > 0) != one["fades"] or (one["wide"] > 0 and not one["reached"])
            ]
            assert wrong == []
            assert [one for one in found if one["wide"] > 0] == [], "it could break: begin a new line in its source"
    finally:
        browser.resize(1280)


def test_what_is_pushed_sideways_fades_where_it_goes_on(browser, built_book):
    """Chapters need no pushing today; what a reader's larger type makes too wide must say so."""
    browser.show(built_book / "12_the_multivariate_gaussian.html")
    wait_for_page(browser)
    browser.chrome.execute_script("document.querySelector('main').style.fontSize = '40px'")
    try:
        browser.resize(360)
        wait_for_wide(browser)
        found = browser.chrome.execute_script(FORMULAS)
        wide = [one for one in found if one["wide"] > 0]
        assert wide
        assert all(one["fades"] and one["reached"] for one in wide)
        assert not any(one["fades"] for one in found if one["wide"] <= 0)
        edges = """const done = arguments[0], line = document.querySelector(".formula-line.goes-on-right");
            const shown = () => ["left", "right"].map(side => line.classList.contains(`goes-on-${side}`));
            const before = shown();
            line.scrollLeft = line.scrollWidth;
            setTimeout(() => done([before, shown()]), 200);"""
        assert browser.chrome.execute_async_script(edges) == [[False, True], [True, False]]
    finally:
        browser.resize(1280)
        browser.open(built_book / "index.html")


def test_no_line_of_code_and_no_table_must_be_pushed_on_a_screen(browser, page):
    """Code, and what it printed, tables, a library's source and measurements among it, are no wider than the page."""
    browser.show(page)
    wait_for_page(browser)
    browser.chrome.execute_script(UNFOLD)
    wide = browser.chrome.execute_script(
        """return [...document.querySelectorAll("main :is(pre, .pst-scrollable-table-container)")].filter(
             text => text.checkVisibility() && text.scrollWidth > text.clientWidth + 1
           ).map(text => text.textContent.slice(0, 60));"""
    )
    assert wide == []


def test_nothing_is_cut_off_on_paper(browser, page):
    browser.show(page)
    wait_for_page(browser)
    browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.resize(A4)
    try:
        assert cut_off(browser, "main :is(mjx-container, pre, figure, img)", paper=True) == []
        code = "[...document.querySelectorAll('main div.highlight')]"
        breaks = browser.chrome.execute_script(f"return {code}.map(one => getComputedStyle(one).breakInside)")
        assert set(breaks) <= {"avoid"}, "a frame without its code would end a page"
        pictures = "[...document.querySelectorAll('main img')].map(one => one.getBoundingClientRect().height)"
        highest = max(browser.chrome.execute_script(f"return {pictures}"), default=0)
        assert highest < 380, "a picture of ten centimetres or more leaves half a page empty before it"
        folds = "[...document.querySelectorAll('details.hide > summary')].filter(one => one.checkVisibility()).length"
        assert browser.chrome.execute_script(f"return {folds}") == 0
    finally:
        browser.resize(1280)
        browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_no_line_begins_with_a_full_stop(browser, page):
    """A formula and the sign behind it are one."""
    browser.show(page)
    wait_for_page(browser)
    loose = browser.chrome.execute_script(
        """return [...document.querySelectorAll("main .math.notranslate")].filter(formula =>
             formula.localName === "span" && formula.nextSibling?.nodeType === 3
             && /^[.,;:!?)]/.test(formula.nextSibling.data)
             && getComputedStyle(formula.parentElement).whiteSpace !== "nowrap"
           ).map(formula => formula.parentElement.textContent.slice(0, 80));"""
    )
    assert loose == []


def test_axe_finds_nothing_serious(browser, page):
    """Every rule in light on a desk; the rules of colours in the dark, and those of places on a telephone."""
    assert AXE.is_file(), f"axe-core is not there: {AXE}. Run `make book` first."
    browser.show(page)
    browser.chrome.set_script_timeout(60)
    browser.chrome.execute_script(AXE.read_text(encoding="utf-8"))
    theme = "document.documentElement.dataset.theme = arguments[0]"
    wait_for_wide(browser)  # whoever looked before may have changed the width
    try:
        found = {"light": serious(browser, {"runOnly": RULES})}
        browser.chrome.execute_script(theme, "dark")
        browser.resize(400)
        wait_for_wide(browser)
        places = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "button-name"]
        found["dark and narrow"] = serious(browser, {"runOnly": {"type": "rule", "values": places}})
    finally:
        browser.resize(1280)
        browser.chrome.execute_script(theme, "light")
    assert found == {"light": [], "dark and narrow": []}


def serious(browser, options):
    """Run axe, on a few rows of long tables only, and return what it calls serious or critical."""
    run = """const [options, done] = arguments;
        const leftOut = ["mjx-container > *", "table.what-checks-catch tr:nth-child(n+4)", "div.highlight pre span"];
        axe.run({exclude: leftOut}, {resultTypes: ["violations"], ...options}).then(({violations}) => done(violations
          .filter(({impact}) => impact === "serious" || impact === "critical")
          .map(({id, nodes}) => `${id}: ${nodes.length}, as ${nodes[0].html.slice(0, 120)}`)));"""
    return browser.chrome.execute_async_script(run, options)


def test_words_of_explorables_are_large_enough_on_a_telephone(browser, page_with_widget):
    browser.show(page_with_widget)
    asleep = "return document.querySelector('.explorable-home:not(.has-living-explorable)')"
    WebDriverWait(browser.chrome, 10).until_not(lambda chrome: chrome.execute_script(asleep))
    browser.resize(400)
    try:
        wait_for_wide(browser)
        sizes = browser.chrome.execute_script(
            """return [...document.querySelectorAll(".explorable svg.picture")].flatMap(svg => {
                 const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
                 const size = text => scale * parseFloat(getComputedStyle(text).fontSize);
                 return [...svg.querySelectorAll("text")].map(size);
               });"""
        )
    finally:
        browser.resize(1280)
    assert sizes
    assert min(sizes) >= 11.9


def stands_still(element):
    """Make a condition to wait for: brought to the middle of the screen, an element is where it was when last seen."""
    places = []

    def is_still(chrome):
        chrome.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        places.append(element.rect)
        return len(places) > 1 and places[-1] == places[-2]

    return is_still


def test_points_are_dragged_by_mouse_finger_and_keyboard(browser, built_book):
    browser.open(built_book / "16_in_practice.html")
    wait = WebDriverWait(browser.chrome, 20)
    wait.until(lambda chrome: len(chrome.find_elements(By.CSS_SELECTOR, ".live-handle")) == 8)
    point, *_, mean, _ = browser.chrome.find_elements(By.CSS_SELECTOR, ".live-handle")
    wait.until(stands_still(point))
    assert point.accessible_name == "Point 1 at −2.60"
    ActionChains(browser.chrome).drag_and_drop_by_offset(mean, 60, 0).perform()
    wait.until(lambda _: mean.accessible_name > "First mean starts at 0.90")
    by_mouse = mean.accessible_name
    mean.send_keys(Keys.ARROW_LEFT)
    wait.until(lambda _: mean.accessible_name < by_mouse)
    assert browser.chrome.switch_to.active_element == mean, "the picture is drawn anew, the keyboard stays"
    box = browser.chrome.execute_script("return arguments[0].getBoundingClientRect().toJSON()", point)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, touched in (("Start", x), ("Move", x + 20), ("Move", x + 40), ("End", None)):
        points = [] if touched is None else [{"x": touched, "y": y}]
        browser.chrome.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    wait.until(lambda _: point.accessible_name != "Point 1 at −2.60")
    again = browser.chrome.find_element(By.CSS_SELECTOR, ".live-points button")
    again.click()
    wait.until(lambda _: point.accessible_name == "Point 1 at −2.60")
    assert browser.complaints() == []
