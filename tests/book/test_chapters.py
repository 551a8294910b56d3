"""The chapters run, have all their parts, and use nothing but the course, NumPy and matplotlib."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

BOOK = Path(__file__).resolve().parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("[0-9][0-9]_*.md"))
NOTEBOOKS = [path for path in sorted(BOOK.glob("*.md")) if "jupytext:" in path.read_text(encoding="utf-8")[:200]]
ALLOWED = {
    *sys.stdlib_module_names,
    "course_lib",
    "numpy",
    "matplotlib",
    "sklearn",
}  # what a student has
LONGEST_CELL, WIDEST_LINE = 15, 84

every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path):
    return [cell for cell in jupytext.read(path).cells if cell.cell_type == "code"]


def headings(path):
    return re.findall(r"^##? (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def sections(path):
    """Return the headings of all levels, without the star of what can be skipped."""
    return re.findall(r"^#+ (?:★ )?(.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_there_are_chapters():
    assert {"00_start_here", "02_divided_differences"} <= {path.stem for path in CHAPTERS}


@pytest.mark.notebooks
def test_all_cells_run(tmp_path):
    for notebook in NOTEBOOKS:
        nbformat.write(jupytext.read(notebook), tmp_path / f"{notebook.stem}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", done.stdout).group(1)) == sum(len(cells(path)) for path in NOTEBOOKS)


@every_chapter
def test_has_all_its_parts(chapter):
    text, names = chapter.read_text(encoding="utf-8"), headings(chapter)
    assert names[0].startswith(f"{int(chapter.stem[:2])}. ")
    assert re.search(r"\*\*Time:\*\* \d+ minutes.*\*\*You need:\*\*.*\*\*Problem set:\*\*", text, flags=re.DOTALL)
    assert "question" in names[1], "the first section asks a question from two chapters back"
    for name in ("What you will be able to do", "Exam questions", "Do it yourself", "Sources"):
        assert name in names
    assert 2 <= len(re.findall(r"\{dropdown\} Quick question \d", text)) <= 4
    exam = text[text.index("## Exam questions") :]
    assert len(re.findall(r"^\*\*Question \d\*\* \(\d+ points, \d+ minutes\)", exam, flags=re.MULTILINE)) == 2
    assert exam.count("{dropdown} Rubric") == 2
    assert re.search(r"by hand", text, flags=re.IGNORECASE), "a worked example by hand"
    assert "problem_sets.md" in text
    assert "{cite" in text[text.index("## Sources") :]


@every_chapter
def test_asks_for_a_prediction_first(chapter):
    text = chapter.read_text(encoding="utf-8")
    first = re.search(r"^explore\.(?!use_book_style)\w+\(", text, flags=re.MULTILINE)
    assert re.search(r"predict", text[: first.start() if first else None], flags=re.IGNORECASE)


BLOCK = re.compile(
    r"^```\{code-cell\}.*?^```$|^:::.*?^:::$|^\$\$.*?^\$\$$|[^\n]+(?:\n[^\n]+)*", re.MULTILINE | re.DOTALL
)
FOUND = ":::{dropdown} What you should have found"


def seen_after_predictions(text):
    """Return what a reader sees of an answer, on the way from a prediction to the folded words that tell it.

    After the question there may be more questions, then what shows the answer: a picture that the reader moves, or a
    cell whose output is folded. The words that follow are folded, too.
    """
    blocks = [block for block in BLOCK.findall(text) if ":tags: [remove-cell]" not in block]
    asked, shown = "", False
    for block in blocks:
        if block.startswith("```{code-cell}"):
            moves, prints = re.search(r"^explore\.\w+\(", block, re.MULTILINE), re.search(r"print\(|plt\.show", block)
            if asked and prints and not moves and "hide-output" not in block:
                yield f"{asked} ... {block}"
            shown = shown or bool(asked and (moves or prints))
        elif shown or (asked and block.startswith("#")):
            if not block.startswith(FOUND):
                yield f"{asked} ... {block}"
            asked, shown = "", False
        if block[0] not in "-:`" and re.search("predict", re.sub(r"`[^`]*`", "", block), re.IGNORECASE):
            asked = block


@every_chapter
def test_nothing_answers_a_prediction_before_the_reader_unfolds_it(chapter):
    text = chapter.read_text(encoding="utf-8")
    text = text[text.index("## What you will be able to do") :]
    if chapter.stem.startswith("00_"):  # which explains predictions first, and then asks for one
        text = text[text.index("### Floating point") :].replace(":::{dropdown} Quick question 1", FOUND, 1)
    assert "predict" in text.lower()
    assert list(seen_after_predictions(text)) == []


ASKED = "Predict: how many?\n\n1. Or more?\n\n"
SHOWN = "```{code-cell} ipython3\n:tags: [hide-output]\n\nprint(3)\n```\n\n"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (ASKED + SHOWN + FOUND + "\nThree.\n:::\n", 0),
        (ASKED + SHOWN.replace("hide", "wide") + FOUND + "\nThree.\n:::\n", 1),
        (ASKED + SHOWN + "Three.\n", 1),
        (ASKED + SHOWN.replace("print(3)", "explore.three()").replace("hide", "wide") + "Three.\n", 1),
        (ASKED + "```{code-cell} ipython3\nx = 3\n```\n\n" + SHOWN + FOUND + "\nThree.\n:::\n", 0),
        (ASKED + "## Next\n", 1),
        ("`predict` gives labels.\n\n" + SHOWN + "Three.\n", 0),
    ],
)
def test_the_reader_of_predictions_sees_an_open_answer(text, faults):
    assert len(list(seen_after_predictions(text))) == faults


@every_chapter
def test_points_of_exam_questions_add_up(chapter):
    text = chapter.read_text(encoding="utf-8")
    questions = re.split(r"^\*\*Question \d\*\* ", text, flags=re.MULTILINE)[1:]
    for question in questions:
        promised = int(re.match(r"\((\d+) points", question).group(1))
        given = [int(points) for points in re.findall(r"^- \([a-z]\) (\d+) points?\.", question, flags=re.MULTILINE)]
        assert sum(given) == promised


@every_notebook
def test_imports_only_what_readers_have(notebook):
    for cell in cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= ALLOWED


@every_notebook
def test_cells_are_short(notebook):
    for cell in cells(notebook):
        if "remove-cell" in cell.metadata.get("tags", []):
            continue
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= LONGEST_CELL, cell.source
        assert max(map(len, lines)) <= WIDEST_LINE, "the page would scroll sideways: " + max(lines, key=len)


@every_notebook
def test_figures_have_captions_and_alternative_text(notebook):
    for cell in cells(notebook):
        if "plt.subplots(" in cell.source:
            about = cell.metadata.get("mystnb", {})
            assert len(about["image"]["alt"].split()) >= 15
            assert len(about["figure"]["caption"].split()) >= 10


@every_notebook
def test_no_outputs_in_git(notebook):
    assert all(not cell.get("outputs") for cell in cells(notebook))


def test_hints_name_sections_that_exist():
    named = set()
    for checks in sorted((BOOK.parent / "exercises").glob("*/checks.py")):
        source = re.sub(r'"\s*\n\s*"', "", checks.read_text(encoding="utf-8"))  # a hint may go over several lines
        named |= {(int(n), section) for n, section in re.findall(r"[Cc]hapter (\d+), section '([^']+)'", source)}
    assert named
    known = {int(chapter.stem[:2]): sections(chapter) for chapter in CHAPTERS}
    assert [(n, section) for n, section in sorted(named) if section not in known.get(n, [])] == []


def test_the_appendix_names_sections_that_exist():
    text = (BOOK / "appendix_departures.md").read_text(encoding="utf-8").replace("\n", " ")
    named = re.findall(r"\]\((\d\d_\w+\.md)\), sections? \"([^\"]+)\"(?: and \"([^\"]+)\")?", text)
    assert len(named) >= 15
    for page, *names in named:
        assert not {name.rstrip(".,") for name in names if name} - set(sections(BOOK / page)), page


def test_every_source_is_cited():
    text = "".join(path.read_text(encoding="utf-8") for path in BOOK.glob("*.md"))
    cited = {key for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text) for key in keys.split(",")}
    known = set(re.findall(r"^@\w+\{(\w+),", (BOOK / "references.bib").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert cited == known
