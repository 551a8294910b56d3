"""What is done to the pages of the book, and what is made of them: icons, ties, heads, notebooks, paper, a site."""

import importlib.util
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

BOOK = Path(__file__).resolve().parents[2] / "book"


def load(name, folder=BOOK / "_ext"):
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("tag", ["i", "span"])
def test_icons_are_drawn_and_their_library_is_not_loaded(tmp_path, tag):
    light = load("light_pages")
    library = tmp_path / "fontawesome.js"
    library.write_text('x={sun:[512,512,[9728],"f185","M1 outline"]},y={sun:[512,384,[9728],"f185","M2 solid"]}')
    page = (
        '<script defer src="_static/scripts/fontawesome.js?digest=1"></script>'
        f'<{tag} class="theme-switch fa-solid fa-sun fa-lg" data-mode="light" title="Light"></{tag}>'
    )
    text = light.lightened(page, library)
    icon = BeautifulSoup(text, "html.parser").svg
    assert icon["class"] == ["icon", "theme-switch", "fa-lg"]
    assert icon["data-mode"] == "light"
    assert icon.path["d"] == "M2 solid"
    assert "fontawesome" not in text
    unknown = page.replace("fa-sun", "fa-moon")
    assert light.lightened(unknown, library) == unknown, "an icon that is not known still needs the library"


PACKAGES = BOOK.parent / "build" / "vendor"


@pytest.fixture(scope="module")
def formulas():
    if not (PACKAGES / "node_modules" / "mathjax").is_dir():
        pytest.fail("MathJax is not there. Run `python book/vendor.py` first.", pytrace=False)
    return load("set_formulas")


BESIDE = r"a = 1, \qquad b = 2"
ROWS = "\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}"
MATRIX = r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"


def as_written(tex, block=False):
    """Write a formula as Sphinx does."""
    if not block:
        return f'<span class="math notranslate nohighlight">\\({tex}\\)</span>'
    return f'<div class="math notranslate nohighlight">\n\\[{tex}\\]</div>'


def test_formulas_stand_in_the_page_as_pictures_with_mathml(formulas):
    lines = as_written(r"\begin{split}x &amp;&lt; y_1 \\[2pt] z &amp;= \tfrac12\end{split}", block=True)
    page = f"<article>{as_written('a^2')} and {lines} and {as_written('a^2')}</article>"
    found = [formulas.formula_of(one) for one in formulas.TEX.finditer(page)]
    assert found == [("a^2", False), (r"\begin{split}x &< y_1 \\[2pt] z &= \tfrac12\end{split}", True), ("a^2", False)]
    pictures, shapes = formulas.set_by_mathjax(found[:2], PACKAGES)
    text = formulas.with_formulas(page, dict(zip(found[:2], pictures, strict=True)).__getitem__, shapes)
    assert "\\(" not in text
    seen = BeautifulSoup(text, "html.parser")
    assert [one.get("display") for one in seen.find_all("mjx-container")] == [None, "true", None]
    assert seen.math.get_text() == "a2"
    assert seen.math.msup
    used, defined = ({one[key].removeprefix("#") for one in seen.find_all(name)} for name, key in
                     (("use", "href"), ("path", "id")))  # fmt: skip
    assert used == defined != set()
    assert seen.find_all("svg")[-1].parent.name == "article", "on paper the shapes go with their chapter"


@pytest.mark.parametrize(
    ("tex", "pieces"),
    [
        ("a = b", ["a = b"]),
        ("a\n  = b\n+ c", ["a", "{}= b", "{}+ c"]),
        (r"a = 1, \qquad b = 2", ["a = 1,", "{}b = 2"]),
        ("a = 1, \\qquad\n b = 2", ["a = 1,", "{}b = 2"]),
        ("\\frac{a\n+ b}{c}\n= d", ["\\frac{a\n+ b}{c}", "{}= d"]),
        ("\\left( a\n+ b \\right)\n= c", ["\\left( a\n+ b \\right)", "{}= c"]),
        ("\\{ a \\}\n= c", ["\\{ a \\}", "{}= c"]),
        (ROWS, [ROWS]),
        (rf"\begin{{split}}{MATRIX}, \qquad b\end{{split}}", [f"{MATRIX},", "{}b"]),
        (r"\begin{split}a \\ b \qquad c\end{split}", [r"\begin{split}a \\ b \qquad c\end{split}"]),
    ],
)
def test_a_formula_breaks_where_its_source_does(formulas, tex, pieces):
    assert [piece for _, piece in formulas.pieces_of((tex, True))] == [(piece, True) for piece in pieces]
    assert formulas.pieces_of((tex, False)) == [("", (tex, False))]


