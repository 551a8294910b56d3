"""Print the built book as one PDF, with page numbers, working links and still pictures: `make pdf`.

The pages that `make book` has built are put into one page, in the order of the table of contents. Links from page to
page become links within it, answers are unfolded, and the still picture stands in the place of each explorable. The
tables of mistakes, a hundred pages that are looked up and not read, stay on the screen.
Chromium, which the browser tests need as well, prints that page: with an outline, and tags for screen readers.
"""

import base64
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

import yaml
from bs4 import BeautifulSoup, Tag

BOOK = Path(__file__).resolve().parent
HTML = BOOK.parent / "build" / "_build" / "html"
PDF = BOOK.parent / "build" / "autodiff-and-mixtures.pdf"
STYLE = """
@page { margin: 18mm 16mm 20mm; size: A4; }
.chapter { break-before: page; }
.contents { columns: 2; list-style: none; }
html, body { font-size: 10.5pt; }
"""
SCREEN_ONLY = {"what_checks_catch"}
FOOTER = (
    '<div style="font-size: 8px; text-align: center; width: 100%">Autodiff and Mixtures · '
    '<span class="pageNumber"></span> of <span class="totalPages"></span></div>'
)


def order() -> list[str]:
    """Return the names of the pages in the order of the table of contents."""
    contents = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
    files = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    return [contents["root"], *(file for file in files if file not in SCREEN_ONLY)]


def chapter(name: str, names: set[str], page: BeautifulSoup) -> Tag:
    """Take the text of a page, ready to stand in one page with all the others."""
    article = page.select_one("article.bd-article")
    assert article is not None, f"{name}.html has no article."
    for left_out in article.select("script, .headerlink, .copybtn, .prev-next-area, .explorable"):
        left_out.decompose()
    for marked in article.find_all(id=True):
        marked["id"] = f"{name}--{marked['id']}"
    for described in article.find_all(attrs={"aria-labelledby": True}):
        del described["aria-labelledby"]
    for folded in article.find_all("details"):
        folded["open"] = ""
    for shape in article.find_all("use", href=True):  # of a formula
        shape["href"] = f"#{name}--{shape['href'].removeprefix('#')}"
    for link in article.find_all("a", href=True):
        where, _, mark = unquote(link["href"]).partition("#")
        target = where.removesuffix(".html") or name
        if target in names and (not where or where.endswith(".html")):
            link["href"] = f"#{target}--{mark}" if mark else f"#{target}"
        elif "://" not in where and not where.startswith("mailto:"):
            link.unwrap()  # a file beside the book, which paper cannot offer
    for picture in article.find_all(src=True):
        if not picture["src"].startswith(("data:", "http")):
            picture["src"] = f"html/{picture['src']}"
    whole = page.new_tag("section", id=name, attrs={"class": "chapter"})
    whole.append(article)
    return whole


def assembled(html: Path = HTML) -> str:
    """Put all pages of the built book into one."""
    names = order()
    pages = {name: BeautifulSoup((html / f"{name}.html").read_text(encoding="utf-8"), "html.parser") for name in names}
    whole = BeautifulSoup((html / f"{names[0]}.html").read_text(encoding="utf-8"), "html.parser")
    for loaded in whole.head.find_all(["link", "script"]):
        if loaded.get("href"):
            loaded["href"] = f"html/{loaded['href']}"
        if loaded.get("src"):
            loaded.decompose()  # what moves a page
    titles = {name: page.select_one("article h1") for name, page in pages.items()}
    entries = [(name, title.get_text().rstrip("#").strip()) for name, title in titles.items() if title is not None]
    chapters = [chapter(name, set(names), page) for name, page in pages.items()]
    style = whole.new_tag("style")
    style.string = STYLE
    whole.head.append(style)
    whole.body.clear()
    listed = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in entries[1:])
    contents = BeautifulSoup(f'<nav><h2>Contents</h2><ul class="contents">{listed}</ul></nav>', "html.parser")
    main = whole.new_tag("main", attrs={"class": "bd-content"})
    chapters[0].append(contents)
    main.extend(chapters)
    whole.body.append(main)
    return str(whole)


def print_to_pdf(page: Path, target: Path) -> None:
    """Let Chromium print a page."""
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    profile = tempfile.mkdtemp(prefix="book-paper-")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                     "--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={profile}"):  # fmt: skip
        options.add_argument(argument)
    options.binary_location = next((path for name in ("chromium", "chromium-browser", "google-chrome")
                                    if (path := shutil.which(name))), "")  # fmt: skip
    driver = shutil.which("chromedriver")
    chrome = Chrome(options=options, service=Service(driver) if driver else Service())
    chrome.command_executor.client_config.timeout = 900
    try:
        chrome.get(page.as_uri())
        printed = chrome.execute_cdp_cmd("Page.printToPDF", {
            "displayHeaderFooter": True, "headerTemplate": "<span></span>", "footerTemplate": FOOTER,
            "preferCSSPageSize": True, "printBackground": True,
            "generateTaggedPDF": True, "generateDocumentOutline": True,
        })  # fmt: skip
        target.write_bytes(base64.b64decode(printed["data"]))
    finally:
        chrome.quit()
        shutil.rmtree(profile, ignore_errors=True)


def main() -> int:
    """Assemble and print."""
    if not (HTML / "index.html").is_file():
        print(f"There is no built book at {HTML}. Run `make book` first.", file=sys.stderr)
        return 1
    page = HTML.parent / "paper.html"
    page.write_text(assembled(), encoding="utf-8")
    print("Printing the book (a minute or two) ...", flush=True)
    print_to_pdf(page, PDF)
    print(f"{PDF.relative_to(BOOK.parent)}: {PDF.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
