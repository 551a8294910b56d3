"""A folder of submissions, laid out as nbgrader does it: which students there are, and which file is whose notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from autograder.ground.problem_sets import ProblemSet
from autograder.ground.untrusted_text import bounded, listed
from autograder.read.candidates import BESIDE, CLOSED, FAULTS, WRITTEN_BESIDE
from autograder.read.collected import Line
from autograder.read.download import JUNK, NOTEBOOK
from autograder.read.submission import Submission, read_submission


def find_submissions(folder: Path, id: str) -> dict[str, Path | None]:
    """Return every student's notebook in a folder laid out as nbgrader does, `FOLDER/<student>/<id>/<id>.ipynb`.

    A student without one stands with None. Where there is one notebook of another name (``ps1 (1).ipynb``, or
    ``ps1.ipynb.txt``, as some browsers save it) it is taken; hidden files, such as macOS lays beside a file under its
    name behind ``._``, are none.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist, holds no student's folder, or lies a level above or below those that do; if it is
        a course folder or holds one; if other problem sets were handed in there, and this one by nobody.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; --submissions names a folder with one folder a student.")
    if is_course_folder(folder):
        raise FileNotFoundError(
            f"{folder} is a course folder, which holds source and release. Give its folder of students, "
            f"{folder / 'submitted'}."
        )
    students = sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    if not students:
        raise FileNotFoundError(f"{folder} holds no student's folder; submissions lie as <student>/{id}/{id}.ipynb.")
    if any((p / f"{id}.ipynb").is_file() for p in students if p.name == id):
        raise FileNotFoundError(
            f"{folder} is one student's folder: it holds {id}/{id}.ipynb. Give the folder above, {folder.parent}."
        )
    found = {student.name: notebook_of(student / id, id) for student in students}
    if any(found.values()):
        return found
    for below in (p / "submitted" if is_course_folder(p) else p for p in students):
        if deeper := next(below.glob(f"*/{id}/{id}.ipynb"), None):
            raise FileNotFoundError(
                f"{folder} holds no student's folder, but {deeper} is there. Give the folder of students, {below}."
            )
    if courses := [p for p in students if is_course_folder(p)]:
        raise FileNotFoundError(
            f"{folder} is no folder of students: it holds the course folder {courses[0]}. {id} was handed in by nobody "
            f"in {courses[0] / 'submitted'}."
        )
    others = sorted(
        {p.parent.name for student in students for p in student.glob("*/*.ipynb") if p.parent.name[0] != "."}
    )
    if others and not any((student / id).exists() for student in students):
        raise FileNotFoundError(
            f"Nobody handed in {id} in {folder}; here lies {listed(others, most=5)}. Collect {id} first, or name the "
            f"set that you mean."
        )
    return found


def is_course_folder(folder: Path) -> bool:
    """Whether a folder is an nbgrader course, not a folder of students."""
    return (folder / "nbgrader_config.py").is_file() or all((folder / n).is_dir() for n in ("source", "release"))


def notebook_of(folder: Path, id: str) -> Path | None:
    """Return the notebook in a student's folder, or None."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    named = folder / f"{id}.ipynb"
    if named.is_symlink() or named.exists():
        return named
    others = _notebooks_in(folder)
    return others[0] if len(others) == 1 else None


def _notebooks_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if NOTEBOOK.search(path.name) and path.name[0] != "."]


def read_handed_in(path: Path, problem_set: ProblemSet) -> Submission:
    """Return what stands in a student's notebook, with a word on those that lie beside it and are not marked.

    Raises
    ------
    Unreadable
        If it cannot be read.
    """
    submission = read_submission(path, problem_set)
    if not (beside := [other.name for other in _notebooks_in(path.parent) if other.name != path.name]):
        return submission
    said = f"Beside {path.name} lies what was not marked: {listed(beside, most=5)}."
    return replace(submission, notices=(*submission.notices, said), look=(*submission.look, said))


def work_in(folder: Path) -> list[str]:
    """Return the names of what somebody handed in: not of what nbgrader, an operating system or Jupyter lays there."""
    return sorted(p.name for p in folder.glob("*") if p.name not in BESIDE and p.name[0] != "." and not _laid(p.name))


def _laid(name: str) -> bool:
    return JUNK.search(name) is not None or JUNK.search(f"{name}/") is not None


def without_notebook(
    folder: Path, student: str, id: str, manifest: Sequence[Line] = ()
) -> tuple[Literal["unreadable", "missing"], str]:
    """Return how the work of a student ends that holds no notebook to be marked, and why, in words for the student.

    It is unreadable where something was laid into the student's folder, which a person may read, and else missing.

    Parameters
    ----------
    folder : Path
        The folder of submissions.
    student, id : str
        The student's folder in it, and the problem set.
    manifest : sequence of Line
        What was collected from a platform.
    """
    if folder.joinpath(student, id).is_symlink():
        return "unreadable", f"What was handed in as {id} is a link, not the folder itself. Hand in the file itself."
    there = work_in(folder / student / id)
    ends: Literal["unreadable", "missing"] = "unreadable" if there else "missing"
    zipped = " itself: a ZIP is not opened" if any(name.lower().endswith(".zip") for name in there) else ""
    faults = {}  # what `collect` found: it opens ZIPs
    for line in manifest:
        name = line.file.rpartition("/")[2]
        if (line.folder, line.set) == (student, id) and name not in BESIDE and line.done != WRITTEN_BESIDE:
            there.append(name)
            faults[name] = line.done.replace(CLOSED, "it cannot be opened") if line.done.startswith(FAULTS) else ""
    if not there:
        return ends, f"No {id}.ipynb was handed in."
    several = sum(NOTEBOOK.search(name) is not None for name in there) > 1
    what = "several notebooks, none" if several else "no notebook"
    in_folder = next((folder / student / id).glob(f"*/{id}.ipynb"), None) if ends == "unreadable" else None
    itself = f" itself, not the folder {bounded(in_folder.parent.name, 60)}" if in_folder else zipped
    can = " that can be read" if f"{id}.ipynb" in there else ""
    said = [f"{bounded(name, 60)} ({fault})" if (fault := faults.get(name)) else bounded(name, 60) for name in there]
    what = f"{what} called {id}.ipynb{can}: {listed(said, most=5, longest=260)}"
    return ends, f"What was handed in is {what}. Hand in {id}.ipynb{itself}."
