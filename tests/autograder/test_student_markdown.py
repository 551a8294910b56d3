"""What students wrote in Markdown, as nbgrader's pages get it: shown, and obeyed by nobody."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from bs4 import BeautifulSoup
from hostile_markdown import CARRIERS, harm
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_files_prefix
from nbformat import from_dict

from autograder.ground.untrusted_text import visible
from autograder.record.gradebook import database_url, missing_settings, write_config
from autograder.report.student_code import MAX_CODE, highlight_code
from autograder.report.student_markdown import MAX_MARKDOWN, markdown2html


@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_of_it_is_obeyed(carrier):
    page = strip_files_prefix(markdown2html(CARRIERS[carrier]))
    assert not harm(page), page
    assert not harm(str(BeautifulSoup(page, "html.parser")))  # as nbconvert writes it out


def test_the_oracle_sees_what_the_stock_filter_lets_through():
    exporter = HTMLExporter()
    stock = [exporter.markdown2html({}, text) for text in CARRIERS.values() if "attachment" not in text]
    assert sum(bool(harm(page)) for page in stock) > len(stock) - 4


@given(
    st.lists(
        st.sampled_from([*CARRIERS.values(), "\n", "> ", "`", "$", "<", "|", "- ", "](", "~~~\n"]), max_size=6
    ).map("".join)
)
def test_nothing_of_several_together_is_obeyed(text):
    assert not harm(markdown2html(text))


def png(side: int, format: str = "png") -> str:
    """Return a square PNG in an address, of which the header says how large it is."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    parts = [struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c)) for kind, c in chunks]
    return (
        f"data:image/{format};base64,{base64.b64encode(b''.join([bytes.fromhex('89504e470d0a1a0a'), *parts])).decode()}"
    )


@pytest.mark.parametrize("url", [png(2001), png(16383), png(0), png(20, "webp"), png(20)[:-12], png(20)[:40]])
def test_a_picture_that_claims_a_gigabyte_of_pixels_is_named_and_not_shown(url):
    for text in (f"![p]({url})", f"> ![p](\n> {url})"):
        page = markdown2html(text)
        assert "<img" not in page
        assert "a picture that is not shown" in page


def test_what_is_written_is_shown():
    text = (
        "a < b, **so** $a<b$ and $\\frac{x}{\\left(y\\right)} \\curlywedge \\displaystyle\\delta$\n\n|a|\n|-:|\n|`c`|"
    )
    page = markdown2html(text + f"\n\n[see](https://a.b/c?d=e)\n\n![p]({png(2000)})")
    formula = "\\frac{x}{\\left(y\\right)} \\curlywedge \\displaystyle\\delta"
    kept = ["text-align:right", 'href="https://a.b/c?d=e"', png(2000)]
    for words in ["<strong>so</strong>", "$a&lt;b$", formula, "<code>c</code>", *kept]:
        assert words in page
    assert "source (javascript:" in markdown2html(CARRIERS["a block quote"])


def test_a_text_that_would_take_long_is_shown_as_it_stands():
    page = markdown2html("\\\\[" * MAX_MARKDOWN)
    assert page.startswith("<pre>")
    assert len(markdown2html("<b>" * 10**6)) < 10**6


PIECES = ["x", "'", '"""', "(", "\n", "  ", "# ", "\\", "def ", "1_", "<b>", "f'{", "\0", "\ud800", "é", "\r", "\t"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_code_is_shown_whole_and_as_text(text):
    page = BeautifulSoup(highlight_code(text), "html.parser")
    assert page.get_text() == visible(text)
    assert {tag.name for tag in page.find_all(True)} <= {"div", "pre", "span"}


def test_code_has_the_classes_that_pygments_gives():
    from nbconvert.filters import Highlight2HTML

    def coloured(page):
        spans = BeautifulSoup(page, "html.parser").find_all("span", class_=["k", "c1", "mi", "o"])
        return {(span["class"][0], span.get_text()) for span in spans}

    text = "def f(x):\n    return x + 1  # one more"
    theirs = coloured(Highlight2HTML(pygments_lexer="python")(text))
    assert theirs <= coloured(highlight_code(text))
    assert theirs


def test_code_that_would_take_long_is_shown_without_colours():
    assert "<span" not in highlight_code("x = 1\n" * MAX_CODE)


def test_what_an_own_configuration_lacks_is_named(tmp_path):
    path = write_config(tmp_path, database_url("", tmp_path))
    assert missing_settings(tmp_path) == []
    own = path.read_text().partition("\n")[2]
    path.write_text(own)
    assert missing_settings(tmp_path) == []
    path.write_text(own.replace("NamesAsText", "Names"))
    assert missing_settings(tmp_path) == ["autograder.report.student_markdown.NamesAsText"]
    path.write_text("c = get_config()\n")
    assert len(missing_settings(tmp_path)) == 7


def test_nbgraders_exporter_takes_both_from_our_configuration(tmp_path):
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    write_config(tmp_path, database_url("", tmp_path))
    config = Config(
        {"HTMLExporter": PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config().HTMLExporter}
    )
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": CARRIERS["a block quote"]},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": "x = 1\n" + " \n" * 100_000, "outputs": []},
        {"cell_type": "markdown", "id": "c", "metadata": {}, "source": "[" * 100_000},
    ]
    cells[1]["execution_count"] = None
    notebook = from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    page, _ = HTMLExporter(config=config, template_name="classic").from_notebook_node(notebook)
    assert "source (javascript:" in page
    assert 'href="javascript' not in page
    assert "<pre>x = 1\n" in page  # Pygments would take twenty minutes
