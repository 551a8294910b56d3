"""What readers expect of a site: a description, an icon, version and date, a notebook of each chapter, ways to answer.

Two settings in `_config.yml` know where the book is at home. `repository` (https://github.com/OWNER/NAME) brings the
links *report a fault* and *edit this page*, and the buttons that open a chapter's notebook in Colab and on Binder; they
expect what `make site` makes on the branch that `site_branch` names. `site_address` brings the social image, which
needs a full address. Both are empty here, and then a page offers what works from a folder: its notebook, for download.

Each chapter is written as a notebook, notebooks/NAME.ipynb, in the Markdown that Jupyter knows: answers stay folded,
and so does the code that the page does not show. Its first cell says how to install it; cells that draw are marked as
slides, all others as skipped, for `jupyter nbconvert --to slides`.
"""

import html
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from docutils import nodes
from sphinx.application import Sphinx

FOLDER = "notebooks"
FIRST = (
    "*A chapter of the course Autodiff and Mixtures.* To run it you need the course, once: in its folder, "
    '`pip install ".[student]"`. Then run the cells from the top. Answers are folded: a click opens them.'
)
DROPDOWN = re.compile(r"^:::\{dropdown\} (.+)\n((?s:.*?))^:::$", re.MULTILINE)
# What MyST knows and Jupyter does not, and what is written in its place.
IN_JUPYTER = (
    (re.compile(r"\{term\}`([^`<]*?)(?:\s+<[^`>]*>)?`"), r"\1"),
    (re.compile(r"\{cite(?::t)?\}`([^`]*)`"), r"[\1]"),
    (re.compile(r"^\([\w-]+\)=\n", re.MULTILINE), ""),
    (re.compile(r"\]\((\d\d_\w+)\.md"), r"](\1.ipynb"),
)


def release() -> str:
    """Return the version of the course that is installed."""
    try:
        return version("autodiff-and-mixtures")
    except PackageNotFoundError:
        return "not installed"


def is_notebook(source: Path) -> bool:
    """Tell a page with code from one without."""
    return source.suffix == ".md" and "jupytext:" in source.read_text(encoding="utf-8")[:200]


def description(doctree: nodes.document | None) -> str:
    """Return the first paragraph of a page that is long enough to say something."""
    if doctree is None:
        return ""
    for paragraph in doctree.findall(nodes.paragraph):
        words = re.sub(r"\s+", " ", paragraph.astext()).strip()
        if len(words) > 80 and not words.startswith("Time:"):
            return words if len(words) <= 200 else words[:197].rsplit(" ", 1)[0] + " ..."
    return ""


def escaped(words: str) -> str:
    """Write words as the value of an attribute."""
    return words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def complete(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add to a page what its head and its buttons need."""
    said, title = escaped(description(doctree)), escaped(re.sub(r"<[^>]+>", "", context.get("title", "")))
    tags = [f'<meta property="og:title" content="{title}">', '<meta property="og:type" content="article">']
    if said:
        tags += [f'<meta name="description" content="{said}">', f'<meta property="og:description" content="{said}">']
    home = app.config.site_address.rstrip("/")
    if home:
        tags.append(f'<meta property="og:image" content="{home}/_static/screenshot.png">')
        tags.append(f'<link rel="canonical" href="{home}/{page}.html">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)
    source = Path(app.srcdir) / f"{page}.md"
    if not source.is_file():
        return
    buttons = context.get("header_buttons", [])
    notebook = f"{FOLDER}/{page}.ipynb" if is_notebook(source) else None
    for group in buttons:
        if group.get("label") == "download-buttons" and notebook:
            group["buttons"].insert(
                0, button(notebook, "Notebook", "Download this chapter as a notebook", "fa-download")
            )
    repository = app.config.repository.rstrip("/")
    if repository:
        owner_and_name = repository.partition("github.com/")[2]
        links = [
            button(f"{repository}/issues/new?title=Fault%20on%20page%20{page}", "Report a fault", "Say what is wrong",
                   "fa-lightbulb"),
            button(f"{repository}/edit/main/book/{page}.md", "Edit this page", "Suggest another text", "fa-pencil"),
        ]  # fmt: skip
        if notebook and owner_and_name:
            where = f"{owner_and_name}/blob/{app.config.site_branch}/{notebook}"
            lab = f"{owner_and_name}/{app.config.site_branch}?labpath={notebook}"
            links.append(
                button(f"https://colab.research.google.com/github/{where}", "Colab", "Open in Colab", "fa-play")
            )
            links.append(button(f"https://mybinder.org/v2/gh/{lab}", "Binder", "Open on Binder", "fa-play"))
        buttons.append(
            {"type": "group", "tooltip": "Take part", "icon": "fas fa-pencil", "buttons": links, "label": "part"}
        )


def button(url: str, text: str, tooltip: str, icon: str) -> dict[str, str]:
    """Describe a link among the buttons of a page, as the theme reads it."""
    return {"type": "link", "url": url, "text": text, "tooltip": tooltip, "icon": f"fas {icon}", "label": text.lower()}


def folded(dropdown: re.Match[str]) -> str:
    """Fold an answer in HTML, whose first line is no Markdown."""
    title = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(dropdown[1], quote=False))
    return f"<details>\n<summary>{title}</summary>\n\n{dropdown[2]}\n</details>"


def for_jupyter(words: str) -> str:
    """Write a text of the book in the Markdown that Jupyter knows.

    Examples
    --------
    >>> for_jupyter("The {term}`slope <derivative>` of [chapter 2](02_divided_differences.md) {cite}`higham2002`")
    'The slope of [chapter 2](02_divided_differences.ipynb) [higham2002]'
    """
    for pattern, replacement in IN_JUPYTER:
        words = pattern.sub(replacement, words)
    return DROPDOWN.sub(folded, words)


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Write each page with code as a notebook, without outputs."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    for page in sorted(app.env.found_docs):
        source = Path(app.srcdir) / f"{page}.md"
        if source.is_file() and is_notebook(source):
            notebook = jupytext.read(source)
            for cell in notebook.cells:
                draws = cell.cell_type == "code" and re.search(
                    r"plt\.show\(|^explore\.[a-z_]+\(", cell.source, re.MULTILINE
                )
                kind = "slide" if draws and "use_book_style" not in cell.source else "skip"
                cell.metadata["slideshow"] = {"slide_type": kind}
                if {"remove-cell", "remove-input", "hide-input"} & set(cell.metadata.get("tags", [])):
                    cell.metadata["jupyter"] = {"source_hidden": True}
                if cell.cell_type == "markdown":
                    cell.source = for_jupyter(cell.source)
            notebook.cells.insert(0, nbformat.v4.new_markdown_cell(FIRST, id="how-to-run"))
            nbformat.write(notebook, folder / f"{page}.ipynb")


def sign(app: Sphinx, config: Any) -> None:
    """Put the version at the foot of each page; the theme puts the date beside it."""
    foot = config.html_theme_options.get("extra_footer", "")
    config.html_theme_options["extra_footer"] = f"{foot}<p>Version {release()}.</p>"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("repository", "", "html", [str])
    app.add_config_value("site_address", "", "html", [str])
    app.add_config_value("site_branch", "gh-pages", "html", [str])
    app.connect("config-inited", sign)
    app.connect("html-page-context", complete, priority=900)
    app.connect("build-finished", write_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