def test_pieces_of_a_formula_share_its_line(formulas):
    page = f"<article>{as_written(BESIDE, block=True)}</article>"
    found = next(formulas.TEX.finditer(page))
    parts = [piece for _, piece in formulas.pieces_of(formulas.formula_of(found))]
    pictures, shapes = formulas.set_by_mathjax(parts, PACKAGES)
    text = formulas.with_formulas(page, dict(zip(parts, pictures, strict=True)).__getitem__, shapes)
    (line,) = BeautifulSoup(text, "html.parser").select("div.math > .formula-line")
    assert [one.name for one in line.find_all(recursive=False)] == ["mjx-container", "span", "mjx-container"]


def test_lines_with_fractions_do_not_touch(formulas):
    """A line of plain letters needs no air; one with fractions stands apart from the next."""

    def three_of(line):
        return r"\begin{aligned}" + r" \\ ".join([line] * 3) + r"\end{aligned}"

    fraction, plain = r"x = \frac{1}{2}", "x = 1"
    pictures, _ = formulas.set_by_mathjax([(tex, True) for one in (fraction, plain) for tex in (one, three_of(one))],
                                          PACKAGES)  # fmt: skip
    high, three_high, low, three_low = (float(re.search(r'height="([0-9.]+)ex"', one)[1]) for one in pictures)
    assert three_high > 3 * high + 2 * 0.9
    assert three_low < 3 * low + 2 * 2


def test_a_formula_that_cannot_be_read_is_an_error(formulas):
    for tex, words in ((r"\frac{1}", "Missing argument"), (r"\unknown{x}", "Undefined control sequence")):
        with pytest.raises(formulas.ExtensionError, match=words):
            formulas.set_by_mathjax([(tex, False)], PACKAGES)


@pytest.mark.parametrize(
    ("before", "after", "tied", "left"),
    [("so ", ". Then", ["x", "."], ["so ", " Then"]), ("as (", "), and", ["(", "x", "),"], ["as ", " and"]),
     ("so ", " then", None, ["so ", " then"])],
)  # fmt: skip
def test_a_formula_keeps_its_full_stop(before, after, tied, left):
    document = new_document("page")
    paragraph = nodes.paragraph("", "", nodes.Text(before), nodes.math("", "x"), nodes.Text(after))
    document += paragraph
    load("unbroken_formulas").tie(SimpleNamespace(), document)
    groups = list(document.findall(nodes.inline))
    assert [child.astext() for group in groups for child in group.children] == (tied or [])
    assert [str(child) for child in paragraph.children if isinstance(child, nodes.Text)] == left
    assert paragraph.astext() == f"{before}x{after}"


