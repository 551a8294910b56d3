"""What the prose says of a printed number stands as an assertion in a hidden cell beside it.

A hidden cell quotes the words, ``# says: twice as long``, and asserts them below. So a claim cannot outlive the number
that it was made of: when the code changes, the assertion fails; when the words change, the quotation is not found. And
a sentence that judges (greater, wins, twice, nearly every, 77 of 272) directly after a cell that prints or draws must
be quoted. Sentences that ask, cite or point to another chapter judge no number of this page.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("[0-9][0-9]_*.md"))
CELL = re.compile(r"^```\{code-cell\}.*?^```$", flags=re.MULTILINE | re.DOTALL)
JUDGES = re.compile(
    r"\b(wins?|won|beats?|loses|twice|half|thirds?|quarter|clearly|greater|larger|smaller|higher|lower|longer|shorter"
    r"|faster|slower|cheaper|dearer|better|worse|best|worst|largest|smallest|highest|lowest|nearly|almost|hardly|never"
    r"|agrees?|the same|equals?|exactly|fewer|less|more than|most|(?<!at )least|grows?|falls?|rises?|doubles?|halves"
    r"|[0-9]+(?:[.,][0-9]+)*)\b"
)
# What is no judgement: formulas, code, links, citations, the numbers of chapters.
ASIDE = re.compile(
    r"\$[^$]+\$|`[^`]+`|\[[^\]]*\]\([^)]*\)|\{cite[^}]*\}|[Cc]hapters? \d+(?: and \d+)?|part \d|float64"
    r"|hal(?:f|ves) of (?:the|this) course"
)
NO_PROSE = re.compile(r"\s*(#|```|\||\$\$|:::|\(\w+\)=|- \()")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@dataclass
class Section:
    """What stands between two headings: its prose, the sentences that judge, and what hidden cells quote."""

    heading: str
    prose: str = ""
    judging: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


def says(source: str) -> list[str]:
    """Return what a hidden cell quotes; a quotation may go over several lines of comment."""
    joined = re.sub(r"\n\s*#(?! says:) ", " ", source)
    return [squeezed(words) for words in re.findall(r"# says: (.+)", joined)]


def code_of(cell: str) -> str:
    """Return the code of a cell, without its options."""
    body = cell.split("\n", 1)[1].rsplit("\n", 1)[0]
    if body.startswith("---"):
        body = body.split("---", 2)[2]
    return "\n".join(line for line in body.splitlines() if not line.startswith(":tags:"))


def judging(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph that judge."""
    items = re.split(r"\n[-*] ", paragraph)
    sentences = [s for item in items for s in re.split(r"(?<=[.!?:;])\s+(?=[A-Z0-9*(`$])", squeezed(item))]
    return [
        sentence
        for sentence in sentences
        if not sentence.endswith("?")
        and not re.search(r"\{cite|\]\(|[Cc]hapter|[Pp]redict", sentence)
        and JUDGES.search(ASIDE.sub(" ", sentence))
    ]


def sections(text: str) -> list[Section]:
    """Cut a chapter into sections and note, for each, what is claimed and what is quoted."""
    found = [Section("")]
    after_print = False
    position = 0
    for cell in [*CELL.finditer(text), None]:
        prose = text[position : cell.start() if cell else len(text)]
        for paragraph in re.split(r"\n\s*\n", prose):
            if heading := re.match(r"\s*(#+ .+)", paragraph):
                found.append(Section(heading[1]))
                after_print = False
            elif paragraph.strip():
                found[-1].prose += " " + squeezed(paragraph)
                if after_print and not NO_PROSE.match(paragraph):
                    found[-1].judging += judging(paragraph)
                after_print = False
        if cell is None:
            break
        position = cell.end()
        here, source = found[-1], code_of(cell[0])
        if "remove-cell" in cell[0]:
            here.quoted += says(source)
        else:
            after_print = "print(" in source or "plt.show(" in source
    return found


SECTIONS = {chapter: sections(chapter.read_text(encoding="utf-8")) for chapter in CHAPTERS}
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)


@every_chapter
def test_what_is_quoted_stands_in_the_prose(chapter):
    lost = {(s.heading, words) for s in SECTIONS[chapter] for words in s.quoted if words not in s.prose}
    assert lost == set()


@every_chapter
def test_a_sentence_that_judges_is_quoted(chapter):
    open_claims = [
        f"{one.heading}: {sentence}"
        for one in SECTIONS[chapter]
        for sentence in one.judging
        if not any(words in sentence or sentence in words for words in one.quoted)
    ]
    assert open_claims == [], "write `# says: ...` and an assertion into a hidden cell of the section"


@every_chapter
def test_each_chapter_makes_claims(chapter):
    assert sum(len(one.quoted) for one in SECTIONS[chapter]) >= 3


@every_chapter
def test_each_quotation_has_an_assertion_below_it(chapter):
    for cell in CELL.findall(chapter.read_text(encoding="utf-8")):
        source = code_of(cell)
        lines = source.splitlines()
        starts = [i for i, line in enumerate(lines) if line.startswith("# says: ")]
        if not starts:
            continue
        assert "remove-cell" in cell, "claims are asserted in hidden cells"
        checks = {node.lineno for node in ast.walk(ast.parse(source)) if is_check(node)}
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            stacked = end < len(lines) and not any(line and line[0] != "#" for line in lines[start:end])
            below = "\n".join(lines[start:end])
            assert stacked or any(start < n <= end for n in checks), f"nothing is asserted under\n{below}"


def is_check(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr.startswith(("assert_", "check_grad"))


EXAMPLE = """# 1. T

## One

```{code-cell} ipython3
print(3)
```

```{code-cell} ipython3
:tags: [remove-cell]

# says: EM wins
assert 3 > 2
```

EM wins, after 7 steps. Then it rests; see [chapter 2](b.md), which is better.

More than that nobody asks.

## Two

The other is better.
"""


def test_the_reader_of_claims_sees_them():
    _, _, one, two = sections(EXAMPLE)
    assert one.judging == ["EM wins, after 7 steps."]
    assert one.quoted == ["EM wins"]
    assert two.judging == []
    [_, _, changed, _] = sections(EXAMPLE.replace("EM wins,", "EM loses,"))
    assert changed.judging == ["EM loses, after 7 steps."]
    assert changed.quoted[0] not in changed.prose
