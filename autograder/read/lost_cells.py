"""Cells whose metadata were taken out, by a filter of git or another editor, are found again by what was left of them.

First by the cell's id, which the release makes of the grade_id. Then tests and given cells by their text, which no
student changes. What is still missing is the one cell that stands between the two that stood around it when it was
handed out. Nothing is gained by it: who can take metadata out can write them in, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from autograder.ground.problem_sets import SourceCell


class Handed(Protocol):
    """A cell as it was handed in."""

    @property
    def grade_id(self) -> str:
        """The id in nbgrader's metadata; "" where there is none."""

    @property
    def cell_type(self) -> str:
        """Code or Markdown."""

    @property
    def source(self) -> str:
        """The text."""

    @property
    def id(self) -> str:
        """The cell's own id in the notebook; "" where there is none."""


def found_again(cells: Sequence[Handed], known: Sequence[SourceCell]) -> dict[int, str]:
    """Return by their places the grade_ids of cells that have lost theirs.

    Parameters
    ----------
    cells : sequence of Handed
        The notebook that was handed in.
    known : sequence of SourceCell
        The cells of the problem set.
    """
    there = {cell.grade_id for cell in cells}
    lost = [cell for cell in known if cell.grade_id and cell.grade_id not in there]
    free = [place for place, cell in enumerate(cells) if not cell.grade_id]
    if not lost or not free:
        return {}
    found: dict[int, str] = {}
    by_id = {re.sub(r"[^A-Za-z0-9_-]", "-", cell.grade_id)[:56]: cell for cell in lost}
    by_text = {(c.cell_type, c.source.strip()): c for c in lost if c.role in ("test", "given") and c.source.strip()}
    for place in free:
        handed = cells[place]
        same = by_id.get(handed.id) or by_text.get((handed.cell_type, handed.source.strip()))
        if same is not None and same.cell_type == handed.cell_type and same.grade_id not in found.values():
            found[place] = same.grade_id
    ids = {place: found.get(place) or handed.grade_id for place, handed in enumerate(cells)}
    for number, cell in enumerate(known):
        if cell not in lost or cell.grade_id in found.values():
            continue
        above = _place_of(known[number - 1], cells, ids) if number else -1
        below = _place_of(known[number + 1], cells, ids) if number + 1 < len(known) else len(cells)
        if above is None or below is None:
            continue
        between = [p for p in range(above + 1, below) if not ids[p] and cells[p].cell_type == cell.cell_type]
        if len(between) == 1:
            found[between[0]] = ids[between[0]] = cell.grade_id
    return found


def _place_of(known: SourceCell, cells: Sequence[Handed], ids: dict[int, str]) -> int | None:
    """Return where a cell of the problem set stands, by its id or else by its text; None if that is not certain."""
    places = [place for place in ids if known.grade_id and ids[place] == known.grade_id]
    if not places and known.source.strip():
        places = [p for p, c in enumerate(cells) if not ids[p] and c.source.strip() == known.source.strip()]
    return places[0] if len(places) == 1 else None
