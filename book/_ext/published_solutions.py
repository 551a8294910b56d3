"""Solutions come into the book on a date, by one switch: `solutions_after` in book/_config.yml.

A book built on that day or later carries the instructor's notebook of each problem set, as
solutions/<set>_solutions.ipynb: the code, the model answers with what earns each point, nothing executed. Its name is
not the student's, so that no download replaces a student's work. The directive `published-solutions` lists the
notebooks with links. Before that day, and with `never`, the book holds none, and the directive says so. The switch
keeps spoilers away; it hides nothing, since the repository is public.
"""

import datetime
import shutil
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from autograder.ground.problem_sets import available

EXERCISES = "../exercises"
FOLDER_IN_BOOK = "solutions"
NEVER = "never"


def file_name(id: str) -> str:
    """Name the notebook with the solutions of a problem set."""
    return f"{id}_solutions.ipynb"


def publication_day(setting: object) -> datetime.date | None:
    """Read the setting: a day, or None for `never`."""
    if setting == NEVER:
        return None
    try:
        return datetime.date.fromisoformat(str(setting))  # YAML may have made a date of it already
    except ValueError:
        raise ConfigError(
            f"solutions_after is {setting!r} in the book's configuration; write a day as year-month-day in quotes, "
            f'"2027-02-01", or {NEVER}.'
        ) from None


def published(setting: object, today: datetime.date) -> bool:
    """Say whether a book built today carries the solutions."""
    day = publication_day(setting)
    return day is not None and day <= today


def published_now(app: Sphinx) -> bool:
    """Say whether this build carries the solutions."""
    return published(app.config.solutions_after, datetime.date.today())


class PublishedSolutions(SphinxDirective):
    """List the notebooks with solutions, each with a link that downloads it, or say that there are none yet."""

    has_content: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        """Make the list; the page is read again at each build, since the day may have come."""
        self.env.metadata[self.env.docname]["lists_published_solutions"] = "yes"
        if not published_now(self.env.app):
            day = publication_day(self.config.solutions_after)
            when = f" They are due on {day.day} {day:%B %Y}." if day else ""
            return [nodes.paragraph("", f"This copy of the book holds no solutions.{when}")]
        up = "../" * self.env.docname.count("/")
        items = []
        for id, problem_set in available(Path(self.env.app.srcdir) / EXERCISES).items():
            name = file_name(id)
            link = nodes.raw("", f'<a href="{up}{FOLDER_IN_BOOK}/{name}" download>{name}</a>', format="html")
            items.append(nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f": {problem_set.title}"))))
        return [nodes.bullet_list("", *items)]


def pages_that_list(app: Sphinx, env: BuildEnvironment, *pages: set[str]) -> list[str]:
    """Name the pages that hold the directive."""
    return [page for page in env.found_docs if "lists_published_solutions" in env.metadata.get(page, {})]


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Write the notebooks with solutions into the built book, or take away those of an earlier build."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER_IN_BOOK
    shutil.rmtree(folder, ignore_errors=True)
    if published_now(app):
        from autograder.ground.release import instructor_notebook

        folder.mkdir()
        for id, problem_set in available(Path(app.srcdir) / EXERCISES).items():
            nbformat.write(instructor_notebook(problem_set), folder / file_name(id))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_config_value("solutions_after", NEVER, "", [str, datetime.date])
    app.connect("config-inited", lambda app, config: publication_day(config.solutions_after))
    app.add_directive("published-solutions", PublishedSolutions)
    app.connect("env-get-outdated", pages_that_list)
    app.connect("build-finished", write_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
