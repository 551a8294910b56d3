"""The page of problem sets lists the notebooks that have been released, and the book carries them.

`make release` writes each student's notebook to build/release/<set>/<set>.ipynb. When the book is built, those
that exist are copied into it, to problem_sets/<set>/, and the directive `released-notebooks` lists them with
links. A book built before any release says so in their place.

Where `lite_address` in `_config.yml` says where the site of `make lite` lies, each notebook has a second link, "do it
here", which opens it there.
"""

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

FOLDER_IN_BOOK = "problem_sets"
IN_THE_BROWSER = (
    "Do it here opens the set in your browser: you install nothing, and the checks work. What you write stays in this "
    "browser: download the notebook (File, Download) before you hand it in. A loop that never ends is not stopped "
    "there: restart the kernel (Kernel, Restart)."
)


def released(app: Sphinx) -> list[Path]:
    """Find the released notebooks, in the order of their names."""
    return sorted((Path(app.srcdir) / app.config.released_notebooks_folder).glob("*/*.ipynb"))


def title(notebook: Path) -> str:
    """Read the first heading of a notebook, or else its file name."""
    for cell in json.loads(notebook.read_text(encoding="utf-8")).get("cells", []):
        for line in "".join(cell.get("source", "")).splitlines():
            if cell.get("cell_type") == "markdown" and line.startswith("# "):
                return line[2:].strip()
    return notebook.stem


class ReleasedNotebooks(SphinxDirective):
    """List the released notebooks, each with a link that downloads it."""

    has_content: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        """Make the list; the page is read again at each build, since releases come and go."""
        self.env.metadata[self.env.docname]["lists_released_notebooks"] = "yes"
        notebooks = released(self.env.app)
        if not notebooks:
            text = "This copy of the book was built before a problem set was released. Run "
            return [nodes.paragraph("", "", nodes.Text(text), nodes.literal("", "make release"), nodes.Text(" first."))]
        up = "../" * self.env.docname.count("/")
        lite = self.env.config.lite_address.rstrip("/")
        items = []
        for notebook in notebooks:
            address = f"{up}{FOLDER_IN_BOOK}/{notebook.parent.name}/{notebook.name}"
            link = nodes.raw("", f'<a href="{address}" download>{notebook.name}</a>', format="html")
            line = nodes.paragraph("", "", link, nodes.Text(f": {title(notebook)}"))
            if lite:
                there = f"{lite if '://' in lite else up + lite}/notebooks/index.html?path={notebook.name}"
                line += [nodes.Text(", or "), nodes.raw("", f'<a href="{there}">do it here</a>', format="html")]
            items.append(nodes.list_item("", line))
        return [nodes.bullet_list("", *items), *([nodes.paragraph("", IN_THE_BROWSER)] if lite else [])]


def pages_that_list(app: Sphinx, env: BuildEnvironment, *pages: set[str]) -> list[str]:
    """Name the pages that hold the directive."""
    return [page for page in env.found_docs if "lists_released_notebooks" in env.metadata.get(page, {})]


def copy_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Copy the released notebooks into the built book."""
    if exception is None and app.builder.format == "html":
        shutil.rmtree(Path(app.outdir) / FOLDER_IN_BOOK, ignore_errors=True)
        for notebook in released(app):
            target = Path(app.outdir) / FOLDER_IN_BOOK / notebook.parent.name / notebook.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, target)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_config_value("released_notebooks_folder", "../build/release", "env", [str])
    app.add_config_value("lite_address", "", "env", [str])
    app.add_directive("released-notebooks", ReleasedNotebooks)
    app.connect("env-get-outdated", pages_that_list)
    app.connect("build-finished", copy_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
