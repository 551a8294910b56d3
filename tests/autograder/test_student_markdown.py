"""What students wrote in Markdown, as nbgrader's pages get it: shown, and obeyed by nobody."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hostile_markdown import CARRIERS, harm
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_files_prefix
from nbformat import from_dict

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


def test_what_is_written_is_shown():
    text = (
        "a < b, **so** $a<b$ and $\\frac{x}{\\left(y\\right)} \\curlywedge \\displaystyle\\delta$\n\n|a|\n|-:|\n|`c`|"
    )
    page = markdown2html(text + "\n\n[see](https://a.b/c?d=e)\n\n![p](data:image/png;base64,AAAA)")
    formula = "\\frac{x}{\\left(y\\right)} \\curlywedge \\displaystyle\\delta"
    kept = ["text-align:right", 'href="https://a.b/c?d=e"', "data:image/png;base64,AAAA"]
    for words in ["<strong>so</strong>", "$a&lt;b$", formula, "<code>c</code>", *kept]:
        assert words in page
    assert "source (javascript:" in markdown2html(CARRIERS["a block quote"])


def test_a_text_that_would_take_long_is_shown_as_it_stands():
    page = markdown2html("\\\\[" * MAX_MARKDOWN)
    assert page.startswith("<pre>")
    assert len(markdown2html("<b>" * 10**6)) < 10**6


def test_nbgraders_exporter_takes_it_from_the_configuration():
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.filters = {"markdown2html": "autograder.report.student_markdown.markdown2html"}
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": CARRIERS["a block quote"]}
    notebook = from_dict({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    page, _ = HTMLExporter(config=config, template_name="classic").from_notebook_node(notebook)
    assert "source (javascript:" in page
    assert 'href="javascript' not in page
