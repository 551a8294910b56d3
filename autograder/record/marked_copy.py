"""The copy of a submission that a person marks: the student's cells, the instructor's tests, what each check found.

nbgrader's formgrader shows a notebook beside its form and hands all Markdown and HTML in it to the browser of the
person who marks. So the copy is built, not edited: metadata, test cells and given cells come from the released
notebook, sources of answers come from the submission as text, and outputs are ours. A cell that the student deleted
is there again; one that the student added is shown without any claim to points.
"""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.ground.bounded import Exceeded, Share
from autograder.ground.problem_sets import ProblemSet, SourceCell, source_cell
from autograder.ground.untrusted_text import bounded, inert_markdown, visible
from autograder.mark.check_results import CheckResult
from autograder.mark.results import Result
from autograder.read.submission import SubmittedCell, Unreadable, read_cells, with_found_ids, with_known_ids

FOR_THE_MARKER = "autograder_for_the_marker"  # in the metadata of a cell that no student shall see
MARKER = re.compile(r"### (?:BEGIN|END) |=== (?:BEGIN|END) MARK SCHEME ===")  # lines that say where an answer stands
MAX_BESIDE = 300  # characters of what stands beside a blank answer
MAX_SOURCE = 200_000  # characters of one cell that are shown
MAX_OWN = {"code": 200_000, "markdown": 50_000}  # and of all cells together that the student added
COLOURS = {True: "#1a7f37", False: "#b3261e"}  # both readable on the white and grey of formgrader


@dataclass(frozen=True)
class MarkedCopy:
    """A notebook's text as JSON, and the source of each cell that a person marks.

    `blank` holds those of these cells that are as they were handed out, each with what the student wrote beside it.
    """

    text: str
    answers: Mapping[str, str]
    blank: Mapping[str, str]


def marked_copy(
    result: Result,
    work: Path | Sequence[SubmittedCell] | None,
    released: Any,
    models: Mapping[str, SourceCell] | None = None,
    problem_set: ProblemSet | None = None,
) -> MarkedCopy:
    """Build the copy of one submission.

    Parameters
    ----------
    result : Result
        What marking found.
    work : Path, sequence of SubmittedCell, or None
        The submission, or its cells; None shows the released notebook with blanks.
    released : NotebookNode
        What `autograder.ground.release.student_notebook` returns.
    models : mapping of str to SourceCell, optional
        The instructor's own cells, by id, whose answers and rubrics are to be shown to whoever marks. `WithoutModels`
        takes them out of feedback.
    problem_set : ProblemSet, optional
        By its cells those of a file are found that have lost their ids, as they were when it was marked.

    Returns
    -------
    MarkedCopy
    """
    submitted = submitted_cells(work, problem_set) if isinstance(work, Path) else work
    read = submitted if submitted is not None and result.status not in ("unreadable", "missing") else ()
    cells = arranged(read, released.cells)
    answers: dict[str, str] = {}
    blank = {}
    unanswered = {_grade_id(cell): cell.source.strip() for cell in released.cells}
    checks = {check.id: check for check in result.checks}
    errors = dict(result.cell_errors)
    for place, cell in enumerate(cells):
        meta = cell["metadata"].get("nbgrader", {})
        id = meta.get("grade_id", "")
        if cell["cell_type"] == "code":
            name = id or cell["id"].replace("own-", "cell ")  # as the run names a cell without an id
            cell["outputs"] = [_found(checks[id])] if id in checks else shown_outputs(result, name)
            if name in errors and id not in checks:
                cell["outputs"].append(_raised(errors[name]))
            cell["execution_count"] = None
        if (meta.get("grade") and meta.get("solution")) or meta.get("task"):
            answers[id] = cell["source"]
            if not meta.get("task") and cell["source"].strip() in ("", unanswered[id]):
                blank[id] = _beside(cells, place)
    cells = [shown for cell in cells for shown in (cell, *_model(cell, models or {}))]
    if words := [*([f"**{result.status}**: {result.reason}"] if result.reason else []), *result.notices]:
        said = "\n\n".join(inert_markdown(text) for text in words)
        cells.insert(0, {"cell_type": "markdown", "id": "autograder", "metadata": {}, "source": said})
    notebook = {"cells": cells, "metadata": released.metadata, "nbformat": 4, "nbformat_minor": 5}
    return MarkedCopy(json.dumps(notebook), answers, blank)


def copy_within(
    share: Share, result: Result, work: Path | Sequence[SubmittedCell] | None, released: Any,
    models: Mapping[str, SourceCell] | None = None, problem_set: ProblemSet | None = None,
) -> MarkedCopy:  # fmt: skip
    """Do what `marked_copy` does, within bounds; where it takes more, the copy says so in place of the cells."""
    try:
        made: MarkedCopy = share.do(marked_copy, result, work, released, models, problem_set)
        return made
    except Exceeded as error:
        told = f"Your notebook is not shown here: building its copy took {error}."
        return marked_copy(replace(result, notices=(told,)), (), released, models)


