"""Tables for those who teach, read from the notebooks and the chapters: nothing is typed in twice.

The directive `what-sets-need` lists each problem set with its time, its points and what it needs, as its notebook says
them. `exam-questions` lists the exam questions of every chapter, with points and minutes, and leads to each.
"""

import re
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FACTS = re.compile(
    r"\*\*Time:\*\* (?P<time>.+?)\. \*\*You need:\*\* (?P<needs>.+?)\. \*\*Points:\*\* (?P<points>.+?)\.\n"
)
# What a question tells before it asks: its first paragraph, up to (a).
QUESTION = re.compile(
    r"^\*\*Question (\d)\*\* \((\d+) points, (\d+) minutes\)\. (.+?)(?=\s\(a\)|\n\n)", re.MULTILINE | re.DOTALL
)


def sets(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """Return id, title, time, points and needs of each problem set."""
    found = []
    for path in sorted(folder.glob("ps*_*/notebook.md")):
        text = path.read_text(encoding="utf-8")
        heading, facts = re.search(r"^# (.+)$", text, re.MULTILINE), FACTS.search(text)
        if heading and facts:
            title = heading[1].partition(": ")[2] or heading[1]
            found.append((path.parent.name.partition("_")[0], title, facts["time"], facts["points"], facts["needs"]))
    return found


def questions(chapter: Path) -> list[tuple[int, int, int, str]]:
    """Return number, points, minutes and what is told of each exam question of a chapter."""
    text = chapter.read_text(encoding="utf-8")
    exam = text[text.index("## Exam questions") :] if "## Exam questions" in text else ""
    return [(int(n), int(p), int(m), re.sub(r"\s+", " ", words)) for n, p, m, words in QUESTION.findall(exam)]


class Written(SphinxDirective):
    """Parse lines of MyST in the place of the directive."""

    has_content: ClassVar[bool] = False

    def parsed(self, lines: list[str]) -> list[nodes.Node]:
        """Return what the lines mean."""
        self.env.note_reread()
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source=self.env.docname), self.content_offset, holder)
        return holder.children


class WhatSetsNeed(Written):
    """A table of the problem sets."""

    def run(self) -> list[nodes.Node]:
        """Read the notebooks."""
        rows = sets(Path(self.env.app.srcdir).parent / "exercises")
        lines = ["| set | time | points | a student needs |", "|---|---|---|---|"]
        return self.parsed(lines + [f"| {name}, {title} | {time} | {points} | {needs} |"
                                    for name, title, time, points, needs in rows])  # fmt: skip


class ExamQuestions(Written):
    """A list of all exam questions."""

    def run(self) -> list[nodes.Node]:
        """Read the chapters."""
        lines = []
        for chapter in sorted(Path(self.env.app.srcdir).glob("[0-9][0-9]_*.md")):
            found = questions(chapter)
            lines += [f"[Chapter {int(chapter.stem[:2])}]({chapter.name}#exam-questions)", ""] if found else []
            lines += [f"- {points} points, {minutes} minutes: {words}" for _, points, minutes, words in found] + [""]
        return self.parsed(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("what-sets-need", WhatSetsNeed)
    app.add_directive("exam-questions", ExamQuestions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
