"""The table of a term: students by problem sets, what is late, missing or still to be marked, and a weighted share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.ground.untrusted_text import in_csv
from autograder.read.collected import Line, known_in, people
from autograder.read.plan import Planned
from autograder.read.roster import Person, Roster
from autograder.record.marks import Mark


def term_rows(
    sets: Mapping[str, tuple[Sequence[Mark], float]], students: Sequence[str], plan: Mapping[str, Planned],
    roster: Roster, manifest: Sequence[Line] = (),
) -> list[list[object]]:  # fmt: skip
    """Return the table, its header first, one line a student: of the gradebook, the roster, or what was collected.

    For each set stand the points, and what is to be known of them: "missing", "late" by how many hours or as the
    platform says, "has more time" where the roster gives it and nobody knows whether it was enough, "waits" where a
    person has yet to mark. ``percent`` is the mean of the shares of the points, weighted by the plan; what is missing
    counts 0. Who is a number of blind marking is one of a single set: nothing is said of the others, nor a percent.
    """
    everybody = {*students, *roster.by_student, *(line.folder for line in manifest if line.folder)}
    late = {(line.folder, line.set) for line in manifest if line.taken and line.late}
    weights = {id: plan.get(id, Planned()).weight for id in sets}
    by_student = {id: {mark.student: mark for mark in marks} for id, (marks, _) in sets.items()}
    header: list[object] = ["student", "name", "email", "section"]
    for id, (_, best) in sets.items():
        header += [f"{id} of {best:g}", f"{id} remarks"]
    rows = [[*header, "percent"]]
    collected = people(manifest)
    for student in sorted(everybody):
        person = roster.by_student.get(student, Person(student))
        row: list[object] = [in_csv(text) for text in (student, person.name, person.email, person.section)]
        known = {id for id in sets if known_in(collected.get(student, ()), id)}
        earned = 0.0
        for id, (_, best) in sets.items():
            mark = by_student[id].get(student)
            if mark is None and id not in known:
                row += ["", ""]
                continue
            row += [0.0 if mark is None else mark.total, _remarks(mark, (student, id) in late, id in person.extensions)]
            earned += weights[id] * (mark.total / best if mark and best else 0.0)
        total = sum(weights.values())
        percent = round(100 * earned / total, 2) if total else 0.0
        rows.append([*row, percent if known == sets.keys() else ""])
    return rows


def _remarks(mark: Mark | None, called_late: bool, has_more: bool) -> str:
    if mark is None:
        return "missing"
    hours = f"late {mark.hours_late} h" if mark.late else "late" if called_late else ""
    longer = "has more time" if called_late and not mark.late and has_more else ""  # which the platform does not know
    return "; ".join(filter(None, (hours, longer, "waits" if mark.waits else "")))