def _beside(cells: Sequence[Mapping[str, Any]], place: int) -> str:
    """Return what the student wrote in own cells below a cell, or else above it: the answer may be there."""
    below = itertools.takewhile(lambda cell: cell["id"].startswith("own-"), cells[place + 1 :])
    above = itertools.takewhile(lambda cell: cell["id"].startswith("own-"), reversed(cells[:place]))
    text = "\n\n".join(cell["source"].strip() for cell in below) or "\n\n".join(c["source"].strip() for c in above)
    return bounded(text, MAX_BESIDE)


def _model(cell: Mapping[str, Any], models: Mapping[str, SourceCell]) -> list[dict[str, Any]]:
    """Return the cell that shows the rubric and the instructor's answer below a student's."""
    id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    if id not in models:
        return []
    own = models[id]
    text = "\n".join(line for line in own.source.splitlines() if not MARKER.search(line))
    shown = f"```python\n{text}\n```" if cell["cell_type"] == "code" else text
    rubric = "".join(f"- {points:g} of {own.points:g}: {words}\n" for words, points in own.rubric)
    said = "**For whoever marks; the feedback does not show this.** "
    said += f"What gives points:\n\n{rubric}\n" if rubric else ""
    said += f"The instructor's answer:\n\n{shown}"
    metadata = {FOR_THE_MARKER: True}
    return [{"cell_type": "markdown", "id": f"model-{cell['id']}"[:64], "metadata": metadata, "source": said}]


def answers_in(path: Path) -> dict[str, str]:
    """Return the sources of a notebook's cells by grade_id; nothing, where there is no such notebook."""
    return {cell.grade_id: cell.source for cell in submitted_cells(path) or () if cell.grade_id}


def submitted_cells(path: Path, problem_set: ProblemSet | None = None) -> tuple[SubmittedCell, ...] | None:
    """Read the cells of a notebook as text and nothing but text; None if that cannot be done."""
    try:
        cells = read_cells(path)
    except Unreadable:
        return None
    return with_found_ids(cells, problem_set) if problem_set else cells


def arranged(submitted: Sequence[SubmittedCell], released: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the student's cells in the student's order, and the instructor's where they are missing."""
    known = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in released if _grade_id(cell)}
    plain = {cell.source for cell in released if not _grade_id(cell)}
    submitted, _ = with_known_ids(submitted, list(known))
    cells: list[dict[str, Any]] = []
    seen: set[str] = set()
    left = dict(MAX_OWN)
    for number, cell in enumerate(submitted, 1):
        if cell.grade_id in known and cell.grade_id not in seen:
            seen.add(cell.grade_id)
            cells.append(_from_release(known[cell.grade_id], cell.source))
        else:
            cell_type = "code" if cell.cell_type == "code" else "markdown"
            source = cell.source
            if source not in plain:
                source = _shown(cell_type, source, left[cell_type])
                left[cell_type] = max(0, left[cell_type] - len(cell.source))
            cells.append({"cell_type": cell_type, "id": f"own-{number}", "metadata": {}, "source": source})
    before = ""
    for cell in released:
        id = _grade_id(cell)
        if (id and id not in seen) or (not id and not submitted):
            places = [i for i, c in enumerate(cells) if before and c["id"] == before]
            cells.insert(places[0] + 1 if places else 0, _from_release(cell, cell.source))
        before = cell.id if id or not submitted else before
    return cells


def _from_release(cell: Any, source: str) -> dict[str, Any]:
    if source_cell(cell).role not in ("solution", "manual", "carried"):
        source = cell.source
    elif source != cell.source:
        source = _shown(cell.cell_type, source)
    return {"cell_type": cell.cell_type, "id": cell.id, "metadata": cell.metadata, "source": source}


def _shown(cell_type: str, source: str, most: int = MAX_SOURCE) -> str:
    if len(source) > most:
        source = source[:most] + f"\n... {len(source) - most} further characters are not shown ..."
    return visible(source) if cell_type == "code" else inert_markdown(source)


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _found(check: CheckResult) -> dict[str, Any]:
    """Return what a check found as an output; every word of it escaped."""
    lines = [f"{check.verdict}, {check.points:g} of {check.max_points:g} points. {check.statement}", check.message]
    text = visible("\n".join(filter(None, lines)))
    head, *rest = text.split("\n")
    body = "".join(f'<div style="white-space: pre-wrap">{html.escape(line)}</div>' for line in rest)
    # MathJax, too, must leave a student's text alone: it would turn \href in it into a link.
    page = (
        f'<div class="tex2jax_ignore mathjax_ignore" style="border-left: 4px solid {COLOURS[check.passed]}; '
        f'padding: 0.2em 0.8em; margin-bottom: 1em"><strong>{html.escape(head)}</strong>{body}</div>'
    )
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": text, "text/html": page}}


def shown_outputs(result: Result, name: str) -> list[dict[str, Any]]:
    """Return what the cell of that name printed and drew, where a person marks it, as outputs."""
    seen = result.shown.get(name)
    if seen is None:
        return []
    text = [{"output_type": "stream", "name": "stdout", "text": visible(seen.text)}] if seen.text else []
    return text + [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": figure, "text/plain": "a figure"}}
        for figure in seen.figures
    ]


def _raised(error: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stderr", "text": f"This cell stopped with {visible(error)}\n"}
