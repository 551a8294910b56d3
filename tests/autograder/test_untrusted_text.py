"""Text that students chose does nothing: not as Markdown, not as a name, not on a terminal."""

from __future__ import annotations

import csv
import html.parser
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from autograder import terminal
from autograder.cli import main
from autograder.ground.untrusted_text import (
    in_csv,
    inert_markdown,
    kept_in_csv,
    out_of_csv,
    safe_name,
    safe_names,
    visible,
)
from autograder.mark.check_results import CheckResult
from autograder.mark.results import Result
from autograder.terminal import Terminal, say


class Tags(html.parser.HTMLParser):
    """Collects what a browser would take for a tag, and where its links lead."""

    TEXT = ("p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
    HARMLESS = frozenset(
        (
            *TEXT,
            "hr",
            "br",
            "img",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "del",
            "div",
            "span",
            "sup",
            "section",
            "input",
        )
    )

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in self.HARMLESS:
            self.bad.append(tag)
        for name, value in attributes:
            scheme = re.match(r"[\0- ]*([a-z][a-z0-9+.-]*):", re.sub(r"[\t\r\n]", "", value or ""), re.IGNORECASE)
            if name in ("href", "src") and scheme and scheme[1].lower() not in ("http", "https", "mailto"):
                self.bad.append(f"{name}={value}")
            elif name == "type" and value != "checkbox":
                self.bad.append(f"type={value}")
            elif name not in (
                "href",
                "src",
                "alt",
                "title",
                "id",
                "class",
                "start",
                "style",
                "type",
                "checked",
                "disabled",
            ):
                self.bad.append(name)

    def handle_comment(self, data: str) -> None:
        self.bad.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


MARKUP = [
    "<",
    ">",
    "</",
    "<!--",
    "<script>",
    "<img src=x onerror=f()>",
    "&lt;script&gt;",
    "&amp;lt;",
    "a<b",
    "<javascript:f()>",
]
LINKS = ["<javascript:f()>", "[x]", "](", "[x](", ")", "[x]: ", "!", "[^1]", "[^1]: ", "http://a.b", "javascript:f()"]
HIDDEN = [
    "\ud800",
    "JaVa&Tab;script&colon;f()",
    "&#106;avascript:f()",
    "java\\script\\:f()",
    "&NewLine;",
    "\x00",
    "\u202e",
    "\ud800",
]
BLOCKS = ["\n", "\n\n", " ", "    ", "\t", "`", "~~~", "```html\n", "|", "|--|\n", "# ", "> ", "- ", '"', "'", "\\"]
FORMULAS = ["$", "$$", "\\href{javascript:f()}{x}", "\\begin{align}", "\\end{align}"]
PIECES = st.sampled_from([*MARKUP, *LINKS, *HIDDEN, *BLOCKS, *FORMULAS])


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_markdown_of_a_student_never_becomes_a_tag(text: str) -> None:
    """nbconvert's own renderer, which formgrader uses, is the oracle."""
    tags = Tags()
    tags.feed(markdown2html_mistune(inert_markdown(text)))
    tags.close()
    assert not tags.bad


def test_the_oracle_can_see_a_tag() -> None:
    for text in (
        "<script>f()</script>",
        "[x](javascript:f())",
        "a <img src=x onerror=f()>",
        "[x](java&#115;cript:f())",
    ):
        tags = Tags()
        tags.feed(markdown2html_mistune(text))
        assert tags.bad, text


@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(["ada", "Ada", "ADA", "../ada", "a/b", ".", "..", "CON"]), unique=True
    )
)
def test_names_are_safe_and_stay_different(names: list[str]) -> None:
    safe = safe_names(names)
    assert list(safe) == names
    assert len({name.casefold() for name in safe.values()}) == len(names)
    for name in safe.values():
        assert Path(name).name == name
        assert not re.search(r"[<>&\"\\/,;:|*?{}\x00-\x1f]", name)
        assert name[0] not in "=+-@. "
        assert len(name.encode("utf-16")) < 300
        assert safe_name(name) == name