def test_the_head_of_a_page_and_its_buttons(tmp_path):
    pages = load("published_pages")
    (tmp_path / "05_x.md").write_text("---\njupytext:\n---\n# 5. X\n")
    document = new_document("page")
    document += nodes.paragraph(
        "", "Time: 75 minutes. You need a long list of things, that goes on and on, and on and on."
    )
    document += nodes.paragraph(
        "", 'Which of "a million" weights should change, and in which direction? That is the question.'
    )
    settings = SimpleNamespace(
        repository="https://github.com/owner/name", site_address="https://a.org/", site_branch="gh-pages"
    )
    app = SimpleNamespace(config=settings, srcdir=tmp_path)
    context = {"title": "5. X", "header_buttons": [{"label": "download-buttons", "buttons": []}]}
    pages.complete(app, "05_x", "page.html", context, document)
    assert '<meta name="description" content="Which of &quot;a million&quot; weights' in context["metatags"]
    assert 'content="https://a.org/_static/screenshot.png"' in context["metatags"]
    download, part = context["header_buttons"]
    assert [one["url"] for one in download["buttons"]] == ["notebooks/05_x.ipynb"]
    addresses = {one["text"]: one["url"] for one in part["buttons"]}
    assert addresses["Edit this page"] == "https://github.com/owner/name/edit/main/book/05_x.md"
    assert addresses["Colab"].endswith("/github/owner/name/blob/gh-pages/notebooks/05_x.ipynb")
    assert addresses["Binder"] == "https://mybinder.org/v2/gh/owner/name/gh-pages?labpath=notebooks/05_x.ipynb"
    settings.repository = settings.site_address = ""
    alone = {"title": "5. X", "header_buttons": [{"label": "download-buttons", "buttons": []}]}
    pages.complete(app, "05_x", "page.html", alone, document)
    assert len(alone["header_buttons"]) == 1
    assert "og:image" not in alone["metatags"]


@pytest.mark.parametrize(
    ("book", "jupyter"),
    [
        ("A {term}`mixture` of {term}`dual numbers\n<dual number>`.", "A mixture of dual numbers."),
        ("(setup)=\n## Set up", "## Set up"),
        ("Read {cite}`higham2002,press2007`.", "Read [higham2002,press2007]."),
        ("{cite:t}`higham2002`, chapter 1", "[higham2002], chapter 1"),
        ("See [chapter 9](09_uses.md#why).", "See [chapter 9](09_uses.ipynb#why)."),
        ("See [problem sets](problem_sets.md).", "See [problem sets](problem_sets.md)."),
        (
            ":::{dropdown} Why `x < 1`?\nIt is.\n\n- $a$\n:::\n\nMore.",
            "<details>\n<summary>Why <code>x &lt; 1</code>?</summary>\n\nIt is.\n\n- $a$\n\n</details>\n\nMore.",
        ),
    ],
)  # fmt: skip
def test_a_notebook_speaks_the_markdown_of_jupyter(book, jupyter):
    assert load("published_pages").for_jupyter(book) == jupyter


def test_notebooks_keep_answers_folded_and_hide_what_pages_hide(tmp_path):
    pages = load("published_pages")
    app = SimpleNamespace(
        builder=SimpleNamespace(format="html"), outdir=tmp_path, srcdir=BOOK,
        env=SimpleNamespace(found_docs={path.stem for path in BOOK.glob("*.md")}),
    )  # fmt: skip
    pages.write_notebooks(app, None)
    written = sorted((tmp_path / "notebooks").glob("[0-9]*.ipynb"))
    assert [path.stem for path in written] == sorted(path.stem for path in BOOK.glob("[0-9][0-9]_*.md"))
    for path in written:
        notebook = nbformat.read(path, as_version=4)
        words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        source = (BOOK / f"{path.stem}.md").read_text(encoding="utf-8")
        assert source.count(":::{dropdown}") == words.count("<details>") == words.count("</details>") > 0
        assert not re.search(r"\{(dropdown|term|cite)", words)
        for cell in notebook.cells:
            hidden = "remove" in str(cell.metadata.get("tags")) or "hide-input" in str(cell.metadata.get("tags"))
            assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == hidden


