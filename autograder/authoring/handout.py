"""What is handed out of a problem set that counts: one ZIP, with the notebook, its checks on stored inputs, its data.

A set that anybody may read needs none: its students have the checks themselves.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.release import student_notebook
from autograder.ground.sampled import sampled
from autograder.ground.stored import SUFFIX
from autograder.ground.whole_file import write_whole

FILES = "files"  # the folder of data that the notebook reads, in the set's folder and beside the notebook
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same text gives the same bytes


def hand_out(problem_set: ProblemSet, course: Path) -> Path | None:
    """Write ``COURSE/release/<id>.zip`` of a set that is not open, and lay the same files beside its notebooks.

    ``nbgrader generate_assignment --force`` makes the folder in ``release`` anew, from what lies in ``source``.

    Returns
    -------
    Path or None
        The ZIP; None, where the set is open and needs none.

    Raises
    ------
    ProblemSetError
        If a check's answers are no plain data.
    """
    if problem_set.checks.open:
        return None
    folder = course / "release" / problem_set.id
    notebook = folder / f"{problem_set.id}.ipynb"
    held = {}
    if problem_set.in_place:  # its tests stand in the notebook, and its data beside it
        folder_of_data = ""
    else:
        folder_of_data = f"{FILES}/"
        text = json.dumps(sampled(problem_set, student_notebook(problem_set)), ensure_ascii=False)
        held[f"{problem_set.id}{SUFFIX}"] = text.encode("utf-8", "backslashreplace")
    data = problem_set.files
    for path in sorted(data.rglob("*")) if data.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            held[f"{folder_of_data}{path.relative_to(data).as_posix()}"] = path.read_bytes()
    for name, content in held.items():
        write_whole(folder / name, content)
        write_whole(course / "source" / problem_set.id / name, content)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {notebook.name: notebook.read_bytes(), **held}.items():
            archive.writestr(zipfile.ZipInfo(f"{problem_set.id}/{name}", LONG_AGO), content, zipfile.ZIP_DEFLATED)
    path = course / "release" / f"{problem_set.id}.zip"
    write_whole(path, packed.getvalue())
    return path
