"""A folder of submissions, laid out as nbgrader does it: which students there are, and which file is whose notebook."""

from __future__ import annotations

from pathlib import Path


def find_submissions(folder: Path, id: str) -> dict[str, Path | None]:
    """Return every student's notebook in a folder laid out as nbgrader does, `FOLDER/<student>/<id>/<id>.ipynb`.

    A student without one stands with None. Where there is one notebook of another name (``ps1 (1).ipynb``) it is taken.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist or holds no student's folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; --submissions names a folder with one folder a student.")
    students = sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    if not students:
        raise FileNotFoundError(f"{folder} holds no student's folder; submissions lie as <student>/{id}/{id}.ipynb.")
    return {student.name: notebook_of(student / id, id) for student in students}


def notebook_of(folder: Path, id: str) -> Path | None:
    """Return the notebook in a student's folder, or None."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    named = folder / f"{id}.ipynb"
    if named.is_symlink() or named.exists():
        return named
    others = sorted(folder.glob("*.ipynb"))
    return others[0] if len(others) == 1 else None
