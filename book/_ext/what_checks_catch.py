"""The page that shows which mistake is caught by which check, made from the cases when the book is built.

The directive `what-checks-catch` reads the headers of all cases in exercises/ and sets, for each problem set, a
table: a row for each wrong case, a column for each check. It runs nothing and prints no line of a case's code.
That what it shows is true is the work of `autograder prove`, which runs every case and holds it to its header.
"""

import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from autograder.authoring.prove import Case, find_cases
from autograder.checks import Check
from autograder.ground.problem_sets import ProblemSet, available

EXERCISES = "../exercises"


def in_words(name: str) -> str:
    """Say the name of a case's file as words."""
    return name.replace("_", " ")


def mistake(case: Case, checks: list[Check]) -> str:
    """Say in words what a wrong case is.

    A header says a few words of the feedback. If they are of one known mistake of the first check that fails, that
    mistake is given in full; else the case is called by its name, and the words stand behind it.
    """
    first = min((check for check in checks if check.id in case.fails), key=checks.index)
    known = [mistake.words for mistake in first.mistakes.values() if case.says and case.says in mistake.words]
    if len(known) == 1:
        return known[0]
    told = f'; the feedback says "{case.says}"' if case.says else ""
    return in_words(case.path.stem) + told


def with_code(text: str) -> list[nodes.Node]:
    """Set what stands between backticks as code, and nothing else of the text as markup."""
    pieces = re.split(r"`([^`]+)`", text)
    return [nodes.literal("", piece) if i % 2 else nodes.Text(piece) for i, piece in enumerate(pieces) if piece]


def count(number: int, thing: str, things: str = "") -> str:
    """Say how many, in figures."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def entry(*content: nodes.Node, style: str = "") -> nodes.entry:
    """Make one cell of a table."""
    return nodes.entry("", nodes.paragraph("", "", *content) if content else nodes.paragraph(), classes=[style or "no"])


def list_of_checks(checks: list[Check], wrong: list[Case]) -> nodes.enumerated_list:
    """List the checks under their numbers: what each demands, what it is worth, how many wrong cases it fails."""
    items = []
    for check in checks:
        fails = sum(check.id in case.fails for case in wrong)
        worth = f" ({count(int(check.points), 'point')}, fails {count(fails, 'wrong case')}): "
        words = [nodes.literal("", check.id), nodes.Text(worth), *with_code(" ".join(check.sentence.split()))]
        items.append(nodes.list_item("", nodes.paragraph("", "", *words)))
    return nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")


def table_of_cases(checks: list[Check], wrong: list[Case]) -> nodes.table:
    """Set a row for each wrong case; a check that fails it stands with its number, below that number."""
    order = {check.id: place for place, check in enumerate(checks)}
    columns = [nodes.colspec(colwidth=1) for _ in range(len(checks) + 1)]
    numbers = [
        entry(nodes.abbreviation("", str(place + 1), explanation=id), style="check-number")
        for id, place in order.items()
    ]
    rows = []
    for case in sorted(wrong, key=lambda case: (sorted(order[id] for id in case.fails), case.path.stem)):
        caught = [
            entry(nodes.strong("", str(place + 1)), style="caught") if id in case.fails else entry()
            for id, place in order.items()
        ]
        rows.append(nodes.row("", entry(*with_code(mistake(case, checks)), style="mistake"), *caught))
    head = nodes.thead("", nodes.row("", entry(nodes.Text("What is wrong"), style="mistake"), *numbers))
    group = nodes.tgroup("", *columns, head, nodes.tbody("", *rows), cols=len(columns))
    return nodes.table("", group, classes=["what-checks-catch"])


def summary(checks: list[Check], right: list[Case], wrong: list[Case]) -> nodes.paragraph:
    """Say in figures what the table will show, and which other right ways pass."""
    ways = ", ".join(sorted(in_words(case.path.stem) for case in right)) or "none yet"
    return nodes.paragraph(
        "",
        f"{count(len(checks), 'check')}, {count(len(wrong), 'wrong case')}. Right in another way than the reference, "
        f"and passed by all checks ({len(right)}): {ways}.",
    )


class WhatChecksCatch(SphinxDirective):
    """Make a section for each problem set, with its table folded."""

    has_content: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        """Make the sections; the page is read again at each build, since cases come and go."""
        self.env.metadata[self.env.docname]["shows_what_checks_catch"] = "yes"
        folder = Path(self.env.app.srcdir) / EXERCISES
        sets = [(one, find_cases(one)) for one in available(folder).values()]
        cases = [case for _, found in sets for case in found]
        wrong = sum(bool(case.fails) for case in cases)
        once = sum(len(case.fails) == 1 for case in cases)
        total = (
            f"In all: {count(len(sets), 'problem set')}, {count(wrong, 'wrong case')}, {len(cases) - wrong} right. "
            f"Of the wrong ones, {once} fail one check and no other."
        )
        return [nodes.paragraph("", total), *(self.section(one, found) for one, found in sets)]

    def section(self, problem_set: ProblemSet, cases: list[Case]) -> nodes.section:
        """Make the section of one problem set."""
        checks = list(problem_set.checks.checks)
        right = [case for case in cases if not case.fails]
        wrong = [case for case in cases if case.fails]
        named = problem_set.title.partition(": ")[2] or problem_set.title
        section = nodes.section("", nodes.title("", f"{problem_set.id}: {named}"), ids=[f"caught-{problem_set.id}"])
        section += summary(checks, right, wrong)
        fold = f"<details class='foldable-table'><summary>Which check of {problem_set.id} catches what</summary>"
        section += nodes.raw("", fold, format="html")
        section += list_of_checks(checks, wrong)
        if wrong:
            section += table_of_cases(checks, wrong)
        section += nodes.raw("", "</details>", format="html")
        return section


def pages_that_show(app: Sphinx, env: BuildEnvironment, *pages: set[str]) -> list[str]:
    """Name the pages that hold the directive."""
    return [page for page in env.found_docs if "shows_what_checks_catch" in env.metadata.get(page, {})]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("what-checks-catch", WhatChecksCatch)
    app.connect("env-get-outdated", pages_that_show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