def test_tables_for_teaching_are_read_from_the_sources():
    teaching = load("for_teaching")
    found = teaching.sets(BOOK.parent / "exercises")
    assert [name for name, *_ in found] == [f"ps{n}" for n in range(1, 10)]
    assert all(
        re.search("hour|minute", time) and re.search(r"\d", points) and needs for _, _, time, points, needs in found
    )
    for chapter in sorted(BOOK.glob("[0-9][0-9]_*.md")):
        assert [number for number, *_ in teaching.questions(chapter)] == [1, 2], chapter.name
        for *_, told in teaching.questions(chapter):
            assert not re.search(r"\s\(a\)", told)
            assert told.count('"') % 2 == 0, f"cut in the middle of what is said: {told}"


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A book of two pages, as it was built."""
    head = '<head><link rel="stylesheet" href="_static/a.css"><script src="_static/b.js"></script></head>'
    for name, text in {
        "index": '<h1>Book#</h1><a href="05_x.html#why">why</a> <a href="05_x.html">x</a> <a href="a.zip">a</a>',
        "05_x": '<h1>5. X</h1><h2 id="why">Why</h2><a href="#why">up</a><div class="explorable">moves</div>'
        '<div class="explorable-still"><img src="_images/p.svg" alt="still"></div><details><p>answer</p></details>'
        '<svg><use href="#MJX-A"/></svg><svg><defs><path id="MJX-A"/></defs></svg>',
    }.items():
        page = f'<html>{head}<body><article class="bd-article">{text}</article></body></html>'
        (tmp_path / f"{name}.html").write_text(page)
    paper = load("paper", BOOK)
    monkeypatch.setattr(paper, "order", lambda: ["index", "05_x"])
    return BeautifulSoup(paper.assembled(tmp_path), "html.parser")


def test_on_paper_all_links_lead_within_one_page(built):
    marks = {element["id"] for element in built.find_all(id=True)}
    links = [link["href"] for link in built.find_all("a", href=True)]
    assert sorted(links) == ["#05_x", "#05_x", "#05_x--why", "#05_x--why"]
    assert {link.removeprefix("#") for link in links} <= marks
    assert built.use["href"] == "#05_x--MJX-A", "letters of a formula, too"
    assert "05_x--MJX-A" in marks


def test_on_paper_pictures_stand_still_and_answers_are_unfolded(built):
    assert built.select(".explorable") == []
    assert built.select_one(".explorable-still img")["src"] == "html/_images/p.svg"
    assert built.details.has_attr("open")
    assert built.head.link["href"] == "html/_static/a.css"
    assert built.find_all("script", src=True) == []


def test_the_order_on_paper_is_that_of_the_contents():
    order = load("paper", BOOK).order()
    assert order[0] == "index"
    assert order.index("02_divided_differences") < order.index("16_in_practice") < order.index("bibliography")
    assert "what_checks_catch" not in order, "a student who reads on paper shall not land among the mistakes, either"
    assert all((BOOK / f"{name}.md").is_file() for name in order)


def test_the_page_for_authors_names_every_place_that_names_them():
    author = yaml.safe_load((BOOK / "_config.yml").read_text(encoding="utf-8"))["author"]
    told = re.search(r"Who the authors are.*", (BOOK / "for_authors.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    places = ["book/_config.yml", "CITATION.cff", "LICENSE", "LICENSE-text"]
    for place in places:
        assert f"`{place}`" in told
        assert author in (BOOK.parent / place).read_text(encoding="utf-8"), "one name in all places"


def test_a_site_is_a_folder_with_short_addresses(tmp_path, monkeypatch, capsys):
    site = load("site", BOOK)
    html = tmp_path / "html"
    html.mkdir()
    for name in ("index", "05_reverse_mode"):
        (html / f"{name}.html").write_text(name)
    (tmp_path / "site").mkdir()
    for name, path in {"ROOT": tmp_path, "HTML": html, "SITE": tmp_path / "site", "PDF": tmp_path / "no.pdf"}.items():
        monkeypatch.setattr(site, name, path)

    def wheel(command, check):
        (tmp_path / "site" / "course-1.0.0-py3-none-any.whl").touch()
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(site.subprocess, "run", wheel)
    assert site.main() == 0
    assert "url=05_reverse_mode.html" in (tmp_path / "site" / "5.html").read_text()
    assert (tmp_path / "site" / "requirements.txt").read_text() == "./course-1.0.0-py3-none-any.whl[student]\n"
    assert (tmp_path / "site" / "404.html").is_file()
    (html / "index.html").unlink()
    assert site.main() == 1
    assert "Run `make book` first" in capsys.readouterr().err
