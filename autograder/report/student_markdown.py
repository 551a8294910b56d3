"""Markdown of students as HTML that a browser shows and does not obey: the filter of nbgrader's two pages.

formgrader and ``nbgrader generate_feedback`` turn the Markdown of a notebook into HTML and hand it to the browser of
the person who marks, with that person's cookie. What Markdown becomes is only known when it has been rendered. So it is
cleaned afterwards, from a list of what may stay (`nh3`, the Ammonia library), and nobody guesses how a renderer reads.
``nbgrader_config.py`` puts `markdown2html` in the place of nbconvert's filter of that name, and `NamesAsText` before
the page is made.

What stays: text, its structure, links to other sites and pictures that lie in the text itself. A place on this server
is no link, since formgrader obeys some of its own addresses; a picture elsewhere is not fetched, since that alone tells
who reads and when; and MathJax finds no command but those that set formulas.
"""

from __future__ import annotations

import base64
import contextlib
import html
import re
from typing import Any

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, import_plugin
from nbconvert.preprocessors import Preprocessor

from autograder.ground.untrusted_text import FORMULA_COMMANDS, visible
from autograder.run.png import BadPicture, plain_png

MAX_MARKDOWN = 8_000  # characters of a cell that are rendered; some texts cost a renderer the square of their length
MAX_SHOWN = 200_000  # of a longer one that are shown, as they stand

TAGS = {
    *("p", "br", "hr", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "kbd", "code", "pre"),
    *("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "a", "img", "div", "span"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"style"}, "td": {"style"}}
LINK = re.compile(r"(?:https?://|mailto:)[^\s\\]+", re.IGNORECASE)
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
PLUGINS = ("strikethrough", "table", "url", "def_list")


def markdown2html(source: str) -> str:
    r"""Return Markdown as HTML that does nothing.

    Examples
    --------
    >>> print(markdown2html("**so** <b onclick=f()>b</b> [x](https://a.b/c) <script>f()</script>"))
    <p><strong>so</strong> <b>b</b> <a href="https://a.b/c" rel="noopener noreferrer nofollow">x</a> </p>
    <BLANKLINE>
    >>> print(markdown2html("> [source](\n> javascript:f()) and $\\href{javascript:f()}{x}$"))
    <blockquote>
    <p>source (javascript:f()) and $\ href{javascript:f()}{x}$</p>
    </blockquote>
    <BLANKLINE>
    """
    text = visible(source)
    if len(text) > MAX_MARKDOWN:
        return clean(as_it_stands(text))
    try:
        plugins = [import_plugin(name) for name in PLUGINS]
        return clean(MarkdownWithMath(renderer=_Renderer(escape=False), plugins=plugins).render(text))
    except Exception:  # a renderer that trips over a text must not cost a person the page
        return clean(as_it_stands(text))


def strip_files_prefix(page: str) -> str:
    """Return a page as it is: no link that stays begins with ``files/``, and to look for one takes nbconvert long."""
    return page


class NamesAsText(Preprocessor):
    """Makes text of the names in formgrader's head, which its template writes into the page as they are.

    They come from a platform, where people choose them.
    """

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Escape the names; the notebook stays as it is."""
        for name in ("first_name", "last_name", "student", "notebook_path"):
            if isinstance(value := resources.get(name), str):
                resources[name] = html.escape(visible(value))
        return notebook, resources


def clean(page: str) -> str:
    """Return HTML of which nothing runs, nothing is fetched, and MathJax sets formulas and no more."""
    kept = nh3.clean(
        page,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        filter_style_properties={"text-align"},
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return FORMULA_COMMANDS.sub(r"\\ ", kept)


def is_a_picture(url: str) -> bool:
    """Whether a PNG lies in it, whole, and no larger than a page: forty characters may claim a gigabyte of pixels."""
    if found := PICTURE.fullmatch(url):
        with contextlib.suppress(BadPicture, ValueError):
            return bool(plain_png(base64.b64decode(found[1])))
    return False


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Return what may stay of an attribute."""
    if attribute == "href":
        return value if LINK.fullmatch(value) else None
    if attribute == "src":
        return value if is_a_picture(value) else None
    return value if attribute == "rel" or attribute in ATTRIBUTES.get(tag, ()) else None


def as_it_stands(text: str) -> str:
    """Return a text as HTML without any form, up to a length that a page can hold."""
    rest = f"\n... {len(text) - MAX_SHOWN} further characters are not shown ..." if len(text) > MAX_SHOWN else ""
    return f"<pre>{html.escape(text[:MAX_SHOWN] + rest)}</pre>"


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, without what serves documents alone: links to headings, colours, files."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Return a heading without an id: formgrader finds its own fields by theirs."""
        return f"<h{level}>{text}</h{level}>\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return code as it stands, whatever language it says it is."""
        return f"<pre><code>{html.escape(code)}</code></pre>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link to another site; of any other, say where it would lead."""
        if LINK.fullmatch(url):
            return f'<a href="{html.escape(url)}">{text}</a>'
        return f"{text} ({html.escape(url)})"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture that lies in the text; else say that there is one."""
        if is_a_picture(url):
            return f'<img src="{html.escape(url)}" alt="{html.escape(text)}">'
        return html.escape(f"[a picture that is not shown: {text} {url}]")
