"""What nobody may read before the day on which solutions are published, and where it stands all the same.

The solutions are taken from the text of the notebooks with regular expressions, without the autograder, which
releases them. Texts are compared without spaces, quotes and stars, so that a solution is found in a page, in its
source and in a notebook, however it is set there.
"""

import html
import json
import re
from pathlib import Path

MARKED = re.compile(r"^[^\n]*### BEGIN SOLUTION\n(.*?)^[^\n]*### END SOLUTION", re.DOTALL | re.MULTILINE)
BY_HAND = re.compile(
    r"""^\+\+\+ \{"nbgrader": \{"grade": true[^\n]*"solution": true[^\n]*\n(.*?)(?=^\+\+\+|^```\{|\Z)""",
    re.DOTALL | re.MULTILINE,
)
TELLING = 16  # so many characters give something away; `return x` does not


def bare(text: str) -> str:
    """Leave out what is set differently in a page, in its source and in a notebook."""
    return re.sub(r"[\s*`\"'“”‘’]", "", text)


def solutions(exercises: Path) -> dict[str, list[list[str]]]:
    """Return by problem set its solutions and model answers, each as its telling lines."""
    found = {}
    for path in sorted(exercises.glob("*/notebook.md")):
        text = path.read_text(encoding="utf-8")
        pieces = MARKED.findall(text) + BY_HAND.findall(text)
        found[path.parent.name.split("_")[0]] = [[bare(line) for line in piece.splitlines()] for piece in pieces]
    return found


def runs(solution: list[str], length: int) -> list[str]:
    """Return all runs of so many lines of a solution, or all of it, that tell something."""
    lines = [line for line in solution if line]
    joined = ["".join(lines[i : i + length]) for i in range(max(1, len(lines) - length + 1))]
    return [run for run in joined if len(run) >= TELLING]


def readable(path: Path) -> str:
    """Return what a reader sees in a page, in its source or in a notebook, laid bare."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    elif path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return bare(text)


def given_away(exercises: Path, files: list[Path], length: int) -> list[str]:
    """Name every place in the files that holds so many lines of a solution."""
    texts = {path: readable(path) for path in files}
    return [
        f"{path.name} gives away {id}: {run}"
        for id, parts in solutions(exercises).items()
        for part in parts
        for run in runs(part, length)
        for path, text in texts.items()
        if run in text
    ]
