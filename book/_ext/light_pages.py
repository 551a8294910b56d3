"""Pages that load little.

The theme loads a megabyte and a half of icons to show a dozen: they are drawn into the page. And what the theme tells
screen readers beside what it shows is mended: a button is called what is written on it, and the list of sources is no
list whose items are hidden in links.
"""

import functools
import re
from pathlib import Path

from sphinx.application import Sphinx

ICON = re.compile(r'<(?P<tag>i|span) class="(?P<classes>[^"]*\bfa-[^"]*)"(?P<more>[^>]*)></(?P=tag)>')
OUTLINE = r"""["']?%s["']?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"\]"""
LOADS_ICONS = re.compile(r"\s*<(?:script|link)\b[^>]*fontawesome\.js[^>]*>(?:</script>)?")
STYLES = {"fas", "far", "fab", "fa-solid", "fa-regular", "fa-brands", "fa-lg", "fa-fw"}
MENDED = (
    (re.compile(r'(<button class="btn search-button-field[^>]*?) aria-label="Search"'), r"\1"),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
    (re.compile(r"(<summary[^>]*?) aria-label=\"[^\"]*\""), r"\1"),
)  # fmt: skip


@functools.cache
def icons(library: Path) -> str:
    """Read the theme's library of icons, once."""
    return library.read_text(encoding="utf-8")


def drawn(icon: re.Match[str], library: Path) -> str:
    """Draw an icon into the page; an icon that the library does not know stays as it is."""
    classes = icon["classes"].split()
    name = next(c.removeprefix("fa-") for c in classes if c.startswith("fa-") and c not in STYLES)
    found = re.findall(OUTLINE % re.escape(name), icons(library))
    if not found:
        return icon[0]
    width, height, path = found[-1]  # the last set of the library is the solid one
    more = re.sub(r'\s*title="[^"]*"', "", icon["more"])
    kept = " ".join(["icon", *(c for c in classes if c not in STYLES - {"fa-lg"} and c != f"fa-{name}")])
    return (
        f'<svg class="{kept}"{more} aria-hidden="true" focusable="false" viewBox="0 0 {width} {height}">'
        f'<path fill="currentColor" d="{path}"></path></svg>'
    )


def lightened(text: str, library: Path) -> str:
    """Return the page without what it need not load."""
    text = ICON.sub(lambda icon: drawn(icon, library), text)
    if not ICON.search(text):
        text = LOADS_ICONS.sub("", text)
    for pattern, instead in MENDED:
        text = pattern.sub(instead, text)
    return text


def lighten(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite the pages that were written."""
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    library = out / "_static" / "scripts" / "fontawesome.js"
    for page in out.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        if (light := lightened(text, library)) != text:
            page.write_text(light, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