@given(st.text() | st.lists(PIECES).map("".join))
def test_what_is_visible_can_be_written_and_does_not_act(text: str) -> None:
    seen = visible(text)
    seen.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", seen)
    assert visible(seen) == seen


def test_ordinary_text_is_left_alone() -> None:
    words = "Zoë said: f'(x) = 2x, i.e. $\\frac{d}{dx} x^2 = 2x$ — 好, नमस्ते, 👩‍🔬 [see](https://a.b/c) and `x < y`\n\t."
    assert visible(words) == words
    assert inert_markdown(words) == words
    for name in ("ada", "Zoë O'Neill-42", "नमस्ते", "a.b@c.edu", "student 7"):
        assert safe_name(name) == name


ACTS = "\x1b[2J\x1b]0;title\x07\x9b31m\u202eabc\r\x00\ud800"


def test_no_text_of_a_student_steers_the_terminal(tiny, capsys, monkeypatch):
    """Wherever it stands in a result, in a name of a file, in a refusal, in a progress bar."""
    console = Terminal(highlight=False, width=200, force_terminal=True, color_system=None)
    monkeypatch.setattr(terminal, "console", console)
    check = CheckResult("circle-area", ACTS, 0, 2, False, f"finding {ACTS}", f"mistake {ACTS}", f"hint {ACTS}")
    result = Result(ACTS, "partly", ACTS, (check,), (ACTS,), ((ACTS, ACTS),))
    terminal.print_result(result, tiny)
    terminal.print_class((result,))
    with terminal.bar(ACTS, 1) as advance:
        advance(result)
    say(ACTS)
    printed = capsys.readouterr()
    cursor = r"\x1b\[(\?25[lh]|\d*[ABCDGJK]|2K|0m|1A)"  # what rich itself moves and hides
    assert "title" in printed.out
    assert "title" in printed.err
    for text in (re.sub(cursor, "", printed.out), printed.err):
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", text.replace("\r", ""))


def test_the_name_of_a_file_does_not_steer_the_terminal(tmp_path):
    name = tmp_path / "\x1b[2Jps1.ipynb"
    name.write_text("no notebook")
    for words in (["check", str(name)], ["check", "a", str(name)]):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 2
        assert "[2Jps1.ipynb" in done.output
        assert "\x1b" not in done.output


@pytest.mark.parametrize("name", ["学" * 83, "学" * 85, "é" * 120, "👩‍🔬" * 14, "a" * 255])
def test_a_file_of_a_long_name_can_be_written(tmp_path, name):
    """A file system counts bytes; what is put behind a name must have room too."""
    (tmp_path / f"{safe_name(name)}.html.new").write_text("page")
    assert safe_name(name) != safe_name(name[:-1])


MOVES = (
    "rule Rule raise raisebox lower kern mkern hskip mskip vskip hspace mspace vspace Space moveleft moveright smash"
)
MOVES += " rlap llap mathrlap mathclap vcenter genfrac above abovewithdelims uproot leftroot"
SETS_ITSELF = "frac over overline underline space quad left right raisetwo rulebook thinspace bigl big"


def test_no_formula_leaves_its_place():
    for name in MOVES.split():
        assert f"\\{name}" not in inert_markdown(f"$\\{name}{{-40em}}{{30em}} x$"), name
    for name in SETS_ITSELF.split():
        assert f"\\{name}" in inert_markdown(f"$\\{name} x$"), name


SIGNS = ["=", "+", "-", "@", "\uff1d", "'", '"', ";", ",", " ", "\t", "\n", "\u200d", "x"]
FIELDS = st.lists(st.sampled_from(SIGNS), max_size=8)


@given(FIELDS.map("".join) | st.text(max_size=20))
def test_no_cell_of_a_table_is_a_formula_whichever_sign_parts_a_line(text):
    """Commas part a line where numbers have points, elsewhere semicolons do; there, no quotes keep it together."""
    for field in (in_csv(text), kept_in_csv(text)):
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerow(["ada", field, 1])
        for parts in (",", ";", "\t"):
            for row in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=parts):
                assert not [cell for cell in row if cell.lstrip('" \u200d').startswith(("=", "+", "-", "@", "\uff1d"))]
    assert out_of_csv(kept_in_csv(text)) == text
