"""The Containerfile copies all that the grader needs: what it copies is installed, and used from elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def installed(root, tmp_path_factory):
    """Return a folder with the packages that pip makes of the files that the Containerfile copies, and no others."""
    place = tmp_path_factory.mktemp("container")
    for line in re.findall(r"(?m)^COPY (.+)$", (root / "Containerfile").read_text()):
        *sources, target = line.split()
        for source in sources:
            assert (root / source).exists(), source
            if (root / source).is_dir():
                shutil.copytree(root / source, place / "course" / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                (place / "course" / target).mkdir(parents=True, exist_ok=True)
                shutil.copy(root / source, place / "course" / target)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", place / "site", "."]
    done = subprocess.run(pip, cwd=place / "course", capture_output=True, text=True)
    if "No matching distribution found for setuptools" in done.stderr:
        pytest.skip("pip cannot get setuptools, which builds the package")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(place / "course")
    return place


def autograder(installed, *words: str) -> subprocess.CompletedProcess[str]:
    (installed / "work").mkdir(exist_ok=True)
    line = [sys.executable, "-m", "autograder", *words]
    environment = {**os.environ, "PYTHONPATH": str(installed / "site")}
    return subprocess.run(line, cwd=installed / "work", env=environment, capture_output=True, text=True)


def test_it_finds_the_problem_sets(installed, root):
    said = autograder(installed, "doctor").stdout
    sets = sorted(path.name.partition("_")[0] for path in (root / "exercises").glob("ps*_*"))
    assert f"problem sets: {', '.join(sets)}" in said


def test_it_releases(installed):
    done = autograder(installed, "release", "ps1")
    assert done.returncode == 0, done.stderr
    notebook = json.loads((installed / "work/build/release/ps1/ps1.ipynb").read_text())
    assert any(cell["metadata"].get("nbgrader", {}).get("grade_id") == "forward" for cell in notebook["cells"])
    assert str(installed / "site") in (installed / "work/build/nbgrader_config.py").read_text()


@pytest.mark.grading
def test_it_marks_and_writes_its_pages(installed):
    autograder(installed, "release", "ps1")
    work = installed / "work"
    (work / "submitted/ada/ps1").mkdir(parents=True)
    shutil.copy(work / "build/release/ps1/ps1.ipynb", work / "submitted/ada/ps1")
    done = autograder(installed, "grade", "ps1", "--submissions", "submitted")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (work / "build/grading/ps1/feedback").iterdir()] == ["ada.html"]
    (result,) = json.loads((work / "build/grading/ps1/results.json").read_text())["submissions"]
    assert (result["status"], result["points"]) == ("marked", 0)
